/* SPDX-License-Identifier: MIT */
/*
 * Fields that rules and gates have in common: texts that hide nothing, names,
 * lists that are not empty, lengths of time.
 */
#include "policy/parse.h"

#include "base/duration.h"
#include "base/limits.h"
#include "base/utf8.h"

bulla_status bu_parse_count(const bu_policy_parser *p, const bu_node *list, size_t max)
{
    size_t count = bu_node_count(list);
    if (count == 0)
        return bu_node_fail(p->tree, list, p->err, BULLA_E_EMPTY, "the list is empty");
    if (count > max)
        return bu_node_fail(p->tree, list, p->err, BULLA_E_RESOURCE_LIMIT,
                            "%zu entries; at most %zu are read", count, max);
    return BU_OK;
}

bulla_status bu_parse_text_nodes(const bu_policy_parser *p, const bu_node *node, bu_text_nodes *out)
{
    bool single = bu_node_kind_of(node) == BU_NODE_STRING;
    if (!single) {
        BU_TRY(bu_node_need(p->tree, node, BU_NODE_ARRAY, p->err));
        BU_TRY(bu_parse_count(p, node, BU_LIMIT_RULE_ENTRIES));
    }
    out->count = 0;
    out->items = bu_arena_get_array(p->arena, single ? 1 : bu_node_count(node), sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(p->err);
    for (const bu_node *text = single ? node : bu_node_first(node); text != NULL;
         text = single ? NULL : bu_node_next(text)) {
        BU_TRY(bu_node_need(p->tree, text, BU_NODE_STRING, p->err));
        out->items[out->count++] = text;
    }
    return BU_OK;
}

/* What is shown to people and compared with names: nothing in it may hide. */
bulla_status bu_parse_text(const bu_policy_parser *p, const bu_node *node, const char **out)
{
    bulla_bytes text = bu_node_text(node);
    if (text.len == 0)
        return bu_node_fail(p->tree, node, p->err, BULLA_E_EMPTY, "the text is empty");
    size_t at;
    if (bu_utf8_hides(text, &at))
        return bu_node_fail(p->tree, node, p->err, BULLA_E_CONTROL_CHARACTER,
                            "a character that does not show, at byte %zu", at);
    *out = bu_arena_text(p->arena, text);
    return *out == NULL ? bu_no_memory(p->err) : BU_OK;
}

bulla_status bu_parse_unknown(const bu_policy_parser *p, const bu_node *node, const char *what,
                              const char *known)
{
    bulla_status status =
        bu_node_fail(p->tree, node, p->err, BULLA_E_BAD_NAME, "there is no such %s", what);
    return bu_expected(p->err, status, bu_bytes_of(known), bu_node_text(node));
}

bool bu_is_role_name(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(name);
    return len > 0 && len <= 64 && strchr(first, name[0]) != NULL && strspn(name, rest) == len;
}

bulla_status bu_parse_name(const bu_policy_parser *p, const bu_node *node, const char *what,
                           const char **out)
{
    BU_TRY(bu_parse_text(p, node, out));
    if (bu_is_role_name(*out))
        return BU_OK;
    bulla_status status =
        bu_node_fail(p->tree, node, p->err, BULLA_E_BAD_NAME, "no name that %s can have", what);
    return bu_expected(p->err, status,
                       BULLA_LIT("1 to 64 of a-z 0-9 . _ -, the first a letter or digit"),
                       bu_node_text(node));
}

/* `what` NULL: any text. */
static bulla_status list_read(const bu_policy_parser *p, const bu_node *node, const char *what,
                              const char *const **out)
{
    bu_text_nodes nodes = { 0 };
    if (node != NULL)
        BU_TRY(bu_parse_text_nodes(p, node, &nodes));
    const char **items = bu_arena_get_array(p->arena, nodes.count + 1, sizeof *items);
    if (items == NULL)
        return bu_no_memory(p->err);
    for (size_t i = 0; i < nodes.count; i++)
        BU_TRY(what == NULL ? bu_parse_text(p, nodes.items[i], &items[i])
                            : bu_parse_name(p, nodes.items[i], what, &items[i]));
    *out = items;
    return BU_OK;
}

bulla_status bu_parse_names(const bu_policy_parser *p, const bu_node *node, const char *what,
                            const char *const **out)
{
    return list_read(p, node, what, out);
}

bulla_status bu_parse_texts(const bu_policy_parser *p, const bu_node *node, const char *const **out)
{
    return list_read(p, node, NULL, out);
}

bulla_status bu_parse_duration(const bu_policy_parser *p, const bu_node *node, int64_t *out)
{
    *out = INT64_MAX;
    if (node == NULL)
        return BU_OK;
    BU_TRY(bu_node_need(p->tree, node, BU_NODE_STRING, p->err));
    bulla_error why = { 0 };
    bulla_status status = bu_duration_parse(bu_node_text(node), out, &why);
    if (bulla_ok(status))
        return BU_OK;
    status = bu_node_fail(p->tree, node, p->err, status.code, "%s", why.text);
    return bu_expected(p->err, status, bu_bytes_of(why.expected), bu_node_text(node));
}
