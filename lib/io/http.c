/* SPDX-License-Identifier: MIT */
/*
 * HTTPS through libcurl, of which this is the one door. Whatever a server or
 * a redirect asks for beyond one bounded file over TLS from a public address
 * is refused.
 */
#include "io/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "digest/hasher.h"
#include "io/address.h"

#define REDIRECTS       3L
#define CONNECT_SECONDS 30L

/* What the callbacks know of a transfer, and why they ended it. */
typedef struct transfer {
    const bu_http_request *request;
    bu_buf body;
    bool too_large, refused_address;
} transfer;

/*
 * Judged here, after the name was resolved and for the very address that is used: no rebinding in
 * between.
 */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    transfer *t = context;
    (void)purpose;
    bool allowed = t->request->allow_loopback_http ? bu_address_is_loopback(&address->addr)
                                                   : bu_address_is_public(&address->addr);
    if (t->request->proxy == NULL && t->request->private_host == NULL && !allowed) {
        t->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    transfer *t = context;
    size_t len = size * count; /* libcurl: size is always 1 */
    t->too_large = len > t->request->max - t->body.len;
    if (t->too_large)
        return CURL_WRITEFUNC_ERROR;
    bu_buf_add(&t->body, (bulla_bytes){ (const uint8_t *)bytes, len });
    return t->body.broken ? CURL_WRITEFUNC_ERROR : len;
}

static void curl_auto(CURL **curl)
{
    curl_easy_cleanup(*curl);
}

static void headers_auto(struct curl_slist **headers)
{
    curl_slist_free_all(*headers);
}

static void url_auto(CURLU **url)
{
    curl_url_cleanup(*url);
}

static bulla_status check_host(CURLU *url, const char *wanted, bulla_error *err)
{
    char *host = NULL;
    if (wanted == NULL)
        return BU_OK;
    if (curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return bu_no_memory(err);
    bool same = strcmp(host, wanted) == 0;
    curl_free(host);
    return same ? BU_OK
                : bu_fail(err, BULLA_E_UNTRUSTED_SOURCE, "the URL is of another host than %s",
                          wanted);
}

/**
 * https, or http where that is allowed, with a host and without credentials: argv is no place for a
 * secret.
 */
static bulla_status check_url(const bu_http_request *request, bulla_error *err)
{
    __attribute__((cleanup(url_auto))) CURLU *url = curl_url();
    char *scheme = NULL;
    CURLUcode code = url == NULL
                         ? CURLUE_OUT_OF_MEMORY
                         : curl_url_set(url, CURLUPART_URL, request->url, CURLU_DISALLOW_USER);
    if (code == CURLUE_OK)
        code = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    if (code == CURLUE_OUT_OF_MEMORY)
        return bu_no_memory(err);
    if (code != CURLUE_OK && code != CURLUE_UNSUPPORTED_SCHEME)
        return bu_fail(err, BULLA_E_USAGE, "this is no URL to fetch: %s", curl_url_strerror(code));
    bool allowed =
        scheme != NULL && (strcmp(scheme, "https") == 0 ||
                           (request->allow_loopback_http && strcmp(scheme, "http") == 0));
    curl_free(scheme);
    if (!allowed)
        return bu_next(err, bu_fail(err, BULLA_E_INSECURE_SOURCE, "only https is fetched"),
                       "name an address that begins with https://");
    return check_host(url, request->private_host, err);
}

/** libcurl's own codes for what is not simply "the network failed". */
static const struct {
    CURLcode from;
    bulla_code to;
    bulla_exit exit;
} causes[] = {
    { CURLE_UNSUPPORTED_PROTOCOL, BULLA_E_INSECURE_SOURCE, BULLA_EXIT_DENIED },
    { CURLE_PEER_FAILED_VERIFICATION, BULLA_E_UNTRUSTED_CHAIN, BULLA_EXIT_DENIED },
    { CURLE_TOO_MANY_REDIRECTS, BULLA_E_BAD_STATUS, BULLA_EXIT_IO },
    { CURLE_PARTIAL_FILE, BULLA_E_TRUNCATED, BULLA_EXIT_IO },
    { CURLE_GOT_NOTHING, BULLA_E_TRUNCATED, BULLA_EXIT_IO },
    { CURLE_OPERATION_TIMEDOUT, BULLA_E_RESOURCE_LIMIT, BULLA_EXIT_IO },
    { CURLE_OUT_OF_MEMORY, BULLA_E_NO_MEMORY, BULLA_EXIT_INTERNAL },
};

static bulla_status explain(const transfer *t, CURLcode code, bulla_error *err)
{
    if (t->refused_address)
        return bu_fail(err, BULLA_E_UNTRUSTED_SOURCE, "the host has an address that is not public");
    if (t->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "the body has more than %llu bytes",
                       (unsigned long long)t->request->max);
    if (t->body.broken)
        return bu_no_memory(err);
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].from == code)
            return bu_as(
                err, bu_fail(err, causes[i].to, "cannot be fetched: %s", curl_easy_strerror(code)),
                causes[i].exit);
    return bu_fail(err, BULLA_E_UNREADABLE, "cannot be fetched: %s", curl_easy_strerror(code));
}

/** All that libcurl is told, or the first thing that it does not take. */
static CURLcode set_up(CURL *curl, transfer *t)
{
    const bu_http_request *request = t->request;
    const char *schemes = request->allow_loopback_http ? "http,https" : "https";
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        { CURLOPT_NOSIGNAL, 1 },
        { CURLOPT_FOLLOWLOCATION, request->post.ptr == NULL && request->private_host == NULL },
        { CURLOPT_MAXREDIRS, REDIRECTS },
        { CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS },
        { CURLOPT_TIMEOUT, (long)request->seconds },
        { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
        { CURLOPT_SSL_VERIFYPEER, 1 },
        { CURLOPT_SSL_VERIFYHOST, 2 },
        { CURLOPT_NETRC, CURL_NETRC_IGNORED },
    };
    const struct {
        CURLoption option;
        const void *value;
    } pointers[] = {
        { CURLOPT_URL, request->url },
        { CURLOPT_PROTOCOLS_STR, schemes },
        { CURLOPT_REDIR_PROTOCOLS_STR, schemes },
        { CURLOPT_PROXY,
          request->proxy == NULL ? "" : request->proxy }, /* "": not the environment's */
        { CURLOPT_NOPROXY, "" },
        { CURLOPT_USERAGENT, "bulla-fetch/" BULLA_VERSION },
        { CURLOPT_WRITEDATA, t },
        { CURLOPT_OPENSOCKETDATA, t },
    };
    CURLcode code = CURLE_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && code == CURLE_OK; i++)
        code = curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0] && code == CURLE_OK; i++)
        code = curl_easy_setopt(curl, pointers[i].option, pointers[i].value);
    return code;
}

/** What is sent; libcurl borrows it, and the headers. */
static CURLcode set_up_post(CURL *curl, const bu_http_request *request, struct curl_slist *headers)
{
    if (request->post.ptr == NULL)
        return CURLE_OK;
    CURLcode code = curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)request->post.ptr);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->post.len);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return code;
}

/** What differs in type, so that no table can hold it. */
static CURLcode set_up_rest(CURL *curl, const bu_http_request *request)
{
    CURLcode code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->max);
    if (code == CURLE_OK && request->authorities != NULL)
        code = curl_easy_setopt(curl, CURLOPT_CAINFO, request->authorities);
    if (code == CURLE_OK && request->authorities != NULL)
        code = curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    return code;
}

/** "Content-Type: …" as libcurl wants it; NULL when there is no memory. */
static struct curl_slist *headers_of(const bu_http_request *request)
{
    BU_CLEAR(bu_buf) line = { 0 };
    bu_buf_add_format(&line, "Content-Type: %s",
                      request->content_type == NULL ? "application/octet-stream"
                                                    : request->content_type);
    return line.broken ? NULL : curl_slist_append(NULL, (const char *)line.ptr);
}

/* Stores of objects say 403 of what they do not have. */
static bulla_status check_answer(long answer, bulla_error *err)
{
    if (answer == 200)
        return BU_OK;
    bulla_code code = answer == 403 || answer == 404 ? BULLA_E_MISSING_FILE : BULLA_E_BAD_STATUS;
    bulla_status status = bu_fail(err, code, "the server answers with status %ld, not 200", answer);
    return code == BULLA_E_MISSING_FILE ? status : bu_as(err, status, BULLA_EXIT_IO);
}

static bulla_status transmit(transfer *t, bulla_error *err)
{
    __attribute__((cleanup(headers_auto))) struct curl_slist *headers = headers_of(t->request);
    __attribute__((cleanup(curl_auto))) CURL *curl = curl_easy_init();
    long answer = 0;
    if (curl == NULL || headers == NULL)
        return bu_no_memory(err);
    CURLcode code = set_up(curl, t);
    if (code == CURLE_OK)
        code = set_up_post(curl, t->request, headers);
    if (code == CURLE_OK)
        code = set_up_rest(curl, t->request);
    if (code == CURLE_OK)
        code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    if (code != CURLE_OK)
        return explain(t, code, err);
    return check_answer(answer, err);
}

static bulla_status check_digest(const bulla_digest *want, bulla_bytes body, bulla_error *err)
{
    bulla_digest got;
    char want_hex[BULLA_DIGEST_HEX_MAX], got_hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, body, &got, err));
    if (bulla_digest_equal(want, &got))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_HASH_MISMATCH,
                                  "the body does not have the SHA-256 that was asked for");
    return bu_expected(err, status, bu_bytes_of(bulla_digest_hex(want, want_hex)),
                       bu_bytes_of(bulla_digest_hex(&got, got_hex)));
}

/* The body is held in memory until it is known to be good, so that nothing else ever gets out. */
static bulla_status fetch(transfer *t, const bulla_digest *want, bu_buf *out, bulla_error *err)
{
    BU_TRY(transmit(t, err));
    if (want->alg != BULLA_ALG_NONE)
        BU_TRY(check_digest(want, bu_buf_bytes(&t->body), err));
    bu_buf_add(out, bu_buf_bytes(&t->body));
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_http_fetch(const bu_http_request *request, bu_buf *out, bulla_error *err)
{
    transfer t = { .request = request };
    bulla_digest want = { 0 };
    char name[sizeof err->file];
    /* Errors name the URL without its query: that is where tokens are. */
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(request->url, "?#"), request->url);
    if (request->sha256 != NULL &&
        !bulla_ok(bu_digest_from_hex(BULLA_ALG_SHA256, bu_bytes_of(request->sha256), &want, NULL)))
        return bu_fail(err, BULLA_E_USAGE, "a SHA-256 has 64 hex digits, not %s", request->sha256);
    if (request->content_type != NULL && strpbrk(request->content_type, "\r\n") != NULL)
        return bu_fail(err, BULLA_E_USAGE, "a content type is one line");
    BU_TRY(bu_in_file(err, check_url(request, err), name));
    bulla_status status = fetch(&t, &want, out, err);
    bu_buf_clear(&t.body);
    return bu_in_file(err, status, name);
}
