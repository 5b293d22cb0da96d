/* SPDX-License-Identifier: MIT */
/*
 * A stack of open folders: each is opened in the one above it, so that a link
 * that is put in the way meanwhile leads nowhere.
 */
#include "io/folder_walk.h"

#include "base/limits.h"
#include "base/vec.h"

typedef struct level {
    bu_folder folder;
    bu_names names;
    size_t next;     /* name to be visited */
    size_t path_len; /* of its own path, with the slash behind it */
} level;

typedef struct walk {
    bu_visit_found *visit;
    void *context;
    level *levels;
    size_t depth, cap;
    uint64_t seen;
    bu_buf path;
} walk;

static void leave(walk *w)
{
    level *top = &w->levels[--w->depth];
    bu_names_clear(&top->names);
    bu_folder_clear(&top->folder);
}

static void walk_clear(walk *w)
{
    while (w->depth > 0)
        leave(w);
    free(w->levels);
    bu_buf_clear(&w->path);
}
BU_DEFINE_CLEAR(walk)

/* Take over an open folder. */
static bulla_status enter(walk *w, bu_folder *folder, bulla_error *err)
{
    if (w->depth > BU_LIMIT_FOLDER_DEPTH)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u folders deep",
                       BU_LIMIT_FOLDER_DEPTH);
    BU_TRY(bu_vec_grow(&w->levels, w->depth, &w->cap, sizeof *w->levels, err));
    level *top = &w->levels[w->depth++];
    *top = (level){ .folder = *folder, .path_len = w->path.len };
    *folder = BU_FOLDER_NONE;
    return bu_folder_list(&top->folder, "", &top->names, err);
}

static bulla_status visit_next(walk *w, bulla_error *err)
{
    level *top = &w->levels[w->depth - 1];
    const char *name = top->names.items[top->next++];
    w->path.len = top->path_len;
    bu_buf_add_text(&w->path, name);
    if (w->path.broken)
        return bu_no_memory(err);
    if (++w->seen > BU_LIMIT_TREE_FILES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u entries", BU_LIMIT_TREE_FILES);
    const bu_found found = { .folder = &top->folder,
                             .name = name,
                             .path = (const char *)w->path.ptr,
                             .presence = bu_folder_look(&top->folder, name, NULL) };
    bool wanted = false;
    BU_TRY(w->visit(w->context, &found, &wanted, err));
    if (!wanted || found.presence != BU_PRESENCE_FOLDER)
        return BU_OK;
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_TRY(bu_folder_enter(&top->folder, name, &folder, err));
    bu_buf_add_byte(&w->path, '/');
    return w->path.broken ? bu_no_memory(err) : enter(w, &folder, err);
}

bulla_status bu_folder_walk(const char *path, bu_visit_found *visit, void *context,
                            bulla_error *err)
{
    BU_CLEAR(walk) w = { .visit = visit, .context = context };
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_TRY(bu_folder_open(path, &folder, err));
    BU_TRY(bu_in_file(err, enter(&w, &folder, err), path));
    while (w.depth > 0) {
        if (w.levels[w.depth - 1].next == w.levels[w.depth - 1].names.count)
            leave(&w);
        else
            BU_TRY(bu_in_file(err, visit_next(&w, err), path));
    }
    return BU_OK;
}
