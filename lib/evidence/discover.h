/* SPDX-License-Identifier: MIT */
/*
 * Which documents a project has: its folders are gone through, and each place
 * that some row of ecosystems.def names is a document. Links are not followed.
 */
#ifndef BU_EVIDENCE_DISCOVER_H
#define BU_EVIDENCE_DISCOVER_H

#include "ecosystem/ecosystem.h"
#include "evidence/facts.h"

typedef struct bu_document {
    const bu_ecosystem *ecosystem;
    const char *path; /* as it is opened and shown */
} bu_document;

/** What was found, and what was not looked into. Texts are in the arena that was given. */
typedef struct bu_discovery {
    bu_document *items; /* by folder, in order of bytes; owned */
    size_t count, cap;
    struct bu_left_out {
        const char *path;
        const char *pattern; /* that left it out; NULL: it is an installed tree or a tool's state */
    } * left_out;            /* owned */
    size_t left_out_count, left_out_cap;
    bu_findings troubles; /* folders that could not be read */
} bu_discovery;
void bu_discovery_clear(bu_discovery *discovery);
BU_DEFINE_CLEAR(bu_discovery)

typedef struct bu_discover_options {
    const char *folder;         /* where to begin */
    const char *const *exclude; /* patterns (exclude.h); NULL: none */
    const char *exclude_base;   /* `folder` as seen from the folder of the patterns: "", "sub/x" */
} bu_discover_options;

/**
 * Go through a project. Folders that tools install into or keep their state in (node_modules, .git,
 * a virtual environment, `vendor` beside a manifest …) are left out: what is in them is not of the
 * project, and comes from its lockfiles. In the root of a system the folders of the system (root.h)
 * are left out, but for the places of package databases.
 * Fails with no-memory; and resource-limit (BU_LIMIT_FOLDERS, BU_LIMIT_FOLDER_DEPTH).
 */
BULLA_MUST_USE bulla_status bu_discover(const bu_discover_options *options, bu_arena *arena,
                                        bu_discovery *out, bulla_error *err);

#endif
