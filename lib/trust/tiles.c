/* SPDX-License-Identifier: MIT */
/*
 * Proofs from hash tiles (C2SP tlog-tiles; golang.org/x/mod/sumdb/tlog). A node of height h is in
 * the tile of level h / 8, as a subtree of h % 8 over the tile's hashes.
 */
#include "trust/tlog.h"

#define TILE_HEIGHT 8
#define TILE_BYTES  (BU_TILE_WIDTH * BU_MERKLE_BYTES)

static bulla_status read_file(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    return bu_file_slurp(context, path, TILE_BYTES, out, err);
}

bu_tiles bu_tiles_in(const bu_folder *folder, const char *prefix)
{
    return (bu_tiles){ .prefix = prefix, .read = read_file, .context = (void *)(uintptr_t)folder };
}

void bu_tile_path(const char *prefix, unsigned level, uint64_t index, unsigned width, bu_buf *out)
{
    uint64_t unit = 1;
    bu_buf_add_format(out, "%s%u/", prefix, level);
    while (index / unit >= 1000)
        unit *= 1000;
    for (; unit > 1; unit /= 1000)
        bu_buf_add_format(out, "x%03u/", (unsigned)(index / unit % 1000));
    bu_buf_add_format(out, "%03u", (unsigned)(index % 1000));
    if (width < BU_TILE_WIDTH)
        bu_buf_add_format(out, ".p/%u", width);
}

/* A tile, for which any wider one may stand: a log deletes partial tiles once it has grown. */
static bulla_status read_tile(const bu_tiles *tiles, unsigned level, uint64_t index, unsigned width,
                              bu_buf *out, bulla_error *err)
{
    bulla_error first = { 0 };
    bulla_status status = BU_OK;
    for (unsigned wide = width; wide <= BU_TILE_WIDTH; wide++) {
        BU_CLEAR(bu_buf) path = { 0 };
        bulla_error why = { 0 };
        bu_tile_path(tiles->prefix, level, index, wide, &path);
        if (path.broken)
            return bu_no_memory(err);
        status = tiles->read(tiles->context, (const char *)path.ptr, out, &why);
        if (bulla_ok(status) && out->len != wide * (size_t)BU_MERKLE_BYTES)
            return bu_in_file(err, bu_fail(err, BULLA_E_TRUNCATED, "a tile of %zu bytes", out->len),
                              (const char *)path.ptr);
        if (wide == width)
            first = why;
        if (status.code != BULLA_E_MISSING_FILE) {
            first = why;
            break;
        }
    }
    if (!bulla_ok(status) && err != NULL)
        *err = first;
    return status;
}

/* What is asked of one tree. */
typedef struct tree {
    const bu_tiles *tiles;
    uint64_t size;
} tree;

/* The node of that height over the leaves from `start`, all of which are in the tree. */
static bulla_status whole_node(const tree *t, unsigned height, uint64_t start, bu_merkle_hash *out,
                               bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    bu_merkle_hash nodes[BU_TILE_WIDTH];
    unsigned level = height / TILE_HEIGHT;
    size_t count = (size_t)1 << height % TILE_HEIGHT;
    uint64_t first = start >> (level * TILE_HEIGHT), stored = t->size >> (level * TILE_HEIGHT);
    uint64_t index = first / BU_TILE_WIDTH;
    unsigned width =
        index < stored / BU_TILE_WIDTH ? BU_TILE_WIDTH : (unsigned)(stored % BU_TILE_WIDTH);
    BU_TRY(read_tile(t->tiles, level, index, width, &bytes, err));
    for (size_t i = 0; i < count; i++)
        memcpy(nodes[i].bytes, bytes.ptr + (first % BU_TILE_WIDTH + i) * BU_MERKLE_BYTES,
               BU_MERKLE_BYTES);
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            BU_TRY(bu_merkle_node(&nodes[2 * i], &nodes[2 * i + 1], &nodes[i], err));
    *out = nodes[0];
    return BU_OK;
}

/* Leaves of a subtree: from `start`, up to `end`. */
typedef struct range {
    uint64_t start, end;
} range;

static unsigned height_of(uint64_t leaves)
{
    return 63 - (unsigned)__builtin_clzll(leaves);
}

/* The root over leaves that are no power of two: whole nodes, the largest first. */
static bulla_status root_of(const tree *t, range leaves, bu_merkle_hash *out, bulla_error *err)
{
    bu_merkle_hash nodes[64] = { 0 };
    size_t count = 0;
    for (uint64_t at = leaves.start; at < leaves.end; count++) {
        unsigned height = height_of(leaves.end - at);
        BU_TRY(whole_node(t, height, at, &nodes[count], err));
        at += UINT64_C(1) << height;
    }
    for (; count > 1; count--)
        BU_TRY(bu_merkle_node(&nodes[count - 2], &nodes[count - 1], &nodes[count - 2], err));
    *out = nodes[0];
    return BU_OK;
}

/* The largest power of two below the number of leaves, which is at least 2. */
static uint64_t split(range leaves)
{
    return UINT64_C(1) << height_of(leaves.end - leaves.start - 1);
}

/* Go down one step towards the leaf `at`; the half that is left behind is handed out. */
static range descend(range *here, uint64_t at)
{
    uint64_t middle = here->start + split(*here);
    range left = { here->start, middle }, right = { middle, here->end };
    bool is_left = at < middle;
    *here = is_left ? left : right;
    return is_left ? right : left;
}

/* Siblings from the root down become hashes from the leaf up. */
static bulla_status add_reversed(const tree *t, const range *siblings, size_t count, bu_proof *out,
                                 bulla_error *err)
{
    while (count-- > 0)
        BU_TRY(root_of(t, siblings[count], &out->hashes[out->count++], err));
    return BU_OK;
}

static bulla_status no_leaf(uint64_t index, uint64_t size, bulla_error *err)
{
    return bu_fail(err, BULLA_E_BAD_NUMBER, "no leaf %llu in a tree of %llu",
                   (unsigned long long)index, (unsigned long long)size);
}

bulla_status bu_tiles_prove_leaf(const bu_tiles *tiles, uint64_t index, uint64_t size,
                                 bu_proof *out, bulla_error *err)
{
    const tree t = { tiles, size };
    range here = { 0, size }, siblings[BU_PROOF_MAX];
    size_t count = 0;
    if (index >= size)
        return no_leaf(index, size, err);
    out->count = 0;
    while (here.end - here.start > 1)
        siblings[count++] = descend(&here, index);
    return add_reversed(&t, siblings, count, out, err);
}

bulla_status bu_tiles_prove_tree(const bu_tiles *tiles, uint64_t before, uint64_t size,
                                 bu_proof *out, bulla_error *err)
{
    const tree t = { tiles, size };
    range here = { 0, size }, siblings[BU_PROOF_MAX];
    size_t count = 0;
    if (before > size)
        return no_leaf(before, size, err);
    out->count = 0;
    if (before == 0)
        return BU_OK;
    /* RFC 9162 section 2.1.4.1, SUBPROOF: down to where the older tree ends. */
    while (here.end != before)
        siblings[count++] = descend(&here, before - 1);
    if (here.start > 0)
        BU_TRY(root_of(&t, here, &out->hashes[out->count++], err));
    return add_reversed(&t, siblings, count, out, err);
}
