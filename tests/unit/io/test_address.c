/* SPDX-License-Identifier: MIT */
/*
 * Addresses that a fetch may connect to: the edges of each range, both ways.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "io/address.h"

typedef enum kind { PUBLIC, LOOPBACK, NEITHER } kind;

static const struct {
    const char *text;
    kind kind;
} cases[] = {
    { "8.8.8.8", PUBLIC },
    { "0.0.0.0", NEITHER },
    { "0.255.255.255", NEITHER },
    { "1.0.0.0", PUBLIC },
    { "9.255.255.255", PUBLIC },
    { "10.0.0.0", NEITHER },
    { "10.255.255.255", NEITHER },
    { "11.0.0.0", PUBLIC },
    { "100.63.255.255", PUBLIC },
    { "100.64.0.0", NEITHER },
    { "100.127.255.255", NEITHER },
    { "100.128.0.0", PUBLIC },
    { "126.255.255.255", PUBLIC },
    { "127.0.0.1", LOOPBACK },
    { "127.255.255.255", LOOPBACK },
    { "128.0.0.0", PUBLIC },
    { "169.253.255.255", PUBLIC },
    { "169.254.169.254", NEITHER }, /* where clouds keep credentials */
    { "169.255.0.0", PUBLIC },
    { "172.15.255.255", PUBLIC },
    { "172.16.0.0", NEITHER },
    { "172.31.255.255", NEITHER },
    { "172.32.0.0", PUBLIC },
    { "192.0.0.1", NEITHER },
    { "192.0.2.1", NEITHER },
    { "192.168.0.0", NEITHER },
    { "192.168.255.255", NEITHER },
    { "192.169.0.0", PUBLIC },
    { "198.17.255.255", PUBLIC },
    { "198.18.0.0", NEITHER },
    { "198.19.255.255", NEITHER },
    { "198.20.0.0", PUBLIC },
    { "198.51.100.7", NEITHER },
    { "203.0.113.7", NEITHER },
    { "223.255.255.255", PUBLIC },
    { "224.0.0.1", NEITHER },
    { "240.0.0.1", NEITHER },
    { "255.255.255.255", NEITHER },
    { "2600::1", PUBLIC },
    { "2001:4860:4860::8888", PUBLIC },
    { "::", NEITHER },
    { "::1", LOOPBACK },
    { "::2", NEITHER },
    { "::8.8.8.8", NEITHER },
    { "::ffff:8.8.8.8", PUBLIC }, /* a mapped address is the address that it maps */
    { "::ffff:10.0.0.1", NEITHER },
    { "::ffff:127.0.0.1", LOOPBACK },
    { "64:ff9b::10.0.0.1", NEITHER }, /* translated to IPv4 behind our back */
    { "1fff:ffff::1", NEITHER },
    { "2001::1", NEITHER }, /* tunnels carry any IPv4 address */
    { "2001:1ff::1", NEITHER },
    { "2001:200::1", PUBLIC },
    { "2001:db8::1", NEITHER },
    { "2002:a00:1::1", NEITHER },
    { "2003::1", PUBLIC },
    { "3fff:ffff::1", PUBLIC },
    { "4000::1", NEITHER },
    { "fc00::1", NEITHER },
    { "fe80::1", NEITHER },
    { "ff02::1", NEITHER },
};

static struct sockaddr_storage parse(const char *text)
{
    struct sockaddr_storage out = { 0 };
    struct sockaddr_in *v4 = (struct sockaddr_in *)&out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out;
    out.ss_family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;
    void *to = out.ss_family == AF_INET ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr;
    ck_assert_int_eq(inet_pton(out.ss_family, text, to), 1);
    return out;
}

START_TEST(a_fetch_stays_on_the_public_internet)
{
    struct sockaddr_storage address = parse(cases[_i].text);
    const struct sockaddr *any = (const struct sockaddr *)&address;
    ck_assert_msg(bu_address_is_public(any) == (cases[_i].kind == PUBLIC), "%s", cases[_i].text);
    ck_assert_msg(bu_address_is_loopback(any) == (cases[_i].kind == LOOPBACK), "%s",
                  cases[_i].text);
}
END_TEST

START_TEST(another_family_is_nowhere)
{
    struct sockaddr address = { .sa_family = AF_UNIX };
    ck_assert(!bu_address_is_public(&address));
    ck_assert(!bu_address_is_loopback(&address));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_fetch_stays_on_the_public_internet, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, another_family_is_nowhere);
}

int main(void)
{
    return unit_run("address", add);
}
