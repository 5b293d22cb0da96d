/* SPDX-License-Identifier: MIT */
/*
 * Targets: proposals as somebody mails them, bu_proposal_read(), bu_amendment_open(). What is
 * refused says why; what is accepted is written so that it reads back as the same, and can be united
 * with itself; what it would make of a store is told in printable lines.
 */
#include "fuzz.h"

#include "base/bytes.h"
#include "trust/amendment.h"

static void check(bu_proposal *proposal)
{
    BU_CLEAR(bu_buf) once = { 0 };
    BU_CLEAR(bu_buf) twice = { 0 };
    BU_CLEAR(bu_proposal) copy = { 0 };
    FUZZ_CHECK(bulla_ok(bu_proposal_write(proposal, &once, NULL)));
    FUZZ_CHECK(bulla_ok(bu_proposal_read(bu_buf_bytes(&once), "copy", &copy, NULL)));
    FUZZ_CHECK(bulla_ok(bu_proposal_unite(proposal, &copy, NULL)));
    FUZZ_CHECK(bulla_ok(bu_proposal_write(proposal, &twice, NULL)));
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&once), bu_buf_bytes(&twice)));
}

static void judge(const bu_proposal *proposal)
{
    BU_CLEAR(bu_amendment) amendment = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_amendment_open(proposal, NULL, &amendment, &err);
    if (!bulla_ok(status)) {
        FUZZ_CHECK(err.code == status.code && err.code != BULLA_E_INTERNAL && err.text[0] != '\0');
        return;
    }
    FUZZ_CHECK(proposal->is_first);
    bu_amendment_write(&amendment, &text);
    FUZZ_CHECK(!text.broken && text.len > 0);
    for (size_t i = 0; i < text.len; i++)
        FUZZ_CHECK(text.ptr[i] == '\n' || (text.ptr[i] >= ' ' && text.ptr[i] != 0x7F));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    BU_CLEAR(bu_proposal) proposal = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_proposal_read(text, "proposal", &proposal, &err);
    if (bulla_ok(status)) {
        judge(&proposal);
        check(&proposal);
    } else {
        fuzz_check_refusal(status, &err, text.len);
    }
    fuzz_free(text);
    return 0;
}
