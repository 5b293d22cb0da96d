/* SPDX-License-Identifier: MIT */
/*
 * RPM packages, and their headers alone: what is accepted has every value
 * inside of its store.
 */
#include "package.h"

#include "archive/rpm_header.h"

static void check_header(bulla_bytes in)
{
    static const bu_rpm_tag tags[] = { BU_RPM_NAME, BU_RPM_VERSION, BU_RPM_EPOCH,
                                       BU_RPM_PAYLOAD_DIGEST };
    bu_rpm_header header;
    bulla_error err = { 0 };
    bulla_status status = bu_rpm_header_open(in, &header, &err);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, in.len);
        return;
    }
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        bulla_bytes text;
        bool there;
        uint32_t number;
        if (bulla_ok(bu_rpm_text(&header, tags[i], &text, &err)) && text.ptr != NULL)
            FUZZ_CHECK(text.ptr >= in.ptr && text.ptr + text.len < in.ptr + in.len);
        (void)bulla_ok(bu_rpm_number(&header, tags[i], &there, &number, &err));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes in = fuzz_copy(data, size);
    check_header(in);
    (void)fuzz_walk_package("pkg:rpm/fedora/demo@1-0", "rpm", "1-0", in);
    fuzz_free(in);
    return 0;
}
