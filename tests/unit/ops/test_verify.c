/* SPDX-License-Identifier: MIT */
/*
 * bulla_verify() as a whole, over testdata/demo: whatever runs out or races, the verdict is never better than the truth.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "base/time.h"
#include "bulla/bulla.h"

static char *npm, *npm_archives, *debian, *lists, *store;
static int64_t now;

static void set_up(void)
{
    bulla_error err = { 0 };
    npm = unit_source_path("testdata/demo/npm");
    npm_archives = unit_source_path("testdata/demo/npm/archives");
    debian = unit_source_path("testdata/demo/debian");
    lists = unit_source_path("testdata/demo/debian/lists");
    store = unit_source_path("testdata/demo/debian/trust");
    ck_assert(npm != NULL && npm_archives != NULL && debian != NULL && lists != NULL &&
              store != NULL);
    unit_ok(bu_time_parse(BULLA_LIT("2026-11-21T12:00:00Z"), &now, &err), err);
}

static void tear_down(void)
{
    free(npm);
    free(npm_archives);
    free(debian);
    free(lists);
    free(store);
}

static bulla_status verify_npm(size_t jobs, bulla_result **out, bulla_error *err)
{
    const char *const paths[] = { npm, NULL }, *const archives[] = { npm_archives, NULL };
    const bulla_verify_options options = {
        .paths = paths, .archives = archives, .now = now, .jobs = jobs
    };
    return bulla_verify(&options, out, err);
}

static bulla_status verify_debian(size_t jobs, bulla_result **out, bulla_error *err)
{
    const char *const archives[] = { debian, NULL };
    const bulla_input inputs[] = { { "apt", lists } };
    const bulla_trust_options trust_options = { .folder = store, .now = now };
    bulla_trust *trust = NULL;
    BU_TRY(bulla_trust_load(&trust_options, &trust, err));
    const bulla_verify_options options = { .inputs = inputs,
                                           .input_count = 1,
                                           .archives = archives,
                                           .trust = trust,
                                           .now = now,
                                           .jobs = jobs };
    bulla_status status = bulla_verify(&options, out, err);
    bulla_trust_free(trust);
    return status;
}

typedef bulla_status (*verify_call)(size_t jobs, bulla_result **out, bulla_error *err);
static const verify_call calls[] = { verify_npm, verify_debian };
static const size_t expected[] = { 3, 4 };

START_TEST(the_demo_is_allowed)
{
    bulla_result *result = NULL;
    bulla_error err = { 0 };
    unit_ok(calls[_i](1, &result, &err), err);
    const bulla_totals *totals = bulla_result_totals(result);
    ck_assert_int_eq(bulla_result_exit(result), BULLA_EXIT_ALLOWED);
    ck_assert_uint_eq(totals->total, expected[_i]);
    ck_assert_uint_eq(totals->allowed, expected[_i]);
    bulla_result_free(result);
}
END_TEST

START_TEST(threads_do_not_show)
{
    bulla_error err = { 0 };
    bulla_buffer first = { 0 };
    for (size_t jobs = 1; jobs <= 8; jobs++) {
        bulla_result *result = NULL;
        bulla_buffer page = { 0 };
        const bulla_render_options look = { .verbose = true };
        unit_ok(calls[_i](jobs, &result, &err), err);
        unit_ok(bulla_result_render(result, "json", &look, &page, &err), err);
        bulla_result_free(result);
        if (jobs == 1)
            first = page;
        ck_assert_str_eq((const char *)page.ptr, (const char *)first.ptr);
        if (jobs > 1)
            bulla_buffer_free(&page);
    }
    bulla_buffer_free(&first);
}
END_TEST

START_TEST(no_memory_never_allows)
{
    for (size_t n = 0;; n++) {
        bulla_result *result = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = calls[_i](1, &result, &err);
        bool was_hit = alloc_fail_off();
        bool allowed = bulla_ok(status) && bulla_result_exit(result) == BULLA_EXIT_ALLOWED;
        bulla_result_free(result);
        if (!was_hit) {
            ck_assert(allowed);
            return;
        }
        if (bulla_ok(status))
            ck_assert_msg(!allowed, "allowed although allocation %zu failed", n);
        else
            ck_assert_int_eq(status.code, BULLA_E_NO_MEMORY);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, the_demo_is_allowed, 0, 2);
    tcase_add_loop_test(tc, threads_do_not_show, 0, 2);
    tcase_add_loop_test(tc, no_memory_never_allows, 0, 2);
}

int main(void)
{
    return unit_run("verify", add);
}
