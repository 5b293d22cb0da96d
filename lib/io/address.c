/* SPDX-License-Identifier: MIT */
/*
 * Addresses and the ranges they are in (IANA special-purpose address
 * registries, RFC 6890). What is not known to be public is not.
 */
#include "io/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/* First address, and length of the prefix in bits. */
typedef struct range {
    uint8_t address[16];
    unsigned int bits;
} range;

static const range private_v4[] = {
    { { 0 }, 8 },         { { 10 }, 8 },       { { 100, 64 }, 10 },      { { 127 }, 8 },
    { { 169, 254 }, 16 }, { { 172, 16 }, 12 }, { { 192, 0, 0 }, 24 },    { { 192, 0, 2 }, 24 },
    { { 192, 168 }, 16 }, { { 198, 18 }, 15 }, { { 198, 51, 100 }, 24 }, { { 203, 0, 113 }, 24 },
    { { 224 }, 4 },       { { 240 }, 4 },
};
static const range loopback_v4[] = { { { 127 }, 8 } };
/*
 * IPv6 is the other way round: only 2000::/3 is public, less the documentation and tunnel ranges.
 */
static const range public_v6[] = { { { 0x20 }, 3 } };
static const range tunnel_v6[] = {
    { { 0x20, 0x01, 0x00, 0x00 }, 23 },
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
    { { 0x20, 0x02 }, 16 },
};
static const range loopback_v6[] = { { { [15] = 1 }, 128 } };

static bool is_in(const uint8_t *address, const range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t whole = ranges[i].bits / 8;
        uint8_t mask = (uint8_t)(0xFF00u >> (ranges[i].bits % 8));
        if (memcmp(address, ranges[i].address, whole) == 0 &&
            (mask == 0 || ((address[whole] ^ ranges[i].address[whole]) & mask) == 0))
            return true;
    }
    return false;
}
#define IS_IN(address, ranges) is_in(address, ranges, sizeof(ranges) / sizeof(ranges)[0])

/** ::ffff:a.b.c.d is a.b.c.d. */
static const uint8_t *mapped_v4(const uint8_t address[16])
{
    static const uint8_t prefix[12] = { [10] = 0xFF, [11] = 0xFF };
    return memcmp(address, prefix, sizeof prefix) == 0 ? address + 12 : NULL;
}

/** The four bytes of an IPv4 address, plain or mapped, or NULL. */
static const uint8_t *v4_of(const struct sockaddr *address)
{
    const void *any = address;
    if (address->sa_family == AF_INET)
        return (const uint8_t *)&((const struct sockaddr_in *)any)->sin_addr;
    if (address->sa_family == AF_INET6)
        return mapped_v4((const uint8_t *)&((const struct sockaddr_in6 *)any)->sin6_addr);
    return NULL;
}

static const uint8_t *v6_of(const struct sockaddr *address)
{
    const void *any = address;
    if (address->sa_family != AF_INET6)
        return NULL;
    return (const uint8_t *)&((const struct sockaddr_in6 *)any)->sin6_addr;
}

bool bu_address_is_public(const struct sockaddr *address)
{
    const uint8_t *v4 = v4_of(address), *v6 = v6_of(address);
    if (v4 != NULL)
        return !IS_IN(v4, private_v4);
    return v6 != NULL && IS_IN(v6, public_v6) && !IS_IN(v6, tunnel_v6);
}

bool bu_address_is_loopback(const struct sockaddr *address)
{
    const uint8_t *v4 = v4_of(address), *v6 = v6_of(address);
    if (v4 != NULL)
        return IS_IN(v4, loopback_v4);
    return v6 != NULL && IS_IN(v6, loopback_v6);
}
