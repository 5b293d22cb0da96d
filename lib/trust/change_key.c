/* SPDX-License-Identifier: MIT */
/*
 * Keys that come, are replaced, or are withdrawn. Refused is a bare key of a
 * person or service that does not itself say whose it is.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "digest/hasher.h"
#include "signature/pem.h"
#include "trust/anchor.h"
#include "trust/change.h"
#include "trust/proof.h"

bool bu_change_enrols(const bulla_trust_enrolment *enrolment)
{
    return enrolment->key_file != NULL || enrolment->identity != NULL;
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
    key->fingerprint = bu_arena_text(trust->arena, bu_bytes_of(bu_openpgp_fingerprint(pgp, 0)));
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
        return bu_fail(err, BULLA_E_BAD_KEY, "neither a key nor a certificate");
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

static bulla_status keep_identity(bulla_trust *trust, const bulla_trust_enrolment *enrolment,
                                  bu_trusted_key *key, bulla_error *err)
{
    key->identity = bu_arena_text(trust->arena, bu_bytes_of(enrolment->identity));
    key->issuer = bu_arena_text(trust->arena, bu_bytes_of(enrolment->issuer));
    return key->identity == NULL || key->issuer == NULL ? bu_no_memory(err) : BU_OK;
}

/* Proofs. */

/* Beside alice.key.pub lies alice.key.proof. */
static const char *beside(const bulla_trust *trust, const char *path)
{
    bulla_bytes stem = bu_bytes_of(path);
    if (bu_bytes_ends(stem, ".pub"))
        stem.len -= strlen(".pub");
    return bu_arena_format(trust->arena, "%.*s.proof", (int)stem.len, (const char *)stem.ptr);
}

static bulla_status pin_proof(bulla_trust *trust, const char *path, bu_trusted_key *key,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_proof_check(bu_buf_bytes(&text), path, key->key, trust->people[key->person].id,
                          &trust->chain.identity, err));
    key->proof = bu_arena_format(trust->arena, BU_PROOFS "%s.json", bu_key_id(key->key));
    if (key->proof == NULL)
        return bu_no_memory(err);
    return bu_pins_put(&trust->pins, bu_bytes_of(key->proof), bu_buf_bytes(&text), err);
}

/* Whoever is not of ours is known by others than themselves; certificates are signed by their key. */
static bool needs_proof(const bulla_trust *trust, const bu_trusted_key *key)
{
    bu_kind_of_party kind = trust->people[key->person].kind;
    return key->key != NULL && (kind == BU_PARTY_PERSON || kind == BU_PARTY_SERVICE);
}

static bulla_status read_proof(bulla_trust *trust, const bulla_trust_enrolment *enrolment,
                               bu_trusted_key *key, bulla_error *err)
{
    const char *path = enrolment->proof;
    if (path == NULL && !needs_proof(trust, key))
        return BU_OK;
    if (path == NULL)
        path = beside(trust, enrolment->key_file);
    if (path == NULL)
        return bu_no_memory(err);
    if (enrolment->proof == NULL && enrolment->allow_no_proof &&
        bu_folder_look(NULL, path, NULL) == BU_PRESENCE_NONE)
        return BU_OK;
    if (key->key == NULL)
        return bu_fail(err, BULLA_E_USAGE, "only a bare key has a proof of possession");
    bulla_status status = pin_proof(trust, path, key, err);
    if (status.code == BULLA_E_MISSING_FILE)
        (void)bu_next(err, status,
                      "let the key's owner make the proof: bulla key prove --key KEY --person ID");
    return status;
}

/* Enrolling. */

static bulla_status need_custody(const char *name, bu_custody *out, bulla_error *err)
{
    for (size_t i = BU_CUSTODY_FILE; name != NULL && i <= BU_CUSTODY_OFFLINE; i++)
        if (strcmp(name, bu_custody_name((bu_custody)i)) == 0) {
            *out = (bu_custody)i;
            return BU_OK;
        }
    if (name == NULL)
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such custody"),
                       BULLA_LIT("file, token, hsm or offline"), bu_bytes_of(name));
}

bulla_status bu_change_enrol(bulla_trust *trust, const bulla_trust_enrolment *enrolment,
                             size_t person, bulla_error *err)
{
    bu_trusted_key *keys = bu_change_extend(trust, trust->keys, trust->key_count, sizeof *keys);
    if (keys == NULL)
        return bu_no_memory(err);
    keys[trust->key_count] = (bu_trusted_key){
        .person = person,
        .from = enrolment->from == 0 ? INT64_MIN : enrolment->from,
        .until = enrolment->until == 0 ? INT64_MAX : enrolment->until,
        .review_by = enrolment->review_by == 0 ? INT64_MAX : enrolment->review_by,
        .replaced = INT64_MAX,
        .revoked = INT64_MAX,
        .since = INT64_MAX,
    };
    trust->keys = keys;
    bu_trusted_key *key = &keys[trust->key_count++];
    BU_TRY(need_custody(enrolment->custody, &key->custody, err));
    BU_TRY(bu_change_keep(trust, enrolment->environments, &key->environments, err));
    if (enrolment->key_file == NULL)
        return keep_identity(trust, enrolment, key, err);
    BU_TRY(read_key_file(trust, enrolment->key_file, key, err));
    return read_proof(trust, enrolment, key, err);
}

/* Replacing. */

static bulla_status find_key(const bulla_trust *trust, const char *person, const char *keyid,
                             bu_trusted_key **out, bulla_error *err)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        *out = &trust->keys[i];
        if ((*out)->keyid == NULL || strcmp((*out)->keyid, keyid) != 0)
            continue;
        if (person == NULL || strcmp(trust->people[(*out)->person].id, person) == 0)
            return BU_OK;
        return bu_fail(err, BULLA_E_BAD_REFERENCE, "the key %s is not %s's", keyid, person);
    }
    return bu_change_none("key", keyid, err);
}

/* Where nothing is said of the new key, it may do what the old one may. */
bulla_status bu_change_rotate(bulla_trust *trust, const void *what, int64_t now, bulla_error *err)
{
    const bu_rotation *rotation = what;
    bu_trusted_key *old;
    BU_TRY(find_key(trust, rotation->person, rotation->old, &old, err));
    if (old->replaced != INT64_MAX || old->revoked != INT64_MAX)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "the key %s is replaced or revoked already",
                       rotation->old);
    old->replaced = now;
    const bu_trusted_key before = *old; /* the array moves */
    BU_TRY(bu_change_enrol(trust, rotation->key, before.person, err));
    bu_trusted_key *next = &trust->keys[trust->key_count - 1];
    if (rotation->key->custody == NULL)
        next->custody = before.custody;
    if (next->environments[0] == NULL)
        next->environments = before.environments;
    return BU_OK;
}

/* Withdrawing. */

static const char *const reasons[] = { "lost", "stolen", "left", "superseded", "unspecified" };

static bulla_status need_reason(const char *text, const char **out, bulla_error *err)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (text != NULL && strcmp(text, reasons[i]) == 0) {
            *out = reasons[i];
            return BU_OK;
        }
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such reason"),
                       BULLA_LIT("lost, stolen, left, superseded or unspecified"),
                       bu_bytes_of(text));
}

/* A key that was withdrawn stays so: what is said anew may only reach further back. */
static void revoke(bu_trusted_key *key, const bulla_trust_revocation *revocation, int64_t now,
                   const char *reason)
{
    int64_t at = revocation->at == 0 ? now : revocation->at;
    if (at < key->revoked)
        key->revoked = at;
    if (revocation->since != 0 && revocation->since < key->since)
        key->since = revocation->since;
    key->reason = reason;
}

bulla_status bu_change_revoke(bulla_trust *trust, const void *what, int64_t now, bulla_error *err)
{
    const bulla_trust_revocation *revocation = what;
    const char *reason = NULL;
    size_t person;
    bu_trusted_key *key;
    BU_TRY(need_reason(revocation->reason, &reason, err));
    if (revocation->at > now || revocation->since > now)
        return bu_fail(err, BULLA_E_BAD_TIME, "a key is withdrawn now or was before, not later");
    if (revocation->keyid != NULL) {
        BU_TRY(find_key(trust, revocation->person, revocation->keyid, &key, err));
        revoke(key, revocation, now, reason);
        return BU_OK;
    }
    if (revocation->person == NULL)
        return bu_fail(err, BULLA_E_USAGE, "name the person, or a key with --keyid");
    BU_TRY(bu_change_find(trust, revocation->person, &person, err));
    for (size_t i = 0; i < trust->key_count; i++)
        if (trust->keys[i].person == person)
            revoke(&trust->keys[i], revocation, now, reason);
    return BU_OK;
}
