/* SPDX-License-Identifier: MIT */
/*
 * What may leave the house in a document for others: no credentials, nothing
 * of the machine that it was made on.
 */
#ifndef BU_BOM_PUBLISH_H
#define BU_BOM_PUBLISH_H

#include "base/bytes.h"

/**
 * True for a valid http or https URL (RFC 3986) with a host and without user information, query and
 * fragment, which is where credentials and tokens stand.
 */
bool bu_url_is_publishable(bulla_bytes url);

/** True for a relative path that stays inside the project: it says nothing of the machine. */
bool bu_path_is_publishable(bulla_bytes path);

#endif
