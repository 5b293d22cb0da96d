/* SPDX-License-Identifier: MIT */
/*
 * Files as messages.
 */
#include "evidence/file_message.h"

#include "base/limits.h"

bulla_status bu_file_digests(bu_worker *w, const bu_folder *folder, const char *path, bu_algs algs,
                             bulla_digest_set *out, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(folder, path, UINT64_MAX, &file, err));
    bu_tap tap;
    BU_TRY(bu_tap_init(&tap, &file.base, w->hasher, algs, err));
    BU_TRY(bu_in_file(err, bu_tap_drain(&tap, w->scratch, err), path));
    BU_TRY(bu_tap_finish(&tap, out, err));
    return bu_in_file(err, bu_file_unchanged(&file, err), path);
}

static bulla_status has_changed(const bu_file_message *m, bulla_error *err)
{
    return bu_in_file(err, bu_fail(err, BULLA_E_BAD_DATA, "the file changed while it was verified"),
                      m->path);
}

static bool is_same(const bu_file_message *m, const bulla_digest_set *digests)
{
    return bulla_digest_equal(bulla_digest_set_get(digests, BULLA_ALG_SHA256),
                              bulla_digest_set_get(&m->base.digests, BULLA_ALG_SHA256));
}

/* Another digest of the same bytes, not of what has their name by now. */
static bulla_status digest_again(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err)
{
    bu_file_message *m = context;
    bulla_digest_set digests;
    if (!bulla_alg_is_of_bytes(alg))
        return bu_fail(err, BULLA_E_MISSING_HASH, "no %s of this file is known",
                       bulla_alg_name(alg));
    BU_TRY(bu_file_digests(m->w, m->folder, m->path, BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(alg),
                           &digests, err));
    if (!is_same(m, &digests))
        return has_changed(m, err);
    *out = *bulla_digest_set_get(&digests, alg);
    return BU_OK;
}

/* A signature over the bytes needs them whole: the same that were hashed. */
static bulla_status read_again(void *context, bu_buf *out, bulla_error *err)
{
    bu_file_message *m = context;
    bulla_digest_set digests = { 0 };
    bulla_digest now;
    BU_TRY(bu_file_slurp(m->folder, m->path, BU_LIMIT_DOCUMENT_BYTES, out, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(out), &now, err));
    BU_TRY(bu_digest_set_add(&digests, &now, err));
    return is_same(m, &digests) ? BU_OK : has_changed(m, err);
}

/* What `use` read counts only when these were the bytes that were hashed. */
static bulla_status stream_again(void *context, bu_message_use *use, void *user, bulla_error *err)
{
    bu_file_message *m = context;
    bu_tap tap;
    bulla_digest_set digests;
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(m->folder, m->path, UINT64_MAX, &file, err));
    BU_TRY(bu_tap_init(&tap, &file.base, m->w->hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    BU_TRY(use(user, &tap.base, err));
    BU_TRY(bu_in_file(err, bu_tap_drain(&tap, m->w->scratch, err), m->path));
    BU_TRY(bu_tap_finish(&tap, &digests, err));
    return is_same(m, &digests) ? BU_OK : has_changed(m, err);
}

void bu_file_message_init(bu_file_message *out, bu_worker *w, const bu_folder *folder,
                          const char *path, const char *name, const bulla_digest_set *digests)
{
    *out = (bu_file_message){
        .base = { .name = name, .digests = *digests }, .w = w, .folder = folder, .path = path
    };
    if (path == NULL)
        return;
    out->base.digest = digest_again;
    out->base.read = read_again;
    out->base.stream = stream_again;
    out->base.context = out;
}
