/* SPDX-License-Identifier: MIT */
/*
 * A store as a static TUF repository (TUF 1.0.34 section 3.1), which any web
 * server or object store can serve.
 */
#ifndef BU_TRUST_PUBLISH_H
#define BU_TRUST_PUBLISH_H

#include "trust/store.h"

/** See bulla_trust_publish(). */
BULLA_MUST_USE bulla_status bu_publish(const bulla_trust_edit *edit, const char *to,
                                       bulla_error *err);

#endif
