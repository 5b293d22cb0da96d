/* SPDX-License-Identifier: MIT */
/*
 * Judgements × waivers → what is waived. A waiver lets one thing pass one rule, and only where a
 * proof is missing: nothing that is broken, no gate, and nobody who vouched for the thing itself.
 */
#ifndef BU_POLICY_WAIVE_H
#define BU_POLICY_WAIVE_H

#include "evidence/waivers.h"
#include "policy/policy.h"

/** What the policy says about waivers (`[waivers]`). Borrowed. */
const bu_waiver_terms *bu_policy_waiver_terms(const bu_policy *policy);

/**
 * Make a judgement WAIVED (exit ALLOWED) when a waiver in force lets pass each rule that the
 * component does not satisfy. Marks what is used, and refuses (duty-conflict) what somebody signed
 * who vouches for the component.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_policy_waive(const bu_waiver_terms *terms, bu_waivers *waivers,
                                            bulla_judgement *judgement, bu_arena *arena,
                                            bulla_error *err);

/**
 * Who vouches for a component has no say in its waivers: for one that has any, that is gathered
 * also where no rule asks for it.
 */
void bu_waivers_need(const bu_waivers *waivers, const bulla_component *component, bu_needs *needs);

/** Once all is judged: what is in force and not used becomes UNUSED. */
void bu_waivers_settle(bu_waivers *waivers);

#endif
