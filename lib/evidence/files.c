/* SPDX-License-Identifier: MIT */
/*
 * Lists of files: added in any order, sorted once, then only looked at.
 */
#include "evidence/files.h"

#include "base/limits.h"
#include "base/vec.h"
#include "evidence/package.h"

void bu_files_clear(bu_files *files)
{
    free(files->items);
    files->items = NULL;
    files->count = files->cap = 0;
}

bulla_status bu_files_add(bu_files *files, bulla_bytes path, const bu_file_entry *entry,
                          bulla_error *err)
{
    if (files->count >= BU_LIMIT_TREE_FILES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u files", BU_LIMIT_TREE_FILES);
    BU_TRY(bu_vec_grow(&files->items, files->count, &files->cap, sizeof *files->items, err));
    bu_file_entry *added = &files->items[files->count];
    *added = *entry;
    added->path = bu_arena_text(files->arena, path);
    if (added->path == NULL)
        return bu_no_memory(err);
    files->count++;
    return BU_OK;
}

bulla_status bu_files_add_link(bu_files *files, bulla_bytes path, bulla_bytes target,
                               bulla_error *err)
{
    bu_file_entry link = { .kind = BU_FILE_LINK, .size = target.len };
    bulla_digest digest;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, target, &digest, err));
    memcpy(link.sha256, digest.bytes, sizeof link.sha256);
    return bu_files_add(files, path, &link, err);
}

bulla_status bu_files_add_member(bu_files *files, const bu_member *member, bulla_bytes path,
                                 bulla_bytes target, bulla_error *err)
{
    if (member->kind == BU_MEMBER_LINK)
        return bu_files_add_link(files, path, member->target, err);
    if (member->kind != BU_MEMBER_HARDLINK)
        return BU_OK;
    const bu_file_entry link = { .kind = BU_FILE_HARDLINK,
                                 .content = bu_arena_text(files->arena, target) };
    return link.content == NULL ? bu_no_memory(err) : bu_files_add(files, path, &link, err);
}

bulla_status bu_files_add_content(bu_files *files, const bu_member *member, bulla_bytes path,
                                  const bulla_digest *sha256, bulla_error *err)
{
    bu_file_entry file = { .kind = member->kind == BU_MEMBER_LINK ? BU_FILE_LINK : BU_FILE_CONTENT,
                           .size = member->size };
    memcpy(file.sha256, sha256->bytes, sizeof file.sha256);
    return bu_files_add(files, path, &file, err);
}

/* By path; of one path, notes last. */
static int by_path(const void *a, const void *b)
{
    const bu_file_entry *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    return order != 0 ? order : (x->kind > y->kind) - (x->kind < y->kind);
}

static int is_path(const void *key, const void *item)
{
    return strcmp(key, ((const bu_file_entry *)item)->path);
}

const bu_file_entry *bu_files_find(const bu_files *files, const char *path)
{
    return files->count == 0
               ? NULL
               : bsearch(path, files->items, files->count, sizeof *files->items, is_path);
}

/* One step suffices: the walk refuses a hard link to what is no file. */
static void resolve(bu_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        bu_file_entry *link = &files->items[i];
        if (link->kind != BU_FILE_HARDLINK)
            continue;
        const bu_file_entry *file = bu_files_find(files, link->content);
        bool is_file = file != NULL && file->kind == BU_FILE_CONTENT;
        link->kind = is_file ? BU_FILE_CONTENT : BU_FILE_SPECIAL;
        link->size = is_file ? file->size : 0;
        if (is_file)
            memcpy(link->sha256, file->sha256, sizeof link->sha256);
    }
}

void bu_files_sort(bu_files *files)
{
    size_t kept = 0;
    if (files->count > 0)
        qsort(files->items, files->count, sizeof *files->items, by_path);
    for (size_t i = 0; i < files->count; i++) {
        const bu_file_entry *entry = &files->items[i];
        bu_file_entry *last = kept == 0 ? NULL : &files->items[kept - 1];
        if (last != NULL && strcmp(last->path, entry->path) == 0)
            last->is_optional = last->is_optional || entry->is_optional;
        else if (entry->kind != BU_FILE_NOTE)
            files->items[kept++] = *entry;
    }
    files->count = kept;
    resolve(files);
}

bool bu_files_next(const bu_files *a, const bu_files *b, bu_file_pairs *at, bu_file_pair *out)
{
    const bu_file_entry *x = at->a < a->count ? &a->items[at->a] : NULL;
    const bu_file_entry *y = at->b < b->count ? &b->items[at->b] : NULL;
    int order = x == NULL ? 1 : y == NULL ? -1 : strcmp(x->path, y->path);
    *out = (bu_file_pair){ order <= 0 ? x : NULL, order >= 0 ? y : NULL };
    at->a += out->a != NULL;
    at->b += out->b != NULL;
    return x != NULL || y != NULL;
}

bool bu_file_same(const bu_file_pair *pair)
{
    return pair->a != NULL && pair->b != NULL && pair->a->kind == pair->b->kind &&
           pair->a->kind != BU_FILE_SPECIAL &&
           memcmp(pair->a->sha256, pair->b->sha256, sizeof pair->a->sha256) == 0;
}

static bulla_status hash(const bu_found *found, bu_hasher *hasher, uint8_t *scratch,
                         bu_file_entry *entry, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    bu_tap tap;
    bulla_digest_set digests;
    BU_TRY(bu_file_open(found->folder, found->name, BU_LIMIT_ARCHIVE_BYTES, &file, err));
    BU_TRY(bu_tap_init(&tap, &file.base, hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    BU_TRY(bu_tap_drain(&tap, scratch, err));
    BU_TRY(bu_tap_finish(&tap, &digests, err));
    BU_TRY(bu_file_unchanged(&file, err));
    entry->kind = BU_FILE_CONTENT;
    entry->size = tap.count;
    memcpy(entry->sha256, digests.items[0].bytes, sizeof entry->sha256);
    return BU_OK;
}

bulla_status bu_files_measure(bu_files *files, const bu_found *found, const char *path,
                              bu_hasher *hasher, uint8_t *scratch, bulla_error *err)
{
    bu_file_entry entry = { .kind = BU_FILE_SPECIAL };
    BU_CLEAR(bu_buf) target = { 0 };
    if (found->presence == BU_PRESENCE_FILE)
        BU_TRY(bu_in_file(err, hash(found, hasher, scratch, &entry, err), path));
    else if (bulla_ok(bu_folder_link(found->folder, found->name, &target, err)))
        return bu_files_add_link(files, bu_bytes_of(path), bu_buf_bytes(&target), err);
    return bu_files_add(files, bu_bytes_of(path), &entry, err);
}

typedef struct listing {
    bool (*skips)(const void *context, const char *path);
    const void *context;
    bu_hasher *hasher;
    uint8_t *scratch;
    bu_files *out;
} listing;

static bulla_status visit(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    listing *l = context;
    if (l->skips != NULL && l->skips(l->context, found->path))
        return BU_OK;
    *enter = true;
    if (found->presence == BU_PRESENCE_FOLDER)
        return BU_OK;
    return bu_files_measure(l->out, found, found->path, l->hasher, l->scratch, err);
}

bulla_status bu_files_of_folder(const char *folder,
                                bool (*skips)(const void *context, const char *path),
                                const void *context, bu_hasher *hasher, bu_files *out,
                                bulla_error *err)
{
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    if (scratch == NULL)
        return bu_no_memory(err);
    listing l = {
        .skips = skips, .context = context, .hasher = hasher, .scratch = scratch, .out = out
    };
    BU_TRY(bu_folder_walk(folder, visit, &l, err));
    bu_files_sort(out);
    return BU_OK;
}

static bulla_status see_member(void *context, const bu_member *member, bool *want, bulla_error *err)
{
    (void)want;
    return bu_files_add_member(context, member, member->path, member->target, err);
}

static bulla_status see_digest(void *context, const bu_member *member, const bulla_digest *sha256,
                               bulla_error *err)
{
    return bu_files_add_content(context, member, member->path, sha256, err);
}

/* What all paths have in front: their top folder; of a Go module, MODULE@VERSION. */
static size_t top_of(const bu_files *files)
{
    const char *first = files->count == 0 ? "" : files->items[0].path;
    const char *module = strstr(first, "@v"), *slash = strchr(first, '/');
    if (module != NULL && strchr(module, '/') != NULL)
        slash = strchr(module, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - first) + 1;
    for (size_t i = 0; i < files->count && len > 0; i++)
        if (strncmp(files->items[i].path, first, len) != 0)
            return 0;
    return len;
}

bulla_status bu_files_of_archive(const char *path, bu_files *out, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    bu_peek peek;
    const bu_walk_visitor visitor = { .context = out, .member = see_member, .digest = see_digest };
    BU_TRY(bu_file_open(NULL, path, BU_LIMIT_ARCHIVE_BYTES, &file, err));
    BU_TRY(bu_in_file(err, bu_peek_init(&peek, &file.base, err), path));
    bulla_bytes head = bu_peek_head(&peek);
    bulla_status status;
    if (bu_begins_zip(head))
        status = bu_walk_zip(&peek.base, &visitor, err);
    else if (bu_begins_tarball(head))
        status = bu_walk_tar(&peek.base, &visitor, err);
    else
        status = bu_fail(err, BULLA_E_FORMAT_MISMATCH, "neither a lockfile nor an archive");
    BU_TRY(bu_in_file(err, status, path));
    bu_files_sort(out);
    size_t top = top_of(out);
    for (size_t i = 0; i < out->count; i++)
        out->items[i].path += top;
    return BU_OK;
}
