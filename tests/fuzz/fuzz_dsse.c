/* SPDX-License-Identifier: MIT */
/*
 * DSSE envelopes: what is refused says why; what is read can be co-signed and
 * read again, holds the same, and then one key more has signed it. Targets:
 * bu_dsse_parse, bu_dsse_check, bu_dsse_cosign.
 */
#include "fuzz.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "signature/dsse.h"

static const bu_secret_key *signer(void)
{
    static bu_secret_key *key;
    bulla_error err = { 0 };
    if (key == NULL)
        BU_FUZZ_CHECK(bulla_ok(bu_secret_key_new(BULLA_KEY_ED25519, &key, &err)));
    return key;
}

static void check_cosigned(const bu_dsse *envelope, bu_arena *arena)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_dsse again;
    bool is_signed = false;
    bulla_error err = { 0 };
    const bu_key *key = bu_secret_key_public(signer());
    BU_FUZZ_CHECK(bulla_ok(bu_dsse_check(envelope, &key, 1, &is_signed, &err)));
    BU_FUZZ_CHECK(!is_signed);
    BU_FUZZ_CHECK(bulla_ok(bu_dsse_cosign(envelope, signer(), &text, &err)));
    bulla_status status = bu_dsse_parse(bu_buf_bytes(&text), "again", arena, &again, &err);
    if (status.code == BULLA_E_RESOURCE_LIMIT) /* escapes may make it longer than a text may be */
        return;
    BU_FUZZ_CHECK(bulla_ok(status));
    BU_FUZZ_CHECK(again.count == envelope->count + 1);
    BU_FUZZ_CHECK(bu_bytes_equal(again.payload, envelope->payload));
    BU_FUZZ_CHECK(bu_bytes_equal(again.payload_type, envelope->payload_type));
    BU_FUZZ_CHECK(bu_bytes_equal(again.pae, envelope->pae));
    BU_FUZZ_CHECK(bulla_ok(bu_dsse_check(&again, &key, 1, &is_signed, &err)));
    BU_FUZZ_CHECK(is_signed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_dsse envelope = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_dsse_parse((bulla_bytes){ data, size }, "envelope", arena, &envelope, &err);
    if (!bulla_ok(status)) {
        BU_FUZZ_CHECK(err.code == status.code && err.text[0] != '\0');
        return 0;
    }
    BU_FUZZ_CHECK(envelope.count >= 1 && envelope.count <= BU_LIMIT_SIGNATURES);
    if (envelope.count < BU_LIMIT_SIGNATURES)
        check_cosigned(&envelope, arena);
    return 0;
}
