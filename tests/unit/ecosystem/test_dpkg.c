/* SPDX-License-Identifier: MIT */
/*
 * dpkg's database: what depends on options, memory and the machine. The
 * format itself is in testdata/ecosystem/dpkg.
 */
#include <unistd.h>

#include "alloc_fail.h"
#include "show.h"
#include "suite.h"

static const bu_ecosystem *dpkg(void)
{
    return bu_ecosystem_by_id(BULLA_LIT("dpkg"));
}

START_TEST(the_distribution_is_the_namespace)
{
    const bulla_bytes text = BULLA_LIT("Package: a\nVersion: 1.0\nArchitecture: all\n");
    static const struct {
        const char *distribution, *purl;
    } cases[] = {
        { "ubuntu", "pkg:deb/ubuntu/a@1.0?arch=all" },
        { NULL, "pkg:deb/debian/a@1.0?arch=all" },
    };
    for (size_t i = 0; i < 2; i++) {
        const bu_ecosystem_options options = { .distribution = cases[i].distribution };
        BU_AUTO(bu_graph) graph = bu_graph_new();
        bulla_error err = { 0 };
        unit_ok(dpkg()->parse(text, "status", &options, graph, &err), err);
        ck_assert_str_eq(graph->components[0].purl, cases[i].purl);
    }
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    char *path = unit_source_path("testdata/ecosystem/dpkg/valid/alternatives/status");
    bulla_bytes text = unit_slurp(path);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_graph *graph = NULL;
        alloc_fail_at(n);
        bulla_status status = show_parse(dpkg(), text, "status", NULL, &graph, &err);
        bool hit = alloc_fail_off();
        bu_graph_free(graph);
        if (!hit)
            break;
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    free((void *)(uintptr_t)text.ptr);
    free(path);
}
END_TEST

/* Where tests run on Debian, its own database is one more case: all is listed, nothing missing. */
START_TEST(the_database_of_this_machine_is_whole)
{
    if (access("/var/lib/dpkg/status", R_OK) != 0) {
        unit_skipped("the database of this machine", "it has none");
        return;
    }
    bulla_bytes text = unit_slurp("/var/lib/dpkg/status");
    bulla_error err = { 0 };
    bu_graph *graph = NULL;
    unit_ok(show_parse(dpkg(), text, "status", NULL, &graph, &err), err);
    size_t installed = 0;
    for (const char *at = (const char *)text.ptr;
         (at = strstr(at, "\nStatus: install ok installed\n")) != NULL; at++)
        installed++;
    ck_assert_uint_ge(graph->count, installed);
    ck_assert_uint_eq(graph->flaw_count, 0);
    bu_graph_free(graph);
    free((void *)(uintptr_t)text.ptr);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, the_distribution_is_the_namespace);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
    tcase_add_test(tc, the_database_of_this_machine_is_whole);
}

int main(void)
{
    return unit_run("dpkg", add);
}
