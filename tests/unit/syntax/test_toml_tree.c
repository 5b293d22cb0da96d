/* SPDX-License-Identifier: MIT */
/*
 * The TOML reader: kinds, places, the rules about tables, refusals, and
 * documents that were made to exhaust whoever reads them. That it takes all of
 * TOML and nothing else is shown by tests/peer/toml.py.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "base/buf.h"
#include "base/limits.h"
#include "syntax/tree.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static bulla_status load(const char *text, size_t len, bu_tree **out, bulla_error *err)
{
    return bu_toml_load((bulla_bytes){ (const uint8_t *)text, len }, "x.toml", out, err);
}

static const struct {
    const char *text;
    size_t len;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    { TEXT("a = "), BULLA_E_TRUNCATED, 1, 5 },
    { TEXT("a = \"x"), BULLA_E_TRUNCATED, 1, 7 },
    { TEXT("a = [1,"), BULLA_E_TRUNCATED, 1, 8 },
    { TEXT("a"), BULLA_E_TRUNCATED, 1, 2 },
    { TEXT("[a"), BULLA_E_TRUNCATED, 1, 3 },
    { TEXT("a = \n"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("= 1"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("a. = 1"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("[ = 1\n"), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("[[a] ]"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("[a] b = 1"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("a = 1 b = 2"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("a = 1\rb = 2"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("a = 1 # x\ry"), BULLA_E_BAD_SYNTAX, 1, 11 },
    { TEXT("a = 1\0"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("a = tru"), BULLA_E_TRUNCATED, 1, 8 },
    { TEXT("a = True"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("a = [1 2]"), BULLA_E_BAD_SYNTAX, 1, 8 },
    { TEXT("a = { b = 1, }"), BULLA_E_BAD_SYNTAX, 1, 14 },
    { TEXT("a = {\nb = 1}"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("a = \"\x01\""), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("a = \"x\ny\""), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("a = 'x\r\n'"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("a = '''\r'''"), BULLA_E_BAD_SYNTAX, 1, 9 },
    { TEXT("# \x7F"), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("a = \"\\q\""), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("a = \"\\u00e\""), BULLA_E_BAD_SYNTAX, 1, 11 },
    { TEXT("a = \"\"\"\\ x\"\"\""), BULLA_E_BAD_SYNTAX, 1, 10 },
    { TEXT("a = '''x''''''"), BULLA_E_BAD_SYNTAX, 1, 14 },
    { TEXT("'''a''' = 1"), BULLA_E_BAD_SYNTAX, 1, 3 },
    { TEXT("x = 1\n\xC3\xA9 = 1"), BULLA_E_BAD_SYNTAX, 2, 1 },
    { TEXT("\"\xC3\xA9\" = ?"), BULLA_E_BAD_SYNTAX, 1, 8 },
    { TEXT("a = 01"), BULLA_E_BAD_NUMBER, 1, 6 },
    { TEXT("a = 9223372036854775808"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 0x8000000000000000"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = .5"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 1.\n"), BULLA_E_BAD_NUMBER, 1, 7 },
    { TEXT("a = 1._5"), BULLA_E_BAD_NUMBER, 1, 7 },
    { TEXT("a = 1__0"), BULLA_E_BAD_NUMBER, 1, 7 },
    { TEXT("a = 0b2"), BULLA_E_BAD_NUMBER, 1, 7 },
    { TEXT("a = +0x1"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("a = 1\nb = 1969-12-31T23:59:59Z"), BULLA_E_BAD_NUMBER, 2, 5 },
    { TEXT("a = 1970-01-01T00:00:00+00:01"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 2026-11-21T00:00:00+24:00"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 2025-02-29"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 1900-02-29T00:00:00"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 24:00:00"), BULLA_E_BAD_NUMBER, 1, 5 },
    { TEXT("a = 07:32\n"), BULLA_E_BAD_SYNTAX, 1, 10 },
    { TEXT("a = 2026-1-1"), BULLA_E_BAD_SYNTAX, 1, 11 },
    { TEXT("a = \"\xFF\""), BULLA_E_BAD_ENCODING, 1, 6 },
    { TEXT("a = 1\n# \xC0\x80"), BULLA_E_BAD_ENCODING, 2, 3 },
    { TEXT("a = \"\\u0000\""), BULLA_E_BAD_ENCODING, 1, 6 },
    { TEXT("\"\\u0000\" = 1"), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("a = \"\\uD800\""), BULLA_E_BAD_ENCODING, 1, 6 },
    { TEXT("a = \"\\U00110000\""), BULLA_E_BAD_ENCODING, 1, 6 },
    { TEXT("\xEF\xBB\xBF"
           "a = 1"),
      BULLA_E_BAD_ENCODING, 1, 1 },
    /* Tables and keys that are there already */
    { TEXT("a = 1\na = 2"), BULLA_E_DUPLICATE_KEY, 2, 5 },
    { TEXT("a = 1\n\"\\u0061\" = 2\n"), BULLA_E_DUPLICATE_KEY, 2, 12 },
    { TEXT("[a]\n[b]\n[a]\n"), BULLA_E_DUPLICATE_KEY, 3, 1 },
    { TEXT("[a.b]\n[a]\n[a]\n"), BULLA_E_DUPLICATE_KEY, 3, 1 },
    { TEXT("[a.b]\n[a]\nb = 1\n"), BULLA_E_DUPLICATE_KEY, 3, 5 },
    { TEXT("[a.b]\n[a]\nb.c = 1\n"), BULLA_E_DUPLICATE_KEY, 3, 1 },
    { TEXT("[a.b.c]\n[a]\nb.d = 1\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 4, 1 },
    { TEXT("a.b = 1\na.b.c = 2\n"), BULLA_E_DUPLICATE_KEY, 2, 3 },
    { TEXT("a.b = 1\na = 2\n"), BULLA_E_DUPLICATE_KEY, 2, 5 },
    { TEXT("a.b = 1\n[a]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a.b.c = 1\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a = 1\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a = { b = 1 }\na.c = 2\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a = {}\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a = { b.c = 1 }\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a = { b = {}, b.c = 1 }\n"), BULLA_E_DUPLICATE_KEY, 1, 15 },
    { TEXT("a = []\n[[a]]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("a = [{}]\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("[a]\n[[a]]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("[a.b]\n[[a]]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("[[a]]\n[a]\n"), BULLA_E_DUPLICATE_KEY, 2, 1 },
    { TEXT("[[a.b]]\n[a]\nb.c = 1\n"), BULLA_E_DUPLICATE_KEY, 3, 1 },
    { TEXT("[[a]]\n[a.b]\n[a.b]\n"), BULLA_E_DUPLICATE_KEY, 3, 1 },
};

START_TEST(a_text_is_refused_at_its_place)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    unit_fails(load(refused[_i].text, refused[_i].len, &tree, &err), refused[_i].code, err);
    ck_assert_ptr_null(tree);
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_uint_eq(err.column, refused[_i].column);
    ck_assert_str_eq(err.file, "x.toml");
}
END_TEST

static const struct {
    const char *text; /* of the value of `a` */
    bu_node_kind kind;
    const char *value;
    int64_t integer;
} values[] = {
    { "true", BU_NODE_BOOL, "", 0 },
    { "42", BU_NODE_INTEGER, "42", 42 },
    { "+7", BU_NODE_INTEGER, "7", 7 },
    { "1_000", BU_NODE_INTEGER, "1000", 1000 },
    { "0xFF", BU_NODE_INTEGER, "255", 255 },
    { "0o7_7", BU_NODE_INTEGER, "63", 63 },
    { "0b101", BU_NODE_INTEGER, "5", 5 },
    { "-0", BU_NODE_INTEGER, "0", 0 },
    { "-9223372036854775808", BU_NODE_INTEGER, "-9223372036854775808", INT64_MIN },
    { "6.26e-34", BU_NODE_REAL, "6.26e-34", 0 },
    { "1_0.5e+0_1", BU_NODE_REAL, "1_0.5e+0_1", 0 },
    { "inf", BU_NODE_REAL, "inf", 0 },
    { "-nan", BU_NODE_REAL, "-nan", 0 },
    { "\"caf\\u00e9\"", BU_NODE_STRING, "caf\xC3\xA9", 0 },
    { "'C:\\x'", BU_NODE_STRING, "C:\\x", 0 },
    { "\"\"\"\na\nb\"\"\"", BU_NODE_STRING, "a\nb", 0 },
    { "''''x'''''", BU_NODE_STRING, "'x''", 0 },
    { "\"\"\"\\\n  \xC3\xA9\"\"\"", BU_NODE_STRING, "\xC3\xA9", 0 },
    { "\"\"\"\r\na\r\nb\\ \r\n\r\n c\"\"\"\"\"", BU_NODE_STRING, "a\nbc\"\"", 0 },
    { "'''a\r\n'''", BU_NODE_STRING, "a\n", 0 },
    { "\"\\b\\t\\n\\f\\r\\\"\\\\\\U0001F600\"", BU_NODE_STRING, "\b\t\n\f\r\"\\\xF0\x9F\x98\x80",
      0 },
    { "2026-11-21T00:00:00Z", BU_NODE_TIME, "", 1795219200 },
    { "2026-11-21 02:00:00.5+02:00", BU_NODE_TIME, "", 1795219200 },
    { "2026-11-21T00:00:00", BU_NODE_LOCAL_TIME, "2026-11-21T00:00:00", 0 },
    { "2026-11-21", BU_NODE_LOCAL_TIME, "2026-11-21", 0 },
    { "0000-02-29", BU_NODE_LOCAL_TIME, "0000-02-29", 0 },
    { "07:32:00", BU_NODE_LOCAL_TIME, "07:32:00", 0 },
    { "[]", BU_NODE_ARRAY, "", 0 },
    { "{}", BU_NODE_TABLE, "", 0 },
};

START_TEST(a_value_has_its_kind_and_text)
{
    char text[128];
    bu_tree *tree;
    bulla_error err = { 0 };
    int len = snprintf(text, sizeof text, "'\xC3\xA9' = 1\na = %s # x\n", values[_i].text);
    unit_ok(load(text, (size_t)len, &tree, &err), err);
    const bu_node *value = bu_node_get(bu_tree_root(tree), "a");
    ck_assert_int_eq(bu_node_kind_of(value), values[_i].kind);
    ck_assert(bu_bytes_is(bu_node_text(value), values[_i].value));
    ck_assert_int_eq(bu_node_integer(value), values[_i].integer);
    ck_assert_uint_eq(bu_node_offset(value), sizeof "'\xC3\xA9' = 1\na = " - 1);
    bu_tree_free(tree);
}
END_TEST

START_TEST(tables_and_arrays_keep_their_shape)
{
    static const char text[] = "[p.q]\nx.y = { z = [1, 'two'] }\n[[r]]\nn = 1\n[[r]]\nn = 2\n";
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(text, sizeof text - 1, &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    const bu_node *y = bu_node_get(bu_node_get(bu_node_get(bu_node_get(root, "p"), "q"), "x"), "y");
    const bu_node *z = bu_node_get(y, "z");
    ck_assert_uint_eq(bu_node_count(z), 2);
    ck_assert(bu_bytes_is(bu_node_text(bu_node_next(bu_node_first(z))), "two"));
    const bu_node *r = bu_node_get(root, "r"), *second = bu_node_next(bu_node_first(r));
    ck_assert_int_eq(bu_node_kind_of(r), BU_NODE_ARRAY);
    ck_assert_int_eq(bu_node_integer(bu_node_get(second, "n")), 2);
    ck_assert_uint_eq(bu_node_count(root), 2);
    bu_tree_free(tree);
}
END_TEST

START_TEST(an_empty_text_is_an_empty_table)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load("", 0, &tree, &err), err);
    ck_assert_int_eq(bu_node_kind_of(bu_tree_root(tree)), BU_NODE_TABLE);
    ck_assert_uint_eq(bu_node_count(bu_tree_root(tree)), 0);
    bu_tree_free(tree);
}
END_TEST

static bu_buf repeated(const char *before, const char *piece, size_t count, const char *after)
{
    bu_buf text = { 0 };
    bu_buf_add_text(&text, before);
    for (size_t i = 0; i < count; i++)
        bu_buf_add_text(&text, piece);
    bu_buf_add_text(&text, after);
    return text;
}

static const struct {
    const char *before, *piece;
    size_t count;
    const char *after;
} hostile[] = {
    { "a", ".a", 1000000, " = 1" },
    { "[a", ".a", 1000000, "]" },
    { "[[a", ". \"a\" ", 1000000, "]]\nb = 1" },
    { "a = ", "[", 1000000, "" },
    { "a = ", "[", 129, "]" },
    { "a = ", "{a=", 1000000, "1" },
    { "x = \"\"\"\n[ ' \\\"\"\"\" # \"\"\"\ny = 'its'\na", ".a", 200, " = 1" },
    { "a = { b.c.d.e.f.g = ", "[", 122, "" },
    { "[a.b.c.d.e.f.g]\nh.i = ", "[", 120, "" },
};

START_TEST(deep_nesting_is_refused_before_it_costs_anything)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text =
        repeated(hostile[_i].before, hostile[_i].piece, hostile[_i].count, hostile[_i].after);
    unit_fails(load((const char *)text.ptr, text.len, &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_gt(err.column, 100);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(the_deepest_document_is_read)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = repeated("a = ", "[", BU_LIMIT_TREE_DEPTH - 1, "");
    for (size_t i = 0; i < BU_LIMIT_TREE_DEPTH - 1; i++)
        bu_buf_add_byte(&text, ']');
    unit_ok(load((const char *)text.ptr, text.len, &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(dots_that_are_no_keys_do_not_count)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = repeated("# ", ".", 1000, "\na = \"");
    for (size_t i = 0; i < 1000; i++)
        bu_buf_add_text(&text, i % 2 == 0 ? "." : "\\\"");
    bu_buf_add_text(&text, "\"\nb = [");
    for (size_t i = 0; i < 1000; i++)
        bu_buf_add_text(&text, "1.5, {c.d = '''.'''}, ");
    bu_buf_add_text(&text, "]\n");
    unit_ok(load((const char *)text.ptr, text.len, &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

/* What headers make lies at their bracket, what dotted keys make at the part of the key. */
static const struct {
    const char *text;
    const char *shape;
} shapes[] = {
    { "[a]\n[b]\nx = 1\n[a.c]\n", "{a@1:1{c@4:1{}}b@2:1{x@3:5}}" },
    { "[a.b.c]\n[d]\n[a.b]\nx = 1\n[a]\ny = 2\n", "{a@5:1{b@3:1{c@1:1{}x@4:5}y@6:5}d@2:1{}}" },
    { "[[a]]\nx = 1\n[b]\n[[a]]\n[a.c]\n[b.d]\n[[a.c.e]]\n[[a.c.e]]\n",
      "{a@1:1[@1:1{x@2:5}@4:1{c@5:1{e@7:1[@7:1{}@8:1{}]}}]b@3:1{d@6:1{}}}" },
    { "a.b = 1\nc = 2\na.d.e = 3\n[a.d.f]\n", "{a@1:1{b@1:7d@3:3{e@3:9f@4:1{}}}c@2:5}" },
    { "[a.b.c]\n[a]\nb.d = 1\nb.e.f = 2\n", "{a@2:1{b@1:1{c@1:1{}d@3:7e@4:3{f@4:9}}}}" },
    { "a.b = 1\n[[a.c]]\n", "{a@1:1{b@1:7c@2:1[@2:1{}]}}" },
    { "a = [ # x\r\n 1,\n{b.c = 2, d = [], b.e = 3},]\n[f]",
      "{a@1:5[@2:2@3:1{b@3:2{c@3:8e@3:25}d@3:15[]}]f@4:1{}}" },
};

/* Recursion is bounded by the texts above. */
static void add_shape(const bu_tree *tree, const bu_node *node, bu_buf *out)
{
    bool table = bu_node_kind_of(node) == BU_NODE_TABLE;
    if (!table && bu_node_kind_of(node) != BU_NODE_ARRAY)
        return;
    bu_buf_add_byte(out, table ? '{' : '[');
    BU_EACH_CHILD(child, node) {
        uint32_t line, column;
        bu_tree_place(tree, bu_node_offset(child), &line, &column);
        bu_buf_add(out, bu_node_key(child));
        bu_buf_add_format(out, "@%u:%u", line, column);
        add_shape(tree, child, out);
    }
    bu_buf_add_byte(out, table ? '}' : ']');
}

START_TEST(tables_that_come_back_are_one_table)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf shape = { 0 };
    unit_ok(load(shapes[_i].text, strlen(shapes[_i].text), &tree, &err), err);
    add_shape(tree, bu_tree_root(tree), &shape);
    ck_assert_str_eq((const char *)shape.ptr, shapes[_i].shape);
    bu_buf_clear(&shape);
    bu_tree_free(tree);
}
END_TEST

START_TEST(dotted_keys_without_number_are_read)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = { 0 };
    for (unsigned i = 0; i < 200000; i++)
        bu_buf_add_format(&text, i % 2 == 0 ? "a%u.b = 1\n" : "[c%u.d]\n", i);
    unit_ok(load((const char *)text.ptr, text.len, &tree, &err), err);
    ck_assert_uint_eq(bu_node_count(bu_node_first(bu_tree_root(tree))), 1);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

/* Columns are in bytes, and right also far into a long line. */
START_TEST(places_are_right_behind_characters_of_many_bytes)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bu_buf text = repeated("x = 1\na = [ ", "'\xE2\x82\xAC\xC3\xA9', ", 500, "7 ]");
    unit_ok(load((const char *)text.ptr, text.len, &tree, &err), err);
    const bu_node *last = bu_node_first(bu_node_get(bu_tree_root(tree), "a"));
    while (bu_node_next(last) != NULL)
        last = bu_node_next(last);
    uint32_t line, column;
    bu_tree_place(tree, bu_node_offset(last), &line, &column);
    ck_assert_int_eq(bu_node_integer(last), 7);
    ck_assert_uint_eq(line, 2);
    ck_assert_uint_eq(column, 7 + 500 * 9);
    ck_assert_uint_eq(text.ptr[bu_node_offset(last)], '7');
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    static const char text[] = "a = 'x'\nb = 7\n[c]\nd = [1.5, 2026-11-21T00:00:00Z]\n"
                               "e.f = \"a string \\u0061 with escapes\"\ng = 0xFF\n[[h]]\n";
    static const char wrong[] = "a = 1\na = 2\n";
    for (size_t n = 0;; n++) {
        bu_tree *tree = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = load(text, sizeof text - 1, &tree, &err);
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
    for (size_t n = 0;; n++) { /* a refusal takes memory too */
        bu_tree *tree = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = load(wrong, sizeof wrong - 1, &tree, &err);
        bool was_hit = alloc_fail_off();
        unit_fails(status, was_hit ? BULLA_E_NO_MEMORY : BULLA_E_DUPLICATE_KEY, err);
        if (!was_hit)
            break;
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_text_is_refused_at_its_place, 0, sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, a_value_has_its_kind_and_text, 0, sizeof values / sizeof values[0]);
    tcase_add_test(tc, tables_and_arrays_keep_their_shape);
    tcase_add_loop_test(tc, tables_that_come_back_are_one_table, 0,
                        sizeof shapes / sizeof shapes[0]);
    tcase_add_test(tc, an_empty_text_is_an_empty_table);
    tcase_add_loop_test(tc, deep_nesting_is_refused_before_it_costs_anything, 0,
                        sizeof hostile / sizeof hostile[0]);
    tcase_add_test(tc, the_deepest_document_is_read);
    tcase_add_test(tc, dots_that_are_no_keys_do_not_count);
    tcase_add_test(tc, dotted_keys_without_number_are_read);
    tcase_add_test(tc, places_are_right_behind_characters_of_many_bytes);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("toml_tree", add);
}
