/* SPDX-License-Identifier: MIT */
/*
 * minisign's signatures. The trusted comment is never handed on without its
 * signature; legacy signatures over the bytes are checked, not made.
 */
#include "signature/minisign.h"

#include "base/utf8.h"
#include "signature/crypto.h"

#define LEGACY    "Ed"
#define PREHASHED "ED"
#define TRUSTED   "trusted comment: "
#define COMMENT   "signature from bulla"

/* "ED" is over the BLAKE2b-512 digest, "Ed" over the bytes; nothing else is known. */
static bulla_status judge_algorithm(bu_minisign_signature *signature, bulla_error *err)
{
    bulla_bytes algorithm = { signature->first.algorithm, sizeof signature->first.algorithm };
    signature->prehashed = bu_bytes_is(algorithm, PREHASHED);
    if (signature->prehashed || bu_bytes_is(algorithm, LEGACY))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "not an Ed25519 signature");
    return bu_at(err, bu_expected(err, status, BULLA_LIT(PREHASHED " or " LEGACY), algorithm), 2,
                 1);
}

bulla_status bu_minisign_parse(bulla_bytes text, bu_minisign_signature *out, bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    bulla_bytes rest;
    BU_TRY(bu_signify_read_first(text, &out->first, &rest, err));
    BU_TRY(judge_algorithm(out, err));
    if (rest.len == 0)
        return bu_at(err, bu_fail(err, BULLA_E_TRUNCATED, "the trusted comment is missing"), 3, 1);
    BU_TRY(bu_signify_take(rest, TRUSTED, 3, &lines, err));
    if (lines.content.len != sizeof out->second)
        return bu_at(err,
                     bu_fail(err, BULLA_E_BAD_ENCODING, "%zu bytes where a signature has %zu",
                             lines.content.len, sizeof out->second),
                     4, 1);
    if (lines.rest.len > 0)
        return bu_at(
            err,
            bu_fail(err, BULLA_E_TRAILING_DATA, "%zu bytes follow the signature", lines.rest.len),
            5, 1);
    memcpy(out->second, lines.content.ptr, sizeof out->second);
    out->trusted = lines.comment;
    return BU_OK;
}

/* What the second signature is over. */
static bulla_status bound(bulla_bytes first, bulla_bytes trusted, bu_buf *out, bulla_error *err)
{
    bu_buf_add(out, first);
    bu_buf_add(out, trusted);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_minisign_check(const bu_minisign_signature *signature, const bu_key *key,
                               bulla_bytes message, bulla_error *err)
{
    BU_CLEAR(bu_buf) signed_too = { 0 };
    bulla_bytes first = { signature->first.signature, sizeof signature->first.signature };
    BU_TRY(bu_signify_check(&signature->first, key, message, err));
    BU_TRY(bound(first, signature->trusted, &signed_too, err));
    return bu_within(err,
                     bu_verify(key, bu_algorithm_of_key(key), bu_buf_bytes(&signed_too),
                               (bulla_bytes){ signature->second, sizeof signature->second }, err),
                     "trusted comment");
}

/* The bytes of the signature that has just been written. */
static bulla_status first_of(const bu_buf *text, bu_signify_signature *out, bulla_error *err)
{
    bulla_bytes rest;
    return bu_signify_read_first(bu_buf_bytes(text), out, &rest, err);
}

static bulla_status add_trusted(const bu_secret_key *key, const bu_signify_signature *first,
                                const char *comment, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) message = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    BU_TRY(bound((bulla_bytes){ first->signature, sizeof first->signature }, bu_bytes_of(comment),
                 &message, err));
    BU_TRY(bu_sign(key, bu_algorithm_of_key(bu_secret_key_public(key)), bu_buf_bytes(&message),
                   &second, err));
    bu_signify_put(TRUSTED, comment, bu_buf_bytes(&second), out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_minisign_make(const bu_secret_key *key, const bulla_digest *digest,
                              const char *name, int64_t time, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) comment = { 0 };
    bu_signify_signature first;
    if (digest->alg != BULLA_ALG_BLAKE2B)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "minisign signs a BLAKE2b-512 digest");
    if (time < 0)
        return bu_fail(err, BULLA_E_BAD_TIME, "a time before 1970");
    BU_TRY(bu_signify_check_comment(name, err));
    bu_buf_add_format(&comment, "timestamp:%lld\tfile:%s\thashed", (long long)time, name);
    if (comment.broken)
        return bu_no_memory(err);
    BU_TRY(bu_signify_sign(key, PREHASHED, COMMENT, (bulla_bytes){ digest->bytes, digest->len },
                           &text, err));
    BU_TRY(first_of(&text, &first, err));
    BU_TRY(add_trusted(key, &first, (const char *)comment.ptr, &text, err));
    bu_buf_add(out, bu_buf_bytes(&text));
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* minisign shows the number as one of 64 bits, the least significant byte first. */
bulla_status bu_minisign_public_write(const bu_secret_key *key, bu_buf *out, bulla_error *err)
{
    uint8_t number[BU_KEY_NUMBER_BYTES];
    char comment[64];
    uint64_t shown = 0;
    bu_signify_number(key, number);
    for (size_t i = sizeof number; i > 0; i--)
        shown = shown << 8 | number[i - 1];
    (void)snprintf(comment, sizeof comment, "minisign public key %016llX",
                   (unsigned long long)shown);
    return bu_signify_public_write(key, comment, out, err);
}
