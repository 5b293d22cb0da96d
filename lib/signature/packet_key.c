/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP key material (RFC 9580, 5.5.5) as a bare key: RSA, ECDSA and EdDSA of version 4. Refuses
 * numbers that are cut off or followed by something.
 */
#include "signature/crypto.h"
#include "signature/packet.h"

#define MATERIAL 6 /* version, time, algorithm */

/** What is left of the material; broken once something was not there. */
typedef struct material {
    bulla_bytes rest;
    bool broken;
} material;

static bulla_bytes take(material *m, size_t count)
{
    m->broken = m->broken || m->rest.len < count;
    if (m->broken)
        return (bulla_bytes){ 0 };
    bulla_bytes taken = bu_bytes_first(m->rest, count);
    m->rest = bu_bytes_from(m->rest, count);
    return taken;
}

/* RFC 9580, 3.2: bits in two bytes, then the number. */
static bulla_bytes take_number(material *m)
{
    bulla_bytes bits = take(m, 2);
    return m->broken ? bits : take(m, (size_t)((bits.ptr[0] << 8 | bits.ptr[1]) + 7) / 8);
}

static bulla_bytes take_curve(material *m)
{
    bulla_bytes len = take(m, 1);
    return m->broken ? len : take(m, len.ptr[0]);
}

static bulla_status not_whole(bulla_error *err)
{
    return bu_fail(err, BULLA_E_BAD_ENCODING, "key material that is not whole");
}

static bulla_status read_rsa(material *m, bu_key **out, bulla_error *err)
{
    bulla_bytes modulus = take_number(m), exponent = take_number(m);
    return m->broken || m->rest.len > 0 ? not_whole(err)
                                        : bu_key_of_rsa(modulus, exponent, out, err);
}

/* RFC 9580, 9.2: the curves, and what stands before a point on them. */
#define OID(text)                                                                                  \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
static const struct curve {
    uint8_t algorithm;
    bulla_key_kind kind;
    bulla_bytes oid;
    size_t prefix; /* bytes of the number that are not of the point */
} curves[] = {
    { BU_PGP_ECDSA, BULLA_KEY_ECDSA_P256, OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), 0 },
    { BU_PGP_ECDSA, BULLA_KEY_ECDSA_P384, OID("\x2b\x81\x04\x00\x22"), 0 },
    { BU_PGP_ECDSA, BULLA_KEY_ECDSA_P521, OID("\x2b\x81\x04\x00\x23"), 0 },
    { BU_PGP_EDDSA, BULLA_KEY_ED25519, OID("\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"), 1 },
};

static const struct curve *curve_of(uint8_t algorithm, bulla_bytes oid)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (curves[i].algorithm == algorithm && bu_bytes_equal(oid, curves[i].oid))
            return &curves[i];
    return NULL;
}

bool bu_pgp_has_curve(uint8_t algorithm, bulla_bytes material_bytes)
{
    material m = { .rest = material_bytes };
    return curve_of(algorithm, take_curve(&m)) != NULL;
}

static bulla_status read_point(uint8_t algorithm, material *m, bu_key **out, bulla_error *err)
{
    bulla_bytes oid = take_curve(m), point = take_number(m);
    const struct curve *curve = curve_of(algorithm, oid);
    if (m->broken || m->rest.len > 0)
        return not_whole(err);
    if (curve == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a curve that is not known");
    return bu_key_of_point(curve->kind, bu_bytes_from(point, curve->prefix), out, err);
}

bulla_status bu_public_key_packet_key(bulla_bytes body, bu_key **out, bulla_error *err)
{
    if (body.len < MATERIAL || body.ptr[0] != 4)
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "no public key of version 4");
    material m = { .rest = bu_bytes_from(body, MATERIAL) };
    uint8_t algorithm = body.ptr[MATERIAL - 1];
    if (algorithm == BU_PGP_RSA || algorithm == BU_PGP_RSA_SIGN_ONLY)
        return read_rsa(&m, out, err);
    if (algorithm == BU_PGP_ECDSA || algorithm == BU_PGP_EDDSA)
        return read_point(algorithm, &m, out, err);
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "an algorithm that does not sign here");
}
