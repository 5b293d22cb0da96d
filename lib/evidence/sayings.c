/* SPDX-License-Identifier: MIT */
/*
 * Adding up what is said. People are counted by whom they count as; a document more by the same
 * person adds nothing.
 */
#include "evidence/sayings.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/vec.h"

void bu_sayings_clear(bu_sayings *sayings)
{
    free(sayings->items);
    free(sayings->refused);
    *sayings = (bu_sayings){ 0 };
}

bulla_status bu_sayings_add(bu_sayings *sayings, const bu_saying *saying, bulla_error *err)
{
    BU_TRY(
        bu_vec_grow(&sayings->items, sayings->count, &sayings->cap, sizeof *sayings->items, err));
    bu_saying *item = &sayings->items[sayings->count];
    *item = *saying;
    item->order = sayings->count++;
    return BU_OK;
}

bulla_status bu_sayings_refuse(bu_sayings *sayings, const bulla_fact *fact, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&sayings->refused, sayings->refused_count, &sayings->refused_cap,
                       sizeof *sayings->refused, err));
    sayings->refused[sayings->refused_count++] = *fact;
    return BU_OK;
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static const char *environment_of(const bu_saying *saying)
{
    return saying->fact.said == NULL ? NULL : saying->fact.said->environment;
}

static bool rejects(const bu_saying *saying)
{
    return saying->fact.said != NULL && saying->fact.said->rejects;
}

static int compare_contents(const bulla_digest *a, const bulla_digest *b)
{
    if (a->alg != b->alg)
        return a->alg < b->alg ? -1 : 1;
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

/* 0: they say the same in the same role. */
static int compare_said(const bu_saying *a, const bu_saying *b)
{
    int order = compare_texts(a->role->name, b->role->name);
    if (order == 0)
        order = compare_texts(a->fact.predicate, b->fact.predicate);
    if (order == 0)
        order = compare_texts(environment_of(a), environment_of(b));
    if (order == 0)
        order = rejects(a) - rejects(b);
    return order != 0 ? order : compare_contents(&a->content, &b->content);
}

static int by_said(const void *a, const void *b)
{
    const bu_saying *left = a, *right = b;
    int order = compare_said(left, right);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static int by_first(const void *a, const void *b)
{
    size_t left = ((const bu_chorus *)a)->sayings->order;
    size_t right = ((const bu_chorus *)b)->sayings->order;
    return (left > right) - (left < right);
}

/* The voucher that counts as this one, or NULL. */
static bulla_voucher *find(bulla_voucher *items, size_t count, const bulla_voucher *who)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i].counts_as, who->counts_as) == 0)
            return &items[i];
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const bulla_voucher *)a)->counts_as, ((const bulla_voucher *)b)->counts_as);
}

/* Each person once, with the time of what was said last; in an order that no document decides. */
static bulla_status unite_voices(bu_chorus *chorus, bu_arena *arena, bulla_error *err)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < chorus->count; i++)
        most += chorus->sayings[i].voices.count;
    bulla_voucher *items = bu_arena_get_array(arena, most, sizeof *items);
    if (items == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < chorus->count; i++)
        for (size_t k = 0; k < chorus->sayings[i].voices.count; k++) {
            const bulla_voucher *voice = &chorus->sayings[i].voices.items[k];
            bulla_voucher *known = find(items, count, voice);
            if (known == NULL)
                items[count++] = *voice;
            else if (voice->has_time && (!known->has_time || voice->time > known->time))
                *known = *voice;
        }
    qsort(items, count, sizeof *items, by_name);
    chorus->fact.vouchers = items;
    chorus->fact.voucher_count = count;
    return BU_OK;
}

/* "alice, ci (bob)": a service with the person behind it */
static bulla_status name_voices(bu_chorus *chorus, bu_arena *arena, bulla_error *err)
{
    BU_CLEAR(bu_buf) who = { 0 };
    for (size_t i = 0; i < chorus->fact.voucher_count; i++) {
        const bulla_voucher *voucher = &chorus->fact.vouchers[i];
        bu_buf_add_format(&who, "%s%s", i == 0 ? "" : ", ", voucher->person);
        if (strcmp(voucher->person, voucher->counts_as) != 0)
            bu_buf_add_format(&who, " (%s)", voucher->counts_as);
    }
    chorus->fact.who = who.broken ? NULL : bu_arena_text(arena, bu_buf_bytes(&who));
    return chorus->fact.who == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status judge_threshold(bu_chorus *chorus, bu_arena *arena, bulla_error *err)
{
    const bu_role *role = chorus->sayings->role;
    bulla_error why = { 0 };
    char expected[40];
    chorus->fact.proof = BULLA_PROOF_SIGNATURE;
    chorus->fact.outcome = BULLA_HELD;
    if (chorus->fact.voucher_count >= role->threshold)
        return BU_OK;
    (void)snprintf(expected, sizeof expected, "%" PRIu32 " people", role->threshold);
    bulla_status status =
        bu_fail(&why, BULLA_E_THRESHOLD, "too few people of the role %s signed", role->name);
    status = bu_expected(&why, status, bu_bytes_of(expected), bu_bytes_of(chorus->fact.who));
    (void)bu_in_file(&why, status, chorus->fact.source);
    chorus->fact.outcome = BULLA_ABSENT;
    return bu_finding_of(&why, arena, &chorus->fact.finding, err);
}

/* Does somebody who rejected say the opposite of it later, in the same role and environment? */
static bool is_withdrawn(const bulla_voucher *who, const bu_chorus *rejection,
                         const bu_chorus *choruses, size_t count)
{
    const bu_saying *said = rejection->sayings;
    for (size_t i = 0; i < count; i++) {
        const bu_saying *other = choruses[i].sayings;
        if (rejects(other) || other->role != said->role ||
            compare_texts(other->fact.predicate, said->fact.predicate) != 0 ||
            compare_texts(environment_of(other), environment_of(said)) != 0 ||
            compare_contents(&other->content, &said->content) != 0)
            continue;
        for (size_t k = 0; k < choruses[i].fact.voucher_count; k++) {
            const bulla_voucher *voice = &choruses[i].fact.vouchers[k];
            if (strcmp(voice->counts_as, who->counts_as) == 0 && voice->time > who->time)
                return true;
        }
    }
    return false;
}

static bulla_status judge_rejection(bu_chorus *chorus, const bu_chorus *all, size_t count,
                                    bu_arena *arena, bulla_error *err)
{
    bulla_error why = { 0 };
    const bulla_voucher *who = NULL;
    for (size_t i = 0; i < chorus->fact.voucher_count && who == NULL; i++)
        if (!is_withdrawn(&chorus->fact.vouchers[i], chorus, all, count))
            who = &chorus->fact.vouchers[i];
    chorus->fact.outcome = who == NULL ? BULLA_ABSENT : BULLA_BROKEN;
    bulla_status status =
        bu_fail(&why, BULLA_E_BAD_STATUS, "%s rejected it in the role %s",
                who == NULL ? chorus->fact.who : who->person, chorus->sayings->role->name);
    (void)bu_in_file(&why, status, chorus->fact.source);
    return bu_finding_of(&why, arena, &chorus->fact.finding, err);
}

static bulla_status unite_one(bu_chorus *chorus, bu_arena *arena, bulla_error *err)
{
    chorus->fact = chorus->sayings->fact;
    BU_TRY(unite_voices(chorus, arena, err));
    BU_TRY(name_voices(chorus, arena, err));
    return judge_threshold(chorus, arena, err);
}

bulla_status bu_sayings_unite(bu_sayings *sayings, bu_arena *arena, bu_chorus **out, size_t *count,
                              bulla_error *err)
{
    bu_chorus *choruses = bu_arena_get_array(arena, sayings->count, sizeof *choruses);
    *count = 0;
    if (choruses == NULL)
        return bu_no_memory(err);
    if (sayings->count > 0)
        qsort(sayings->items, sayings->count, sizeof *sayings->items, by_said);
    for (size_t i = 0; i < sayings->count; i++) {
        if (i == 0 || compare_said(&sayings->items[i - 1], &sayings->items[i]) != 0)
            choruses[(*count)++] = (bu_chorus){ .sayings = &sayings->items[i] };
        choruses[*count - 1].count++;
    }
    for (size_t i = 0; i < *count; i++)
        BU_TRY(unite_one(&choruses[i], arena, err));
    for (size_t i = 0; i < *count; i++)
        if (rejects(choruses[i].sayings))
            BU_TRY(judge_rejection(&choruses[i], choruses, *count, arena, err));
    if (*count > 0)
        qsort(choruses, *count, sizeof *choruses, by_first);
    *out = choruses;
    return BU_OK;
}
