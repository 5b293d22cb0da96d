/* SPDX-License-Identifier: MIT */
/*
 * The public calls about policies: lint, explain, test.
 */
#include "bulla/policy.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "io/file.h"
#include "ops/policy_load.h"
#include "policy/cases.h"
#include "policy/explain.h"
#include "trust/trust_toml.h"

static bulla_status load(const bulla_policy_options *options, bu_policy **out, bulla_error *err)
{
    return bu_policy_look(options->policy, options->is_draft, options->trust, out, err);
}

bulla_status bulla_policy_lint(const bulla_policy_options *options, bulla_buffer *out,
                               bulla_exit *exit, bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    bu_lint_counts counts;
    BU_TRY(load(options, &policy, err));
    if (bu_policy_is_built_in(policy))
        bu_buf_add_text(&text, "there is no policy here or above: the built-in one holds\n");
    BU_TRY(bu_policy_lint(policy, options->trust, &text, &counts, err));
    bu_buf_add_count(&text, counts.errors, "error");
    bu_buf_add_text(&text, ", ");
    bu_buf_add_count(&text, counts.warnings, "warning");
    bu_buf_add_byte(&text, '\n');
    *exit = counts.errors > 0 ? BULLA_EXIT_DENIED : BULLA_EXIT_ALLOWED;
    return bu_buf_take(&text, out, err);
}

bulla_status bulla_policy_explain(const bulla_policy_options *options, bulla_buffer *out,
                                  bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(load(options, &policy, err));
    BU_TRY(bu_policy_explain(policy, &text, err));
    return bu_buf_take(&text, out, err);
}

/* A run over the cases of some files. */
typedef struct trial {
    const bulla_policy_options *options;
    const bu_policy *policy;
    const bulla_trust *trust; /* whose exclusions hold */
    const char *file;
    bu_buf *out;
    size_t passed, failed;
} trial;

static bool has_reason(const bulla_judgement *j, const char *code)
{
    for (size_t i = 0; i < j->reason_count; i++)
        if (strcmp(bulla_code_name(j->reasons[i].code), code) == 0)
            return true;
    return false;
}

static bool is_expected_reason(const bu_policy_case *c, bulla_code code)
{
    for (size_t i = 0; i < c->reason_count; i++)
        if (strcmp(c->reasons[i], bulla_code_name(code)) == 0)
            return true;
    return false;
}

static bool same_reasons(const bu_policy_case *c, const bulla_judgement *j)
{
    for (size_t i = 0; i < c->reason_count; i++)
        if (!has_reason(j, c->reasons[i]))
            return false;
    for (size_t i = 0; i < j->reason_count; i++)
        if (!is_expected_reason(c, j->reasons[i].code))
            return false;
    return true;
}

/* A waiver is none of the policy: what was waived is what the policy does not allow. */
static bool same_verdict(const bu_policy_case *c, const bulla_judgement *j)
{
    return c->verdict == BULLA_WAIVED ? j->verdict != BULLA_ALLOWED : c->verdict == j->verdict;
}

static void add_foreign(bu_buf *out, const char *text)
{
    bu_escape(bu_bytes_of(text), out);
}

static void add_got(bu_buf *out, const bulla_judgement *j)
{
    bu_buf_add_format(out, "          got:      %s [", bulla_verdict_name(j->verdict));
    add_foreign(out, j->rule);
    bu_buf_add_byte(out, ']');
    for (size_t i = 0; i < j->reason_count; i++)
        bu_buf_add_format(out, " %s", bulla_code_name(j->reasons[i].code));
    bu_buf_add_byte(out, '\n');
}

static void add_expected(bu_buf *out, const bu_policy_case *c)
{
    bu_buf_add_format(out, "          expected: %s", bulla_verdict_name(c->verdict));
    if (c->rule != NULL) {
        bu_buf_add_text(out, " [");
        add_foreign(out, c->rule);
        bu_buf_add_byte(out, ']');
    }
    for (size_t i = 0; i < c->reason_count; i++)
        bu_buf_add_format(out, " %s", c->reasons[i]);
    bu_buf_add_byte(out, '\n');
}

static bulla_status try_case(trial *t, const bu_policy_case *c, const bu_basis *basis,
                             bu_arena *arena, bulla_error *err)
{
    bulla_judgement j = { .component = &c->component,
                          .facts = c->facts,
                          .fact_count = c->fact_count };
    BU_TRY(bu_policy_judge(t->policy, basis, &j, arena, err));
    if (same_verdict(c, &j) && (c->rule == NULL || strcmp(c->rule, j.rule) == 0) &&
        (!c->has_reasons || same_reasons(c, &j))) {
        t->passed++;
        return BU_OK;
    }
    t->failed++;
    bu_buf_add_text(t->out, "DIFFERS   ");
    add_foreign(t->out, c->component.purl);
    bu_buf_add_text(t->out, "  ");
    add_foreign(t->out, t->file);
    bu_buf_add_format(t->out, ":%" PRIu32 "\n", c->line);
    add_expected(t->out, c);
    add_got(t->out, &j);
    return BU_OK;
}

static bulla_status try_file(trial *t, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_policy_cases cases;
    bu_basis basis;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(NULL, t->file, BU_LIMIT_DOCUMENT_BYTES, &text, err));
    BU_TRY(bu_policy_cases_read(bu_buf_bytes(&text), t->file, arena, &cases, err));
    const bu_basis_options options = {
        .now = cases.has_now ? cases.now : t->options->now,
        .gate = cases.gate != NULL ? cases.gate : t->options->gate,
        .environment = cases.environment,
        .trust = t->trust,
    };
    BU_TRY(bu_in_file(err, bu_basis_of(t->policy, &options, &basis, err), t->file));
    for (size_t i = 0; i < cases.count; i++)
        BU_TRY(try_case(t, &cases.items[i], &basis, arena, err));
    return BU_OK;
}

/* Without a store, the exclusions that every store has. */
static bulla_status empty_store(bulla_trust **out, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_store_new(&trust, err));
    BU_TRY(bu_trust_toml_read(BULLA_LIT("schema = \"bulla.trust/1\"\n"), trust, err));
    *out = BU_STEAL(trust);
    return BU_OK;
}

bulla_status bulla_policy_test(const bulla_policy_options *options, const char *const *cases,
                               bulla_buffer *out, bulla_exit *exit, bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bulla_trust) empty = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(load(options, &policy, err));
    BU_TRY(empty_store(&empty, err));
    trial t = { .options = options,
                .policy = policy,
                .trust = options->trust != NULL ? options->trust : empty,
                .out = &text };
    for (; *cases != NULL; cases++) {
        t.file = *cases;
        BU_TRY(try_file(&t, err));
    }
    bu_buf_add_format(&text, "%zu as expected, %zu differ\n", t.passed, t.failed);
    *exit = t.failed > 0 ? BULLA_EXIT_DENIED : BULLA_EXIT_ALLOWED;
    return bu_buf_take(&text, out, err);
}
