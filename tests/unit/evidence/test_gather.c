/* SPDX-License-Identifier: MIT */
/*
 * Gathering: the same facts however many workers, and of two signed indexes
 * that disagree about a .deb the one that lists these very bytes.
 */
#include "evidence/gather.h"

#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"
#include "trust/store.h"

#define DEBS "testdata/demo/debian"
#define DEB  "bulla-demo-doc_1.0-1_all.deb"

static bu_graph *graph;
static bu_places places;
static bulla_error err;

static void set_up(void)
{
    graph = bu_graph_new();
    places = (bu_places){ 0 };
    err = (bulla_error){ 0 };
}

static void tear_down(void)
{
    bu_places_clear(&places);
    bu_graph_free(graph);
}

static void open_archives(const char *path)
{
    const char *const archives[] = { path, NULL };
    unit_ok(bu_places_open(archives, NULL, 0, &places, &err), err);
}

static void put(const char *purl, const char *name, const char *location)
{
    const bulla_component component = { .purl = purl,
                                        .type = location == NULL ? "npm" : "deb",
                                        .name = name,
                                        .version = location == NULL ? "1" : "1.0-1",
                                        .architecture = location == NULL ? NULL : "all",
                                        .location = location,
                                        .parent = BULLA_NO_COMPONENT };
    size_t index;
    unit_ok(bu_graph_add(graph, &component, &index, &err), err);
}

START_TEST(facts_do_not_depend_on_the_number_of_workers)
{
    enum { COUNT = 50 };
    char names[COUNT][8], purls[COUNT][24], path[40];
    bu_needs needs[COUNT] = { 0 };
    char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    for (int i = 0; i < COUNT; i++) {
        needs[i].proofs[BULLA_PROOF_DIGEST] = true;
        (void)snprintf(names[i], sizeof names[i], "a%02d", i);
        (void)snprintf(purls[i], sizeof purls[i], "pkg:npm/%s@1", names[i]);
        put(purls[i], names[i], NULL);
        (void)snprintf(path, sizeof path, "%s-1.tgz", names[i]);
        FILE *file = fopen(path, "wb");
        ck_assert_int_eq(fprintf(file, "%*s", 100 * (i % 7) + i + 1, "x"), 100 * (i % 7) + i + 1);
        ck_assert_int_eq(fclose(file), 0);
    }
    open_archives(folder);
    bulla_digest_set first[COUNT];
    for (size_t jobs = 1; jobs <= 4; jobs++) {
        BU_CLEAR(bu_gathered) gathered = { 0 };
        const bu_gather_options options = {
            .graph = graph, .needs = needs, .places = &places, .jobs = jobs
        };
        unit_ok(bu_gather(&options, &gathered, &err), err);
        ck_assert_uint_eq(gathered.count, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            const bu_evidence *found = &gathered.items[i];
            ck_assert_uint_eq(found->count, 1);
            ck_assert_int_eq(found->facts[0].finding.code, BULLA_E_MISSING_HASH);
            if (jobs == 1)
                first[i] = found->measured;
            ck_assert_mem_eq(&found->measured, &first[i], sizeof first[i]);
            ck_assert(i == 0 || !bulla_digest_equal(&first[i].items[0], &first[i - 1].items[0]));
        }
    }
    free(folder);
}
END_TEST

static const char *const everything[] = { "pkg:deb/**", NULL };
static const char *const another[] = { "pkg:deb/debian/other@*", NULL };
static const char *const no_predicates[] = { NULL };

static bu_role role_for(const char *const *match)
{
    return (bu_role){ .name = "r",
                      .threshold = 1,
                      .match = match,
                      .predicates = no_predicates,
                      .from = INT64_MIN,
                      .until = INT64_MAX,
                      .review_by = INT64_MAX };
}

/* Two indexes: which of them lists the true digest, and what their roles may vouch for. */
static const struct {
    bool first_is_true, second_is_true, first_covers, second_covers;
    bulla_code code; /* OK: held */
} disputes[] = {
    { true, false, true, true, BULLA_OK },
    { false, true, true, true, BULLA_OK },
    { true, true, true, true, BULLA_OK },
    { false, false, true, true, BULLA_E_HASH_MISMATCH },
    { true, false, false, true, BULLA_E_HASH_MISMATCH }, /* who may not vouch is not heard */
    { false, true, false, true, BULLA_OK },
    { true, true, false, false, BULLA_E_UNLISTED_FILE },
};

static bu_listed list(bool is_true, const bu_role *role, const bulla_digest_set *measured,
                      uint64_t size)
{
    bu_listed listed = { .entry = { .package = "bulla-demo-doc",
                                    .version = "1.0-1",
                                    .architecture = "all",
                                    .size = size,
                                    .sha256 = measured->items[0] },
                         .role = role,
                         .role_name = "r",
                         .who = "w",
                         .source = "s" };
    listed.entry.sha256.bytes[0] ^= is_true ? 0 : 1;
    return listed;
}

static void gather(const bu_chain *chain, bu_gathered *out)
{
    static bu_needs needs = { 0 };
    needs.proofs[BULLA_PROOF_ARCHIVE_CHAIN] = chain != NULL;
    const bu_gather_options options = {
        .graph = graph, .needs = &needs, .places = &places, .chain = chain, .jobs = 1
    };
    unit_ok(bu_gather(&options, out, &err), err);
}

START_TEST(of_two_entries_that_disagree_the_one_of_these_bytes_counts)
{
    char *folder = unit_source_path(DEBS), *path = unit_source_path(DEBS "/" DEB);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    BU_CLEAR(bu_gathered) measured = { 0 };
    BU_CLEAR(bu_gathered) gathered = { 0 };
    put("pkg:deb/debian/bulla-demo-doc@1.0-1?arch=all", "bulla-demo-doc", DEB);
    open_archives(folder);
    gather(NULL, &measured);
    bu_role first = role_for(disputes[_i].first_covers ? everything : another);
    bu_role second = role_for(disputes[_i].second_covers ? everything : another);
    const bulla_digest_set *digests = &measured.items[0].measured;
    bu_listed listed[] = {
        list(disputes[_i].first_is_true, &first, digests, (uint64_t)st.st_size),
        list(disputes[_i].second_is_true, &second, digests, (uint64_t)st.st_size),
    };
    const bu_chain chain = { .listed = listed, .count = 2 };
    gather(&chain, &gathered);
    ck_assert_uint_eq(gathered.items[0].count, 1);
    const bulla_fact *fact = &gathered.items[0].facts[0];
    ck_assert_int_eq(fact->finding.code, disputes[_i].code);
    ck_assert_int_eq(fact->outcome == BULLA_HELD, disputes[_i].code == BULLA_OK);
    free(folder);
    free(path);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, facts_do_not_depend_on_the_number_of_workers);
    tcase_add_loop_test(tc, of_two_entries_that_disagree_the_one_of_these_bytes_counts, 0,
                        sizeof disputes / sizeof disputes[0]);
}

int main(void)
{
    return unit_run("gather", add);
}
