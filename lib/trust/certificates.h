/* SPDX-License-Identifier: MIT */
/*
 * The OpenPGP certificates of a store, read when they are needed: librnp takes
 * about 10 ms for one.
 */
#ifndef BU_TRUST_CERTIFICATES_H
#define BU_TRUST_CERTIFICATES_H

#include "trust/store.h"

/**
 * Read the pinned certificates of a role (NULL: all of the store) and see that they are exactly the
 * ones whose fingerprints trust.toml names. `*out` is NULL when there are none.
 * Fails with identity-mismatch (exit class TRUST), and what certificates are refused for.
 */
BULLA_MUST_USE bulla_status bu_certificates_open(const bulla_trust *trust, const bu_role *role,
                                                 bu_openpgp **out, bulla_error *err);

#endif
