/* SPDX-License-Identifier: MIT */
/*
 * What npm's two kinds of evidence share: the names of packages.
 */
#ifndef BU_TRUST_NPM_H
#define BU_TRUST_NPM_H

#include "trust/vouch.h"

/**
 * The purl of a package as the registry names it, in `arena`. Fails with bad-name: no name and
 * version of npm, so that "name@version" could be read in two ways; no-memory.
 */
BULLA_MUST_USE bulla_status bu_npm_package(bulla_bytes name, bulla_bytes version, bu_arena *arena,
                                           const char **out, bulla_error *err);

/** May this anchor speak for a registry in that use ("npm:signatures", "npm:attestations")? */
bool bu_npm_is_key(const bu_anchor *anchor, const char *usage);

#endif
