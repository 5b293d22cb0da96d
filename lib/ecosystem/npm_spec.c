/* SPDX-License-Identifier: MIT */
/*
 * Taking npm's names, versions and places apart.
 */
#include "ecosystem/npm_spec.h"

#include <strings.h>

#include "base/limits.h"

#define COMMIT_SHA1   40u /* hex characters of a git object name */
#define COMMIT_SHA256 64u

static bool ends_in_archive(bulla_bytes path)
{
    static const char *const suffixes[] = { ".tgz", ".tar.gz", ".tar" };
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t len = strlen(suffixes[i]);
        if (path.len >= len &&
            strncasecmp((const char *)path.ptr + path.len - len, suffixes[i], len) == 0)
            return true;
    }
    return false;
}

/* A place without a scheme: "user/repository#commit", or a path below the registry. */
static bu_npm_source source_without_scheme(bulla_bytes spec)
{
    if (bu_bytes_find(spec, '/') == spec.len)
        return BU_NPM_NOWHERE;
    return bu_bytes_find(spec, '#') < spec.len ? BU_NPM_GIT : BU_NPM_URL;
}

bu_npm_source bu_npm_source_of(bulla_bytes spec)
{
    static const struct {
        const char *prefix;
        bu_npm_source source;
    } rows[] = {
        { "http://", BU_NPM_URL },    { "https://", BU_NPM_URL }, { "git+", BU_NPM_GIT },
        { "git:", BU_NPM_GIT },       { "git@", BU_NPM_GIT },     { "ssh:", BU_NPM_GIT },
        { "github:", BU_NPM_GIT },    { "gitlab:", BU_NPM_GIT },  { "gist:", BU_NPM_GIT },
        { "bitbucket:", BU_NPM_GIT }, { "file:", BU_NPM_FOLDER }, { "./", BU_NPM_FOLDER },
        { "../", BU_NPM_FOLDER },     { "/", BU_NPM_FOLDER },     { "~/", BU_NPM_FOLDER },
    };
    size_t i = 0;
    while (i < sizeof rows / sizeof rows[0] && !bu_bytes_starts(spec, rows[i].prefix))
        i++;
    if (i == sizeof rows / sizeof rows[0])
        return bu_bytes_find(spec, ':') < spec.len ? BU_NPM_OTHER : source_without_scheme(spec);
    if (rows[i].source == BU_NPM_FOLDER && ends_in_archive(spec))
        return BU_NPM_ARCHIVE;
    bulla_bytes address = bu_bytes_first(spec, bu_bytes_find(spec, '#'));
    if (rows[i].source == BU_NPM_URL && bu_bytes_ends(address, ".git"))
        return BU_NPM_GIT;
    return rows[i].source;
}

bulla_bytes bu_npm_path(bulla_bytes spec)
{
    return bu_bytes_starts(spec, "file:") ? bu_bytes_from(spec, 5) : spec;
}

/* By its text alone: no link is followed, so ".." may lead anywhere. */
bool bu_npm_leaves_project(bulla_bytes spec)
{
    bulla_bytes path = bu_npm_path(spec);
    if (bu_bytes_starts(path, "/") || bu_bytes_starts(path, "~") ||
        bu_bytes_find(path, '\\') < path.len || bu_bytes_find(path, ':') < path.len)
        return true;
    while (path.len > 0) {
        size_t slash = bu_bytes_find(path, '/');
        if (bu_bytes_is(bu_bytes_first(path, slash), ".."))
            return true;
        path = bu_bytes_from(path, slash + 1);
    }
    return false;
}

static bool is_hex(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr("0123456789abcdef", text.ptr[i], 16) == NULL)
            return false;
    return true;
}

/* "#commit", or "#commit::path:folder" */
bulla_bytes bu_npm_commit(bulla_bytes spec)
{
    bulla_bytes fragment = bu_bytes_from(spec, bu_bytes_find(spec, '#') + 1);
    bulla_bytes commit = bu_bytes_first(fragment, bu_bytes_find(fragment, ':'));
    if (commit.len < fragment.len && !bu_bytes_starts(bu_bytes_from(fragment, commit.len), "::"))
        return (bulla_bytes){ 0 };
    bool whole = commit.len == COMMIT_SHA1 || commit.len == COMMIT_SHA256;
    return whole && is_hex(commit) ? commit : (bulla_bytes){ 0 };
}

bool bu_npm_alias(bulla_bytes spec, bulla_bytes *name, bulla_bytes *version)
{
    if (!bu_bytes_starts(spec, "npm:"))
        return false;
    bulla_bytes target = bu_bytes_from(spec, 4);
    size_t at = 1 + bu_bytes_find(bu_bytes_from(target, 1), '@'); /* not the one of a scope */
    *name = bu_bytes_first(target, at);
    *version = bu_bytes_from(target, at + 1);
    return true;
}

/* Characters that encodeURIComponent() leaves as they are. */
static bool is_url_friendly(bulla_bytes text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-_.!~*'()";
    for (size_t i = 0; i < text.len; i++)
        if (memchr(allowed, text.ptr[i], sizeof allowed - 1) == NULL)
            return false;
    return text.len > 0;
}

static bool is_excluded(bulla_bytes name)
{
    static const char *const excluded[] = { "node_modules", "favicon.ico" };
    for (size_t i = 0; i < sizeof excluded / sizeof excluded[0]; i++)
        if (name.len == strlen(excluded[i]) &&
            strncasecmp((const char *)name.ptr, excluded[i], name.len) == 0)
            return true;
    return false;
}

static bool is_name_part(bulla_bytes part)
{
    return is_url_friendly(part) && part.ptr[0] != '.';
}

bool bu_npm_is_name(bulla_bytes name)
{
    if (name.len == 0 || name.len > BU_LIMIT_NAME_BYTES)
        return false;
    if (name.ptr[0] == '@') {
        bulla_bytes scope = bu_bytes_from(bu_bytes_first(name, bu_bytes_find(name, '/')), 1);
        return is_name_part(scope) && is_name_part(bu_bytes_from(name, scope.len + 2));
    }
    return is_name_part(name) && name.ptr[0] != '-' && name.ptr[0] != '_' && !is_excluded(name);
}

bool bu_npm_is_version(bulla_bytes version)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-+.";
    for (size_t i = 0; i < version.len; i++)
        if (memchr(allowed, version.ptr[i], sizeof allowed - 1) == NULL)
            return false;
    return version.len > 0;
}
