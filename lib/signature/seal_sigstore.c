/* SPDX-License-Identifier: MIT */
/*
 * Sigstore bundles, version 0.3 (protobuf-specs sigstore_bundle.proto as JSON),
 * with a managed key: no certificate and no log entry, at most a time stamp.
 * The hint is the base64 of the SHA-256 of the key's SubjectPublicKeyInfo, as
 * Sigstore's own clients write it.
 */
#include "base/encode.h"
#include "digest/hasher.h"
#include "signature/dsse.h"
#include "signature/seal.h"
#include "syntax/json.h"

#define MEDIA_TYPE "application/vnd.dev.sigstore.bundle.v0.3+json"

/* What the clients take for a managed key: SHA-256 whatever the curve, and PKCS#1 v1.5. */
static const bu_algorithm *algorithm_of(const bu_secret_key *key)
{
    static const char *const names[] = {
        [BULLA_KEY_ED25519] = "ed25519",
        [BULLA_KEY_ECDSA_P256] = "ecdsa-p256-sha256",
        [BULLA_KEY_ECDSA_P384] = "ecdsa-p384-sha256",
        [BULLA_KEY_ECDSA_P521] = "ecdsa-p521-sha256",
        [BULLA_KEY_RSA] = "rsa-pkcs1-sha256",
    };
    bulla_key_kind kind = bu_key_kind(bu_secret_key_public(key));
    return bu_algorithm_by_name((bulla_bytes){ (const uint8_t *)names[kind], strlen(names[kind]) });
}

/* Fields are set in a straight line; the first failure stays. */
typedef struct writer {
    bulla_status status;
    bulla_error *err;
} writer;

static void put(writer *w, bu_json *object, const char *name, bu_json *value)
{
    if (!bulla_ok(w->status))
        bu_json_free(value);
    else
        w->status = bu_json_set(object, name, value, w->err);
}

static bu_json *base64_of(bulla_bytes bytes)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_base64_encode(bytes, &text);
    return text.broken ? NULL : bu_json_string(bu_buf_bytes(&text));
}

static bu_json *text_of(const char *text)
{
    return bu_json_string((bulla_bytes){ (const uint8_t *)text, strlen(text) });
}

/* {"rfc3161Timestamps": [{"signedTimestamp": …}]} */
static bu_json *stamps_of(writer *w, bulla_bytes stamp)
{
    BU_AUTO(bu_json) one = bu_json_object();
    BU_AUTO(bu_json) list = bu_json_array();
    BU_AUTO(bu_json) data = bu_json_object();
    put(w, one, "signedTimestamp", base64_of(stamp));
    if (bulla_ok(w->status))
        w->status = bu_json_append(list, BU_STEAL(one), w->err);
    put(w, data, "rfc3161Timestamps", BU_STEAL(list));
    return BU_STEAL(data);
}

/* Who signed and when: the key's hint, no log entry, the time stamp that was wanted. */
static bu_json *material_of(writer *w, const bu_sealing *what, bulla_bytes signature)
{
    bulla_digest digest = { 0 };
    BU_CLEAR(bu_buf) stamp = { 0 };
    BU_AUTO(bu_json) key = bu_json_object();
    BU_AUTO(bu_json) material = bu_json_object();
    w->status = bu_digest_of(BULLA_ALG_SHA256, bu_key_spki(bu_secret_key_public(what->key)),
                             &digest, w->err);
    put(w, key, "hint", base64_of((bulla_bytes){ digest.bytes, digest.len }));
    put(w, material, "publicKey", BU_STEAL(key));
    put(w, material, "tlogEntries", bu_json_array());
    if (what->stamp != NULL && bulla_ok(w->status)) {
        w->status = what->stamp(what->context, signature, &stamp, w->err);
        put(w, material, "timestampVerificationData", stamps_of(w, bu_buf_bytes(&stamp)));
    }
    return BU_STEAL(material);
}

/* The whole file; `content` is taken over. */
static bulla_status write_bundle(const bu_sealing *what, bulla_bytes signature, const char *field,
                                 bu_json *content, bu_buf *out, bulla_error *err)
{
    writer w = { BU_OK, err };
    BU_AUTO(bu_json) bundle = bu_json_object();
    BU_AUTO(bu_json) inside = content;
    BU_AUTO(bu_json) material = material_of(&w, what, signature);
    put(&w, bundle, "mediaType", text_of(MEDIA_TYPE));
    put(&w, bundle, "verificationMaterial", BU_STEAL(material));
    put(&w, bundle, field, BU_STEAL(inside));
    BU_TRY(w.status);
    BU_TRY(bu_json_write(bundle, BU_JSON_COMPACT, out, err));
    bu_buf_add_byte(out, '\n');
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* The SHA-256 that the bundle names, and the signature: over it, or (Ed25519) over the file. */
static bulla_status sign_message(const bu_sealing *what, bulla_digest *digest, bu_buf *signature,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) message = { 0 };
    const bu_algorithm *algorithm = algorithm_of(what->key);
    if (bu_algorithm_digest(algorithm) != BULLA_ALG_NONE) {
        BU_TRY(what->digest(what->context, BULLA_ALG_SHA256, digest, err));
        return bu_sign_digest(what->key, algorithm, digest, signature, err);
    }
    BU_TRY(what->read(what->context, &message, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&message), digest, err));
    return bu_sign(what->key, algorithm, bu_buf_bytes(&message), signature, err);
}

static bulla_status make(const bu_sealing *what, bu_buf *out, bulla_error *err)
{
    bulla_digest digest;
    writer w = { BU_OK, err };
    BU_CLEAR(bu_buf) signature = { 0 };
    BU_AUTO(bu_json) named = bu_json_object();
    BU_AUTO(bu_json) content = bu_json_object();
    BU_TRY(sign_message(what, &digest, &signature, err));
    put(&w, named, "algorithm", text_of("SHA2_256"));
    put(&w, named, "digest", base64_of((bulla_bytes){ digest.bytes, digest.len }));
    put(&w, content, "messageDigest", BU_STEAL(named));
    put(&w, content, "signature", base64_of(bu_buf_bytes(&signature)));
    BU_TRY(w.status);
    return write_bundle(what, bu_buf_bytes(&signature), "messageSignature", BU_STEAL(content), out,
                        err);
}

bulla_status bu_sigstore_envelope(const bu_sealing *what, bulla_bytes payload_type,
                                  bulla_bytes payload, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) pae = { 0 };
    BU_CLEAR(bu_buf) bytes = { 0 };
    BU_AUTO(bu_json) content = NULL;
    bu_dsse_pae(payload_type, payload, &pae);
    if (pae.broken)
        return bu_no_memory(err);
    BU_TRY(bu_sign(what->key, algorithm_of(what->key), bu_buf_bytes(&pae), &bytes, err));
    bu_dsse_signature signature = { .sig = bu_buf_bytes(&bytes) };
    const bu_dsse envelope = {
        .payload = payload, .payload_type = payload_type, .signatures = &signature, .count = 1
    };
    BU_TRY(bu_dsse_to_json(&envelope, &content, err));
    return write_bundle(what, signature.sig, "dsseEnvelope", BU_STEAL(content), out, err);
}

const bu_seal bu_seal_sigstore = {
    .id = "sigstore",
    .ending = ".sigstore.json",
    .takes_stamp = true,
    .make = make,
};
