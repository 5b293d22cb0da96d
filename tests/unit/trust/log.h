/* SPDX-License-Identifier: MIT */
/*
 * A transparency log for tests: its tree by the definition (RFC 9162 section 2.1), its tiles, and
 * checks of what it signs.
 */
#ifndef UNIT_TRUST_LOG_H
#define UNIT_TRUST_LOG_H

#include <inttypes.h>

#include "build.h"
#include "notes.h"
#include "trust/tlog.h"

typedef struct test_log {
    bu_merkle_hash *leaves;
    uint64_t count;
    bu_merkle_hash *whole; /* roots over 256 leaves each, made once */
    uint64_t whole_count;
} test_log;

static inline void test_log_clear(test_log *log)
{
    free(log->leaves);
    free(log->whole);
}
BU_DEFINE_CLEAR(test_log)

/** MTH(D[from:from + n]) */
static inline bu_merkle_hash test_log_root(const test_log *log, uint64_t from, uint64_t n)
{
    bu_merkle_hash out = { { 0 } };
    bulla_error err = { 0 };
    if (n == 1)
        return log->leaves[from];
    if (n == BU_TILE_WIDTH && from / BU_TILE_WIDTH < log->whole_count)
        return log->whole[from / BU_TILE_WIDTH];
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    bu_merkle_hash left = test_log_root(log, from, k), right = test_log_root(log, from + k, n - k);
    unit_ok(bu_merkle_node(&left, &right, &out, &err), err);
    return out;
}

/** A log of "entry 0", "entry 1" …. */
static inline test_log test_log_new(uint64_t count)
{
    test_log log = { .leaves = calloc((size_t)count, sizeof *log.leaves),
                     .count = count,
                     .whole = calloc((size_t)count, sizeof *log.whole) };
    bulla_error err = { 0 };
    for (uint64_t i = 0; i < count; i++) {
        char entry[32];
        (void)snprintf(entry, sizeof entry, "entry %" PRIu64, i);
        unit_ok(bu_merkle_leaf(bu_bytes_of(entry), &log.leaves[i], &err), err);
    }
    for (uint64_t i = 0; i < count / BU_TILE_WIDTH; i++) {
        log.whole[i] = test_log_root(&log, i * BU_TILE_WIDTH, BU_TILE_WIDTH);
        log.whole_count = i + 1;
    }
    return log;
}

/** PATH(m, D[from:from + n]) */
static inline void test_log_path(const test_log *log, uint64_t m, uint64_t from, uint64_t n,
                                 bu_proof *out)
{
    if (n == 1)
        return;
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    if (m < k)
        test_log_path(log, m, from, k, out);
    else
        test_log_path(log, m - k, from + k, n - k, out);
    out->hashes[out->count++] =
        m < k ? test_log_root(log, from + k, n - k) : test_log_root(log, from, k);
}

/* The numbers in "tile/LEVEL/xNNN/NNN[.p/WIDTH]". */
static inline void test_tile_parse(const char *path, uint64_t *level, uint64_t *index,
                                   uint64_t *width)
{
    char *end;
    ck_assert(strncmp(path, "tile/", 5) == 0);
    *level = strtoull(path + 5, &end, 10);
    *index = 0;
    while (*end == '/') {
        end += end[1] == 'x' ? 2 : 1;
        *index = *index * 1000 + strtoull(end, &end, 10);
    }
    *width = BU_TILE_WIDTH;
    if (*end == '.')
        *width = strtoull(end + 3, &end, 10);
    ck_assert_int_eq(*end, '\0');
}

/** A bu_tiles.read over a log: the tiles that it keeps at its size. */
static inline bulla_status test_log_tile(void *context, const char *path, bu_buf *out,
                                         bulla_error *err)
{
    const test_log *log = context;
    uint64_t level, index, width, span = 1;
    test_tile_parse(path, &level, &index, &width);
    for (uint64_t i = 0; i < level; i++)
        span *= BU_TILE_WIDTH;
    uint64_t stored = log->count / span, have = stored / BU_TILE_WIDTH;
    if (index > have || width != (index < have ? BU_TILE_WIDTH : stored % BU_TILE_WIDTH))
        return bu_fail(err, BULLA_E_MISSING_FILE, "no tile %s", path);
    for (uint64_t i = 0; i < width; i++) {
        bu_merkle_hash node = test_log_root(log, (index * BU_TILE_WIDTH + i) * span, span);
        bu_buf_add(out, (bulla_bytes){ node.bytes, sizeof node.bytes });
    }
    return BU_OK;
}

/** "ORIGIN\nSIZE\nROOT\n" */
static inline void test_log_head(const char *origin, uint64_t size, const bu_merkle_hash *root,
                                 bu_buf *out)
{
    bu_buf_add_format(out, "%s\n%" PRIu64 "\n", origin, size);
    bu_base64_encode((bulla_bytes){ root->bytes, sizeof root->bytes }, out);
    bu_buf_add_byte(out, '\n');
}

/* A check of a file that signs bytes in memory. */
typedef struct test_check {
    bu_anchors anchors;
    bu_arena *arena;
    bulla_bytes bytes;
    bulla_digest h1; /* alg NONE: cannot be made */
    bu_message message;
    bu_check check;
} test_check;

static inline bulla_status test_message_read(void *context, bu_buf *out, bulla_error *err)
{
    const test_check *t = context;
    bu_buf_add(out, t->bytes);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static inline bulla_status test_message_digest(void *context, bulla_alg alg, bulla_digest *out,
                                               bulla_error *err)
{
    const test_check *t = context;
    if (alg == BULLA_ALG_H1 && t->h1.alg == BULLA_ALG_NONE)
        return bu_fail(err, BULLA_E_MISSING_HASH, "no h1");
    *out = t->h1;
    return alg == BULLA_ALG_H1 ? BU_OK : bu_digest_of(alg, t->bytes, out, err);
}

static inline void test_check_clear(test_check *t)
{
    bu_anchors_clear(&t->anchors);
    bu_arena_free(t->arena);
}
BU_DEFINE_CLEAR(test_check)

/** Anchors from a file of this text; a message of these bytes, if `bytes` is not NULL. */
static inline void test_check_start(test_check *t, const char *anchors, const char *bytes)
{
    bulla_error err = { 0 };
    *t = (test_check){ .arena = bu_arena_new(), .bytes = bu_bytes_of(bytes) };
    unit_ok(bu_anchors_start(&t->anchors, &err), err);
    if (anchors != NULL)
        unit_ok(bu_anchors_read(bu_bytes_of(anchors), "anchors", &t->anchors, &err), err);
    t->message = (bu_message){
        .name = "m", .digest = test_message_digest, .read = test_message_read, .context = t
    };
    t->check = (bu_check){ .file = "f",
                           .message = bytes == NULL ? NULL : &t->message,
                           .anchors = &t->anchors,
                           .now = TEST_NOW,
                           .arena = t->arena };
}

/** What the text of that label is in a description; NULL: none. */
static inline const char *test_described(const bu_description *description, const char *label)
{
    for (size_t i = 0; i < description->count; i++)
        if (strcmp(description->items[i].label, label) == 0)
            return (const char *)description->items[i].text.ptr;
    return NULL;
}

#endif
