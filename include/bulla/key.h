/* SPDX-License-Identifier: MIT */
/*
 * Keys for signing: making them, reading them, keeping them encrypted.
 */
#ifndef BULLA_KEY_H
#define BULLA_KEY_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

typedef enum bulla_key_kind {
    BULLA_KEY_NONE = 0,
    BULLA_KEY_ED25519,
    BULLA_KEY_ECDSA_P256,
    BULLA_KEY_ECDSA_P384,
    BULLA_KEY_ECDSA_P521,
    BULLA_KEY_RSA, /**< 2048 to 8192 bits; none are made */
} bulla_key_kind;

/** "ed25519", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa"; "none". Never NULL. */
BULLA_API const char *bulla_key_kind_name(bulla_key_kind kind);

/** The kind of that name, or BULLA_KEY_NONE. */
BULLA_API bulla_key_kind bulla_key_kind_of(const char *name);

/** A private key in guarded memory. */
typedef struct bulla_secret_key bulla_secret_key;

/** A key that lives elsewhere: on a token, in a service, behind another program. */
typedef struct bulla_signer {
    /**
     * Sign. Put at most `cap` bytes into `out` and their number into `*len`; what does not verify is
     * not used.
     * @param algorithm  such as "ed25519", "ecdsa-p256-sha256", "rsa-pss-sha256-mgf1sha256-salt32". An
     *                   ECDSA signature is DER, also when the name ends in "-p1363".
     * @param input      the digest that is signed; for "ed25519" the message itself.
     */
    bulla_status (*sign)(void *context, const char *algorithm, bulla_bytes input, uint8_t *out,
                         size_t cap, size_t *len, bulla_error *err);
    void (*release)(void *context); /**< with the key; may be NULL */
    void *context;
} bulla_signer;

/** Longest signature in bytes. */
#define BULLA_SIGNATURE_MAX 2048

/** Where a passphrase comes from. Called only when one is needed; at most once a key. */
typedef struct bulla_passphrase {
    /**
     * Put at most `cap` bytes into `out` and their number into `*len`.
     * @param purpose  what it is for, for a prompt: a file name.
     * @param twice    ask for it two times: it is a new one.
     */
    bulla_status (*ask)(void *context, const char *purpose, bool twice, uint8_t *out, size_t cap,
                        size_t *len, bulla_error *err);
    void *context;
} bulla_passphrase;

/** Longest passphrase in bytes. */
#define BULLA_PASSPHRASE_MAX 1024

/**
 * Make a key pair and write it: `path` gets the private key (mode 0600, refused when there), `path`.pub the public key
 * (PEM).
 * @param kind        any but BULLA_KEY_RSA.
 * @param person      whose it is: `path`.proof gets its proof of possession, too; NULL: none.
 * @param passphrase  borrowed; NULL writes an unencrypted PKCS#8 PEM (the caller asked for it by name).
 * @param keyid       65 bytes: gets the keyid as hex with NUL.
 * Fails with write-error, wrong-passphrase (empty), no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_key_new(bulla_key_kind kind, const char *path,
                                                    const char *person,
                                                    const bulla_passphrase *passphrase,
                                                    char keyid[65], bulla_error *err);

/**
 * Write a private key of any form again in bulla's own: `path` and `path`.pub as bulla_key_new()
 * writes them. What names the key in minisign's and signify's signatures is kept with it.
 * @param from        a file that bulla_secret_key_open() takes.
 * @param passphrase  gives that of `from` when it is encrypted, then the new one; borrowed.
 * @param encrypt     false writes an unencrypted PKCS#8 PEM (the caller asked for it by name).
 * Fails as bulla_secret_key_open() and bulla_key_new(), and with wrong-usage (a key on a token).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_key_import(const char *from, const char *path,
                                                       const bulla_passphrase *passphrase,
                                                       bool encrypt, char keyid[65],
                                                       bulla_error *err);

/** What can be said of a key file without its passphrase. */
typedef struct bulla_key_info {
    bulla_key_kind kind;
    bool is_private, is_encrypted;
    char keyid[65];
    bulla_buffer pem; /**< public key, PEM */
} bulla_key_info;

/** Describe a key file, private or public. Fails with unreadable, special-file, bad-key, weak-key, unsafe-mode. */
BULLA_API BULLA_MUST_USE bulla_status bulla_key_show(const char *path, bulla_key_info *out,
                                                     bulla_error *err);
BULLA_API void bulla_key_info_clear(bulla_key_info *info);

/**
 * Open a private key: a file, or a key on a token by its "pkcs11:" URI (RFC 7512), whose PIN is then
 * the passphrase. Refuses files that others can read or that others own (unsafe-mode).
 * @param passphrase  borrowed for the call; NULL when there is none to be had.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_secret_key_open(const char *path,
                                                            const bulla_passphrase *passphrase,
                                                            bulla_secret_key **out,
                                                            bulla_error *err);
BULLA_API void bulla_secret_key_free(bulla_secret_key *key);

/**
 * A key that lives elsewhere, as any other. What the signer answers is verified before it is used.
 * @param public_key  PEM, or DER SubjectPublicKeyInfo.
 * @param signer      copied; released with the key, but not when this fails.
 * Fails with bad-key, weak-key, bad-encoding, unsupported-feature, no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_secret_key_elsewhere(bulla_bytes public_key,
                                                                 const bulla_signer *signer,
                                                                 bulla_secret_key **out,
                                                                 bulla_error *err);

/** Its keyid, borrowed from the key. */
BULLA_API const char *bulla_secret_key_id(const bulla_secret_key *key);

BULLA_END

#endif
