/* SPDX-License-Identifier: MIT */
/*
 * JSON with comments: they and the last comma change nothing of what is read,
 * nothing else is let through, and no comment hides a value from one reader
 * that another one sees.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "base/buf.h"
#include "base/limits.h"
#include "syntax/tree.h"

/* A text of known length, which may hold NUL. */
#define TEXT(literal) literal, sizeof(literal) - 1

typedef bulla_status loader(bulla_bytes, const char *, bu_tree **, bulla_error *);

/* Load from a copy of exactly the text's size, so that reading beyond it is caught. */
static bulla_status load(loader *with, bulla_bytes text, bu_tree **out, bulla_error *err)
{
    uint8_t *copy = malloc(text.len == 0 ? 1 : text.len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text.ptr, text.len);
    bulla_status status = with((bulla_bytes){ copy, text.len }, "x.jsonc", out, err);
    free(copy);
    return status;
}

static const struct {
    const char *text;
    size_t len;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    { TEXT("// x"), BULLA_E_EMPTY, 1, 5 },
    { TEXT("/**/"), BULLA_E_EMPTY, 1, 5 },
    { TEXT("{} /*"), BULLA_E_TRUNCATED, 1, 6 },
    { TEXT("[1, /* x *"), BULLA_E_TRUNCATED, 1, 11 },
    { TEXT("/*/ 1"), BULLA_E_TRUNCATED, 1, 6 },
    { TEXT("[1,"), BULLA_E_TRUNCATED, 1, 4 },
    { TEXT("[1 /"), BULLA_E_TRUNCATED, 1, 5 },
    { TEXT("{} // x\n}"), BULLA_E_TRAILING_DATA, 2, 1 },
    { TEXT("{} /**/ 1"), BULLA_E_TRAILING_DATA, 1, 9 },
    { TEXT("/* /* */ */ 1"), BULLA_E_BAD_SYNTAX, 1, 10 },
    { TEXT("[1 / 2]"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("# x\n1"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("[tr/**/ue]"), BULLA_E_BAD_SYNTAX, 1, 2 },
    /* one comma, and behind something */
    { TEXT("[,]"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("{,}"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("[1,,]"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("{\"a\":1,,}"), BULLA_E_BAD_SYNTAX, 1, 8 },
    { TEXT("{\"a\":,}"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("{\"a\",}"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("[1,}"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("1,"), BULLA_E_TRAILING_DATA, 1, 2 },
    /* a comment that ends here for one reader and there for another */
    { TEXT("// x\xE2\x80\xA8 1"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("// x\xE2\x80\xA9 1"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("// x\0\n1"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("/* \x1B[2J */ 1"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("/* \xC0\xAF */ 1"), BULLA_E_BAD_ENCODING, 1, 4 },
    { TEXT("// caf\xE9\n1"), BULLA_E_BAD_ENCODING, 1, 7 },
    { TEXT("\xEF\xBB\xBF{}"), BULLA_E_BAD_ENCODING, 1, 1 },
    /* still JSON: none of what JSON5 has */
    { TEXT("{a:1}"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("['a']"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("[+1]"), BULLA_E_BAD_NUMBER, 1, 2 },
    { TEXT("[01]"), BULLA_E_BAD_NUMBER, 1, 3 },
    { TEXT("[\"a\tb\"]"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("{\"a\":1,/**/\"\\u0061\":2,}"), BULLA_E_DUPLICATE_KEY, 1, 21 },
};

START_TEST(a_text_is_refused_at_its_place)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = { (const uint8_t *)refused[_i].text, refused[_i].len };
    unit_fails(load(bu_jsonc_load, text, &tree, &err), refused[_i].code, err);
    ck_assert_ptr_null(tree);
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_uint_eq(err.column, refused[_i].column);
    ck_assert_str_eq(err.file, "x.jsonc");
}
END_TEST

static const char *const accepted[] = {
    "/* { */ {\"a\": [1, \"x\"]} // }",
    "{\"a\": [1, \"x\",],}",
    "{\"a\": [1, \"x\" /**/ , /***/ ] // x\r, /* \xE2\x82\xAC\n\t*/ }\n//",
    "{ // x, \"b\": 1\n\"a\"//\n:/**/[/*]*/1,\"x\"\n//,]\n]//\n}//\n",
    "{\"a\": [1, \"x\"]}",
};

START_TEST(comments_and_the_last_comma_change_nothing)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = bu_bytes_of(accepted[_i]);
    unit_ok(load(bu_jsonc_load, text, &tree, &err), err);
    const bu_node *root = bu_tree_root(tree), *a = bu_node_get(root, "a");
    ck_assert_uint_eq(bu_node_count(root), 1);
    ck_assert_uint_eq(bu_node_count(a), 2);
    ck_assert_int_eq(bu_node_integer(bu_node_first(a)), 1);
    ck_assert(bu_bytes_is(bu_node_text(bu_node_next(bu_node_first(a))), "x"));
    ck_assert_int_eq(text.ptr[bu_node_offset(a)], '[');
    bu_tree_free(tree);
}
END_TEST

/* A lockfile with a comment is not JSON: its own tool refuses it. */
START_TEST(strict_json_stays_strict)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    unit_fails(load(bu_json_load, bu_bytes_of(accepted[_i]), &tree, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_ptr_null(tree);
}
END_TEST

START_TEST(slashes_in_strings_are_no_comments)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = BULLA_LIT("[\"https://x/*\", \"*/ //\"]");
    unit_ok(load(bu_jsonc_load, text, &tree, &err), err);
    const bu_node *first = bu_node_first(bu_tree_root(tree));
    ck_assert(bu_bytes_is(bu_node_text(first), "https://x/*"));
    ck_assert(bu_bytes_is(bu_node_text(bu_node_next(first)), "*/ //"));
    bu_tree_free(tree);
}
END_TEST

START_TEST(a_refusal_says_what_was_expected_and_got)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_fails(load(bu_jsonc_load, BULLA_LIT("[1 /* x"), &tree, &err), BULLA_E_TRUNCATED, err);
    ck_assert_str_eq(err.expected, "*/");
    ck_assert_str_eq(err.got, "end of text");
    ck_assert_ptr_nonnull(strstr(err.text, "not JSONC"));
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    bulla_bytes text = BULLA_LIT("// x\n{\"a\": [\"\\u00e9\",],}");
    for (size_t n = 0;; n++) {
        bu_tree *tree = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_jsonc_load(text, "x.jsonc", &tree, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 5);
            bu_tree_free(tree);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(tree);
    }
}
END_TEST

static void add(TCase *tc)
{
    enum { ACCEPTED = sizeof accepted / sizeof accepted[0] };
    tcase_add_loop_test(tc, a_text_is_refused_at_its_place, 0, sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, comments_and_the_last_comma_change_nothing, 0, ACCEPTED);
    tcase_add_loop_test(tc, strict_json_stays_strict, 0, ACCEPTED - 1);
    tcase_add_test(tc, slashes_in_strings_are_no_comments);
    tcase_add_test(tc, a_refusal_says_what_was_expected_and_got);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("jsonc_tree", add);
}
