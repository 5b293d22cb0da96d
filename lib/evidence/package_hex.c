/* SPDX-License-Identifier: MIT */
/*
 * Hex packages, version 3: a plain tar archive of VERSION, CHECKSUM,
 * metadata.config and contents.tar.gz, in this order, which is how hex_core
 * writes them. The checksum is over the other three, end to end.
 */
#include "base/limits.h"
#include "evidence/erlang.h"
#include "evidence/package.h"

typedef enum part { VERSION, CHECKSUM, METADATA, CONTENTS, PARTS } part;

static const char *const names[PARTS] = { "VERSION", "CHECKSUM", "metadata.config",
                                          "contents.tar.gz" };

typedef struct hex {
    part next; /* that is due */
    bulla_bytes version, metadata;
    bulla_digest stated, had;
} hex;

static bulla_status check_name(bu_contents *contents, const bu_member *member, bool *want,
                               bulla_error *err)
{
    hex *h = contents->state;
    *want = true;
    const char *due = h->next < PARTS ? names[h->next] : "";
    if (bu_bytes_is(member->path, due) && member->kind == BU_MEMBER_FILE) {
        h->next++;
        return BU_OK;
    }
    return bu_expected(err, bu_fail(err, BULLA_E_BAD_HEADER, "a member out of its place"),
                       bu_bytes_of(due), member->path);
}

/* Passes the contents through, and hashes them behind what was hashed before. */
typedef struct hashed {
    bu_source base;
    bu_source *inner;
    bu_hasher *hasher;
} hashed;

static bulla_status hashed_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                bulla_error *err)
{
    hashed *h = (hashed *)self;
    BU_TRY(bu_source_read(h->inner, buf, cap, n, err));
    return bu_hasher_add(h->hasher, (bulla_bytes){ buf, *n }, err);
}

static bulla_status pass_member(void *context, const bu_member *member, bool *want,
                                bulla_error *err)
{
    (void)context;
    (void)member;
    (void)want;
    (void)err;
    return BU_OK;
}

/* The walk comes to the end of the contents, or fails. */
static bulla_status walk_contents(hex *h, bu_source *content, bulla_error *err)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    const bu_walk_visitor visitor = { .links = BU_LINKS_IN_TREE, .member = pass_member };
    bulla_digest_set digests;
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_hasher_start(hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    BU_TRY(bu_hasher_add(hasher, h->version, err));
    BU_TRY(bu_hasher_add(hasher, h->metadata, err));
    hashed source = { { hashed_read }, content, hasher };
    BU_TRY(bu_within(err, bu_walk_tar(&source.base, &visitor, err), "contents.tar.gz"));
    BU_TRY(bu_hasher_finish(hasher, &digests, err));
    h->had = digests.items[0];
    return BU_OK;
}

static bulla_status take_version(hex *h, bulla_bytes text, bulla_error *err)
{
    h->version = text;
    return bu_bytes_is(text, "3") ? BU_OK
                                  : bu_expected(err,
                                                bu_fail(err, BULLA_E_UNSUPPORTED_VERSION,
                                                        "a Hex package of another version"),
                                                BULLA_LIT("3"), text);
}

static bulla_status stream(bu_contents *contents, const bu_member *member, bu_source *content,
                           bulla_error *err)
{
    (void)member;
    hex *h = contents->state;
    part now = h->next - 1;
    if (now == CONTENTS)
        return walk_contents(h, content, err);
    BU_CLEAR(bu_buf) read = { 0 };
    BU_TRY(bu_source_slurp(content, BU_LIMIT_NAME_BYTES, &read, err));
    bulla_bytes text = bu_arena_copy(contents->arena, bu_buf_bytes(&read));
    if (text.len > 0 && text.ptr == NULL)
        return bu_no_memory(err);
    return now == VERSION ? take_version(h, text, err)
                          : bu_digest_from_hex(BULLA_ALG_SHA256, text, &h->stated, err);
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    hex *h = contents->state;
    bu_erlang_field fields[] = { { "name", { 0 } }, { "version", { 0 } } };
    h->metadata = bu_arena_copy(contents->arena, manifest);
    if (manifest.len > 0 && h->metadata.ptr == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_erlang_read(manifest, fields, 2, err));
    for (size_t i = 0; i < 2; i++)
        if (fields[i].value.len == 0)
            return bu_fail(err, BULLA_E_MISSING_FIELD, "no %s", fields[i].key);
    return bu_package_is(component, fields[0].value, fields[1].value, err);
}

static bulla_status finish(bu_contents *contents, bulla_error *err)
{
    const hex *h = contents->state;
    if (h->next < PARTS)
        return bu_as(err,
                     bu_fail(err, BULLA_E_MISSING_FILE, "the package has no %s", names[h->next]),
                     BULLA_EXIT_DENIED);
    if (!bulla_digest_equal(&h->stated, &h->had))
        return bu_fail(err, BULLA_E_CHECKSUM, "the parts have not the digest in CHECKSUM");
    return BU_OK;
}

static const char *const types[] = { "hex", NULL };

const bu_package_kind bu_package_hex = {
    .title = "Hex package",
    .types = types,
    .accepts = bu_begins_tar,
    .walk = bu_walk_tar,
    .manifest = "metadata.config",
    .place = bu_place_root,
    .judge = judge,
    .state_size = sizeof(hex),
    .member = check_name,
    .stream = stream,
    .finish = finish,
};
