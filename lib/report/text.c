/* SPDX-License-Identifier: MIT */
/*
 * A result for people: what is wrong comes first, what is to be done stands
 * beside it, and the last line is the answer. One line for each component, so
 * that it can be searched; what is said of many is said once.
 */
#include "report/render.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "bulla/waiver.h"
#include "report/waivers.h"

#define INDENT     "          "
#define SHOWN_EACH 20 /* lines with one reason before the rest is counted; -v shows all */

/* In the order in which they are printed. */
typedef enum line_kind { ERROR, DENIED, UNPROVEN, WAIVED, ALLOWED, WARNING } line_kind;

static const struct {
    const char *label, *color;
    bool in_full; /* each line is shown, however many have the same reason */
} kinds[] = {
    [ERROR] = { "ERROR", "\x1b[31m", true },        [DENIED] = { "DENIED", "\x1b[31m", true },
    [UNPROVEN] = { "UNPROVEN", "\x1b[33m", false }, [WAIVED] = { "WAIVED", "\x1b[33m", true },
    [ALLOWED] = { "ALLOWED", "\x1b[32m", true },    [WARNING] = { "WARNING", "\x1b[33m", false },
};

/* One thing to be said; lines with one reason and one remedy stand together. */
typedef struct report_line {
    line_kind kind;
    bulla_code code;                  /* of the first finding */
    const char *next;                 /* likewise */
    size_t index;                     /* place in the result: keeps the order stable */
    const bulla_judgement *judgement; /* NULL: about no component */
    const bulla_finding *findings;
    size_t count;
} report_line;

typedef struct lines {
    report_line *items;
    size_t count;
} lines;

typedef struct page {
    const bulla_result *result;
    const bulla_render_options *options;
    bu_buf *out;
} page;

static void add_colored(const page *p, const char *color, const char *text)
{
    bu_buf_add_text(p->out, p->options->color ? color : "");
    bu_buf_add_text(p->out, text);
    bu_buf_add_text(p->out, p->options->color ? "\x1b[0m" : "");
}

static void add_label(const page *p, line_kind kind)
{
    add_colored(p, kinds[kind].color, kinds[kind].label);
    bu_buf_add_text(p->out, &INDENT[strlen(kinds[kind].label)]);
}

/* "  package-lock.json:14:7" */
static void add_place(const page *p, const bulla_finding *finding)
{
    if (finding->file[0] == '\0')
        return;
    bu_buf_add_text(p->out, "  ");
    bu_add_shown(p->out, finding->file);
    if (finding->line > 0)
        bu_buf_add_format(p->out, ":%" PRIu32 ":%" PRIu32, finding->line, finding->column);
    else if (finding->offset != UINT64_MAX)
        bu_buf_add_format(p->out, ": byte %" PRIu64, finding->offset);
}

static void add_finding(const page *p, const bulla_finding *finding)
{
    bu_buf_add_text(p->out, bulla_code_name(finding->code));
    add_place(p, finding);
    bu_buf_add_text(p->out, "  ");
    bu_add_shown(p->out, finding->text);
}

static void add_detail(const page *p, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    bu_buf_add_format(p->out, INDENT "%-10s", name);
    bu_add_shown(p->out, value);
    bu_buf_add_byte(p->out, '\n');
}

static void add_comparison(const page *p, const bulla_finding *finding)
{
    add_detail(p, "expected:", finding->expected);
    add_detail(p, "got:", finding->got);
}

/* "  [npm packages]  W-0123456789": by the last, what it lacks can be waived. */
static void add_rule(const page *p, const bulla_judgement *judgement)
{
    bu_buf_add_text(p->out, "  [");
    bu_add_foreign(p->out, judgement->rule);
    bu_buf_add_byte(p->out, ']');
    for (size_t i = 0; i < judgement->unmet_count; i++)
        if (judgement->unmet[i].id[0] != '\0')
            bu_buf_add_format(p->out, "  %s", judgement->unmet[i].id);
}

static void add_findings(const page *p, const report_line *line)
{
    bool has_rule = line->judgement != NULL && line->kind != WARNING;
    add_finding(p, &line->findings[0]);
    if (has_rule)
        add_rule(p, line->judgement);
    bu_buf_add_byte(p->out, '\n');
    add_comparison(p, &line->findings[0]);
    for (size_t i = 1; i < line->count; i++) {
        bu_buf_add_format(p->out, INDENT "%-10s", "also:");
        add_finding(p, &line->findings[i]);
        bu_buf_add_byte(p->out, '\n');
        add_comparison(p, &line->findings[i]);
    }
}

/* "changed:  node_modules/a/index.js": what is the installer's is left to -v. */
static void add_files(const page *p, const bulla_installation *installation)
{
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < installation->file_count; i++) {
        const bulla_changed_file *file = &installation->files[i];
        char label[16];
        if (file->change == BULLA_FILE_GENERATED && !p->options->verbose)
            continue;
        if (shown == SHOWN_EACH && !p->options->verbose) {
            left++;
            continue;
        }
        (void)snprintf(label, sizeof label, "%s:", bulla_change_name(file->change));
        bu_buf_add_format(p->out, INDENT "%-11s", label);
        bu_add_foreign(p->out, file->path);
        bu_buf_add_byte(p->out, '\n');
        shown++;
    }
    if (left > 0)
        bu_buf_add_format(p->out, INDENT "and %zu more (-v shows each)\n", left);
}

static void add_installations(const page *p, const bulla_judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        if (judgement->facts[i].installation != NULL)
            add_files(p, judgement->facts[i].installation);
}

/* "digest, signature (release: alice, bob)" */
static void add_facts(const page *p, const bulla_judgement *judgement)
{
    const char *between = "";
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        if (fact->outcome != BULLA_HELD)
            continue;
        bu_buf_add_format(p->out, "%s%s", between, bulla_proof_name(fact->proof));
        between = ", ";
        if (fact->who == NULL)
            continue;
        bu_buf_add_text(p->out, " (");
        bu_add_foreign(p->out, fact->role);
        bu_buf_add_text(p->out, fact->role == NULL ? "" : ": ");
        bu_add_foreign(p->out, fact->who);
        bu_buf_add_byte(p->out, ')');
    }
}

static void add_held(const page *p, const bulla_judgement *judgement)
{
    add_facts(p, judgement);
    bu_buf_add_text(p->out, "  [");
    bu_add_foreign(p->out, judgement->rule);
    bu_buf_add_text(p->out, "]\n");
}

static void add_line(const page *p, const report_line *line)
{
    add_label(p, line->kind);
    if (line->judgement != NULL) {
        bu_add_foreign(p->out, line->judgement->component->purl);
        bu_buf_add_text(p->out, "  ");
    }
    if (line->count > 0)
        add_findings(p, line);
    else
        add_held(p, line->judgement);
    if (line->judgement != NULL && line->kind != WARNING)
        add_installations(p, line->judgement);
}

/* Lines of one kind with one reason. */
static void add_run(const page *p, const report_line *run, size_t count)
{
    bool in_full = p->options->verbose || kinds[run->kind].in_full;
    size_t shown = in_full || count <= SHOWN_EACH ? count : SHOWN_EACH;
    for (size_t i = 0; i < shown; i++)
        add_line(p, &run[i]);
    if (shown < count) {
        add_label(p, run->kind);
        bu_buf_add_format(p->out, "and %zu more  %s  (-v shows each)\n", count - shown,
                          bulla_code_name(run->code));
    }
    add_detail(p, "next:", run->next);
}

static int by_kind_and_code(const void *a, const void *b)
{
    const report_line *left = a, *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->code != right->code)
        return left->code < right->code ? -1 : 1;
    int order = strcmp(left->next, right->next);
    if (order != 0)
        return order;
    return (left->index > right->index) - (left->index < right->index);
}

static line_kind kind_of(bulla_verdict verdict)
{
    switch (verdict) {
    case BULLA_ALLOWED:
        return ALLOWED;
    case BULLA_WAIVED:
        return WAIVED;
    case BULLA_UNPROVEN:
        return UNPROVEN;
    case BULLA_DENIED:
        break;
    }
    return DENIED;
}

static void lines_add(lines *list, line_kind kind, const bulla_judgement *judgement,
                      const bulla_finding *findings, size_t count)
{
    list->items[list->count] =
        (report_line){ .kind = kind,
                       .code = count == 0 ? BULLA_OK : findings[0].code,
                       .next = count == 0 || kind == WAIVED ? "" : bu_next_of(&findings[0]),
                       .index = list->count,
                       .judgement = judgement,
                       .findings = findings,
                       .count = count };
    list->count++;
}

static void lines_collect(const page *p, lines *list)
{
    const bulla_result *result = p->result;
    for (size_t i = 0; i < result->troubles.count; i++)
        lines_add(list, ERROR, NULL, &result->troubles.items[i], 1);
    for (size_t i = 0; i < result->count; i++) {
        const bulla_judgement *j = &result->judgements[i];
        if (j->verdict != BULLA_ALLOWED || p->options->verbose)
            lines_add(list, kind_of(j->verdict), j, j->reasons, j->reason_count);
        if (j->warning_count > 0)
            lines_add(list, WARNING, j, j->warnings, j->warning_count);
    }
    qsort(list->items, list->count, sizeof *list->items, by_kind_and_code);
}

static void add_lines(const page *p)
{
    size_t most = p->result->troubles.count + 2 * p->result->count;
    BU_FREE report_line *items = calloc(most + 1, sizeof *items);
    if (items == NULL) {
        p->out->broken = true;
        return;
    }
    lines list = { .items = items };
    lines_collect(p, &list);
    for (size_t i = 0, end; i < list.count; i = end) {
        for (end = i + 1; end < list.count; end++) {
            if (items[end].kind != items[i].kind || items[end].code != items[i].code ||
                strcmp(items[end].next, items[i].next) != 0)
                break;
        }
        add_run(p, &items[i], end - i);
    }
}

static void add_run_warnings(const page *p)
{
    for (size_t i = 0; i < p->result->warnings.count; i++) {
        add_label(p, WARNING);
        bu_add_foreign(p->out, p->result->warnings.items[i]);
        bu_buf_add_byte(p->out, '\n');
    }
}

/* Somebody's word for something. */
typedef struct vouch {
    const bulla_fact *fact;
    const bulla_judgement *judgement;
} vouch;

static int compare(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int by_role_and_people(const void *a, const void *b)
{
    const bulla_fact *left = ((const vouch *)a)->fact, *right = ((const vouch *)b)->fact;
    int order = compare(left->role, right->role);
    if (order == 0)
        order = compare(left->who, right->who);
    return order == 0 ? compare(left->predicate, right->predicate) : order;
}

static bool vouches(const bulla_fact *fact)
{
    return fact->outcome == BULLA_HELD && fact->who != NULL;
}

static int by_what(const void *a, const void *b)
{
    const bulla_judgement *left = ((const vouch *)a)->judgement;
    const bulla_judgement *right = ((const vouch *)b)->judgement;
    int order = by_role_and_people(a, b);
    return order != 0 ? order : (left > right) - (left < right);
}

/* "vouched:  release: alice, bob  https://…  3 components" */
static void add_vouch(const page *p, const vouch *run, size_t run_length)
{
    size_t count = 1; /* components: two envelopes may say the same of one */
    for (size_t i = 1; i < run_length; i++)
        count += run[i].judgement != run[i - 1].judgement;
    const bulla_fact *fact = run->fact;
    bu_buf_add_format(p->out, "%-10s", "vouched:");
    bu_add_foreign(p->out, fact->role);
    bu_buf_add_text(p->out, fact->role == NULL ? "" : ": ");
    bu_add_foreign(p->out, fact->who);
    bu_buf_add_text(p->out, "  ");
    bu_add_foreign(p->out, fact->predicate);
    bu_buf_add_text(p->out, fact->predicate == NULL ? "" : "  ");
    if (count == 1)
        bu_add_foreign(p->out, run->judgement->component->purl);
    else
        bu_buf_add_format(p->out, "%zu components", count);
    bu_buf_add_byte(p->out, '\n');
}

static size_t vouches_collect(const bulla_result *result, vouch *out)
{
    size_t count = 0;
    for (size_t i = 0; i < result->count; i++) {
        const bulla_judgement *j = &result->judgements[i];
        for (size_t f = 0; f < j->fact_count; f++) {
            if (!vouches(&j->facts[f]))
                continue;
            if (out != NULL)
                out[count] = (vouch){ &j->facts[f], j };
            count++;
        }
    }
    return count;
}

/* Vouches from `i` on with the same words. */
static size_t same_words(const vouch *all, size_t i, size_t count)
{
    size_t end = i + 1;
    while (end < count && by_role_and_people(&all[i], &all[end]) == 0)
        end++;
    return end - i;
}

static void add_vouches(const page *p)
{
    size_t count = vouches_collect(p->result, NULL);
    BU_FREE vouch *all = calloc(count + 1, sizeof *all);
    if (all == NULL) {
        p->out->broken = true;
        return;
    }
    (void)vouches_collect(p->result, all);
    qsort(all, count, sizeof *all, by_what);
    for (size_t i = 0, run; i < count; i += run) {
        run = same_words(all, i, count);
        add_vouch(p, &all[i], run);
    }
}

static void add_part(const page *p, const char *before, const char *part)
{
    if (part == NULL)
        return;
    bu_buf_add_text(p->out, before);
    bu_add_foreign(p->out, part);
}

/* "built:    github.com/org/repo  refs/tags/v1.2.3  commit 1a2b…  by https://…  (SLSA build level 3)" */
static void add_build(const page *p, const bulla_build *build)
{
    bu_buf_add_format(p->out, "%-10s", "built:");
    add_part(p, "from ", build->source == NULL ? "a source that is not named" : build->source);
    add_part(p, "  ref ", build->ref);
    add_part(p, "  commit ", build->commit);
    add_part(p, "  by ", build->builder);
    if (build->level > 0)
        bu_buf_add_format(p->out, "  (SLSA build level %u)", build->level);
    bu_buf_add_byte(p->out, '\n');
}

/* How things were built: of the ones given by hand, and with -v of all. */
static void add_builds(const page *p)
{
    const bulla_result *result = p->result;
    for (size_t i = 0; i < result->count; i++) {
        const bulla_judgement *j = &result->judgements[i];
        bool shown = p->options->verbose || j->component->origin == BULLA_ORIGIN_ARTIFACT;
        for (size_t f = 0; shown && f < j->fact_count; f++)
            if (j->facts[f].build != NULL && j->facts[f].outcome == BULLA_HELD)
                add_build(p, j->facts[f].build);
    }
}

/* What was not proved with what holds: each caveat once. */
static void add_caveats(const page *p)
{
    const bulla_result *result = p->result;
    const char *said = NULL;
    for (size_t i = 0; i < result->count; i++) {
        const bulla_judgement *j = &result->judgements[i];
        for (size_t f = 0; f < j->fact_count; f++) {
            const char *caveat = j->facts[f].caveat;
            if (caveat == NULL || j->facts[f].outcome != BULLA_HELD || caveat == said)
                continue;
            bu_buf_add_format(p->out, "%-10s%s\n", "note:", caveat);
            said = caveat;
        }
    }
}

static void add_texts(const page *p, const char *name, const bu_texts *texts)
{
    if (texts->count == 0)
        return;
    bu_buf_add_format(p->out, "%-10s", name);
    for (size_t i = 0; i < texts->count; i++) {
        bu_buf_add_text(p->out, i == 0 ? "" : ", ");
        bu_add_foreign(p->out, texts->items[i]);
    }
    bu_buf_add_byte(p->out, '\n');
}

static void add_sum(const page *p)
{
    const bulla_totals *t = &p->result->totals;
    bu_buf_add_format(p->out, "%zu total = %zu allowed + %zu waived + %zu denied + %zu unproven\n",
                      t->total, t->allowed, t->waived, t->denied, t->unproven);
    if (t->not_installed + t->local > 0)
        bu_buf_add_format(p->out,
                          "%-10s%zu optional and not installed, %zu of the project itself\n",
                          "no bytes:", t->not_installed, t->local);
    bu_buf_add_format(p->out, "%-10s%zu of %zu\n", "signed:", t->signed_by_role, t->total);
}

/* Another policy engine, and by what it decided as far as it says. */
static void add_opa(const page *p, const bu_asked *opa)
{
    bu_buf_add_format(p->out, "\n%-10s", "opa:");
    bu_add_foreign(p->out, opa->url);
    bu_buf_add_format(p->out, "  %zu denials", opa->denials);
    if (opa->answer.alg != BULLA_ALG_NONE) {
        bu_buf_add_text(p->out, "  ");
        bu_add_digest(p->out, &opa->answer);
    }
    add_part(p, "  decision ", opa->decision_id);
    for (size_t i = 0; i < opa->revisions.count; i++)
        add_part(p, "  revision ", opa->revisions.items[i]);
}

static void add_basis(const page *p)
{
    const bulla_result *r = p->result;
    char time[BU_TIME_TEXT];
    add_texts(p, "checked:", &r->inputs);
    if (p->options->verbose)
        add_texts(p, "no part:", &r->passed_over);
    add_texts(p, "SBOMs:", &r->sboms);
    bu_buf_add_format(p->out, "%-10s", "policy:");
    bu_add_foreign(p->out, r->policy == NULL ? "none" : r->policy);
    if (r->policy_digest.alg != BULLA_ALG_NONE) {
        bu_buf_add_text(p->out, "  ");
        bu_add_digest(p->out, &r->policy_digest);
    }
    bu_buf_add_text(p->out, r->policy_is_signed ? "  of the trust store" : "");
    if (r->lock != NULL) {
        bu_buf_add_format(p->out, "\n%-10s", "lock:");
        bu_add_foreign(p->out, r->lock);
        bu_buf_add_text(p->out, "  ");
        bu_add_digest(p->out, &r->lock_digest);
    }
    bu_buf_add_format(p->out, "\n%-10s", "trust:");
    bu_add_foreign(p->out, r->trust == NULL ? "none" : r->trust);
    if (r->trust_digest.alg != BULLA_ALG_NONE) {
        bu_buf_add_format(p->out, "  version %" PRId64 "  ", r->trust_version);
        bu_add_digest(p->out, &r->trust_digest);
    }
    if (r->opa != NULL)
        add_opa(p, r->opa);
    bu_buf_add_format(p->out, "\n%-10s%s\n", "time:", bu_time_format(r->now, time));
}

/* "RESULT: NOTHING TO VERIFY (exit 4)" */
static void add_answer(const page *p)
{
    char answer[64];
    (void)snprintf(answer, sizeof answer, "RESULT: %s (exit %d)", bu_exit_word(p->result->exit),
                   (int)p->result->exit);
    for (char *c = answer; *c != '('; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
        else if (*c == '-')
            *c = ' ';
    }
    line_kind kind = p->result->exit == BULLA_EXIT_ALLOWED    ? ALLOWED
                     : p->result->exit == BULLA_EXIT_UNPROVEN ? UNPROVEN
                                                              : DENIED;
    add_colored(p, kinds[kind].color, answer);
    bu_buf_add_byte(p->out, '\n');
}

void bu_render_text(const bulla_result *result, const bulla_render_options *options, bu_buf *out)
{
    page p = { .result = result, .options = options, .out = out };
    add_lines(&p);
    add_run_warnings(&p);
    bu_buf_add_text(out, out->len > 0 ? "\n" : ""); /* the sum stands apart */
    bu_add_gates(result, out);
    add_vouches(&p);
    add_builds(&p);
    add_caveats(&p);
    bu_waivers_put_text(&result->waivers, out);
    add_sum(&p);
    add_basis(&p);
    add_answer(&p);
}
