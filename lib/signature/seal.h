/* SPDX-License-Identifier: MIT */
/*
 * Signatures over one file in the forms that others read: one row of seals.def each. Envelopes over
 * many files are dsse.h.
 */
#ifndef BU_SIGNATURE_SEAL_H
#define BU_SIGNATURE_SEAL_H

#include "signature/key.h"

/** What is signed, by whom. The file is asked for once: a digest of it, or its bytes. */
typedef struct bu_sealing {
    const bu_secret_key *key;
    const bu_algorithm *algorithm; /* NULL: the form's own for this key */
    const char *name;              /* last part of the file's path */
    int64_t time;                  /* for forms that say it, unproven */
    bulla_status (*digest)(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err);
    bulla_status (*read)(void *context, bu_buf *out, bulla_error *err);
    /* A time stamp (RFC 3161, DER) over a signature, appended; NULL: none is wanted. */
    bulla_status (*stamp)(void *context, bulla_bytes signature, bu_buf *out, bulla_error *err);
    void *context;
} bu_sealing;

typedef struct bu_seal {
    const char *id;
    const char *ending;   /* of its file, after the name of the file that is signed */
    bool takes_algorithm; /* one given by hand */
    bool takes_stamp;
    /** Sign; appends the whole signature file. */
    bulla_status (*make)(const bu_sealing *what, bu_buf *out, bulla_error *err);
} bu_seal;

#define BU_SEAL(id) extern const bu_seal bu_seal_##id;
#include "signature/seals.def"
#undef BU_SEAL

/** The form of that name, or NULL. */
const bu_seal *bu_seal_by_name(const char *id);

/**
 * Sign the file with an algorithm, over its digest where the algorithm takes one; appends the
 * signature alone.
 */
BULLA_MUST_USE bulla_status bu_seal_sign(const bu_sealing *what, const bu_algorithm *algorithm,
                                         bu_buf *out, bulla_error *err);

/** The same kind of bundle as bu_seal_sigstore makes, around a DSSE envelope over this payload. */
BULLA_MUST_USE bulla_status bu_sigstore_envelope(const bu_sealing *what, bulla_bytes payload_type,
                                                 bulla_bytes payload, bu_buf *out,
                                                 bulla_error *err);

#endif
