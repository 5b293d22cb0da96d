/* SPDX-License-Identifier: MIT */
/*
 * What an entry of Rekor says (pkg/types of Rekor version 1, rekor/v2 protos of rekor-tiles): the
 * artifact's digest, the signature, and the certificate or key. Client specification, section 4.4:
 * each must be what is being verified (CVE-2022-36056, CVE-2022-23649). Kinds that do not log the
 * signature are refused.
 */
#include "trust/rekor.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "digest/hasher.h"
#include "signature/pem.h"
#include "trust/proto_json.h"

typedef struct reading {
    bu_proto p;
    const bu_logged *about;
} reading;

static bulla_status mismatch(const reading *r, const char *what)
{
    return bu_fail(r->p.err, BULLA_E_LOG_MISMATCH, "the log entry is about another %s", what);
}

/* An object inside another that must be there. */
static bulla_status enter(const reading *r, const bu_json *object, const char *key,
                          const bu_json **out)
{
    return bu_json_need_object(object, key, "log entry", out, r->p.err);
}

static bulla_status same_signature(const reading *r, bulla_bytes signature)
{
    return bu_bytes_equal(signature, r->about->signature) ? BU_OK : mismatch(r, "signature");
}

/* Certificates and keys: DER in version 2, PEM in version 1. */

static bulla_status same_certificate(const reading *r, bulla_bytes der)
{
    return der.len > 0 && bu_bytes_equal(der, r->about->certificate) ? BU_OK
                                                                     : mismatch(r, "certificate");
}

static bulla_status same_key(const reading *r, bulla_bytes spki)
{
    bool is_same = r->about->certificate.len == 0 && r->about->key != NULL &&
                   bu_bytes_equal(spki, bu_key_spki(r->about->key));
    return is_same ? BU_OK : mismatch(r, "key");
}

static bulla_status same_pem(const reading *r, bulla_bytes pem)
{
    bool by_certificate = r->about->certificate.len > 0;
    BU_CLEAR(bu_buf) der = { 0 };
    bulla_status status =
        bu_pem_decode(pem, by_certificate ? "CERTIFICATE" : "PUBLIC KEY", &der, r->p.err);
    if (status.code == BULLA_E_FORMAT_MISMATCH)
        return mismatch(r, by_certificate ? "certificate" : "key");
    BU_TRY(bu_within(r->p.err, status, "log entry"));
    return by_certificate ? same_certificate(r, bu_buf_bytes(&der))
                          : same_key(r, bu_buf_bytes(&der));
}

static bulla_status same_verifier(const reading *r, const bu_json *object)
{
    const bu_json *verifier, *holder;
    bulla_bytes der;
    bool by_certificate = r->about->certificate.len > 0;
    BU_TRY(enter(r, object, "verifier", &verifier));
    holder = bu_json_get(verifier, by_certificate ? "x509Certificate" : "publicKey");
    if (!bu_json_is_object(holder))
        return mismatch(r, by_certificate ? "certificate" : "key");
    BU_TRY(bu_proto_bytes(&r->p, holder, "rawBytes", &der));
    return by_certificate ? same_certificate(r, der) : same_key(r, der);
}

/* What is signed */

static bulla_status digest_of_signed(const reading *r, bulla_alg alg, bulla_digest *out)
{
    if (r->about->envelope != NULL)
        return bu_digest_of(alg, r->about->envelope->pae, out, r->p.err);
    return bu_message_digest(r->about->message, alg, out, r->p.err);
}

static bulla_status same_artifact(const reading *r, const bulla_digest *logged)
{
    bulla_digest digest;
    BU_TRY(digest_of_signed(r, logged->alg, &digest));
    return bulla_digest_equal(&digest, logged) ? BU_OK : mismatch(r, "artifact");
}

static bulla_status same_payload(const reading *r, const bulla_digest *logged)
{
    bulla_digest digest;
    BU_TRY(bu_digest_of(logged->alg, r->about->envelope->payload, &digest, r->p.err));
    return bulla_digest_equal(&digest, logged) ? BU_OK : mismatch(r, "payload");
}

/* {"algorithm": "sha256", "value": hex} */
static bulla_status read_hash(const reading *r, const bu_json *object, bulla_digest *out)
{
    bulla_bytes name, hex;
    BU_TRY(bu_json_need_text(object, "algorithm", "log entry", &name, r->p.err));
    BU_TRY(bu_json_need_text(object, "value", "log entry", &hex, r->p.err));
    bulla_alg alg = bu_alg_of(name);
    if (!bulla_alg_is_strong(alg))
        return bu_expected(r->p.err, bu_fail(r->p.err, BULLA_E_WEAK_HASH, "log entry"),
                           BULLA_LIT("sha256, sha384 or sha512"), name);
    return bu_digest_from_hex(alg, hex, out, r->p.err);
}

/* Of a list, the one item: a bundle's envelope has one signature. */
static bulla_status only_item(const reading *r, const bu_json *object, const char *key,
                              const bu_json **out)
{
    const bu_json *list;
    BU_TRY(bu_json_need_array(object, key, "log entry", &list, r->p.err));
    if (bu_json_count(list) != 1)
        return mismatch(r, "number of signatures");
    *out = bu_json_at(list, 0);
    return BU_OK;
}

/* The kinds */

static bulla_status hashedrekord_1(const reading *r, const bu_json *spec)
{
    const bu_json *data, *hash, *signature, *key;
    bulla_digest digest;
    bulla_bytes bytes;
    BU_TRY(enter(r, spec, "data", &data));
    BU_TRY(enter(r, data, "hash", &hash));
    BU_TRY(read_hash(r, hash, &digest));
    BU_TRY(same_artifact(r, &digest));
    BU_TRY(enter(r, spec, "signature", &signature));
    BU_TRY(bu_proto_bytes(&r->p, signature, "content", &bytes));
    BU_TRY(same_signature(r, bytes));
    BU_TRY(enter(r, signature, "publicKey", &key));
    BU_TRY(bu_proto_bytes(&r->p, key, "content", &bytes));
    return same_pem(r, bytes);
}

/* rekor.v2.Signature */
static bulla_status same_signature_2(const reading *r, const bu_json *signature)
{
    bulla_bytes bytes;
    BU_TRY(bu_proto_bytes(&r->p, signature, "content", &bytes));
    BU_TRY(same_signature(r, bytes));
    return same_verifier(r, signature);
}

static bulla_status hashedrekord_2(const reading *r, const bu_json *spec)
{
    const bu_json *entry, *data, *signature;
    bulla_digest digest;
    BU_TRY(enter(r, spec, "hashedRekordV002", &entry));
    BU_TRY(enter(r, entry, "data", &data));
    BU_TRY(bu_proto_digest(&r->p, data, &digest));
    BU_TRY(same_artifact(r, &digest));
    BU_TRY(enter(r, entry, "signature", &signature));
    return same_signature_2(r, signature);
}

static bulla_status dsse_1(const reading *r, const bu_json *spec)
{
    const bu_json *hash, *signature;
    bulla_digest digest;
    bulla_bytes bytes;
    BU_TRY(enter(r, spec, "payloadHash", &hash));
    BU_TRY(read_hash(r, hash, &digest));
    BU_TRY(same_payload(r, &digest));
    BU_TRY(only_item(r, spec, "signatures", &signature));
    BU_TRY(bu_proto_bytes(&r->p, signature, "signature", &bytes));
    BU_TRY(same_signature(r, bytes));
    BU_TRY(bu_proto_bytes(&r->p, signature, "verifier", &bytes));
    return same_pem(r, bytes);
}

static bulla_status dsse_2(const reading *r, const bu_json *spec)
{
    const bu_json *entry, *hash, *signature;
    bulla_digest digest;
    BU_TRY(enter(r, spec, "dsseV002", &entry));
    BU_TRY(enter(r, entry, "payloadHash", &hash));
    BU_TRY(bu_proto_digest(&r->p, hash, &digest));
    BU_TRY(same_payload(r, &digest));
    BU_TRY(only_item(r, entry, "signatures", &signature));
    return same_signature_2(r, signature);
}

/* The envelope of this kind was encoded once more: base64 of base64. */
static bulla_status read_twice(const reading *r, const bu_json *object, const char *key,
                               bulla_bytes *out)
{
    bulla_bytes once;
    BU_CLEAR(bu_buf) twice = { 0 };
    BU_TRY(bu_proto_bytes(&r->p, object, key, &once));
    bulla_status status = bu_base64_decode(once, BU_BASE64_EITHER, &twice, r->p.err);
    if (!bulla_ok(status))
        return bu_at_offset(r->p.err, bu_within(r->p.err, status, "%s", key), BU_OFFSET_NONE);
    *out = bu_arena_copy(r->p.arena, bu_buf_bytes(&twice));
    return twice.len > 0 && out->ptr == NULL ? bu_no_memory(r->p.err) : BU_OK;
}

static bulla_status intoto_2(const reading *r, const bu_json *spec)
{
    const bu_json *content, *envelope, *hash, *signature;
    bulla_digest digest;
    bulla_bytes bytes;
    BU_TRY(enter(r, spec, "content", &content));
    BU_TRY(enter(r, content, "payloadHash", &hash));
    BU_TRY(read_hash(r, hash, &digest));
    BU_TRY(same_payload(r, &digest));
    BU_TRY(enter(r, content, "envelope", &envelope));
    BU_TRY(bu_proto_text(&r->p, envelope, "payloadType", &bytes));
    if (!bu_bytes_equal(bytes, r->about->envelope->payload_type))
        return mismatch(r, "payload type");
    BU_TRY(only_item(r, envelope, "signatures", &signature));
    BU_TRY(read_twice(r, signature, "sig", &bytes));
    BU_TRY(same_signature(r, bytes));
    BU_TRY(bu_proto_bytes(&r->p, signature, "publicKey", &bytes));
    return same_pem(r, bytes);
}

static const struct kind {
    const char *kind, *version;
    bool needs_envelope;
    bulla_status (*check)(const reading *r, const bu_json *spec);
} kinds[] = {
    { "hashedrekord", "0.0.1", false, hashedrekord_1 },
    { "hashedrekord", "0.0.2", false, hashedrekord_2 },
    { "dsse", "0.0.1", true, dsse_1 },
    { "dsse", "0.0.2", true, dsse_2 },
    { "intoto", "0.0.2", true, intoto_2 },
};

static const struct kind *find_kind(bulla_bytes kind, bulla_bytes version)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (bu_bytes_is(kind, kinds[i].kind) && bu_bytes_is(version, kinds[i].version))
            return &kinds[i];
    return NULL;
}

static bulla_status judge(const reading *r, const bu_log_entry *entry, const bu_json *body)
{
    bulla_bytes kind, version;
    const bu_json *spec;
    BU_TRY(bu_json_need_text(body, "kind", "log entry", &kind, r->p.err));
    BU_TRY(bu_json_need_text(body, "apiVersion", "log entry", &version, r->p.err));
    if (!bu_bytes_equal(kind, entry->kind) || !bu_bytes_equal(version, entry->version))
        return mismatch(r, "kind");
    const struct kind *row = find_kind(kind, version);
    if (row == NULL)
        return bu_expected(
            r->p.err,
            bu_fail(r->p.err, BULLA_E_UNSUPPORTED_VERSION, "a kind of log entry that is not known"),
            (bulla_bytes){ 0 }, kind);
    if (row->needs_envelope && r->about->envelope == NULL)
        return mismatch(r, "kind of content");
    BU_TRY(enter(r, body, "spec", &spec));
    return row->check(r, spec);
}

bulla_status bu_rekor_is_about(const bu_log_entry *entry, const bu_logged *about, bu_arena *arena,
                               bulla_error *err)
{
    BU_AUTO(bu_json) body = NULL;
    const reading r = { { arena, err }, about };
    BU_TRY(bu_json_parse(entry->body, "log entry", &body, err));
    if (!bu_json_is_object(body))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "the log entry is not an object");
    return bu_in_file(err, judge(&r, entry, body), "log entry");
}
