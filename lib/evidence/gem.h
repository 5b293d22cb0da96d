/* SPDX-License-Identifier: MIT */
/*
 * The two YAML texts in a gem, read as far as they are needed: metadata (the
 * gemspec, with tags that name Ruby classes) and checksums.yaml. Only what
 * Ruby's own emitters write is accepted, line by line: a text in which
 * another YAML reader could find another name is refused.
 */
#ifndef BU_EVIDENCE_GEM_H
#define BU_EVIDENCE_GEM_H

#include "base/buf.h"
#include "bulla/digest.h"

/** What a gemspec says it is; views into its text. */
typedef struct bu_gemspec {
    bulla_bytes name, version;
    bulla_bytes platform[3]; /* a word alone, or CPU, system and version; empty when not stated */
    bulla_bytes cert_chain;  /* the lines below that key; empty when there are none */
} bu_gemspec;

/**
 * Fails, with the line: bad-syntax (not in the emitters' form), duplicate-key, missing-field,
 * control-character.
 */
BULLA_MUST_USE bulla_status bu_gemspec_read(bulla_bytes text, bu_gemspec *out, bulla_error *err);

/**
 * The next certificate of `rest` (first spec->cert_chain), as PEM appended to `out`; `rest` goes on
 * behind it. Fails with bad-syntax: not a block of text without indicators.
 */
BULLA_MUST_USE bulla_status bu_gem_certificate(bulla_bytes *rest, bu_buf *out, bulla_error *err);

/** The members that have a checksum. */
typedef enum bu_gem_part { BU_GEM_METADATA, BU_GEM_DATA, BU_GEM_PARTS } bu_gem_part;

/**
 * Read checksums.yaml into a set of digests for each part.
 * Fails, with the line: bad-syntax, duplicate-key, bad-encoding, unsupported-hash, missing-hash (an
 * algorithm that lacks a part, or no algorithm at all).
 */
BULLA_MUST_USE bulla_status bu_gem_checksums_read(bulla_bytes text,
                                                  bulla_digest_set out[BU_GEM_PARTS],
                                                  bulla_error *err);

#endif
