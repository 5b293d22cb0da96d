/* SPDX-License-Identifier: MIT */
/*
 * Envelope + role → payload. Signatures lead to keys, keys to people, services
 * to the person behind them; each is counted once. A signature by a key of the
 * role that is wrong is never passed over in favour of others that are right.
 */
#include "trust/open.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "trust/certificates.h"

struct bu_payload {
    bu_arena *arena;
    bulla_bytes bytes, type;
    const char *signers;
    size_t people;
};

bulla_bytes bu_payload_bytes(const bu_payload *payload)
{
    return payload->bytes;
}

bulla_bytes bu_payload_type(const bu_payload *payload)
{
    return payload->type;
}

const char *bu_payload_signers(const bu_payload *payload)
{
    return payload->signers;
}

size_t bu_payload_people(const bu_payload *payload)
{
    return payload->people;
}

void bu_payload_free(bu_payload *payload)
{
    if (payload == NULL)
        return;
    bu_arena_free(payload->arena);
    free(payload);
}

static bulla_status new_payload(bulla_bytes bytes, bulla_bytes type, bulla_bytes signers,
                                size_t people, bu_payload **out, bulla_error *err)
{
    BU_AUTO(bu_payload) payload = calloc(1, sizeof *payload);
    if (payload == NULL)
        return bu_no_memory(err);
    payload->arena = bu_arena_new();
    if (payload->arena == NULL)
        return bu_no_memory(err);
    payload->bytes = bu_arena_copy(payload->arena, bytes);
    payload->type = bu_arena_copy(payload->arena, type);
    payload->signers = bu_arena_text(payload->arena, signers);
    payload->people = people;
    if (payload->bytes.ptr == NULL || payload->type.ptr == NULL || payload->signers == NULL)
        return bu_no_memory(err);
    *out = BU_STEAL(payload);
    return BU_OK;
}

/* The count of one opening. */
typedef struct tally {
    const bulla_trust *trust;
    const bu_role *role;
    int64_t now;
    bool *counted;    /* by person */
    bulla_error lame; /* why the first valid signature that does not count does not */
} tally;

static bulla_status tally_new(tally *t, bulla_error *err)
{
    t->counted = calloc(t->trust->people_count + 1, sizeof *t->counted);
    return t->counted == NULL ? bu_no_memory(err) : BU_OK;
}

static void tally_clear(tally *t)
{
    free(t->counted);
}
BU_DEFINE_CLEAR(tally)

/* A valid signature by this key: its person counts, unless the key is out of its time. */
static void count_key(tally *t, const bu_trusted_key *key)
{
    const bu_person *person = &t->trust->people[key->person];
    if (bu_trusted_key_usable(key, t->now)) {
        t->counted[person->counts_as] = true;
        return;
    }
    bool revoked = t->now >= key->revoked;
    if (t->lame.code == BULLA_OK)
        (void)bu_fail(&t->lame, revoked ? BULLA_E_REVOKED : BULLA_E_EXPIRED,
                      "the key %s of %s is %s", key->keyid, person->id,
                      revoked ? "revoked" : "out of its validity");
}

static bulla_status too_few(const tally *t, size_t people, bulla_bytes who, bulla_error *err)
{
    char expected[40];
    (void)snprintf(expected, sizeof expected, "%" PRIu32 " people", t->role->threshold);
    if (people == 0 && t->lame.code != BULLA_OK) {
        if (err != NULL)
            *err = t->lame;
        return (bulla_status){ t->lame.code };
    }
    bulla_code code = people == 0 ? BULLA_E_UNTRUSTED_KEY : BULLA_E_THRESHOLD;
    bulla_status status = bu_fail(err, code, "%s of the role %s signed",
                                  people == 0 ? "nobody" : "too few people", t->role->name);
    return bu_expected(err, status, bu_bytes_of(expected), who);
}

/* Enough people: the payload. */
static bulla_status judge(const tally *t, bulla_bytes bytes, bulla_bytes type, bu_payload **out,
                          bulla_error *err)
{
    BU_CLEAR(bu_buf) who = { 0 };
    size_t people = 0;
    for (size_t i = 0; i < t->trust->people_count; i++) {
        if (!t->counted[i])
            continue;
        bu_buf_add_text(&who, people++ == 0 ? "" : ", ");
        bu_buf_add_text(&who, t->trust->people[i].id);
    }
    if (who.broken)
        return bu_no_memory(err);
    if (people < t->role->threshold || people == 0)
        return too_few(t, people, bu_buf_bytes(&who), err);
    return new_payload(bytes, type, bu_buf_bytes(&who), people, out, err);
}

/* The keys of a role that sign envelopes, also those that are out of their time. */
typedef struct key_set {
    const bu_trusted_key **rows;
    const bu_key **keys;
    bool *signed_by;
    size_t count;
} key_set;

static void key_set_clear(key_set *set)
{
    free(set->rows);
    free(set->keys);
    free(set->signed_by);
}
BU_DEFINE_CLEAR(key_set)

static bulla_status keys_of(const bulla_trust *trust, const bu_role *role, key_set *out,
                            bulla_error *err)
{
    out->rows = calloc(trust->key_count + 1, sizeof *out->rows);
    out->keys = calloc(trust->key_count + 1, sizeof *out->keys);
    out->signed_by = calloc(trust->key_count + 1, sizeof *out->signed_by);
    if (out->rows == NULL || out->keys == NULL || out->signed_by == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < trust->key_count; i++) {
        const bu_trusted_key *row = &trust->keys[i];
        if (row->key == NULL || !bu_role_has(role, row->person))
            continue;
        out->rows[out->count] = row;
        out->keys[out->count++] = row->key;
    }
    return BU_OK;
}

/* DSSE passes over what does not verify; what names a key of the role may not be wrong. */
static bulla_status need_no_wrong(const bu_dsse *envelope, const key_set *set, bulla_error *err)
{
    for (size_t i = 0; i < envelope->count; i++)
        for (size_t k = 0; k < set->count; k++)
            if (!set->signed_by[k] &&
                bu_bytes_is(envelope->signatures[i].keyid, bu_key_id(set->keys[k])))
                return bu_fail(err, BULLA_E_BAD_SIGNATURE,
                               "the signature that names key %s does not verify",
                               bu_key_id(set->keys[k]));
    return BU_OK;
}

bulla_status bu_open(const bulla_trust *trust, const bu_role *role, const bu_dsse *envelope,
                     int64_t now, bu_payload **out, bulla_error *err)
{
    BU_CLEAR(key_set) set = { 0 };
    BU_CLEAR(tally) t = { .trust = trust, .role = role, .now = now };
    BU_TRY(tally_new(&t, err));
    BU_TRY(keys_of(trust, role, &set, err));
    BU_TRY(bu_dsse_check(envelope, set.keys, set.count, set.signed_by, err));
    BU_TRY(need_no_wrong(envelope, &set, err));
    for (size_t i = 0; i < set.count; i++)
        if (set.signed_by[i])
            count_key(&t, set.rows[i]);
    return judge(&t, envelope->payload, envelope->payload_type, out, err);
}

bulla_status bu_open_with_key(const bu_key *key, const bu_dsse *envelope, bu_payload **out,
                              bulla_error *err)
{
    bool signed_by = false;
    BU_TRY(bu_dsse_check(envelope, &key, 1, &signed_by, err));
    if (!signed_by)
        return bu_expected(err, bu_fail(err, BULLA_E_UNTRUSTED_KEY, "not signed by the key given"),
                           bu_bytes_of(bu_key_id(key)), envelope->signatures[0].keyid);
    return new_payload(envelope->payload, envelope->payload_type, bu_bytes_of(bu_key_id(key)), 1,
                       out, err);
}

static void count_certificate(tally *t, const char *fingerprint)
{
    for (size_t i = 0; i < t->trust->key_count; i++) {
        const bu_trusted_key *key = &t->trust->keys[i];
        if (key->fingerprint != NULL && strcmp(key->fingerprint, fingerprint) == 0 &&
            bu_role_has(t->role, key->person))
            count_key(t, key);
    }
}

bulla_status bu_open_clearsigned(const bulla_trust *trust, const bu_role *role, bulla_bytes message,
                                 int64_t now, bu_payload **out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_openpgp) pgp = NULL;
    BU_CLEAR(tally) t = { .trust = trust, .role = role, .now = now };
    bu_openpgp_result result;
    bulla_bytes text;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(tally_new(&t, err));
    BU_TRY(bu_certificates_open(trust, role, &pgp, err));
    if (pgp == NULL)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "the role %s has no OpenPGP key", role->name);
    BU_TRY(bu_openpgp_open_clearsigned(pgp, message, now, arena, &text, &result, err));
    for (size_t i = 0; i < result.count; i++)
        count_certificate(&t, result.signers[i].fingerprint);
    return judge(&t, text, BULLA_LIT("text/plain"), out, err);
}
