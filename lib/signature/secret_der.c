/* SPDX-License-Identifier: MIT */
/*
 * Private keys as strict DER: PKCS#8 version 1 (RFC 5208, 8410), ECPrivateKey
 * (RFC 5915). Refuses public halves that are not theirs, and curves that are
 * not named.
 */
#include "signature/pem.h"
#include "signature/secret_key.h"

#define LABEL "PRIVATE KEY"

static const uint8_t zero[] = { 0 };

/* RFC 8410, section 7: CurvePrivateKey ::= OCTET STRING */
static bulla_status read_ed25519(bulla_bytes private, bu_secret_key **out, bulla_error *err)
{
    bu_der der = bu_der_of(private);
    bulla_bytes seed = bu_der_take(&der, BU_DER_OCTET_STRING);
    if (!bu_der_done(&der))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the CurvePrivateKey is not strict DER");
    return bu_secret_key_of_seed(seed, out, err);
}

typedef struct ec_private {
    bulla_bytes scalar;
    bulla_bytes curve; /* content of [0], which holds its name; empty: left out */
    bulla_bytes point; /* empty: left out */
} ec_private;

/* RFC 5915, section 3: version 1, privateKey, [0] parameters OPTIONAL, [1] publicKey OPTIONAL */
static bulla_status parse_ec(bulla_bytes private, ec_private *out, bulla_error *err)
{
    bu_der der = bu_der_of(private);
    bu_der fields = bu_der_enter(&der, BU_DER_SEQUENCE);
    bulla_bytes version = bu_der_positive(&fields);
    *out = (ec_private){ .scalar = bu_der_take(&fields, BU_DER_OCTET_STRING) };
    if (bu_der_is(&fields, BU_DER_CONTEXT_0))
        out->curve = bu_der_take(&fields, BU_DER_CONTEXT_0);
    if (bu_der_is(&fields, BU_DER_CONTEXT_1)) {
        bu_der inside = bu_der_enter(&fields, BU_DER_CONTEXT_1);
        out->point = bu_der_bits(&inside);
        fields.broken = fields.broken || !bu_der_done(&inside);
    }
    if (!bu_der_done(&fields) || !bu_der_done(&der) || version.len != 1 || version.ptr[0] != 1)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the ECPrivateKey is not strict DER");
    return BU_OK;
}

static bulla_status key_of_ec(bulla_key_kind kind, const ec_private *private, bu_secret_key **out,
                              bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = NULL;
    BU_TRY(bu_secret_key_of_scalar(kind, private->scalar, &key, err));
    if (private->point.len > 0 && !bu_bytes_equal(private->point, key->public->point))
        return bu_fail(err, BULLA_E_BAD_KEY, "the public half is not that of the private one");
    *out = BU_STEAL(key);
    return BU_OK;
}

/* The kind whose AlgorithmIdentifier is this, or whose identifier ends with this name of a curve. */
static bulla_key_kind kind_of(bulla_bytes identifier, bool is_curve)
{
    for (bulla_key_kind kind = BULLA_KEY_ED25519; kind <= BULLA_KEY_RSA; kind++) {
        bu_der der = bu_der_of(bu_key_algorithm_identifier(kind));
        if (is_curve)
            (void)bu_der_take(&der, BU_DER_OID);
        if (identifier.len > 0 && bu_bytes_equal(identifier, der.rest))
            return kind;
    }
    return BULLA_KEY_NONE;
}

static bool is_ecdsa(bulla_key_kind kind)
{
    return kind != BULLA_KEY_NONE && kind != BULLA_KEY_ED25519 && kind != BULLA_KEY_RSA;
}

bulla_status bu_secret_key_of_sec1(bulla_bytes der, bu_secret_key **out, bulla_error *err)
{
    ec_private private;
    BU_TRY(parse_ec(der, &private, err));
    bulla_key_kind kind = kind_of(private.curve, true);
    if (!is_ecdsa(kind))
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "a curve that is not named, or neither P-256, P-384 nor P-521");
    return key_of_ec(kind, &private, out, err);
}

static bulla_status read_private(bulla_key_kind kind, bulla_bytes private, bu_secret_key **out,
                                 bulla_error *err)
{
    ec_private ec;
    if (kind == BULLA_KEY_NONE)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "not Ed25519, ECDSA on P-256, P-384 or P-521, or RSA");
    if (kind == BULLA_KEY_ED25519)
        return read_ed25519(private, out, err);
    if (kind == BULLA_KEY_RSA)
        return bu_secret_key_of_rsa(private, out, err);
    BU_TRY(parse_ec(private, &ec, err));
    if (ec.curve.len > 0 && kind_of(ec.curve, true) != kind)
        return bu_fail(err, BULLA_E_BAD_KEY, "two curves are named");
    return key_of_ec(kind, &ec, out, err);
}

bulla_status bu_secret_key_of_pkcs8(bulla_bytes der, bu_secret_key **out, bulla_error *err)
{
    bu_der all = bu_der_of(der);
    bu_der info = bu_der_enter(&all, BU_DER_SEQUENCE);
    bulla_bytes version = bu_der_take(&info, BU_DER_INTEGER);
    bulla_bytes identifier = bu_der_take(&info, BU_DER_SEQUENCE);
    bulla_bytes private = bu_der_take(&info, BU_DER_OCTET_STRING);
    if (info.broken || !bu_der_done(&all))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the PrivateKeyInfo is not strict DER");
    if (!bu_bytes_equal(version, (bulla_bytes){ zero, 1 }) || !bu_der_done(&info))
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "PKCS#8 with more than version 1 has");
    return read_private(kind_of(identifier, false), private, out, err);
}

/* What the OCTET STRING of PKCS#8 holds. The buffers have all their room at once. */
static void add_private(const bu_secret_key *key, bu_buf *scratch, bu_buf *out)
{
    static const uint8_t version[] = { 1 };
    bulla_bytes secret = bu_secret_bytes(key->secret);
    if (key->public->kind == BULLA_KEY_ED25519) {
        bu_der_add(out, BU_DER_OCTET_STRING, bu_bytes_first(secret, BU_ED25519_SEED_BYTES));
    } else if (key->public->kind == BULLA_KEY_RSA) {
        bu_buf_add(out, secret);
    } else {
        BU_CLEAR(bu_buf) point = { 0 };
        bu_der_add_bits(&point, key->public->point);
        bu_der_add(scratch, BU_DER_INTEGER, (bulla_bytes){ version, 1 });
        bu_der_add(scratch, BU_DER_OCTET_STRING, secret);
        bu_der_add(scratch, BU_DER_CONTEXT_1, bu_buf_bytes(&point));
        bu_der_add(out, BU_DER_SEQUENCE, bu_buf_bytes(scratch));
        out->broken = out->broken || point.broken;
    }
}

bulla_status bu_secret_key_der(const bu_secret_key *key, bu_secret **out, bulla_error *err)
{
    if (key->secret == NULL)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "a key that lives elsewhere cannot be copied");
    size_t room = key->secret->len + 2 * BU_POINT_MAX;
    BU_WIPED scratch = { 0 };
    BU_WIPED private = { 0 };
    BU_WIPED info = { 0 };
    BU_WIPED der = { 0 };
    if (bu_buf_room(&scratch, room) == NULL || bu_buf_room(&private, room) == NULL ||
        bu_buf_room(&info, room) == NULL || bu_buf_room(&der, room) == NULL)
        return bu_no_memory(err);
    add_private(key, &scratch, &private);
    bu_der_add(&info, BU_DER_INTEGER, (bulla_bytes){ zero, 1 });
    bu_der_add(&info, BU_DER_SEQUENCE, bu_key_algorithm_identifier(key->public->kind));
    bu_der_add(&info, BU_DER_OCTET_STRING, bu_buf_bytes(&private));
    bu_der_add(&der, BU_DER_SEQUENCE, bu_buf_bytes(&info));
    *out = private.broken ? NULL : bu_secret_copy(bu_buf_bytes(&der));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_secret_key_write_plain(const bu_secret_key *key, bu_secret **out, bulla_error *err)
{
    BU_AUTO(bu_secret) der = NULL;
    BU_WIPED pem = { 0 };
    BU_TRY(bu_secret_key_der(key, &der, err));
    (void)bu_buf_room(&pem, 2 * der->len + sizeof "-----BEGIN " LABEL "-----\n" * 2);
    bu_pem_encode(bu_secret_bytes(der), LABEL, &pem);
    bu_secret *text = pem.broken ? NULL : bu_secret_copy(bu_buf_bytes(&pem));
    if (text == NULL)
        return bu_no_memory(err);
    *out = text;
    return BU_OK;
}
