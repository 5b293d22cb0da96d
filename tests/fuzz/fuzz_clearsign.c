/* SPDX-License-Identifier: MIT */
/*
 * The frame of clear-signed texts: what is refused says why and where; a text
 * that is read holds nothing that was not hashed, and put into a frame again it
 * comes out the same. Targets: bu_clearsigned_read, bu_packets_only.
 */
#include "fuzz.h"

#include "base/bytes.h"
#include "signature/clearsign.h"

#define FRONT "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
#define BACK  "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n"

/* No control but tab and line end, no blanks before a line end. */
static void check_text(bulla_bytes text)
{
    uint8_t before = '\n';
    for (size_t i = 0; i < text.len; before = text.ptr[i++]) {
        uint8_t c = text.ptr[i];
        BU_FUZZ_CHECK(c >= ' ' || c == '\t' || c == '\n');
        BU_FUZZ_CHECK(c != '\n' || (before != ' ' && before != '\t'));
    }
    BU_FUZZ_CHECK(before == '\n');
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
    BU_FUZZ_CHECK(bulla_ok(status));
    BU_FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&again.text), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_clearsigned) message = { 0 };
    size_t count = 0;
    bulla_error err = { 0 };
    bulla_status status = bu_clearsigned_read((bulla_bytes){ data, size }, &message, &err);
    if (bulla_ok(status)) {
        check_text(bu_buf_bytes(&message.text));
        check_again(bu_buf_bytes(&message.text));
        (void)bu_packets_only(bu_buf_bytes(&message.packets), "\x02", &count, &err);
    } else {
        BU_FUZZ_CHECK(err.code == status.code && err.text[0] != '\0' && err.line > 0);
    }
    if (bulla_ok(bu_packets_only((bulla_bytes){ data, size }, "\x02", &count, &err)))
        BU_FUZZ_CHECK(count >= 1 && count <= size / 2);
    return 0;
}
