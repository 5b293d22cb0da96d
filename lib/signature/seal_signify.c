/* SPDX-License-Identifier: MIT */
/*
 * signify's form: over the bytes of a file. Its comment names the key by its keyid, for signify asks
 * for the name of a file there and bulla knows none.
 */
#include "signature/seal.h"
#include "signature/signify.h"

static bulla_status make(const bu_sealing *what, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) message = { 0 };
    BU_CLEAR(bu_buf) comment = { 0 };
    bu_buf_add_format(&comment, "verify with %s.pub", bu_key_id(bu_secret_key_public(what->key)));
    if (comment.broken)
        return bu_no_memory(err);
    BU_TRY(what->read(what->context, &message, err));
    return bu_signify_make(what->key, (const char *)comment.ptr, bu_buf_bytes(&message), out, err);
}

const bu_seal bu_seal_signify = {
    .id = "signify",
    .ending = ".sig",
    .make = make,
};
