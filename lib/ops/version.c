/* SPDX-License-Identifier: MIT */
/*
 * The public calls for versions and vers.
 */
#include "bulla/version.h"

#include "version/vers.h"

bool bulla_version_scheme_at(size_t index, bulla_version_scheme *out)
{
    const bu_scheme *scheme = bu_scheme_at(index);
    if (scheme == NULL)
        return false;
    *out = (bulla_version_scheme){ scheme->id, scheme->ecosystems, scheme->title };
    return true;
}

bulla_status bulla_version_compare(bulla_bytes scheme, bulla_bytes a, bulla_bytes b, int *out,
                                   bulla_error *err)
{
    const bu_scheme *by;
    BU_TRY(bu_scheme_find(scheme, &by, err));
    BU_TRY(bu_version_check(by, a, err));
    BU_TRY(bu_version_check(by, b, err));
    *out = bu_version_compare(by, a, b);
    return BU_OK;
}

static bulla_status text_of(const bu_range *range, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_vers_write(range, &text);
    return bu_buf_take(&text, out, err);
}

bulla_status bulla_vers_canonical(bulla_bytes vers, bulla_buffer *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_range) range = { 0 };
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_vers_parse(vers, true, arena, &range, err));
    return text_of(&range, out, err);
}

bulla_status bulla_vers_contains(bulla_bytes vers, bulla_bytes version, bool *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_range) range = { 0 };
    *out = false;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_vers_parse(vers, false, arena, &range, err));
    return bu_vers_contains(&range, version, out, err);
}

bulla_status bulla_vers_from_native(bulla_bytes scheme, bulla_bytes native, bulla_buffer *out,
                                    bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_range) range = { .arena = arena };
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_scheme_find(scheme, &range.scheme, err));
    range.type = bu_bytes_of(range.scheme->id);
    if (range.scheme->native == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "the scheme %s has no notation of ranges of its own", range.scheme->id);
    BU_TRY(range.scheme->native(native, &range, err));
    BU_TRY(bu_range_sort(&range, err));
    return text_of(&range, out, err);
}
