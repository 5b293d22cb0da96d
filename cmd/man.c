/* SPDX-License-Identifier: MIT */
/*
 * The part of a man page that follows from the tables, in the language of
 * scdoc. Prose (examples, limits) is written by hand in doc/man/ and appended.
 */
#include <string.h>

#include "base/bytes.h"
#include "command.h"

/** Text as it is: scdoc's own marks lose their meaning. */
static void plain(bu_buf *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (strchr("\\*_#<>", *at) != NULL)
            bu_buf_add_byte(out, '\\');
        bu_buf_add_byte(out, (uint8_t)*at);
    }
}

static void write_option(const bu_option *option, bu_buf *out)
{
    if (option->letter != 0)
        bu_buf_add_format(out, "*-%c*, ", option->letter);
    bu_buf_add_format(out, "*--%s*", option->name);
    if (option->argument != NULL && option->kind == BU_OPTION_MAYBE) {
        plain(out, option->argument); /* joined to the name, where scdoc cannot underline */
    } else if (option->argument != NULL) {
        bu_buf_add_text(out, " _");
        plain(out, option->argument);
        bu_buf_add_byte(out, '_');
    }
    bu_buf_add_text(out, "\n\t");
    plain(out, option->help);
    if (option->required)
        bu_buf_add_text(out, "; required");
    bu_buf_add_text(out, bu_option_repeats(option) ? "; may be repeated.\n\n" : ".\n\n");
}

static void write_options(const bu_command *command, bu_buf *out)
{
    for (const bu_option *option = command->options; option->name != NULL; option++)
        if (option->help != NULL)
            write_option(option, out);
    bu_buf_add_text(out, "*-h*, *--help*\n\tshow the usage.\n\n");
}

/** "bulla-key" from "key new"; the name of the page. */
static void write_page_name(const char *program, const bu_command *command, bu_buf *out)
{
    bu_buf_add_text(out, program);
    if (strcmp(program, "bulla") != 0)
        return;
    bulla_bytes name = bu_bytes_of(command->name);
    bu_buf_add_byte(out, '-');
    bu_buf_add(out, bu_bytes_first(name, bu_bytes_find(name, ' ')));
}

static void write_name(const char *program, const bu_command *const *commands, size_t count,
                       bu_buf *out)
{
    write_page_name(program, commands[0], out);
    bu_buf_add_format(out, "(1) \"\" \"bulla %s\"\n\n# NAME\n\n", bulla_version());
    write_page_name(program, commands[0], out);
    for (size_t i = 0; i < count; i++) {
        bu_buf_add_text(out, i == 0 ? " - " : "; ");
        plain(out, commands[i]->summary);
    }
    bu_buf_add_text(out, "\n\n");
}

/** What -L takes, and where it is found without being named. */
static void write_kinds(bu_buf *out)
{
    bulla_kind kind;
    bu_buf_add_text(out, "# KINDS\n\n");
    for (size_t i = 0; bulla_kind_at(i, &kind); i++) {
        bu_buf_add_format(out, "*%s*\n\t", kind.id);
        plain(out, kind.title);
        bu_buf_add_text(out, ": ");
        for (const char *const *place = kind.places; *place != NULL; place++) {
            bu_buf_add_text(out, place == kind.places ? "" : ", ");
            plain(out, *place);
        }
        bu_buf_add_text(out, ".\n\n");
    }
    bu_buf_add_text(out, "*apt*\n\tsigned lists of apt, for the .deb files of *--archives*.\n\n");
}

void bu_man_write(const char *program, const bu_command *const *commands, size_t count, bu_buf *out)
{
    write_name(program, commands, count, out);
    bu_buf_add_text(out, "# SYNOPSIS\n\n");
    for (size_t i = 0; i < count; i++) {
        BU_CLEAR(bu_buf) line = { 0 };
        bu_synopsis_write(program, commands[i], &line);
        plain(out, line.ptr == NULL ? "" : (const char *)line.ptr);
        out->broken = out->broken || line.broken;
        bu_buf_add_text(out, i + 1 < count ? "++\n" : "\n\n");
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0)
            bu_buf_add_text(out, "# DESCRIPTION\n\n");
        if (count > 1)
            bu_buf_add_format(out, "## %s %s\n\n", program, commands[i]->name);
        plain(out, commands[i]->about);
        bu_buf_add_text(out, count > 1 ? "\n\n" : "\n\n# OPTIONS\n\n");
        write_options(commands[i], out);
    }
    if (bu_command_takes_kinds(commands[0]))
        write_kinds(out);
}

void bu_man_overview(const bu_command *const *commands, bu_buf *out)
{
    bu_buf_add_format(
        out,
        "bulla(1) \"\" \"bulla %s\"\n\n# NAME\n\n"
        "bulla - verify, sign and attest what goes into software\n\n"
        "# SYNOPSIS\n\n*bulla* _COMMAND_ [_OPTION_]... [_ARGUMENT_]...++\n"
        "*bulla* *--version*\n\n# DESCRIPTION\n\n"
        "*bulla* accounts for everything that goes into a product, checks every part "
        "against keys that its owner pinned, and seals the account so that others can "
        "check it again, offline, years later.\n\n# COMMANDS\n\n",
        bulla_version());
    for (const bu_command *const *row = commands; *row != NULL; row++) {
        bu_buf_add_format(out, "*bulla %s*\n\t", (*row)->name);
        plain(out, (*row)->summary);
        bu_buf_add_text(out, ".\n\n");
    }
}
