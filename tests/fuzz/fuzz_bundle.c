/* SPDX-License-Identifier: MIT */
/*
 * Sigstore bundles: what is refused says why; what is read stays within its limits, describes
 * itself, and no key that signed nothing vouches by it. Targets: bu_bundle_parse,
 * bu_bundle_describe, bu_bundle_verify, bu_rekor_is_about.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "signature/key.h"
#include "trust/rekor.h"

static const bu_anchors *anchors(void)
{
    static bu_anchors all;
    static bu_secret_key *key;
    bulla_error err = { 0 };
    if (key != NULL)
        return &all;
    FUZZ_CHECK(bulla_ok(bu_secret_key_new(BULLA_KEY_ECDSA_P256, &key, &err)));
    FUZZ_CHECK(bulla_ok(bu_anchors_start(&all, &err)));
    bu_anchor *anchor = bu_anchors_add(&all);
    FUZZ_CHECK(anchor != NULL);
    anchor->key = bu_secret_key_public(key);
    return &all;
}

static void check_entries(const bu_bundle *bundle, const bu_message *message, bu_arena *arena)
{
    bulla_error err = { 0 };
    const bu_logged about = {
        .signature = bundle->signature,
        .certificate = bundle->certificate_count > 0 ? bundle->certificates[0] : (bulla_bytes){ 0 },
        .key = anchors()->items[0].key,
        .envelope = bundle->is_dsse ? &bundle->dsse : NULL,
        .message = message,
    };
    for (size_t i = 0; i < bundle->entry_count; i++) {
        bulla_status status = bu_rekor_is_about(&bundle->entries[i], &about, arena, &err);
        if (!bulla_ok(status))
            FUZZ_CHECK(err.code == status.code && err.text[0] != '\0');
    }
}

static void check_read(const bu_bundle *bundle, bu_arena *arena)
{
    bulla_error err = { 0 };
    bu_vouched vouched = { 0 };
    bu_message message = { .name = "nothing",
                           .digests = { 1, { { .alg = BULLA_ALG_SHA256, .len = 32 } } } };
    bu_description description = { .arena = arena };
    const bu_check check = { .file = "bundle",
                             .message = &message,
                             .anchors = anchors(),
                             .now = INT32_MAX,
                             .arena = arena };
    FUZZ_CHECK(bundle->minor >= 1 && bundle->minor <= 3);
    FUZZ_CHECK(bundle->entry_count <= BU_LIMIT_LOG_ENTRIES);
    FUZZ_CHECK(bundle->timestamp_count <= BU_LIMIT_TIMESTAMPS);
    FUZZ_CHECK(bundle->certificate_count <= BU_LIMIT_CERTIFICATES);
    FUZZ_CHECK(!bundle->is_dsse || bundle->dsse.count == 1);
    check_entries(bundle, &message, arena);
    (void)bulla_ok(bu_bundle_describe(bundle, &description, &err));
    FUZZ_CHECK(!bulla_ok(bu_bundle_verify(bundle, &check, &vouched, &err)));
    FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_bundle bundle = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status status = bu_bundle_parse(text, "bundle", arena, &bundle, &err);
    fuzz_free(text); /* all that was read lives in the arena */
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, size);
    else
        check_read(&bundle, arena);
    return 0;
}
