/* SPDX-License-Identifier: MIT */
/*
 * The public calls that sign: files become subjects, a statement becomes an
 * envelope. Each file is opened once; what was made is opened again with the
 * public key before it is handed out.
 */
#include "bulla/sign.h"

#include "attest/statement.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "io/file.h"
#include "ops/seal.h"
#include "signature/dsse.h"

/* Files on their way to be the subjects of a statement. */
typedef struct signing {
    bu_arena *arena;
    bu_hasher *hasher;
    uint8_t *scratch; /* BU_IO_CHUNK bytes */
    bu_subject *subjects;
    size_t count;
} signing;

static void signing_clear(signing *self)
{
    bu_arena_free(self->arena);
    bu_hasher_free(self->hasher);
}
BU_DEFINE_CLEAR(signing)

static size_t count_of(const char *const *files)
{
    size_t count = 0;
    while (files != NULL && files[count] != NULL)
        count++;
    return count;
}

/* Room for that many subjects. */
static bulla_status signing_start(signing *self, size_t count, bulla_error *err)
{
    if (count > BU_LIMIT_SUBJECTS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u files", BU_LIMIT_SUBJECTS);
    self->arena = bu_arena_new();
    if (self->arena == NULL)
        return bu_no_memory(err);
    self->scratch = bu_arena_get(self->arena, BU_IO_CHUNK);
    self->subjects = bu_arena_get_array(self->arena, count, sizeof *self->subjects);
    if (self->scratch == NULL || self->subjects == NULL)
        return bu_no_memory(err);
    return bu_hasher_new(&self->hasher, err);
}

/* Read a file once, hash it, and keep its content when `content` is given. */
static bulla_status measure(signing *self, const char *path, uint64_t max, bu_buf *content,
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

static bulla_status add_file(signing *self, const char *path, bulla_error *err)
{
    bu_subject *subject = &self->subjects[self->count];
    BU_TRY(bu_in_file(err, bu_signed_name(path, &subject->name, err), path));
    BU_TRY(bu_in_file(
        err, measure(self, path, BU_LIMIT_ARCHIVE_BYTES, NULL, &subject->digests, err), path));
    self->count++;
    return BU_OK;
}

static int by_name(const void *a, const void *b)
{
    return bu_bytes_compare(((const bu_subject *)a)->name, ((const bu_subject *)b)->name);
}

/* The order of the files must not show in the bytes; two of one name could not be told apart. */
static bulla_status sort_subjects(signing *self, bulla_error *err)
{
    qsort(self->subjects, self->count, sizeof *self->subjects, by_name);
    for (size_t i = 1; i < self->count; i++)
        if (bu_bytes_equal(self->subjects[i - 1].name, self->subjects[i].name))
            return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "two files are named %.*s",
                           (int)self->subjects[i].name.len,
                           (const char *)self->subjects[i].name.ptr);
    return BU_OK;
}

/* `spare`: subjects beside the files. */
static bulla_status add_files(signing *self, const char *const *files, size_t spare,
                              bulla_error *err)
{
    size_t count = count_of(files);
    if (count == 0)
        return bu_fail(err, BULLA_E_USAGE, "no file is given");
    BU_TRY(signing_start(self, count + spare, err));
    for (size_t i = 0; i < count; i++)
        BU_TRY(add_file(self, files[i], err));
    return sort_subjects(self, err);
}

/* Both ways: each subject is one of the files, each file is a subject. */
static bulla_status check_about(const bu_statement *statement, const signing *self,
                                bulla_error *err)
{
    const bu_statement files = { .subjects = self->subjects, .count = self->count };
    for (size_t i = 0; i < self->count; i++)
        if (!bu_statement_is_about(statement, &self->subjects[i].digests))
            return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "the envelope is not about %.*s",
                           (int)self->subjects[i].name.len,
                           (const char *)self->subjects[i].name.ptr);
    for (size_t i = 0; i < statement->count; i++)
        if (!bu_statement_is_about(&files, &statement->subjects[i].digests))
            return bu_fail(err, BULLA_E_SUBJECT_MISMATCH,
                           "the envelope is also about %.*s, which is none of the files",
                           (int)statement->subjects[i].name.len,
                           (const char *)statement->subjects[i].name.ptr);
    return BU_OK;
}

/* Open an envelope as data and see that it is a statement about exactly these files. */
static bulla_status read_envelope(const signing *self, bulla_bytes json, bu_dsse *out,
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
static bulla_status hand_out(const signing *self, const bulla_secret_key *key, bu_buf *envelope,
                             bulla_buffer *out, bulla_error *err)
{
    const bu_key *keys[] = { bu_secret_key_public(key) };
    bool signed_by = false;
    bu_dsse made;
    bu_buf_add_byte(envelope, '\n');
    if (envelope->broken)
        return bu_no_memory(err);
    BU_TRY(read_envelope(self, bu_buf_bytes(envelope), &made, err));
    BU_TRY(bu_dsse_check(&made, keys, 1, &signed_by, err));
    if (!signed_by)
        return bu_fail(err, BULLA_E_INTERNAL, "the signature that was made does not verify");
    return bu_buf_take(envelope, out, err);
}

static bulla_status seal(const signing *self, const bulla_secret_key *key,
                         const bulla_sign_options *options, bulla_bytes type, bulla_bytes predicate,
                         bulla_buffer *out, bulla_error *err)
{
    const bu_statement statement = { self->subjects, self->count, type, predicate };
    BU_CLEAR(bu_buf) payload = { 0 };
    BU_CLEAR(bu_buf) envelope = { 0 };
    BU_TRY(bu_statement_write(&statement, &payload, err));
    if (!bu_is_envelope(options))
        return bu_seal_payload(key, options, BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO),
                               bu_buf_bytes(&payload), out, err);
    BU_TRY(bu_dsse_seal(key, BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), bu_buf_bytes(&payload), &envelope,
                        err));
    return hand_out(self, key, &envelope, out, err);
}

bulla_status bulla_sign(const bulla_secret_key *key, const bulla_sign_options *options,
                        const char *const *files, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(signing) self = { 0 };
    BU_TRY(bu_seal_options_check(options, err));
    if (!bu_is_envelope(options))
        return bu_seal_file(key, options, files, out, err);
    BU_TRY(add_files(&self, files, 0, err));
    return seal(&self, key, NULL, BULLA_LIT(BULLA_PREDICATE_SIGNATURE), BULLA_LIT("{}"), out, err);
}

bulla_status bulla_cosign(const bulla_secret_key *key, bulla_bytes envelope,
                          const char *const *files, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(signing) self = { 0 };
    BU_CLEAR(bu_buf) cosigned = { 0 };
    bu_dsse dsse;
    BU_TRY(add_files(&self, files, 0, err));
    BU_TRY(read_envelope(&self, envelope, &dsse, err));
    BU_TRY(bu_dsse_cosign(&dsse, key, &cosigned, err));
    return hand_out(&self, key, &cosigned, out, err);
}

/* The predicate's own file as a subject, unless its bytes are one already. */
static bulla_status add_document(signing *self, const char *path, const bulla_digest_set *digests,
                                 bulla_error *err)
{
    const bu_statement files = { .subjects = self->subjects, .count = self->count };
    if (bu_statement_is_about(&files, digests))
        return BU_OK;
    bu_subject *subject = &self->subjects[self->count++];
    BU_TRY(bu_in_file(err, bu_signed_name(path, &subject->name, err), path));
    subject->digests = *digests;
    return sort_subjects(self, err);
}

static bulla_status add_predicate(signing *self, const char *type, const char *path,
                                  bu_buf *content, bu_predicate_choice *choice, bulla_error *err)
{
    BU_AUTO(bu_json) document = NULL;
    bulla_digest_set digests;
    BU_TRY(bu_in_file(err, measure(self, path, BU_LIMIT_METADATA_BYTES, content, &digests, err),
                      path));
    BU_TRY(bu_json_parse(bu_buf_bytes(content), path, &document, err));
    bulla_status status = bu_predicate_choose(bu_bytes_of(type), document, path, choice, err);
    if (status.code == BULLA_E_BAD_TYPE) /* no evidence that is denied, but a wrong document */
        return bu_as(err, status, BULLA_EXIT_MALFORMED);
    BU_TRY(status);
    return choice->is_subject ? add_document(self, path, &digests, err) : BU_OK;
}

bulla_status bulla_attest(const bulla_secret_key *key, const bulla_sign_options *options,
                          const char *type, const char *predicate, const char *const *files,
                          bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(signing) self = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    bu_predicate_choice choice;
    BU_TRY(bu_seal_options_check(options, err));
    BU_TRY(add_files(&self, files, 1, err));
    BU_TRY(add_predicate(&self, type, predicate, &content, &choice, err));
    return seal(&self, key, options, choice.type, bu_buf_bytes(&content), out, err);
}
