/* SPDX-License-Identifier: MIT */
/*
 * bulla help: the list of commands, or what one of them takes.
 */
#include "base/bytes.h"
#include "command.h"

#define GROUP_MAX 16 /* commands that share their first word */

typedef struct args {
    bu_words words;
    bool man;
} args;

static const bu_option options[] = {
    { "man", 0, NULL, NULL, BU_FIELD(args, man) }, /* for the build: the page as scdoc reads it */
    { 0 },
};

/** The commands named by these words: one, or all that the one word begins. */
static size_t find(const bu_words *words, const bu_command *out[GROUP_MAX])
{
    size_t count = 0;
    for (const bu_command *const *row = bu_commands; *row != NULL && count < GROUP_MAX; row++) {
        bulla_bytes name = bu_bytes_of((*row)->name);
        size_t end = bu_bytes_find(name, ' ');
        if (bu_bytes_is(bu_bytes_first(name, end), words->items[0]) &&
            (words->count == 1 || bu_bytes_is(bu_bytes_from(name, end + 1), words->items[1])))
            out[count++] = *row;
    }
    return count;
}

static void write_usages(const bu_cli *cli, const bu_command *const *commands, size_t count,
                         bu_buf *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            bu_buf_add_byte(out, '\n');
        bu_usage_write(cli, commands[i], out);
    }
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const bu_command *commands[GROUP_MAX];
    size_t count = a->words.count == 0 ? 0 : find(&a->words, commands);
    BU_CLEAR(bu_buf) text = { 0 };
    if (a->words.count > 0 && count == 0)
        return bu_next(err,
                       bu_fail(err, BULLA_E_USAGE, "there is no command %s%s%s", a->words.items[0],
                               a->words.count > 1 ? " " : "",
                               a->words.count > 1 ? a->words.items[1] : ""),
                       "bulla help");
    if (count == 0 && a->man)
        bu_man_overview(bu_commands, &text);
    else if (count == 0)
        bu_usage_overview(cli, bu_commands, &text);
    else if (a->man)
        bu_man_write("bulla", commands, count, &text);
    else
        write_usages(cli, commands, count, &text);
    return bu_cli_print(&text, err);
}

const bu_command bu_cmd_help = {
    .name = "help",
    .summary = "show what a command takes",
    .about = "Show the list of commands, or what one of them takes.",
    .operands = "[COMMAND]",
    .most = 2,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
