/* SPDX-License-Identifier: MIT */
/*
 * What files say of themselves: documents that sign, packages that are signed within, keys.
 */
#include "evidence/inspect.h"

#include "base/limits.h"
#include "evidence/embedded.h"

static bulla_status add_document(bu_inspection *in, bulla_bytes content, bulla_error *err)
{
    bu_described *d = &in->items[in->count];
    const bu_format *format = bu_format_of(content);
    if (format == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "is no signature of a known format");
    *d = (bu_described){ format->id, format->title, { .arena = in->arena } };
    BU_TRY(format->describe(content, in->file, &d->claims, err));
    in->count++;
    return BU_OK;
}

static bulla_status describe_documents(bu_inspection *in, bulla_bytes content, bulla_error *err)
{
    BU_CLEAR(bu_buf) list = { 0 };
    const bu_check check = { .content = content, .file = in->file, .arena = in->arena };
    BU_TRY(bu_documents(&check, &list, err));
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    size_t count = list.len / sizeof *documents;
    in->count = 0;
    in->items = bu_arena_get_array(in->arena, count, sizeof *in->items);
    if (in->items == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++)
        BU_TRY(add_document(in, documents[i], err));
    return BU_OK;
}

/* A package may sign itself from within. */
static bulla_status describe_embedded(bu_inspection *in, const char *path, bool *found,
                                      bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(NULL, path, UINT64_MAX, &file, err));
    in->items = bu_arena_get(in->arena, sizeof *in->items);
    if (in->items == NULL)
        return bu_no_memory(err);
    *in->items =
        (bu_described){ "embedded", "package with a signature in it", { .arena = in->arena } };
    BU_TRY(bu_embedded_describe(&file, found, &in->items->claims, err));
    in->count = *found ? 1 : 0;
    return BU_OK;
}

/* Keys and certificates: each by what it is called. */
static bulla_status describe_anchors(bu_inspection *in, bulla_bytes content, bulla_error *err)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_TRY(bu_anchors_start(&anchors, err));
    BU_TRY(bu_anchors_read(content, in->file, &anchors, err));
    in->items = bu_arena_get(in->arena, sizeof *in->items);
    if (in->items == NULL)
        return bu_no_memory(err);
    *in->items = (bu_described){ "keys",
                                 "keys or certificates that may vouch, if you trust them",
                                 { .arena = in->arena } };
    in->count = 1;
    for (size_t i = 0; i < anchors.count; i++) {
        const bu_anchor *anchor = &anchors.items[i];
        BU_TRY(bu_describe(&in->items->claims, anchor->form, bu_bytes_of(anchor->who), err));
        if (anchor->name != NULL)
            BU_TRY(bu_describe(&in->items->claims, "name", bu_bytes_of(anchor->name), err));
    }
    return anchors.sigstore == NULL
               ? BU_OK
               : bu_describe(&in->items->claims, "trusted root",
                             BULLA_LIT("logs and authorities of Sigstore"), err);
}

void bu_inspection_clear(bu_inspection *in)
{
    bu_arena_free(in->arena);
    *in = (bu_inspection){ 0 };
}

static bulla_status describe_file(bu_inspection *in, const char *path, bulla_error *err)
{
    bool found = false;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(describe_embedded(in, path, &found, err));
    if (found)
        return BU_OK;
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_EVIDENCE_BYTES, &text, err));
    bulla_bytes content = bu_arena_copy(in->arena, bu_buf_bytes(&text));
    if (content.ptr == NULL && text.len > 0)
        return bu_no_memory(err);
    /* Keys and signatures of some tools look alike at their beginning. */
    bulla_status keys = bu_anchors_know(content) ? describe_anchors(in, content, err)
                                                 : bu_fail(err, BULLA_E_FORMAT_MISMATCH, "no key");
    if (bulla_ok(keys) || keys.code == BULLA_E_NO_MEMORY)
        return keys;
    bulla_error why = { 0 };
    bulla_status documents = describe_documents(in, content, &why);
    if (bulla_ok(documents) || keys.code == BULLA_E_FORMAT_MISMATCH) {
        if (err != NULL && !bulla_ok(documents))
            *err = why;
        return documents;
    }
    return keys;
}

bulla_status bu_inspect(const char *path, bu_inspection *out, bulla_error *err)
{
    BU_CLEAR(bu_inspection) in = { .arena = bu_arena_new(), .file = path };
    if (in.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, describe_file(&in, path, err), path));
    *out = in;
    in = (bu_inspection){ 0 };
    return BU_OK;
}
