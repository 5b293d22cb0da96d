/* SPDX-License-Identifier: MIT */
/*
 * The XML loader: nothing that fetches, expands or hides is let through, what
 * is refused is refused at its place, and every node knows where it stands.
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
    memcpy(copy, text.ptr, text.len);
    bulla_status status = bu_xml_load((bulla_bytes){ copy, text.len }, "x.xml", out, err);
    free(copy);
    return status;
}

#define BOMB                                                                                       \
    "<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"                        \
    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"

static const struct {
    const char *text;
    size_t len;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    /* what fetches, expands or is meant for another program */
    { TEXT("<!DOCTYPE a><a/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    { TEXT("<?xml version=\"1.0\"?>\n<!DOCTYPE a [" BOMB "]>\n<a>&d;</a>"),
      BULLA_E_UNSUPPORTED_FEATURE, 2, 1 },
    { TEXT("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
      BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    { TEXT("<!-- --> <!DOCTYPE a SYSTEM \"http://localhost/a.dtd\"><a/>"),
      BULLA_E_UNSUPPORTED_FEATURE, 1, 10 },
    { TEXT("<a>&nbsp;</a>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 10 },
    { TEXT("<a b=\"&x;\"/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 10 },
    { TEXT("<a>\n <?php x ?></a>"), BULLA_E_UNSUPPORTED_FEATURE, 2, 2 },
    { TEXT("<?xml-stylesheet href=\"x\"?><a/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    /* another version, another encoding */
    { TEXT("<?xml version=\"1.1\"?><a/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 1 },
    { TEXT("<?xml version='1.0' encoding='latin1'?><a/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 21 },
    { TEXT("<?xml version='1.0' encoding='UTF-7'?><a/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 21 },
    { TEXT("<?xml version='1.0' encoding='UTF-16'?><a/>"), BULLA_E_UNSUPPORTED_FEATURE, 1, 21 },
    { TEXT("<\0a\0/\0>\0"), BULLA_E_BAD_ENCODING, 1, 2 },
    { TEXT("\xFF\xFE<\0a\0/\0>\0"), BULLA_E_BAD_ENCODING, 1, 1 },
    { TEXT("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xC3\xA9</a>"),
      BULLA_E_UNSUPPORTED_FEATURE, 1, 21 },
    { TEXT("\xEF\xBB\xBF\xEF\xBB\xBF<a/>"), BULLA_E_BAD_ENCODING, 1, 1 },
    { TEXT("<a>caf\xE9</a>"), BULLA_E_BAD_ENCODING, 1, 7 },
    { TEXT("<a>x\0y</a>"), BULLA_E_BAD_ENCODING, 1, 5 },
    /* nothing, not enough, too much */
    { TEXT(""), BULLA_E_EMPTY, 1, 1 },
    { TEXT(" \r\n\t"), BULLA_E_EMPTY, 2, 2 },
    { TEXT("<!-- x -->"), BULLA_E_TRUNCATED, 1, 11 },
    { TEXT("<a>"), BULLA_E_TRUNCATED, 1, 4 },
    { TEXT("<a><b/>\n"), BULLA_E_TRUNCATED, 2, 1 },
    { TEXT("<a"), BULLA_E_TRUNCATED, 1, 3 },
    { TEXT("<a b=\"1"), BULLA_E_TRUNCATED, 1, 8 },
    { TEXT("<a/><b/>"), BULLA_E_TRAILING_DATA, 1, 5 },
    { TEXT("<a/>x"), BULLA_E_TRAILING_DATA, 1, 5 },
    { TEXT("<a/></a>"), BULLA_E_TRAILING_DATA, 1, 5 },
    /* not well-formed */
    { TEXT("x"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("{}"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT(" <?xml version=\"1.0\"?><a/>"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("<a>\n<b></a>"), BULLA_E_BAD_SYNTAX, 2, 4 },
    { TEXT("<a b=\"1\"\n b=\"2\"/>"), BULLA_E_DUPLICATE_KEY, 2, 7 },
    { TEXT("<a b=1/>"), BULLA_E_BAD_SYNTAX, 1, 6 },
    { TEXT("<a b=\"1\"c=\"2\"/>"), BULLA_E_BAD_SYNTAX, 1, 9 },
    { TEXT("<a b=\"<\"/>"), BULLA_E_BAD_SYNTAX, 1, 7 },
    { TEXT("<a>]]></a>"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("<a>& b</a>"), BULLA_E_BAD_SYNTAX, 1, 5 },
    { TEXT("<a>&#0;</a>"), BULLA_E_BAD_SYNTAX, 1, 8 },
    { TEXT("<a>&#xD800;</a>"), BULLA_E_BAD_SYNTAX, 1, 12 },
    { TEXT("<a>&#x110000;</a>"), BULLA_E_BAD_SYNTAX, 1, 14 },
    { TEXT("<a>\x1B[2J</a>"), BULLA_E_BAD_SYNTAX, 1, 4 },
    { TEXT("<a><!-- -- --></a>"), BULLA_E_BAD_SYNTAX, 1, 9 },
    { TEXT("<a><1/></a>"), BULLA_E_BAD_SYNTAX, 1, 5 },
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
    ck_assert_str_eq(err.file, "x.xml");
}
END_TEST

/* As Gradle and Maven write. */
static const char document[] = "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n"
                               "<v:top xmlns:v=\"urn:x\" v:name=\"other\" name = 'a &amp; \"b\"'\n"
                               "       long=\"1\r\n2\">\n"
                               "  <!-- a comment is nothing -->\n"
                               "  <v:item>\n"
                               "    one &lt;<!-- not a gap -->\n"
                               "    <![CDATA[<two>]]>&#233;\r\n"
                               "  </v:item><empty/>tail\n"
                               "  <item>second</item>\n"
                               "  <mixed>a<b/>c</mixed>\n"
                               "  <late><!-- first --> x</late>\n"
                               "</v:top>\n";

START_TEST(nodes_know_their_names_texts_and_places)
{
    static const struct {
        const char *key;
        bu_node_kind kind;
        const char *text;
        uint32_t line, column;
    } wanted[] = {
        { "@xmlns:v", BU_NODE_STRING, "urn:x", 2, 17 },
        { "@v:name", BU_NODE_STRING, "other", 2, 32 },
        { "@name", BU_NODE_STRING, "a & \"b\"", 2, 47 },
        { "@long", BU_NODE_STRING, "1 2", 3, 14 },
        { "item", BU_NODE_ARRAY, "", 6, 3 },
        { "empty", BU_NODE_ARRAY, "", 9, 12 },
        { "", BU_NODE_STRING, "tail", 9, 20 },
        { "item", BU_NODE_ARRAY, "", 10, 3 },
        { "mixed", BU_NODE_ARRAY, "", 11, 3 },
        { "late", BU_NODE_ARRAY, "", 12, 3 },
    };
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(bu_bytes_of(document), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    ck_assert(bu_bytes_is(bu_node_key(root), "top"));
    size_t i = 0;
    BU_EACH_CHILD(child, root) {
        uint32_t line, column;
        bu_tree_place(tree, bu_node_offset(child), &line, &column);
        ck_assert(bu_bytes_is(bu_node_key(child), wanted[i].key));
        ck_assert_int_eq(bu_node_kind_of(child), wanted[i].kind);
        ck_assert(bu_bytes_is(bu_node_text(child), wanted[i].text));
        ck_assert_uint_eq(line, wanted[i].line);
        ck_assert_uint_eq(column, wanted[i].column);
        i++;
    }
    ck_assert_uint_eq(i, sizeof wanted / sizeof wanted[0]);
    uint32_t line, column;
    bu_tree_place(tree, bu_node_offset(bu_node_first(bu_xml_child(root, "late"))), &line, &column);
    ck_assert_uint_eq(line, 12);
    ck_assert_uint_eq(column, 24);
    bu_tree_free(tree);
}
END_TEST

START_TEST(looking_finds_children_attributes_and_texts)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(bu_bytes_of(document), &tree, &err), err);
    const bu_node *root = bu_tree_root(tree), *item = bu_xml_child(root, "item");
    ck_assert(bu_bytes_is(bu_xml_text(item), "one <\n    <two>\xC3\xA9"));
    ck_assert_ptr_null(bu_xml_child(root, "none"));
    ck_assert_ptr_null(bu_xml_child(root, "@name")); /* no element */
    ck_assert_ptr_null(bu_xml_child(root, ""));
    ck_assert(bu_bytes_is(bu_xml_attribute(root, "name"), "a & \"b\"")); /* not that of v: */
    ck_assert(bu_bytes_is(bu_xml_attribute(root, "v:name"), "other"));
    ck_assert_uint_eq(bu_xml_attribute(root, "item").len, 0);
    ck_assert_uint_eq(bu_xml_attribute(root, "").len, 0);
    ck_assert_uint_eq(bu_xml_text(bu_xml_child(root, "empty")).len, 0);
    ck_assert_uint_eq(bu_xml_text(bu_xml_child(root, "mixed")).len, 0); /* neither "a" nor "c" */
    ck_assert_ptr_null(bu_xml_child(NULL, "a"));
    ck_assert_uint_eq(bu_xml_attribute(NULL, "a").len, 0);
    ck_assert_uint_eq(bu_xml_text(NULL).len, 0);
    bu_tree_free(tree);
}
END_TEST

START_TEST(a_document_may_say_that_it_is_utf8)
{
    static const char *const texts[] = {
        "<a>x</a>",
        "\xEF\xBB\xBF<a>x</a>",
        "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><a>x</a>",
        "<?xml version = \"1.0\" encoding = \"UTF-8\" standalone='no' ?>\n<a>x</a>\n",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a>x</a>",
        "<?xml version='1.0' encoding='us-ascii'?><a>x</a>",
    };
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_ok(load(bu_bytes_of(texts[_i]), &tree, &err), err);
    ck_assert(bu_bytes_is(bu_xml_text(bu_tree_root(tree)), "x"));
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
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf fits = repeated("", "<a>", BU_LIMIT_TREE_DEPTH, "");
    for (size_t i = 0; i < BU_LIMIT_TREE_DEPTH; i++)
        bu_buf_add_text(&fits, "</a>");
    unit_ok(load(bu_buf_bytes(&fits), &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&fits);
    bu_buf deep = repeated("", "<a>", 1000000, "");
    unit_fails(load(bu_buf_bytes(&deep), &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.offset, BU_LIMIT_TREE_DEPTH * 3);
    bu_buf_clear(&deep);
}
END_TEST

static bu_buf many_attributes(const char *before, size_t count)
{
    bu_buf out = { 0 };
    bu_buf_add_text(&out, before);
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(&out, " x%zu =\n\">\"", i);
    bu_buf_add_text(&out, "/></a>");
    return out;
}

/* libxml2 compares each with all others. Nothing before an element hides that it has too many. */
START_TEST(an_element_has_no_more_attributes_than_the_limit)
{
    static const char *const before[] = {
        "<a>\n<b",
        "<a>\n<b a='\"'/><b",
        "<a><!-- <b ' -->\n<b",
        "<a><![CDATA[<b \"]]>\n<b",
        "<?xml version='1.0'?><a>\n'\"<b",
    };
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf fits = many_attributes(before[_i], BU_LIMIT_ATTRIBUTES);
    unit_ok(load(bu_buf_bytes(&fits), &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&fits);
    bu_buf over = many_attributes(before[_i], 200000);
    unit_fails(load(bu_buf_bytes(&over), &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.line, BU_LIMIT_ATTRIBUTES + 3);
    ck_assert_uint_eq(err.column, 1);
    bu_buf_clear(&over);
}
END_TEST

START_TEST(what_looks_like_attributes_in_a_text_is_none)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf text = repeated("<a>", " x=''", 10 * BU_LIMIT_ATTRIBUTES, "<!-- <b");
    for (size_t i = 0; i < 10 * BU_LIMIT_ATTRIBUTES; i++)
        bu_buf_add_text(&text, " x=''");
    bu_buf_add_text(&text, "--></a>");
    unit_ok(load(bu_buf_bytes(&text), &tree, &err), err);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

/* libxml2 looks through a bounded number of lists for each name. */
START_TEST(a_document_has_no_more_names_than_the_limit)
{
    static const char *const parts[][2] = { { "<n", "/>" },
                                            { "<\xC3\xA9", "/>" },
                                            { "<n a", "=''/>" } };
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf text = { 0 };
    bu_buf_add_text(&text, "<a>");
    for (size_t i = 0; i < 60000; i++)
        bu_buf_add_format(&text, "%s%zu%s", parts[_i][0], i, parts[_i][1]);
    bu_buf_add_text(&text, "</a>");
    unit_fails(load(bu_buf_bytes(&text), &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_gt(err.offset, BU_LIMIT_XML_NAMES_BYTES / 2);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(no_text_costs_more_than_its_size)
{
    static const struct {
        const char *before, *text, *after;
        bulla_code code;
    } cases[] = {
        { "<a>", "&amp;", "</a>", BULLA_OK },
        { "<a b=\"", "&#38;", "\"/>", BULLA_OK },
        { "<a b=\"", "\n", "\"/>", BULLA_OK },
        { "<a>", "<!---->\n", "</a>", BULLA_OK },
        { "<a>", "<![CDATA[]]>", "</a>", BULLA_OK },
        { "<a>", " ", "x</a>", BULLA_OK },
        { "<a>", "<b/>x", "</a>", BULLA_OK },
        { "<a><!--", " -", " --></a>", BULLA_OK },
        { "<a", " ", "/>", BULLA_OK },
        { "<", "a", "/>", BULLA_E_RESOURCE_LIMIT },
        { "<a ", "b", "=''/>", BULLA_E_RESOURCE_LIMIT },
        { "", "<", "", BULLA_E_BAD_SYNTAX },
        { "<a>", "&", "", BULLA_E_BAD_SYNTAX },
        { "<!--", "<!--", "", BULLA_E_BAD_SYNTAX },
    };
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf text = repeated(cases[_i].before, cases[_i].text, 300000, cases[_i].after);
    bulla_status status = load(bu_buf_bytes(&text), &tree, &err);
    ck_assert_msg(status.code == cases[_i].code, "%s", err.text);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(comments_behind_many_blanks_cost_no_more)
{
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    bu_buf text = repeated("<a>", " ", 2000000, "x");
    for (size_t i = 0; i < 60000; i++)
        bu_buf_add_text(&text, "<!---->");
    bu_buf_add_text(&text, "y</a>");
    unit_ok(load(bu_buf_bytes(&text), &tree, &err), err);
    ck_assert(bu_bytes_is(bu_xml_text(bu_tree_root(tree)), "xy"));
    ck_assert_uint_eq(bu_node_offset(bu_node_first(bu_tree_root(tree))), 2000003);
    bu_tree_free(tree);
    bu_buf_clear(&text);
}
END_TEST

START_TEST(a_document_over_the_size_limit_is_not_even_copied)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    bulla_bytes text = { (const uint8_t *)"<a/>", (size_t)BU_LIMIT_DOCUMENT_BYTES + 1 };
    unit_fails(bu_xml_load(text, "x.xml", &tree, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "x.xml");
}
END_TEST

START_TEST(a_refusal_says_what_was_expected_and_got)
{
    bu_tree *tree;
    bulla_error err = { 0 };
    unit_fails(load(BULLA_LIT("<a><b></a>"), &tree, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_str_eq(err.expected, "b");
    ck_assert_str_eq(err.got, "a");
    unit_fails(load(BULLA_LIT("<a b=\x1B/>"), &tree, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_str_eq(err.got, "\\x1B"); /* nothing in it acts on a terminal */
    unit_fails(load(BULLA_LIT("<!DOCTYPE a><a/>"), &tree, &err), BULLA_E_UNSUPPORTED_FEATURE, err);
    ck_assert_str_eq(err.expected, "no DOCTYPE");
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    bu_buf text = repeated("<a>", "<b c=\"&lt;\">x&amp;y</b>", 200, "</a>");
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    for (size_t n = 0;; n++) {
        alloc_fail_at(n);
        bulla_status status = bu_xml_load(bu_buf_bytes(&text), "x.xml", &tree, &err);
        if (!alloc_fail_off()) {
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
    tcase_add_test(tc, nodes_know_their_names_texts_and_places);
    tcase_add_test(tc, looking_finds_children_attributes_and_texts);
    tcase_add_loop_test(tc, a_document_may_say_that_it_is_utf8, 0, 6);
    tcase_add_test(tc, nesting_ends_at_the_limit);
    tcase_add_loop_test(tc, an_element_has_no_more_attributes_than_the_limit, 0, 5);
    tcase_add_test(tc, what_looks_like_attributes_in_a_text_is_none);
    tcase_add_loop_test(tc, a_document_has_no_more_names_than_the_limit, 0, 3);
    tcase_add_loop_test(tc, no_text_costs_more_than_its_size, 0, 14);
    tcase_add_test(tc, comments_behind_many_blanks_cost_no_more);
    tcase_add_test(tc, a_document_over_the_size_limit_is_not_even_copied);
    tcase_add_test(tc, a_refusal_says_what_was_expected_and_got);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("xml_tree", add);
}
