/* SPDX-License-Identifier: MIT */
/*
 * Settling a graph: what becomes one, what wins, what is refused. A component
 * that is easier to prove than one of its places would let bytes in unseen.
 */
#include "alloc_fail.h"
#include "base/limits.h"
#include "digest/digest.h"
#include "model/graph.h"
#include "suite.h"

static bu_graph *graph;
static bulla_error err;

static void start(void)
{
    graph = bu_graph_new();
    err = (bulla_error){ 0 };
    ck_assert_ptr_nonnull(graph);
}

static void stop(void)
{
    bu_graph_free(graph);
}

/* A component whose pin is `fill` repeated; 0 for none. */
static size_t put(const char *purl, bulla_origin origin, bulla_alg alg, uint8_t fill, uint32_t line)
{
    bulla_component c = { .purl = purl,
                          .type = "npm",
                          .name = "x",
                          .lockfile = "lock",
                          .origin = origin,
                          .line = line,
                          .column = 1,
                          .parent = BULLA_NO_COMPONENT };
    if (fill != 0) {
        bulla_digest_set set = { 1, { { .alg = alg, .len = bulla_alg_size(alg) } } };
        memset(set.items[0].bytes, fill, set.items[0].len);
        unit_ok(bu_digests_keep(&set, graph->arena, &c.digests, &err), err);
    }
    size_t index;
    unit_ok(bu_graph_add(graph, &c, &index, &err), err);
    return index;
}

START_TEST(settled_components_are_sorted_by_purl_and_renumbered)
{
    size_t c = put("pkg:npm/c@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 1, 1);
    size_t a = put("pkg:npm/a@1", BULLA_ORIGIN_LOCAL, BULLA_ALG_NONE, 0, 2);
    size_t b = put("pkg:npm/b@1", BULLA_ORIGIN_BUNDLED, BULLA_ALG_NONE, 0, 3);
    graph->components[b].parent = c;
    graph->root = a;
    unit_ok(bu_graph_link(graph, a, c, &err), err);
    unit_ok(bu_graph_link(graph, c, b, &err), err);
    unit_ok(bu_graph_link(graph, a, c, &err), err);
    unit_ok(bu_graph_link(graph, b, b, &err), err);
    const bu_flaw flaw = { .code = BULLA_E_MISSING_DEPENDENCY, .component = c, .what = "x" };
    unit_ok(bu_graph_note(graph, &flaw, &err), err);
    for (int twice = 0; twice < 2; twice++) { /* settling what is settled changes nothing */
        unit_ok(bu_graph_settle(graph, &err), err);
        ck_assert_uint_eq(graph->count, 3);
        ck_assert_str_eq(graph->components[0].purl, "pkg:npm/a@1");
        ck_assert_str_eq(graph->components[1].purl, "pkg:npm/b@1");
        ck_assert_uint_eq(graph->components[1].parent, 2);
        ck_assert_uint_eq(graph->components[2].parent, BULLA_NO_COMPONENT);
        ck_assert_uint_eq(graph->root, 0);
        ck_assert_uint_eq(graph->flaws[0].component, 2);
        ck_assert_uint_eq(graph->edge_count, 2); /* each once, and none to itself */
        ck_assert_uint_eq(graph->edges[0].from, 0);
        ck_assert_uint_eq(graph->edges[0].to, 2);
        ck_assert_uint_eq(graph->edges[1].from, 2);
        ck_assert_uint_eq(graph->edges[1].to, 1);
    }
}
END_TEST

START_TEST(an_empty_graph_settles)
{
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->count, 0);
    ck_assert_uint_eq(graph->root, BULLA_NO_COMPONENT);
}
END_TEST

START_TEST(one_purl_with_two_pins_is_refused_with_both_places)
{
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA1, 1, 3);
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 2, 10);
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 3, 20);
    unit_fails(bu_graph_settle(graph, &err), BULLA_E_AMBIGUOUS_LOCK, err);
    ck_assert_ptr_nonnull(strstr(err.text, "lock:10:1"));
    ck_assert_ptr_nonnull(strstr(err.text, "lock:20:1"));
    ck_assert_uint_eq(err.line, 20);
    ck_assert_str_eq(err.file, "lock");
    ck_assert_int_eq(strncmp(err.expected, "0202", 4), 0);
    ck_assert_int_eq(strncmp(err.got, "0303", 4), 0);
    ck_assert_uint_eq(graph->count, 3); /* unchanged */
}
END_TEST

/* Two places of one purl, and the line of the one that is kept. */
static const struct {
    bulla_origin first, second;
    uint8_t first_pin, second_pin;
    uint32_t kept;
    uint32_t digests;
} pairs[] = {
    { BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_REGISTRY, 1, 1, 1, 1 },
    { BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_REGISTRY, 1, 0, 2,
      0 }, /* the unpinned one could be anything */
    { BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_REGISTRY, 0, 1, 1, 0 },
    { BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_GIT, 1, 0, 2, 0 },
    { BULLA_ORIGIN_OUTSIDE, BULLA_ORIGIN_REGISTRY, 0, 1, 1, 0 },
    { BULLA_ORIGIN_UNKNOWN, BULLA_ORIGIN_REGISTRY, 0, 1, 1, 0 },
    { BULLA_ORIGIN_BUNDLED, BULLA_ORIGIN_REGISTRY, 0, 1, 2,
      1 }, /* what is fetched has to be proved */
    { BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_BUNDLED, 1, 0, 1, 1 },
    { BULLA_ORIGIN_LOCAL, BULLA_ORIGIN_REGISTRY, 0, 1, 2, 1 },
    { BULLA_ORIGIN_LOCAL, BULLA_ORIGIN_BUNDLED, 0, 0, 2, 0 },  /* an archive must agree */
    { BULLA_ORIGIN_SYSTEM, BULLA_ORIGIN_UNKNOWN, 0, 0, 2, 0 }, /* a .deb can be read */
    { BULLA_ORIGIN_UNKNOWN, BULLA_ORIGIN_SYSTEM, 0, 0, 1, 0 },
    { BULLA_ORIGIN_FILE, BULLA_ORIGIN_REGISTRY, 1, 1, 1, 1 },
};

START_TEST(the_place_that_is_hardest_to_prove_is_kept)
{
    put("pkg:npm/a@1", pairs[_i].first, BULLA_ALG_SHA512, pairs[_i].first_pin, 1);
    put("pkg:npm/a@1", pairs[_i].second, BULLA_ALG_SHA512, pairs[_i].second_pin, 2);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->count, 1);
    ck_assert_uint_eq(graph->components[0].line, pairs[_i].kept);
    ck_assert_uint_eq(graph->components[0].digests.count, pairs[_i].digests);
}
END_TEST

static const bulla_origin hidden[] = { BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_BUNDLED };

START_TEST(a_root_cannot_hide_a_dependency_of_its_name)
{
    graph->root = put("pkg:npm/a@1", BULLA_ORIGIN_LOCAL, BULLA_ALG_NONE, 0, 1);
    put("pkg:npm/a@1", hidden[_i], BULLA_ALG_NONE, 0, 2);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->root, BULLA_NO_COMPONENT);
    ck_assert_int_eq(graph->components[0].origin, hidden[_i]);
}
END_TEST

START_TEST(a_broken_algorithm_in_one_place_is_not_mended_by_a_strong_one_in_another)
{
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 2, 1);
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA1, 1, 2);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->components[0].line, 2);
    ck_assert_uint_eq(graph->components[0].digests.count, 1);
    ck_assert_int_eq(graph->components[0].digests.items[0].alg, BULLA_ALG_SHA1);
}
END_TEST

static void put_place(size_t component, size_t parent, const char *path)
{
    const bu_place place = {
        .component = component, .parent = parent, .path = path, .lockfile = "lock"
    };
    unit_ok(bu_graph_place(graph, &place, &err), err);
}

START_TEST(every_place_of_what_becomes_one_is_kept)
{
    size_t b = put("pkg:npm/b@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 2, 1);
    size_t a = put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 1, 2);
    size_t inner = put("pkg:npm/a@1", BULLA_ORIGIN_BUNDLED, BULLA_ALG_NONE, 0, 3);
    put_place(inner, b, "node_modules/x");
    put_place(b, BULLA_NO_COMPONENT, "node_modules/b");
    put_place(a, BULLA_NO_COMPONENT, "node_modules/a");
    for (int twice = 0; twice < 2; twice++) {
        size_t count;
        unit_ok(bu_graph_settle(graph, &err), err);
        const bu_place *places = bu_graph_places(graph, 0, &count);
        ck_assert_uint_eq(count, 2);
        ck_assert_str_eq(places[0].path, "node_modules/a");
        ck_assert_uint_eq(places[0].parent, BULLA_NO_COMPONENT);
        ck_assert_str_eq(places[1].path, "node_modules/x");
        ck_assert_uint_eq(places[1].parent, 1);
        places = bu_graph_places(graph, 1, &count);
        ck_assert_uint_eq(count, 1);
        ck_assert_str_eq(places[0].path, "node_modules/b");
        ck_assert_ptr_null(bu_graph_places(graph, 2, &count));
        ck_assert_uint_eq(count, 0);
    }
}
END_TEST

START_TEST(what_is_united_keeps_the_strongest_scope_and_the_strictest_presence)
{
    size_t a = put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA256, 1, 1);
    size_t b = put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 2, 2);
    graph->components[a].scope = BULLA_SCOPE_DEV;
    graph->components[a].may_be_absent = graph->components[a].excluded_here = true;
    graph->components[b].scope = BULLA_SCOPE_OPTIONAL;
    graph->components[b].may_be_absent = true;
    graph->components[b].license = "MIT";
    unit_ok(bu_graph_settle(graph, &err), err);
    const bulla_component *c = &graph->components[0];
    ck_assert_int_eq(c->scope, BULLA_SCOPE_OPTIONAL);
    ck_assert(c->may_be_absent);
    ck_assert(!c->excluded_here);
    ck_assert_str_eq(c->license, "MIT");
    ck_assert_uint_eq(c->digests.count, 2);
}
END_TEST

START_TEST(a_bundled_copy_that_must_be_there_says_nothing_about_the_fetched_one)
{
    size_t a = put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 1, 1);
    put("pkg:npm/a@1", BULLA_ORIGIN_BUNDLED, BULLA_ALG_NONE, 0, 2);
    graph->components[a].may_be_absent = true;
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert(graph->components[0].may_be_absent);
}
END_TEST

START_TEST(what_an_absorbed_graph_had_lives_on)
{
    bu_graph *other = bu_graph_new();
    ck_assert_ptr_nonnull(other);
    size_t index, a = put("pkg:npm/a@1", BULLA_ORIGIN_LOCAL, BULLA_ALG_NONE, 0, 1);
    bulla_component c = { .purl = bu_arena_text(other->arena, BULLA_LIT("pkg:npm/b@1")),
                          .type = "npm",
                          .name = bu_arena_text(other->arena, BULLA_LIT("b")),
                          .origin = BULLA_ORIGIN_LOCAL,
                          .parent = BULLA_NO_COMPONENT };
    unit_ok(bu_graph_add(other, &c, &index, &err), err);
    c.origin = BULLA_ORIGIN_BUNDLED;
    c.parent = index;
    c.purl = bu_arena_text(other->arena, BULLA_LIT("pkg:npm/c@1"));
    unit_ok(bu_graph_add(other, &c, &index, &err), err);
    unit_ok(bu_graph_link(other, 0, 1, &err), err);
    const bu_flaw flaw = { .code = BULLA_E_MISSING_FIELD,
                           .component = BULLA_NO_COMPONENT,
                           .what = bu_arena_text(other->arena, BULLA_LIT("w")) };
    unit_ok(bu_graph_note(other, &flaw, &err), err);
    const bu_place place = { .component = 1,
                             .parent = 0,
                             .path = bu_arena_text(other->arena, BULLA_LIT("p")),
                             .lockfile = bu_arena_text(other->arena, BULLA_LIT("l")) };
    unit_ok(bu_graph_place(other, &place, &err), err);
    other->root = 0;
    unit_ok(bu_graph_absorb(graph, other, &err), err);
    bu_graph_free(other);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->count, 3);
    ck_assert_str_eq(graph->components[1].purl, "pkg:npm/b@1");
    ck_assert_str_eq(graph->components[1].name, "b");
    ck_assert_uint_eq(graph->components[2].parent, 1);
    ck_assert_uint_eq(graph->edges[0].from, 1);
    ck_assert_str_eq(graph->flaws[0].what, "w");
    ck_assert_uint_eq(graph->flaws[0].component, BULLA_NO_COMPONENT);
    ck_assert_uint_eq(graph->places[0].component, 2);
    ck_assert_uint_eq(graph->places[0].parent, 1);
    ck_assert_str_eq(graph->places[0].path, "p");
    ck_assert_str_eq(graph->places[0].lockfile, "l");
    ck_assert_uint_eq(graph->root, 1); /* there was none before */
    ck_assert_uint_eq(a, 0);
}
END_TEST

static bulla_file_pin pin_file(const char *name, uint8_t fill)
{
    bulla_digest_set set = { 1, { { .alg = BULLA_ALG_SHA256, .len = 32 } } };
    memset(set.items[0].bytes, fill, 32);
    bulla_file_pin pin = { .name = name };
    unit_ok(bu_digests_keep(&set, graph->arena, &pin.digests, &err), err);
    return pin;
}

static void put_files(const bulla_file_pin *files, size_t count, uint32_t line)
{
    size_t index = put("pkg:pypi/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_NONE, 0, line);
    graph->components[index].files = files;
    graph->components[index].file_count = count;
}

START_TEST(files_of_two_places_are_united_each_once)
{
    const bulla_file_pin first[] = { pin_file("b.whl", 2), pin_file("a.whl", 1) };
    const bulla_file_pin second[] = { pin_file("c.whl", 3), pin_file("a.whl", 1) };
    put_files(first, 2, 1);
    put_files(second, 2, 2);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->count, 1);
    ck_assert_uint_eq(graph->components[0].file_count, 3);
    ck_assert_str_eq(graph->components[0].files[0].name, "a.whl");
    ck_assert_str_eq(graph->components[0].files[2].name, "c.whl");
}
END_TEST

START_TEST(a_place_without_files_is_not_proved_by_those_of_another)
{
    const bulla_file_pin file = pin_file("a.whl", 1);
    put_files(&file, 1, 1);
    put_files(NULL, 0, 2);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_uint_eq(graph->components[0].file_count, 0);
    ck_assert_uint_eq(graph->components[0].line, 2);
}
END_TEST

START_TEST(one_file_with_two_pins_is_refused)
{
    const bulla_file_pin one = pin_file("a.whl", 1), other = pin_file("a.whl", 2);
    put_files(&one, 1, 1);
    put_files(&other, 1, 2);
    unit_fails(bu_graph_settle(graph, &err), BULLA_E_AMBIGUOUS_LOCK, err);
}
END_TEST

START_TEST(documents_that_disagree_are_a_flaw_that_names_both)
{
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 1, 1);
    put("pkg:npm/a@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 2, 5);
    put("pkg:npm/b@1", BULLA_ORIGIN_REGISTRY, BULLA_ALG_SHA512, 3, 7);
    unit_ok(bu_graph_settle_documents(graph, &err), err);
    ck_assert_uint_eq(graph->count, 2);
    ck_assert_uint_eq(graph->flaw_count, 1);
    ck_assert_int_eq(graph->flaws[0].code, BULLA_E_AMBIGUOUS_LOCK);
    ck_assert_uint_eq(graph->flaws[0].component, 0);
    ck_assert_uint_eq(graph->flaws[0].line, 5);
    ck_assert(!graph->flaws[0].tolerated);
    ck_assert_ptr_nonnull(strstr(graph->flaws[0].what, "lock:1:1"));
}
END_TEST

START_TEST(there_is_an_end_to_components)
{
    const bulla_component c = { .purl = "pkg:npm/a@1" };
    size_t index;
    graph->count = BU_LIMIT_COMPONENTS;
    unit_fails(bu_graph_add(graph, &c, &index, &err), BULLA_E_RESOURCE_LIMIT, err);
    graph->count = 0;
}
END_TEST

static bulla_status build(bulla_error *e)
{
    BU_AUTO(bu_graph) a = bu_graph_new();
    BU_AUTO(bu_graph) b = bu_graph_new();
    if (a == NULL || b == NULL)
        return bu_no_memory(e);
    const bulla_component c = { .purl = "pkg:npm/a@1", .name = "a", .parent = BULLA_NO_COMPONENT };
    const bu_flaw flaw = { .code = BULLA_E_MISSING_FIELD, .component = 0, .what = "w" };
    size_t index;
    for (int i = 0; i < 20; i++)
        BU_TRY(bu_graph_add(b, &c, &index, e));
    BU_TRY(bu_graph_link(b, 0, 1, e));
    BU_TRY(bu_graph_note(b, &flaw, e));
    const bu_place place = { .parent = 1, .path = "p", .lockfile = "l" };
    BU_TRY(bu_graph_place(b, &place, e));
    BU_TRY(bu_graph_absorb(a, b, e));
    return bu_graph_settle(a, e);
}

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    for (size_t n = 0;; n++) {
        err = (bulla_error){ 0 };
        alloc_fail_at(n);
        bulla_status status = build(&err);
        bool hit = alloc_fail_off();
        if (!hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, start, stop);
    tcase_add_test(tc, settled_components_are_sorted_by_purl_and_renumbered);
    tcase_add_test(tc, an_empty_graph_settles);
    tcase_add_test(tc, one_purl_with_two_pins_is_refused_with_both_places);
    tcase_add_loop_test(tc, the_place_that_is_hardest_to_prove_is_kept, 0,
                        sizeof pairs / sizeof pairs[0]);
    tcase_add_loop_test(tc, a_root_cannot_hide_a_dependency_of_its_name, 0,
                        sizeof hidden / sizeof hidden[0]);
    tcase_add_test(tc, a_broken_algorithm_in_one_place_is_not_mended_by_a_strong_one_in_another);
    tcase_add_test(tc, every_place_of_what_becomes_one_is_kept);
    tcase_add_test(tc, what_is_united_keeps_the_strongest_scope_and_the_strictest_presence);
    tcase_add_test(tc, a_bundled_copy_that_must_be_there_says_nothing_about_the_fetched_one);
    tcase_add_test(tc, what_an_absorbed_graph_had_lives_on);
    tcase_add_test(tc, files_of_two_places_are_united_each_once);
    tcase_add_test(tc, a_place_without_files_is_not_proved_by_those_of_another);
    tcase_add_test(tc, one_file_with_two_pins_is_refused);
    tcase_add_test(tc, documents_that_disagree_are_a_flaw_that_names_both);
    tcase_add_test(tc, there_is_an_end_to_components);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("graph", add);
}
