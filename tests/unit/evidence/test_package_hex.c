/* SPDX-License-Identifier: MIT */
/*
 * Hex packages: parts that were exchanged are noticed, and metadata that
 * another reader of Erlang terms could read otherwise is refused.
 */
#include "evidence/erlang.h"

#include "package.h"
#include "suite.h"

static bulla_error err;

#define METADATA                                                                                   \
    "{<<\"app\">>,<<\"demo\">>}.\n{<<\"name\">>,<<\"demo\">>}.\n{<<\"version\">>,<<\"1.2.3\">>}."  \
    "\n"                                                                                           \
    "{<<\"requirements\">>,\n [[{<<\"name\">>,<<\"other\">>},{<<\"optional\">>,false}]]}.\n"

static const struct {
    const char *what, *text;
    bulla_code code;
    const char *name, *version;
} terms[] = {
    { "what hex_core writes", METADATA, BULLA_OK, "demo", "1.2.3" },
    { "UTF-8", "{<<\"name\">>,<<\"d\"/utf8>>}. % x\n{<<\"version\">>, <<\"1\">>} .", BULLA_OK, "d",
      "1" },
    { "other things", "{<<\"x\">>,[{1,-2,a@b,'q r',\"s\\\"t\",<<>>},[]]}.{<<\"name\">>,<<\"a\">>}.",
      BULLA_OK, "a", "" },
    { "two names", METADATA "{<<\"name\">>,<<\"evil\">>}.\n", BULLA_E_DUPLICATE_KEY, NULL, NULL },
    { "a name with an escape", "{<<\"name\">>,<<\"\\x64emo\">>}.", BULLA_E_BAD_ENCODING, NULL,
      NULL },
    { "a key with an escape", "{<<\"\\x6eame\">>,<<\"evil\">>}.", BULLA_E_BAD_ENCODING, NULL,
      NULL },
    { "a name that is a string", "{<<\"name\">>,\"demo\"}.", BULLA_E_TYPE_MISMATCH, NULL, NULL },
    { "a key that is an atom", "{name,<<\"demo\">>}.", BULLA_E_BAD_SYNTAX, NULL, NULL },
    { "a binary of numbers", "{<<\"name\">>,<<100,101>>}.", BULLA_E_BAD_SYNTAX, NULL, NULL },
    { "a binary of two strings", "{<<\"name\">>,<<\"a\" \"b\">>}.", BULLA_E_BAD_SYNTAX, NULL,
      NULL },
    { "a pair of three", "{<<\"name\">>,<<\"a\">>,x}.", BULLA_E_BAD_SYNTAX, NULL, NULL },
    { "no full stop", "{<<\"name\">>,<<\"a\">>}", BULLA_E_BAD_SYNTAX, NULL, NULL },
    { "brackets that cross", "{<<\"x\">>,[{]}}.", BULLA_E_BAD_SYNTAX, NULL, NULL },
    { "no pair", "name.", BULLA_E_BAD_SYNTAX, NULL, NULL },
    { "a hidden character", "{<<\"name\">>,<<\"a\x7F\">>}.", BULLA_E_BAD_ENCODING, NULL, NULL },
};

START_TEST(metadata_is_read_in_one_way)
{
    bu_erlang_field fields[] = { { "name", { 0 } }, { "version", { 0 } } };
    err = (bulla_error){ 0 };
    bulla_status status = bu_erlang_read(bu_bytes_of(terms[_i].text), fields, 2, &err);
    ck_assert_msg(status.code == terms[_i].code, "%s: %s (%s)", terms[_i].what,
                  bulla_code_name(status.code), err.text);
    if (!bulla_ok(status))
        return;
    ck_assert(bu_bytes_is(fields[0].value, terms[_i].name));
    ck_assert(bu_bytes_is(fields[1].value, terms[_i].version));
}
END_TEST

START_TEST(nesting_is_bounded)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_erlang_field field = { "name", { 0 } };
    bu_buf_add_text(&text, "{<<\"x\">>,");
    for (int i = 0; i < 100000; i++)
        bu_buf_add_text(&text, "[");
    unit_fails(bu_erlang_read(bu_buf_bytes(&text), &field, 1, &err), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

/* What is done to an honest package. */
typedef enum change {
    NOTHING,
    OTHER_CHECKSUM,
    VERSION_4,
    NO_CONTENTS,
    OUT_OF_ORDER,
    EXTRA,
    BAD_CONTENTS,
    NO_HEX
} change;

static void build_hex(const char *metadata, change what, bu_buf *out)
{
    static const build_member good[] = { { .name = "mix.exs", .content = BUILD_BYTES("x") },
                                         { 0 } };
    static const build_member bad[] = { { .name = "/mix.exs", .content = BUILD_BYTES("x") },
                                        { 0 } };
    const char *version = what == VERSION_4 ? "4" : "3";
    BU_CLEAR(bu_buf) contents = { 0 }, all = { 0 };
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    package_tar(BU_COMPRESSION_GZIP, what == BAD_CONTENTS ? bad : good, &contents);
    bu_buf_add_text(&all, version);
    bu_buf_add_text(&all, metadata);
    bu_buf_add(&all, bu_buf_bytes(&contents));
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&all), &digest, &err), err);
    bulla_digest_hex(&digest, hex);
    hex[0] = (char)(what == OTHER_CHECKSUM ? hex[0] ^ 1 : what == NO_HEX ? 'x' : hex[0]);
    build_member members[6] = {
        { .name = "VERSION", .content = bu_bytes_of(version) },
        { .name = "CHECKSUM", .content = bu_bytes_of(hex) },
        { .name = "metadata.config", .content = bu_bytes_of(metadata) },
        { .name = "contents.tar.gz", .content = bu_buf_bytes(&contents) },
    };
    if (what == OUT_OF_ORDER)
        members[1].name = "metadata.config", members[2].name = "CHECKSUM";
    if (what == NO_CONTENTS)
        members[3].name = NULL;
    if (what == EXTRA)
        members[4] = (build_member){ .name = "x" };
    package_tar(BU_COMPRESSION_NONE, members, out);
}

static const struct {
    change what;
    const char *metadata, *name, *version;
    bulla_code code;
} cases[] = {
    { NOTHING, METADATA, "demo", "1.2.3", BULLA_OK },
    { NOTHING, METADATA, "demo", "1.2.4", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, METADATA, "demos", "1.2.3", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, "{<<\"name\">>,<<\"demo\">>}.", "demo", "1.2.3", BULLA_E_MISSING_FIELD },
    { OTHER_CHECKSUM, METADATA, "demo", "1.2.3", BULLA_E_CHECKSUM },
    { NO_HEX, METADATA, "demo", "1.2.3", BULLA_E_BAD_ENCODING },
    { VERSION_4, METADATA, "demo", "1.2.3", BULLA_E_UNSUPPORTED_VERSION },
    { NO_CONTENTS, METADATA, "demo", "1.2.3", BULLA_E_MISSING_FILE },
    { OUT_OF_ORDER, METADATA, "demo", "1.2.3", BULLA_E_BAD_HEADER },
    { EXTRA, METADATA, "demo", "1.2.3", BULLA_E_BAD_HEADER },
    { BAD_CONTENTS, METADATA, "demo", "1.2.3", BULLA_E_PATH_TRAVERSAL },
};

START_TEST(a_hex_package_is_held_against_the_component)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    build_hex(cases[_i].metadata, cases[_i].what, &bytes);
    bulla_status status = package_walk("pkg:hex/demo", "hex", cases[_i].name, cases[_i].version,
                                       bu_buf_bytes(&bytes), &err);
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  err.text);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = {
        .purl = "pkg:hex/demo", .type = "hex", .name = "demo", .version = "1.2.3"
    };
    build_hex(METADATA, NOTHING, &bytes);
    package_survives_allocation_failures(&component, bu_buf_bytes(&bytes));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, metadata_is_read_in_one_way, 0, sizeof terms / sizeof terms[0]);
    tcase_add_test(tc, nesting_is_bounded);
    tcase_add_loop_test(tc, a_hex_package_is_held_against_the_component, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("package_hex", add);
}
