/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that are about waivers: who may sign, by which policy, and where they
 * lie.
 */
#ifndef BU_CMD_WAIVE_H
#define BU_CMD_WAIVE_H

#include "command.h"

typedef struct bu_waive_args {
    bu_words waivers;
    const char *trust, *policy;
    bu_moment at;
} bu_waive_args;

/** The rows for a member `waive` of the arguments. */
#define BU_WAIVE_OPTIONS(args)                                                                     \
    { "waivers", 0, "DIR", "where they lie (default: the nearest .bulla/waivers)",                 \
      BU_FIELD(args, waive.waivers) },                                                             \
        { "trust", 0, "DIR", "who may waive (default: the nearest .bulla/trust)",                  \
          BU_FIELD(args, waive.trust) },                                                           \
        { "policy", 0, "FILE", "judge by this policy (default: nearest bulla.policy.toml)",        \
          BU_FIELD(args, waive.policy) },                                                          \
    {                                                                                              \
        "at", 0, "TIME", "judge by this time instead of now", BU_FIELD(args, waive.at)             \
    }

/** The rows for members `key` and `passphrase_fd` of the arguments: who signs. */
#define BU_WAIVE_KEY(args)                                                                         \
    { "key",                                                                                       \
      'k',                                                                                         \
      "KEY",                                                                                       \
      "your private key: a file, or a pkcs11: URI",                                                \
      BU_FIELD(args, key),                                                                         \
      .required = true },                                                                          \
    {                                                                                              \
        "passphrase-fd", 0, "N",                                                                   \
            "read the passphrase or PIN from this descriptor instead of the terminal",             \
            BU_FIELD(args, passphrase_fd)                                                          \
    }

/** What whoever approves or revokes says. */
typedef struct bu_waive_sign_args {
    bu_words operands;
    bu_waive_args waive;
    const char *key;
    bu_count passphrase_fd;
} bu_waive_sign_args;
extern const bu_option bu_waive_sign_options[];

/** Waivers as they lie there, and what they borrow from. */
typedef struct bu_waiving {
    bulla_waivers *waivers;
    bulla_trust *trust;
    bu_project project;
} bu_waiving;

/** Load them, or, where `file` is not NULL, what that holds. Fails as stores and policies do. */
BULLA_MUST_USE bulla_status bu_waiving_begin(bu_cli *cli, const bu_waive_args *args,
                                             const char *file, bu_waiving *out, bulla_error *err);
void bu_waiving_clear(bu_waiving *waiving);
BU_DEFINE_CLEAR(bu_waiving)

/**
 * Add lines to FOLDER/ID.jsonl in the first folder of these, else the nearest one of `start`, else
 * a new one beside the trust store; say where.
 */
BULLA_MUST_USE bulla_status bu_waiver_keep(bu_cli *cli, const bu_words *folders, const char *start,
                                           const char *id, bulla_bytes lines, bulla_error *err);

#endif
