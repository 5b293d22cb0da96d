/* SPDX-License-Identifier: MIT */
/*
 * `bulla.input/1` → components, facts and what is expected. A slip is
 * refused: a case that is read as another would approve a policy that it was
 * to stop.
 */
#include "policy/cases.h"

#include "base/time.h"
#include "policy/parse.h"

#define SCHEMA "bulla.input/1"

static bulla_status text_optional(const bu_policy_parser *p, const bu_node *table, const char *key,
                                  const char **out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(p->tree, table, key, BU_NODE_STRING, &node, p->err));
    if (node == NULL)
        return BU_OK;
    *out = bu_arena_text(p->arena, bu_node_text(node));
    return *out == NULL ? bu_no_memory(p->err) : BU_OK;
}

static bulla_status time_optional(const bu_policy_parser *p, const bu_node *table, const char *key,
                                  bool *has, int64_t *out)
{
    const bu_node *node;
    bulla_error why = { 0 };
    BU_TRY(bu_node_optional(p->tree, table, key, BU_NODE_STRING, &node, p->err));
    *has = node != NULL;
    if (node == NULL)
        return BU_OK;
    bulla_status status = bu_time_parse(bu_node_text(node), out, &why);
    return bulla_ok(status) ? BU_OK
                            : bu_node_fail(p->tree, node, p->err, status.code, "%s", why.text);
}

/* One of `count` words, by their names; `*out` keeps what it was when there is no such field. */
static bulla_status word_optional(const bu_policy_parser *p, const bu_node *table, const char *key,
                                  const char *(*name)(int value), const int *values, size_t count,
                                  int *out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(p->tree, table, key, BU_NODE_STRING, &node, p->err));
    for (size_t i = 0; node != NULL && i < count; i++)
        if (bu_bytes_is(bu_node_text(node), name(values[i]))) {
            *out = values[i];
            return BU_OK;
        }
    return node == NULL ? BU_OK : bu_parse_unknown(p, node, key, "a word of doc/schema/input.json");
}

static const char *outcome_name(int value)
{
    return bulla_outcome_name((bulla_outcome)value);
}

static const char *verdict_name(int value)
{
    return bulla_verdict_name((bulla_verdict)value);
}

static const char *scope_name(int value)
{
    return bulla_scope_name((bulla_scope)value);
}

static const char *origin_name(int value)
{
    return bulla_origin_name((bulla_origin)value);
}

static const char *proof_name(int value)
{
    return bulla_proof_name((bulla_proof)value);
}

static const char *code_name(int value)
{
    return bulla_code_name((bulla_code)value);
}

/* The word must be there, and one of 0 … count - 1. */
static bulla_status word_of_many(const bu_policy_parser *p, const bu_node *table, const char *key,
                                 const char *(*name)(int value), int count, int *out)
{
    const bu_node *node;
    BU_TRY(bu_node_field(p->tree, table, key, BU_NODE_STRING, &node, p->err));
    for (*out = 0; *out < count; (*out)++)
        if (bu_bytes_is(bu_node_text(node), name(*out)))
            return BU_OK;
    return bu_parse_unknown(p, node, key, "a word that bulla knows");
}

/* A table of these fields alone, in the order of doc/schema/input.json. */
static bulla_status need_table(const bu_policy_parser *p, const bu_node *table,
                               const char *const *fields)
{
    BU_TRY(bu_node_need(p->tree, table, BU_NODE_TABLE, p->err));
    return bu_node_only(p->tree, table, fields, p->err);
}

static bulla_status finding_read(const bu_policy_parser *p, const bu_node *table,
                                 bulla_finding *out)
{
    static const char *const fields[] = { "code",     "exit", "file", "line", "column", "offset",
                                          "expected", "got",  "text", "next", NULL };
    int code;
    BU_TRY(need_table(p, table, fields));
    BU_TRY(word_of_many(p, table, "code", code_name, BULLA_E_INTERNAL + 1, &code));
    *out = (bulla_finding){ .code = (bulla_code)code,
                            .exit = bulla_code_exit((bulla_code)code),
                            .offset = UINT64_MAX,
                            .file = "",
                            .expected = "",
                            .got = "",
                            .text = "" };
    const bu_node *exit;
    BU_TRY(bu_node_optional(p->tree, table, "exit", BU_NODE_INTEGER, &exit, p->err));
    int64_t number = exit == NULL ? (int64_t)out->exit : bu_node_integer(exit);
    if (number < BULLA_EXIT_ALLOWED || number > BULLA_EXIT_INTERNAL)
        return bu_node_fail(p->tree, exit, p->err, BULLA_E_BAD_NUMBER, "no exit status");
    out->exit = (bulla_exit)number;
    return text_optional(p, table, "text", &out->text);
}

static bulla_status voucher_read(const bu_policy_parser *p, const bu_node *table,
                                 bulla_voucher *out)
{
    static const char *const fields[] = { "person", "counts_as", "org", "time", "proved", NULL };
    const bu_node *person, *proved;
    BU_TRY(need_table(p, table, fields));
    BU_TRY(bu_node_field(p->tree, table, "person", BU_NODE_STRING, &person, p->err));
    BU_TRY(text_optional(p, table, "person", &out->person));
    out->counts_as = out->person;
    BU_TRY(text_optional(p, table, "counts_as", &out->counts_as));
    BU_TRY(text_optional(p, table, "org", &out->org));
    BU_TRY(bu_node_optional(p->tree, table, "proved", BU_NODE_BOOL, &proved, p->err));
    out->is_proved = bu_node_is_true(proved);
    return time_optional(p, table, "time", &out->has_time, &out->time);
}

static bulla_status vouchers_read(const bu_policy_parser *p, const bu_node *table, bulla_fact *out)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(p->tree, table, "vouchers", BU_NODE_ARRAY, &list, p->err));
    bulla_voucher *vouchers = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *vouchers);
    if (vouchers == NULL)
        return bu_no_memory(p->err);
    out->vouchers = vouchers;
    BU_EACH_CHILD(node, list)
        BU_TRY(voucher_read(p, node, &vouchers[out->voucher_count++]));
    return BU_OK;
}

/* An author without `counts_as` is nobody whom the store knows. */
static bulla_status authors_read(const bu_policy_parser *p, const bu_node *table, bulla_said *out)
{
    static const char *const fields[] = { "person", "counts_as", NULL };
    const bu_node *list, *person;
    BU_TRY(bu_node_optional(p->tree, table, "authors", BU_NODE_ARRAY, &list, p->err));
    bulla_author *authors = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *authors);
    if (authors == NULL)
        return bu_no_memory(p->err);
    out->authors = authors;
    BU_EACH_CHILD(node, list) {
        bulla_author *author = &authors[out->author_count++];
        BU_TRY(need_table(p, node, fields));
        BU_TRY(bu_node_field(p->tree, node, "person", BU_NODE_STRING, &person, p->err));
        BU_TRY(text_optional(p, node, "person", &author->person));
        BU_TRY(text_optional(p, node, "counts_as", &author->counts_as));
    }
    return BU_OK;
}

static bulla_status said_read(const bu_policy_parser *p, const bu_node *fact, bulla_fact *out)
{
    static const char *const fields[] = { "environment", "decision", "until",
                                          "scope",       "authors",  NULL };
    const bu_node *table, *decision, *scope;
    BU_TRY(bu_node_optional(p->tree, fact, "said", BU_NODE_TABLE, &table, p->err));
    if (table == NULL)
        return BU_OK;
    BU_TRY(need_table(p, table, fields));
    bulla_said *said = bu_arena_get(p->arena, sizeof *said);
    if (said == NULL)
        return bu_no_memory(p->err);
    BU_TRY(bu_node_optional(p->tree, table, "decision", BU_NODE_STRING, &decision, p->err));
    said->rejects = bu_bytes_is(bu_node_text(decision), "reject");
    if (decision != NULL && !said->rejects && !bu_bytes_is(bu_node_text(decision), "approve"))
        return bu_parse_unknown(p, decision, "decision", "approve or reject");
    BU_TRY(text_optional(p, table, "environment", &said->environment));
    BU_TRY(time_optional(p, table, "until", &said->has_end, &said->until));
    BU_TRY(authors_read(p, table, said));
    out->said = said;
    BU_TRY(bu_node_optional(p->tree, table, "scope", BU_NODE_ARRAY, &scope, p->err));
    return scope == NULL ? BU_OK : bu_parse_texts(p, scope, &said->scope);
}

static bulla_status build_read(const bu_policy_parser *p, const bu_node *fact, bulla_fact *out)
{
    static const char *const fields[] = { "builder",    "source",  "ref",   "commit",
                                          "entryPoint", "trigger", "level", NULL };
    const bu_node *table;
    BU_TRY(bu_node_optional(p->tree, fact, "build", BU_NODE_TABLE, &table, p->err));
    if (table == NULL)
        return BU_OK;
    BU_TRY(need_table(p, table, fields));
    bulla_build *build = bu_arena_get(p->arena, sizeof *build);
    if (build == NULL)
        return bu_no_memory(p->err);
    BU_TRY(text_optional(p, table, "builder", &build->builder));
    BU_TRY(text_optional(p, table, "source", &build->source));
    out->build = build;
    return BU_OK;
}

static bulla_status fact_read(const bu_policy_parser *p, const bu_node *table, bulla_fact *out)
{
    static const char *const fields[] = { "proof",    "outcome", "role",         "who",
                                          "vouchers", "said",    "predicate",    "source",
                                          "evidence", "build",   "installation", "summary",
                                          "time",     "caveat",  "finding",      NULL };
    static const int outcomes[] = { BULLA_ABSENT, BULLA_UNDECIDED, BULLA_BROKEN, BULLA_HELD };
    const bu_node *needed;
    int proof, outcome = BULLA_ABSENT;
    BU_TRY(need_table(p, table, fields));
    BU_TRY(word_of_many(p, table, "proof", proof_name, BULLA_PROOF_COUNT, &proof));
    BU_TRY(bu_node_field(p->tree, table, "outcome", BU_NODE_STRING, &needed, p->err));
    BU_TRY(word_optional(p, table, "outcome", outcome_name, outcomes, 4, &outcome));
    out->proof = (bulla_proof)proof;
    out->outcome = (bulla_outcome)outcome;
    BU_TRY(text_optional(p, table, "role", &out->role));
    BU_TRY(text_optional(p, table, "who", &out->who));
    BU_TRY(text_optional(p, table, "predicate", &out->predicate));
    BU_TRY(time_optional(p, table, "time", &out->has_time, &out->time));
    BU_TRY(vouchers_read(p, table, out));
    BU_TRY(said_read(p, table, out));
    BU_TRY(build_read(p, table, out));
    const bu_node *finding = bu_node_get(table, "finding");
    out->finding = (bulla_finding){ .file = "", .expected = "", .got = "", .text = "" };
    return finding == NULL ? BU_OK : finding_read(p, finding, &out->finding);
}

static bulla_status facts_read(const bu_policy_parser *p, const bu_node *table, bu_policy_case *out)
{
    const bu_node *list;
    BU_TRY(bu_node_field(p->tree, table, "facts", BU_NODE_ARRAY, &list, p->err));
    out->facts = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *out->facts);
    if (out->facts == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(node, list)
        BU_TRY(fact_read(p, node, &out->facts[out->fact_count++]));
    return BU_OK;
}

static bulla_status component_read(const bu_policy_parser *p, const bu_node *table,
                                   bulla_component *out)
{
    static const int scopes[] = { BULLA_SCOPE_RUNTIME, BULLA_SCOPE_OPTIONAL, BULLA_SCOPE_BUILD,
                                  BULLA_SCOPE_DEV };
    static const int origins[] = {
        BULLA_ORIGIN_UNKNOWN, BULLA_ORIGIN_REGISTRY, BULLA_ORIGIN_GIT,
        BULLA_ORIGIN_FILE,    BULLA_ORIGIN_LOCAL,    BULLA_ORIGIN_OUTSIDE,
        BULLA_ORIGIN_BUNDLED, BULLA_ORIGIN_SYSTEM,   BULLA_ORIGIN_ARTIFACT,
    };
    const bu_node *purl;
    int scope = BULLA_SCOPE_RUNTIME, origin = BULLA_ORIGIN_UNKNOWN;
    BU_TRY(bu_node_field(p->tree, table, "purl", BU_NODE_STRING, &purl, p->err));
    BU_TRY(text_optional(p, table, "purl", &out->purl));
    BU_TRY(text_optional(p, table, "name", &out->name));
    BU_TRY(text_optional(p, table, "version", &out->version));
    BU_TRY(word_optional(p, table, "scope", scope_name, scopes, BU_SCOPE_COUNT, &scope));
    BU_TRY(word_optional(p, table, "origin", origin_name, origins, BU_ORIGIN_COUNT, &origin));
    out->scope = (bulla_scope)scope;
    out->origin = (bulla_origin)origin;
    return BU_OK;
}

static bulla_status reasons_read(const bu_policy_parser *p, const bu_node *table,
                                 bu_policy_case *out)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(p->tree, table, "reasons", BU_NODE_ARRAY, &list, p->err));
    out->has_reasons = list != NULL;
    out->reasons = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *out->reasons);
    if (out->reasons == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(node, list) {
        bulla_finding finding;
        BU_TRY(finding_read(p, node, &finding));
        out->reasons[out->reason_count++] = bulla_code_name(finding.code);
    }
    return BU_OK;
}

static bulla_status case_read(const bu_policy_parser *p, const bu_node *table, bu_policy_case *out)
{
    static const char *const fields[] = { "purl",     "name",     "version", "scope",    "origin",
                                          "location", "lockfile", "line",    "column",   "verdict",
                                          "exit",     "rule",     "pinned",  "files",    "measured",
                                          "facts",    "reasons",  "unmet",   "warnings", "gate",
                                          NULL };
    static const int verdicts[] = { BULLA_DENIED, BULLA_UNPROVEN, (int)BULLA_WAIVED,
                                    (int)BULLA_ALLOWED };
    const bu_node *verdict;
    int expected = BULLA_DENIED;
    uint32_t column;
    BU_TRY(need_table(p, table, fields));
    bu_tree_place(p->tree, bu_node_offset(table), &out->line, &column);
    BU_TRY(component_read(p, table, &out->component));
    BU_TRY(facts_read(p, table, out));
    BU_TRY(bu_node_field(p->tree, table, "verdict", BU_NODE_STRING, &verdict, p->err));
    BU_TRY(word_optional(p, table, "verdict", verdict_name, verdicts, 4, &expected));
    out->verdict = (bulla_verdict)expected;
    BU_TRY(text_optional(p, table, "rule", &out->rule));
    return reasons_read(p, table, out);
}

static bulla_status cases_read(const bu_policy_parser *p, const bu_node *root, bu_policy_cases *out)
{
    const bu_node *list;
    BU_TRY(bu_node_field(p->tree, root, "components", BU_NODE_ARRAY, &list, p->err));
    if (bu_node_count(list) == 0)
        return bu_node_fail(p->tree, list, p->err, BULLA_E_EMPTY, "there is nothing to judge");
    out->items = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(node, list)
        BU_TRY(case_read(p, node, &out->items[out->count++]));
    return BU_OK;
}

bulla_status bu_policy_cases_read(bulla_bytes json, const char *name, bu_arena *arena,
                                  bu_policy_cases *out, bulla_error *err)
{
    static const char *const fields[] = { "schema", "time",  "gate",     "environment", "policy",
                                          "lock",   "trust", "troubles", "components",  NULL };
    BU_AUTO(bu_tree) tree = NULL;
    const bu_node *schema;
    BU_TRY(bu_json_load(json, name, &tree, err));
    bu_policy_parser p = { .tree = tree, .arena = arena, .err = err };
    const bu_node *root = bu_tree_root(tree);
    BU_TRY(bu_node_need(tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, root, "schema", BU_NODE_STRING, &schema, err));
    if (!bu_bytes_is(bu_node_text(schema), SCHEMA))
        return bu_expected(err,
                           bu_node_fail(tree, schema, err, BULLA_E_UNSUPPORTED_VERSION,
                                        "not cases of a version that is known"),
                           BULLA_LIT(SCHEMA), bu_node_text(schema));
    BU_TRY(bu_node_only(tree, root, fields, err));
    *out = (bu_policy_cases){ 0 };
    BU_TRY(time_optional(&p, root, "time", &out->has_now, &out->now));
    BU_TRY(text_optional(&p, root, "gate", &out->gate));
    BU_TRY(text_optional(&p, root, "environment", &out->environment));
    return cases_read(&p, root, out);
}
