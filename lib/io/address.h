/* SPDX-License-Identifier: MIT */
/*
 * Which addresses a fetch may connect to: a URL from outside must not reach
 * into the network of the machine that fetches it.
 */
#ifndef BU_IO_ADDRESS_H
#define BU_IO_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/**
 * True for addresses of the public internet, IPv4 or IPv6; false for every other range and family.
 */
bool bu_address_is_public(const struct sockaddr *address);

/** True for 127.0.0.0/8 and ::1. */
bool bu_address_is_loopback(const struct sockaddr *address);

#endif
