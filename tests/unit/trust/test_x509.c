/* SPDX-License-Identifier: MIT */
/* X.509: who may sign is who a pinned certificate says, at the time that counts, for this use. */
#include "certs.h"

#include <openssl/ct.h>

#include "alloc_fail.h"
#include "base/encode.h"
#include "digest/hasher.h"
#include "syntax/json.h"

/* --- reading --- */

START_TEST(certificates_are_read_strictly)
{
    BU_CLEAR(cert) made = cert_make((cert_wish){ .name = "one", .extensions = cert_plain });
    bulla_error err = { 0 };
    bu_x509 *out = NULL;
    bulla_bytes der = cert_der(&made);
    uint8_t *longer = malloc(der.len + 1);
    memcpy(longer, der.ptr, der.len);
    longer[der.len] = 0;
    unit_fails(bu_x509_read((bulla_bytes){ longer, der.len + 1 }, &out, &err),
               BULLA_E_TRAILING_DATA, err);
    ck_assert_uint_eq(err.offset, der.len);
    for (size_t cut = 0; cut < der.len; cut += 7)
        unit_fails(bu_x509_read((bulla_bytes){ longer, cut }, &out, &err), BULLA_E_BAD_ENCODING,
                   err);
    BU_AUTO(bu_x509) read = NULL;
    unit_ok(bu_x509_read(der, &read, &err), err);
    ck_assert(bu_bytes_equal(bu_x509_der(read), der));
    ck_assert_int_eq(bu_x509_not_before(read), CERT_FROM);
    ck_assert_int_eq(bu_x509_not_after(read), CERT_UNTIL);
    ck_assert_int_eq(bu_key_kind(bu_x509_key(read)), BULLA_KEY_ECDSA_P256);
    ck_assert(bu_x509_equal(read, made.ours));
    free(longer);
    OPENSSL_free((void *)(uintptr_t)der.ptr);
}
END_TEST

START_TEST(weak_keys_are_refused)
{
    BU_CLEAR(cert) made = cert_make((cert_wish){ .name = "weak", .key = "RSA1024" });
    bulla_error err = { 0 };
    bu_x509 *out = NULL;
    bulla_bytes der = cert_der(&made);
    unit_fails(bu_x509_read(der, &out, &err), BULLA_E_WEAK_KEY, err);
    OPENSSL_free((void *)(uintptr_t)der.ptr);
}
END_TEST

START_TEST(reading_survives_without_memory)
{
    BU_CLEAR(cert) made = cert_make((cert_wish){ .name = "one", .extensions = cert_plain });
    bulla_bytes der = cert_der(&made);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_x509) out = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_x509_read(der, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    OPENSSL_free((void *)(uintptr_t)der.ptr);
}
END_TEST

/* --- chains --- */

#define IDS "subjectKeyIdentifier", "hash", "authorityKeyIdentifier", "keyid"

static const char *const v1[] = { NULL };
static const char *const nothing[] = { IDS, NULL };
static const char *const not_ca[] = {
    "basicConstraints", "critical,CA:FALSE", "keyUsage", "critical,keyCertSign", IDS, NULL
};
static const char *const no_certsign[] = {
    "basicConstraints", "critical,CA:TRUE", "keyUsage", "critical,digitalSignature", IDS, NULL
};
static const char *const short_path[] = {
    "basicConstraints", "critical,CA:TRUE,pathlen:0", "keyUsage", "critical,keyCertSign", IDS, NULL
};
static const char *const ca_for_mail[] = {
    "basicConstraints", "critical,CA:TRUE", "keyUsage", "critical,keyCertSign",
    "extendedKeyUsage", "emailProtection",  IDS,        NULL
};
static const char *const ca_elsewhere[] = { "basicConstraints",
                                            "critical,CA:TRUE",
                                            "keyUsage",
                                            "critical,keyCertSign",
                                            "nameConstraints",
                                            "critical,permitted;URI:.example.org",
                                            IDS,
                                            NULL };
static const char *const poisoned[] = { "keyUsage",
                                        "digitalSignature",
                                        "extendedKeyUsage",
                                        "codeSigning",
                                        "1.3.6.1.4.1.11129.2.4.3",
                                        "critical,DER:0500",
                                        IDS,
                                        NULL };
static const char *const unknown_critical[] = { "extendedKeyUsage",  "codeSigning", "1.2.3.4",
                                                "critical,DER:0500", IDS,           NULL };
static const char *const for_servers[] = {
    "keyUsage", "digitalSignature", "extendedKeyUsage", "serverAuth", IDS, NULL
};
static const char *const enciphers[] = {
    "keyUsage", "keyEncipherment", "extendedKeyUsage", "codeSigning", IDS, NULL
};
static const char *const stamp_not_critical[] = { "keyUsage", "digitalSignature",
                                                  "extendedKeyUsage", "timeStamping", NULL };
static const char *const stamp_and_more[] = { "keyUsage", "digitalSignature", "extendedKeyUsage",
                                              "critical,timeStamping,1.2.3.4", NULL };
static const char *const stamp_agrees[] = { "keyUsage", "digitalSignature,keyAgreement",
                                            "extendedKeyUsage", "critical,timeStamping", NULL };
static const char *const elsewhere[] = { "keyUsage",
                                         "digitalSignature",
                                         "extendedKeyUsage",
                                         "codeSigning",
                                         "subjectAltName",
                                         "critical,URI:https://evil.example.com/x",
                                         IDS,
                                         NULL };

/* A root, an intermediate and a leaf, each as it is told; the root is pinned. */
static const struct chain_case {
    const char *what;
    cert_wish root, middle, leaf;
    bu_x509_usage usage;
    int64_t time; /* 0: CERT_TIME */
    bulla_code want;
} chains[] = {
    { .what = "code" },
    { .what = "time stamping",
      .leaf = { .extensions = cert_stamp },
      .usage = BU_X509_TIME_STAMPING },
    { .what = "any", .leaf = { .extensions = cert_plain }, .usage = BU_X509_ANY },
    { .what = "a leaf that states nothing", .leaf = { .extensions = v1 }, .usage = BU_X509_ANY },
    { .what = "P-384",
      .root = { .key = "P-384" },
      .middle = { .key = "P-384", .digest = "SHA384" },
      .leaf = { .digest = "SHA384" } },
    { .what = "RSA", .root = { .key = "RSA2048" }, .middle = { .key = "RSA2048" } },
    { .what = "Ed25519", .middle = { .key = "ED25519" } },
    { .what = "a pinned root of SHA-1 is pinned all the same", .root = { .digest = "SHA1" } },
    { .what = "first second", .time = CERT_FROM },
    { .what = "last second", .time = CERT_UNTIL },
    { .what = "too early", .time = CERT_FROM - 1, .want = BULLA_E_EXPIRED },
    { .what = "too late", .time = CERT_UNTIL + 1, .want = BULLA_E_EXPIRED },
    { .what = "leaf expired", .leaf = { .until = CERT_TIME - 1 }, .want = BULLA_E_EXPIRED },
    { .what = "intermediate expired",
      .middle = { .until = CERT_TIME - 1 },
      .want = BULLA_E_EXPIRED },
    { .what = "intermediate of the future",
      .middle = { .from = CERT_TIME + 1 },
      .want = BULLA_E_EXPIRED },
    { .what = "root expired", .root = { .until = CERT_TIME - 1 }, .want = BULLA_E_EXPIRED },
    { .what = "SHA-1 leaf", .leaf = { .digest = "SHA1" }, .want = BULLA_E_WEAK_HASH },
    { .what = "SHA-1 intermediate", .middle = { .digest = "SHA1" }, .want = BULLA_E_WEAK_HASH },
    { .what = "MD5",
      .root = { .key = "RSA2048" },
      .middle = { .digest = "MD5" },
      .want = BULLA_E_WEAK_HASH },
    { .what = "a leaf as CA", .middle = { .extensions = not_ca }, .want = BULLA_E_WRONG_USAGE },
    { .what = "a CA that states nothing",
      .middle = { .extensions = nothing },
      .want = BULLA_E_WRONG_USAGE },
    { .what = "the same for any use",
      .middle = { .extensions = nothing },
      .usage = BU_X509_ANY,
      .want = BULLA_E_WRONG_USAGE },
    { .what = "a CA that may not sign certificates",
      .middle = { .extensions = no_certsign },
      .want = BULLA_E_WRONG_USAGE },
    { .what = "path length", .root = { .extensions = short_path }, .want = BULLA_E_WRONG_USAGE },
    { .what = "a CA for mail",
      .middle = { .extensions = ca_for_mail },
      .want = BULLA_E_WRONG_USAGE },
    { .what = "name constraints",
      .middle = { .extensions = ca_elsewhere },
      .leaf = { .extensions = elsewhere },
      .want = BULLA_E_UNTRUSTED_CHAIN },
    { .what = "a precertificate", .leaf = { .extensions = poisoned }, .want = BULLA_E_WRONG_USAGE },
    { .what = "an unknown critical extension",
      .leaf = { .extensions = unknown_critical },
      .want = BULLA_E_WRONG_USAGE },
    { .what = "for servers", .leaf = { .extensions = for_servers }, .want = BULLA_E_WRONG_USAGE },
    { .what = "for nothing", .leaf = { .extensions = nothing }, .want = BULLA_E_WRONG_USAGE },
    { .what = "for encryption", .leaf = { .extensions = enciphers }, .want = BULLA_E_WRONG_USAGE },
    { .what = "for stamps, not code",
      .leaf = { .extensions = cert_stamp },
      .want = BULLA_E_WRONG_USAGE },
    { .what = "for code, not stamps", .usage = BU_X509_TIME_STAMPING, .want = BULLA_E_WRONG_USAGE },
    { .what = "for stamps, not critical",
      .leaf = { .extensions = stamp_not_critical },
      .usage = BU_X509_TIME_STAMPING,
      .want = BULLA_E_WRONG_USAGE },
    { .what = "for stamps and more",
      .leaf = { .extensions = stamp_and_more },
      .usage = BU_X509_TIME_STAMPING,
      .want = BULLA_E_WRONG_USAGE },
    { .what = "for stamps and key agreement",
      .leaf = { .extensions = stamp_agrees },
      .usage = BU_X509_TIME_STAMPING,
      .want = BULLA_E_WRONG_USAGE },
};

static cert make_one(cert_wish wish, const char *name, const cert *by,
                     const char *const *extensions)
{
    wish.name = name;
    wish.by = by;
    if (wish.extensions == NULL)
        wish.extensions = extensions;
    return cert_make(wish);
}

START_TEST(chains_are_judged)
{
    const struct chain_case *c = &chains[_i];
    BU_CLEAR(cert) root = make_one(c->root, "root", NULL, cert_ca);
    BU_CLEAR(cert) middle = make_one(c->middle, "middle", &root, cert_ca);
    BU_CLEAR(cert) leaf = make_one(c->leaf, "leaf", &middle, cert_code);
    const bu_x509 *issuer = NULL;
    ck_assert(root.ours != NULL && middle.ours != NULL && leaf.ours != NULL);
    for (int again = 0; again < 2; again++) { /* what is remembered changes no verdict */
        bulla_error err = { 0 };
        bulla_status status =
            bu_x509_chain(leaf.ours, &middle.ours, 1, &root.ours, 1,
                          c->time == 0 ? CERT_TIME : c->time, c->usage, &issuer, &err);
        ck_assert_msg(status.code == c->want, "%s: %s (%s), want %s", c->what,
                      bulla_code_name(status.code), err.text, bulla_code_name(c->want));
        ck_assert_ptr_eq(issuer, bulla_ok(status) ? middle.ours : NULL);
    }
}
END_TEST

START_TEST(only_pinned_certificates_end_a_chain)
{
    BU_CLEAR(cert) root = make_one((cert_wish){ 0 }, "root", NULL, cert_ca);
    BU_CLEAR(cert) other = make_one((cert_wish){ 0 }, "root", NULL, cert_ca); /* same name */
    BU_CLEAR(cert) middle = make_one((cert_wish){ 0 }, "middle", &root, cert_ca);
    BU_CLEAR(cert) leaf = make_one((cert_wish){ 0 }, "leaf", &middle, cert_code);
    bu_x509 *all[] = { middle.ours, root.ours };
    const bu_x509 *issuer = leaf.ours;
    bulla_error err = { 0 };
    const bu_x509_usage code = BU_X509_CODE_SIGNING;
    unit_fails(bu_x509_chain(leaf.ours, all, 2, NULL, 0, CERT_TIME, code, NULL, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    unit_fails(bu_x509_chain(leaf.ours, all, 2, &other.ours, 1, CERT_TIME, code, NULL, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    unit_fails(bu_x509_chain(leaf.ours, NULL, 0, &root.ours, 1, CERT_TIME, code, NULL, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    unit_ok(bu_x509_chain(leaf.ours, NULL, 0, &middle.ours, 1, CERT_TIME, code, &issuer, &err),
            err);
    ck_assert_ptr_eq(issuer, middle.ours);
    unit_ok(bu_x509_chain(leaf.ours, NULL, 0, &leaf.ours, 1, CERT_TIME, code, &issuer, &err), err);
    ck_assert_ptr_null(issuer);
}
END_TEST

/* Same names and key identifiers, another key: only the signature tells. */
START_TEST(signatures_of_a_chain_are_checked)
{
    BU_CLEAR(cert) root = make_one((cert_wish){ 0 }, "root", NULL, cert_ca);
    BU_CLEAR(cert) thief = make_one((cert_wish){ 0 }, "root", NULL, cert_ca);
    BU_CLEAR(cert) leaf = make_one((cert_wish){ 0 }, "leaf", &root, cert_code);
    bulla_error err = { 0 };
    unit_ok(bu_x509_chain(leaf.ours, NULL, 0, &root.ours, 1, CERT_TIME, BU_X509_CODE_SIGNING, NULL,
                          &err),
            err);
    cert_sign(&leaf, &thief, "SHA256");
    unit_fails(bu_x509_chain(leaf.ours, NULL, 0, &root.ours, 1, CERT_TIME, BU_X509_CODE_SIGNING,
                             NULL, &err),
               BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

/* --- claims --- */

#define FULCIO "1.3.6.1.4.1.57264.1."

static const struct claims_case {
    const char *extensions[9];
    const char *identity, *issuer, *source_uri, *source_ref;
    bulla_code want;
} claims[] = {
    { { NULL }, NULL, NULL, NULL, NULL, BULLA_OK },
    { { "subjectAltName", "critical,URI:https://example.org/a", FULCIO "8",
        "ASN1:UTF8String:https://issuer", NULL },
      "https://example.org/a",
      "https://issuer",
      NULL,
      NULL,
      BULLA_OK },
    { { "subjectAltName", "email:a@example.org", FULCIO "1", "DER:6f6c64", FULCIO "8",
        "ASN1:UTF8String:new", NULL },
      "a@example.org",
      "new",
      NULL,
      NULL,
      BULLA_OK },
    { { FULCIO "1", "DER:6f6c64", FULCIO "6", "DER:72656673", FULCIO "5", "DER:6f2f72", NULL },
      NULL,
      "old",
      "https://github.com/o/r",
      "refs",
      BULLA_OK },
    { { "subjectAltName", "otherName:" FULCIO "7;UTF8:someone", NULL },
      "someone",
      NULL,
      NULL,
      NULL,
      BULLA_OK },
    { { "subjectAltName", "otherName:1.2.3;UTF8:someone", NULL },
      NULL,
      NULL,
      NULL,
      NULL,
      BULLA_E_BAD_ENCODING },
    { { "subjectAltName", "URI:https://a,URI:https://b", NULL },
      NULL,
      NULL,
      NULL,
      NULL,
      BULLA_E_BAD_ENCODING },
    { { "subjectAltName", "DNS:example.org", NULL }, NULL, NULL, NULL, NULL, BULLA_E_BAD_ENCODING },
    { { "subjectAltName", "DER:0500", NULL }, NULL, NULL, NULL, NULL, BULLA_E_BAD_ENCODING },
    { { FULCIO "8", "DER:6f6c64", NULL }, NULL, NULL, NULL, NULL, BULLA_E_BAD_ENCODING },
    { { FULCIO "8", "DER:0c016100", NULL }, NULL, NULL, NULL, NULL, BULLA_E_BAD_ENCODING },
    { { FULCIO "8", "DER:0c03610062", NULL }, NULL, NULL, NULL, NULL, BULLA_E_BAD_ENCODING },
    { { FULCIO "8", "DER:0c01ff", NULL }, NULL, NULL, NULL, NULL, BULLA_E_BAD_ENCODING },
    { { FULCIO "8", "ASN1:UTF8String:a", FULCIO "8", "ASN1:UTF8String:b", NULL },
      NULL,
      NULL,
      NULL,
      NULL,
      BULLA_E_DUPLICATE_ENTRY },
    { { "subjectAltName", "URI:https://a", "subjectAltName", "URI:https://b", NULL },
      NULL,
      NULL,
      NULL,
      NULL,
      BULLA_E_BAD_ENCODING },
};

static void same_text(const char *got, const char *want)
{
    ck_assert_msg((got == NULL) == (want == NULL), "%s, want %s", got, want);
    if (want != NULL)
        ck_assert_str_eq(got, want);
}

START_TEST(claims_are_read)
{
    const struct claims_case *c = &claims[_i];
    BU_CLEAR(cert) made = cert_make((cert_wish){ .name = "x", .extensions = c->extensions });
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bu_claims out;
    if (made.ours == NULL) { /* what OpenSSL itself cannot make sense of is refused before */
        ck_assert_int_eq(c->want, BULLA_E_BAD_ENCODING);
        return;
    }
    bulla_status status = bu_x509_claims(made.ours, arena, &out, &err);
    ck_assert_msg(status.code == c->want, "case %d: %s (%s)", _i, bulla_code_name(status.code),
                  err.text);
    if (!bulla_ok(status))
        return;
    same_text(out.identity, c->identity);
    same_text(out.issuer, c->issuer);
    same_text(out.source_uri, c->source_uri);
    same_text(out.source_ref, c->source_ref);
}
END_TEST

/* --- SCTs --- */

typedef struct sct_made {
    EVP_PKEY *key; /* the log's */
    bu_ct_log log;
} sct_made;

static void clear_log(sct_made *m)
{
    EVP_PKEY_free(m->key);
    bu_key_free(m->log.key);
}

static sct_made new_log(const char *kind)
{
    sct_made made = { .key = cert_new_key(kind),
                      .log = { .from = CERT_FROM, .until = CERT_UNTIL } };
    uint8_t *spki = NULL;
    int len = i2d_PUBKEY(made.key, &spki);
    bulla_error err = { 0 };
    bulla_digest id;
    unit_ok(bu_key_read((bulla_bytes){ spki, (size_t)len }, &made.log.key, &err), err);
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, (bulla_bytes){ spki, (size_t)len }, &id, &err), err);
    memcpy(made.log.id, id.bytes, sizeof made.log.id);
    OPENSSL_free(spki);
    return made;
}

/* RFC 6962, 3.2, written by hand; the certificate has no list yet. */
static void sct_text(bu_buf *out, const cert *leaf, const cert *issuer, uint64_t milliseconds,
                     bulla_bytes extensions)
{
    bulla_error err = { 0 };
    bulla_digest issuer_hash;
    uint8_t *tbs = NULL;
    int len = i2d_re_X509_tbs(leaf->x509, &tbs);
    unit_ok(
        bu_digest_of(BULLA_ALG_SHA256, bu_key_spki(bu_x509_key(issuer->ours)), &issuer_hash, &err),
        err);
    bu_buf_add(out, BULLA_LIT("\0\0"));
    for (int shift = 56; shift >= 0; shift -= 8)
        bu_buf_add_byte(out, (uint8_t)(milliseconds >> shift));
    bu_buf_add(out, BULLA_LIT("\0\1"));
    bu_buf_add(out, (bulla_bytes){ issuer_hash.bytes, issuer_hash.len });
    for (int shift = 16; shift >= 0; shift -= 8)
        bu_buf_add_byte(out, (uint8_t)((unsigned)len >> shift));
    bu_buf_add(out, (bulla_bytes){ tbs, (size_t)len });
    bu_buf_add_byte(out, (uint8_t)(extensions.len >> 8));
    bu_buf_add_byte(out, (uint8_t)extensions.len);
    bu_buf_add(out, extensions);
    OPENSSL_free(tbs);
}

static SCT *new_sct(const sct_made *log, bulla_bytes text, uint64_t milliseconds,
                    bulla_bytes extensions)
{
    uint8_t signature[512];
    size_t size = sizeof signature;
    EVP_MD_CTX *signing = EVP_MD_CTX_new();
    ck_assert(EVP_DigestSignInit(signing, NULL, EVP_sha256(), NULL, log->key) == 1);
    ck_assert(EVP_DigestSign(signing, signature, &size, text.ptr, text.len) == 1);
    EVP_MD_CTX_free(signing);
    SCT *sct = SCT_new();
    ck_assert(SCT_set_version(sct, SCT_VERSION_V1) == 1);
    ck_assert(SCT_set1_log_id(sct, log->log.id, sizeof log->log.id) == 1);
    SCT_set_timestamp(sct, milliseconds);
    if (extensions.len > 0)
        ck_assert(SCT_set1_extensions(sct, extensions.ptr, extensions.len) == 1);
    ck_assert(SCT_set_signature_nid(sct, EVP_PKEY_is_a(log->key, "RSA")
                                             ? NID_sha256WithRSAEncryption
                                             : NID_ecdsa_with_SHA256) == 1);
    ck_assert(SCT_set1_signature(sct, signature, size) == 1);
    return sct;
}

/* Put SCTs into the leaf and sign it anew. */
static void embed(cert *leaf, const cert *issuer, SCT **scts, size_t count)
{
    STACK_OF(SCT) *list = sk_SCT_new_null();
    for (size_t i = 0; i < count; i++)
        ck_assert(sk_SCT_push(list, scts[i]) > 0);
    ck_assert(X509_add1_ext_i2d(leaf->x509, NID_ct_precert_scts, list, 0, 0) == 1);
    SCT_LIST_free(list);
    cert_sign(leaf, issuer, "SHA256");
    ck_assert_ptr_nonnull(leaf->ours);
}

#define MILLI (CERT_TIME * 1000ull + 999)

static const struct sct_case {
    const char *what, *kind;
    int64_t from, until; /* of the log; 0: as usual */
    bool unknown, forged, extended, other_issuer;
    bulla_code want;
} sct_cases[] = {
    { .what = "good", .kind = "P-256" },
    { .what = "RSA", .kind = "RSA2048" },
    { .what = "with extensions", .kind = "P-256", .extended = true },
    { .what = "last second", .kind = "P-256", .until = CERT_TIME },
    { .what = "first second", .kind = "P-256", .from = CERT_TIME },
    { .what = "too late", .kind = "P-256", .until = CERT_TIME - 1, .want = BULLA_E_BAD_TIME },
    { .what = "too early", .kind = "P-256", .from = CERT_TIME + 1, .want = BULLA_E_BAD_TIME },
    { .what = "unknown log", .kind = "P-256", .unknown = true, .want = BULLA_E_UNTRUSTED_KEY },
    { .what = "forged", .kind = "P-256", .forged = true, .want = BULLA_E_BAD_SIGNATURE },
    { .what = "other issuer",
      .kind = "P-256",
      .other_issuer = true,
      .want = BULLA_E_BAD_SIGNATURE },
};

START_TEST(scts_are_checked)
{
    const struct sct_case *c = &sct_cases[_i];
    BU_CLEAR(cert) root = make_one((cert_wish){ 0 }, "root", NULL, cert_ca);
    BU_CLEAR(cert) other = make_one((cert_wish){ 0 }, "root", NULL, cert_ca);
    BU_CLEAR(cert) leaf = make_one((cert_wish){ 0 }, "leaf", &root, cert_code);
    __attribute__((cleanup(clear_log))) sct_made log = new_log(c->kind);
    __attribute__((cleanup(clear_log))) sct_made unknown = new_log("P-256");
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bulla_bytes extensions = c->extended ? BULLA_LIT("xyz") : (bulla_bytes){ 0 };
    unit_fails(bu_x509_check_sct(leaf.ours, root.ours, &log.log, 1, &err), BULLA_E_MISSING_FIELD,
               err);
    sct_text(&text, &leaf, &root, MILLI, extensions);
    SCT *scts[] = { new_sct(&unknown, BULLA_LIT("what it says does not matter"), MILLI, extensions),
                    new_sct(&log, c->forged ? BULLA_LIT("another") : bu_buf_bytes(&text), MILLI,
                            extensions) };
    embed(&leaf, &root, scts, 2);
    if (c->from != 0)
        log.log.from = c->from;
    if (c->until != 0)
        log.log.until = c->until;
    bulla_status status = bu_x509_check_sct(leaf.ours, c->other_issuer ? other.ours : root.ours,
                                            &log.log, c->unknown ? 0 : 1, &err);
    ck_assert_msg(status.code == c->want, "%s: %s (%s)", c->what, bulla_code_name(status.code),
                  err.text);
}
END_TEST

/* --- Sigstore's own roots, where they lie beside the checkout --- */

static bu_x509 *read_base64(bulla_bytes text)
{
    BU_CLEAR(bu_buf) der = { 0 };
    bu_x509 *out = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_base64_decode(text, BU_BASE64_STANDARD, &der, &err), err);
    unit_ok(bu_x509_read(bu_buf_bytes(&der), &out, &err), err);
    return out;
}

static const bu_json *child(const bu_json *object, const char *name)
{
    const bu_json *found = bu_json_get(object, name);
    ck_assert_msg(found != NULL, "no %s", name);
    return found;
}

static size_t read_authority(const bu_json *authority, bu_x509 **out, size_t cap)
{
    bulla_error err = { 0 };
    const bu_json *list = child(child(authority, "certChain"), "certificates");
    size_t count = bu_json_count(list);
    ck_assert_uint_le(count, cap);
    for (size_t i = 0; i < count; i++) {
        bulla_bytes text;
        unit_ok(bu_json_need_text(bu_json_at(list, i), "rawBytes", "root", &text, &err), err);
        out[i] = read_base64(text);
    }
    return count;
}

/* Every chain that Sigstore publishes is one for us, at its first second and at its last. */
static void try_authorities(const bu_json *root, const char *list, bu_x509_usage usage)
{
    const bu_json *authorities = child(root, list);
    for (size_t i = 0; i < bu_json_count(authorities); i++) {
        bu_x509 *chain[4];
        bulla_error err = { 0 };
        size_t count = read_authority(bu_json_at(authorities, i), chain, 4);
        if (usage == BU_X509_TIME_STAMPING)
            unit_ok(bu_x509_chain(chain[0], chain + 1, count - 1, &chain[count - 1], 1,
                                  bu_x509_not_after(chain[0]), usage, NULL, &err),
                    err);
        for (size_t j = 0; j < count; j++)
            bu_x509_free(chain[j]);
    }
}

START_TEST(chains_of_sigstore_are_good)
{
    static const char *const files[] = { "sigstore/roots/trusted_root.prod.json",
                                         "sigstore/roots/trusted_root.staging.json" };
    char *path = unit_vectors_path(files[_i]);
    bulla_error err = { 0 };
    BU_AUTO(bu_json) root = NULL;
    if (path == NULL) {
        unit_skipped(files[_i], "it is not beside the checkout");
        return;
    }
    bulla_bytes text = unit_slurp(path);
    unit_ok(bu_json_parse(text, path, &root, &err), err);
    try_authorities(root, "timestampAuthorities", BU_X509_TIME_STAMPING);
    try_authorities(root, "certificateAuthorities", BU_X509_CODE_SIGNING);
    free((void *)(uintptr_t)text.ptr);
    free(path);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, certificates_are_read_strictly);
    tcase_add_test(tc, weak_keys_are_refused);
    tcase_add_test(tc, reading_survives_without_memory);
    tcase_add_loop_test(tc, chains_are_judged, 0, sizeof chains / sizeof chains[0]);
    tcase_add_test(tc, only_pinned_certificates_end_a_chain);
    tcase_add_test(tc, signatures_of_a_chain_are_checked);
    tcase_add_loop_test(tc, claims_are_read, 0, sizeof claims / sizeof claims[0]);
    tcase_add_loop_test(tc, scts_are_checked, 0, sizeof sct_cases / sizeof sct_cases[0]);
    tcase_add_loop_test(tc, chains_of_sigstore_are_good, 0, 2);
}

int main(void)
{
    return unit_run("trust/x509", add);
}
