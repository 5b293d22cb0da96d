/* SPDX-License-Identifier: MIT */
/*
 * bulla trust add: a person, a key, a right to vouch.
 */
#include "edit.h"

typedef struct args {
    bu_words people;
    bu_edit_args edit;
    bu_enrol_args enrol;
    const char *identity, *issuer, *trusted_root, *policy, *role;
    const char *kind, *controller, *org, *tag, *idp_issuer, *idp_user;
    bu_count threshold;
    bu_words match, predicates, exclusive;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    BU_EDIT_OPTIONS(args),
    BU_ENROL_OPTIONS(args),
    { "identity", 0, "NAME", "enrol this Sigstore identity: exactly, or a glob",
      BU_FIELD(args, identity), .excludes = "public-key" },
    { "issuer", 0, "URL", "who says who --identity is", BU_FIELD(args, issuer) },
    { "trusted-root", 0, "FILE", "pin Sigstore's trusted_root.json", BU_FIELD(args, trusted_root) },
    { "kind", 0, "KIND", "what it is: person (default), service, vendor or witness",
      BU_FIELD(args, kind), .values = "person service vendor witness" },
    { "controller", 0, "PERSON", "a service of this person", BU_FIELD(args, controller) },
    { "org", 0, "NAME", "organisation, when it is not ours", BU_FIELD(args, org) },
    { "tag", 0, "HASH", "keyed hash of a staff id: two with one tag are one person",
      BU_FIELD(args, tag) },
    { "idp-issuer", 0, "URL", "identity provider of the login", BU_FIELD(args, idp_issuer) },
    { "idp-user", 0, "NAME", "login there: two with one login are one person",
      BU_FIELD(args, idp_user) },
    { "role", 0, "ROLE", "give this role", BU_FIELD(args, role) },
    { "threshold", 0, "N", "how many people of the role must sign", BU_FIELD(args, threshold) },
    { "match", 0, "GLOB", "what the role may vouch for", BU_FIELD(args, match) },
    { "predicate", 0, "TYPE", "predicate type that the role may sign", BU_FIELD(args, predicates) },
    { "exclusive", 0, "ROLE,ROLE[,subject]", "nobody may hold both, or act in both for one thing",
      BU_FIELD(args, exclusive) },
    { "policy", 0, "FILE", "pin this policy: it is then the only one", BU_FIELD(args, policy) },
    { 0 },
};

static bulla_status check(const args *a, bulla_error *err)
{
    const bu_enrol_args *e = &a->enrol;
    BU_TRY(bu_number_check(&a->threshold, "--threshold", err));
    if (a->people.count + a->exclusive.count == 0 && a->trusted_root == NULL && a->policy == NULL &&
        !a->edit.expires.given)
        return bu_fail(err, BULLA_E_USAGE, "name who or what to add, or --expires to only renew");
    if (a->role == NULL && (a->threshold.given || a->match.count > 0 || a->predicates.count > 0))
        return bu_fail(err, BULLA_E_USAGE, "--threshold, --match and --predicate want --role");
    if ((a->identity == NULL) != (a->issuer == NULL))
        return bu_fail(err, BULLA_E_USAGE, "an identity is one only with its --issuer");
    if (e->public_key == NULL && a->identity == NULL && (e->from.given || e->until.given))
        return bu_fail(err, BULLA_E_USAGE, "--from and --until want --public-key or --identity");
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_edit) edit = { 0 };
    bulla_trust_addition addition = {
        .person = a->people.count > 0 ? a->people.items[0] : NULL,
        .kind = a->kind,
        .controller = a->controller,
        .org = a->org,
        .tag = a->tag,
        .idp_issuer = a->idp_issuer,
        .idp_user = a->idp_user,
        .key = bu_enrolment(&a->enrol),
        .sigstore = a->trusted_root,
        .policy = a->policy,
        .exclusive = a->exclusive.items,
        .role = a->role,
        .threshold = (uint32_t)a->threshold.value,
        .match = a->match.items,
        .predicates = a->predicates.items,
    };
    addition.key.identity = a->identity;
    addition.key.issuer = a->issuer;
    BU_TRY(check(a, err));
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    BU_TRY(bulla_trust_add(&edit.edit, &addition, &edit.outcome, err));
    return bu_edit_end(cli, &a->edit, &edit, err);
}

const bu_command bu_cmd_trust_add = {
    .name = "trust add",
    .summary = "add a person, a key or a role to a trust store",
    .about = "Add a person, a key of that person, or a role: a right to vouch. The new state is "
             "signed with --key; when more owners must sign, it becomes a proposal.",
    .operands = "[PERSON]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
