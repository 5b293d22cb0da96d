/* SPDX-License-Identifier: MIT */
/*
 * Findings about a store, one function for each kind of thing: the root,
 * people, keys, roles, pairs of roles, gates. The order of the table decides
 * the order of the report.
 */
#include "policy/trust_lint.h"

#include "attest/predicate.h"
#include "base/bytes.h"
#include "base/time.h"
#include "policy/gate.h"
#include "policy/reach.h"
#include "policy/rule.h"
#include "trust/material.h"

#define DAY    (24 * 60 * 60) /* seconds */
#define SOON   (30 * DAY)
#define LONG   (366 * DAY)
#define FEWEST 3 /* people, to keep seeing, changing and approving apart */
#define PROD   "prod"

const bu_lint_row bu_lint_rows[BU_LINT_COUNT] = {
#define BU_LINT(id, name, is_error, what, next) { name, is_error, what, next },
#include "policy/trust_lints.def"
#undef BU_LINT
};

typedef struct linter {
    const bu_scene *scene;
    const bulla_trust *trust;
    bu_arena *arena;
    bulla_error *err;
    bu_lint_report *out;
    size_t cap;
    bool *armed; /* by person: has a key that counts now */
} linter;

static bulla_status add(linter *l, bu_lint_finding finding)
{
    bu_lint_report *out = l->out;
    if (out->count == l->cap) {
        size_t cap = l->cap == 0 ? 16 : 2 * l->cap;
        bu_lint_finding *items = bu_arena_get_array(l->arena, cap, sizeof *items);
        if (items == NULL)
            return bu_no_memory(l->err);
        if (out->count > 0)
            memcpy(items, out->items, out->count * sizeof *items);
        out->items = items;
        l->cap = cap;
    }
    out->items[out->count++] = finding;
    out->errors += bu_lint_rows[finding.rule].is_error;
    return BU_OK;
}

static bulla_status time_text(linter *l, int64_t time, const char **out)
{
    char text[BU_TIME_TEXT];
    *out = bu_arena_text(l->arena, bu_bytes_of(bu_time_format(time, text)));
    return *out == NULL ? bu_no_memory(l->err) : BU_OK;
}

/* A finding with a time as its detail. */
static bulla_status add_timed(linter *l, bu_lint_finding finding, int64_t time)
{
    BU_TRY(time_text(l, time, &finding.detail));
    return add(l, finding);
}

static bool is_soon(const linter *l, int64_t time)
{
    return time != INT64_MAX && time - l->scene->now <= SOON;
}

/* Environments. */

static const char *production(const linter *l)
{
    return bu_list_allows(l->trust->environments, BULLA_LIT(PROD)) ? PROD : NULL;
}

static bool allows(const char *const *environments, const char *environment)
{
    return environment == NULL || bu_list_allows(environments, bu_bytes_of(environment));
}

static bool grant_allows(const bu_role *role, const bu_grant *grant, const char *environment)
{
    return allows(role->environments, environment) && allows(grant->environments, environment);
}

/* The key acts there in some role of its person. */
static bool key_acts_in(const linter *l, const bu_trusted_key *key, const char *environment)
{
    for (size_t i = 0; allows(key->environments, environment) && i < l->trust->role_count; i++) {
        const bu_role *role = &l->trust->roles[i];
        const bu_grant *grant = bu_role_grant(role, key->person);
        if (grant != NULL && grant_allows(role, grant, environment))
            return true;
    }
    return false;
}

/* Something says where it acts: the key itself, or each of its person's roles. */
static bool names_environments(const linter *l, const bu_trusted_key *key)
{
    for (size_t i = 0; key->environments[0] == NULL && i < l->trust->role_count; i++) {
        const bu_role *role = &l->trust->roles[i];
        const bu_grant *grant = bu_role_grant(role, key->person);
        if (grant != NULL && role->environments[0] == NULL && grant->environments[0] == NULL)
            return false;
    }
    return true;
}

/* The root. */

static bulla_status lint_root(linter *l)
{
    const bu_root *root = l->trust->chain.root;
    int64_t expires =
        root->expires < l->trust->targets_expires ? root->expires : l->trust->targets_expires;
    if (!root->one_time &&
        (root->roles[BU_TUF_ROOT].threshold == 1 || root->roles[BU_TUF_TARGETS].threshold == 1))
        BU_TRY(add(l, (bu_lint_finding){ .rule = BU_LINT_ROOT_THRESHOLD }));
    if (is_soon(l, expires))
        BU_TRY(add_timed(l, (bu_lint_finding){ .rule = BU_LINT_STORE_EXPIRES }, expires));
    for (size_t i = 0; i < l->trust->key_count; i++)
        for (size_t k = 0; k < root->keys.count; k++)
            if (bu_material_has(&l->trust->keys[i], root->keys.items[k].key))
                BU_TRY(add(
                    l, (bu_lint_finding){ .rule = BU_LINT_OWNER_VOUCHES,
                                          .person = l->trust->people[l->trust->keys[i].person].id,
                                          .keyid = l->trust->keys[i].keyid }));
    return BU_OK;
}

/* People. */

static bulla_status find_armed(linter *l)
{
    const bu_ask ask = { .now = l->scene->now };
    l->armed = bu_arena_get_array(l->arena, l->trust->people_count, sizeof *l->armed);
    if (l->armed == NULL)
        return bu_no_memory(l->err);
    for (size_t k = 0; k < l->trust->key_count; k++)
        if (bu_key_reaches(l->trust, &l->trust->keys[k], &ask))
            l->armed[l->trust->keys[k].person] = true;
    return BU_OK;
}

static bool is_counted(const linter *l, size_t counts_as)
{
    for (size_t i = 0; i < l->trust->people_count; i++)
        if (l->trust->people[i].counts_as == counts_as && l->armed[i])
            return true;
    return false;
}

/* Whoever had keys, and has none that was not withdrawn. */
static bool is_gone(const linter *l, size_t person)
{
    size_t keys = 0;
    for (size_t k = 0; k < l->trust->key_count; k++) {
        if (l->trust->keys[k].person != person)
            continue;
        if (l->trust->keys[k].revoked == INT64_MAX)
            return false;
        keys++;
    }
    return keys > 0;
}

static bulla_status lint_controller(linter *l, const bu_person *service)
{
    size_t controller = bu_trust_person(l->trust, bu_bytes_of(service->controller));
    if (!is_gone(l, controller))
        return BU_OK;
    return add(l, (bu_lint_finding){ .rule = BU_LINT_NO_CONTROLLER,
                                     .person = service->id,
                                     .detail = service->controller });
}

static bulla_status lint_people(linter *l)
{
    size_t people = 0;
    for (size_t i = 0; i < l->trust->people_count; i++) {
        const bu_person *person = &l->trust->people[i];
        const bu_person *first = &l->trust->people[person->counts_as];
        if (person->controller != NULL)
            BU_TRY(lint_controller(l, person));
        if (person->counts_as == i)
            people += person->kind == BU_PARTY_PERSON && is_counted(l, i);
        else if (person->controller == NULL)
            BU_TRY(add(l, (bu_lint_finding){ .rule = BU_LINT_COUNTED_AS_ONE,
                                             .person = person->id,
                                             .detail = first->id }));
    }
    if (people >= FEWEST)
        return BU_OK;
    return add(l, (bu_lint_finding){ .rule = BU_LINT_TOO_FEW_PEOPLE });
}

/* Keys. */

static bulla_status lint_dates(linter *l, const bu_trusted_key *key, bu_lint_finding finding)
{
    int64_t now = l->scene->now;
    if (key->until == INT64_MAX) {
        finding.rule = BU_LINT_NO_END;
        return add(l, finding);
    }
    finding.rule = key->until < now           ? BU_LINT_KEY_EXPIRED
                   : key->until - now <= SOON ? BU_LINT_KEY_EXPIRES
                   : key->until - now > LONG  ? BU_LINT_LONG_LIVED
                                              : BU_LINT_COUNT;
    return finding.rule == BU_LINT_COUNT ? BU_OK : add_timed(l, finding, key->until);
}

/* The first other environment that it acts in, too. */
static const char *other_environment(const linter *l, const bu_trusted_key *key)
{
    const char *const *all = l->trust->environments;
    for (size_t i = 0; all[i] != NULL; i++)
        if (strcmp(all[i], PROD) != 0 && key_acts_in(l, key, all[i]))
            return all[i];
    return NULL;
}

static bulla_status lint_environments(linter *l, const bu_trusted_key *key, bu_lint_finding finding)
{
    bool is_service = l->trust->people[key->person].kind == BU_PARTY_SERVICE;
    finding.rule = BU_LINT_ANY_ENVIRONMENT;
    if (!names_environments(l, key))
        BU_TRY(add(l, finding));
    else if (is_service && production(l) != NULL && key_acts_in(l, key, PROD) &&
             (finding.detail = other_environment(l, key)) != NULL) {
        finding.rule = BU_LINT_SHARED_KEY;
        BU_TRY(add(l, finding));
    }
    finding.detail = NULL;
    if (!key_acts_in(l, key, production(l)))
        return BU_OK;
    finding.rule =
        key->custody == BU_CUSTODY_FILE ? BU_LINT_FILE_IN_PROD : BU_LINT_CUSTODY_UNSTATED;
    bool is_kept = key->custody != BU_CUSTODY_FILE && key->custody != BU_CUSTODY_UNSTATED;
    return is_kept ? BU_OK : add(l, finding);
}

static bulla_status lint_review(linter *l, int64_t review_by, bool is_wanted,
                                bu_lint_finding finding)
{
    if (review_by == INT64_MAX) {
        finding.rule = BU_LINT_NO_REVIEW_DATE;
        return is_wanted ? add(l, finding) : BU_OK;
    }
    finding.rule = review_by < l->scene->now ? BU_LINT_REVIEW_OVERDUE : BU_LINT_REVIEW_DUE;
    return is_soon(l, review_by) ? add_timed(l, finding, review_by) : BU_OK;
}

/* Before the first wildcard a URI names its host alone, or an address does not name its domain. */
static bool is_anybodys(const char *identity)
{
    const char *wildcard = strchr(identity, '*'), *host = strstr(identity, "://");
    if (wildcard == NULL)
        return false;
    if (host == NULL || host > wildcard) {
        const char *domain = strchr(identity, '@');
        return domain == NULL || strchr(domain, '*') != NULL;
    }
    const char *path = strchr(host + strlen("://"), '/');
    return path == NULL || path + 1 >= wildcard;
}

static bulla_status lint_identity(linter *l, const bu_trusted_key *key, bu_lint_finding finding)
{
    finding.rule = BU_LINT_ANY_IDENTITY;
    finding.detail = key->identity;
    return key->identity != NULL && is_anybodys(key->identity) ? add(l, finding) : BU_OK;
}

/* A key that was revoked or replaced is history. */
static bulla_status lint_key(linter *l, const bu_trusted_key *key)
{
    const bu_lint_finding finding = { .person = l->trust->people[key->person].id,
                                      .keyid = key->keyid };
    if (key->revoked != INT64_MAX || key->replaced != INT64_MAX)
        return BU_OK;
    BU_TRY(lint_dates(l, key, finding));
    BU_TRY(lint_review(l, key->review_by, false, finding));
    BU_TRY(lint_identity(l, key, finding));
    bu_lint_finding unproved = finding;
    unproved.rule = BU_LINT_NO_PROOF;
    if (key->proof == NULL && key->identity == NULL) /* an identity is proved each time it signs */
        BU_TRY(add(l, unproved));
    return lint_environments(l, key, finding);
}

/* Roles. */

/* No letter of it is spelled out; of a vendor, none but those of the type. */
static bool is_broad(const char *glob, bool is_vendor)
{
    const char *rest = strncmp(glob, "pkg:", 4) == 0 ? glob + 4 : glob;
    if (is_vendor && rest != glob) {
        const char *slash = strchr(rest, '/');
        rest = slash == NULL ? rest + strlen(rest) : slash;
    }
    return rest[strspn(rest, "*?/@")] == '\0';
}

static const char *broad_glob(const char *const *globs, bool is_vendor)
{
    for (size_t i = 0; globs[i] != NULL; i++)
        if (is_broad(globs[i], is_vendor))
            return globs[i];
    return NULL;
}

static bulla_status lint_scope(linter *l, const bu_role *role, const bu_grant *grant,
                               bu_lint_finding finding)
{
    bool is_vendor = l->trust->people[grant->person].kind == BU_PARTY_VENDOR;
    bool in_prod = grant_allows(role, grant, production(l));
    finding.detail = broad_glob(grant->match[0] != NULL ? grant->match : role->match, is_vendor);
    bool is_anywhere = role->environments[0] == NULL && grant->environments[0] == NULL;
    finding.rule = is_vendor ? BU_LINT_VENDOR_SCOPE
                   : in_prod ? BU_LINT_WILDCARD_IN_PROD
                             : BU_LINT_BROAD_SCOPE;
    if (finding.detail != NULL || (is_vendor && is_anywhere))
        BU_TRY(add(l, finding));
    finding.detail = NULL;
    finding.rule = BU_LINT_ANY_PREDICATE;
    bool is_any = role->predicates[0] == NULL && grant->predicates[0] == NULL;
    return is_any ? add(l, finding) : BU_OK;
}

static bulla_status lint_grant(linter *l, const bu_role *role, const bu_grant *grant)
{
    bu_lint_finding finding = { .person = l->trust->people[grant->person].id, .role = role->name };
    BU_TRY(lint_scope(l, role, grant, finding));
    BU_TRY(lint_review(l, grant->review_by, role->review_by == INT64_MAX, finding));
    finding.rule = BU_LINT_NO_USABLE_KEY;
    return l->armed[grant->person] ? BU_OK : add(l, finding);
}

static size_t usable_people(const linter *l, const bu_role *role)
{
    size_t count = 0;
    for (size_t i = 0; i < role->grant_count; i++) {
        size_t counts_as = l->trust->people[role->grants[i].person].counts_as, k = 0;
        if (!l->armed[role->grants[i].person])
            continue;
        while (l->trust->people[role->grants[k].person].counts_as != counts_as ||
               !l->armed[role->grants[k].person])
            k++;
        count += k == i;
    }
    return count;
}

/*
 * What is done in a role beside rules and gates: waivers, logs, emergencies, the care for vendors;
 * authors bar people from a gate also where it does not ask who they are.
 */
static bool acts_elsewhere(const bu_role *role)
{
    static const char *const acts[] = { "waiver",        "checkpoint",  "log-review",
                                        "vendor-review", "break-glass", "authorship" };
    for (size_t i = 0; role->predicates[i] != NULL; i++)
        for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++)
            if (strcmp(role->predicates[i], acts[k]) == 0)
                return true;
    return false;
}

/* A gate or a rule takes what is said in the role. */
static bool demand_asks_for(const bu_demand *demand, const char *role)
{
    for (size_t i = 0; i < demand->count; i++)
        for (size_t w = 0; w < demand->alternatives[i].count; w++) {
            const bu_want *want = &demand->alternatives[i].wants[w];
            if (want->role == NULL ? bu_want_is_signed(want) : strcmp(want->role, role) == 0)
                return true;
        }
    return false;
}

static bool policy_asks_for(const bu_policy *policy, const char *role)
{
    size_t count;
    const bu_gate *gates = bu_policy_gates(policy, &count);
    const bu_rules *rules = bu_rules_to_attack(policy);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < gates[i].need_count; k++)
            if (strcmp(gates[i].needs[k].role, role) == 0)
                return true;
    for (size_t i = 0; i < rules->count; i++)
        for (size_t d = 0; d < rules->items[i].count; d++)
            if (demand_asks_for(&rules->items[i].demands[d], role))
                return true;
    return false;
}

static bulla_status lint_role(linter *l, const bu_role *role)
{
    bu_lint_finding finding = { .role = role->name };
    for (size_t i = 0; i < role->grant_count; i++)
        BU_TRY(lint_grant(l, role, &role->grants[i]));
    BU_TRY(lint_review(l, role->review_by, false, finding));
    finding.rule = BU_LINT_ROLE_OUT_OF_REACH;
    if (usable_people(l, role) < role->threshold)
        BU_TRY(add(l, finding));
    finding.rule = BU_LINT_UNUSED_ROLE;
    bool is_asked = acts_elsewhere(role) || policy_asks_for(l->scene->policy, role->name);
    return is_asked ? BU_OK : add(l, finding);
}

/* Pairs of roles. */

/* What `narrow` selects, `wide` does too, as far as their spelling shows. */
static bool glob_covers(const char *wide, const char *narrow)
{
    size_t literal = strcspn(wide, "*?");
    return strcmp(wide, narrow) == 0 ||
           (strcmp(wide + literal, "**") == 0 && strncmp(wide, narrow, literal) == 0) ||
           (strcmp(wide + literal, "*") == 0 && strncmp(wide, narrow, literal) == 0 &&
            strchr(narrow + literal, '/') == NULL && strstr(narrow + literal, "**") == NULL);
}

static bool globs_cover(const char *const *wide, const char *const *narrow)
{
    for (size_t i = 0; narrow[i] != NULL; i++) {
        size_t k = 0;
        while (wide[k] != NULL && !glob_covers(wide[k], narrow[i]))
            k++;
        if (wide[k] == NULL)
            return false;
    }
    return true;
}

/* An empty list is any; so it covers all, and only itself covers it. */
static bool list_covers(const char *const *wide, const char *const *narrow)
{
    if (wide[0] == NULL || narrow[0] == NULL)
        return wide[0] == NULL;
    for (size_t i = 0; narrow[i] != NULL; i++)
        if (!bu_list_allows(wide, bu_bytes_of(narrow[i])))
            return false;
    return true;
}

static bool role_covers(const bu_role *wide, const bu_role *narrow)
{
    return globs_cover(wide->match, narrow->match) &&
           list_covers(wide->predicates, narrow->predicates) &&
           list_covers(wide->environments, narrow->environments);
}

static bulla_status lint_pairs(linter *l)
{
    const bu_role *roles = l->trust->roles;
    for (size_t a = 0; a < l->trust->role_count; a++)
        for (size_t b = 0; b < l->trust->role_count; b++)
            if (a != b && role_covers(&roles[a], &roles[b]) &&
                !(b < a && role_covers(&roles[b], &roles[a]))) /* two that are equal: once */
                BU_TRY(add(l, (bu_lint_finding){ .rule = BU_LINT_SUPERSET_ROLE,
                                                 .role = roles[a].name,
                                                 .detail = roles[b].name }));
    return BU_OK;
}

/* One of the store, or one that has a meaning of its own, also where nobody holds it. */
static bool is_role(const bulla_trust *trust, const char *name)
{
    for (size_t i = 0; i < trust->exclusion_count; i++) {
        const bu_exclusion *e = &trust->exclusions[i];
        if (e->is_built_in && (strcmp(name, e->a) == 0 || strcmp(name, e->b) == 0))
            return true;
    }
    return bu_trust_role(trust, bu_bytes_of(name)) != NULL;
}

static bulla_status lint_exclusions(linter *l)
{
    for (size_t i = 0; i < l->trust->exclusion_count; i++) {
        const bu_exclusion *e = &l->trust->exclusions[i];
        bu_lint_finding finding = { .rule = BU_LINT_EXCLUDES_NOBODY };
        finding.role = !is_role(l->trust, e->a) ? e->a : !is_role(l->trust, e->b) ? e->b : NULL;
        if (finding.role != NULL)
            BU_TRY(add(l, finding));
    }
    return BU_OK;
}

/* Gates. */

static bool is_type(const char *type, const char *name)
{
    bulla_bytes uri = bu_predicate_type_of(bu_bytes_of(type));
    return strcmp(type, name) == 0 || (uri.len > 0 && bu_predicate_is(uri, bu_bytes_of(name)));
}

static bulla_status lint_gate(linter *l, const bu_gate *gate)
{
    const bu_exclusions exclusions = { l->trust->exclusions, l->trust->exclusion_count };
    for (size_t i = 0; i < gate->need_count; i++)
        for (size_t k = 0; k < gate->need_count; k++) {
            const bu_gate_need *built = &gate->needs[i], *approved = &gate->needs[k];
            if (is_type(built->type, "slsa") &&
                (is_type(approved->type, "approval") || is_type(approved->type, "release")) &&
                gate->distinct != BU_DISTINCT_ALL &&
                !bu_gate_excludes(gate, &exclusions, built->role, approved->role))
                BU_TRY(add(l, (bu_lint_finding){ .rule = BU_LINT_NOT_APART,
                                                 .role = built->role,
                                                 .gate = gate->name,
                                                 .detail = approved->role }));
        }
    return BU_OK;
}

static bool brings_down(const bu_attempt *attempt, const char *gate)
{
    for (size_t i = 0; i < attempt->count; i++)
        if (attempt->falls[i].kind == BU_FALL_GATE && strcmp(attempt->falls[i].name, gate) == 0)
            return true;
    return false;
}

/* All people of the store at once: what they cannot do, nobody can. */
static bulla_status lint_reach(linter *l)
{
    size_t count;
    const bu_gate *gates = bu_policy_gates(l->scene->policy, &count);
    const char **names = bu_arena_get_array(l->arena, l->trust->people_count + 1, sizeof *names);
    bu_simulation all;
    if (names == NULL)
        return bu_no_memory(l->err);
    for (size_t i = 0; i < l->trust->people_count; i++)
        names[i] = l->trust->people[i].id;
    BU_TRY(bu_simulate(l->scene, names, l->arena, &all, l->err));
    for (size_t i = 0; names[0] != NULL && i < count; i++)
        if (!brings_down(&all.attempts[0], gates[i].name))
            BU_TRY(add(
                l, (bu_lint_finding){ .rule = BU_LINT_GATE_OUT_OF_REACH, .gate = gates[i].name }));
    return BU_OK;
}

/* A person has at least what each single key of theirs has. */
static bulla_status lint_singles(linter *l)
{
    bu_simulation each;
    BU_TRY(bu_simulate(l->scene, NULL, l->arena, &each, l->err));
    for (size_t i = 0; i < each.count; i++) {
        const bu_attempt *attempt = &each.attempts[i];
        for (size_t f = 0; attempt->loot[0].kind == BU_LOOT_PERSON && f < attempt->count; f++)
            if (attempt->falls[f].kind == BU_FALL_GATE && attempt->falls[f].is_fatal)
                BU_TRY(add(l, (bu_lint_finding){ .rule = BU_LINT_ONE_SUFFICES,
                                                 .person = attempt->loot[0].name,
                                                 .gate = attempt->falls[f].name }));
    }
    return BU_OK;
}

static bulla_status lint_gates(linter *l)
{
    size_t count;
    const bu_gate *gates = bu_policy_gates(l->scene->policy, &count);
    for (size_t i = 0; i < count; i++)
        BU_TRY(lint_gate(l, &gates[i]));
    BU_TRY(lint_reach(l));
    return lint_singles(l);
}

/* In order of the rules; what is about one rule stays in the order of the store. */
static bulla_status sort(linter *l)
{
    bu_lint_report *out = l->out;
    bu_lint_finding *sorted = bu_arena_get_array(l->arena, out->count, sizeof *sorted);
    size_t count = 0;
    if (sorted == NULL)
        return bu_no_memory(l->err);
    for (size_t rule = 0; rule < BU_LINT_COUNT; rule++)
        for (size_t i = 0; i < out->count; i++)
            if ((size_t)out->items[i].rule == rule)
                sorted[count++] = out->items[i];
    out->items = sorted;
    return BU_OK;
}

bulla_status bu_lint_trust(const bu_scene *scene, bu_arena *arena, bu_lint_report *out,
                           bulla_error *err)
{
    linter l = { scene, scene->trust, arena, err, out, 0, NULL };
    *out = (bu_lint_report){ 0 };
    BU_TRY(find_armed(&l));
    BU_TRY(lint_root(&l));
    BU_TRY(lint_people(&l));
    for (size_t i = 0; i < scene->trust->key_count; i++)
        BU_TRY(lint_key(&l, &scene->trust->keys[i]));
    for (size_t i = 0; i < scene->trust->role_count; i++)
        BU_TRY(lint_role(&l, &scene->trust->roles[i]));
    BU_TRY(lint_pairs(&l));
    BU_TRY(lint_exclusions(&l));
    BU_TRY(lint_gates(&l));
    return sort(&l);
}
