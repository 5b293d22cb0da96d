/* SPDX-License-Identifier: MIT */
/*
 * What other policy engines are given: valid by its schema, complete, and kept as it was asked.
 */
#include "suite.h"

#include <sys/wait.h>

#include "sample.h"
#include "syntax/tree.h"

/* What other engines are asked with has every component, and what it is not said twice. */
START_TEST(the_input_of_others_is_valid)
{
    char *script = unit_source_path("tests/unit/report/validate.py");
    char *schema = unit_source_path("doc/schema/input.json");
    char *folder = unit_temporary_folder(), command[16384];
    BU_AUTO(bulla_result) result = sample_mixed();
    bulla_error err = { 0 };
    bulla_buffer text = { 0 };
    ck_assert(script != NULL && schema != NULL);
    unit_ok(bulla_result_render(result, "input", NULL, &text, &err), err);
    BU_AUTO(bu_tree) tree = NULL;
    unit_ok(bu_json_load((bulla_bytes){ text.ptr, text.len }, "input", &tree, &err), err);
    const bu_node *root = bu_tree_root(tree);
    ck_assert(bu_bytes_is(bu_node_text(bu_node_get(root, "schema")), "bulla.input/1"));
    ck_assert_uint_eq(bu_node_count(bu_node_get(root, "components")), 6);
    ck_assert_ptr_null(bu_node_get(root, "totals"));
    (void)snprintf(command, sizeof command, "%s/input.json", folder);
    FILE *file = fopen(command, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text.ptr, 1, text.len, file), text.len);
    ck_assert_int_eq(fclose(file), 0);
    (void)snprintf(command, sizeof command, "/usr/bin/python3 '%s' --optional '%s' '%s/input.json'",
                   script, schema, folder);
    int status = system(command);
    ck_assert(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        unit_skipped("validation by doc/schema/input.json", "python3-jsonschema is not installed");
    else
        ck_assert_int_eq(WEXITSTATUS(status), 0);
    bulla_buffer_free(&text);
    free(folder);
    free(script);
    free(schema);
}
END_TEST

/* What was sent is kept as it was, whatever was decided since. */
START_TEST(what_was_asked_is_shown)
{
    BU_AUTO(bulla_result) result = sample_hostile(BULLA_DENIED);
    bulla_error err = { 0 };
    bulla_buffer text = { 0 };
    bu_buf_add_text(&result->opa->input, "as it was");
    unit_ok(bulla_result_render(result, "input", NULL, &text, &err), err);
    ck_assert_str_eq((const char *)text.ptr, "as it was");
    bulla_buffer_free(&text);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, the_input_of_others_is_valid);
    tcase_add_test(tc, what_was_asked_is_shown);
}

int main(void)
{
    return unit_run("report: input", add);
}
