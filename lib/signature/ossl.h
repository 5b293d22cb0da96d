/* SPDX-License-Identifier: MIT */
/*
 * The library context that every door to OpenSSL shares: its own, and without a configuration file.
 */
#ifndef BU_SIGNATURE_OSSL_H
#define BU_SIGNATURE_OSSL_H

#include <openssl/types.h>

/** NULL when it could not be made. */
OSSL_LIB_CTX *bu_ossl(void);

#endif
