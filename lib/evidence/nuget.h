/* SPDX-License-Identifier: MIT */
/*
 * The text that a NuGet package signature signs (NuGet, "Package Signatures Technical Details"):
 * a version, and the digest of the package as it was before the signature was put into it.
 */
#ifndef BU_EVIDENCE_NUGET_H
#define BU_EVIDENCE_NUGET_H

#include "digest/digest.h"

/** The member that is left out of what is signed. */
#define BU_NUGET_SIGNATURE ".signature.p7s"

/**
 * Read it. Fails with bad-syntax, bad-encoding, trailing-data, unsupported-version, weak-hash
 * (SHA-1), unsupported-hash.
 */
BULLA_MUST_USE bulla_status bu_nuget_content_read(bulla_bytes text, bulla_digest *out,
                                                  bulla_error *err);

#endif
