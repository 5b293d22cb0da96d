/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP packets: what is refused says why; certificates stay what they are
 * when they are taken apart, and at any time hold no more than they say. Targets:
 * bu_pgp_signature_read, bu_certificates_read, bu_certificate_at.
 */
#include "fuzz.h"

#include "signature/certificate.h"

/* Of a signature that can be read, all parts lie inside. */
static void check_signatures(bulla_bytes packets)
{
    bulla_error err = { 0 };
    bu_packet packet;
    for (; bulla_ok(bu_packet_read(packets, &packet, &err));
         packets = bu_bytes_from(packets, packet.whole.len)) {
        bu_pgp_signature s;
        FUZZ_CHECK(packet.body.len < packet.whole.len && packet.whole.len <= packets.len);
        if (!bulla_ok(bu_pgp_signature_read(packet.body, &s, &err)))
            continue;
        FUZZ_CHECK(s.keyid.len == 0 || s.keyid.len == 8);
        FUZZ_CHECK(s.fingerprint.len == 0 || s.fingerprint.len == BU_FINGERPRINT_BYTES);
        FUZZ_CHECK(s.embedded.len < packet.body.len);
    }
}

static void check_at(const bu_certificates *all, size_t index, int64_t time)
{
    BU_CLEAR(bu_buf) whole = { 0 };
    BU_CLEAR(bu_buf) part = { 0 };
    BU_CLEAR(bu_certificates) again = { 0 };
    bulla_error err = { 0 };
    bu_certificate_whole(all, index, &whole);
    bu_certificate_at(all, index, time, &part);
    FUZZ_CHECK(part.len > 0 && part.len <= whole.len);
    FUZZ_CHECK(bulla_ok(bu_certificates_read(bu_buf_bytes(&part), &again, &err)));
    FUZZ_CHECK(again.count == 1);
    FUZZ_CHECK(strcmp(bu_certificate_primary(&again, 0)->hex,
                      bu_certificate_primary(all, index)->hex) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_certificates) all = { 0 };
    bulla_error err = { 0 };
    bulla_bytes input = fuzz_copy(data, size);
    check_signatures(input);
    bulla_status status = bu_certificates_read(input, &all, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, size);
    for (size_t i = 0; i < all.count; i++) {
        check_at(&all, i, 0);
        check_at(&all, i, UINT32_MAX);
    }
    fuzz_free(input);
    return 0;
}
