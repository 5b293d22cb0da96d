/* SPDX-License-Identifier: MIT */
/*
 * The question goes through bulla-fetch, which opens the socket: to a loopback address, or over
 * https to the one host that is allowed, and nowhere else, whatever is answered.
 */
#include "opa.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "network.h"
#include "program.h"

#define SECONDS       10
#define SECONDS_MAX   600
#define GRACE_SECONDS 2 /* for bulla-fetch to say itself that it waited too long */

static bulla_status ask(void *context, bulla_bytes question, bulla_buffer *response,
                        bulla_error *err)
{
    const bu_opa *self = context;
    BU_CLEAR(bu_buf) answer = { 0 };
    char most[24], seconds[24];
    (void)snprintf(most, sizeof most, "%u", BU_LIMIT_ANSWER_BYTES);
    (void)snprintf(seconds, sizeof seconds, "%" PRIu64, self->seconds);
    const char *words[16] = {
        self->tool, "--post", "-",         "--content-type", "application/json",
        "--max",    most,     "--seconds", seconds
    };
    size_t count = 9;
    if (self->is_loopback) {
        words[count++] = "--allow-loopback-http";
    } else {
        words[count++] = "--allow-private-host";
        words[count++] = self->args->host;
    }
    words[count++] = "--";
    words[count++] = self->url;
    words[count++] = "-";
    const bu_program program = { words, question, BU_LIMIT_ANSWER_BYTES,
                                 (int64_t)self->seconds + GRACE_SECONDS };
    BU_TRY(bu_program_run(&program, &answer, err));
    return bu_buf_take(&answer, response, err);
}

static bulla_status check_args(const bu_opa_args *args, bulla_error *err)
{
    if (args->url == NULL && (args->host != NULL || args->seconds.given))
        return bu_fail(err, BULLA_E_USAGE, "--allow-opa-host and --opa-seconds want --opa URL");
    if (args->seconds.given && (args->seconds.value < 1 || args->seconds.value > SECONDS_MAX))
        return bu_fail(err, BULLA_E_USAGE, "--opa-seconds wants 1 to %d", SECONDS_MAX);
    return BU_OK;
}

/* "SCHEME://HOST[:PORT]/v1/data/PATH" → host, in brackets when it is an IPv6 address. */
static bulla_status host_of(bulla_bytes url, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_from(url, bu_bytes_starts(url, "https://") ? 8 : 7);
    bulla_bytes authority = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
    size_t bracket = bu_bytes_find(authority, ']');
    size_t start = bracket < authority.len ? bracket : 0;
    *out = bu_bytes_first(authority, start + bu_bytes_find(bu_bytes_from(authority, start), ':'));
    bool odd = bu_bytes_has(url, "?") || bu_bytes_has(url, "#") || bu_bytes_has(url, "@");
    if (out->len > 0 && !odd && bu_bytes_has(bu_bytes_from(rest, authority.len), "/v1/data/"))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_USAGE, "--opa wants a decision of OPA's data API");
    return bu_expected(err, status, BULLA_LIT("http://127.0.0.1:8181/v1/data/PATH"), url);
}

/* As they are written; which addresses they have, is judged when the socket is opened. */
static bool is_loopback(bulla_bytes host)
{
    return bu_bytes_is(host, "127.0.0.1") || bu_bytes_is(host, "[::1]") ||
           bu_bytes_is(host, "localhost");
}

static bulla_status check_url(const bu_opa_args *args, bu_opa *out, bulla_error *err)
{
    bulla_bytes url = bu_bytes_of(args->url), host;
    bool is_https = bu_bytes_starts(url, "https://");
    if (!is_https && !bu_bytes_starts(url, "http://"))
        return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "--opa wants a URL"),
                           BULLA_LIT("http://127.0.0.1:8181/v1/data/PATH"), url);
    BU_TRY(host_of(url, &host, err));
    out->is_loopback = is_loopback(host);
    if (out->is_loopback)
        return BU_OK;
    if (!is_https)
        return bu_as(err,
                     bu_fail(err, BULLA_E_INSECURE_SOURCE,
                             "an OPA on another machine is asked over https only"),
                     BULLA_EXIT_CONFIG);
    if (args->host != NULL && bu_bytes_is(host, args->host))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_USAGE,
                                  "an OPA on another machine has to be allowed: --allow-opa-host");
    return bu_expected(err, status, bu_bytes_of(args->host), host);
}

bulla_status bu_opa_begin(bu_cli *cli, const bu_opa_args *args, bu_opa *out, bulla_error *err)
{
    *out = (bu_opa){ .args = args, .seconds = args->seconds.given ? args->seconds.value : SECONDS };
    BU_TRY(check_args(args, err));
    if (args->url == NULL)
        return BU_OK;
    BU_TRY(check_url(args, out, err));
    BU_TRY(bu_fetch_find(cli, &out->tool, err));
    /* OPA: "provenance=true": which bundles it decides by, and their revisions. */
    out->url = bu_arena_format(cli->arena, "%s?provenance=true", args->url);
    out->decider = (bulla_decider){ args->url, ask, out };
    return out->url == NULL ? bu_no_memory(err) : BU_OK;
}
