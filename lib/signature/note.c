/* SPDX-License-Identifier: MIT */
/*
 * Signed notes (C2SP signed-note; golang.org/x/mod/sumdb/note) and cosignatures (C2SP
 * tlog-cosignature). A key signs in the way that its own type says, never in one that the note
 * picks. Refuses names with spaces, a key that is given twice, cosignatures of other texts than
 * checkpoints.
 */
#include "signature/note.h"

#include <sodium.h>

#include "base/encode.h"
#include "base/limits.h"
#include "base/reader.h"
#include "base/utf8.h"
#include "signature/crypto.h"

#define DASH       "\xE2\x80\x94 " /* em dash, space */
#define TIME_BYTES 8

static bulla_status refuse(bulla_bytes all, const uint8_t *place, bulla_status status,
                           bulla_error *err)
{
    size_t offset = (size_t)(place - all.ptr), start = 0;
    uint32_t line = 1;
    for (size_t i = 0; i < offset; i++)
        if (all.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    (void)bu_at_offset(err, status, offset);
    return bu_at(err, status, line, (uint32_t)(offset - start) + 1);
}

/* signed-note: "Signed notes MUST be valid UTF-8 and MUST NOT contain any ASCII control characters
 * (those below U+0020) other than newline." */
static bulla_status judge_characters(bulla_bytes all, bulla_error *err)
{
    size_t valid = bu_utf8_valid(all);
    if (valid < all.len)
        return refuse(all, all.ptr + valid, bu_fail(err, BULLA_E_BAD_ENCODING, "not UTF-8"), err);
    for (size_t i = 0; i < all.len; i++)
        if (all.ptr[i] < 0x20 && all.ptr[i] != '\n')
            return refuse(
                all, all.ptr + i,
                bu_fail(err, BULLA_E_CONTROL_CHARACTER, "a control character (0x%02x)", all.ptr[i]),
                err);
    return BU_OK;
}

/* Unicode's White_Space. */
static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

/* signed-note: "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus" */
static bulla_status judge_name(bulla_bytes name, bulla_error *err)
{
    uint32_t c = 0;
    if (name.len == 0)
        return bu_fail(err, BULLA_E_BAD_NAME, "a key without a name");
    for (size_t at = 0, len; at < name.len; at += len) {
        len = bu_utf8_next(bu_bytes_from(name, at), &c);
        if (len == 0 || c == '+' || is_space(c))
            return bu_expected(err,
                               bu_fail(err, BULLA_E_BAD_NAME, "a character that no key's name has"),
                               (bulla_bytes){ 0 }, name);
    }
    return BU_OK;
}

/* Name, space, base64 of the hash and at least one byte more. */
static bulla_status parse_line(bulla_bytes line, bu_arena *arena, bu_note_signature *out,
                               bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    if (!bu_bytes_starts(line, DASH))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_SYNTAX, "not a signature line"),
                           BULLA_LIT(DASH "NAME BASE64"), line);
    line = bu_bytes_from(line, sizeof DASH - 1);
    out->name = bu_bytes_first(line, bu_bytes_find(line, ' '));
    BU_TRY(judge_name(out->name, err));
    BU_TRY(
        bu_base64_decode(bu_bytes_from(line, out->name.len + 1), BU_BASE64_STANDARD, &bytes, err));
    if (bytes.len <= BU_NOTE_HASH_BYTES)
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "a signature of %zu bytes", bytes.len);
    memcpy(out->hash, bytes.ptr, sizeof out->hash);
    out->signature = bu_arena_copy(arena, bu_bytes_from(bu_buf_bytes(&bytes), sizeof out->hash));
    return out->signature.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static size_t count_lines(bulla_bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static bulla_status parse_lines(bulla_bytes all, bulla_bytes lines, bu_arena *arena, bu_note *out,
                                bulla_error *err)
{
    uint32_t first = (uint32_t)count_lines(out->text) + 2;
    out->count = count_lines(lines);
    if (out->count > BU_LIMIT_NOTE_SIGNERS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu signatures are over the limit of %u",
                       out->count, BU_LIMIT_NOTE_SIGNERS);
    out->signatures = bu_arena_get_array(arena, out->count, sizeof *out->signatures);
    if (out->signatures == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < out->count; i++) {
        bulla_bytes line = bu_bytes_first(lines, bu_bytes_find(lines, '\n'));
        bulla_status status = parse_line(line, arena, &out->signatures[i], err);
        if (!bulla_ok(status))
            return refuse(all, line.ptr, status, err);
        out->signatures[i].line = first + (uint32_t)i;
        lines = bu_bytes_from(lines, line.len + 1);
    }
    return BU_OK;
}

/* Where the last empty line is, or `all.len`. */
static size_t find_blank(bulla_bytes all)
{
    for (size_t i = all.len; i-- > 1;)
        if (all.ptr[i] == '\n' && all.ptr[i - 1] == '\n')
            return i;
    return all.len;
}

static bulla_status parse(bulla_bytes all, bu_arena *arena, bu_note *out, bulla_error *err)
{
    if (all.len == 0)
        return bu_fail(err, BULLA_E_EMPTY, "an empty note");
    if (all.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a note of %zu bytes", all.len);
    BU_TRY(judge_characters(all, err));
    const uint8_t *end = all.ptr + all.len;
    size_t blank = find_blank(all);
    if (blank == all.len)
        return refuse(all, end,
                      bu_fail(err, BULLA_E_BAD_SYNTAX, "no blank line before the signatures"), err);
    if (end[-1] != '\n')
        return refuse(all, end, bu_fail(err, BULLA_E_BAD_SYNTAX, "the last line has no end"), err);
    if (blank + 1 == all.len)
        return refuse(all, end, bu_fail(err, BULLA_E_EMPTY, "a note without signatures"), err);
    out->text = bu_bytes_first(all, blank);
    return parse_lines(all, bu_bytes_from(all, blank + 1), arena, out, err);
}

bulla_status bu_note_parse(bulla_bytes text, const char *file, bu_arena *arena, bu_note *out,
                           bulla_error *err)
{
    bu_note note = { 0 };
    bulla_bytes all = bu_arena_copy(arena, text);
    if (all.ptr == NULL && text.len > 0)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, parse(all, arena, &note, err), file));
    *out = note;
    return BU_OK;
}

/* The ways in which keys of each type come, and sign. */

static bulla_status read_ed25519(bulla_bytes point, bu_key **out, bulla_error *err)
{
    if (point.len != crypto_sign_PUBLICKEYBYTES)
        return bu_fail(err, BULLA_E_BAD_KEY, "a key of %zu bytes where Ed25519 has %u", point.len,
                       crypto_sign_PUBLICKEYBYTES);
    return bu_key_of_point(BULLA_KEY_ED25519, point, out, err);
}

static bulla_status verify_ed25519(const bu_key *key, bulla_bytes text, bulla_bytes signature,
                                   bulla_error *err)
{
    return bu_verify(key, bu_algorithm_by_name(BULLA_LIT("ed25519")), text, signature, err);
}

static const struct {
    bulla_key_kind kind;
    const char *algorithm;
} curves[] = {
    { BULLA_KEY_ECDSA_P256, "ecdsa-p256-sha256" },
    { BULLA_KEY_ECDSA_P384, "ecdsa-p384-sha256" },
    { BULLA_KEY_ECDSA_P521, "ecdsa-p521-sha256" },
};

static const bu_algorithm *algorithm_of_curve(const bu_key *key)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (curves[i].kind == bu_key_kind(key))
            return bu_algorithm_by_name(bu_bytes_of(curves[i].algorithm));
    return NULL;
}

static bulla_status read_ecdsa(bulla_bytes spki, bu_key **out, bulla_error *err)
{
    BU_AUTO(bu_key) key = NULL;
    if (spki.len == 0 || spki.ptr[0] != BU_DER_SEQUENCE)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a SubjectPublicKeyInfo in DER");
    BU_TRY(bu_key_read(spki, &key, err));
    if (algorithm_of_curve(key) == NULL)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_KEY, "a key of another type"),
                           BULLA_LIT("ECDSA"), bu_bytes_of(bulla_key_kind_name(bu_key_kind(key))));
    *out = BU_STEAL(key);
    return BU_OK;
}

static bulla_status verify_ecdsa(const bu_key *key, bulla_bytes text, bulla_bytes signature,
                                 bulla_error *err)
{
    const bu_algorithm *algorithm = algorithm_of_curve(key);
    if (algorithm == NULL)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "not an ECDSA key");
    return bu_verify(key, algorithm, text, signature, err);
}

/* The time that a cosignature begins with; false when it has none that may be. */
static bool cosigned_time(bulla_bytes signature, int64_t *out)
{
    uint64_t time = 0;
    if (signature.len != TIME_BYTES + crypto_sign_BYTES)
        return false;
    for (size_t i = 0; i < TIME_BYTES; i++)
        time = time << 8 | signature.ptr[i];
    *out = (int64_t)(time & INT64_MAX);
    return time <= INT64_MAX; /* tlog-cosignature: "It MUST NOT exceed 2^63 - 1" */
}

static bulla_status verify_cosignature(const bu_key *key, bulla_bytes text, bulla_bytes signature,
                                       bulla_error *err)
{
    BU_CLEAR(bu_buf) message = { 0 };
    bu_checkpoint checkpoint;
    int64_t time;
    BU_TRY(bu_within(err, bu_checkpoint_parse(text, &checkpoint, err), "cosigned"));
    if (!cosigned_time(signature, &time))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "not a time and an Ed25519 signature");
    bu_buf_add_format(&message, "cosignature/v1\ntime %lld\n", (long long)time);
    bu_buf_add(&message, text);
    if (message.broken)
        return bu_no_memory(err);
    return verify_ed25519(key, bu_buf_bytes(&message), bu_bytes_from(signature, TIME_BYTES), err);
}

typedef struct type_row {
    bu_note_type type;
    bool names_key_alone; /* the hash is of the key, not of name and key */
    bulla_status (*read)(bulla_bytes bytes, bu_key **out, bulla_error *err);
    bulla_status (*verify)(const bu_key *key, bulla_bytes text, bulla_bytes signature,
                           bulla_error *err);
} type_row;

static const type_row types[] = {
    { BU_NOTE_ED25519, false, read_ed25519, verify_ed25519 },
    { BU_NOTE_ECDSA, true, read_ecdsa, verify_ecdsa },
    { BU_NOTE_COSIGNATURE, false, read_ed25519, verify_cosignature },
};

static const type_row *row_of(unsigned type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].type == type)
            return &types[i];
    return NULL;
}

/* Verifier keys */

static bulla_status check_hash(const bu_vkey *vkey, const type_row *row, bulla_bytes typed_key,
                               bulla_error *err)
{
    BU_CLEAR(bu_buf) named = { 0 };
    uint8_t hash[crypto_hash_sha256_BYTES];
    if (row->names_key_alone) {
        bu_buf_add(&named, bu_bytes_from(typed_key, 1));
    } else {
        bu_buf_add(&named, vkey->name);
        bu_buf_add_byte(&named, '\n');
        bu_buf_add(&named, typed_key);
    }
    if (named.broken)
        return bu_no_memory(err);
    (void)crypto_hash_sha256(hash, named.ptr, named.len);
    if (memcmp(hash, vkey->hash, sizeof vkey->hash) != 0)
        return bu_fail(err, BULLA_E_BAD_KEY, "the hash is of another name or key");
    return BU_OK;
}

bulla_status bu_vkey_parse(bulla_bytes text, bu_vkey *out, bu_key **key, bulla_error *err)
{
    BU_CLEAR(bu_buf) typed_key = { 0 };
    BU_AUTO(bu_key) read = NULL;
    bu_vkey vkey = { 0 };
    bu_reader r = bu_reader_of(text);
    vkey.name = bu_until(&r, '+', "a key's name and a plus sign");
    bulla_bytes hash = bu_until(&r, '+', "a key's hash and a plus sign");
    bulla_bytes base64 = bu_rest(&r);
    BU_TRY(bu_done(&r, err));
    BU_TRY(judge_name(vkey.name, err));
    BU_TRY(bu_hex_decode(hash, vkey.hash, sizeof vkey.hash, err));
    BU_TRY(bu_base64_decode(base64, BU_BASE64_STANDARD, &typed_key, err));
    if (typed_key.len == 0)
        return bu_fail(err, BULLA_E_BAD_KEY, "an empty key");
    const type_row *row = row_of(typed_key.ptr[0]);
    if (row == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key of type 0x%02x", typed_key.ptr[0]);
    BU_TRY(row->read(bu_bytes_from(bu_buf_bytes(&typed_key), 1), &read, err));
    BU_TRY(check_hash(&vkey, row, bu_buf_bytes(&typed_key), err));
    vkey.type = row->type;
    vkey.key = read;
    *key = BU_STEAL(read);
    *out = vkey;
    return BU_OK;
}

/* Checking */

static bool names(const bu_note_signature *signature, const bu_vkey *key)
{
    return bu_bytes_equal(signature->name, key->name) &&
           memcmp(signature->hash, key->hash, sizeof key->hash) == 0;
}

/* The key that a signature is by: its index, or `count`. */
static bulla_status find_key(const bu_note_signature *signature, const bu_vkey *keys, size_t count,
                             size_t *out, bulla_error *err)
{
    *out = count;
    for (size_t i = 0; i < count; i++) {
        if (!names(signature, &keys[i]))
            continue;
        if (*out != count)
            return bu_expected(
                err, bu_fail(err, BULLA_E_DUPLICATE_KEY, "two keys of one name and hash are given"),
                (bulla_bytes){ 0 }, signature->name);
        *out = i;
    }
    return BU_OK;
}

static bulla_status check_signature(const bu_note *note, const bu_note_signature *signature,
                                    const bu_vkey *keys, size_t count, bool *signed_by,
                                    bulla_error *err)
{
    size_t i;
    BU_TRY(find_key(signature, keys, count, &i, err));
    if (i == count || signed_by[i])
        return BU_OK;
    const type_row *row = row_of(keys[i].type);
    if (row == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key of type %u", keys[i].type);
    BU_TRY(row->verify(keys[i].key, note->text, signature->signature, err));
    signed_by[i] = true;
    return BU_OK;
}

static void forget(bool *signed_by, size_t count)
{
    for (size_t i = 0; i < count; i++)
        signed_by[i] = false;
}

bulla_status bu_note_check(const bu_note *note, const bu_vkey *keys, size_t count, bool *signed_by,
                           bulla_error *err)
{
    bool any = false;
    forget(signed_by, count);
    for (size_t i = 0; i < note->count; i++) {
        const bu_note_signature *signature = &note->signatures[i];
        bulla_status status = check_signature(note, signature, keys, count, signed_by, err);
        if (bulla_ok(status))
            continue;
        forget(signed_by, count);
        return bu_at(err, status, signature->line, 1);
    }
    for (size_t i = 0; i < count; i++)
        any = any || signed_by[i];
    return any ? BU_OK : bu_fail(err, BULLA_E_UNTRUSTED_KEY, "no given key signed the note");
}

bool bu_note_cosigned_at(const bu_note *note, const bu_vkey *key, int64_t *time)
{
    for (size_t i = 0; i < note->count && key->type == BU_NOTE_COSIGNATURE; i++)
        if (names(&note->signatures[i], key))
            return cosigned_time(note->signatures[i].signature, time);
    return false;
}
