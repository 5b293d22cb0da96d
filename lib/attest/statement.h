/* SPDX-License-Identifier: MIT */
/*
 * in-toto Statement v1 (read: v0.1 too): subjects and a predicate. Reader and
 * writer of one format.
 */
#ifndef BU_ATTEST_STATEMENT_H
#define BU_ATTEST_STATEMENT_H

#include "attest/predicate.h"
#include "base/arena.h"
#include "base/buf.h"
#include "bulla/digest.h"

typedef struct bu_subject {
    bulla_bytes name; /* may be empty */
    bulla_digest_set digests;
} bu_subject;

typedef struct bu_statement {
    bu_subject *subjects;
    size_t count;
    bulla_bytes predicate_type;
    bulla_bytes predicate; /* JSON text, compact; empty when there is none */
} bu_statement;

/**
 * Parse what bu_payload_bytes() gave (or, for inspection only, unverified bytes). All bytes live in `arena`.
 * Fails as bu_json_parse() and with unsupported-version (_type), missing-field, type-mismatch, bad-encoding,
 * empty (no subject), missing-hash (a subject without any known digest), resource-limit.
 */
BULLA_MUST_USE bulla_status bu_statement_parse(bulla_bytes payload, const char *name,
                                               bu_arena *arena, bu_statement *out,
                                               bulla_error *err);

/** The statement as compact JSON, appended. Fails as the predicate's JSON is refused, no-memory. */
BULLA_MUST_USE bulla_status bu_statement_write(const bu_statement *statement, bu_buf *out,
                                               bulla_error *err);

/**
 * Is a statement about a thing with these digests? By digest only, never by name: some subject shares a strong
 * algorithm with it, and every algorithm they share agrees.
 */
bool bu_statement_is_about(const bu_statement *statement, const bulla_digest_set *digests);

#endif
