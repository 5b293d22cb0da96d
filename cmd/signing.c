/* SPDX-License-Identifier: MIT */
/*
 * Opening a key for signing. A key that another program keeps is asked for
 * through that program, a time stamp through bulla-fetch: bulla itself opens
 * no socket. What either answers is verified by the library.
 */
#include "signing.h"

#include <string.h>

#include "base/bytes.h"
#include "network.h"
#include "program.h"

#define SIGNER_SECONDS     120 /* a person may have to touch a token */
#define SIGNER_SECONDS_MAX 3600
#define STAMP_BYTES        1048576 /* of a time-stamping authority's answer */
#define STAMP_SECONDS      60
#define TEXT(number)       TEXT_OF(number)
#define TEXT_OF(number)    #number

static bulla_status ask_program(void *context, const char *algorithm, bulla_bytes input,
                                uint8_t *out, size_t cap, size_t *len, bulla_error *err)
{
    const bu_signing *self = context;
    BU_CLEAR(bu_buf) answer = { 0 };
    const bu_program program = { self->words, input, cap, self->seconds };
    (void)algorithm; /* the digest on its input is of that algorithm; its key knows the rest */
    BU_TRY(bu_program_run(&program, &answer, err));
    if (answer.len > 0)
        memcpy(out, answer.ptr, answer.len);
    *len = answer.len;
    return BU_OK;
}

static bulla_status ask_authority(void *context, bulla_bytes request, bulla_buffer *response,
                                  bulla_error *err)
{
    const bu_signing *self = context;
    BU_CLEAR(bu_buf) answer = { 0 };
    const char *words[16] = { self->tool,
                              "--post",
                              "-",
                              "--content-type",
                              "application/timestamp-query",
                              "--max",
                              TEXT(STAMP_BYTES),
                              "--seconds",
                              TEXT(STAMP_SECONDS) };
    size_t count = 9;
    if (self->args->allow_loopback_http)
        words[count++] = "--allow-loopback-http";
    if (self->cli->environment.proxy != NULL)
        words[count++] = "--proxy-from-environment";
    words[count++] = "--";
    words[count++] = self->args->timestamp;
    words[count++] = "-";
    const bu_program program = { words, request, STAMP_BYTES, STAMP_SECONDS + 5 };
    BU_TRY(bu_program_run(&program, &answer, err));
    return bu_buf_take(&answer, response, err);
}

/* Words parted by blanks; nothing else has a meaning, for no shell is asked. */
static bulla_status split(bu_cli *cli, const char *text, const char ***out, bulla_error *err)
{
    bu_words words = { 0 };
    bulla_bytes rest = bu_bytes_trim(bu_bytes_of(text));
    while (rest.len > 0) {
        size_t end = bu_bytes_find(rest, ' ');
        const char *word = bu_arena_text(cli->arena, bu_bytes_first(rest, end));
        if (word == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_words_add(cli, &words, word, err));
        rest = bu_bytes_trim(bu_bytes_from(rest, end));
    }
    *out = words.items;
    return words.count == 0 ? bu_fail(err, BULLA_E_USAGE, "--signer names no program") : BU_OK;
}

static bulla_status open_signer(bu_cli *cli, bu_signing *self, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) public = { 0 };
    const bulla_signer signer = { ask_program, NULL, self };
    const bu_count *seconds = &self->args->signer_seconds;
    if (self->args->public_key == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--signer wants --public-key FILE");
    if (seconds->given && (seconds->value < 1 || seconds->value > SIGNER_SECONDS_MAX))
        return bu_fail(err, BULLA_E_USAGE, "--signer-seconds wants 1 to %d", SIGNER_SECONDS_MAX);
    self->seconds = seconds->given ? (int64_t)seconds->value : SIGNER_SECONDS;
    BU_TRY(split(cli, self->args->signer, &self->words, err));
    BU_TRY(bulla_file_read(self->args->public_key, &public, err));
    return bu_in_file(
        err, bulla_secret_key_elsewhere(bu_buffer_bytes(&public), &signer, &self->key, err),
        self->args->public_key);
}

static bulla_status check_args(const bu_signing_args *args, bulla_error *err)
{
    if (args->key == NULL && args->signer == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--key KEY is needed");
    if ((args->public_key != NULL || args->signer_seconds.given) && args->signer == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--public-key and --signer-seconds want --signer CMD");
    if (args->allow_loopback_http && args->timestamp == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--allow-loopback-http wants --timestamp URL");
    return BU_OK;
}

bulla_status bu_signing_begin(bu_cli *cli, const bu_signing_args *args, const char *format,
                              bu_signing *out, bulla_error *err)
{
    *out = (bu_signing){ .options.format = format, .cli = cli, .args = args };
    BU_TRY(check_args(args, err));
    BU_TRY(bu_environment_epoch(&cli->environment, cli->environment.now, &out->options.now, err));
    if (args->timestamp != NULL) {
        BU_TRY(bu_fetch_find(cli, &out->tool, err));
        out->stamper = (bulla_stamper){ ask_authority, out };
        out->options.stamper = &out->stamper;
    }
    if (args->signer != NULL)
        return open_signer(cli, out, err);
    return bu_key_open(args->key, &args->passphrase_fd, &out->key, err);
}

void bu_signing_clear(bu_signing *signing)
{
    bulla_secret_key_free(signing->key);
    *signing = (bu_signing){ 0 };
}
