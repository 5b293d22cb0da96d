/* SPDX-License-Identifier: MIT */
/*
 * Manifests that begin with `Name: value` lines: Python's METADATA and
 * PKG-INFO, R's DESCRIPTION, a .cabal file. Only the few fields that name a
 * package are read, and refused where readers of such text might differ.
 */
#ifndef BU_EVIDENCE_FIELDS_H
#define BU_EVIDENCE_FIELDS_H

#include "base/bytes.h"
#include "base/error.h"

/**
 * The value of the field `name`, in any case, at the start of a line. It must be there once, in one
 * line, before the first empty line.
 * Fails, with the line: missing-field, duplicate-entry, bad-syntax (the value goes on in the next
 * line, or stands behind a line that is no field).
 */
BULLA_MUST_USE bulla_status bu_header_field(bulla_bytes text, const char *name, bulla_bytes *out,
                                            bulla_error *err);

/**
 * The same for text that goes on after empty lines, and whose values may stand in the next line,
 * indented (Cabal).
 */
BULLA_MUST_USE bulla_status bu_layout_field(bulla_bytes text, const char *name, bulla_bytes *out,
                                            bulla_error *err);

/**
 * The value of a line `name = value`, wherever it stands in Alpine's .PKGINFO. It must be there once.
 * Fails with missing-field, duplicate-entry (with the line).
 */
BULLA_MUST_USE bulla_status bu_pkginfo_field(bulla_bytes text, const char *name, bulla_bytes *out,
                                             bulla_error *err);

#endif
