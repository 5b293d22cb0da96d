/* SPDX-License-Identifier: MIT */
/*
 * A release gate, as it was judged: what it needs, and who was counted for
 * it. Plain data, read-only for callers; part of a judgement.
 */
#ifndef BULLA_GATE_H
#define BULLA_GATE_H

#include "fact.h"

BULLA_BEGIN

/** One need of a gate: statements of a type, by that many people in a role. */
typedef struct bulla_gate_need {
    const char *type; /**< predicate type, or its short name: "approval" */
    const char *role;
    size_t needed;
    size_t counted;                       /**< at most `needed` */
    const bulla_voucher *const *vouchers; /**< who is counted; `counted` of them, by id */
} bulla_gate_need;

struct bulla_gate {
    const char *name;
    const char *environment; /**< NULL: it is about none */
    const bulla_gate_need *needs;
    size_t need_count;
    bool is_open; /**< every need is met, and nothing stands against it */
};

BULLA_END

#endif
