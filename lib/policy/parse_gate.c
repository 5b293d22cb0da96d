/* SPDX-License-Identifier: MIT */
/*
 * `[[gate]]`: TOML → gates. A gate without a need, or with one that nobody
 * can meet, is refused: it would let everything or nothing pass.
 */
#include "policy/parse.h"

#include "attest/predicate.h"
#include "attest/provenance.h"

static bulla_status type_read(const bu_policy_parser *p, const bu_node *need, bu_gate_need *out)
{
    const bu_node *type;
    BU_TRY(bu_node_field(p->tree, need, "type", BU_NODE_STRING, &type, p->err));
    BU_TRY(bu_parse_text(p, type, &out->type));
    if (bu_predicate_type_of(bu_bytes_of(out->type)).len > 0)
        return BU_OK;
    return bu_parse_unknown(p, type, "type of statement",
                            "signature, sbom, slsa, approval, "
                            "review, release … or a URI");
}

static bulla_status role_read(const bu_policy_parser *p, const bu_node *need, bu_gate_need *out)
{
    const bu_node *role;
    BU_TRY(bu_node_field(p->tree, need, "role", BU_NODE_STRING, &role, p->err));
    return bu_parse_name(p, role, "a role", &out->role);
}

static bulla_status count_read(const bu_policy_parser *p, const bu_node *need, bu_gate_need *out)
{
    const bu_node *count;
    BU_TRY(bu_node_optional(p->tree, need, "count", BU_NODE_INTEGER, &count, p->err));
    int64_t number = count == NULL ? 1 : bu_node_integer(count);
    if (number < 1 || number > BU_LIMIT_GATE_PEOPLE)
        return bu_node_fail(p->tree, count, p->err, BULLA_E_BAD_NUMBER,
                            "a need counts 1 to %u people", BU_LIMIT_GATE_PEOPLE);
    out->count = (uint32_t)number;
    return BU_OK;
}

/* Who built it from what is known of provenance alone. */
static bulla_status build_read(const bu_policy_parser *p, const bu_node *need, bu_gate_need *out)
{
    const bu_node *builder = bu_node_get(need, "builder"), *source = bu_node_get(need, "source");
    const bu_node *either = builder != NULL ? builder : source;
    if (either != NULL && !bu_is_provenance(bu_predicate_type_of(bu_bytes_of(out->type))))
        return bu_node_fail(p->tree, either, p->err, BULLA_E_BAD_TYPE,
                            "builder and source are told by provenance: type = \"slsa\"");
    BU_TRY(bu_parse_texts(p, builder, &out->builders));
    return bu_parse_texts(p, source, &out->sources);
}

static bulla_status need_read(const bu_policy_parser *p, const bu_node *need, bu_gate_need *out)
{
    static const char *const fields[] = { "type",    "role",   "count", "max_age",
                                          "builder", "source", NULL };
    BU_TRY(bu_node_need(p->tree, need, BU_NODE_TABLE, p->err));
    BU_TRY(bu_node_only(p->tree, need, fields, p->err));
    BU_TRY(type_read(p, need, out));
    BU_TRY(role_read(p, need, out));
    BU_TRY(count_read(p, need, out));
    BU_TRY(build_read(p, need, out));
    return bu_parse_duration(p, bu_node_get(need, "max_age"), &out->max_age);
}

static bool same_need(const bu_gate_need *a, const bu_gate_need *b)
{
    return strcmp(a->type, b->type) == 0 && strcmp(a->role, b->role) == 0;
}

static bulla_status needs_read(const bu_policy_parser *p, const bu_node *gate, bu_gate *out)
{
    const bu_node *list;
    size_t people = 0;
    BU_TRY(bu_node_field(p->tree, gate, "need", BU_NODE_ARRAY, &list, p->err));
    BU_TRY(bu_parse_count(p, list, BU_LIMIT_GATE_PEOPLE));
    out->needs = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *out->needs);
    if (out->needs == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(node, list) {
        bu_gate_need *need = &out->needs[out->need_count];
        BU_TRY(need_read(p, node, need));
        for (size_t i = 0; i < out->need_count; i++)
            if (same_need(&out->needs[i], need))
                return bu_node_fail(p->tree, node, p->err, BULLA_E_DUPLICATE_ENTRY,
                                    "%s by %s is needed already: say how many with count",
                                    need->type, need->role);
        people += need->count;
        if (people > BU_LIMIT_GATE_PEOPLE)
            return bu_node_fail(p->tree, node, p->err, BULLA_E_RESOURCE_LIMIT,
                                "%zu people; a gate needs at most %u", people,
                                BU_LIMIT_GATE_PEOPLE);
        out->need_count++;
    }
    return BU_OK;
}

/* [["builder", "approver"], …] */
static bulla_status pair_read(const bu_policy_parser *p, const bu_node *node, bu_role_pair *out)
{
    BU_TRY(bu_node_need(p->tree, node, BU_NODE_ARRAY, p->err));
    const bu_node *a = bu_node_first(node), *b = bu_node_next(a);
    if (bu_node_count(node) != 2)
        return bu_node_fail(p->tree, node, p->err, BULLA_E_BAD_NUMBER, "a pair is two roles");
    BU_TRY(bu_node_need(p->tree, a, BU_NODE_STRING, p->err));
    BU_TRY(bu_node_need(p->tree, b, BU_NODE_STRING, p->err));
    BU_TRY(bu_parse_name(p, a, "a role", &out->a));
    BU_TRY(bu_parse_name(p, b, "a role", &out->b));
    if (strcmp(out->a, out->b) == 0)
        return bu_node_fail(p->tree, b, p->err, BULLA_E_DUPLICATE_ENTRY, "the same role twice");
    return BU_OK;
}

static bulla_status pairs_read(const bu_policy_parser *p, const bu_node *list, bu_gate *out)
{
    BU_TRY(bu_parse_count(p, list, BU_LIMIT_RULE_ENTRIES));
    bu_role_pair *pairs = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *pairs);
    if (pairs == NULL)
        return bu_no_memory(p->err);
    out->distinct = BU_DISTINCT_PAIRS;
    out->pairs = pairs;
    BU_EACH_CHILD(node, list)
        BU_TRY(pair_read(p, node, &pairs[out->pair_count++]));
    return BU_OK;
}

static bulla_status distinct_read(const bu_policy_parser *p, const bu_node *gate, bu_gate *out)
{
    const bu_node *node = bu_node_get(gate, "distinct");
    out->distinct = BU_DISTINCT_ALL;
    if (node == NULL)
        return BU_OK;
    if (bu_node_kind_of(node) == BU_NODE_ARRAY)
        return pairs_read(p, node, out);
    BU_TRY(bu_node_need(p->tree, node, BU_NODE_STRING, p->err));
    if (bu_bytes_is(bu_node_text(node), "none"))
        out->distinct = BU_DISTINCT_NONE;
    else if (!bu_bytes_is(bu_node_text(node), "all"))
        return bu_parse_unknown(p, node, "distinctness", "all, none, or a list of pairs of roles");
    return BU_OK;
}

static bulla_status match_read(const bu_policy_parser *p, const bu_node *gate, bu_gate *out)
{
    const bu_node *match = bu_node_get(gate, "match");
    if (match == NULL)
        return bu_node_fail(p->tree, gate, p->err, BULLA_E_MISSING_FIELD,
                            "the gate does not say what it is for: match");
    return bu_parse_texts(p, match, &out->match);
}

static bulla_status names_read(const bu_policy_parser *p, const bu_node *gate, bu_gate *out)
{
    const bu_node *name, *environment;
    BU_TRY(bu_node_field(p->tree, gate, "name", BU_NODE_STRING, &name, p->err));
    BU_TRY(bu_parse_name(p, name, "a gate", &out->name));
    BU_TRY(bu_node_optional(p->tree, gate, "environment", BU_NODE_STRING, &environment, p->err));
    return environment == NULL ? BU_OK
                               : bu_parse_name(p, environment, "an environment", &out->environment);
}

static bulla_status gate_read(const bu_policy_parser *p, const bu_node *gate, bu_gate *out)
{
    static const char *const fields[] = {
        "name", "environment", "match", "need", "distinct", NULL
    };
    uint32_t column;
    BU_TRY(bu_node_need(p->tree, gate, BU_NODE_TABLE, p->err));
    BU_TRY(bu_node_only(p->tree, gate, fields, p->err));
    bu_tree_place(p->tree, bu_node_offset(gate), &out->line, &column);
    BU_TRY(names_read(p, gate, out));
    BU_TRY(match_read(p, gate, out));
    BU_TRY(needs_read(p, gate, out));
    return distinct_read(p, gate, out);
}

bulla_status bu_parse_gates(const bu_policy_parser *p, const bu_node *list, bu_gates *out)
{
    if (list == NULL)
        return BU_OK;
    BU_TRY(bu_parse_count(p, list, BU_LIMIT_GATES));
    out->items = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(node, list) {
        bu_gate *gate = &out->items[out->count];
        BU_TRY(gate_read(p, node, gate));
        for (size_t i = 0; i < out->count; i++)
            if (strcmp(out->items[i].name, gate->name) == 0)
                return bu_node_fail(p->tree, bu_node_get(node, "name"), p->err,
                                    BULLA_E_DUPLICATE_ENTRY, "another gate has that name");
        out->count++;
    }
    return BU_OK;
}
