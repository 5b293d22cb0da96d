/* SPDX-License-Identifier: MIT */
/*
 * Module paths and versions (golang.org/x/mod/module), and go.sum ("go.sum
 * files" in the Go Modules Reference). `h1:` is a hash over the files in a
 * module's zip. Refuses what the go command refuses, and two hashes for one
 * module, of which only one could be right.
 */
#include "ecosystem/gomod.h"

#include "base/encode.h"
#include "base/vec.h"

bool bu_go_is_path(bulla_bytes path)
{
    if (path.len == 0 || path.ptr[0] == '-' || path.ptr[path.len - 1] == '/')
        return false;
    while (path.len > 0) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        if (!bu_is_word(part, "-._~") || part.ptr[0] == '.' || part.ptr[part.len - 1] == '.')
            return false;
        path = bu_bytes_from(path, part.len + 1);
    }
    return true;
}

static bulla_bytes build_of(bulla_bytes version)
{
    return bu_bytes_from(version, bu_bytes_find(version, '+'));
}

bool bu_go_is_version(bulla_bytes version)
{
    bulla_bytes build = build_of(version);
    return bu_bytes_starts(version, "v") && bu_is_semver(bu_bytes_from(version, 1)) &&
           (build.len == 0 || bu_bytes_is(build, "+incompatible"));
}

static bool is_suffix_char(uint8_t c)
{
    return (c >= '0' && c <= '9') || c == '.';
}

/* "/v2" and, of gopkg.in, ".v2": empty when the path has none, false when it is not one. */
static bool major_of(bulla_bytes path, bulla_bytes *out)
{
    bool gopkg = bu_bytes_starts(path, "gopkg.in/");
    size_t at = path.len;
    *out = (bulla_bytes){ 0 };
    if (gopkg && bu_bytes_ends(path, "-unstable"))
        at -= strlen("-unstable");
    size_t end = at;
    while (at > 0 && is_suffix_char(path.ptr[at - 1]) && !(gopkg && path.ptr[at - 1] == '.'))
        at--;
    if (at < 2 || at == end || path.ptr[at - 1] != 'v' || path.ptr[at - 2] != (gopkg ? '.' : '/'))
        return !gopkg;
    bulla_bytes number = { path.ptr + at, end - at };
    *out = (bulla_bytes){ path.ptr + at - 2, end - at + 2 };
    bool plain = bu_bytes_find(number, '.') == number.len;
    if (gopkg)
        return plain && (number.ptr[0] != '0' || number.len == 1);
    return plain && number.ptr[0] != '0' && !bu_bytes_is(number, "1");
}

bool bu_go_fits(bulla_bytes path, bulla_bytes version)
{
    bulla_bytes suffix, major = bu_bytes_first(version, bu_bytes_find(version, '.'));
    if (!major_of(path, &suffix))
        return false;
    if (suffix.len == 0)
        return bu_bytes_is(major, "v0") || bu_bytes_is(major, "v1") || build_of(version).len > 0;
    /* x/mod: "Allow old bug in pseudo-versions" */
    if (bu_bytes_is(suffix, ".v1") && bu_bytes_starts(version, "v0.0.0-"))
        return true;
    return bu_bytes_equal(bu_bytes_from(suffix, 1), major);
}

bool bu_go_is_folder(bulla_bytes path)
{
    static const char *const starts[] = { "./", "../", "/", ".\\", "..\\", "\\" };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (bu_bytes_starts(path, starts[i]))
            return true;
    return bu_bytes_is(path, ".") || bu_bytes_is(path, "..") ||
           (path.len >= 2 && path.ptr[1] == ':' && bu_is_word(bu_bytes_first(path, 1), ""));
}

/* ---- go.sum ---- */

void bu_go_sum_clear(bu_go_sum *sum)
{
    bu_buf_clear(&sum->text);
    bu_intern_clear(&sum->ids);
    free(sum->lines);
    free(sum->line_of);
}

static bulla_bytes next_word(bulla_bytes *rest)
{
    *rest = bu_bytes_trim(*rest);
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
        len++;
    bulla_bytes word = bu_bytes_first(*rest, len);
    *rest = bu_bytes_trim(bu_bytes_from(*rest, len));
    return word;
}

static bulla_status decode(const bu_text *text, bulla_bytes hash, bulla_digest *out,
                           bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    *out = (bulla_digest){ .alg = BULLA_ALG_H1, .len = 32 };
    if (!bu_bytes_starts(hash, "h1:"))
        return bu_text_fail(text, hash.ptr, err, BULLA_E_UNSUPPORTED_HASH,
                            "not a hash that go.sum is known to have: h1:…");
    bulla_status status = bu_base64_decode(bu_bytes_from(hash, 3), BU_BASE64_STANDARD, &bytes, err);
    if (status.code == BULLA_E_NO_MEMORY)
        return status;
    if (!bulla_ok(status) || bytes.len != out->len)
        return bu_text_fail(text, hash.ptr + 3, err, BULLA_E_BAD_ENCODING,
                            "not 32 bytes in base64");
    memcpy(out->bytes, bytes.ptr, bytes.len);
    return BU_OK;
}

static bulla_status id_of(bu_go_sum *sum, size_t space, bulla_bytes key, size_t *out,
                          bulla_error *err)
{
    size_t known = sum->ids.count;
    BU_TRY(bu_vec_grow(&sum->line_of, known, &sum->id_cap, sizeof *sum->line_of, err));
    BU_TRY(bu_intern_add(&sum->ids, space, key, out, err));
    if (*out == known)
        sum->line_of[known] = SIZE_MAX;
    return BU_OK;
}

static bulla_status keep_line(bu_go_sum *sum, const bu_text *text, const bu_go_sum_line *line,
                              bulla_error *err)
{
    size_t path, version;
    BU_TRY(id_of(sum, 0, line->path, &path, err));
    BU_TRY(id_of(sum, 1 + path, line->version, &version, err));
    if (sum->line_of[version] == SIZE_MAX) {
        BU_TRY(bu_vec_grow(&sum->lines, sum->count, &sum->cap, sizeof *sum->lines, err));
        sum->line_of[version] = sum->count;
        sum->lines[sum->count++] = *line;
        return BU_OK;
    }
    const bu_go_sum_line *first = &sum->lines[sum->line_of[version]];
    if (bulla_digest_equal(&first->h1, &line->h1))
        return BU_OK;
    return bu_text_fail(text, line->path.ptr, err, BULLA_E_AMBIGUOUS_LOCK,
                        "a second hash for this module; the first is on line %u", first->line);
}

static bulla_status read_line(bu_go_sum *sum, const bu_text *text, bulla_error *err)
{
    bulla_bytes rest = text->line;
    bu_go_sum_line line = { .path = next_word(&rest), .line = text->number };
    line.version = next_word(&rest);
    bulla_bytes hash = next_word(&rest);
    bool of_gomod = bu_bytes_ends(line.version, "/go.mod");
    if (line.path.len == 0)
        return BU_OK;
    if (hash.len == 0 || rest.len > 0)
        return bu_text_fail(text, line.path.ptr, err, BULLA_E_BAD_SYNTAX,
                            "not a module, its version and its hash");
    if (!bu_go_is_path(line.path))
        return bu_text_fail(text, line.path.ptr, err, BULLA_E_BAD_NAME, "not a module's path");
    if (of_gomod)
        line.version.len -= strlen("/go.mod");
    if (!bu_go_is_version(line.version))
        return bu_text_fail(text, line.version.ptr, err, BULLA_E_BAD_SYNTAX,
                            "not one exact version");
    BU_TRY(decode(text, hash, &line.h1, err));
    return of_gomod ? BU_OK : keep_line(sum, text, &line, err);
}

bulla_status bu_go_sum_parse(bu_go_sum *sum, bulla_bytes text, bulla_error *err)
{
    bu_text lines = bu_text_of(text);
    for (bool more = true; more;) {
        BU_TRY(bu_text_next(&lines, &more, err));
        if (more)
            BU_TRY(read_line(sum, &lines, err));
    }
    return BU_OK;
}

/* "dir/go.mod" and "go.sum" → "dir/go.sum" */
static const char *shown_beside(const bu_lock *lock, const char *path)
{
    const char *slash = strrchr(lock->file, '/');
    int len = slash == NULL ? 0 : (int)(slash - lock->file) + 1;
    return bu_arena_format(lock->graph->arena, "%.*s%s", len, lock->file, path);
}

static bulla_status note_wrong(bu_go_sum *sum, const bu_lock *lock, const bulla_error *why,
                               bulla_error *err)
{
    const bu_flaw flaw = {
        .code = why->code,
        .component = BULLA_NO_COMPONENT,
        .what = bu_arena_format(lock->graph->arena, "pins nothing: %s", why->text),
        .lockfile = sum->file,
        .line = why->line,
        .column = why->column,
    };
    sum->count = 0;
    bu_intern_clear(&sum->ids);
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(lock->graph, &flaw, err);
}

bulla_status bu_go_sum_read(bu_go_sum *sum, const bu_lock *lock, const char *path, bulla_error *err)
{
    const bu_ecosystem_options *options = lock->options;
    bulla_error why = { 0 };
    if (options == NULL || options->read == NULL)
        return BU_OK;
    sum->file = shown_beside(lock, path);
    if (sum->file == NULL)
        return bu_no_memory(err);
    bulla_status status = options->read(options->read_context, path, &sum->text, err);
    if (status.code == BULLA_E_MISSING_FILE || status.code == BULLA_E_PATH_TRAVERSAL)
        return BU_OK; /* not there, or not of this project */
    BU_TRY(bu_in_file(err, status, sum->file));
    status = bu_go_sum_parse(sum, bu_buf_bytes(&sum->text), &why);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    return bulla_ok(status) ? BU_OK : note_wrong(sum, lock, &why, err);
}

const bu_go_sum_line *bu_go_sum_find(const bu_go_sum *sum, bulla_bytes path, bulla_bytes version)
{
    size_t number = bu_intern_find(&sum->ids, 0, path);
    if (number != BU_INTERN_NONE)
        number = bu_intern_find(&sum->ids, 1 + number, version);
    if (number == BU_INTERN_NONE || sum->line_of[number] == SIZE_MAX)
        return NULL;
    return &sum->lines[sum->line_of[number]];
}

bulla_status bu_go_add(bu_lock *lock, bu_lock_entry *entry, const bu_go_sum *sum, size_t *out,
                       bulla_error *err)
{
    const bu_go_sum_line *line = bu_go_sum_find(sum, entry->name, entry->version);
    entry->origin = BULLA_ORIGIN_REGISTRY;
    if (line != NULL)
        BU_TRY(bu_digest_set_add(&entry->digests, &line->h1, err));
    return bu_lock_add(lock, entry, out, err);
}
