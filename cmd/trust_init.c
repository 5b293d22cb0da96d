/* SPDX-License-Identifier: MIT */
/*
 * bulla trust init: make a trust store.
 */
#include <stdio.h>

#include "edit.h"

typedef struct args {
    bu_words folders;
    bu_edit_args edit;
    bu_words public_keys;
    const char *online_key, *contents;
    bu_count people, threshold;
    bool one_time_key;
} args;

static const bu_option options[] = {
    BU_EDIT_OPTIONS(args),
    { "public-key", 0, "FILE", "the public key of an owner; each --key is an owner's, too",
      BU_FIELD(args, public_keys) },
    { "people", 0, "N", "how many owners there must be", BU_FIELD(args, people) },
    { "threshold", 0, "N", "how many of them must sign a change (default: more than half)",
      BU_FIELD(args, threshold) },
    { "online-key", 0, "FILE", "public key that signs what publish writes (default: any owner's)",
      BU_FIELD(args, online_key) },
    { "one-time-key", 0, NULL, "sign with a key that is forgotten: the store can only be made anew",
      BU_FIELD(args, one_time_key) },
    { "contents", 0, "DIR", "take trust.toml and the files that it names from here",
      BU_FIELD(args, contents) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *folder = a->folders.count > 0 ? a->folders.items[0] : BU_TRUST_STORE;
    const bulla_trust_owners owners = {
        .public_keys = a->public_keys.items,
        .online_key = a->online_key,
        .people = (uint32_t)a->people.value,
        .threshold = (uint32_t)a->threshold.value,
    };
    BU_CLEAR(bu_edit) edit = { 0 };
    if (a->one_time_key != (a->edit.keys.count + a->public_keys.count == 0))
        return bu_fail(err, BULLA_E_USAGE,
                       "name the owners' keys with --key, or use --one-time-key");
    BU_TRY(bu_number_check(&a->threshold, "--threshold", err));
    BU_TRY(bu_number_check(&a->people, "--people", err));
    BU_TRY(bu_edit_begin(cli, &a->edit, folder, &edit, err));
    BU_TRY(bulla_trust_init(&edit.edit, &owners, a->contents, &edit.outcome, err));
    if (edit.outcome.is_one_persons && !a->one_time_key)
        (void)fputs("bulla: warning: one key alone can change this store; --people 3 --threshold 2 "
                    "is the normal way\n",
                    stderr);
    return bu_edit_end(cli, &a->edit, &edit, err);
}

const bu_command bu_cmd_trust_init = {
    .name = "trust init",
    .summary = "make a trust store",
    .about =
        "Make a trust store: a root signed by its owners, and no people yet. DIR is .bulla/trust "
        "when it is not given. Three people with a threshold of two is the normal way: one of them "
        "proposes it with the public keys of all, and another signs: bulla trust sign.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
