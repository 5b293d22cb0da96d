/* SPDX-License-Identifier: MIT */
/*
 * Statements for people, as bulla attest takes them: no predicate to write, but options.
 */
#ifndef BU_CMD_DECIDING_H
#define BU_CMD_DECIDING_H

#include "signing.h"

typedef struct bu_deciding_args {
    const char *role, *environment, *decision, *package, *from, *publisher, *issuer, *reason;
    const char *lockfile, *evidence;
    bu_words scope, authors, fields;
    bu_moment until, at;
} bu_deciding_args;

/** The rows for a member `deciding` of the arguments. */
#define BU_DECIDING_OPTIONS(args)                                                                  \
    { "role", 0, "ROLE", "decide in this role: it counts in no other",                             \
      BU_FIELD(args, deciding.role) },                                                             \
        { "environment", 0, "NAME", "decide for this environment: it counts in no other",          \
          BU_FIELD(args, deciding.environment) },                                                  \
        { "decision",                                                                              \
          0,                                                                                       \
          "WORD",                                                                                  \
          "approve (default) or reject",                                                           \
          BU_FIELD(args, deciding.decision),                                                       \
          .values = "approve reject" },                                                            \
        { "reason", 0, "WORD", "why: a word of the type's list",                                   \
          BU_FIELD(args, deciding.reason) },                                                       \
        { "until", 0, "TIME", "it counts until this time", BU_FIELD(args, deciding.until) },       \
        { "at", 0, "TIME", "decided at this time (default: SOURCE_DATE_EPOCH, else now)",          \
          BU_FIELD(args, deciding.at) },                                                           \
        { "package", 0, "PURL", "the package that the FILE is",                                    \
          BU_FIELD(args, deciding.package) },                                                      \
        { "lockfile", 0, "FILE", "take the digests of packages from here: FILE may be a purl",     \
          BU_FIELD(args, deciding.lockfile) },                                                     \
        { "from", 0, "DIGEST|FILE",                                                                \
          "of a review: the version it is compared with; of vsa and svr: the result of verify",    \
          BU_FIELD(args, deciding.from) },                                                         \
        { "publisher", 0, "ID", "review who publishes, by the identity of their certificates",     \
          BU_FIELD(args, deciding.publisher) },                                                    \
        { "issuer", 0, "URL", "who says who --publisher is", BU_FIELD(args, deciding.issuer) },    \
        { "scope", 0, "GLOB", "packages that are trusted to the publisher",                        \
          BU_FIELD(args, deciding.scope) },                                                        \
        { "author", 0, "ID", "of authorship: who wrote it, by the id in the trust store",          \
          BU_FIELD(args, deciding.authors) },                                                      \
        { "field", 0, "NAME=VALUE", "state what else the type has",                                \
          BU_FIELD(args, deciding.fields) },                                                       \
    {                                                                                              \
        "evidence", 0, "DIR", "add reviews to this folder (default: the nearest .bulla/evidence)", \
            BU_FIELD(args, deciding.evidence)                                                      \
    }

/** True when any of them is given but --from, which other types have, too. */
bool bu_deciding_given(const bu_deciding_args *args);

/**
 * Sign the statement and add it where it is looked for: to `output` when that is given; beside the
 * files; for reviews, and what is no file, to the folder of evidence, which is made.
 */
BULLA_MUST_USE bulla_status bu_deciding_run(bu_cli *cli, const bu_deciding_args *args,
                                            const char *type, const bu_words *subjects,
                                            const bu_signing *signing, const char *output,
                                            bulla_error *err);

#endif
