/* SPDX-License-Identifier: MIT */
/*
 * Members in the order they come, then sorted by name: no hash that an archive
 * could be made to collide in.
 */
#include "evidence/members.h"

/* SHA-256 of nothing. */
static const uint8_t sha256_of_nothing[32] = {
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
};

static bulla_status keep_name(const bu_member *member, bu_arena *arena, bulla_bytes *out,
                              bulla_error *err)
{
    bool is_folder = member->kind == BU_MEMBER_FOLDER;
    uint8_t *name = bu_arena_get(arena, member->path.len + 1);
    if (name == NULL)
        return bu_no_memory(err);
    memcpy(name, member->path.ptr, member->path.len);
    name[member->path.len] = '/';
    *out = (bulla_bytes){ name, member->path.len + (is_folder ? 1 : 0) };
    return BU_OK;
}

bulla_status bu_members_add(bu_members *members, const bu_member *member,
                            const bulla_digest *sha256, bu_arena *arena, bulla_error *err)
{
    bu_member_file *f = bu_arena_get(arena, sizeof *f);
    if (f == NULL)
        return bu_no_memory(err);
    if (member->kind == BU_MEMBER_LINK || member->kind == BU_MEMBER_HARDLINK)
        return bu_at_offset(err,
                            bu_fail(err, BULLA_E_BAD_LINK,
                                    "member %.*s: a link, which not every "
                                    "installer would make",
                                    (int)member->path.len, member->path.ptr),
                            member->offset);
    f->size = member->size;
    f->older = members->newest;
    memcpy(f->file.sha256, sha256 == NULL ? sha256_of_nothing : sha256->bytes,
           sizeof f->file.sha256);
    members->newest = f;
    members->count++;
    return keep_name(member, arena, &f->file.name, err);
}

static int by_name(const void *a, const void *b)
{
    const bu_member_file *const *x = a, *const *y = b;
    return bu_bytes_compare((*x)->file.name, (*y)->file.name);
}

bulla_status bu_members_sort(bu_members *members, bu_arena *arena, bulla_error *err)
{
    size_t count = 0;
    members->sorted = bu_arena_get_array(arena, members->count, sizeof *members->sorted);
    if (members->sorted == NULL)
        return bu_no_memory(err);
    for (bu_member_file *f = members->newest; f != NULL; f = f->older)
        members->sorted[count++] = f;
    qsort(members->sorted, count, sizeof *members->sorted, by_name);
    for (size_t i = 1; i < count; i++)
        if (by_name(&members->sorted[i - 1], &members->sorted[i]) == 0)
            return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "member %.*s: is there twice",
                           (int)members->sorted[i]->file.name.len,
                           members->sorted[i]->file.name.ptr);
    return BU_OK;
}

bu_member_file *bu_members_find(const bu_members *members, bulla_bytes name)
{
    bu_member_file wanted = { .file.name = name }, *key = &wanted;
    bu_member_file *const *hit =
        members->count == 0
            ? NULL
            : bsearch(&key, members->sorted, members->count, sizeof *members->sorted, by_name);
    return hit == NULL ? NULL : *hit;
}

bulla_status bu_members_h1(const bu_members *members, bu_arena *arena, bulla_digest *out,
                           bulla_error *err)
{
    const bu_dirhash_file **files = bu_arena_get_array(arena, members->count, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < members->count; i++)
        files[i] = &members->sorted[i]->file;
    return bu_dirhash_of(files, members->count, out, err);
}
