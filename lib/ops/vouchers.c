/* SPDX-License-Identifier: MIT */
/*
 * Reading who may vouch, and opening documents with it.
 */
#include "ops/vouchers.h"

#include "base/limits.h"
#include "io/file.h"

/* GitHub's builders: who they are is judged with the provenance that they sign. */
#define BUILDER_IDENTITY "https://github.com/**"
#define BUILDER_ISSUER   "https://token.actions.githubusercontent.com"

bool bu_vouchers_given(const bulla_vouchers *vouchers)
{
    return bu_any(vouchers->keys) || vouchers->identity != NULL || vouchers->trusted_root != NULL;
}

const char *bu_vouchers_name(const bulla_vouchers *vouchers)
{
    if (bu_any(vouchers->keys))
        return vouchers->keys[0];
    return vouchers->identity != NULL ? vouchers->identity : vouchers->trusted_root;
}

static bulla_status read_file(const char *path, bu_anchors *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_as(err, bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err),
                 BULLA_EXIT_CONFIG));
    return bu_anchors_read(bu_buf_bytes(&text), path, out, err);
}

static bulla_status add_identity(const char *identity, const char *issuer, bu_anchors *out,
                                 bulla_error *err)
{
    bu_anchor *anchor = bu_anchors_add(out);
    if (anchor == NULL)
        return bu_no_memory(err);
    anchor->form = "identity";
    anchor->identity = anchor->who = bu_arena_text(out->arena, bu_bytes_of(identity));
    anchor->issuer = bu_arena_text(out->arena, bu_bytes_of(issuer));
    return anchor->identity == NULL || anchor->issuer == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_by_hand(const bulla_vouchers *vouchers, const bulla_build_expected *build,
                                 bu_anchors *out, bulla_error *err)
{
    if ((vouchers->identity == NULL) != (vouchers->issuer == NULL))
        return bu_fail(err, BULLA_E_USAGE,
                       "an identity is one only with who says so: --identity and --issuer");
    if (vouchers->identity != NULL && vouchers->trusted_root == NULL)
        return bu_fail(err, BULLA_E_USAGE,
                       "an identity is certified by an authority: name its --trusted-root");
    for (size_t i = 0; vouchers->keys != NULL && vouchers->keys[i] != NULL; i++)
        BU_TRY(read_file(vouchers->keys[i], out, err));
    if (vouchers->trusted_root != NULL)
        BU_TRY(read_file(vouchers->trusted_root, out, err));
    if (vouchers->identity != NULL)
        return add_identity(vouchers->identity, vouchers->issuer, out, err);
    return build->builder != NULL && build->source != NULL
               ? add_identity(BUILDER_IDENTITY, BUILDER_ISSUER, out, err)
               : BU_OK;
}

bulla_status bu_vouchers_open(const bulla_vouchers *vouchers, const bulla_build_expected *build,
                              const bulla_trust *trust, bu_anchors *out, bulla_error *err)
{
    BU_TRY(bu_anchors_start(out, err));
    if (bu_vouchers_given(vouchers) || vouchers->issuer != NULL)
        return read_by_hand(vouchers, build, out, err);
    return trust == NULL ? BU_OK : bu_trust_anchors(trust, out, err);
}

bulla_status bu_tile_folder_open(const char *path, bu_tile_folder *folder, const bu_tiles **out,
                                 bulla_error *err)
{
    *out = NULL;
    if (path == NULL)
        return BU_OK;
    BU_TRY(bu_as(err, bu_folder_open(path, &folder->folder, err), BULLA_EXIT_CONFIG));
    folder->tiles = bu_tiles_in(&folder->folder, BU_SUMDB_TILES);
    *out = &folder->tiles;
    return BU_OK;
}

/* Documents whose payloads are handed out. */
typedef struct opening {
    bu_check check;
    bu_tile_folder tiles;
    bu_arena *files; /* documents that were taken out of files */
    bu_buf payloads;
    size_t count;
    bool many;
} opening;

static void opening_clear(opening *o)
{
    bu_arena_free(o->check.arena);
    bu_arena_free(o->files);
    bu_folder_clear(&o->tiles.folder);
    bu_buf_clear(&o->payloads);
}
BU_DEFINE_CLEAR(opening)

static bulla_status open_document(opening *o, bulla_error *err)
{
    bu_vouched vouched;
    BU_AUTO(bu_payload) payload = NULL;
    const bu_format *format = bu_format_for(&o->check);
    if (format == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "is no signature of a known format");
    BU_TRY(format->verify(&o->check, &vouched, err));
    BU_TRY(bu_open_by_hand(o->check.anchors, &vouched, &payload, err));
    bu_buf_add(&o->payloads, bu_payload_bytes(payload));
    if (o->many)
        bu_buf_add_byte(&o->payloads, '\n');
    return o->payloads.broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status open_file(opening *o, const char *path, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) list = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_EVIDENCE_BYTES, &text, err));
    o->check.file = path;
    bu_check whole = o->check;
    whole.content = bu_buf_bytes(&text);
    whole.arena = o->files;
    BU_TRY(bu_in_file(err, bu_documents(&whole, &list, err), path));
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    size_t count = list.len / sizeof *documents;
    o->many = o->many || count > 1;
    for (size_t i = 0; i < count; i++) {
        o->check.content = documents[i];
        BU_TRY(bu_in_file(err, open_document(o, err), path));
        bu_arena_reset(o->check.arena);
    }
    return BU_OK;
}

bulla_status bulla_open_documents(const char *const *paths, const bulla_vouchers *vouchers,
                                  const char *tiles, int64_t now, bulla_buffer *payload,
                                  bulla_error *err)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_CLEAR(opening)
    o = { .check = { .anchors = &anchors, .now = now, .arena = bu_arena_new() },
          .files = bu_arena_new() };
    o.tiles.folder = BU_FOLDER_NONE;
    if (o.check.arena == NULL || o.files == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_tile_folder_open(tiles, &o.tiles, &o.check.tiles, err));
    const bulla_build_expected nothing = { 0 };
    BU_TRY(bu_vouchers_open(vouchers, &nothing, NULL, &anchors, err));
    o.many = paths[0] != NULL && paths[1] != NULL;
    for (size_t i = 0; paths[i] != NULL; i++)
        BU_TRY(open_file(&o, paths[i], err));
    return bu_buf_take(&o.payloads, payload, err);
}
