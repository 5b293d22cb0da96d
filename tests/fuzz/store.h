/* SPDX-License-Identifier: MIT */
/*
 * What the targets for trust.toml share: a store to read it into, which pins what the text may
 * name: a key, "alice.pem", and an empty root of Sigstore, "sigstore.json".
 */
#ifndef FUZZ_STORE_H
#define FUZZ_STORE_H

#include "fuzz.h"

#include "trust/trust_toml.h"

/** The store that the text makes; NULL where it is refused, and `err` says why. */
static inline bulla_trust *fuzz_store(bulla_bytes text, bulla_error *err)
{
    static const char pem[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEAq0AqlaHFqd8jUa32BOyAXC224E/wkCmWqAQqeDZaXKg=\n"
                              "-----END PUBLIC KEY-----\n";
    static const char root[] =
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\","
        "\"tlogs\":[],\"certificateAuthorities\":[],\"ctlogs\":[],\"timestampAuthorities\":[]}";
    BU_AUTO(bulla_trust) trust = NULL;
    FUZZ_CHECK(bulla_ok(bu_store_new(&trust, err)));
    FUZZ_CHECK(
        bulla_ok(bu_pins_put(&trust->pins, BULLA_LIT("sigstore.json"), bu_bytes_of(root), err)));
    FUZZ_CHECK(bulla_ok(bu_pins_put(&trust->pins, BULLA_LIT("alice.pem"), bu_bytes_of(pem), err)));
    return bulla_ok(bu_trust_toml_read(text, trust, err)) ? BU_STEAL(trust) : NULL;
}

#endif
