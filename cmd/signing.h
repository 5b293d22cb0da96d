/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that sign: which key, wherever it lives, and whose time stamp.
 */
#ifndef BU_CMD_SIGNING_H
#define BU_CMD_SIGNING_H

#include "command.h"

typedef struct bu_signing_args {
    const char *key, *signer, *public_key, *timestamp;
    bool allow_loopback_http;
    bu_count passphrase_fd, signer_seconds;
} bu_signing_args;

/** The rows for a member `signing` of the arguments. */
#define BU_SIGNING_OPTIONS(args)                                                                   \
    { "key",                                                                                       \
      'k',                                                                                         \
      "KEY",                                                                                       \
      "the private key to sign with: a file, or a pkcs11: URI",                                    \
      BU_FIELD(args, signing.key),                                                                 \
      .excludes = "signer" },                                                                      \
        { "signer", 0, "CMD",                                                                      \
          "sign with this program instead: digest on its standard input, signature on its output", \
          BU_FIELD(args, signing.signer) },                                                        \
        { "public-key", 0, "FILE", "whose signatures the program of --signer makes",               \
          BU_FIELD(args, signing.public_key) },                                                    \
        { "signer-seconds", 0, "N", "how long that program may take (default: 120)",               \
          BU_FIELD(args, signing.signer_seconds) },                                                \
        { "timestamp", 0, "URL",                                                                   \
          "ask this authority (RFC 3161) for a time stamp, for --format sigstore",                 \
          BU_FIELD(args, signing.timestamp) },                                                     \
        { "allow-loopback-http", 0, NULL, "for tests: --timestamp over http to this machine",      \
          BU_FIELD(args, signing.allow_loopback_http) },                                           \
    {                                                                                              \
        "passphrase-fd", 0, "N",                                                                   \
            "read the passphrase or PIN from this descriptor instead of the terminal",             \
            BU_FIELD(args, signing.passphrase_fd)                                                  \
    }

/** A key that is open, and how it signs. */
typedef struct bu_signing {
    bulla_secret_key *key;
    bulla_sign_options options; /* `stamper` borrows from here */
    bulla_stamper stamper;
    const char *tool; /* bulla-fetch, which lies beside this program */
    const bu_cli *cli;
    const bu_signing_args *args;
    const char **words; /* of --signer, ended by NULL */
    int64_t seconds;
} bu_signing;

/** Open the key. `out` must stay where it is. Fails with usage, and as keys do. */
BULLA_MUST_USE bulla_status bu_signing_begin(bu_cli *cli, const bu_signing_args *args,
                                             const char *format, bu_signing *out, bulla_error *err);
void bu_signing_clear(bu_signing *signing);
BU_DEFINE_CLEAR(bu_signing)

#endif
