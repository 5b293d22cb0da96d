/* SPDX-License-Identifier: MIT */
/*
 * Errors: filled once, given context on the way up, escaped on the way in.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"

static const struct {
    const char *name;
    bulla_exit exit;
    const char *next;
} codes[] = {
    { "ok", BULLA_EXIT_ALLOWED, "" },
#define BULLA_CODE(id, name, exit, next) { name, BULLA_EXIT_##exit, next },
#include "bulla/codes.def"
#undef BULLA_CODE
};

#define CODE_COUNT (sizeof codes / sizeof codes[0])

/* A code that is no row is a defect of ours; it must still not read as "ok". */
static size_t row_of(bulla_code code)
{
    return (size_t)code < CODE_COUNT ? (size_t)code : (size_t)BULLA_E_INTERNAL;
}

const char *bulla_code_name(bulla_code code)
{
    return codes[row_of(code)].name;
}

bulla_exit bulla_code_exit(bulla_code code)
{
    return codes[row_of(code)].exit;
}

const char *bulla_code_next(bulla_code code)
{
    return codes[row_of(code)].next;
}

bulla_exit bulla_exit_worse(bulla_exit a, bulla_exit b)
{
    static const bulla_exit order[] = {
        BULLA_EXIT_INTERNAL, BULLA_EXIT_CONFIG,    BULLA_EXIT_IO,
        BULLA_EXIT_TRUST,    BULLA_EXIT_MALFORMED, BULLA_EXIT_DENIED,
        BULLA_EXIT_UNPROVEN, BULLA_EXIT_NOTHING,   BULLA_EXIT_ALLOWED,
    };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return BULLA_EXIT_INTERNAL;
}

/* Format into a bounded text first, then escape: what is cut is cut before it can hide anything. */
__attribute__((format(printf, 3, 0))) static void format_escaped(char *out, size_t cap,
                                                                 const char *format, va_list args)
{
    char raw[1024];
    int len = vsnprintf(raw, sizeof raw, format, args);
    size_t count = len < 0 ? 0 : (size_t)len;
    if (count >= sizeof raw)
        count = sizeof raw - 1;
    bu_escape_into((bulla_bytes){ (const uint8_t *)raw, count }, out, cap);
}

bulla_status bu_fail(bulla_error *err, bulla_code code, const char *format, ...)
{
    if (err != NULL) {
        *err =
            (bulla_error){ .code = code, .exit = bulla_code_exit(code), .offset = BU_OFFSET_NONE };
        va_list args;
        va_start(args, format);
        format_escaped(err->text, sizeof err->text, format, args);
        va_end(args);
    }
    return (bulla_status){ code };
}

bulla_status bu_within(bulla_error *err, bulla_status status, const char *format, ...)
{
    if (err == NULL || bulla_ok(status))
        return status;
    char context[sizeof err->text];
    va_list args;
    va_start(args, format);
    format_escaped(context, sizeof context, format, args);
    va_end(args);
    size_t room = sizeof err->text - 1;
    size_t front = strlen(context) + 2 < room ? strlen(context) : room - 2;
    size_t back = strlen(err->text) < room - front - 2 ? strlen(err->text) : room - front - 2;
    while (back > 0 && back < strlen(err->text) && ((uint8_t)err->text[back] & 0xC0) == 0x80)
        back--; /* what is cut is cut between characters */
    memmove(err->text + front + 2, err->text, back);
    memcpy(err->text, context, front);
    memcpy(err->text + front, ": ", 2);
    err->text[front + 2 + back] = '\0';
    return status;
}

bulla_status bu_in_file(bulla_error *err, bulla_status status, const char *file)
{
    if (err != NULL && !bulla_ok(status) && err->file[0] == '\0')
        bu_escape_into(bu_bytes_of(file), err->file, sizeof err->file);
    return status;
}

bulla_status bu_at(bulla_error *err, bulla_status status, uint32_t line, uint32_t column)
{
    if (err != NULL) {
        err->line = line;
        err->column = column;
    }
    return status;
}

bulla_status bu_at_offset(bulla_error *err, bulla_status status, uint64_t offset)
{
    if (err != NULL)
        err->offset = offset;
    return status;
}

bulla_status bu_expected(bulla_error *err, bulla_status status, bulla_bytes expected,
                         bulla_bytes got)
{
    if (err != NULL) {
        bu_escape_into(expected, err->expected, sizeof err->expected);
        bu_escape_into(got, err->got, sizeof err->got);
    }
    return status;
}

bulla_status bu_as(bulla_error *err, bulla_status status, bulla_exit exit)
{
    if (err != NULL && !bulla_ok(status))
        err->exit = exit;
    return status;
}

bulla_status bu_next(bulla_error *err, bulla_status status, const char *next)
{
    if (err != NULL && !bulla_ok(status))
        err->next = next;
    return status;
}

bulla_status bu_no_memory(bulla_error *err)
{
    return bu_fail(err, BULLA_E_NO_MEMORY, "out of memory");
}
