/* SPDX-License-Identifier: MIT */
/*
 * The program `bulla-fetch`: the only one that may use the network. What it
 * brings is a file like any other, still to be verified.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "command.h"
#include "io/http.h"

typedef struct args {
    bu_words operands; /* URL, FILE */
    bu_count max, seconds;
    const char *sha256, *authorities;
    bool allow_loopback_http, proxy;
} args;

static const bu_option options[] = {
    { "max", 0, "BYTES", "refuse a larger body (default: 268435456)", BU_FIELD(args, max) },
    { "seconds", 0, "N", "give up after this time (default: 600)", BU_FIELD(args, seconds) },
    { "sha256", 0, "HEX", "refuse a body with another digest", BU_FIELD(args, sha256) },
    { "authorities", 0, "FILE", "trust these certificates (PEM) instead of the system's",
      BU_FIELD(args, authorities) },
    { "proxy-from-environment", 0, NULL, "use the proxy that https_proxy names",
      BU_FIELD(args, proxy) },
    { "allow-loopback-http", 0, NULL, "for tests: http too, but only to this machine itself",
      BU_FIELD(args, allow_loopback_http) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_http_request request = {
        .url = a->operands.items[0],
        .max = a->max.given ? a->max.value : BU_LIMIT_DOCUMENT_BYTES,
        .seconds = a->seconds.given ? a->seconds.value : 600,
        .sha256 = a->sha256,
        .authorities = a->authorities,
        .proxy = a->proxy ? cli->environment.proxy : NULL,
        .allow_loopback_http = a->allow_loopback_http,
    };
    if (request.max < 1 || request.max > BU_LIMIT_ARCHIVE_BYTES)
        return bu_fail(err, BULLA_E_USAGE, "--max wants 1 to %llu", BU_LIMIT_ARCHIVE_BYTES);
    if (request.seconds < 1 || request.seconds > 86400)
        return bu_fail(err, BULLA_E_USAGE, "--seconds wants 1 to 86400");
    if (a->proxy && cli->environment.proxy == NULL)
        return bu_fail(err, BULLA_E_USAGE, "https_proxy is not set");
    return bu_http_fetch(&request, a->operands.items[1], err);
}

static const bu_command fetch = {
    .name = "fetch",
    .summary = "fetch one file over https",
    .about =
        "Fetch one file over https and write it whole, or not at all. It is not trusted for that: "
        "verify it like any other file.",
    .operands = "URL FILE",
    .wanted = "the URL and the file to write",
    .least = 2,
    .most = 2,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};

static bulla_status print_man(bulla_error *err)
{
    BU_CLEAR(bu_buf) page = { 0 };
    bu_man_write("bulla-fetch", (const bu_command *const[]){ &fetch }, 1, &page);
    return bu_cli_print(&page, err);
}

int main(int argc, char **argv)
{
    bu_cli cli;
    bulla_error err = { 0 };
    bulla_status status = bu_cli_start(&cli, "bulla-fetch", &err);
    /* What is wanted was read: the many variables that libcurl and OpenSSL know are not. */
    (void)clearenv();
    if (!bulla_ok(status) || argc < 1)
        return bu_cli_end(&cli, status, &err);
    if (argc == 2 && strcmp(argv[1], "--man") == 0) /* for the build, as bulla help --man */
        return bu_cli_end(&cli, print_man(&err), &err);
    return bu_cli_run(&cli, &fetch, argv + 1, (size_t)argc - 1);
}
