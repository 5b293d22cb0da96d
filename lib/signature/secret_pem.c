/* SPDX-License-Identifier: MIT */
/*
 * Private keys as PEM: PKCS#8, plain or encrypted (RFC 5958), SEC 1 (RFC 5915)
 * and PKCS#1 (RFC 8017). Refuses other labels, and the encryption inside PEM
 * headers that OpenSSL once had, which no strict reader takes for base64.
 */
#include "signature/pem.h"
#include "signature/secret_key.h"

typedef struct label {
    const char *text;
    bool is_encrypted;
    bulla_status (*read)(bulla_bytes der, bu_secret_key **out, bulla_error *err);
} label;

static const label labels[] = {
    { "PRIVATE KEY", false, bu_secret_key_of_pkcs8 },
    { "ENCRYPTED PRIVATE KEY", true, bu_secret_key_of_pkcs8 },
    { "EC PRIVATE KEY", false, bu_secret_key_of_sec1 },
    { "RSA PRIVATE KEY", false, bu_secret_key_of_rsa },
};

static bool is(bulla_bytes text)
{
    return bu_bytes_ends(bu_pem_label(text), "PRIVATE KEY");
}

static bulla_status label_of(bulla_bytes text, const label **out, bulla_error *err)
{
    bulla_bytes found = bu_pem_label(text);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (bu_bytes_is(found, labels[i].text)) {
            *out = &labels[i];
            return BU_OK;
        }
    return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "PEM that is not read here"),
                       BULLA_LIT("PRIVATE KEY, ENCRYPTED, EC or RSA PRIVATE KEY"), found);
}

static bulla_status describe(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err)
{
    const label *row;
    (void)public; /* an encrypted one does not say */
    BU_TRY(label_of(text, &row, err));
    *is_encrypted = row->is_encrypted;
    return BU_OK;
}

static bulla_status open(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                         bulla_error *err)
{
    const label *row;
    BU_WIPED der = { 0 };
    BU_AUTO(bu_secret) plain = NULL;
    BU_TRY(label_of(text, &row, err));
    BU_TRY(bu_pem_decode(text, row->text, &der, err));
    if (!row->is_encrypted)
        return row->read(bu_buf_bytes(&der), out, err);
    BU_TRY(bu_pbes2_open(bu_buf_bytes(&der), passphrase, &plain, err));
    return row->read(bu_secret_bytes(plain), out, err);
}

const bu_secret_form bu_secret_form_pem = {
    .id = "pem",
    .is = is,
    .describe = describe,
    .open = open,
};
