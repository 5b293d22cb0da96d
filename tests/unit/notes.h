/* SPDX-License-Identifier: MIT */
/*
 * Signed notes as tests make them: signers with names, and their lines.
 */
#ifndef UNIT_NOTES_H
#define UNIT_NOTES_H

#include "suite.h"

#include "base/encode.h"
#include "digest/hasher.h"
#include "signature/note.h"

typedef struct note_signer {
    const char *name;
    bu_note_type type;
    bu_secret_key *key;
    uint8_t hash[BU_NOTE_HASH_BYTES];
    char vkey[512];
} note_signer;

static inline void note_signer_clear(note_signer *signer)
{
    bu_secret_key_free(signer->key);
}
BU_DEFINE_CLEAR(note_signer)

/* Type and key, as they stand in a verifier key: of Ed25519 the end of its SPKI. */
static inline void note_typed_key(const note_signer *signer, bu_buf *out)
{
    bulla_bytes spki = bu_key_spki(bu_secret_key_public(signer->key));
    bu_buf_add_byte(out, (uint8_t)signer->type);
    bu_buf_add(out, signer->type == BU_NOTE_ECDSA ? spki : bu_bytes_from(spki, spki.len - 32));
}

/** A new signer, who is known by `vkey`. */
static inline note_signer note_signer_new(const char *name, bu_note_type type)
{
    note_signer signer = { .name = name, .type = type };
    BU_CLEAR(bu_buf) typed = { 0 };
    BU_CLEAR(bu_buf) named = { 0 };
    BU_CLEAR(bu_buf) vkey = { 0 };
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_secret_key_new(type == BU_NOTE_ECDSA ? BULLA_KEY_ECDSA_P256 : BULLA_KEY_ED25519,
                              &signer.key, &err),
            err);
    note_typed_key(&signer, &typed);
    if (type != BU_NOTE_ECDSA)
        bu_buf_add_format(&named, "%s\n", name);
    bu_buf_add(&named, bu_bytes_from(bu_buf_bytes(&typed), type == BU_NOTE_ECDSA ? 1 : 0));
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&named), &digest, &err), err);
    memcpy(signer.hash, digest.bytes, sizeof signer.hash);
    bu_buf_add_format(&vkey, "%s+", name);
    bu_hex_encode((bulla_bytes){ signer.hash, sizeof signer.hash }, &vkey);
    bu_buf_add_byte(&vkey, '+');
    bu_base64_encode(bu_buf_bytes(&typed), &vkey);
    ck_assert_uint_lt(vkey.len, sizeof signer.vkey);
    memcpy(signer.vkey, vkey.ptr, vkey.len + 1);
    return signer;
}

/** Append a signer's line over `text`; `time` is that of a cosignature. */
static inline void note_add_line(const note_signer *signer, bulla_bytes text, int64_t time,
                                 bu_buf *out)
{
    BU_CLEAR(bu_buf) message = { 0 };
    BU_CLEAR(bu_buf) bytes = { 0 };
    bulla_error err = { 0 };
    bu_buf_add(&bytes, (bulla_bytes){ signer->hash, sizeof signer->hash });
    if (signer->type == BU_NOTE_COSIGNATURE) {
        bu_buf_add_format(&message, "cosignature/v1\ntime %lld\n", (long long)time);
        for (int i = 7; i >= 0; i--)
            bu_buf_add_byte(&bytes, (uint8_t)((uint64_t)time >> (8 * i)));
    }
    bu_buf_add(&message, text);
    unit_ok(bu_sign(signer->key, bu_algorithm_of_key(bu_secret_key_public(signer->key)),
                    bu_buf_bytes(&message), &bytes, &err),
            err);
    bu_buf_add_format(out, "\xE2\x80\x94 %s ", signer->name);
    bu_base64_encode(bu_buf_bytes(&bytes), out);
    bu_buf_add_byte(out, '\n');
}

/** Append a whole note: text, blank line, a line of each signer. */
static inline void note_add(const char *text, const note_signer *const *signers, size_t count,
                            bu_buf *out)
{
    bu_buf_add_text(out, text);
    bu_buf_add_byte(out, '\n');
    for (size_t i = 0; i < count; i++)
        note_add_line(signers[i], bu_bytes_of(text), 1700000000, out);
}

#endif
