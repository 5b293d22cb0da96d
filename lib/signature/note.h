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
    uint32_t line;                    /* of the note, from 1 */
} bu_note_signature;

typedef struct bu_note {
    bulla_bytes text; /* what is signed, with its last newline */
    bu_note_signature *signatures;
    size_t count; /* at least one */
} bu_note;

/**
 * Read a note; bytes live in `arena`.
 * Fails with bad-syntax, bad-encoding, control-character, bad-name (of a key), empty, resource-limit, with line, column
 * and offset.
 */
BULLA_MUST_USE bulla_status bu_note_parse(bulla_bytes note, const char *file, bu_arena *arena,
                                          bu_note *out, bulla_error *err);

/** What a checkpoint says; borrowed from its text. */
typedef struct bu_checkpoint {
    bulla_bytes origin;
    uint64_t size;
    bu_merkle_hash root;
} bu_checkpoint;

/** Read the text of a note as a checkpoint. Fails with bad-syntax, bad-number, bad-encoding, with the line. */
BULLA_MUST_USE bulla_status bu_checkpoint_parse(bulla_bytes text, bu_checkpoint *out,
                                                bulla_error *err);

/** How a key signs: the byte that stands before it in a verifier key. */
typedef enum bu_note_type {
    BU_NOTE_ED25519 = 1,
    BU_NOTE_ECDSA = 2, /* DER over SHA-256; the key's hash is that of its SubjectPublicKeyInfo */
    BU_NOTE_COSIGNATURE = 4, /* Ed25519 with a time, over checkpoints alone */
} bu_note_type;

/** A verifier key: "name+hash+base64(type, key)". All of it is borrowed. */
typedef struct bu_vkey {
    bulla_bytes name;
    uint8_t hash[BU_NOTE_HASH_BYTES];
    bu_note_type type;
    const bu_key *key;
} bu_vkey;

/**
 * Read one. `out->name` lies in `text`; `key` gets the key, owned by the caller, which `out` borrows.
 * Fails with bad-syntax, bad-name, bad-encoding, bad-key (the hash is of another key), unsupported-feature (type), and
 * as keys are refused.
 */
BULLA_MUST_USE bulla_status bu_vkey_parse(bulla_bytes text, bu_vkey *out, bu_key **key,
                                          bulla_error *err);

/**
 * Which of the keys has signed: signed_by[i]. Signatures by others are passed over; of several by one key only the
 * first is looked at.
 * Fails with bad-signature when that does not verify, untrusted-key when there is none by any of the keys, and
 * duplicate-key when two of the keys have the name and hash that a signature names.
 */
BULLA_MUST_USE bulla_status bu_note_check(const bu_note *note, const bu_vkey *keys, size_t count,
                                          bool *signed_by, bulla_error *err);

/** When a cosigner that bu_note_check() found says it signed; false for keys of the other types. */
bool bu_note_cosigned_at(const bu_note *note, const bu_vkey *key, int64_t *time);

#endif
