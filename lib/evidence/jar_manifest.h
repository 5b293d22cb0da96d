/* SPDX-License-Identifier: MIT */
/*
 * The texts that a signed JAR is bound together by: META-INF/MANIFEST.MF and the signature files
 * (*.SF). A main section, then one for each member; long lines are folded (JAR File
 * Specification, "Name-Value pairs and Sections"). Refused where readers of such text might differ.
 */
#ifndef BU_EVIDENCE_JAR_MANIFEST_H
#define BU_EVIDENCE_JAR_MANIFEST_H

#include "base/arena.h"
#include "digest/digest.h"

/** Names compare without case; values are unfolded. */
typedef struct bu_jar_attribute {
    bulla_bytes name, value;
} bu_jar_attribute;

typedef struct bu_jar_section {
    bulla_bytes raw;  /* what a digest of it is made of: its lines, and the empty one behind them */
    bulla_bytes name; /* of the member; empty: the main section */
    uint32_t line;    /* its first */
    const bu_jar_attribute *attributes;
    size_t count;
} bu_jar_section;

typedef struct bu_jar_manifest {
    bulla_bytes text;
    bu_jar_section main;
    const bu_jar_section *sections; /* in order of their names */
    size_t count;
} bu_jar_manifest;

/**
 * Read one; values that were folded are copied to `arena`, all else are views.
 * @param version  the attribute that its main section must have: "Manifest-Version".
 * Fails, with line and offset: bad-syntax, control-character, truncated (the last line has no end),
 * duplicate-key (an attribute twice), duplicate-entry (a member twice), missing-field,
 * resource-limit (over BU_LIMIT_FIELDS attributes in one section).
 */
BULLA_MUST_USE bulla_status bu_jar_manifest_read(bulla_bytes text, const char *version,
                                                 bu_arena *arena, bu_jar_manifest *out,
                                                 bulla_error *err);

/** The section of a member, or NULL. */
const bu_jar_section *bu_jar_section_of(const bu_jar_manifest *manifest, bulla_bytes name);

/** The value of an attribute, or empty. */
bulla_bytes bu_jar_attribute_of(const bu_jar_section *section, const char *name);

/**
 * The digests in attributes named ALGORITHM-ending, the broken ones left out.
 * @param ending  "-Digest", "-Digest-Manifest" …
 * Fails, with the section's line: weak-hash (SHA-1 and MD5 only), missing-hash, bad-encoding.
 */
BULLA_MUST_USE bulla_status bu_jar_digests(const bu_jar_section *section, const char *ending,
                                           bulla_digest_set *out, bulla_error *err);

#endif
