/* SPDX-License-Identifier: MIT */
/*
 * One command from its words to its exit status, the same for both programs.
 */
#include <string.h>

#include "command.h"

bool bu_is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool wants_help(char *const *words, size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (bu_is_help(words[i]))
            return true;
    return false;
}

static bulla_status print_usage(const bu_cli *cli, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_usage_write(cli, cli->command, &text);
    return bu_cli_print(&text, err);
}

static bulla_status execute(bu_cli *cli, char *const *words, size_t count, bulla_error *err)
{
    if (wants_help(words, count))
        return print_usage(cli, err);
    void *args = bu_arena_get(cli->arena, cli->command->args_size);
    if (args == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_options_parse(cli, words, count, args, err));
    return cli->command->run(cli, args, err);
}

int bu_cli_run(bu_cli *cli, const bu_command *command, char *const *words, size_t count)
{
    bulla_error err = { 0 };
    cli->command = command;
    return bu_cli_end(cli, execute(cli, words, count, &err), &err);
}
