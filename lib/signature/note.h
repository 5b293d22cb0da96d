/* SPDX-License-Identifier: MIT */
/*
 * Signed notes (C2SP signed-note), checkpoints (C2SP tlog-checkpoint) and cosignatures (C2SP
 * tlog-cosignature) as data, and checking one line of them.
 */
#ifndef BU_SIGNATURE_NOTE_H
#define BU_SIGNATURE_NOTE_H

#include "digest/merkle.h"
#include "signature/key.h"

#define BU_NOTE_HASH_BYTES 4

/** One signature line. */
typedef struct bu_note_signature {
    bulla_bytes name;                 /* of the key: foreign */
    uint8_t hash[BU_NOTE_HASH_BYTES]; /* of the key: a hint */
    bulla_bytes signature;            /* what follows the hash */
} bu_note_signature;

typedef struct bu_note {
    bulla_bytes text; /* what is signed, with its last newline */
    bu_note_signature *signatures;
    size_t count; /* at least one */
} bu_note;

/**
 * Read a note; bytes live in `arena`. Fails with bad-syntax, bad-encoding, control-character, empty,
 * resource-limit.
 */
BULLA_MUST_USE bulla_status bu_note_parse(bulla_bytes note, const char *file, bu_arena *arena,
                                          bu_note *out, bulla_error *err);

/** What a checkpoint says. */
typedef struct bu_checkpoint {
    bulla_bytes origin;
    uint64_t size;
    bu_merkle_hash root;
} bu_checkpoint;

/** Read the text of a note as a checkpoint. Fails with bad-syntax, bad-number, bad-encoding. */
BULLA_MUST_USE bulla_status bu_checkpoint_parse(bulla_bytes text, bu_checkpoint *out,
                                                bulla_error *err);

/** A verifier key: "name+hash+base64(type, key)". */
typedef struct bu_vkey {
    bulla_bytes name;
    uint8_t hash[BU_NOTE_HASH_BYTES];
    uint8_t type; /* 1 Ed25519, 4 Ed25519 cosignature with a time … */
    bu_key *key;  /* owned */
} bu_vkey;

BULLA_MUST_USE bulla_status bu_vkey_parse(bulla_bytes text, bu_vkey *out, bulla_error *err);
void bu_vkey_clear(bu_vkey *key);
BU_DEFINE_CLEAR(bu_vkey)

/**
 * Which of the keys has signed: signed_by[i]. Signatures by others are passed over, repeated ones count once.
 * A signature by a given key (name and hash) that does not verify fails with bad-signature; none at all with
 * untrusted-key.
 */
BULLA_MUST_USE bulla_status bu_note_check(const bu_note *note, const bu_vkey *keys, size_t count,
                                          bool *signed_by, bulla_error *err);

#endif
