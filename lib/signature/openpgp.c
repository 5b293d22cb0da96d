/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP through librnp, which does the cryptography. What counts as good is
 * judged here, as sqv does it: SHA-2 or SHA-3, a key that may sign and is long
 * enough, and nothing expired or revoked, when it was made or now. librnp's own
 * verdict is needed besides, never instead.
 */
#include "signature/openpgp.h"

#include "base/limits.h"
#include "signature/certificate.h"
#include "signature/clearsign.h"
#include "signature/rnp.h"

#define LABEL_CERTIFICATES "PGP PUBLIC KEY BLOCK"
#define LABEL_SIGNATURE    "PGP SIGNATURE"

#define TAGS_SIGNATURE "\x02"

struct bu_openpgp {
    bu_buf packets;
    bu_certificates certificates;
};

void bu_openpgp_free(bu_openpgp *pgp)
{
    if (pgp == NULL)
        return;
    bu_certificates_clear(&pgp->certificates);
    bu_buf_clear(&pgp->packets);
    free(pgp);
}

size_t bu_openpgp_certificate_count(const bu_openpgp *pgp)
{
    return pgp->certificates.count;
}

const char *bu_openpgp_fingerprint(const bu_openpgp *pgp, size_t index)
{
    return bu_certificate_primary(&pgp->certificates, index)->hex;
}

void bu_openpgp_packets(const bu_openpgp *pgp, size_t index, bu_buf *out)
{
    bu_certificate_whole(&pgp->certificates, index, out);
}

bulla_status bu_openpgp_new(bulla_bytes certificates, bu_openpgp **out, bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = calloc(1, sizeof *pgp);
    if (pgp == NULL)
        return bu_no_memory(err);
    if (certificates.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu bytes of certificates", certificates.len);
    BU_TRY(bu_armor_dearmor_all(certificates, LABEL_CERTIFICATES, &pgp->packets, err));
    BU_TRY(bu_certificates_read(bu_buf_bytes(&pgp->packets), &pgp->certificates, err));
    *out = BU_STEAL(pgp);
    return BU_OK;
}

/* One signature: what it says, and whose it says it is. */
typedef struct claim {
    bu_pgp_signature signature;
    const bu_pgp_key *key; /* NULL: none that was given */
    bulla_code verdict;    /* of what can be judged without the message */
    bulla_error why;
} claim;

typedef struct claims {
    const bu_certificates *certificates;
    int64_t now;
    claim *items;
    size_t count;
    bu_buf packets; /* of those with a good verdict, in order */
} claims;

static void claims_clear(claims *all)
{
    bu_buf_clear(&all->packets);
}
BU_DEFINE_CLEAR(claims)

/* What was signed, by which kind of key, over which hash. */
static bulla_status judge_kind(const bu_pgp_signature *s, bulla_error *err)
{
    if (s->type != BU_PGP_BINARY && s->type != BU_PGP_TEXT)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "a signature of the kind 0x%02x, not over data",
                       s->type);
    if (s->hash == NULL || s->is_weak)
        return bu_fail(err, BULLA_E_WEAK_HASH, "signed over %s",
                       s->hash == NULL ? "a hash that is not known" : s->hash);
    if (s->algorithm == NULL)
        return bu_fail(err, BULLA_E_WEAK_KEY, "signed with an algorithm that is weak or not known");
    if (s->has_loose || s->embedded.len > 0)
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "a signature with more than it needs beside it");
    return BU_OK;
}

static bulla_status judge_time(const claims *all, const claim *c, bulla_error *err)
{
    const bu_pgp_signature *s = &c->signature;
    if (s->created > all->now + BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "made in the future");
    if (s->created < c->key->packet.created)
        return bu_fail(err, BULLA_E_BAD_TIME, "made before its key");
    if (s->lasts != 0 && (int64_t)s->created + s->lasts < all->now)
        return bu_fail(err, BULLA_E_EXPIRED, "the signature has expired");
    return BU_OK;
}

static const bu_public_key_packet *primary_of(const claims *all, const claim *c)
{
    return bu_certificate_primary(all->certificates, c->key->certificate);
}

static bulla_status unknown_key(const bu_pgp_signature *s, bulla_error *err)
{
    BU_CLEAR(bu_buf) hex = { 0 };
    bulla_bytes id = s->fingerprint.len > 0 ? s->fingerprint : s->keyid;
    for (size_t i = 0; i < id.len; i++)
        bu_buf_add_format(&hex, "%02X", id.ptr[i]);
    bulla_status status = bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by a key that is not given");
    return bu_expected(err, status, (bulla_bytes){ 0 }, bu_buf_bytes(&hex));
}

static bulla_status judge_claim(const claims *all, claim *c, bulla_bytes body, bulla_error *err)
{
    BU_TRY(bu_pgp_signature_read(body, &c->signature, err));
    c->key = bu_certificates_find(all->certificates, &c->signature);
    if (c->key == NULL)
        return unknown_key(&c->signature, err);
    BU_TRY(judge_kind(&c->signature, err));
    const char *weakness =
        c->key->packet.weakness != NULL ? c->key->packet.weakness : primary_of(all, c)->weakness;
    if (weakness != NULL)
        return bu_fail(err, BULLA_E_WEAK_KEY, "signed by a key of %s", weakness);
    return judge_time(all, c, err);
}

static bulla_status read_claims(bulla_bytes packets, bu_arena *arena, claims *out, bulla_error *err)
{
    BU_TRY(bu_packets_only(packets, TAGS_SIGNATURE, &out->count, err));
    if (out->count > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu signatures are over the limit of %u",
                       out->count, BU_LIMIT_SIGNATURES);
    if (out->now < 0 || out->now > (int64_t)UINT32_MAX - BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "a time that OpenPGP cannot write");
    out->items = bu_arena_get_array(arena, out->count, sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < out->count; i++) {
        bu_packet packet;
        claim *c = &out->items[i];
        BU_TRY(bu_packet_read(packets, &packet, err));
        c->verdict = judge_claim(out, c, packet.body, &c->why).code;
        if (c->verdict == BULLA_OK)
            bu_buf_add(&out->packets, packet.whole);
        packets = bu_bytes_from(packets, packet.whole.len);
    }
    return out->packets.broken ? bu_no_memory(err) : BU_OK;
}

/* Certificates in librnp, as they were at one time. */
typedef struct view {
    rnp_ffi_t ffi;
    int64_t time;
} view;

static void view_clear(view *v)
{
    if (v->ffi != NULL)
        (void)bu_rnp.rnp_ffi_destroy(v->ffi);
}
BU_DEFINE_CLEAR(view)

static bulla_status view_open(int64_t time, view *out, bulla_error *err)
{
    *out = (view){ .time = time };
    if (bu_rnp.rnp_ffi_create(&out->ffi, "GPG", "GPG") != RNP_SUCCESS ||
        bu_rnp.rnp_set_timestamp(out->ffi, (uint64_t)time + BU_CLOCK_SKEW_SECONDS) != RNP_SUCCESS)
        return bu_no_memory(err);
    return BU_OK;
}

static bulla_status view_add(view *v, const bu_certificates *certificates, size_t index,
                             bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    RNP_AUTO(input) input = NULL;
    bu_certificate_at(certificates, index, v->time, &packets);
    if (packets.broken ||
        bu_rnp.rnp_input_from_memory(&input, packets.ptr, packets.len, false) != RNP_SUCCESS)
        return bu_no_memory(err);
    if (bu_rnp.rnp_load_keys(v->ffi, "GPG", input, RNP_LOAD_SAVE_PUBLIC_KEYS) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_BAD_KEY, "the certificate %s is not one that librnp can read",
                       bu_certificate_primary(certificates, index)->hex);
    return BU_OK;
}

/* A primary key or subkey as it stood at the time of a view. */
static bulla_status judge_standing(const view *v, const char *hex, bool signs, bulla_error *err)
{
    bool may_sign = false;
    bool is_revoked = true;
    uint64_t until = 0;
    RNP_AUTO(key_handle) key = NULL;
    if (bu_rnp.rnp_locate_key(v->ffi, "fingerprint", hex, &key) != RNP_SUCCESS || key == NULL ||
        bu_rnp.rnp_key_is_revoked(key, &is_revoked) != RNP_SUCCESS ||
        bu_rnp.rnp_key_valid_till64(key, &until) != RNP_SUCCESS ||
        bu_rnp.rnp_key_allows_usage(key, "sign", &may_sign) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "by a key that no certificate binds");
    if (is_revoked)
        return bu_fail(err, BULLA_E_REVOKED, "by a key that was revoked");
    if (until == 0)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "by a key that no certificate binds");
    if (until < (uint64_t)v->time)
        return bu_fail(err, BULLA_E_EXPIRED, "by a key that had expired");
    if (signs && !may_sign)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "by a key that is not for signing");
    return BU_OK;
}

static bulla_status judge_signer(const view *v, const claims *all, const claim *c,
                                 const char *moment, bulla_error *err)
{
    const char *primary = primary_of(all, c)->hex;
    bulla_status status = judge_standing(v, primary, false, err);
    if (bulla_ok(status))
        status = judge_standing(v, c->key->packet.hex, true, err);
    return bu_within(err, status, "%s", moment);
}

/* The certificate as it was when it signed: what it says now was not said then. */
static bulla_status judge_then(const claims *all, const claim *c, bulla_error *err)
{
    BU_CLEAR(view) then = { 0 };
    BU_TRY(view_open(c->signature.created, &then, err));
    BU_TRY(view_add(&then, all->certificates, c->key->certificate, err));
    return judge_signer(&then, all, c, "when it was signed", err);
}

static bulla_status judge_known(const claims *all, const claim *c, const view *present,
                                rnp_op_verify_t op, size_t index, bulla_error *err)
{
    rnp_op_verify_signature_t signature = NULL; /* borrowed from `op` */
    BU_TRY(judge_signer(present, all, c, "as of now", err));
    BU_TRY(judge_then(all, c, err));
    if (bu_rnp.rnp_op_verify_get_signature_at(op, index, &signature) != RNP_SUCCESS ||
        bu_rnp.rnp_op_verify_signature_get_status(signature) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature by %s does not verify",
                       primary_of(all, c)->hex);
    return BU_OK;
}

/* The certificates that are said to have signed, once each. */
static bulla_status view_now(const claims *all, view *out, bulla_error *err)
{
    BU_TRY(view_open(all->now, out, err));
    for (size_t i = 0; i < all->count; i++) {
        const claim *c = &all->items[i];
        bool is_new = c->verdict == BULLA_OK;
        for (size_t j = 0; j < i && is_new; j++)
            is_new = all->items[j].verdict != BULLA_OK ||
                     all->items[j].key->certificate != c->key->certificate;
        if (is_new)
            BU_TRY(view_add(out, all->certificates, c->key->certificate, err));
    }
    return BU_OK;
}

/* librnp asks for the message piece by piece. */
typedef struct feed {
    bu_source *message;
    bulla_status status;
    bulla_error *err;
} feed;

static bool feed_read(void *context, void *buf, size_t len, size_t *read)
{
    feed *f = context;
    *read = 0;
    if (len > 0)
        f->status = bu_source_read(f->message, buf, len, read, f->err);
    return bulla_ok(f->status);
}

/* Give each claim that is still good its last verdict. */
static bulla_status judge_all(claims *all, bu_source *message, bulla_error *err)
{
    RNP_HUSH;
    feed f = { .message = message, .err = err };
    size_t seen = 0;
    size_t index = 0;
    BU_CLEAR(view) present = { 0 };
    RNP_AUTO(input) data = NULL;
    RNP_AUTO(input) signatures = NULL;
    RNP_AUTO(op_verify) op = NULL;
    BU_TRY(view_now(all, &present, err));
    if (bu_rnp.rnp_input_from_callback(&data, feed_read, NULL, &f) != RNP_SUCCESS ||
        bu_rnp.rnp_input_from_memory(&signatures, all->packets.ptr, all->packets.len, false) !=
            RNP_SUCCESS ||
        bu_rnp.rnp_op_verify_detached_create(&op, present.ffi, data, signatures) != RNP_SUCCESS)
        return bu_no_memory(err);
    (void)bu_rnp.rnp_op_verify_execute(op); /* what it thinks of each is asked for below */
    BU_TRY(f.status);
    if (bu_rnp.rnp_op_verify_get_signature_count(op, &seen) != RNP_SUCCESS)
        seen = 0;
    for (size_t i = 0; i < all->count; i++) {
        claim *c = &all->items[i];
        if (c->verdict == BULLA_OK)
            c->verdict = judge_known(all, c, &present, op, index++, &c->why).code;
    }
    return seen >= index ? BU_OK
                         : bu_fail(err, BULLA_E_BAD_SIGNATURE,
                                   "%zu signatures, of which librnp sees %zu", index, seen);
}

/* The better of two refusals to tell: a wrong signature says most, an unknown key least. */
static int weight(bulla_code code)
{
    if (code == BULLA_E_BAD_SIGNATURE)
        return 3;
    if (code == BULLA_OK)
        return 0;
    return code == BULLA_E_UNTRUSTED_KEY ? 1 : 2;
}

static void add_signer(bu_openpgp_result *result, const char *fingerprint, int64_t made)
{
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->signers[i].fingerprint, fingerprint) == 0)
            return;
    bu_openpgp_signer *signer = &result->signers[result->count++];
    signer->made = made;
    memcpy(signer->fingerprint, fingerprint, sizeof signer->fingerprint);
}

/* Good is what at least one given certificate signed well, and none signed badly. */
static bulla_status conclude(const claims *all, bu_arena *arena, bu_openpgp_result *out,
                             bulla_error *err)
{
    const claim *worst = &all->items[0];
    bu_openpgp_result result = { .signers = bu_arena_get_array(arena, all->count,
                                                               sizeof *result.signers) };
    if (result.signers == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < all->count; i++) {
        const claim *c = &all->items[i];
        if (c->verdict == BULLA_OK)
            add_signer(&result, primary_of(all, c)->hex, c->signature.created);
        if (c->verdict == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
        if (weight(c->verdict) > weight(worst->verdict))
            worst = c;
    }
    if (result.count > 0 && worst->verdict != BULLA_E_BAD_SIGNATURE) {
        *out = result;
        return BU_OK;
    }
    if (err != NULL)
        *err = worst->why;
    return (bulla_status){ worst->verdict };
}

static bulla_status verify(const bu_openpgp *pgp, bu_source *message, bulla_bytes packets,
                           int64_t now, bu_arena *arena, bu_openpgp_result *out, bulla_error *err)
{
    BU_CLEAR(claims) all = { .certificates = &pgp->certificates, .now = now };
    BU_TRY(read_claims(packets, arena, &all, err));
    if (all.packets.len > 0) {
        BU_TRY(bu_rnp_open(err));
        BU_TRY(judge_all(&all, message, err));
    }
    return conclude(&all, arena, out, err);
}

bulla_status bu_openpgp_signature_packets(bulla_bytes signature, bu_buf *out, bulla_error *err)
{
    if (signature.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a signature of %zu bytes", signature.len);
    return bu_armor_dearmor(signature, LABEL_SIGNATURE, out, err);
}

bulla_status bu_openpgp_verify_detached(const bu_openpgp *pgp, bu_source *message,
                                        bulla_bytes signature, int64_t now, bu_arena *arena,
                                        bu_openpgp_result *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    BU_TRY(bu_openpgp_signature_packets(signature, &packets, err));
    return verify(pgp, message, bu_buf_bytes(&packets), now, arena, out, err);
}

/* RFC 9580, 7.2: lines end with CR LF when they are hashed, and the last line end is not. */
static bulla_status as_hashed(bulla_bytes text, bu_buf *out, bulla_error *err)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] == '\n')
            bu_buf_add_byte(out, '\r');
        bu_buf_add_byte(out, text.ptr[i]);
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_openpgp_open_clearsigned(const bu_openpgp *pgp, bulla_bytes message, int64_t now,
                                         bu_arena *arena, bulla_bytes *text, bu_openpgp_result *out,
                                         bulla_error *err)
{
    BU_CLEAR(bu_clearsigned) frame = { 0 };
    BU_CLEAR(bu_buf) hashed = { 0 };
    bu_openpgp_result result;
    BU_TRY(bu_clearsigned_read(message, &frame, err));
    BU_TRY(as_hashed(bu_buf_bytes(&frame.text), &hashed, err));
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&hashed));
    BU_TRY(verify(pgp, &source.base, bu_buf_bytes(&frame.packets), now, arena, &result, err));
    *text = bu_arena_copy(arena, bu_buf_bytes(&frame.text));
    if (frame.text.len > 0 && text->ptr == NULL)
        return bu_no_memory(err);
    *out = result;
    return BU_OK;
}
