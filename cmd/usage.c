/* SPDX-License-Identifier: MIT */
/*
 * Help texts, made from the rows of the tables and fitted to the terminal.
 */
#include <string.h>

#include "base/bytes.h"
#include "command.h"

#define OPTION_COLUMN  32 /* where the help of an option begins */
#define COMMAND_COLUMN 18 /* and that of a command */

static void pad(bu_buf *out, size_t count)
{
    while (count-- > 0)
        bu_buf_add_byte(out, ' ');
}

/**
 * Append words from column `at` on, each line after the first indented, none over `width` if words
 * allow.
 */
static void wrap(bu_buf *out, const char *text, size_t at, size_t indent, size_t width)
{
    bulla_bytes rest = bu_bytes_of(text);
    bool first = true;
    while (rest.len > 0) {
        size_t end = bu_bytes_find(rest, ' ');
        if (!first && at + 1 + end > width) {
            bu_buf_add_byte(out, '\n');
            pad(out, indent);
            at = indent;
        } else if (!first) {
            bu_buf_add_byte(out, ' ');
            at++;
        }
        bu_buf_add(out, bu_bytes_first(rest, end));
        at += end;
        rest = bu_bytes_from(rest, end + 1);
        first = false;
    }
    bu_buf_add_byte(out, '\n');
}

/** After a left column that began at `start`: words from `column` on. */
static void right_column(bu_buf *out, size_t start, size_t column, const char *text, size_t width)
{
    size_t at = out->len - start;
    if (at + 2 > column) {
        bu_buf_add_byte(out, '\n');
        at = 0;
    }
    pad(out, column - at);
    wrap(out, text, column, column, width);
}

static void write_option(const bu_option *option, size_t width, bu_buf *out)
{
    size_t start = out->len;
    if (option->letter != 0)
        bu_buf_add_format(out, "  -%c, --%s", option->letter, option->name);
    else
        bu_buf_add_format(out, "      --%s", option->name);
    if (option->argument != NULL)
        bu_buf_add_format(out, "%s%s", option->kind == BU_OPTION_MAYBE ? "" : " ",
                          option->argument);
    right_column(out, start, OPTION_COLUMN, option->help, width);
}

void bu_synopsis_write(const char *program, const bu_command *command, bu_buf *out)
{
    bu_buf_add_text(out, program);
    if (strcmp(program, "bulla") == 0)
        bu_buf_add_format(out, " %s", command->name);
    if (command->options->name != NULL)
        bu_buf_add_text(out, " [OPTION]...");
    for (const bu_option *option = command->options; option->name != NULL; option++)
        if (option->required)
            bu_buf_add_format(out, " --%s %s", option->name, option->argument);
    if (command->operands != NULL)
        bu_buf_add_format(out, " %s", command->operands);
}

/** What -L takes, for a command that has it. */
static void write_kinds(const bu_command *command, size_t width, bu_buf *out)
{
    bulla_kind kind;
    if (!bu_command_takes_kinds(command))
        return;
    bu_buf_add_text(out, "\nKINDS\n");
    for (size_t i = 0; bulla_kind_at(i, &kind); i++) {
        size_t start = out->len;
        bu_buf_add_format(out, "  %s", kind.id);
        right_column(out, start, COMMAND_COLUMN, kind.title, width);
    }
    size_t start = out->len;
    bu_buf_add_text(out, "  apt");
    right_column(out, start, COMMAND_COLUMN, "signed lists of apt, for .deb files in --archives",
                 width);
}

void bu_usage_write(const bu_cli *cli, const bu_command *command, bu_buf *out)
{
    size_t width = cli->environment.columns;
    bu_buf_add_text(out, "usage: ");
    bu_synopsis_write(cli->program, command, out);
    bu_buf_add_text(out, "\n\n");
    wrap(out, command->about, 0, 0, width);
    bu_buf_add_byte(out, '\n');
    for (const bu_option *option = command->options; option->name != NULL; option++)
        if (option->help != NULL)
            write_option(option, width, out);
    size_t start = out->len;
    bu_buf_add_text(out, "  -h, --help");
    right_column(out, start, OPTION_COLUMN, "show this", width);
    write_kinds(command, width, out);
}

void bu_usage_overview(const bu_cli *cli, const bu_command *const *commands, bu_buf *out)
{
    bu_buf_add_text(out, "usage: bulla COMMAND [OPTION]... [ARGUMENT]...\n"
                         "       bulla --version\n\n");
    for (const bu_command *const *row = commands; *row != NULL; row++) {
        size_t start = out->len;
        bu_buf_add_format(out, "  %s", (*row)->name);
        right_column(out, start, COMMAND_COLUMN, (*row)->summary, cli->environment.columns);
    }
    bu_buf_add_text(out, "\nbulla help COMMAND shows what a command takes.\n");
}
