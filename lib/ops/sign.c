/* SPDX-License-Identifier: MIT */
/*
 * The public calls that sign: files become subjects, a statement becomes an
 * envelope. Each file is opened once; what was made is opened again with the
 * public key before it is handed out.
 */
#include "bulla/sign.h"

#include "base/limits.h"
#include "ops/seal.h"
#include "ops/subjects.h"

bulla_status bulla_sign(const bulla_secret_key *key, const bulla_sign_options *options,
                        const char *const *files, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_subjects) self = { 0 };
    BU_TRY(bu_seal_options_check(options, err));
    if (!bu_is_envelope(options))
        return bu_seal_file(key, options, files, out, err);
    BU_TRY(bu_subjects_start(&self, err));
    BU_TRY(bu_subjects_add_files(&self, files, err));
    return bu_subjects_seal(&self, key, NULL, BULLA_LIT(BULLA_PREDICATE_SIGNATURE), BULLA_LIT("{}"),
                            out, err);
}

bulla_status bulla_cosign(const bulla_secret_key *key, bulla_bytes envelope,
                          const char *const *files, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_subjects) self = { 0 };
    BU_CLEAR(bu_buf) cosigned = { 0 };
    bu_dsse dsse;
    BU_TRY(bu_subjects_start(&self, err));
    BU_TRY(bu_subjects_add_files(&self, files, err));
    BU_TRY(bu_subjects_read_envelope(&self, envelope, &dsse, err));
    BU_TRY(bu_dsse_cosign(&dsse, key, &cosigned, err));
    return bu_subjects_hand_out(&self, key, &cosigned, out, err);
}

/* The predicate's own file as a subject, unless its bytes are one already. */
static bulla_status add_document(bu_subjects *self, const char *path,
                                 const bulla_digest_set *digests, bulla_error *err)
{
    const bu_statement files = { .subjects = self->items, .count = self->count };
    bulla_bytes name;
    if (bu_statement_is_about(&files, digests))
        return BU_OK;
    BU_TRY(bu_in_file(err, bu_signed_name(path, &name, err), path));
    BU_TRY(bu_subjects_add(self, name, digests, err));
    return bu_subjects_sort(self, err);
}

static bulla_status add_predicate(bu_subjects *self, const char *type, const char *path,
                                  bu_buf *content, bu_predicate_choice *choice, bulla_error *err)
{
    BU_AUTO(bu_json) document = NULL;
    bulla_digest_set digests;
    BU_TRY(bu_in_file(
        err, bu_subjects_measure(self, path, BU_LIMIT_METADATA_BYTES, content, &digests, err),
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
    BU_CLEAR(bu_subjects) self = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    bu_predicate_choice choice;
    BU_TRY(bu_seal_options_check(options, err));
    BU_TRY(bu_subjects_start(&self, err));
    BU_TRY(bu_subjects_add_files(&self, files, err));
    BU_TRY(add_predicate(&self, type, predicate, &content, &choice, err));
    return bu_subjects_seal(&self, key, options, choice.type, bu_buf_bytes(&content), out, err);
}
