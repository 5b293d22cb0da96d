/* SPDX-License-Identifier: MIT */
/* The arena: zeroed, aligned, and NULL instead of an overflow. */
#include "suite.h"

#include "base/arena.h"

static bool all_are(const uint8_t *bytes, size_t len, size_t value)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

START_TEST(pieces_are_zeroed_and_apart)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    ck_assert_ptr_nonnull(arena);
    uint8_t *pieces[300];
    for (size_t i = 0; i < 300; i++) {
        pieces[i] = bu_arena_get(arena, i * 37);
        ck_assert_ptr_nonnull(pieces[i]);
        ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        ck_assert(all_are(pieces[i], i * 37, 0));
        memset(pieces[i], (int)(i & 0xFF), i * 37);
    }
    for (size_t i = 0; i < 300; i++)
        ck_assert(all_are(pieces[i], i * 37, i & 0xFF));
}
END_TEST

START_TEST(overflow_gives_nothing)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    ck_assert_ptr_null(bu_arena_get(arena, SIZE_MAX));
    ck_assert_ptr_null(bu_arena_get_array(arena, SIZE_MAX / 2, 3));
    ck_assert_ptr_nonnull(bu_arena_get(arena, 0));
}
END_TEST

START_TEST(texts_are_copies)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    ck_assert_str_eq(bu_arena_text(arena, BULLA_LIT("abc")), "abc");
    ck_assert_str_eq(bu_arena_text(arena, (bulla_bytes){ 0 }), "");
    ck_assert_str_eq(bu_arena_format(arena, "%s-%d", "x", 7), "x-7");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, pieces_are_zeroed_and_apart);
    tcase_add_test(tc, overflow_gives_nothing);
    tcase_add_test(tc, texts_are_copies);
}

int main(void)
{
    return unit_run("arena", add);
}
