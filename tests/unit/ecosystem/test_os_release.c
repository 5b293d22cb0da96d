/* SPDX-License-Identifier: MIT */
/*
 * os-release: packages are named after the distribution that they are of, and after no other one
 * because of a file that readers could take in two ways.
 */
#include "ecosystem/os_release.h"

#include "suite.h"

static const struct {
    const char *text, *id, *codename;
} honest[] = {
    { "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n", "ubuntu", "noble" },
    { "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n",
      "debian", "bookworm" },
    { "ID=alpine\nVERSION_ID=3.22.1\n", "alpine", NULL },
    { "# a comment = x\n\n  ID='wolfi'", "wolfi", NULL },
    { "ID=\"opensuse-leap\"\nNAME=\"a \\\"b\\\" \\$c\"\n", "opensuse-leap", NULL },
    { "ID=\n", NULL, NULL },
    { "", NULL, NULL },
};

START_TEST(a_distribution_is_known)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bu_os_release out;
    unit_ok(bu_os_release_parse(bu_bytes_of(honest[_i].text), "os-release", arena, &out, &err),
            err);
    ck_assert_pstr_eq(out.id, honest[_i].id);
    ck_assert_pstr_eq(out.codename, honest[_i].codename);
}
END_TEST

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line;
} refused[] = {
    { "ID=debian\nID=ubuntu\n", BULLA_E_DUPLICATE_ENTRY, 2 },
    { "NAME=a\nID=\"debian\n", BULLA_E_BAD_SYNTAX, 2 },
    { "ID=\"debian\" ubuntu\n", BULLA_E_BAD_SYNTAX, 1 },
    { "ID=debian ubuntu\n", BULLA_E_BAD_SYNTAX, 1 },
    { "ID=$(id)\n", BULLA_E_BAD_SYNTAX, 1 },
    { "ID=\"$OTHER\"\n", BULLA_E_BAD_SYNTAX, 1 },
    { "ID=deb\\ian\n", BULLA_E_BAD_SYNTAX, 1 },
    { "export ID=debian\n", BULLA_E_BAD_SYNTAX, 1 },
    { "ID\n", BULLA_E_BAD_SYNTAX, 1 },
    { "ID=debian/../ubuntu\n", BULLA_E_BAD_NAME, 1 },
    { "ID=Debian\n", BULLA_E_BAD_NAME, 1 },
    { "ID=deb\xFFian\n", BULLA_E_BAD_ENCODING, 1 },
    { "ID=a\x1B\n", BULLA_E_CONTROL_CHARACTER, 1 },
};

START_TEST(what_two_readers_take_differently_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bu_os_release out;
    bulla_bytes text = bu_bytes_of(refused[_i].text);
    unit_fails(bu_os_release_parse(text, "os-release", arena, &out, &err), refused[_i].want, err);
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_str_eq(err.file, "os-release");
}
END_TEST

/* A root with one file at most. */
typedef struct root {
    const char *path, *text;
    bulla_code otherwise; /* what is said of all else */
} root;

static bulla_status read_root(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    const root *r = context;
    if (r->path == NULL || strcmp(r->path, path) != 0)
        return bu_fail(err, r->otherwise, "not this one");
    bu_buf_add_text(out, r->text);
    return BU_OK;
}

#define DEB "Package: a\nVersion: 1.0\nArchitecture: all\n"
#define APK "P:a\nV:1-r0\nA:x86_64\n"
#define ID  "ID=other\n"

static const struct {
    const char *format, *name, *text, *distribution;
    root where;
    const char *purl;
} databases[] = {
    { "dpkg",
      "r/var/lib/dpkg/status",
      DEB,
      NULL,
      { "../../../etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n", BULLA_E_MISSING_FILE },
      "pkg:deb/ubuntu/a@1.0?arch=all&distro=noble" },
    { "dpkg",
      "var/lib/dpkg/status.d/a",
      DEB,
      NULL,
      { "../../../../usr/lib/os-release", "ID=debian\n", BULLA_E_SPECIAL_FILE },
      "pkg:deb/debian/a@1.0?arch=all" },
    { "dpkg",
      "var/lib/dpkg/status",
      DEB,
      "mine",
      { "../../../etc/os-release", ID "VERSION_CODENAME=x\n", BULLA_E_MISSING_FILE },
      "pkg:deb/mine/a@1.0?arch=all" },
    { "dpkg",
      "status",
      DEB,
      NULL,
      { "etc/os-release", ID, BULLA_E_PATH_TRAVERSAL },
      "pkg:deb/debian/a@1.0?arch=all" },
    { "apk",
      "lib/apk/db/installed",
      APK,
      NULL,
      { "../../../etc/os-release", "ID=wolfi\n", BULLA_E_MISSING_FILE },
      "pkg:apk/wolfi/a@1-r0?arch=x86_64" },
    { "apk",
      "r/usr/lib/apk/db/installed",
      APK,
      NULL,
      { "../../../../etc/os-release", "ID=wolfi\n", BULLA_E_MISSING_FILE },
      "pkg:apk/wolfi/a@1-r0?arch=x86_64" },
    { "apk",
      "lib/apk/db/installed",
      APK,
      NULL,
      { NULL, NULL, BULLA_E_MISSING_FILE },
      "pkg:apk/alpine/a@1-r0?arch=x86_64" },
};

static bulla_status parse(size_t i, bu_graph *graph, bulla_error *err)
{
    root where = databases[i].where;
    const bu_ecosystem_options options = { .read = read_root,
                                           .read_context = &where,
                                           .distribution = databases[i].distribution };
    return bu_ecosystem_by_id(bu_bytes_of(databases[i].format))
        ->parse(bu_bytes_of(databases[i].text), databases[i].name, &options, graph, err);
}

START_TEST(packages_are_of_the_distribution_of_their_root)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    bulla_error err = { 0 };
    unit_ok(parse((size_t)_i, graph, &err), err);
    ck_assert_str_eq(graph->components[0].purl, databases[_i].purl);
}
END_TEST

/* An os-release that is there and cannot be read is not one that is not there. */
START_TEST(a_root_that_cannot_be_read_is_an_error)
{
    root where = { .otherwise = BULLA_E_UNREADABLE };
    const bu_ecosystem_options options = { .read = read_root, .read_context = &where };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    bulla_error err = { 0 };
    unit_fails(bu_ecosystem_by_id(BULLA_LIT("dpkg"))
                   ->parse(BULLA_LIT(DEB), "var/lib/dpkg/status", &options, graph, &err),
               BULLA_E_UNREADABLE, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_distribution_is_known, 0, sizeof honest / sizeof honest[0]);
    tcase_add_loop_test(tc, what_two_readers_take_differently_is_refused, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, packages_are_of_the_distribution_of_their_root, 0,
                        sizeof databases / sizeof databases[0]);
    tcase_add_test(tc, a_root_that_cannot_be_read_is_an_error);
}

int main(void)
{
    return unit_run("os_release", add);
}
