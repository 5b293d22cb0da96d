/* SPDX-License-Identifier: MIT */
/*
 * Finding a scheme by the names it is known by, and refusing texts that are no
 * version of it: the empty one, blanks and control characters everywhere, and
 * what the scheme itself has no place for.
 */
#include "version/scheme.h"

#include "base/utf8.h"
#include "version/native.h"
#include "version/orders.h"

#define bu_fault_any   NULL
#define bu_native_none NULL
#define in_sorted      false
#define in_any         true

static const bu_scheme schemes[] = {
#define BU_SCHEME(id, order, fault, native, constraints, ecosystems, title)                        \
    { #id,                                                                                         \
      ecosystems,                                                                                  \
      title,                                                                                       \
      bu_order_##order,                                                                            \
      bu_fault_##fault,                                                                            \
      bu_native_##native,                                                                          \
      in_##constraints },
#include "version/schemes.def"
#undef BU_SCHEME
};

#define SCHEMES (sizeof schemes / sizeof schemes[0])

const bu_scheme *bu_scheme_at(size_t index)
{
    return index < SCHEMES ? &schemes[index] : NULL;
}

const bu_scheme *bu_scheme_of_type(bulla_bytes type)
{
    for (size_t i = 0; i < SCHEMES; i++)
        if (bu_bytes_is(type, schemes[i].id))
            return &schemes[i];
    return NULL;
}

static const bu_scheme *of_ecosystem(bulla_bytes name)
{
    for (size_t i = 0; i < SCHEMES; i++) {
        bulla_bytes rest = bu_bytes_of(schemes[i].ecosystems);
        while (rest.len > 0)
            if (bu_bytes_equal(bu_take_until(&rest, '|'), name))
                return &schemes[i];
    }
    return NULL;
}

bulla_status bu_scheme_find(bulla_bytes name, const bu_scheme **out, bulla_error *err)
{
    *out = bu_scheme_of_type(name);
    if (*out == NULL)
        *out = of_ecosystem(name);
    if (*out == NULL)
        *out = of_ecosystem(bu_bytes_first(name, bu_bytes_find(name, ':')));
    if (*out != NULL)
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "not a versioning scheme that is known");
    return bu_expected(err, status, BULLA_LIT("a vers type like npm, or an OSV ecosystem"), name);
}

/* Blanks may be in versions that are just text. */
static size_t first_hidden(const bu_scheme *scheme, bulla_bytes version)
{
    size_t hidden = version.len;
    (void)bu_utf8_hides(version, &hidden);
    size_t blank = scheme->fault == NULL ? version.len : bu_bytes_find(version, ' ');
    return blank < hidden ? blank : hidden;
}

bulla_status bu_version_check(const bu_scheme *scheme, bulla_bytes version, bulla_error *err)
{
    size_t at = first_hidden(scheme, version);
    if (version.len > 0 && at == version.len) {
        at = scheme->fault == NULL ? BU_NO_FAULT : scheme->fault(version);
        if (at == BU_NO_FAULT)
            return BU_OK;
    }
    bulla_status status =
        bu_fail(err, BULLA_E_BAD_SYNTAX, "not a version of the scheme %s", scheme->id);
    return bu_at_offset(err, bu_expected(err, status, (bulla_bytes){ 0 }, version), at);
}
