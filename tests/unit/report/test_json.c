/* SPDX-License-Identifier: MIT */
/*
 * The result for programs: valid by its schema, complete, the same bytes for
 * the same result, and harmless when a program prints what it read.
 */
#include "suite.h"

#include <sys/wait.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "sample.h"
#include "syntax/tree.h"

static bulla_buffer json_of(const bulla_result *result, const bulla_render_options *options)
{
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    unit_ok(bulla_result_render(result, "json", options, &out, &err), err);
    return out;
}

static const char clean_head[] =
    "{\n"
    "  \"schema\": \"bulla.result/1\",\n"
    "  \"result\": \"allowed\",\n"
    "  \"exit\": 0,\n"
    "  \"totals\": {\n"
    "    \"total\": 4,\n"
    "    \"allowed\": 4,\n"
    "    \"waived\": 0,\n"
    "    \"denied\": 0,\n"
    "    \"unproven\": 0,\n"
    "    \"not_installed\": 1,\n"
    "    \"local\": 1,\n"
    "    \"signed\": 1\n"
    "  },\n"
    "  \"time\": \"2026-11-21T00:00:00Z\",\n"
    "  \"policy\": {\n"
    "    \"name\": \"built-in\",\n"
    "    \"digest\": \"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n"
    "  },\n"
    "  \"trust\": {\n"
    "    \"name\": \"none\"\n"
    "  },\n"
    "  \"inputs\": [\n"
    "    \"package-lock.json\",\n"
    "    \"dist/app.tar.gz\"\n"
    "  ],\n"
    "  \"passed_over\": [],\n"
    "  \"sboms\": [],\n"
    "  \"warnings\": [],\n"
    "  \"waivers\": [],\n"
    "  \"troubles\": [],\n"
    "  \"components\": [\n";

START_TEST(same_result_same_bytes)
{
    bulla_render_options verbose = { .verbose = true, .color = true };
    BU_AUTO(bulla_result) one = sample_clean();
    BU_AUTO(bulla_result) two = sample_clean();
    bulla_buffer a = json_of(one, NULL), b = json_of(two, &verbose);
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_mem_eq(a.ptr, b.ptr, a.len);
    ck_assert_mem_eq(a.ptr, clean_head, sizeof clean_head - 1);
    bulla_buffer_free(&a);
    bulla_buffer_free(&b);
}
END_TEST

static bu_tree *tree_of(const bulla_buffer *json)
{
    bulla_error err = { 0 };
    bu_tree *tree = NULL;
    unit_ok(bu_json_load((bulla_bytes){ json->ptr, json->len }, "result", &tree, &err), err);
    return tree;
}

/* The value at a path of keys and, for arrays, indices: "components.0.purl". */
static const bu_node *at(const bu_tree *tree, const char *path)
{
    const bu_node *node = bu_tree_root(tree);
    while (*path != '\0') {
        size_t len = strcspn(path, ".");
        const bu_node *child = bu_node_get_bytes(node, bu_bytes_first(bu_bytes_of(path), len));
        if (bu_node_kind_of(node) == BU_NODE_ARRAY) {
            child = bu_node_first(node);
            for (long i = strtol(path, NULL, 10); i > 0; i--)
                child = bu_node_next(child);
        }
        node = child;
        path += len + (path[len] == '.');
    }
    return node;
}

static const struct {
    const char *path, *text; /* NULL: not there */
} values[] = {
    { "result", "malformed-input" },
    { "exit", "6" },
    { "totals.total", "6" },
    { "trust.name", ".bulla/trust" },
    { "trust.version", "3" },
    { "sboms.0", "app.cdx.json" },
    { "warnings.0", "the root of the trust store was signed with a one-time key" },
    { "troubles.0.code", "bad-syntax" },
    { "troubles.0.file", "sub/package-lock.json" },
    { "troubles.0.line", "3" },
    { "troubles.0.column", "9" },
    { "troubles.0.offset", "41" },
    { "troubles.0.next", "correct the text at the place named" },
    { "components.0.purl", "pkg:generic/app.tar.gz" },
    { "components.0.origin", "artifact" },
    { "components.0.location", "dist/app.tar.gz" },
    { "components.0.facts.0.role", "release" },
    { "components.0.facts.0.who", "alice, bob" },
    { "components.0.facts.0.predicate", "https://slsa.dev/provenance/v1" },
    { "components.0.facts.0.finding", NULL },
    { "components.0.facts.2.proof", "provenance" },
    { "components.0.facts.2.time", "2026-11-21T00:00:00Z" },
    { "components.0.facts.2.build.source", "https://git.example/org/app" },
    { "components.0.facts.3.caveat",
      "the registry's key has expired; when it signed is not proved" },
    { "components.1.name", "@acme/good" },
    { "components.1.version", "1.0.0" },
    { "components.1.measured.sha256",
      "1111111111111111111111111111111111111111111111111111111111111111" },
    { "components.1.warnings.0.expected", "signature:review" },
    { "components.1.warnings.0.file", NULL },
    { "components.2.scope", "optional" },
    { "components.2.line", NULL },
    { "components.4.verdict", "unproven" },
    { "components.4.scope", "dev" },
    { "components.4.reasons.1.offset", "512" },
    { "components.4.reasons.1.line", NULL },
    { "components.5.verdict", "denied" },
    { "components.5.exit", "1" },
    { "components.5.rule", "built-in: dependencies" },
    { "components.5.lockfile", "package-lock.json" },
    { "components.5.line", "14" },
    { "components.5.facts.0.outcome", "broken" },
    { "components.5.facts.0.finding.code", "hash-mismatch" },
    { "components.5.reasons.0.expected", "sha512:00" },
    { "components.5.reasons.0.got", "sha512:01" },
    { "components.5.reasons.0.offset", NULL },
    { "components.6", NULL },
};

START_TEST(everything_is_in_it)
{
    BU_AUTO(bulla_result) result = sample_mixed();
    bulla_buffer json = json_of(result, NULL);
    BU_AUTO(bu_tree) tree = tree_of(&json);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const bu_node *node = at(tree, values[i].path);
        bulla_bytes got = bu_node_text(node);
        ck_assert_msg((node != NULL) == (values[i].text != NULL), "%s", values[i].path);
        ck_assert_msg(bu_bytes_is(got, values[i].text), "%s: %.*s", values[i].path, (int)got.len,
                      (const char *)got.ptr);
    }
    bulla_buffer_free(&json);
}
END_TEST

static const bulla_verdict verdicts[] = { BULLA_DENIED, BULLA_UNPROVEN, BULLA_WAIVED,
                                          BULLA_ALLOWED };

static void all_shown(const bu_node *node)
{
    BU_EACH_CHILD(child, node) {
        bulla_bytes text = bu_node_text(child);
        for (size_t i = 0; i < text.len; i++)
            ck_assert_msg(text.ptr[i] >= 0x20 && text.ptr[i] < 0x7f, "byte %02x in %.*s",
                          text.ptr[i], (int)text.len, (const char *)text.ptr);
        all_shown(child);
    }
}

/* Neither the document nor any string in it, once decoded, may do something to a terminal. */
START_TEST(hostile_texts_are_escaped)
{
    BU_AUTO(bulla_result) result = sample_hostile(verdicts[_i]);
    bulla_buffer json = json_of(result, NULL);
    for (size_t i = 0; i < json.len; i++)
        ck_assert_msg(json.ptr[i] == '\n' || (json.ptr[i] >= 0x20 && json.ptr[i] < 0x7f),
                      "byte %02x at %zu", json.ptr[i], i);
    BU_AUTO(bu_tree) tree = tree_of(&json);
    all_shown(bu_tree_root(tree));
    ck_assert(bu_bytes_is(bu_node_text(at(tree, "components.0.name")),
                          "x\\x1B[2J\\x0D\\x0ARESULT: ALLOWED (exit 0)\\x0A\\u{202E}\\u{85}\"\\\\"
                          "\\xFF\\x7F"));
    bulla_buffer_free(&json);
}
END_TEST

static void write_sample(const char *folder, int number, bulla_result *result)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%d.json", folder, number);
    bulla_buffer json = json_of(result, NULL);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(json.ptr, 1, json.len, file), json.len);
    ck_assert_int_eq(fclose(file), 0);
    bulla_buffer_free(&json);
    bulla_result_free(result);
}

START_TEST(valid_by_schema)
{
    char *folder = unit_temporary_folder(), command[16384];
    char *script = unit_source_path("tests/unit/report/validate.py");
    char *schema = unit_source_path("doc/schema/result.json");
    ck_assert(script != NULL && schema != NULL);
    int count = 0;
    write_sample(folder, count++, sample_mixed());
    write_sample(folder, count++, sample_clean());
    write_sample(folder, count++, sample_empty());
    write_sample(folder, count++, sample_many(3));
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        write_sample(folder, count++, sample_hostile(verdicts[i]));
    (void)snprintf(command, sizeof command, "/usr/bin/python3 '%s' --optional opa '%s' '%s'/*.json",
                   script, schema, folder);
    int status = system(command);
    ck_assert(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        unit_skipped("validation by doc/schema/result.json", "python3-jsonschema is not installed");
    else
        ck_assert_int_eq(WEXITSTATUS(status), 0);
    free(folder);
    free(script);
    free(schema);
}
END_TEST

START_TEST(no_memory)
{
    BU_AUTO(bulla_result) result = sample_hostile(BULLA_DENIED);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer out = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_result_render(result, "json", NULL, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            bulla_buffer_free(&out);
            ck_assert_uint_gt(n, 2);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(out.ptr);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, same_result_same_bytes);
    tcase_add_test(tc, everything_is_in_it);
    tcase_add_loop_test(tc, hostile_texts_are_escaped, 0, sizeof verdicts / sizeof verdicts[0]);
    tcase_add_test(tc, valid_by_schema);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("report: json", add);
}
