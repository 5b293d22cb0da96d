/* SPDX-License-Identifier: MIT */
/*
 * What a policy costs: reads one of RULES rules, asks and judges COMPONENTS
 * components with it, as bulla_verify() does, and prints the milliseconds of
 * each part. Used by tools/bench.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "policy/gate.h"

#define COMPONENTS 2000
#define RULES      200

/* Rules as people write them: by scope, by name, with wildcards in front and in the middle. */
static const char *const forms[] = {
    "pkg:npm/%%40scope%zu/**", "pkg:npm/lib%zu-*@*", "pkg:pypi/name%zu@*", "**/*-%zu-*",
    "pkg:*/*lib%zu*-core@*",
};

static double milliseconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void add_rules(bu_buf *out)
{
    bu_buf_add_text(out, "schema = \"bulla.policy/1\"\n");
    for (size_t i = 0; i < RULES; i++) {
        char match[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(match, sizeof match, forms[i % (sizeof forms / sizeof forms[0])], i);
#pragma GCC diagnostic pop
        bu_buf_add_format(out,
                          "[[rule]]\nmatch = \"%s\"\nexcept = \"pkg:npm/lib%zu-x@*\"\n"
                          "any = [\"signature:release\", [\"digest\", \"contents\"]]\n",
                          match, i);
    }
}

int main(void)
{
    static char purls[COMPONENTS][64];
    static bulla_component components[COMPONENTS];
    const bulla_fact facts[] = { { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_HELD },
                                 { .proof = BULLA_PROOF_CONTENTS, .outcome = BULLA_HELD } };
    const bu_basis basis = { .now = 1795288320 };
    bu_buf text = { 0 };
    bu_policy *policy = NULL;
    bu_arena *arena = bu_arena_new();
    size_t allowed = 0, asked = 0;
    add_rules(&text);
    for (size_t i = 0; i < COMPONENTS; i++) {
        (void)snprintf(purls[i], sizeof purls[i],
                       i % 3 == 0 ? "pkg:npm/%%40scope%zu/core@1.%zu.0"
                                  : "pkg:npm/lib%zu-utils@2.%zu.1",
                       i % 250, i);
        components[i] = (bulla_component){ .purl = purls[i], .origin = BULLA_ORIGIN_REGISTRY };
    }
    double start = milliseconds();
    if (arena == NULL ||
        !bulla_ok(bu_policy_parse(bu_buf_bytes(&text), "bulla.policy.toml", &policy, NULL)))
        return 1;
    double parsed = milliseconds();
    for (size_t i = 0; i < COMPONENTS; i++)
        asked += bu_policy_needs(policy, &basis, &components[i]).proofs[BULLA_PROOF_DIGEST];
    double needed = milliseconds();
    for (size_t i = 0; i < COMPONENTS; i++) {
        bulla_judgement j = { .component = &components[i], .facts = facts, .fact_count = 2 };
        if (!bulla_ok(bu_policy_judge(policy, &basis, &j, arena, NULL)))
            return 1;
        allowed += j.verdict == BULLA_ALLOWED;
    }
    double judged = milliseconds();
    printf("%.3f %.3f %.3f %.3f\n", judged - start, parsed - start, needed - parsed,
           judged - needed);
    bu_policy_free(policy);
    bu_arena_free(arena);
    bu_buf_clear(&text);
    return asked == COMPONENTS && allowed == COMPONENTS ? 0 : 1;
}
