/* SPDX-License-Identifier: MIT */
/*
 * Requirements files: lines and options as pip takes them, and includes, which
 * depend on what may be read. The format itself is in
 * testdata/ecosystem/requirements.
 */
#include "ecosystem/requirements.h"
#include "alloc_fail.h"
#include "show.h"
#include "suite.h"

static bulla_error err;

/* ---- Lines ---- */

static const struct {
    const char *text, *line;
    uint32_t number, column;
} lines[] = {
    { "alpha", "alpha", 1, 1 },
    { "\n\n  alpha \t\n", "alpha", 3, 3 },
    { "alpha # comment", "alpha", 1, 1 },
    { "alpha\t# comment", "alpha", 1, 1 },
    { "alpha#fragment", "alpha#fragment", 1, 1 },
    { "# comment\\\nalpha", "alpha", 2, 1 },
    { "al\\\npha", "alpha", 1, 1 },
    { "alpha \\\n  beta", "alpha   beta", 1, 1 },
    { "alpha\\\\\nbeta", "alphabeta", 1, 1 },
    { "alpha \\ \nbeta", "alpha \\", 1, 1 },
    { "alpha # x\\\nbeta", "alpha", 1, 1 },
    { "alpha\\\n# comment", "alpha", 1, 1 },
    { "alpha\\", "alpha", 1, 1 },
    { "\\\nalpha", "alpha", 1, 1 },
    { "alpha\r\nbeta\r\n", "alpha", 1, 1 },
};

START_TEST(lines_are_joined_and_rid_of_comments)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_text text = bu_text_of(bu_bytes_of(lines[_i].text));
    bu_requirement_line line;
    bool more;
    unit_ok(bu_requirement_line_next(&text, arena, &line, &more, &err), err);
    ck_assert(more);
    ck_assert_msg(bu_bytes_is(line.text, lines[_i].line), "%s", lines[_i].text);
    ck_assert_uint_eq(line.line, lines[_i].number);
    ck_assert_uint_eq(line.column, lines[_i].column);
}
END_TEST

/* ---- Options ---- */

#define ANY    BU_REQUIREMENT_IGNORED
#define BAD    BU_REQUIREMENT_UNKNOWN
#define OPTION BU_REQUIREMENT_INCLUDE

/* NULL: there is no option. */
static const struct {
    const char *text, *value;
    bu_requirement_option option;
} options[] = {
    { "-r a.txt", "a.txt", OPTION },
    { "-ra.txt", "a.txt", OPTION },
    { "--requirement a.txt", "a.txt", OPTION },
    { "--requirement=a.txt", "a.txt", OPTION },
    { "--req=a.txt", "", BAD }, /* as well --require-hashes */
    { "--requirem a.txt", "a.txt", OPTION },
    { "-r 'a b.txt'", "a b.txt", OPTION },
    { "-r \"a\"' 'b\\ c", "a b c", OPTION },
    { "word -r a.txt", "a.txt", OPTION },
    { "-r", "", BAD },
    { "-r 'a.txt", "", BAD },
    { "--unknown", "", BAD },
    { "-z", "", BAD },
    { "--pre=1", "", BAD },
    { "--no-index", "", ANY },
    { "-i https://h/", "https://h/", ANY },
    { "--hash=sha256:00", "sha256:00", BU_REQUIREMENT_HASH },
    { "--hash sha256:00", "sha256:00", BU_REQUIREMENT_HASH },
    { "-c a", "a", BU_REQUIREMENT_CONSTRAIN },
    { "-e .", ".", BU_REQUIREMENT_EDIT },
    { "", NULL, BAD },
    { "word", NULL, BAD },
    { "-", NULL, BAD },
};

START_TEST(options_are_taken_as_pip_takes_them)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes rest = bu_bytes_of(options[_i].text), value;
    bu_requirement_option option;
    bool more;
    unit_ok(bu_requirement_option_next(&rest, arena, &option, &value, &more, &err), err);
    ck_assert_msg(more == (options[_i].value != NULL), "%s", options[_i].text);
    if (!more)
        return;
    ck_assert_msg(option == options[_i].option, "%s: %d", options[_i].text, (int)option);
    ck_assert(option == BAD || bu_bytes_is(value, options[_i].value));
}
END_TEST

/* ---- Includes ---- */

/* A project of files "0", "1", …, each of which includes the next one, up to `context`. */
static bulla_status read_next(void *context, const char *path, bu_buf *out, bulla_error *e)
{
    const size_t *last = context;
    unsigned long number = strtoul(path, NULL, 10);
    if (number < *last)
        bu_buf_add_format(out, "-r %lu\n", number + 1);
    bu_buf_add_format(out, "alpha%lu==1.0\n", number);
    return out->broken ? bu_no_memory(e) : BU_OK;
}

static bulla_status parse_with(bulla_status (*read)(void *, const char *, bu_buf *, bulla_error *),
                               void *context, const char *text, bu_graph *graph)
{
    const bu_ecosystem_options with = { .read = read, .read_context = context };
    err = (bulla_error){ 0 };
    return bu_ecosystem_by_id(BULLA_LIT("requirements"))
        ->parse(bu_bytes_of(text), "dir/requirements.txt", &with, graph, &err);
}

START_TEST(includes_in_includes_are_limited)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    BU_AUTO(bu_graph) second = bu_graph_new();
    size_t last = 31;
    unit_ok(parse_with(read_next, &last, "-r 1\n", graph), err);
    ck_assert_uint_eq(graph->count, 31);
    ck_assert_str_eq(graph->components[0].lockfile, "dir/31");
    last = 32;
    unit_fails(parse_with(read_next, &last, "-r 1\n", second), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "dir/31");
    ck_assert_uint_eq(err.line, 1);
}
END_TEST

static bulla_status read_circle(void *context, const char *path, bu_buf *out, bulla_error *e)
{
    (void)context;
    bu_buf_add_text(out, strcmp(path, "a/b.txt") == 0 ? "\n-c ./c.txt\n" : "  -r ../a/b.txt\n");
    return out->broken ? bu_no_memory(e) : BU_OK;
}

START_TEST(a_circle_is_refused_where_it_closes)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_fails(parse_with(read_circle, NULL, "-r a/b.txt\n", graph), BULLA_E_CYCLE, err);
    ck_assert_str_eq(err.file, "dir/a/c.txt");
    ck_assert_uint_eq(err.line, 1);
    ck_assert_uint_eq(err.column, 3);
}
END_TEST

/* Each file includes the next one twice: all of it is read once. */
static bulla_status read_twice(void *context, const char *path, bu_buf *out, bulla_error *e)
{
    unsigned long number = strtoul(path, NULL, 10);
    (void)e;
    ++*(size_t *)context;
    if (number < 30)
        bu_buf_add_format(out, "-r %lu\n-r %lu\n", number + 1, number + 1);
    return BU_OK;
}

START_TEST(what_was_read_is_not_read_again)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    size_t reads = 0;
    unit_ok(parse_with(read_twice, &reads, "-r 1\n", graph), err);
    ck_assert_uint_eq(reads, 30);
}
END_TEST

START_TEST(what_cannot_be_read_is_said)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_ok(parse_with(NULL, NULL, "alpha==1.0\n  -r base.txt\n", graph), err);
    ck_assert_uint_eq(graph->count, 1);
    ck_assert_uint_eq(graph->flaw_count, 1);
    ck_assert_int_eq(graph->flaws[0].code, BULLA_E_MISSING_FILE);
    ck_assert_str_eq(graph->flaws[0].what, "base.txt");
    ck_assert(!graph->flaws[0].tolerated);
    ck_assert_uint_eq(graph->flaws[0].line, 2);
    ck_assert_uint_eq(graph->flaws[0].column, 3);
}
END_TEST

/* A text of another kind would become a finding a word. */
START_TEST(what_pip_cannot_read_is_limited)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t i = 0; i < 1000; i++)
        bu_buf_add_text(&text, "no requirement\n");
    unit_ok(parse_with(NULL, NULL, (const char *)text.ptr, graph), err);
    ck_assert_uint_eq(graph->flaw_count, 1000);
    bu_buf_add_text(&text, "one more\n");
    unit_fails(parse_with(NULL, NULL, (const char *)text.ptr, graph), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.line, 1001);
}
END_TEST

static bulla_status read_nothing(void *context, const char *path, bu_buf *out, bulla_error *e)
{
    (void)out;
    (void)snprintf(context, 64, "%s", path);
    return bu_fail(e, BULLA_E_PATH_TRAVERSAL, "outside");
}

static const struct {
    const char *target, *path;
} joined[] = {
    { "a.txt", "a.txt" },
    { "./a//b/./c.txt", "a/b/c.txt" },
    { "a/../b.txt", "b.txt" },
    { "../a.txt", "../a.txt" },
    { "a/../../b.txt", "../b.txt" },
    { "../../a", "../../a" },
    { "/etc/passwd", "/etc/passwd" },
};

/* The reader decides what is outside: it must see the path as it is meant. */
START_TEST(paths_of_includes_are_plain)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    char line[64], asked[64] = "";
    (void)snprintf(line, sizeof line, "\n -r %s\n", joined[_i].target);
    unit_fails(parse_with(read_nothing, asked, line, graph), BULLA_E_PATH_TRAVERSAL, err);
    ck_assert_str_eq(asked, joined[_i].path);
    ck_assert_str_eq(err.file, "dir/requirements.txt");
    ck_assert_uint_eq(err.line, 2);
    ck_assert_uint_eq(err.column, 2);
}
END_TEST

START_TEST(no_memory_while_including_is_an_error_too)
{
    bool hit = true;
    size_t last = 4;
    for (size_t n = 0; hit; n++) {
        bu_graph *graph = bu_graph_new();
        alloc_fail_at(n);
        bulla_status status =
            parse_with(read_next, &last, "-c 1\n-r 3\nalpha3\nalpha4==1.0", graph);
        hit = alloc_fail_off();
        bu_graph_free(graph);
        ck_assert_int_eq(status.code, hit ? BULLA_E_NO_MEMORY : BULLA_OK);
    }
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tc, test, 0, sizeof table / sizeof table[0])

static void add(TCase *tc)
{
    LOOP(lines_are_joined_and_rid_of_comments, lines);
    LOOP(options_are_taken_as_pip_takes_them, options);
    tcase_add_test(tc, includes_in_includes_are_limited);
    tcase_add_test(tc, a_circle_is_refused_where_it_closes);
    tcase_add_test(tc, what_was_read_is_not_read_again);
    tcase_add_test(tc, what_cannot_be_read_is_said);
    tcase_add_test(tc, what_pip_cannot_read_is_limited);
    LOOP(paths_of_includes_are_plain, joined);
    tcase_add_test(tc, no_memory_while_including_is_an_error_too);
}

int main(void)
{
    return unit_run("requirements", add);
}
