/* SPDX-License-Identifier: MIT */
/*
 * Pinned OpenPGP certificates. A file that holds another certificate than its
 * fingerprint says, or more than one, is refused.
 */
#include "trust/certificates.h"

#include "base/bytes.h"
#include "signature/armor.h"

static bool is_wanted(const bu_trusted_key *key, const bu_role *role)
{
    return key->fingerprint != NULL && (role == NULL || bu_role_grant(role, key->person) != NULL);
}

/* All of them as packets, one after the other; how many there are. */
static bulla_status gather(const bulla_trust *trust, const bu_role *role, bu_buf *out,
                           size_t *count, bulla_error *err)
{
    *count = 0;
    for (size_t i = 0; i < trust->key_count; i++) {
        const bu_trusted_key *key = &trust->keys[i];
        if (!is_wanted(key, role))
            continue;
        bulla_status status = bu_armor_dearmor(key->certificate, "PGP PUBLIC KEY BLOCK", out, err);
        if (!bulla_ok(status))
            return bu_in_file(err, status, key->file);
        ++*count;
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bool has(const bu_openpgp *pgp, const char *fingerprint)
{
    for (size_t i = 0; i < bu_openpgp_certificate_count(pgp); i++)
        if (strcmp(bu_openpgp_fingerprint(pgp, i), fingerprint) == 0)
            return true;
    return false;
}

/* Fingerprints are distinct: as many certificates as names, and all names there, is one each. */
static bulla_status need_exactly(const bulla_trust *trust, const bu_role *role, size_t count,
                                 const bu_openpgp *pgp, bulla_error *err)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        const bu_trusted_key *key = &trust->keys[i];
        if (is_wanted(key, role) && !has(pgp, key->fingerprint))
            return bu_in_file(err,
                              bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                                      "is not the certificate %s that trust.toml names",
                                      key->fingerprint),
                              key->file);
    }
    if (bu_openpgp_certificate_count(pgp) != count)
        return bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                       "a certificate file holds another certificate besides its own");
    return BU_OK;
}

bulla_status bu_certificates_open(const bulla_trust *trust, const bu_role *role, bu_openpgp **out,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    BU_AUTO(bu_openpgp) pgp = NULL;
    size_t count;
    BU_TRY(gather(trust, role, &packets, &count, err));
    if (count > 0) {
        BU_TRY(bu_openpgp_new(bu_buf_bytes(&packets), &pgp, err));
        BU_TRY(bu_as(err, need_exactly(trust, role, count, pgp, err), BULLA_EXIT_TRUST));
    }
    *out = BU_STEAL(pgp);
    return BU_OK;
}
