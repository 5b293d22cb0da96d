/* SPDX-License-Identifier: MIT */
/*
 * Parts of images in a folder or an archive.
 */
#include "evidence/blobs.h"

#include "archive/tar_header.h"
#include "archive/walk.h"
#include "base/arena.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/vec.h"

struct bu_blobs {
    bool is_folder;
    bu_folder folder;
    bu_file file;
    bu_arena *arena;
    bu_member *members; /* by the number of their name */
    size_t cap;
    bu_intern names;
};

void bu_blobs_free(bu_blobs *blobs)
{
    if (blobs == NULL)
        return;
    bu_folder_clear(&blobs->folder);
    bu_file_clear(&blobs->file);
    bu_arena_free(blobs->arena);
    free(blobs->members);
    bu_intern_clear(&blobs->names);
    free(blobs);
}

static bulla_status make(bu_blobs **out, bulla_error *err)
{
    BU_AUTO(bu_blobs) b = calloc(1, sizeof *b);
    if (b == NULL)
        return bu_no_memory(err);
    b->folder = BU_FOLDER_NONE;
    b->file = BU_FILE_NONE;
    b->arena = bu_arena_new();
    if (b->arena == NULL)
        return bu_no_memory(err);
    *out = BU_STEAL(b);
    return BU_OK;
}

bulla_status bu_blobs_open_folder(const char *path, bu_blobs **out, bulla_error *err)
{
    BU_AUTO(bu_blobs) b = NULL;
    BU_TRY(make(&b, err));
    b->is_folder = true;
    BU_TRY(bu_folder_open(path, &b->folder, err));
    *out = BU_STEAL(b);
    return BU_OK;
}

static bulla_status see_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    bu_blobs *b = context;
    size_t number;
    (void)want;
    bu_member kept = *m;
    kept.path = bu_arena_copy(b->arena, m->path);
    kept.target = bu_arena_copy(b->arena, m->target);
    if (kept.path.ptr == NULL || kept.target.ptr == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_vec_grow(&b->members, b->names.count, &b->cap, sizeof *b->members, err));
    BU_TRY(bu_intern_add(&b->names, 0, kept.path, &number, err));
    b->members[number] = kept;
    return BU_OK;
}

bulla_status bu_blobs_open_archive(const char *path, bu_blobs **out, bool *is_archive,
                                   bulla_error *err)
{
    BU_AUTO(bu_blobs) b = NULL;
    bu_peek peek;
    const bu_walk_visitor visitor = { .member = see_member };
    *is_archive = false;
    BU_TRY(make(&b, err));
    BU_TRY(bu_file_open(NULL, path, BU_LIMIT_IMAGE_BYTES, &b->file, err));
    BU_TRY(bu_in_file(err, bu_peek_init(&peek, &b->file.base, err), path));
    if (peek.len < BU_TAR_BLOCK || !bu_tar_checksum_fits(peek.head))
        return BU_OK;
    *is_archive = true;
    bu_walk_visitor own = visitor;
    own.context = b;
    bulla_status status = bu_walk_layer(&peek.base, &own, err);
    *out = BU_STEAL(b); /* what was listed so far tells what it was meant to be */
    return bu_in_file(err, status, path);
}

static const bu_member *find(const bu_blobs *b, bulla_bytes name)
{
    size_t number = bu_intern_find(&b->names, 0, name);
    return number == BU_INTERN_NONE ? NULL : &b->members[number];
}

bool bu_blobs_has(const bu_blobs *blobs, const char *name)
{
    if (blobs->is_folder)
        return bu_folder_look(&blobs->folder, name, NULL) == BU_PRESENCE_FILE;
    const bu_member *m = find(blobs, bu_bytes_of(name));
    return m != NULL && m->kind == BU_MEMBER_FILE;
}

void bu_blob_clear(bu_blob *blob)
{
    bu_file_clear(&blob->file);
}

/* The member that a link names: "../ID/layer.tar" from "OTHER/layer.tar", or a path from the root. */
static const bu_member *follow(const bu_blobs *b, const bu_member *link)
{
    bulla_bytes target = link->target;
    if (link->kind == BU_MEMBER_LINK) {
        if (!bu_bytes_starts(target, "../"))
            return NULL;
        target = bu_bytes_from(target, 3);
    }
    return find(b, target);
}

static bulla_status get_member(const bu_blobs *b, const char *name, bu_blob *out, bulla_error *err)
{
    const bu_member *m = find(b, bu_bytes_of(name));
    if (m == NULL)
        return bu_fail(err, BULLA_E_MISSING_FILE, "is not in the image");
    if (m->kind == BU_MEMBER_LINK || m->kind == BU_MEMBER_HARDLINK)
        m = follow(b, m);
    if (m == NULL || m->kind != BU_MEMBER_FILE)
        return bu_fail(err, BULLA_E_BAD_LINK, "leads to no file of the archive");
    out->part = bu_file_part_of(&b->file, m->content, m->size);
    out->source = &out->part.base;
    out->size = m->size;
    return BU_OK;
}

/* Folders on the way are folders, no links out of the layout. */
static bulla_status check_way(const bu_blobs *b, const char *name, bulla_error *err)
{
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const char *way =
            bu_arena_text(b->arena, bu_bytes_first(bu_bytes_of(name), (size_t)(slash - name)));
        if (way == NULL)
            return bu_no_memory(err);
        bu_presence presence = bu_folder_look(&b->folder, way, NULL);
        if (presence == BU_PRESENCE_NONE)
            return bu_fail(err, BULLA_E_MISSING_FILE, "is not in the image");
        if (presence != BU_PRESENCE_FOLDER)
            return bu_fail(err, BULLA_E_SPECIAL_FILE, "\"%s\" is no folder", way);
    }
    return BU_OK;
}

bulla_status bu_blobs_get(const bu_blobs *blobs, const char *name, bu_blob *out, bulla_error *err)
{
    *out = BU_BLOB_NONE;
    if (!blobs->is_folder)
        return bu_in_file(err, get_member(blobs, name, out, err), name);
    BU_TRY(bu_in_file(err, check_way(blobs, name, err), name));
    BU_TRY(bu_file_open(&blobs->folder, name, BU_LIMIT_ARCHIVE_BYTES, &out->file, err));
    out->source = &out->file.base;
    out->size = out->file.size;
    return BU_OK;
}

bulla_status bu_blobs_unchanged(const bu_blobs *blobs, bulla_error *err)
{
    return blobs->is_folder ? BU_OK : bu_file_unchanged(&blobs->file, err);
}
