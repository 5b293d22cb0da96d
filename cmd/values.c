/* SPDX-License-Identifier: MIT */
/*
 * The values of options: each kind is judged and kept in its own way. What is
 * not of its kind is refused with what would have been right.
 */
#include <string.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "command.h"

/** A list with room for one more item and an end: it doubles at powers of two. NULL: no memory. */
static void *room(bu_cli *cli, void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return items;
    void *larger = bu_arena_get_array(cli->arena, 2 * count + 2, size);
    if (larger != NULL && count > 0)
        memcpy(larger, items, count * size);
    return larger;
}

/** True when `values`, parted by spaces, has `value`. */
static bool is_among(const char *values, bulla_bytes value)
{
    bulla_bytes rest = bu_bytes_of(values);
    while (rest.len > 0) {
        size_t end = bu_bytes_find(rest, ' ');
        if (bu_bytes_equal(bu_bytes_first(rest, end), value))
            return true;
        rest = bu_bytes_from(rest, end + 1);
    }
    return false;
}

static bulla_status check(const bu_option *option, const char *value, bulla_error *err)
{
    if (option->values == NULL || is_among(option->values, bu_bytes_of(value)))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_USAGE, "--%s does not know this value", option->name);
    return bu_expected(err, status, bu_bytes_of(option->values), bu_bytes_of(value));
}

/** Split at the first `at`; `*tail` is NULL when there is none. */
static bulla_status split(bu_cli *cli, const char *value, uint8_t at, const char **head,
                          const char **tail, bulla_error *err)
{
    bulla_bytes whole = bu_bytes_of(value);
    size_t end = bu_bytes_find(whole, at);
    *tail = end == whole.len ? NULL : value + end + 1;
    *head = bu_arena_text(cli->arena, bu_bytes_first(whole, end));
    return *head == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status keep_flag(bu_cli *cli, const bu_option *option, const char *value, void *field,
                              bulla_error *err)
{
    (void)cli;
    if (value != NULL)
        return bu_fail(err, BULLA_E_USAGE, "--%s takes no value", option->name);
    *(bool *)field = true;
    return BU_OK;
}

static bulla_status keep_text(bu_cli *cli, const bu_option *option, const char *value, void *field,
                              bulla_error *err)
{
    (void)cli;
    *(const char **)field = value;
    return check(option, value, err);
}

bulla_status bu_words_add(bu_cli *cli, bu_words *words, const char *word, bulla_error *err)
{
    words->items = room(cli, words->items, words->count, sizeof *words->items);
    if (words->items == NULL)
        return bu_no_memory(err);
    words->items[words->count++] = word;
    return BU_OK;
}

static bulla_status keep_word(bu_cli *cli, const bu_option *option, const char *value, void *field,
                              bulla_error *err)
{
    BU_TRY(check(option, value, err));
    return bu_words_add(cli, field, value, err);
}

static bulla_status keep_output(bu_cli *cli, const bu_option *option, const char *value,
                                void *field, bulla_error *err)
{
    bu_outputs *outputs = field;
    bu_output one = { 0 };
    BU_TRY(split(cli, value, '=', &one.format, &one.file, err));
    BU_TRY(check(option, one.format, err));
    if (one.file != NULL && one.file[0] == '\0')
        return bu_fail(err, BULLA_E_USAGE, "--%s %s names no file", option->name, value);
    outputs->items = room(cli, outputs->items, outputs->count, sizeof one);
    if (outputs->items == NULL)
        return bu_no_memory(err);
    outputs->items[outputs->count++] = one;
    return bu_outputs_check(outputs, err);
}

static bulla_status keep_input(bu_cli *cli, const bu_option *option, const char *value, void *field,
                               bulla_error *err)
{
    bu_inputs *inputs = field;
    bulla_input one = { 0 };
    BU_TRY(split(cli, value, ':', &one.kind, &one.path, err));
    if (one.path == NULL || one.path[0] == '\0' || one.kind[0] == '\0')
        return bu_fail(err, BULLA_E_USAGE, "--%s wants %s, such as npm:package-lock.json, not %s",
                       option->name, option->argument, value);
    inputs->items = room(cli, inputs->items, inputs->count, sizeof one);
    if (inputs->items == NULL)
        return bu_no_memory(err);
    inputs->items[inputs->count++] = one;
    return BU_OK;
}

static bulla_status keep_count(bu_cli *cli, const bu_option *option, const char *value, void *field,
                               bulla_error *err)
{
    (void)cli;
    bu_reader r = bu_reader_of(bu_bytes_of(value));
    *(bu_count *)field = (bu_count){ true, bu_number(&r, INT64_MAX, "a number") };
    if (bulla_ok(bu_done(&r, NULL)))
        return BU_OK;
    return bu_fail(err, BULLA_E_USAGE, "--%s wants a whole number, not %s", option->name, value);
}

static bulla_status keep_moment(bu_cli *cli, const bu_option *option, const char *value,
                                void *field, bulla_error *err)
{
    (void)cli;
    bu_moment *moment = field;
    moment->given = true;
    if (!bulla_ok(bulla_time_parse(value, &moment->value, NULL)))
        return bu_fail(err, BULLA_E_USAGE, "--%s wants a time such as 2026-11-21T00:00:00Z, not %s",
                       option->name, value);
    if (moment->value > 0) /* 0 is "not stated" below: an end that is ignored would never come */
        return BU_OK;
    return bu_fail(err, BULLA_E_USAGE, "--%s wants a time after 1970-01-01T00:00:00Z",
                   option->name);
}

static bulla_status keep_maybe(bu_cli *cli, const bu_option *option, const char *value, void *field,
                               bulla_error *err)
{
    (void)cli;
    (void)option;
    (void)err;
    *(bu_maybe *)field = (bu_maybe){ .given = true, .value = value };
    return BU_OK;
}

bulla_status bu_value_keep(bu_cli *cli, const bu_option *option, const char *value, void *args,
                           bulla_error *err)
{
    static bulla_status (*const keep[])(bu_cli *, const bu_option *, const char *, void *,
                                        bulla_error *) = {
        [BU_OPTION_FLAG] = keep_flag,     [BU_OPTION_TEXT] = keep_text,
        [BU_OPTION_WORDS] = keep_word,    [BU_OPTION_OUTPUTS] = keep_output,
        [BU_OPTION_INPUTS] = keep_input,  [BU_OPTION_COUNT] = keep_count,
        [BU_OPTION_MOMENT] = keep_moment, [BU_OPTION_MAYBE] = keep_maybe,
    };
    return keep[option->kind](cli, option, value, (char *)args + option->offset, err);
}
