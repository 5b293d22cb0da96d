/* SPDX-License-Identifier: MIT */
/*
 * Subjects of a statement. Each file is opened once; what was made is opened again with the public
 * key before it is handed out.
 */
#include "ops/subjects.h"

#include "base/limits.h"
#include "base/vec.h"
#include "io/file.h"
#include "ops/seal.h"

void bu_subjects_clear(bu_subjects *self)
{
    bu_arena_free(self->arena);
    bu_hasher_free(self->hasher);
    free(self->items);
    *self = (bu_subjects){ 0 };
}

bulla_status bu_subjects_start(bu_subjects *self, bulla_error *err)
{
    self->arena = bu_arena_new();
    self->scratch = self->arena == NULL ? NULL : bu_arena_get(self->arena, BU_IO_CHUNK);
    return self->scratch == NULL ? bu_no_memory(err) : bu_hasher_new(&self->hasher, err);
}

bulla_status bu_subjects_add(bu_subjects *self, bulla_bytes name, const bulla_digest_set *digests,
                             bulla_error *err)
{
    if (self->count == BU_LIMIT_SUBJECTS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u subjects", BU_LIMIT_SUBJECTS);
    BU_TRY(bu_vec_grow(&self->items, self->count, &self->cap, sizeof *self->items, err));
    self->items[self->count++] = (bu_subject){ name, *digests };
    return BU_OK;
}

/* Read a file once, hash it, and keep its content when `content` is given. */
bulla_status bu_subjects_measure(bu_subjects *self, const char *path, uint64_t max, bu_buf *content,
                                 bulla_digest_set *out, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    bu_tap tap;
    BU_TRY(bu_file_open(NULL, path, max, &file, err));
    BU_TRY(bu_tap_init(&tap, &file.base, self->hasher,
                       BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(BULLA_ALG_SHA512), err));
    if (content != NULL)
        BU_TRY(bu_source_slurp(&tap.base, max, content, err));
    BU_TRY(bu_tap_drain(&tap, self->scratch, err));
    BU_TRY(bu_tap_finish(&tap, out, err));
    return bu_file_unchanged(&file, err);
}

bulla_status bu_subjects_add_file(bu_subjects *self, const char *path, bulla_error *err)
{
    bulla_bytes name;
    bulla_digest_set digests;
    BU_TRY(bu_in_file(err, bu_signed_name(path, &name, err), path));
    BU_TRY(bu_in_file(
        err, bu_subjects_measure(self, path, BU_LIMIT_ARCHIVE_BYTES, NULL, &digests, err), path));
    return bu_subjects_add(self, name, &digests, err);
}

static int by_name(const void *a, const void *b)
{
    return bu_bytes_compare(((const bu_subject *)a)->name, ((const bu_subject *)b)->name);
}

/* The order of the files must not show in the bytes; two of one name could not be told apart. */
bulla_status bu_subjects_sort(bu_subjects *self, bulla_error *err)
{
    if (self->count > 0)
        qsort(self->items, self->count, sizeof *self->items, by_name);
    for (size_t i = 1; i < self->count; i++)
        if (self->items[i].name.len > 0 &&
            bu_bytes_equal(self->items[i - 1].name, self->items[i].name))
            return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "two files are named %.*s",
                           (int)self->items[i].name.len, (const char *)self->items[i].name.ptr);
    return BU_OK;
}

bulla_status bu_subjects_add_files(bu_subjects *self, const char *const *files, bulla_error *err)
{
    if (files == NULL || files[0] == NULL)
        return bu_fail(err, BULLA_E_USAGE, "no file is given");
    for (size_t i = 0; files[i] != NULL; i++)
        BU_TRY(bu_subjects_add_file(self, files[i], err));
    return bu_subjects_sort(self, err);
}

/* Both ways: each subject is one of the files, each file is a subject. */
static bulla_status check_about(const bu_statement *statement, const bu_subjects *self,
                                bulla_error *err)
{
    const bu_statement files = { .subjects = self->items, .count = self->count };
    for (size_t i = 0; i < self->count; i++)
        if (!bu_statement_is_about(statement, &self->items[i].digests))
            return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "the envelope is not about %.*s",
                           (int)self->items[i].name.len, (const char *)self->items[i].name.ptr);
    for (size_t i = 0; i < statement->count; i++)
        if (!bu_statement_is_about(&files, &statement->subjects[i].digests))
            return bu_fail(err, BULLA_E_SUBJECT_MISMATCH,
                           "the envelope is also about %.*s, which is none of the files",
                           (int)statement->subjects[i].name.len,
                           (const char *)statement->subjects[i].name.ptr);
    return BU_OK;
}

/* Open an envelope as data and see that it is a statement about exactly these files. */
bulla_status bu_subjects_read_envelope(const bu_subjects *self, bulla_bytes json, bu_dsse *out,
                                       bulla_error *err)
{
    bu_statement statement;
    BU_TRY(bu_dsse_parse(json, "envelope", self->arena, out, err));
    if (!bu_bytes_is(out->payload_type, BU_PAYLOAD_TYPE_INTOTO)) {
        bulla_status status =
            bu_fail(err, BULLA_E_BAD_TYPE, "the payload is not an in-toto statement");
        return bu_expected(err, status, BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), out->payload_type);
    }
    BU_TRY(bu_statement_parse(out->payload, "payload", self->arena, &statement, err));
    return check_about(&statement, self, err);
}

/* The last step of all: open what was made with the public key, then hand it out. */
bulla_status bu_subjects_hand_out(const bu_subjects *self, const bulla_secret_key *key,
                                  bu_buf *envelope, bulla_buffer *out, bulla_error *err)
{
    const bu_key *keys[] = { bu_secret_key_public(key) };
    bool signed_by = false;
    bu_dsse made;
    bu_buf_add_byte(envelope, '\n');
    if (envelope->broken)
        return bu_no_memory(err);
    BU_TRY(bu_subjects_read_envelope(self, bu_buf_bytes(envelope), &made, err));
    BU_TRY(bu_dsse_check(&made, keys, 1, &signed_by, err));
    if (!signed_by)
        return bu_fail(err, BULLA_E_INTERNAL, "the signature that was made does not verify");
    return bu_buf_take(envelope, out, err);
}

bulla_status bu_subjects_seal(const bu_subjects *self, const bulla_secret_key *key,
                              const bulla_sign_options *options, bulla_bytes type,
                              bulla_bytes predicate, bulla_buffer *out, bulla_error *err)
{
    const bu_statement statement = { self->items, self->count, type, predicate };
    BU_CLEAR(bu_buf) payload = { 0 };
    BU_CLEAR(bu_buf) envelope = { 0 };
    BU_TRY(bu_statement_write(&statement, &payload, err));
    if (!bu_is_envelope(options))
        return bu_seal_payload(key, options, BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO),
                               bu_buf_bytes(&payload), out, err);
    BU_TRY(bu_dsse_seal(key, BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), bu_buf_bytes(&payload), &envelope,
                        err));
    return bu_subjects_hand_out(self, key, &envelope, out, err);
}
