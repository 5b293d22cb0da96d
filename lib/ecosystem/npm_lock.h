/* SPDX-License-Identifier: MIT */
/*
 * An npm lockfile while it is read: its entries as packages in folders. The
 * parts of npm.c: reading them, what each claims to be, who needs whom.
 */
#ifndef BU_ECOSYSTEM_NPM_LOCK_H
#define BU_ECOSYSTEM_NPM_LOCK_H

#include "ecosystem/ecosystem.h"
#include "ecosystem/layout.h"
#include "ecosystem/npm_spec.h"
#include "syntax/tree.h"

#define BU_NPM_NONE SIZE_MAX

/** One entry of the lockfile. The project itself is the first. */
typedef struct bu_npm_package {
    const bu_node *node;
    const char *location; /* "" for the project */
    bulla_bytes name;     /* it is installed under; empty for a folder of the project */
    size_t folder;        /* in the layout */
    size_t target;        /* of a link: the package it leads to */
    size_t component;     /* NONE for a link, and for a project without a name */
    bool bundled;
    bool linked; /* some link leads here */
} bu_npm_package;

typedef struct bu_npm_lock {
    const bu_tree *tree;
    const bu_ecosystem_options *options;
    bu_graph *graph;
    const char *file;  /* in the graph's arena */
    bool nested;       /* lockfileVersion 1: `dependencies` in `dependencies` */
    size_t paths_left; /* bytes of nested paths that may still be spelled out */
    bu_layout layout;
    bu_npm_package *packages;
    size_t count, cap;
} bu_npm_lock;

/** What an entry says of itself, in all versions of the format. Borrowed from the tree. */
typedef struct bu_npm_claim {
    bulla_bytes name, version, resolved;
    bu_npm_source source;
    const bu_node *from; /* where it says `resolved` */
} bu_npm_claim;

/** @param nested  read the entry as version 1 means it. */
bu_npm_claim bu_npm_claim_of(const bu_npm_lock *lock, const bu_npm_package *package, bool nested);

/** The package whose folder holds this one; not for the project itself. */
const bu_npm_package *bu_npm_holder(const bu_npm_lock *lock, const bu_npm_package *package);

/** True for what lies outside of the project. */
bool bu_npm_is_outside(const bu_npm_package *package);

/** Copy a text for the graph; `*out` stays as it is for an empty one. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_npm_keep(const bu_npm_lock *lock, bulla_bytes text, const char **out,
                                        bulla_error *err);

/** npm has no packages of that name: bad-name at `node`. */
bulla_status bu_npm_bad_name(const bu_npm_lock *lock, const bu_node *node, bulla_bytes name,
                             bulla_error *err);

/** A component for each package that is no link. */
BULLA_MUST_USE bulla_status bu_npm_add_components(bu_npm_lock *lock, const bu_node *document,
                                                  bulla_error *err);

/** An edge for each dependency; a flaw for each one that is not there. */
BULLA_MUST_USE bulla_status bu_npm_connect(bu_npm_lock *lock, bulla_error *err);

/** `dependencies` beside `packages` must name the same packages: ambiguous-lock. */
BULLA_MUST_USE bulla_status bu_npm_compare(const bu_npm_lock *lock, const bu_node *document,
                                           bulla_error *err);

/** The types of the fields that are looked at: type-mismatch. */
BULLA_MUST_USE bulla_status bu_npm_check_types(const bu_npm_lock *lock, const bu_node *node,
                                               bulla_error *err);

#endif
