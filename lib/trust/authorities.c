/* SPDX-License-Identifier: MIT */
/*
 * Certificates that were pinned, as those who may end a chain or tell the time.
 */
#include "trust/authorities.h"

#include "base/bytes.h"
#include "trust/sigstore_root.h"

void bu_authorities_clear(bu_authorities *authorities)
{
    for (size_t i = 0; i < authorities->count; i++)
        bu_x509_free(authorities->certificates[i]);
    free(authorities->certificates);
    free(authorities->tsas);
    *authorities = (bu_authorities){ 0 };
}

bulla_status bu_authorities_open(const bu_anchors *anchors, bu_authorities *out, bulla_error *err)
{
    size_t others = anchors->sigstore == NULL ? 0 : anchors->sigstore->tsa_count;
    *out = (bu_authorities){ 0 };
    out->certificates = calloc(anchors->count + 1, sizeof *out->certificates);
    out->tsas = calloc(anchors->count + others + 1, sizeof *out->tsas);
    if (out->certificates == NULL || out->tsas == NULL)
        return bu_no_memory(err);
    out->count = anchors->count;
    out->tsa_count = anchors->count + others;
    for (size_t i = 0; i < anchors->count; i++) {
        const bu_anchor *anchor = &anchors->items[i];
        if (anchor->certificate.ptr == NULL)
            continue;
        BU_TRY(bu_x509_read(anchor->certificate, &out->certificates[i], err));
        if (!anchor->tells_no_time)
            out->tsas[i] = (bu_tsa){ &out->certificates[i], 1, anchor->from, anchor->until };
    }
    if (others > 0)
        memcpy(out->tsas + anchors->count, anchors->sigstore->tsas, others * sizeof *out->tsas);
    return BU_OK;
}
