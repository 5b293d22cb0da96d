/* SPDX-License-Identifier: MIT */
/*
 * The names of scopes and origins, as they stand in JSON; the host of a URL.
 */
#include "model/component.h"

#include "base/bytes.h"

static const char *name_in(const char *const *names, size_t count, size_t index)
{
    return index < count ? names[index] : "unknown";
}

const char *bulla_scope_name(bulla_scope scope)
{
    static const char *const names[] = { "runtime", "optional", "build", "dev" };
    return name_in(names, sizeof names / sizeof names[0], (size_t)scope);
}

const char *bulla_origin_name(bulla_origin origin)
{
    static const char *const names[] = { "unknown", "registry", "git",    "file",    "local",
                                         "outside", "bundled",  "system", "artifact" };
    return name_in(names, sizeof names / sizeof names[0], (size_t)origin);
}

void bu_url_host(const char *url, bu_buf *out)
{
    const char *host = strstr(url, "://");
    if (host == NULL)
        return;
    host += strlen("://");
    size_t len = strcspn(host, "/?#");
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)url, (size_t)(host - url) });
    for (const char *at = memchr(host, '@', len); at != NULL; at = memchr(host, '@', len)) {
        len -= (size_t)(at + 1 - host);
        host = at + 1;
    }
    for (size_t i = 0; i < len; i++)
        bu_buf_add_byte(out, bu_lower((uint8_t)host[i]));
}
