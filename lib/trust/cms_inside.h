/* SPDX-License-Identifier: MIT */
/*
 * The inside of a SignedData, for the files that read it and that verify it.
 */
#ifndef BU_TRUST_CMS_INSIDE_H
#define BU_TRUST_CMS_INSIDE_H

#include <openssl/cms.h>

#include "trust/cms.h"

#define BU_CMS_OID_TEXT 80 /* longer object identifiers are not those of any content */

typedef struct bu_cms_signer {
    CMS_SignerInfo *info;       /* borrowed from the document */
    const bu_x509 *certificate; /* NULL: did not come along */
    bulla_alg digest;
} bu_cms_signer;

struct bu_cms {
    CMS_ContentInfo *document;
    bool is_counter; /* over a signature: RFC 5652, 11.4 */
    char type[BU_CMS_OID_TEXT];
    bu_x509 **certificates;
    size_t certificate_count;
    bu_cms_signer *signers;
    size_t count;
};

/** A signer's counter-signatures as the signers of a detached SignedData without certificates, appended as DER. */
BULLA_MUST_USE bulla_status bu_cms_counter_document(const bu_cms *cms, size_t signer, bu_buf *out,
                                                    bulla_error *err);

#endif
