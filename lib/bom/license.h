/* SPDX-License-Identifier: MIT */
/*
 * Licences as packages state them: an SPDX identifier, an SPDX expression
 * (SPDX 2.3, Annex D), or free text. Stated, never judged.
 */
#ifndef BU_BOM_LICENSE_H
#define BU_BOM_LICENSE_H

#include "base/bytes.h"

/* Identifiers, sorted without case; spdx_ids.c. */
extern const char *const bu_spdx_licenses[];
extern const size_t bu_spdx_license_count;
extern const char *const bu_spdx_exceptions[];
extern const size_t bu_spdx_exception_count;

/** The SPDX license identifier that this text is, in the list's own spelling, or NULL. */
const char *bu_license_id(bulla_bytes text);

/** True for a valid SPDX license expression of identifiers that the list knows. */
bool bu_license_is_expression(bulla_bytes text);

#endif
