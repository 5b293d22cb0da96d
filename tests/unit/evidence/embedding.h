/* SPDX-License-Identifier: MIT */
/*
 * Packages in tests that sign themselves: signatures are made with OpenSSL, and what was built is
 * given to the verifier as a file.
 */
#ifndef UNIT_EVIDENCE_EMBEDDING_H
#define UNIT_EVIDENCE_EMBEDDING_H

#include "evidence/embedded.h"

#include "archive/build_zip.h"
#include "trust/certs.h"

/** One run: what may vouch, and what came out. */
typedef struct embedding {
    bu_arena *arena;
    bu_anchors anchors;
    bool found;
    bu_vouched vouched;
    bulla_error err;
} embedding;

void embedding_start(embedding *run);
void embedding_clear(embedding *run);
BU_DEFINE_CLEAR(embedding)

/** A certificate, or the bare key of one, that may vouch. */
void embedding_trust(embedding *run, const cert *anchor);
void embedding_trust_key(embedding *run, const cert *anchor);

/** Give these bytes to the verifier, at CERT_TIME. */
bulla_status embedding_verify(embedding *run, bulla_bytes package);

/** It must be refused with this code, however it is found. */
void embedding_refuses(embedding *run, bulla_bytes package, bulla_code code);

/** It must be refused whichever of its bits is another, but for those that `may_differ` says. */
void embedding_refuses_flips(embedding *run, bulla_bytes package, bool (*may_differ)(size_t at));

/** It must be refused for want of memory wherever an allocation fails, and else go well. */
void embedding_survives_allocation_failures(embedding *run, bulla_bytes package);

/** A raw signature over a message, appended. */
void embedding_sign(const cert *by, const char *digest, bulla_bytes message, bu_buf *out);

/** How a CMS signature is made; the zero value is an ordinary one. */
typedef struct embedding_cms {
    bool attached;          /* it carries what it signs */
    bool no_certificate;    /* the signer's does not come along */
    bool names_certificate; /* signing-certificate-v2 is among what is signed */
    const char *commitment; /* last number of the commitment's identifier; NULL: none */
    const cert *pool;       /* another certificate that comes along */
    const cert *counter;    /* counter-signs, with `counter_as` as its commitment */
    const char *counter_as;
    const char *digest; /* NULL: SHA256 */
} embedding_cms;

/** A CMS signature over a message (DER), appended. */
void embedding_sign_cms(const cert *by, embedding_cms how, bulla_bytes message, bu_buf *out);

/** A certificate as PEM, appended, each line behind `indent`. */
void embedding_pem(const cert *from, const char *indent, bu_buf *out);

#endif
