/* SPDX-License-Identifier: MIT */
/*
 * A trie of folders: each part of a path is a name in its parent.
 */
#include "ecosystem/layout.h"

#include "base/vec.h"

#define NODE_MODULES BULLA_LIT("node_modules")

void bu_layout_clear(bu_layout *layout)
{
    bu_intern_clear(&layout->parts);
    free(layout->folders);
    *layout = (bu_layout){ 0 };
}

static bulla_status add_part(bu_layout *layout, size_t parent, bulla_bytes part, size_t *out,
                             bulla_error *err)
{
    size_t known = layout->parts.count;
    BU_TRY(bu_vec_grow(&layout->folders, known, &layout->cap, sizeof *layout->folders, err));
    BU_TRY(bu_intern_add(&layout->parts, parent, part, out, err));
    if (*out < known)
        return BU_OK;
    layout->folders[*out] = (bu_layout_folder){ BU_LAYOUT_NONE, BU_LAYOUT_NONE };
    if (parent != BU_LAYOUT_NONE && bu_bytes_equal(part, NODE_MODULES))
        layout->folders[parent].modules = *out;
    return BU_OK;
}

bulla_status bu_layout_start(bu_layout *layout, bulla_error *err)
{
    size_t root;
    return add_part(layout, BU_LAYOUT_NONE, (bulla_bytes){ 0 }, &root, err);
}

/* Take the first part off a path. */
static bulla_bytes next_part(bulla_bytes *path)
{
    size_t slash = bu_bytes_find(*path, '/');
    bulla_bytes part = bu_bytes_first(*path, slash);
    *path = bu_bytes_from(*path, slash + 1);
    return part;
}

bulla_status bu_layout_add(bu_layout *layout, size_t folder, bulla_bytes path, size_t *out,
                           bulla_error *err)
{
    while (path.len > 0)
        BU_TRY(add_part(layout, folder, next_part(&path), &folder, err));
    *out = folder;
    return BU_OK;
}

size_t bu_layout_find(const bu_layout *layout, size_t folder, bulla_bytes path)
{
    while (path.len > 0 && folder != BU_LAYOUT_NONE)
        folder = bu_intern_find(&layout->parts, folder, next_part(&path));
    return folder;
}

size_t bu_layout_up(const bu_layout *layout, size_t folder)
{
    return layout->parts.items[folder].space;
}

bulla_bytes bu_layout_part(const bu_layout *layout, size_t folder)
{
    return folder == BU_LAYOUT_NONE ? (bulla_bytes){ 0 } : layout->parts.items[folder].key;
}

/* Above a folder that lies outside of the project, the project is not. */
static bool is_outside(const bu_layout *layout, size_t folder)
{
    return bu_bytes_is(bu_layout_part(layout, folder), "..");
}

size_t bu_layout_resolve(const bu_layout *layout, size_t folder, bulla_bytes name)
{
    for (; folder != BU_LAYOUT_NONE; folder = bu_layout_up(layout, folder)) {
        size_t modules = layout->folders[folder].modules;
        size_t hit = modules == BU_LAYOUT_NONE ? modules : bu_layout_find(layout, modules, name);
        if (hit != BU_LAYOUT_NONE && layout->folders[hit].item != BU_LAYOUT_NONE)
            return hit;
        if (is_outside(layout, folder))
            break;
    }
    return BU_LAYOUT_NONE;
}
