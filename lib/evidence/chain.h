/* SPDX-License-Identifier: MIT */
/*
 * Debian's signed chain: InRelease, opened against a role of the trust store,
 * → digest and size of each Packages index → what the index says of a .deb.
 * Spec: Debian repository format; apt's names for the files it keeps.
 */
#ifndef BU_EVIDENCE_CHAIN_H
#define BU_EVIDENCE_CHAIN_H

#include "ecosystem/debian.h"
#include "evidence/facts.h"
#include "model/graph.h"
#include "trust/open.h"

/** One package as a trusted index lists it. */
typedef struct bu_listed {
    bu_deb_entry entry;
    const bu_role *role; /* that the InRelease was opened against; borrowed from the trust store */
    const char *role_name; /* its name, in the chain's arena */
    const char *who;       /* who signed it */
    const char *source;    /* file name of the index */
    bulla_digest evidence; /* of the InRelease */
} bu_listed;

typedef struct bu_chain {
    bu_arena *arena;   /* owned */
    bu_listed *listed; /* sorted by package, version, architecture */
    size_t count, cap;
    bu_findings refused; /* indexes that are not believed, and why; in `arena` */
} bu_chain;

void bu_chain_clear(bu_chain *chain);
BU_DEFINE_CLEAR(bu_chain)

/**
 * Read folders of apt lists for the packages of a graph.
 * @param trust  NULL: no InRelease can be believed; every one is refused with missing-file, exit class TRUST.
 * Fails with no-memory only; what is wrong with single indexes is in `refused`.
 */
BULLA_MUST_USE bulla_status bu_chain_load(const char *const *folders, size_t folder_count,
                                          const bu_graph *graph, const bulla_trust *trust,
                                          int64_t now, bu_chain *out, bulla_error *err);

/**
 * The first entry for this package, version and architecture; entries for the same follow it,
 * `*count` of them. NULL: none.
 */
const bu_listed *bu_chain_find(const bu_chain *chain, const bulla_component *component,
                               size_t *count);

#endif
