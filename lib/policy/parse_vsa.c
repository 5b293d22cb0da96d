/* SPDX-License-Identifier: MIT */
/*
 * `[[vsa]]`: TOML → verifiers whose summaries count. Nobody is believed by default, nor anybody
 * about everything.
 */
#include "policy/parse.h"

/* "Users … MUST NOT use custom values starting with SLSA_": one that is none would never be met. */
static bulla_status levels_check(const bu_policy_parser *p, const bu_node *node,
                                 const char *const *levels)
{
    for (; *levels != NULL; levels++)
        if (!bu_level_is_known(bu_bytes_of(*levels)))
            return bu_parse_unknown(p, node, "level of SLSA",
                                    "SLSA_TRACK_LEVEL_NUMBER, or a name of the verifier's own");
    return BU_OK;
}

static bulla_status verifier_read(const bu_policy_parser *p, const bu_node *table, bu_verifier *out)
{
    static const char *const fields[] = {
        "verifier", "role", "resource", "levels", "max_age", NULL
    };
    const bu_node *id, *role, *resource = bu_node_get(table, "resource");
    BU_TRY(bu_node_need(p->tree, table, BU_NODE_TABLE, p->err));
    BU_TRY(bu_node_only(p->tree, table, fields, p->err));
    BU_TRY(bu_node_field(p->tree, table, "verifier", BU_NODE_STRING, &id, p->err));
    BU_TRY(bu_parse_text(p, id, &out->id));
    BU_TRY(bu_node_field(p->tree, table, "role", BU_NODE_STRING, &role, p->err));
    BU_TRY(bu_parse_name(p, role, "a role", &out->role));
    if (resource == NULL)
        return bu_node_fail(p->tree, table, p->err, BULLA_E_MISSING_FIELD,
                            "it does not say what the verifier is believed about: resource");
    BU_TRY(bu_parse_texts(p, resource, &out->resources));
    BU_TRY(bu_parse_texts(p, bu_node_get(table, "levels"), &out->levels));
    BU_TRY(levels_check(p, bu_node_get(table, "levels"), out->levels));
    return bu_parse_duration(p, bu_node_get(table, "max_age"), &out->max_age);
}

bulla_status bu_parse_verifiers(const bu_policy_parser *p, const bu_node *list, bu_verifiers *out)
{
    if (list == NULL)
        return BU_OK;
    BU_TRY(bu_parse_count(p, list, BU_LIMIT_RULES));
    bu_verifier *items = bu_arena_get_array(p->arena, bu_node_count(list), sizeof *items);
    if (items == NULL)
        return bu_no_memory(p->err);
    BU_EACH_CHILD(table, list)
        BU_TRY(verifier_read(p, table, &items[out->count++]));
    out->items = items;
    return BU_OK;
}
