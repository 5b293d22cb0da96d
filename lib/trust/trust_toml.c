/* SPDX-License-Identifier: MIT */
/*
 * trust.toml, read and written. Refused is all that is not known: fields,
 * schema, people; and whatever could make one person count as two: one id or
 * one key twice, a service without the person behind it.
 */
#include "trust/trust_toml.h"

#include <inttypes.h>
#include <stdio.h>

#include "attest/predicate.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "digest/hasher.h"
#include "syntax/tree.h"
#include "trust/anchor.h"

#define SCHEMA "bulla.trust/1"
#define ID_MAX 64

typedef struct reader {
    const bu_tree *tree;
    bulla_trust *trust;
    bulla_error *err;
} reader;

/* Give an error that came from below the place of the value that it is about. */
static bulla_status at_node(const reader *r, const bu_node *node, bulla_status status)
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
static bulla_status keep_text(const reader *r, const bu_node *node, const char **out)
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

static bulla_status keep_id(const reader *r, const bu_node *node, const char **out)
{
    BU_TRY(keep_text(r, node, out));
    if (is_id(bu_node_text(node)))
        return BU_OK;
    bulla_status status =
        bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_NAME, "not the name of a person or role");
    return bu_expected(r->err, status, BULLA_LIT("1 to 64 of a-z, 0-9, '.', '_', '-'"),
                       bu_node_text(node));
}

static bulla_status id_field(const reader *r, const bu_node *table, const char *key,
                             const char **out, const bu_node **node)
{
    BU_TRY(bu_node_field(r->tree, table, key, BU_NODE_STRING, node, r->err));
    return keep_id(r, *node, out);
}

/* An array of texts as a NULL-terminated list; `check` may refuse one of them. */
static bulla_status read_texts(const reader *r, const bu_node *array, const char *const **out,
                               bulla_status (*check)(const reader *r, const bu_node *node))
{
    size_t count = 0;
    const char **texts =
        bu_arena_get_array(r->trust->arena, bu_node_count(array) + 1, sizeof *texts);
    if (texts == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(node, array) {
        BU_TRY(keep_text(r, node, &texts[count++]));
        if (check != NULL)
            BU_TRY(check(r, node));
    }
    *out = texts;
    return BU_OK;
}

/* Times. */

static bulla_status time_field(const reader *r, const bu_node *table, const char *key, int64_t *out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(r->tree, table, key, BU_NODE_TIME, &node, r->err));
    if (node != NULL)
        *out = bu_node_integer(node);
    return BU_OK;
}

static bulla_status read_validity(const reader *r, const bu_node *table, int64_t *from,
                                  int64_t *until)
{
    *from = INT64_MIN;
    *until = INT64_MAX;
    BU_TRY(time_field(r, table, "from", from));
    BU_TRY(time_field(r, table, "until", until));
    if (*from <= *until)
        return BU_OK;
    return bu_node_fail(r->tree, bu_node_get(table, "until"), r->err, BULLA_E_BAD_TIME,
                        "ends before it begins");
}

/* People and services. */

static bulla_status add_person(const reader *r, const bu_node *table, bool is_service)
{
    static const char *const person_fields[] = { "id", "key", NULL };
    static const char *const service_fields[] = { "id", "controller", "key", NULL };
    bulla_trust *trust = r->trust;
    const bu_node *node;
    bu_person person = { .counts_as = trust->people_count };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, is_service ? service_fields : person_fields, r->err));
    BU_TRY(id_field(r, table, "id", &person.id, &node));
    if (bu_trust_person(trust, bu_node_text(node)) < trust->people_count)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice",
                            person.id);
    if (is_service) { /* people come first: a service cannot be behind a service */
        BU_TRY(id_field(r, table, "controller", &person.controller, &node));
        person.counts_as = bu_trust_person(trust, bu_node_text(node));
        if (person.counts_as == trust->people_count ||
            trust->people[person.counts_as].controller != NULL)
            return bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_REFERENCE, "%s is not a person",
                                person.controller);
    }
    trust->people[trust->people_count++] = person;
    return BU_OK;
}

static bulla_status read_people(const reader *r, const bu_node *people, const bu_node *services)
{
    size_t count = bu_node_count(people) + bu_node_count(services);
    r->trust->people = bu_arena_get_array(r->trust->arena, count, sizeof *r->trust->people);
    if (r->trust->people == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(person, people) {
        BU_TRY(add_person(r, person, false));
    }
    BU_EACH_CHILD(service, services) {
        BU_TRY(add_person(r, service, true));
    }
    return BU_OK;
}

/* Keys. */

static bulla_status read_revocation(const reader *r, const bu_node *table, bu_trusted_key *key)
{
    static const char *const fields[] = { "at", "reason", NULL };
    const bu_node *revoked, *node;
    key->revoked = INT64_MAX;
    BU_TRY(bu_node_optional(r->tree, table, "revoked", BU_NODE_TABLE, &revoked, r->err));
    if (revoked == NULL)
        return BU_OK;
    BU_TRY(bu_node_only(r->tree, revoked, fields, r->err));
    BU_TRY(bu_node_field(r->tree, revoked, "at", BU_NODE_TIME, &node, r->err));
    key->revoked = bu_node_integer(node);
    BU_TRY(bu_node_field(r->tree, revoked, "reason", BU_NODE_STRING, &node, r->err));
    return keep_text(r, node, &key->reason);
}

static bulla_status may_be_enrolled(const reader *r, const bu_node *node, bu_trusted_key *key)
{
    if (!bu_key_may_be_enrolled(key->key))
        return at_node(r, node, bu_fail(r->err, BULLA_E_WEAK_KEY, "an RSA exponent below 65537"));
    key->keyid = bu_key_id(key->key);
    return BU_OK;
}

static bulla_status read_public(const reader *r, const bu_node *node, bulla_bytes text,
                                bu_trusted_key *key)
{
    BU_TRY(at_node(r, node, bu_key_read(text, &key->key, r->err)));
    return may_be_enrolled(r, node, key);
}

static bool is_fingerprint(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') &&
            !(text.ptr[i] >= 'A' && text.ptr[i] <= 'F'))
            return false;
    return text.len == 40 || text.len == 64;
}

static bulla_status read_openpgp(const reader *r, const bu_node *node, bulla_bytes certificate,
                                 bu_trusted_key *key)
{
    bulla_bytes text = bu_node_text(node);
    if (!is_fingerprint(text))
        return bu_expected(
            r->err,
            bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_ENCODING, "not an OpenPGP fingerprint"),
            BULLA_LIT("40 or 64 upper-case hex digits"), text);
    BU_TRY(keep_text(r, node, &key->fingerprint));
    char *keyid = bu_arena_text(r->trust->arena, text);
    if (keyid == NULL)
        return bu_no_memory(r->err);
    for (size_t i = 0; i < text.len; i++)
        keyid[i] = (char)(text.ptr[i] >= 'A' ? text.ptr[i] + ('a' - 'A') : text.ptr[i]);
    key->keyid = keyid;
    key->certificate = certificate;
    return BU_OK;
}

/* What names a thing that has no SPKI: SHA-256, hex. */
static bulla_status name_by_digest(const reader *r, bulla_bytes bytes, bu_trusted_key *key)
{
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, r->err));
    key->keyid = bu_arena_text(r->trust->arena, bu_bytes_of(bulla_digest_hex(&digest, hex)));
    return key->keyid == NULL ? bu_no_memory(r->err) : BU_OK;
}

/* An identity is one only with who says so. */
static bulla_status read_identity(const reader *r, const bu_node *table, const bu_node *identity,
                                  bu_trusted_key *key)
{
    const bu_node *issuer;
    BU_CLEAR(bu_buf) both = { 0 };
    BU_TRY(keep_text(r, identity, &key->identity));
    BU_TRY(bu_node_field(r->tree, table, "issuer", BU_NODE_STRING, &issuer, r->err));
    BU_TRY(keep_text(r, issuer, &key->issuer));
    if (key->identity[0] == '\0' || key->issuer[0] == '\0')
        return bu_node_fail(r->tree, identity, r->err, BULLA_E_EMPTY, "an empty name is nobody");
    bu_buf_add_format(&both, "%s\n%s", key->identity, key->issuer);
    return both.broken ? bu_no_memory(r->err) : name_by_digest(r, bu_buf_bytes(&both), key);
}

/* A file in any form of keys: one bare key, or one X.509 certificate. */
static bulla_status read_form(const reader *r, const bu_node *file, bulla_bytes bytes,
                              bu_trusted_key *key)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_TRY(bu_anchors_start(&anchors, r->err));
    BU_TRY(at_node(r, file, bu_anchors_read(bytes, key->file, &anchors, r->err)));
    if (anchors.count != 1 ||
        (anchors.items[0].own_key == NULL && anchors.items[0].certificate.ptr == NULL))
        return bu_node_fail(r->tree, file, r->err, BULLA_E_BAD_KEY,
                            "not one key or X.509 certificate; OpenPGP needs its fingerprint, too");
    bu_anchor *only = &anchors.items[0];
    key->key = BU_STEAL(only->own_key);
    if (key->key != NULL)
        return may_be_enrolled(r, file, key);
    key->certificate = bu_arena_copy(r->trust->arena, only->certificate);
    return key->certificate.ptr == NULL ? bu_no_memory(r->err)
                                        : name_by_digest(r, key->certificate, key);
}

/* `public`, or `file`, or `openpgp` and `file`, or `identity` and `issuer`. */
static bulla_status read_material(const reader *r, const bu_node *table, bu_trusted_key *key)
{
    const bu_node *public, *openpgp, *file, *identity;
    bulla_bytes bytes;
    BU_TRY(bu_node_optional(r->tree, table, "identity", BU_NODE_STRING, &identity, r->err));
    BU_TRY(bu_node_optional(r->tree, table, "public", BU_NODE_STRING, &public, r->err));
    BU_TRY(bu_node_optional(r->tree, table, "openpgp", BU_NODE_STRING, &openpgp, r->err));
    BU_TRY(bu_node_optional(r->tree, table, "file", BU_NODE_STRING, &file, r->err));
    if (identity != NULL && public == NULL && openpgp == NULL && file == NULL)
        return read_identity(r, table, identity, key);
    if (identity != NULL || (public != NULL && (openpgp != NULL || file != NULL)))
        return bu_node_fail(r->tree, public, r->err, BULLA_E_BAD_SYNTAX,
                            "a key is one thing: here, in a file, or an identity");
    if (public != NULL)
        return read_public(r, public, bu_node_text(public), key);
    if (file == NULL)
        return bu_node_fail(r->tree, table, r->err, BULLA_E_MISSING_FIELD,
                            "a key needs public, file or identity");
    BU_TRY(keep_text(r, file, &key->file));
    BU_TRY(at_node(r, file, bu_pins_use(&r->trust->pins, bu_node_text(file), &bytes, r->err)));
    if (openpgp != NULL)
        return read_openpgp(r, openpgp, bytes, key);
    return read_form(r, file, bytes, key);
}

/* One key of two people, or twice of one, is never meant. */
static bulla_status need_new_key(const reader *r, const bu_node *node)
{
    const bulla_trust *trust = r->trust;
    const bu_trusted_key *last = &trust->keys[trust->key_count - 1];
    for (const bu_trusted_key *key = trust->keys; key < last; key++)
        if (strcmp(key->keyid, last->keyid) == 0)
            return bu_next(r->err,
                           bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_KEY,
                                        "this key is %s's already", trust->people[key->person].id),
                           "give each person a key of their own: bulla key new");
    return BU_OK;
}

static bulla_status add_key(const reader *r, const bu_node *table, size_t person)
{
    static const char *const fields[] = { "public", "openpgp", "file",    "identity", "issuer",
                                          "from",   "until",   "revoked", NULL };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, fields, r->err));
    bu_trusted_key *key = &r->trust->keys[r->trust->key_count++]; /* freed with the store */
    key->person = person;
    BU_TRY(read_validity(r, table, &key->from, &key->until));
    BU_TRY(read_revocation(r, table, key));
    BU_TRY(read_material(r, table, key));
    return need_new_key(r, table);
}

/* Add up the keys of everyone under `list`, or add them to the store. */
static bulla_status count_keys(const reader *r, const bu_node *list, size_t *count)
{
    BU_EACH_CHILD(person, list) {
        const bu_node *keys;
        BU_TRY(bu_node_optional(r->tree, person, "key", BU_NODE_ARRAY, &keys, r->err));
        *count += bu_node_count(keys);
    }
    return BU_OK;
}

static bulla_status add_keys(const reader *r, const bu_node *list, size_t person)
{
    BU_EACH_CHILD(owner, list) {
        BU_EACH_CHILD(key, bu_node_get(owner, "key")) {
            BU_TRY(add_key(r, key, person));
        }
        person++;
    }
    return BU_OK;
}

static bulla_status read_keys(const reader *r, const bu_node *people, const bu_node *services)
{
    size_t count = 0;
    BU_TRY(count_keys(r, people, &count));
    BU_TRY(count_keys(r, services, &count));
    if (count > BU_LIMIT_KEYS)
        return bu_fail(r->err, BULLA_E_RESOURCE_LIMIT, "more than %u keys", BU_LIMIT_KEYS);
    r->trust->keys = bu_arena_get_array(r->trust->arena, count, sizeof *r->trust->keys);
    if (r->trust->keys == NULL)
        return bu_no_memory(r->err);
    BU_TRY(add_keys(r, people, 0));
    return add_keys(r, services, bu_node_count(people));
}

/* Roles. */

static bulla_status add_member(const reader *r, const bu_node *node, bu_role *role)
{
    BU_TRY(bu_node_need(r->tree, node, BU_NODE_STRING, r->err));
    size_t person = bu_trust_person(r->trust, bu_node_text(node));
    if (person == r->trust->people_count)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_REFERENCE, "nobody has this id");
    if (bu_role_has(role, person))
        return bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice",
                            r->trust->people[person].id);
    role->people[role->people_count++] = person;
    return BU_OK;
}

static bulla_status read_members(const reader *r, const bu_node *table, bu_role *role)
{
    const bu_node *list;
    BU_TRY(bu_node_field(r->tree, table, "people", BU_NODE_ARRAY, &list, r->err));
    role->people = bu_arena_get_array(r->trust->arena, bu_node_count(list), sizeof *role->people);
    if (role->people == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(node, list) {
        BU_TRY(add_member(r, node, role));
    }
    return BU_OK;
}

/* How many different people stand behind the members of a role. */
static size_t distinct_people(const bulla_trust *trust, const bu_role *role)
{
    size_t distinct = 0;
    for (size_t i = 0; i < role->people_count; i++) {
        size_t k = 0;
        while (trust->people[role->people[k]].counts_as != trust->people[role->people[i]].counts_as)
            k++;
        distinct += k == i;
    }
    return distinct;
}

static bulla_status read_threshold(const reader *r, const bu_node *table, bu_role *role)
{
    const bu_node *node;
    BU_TRY(bu_node_field(r->tree, table, "threshold", BU_NODE_INTEGER, &node, r->err));
    size_t most = distinct_people(r->trust, role);
    int64_t threshold = bu_node_integer(node);
    if (threshold >= 1 && (uint64_t)threshold <= most) {
        role->threshold = (uint32_t)threshold;
        return BU_OK;
    }
    char expected[40], got[24];
    (void)snprintf(expected, sizeof expected, "1 to %zu, its distinct people", most);
    (void)snprintf(got, sizeof got, "%" PRId64, threshold);
    bulla_status status =
        bu_node_fail(r->tree, node, r->err, BULLA_E_THRESHOLD, "a threshold out of reach");
    (void)bu_next(r->err, status,
                  "enrol more people (bulla trust add), or take the role away whole: bulla trust "
                  "remove --role ROLE");
    return bu_expected(r->err, status, bu_bytes_of(expected), bu_bytes_of(got));
}

static bulla_status need_predicate(const reader *r, const bu_node *node)
{
    if (bu_predicate_type_of(bu_node_text(node)).len > 0)
        return BU_OK;
    return bu_expected(r->err,
                       bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_TYPE, "no predicate type"),
                       BULLA_LIT("a short name or a URI"), bu_node_text(node));
}

static bulla_status read_scope(const reader *r, const bu_node *table, bu_role *role)
{
    const bu_node *match, *predicates;
    BU_TRY(bu_node_field(r->tree, table, "match", BU_NODE_ARRAY, &match, r->err));
    if (bu_node_count(match) == 0)
        return bu_node_fail(r->tree, match, r->err, BULLA_E_EMPTY, "a role for nothing");
    BU_TRY(read_texts(r, match, &role->match, NULL));
    BU_TRY(bu_node_optional(r->tree, table, "predicates", BU_NODE_ARRAY, &predicates, r->err));
    return read_texts(r, predicates, &role->predicates, need_predicate);
}

static bulla_status add_role(const reader *r, const bu_node *table)
{
    static const char *const fields[] = { "name", "people", "threshold", "match", "predicates",
                                          "from", "until",  "review_by", NULL };
    const bu_node *name;
    bu_role role = { .review_by = INT64_MAX };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, fields, r->err));
    BU_TRY(id_field(r, table, "name", &role.name, &name));
    if (bu_trust_role(r->trust, bu_node_text(name)) != NULL)
        return bu_node_fail(r->tree, name, r->err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice",
                            role.name);
    BU_TRY(read_members(r, table, &role));
    BU_TRY(read_threshold(r, table, &role));
    BU_TRY(read_scope(r, table, &role));
    BU_TRY(read_validity(r, table, &role.from, &role.until));
    BU_TRY(time_field(r, table, "review_by", &role.review_by));
    r->trust->roles[r->trust->role_count++] = role;
    return BU_OK;
}

static bulla_status read_roles(const reader *r, const bu_node *roles)
{
    bulla_trust *trust = r->trust;
    trust->roles = bu_arena_get_array(trust->arena, bu_node_count(roles), sizeof *trust->roles);
    if (trust->roles == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(role, roles) {
        BU_TRY(add_role(r, role));
    }
    return BU_OK;
}

static bulla_status need_schema(const reader *r, const bu_node *root)
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
static bulla_status list_field(const reader *r, const bu_node *root, const char *key,
                               const bu_node **out)
{
    BU_TRY(bu_node_optional(r->tree, root, key, BU_NODE_ARRAY, out, r->err));
    if (bu_node_count(*out) > BU_LIMIT_KEYS)
        return bu_node_fail(r->tree, *out, r->err, BULLA_E_RESOURCE_LIMIT, "more than %u entries",
                            BU_LIMIT_KEYS);
    return BU_OK;
}

/* The pinned file with Sigstore's logs and authorities, of which identities are nothing without. */
static bulla_status read_sigstore(const reader *r, const bu_node *root)
{
    const bu_node *file;
    bulla_bytes bytes;
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_TRY(bu_node_optional(r->tree, root, "sigstore", BU_NODE_STRING, &file, r->err));
    if (file == NULL)
        return BU_OK;
    BU_TRY(keep_text(r, file, &r->trust->sigstore));
    BU_TRY(at_node(r, file, bu_pins_use(&r->trust->pins, bu_node_text(file), &bytes, r->err)));
    BU_TRY(bu_anchors_start(&anchors, r->err));
    BU_TRY(at_node(r, file, bu_anchors_read(bytes, r->trust->sigstore, &anchors, r->err)));
    r->trust->sigstore_root = BU_STEAL(anchors.own_sigstore);
    return r->trust->sigstore_root != NULL
               ? BU_OK
               : bu_node_fail(r->tree, file, r->err, BULLA_E_FORMAT_MISMATCH,
                              "is no trusted root of Sigstore");
}

static bulla_status read_document(const reader *r, const bu_node *root)
{
    static const char *const fields[] = { "schema", "sigstore", "person", "service", "role", NULL };
    const bu_node *people, *services, *roles;
    BU_TRY(bu_node_need(r->tree, root, BU_NODE_TABLE, r->err));
    BU_TRY(need_schema(r, root));
    BU_TRY(bu_node_only(r->tree, root, fields, r->err));
    BU_TRY(read_sigstore(r, root));
    BU_TRY(list_field(r, root, "person", &people));
    BU_TRY(list_field(r, root, "service", &services));
    BU_TRY(list_field(r, root, "role", &roles));
    BU_TRY(read_people(r, people, services));
    BU_TRY(read_keys(r, people, services));
    return read_roles(r, roles);
}

bulla_status bu_trust_toml_read(bulla_bytes text, bulla_trust *trust, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_in_file(err, bu_toml_load(text, BU_TRUST_TOML, &tree, err), BU_TRUST_TOML));
    reader r = { tree, trust, err };
    return bu_in_file(err, read_document(&r, bu_tree_root(tree)), BU_TRUST_TOML);
}

/* Writing. */

static void write_text(const char *text, bu_buf *out)
{
    bu_buf_add_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            bu_buf_add_byte(out, '\\');
        bu_buf_add_byte(out, (uint8_t)*text);
    }
    bu_buf_add_byte(out, '"');
}

static void write_field(const char *key, const char *text, bu_buf *out)
{
    bu_buf_add_format(out, "%s = ", key);
    write_text(text, out);
    bu_buf_add_byte(out, '\n');
}

static void write_time(const char *key, int64_t time, bu_buf *out)
{
    char text[BU_TIME_TEXT];
    if (time != INT64_MIN && time != INT64_MAX)
        bu_buf_add_format(out, "%s = %s\n", key, bu_time_format(time, text));
}

static void write_key(const bu_trusted_key *key, const char *list, bu_buf *out)
{
    char at[BU_TIME_TEXT];
    bu_buf_add_format(out, "\n[[%s.key]]\n", list);
    if (key->fingerprint != NULL)
        write_field("openpgp", key->fingerprint, out);
    if (key->identity != NULL) {
        write_field("identity", key->identity, out);
        write_field("issuer", key->issuer, out);
    } else if (key->file != NULL) {
        write_field("file", key->file, out);
    } else {
        bu_buf_add_text(out, "public = \"\"\"\n");
        bu_key_write_pem(key->key, out);
        bu_buf_add_text(out, "\"\"\"\n");
    }
    write_time("from", key->from, out);
    write_time("until", key->until, out);
    if (key->revoked == INT64_MAX)
        return;
    bu_buf_add_format(out, "revoked = { at = %s, reason = ", bu_time_format(key->revoked, at));
    write_text(key->reason, out);
    bu_buf_add_text(out, " }\n");
}

static void write_people(const bulla_trust *trust, bool services, bu_buf *out)
{
    const char *list = services ? "service" : "person";
    for (size_t i = 0; i < trust->people_count; i++) {
        const bu_person *person = &trust->people[i];
        if ((person->controller != NULL) != services)
            continue;
        bu_buf_add_format(out, "\n[[%s]]\n", list);
        write_field("id", person->id, out);
        if (services)
            write_field("controller", person->controller, out);
        for (size_t k = 0; k < trust->key_count; k++)
            if (trust->keys[k].person == i)
                write_key(&trust->keys[k], list, out);
    }
}

static void write_list(const char *key, const char *const *texts, bu_buf *out)
{
    bu_buf_add_format(out, "%s = [", key);
    for (size_t i = 0; texts[i] != NULL; i++) {
        bu_buf_add_text(out, i == 0 ? "" : ", ");
        write_text(texts[i], out);
    }
    bu_buf_add_text(out, "]\n");
}

static void write_role(const bulla_trust *trust, const bu_role *role, bu_buf *out)
{
    bu_buf_add_text(out, "\n[[role]]\n");
    write_field("name", role->name, out);
    bu_buf_add_text(out, "people = [");
    for (size_t i = 0; i < role->people_count; i++) {
        bu_buf_add_text(out, i == 0 ? "" : ", ");
        write_text(trust->people[role->people[i]].id, out);
    }
    bu_buf_add_format(out, "]\nthreshold = %" PRIu32 "\n", role->threshold);
    write_list("match", role->match, out);
    if (role->predicates[0] != NULL)
        write_list("predicates", role->predicates, out);
    write_time("from", role->from, out);
    write_time("until", role->until, out);
    write_time("review_by", role->review_by, out);
}

void bu_trust_toml_write(const bulla_trust *trust, bu_buf *out)
{
    bu_buf_add_text(out, "# People, keys and roles; bulla trust writes this file anew.\n");
    write_field("schema", SCHEMA, out);
    if (trust->sigstore != NULL)
        write_field("sigstore", trust->sigstore, out);
    write_people(trust, false, out);
    write_people(trust, true, out);
    for (size_t i = 0; i < trust->role_count; i++)
        write_role(trust, &trust->roles[i], out);
}
