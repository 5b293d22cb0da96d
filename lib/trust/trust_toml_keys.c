/* SPDX-License-Identifier: MIT */
/*
 * trust.toml: keys. Refused is one key twice, in whatever form it is written.
 */
#include "trust/trust_toml_inside.h"

#include "base/bytes.h"
#include "base/glob.h"
#include "base/limits.h"
#include "digest/hasher.h"
#include "trust/anchor.h"
#include "trust/material.h"

static const char *const custodies[] = {
    [BU_CUSTODY_UNSTATED] = "unstated", [BU_CUSTODY_FILE] = "file",
    [BU_CUSTODY_TOKEN] = "token",       [BU_CUSTODY_HSM] = "hsm",
    [BU_CUSTODY_OFFLINE] = "offline",
};
#define CUSTODIES (sizeof custodies / sizeof custodies[0])

const char *bu_custody_name(bu_custody custody)
{
    return custodies[(size_t)custody < CUSTODIES ? custody : BU_CUSTODY_UNSTATED];
}

static bulla_status read_custody(const bu_toml_reader *r, const bu_node *table, bu_custody *out)
{
    const bu_node *node;
    BU_TRY(bu_node_optional(r->tree, table, "custody", BU_NODE_STRING, &node, r->err));
    if (node == NULL)
        return BU_OK;
    for (size_t i = BU_CUSTODY_UNSTATED + 1; i < CUSTODIES; i++)
        if (bu_bytes_is(bu_node_text(node), custodies[i])) {
            *out = (bu_custody)i;
            return BU_OK;
        }
    return bu_expected(r->err,
                       bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_NAME, "no such custody"),
                       BULLA_LIT("file, token, hsm or offline"), bu_node_text(node));
}

/* From when on it does not count, why, and, if it was in wrong hands, since when. */
static bulla_status read_revocation(const bu_toml_reader *r, const bu_node *table,
                                    bu_trusted_key *key)
{
    static const char *const fields[] = { "at", "reason", "since", NULL };
    const bu_node *revoked, *node;
    key->revoked = key->since = INT64_MAX;
    BU_TRY(bu_node_optional(r->tree, table, "revoked", BU_NODE_TABLE, &revoked, r->err));
    if (revoked == NULL)
        return BU_OK;
    BU_TRY(bu_node_only(r->tree, revoked, fields, r->err));
    BU_TRY(bu_node_field(r->tree, revoked, "at", BU_NODE_TIME, &node, r->err));
    key->revoked = bu_node_integer(node);
    BU_TRY(bu_toml_time(r, revoked, "since", &key->since));
    BU_TRY(bu_node_field(r->tree, revoked, "reason", BU_NODE_STRING, &node, r->err));
    return bu_toml_keep(r, node, &key->reason);
}

static bulla_status may_be_enrolled(const bu_toml_reader *r, const bu_node *node,
                                    bu_trusted_key *key)
{
    if (!bu_key_may_be_enrolled(key->key))
        return bu_toml_at(r, node,
                          bu_fail(r->err, BULLA_E_WEAK_KEY, "an RSA exponent below 65537"));
    key->keyid = bu_key_id(key->key);
    return BU_OK;
}

static bulla_status read_public(const bu_toml_reader *r, const bu_node *node, bulla_bytes text,
                                bu_trusted_key *key)
{
    BU_TRY(bu_toml_at(r, node, bu_key_read(text, &key->key, r->err)));
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

static bulla_status read_openpgp(const bu_toml_reader *r, const bu_node *node,
                                 bulla_bytes certificate, bu_trusted_key *key)
{
    bulla_bytes text = bu_node_text(node);
    if (!is_fingerprint(text))
        return bu_expected(
            r->err,
            bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_ENCODING, "not an OpenPGP fingerprint"),
            BULLA_LIT("40 or 64 upper-case hex digits"), text);
    BU_TRY(bu_toml_keep(r, node, &key->fingerprint));
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
static bulla_status name_by_digest(const bu_toml_reader *r, bulla_bytes bytes, bu_trusted_key *key)
{
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, r->err));
    key->keyid = bu_arena_text(r->trust->arena, bu_bytes_of(bulla_digest_hex(&digest, hex)));
    return key->keyid == NULL ? bu_no_memory(r->err) : BU_OK;
}

/* An identity is one only with who says so. */
static bulla_status read_identity(const bu_toml_reader *r, const bu_node *table,
                                  const bu_node *identity, bu_trusted_key *key)
{
    const bu_node *issuer;
    BU_CLEAR(bu_buf) both = { 0 };
    BU_TRY(bu_toml_keep(r, identity, &key->identity));
    BU_TRY(bu_node_field(r->tree, table, "issuer", BU_NODE_STRING, &issuer, r->err));
    BU_TRY(bu_toml_keep(r, issuer, &key->issuer));
    if (key->identity[0] == '\0' || key->issuer[0] == '\0')
        return bu_node_fail(r->tree, identity, r->err, BULLA_E_EMPTY, "an empty name is nobody");
    bu_buf_add_format(&both, "%s\n%s", key->identity, key->issuer);
    return both.broken ? bu_no_memory(r->err) : name_by_digest(r, bu_buf_bytes(&both), key);
}

/* A file in any form of keys: one bare key, or one X.509 certificate. */
static bulla_status read_form(const bu_toml_reader *r, const bu_node *file, bulla_bytes bytes,
                              bu_trusted_key *key)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_TRY(bu_anchors_start(&anchors, r->err));
    BU_TRY(bu_toml_at(r, file, bu_anchors_read(bytes, key->file, &anchors, r->err)));
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
static bulla_status read_material(const bu_toml_reader *r, const bu_node *table,
                                  bu_trusted_key *key)
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
    BU_TRY(bu_toml_keep(r, file, &key->file));
    BU_TRY(bu_toml_at(r, file, bu_pins_use(&r->trust->pins, bu_node_text(file), &bytes, r->err)));
    if (openpgp != NULL)
        return read_openpgp(r, openpgp, bytes, key);
    return read_form(r, file, bytes, key);
}

/* The pinned file in which the key signs for its person: proved when it was enrolled. */
static bulla_status read_proof(const bu_toml_reader *r, const bu_node *table, bu_trusted_key *key)
{
    const bu_node *proof;
    bulla_bytes bytes;
    BU_TRY(bu_node_optional(r->tree, table, "proof", BU_NODE_STRING, &proof, r->err));
    if (proof == NULL)
        return BU_OK;
    BU_TRY(bu_toml_keep(r, proof, &key->proof));
    return bu_toml_at(r, proof, bu_pins_use(&r->trust->pins, bu_node_text(proof), &bytes, r->err));
}

static bool is_pattern(const char *identity)
{
    return strchr(identity, '*') != NULL;
}

/* One certificate could answer to both. */
static bool may_be_one(const bu_trusted_key *a, const bu_trusted_key *b)
{
    return a->identity != NULL && b->identity != NULL && strcmp(a->issuer, b->issuer) == 0 &&
           (is_pattern(a->identity) || is_pattern(b->identity)) &&
           bu_glob_meet(bu_bytes_of(a->identity), bu_bytes_of(b->identity));
}

/* Where the patterns of two people meet, one signature would count for both of them. */
static bulla_status need_own_identity(const bu_toml_reader *r, const bu_node *node)
{
    const bulla_trust *trust = r->trust;
    const bu_person *people = trust->people;
    const bu_trusted_key *last = &trust->keys[trust->key_count - 1];
    for (const bu_trusted_key *key = trust->keys; key < last; key++)
        if (people[key->person].counts_as != people[last->person].counts_as &&
            may_be_one(key, last))
            return bu_next(r->err,
                           bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_KEY,
                                        "who has this identity may be %s, too",
                                        people[key->person].id),
                           "narrow one of the two patterns");
    return BU_OK;
}

/* One key of two people, or twice of one, in whatever forms, is never meant. */
static bulla_status need_new_key(const bu_toml_reader *r, const bu_node *node)
{
    const bulla_trust *trust = r->trust;
    const bu_trusted_key *last = &trust->keys[trust->key_count - 1];
    for (const bu_trusted_key *key = trust->keys; key < last; key++)
        if (strcmp(key->keyid, last->keyid) == 0 || bu_material_shared(key, last))
            return bu_next(r->err,
                           bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_KEY,
                                        "this key is %s's already", trust->people[key->person].id),
                           "give each person a key of their own: bulla key new");
    return BU_OK;
}

static bulla_status add_key(const bu_toml_reader *r, const bu_node *table, size_t person)
{
    static const char *const fields[] = { "public",   "openpgp", "file",    "identity",
                                          "issuer",   "from",    "until",   "review_by",
                                          "replaced", "revoked", "custody", "environments",
                                          "proof",    NULL };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, fields, r->err));
    bu_trusted_key *key = &r->trust->keys[r->trust->key_count++]; /* freed with the store */
    key->person = person;
    key->review_by = key->replaced = INT64_MAX;
    BU_TRY(bu_toml_validity(r, table, &key->from, &key->until));
    BU_TRY(bu_toml_time(r, table, "review_by", &key->review_by));
    BU_TRY(bu_toml_time(r, table, "replaced", &key->replaced));
    BU_TRY(read_revocation(r, table, key));
    BU_TRY(read_custody(r, table, &key->custody));
    BU_TRY(bu_toml_environments(r, table, &key->environments));
    BU_TRY(read_proof(r, table, key));
    BU_TRY(read_material(r, table, key));
    BU_TRY(bu_material_find(key, r->trust->arena, r->err));
    BU_TRY(need_new_key(r, table));
    return need_own_identity(r, table);
}

static bulla_status add_keys(const bu_toml_reader *r, const bu_node *list, size_t *person)
{
    BU_EACH_CHILD(owner, list) {
        BU_EACH_CHILD(key, bu_node_get(owner, "key")) {
            BU_TRY(add_key(r, key, *person));
        }
        ++*person;
    }
    return BU_OK;
}

/* Add up the keys of everyone under `list`. */
static bulla_status count_keys(const bu_toml_reader *r, const bu_node *list, size_t *count)
{
    BU_EACH_CHILD(person, list) {
        const bu_node *keys;
        BU_TRY(bu_node_optional(r->tree, person, "key", BU_NODE_ARRAY, &keys, r->err));
        *count += bu_node_count(keys);
    }
    return BU_OK;
}

bulla_status bu_toml_keys(const bu_toml_reader *r, const bu_node *root)
{
    size_t count = 0, person = 0;
    for (size_t i = BU_PARTY_PERSON; i <= BU_PARTY_WITNESS; i++)
        BU_TRY(count_keys(r, bu_node_get(root, bu_party_name((bu_kind_of_party)i)), &count));
    if (count > BU_LIMIT_KEYS)
        return bu_fail(r->err, BULLA_E_RESOURCE_LIMIT, "more than %u keys", BU_LIMIT_KEYS);
    r->trust->keys = bu_arena_get_array(r->trust->arena, count, sizeof *r->trust->keys);
    if (r->trust->keys == NULL)
        return bu_no_memory(r->err);
    for (size_t i = BU_PARTY_PERSON; i <= BU_PARTY_WITNESS; i++)
        BU_TRY(add_keys(r, bu_node_get(root, bu_party_name((bu_kind_of_party)i)), &person));
    return BU_OK;
}
