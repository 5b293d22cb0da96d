/* SPDX-License-Identifier: MIT */
/*
 * Who vouched + role → payload. Signatures lead to keys, keys to people, services
 * to the person behind them; each is counted once. A signature by a key of the
 * role that is wrong is never passed over in favour of others that are right.
 */
#include "trust/open.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "signature/armor.h"
#include "trust/certificates.h"

struct bu_payload {
    bu_arena *arena;
    bulla_bytes bytes, type;
    const char *signers;
    size_t people;
    size_t *keys; /* of the store, that signed and are held by someone of the role */
    size_t key_count;
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
    const bu_use *use;
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

/* A valid signature by this key: whoever it counts as is counted, unless it is out of its time. */
static void count_key(tally *t, const bu_trusted_key *key)
{
    bulla_error why = { 0 };
    if (bulla_ok(bu_trusted_key_counts(t->trust, key, t->use, &why)))
        t->counted[t->trust->people[key->person].counts_as] = true;
    else if (t->lame.code == BULLA_OK)
        t->lame = why;
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

bulla_status bu_trust_anchors(const bulla_trust *trust, bu_anchors *out, bulla_error *err)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        const bu_trusted_key *key = &trust->keys[i];
        bu_anchor *anchor = bu_anchors_add(out);
        if (anchor == NULL)
            return bu_no_memory(err);
        anchor->form = "trust store";
        anchor->key = key->key;
        anchor->identity = key->identity;
        anchor->issuer = key->issuer;
        anchor->who = key->keyid;
        anchor->trusted = i;
        anchor->tells_no_time = trust->people[key->person].kind == BU_PARTY_VENDOR;
        if (key->fingerprint == NULL) {
            anchor->certificate = key->certificate;
            continue;
        }
        BU_CLEAR(bu_buf) packets = { 0 };
        BU_TRY(bu_in_file(err,
                          bu_armor_dearmor(key->certificate, "PGP PUBLIC KEY BLOCK", &packets, err),
                          key->file));
        anchor->openpgp = bu_arena_copy(out->arena, bu_buf_bytes(&packets));
        if (anchor->openpgp.ptr == NULL)
            return bu_no_memory(err);
    }
    out->sigstore = trust->sigstore_root;
    return BU_OK;
}

/* Others may have signed well; what names a key of the role may not be wrong. */
static bulla_status need_no_wrong(const bu_role *role, const bulla_trust *trust,
                                  const bu_anchors *anchors, const bu_vouched *vouched,
                                  bulla_error *err)
{
    for (size_t i = 0; i < anchors->count; i++) {
        const bu_trusted_key *key = &trust->keys[anchors->items[i].trusted];
        if (vouched->wrong[i] && bu_role_grant(role, key->person) != NULL)
            return bu_fail(err, BULLA_E_BAD_SIGNATURE,
                           "the signature that names key %s does not verify", key->keyid);
    }
    return BU_OK;
}

/* The keys of the store that signed and whose principals hold the role. */
static bulla_status keep_keys(const bulla_trust *trust, const bu_role *role,
                              const bu_anchors *anchors, const bu_vouched *vouched,
                              bu_payload *payload, bulla_error *err)
{
    payload->keys = bu_arena_get_array(payload->arena, anchors->count, sizeof *payload->keys);
    if (payload->keys == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < anchors->count; i++) {
        size_t key = anchors->items[i].trusted;
        if (vouched->by[i] && bu_role_grant(role, trust->keys[key].person) != NULL)
            payload->keys[payload->key_count++] = key;
    }
    if (payload->key_count > 0)
        return BU_OK;
    return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "nobody of the role %s signed", role->name);
}

bulla_status bu_open(const bulla_trust *trust, const bu_role *role, const bu_anchors *anchors,
                     const bu_vouched *vouched, bu_payload **out, bulla_error *err)
{
    BU_AUTO(bu_payload) payload = NULL;
    BU_TRY(need_no_wrong(role, trust, anchors, vouched, err));
    BU_TRY(
        new_payload(vouched->payload, vouched->payload_type, (bulla_bytes){ 0 }, 0, &payload, err));
    BU_TRY(keep_keys(trust, role, anchors, vouched, payload, err));
    *out = BU_STEAL(payload);
    return BU_OK;
}

static bool is_counted(const bulla_trust *trust, const bu_voices *voices, size_t counts_as)
{
    for (size_t i = 0; i < voices->count; i++)
        if (voices->items[i].counts_as == trust->people[counts_as].id)
            return true;
    return false;
}

static bulla_status count_voice(const bulla_trust *trust, const bu_role *role, size_t index,
                                const bu_use *use, bu_voices *out, bulla_error *err)
{
    const bu_trusted_key *key = &trust->keys[index];
    const bu_person *person = &trust->people[key->person];
    BU_TRY(bu_role_allows(trust, role, key->person, use, err));
    BU_TRY(bu_trusted_key_counts(trust, key, use, err));
    if (is_counted(trust, out, person->counts_as))
        return BU_OK;
    out->was_replaced |= key->replaced != INT64_MAX && !use->when.is_proved;
    out->items[out->count++] = (bulla_voucher){
        .person = person->id,
        .counts_as = trust->people[person->counts_as].id,
        .org = person->org,
        .has_time = use->when.time != INT64_MIN,
        .time = use->when.time == INT64_MIN ? 0 : use->when.time,
        .is_proved = use->when.is_proved,
    };
    return BU_OK;
}

bulla_status bu_payload_count(const bu_payload *payload, const bulla_trust *trust,
                              const bu_role *role, const bu_use *use, bu_arena *arena,
                              bu_voices *out, bulla_error *err)
{
    bulla_error first = { 0 };
    bulla_status refused = BU_OK;
    *out =
        (bu_voices){ .items = bu_arena_get_array(arena, payload->key_count, sizeof *out->items) };
    if (out->items == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < payload->key_count; i++) {
        bulla_error why = { 0 };
        bulla_status status = count_voice(trust, role, payload->keys[i], use, out, &why);
        if (!bulla_ok(status) && bulla_ok(refused)) {
            refused = status;
            first = why;
        }
    }
    if (out->count > 0)
        return BU_OK;
    if (err != NULL)
        *err = first;
    return refused;
}

bulla_status bu_open_by_hand(const bu_anchors *anchors, const bu_vouched *vouched, bu_payload **out,
                             bulla_error *err)
{
    BU_CLEAR(bu_buf) who = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < anchors->count; i++) {
        if (!vouched->by[i])
            continue;
        bu_buf_add_text(&who, count++ == 0 ? "" : ", ");
        bool keyless = anchors->items[i].identity != NULL && vouched->claims != NULL;
        bu_buf_add_text(&who, keyless ? vouched->claims->identity : anchors->items[i].who);
    }
    if (who.broken)
        return bu_no_memory(err);
    if (count == 0)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "nobody who was given signed it");
    return new_payload(vouched->payload, vouched->payload_type, bu_buf_bytes(&who), count, out,
                       err);
}

/* An index is about a whole archive: who may only vouch for some of it cannot sign it. */
static bool may_sign_indexes(const bu_role *role, size_t person)
{
    const bu_grant *grant = bu_role_grant(role, person);
    return grant != NULL && !grant->is_narrowed;
}

static void count_certificate(tally *t, const char *fingerprint)
{
    for (size_t i = 0; i < t->trust->key_count; i++) {
        const bu_trusted_key *key = &t->trust->keys[i];
        if (key->fingerprint != NULL && strcmp(key->fingerprint, fingerprint) == 0 &&
            may_sign_indexes(t->role, key->person))
            count_key(t, key);
    }
}

bulla_status bu_open_clearsigned(const bulla_trust *trust, const bu_role *role, bulla_bytes message,
                                 int64_t now, bu_payload **out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_openpgp) pgp = NULL;
    const bu_use use = { .when = { .time = INT64_MIN, .now = now } };
    BU_CLEAR(tally) t = { .trust = trust, .role = role, .use = &use };
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
