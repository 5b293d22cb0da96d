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
    /**
     * Read another file of the project, for documents that name one: go.mod's go.sum, `-r base.txt`.
     * `path` is relative to the folder of the document, with '/'; what was read is appended to `out`.
     * NULL: no other file can be read. Fails with missing-file when it is not there, path-traversal
     * when it is outside of the project, and as files are refused.
     */
    bulla_status (*read)(void *context, const char *path, bu_buf *out, bulla_error *err);
    void *read_context;
    const char *os;           /* for platform limits: "linux" */
    const char *cpu;          /* "x64" */
    const char *libc;         /* "glibc" */
    const char *distribution; /* purl namespace of system packages: "debian" */
} bu_ecosystem_options;

typedef struct bu_ecosystem {
    const char *id; /* as in -L id:path: "npm", "dpkg" */
    /* Names this reader claims when a file is named by hand, and paths at which it is looked for
     * in each folder of a project. NULL-terminated; one `*` in the last part stands for any characters, or none. */
    const char *const *filenames;
    const char *const *places;
    bool system;       /* its places are paths from the root of a system: "var/lib/dpkg/status" */
    bool each_place;   /* every place is a document; else only the first that is there */
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

/**
 * The first row that claims a file of this path: because it lies at one of its places, else by one of
 * its file names. NULL when none does.
 */
const bu_ecosystem *bu_ecosystem_by_path(bulla_bytes path);

/** Whether the last parts of `path` are those of `form`, a place or file name of a row. */
bool bu_ecosystem_lies_at(const char *form, bulla_bytes path);

/** Whether `name` is of this form, in which one `*` stands for any characters, or none. */
bool bu_ecosystem_name_matches(const char *form, bulla_bytes name);

#endif
