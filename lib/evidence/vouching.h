/* SPDX-License-Identifier: MIT */
/*
 * Who vouches for a thing: files that sign it are found, each document in them is checked against
 * what may vouch, and becomes facts.
 */
#ifndef BU_EVIDENCE_VOUCHING_H
#define BU_EVIDENCE_VOUCHING_H

#include "attest/statement.h"
#include "evidence/sayings.h"
#include "evidence/worker.h"

/** Digests of a thing that files which sign it are found by and speak of. */
#define BU_VOUCHING_ALGS (BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(BULLA_ALG_SHA512))

/** What the evidence is about that is looked at for a component. */
typedef enum bu_vouching_subject {
    BU_SUBJECT_THING,     /* itself */
    BU_SUBJECT_OLDER,     /* another version of it, whose review others lean on */
    BU_SUBJECT_PUBLISHER, /* who published it */
} bu_vouching_subject;

/** One thing, and what was found out about who vouches for it. */
typedef struct bu_vouching {
    bu_worker *w;
    size_t index;            /* of the component that gets the facts */
    const bu_folder *folder; /* that `path` is in; NULL: the working folder */
    const char *path;        /* of the thing; NULL: only its digests are known */
    const bu_message *message;
    bu_vouching_subject subject;
    bool artifact; /* given by hand: what is asked of artifacts is asked of it */
    /* What a verified statement about the thing is told to; NULL. */
    void (*note)(void *context, const bu_statement *statement);
    void *context;
    bu_sayings sayings; /* what the documents say that were opened; bu_vouching_finish() */
    bool found;         /* something signs it, well or not */
    bool provenance;    /* provenance that holds was seen */
    bool package;       /* a document that holds names the package that is asked for */
} bu_vouching;

/**
 * A file (of `folder`, or NULL) that signs: judge every document in it. Fails with no-memory only;
 * the rest is in the facts.
 */
BULLA_MUST_USE bulla_status bu_vouching_take_file(bu_vouching *v, const bu_folder *folder,
                                                  const char *path, bulla_error *err);

/**
 * Look for files that sign beside the thing and, by its digests, in the folders of evidence; judge
 * them. Sets `found`.
 */
BULLA_MUST_USE bulla_status bu_vouching_look(bu_vouching *v, bulla_error *err);

/** What signs it from within: packages that carry their own signatures. Sets `found`. */
BULLA_MUST_USE bulla_status bu_vouching_take_embedded(bu_vouching *v, bulla_error *err);

/**
 * The thing itself, where it is a document that carries what it signs: then who signed it is
 * judged, whatever it is about. Sets `found`.
 */
BULLA_MUST_USE bulla_status bu_vouching_take_itself(bu_vouching *v, bulla_error *err);

/**
 * When all documents were taken: add up what they say, and turn it into facts. The owner then clears
 * `sayings`.
 * Fails with no-memory only.
 */
BULLA_MUST_USE bulla_status bu_vouching_finish(bu_vouching *v, bulla_error *err);

/** A fact about a signature that is refused. Fails with no-memory only. */
BULLA_MUST_USE bulla_status bu_vouching_refuse(bu_vouching *v, bulla_proof proof, bulla_fact fact,
                                               bulla_error *why, bulla_error *err);

#endif
