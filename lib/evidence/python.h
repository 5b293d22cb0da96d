/* SPDX-License-Identifier: MIT */
/*
 * What Python's archives share: the core metadata, which a wheel has in
 * METADATA and an sdist in PKG-INFO, and when two names are one (PEP 503).
 */
#ifndef BU_EVIDENCE_PYTHON_H
#define BU_EVIDENCE_PYTHON_H

#include "evidence/package.h"

/** Equal when letters are lowered and runs of `-`, `_` and `.` are one. */
bool bu_python_same_name(bulla_bytes a, bulla_bytes b);

/** As bu_package_kind.judge: core metadata 1.x and 2.x, its Name and Version. */
BULLA_MUST_USE bulla_status bu_python_judge(const bu_contents *contents,
                                            const bulla_component *component, bulla_bytes manifest,
                                            bulla_error *err);

#endif
