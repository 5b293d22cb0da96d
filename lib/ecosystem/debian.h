/* SPDX-License-Identifier: MIT */
/*
 * Debian's signed chain as data: Release (after its signature was opened),
 * Packages index, control file of a .deb. Reading only; evidence/ holds them
 * together. Spec: Debian repository format; deb-control(5).
 */
#ifndef BU_ECOSYSTEM_DEBIAN_H
#define BU_ECOSYSTEM_DEBIAN_H

#include "base/arena.h"
#include "io/source.h"

/* Names as dpkg accepts them. */
bool bu_deb_is_package(bulla_bytes name);
bool bu_deb_is_version(bulla_bytes version);
bool bu_deb_is_architecture(bulla_bytes architecture);

/** One file that a Release names in its SHA256 list. */
typedef struct bu_release_file {
    const char *path; /* "main/binary-amd64/Packages" */
    uint64_t size;
    bulla_digest sha256;
} bu_release_file;

typedef struct bu_release {
    const char *origin, *suite, *codename; /* NULL when not stated */
    int64_t date;
    int64_t valid_until; /* INT64_MAX when not stated */
    bu_release_file *files;
    size_t count;
} bu_release;

/** Fails with missing-field, bad-time, bad-encoding, bad-number, missing-hash (no SHA256 list), path-traversal. */
BULLA_MUST_USE bulla_status bu_release_parse(bulla_bytes text, const char *name, bu_arena *arena,
                                             bu_release *out, bulla_error *err);

/**
 * The files alone that a document names: a .dsc, .changes or .buildinfo (Checksums-Sha256; lists of
 * weaker digests do not count) or a Release (SHA256). Fails as bu_release_parse().
 */
BULLA_MUST_USE bulla_status bu_deb_list_parse(bulla_bytes text, const char *name, bu_arena *arena,
                                              bu_release *out, bulla_error *err);

/** What an index or a control file says of one package. */
typedef struct bu_deb_entry {
    const char *package, *version, *architecture;
    const char *filename; /* index only; checked to be relative and without ".." */
    uint64_t size;        /* index only */
    bulla_digest sha256;  /* index only */
    uint32_t line;        /* index only: of the stanza */
    const char *multiarch, *depends, *pre_depends,
        *essential; /* compared between index and control; NULL when absent */
    size_t index;   /* which index it came from, for the caller */
} bu_deb_entry;

/**
 * Stream a Packages index and call `each` for every stanza whose package name `wanted` accepts.
 * Fails as bu_stanzas_next() and with missing-field, missing-hash, bad-number, path-traversal.
 */
BULLA_MUST_USE bulla_status bu_packages_read(bu_source *source, const char *name, bu_arena *arena,
                                             bool (*wanted)(void *context, bulla_bytes package),
                                             bulla_status (*each)(void *context,
                                                                  const bu_deb_entry *entry,
                                                                  bulla_error *err),
                                             void *context, bulla_error *err);

/** One control file. */
BULLA_MUST_USE bulla_status bu_control_parse(bulla_bytes text, const char *name, bu_arena *arena,
                                             bu_deb_entry *out, bulla_error *err);

/**
 * Split "NAME_VERSION_ARCH.deb" as apt writes it (`%3a` for the colon of an epoch).
 * Fails with bad-name.
 */
BULLA_MUST_USE bulla_status bu_deb_filename_parse(bulla_bytes filename, bu_arena *arena,
                                                  bu_deb_entry *out, bulla_error *err);

#endif
