/* SPDX-License-Identifier: MIT */
/* What two lockfiles differ in: one line that is overlooked here is one that a reviewer does not see. */
#include "suite.h"

#include "alloc_fail.h"
#include "evidence/difference.h"
#include "model/purl.h"

/* One package, as an old and as a new lockfile have it. */
typedef struct entry {
    const char *version; /* NULL: it is not there */
    const char *pins;    /* "s" SHA-512, "1" SHA-1, each with a byte behind it: "sa", "1a" */
    const char *host;
    bulla_origin origin;
    bulla_scope scope;
} entry;

#define NONE                                                                                       \
    {                                                                                              \
        NULL, NULL, NULL, BULLA_ORIGIN_UNKNOWN, BULLA_SCOPE_RUNTIME                                \
    }
#define E(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define R BULLA_ORIGIN_REGISTRY, BULLA_SCOPE_RUNTIME

static const struct {
    const char *what, *type;
    entry before, after;
    const char *want; /* kinds, and what is said */
} cases[] = {
    { "nothing", "npm", E("1.0.0", "sa", "https://a", R), E("1.0.0", "sa", "https://a", R), "" },
    { "other bytes", "npm", E("1.0.0", "sa", NULL, R), E("1.0.0", "sb", NULL, R),
      "digest sha512:61->sha512:62;" },
    { "other bytes by a broken digest", "npm", E("1.0.0", "1a", NULL, R), E("1.0.0", "1b", NULL, R),
      "digest sha1:61->sha1:62;" },
    { "one of two digests differs", "npm", E("1.0.0", "1asa", NULL, R), E("1.0.0", "1asb", NULL, R),
      "digest sha512:61->sha512:62;" },
    { "a stronger digest beside the same", "npm", E("1.0.0", "1a", NULL, R),
      E("1.0.0", "1asa", NULL, R), "pins 1->2;" },
    { "a stronger digest instead", "npm", E("1.0.0", "1a", NULL, R), E("1.0.0", "sa", NULL, R),
      "" },
    { "a weaker digest instead", "npm", E("1.0.0", "sa", NULL, R), E("1.0.0", "1a", NULL, R),
      "digest sha512:61->sha1:61;integrity sha512->sha1;" },
    { "no digest", "npm", E("1.0.0", "sa", NULL, R), E("1.0.0", "", NULL, R),
      "integrity sha512->none;" },
    { "no digest of another version", "npm", E("1.0.0", "sa", NULL, R), E("1.0.1", "", NULL, R),
      "integrity sha512->none;upgraded 1.0.0->1.0.1;" },
    { "a digest where none was", "npm", E("1.0.0", "", NULL, R), E("1.0.0", "sa", NULL, R), "" },
    { "another host", "npm", E("1.0.0", "sa", "https://a/x", R), E("1.0.0", "sa", "https://b/x", R),
      "host https://a->https://b;" },
    { "another path", "npm", E("1.0.0", "sa", "https://a/x", R),
      E("1.0.0", "sa", "https://A/y?z", R), "" },
    { "another scheme", "npm", E("1.0.0", "sa", "https://a/x", R),
      E("1.0.0", "sa", "http://a/x", R), "host https://a->http://a;" },
    { "a host in the user's name", "npm", E("1.0.0", "sa", "https://a/x", R),
      E("1.0.0", "sa", "https://a@evil/x", R), "host https://a->https://evil;" },
    { "from a registry to a commit", "npm", E("1.0.0", "sa", NULL, R),
      E("1.0.1", "", NULL, BULLA_ORIGIN_GIT, BULLA_SCOPE_RUNTIME),
      "integrity sha512->none;host registry->git;upgraded 1.0.0->1.0.1;" },
    { "a newer version", "npm", E("1.9.0", "sa", NULL, R), E("1.10.0", "sb", NULL, R),
      "upgraded 1.9.0->1.10.0;" },
    { "an older version", "npm", E("1.10.0", "sa", NULL, R), E("1.9.0", "sb", NULL, R),
      "downgraded 1.10.0->1.9.0;" },
    { "an older version of Debian", "deb", E("1.0-1", "sa", NULL, R), E("1.0~rc1-1", "sb", NULL, R),
      "downgraded 1.0-1->1.0~rc1-1;" },
    { "no version", "npm", E("1.0.0", "sa", NULL, R), E("main", "sb", NULL, R),
      "replaced 1.0.0->main;" },
    { "a new package", "npm", NONE, E("1.0.0", "sa", NULL, R), "added ->1.0.0;" },
    { "a package less", "npm", E("1.0.0", "sa", NULL, R), NONE, "removed 1.0.0->;" },
    { "another scope", "npm", E("1.0.0", "sa", NULL, R),
      E("1.0.0", "sa", NULL, BULLA_ORIGIN_REGISTRY, BULLA_SCOPE_DEV), "scope runtime->dev;" },
};

static void add_pins(const char *pins, bulla_digest_set *out)
{
    for (; pins[0] != '\0'; pins += 2) {
        bulla_digest digest = { .alg = pins[0] == 's' ? BULLA_ALG_SHA512 : BULLA_ALG_SHA1 };
        digest.len = bulla_alg_size(digest.alg);
        memset(digest.bytes, pins[1], digest.len);
        out->items[out->count++] = digest;
    }
}

static bu_graph *graph_of(const char *type, const entry *e)
{
    bulla_error err = { 0 };
    bu_graph *graph = bu_graph_new();
    bulla_digest_set set = { 0 };
    size_t index;
    if (e->version == NULL)
        return graph;
    bulla_component c = { .type = type,
                          .name = "x",
                          .version = e->version,
                          .resolved = e->host,
                          .origin = e->origin,
                          .scope = e->scope,
                          .parent = BULLA_NO_COMPONENT,
                          .lockfile = "lock",
                          .line = 3,
                          .column = 4 };
    add_pins(e->pins, &set);
    unit_ok(bu_digests_keep(&set, graph->arena, &c.digests, &err), err);
    unit_ok(bu_purl_make(type, strcmp(type, "deb") == 0 ? "debian" : NULL, "x", e->version, NULL,
                         graph->arena, &c.purl, &err),
            err);
    unit_ok(bu_graph_add(graph, &c, &index, &err), err);
    return graph;
}

/* "sha512:6161…" is shown as "sha512:61". */
static void add_value(bu_buf *out, const char *value)
{
    const char *colon = value == NULL ? NULL : strchr(value, ':');
    bool is_digest = colon != NULL && strlen(colon) > 20;
    bu_buf_add_format(out, "%.*s", is_digest ? (int)(colon - value) + 3 : 100,
                      value == NULL ? "" : value);
}

START_TEST(every_difference_is_told)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) before = graph_of(cases[_i].type, &cases[_i].before);
    BU_AUTO(bu_graph) after = graph_of(cases[_i].type, &cases[_i].after);
    BU_AUTO(bulla_differences) differences = bu_differences_new();
    BU_CLEAR(bu_buf) got = { 0 };
    unit_ok(bu_differences_of_graphs(differences, before, after, &err), err);
    bu_differences_sort(differences);
    bu_buf_add_text(&got, "");
    for (size_t i = 0; i < bulla_differences_count(differences); i++) {
        const bulla_difference *d = bulla_differences_at(differences, i);
        bu_buf_add_format(&got, "%s ", bulla_diff_name(d->kind));
        add_value(&got, d->before);
        bu_buf_add_text(&got, "->");
        add_value(&got, d->after);
        bu_buf_add_text(&got, ";");
        ck_assert_str_eq(d->lockfile, "lock");
        ck_assert_uint_eq(d->line, 3);
    }
    ck_assert_msg(strcmp(got.len == 0 ? "" : (const char *)got.ptr, cases[_i].want) == 0,
                  "%s:\n  got  %s\n  want %s", cases[_i].what, (const char *)got.ptr,
                  cases[_i].want);
}
END_TEST

static void add_version(bu_graph *graph, const char *version)
{
    bulla_error err = { 0 };
    size_t index;
    bulla_component c = {
        .type = "npm", .name = "x", .version = version, .parent = BULLA_NO_COMPONENT
    };
    unit_ok(bu_purl_make("npm", NULL, "x", version, NULL, graph->arena, &c.purl, &err), err);
    unit_ok(bu_graph_add(graph, &c, &index, &err), err);
}

/* Several versions at once: the oldest is paired with the oldest, whatever their order as texts. */
START_TEST(versions_are_paired_in_their_order)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) before = bu_graph_new();
    BU_AUTO(bu_graph) after = bu_graph_new();
    BU_AUTO(bulla_differences) differences = bu_differences_new();
    add_version(before, "2.0.0");
    add_version(before, "10.0.0");
    add_version(before, "3.0.0");
    add_version(after, "3.0.0");
    add_version(after, "11.0.0");
    add_version(after, "2.0.1");
    add_version(after, "12.0.0");
    unit_ok(bu_graph_settle(before, &err), err);
    unit_ok(bu_graph_settle(after, &err), err);
    unit_ok(bu_differences_of_graphs(differences, before, after, &err), err);
    bu_differences_sort(differences);
    ck_assert_uint_eq(differences->count, 3);
    ck_assert_int_eq(differences->items[0].kind, BULLA_DIFF_ADDED);
    ck_assert_str_eq(differences->items[0].after, "12.0.0");
    ck_assert_str_eq(differences->items[1].before, "10.0.0");
    ck_assert_str_eq(differences->items[1].after, "11.0.0");
    ck_assert_str_eq(differences->items[2].before, "2.0.0");
    ck_assert_str_eq(differences->items[2].after, "2.0.1");
}
END_TEST

/* Of a package with several files: a file that is known with other bytes, or one more. */
START_TEST(files_are_compared_by_name)
{
    bulla_error err = { 0 };
    bulla_digest_set a = { 0 }, b = { 0 }, c = { 0 };
    add_pins("sa", &a);
    add_pins("sb", &b);
    add_pins("sc", &c);
    const bulla_file_pin old_files[] = { { "x.whl", NULL, 0, bu_digests_of(&a) },
                                         { "x.tar.gz", NULL, 0, bu_digests_of(&b) } };
    bulla_file_pin new_files[] = { { "x.tar.gz", NULL, 0, bu_digests_of(&b) },
                                   { "x.whl", NULL, 0, bu_digests_of(&a) },
                                   { "y.whl", NULL, 0, bu_digests_of(&c) } };
    static const bulla_diff_kind want[] = { BULLA_DIFF_PINS, BULLA_DIFF_DIGEST };
    for (size_t i = 0; i < 2; i++) {
        const entry none = E("1.0", "", NULL, R);
        BU_AUTO(bu_graph) before = graph_of("pypi", &none);
        BU_AUTO(bu_graph) after = graph_of("pypi", &none);
        BU_AUTO(bulla_differences) differences = bu_differences_new();
        before->components[0].files = old_files;
        before->components[0].file_count = 2;
        after->components[0].files = new_files;
        after->components[0].file_count = 3;
        unit_ok(bu_differences_of_graphs(differences, before, after, &err), err);
        ck_assert_uint_eq(differences->count, 1);
        ck_assert_int_eq(differences->items[0].kind, want[i]);
        new_files[1].digests = bu_digests_of(&c); /* then x.whl has other bytes */
    }
}
END_TEST

START_TEST(no_memory)
{
    BU_AUTO(bu_graph) before = graph_of("npm", &cases[8].before);
    BU_AUTO(bu_graph) after = graph_of("npm", &cases[8].after);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        BU_AUTO(bulla_differences) differences = bu_differences_new();
        bulla_status status = differences == NULL
                                  ? bu_no_memory(&err)
                                  : bu_differences_of_graphs(differences, before, after, &err);
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
    tcase_add_loop_test(tc, every_difference_is_told, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, versions_are_paired_in_their_order);
    tcase_add_test(tc, files_are_compared_by_name);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("difference", add);
}
