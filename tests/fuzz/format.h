/* SPDX-License-Identifier: MIT */
/*
 * What targets of signature formats share: a file is taken apart, shown and checked against a key
 * that signed nothing. What is refused says why; nobody vouches.
 */
#ifndef FUZZ_FORMAT_H
#define FUZZ_FORMAT_H

#include "fuzz.h"

#include "signature/key.h"
#include "trust/vouch.h"

static inline const bu_anchors *fuzz_anchors(void)
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

/* All-zero digests stand for the bytes; seeds name them so. */
static inline void fuzz_format_one(const bu_format *format, const bu_check *check)
{
    bulla_error err = { 0 };
    bu_vouched vouched = { 0 };
    bulla_status status = format->verify(check, &vouched, &err);
    FUZZ_CHECK(!bulla_ok(status));
    FUZZ_CHECK(err.code == status.code && err.code != BULLA_E_INTERNAL && err.text[0] != '\0');
}

static inline void fuzz_format_parts(const bu_format *format, bu_check check)
{
    BU_CLEAR(bu_buf) list = { 0 };
    bulla_error err = { 0 };
    if (format->split == NULL) {
        fuzz_format_one(format, &check);
        return;
    }
    if (!bulla_ok(format->split(&check, &list, &err))) {
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
        return;
    }
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    for (size_t i = 0; i < list.len / sizeof *documents; i++) {
        check.content = documents[i];
        fuzz_format_one(format, &check);
    }
}

static inline void fuzz_format(const bu_format *format, const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes text = fuzz_copy(data, size);
    const bu_message message = { .name = "a-1.0.tar.gz",
                                 .digests = { 2,
                                              { { .alg = BULLA_ALG_SHA256, .len = 32 },
                                                { .alg = BULLA_ALG_SHA512, .len = 64 } } } };
    bulla_error err = { 0 };
    bu_description lines = { .arena = arena };
    (void)format->is(text);
    fuzz_format_parts(format, (bu_check){ .content = text,
                                          .file = "file",
                                          .message = &message,
                                          .anchors = fuzz_anchors(),
                                          .now = INT32_MAX,
                                          .arena = arena });
    if (!bulla_ok(format->describe(text, "file", &lines, &err)))
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    fuzz_free(text);
}

#endif
