/* SPDX-License-Identifier: MIT */
/* A Sigstore of its own for one test. */
#include "sigstore_world.h"

#include <openssl/ct.h>

#include "base/encode.h"
#include "base/time.h"
#include "digest/hasher.h"
#include "signature/pem.h"

#define ORIGIN "log.example"

/* Bytes as texts that live as long as the process. */

static char *text_of(bu_buf *buf)
{
    char *text = test_text("%.*s", (int)buf->len, buf->ptr == NULL ? "" : (const char *)buf->ptr);
    bu_buf_clear(buf);
    return text;
}

static char *base64(bulla_bytes bytes)
{
    bu_buf text = { 0 };
    bu_base64_encode(bytes, &text);
    return text_of(&text);
}

static char *hex(bulla_bytes bytes)
{
    bu_buf text = { 0 };
    bu_hex_encode(bytes, &text);
    return text_of(&text);
}

static bulla_digest sha256(bulla_bytes bytes)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, &err), err);
    return digest;
}

static bulla_bytes digest_bytes(const bulla_digest *digest)
{
    return (bulla_bytes){ digest->bytes, digest->len };
}

static char *pem(bulla_bytes der, const char *label)
{
    bu_buf text = { 0 };
    bu_pem_encode(der, label, &text);
    return text_of(&text);
}

/* Signatures and keys */

static void sign(EVP_PKEY *key, bulla_bytes message, bu_buf *out)
{
    uint8_t signature[512];
    size_t size = sizeof signature;
    EVP_MD_CTX *signing = EVP_MD_CTX_new();
    ck_assert(EVP_DigestSignInit(signing, NULL, EVP_sha256(), NULL, key) == 1);
    ck_assert(EVP_DigestSign(signing, signature, &size, message.ptr, message.len) == 1);
    EVP_MD_CTX_free(signing);
    bu_buf_add(out, (bulla_bytes){ signature, size });
}

static void add_spki(const EVP_PKEY *key, bu_buf *out)
{
    uint8_t *spki = NULL;
    int len = i2d_PUBKEY(key, &spki);
    ck_assert_int_gt(len, 0);
    bu_buf_add(out, (bulla_bytes){ spki, (size_t)len });
    OPENSSL_free(spki);
}

static bulla_digest key_id(const EVP_PKEY *key)
{
    BU_CLEAR(bu_buf) spki = { 0 };
    add_spki(key, &spki);
    return sha256(bu_buf_bytes(&spki));
}

/* RFC 6962, 3.2, over the certificate that has no list yet; then the list goes into it. */
static void add_sct(cert *leaf, const cert *issuer, EVP_PKEY *ct)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) signature = { 0 };
    uint64_t time = (uint64_t)WORLD_TIME * 1000;
    bulla_digest issuer_hash = key_id(issuer->key), id = key_id(ct);
    uint8_t *tbs = NULL;
    int len = i2d_re_X509_tbs(leaf->x509, &tbs);
    bu_buf_add(&text, BULLA_LIT("\0\0"));
    for (int shift = 56; shift >= 0; shift -= 8)
        bu_buf_add_byte(&text, (uint8_t)(time >> shift));
    bu_buf_add(&text, BULLA_LIT("\0\1"));
    bu_buf_add(&text, digest_bytes(&issuer_hash));
    for (int shift = 16; shift >= 0; shift -= 8)
        bu_buf_add_byte(&text, (uint8_t)((unsigned)len >> shift));
    bu_buf_add(&text, (bulla_bytes){ tbs, (size_t)len });
    bu_buf_add(&text, BULLA_LIT("\0\0")); /* no extensions */
    OPENSSL_free(tbs);
    sign(ct, bu_buf_bytes(&text), &signature);
    SCT *sct = SCT_new();
    STACK_OF(SCT) *list = sk_SCT_new_null();
    ck_assert(SCT_set_version(sct, SCT_VERSION_V1) == 1);
    ck_assert(SCT_set1_log_id(sct, id.bytes, id.len) == 1);
    SCT_set_timestamp(sct, time);
    ck_assert(SCT_set_signature_nid(sct, NID_ecdsa_with_SHA256) == 1);
    ck_assert(SCT_set1_signature(sct, signature.ptr, signature.len) == 1);
    ck_assert(sk_SCT_push(list, sct) > 0);
    ck_assert(X509_add1_ext_i2d(leaf->x509, NID_ct_precert_scts, list, 0, 0) == 1);
    SCT_LIST_free(list);
    cert_sign(leaf, issuer, "SHA256");
    ck_assert_ptr_nonnull(leaf->ours);
}

/* The world */

static cert new_leaf(const cert *issuer, EVP_PKEY *ct)
{
    static const char *const extensions[] = { "keyUsage",
                                              "critical,digitalSignature",
                                              "extendedKeyUsage",
                                              "codeSigning",
                                              "subjectKeyIdentifier",
                                              "hash",
                                              "authorityKeyIdentifier",
                                              "keyid",
                                              "subjectAltName",
                                              "critical,URI:" WORLD_IDENTITY,
                                              "1.3.6.1.4.1.57264.1.8",
                                              "ASN1:UTF8String:" WORLD_ISSUER,
                                              NULL };
    cert leaf = cert_make((cert_wish){ .name = "leaf",
                                       .by = issuer,
                                       .from = WORLD_TIME - 60,
                                       .until = WORLD_TIME + 600,
                                       .extensions = extensions });
    add_sct(&leaf, issuer, ct);
    return leaf;
}

static char *log_text(const char *url, const EVP_PKEY *key)
{
    BU_CLEAR(bu_buf) spki = { 0 };
    char from[BU_TIME_TEXT];
    bulla_digest id = key_id(key);
    add_spki(key, &spki);
    return test_text("{\"baseUrl\":\"https://%s\",\"hashAlgorithm\":\"SHA2_256\",\"publicKey\":{"
                     "\"rawBytes\":\"%s\",\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"validFor\":{"
                     "\"start\":\"%s\"}},\"logId\":{\"keyId\":\"%s\"}}",
                     url, base64(bu_buf_bytes(&spki)), bu_time_format(CERT_FROM, from),
                     base64(digest_bytes(&id)));
}

static char *root_text(const world *w)
{
    char from[BU_TIME_TEXT];
    return test_text(
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\","
        "\"tlogs\":[%s],\"ctlogs\":[%s],\"certificateAuthorities\":[{\"uri\":\"https://"
        "ca.example\","
        "\"certChain\":{\"certificates\":[{\"rawBytes\":\"%s\"},{\"rawBytes\":\"%s\"}]},"
        "\"validFor\":{\"start\":\"%s\"}}],\"timestampAuthorities\":[]}",
        log_text(ORIGIN, w->log), log_text("ct.example", w->ct),
        base64(bu_x509_der(w->intermediate.ours)), base64(bu_x509_der(w->root.ours)),
        bu_time_format(CERT_FROM, from));
}

world world_new(void)
{
    world w = { .log = cert_new_key("P-256"),
                .ct = cert_new_key("P-256"),
                .key = cert_new_key("P-256") };
    w.root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca });
    w.intermediate =
        cert_make((cert_wish){ .name = "intermediate", .by = &w.root, .extensions = cert_ca });
    w.leaf = new_leaf(&w.intermediate, w.ct);
    BU_CLEAR(cert) other = cert_make((cert_wish){ .name = "other", .extensions = cert_ca });
    w.stranger = new_leaf(&other, w.ct);
    w.trusted_root = root_text(&w);
    return w;
}

void world_clear(world *w)
{
    cert_clear(&w->root);
    cert_clear(&w->intermediate);
    cert_clear(&w->leaf);
    cert_clear(&w->stranger);
    EVP_PKEY_free(w->log);
    EVP_PKEY_free(w->ct);
    EVP_PKEY_free(w->key);
}

char *world_key(const world *w)
{
    BU_CLEAR(bu_buf) spki = { 0 };
    add_spki(w->key, &spki);
    return pem(bu_buf_bytes(&spki), "PUBLIC KEY");
}

/* Bundles */

typedef struct making {
    const world *w;
    const world_wish *wish;
    const cert *certificate; /* NULL: the managed key */
    char *payload;           /* of an envelope */
    char *pae;
    bulla_digest logged; /* of what the entry says was signed */
    bu_buf signature, logged_signature;
} making;

static char *statement(const char *payload, const char *artifact)
{
    if (payload != NULL)
        return test_text("%s", payload);
    bulla_digest digest = sha256(bu_bytes_of(artifact));
    return test_text(
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"a\","
        "\"digest\":{\"sha256\":\"%s\"}}],\"predicateType\":\"https://example.org/p\"}",
        hex(digest_bytes(&digest)));
}

static char *pae_of(const char *payload)
{
    BU_CLEAR(bu_buf) pae = { 0 };
    bu_dsse_pae(BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), bu_bytes_of(payload), &pae);
    return test_text("%.*s", (int)pae.len, (const char *)pae.ptr);
}

static char *verifier_pem(const making *m)
{
    if (m->certificate == NULL)
        return world_key(m->w);
    const cert *one = m->wish->logged_stranger ? &m->w->stranger : m->certificate;
    return pem(bu_x509_der(one->ours), "CERTIFICATE");
}

/* Version 2 of the log. */
static char *verifier_der(const making *m)
{
    BU_CLEAR(bu_buf) spki = { 0 };
    if (m->certificate != NULL)
        return test_text("{\"x509Certificate\":{\"rawBytes\":\"%s\"}}",
                         base64(bu_x509_der(
                             (m->wish->logged_stranger ? &m->w->stranger : m->certificate)->ours)));
    add_spki(m->w->key, &spki);
    return test_text("{\"publicKey\":{\"rawBytes\":\"%s\"}}", base64(bu_buf_bytes(&spki)));
}

static char *spec_text(const making *m, const char *kind, const char *version)
{
    char *digest_hex = hex(digest_bytes(&m->logged)), *digest_64 = base64(digest_bytes(&m->logged));
    char *sig = base64(bu_buf_bytes(&m->logged_signature));
    char *verifier = base64(bu_bytes_of(verifier_pem(m)));
    bool is_first = strcmp(version, "0.0.1") == 0;
    if (strcmp(kind, "intoto") == 0)
        return test_text("{\"content\":{\"envelope\":{\"payloadType\":\"%s\",\"signatures\":[{"
                         "\"publicKey\":\"%s\",\"sig\":\"%s\"}]},\"payloadHash\":{\"algorithm\":"
                         "\"sha256\",\"value\":\"%s\"}}}",
                         BU_PAYLOAD_TYPE_INTOTO, verifier, base64(bu_bytes_of(sig)), digest_hex);
    if (strcmp(kind, "dsse") == 0 && is_first)
        return test_text("{\"payloadHash\":{\"algorithm\":\"sha256\",\"value\":\"%s\"},"
                         "\"signatures\":[{\"signature\":\"%s\",\"verifier\":\"%s\"}]}",
                         digest_hex, sig, verifier);
    if (strcmp(kind, "dsse") == 0)
        return test_text("{\"dsseV002\":{\"payloadHash\":{\"algorithm\":\"SHA2_256\",\"digest\":"
                         "\"%s\"},\"signatures\":[{\"content\":\"%s\",\"verifier\":%s}]}}",
                         digest_64, sig, verifier_der(m));
    if (is_first)
        return test_text("{\"data\":{\"hash\":{\"algorithm\":\"sha256\",\"value\":\"%s\"}},"
                         "\"signature\":{\"content\":\"%s\",\"publicKey\":{\"content\":\"%s\"}}}",
                         digest_hex, sig, verifier);
    return test_text(
        "{\"hashedRekordV002\":{\"data\":{\"algorithm\":\"SHA2_256\",\"digest\":\"%s\"},"
        "\"signature\":{\"content\":\"%s\",\"verifier\":%s}}}",
        digest_64, sig, verifier_der(m));
}

/* A log of one entry: its leaf is the root. */
static char *proof_text(const making *m, const char *body)
{
    bu_merkle_hash leaf;
    bulla_error err = { 0 };
    const world_wish *wish = m->wish;
    BU_CLEAR(bu_buf) line = { 0 };
    bulla_digest id = key_id(m->w->log);
    unit_ok(bu_merkle_leaf(bu_bytes_of(body), &leaf, &err), err);
    char *root = base64((bulla_bytes){ leaf.bytes, sizeof leaf.bytes });
    char *head = test_text("%s\n%d\n%s\n", wish->origin == NULL ? ORIGIN " - 7" : wish->origin,
                           wish->checkpoint_size == 0 ? 1 : wish->checkpoint_size, root);
    bu_buf_add(&line, (bulla_bytes){ id.bytes, 4 });
    sign(wish->checkpoint_by == NULL ? m->w->log : wish->checkpoint_by, bu_bytes_of(head), &line);
    char *note = test_text("%s\n\xE2\x80\x94 %s %s\n", head,
                           wish->checkpoint_name == NULL ? ORIGIN : wish->checkpoint_name,
                           base64(bu_buf_bytes(&line)));
    BU_CLEAR(bu_buf) escaped = { 0 };
    for (; *note != '\0'; note++)
        bu_buf_add(&escaped,
                   *note == '\n' ? BULLA_LIT("\\n") : bu_bytes_first(bu_bytes_of(note), 1));
    return test_text(
        ",\"inclusionProof\":{\"logIndex\":\"0\",\"treeSize\":\"1\",\"rootHash\":\"%s\","
        "\"hashes\":[]%s%.*s%s}",
        root, wish->no_checkpoint ? "" : ",\"checkpoint\":{\"envelope\":\"",
        wish->no_checkpoint ? 0 : (int)escaped.len, (const char *)escaped.ptr,
        wish->no_checkpoint ? "" : "\"}");
}

static char *promise_text(const making *m, const char *body)
{
    const world_wish *wish = m->wish;
    BU_CLEAR(bu_buf) signature = { 0 };
    bulla_digest id = key_id(m->w->log);
    long long time = (long long)(wish->time == 0 ? WORLD_TIME : wish->time);
    char *promised = test_text("{\"body\":\"%s\",\"integratedTime\":%lld,\"logID\":\"%s\","
                               "\"logIndex\":1000}",
                               base64(bu_bytes_of(body)), time, hex(digest_bytes(&id)));
    sign(wish->promised_by == NULL ? m->w->log : wish->promised_by, bu_bytes_of(promised),
         &signature);
    return test_text(",\"integratedTime\":\"%lld\",\"inclusionPromise\":{\"signedEntryTimestamp\":"
                     "\"%s\"}",
                     time, base64(bu_buf_bytes(&signature)));
}

static char *entry_text(const making *m)
{
    const char *kind = m->wish->kind == NULL ? "hashedrekord" : m->wish->kind;
    const char *version = m->wish->version == NULL ? "0.0.1" : m->wish->version;
    bulla_digest id = key_id(m->w->log);
    char *body = test_text("{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"spec\":%s}", version, kind,
                           spec_text(m, kind, version));
    return test_text(
        "{\"logIndex\":\"1000\",\"logId\":{\"keyId\":\"%s\"},\"kindVersion\":{\"kind\":"
        "\"%s\",\"version\":\"%s\"}%s%s,\"canonicalizedBody\":\"%s\"}",
        base64(digest_bytes(&id)), kind, version, m->wish->no_promise ? "" : promise_text(m, body),
        m->wish->no_proof ? "" : proof_text(m, body), base64(bu_bytes_of(body)));
}

static char *material_text(const making *m)
{
    if (m->certificate == NULL)
        return test_text("\"publicKey\":{\"hint\":\"%s\"}",
                         m->wish->hint == NULL ? "a hint" : m->wish->hint);
    char *der = base64(bu_x509_der(m->certificate->ours));
    if (m->wish->media_type != NULL && strstr(m->wish->media_type, "0.3") == NULL)
        return test_text("\"x509CertificateChain\":{\"certificates\":[{\"rawBytes\":\"%s\"}]}",
                         der);
    return test_text("\"certificate\":{\"rawBytes\":\"%s\"}", der);
}

static char *content_text(const making *m, const char *artifact)
{
    char *sig = base64(bu_buf_bytes(&m->signature));
    bulla_digest digest = sha256(bu_bytes_of(artifact));
    if (m->wish->is_dsse)
        return test_text("\"dsseEnvelope\":{\"payload\":\"%s\",\"payloadType\":\"%s\","
                         "\"signatures\":[{\"sig\":\"%s\",\"keyid\":\"\"}]}",
                         base64(bu_bytes_of(m->payload)), BU_PAYLOAD_TYPE_INTOTO, sig);
    return test_text("\"messageSignature\":{\"messageDigest\":{\"algorithm\":\"SHA2_256\","
                     "\"digest\":\"%s\"},\"signature\":\"%s\"}",
                     base64(digest_bytes(&digest)), sig);
}

static void sign_all(making *m, const char *artifact, const char *logged)
{
    const world_wish *wish = m->wish;
    EVP_PKEY *key = m->certificate == NULL ? m->w->key : m->certificate->key;
    bool over_pae = wish->kind == NULL || strcmp(wish->kind, "hashedrekord") == 0;
    m->payload = statement(wish->payload, artifact);
    m->pae = pae_of(m->payload);
    sign(key, bu_bytes_of(wish->is_dsse ? m->pae : artifact), &m->signature);
    if (wish->logged_signature)
        sign(key, bu_bytes_of(wish->is_dsse ? m->pae : artifact), &m->logged_signature);
    else
        bu_buf_add(&m->logged_signature, bu_buf_bytes(&m->signature));
    char *logged_payload = statement(wish->payload, logged);
    m->logged = sha256(bu_bytes_of(!wish->is_dsse ? logged
                                   : over_pae     ? pae_of(logged_payload)
                                                  : logged_payload));
}

char *world_bundle(const world *w, world_wish wish)
{
    const char *artifact = wish.artifact == NULL ? WORLD_ARTIFACT : wish.artifact;
    making m = { .w = w, .wish = &wish };
    if (!wish.by_key)
        m.certificate = wish.by_stranger ? &w->stranger : &w->leaf;
    sign_all(&m, artifact, wish.logged_artifact == NULL ? artifact : wish.logged_artifact);
    char *entry = wish.no_entry ? test_text("%s", "") : entry_text(&m);
    char *bundle = test_text(
        "{\"mediaType\":\"%s\",\"verificationMaterial\":{%s,\"tlogEntries\":[%s],"
        "\"timestampVerificationData\":null},%s}",
        wish.media_type == NULL ? "application/vnd.dev.sigstore.bundle.v0.3+json" : wish.media_type,
        material_text(&m), entry, content_text(&m, artifact));
    bu_buf_clear(&m.signature);
    bu_buf_clear(&m.logged_signature);
    return bundle;
}
