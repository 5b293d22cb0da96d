/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that change a trust store.
 */
#ifndef BU_CMD_EDIT_H
#define BU_CMD_EDIT_H

#include "command.h"

typedef struct bu_edit_args {
    bu_words keys;
    const char *trust, *proposal;
    bu_moment expires;
    bu_count passphrase_fd;
} bu_edit_args;

/** The rows for a member `edit` of the arguments: whose keys sign. */
#define BU_EDIT_KEYS(args)                                                                         \
    { "key", 'k', "FILE", "a private key of the store's owners to sign with",                      \
      BU_FIELD(args, edit.keys) },                                                                 \
    {                                                                                              \
        "passphrase-fd", 0, "N", "read the passphrases, one a line, from this descriptor",         \
            BU_FIELD(args, edit.passphrase_fd)                                                     \
    }

/** The same, of a change: also until when, and where it goes when more people must sign. */
#define BU_EDIT_OPTIONS(args)                                                                      \
    BU_EDIT_KEYS(args),                                                                            \
        { "expires", 0, "TIME", "when the new metadata expires (default: in a year)",              \
          BU_FIELD(args, edit.expires) },                                                          \
    {                                                                                              \
        "proposal", 0, "FILE",                                                                     \
            "where to write it when others must sign, too (default: trust-N.proposal.json)",       \
            BU_FIELD(args, edit.proposal)                                                          \
    }

/** Which store. */
#define BU_EDIT_TRUST(args)                                                                        \
    {                                                                                              \
        "trust", 0, "DIR", "the store (default: the nearest .bulla/trust)",                        \
            BU_FIELD(args, edit.trust)                                                             \
    }

/** A key that is enrolled. */
typedef struct bu_enrol_args {
    const char *public_key, *proof, *custody;
    bool allow_no_proof;
    bu_words environments;
    bu_moment from, until, review_by;
} bu_enrol_args;

/** The rows for a member `enrol` of the arguments. */
#define BU_ENROL_OPTIONS(args)                                                                     \
    { "public-key", 0, "FILE",                                                                     \
      "enrol this public key (PEM, minisign, OpenSSH …) or certificate (OpenPGP, X.509)",          \
      BU_FIELD(args, enrol.public_key) },                                                          \
        { "proof", 0, "FILE", "its proof of possession (default: FILE.proof beside FILE.pub)",     \
          BU_FIELD(args, enrol.proof) },                                                           \
        { "allow-no-proof", 0, NULL, "enrol a key that does not prove whose it is",                \
          BU_FIELD(args, enrol.allow_no_proof) },                                                  \
        { "custody",                                                                               \
          0,                                                                                       \
          "PLACE",                                                                                 \
          "where its private key is: file, token, hsm or offline",                                 \
          BU_FIELD(args, enrol.custody),                                                           \
          .values = "file token hsm offline" },                                                    \
        { "environment", 0, "NAME", "the key counts in this environment only",                     \
          BU_FIELD(args, enrol.environments) },                                                    \
        { "from", 0, "TIME", "the key counts from this time on", BU_FIELD(args, enrol.from) },     \
        { "until", 0, "TIME", "the key counts until this time", BU_FIELD(args, enrol.until) },     \
    {                                                                                              \
        "review-by", 0, "TIME", "the key sleeps after this time, until it is renewed",             \
            BU_FIELD(args, enrol.review_by)                                                        \
    }

/** A number of people, when it is given: 1 or more. Fails with usage. */
BULLA_MUST_USE bulla_status bu_number_check(const bu_count *count, const char *option,
                                            bulla_error *err);

/** What these rows say, as the library takes it. */
bulla_trust_enrolment bu_enrolment(const bu_enrol_args *args);

/** An edit with its keys open, and what became of it. */
typedef struct bu_edit {
    bulla_trust_edit edit;
    bulla_secret_key **keys; /* in the arena; each to be freed */
    bulla_trust_outcome outcome;
} bu_edit;
void bu_edit_clear(bu_edit *edit);
BU_DEFINE_CLEAR(bu_edit)

/** Open the keys and settle times. Fails with usage, and as keys do. */
BULLA_MUST_USE bulla_status bu_edit_begin(bu_cli *cli, const bu_edit_args *args, const char *folder,
                                          bu_edit *out, bulla_error *err);
/** The same for a change of the store that is named, or else of the nearest. */
BULLA_MUST_USE bulla_status bu_edit_change(bu_cli *cli, const bu_edit_args *args, bu_edit *out,
                                           bulla_error *err);
/** The same to sign a proposal, which may make a new store: .bulla/trust when there is none. */
BULLA_MUST_USE bulla_status bu_edit_open(bu_cli *cli, const bu_edit_args *args, bu_edit *out,
                                         bulla_error *err);
/** Say what became of a proposal, written back to its file (NULL: not). Fails with write-error. */
BULLA_MUST_USE bulla_status bu_edit_signed(const bu_edit *edit, const char *file, bulla_error *err);
/** Say what became of it: write the proposal when others must sign, too. Fails with write-error. */
BULLA_MUST_USE bulla_status bu_edit_end(bu_cli *cli, const bu_edit_args *args, const bu_edit *edit,
                                        bulla_error *err);

#endif
