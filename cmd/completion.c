/* SPDX-License-Identifier: MIT */
/*
 * bulla completion: a completion script for bash, made from the tables.
 */
#include <string.h>

#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words shells;
} args;

static const bu_option options[] = { { 0 } };

/** The first words of all commands, each once: a group stands together in the table. */
static void write_first_words(bu_buf *out)
{
    bulla_bytes last = { 0 };
    for (const bu_command *const *row = bu_commands; *row != NULL; row++) {
        bulla_bytes name = bu_bytes_of((*row)->name);
        bulla_bytes word = bu_bytes_first(name, bu_bytes_find(name, ' '));
        if (!bu_bytes_equal(word, last))
            bu_buf_add_format(out, " %.*s", (int)word.len, (const char *)word.ptr);
        last = word;
    }
}

/** What may come after "bulla key": the second words of a group. */
static void write_second_words(bu_buf *out)
{
    for (const bu_command *const *row = bu_commands; *row != NULL; row++) {
        const char *second = strchr((*row)->name, ' ');
        if (second != NULL)
            bu_buf_add_format(out, "    [[ $line == '%.*s' ]] && words+=' %s'\n",
                              (int)(second - (*row)->name), (*row)->name, second + 1);
    }
}

/** What may come inside a command: its options, and the values of the option before. */
static void write_options(const bu_command *command, bu_buf *out)
{
    bu_buf_add_format(out, "    '%s '*) options='--help", command->name);
    for (const bu_option *option = command->options; option->name != NULL; option++)
        if (option->help != NULL)
            bu_buf_add_format(out, " --%s", option->name);
    bu_buf_add_text(out, "'\n");
    for (const bu_option *option = command->options; option->name != NULL; option++)
        if (option->values != NULL)
            bu_buf_add_format(out, "        [[ $before =~ ^(--%s|-%c)$ ]] && words='%s'\n",
                              option->name, option->letter == 0 ? '-' : option->letter,
                              option->values);
    bu_buf_add_text(out, "        ;;\n");
}

static void write_script(bu_buf *out)
{
    bu_buf_add_text(out, "_bulla()\n{\n    local now=$2 before=$3 options='' words=''\n"
                         "    local line=${COMP_WORDS[*]:1:COMP_CWORD-1}\n"
                         "    [[ -n $line ]] || words='");
    write_first_words(out);
    bu_buf_add_text(out, "'\n");
    write_second_words(out);
    bu_buf_add_text(out, "    case \"$line \" in\n");
    for (const bu_command *const *row = bu_commands; *row != NULL; row++)
        write_options(*row, out);
    bu_buf_add_text(out, "    esac\n    [[ $now != -* ]] || words=$options\n"
                         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$now\")\n"
                         "}\ncomplete -o default -F _bulla bulla\n");
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    BU_CLEAR(bu_buf) script = { 0 };
    if (strcmp(a->shells.items[0], "bash") != 0)
        return bu_fail(err, BULLA_E_USAGE, "there is a completion for bash only");
    write_script(&script);
    return bu_cli_print(&script, err);
}

const bu_command bu_cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .about = "Print a completion script for a shell, to be read by it: "
             "source <(bulla completion bash).",
    .operands = "bash",
    .wanted = "the shell: bash",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
