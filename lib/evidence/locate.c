/* SPDX-License-Identifier: MIT */
/*
 * Finding bytes: the project's own archives, then each folder in turn with the
 * rows of places.def for its kind; the first that has the file wins.
 */
#include "evidence/locate.h"

#include "base/glob.h"
#include "bulla/error.h"
#include "evidence/place_path.h"

/* One folder with one row: where a star is looked for is listed once, if it is the same for all. */
struct bu_searched {
    const bu_folder *folder;
    const char *path; /* borrowed from the caller's options */
    const bu_place_row *row;
    bu_names listed;
    bool is_listed;
};

/* A path next to the lockfile, or NULL when there is no memory. */
static const char *beside(const char *lockfile, const char *relative, bu_arena *arena)
{
    if (lockfile == NULL)
        lockfile = "";
    const char *slash = strrchr(lockfile, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - lockfile);
    return bu_arena_format(arena, "%.*s%s", folder, lockfile, relative);
}

/* "file:vendor/x.tgz": an archive inside the project. The parser has seen that it does not climb out. */
static bulla_status find_in_project(const bu_places *places, const bulla_component *component,
                                    bu_arena *arena, bu_located *out, bulla_error *err)
{
    (void)places;
    if (component->origin != BULLA_ORIGIN_FILE || component->resolved == NULL)
        return BU_OK;
    const char *relative = component->resolved;
    if (strncmp(relative, "file:", 5) == 0)
        relative += 5;
    const char *path = beside(component->lockfile, relative, arena);
    if (path == NULL)
        return bu_no_memory(err);
    if (bu_folder_look(NULL, path, &out->size) != BU_PRESENCE_NONE)
        out->path = path;
    return BU_OK;
}

/* What is before the part of a path that has a star, with its slash; `*len` of the part itself. */
static size_t star_at(const char *path, size_t *len)
{
    size_t star = strcspn(path, "*"), start = star;
    while (start > 0 && path[start - 1] != '/')
        start--;
    *len = star - start + strcspn(path + star, "/");
    return path[star] == '\0' ? SIZE_MAX : start;
}

static bulla_status list_folder(const char *base, bulla_bytes below, bu_names *out,
                                bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_buf) path = { 0 };
    bu_buf_add_format(&path, "%s/%.*s", base, (int)below.len, (const char *)below.ptr);
    if (path.broken)
        return bu_no_memory(err);
    bulla_status status = bu_folder_open((const char *)path.ptr, &folder, err);
    if (bulla_ok(status))
        status = bu_folder_list(&folder, "", out, err);
    return status.code == BULLA_E_NO_MEMORY ? status : BU_OK; /* what cannot be listed is empty */
}

static bulla_status list_ahead(struct bu_searched *s, bulla_error *err)
{
    size_t len, start = star_at(s->row->pattern, &len);
    if (start == SIZE_MAX || memchr(s->row->pattern, '{', start) != NULL)
        return BU_OK;
    s->is_listed = true;
    return list_folder(s->path, (bulla_bytes){ (const uint8_t *)s->row->pattern, start },
                       &s->listed, err);
}

static size_t count_rows(const char *kind)
{
    size_t count = 0;
    for (const bu_place_row *row = bu_place_rows; row->kind != NULL; row++)
        count += strcmp(row->kind, kind) == 0;
    return count;
}

static bulla_status add_folder(bu_places *places, const char *kind, const char *path,
                               bulla_error *err)
{
    bu_folder *folder = &places->open[places->open_count];
    BU_TRY(bu_folder_open(path, folder, err));
    places->open_count++;
    for (const bu_place_row *row = bu_place_rows; row->kind != NULL; row++) {
        struct bu_searched *s = &places->folders[places->count];
        if (strcmp(row->kind, kind) != 0)
            continue;
        *s = (struct bu_searched){ .folder = folder, .path = path, .row = row };
        places->count++;
        BU_TRY(list_ahead(s, err));
    }
    return BU_OK;
}

static bulla_status add_caches(bu_places *places, const bulla_cache *caches, size_t count,
                               bulla_error *err)
{
    for (size_t i = 0; i < count; i++) {
        bulla_status status = add_folder(places, caches[i].kind, caches[i].path, err);
        if (status.code == BULLA_E_NO_MEMORY)
            return status;
    }
    return BU_OK;
}

static size_t count_archives(const char *const *archives)
{
    size_t count = 0;
    while (archives != NULL && archives[count] != NULL)
        count++;
    return count;
}

bulla_status bu_places_open(const char *const *archives, const bulla_cache *caches,
                            size_t cache_count, bu_places *out, bulla_error *err)
{
    BU_CLEAR(bu_places) places = { 0 };
    size_t archive_count = count_archives(archives);
    size_t wanted = archive_count * count_rows("archives");
    for (size_t i = 0; i < cache_count; i++) {
        size_t rows = count_rows(caches[i].kind);
        if (rows == 0)
            return bu_fail(err, BULLA_E_USAGE, "no kind of cache: %s", caches[i].kind);
        wanted += rows;
    }
    places.open = calloc(archive_count + cache_count + 1, sizeof *places.open);
    places.folders = calloc(wanted + 1, sizeof *places.folders);
    if (places.open == NULL || places.folders == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < archive_count; i++)
        BU_TRY(add_folder(&places, "archives", archives[i], err));
    BU_TRY(add_caches(&places, caches, cache_count, err));
    *out = places;
    places = (bu_places){ 0 };
    return BU_OK;
}

void bu_places_clear(bu_places *places)
{
    for (size_t i = 0; i < places->count; i++)
        bu_names_clear(&places->folders[i].listed);
    for (size_t i = 0; i < places->open_count; i++)
        bu_folder_clear(&places->open[i]);
    free(places->folders);
    free(places->open);
    *places = (bu_places){ 0 };
}

/* A search below one folder; `folder` NULL: below the lockfile's. */
typedef struct search {
    const bu_folder *folder;
    const char *base; /* its path */
    const bu_names *listed;
    bu_arena *arena;
    bu_located *out;
} search;

/* What is no regular file is taken too: it is refused when it is opened. */
static bulla_status look(const search *s, const char *path, bulla_error *err)
{
    if (s->folder == NULL)
        path = bu_arena_format(s->arena, "%s/%s", s->base, path);
    if (path == NULL)
        return bu_no_memory(err);
    if (bu_folder_look(s->folder, path, &s->out->size) == BU_PRESENCE_NONE)
        return BU_OK;
    s->out->folder = s->folder;
    s->out->path = path;
    return BU_OK;
}

/* Each name that fits the part with the star, in order, put in its place. */
static bulla_status look_among(const search *s, const bu_names *names, const char *path,
                               size_t start, size_t len, bulla_error *err)
{
    bulla_bytes part = { (const uint8_t *)path + start, len };
    for (size_t i = 0; i < names->count && s->out->path == NULL; i++) {
        if (!bu_glob_match(part, bu_bytes_of(names->items[i])))
            continue;
        const char *found = bu_arena_format(s->arena, "%.*s%s%s", (int)start, path, names->items[i],
                                            path + start + len);
        if (found == NULL)
            return bu_no_memory(err);
        BU_TRY(look(s, found, err));
    }
    return BU_OK;
}

static bulla_status look_for(const search *s, const char *path, bulla_error *err)
{
    size_t len, start = star_at(path, &len);
    if (start == SIZE_MAX)
        return look(s, path, err);
    if (s->listed != NULL)
        return look_among(s, s->listed, path, start, len, err);
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(list_folder(s->base, (bulla_bytes){ (const uint8_t *)path, start }, &names, err));
    return look_among(s, &names, path, start, len, err);
}

/* Where the names of its files are pinned, a file of another name is none of them: yarn's own zip of
   an npm package is not the package's archive. */
static bool is_by_name(const bulla_component *component)
{
    return component->file_count > 0 && component->files[0].name != NULL;
}

/* With a row that is about pinned files, once for each of them. */
static bulla_status search_row(const search *s, const bu_place_row *row,
                               const bulla_component *component, bulla_error *err)
{
    if (strcmp(row->type, "*") != 0 && strcmp(row->type, component->type) != 0)
        return BU_OK;
    bool of_files = bu_place_is_of_files(row);
    if (!of_files && is_by_name(component))
        return BU_OK;
    size_t times = of_files && component->file_count > 0 ? component->file_count : 1;
    for (size_t i = 0; i < times && s->out->path == NULL; i++) {
        const char *path;
        BU_TRY(bu_place_path(row, component, i, s->arena, &path, err));
        if (path != NULL)
            BU_TRY(look_for(s, path, err));
    }
    return BU_OK;
}

/* What the project itself keeps beside its lockfile. */
static bulla_status find_beside(const bu_places *places, const bulla_component *component,
                                bu_arena *arena, bu_located *out, bulla_error *err)
{
    (void)places;
    if (component->lockfile == NULL)
        return BU_OK;
    const char *base = beside(component->lockfile, ".", arena);
    if (base == NULL)
        return bu_no_memory(err);
    const search s = { .base = base, .arena = arena, .out = out };
    for (const bu_place_row *row = bu_place_rows; row->kind != NULL && out->path == NULL; row++)
        if (strcmp(row->kind, "project") == 0)
            BU_TRY(search_row(&s, row, component, err));
    return BU_OK;
}

static bulla_status find_in_folders(const bu_places *places, const bulla_component *component,
                                    bu_arena *arena, bu_located *out, bulla_error *err)
{
    for (size_t i = 0; i < places->count && out->path == NULL; i++) {
        const struct bu_searched *f = &places->folders[i];
        const search s = { .folder = f->folder,
                           .base = f->path,
                           .listed = f->is_listed ? &f->listed : NULL,
                           .arena = arena,
                           .out = out };
        BU_TRY(search_row(&s, f->row, component, err));
    }
    return BU_OK;
}

bulla_status bu_locate(const bu_places *places, const bulla_component *component, bu_arena *arena,
                       bu_located *out, bulla_error *err)
{
    static bulla_status (*const ways[])(
        const bu_places *, const bulla_component *, bu_arena *, bu_located *,
        bulla_error *) = { find_in_project, find_in_folders, find_beside };
    *out = (bu_located){ 0 };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && out->path == NULL; i++)
        BU_TRY(ways[i](places, component, arena, out, err));
    return BU_OK;
}

static bool is_empty(const bu_place *place, bool needs_tree, bu_arena *arena)
{
    const char *tree = beside(place->lockfile, "node_modules", arena);
    const char *path = beside(place->lockfile, place->path, arena);
    return tree != NULL && path != NULL && bu_folder_look(NULL, path, NULL) == BU_PRESENCE_NONE &&
           (!needs_tree || bu_folder_look(NULL, tree, NULL) == BU_PRESENCE_FOLDER);
}

bool bu_locate_is_left_out(const bu_graph *graph, size_t index, bu_arena *arena)
{
    const bulla_component *component = &graph->components[index];
    size_t count, empty = 0;
    const bu_place *places = bu_graph_places(graph, index, &count);
    for (size_t i = 0; i < count; i++) {
        if (places[i].parent != BULLA_NO_COMPONENT)
            continue; /* the archive around it tells */
        if (!is_empty(&places[i], !component->excluded_here, arena))
            return false;
        empty++;
    }
    return component->may_be_absent && empty > 0;
}

/* The folder, cut off behind each of its parts in turn. */
static bu_presence look_along(char *path, char *part)
{
    bu_presence presence = BU_PRESENCE_FOLDER;
    while (presence == BU_PRESENCE_FOLDER && (part = strchr(part, '/')) != NULL) {
        *part = '\0';
        presence = bu_folder_look(NULL, path, NULL);
        *part++ = '/';
    }
    return presence;
}

bool bu_locate_is_diverted(const bu_place *place, bu_arena *arena)
{
    if (place->folder == NULL)
        return false;
    const char *start = beside(place->lockfile, "", arena);
    char *path = start == NULL ? NULL : bu_arena_format(arena, "%s%s/", start, place->folder);
    bu_presence presence =
        path == NULL ? BU_PRESENCE_OTHER : look_along(path, path + strlen(start));
    /* A workspace need not be checked out; what is copied out of a folder comes from there. */
    bool may_be_missing = strcmp(place->folder, place->path) == 0;
    return presence != BU_PRESENCE_FOLDER && !(presence == BU_PRESENCE_NONE && may_be_missing);
}
