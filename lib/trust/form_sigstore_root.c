/* SPDX-License-Identifier: MIT */
/*
 * Sigstore's trusted roots as a form of anchors: one document, or several, one a line, as they are
 * handed out for instances that are trusted side by side.
 */
#include "base/bytes.h"
#include "trust/anchor.h"
#include "trust/sigstore_root.h"

#define MEDIA_TYPE "application/vnd.dev.sigstore.trustedroot"

static bool is_root(bulla_bytes text)
{
    return bu_bytes_starts(text, "{") && bu_bytes_has(text, MEDIA_TYPE);
}

static bulla_status add_root(bulla_bytes text, const char *file, bu_anchors *anchors,
                             bulla_error *err)
{
    bu_sigstore_root **end = &anchors->own_sigstore;
    while (*end != NULL)
        end = &(*end)->next;
    BU_TRY(bu_sigstore_root_read(text, file, end, err));
    anchors->sigstore = anchors->own_sigstore;
    return BU_OK;
}

static bulla_status read_roots(bulla_bytes text, const char *file, bu_anchors *anchors,
                               bulla_error *err)
{
    bulla_bytes line = bu_bytes_first(text, bu_bytes_find(text, '\n'));
    if (!bu_bytes_ends(line, "}")) /* the document does not end where its first line does */
        return add_root(text, file, anchors, err);
    for (; text.len > 0; text = bu_bytes_from(text, line.len + 1)) {
        line = bu_bytes_first(text, bu_bytes_find(text, '\n'));
        if (line.len > 0)
            BU_TRY(add_root(line, file, anchors, err));
    }
    return BU_OK;
}

const bu_anchor_form bu_form_sigstore_root = {
    .id = "sigstore-root",
    .title = "Sigstore trusted root",
    .is = is_root,
    .read = read_roots,
};
