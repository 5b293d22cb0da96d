/* SPDX-License-Identifier: MIT */
/*
 * requirements.txt as pip reads it, with the files that it includes (-r) and
 * is limited by (-c). Only `==` pins a version, only a hash pins bytes; what
 * pip could not read is noted, never passed over. Refuses includes that run in
 * a circle or leave the project.
 */
#include "ecosystem/requirements.h"

#include "base/limits.h"
#include "base/vec.h"
#include "digest/digest.h"
#include "ecosystem/pypi.h"

#define MAX_DEPTH 32u   /* includes in includes */
#define MAX_NOTES 1000u /* what pip could not read; with more it is a text of another kind */

/* A file that is being read. */
typedef struct document {
    const char *path;  /* from the folder of the first one */
    const char *shown; /* in errors */
    bool is_constraint;
    bu_text text;
} document;

/* One requirement, until all files are read. */
typedef struct wanted {
    const char *file;
    uint32_t line, column;
    bool is_constraint;
    bulla_origin origin;
    bulla_bytes name, version, resolved, location;
    bu_qualifier source;
    const bulla_file_pin *files;
    size_t file_count;
} wanted;

typedef struct reader {
    bu_lock lock;
    bu_arena *scratch; /* owned: lines and included files */
    document stack[MAX_DEPTH];
    size_t depth;
    bu_intern documents; /* that were read: 0 for -r, 1 for -c; by path */
    wanted *items;
    size_t count, cap;
    bulla_file_pin *pins; /* of the newest line */
    size_t pin_count, pin_cap;
    size_t notes;
    bu_intern constrained; /* names that -c speaks of */
    size_t *constraints;   /* item by number of the name; SIZE_MAX: they disagree */
    size_t constraint_cap;
} reader;

static void reader_clear(reader *r)
{
    bu_lock_clear(&r->lock);
    bu_arena_free(r->scratch);
    bu_intern_clear(&r->documents);
    bu_intern_clear(&r->constrained);
    free(r->items);
    free(r->pins);
    free(r->constraints);
}
BU_DEFINE_CLEAR(reader)

static bulla_status refuse(const reader *r, const bu_requirement_line *at, bulla_status status,
                           bulla_error *err)
{
    return bu_in_file(err, bu_at(err, status, at->line, at->column), r->lock.file);
}

static bulla_status note(reader *r, const bu_requirement_line *at, bulla_code code,
                         const char *what, bulla_error *err)
{
    const bu_lock_entry entry = { .line = at->line, .column = at->column };
    if (++r->notes > MAX_NOTES)
        return refuse(r, at,
                      bu_fail(err, BULLA_E_RESOURCE_LIMIT,
                              "more than %u things that pip could not read", MAX_NOTES),
                      err);
    return bu_pypi_note(&r->lock, &entry, code, what, err);
}

/* ---- Hashes ---- */

static bulla_status add_pin(reader *r, bulla_bytes url, const bulla_digest_set *digests,
                            bulla_error *err)
{
    BU_TRY(bu_vec_grow(&r->pins, r->pin_count, &r->pin_cap, sizeof *r->pins, err));
    return bu_pypi_pin_file(&r->lock, (bulla_bytes){ 0 }, url, 0, digests, &r->pins[r->pin_count++],
                            err);
}

/* A hash that is none matches no file: pip would install nothing, and nothing is proved here. */
static bulla_status add_hash(reader *r, const bu_requirement_line *at, bulla_bytes text,
                             bulla_error *err)
{
    bulla_digest_set digests = { 0 };
    if (!bulla_ok(bu_pypi_add_hash(text, &digests, NULL)))
        return note(r, at, BULLA_E_BAD_ENCODING, "a --hash that is none", err);
    if (digests.count == 0)
        return note(r, at, BULLA_E_UNSUPPORTED_HASH, "a --hash of an algorithm that is not known",
                    err);
    return add_pin(r, (bulla_bytes){ 0 }, &digests, err);
}

static bulla_status take_pins(reader *r, wanted *w, bulla_error *err)
{
    bulla_file_pin *files = bu_arena_get_array(r->lock.graph->arena, r->pin_count, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    if (r->pin_count > 0)
        memcpy(files, r->pins, r->pin_count * sizeof *files);
    w->files = files;
    w->file_count = r->pin_count;
    if (w->file_count > 0 && w->origin == BULLA_ORIGIN_LOCAL)
        w->origin = BULLA_ORIGIN_FILE; /* a folder has no hash: what has one must be shown */
    return BU_OK;
}

/* ---- URLs and paths ---- */

static size_t find_text(bulla_bytes text, const char *what)
{
    size_t len = strlen(what), i = 0;
    while (i + len <= text.len && memcmp(text.ptr + i, what, len) != 0)
        i++;
    return i + len <= text.len ? i : text.len;
}

/* "git", when it is "git+https://…"; or NULL. */
static const char *system_of(bulla_bytes url)
{
    static const char *const systems[] = { "git", "hg", "svn", "bzr" };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        if (bu_bytes_starts(url, systems[i]) && bu_bytes_find(url, '+') == strlen(systems[i]))
            return systems[i];
    return NULL;
}

static bool is_url(bulla_bytes text)
{
    size_t colon = bu_bytes_find(text, ':');
    for (size_t i = 0; i < colon; i++)
        if (strchr("/\\ @[", text.ptr[i]) != NULL)
            return system_of(text) != NULL;
    return system_of(text) != NULL || bu_bytes_starts(text, "file:") ||
           bu_bytes_starts(bu_bytes_from(text, colon), "://");
}

/* What of a fragment counts: `egg=name` and `sha256=…`, parted by &. */
static bulla_status read_fragment(reader *r, const bu_requirement_line *at, bulla_bytes url,
                                  bulla_bytes *egg, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_from(url, bu_bytes_find(url, '#') + 1);
    bulla_bytes plain = bu_bytes_first(url, bu_bytes_find(url, '#'));
    while (rest.len > 0) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '&'));
        bulla_bytes key = bu_bytes_first(part, bu_bytes_find(part, '='));
        bulla_bytes value = bu_bytes_from(part, key.len + 1);
        bulla_digest_set digests = { 0 };
        bulla_digest digest;
        rest = bu_bytes_from(rest, part.len + 1);
        if (bu_bytes_is(key, "egg"))
            *egg = bu_bytes_first(value, bu_bytes_find(value, '['));
        if (bu_alg_of(key) == BULLA_ALG_NONE)
            continue;
        if (!bulla_ok(bu_digest_from_hex(bu_alg_of(key), value, &digest, NULL)) ||
            !bulla_ok(bu_digest_set_add(&digests, &digest, NULL)))
            BU_TRY(note(r, at, BULLA_E_BAD_ENCODING, "a hash in a URL that is none", err));
        else
            BU_TRY(add_pin(r, plain, &digests, err));
    }
    return BU_OK;
}

/* The name that the end of a path gives: that of a wheel, of an archive, of a folder. */
static void name_by_end(bulla_bytes path, wanted *w)
{
    bulla_bytes name = { 0 }, version = { 0 };
    while (path.len > 0 && (path.ptr[path.len - 1] == '/' || path.ptr[path.len - 1] == '\\'))
        path.len--;
    bulla_bytes end = bu_pypi_last_part(path);
    if (bu_pypi_file_says(end, &name, &version) && w->version.len == 0)
        w->version = version;
    if (name.len == 0)
        name = bu_bytes_ends(end, ".git") ? bu_bytes_first(end, end.len - 4) : end;
    if (w->name.len == 0)
        w->name = name;
}

static void take_source(const bu_pypi_package *package, wanted *w)
{
    w->origin = package->entry.origin;
    w->resolved = package->entry.resolved;
    w->location = package->entry.location;
    w->source = package->source;
}

/* "git+https://host/a/b.git@ref": only a full commit is a pin. */
static bulla_status from_vcs(reader *r, const bu_requirement_line *at, const char *system,
                             bulla_bytes url, wanted *w, bulla_error *err)
{
    bu_pypi_package package = { 0 };
    url = bu_bytes_from(url, strlen(system) + 1);
    size_t end = url.len, host = find_text(url, "://");
    host = host == url.len ? 0 : host + 3 + bu_bytes_find(bu_bytes_from(url, host + 3), '/');
    while (end > host && url.ptr[end - 1] != '@')
        end--;
    bulla_bytes ref = end > host ? bu_bytes_from(url, end) : (bulla_bytes){ 0 };
    if (end > host)
        url = bu_bytes_first(url, end - 1);
    BU_TRY(bu_pypi_from_vcs(&r->lock, system, url, ref, &package, err));
    take_source(&package, w);
    name_by_end(url, w);
    if (bu_is_commit(ref))
        return BU_OK;
    return note(r, at, BULLA_E_UNPINNED, "a repository without its full commit", err);
}

static void from_path(bulla_bytes path, wanted *w)
{
    bu_pypi_package package = { 0 };
    bulla_bytes end = bu_pypi_last_part(path);
    if (bu_bytes_ends(path, "]"))
        path = bu_bytes_first(path, bu_bytes_find(path, '['));
    bu_pypi_from_path(path, !bu_pypi_is_archive(end), &package);
    take_source(&package, w);
    name_by_end(path, w);
}

static bulla_status from_url(reader *r, const bu_requirement_line *at, bulla_bytes url, wanted *w,
                             bulla_error *err)
{
    bu_pypi_package package = { 0 };
    bulla_bytes egg = { 0 };
    BU_TRY(read_fragment(r, at, url, &egg, err));
    if (w->name.len == 0)
        w->name = egg;
    url = bu_bytes_first(url, bu_bytes_find(url, '#'));
    if (system_of(url) != NULL)
        return from_vcs(r, at, system_of(url), url, w, err);
    if (bu_bytes_starts(url, "file:")) {
        from_path(bu_bytes_from(url, bu_bytes_starts(url, "file://") ? 7 : 5), w);
        return BU_OK;
    }
    BU_TRY(bu_pypi_from_url(&r->lock, url, &package, err));
    take_source(&package, w);
    name_by_end(url, w);
    return BU_OK;
}

/* ---- Requirements ---- */

/* "${NAME}", which pip takes from the environment. */
static bool has_variable(bulla_bytes text)
{
    size_t start = find_text(text, "${");
    return start < text.len && bu_bytes_find(bu_bytes_from(text, start), '}') > 2;
}

static bool is_path(bulla_bytes text)
{
    if (bu_bytes_find(text, ' ') < text.len || bu_bytes_find(text, '\t') < text.len ||
        find_text(text, "://") < text.len)
        return false;
    return bu_bytes_starts(text, ".") || bu_bytes_find(text, '/') < text.len ||
           bu_bytes_find(text, '\\') < text.len || bu_pypi_is_archive(text);
}

/* The project itself, as in `-e .[test]`: not what it depends on. */
static bool is_project(const wanted *w)
{
    for (size_t i = 0; i < w->location.len; i++)
        if (w->location.ptr[i] != '.' && w->location.ptr[i] != '/')
            return false;
    return w->origin == BULLA_ORIGIN_LOCAL;
}

static bulla_bytes without_marker(bulla_bytes text)
{
    size_t at = find_text(text, "; ");
    at = at < text.len ? at : find_text(text, " ;");
    return bu_bytes_trim(bu_bytes_first(text, at));
}

/* What the environment decides has a name, but no version that is known here. */
static bool take_variable(bulla_bytes text, wanted *w)
{
    size_t len = 0;
    while (len < text.len && strchr(" =<>!~[;@$", text.ptr[len]) == NULL)
        len++;
    w->name = bu_bytes_first(text, len);
    return has_variable(text) && bu_pypi_is_name(w->name);
}

static bulla_status read_required(reader *r, const bu_requirement_line *at, bulla_bytes text,
                                  wanted *w, bulla_error *err)
{
    bu_pypi_requirement requirement;
    bulla_bytes plain = without_marker(text);
    bool is_plain = bu_pypi_requirement_of(text, &requirement);
    w->origin = BULLA_ORIGIN_REGISTRY;
    if (is_plain && (requirement.specifier.len > 0 || requirement.url.len > 0 || !is_path(plain))) {
        w->name = requirement.name;
        w->version = bu_pypi_pinned(requirement.specifier);
        return requirement.url.len > 0 ? from_url(r, at, requirement.url, w, err) : BU_OK;
    }
    if (is_url(plain))
        return from_url(r, at, plain, w, err);
    if (take_variable(text, w))
        return BU_OK;
    w->name = (bulla_bytes){ 0 };
    if (is_path(plain))
        from_path(plain, w);
    return BU_OK;
}

static bulla_status add_required(reader *r, const bu_requirement_line *at, bulla_bytes text,
                                 bulla_error *err)
{
    const document *top = &r->stack[r->depth - 1];
    wanted w = { .file = top->shown,
                 .line = at->line,
                 .column = at->column,
                 .is_constraint = top->is_constraint };
    BU_TRY(read_required(r, at, text, &w, err));
    if (is_project(&w))
        return BU_OK;
    if (!bu_pypi_is_name(w.name))
        return note(r, at, BULLA_E_BAD_SYNTAX, "a requirement that has no name, or is none", err);
    if (!bu_pypi_is_version(w.version))
        w.version = (bulla_bytes){ 0 };
    BU_TRY(take_pins(r, &w, err));
    BU_TRY(bu_vec_grow(&r->items, r->count, &r->cap, sizeof *r->items, err));
    r->items[r->count++] = w;
    return BU_OK;
}

/* ---- Files in files ---- */

/* Cut the last part off a path in a buffer; false when there is none to cut. */
static bool climb(bu_buf *path)
{
    size_t len = path->len;
    while (len > 0 && path->ptr[len - 1] != '/')
        len--;
    if (path->len == 0 || bu_bytes_is((bulla_bytes){ path->ptr + len, path->len - len }, ".."))
        return false;
    path->len = len == 0 ? 0 : len - 1;
    return true;
}

static void descend(bu_buf *path, bulla_bytes part)
{
    if (part.len == 0 || bu_bytes_is(part, "."))
        return;
    if (bu_bytes_is(part, "..") && climb(path))
        return;
    if (path->len > 0)
        bu_buf_add_byte(path, '/');
    bu_buf_add(path, part);
}

/* The path of an include: relative to the file that says it, with no part that says nothing. */
static const char *join_path(reader *r, bulla_bytes target)
{
    bulla_bytes from = bu_bytes_of(r->stack[r->depth - 1].path);
    BU_CLEAR(bu_buf) path = { 0 };
    if (bu_bytes_starts(target, "/"))
        return bu_arena_text(r->lock.graph->arena, target);
    from.len -= bu_pypi_last_part(from).len;
    const bulla_bytes both[] = { from, target };
    for (size_t i = 0; i < 2; i++)
        for (bulla_bytes rest = both[i]; rest.len > 0;) {
            bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
            descend(&path, part);
            rest = bu_bytes_from(rest, part.len + 1);
        }
    return path.broken ? NULL : bu_arena_text(r->lock.graph->arena, bu_buf_bytes(&path));
}

static const char *shown_as(const reader *r, const char *path)
{
    const char *first = r->stack[0].shown, *slash = strrchr(first, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - first);
    return bu_arena_format(r->lock.graph->arena, "%.*s%s", folder, first, path);
}

static bulla_status check_circle(const reader *r, const bu_requirement_line *at, const char *path,
                                 bulla_error *err)
{
    if (r->depth == MAX_DEPTH)
        return refuse(
            r, at, bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u files in files", MAX_DEPTH),
            err);
    for (size_t i = 0; i < r->depth; i++)
        if (strcmp(r->stack[i].path, path) == 0)
            return refuse(r, at, bu_fail(err, BULLA_E_CYCLE, "%s includes itself", path), err);
    return BU_OK;
}

/* Read the file; `*found` is false, and that is noted, when it is not there. */
static bulla_status read_include(reader *r, const bu_requirement_line *at, const char *path,
                                 bulla_bytes *text, bool *found, bulla_error *err)
{
    const bu_ecosystem_options *options = r->lock.options;
    bulla_error why = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    *found = false;
    bulla_status status = options->read == NULL
                              ? bu_fail(&why, BULLA_E_MISSING_FILE, "no other file can be read")
                              : options->read(options->read_context, path, &content, &why);
    if (status.code == BULLA_E_MISSING_FILE)
        return note(r, at, BULLA_E_MISSING_FILE, path, err);
    if (status.code == BULLA_E_NO_MEMORY || content.broken)
        return bu_no_memory(err);
    if (!bulla_ok(status))
        return refuse(r, at, bu_fail(err, status.code, "%s: %s", path, why.text), err);
    *text = bu_arena_copy(r->scratch, bu_buf_bytes(&content));
    *found = true;
    return text->ptr == NULL && content.len > 0 ? bu_no_memory(err) : BU_OK;
}

static bulla_status open_include(reader *r, const bu_requirement_line *at, bulla_bytes target,
                                 bool is_constraint, bulla_error *err)
{
    document next = { .is_constraint = is_constraint };
    size_t known = r->documents.count, number;
    bulla_bytes text = { 0 };
    bool found;
    if (is_url(target) || has_variable(target))
        return note(r, at, BULLA_E_UNPINNED, "requirements from elsewhere", err);
    next.path = join_path(r, target);
    next.shown = next.path == NULL ? NULL : shown_as(r, next.path);
    if (next.shown == NULL)
        return bu_no_memory(err);
    BU_TRY(check_circle(r, at, next.path, err));
    BU_TRY(
        bu_intern_add(&r->documents, is_constraint ? 1 : 0, bu_bytes_of(next.path), &number, err));
    if (number < known) /* what it says is known already */
        return BU_OK;
    BU_TRY(read_include(r, at, next.path, &text, &found, err));
    next.text = bu_text_of(text);
    if (found)
        r->stack[r->depth++] = next;
    return BU_OK;
}

/* ---- Lines ---- */

static bulla_status read_line(reader *r, const bu_requirement_line *at, bulla_error *err)
{
    bulla_bytes required, rest, value, targets[BU_REQUIREMENT_UNKNOWN] = { 0 };
    bu_requirement_option option;
    bool more;
    r->pin_count = 0;
    bu_requirement_line_split(at->text, &required, &rest);
    for (;;) {
        BU_TRY(bu_requirement_option_next(&rest, r->scratch, &option, &value, &more, err));
        if (!more)
            break;
        if (option == BU_REQUIREMENT_UNKNOWN ||
            (option != BU_REQUIREMENT_HASH && targets[option].len > 0 &&
             option != BU_REQUIREMENT_IGNORED)) /* pip takes the first, and passes over others */
            BU_TRY(note(r, at, BULLA_E_BAD_SYNTAX, "an option that pip does not take here", err));
        else if (option == BU_REQUIREMENT_HASH)
            BU_TRY(add_hash(r, at, value, err));
        else
            targets[option] = value;
    }
    if (required.len == 0)
        required = targets[BU_REQUIREMENT_EDIT];
    if (required.len > 0)
        BU_TRY(add_required(r, at, required, err));
    if (targets[BU_REQUIREMENT_INCLUDE].len > 0)
        return open_include(r, at, targets[BU_REQUIREMENT_INCLUDE], false, err);
    if (targets[BU_REQUIREMENT_CONSTRAIN].len > 0)
        return open_include(r, at, targets[BU_REQUIREMENT_CONSTRAIN], true, err);
    return BU_OK;
}

static bulla_status read_documents(reader *r, bulla_error *err)
{
    while (r->depth > 0) {
        document *top = &r->stack[r->depth - 1];
        bu_requirement_line line;
        bool more;
        r->lock.file = top->shown;
        BU_TRY(bu_in_file(err, bu_requirement_line_next(&top->text, r->scratch, &line, &more, err),
                          top->shown));
        if (!more)
            r->depth--;
        else
            BU_TRY(read_line(r, &line, err));
    }
    return BU_OK;
}

/* ---- Constraints, and the graph ---- */

static bulla_status learn_constraint(reader *r, size_t item, bulla_error *err)
{
    const wanted *w = &r->items[item];
    bulla_bytes name = w->name;
    size_t known = r->constrained.count, number;
    BU_TRY(bu_pypi_normalize(r->scratch, &name, err));
    BU_TRY(bu_intern_add(&r->constrained, 0, name, &number, err));
    BU_TRY(bu_vec_grow(&r->constraints, known, &r->constraint_cap, sizeof *r->constraints, err));
    if (number == known)
        r->constraints[number] = item;
    else if (r->constraints[number] != SIZE_MAX &&
             !bu_bytes_equal(r->items[r->constraints[number]].version, w->version))
        r->constraints[number] = SIZE_MAX;
    return BU_OK;
}

/* What is not pinned where it is asked for may be where it is limited. */
static bulla_status apply_constraint(reader *r, wanted *w, bulla_error *err)
{
    bulla_bytes name = w->name;
    if (r->constrained.count == 0 || w->source.value.len > 0 || w->location.len > 0)
        return BU_OK;
    BU_TRY(bu_pypi_normalize(r->scratch, &name, err));
    size_t number = bu_intern_find(&r->constrained, 0, name);
    if (number == BU_INTERN_NONE || r->constraints[number] == SIZE_MAX)
        return BU_OK;
    const wanted *limit = &r->items[r->constraints[number]];
    if (w->version.len == 0)
        w->version = limit->version;
    if (w->file_count == 0 && bu_bytes_equal(w->version, limit->version)) {
        w->files = limit->files;
        w->file_count = limit->file_count;
    }
    return BU_OK;
}

static bulla_status add_item(reader *r, const wanted *w, bulla_error *err)
{
    bu_pypi_package package = { .entry = { .name = w->name,
                                           .version = w->version,
                                           .resolved = w->resolved,
                                           .location = w->location,
                                           .origin = w->origin,
                                           .files = w->files,
                                           .file_count = w->file_count,
                                           .line = w->line,
                                           .column = w->column },
                                .source = w->source };
    r->lock.file = w->file;
    return bu_pypi_add(&r->lock, &package, NULL, err);
}

static bulla_status fill(reader *r, bulla_error *err)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].is_constraint)
            BU_TRY(learn_constraint(r, i, err));
    for (size_t i = 0; i < r->count; i++) {
        if (r->items[i].is_constraint)
            continue;
        BU_TRY(apply_constraint(r, &r->items[i], err));
        BU_TRY(add_item(r, &r->items[i], err));
    }
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(reader) r = { .scratch = bu_arena_new() };
    if (r.scratch == NULL)
        return bu_no_memory(err);
    if (text.len > BU_LIMIT_DOCUMENT_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%s: %zu bytes", name, text.len);
    BU_TRY(bu_lock_open(&r.lock, "pypi", name, options, graph, err));
    const char *slash = strrchr(r.lock.file, '/');
    r.stack[r.depth++] = (document){ .path = slash == NULL ? r.lock.file : slash + 1,
                                     .shown = r.lock.file,
                                     .text = bu_text_of(text) };
    BU_TRY(read_documents(&r, err));
    return fill(&r, err);
}

static const char *const filenames[] = { "requirements*.txt", "*requirements.txt",
                                         "requirements*.lock", NULL };
static const char *const places[] = { "requirements*.txt",  "*-requirements.txt",
                                      "*_requirements.txt", "requirements*.lock",
                                      "requirements/*.txt", NULL };

const bu_ecosystem bu_eco_requirements = {
    .id = "requirements",
    .filenames = filenames,
    .places = places,
    .each_place = true,
    .title = "pip requirements (requirements.txt, and files of that form)",
    .parse = parse,
};
