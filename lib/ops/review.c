/* SPDX-License-Identifier: MIT */
/*
 * bulla_review_make(): verify, then ask the policy whose review would help what is unproven, and
 * how little there is to look at.
 */
#include "report/review.h"

#include "base/limits.h"
#include "base/vec.h"
#include "evidence/difference.h"
#include "ops/policy_load.h"
#include "ops/review_older.h"
#include "ops/subjects.h"

#define PUBLISHER_SECONDS (180ll * 24 * 3600) /* that is proposed */

/* A component that lacks a review in a role. */
typedef struct lack {
    const bulla_judgement *judgement;
    const char *role;
    const bulla_fact *publisher; /* with the identity of who published it; NULL */
    bool is_taken;               /* some step covers it */
} lack;

typedef struct making {
    const bulla_verify_options *options;
    const char *role; /* NULL: any */
    bulla_review *review;
    bu_policy *policy;
    bu_basis basis;
    bu_olders olders;
    lack *lacks;
    size_t count, cap;
    const bulla_judgement *judgement; /* at hand */
    bulla_error *err;
} making;

static void making_clear(making *m)
{
    bu_policy_free(m->policy);
    bu_olders_clear(&m->olders);
    free(m->lacks);
}
BU_DEFINE_CLEAR(making)

/* As in verification: a signature that is no opinion about the thing. */
static const bulla_fact *publisher_of(const bulla_judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        bool publishes =
            fact->proof == BULLA_PROOF_PROVENANCE || fact->proof == BULLA_PROOF_REGISTRY_SIGNATURE;
        if (publishes && fact->outcome == BULLA_HELD && fact->identity != NULL &&
            fact->issuer != NULL)
            return fact;
    }
    return NULL;
}

static bulla_status add_lack(void *context, const char *role)
{
    making *m = context;
    if (m->role != NULL && strcmp(m->role, role) != 0)
        return BU_OK;
    for (size_t i = m->count; i > 0 && m->lacks[i - 1].judgement == m->judgement; i--)
        if (strcmp(m->lacks[i - 1].role, role) == 0)
            return BU_OK;
    BU_TRY(bu_vec_grow(&m->lacks, m->count, &m->cap, sizeof *m->lacks, m->err));
    m->lacks[m->count++] = (lack){ .judgement = m->judgement,
                                   .role = bu_arena_text(m->review->arena, bu_bytes_of(role)),
                                   .publisher = publisher_of(m->judgement) };
    return m->lacks[m->count - 1].role == NULL ? bu_no_memory(m->err) : BU_OK;
}

static bulla_status find_lacks(making *m, bulla_error *err)
{
    const bulla_result *result = m->review->result;
    const bu_basis_options options = { .now = m->options->now,
                                       .gate = m->options->gate,
                                       .environment = m->options->environment,
                                       .trust = m->options->trust };
    BU_TRY(bu_policy_load(m->options->policy, m->options->trust, &m->policy, NULL, err));
    BU_TRY(bu_basis_of(m->policy, &options, &m->basis, err));
    for (size_t i = 0; i < result->count; i++) {
        m->judgement = &result->judgements[i];
        if (m->judgement->verdict != BULLA_DENIED)
            BU_TRY(bu_policy_reviewers(m->policy, &m->basis, m->judgement, add_lack, m));
    }
    return BU_OK;
}

static bulla_status add_step(making *m, const bulla_review_step *step, bulla_error *err)
{
    bulla_review *review = m->review;
    BU_TRY(bu_vec_grow(&review->steps, review->count, &review->cap, sizeof *review->steps, err));
    review->steps[review->count++] = *step;
    return BU_OK;
}

/* By who publishes, and in which role; what nobody is known to publish is last. */
static int compare_publishers(const lack *a, const lack *b)
{
    if (a->publisher == NULL || b->publisher == NULL)
        return (a->publisher == NULL) - (b->publisher == NULL);
    int order = strcmp(a->publisher->identity, b->publisher->identity);
    if (order == 0)
        order = strcmp(a->publisher->issuer, b->publisher->issuer);
    return order != 0 ? order : strcmp(a->role, b->role);
}

static int by_publisher(const void *a, const void *b)
{
    const lack *left = a, *right = b;
    int order = compare_publishers(left, right);
    return order != 0 ? order
                      : (left->judgement > right->judgement) - (left->judgement < right->judgement);
}

static bool shares(const lack *a, const lack *b)
{
    return a->publisher != NULL && compare_publishers(a, b) == 0;
}

static bulla_status take_publisher(making *m, lack *lacks, size_t count, bulla_error *err)
{
    const char **purls = bu_arena_get_array(m->review->arena, count + 1, sizeof *purls);
    if (purls == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        purls[i] = lacks[i].judgement->component->purl;
        lacks[i].is_taken = true;
    }
    const bulla_review_step step = { .kind = BULLA_REVIEW_PUBLISHER,
                                     .role = lacks->role,
                                     .identity = lacks->publisher->identity,
                                     .issuer = lacks->publisher->issuer,
                                     .purls = purls,
                                     .purl_count = count };
    return add_step(m, &step, err);
}

/* Who publishes several: a review of one alone says more than one of its publisher. */
static bulla_status take_publishers(making *m, bulla_error *err)
{
    if (m->count > 0)
        qsort(m->lacks, m->count, sizeof *m->lacks, by_publisher);
    for (size_t start = 0, count; start < m->count; start += count) {
        count = 1;
        while (start + count < m->count && count < BU_LIMIT_DECISION_LIST &&
               shares(&m->lacks[start], &m->lacks[start + count]))
            count++;
        if (count > 1)
            BU_TRY(take_publisher(m, &m->lacks[start], count, err));
    }
    return BU_OK;
}

/* The file of that name in the folders of archives, when it has that digest; else NULL. */
static bulla_status find_archive(making *m, const char *name, const bulla_digest_set *digests,
                                 const char **out, bulla_error *err)
{
    const char *const *folders = m->options->archives;
    BU_CLEAR(bu_subjects) subjects = { 0 };
    *out = NULL;
    BU_TRY(bu_subjects_start(&subjects, err));
    for (; folders != NULL && *folders != NULL && name != NULL && *out == NULL; folders++) {
        bulla_digest_set measured;
        const char *path = bu_arena_format(m->review->arena, "%s/%s", *folders, name);
        if (path == NULL)
            return bu_no_memory(err);
        if (strchr(name, '/') != NULL ||
            !bulla_ok(bu_subjects_measure(&subjects, path, BU_LIMIT_ARCHIVE_BYTES, NULL, &measured,
                                          NULL)))
            continue;
        bu_subject subject = { .digests = measured };
        const bu_statement statement = { .subjects = &subject, .count = 1 };
        if (bu_statement_is_about(&statement, digests))
            *out = path;
    }
    return BU_OK;
}

static const char *archive_of(const bulla_judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        if (judgement->facts[i].proof == BULLA_PROOF_DIGEST)
            return judgement->facts[i].source;
    return NULL;
}

/* How many files differ, when both archives are at hand. */
static bulla_status measure(making *m, const lack *one, const bu_older *older,
                            bulla_review_step *step, bulla_error *err)
{
    const bulla_digest_set from = { .count = 1, .items = { older->digest } };
    BU_AUTO(bulla_differences) differences = NULL;
    bulla_diff_options options = { .files = true };
    BU_TRY(find_archive(m, older->file, &from, &options.before, err));
    BU_TRY(find_archive(m, archive_of(one->judgement), &one->judgement->measured, &options.after,
                        err));
    if (options.before == NULL || options.after == NULL ||
        !bulla_ok(bulla_diff(&options, &differences, NULL)))
        return BU_OK;
    step->has_size = true;
    step->changed = bulla_differences_count(differences);
    return BU_OK;
}

/* "sha512:HEX" */
static bulla_status name_digest(making *m, const bulla_digest *digest, const char **out,
                                bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    *out = bu_arena_format(m->review->arena, "%s:%s", bulla_alg_name(digest->alg),
                           bulla_digest_hex(digest, hex));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bool is_pinned(const bulla_component *component)
{
    for (uint32_t i = 0; i < component->digests.count; i++)
        if (bulla_alg_is_strong(component->digests.items[i].alg) &&
            bulla_alg_is_of_bytes(component->digests.items[i].alg))
            return true;
    return component->file_count > 0;
}

static bulla_status take_one(making *m, lack *one, bulla_error *err)
{
    const bulla_component *component = one->judgement->component;
    const bulla_digest *measured = bulla_digest_set_strongest(&one->judgement->measured);
    bulla_review_step step = { .kind = BULLA_REVIEW_WHOLE,
                               .role = one->role,
                               .purl_count = 1,
                               .lockfile = component->lockfile };
    const bu_older *older;
    const char **purls = bu_arena_get_array(m->review->arena, 2, sizeof *purls);
    if (purls == NULL)
        return bu_no_memory(err);
    purls[0] = component->purl;
    step.purls = purls;
    bool is_bound = is_pinned(component) && component->lockfile != NULL;
    if (!is_bound && measured == NULL) {
        step.kind = BULLA_REVIEW_UNBOUND;
        return add_step(m, &step, err);
    }
    if (!is_bound)
        BU_TRY(name_digest(m, measured, &step.digest, err));
    BU_TRY(bu_olders_find(&m->olders, component->purl, one->role, m->options->now, m->review->arena,
                          &older, err));
    if (older != NULL) {
        step.kind = BULLA_REVIEW_DIFFERENCE;
        step.from_purl = older->purl;
        BU_TRY(name_digest(m, &older->digest, &step.from, err));
        BU_TRY(measure(m, one, older, &step, err));
    }
    return add_step(m, &step, err);
}

/* What covers most first; of differences the smallest; then as the packages are called. */
static int by_use(const void *a, const void *b)
{
    const bulla_review_step *left = a, *right = b;
    int order = (int)left->kind - (int)right->kind;
    if (order == 0)
        order = (left->purl_count < right->purl_count) - (left->purl_count > right->purl_count);
    if (order == 0)
        order = left->has_size == right->has_size
                    ? (left->changed > right->changed) - (left->changed < right->changed)
                    : right->has_size - left->has_size;
    if (order == 0)
        order = strcmp(left->purls[0], right->purls[0]);
    return order != 0 ? order : strcmp(left->role, right->role);
}

static bulla_status make_steps(making *m, bulla_error *err)
{
    bulla_review *review = m->review;
    BU_TRY(bu_olders_read(m->options->evidence, review->arena, &m->olders, err));
    for (size_t i = 0; i < m->count; i++) /* those of one component follow each other */
        review->lacking += i == 0 || m->lacks[i].judgement != m->lacks[i - 1].judgement;
    BU_TRY(take_publishers(m, err));
    for (size_t i = 0; i < m->count; i++)
        if (!m->lacks[i].is_taken)
            BU_TRY(take_one(m, &m->lacks[i], err));
    if (review->count > 0)
        qsort(review->steps, review->count, sizeof *review->steps, by_use);
    return BU_OK;
}

/* Trouble of the run (an unreadable lockfile) keeps the list from being whole. */
static bulla_exit exit_of(const bulla_review *review)
{
    bulla_exit exit = review->lacking > 0 ? BULLA_EXIT_UNPROVEN : BULLA_EXIT_ALLOWED;
    for (size_t i = 0; i < review->result->troubles.count; i++)
        exit = bulla_exit_worse(exit, review->result->troubles.items[i].exit);
    return exit;
}

bulla_status bulla_review_make(const bulla_verify_options *options, const char *role,
                               bulla_review **out, bulla_error *err)
{
    BU_AUTO(bulla_review) review = calloc(1, sizeof *review);
    if (review == NULL)
        return bu_no_memory(err);
    BU_CLEAR(making) m = { .options = options, .role = role, .review = review, .err = err };
    review->arena = bu_arena_new();
    if (review->arena == NULL)
        return bu_no_memory(err);
    review->until = options->now + PUBLISHER_SECONDS;
    BU_TRY(bulla_verify(options, &review->result, err));
    BU_TRY(find_lacks(&m, err));
    BU_TRY(make_steps(&m, err));
    review->exit = exit_of(review);
    *out = BU_STEAL(review);
    return BU_OK;
}
