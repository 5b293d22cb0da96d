/* SPDX-License-Identifier: MIT */
/*
 * CMS signatures and RFC 3161 time stamps, made with OpenSSL for one test.
 */
#ifndef UNIT_TRUST_STAMPS_H
#define UNIT_TRUST_STAMPS_H

#include "certs.h"

/** How a CMS signature is to be; what is left out is as usual. */
typedef struct cms_wish {
    const cert *signer;
    const cert *second; /* one more signer; NULL */
    const cert *along;  /* a certificate that comes along; NULL */
    bulla_bytes content;
    const char *type;   /* eContentType; NULL: data */
    const char *digest; /* NULL: SHA256 */
    bool carries;       /* the content is inside */
    bool no_certificates, no_attributes;
    bool names_certificate; /* ESS signing-certificate */
    bool by_key_id;         /* the signer is named by its key identifier */
    bulla_bytes stamp;      /* id-aa-timeStampToken, a token; empty: none */
} cms_wish;

/** In DER; the caller clears. */
bu_buf cms_make(cms_wish wish);
/** The same with a time stamp over its first signature: `stamp` is made over that. */
bu_buf cms_make_stamped(cms_wish wish, bu_buf (*stamp)(void *context, bulla_bytes signature),
                        void *context);

/** How a time stamp is to be. */
typedef struct stamp_wish {
    const cert *signer, *second, *along;
    bulla_bytes message;
    int64_t time;        /* 0: CERT_TIME */
    const char *imprint; /* NULL: SHA256 */
    const char *digest;  /* of the signature; NULL: SHA256 */
    const char *type;    /* NULL: TSTInfo */
    bool no_certificates, no_name, critical;
    bool bare;         /* the token alone */
    unsigned status;   /* of the response */
    bulla_bytes nonce; /* DER of the question; empty: none */
} stamp_wish;

bu_buf stamp_make(stamp_wish wish);

#endif
