/* SPDX-License-Identifier: MIT */
/*
 * The keys of a pnpm-lock.yaml ("dependency paths") and the references to
 * them, in each version's syntax.
 */
#ifndef BU_ECOSYSTEM_PNPM_KEY_H
#define BU_ECOSYSTEM_PNPM_KEY_H

#include "base/buf.h"

/** Which syntax a document has: its major version. */
typedef enum bu_pnpm_syntax {
    BU_PNPM_5 = 5, /* "/name/1.0.0_peers" */
    BU_PNPM_6 = 6, /* "/name@1.0.0(peer@1.0.0)" */
    BU_PNPM_9 = 9, /* "name@1.0.0(peer@1.0.0)", and "name@" with any place */
} bu_pnpm_syntax;

/** What a key says; empty when it does not. */
typedef struct bu_pnpm_key {
    bulla_bytes name;
    bulla_bytes version; /* one exact version */
    bulla_bytes place;   /* of what comes from no registry: "file:x.tgz", "https://…" */
} bu_pnpm_key;

bu_pnpm_key bu_pnpm_key_of(bu_pnpm_syntax syntax, bulla_bytes key);

/** The key without the peers, and the hash of a patch, that it is installed with. */
bulla_bytes bu_pnpm_key_without_peers(bulla_bytes key);

/**
 * The key that a dependency means, into `out` (emptied first); nothing for a link to a folder.
 * Check `out->broken`.
 */
void bu_pnpm_key_meant(bu_pnpm_syntax syntax, bulla_bytes name, bulla_bytes reference, bu_buf *out);

#endif
