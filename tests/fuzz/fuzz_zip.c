/* SPDX-License-Identifier: MIT */
/*
 * Zip archives: whatever is accepted has safe names, no name for two things,
 * and is the same archive however it arrives. Each input is also tried with
 * its CRCs, central headers and end made right, which chance hardly does.
 */
#include "fuzz.h"

#include <zlib.h>

#include "archive/walk.h"
#include "base/arena.h"
#include "base/bytes.h"

#define TRICKLE 7u   /* bytes at a time */
#define MEMBERS 256u /* as many are compared */
#define LOCAL   30u
#define CENTRAL 46u
#define END     22u

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
    bulla_digest digests[MEMBERS];
    size_t shown, count;
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
    FUZZ_CHECK(m->kind == BU_MEMBER_FILE || (m->kind == BU_MEMBER_FOLDER && m->size == 0));
    l->shown += m->kind == BU_MEMBER_FILE ? 1 : 0;
    *want = true;
    return BU_OK;
}

static bulla_status see_content(void *context, const bu_member *m, bulla_bytes content,
                                bulla_error *err)
{
    (void)context;
    (void)err;
    FUZZ_CHECK(m->kind == BU_MEMBER_FILE && content.len == m->size);
    return BU_OK;
}

static bulla_status see_digest(void *context, const bu_member *m, const bulla_digest *sha256,
                               bulla_error *err)
{
    (void)err;
    listing *l = context;
    FUZZ_CHECK(m->kind == BU_MEMBER_FILE || (m->kind == BU_MEMBER_LINK && m->target.len > 0));
    if (l->count < MEMBERS) {
        l->members[l->count] = *m;
        l->members[l->count].path = bu_arena_copy(l->arena, m->path);
        l->digests[l->count] = *sha256;
    }
    l->count++;
    return BU_OK;
}

static bulla_status list(bu_source *source, listing *out, bulla_error *err)
{
    const bu_walk_visitor visitor = {
        .context = out, .member = see_member, .content = see_content, .digest = see_digest
    };
    return bu_walk_zip(source, &visitor, err);
}

/* A file may be there twice when it is the same; nothing else may have one name. */
static void check_unique(const listing *l)
{
    for (size_t i = 0; i < l->count && i < MEMBERS; i++)
        for (size_t k = 0; k < i; k++)
            FUZZ_CHECK(!bu_bytes_equal(l->members[i].path, l->members[k].path) ||
                       (l->members[i].kind == BU_MEMBER_FILE &&
                        l->members[k].kind == BU_MEMBER_FILE &&
                        bulla_digest_equal(&l->digests[i], &l->digests[k])));
}

static void check_same(const listing *a, const listing *b)
{
    FUZZ_CHECK(a->count == b->count && a->shown == b->shown && a->count == a->shown);
    for (size_t i = 0; i < a->count && i < MEMBERS; i++) {
        FUZZ_CHECK(bu_bytes_equal(a->members[i].path, b->members[i].path));
        FUZZ_CHECK(a->members[i].kind == b->members[i].kind);
        FUZZ_CHECK(bulla_digest_equal(&a->digests[i], &b->digests[i]));
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
        fuzz_check_refusal(status, &err, in.len);
        FUZZ_CHECK(whole.count == 0);
        return;
    }
    check_unique(&whole);
    check_same(&whole, &slow);
}

static void put(uint8_t *at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static size_t get(const uint8_t *at, size_t width)
{
    size_t value = 0;
    for (size_t i = width; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

static bool begins(const uint8_t *zip, size_t at, size_t size, size_t record, const char *magic)
{
    return at <= size && size - at >= record && memcmp(zip + at, magic, 4) == 0;
}

/* Local headers of stored members; where each of the first is. */
static size_t repair_locals(uint8_t *zip, size_t size, size_t *places, size_t *count)
{
    size_t at = 0;
    for (*count = 0; begins(zip, at, size, LOCAL, "PK\3\4") && *count < MEMBERS; ++*count) {
        size_t name = get(zip + at + 26, 2) + get(zip + at + 28, 2), packed = get(zip + at + 18, 4);
        if (size - at - LOCAL < name || size - at - LOCAL - name < packed)
            break;
        places[*count] = at;
        if (get(zip + at + 8, 2) == 0) {
            put(zip + at + 22, packed, 4);
            put(zip + at + 14, crc32(crc32(0, NULL, 0), zip + at + LOCAL + name, (uInt)packed), 4);
        }
        at += LOCAL + name + packed;
    }
    return at;
}

static void repair(uint8_t *zip, size_t size)
{
    size_t places[MEMBERS], count, listed = 0;
    size_t directory = repair_locals(zip, size, places, &count), at = directory;
    for (; begins(zip, at, size, CENTRAL, "PK\1\2") && listed < count; listed++) {
        const uint8_t *local = zip + places[listed];
        size_t name = get(zip + at + 28, 2);
        memcpy(zip + at + 8, local + 6, 20);
        if (size - at - CENTRAL >= name && name == get(local + 26, 2))
            memcpy(zip + at + CENTRAL, local + LOCAL, name);
        put(zip + at + 42, places[listed], 4);
        at += CENTRAL + name + get(zip + at + 30, 2) + get(zip + at + 32, 2);
    }
    if (!begins(zip, at, size, END, "PK\5\6"))
        return;
    put(zip + at + 8, listed, 2);
    put(zip + at + 10, listed, 2);
    put(zip + at + 12, at - directory, 4);
    put(zip + at + 16, directory, 4);
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
