/* SPDX-License-Identifier: MIT */
/*
 * What readers of Python's lockfiles share: names as PEP 503 compares them,
 * requirements as PEP 508 writes them, file names of wheels and sdists, hashes,
 * and where a package comes from.
 */
#ifndef BU_ECOSYSTEM_PYPI_H
#define BU_ECOSYSTEM_PYPI_H

#include "ecosystem/origin.h"

/** Versions of one package that one document may hold side by side and still be told apart. */
#define BU_PYPI_FORKS 16u

/** A package on its way into the graph. What is zero is not stated. */
typedef struct bu_pypi_package {
    bu_lock_entry entry;
    bu_qualifier source; /* of the purl: what is not from a registry is not what is there */
} bu_pypi_package;

/* ---- Texts ---- */

/** A requirement; `url` and `specifier` exclude each other. Borrowed. */
typedef struct bu_pypi_requirement {
    bulla_bytes name, specifier, url, marker;
} bu_pypi_requirement;

/** Take "name[extra] ==1.0; marker" or "name @ url ; marker" apart; false when it is neither. */
bool bu_pypi_requirement_of(bulla_bytes text, bu_pypi_requirement *out);

/** The one version that a specifier admits ("==1.0", "===1.0"); empty when it names none. */
bulla_bytes bu_pypi_pinned(bulla_bytes specifier);

bool bu_pypi_is_name(bulla_bytes name);

/** Whether it can be one exact version: what PEP 440 spells, or spelled before there was one. */
bool bu_pypi_is_version(bulla_bytes version);

/** Whether a file of that name is one that installers unpack. */
bool bu_pypi_is_archive(bulla_bytes filename);

/** What the name of a wheel or sdist says; false when it says nothing. */
bool bu_pypi_file_says(bulla_bytes filename, bulla_bytes *name, bulla_bytes *version);

/** The last part of a URL or path, without query and fragment, as it is written. */
bulla_bytes bu_pypi_last_part(bulla_bytes url);

/** Whether a path is absolute or climbs out of the folder it starts from. */
bool bu_pypi_leaves_project(bulla_bytes path);

/**
 * Add "sha256:HEX". An algorithm that is not known is left out. Fails with bad-encoding (also for
 * what has no algorithm) or ambiguous-hash.
 */
BULLA_MUST_USE bulla_status bu_pypi_add_hash(bulla_bytes text, bulla_digest_set *set,
                                             bulla_error *err);

/* ---- Where it comes from. `package` keeps texts of the lock's arena. All fail with no-memory. ---- */

/** @param system  "git", "hg" …; `commit` may be empty. */
BULLA_MUST_USE bulla_status bu_pypi_from_vcs(bu_lock *lock, const char *system, bulla_bytes url,
                                             bulla_bytes commit, bu_pypi_package *package,
                                             bulla_error *err);
BULLA_MUST_USE bulla_status bu_pypi_from_url(bu_lock *lock, bulla_bytes url,
                                             bu_pypi_package *package, bulla_error *err);
/** A folder or archive of the project, or outside of it. */
void bu_pypi_from_path(bulla_bytes path, bool is_folder, bu_pypi_package *package);

/* ---- Entries ---- */

/**
 * The files of a package: the table `one` and the elements of `many`; each may be NULL. A file has
 * a name (`file`, `filename`, `name`, or the end of `url` or `path`), `hash` or `hashes`, `size`.
 * Fails with type-mismatch, bad-encoding, bad-number, ambiguous-hash, no-memory.
 */
BULLA_MUST_USE bulla_status bu_pypi_read_files(bu_lock *lock, const bu_node *one,
                                               const bu_node *many, bu_pypi_package *package,
                                               bulla_error *err);

/** One file of that name, URL and set of digests; all may be empty. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_pypi_pin_file(bu_lock *lock, bulla_bytes name, bulla_bytes url,
                                             uint64_t size, const bulla_digest_set *digests,
                                             bulla_file_pin *file, bulla_error *err);

/** Note what must not pass: `what` is static or in the graph's arena. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_pypi_note(bu_lock *lock, const bu_lock_entry *entry, bulla_code code,
                                         const char *what, bulla_error *err);

/**
 * Add it. Fails as bu_lock_add() and with bad-name or bad-syntax for a name
 * or version that no Python package has.
 */
BULLA_MUST_USE bulla_status bu_pypi_add(bu_lock *lock, bu_pypi_package *package, size_t *out,
                                        bulla_error *err);

/** Make of a name what PEP 503 compares: lower case, one dash for a run of - _ and . Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_pypi_normalize(bu_arena *arena, bulla_bytes *name, bulla_error *err);

/** Whether the document has as many versions of it as can be told apart. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_pypi_has_forks(bu_lock *lock, bulla_bytes name, bool *out,
                                              bulla_error *err);

/**
 * `from` needs that package, in that version if one is given: an edge to each one that it can be.
 * For the `connect` of bu_pypi_steps. Fails with no-memory, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_pypi_need(bu_lock *lock, size_t from, bulla_bytes name,
                                         bulla_bytes version, bu_lock_absence absence,
                                         const bu_lock_entry *at, bulla_error *err);

/** What a reader does with each package of a list. */
typedef struct bu_pypi_steps {
    /** Add exactly one component. */
    bulla_status (*add)(void *context, const bu_node *package, bulla_error *err);
    /** Say what it needs; all are added by then, and have their names. */
    bulla_status (*connect)(void *context, const bu_node *package, size_t component,
                            bulla_error *err);
    void *context;
} bu_pypi_steps;

/** Read a list of tables (NULL: empty) in these steps. Fails with type-mismatch and as they do. */
BULLA_MUST_USE bulla_status bu_pypi_read_packages(bu_lock *lock, const bu_node *list,
                                                  const bu_pypi_steps *steps, bulla_error *err);

#endif
