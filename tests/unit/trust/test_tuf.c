/* SPDX-License-Identifier: MIT */
/*
 * Following a TUF repository: names as URLs and files, patterns, delegations,
 * and who is counted. Whole repositories are followed by tests/tuf.
 */
#include "suite.h"

#include "trust/tuf_delegation.h"
#include "trust/tuf_file.h"
#include "trust/tuf_name.h"

static const struct {
    const char *pattern, *target;
    bool matches;
} patterns[] = {
    { "*", "file", true },
    { "*", "folder/file", false },
    { "*/*", "folder/file", true },
    { "folder/*", "folder/a/b", false },
    { "**", "a/b", false },
    { "*.tgz", ".tgz", true },
    { "a*b*c", "aXbXbXc", true },
    { "a*b*c", "aXbXbX", false },
    { "foo-?.tgz", "foo-1.tgz", true },
    { "foo-?.tgz", "foo-.tgz", false },
    { "a?b", "a/b", false },
    { "[abc]", "b", true },
    { "[!abc]", "b", false },
    { "[!abc]", "/", false },
    { "v[0-9]", "v7", true },
    { "v[0-9]", "vx", false },
    { "[]]", "]", true },
    { "[a", "[a", true },
    { "", "a", false },
    { "a", "ab", false },
    { "ab", "a", false },
    { "*a/b", "xa/b", true },
    { "*a/b", "xa/ya/b", false },
};

START_TEST(patterns_do_not_cross_separators)
{
    bool got =
        bu_tuf_pattern_match(bu_bytes_of(patterns[_i].pattern), bu_bytes_of(patterns[_i].target));
    ck_assert_msg(got == patterns[_i].matches, "%s against %s", patterns[_i].pattern,
                  patterns[_i].target);
}
END_TEST

/* A pattern of many stars must not cost more than the product of the lengths. */
START_TEST(hostile_pattern_ends)
{
    char pattern[2001], target[4001];
    for (size_t i = 0; i < 2000; i++)
        pattern[i] = i % 2 == 0 ? '*' : 'a';
    memset(target, 'a', sizeof target - 1);
    target[3999] = 'b';
    pattern[2000] = target[4000] = '\0';
    ck_assert(!bu_tuf_pattern_match(bu_bytes_of(pattern), bu_bytes_of(target)));
}
END_TEST

static const struct {
    const char *name, *file, *url; /* NULL: refused */
} names[] = {
    { "plain-1.0_~", "plain-1.0_~", "plain-1.0_~" },
    { "a/b", "a%2Fb", "a/b" },
    { "../x", "%2E.%2Fx", NULL },
    { "a/../x", "a%2F..%2Fx", NULL },
    { "/etc/passwd", "%2Fetc%2Fpasswd", NULL },
    { "a//b", "a%2F%2Fb", NULL },
    { ".", "%2E", NULL },
    { "", NULL, NULL },
    { ".hidden", "%2Ehidden", ".hidden" },
    { "a b?#", "a%20b%3F%23", "a%20b%3F%23" },
    { "50%", "50%25", "50%25" },
    { "a%20b", "a%2520b", "a%20b" },
    { "\xc3\xa9\n", "%C3%A9%0A", "%C3%A9%0A" },
};

START_TEST(a_name_becomes_one_file_name)
{
    BU_CLEAR(bu_buf) got = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_tuf_file_name(bu_bytes_of(names[_i].name), "", &got, &err);
    if (names[_i].file == NULL) {
        unit_fails(status, BULLA_E_BAD_NAME, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_str_eq((const char *)got.ptr, names[_i].file);
}
END_TEST

START_TEST(a_target_does_not_climb_in_urls)
{
    BU_CLEAR(bu_buf) got = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_tuf_target_path(bu_bytes_of(names[_i].name), NULL, &got, &err);
    if (names[_i].url == NULL) {
        unit_fails(status, BULLA_E_BAD_NAME, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_str_eq((const char *)got.ptr, names[_i].url);
}
END_TEST

START_TEST(a_name_that_is_too_long_is_no_file_name)
{
    char name[201];
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) got = { 0 };
    memset(name, '/', 200);
    name[200] = '\0';
    bulla_status status = bu_tuf_file_name(bu_bytes_of(name), ".json", &got, &err);
    unit_fails(status, BULLA_E_BAD_NAME, err);
}
END_TEST

/* Delegations */

#define FRAME(body)                                                                                \
    "{\"signatures\":[],\"signed\":{\"_type\":\"targets\",\"spec_version\":\"1.0.34\","            \
    "\"version\":1,\"expires\":\"2030-01-01T00:00:00Z\",\"targets\":{}," body "}}"
#define ROLES(rows) FRAME("\"delegations\":{\"keys\":{},\"roles\":[" rows "]}")
#define ROLE(name, fields)                                                                         \
    "{\"name\":\"" name "\",\"keyids\":[],\"threshold\":1,\"terminating\":false," fields "}"
#define LAST(name)                                                                                 \
    "{\"name\":\"" name "\",\"keyids\":[],\"threshold\":1,\"terminating\":true,\"paths\":[\"*\"]}"
#define BINS(bits)                                                                                 \
    FRAME("\"delegations\":{\"keys\":{},\"succinct_roles\":{\"keyids\":[],\"threshold\":1,"        \
          "\"bit_length\":" bits ",\"name_prefix\":\"bin\"}}")

static const struct {
    const char *text;
    bulla_code want;
    const char *roles; /* that match the target "file", parted by blanks */
} delegations[] = {
    { FRAME("\"x\":0"), BULLA_OK, "" },
    { ROLES(ROLE("a", "\"paths\":[\"*\"]") "," ROLE("b", "\"paths\":[\"x\"]") "," ROLE(
          "c", "\"paths\":[\"x\",\"fi?e\"]")),
      BULLA_OK, "a c" },
    { ROLES(LAST("a") "," ROLE("b", "\"paths\":[\"*\"]")), BULLA_OK, "a" },
    /* SHA-256 of "file" begins with 3b9c358f. */
    { ROLES(ROLE("a", "\"path_hash_prefixes\":[\"3b9\",\"00\"]") "," ROLE(
          "b", "\"path_hash_prefixes\":[\"3c\"]")),
      BULLA_OK, "a" },
    { BINS("8"), BULLA_OK, "bin-3b" },
    { BINS("1"), BULLA_OK, "bin-0" },
    { BINS("10"), BULLA_OK, "bin-0ee" },
    { BINS("32"), BULLA_OK, "bin-3b9c358f" },
    { BINS("0"), BULLA_E_BAD_NUMBER, "" },
    { BINS("33"), BULLA_E_BAD_NUMBER, "" },
    { ROLES(ROLE("a", "\"x\":0")), BULLA_E_BAD_SYNTAX, "" },
    { ROLES(ROLE("a", "\"paths\":[],\"path_hash_prefixes\":[]")), BULLA_E_BAD_SYNTAX, "" },
    { ROLES(ROLE("a", "\"paths\":\"*\"")), BULLA_E_TYPE_MISMATCH, "" },
    { ROLES(ROLE("a", "\"paths\":[1]")), BULLA_E_TYPE_MISMATCH, "" },
    { ROLES(ROLE("root", "\"paths\":[\"*\"]")), BULLA_E_BAD_NAME, "" },
    { ROLES(ROLE("", "\"paths\":[\"*\"]")), BULLA_E_BAD_NAME, "" },
    { FRAME("\"delegations\":{\"keys\":{}}"), BULLA_E_BAD_SYNTAX, "" },
    { FRAME("\"delegations\":{\"roles\":[]}"), BULLA_E_MISSING_FIELD, "" },
    { FRAME("\"delegations\":[]"), BULLA_E_TYPE_MISMATCH, "" },
};

START_TEST(delegations_of_one_target)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_CLEAR(bu_tuf_delegations) got = { 0 };
    BU_CLEAR(bu_buf) roles = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_metadata_parse(bu_bytes_of(delegations[_i].text), "role.json", "targets", &m, &err);
    unit_ok(status, err);
    status = bu_tuf_delegations_read(&m, "file", &got, &err);
    ck_assert_int_eq(status.code, delegations[_i].want);
    if (!bulla_ok(status)) {
        ck_assert_str_eq(err.file, "role.json");
        return;
    }
    for (size_t i = 0; i < got.count; i++)
        bu_buf_add_format(&roles, "%s%s", i == 0 ? "" : " ", got.items[i].name);
    ck_assert_str_eq(roles.len == 0 ? "" : (const char *)roles.ptr, delegations[_i].roles);
}
END_TEST

/* What a list of metadata says, and that it is never taken back. */

#define LIST(meta)                                                                                 \
    "{\"signatures\":[],\"signed\":{\"_type\":\"snapshot\",\"spec_version\":\"1.0.34\","           \
    "\"version\":1,\"expires\":\"2030-01-01T00:00:00Z\",\"meta\":{" meta "}}}"

static const struct {
    const char *before, *after;
    bulla_code want;
} lists[] = {
    { "\"a\":{\"version\":1}", "\"a\":{\"version\":1}", BULLA_OK },
    { "\"a\":{\"version\":1}", "\"a\":{\"version\":2},\"b\":{\"version\":1}", BULLA_OK },
    { "\"a\":{\"version\":2}", "\"a\":{\"version\":1}", BULLA_E_ROLLBACK },
    { "\"a\":{\"version\":1},\"b\":{\"version\":1}", "\"a\":{\"version\":1}", BULLA_E_ROLLBACK },
    { "\"a\":{\"version\":1}", "\"a\":{\"version\":0}", BULLA_E_BAD_NUMBER },
    { "\"a\":{\"version\":1}", "\"a\":{}", BULLA_E_MISSING_FIELD },
};

START_TEST(lists_do_not_go_back)
{
    BU_CLEAR(bu_metadata) before = { 0 };
    BU_CLEAR(bu_metadata) after = { 0 };
    BU_CLEAR(bu_buf) old = { 0 };
    BU_CLEAR(bu_buf) new = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_format(&old, LIST("%s"), lists[_i].before);
    bu_buf_add_format(&new, LIST("%s"), lists[_i].after);
    bulla_status status =
        bu_metadata_parse(bu_buf_bytes(&old), "old.json", "snapshot", &before, &err);
    unit_ok(status, err);
    status = bu_metadata_parse(bu_buf_bytes(&new), "snapshot.json", "snapshot", &after, &err);
    unit_ok(status, err);
    status = bu_tuf_meta_no_older(&before, &after, &err);
    ck_assert_int_eq(status.code, lists[_i].want);
    if (!bulla_ok(status))
        ck_assert_str_eq(err.file, "snapshot.json");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(table)[0]))

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, patterns_do_not_cross_separators, 0, COUNT(patterns));
    tcase_add_test(tc, hostile_pattern_ends);
    tcase_add_loop_test(tc, a_name_becomes_one_file_name, 0, COUNT(names));
    tcase_add_loop_test(tc, a_target_does_not_climb_in_urls, 0, COUNT(names));
    tcase_add_test(tc, a_name_that_is_too_long_is_no_file_name);
    tcase_add_loop_test(tc, delegations_of_one_target, 0, COUNT(delegations));
    tcase_add_loop_test(tc, lists_do_not_go_back, 0, COUNT(lists));
}

int main(void)
{
    return unit_run("trust/tuf", add);
}
