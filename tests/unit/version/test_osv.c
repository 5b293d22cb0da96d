/* SPDX-License-Identifier: MIT */
/*
 * The order of the OSV ecosystems over a list made by others, where it is at
 * hand. What the vers specification's tests say is run by the conformance
 * runner.
 */
#include "suite.h"

#include "base/cleanup.h"
#include "version/scheme.h"

static bulla_bytes field(bulla_bytes *line)
{
    return bu_take_until(line, '\t');
}

START_TEST(the_order_of_the_osv_ecosystems_holds)
{
    static const char *const signs[] = { "<", "=", ">" };
    BU_FREE char *path = unit_vectors_path("versions/order.tsv");
    if (path == NULL) {
        unit_skipped("the order of the OSV ecosystems", "versions/order.tsv is not at hand");
        return;
    }
    bulla_bytes text = unit_slurp(path), rest = text;
    size_t count = 0;
    for (; rest.len > 0; count++) {
        bulla_bytes line = bu_take_until(&rest, '\n'), whole = line;
        bulla_bytes name = field(&line), a = field(&line), sign = field(&line), b = field(&line);
        const bu_scheme *scheme;
        bulla_error err = { 0 };
        unit_ok(bu_scheme_find(name, &scheme, &err), err);
        unit_ok(bu_version_check(scheme, a, &err), err);
        unit_ok(bu_version_check(scheme, b, &err), err);
        int order = bu_version_compare(scheme, a, b);
        ck_assert_msg(bu_bytes_is(sign, signs[order + 1]), "%.*s", (int)whole.len,
                      (const char *)whole.ptr);
        ck_assert_int_eq(bu_version_compare(scheme, b, a), -order);
    }
    printf("# %zu pairs of versions are in order\n", count);
    ck_assert_uint_gt(count, 0);
    free((void *)(uintptr_t)text.ptr);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, the_order_of_the_osv_ecosystems_holds);
}

int main(void)
{
    return unit_run("osv", add);
}
