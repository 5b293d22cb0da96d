/* SPDX-License-Identifier: MIT */
/*
 * Going through a project: a stack of folders, each listed once.
 */
#include "evidence/discover.h"

#include "base/intern.h"
#include "base/limits.h"
#include "base/vec.h"
#include "evidence/exclude.h"
#include "evidence/root.h"
#include "io/file.h"

/* A folder that is still to be gone through. */
typedef struct folder {
    const char *path;  /* as it is opened; "" is the working folder */
    const char *below; /* from where the search began; "" is there */
    size_t depth;
    const char *in_root; /* from the root of a system that it is in, or NULL */
} folder;

typedef struct search {
    const bu_discover_options *options;
    bu_arena *arena;
    bu_discovery *out;
    folder *stack;
    size_t count, cap, seen;
    bu_intern named; /* documents by row and path */
} search;

static void search_clear(search *s)
{
    free(s->stack);
    bu_intern_clear(&s->named);
}
BU_DEFINE_CLEAR(search)

void bu_discovery_clear(bu_discovery *discovery)
{
    free(discovery->items);
    free(discovery->left_out);
    *discovery = (bu_discovery){ 0 };
}

/* "a" and "b" → "a/b"; nothing is put before a name in the folder that has none. */
static const char *join(bu_arena *arena, const char *path, const char *name)
{
    bool bare = path[0] == '\0' || bu_bytes_ends(bu_bytes_of(path), "/");
    return bu_arena_format(arena, "%s%s%s", path, bare ? "" : "/", name);
}

static int compare_name(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool has_name(const bu_names *names, const char *name)
{
    return names->count > 0 &&
           bsearch(name, names->items, names->count, sizeof *names->items, compare_name) != NULL;
}

/* What tools install into or keep for themselves. */
static bool is_of_a_tool(const char *name, const bu_names *beside)
{
    static const char *const names[] = {
        ".build",        ".bulla",        ".bundle",
        ".dart_tool",    ".git",          ".gradle",
        ".hg",           ".nox",          ".pnpm-store",
        ".stack-work",   ".svn",          ".terraform",
        ".tox",          ".venv",         ".yarn",
        "Pods",          "__pycache__",   "bower_components",
        "dist-newstyle", "dist-packages", "elm-stuff",
        "jspm_packages", "node_modules",  "site-packages",
    };
    static const char *const vendoring[] = { "Cargo.toml", "Gemfile", "composer.json",
                                             "composer.lock", "go.mod" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    for (size_t i = 0; strcmp(name, "vendor") == 0 && i < sizeof vendoring / sizeof vendoring[0];
         i++)
        if (has_name(beside, vendoring[i]))
            return true;
    return false;
}

static bulla_status leave_out(search *s, const char *path, const char *pattern, bulla_error *err)
{
    bu_discovery *out = s->out;
    BU_TRY(bu_vec_grow(&out->left_out, out->left_out_count, &out->left_out_cap,
                       sizeof *out->left_out, err));
    out->left_out[out->left_out_count++] = (struct bu_left_out){ path, pattern };
    return BU_OK;
}

/* `*out` is the pattern that leaves this one out, if any does. */
static bulla_status judge_excluded(const search *s, const char *below, bool is_folder,
                                   const char **out, bulla_error *err)
{
    *out = NULL;
    if (s->options->exclude == NULL)
        return BU_OK;
    const char *base = s->options->exclude_base == NULL ? "" : s->options->exclude_base;
    const char *whole = join(s->arena, base, below);
    if (whole == NULL)
        return bu_no_memory(err);
    *out = bu_excluded_by(s->options->exclude, bu_bytes_of(whole), is_folder);
    return BU_OK;
}

static bulla_status add_document(search *s, const folder *f, const bu_ecosystem *ecosystem,
                                 const char *name, bulla_error *err)
{
    const char *path = join(s->arena, f->path, name), *below = join(s->arena, f->below, name);
    const char *pattern;
    if (path == NULL || below == NULL)
        return bu_no_memory(err);
    BU_TRY(judge_excluded(s, below, false, &pattern, err));
    if (pattern != NULL)
        return leave_out(s, path, pattern, err);
    size_t known = s->named.count, number;
    BU_TRY(bu_intern_add(&s->named, (uintptr_t)ecosystem, bu_bytes_of(path), &number, err));
    if (number < known)
        return BU_OK; /* two places of a row may name one file */
    bu_discovery *out = s->out;
    BU_TRY(bu_vec_grow(&out->items, out->count, &out->cap, sizeof *out->items, err));
    out->items[out->count++] = (bu_document){ ecosystem, path };
    return BU_OK;
}

static bulla_status keep_trouble(search *s, bulla_status status, const bulla_error *why,
                                 bulla_error *err)
{
    if (bulla_ok(status))
        return BU_OK;
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    return bu_findings_add(&s->out->troubles, why, s->arena, err);
}

/* Names in a folder; one that cannot be read is trouble, as something may hide in it. */
static bulla_status list(search *s, const char *path, bu_names *names, bulla_error *err)
{
    BU_CLEAR(bu_folder) open = BU_FOLDER_NONE;
    bulla_error why = { 0 };
    bulla_status status = bu_folder_open(path[0] == '\0' ? "." : path, &open, &why);
    if (bulla_ok(status))
        status = bu_in_file(&why, bu_folder_list(&open, "", names, &why), path);
    return keep_trouble(s, status, &why, err);
}

/* The names that are of the form of a place; a form with a star means files. */
static bulla_status match_names(search *s, const folder *f, const bu_ecosystem *ecosystem,
                                const char *within, const char *form, const bu_names *names,
                                size_t *found, bulla_error *err)
{
    bool any = strchr(form, '*') != NULL;
    if (!any && !has_name(names, form))
        return BU_OK;
    for (size_t i = 0; i < names->count; i++) {
        if (!bu_ecosystem_name_matches(form, bu_bytes_of(names->items[i])))
            continue;
        const char *name = within[0] == '\0' ? bu_arena_text(s->arena, bu_bytes_of(names->items[i]))
                                             : join(s->arena, within, names->items[i]);
        const char *path = name == NULL ? NULL : join(s->arena, f->path, name);
        if (path == NULL)
            return bu_no_memory(err);
        if (any && bu_folder_look(NULL, path, NULL) == BU_PRESENCE_FOLDER)
            continue;
        BU_TRY(add_document(s, f, ecosystem, name, err));
        ++*found;
    }
    return BU_OK;
}

/* Whether `name` below `path` is a folder, and no link is on the way to it. */
static bulla_status look_folder(bu_arena *arena, const char *path, const char *name, bool *out,
                                bulla_error *err)
{
    *out = true;
    for (const char *end = name; end != NULL && *out;) {
        end = strchr(end + 1, '/');
        size_t len = end == NULL ? strlen(name) : (size_t)(end - name);
        const char *part = bu_arena_text(arena, bu_bytes_first(bu_bytes_of(name), len));
        const char *full = part == NULL ? NULL : join(arena, path, part);
        if (full == NULL)
            return bu_no_memory(err);
        *out = bu_folder_look(NULL, full, NULL) == BU_PRESENCE_FOLDER;
    }
    return BU_OK;
}

/* One place of a row: in this folder, or in one that the place names. */
static bulla_status match_place(search *s, const folder *f, const bu_ecosystem *ecosystem,
                                const char *place, const bu_names *names, size_t *found,
                                bulla_error *err)
{
    const char *slash = strrchr(place, '/');
    if (slash == NULL)
        return match_names(s, f, ecosystem, "", place, names, found, err);
    const char *within =
        bu_arena_text(s->arena, bu_bytes_first(bu_bytes_of(place), (size_t)(slash - place)));
    const char *first = bu_arena_text(
        s->arena, bu_bytes_first(bu_bytes_of(place), bu_bytes_find(bu_bytes_of(place), '/')));
    const char *path = within == NULL ? NULL : join(s->arena, f->path, within);
    if (first == NULL || path == NULL)
        return bu_no_memory(err);
    bool there = has_name(names, first);
    if (there)
        BU_TRY(look_folder(s->arena, f->path, within, &there, err));
    if (!there)
        return BU_OK;
    BU_CLEAR(bu_names) inner = { 0 };
    BU_TRY(list(s, path, &inner, err));
    return match_names(s, f, ecosystem, within, slash + 1, &inner, found, err);
}

/* A database that is there only behind a link: nothing is read through it, and nothing unseen. */
static bulla_status refuse_linked(search *s, const folder *f, const bu_ecosystem *ecosystem,
                                  bulla_error *err)
{
    for (const char *const *place = ecosystem->places; *place != NULL; place++) {
        const char *path = join(s->arena, f->path, *place);
        bulla_error why = { 0 };
        if (path == NULL)
            return bu_no_memory(err);
        if (bu_folder_look(NULL, path, NULL) != BU_PRESENCE_FILE)
            continue;
        bulla_status status = bu_fail(&why, BULLA_E_SPECIAL_FILE, "lies behind a link");
        return keep_trouble(s, bu_in_file(&why, status, path), &why, err);
    }
    return BU_OK;
}

/* Databases of a root that are not read. */
static bulla_status refuse_unread(search *s, const folder *f, bulla_error *err)
{
    for (const char *const *place = bu_root_unread; *place != NULL; place++) {
        const char *path = join(s->arena, f->path, *place);
        bulla_error why = { 0 };
        if (path == NULL)
            return bu_no_memory(err);
        if (bu_folder_look(NULL, path, NULL) != BU_PRESENCE_NONE)
            return keep_trouble(s, bu_root_refuse(path, &why), &why, err);
    }
    return BU_OK;
}

/* The documents of one folder: of each row every place, or the first that is there. */
static bulla_status match_rows(search *s, const folder *f, const bu_names *names, bulla_error *err)
{
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++) {
        size_t found = 0;
        for (const char *const *place = (*e)->places; *place != NULL; place++) {
            BU_TRY(match_place(s, f, *e, *place, names, &found, err));
            if (found > 0 && !(*e)->each_place)
                break;
        }
        if (found == 0 && (*e)->system)
            BU_TRY(refuse_linked(s, f, *e, err));
    }
    return has_name(names, "usr") || has_name(names, "var") ? refuse_unread(s, f, err) : BU_OK;
}

static bulla_status push(search *s, folder f, bulla_error *err)
{
    if (f.path == NULL || f.below == NULL)
        return bu_no_memory(err);
    if (++s->seen > BU_LIMIT_FOLDERS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u folders", BU_LIMIT_FOLDERS);
    if (f.depth > BU_LIMIT_FOLDER_DEPTH)
        return bu_in_file(err,
                          bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u folders deep",
                                  BU_LIMIT_FOLDER_DEPTH),
                          f.path);
    BU_TRY(bu_vec_grow(&s->stack, s->count, &s->cap, sizeof *s->stack, err));
    s->stack[s->count++] = f;
    return BU_OK;
}

/* A folder in a folder: gone through later, or left out. */
static bulla_status enter(search *s, const folder *f, const char *name, const bu_names *beside,
                          bulla_error *err)
{
    const folder inner = { join(s->arena, f->path, name), join(s->arena, f->below, name),
                           f->depth + 1,
                           f->in_root == NULL ? NULL : join(s->arena, f->in_root, name) };
    const char *pattern;
    if (inner.path == NULL || inner.below == NULL || (f->in_root != NULL && inner.in_root == NULL))
        return bu_no_memory(err);
    if (bu_folder_look(NULL, inner.path, NULL) != BU_PRESENCE_FOLDER)
        return BU_OK;
    BU_TRY(judge_excluded(s, inner.below, true, &pattern, err));
    bool of_system = inner.in_root != NULL && bu_root_owns(inner.in_root);
    if (pattern != NULL || of_system || is_of_a_tool(name, beside))
        return leave_out(s, inner.path, pattern, err);
    return push(s, inner, err);
}

static bulla_status go_through(search *s, const folder *f, bulla_error *err)
{
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(list(s, f->path, &names, err));
    if (f->depth > 0 && has_name(&names, "pyvenv.cfg")) /* a Python virtual environment */
        return leave_out(s, f->path, NULL, err);
    BU_TRY(match_rows(s, f, &names, err));
    for (size_t i = names.count; i-- > 0;) /* the last is gone through last */
        BU_TRY(enter(s, f, names.items[i], &names, err));
    return BU_OK;
}

bulla_status bu_discover(const bu_discover_options *options, bu_arena *arena, bu_discovery *out,
                         bulla_error *err)
{
    BU_CLEAR(search) s = { .options = options, .arena = arena, .out = out };
    bool here = strcmp(options->folder, ".") == 0;
    BU_TRY(push(&s, (folder){ here ? "" : options->folder, "", 0, NULL }, err));
    while (s.count > 0) {
        folder f = s.stack[--s.count];
        bool is_root;
        BU_TRY(bu_root_is(f.path, arena, &is_root, err));
        if (is_root)
            f.in_root = "";
        BU_TRY(go_through(&s, &f, err));
    }
    return BU_OK;
}
