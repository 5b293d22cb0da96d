/* SPDX-License-Identifier: MIT */
/*
 * signify's files (signify.c of OpenBSD): what the base64 holds has fixed
 * lengths and starts with its algorithm. Refuses messages inside the file of
 * the signature, other algorithms than Ed25519, and anything around the lines.
 */
#include "signature/signify.h"

#include <sodium.h>

#include "base/encode.h"
#include "base/utf8.h"
#include "signature/crypto.h"

#define ALGORITHM   "Ed"
#define POINT_BYTES 32

typedef struct public_key {
    uint8_t algorithm[2];
    uint8_t number[BU_KEY_NUMBER_BYTES];
    uint8_t point[POINT_BYTES];
} public_key;

typedef struct signature {
    uint8_t algorithm[2];
    uint8_t number[BU_KEY_NUMBER_BYTES];
    uint8_t signature[BU_SIGNIFY_SIGNATURE_BYTES];
} signature;

void bu_signify_number(const bu_secret_key *key, uint8_t out[BU_KEY_NUMBER_BYTES])
{
    const uint8_t *own = bu_secret_key_number(key);
    const char *id = bu_key_id(bu_secret_key_public(key));
    if (own != NULL)
        memcpy(out, own, BU_KEY_NUMBER_BYTES);
    else
        (void)sodium_hex2bin(out, BU_KEY_NUMBER_BYTES, id, 2 * BU_KEY_NUMBER_BYTES, NULL, NULL,
                             NULL);
}

void bu_signify_lines_clear(bu_signify_lines *lines)
{
    if (lines->content.ptr != NULL)
        bu_wipe(lines->content.ptr, lines->content.cap);
    bu_buf_clear(&lines->content);
}

/* The next line without its end, LF or CR LF; `rest` moves behind it. */
static bulla_bytes take_line(bulla_bytes *rest)
{
    size_t end = bu_bytes_find(*rest, '\n');
    bulla_bytes line = bu_bytes_first(*rest, end);
    *rest = bu_bytes_from(*rest, end + 1);
    if (bu_bytes_ends(line, "\r"))
        line.len--;
    return line;
}

static bulla_status decode(bulla_bytes line, uint32_t number, bu_buf *out, bulla_error *err)
{
    if (line.len == 0)
        return bu_at(err, bu_fail(err, BULLA_E_TRUNCATED, "a line of base64 is missing"), number,
                     1);
    if (bu_buf_room(out, line.len) == NULL) /* the only allocation */
        return bu_no_memory(err);
    bulla_status status = bu_base64_decode(line, BU_BASE64_STANDARD, out, err);
    uint32_t column = err == NULL || err->offset > line.len ? 1 : (uint32_t)err->offset + 1;
    return bulla_ok(status) ? BU_OK
                            : bu_at_offset(err, bu_at(err, status, number, column), BU_OFFSET_NONE);
}

/* C programs read a comment up to its first NUL, terminals obey it: so all must see the same. */
static size_t control_in(bulla_bytes comment)
{
    size_t at = 0;
    while (at < comment.len &&
           (comment.ptr[at] == '\t' || (comment.ptr[at] >= ' ' && comment.ptr[at] != 0x7f)))
        at++;
    return at;
}

bulla_status bu_signify_take(bulla_bytes text, const char *label, uint32_t line,
                             bu_signify_lines *out, bulla_error *err)
{
    out->rest = text;
    bulla_bytes first = take_line(&out->rest);
    if (!bu_bytes_starts(first, label)) {
        bulla_status status = bu_fail(err, BULLA_E_BAD_SYNTAX, "not the line that is due here");
        return bu_at(err, bu_expected(err, status, bu_bytes_of(label), first), line, 1);
    }
    out->comment = bu_bytes_from(first, strlen(label));
    size_t control = control_in(out->comment);
    if (control < out->comment.len)
        return bu_at(err, bu_fail(err, BULLA_E_CONTROL_CHARACTER, "a control character"), line,
                     (uint32_t)(strlen(label) + control) + 1);
    return decode(take_line(&out->rest), line + 1, &out->content, err);
}

void bu_signify_put(const char *label, const char *comment, bulla_bytes content, bu_buf *out)
{
    bu_buf_add_text(out, label);
    bu_buf_add_text(out, comment);
    bu_buf_add_byte(out, '\n');
    bu_base64_encode(content, out);
    bu_buf_add_byte(out, '\n');
}

bulla_status bu_signify_check_comment(const char *comment, bulla_error *err)
{
    size_t at;
    if (bu_utf8_hides(bu_bytes_of(comment), &at))
        return bu_at_offset(err,
                            bu_fail(err, BULLA_E_CONTROL_CHARACTER,
                                    "%s: has characters that would not be seen", comment),
                            at);
    return BU_OK;
}

static bulla_status judge_key(const bu_signify_lines *lines, size_t size, bulla_error *err)
{
    if (lines->content.len != size)
        return bu_fail(err, BULLA_E_BAD_KEY, "%zu bytes where such a key has %zu",
                       lines->content.len, size);
    if (lines->rest.len > 0)
        return bu_fail(err, BULLA_E_TRAILING_DATA, "%zu bytes follow the key", lines->rest.len);
    return BU_OK;
}

bulla_status bu_signify_take_key(bulla_bytes text, size_t size, bu_signify_lines *out,
                                 bulla_error *err)
{
    BU_TRY(bu_signify_take(text, BU_SIGNIFY_UNTRUSTED, 1, out, err));
    return judge_key(out, size, err);
}

bulla_status bu_signify_public_read(bulla_bytes text, bu_key **out,
                                    uint8_t number[BU_KEY_NUMBER_BYTES], bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { .rest = text };
    if (bu_bytes_starts(text, BU_SIGNIFY_UNTRUSTED))
        BU_TRY(bu_signify_take(text, BU_SIGNIFY_UNTRUSTED, 1, &lines, err));
    else
        BU_TRY(decode(take_line(&lines.rest), 1, &lines.content, err));
    BU_TRY(judge_key(&lines, sizeof(public_key), err));
    const public_key *key = (const void *)lines.content.ptr;
    if (memcmp(key->algorithm, ALGORITHM, sizeof key->algorithm) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "not an Ed25519 key");
    memcpy(number, key->number, sizeof key->number);
    return bu_key_of_point(BULLA_KEY_ED25519, (bulla_bytes){ key->point, sizeof key->point }, out,
                           err);
}

static bulla_status need_ed25519(const bu_key *key, bulla_error *err)
{
    if (bu_key_kind(key) == BULLA_KEY_ED25519)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_WRONG_USAGE, "the key is of another kind");
    return bu_expected(err, status, bu_bytes_of(bulla_key_kind_name(BULLA_KEY_ED25519)),
                       bu_bytes_of(bulla_key_kind_name(bu_key_kind(key))));
}

bulla_status bu_signify_public_write(const bu_secret_key *key, const char *comment, bu_buf *out,
                                     bulla_error *err)
{
    public_key content = { .algorithm = ALGORITHM };
    const bu_key *public = bu_secret_key_public(key);
    BU_TRY(need_ed25519(public, err));
    bu_signify_number(key, content.number);
    memcpy(content.point, public->point.ptr, sizeof content.point);
    bu_signify_put(BU_SIGNIFY_UNTRUSTED, comment,
                   (bulla_bytes){ (const uint8_t *)&content, sizeof content }, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_signify_read_first(bulla_bytes text, bu_signify_signature *out, bulla_bytes *rest,
                                   bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    BU_TRY(bu_signify_take(text, BU_SIGNIFY_UNTRUSTED, 1, &lines, err));
    if (lines.content.len != sizeof(signature))
        return bu_at(err,
                     bu_fail(err, BULLA_E_BAD_ENCODING, "%zu bytes where a signature has %zu",
                             lines.content.len, sizeof(signature)),
                     2, 1);
    const signature *content = (const void *)lines.content.ptr;
    out->comment = lines.comment;
    memcpy(out->algorithm, content->algorithm, sizeof out->algorithm);
    memcpy(out->number, content->number, sizeof out->number);
    memcpy(out->signature, content->signature, sizeof out->signature);
    *rest = lines.rest;
    return BU_OK;
}

bulla_status bu_signify_parse(bulla_bytes text, bu_signify_signature *out, bulla_error *err)
{
    bulla_bytes rest;
    if (bu_bytes_starts(text, "\x1f\x8b"))
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "a signature inside of the compressed file (signify -z) is not read");
    BU_TRY(bu_signify_read_first(text, out, &rest, err));
    if (memcmp(out->algorithm, ALGORITHM, sizeof out->algorithm) != 0)
        return bu_at(err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "not an Ed25519 signature"), 2,
                     1);
    if (rest.len > 0)
        return bu_at(err,
                     bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                             "bytes follow the signature: a message in the same file (signify -e) "
                             "is not read"),
                     3, 1);
    return BU_OK;
}

bulla_status bu_signify_check(const bu_signify_signature *checked, const bu_key *key,
                              bulla_bytes message, bulla_error *err)
{
    BU_TRY(need_ed25519(key, err));
    return bu_verify(key, bu_algorithm_of_key(key), message,
                     (bulla_bytes){ checked->signature, sizeof checked->signature }, err);
}

bulla_status bu_signify_sign(const bu_secret_key *key, const char *algorithm, const char *comment,
                             bulla_bytes message, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) content = { 0 };
    uint8_t number[BU_KEY_NUMBER_BYTES];
    const bu_key *public = bu_secret_key_public(key);
    BU_TRY(need_ed25519(public, err));
    BU_TRY(bu_signify_check_comment(comment, err));
    bu_signify_number(key, number);
    bu_buf_add_text(&content, algorithm);
    bu_buf_add(&content, (bulla_bytes){ number, sizeof number });
    BU_TRY(bu_sign(key, bu_algorithm_of_key(public), message, &content, err));
    bu_signify_put(BU_SIGNIFY_UNTRUSTED, comment, bu_buf_bytes(&content), out);
    return content.broken || out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_signify_make(const bu_secret_key *key, const char *comment, bulla_bytes message,
                             bu_buf *out, bulla_error *err)
{
    return bu_signify_sign(key, ALGORITHM, comment, message, out, err);
}
