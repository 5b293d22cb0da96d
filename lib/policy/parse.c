/* SPDX-License-Identifier: MIT */
/*
 * `bulla.policy/1`: TOML → rules. Strict, because what is silently left out of
 * a policy is a check that is not made: unknown fields, unknown words, empty
 * lists and patterns that can match nothing are refused, each with its place.
 */
#include "policy/parse.h"

#include "base/buf.h"
#include "base/limits.h"

#define SCHEMA "bulla.policy/1"

const bu_proof_row bu_proof_rows[BULLA_PROOF_COUNT] = {
    [BULLA_PROOF_NONE] = { "none", "it is as it should be" },
#define BULLA_PROOF(id, name, title) [BULLA_PROOF_##id] = { name, title },
#include "bulla/proofs.def"
#undef BULLA_PROOF
};

#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Package URLs have a type in lower case, no empty segments, and what is not of these characters encoded. */
static bool is_written_as_purl(const char *text)
{
    static const char type[] = LOWER ".-", all[] = LOWER UPPER ".-_~:%@/?#&=+*";
    size_t before = strlen("pkg:"), end = before + strspn(text + before, type);
    return (text[end] == '/' ? end > before : text[end] == '*' || text[end] == '?') &&
           text[strspn(text, all)] == '\0' && strstr(text, "//") == NULL &&
           strstr(text, "/@") == NULL;
}

/* A typing error here would be a rule that never applies. */
static bool may_match_purl(const bu_pattern *pattern)
{
    const char *text = (const char *)pattern->text.ptr;
    size_t fixed = pattern->literal < 4 ? pattern->literal : 4;
    bool open = pattern->literal < pattern->text.len; /* a wildcard may stand for the rest */
    return memcmp(text, "pkg:", fixed) == 0 && (fixed == 4 ? is_written_as_purl(text) : open);
}

static bulla_status pattern_read(const bu_policy_parser *p, const bu_node *node, bu_pattern *out)
{
    const char *text;
    BU_TRY(bu_parse_text(p, node, &text));
    size_t literal = strcspn(text, "*?");
    *out = (bu_pattern){ .text = bu_bytes_of(text),
                         .literal = literal,
                         .is_subtree = strcmp(text + literal, "**") == 0 };
    out->pairs = bu_pairs_of(out->text, true);
    if (may_match_purl(out))
        return BU_OK;
    bulla_status status = bu_node_fail(p->tree, node, p->err, BULLA_E_BAD_PURL,
                                       "no package URL can match this pattern");
    return bu_expected(p->err, status, BULLA_LIT("pkg:TYPE/NAME@VERSION with wildcards * ** ?"),
                       out->text);
}

static bulla_status patterns_read(const bu_policy_parser *p, const bu_node *node, bu_patterns *out)
{
    bu_text_nodes list;
    BU_TRY(bu_parse_text_nodes(p, node, &list));
    out->items = bu_arena_get_array(p->arena, list.count, sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(p->err);
    for (; out->count < list.count; out->count++)
        BU_TRY(pattern_read(p, list.items[out->count], &out->items[out->count]));
    return BU_OK;
}

/* Scope and origin: a list of words of one enumeration; without the field, all of them. */
typedef struct vocabulary {
    const char *field, *known;
    const char *(*name)(size_t value);
    size_t count;
} vocabulary;

static const char *scope_name(size_t value)
{
    return bulla_scope_name((bulla_scope)value);
}

static const char *origin_name(size_t value)
{
    return bulla_origin_name((bulla_origin)value);
}

static const vocabulary scope_words = { "scope", "runtime, optional, build or dev", scope_name,
                                        BU_SCOPE_COUNT };
static const vocabulary origin_words = {
    "origin", "unknown, registry, git, file, local, outside, bundled, system or artifact",
    origin_name, BU_ORIGIN_COUNT
};

static bulla_status word_read(const bu_policy_parser *p, const bu_node *node,
                              const vocabulary *words, bool *out)
{
    for (size_t i = 0; i < words->count; i++) {
        if (bu_bytes_is(bu_node_text(node), words->name(i))) {
            out[i] = true;
            return BU_OK;
        }
    }
    return bu_parse_unknown(p, node, words->field, words->known);
}

static bulla_status words_read(const bu_policy_parser *p, const bu_node *rule,
                               const vocabulary *words, bool *out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(p->tree, rule, words->field, BU_NODE_ARRAY, &node, p->err));
    if (node == NULL) {
        for (size_t i = 0; i < words->count; i++)
            out[i] = true;
        return BU_OK;
    }
    bu_text_nodes list;
    BU_TRY(bu_parse_text_nodes(p, node, &list));
    for (size_t i = 0; i < list.count; i++)
        BU_TRY(word_read(p, list.items[i], words, out));
    return BU_OK;
}

static bulla_status alternative_read(const bu_policy_parser *p, const bu_node *node,
                                     bu_alternative *out)
{
    bu_text_nodes list;
    BU_TRY(bu_parse_text_nodes(p, node, &list));
    out->wants = bu_arena_get_array(p->arena, list.count, sizeof *out->wants);
    if (out->wants == NULL)
        return bu_no_memory(p->err);
    for (; out->count < list.count; out->count++)
        BU_TRY(bu_parse_want(p, list.items[out->count], &out->wants[out->count]));
    return BU_OK;
}

/* "signature:release, or digest and archive-chain" */
static bulla_status demand_describe(const bu_policy_parser *p, bu_demand *demand)
{
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t a = 0; a < demand->count; a++) {
        const bu_alternative *alternative = &demand->alternatives[a];
        bu_buf_add_text(&text, a == 0 ? "" : ", or ");
        for (size_t w = 0; w < alternative->count; w++) {
            bu_buf_add_text(&text, w == 0 ? "" : " and ");
            bu_buf_add_text(&text, alternative->wants[w].text);
        }
    }
    demand->text = text.broken ? NULL : bu_arena_text(p->arena, bu_buf_bytes(&text));
    return demand->text == NULL ? bu_no_memory(p->err) : BU_OK;
}

/* The nodes from `first` on, `count` of them, are the alternatives. */
static bulla_status demand_read(const bu_policy_parser *p, const bu_node *first, size_t count,
                                bu_demand *out)
{
    out->alternatives = bu_arena_get_array(p->arena, count, sizeof *out->alternatives);
    if (out->alternatives == NULL)
        return bu_no_memory(p->err);
    for (const bu_node *node = first; out->count < count; node = bu_node_next(node)) {
        BU_TRY(alternative_read(p, node, &out->alternatives[out->count]));
        out->count++;
    }
    return demand_describe(p, out);
}

static bulla_status require_read(const bu_policy_parser *p, const bu_node *require, bu_rule *out)
{
    if (require == NULL)
        return BU_OK;
    BU_TRY(bu_parse_count(p, require, BU_LIMIT_RULE_ENTRIES));
    BU_EACH_CHILD(want, require) {
        BU_TRY(bu_node_need(p->tree, want, BU_NODE_STRING, p->err));
        BU_TRY(demand_read(p, want, 1, &out->demands[out->count]));
        out->count++;
    }
    return BU_OK;
}

static bulla_status any_read(const bu_policy_parser *p, const bu_node *any, bu_rule *out)
{
    if (any == NULL)
        return BU_OK;
    BU_TRY(bu_parse_count(p, any, BU_LIMIT_RULE_ENTRIES));
    BU_TRY(demand_read(p, bu_node_first(any), bu_node_count(any), &out->demands[out->count]));
    out->count++;
    return BU_OK;
}

static bulla_status demands_read(const bu_policy_parser *p, const bu_node *rule, bu_rule *out)
{
    const bu_node *require, *any;
    BU_TRY(bu_node_optional(p->tree, rule, "require", BU_NODE_ARRAY, &require, p->err));
    BU_TRY(bu_node_optional(p->tree, rule, "any", BU_NODE_ARRAY, &any, p->err));
    if (require == NULL && any == NULL)
        return bu_node_fail(p->tree, rule, p->err, BULLA_E_MISSING_FIELD,
                            "the rule asks for nothing: it has neither require nor any");
    size_t most = bu_node_count(require) + 1;
    out->demands = bu_arena_get_array(p->arena, most, sizeof *out->demands);
    if (out->demands == NULL)
        return bu_no_memory(p->err);
    BU_TRY(require_read(p, require, out));
    return any_read(p, any, out);
}

static bulla_status action_read(const bu_policy_parser *p, const bu_node *rule, bool *warns)
{
    const bu_node *action;
    BU_TRY(bu_node_optional(p->tree, rule, "action", BU_NODE_STRING, &action, p->err));
    *warns = bu_bytes_is(bu_node_text(action), "warn");
    if (action != NULL && !*warns && !bu_bytes_is(bu_node_text(action), "fail"))
        return bu_parse_unknown(p, action, "action", "fail or warn");
    return BU_OK;
}

static bulla_status name_read(const bu_policy_parser *p, const bu_node *rule, size_t number,
                              const char **out)
{
    const bu_node *name;
    BU_TRY(bu_node_optional(p->tree, rule, "name", BU_NODE_STRING, &name, p->err));
    if (name != NULL)
        return bu_parse_text(p, name, out);
    *out = bu_arena_format(p->arena, "rule %zu", number);
    return *out == NULL ? bu_no_memory(p->err) : BU_OK;
}

static bulla_status selection_read(const bu_policy_parser *p, const bu_node *rule, bu_rule *out)
{
    const bu_node *match = bu_node_get(rule, "match"), *except = bu_node_get(rule, "except");
    if (match == NULL)
        return bu_node_fail(p->tree, rule, p->err, BULLA_E_MISSING_FIELD,
                            "the rule does not say what it is for: match");
    BU_TRY(patterns_read(p, match, &out->match));
    if (except != NULL)
        BU_TRY(patterns_read(p, except, &out->except));
    BU_TRY(words_read(p, rule, &scope_words, out->scopes));
    BU_TRY(words_read(p, rule, &origin_words, out->origins));
    return bu_parse_names(p, bu_node_get(rule, "environment"), "an environment",
                          &out->environments);
}

static bulla_status rule_read(const bu_policy_parser *p, const bu_node *rule, size_t number,
                              bu_rule *out)
{
    static const char *const fields[] = { "name",        "match", "except",  "scope",  "origin",
                                          "environment", "any",   "require", "action", NULL };
    uint32_t column;
    BU_TRY(bu_node_need(p->tree, rule, BU_NODE_TABLE, p->err));
    BU_TRY(bu_node_only(p->tree, rule, fields, p->err));
    bu_tree_place(p->tree, bu_node_offset(rule), &out->line, &column);
    BU_TRY(bu_parse_rule_digest(p, rule, &out->digest));
    BU_TRY(name_read(p, rule, number, &out->name));
    BU_TRY(selection_read(p, rule, out));
    BU_TRY(demands_read(p, rule, out));
    return action_read(p, rule, &out->warns);
}

static bulla_status schema_check(const bu_policy_parser *p, const bu_node *root)
{
    const bu_node *schema;
    BU_TRY(bu_node_field(p->tree, root, "schema", BU_NODE_STRING, &schema, p->err));
    if (bu_bytes_is(bu_node_text(schema), SCHEMA))
        return BU_OK;
    bulla_status status = bu_node_fail(p->tree, schema, p->err, BULLA_E_UNSUPPORTED_VERSION,
                                       "not a policy of a version that is known");
    return bu_expected(p->err, status, BULLA_LIT(SCHEMA), bu_node_text(schema));
}

static bulla_status rules_read(const bu_policy_parser *p, const bu_node *list, bu_rules *out)
{
    BU_TRY(bu_parse_count(p, list, BU_LIMIT_RULES));
    out->items = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(rule, list) {
        BU_TRY(rule_read(p, rule, out->count + 1, &out->items[out->count]));
        out->count++;
    }
    return BU_OK;
}

/* Without rules of its own, a policy has gates: the built-in rules hold for dependencies. */
static bulla_status document_read(const bu_policy_parser *p, bu_policy_parts *out)
{
    static const char *const fields[] = { "schema", "rule", "gate", "vsa", "waivers", NULL };
    const bu_node *root = bu_tree_root(p->tree), *list, *gate_list, *verifier_list, *terms;
    BU_TRY(schema_check(p, root));
    BU_TRY(bu_node_only(p->tree, root, fields, p->err));
    BU_TRY(bu_node_optional(p->tree, root, "waivers", BU_NODE_TABLE, &terms, p->err));
    BU_TRY(bu_parse_waivers(p, terms, &out->waivers));
    BU_TRY(bu_node_optional(p->tree, root, "gate", BU_NODE_ARRAY, &gate_list, p->err));
    BU_TRY(bu_parse_gates(p, gate_list, &out->gates));
    BU_TRY(bu_node_optional(p->tree, root, "vsa", BU_NODE_ARRAY, &verifier_list, p->err));
    BU_TRY(bu_parse_verifiers(p, verifier_list, &out->verifiers));
    BU_TRY(bu_node_optional(p->tree, root, "rule", BU_NODE_ARRAY, &list, p->err));
    if (list == NULL && gate_list != NULL)
        return BU_OK;
    BU_TRY(bu_node_field(p->tree, root, "rule", BU_NODE_ARRAY, &list, p->err));
    return rules_read(p, list, &out->rules);
}

bulla_status bu_rules_parse(bulla_bytes toml, const char *name, bu_arena *arena,
                            bu_policy_parts *out, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    if (toml.len > BU_LIMIT_METADATA_BYTES)
        return bu_in_file(err,
                          bu_fail(err, BULLA_E_RESOURCE_LIMIT, "the policy has more than %u bytes",
                                  BU_LIMIT_METADATA_BYTES),
                          name);
    BU_TRY(bu_toml_load(toml, name, &tree, err));
    bu_policy_parser p = { .tree = tree, .text = toml, .arena = arena, .err = err };
    return document_read(&p, out);
}
