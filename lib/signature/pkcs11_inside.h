/* SPDX-License-Identifier: MIT */
/*
 * What the files of PKCS#11 share: the door to p11-kit, opened at first use, and an open session.
 * PKCS#11 2.40, "Cryptographic Token Interface Base Specification".
 */
#ifndef BU_SIGNATURE_PKCS11_INSIDE_H
#define BU_SIGNATURE_PKCS11_INSIDE_H

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "signature/crypto.h"
#include "signature/pkcs11.h"

#define P11_FUNCTIONS(X)                                                                           \
    X(p11_kit_module_finalize)                                                                     \
    X(p11_kit_module_initialize)                                                                   \
    X(p11_kit_module_load)                                                                         \
    X(p11_kit_module_release)                                                                      \
    X(p11_kit_modules_finalize_and_release)                                                        \
    X(p11_kit_modules_load_and_initialize)                                                         \
    X(p11_kit_uri_any_unrecognized)                                                                \
    X(p11_kit_uri_free)                                                                            \
    X(p11_kit_uri_get_attribute)                                                                   \
    X(p11_kit_uri_get_module_path)                                                                 \
    X(p11_kit_uri_get_pin_source)                                                                  \
    X(p11_kit_uri_get_pin_value)                                                                   \
    X(p11_kit_uri_match_module_info)                                                               \
    X(p11_kit_uri_match_token_info)                                                                \
    X(p11_kit_uri_new)                                                                             \
    X(p11_kit_uri_parse)

/** Each under its own name; NULL until bu_p11_open() has done well. */
typedef struct bu_p11_functions {
#define FUNCTION(name) __typeof__(&name) name;
    P11_FUNCTIONS(FUNCTION)
#undef FUNCTION
} bu_p11_functions;

extern bu_p11_functions bu_p11;

/** Fails with unreadable. */
BULLA_MUST_USE bulla_status bu_p11_open(bulla_error *err);

/** A token that is open; zeroed it is none. */
typedef struct bu_token {
    CK_FUNCTION_LIST *module, **modules; /* loaded by its path; or all that p11-kit knows */
    CK_FUNCTION_LIST *functions;         /* of the one that has the token */
    CK_SESSION_HANDLE session;           /* 0: none */
    CK_OBJECT_HANDLE key;
    bool asks_always; /* the key wants its PIN for every signature */
    bu_secret *pin;   /* kept for that only */
} bu_token;

void bu_token_clear(bu_token *token);

/** Fails with bad-status unless a call returned CKR_OK. */
BULLA_MUST_USE bulla_status bu_token_ok(CK_RV code, const char *call, bulla_error *err);

/** An attribute of an object, appended. Fails with bad-status, resource-limit. */
BULLA_MUST_USE bulla_status bu_token_attribute(const bu_token *token, CK_OBJECT_HANDLE object,
                                               CK_ATTRIBUTE_TYPE type, bu_buf *out,
                                               bulla_error *err);

/** The objects that have these attributes: at most two. Fails with bad-status. */
BULLA_MUST_USE bulla_status bu_token_find(const bu_token *token, CK_ATTRIBUTE *attributes,
                                          size_t count, CK_OBJECT_HANDLE found[2], size_t *number,
                                          bulla_error *err);

/** The public half of token->key, as SubjectPublicKeyInfo (DER), appended. */
BULLA_MUST_USE bulla_status bu_token_public(const bu_token *token, bu_buf *out, bulla_error *err);

/** Sign on the token: a bulla_signer's sign(). */
bulla_status bu_token_sign(void *token, const char *algorithm, bulla_bytes input, uint8_t *out,
                           size_t cap, size_t *len, bulla_error *err);

#endif
