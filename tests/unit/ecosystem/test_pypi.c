/* SPDX-License-Identifier: MIT */
/*
 * Python's texts: requirements as pip reads them, specifiers that pin, names of
 * files, paths that stay inside.
 */
#include "ecosystem/pypi.h"
#include "suite.h"

static bulla_error err;

/* NULL: not a requirement. */
static const struct {
    const char *text, *name, *specifier, *url, *marker;
} requirements[] = {
    { "alpha", "alpha", "", "", "" },
    { "  al-p_h.a2  ", "al-p_h.a2", "", "", "" },
    { "alpha==1.0", "alpha", "==1.0", "", "" },
    { "alpha [x,y.z] >= 1 , < 2 ; os_name == 'nt'", "alpha", ">= 1 , < 2 ", "", "os_name == 'nt'" },
    { "alpha (>=1)", "alpha", ">=1", "", "" },
    { "alpha>=1,", "alpha", ">=1,", "", "" },
    { "alpha;os_name", "alpha", "", "", "os_name" },
    { "alpha @ https://h/a?b#c ; m", "alpha", "", "https://h/a?b#c", "m" },
    { "alpha@https://h/a", "alpha", "", "https://h/a", "" },
    { "", NULL, "", "", "" },
    { "-alpha", NULL, "", "", "" },
    { "alpha-", NULL, "", "", "" },
    { "alpha ==", NULL, "", "", "" },
    { "alpha 1.0", NULL, "", "", "" },
    { "alpha=1.0", NULL, "", "", "" },
    { "alpha==1.0 more", NULL, "", "", "" },
    { "alpha==1.0\t--hash=x", NULL, "", "", "" },
    { "alpha (>=1", NULL, "", "", "" },
    { "alpha[x", NULL, "", "", "" },
    { "alpha[x/y]", NULL, "", "", "" },
    { "alpha;", "alpha", "", "", "" },
    { "alpha @", NULL, "", "", "" },
    { "alpha @ https://h/a b", NULL, "", "", "" },
    { "alpha==${V}", NULL, "", "", "" },
    { "./alpha", NULL, "", "", "" },
};

START_TEST(requirements_are_taken_apart)
{
    bu_pypi_requirement got;
    bool is_one = bu_pypi_requirement_of(bu_bytes_of(requirements[_i].text), &got);
    ck_assert_msg(is_one == (requirements[_i].name != NULL), "%s", requirements[_i].text);
    if (!is_one)
        return;
    ck_assert(bu_bytes_is(got.name, requirements[_i].name));
    ck_assert(bu_bytes_is(got.specifier, requirements[_i].specifier));
    ck_assert(bu_bytes_is(got.url, requirements[_i].url));
    ck_assert(bu_bytes_is(got.marker, requirements[_i].marker));
}
END_TEST

/* A range taken for a version would let every release through. */
static const struct {
    const char *specifier, *pinned;
} specifiers[] = {
    { "==1.0", "1.0" },      { " == 1!1.0+local.1 ", "1!1.0+local.1" },
    { "===weird", "weird" }, { "==1.0,!=1.1", "1.0" },
    { ">=1,==1.0", "1.0" },  { "==1.0,==1.0", "1.0" },
    { "==1.0,==1.1", "" },   { "==1.*", "" },
    { "===1.*", "" },        { ">=1.0", "" },
    { "~=1.0", "" },         { "<=1.0", "" },
    { "!=1.0", "" },         { "*", "" },
    { "1.0", "" },           { "", "" },
};

START_TEST(only_one_exact_version_pins)
{
    ck_assert(
        bu_bytes_is(bu_pypi_pinned(bu_bytes_of(specifiers[_i].specifier)), specifiers[_i].pinned));
}
END_TEST

/* NULL: it says nothing. */
static const struct {
    const char *file, *name, *version;
} files[] = {
    { "alpha-1.0-py3-none-any.whl", "alpha", "1.0" },
    { "alpha_b-1.0-1-cp39-abi3-manylinux_2_17_x86_64.whl", "alpha_b", "1.0" },
    { "alpha-b-1.0.post1.tar.gz", "alpha-b", "1.0.post1" },
    { "alpha-1.0.ZIP", "alpha", "1.0" },
    { "alpha-1.0.whl", NULL, NULL },
    { "alpha-main.zip", NULL, NULL },
    { "1.0.zip", NULL, NULL },
    { "alpha", NULL, NULL },
    { ".whl", NULL, NULL },
    { "-1.0.zip", NULL, NULL },
    { "a-b-c-d-e-f-g.whl", NULL, NULL },
};

START_TEST(names_of_files_say_what_they_are)
{
    bulla_bytes name, version;
    bool says = bu_pypi_file_says(bu_bytes_of(files[_i].file), &name, &version);
    ck_assert_msg(says == (files[_i].name != NULL), "%s", files[_i].file);
    if (!says)
        return;
    ck_assert(bu_bytes_is(name, files[_i].name));
    ck_assert(bu_bytes_is(version, files[_i].version));
}
END_TEST

static const struct {
    const char *path;
    bool leaves;
} paths[] = {
    { "a", false },        { "./a/../b", false },   { ".", false },           { "", false },
    { "a/../../b", true }, { "..", true },          { "/a", true },           { "~/a", true },
    { "C:\\a", true },     { "\\\\host\\a", true }, { "a\\..\\..\\b", true }, { "a//..//..", true },
    { "..a", false },
};

START_TEST(what_climbs_out_is_seen)
{
    ck_assert_msg(bu_pypi_leaves_project(bu_bytes_of(paths[_i].path)) == paths[_i].leaves, "%s",
                  paths[_i].path);
}
END_TEST

#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *text;
    bulla_code code;
    uint32_t count;
} hashes[] = {
    { "sha256:" SHA256, BULLA_OK, 1 },       { "SHA256:" SHA256, BULLA_OK, 1 },
    { "blake2b:00", BULLA_OK, 0 },           { "sha256:" SHA256 "00", BULLA_E_BAD_ENCODING, 0 },
    { "sha256:", BULLA_E_BAD_ENCODING, 0 },  { SHA256, BULLA_E_BAD_ENCODING, 0 },
    { ":" SHA256, BULLA_E_BAD_ENCODING, 0 }, { "", BULLA_E_BAD_ENCODING, 0 },
};

START_TEST(hashes_have_their_algorithm_and_length)
{
    bulla_digest_set set = { 0 };
    err = (bulla_error){ 0 };
    bulla_status status = bu_pypi_add_hash(bu_bytes_of(hashes[_i].text), &set, &err);
    ck_assert_int_eq(status.code, hashes[_i].code);
    ck_assert_int_eq(err.code, hashes[_i].code);
    ck_assert_uint_eq(set.count, hashes[_i].count);
}
END_TEST

static const struct {
    const char *name, *normal;
} names[] = {
    { "alpha", "alpha" },    { "Alpha", "alpha" }, { "a.b_c-d", "a-b-c-d" },
    { "a-_.b--c", "a-b-c" }, { "a--b", "a-b" },
};

START_TEST(names_are_compared_as_pep_503_does)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes name = bu_bytes_of(names[_i].name);
    unit_ok(bu_pypi_normalize(arena, &name, &err), err);
    ck_assert(bu_bytes_is(name, names[_i].normal));
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tc, test, 0, sizeof table / sizeof table[0])

static void add(TCase *tc)
{
    LOOP(requirements_are_taken_apart, requirements);
    LOOP(only_one_exact_version_pins, specifiers);
    LOOP(names_of_files_say_what_they_are, files);
    LOOP(what_climbs_out_is_seen, paths);
    LOOP(hashes_have_their_algorithm_and_length, hashes);
    LOOP(names_are_compared_as_pep_503_does, names);
}

int main(void)
{
    return unit_run("pypi", add);
}
