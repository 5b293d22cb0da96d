/* SPDX-License-Identifier: MIT */
/*
 * The YAML loader: a text that another reader could take for something else
 * must not get through, and no text may cost more than its size.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "base/buf.h"
#include "base/limits.h"
#include "syntax/tree.h"

/* A text of known length, which may hold NUL. */
#define TEXT(literal) literal, sizeof(literal) - 1

/* Load from a copy of exactly the text's size, so that reading beyond it is caught. */
static bulla_status load(bulla_bytes text, bu_tree **out, bulla_error *err)
{
    uint8_t *copy = malloc(text.len == 0 ? 1 : text.len);
    ck_assert_ptr_nonnull(copy);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    bulla_status status = bu_yaml_load((bulla_bytes){ copy, text.len }, "x.yaml", out, err);
    free(copy);
    return status;
}

static const struct {
    const char *text;
    size_t len;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    /* what makes one value stand for another */
    { TEXT("a: &x 1\nb: 2\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("a: 1\nb: *x\n"), BULLA_E_UNSUPPORTED_FEATURE, 2, 4 },
    { TEXT("a: &x [1]\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("a: &x {b: 1}\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("&x a: 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    { TEXT("a: !!str 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("a: ! 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("- !x [1]\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 3 },
    { TEXT("- !!map {a: 1}\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 3 },
    { TEXT("a:\n  <<: {b: 1}\n"), BULLA_E_UNSUPPORTED_FEATURE, 2, 3 },
    { TEXT("%YAML 1.1\n---\na: 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    { TEXT("# x\r%TAG ! !x\n---\na: 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 5 },
    { TEXT("a: 1\n---\nb: 2\n"), BULLA_E_UNSUPPORTED_FEATURE, 2, 1 },
    { TEXT("a: 1\n...\nb: 2\n"), BULLA_E_TRAILING_DATA, 3, 1 },
    { TEXT("[1]\n[2]\n"), BULLA_E_TRAILING_DATA, 2, 1 },
    /* keys */
    { TEXT("[a]: 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    { TEXT("? {a: 1}\n: 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 3 },
    { TEXT("? - a\n: 1\n"), BULLA_E_UNSUPPORTED_FEATURE, 1, 3 },
    { TEXT("a: 1\nb: 2\na: 3\n"), BULLA_E_DUPLICATE_KEY, 3, 4 },
    { TEXT("{a: 1, \"\\x61\": 2}"), BULLA_E_DUPLICATE_KEY, 1, 16 },
    { TEXT("1: a\n'1': b\n"), BULLA_E_DUPLICATE_KEY, 2, 6 },
    { TEXT("{? '': a, \"\": b}"), BULLA_E_DUPLICATE_KEY, 1, 15 },
    { TEXT("a:\n  k:\n    x: 1\n  k:\n    x: 1\n"), BULLA_E_DUPLICATE_KEY, 4, 3 },
    /* line ends of YAML 1.1: in 1.2 a comment goes on behind them */
    { TEXT("# x\xE2\x80\xA8"
           "b: 2\n"),
      BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("# x\xE2\x80\xA9"
           "b: 2\n"),
      BULLA_E_UNSUPPORTED_FEATURE, 1, 4 },
    { TEXT("a: 1\n# \xC2\x85"
           "b: 2\n"),
      BULLA_E_UNSUPPORTED_FEATURE, 2, 3 },
    /* not text */
    { TEXT("\xEF\xBB\xBF"
           "a: 1\n"),
      BULLA_E_BAD_ENCODING, 1, 1 },
    { TEXT("a: caf\xE9\n"), BULLA_E_BAD_ENCODING, 1, 7 },
    { TEXT("a: \xED\xA0\x80\n"), BULLA_E_BAD_ENCODING, 1, 4 },
    { TEXT("\xFF\xFE"
           "a\0"),
      BULLA_E_BAD_ENCODING, 1, 1 },
    { TEXT("a: \"x\\0y\"\n"), BULLA_E_BAD_ENCODING, 1, 4 },
    { TEXT("\"x\\0y\": 1\n"), BULLA_E_BAD_ENCODING, 1, 1 },
    { TEXT("a: x\0y\n"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("a: 1\nb: \x1B[2J\n"), BULLA_E_BAD_SYNTAX, 2, 4 },
    { TEXT("a: \x7F\n"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("a: \"\\ud800\"\n"), BULLA_E_BAD_SYNTAX, 1, 7 },
    /* not the grammar; columns are bytes, also behind characters of several */
    { TEXT("a: b: c\n"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80: b: c\n"), BULLA_E_BAD_SYNTAX, 1, 13 },
    { TEXT("a: 1\n\tb: 2\n"), BULLA_E_BAD_SYNTAX, 2, 1 },
    { TEXT("- a\nb: 1\n"), BULLA_E_BAD_SYNTAX, 2, 1 },
    { TEXT("a: @x\n"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("a: [1}\n"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("a: \"\\q\"\n"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("a: 'x'y\n"), BULLA_E_BAD_SYNTAX, 1, 7 },
    /* the end is missing */
    { TEXT("a: [1,\n"), BULLA_E_TRUNCATED, 2, 1 },
    { TEXT("a: {b"), BULLA_E_TRUNCATED, 1, 6 },
    { TEXT("a: \"x"), BULLA_E_TRUNCATED, 1, 6 },
    { TEXT("a: 1\nb\n"), BULLA_E_TRUNCATED, 3, 1 },
};

START_TEST(a_text_is_refused_at_its_place)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = { (const uint8_t *)refused[_i].text, refused[_i].len };
    unit_fails(load(text, &tree, &err), refused[_i].code, err);
    ck_assert_ptr_null(tree);
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_uint_eq(err.column, refused[_i].column);
    ck_assert_str_eq(err.file, "x.yaml");
}
END_TEST

static const struct {
    const char *text;
    bu_node_kind kind;
    const char *value; /* its text */
    int64_t integer;
} values[] = {
    { "", BU_NODE_NULL, "", 0 },
    { "# only a comment", BU_NODE_NULL, "", 0 },
    { "---\n...\n", BU_NODE_NULL, "", 0 },
    { "~", BU_NODE_NULL, "", 0 },
    { "Null", BU_NODE_NULL, "", 0 },
    { "nULL", BU_NODE_STRING, "nULL", 0 },
    { "true", BU_NODE_BOOL, "", 0 },
    { "FALSE", BU_NODE_BOOL, "", 0 },
    { "tRUE", BU_NODE_STRING, "tRUE", 0 },
    /* what only YAML 1.1 takes for something else */
    { "yes", BU_NODE_STRING, "yes", 0 },
    { "off", BU_NODE_STRING, "off", 0 },
    { "y", BU_NODE_STRING, "y", 0 },
    { "1_000", BU_NODE_STRING, "1_000", 0 },
    { "0b11", BU_NODE_STRING, "0b11", 0 },
    { "1:30", BU_NODE_STRING, "1:30", 0 },
    { "2001-12-14", BU_NODE_STRING, "2001-12-14", 0 },
    { "010", BU_NODE_INTEGER, "010", 10 },
    /* numbers */
    { "0", BU_NODE_INTEGER, "0", 0 },
    { "-17", BU_NODE_INTEGER, "-17", -17 },
    { "+17", BU_NODE_INTEGER, "+17", 17 },
    { "0o17", BU_NODE_INTEGER, "0o17", 15 },
    { "0xFf", BU_NODE_INTEGER, "0xFf", 255 },
    { "0o8", BU_NODE_STRING, "0o8", 0 },
    { "0xg", BU_NODE_STRING, "0xg", 0 },
    { "0x", BU_NODE_STRING, "0x", 0 },
    { "-0x1", BU_NODE_STRING, "-0x1", 0 },
    { "9223372036854775807", BU_NODE_INTEGER, "9223372036854775807", INT64_MAX },
    { "-9223372036854775808", BU_NODE_INTEGER, "-9223372036854775808", INT64_MIN },
    { "9223372036854775808", BU_NODE_REAL, "9223372036854775808", 0 },
    { "0x8000000000000000", BU_NODE_REAL, "0x8000000000000000", 0 },
    { "5.10", BU_NODE_REAL, "5.10", 0 },
    { "1.", BU_NODE_REAL, "1.", 0 },
    { "-.5e+3", BU_NODE_REAL, "-.5e+3", 0 },
    { "12e03", BU_NODE_REAL, "12e03", 0 },
    { ".", BU_NODE_STRING, ".", 0 },
    { "-", BU_NODE_ARRAY, "", 0 },
    { "+", BU_NODE_STRING, "+", 0 },
    { "1e", BU_NODE_STRING, "1e", 0 },
    { "1.2.3", BU_NODE_STRING, "1.2.3", 0 },
    { ".inf", BU_NODE_REAL, ".inf", 0 },
    { "-.INF", BU_NODE_REAL, "-.INF", 0 },
    { ".NaN", BU_NODE_REAL, ".NaN", 0 },
    { "+.nan", BU_NODE_STRING, "+.nan", 0 },
    /* strings */
    { "''", BU_NODE_STRING, "", 0 },
    { "\"\"", BU_NODE_STRING, "", 0 },
    { "'true'", BU_NODE_STRING, "true", 0 },
    { "'1'", BU_NODE_STRING, "1", 0 },
    { "'<<'", BU_NODE_STRING, "<<", 0 },
    { "'it''s'", BU_NODE_STRING, "it's", 0 },
    { "\"a\\tb\\x41\\u20AC\\U0001F600\\/\"", BU_NODE_STRING, "a\tbA\xE2\x82\xAC\xF0\x9F\x98\x80/",
      0 },
    { "two\n words", BU_NODE_STRING, "two words", 0 },
    { "a b # c", BU_NODE_STRING, "a b", 0 },
    { "a#b:c", BU_NODE_STRING, "a#b:c", 0 },
    { "|\n  a\n   b\n", BU_NODE_STRING, "a\n b\n", 0 },
    { ">-\n  a\n  b\n\n", BU_NODE_STRING, "a b", 0 },
    { "caf\xC3\xA9", BU_NODE_STRING, "caf\xC3\xA9", 0 },
    { "[]", BU_NODE_ARRAY, "", 0 },
    { "{}", BU_NODE_TABLE, "", 0 },
    { "--- {}\n... # end\n", BU_NODE_TABLE, "", 0 },
};

START_TEST(a_value_is_what_the_core_schema_says)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(bu_bytes_of(values[_i].text), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    ck_assert_int_eq(bu_node_kind_of(root), values[_i].kind);
    ck_assert(bu_bytes_is(bu_node_text(root), values[_i].value));
    ck_assert_int_eq(bu_node_integer(root), values[_i].integer);
    bu_tree_free(tree);
}
END_TEST

/* Small tables and indexed ones: only the outermost may repeat, and only when that is asked for. */
START_TEST(keys_of_merged_files_repeat_in_the_outermost_mapping_alone)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_tree *tree = NULL;
    for (int i = 0; i < (_i == 0 ? 1 : 100); i++)
        bu_buf_add_format(&text, "k%d: {a: 1}\n", i);
    bu_buf_add_text(&text, "k0: {a: 2}\n");
    unit_ok(bu_yaml_load_merged(bu_buf_bytes(&text), "x.yaml", &tree, &err), err);
    ck_assert_uint_eq(bu_node_count(bu_tree_root(tree)), _i == 0 ? 2 : 101);
    bu_tree_free(tree);
    unit_fails(bu_yaml_load(bu_buf_bytes(&text), "x.yaml", &tree, &err), BULLA_E_DUPLICATE_KEY,
               err);
    bu_buf_add_text(&text, "last: {a: 1, a: 2}\n");
    unit_fails(bu_yaml_load_merged(bu_buf_bytes(&text), "x.yaml", &tree, &err),
               BULLA_E_DUPLICATE_KEY, err);
    ck_assert_uint_eq(err.line, _i == 0 ? 3 : 102);
}
END_TEST

START_TEST(only_true_is_true)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(BULLA_LIT("[true, True, TRUE, false, False, 'true', yes, 1]"), &tree, &err), err);
    size_t at = 0;
    BU_EACH_CHILD(node, bu_tree_root(tree))
        ck_assert_int_eq(bu_node_is_true(node), at++ < 3);
    ck_assert_uint_eq(at, 8);
    bu_tree_free(tree);
}
END_TEST

/* As a lockfile of pnpm, Dart or CocoaPods is written; places are those of the entries. */
START_TEST(nodes_know_their_keys_and_places)
{
    static const struct {
        const char *key;
        bu_node_kind kind;
        uint32_t line, column;
    } wanted[] = {
        { "lockfileVersion", BU_NODE_STRING, 2, 18 },
        { "caf\xC3\xA9", BU_NODE_TABLE, 4, 1 }, /* a block: where its key is */
        { "list", BU_NODE_ARRAY, 6, 1 },
        { "flow", BU_NODE_TABLE, 9, 7 },
        { "none", BU_NODE_NULL, 10, 6 },
        { "long key", BU_NODE_STRING, 12, 3 },
        { "5.10", BU_NODE_INTEGER, 13, 7 },
    };
    bu_tree *tree;
    bulla_error err = { 0 };
    bulla_bytes text = BULLA_LIT("# \xE2\x82\xAC\nlockfileVersion: '9.0'\n\n"
                                 "caf\xC3\xA9:\n  '@a/b': 1.0.0\n"
                                 "list:\r\n- x: 1\n- y\n"
                                 "flow: {a: {b: c}, d: [e: f]}\n"
                                 "none:\n"
                                 "? long key\n: v\n"
                                 "5.10: 1\n");
    unit_ok(load(text, &tree, &err), err);
    size_t i = 0;
    BU_EACH_CHILD(field, bu_tree_root(tree)) {
        uint32_t line, column;
        bu_tree_place(tree, bu_node_offset(field), &line, &column);
        ck_assert(bu_bytes_is(bu_node_key(field), wanted[i].key));
        ck_assert_int_eq(bu_node_kind_of(field), wanted[i].kind);
        ck_assert_uint_eq(line, wanted[i].line);
        ck_assert_uint_eq(column, wanted[i].column);
        i++;
    }
    ck_assert_uint_eq(i, sizeof wanted / sizeof wanted[0]);
    const bu_node *flow = bu_node_get(bu_tree_root(tree), "flow");
    const bu_node *pair = bu_node_first(bu_node_get(flow, "d"));
    ck_assert(bu_bytes_is(bu_node_text(bu_node_get(pair, "e")), "f"));
    const bu_node *list = bu_node_get(bu_tree_root(tree), "list");
    ck_assert_uint_eq(bu_node_count(list), 2);
    ck_assert_int_eq(bu_node_integer(bu_node_get(bu_node_first(list), "x")), 1);
    bu_tree_free(tree);
}
END_TEST

static bu_buf repeated(const char *before, const char *text, size_t count, const char *after)
{
    bu_buf out = { 0 };
    bu_buf_add_text(&out, before);
    for (size_t i = 0; i < count; i++)
        bu_buf_add_text(&out, text);
    bu_buf_add_text(&out, after);
    return out;
}

START_TEST(nesting_ends_at_the_limit)
{
    static const struct {
        const char *open;
        bulla_code code;
    } cases[] = {
        { "[", BULLA_E_RESOURCE_LIMIT },
        { "[\n", BULLA_E_RESOURCE_LIMIT },
        { "{a: ", BULLA_E_RESOURCE_LIMIT },
        { "- ", BULLA_E_RESOURCE_LIMIT },
        { "[a: ", BULLA_E_RESOURCE_LIMIT },
        { "{", BULLA_E_UNSUPPORTED_FEATURE },  /* a key that is a mapping */
        { "? ", BULLA_E_UNSUPPORTED_FEATURE }, /* likewise */
    };
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf deep = repeated("", cases[_i].open, 1000000, "");
    unit_fails(load(bu_buf_bytes(&deep), &tree, &err), cases[_i].code, err);
    ck_assert_uint_le(err.offset, (BU_LIMIT_TREE_DEPTH + 1) * strlen(cases[_i].open));
    bu_buf_clear(&deep);
}
END_TEST

START_TEST(the_deepest_document_is_taken)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = repeated("", "- ", BU_LIMIT_TREE_DEPTH, "x");
    unit_ok(load(bu_buf_bytes(&text), &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

/* Texts that libyaml needs the square of their size for; with a check left out these take hours. */
START_TEST(no_text_costs_more_than_its_size)
{
    static const struct {
        const char *before, *text;
        size_t count;
        const char *again;
        bulla_code code;
    } cases[] = {
        { "a", " ", 2000000, " b b b b b b b b", BULLA_E_RESOURCE_LIMIT },
        { "a: \"x", "\n", 2000000, " b b b b b b b b", BULLA_E_RESOURCE_LIMIT },
        { "", "%TAG !a! !b\n", 200000, "---", BULLA_E_UNSUPPORTED_FEATURE },
        { "a: 1\n...\n", "%TAG !a! !b\n", 200000, "---", BULLA_E_UNSUPPORTED_FEATURE },
        { "a: |\n", "   x\n", 500000, "\n", BULLA_OK },
        { "a: \"", "x\\\n", 500000, "\"\n", BULLA_OK },
        { "", "#\n", 1000000, "", BULLA_OK },
        { "[", "#\n", 1000000, "]", BULLA_OK },
        { "a", "\n b", 500000, "", BULLA_OK },
    };
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf text = repeated(cases[_i].before, cases[_i].text, cases[_i].count, cases[_i].again);
    bulla_status status = load(bu_buf_bytes(&text), &tree, &err);
    ck_assert_msg(status.code == cases[_i].code, "%s", err.text);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(as_many_blanks_as_the_limit_are_taken)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf fits = repeated("a:", " ", BU_LIMIT_BLANKS, "b");
    unit_ok(load(bu_buf_bytes(&fits), &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&fits);
    bu_buf over = repeated("a:", "\n", BU_LIMIT_BLANKS + 1, " b");
    unit_fails(load(bu_buf_bytes(&over), &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.offset, BU_LIMIT_BLANKS + 2);
    bu_buf_clear(&over);
}
END_TEST

START_TEST(a_document_over_the_size_limit_is_not_even_copied)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bulla_bytes text = { (const uint8_t *)"", (size_t)BU_LIMIT_DOCUMENT_BYTES + 1 };
    unit_fails(bu_yaml_load(text, "x.yaml", &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "x.yaml");
}
END_TEST

START_TEST(a_refusal_says_what_was_expected_and_got)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_fails(load(BULLA_LIT("a: [1}"), &tree, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_str_eq(err.expected, "',' or ']'");
    ck_assert_str_eq(err.got, "}");
    unit_fails(load(BULLA_LIT("a: *b"), &tree, &err), BULLA_E_UNSUPPORTED_FEATURE, err);
    ck_assert_str_eq(err.expected, "a value that is no alias");
    ck_assert_str_eq(err.got, "*");
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    bu_buf text = { 0 };
    for (size_t i = 0; i < 40; i++)
        bu_buf_add_format(&text, "k%zu: {a: \"\\u00e9\", 'it''s': [1]}\n", i);
    for (size_t n = 0;; n++) {
        bu_tree *tree = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_yaml_load(bu_buf_bytes(&text), "x.yaml", &tree, &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 5);
            bu_tree_free(tree);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(tree);
    }
    bu_buf_clear(&text);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_text_is_refused_at_its_place, 0, sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, a_value_is_what_the_core_schema_says, 0,
                        sizeof values / sizeof values[0]);
    tcase_add_loop_test(tc, keys_of_merged_files_repeat_in_the_outermost_mapping_alone, 0, 2);
    tcase_add_test(tc, only_true_is_true);
    tcase_add_test(tc, nodes_know_their_keys_and_places);
    tcase_add_loop_test(tc, nesting_ends_at_the_limit, 0, 7);
    tcase_add_test(tc, the_deepest_document_is_taken);
    tcase_add_loop_test(tc, no_text_costs_more_than_its_size, 0, 9);
    tcase_add_test(tc, as_many_blanks_as_the_limit_are_taken);
    tcase_add_test(tc, a_document_over_the_size_limit_is_not_even_copied);
    tcase_add_test(tc, a_refusal_says_what_was_expected_and_got);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("yaml_tree", add);
}
