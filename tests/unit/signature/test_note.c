/* SPDX-License-Identifier: MIT */
/* Signed notes, checkpoints and cosignatures: one meaning each, and only lines of given keys count. */
#include "notes.h"

#include "alloc_fail.h"
#include "base/limits.h"

#define DASH "\xE2\x80\x94 "
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define TREE "example.com/log\n20852163\n" ROOT "\n"
#define LINE DASH "n AAAAAAA=\n" /* a hash and one byte */

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line, column;
} notes[] = {
    { "text\n\n" LINE, BULLA_OK, 0, 0 },
    { "\n\n" LINE, BULLA_OK, 0, 0 },
    { "one\n\ntwo\n\n" LINE LINE, BULLA_OK, 0, 0 },
    { "one\n\n" LINE "\n" LINE, BULLA_OK, 0, 0 }, /* the last empty line parts them */
    { "text\n\n" DASH "n\xC3\xA4/\xE2\x80\x94 AAAAAAA=\n", BULLA_OK, 0, 0 },
    { "", BULLA_E_EMPTY, 0, 0 },
    { "text\n", BULLA_E_BAD_SYNTAX, 2, 1 },
    { "text\n\n", BULLA_E_EMPTY, 3, 1 },
    { "text\n" LINE, BULLA_E_BAD_SYNTAX, 3, 1 },
    { "\n" LINE, BULLA_E_BAD_SYNTAX, 3, 1 }, /* a text has an end of its own */
    { "text\n\n" DASH "n AAAAAAA=", BULLA_E_BAD_SYNTAX, 3, 15 },
    { "text\n\n" LINE "x\n", BULLA_E_BAD_SYNTAX, 4, 1 },
    { "text\n\n- n AAAAAAA=\n", BULLA_E_BAD_SYNTAX, 3, 1 },
    { "text\n\n" DASH "AAAAAAA=\n", BULLA_E_BAD_SYNTAX, 3, 1 },
    { "text\n\n" DASH "n\n", BULLA_E_BAD_SYNTAX, 3, 1 },
    { "text\n\n" DASH "n \n", BULLA_E_BAD_SYNTAX, 3, 1 },
    { "text\n\n" DASH "n AAAAAA==\n", BULLA_E_BAD_SYNTAX, 3, 1 }, /* nothing follows the hash */
    { "text\n\n" DASH " AAAAAAA=\n", BULLA_E_BAD_NAME, 3, 1 },
    { "text\n\n" DASH "a+b AAAAAAA=\n", BULLA_E_BAD_NAME, 3, 1 },
    { "text\n\n" DASH "a\xC2\xA0"
      "b AAAAAAA=\n",
      BULLA_E_BAD_NAME, 3, 1 },
    { "text\n\n" DASH "a\xE3\x80\x80"
      "b AAAAAAA=\n",
      BULLA_E_BAD_NAME, 3, 1 },
    { "text\n\n" DASH "a b AAAAAAA=\n", BULLA_E_BAD_ENCODING, 3, 1 },
    { "text\n\n" DASH "n  AAAAAAA=\n", BULLA_E_BAD_ENCODING, 3, 1 },
    { "text\n\n" DASH "n AAAAAAA= \n", BULLA_E_BAD_ENCODING, 3, 1 },
    { "text\n\n" DASH "n AAAAAAB=\n", BULLA_E_BAD_ENCODING, 3, 1 }, /* spare bits */
    { "text\n\n" DASH "n AAAAA_A=\n", BULLA_E_BAD_ENCODING, 3, 1 },
    { "text\r\n\r\n" LINE, BULLA_E_CONTROL_CHARACTER, 1, 5 },
    { "te\txt\n\n" LINE, BULLA_E_CONTROL_CHARACTER, 1, 3 },
    { "text\n\n" DASH "n AAAAAAA=\r\n", BULLA_E_CONTROL_CHARACTER, 3, 15 },
    { "text\n\xFF\n\n" LINE, BULLA_E_BAD_ENCODING, 2, 1 },
    { "text\n\xED\xA0\x80\n\n" LINE, BULLA_E_BAD_ENCODING, 2, 1 }, /* a surrogate */
};

START_TEST(notes_are_strict)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_note note = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_note_parse(bu_bytes_of(notes[_i].text), "f.note", arena, &note, &err);
    ck_assert_msg(status.code == notes[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status)) {
        ck_assert(note.text.len > 0 && note.text.ptr[note.text.len - 1] == '\n');
        ck_assert_uint_ge(note.count, 1);
        return;
    }
    unit_fails(status, notes[_i].want, err);
    ck_assert_str_eq(err.file, "f.note");
    ck_assert_msg(err.line == notes[_i].line && err.column == notes[_i].column, "case %d: at %u:%u",
                  _i, err.line, err.column);
}
END_TEST

START_TEST(a_text_ends_at_the_last_empty_line)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_note note;
    bulla_error err = { 0 };
    unit_ok(
        bu_note_parse(BULLA_LIT("one\n\n" LINE "\n" DASH "m AAAAAQI=\n"), "f", arena, &note, &err),
        err);
    ck_assert(bu_bytes_is(note.text, "one\n\n" LINE));
    ck_assert_uint_eq(note.count, 1);
    ck_assert(bu_bytes_is(note.signatures[0].name, "m"));
    ck_assert_uint_eq(note.signatures[0].line, 5);
    ck_assert(bu_bytes_equal(note.signatures[0].signature, BULLA_LIT("\x02")));
    ck_assert_mem_eq(note.signatures[0].hash, "\0\0\0\x01", 4);
}
END_TEST

START_TEST(lines_are_counted)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_note note;
    bulla_error err = { 0 };
    bu_buf_add_text(&text, "text\n\n");
    for (unsigned i = 0; i < BU_LIMIT_NOTE_SIGNERS + (unsigned)_i; i++)
        bu_buf_add_text(&text, LINE);
    bulla_status status = bu_note_parse(bu_buf_bytes(&text), "f", arena, &note, &err);
    if (_i == 0)
        unit_ok(status, err);
    else
        unit_fails(status, BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line;
} checkpoints[] = {
    { TREE, BULLA_OK, 0 },
    { TREE "extension\n", BULLA_OK, 0 },
    { "rekor.example - 2605736670972794746\n0\n" ROOT "\n", BULLA_OK, 0 },
    { "o\n9223372036854775807\n" ROOT "\n", BULLA_OK, 0 },
    { "", BULLA_E_BAD_SYNTAX, 1 },
    { "\n7\n" ROOT "\n", BULLA_E_BAD_SYNTAX, 1 },
    { "o\n", BULLA_E_BAD_SYNTAX, 2 },
    { "o\n\n" ROOT "\n", BULLA_E_BAD_SYNTAX, 2 },
    { "o\n07\n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n-7\n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n+7\n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n7 \n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n0x7\n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n9223372036854775808\n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n99999999999999999999\n" ROOT "\n", BULLA_E_BAD_NUMBER, 2 },
    { "o\n7\n", BULLA_E_BAD_SYNTAX, 3 },
    { "o\n7\n" ROOT, BULLA_E_BAD_SYNTAX, 3 },
    { "o\n7\nAAAA\n", BULLA_E_BAD_ENCODING, 3 },
    { "o\n7\n" ROOT "AAAA\n", BULLA_E_BAD_ENCODING, 3 },
    { "o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", BULLA_E_BAD_ENCODING, 3 },
    { TREE "\n", BULLA_E_BAD_SYNTAX, 4 },
    { TREE "one\n\ntwo\n", BULLA_E_BAD_SYNTAX, 5 },
    { TREE "one", BULLA_E_BAD_SYNTAX, 4 },
};

START_TEST(checkpoints_are_strict)
{
    bu_checkpoint got = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_checkpoint_parse(bu_bytes_of(checkpoints[_i].text), &got, &err);
    ck_assert_msg(status.code == checkpoints[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status))
        return;
    unit_fails(status, checkpoints[_i].want, err);
    ck_assert_uint_eq(err.line, checkpoints[_i].line);
}
END_TEST

START_TEST(checkpoint_says)
{
    bu_checkpoint got;
    bulla_error err = { 0 };
    unit_ok(bu_checkpoint_parse(BULLA_LIT(TREE), &got, &err), err);
    ck_assert(bu_bytes_is(got.origin, "example.com/log"));
    ck_assert_uint_eq(got.size, 20852163);
    ck_assert_mem_eq(got.root.bytes, "\x0A\xC5\x18\x6A", 4);
}
END_TEST

static const bu_note_type every_type[] = { BU_NOTE_ED25519, BU_NOTE_ECDSA, BU_NOTE_COSIGNATURE };

START_TEST(verifier_keys)
{
    BU_CLEAR(note_signer) signer = note_signer_new("example.com/log", every_type[_i]);
    BU_AUTO(bu_key) key = NULL;
    bu_vkey vkey;
    bulla_error err = { 0 };
    bulla_bytes text = bu_bytes_of(signer.vkey);
    unit_ok(bu_vkey_parse(text, &vkey, &key, &err), err);
    ck_assert(bu_bytes_is(vkey.name, "example.com/log"));
    ck_assert_int_eq(vkey.type, every_type[_i]);
    ck_assert_ptr_eq(vkey.key, key);
    ck_assert(bu_key_equal(key, bu_secret_key_public(signer.key)));
    /* No part of it, and no neighbour of it, is a key. The hash of ECDSA does not cover the name. */
    for (size_t i = every_type[_i] == BU_NOTE_ECDSA ? vkey.name.len : 0; i < text.len; i++) {
        bu_key *other = NULL;
        ck_assert(!bulla_ok(bu_vkey_parse(bu_bytes_first(text, i), &vkey, &other, &err)));
        ck_assert(!bulla_ok(bu_vkey_parse(bu_bytes_from(text, i + 1), &vkey, &other, &err)));
        signer.vkey[i]++;
        ck_assert(!bulla_ok(bu_vkey_parse(text, &vkey, &other, &err)));
        signer.vkey[i]--;
    }
}
END_TEST

#define POINT "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW" /* of x/mod's documentation */

static const struct {
    const char *text;
    bulla_code want;
} vkeys[] = {
    { "PeterNeumann+c74f20a3+" POINT, BULLA_OK },
    { "", BULLA_E_BAD_SYNTAX },
    { "+c74f20a3+" POINT, BULLA_E_BAD_SYNTAX },
    { "PeterNeumann+c74f20a3", BULLA_E_BAD_SYNTAX },
    { "PeterNeumann+c74f20a3+", BULLA_E_BAD_KEY },
    { "Peter Neumann+c74f20a3+" POINT, BULLA_E_BAD_NAME },
    { "PeterNeumann+c74f20a+" POINT, BULLA_E_BAD_ENCODING },
    { "PeterNeumann+c74f20a3 +" POINT, BULLA_E_BAD_ENCODING },
    { "PeterNeumann+c74f20a3+" POINT "\n", BULLA_E_BAD_ENCODING },
    { "PeterNeumann+c74f20a3+" POINT "+" POINT, BULLA_E_BAD_ENCODING },
    { "PeterNeumann+c74f20a4+" POINT, BULLA_E_BAD_KEY },
    { "PeterNeuman+c74f20a3+" POINT, BULLA_E_BAD_KEY },
    { "PeterNeumann+cc469956+" POINT "BADKEQ==", BULLA_E_BAD_KEY },
    { "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      BULLA_E_UNSUPPORTED_FEATURE },
    { "PeterNeumann+c74f20a3+AgAA", BULLA_E_BAD_ENCODING }, /* no SPKI */
    { "PeterNeumann+c74f20a3+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      BULLA_E_WEAK_KEY }, /* small order */
    { "PeterNeumann+c74f20a3+AjAqMAUGAytlcAMhABpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      BULLA_E_BAD_KEY }, /* Ed25519 said to be ECDSA */
};

START_TEST(verifier_keys_are_strict)
{
    BU_AUTO(bu_key) key = NULL;
    bu_vkey vkey;
    bulla_error err = { 0 };
    bulla_status status = bu_vkey_parse(bu_bytes_of(vkeys[_i].text), &vkey, &key, &err);
    ck_assert_msg(status.code == vkeys[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
}
END_TEST

/* What Go's package documents as a good note. */
#define KNOWN                                                                                      \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n\n" DASH                                           \
    "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6" \
    "KE6RyyBwJnAM=\n"

static bu_vkey borrowed(const note_signer *signer)
{
    bu_vkey vkey = { .name = bu_bytes_of(signer->name),
                     .type = signer->type,
                     .key = bu_secret_key_public(signer->key) };
    memcpy(vkey.hash, signer->hash, sizeof vkey.hash);
    return vkey;
}

static bulla_status check(bulla_bytes text, const bu_vkey *keys, size_t count, bool *signed_by,
                          bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_note note;
    unit_ok(bu_note_parse(text, "f", arena, &note, err), *err);
    return bu_note_check(&note, keys, count, signed_by, err);
}

START_TEST(a_known_note)
{
    BU_AUTO(bu_key) key = NULL;
    bu_vkey vkey;
    bool is_signed = false;
    bulla_error err = { 0 };
    unit_ok(bu_vkey_parse(bu_bytes_of(vkeys[0].text), &vkey, &key, &err), err);
    unit_ok(check(BULLA_LIT(KNOWN), &vkey, 1, &is_signed, &err), err);
    ck_assert(is_signed);
}
END_TEST

START_TEST(every_bit_counts)
{
    BU_CLEAR(note_signer) signer = note_signer_new("s", every_type[_i]);
    BU_CLEAR(bu_buf) text = { 0 };
    bool is_signed = false;
    bulla_error err = { 0 };
    bu_vkey key = borrowed(&signer);
    note_add(TREE, (const note_signer *[]){ &signer }, 1, &text);
    unit_ok(check(bu_buf_bytes(&text), &key, 1, &is_signed, &err), err);
    ck_assert(is_signed);
    for (size_t i = 0; i < 8 * text.len; i++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_note note;
        text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
        bulla_status status = bu_note_parse(bu_buf_bytes(&text), "f", arena, &note, &err);
        if (bulla_ok(status))
            ck_assert(!bulla_ok(bu_note_check(&note, &key, 1, &is_signed, &err)) && !is_signed);
        text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
    }
}
END_TEST

/* Three signers, of whom one is not given; one line twice. */
START_TEST(lines_of_given_keys_count_once)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) b = note_signer_new("b", BU_NOTE_ECDSA);
    BU_CLEAR(note_signer) c = note_signer_new("c", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) text = { 0 };
    bool signed_by[2];
    bulla_error err = { 0 };
    bu_vkey keys[] = { borrowed(&a), borrowed(&b) };
    note_add("text\n", (const note_signer *[]){ &c, &a, &c, &a }, 4, &text);
    unit_ok(check(bu_buf_bytes(&text), keys, 2, signed_by, &err), err);
    ck_assert(signed_by[0] && !signed_by[1]);
    unit_fails(check(bu_buf_bytes(&text), &keys[1], 1, signed_by, &err), BULLA_E_UNTRUSTED_KEY,
               err);
    unit_fails(check(bu_buf_bytes(&text), keys, 0, signed_by, &err), BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(a_wrong_line_of_a_given_key)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) b = note_signer_new("b", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) text = { 0 };
    bool signed_by[2] = { true, true };
    bulla_error err = { 0 };
    bu_vkey keys[] = { borrowed(&a), borrowed(&b) };
    bu_buf_add_text(&text, "text\n\n");
    note_add_line(&a, BULLA_LIT("text\n"), 0, &text);
    note_add_line(&b, BULLA_LIT("another text\n"), 0, &text);
    bulla_status status = check(bu_buf_bytes(&text), keys, 2, signed_by, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert_uint_eq(err.line, 4);
    ck_assert(!signed_by[0] && !signed_by[1]);
    /* To who does not know b, its line is one of a stranger. */
    unit_ok(check(bu_buf_bytes(&text), keys, 1, signed_by, &err), err);
}
END_TEST

/* A stranger with a given key's name, or its hash, is a stranger; with both, its line is wrong. */
START_TEST(names_and_hashes_of_others)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) other = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) text = { 0 };
    bool is_signed;
    bulla_error err = { 0 };
    bu_vkey key = borrowed(&a);
    if (_i > 0)
        memcpy(other.hash, a.hash, sizeof a.hash);
    if (_i == 1)
        other.name = "b";
    note_add("text\n", (const note_signer *[]){ &other }, 1, &text);
    unit_fails(check(bu_buf_bytes(&text), &key, 1, &is_signed, &err),
               _i == 2 ? BULLA_E_BAD_SIGNATURE : BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(a_key_given_twice)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) b = note_signer_new("b", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) by_a = { 0 };
    BU_CLEAR(bu_buf) by_b = { 0 };
    bool signed_by[3];
    bulla_error err = { 0 };
    bu_vkey keys[] = { borrowed(&a), borrowed(&b), borrowed(&a) };
    note_add("text\n", (const note_signer *[]){ &a }, 1, &by_a);
    note_add("text\n", (const note_signer *[]){ &b }, 1, &by_b);
    unit_fails(check(bu_buf_bytes(&by_a), keys, 3, signed_by, &err), BULLA_E_DUPLICATE_KEY, err);
    unit_ok(check(bu_buf_bytes(&by_b), keys, 3, signed_by, &err), err);
    ck_assert(!signed_by[0] && signed_by[1] && !signed_by[2]);
}
END_TEST

/* A signature of one type is none of another type, though the key is the same. */
START_TEST(types_are_not_mixed)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) text = { 0 };
    bool is_signed;
    bulla_error err = { 0 };
    note_add(TREE, (const note_signer *[]){ &a }, 1, &text);
    bu_vkey key = borrowed(&a);
    key.type = _i == 0 ? BU_NOTE_COSIGNATURE : BU_NOTE_ECDSA;
    unit_fails(check(bu_buf_bytes(&text), &key, 1, &is_signed, &err),
               _i == 0 ? BULLA_E_BAD_SIGNATURE : BULLA_E_WRONG_USAGE, err);
}
END_TEST

START_TEST(cosignatures)
{
    BU_CLEAR(note_signer) log = note_signer_new("example.com/log", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) witness = note_signer_new("witness.example", BU_NOTE_COSIGNATURE);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bool signed_by[2];
    int64_t time = 0;
    bu_note note;
    bulla_error err = { 0 };
    bu_vkey keys[] = { borrowed(&log), borrowed(&witness) };
    note_add(TREE, (const note_signer *[]){ &log, &witness }, 2, &text);
    unit_ok(bu_note_parse(bu_buf_bytes(&text), "f", arena, &note, &err), err);
    unit_ok(bu_note_check(&note, keys, 2, signed_by, &err), err);
    ck_assert(signed_by[0] && signed_by[1]);
    ck_assert(bu_note_cosigned_at(&note, &keys[1], &time));
    ck_assert_int_eq(time, 1700000000);
    ck_assert(!bu_note_cosigned_at(&note, &keys[0], &time));
}
END_TEST

/* A witness speaks of trees alone. */
START_TEST(cosignature_of_another_text)
{
    BU_CLEAR(note_signer) witness = note_signer_new("w", BU_NOTE_COSIGNATURE);
    BU_CLEAR(bu_buf) text = { 0 };
    bool is_signed;
    bulla_error err = { 0 };
    bu_vkey key = borrowed(&witness);
    note_add("text\n", (const note_signer *[]){ &witness }, 1, &text);
    unit_fails(check(bu_buf_bytes(&text), &key, 1, &is_signed, &err), BULLA_E_BAD_SYNTAX, err);
    ck_assert_uint_eq(err.line, 3);
    bu_buf_clear(&text);
    bu_buf_add_text(&text, TREE "\n"); /* a time beyond 2^63 - 1 */
    note_add_line(&witness, BULLA_LIT(TREE), INT64_MIN, &text);
    unit_fails(check(bu_buf_bytes(&text), &key, 1, &is_signed, &err), BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_COSIGNATURE);
    BU_CLEAR(bu_buf) text = { 0 };
    note_add(TREE, (const note_signer *[]){ &a }, 1, &text);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        BU_AUTO(bu_key) key = NULL;
        bu_note note;
        bu_vkey vkey;
        bool is_signed = false;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_note_parse(bu_buf_bytes(&text), "f", arena, &note, &err);
        if (bulla_ok(status))
            status = bu_vkey_parse(bu_bytes_of(a.vkey), &vkey, &key, &err);
        if (bulla_ok(status))
            status = bu_note_check(&note, &vkey, 1, &is_signed, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert(is_signed);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert(!is_signed);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, notes_are_strict, 0, sizeof notes / sizeof notes[0]);
    tcase_add_test(tc, a_text_ends_at_the_last_empty_line);
    tcase_add_loop_test(tc, lines_are_counted, 0, 2);
    tcase_add_loop_test(tc, checkpoints_are_strict, 0, sizeof checkpoints / sizeof checkpoints[0]);
    tcase_add_test(tc, checkpoint_says);
    tcase_add_loop_test(tc, verifier_keys, 0, 3);
    tcase_add_loop_test(tc, verifier_keys_are_strict, 0, sizeof vkeys / sizeof vkeys[0]);
    tcase_add_test(tc, a_known_note);
    tcase_add_loop_test(tc, every_bit_counts, 0, 3);
    tcase_add_test(tc, lines_of_given_keys_count_once);
    tcase_add_test(tc, a_wrong_line_of_a_given_key);
    tcase_add_loop_test(tc, names_and_hashes_of_others, 0, 3);
    tcase_add_test(tc, a_key_given_twice);
    tcase_add_loop_test(tc, types_are_not_mixed, 0, 2);
    tcase_add_test(tc, cosignatures);
    tcase_add_test(tc, cosignature_of_another_text);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("signature/note", add);
}
