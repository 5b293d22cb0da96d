/* SPDX-License-Identifier: MIT */
/*
 * The difference of two states of a store. Things are the same when they have
 * the same name: ids of people, keyids, names of roles, names of files.
 */
#include "trust/difference.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
#include "base/utf8.h"
#include "trust/trust_toml.h"

typedef enum effect { ADDS, REMOVES, CHANGES, WEAKENS } effect;

static void begin(bu_buf *out, effect how)
{
    static const char *const words[] = { "adds   ", "removes", "changes", "WEAKENS" };
    bu_buf_add_format(out, "  %s  ", words[how]);
}

static void add_text(const char *text, bu_buf *out)
{
    if (text == NULL)
        bu_buf_add_text(out, "none");
    else
        bu_escape(bu_bytes_of(text), out);
}

/** The thing whose fields are compared, as its lines begin. */
typedef struct thing {
    const char *what, *name;
    const char *whose; /* person, or NULL */
    bu_buf *out;
} thing;

static void begin_field(const thing *t, effect how, const char *field)
{
    begin(t->out, how);
    bu_buf_add_format(t->out, "%s %s%s%s: %s ", t->what, t->name, t->whose == NULL ? "" : " for ",
                      t->whose == NULL ? "" : t->whose, field);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void compare_text(const thing *t, const char *field, const char *old, const char *next,
                         bool weakens)
{
    if (same_text(old, next))
        return;
    begin_field(t, weakens ? WEAKENS : CHANGES, field);
    add_text(old, t->out);
    bu_buf_add_text(t->out, " -> ");
    add_text(next, t->out);
    bu_buf_add_byte(t->out, '\n');
}

static void add_time(int64_t time, bu_buf *out)
{
    char text[BU_TIME_TEXT];
    bool is_stated = time != INT64_MIN && time != INT64_MAX;
    bu_buf_add_text(out, is_stated ? bu_time_format(time, text) : "not stated");
}

static void compare_time(const thing *t, const char *field, int64_t old, int64_t next, bool weakens)
{
    if (old == next)
        return;
    begin_field(t, weakens ? WEAKENS : CHANGES, field);
    add_time(old, t->out);
    bu_buf_add_text(t->out, " -> ");
    add_time(next, t->out);
    bu_buf_add_byte(t->out, '\n');
}

static bool in_list(const char *const *list, const char *text)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

/* An empty list is any; so is "**". */
static bool is_wider(const char *const *next, const char *const *old)
{
    if (old[0] == NULL || in_list(old, "**"))
        return false;
    for (size_t i = 0; next[i] != NULL; i++)
        if (!in_list(old, next[i]))
            return true;
    return next[0] == NULL;
}

static bool same_list(const char *const *a, const char *const *b)
{
    size_t i = 0;
    while (a[i] != NULL && b[i] != NULL && strcmp(a[i], b[i]) == 0)
        i++;
    return a[i] == NULL && b[i] == NULL;
}

static void add_list(const char *const *list, bu_buf *out)
{
    if (list[0] == NULL)
        bu_buf_add_text(out, "any");
    for (size_t i = 0; list[i] != NULL; i++) {
        bu_buf_add_text(out, i == 0 ? "" : ", ");
        bu_escape(bu_bytes_of(list[i]), out);
    }
}

static void compare_list(const thing *t, const char *field, const char *const *old,
                         const char *const *next)
{
    if (same_list(old, next))
        return;
    begin_field(t, is_wider(next, old) ? WEAKENS : CHANGES, field);
    add_list(old, t->out);
    bu_buf_add_text(t->out, " -> ");
    add_list(next, t->out);
    bu_buf_add_byte(t->out, '\n');
}

/* Owners. */

static const bu_tuf_role *owners_of(const bu_root *root)
{
    static const bu_tuf_role nobody = { 0 };
    return root == NULL ? &nobody : &root->roles[BU_TUF_ROOT];
}

static bool is_owner(const bu_tuf_role *role, const bu_tuf_key *key)
{
    for (size_t i = 0; i < role->count; i++)
        if (bu_key_equal(role->keys[i]->key, key->key))
            return true;
    return false;
}

static void list_owners(effect how, const bu_state *of, const bu_tuf_role *but, bu_buf *out)
{
    const bu_tuf_role *role = owners_of(of->root);
    for (size_t i = 0; i < role->count; i++) {
        if (is_owner(but, role->keys[i]))
            continue;
        const bu_trusted_key *known = bu_trust_key(of->trust, role->keys[i]->key);
        begin(out, how);
        bu_buf_add_format(out, "owner %s", bu_key_id(role->keys[i]->key));
        if (known != NULL)
            bu_buf_add_format(out, ", %s", of->trust->people[known->person].id);
        bu_buf_add_byte(out, '\n');
    }
}

static const char *online_id(const bu_root *root)
{
    const bu_key *online = root == NULL ? NULL : bu_owners_online(root);
    return online == NULL ? NULL : bu_key_id(online);
}

static const char *keeping(const bu_root *root)
{
    return root != NULL && root->one_time ? "not kept" : "kept";
}

static void compare_owners(const bu_state *old, const bu_state *next, bu_buf *out)
{
    const thing store = { "the", "store", NULL, out };
    compare_text(&store, "online key", online_id(old->root), online_id(next->root), false);
    compare_text(&store, "its owners' keys are", keeping(old->root), keeping(next->root), true);
    uint32_t before = owners_of(old->root)->threshold;
    uint32_t after = owners_of(next->root)->threshold;
    list_owners(REMOVES, old, owners_of(next->root), out);
    list_owners(ADDS, next, owners_of(old->root), out);
    if (before == after)
        return;
    begin(out, before == 0 ? ADDS : after < before ? WEAKENS : CHANGES);
    bu_buf_add_format(out, "owners: %" PRIu32 " of %zu must sign", after,
                      owners_of(next->root)->count);
    bu_buf_add_format(out, before == 0 ? "\n" : ", before %" PRIu32 "\n", before);
}

/* Principals. */

static void list_people(effect how, const bulla_trust *of, const bulla_trust *but, bu_buf *out)
{
    for (size_t i = 0; i < of->people_count; i++) {
        const bu_person *person = &of->people[i];
        if (bu_trust_person(but, bu_bytes_of(person->id)) < but->people_count)
            continue;
        begin(out, how);
        bu_buf_add_format(out, "%s %s", bu_party_name(person->kind), person->id);
        if (person->controller != NULL)
            bu_buf_add_format(out, ", counts as %s", person->controller);
        bu_buf_add_byte(out, '\n');
    }
}

/* Who counted as one with somebody who is there yet, be it through a third that goes. */
static void compare_counting(const bulla_trust *old, size_t at, const bulla_trust *next,
                             size_t index, bu_buf *out)
{
    for (size_t i = 0; i < at; i++) {
        if (old->people[i].counts_as != old->people[at].counts_as)
            continue;
        size_t other = bu_trust_person(next, bu_bytes_of(old->people[i].id));
        if (other == next->people_count ||
            next->people[other].counts_as == next->people[index].counts_as)
            continue;
        begin(out, WEAKENS);
        bu_buf_add_format(out, "%s and %s count as two people, before as one\n",
                          next->people[index].id, next->people[other].id);
        return;
    }
}

static void compare_people(const bulla_trust *old, const bulla_trust *next, bu_buf *out)
{
    list_people(REMOVES, old, next, out);
    list_people(ADDS, next, old, out);
    for (size_t i = 0; i < next->people_count; i++) {
        const bu_person *b = &next->people[i];
        size_t at = bu_trust_person(old, bu_bytes_of(b->id));
        if (at == old->people_count)
            continue;
        const bu_person *a = &old->people[at];
        const thing t = { bu_party_name(b->kind), b->id, NULL, out };
        /* What makes two principals one may come, but not go. */
        compare_text(&t, "kind", bu_party_name(a->kind), bu_party_name(b->kind), true);
        compare_text(&t, "controller", a->controller, b->controller, a->controller != NULL);
        compare_text(&t, "org", a->org, b->org, false);
        compare_text(&t, "tag", a->tag, b->tag, a->tag != NULL);
        compare_text(&t, "login issuer", a->idp_issuer, b->idp_issuer, a->idp_issuer != NULL);
        compare_text(&t, "login user", a->idp_user, b->idp_user, a->idp_user != NULL);
        compare_counting(old, at, next, i, out);
    }
}

/* Keys. */

static const bu_trusted_key *find_key(const bulla_trust *trust, const char *keyid)
{
    for (size_t i = 0; i < trust->key_count; i++)
        if (strcmp(trust->keys[i].keyid, keyid) == 0)
            return &trust->keys[i];
    return NULL;
}

/* Bare keys of our own people prove that they are theirs; all other forms name their owner. */
static bool lacks_proof(const bulla_trust *trust, const bu_trusted_key *key)
{
    bu_kind_of_party kind = trust->people[key->person].kind;
    return key->key != NULL && key->proof == NULL &&
           (kind == BU_PARTY_PERSON || kind == BU_PARTY_SERVICE);
}

/* What makes more count; NULL. Once it is forgotten that a key was revoked, it may come back. */
static const char *weakening(effect how, const bulla_trust *of, const bu_trusted_key *key)
{
    if (how == ADDS && lacks_proof(of, key))
        return "adds ";
    return how == REMOVES && key->revoked != INT64_MAX ? "forgets the revoked " : NULL;
}

static void list_keys(effect how, const bulla_trust *of, const bulla_trust *but, bu_buf *out)
{
    for (size_t i = 0; i < of->key_count; i++) {
        const bu_trusted_key *key = &of->keys[i];
        if (find_key(but, key->keyid) != NULL)
            continue;
        const char *weakens = weakening(how, of, key);
        begin(out, weakens == NULL ? how : WEAKENS);
        bu_buf_add_format(out, "%skey %s of %s, %s", weakens == NULL ? "" : weakens, key->keyid,
                          of->people[key->person].id, bu_trusted_key_kind(key));
        if (key->identity != NULL) {
            bu_buf_add_byte(out, ' ');
            add_text(key->identity, out);
            bu_buf_add_text(out, " by ");
            add_text(key->issuer, out);
        }
        bu_buf_add_text(
            out, how == ADDS && weakens != NULL ? ", without a proof that it is theirs\n" : "\n");
    }
}

static void compare_key(const bulla_trust *old, const bu_trusted_key *a, const bulla_trust *next,
                        const bu_trusted_key *b, bu_buf *out)
{
    const thing t = { "key", b->keyid, NULL, out };
    compare_text(&t, "of", old->people[a->person].id, next->people[b->person].id, true);
    if (b->key == NULL)
        compare_text(&t, "file", a->file, b->file, true);
    compare_text(&t, "custody", bu_custody_name(a->custody), bu_custody_name(b->custody),
                 b->custody < a->custody);
    compare_text(&t, "proof", a->proof, b->proof, b->proof == NULL);
    compare_list(&t, "environments", a->environments, b->environments);
    compare_time(&t, "from", a->from, b->from, b->from < a->from);
    compare_time(&t, "until", a->until, b->until, b->until > a->until);
    compare_time(&t, "review by", a->review_by, b->review_by, b->review_by > a->review_by);
    compare_time(&t, "replaced", a->replaced, b->replaced, b->replaced > a->replaced);
    compare_time(&t, "revoked", a->revoked, b->revoked, b->revoked > a->revoked);
    compare_text(&t, "reason", a->reason, b->reason, false);
    compare_time(&t, "compromised since", a->since, b->since, b->since > a->since);
}

static void compare_keys(const bulla_trust *old, const bulla_trust *next, bu_buf *out)
{
    list_keys(REMOVES, old, next, out);
    list_keys(ADDS, next, old, out);
    for (size_t i = 0; i < next->key_count; i++) {
        const bu_trusted_key *before = find_key(old, next->keys[i].keyid);
        if (before != NULL)
            compare_key(old, before, next, &next->keys[i], out);
    }
}

/* Roles. */

static const char *holder(const bulla_trust *trust, const bu_grant *grant)
{
    return trust->people[grant->person].id;
}

static const bu_grant *find_grant(const bulla_trust *trust, const bu_role *role, const char *person)
{
    return role == NULL ? NULL : bu_role_grant(role, bu_trust_person(trust, bu_bytes_of(person)));
}

static void list_grants(effect how, const bulla_trust *of, const bu_role *role,
                        const bulla_trust *but, const bu_role *other, bu_buf *out)
{
    for (size_t i = 0; i < role->grant_count; i++) {
        const char *person = holder(of, &role->grants[i]);
        if (find_grant(but, other, person) != NULL)
            continue;
        begin(out, how);
        bu_buf_add_format(out, "role %s for %s\n", role->name, person);
    }
}

static void compare_grants(const bulla_trust *old, const bu_role *a, const bulla_trust *next,
                           const bu_role *b, bu_buf *out)
{
    for (size_t i = 0; i < b->grant_count; i++) {
        const bu_grant *after = &b->grants[i];
        const char *person = holder(next, after);
        const bu_grant *before = find_grant(old, a, person);
        const thing t = { "role", b->name, person, out };
        if (before == NULL)
            continue;
        compare_list(&t, "match", before->match, after->match);
        compare_list(&t, "predicates", before->predicates, after->predicates);
        compare_list(&t, "environments", before->environments, after->environments);
        compare_time(&t, "from", before->from, after->from, after->from < before->from);
        compare_time(&t, "until", before->until, after->until, after->until > before->until);
        compare_time(&t, "review by", before->review_by, after->review_by,
                     after->review_by > before->review_by);
    }
}

static void compare_role(const bulla_trust *old, const bu_role *a, const bulla_trust *next,
                         const bu_role *b, bu_buf *out)
{
    const thing t = { "role", b->name, NULL, out };
    if (a->threshold != b->threshold) {
        begin_field(&t, b->threshold < a->threshold ? WEAKENS : CHANGES, "threshold");
        bu_buf_add_format(out, "%" PRIu32 " -> %" PRIu32 "\n", a->threshold, b->threshold);
    }
    compare_list(&t, "match", a->match, b->match);
    compare_list(&t, "predicates", a->predicates, b->predicates);
    compare_list(&t, "environments", a->environments, b->environments);
    compare_time(&t, "from", a->from, b->from, b->from < a->from);
    compare_time(&t, "until", a->until, b->until, b->until > a->until);
    compare_time(&t, "review by", a->review_by, b->review_by, b->review_by > a->review_by);
    list_grants(REMOVES, old, a, next, b, out);
    list_grants(ADDS, next, b, old, a, out);
    compare_grants(old, a, next, b, out);
}

static void add_role(const bulla_trust *next, const bu_role *role, const bulla_trust *old,
                     bu_buf *out)
{
    begin(out, ADDS);
    bu_buf_add_format(out, "role %s: %" PRIu32 " must sign; match ", role->name, role->threshold);
    add_list(role->match, out);
    bu_buf_add_text(out, "; predicates ");
    add_list(role->predicates, out);
    bu_buf_add_byte(out, '\n');
    list_grants(ADDS, next, role, old, NULL, out);
}

static void compare_roles(const bulla_trust *old, const bulla_trust *next, bu_buf *out)
{
    for (size_t i = 0; i < old->role_count; i++) {
        if (bu_trust_role(next, bu_bytes_of(old->roles[i].name)) != NULL)
            continue;
        begin(out, REMOVES);
        bu_buf_add_format(out, "role %s\n", old->roles[i].name);
    }
    for (size_t i = 0; i < next->role_count; i++) {
        const bu_role *before = bu_trust_role(old, bu_bytes_of(next->roles[i].name));
        if (before == NULL)
            add_role(next, &next->roles[i], old, out);
        else
            compare_role(old, before, next, &next->roles[i], out);
    }
}

static bool has_exclusion(const bulla_trust *trust, const bu_exclusion *exclusion)
{
    for (size_t i = 0; i < trust->exclusion_count; i++) {
        const bu_exclusion *e = &trust->exclusions[i];
        if (e->per_subject == exclusion->per_subject && strcmp(e->a, exclusion->a) == 0 &&
            strcmp(e->b, exclusion->b) == 0)
            return true;
    }
    return false;
}

static void list_exclusions(effect how, const bulla_trust *of, const bulla_trust *but, bu_buf *out)
{
    for (size_t i = 0; i < of->exclusion_count; i++) {
        const bu_exclusion *e = &of->exclusions[i];
        if (e->is_built_in || has_exclusion(but, e))
            continue;
        begin(out, how);
        bu_buf_add_format(out, "%sexclusion of %s and %s%s\n", how == WEAKENS ? "removes " : "",
                          e->a, e->b, e->per_subject ? " for one subject" : "");
    }
}

/* Files. */

static void compare_files(const bulla_trust *old, const bulla_trust *next, bu_buf *out)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    for (size_t i = 0; i < old->pins.count; i++)
        if (bu_pins_find(&next->pins, bu_bytes_of(old->pins.items[i].name)) == NULL) {
            begin(out, REMOVES);
            bu_buf_add_format(out, "file %s\n", old->pins.items[i].name);
        }
    for (size_t i = 0; i < next->pins.count; i++) {
        const bu_pin *pin = &next->pins.items[i];
        const bu_pin *before = bu_pins_find(&old->pins, bu_bytes_of(pin->name));
        if ((before != NULL && bu_bytes_equal(before->bytes, pin->bytes)) ||
            strcmp(pin->name, BU_TRUST_TOML) == 0)
            continue;
        const bulla_digest *digest = bulla_digest_set_get(&pin->digests, BULLA_ALG_SHA256);
        begin(out, before == NULL ? ADDS : CHANGES);
        bu_buf_add_format(out, "file %s  sha256:%s\n", pin->name, bulla_digest_hex(digest, hex));
    }
}

void bu_difference_write(bu_state old, bu_state next, bu_buf *out)
{
    static const bulla_trust nothing = { .environments = bu_no_texts };
    const bulla_trust *before = old.trust == NULL ? &nothing : old.trust;
    const thing store = { "the", "store", NULL, out };
    compare_owners(&old, &next, out);
    compare_text(&store, "url", before->url, next.trust->url, false);
    compare_text(&store, "sigstore", before->sigstore, next.trust->sigstore,
                 before->sigstore != NULL);
    compare_list(&store, "environments",
                 old.trust == NULL ? bu_usual_environments : before->environments,
                 next.trust->environments);
    compare_people(before, next.trust, out);
    compare_keys(before, next.trust, out);
    compare_roles(before, next.trust, out);
    list_exclusions(WEAKENS, before, next.trust, out);
    list_exclusions(ADDS, next.trust, before, out);
    compare_files(before, next.trust, out);
}
