/* SPDX-License-Identifier: MIT */
/*
 * bulla trust init: make a trust store.
 */
#include "edit.h"

typedef struct args {
    bu_words folders;
    bu_edit_args edit;
    bu_count threshold;
    bool one_time_key;
    const char *contents;
} args;

static const bu_option options[] = {
    BU_EDIT_OPTIONS(args),
    { "threshold", 0, "N", "how many of the keys must sign a change (default: 1)",
      BU_FIELD(args, threshold) },
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
    uint64_t threshold = a->threshold.given ? a->threshold.value : 1;
    BU_CLEAR(bu_edit) edit = { 0 };
    if (a->one_time_key != (a->edit.keys.count == 0))
        return bu_fail(err, BULLA_E_USAGE,
                       "name the owners' keys with --key, or use --one-time-key");
    if (threshold < 1 || threshold > UINT32_MAX)
        return bu_fail(err, BULLA_E_USAGE, "--threshold wants 1 or more");
    BU_TRY(bu_edit_begin(cli, &a->edit, folder, &edit, err));
    return bulla_trust_init(&edit.edit, (uint32_t)threshold, a->contents, err);
}

const bu_command bu_cmd_trust_init = {
    .name = "trust init",
    .summary = "make a trust store",
    .about =
        "Make a trust store: a root signed by its owners, and no people yet. DIR is .bulla/trust "
        "when it is not given.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
