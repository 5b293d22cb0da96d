/* SPDX-License-Identifier: MIT */
/*
 * Python's core metadata.
 */
#include "evidence/python.h"

#include "evidence/fields.h"
#include "version/scheme.h"

/* The next character of the normalized name, or END. */
#define END (-1)
static int next_of_name(bulla_bytes *name)
{
    bool is_separator = false;
    while (name->len > 0 && strchr("-_.", name->ptr[0]) != NULL && name->ptr[0] != '\0') {
        *name = bu_bytes_from(*name, 1);
        is_separator = true;
    }
    if (is_separator)
        return '-';
    if (name->len == 0)
        return END;
    uint8_t c = name->ptr[0];
    *name = bu_bytes_from(*name, 1);
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool bu_python_same_name(bulla_bytes a, bulla_bytes b)
{
    int x;
    do {
        x = next_of_name(&a);
        if (x != next_of_name(&b))
            return false;
    } while (x != END);
    return true;
}

/* PyPA: "… MUST fail if metadata_version has a greater major version". */
static bulla_status check_metadata_version(bulla_bytes manifest, bulla_error *err)
{
    bulla_bytes version;
    BU_TRY(bu_header_field(manifest, "Metadata-Version", &version, err));
    if (bu_bytes_starts(version, "1.") || bu_bytes_starts(version, "2."))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_UNSUPPORTED_VERSION,
                                  "core metadata of a version "
                                  "that is not known");
    return bu_expected(err, status, BULLA_LIT("1.x or 2.x"), version);
}

/* PEP 440: "1.0" and "1.0.0" are one version, and so are "1.0-RC1" and "1.0rc1". */
static bool same_version(const char *expected, bulla_bytes got)
{
    const bu_scheme *scheme = bu_scheme_of_type(BULLA_LIT("pypi"));
    return bu_bytes_is(got, expected) ||
           bu_version_compare(scheme, bu_bytes_of(expected), got) == 0;
}

bulla_status bu_python_judge(const bu_contents *contents, const bulla_component *component,
                             bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    bulla_bytes name, version;
    const char *expected = bu_package_version(component);
    BU_TRY(check_metadata_version(manifest, err));
    BU_TRY(bu_header_field(manifest, "Name", &name, err));
    BU_TRY(bu_header_field(manifest, "Version", &version, err));
    if (!bu_python_same_name(name, bu_bytes_of(component->name)))
        return bu_package_differs("name", component->name, name, err);
    if (expected != NULL && !same_version(expected, version))
        return bu_package_differs("version", expected, version, err);
    return BU_OK;
}
