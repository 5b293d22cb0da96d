/* SPDX-License-Identifier: MIT */
/*
 * trust.toml, read. Refused is all that is not known: fields, schema, people; and whatever could
 * make one person count as two: one id or one key twice, a service without the person behind it.
 */
#include "trust/trust_toml_inside.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "trust/anchor.h"

#define SCHEMA "bulla.trust/1"
#define ID_MAX 64

/* Give an error that came from below the place of the value that it is about. */
bulla_status bu_toml_at(const bu_toml_reader *r, const bu_node *node, bulla_status status)
{
    uint32_t line, column;
    if (bulla_ok(status))
        return status;
    bu_tree_place(r->tree, bu_node_offset(node), &line, &column);
    bu_at_offset(r->err, bu_at(r->err, status, line, column), bu_node_offset(node));
    return bu_in_file(r->err, status, bu_tree_name(r->tree));
}

/* Texts. */

/* One line of visible text, kept by the store. */
bulla_status bu_toml_keep(const bu_toml_reader *r, const bu_node *node, const char **out)
{
    size_t at;
    BU_TRY(bu_node_need(r->tree, node, BU_NODE_STRING, r->err));
    bulla_bytes text = bu_node_text(node);
    if (text.len == 0)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_EMPTY, "an empty text");
    if (bu_utf8_hides(text, &at))
        return bu_node_fail(r->tree, node, r->err, BULLA_E_CONTROL_CHARACTER,
                            "a character that does not show, at byte %zu", at);
    *out = bu_arena_text(r->trust->arena, text);
    return *out == NULL ? bu_no_memory(r->err) : BU_OK;
}

static bool is_id(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (i == 0 || (c != '.' && c != '_' && c != '-')))
            return false;
    }
    return text.len >= 1 && text.len <= ID_MAX;
}

static bulla_status keep_id(const bu_toml_reader *r, const bu_node *node, const char **out)
{
    BU_TRY(bu_toml_keep(r, node, out));
    if (is_id(bu_node_text(node)))
        return BU_OK;
    bulla_status status =
        bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_NAME, "not the name of a person or role");
    return bu_expected(r->err, status, BULLA_LIT("1 to 64 of a-z, 0-9, '.', '_', '-'"),
                       bu_node_text(node));
}

bulla_status bu_toml_id(const bu_toml_reader *r, const bu_node *table, const char *key,
                        const char **out, const bu_node **node)
{
    BU_TRY(bu_node_field(r->tree, table, key, BU_NODE_STRING, node, r->err));
    return keep_id(r, *node, out);
}

/* An array of texts as a NULL-terminated list; `check` may refuse one of them. */
bulla_status bu_toml_texts(const bu_toml_reader *r, const bu_node *array, const char *const **out,
                           bulla_status (*check)(const bu_toml_reader *r, const bu_node *node))
{
    size_t count = 0;
    const char **texts =
        bu_arena_get_array(r->trust->arena, bu_node_count(array) + 1, sizeof *texts);
    if (texts == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(node, array) {
        BU_TRY(bu_toml_keep(r, node, &texts[count++]));
        if (check != NULL)
            BU_TRY(check(r, node));
    }
    *out = texts;
    return BU_OK;
}

/* Times. */

bulla_status bu_toml_time(const bu_toml_reader *r, const bu_node *table, const char *key,
                          int64_t *out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(r->tree, table, key, BU_NODE_TIME, &node, r->err));
    if (node != NULL)
        *out = bu_node_integer(node);
    return BU_OK;
}

bulla_status bu_toml_validity(const bu_toml_reader *r, const bu_node *table, int64_t *from,
                              int64_t *until)
{
    *from = INT64_MIN;
    *until = INT64_MAX;
    BU_TRY(bu_toml_time(r, table, "from", from));
    BU_TRY(bu_toml_time(r, table, "until", until));
    if (*from <= *until)
        return BU_OK;
    return bu_node_fail(r->tree, bu_node_get(table, "until"), r->err, BULLA_E_BAD_TIME,
                        "ends before it begins");
}

bulla_status bu_toml_optional(const bu_toml_reader *r, const bu_node *table, const char *key,
                              const char **out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(r->tree, table, key, BU_NODE_STRING, &node, r->err));
    return node == NULL ? BU_OK : bu_toml_keep(r, node, out);
}

/* Environments. */

static bulla_status need_environment(const bu_toml_reader *r, const bu_node *node)
{
    if (bu_list_allows(r->trust->environments, bu_node_text(node)))
        return BU_OK;
    return bu_next(r->err,
                   bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_REFERENCE,
                                "the store has no such environment"),
                   "name one that it has: bulla trust list shows them");
}

bulla_status bu_toml_environments(const bu_toml_reader *r, const bu_node *table,
                                  const char *const **out)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(r->tree, table, "environments", BU_NODE_ARRAY, &list, r->err));
    return bu_toml_texts(r, list, out, need_environment);
}

static bulla_status need_id(const bu_toml_reader *r, const bu_node *node)
{
    const char *text;
    return keep_id(r, node, &text);
}

/* Those that the store names, else the three that everybody has. */
static bulla_status read_environments(const bu_toml_reader *r, const bu_node *root)
{
    const bu_node *list;
    r->trust->environments = bu_usual_environments;
    BU_TRY(bu_node_optional(r->tree, root, "environments", BU_NODE_ARRAY, &list, r->err));
    if (list == NULL)
        return BU_OK;
    if (bu_node_count(list) == 0)
        return bu_node_fail(r->tree, list, r->err, BULLA_E_EMPTY, "the list is empty");
    r->trust->has_environments = true;
    return bu_toml_texts(r, list, &r->trust->environments, need_id);
}

/* The document. */

static bulla_status need_schema(const bu_toml_reader *r, const bu_node *root)
{
    const bu_node *schema;
    BU_TRY(bu_node_field(r->tree, root, "schema", BU_NODE_STRING, &schema, r->err));
    if (bu_bytes_is(bu_node_text(schema), SCHEMA))
        return BU_OK;
    return bu_expected(
        r->err,
        bu_node_fail(r->tree, schema, r->err, BULLA_E_UNSUPPORTED_VERSION, "another schema"),
        BULLA_LIT(SCHEMA), bu_node_text(schema));
}

/* An optional list of tables at the top, within what a store may hold. */
bulla_status bu_toml_list(const bu_toml_reader *r, const bu_node *root, const char *key,
                          const bu_node **out)
{
    BU_TRY(bu_node_optional(r->tree, root, key, BU_NODE_ARRAY, out, r->err));
    if (bu_node_count(*out) > BU_LIMIT_KEYS)
        return bu_node_fail(r->tree, *out, r->err, BULLA_E_RESOURCE_LIMIT, "more than %u entries",
                            BU_LIMIT_KEYS);
    return BU_OK;
}

/* The pinned file with Sigstore's logs and authorities, of which identities are nothing without. */
static bulla_status read_sigstore(const bu_toml_reader *r, const bu_node *root)
{
    const bu_node *file;
    bulla_bytes bytes;
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_TRY(bu_node_optional(r->tree, root, "sigstore", BU_NODE_STRING, &file, r->err));
    if (file == NULL)
        return BU_OK;
    BU_TRY(bu_toml_keep(r, file, &r->trust->sigstore));
    BU_TRY(bu_toml_at(r, file, bu_pins_use(&r->trust->pins, bu_node_text(file), &bytes, r->err)));
    BU_TRY(bu_anchors_start(&anchors, r->err));
    BU_TRY(bu_toml_at(r, file, bu_anchors_read(bytes, r->trust->sigstore, &anchors, r->err)));
    r->trust->sigstore_root = BU_STEAL(anchors.own_sigstore);
    return r->trust->sigstore_root != NULL
               ? BU_OK
               : bu_node_fail(r->tree, file, r->err, BULLA_E_FORMAT_MISMATCH,
                              "is no trusted root of Sigstore");
}

static bulla_status read_document(const bu_toml_reader *r, const bu_node *root)
{
    static const char *const fields[] = { "schema", "sigstore", "url",       "environments",
                                          "person", "service",  "vendor",    "witness",
                                          "role",   "grant",    "exclusive", NULL };
    BU_TRY(bu_node_need(r->tree, root, BU_NODE_TABLE, r->err));
    BU_TRY(need_schema(r, root));
    BU_TRY(bu_node_only(r->tree, root, fields, r->err));
    BU_TRY(bu_toml_optional(r, root, "url", &r->trust->url));
    BU_TRY(read_environments(r, root));
    BU_TRY(read_sigstore(r, root));
    BU_TRY(bu_toml_people(r, root));
    BU_TRY(bu_toml_keys(r, root));
    return bu_toml_roles(r, root);
}

bulla_status bu_trust_toml_read(bulla_bytes text, bulla_trust *trust, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_in_file(err, bu_toml_load(text, BU_TRUST_TOML, &tree, err), BU_TRUST_TOML));
    bu_toml_reader r = { tree, trust, err };
    return bu_in_file(err, read_document(&r, bu_tree_root(tree)), BU_TRUST_TOML);
}
