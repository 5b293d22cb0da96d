/* SPDX-License-Identifier: MIT */
/*
 * Installed trees: node_modules, vendor, site-packages. Which packages are in
 * one, whose every file is, and whether it is that of the package's archive.
 * A kind of tree is one file and one row of installs.def.
 */
#ifndef BU_EVIDENCE_INSTALL_H
#define BU_EVIDENCE_INSTALL_H

#include "evidence/facts.h"
#include "evidence/files.h"
#include "model/graph.h"

typedef struct bu_install bu_install;

/** Texts in order of bytes, once they are sorted; in an arena. */
typedef struct bu_paths {
    const char **items;
    size_t count, cap;
} bu_paths;

/** A package in a tree. */
typedef struct bu_installed {
    const bu_install *tree;
    size_t component;  /* of the graph */
    const char *place; /* its folder, from that of the tree; "": it shares the tree's with others */
    bu_paths parts;    /* the kind's: what is known of its inside; sorted */
    bulla_digest pin; /* the kind's: of the archive, as the tree states it; alg NONE: it does not */
    const char *stated; /* the kind's: a file that lists the others, with their digests; NULL */
} bu_installed;

/** What became of one file. */
typedef enum bu_fate {
    BU_FATE_SAME,
    BU_FATE_CHANGED,
    BU_FATE_ADDED,
    BU_FATE_MISSING,
    BU_FATE_GENERATED, /* made by the installer: held against nothing */
    BU_FATE_LEFT_OUT,  /* not installed by its kind's rules */
} bu_fate;

typedef struct bu_install_kind {
    const char *title; /* for people: "node_modules" */
    const char *type;  /* purl type of the packages */
    /** Whether the folder is such a tree, by what is in it. */
    bool (*is)(const bu_install *tree, const bu_names *names);
    /** Find all packages: bu_install_add() or bu_install_unknown() for each. */
    bulla_status (*find)(bu_install *tree, bulla_error *err);
    /** Whether a path that is in no package is the installer's own. */
    bool (*is_own)(const bu_install *tree, const bu_found *found);
    /** What it means that a file differs: `fate` unless the kind knows better. NULL: always. */
    bu_fate (*judge)(const bu_installed *installed, const bu_file_pair *pair, bu_fate fate);
    /** Files of a package without a folder of its own. NULL: all that is in its folder. */
    bulla_status (*list)(const bu_installed *installed, bu_hasher *hasher, bu_files *out,
                         bulla_error *err);
    /** Whether nothing of a component needs to be there. NULL: only when its lockfile says so. */
    bool (*may_lack)(const bu_install *tree, const bulla_component *component);
    /** Judge what a package states of itself: its file `stated`. NULL: nothing. */
    bulla_status (*check)(const bu_installed *installed, const bulla_digest *archive,
                          const bu_files *files, bool *same, bulla_error *err);
} bu_install_kind;

/** One tree; while it is opened, also what find() works with. */
struct bu_install {
    const bu_install_kind *kind;
    const char *path;
    const bu_graph *graph;
    bu_arena *arena;
    bu_installed *items; /* owned; by component */
    size_t count, cap;
    bu_paths claims; /* folders and files that are some package's; sorted */
    bu_findings *unlisted;
    size_t generated;
};

/** All trees of a run. */
typedef struct bu_installs {
    bu_arena *arena; /* owned */
    bu_install *items;
    size_t count;
    bu_findings unlisted; /* what no lockfile names, in `arena` */
} bu_installs;

/**
 * Open trees (NULL-terminated; NULL is empty) and find what is in them. `graph` is settled, and
 * borrowed as `paths` is.
 * Fails with usage (no such kind of tree), as folders cannot be read, and as the files by which
 * packages are found are refused.
 */
BULLA_MUST_USE bulla_status bu_installs_open(const char *const *paths, const bu_graph *graph,
                                             bu_installs *out, bulla_error *err);
void bu_installs_clear(bu_installs *installs);
BU_DEFINE_CLEAR(bu_installs)

/** Whether packages of this purl type are installed in one of the trees. */
bool bu_installs_cover(const bu_installs *installs, const char *type);

/** Whether a copy of the component is in one of the trees. */
bool bu_installs_have(const bu_installs *installs, size_t component);

/** What there is to hold a component's installed files against. */
typedef struct bu_install_archive {
    const bu_files *files;      /* of its archive; sorted */
    const bulla_digest *sha256; /* of its archive; NULL: not measured */
    bu_hasher *hasher;
    bu_arena *arena;
} bu_install_archive;

/**
 * Hold every installed copy of the component against its archive. `*why` is set when the outcome in
 * `out` is not HELD. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_installs_judge(const bu_installs *installs, size_t component,
                                              const bu_install_archive *archive, bulla_fact *out,
                                              bulla_error *why, bulla_error *err);

/* For the kinds */

/** Add a path to a list; copied into `arena`. */
BULLA_MUST_USE bulla_status bu_paths_add(bu_paths *paths, bu_arena *arena, bulla_bytes path,
                                         bulla_error *err);
void bu_paths_sort(bu_paths *paths);
bool bu_paths_have(const bu_paths *paths, const char *path);
/** Whether one of them is below the folder `path`. */
bool bu_paths_have_below(const bu_paths *paths, const char *path);

/** The component of that name and version of the tree's type, or BULLA_NO_COMPONENT. */
BULLA_MUST_USE bulla_status bu_install_component(bu_install *tree, const char *name,
                                                 const char *version, size_t *out,
                                                 bulla_error *err);
/** Add a package (copied); its place is claimed, unless it is "". `parts` are taken over in any case. */
BULLA_MUST_USE bulla_status bu_install_add(bu_install *tree, bu_installed *installed,
                                           bulla_error *err);
/** What is at `place` is named by no lockfile: `what` says what it says it is; claims the place. */
BULLA_MUST_USE bulla_status bu_install_unknown(bu_install *tree, const char *place,
                                               const char *what, bulla_error *err);
/** The same for what cannot be told: `why` is kept, and the place claimed. */
BULLA_MUST_USE bulla_status bu_install_refuse(bu_install *tree, const char *place,
                                              bulla_status status, bulla_error *why,
                                              bulla_error *err);
/** "TREE/path", in the tree's arena; NULL: no memory. */
const char *bu_install_path(const bu_install *tree, const char *path);

#endif
