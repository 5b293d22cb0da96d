/* SPDX-License-Identifier: MIT */
/* The buffer: a failed append is never forgotten, so no half document is handed out. */
#include "suite.h"

#include "alloc_fail.h"
#include "base/buf.h"
#include "base/vec.h"

START_TEST(appends_add_up)
{
    BU_CLEAR(bu_buf) buf = { 0 };
    for (int i = 0; i < 1000; i++)
        bu_buf_add_format(&buf, "%d,", i);
    bu_buf_add_byte(&buf, 'x');
    bu_buf_add_text(&buf, "yz");
    ck_assert_uint_eq(buf.len, strlen((const char *)buf.ptr));
    ck_assert(bu_bytes_ends(bu_buf_bytes(&buf), "998,999,xyz"));
}
END_TEST

START_TEST(a_lost_append_is_remembered)
{
    for (size_t n = 0; n < 3; n++) {
        BU_CLEAR(bu_buf) buf = { 0 };
        bulla_buffer out = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        for (int i = 0; i < 1000; i++)
            bu_buf_add_text(&buf, "0123456789");
        ck_assert(alloc_fail_off());
        unit_fails(bu_buf_take(&buf, &out, &err), BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(out.ptr);
    }
}
END_TEST

START_TEST(an_empty_buffer_is_a_text)
{
    bu_buf buf = { 0 };
    bulla_buffer out = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_buf_take(&buf, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, "");
    bulla_buffer_free(&out);
    bulla_buffer_free(&out);
    bulla_buffer_free(NULL);
}
END_TEST

START_TEST(absurd_sizes_break_it)
{
    bu_buf buf = { 0 };
    ck_assert_ptr_null(bu_buf_room(&buf, SIZE_MAX));
    ck_assert(buf.broken);
    bu_buf_clear(&buf);
    int *items = NULL;
    size_t cap = SIZE_MAX / 4;
    bulla_error err = { 0 };
    unit_fails(bu_vec_grow(&items, cap, &cap, sizeof *items, &err), BULLA_E_NO_MEMORY, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, appends_add_up);
    tcase_add_test(tc, a_lost_append_is_remembered);
    tcase_add_test(tc, an_empty_buffer_is_a_text);
    tcase_add_test(tc, absurd_sizes_break_it);
}

int main(void)
{
    return unit_run("buf", add);
}
