/* SPDX-License-Identifier: MIT */
/*
 * Public keys as PEM (RFC 7468), one or several in a file.
 */
#include "base/bytes.h"
#include "signature/pem.h"
#include "trust/anchor.h"

static bool is_pem(bulla_bytes text)
{
    return bu_bytes_is(bu_pem_label(text), "PUBLIC KEY");
}

static bulla_status read_pem(bulla_bytes text, const char *file, bu_anchors *anchors,
                             bulla_error *err)
{
    (void)file;
    bulla_bytes block;
    while (bu_pem_next(&text, &block)) {
        bu_key *key = NULL;
        BU_TRY(bu_key_read(block, &key, err));
        BU_TRY(bu_anchors_add_key(anchors, bu_form_pem.id, key, NULL, err));
    }
    return BU_OK;
}

const bu_anchor_form bu_form_pem = {
    .id = "pem",
    .title = "public keys (PEM)",
    .is = is_pem,
    .read = read_pem,
};
