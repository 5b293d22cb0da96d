/* SPDX-License-Identifier: MIT */
/*
 * The JSON reader: what it takes it takes as it stands, what it refuses it
 * refuses at its very place. A text that two readers could take for different
 * things must not get through.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "base/buf.h"
#include "base/limits.h"
#include "syntax/tree.h"

/* A text of known length, which may hold NUL. */
#define TEXT(literal) literal, sizeof(literal) - 1

static bulla_bytes bytes_of(const char *text, size_t len)
{
    return (bulla_bytes){ (const uint8_t *)text, len };
}

/* Load from a copy of exactly the text's size, so that reading beyond it is caught. */
static bulla_status load(bulla_bytes text, bu_tree **out, bulla_error *err)
{
    uint8_t *copy = malloc(text.len == 0 ? 1 : text.len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text.ptr, text.len);
    bulla_status status = bu_json_load((bulla_bytes){ copy, text.len }, "x.json", out, err);
    free(copy);
    return status;
}

static const struct {
    const char *text;
    size_t len;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    { TEXT(""), BULLA_E_EMPTY, 1, 1 },
    { TEXT(" \r\n\t"), BULLA_E_EMPTY, 2, 2 },
    /* the end is missing */
    { TEXT("{"), BULLA_E_TRUNCATED, 1, 2 },
    { TEXT("["), BULLA_E_TRUNCATED, 1, 2 },
    { TEXT("[1"), BULLA_E_TRUNCATED, 1, 3 },
    { TEXT("[1,\n"), BULLA_E_TRUNCATED, 2, 1 },
    { TEXT("{\"a\""), BULLA_E_TRUNCATED, 1, 5 },
    { TEXT("{\"a\":"), BULLA_E_TRUNCATED, 1, 6 },
    { TEXT("{\"a\":1,"), BULLA_E_TRUNCATED, 1, 8 },
    { TEXT("\"abc"), BULLA_E_TRUNCATED, 1, 5 },
    { TEXT("\"abc\\"), BULLA_E_TRUNCATED, 1, 6 },
    { TEXT("-"), BULLA_E_TRUNCATED, 1, 2 },
    { TEXT("1."), BULLA_E_TRUNCATED, 1, 3 },
    { TEXT("1e+"), BULLA_E_TRUNCATED, 1, 4 },
    /* something follows the end */
    { TEXT("{}x"), BULLA_E_TRAILING_DATA, 1, 3 },
    { TEXT("1 2"), BULLA_E_TRAILING_DATA, 1, 3 },
    { TEXT("[]\n\n]"), BULLA_E_TRAILING_DATA, 3, 1 },
    { TEXT("{}\0"), BULLA_E_TRAILING_DATA, 1, 3 },
    /* not the grammar */
    { TEXT("{a:1}"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("{'a':1}"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("{1:1}"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("{\"a\" 1}"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("{\"a\":}"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("{\"a\":1 \"b\":2}"), BULLA_E_BAD_SYNTAX, 1, 8 },
    { TEXT("{\"a\":1,}"), BULLA_E_BAD_SYNTAX, 1, 8 },
    { TEXT("{,}"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("[1,]"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("[,1]"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("[1 2]"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("[1}"), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("{\"a\":1]"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("]"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("tru"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("True"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("nul"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("[truex]"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("NaN"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("Infinity"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("// x\n1"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("[1,\n  /* x */ 2]"), BULLA_E_BAD_SYNTAX, 2, 3 },
    { TEXT("\f1"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("\0"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("[\0]"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("\xC2\xA0"), BULLA_E_BAD_SYNTAX, 1, 1 },
    /* strings */
    { TEXT("\"a\nb\""), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("\"a\tb\""), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("\"a\0b\""), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("\"12345678\x1F\""), BULLA_E_BAD_SYNTAX, 1, 10 },
    { TEXT("\"\\x41\""), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("\"\\'\""), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("\"\\u12\""), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("\"\\u12G4\""), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("\"\\U0041\""), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("\"\\u0000\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"a\\uD800\""), BULLA_E_BAD_ENCODING, 1, 3 },
    { TEXT("\"\\uD800x\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\\uD800\\n\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\\uD800\\uD800\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\\uDC00\\uD800\""), BULLA_E_BAD_ENCODING, 1, 2 },
    /* not UTF-8: overlong, surrogates, too large, cut short, alone, Latin-1 */
    { TEXT("\"\xC0\xAF\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\xE0\x80\xAF\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\xED\xA0\x80\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\xF4\x90\x80\x80\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"\xE2\x82\""), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\"abc\x80\""), BULLA_E_BAD_ENCODING, 1, 5 },
    { TEXT("\"caf\xE9\""), BULLA_E_BAD_ENCODING, 1, 5 },
    { TEXT("\"\\n\xFF\""), BULLA_E_BAD_ENCODING, 1, 4 },
    { TEXT("{\"\xFF\":1}"), BULLA_E_BAD_ENCODING, 1, 3 },
    { TEXT("\xFF\xFE[\0]\0"), BULLA_E_BAD_ENCODING, 1, 1 },
    { TEXT("\xEF\xBB\xBF{}"), BULLA_E_BAD_ENCODING, 1, 1 },
    /* numbers */
    { TEXT("01"), BULLA_E_BAD_NUMBER, 1, 2 },
    { TEXT("-01"), BULLA_E_BAD_NUMBER, 1, 3 },
    { TEXT("[00]"), BULLA_E_BAD_NUMBER, 1, 3 },
    { TEXT("+1"), BULLA_E_BAD_NUMBER, 1, 1 },
    { TEXT(".5"), BULLA_E_BAD_NUMBER, 1, 1 },
    { TEXT("[1.]"), BULLA_E_BAD_NUMBER, 1, 4 },
    { TEXT("[1.e5]"), BULLA_E_BAD_NUMBER, 1, 4 },
    { TEXT("[1e]"), BULLA_E_BAD_NUMBER, 1, 4 },
    { TEXT("[1e+-2]"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("[-]"), BULLA_E_BAD_NUMBER, 1, 3 },
    { TEXT("[--1]"), BULLA_E_BAD_NUMBER, 1, 3 },
    { TEXT("[-Infinity]"), BULLA_E_BAD_NUMBER, 1, 3 },
    { TEXT("0x10"), BULLA_E_TRAILING_DATA, 1, 2 },
    { TEXT("[1,1e309]"), BULLA_E_BAD_NUMBER, 1, 4 },
    { TEXT("-1e309"), BULLA_E_BAD_NUMBER, 1, 1 },
    { TEXT("1e99999999999999999999"), BULLA_E_BAD_NUMBER, 1, 1 },
    { TEXT("1.7976931348623159e308"), BULLA_E_BAD_NUMBER, 1, 1 },
    { TEXT("17.976931348623158079e307"), BULLA_E_BAD_NUMBER, 1, 1 },
    { TEXT("0.00017976931348623159e312"), BULLA_E_BAD_NUMBER, 1, 1 },
    /* one key twice, also when it is written in another way */
    { TEXT("{\"a\":1,\"a\":1}"), BULLA_E_DUPLICATE_KEY, 1, 12 },
    { TEXT("{\"a\":1,\n \"\\u0061\":2}"), BULLA_E_DUPLICATE_KEY, 2, 11 },
    { TEXT("{\"\":1,\"\":2}"), BULLA_E_DUPLICATE_KEY, 1, 10 },
    { TEXT("[{\"b\":{\"\\/\":1,\"c\":2,\"/\":3}}]"), BULLA_E_DUPLICATE_KEY, 1, 25 },
    { TEXT("{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"), BULLA_E_DUPLICATE_KEY, 1, 26 },
};

START_TEST(a_text_is_refused_at_its_place)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = bytes_of(refused[_i].text, refused[_i].len);
    bulla_status status = load(text, &tree, &err);
    unit_fails(status, refused[_i].code, err);
    ck_assert_ptr_null(tree);
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_uint_eq(err.column, refused[_i].column);
    ck_assert_str_eq(err.file, "x.json");
    uint64_t line_start = 0;
    for (size_t i = 0; i < text.len && i < err.offset; i++)
        if (text.ptr[i] == '\n')
            line_start = i + 1;
    ck_assert_uint_eq(err.offset, line_start + err.column - 1);
}
END_TEST

static const struct {
    const char *text;
    bu_node_kind kind;
    const char *value; /* its text */
    int64_t integer;
} values[] = {
    { "null", BU_NODE_NULL, "", 0 },
    { " true ", BU_NODE_BOOL, "", 0 },
    { "false\n", BU_NODE_BOOL, "", 0 },
    { "0", BU_NODE_INTEGER, "0", 0 },
    { "-0", BU_NODE_INTEGER, "-0", 0 },
    { "42", BU_NODE_INTEGER, "42", 42 },
    { "9223372036854775807", BU_NODE_INTEGER, "9223372036854775807", INT64_MAX },
    { "-9223372036854775808", BU_NODE_INTEGER, "-9223372036854775808", INT64_MIN },
    { "9223372036854775808", BU_NODE_REAL, "9223372036854775808", 0 },
    { "-9223372036854775809", BU_NODE_REAL, "-9223372036854775809", 0 },
    { "123456789012345678901234567890", BU_NODE_REAL, "123456789012345678901234567890", 0 },
    { "1.0", BU_NODE_REAL, "1.0", 0 },
    { "1e2", BU_NODE_REAL, "1e2", 0 },
    { "1E+2", BU_NODE_REAL, "1E+2", 0 },
    { "-0.0", BU_NODE_REAL, "-0.0", 0 },
    { "0e99999999999999999999", BU_NODE_REAL, "0e99999999999999999999", 0 },
    { "1e-99999999999999999999", BU_NODE_REAL, "1e-99999999999999999999", 0 },
    { "1.7976931348623157e308", BU_NODE_REAL, "1.7976931348623157e308", 0 },
    { "0.0017976931348623157e311", BU_NODE_REAL, "0.0017976931348623157e311", 0 },
    { "\"\"", BU_NODE_STRING, "", 0 },
    { "\"abc\"", BU_NODE_STRING, "abc", 0 },
    { "\"\x7F\"", BU_NODE_STRING, "\x7F", 0 },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", BU_NODE_STRING, "\"\\/\b\f\n\r\t", 0 },
    { "\"plain, then \\u0041\\u00e9\\u20AC\\ud83d\\ude00 and on\"", BU_NODE_STRING,
      "plain, then A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 and on", 0 },
    { "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"", BU_NODE_STRING, "caf\xC3\xA9 \xF0\x9F\x98\x80", 0 },
    { "[]", BU_NODE_ARRAY, "", 0 },
    { "{}", BU_NODE_TABLE, "", 0 },
};

START_TEST(a_value_is_taken_as_it_stands)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(bu_bytes_of(values[_i].text), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    ck_assert_int_eq(bu_node_kind_of(root), values[_i].kind);
    ck_assert(bu_bytes_is(bu_node_text(root), values[_i].value));
    ck_assert_int_eq(bu_node_integer(root), values[_i].integer);
    ck_assert_uint_eq(bu_node_count(root), 0);
    ck_assert_ptr_null(bu_node_first(root));
    bu_tree_free(tree);
}
END_TEST

START_TEST(only_true_is_true)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(BULLA_LIT("[true,false,\"true\",1]"), &tree, &err), err);
    const bu_node *node = bu_node_first(bu_tree_root(tree));
    ck_assert(bu_node_is_true(node));
    for (node = bu_node_next(node); node != NULL; node = bu_node_next(node))
        ck_assert(!bu_node_is_true(node));
    bu_tree_free(tree);
}
END_TEST

START_TEST(nodes_stand_in_document_order_and_know_their_place)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(BULLA_LIT("{\"z\": [1, {\"k\": null}],\n  \"a\":\n\"x\"}"), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    ck_assert_uint_eq(bu_node_count(root), 2);
    const bu_node *z = bu_node_first(root), *a = bu_node_next(z);
    ck_assert(bu_bytes_is(bu_node_key(z), "z") && bu_bytes_is(bu_node_key(a), "a"));
    ck_assert_ptr_null(bu_node_next(a));
    ck_assert_uint_eq(bu_node_count(z), 2);
    const bu_node *inner = bu_node_next(bu_node_first(z));
    ck_assert_uint_eq(bu_node_key(inner).len, 0);
    ck_assert_ptr_eq(bu_node_get(inner, "k"), bu_node_first(inner));
    ck_assert_ptr_null(bu_node_get(inner, "K"));
    ck_assert_ptr_null(bu_node_get(z, "k")); /* an array has no fields */
    uint32_t line, column;
    bu_tree_place(tree, bu_node_offset(a), &line, &column);
    ck_assert_uint_eq(line, 3);
    ck_assert_uint_eq(column, 1);
    ck_assert_str_eq(bu_tree_name(tree), "x.json");
    bu_tree_free(tree);
}
END_TEST

START_TEST(looking_at_nothing_finds_nothing)
{
    ck_assert_int_eq(bu_node_kind_of(NULL), BU_NODE_NULL);
    ck_assert_uint_eq(bu_node_offset(NULL), 0);
    ck_assert_uint_eq(bu_node_key(NULL).len + bu_node_text(NULL).len, 0);
    ck_assert_uint_eq(bu_node_count(NULL), 0);
    ck_assert_ptr_null(bu_node_first(NULL));
    ck_assert_ptr_null(bu_node_next(NULL));
    ck_assert_ptr_null(bu_node_get(NULL, "a"));
    ck_assert(!bu_node_is_true(NULL));
    ck_assert_int_eq(bu_node_integer(NULL), 0);
}
END_TEST

/* `depth` brackets, nothing inside. */
static bu_buf nested(size_t depth, const char *open, const char *close)
{
    bu_buf text = { 0 };
    for (size_t i = 0; i < depth; i++)
        bu_buf_add_text(&text, open);
    for (size_t i = 0; i < depth; i++)
        bu_buf_add_text(&text, i == 0 && *open == '{' ? "1}" : close);
    return text;
}

START_TEST(nesting_ends_at_the_limit)
{
    static const char *const brackets[][2] = { { "[", "]" }, { "{\"a\":", "}" } };
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf fits = nested(BU_LIMIT_TREE_DEPTH, brackets[_i][0], brackets[_i][1]);
    unit_ok(load(bu_buf_bytes(&fits), &tree, &err), err);
    bu_tree_free(tree);
    bu_buf deep = nested(BU_LIMIT_TREE_DEPTH + 1, brackets[_i][0], brackets[_i][1]);
    unit_fails(load(bu_buf_bytes(&deep), &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.column, BU_LIMIT_TREE_DEPTH * strlen(brackets[_i][0]) + 1);
    bu_buf_clear(&fits);
    bu_buf_clear(&deep);
}
END_TEST

START_TEST(a_document_over_the_size_limit_is_not_even_copied)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bulla_bytes text = { (const uint8_t *)"", (size_t)BU_LIMIT_DOCUMENT_BYTES + 1 };
    unit_fails(bu_json_load(text, "x.json", &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "x.json");
}
END_TEST

/* {"k0":0,"k1":1,…}, and once more the key that `again` says, if it is one. */
static bu_buf large_table(size_t count, size_t again)
{
    bu_buf text = { 0 };
    bu_buf_add_text(&text, "{");
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(&text, "%s\"k%zu\":%zu", i == 0 ? "" : ",\n", i, i);
    if (again < count)
        bu_buf_add_format(&text, ",\n\"k%zu\":-1", again);
    bu_buf_add_text(&text, "}");
    return text;
}

START_TEST(every_field_of_a_large_table_is_found)
{
    enum { COUNT = 20000 };
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = large_table(COUNT, SIZE_MAX);
    unit_ok(load(bu_buf_bytes(&text), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT; i++) {
        char key[32];
        (void)snprintf(key, sizeof key, "k%zu", i);
        const bu_node *field = bu_node_get(root, key);
        wrong += field == NULL || bu_node_integer(field) != (int64_t)i;
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_ptr_null(bu_node_get(root, "k20000"));
    ck_assert_ptr_null(bu_node_get(root, ""));
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(the_second_of_two_keys_of_a_large_table_is_named)
{
    static const size_t counts[] = { 15, 16, 17, 18, 100, 5000 };
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = large_table(counts[_i], counts[_i] / 2);
    unit_fails(load(bu_buf_bytes(&text), &tree, &err), BULLA_E_DUPLICATE_KEY, err);
    ck_assert_uint_eq(err.line, counts[_i] + 1);
    bu_buf_clear(&text);
}
END_TEST

/* Places are looked up in blocks: across their edges, in long lines and at the end they hold. */
START_TEST(places_hold_in_large_documents)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = { 0 };
    bu_buf_add_text(&text, "[\n");
    for (size_t i = 0; i < 400; i++)
        bu_buf_add_format(&text, "%*s1,%s", (int)(i % 350), "", i % 3 == 0 ? "\n" : "");
    bu_buf_add_text(&text, "1]");
    unit_ok(load(bu_buf_bytes(&text), &tree, &err), err);
    uint32_t line = 1, column = 1;
    size_t wrong = 0;
    for (size_t i = 0; i <= text.len; i++) {
        uint32_t got_line, got_column;
        bu_tree_place(tree, i, &got_line, &got_column);
        wrong += got_line != line || got_column != column;
        bool ends = i < text.len && text.ptr[i] == '\n';
        column = ends ? 1 : column + 1;
        line += ends;
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_gt(line, 100);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(judging_names_place_field_expected_and_got)
{
    static const char *const names[] = { "name", "n", NULL };
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(BULLA_LIT("{\"name\": \"x\",\n \"n\": 1}"), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree), *out = NULL;
    unit_ok(bu_node_field(tree, root, "name", BU_NODE_STRING, &out, &err), err);
    ck_assert(bu_bytes_is(bu_node_text(out), "x"));
    unit_ok(bu_node_optional(tree, root, "none", BU_NODE_STRING, &out, &err), err);
    ck_assert_ptr_null(out);
    unit_fails(bu_node_field(tree, root, "none", BU_NODE_STRING, &out, &err), BULLA_E_MISSING_FIELD,
               err);
    ck_assert_ptr_nonnull(strstr(err.text, "\"none\""));
    unit_fails(bu_node_field(tree, root, "n", BU_NODE_STRING, &out, &err), BULLA_E_TYPE_MISMATCH,
               err);
    ck_assert_uint_eq(err.line, 2);
    ck_assert_uint_eq(err.column, 7);
    ck_assert_str_eq(err.expected, "string");
    ck_assert_str_eq(err.got, "integer");
    ck_assert_ptr_nonnull(strstr(err.text, "\"n\""));
    unit_fails(bu_node_optional(tree, root, "n", BU_NODE_TABLE, &out, &err), BULLA_E_TYPE_MISMATCH,
               err);
    unit_ok(bu_node_only(tree, root, names, &err), err);
    unit_fails(bu_node_only(tree, root, names + 1, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_uint_eq(err.column, 10);
    ck_assert_ptr_nonnull(strstr(err.text, "\"name\""));
    bu_tree_free(tree);
}
END_TEST

START_TEST(a_refusal_says_what_was_expected_and_got)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_fails(load(BULLA_LIT("{\"a\" = 1}"), &tree, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_str_eq(err.expected, "\":\"");
    ck_assert_str_eq(err.got, "=");
    unit_fails(load(BULLA_LIT("[\x1B]"), &tree, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_str_eq(err.got, "\\x1B"); /* nothing in it acts on a terminal */
    unit_fails(load(BULLA_LIT("["), &tree, &err), BULLA_E_TRUNCATED, err);
    ck_assert_str_eq(err.got, "end of text");
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    bu_buf text = large_table(40, SIZE_MAX);
    text.len--; /* the last bracket gives way to a string that has to be unescaped */
    bu_buf_add_text(&text, ",\"s\":\"\\u00e9\"}");
    for (size_t n = 0;; n++) {
        bu_tree *tree = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_json_load(bu_buf_bytes(&text), "x.json", &tree, &err);
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
    tcase_add_loop_test(tc, a_value_is_taken_as_it_stands, 0, sizeof values / sizeof values[0]);
    tcase_add_test(tc, only_true_is_true);
    tcase_add_test(tc, nodes_stand_in_document_order_and_know_their_place);
    tcase_add_test(tc, looking_at_nothing_finds_nothing);
    tcase_add_loop_test(tc, nesting_ends_at_the_limit, 0, 2);
    tcase_add_test(tc, a_document_over_the_size_limit_is_not_even_copied);
    tcase_add_test(tc, every_field_of_a_large_table_is_found);
    tcase_add_loop_test(tc, the_second_of_two_keys_of_a_large_table_is_named, 0, 6);
    tcase_add_test(tc, places_hold_in_large_documents);
    tcase_add_test(tc, judging_names_place_field_expected_and_got);
    tcase_add_test(tc, a_refusal_says_what_was_expected_and_got);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("json_tree", add);
}
