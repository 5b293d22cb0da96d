/* SPDX-License-Identifier: MIT */
/*
 * The orders that schemes.def names. All are pure, take time linear in their
 * input, allocate nothing, and accept any bytes; a fault says what is refused.
 */
#ifndef BU_VERSION_ORDERS_H
#define BU_VERSION_ORDERS_H

#include "base/buf.h"
#include "version/order.h"

bu_order bu_order_alpm, bu_order_apk, bu_order_composer, bu_order_conan, bu_order_cpan,
    bu_order_datetime, bu_order_deb, bu_order_gem, bu_order_generic, bu_order_gentoo,
    bu_order_intdot, bu_order_lexicographic, bu_order_maven, bu_order_natural, bu_order_nuget,
    bu_order_numbers, bu_order_opam, bu_order_openssl, bu_order_pub, bu_order_pypi, bu_order_rpm,
    bu_order_semver;

bu_fault bu_fault_cpan, bu_fault_cran, bu_fault_datetime, bu_fault_deb, bu_fault_gem,
    bu_fault_gentoo, bu_fault_hackage, bu_fault_intdot, bu_fault_openssl, bu_fault_semver;

/** Append the normal form of a PEP 440 version; false when it is none. */
bool bu_pypi_write(bulla_bytes version, bu_buf *out);

#endif
