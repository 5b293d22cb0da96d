/* SPDX-License-Identifier: MIT */
/*
 * What npm packages share, as registries give them and as Yarn keeps them:
 * package.json, with the rules by which npm reads name and version.
 */
#ifndef BU_EVIDENCE_NPM_H
#define BU_EVIDENCE_NPM_H

#include "evidence/package.h"

/** As bu_package_kind.judge, for package.json. */
BULLA_MUST_USE bulla_status bu_npm_judge(const bu_contents *contents,
                                         const bulla_component *component, bulla_bytes manifest,
                                         bulla_error *err);

#endif
