/* SPDX-License-Identifier: MIT */
/*
 * Python's texts: requirements (PEP 508), specifiers (PEP 440), file names of
 * wheels and sdists (binary and source distribution formats), paths, hashes.
 * Looking only: nothing here has a place or keeps anything.
 */
#include <strings.h>

#include "digest/digest.h"
#include "ecosystem/pypi.h"

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The longest beginning of letters, digits and these characters. */
static bulla_bytes take_run(bulla_bytes *rest, const char *others)
{
    size_t len = 0;
    while (len < rest->len && (is_alphanumeric(rest->ptr[len]) ||
                               (rest->ptr[len] != '\0' && strchr(others, rest->ptr[len]) != NULL)))
        len++;
    bulla_bytes run = bu_bytes_first(*rest, len);
    *rest = bu_bytes_trim(bu_bytes_from(*rest, len));
    return run;
}

static bool take(bulla_bytes *rest, const char *literal)
{
    if (!bu_bytes_starts(*rest, literal))
        return false;
    *rest = bu_bytes_trim(bu_bytes_from(*rest, strlen(literal)));
    return true;
}

bool bu_pypi_is_name(bulla_bytes name)
{
    bulla_bytes rest = name;
    return take_run(&rest, "-_.").len == name.len && name.len > 0 && is_alphanumeric(name.ptr[0]) &&
           is_alphanumeric(name.ptr[name.len - 1]);
}

bool bu_pypi_is_version(bulla_bytes version)
{
    bulla_bytes rest = version;
    return take_run(&rest, "-_.+!").len == version.len && version.len > 0 &&
           is_alphanumeric(version.ptr[0]);
}

/* ---- Specifiers ---- */

/* One `== 1.0`; false when it is none. */
static bool take_clause(bulla_bytes *rest, bulla_bytes *version, bool *is_exact)
{
    static const char *const operators[] = { "===", "==", "~=", "!=", "<=", ">=", "<", ">" };
    size_t i = 0;
    while (i < sizeof operators / sizeof operators[0] && !take(rest, operators[i]))
        i++;
    if (i == sizeof operators / sizeof operators[0])
        return false;
    *version = take_run(rest, "-_.+!*");
    *is_exact = i < 2 && bu_pypi_is_version(*version);
    return version->len > 0;
}

static bool is_specifier(bulla_bytes text)
{
    bulla_bytes version;
    bool is_exact;
    text = bu_bytes_trim(text);
    while (text.len > 0)
        if (!take_clause(&text, &version, &is_exact) || (text.len > 0 && !take(&text, ",")))
            return false;
    return true;
}

bulla_bytes bu_pypi_pinned(bulla_bytes specifier)
{
    bulla_bytes pinned = { 0 }, version;
    bool is_exact;
    for (bulla_bytes rest = bu_bytes_trim(specifier);
         rest.len > 0 && take_clause(&rest, &version, &is_exact); (void)take(&rest, ",")) {
        if (!is_exact)
            continue;
        if (pinned.len > 0 && !bu_bytes_equal(pinned, version))
            return (bulla_bytes){ 0 }; /* no version is both */
        pinned = version;
    }
    return pinned;
}

/* ---- Requirements ---- */

static bool take_extras(bulla_bytes *rest)
{
    if (!take(rest, "["))
        return true;
    (void)take_run(rest, "-_., \t");
    return take(rest, "]");
}

/* What may follow: nothing, or `; marker`. */
static bool take_marker(bulla_bytes rest, bulla_bytes *marker)
{
    bool is_rest = rest.len == 0 || take(&rest, ";");
    *marker = rest;
    return is_rest;
}

static bool take_url(bulla_bytes rest, bu_pypi_requirement *out)
{
    size_t len = 0;
    while (len < rest.len && rest.ptr[len] != ' ' && rest.ptr[len] != '\t')
        len++;
    out->url = bu_bytes_first(rest, len);
    return len > 0 && take_marker(bu_bytes_trim(bu_bytes_from(rest, len)), &out->marker);
}

bool bu_pypi_requirement_of(bulla_bytes text, bu_pypi_requirement *out)
{
    bulla_bytes rest = bu_bytes_trim(text);
    *out = (bu_pypi_requirement){ .name = take_run(&rest, "-_.") };
    if (!bu_pypi_is_name(out->name) || !take_extras(&rest))
        return false;
    if (take(&rest, "@"))
        return take_url(rest, out);
    bool in_parentheses = take(&rest, "(");
    out->specifier = bu_bytes_first(rest, bu_bytes_find(rest, in_parentheses ? ')' : ';'));
    rest = bu_bytes_trim(bu_bytes_from(rest, out->specifier.len));
    if (in_parentheses && !take(&rest, ")"))
        return false;
    return is_specifier(out->specifier) && take_marker(rest, &out->marker);
}

/* ---- File names ---- */

bulla_bytes bu_pypi_last_part(bulla_bytes url)
{
    url = bu_bytes_first(url, bu_bytes_find(url, '#'));
    url = bu_bytes_first(url, bu_bytes_find(url, '?'));
    size_t start = url.len;
    while (start > 0 && url.ptr[start - 1] != '/' && url.ptr[start - 1] != '\\')
        start--;
    return bu_bytes_from(url, start);
}

/* The length of an archive's ending, or 0. */
static size_t ending_of(bulla_bytes name)
{
    static const char *const endings[] = {
        ".whl", ".zip", ".tar.gz", ".tgz",      ".tar", ".tar.bz2", ".tbz",  ".tar.xz",
        ".txz", ".tlz", ".tar.lz", ".tar.lzma", ".egg", ".tar.zst", ".tar.Z"
    };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t len = strlen(endings[i]);
        if (name.len > len &&
            strncasecmp((const char *)name.ptr + name.len - len, endings[i], len) == 0)
            return len;
    }
    return 0;
}

bool bu_pypi_is_archive(bulla_bytes filename)
{
    return ending_of(filename) > 0;
}

/* "name-1.0-py3-none-any": what the dashes part, from the left. */
static bool wheel_says(bulla_bytes stem, bulla_bytes *name, bulla_bytes *version)
{
    size_t dashes = 0;
    for (size_t i = 0; i < stem.len; i++)
        dashes += stem.ptr[i] == '-' ? 1 : 0;
    *name = bu_bytes_first(stem, bu_bytes_find(stem, '-'));
    bulla_bytes rest = bu_bytes_from(stem, name->len + 1);
    *version = bu_bytes_first(rest, bu_bytes_find(rest, '-'));
    return dashes == 4 || dashes == 5;
}

bool bu_pypi_file_says(bulla_bytes filename, bulla_bytes *name, bulla_bytes *version)
{
    size_t ending = ending_of(filename);
    bulla_bytes stem = bu_bytes_first(filename, filename.len - ending);
    if (ending == 0)
        return false;
    if (bu_bytes_ends(filename, ".whl")) {
        if (!wheel_says(stem, name, version))
            return false;
    } else { /* "name-with-dashes-1.0" */
        size_t dash = stem.len;
        while (dash > 0 && stem.ptr[dash - 1] != '-')
            dash--;
        *name = bu_bytes_first(stem, dash == 0 ? 0 : dash - 1);
        *version = bu_bytes_from(stem, dash);
        if (version->len == 0 || version->ptr[0] < '0' || version->ptr[0] > '9')
            return false;
    }
    return bu_pypi_is_name(*name) && bu_pypi_is_version(*version);
}

/* ---- Paths, commits, hashes ---- */

bool bu_pypi_leaves_project(bulla_bytes path)
{
    size_t depth = 0;
    bool has_drive = path.len > 1 && path.ptr[1] == ':';
    if (has_drive || (path.len > 0 && strchr("/\\~", path.ptr[0]) != NULL))
        return true;
    while (path.len > 0) {
        size_t len = 0;
        while (len < path.len && path.ptr[len] != '/' && path.ptr[len] != '\\')
            len++;
        bulla_bytes part = bu_bytes_first(path, len);
        path = bu_bytes_from(path, len + 1);
        if (bu_bytes_is(part, "..")) {
            if (depth-- == 0)
                return true;
        } else if (len > 0 && !bu_bytes_is(part, "."))
            depth++;
    }
    return false;
}

bulla_status bu_pypi_add_hash(bulla_bytes text, bulla_digest_set *set, bulla_error *err)
{
    size_t colon = bu_bytes_find(text, ':');
    bulla_alg alg = bu_alg_of(bu_bytes_first(text, colon));
    bulla_digest digest;
    if (colon == 0 || colon == text.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a hash without its algorithm");
    if (alg == BULLA_ALG_NONE)
        return BU_OK;
    BU_TRY(bu_digest_from_hex(alg, bu_bytes_from(text, colon + 1), &digest, err));
    return bu_digest_set_add(set, &digest, err);
}
