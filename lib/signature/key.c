/* SPDX-License-Identifier: MIT */
/*
 * Public keys: SubjectPublicKeyInfo (RFC 5280, 8410, 5480, 3279) as strict DER
 * or PEM, held as canonical DER. Refuses algorithms that have no row here,
 * explicit curve parameters, and every second way to write one key.
 */
#include <sodium.h>

#include "base/limits.h"
#include "signature/crypto.h"
#include "signature/pem.h"

#define LABEL "PUBLIC KEY"

/* One kind of key: what its AlgorithmIdentifier holds, and how long its point is (0: varies). */
typedef struct kind {
    bulla_key_kind kind;
    const char *name;
    bulla_bytes identifier;
    size_t point;
    bulla_status (*open)(bu_key *key, bulla_error *err);
} kind;

/* Bytes in a table; a compound literal is no constant there. */
#define DER(s)                                                                                     \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

#define OID_EC "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"

static const kind kinds[] = {
    { BULLA_KEY_ED25519, "ed25519", DER("\x06\x03\x2b\x65\x70"), 32, bu_ed25519_open },
    { BULLA_KEY_ECDSA_P256, "ecdsa-p256", DER(OID_EC "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"),
      65, bu_ecdsa_open },
    { BULLA_KEY_ECDSA_P384, "ecdsa-p384", DER(OID_EC "\x06\x05\x2b\x81\x04\x00\x22"), 97,
      bu_ecdsa_open },
    { BULLA_KEY_ECDSA_P521, "ecdsa-p521", DER(OID_EC "\x06\x05\x2b\x81\x04\x00\x23"), 133,
      bu_ecdsa_open },
    { BULLA_KEY_RSA, "rsa", DER("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"), 0,
      bu_rsa_open },
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static const kind *kind_row(bulla_key_kind wanted)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i].kind == wanted)
            return &kinds[i];
    return NULL;
}

const char *bulla_key_kind_name(bulla_key_kind wanted)
{
    const kind *row = kind_row(wanted);
    return row == NULL ? "none" : row->name;
}

bulla_key_kind bulla_key_kind_of(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].kind;
    return BULLA_KEY_NONE;
}

bulla_bytes bu_key_algorithm_identifier(bulla_key_kind wanted)
{
    return kind_row(wanted)->identifier;
}

void bu_key_free(bu_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey);
    free(key->spki);
    free(key);
}

/* CVE-2020-0601: a curve is known by its name, never by parameters that come along. */
static bulla_status refuse_algorithm(bulla_bytes identifier, bulla_error *err)
{
    bu_der der = bu_der_of(identifier);
    bulla_bytes oid = bu_der_take(&der, BU_DER_OID);
    if (der.broken)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the AlgorithmIdentifier is not strict DER");
    if (bu_bytes_equal(oid, bu_bytes_from(BULLA_LIT(OID_EC), 2)) &&
        bu_der_is(&der, BU_DER_SEQUENCE))
        return bu_fail(err, BULLA_E_WEAK_KEY, "the curve is not named but spelled out");
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                   "not Ed25519, ECDSA on P-256, P-384 or P-521, or RSA");
}

static const kind *kind_of_identifier(bulla_bytes identifier)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (bu_bytes_equal(identifier, kinds[i].identifier))
            return &kinds[i];
    return NULL;
}

static bulla_status set_spki(bu_key *key, bulla_bytes spki, bulla_error *err)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    key->spki = malloc(spki.len);
    if (key->spki == NULL)
        return bu_no_memory(err);
    memcpy(key->spki, spki.ptr, spki.len);
    key->spki_len = spki.len;
    (void)crypto_hash_sha256(digest, spki.ptr, spki.len);
    (void)sodium_bin2hex(key->id, sizeof key->id, digest, sizeof digest);
    return BU_OK;
}

/* Strict DER is canonical: an SPKI that is read without complaint is the one form of its key. */
static bulla_status read_spki(bulla_bytes spki, bu_key **out, bulla_error *err)
{
    BU_AUTO(bu_key) key = calloc(1, sizeof *key);
    if (key == NULL)
        return bu_no_memory(err);
    bu_der all = bu_der_of(spki);
    bu_der info = bu_der_enter(&all, BU_DER_SEQUENCE);
    bulla_bytes identifier = bu_der_take(&info, BU_DER_SEQUENCE);
    bulla_bytes point = bu_der_bits(&info);
    if (!bu_der_done(&info))
        return bu_at_offset(
            err, bu_fail(err, BULLA_E_BAD_ENCODING, "the SubjectPublicKeyInfo is not strict DER"),
            bu_der_offset(all.broken ? &all : &info, spki));
    if (!bu_der_done(&all))
        return bu_at_offset(err, bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the key"),
                            bu_der_offset(&all, spki));
    const kind *row = kind_of_identifier(identifier);
    if (row == NULL)
        return refuse_algorithm(identifier, err);
    if (row->point != 0 && row->point != point.len)
        return bu_fail(err, BULLA_E_BAD_KEY, "a point of %zu bytes where %s has %zu", point.len,
                       row->name, row->point);
    BU_TRY(set_spki(key, spki, err));
    key->kind = row->kind;
    key->point = (bulla_bytes){ key->spki + (point.ptr - spki.ptr), point.len };
    BU_TRY(row->open(key, err));
    *out = BU_STEAL(key);
    return BU_OK;
}

bulla_status bu_key_read(bulla_bytes text, bu_key **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) der = { 0 };
    if (text.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a key of %zu bytes", text.len);
    if (text.len > 0 && text.ptr[0] == BU_DER_SEQUENCE)
        return read_spki(text, out, err);
    bulla_status status = bu_pem_decode(text, LABEL, &der, err);
    if (status.code == BULLA_E_FORMAT_MISMATCH && bu_bytes_ends(bu_pem_label(text), "PRIVATE KEY"))
        return bu_fail(err, BULLA_E_BAD_KEY, "a private key where a public one is due");
    if (status.code == BULLA_E_FORMAT_MISMATCH)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "PEM of another thing than a public key");
    BU_TRY(status);
    status = read_spki(bu_buf_bytes(&der), out, err);
    if (!bulla_ok(status)) /* an offset would be one of the DER, not of the text */
        return bu_at_offset(err, status, BU_OFFSET_NONE);
    return BU_OK;
}

bulla_status bu_key_of_point(bulla_key_kind wanted, bulla_bytes point, bu_key **out,
                             bulla_error *err)
{
    BU_CLEAR(bu_buf) info = { 0 };
    BU_CLEAR(bu_buf) spki = { 0 };
    bu_der_add(&info, BU_DER_SEQUENCE, bu_key_algorithm_identifier(wanted));
    bu_der_add_bits(&info, point);
    bu_der_add(&spki, BU_DER_SEQUENCE, bu_buf_bytes(&info));
    if (info.broken || spki.broken)
        return bu_no_memory(err);
    return read_spki(bu_buf_bytes(&spki), out, err);
}

/* RSAPublicKey (RFC 8017, A.1.1). */
bulla_status bu_key_of_rsa(bulla_bytes modulus, bulla_bytes exponent, bu_key **out,
                           bulla_error *err)
{
    BU_CLEAR(bu_buf) pair = { 0 };
    BU_CLEAR(bu_buf) point = { 0 };
    bu_der_add_positive(&pair, modulus);
    bu_der_add_positive(&pair, exponent);
    bu_der_add(&point, BU_DER_SEQUENCE, bu_buf_bytes(&pair));
    if (pair.broken || point.broken)
        return bu_no_memory(err);
    return bu_key_of_point(BULLA_KEY_RSA, bu_buf_bytes(&point), out, err);
}

bulla_key_kind bu_key_kind(const bu_key *key)
{
    return key->kind;
}

const char *bu_key_id(const bu_key *key)
{
    return key->id;
}

bulla_bytes bu_key_spki(const bu_key *key)
{
    return (bulla_bytes){ key->spki, key->spki_len };
}

void bu_key_write_pem(const bu_key *key, bu_buf *out)
{
    bu_pem_encode(bu_key_spki(key), LABEL, out);
}

bool bu_key_equal(const bu_key *a, const bu_key *b)
{
    return bu_bytes_equal(bu_key_spki(a), bu_key_spki(b));
}
