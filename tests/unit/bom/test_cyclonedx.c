/* SPDX-License-Identifier: MIT */
/*
 * The CycloneDX writer: what must be in a document, what must never be, and
 * that the same graph gives the same bytes. Validity against the official
 * schema is validate.py's part.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "digest/hasher.h"
#include "sample.h"

static bu_buf written(const bu_graph *graph, const bu_bom_options *options)
{
    bu_buf out = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_bom_by_id("cyclonedx")->write(graph, options, &out, &err), err);
    return out;
}

/* The document of one component. */
static bu_buf written_one(bulla_component component)
{
    if (component.purl == NULL)
        component.purl = "pkg:npm/a@1.0.0";
    if (component.name == NULL)
        component.name = "a";
    bulla_component components[] = { component, { .purl = "pkg:npm/not-of-the-graph@1" } };
    bu_graph graph = sample_graph(components, 1);
    return written(&graph, &sample_options);
}

START_TEST(a_product_is_written_as_the_golden_file_shows)
{
    bu_graph graph = sample_product();
    bu_buf out = written(&graph, &sample_options);
    BU_FREE char *path = unit_source_path("testdata/golden/product.cdx.json");
    ck_assert_ptr_nonnull(path);
    bulla_bytes want = unit_slurp(path);
    size_t same = 0;
    while (same < want.len && same < out.len && out.ptr[same] == want.ptr[same])
        same++;
    ck_assert_msg(bu_bytes_equal(bu_buf_bytes(&out), want), "they part at byte %zu", same);
    free((void *)(uintptr_t)want.ptr);
    bu_buf_clear(&out);
}
END_TEST

START_TEST(the_serial_number_is_the_digest_of_the_rest)
{
    bu_graph graph = sample_product();
    bu_buf out = written(&graph, &sample_options);
    char *serial = strstr((char *)out.ptr, "urn:uuid:") + strlen("urn:uuid:");
    char want[37] = { 0 }, plain[37];
    bulla_digest digest;
    bulla_error err = { 0 };
    memcpy(plain, serial, 36);
    memcpy(serial, "00000000-0000-0000-0000-000000000000", 36);
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&out), &digest, &err), err);
    const uint8_t *b = digest.bytes;
    (void)snprintf(want, sizeof want,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                   b[1], b[2], b[3], b[4], b[5], 0x80 | (b[6] & 0xf), b[7], 0x80 | (b[8] & 0x3f),
                   b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    ck_assert_mem_eq(plain, want, 36);
    bu_buf_clear(&out);
}
END_TEST

START_TEST(the_same_graph_gives_the_same_bytes_behind_any_other)
{
    bu_graph graph = sample_product();
    bu_buf first = written(&graph, &sample_options), second = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_text(&second, "before");
    unit_ok(bu_bom_by_id("cyclonedx")->write(&graph, &sample_options, &second, &err), err);
    ck_assert(bu_bytes_equal(bu_buf_bytes(&first),
                             bu_bytes_from(bu_buf_bytes(&second), strlen("before"))));
    bu_buf_clear(&first);
    bu_buf_clear(&second);
}
END_TEST

START_TEST(a_time_is_written_only_when_it_is_given)
{
    bu_graph graph = sample_product();
    bu_bom_options options = sample_options;
    bu_buf without = written(&graph, &options);
    ck_assert_ptr_null(strstr((const char *)without.ptr, "timestamp"));
    options.timestamp = 0;
    bu_buf with = written(&graph, &options);
    ck_assert_ptr_nonnull(
        strstr((const char *)with.ptr, "\"timestamp\": \"1970-01-01T00:00:00Z\""));
    bu_buf_clear(&without);
    bu_buf_clear(&with);
}
END_TEST

/* What one component must bring into its document, or must never. */
static const struct {
    const char *why;
    bulla_component component;
    const char *has, *lacks;
} cases[] = {
    { "a scope is the group",
      { .name = "@s/n" },
      "\"group\": \"@s\",\n      \"name\": \"n\"",
      NULL },
    { "a slash at an end parts nothing", { .name = "/n" }, "\"name\": \"/n\"", "\"group\"" },
    { "no version is no field", { .version = NULL }, NULL, "\"version\": \"\"" },
    { "runtime", { .scope = BULLA_SCOPE_RUNTIME }, "\"scope\": \"required\"", "bulla:scope" },
    { "optional", { .scope = BULLA_SCOPE_OPTIONAL }, "\"scope\": \"optional\"", "bulla:scope" },
    { "build", { .scope = BULLA_SCOPE_BUILD }, "\"value\": \"build\"", "required" },
    { "dev", { .scope = BULLA_SCOPE_DEV }, "\"scope\": \"excluded\"", NULL },
    { "license id", { .license = "mit" }, "\"id\": \"MIT\"", "\"name\": \"mit\"" },
    { "expression", { .license = "MIT OR ISC" }, "\"expression\": \"MIT OR ISC\"", "\"license\"" },
    { "free text", { .license = "SEE LICENSE IN x" }, "\"name\": \"SEE LICENSE IN x\"", "\"id\"" },
    { "no license", { .license = "" }, NULL, "licenses" },
    { "git",
      { .origin = BULLA_ORIGIN_GIT },
      "\"bulla:hash-reason\", \"value\": \"git\"",
      "hashes" },
    { "local", { .origin = BULLA_ORIGIN_LOCAL }, "\"value\": \"local\"", "hashes" },
    { "outside", { .origin = BULLA_ORIGIN_OUTSIDE }, "\"value\": \"outside\"", "hashes" },
    { "bundled", { .origin = BULLA_ORIGIN_BUNDLED }, "\"value\": \"bundled\"", "hashes" },
    { "its parent", { .origin = BULLA_ORIGIN_BUNDLED }, "\"value\": \"pkg:npm/a@1.0.0\"", NULL },
    { "no such parent", { .origin = BULLA_ORIGIN_BUNDLED, .parent = 1 }, NULL, "bundled-in" },
    { "system", { .origin = BULLA_ORIGIN_SYSTEM }, "\"value\": \"system\"", "hashes" },
    { "a registry is what is usual", { .origin = BULLA_ORIGIN_REGISTRY }, NULL, "bulla:origin" },
    { "unpinned", { .origin = BULLA_ORIGIN_REGISTRY }, "\"value\": \"unpinned\"", "hashes" },
    { "a URL", { .resolved = "https://h/a.tgz" }, "\"url\": \"https://h/a.tgz\"", NULL },
    { "a password", { .resolved = "https://u:secret@h/a.tgz" }, NULL, "secret" },
    { "a token", { .resolved = "https://h/a.tgz?t=secret" }, NULL, "secret" },
    { "another scheme", { .resolved = "git+ssh://git@h/a" }, NULL, "externalReferences" },
    { "a path of the machine", { .location = "/home/secret/a" }, NULL, "secret" },
    { "a way out", { .location = "a/../../secret" }, NULL, "secret" },
    { "its lockfile's path", { .lockfile = "/home/secret/package-lock.json" }, NULL, "secret" },
    { "bidi", { .name = "a\u202eb" }, "\"name\": \"a\\u202eb\"", "\u202e" },
    { "controls", { .name = "a\x1b[2J\"\\" }, "\"name\": \"a\\u001b[2J\\\"\\\\\"", "\x1b" },
    { "not UTF-8", { .name = "a\xff\\" }, "\"name\": \"a\\\\xFF\\\\\\\\\"", "\xff" },
    { "a lockfile is pre-build", { .name = "a" }, "\"phase\": \"pre-build\"", "operations" },
    { "a system runs",
      { .origin = BULLA_ORIGIN_SYSTEM },
      "\"phase\": \"operations\"",
      "pre-build" },
    { "and is its own root", { .origin = BULLA_ORIGIN_SYSTEM }, "operating-system", NULL },
};

START_TEST(a_component_says_what_is_known_and_no_more)
{
    bu_buf out = written_one(cases[_i].component);
    const char *text = (const char *)out.ptr;
    if (cases[_i].has != NULL)
        ck_assert_msg(strstr(text, cases[_i].has) != NULL, "%s", cases[_i].why);
    if (cases[_i].lacks != NULL)
        ck_assert_msg(strstr(text, cases[_i].lacks) == NULL, "%s", cases[_i].why);
    bu_buf_clear(&out);
}
END_TEST

START_TEST(a_version_too_long_for_the_schema_stands_in_the_purl_alone)
{
    static char version[1026];
    memset(version, '1', 1025);
    bu_buf out = written_one((bulla_component){ .version = version });
    ck_assert_ptr_null(strstr((const char *)out.ptr, version));
    version[1024] = '\0';
    bu_buf_clear(&out);
    out = written_one((bulla_component){ .version = version });
    ck_assert_ptr_nonnull(strstr((const char *)out.ptr, version));
    bu_buf_clear(&out);
}
END_TEST

START_TEST(measured_digests_stand_before_pinned_ones)
{
    bulla_component component = { .purl = "pkg:npm/a@1", .name = "a" };
    bulla_digest_set measured = sample_digests(BULLA_ALG_SHA256, 0xcd);
    component.digests = sample_pins(BULLA_ALG_SHA512, 0xab);
    bu_graph graph = sample_graph(&component, 1);
    bu_bom_options options = sample_options;
    bu_buf pinned = written(&graph, &options);
    ck_assert_ptr_nonnull(strstr((const char *)pinned.ptr, "\"content\": \"abab"));
    ck_assert_ptr_nonnull(strstr((const char *)pinned.ptr, "\"value\": \"lockfile\""));
    options.measured = &measured;
    bu_buf found = written(&graph, &options);
    ck_assert_ptr_nonnull(strstr((const char *)found.ptr, "\"content\": \"cdcd"));
    ck_assert_ptr_nonnull(strstr((const char *)found.ptr, "\"value\": \"bytes\""));
    bu_buf_clear(&pinned);
    bu_buf_clear(&found);
}
END_TEST

START_TEST(bytes_that_are_not_the_pinned_ones_are_never_billed)
{
    bulla_component component = { .purl = "pkg:npm/a@1", .name = "a" };
    bulla_digest_set measured = sample_digests(BULLA_ALG_SHA256, 0xcd);
    component.digests = sample_pins(BULLA_ALG_SHA256, 0xab);
    bu_graph graph = sample_graph(&component, 1);
    bu_bom_options options = sample_options;
    options.measured = &measured;
    bulla_error err = { 0 };
    bu_buf out = { 0 };
    unit_fails(bu_bom_by_id("cyclonedx")->write(&graph, &options, &out, &err),
               BULLA_E_HASH_MISMATCH, err);
    ck_assert_ptr_nonnull(strstr(err.text, "pkg:npm/a@1"));
    ck_assert_mem_eq(err.expected, "abab", 4);
    ck_assert_mem_eq(err.got, "cdcd", 4);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

/* Two rings: the installed system must still reach every part of itself. */
START_TEST(without_a_root_one_is_made_that_reaches_all)
{
    bulla_component components[] = {
        { .purl = "pkg:deb/a", .name = "a", .origin = BULLA_ORIGIN_SYSTEM },
        { .purl = "pkg:deb/b", .name = "b", .origin = BULLA_ORIGIN_SYSTEM },
        { .purl = "pkg:deb/c", .name = "c", .origin = BULLA_ORIGIN_SYSTEM },
    };
    bu_edge edges[] = { { 0, 1 }, { 1, 0 } };
    bu_graph graph = sample_graph(components, 3);
    graph.edges = edges;
    graph.edge_count = 2;
    bu_buf out = written(&graph, &sample_options);
    ck_assert_ptr_nonnull(
        strstr((const char *)out.ptr,
               "{\"ref\": \"bulla:root\", \"dependsOn\": [\"pkg:deb/a\", \"pkg:deb/c\"]}"));
    bu_buf_clear(&out);
}
END_TEST

/* Of the three, one lacks a field alone, which says nothing of its dependencies. */
static bu_flaw flaws[] = {
    { .code = BULLA_E_MISSING_DEPENDENCY, .component = 2, .what = "gone" },
    { .code = BULLA_E_MISSING_DEPENDENCY, .component = 0, .what = "gone" },
    { .code = BULLA_E_MISSING_DEPENDENCY, .component = 2, .what = "too" },
    { .code = BULLA_E_MISSING_FIELD, .component = 1, .what = "version" },
    { .code = BULLA_E_MISSING_DEPENDENCY, .component = BULLA_NO_COMPONENT, .what = "gone" },
};

START_TEST(a_graph_with_gaps_does_not_look_complete)
{
    bu_graph graph = sample_product();
    graph.flaws = flaws;
    graph.flaw_count = sizeof flaws / sizeof flaws[0];
    bu_buf out = written(&graph, &sample_options);
    ck_assert_ptr_nonnull(strstr((const char *)out.ptr,
                                 "\"aggregate\": \"incomplete\", \"dependencies\": ["
                                 "\"pkg:npm/%40scope/b@2.0.0\", \"pkg:npm/product@0.1.0\"]"));
    bu_buf_clear(&out);
    graph.flaw_count = 0;
    out = written(&graph, &sample_options);
    ck_assert_ptr_null(strstr((const char *)out.ptr, "compositions"));
    bu_buf_clear(&out);
}
END_TEST

START_TEST(no_memory_is_said_and_nothing_leaks)
{
    bu_graph graph = sample_product();
    graph.flaws = flaws;
    graph.flaw_count = 1;
    graph.root = BULLA_NO_COMPONENT; /* the longer way */
    for (size_t n = 0;; n++) {
        bu_buf out = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_bom_by_id("cyclonedx")->write(&graph, &sample_options, &out, &err);
        bool was_hit = alloc_fail_off();
        bu_buf_clear(&out);
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_product_is_written_as_the_golden_file_shows);
    tcase_add_test(tc, the_serial_number_is_the_digest_of_the_rest);
    tcase_add_test(tc, the_same_graph_gives_the_same_bytes_behind_any_other);
    tcase_add_test(tc, a_time_is_written_only_when_it_is_given);
    tcase_add_loop_test(tc, a_component_says_what_is_known_and_no_more, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_version_too_long_for_the_schema_stands_in_the_purl_alone);
    tcase_add_test(tc, measured_digests_stand_before_pinned_ones);
    tcase_add_test(tc, bytes_that_are_not_the_pinned_ones_are_never_billed);
    tcase_add_test(tc, without_a_root_one_is_made_that_reaches_all);
    tcase_add_test(tc, a_graph_with_gaps_does_not_look_complete);
    tcase_add_test(tc, no_memory_is_said_and_nothing_leaks);
}

int main(void)
{
    return unit_run("cyclonedx", add);
}
