/* SPDX-License-Identifier: MIT */
/*
 * bulla lock: record who vouches for each dependency.
 */
#include <unistd.h>

#include "verification.h"

typedef struct args {
    bu_verify_args verify; /* operands first */
    bu_words update;
} args;

static const bu_option options[] = {
    { "update", 0, "PACKAGE", "accept what changed of these packages: pkg:npm/NAME, or a pattern",
      BU_FIELD(args, update) },
    { "lock", 0, "FILE", "the record (default: the nearest bulla.lock, or one beside bulla.toml)",
      BU_FIELD(args, verify.lock) },
    { "trust", 0, "DIR", "who may vouch (default: the nearest .bulla/trust)",
      BU_FIELD(args, verify.trust) },
    { "archives", 0, "DIR", "look for archives here", BU_FIELD(args, verify.archives) },
    { "evidence", 0, "DIR", "look here, too, for files that sign (default: .bulla/evidence)",
      BU_FIELD(args, verify.evidence) },
    BU_LOOK_OPTIONS(args),
    { 0 },
};

static bulla_status make(const char *path, bulla_verify_options *request, const char *const *update,
                         bu_cli *cli, bulla_error *err)
{
    BU_CLEAR(bulla_locked) locked = { 0 };
    const bulla_lock_options lock = { .verify = request, .update = update };
    request->progress = bu_progress_begin(cli, false);
    bulla_status status = bulla_lock(&lock, &locked, err);
    bu_progress_end(request->progress);
    BU_TRY(status);
    if (locked.is_changed)
        BU_TRY(bu_cli_write(path, bu_buffer_bytes(&locked.document), err));
    cli->exit = locked.exit;
    return bu_cli_write(NULL, bu_buffer_bytes(&locked.changes), err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *path;
    BU_CLEAR(bu_verification) verification = { 0 };
    bulla_verify_options *request = &verification.request;
    BU_TRY(bu_verification_look(cli, &a->verify, &verification, err));
    BU_TRY(bu_lock_place(cli, a->verify.lock, verification.start, &path, err));
    request->lock = access(path, F_OK) == 0 ? path : NULL;
    return make(path, request, a->update.items, cli, err);
}

const bu_command bu_cmd_lock = {
    .name = "lock",
    .summary = "record who vouches for each dependency",
    .about = "Record in bulla.lock who vouches for each dependency of a checkout, by which proof, "
             "and from which host it comes. From then on bulla verify denies what comes from "
             "elsewhere, is vouched for by somebody else, or by nobody any more. What is new is "
             "added; what changed is refused until --update names it.",
    .operands = "[PATH]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
