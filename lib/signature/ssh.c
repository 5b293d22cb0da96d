/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's wire format and public keys. Refuses names that have no row here
 * (DSA, certificates), numbers that are not in their shortest form, and keys
 * of which anything is left over.
 */
#include "signature/ssh.h"

#include "signature/crypto.h"

uint32_t bu_ssh_take_number(bu_ssh_reader *in)
{
    bulla_bytes bytes = bu_ssh_take_bytes(in, 4);
    uint32_t number = 0;
    for (size_t i = 0; i < bytes.len; i++)
        number = number << 8 | bytes.ptr[i];
    return number;
}

bulla_bytes bu_ssh_take_bytes(bu_ssh_reader *in, size_t count)
{
    in->broken = in->broken || in->rest.len < count;
    if (in->broken)
        return (bulla_bytes){ 0 };
    bulla_bytes taken = bu_bytes_first(in->rest, count);
    in->rest = bu_bytes_from(in->rest, count);
    return taken;
}

bulla_bytes bu_ssh_take(bu_ssh_reader *in)
{
    return bu_ssh_take_bytes(in, bu_ssh_take_number(in));
}

/* RFC 4251, section 5: two's complement, "Unnecessary leading bytes … MUST NOT be included". */
bulla_bytes bu_ssh_take_positive(bu_ssh_reader *in)
{
    bulla_bytes bytes = bu_ssh_take(in);
    bool has_sign = bytes.len > 0 && bytes.ptr[0] == 0;
    bulla_bytes number = bu_bytes_from(bytes, has_sign ? 1 : 0);
    in->broken = in->broken || number.len == 0 || (number.ptr[0] >= 0x80) != has_sign;
    return in->broken ? (bulla_bytes){ 0 } : number;
}

bool bu_ssh_done(const bu_ssh_reader *in)
{
    return !in->broken && in->rest.len == 0;
}

void bu_ssh_add_number(bu_buf *out, uint32_t number)
{
    for (unsigned shift = 32; shift > 0; shift -= 8)
        bu_buf_add_byte(out, (uint8_t)(number >> (shift - 8)));
}

void bu_ssh_add(bu_buf *out, bulla_bytes string)
{
    bu_ssh_add_number(out, (uint32_t)string.len);
    bu_buf_add(out, string);
}

void bu_ssh_add_positive(bu_buf *out, bulla_bytes number)
{
    while (number.len > 0 && number.ptr[0] == 0)
        number = bu_bytes_from(number, 1);
    bool has_sign = number.len > 0 && number.ptr[0] >= 0x80;
    bu_ssh_add_number(out, (uint32_t)(number.len + has_sign));
    if (has_sign)
        bu_buf_add_byte(out, 0);
    bu_buf_add(out, number);
}

/* One kind of key, by the name that it is sent with. */
typedef struct type {
    const char *name;
    bulla_key_kind kind;
    const char *curve; /* NULL: none is named */
    bool is_hardware;
} type;

static const type types[] = {
    { "ssh-ed25519", BULLA_KEY_ED25519, NULL, false },
    { "ecdsa-sha2-nistp256", BULLA_KEY_ECDSA_P256, "nistp256", false },
    { "ecdsa-sha2-nistp384", BULLA_KEY_ECDSA_P384, "nistp384", false },
    { "ecdsa-sha2-nistp521", BULLA_KEY_ECDSA_P521, "nistp521", false },
    { "ssh-rsa", BULLA_KEY_RSA, NULL, false },
    { "sk-ssh-ed25519@openssh.com", BULLA_KEY_ED25519, NULL, true },
    { "sk-ecdsa-sha2-nistp256@openssh.com", BULLA_KEY_ECDSA_P256, "nistp256", true },
};

#define TYPE_COUNT (sizeof types / sizeof types[0])

static const type *type_of_name(bulla_bytes name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (bu_bytes_is(name, types[i].name))
            return &types[i];
    return NULL;
}

static const type *type_of_kind(bulla_key_kind kind)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (types[i].kind == kind)
            return &types[i];
    return NULL;
}

bool bu_ssh_is_type(bulla_bytes word)
{
    return type_of_name(word) != NULL;
}

void bu_ssh_public_clear(bu_ssh_public *key)
{
    bu_key_free(key->key);
    *key = (bu_ssh_public){ 0 };
}

/* RFC 4253, section 6.6: e, then n. */
static bulla_status take_rsa(bu_ssh_reader *in, bu_key **out, bulla_error *err)
{
    bulla_bytes exponent = bu_ssh_take_positive(in);
    bulla_bytes modulus = bu_ssh_take_positive(in);
    if (!bu_ssh_done(in))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not an RSA key as OpenSSH sends it");
    return bu_key_of_rsa(modulus, exponent, out, err);
}

static bulla_status take_point(bu_ssh_reader *in, const type *row, bu_ssh_public *out,
                               bulla_error *err)
{
    if (row->curve != NULL && !bu_bytes_is(bu_ssh_take(in), row->curve))
        return bu_fail(err, BULLA_E_BAD_KEY, "the curve is not that of the key's name");
    bulla_bytes point = bu_ssh_take(in);
    if (row->is_hardware)
        out->application = bu_ssh_take(in);
    if (!bu_ssh_done(in))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a key as OpenSSH sends it");
    return bu_key_of_point(row->kind, point, &out->key, err);
}

bulla_status bu_ssh_public_read(bulla_bytes blob, bu_ssh_public *out, bulla_error *err)
{
    bu_ssh_reader in = { .rest = blob };
    bulla_bytes name = bu_ssh_take(&in);
    const type *row = type_of_name(name);
    *out = (bu_ssh_public){ 0 };
    if (in.broken)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a key as OpenSSH sends it");
    if (row == NULL)
        return bu_expected(
            err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a kind of key that is not accepted"),
            BULLA_LIT("Ed25519, ECDSA or RSA, and no certificate"), name);
    out->name = row->name;
    out->is_hardware = row->is_hardware;
    return row->kind == BULLA_KEY_RSA ? take_rsa(&in, &out->key, err)
                                      : take_point(&in, row, out, err);
}

bulla_status bu_ssh_public_write(const bu_key *key, bu_buf *out, bulla_error *err)
{
    const type *row = type_of_kind(key->kind);
    bu_ssh_add(out, bu_bytes_of(row->name));
    if (row->curve != NULL)
        bu_ssh_add(out, bu_bytes_of(row->curve));
    if (key->kind == BULLA_KEY_RSA) {
        bu_der all = bu_der_of(key->point);
        bu_der pair = bu_der_enter(&all, BU_DER_SEQUENCE);
        bulla_bytes modulus = bu_der_positive(&pair);
        bu_ssh_add_positive(out, bu_der_positive(&pair));
        bu_ssh_add_positive(out, modulus);
    } else {
        bu_ssh_add(out, key->point);
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}
