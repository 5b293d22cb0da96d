/* SPDX-License-Identifier: MIT */
/*
 * Chains (RFC 5280 section 6). OpenSSL finds the path and judges names, constraints and extensions;
 * signatures are checked here with bulla's own algorithms, each link once in the life of a
 * certificate, and validity by the time that is given. Refused: SHA-1, MD5, weak keys, CAs that are
 * none, unknown critical extensions (a precertificate's poison among them), a use that was not stated.
 */
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "base/bytes.h"
#include "base/time.h"
#include "signature/ossl.h"
#include "trust/x509_inside.h"

#define DEPTH_MAX 8 /* certificates between leaf and anchor */

/* What each use asks of a leaf. */
static const struct use {
    const char *name;
    int nid;          /* extended key usage; NID_undef: any */
    uint32_t bit;     /* the same as OpenSSL's bit */
    uint32_t any_of;  /* key usages of which one must be allowed */
    uint32_t nothing; /* key usages that may not be allowed beside */
    bool alone;       /* the extended key usage is critical and the only one */
    bool is_strict;   /* CAs are written by the letter of RFC 5280 */
} uses[] = {
    [BU_X509_CODE_SIGNING] = { "code signing", NID_code_sign, XKU_CODE_SIGN, KU_DIGITAL_SIGNATURE,
                               0, false, true },
    /* RFC 3161, 2.3: "one and only one extended key usage", critical. */
    [BU_X509_TIME_STAMPING] = { "time stamping", NID_time_stamp, XKU_TIMESTAMP,
                                KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION,
                                KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT, true,
                                false },
    [BU_X509_ANY] = { "signing", NID_undef, 0, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION, 0, false,
                      false },
};

static void free_usages(EXTENDED_KEY_USAGE **usages)
{
    EXTENDED_KEY_USAGE_free(*usages);
}

/* OpenSSL's bits leave out what it does not know by name. */
static bool is_alone(const X509 *leaf)
{
    int critical = 0;
    __attribute__((cleanup(free_usages))) EXTENDED_KEY_USAGE *usages =
        X509_get_ext_d2i(leaf, NID_ext_key_usage, &critical, NULL);
    return usages != NULL && critical == 1 && sk_ASN1_OBJECT_num(usages) == 1;
}

static bulla_status need_leaf_use(const bu_x509 *leaf, const struct use *use, bulla_error *err)
{
    uint32_t key_usage = X509_get_key_usage(leaf->x509); /* not stated: all bits are set */
    uint32_t extended = X509_get_extended_key_usage(leaf->x509);
    bool is_stated = key_usage != UINT32_MAX;
    bool is_named = use->nid == NID_undef || (extended != UINT32_MAX && (extended & use->bit) != 0);
    if (!is_named || (is_stated && (key_usage & use->any_of) == 0) ||
        (is_stated && (key_usage & use->nothing) != 0) || (use->alone && !is_alone(leaf->x509)))
        return bu_fail(err, BULLA_E_WRONG_USAGE, "the certificate is not for %s alone and surely",
                       use->name);
    return BU_OK;
}

/* A CA that states extended key usages gives out certificates for these only; and a CA says that it
 * is one, unless it was pinned as it is. */
static bulla_status need_ca_use(const bu_x509 *ca, bool is_anchor, const struct use *use,
                                bulla_error *err)
{
    uint32_t extended = X509_get_extended_key_usage(ca->x509);
    if (!is_anchor && X509_check_ca(ca->x509) != 1)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "a certificate above the leaf is no CA");
    if (use->nid != NID_undef && extended != UINT32_MAX &&
        (extended & (use->bit | XKU_ANYEKU)) == 0)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "a CA above the leaf is not for %s", use->name);
    return BU_OK;
}

static bulla_status need_valid(const bu_x509 *certificate, int64_t time, bulla_error *err)
{
    char at[BU_TIME_TEXT], edge[BU_TIME_TEXT];
    bool is_early = time < certificate->not_before;
    if (!is_early && time <= certificate->not_after)
        return BU_OK;
    (void)bu_time_format(time, at);
    (void)bu_time_format(is_early ? certificate->not_before : certificate->not_after, edge);
    return bu_fail(err, BULLA_E_EXPIRED, "a certificate of the chain is valid %s %s, used at %s",
                   is_early ? "from" : "until", edge, at);
}

/* --- links --- */

static bool is_known_signer(bu_x509_signer *signer, const bu_key *key)
{
    return atomic_load_explicit(&signer->state, memory_order_acquire) == 2 &&
           memcmp(signer->key, bu_key_id(key), sizeof signer->key) == 0;
}

static void remember_signer(bu_x509_signer *signer, const bu_key *key)
{
    int unknown = 0;
    if (!atomic_compare_exchange_strong(&signer->state, &unknown, 1))
        return;
    memcpy(signer->key, bu_key_id(key), sizeof signer->key);
    atomic_store_explicit(&signer->state, 2, memory_order_release);
}

/* RFC 5280, 4.1.1.2: "This field MUST contain the same algorithm identifier". */
static bulla_status check_link(const bu_x509 *child, const bu_x509 *parent, bulla_error *err)
{
    const ASN1_BIT_STRING *signature = NULL;
    const X509_ALGOR *identifier = NULL;
    const bu_algorithm *algorithm = NULL;
    if (parent->key == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a CA's key is of a kind that has no row");
    if (is_known_signer(child->signer, parent->key))
        return BU_OK;
    X509_get0_signature(&signature, &identifier, child->x509);
    if (X509_ALGOR_cmp(identifier, X509_get0_tbs_sigalg(child->x509)) != 0 ||
        (signature->flags & 0x07) != 0)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "two signature algorithms in one certificate");
    BU_TRY(bu_asn1_algorithm(identifier, BULLA_ALG_NONE, parent->key, &algorithm, err));
    BU_TRY(bu_verify(parent->key, algorithm, child->tbs, bu_asn1_bytes(signature), err));
    remember_signer(child->signer, parent->key);
    return BU_OK;
}

/* --- the path, by OpenSSL --- */

typedef struct path {
    X509_STORE_CTX *context;
    STACK_OF(X509) * pool, *anchors; /* the certificates are borrowed */
} path;

static void clear_path(path *p)
{
    X509_STORE_CTX_free(p->context);
    sk_X509_free(p->pool);
    sk_X509_free(p->anchors);
}

static STACK_OF(X509) * stack_of(bu_x509 *const *list, size_t count)
{
    STACK_OF(X509) *stack = sk_X509_new_reserve(NULL, (int)count);
    for (size_t i = 0; stack != NULL && i < count; i++)
        (void)sk_X509_push(stack, list[i]->x509); /* there is room */
    return stack;
}

/* Signatures and times are judged below, over the path that was found. */
static int leave_signatures(X509_STORE_CTX *context)
{
    (void)context;
    return 1;
}

static bool prepare(path *p, const bu_x509 *leaf, int64_t time, const struct use *use)
{
    unsigned long strict = use->is_strict ? X509_V_FLAG_X509_STRICT : 0;
    if (p->context == NULL || p->pool == NULL || p->anchors == NULL ||
        X509_STORE_CTX_init(p->context, NULL, leaf->x509, p->pool) != 1)
        return false;
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(p->context);
    X509_STORE_CTX_set0_trusted_stack(p->context, p->anchors);
    X509_STORE_CTX_set_verify(p->context, leave_signatures);
    X509_VERIFY_PARAM_set_time(param, (time_t)time);
    X509_VERIFY_PARAM_set_depth(param, DEPTH_MAX);
    return X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | strict) == 1;
}

static bulla_code code_of(int error)
{
    switch (error) {
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
        return BULLA_E_WRONG_USAGE;
    case X509_V_ERR_OUT_OF_MEM:
        return BULLA_E_NO_MEMORY;
    default:
        return BULLA_E_UNTRUSTED_CHAIN;
    }
}

static bulla_status find_path(path *p, bulla_error *err)
{
    (void)ERR_set_mark();
    int found = X509_verify_cert(p->context);
    (void)ERR_pop_to_mark();
    if (found == 1)
        return BU_OK;
    int error = X509_STORE_CTX_get_error(p->context);
    return bu_fail(err, code_of(error), "no chain to a pinned certificate: %s",
                   X509_verify_cert_error_string(error));
}

/* --- all of it --- */

typedef struct lists {
    const bu_x509 *leaf;
    bu_x509 *const *pool;
    size_t pool_count;
    bu_x509 *const *anchors;
    size_t anchor_count;
} lists;

static const bu_x509 *ours(const lists *l, const X509 *x509)
{
    for (size_t i = 0; i < l->anchor_count; i++)
        if (l->anchors[i]->x509 == x509)
            return l->anchors[i];
    for (size_t i = 0; i < l->pool_count; i++)
        if (l->pool[i]->x509 == x509)
            return l->pool[i];
    return l->leaf;
}

static bulla_status judge_path(const lists *l, const STACK_OF(X509) * chain, int64_t time,
                               const struct use *use, bulla_error *err)
{
    int count = sk_X509_num(chain);
    BU_TRY(need_leaf_use(l->leaf, use, err));
    for (int i = 0; i < count; i++) {
        const bu_x509 *one = ours(l, sk_X509_value(chain, i));
        BU_TRY(need_valid(one, time, err));
        if (i > 0)
            BU_TRY(need_ca_use(one, i == count - 1, use, err));
    }
    for (int i = count - 1; i > 0; i--)
        BU_TRY(bu_within(
            err,
            check_link(ours(l, sk_X509_value(chain, i - 1)), ours(l, sk_X509_value(chain, i)), err),
            "certificate %d of the chain", i));
    return BU_OK;
}

static bulla_status judge(const lists *l, int64_t time, bu_x509_usage usage, size_t *length,
                          const bu_x509 **issuer, bulla_error *err)
{
    __attribute__((cleanup(clear_path))) path p = {
        .context = X509_STORE_CTX_new_ex(bu_ossl(), NULL),
        .pool = stack_of(l->pool, l->pool_count),
        .anchors = stack_of(l->anchors, l->anchor_count),
    };
    if (!prepare(&p, l->leaf, time, &uses[usage]))
        return bu_no_memory(err);
    BU_TRY(find_path(&p, err));
    const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(p.context);
    BU_TRY(judge_path(l, chain, time, &uses[usage], err));
    *length = (size_t)sk_X509_num(chain);
    *issuer = *length > 1 ? ours(l, sk_X509_value(chain, 1)) : NULL;
    return BU_OK;
}

bulla_status bu_x509_chain(const bu_x509 *leaf, bu_x509 *const *pool, size_t pool_count,
                           bu_x509 *const *anchors, size_t anchor_count, int64_t time,
                           bu_x509_usage usage, const bu_x509 **issuer, bulla_error *err)
{
    const lists l = { leaf, pool, pool_count, anchors, anchor_count };
    const bu_x509 *above;
    size_t length;
    BU_TRY(judge(&l, time, usage, &length, &above, err));
    if (issuer != NULL)
        *issuer = above;
    return BU_OK;
}

bulla_status bu_x509_distance(const bu_x509 *leaf, bu_x509 *const *pool, size_t pool_count,
                              bu_x509 *anchor, int64_t time, bu_x509_usage usage, size_t *out,
                              bulla_error *err)
{
    const lists l = { leaf, pool, pool_count, &anchor, 1 };
    const bu_x509 *above;
    size_t length;
    BU_TRY(judge(&l, time, usage, &length, &above, err));
    *out = bu_x509_equal(leaf, anchor) ? 0 : length - 1;
    return BU_OK;
}
