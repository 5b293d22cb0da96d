/* SPDX-License-Identifier: MIT */
/*
 * Stanzas: it does not matter in which pieces the bytes come. The first byte
 * of the input says how large they are.
 */
#include "fuzz.h"

#include "syntax/lines.h"

typedef struct drip {
    bu_source base;
    bulla_bytes rest;
    size_t piece;
} drip;

static bulla_status drip_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    (void)err;
    drip *d = (drip *)self;
    *n = d->rest.len < d->piece ? d->rest.len : d->piece;
    *n = *n < cap ? *n : cap;
    if (*n > 0)
        memcpy(buf, d->rest.ptr, *n);
    d->rest = (bulla_bytes){ d->rest.ptr + *n, d->rest.len - *n };
    return BU_OK;
}

static void describe(const bu_stanza *stanza, bulla_bytes text, bu_buf *out)
{
    FUZZ_CHECK(stanza->count > 0 && stanza->offset < text.len);
    FUZZ_CHECK(stanza->fields[0].line == stanza->line);
    bu_buf_add_format(out, "%u %llu\n", stanza->line, (unsigned long long)stanza->offset);
    for (size_t i = 0; i < stanza->count; i++) {
        const bu_field *field = &stanza->fields[i];
        FUZZ_CHECK(field->name.len > 0);
        bu_buf_add(out, field->name);
        bu_buf_add(out, field->value);
        bu_buf_add_format(out, " %u\n", field->line);
    }
}

static bulla_status read_all(bulla_bytes text, size_t piece, bu_buf *out, bulla_error *err)
{
    drip source = { { drip_read }, text, piece };
    BU_AUTO(bu_stanzas) stanzas = NULL;
    BU_TRY(bu_stanzas_new(&source.base, "x", &stanzas, err));
    for (;;) {
        bu_stanza stanza;
        bool more;
        BU_TRY(bu_stanzas_next(stanzas, &stanza, &more, err));
        if (!more)
            return BU_OK;
        describe(&stanza, text, out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    bulla_bytes text = fuzz_copy(data + 1, size - 1);
    bulla_error whole_err = { 0 }, pieces_err = { 0 };
    BU_CLEAR(bu_buf) whole = { 0 };
    BU_CLEAR(bu_buf) pieces = { 0 };
    bulla_status status = read_all(text, SIZE_MAX, &whole, &whole_err);
    bulla_status again = read_all(text, (size_t)data[0] + 1, &pieces, &pieces_err);
    FUZZ_CHECK(status.code == again.code);
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&whole), bu_buf_bytes(&pieces)));
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &whole_err, size);
        FUZZ_CHECK(whole_err.offset == pieces_err.offset && whole_err.line == pieces_err.line);
    }
    fuzz_free(text);
    return 0;
}
