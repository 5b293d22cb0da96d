/* SPDX-License-Identifier: MIT */
/*
 * Proofs of possession: any text as the envelope, and any text as a payload that the right key
 * signed. What is refused says why; what is accepted names key, person and store. Target:
 * bu_proof_check.
 */
#include "fuzz.h"

#include "base/cleanup.h"
#include "signature/dsse.h"
#include "signature/secret_key.h"
#include "trust/proof.h"

#define PERSON "alice"

static const bulla_digest store = { .alg = BULLA_ALG_SHA256, .len = 32 };

/* The key of RFC 8032, 7.1, test 1: seeds name its keyid. */
static const bu_secret_key *own_key(void)
{
    static const uint8_t seed[] = { 0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60,
                                    0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
                                    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19,
                                    0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60 };
    static bu_secret_key *key;
    bulla_error err = { 0 };
    if (key == NULL)
        FUZZ_CHECK(bulla_ok(bu_secret_key_of_seed((bulla_bytes){ seed, sizeof seed }, &key, &err)));
    return key;
}

static bool holds(bulla_bytes text, const char *person)
{
    bulla_error err = { 0 };
    const bu_key *key = bu_secret_key_public(own_key());
    bulla_status status = bu_proof_check(text, "proof", key, person, &store, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, text.len);
    return bulla_ok(status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_buf) sealed = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    FUZZ_CHECK(bulla_ok(bu_dsse_seal(own_key(), BULLA_LIT("application/vnd.bulla.key-proof+json"),
                                     text, &sealed, &err)));
    if (holds(bu_buf_bytes(&sealed), PERSON)) {
        FUZZ_CHECK(bu_bytes_has(text, bu_key_id(bu_secret_key_public(own_key()))));
        FUZZ_CHECK(!holds(bu_buf_bytes(&sealed), "bob"));
    }
    FUZZ_CHECK(!holds(text, "bob") || !holds(text, PERSON));
    fuzz_free(text);
    return 0;
}
