/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL: 0.9.1 to 1.1.1 with letters for patches ("1.0.2zb"), semantic
 * versions from 3.0.0 on. Versions that OpenSSL never had are refused.
 */
#include "version/order.h"
#include "version/orders.h"

static const char *const bases[] = { "0.9.1", "0.9.2", "0.9.3", "0.9.4", "0.9.5", "0.9.6", "0.9.7",
                                     "0.9.8", "1.0.0", "1.0.1", "1.0.2", "1.1.0", "1.1.1" };
#define BASE_LENGTH 5

/* What follows the base; false when it is of the new kind. */
static bool is_old(bulla_bytes version, bulla_bytes *patch)
{
    *patch = bu_bytes_from(version, BASE_LENGTH);
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++)
        if (bu_bytes_starts(version, bases[i]))
            return true;
    return false;
}

/* "-beta1", "-pre3": before the release. */
static bool is_pre(bulla_bytes patch)
{
    return bu_front(patch) == '-';
}

int bu_order_openssl(bulla_bytes a, bulla_bytes b)
{
    bulla_bytes a_patch, b_patch;
    bool a_old = is_old(a, &a_patch), b_old = is_old(b, &b_patch);
    if (!a_old || !b_old)
        return a_old != b_old ? b_old - a_old : bu_order_semver(a, b);
    int order = bu_bytes_compare(bu_bytes_first(a, BASE_LENGTH), bu_bytes_first(b, BASE_LENGTH));
    order = bu_then(order, is_pre(b_patch) - is_pre(a_patch));
    return bu_then(order, bu_order_natural(a_patch, b_patch));
}

size_t bu_fault_openssl(bulla_bytes version)
{
    bulla_bytes patch, rest = version;
    if (is_old(version, &patch)) {
        bool is_digit = bu_is_digit(bu_front(patch)) || bu_front(patch) == '.';
        return is_digit ? BASE_LENGTH : BU_NO_FAULT;
    }
    bulla_bytes major = bu_take_while(&rest, bu_is_digit);
    return bu_compare_numbers(major, BULLA_LIT("3")) < 0 ? 0 : BU_NO_FAULT;
}
