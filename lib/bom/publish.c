/* SPDX-License-Identifier: MIT */
/*
 * URLs and paths as documents for others may name them. In doubt, no.
 */
#include "bom/publish.h"

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* RFC 3986: unreserved, sub-delims, and what a path or a host may have beside them. */
static bool is_url_character(uint8_t c)
{
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return letter || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~!$&'()*+,;=:@/%", c) != NULL);
}

static bool is_url_text(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_url_character(text.ptr[i]))
            return false;
        if (text.ptr[i] == '%' &&
            (i + 2 >= text.len || !is_hex(text.ptr[i + 1]) || !is_hex(text.ptr[i + 2])))
            return false;
    }
    return true;
}

bool bu_url_is_publishable(bulla_bytes url)
{
    static const char *const schemes[] = { "https://", "http://" };
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (!bu_bytes_starts(url, schemes[i]))
            continue;
        bulla_bytes rest = bu_bytes_from(url, strlen(schemes[i]));
        bulla_bytes host = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        return host.len > 0 && bu_bytes_find(host, '@') == host.len && is_url_text(rest);
    }
    return false;
}

bool bu_path_is_publishable(bulla_bytes path)
{
    if (path.len == 0 || path.ptr[0] == '/' || path.ptr[0] == '~' ||
        bu_bytes_find(path, '\\') < path.len || bu_bytes_find(path, ':') < path.len)
        return false;
    while (path.len > 0) {
        size_t slash = bu_bytes_find(path, '/');
        if (bu_bytes_is(bu_bytes_first(path, slash), ".."))
            return false;
        path = bu_bytes_from(path, slash + 1);
    }
    return true;
}
