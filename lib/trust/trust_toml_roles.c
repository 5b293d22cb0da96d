/* SPDX-License-Identifier: MIT */
/*
 * trust.toml: roles, who holds them, and which of them nobody may have together.
 */
#include "trust/trust_toml_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "attest/predicate.h"
#include "base/bytes.h"

/** A role with a meaning of its own. */
static const struct known_role {
    const char *name;
    const char *const *predicates; /* NULL-terminated */
} known_roles[] = {
#define BU_ROLE(name, ...) { name, (const char *const[]){ __VA_ARGS__, NULL } },
#define BU_EXCLUSION(a, b, per_subject)
#include "trust/roles.def"
#undef BU_ROLE
#undef BU_EXCLUSION
};

static const bu_exclusion built_in[] = {
#define BU_ROLE(name, ...)
#define BU_EXCLUSION(a, b, per_subject) { a, b, per_subject, true },
#include "trust/roles.def"
#undef BU_ROLE
#undef BU_EXCLUSION
};
#define BUILT_IN (sizeof built_in / sizeof built_in[0])

/* Holders. */

static bulla_status find_person(const bu_toml_reader *r, const bu_node *node, size_t *out)
{
    BU_TRY(bu_node_need(r->tree, node, BU_NODE_STRING, r->err));
    *out = bu_trust_person(r->trust, bu_node_text(node));
    return *out < r->trust->people_count
               ? BU_OK
               : bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_REFERENCE, "nobody has this id");
}

static const struct known_role *known(const bu_role *role)
{
    for (size_t i = 0; i < sizeof known_roles / sizeof known_roles[0]; i++)
        if (strcmp(known_roles[i].name, role->name) == 0)
            return &known_roles[i];
    return NULL;
}

/* Whoever is not of ours has no part in our duties: a vendor is no approver, nor is a witness. */
static bool may_hold(const bu_person *person, const bu_role *role)
{
    bool is_ours = person->kind == BU_PARTY_PERSON || person->kind == BU_PARTY_SERVICE;
    return is_ours || known(role) == NULL || strcmp(role->name, bu_party_name(person->kind)) == 0;
}

static bulla_status add_grant(const bu_toml_reader *r, const bu_node *node, bu_grant grant,
                              bu_role *role)
{
    const bu_person *person = &r->trust->people[grant.person];
    if (bu_role_grant(role, grant.person) != NULL)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_ENTRY, "%s holds %s already",
                            person->id, role->name);
    if (!may_hold(person, role))
        return bu_node_fail(r->tree, node, r->err, BULLA_E_DUTY_CONFLICT,
                            "%s is a %s, which never holds %s", person->id,
                            bu_party_name(person->kind), role->name);
    role->grants[role->grant_count++] = grant;
    return BU_OK;
}

static bulla_status add_holder(const bu_toml_reader *r, const bu_node *node, bu_role *role)
{
    bu_grant grant = { .match = bu_no_texts,
                       .predicates = bu_no_texts,
                       .environments = bu_no_texts,
                       .from = INT64_MIN,
                       .until = INT64_MAX,
                       .review_by = INT64_MAX };
    BU_TRY(find_person(r, node, &grant.person));
    return add_grant(r, node, grant, role);
}

/* The holders that the role itself names; tables [[grant]] may add more. */
static bulla_status read_holders(const bu_toml_reader *r, const bu_node *table, size_t grants,
                                 bu_role *role)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(r->tree, table, "people", BU_NODE_ARRAY, &list, r->err));
    role->grants =
        bu_arena_get_array(r->trust->arena, bu_node_count(list) + grants, sizeof *role->grants);
    if (role->grants == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(node, list) {
        BU_TRY(add_holder(r, node, role));
    }
    return BU_OK;
}

/* Scopes. */

static bulla_status need_predicate(const bu_toml_reader *r, const bu_node *node)
{
    if (bu_predicate_type_of(bu_node_text(node)).len > 0)
        return BU_OK;
    return bu_expected(r->err,
                       bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_TYPE, "no predicate type"),
                       BULLA_LIT("a short name or a URI"), bu_node_text(node));
}

/* What a role of this name may say when nothing is said about that. */
static void take_usual_predicates(bu_role *role)
{
    const struct known_role *row = known(role);
    if (row == NULL)
        return;
    role->predicates = row->predicates;
    role->has_usual = true;
}

static bulla_status read_scope(const bu_toml_reader *r, const bu_node *table, bu_role *role)
{
    const bu_node *match, *predicates;
    BU_TRY(bu_node_field(r->tree, table, "match", BU_NODE_ARRAY, &match, r->err));
    if (bu_node_count(match) == 0)
        return bu_next(r->err,
                       bu_node_fail(r->tree, match, r->err, BULLA_E_EMPTY, "a role for nothing"),
                       "say what it may vouch for: --match GLOB, in trust.toml match");
    BU_TRY(bu_toml_texts(r, match, &role->match, NULL));
    BU_TRY(bu_node_optional(r->tree, table, "predicates", BU_NODE_ARRAY, &predicates, r->err));
    BU_TRY(bu_toml_texts(r, predicates, &role->predicates, need_predicate));
    if (predicates == NULL)
        take_usual_predicates(role);
    return bu_toml_environments(r, table, &role->environments);
}

static bulla_status add_role(const bu_toml_reader *r, const bu_node *table, size_t grants)
{
    static const char *const fields[] = { "name",         "people", "threshold", "match",
                                          "predicates",   "from",   "until",     "review_by",
                                          "environments", NULL };
    const bu_node *name;
    bu_role role = { .review_by = INT64_MAX };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, fields, r->err));
    BU_TRY(bu_toml_id(r, table, "name", &role.name, &name));
    if (bu_trust_role(r->trust, bu_node_text(name)) != NULL)
        return bu_node_fail(r->tree, name, r->err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice",
                            role.name);
    BU_TRY(read_holders(r, table, grants, &role));
    BU_TRY(read_scope(r, table, &role));
    BU_TRY(bu_toml_validity(r, table, &role.from, &role.until));
    BU_TRY(bu_toml_time(r, table, "review_by", &role.review_by));
    r->trust->roles[r->trust->role_count++] = role;
    return BU_OK;
}

/* Grants. */

static bulla_status read_grant(const bu_toml_reader *r, const bu_node *table, bu_grant *out)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(r->tree, table, "match", BU_NODE_ARRAY, &list, r->err));
    BU_TRY(bu_toml_texts(r, list, &out->match, NULL));
    BU_TRY(bu_node_optional(r->tree, table, "predicates", BU_NODE_ARRAY, &list, r->err));
    BU_TRY(bu_toml_texts(r, list, &out->predicates, need_predicate));
    BU_TRY(bu_toml_environments(r, table, &out->environments));
    BU_TRY(bu_toml_validity(r, table, &out->from, &out->until));
    return bu_toml_time(r, table, "review_by", &out->review_by);
}

static bulla_status add_narrowed(const bu_toml_reader *r, const bu_node *table)
{
    static const char *const fields[] = { "role",       "person",       "match",
                                          "predicates", "from",         "until",
                                          "review_by",  "environments", NULL };
    const bu_node *node;
    bu_grant grant = { .is_narrowed = true, .review_by = INT64_MAX };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, fields, r->err));
    BU_TRY(bu_node_field(r->tree, table, "person", BU_NODE_STRING, &node, r->err));
    BU_TRY(find_person(r, node, &grant.person));
    BU_TRY(read_grant(r, table, &grant));
    BU_TRY(bu_node_field(r->tree, table, "role", BU_NODE_STRING, &node, r->err));
    for (size_t i = 0; i < r->trust->role_count; i++)
        if (bu_bytes_is(bu_node_text(node), r->trust->roles[i].name))
            return add_grant(r, table, grant, &r->trust->roles[i]);
    return bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_REFERENCE, "there is no such role");
}

/* Thresholds: when all holders are known. */

/* How many different people stand behind the members of a role. */
static size_t distinct_people(const bulla_trust *trust, const bu_role *role)
{
    size_t distinct = 0;
    for (size_t i = 0; i < role->grant_count; i++) {
        size_t k = 0;
        while (trust->people[role->grants[k].person].counts_as !=
               trust->people[role->grants[i].person].counts_as)
            k++;
        distinct += k == i;
    }
    return distinct;
}

static bulla_status read_threshold(const bu_toml_reader *r, const bu_node *table, bu_role *role)
{
    const bu_node *node;
    BU_TRY(bu_node_field(r->tree, table, "threshold", BU_NODE_INTEGER, &node, r->err));
    size_t most = distinct_people(r->trust, role);
    int64_t threshold = bu_node_integer(node);
    if (threshold >= 1 && (uint64_t)threshold <= most) {
        role->threshold = (uint32_t)threshold;
        return BU_OK;
    }
    char expected[40], got[24];
    (void)snprintf(expected, sizeof expected, "1 to %zu, its distinct people", most);
    (void)snprintf(got, sizeof got, "%" PRId64, threshold);
    bulla_status status =
        bu_node_fail(r->tree, node, r->err, BULLA_E_THRESHOLD, "a threshold out of reach");
    (void)bu_next(r->err, status,
                  "enrol more people (bulla trust add), or take the role away whole: bulla trust "
                  "remove --role ROLE");
    return bu_expected(r->err, status, bu_bytes_of(expected), bu_bytes_of(got));
}

static bulla_status read_thresholds(const bu_toml_reader *r, const bu_node *roles)
{
    size_t i = 0;
    BU_EACH_CHILD(table, roles) {
        BU_TRY(read_threshold(r, table, &r->trust->roles[i++]));
    }
    return BU_OK;
}

/* Exclusions. */

/* `roles` names two; nobody may hold both or, with per = "subject", act in both for one thing. */
static bulla_status add_exclusion(const bu_toml_reader *r, const bu_node *table)
{
    static const char *const fields[] = { "roles", "per", NULL };
    const bu_node *roles, *per;
    const char *const *names;
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, fields, r->err));
    BU_TRY(bu_node_field(r->tree, table, "roles", BU_NODE_ARRAY, &roles, r->err));
    BU_TRY(bu_node_optional(r->tree, table, "per", BU_NODE_STRING, &per, r->err));
    BU_TRY(bu_toml_texts(r, roles, &names, NULL));
    if (bu_node_count(roles) != 2 || strcmp(names[0], names[1]) == 0)
        return bu_node_fail(r->tree, roles, r->err, BULLA_E_BAD_SYNTAX,
                            "two different roles exclude each other");
    if (per != NULL && !bu_bytes_is(bu_node_text(per), "subject"))
        return bu_expected(r->err,
                           bu_node_fail(r->tree, per, r->err, BULLA_E_BAD_NAME, "no such word"),
                           BULLA_LIT("subject"), bu_node_text(per));
    r->trust->exclusions[r->trust->exclusion_count++] =
        (bu_exclusion){ names[0], names[1], per != NULL, false };
    return BU_OK;
}

static bulla_status read_exclusions(const bu_toml_reader *r, const bu_node *list)
{
    bulla_trust *trust = r->trust;
    trust->exclusions =
        bu_arena_get_array(trust->arena, BUILT_IN + bu_node_count(list), sizeof *trust->exclusions);
    if (trust->exclusions == NULL)
        return bu_no_memory(r->err);
    memcpy(trust->exclusions, built_in, sizeof built_in);
    trust->exclusion_count = BUILT_IN;
    BU_EACH_CHILD(table, list) {
        BU_TRY(add_exclusion(r, table));
    }
    return BU_OK;
}

static bool means(const char *name, const bu_role *role)
{
    return strcmp(name, "*") == 0 || strcmp(name, role->name) == 0;
}

/* What is looked up for one role after the other. */
typedef struct apart {
    bool *held;     /* by person: counts as a holder of the role */
    bool *excluded; /* by role: nobody may hold it, too */
} apart;

/* Each other role is marked once, however often it is said: a store has many of all. */
static void mark(const bulla_trust *trust, const bu_role *role, apart *out)
{
    memset(out->held, 0, trust->people_count);
    memset(out->excluded, 0, trust->role_count);
    for (size_t i = 0; i < role->grant_count; i++)
        out->held[trust->people[role->grants[i].person].counts_as] = true;
    for (size_t e = 0; e < trust->exclusion_count; e++) {
        const bu_exclusion *exclusion = &trust->exclusions[e];
        if (exclusion->per_subject || !means(exclusion->a, role))
            continue;
        for (size_t i = 0; i < trust->role_count; i++)
            if (&trust->roles[i] != role && means(exclusion->b, &trust->roles[i]))
                out->excluded[i] = true;
    }
}

/* The holder of the role who counts as that person. */
static const bu_person *holder_as(const bulla_trust *trust, const bu_role *role, size_t person)
{
    size_t i = 0;
    while (trust->people[role->grants[i].person].counts_as != person)
        i++;
    return &trust->people[role->grants[i].person];
}

/* Does a person who counts as a holder of one role hold the other, too? */
static bulla_status need_apart(const bu_toml_reader *r, const bu_node *table, const bu_role *a,
                               const bu_role *b, const bool *held)
{
    for (size_t i = 0; i < b->grant_count; i++) {
        const bu_person *other = &r->trust->people[b->grants[i].person];
        if (held[other->counts_as])
            return bu_node_fail(
                r->tree, table, r->err, BULLA_E_DUTY_CONFLICT,
                "the roles %s and %s exclude each other, and %s and %s are one person", a->name,
                b->name, holder_as(r->trust, a, other->counts_as)->id, other->id);
    }
    return BU_OK;
}

/* One role, whose table that is, against all others. */
static bulla_status check_role(const bu_toml_reader *r, const bu_node *table, const bu_role *a,
                               apart *marks)
{
    const bulla_trust *trust = r->trust;
    mark(trust, a, marks);
    for (size_t i = 0; i < trust->role_count; i++)
        if (marks->excluded[i])
            BU_TRY(need_apart(r, table, a, &trust->roles[i], marks->held));
    return BU_OK;
}

static bulla_status check_exclusions(const bu_toml_reader *r, const bu_node *roles)
{
    BU_FREE bool *held = calloc(r->trust->people_count + 1, sizeof *held);
    BU_FREE bool *excluded = calloc(r->trust->role_count + 1, sizeof *excluded);
    apart marks = { held, excluded };
    size_t i = 0;
    if (held == NULL || excluded == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(table, roles) {
        BU_TRY(check_role(r, table, &r->trust->roles[i++], &marks));
    }
    return BU_OK;
}

bulla_status bu_toml_roles(const bu_toml_reader *r, const bu_node *root)
{
    bulla_trust *trust = r->trust;
    const bu_node *roles, *grants, *exclusions;
    BU_TRY(bu_toml_list(r, root, "role", &roles));
    BU_TRY(bu_toml_list(r, root, "grant", &grants));
    BU_TRY(bu_toml_list(r, root, "exclusive", &exclusions));
    trust->roles = bu_arena_get_array(trust->arena, bu_node_count(roles), sizeof *trust->roles);
    if (trust->roles == NULL)
        return bu_no_memory(r->err);
    BU_EACH_CHILD(role, roles) {
        BU_TRY(add_role(r, role, bu_node_count(grants)));
    }
    BU_EACH_CHILD(grant, grants) {
        BU_TRY(add_narrowed(r, grant));
    }
    BU_TRY(read_thresholds(r, roles));
    BU_TRY(read_exclusions(r, exclusions));
    return check_exclusions(r, roles);
}
