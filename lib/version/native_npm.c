/* SPDX-License-Identifier: MIT */
/*
 * Ranges of npm (node-semver), written as the definition of the vers type npm
 * has them: a version that lacks numbers is completed with zeros, and ">= 1.x"
 * is the same as "1.x".
 */
#include "version/native_semver.h"

static bool has_wildcard(bulla_bytes version)
{
    bulla_bytes rest = version;
    for (size_t i = 0; i < 3 && rest.len > 0; i++) {
        bulla_bytes item = bu_take_until(&rest, '.');
        if (item.len == 1 && strchr("xX*", item.ptr[0]) != NULL)
            return true;
    }
    return false;
}

static bulla_status wild(const bu_reading *r, const bu_partial *v)
{
    if (v->given == 0)
        return bu_partial_add(r, BU_GE, v, false);
    return bu_partial_add_range(r, v, v->given - 1);
}

static bulla_status plain(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    bu_partial v;
    if (!has_wildcard(version))
        return bu_expand_semver(r, comparator, version);
    BU_TRY(bu_partial_read(r, version, &v));
    bool apart = version.ptr > r->all.ptr && version.ptr[-1] == ' ';
    if (comparator == BU_EQ || (comparator == BU_GE && apart) || v.given == 0)
        return wild(r, &v);
    if (comparator == BU_GE || comparator == BU_LT)
        return bu_partial_add(r, comparator, &v, false);
    return bu_partial_add_raised(r, comparator == BU_GT ? BU_GE : BU_LT, &v, v.given - 1);
}

/*
 * "~1.2.3" stays in 1.2, "~1" in 1. A pre-release lets others in at its own numbers alone, which is
 * one alternative; the releases are another, up to the minor version that follows the pre-release:
 * behind 1.2.0-rc that is 1.2.0.
 */
static bulla_status tilde(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bu_partial v;
    BU_TRY(bu_partial_read(r, version, &v));
    if (v.given == 0)
        return wild(r, &v);
    if (bu_front(v.tail) != '-')
        return bu_partial_add_range(r, &v, v.given > 1);
    BU_TRY(bu_partial_add(r, BU_GE, &v, true));
    BU_TRY(bu_partial_add_raised(r, BU_LT, &v, 2));
    BU_TRY(bu_partial_add(r, BU_GE, &v, false));
    return bu_is_zero(v.number[2]) ? bu_partial_add(r, BU_LT, &v, false)
                                   : bu_partial_add_raised(r, BU_LT, &v, 1);
}

bulla_status bu_native_npm(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "==", BU_EQ, plain },
        { "=", BU_EQ, plain },
        { "<=", BU_LE, plain },
        { ">=", BU_GE, plain },
        { "<", BU_LT, plain },
        { ">", BU_GT, plain },
        { "~>", BU_EQ, tilde },
        { "~", BU_EQ, tilde },
        { "^", BU_EQ, bu_expand_caret },
        { "", BU_EQ, plain },
        { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = true, .hyphen = bu_partial_hyphen };
    return bu_native_read(native, &dialect, range, err);
}
