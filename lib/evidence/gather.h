/* SPDX-License-Identifier: MIT */
/*
 * The pipeline: component → located bytes → digests, contents, signatures →
 * facts. Reads top to bottom; one worker a thread, each with its own arena,
 * results by index, so that thread order never shows.
 */
#ifndef BU_EVIDENCE_GATHER_H
#define BU_EVIDENCE_GATHER_H

#include "bulla/verify.h"
#include "evidence/chain.h"
#include "evidence/install.h"
#include "evidence/locate.h"
#include "model/needs.h"
#include "trust/tlog.h"
#include "trust/vouch.h"

typedef struct bu_gather_options {
    const bu_graph *graph;
    const bu_needs *needs; /* by component index; NULL: only measure what is found */
    const bu_places *places;
    const bu_chain *chain;         /* NULL: there is none */
    const bu_installs *installs;   /* trees that packages are installed in; NULL: none was named */
    const bulla_trust *trust;      /* NULL: any one of the anchors suffices */
    const bu_anchors *anchors;     /* all that may vouch, of `trust` or given by hand */
    const char *const *signatures; /* files that sign the one artifact; NULL-terminated; NULL */
    const char *const *folders;    /* of evidence by digest; NULL-terminated; NULL */
    const bu_tiles *tiles;         /* hashes of logs; NULL */
    const char *algorithm;         /* of a raw signature; NULL */
    const struct bu_verifiers *verifiers;       /* whose summaries count; NULL: nobody's */
    const bulla_build_expected *build;          /* NULL */
    const char *package_name, *package_version; /* NULL */
    const char *const *sboms;                   /* NULL-terminated; NULL */
    const char *environment; /* that who vouches must be allowed to vouch in; NULL: any */
    int64_t now;
    size_t jobs;
    const bulla_progress *progress;
} bu_gather_options;

/** Evidence by component index. */
typedef struct bu_gathered {
    bu_evidence *items;
    size_t count;
    bu_arena **arenas; /* one a worker; hold all strings of the facts */
    size_t arena_count;
} bu_gathered;

/** Gather facts about every component but the graph's root. Fails with no-memory only; the rest is in the facts. */
BULLA_MUST_USE bulla_status bu_gather(const bu_gather_options *options, bu_gathered *out,
                                      bulla_error *err);
void bu_gathered_clear(bu_gathered *gathered);
BU_DEFINE_CLEAR(bu_gathered)

#endif
