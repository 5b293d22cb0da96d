/* SPDX-License-Identifier: MIT */
/*
 * bulla trust rotate: a new key in the place of an old one.
 */
#include "edit.h"

typedef struct args {
    bu_words people;
    bu_edit_args edit;
    bu_enrol_args enrol;
    const char *old, *online_key;
    bool root;
    bu_count threshold;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    BU_EDIT_OPTIONS(args),
    BU_ENROL_OPTIONS(args),
    { "old", 0, "KEYID", "the key that is replaced", BU_FIELD(args, old) },
    { "root", 0, NULL, "the key is an owner's: make a new version of the root",
      BU_FIELD(args, root) },
    { "threshold", 0, "N", "with --root: how many owners must sign", BU_FIELD(args, threshold) },
    { "online-key", 0, "FILE", "with --root: public key that signs what publish writes",
      BU_FIELD(args, online_key) },
    { 0 },
};

static bulla_status rotate_root(const args *a, bu_edit *edit, bulla_error *err)
{
    const char *const keys[] = { a->enrol.public_key, NULL };
    const bulla_trust_owners owners = { .public_keys = keys,
                                        .online_key = a->online_key,
                                        .threshold = (uint32_t)a->threshold.value };
    if (a->people.count > 0)
        return bu_fail(err, BULLA_E_USAGE, "--root is about the owners, not about a person");
    BU_TRY(bu_number_check(&a->threshold, "--threshold", err));
    return bulla_trust_rotate_root(&edit->edit, a->old, &owners, &edit->outcome, err);
}

static bulla_status rotate(const args *a, bu_edit *edit, bulla_error *err)
{
    const bulla_trust_enrolment key = bu_enrolment(&a->enrol);
    if (a->people.count == 0 || a->old == NULL || key.key_file == NULL)
        return bu_fail(err, BULLA_E_USAGE, "name the person, --old and --public-key; or --root");
    if (a->threshold.given || a->online_key != NULL)
        return bu_fail(err, BULLA_E_USAGE, "--threshold and --online-key want --root");
    return bulla_trust_rotate(&edit->edit, a->people.items[0], a->old, &key, &edit->outcome, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_edit) edit = { 0 };
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    BU_TRY(a->root ? rotate_root(a, &edit, err) : rotate(a, &edit, err));
    return bu_edit_end(cli, &a->edit, &edit, err);
}

const bu_command bu_cmd_trust_rotate = {
    .name = "trust rotate",
    .summary = "put a new key in the place of an old one",
    .about =
        "Put a new key of a person in the place of an old one, whose signatures up to now stay "
        "good. With --root, an owner's: --public-key comes, --old goes; enough of the owners "
        "before and after must sign.",
    .operands = "[PERSON]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
