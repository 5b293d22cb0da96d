/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, and finding one by its words. A wrong word gets the
 * nearest right one as an answer.
 */
#include <string.h>

#include "base/bytes.h"
#include "command.h"

#define BU_COMMAND(id) extern const bu_command bu_cmd_##id;
#include "commands.def"
#undef BU_COMMAND

const bu_command *const bu_commands[] = {
#define BU_COMMAND(id) &bu_cmd_##id,
#include "commands.def"
#undef BU_COMMAND
    NULL,
};

#define COMMANDS (sizeof bu_commands / sizeof bu_commands[0])

static const bu_command *find(char *const *words, size_t count, size_t *used)
{
    for (const bu_command *const *row = bu_commands; *row != NULL; row++) {
        bulla_bytes name = bu_bytes_of((*row)->name);
        size_t end = bu_bytes_find(name, ' ');
        bulla_bytes second = bu_bytes_from(name, end + 1);
        *used = second.len > 0 ? 2 : 1;
        if (count >= *used && bu_bytes_is(bu_bytes_first(name, end), words[0]) &&
            (second.len == 0 || bu_bytes_is(second, words[1])))
            return *row;
    }
    return NULL;
}

/** The commands that `first` begins: "key new", "key show" … */
static bool is_group(const char *name, const char *first)
{
    return bu_bytes_starts(bu_bytes_of(name), first) && name[strlen(first)] == ' ';
}

bool bu_command_is_group(const char *word)
{
    for (const bu_command *const *row = bu_commands; *row != NULL; row++)
        if (is_group((*row)->name, word))
            return true;
    return false;
}

static bulla_status no_such_command(char *const *words, size_t count, bulla_error *err)
{
    const char *names[COMMANDS] = { NULL }, *typed = words[0];
    BU_CLEAR(bu_buf) wanted = { 0 };
    for (size_t i = 0; bu_commands[i] != NULL; i++) {
        names[i] = bu_commands[i]->name;
        if (is_group(names[i], words[0]))
            bu_buf_add_format(&wanted, "%s%s", wanted.len == 0 ? "" : ", ", names[i]);
    }
    if (wanted.len > 0)
        return bu_fail(err, BULLA_E_USAGE, "%s %s is no command; there is %s", typed,
                       count > 1 ? words[1] : "alone", (const char *)wanted.ptr);
    if (typed[0] == '-')
        return bu_fail(err, BULLA_E_USAGE, "options come after the command: bulla COMMAND %s",
                       typed);
    const char *near = bu_suggest(typed, names, COMMANDS);
    if (near == NULL)
        return bu_fail(err, BULLA_E_USAGE, "there is no command %s", typed);
    return bu_fail(err, BULLA_E_USAGE, "there is no command %s; did you mean %s?", typed, near);
}

bulla_status bu_command_find(char *const *words, size_t count, size_t *used, const bu_command **out,
                             bulla_error *err)
{
    *out = find(words, count, used);
    return *out == NULL ? no_such_command(words, count, err) : BU_OK;
}
