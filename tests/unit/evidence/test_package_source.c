/* SPDX-License-Identifier: MIT */
/*
 * Packages that are tar archives with one folder and a text in it: crate,
 * sdist, hackage, cran, composer, npm, and a source without any manifest.
 */
#include "package.h"

#include "suite.h"

static bulla_error err;

#define CARGO "[package]\nname = \"demo\"\nversion = \"1.2.3\"\n"
#define PKG_INFO                                                                                   \
    "Metadata-Version: 2.1\nName: Demo_Pkg\nVersion: 1.2.3\nSummary: x\n\nName: other\n"
#define CABAL                                                                                      \
    "cabal-version: 2.4\nName:\n  demo\n-- name: no\nversion: 1.2.3\n\nlibrary\n  name: inner\n"
#define DESCRIPTION "Package: demo\nTitle: A\n  b\nVersion: 1.2-3\nLicense: MIT\n"
#define COMPOSER    "{\"name\": \"Acme/Demo\", \"type\": \"library\"}"

static const struct {
    const char *what, *type, *name, *version;
    build_member members[3];
    bulla_code code;
    const char *expected, *got; /* of a subject-mismatch */
} cases[] = {
    { "a crate",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/Cargo.toml", .content = BUILD_BYTES(CARGO) } },
      BULLA_OK,
      NULL,
      NULL },
    { "a crate of before 1.0",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/Cargo.toml",
          .content = BUILD_BYTES("[project]\nname='demo'\nversion='1.2.3'\n") } },
      BULLA_OK,
      NULL,
      NULL },
    { "a crate of another version",
      "cargo",
      "demo",
      "1.2.4",
      { { .name = "demo-1.2.4/Cargo.toml", .content = BUILD_BYTES(CARGO) } },
      BULLA_E_SUBJECT_MISMATCH,
      "1.2.4",
      "1.2.3" },
    { "a crate of another name",
      "cargo",
      "demo2",
      "1.2.3",
      { { .name = "demo2-1.2.3/Cargo.toml", .content = BUILD_BYTES(CARGO) } },
      BULLA_E_SUBJECT_MISMATCH,
      "demo2",
      "demo" },
    { "a crate in a folder of another name",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.30/Cargo.toml", .content = BUILD_BYTES(CARGO) } },
      BULLA_E_SUBJECT_MISMATCH,
      "demo-1.2.3",
      "demo-1.2.30" },
    { "a crate that writes beside its folder",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/Cargo.toml", .content = BUILD_BYTES(CARGO) },
        { .name = "serde-1.0.0/build.rs", .content = BUILD_BYTES("x") } },
      BULLA_E_SUBJECT_MISMATCH,
      "demo-1.2.3",
      "serde-1.0.0" },
    { "a crate without a manifest",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/src.rs", .content = BUILD_BYTES("x") } },
      BULLA_E_MISSING_FILE,
      NULL,
      NULL },
    { "a crate whose manifest is a link",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/x", .content = BUILD_BYTES(CARGO) },
        { .name = "demo-1.2.3/Cargo.toml", .type = '2', .link = "x" } },
      BULLA_E_BAD_LINK,
      NULL,
      NULL },
    { "a manifest that is no TOML",
      "cargo",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/Cargo.toml", .content = BUILD_BYTES("{}") } },
      BULLA_E_BAD_SYNTAX,
      NULL,
      NULL },
    { "an sdist, its name written otherwise",
      "pypi",
      "demo.pkg",
      "1.2.3",
      { { .name = "demo_pkg-1.2.3/PKG-INFO", .content = BUILD_BYTES(PKG_INFO) } },
      BULLA_OK,
      NULL,
      NULL },
    { "an sdist, its version written otherwise",
      "pypi",
      "demo",
      "1.0.0rc1",
      { { .name = "demo-1.0rc1/PKG-INFO",
          .content = BUILD_BYTES("Metadata-Version: 1.0\nName: demo\nVersion: 1.0-RC1\n") } },
      BULLA_OK,
      NULL,
      NULL },
    { "an sdist of another name",
      "pypi",
      "demo-pkgs",
      "1.2.3",
      { { .name = "demo_pkg-1.2.3/PKG-INFO", .content = BUILD_BYTES(PKG_INFO) } },
      BULLA_E_SUBJECT_MISMATCH,
      "demo-pkgs",
      "Demo_Pkg" },
    { "an sdist of another version",
      "pypi",
      "demo-pkg",
      "1.2.4",
      { { .name = "demo_pkg-1.2.3/PKG-INFO", .content = BUILD_BYTES(PKG_INFO) } },
      BULLA_E_SUBJECT_MISMATCH,
      "1.2.4",
      "1.2.3" },
    { "an sdist with two folders",
      "pypi",
      "demo-pkg",
      "1.2.3",
      { { .name = "demo_pkg-1.2.3/PKG-INFO", .content = BUILD_BYTES(PKG_INFO) },
        { .name = "setup.py", .content = BUILD_BYTES("x") } },
      BULLA_E_AMBIGUOUS_ARCHIVE,
      NULL,
      NULL },
    { "an sdist with two names",
      "pypi",
      "demo",
      "1",
      { { .name = "d/PKG-INFO",
          .content = BUILD_BYTES("Metadata-Version: 2.1\nName: demo\nname: evil\nVersion: 1\n") } },
      BULLA_E_DUPLICATE_ENTRY,
      NULL,
      NULL },
    { "metadata of a later version",
      "pypi",
      "demo",
      "1",
      { { .name = "d/PKG-INFO",
          .content = BUILD_BYTES("Metadata-Version: 3.0\nName: demo\nVersion: 1\n") } },
      BULLA_E_UNSUPPORTED_VERSION,
      NULL,
      NULL },
    { "a Haskell package",
      "hackage",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/demo.cabal", .content = BUILD_BYTES(CABAL) },
        { .name = "demo-1.2.3/sub/demo.cabal", .content = BUILD_BYTES("x") } },
      BULLA_OK,
      NULL,
      NULL },
    { "a Haskell package with the manifest of another",
      "hackage",
      "demo",
      "1.2.3",
      { { .name = "demo-1.2.3/other.cabal", .content = BUILD_BYTES(CABAL) } },
      BULLA_E_MISSING_FILE,
      NULL,
      NULL },
    { "a Haskell package of another version",
      "hackage",
      "demo",
      "1.2",
      { { .name = "demo-1.2/demo.cabal", .content = BUILD_BYTES(CABAL) } },
      BULLA_E_SUBJECT_MISMATCH,
      "1.2",
      "1.2.3" },
    { "an R package",
      "cran",
      "demo",
      "1.2-3",
      { { .name = "demo/DESCRIPTION", .content = BUILD_BYTES(DESCRIPTION) } },
      BULLA_OK,
      NULL,
      NULL },
    { "an R package of another version",
      "cran",
      "demo",
      "1.2-4",
      { { .name = "demo/DESCRIPTION", .content = BUILD_BYTES(DESCRIPTION) } },
      BULLA_E_SUBJECT_MISMATCH,
      "1.2-4",
      "1.2-3" },
    { "an R package in another's folder",
      "cran",
      "demo",
      "1.2-3",
      { { .name = "other/DESCRIPTION", .content = BUILD_BYTES(DESCRIPTION) } },
      BULLA_E_SUBJECT_MISMATCH,
      "demo",
      "other" },
    { "a Composer package",
      "composer",
      "acme/demo",
      "v1.0.0",
      { { .name = "acme-demo-abc/composer.json", .content = BUILD_BYTES(COMPOSER) } },
      BULLA_OK,
      NULL,
      NULL },
    { "a Composer package that says its version",
      "composer",
      "acme/demo",
      "v1.0.0",
      { { .name = "d/composer.json",
          .content = BUILD_BYTES("{\"name\": \"acme/demo\", \"version\": \"1.0.1\"}") } },
      BULLA_E_SUBJECT_MISMATCH,
      "v1.0.0",
      "1.0.1" },
    { "a Composer package of another name",
      "composer",
      "acme/demos",
      "1",
      { { .name = "d/composer.json", .content = BUILD_BYTES(COMPOSER) } },
      BULLA_E_SUBJECT_MISMATCH,
      "acme/demos",
      "Acme/Demo" },
    { "a source",
      "generic",
      "demo",
      "1",
      { { .name = "demo/x.c", .content = BUILD_BYTES("x") },
        { .name = "README", .content = BUILD_BYTES("x") } },
      BULLA_OK,
      NULL,
      NULL },
    { "a source that climbs out",
      "generic",
      "demo",
      "1",
      { { .name = "../x.c", .content = BUILD_BYTES("x") } },
      BULLA_E_PATH_TRAVERSAL,
      NULL,
      NULL },
    { "a Dart package",
      "pub",
      "demo",
      "1.2.3+4",
      { { .name = "pubspec.yaml",
          .content = BUILD_BYTES("name: demo # the name\nversion: '1.2.3+4'\n") },
        { .name = "example/pubspec.yaml", .content = BUILD_BYTES("name: x\n") } },
      BULLA_OK,
      NULL,
      NULL },
    { "a Dart package of another version",
      "pub",
      "demo",
      "1.2.3",
      { { .name = "pubspec.yaml", .content = BUILD_BYTES("name: demo\nversion: 1.2.4\n") } },
      BULLA_E_SUBJECT_MISMATCH,
      "1.2.3",
      "1.2.4" },
    { "a Dart package with two names",
      "pub",
      "demo",
      "1.2.3",
      { { .name = "pubspec.yaml", .content = BUILD_BYTES("name: demo\nname: x\nversion: 1\n") } },
      BULLA_E_DUPLICATE_KEY,
      NULL,
      NULL },
    { "an npm package",
      "npm",
      "demo",
      "1.0.0",
      { { .name = "package/package.json",
          .content = BUILD_BYTES("{\"name\": \"demo\", \"version\": \"v1.0.0\"}") } },
      BULLA_OK,
      NULL,
      NULL },
};

START_TEST(a_manifest_in_a_folder_is_held_against_the_component)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    package_tar(BU_COMPRESSION_GZIP, cases[_i].members, &bytes);
    bulla_status status = package_walk("pkg:x/y", cases[_i].type, cases[_i].name, cases[_i].version,
                                       bu_buf_bytes(&bytes), &err);
    ck_assert_msg(status.code == cases[_i].code, "%s: %s (%s)", cases[_i].what,
                  bulla_code_name(status.code), err.text);
    if (cases[_i].expected != NULL) {
        ck_assert_str_eq(err.expected, cases[_i].expected);
        ck_assert_str_eq(err.got, cases[_i].got);
    }
}
END_TEST

/* Bytes that begin as an archive of another kind than the type has. */
static const struct {
    const char *type;
    bulla_bytes bytes;
    bulla_code code;
} others[] = {
    { "cargo", BUILD_BYTES("!<arch>\ndebian-binary   "), BULLA_E_FORMAT_MISMATCH },
    { "deb", BUILD_BYTES("\x1F\x8B\x08\0\0\0\0\0\0\0"), BULLA_E_FORMAT_MISMATCH },
    { "gem", BUILD_BYTES("\x1F\x8B\x08\0\0\0\0\0\0\0"), BULLA_E_FORMAT_MISMATCH },
    { "npm", BUILD_BYTES("\xED\xAB\xEE\xDB\3\0"), BULLA_E_FORMAT_MISMATCH },
    { "rpm", BUILD_BYTES("PK\3\4"), BULLA_E_FORMAT_MISMATCH },
    { "npm", BUILD_BYTES("#!/bin/sh\n"), BULLA_E_TRUNCATED }, /* no archive: its reader says why */
    { "deb", BUILD_BYTES("#!/bin/sh\n"), BULLA_E_FORMAT_MISMATCH },
    { "nothing-known", BUILD_BYTES("PK\3\4"), BULLA_E_UNSUPPORTED_FEATURE },
};

START_TEST(the_bytes_decide_what_kind_of_archive_it_is)
{
    bulla_status status =
        package_walk("pkg:x/y", others[_i].type, "y", "1", others[_i].bytes, &err);
    unit_fails(status, others[_i].code, err);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = {
        .purl = "pkg:cargo/demo@1.2.3", .type = "cargo", .name = "demo", .version = "1.2.3"
    };
    package_tar(BU_COMPRESSION_GZIP, cases[0].members, &bytes);
    package_survives_allocation_failures(&component, bu_buf_bytes(&bytes));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_manifest_in_a_folder_is_held_against_the_component, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(tc, the_bytes_decide_what_kind_of_archive_it_is, 0,
                        sizeof others / sizeof others[0]);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("package_source", add);
}
