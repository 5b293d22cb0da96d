/* SPDX-License-Identifier: MIT */
/*
 * Go: go.mod with the go.sum beside it, or a go.sum alone. Spec: "go.mod
 * files" in the Go Modules Reference and golang.org/x/mod/modfile. The go and
 * toolchain lines name no module: they are checked, not listed. Since Go 1.17
 * go.mod names every module of the build; for older ones, what go.sum pins is
 * listed, too. Refuses what the go command refuses in a main module.
 */
#include "base/vec.h"
#include "ecosystem/gomod.h"

#define MAX_WORDS 6 /* of the longest line: retract [ v1 , v2 ] without its verb */

typedef struct word {
    bulla_bytes text;
    bool quoted;
} word;

/* One line, taken apart. */
typedef struct statement {
    bulla_bytes verb;
    word words[MAX_WORDS];
    size_t count;
    bulla_bytes comment;
    const uint8_t *at; /* where it begins */
    uint32_t line, column;
} statement;

typedef struct requirement {
    bulla_bytes path, version;
    bool indirect;
    uint32_t line, column;
} requirement;

typedef struct replacement {
    bulla_bytes path, version; /* a folder has no version */
} replacement;

typedef struct gomod {
    bu_lock lock;
    bu_text text;
    bulla_bytes block, module, go, toolchain;
    uint32_t module_line, module_column;
    requirement *requirements;
    size_t count, cap;
    bu_intern ids; /* what is replaced: (0, path), (1 + the path's number, version or "") */
    replacement *replacements;
    size_t id_cap;
    bu_go_sum sum;
} gomod;

static void gomod_clear(gomod *m)
{
    bu_lock_clear(&m->lock);
    bu_intern_clear(&m->ids);
    bu_go_sum_clear(&m->sum);
    free(m->requirements);
    free(m->replacements);
}
BU_DEFINE_CLEAR(gomod)

/* ---- Words ---- */

static bool is_mark(uint8_t c)
{
    return c != '\0' && strchr("()[]{},", c) != NULL;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Letters up to a blank, a mark or a comment. */
static size_t plain_length(bulla_bytes rest)
{
    size_t len = 0;
    while (len < rest.len && !is_blank(rest.ptr[len]) && !is_mark(rest.ptr[len]) &&
           !bu_bytes_starts(bu_bytes_from(rest, len), "//"))
        len++;
    return len;
}

static bulla_status take_word(const gomod *m, bulla_bytes *rest, word *out, bulla_error *err)
{
    uint8_t first = rest->ptr[0];
    *out = (word){ .quoted = first == '"' || first == '`' };
    if (out->quoted) {
        bulla_bytes inside = bu_bytes_from(*rest, 1);
        out->text = bu_bytes_first(inside, bu_bytes_find(inside, first));
        if (out->text.len == inside.len)
            return bu_text_fail(&m->text, rest->ptr, err, BULLA_E_BAD_SYNTAX, "no closing quote");
        if (first == '"' && bu_bytes_find(out->text, '\\') < out->text.len)
            return bu_text_fail(&m->text, rest->ptr, err, BULLA_E_BAD_SYNTAX,
                                "an escape in a string: no module needs one");
        *rest = bu_bytes_from(*rest, out->text.len + 2);
        return BU_OK;
    }
    out->text = bu_bytes_first(*rest, is_mark(first) ? 1 : plain_length(*rest));
    if (bu_bytes_starts(out->text, "/*"))
        return bu_text_fail(&m->text, rest->ptr, err, BULLA_E_BAD_SYNTAX,
                            "go.mod has only // comments");
    for (const char *quote = "\"'`"; *quote != '\0'; quote++)
        if (bu_bytes_find(out->text, (uint8_t)*quote) < out->text.len)
            return bu_text_fail(&m->text, rest->ptr, err, BULLA_E_BAD_SYNTAX,
                                "a quote in the middle of a word");
    *rest = bu_bytes_from(*rest, out->text.len);
    return BU_OK;
}

static bulla_status take_apart(gomod *m, statement *s, bulla_error *err)
{
    bulla_bytes rest = m->text.line;
    for (*s = (statement){ 0 };;) {
        rest = bu_bytes_trim(rest);
        if (rest.len == 0 || bu_bytes_starts(rest, "//"))
            break;
        if (s->at == NULL)
            s->at = rest.ptr;
        if (s->count == MAX_WORDS)
            return bu_text_fail(&m->text, rest.ptr, err, BULLA_E_BAD_SYNTAX,
                                "more words than any line has");
        BU_TRY(take_word(m, &rest, &s->words[s->count], err));
        s->count++;
    }
    s->comment = bu_bytes_trim(bu_bytes_from(rest, 2));
    s->line = m->text.number;
    s->column = s->at == NULL ? 1 : bu_text_column(&m->text, s->at);
    return BU_OK;
}

static bool word_is(const statement *s, size_t index, const char *text)
{
    return index < s->count && !s->words[index].quoted && bu_bytes_is(s->words[index].text, text);
}

/* ---- Directives ---- */

static bulla_status refuse(const gomod *m, const statement *s, bulla_error *err, const char *why)
{
    return bu_text_fail(&m->text, s->at, err, BULLA_E_BAD_SYNTAX, "%s", why);
}

static bulla_status check_path(const gomod *m, const word *w, bulla_error *err)
{
    if (bu_go_is_path(w->text))
        return BU_OK;
    return bu_text_fail(&m->text, w->text.ptr, err, BULLA_E_BAD_NAME,
                        "not a module's path: \"%.*s\"", (int)w->text.len,
                        (const char *)w->text.ptr);
}

/* A branch or a range is what the go command replaces by a version before it builds. */
static bulla_status check_version(const gomod *m, const word *w, bulla_error *err)
{
    if (bu_go_is_version(w->text))
        return BU_OK;
    return bu_text_fail(&m->text, w->text.ptr, err, BULLA_E_UNPINNED,
                        "not one exact version: \"%.*s\"", (int)w->text.len,
                        (const char *)w->text.ptr);
}

static bulla_status check_module(const gomod *m, const word *path, const word *version,
                                 bulla_error *err)
{
    BU_TRY(check_path(m, path, err));
    BU_TRY(check_version(m, version, err));
    if (bu_go_fits(path->text, version->text))
        return BU_OK;
    return bu_text_fail(&m->text, version->text.ptr, err, BULLA_E_BAD_SYNTAX,
                        "the path is that of another major version");
}

/* "// indirect", also with more behind a ';' */
static bool is_indirect(bulla_bytes comment)
{
    bulla_bytes first = bu_bytes_first(comment, bu_bytes_find(comment, ' '));
    return bu_bytes_is(comment, "indirect") || bu_bytes_is(first, "indirect;");
}

static bulla_status on_require(gomod *m, const statement *s, bulla_error *err)
{
    if (s->count != 2)
        return refuse(m, s, err, "a path and a version are due");
    BU_TRY(check_module(m, &s->words[0], &s->words[1], err));
    BU_TRY(bu_vec_grow(&m->requirements, m->count, &m->cap, sizeof *m->requirements, err));
    m->requirements[m->count++] = (requirement){ .path = s->words[0].text,
                                                 .version = s->words[1].text,
                                                 .indirect = is_indirect(s->comment),
                                                 .line = s->line,
                                                 .column = s->column };
    return BU_OK;
}

static bulla_status on_exclude(gomod *m, const statement *s, bulla_error *err)
{
    if (s->count != 2)
        return refuse(m, s, err, "a path and a version are due");
    return check_module(m, &s->words[0], &s->words[1], err);
}

static bulla_status id_of(gomod *m, size_t space, bulla_bytes key, size_t *out, bulla_error *err)
{
    size_t known = m->ids.count;
    BU_TRY(bu_vec_grow(&m->replacements, known, &m->id_cap, sizeof *m->replacements, err));
    BU_TRY(bu_intern_add(&m->ids, space, key, out, err));
    if (*out == known)
        m->replacements[known] = (replacement){ 0 };
    return BU_OK;
}

static bulla_status keep_replacement(gomod *m, const statement *s, bulla_bytes version,
                                     replacement new, bulla_error *err)
{
    size_t path, number;
    BU_TRY(id_of(m, 0, s->words[0].text, &path, err));
    BU_TRY(id_of(m, 1 + path, version, &number, err));
    replacement *kept = &m->replacements[number];
    bool same = bu_bytes_equal(kept->path, new.path) && bu_bytes_equal(kept->version, new.version);
    if (kept->path.len > 0 && !same)
        return bu_text_fail(&m->text, s->at, err, BULLA_E_AMBIGUOUS_LOCK,
                            "a second replacement for the same module");
    *kept = new;
    return BU_OK;
}

/* path [version] => path version | folder */
static bulla_status on_replace(gomod *m, const statement *s, bulla_error *err)
{
    size_t arrow = word_is(s, 1, "=>") ? 1 : 2;
    const word *new = &s->words[arrow + 1], *version = &s->words[arrow + 2];
    bulla_bytes old = { 0 };
    if (!word_is(s, arrow, "=>") || s->count < arrow + 2 || s->count > arrow + 3)
        return refuse(m, s, err, "what is replaced, => and a folder or a module are due");
    bool is_module = s->count == arrow + 3;
    BU_TRY(check_path(m, &s->words[0], err));
    if (arrow == 2) {
        BU_TRY(check_module(m, &s->words[0], &s->words[1], err));
        old = s->words[1].text;
    }
    if (is_module == bu_go_is_folder(new->text))
        return bu_text_fail(&m->text, new->text.ptr, err, BULLA_E_BAD_SYNTAX,
                            is_module ? "a folder has no version"
                                      : "a module without a version, or a folder without ./");
    if (is_module) {
        BU_TRY(check_path(m, new, err));
        BU_TRY(check_version(m, version, err));
    }
    const replacement kept = { new->text, is_module ? version->text : (bulla_bytes){ 0 } };
    return keep_replacement(m, s, old, kept, err);
}

/* version | [ version , version ] */
static bulla_status on_retract(gomod *m, const statement *s, bulla_error *err)
{
    bool interval = word_is(s, 0, "[");
    if (!interval)
        return s->count == 1 ? check_version(m, &s->words[0], err)
                             : refuse(m, s, err, "one version is due");
    if (s->count != 5 || !word_is(s, 2, ",") || !word_is(s, 4, "]"))
        return refuse(m, s, err, "[v1.0.0, v1.9.9] is due");
    BU_TRY(check_version(m, &s->words[1], err));
    return check_version(m, &s->words[3], err);
}

static bulla_status keep_once(const gomod *m, const statement *s, bulla_bytes *out,
                              bulla_error *err)
{
    if (s->count != 1)
        return refuse(m, s, err, "one word is due");
    if (out->len > 0)
        return bu_text_fail(&m->text, s->at, err, BULLA_E_DUPLICATE_ENTRY, "a second %.*s line",
                            (int)s->verb.len, (const char *)s->verb.ptr);
    *out = s->words[0].text;
    return BU_OK;
}

static bulla_status on_module(gomod *m, const statement *s, bulla_error *err)
{
    m->module_line = s->line;
    m->module_column = s->column;
    BU_TRY(keep_once(m, s, &m->module, err));
    return check_path(m, &s->words[0], err);
}

/* "1.21", "1.21.3", "1.22rc1" */
static bool is_go_version(bulla_bytes text)
{
    size_t dots = 0;
    bool digit = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c == '.' ? !digit || ++dots > 2 : !bu_is_word((bulla_bytes){ &c, 1 }, ""))
            return false;
        digit = c >= '0' && c <= '9';
    }
    return digit && dots >= 1 && text.ptr[0] >= '1' && text.ptr[0] <= '9';
}

static bulla_status on_go(gomod *m, const statement *s, bulla_error *err)
{
    BU_TRY(keep_once(m, s, &m->go, err));
    return is_go_version(m->go) ? BU_OK : refuse(m, s, err, "a version of Go is due: 1.23");
}

static bulla_status on_toolchain(gomod *m, const statement *s, bulla_error *err)
{
    bulla_bytes *name = &m->toolchain;
    BU_TRY(keep_once(m, s, name, err));
    bool known =
        bu_bytes_is(*name, "default") || bu_bytes_is(*name, "local") || bu_bytes_has(*name, "go1");
    return known ? BU_OK : refuse(m, s, err, "a toolchain is due: go1.23.4");
}

/* godebug key=value, tool path, ignore path: nothing that is a dependency of its own. */
static bulla_status on_other(gomod *m, const statement *s, bulla_error *err)
{
    return s->count == 1 ? BU_OK : refuse(m, s, err, "one word is due");
}

static const struct {
    const char *verb;
    bulla_status (*take)(gomod *, const statement *, bulla_error *);
} directives[] = {
    { "module", on_module },   { "go", on_go },           { "toolchain", on_toolchain },
    { "require", on_require }, { "exclude", on_exclude }, { "replace", on_replace },
    { "retract", on_retract }, { "godebug", on_other },   { "tool", on_other },
    { "ignore", on_other },
};

static bulla_status take_statement(gomod *m, const statement *s, bulla_error *err)
{
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
        if (bu_bytes_is(s->verb, directives[i].verb))
            return directives[i].take(m, s, err);
    return bu_text_fail(&m->text, s->at, err, BULLA_E_BAD_SYNTAX, "no directive of go.mod");
}

/* A line of its own begins with its verb, or opens a block of them: `require (`. */
static bulla_status take_line(gomod *m, statement *s, bulla_error *err)
{
    if (s->count == 0)
        return BU_OK;
    if (m->block.len > 0 && word_is(s, 0, ")")) {
        m->block = (bulla_bytes){ 0 };
        return s->count == 1 ? BU_OK : refuse(m, s, err, "nothing may follow a block");
    }
    s->verb = m->block;
    if (m->block.len == 0) {
        s->verb = s->words[0].text;
        s->count--;
        memmove(&s->words[0], &s->words[1], s->count * sizeof s->words[0]);
        if (word_is(s, 0, "(")) {
            bool is_empty = s->count == 2 && word_is(s, 1, ")");
            m->block = is_empty ? (bulla_bytes){ 0 } : s->verb;
            return is_empty || s->count == 1 ? BU_OK : refuse(m, s, err, "a block begins a line");
        }
    }
    return take_statement(m, s, err);
}

static bulla_status read_lines(gomod *m, bulla_error *err)
{
    statement s;
    bulla_bytes opened = { 0 };
    for (bool more = true; more;) {
        BU_TRY(bu_text_next(&m->text, &more, err));
        if (!more)
            break;
        BU_TRY(take_apart(m, &s, err));
        BU_TRY(take_line(m, &s, err));
        opened = m->block;
    }
    if (opened.len > 0)
        return bu_text_fail(&m->text, m->text.line.ptr, err, BULLA_E_TRUNCATED,
                            "a block without its end");
    return BU_OK;
}

/* ---- Components ---- */

static const replacement *replacement_of(const gomod *m, bulla_bytes path, bulla_bytes version)
{
    const bulla_bytes versions[] = { version, { 0 } }; /* the exact one goes first */
    size_t of_path = bu_intern_find(&m->ids, 0, path);
    for (size_t i = 0; of_path != BU_INTERN_NONE && i < 2; i++) {
        size_t number = bu_intern_find(&m->ids, 1 + of_path, versions[i]);
        if (number != BU_INTERN_NONE && m->replacements[number].path.len > 0)
            return &m->replacements[number];
    }
    return NULL;
}

static bulla_status add_module(gomod *m, bu_lock_entry *entry, size_t *out, bulla_error *err)
{
    const replacement *by = replacement_of(m, entry->name, entry->version);
    if (by != NULL && by->version.len == 0)
        return bu_lock_add_folder(&m->lock, entry, by->path, out, err);
    if (by != NULL) {
        entry->name = by->path;
        entry->version = by->version;
    }
    return bu_go_add(&m->lock, entry, &m->sum, out, err);
}

static bulla_status add_root(gomod *m, bulla_error *err)
{
    const bu_lock_entry entry = {
        .name = m->module,
        .origin = BULLA_ORIGIN_LOCAL,
        .line = m->module_line,
        .column = m->module_column,
    };
    return m->module.len == 0 ? BU_OK : bu_lock_add(&m->lock, &entry, &m->lock.graph->root, err);
}

static bulla_status add_requirements(gomod *m, bulla_error *err)
{
    for (size_t i = 0; i < m->count; i++) {
        const requirement *r = &m->requirements[i];
        bu_lock_entry entry = {
            .name = r->path, .version = r->version, .line = r->line, .column = r->column
        };
        size_t component;
        BU_TRY(add_module(m, &entry, &component, err));
        if (!r->indirect && m->lock.graph->root != BULLA_NO_COMPONENT)
            BU_TRY(bu_graph_link(m->lock.graph, m->lock.graph->root, component, err));
    }
    return BU_OK;
}

static bulla_status add_sum(bu_lock *lock, const bu_go_sum *sum, const bu_intern *known,
                            bulla_error *err)
{
    for (size_t i = 0; i < sum->count; i++) {
        const bu_go_sum_line *line = &sum->lines[i];
        bu_lock_entry entry = {
            .name = line->path, .version = line->version, .line = line->line, .column = 1
        };
        if (bu_intern_find(known, 0, line->path) == BU_INTERN_NONE)
            BU_TRY(bu_go_add(lock, &entry, sum, NULL, err));
    }
    return BU_OK;
}

/* "1.16" and older, and what says nothing: the go command takes that for 1.16. */
static bool is_before_1_17(bulla_bytes go)
{
    if (go.len == 0 || !bu_bytes_starts(go, "1."))
        return go.len == 0;
    bulla_bytes minor = bu_bytes_from(go, 2);
    size_t number = 0;
    for (size_t i = 0; i < minor.len && i < 4 && minor.ptr[i] >= '0' && minor.ptr[i] <= '9'; i++)
        number = 10 * number + (size_t)(minor.ptr[i] - '0');
    return number < 17;
}

/* What go.mod leaves to the requirements of its requirements. */
static bulla_status add_unnamed(gomod *m, bulla_error *err)
{
    BU_CLEAR(bu_intern) known = { 0 };
    BU_CLEAR(bu_lock) lock = { 0 };
    size_t number;
    if (!is_before_1_17(m->go) || m->sum.count == 0)
        return BU_OK;
    for (size_t i = 0; i < m->count; i++) {
        const requirement *r = &m->requirements[i];
        const replacement *by = replacement_of(m, r->path, r->version);
        BU_TRY(bu_intern_add(&known, 0, by == NULL ? r->path : by->path, &number, err));
    }
    BU_TRY(bu_lock_open(&lock, "golang", m->sum.file, m->lock.options, m->lock.graph, err));
    return add_sum(&lock, &m->sum, &known, err);
}

/* ---- The documents ---- */

static bulla_status parse_gomod(bulla_bytes text, const char *name,
                                const bu_ecosystem_options *options, bu_graph *graph,
                                bulla_error *err)
{
    BU_CLEAR(gomod) m = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&m.lock, "golang", name, options, graph, err));
    BU_TRY(bu_in_file(err, read_lines(&m, err), m.lock.file));
    BU_TRY(bu_go_sum_read(&m.sum, &m.lock, "go.sum", err));
    BU_TRY(add_root(&m, err));
    BU_TRY(add_requirements(&m, err));
    return add_unnamed(&m, err);
}

static bulla_status parse_sum(bulla_bytes text, const char *name,
                              const bu_ecosystem_options *options, bu_graph *graph,
                              bulla_error *err)
{
    BU_CLEAR(bu_lock) lock = { 0 };
    BU_CLEAR(bu_go_sum) sum = { 0 };
    const bu_intern nothing = { 0 };
    BU_TRY(bu_lock_open(&lock, "golang", name, options, graph, err));
    BU_TRY(bu_in_file(err, bu_go_sum_parse(&sum, text, err), lock.file));
    return add_sum(&lock, &sum, &nothing, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    if (bu_bytes_ends(bu_bytes_of(name), "go.sum"))
        return parse_sum(text, name, options, graph, err);
    return parse_gomod(text, name, options, graph, err);
}

static const char *const filenames[] = { "go.mod", "go.sum", NULL };

const bu_ecosystem bu_eco_golang = {
    .id = "golang",
    .filenames = filenames,
    .places = filenames,
    .title = "Go modules (go.mod with go.sum, or go.sum)",
    .parse = parse,
};
