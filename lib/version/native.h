/* SPDX-License-Identifier: MIT */
/*
 * Reading ranges in the notations of ecosystems. Most are one grammar with
 * other signs: alternatives of requirements, each a sign and a version; a
 * dialect is a table of signs. What a range says is written down constraint by
 * constraint, as the vers specification's own tests have it; nothing is merged.
 */
#ifndef BU_VERSION_NATIVE_H
#define BU_VERSION_NATIVE_H

#include "version/vers.h"

bu_native bu_native_apk, bu_native_cargo, bu_native_composer, bu_native_conan, bu_native_deb,
    bu_native_gem, bu_native_golang, bu_native_hackage, bu_native_hex, bu_native_maven,
    bu_native_nginx, bu_native_npm, bu_native_nuget, bu_native_openssl, bu_native_pub,
    bu_native_pypi, bu_native_relation, bu_native_rpm;

/** One reading. */
typedef struct bu_reading {
    bulla_bytes all;
    bu_range *range;
    bulla_error *err;
} bu_reading;

/** Refuse at that byte. */
bulla_status bu_native_refuse(const bu_reading *r, const uint8_t *at, const char *why);

/** Add a constraint on a version that is written at `at`. Fails with its place. */
bulla_status bu_native_add(const bu_reading *r, bu_comparator comparator, bulla_bytes version,
                           const uint8_t *at);

/**
 * The first `index` items of a dotted version, the next one plus 1, and `tail`: ("1.2.3", 1, ".0")
 * is 1.3.0. The item has to be a number.
 */
bulla_status bu_native_raise(const bu_reading *r, bulla_bytes version, size_t index,
                             const char *tail, bulla_bytes *out);

/** How many items a dotted version has. */
size_t bu_native_items(bulla_bytes version);

/** What a sign before a version says. */
typedef bulla_status bu_expand(const bu_reading *r, bu_comparator comparator, bulla_bytes version);

typedef struct bu_sign {
    const char *text; /* "" where none is needed; the longer ones first */
    bu_comparator comparator;
    bu_expand *expand;
} bu_sign;

typedef struct bu_dialect {
    const bu_sign *signs; /* ended by a NULL text */
    const char *either;   /* parts alternatives, beside "||"; NULL: nothing else */
    const char *both;     /* joins requirements, beside a comma; NULL: nothing else */
    bool blanks_join;     /* a blank joins requirements */
    /* "LOW - HIGH"; NULL: there is no such thing */
    bulla_status (*hyphen)(const bu_reading *r, bulla_bytes low, bulla_bytes high);
} bu_dialect;

/** Read all of it by a dialect; an empty text and "*" are every version. */
bulla_status bu_native_read(bulla_bytes native, const bu_dialect *dialect, bu_range *range,
                            bulla_error *err);

/** What signs mostly say: one constraint with the version as it is written. */
bu_expand bu_expand_plain;

/** The same with the version completed to three numbers, as npm and alike write it. */
bu_expand bu_expand_semver;

/**
 * Append a version with three numbers at least: "v1.02" is 1.2.0, "1.2rc1" is 1.2.0-rc1. False when
 * it is none.
 */
bool bu_semver_complete(bulla_bytes version, bu_buf *out);

#endif
