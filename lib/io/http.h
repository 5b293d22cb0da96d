/* SPDX-License-Identifier: MIT */
/*
 * One file from the network. Only bulla-fetch is linked with this: nothing
 * that verifies ever opens a socket.
 */
#ifndef BU_IO_HTTP_H
#define BU_IO_HTTP_H

#include "base/buf.h"

typedef struct bu_http_request {
    const char *url;          /* https, without user or password */
    bulla_bytes post;         /* sent by POST; ptr NULL: it is a GET */
    const char *content_type; /* of what is sent */
    uint64_t max;             /* bytes of the body */
    uint64_t seconds;         /* for all of it; 1 or more */
    const char *sha256;       /* hex that the body must have, or NULL */
    const char
        *authorities;  /* PEM file of certificates to trust instead of the system's, or NULL */
    const char *proxy; /* NULL: none; addresses are then the proxy's business */
    const char *private_host; /* the host of the URL, which may have any address; no redirect is
                                 followed then; NULL: public addresses only */
    bool allow_loopback_http; /* for tests: http too, but loopback addresses and nothing else */
} bu_http_request;

/**
 * GET a file, or send one by POST, and append the body that comes, whole or not at all. At most 3
 * redirects, all https, none of what is sent; TLS 1.2 or newer with certificate and name checked;
 * no credentials from any file, no proxy that is not named, no address of a private, local or
 * reserved range.
 * Fails with usage (the URL, the digest), insecure-source, untrusted-source (an address),
 * untrusted-chain (TLS), missing-file (status 403 or 404), bad-status, truncated, hash-mismatch,
 * resource-limit (size or time), unreadable (the network; exit class IO), no-memory.
 */
BULLA_MUST_USE bulla_status bu_http_fetch(const bu_http_request *request, bu_buf *out,
                                          bulla_error *err);

#endif
