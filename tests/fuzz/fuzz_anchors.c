/* SPDX-License-Identifier: MIT */
/*
 * Keys and certificates in any form that may be pinned: what is refused says why; what is read has
 * something to vouch in each anchor, is shown by a name, and borrows nothing. Targets:
 * bu_anchors_read and each form's own reader.
 */
#include "fuzz.h"

#include "trust/anchor.h"
#include "trust/sigstore_root.h"

static void check_anchor(const bu_anchor *anchor)
{
    int kinds = (anchor->key != NULL) + (anchor->openpgp.len > 0) + (anchor->certificate.len > 0) +
                (anchor->identity != NULL);
    FUZZ_CHECK(kinds == 1);
    FUZZ_CHECK((anchor->identity == NULL) == (anchor->issuer == NULL));
    FUZZ_CHECK(anchor->form != NULL && anchor->who != NULL && anchor->who[0] != '\0');
}

static void check_read(bulla_status (*read)(bulla_bytes, const char *, bu_anchors *, bulla_error *),
                       const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    FUZZ_CHECK(bulla_ok(bu_anchors_start(&anchors, &err)));
    bulla_status status = read(text, "file", &anchors, &err);
    fuzz_free(text);
    if (!bulla_ok(status))
        FUZZ_CHECK(err.code == status.code && err.code != BULLA_E_INTERNAL && err.text[0] != '\0');
    for (size_t i = 0; bulla_ok(status) && i < anchors.count; i++)
        check_anchor(&anchors.items[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = { data, size };
    check_read(bu_anchors_read, data, size);
#define BU_FORM(id)                                                                                \
    if (bu_form_##id.is(text)) {                                                                   \
        FUZZ_CHECK(bu_anchors_know(text));                                                         \
        check_read(bu_form_##id.read, data, size);                                                 \
    }
#include "trust/anchor_forms.def"
#undef BU_FORM
    return 0;
}
