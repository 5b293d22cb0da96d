/* SPDX-License-Identifier: MIT */
/*
 * bulla's encrypted key file. The test writes the format by itself, from
 * doc/keys.md, with small parameters; so reader and page are held together.
 */
#include "keys.h"

#include <sodium.h>

#include "alloc_fail.h"
#include "base/encode.h"

/* The fields of a file, as text. */
typedef struct fields {
    const char *schema, *kind, *keyid, *public, *kdf, *opslimit, *memlimit, *salt, *cipher, *nonce,
        *ciphertext, *more;
} fields;

static char keyid[65], public[128], ciphertext[256];
static const fields good = {
    .schema = "bulla.key/1",
    .kind = "ed25519",
    .keyid = keyid,
    .public = public,
    .kdf = "argon2id",
    .opslimit = "1",
    .memlimit = "8192",
    .salt = "c2FsdHNhbHRzYWx0c2FsdA==",
    .cipher = "xchacha20-poly1305",
    .nonce = "bm9uY2Vub25jZW5vbmNlbm9uY2Vub25j",
    .ciphertext = ciphertext,
    .more = "",
};

static void base64(const uint8_t *in, size_t len, char *out, size_t cap)
{
    (void)sodium_bin2base64(out, cap, in, len, sodium_base64_VARIANT_ORIGINAL);
}

/* doc/keys.md: the additional data are the other fields as canonical JSON. */
static void encrypt(const uint8_t *pkcs8, size_t len)
{
    uint8_t key[32];
    uint8_t sealed[128];
    char bound[1024];
    int bound_len = snprintf(bound, sizeof bound,
                             "{\"cipher\":\"%s\",\"kdf\":{\"memlimit\":%s,\"name\":\"%s\","
                             "\"opslimit\":%s,\"salt\":\"%s\"},\"keyid\":\"%s\",\"kind\":\"%s\","
                             "\"nonce\":\"%s\",\"public\":\"%s\",\"schema\":\"%s\"}",
                             good.cipher, good.memlimit, good.kdf, good.opslimit, good.salt,
                             good.keyid, good.kind, good.nonce, good.public, good.schema);
    ck_assert_int_eq(crypto_pwhash(key, sizeof key, PASSPHRASE, strlen(PASSPHRASE),
                                   (const uint8_t *)"saltsaltsaltsalt", 1, 8192,
                                   crypto_pwhash_ALG_ARGON2ID13),
                     0);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, pkcs8, len, (const uint8_t *)bound,
                                               (unsigned long long)bound_len, NULL,
                                               (const uint8_t *)"noncenoncenoncenoncenonc", key);
    base64(sealed, len + 16, ciphertext, sizeof ciphertext);
}

static void set_up(void)
{
    uint8_t der[64];
    size_t len = 0;
    BU_AUTO(bu_key) key = public_key("ed25519.pub");
    bulla_bytes pem = key_text("throwaway-ed25519.pem");
    ck_assert_int_eq(sodium_base642bin(der, sizeof der, (const char *)pem.ptr + 28, 64, NULL, &len,
                                       NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    free_text(pem);
    (void)snprintf(keyid, sizeof keyid, "%s", bu_key_id(key));
    base64(bu_key_spki(key).ptr, bu_key_spki(key).len, public, sizeof public);
    encrypt(der, len);
}

static void write_file(const fields *f, bu_buf *out)
{
    bu_buf_add_format(out,
                      "{\"schema\": \"%s\", \"kind\": \"%s\", \"keyid\": \"%s\", \"public\": "
                      "\"%s\", \"kdf\": {\"name\": \"%s\", \"opslimit\": %s, \"memlimit\": %s, "
                      "\"salt\": \"%s\"}, \"cipher\": \"%s\", \"nonce\": \"%s\", "
                      "\"ciphertext\": \"%s\"%s}",
                      f->schema, f->kind, f->keyid, f->public, f->kdf, f->opslimit, f->memlimit,
                      f->salt, f->cipher, f->nonce, f->ciphertext, f->more);
    ck_assert(!out->broken);
}

static bulla_status read_file(const fields *f, const char *passphrase, bu_secret_key **out,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_secret) secret = secret_of(passphrase);
    write_file(f, &text);
    return bu_secret_key_read(bu_buf_bytes(&text), secret, out, err);
}

START_TEST(the_page_is_the_format)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_AUTO(bu_key) want = public_key("ed25519.pub");
    unit_ok(read_file(&good, PASSPHRASE, &key, &err), err);
    ck_assert(bu_key_equal(bu_secret_key_public(key), want));
}
END_TEST

START_TEST(only_the_passphrase_opens)
{
    static const char *const wrong[] = { "", "test passphras", "test passphrase2",
                                         "Test passphrase" };
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    unit_fails(read_file(&good, wrong[_i], &key, &err), BULLA_E_WRONG_PASSPHRASE, err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
    ck_assert_ptr_null(key);
}
END_TEST

START_TEST(no_passphrase_is_said)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    write_file(&good, &text);
    unit_fails(bu_secret_key_read(bu_buf_bytes(&text), NULL, &key, &err), BULLA_E_WRONG_PASSPHRASE,
               err);
    ck_assert_ptr_nonnull(strstr(err.text, "is encrypted"));
}
END_TEST

#define OTHER_SALT  "c2FsdHNhbHRzYWx0c2FsdQ=="
#define OTHER_NONCE "bm9uY2Vub25jZW5vbmNlbm9uY2Vub25k"
#define OTHER_ID    "00000000000000000000000000000000000000000000000000000000deadbeef"

/* Every field, changed: where it can be told, and else by the seal. */
static const struct {
    fields changed; /* NULL: as it is in the good file */
    bulla_code want;
} tampered[] = {
    { { .schema = "bulla.key/2" }, BULLA_E_UNSUPPORTED_VERSION },
    { { .schema = "" }, BULLA_E_UNSUPPORTED_VERSION },
    { { .kind = "ecdsa-p256" }, BULLA_E_BAD_KEY },
    { { .keyid = OTHER_ID }, BULLA_E_BAD_KEY },
    { { .public = "MCowBQYDK2VwAyEA" }, BULLA_E_BAD_ENCODING },
    { { .public = "!" }, BULLA_E_BAD_ENCODING },
    { { .kdf = "argon2i" }, BULLA_E_UNSUPPORTED_FEATURE },
    { { .kdf = "pbkdf2" }, BULLA_E_UNSUPPORTED_FEATURE },
    { { .opslimit = "2" }, BULLA_E_WRONG_PASSPHRASE },
    { { .opslimit = "0" }, BULLA_E_BAD_NUMBER },
    { { .opslimit = "-1" }, BULLA_E_BAD_NUMBER },
    { { .opslimit = "17" }, BULLA_E_RESOURCE_LIMIT },
    { { .opslimit = "\"1\"" }, BULLA_E_TYPE_MISMATCH },
    { { .opslimit = "1.5" }, BULLA_E_TYPE_MISMATCH },
    { { .memlimit = "16384" }, BULLA_E_WRONG_PASSPHRASE },
    { { .memlimit = "8191" }, BULLA_E_BAD_NUMBER },
    { { .memlimit = "1073741825" }, BULLA_E_RESOURCE_LIMIT },
    { { .memlimit = "9223372036854775807" }, BULLA_E_RESOURCE_LIMIT },
    { { .memlimit = "-8192" }, BULLA_E_BAD_NUMBER },
    { { .salt = OTHER_SALT }, BULLA_E_WRONG_PASSPHRASE },
    { { .salt = "" }, BULLA_E_BAD_KEY },
    { { .salt = "c2FsdHNhbHRzYWx0c2FsdHNhbHQ=" }, BULLA_E_BAD_KEY },
    { { .cipher = "xchacha20" }, BULLA_E_UNSUPPORTED_FEATURE },
    { { .nonce = OTHER_NONCE }, BULLA_E_WRONG_PASSPHRASE },
    { { .nonce = "AAAA" }, BULLA_E_BAD_KEY },
    { { .ciphertext = "" }, BULLA_E_BAD_KEY },
    { { .ciphertext = "AAAAAAAAAAAAAAAAAAAAAA==" }, BULLA_E_BAD_KEY }, /* the tag alone */
    { { .ciphertext = "AAAAAAAAAAAAAAAAAAAAAAAA" }, BULLA_E_WRONG_PASSPHRASE },
    { { .more = ", \"comment\": \"mine\"" }, BULLA_E_BAD_KEY },
    { { .more = ", \"kind\": \"ed25519\"" }, BULLA_E_DUPLICATE_KEY },
    { { .more = "} {" }, BULLA_E_TRAILING_DATA },
};

static const char *or_else(const char *changed, const char *kept)
{
    return changed == NULL ? kept : changed;
}

START_TEST(tampering_is_seen)
{
    const fields *c = &tampered[_i].changed;
    const fields f = {
        .schema = or_else(c->schema, good.schema),
        .kind = or_else(c->kind, good.kind),
        .keyid = or_else(c->keyid, good.keyid),
        .public = or_else(c->public, good.public),
        .kdf = or_else(c->kdf, good.kdf),
        .opslimit = or_else(c->opslimit, good.opslimit),
        .memlimit = or_else(c->memlimit, good.memlimit),
        .salt = or_else(c->salt, good.salt),
        .cipher = or_else(c->cipher, good.cipher),
        .nonce = or_else(c->nonce, good.nonce),
        .ciphertext = or_else(c->ciphertext, good.ciphertext),
        .more = or_else(c->more, good.more),
    };
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    bulla_status status = read_file(&f, PASSPHRASE, &key, &err);
    ck_assert_msg(status.code == tampered[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    unit_fails(status, tampered[_i].want, err);
}
END_TEST

START_TEST(every_bit_of_the_ciphertext_counts)
{
    bulla_error err = { 0 };
    uint8_t bytes[128];
    char changed[256];
    size_t len = 0;
    ck_assert_int_eq(sodium_base642bin(bytes, sizeof bytes, ciphertext, strlen(ciphertext), NULL,
                                       &len, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    ck_assert_uint_eq(len, 48 + 16);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        BU_AUTO(bu_secret_key) key = NULL;
        fields f = good;
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        base64(bytes, len, changed, sizeof changed);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        f.ciphertext = changed;
        unit_fails(read_file(&f, PASSPHRASE, &key, &err), BULLA_E_WRONG_PASSPHRASE, err);
    }
}
END_TEST

/* A file whose public half is another's: who reads only that would be led astray. */
START_TEST(public_half_is_bound)
{
    bulla_error err = { 0 };
    char other[128];
    fields f = good;
    BU_AUTO(bu_secret_key) fresh = NULL;
    BU_AUTO(bu_secret_key) key = NULL;
    unit_ok(bu_secret_key_new(BULLA_KEY_ED25519, &fresh, &err), err);
    bulla_bytes spki = bu_key_spki(bu_secret_key_public(fresh));
    base64(spki.ptr, spki.len, other, sizeof other);
    f.public = other;
    f.keyid = bu_key_id(bu_secret_key_public(fresh));
    unit_fails(read_file(&f, PASSPHRASE, &key, &err), BULLA_E_WRONG_PASSPHRASE, err);
}
END_TEST

START_TEST(what_is_written_can_be_read)
{
    static const char *const names[] = { "throwaway-ed25519.pem", "throwaway-p256.pem",
                                         "throwaway-p521.pem", "throwaway-rsa2048.pem" };
    bulla_error err = { 0 };
    bool is_private = false;
    bool is_encrypted = false;
    BU_AUTO(bu_secret_key) key = private_key(names[_i]);
    BU_AUTO(bu_secret_key) again = NULL;
    BU_AUTO(bu_key) described = NULL;
    BU_AUTO(bu_secret) secret = secret_of(PASSPHRASE);
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) other = { 0 };
    unit_ok(bu_secret_key_write(key, secret, &text, &err), err);
    unit_ok(bu_secret_key_read(bu_buf_bytes(&text), secret, &again, &err), err);
    ck_assert(bu_key_equal(bu_secret_key_public(key), bu_secret_key_public(again)));
    unit_ok(bu_key_describe(bu_buf_bytes(&text), &described, &is_private, &is_encrypted, &err),
            err);
    ck_assert(bu_key_equal(described, bu_secret_key_public(key)));
    ck_assert(is_private && is_encrypted);
    ck_assert_ptr_nonnull(strstr((const char *)text.ptr, "\"opslimit\": 3"));
    ck_assert_ptr_nonnull(strstr((const char *)text.ptr, "\"memlimit\": 268435456"));
    unit_ok(bu_secret_key_write(key, secret, &other, &err), err);
    ck_assert(!bu_bytes_equal(bu_buf_bytes(&text), bu_buf_bytes(&other))); /* fresh salt, nonce */
}
END_TEST

/* What minisign's signatures name the key by must outlive its import. */
START_TEST(the_number_of_a_key_is_kept)
{
    static const uint8_t number[BU_KEY_NUMBER_BYTES] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_AUTO(bu_secret_key) again = NULL;
    BU_AUTO(bu_secret_key) changed = NULL;
    BU_AUTO(bu_secret) secret = secret_of(PASSPHRASE);
    BU_CLEAR(bu_buf) text = { 0 };
    ck_assert_ptr_null(bu_secret_key_number(key));
    bu_secret_key_set_number(key, number);
    unit_ok(bu_secret_key_write(key, secret, &text, &err), err);
    unit_ok(bu_secret_key_read(bu_buf_bytes(&text), secret, &again, &err), err);
    ck_assert_ptr_nonnull(bu_secret_key_number(again));
    ck_assert_mem_eq(bu_secret_key_number(again), number, sizeof number);
    uint8_t *at = memmem(text.ptr, text.len, "AQIDBAUGBwg=", 12);
    ck_assert_ptr_nonnull(at);
    at[1] = 'R'; /* it is bound like the rest */
    unit_fails(bu_secret_key_read(bu_buf_bytes(&text), secret, &changed, &err),
               BULLA_E_WRONG_PASSPHRASE, err);
}
END_TEST

START_TEST(no_memory_is_said)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_secret) secret = secret_of(PASSPHRASE);
    write_file(&good, &text);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_secret_key) key = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_secret_key_read(bu_buf_bytes(&text), secret, &key, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 20);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, NULL);
    tcase_add_test(tc, the_page_is_the_format);
    tcase_add_loop_test(tc, only_the_passphrase_opens, 0, 4);
    tcase_add_test(tc, no_passphrase_is_said);
    tcase_add_loop_test(tc, tampering_is_seen, 0, (int)(sizeof tampered / sizeof tampered[0]));
    tcase_add_test(tc, every_bit_of_the_ciphertext_counts);
    tcase_add_test(tc, public_half_is_bound);
    tcase_add_loop_test(tc, what_is_written_can_be_read, 0, 4);
    tcase_add_test(tc, the_number_of_a_key_is_kept);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("signature/key_file", add);
}
