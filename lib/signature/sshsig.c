/* SPDX-License-Identifier: MIT */
/*
 * Signatures of ssh-keygen -Y (PROTOCOL.sshsig), and by security keys
 * (PROTOCOL.u2f). Refuses another namespace than the one asked for, RSA with
 * SHA-1, and formats that are not the one of the key.
 */
#include "digest/hasher.h"
#include "signature/sshsig.h"

#include "signature/crypto.h"
#include "signature/pem.h"

#define MAGIC   "SSHSIG"
#define VERSION 1

/* What a signature is called, and the algorithm behind it; NULL: the one of the key. */
typedef struct format {
    const char *name;
    bulla_key_kind kind;
    bool is_hardware;
    const char *algorithm;
} format;

static const format formats[] = {
    { "ssh-ed25519", BULLA_KEY_ED25519, false, "ed25519" },
    { "ecdsa-sha2-nistp256", BULLA_KEY_ECDSA_P256, false, "ecdsa-p256-sha256" },
    { "ecdsa-sha2-nistp384", BULLA_KEY_ECDSA_P384, false, "ecdsa-p384-sha384" },
    { "ecdsa-sha2-nistp521", BULLA_KEY_ECDSA_P521, false, "ecdsa-p521-sha512" },
    { "rsa-sha2-512", BULLA_KEY_RSA, false, "rsa-pkcs1-sha512" }, /* that we make */
    { "rsa-sha2-256", BULLA_KEY_RSA, false, "rsa-pkcs1-sha256" },
    { "sk-ssh-ed25519@openssh.com", BULLA_KEY_ED25519, true, "ed25519" },
    { "sk-ecdsa-sha2-nistp256@openssh.com", BULLA_KEY_ECDSA_P256, true, "ecdsa-p256-sha256" },
};

#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

void bu_sshsig_clear(bu_sshsig *signature)
{
    bu_ssh_public_clear(&signature->key);
    bu_buf_clear(&signature->content);
}

static bulla_status read_fields(bu_sshsig *out, bulla_error *err)
{
    bu_ssh_reader in = { .rest = bu_buf_bytes(&out->content) };
    bulla_bytes magic = bu_ssh_take_bytes(&in, strlen(MAGIC));
    uint32_t version = bu_ssh_take_number(&in);
    out->blob = bu_ssh_take(&in);
    out->space = bu_ssh_take(&in);
    out->reserved = bu_ssh_take(&in);
    out->hash = bu_ssh_take(&in);
    out->signature = bu_ssh_take(&in);
    if (!bu_bytes_is(magic, MAGIC))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "no signature of OpenSSH is inside");
    if (!in.broken && version != VERSION)
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "version %u where 1 is known", version);
    if (in.broken)
        return bu_fail(err, BULLA_E_TRUNCATED, "the signature ends too early");
    if (in.rest.len > 0)
        return bu_fail(err, BULLA_E_TRAILING_DATA, "%zu bytes follow the signature", in.rest.len);
    return BU_OK;
}

/* "Supported hash algorithms are "sha256" and "sha512"." */
static bulla_status read_hash(bu_sshsig *out, bulla_error *err)
{
    static const bulla_alg known[] = { BULLA_ALG_SHA256, BULLA_ALG_SHA512 };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (bu_bytes_is(out->hash, bulla_alg_name(known[i]))) {
            out->digest = known[i];
            return BU_OK;
        }
    bulla_status status =
        bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "a digest that such signatures do not have");
    return bu_expected(err, status, BULLA_LIT("sha256 or sha512"), out->hash);
}

bulla_status bu_sshsig_parse(bulla_bytes text, bu_sshsig *out, bulla_error *err)
{
    BU_TRY(bu_pem_decode(text, BU_SSHSIG_LABEL, &out->content, err));
    BU_TRY(read_fields(out, err));
    BU_TRY(read_hash(out, err));
    return bu_ssh_public_read(out->blob, &out->key, err);
}

/* What is really signed. */
static bulla_status signed_data(bulla_bytes space, bulla_bytes reserved, const bulla_digest *digest,
                                bu_buf *out, bulla_error *err)
{
    bu_buf_add_text(out, MAGIC);
    bu_ssh_add(out, space);
    bu_ssh_add(out, reserved);
    bu_ssh_add(out, bu_bytes_of(bulla_alg_name(digest->alg)));
    bu_ssh_add(out, (bulla_bytes){ digest->bytes, digest->len });
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status find_format(const bu_ssh_public *key, bulla_bytes name, const format **out,
                                bulla_error *err)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (bu_bytes_is(name, formats[i].name) && formats[i].kind == bu_key_kind(key->key) &&
            formats[i].is_hardware == key->is_hardware) {
            *out = &formats[i];
            return BU_OK;
        }
    if (bu_bytes_is(name, "ssh-rsa"))
        return bu_fail(err, BULLA_E_WEAK_HASH, "ssh-rsa signs a SHA-1 digest");
    bulla_status status =
        bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature is not of the kind of its key");
    return bu_expected(err, status, bu_bytes_of(key->name), name);
}

/* ECDSA: r and s as mpints (RFC 5656, section 3.1.2), which DER has as well. */
static bulla_status raw_signature(const format *row, bulla_bytes sent, bu_buf *out,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) pair = { 0 };
    bu_ssh_reader in = { .rest = sent };
    if (row->kind == BULLA_KEY_ED25519 || row->kind == BULLA_KEY_RSA) {
        bu_buf_add(out, sent);
        return out->broken ? bu_no_memory(err) : BU_OK;
    }
    bu_der_add_positive(&pair, bu_ssh_take_positive(&in));
    bu_der_add_positive(&pair, bu_ssh_take_positive(&in));
    if (!bu_ssh_done(&in))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "not an ECDSA signature as OpenSSH sends it");
    bu_der_add(out, BU_DER_SEQUENCE, bu_buf_bytes(&pair));
    return pair.broken || out->broken ? bu_no_memory(err) : BU_OK;
}

/* PROTOCOL.u2f: a security key signs SHA256(application) || flags || counter || SHA256(data). */
static bulla_status hardware_data(bulla_bytes application, bulla_bytes flags_and_counter,
                                  bu_buf *data, bulla_error *err)
{
    bulla_digest first;
    bulla_digest last;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, application, &first, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(data), &last, err));
    data->len = 0;
    bu_buf_add(data, (bulla_bytes){ first.bytes, first.len });
    bu_buf_add(data, flags_and_counter);
    bu_buf_add(data, (bulla_bytes){ last.bytes, last.len });
    return data->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status check_data(const bu_sshsig *signature, bu_buf *data, bulla_error *err)
{
    const format *row = NULL;
    BU_CLEAR(bu_buf) raw = { 0 };
    bu_ssh_reader in = { .rest = signature->signature };
    bulla_bytes name = bu_ssh_take(&in);
    bulla_bytes sent = bu_ssh_take(&in);
    BU_TRY(find_format(&signature->key, name, &row, err));
    bulla_bytes flags_and_counter = bu_ssh_take_bytes(&in, row->is_hardware ? 5 : 0);
    if (!bu_ssh_done(&in))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "not a signature as OpenSSH sends it");
    if (row->is_hardware)
        BU_TRY(hardware_data(signature->key.application, flags_and_counter, data, err));
    BU_TRY(raw_signature(row, sent, &raw, err));
    return bu_verify(signature->key.key, bu_algorithm_by_name(bu_bytes_of(row->algorithm)),
                     bu_buf_bytes(data), bu_buf_bytes(&raw), err);
}

bulla_status bu_sshsig_check(const bu_sshsig *signature, const char *space,
                             const bulla_digest *digest, bulla_error *err)
{
    BU_CLEAR(bu_buf) data = { 0 };
    if (!bu_bytes_is(signature->space, space))
        return bu_expected(
            err, bu_fail(err, BULLA_E_WRONG_USAGE, "the signature was made for another purpose"),
            bu_bytes_of(space), signature->space);
    if (digest->alg != signature->digest)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "the signature is over a %s digest",
                       bulla_alg_name(signature->digest));
    BU_TRY(signed_data(signature->space, signature->reserved, digest, &data, err));
    return check_data(signature, &data, err);
}

/* The signature as it is sent: its name, its bytes. */
static bulla_status make_signature(const bu_secret_key *key, bulla_bytes data, bu_buf *out,
                                   bulla_error *err)
{
    BU_CLEAR(bu_buf) raw = { 0 };
    BU_CLEAR(bu_buf) pair = { 0 };
    bulla_key_kind kind = bu_key_kind(bu_secret_key_public(key));
    const format *row = formats;
    while (row->kind != kind)
        row++;
    BU_TRY(bu_sign(key, bu_algorithm_by_name(bu_bytes_of(row->algorithm)), data, &raw, err));
    bu_ssh_add(out, bu_bytes_of(row->name));
    if (kind != BULLA_KEY_ED25519 && kind != BULLA_KEY_RSA) {
        bu_der der = bu_der_of(bu_buf_bytes(&raw));
        bu_der numbers = bu_der_enter(&der, BU_DER_SEQUENCE);
        bu_ssh_add_positive(&pair, bu_der_positive(&numbers));
        bu_ssh_add_positive(&pair, bu_der_positive(&numbers));
        bu_ssh_add(out, bu_buf_bytes(&pair));
    } else {
        bu_ssh_add(out, bu_buf_bytes(&raw));
    }
    return pair.broken || out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_sshsig_make(const bu_secret_key *key, const char *space, const bulla_digest *digest,
                            bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) data = { 0 };
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_buf) signature = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    if (digest->alg != BULLA_ALG_SHA256 && digest->alg != BULLA_ALG_SHA512)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "OpenSSH signs no %s digest",
                       bulla_alg_name(digest->alg));
    BU_TRY(signed_data(bu_bytes_of(space), (bulla_bytes){ 0 }, digest, &data, err));
    BU_TRY(bu_ssh_public_write(bu_secret_key_public(key), &blob, err));
    BU_TRY(make_signature(key, bu_buf_bytes(&data), &signature, err));
    bu_buf_add_text(&content, MAGIC);
    bu_ssh_add_number(&content, VERSION);
    bu_ssh_add(&content, bu_buf_bytes(&blob));
    bu_ssh_add(&content, bu_bytes_of(space));
    bu_ssh_add(&content, (bulla_bytes){ 0 });
    bu_ssh_add(&content, bu_bytes_of(bulla_alg_name(digest->alg)));
    bu_ssh_add(&content, bu_buf_bytes(&signature));
    bu_pem_encode(bu_buf_bytes(&content), BU_SSHSIG_LABEL, out);
    return content.broken || out->broken ? bu_no_memory(err) : BU_OK;
}
