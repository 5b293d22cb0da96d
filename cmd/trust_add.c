/* SPDX-License-Identifier: MIT */
/*
 * bulla trust add: a person, a key, a right to vouch.
 */
#include "edit.h"

typedef struct args {
    bu_words people;
    bu_edit_args edit;
    const char *public_key, *identity, *issuer, *trusted_root, *controller, *role;
    bu_count threshold;
    bu_words match, predicates;
    bu_moment from, until;
} args;

static const bu_option options[] = {
    { "trust", 0, "DIR", "the store (default: the nearest .bulla/trust)",
      BU_FIELD(args, edit.trust) },
    BU_EDIT_OPTIONS(args),
    { "public-key", 0, "FILE",
      "enrol this public key (PEM, minisign, OpenSSH …) or certificate (OpenPGP, X.509)",
      BU_FIELD(args, public_key), .excludes = "identity" },
    { "identity", 0, "NAME", "enrol this Sigstore identity: exactly, or a glob",
      BU_FIELD(args, identity) },
    { "issuer", 0, "URL", "who says who --identity is", BU_FIELD(args, issuer) },
    { "trusted-root", 0, "FILE", "pin this trusted_root.json for all identities",
      BU_FIELD(args, trusted_root) },
    { "from", 0, "TIME", "the key counts from this time on", BU_FIELD(args, from) },
    { "until", 0, "TIME", "the key counts until this time", BU_FIELD(args, until) },
    { "controller", 0, "PERSON", "it is a service that this person answers for",
      BU_FIELD(args, controller) },
    { "role", 0, "ROLE", "give this role", BU_FIELD(args, role) },
    { "threshold", 0, "N", "how many people of the role must sign", BU_FIELD(args, threshold) },
    { "match", 0, "GLOB", "what the role may vouch for", BU_FIELD(args, match) },
    { "predicate", 0, "TYPE", "predicate type that the role may sign", BU_FIELD(args, predicates) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    BU_CLEAR(bu_edit) edit = { 0 };
    if (a->threshold.given && (a->threshold.value < 1 || a->threshold.value > UINT32_MAX))
        return bu_fail(err, BULLA_E_USAGE, "--threshold wants 1 or more");
    if (a->role == NULL && (a->threshold.given || a->match.count > 0 || a->predicates.count > 0))
        return bu_fail(err, BULLA_E_USAGE, "--threshold, --match and --predicate want --role");
    if ((a->identity == NULL) != (a->issuer == NULL))
        return bu_fail(err, BULLA_E_USAGE, "an identity is one only with its --issuer");
    if (a->public_key == NULL && a->identity == NULL && (a->from.given || a->until.given))
        return bu_fail(err, BULLA_E_USAGE, "--from and --until want --public-key or --identity");
    bulla_trust_addition addition = {
        .person = a->people.items[0],
        .controller = a->controller,
        .key_file = a->public_key,
        .identity = a->identity,
        .issuer = a->issuer,
        .sigstore = a->trusted_root,
        .role = a->role,
        .threshold = (uint32_t)a->threshold.value,
        .match = a->match.items,
        .predicates = a->predicates.items,
        .from = a->from.value,
        .until = a->until.value,
    };
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    return bulla_trust_add(&edit.edit, &addition, err);
}

const bu_command bu_cmd_trust_add = {
    .name = "trust add",
    .summary = "add a person, a key or a role to a trust store",
    .about =
        "Add a person, a key of that person, or a role: a right to vouch. The new state of the "
        "store is signed with --key.",
    .operands = "PERSON",
    .wanted = "the person, by a short id such as alice",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
