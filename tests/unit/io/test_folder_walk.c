/* SPDX-License-Identifier: MIT */
/* Walking a folder: everything in it is seen once, in one order, and nothing that is not in it. */
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"

#include "io/folder_walk.h"

static char *folder;

static void set_up(void)
{
    folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(
        system("mkdir -p t/b/c t/a t/skipped && touch t/b/c/x t/b.y t/skipped/x t/z && "
               "ln -s .. t/a/up && ln -s b t/l && mkfifo t/p"),
        0);
}

static void tear_down(void)
{
    free(folder);
}

static bulla_status see(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    static const char kinds[] = { [BU_PRESENCE_NONE] = '?',
                                  [BU_PRESENCE_FILE] = 'f',
                                  [BU_PRESENCE_FOLDER] = 'd',
                                  [BU_PRESENCE_OTHER] = 'o' };
    bu_buf *out = context;
    bu_buf_add_format(out, "%c %s\n", kinds[found->presence], found->path);
    *enter = strcmp(found->name, "skipped") != 0;
    return out->broken ? bu_no_memory(err) : BU_OK;
}

START_TEST(everything_is_seen_and_no_link_is_followed)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) got = { 0 };
    unit_ok(bu_folder_walk("t", see, &got, &err), err);
    /* Names are in order of bytes, and a folder is gone through where it stands. */
    ck_assert_str_eq((const char *)got.ptr,
                     "d a\no a/up\nd b\nd b/c\nf b/c/x\nf b.y\no l\no p\nd skipped\nf z\n");
}
END_TEST

START_TEST(a_link_is_no_folder)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_folder) top = BU_FOLDER_NONE;
    BU_CLEAR(bu_folder) inner = BU_FOLDER_NONE;
    BU_CLEAR(bu_buf) target = { 0 };
    unit_ok(bu_folder_open("t", &top, &err), err);
    ck_assert(!bulla_ok(bu_folder_enter(&top, "l", &inner, &err)));
    unit_ok(bu_folder_enter(&top, "b", &inner, &err), err);
    unit_ok(bu_folder_link(&top, "l", &target, &err), err);
    ck_assert_str_eq((const char *)target.ptr, "b");
    unit_fails(bu_folder_link(&top, "p", &target, &err), BULLA_E_SPECIAL_FILE, err);
    ck_assert_str_eq(err.file, "p");
}
END_TEST

START_TEST(depth_is_limited)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) got = { 0 };
    ck_assert_int_eq(system("p=deep; for i in $(seq 140); do p=$p/d; done; mkdir -p $p"), 0);
    unit_fails(bu_folder_walk("deep", see, &got, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "deep");
    unit_fails(bu_folder_walk("nothing", see, &got, &err), BULLA_E_MISSING_FILE, err);
}
END_TEST

START_TEST(no_memory)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) got = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_folder_walk("t", see, &got, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 5);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, everything_is_seen_and_no_link_is_followed);
    tcase_add_test(tc, a_link_is_no_folder);
    tcase_add_test(tc, depth_is_limited);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("folder_walk", add);
}
