/* SPDX-License-Identifier: MIT */
/* OpenSSH's public keys and signatures: one purpose, no SHA-1, nothing left over. */
#include "keys.h"

#include "alloc_fail.h"
#include "base/encode.h"
#include "digest/hasher.h"
#include "signature/pem.h"
#include "signature/sshsig.h"

static const char *const signers[] = { "throwaway-ed25519.pem", "throwaway-p256.pem",
                                       "throwaway-p384.pem", "throwaway-p521.pem",
                                       "throwaway-rsa2048.pem" };
#define SIGNER_COUNT ((int)(sizeof signers / sizeof signers[0]))

static bulla_digest digest_of(bulla_alg alg, const char *text)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(alg, bu_bytes_of(text), &digest, &err), err);
    return digest;
}

static bu_buf made_by(const bu_secret_key *key, const char *space)
{
    bu_buf text = { 0 };
    bulla_error err = { 0 };
    bulla_digest digest = digest_of(BULLA_ALG_SHA512, "message");
    unit_ok(bu_sshsig_make(key, space, &digest, &text, &err), err);
    return text;
}

static bulla_status check(bulla_bytes text, const char *space, const char *message,
                          bulla_error *err)
{
    BU_CLEAR(bu_sshsig) signature = { 0 };
    BU_TRY(bu_sshsig_parse(text, &signature, err));
    bulla_digest digest = digest_of(signature.digest, message);
    return bu_sshsig_check(&signature, space, &digest, err);
}

START_TEST(what_is_made_verifies_for_its_purpose_only)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key(signers[_i]);
    BU_CLEAR(bu_buf) text = made_by(key, "file");
    BU_CLEAR(bu_sshsig) signature = { 0 };
    unit_ok(check(bu_buf_bytes(&text), "file", "message", &err), err);
    unit_fails(check(bu_buf_bytes(&text), "git", "message", &err), BULLA_E_WRONG_USAGE, err);
    unit_fails(check(bu_buf_bytes(&text), "file", "messagE", &err), BULLA_E_BAD_SIGNATURE, err);
    unit_ok(bu_sshsig_parse(bu_buf_bytes(&text), &signature, &err), err);
    ck_assert(bu_key_equal(signature.key.key, bu_secret_key_public(key)));
    ck_assert(!signature.key.is_hardware);
}
END_TEST

/* The bytes inside, with the armor made anew: its own white space means nothing. */
START_TEST(one_flipped_bit_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key(signers[_i]);
    BU_CLEAR(bu_buf) text = made_by(key, "file");
    BU_CLEAR(bu_buf) content = { 0 };
    unit_ok(bu_pem_decode(bu_buf_bytes(&text), BU_SSHSIG_LABEL, &content, &err), err);
    for (size_t bit = 0; bit < 8 * content.len; bit++) {
        BU_CLEAR(bu_buf) again = { 0 };
        content.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bu_pem_encode(bu_buf_bytes(&content), BU_SSHSIG_LABEL, &again);
        bulla_status status = check(bu_buf_bytes(&again), "file", "message", &err);
        ck_assert_msg(!bulla_ok(status), "bit %zu", bit);
        content.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

/* A signature put together by hand: each field as the case has it. */
typedef struct parts {
    const char *magic;
    uint32_t version;
    const char *space, *reserved, *hash, *format;
    size_t more; /* bytes behind */
    bulla_code want;
} parts;

#define GOOD "SSHSIG", 1, "file", "", "sha512"

static const parts cases[] = {
    { GOOD, "ssh-ed25519", 0, BULLA_E_BAD_SIGNATURE },
    { "SSHSIh", 1, "file", "", "sha512", "ssh-ed25519", 0, BULLA_E_BAD_ENCODING },
    { "SSHSIG", 0, "file", "", "sha512", "ssh-ed25519", 0, BULLA_E_UNSUPPORTED_VERSION },
    { "SSHSIG", 2, "file", "", "sha512", "ssh-ed25519", 0, BULLA_E_UNSUPPORTED_VERSION },
    { "SSHSIG", 1, "", "", "sha512", "ssh-ed25519", 0, BULLA_E_WRONG_USAGE },
    { "SSHSIG", 1, "file2", "", "sha512", "ssh-ed25519", 0, BULLA_E_WRONG_USAGE },
    { "SSHSIG", 1, "file", "", "sha1", "ssh-ed25519", 0, BULLA_E_UNSUPPORTED_HASH },
    { "SSHSIG", 1, "file", "", "", "ssh-ed25519", 0, BULLA_E_UNSUPPORTED_HASH },
    { GOOD, "ssh-rsa", 0, BULLA_E_WEAK_HASH },
    { GOOD, "rsa-sha2-512", 0, BULLA_E_BAD_SIGNATURE },
    { GOOD, "sk-ssh-ed25519@openssh.com", 0, BULLA_E_BAD_SIGNATURE },
    { GOOD, "", 0, BULLA_E_BAD_SIGNATURE },
    { GOOD, "ssh-ed25519", 1, BULLA_E_TRAILING_DATA },
};

static void add_text(bu_buf *out, const char *text)
{
    bu_ssh_add(out, bu_bytes_of(text));
}

START_TEST(fields_are_judged)
{
    const parts *p = &cases[_i];
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_buf) signature = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_key) key = public_key("ed25519.pub");
    unit_ok(bu_ssh_public_write(key, &blob, &err), err);
    add_text(&signature, p->format);
    bu_ssh_add(&signature, (bulla_bytes){ (const uint8_t[64]){ 0 }, 64 });
    bu_buf_add_text(&content, p->magic);
    bu_ssh_add_number(&content, p->version);
    bu_ssh_add(&content, bu_buf_bytes(&blob));
    add_text(&content, p->space);
    add_text(&content, p->reserved);
    add_text(&content, p->hash);
    bu_ssh_add(&content, bu_buf_bytes(&signature));
    for (size_t i = 0; i < p->more; i++)
        bu_buf_add_byte(&content, 0);
    bu_pem_encode(bu_buf_bytes(&content), BU_SSHSIG_LABEL, &text);
    unit_fails(check(bu_buf_bytes(&text), "file", "message", &err), p->want, err);
}
END_TEST

/* Every shorter file is refused, and none is read beyond its end. */
START_TEST(what_is_cut_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-p256.pem");
    BU_CLEAR(bu_buf) text = made_by(key, "file");
    BU_CLEAR(bu_buf) content = { 0 };
    unit_ok(bu_pem_decode(bu_buf_bytes(&text), BU_SSHSIG_LABEL, &content, &err), err);
    for (size_t len = 0; len < content.len; len++) {
        BU_CLEAR(bu_buf) again = { 0 };
        BU_CLEAR(bu_sshsig) signature = { 0 };
        bu_pem_encode((bulla_bytes){ content.ptr, len }, BU_SSHSIG_LABEL, &again);
        ck_assert(!bulla_ok(bu_sshsig_parse(bu_buf_bytes(&again), &signature, &err)));
    }
}
END_TEST

START_TEST(public_keys_go_round)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key(signers[_i]);
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_ssh_public) read = { 0 };
    unit_ok(bu_ssh_public_write(bu_secret_key_public(key), &blob, &err), err);
    unit_ok(bu_ssh_public_read(bu_buf_bytes(&blob), &read, &err), err);
    ck_assert(bu_key_equal(read.key, bu_secret_key_public(key)));
    ck_assert(bu_ssh_is_type(bu_bytes_of(read.name)));
    bu_buf_add_byte(&blob, 0);
    BU_CLEAR(bu_ssh_public) more = { 0 };
    unit_fails(bu_ssh_public_read(bu_buf_bytes(&blob), &more, &err), BULLA_E_BAD_ENCODING, err);
}
END_TEST

#define E32                                                                                        \
    "\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a"                             \
    "\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a"

static const struct {
    const char *what;
    bulla_bytes blob;
    bulla_code want;
} blobs[] = {
#define BLOB(s)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }
    { "Ed25519", BLOB("\0\0\0\x0bssh-ed25519\0\0\0\x20" E32), BULLA_OK },
    { "in a security key",
      BLOB("\0\0\0\x1ask-ssh-ed25519@openssh.com\0\0\0\x20" E32 "\0\0\0\4ssh:"), BULLA_OK },
    { "a short point", BLOB("\0\0\0\x0bssh-ed25519\0\0\0\x01x"), BULLA_E_BAD_KEY },
    { "DSA", BLOB("\0\0\0\7ssh-dss\0\0\0\1\1"), BULLA_E_UNSUPPORTED_FEATURE },
    { "a certificate", BLOB("\0\0\0\x20ssh-ed25519-cert-v01@openssh.com"),
      BULLA_E_UNSUPPORTED_FEATURE },
    { "another curve",
      BLOB("\0\0\0\x13"
           "ecdsa-sha2-nistp256\0\0\0\x08nistp384\0\0\0\1\4"),
      BULLA_E_BAD_KEY },
    { "a length beyond the end", BLOB("\xff\xff\xff\xffssh-ed25519"), BULLA_E_BAD_ENCODING },
    { "nothing", BLOB(""), BULLA_E_BAD_ENCODING },
    { "a negative modulus", BLOB("\0\0\0\7ssh-rsa\0\0\0\1\3\0\0\0\1\x80"), BULLA_E_BAD_ENCODING },
    { "a zero in front", BLOB("\0\0\0\7ssh-rsa\0\0\0\2\0\3\0\0\0\1\3"), BULLA_E_BAD_ENCODING },
    { "a small modulus", BLOB("\0\0\0\7ssh-rsa\0\0\0\1\3\0\0\0\1\x0f"), BULLA_E_WEAK_KEY },
};

START_TEST(public_keys_are_read_strictly)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_ssh_public) key = { 0 };
    bulla_status status = bu_ssh_public_read(blobs[_i].blob, &key, &err);
    ck_assert_msg(status.code == blobs[_i].want, "%s: %s (%s)", blobs[_i].what,
                  bulla_code_name(status.code), err.text);
}
END_TEST

/* PROTOCOL.u2f: what a security key signs, made here with a key that is in none. */
START_TEST(security_keys_sign_more_than_they_are_given)
{
    static const uint8_t flags_and_counter[] = { 1, 0, 0, 0, 7 };
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_buf) data = { 0 };
    BU_CLEAR(bu_buf) outer = { 0 };
    BU_CLEAR(bu_buf) raw = { 0 };
    BU_CLEAR(bu_buf) signature = { 0 };
    bulla_digest message = digest_of(BULLA_ALG_SHA256, "message");
    bulla_digest inner;
    bulla_digest application = digest_of(BULLA_ALG_SHA256, "ssh:");
    bu_buf_add_text(&data, "SSHSIG");
    add_text(&data, "file");
    add_text(&data, "");
    add_text(&data, "sha256");
    bu_ssh_add(&data, (bulla_bytes){ message.bytes, message.len });
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&data), &inner, &err), err);
    bu_buf_add(&outer, (bulla_bytes){ application.bytes, application.len });
    bu_buf_add(&outer, (bulla_bytes){ flags_and_counter, 5 });
    bu_buf_add(&outer, (bulla_bytes){ inner.bytes, inner.len });
    unit_ok(
        bu_sign(key, bu_algorithm_by_name(BULLA_LIT("ed25519")), bu_buf_bytes(&outer), &raw, &err),
        err);
    add_text(&blob, "sk-ssh-ed25519@openssh.com");
    bu_ssh_add(&blob, bu_bytes_from(bu_key_spki(bu_secret_key_public(key)), 12));
    add_text(&blob, "ssh:");
    add_text(&signature, "sk-ssh-ed25519@openssh.com");
    bu_ssh_add(&signature, bu_buf_bytes(&raw));
    bu_buf_add(&signature, (bulla_bytes){ flags_and_counter, 5 });
    for (size_t counter = 7; counter < 9; counter++) {
        BU_CLEAR(bu_buf) content = { 0 };
        BU_CLEAR(bu_buf) text = { 0 };
        signature.ptr[signature.len - 1] = (uint8_t)counter;
        bu_buf_add_text(&content, "SSHSIG");
        bu_ssh_add_number(&content, 1);
        bu_ssh_add(&content, bu_buf_bytes(&blob));
        add_text(&content, "file");
        add_text(&content, "");
        add_text(&content, "sha256");
        bu_ssh_add(&content, bu_buf_bytes(&signature));
        bu_pem_encode(bu_buf_bytes(&content), BU_SSHSIG_LABEL, &text);
        bulla_status status = check(bu_buf_bytes(&text), "file", "message", &err);
        ck_assert_int_eq(status.code, counter == 7 ? BULLA_OK : BULLA_E_BAD_SIGNATURE);
    }
}
END_TEST

START_TEST(no_memory_is_said)
{
    BU_AUTO(bu_secret_key) key = private_key(signers[_i]);
    BU_CLEAR(bu_buf) text = made_by(key, "file");
    bulla_digest digest = digest_of(BULLA_ALG_SHA512, "message");
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_sshsig) signature = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_sshsig_parse(bu_buf_bytes(&text), &signature, &err);
        if (bulla_ok(status))
            status = bu_sshsig_check(&signature, "file", &digest, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 5);
            return;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, what_is_made_verifies_for_its_purpose_only, 0, SIGNER_COUNT);
    tcase_add_loop_test(tc, one_flipped_bit_is_refused, 0, 2);
    tcase_add_loop_test(tc, fields_are_judged, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, what_is_cut_is_refused);
    tcase_add_loop_test(tc, public_keys_go_round, 0, SIGNER_COUNT);
    tcase_add_loop_test(tc, public_keys_are_read_strictly, 0,
                        (int)(sizeof blobs / sizeof blobs[0]));
    tcase_add_test(tc, security_keys_sign_more_than_they_are_given);
    tcase_add_loop_test(tc, no_memory_is_said, 0, SIGNER_COUNT);
}

int main(void)
{
    return unit_run("signature/sshsig", add);
}
