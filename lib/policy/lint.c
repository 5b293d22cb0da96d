/* SPDX-License-Identifier: MIT */
/*
 * What is odd in a policy: an error is a rule or gate that can never do what
 * it says, a warning is one that may do less than its reader thinks, a note is
 * what it could ask for besides.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "attest/predicate.h"
#include "base/glob.h"
#include "model/purl.h"
#include "policy/explain.h"
#include "policy/rule.h"

typedef struct lint {
    const bu_policy *policy;
    const bulla_trust *trust; /* or NULL */
    bu_buf *out;
    bu_lint_counts *counts;
    bu_arena *arena;
    uint32_t line;    /* of the rule or gate that is looked at */
    const char *kind; /* "rule" or "gate" */
    const char *name;
} lint;

static void put(lint *l, const char *level, const char *text)
{
    bu_buf_add_format(l->out, "%s:%" PRIu32 ": %s: %s \"%s\": %s\n", bu_policy_name(l->policy),
                      l->line, level, l->kind, l->name, text);
}

BULLA_PRINTF(3, 4) static void say(lint *l, bool is_error, const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    put(l, is_error ? "error" : "warning", text);
    l->counts->errors += is_error;
    l->counts->warnings += !is_error;
}

/* Two patterns whose beginnings differ share no name. */
static bool may_meet(const bu_pattern *a, const bu_pattern *b)
{
    size_t shared = a->literal < b->literal ? a->literal : b->literal;
    return memcmp(a->text.ptr, b->text.ptr, shared) == 0;
}

/* Every name that matches `inner` matches `outer`, as far as that is seen at once. */
static bool covers(const bu_pattern *outer, const bu_pattern *inner)
{
    return bu_bytes_equal(outer->text, inner->text) ||
           (outer->is_subtree && inner->literal >= outer->literal && may_meet(outer, inner)) ||
           (inner->literal == inner->text.len && bu_glob_match(outer->text, inner->text));
}

static bool is_covered(const bu_patterns *list, const bu_pattern *pattern)
{
    for (size_t i = 0; i < list->count; i++)
        if (covers(&list->items[i], pattern))
            return true;
    return false;
}

/* "pkg:npm/…": a type that is written out is one that is known. */
static void check_type(lint *l, const bu_pattern *pattern)
{
    bulla_bytes rest = bu_bytes_from(pattern->text, 4);
    size_t slash = bu_bytes_find(rest, '/');
    if (pattern->literal < 4 || 4 + slash >= pattern->literal)
        return;
    bulla_bytes type = bu_bytes_first(rest, slash);
    if (!bu_purl_type_is_known(type))
        say(l, false, "\"%s\": no package of type %.*s is known", (const char *)pattern->text.ptr,
            (int)type.len, (const char *)type.ptr);
}

/* Names are compared as they are written: in another case, or encoded otherwise, it is none. */
static void check_form(lint *l, const bu_pattern *pattern)
{
    const char *text = (const char *)pattern->text.ptr, *canonical;
    bool is_whole = pattern->literal == pattern->text.len;
    bulla_error why = { 0 };
    const char *name =
        bu_arena_format(l->arena, "%.*s%s", (int)pattern->literal, text, is_whole ? "" : "x");
    bulla_status status = name == NULL
                              ? bu_no_memory(&why)
                              : bu_purl_canonicalize(bu_bytes_of(name), l->arena, &canonical, &why);
    l->out->broken |= status.code == BULLA_E_NO_MEMORY;
    if (!bulla_ok(status))
        return; /* not enough of it stands there */
    if (strcmp(canonical, name) != 0)
        say(l, true, "\"%s\" matches nothing: it is written \"%.*s\"", text,
            (int)strlen(canonical) - !is_whole, canonical);
    else if (is_whole && strchr(text, '@') == NULL)
        say(l, false, "\"%s\" leaves out every version: write \"%s@*\"", text, text);
}

static void check_match(lint *l, const bu_rule *rule)
{
    size_t covered = 0;
    for (size_t i = 0; i < rule->match.count; i++) {
        covered += is_covered(&rule->except, &rule->match.items[i]);
        check_type(l, &rule->match.items[i]);
        check_form(l, &rule->match.items[i]);
    }
    if (covered == rule->match.count)
        say(l, true, "it never applies: except takes away all that match selects");
    for (size_t i = 0; i < rule->except.count; i++) {
        size_t met = 0;
        check_form(l, &rule->except.items[i]);
        for (size_t m = 0; m < rule->match.count; m++)
            met += may_meet(&rule->except.items[i], &rule->match.items[m]);
        if (met == 0)
            say(l, false, "the exception \"%s\" excepts nothing that match selects",
                (const char *)rule->except.items[i].text.ptr);
    }
}

/* Results and waivers name rules. */
static void check_name(lint *l, size_t index)
{
    const bu_rule *rule = &l->policy->own.items[index];
    for (size_t i = 0; i < index; i++)
        if (strcmp(l->policy->own.items[i].name, rule->name) == 0)
            say(l, false, "another rule has the same name");
}

static const bu_role *role_of(const lint *l, const char *name)
{
    return bu_trust_role(l->trust, bu_bytes_of(name));
}

static bool may_sign(const bu_role *role, const char *type)
{
    bulla_bytes uri = bu_predicate_type_of(bu_bytes_of(type));
    for (const char *const *p = role->predicates; *p != NULL; p++)
        if (bu_predicate_is(uri, bu_bytes_of(*p)) || bu_bytes_is(bu_bytes_of(type), *p))
            return true;
    return role->predicates[0] == NULL;
}

static void check_role(lint *l, const char *name, const char *type)
{
    if (l->trust == NULL || name == NULL)
        return;
    const bu_role *role = role_of(l, name);
    if (role == NULL)
        say(l, true, "the trust store has no role %s", name);
    else if (type != NULL && !may_sign(role, type))
        say(l, true, "role %s of the trust store may not sign statements of type %s", name, type);
}

static void check_environment(lint *l, const char *name)
{
    if (l->trust == NULL || name == NULL)
        return;
    for (const char *const *e = l->trust->environments; *e != NULL; e++)
        if (strcmp(*e, name) == 0)
            return;
    say(l, true, "the trust store has no environment %s", name);
}

static void check_rule(lint *l, size_t index)
{
    const bu_rule *rule = &l->policy->own.items[index];
    l->line = rule->line;
    l->kind = "rule";
    l->name = rule->name;
    check_match(l, rule);
    check_name(l, index);
    for (const char *const *e = rule->environments; *e != NULL; e++)
        check_environment(l, *e);
    for (size_t d = 0; d < rule->count; d++)
        for (size_t a = 0; a < rule->demands[d].count; a++)
            for (size_t w = 0; w < rule->demands[d].alternatives[a].count; w++) {
                const bu_want *want = &rule->demands[d].alternatives[a].wants[w];
                check_role(l, want->role, want->type);
            }
}

/* Somebody of the store, as the gate could count them. */
static void enter_person(const lint *l, const bu_gate *gate, bu_gate_person *people, size_t person)
{
    const bu_person *all = l->trust->people;
    bu_gate_person *counted = &people[all[person].counts_as];
    counted->id = all[all[person].counts_as].id;
    for (size_t n = 0; n < gate->need_count; n++) {
        const bu_role *role = role_of(l, gate->needs[n].role);
        if (role != NULL && bu_role_grant(role, person) != NULL)
            counted->may[n] = true;
    }
}

/* Are there people for all of it, if everybody signs? */
static bulla_status check_people(lint *l, const bu_gate *gate, bulla_error *err)
{
    size_t count = l->trust->people_count;
    const bu_exclusions exclusions = { l->trust->exclusions, l->trust->exclusion_count };
    uint32_t counted[BU_LIMIT_GATE_PEOPLE] = { 0 };
    BU_FREE bu_gate_person *people = calloc(count + 1, sizeof *people);
    if (people == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++)
        enter_person(l, gate, people, i);
    BU_TRY(bu_gate_fill(gate, &exclusions, people, count, counted, err));
    for (size_t n = 0; n < gate->need_count; n++) {
        const bu_gate_need *need = &gate->needs[n];
        const bu_role *role = role_of(l, need->role);
        if (role != NULL && counted[n] < need->count)
            say(l, true,
                "it can never open: the trust store has not people enough for %s by %" PRIu32
                " of role %s, each in one role",
                need->type, need->count, need->role);
        if (role != NULL && need->count < role->threshold)
            say(l, false, "%s by %" PRIu32 " of role %s: the role itself asks for %" PRIu32,
                need->type, need->count, need->role, role->threshold);
    }
    return BU_OK;
}

static bool asks_for_authors(const bu_gate *gate)
{
    for (size_t n = 0; n < gate->need_count; n++)
        if (bu_predicate_is(bu_predicate_type_of(bu_bytes_of(gate->needs[n].type)),
                            BULLA_LIT("authorship")))
            return true;
    return false;
}

static void check_authors(lint *l, const bu_gate *gate)
{
    const bu_exclusions exclusions = { l->trust->exclusions, l->trust->exclusion_count };
    if (bu_gate_bars_authors(gate, &exclusions) && !asks_for_authors(gate))
        put(l, "note",
            "it does not ask who wrote it (authorship): an author whom no statement names is "
            "counted as anybody is");
}

static bool is_wide(const char *glob)
{
    return strspn(glob, "*?") == strlen(glob) || strcmp(glob, "pkg:**") == 0;
}

static bulla_status check_gate(lint *l, const bu_gate *gate, bulla_error *err)
{
    uint32_t people = 0;
    bool prod = gate->environment != NULL && strcmp(gate->environment, "prod") == 0;
    l->line = gate->line;
    l->kind = "gate";
    l->name = gate->name;
    check_environment(l, gate->environment);
    if (gate->environment == NULL)
        say(l, false, "it is of no environment: what was approved for any of them counts");
    for (const char *const *glob = gate->match; prod && *glob != NULL; glob++)
        if (is_wide(*glob))
            say(l, false, "\"%s\" lets every artifact into prod that has the signatures", *glob);
    for (size_t n = 0; n < gate->need_count; n++) {
        people += gate->needs[n].count;
        check_role(l, gate->needs[n].role, gate->needs[n].type);
    }
    for (size_t i = 0; i < gate->pair_count; i++) {
        check_role(l, gate->pairs[i].a, NULL);
        check_role(l, gate->pairs[i].b, NULL);
    }
    if (people < 2)
        say(l, prod, "one person opens it alone");
    else if (gate->distinct == BU_DISTINCT_NONE && prod)
        say(l, false, "one person may be counted for several needs");
    if (l->trust == NULL)
        return BU_OK;
    if (prod)
        check_authors(l, gate);
    return check_people(l, gate, err);
}

bulla_status bu_policy_lint(const bu_policy *policy, const bulla_trust *trust, bu_buf *out,
                            bu_lint_counts *counts, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    if (arena == NULL)
        return bu_no_memory(err);
    lint l = { .policy = policy, .trust = trust, .out = out, .counts = counts, .arena = arena };
    *counts = (bu_lint_counts){ 0 };
    for (size_t i = 0; i < policy->own.count; i++)
        check_rule(&l, i);
    for (size_t i = 0; i < policy->gates.count; i++)
        BU_TRY(check_gate(&l, &policy->gates.items[i], err));
    return out->broken ? bu_no_memory(err) : BU_OK;
}
