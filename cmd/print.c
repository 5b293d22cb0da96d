/* SPDX-License-Identifier: MIT */
/*
 * What a program says: results to standard output or a file, failures to
 * standard error. An output that was not written whole is a failure.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "command.h"

/* Everything in an error is escaped already: base/error.h. */
static void print_place(const bulla_error *err)
{
    if (err->file[0] == '\0')
        return;
    (void)fprintf(stderr, "%s:", err->file);
    if (err->line > 0)
        (void)fprintf(stderr, "%u:%u:", err->line, err->column);
    if (err->line == 0 && err->offset != BU_OFFSET_NONE)
        (void)fprintf(stderr, " byte %llu:", (unsigned long long)err->offset);
    (void)fputc(' ', stderr);
}

static void print_next(const bu_cli *cli, const bulla_error *err)
{
    if (err->next != NULL)
        (void)fprintf(stderr, "  next: %s\n", err->next);
    else if (err->code != BULLA_E_USAGE || cli->command == NULL)
        (void)fprintf(stderr, "  next: %s\n", bulla_code_next(err->code));
    else if (strcmp(cli->program, "bulla") == 0)
        (void)fprintf(stderr, "  next: bulla help %s\n", cli->command->name);
    else
        (void)fprintf(stderr, "  next: %s --help\n", cli->program);
}

static void complain(const bu_cli *cli, const bulla_error *err)
{
    (void)fprintf(stderr, "%s: ", cli->program);
    if (cli->command != NULL && strcmp(cli->program, "bulla") == 0)
        (void)fprintf(stderr, "%s: ", cli->command->name);
    print_place(err);
    (void)fprintf(stderr, "%s [%s]\n", err->text, bulla_code_name(err->code));
    if (err->expected[0] != '\0')
        (void)fprintf(stderr, "  expected: %s\n", err->expected);
    if (err->got[0] != '\0')
        (void)fprintf(stderr, "  got: %s\n", err->got);
    print_next(cli, err);
}

static bulla_status cannot_print(bulla_error *err)
{
    return bu_fail(err, BULLA_E_WRITE_ERROR, "standard output cannot be written: %s",
                   strerrordesc_np(errno));
}

bulla_status bu_cli_write(const char *file, bulla_bytes content, bulla_error *err)
{
    if (file != NULL && strcmp(file, "-") != 0)
        return bulla_file_write(file, content, err);
    if (content.len > 0 && fwrite(content.ptr, content.len, 1, stdout) != 1)
        return cannot_print(err);
    return fflush(stdout) == 0 ? BU_OK : cannot_print(err);
}

bulla_status bu_cli_print(const bu_buf *text, bulla_error *err)
{
    if (text->broken)
        return bu_no_memory(err);
    return bu_cli_write(NULL, bu_buf_bytes(text), err);
}

const bu_output *bu_outputs_find(const bu_outputs *outputs, const char *format)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (strcmp(outputs->items[i].format, format) == 0)
            return &outputs->items[i];
    return NULL;
}

bulla_status bu_pages_write(const bu_outputs *outputs, bu_page *make, const void *subject,
                            bulla_error *err)
{
    static const bu_output standard = { "text", NULL };
    for (size_t i = 0; i < outputs->count || i == 0; i++) {
        const bu_output *output = outputs->count > 0 ? &outputs->items[i] : &standard;
        BU_CLEAR(bulla_buffer) page = { 0 };
        BU_TRY(make(subject, output->format, &page, err));
        BU_TRY(bu_cli_write(output->file, bu_buffer_bytes(&page), err));
    }
    return BU_OK;
}

/* Files are named by hand, so names that differ are taken as two files. */
static bool same_place(const bu_output *a, const bu_output *b)
{
    const char *left = a->file == NULL ? "-" : a->file, *right = b->file == NULL ? "-" : b->file;
    return strcmp(left, right) == 0;
}

bulla_status bu_outputs_check(const bu_outputs *outputs, bulla_error *err)
{
    for (size_t i = 0; i + 1 < outputs->count; i++)
        if (same_place(&outputs->items[i], &outputs->items[outputs->count - 1]))
            return bu_fail(err, BULLA_E_USAGE,
                           "two outputs go to one place; name a file for one: --output %s=FILE",
                           outputs->items[outputs->count - 1].format);
    return BU_OK;
}

int bu_cli_end(bu_cli *cli, bulla_status status, bulla_error *err)
{
    if (fclose(stdout) != 0 && bulla_ok(status))
        status = cannot_print(err);
    if (!bulla_ok(status)) {
        complain(cli, err);
        cli->exit = bulla_exit_worse(cli->exit, err->exit);
    }
    bu_arena_free(cli->arena);
    return (int)cli->exit;
}
