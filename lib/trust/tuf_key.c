/* SPDX-License-Identifier: MIT */
/*
 * TUF's key objects, read and written. Refused of our own are a keyid that is not the hash of its
 * key, and kinds and schemes that are not in the table; foreign ones just cannot sign.
 */
#include "trust/tuf_key.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "digest/hasher.h"

static const uint8_t ed25519_spki[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                        0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
#define ED25519_BYTES 32

static bulla_status read_ed25519(bulla_bytes text, bu_key **out, bulla_error *err)
{
    uint8_t spki[sizeof ed25519_spki + ED25519_BYTES];
    memcpy(spki, ed25519_spki, sizeof ed25519_spki);
    BU_TRY(bu_hex_decode(text, spki + sizeof ed25519_spki, ED25519_BYTES, err));
    return bu_key_read((bulla_bytes){ spki, sizeof spki }, out, err);
}

static void write_ed25519(const bu_key *key, bu_buf *out)
{
    bu_hex_encode(bu_bytes_from(bu_key_spki(key), sizeof ed25519_spki), out);
}

static const struct key_type {
    const char *type, *scheme;
    bulla_key_kind kind;
    const char *algorithm;
    bulla_status (*read)(bulla_bytes text, bu_key **out, bulla_error *err);
    void (*write)(const bu_key *key, bu_buf *out);
} key_types[] = {
    /* The first of a kind is the one that is written. */
    { "ed25519", "ed25519", BULLA_KEY_ED25519, "ed25519", read_ed25519, write_ed25519 },
    { "ecdsa", "ecdsa-sha2-nistp256", BULLA_KEY_ECDSA_P256, "ecdsa-p256-sha256", bu_key_read,
      bu_key_write_pem },
    { "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", BULLA_KEY_ECDSA_P256, "ecdsa-p256-sha256",
      bu_key_read, bu_key_write_pem },
    { "ecdsa", "ecdsa-sha2-nistp384", BULLA_KEY_ECDSA_P384, "ecdsa-p384-sha384", bu_key_read,
      bu_key_write_pem },
    { "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", BULLA_KEY_ECDSA_P384, "ecdsa-p384-sha384",
      bu_key_read, bu_key_write_pem },
    /* TUF names no length of salt: other makers take that of the digest, or the longest. */
    { "rsa", "rsassa-pss-sha256", BULLA_KEY_RSA, "rsa-pss-sha256-mgf1sha256", bu_key_read,
      bu_key_write_pem },
    { "rsa", "rsassa-pss-sha384", BULLA_KEY_RSA, "rsa-pss-sha384-mgf1sha384", bu_key_read,
      bu_key_write_pem },
    { "rsa", "rsassa-pss-sha512", BULLA_KEY_RSA, "rsa-pss-sha512-mgf1sha512", bu_key_read,
      bu_key_write_pem },
};
#define KEY_TYPES (sizeof key_types / sizeof key_types[0])

void bu_tuf_key_clear(bu_tuf_key *key)
{
    free(key->id);
    bu_key_free(key->key);
    *key = (bu_tuf_key){ 0 };
}

/* TUF: "Clients MUST calculate each KEYID to verify this is correct for the associated key". */
static bulla_status object_id(const bu_json *object, char id[BU_KEYID_TEXT], bulla_error *err)
{
    BU_CLEAR(bu_buf) canonical = { 0 };
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_json_write(object, BU_JSON_CANONICAL, &canonical, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&canonical), &digest, err));
    memcpy(id, bulla_digest_hex(&digest, hex), BU_KEYID_TEXT);
    return BU_OK;
}

static bulla_status read_material(const bu_json *value, const char *name, bu_tuf_key *out,
                                  bulla_error *err)
{
    bulla_bytes type, scheme, text;
    const bu_json *keyval;
    BU_TRY(bu_json_need_text(value, "keytype", name, &type, err));
    BU_TRY(bu_json_need_text(value, "scheme", name, &scheme, err));
    BU_TRY(bu_json_need_object(value, "keyval", name, &keyval, err));
    BU_TRY(bu_json_need_text(keyval, "public", name, &text, err));
    BU_AUTO(bu_key) key = NULL;
    for (size_t i = 0; i < KEY_TYPES; i++) {
        const struct key_type *row = &key_types[i];
        if (!bu_bytes_is(type, row->type) || !bu_bytes_is(scheme, row->scheme))
            continue;
        BU_TRY(row->read(text, &key, err));
        if (bu_key_kind(key) != row->kind)
            return bu_fail(err, BULLA_E_BAD_KEY, "the key is not of its keytype");
        if (!bu_key_may_be_enrolled(key))
            return bu_fail(err, BULLA_E_WEAK_KEY, "an RSA key with an exponent below 65537");
        out->key = BU_STEAL(key);
        out->algorithm = bu_algorithm_by_name(bu_bytes_of(row->algorithm));
        return BU_OK;
    }
    return bu_expected(
        err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "unknown keytype or scheme"),
        BULLA_LIT("ed25519, ecdsa-sha2-nistp256 or -384, rsassa-pss-sha256, -384 or -512"), scheme);
}

static bulla_status need_own_id(bulla_bytes id, const bu_json *value, bulla_error *err)
{
    char own[BU_KEYID_TEXT];
    BU_TRY(object_id(value, own, err));
    if (bu_bytes_is(id, own))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "a keyid of another key"),
                       bu_bytes_of(own), id);
}

static bulla_status keep_id(bulla_bytes id, char **out, bulla_error *err)
{
    if (bu_bytes_find(id, '\0') < id.len)
        return bu_fail(err, BULLA_E_BAD_NAME, "a keyid with a NUL");
    *out = strndup(id.len == 0 ? "" : (const char *)id.ptr, id.len);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_tuf_key_read(bulla_bytes id, const bu_json *value, const char *name,
                             bu_tuf_manner manner, bu_tuf_key *out, bulla_error *err)
{
    BU_CLEAR(bu_tuf_key) row = { 0 };
    if (manner == BU_TUF_OURS)
        BU_TRY(need_own_id(id, value, err));
    BU_TRY(keep_id(id, &row.id, err));
    bulla_status status = read_material(value, name, &row, err);
    if (!bulla_ok(status) && (manner == BU_TUF_OURS || status.code == BULLA_E_NO_MEMORY))
        return bu_within(err, status, "key %s", row.id);
    *out = row;
    row = (bu_tuf_key){ 0 };
    return BU_OK;
}

static bulla_status write_row(const struct key_type *row, const bu_key *key, bu_json *object,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    row->write(key, &text);
    if (text.broken)
        return bu_no_memory(err);
    BU_AUTO(bu_json) keyval = bu_json_object();
    BU_TRY(bu_json_set(keyval, "public", bu_json_string(bu_buf_bytes(&text)), err));
    BU_TRY(bu_json_set(object, "keytype", bu_json_string(bu_bytes_of(row->type)), err));
    BU_TRY(bu_json_set(object, "scheme", bu_json_string(bu_bytes_of(row->scheme)), err));
    return bu_json_set(object, "keyval", BU_STEAL(keyval), err);
}

bulla_status bu_tuf_key_write(const bu_key *key, bu_json **out, char id[BU_KEYID_TEXT],
                              bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    size_t i = 0;
    while (i < KEY_TYPES && key_types[i].kind != bu_key_kind(key))
        i++;
    if (i == KEY_TYPES)
        return bu_expected(
            err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key that cannot sign trust metadata"),
            BULLA_LIT("ed25519, ecdsa-p256, ecdsa-p384 or rsa"),
            bu_bytes_of(bulla_key_kind_name(bu_key_kind(key))));
    BU_TRY(write_row(&key_types[i], key, object, err));
    BU_TRY(object_id(object, id, err));
    *out = BU_STEAL(object);
    return BU_OK;
}
