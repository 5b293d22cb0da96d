/* SPDX-License-Identifier: MIT */
/*
 * Packages in tests: an archive that was built is walked as the one of a
 * component, and one status says what became of it.
 */
#ifndef UNIT_EVIDENCE_PACKAGE_H
#define UNIT_EVIDENCE_PACKAGE_H

#include "archive/build.h"
#include "evidence/contents.h"

/** Walk `bytes` as the archive of the package, and judge its manifest. */
bulla_status package_walk(const char *purl, const char *type, const char *name, const char *version,
                          bulla_bytes bytes, bulla_error *err);

/** The same for a component with more than that. */
bulla_status package_walk_component(const bulla_component *component, bulla_bytes bytes,
                                    bulla_error *err);

/** Append a tar archive of `members` (up to the one without a name), compressed. */
void package_tar(bu_compression kind, const build_member *members, bu_buf *out);

/** The walk must be refused for want of memory wherever an allocation fails, and else go well. */
void package_survives_allocation_failures(const bulla_component *component, bulla_bytes bytes);

#endif
