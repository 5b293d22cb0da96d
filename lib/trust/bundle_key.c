/* SPDX-License-Identifier: MIT */
/*
 * Bundles that a managed key signed. The hint narrows which keys are tried first. Log entries and
 * time stamps are judged where an instance is trusted that could have made them; a key needs none.
 */
#include "base/bytes.h"
#include "trust/bundle_run.h"

static bool is_hinted(const bu_bundle_run *r, const bu_anchor *anchor)
{
    return r->bundle->key_hint.len > 0 &&
           (bu_bytes_equal(r->bundle->key_hint, anchor->hint) ||
            bu_bytes_is(r->bundle->key_hint, bu_key_id(anchor->key)));
}

/* The key that signed, or NULL; those that the hint names are tried first. */
static bulla_status find_key(const bu_bundle_run *r, bu_vouched *out, const bu_key **key)
{
    bulla_error why = { 0 };
    bulla_status worst = bu_fail(&why, BULLA_E_UNTRUSTED_KEY, "signed by no key that is trusted");
    const bu_anchors *anchors = r->check->anchors;
    for (size_t i = 0; i < 2 * anchors->count; i++) {
        bulla_error now = { 0 };
        const bu_anchor *anchor = &anchors->items[i % anchors->count];
        if (anchor->key == NULL || is_hinted(r, anchor) != (i < anchors->count))
            continue;
        bulla_status status = bu_bundle_check_signature(r->content, anchor->key, &now);
        if (bulla_ok(status)) {
            *key = anchor->key;
            return status;
        }
        if (is_hinted(r, anchor))
            out->wrong[i] = true;
        if (status.code != BULLA_E_BAD_SIGNATURE || is_hinted(r, anchor)) {
            worst = status;
            why = now;
        }
    }
    if (r->err != NULL)
        *r->err = why;
    return worst;
}

bulla_status bu_bundle_verify_key(bu_bundle_run *r, bu_vouched *out)
{
    const bu_anchors *anchors = r->check->anchors;
    BU_TRY(find_key(r, out, &r->about.key));
    if (anchors->sigstore != NULL)
        BU_TRY(bu_bundle_try_roots(r, bu_bundle_check_evidence));
    for (size_t i = 0; i < anchors->count; i++) {
        const bu_anchor *anchor = &anchors->items[i];
        out->by[i] = anchor->key != NULL && bu_key_equal(anchor->key, r->about.key) &&
                     bu_bundle_in_time(r, anchor);
    }
    if (!bu_vouched_any(out, anchors))
        return bu_fail(r->err, BULLA_E_EXPIRED, "signed when the key was not valid");
    return BU_OK;
}
