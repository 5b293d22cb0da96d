/* SPDX-License-Identifier: MIT */
/*
 * What a policy says about waivers, and by what a waiver names a rule. `[waivers]` can only ask
 * for more than what holds without it, but for the roles, which are the policy's to name.
 */
#include "digest/hasher.h"
#include "policy/parse.h"

static bulla_status days_read(const bu_policy_parser *p, const bu_node *table, int64_t *out)
{
    const bu_node *days;
    BU_TRY(bu_node_optional(p->tree, table, "max_days", BU_NODE_INTEGER, &days, p->err));
    if (days == NULL)
        return BU_OK;
    int64_t value = bu_node_integer(days);
    if (value < 0 || value > BU_WAIVER_DAYS_MAX) {
        bulla_status status =
            bu_node_fail(p->tree, days, p->err, BULLA_E_BAD_NUMBER, "no such number of days");
        return bu_expected(p->err, status, BULLA_LIT("0 to 90; 0: no waiver counts"),
                           bu_node_text(days));
    }
    *out = value;
    return BU_OK;
}

static bulla_status never_read(const bu_policy_parser *p, const bu_node *node, bu_waiver_terms *out)
{
    bu_text_nodes nodes;
    if (node == NULL)
        return BU_OK;
    BU_TRY(bu_parse_text_nodes(p, node, &nodes));
    bulla_code *codes = bu_arena_get_array(p->arena, nodes.count, sizeof *codes);
    if (codes == NULL)
        return bu_no_memory(p->err);
    for (size_t i = 0; i < nodes.count; i++) {
        codes[i] = bu_waivable_of(bu_node_text(nodes.items[i]));
        if (codes[i] == BULLA_OK)
            return bu_parse_unknown(p, nodes.items[i], "reason that could be waived",
                                    "a code of doc/waivers.md");
    }
    out->never = codes;
    out->never_count = nodes.count;
    return BU_OK;
}

bulla_status bu_parse_waivers(const bu_policy_parser *p, const bu_node *table, bu_waiver_terms *out)
{
    static const char *const fields[] = { "role", "max_days", "never", NULL };
    static const char *const usual[] = { "approver", "privacy", NULL };
    *out = (bu_waiver_terms){ .roles = usual, .days_max = BU_WAIVER_DAYS_MAX };
    if (table == NULL)
        return BU_OK;
    BU_TRY(bu_node_only(p->tree, table, fields, p->err));
    if (bu_node_get(table, "role") != NULL)
        BU_TRY(bu_parse_names(p, bu_node_get(table, "role"), "a role", &out->roles));
    BU_TRY(days_read(p, table, &out->days_max));
    return never_read(p, bu_node_get(table, "never"), out);
}

/* Where the text of a rule ends: where the next rule or another table begins. */
static uint64_t end_of(const bu_policy_parser *p, const bu_node *rule)
{
    uint64_t start = bu_node_offset(rule), end = p->text.len;
    const bu_node *next = bu_node_next(rule);
    if (next != NULL)
        end = bu_node_offset(next);
    BU_EACH_CHILD(field, bu_tree_root(p->tree)) {
        bool is_table = bu_node_kind_of(field) == BU_NODE_TABLE;
        bool is_list =
            bu_node_kind_of(field) == BU_NODE_ARRAY && !bu_bytes_is(bu_node_key(field), "rule");
        if (is_table && bu_node_offset(field) > start && bu_node_offset(field) < end)
            end = bu_node_offset(field);
        for (const bu_node *item = is_list ? bu_node_first(field) : NULL; item != NULL;
             item = bu_node_next(item))
            if (bu_node_offset(item) > start && bu_node_offset(item) < end)
                end = bu_node_offset(item);
    }
    return end;
}

/* Without blank lines and comments behind it: they are about what follows. */
static bulla_bytes trim_lines(bulla_bytes text)
{
    for (;;) {
        text = bu_bytes_strip(text);
        size_t line = text.len;
        while (line > 0 && text.ptr[line - 1] != '\n')
            line--;
        if (!bu_bytes_starts(bu_bytes_strip(bu_bytes_from(text, line)), "#"))
            return text;
        text = bu_bytes_first(text, line);
    }
}

bulla_status bu_parse_rule_digest(const bu_policy_parser *p, const bu_node *rule, bulla_digest *out)
{
    size_t start = (size_t)bu_node_offset(rule), end = (size_t)end_of(p, rule);
    bulla_bytes text = bu_bytes_first(bu_bytes_from(p->text, start), end - start);
    return bu_digest_of(BULLA_ALG_SHA256, trim_lines(text), out, p->err);
}
