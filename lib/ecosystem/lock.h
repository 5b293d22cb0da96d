/* SPDX-License-Identifier: MIT */
/*
 * What readers of lockfiles share: a document on its way into a graph. An
 * entry becomes a component, with its purl, place and pins; names that
 * dependencies use are linked once all entries are there.
 */
#ifndef BU_ECOSYSTEM_LOCK_H
#define BU_ECOSYSTEM_LOCK_H

#include "base/intern.h"
#include "ecosystem/ecosystem.h"
#include "model/purl.h"
#include "syntax/text.h"
#include "syntax/tree.h"

/** A document that is being read. Zero, then bu_lock_open(). */
typedef struct bu_lock {
    const bu_ecosystem_options *options;
    bu_graph *graph;
    const char *type;     /* purl type of its packages */
    const char *file;     /* as it is shown; in the graph's arena */
    const bu_tree *tree;  /* NULL for a text of lines */
    const char *resolved; /* of the newest entry that says it: many have the same */
    bu_arena *scratch;    /* what a purl is made of */
    /* Names that dependencies use, and who uses them. */
    bu_intern names;
    size_t *named; /* component by number of the name, or BULLA_NO_COMPONENT */
    size_t named_cap;
    struct bu_lock_need *needs;
    size_t need_count, need_cap;
} bu_lock;

/** @param name  of the file, as parse() was given it. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_lock_open(bu_lock *lock, const char *type, const char *name,
                                         const bu_ecosystem_options *options, bu_graph *graph,
                                         bulla_error *err);
void bu_lock_clear(bu_lock *lock);
BU_DEFINE_CLEAR(bu_lock)

/** A format whose document is a tree. */
typedef struct bu_lock_format {
    const char *type; /* purl type of its packages */
    /** A loader of syntax/tree.h. */
    bulla_status (*load)(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err);
    /** Fill the lock's graph from the root of its tree. */
    bulla_status (*fill)(bu_lock *lock, const bu_node *root, bulla_error *err);
} bu_lock_format;

/**
 * What `parse` of an ecosystem is for such a format: load, open, fill. Fails as they do; the other
 * parameters are those of bu_ecosystem.
 */
BULLA_MUST_USE bulla_status bu_lock_read(const bu_lock_format *format, bulla_bytes text,
                                         const char *name, const bu_ecosystem_options *options,
                                         bu_graph *graph, bulla_error *err);

/** Add a digest that stands at `node` in hex: bad-encoding, ambiguous-hash, with its place. */
BULLA_MUST_USE bulla_status bu_lock_add_hex(const bu_lock *lock, const bu_node *node, bulla_alg alg,
                                            bulla_bytes hex, bulla_digest_set *set,
                                            bulla_error *err);

/** One entry, all of it borrowed for the call; what is zero or empty is not stated. */
typedef struct bu_lock_entry {
    const char *type; /* purl type; NULL: that of the document. Static or in the graph's arena */
    bulla_bytes name; /* as the ecosystem writes it: "@scope/name", "group:artifact" */
    bulla_bytes namespace; /* of the purl; empty: as the name says */
    bulla_bytes version;
    bulla_bytes architecture;
    bulla_bytes subpath;      /* of the purl: the part of the package that is meant */
    bu_qualifier *qualifiers; /* of the purl, beside `arch` */
    size_t qualifier_count;   /* at most 8 */
    bulla_bytes license, resolved, location, alias;
    uint64_t size;
    bulla_scope scope;
    bulla_origin origin;
    bool may_be_absent;
    bulla_digest_set digests;
    const bulla_file_pin *files; /* in the graph's arena */
    size_t file_count;
    const bu_node *node;   /* where it stands; */
    uint32_t line, column; /* for a text of lines */
} bu_lock_entry;

/**
 * Add the entry as a component; `*out` (may be NULL) is its index.
 * What is shown of `resolved` has no password in it. Fails with bad-name (what no purl can be made
 * of), control-character (a name or version that hides characters), resource-limit, no-memory; with
 * the entry's place.
 */
BULLA_MUST_USE bulla_status bu_lock_add(bu_lock *lock, const bu_lock_entry *entry, size_t *out,
                                        bulla_error *err);

/** A file that may stand for a package, for entry.files: `file` gets texts of its own. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_lock_pin_file(bu_lock *lock, bulla_bytes name, bulla_bytes url,
                                             uint64_t size, const bulla_digest_set *digests,
                                             bulla_file_pin *file, bulla_error *err);

/** An error about an entry: its place and the file. Returns its status. */
BULLA_PRINTF(5, 6)
bulla_status bu_lock_fail(const bu_lock *lock, const bu_lock_entry *entry, bulla_error *err,
                          bulla_code code, const char *format, ...);

/**
 * From now on `key` (borrowed until bu_lock_clear()) in `space` means that component; the first
 * that is named so stays. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_lock_name(bu_lock *lock, size_t space, bulla_bytes key,
                                         size_t component, bulla_error *err);

/** The component of that name so far, or BULLA_NO_COMPONENT. */
size_t bu_lock_find(const bu_lock *lock, size_t space, bulla_bytes key);

/** How a dependency that is not there is taken. */
typedef enum bu_lock_absence {
    BU_ABSENCE_FLAW,      /* the document is not whole: missing-dependency */
    BU_ABSENCE_TOLERATED, /* noted, but its ecosystem lives with it */
    BU_ABSENCE_FINE,      /* nothing to say: an optional or built-in thing */
} bu_lock_absence;

/** `from` needs what is named so (`key` is borrowed until bu_lock_clear()). Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_lock_need(bu_lock *lock, size_t from, size_t space, bulla_bytes key,
                                         bu_lock_absence absence, const bu_lock_entry *at,
                                         bulla_error *err);

/** Make the edges. Call it once, when every entry was added and named. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_lock_connect(bu_lock *lock, bulla_error *err);

/**
 * What may be shown and kept of a URL or reference: without user and password. In `arena`, or NULL
 * when there is no memory.
 */
const char *bu_lock_public_url(bulla_bytes url, bu_arena *arena);

#endif
