/* SPDX-License-Identifier: MIT */
/*
 * JOSE: who knows no key finds no signer; what is canonical JSON is so once and for all. Targets:
 * bu_jws_parse, bu_jws_check, bu_jsf_parse, bu_jsf_check, bu_jcs_write.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "signature/jcs.h"
#include "signature/jsf.h"
#include "signature/jws.h"

static void check_jws(bulla_bytes text, bu_arena *arena)
{
    BU_CLEAR(bu_jws) jws = { 0 };
    bu_jose_tally none = { .count = 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_jws_parse(text, "jws", arena, &jws, &err);
    if (!bulla_ok(status)) {
        FUZZ_CHECK(err.code == status.code && err.text[0] != '\0');
        return;
    }
    FUZZ_CHECK(jws.count >= 1 && jws.count <= BU_LIMIT_SIGNATURES);
    status = bu_jws_check(&jws, BULLA_LIT("message"), &none, &err);
    FUZZ_CHECK(status.code == BULLA_E_UNTRUSTED_KEY);
}

static void check_jsf(bulla_bytes text, bu_arena *arena)
{
    BU_CLEAR(bu_jsf) jsf = { 0 };
    bu_jose_tally none = { .count = 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_jsf_parse(text, "jsf", arena, &jsf, &err);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, text.len);
        return;
    }
    FUZZ_CHECK(jsf.count >= 1 && jsf.count <= BU_LIMIT_SIGNATURES);
    status = bu_jsf_check(&jsf, &none, &err);
    FUZZ_CHECK(status.code == BULLA_E_UNTRUSTED_KEY || status.code == BULLA_E_BAD_NUMBER);
}

/* False when there is no canonical form. */
static bool canonical(bulla_bytes text, bu_buf *out)
{
    BU_AUTO(bu_tree) tree = NULL;
    bulla_error err = { 0 };
    if (!bulla_ok(bu_json_load(text, "json", &tree, &err)))
        return false;
    const bu_jcs jcs = { .tree = tree };
    bulla_status status = bu_jcs_write(&jcs, bu_tree_root(tree), out, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, text.len);
    return bulla_ok(status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) once = { 0 };
    BU_CLEAR(bu_buf) twice = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    check_jws(text, arena);
    check_jsf(text, arena);
    if (canonical(text, &once)) {
        FUZZ_CHECK(canonical(bu_buf_bytes(&once), &twice));
        FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&once), bu_buf_bytes(&twice)));
    }
    fuzz_free(text);
    return 0;
}
