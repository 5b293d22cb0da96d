/* SPDX-License-Identifier: MIT */
/*
 * CMS SignedData (RFC 5652; PKCS #7 is its older form): reading, and the signature of each signer.
 * Nothing here trusts a certificate that came along: that is bu_x509_chain().
 */
#ifndef BU_TRUST_CMS_H
#define BU_TRUST_CMS_H

#include "trust/timestamp.h"

struct bu_message;

typedef struct bu_cms bu_cms; /* immutable */

/**
 * Read a ContentInfo with SignedData (nothing after it).
 * Fails with bad-encoding, trailing-data, bad-type (other content), empty (no signer), resource-limit,
 * and as bu_x509_read() where a signer's own certificate is refused.
 */
BULLA_MUST_USE bulla_status bu_cms_read(bulla_bytes der, bu_cms **out, bulla_error *err);
void bu_cms_free(bu_cms *cms);
BU_DEFINE_AUTO(bu_cms)

/** What it carries; ptr NULL: nothing (detached). Borrowed, as all that follows. */
bulla_bytes bu_cms_content(const bu_cms *cms);
/** eContentType as a dotted object identifier: "1.2.840.113549.1.7.1" is data. */
const char *bu_cms_content_type(const bu_cms *cms);

/** The certificates that came along; those that bulla refuses are left out. For bu_x509_chain(). */
bu_x509 *const *bu_cms_certificates(const bu_cms *cms, size_t *count);

/** How many signed it; the functions below take an index. At least one. */
size_t bu_cms_count(const bu_cms *cms);

/** Does the signer name this certificate (issuer and serial number, or key identifier)? */
bool bu_cms_is_by(const bu_cms *cms, size_t signer, const bu_x509 *certificate);

/** The certificate that came along for this signer, or NULL. */
const bu_x509 *bu_cms_certificate(const bu_cms *cms, size_t signer);

/** The digest algorithm of a signer; NONE: one that bulla does not take. */
bulla_alg bu_cms_digest(const bu_cms *cms, size_t signer);

/** The signature itself. */
bulla_bytes bu_cms_signature(const bu_cms *cms, size_t signer);

/**
 * Did the key of `certificate` sign this content (for detached ones: what it is to be; else
 * bu_cms_content())? Checks the signature over the signed attributes, that these name the content's
 * type and digest once each, and that ESS signing-certificate attributes, where there are any, name
 * this certificate. Fails with identity-mismatch (the signer names another certificate),
 * hash-mismatch (other content), bad-signature, weak-hash, wrong-usage, bad-encoding, unsupported-feature.
 */
BULLA_MUST_USE bulla_status bu_cms_verify(const bu_cms *cms, size_t signer,
                                          const bu_x509 *certificate, bulla_bytes content,
                                          bulla_error *err);

/** The same over a message that may only be known by digest. */
BULLA_MUST_USE bulla_status bu_cms_verify_message(const bu_cms *cms, size_t signer,
                                                  const bu_x509 *certificate,
                                                  const struct bu_message *message,
                                                  bulla_error *err);

/** Attributes of a signer: signed ones may be believed once bu_cms_verify() holds. */
typedef enum bu_cms_attributes { BU_CMS_SIGNED, BU_CMS_UNSIGNED } bu_cms_attributes;

/**
 * The DER of the one value of an attribute, by its dotted object identifier, appended.
 * Fails with missing-field (it is not there), duplicate-entry (twice, or several values), no-memory.
 */
BULLA_MUST_USE bulla_status bu_cms_attribute(const bu_cms *cms, size_t signer,
                                             bu_cms_attributes which, const char *oid, bu_buf *out,
                                             bulla_error *err);

/**
 * When it was signed, by a time stamp over the signature (RFC 3161, appendix A) that one of these
 * authorities made. Fails with missing-field (no stamp), and as bu_timestamp_check().
 */
BULLA_MUST_USE bulla_status bu_cms_time(const bu_cms *cms, size_t signer, const bu_tsa *authorities,
                                        size_t count, int64_t *time, bulla_error *err);

/**
 * Counter-signatures (RFC 5652 section 11.4) over a signer's signature, as a SignedData of their
 * own: its detached content is bu_cms_signature(cms, signer), its certificates are those of `cms`.
 * Fails with missing-field (there are none), and as bu_cms_read().
 */
BULLA_MUST_USE bulla_status bu_cms_counter(const bu_cms *cms, size_t signer, bu_cms **out,
                                           bulla_error *err);

#endif
