/* SPDX-License-Identifier: MIT */
/*
 * Policy: component + facts → verdict with reasons. Rules are TOML
 * (`bulla.policy/1`, doc/policy.md), read once. Judging is a pure function: no
 * I/O, no cryptography, no clock. It allows only on facts that hold, and
 * nothing outvotes a broken one.
 */
#ifndef BU_POLICY_POLICY_H
#define BU_POLICY_POLICY_H

#include "base/arena.h"
#include "base/error.h"
#include "model/needs.h"

/** Rules, with the built-in ones behind them; immutable, so it may be shared between threads. */
typedef struct bu_policy bu_policy;

/** What facts are judged by beside the rules: the time, a gate, who may not act for whom (gate.h). */
typedef struct bu_basis bu_basis;

/** The policy that holds when there is no other, in the same language. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_policy_builtin(bu_policy **out, bulla_error *err);

/**
 * Read a policy. `name` is the file's name as it is to be shown; both are copied.
 * Every refusal has exit class CONFIG and a place: what bu_toml_load() refuses,
 * unsupported-version (schema), bad-syntax (unknown field), missing-field (no rule, no match,
 * neither require nor any), type-mismatch, empty (a list), bad-name (no such proof, role name,
 * scope, origin or action), control-character, bad-purl (a pattern that no package URL can match),
 * resource-limit. And no-memory.
 */
BULLA_MUST_USE bulla_status bu_policy_parse(bulla_bytes toml, const char *name, bu_policy **out,
                                            bulla_error *err);
void bu_policy_free(bu_policy *policy);
BU_DEFINE_AUTO(bu_policy)

/**
 * Ask for a proof beside all rules: of every package of this purl type that comes from outside of
 * the project and in an archive of its own, or of every artifact given by hand. `name` is the
 * rule's. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_policy_demand(bu_policy *policy, bulla_proof proof, const char *type,
                                             bool artifacts, const char *name, bulla_error *err);

/** True when nobody wrote one. */
bool bu_policy_is_built_in(const bu_policy *policy);

/** "built-in", or the name given to bu_policy_parse(). Borrowed. */
const char *bu_policy_name(const bu_policy *policy);

/** The text that it was read from: its digest names this policy. Borrowed. */
bulla_bytes bu_policy_text(const bu_policy *policy);

/** The verifiers whose summaries count; borrowed. */
const struct bu_verifiers *bu_policy_verifiers(const bu_policy *policy);

/** The proofs that the rules for this component mention: nothing else can make it allowed. */
bu_needs bu_policy_needs(const bu_policy *policy, const bu_basis *basis,
                         const bulla_component *component);

/**
 * Call `visit` for each role whose review some rule still asks for, alone or as an alternative; also
 * one that only warns. A role may come twice. Fails as `visit` does.
 */
BULLA_MUST_USE bulla_status bu_policy_reviewers(
    const bu_policy *policy, const bu_basis *basis, const bulla_judgement *judgement,
    bulla_status (*visit)(void *context, const char *role), void *context);

/**
 * Judge one component: reads `component` and `facts`, sets `verdict`, `exit`, `rule`, `reasons`,
 * `warnings` and `gate`.
 *
 * Every rule that selects the component applies, and all of them must be satisfied; where no rule
 * with action "fail" does, the built-in rules apply too, so that a warning takes no check away.
 *   denied    a fact is broken, whichever rule could do without it; these facts are the reasons
 *   unproven  a proof that a rule asks for is absent or undecided; its finding is the reason
 *   allowed   every demand of every rule is held, or a proof that nothing has to be proved
 * `exit` is the worst exit class of the reasons, and at least that of the verdict.
 * @param arena  owns what is set: the policy may be freed, the facts may not.
 * Fails with no-memory; the verdict is then DENIED.
 */
BULLA_MUST_USE bulla_status bu_policy_judge(const bu_policy *policy, const bu_basis *basis,
                                            bulla_judgement *judgement, bu_arena *arena,
                                            bulla_error *err);

#endif
