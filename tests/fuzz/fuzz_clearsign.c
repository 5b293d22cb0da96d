/* SPDX-License-Identifier: MIT */
/*
 * The frame of clear-signed texts: what is refused says why and where; a text
 * that is read holds nothing that was not hashed, and put into a frame again it
 * comes out the same. Targets: bu_clearsigned_read, bu_packets_only.
 */
#include "fuzz.h"

#include "signature/clearsign.h"
#include "signature/packet.h"

#define FRONT "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
#define BACK  "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n"

/* No control but tab and line end, no blanks before a line end. */
static void check_text(bulla_bytes text)
{
    uint8_t before = '\n';
    for (size_t i = 0; i < text.len; before = text.ptr[i++]) {
        uint8_t c = text.ptr[i];
        FUZZ_CHECK(c >= ' ' || c == '\t' || c == '\n');
        FUZZ_CHECK(c != '\n' || (before != ' ' && before != '\t'));
    }
    FUZZ_CHECK(before == '\n');
}

static void check_again(bulla_bytes text)
{
    BU_CLEAR(bu_buf) message = { 0 };
    BU_CLEAR(bu_clearsigned) again = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_text(&message, FRONT);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '-' && (i == 0 || text.ptr[i - 1] == '\n'))
            bu_buf_add_text(&message, "- ");
        bu_buf_add_byte(&message, text.ptr[i]);
    }
    bu_buf_add_text(&message, BACK);
    bulla_status status = bu_clearsigned_read(bu_buf_bytes(&message), &again, &err);
    if (status.code == BULLA_E_RESOURCE_LIMIT) /* escapes may make it longer than a text may be */
        return;
    FUZZ_CHECK(bulla_ok(status));
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&again.text), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_clearsigned) message = { 0 };
    size_t count = 0;
    bulla_error err = { 0 };
    bulla_bytes input = fuzz_copy(data, size);
    bulla_status status = bu_clearsigned_read(input, &message, &err);
    if (bulla_ok(status)) {
        check_text(bu_buf_bytes(&message.text));
        check_again(bu_buf_bytes(&message.text));
        if (bulla_ok(bu_packets_only(bu_buf_bytes(&message.packets), "\x02", &count, &err)))
            FUZZ_CHECK(count >= 1);
    } else {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(err.line > 0);
    }
    status = bu_packets_only(input, "\x02", &count, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(count >= 1 && count <= size / 2);
    else
        fuzz_check_refusal(status, &err, size);
    fuzz_free(input);
    return 0;
}
