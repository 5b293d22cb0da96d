/* SPDX-License-Identifier: MIT */
/*
 * The program `bulla`: find the command, run it, end with its exit status.
 * It answers to bulla-verify and so on as well: a link by that name is enough.
 */
#include <string.h>

#include "command.h"

/** The words after the program's name; of bulla-NAME, NAME is the first. */
static char **words_of(char **argv)
{
    char *slash = strrchr(argv[0], '/');
    char *name = slash == NULL ? argv[0] : slash + 1;
    if (strncmp(name, "bulla-", 6) != 0)
        return argv + 1;
    argv[0] = name + 6;
    return argv;
}

/** What `bulla` itself answers: --version, --help. False: it is a command. */
static bool answer(const bu_cli *cli, const char *word, bu_buf *out)
{
    if (strcmp(word, "--version") == 0)
        bu_buf_add_format(out, "bulla %s\n", bulla_version());
    if (bu_is_help(word))
        bu_usage_overview(cli, bu_commands, out);
    return out->len > 0 || out->broken;
}

static bulla_status find(const bu_cli *cli, char *const *words, size_t count, size_t *used,
                         const bu_command **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (count == 0)
        return bu_fail(err, BULLA_E_USAGE, "name a command");
    if (answer(cli, words[0], &text))
        return bu_cli_print(&text, err);
    return bu_command_find(words, count, used, out, err);
}

/** `bulla key --help` is `bulla help key`: a group has no rows of its own. */
static void turn_help_around(char **words, size_t count)
{
    static char help[] = "help";
    if (count != 2 || !bu_is_help(words[1]) || !bu_command_is_group(words[0]))
        return;
    words[1] = words[0];
    words[0] = help;
}

int main(int argc, char **argv)
{
    bu_cli cli;
    bulla_error err = { 0 };
    const bu_command *command = NULL;
    size_t used = 0;
    bulla_status status = bu_cli_start(&cli, "bulla", &err);
    if (!bulla_ok(status) || argc < 1)
        return bu_cli_end(&cli, status, &err);
    char **words = words_of(argv);
    size_t count = (size_t)(argv + argc - words);
    turn_help_around(words, count);
    status = find(&cli, words, count, &used, &command, &err);
    if (command == NULL)
        return bu_cli_end(&cli, status, &err);
    return bu_cli_run(&cli, command, words + used, count - used);
}
