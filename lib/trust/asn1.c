/* SPDX-License-Identifier: MIT */
/*
 * Algorithms and times as ASN.1 writes them (RFC 5280, 8017, 5758, 8410). Refused: what is built on
 * MD5 or SHA-1, an algorithm that is not the key's, RSA-PSS whose two digests differ.
 */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <time.h>

#include "base/bytes.h"
#include "trust/x509_inside.h"

static const struct {
    int nid;
    bulla_alg alg;
} digests[] = {
    { NID_sha256, BULLA_ALG_SHA256 },
    { NID_sha384, BULLA_ALG_SHA384 },
    { NID_sha512, BULLA_ALG_SHA512 },
};

bulla_alg bu_asn1_digest(int nid)
{
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++)
        if (digests[i].nid == nid)
            return digests[i].alg;
    return BULLA_ALG_NONE;
}

static int nid_of(const X509_ALGOR *identifier)
{
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, identifier);
    return OBJ_obj2nid(object);
}

static void free_pss(RSA_PSS_PARAMS **pss)
{
    RSA_PSS_PARAMS_free(*pss);
}

/* What an AlgorithmIdentifier has for parameters, as a structure; NULL: something else. */
static void *parameters(const X509_ALGOR *identifier, const ASN1_ITEM *structure)
{
    int kind = V_ASN1_UNDEF;
    const void *value = NULL;
    X509_ALGOR_get0(NULL, &kind, &value, identifier);
    return kind == V_ASN1_SEQUENCE ? ASN1_item_unpack(value, structure) : NULL;
}

/* RFC 8017, A.2.3: what is left out means SHA-1. */
static int mask_digest(const X509_ALGOR *mask)
{
    if (mask == NULL || nid_of(mask) != NID_mgf1)
        return NID_undef;
    X509_ALGOR *digest = parameters(mask, ASN1_ITEM_rptr(X509_ALGOR));
    int nid = digest == NULL ? NID_undef : nid_of(digest);
    X509_ALGOR_free(digest);
    return nid;
}

/* The digests must be one, so that MGF1 is none of its own. */
static bool pss_name(const X509_ALGOR *identifier, char *out, size_t cap)
{
    __attribute__((cleanup(free_pss))) RSA_PSS_PARAMS *pss =
        parameters(identifier, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
    if (pss == NULL || pss->hashAlgorithm == NULL || pss->trailerField != NULL ||
        nid_of(pss->hashAlgorithm) != mask_digest(pss->maskGenAlgorithm))
        return false;
    bulla_alg alg = bu_asn1_digest(nid_of(pss->hashAlgorithm));
    long salt = pss->saltLength == NULL ? 20 : ASN1_INTEGER_get(pss->saltLength);
    const char *name = bulla_alg_name(alg);
    (void)snprintf(out, cap, "rsa-pss-%s-mgf1%s-salt%ld", name, name, salt);
    return alg != BULLA_ALG_NONE;
}

/* Its name in algorithms.def; false: none. */
static bool algorithm_name(const X509_ALGOR *identifier, int type, bulla_alg alg, const bu_key *key,
                           char *out, size_t cap)
{
    const char *kind = bulla_key_kind_name(bu_key_kind(key));
    if (type == NID_rsassaPss)
        return pss_name(identifier, out, cap);
    if (type == NID_ED25519) /* RFC 8419: it hashes the message itself */
        (void)snprintf(out, cap, "%s", "ed25519");
    else if (type == NID_rsaEncryption)
        (void)snprintf(out, cap, "rsa-pkcs1-%s", bulla_alg_name(alg));
    else
        (void)snprintf(out, cap, "%s-%s", kind, bulla_alg_name(alg));
    return type == NID_X9_62_id_ecPublicKey || type == NID_rsaEncryption || type == NID_ED25519;
}

/* The digest that the identifier names is the one of the message. */
static bool same_digest(int named, bulla_alg digest)
{
    return named == NID_undef || digest == BULLA_ALG_NONE || bu_asn1_digest(named) == digest;
}

bulla_status bu_asn1_algorithm(const X509_ALGOR *identifier, bulla_alg digest, const bu_key *key,
                               const bu_algorithm **out, bulla_error *err)
{
    char name[64] = "";
    int nid = nid_of(identifier);
    int named = NID_undef;
    int type = nid;
    (void)OBJ_find_sigid_algs(nid, &named, &type);
    bulla_alg alg = named == NID_undef ? digest : bu_asn1_digest(named);
    if (named != NID_undef && alg == BULLA_ALG_NONE)
        return bu_fail(err, BULLA_E_WEAK_HASH, "signed with %s", OBJ_nid2sn(nid));
    if (!same_digest(named, digest))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "two digest algorithms for one signature");
    if (!algorithm_name(identifier, type, alg, key, name, sizeof name) ||
        (*out = bu_algorithm_by_name(bu_bytes_of(name))) == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "signed with %s in a way that has no row",
                       OBJ_nid2sn(nid));
    return BU_OK;
}

bulla_status bu_asn1_seconds(const ASN1_STRING *time, int64_t *out, bulla_error *err)
{
    const struct tm epoch = { .tm_year = 70, .tm_mday = 1 };
    struct tm tm = { 0 };
    int days = 0;
    int seconds = 0;
    (void)ERR_set_mark();
    bool is_read = time != NULL && ASN1_TIME_to_tm(time, &tm) == 1 &&
                   OPENSSL_gmtime_diff(&days, &seconds, &epoch, &tm) == 1;
    (void)ERR_pop_to_mark();
    if (!is_read)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a time that is none");
    *out = (int64_t)days * 86400 + seconds;
    return BU_OK;
}
