/* SPDX-License-Identifier: MIT */
/*
 * Tar archives: whatever is accepted has safe names, no name for two things
 * and no more content than input, and is the same archive however it arrives.
 * Each input is also tried with its header checksums made right.
 */
#include "fuzz.h"

#include "archive/decompress.h"
#include "archive/walk.h"
#include "base/arena.h"
#include "base/bytes.h"

#define BLOCK   512u
#define TRICKLE 77u  /* bytes at a time */
#define MEMBERS 512u /* as many are compared */

static bulla_status trickle_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                 bulla_error *err)
{
    (void)err;
    bu_memory_source *source = (bu_memory_source *)self;
    bulla_bytes piece = bu_bytes_first(source->rest, cap < TRICKLE ? cap : TRICKLE);
    if (piece.len > 0)
        memcpy(buf, piece.ptr, piece.len);
    source->rest = bu_bytes_from(source->rest, piece.len);
    *n = piece.len;
    return BU_OK;
}

typedef struct listing {
    bu_arena *arena;
    bu_member members[MEMBERS];
    size_t count;
    uint64_t total;
} listing;

static void check_path(bulla_bytes path)
{
    FUZZ_CHECK(path.len > 0 && path.ptr[0] != '/' && path.ptr[path.len - 1] != '/');
    FUZZ_CHECK(memchr(path.ptr, '\\', path.len) == NULL);
    FUZZ_CHECK(memchr(path.ptr, '\0', path.len) == NULL);
    while (path.len > 0) {
        bulla_bytes component = bu_bytes_first(path, bu_bytes_find(path, '/'));
        FUZZ_CHECK(component.len > 0 && !bu_bytes_is(component, ".."));
        path = bu_bytes_from(path, component.len + 1);
    }
}

static bulla_status see_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)err;
    listing *l = context;
    check_path(m->path);
    FUZZ_CHECK(m->kind == BU_MEMBER_FILE || m->size == 0);
    if (l->count < MEMBERS) {
        l->members[l->count] = *m;
        l->members[l->count].path = bu_arena_copy(l->arena, m->path);
    }
    l->count++;
    l->total += m->size;
    *want = m->size <= BLOCK;
    return BU_OK;
}

static bulla_status see_content(void *context, const bu_member *m, bulla_bytes content,
                                bulla_error *err)
{
    (void)context;
    (void)err;
    FUZZ_CHECK(content.len == m->size);
    return BU_OK;
}

static bulla_status list(bu_source *source, listing *out, bulla_error *err)
{
    const bu_walk_visitor visitor = { .context = out,
                                      .member = see_member,
                                      .content = see_content };
    return bu_walk_tar(source, &visitor, err);
}

/* npm packs some files twice; nothing else may have one name. */
static void check_unique(const listing *l)
{
    for (size_t i = 0; i < l->count && i < MEMBERS; i++) {
        const bu_member *a = &l->members[i];
        for (size_t k = 0; k < i; k++) {
            const bu_member *b = &l->members[k];
            FUZZ_CHECK(!bu_bytes_equal(a->path, b->path) ||
                       (a->kind == BU_MEMBER_FILE && b->kind == a->kind && a->size == b->size));
        }
    }
}

static void check_same(const listing *a, const listing *b)
{
    FUZZ_CHECK(a->count == b->count && a->total == b->total);
    for (size_t i = 0; i < a->count && i < MEMBERS; i++) {
        FUZZ_CHECK(bu_bytes_equal(a->members[i].path, b->members[i].path));
        FUZZ_CHECK(a->members[i].kind == b->members[i].kind);
        FUZZ_CHECK(a->members[i].offset == b->members[i].offset);
    }
}

static void try_one(bulla_bytes in)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    static listing whole, slow; /* too large for the stack */
    whole = (listing){ .arena = arena };
    slow = (listing){ .arena = arena };
    bulla_error err = { 0 }, again = { 0 };
    bu_memory_source source = bu_memory_source_of(in);
    bu_memory_source trickle = bu_memory_source_of(in);
    trickle.base.read = trickle_read;
    bulla_status status = list(&source.base, &whole, &err);
    FUZZ_CHECK(list(&trickle.base, &slow, &again).code == status.code);
    if (!bulla_ok(status)) {
        FUZZ_CHECK(err.code == status.code && err.text[0] != '\0');
        return;
    }
    FUZZ_CHECK(whole.count > 0);
    FUZZ_CHECK(bu_compression_of(in) != BU_COMPRESSION_NONE || whole.total <= in.len);
    check_unique(&whole);
    check_same(&whole, &slow);
}

static void put_checksum(uint8_t *block)
{
    unsigned sum = 0;
    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += block[i];
    for (size_t i = 6; i-- > 0; sum >>= 3)
        block[148 + i] = (uint8_t)('0' + (sum & 7));
    block[154] = '\0';
}

/* Make right what chance would hardly ever make right. */
static void repair(uint8_t *tar, size_t size)
{
    for (size_t at = 0; at + BLOCK <= size && tar[at] != '\0';) {
        size_t content = 0;
        for (size_t i = 124; i < 136 && tar[at + i] >= '0' && tar[at + i] <= '7'; i++)
            content = content << 3 | (size_t)(tar[at + i] - '0');
        put_checksum(tar + at);
        if (content > size)
            return;
        at += BLOCK + (content + BLOCK - 1) / BLOCK * BLOCK;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes copy = fuzz_copy(data, size);
    try_one(copy);
    repair((uint8_t *)(uintptr_t)copy.ptr, size);
    try_one(copy);
    fuzz_free(copy);
    return 0;
}
