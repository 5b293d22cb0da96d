/* SPDX-License-Identifier: MIT */
/*
 * Writing a store, in this order: drafts of the pinned files, targets.json,
 * the files, root.json, the numbered root. Loading takes a draft for the file
 * that is pinned, and a root.json that is one version ahead for the newest
 * root, so that each of the two replacements is one step.
 */
#include "trust/commit.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/limits.h"

/** A file of the store on its way out. */
typedef struct outgoing {
    char *path, *draft;
    bulla_bytes bytes;
} outgoing;

/* All memory is got before the first byte is written. */
static bulla_status plan_files(const char *folder, const bu_pins *pins, bu_arena *arena,
                               outgoing **out, bulla_error *err)
{
    outgoing *files = bu_arena_get_array(arena, pins->count, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < pins->count; i++) {
        files[i].path = bu_arena_format(arena, "%s/%s", folder, pins->items[i].name);
        files[i].draft = bu_arena_format(arena, "%s/%s" BU_DRAFT, folder, pins->items[i].name);
        files[i].bytes = pins->items[i].bytes;
        if (files[i].path == NULL || files[i].draft == NULL)
            return bu_no_memory(err);
    }
    *out = files;
    return BU_OK;
}

static bulla_status write_draft(const outgoing *file, bulla_error *err)
{
    char *slash = strrchr(file->path, '/');
    *slash = '\0';
    bulla_status status = bu_folder_make(file->path, false, err);
    *slash = '/';
    BU_TRY(status);
    return bu_file_replace(file->draft, file->bytes, 0644, err);
}

/** Where everything goes. */
typedef struct plan {
    const bu_amendment *amendment;
    const bu_pins *pins, *old_pins; /* `old_pins` is empty for a new store */
    outgoing *files, *old_files;
    const char *targets, *root, *numbered, *old_numbered;
} plan;

static bulla_status write_targets(const plan *p, bulla_error *err)
{
    for (size_t i = 0; i < p->pins->count; i++)
        BU_TRY(write_draft(&p->files[i], err));
    BU_TRY(bu_file_replace(p->targets, bu_buf_bytes(&p->amendment->targets.text), 0644, err));
    for (size_t i = 0; i < p->pins->count; i++)
        BU_TRY(bu_file_move(p->files[i].draft, p->files[i].path, err));
    return BU_OK;
}

static bulla_status write_root(const plan *p, bulla_error *err)
{
    bulla_bytes text = bu_buf_bytes(&p->amendment->root.text);
    BU_TRY(bu_file_replace(p->root, text, 0644, err));
    return bu_file_replace(p->numbered, text, 0644, err);
}

/*
 * Bring the change before this one to its end, if it was killed: its drafts are what is pinned, and
 * new ones would take their place before the new targets.json is there.
 */
static bulla_status finish_last(const plan *p, bulla_error *err)
{
    BU_CLEAR(bu_buf) root = { 0 };
    for (size_t i = 0; i < p->old_pins->count; i++)
        if (p->old_pins->items[i].is_draft)
            BU_TRY(bu_file_move(p->old_files[i].draft, p->old_files[i].path, err));
    if (bu_folder_look(NULL, p->old_numbered, NULL) != BU_PRESENCE_NONE)
        return BU_OK;
    BU_TRY(bu_file_slurp(NULL, p->root, BU_LIMIT_METADATA_BYTES, &root, err));
    return bu_file_replace(p->old_numbered, bu_buf_bytes(&root), 0644, err);
}

/* A folder that has a first root and no targets.json never was a store: making it was killed. */
static bulla_status need_empty(const bu_folder *folder, const char *path, bulla_error *err)
{
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(bu_folder_list(folder, "", &names, err));
    bool is_unfinished = bu_folder_look(folder, "root.json", NULL) == BU_PRESENCE_FILE &&
                         bu_folder_look(folder, "targets.json", NULL) == BU_PRESENCE_NONE;
    if (names.count == 0 || is_unfinished)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_WRITE_ERROR, "the folder is not empty");
    (void)bu_next(err, status, "name a new folder, or change the store that is there: trust add");
    return bu_in_file(err, status, path);
}

/* Roots first, for without targets.json the folder is no store. */
static bulla_status make(const char *path, const plan *p, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_TRY(bu_folder_make(path, false, err));
    BU_TRY(bu_folder_hold(path, &folder, err));
    BU_TRY(need_empty(&folder, path, err));
    BU_TRY(write_root(p, err));
    return write_targets(p, err);
}

static bulla_status change(const plan *p, bulla_error *err)
{
    const bu_amendment *a = p->amendment;
    BU_TRY(finish_last(p, err));
    if (!a->targets.is_done)
        BU_TRY(write_targets(p, err));
    return a->root.text.len == 0 || a->root.is_done ? BU_OK : write_root(p, err);
}

static const char *numbered(const char *folder, const bu_root *root, bu_arena *arena)
{
    return bu_arena_format(arena, "%s/%" PRId64 ".root.json", folder, root->version);
}

bulla_status bu_commit(const char *folder, const bu_amendment *amendment, bulla_error *err)
{
    static const bu_pins none = { 0 };
    const bulla_trust *old = amendment->old;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    if (arena == NULL)
        return bu_no_memory(err);
    plan p = { .amendment = amendment,
               .pins = &amendment->next->pins,
               .old_pins = old == NULL ? &none : &old->pins,
               .targets = bu_arena_format(arena, "%s/targets.json", folder),
               .root = bu_arena_format(arena, "%s/root.json", folder),
               .numbered = numbered(folder, bu_amendment_root(amendment), arena),
               .old_numbered = old == NULL ? "" : numbered(folder, old->chain.root, arena) };
    if (p.targets == NULL || p.root == NULL || p.numbered == NULL || p.old_numbered == NULL)
        return bu_no_memory(err);
    BU_TRY(plan_files(folder, p.pins, arena, &p.files, err));
    BU_TRY(plan_files(folder, p.old_pins, arena, &p.old_files, err));
    return old == NULL ? make(folder, &p, err) : change(&p, err);
}
