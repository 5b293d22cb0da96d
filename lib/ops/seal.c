/* SPDX-License-Identifier: MIT */
/*
 * Signing in the forms of other tools: the file is opened once, as the form
 * asks for its digest or its bytes; a time stamp is asked for by the caller and
 * judged here before it is kept.
 */
#include "ops/seal.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "io/file.h"
#include "signature/seal.h"
#include "trust/timestamp.h"

#define ENVELOPE        "dsse"
#define ENVELOPE_ENDING ".dsse.json"

bool bu_is_envelope(const bulla_sign_options *options)
{
    return options == NULL || options->format == NULL || strcmp(options->format, ENVELOPE) == 0;
}

const char *bulla_sign_ending(const char *format)
{
    const bu_seal *form = bu_seal_by_name(format);
    if (strcmp(format, ENVELOPE) == 0)
        return ENVELOPE_ENDING;
    return form == NULL ? NULL : form->ending;
}

bulla_status bu_seal_options_check(const bulla_sign_options *options, bulla_error *err)
{
    if (options == NULL)
        return BU_OK;
    const bu_seal *form = bu_is_envelope(options) ? NULL : bu_seal_by_name(options->format);
    if (form == NULL && !bu_is_envelope(options))
        return bu_fail(err, BULLA_E_USAGE, "no signature form is called %s", options->format);
    if (options->algorithm != NULL && (form == NULL || !form->takes_algorithm))
        return bu_fail(err, BULLA_E_USAGE, "this form chooses its algorithm itself");
    if (options->algorithm != NULL && bu_algorithm_by_name(bu_bytes_of(options->algorithm)) == NULL)
        return bu_fail(err, BULLA_E_USAGE, "no algorithm is called %s", options->algorithm);
    if (options->stamper != NULL && (form == NULL || !form->takes_stamp))
        return bu_fail(err, BULLA_E_USAGE, "this form has no place for a time stamp");
    return BU_OK;
}

bulla_status bu_signed_name(const char *path, bulla_bytes *out, bulla_error *err)
{
    size_t at;
    *out = bu_bytes_of(bu_path_name(path));
    if (bu_utf8_hides(*out, &at))
        return bu_fail(err, BULLA_E_CONTROL_CHARACTER, "the name hides something at byte %zu", at);
    return BU_OK;
}

/* What the callbacks of a form know. */
typedef struct sealing {
    const char *path;
    const bulla_stamper *stamper;
} sealing;

static bulla_status digest_of(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err)
{
    const sealing *self = context;
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    bulla_digest_set set;
    bu_tap tap;
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_open(NULL, self->path, BU_LIMIT_ARCHIVE_BYTES, &file, err));
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_tap_init(&tap, &file.base, hasher, BU_ALGS(alg), err));
    BU_TRY(bu_tap_drain(&tap, scratch, err));
    BU_TRY(bu_tap_finish(&tap, &set, err));
    *out = set.items[0];
    return bu_file_unchanged(&file, err);
}

static bulla_status read_file(void *context, bu_buf *out, bulla_error *err)
{
    const sealing *self = context;
    return bu_file_slurp(NULL, self->path, BU_LIMIT_DOCUMENT_BYTES, out, err);
}

static bulla_status stamp(void *context, bulla_bytes signature, bu_buf *out, bulla_error *err)
{
    const sealing *self = context;
    bulla_digest digest;
    BU_CLEAR(bu_buf) request = { 0 };
    bulla_buffer response = { 0 };
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, signature, &digest, err));
    BU_TRY(bu_timestamp_ask(&digest, &request, err));
    bulla_status status =
        self->stamper->ask(self->stamper->context, bu_buf_bytes(&request), &response, err);
    if (bulla_ok(status))
        status = bu_within(err,
                           bu_timestamp_answers((bulla_bytes){ response.ptr, response.len },
                                                bu_buf_bytes(&request), err),
                           "the time-stamping authority's answer");
    if (bulla_ok(status))
        bu_buf_add(out, (bulla_bytes){ response.ptr, response.len });
    bulla_buffer_free(&response);
    BU_TRY(status);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bu_sealing sealing_of(const bulla_secret_key *key, const bulla_sign_options *options,
                             sealing *self)
{
    self->stamper = options->stamper;
    return (bu_sealing){
        .key = key,
        .algorithm = options->algorithm == NULL
                         ? NULL
                         : bu_algorithm_by_name(bu_bytes_of(options->algorithm)),
        .time = options->now,
        .digest = digest_of,
        .read = read_file,
        .stamp = self->stamper == NULL ? NULL : stamp,
        .context = self,
    };
}

bulla_status bu_seal_file(const bulla_secret_key *key, const bulla_sign_options *options,
                          const char *const *files, bulla_buffer *out, bulla_error *err)
{
    bulla_bytes name;
    BU_CLEAR(bu_buf) made = { 0 };
    if (files == NULL || files[0] == NULL)
        return bu_fail(err, BULLA_E_USAGE, "no file is given");
    if (files[1] != NULL)
        return bu_fail(err, BULLA_E_USAGE, "this form signs one file at a time");
    sealing self = { .path = files[0] };
    bu_sealing what = sealing_of(key, options, &self);
    BU_TRY(bu_in_file(err, bu_signed_name(files[0], &name, err), files[0]));
    what.name = (const char *)name.ptr;
    bulla_status status = bu_seal_by_name(options->format)->make(&what, &made, err);
    BU_TRY(bu_in_file(err, status, files[0]));
    return bu_buf_take(&made, out, err);
}

bulla_status bu_seal_payload(const bulla_secret_key *key, const bulla_sign_options *options,
                             bulla_bytes payload_type, bulla_bytes payload, bulla_buffer *out,
                             bulla_error *err)
{
    sealing self = { 0 };
    BU_CLEAR(bu_buf) made = { 0 };
    if (bu_seal_by_name(options->format) != &bu_seal_sigstore)
        return bu_fail(err, BULLA_E_USAGE, "%s cannot hold an attestation", options->format);
    bu_sealing what = sealing_of(key, options, &self);
    BU_TRY(bu_sigstore_envelope(&what, payload_type, payload, &made, err));
    return bu_buf_take(&made, out, err);
}
