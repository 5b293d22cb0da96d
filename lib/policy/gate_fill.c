/* SPDX-License-Identifier: MIT */
/*
 * Who is counted for what, exactly. A state is how many people each need has
 * so far; person by person, all states are marked that can be reached. There
 * are few: the people of a gate are limited. The fullest state that the last
 * person leaves is the answer, and walking back tells who did what.
 */
#include "policy/gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* A set of needs by number. */
typedef uint32_t need_set;

typedef struct filling {
    const bu_gate *gate;
    need_set conflicts[BU_LIMIT_GATE_PEOPLE]; /* needs that nobody fills beside this one */
    uint32_t weight[BU_LIMIT_GATE_PEOPLE];    /* of one person more in the number of a state */
    uint32_t states;
} filling;

static bool has(need_set set, size_t need)
{
    return (set >> need & 1) != 0;
}

static bool is_pair(const char *x, const char *y, const char *a, const char *b)
{
    bool any = strcmp(y, "*") == 0 && strcmp(a, b) != 0;
    return (strcmp(x, a) == 0 && (any || strcmp(y, b) == 0)) ||
           (strcmp(x, b) == 0 && (any || strcmp(y, a) == 0));
}

static bool excluded_by_store(const bu_exclusions *exclusions, const char *a, const char *b)
{
    for (size_t i = 0; i < exclusions->count; i++) {
        const bu_exclusion *e = &exclusions->items[i];
        if (is_pair(e->a, e->b, a, b) || is_pair(e->b, e->a, a, b))
            return true;
    }
    return false;
}

bool bu_gate_excludes(const bu_gate *gate, const bu_exclusions *exclusions, const char *a,
                      const char *b)
{
    for (size_t i = 0; i < gate->pair_count; i++)
        if (is_pair(gate->pairs[i].a, gate->pairs[i].b, a, b))
            return true;
    return excluded_by_store(exclusions, a, b);
}

bool bu_gate_bars_authors(const bu_gate *gate, const bu_exclusions *exclusions)
{
    for (size_t i = 0; i < gate->need_count; i++)
        if (bu_gate_excludes(gate, exclusions, BU_ROLE_AUTHOR, gate->needs[i].role))
            return true;
    return false;
}

/* The number of a state has a digit for each need, of base count + 1. */
static void filling_begin(filling *f, const bu_gate *gate, const bu_exclusions *exclusions)
{
    *f = (filling){ .gate = gate, .states = 1 };
    for (size_t i = 0; i < gate->need_count; i++) {
        f->weight[i] = f->states;
        f->states *= gate->needs[i].count + 1;
        for (size_t j = 0; j < gate->need_count; j++)
            if (i != j &&
                (gate->distinct == BU_DISTINCT_ALL ||
                 bu_gate_excludes(gate, exclusions, gate->needs[i].role, gate->needs[j].role)))
                f->conflicts[i] |= 1u << j;
    }
}

static uint32_t counted_in(const filling *f, uint32_t state, size_t need)
{
    return state / f->weight[need] % (f->gate->needs[need].count + 1);
}

/* The state once a person also fills these needs; what is full stays so. */
static uint32_t after(const filling *f, uint32_t state, need_set set)
{
    uint32_t next = state;
    for (size_t i = 0; i < f->gate->need_count; i++)
        if (has(set, i) && counted_in(f, state, i) < f->gate->needs[i].count)
            next += f->weight[i];
    return next;
}

/* All of it can be filled by this person, and nothing could be added: more never hurts. */
static bool is_choice(const filling *f, const bu_gate_person *person, need_set set)
{
    for (size_t i = 0; i < f->gate->need_count; i++) {
        bool fits = person->may[i] && (f->conflicts[i] & set) == 0;
        if (has(set, i) != fits)
            return false;
    }
    return true;
}

static void step(const filling *f, const bu_gate_person *person, const bool *from, bool *to)
{
    for (need_set set = 0; set < 1u << f->gate->need_count; set++)
        if (is_choice(f, person, set))
            for (uint32_t state = 0; state < f->states; state++)
                if (from[state])
                    to[after(f, state, set)] = true;
}

static uint32_t people_in(const filling *f, uint32_t state)
{
    uint32_t people = 0;
    for (size_t i = 0; i < f->gate->need_count; i++)
        people += counted_in(f, state, i);
    return people;
}

static uint32_t fullest(const filling *f, const bool *reached)
{
    uint32_t best = 0;
    for (uint32_t state = 1; state < f->states; state++)
        if (reached[state] && people_in(f, state) > people_in(f, best))
            best = state;
    return best;
}

/* How the person led to `state`: the state before, and what the person is counted for. */
static uint32_t step_back(const filling *f, bu_gate_person *person, const bool *from,
                          uint32_t state)
{
    for (need_set set = 0; set < 1u << f->gate->need_count; set++)
        for (uint32_t before = 0; is_choice(f, person, set) && before < f->states; before++) {
            if (!from[before] || after(f, before, set) != state)
                continue;
            for (size_t i = 0; i < f->gate->need_count; i++)
                person->counts[i] = counted_in(f, before, i) != counted_in(f, state, i);
            return before;
        }
    return 0;
}

bulla_status bu_gate_fill(const bu_gate *gate, const bu_exclusions *exclusions,
                          bu_gate_person *people, size_t count,
                          uint32_t counted[BU_LIMIT_GATE_PEOPLE], bulla_error *err)
{
    filling f;
    filling_begin(&f, gate, exclusions);
    BU_FREE bool *reached = calloc(count + 1, f.states * sizeof *reached);
    if (reached == NULL)
        return bu_no_memory(err);
    reached[0] = true;
    for (size_t i = 0; i < count; i++)
        step(&f, &people[i], &reached[i * f.states], &reached[(i + 1) * f.states]);
    uint32_t state = fullest(&f, &reached[count * f.states]);
    for (size_t i = 0; i < gate->need_count; i++)
        counted[i] = counted_in(&f, state, i);
    for (size_t i = count; i-- > 0;)
        state = step_back(&f, &people[i], &reached[i * f.states], state);
    return BU_OK;
}
