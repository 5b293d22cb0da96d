/* SPDX-License-Identifier: MIT */
/*
 * Private keys of OpenSSH (PROTOCOL.key): in the clear, or under AES-256-CTR
 * with a key that bcrypt makes of the passphrase. Refuses files of several
 * keys, other ciphers, keys that are in a security key, and public halves that
 * are not theirs.
 */
#include "signature/bcrypt_pbkdf.h"
#include "signature/pem.h"
#include "signature/secret_key.h"
#include "signature/ssh.h"

#define LABEL     "OPENSSH PRIVATE KEY"
#define MAGIC     "openssh-key-v1" /* and a NUL */
#define CIPHER    "aes256-ctr"
#define KDF       "bcrypt"
#define NONE      "none"
#define KEY_BYTES 32
#define HALF_MAX  16384 /* bytes of a private half; RSA of 8192 bits has below 6000 */
#define IV_BYTES  16

/* The file, decoded; the rest borrows from `content`. */
typedef struct file {
    bu_buf content;
    bool is_encrypted;
    bulla_bytes salt;
    uint32_t rounds;
    bulla_bytes public;
    bulla_bytes hidden; /* of whole blocks */
} file;

static void clear_file(file *f)
{
    bu_wiped_clear(&f->content);
}
#define AUTO_FILE __attribute__((cleanup(clear_file))) file

static bool is_openssh(bulla_bytes text)
{
    return bu_bytes_is(bu_pem_label(text), LABEL);
}

static bulla_status judge_cipher(bulla_bytes cipher, bulla_bytes kdf, bulla_bytes options,
                                 file *out, bulla_error *err)
{
    bu_ssh_reader in = { .rest = options };
    out->is_encrypted = !bu_bytes_is(cipher, NONE);
    if (!out->is_encrypted && bu_bytes_is(kdf, NONE) && options.len == 0)
        return BU_OK;
    if (!bu_bytes_is(cipher, CIPHER) || !bu_bytes_is(kdf, KDF))
        return bu_expected(
            err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "an encryption that is not accepted"),
            BULLA_LIT(CIPHER " under " KDF), cipher);
    out->salt = bu_ssh_take(&in);
    out->rounds = bu_ssh_take_number(&in);
    return bu_ssh_done(&in) ? BU_OK : bu_fail(err, BULLA_E_BAD_ENCODING, "not the options of " KDF);
}

static bulla_status read_file(bulla_bytes text, file *out, bulla_error *err)
{
    BU_TRY(bu_pem_decode(text, LABEL, &out->content, err));
    bu_ssh_reader in = { .rest = bu_buf_bytes(&out->content) };
    bulla_bytes magic = bu_ssh_take_bytes(&in, sizeof MAGIC);
    bulla_bytes cipher = bu_ssh_take(&in);
    bulla_bytes kdf = bu_ssh_take(&in);
    bulla_bytes options = bu_ssh_take(&in);
    uint32_t count = bu_ssh_take_number(&in);
    out->public = bu_ssh_take(&in);
    out->hidden = bu_ssh_take(&in);
    if (!bu_bytes_equal(magic, (bulla_bytes){ (const uint8_t *)MAGIC, sizeof MAGIC }))
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "not " MAGIC);
    if (!in.broken && count != 1)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "%u keys in one file", count);
    if (!bu_ssh_done(&in))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a key file as OpenSSH writes it");
    if (out->hidden.len > HALF_MAX) /* before anything is computed of its numbers */
        return bu_fail(err, BULLA_E_BAD_KEY, "a private half of %zu bytes", out->hidden.len);
    return judge_cipher(cipher, kdf, options, out, err);
}

static bulla_status describe(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err)
{
    AUTO_FILE f = { 0 };
    BU_CLEAR(bu_ssh_public) key = { 0 };
    BU_TRY(read_file(text, &f, err));
    BU_TRY(bu_ssh_public_read(f.public, &key, err));
    *is_encrypted = f.is_encrypted;
    *public = BU_STEAL(key.key);
    return BU_OK;
}

typedef struct decrypting {
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *context;
} decrypting;

static void clear_decrypting(decrypting *d)
{
    EVP_CIPHER_CTX_free(d->context);
    EVP_CIPHER_free(d->cipher);
}

static bulla_status decrypt(const file *f, const bu_secret *passphrase, bu_secret **out,
                            bulla_error *err)
{
    int len = 0;
    BU_AUTO(bu_secret) key = bu_secret_new(KEY_BYTES + IV_BYTES);
    BU_AUTO(bu_secret) plain = bu_secret_new(f->hidden.len);
    if (key == NULL || plain == NULL || bu_ossl() == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_bcrypt_pbkdf(passphrase, f->salt, f->rounds, key, err));
    __attribute__((cleanup(clear_decrypting))) decrypting d = {
        .cipher = EVP_CIPHER_fetch(bu_ossl(), "AES-256-CTR", NULL),
        .context = EVP_CIPHER_CTX_new(),
    };
    if (d.cipher == NULL || d.context == NULL ||
        EVP_DecryptInit_ex2(d.context, d.cipher, key->ptr, key->ptr + KEY_BYTES, NULL) != 1 ||
        EVP_DecryptUpdate(d.context, plain->ptr, &len, f->hidden.ptr, (int)f->hidden.len) != 1)
        return bu_no_memory(err);
    *out = BU_STEAL(plain);
    return BU_OK;
}

/* Behind the name of its kind, each private key has its public numbers and its private ones. */
static bulla_status take_rsa(bu_ssh_reader *in, bu_secret_key **out, bulla_error *err)
{
    bu_rsa_numbers numbers;
    BU_AUTO(bu_secret) der = NULL;
    numbers.n = bu_ssh_take_positive(in);
    numbers.e = bu_ssh_take_positive(in);
    numbers.d = bu_ssh_take_positive(in);
    numbers.coefficient = bu_ssh_take_positive(in);
    numbers.p = bu_ssh_take_positive(in);
    numbers.q = bu_ssh_take_positive(in);
    if (in->broken)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not an RSA key as OpenSSH writes it");
    BU_TRY(bu_rsa_write(&numbers, &der, err));
    return bu_secret_key_of_rsa(bu_secret_bytes(der), out, err);
}

static bulla_status take_private(bu_ssh_reader *in, bulla_key_kind kind, bu_secret_key **out,
                                 bulla_error *err)
{
    if (kind == BULLA_KEY_RSA)
        return take_rsa(in, out, err);
    if (kind != BULLA_KEY_ED25519)
        (void)bu_ssh_take(in); /* the curve, which the public half names as well */
    (void)bu_ssh_take(in);     /* the public point */
    bulla_bytes private = kind == BULLA_KEY_ED25519 ? bu_ssh_take(in) : bu_ssh_take_positive(in);
    if (in->broken)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a private key as OpenSSH writes it");
    return kind == BULLA_KEY_ED25519 ? bu_secret_key_of_pair(private, out, err)
                                     : bu_secret_key_of_scalar(kind, private, out, err);
}

/* "1, 2, 3, …" up to a whole block. */
static bool is_padding(bulla_bytes rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] != (uint8_t)(i + 1))
            return false;
    return rest.len < 256;
}

/* Two equal numbers, the key, a comment, padding: the numbers tell a wrong passphrase. */
static bulla_status read_hidden(bulla_bytes hidden, const bu_ssh_public *public,
                                bu_secret_key **out, bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = NULL;
    bu_ssh_reader in = { .rest = hidden };
    uint32_t first = bu_ssh_take_number(&in);
    if (bu_ssh_take_number(&in) != first || in.broken)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the passphrase does not open this key");
    if (!bu_bytes_is(bu_ssh_take(&in), public->name))
        return bu_fail(err, BULLA_E_BAD_KEY, "the private half is of another kind");
    BU_TRY(take_private(&in, bu_key_kind(public->key), &key, err));
    (void)bu_ssh_take(&in); /* the comment */
    if (in.broken || !is_padding(in.rest))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the padding is not that of OpenSSH");
    if (!bu_key_equal(bu_secret_key_public(key), public->key))
        return bu_fail(err, BULLA_E_BAD_KEY, "the public half is not that of the private one");
    *out = BU_STEAL(key);
    return BU_OK;
}

static bulla_status open_key(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                             bulla_error *err)
{
    AUTO_FILE f = { 0 };
    BU_CLEAR(bu_ssh_public) public = { 0 };
    BU_AUTO(bu_secret) plain = NULL;
    BU_TRY(read_file(text, &f, err));
    BU_TRY(bu_ssh_public_read(f.public, &public, err));
    if (public.is_hardware)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "the private half is in a security key: sign with ssh-keygen -Y sign");
    if (!f.is_encrypted)
        return read_hidden(f.hidden, &public, out, err);
    BU_TRY(decrypt(&f, passphrase, &plain, err));
    return read_hidden(bu_secret_bytes(plain), &public, out, err);
}

const bu_secret_form bu_secret_form_openssh = {
    .id = "openssh",
    .is = is_openssh,
    .describe = describe,
    .open = open_key,
};
