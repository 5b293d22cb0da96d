/* SPDX-License-Identifier: MIT */
/*
 * What the speed of opening envelopes is measured against (tools/bench).
 *   dsse-floor make KIND COUNT KEY LINES CHECKS: a key, envelopes with statements as build systems
 *     write them, a line each, and what is signed in them with its signatures, already taken apart
 *   dsse-floor check KEY CHECKS: the signature checks alone, with the libraries that bulla uses
 */
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "signature/crypto.h"
#include "signature/dsse.h"

static void need(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "dsse-floor: %s\n", what);
    exit(1);
}

static void ok(bulla_status status, const bulla_error *err)
{
    need(bulla_ok(status), err->text);
}

static void write_all(FILE *file, const void *bytes, size_t len)
{
    need(fwrite(bytes, 1, len, file) == len, "cannot write");
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "wb");
    need(file != NULL, "cannot open");
    return file;
}

/* A statement about the `n`th archive; about 850 bytes, as those of package registries. */
static void add_statement(unsigned n, bu_buf *out)
{
    uint8_t digest[crypto_hash_sha512_BYTES];
    (void)crypto_hash_sha512(digest, (const uint8_t *)&n, sizeof n);
    bu_buf_add_format(out,
                      "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":"
                      "\"package-%u-1.0.%u.tgz\",\"digest\":{\"sha512\":\"",
                      n, n % 50);
    for (size_t i = 0; i < sizeof digest; i++)
        bu_buf_add_format(out, "%02x", digest[i]);
    bu_buf_add_format(
        out,
        "\"}}],\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{"
        "\"buildDefinition\":{\"buildType\":\"https://build.example/type@v1\","
        "\"externalParameters\":{\"workflow\":{\"ref\":\"refs/tags/v1.0.%u\",\"repository\":"
        "\"https://git.example/group/package-%u\",\"path\":\".ci/release.yml\"}},"
        "\"internalParameters\":{\"event\":\"push\",\"run\":\"%u\"},\"resolvedDependencies\":[{"
        "\"uri\":\"git+https://git.example/group/package-%u\"}]},\"runDetails\":{\"builder\":{"
        "\"id\":\"https://build.example/runner/v2\"},\"metadata\":{\"invocationId\":"
        "\"https://build.example/run/%u/attempts/1\"}}}}",
        n % 50, n, 100000 + n, n, n);
}

/* A length of four bytes, and the bytes. */
static void write_part(FILE *file, bulla_bytes part)
{
    uint32_t len = (uint32_t)part.len;
    write_all(file, &len, sizeof len);
    write_all(file, part.ptr, part.len);
}

static void make_one(const bu_secret_key *key, unsigned n, FILE *lines, FILE *checks)
{
    bulla_error err;
    bu_dsse envelope;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) statement = { 0 };
    BU_CLEAR(bu_buf) line = { 0 };
    add_statement(n, &statement);
    ok(bu_dsse_seal(key, bu_bytes_of(BU_PAYLOAD_TYPE_INTOTO), bu_buf_bytes(&statement), &line,
                    &err),
       &err);
    ok(bu_dsse_parse(bu_buf_bytes(&line), "line", arena, &envelope, &err), &err);
    write_all(lines, line.ptr, line.len);
    write_all(lines, "\n", 1);
    write_part(checks, envelope.pae);
    write_part(checks, envelope.signatures[0].sig);
}

static void make(const char *kind, unsigned count, const char *key_path, const char *lines_path,
                 const char *checks_path)
{
    bulla_error err;
    BU_AUTO(bu_secret_key) key = NULL;
    BU_CLEAR(bu_buf) pem = { 0 };
    bool is_ed25519 = strcmp(kind, "ed25519") == 0;
    ok(bu_secret_key_new(is_ed25519 ? BULLA_KEY_ED25519 : BULLA_KEY_ECDSA_P256, &key, &err), &err);
    bu_key_write_pem(bu_secret_key_public(key), &pem);
    FILE *out = create(key_path);
    write_all(out, pem.ptr, pem.len);
    need(fclose(out) == 0, "cannot write");
    FILE *lines = create(lines_path);
    FILE *checks = create(checks_path);
    for (unsigned n = 0; n < count; n++)
        make_one(key, n, lines, checks);
    need(fclose(lines) == 0 && fclose(checks) == 0, "cannot write");
}

static bulla_bytes read_part(FILE *file, uint8_t room[4096])
{
    uint32_t len;
    if (fread(&len, sizeof len, 1, file) != 1)
        return (bulla_bytes){ 0 };
    need(len <= 4096 && fread(room, 1, len, file) == len, "a part without its end");
    return (bulla_bytes){ room, len };
}

/* P-256, with all that can be kept from one check to the next. */
typedef struct p256 {
    EVP_PKEY_CTX *key;
    EVP_MD *sha256;
    EVP_MD_CTX *hashing;
} p256;

static p256 p256_open(const bu_key *key)
{
    p256 p = { .key = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL),
               .sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL),
               .hashing = EVP_MD_CTX_new() };
    need(p.key != NULL && p.sha256 != NULL && p.hashing != NULL && EVP_PKEY_verify_init(p.key) == 1,
         "no P-256");
    return p;
}

static bool p256_check(const p256 *p, bulla_bytes message, bulla_bytes signature)
{
    uint8_t digest[32];
    unsigned len = sizeof digest;
    return EVP_DigestInit_ex2(p->hashing, p->sha256, NULL) == 1 &&
           EVP_DigestUpdate(p->hashing, message.ptr, message.len) == 1 &&
           EVP_DigestFinal_ex(p->hashing, digest, &len) == 1 &&
           EVP_PKEY_verify(p->key, signature.ptr, signature.len, digest, len) == 1;
}

static void check(const char *key_path, const char *checks_path)
{
    static uint8_t message_room[4096], signature_room[4096];
    char pem[1024];
    bulla_error err;
    bu_key *key = NULL; /* lives as long as the program, as what is made of it */
    FILE *in = fopen(key_path, "rb");
    need(in != NULL, "cannot open");
    size_t len = fread(pem, 1, sizeof pem, in);
    ok(bu_key_read((bulla_bytes){ (const uint8_t *)pem, len }, &key, &err), &err);
    bool is_ed25519 = bu_key_kind(key) == BULLA_KEY_ED25519;
    p256 p = is_ed25519 ? (p256){ 0 } : p256_open(key);
    FILE *checks = fopen(checks_path, "rb");
    need(checks != NULL, "cannot open");
    for (;;) {
        bulla_bytes message = read_part(checks, message_room);
        bulla_bytes signature = read_part(checks, signature_room);
        if (message.ptr == NULL)
            break;
        need(is_ed25519 ? crypto_sign_verify_detached(signature.ptr, message.ptr, message.len,
                                                      key->point.ptr) == 0
                        : p256_check(&p, message, signature),
             "a signature that does not verify");
    }
}

int main(int argc, char **argv)
{
    need(sodium_init() >= 0, "no libsodium");
    if (argc == 7 && strcmp(argv[1], "make") == 0)
        make(argv[2], (unsigned)strtoul(argv[3], NULL, 10), argv[4], argv[5], argv[6]);
    else
        need(argc == 4 && strcmp(argv[1], "check") == 0,
             "make KIND COUNT KEY LINES CHECKS | check KEY CHECKS");
    if (argc == 4)
        check(argv[2], argv[3]);
    return 0;
}
