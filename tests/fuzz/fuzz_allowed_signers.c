/* SPDX-License-Identifier: MIT */
/*
 * Lists of OpenSSH keys: what is refused says why and where; what is read has a
 * key each that may sign files at some time. Target: bu_form_openssh.
 */
#include "fuzz.h"

#include "trust/anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_anchors_start(&anchors, &err)));
    (void)bu_form_openssh.is(text);
    bulla_status status = bu_form_openssh.read(text, "x", &anchors, &err);
    fuzz_free(text); /* the anchors borrow nothing from it */
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        return 0;
    }
    FUZZ_CHECK(anchors.count > 0);
    for (size_t i = 0; i < anchors.count; i++) {
        FUZZ_CHECK(anchors.items[i].key != NULL && anchors.items[i].hint.len > 0);
        FUZZ_CHECK(anchors.items[i].name == NULL || anchors.items[i].who == anchors.items[i].name);
    }
    return 0;
}
