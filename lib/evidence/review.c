/* SPDX-License-Identifier: MIT */
/*
 * Reviews of differences and of publishers. What stands is the least fixed point: first what leans
 * on nothing, then again and again what leans on what stands, until nothing more does.
 */
#include "evidence/review.h"

#include "attest/provenance.h"
#include "base/limits.h"
#include "evidence/file_message.h"
#include "trust/claims.h"

/* One version of the package; the first is the one that is examined. */
typedef struct version {
    bulla_digest_set digests;
    bu_sayings stands; /* what counts, as far as is known */
    bu_sayings leans;  /* differences that do not count yet */
    bool is_disputed;  /* some of its evidence is broken: nothing leans on it */
} version;

typedef struct versions {
    version *items; /* BU_LIMIT_REVIEWS of them */
    size_t count;
} versions;

static void versions_clear(versions *all)
{
    for (size_t i = 0; i < all->count; i++) {
        bu_sayings_clear(&all->items[i].stands);
        bu_sayings_clear(&all->items[i].leans);
    }
    free(all->items);
}
BU_DEFINE_CLEAR(versions)

/* What the folders of evidence say about these digests. The caller clears `out`. */
static bulla_status look_up(const bu_vouching *v, const bulla_digest_set *digests,
                            const bu_vouching *as, bu_sayings *out, bulla_error *err)
{
    bu_file_message message;
    bu_vouching other = *as;
    other.w = v->w;
    other.index = v->index;
    other.artifact = v->artifact;
    other.message = &message.base;
    bu_file_message_init(&message, v->w, NULL, NULL,
                         v->w->options->graph->components[v->index].name, digests);
    bulla_status status = bu_vouching_look(&other, err);
    *out = other.sayings;
    return status;
}

/* Who published it, as a signature says that is no opinion about it: of the bytes, or of their build. */
static const bu_claims *publisher_of(const bu_saying *saying)
{
    bool publishes = saying->statement == NULL || saying->names_package ||
                     bu_is_provenance(saying->statement->predicate_type);
    const bu_claims *claims = publishes ? saying->claims : NULL;
    return claims == NULL || claims->identity == NULL || claims->issuer == NULL ? NULL : claims;
}

static bulla_status add_all(bu_sayings *to, const bu_sayings *from, bulla_error *err)
{
    for (size_t i = 0; i < from->count; i++)
        BU_TRY(bu_sayings_add(to, &from->items[i], err));
    for (size_t i = 0; i < from->refused_count; i++)
        BU_TRY(bu_sayings_refuse(to, &from->refused[i], err));
    return BU_OK;
}

static bulla_status add_publisher(bu_vouching *v, const bu_claims *claims, bulla_error *err)
{
    bulla_digest_set digests = { .count = 1 };
    BU_CLEAR(bu_sayings) said = { 0 };
    const bu_vouching as = { .subject = BU_SUBJECT_PUBLISHER };
    BU_TRY(bu_publisher_digest(bu_bytes_of(claims->issuer), bu_bytes_of(claims->identity),
                               &digests.items[0], err));
    BU_TRY(look_up(v, &digests, &as, &said, err));
    return add_all(&v->sayings, &said, err);
}

static bool is_same(const bu_claims *a, const bu_claims *b)
{
    return strcmp(a->identity, b->identity) == 0 && strcmp(a->issuer, b->issuer) == 0;
}

/* Only who published it in a role that is held: a stranger with a certificate is no publisher. */
static bulla_status add_publishers(bu_vouching *v, bulla_error *err)
{
    bu_chorus *choruses;
    size_t count, known = 0;
    const bu_claims *publishers[BU_LIMIT_REVIEWS];
    BU_TRY(bu_sayings_unite(&v->sayings, v->w->arena, &choruses, &count, err));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < choruses[i].count && known < BU_LIMIT_REVIEWS; k++) {
            const bu_claims *claims = publisher_of(&choruses[i].sayings[k]);
            bool is_new = claims != NULL && choruses[i].fact.outcome == BULLA_HELD;
            for (size_t n = 0; n < known && is_new; n++)
                is_new = !is_same(publishers[n], claims);
            if (is_new)
                publishers[known++] = claims;
        }
    for (size_t i = 0; i < known; i++)
        BU_TRY(add_publisher(v, publishers[i], err));
    return BU_OK;
}

/* A rejection leans on nothing: whatever it compared with, it stands. */
static bool leans(const bu_saying *saying)
{
    return saying->decision != NULL && saying->decision->from.count > 0 &&
           !bu_decision_rejects(saying->decision);
}

static bulla_status take_sayings(version *item, const bu_sayings *said, bulla_error *err)
{
    for (size_t i = 0; i < said->count; i++)
        BU_TRY(bu_sayings_add(leans(&said->items[i]) ? &item->leans : &item->stands,
                              &said->items[i], err));
    return BU_OK;
}

/* Facts are about the version that is examined: what is wrong with an older one is no such fact. */
static bulla_status take_older(const bu_vouching *v, version *item, bulla_error *err)
{
    bu_evidence *evidence = &v->w->evidence[v->index];
    size_t before = evidence->count;
    BU_CLEAR(bu_sayings) said = { 0 };
    const bu_vouching as = { .subject = BU_SUBJECT_OLDER };
    bulla_status status = look_up(v, &item->digests, &as, &said, err);
    for (size_t i = before; i < evidence->count; i++)
        item->is_disputed = item->is_disputed || evidence->facts[i].outcome == BULLA_BROKEN;
    evidence->count = before;
    BU_TRY(status);
    return take_sayings(item, &said, err);
}

static bool is_version(const version *item, const bulla_digest_set *digests)
{
    bu_subject subject = { .digests = item->digests };
    const bu_statement statement = { .subjects = &subject, .count = 1 };
    return bu_statement_is_about(&statement, digests);
}

static const version *find(const versions *all, const bulla_digest_set *digests)
{
    for (size_t i = 1; i < all->count; i++)
        if (is_version(&all->items[i], digests))
            return &all->items[i];
    return NULL;
}

/* All versions that the first leans on, and those that these lean on. */
static bulla_status collect(const bu_vouching *v, versions *all, bulla_error *err)
{
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->items[i].leans.count; k++) {
            const bulla_digest_set *from = &all->items[i].leans.items[k].decision->from;
            if (all->count == BU_LIMIT_REVIEWS || find(all, from) != NULL)
                continue;
            version *item = &all->items[all->count++];
            item->digests = *from;
            BU_TRY(take_older(v, item, err));
        }
    return BU_OK;
}

/* The version is reviewed, in the role and environment of who leans on it, and nobody rejects it. */
static bulla_status is_reviewed(const bu_vouching *v, version *item, const bu_saying *who,
                                bool *out, bulla_error *err)
{
    bu_chorus *choruses;
    size_t count;
    bool is_held = false, is_rejected = item->is_disputed;
    BU_TRY(bu_sayings_unite(&item->stands, v->w->arena, &choruses, &count, err));
    for (size_t i = 0; i < count; i++) {
        const bu_saying *said = choruses[i].sayings;
        if (said->decision == NULL || said->role != who->role ||
            !bu_bytes_equal(said->statement->predicate_type, who->statement->predicate_type))
            continue;
        bool is_here = bu_bytes_equal(said->decision->environment, who->decision->environment);
        is_held = is_held || (is_here && choruses[i].fact.outcome == BULLA_HELD);
        is_rejected = is_rejected || choruses[i].fact.outcome == BULLA_BROKEN;
    }
    *out = is_held && !is_rejected;
    return BU_OK;
}

/* Moves what leans on a reviewed version to what stands. */
static bulla_status raise_some(const bu_vouching *v, const versions *all, version *item, bool *more,
                               bulla_error *err)
{
    bu_sayings *waiting = &item->leans;
    size_t left = 0;
    for (size_t i = 0; i < waiting->count; i++) {
        bu_saying saying = waiting->items[i];
        const version *base = find(all, &saying.decision->from);
        bool stands = false;
        if (base != NULL)
            BU_TRY(is_reviewed(v, &all->items[base - all->items], &saying, &stands, err));
        if (stands)
            BU_TRY(bu_sayings_add(&item->stands, &saying, err));
        else
            waiting->items[left++] = saying;
        *more = *more || stands;
    }
    waiting->count = left;
    return BU_OK;
}

static bulla_status raise_all(const bu_vouching *v, const versions *all, bulla_error *err)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < all->count; i++)
            BU_TRY(raise_some(v, all, &all->items[i], &more, err));
    }
    return BU_OK;
}

static bulla_status refuse(bu_vouching *v, const bu_saying *saying, bulla_error *err)
{
    const bulla_digest *from = bulla_digest_set_strongest(&saying->decision->from);
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_fact fact = saying->fact;
    bulla_error why = { 0 };
    bulla_status status = bu_fail(&why, BULLA_E_THRESHOLD,
                                  "reviews a difference only, from %s:%s, which no review covers",
                                  bulla_alg_name(from->alg), bulla_digest_hex(from, hex));
    (void)bu_in_file(&why,
                     bu_next(&why, status, "let the version that it is compared with be reviewed"),
                     fact.source);
    fact.proof = BULLA_PROOF_SIGNATURE;
    fact.outcome = bu_outcome_of(&why);
    BU_TRY(bu_finding_of(&why, v->w->arena, &fact.finding, err));
    return bu_sayings_refuse(&v->sayings, &fact, err);
}

static bool any_leans(const bu_sayings *said)
{
    for (size_t i = 0; i < said->count; i++)
        if (leans(&said->items[i]))
            return true;
    return false;
}

static bulla_status settle_differences(bu_vouching *v, bulla_error *err)
{
    BU_CLEAR(versions) all = { .items = calloc(BU_LIMIT_REVIEWS, sizeof(version)), .count = 1 };
    if (all.items == NULL)
        return bu_no_memory(err);
    BU_TRY(take_sayings(&all.items[0], &v->sayings, err));
    BU_TRY(collect(v, &all, err));
    BU_TRY(raise_all(v, &all, err));
    v->sayings.count = 0;
    BU_TRY(add_all(&v->sayings, &all.items[0].stands, err));
    for (size_t i = 0; i < all.items[0].leans.count; i++)
        BU_TRY(refuse(v, &all.items[0].leans.items[i], err));
    return BU_OK;
}

bulla_status bu_review_settle(bu_vouching *v, bulla_error *err)
{
    if (v->sayings.count == 0)
        return BU_OK;
    BU_TRY(add_publishers(v, err));
    return any_leans(&v->sayings) ? settle_differences(v, err) : BU_OK;
}
