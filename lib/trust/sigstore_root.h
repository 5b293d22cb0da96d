/* SPDX-License-Identifier: MIT */
/*
 * Sigstore's trusted root (trusted_root.json, media types version 0.1 and 0.2): certificate
 * authorities, transparency logs, CT logs and time-stamping authorities, each with its time.
 */
#ifndef BU_TRUST_SIGSTORE_ROOT_H
#define BU_TRUST_SIGSTORE_ROOT_H

#include "trust/timestamp.h"

/** A certificate authority: the chain above the certificates that it gives out. */
typedef struct bu_fulcio {
    bu_x509 **chain; /* intermediates first, root last */
    size_t count;
    int64_t from, until; /* inclusive: when what it gave out counts */
} bu_fulcio;

/** A transparency log. */
typedef struct bu_tlog {
    bu_key *key;
    const char *origin; /* host and path of its base URL: what its checkpoints are signed as */
    bulla_bytes id;     /* logId.keyId: what entries name it by */
    uint8_t hash[4];    /* of the key that signs its checkpoints */
    int64_t from, until;
} bu_tlog;

/**
 * One instance of Sigstore. What it runs none of is not asked for: without CT logs no SCT, without
 * transparency logs no entry; a trusted time always is.
 */
typedef struct bu_sigstore_root {
    struct bu_sigstore_root *next; /* owned: another instance; NULL */
    bu_arena *arena;
    bu_fulcio *authorities;
    size_t authority_count;
    bu_tlog *tlogs;
    size_t tlog_count;
    bu_ct_log *ct_logs;
    size_t ct_log_count;
    bu_tsa *tsas;
    size_t tsa_count;
    bool runs_tlogs, runs_ct_logs; /* also when none has a key that is known */
} bu_sigstore_root;

/**
 * Read one. A log whose kind of key is not known is left out: its entries are then those of an unknown log.
 * Fails with bad-type (media type), missing-field (a log without a start), bad-encoding, bad-key, bad-time …, and as
 * certificates are refused.
 */
BULLA_MUST_USE bulla_status bu_sigstore_root_read(bulla_bytes json, const char *file,
                                                  bu_sigstore_root **out, bulla_error *err);
/** With all that follow it. */
void bu_sigstore_root_free(bu_sigstore_root *root);
BU_DEFINE_AUTO(bu_sigstore_root)

#endif
