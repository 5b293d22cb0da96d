/* SPDX-License-Identifier: MIT */
/*
 * DSSE envelopes: what is refused says why; what is read can be co-signed and
 * read again, holds the same, and then one key more has signed it. Targets:
 * bu_dsse_parse, bu_dsse_check, bu_dsse_cosign.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "signature/dsse.h"

static const bu_secret_key *signer(void)
{
    static bu_secret_key *key;
    bulla_error err = { 0 };
    if (key == NULL)
        FUZZ_CHECK(bulla_ok(bu_secret_key_new(BULLA_KEY_ED25519, &key, &err)));
    return key;
}

static void check_cosigned(const bu_dsse *envelope, bu_arena *arena)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_dsse again;
    bool is_signed = false;
    bulla_error err = { 0 };
    const bu_key *key = bu_secret_key_public(signer());
    FUZZ_CHECK(bulla_ok(bu_dsse_check(envelope, &key, 1, &is_signed, &err)));
    FUZZ_CHECK(!is_signed);
    FUZZ_CHECK(bulla_ok(bu_dsse_cosign(envelope, signer(), &text, &err)));
    bulla_status status = bu_dsse_parse(bu_buf_bytes(&text), "again", arena, &again, &err);
    if (status.code == BULLA_E_RESOURCE_LIMIT) /* escapes may make it longer than a text may be */
        return;
    FUZZ_CHECK(bulla_ok(status));
    FUZZ_CHECK(again.count == envelope->count + 1);
    FUZZ_CHECK(bu_bytes_equal(again.payload, envelope->payload));
    FUZZ_CHECK(bu_bytes_equal(again.payload_type, envelope->payload_type));
    FUZZ_CHECK(bu_bytes_equal(again.pae, envelope->pae));
    FUZZ_CHECK(bulla_ok(bu_dsse_check(&again, &key, 1, &is_signed, &err)));
    FUZZ_CHECK(is_signed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_dsse envelope = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status status = bu_dsse_parse(text, "envelope", arena, &envelope, &err);
    fuzz_free(text); /* all that was read lives in the arena */
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        return 0;
    }
    FUZZ_CHECK(envelope.count >= 1 && envelope.count <= BU_LIMIT_SIGNATURES);
    if (envelope.count < BU_LIMIT_SIGNATURES)
        check_cosigned(&envelope, arena);
    return 0;
}
