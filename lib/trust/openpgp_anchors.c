/* SPDX-License-Identifier: MIT */
/*
 * Between anchors and OpenPGP: an anchor is one certificate, known by the
 * fingerprint of its primary key.
 */
#include "trust/openpgp_anchors.h"

#include "base/bytes.h"
#include "base/time.h"

bulla_status bu_openpgp_of_anchors(const bu_anchors *anchors, bu_openpgp **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    for (size_t i = 0; i < anchors->count; i++)
        bu_buf_add(&packets, anchors->items[i].openpgp);
    if (packets.broken)
        return bu_no_memory(err);
    if (packets.len == 0)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "no OpenPGP certificate is trusted");
    return bu_openpgp_new(bu_buf_bytes(&packets), out, err);
}

static bool has_signed(const bu_openpgp_result *result, const char *fingerprint)
{
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->signers[i].fingerprint, fingerprint) == 0)
            return true;
    return false;
}

bulla_status bu_openpgp_vouch(const bu_openpgp_result *result, const bu_check *check,
                              bu_vouched *out, bulla_error *err)
{
    BU_TRY(bu_vouched_start(check, out, err));
    for (size_t i = 0; i < check->anchors->count; i++) {
        const bu_anchor *anchor = &check->anchors->items[i];
        out->by[i] = anchor->openpgp.len > 0 && check->now >= anchor->from &&
                     check->now <= anchor->until && has_signed(result, anchor->who);
    }
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by no certificate that is trusted by now");
}

static bulla_status describe_hex(const char *label, bulla_bytes bytes, bu_description *out,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) hex = { 0 };
    for (size_t i = 0; i < bytes.len; i++)
        bu_buf_add_format(&hex, "%02X", bytes.ptr[i]);
    if (hex.broken)
        return bu_no_memory(err);
    return bytes.len == 0 ? BU_OK : bu_describe(out, label, bu_buf_bytes(&hex), err);
}

static bulla_status describe_one(const bu_pgp_signature *s, bu_description *out, bulla_error *err)
{
    char time[BU_TIME_TEXT];
    BU_TRY(describe_hex("keyid", s->keyid, out, err));
    BU_TRY(describe_hex("fingerprint", s->fingerprint, out, err));
    BU_TRY(bu_describe(out, "algorithm",
                       bu_bytes_of(s->algorithm == NULL ? "not known" : s->algorithm), err));
    BU_TRY(bu_describe(out, "hash", bu_bytes_of(s->hash == NULL ? "not known" : s->hash), err));
    return bu_describe(out, "time", bu_bytes_of(bu_time_format(s->created, time)), err);
}

bulla_status bu_openpgp_describe(bulla_bytes packets, bu_description *out, bulla_error *err)
{
    BU_TRY(bu_packets_only(packets, "\x02", NULL, err));
    while (packets.len > 0) {
        bu_packet packet;
        bu_pgp_signature signature;
        BU_TRY(bu_packet_read(packets, &packet, err));
        BU_TRY(bu_pgp_signature_read(packet.body, &signature, err));
        BU_TRY(describe_one(&signature, out, err));
        packets = bu_bytes_from(packets, packet.whole.len);
    }
    return BU_OK;
}
