/* SPDX-License-Identifier: MIT */
/*
 * A versioning scheme: how its versions are ordered, which texts are none, and
 * how its own notation of ranges is read. The table is schemes.def.
 */
#ifndef BU_VERSION_SCHEME_H
#define BU_VERSION_SCHEME_H

#include "base/error.h"
#include "version/order.h"

typedef struct bu_range bu_range;

/** Add what a range in the scheme's own notation says. Fails with bad-syntax and the offset. */
typedef bulla_status bu_native(bulla_bytes native, bu_range *range, bulla_error *err);

typedef struct bu_scheme {
    const char *id;         /* vers type, and purl type where there is one */
    const char *ecosystems; /* what OSV calls it, parted by '|' */
    const char *title;
    bu_order *order;
    bu_fault *fault;
    bu_native *native; /* NULL: it has no notation of its own */
    bool any_order;    /* constraints need not be sorted, and may repeat what others say */
} bu_scheme;

/** The scheme of that vers type; NULL when it is not known. */
const bu_scheme *bu_scheme_of_type(bulla_bytes type);

/** The same by vers type or by OSV's name ("Debian:12" is Debian's). Fails with unsupported-feature. */
BULLA_MUST_USE bulla_status bu_scheme_find(bulla_bytes name, const bu_scheme **out,
                                           bulla_error *err);

/** All schemes in the order of the table; NULL behind the last. */
const bu_scheme *bu_scheme_at(size_t index);

/** Refuse a text that is no version of the scheme. Fails with bad-syntax and the offset. */
BULLA_MUST_USE bulla_status bu_version_check(const bu_scheme *scheme, bulla_bytes version,
                                             bulla_error *err);

/** -1, 0 or 1 as checked versions are ordered. */
static inline int bu_version_compare(const bu_scheme *scheme, bulla_bytes a, bulla_bytes b)
{
    int order = scheme->order(a, b);
    return (order > 0) - (order < 0);
}

#endif
