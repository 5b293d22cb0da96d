/* SPDX-License-Identifier: MIT */
/*
 * What Composer's archives share, zip or tar: composer.json, which names the
 * package, and seldom its version: that comes from the tag it was made of.
 */
#ifndef BU_EVIDENCE_COMPOSER_H
#define BU_EVIDENCE_COMPOSER_H

#include "evidence/package.h"

/** As bu_package_kind.judge, for composer.json. */
BULLA_MUST_USE bulla_status bu_composer_judge(const bu_contents *contents,
                                              const bulla_component *component,
                                              bulla_bytes manifest, bulla_error *err);

#endif
