/* SPDX-License-Identifier: MIT */
/*
 * Names of npm's packages, and keys of its registry.
 */
#include "trust/npm.h"

#include "base/bytes.h"
#include "model/purl.h"

static bool is_plain(bulla_bytes text, const char *forbidden)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] >= 0x7f || strchr(forbidden, text.ptr[i]) != NULL)
            return false;
    return text.len > 0;
}

/* "@scope/name" or "name" */
static bool is_name(bulla_bytes name)
{
    bool scoped = bu_bytes_starts(name, "@");
    bulla_bytes rest = bu_bytes_from(name, scoped);
    size_t slash = bu_bytes_find(rest, '/');
    bulla_bytes last = scoped ? bu_bytes_from(rest, slash + 1) : rest;
    return is_plain(last, "/@:%?#") && (!scoped || is_plain(bu_bytes_first(rest, slash), "@:%?#"));
}

bulla_status bu_npm_package(bulla_bytes name, bulla_bytes version, bu_arena *arena,
                            const char **out, bulla_error *err)
{
    if (!is_name(name) || !is_plain(version, "/@:%?#"))
        return bu_fail(err, BULLA_E_BAD_NAME, "no name and version of an npm package");
    bu_purl purl = { .type = BULLA_LIT("npm"), .version = version };
    bu_purl_split_name(&purl, name);
    return bu_purl_text(&purl, arena, out, err);
}

bool bu_npm_is_key(const bu_anchor *anchor, const char *usage)
{
    bool for_it = anchor->name == NULL || strcmp(anchor->name, usage) == 0;
    return anchor->key != NULL && bu_key_kind(anchor->key) == BULLA_KEY_ECDSA_P256 && for_it;
}
