/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP certificates as they were at a time: keys, and of what was said about
 * them only what their owner said, strongly enough, by then.
 */
#ifndef BU_SIGNATURE_CERTIFICATE_H
#define BU_SIGNATURE_CERTIFICATE_H

#include "signature/packet.h"

/** A primary key or a subkey that may sign. */
typedef struct bu_pgp_key {
    bu_public_key_packet packet;
    size_t certificate;
} bu_pgp_key;

/** Certificates, each known by its primary key, in order of their first packets. */
typedef struct bu_certificates {
    bu_pgp_key *keys;
    size_t key_count, key_cap;
    struct bu_certificate_block *blocks; /* packets of one certificate, in one piece */
    size_t block_count, block_cap;
    size_t *primaries; /* index into `keys`, by certificate */
    size_t count, cap;
} bu_certificates;

void bu_certificates_clear(bu_certificates *certificates);
BU_DEFINE_CLEAR(bu_certificates)

/**
 * Take packets apart, which must outlive the result; what stands twice is one certificate.
 * Subkeys that cannot sign are left out. Fails with bad-key (no certificate), bad-syntax (packets of
 * other kinds), unsupported-version, truncated, empty, no-memory.
 */
BULLA_MUST_USE bulla_status bu_certificates_read(bulla_bytes packets, bu_certificates *out,
                                                 bulla_error *err);

static inline const bu_public_key_packet *bu_certificate_primary(
    const bu_certificates *certificates, size_t index)
{
    return &certificates->keys[certificates->primaries[index]].packet;
}

/** The key that a signature says it is by; NULL: none of these. */
const bu_pgp_key *bu_certificates_find(const bu_certificates *certificates,
                                       const bu_pgp_signature *signature);

/** All packets of a certificate, appended as they are. */
void bu_certificate_whole(const bu_certificates *certificates, size_t index, bu_buf *out);

/**
 * A certificate as it was at `time`, appended: without what others said, what was said later, over
 * a weak hash or with critical subpackets that are not known. Revocations stay, unless they are
 * later and for a reason that leaves older signatures good. Nothing is verified yet.
 */
void bu_certificate_at(const bu_certificates *certificates, size_t index, int64_t time,
                       bu_buf *out);

#endif
