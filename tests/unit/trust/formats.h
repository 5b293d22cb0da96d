/* SPDX-License-Identifier: MIT */
/*
 * What tests of signature formats share: anchors of test keys, messages in memory.
 */
#ifndef UNIT_TRUST_FORMATS_H
#define UNIT_TRUST_FORMATS_H

#include "build.h"
#include "digest/hasher.h"
#include "trust/vouch.h"

/** Anchors read from these PEM texts; NULL-terminated. */
static inline bu_anchors vouch_anchors(const char *const *pems)
{
    bu_anchors anchors;
    bulla_error err = { 0 };
    bulla_status status = bu_anchors_start(&anchors, &err);
    unit_ok(status, err);
    for (; *pems != NULL; pems++) {
        status = bu_anchors_read(bu_bytes_of(*pems), "key.pub", &anchors, &err);
        unit_ok(status, err);
    }
    return anchors;
}

static inline bulla_status vouch_read(void *context, bu_buf *out, bulla_error *err)
{
    bu_buf_add(out, *(const bulla_bytes *)context);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/** A message in memory, which must live as long. */
static inline bu_message vouch_message(bulla_bytes *bytes)
{
    bu_message message = { .name = "message", .read = vouch_read, .context = bytes };
    static const bulla_alg algs[] = { BULLA_ALG_SHA256, BULLA_ALG_SHA512 };
    bulla_error err = { 0 };
    for (size_t i = 0; i < 2; i++) {
        bulla_digest digest;
        bulla_status status = bu_digest_of(algs[i], *bytes, &digest, &err);
        unit_ok(status, err);
        status = bu_digest_set_add(&message.digests, &digest, &err);
        unit_ok(status, err);
    }
    return message;
}

#endif
