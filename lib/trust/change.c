/* SPDX-License-Identifier: MIT */
/*
 * Changes of a store in memory. They only move data: whether the outcome is a
 * store that makes sense is for the reader of trust.toml to say.
 */
#include "trust/change.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "digest/hasher.h"
#include "signature/pem.h"
#include "trust/anchor.h"

static const char *keep(const bulla_trust *trust, const char *text)
{
    return bu_arena_text(trust->arena, bu_bytes_of(text));
}

/* The array with room for one more at its end, or NULL. */
static void *extend(const bulla_trust *trust, const void *items, size_t count, size_t size)
{
    uint8_t *extended = bu_arena_get_array(trust->arena, count + 1, size);
    if (extended != NULL && count > 0)
        memcpy(extended, items, count * size);
    return extended;
}

static bulla_status keep_list(const bulla_trust *trust, const char *const *texts,
                              const char *const **out, bulla_error *err)
{
    size_t count = 0;
    while (texts != NULL && texts[count] != NULL)
        count++;
    const char **copy = bu_arena_get_array(trust->arena, count + 1, sizeof *copy);
    if (copy == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        copy[i] = keep(trust, texts[i]);
        if (copy[i] == NULL)
            return bu_no_memory(err);
    }
    *out = copy;
    return BU_OK;
}

static bulla_status add_person(bulla_trust *trust, const char *id, const char *controller,
                               size_t *out, bulla_error *err)
{
    *out = bu_trust_person(trust, bu_bytes_of(id));
    if (*out < trust->people_count) {
        const char *known = trust->people[*out].controller;
        if (controller == NULL || (known != NULL && strcmp(known, controller) == 0))
            return BU_OK;
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is there without this controller", id);
    }
    bu_person *people = extend(trust, trust->people, trust->people_count, sizeof *people);
    bu_person person = { .id = keep(trust, id) };
    if (controller != NULL) {
        person.kind = BU_PARTY_SERVICE;
        person.controller = keep(trust, controller);
    }
    if (people == NULL || person.id == NULL || (controller != NULL && person.controller == NULL))
        return bu_no_memory(err);
    people[trust->people_count++] = person;
    trust->people = people;
    return BU_OK;
}

static bool is_openpgp(bulla_bytes text)
{
    bool is_packet = text.len > 0 && (text.ptr[0] & 0x80) != 0; /* RFC 9580 section 4.2: bit 7 */
    return is_packet || bu_bytes_starts(text, "-----BEGIN PGP PUBLIC KEY BLOCK-----");
}

/* A certificate becomes a pinned file that is named by its fingerprint. */
static bulla_status read_certificate(bulla_trust *trust, bulla_bytes text, bu_trusted_key *key,
                                     bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    BU_TRY(bu_openpgp_new(text, &pgp, err));
    if (bu_openpgp_certificate_count(pgp) != 1)
        return bu_fail(err, BULLA_E_BAD_KEY, "more than one certificate in the file");
    key->fingerprint = keep(trust, bu_openpgp_fingerprint(pgp, 0));
    if (key->fingerprint == NULL)
        return bu_no_memory(err);
    key->file = bu_arena_format(trust->arena, BU_CERTIFICATES "%s%s", key->fingerprint,
                                text.ptr[0] == '-' ? ".asc" : ".pgp");
    if (key->file == NULL)
        return bu_no_memory(err);
    return bu_pins_put(&trust->pins, bu_bytes_of(key->file), text, err);
}

/* A bare key in any form is kept as it is; an X.509 certificate becomes a pinned file. */
static bulla_status read_form(bulla_trust *trust, bulla_bytes text, const char *path,
                              bu_trusted_key *key, bulla_error *err)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_anchors_start(&anchors, err));
    BU_TRY(bu_anchors_read(text, path, &anchors, err));
    if (anchors.count != 1)
        return bu_fail(err, BULLA_E_BAD_KEY, "not exactly one key in the file");
    bu_anchor *only = &anchors.items[0];
    key->key = BU_STEAL(only->own_key);
    if (key->key != NULL)
        return BU_OK;
    if (only->certificate.ptr == NULL)
        return bu_fail(err, BULLA_E_BAD_KEY, "no public key or certificate");
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, only->certificate, &digest, err));
    key->file =
        bu_arena_format(trust->arena, BU_CERTIFICATES "%s.pem", bulla_digest_hex(&digest, hex));
    bu_pem_encode(only->certificate, "CERTIFICATE", &pem);
    if (key->file == NULL || pem.broken)
        return bu_no_memory(err);
    return bu_pins_put(&trust->pins, bu_bytes_of(key->file), bu_buf_bytes(&pem), err);
}

static bulla_status read_key_file(bulla_trust *trust, const char *path, bu_trusted_key *key,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    bulla_status status = is_openpgp(bu_buf_bytes(&text))
                              ? read_certificate(trust, bu_buf_bytes(&text), key, err)
                              : read_form(trust, bu_buf_bytes(&text), path, key, err);
    return bu_in_file(err, status, path);
}

static bulla_status keep_identity(bulla_trust *trust, const bulla_trust_addition *addition,
                                  bu_trusted_key *key, bulla_error *err)
{
    key->identity = keep(trust, addition->identity);
    key->issuer = keep(trust, addition->issuer);
    return key->identity == NULL || key->issuer == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_key(bulla_trust *trust, const bulla_trust_addition *addition, size_t person,
                            bulla_error *err)
{
    bu_trusted_key *keys = extend(trust, trust->keys, trust->key_count, sizeof *keys);
    if (keys == NULL)
        return bu_no_memory(err);
    keys[trust->key_count] = (bu_trusted_key){
        .person = person,
        .from = addition->from == 0 ? INT64_MIN : addition->from,
        .until = addition->until == 0 ? INT64_MAX : addition->until,
        .review_by = INT64_MAX,
        .replaced = INT64_MAX,
        .revoked = INT64_MAX,
        .since = INT64_MAX,
        .environments = bu_no_texts,
    };
    trust->keys = keys;
    bu_trusted_key *key = &keys[trust->key_count++];
    return addition->key_file == NULL ? keep_identity(trust, addition, key, err)
                                      : read_key_file(trust, addition->key_file, key, err);
}

static bulla_status add_member(bulla_trust *trust, bu_role *role, size_t person, bulla_error *err)
{
    if (bu_role_grant(role, person) != NULL)
        return BU_OK;
    bu_grant *grants = extend(trust, role->grants, role->grant_count, sizeof *grants);
    if (grants == NULL)
        return bu_no_memory(err);
    grants[role->grant_count++] = (bu_grant){ .person = person };
    role->grants = grants;
    return BU_OK;
}

static bulla_status find_role(bulla_trust *trust, const char *name, bu_role **out, bulla_error *err)
{
    for (size_t i = 0; i < trust->role_count; i++) {
        *out = &trust->roles[i];
        if (strcmp((*out)->name, name) == 0)
            return BU_OK;
    }
    bu_role *roles = extend(trust, trust->roles, trust->role_count, sizeof *roles);
    bu_role role = { .name = keep(trust, name),
                     .threshold = 1,
                     .environments = bu_no_texts,
                     .review_by = INT64_MAX };
    if (roles == NULL || role.name == NULL)
        return bu_no_memory(err);
    role.from = INT64_MIN;
    role.until = INT64_MAX;
    BU_TRY(keep_list(trust, NULL, &role.match, err));
    BU_TRY(keep_list(trust, NULL, &role.predicates, err));
    *out = &roles[trust->role_count];
    roles[trust->role_count++] = role;
    trust->roles = roles;
    return BU_OK;
}

static bulla_status add_grant(bulla_trust *trust, const bulla_trust_addition *addition,
                              size_t person, bulla_error *err)
{
    bu_role *role = NULL;
    BU_TRY(find_role(trust, addition->role, &role, err));
    if (addition->threshold != 0)
        role->threshold = addition->threshold;
    if (addition->match != NULL && addition->match[0] != NULL)
        BU_TRY(keep_list(trust, addition->match, &role->match, err));
    if (addition->predicates != NULL && addition->predicates[0] != NULL)
        BU_TRY(keep_list(trust, addition->predicates, &role->predicates, err));
    role->has_usual =
        role->has_usual && !(addition->predicates != NULL && addition->predicates[0] != NULL);
    return add_member(trust, role, person, err);
}

static bool has_key(const bulla_trust_addition *addition)
{
    return addition->key_file != NULL || addition->identity != NULL;
}

/* Sigstore's logs and authorities become a pinned file; trust.toml is read anew before it counts. */
static bulla_status pin_sigstore(bulla_trust *trust, const char *path, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    trust->sigstore = BU_SIGSTORE_ROOT;
    return bu_pins_put(&trust->pins, BULLA_LIT(BU_SIGSTORE_ROOT), bu_buf_bytes(&text), err);
}

bulla_status bu_change_add(bulla_trust *trust, const bulla_trust_addition *addition,
                           bulla_error *err)
{
    size_t person;
    if (addition->sigstore != NULL)
        BU_TRY(pin_sigstore(trust, addition->sigstore, err));
    if (addition->person == NULL && !has_key(addition) && addition->role == NULL)
        return BU_OK;
    if (addition->person == NULL)
        return bu_fail(err, BULLA_E_USAGE, "a key or a role is given to a person: name one");
    BU_TRY(add_person(trust, addition->person, addition->controller, &person, err));
    if (has_key(addition))
        BU_TRY(add_key(trust, addition, person, err));
    return addition->role == NULL ? BU_OK : add_grant(trust, addition, person, err);
}

/* Taking away. */

static bulla_status no_such(const char *what, const char *name, bulla_error *err)
{
    return bu_next(err, bu_fail(err, BULLA_E_BAD_REFERENCE, "the store has no %s %s", what, name),
                   "bulla trust list shows what is in it");
}

/* By keyid; when a person is named too, it must be that person's. */
static bulla_status remove_key(bulla_trust *trust, const char *person, const char *keyid,
                               bulla_error *err)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        const bu_trusted_key *key = &trust->keys[i];
        if (strcmp(key->keyid, keyid) != 0)
            continue;
        if (person != NULL && strcmp(trust->people[key->person].id, person) != 0)
            return bu_fail(err, BULLA_E_BAD_REFERENCE, "the key %s is not %s's", keyid, person);
        bu_key_free(key->key);
        trust->key_count--;
        memmove(&trust->keys[i], &trust->keys[i + 1], (trust->key_count - i) * sizeof *trust->keys);
        return BU_OK;
    }
    return no_such("key", keyid, err);
}

static void remove_member(bu_role *role, size_t person)
{
    size_t kept = 0;
    for (size_t i = 0; i < role->grant_count; i++)
        if (role->grants[i].person != person)
            role->grants[kept++] = role->grants[i];
    role->grant_count = kept;
}

static bulla_status remove_grant(bulla_trust *trust, const char *name, size_t person,
                                 bulla_error *err)
{
    for (size_t i = 0; i < trust->role_count; i++) {
        bu_role *role = &trust->roles[i];
        if (strcmp(role->name, name) != 0)
            continue;
        if (bu_role_grant(role, person) == NULL)
            return bu_fail(err, BULLA_E_BAD_REFERENCE, "%s does not hold the role %s",
                           trust->people[person].id, name);
        remove_member(role, person);
        return BU_OK;
    }
    return no_such("role", name, err);
}

static bulla_status remove_role(bulla_trust *trust, const char *name, bulla_error *err)
{
    for (size_t i = 0; i < trust->role_count; i++) {
        if (strcmp(trust->roles[i].name, name) != 0)
            continue;
        trust->role_count--;
        memmove(&trust->roles[i], &trust->roles[i + 1],
                (trust->role_count - i) * sizeof *trust->roles);
        return BU_OK;
    }
    return no_such("role", name, err);
}

static void remove_person(bulla_trust *trust, size_t at)
{
    size_t kept = 0;
    for (size_t i = 0; i < trust->key_count; i++) {
        if (trust->keys[i].person == at) {
            bu_key_free(trust->keys[i].key);
            continue;
        }
        trust->keys[kept] = trust->keys[i];
        trust->keys[kept].person -= trust->keys[i].person > at;
        kept++;
    }
    trust->key_count = kept;
    for (size_t i = 0; i < trust->role_count; i++) {
        bu_role *role = &trust->roles[i];
        remove_member(role, at);
        for (size_t k = 0; k < role->grant_count; k++)
            role->grants[k].person -= role->grants[k].person > at;
    }
    trust->people_count--;
    memmove(&trust->people[at], &trust->people[at + 1],
            (trust->people_count - at) * sizeof *trust->people);
}

bulla_status bu_change_remove(bulla_trust *trust, const char *person, const char *role,
                              const char *keyid, bulla_error *err)
{
    if (keyid != NULL)
        return role == NULL ? remove_key(trust, person, keyid, err)
                            : bu_fail(err, BULLA_E_USAGE, "remove a key or a role, not both");
    if (person == NULL)
        return role != NULL ? remove_role(trust, role, err)
                            : bu_fail(err, BULLA_E_USAGE, "nothing to remove");
    size_t at = bu_trust_person(trust, bu_bytes_of(person));
    if (at == trust->people_count)
        return no_such("person", person, err);
    if (role != NULL)
        return remove_grant(trust, role, at, err);
    remove_person(trust, at);
    return BU_OK;
}
