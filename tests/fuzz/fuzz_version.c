/* SPDX-License-Identifier: MIT */
/*
 * The order of versions, over three of them that are parted by newlines; the
 * first byte chooses the scheme. It is reflexive, antisymmetric and transitive.
 */
#include "fuzz.h"

#include "version/scheme.h"

/*
 * Some tools order in a circle: Conan compares a number and a word as text, pacman drops releases
 * that only one version has, PHP takes "#" for any number, Maven takes 0 for nothing only when there
 * is nothing else to hold against it.
 */
static bool is_transitive(const bu_scheme *scheme)
{
    static const char *const others[] = { "conan", "alpm", "composer", "maven" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(scheme->id, others[i]) == 0)
            return false;
    return true;
}

static void check_order(const bu_scheme *scheme, bulla_bytes a, bulla_bytes b, bulla_bytes c)
{
    int ab = bu_version_compare(scheme, a, b), bc = bu_version_compare(scheme, b, c);
    int ac = bu_version_compare(scheme, a, c);
    FUZZ_CHECK(bu_version_compare(scheme, a, a) == 0);
    FUZZ_CHECK(bu_version_compare(scheme, b, a) == -ab);
    FUZZ_CHECK(bu_version_compare(scheme, c, b) == -bc);
    FUZZ_CHECK(bu_version_compare(scheme, c, a) == -ac);
    if (is_transitive(scheme) && ab == bc)
        FUZZ_CHECK(ac == ab);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bu_scheme *scheme = bu_scheme_at(size == 0 ? 0 : (size_t)data[0] - ' ');
    if (scheme == NULL)
        return 0;
    bulla_bytes copy = fuzz_copy(data, size), rest = bu_bytes_from(copy, 1), versions[3];
    for (size_t i = 0; i < 3; i++) {
        bulla_error err = { 0 };
        versions[i] = bu_take_until(&rest, '\n');
        bulla_status status = bu_version_check(scheme, versions[i], &err);
        if (!bulla_ok(status)) {
            fuzz_check_refusal(status, &err, versions[i].len);
            fuzz_free(copy);
            return 0;
        }
    }
    check_order(scheme, versions[0], versions[1], versions[2]);
    fuzz_free(copy);
    return 0;
}
