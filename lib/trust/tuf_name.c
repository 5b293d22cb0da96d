/* SPDX-License-Identifier: MIT */
/*
 * Names of TUF metadata in URLs, as file names, and against patterns. Refused
 * are names that would lead out of where they belong.
 */
#include "trust/tuf_name.h"

#include "base/bytes.h"

#define FILE_NAME_MAX 255

static bool is_unreserved(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

void bu_tuf_quote(bulla_bytes name, bu_buf *out)
{
    for (size_t i = 0; i < name.len; i++)
        if (is_unreserved(name.ptr[i]))
            bu_buf_add_byte(out, name.ptr[i]);
        else
            bu_buf_add_format(out, "%%%02X", name.ptr[i]);
}

bulla_status bu_tuf_file_name(bulla_bytes name, const char *suffix, bu_buf *out, bulla_error *err)
{
    size_t start = out->len;
    if (bu_bytes_starts(name, "."))
        bu_buf_add_text(out, "%2E");
    bu_tuf_quote(bu_bytes_from(name, bu_bytes_starts(name, ".") ? 1 : 0), out);
    bu_buf_add_text(out, suffix);
    if (out->broken)
        return bu_no_memory(err);
    if (name.len > 0 && out->len - start <= FILE_NAME_MAX)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_NAME, "%.*s cannot be a file name", (int)name.len,
                   (const char *)name.ptr);
}

static bool is_hex(uint8_t c)
{
    return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

/* RFC 3986: pchar; a percent sign only where it begins an encoding. */
static bool may_stand(bulla_bytes rest)
{
    uint8_t c = rest.ptr[0];
    if (c == '%')
        return rest.len >= 3 && is_hex(rest.ptr[1]) && is_hex(rest.ptr[2]);
    return is_unreserved(c) || (c != '\0' && strchr("!$&'()*+,;=:@", c) != NULL);
}

static bool is_step(bulla_bytes part)
{
    return part.len == 0 || bu_bytes_is(part, ".") || bu_bytes_is(part, "..");
}

static void add_part(bulla_bytes part, bu_buf *out)
{
    for (size_t i = 0; i < part.len; i++)
        if (may_stand(bu_bytes_from(part, i)))
            bu_buf_add_byte(out, part.ptr[i]);
        else
            bu_buf_add_format(out, "%%%02X", part.ptr[i]);
}

bulla_status bu_tuf_target_path(bulla_bytes name, const bulla_digest *digest, bu_buf *out,
                                bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_bytes rest = name;
    for (bool last = false; !last;) {
        size_t slash = bu_bytes_find(rest, '/');
        bulla_bytes part = bu_bytes_first(rest, slash);
        last = slash == rest.len;
        if (is_step(part))
            return bu_fail(err, BULLA_E_BAD_NAME, "%.*s is no path of a target", (int)name.len,
                           (const char *)name.ptr);
        if (last && digest != NULL)
            bu_buf_add_format(out, "%s.", bulla_digest_hex(digest, hex));
        add_part(part, out);
        if (!last)
            bu_buf_add_byte(out, '/');
        rest = bu_bytes_from(rest, slash + 1);
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* Patterns */

/* The set that begins behind '[' ends before its ']': bytes of it, or 0 when it has no end. */
static size_t set_length(bulla_bytes rest)
{
    size_t at = rest.len > 0 && rest.ptr[0] == '!' ? 1 : 0;
    size_t end = at + 1 + bu_bytes_find(bu_bytes_from(rest, at + 1), ']'); /* a ']' may be first */
    return end < rest.len ? end : 0;
}

static bool is_in_set(bulla_bytes set, uint8_t c)
{
    bool negated = set.ptr[0] == '!', found = false;
    for (size_t i = negated ? 1 : 0; i < set.len; i++) {
        if (i + 2 < set.len && set.ptr[i + 1] == '-') {
            found = found || (set.ptr[i] <= c && c <= set.ptr[i + 2]);
            i += 2;
        } else {
            found = found || set.ptr[i] == c;
        }
    }
    return found != negated;
}

/* How much of the pattern stands for the one character `c`; 0 when it does not. */
static size_t match_one(bulla_bytes pattern, uint8_t c)
{
    if (pattern.len == 0 || c == '/')
        return pattern.len > 0 && pattern.ptr[0] == c ? 1 : 0;
    size_t set = pattern.ptr[0] == '[' ? set_length(bu_bytes_from(pattern, 1)) : 0;
    if (set > 0)
        return is_in_set((bulla_bytes){ pattern.ptr + 1, set }, c) ? set + 2 : 0;
    return pattern.ptr[0] == '?' || pattern.ptr[0] == c ? 1 : 0;
}

/* One star is gone back to, the last: what an earlier one took can stay as it is. */
bool bu_tuf_pattern_match(bulla_bytes pattern, bulla_bytes target)
{
    bulla_bytes star = { 0 }, kept = { 0 };
    bool has_star = false;
    while (target.len > 0) {
        size_t step = match_one(pattern, target.ptr[0]);
        if (pattern.len > 0 && pattern.ptr[0] == '*') {
            pattern = star = bu_bytes_from(pattern, 1);
            kept = target;
            has_star = true;
        } else if (step > 0) {
            has_star = has_star && target.ptr[0] != '/';
            pattern = bu_bytes_from(pattern, step);
            target = bu_bytes_from(target, 1);
        } else if (has_star && kept.ptr[0] != '/') {
            pattern = star;
            target = kept = bu_bytes_from(kept, 1);
        } else {
            return false;
        }
    }
    while (pattern.len > 0 && pattern.ptr[0] == '*')
        pattern = bu_bytes_from(pattern, 1);
    return pattern.len == 0;
}
