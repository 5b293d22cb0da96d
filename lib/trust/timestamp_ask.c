/* SPDX-License-Identifier: MIT */
/*
 * Asking for a time stamp (RFC 3161 section 2.4.1), and whether an answer is one to that question.
 */
#include "base/bytes.h"
#include "base/secret.h"
#include "trust/timestamp_inside.h"

#define NONCE_BYTES 16

static void free_request(TS_REQ **request)
{
    TS_REQ_free(*request);
}
#define AUTO_REQUEST __attribute__((cleanup(free_request))) TS_REQ *

static bool set_imprint(TS_REQ *request, const bulla_digest *digest)
{
    uint8_t hash[BULLA_DIGEST_MAX];
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *identifier = X509_ALGOR_new();
    memcpy(hash, digest->bytes, sizeof hash);
    bool is_set = imprint != NULL && identifier != NULL &&
                  X509_ALGOR_set0(identifier, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
                  TS_MSG_IMPRINT_set_algo(imprint, identifier) == 1 &&
                  TS_MSG_IMPRINT_set_msg(imprint, hash, (int)digest->len) == 1 &&
                  TS_REQ_set_msg_imprint(request, imprint) == 1;
    X509_ALGOR_free(identifier); /* the setters copied */
    TS_MSG_IMPRINT_free(imprint);
    return is_set;
}

static bool set_nonce(TS_REQ *request)
{
    uint8_t random[NONCE_BYTES];
    bu_random(random, sizeof random);
    BIGNUM *number = BN_bin2bn(random, sizeof random, NULL);
    ASN1_INTEGER *nonce = number == NULL ? NULL : BN_to_ASN1_INTEGER(number, NULL);
    bool is_set = nonce != NULL && TS_REQ_set_nonce(request, nonce) == 1;
    ASN1_INTEGER_free(nonce);
    BN_free(number);
    return is_set;
}

bulla_status bu_timestamp_ask(const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    AUTO_REQUEST request = TS_REQ_new();
    if (digest->alg != BULLA_ALG_SHA256)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "a time stamp is asked for over SHA-256");
    BU_TRY(bu_sodium_ready(err));
    if (request == NULL || TS_REQ_set_version(request, 1) != 1 || !set_imprint(request, digest) ||
        !set_nonce(request) || TS_REQ_set_cert_req(request, 1) != 1)
        return bu_no_memory(err);
    int len = i2d_TS_REQ(request, NULL);
    uint8_t *room = len <= 0 ? NULL : bu_buf_room(out, (size_t)len);
    if (room == NULL)
        return bu_no_memory(err);
    bu_buf_added(out, (size_t)i2d_TS_REQ(request, &room));
    return BU_OK;
}

static bool same_nonce(const TS_REQ *request, const TS_TST_INFO *info)
{
    const ASN1_INTEGER *asked = TS_REQ_get_nonce(request);
    const ASN1_INTEGER *answered = TS_TST_INFO_get_nonce(info);
    return asked != NULL && answered != NULL && ASN1_INTEGER_cmp(asked, answered) == 0;
}

static bool same_imprint(TS_REQ *request, const bu_stamp *stamp)
{
    TS_MSG_IMPRINT *imprint = TS_REQ_get_msg_imprint(request);
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    return bu_asn1_digest(OBJ_obj2nid(object)) == stamp->imprint.alg &&
           bu_bytes_equal(bu_asn1_bytes(TS_MSG_IMPRINT_get_msg(imprint)),
                          (bulla_bytes){ stamp->imprint.bytes, stamp->imprint.len });
}

bulla_status bu_timestamp_answers(bulla_bytes response, bulla_bytes request, bulla_error *err)
{
    const uint8_t *at = request.ptr;
    BU_CLEAR(bu_stamp) stamp = { 0 };
    AUTO_REQUEST asked = d2i_TS_REQ(NULL, &at, (long)request.len);
    if (asked == NULL)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a question for a time stamp");
    BU_TRY(bu_stamp_read(response, &stamp, err));
    if (!same_nonce(asked, stamp.info) || !same_imprint(asked, &stamp))
        return bu_fail(err, BULLA_E_LOG_MISMATCH, "the time stamp answers another question");
    return BU_OK;
}
