/* SPDX-License-Identifier: MIT */
/*
 * What one thread of the pipeline has to itself, and the examiners: one for
 * each kind of component, each filling the facts of one.
 */
#ifndef BU_EVIDENCE_WORKER_H
#define BU_EVIDENCE_WORKER_H

#include "evidence/contents.h"
#include "evidence/gather.h"

typedef struct bu_worker {
    const bu_gather_options *options;
    bu_evidence *evidence; /* by component; a worker writes to the one it examines */
    bu_evidence *inside;   /* by place: what the archive around it says */
    const size_t *bundled; /* indices of places in archives, grouped by parent */
    const size_t
        *bundles; /* where the group of component i starts in `bundled`; one more at the end */
    bu_arena *arena;
    bu_hasher *hasher;
    uint8_t *scratch;    /* BU_IO_CHUNK bytes */
    bulla_status status; /* no-memory ends the run */
} bu_worker;

/** What to do when the archive of a component is not there. */
#define BU_NEXT_ARCHIVE                                                                            \
    "install with the ecosystem's own tool, or name a folder of archives with --archives"

/** Each examines the component at `index`. Fails with no-memory only. */
BULLA_MUST_USE bulla_status bu_examine_archive(bu_worker *worker, size_t index, bulla_error *err);
BULLA_MUST_USE bulla_status bu_examine_artifact(bu_worker *worker, size_t index, bulla_error *err);

#endif
