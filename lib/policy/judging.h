/* SPDX-License-Identifier: MIT */
/*
 * One component while it is judged: what rules and gates find against it.
 * Private to this room.
 */
#ifndef BU_POLICY_JUDGING_H
#define BU_POLICY_JUDGING_H

#include "policy/rule.h"

/** Findings in an arena; a component that is allowed needs none of its memory. */
typedef struct bu_reasons {
    bulla_finding *items;
    size_t count, cap;
} bu_reasons;

/** A rule that is not satisfied. */
typedef struct bu_unmet_rule {
    const bu_rule *rule;
    bulla_code *codes; /* of its reasons, each once */
    size_t count, cap;
    bool is_waivable; /* all of them only say that something is missing */
} bu_unmet_rule;

typedef struct bu_unmet_rules {
    bu_unmet_rule *items;
    size_t count, cap;
} bu_unmet_rules;

typedef struct bu_judging {
    const bu_basis *basis;
    const bulla_judgement *judgement;
    bu_arena *arena;
    bulla_error *err;
    bu_reasons reasons, warnings;
    bu_unmet_rules unmet;
    bool in_rule;            /* what becomes a reason is one of the last of `unmet` */
    bool broken;             /* what is only missing is no reason any more */
    bool forbidden;          /* the policy forbids it: more than that something is missing */
    const bu_rule *selected; /* first rule with action "fail" that applies */
    const bu_rule *decided;  /* first rule that is not satisfied */
    bulla_gate *gate;        /* the gate that is about it, as it was judged; NULL */
} bu_judging;

/**
 * Call `visit` for each rule that applies to the component, in their order; behind them the
 * built-in ones, where no rule with action "fail" and no gate is about it. Fails as `visit` does.
 */
bulla_status bu_rules_visit(const bu_policy *policy, const bu_basis *basis,
                            const bulla_component *component,
                            bulla_status (*visit)(void *context, const bu_rule *rule),
                            void *context);

/** True for a statement of that type (a short name or a URI), and for bare bytes of "signature". */
bool bu_fact_is_of_type(const bulla_fact *fact, const char *type);

/** Do the facts prove it? What needs no proof has it all. */
bool bu_want_holds(const bu_basis *basis, const bulla_judgement *judgement, const bu_want *want);
/** The same of all that one of its alternatives wants. */
bool bu_demand_holds(const bu_basis *basis, const bulla_judgement *judgement,
                     const bu_demand *demand);

/** A finding of ours: `text` is static or in the arena. */
bulla_finding bu_reason_of(bulla_code code, const char *text);

/**
 * Add a finding, unless the same is there; with the component's place when it has none. Fails with
 * no-memory.
 */
BULLA_MUST_USE bulla_status bu_reasons_add(bu_judging *j, bu_reasons *list,
                                           const bulla_finding *finding);

/** The rule is not satisfied; the reasons that follow are its. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_unmet_begin(bu_judging *j, const bu_rule *rule);

/** A finding became a reason, or is one already. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_unmet_note(bu_judging *j, const bulla_finding *finding);

/** Keep what is not satisfied, each with the id that a waiver finds it by. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_unmet_keep(const bu_judging *j, bulla_judgement *out);

/**
 * The exit class of a finding of that outcome: denied or unproven; one of another kind is kept.
 */
bulla_exit bu_exit_of(bulla_outcome outcome, bulla_exit exit);

/** Judge by basis->gate, which is not NULL: sets `gate`, adds reasons. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_gate_judge(bu_judging *j);

#endif
