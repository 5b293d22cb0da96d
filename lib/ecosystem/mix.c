/* SPDX-License-Identifier: MIT */
/*
 * Elixir's mix.lock: one map literal of Elixir terms, name to source. A hex
 * package has two SHA-256: the inner one (the contents, as Hex once signed
 * them) and the outer one, of the archive that is fetched, which is what pins
 * it. Spec: mix deps.lock of Elixir; Hex.SCM of hexpm/hex. Only literals are
 * read: maps, lists, tuples, strings, atoms, keywords.
 */
#include "base/limits.h"
#include "ecosystem/origin.h"

/* Reading terms from front to back. */
typedef struct terms {
    bu_lock lock;
    bulla_bytes all;
    size_t at;
} terms;

static void terms_clear(terms *t)
{
    bu_lock_clear(&t->lock);
}
BU_DEFINE_CLEAR(terms)

/* Lines are counted when somebody asks: an entry is asked for once, so it goes on from the last one. */
typedef struct place {
    size_t offset, line_start;
    uint32_t line;
} place;

static void advance(const terms *t, place *p, size_t to)
{
    for (; p->offset < to; p->offset++)
        if (t->all.ptr[p->offset] == '\n') {
            p->line++;
            p->line_start = p->offset + 1;
        }
}

static bu_lock_entry entry_at(const terms *t, place p, size_t offset)
{
    advance(t, &p, offset);
    return (bu_lock_entry){ .line = p.line, .column = (uint32_t)(offset - p.line_start) + 1 };
}

static bulla_status refuse(const terms *t, size_t offset, bulla_code code, const char *what,
                           bulla_error *err)
{
    const bu_lock_entry at = entry_at(t, (place){ .line = 1 }, offset);
    return bu_lock_fail(&t->lock, &at, err, code, "%s", what);
}

static void skip_blank(terms *t)
{
    while (t->at < t->all.len) {
        uint8_t c = t->all.ptr[t->at];
        if (c == '#')
            t->at += bu_bytes_find(bu_bytes_from(t->all, t->at), '\n');
        else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            t->at++;
        else
            return;
    }
}

static bool accept(terms *t, const char *mark)
{
    skip_blank(t);
    bool is = bu_bytes_starts(bu_bytes_from(t->all, t->at), mark);
    t->at += is ? strlen(mark) : 0;
    return is;
}

static bulla_status expect(terms *t, const char *mark, bulla_error *err)
{
    if (accept(t, mark))
        return BU_OK;
    bool end = t->at == t->all.len;
    bulla_status status = refuse(t, t->at, end ? BULLA_E_TRUNCATED : BULLA_E_BAD_SYNTAX,
                                 end ? "the end is missing" : "not what is due here", err);
    return bu_expected(err, status, bu_bytes_of(mark),
                       bu_bytes_first(bu_bytes_from(t->all, t->at), 16));
}

/* A string without escapes: names, versions, URLs and digests have none. */
static bulla_status take_string(terms *t, bulla_bytes *out, bulla_error *err)
{
    BU_TRY(expect(t, "\"", err));
    size_t start = t->at;
    for (; t->at < t->all.len && t->all.ptr[t->at] != '"'; t->at++)
        if (t->all.ptr[t->at] == '\\' || t->all.ptr[t->at] < 0x20)
            return refuse(t, t->at, BULLA_E_UNSUPPORTED_FEATURE, "an escape in a string", err);
    *out = (bulla_bytes){ t->all.ptr + start, t->at - start };
    return expect(t, "\"", err);
}

static bool is_atom_character(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '@' || c == '?' || c == '!';
}

/* :name, or :"name" */
static bulla_status take_atom(terms *t, bulla_bytes *out, bulla_error *err)
{
    BU_TRY(expect(t, ":", err));
    if (t->at < t->all.len && t->all.ptr[t->at] == '"')
        return take_string(t, out, err);
    size_t start = t->at;
    while (t->at < t->all.len && is_atom_character(t->all.ptr[t->at]))
        t->at++;
    *out = (bulla_bytes){ t->all.ptr + start, t->at - start };
    return out->len > 0 ? BU_OK
                        : refuse(t, start, BULLA_E_BAD_SYNTAX, "an atom without a name", err);
}

/* Go past one term, whatever it is: brackets are counted, strings are not looked into. */
static bulla_status skip_term(terms *t, bulla_error *err)
{
    char open[BU_LIMIT_TREE_DEPTH];
    size_t depth = 0;
    bulla_bytes text;
    do {
        skip_blank(t);
        if (t->at == t->all.len)
            return refuse(t, t->at, BULLA_E_TRUNCATED, "the end is missing", err);
        uint8_t c = t->all.ptr[t->at];
        if (c == '"') {
            BU_TRY(take_string(t, &text, err));
        } else if (c == '[' || c == '{') {
            if (depth == BU_LIMIT_TREE_DEPTH)
                return refuse(t, t->at, BULLA_E_RESOURCE_LIMIT, "nested too deep", err);
            open[depth++] = c == '[' ? ']' : '}';
            t->at++;
        } else if (c == ']' || c == '}') {
            if (depth == 0 || open[depth - 1] != (char)c)
                return refuse(t, t->at, BULLA_E_BAD_SYNTAX, "a bracket that closes nothing", err);
            depth--;
            t->at++;
        } else {
            t->at++;
        }
    } while (depth > 0 || (t->at < t->all.len && is_atom_character(t->all.ptr[t->at])));
    return BU_OK;
}

/* ---- Sources ---- */

static bulla_status add_digest(terms *t, size_t offset, bulla_bytes hex, bulla_digest_set *out,
                               bulla_error *err)
{
    bulla_digest digest;
    bulla_error why = { 0 };
    bulla_status status = bu_digest_from_hex(BULLA_ALG_SHA256, hex, &digest, &why);
    return bulla_ok(status) ? bu_digest_set_add(out, &digest, err)
                            : refuse(t, offset, status.code, why.text, err);
}

/* [{:name, "~> 1.0", [hex: :name, repo: "hexpm", optional: false]}, …] */
static bulla_status take_needs(terms *t, size_t from, const bu_lock_entry *at, bulla_error *err)
{
    BU_TRY(expect(t, "[", err));
    while (!accept(t, "]")) {
        bulla_bytes name;
        BU_TRY(expect(t, "{", err));
        BU_TRY(take_atom(t, &name, err));
        while (accept(t, ","))
            BU_TRY(skip_term(t, err));
        BU_TRY(expect(t, "}", err));
        BU_TRY(bu_lock_need(&t->lock, from, 0, name, BU_ABSENCE_FINE, at, err));
        if (!accept(t, ",")) {
            BU_TRY(expect(t, "]", err));
            break;
        }
    }
    return BU_OK;
}

/* The inner digest and the outer one are two files that the same package stands for. */
static bulla_status pin_archive(terms *t, bu_lock_entry *entry, const bulla_digest_set *inner,
                                const bulla_digest_set *outer, bulla_error *err)
{
    bulla_file_pin *files = bu_arena_get_array(t->lock.graph->arena, 2, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    if (outer->count > 0)
        BU_TRY(bu_lock_pin_file(&t->lock, (bulla_bytes){ 0 }, (bulla_bytes){ 0 }, 0, outer,
                                &files[entry->file_count++], err));
    if (inner->count > 0)
        BU_TRY(bu_lock_pin_file(&t->lock, (bulla_bytes){ 0 }, (bulla_bytes){ 0 }, 0, inner,
                                &files[entry->file_count++], err));
    entry->files = files;
    return BU_OK;
}

static bulla_status skip_terms(terms *t, size_t count, bulla_error *err)
{
    for (size_t i = 0; i < count; i++) {
        BU_TRY(expect(t, ",", err));
        BU_TRY(skip_term(t, err));
    }
    return BU_OK;
}

/* {:hex, :name, "1.0", "inner", [managers], [needs], "repo", "outer"}: older ones end sooner. */
static bulla_status take_hex(terms *t, bulla_bytes key, bu_lock_entry *entry, bulla_error *err)
{
    bulla_digest_set inner = { 0 }, outer = { 0 };
    bulla_bytes hex, repository = { 0 };
    size_t needs = 0, index;
    BU_TRY(expect(t, ",", err));
    BU_TRY(take_atom(t, &entry->name, err));
    BU_TRY(expect(t, ",", err));
    BU_TRY(take_string(t, &entry->version, err));
    if (accept(t, ",")) {
        size_t offset = t->at;
        BU_TRY(take_string(t, &hex, err));
        BU_TRY(add_digest(t, offset, hex, &inner, err));
    }
    if (accept(t, ","))
        BU_TRY(skip_term(t, err));
    if (accept(t, ",")) {
        needs = t->at;
        BU_TRY(skip_term(t, err));
    }
    if (accept(t, ","))
        BU_TRY(take_string(t, &repository, err));
    if (accept(t, ",")) {
        size_t offset = t->at;
        BU_TRY(take_string(t, &hex, err));
        BU_TRY(add_digest(t, offset, hex, &outer, err));
    }
    BU_TRY(expect(t, "}", err));
    entry->origin = BULLA_ORIGIN_REGISTRY;
    if (!bu_bytes_equal(key, entry->name))
        entry->alias = key;
    BU_TRY(pin_archive(t, entry, &inner, &outer, err));
    BU_TRY(bu_lock_add(&t->lock, entry, &index, err));
    BU_TRY(bu_lock_name(&t->lock, 0, key, index, err));
    if (needs == 0)
        return BU_OK;
    size_t end = t->at;
    t->at = needs;
    BU_TRY(take_needs(t, index, entry, err));
    t->at = end;
    return BU_OK;
}

/* {:git, "url", "commit", [options]} */
static bulla_status take_git(terms *t, bulla_bytes key, bu_lock_entry *entry, bulla_error *err)
{
    size_t index;
    BU_TRY(expect(t, ",", err));
    BU_TRY(take_string(t, &entry->resolved, err));
    BU_TRY(expect(t, ",", err));
    size_t offset = t->at;
    BU_TRY(take_string(t, &entry->version, err));
    if (!bu_is_commit(entry->version))
        return refuse(t, offset, BULLA_E_UNPINNED, "not a whole commit", err);
    BU_TRY(skip_terms(t, 1, err));
    BU_TRY(expect(t, "}", err));
    entry->name = key;
    entry->origin = BULLA_ORIGIN_GIT;
    BU_TRY(bu_lock_add(&t->lock, entry, &index, err));
    return bu_lock_name(&t->lock, 0, key, index, err);
}

/* {:path, "folder", [options]}: nothing of it is locked, and that is said. */
static bulla_status note_path(terms *t, bulla_bytes key, const bu_lock_entry *at, bulla_error *err)
{
    const bu_flaw flaw = {
        .code = BULLA_E_UNPINNED,
        .component = BULLA_NO_COMPONENT,
        .what =
            bu_arena_format(t->lock.graph->arena, "%.*s is a folder, of which nothing is locked",
                            (int)key.len, (const char *)key.ptr),
        .lockfile = t->lock.file,
        .line = at->line,
        .column = at->column,
        .tolerated = true,
    };
    if (flaw.what == NULL)
        return bu_no_memory(err);
    while (accept(t, ","))
        BU_TRY(skip_term(t, err));
    BU_TRY(expect(t, "}", err));
    return bu_graph_note(t->lock.graph, &flaw, err);
}

static bulla_status take_entry(terms *t, place *p, bulla_error *err)
{
    bulla_bytes key, scm;
    skip_blank(t);
    advance(t, p, t->at);
    size_t offset = t->at;
    bu_lock_entry entry = entry_at(t, *p, offset);
    BU_TRY(take_string(t, &key, err));
    BU_TRY(expect(t, ":", err));
    BU_TRY(expect(t, "{", err));
    BU_TRY(take_atom(t, &scm, err));
    if (bu_bytes_is(scm, "hex"))
        return take_hex(t, key, &entry, err);
    if (bu_bytes_is(scm, "git"))
        return take_git(t, key, &entry, err);
    if (bu_bytes_is(scm, "path"))
        return note_path(t, key, &entry, err);
    return refuse(t, offset, BULLA_E_UNSUPPORTED_FEATURE, "not a source that is known", err);
}

static bulla_status read_map(terms *t, bulla_error *err)
{
    place p = { .line = 1 };
    BU_TRY(expect(t, "%{", err));
    while (!accept(t, "}")) {
        BU_TRY(take_entry(t, &p, err));
        if (!accept(t, ",")) {
            BU_TRY(expect(t, "}", err));
            break;
        }
    }
    skip_blank(t);
    if (t->at < t->all.len)
        return refuse(t, t->at, BULLA_E_TRAILING_DATA, "something after the map", err);
    return bu_lock_connect(&t->lock, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(terms) t = { .all = text };
    BU_TRY(bu_lock_open(&t.lock, "hex", name, options, graph, err));
    return read_map(&t, err);
}

static const char *const filenames[] = { "mix.lock", NULL };

const bu_ecosystem bu_eco_mix = {
    .id = "mix",
    .filenames = filenames,
    .places = filenames,
    .title = "Elixir lockfile (mix.lock)",
    .parse = parse,
};
