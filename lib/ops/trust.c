/* SPDX-License-Identifier: MIT */
/*
 * The public trust calls. Loading holds a store against the highest versions
 * seen; whatever makes it fail, the store is what could not be trusted.
 */
#include "trust/edit.h"
#include "trust/list.h"
#include "trust/seen.h"

static bulla_status load(const bulla_trust_options *options, bulla_trust **out, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_store_load(options->folder, options->now, &trust, err));
    if (options->state != NULL)
        BU_TRY(bu_seen_keep(options->state, trust, err));
    *out = BU_STEAL(trust);
    return BU_OK;
}

bulla_status bulla_trust_load(const bulla_trust_options *options, bulla_trust **out,
                              bulla_error *err)
{
    bulla_status status = load(options, out, err);
    if (status.code == BULLA_E_MISSING_FILE)
        (void)bu_next(err, status,
                      "name the store with --trust DIR, or make one: bulla trust init");
    if (err != NULL && strcmp(err->file, options->folder) != 0)
        (void)bu_within(err, status, "trust store %s", options->folder);
    return bu_as(err, status, BULLA_EXIT_TRUST);
}

bulla_status bulla_trust_list(const bulla_trust *trust, const char *format, bulla_buffer *out,
                              bulla_error *err)
{
    return bulla_trust_show(trust, NULL, format, out, err);
}

bulla_status bulla_trust_show(const bulla_trust *trust, const char *name, const char *format,
                              bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_trust_list(trust, name, format, &text, err));
    return bu_buf_take(&text, out, err);
}

bulla_status bulla_trust_init(const bulla_trust_edit *edit, uint32_t threshold,
                              const char *contents, bulla_error *err)
{
    return bu_store_init(edit, threshold, contents, err);
}

bulla_status bulla_trust_add(const bulla_trust_edit *edit, const bulla_trust_addition *addition,
                             bulla_error *err)
{
    return bu_store_add(edit, addition, err);
}

bulla_status bulla_trust_remove(const bulla_trust_edit *edit, const char *person, const char *role,
                                const char *keyid, bulla_error *err)
{
    return bu_store_remove(edit, person, role, keyid, err);
}
