/* SPDX-License-Identifier: MIT */
/*
 * A comparison in its three forms: valid by its schema, the worst first, and
 * harmless wherever it is shown.
 */
#include "suite.h"

#include <sys/wait.h>

#include "alloc_fail.h"
#include "report/diff.h"

#define HOSTILE "x\x1b[2J\nRESULT: SAME\xe2\x80\xae|<b>@all `c` [a](b)\\\xff"

/* One of each kind, the last kinds first. */
static bulla_differences *sample(const char *name)
{
    bulla_error err = { 0 };
    bulla_differences *differences = bu_differences_new();
    ck_assert_ptr_nonnull(differences);
    differences->before = "old";
    differences->after = name;
    for (int kind = BULLA_DIFF_COUNT - 1; kind >= 0; kind--) {
        char purl[128];
        bool is_file = kind >= BULLA_DIFF_FILE_CHANGED;
        (void)snprintf(purl, sizeof purl, "pkg:npm/%s", name);
        const bulla_difference d = { .kind = (bulla_diff_kind)kind,
                                     .name = is_file ? name : purl,
                                     .before = is_file || kind == BULLA_DIFF_ADDED ? NULL : name,
                                     .after = is_file || kind == BULLA_DIFF_REMOVED ? NULL : name,
                                     .size_before = 1,
                                     .size_after = 2,
                                     .lockfile = is_file ? NULL : name,
                                     .line = is_file ? 0 : 3 };
        unit_ok(bu_differences_add(differences, &d, &err), err);
    }
    bu_differences_sort(differences);
    return differences;
}

static bulla_buffer render(const bulla_differences *differences, const char *format)
{
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    unit_ok(bulla_differences_render(differences, format, &out, &err), err);
    return out;
}

static const char *const formats[] = { "text", "json", "markdown" };

START_TEST(the_worst_comes_first)
{
    static const char *const words[] = { "hash-mismatch", "missing-hash", "untrusted-source",
                                         "downgraded",    "scope",        "file-removed" };
    BU_AUTO(bulla_differences) differences = sample("demo");
    ck_assert_int_eq(bulla_differences_exit(differences), BULLA_EXIT_DENIED);
    ck_assert_uint_eq(bu_diff_suspicious(differences), 3);
    bulla_buffer text = render(differences, formats[_i]);
    const char *at = (const char *)text.ptr;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *hit = strstr(at, words[i]);
        ck_assert_msg(hit != NULL, "no %s behind what is worse", words[i]);
        at = hit;
    }
    bulla_buffer_free(&text);
}
END_TEST

/* No byte of a name moves a cursor, ends a line, or is markup. */
START_TEST(hostile_names_are_harmless)
{
    BU_AUTO(bulla_differences) differences = sample(HOSTILE);
    bulla_buffer text = render(differences, formats[_i]);
    const char *all = (const char *)text.ptr;
    ck_assert(strchr(all, '\x1b') == NULL && strstr(all, "\xe2\x80\xae") == NULL);
    ck_assert(strstr(all, "\nRESULT: SAME") == NULL && strchr(all, '\xff') == NULL);
    if (strcmp(formats[_i], "markdown") == 0) {
        ck_assert(strstr(all, "<b>") == NULL && strchr(all, '@') == NULL);
        ck_assert(strchr(all, '`') == NULL && strchr(all, '[') == NULL);
        ck_assert(strstr(all, "&#124;&#60;b&#62;&#64;all") != NULL);
    }
    bulla_buffer_free(&text);
}
END_TEST

START_TEST(nothing_differs)
{
    BU_AUTO(bulla_differences) none = bu_differences_new();
    none->before = none->after = "x";
    ck_assert_int_eq(bulla_differences_exit(none), BULLA_EXIT_ALLOWED);
    ck_assert_ptr_null(bulla_differences_at(none, 0));
    bulla_buffer text = render(none, "text");
    ck_assert_str_eq((const char *)text.ptr, "compared: x -> x  (packages)\n"
                                             "0 differences, 0 suspicious\n"
                                             "RESULT: SAME (exit 0)\n");
    bulla_buffer_free(&text);
}
END_TEST

START_TEST(an_unknown_format_is_refused)
{
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    BU_AUTO(bulla_differences) differences = sample("x");
    unit_fails(bulla_differences_render(differences, "html", &out, &err), BULLA_E_USAGE, err);
    ck_assert_str_eq(err.got, "html");
}
END_TEST

static void write_sample(const char *folder, const char *file, const char *name)
{
    char path[4096];
    BU_AUTO(bulla_differences) differences = sample(name);
    bulla_buffer json = render(differences, "json");
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(json.ptr, 1, json.len, out), json.len);
    ck_assert_int_eq(fclose(out), 0);
    bulla_buffer_free(&json);
}

START_TEST(valid_by_schema)
{
    char *folder = unit_temporary_folder(), command[16384];
    char *script = unit_source_path("tests/unit/report/validate.py");
    char *schema = unit_source_path("doc/schema/diff.json");
    ck_assert(script != NULL && schema != NULL);
    write_sample(folder, "1.json", "demo");
    write_sample(folder, "2.json", HOSTILE);
    (void)snprintf(command, sizeof command, "/usr/bin/python3 '%s' '%s' '%s'/*.json", script,
                   schema, folder);
    int status = system(command);
    ck_assert(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        unit_skipped("validation by doc/schema/diff.json", "python3-jsonschema is not installed");
    else
        ck_assert_int_eq(WEXITSTATUS(status), 0);
    free(folder);
    free(script);
    free(schema);
}
END_TEST

START_TEST(no_memory)
{
    BU_AUTO(bulla_differences) differences = sample(HOSTILE);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer out = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_differences_render(differences, formats[_i], &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            bulla_buffer_free(&out);
            ck_assert_uint_gt(n, 1);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(out.ptr);
    }
}
END_TEST

static void add(TCase *tc)
{
    int count = sizeof formats / sizeof formats[0];
    tcase_add_loop_test(tc, the_worst_comes_first, 0, count);
    tcase_add_loop_test(tc, hostile_names_are_harmless, 0, count);
    tcase_add_test(tc, nothing_differs);
    tcase_add_test(tc, an_unknown_format_is_refused);
    tcase_add_test(tc, valid_by_schema);
    tcase_add_loop_test(tc, no_memory, 0, count);
}

int main(void)
{
    return unit_run("diff", add);
}
