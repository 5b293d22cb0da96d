/* SPDX-License-Identifier: MIT */
/*
 * People, roles and exclusions that come and go. Whether the outcome is a
 * store that makes sense is for the reader of trust.toml to say.
 */
#include "trust/change.h"

#include "base/bytes.h"
#include "base/limits.h"

static const char *keep(const bulla_trust *trust, const char *text)
{
    return bu_arena_text(trust->arena, bu_bytes_of(text));
}

static bulla_status keep_optional(const bulla_trust *trust, const char *text, const char **out,
                                  bulla_error *err)
{
    if (text != NULL)
        *out = keep(trust, text);
    return text != NULL && *out == NULL ? bu_no_memory(err) : BU_OK;
}

void *bu_change_extend(const bulla_trust *trust, const void *items, size_t count, size_t size)
{
    uint8_t *extended = bu_arena_get_array(trust->arena, count + 1, size);
    if (extended != NULL && count > 0)
        memcpy(extended, items, count * size);
    return extended;
}

bulla_status bu_change_keep(const bulla_trust *trust, const char *const *texts,
                            const char *const **out, bulla_error *err)
{
    size_t count = 0;
    while (texts != NULL && texts[count] != NULL)
        count++;
    const char **copy = bu_arena_get_array(trust->arena, count + 1, sizeof *copy);
    if (copy == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        copy[i] = keep(trust, texts[i]);
        if (copy[i] == NULL)
            return bu_no_memory(err);
    }
    *out = copy;
    return BU_OK;
}

static bool has_any(const char *const *texts)
{
    return texts != NULL && texts[0] != NULL;
}

bulla_status bu_change_none(const char *what, const char *name, bulla_error *err)
{
    return bu_next(err, bu_fail(err, BULLA_E_BAD_REFERENCE, "the store has no %s %s", what, name),
                   "bulla trust list shows what is in it");
}

bulla_status bu_change_find(const bulla_trust *trust, const char *id, size_t *out, bulla_error *err)
{
    *out = bu_trust_person(trust, bu_bytes_of(id));
    return *out < trust->people_count ? BU_OK : bu_change_none("person", id, err);
}

/* Principals. */

static bulla_status need_kind(const char *name, bu_kind_of_party *out, bulla_error *err)
{
    for (size_t i = BU_PARTY_PERSON; i <= BU_PARTY_WITNESS; i++)
        if (strcmp(name, bu_party_name((bu_kind_of_party)i)) == 0) {
            *out = (bu_kind_of_party)i;
            return BU_OK;
        }
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such kind"),
                       BULLA_LIT("person, service, vendor or witness"), bu_bytes_of(name));
}

static bulla_status add_person(bulla_trust *trust, const bulla_trust_addition *a, size_t *out,
                               bulla_error *err)
{
    *out = bu_trust_person(trust, bu_bytes_of(a->person));
    if (*out < trust->people_count)
        return BU_OK;
    bu_person *people = bu_change_extend(trust, trust->people, trust->people_count, sizeof *people);
    if (people == NULL)
        return bu_no_memory(err);
    people[trust->people_count] = (bu_person){
        .kind = a->controller == NULL ? BU_PARTY_PERSON : BU_PARTY_SERVICE,
        .id = keep(trust, a->person),
    };
    trust->people = people;
    trust->people_count++;
    return people[*out].id == NULL ? bu_no_memory(err) : BU_OK;
}

/* What is said of a principal, who may be there: the kind and the controller stay what they are. */
static bulla_status describe(bulla_trust *trust, const bulla_trust_addition *a, bool is_new,
                             bu_person *person, bulla_error *err)
{
    bu_kind_of_party kind = person->kind;
    if (a->kind != NULL)
        BU_TRY(need_kind(a->kind, &kind, err));
    bool other_kind = !is_new && kind != person->kind;
    bool other_controller =
        !is_new && a->controller != NULL &&
        (person->controller == NULL || strcmp(person->controller, a->controller) != 0);
    if (other_kind || other_controller)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is there as a %s without this %s",
                       person->id, bu_party_name(person->kind), other_kind ? "kind" : "controller");
    if ((a->idp_issuer == NULL) != (a->idp_user == NULL))
        return bu_fail(err, BULLA_E_USAGE, "a login is a name and the provider that knows it");
    person->kind = kind;
    BU_TRY(keep_optional(trust, a->controller, &person->controller, err));
    BU_TRY(keep_optional(trust, a->org, &person->org, err));
    BU_TRY(keep_optional(trust, a->tag, &person->tag, err));
    BU_TRY(keep_optional(trust, a->idp_issuer, &person->idp_issuer, err));
    return keep_optional(trust, a->idp_user, &person->idp_user, err);
}

/* Roles. */

static bu_role *find_role(const bulla_trust *trust, const char *name)
{
    for (size_t i = 0; i < trust->role_count; i++)
        if (strcmp(trust->roles[i].name, name) == 0)
            return &trust->roles[i];
    return NULL;
}

static bulla_status new_role(bulla_trust *trust, const char *name, bu_role **out, bulla_error *err)
{
    bu_role *roles = bu_change_extend(trust, trust->roles, trust->role_count, sizeof *roles);
    if (roles == NULL)
        return bu_no_memory(err);
    *out = &roles[trust->role_count];
    **out = (bu_role){ .name = keep(trust, name),
                       .threshold = 1,
                       .match = bu_no_texts,
                       .predicates = bu_no_texts,
                       .environments = bu_no_texts,
                       .from = INT64_MIN,
                       .until = INT64_MAX,
                       .review_by = INT64_MAX };
    trust->roles = roles;
    trust->role_count++;
    return (*out)->name == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_grant(bulla_trust *trust, bu_role *role, size_t person, bu_grant **out,
                              bulla_error *err)
{
    for (size_t i = 0; i < role->grant_count; i++) {
        *out = &role->grants[i];
        if ((*out)->person == person)
            return BU_OK;
    }
    bu_grant *grants = bu_change_extend(trust, role->grants, role->grant_count, sizeof *grants);
    if (grants == NULL)
        return bu_no_memory(err);
    *out = &grants[role->grant_count++];
    **out = (bu_grant){ .person = person,
                        .match = bu_no_texts,
                        .predicates = bu_no_texts,
                        .environments = bu_no_texts,
                        .from = INT64_MIN,
                        .until = INT64_MAX,
                        .review_by = INT64_MAX };
    role->grants = grants;
    return BU_OK;
}

static bulla_status add_role(bulla_trust *trust, const bulla_trust_addition *a, size_t person,
                             bulla_error *err)
{
    bu_role *role = find_role(trust, a->role);
    bu_grant *grant;
    if (role == NULL)
        BU_TRY(new_role(trust, a->role, &role, err));
    if (a->threshold != 0)
        role->threshold = a->threshold;
    if (has_any(a->match))
        BU_TRY(bu_change_keep(trust, a->match, &role->match, err));
    if (has_any(a->predicates)) {
        BU_TRY(bu_change_keep(trust, a->predicates, &role->predicates, err));
        role->has_usual = false;
    }
    return add_grant(trust, role, person, &grant, err);
}

/** What a right says, of a role or of a grant. */
typedef struct scope {
    const char *const **match, *const **predicates, *const **environments;
    int64_t *from, *until, *review_by;
} scope;

static bulla_status set_scope(bulla_trust *trust, const bulla_trust_right *right, const scope *of,
                              bulla_error *err)
{
    if (has_any(right->match))
        BU_TRY(bu_change_keep(trust, right->match, of->match, err));
    if (has_any(right->predicates))
        BU_TRY(bu_change_keep(trust, right->predicates, of->predicates, err));
    if (has_any(right->environments))
        BU_TRY(bu_change_keep(trust, right->environments, of->environments, err));
    if (right->from != 0)
        *of->from = right->from;
    if (right->until != 0)
        *of->until = right->until;
    if (right->review_by != 0)
        *of->review_by = right->review_by;
    return BU_OK;
}

static bool is_narrowed(const bu_grant *grant)
{
    return grant->match[0] != NULL || grant->predicates[0] != NULL ||
           grant->environments[0] != NULL || grant->from != INT64_MIN ||
           grant->until != INT64_MAX || grant->review_by != INT64_MAX;
}

bulla_status bu_change_grant(bulla_trust *trust, const void *what, int64_t now, bulla_error *err)
{
    (void)now;
    const bulla_trust_right *right = what;
    size_t person;
    bu_grant *grant;
    bu_role *role = find_role(trust, right->role);
    bool is_new = role == NULL;
    BU_TRY(bu_change_find(trust, right->person, &person, err));
    if (is_new)
        BU_TRY(new_role(trust, right->role, &role, err));
    BU_TRY(add_grant(trust, role, person, &grant, err));
    if (is_new)
        return set_scope(trust, right,
                         &(scope){ &role->match, &role->predicates, &role->environments,
                                   &role->from, &role->until, &role->review_by },
                         err);
    BU_TRY(set_scope(trust, right,
                     &(scope){ &grant->match, &grant->predicates, &grant->environments,
                               &grant->from, &grant->until, &grant->review_by },
                     err));
    grant->is_narrowed = is_narrowed(grant);
    return BU_OK;
}

/* "ROLE,ROLE" or "ROLE,ROLE,subject". */
/* By the store or by roles.def, either way round. */
static bool is_excluded(const bulla_trust *trust, bulla_bytes a, bulla_bytes b, bool per_subject)
{
    for (size_t i = 0; i < trust->exclusion_count; i++) {
        const bu_exclusion *e = &trust->exclusions[i];
        if (e->per_subject == per_subject && ((bu_bytes_is(a, e->a) && bu_bytes_is(b, e->b)) ||
                                              (bu_bytes_is(a, e->b) && bu_bytes_is(b, e->a))))
            return true;
    }
    return false;
}

static bulla_status add_exclusion(bulla_trust *trust, const char *text, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_of(text), part[3] = { 0 };
    size_t count = 0;
    for (; count < 3 && rest.len > 0; count++) {
        part[count] = bu_bytes_first(rest, bu_bytes_find(rest, ','));
        rest = bu_bytes_from(rest, part[count].len + 1);
    }
    bool per_subject = count == 3 && bu_bytes_is(part[2], "subject");
    if (rest.len > 0 || count < 2 || (count == 3 && !per_subject))
        return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no exclusion"),
                           BULLA_LIT("ROLE,ROLE or ROLE,ROLE,subject"), bu_bytes_of(text));
    if (is_excluded(trust, part[0], part[1], per_subject))
        return BU_OK;
    bu_exclusion *exclusions =
        bu_change_extend(trust, trust->exclusions, trust->exclusion_count, sizeof *exclusions);
    if (exclusions == NULL)
        return bu_no_memory(err);
    const bu_exclusion added = { .a = bu_arena_text(trust->arena, part[0]),
                                 .b = bu_arena_text(trust->arena, part[1]),
                                 .per_subject = per_subject };
    exclusions[trust->exclusion_count++] = added;
    trust->exclusions = exclusions;
    return added.a == NULL || added.b == NULL ? bu_no_memory(err) : BU_OK;
}

/* Adding. */

static bulla_status pin_file(bulla_trust *trust, const char *name, const char *path,
                             bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    return bu_pins_put(&trust->pins, bu_bytes_of(name), bu_buf_bytes(&text), err);
}

static bulla_status add_to_person(bulla_trust *trust, const bulla_trust_addition *a,
                                  bulla_error *err)
{
    size_t before = trust->people_count, person;
    if (a->person == NULL)
        return bu_fail(err, BULLA_E_USAGE, "a key or a role is given to a person: name one");
    BU_TRY(add_person(trust, a, &person, err));
    BU_TRY(describe(trust, a, trust->people_count > before, &trust->people[person], err));
    if (bu_change_enrols(&a->key))
        BU_TRY(bu_change_enrol(trust, &a->key, person, err));
    return a->role == NULL ? BU_OK : add_role(trust, a, person, err);
}

/* Sigstore's logs and authorities become a pinned file, as the policy does. */
bulla_status bu_change_add(bulla_trust *trust, const void *what, int64_t now, bulla_error *err)
{
    (void)now;
    const bulla_trust_addition *a = what;
    if (a->sigstore != NULL) {
        BU_TRY(pin_file(trust, BU_SIGSTORE_ROOT, a->sigstore, err));
        trust->sigstore = BU_SIGSTORE_ROOT;
    }
    if (a->policy != NULL)
        BU_TRY(pin_file(trust, BU_POLICY_FILE, a->policy, err));
    for (size_t i = 0; a->exclusive != NULL && a->exclusive[i] != NULL; i++)
        BU_TRY(add_exclusion(trust, a->exclusive[i], err));
    bool is_about_person = a->person != NULL || a->role != NULL || bu_change_enrols(&a->key);
    return is_about_person ? add_to_person(trust, a, err) : BU_OK;
}

/* Taking away. */

/* By keyid; when a person is named too, it must be that person's. */
static bulla_status remove_key(bulla_trust *trust, const char *person, const char *keyid,
                               bulla_error *err)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        const bu_trusted_key *key = &trust->keys[i];
        if (strcmp(key->keyid, keyid) != 0)
            continue;
        if (person != NULL && strcmp(trust->people[key->person].id, person) != 0)
            return bu_fail(err, BULLA_E_BAD_REFERENCE, "the key %s is not %s's", keyid, person);
        bu_key_free(key->key);
        trust->key_count--;
        memmove(&trust->keys[i], &trust->keys[i + 1], (trust->key_count - i) * sizeof *trust->keys);
        return BU_OK;
    }
    return bu_change_none("key", keyid, err);
}

static void remove_member(bu_role *role, size_t person)
{
    size_t kept = 0;
    for (size_t i = 0; i < role->grant_count; i++)
        if (role->grants[i].person != person)
            role->grants[kept++] = role->grants[i];
    role->grant_count = kept;
}

static bulla_status remove_grant(bulla_trust *trust, const char *name, size_t person,
                                 bulla_error *err)
{
    for (size_t i = 0; i < trust->role_count; i++) {
        bu_role *role = &trust->roles[i];
        if (strcmp(role->name, name) != 0)
            continue;
        if (bu_role_grant(role, person) == NULL)
            return bu_fail(err, BULLA_E_BAD_REFERENCE, "%s does not hold the role %s",
                           trust->people[person].id, name);
        remove_member(role, person);
        return BU_OK;
    }
    return bu_change_none("role", name, err);
}

static bulla_status remove_role(bulla_trust *trust, const char *name, bulla_error *err)
{
    for (size_t i = 0; i < trust->role_count; i++) {
        if (strcmp(trust->roles[i].name, name) != 0)
            continue;
        trust->role_count--;
        memmove(&trust->roles[i], &trust->roles[i + 1],
                (trust->role_count - i) * sizeof *trust->roles);
        return BU_OK;
    }
    return bu_change_none("role", name, err);
}

static void remove_person(bulla_trust *trust, size_t at)
{
    size_t kept = 0;
    for (size_t i = 0; i < trust->key_count; i++) {
        if (trust->keys[i].person == at) {
            bu_key_free(trust->keys[i].key);
            continue;
        }
        trust->keys[kept] = trust->keys[i];
        trust->keys[kept].person -= trust->keys[i].person > at;
        kept++;
    }
    trust->key_count = kept;
    for (size_t i = 0; i < trust->role_count; i++) {
        bu_role *role = &trust->roles[i];
        remove_member(role, at);
        for (size_t k = 0; k < role->grant_count; k++)
            role->grants[k].person -= role->grants[k].person > at;
    }
    trust->people_count--;
    memmove(&trust->people[at], &trust->people[at + 1],
            (trust->people_count - at) * sizeof *trust->people);
}

bulla_status bu_change_remove(bulla_trust *trust, const void *what, int64_t now, bulla_error *err)
{
    (void)now;
    const bu_removal *r = what;
    size_t person;
    if (r->keyid != NULL)
        return r->role == NULL ? remove_key(trust, r->person, r->keyid, err)
                               : bu_fail(err, BULLA_E_USAGE, "remove a key or a role, not both");
    if (r->person == NULL)
        return r->role != NULL ? remove_role(trust, r->role, err)
                               : bu_fail(err, BULLA_E_USAGE, "nothing to remove");
    BU_TRY(bu_change_find(trust, r->person, &person, err));
    if (r->role != NULL)
        return remove_grant(trust, r->role, person, err);
    remove_person(trust, person);
    return BU_OK;
}
