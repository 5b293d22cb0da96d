/* SPDX-License-Identifier: MIT */
/*
 * Key files: making, describing and opening them. Refuses private keys that
 * others may read or own; never writes over a file.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "bulla/key.h"
#include "io/file.h"
#include "signature/key.h"
#include "signature/pkcs11.h"
#include "trust/proof.h"

#define MODE_PRIVATE 0600
#define MODE_PUBLIC  0644
#define MODE_OTHERS  0077 /* any right of group or others */

static bulla_status ask(const bulla_passphrase *passphrase, const char *path, bool twice,
                        bu_secret **out, bulla_error *err)
{
    size_t len = 0;
    BU_AUTO(bu_secret) secret = bu_secret_new(BULLA_PASSPHRASE_MAX);
    if (secret == NULL)
        return bu_no_memory(err);
    BU_TRY(passphrase->ask(passphrase->context, path, twice, secret->ptr, secret->len, &len, err));
    if (len == 0 || len > secret->len)
        return bu_in_file(err, bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "an empty passphrase"), path);
    secret->len = len;
    *out = BU_STEAL(secret);
    return BU_OK;
}

static bulla_status create_plain(const char *path, const bu_secret_key *key, bulla_error *err)
{
    BU_AUTO(bu_secret) pem = NULL;
    BU_TRY(bu_secret_key_write_plain(key, &pem, err));
    return bu_file_create(path, bu_secret_bytes(pem), MODE_PRIVATE, err);
}

static bulla_status create_encrypted(const char *path, const bu_secret_key *key,
                                     const bulla_passphrase *passphrase, bulla_error *err)
{
    BU_AUTO(bu_secret) secret = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(ask(passphrase, path, true, &secret, err));
    BU_TRY(bu_secret_key_write(key, secret, &text, err));
    return bu_file_create(path, bu_buf_bytes(&text), MODE_PRIVATE, err);
}

static bulla_status create_public(const char *path, const bu_key *key, bulla_error *err)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    bu_key_write_pem(key, &pem);
    if (pem.broken)
        return bu_no_memory(err);
    return bu_file_create(path, bu_buf_bytes(&pem), MODE_PUBLIC, err);
}

static bulla_status refuse_present(const char *path, bulla_error *err)
{
    if (bu_folder_look(NULL, path, NULL) == BU_PRESENCE_NONE)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_WRITE_ERROR, "already there");
    (void)bu_next(err, status, "name another file: no key is ever written over");
    return bu_in_file(err, status, path);
}

/* Where the two halves go, before anything is asked: a half pair helps nobody. bu_file_create()
 * looks again. */
static bulla_status settle_paths(const char *path, bu_buf *public_path, bulla_error *err)
{
    bu_buf_add_format(public_path, "%s.pub", path);
    if (public_path->broken)
        return bu_no_memory(err);
    BU_TRY(refuse_present(path, err));
    return refuse_present((const char *)public_path->ptr, err);
}

static bulla_status write_pair(const bu_secret_key *key, const char *path, const char *public_path,
                               const bulla_passphrase *passphrase, char keyid[BU_KEYID_TEXT],
                               bulla_error *err)
{
    const bu_key *public = bu_secret_key_public(key);
    BU_TRY(passphrase == NULL ? create_plain(path, key, err)
                              : create_encrypted(path, key, passphrase, err));
    BU_TRY(create_public(public_path, public, err));
    memcpy(keyid, bu_key_id(public), BU_KEYID_TEXT);
    return BU_OK;
}

static bulla_status create_proof(const char *path, const bu_secret_key *key, const char *person,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) beside = { 0 };
    BU_CLEAR(bu_buf) proof = { 0 };
    bu_buf_add_format(&beside, "%s.proof", path);
    if (beside.broken)
        return bu_no_memory(err);
    BU_TRY(bu_proof_write(key, person, NULL, &proof, err));
    return bu_file_replace((const char *)beside.ptr, bu_buf_bytes(&proof), MODE_PUBLIC, err);
}

bulla_status bulla_key_new(bulla_key_kind kind, const char *path, const char *person,
                           const bulla_passphrase *passphrase, char keyid[BU_KEYID_TEXT],
                           bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = NULL;
    BU_CLEAR(bu_buf) beside = { 0 };
    BU_TRY(settle_paths(path, &beside, err));
    BU_TRY(bu_secret_key_new(kind, &key, err));
    BU_TRY(write_pair(key, path, (const char *)beside.ptr, passphrase, keyid, err));
    return person == NULL ? BU_OK : create_proof(path, key, person, err);
}

bulla_status bulla_key_import(const char *from, const char *path,
                              const bulla_passphrase *passphrase, bool encrypt,
                              char keyid[BU_KEYID_TEXT], bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = NULL;
    BU_CLEAR(bu_buf) beside = { 0 };
    BU_TRY(settle_paths(path, &beside, err));
    BU_TRY(bulla_secret_key_open(from, passphrase, &key, err));
    return write_pair(key, path, (const char *)beside.ptr, encrypt ? passphrase : NULL, keyid, err);
}

/* The whole of a file in guarded memory, for it may be a private key. */
static bulla_status slurp(bu_file *file, bu_secret **out, bulla_error *err)
{
    size_t got = 1;
    size_t have = 0;
    BU_AUTO(bu_secret) text = bu_secret_new((size_t)file->size);
    if (text == NULL)
        return bu_no_memory(err);
    for (; have < text->len && got > 0; have += got)
        BU_TRY(bu_source_read(&file->base, text->ptr + have, text->len - have, &got, err));
    BU_TRY(bu_file_unchanged(file, err));
    *out = BU_STEAL(text);
    return BU_OK;
}

static bulla_status judge_mode(const bu_file *file, bulla_error *err)
{
    char mode[8];
    (void)snprintf(mode, sizeof mode, "%04o", file->mode);
    if ((file->mode & MODE_OTHERS) != 0)
        return bu_expected(
            err, bu_fail(err, BULLA_E_UNSAFE_MODE, "others have rights on this private key"),
            BULLA_LIT("0600"), bu_bytes_of(mode));
    if (file->owner != geteuid())
        return bu_fail(err, BULLA_E_UNSAFE_MODE, "another user owns this private key");
    return BU_OK;
}

/* A key file as it was read, with what it says of itself. */
typedef struct key_file {
    bu_secret *text;
    bu_key *public; /* NULL when it does not say */
    bool is_private, is_encrypted;
} key_file;

static void clear_key_file(key_file *file)
{
    bu_key_free(file->public);
    bu_secret_free(file->text);
}

#define AUTO_KEY_FILE __attribute__((cleanup(clear_key_file))) key_file

static bulla_status read_key_file(const char *path, key_file *out, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(NULL, path, BU_LIMIT_METADATA_BYTES, &file, err));
    BU_TRY(slurp(&file, &out->text, err));
    BU_TRY(bu_key_describe(bu_secret_bytes(out->text), &out->public, &out->is_private,
                           &out->is_encrypted, err));
    return out->is_private ? judge_mode(&file, err) : BU_OK;
}

bulla_status bulla_key_show(const char *path, bulla_key_info *out, bulla_error *err)
{
    AUTO_KEY_FILE file = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    BU_TRY(bu_in_file(err, read_key_file(path, &file, err), path));
    bulla_key_info info = { .is_private = file.is_private, .is_encrypted = file.is_encrypted };
    if (file.public != NULL) {
        info.kind = bu_key_kind(file.public);
        memcpy(info.keyid, bu_key_id(file.public), sizeof info.keyid);
        bu_key_write_pem(file.public, &pem);
    }
    BU_TRY(bu_buf_take(&pem, &info.pem, err));
    *out = info;
    return BU_OK;
}

void bulla_key_info_clear(bulla_key_info *info)
{
    bulla_buffer_free(&info->pem);
    *info = (bulla_key_info){ 0 };
}

static bulla_status open_key(const char *path, const bulla_passphrase *passphrase,
                             bu_secret_key **out, bulla_error *err)
{
    AUTO_KEY_FILE file = { 0 };
    BU_AUTO(bu_secret) secret = NULL;
    BU_TRY(read_key_file(path, &file, err));
    if (file.is_encrypted && passphrase != NULL)
        BU_TRY(ask(passphrase, path, false, &secret, err));
    return bu_secret_key_read(bu_secret_bytes(file.text), secret, out, err);
}

bulla_status bulla_secret_key_open(const char *path, const bulla_passphrase *passphrase,
                                   bulla_secret_key **out, bulla_error *err)
{
    char name[sizeof err->file];
    if (!bu_pkcs11_is(path))
        return bu_in_file(err, open_key(path, passphrase, out, err), path);
    /* Without its query: a PIN may have been put there by mistake. */
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "?"), path);
    return bu_in_file(err, bu_pkcs11_open(path, passphrase, out, err), name);
}

bulla_status bulla_secret_key_elsewhere(bulla_bytes public_key, const bulla_signer *signer,
                                        bulla_secret_key **out, bulla_error *err)
{
    return bu_secret_key_elsewhere(public_key, signer, out, err);
}

void bulla_secret_key_free(bulla_secret_key *key)
{
    bu_secret_key_free(key);
}

const char *bulla_secret_key_id(const bulla_secret_key *key)
{
    return bu_key_id(bu_secret_key_public(key));
}
