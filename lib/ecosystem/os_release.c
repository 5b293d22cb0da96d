/* SPDX-License-Identifier: MIT */
/*
 * os-release(5): assignments as a shell takes them, without expansion.
 */
#include "ecosystem/os_release.h"

#include "ecosystem/origin.h"
#include "syntax/text.h"

const char *const bu_os_release_places[] = { "etc/os-release", "usr/lib/os-release", NULL };

/* Take one quoted character, which stands for itself; false for what a shell would do more with. */
static bool take_escaped(bulla_bytes *rest, bu_buf *out)
{
    if (rest->len < 2 || memchr("\"$`\\", rest->ptr[1], 4) == NULL)
        return false;
    bu_buf_add_byte(out, rest->ptr[1]);
    *rest = bu_bytes_from(*rest, 2);
    return true;
}

/* What is in quotes; nothing may follow them. */
static bool take_quoted(bulla_bytes rest, bu_buf *out)
{
    uint8_t quote = rest.ptr[0];
    rest = bu_bytes_from(rest, 1);
    while (rest.len > 0 && rest.ptr[0] != quote) {
        if (quote == '"' && rest.ptr[0] == '\\') {
            if (!take_escaped(&rest, out))
                return false;
            continue;
        }
        if (quote == '"' && memchr("$`", rest.ptr[0], 2) != NULL)
            return false;
        bu_buf_add_byte(out, rest.ptr[0]);
        rest = bu_bytes_from(rest, 1);
    }
    return rest.len == 1;
}

static bool take_value(bulla_bytes value, bu_buf *out)
{
    if (value.len > 0 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
        return take_quoted(value, out);
    for (size_t i = 0; i < value.len; i++)
        if (strchr(" \t\"'$`\\;&|<>()", value.ptr[i]) != NULL)
            return false;
    bu_buf_add(out, value);
    return true;
}

static bulla_status keep(const bu_text *text, bulla_bytes key, const bu_buf *value, bu_arena *arena,
                         const char **out, bulla_error *err)
{
    if (*out != NULL)
        return bu_text_fail(text, key.ptr, err, BULLA_E_DUPLICATE_ENTRY, "%.*s is there twice",
                            (int)key.len, (const char *)key.ptr);
    if (value->len == 0)
        return BU_OK;
    for (size_t i = 0; i < value->len; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", value->ptr[i]) == NULL)
            return bu_text_fail(text, key.ptr, err, BULLA_E_BAD_NAME,
                                "%.*s has characters that it must not have", (int)key.len,
                                (const char *)key.ptr);
    *out = bu_arena_text(arena, bu_buf_bytes(value));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status take_line(const bu_text *text, bu_arena *arena, bu_os_release *out,
                              bulla_error *err)
{
    const struct {
        const char *key;
        const char **value;
    } rows[] = { { "ID", &out->id }, { "VERSION_CODENAME", &out->codename } };
    BU_CLEAR(bu_buf) value = { 0 };
    bulla_bytes line = bu_bytes_trim(text->line);
    if (line.len == 0 || line.ptr[0] == '#')
        return BU_OK;
    bulla_bytes key = bu_bytes_first(line, bu_bytes_find(line, '='));
    if (key.len == line.len || !bu_is_word(key, "_") ||
        !take_value(bu_bytes_from(line, key.len + 1), &value))
        return bu_text_fail(text, line.ptr, err, BULLA_E_BAD_SYNTAX, "not NAME=VALUE");
    if (value.broken)
        return bu_no_memory(err);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(key, rows[i].key))
            return keep(text, key, &value, arena, rows[i].value, err);
    return BU_OK;
}

bulla_status bu_os_release_parse(bulla_bytes text, const char *name, bu_arena *arena,
                                 bu_os_release *out, bulla_error *err)
{
    bu_text lines = bu_text_of(text);
    *out = (bu_os_release){ 0 };
    for (bool more = true;;) {
        bulla_status status = bu_text_next(&lines, &more, err);
        if (bulla_ok(status) && !more)
            return BU_OK;
        if (bulla_ok(status))
            status = take_line(&lines, arena, out, err);
        BU_TRY(bu_in_file(err, status, name));
    }
}

static size_t depth_of(const char *place)
{
    size_t depth = 0;
    for (; *place != '\0'; place++)
        depth += *place == '/';
    return depth;
}

/* How many folders a database is below its root, by the longest place that it is at; 0: at none. */
static size_t find_root(const char *name, const char *const *places)
{
    const char *mark = strrchr(name, '!'); /* "image.tar!var/lib/dpkg/status" */
    bulla_bytes path = bu_bytes_of(mark == NULL ? name : mark + 1);
    size_t depth = 0;
    for (; *places != NULL; places++)
        if (bu_ecosystem_lies_at(*places, path) && depth_of(*places) > depth)
            depth = depth_of(*places);
    return depth;
}

/* Links are not followed (on many systems the first place is one, to the second). */
static bool is_not_there(bulla_status status)
{
    return status.code == BULLA_E_MISSING_FILE || status.code == BULLA_E_SPECIAL_FILE ||
           status.code == BULLA_E_PATH_TRAVERSAL;
}

static bulla_status read_place(const char *up, const char *place,
                               const bu_ecosystem_options *options, bu_arena *arena, bool *found,
                               bu_os_release *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error why = { 0 };
    const char *path = bu_arena_format(arena, "%s%s", up, place);
    if (path == NULL)
        return bu_no_memory(err);
    bulla_status status = options->read(options->read_context, path, &text, &why);
    *found = bulla_ok(status);
    if (!bulla_ok(status)) {
        if (is_not_there(status))
            return BU_OK;
        if (err != NULL)
            *err = why;
        return status;
    }
    return bu_os_release_parse(bu_buf_bytes(&text), place, arena, out, err);
}

bulla_status bu_os_release_beside(const char *name, const char *const *places,
                                  const bu_ecosystem_options *options, bu_arena *arena,
                                  bu_os_release *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) up = { 0 };
    *out = (bu_os_release){ 0 };
    if (options != NULL)
        out->id = options->distribution;
    if (options == NULL || options->distribution != NULL || options->read == NULL)
        return BU_OK;
    size_t depth = find_root(name, places);
    for (size_t i = 0; i < depth; i++)
        bu_buf_add_text(&up, "../");
    if (up.broken)
        return bu_no_memory(err);
    bool found = depth == 0;
    for (size_t i = 0; bu_os_release_places[i] != NULL && !found; i++)
        BU_TRY(read_place((const char *)up.ptr, bu_os_release_places[i], options, arena, &found,
                          out, err));
    return BU_OK;
}
