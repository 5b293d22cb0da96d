/* SPDX-License-Identifier: MIT */
/*
 * The program `bulla-fetch`: the only one that may use the network. What it
 * brings is a file like any other, still to be verified.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "command.h"
#include "io/http.h"

#define CHUNK 65536

typedef struct args {
    bu_words operands; /* URL, FILE */
    bu_count max, seconds;
    const char *sha256, *authorities, *post, *content_type, *private_host;
    bool allow_loopback_http, proxy, quiet_missing;
} args;

static const bu_option options[] = {
    { "max", 0, "BYTES", "refuse a larger body (default: 268435456)", BU_FIELD(args, max) },
    { "seconds", 0, "N", "give up after this time (default: 600)", BU_FIELD(args, seconds) },
    { "sha256", 0, "HEX", "refuse a body with another digest", BU_FIELD(args, sha256) },
    { "authorities", 0, "FILE", "trust these certificates (PEM) instead of the system's",
      BU_FIELD(args, authorities) },
    { "post", 0, "FILE", "send this by POST; - is standard input", BU_FIELD(args, post) },
    { "content-type", 0, "TYPE", "media type of what is sent", BU_FIELD(args, content_type) },
    { "proxy-from-environment", 0, NULL, "use the proxy that https_proxy names",
      BU_FIELD(args, proxy) },
    { "allow-private-host", 0, "HOST",
      "this host of the URL may have an address that is not public", BU_FIELD(args, private_host),
      .excludes = "proxy-from-environment" },
    { "quiet-missing", 0, NULL, "say nothing, but exit with 3, when there is no file",
      BU_FIELD(args, quiet_missing) },
    { "allow-loopback-http", 0, NULL, "for tests: http too, but only to this machine itself",
      BU_FIELD(args, allow_loopback_http) },
    { 0 },
};

static bulla_status read_input(bu_buf *out, bulla_error *err)
{
    size_t got = 1;
    while (got > 0) {
        uint8_t *room = bu_buf_room(out, CHUNK);
        if (room == NULL)
            return bu_no_memory(err);
        got = fread(room, 1, CHUNK, stdin);
        bu_buf_added(out, got);
        if (out->len > BU_LIMIT_DOCUMENT_BYTES)
            return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "standard input has more than %u bytes",
                           BU_LIMIT_DOCUMENT_BYTES);
    }
    if (ferror(stdin))
        return bu_fail(err, BULLA_E_UNREADABLE, "standard input cannot be read");
    return BU_OK;
}

static bulla_status read_post(const char *path, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) content = { 0 };
    if (path == NULL)
        return BU_OK;
    if (strcmp(path, "-") == 0)
        return read_input(out, err);
    BU_TRY(bulla_file_read(path, &content, err));
    bu_buf_add(out, bu_buffer_bytes(&content));
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status check(const bu_cli *cli, const args *a, const bu_http_request *request,
                          bulla_error *err)
{
    if (request->max < 1 || request->max > BU_LIMIT_ARCHIVE_BYTES)
        return bu_fail(err, BULLA_E_USAGE, "--max wants 1 to %llu", BU_LIMIT_ARCHIVE_BYTES);
    if (request->seconds < 1 || request->seconds > 86400)
        return bu_fail(err, BULLA_E_USAGE, "--seconds wants 1 to 86400");
    if (a->proxy && cli->environment.proxy == NULL)
        return bu_fail(err, BULLA_E_USAGE, "https_proxy is not set");
    if (a->content_type != NULL && a->post == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--content-type wants --post FILE");
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_buf) post = { 0 };
    BU_CLEAR(bu_buf) body = { 0 };
    bu_http_request request = {
        .url = a->operands.items[0],
        .content_type = a->content_type,
        .max = a->max.given ? a->max.value : BU_LIMIT_DOCUMENT_BYTES,
        .seconds = a->seconds.given ? a->seconds.value : 600,
        .sha256 = a->sha256,
        .authorities = a->authorities,
        .proxy = a->proxy ? cli->environment.proxy : NULL,
        .private_host = a->private_host,
        .allow_loopback_http = a->allow_loopback_http,
    };
    BU_TRY(check(cli, a, &request, err));
    BU_TRY(read_post(a->post, &post, err));
    request.post = a->post == NULL ? (bulla_bytes){ 0 } : bu_buf_bytes(&post);
    bulla_status status = bu_http_fetch(&request, &body, err);
    if (status.code == BULLA_E_MISSING_FILE && a->quiet_missing) {
        cli->exit = BULLA_EXIT_UNPROVEN;
        return BU_OK;
    }
    BU_TRY(status);
    return bu_cli_write(a->operands.items[1], bu_buf_bytes(&body), err);
}

static const bu_command fetch = {
    .name = "fetch",
    .summary = "fetch one file over https",
    .about =
        "Fetch one file over https and write it whole, or not at all; - is standard output. It is "
        "not trusted for that: verify it like any other file.",
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
