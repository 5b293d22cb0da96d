/* SPDX-License-Identifier: MIT */
/*
 * Lockfiles and package databases: one file and one row each. A parser is
 * pure: text in, graph out; no file, no network, no clock.
 */
#ifndef BU_ECOSYSTEM_ECOSYSTEM_H
#define BU_ECOSYSTEM_ECOSYSTEM_H

#include "io/source.h"
#include "model/graph.h"

/** What a parser may know besides the text. */
typedef struct bu_ecosystem_options {
    const char *os;           /* for platform limits: "linux" */
    const char *cpu;          /* "x64" */
    const char *libc;         /* "glibc" */
    const char *distribution; /* purl namespace of system packages: "debian" */
} bu_ecosystem_options;

typedef struct bu_ecosystem {
    const char *id; /* as in -L id:path: "npm", "dpkg" */
    const char *const
        *filenames; /* exact names this reader claims, NULL-terminated, strongest first */
    const char *const
        *places;       /* where it is looked for below a folder; NULL-terminated, strongest first */
    const char *title; /* for people: "npm lockfile (package-lock.json 1-3)" */
    /**
     * Read `text` into `graph` (empty, not settled). `name` is for places in errors.
     */
    bulla_status (*parse)(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err);
} bu_ecosystem;

/** All rows, in order of ecosystems.def; NULL-terminated. */
extern const bu_ecosystem *const bu_ecosystems[];

/** The row with that id, or NULL. */
const bu_ecosystem *bu_ecosystem_by_id(bulla_bytes id);

/** The row that claims this file name (the last part of a path), or NULL. */
const bu_ecosystem *bu_ecosystem_by_filename(bulla_bytes filename);

#endif
