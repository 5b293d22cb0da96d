/* SPDX-License-Identifier: MIT */
/*
 * Finding bytes: each way is a row; the first that has the file wins.
 */
#include "evidence/locate.h"

#include "bulla/error.h"

static bulla_status open_all(const char *const *paths, bool may_be_missing, bu_folder **out,
                             size_t *count, bulla_error *err)
{
    size_t wanted = 0;
    while (paths != NULL && paths[wanted] != NULL)
        wanted++;
    *out = calloc(wanted + 1, sizeof **out);
    if (*out == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < wanted; i++) {
        bulla_status status = bu_folder_open(paths[i], &(*out)[*count], err);
        if (bulla_ok(status))
            ++*count;
        else if (!may_be_missing || status.code != BULLA_E_MISSING_FILE)
            return status;
    }
    return BU_OK;
}

bulla_status bu_places_open(const char *const *archives, const char *const *caches, bu_places *out,
                            bulla_error *err)
{
    BU_CLEAR(bu_places) places = { 0 };
    BU_TRY(open_all(archives, false, &places.archives, &places.archive_count, err));
    BU_TRY(open_all(caches, true, &places.caches, &places.cache_count, err));
    *out = places;
    places = (bu_places){ 0 };
    return BU_OK;
}

static void clear_all(bu_folder *folders, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bu_folder_clear(&folders[i]);
    free(folders);
}

void bu_places_clear(bu_places *places)
{
    clear_all(places->archives, places->archive_count);
    clear_all(places->caches, places->cache_count);
    *places = (bu_places){ 0 };
}

/* The first of `folders` that has anything of that name: what is no regular file is refused when it is opened. */
static bool look_in(const bu_folder *folders, size_t count, const char *path, bu_located *out)
{
    for (size_t i = 0; i < count; i++)
        if (bu_folder_look(&folders[i], path, &out->size) != BU_PRESENCE_NONE) {
            out->folder = &folders[i];
            out->path = path;
            return true;
        }
    return false;
}

/* "@scope/name" 1.0.0 → "scope-name-1.0.0.tgz", as `npm pack` writes it. */
static bulla_status find_packed(const bu_places *places, const bulla_component *component,
                                bu_arena *arena, bu_located *out, bulla_error *err)
{
    if (strcmp(component->type, "npm") != 0 || component->version == NULL ||
        places->archive_count == 0)
        return BU_OK;
    const char *name = component->name[0] == '@' ? component->name + 1 : component->name;
    char *path = bu_arena_format(arena, "%s-%s.tgz", name, component->version);
    if (path == NULL)
        return bu_no_memory(err);
    for (char *c = path; *c != '\0'; c++)
        if (*c == '/')
            *c = '-';
    (void)look_in(places->archives, places->archive_count, path, out);
    return BU_OK;
}

/* A .deb stands by its file name in a folder of archives. */
static bulla_status find_named(const bu_places *places, const bulla_component *component,
                               bu_arena *arena, bu_located *out, bulla_error *err)
{
    (void)arena;
    (void)err;
    if (strcmp(component->type, "deb") == 0 && component->location != NULL &&
        strchr(component->location, '/') == NULL)
        (void)look_in(places->archives, places->archive_count, component->location, out);
    return BU_OK;
}

/* npm's cacache: content-v2/ALG/aa/bb/rest-of-the-digest. */
static bulla_status find_cached(const bu_places *places, const bulla_component *component,
                                bu_arena *arena, bu_located *out, bulla_error *err)
{
    const bulla_digest *pinned = bulla_digests_strongest(component->digests);
    if (strcmp(component->type, "npm") != 0 || pinned == NULL || places->cache_count == 0)
        return BU_OK;
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_digest_hex(pinned, hex);
    const char *path = bu_arena_format(arena, "_cacache/content-v2/%s/%.2s/%.2s/%s",
                                       bulla_alg_name(pinned->alg), hex, hex + 2, hex + 4);
    if (path == NULL)
        return bu_no_memory(err);
    (void)look_in(places->caches, places->cache_count, path, out);
    return BU_OK;
}

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

bulla_status bu_locate(const bu_places *places, const bulla_component *component, bu_arena *arena,
                       bu_located *out, bulla_error *err)
{
    static bulla_status (*const ways[])(
        const bu_places *, const bulla_component *, bu_arena *, bu_located *,
        bulla_error *) = { find_in_project, find_packed, find_named, find_cached };
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
