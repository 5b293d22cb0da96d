/* SPDX-License-Identifier: MIT */
/*
 * DSSE envelopes (DSSE 1.0.2), checked against every key that may vouch; each signature with the
 * algorithm that its key signs with by itself.
 */
#include "base/bytes.h"
#include "signature/dsse.h"
#include "trust/bare_keys.h"

#define LOOKED_AT 32 /* bytes: more than bare signatures ever are text by chance */

static bool is_object(bulla_bytes content)
{
    bulla_bytes text = bu_bytes_first(bu_bytes_strip(content), LOOKED_AT);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 0x7f || (text.ptr[i] < ' ' && strchr("\t\r\n", text.ptr[i]) == NULL) ||
            text.ptr[i] == '\0')
            return false;
    return bu_bytes_starts(text, "{");
}

static bool has_payload(bulla_bytes content)
{
    return bu_bytes_has(content, "\"payloadType\"");
}

/* DSSE passes over what does not verify; that it names a key that may vouch is kept. */
static bool is_named(const bu_dsse *envelope, const bu_key *key)
{
    for (size_t i = 0; i < envelope->count; i++)
        if (bu_bytes_is(envelope->signatures[i].keyid, bu_key_id(key)))
            return true;
    return false;
}

bulla_status bu_dsse_vouch(const bu_dsse *envelope, const bu_check *check, bu_vouched *out,
                           bulla_error *err)
{
    bu_bare_keys set;
    BU_TRY(bu_vouched_start(check, out, err));
    BU_TRY(bu_bare_keys_of(check, &set, err));
    BU_TRY(bu_dsse_check(envelope, set.items, set.count, set.signed_by, err));
    for (size_t i = 0; i < set.count; i++) {
        const bu_anchor *anchor = &check->anchors->items[set.anchors[i]];
        bool in_time = check->now >= anchor->from && check->now <= anchor->until;
        out->by[set.anchors[i]] = set.signed_by[i] && in_time;
        out->wrong[set.anchors[i]] = !set.signed_by[i] && is_named(envelope, set.items[i]);
    }
    out->payload = envelope->payload;
    out->payload_type = envelope->payload_type;
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by no key that is trusted");
    return bu_expected(err, status, bu_bytes_of(set.count == 1 ? bu_key_id(set.items[0]) : ""),
                       envelope->signatures[0].keyid);
}

static bulla_status verify_dsse(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_dsse envelope = { 0 };
    BU_TRY(bu_dsse_parse(check->content, check->file, check->arena, &envelope, err));
    return bu_dsse_vouch(&envelope, check, out, err);
}

bulla_status bu_dsse_describe(const bu_dsse *envelope, bu_description *out, bulla_error *err)
{
    for (size_t i = 0; i < envelope->count; i++)
        BU_TRY(bu_describe(out, "keyid", envelope->signatures[i].keyid, err));
    return bu_describe_payload(envelope->payload_type, envelope->payload, out, err);
}

static bulla_status describe_dsse(bulla_bytes content, const char *file, bu_description *out,
                                  bulla_error *err)
{
    bu_dsse envelope = { 0 };
    BU_TRY(bu_dsse_parse(content, file, out->arena, &envelope, err));
    return bu_dsse_describe(&envelope, out, err);
}

const bu_format bu_format_dsse = {
    .id = "dsse",
    .title = "DSSE envelope",
    .endings = (const char *const[]){ ".dsse.json", ".intoto.jsonl", NULL },
    .is = is_object,
    .carries = has_payload,
    .verify = verify_dsse,
    .describe = describe_dsse,
};
