/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room share: the inside of keys, the row of an
 * algorithm, and the way to OpenSSL. Nothing outside includes it.
 */
#ifndef BU_SIGNATURE_CRYPTO_H
#define BU_SIGNATURE_CRYPTO_H

#include <openssl/evp.h>

#include "digest/digest.h"
#include "signature/der.h"
#include "signature/key.h"
#include "signature/ossl.h"

#define BU_ED25519_SEED_BYTES 32
#define BU_SCALAR_MAX         66                      /* bytes; P-521 */
#define BU_POINT_MAX          (1 + 2 * BU_SCALAR_MAX) /* bytes, uncompressed */

struct bu_key {
    bulla_key_kind kind;
    char id[BU_KEYID_TEXT];
    uint8_t *spki; /* DER, canonical */
    size_t spki_len;
    bulla_bytes point; /* inside `spki`: what its BIT STRING holds */
    EVP_PKEY *pkey;    /* NULL for Ed25519, which libsodium checks */
};

struct bulla_secret_key {
    bu_key *public;
    /* Ed25519: seed and public key, as libsodium keeps them; ECDSA: the scalar; RSA: the
     * RSAPrivateKey (DER). NULL for a key that lives elsewhere. OpenSSL gets it for the moment of
     * signing only. */
    bu_secret *secret;
    bulla_signer signer; /* of a key that lives elsewhere */
    bool has_number;
    uint8_t number[BU_KEY_NUMBER_BYTES];
};

/** A way to sign; one file each. */
typedef struct bu_scheme {
    /* Over the message; NULL where its digest is signed. */
    bulla_status (*check)(const bu_key *key, const bu_algorithm *algorithm, bulla_bytes message,
                          bulla_bytes signature, bulla_error *err);
    /* Over `algorithm->digest` of it; NULL where the scheme hashes it itself. */
    bulla_status (*check_digest)(const bu_key *key, const bu_algorithm *algorithm,
                                 const bulla_digest *digest, bulla_bytes signature,
                                 bulla_error *err);
    /* The same two, to make one: appended. */
    bulla_status (*make)(const bu_secret_key *key, const bu_algorithm *algorithm,
                         bulla_bytes message, bu_buf *out, bulla_error *err);
    bulla_status (*make_digest)(const bu_secret_key *key, const bu_algorithm *algorithm,
                                const bulla_digest *digest, bu_buf *out, bulla_error *err);
} bu_scheme;

extern const bu_scheme bu_scheme_ed25519, bu_scheme_ed25519ph, bu_scheme_ecdsa_der,
    bu_scheme_ecdsa_p1363, bu_scheme_rsa_pkcs1, bu_scheme_rsa_pss, bu_scheme_rsa_pss_any_salt;

struct bu_algorithm {
    const char *name;
    bulla_key_kind kind;
    const bu_scheme *scheme;
    bulla_alg digest; /* NONE: the scheme hashes the message itself */
    size_t salt;      /* bytes; RSA-PSS only, where MGF1 uses `digest` too */
};

/* Judging the point of a public key and giving it to the library that will check with it. */
BULLA_MUST_USE bulla_status bu_ed25519_open(bu_key *key, bulla_error *err);
BULLA_MUST_USE bulla_status bu_ecdsa_open(bu_key *key, bulla_error *err);
BULLA_MUST_USE bulla_status bu_rsa_open(bu_key *key, bulla_error *err);

/** Ask a key that lives elsewhere; appended. */
BULLA_MUST_USE bulla_status bu_signer_ask(const bu_secret_key *key, const bu_algorithm *algorithm,
                                          bulla_bytes input, bu_buf *out, bulla_error *err);

/** Bytes of a scalar on that curve, of r, of s and of a coordinate. */
size_t bu_ecdsa_size(bulla_key_kind kind);
/** A new scalar, and the point of one (bad-key when it is out of range). */
BULLA_MUST_USE bulla_status bu_ecdsa_new_scalar(bulla_key_kind kind, uint8_t out[BU_SCALAR_MAX],
                                                bulla_error *err);
BULLA_MUST_USE bulla_status bu_ecdsa_point(bulla_key_kind kind, bulla_bytes scalar,
                                           uint8_t out[BU_POINT_MAX], bulla_error *err);
/** r || s, as tokens and JWS have it, as DER; appended. Fails with bad-signature (its length). */
BULLA_MUST_USE bulla_status bu_ecdsa_to_der(bulla_key_kind kind, bulla_bytes pair, bu_buf *out,
                                            bulla_error *err);

/** The public half of an RSAPrivateKey (DER). Fails with bad-encoding, bad-key, weak-key. */
BULLA_MUST_USE bulla_status bu_rsa_public(bulla_bytes private, bu_key **out, bulla_error *err);
/** Its pair, for OpenSSL. */
BULLA_MUST_USE bulla_status bu_rsa_pair(bulla_bytes private, EVP_PKEY **out, bulla_error *err);

/** A public key from its point: for RSA the RSAPublicKey (DER). */
BULLA_MUST_USE bulla_status bu_key_of_point(bulla_key_kind kind, bulla_bytes point, bu_key **out,
                                            bulla_error *err);

/** An RSA key from its numbers, big-endian, which may have zero bytes in front. Fails as bu_key_read(). */
BULLA_MUST_USE bulla_status bu_key_of_rsa(bulla_bytes modulus, bulla_bytes exponent, bu_key **out,
                                          bulla_error *err);

/** The AlgorithmIdentifier (content of its SEQUENCE) that stands in an SPKI and in PKCS#8. */
bulla_bytes bu_key_algorithm_identifier(bulla_key_kind kind);

static inline void bu_pkey_auto(EVP_PKEY **pkey)
{
    EVP_PKEY_free(*pkey); /* wipes what is secret of it */
}
#define BU_AUTO_PKEY __attribute__((cleanup(bu_pkey_auto))) EVP_PKEY *

/**
 * A key of that type ("EC", "RSA") from its parameters. Fails with bad-key.
 * @param selection  EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR.
 */
BULLA_MUST_USE bulla_status bu_ossl_key(const char *type, int selection, OSSL_PARAM *params,
                                        EVP_PKEY **out, bulla_error *err);

/**
 * Sign a digest, appended: ECDSA as DER.
 * @param padding  BU_NO_PADDING for ECDSA, or one of OpenSSL's RSA_…_PADDING.
 * @param salt     bytes; RSA-PSS only.
 */
#define BU_NO_PADDING 0
#define BU_ANY_SALT   SIZE_MAX /* to check only: as long as it is */
BULLA_MUST_USE bulla_status bu_ossl_sign(EVP_PKEY *pkey, int padding, size_t salt,
                                         const bulla_digest *digest, bu_buf *out, bulla_error *err);

/** Check a signature over a digest. Fails with bad-signature, no-memory. */
BULLA_MUST_USE bulla_status bu_ossl_verify(const bu_key *key, int padding, size_t salt,
                                           const bulla_digest *digest, bulla_bytes signature,
                                           bulla_error *err);

#endif
