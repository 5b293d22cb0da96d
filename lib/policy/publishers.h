/* SPDX-License-Identifier: MIT */
/*
 * bulla.lock (`bulla.lock/1`, doc/lock.md): for each release line of each package, from which hosts
 * it came and who vouched for it by which kind of proof when that was last accepted. Judging is
 * pure: record × facts → facts. A deviation is a broken fact; it is accepted by writing the record
 * anew, never by judging.
 */
#ifndef BU_POLICY_PUBLISHERS_H
#define BU_POLICY_PUBLISHERS_H

#include "base/buf.h"
#include "evidence/facts.h"
#include "model/needs.h"

/** What is recorded of a release line: a list of texts each. */
typedef enum bu_publisher_kind {
    BU_PUBLISHER_HOSTS,
    BU_PUBLISHER_ARCHIVE_CHAIN,
    BU_PUBLISHER_PROVENANCE,
    BU_PUBLISHER_REGISTRY_SIGNATURE,
    BU_PUBLISHER_SIGNATURE,
    BU_PUBLISHER_KINDS
} bu_publisher_kind;

/** "hosts", "archive-chain" …: the field in the file. Never NULL. */
const char *bu_publisher_kind_name(bu_publisher_kind kind);

/** A set: in order of bytes, each once. */
typedef struct bu_publisher_texts {
    const char **items;
    size_t count, cap;
} bu_publisher_texts;

/** One release line of a package: all versions with one major number. */
typedef struct bu_publisher {
    const char *purl; /* without version, qualifiers and subpath */
    const char *line; /* "1", "2:1" (epoch); empty: versions without a number */
    bu_publisher_texts texts[BU_PUBLISHER_KINDS];
} bu_publisher;

/** Entries in order of purl and line; texts live in the arena. */
typedef struct bu_publishers {
    bu_arena *arena;
    bu_publisher *items;
    size_t count, cap;
} bu_publishers;

/** An empty lock. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_publishers_init(bu_publishers *lock, bulla_error *err);
void bu_publishers_clear(bu_publishers *lock);
BU_DEFINE_CLEAR(bu_publishers)

/**
 * Read a file. Every refusal has exit class CONFIG and a place: what bu_json_load() refuses,
 * unsupported-version, bad-syntax (unknown field; entries or texts that are out of order),
 * duplicate-entry, missing-field, type-mismatch, bad-purl, control-character, resource-limit.
 * @param lock  empty; the caller clears it, also on failure.
 */
BULLA_MUST_USE bulla_status bu_publishers_read(bulla_bytes json, const char *name,
                                               bu_publishers *lock, bulla_error *err);

/** Append the file. Same lock, same bytes. */
void bu_publishers_write(const bu_publishers *lock, bu_buf *out);

/** Put a set entry where it belongs, or in place of the one of that release line. Copies all. */
BULLA_MUST_USE bulla_status bu_publishers_put(bu_publishers *lock, const bu_publisher *entry,
                                              bulla_error *err);

/** The release lines of a package, `*count` of them; borrowed. */
const bu_publisher *bu_publishers_lines(const bu_publishers *lock, bulla_bytes purl, size_t *count);

/** True for what may come from somebody else: no folder of the project, no artifact given by hand. */
bool bu_publisher_is_about(const bulla_component *component);

/** The release line of a component, with empty lists; texts in `arena`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_publisher_of(const bulla_component *component, bu_arena *arena,
                                            bu_publisher *out, bulla_error *err);

/** Add to an entry what a component states and its facts prove. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_publisher_observe(const bulla_component *component,
                                                 const bulla_fact *facts, size_t count,
                                                 bu_arena *arena, bu_publisher *entry,
                                                 bulla_error *err);

/** Add a text to a set. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_publisher_texts_add(bu_publisher_texts *texts, bulla_bytes text,
                                                   bu_arena *arena, bulla_error *err);

/** Add all texts of another set. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_publisher_texts_join(bu_publisher_texts *texts,
                                                    const bu_publisher_texts *more, bu_arena *arena,
                                                    bulla_error *err);

/** The set as one text, "alice, bob"; in `arena`, NULL without memory. */
const char *bu_publisher_texts_show(const bu_publisher_texts *texts, bu_arena *arena);

/** Add all that another entry records. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_publisher_join(bu_publisher *entry, const bu_publisher *more,
                                              bu_arena *arena, bulla_error *err);

/** The proofs that the record of this package names are gathered, whatever policy asks for. */
void bu_publishers_needs(const bu_publishers *lock, const bulla_component *component,
                         bu_needs *needs);

/**
 * Hold what is known of a component against the record: adds facts of BULLA_PROOF_PUBLISHER.
 *   held    as it is recorded
 *   broken  another host (untrusted-source), other identities (identity-mismatch), or nobody where
 *           somebody vouched in this release line (lost-proof)
 *   absent  no record of this release line (unpinned), or its bytes are not here (missing-file)
 * The first release of a new line may have fewer proofs, but no other identities or hosts than the
 * lines before it.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_publishers_judge(const bu_publishers *lock,
                                                const bulla_component *component,
                                                bu_evidence *evidence, bu_arena *arena,
                                                bulla_error *err);

/** True when that found no record of it. */
bool bu_publisher_is_unknown(const bulla_judgement *judgement);

#endif
