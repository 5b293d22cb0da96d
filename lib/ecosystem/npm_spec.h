/* SPDX-License-Identifier: MIT */
/*
 * What npm writes for names, versions and the places that packages come from
 * (npm's "package spec"). Only what a lockfile may hold: resolved things, no
 * ranges and no tags. Spec: npm docs, package-spec and package-lock.json.
 */
#ifndef BU_ECOSYSTEM_NPM_SPEC_H
#define BU_ECOSYSTEM_NPM_SPEC_H

#include "base/arena.h"

typedef enum bu_npm_source {
    BU_NPM_NOWHERE, /* no place: a version, or nothing */
    BU_NPM_URL,     /* an archive by URL */
    BU_NPM_GIT,
    BU_NPM_ARCHIVE, /* file: and an archive's name */
    BU_NPM_FOLDER,  /* file: and any other path */
    BU_NPM_OTHER,   /* a scheme that is not known */
} bu_npm_source;

bu_npm_source bu_npm_source_of(bulla_bytes spec);

/** True when the path of an ARCHIVE or FOLDER does not plainly stay inside the project. */
bool bu_npm_leaves_project(bulla_bytes spec);

/** "file:path" or "path" → "path". */
bulla_bytes bu_npm_path(bulla_bytes spec);

/** The full commit that a GIT source is pinned to; empty when it is not. */
bulla_bytes bu_npm_commit(bulla_bytes spec);

/** "npm:name@version" → its parts; false for anything else. */
bool bu_npm_alias(bulla_bytes spec, bulla_bytes *name, bulla_bytes *version);

/** A name that npm can install (validate-npm-package-name, "valid for old packages"). */
bool bu_npm_is_name(bulla_bytes name);

/** One exact version: the characters of a semantic version. */
bool bu_npm_is_version(bulla_bytes version);

#endif
