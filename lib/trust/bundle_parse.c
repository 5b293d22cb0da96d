/* SPDX-License-Identifier: MIT */
/*
 * Sigstore bundles as data (protobuf-specs sigstore_bundle.proto, sigstore_rekor.proto). Refuses
 * media types that it does not know, two kinds of content or of key material, a certificate in the
 * form of another version, and entries without the proof that their version must carry.
 */
#include "trust/bundle.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "trust/proto_json.h"

#define FIELDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct media_type {
    const char *text;
    unsigned minor;
} media_types[] = {
    { "application/vnd.dev.sigstore.bundle+json;version=0.1", 1 },
    { "application/vnd.dev.sigstore.bundle+json;version=0.2", 2 },
    { "application/vnd.dev.sigstore.bundle+json;version=0.3", 3 },
    { "application/vnd.dev.sigstore.bundle.v0.1+json", 1 },
    { "application/vnd.dev.sigstore.bundle.v0.2+json", 2 },
    { "application/vnd.dev.sigstore.bundle.v0.3+json", 3 },
};

static bulla_status read_media_type(const bu_proto *p, const bu_json *json, bu_bundle *out)
{
    bulla_bytes text;
    BU_TRY(bu_proto_text(p, json, "mediaType", &text));
    for (size_t i = 0; i < sizeof media_types / sizeof media_types[0]; i++)
        if (bu_bytes_is(text, media_types[i].text)) {
            out->minor = media_types[i].minor;
            return BU_OK;
        }
    return bu_expected(p->err,
                       bu_fail(p->err, BULLA_E_BAD_TYPE, "no media type of a bundle that is known"),
                       BULLA_LIT("application/vnd.dev.sigstore.bundle.v0.3+json"), text);
}

/* Key material */

static bulla_status read_certificates(const bu_proto *p, const bu_json *chain, const bu_json *one,
                                      bu_bundle *out)
{
    if (chain != NULL)
        BU_TRY(bu_proto_bytes_list(p, chain, "certificates", BU_LIMIT_CERTIFICATES,
                                   FIELDS("rawBytes"), &out->certificates,
                                   &out->certificate_count));
    if (one != NULL) {
        out->certificates = bu_arena_get(p->arena, sizeof *out->certificates);
        if (out->certificates == NULL)
            return bu_no_memory(p->err);
        BU_TRY(bu_proto_bytes(p, one, "rawBytes", out->certificates));
        out->certificate_count = out->certificates->len > 0;
    }
    return bu_proto_need(p, out->certificate_count > 0, "certificate");
}

/* sigstore_bundle.proto: a bundle of 0.3 has one certificate, those before it a chain. */
static bulla_status read_key_material(const bu_proto *p, const bu_json *material, bu_bundle *out)
{
    const bu_json *key, *chain, *one;
    BU_TRY(bu_proto_message(p, material, "publicKey", FIELDS("hint"), &key));
    BU_TRY(bu_proto_message(p, material, "x509CertificateChain", FIELDS("certificates"), &chain));
    BU_TRY(bu_proto_message(p, material, "certificate", FIELDS("rawBytes"), &one));
    if ((key != NULL) + (chain != NULL) + (one != NULL) > 1)
        return bu_fail(p->err, BULLA_E_AMBIGUOUS_BUNDLE, "two kinds of key material");
    if (key != NULL)
        return bu_proto_text(p, key, "hint", &out->key_hint);
    BU_TRY(bu_proto_need(p, chain != NULL || one != NULL, "publicKey or certificate"));
    if ((one != NULL) != (out->minor >= 3))
        return bu_fail(p->err, BULLA_E_FORMAT_MISMATCH, "the certificate is in the form of %s",
                       one != NULL ? "a newer version" : "an older version");
    return read_certificates(p, chain, one, out);
}

/* Log entries */

static bulla_status read_hashes(const bu_proto *p, const bu_json *proof, bu_log_entry *out)
{
    const bu_json *list;
    BU_TRY(bu_proto_list(p, proof, "hashes", BU_LIMIT_PROOF_HASHES, &list));
    out->hash_count = list == NULL ? 0 : bu_json_count(list);
    out->hashes = bu_arena_get_array(p->arena, out->hash_count, sizeof *out->hashes);
    if (out->hashes == NULL)
        return bu_no_memory(p->err);
    for (size_t i = 0; i < out->hash_count; i++) {
        bulla_bytes hash;
        BU_TRY(bu_proto_item(p, list, i, &hash));
        if (hash.len != BU_MERKLE_BYTES)
            return bu_fail(p->err, BULLA_E_BAD_ENCODING, "a hash of %zu bytes", hash.len);
        memcpy(out->hashes[i].bytes, hash.ptr, BU_MERKLE_BYTES);
    }
    return BU_OK;
}

static bulla_status read_proof(const bu_proto *p, const bu_json *entry, bu_log_entry *out)
{
    const bu_json *proof, *checkpoint;
    BU_TRY(bu_proto_message(p, entry, "inclusionProof",
                            FIELDS("logIndex", "rootHash", "treeSize", "hashes", "checkpoint"),
                            &proof));
    out->has_proof = proof != NULL;
    if (proof == NULL)
        return BU_OK;
    BU_TRY(bu_proto_count(p, proof, "logIndex", &out->proof_index));
    BU_TRY(bu_proto_count(p, proof, "treeSize", &out->tree_size));
    BU_TRY(bu_proto_bytes(p, proof, "rootHash", &out->root));
    BU_TRY(read_hashes(p, proof, out));
    BU_TRY(bu_proto_message(p, proof, "checkpoint", FIELDS("envelope"), &checkpoint));
    return checkpoint == NULL ? BU_OK : bu_proto_text(p, checkpoint, "envelope", &out->checkpoint);
}

static bulla_status read_promise(const bu_proto *p, const bu_json *entry, bu_log_entry *out)
{
    const bu_json *promise;
    uint64_t time;
    BU_TRY(bu_proto_count(p, entry, "integratedTime", &time));
    out->integrated_time = (int64_t)time;
    BU_TRY(
        bu_proto_message(p, entry, "inclusionPromise", FIELDS("signedEntryTimestamp"), &promise));
    return promise == NULL ? BU_OK : bu_proto_bytes(p, promise, "signedEntryTimestamp", &out->set);
}

static bulla_status read_kind(const bu_proto *p, const bu_json *entry, bu_log_entry *out)
{
    const bu_json *id, *kind;
    BU_TRY(bu_proto_message(p, entry, "logId", FIELDS("keyId"), &id));
    BU_TRY(bu_proto_need(p, id != NULL, "logId"));
    BU_TRY(bu_proto_bytes(p, id, "keyId", &out->log_id));
    BU_TRY(bu_proto_message(p, entry, "kindVersion", FIELDS("kind", "version"), &kind));
    BU_TRY(bu_proto_need(p, kind != NULL, "kindVersion"));
    BU_TRY(bu_proto_text(p, kind, "kind", &out->kind));
    return bu_proto_text(p, kind, "version", &out->version);
}

bulla_status bu_log_entry_read(const bu_json *json, bu_arena *arena, bu_log_entry *out,
                               bulla_error *err)
{
    const bu_proto p = { arena, err };
    bu_log_entry entry = { 0 };
    BU_TRY(bu_proto_only(&p, json,
                         FIELDS("logIndex", "logId", "kindVersion", "integratedTime",
                                "inclusionPromise", "inclusionProof", "canonicalizedBody")));
    BU_TRY(bu_proto_count(&p, json, "logIndex", &entry.log_index));
    BU_TRY(read_kind(&p, json, &entry));
    BU_TRY(read_promise(&p, json, &entry));
    BU_TRY(read_proof(&p, json, &entry));
    BU_TRY(bu_proto_bytes(&p, json, "canonicalizedBody", &entry.body));
    BU_TRY(bu_proto_need(&p, entry.body.len > 0, "canonicalizedBody"));
    *out = entry;
    return BU_OK;
}

/* sigstore_bundle.proto: what an entry must carry was raised from a promise (0.1) to a proof. */
static bulla_status need_evidence(const bu_proto *p, const bu_log_entry *entry, unsigned minor)
{
    if (minor == 1)
        return bu_proto_need(p, entry->set.len > 0, "inclusionPromise");
    BU_TRY(bu_proto_need(p, entry->has_proof, "inclusionProof"));
    return bu_proto_need(p, entry->checkpoint.len > 0, "checkpoint");
}

static bulla_status refuse_repeated(const bu_proto *p, const bu_bundle *bundle)
{
    for (size_t i = 1; i < bundle->entry_count; i++)
        for (size_t j = 0; j < i; j++)
            if (bu_bytes_equal(bundle->entries[i].log_id, bundle->entries[j].log_id) &&
                bundle->entries[i].log_index == bundle->entries[j].log_index)
                return bu_fail(p->err, BULLA_E_DUPLICATE_ENTRY, "log entries %zu and %zu are one",
                               j + 1, i + 1);
    for (size_t i = 1; i < bundle->timestamp_count; i++)
        for (size_t j = 0; j < i; j++)
            if (bu_bytes_equal(bundle->timestamps[i], bundle->timestamps[j]))
                return bu_fail(p->err, BULLA_E_DUPLICATE_ENTRY, "time stamps %zu and %zu are one",
                               j + 1, i + 1);
    return BU_OK;
}

static bulla_status read_entries(const bu_proto *p, const bu_json *material, bu_bundle *out)
{
    const bu_json *list;
    BU_TRY(bu_proto_list(p, material, "tlogEntries", BU_LIMIT_LOG_ENTRIES, &list));
    out->entry_count = list == NULL ? 0 : bu_json_count(list);
    out->entries = bu_arena_get_array(p->arena, out->entry_count, sizeof *out->entries);
    if (out->entries == NULL)
        return bu_no_memory(p->err);
    for (size_t i = 0; i < out->entry_count; i++) {
        bu_log_entry *entry = &out->entries[i];
        bulla_status status = bu_log_entry_read(bu_json_at(list, i), p->arena, entry, p->err);
        if (bulla_ok(status))
            status = need_evidence(p, entry, out->minor);
        BU_TRY(bu_within(p->err, status, "log entry %zu", i + 1));
    }
    return BU_OK;
}

static bulla_status read_material(const bu_proto *p, const bu_json *json, bu_bundle *out)
{
    const bu_json *material, *times;
    BU_TRY(bu_proto_message(p, json, "verificationMaterial",
                            FIELDS("publicKey", "x509CertificateChain", "certificate",
                                   "tlogEntries", "timestampVerificationData"),
                            &material));
    BU_TRY(bu_proto_need(p, material != NULL, "verificationMaterial"));
    BU_TRY(read_key_material(p, material, out));
    BU_TRY(read_entries(p, material, out));
    BU_TRY(bu_proto_message(p, material, "timestampVerificationData", FIELDS("rfc3161Timestamps"),
                            &times));
    if (times != NULL)
        BU_TRY(bu_proto_bytes_list(p, times, "rfc3161Timestamps", BU_LIMIT_TIMESTAMPS,
                                   FIELDS("signedTimestamp"), &out->timestamps,
                                   &out->timestamp_count));
    return refuse_repeated(p, out);
}

/* What is signed */

static bulla_status read_digest(const bu_proto *p, const bu_json *message, bulla_digest *out)
{
    const bu_json *hash;
    BU_TRY(bu_proto_message(p, message, "messageDigest", FIELDS("algorithm", "digest"), &hash));
    return hash == NULL ? BU_OK : bu_within(p->err, bu_proto_digest(p, hash, out), "messageDigest");
}

static bulla_status read_content(const bu_proto *p, const bu_json *json, const char *file,
                                 bu_bundle *out)
{
    const bu_json *message;
    const bu_json *envelope = bu_json_get(json, "dsseEnvelope");
    BU_TRY(bu_proto_message(p, json, "messageSignature", FIELDS("messageDigest", "signature"),
                            &message));
    out->is_dsse = !bu_json_is_null(envelope);
    if (out->is_dsse && message != NULL)
        return bu_fail(p->err, BULLA_E_AMBIGUOUS_BUNDLE, "two kinds of content");
    BU_TRY(bu_proto_need(p, out->is_dsse || message != NULL, "messageSignature or dsseEnvelope"));
    if (!out->is_dsse) {
        BU_TRY(read_digest(p, message, &out->digest));
        BU_TRY(bu_proto_bytes(p, message, "signature", &out->signature));
        return bu_proto_need(p, out->signature.len > 0, "signature");
    }
    BU_TRY(bu_dsse_read(envelope, file, p->arena, &out->dsse, p->err));
    /* sigstore_bundle.proto: "DSSE envelopes in a bundle MUST have exactly one signature." */
    if (out->dsse.count != 1)
        return bu_fail(p->err, BULLA_E_AMBIGUOUS_BUNDLE, "an envelope with %zu signatures",
                       out->dsse.count);
    out->signature = out->dsse.signatures[0].sig;
    return BU_OK;
}

static bulla_status read_bundle(const bu_proto *p, const bu_json *json, const char *file,
                                bu_bundle *out)
{
    BU_TRY(bu_proto_only(
        p, json, FIELDS("mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope")));
    BU_TRY(read_media_type(p, json, out));
    BU_TRY(read_material(p, json, out));
    return read_content(p, json, file, out);
}

bulla_status bu_bundle_read(const bu_json *json, const char *file, bu_arena *arena, bu_bundle *out,
                            bulla_error *err)
{
    const bu_proto p = { arena, err };
    bu_bundle bundle = { 0 };
    BU_TRY(bu_in_file(err, read_bundle(&p, json, file, &bundle), file));
    *out = bundle;
    return BU_OK;
}

bulla_status bu_bundle_parse(bulla_bytes text, const char *file, bu_arena *arena, bu_bundle *out,
                             bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_TRY(bu_json_parse(text, file, &json, err));
    return bu_bundle_read(json, file, arena, out, err);
}
