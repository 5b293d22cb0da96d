/* SPDX-License-Identifier: MIT */
/*
 * How far rights reach. Patterns are held against patterns, so that a scope
 * which no name can bring together is told from one that can.
 */
#include "policy/reach.h"

#include "attest/predicate.h"
#include "base/glob.h"

#define ARTIFACT "pkg:generic/" /* what a file by hand is named, by its file name */

bool bu_is_production(const bulla_trust *trust, const char *environment)
{
    bulla_bytes prod = BULLA_LIT("prod");
    return environment == NULL || bu_bytes_is(prod, environment) ||
           !bu_list_allows(trust->environments, prod) ||
           !bu_list_allows(trust->environments, bu_bytes_of(environment));
}

static bool is_purl(bulla_bytes glob)
{
    return bu_bytes_starts(glob, "pkg:");
}

/*
 * One is over package URLs, the other over file names: could both be of one thing? Of a file, the
 * package URL is made of its name, unless something in it is escaped; of anything else they have
 * little to do with each other.
 */
static bool name_meets(bulla_bytes name, bulla_bytes purl, bool is_file)
{
    if (bu_bytes_starts(purl, ARTIFACT))
        return bu_bytes_has(purl, "%") || bu_glob_meet(name, bu_bytes_from(purl, strlen(ARTIFACT)));
    return !is_file || bu_glob_meet(purl, BULLA_LIT(ARTIFACT "**"));
}

static bool globs_meet(bulla_bytes a, bulla_bytes b, bool is_file)
{
    if (bu_glob_meet(a, b))
        return true;
    if (is_purl(a) == is_purl(b))
        return false;
    return is_purl(a) ? name_meets(b, a, is_file) : name_meets(a, b, is_file);
}

bool bu_scopes_meet(const char *const *a, const char *const *b, bool is_file)
{
    for (size_t i = 0; a[i] != NULL; i++)
        for (size_t j = 0; b[j] != NULL; j++)
            if (globs_meet(bu_bytes_of(a[i]), bu_bytes_of(b[j]), is_file))
                return true;
    return false;
}

/* Short names and URIs may stand on either side. */
static bool types_meet(const char *const *predicates, const char *type)
{
    if (predicates[0] == NULL || type == NULL)
        return true;
    bulla_bytes wanted = bu_bytes_of(type), uri = bu_predicate_type_of(wanted);
    for (size_t i = 0; predicates[i] != NULL; i++) {
        bulla_bytes allowed = bu_bytes_of(predicates[i]);
        if (bu_bytes_equal(wanted, allowed) || bu_predicate_is(uri, allowed) ||
            bu_predicate_is(bu_predicate_type_of(allowed), wanted))
            return true;
    }
    return false;
}

static bool is_scope(const char *const *globs, const bu_ask *ask)
{
    return globs[0] == NULL || bu_scopes_meet(globs, ask->match, ask->is_file);
}

static bool environments_meet(const char *const *environments, const char *environment)
{
    return environment == NULL || bu_list_allows(environments, bu_bytes_of(environment));
}

static bool in_force(int64_t from, int64_t until, int64_t review_by, int64_t now)
{
    return from <= now && now <= until && now <= review_by;
}

bool bu_key_reaches(const bulla_trust *trust, const bu_trusted_key *key, const bu_ask *ask)
{
    const bu_use use = { .environment = bu_bytes_of(ask->environment),
                         .wanted = ask->environment,
                         .when = { .time = INT64_MIN, .now = ask->now } };
    return bulla_ok(bu_trusted_key_counts(trust, key, &use, NULL));
}

bool bu_grant_reaches(const bu_role *role, const bu_grant *grant, const bu_ask *ask)
{
    return in_force(role->from, role->until, role->review_by, ask->now) &&
           in_force(grant->from, grant->until, grant->review_by, ask->now) &&
           environments_meet(role->environments, ask->environment) &&
           environments_meet(grant->environments, ask->environment) &&
           types_meet(role->predicates, ask->type) && types_meet(grant->predicates, ask->type) &&
           is_scope(role->match, ask) && is_scope(grant->match, ask);
}
