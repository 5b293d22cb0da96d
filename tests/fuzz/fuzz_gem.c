/* SPDX-License-Identifier: MIT */
/*
 * The texts in a gem: what is accepted has one name, which stands in a line of
 * its own, and is still there when any other line is put behind it.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "evidence/gem.h"

static bool is_inside(bulla_bytes part, bulla_bytes text)
{
    return part.len == 0 || (part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len);
}

/* Each takes something off, up to the first that is refused. */
static void check_certificates(bulla_bytes chain, bulla_bytes in)
{
    bulla_error err = { 0 };
    bulla_status status = { BULLA_OK };
    FUZZ_CHECK(is_inside(chain, in));
    while (chain.len > 0 && bulla_ok(status)) {
        bu_buf pem = { 0 };
        size_t before = chain.len;
        status = bu_gem_certificate(&chain, &pem, &err);
        FUZZ_CHECK(!bulla_ok(status) || chain.len < before);
        bu_buf_clear(&pem);
    }
}

static void check_gemspec(bulla_bytes in)
{
    bu_gemspec spec, again;
    bulla_error err = { 0 };
    bulla_status status = bu_gemspec_read(in, &spec, &err);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, in.len);
        return;
    }
    FUZZ_CHECK(spec.name.len > 0 && is_inside(spec.name, in));
    FUZZ_CHECK(spec.version.len > 0 && is_inside(spec.version, in));
    check_certificates(spec.cert_chain, in);
    bu_buf more = { 0 };
    bu_buf_add(&more, in);
    bu_buf_add_text(&more, "\nname: evil\n");
    FUZZ_CHECK(!more.broken);
    FUZZ_CHECK(!bulla_ok(bu_gemspec_read(bu_buf_bytes(&more), &again, &err)));
    bu_buf_clear(&more);
}

static void check_checksums(bulla_bytes in)
{
    bulla_digest_set sets[BU_GEM_PARTS];
    bulla_error err = { 0 };
    bulla_status status = bu_gem_checksums_read(in, sets, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, SIZE_MAX); /* an offset is that in decoded base64 */
    else
        FUZZ_CHECK(sets[BU_GEM_METADATA].count > 0 &&
                   sets[BU_GEM_METADATA].count == sets[BU_GEM_DATA].count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes in = fuzz_copy(data, size);
    check_gemspec(in);
    check_checksums(in);
    fuzz_free(in);
    return 0;
}
