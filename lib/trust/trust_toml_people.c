/* SPDX-License-Identifier: MIT */
/*
 * trust.toml: principals, and who of them are one and the same for whoever counts people.
 */
#include "trust/trust_toml_inside.h"

#include "archive/member_path.h"
#include "base/bytes.h"
#include "base/limits.h"

static const char *const kinds[] = {
    [BU_PARTY_PERSON] = "person",
    [BU_PARTY_SERVICE] = "service",
    [BU_PARTY_VENDOR] = "vendor",
    [BU_PARTY_WITNESS] = "witness",
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const char *bu_party_name(bu_kind_of_party kind)
{
    return (size_t)kind < KINDS ? kinds[kind] : "unknown";
}

/* A service is nobody by itself: it acts for a person. */
static bulla_status read_controller(const bu_toml_reader *r, const bu_node *table, bu_person *out)
{
    const bu_node *node;
    if (out->kind != BU_PARTY_SERVICE)
        return BU_OK;
    BU_TRY(bu_toml_id(r, table, "controller", &out->controller, &node));
    size_t index = bu_trust_person(r->trust, bu_node_text(node));
    if (index == r->trust->people_count || r->trust->people[index].kind != BU_PARTY_PERSON)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_REFERENCE, "%s is not a person",
                            out->controller);
    out->counts_as = index;
    return BU_OK;
}

/* Who somebody is at the identity provider: a login is one only with who gave it. */
static bulla_status read_login(const bu_toml_reader *r, const bu_node *table, bu_person *out)
{
    static const char *const fields[] = { "issuer", "user", NULL };
    const bu_node *login, *node;
    BU_TRY(bu_node_optional(r->tree, table, "login", BU_NODE_TABLE, &login, r->err));
    if (login == NULL)
        return BU_OK;
    BU_TRY(bu_node_only(r->tree, login, fields, r->err));
    BU_TRY(bu_node_field(r->tree, login, "issuer", BU_NODE_STRING, &node, r->err));
    BU_TRY(bu_toml_keep(r, node, &out->idp_issuer));
    BU_TRY(bu_node_field(r->tree, login, "user", BU_NODE_STRING, &node, r->err));
    return bu_toml_keep(r, node, &out->idp_user);
}

static bulla_status add_person(const bu_toml_reader *r, const bu_node *table, bu_kind_of_party kind)
{
    static const char *const service[] = { "id", "controller", "org", "tag", "login", "key", NULL };
    static const char *const others[] = { "id", "org", "tag", "login", "key", NULL };
    bulla_trust *trust = r->trust;
    const bu_node *node;
    bu_person person = { .kind = kind, .counts_as = trust->people_count };
    BU_TRY(bu_node_need(r->tree, table, BU_NODE_TABLE, r->err));
    BU_TRY(bu_node_only(r->tree, table, kind == BU_PARTY_SERVICE ? service : others, r->err));
    BU_TRY(bu_toml_id(r, table, "id", &person.id, &node));
    if (bu_trust_person(trust, bu_node_text(node)) < trust->people_count)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice",
                            person.id);
    BU_TRY(read_controller(r, table, &person));
    BU_TRY(bu_toml_optional(r, table, "org", &person.org));
    BU_TRY(bu_toml_optional(r, table, "tag", &person.tag));
    BU_TRY(read_login(r, table, &person));
    trust->people[trust->people_count++] = person;
    return BU_OK;
}

/** What tells that two principals are one, as it is compared; empty: not stated. */
typedef struct marks {
    bulla_bytes tag, issuer, user;
} marks;

/* Identity providers know Ann@Example as ann@example: case, normal form and what trails say nothing. */
static bulla_status fold(const bu_toml_reader *r, const char *text, bulla_bytes *out)
{
    bulla_bytes plain = bu_bytes_strip(bu_bytes_of(text));
    while (bu_bytes_ends(plain, "/"))
        plain.len--;
    return bu_member_key(plain, r->trust->arena, out, r->err);
}

static bulla_status fold_all(const bu_toml_reader *r, const bu_person *person, marks *out)
{
    BU_TRY(fold(r, person->tag, &out->tag));
    BU_TRY(fold(r, person->idp_issuer, &out->issuer));
    return fold(r, person->idp_user, &out->user);
}

static bool same(bulla_bytes a, bulla_bytes b)
{
    return a.len > 0 && bu_bytes_equal(a, b);
}

static bool are_one(const marks *a, const marks *b)
{
    return same(a->tag, b->tag) || (same(a->issuer, b->issuer) && same(a->user, b->user));
}

/* All who count as one of the two count as the first of them from now on. */
static void unite(bulla_trust *trust, size_t a, size_t b)
{
    size_t first = a < b ? a : b, second = a < b ? b : a;
    for (size_t i = 0; i < trust->people_count; i++)
        if (trust->people[i].counts_as == second)
            trust->people[i].counts_as = first;
}

static bulla_status unite_all(const bu_toml_reader *r)
{
    bulla_trust *trust = r->trust;
    marks *of = bu_arena_get_array(trust->arena, trust->people_count, sizeof *of);
    if (of == NULL)
        return bu_no_memory(r->err);
    for (size_t i = 0; i < trust->people_count; i++)
        BU_TRY(fold_all(r, &trust->people[i], &of[i]));
    for (size_t i = 0; i < trust->people_count; i++)
        for (size_t k = 0; k < i; k++)
            if (trust->people[i].counts_as != trust->people[k].counts_as && are_one(&of[i], &of[k]))
                unite(trust, trust->people[i].counts_as, trust->people[k].counts_as);
    return BU_OK;
}

/* People come first, so that a service cannot be behind a service. */
bulla_status bu_toml_people(const bu_toml_reader *r, const bu_node *root)
{
    const bu_node *lists[KINDS];
    size_t count = 0;
    for (size_t i = 0; i < KINDS; i++) {
        BU_TRY(bu_toml_list(r, root, kinds[i], &lists[i]));
        count += bu_node_count(lists[i]);
    }
    r->trust->people = bu_arena_get_array(r->trust->arena, count, sizeof *r->trust->people);
    if (r->trust->people == NULL)
        return bu_no_memory(r->err);
    for (size_t i = 0; i < KINDS; i++) {
        BU_EACH_CHILD(person, lists[i]) {
            BU_TRY(add_person(r, person, (bu_kind_of_party)i));
        }
    }
    return unite_all(r);
}
