/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP certificates, armored or binary, one or a whole keyring: an anchor for each.
 */
#include "base/bytes.h"
#include "signature/openpgp.h"
#include "trust/anchor.h"

/* RFC 9580, 4.2 and 5: headers of a public or a secret key, in the old and the new format. Secret
 * keys are recognized so that they are refused by name. */
static bool is_openpgp(bulla_bytes text)
{
    if (text.len == 0)
        return false;
    uint8_t first = text.ptr[0];
    uint8_t old_format = first & 0xfc;
    return bu_bytes_starts(text, "-----BEGIN PGP ") || old_format == 0x98 || old_format == 0x94 ||
           first == 0xc6 || first == 0xc5;
}

static bulla_status add_certificate(const bu_openpgp *pgp, size_t index, bu_anchors *anchors,
                                    bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    bu_openpgp_packets(pgp, index, &packets);
    bulla_bytes kept = bu_arena_copy(anchors->arena, bu_buf_bytes(&packets));
    const char *who =
        bu_arena_text(anchors->arena, bu_bytes_of(bu_openpgp_fingerprint(pgp, index)));
    bu_anchor *anchor = bu_anchors_add(anchors);
    if (packets.broken || kept.ptr == NULL || who == NULL || anchor == NULL)
        return bu_no_memory(err);
    anchor->form = bu_form_openpgp.id;
    anchor->openpgp = kept;
    anchor->who = who;
    return BU_OK;
}

static bulla_status read_openpgp(bulla_bytes text, const char *file, bu_anchors *anchors,
                                 bulla_error *err)
{
    (void)file;
    BU_AUTO(bu_openpgp) pgp = NULL;
    BU_TRY(bu_openpgp_new(text, &pgp, err));
    for (size_t i = 0; i < bu_openpgp_certificate_count(pgp); i++)
        BU_TRY(add_certificate(pgp, i, anchors, err));
    return BU_OK;
}

const bu_anchor_form bu_form_openpgp = {
    .id = "openpgp",
    .title = "OpenPGP certificates",
    .is = is_openpgp,
    .read = read_openpgp,
};
