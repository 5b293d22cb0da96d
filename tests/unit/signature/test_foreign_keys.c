/* SPDX-License-Identifier: MIT */
/* Private keys of minisign, signify, cosign and OpenSSH, put together here with costs that a test
 * can pay: what opens, what costs too much, and what is not what it says. */
#include "keys.h"

#include <sodium.h>

#include "base/encode.h"
#include "base/limits.h"
#include "signature/bcrypt_pbkdf.h"
#include "signature/pem.h"
#include "signature/secret_key.h"
#include "signature/signify.h"
#include "signature/ssh.h"

static const uint8_t number[BU_KEY_NUMBER_BYTES] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* Seed and public key, as libsodium keeps them. */
static bulla_bytes pair_of(const bu_secret_key *key)
{
    return bu_secret_bytes(key->secret);
}

static void mask(uint8_t *bytes, const uint8_t *stream, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] ^= stream[i];
}

static void put_number(uint8_t *out, uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

/* What a case does to a good file. */
typedef struct change {
    const char *what;
    const char *passphrase; /* to open with; NULL: none */
    size_t byte;            /* that is flipped before it is encrypted; SIZE_MAX: none */
    uint64_t work, memory;  /* of minisign's scrypt; 0: not encrypted. Signify: rounds */
    bulla_code want;
} change;

#define NONE     SIZE_MAX
#define LIGHT    UINT64_C(32768)
#define LITTLE   (UINT64_C(16) << 20)
#define KEY_AT   62  /* of minisign's file: behind its number */
#define CHECK_AT 126 /* of minisign's file */

static const change of_minisign[] = {
    { "in the clear", NULL, NONE, 0, 0, BULLA_OK },
    { "in the clear, another checksum", NULL, CHECK_AT, 0, 0, BULLA_E_CHECKSUM },
    { "in the clear, another public half", NULL, KEY_AT + 40, 0, 0, BULLA_E_CHECKSUM },
    { "encrypted", PASSPHRASE, NONE, LIGHT, LITTLE, BULLA_OK },
    { "no passphrase", NULL, NONE, LIGHT, LITTLE, BULLA_E_WRONG_PASSPHRASE },
    { "another passphrase", "x", NONE, LIGHT, LITTLE, BULLA_E_WRONG_PASSPHRASE },
    { "an empty passphrase", "", NONE, LIGHT, LITTLE, BULLA_E_WRONG_PASSPHRASE },
    { "changed", PASSPHRASE, KEY_AT, LIGHT, LITTLE, BULLA_E_WRONG_PASSPHRASE },
    { "another number", PASSPHRASE, KEY_AT - 1, LIGHT, LITTLE, BULLA_E_WRONG_PASSPHRASE },
    { "endless work", PASSPHRASE, NONE, UINT64_MAX, LITTLE, BULLA_E_RESOURCE_LIMIT },
    { "too much work", PASSPHRASE, NONE, BU_LIMIT_KDF_SCRYPT + 1, LITTLE, BULLA_E_RESOURCE_LIMIT },
    { "too much memory", PASSPHRASE, NONE, LIGHT, (UINT64_C(1) << 30) + 1, BULLA_E_RESOURCE_LIMIT },
    { "another algorithm", NULL, 0, 0, 0, BULLA_E_UNSUPPORTED_FEATURE },
    { "another kdf", NULL, 2, 0, 0, BULLA_E_UNSUPPORTED_FEATURE },
    { "another checksum algorithm", NULL, 4, 0, 0, BULLA_E_UNSUPPORTED_FEATURE },
};

static void seal_minisign(const change *c, uint8_t file[158])
{
    uint8_t stream[104];
    const char *secret = PASSPHRASE;
    if (c->work == 0 || c->work > BU_LIMIT_KDF_SCRYPT || c->memory > BU_LIMIT_KDF_BYTES)
        return;
    ck_assert_int_eq(crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, secret,
                                                        strlen(secret), file + 6, c->work,
                                                        (size_t)c->memory),
                     0);
    mask(file + 54, stream, sizeof stream);
}

static bu_buf minisign_file(const bu_secret_key *key, const change *c)
{
    bu_buf text = { 0 };
    uint8_t file[158] = "Ed\0\0B2";
    uint8_t summed[2 + 8 + 64] = "Ed";
    if (c->work > 0)
        memcpy(file + 2, "Sc", 2);
    put_number(file + 38, c->work);
    put_number(file + 46, c->memory);
    memcpy(file + 54, number, sizeof number);
    memcpy(file + KEY_AT, pair_of(key).ptr, 64);
    memcpy(summed + 2, file + 54, 8 + 64);
    (void)crypto_generichash(file + CHECK_AT, 32, summed, sizeof summed, NULL, 0);
    if (c->byte != NONE)
        file[c->byte] ^= 1;
    seal_minisign(c, file);
    bu_signify_put(BU_SIGNIFY_UNTRUSTED, "test", (bulla_bytes){ file, sizeof file }, &text);
    return text;
}

static void opens_as(const bu_buf *text, const change *c, const bu_secret_key *want)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_AUTO(bu_secret) secret = c->passphrase == NULL ? NULL : secret_of(c->passphrase);
    bulla_status status = bu_secret_key_read(bu_buf_bytes(text), secret, &key, &err);
    ck_assert_msg(status.code == c->want, "%s: %s (%s)", c->what, bulla_code_name(status.code),
                  err.text);
    if (!bulla_ok(status))
        return;
    ck_assert(bu_key_equal(bu_secret_key_public(key), bu_secret_key_public(want)));
    if (bu_secret_key_number(key) != NULL)
        ck_assert_mem_eq(bu_secret_key_number(key), number, sizeof number);
}

START_TEST(keys_of_minisign)
{
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = minisign_file(key, &of_minisign[_i]);
    opens_as(&text, &of_minisign[_i], key);
}
END_TEST

/* minisign 0.11 leaves the checksum empty where nothing is encrypted. */
START_TEST(an_unencrypted_key_of_minisign_may_have_no_checksum)
{
    static const change same = { "no checksum", NULL, NONE, 0, 0, BULLA_OK };
    static const change other = { "another half", NULL, NONE, 0, 0, BULLA_E_BAD_KEY };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    uint8_t file[158] = "Ed\0\0B2";
    memcpy(file + 54, number, sizeof number);
    memcpy(file + KEY_AT, pair_of(key).ptr, 64);
    for (int changed = 0; changed < 2; changed++) {
        BU_CLEAR(bu_buf) text = { 0 };
        file[KEY_AT + 40] ^= (uint8_t)changed;
        bu_signify_put(BU_SIGNIFY_UNTRUSTED, "x", (bulla_bytes){ file, sizeof file }, &text);
        opens_as(&text, changed ? &other : &same, key);
    }
}
END_TEST

static const change of_signify[] = {
    { "in the clear", NULL, NONE, 0, 0, BULLA_OK },
    { "in the clear, changed", NULL, 50, 0, 0, BULLA_E_CHECKSUM },
    { "encrypted", PASSPHRASE, NONE, 1, 0, BULLA_OK },
    { "no passphrase", NULL, NONE, 1, 0, BULLA_E_WRONG_PASSPHRASE },
    { "another passphrase", "x", NONE, 1, 0, BULLA_E_WRONG_PASSPHRASE },
    { "an empty passphrase", "", NONE, 1, 0, BULLA_E_WRONG_PASSPHRASE },
    { "too many rounds", PASSPHRASE, NONE, BU_LIMIT_KDF_ROUNDS + 1, 0, BULLA_E_RESOURCE_LIMIT },
    { "endless rounds", PASSPHRASE, NONE, UINT32_MAX, 0, BULLA_E_RESOURCE_LIMIT },
    { "another kdf", NULL, 2, 0, 0, BULLA_E_UNSUPPORTED_FEATURE },
    { "another algorithm", NULL, 0, 0, 0, BULLA_E_UNSUPPORTED_FEATURE },
};

static bu_buf signify_file(const bu_secret_key *key, const change *c)
{
    bu_buf text = { 0 };
    bulla_error err = { 0 };
    uint8_t file[104] = "EdBK";
    uint8_t sum[crypto_hash_sha512_BYTES];
    BU_AUTO(bu_secret) secret = secret_of(PASSPHRASE);
    BU_AUTO(bu_secret) stream = bu_secret_new(64);
    for (size_t i = 0; i < 4; i++)
        file[4 + i] = (uint8_t)(c->work >> 8 * (3 - i));
    (void)crypto_hash_sha512(sum, pair_of(key).ptr, 64);
    memcpy(file + 24, sum, 8);
    memcpy(file + 32, number, sizeof number);
    memcpy(file + 40, pair_of(key).ptr, 64);
    if (c->byte != NONE)
        file[c->byte] ^= 1;
    if (c->work > 0 && c->work <= BU_LIMIT_KDF_ROUNDS) {
        unit_ok(
            bu_bcrypt_pbkdf(secret, (bulla_bytes){ file + 8, 16 }, (uint32_t)c->work, stream, &err),
            err);
        mask(file + 40, stream->ptr, 64);
    }
    bu_signify_put(BU_SIGNIFY_UNTRUSTED, "test", (bulla_bytes){ file, sizeof file }, &text);
    return text;
}

START_TEST(keys_of_signify)
{
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = signify_file(key, &of_signify[_i]);
    opens_as(&text, &of_signify[_i], key);
}
END_TEST

START_TEST(bytes_behind_a_key_are_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_AUTO(bu_secret_key) read = NULL;
    BU_CLEAR(bu_buf) text = signify_file(key, &of_signify[0]);
    bu_buf_add_text(&text, "x");
    bulla_status status = bu_secret_key_read(bu_buf_bytes(&text), NULL, &read, &err);
    ck_assert(!bulla_ok(status));
}
END_TEST

/* --- cosign --- */

typedef struct cosign_case {
    const char *label, *passphrase, *kdf, *cipher, *costs;
    bulla_code want;
} cosign_case;

#define NOW   "ENCRYPTED SIGSTORE PRIVATE KEY"
#define OLD   "ENCRYPTED COSIGN PRIVATE KEY"
#define COSTS "\"N\":1024,\"r\":8,\"p\":1"
#define BOX   "nacl/secretbox"

static const cosign_case of_cosign[] = {
    { NOW, PASSPHRASE, "scrypt", BOX, COSTS, BULLA_OK },
    { OLD, PASSPHRASE, "scrypt", BOX, COSTS, BULLA_OK },
    { NOW, NULL, "scrypt", BOX, COSTS, BULLA_E_WRONG_PASSPHRASE },
    { NOW, "x", "scrypt", BOX, COSTS, BULLA_E_WRONG_PASSPHRASE },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":512,\"r\":8,\"p\":1", BULLA_E_WRONG_PASSPHRASE },
    { NOW, PASSPHRASE, "argon2", BOX, COSTS, BULLA_E_UNSUPPORTED_FEATURE },
    { NOW, PASSPHRASE, "scrypt", "aes", COSTS, BULLA_E_UNSUPPORTED_FEATURE },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":1000,\"r\":8,\"p\":1", BULLA_E_BAD_NUMBER },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":0,\"r\":8,\"p\":1", BULLA_E_BAD_NUMBER },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":-2,\"r\":8,\"p\":1", BULLA_E_BAD_NUMBER },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":1024,\"r\":0,\"p\":1", BULLA_E_BAD_NUMBER },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":16777216,\"r\":8,\"p\":1", BULLA_E_RESOURCE_LIMIT },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":1024,\"r\":8,\"p\":65536", BULLA_E_RESOURCE_LIMIT },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":4611686018427387904,\"r\":4611686018427387904,\"p\":1",
      BULLA_E_RESOURCE_LIMIT },
    { NOW, PASSPHRASE, "scrypt", BOX, "\"N\":1024,\"r\":8", BULLA_E_MISSING_FIELD },
    { NOW, PASSPHRASE, "scrypt", BOX, COSTS ",\"p\":1", BULLA_E_DUPLICATE_KEY },
};

static void put_base64(bu_buf *json, const char *before, const uint8_t *bytes, size_t len)
{
    bu_buf_add_text(json, before);
    bu_base64_encode((bulla_bytes){ bytes, len }, json);
}

static bu_buf cosign_file(const bu_secret_key *key, const cosign_case *c)
{
    static const uint8_t salt[32] = { 7 };
    static const uint8_t nonce[crypto_secretbox_NONCEBYTES] = { 9 };
    const char *secret = PASSPHRASE;
    bu_buf pem = { 0 };
    bulla_error err = { 0 };
    uint8_t box_key[32];
    uint8_t box[512];
    BU_CLEAR(bu_buf) json = { 0 };
    BU_AUTO(bu_secret) der = NULL;
    unit_ok(bu_secret_key_der(key, &der, &err), err);
    ck_assert_int_eq(crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)secret, strlen(secret),
                                                           salt, sizeof salt, 1024, 8, 1, box_key,
                                                           sizeof box_key),
                     0);
    (void)crypto_secretbox_easy(box, der->ptr, der->len, nonce, box_key);
    bu_buf_add_format(&json, "{\"kdf\":{\"name\":\"%s\",\"params\":{%s},", c->kdf, c->costs);
    put_base64(&json, "\"salt\":\"", salt, sizeof salt);
    bu_buf_add_format(&json, "\"},\"cipher\":{\"name\":\"%s\",", c->cipher);
    put_base64(&json, "\"nonce\":\"", nonce, sizeof nonce);
    put_base64(&json, "\"},\"ciphertext\":\"", box, der->len + crypto_secretbox_MACBYTES);
    bu_buf_add_text(&json, "\"}");
    bu_pem_encode(bu_buf_bytes(&json), c->label, &pem);
    return pem;
}

START_TEST(keys_of_cosign)
{
    const cosign_case *c = &of_cosign[_i];
    const change as = { .what = c->costs, .passphrase = c->passphrase, .want = c->want };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-p256.pem");
    BU_CLEAR(bu_buf) text = cosign_file(key, c);
    opens_as(&text, &as, key);
}
END_TEST

/* --- OpenSSH: what ssh-keygen does not write; the rest is in test_secret_key.c --- */

static bu_buf openssh_file(const bu_secret_key *key, uint32_t count, bulla_bytes hidden)
{
    bu_buf pem = { 0 };
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    BU_CLEAR(bu_buf) blob = { 0 };
    unit_ok(bu_ssh_public_write(bu_secret_key_public(key), &blob, &err), err);
    bu_buf_add(&content, (bulla_bytes){ (const uint8_t *)"openssh-key-v1", 15 });
    bu_ssh_add(&content, BULLA_LIT("none"));
    bu_ssh_add(&content, BULLA_LIT("none"));
    bu_ssh_add(&content, BULLA_LIT(""));
    bu_ssh_add_number(&content, count);
    bu_ssh_add(&content, bu_buf_bytes(&blob));
    bu_ssh_add(&content, hidden);
    bu_pem_encode(bu_buf_bytes(&content), "OPENSSH PRIVATE KEY", &pem);
    return pem;
}

typedef struct hidden_case {
    const char *what;
    uint32_t second, count; /* of the two numbers; of keys */
    size_t byte;            /* of the pair that is flipped */
    const char *padding;
    bulla_code want;
} hidden_case;

static const hidden_case of_openssh[] = {
    { "as it is written", 7, 1, NONE, "\1\2\3", BULLA_OK },
    { "no padding", 7, 1, NONE, "", BULLA_OK },
    { "other padding", 7, 1, NONE, "\1\2\4", BULLA_E_BAD_ENCODING },
    { "two numbers", 8, 1, NONE, "\1", BULLA_E_WRONG_PASSPHRASE },
    { "two keys", 7, 2, NONE, "\1", BULLA_E_UNSUPPORTED_FEATURE },
    { "no key", 7, 0, NONE, "\1", BULLA_E_UNSUPPORTED_FEATURE },
    { "another seed", 7, 1, 0, "\1", BULLA_E_BAD_KEY },
    { "another public half", 7, 1, 40, "\1", BULLA_E_BAD_KEY },
};

START_TEST(keys_of_openssh)
{
    const hidden_case *c = &of_openssh[_i];
    const change as = { .what = c->what, .want = c->want };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) hidden = { 0 };
    uint8_t pair[64];
    memcpy(pair, pair_of(key).ptr, sizeof pair);
    if (c->byte != NONE)
        pair[c->byte] ^= 1;
    bu_ssh_add_number(&hidden, 7);
    bu_ssh_add_number(&hidden, c->second);
    bu_ssh_add(&hidden, BULLA_LIT("ssh-ed25519"));
    bu_ssh_add(&hidden, bu_bytes_from(pair_of(key), 32));
    bu_ssh_add(&hidden, (bulla_bytes){ pair, sizeof pair });
    bu_ssh_add(&hidden, BULLA_LIT("a comment"));
    bu_buf_add_text(&hidden, c->padding);
    BU_CLEAR(bu_buf) text = openssh_file(key, c->count, bu_buf_bytes(&hidden));
    opens_as(&text, &as, key);
}
END_TEST

/* Numbers of megabytes would be computed with for hours. */
START_TEST(a_private_half_of_openssh_is_not_endless)
{
    static const uint8_t zeros[16385] = { 0 };
    static const change as = { .what = "long", .want = BULLA_E_BAD_KEY };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = openssh_file(key, 1, (bulla_bytes){ zeros, sizeof zeros });
    opens_as(&text, &as, key);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, keys_of_minisign, 0, (int)(sizeof of_minisign / sizeof of_minisign[0]));
    tcase_add_test(tc, an_unencrypted_key_of_minisign_may_have_no_checksum);
    tcase_add_loop_test(tc, keys_of_signify, 0, (int)(sizeof of_signify / sizeof of_signify[0]));
    tcase_add_test(tc, bytes_behind_a_key_are_refused);
    tcase_add_loop_test(tc, keys_of_cosign, 0, (int)(sizeof of_cosign / sizeof of_cosign[0]));
    tcase_add_loop_test(tc, keys_of_openssh, 0, (int)(sizeof of_openssh / sizeof of_openssh[0]));
    tcase_add_test(tc, a_private_half_of_openssh_is_not_endless);
}

int main(void)
{
    return unit_run("signature/foreign_keys", add);
}
