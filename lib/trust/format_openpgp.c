/* SPDX-License-Identifier: MIT */
/*
 * Detached OpenPGP signatures, armored or binary, as Maven, Debian's archives,
 * Arch Linux and many authors give them. A file may hold several; what is no
 * signature packet is refused.
 */
#include "base/bytes.h"
#include "trust/openpgp_anchors.h"

/* A version and a type over a document (RFC 9580 section 5.2): random bytes hardly look so. */
static bool is_over_document(bulla_bytes body)
{
    if (body.len < 3 || body.ptr[0] < 3 || body.ptr[0] > 6)
        return false;
    return (body.ptr[0] == 3 ? body.ptr[2] : body.ptr[1]) <= 1;
}

/* Any block, so that one of another kind is refused for what it is. */
static bool is_detached(bulla_bytes content)
{
    bulla_error why;
    bu_packet packet;
    if (bu_bytes_starts(content, "-----BEGIN PGP "))
        return true;
    return bulla_ok(bu_packet_read(content, &packet, &why)) && packet.tag == BU_PACKET_SIGNATURE &&
           is_over_document(packet.body);
}

typedef struct checking {
    const bu_check *check;
    const bu_openpgp *pgp;
    bu_openpgp_result result;
} checking;

static bulla_status check_message(void *user, bu_source *bytes, bulla_error *err)
{
    checking *c = user;
    return bu_openpgp_verify_detached(c->pgp, bytes, c->check->content, c->check->now,
                                      c->check->arena, &c->result, err);
}

static bulla_status verify_openpgp(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    BU_TRY(bu_openpgp_of_anchors(check->anchors, &pgp, err));
    checking c = { .check = check, .pgp = pgp };
    BU_TRY(bu_message_stream(check->message, check_message, &c, err));
    return bu_openpgp_vouch(&c.result, check, out, err);
}

static bulla_status describe_openpgp(bulla_bytes content, const char *file, bu_description *out,
                                     bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    BU_TRY(bu_in_file(err, bu_openpgp_signature_packets(content, &packets, err), file));
    return bu_in_file(err, bu_openpgp_describe(bu_buf_bytes(&packets), out, err), file);
}

const bu_format bu_format_openpgp = {
    .id = "openpgp",
    .title = "OpenPGP detached signature",
    .endings = (const char *const[]){ ".asc", ".sig", ".gpg", NULL },
    .is = is_detached,
    .verify = verify_openpgp,
    .describe = describe_openpgp,
};
