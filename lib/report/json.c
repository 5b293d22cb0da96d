/* SPDX-License-Identifier: MIT */
/*
 * A result for programs: `bulla.result/1`, doc/schema/result.json; and what was found out, for
 * other policy engines: `bulla.input/1`, doc/schema/input.json. All
 * components are in it, whatever the options say. Written front to back, so
 * that the largest result needs no more memory than its text. Texts from
 * outside are escaped as in the text form: what a program prints of them is safe.
 */
#include "report/render.h"

#include "base/time.h"
#include "bulla/gate.h"
#include "bulla/waiver.h"
#include "report/waivers.h"
#include "syntax/json_writer.h"

typedef struct writer {
    bu_json_writer json;
    bu_buf text; /* room for one escaped string */
} writer;

/* Strings that are absent are left out; `add` escapes. */
static void add_with(writer *w, const char *key, const char *value,
                     void (*add)(bu_buf *out, const char *text))
{
    if (value == NULL)
        return;
    w->text.len = 0;
    add(&w->text, value);
    if (w->text.broken)
        w->json.out->broken = true;
    bu_json_put_string(&w->json, key, bu_buf_bytes(&w->text));
}

static void add_foreign(writer *w, const char *key, const char *value)
{
    add_with(w, key, value, bu_add_foreign);
}

static void add_shown(writer *w, const char *key, const char *value)
{
    add_with(w, key, value == NULL || value[0] == '\0' ? NULL : value, bu_add_shown);
}

/* Words of ours. */
static void add_word(writer *w, const char *key, const char *value)
{
    bu_json_put_string(&w->json, key, bu_bytes_of(value));
}

static void add_size(writer *w, const char *key, size_t value)
{
    bu_json_put_integer(&w->json, key, (int64_t)value);
}

static void add_place(writer *w, uint32_t line, uint32_t column)
{
    if (line == 0)
        return;
    add_size(w, "line", line);
    add_size(w, "column", column);
}

static void add_digest(writer *w, const char *key, const bulla_digest *digest)
{
    if (digest->alg == BULLA_ALG_NONE)
        return;
    w->text.len = 0;
    bu_add_digest(&w->text, digest);
    if (w->text.broken)
        w->json.out->broken = true;
    bu_json_put_string(&w->json, key, bu_buf_bytes(&w->text));
}

static void add_digests(writer *w, const char *key, bulla_digests digests)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bu_json_begin(&w->json, key, '{');
    for (uint32_t i = 0; i < digests.count; i++)
        add_word(w, bulla_alg_name(digests.items[i].alg), bulla_digest_hex(&digests.items[i], hex));
    bu_json_end(&w->json, '}');
}

/* The files of which any one will do. */
static void add_files(writer *w, const bulla_component *component)
{
    if (component->file_count == 0)
        return;
    bu_json_begin(&w->json, "files", '[');
    for (size_t i = 0; i < component->file_count; i++) {
        bu_json_begin(&w->json, NULL, '{');
        add_foreign(w, "name", component->files[i].name);
        add_digests(w, "pinned", component->files[i].digests);
        bu_json_end(&w->json, '}');
    }
    bu_json_end(&w->json, ']');
}

static void add_finding(writer *w, const char *key, const bulla_finding *finding)
{
    bu_json_begin(&w->json, key, '{');
    add_word(w, "code", bulla_code_name(finding->code));
    add_size(w, "exit", (size_t)finding->exit);
    add_shown(w, "file", finding->file);
    add_place(w, finding->line, finding->column);
    if (finding->offset <= INT64_MAX)
        add_size(w, "offset", (size_t)finding->offset);
    add_shown(w, "expected", finding->expected);
    add_shown(w, "got", finding->got);
    add_shown(w, "text", finding->text);
    add_word(w, "next", bu_next_of(finding));
    bu_json_end(&w->json, '}');
}

static void add_findings(writer *w, const char *key, const bulla_finding *findings, size_t count)
{
    bu_json_begin(&w->json, key, '[');
    for (size_t i = 0; i < count; i++)
        add_finding(w, NULL, &findings[i]);
    bu_json_end(&w->json, ']');
}

static void add_texts(writer *w, const char *key, const bu_texts *texts)
{
    bu_json_begin(&w->json, key, '[');
    for (size_t i = 0; i < texts->count; i++)
        add_foreign(w, NULL, texts->items[i]);
    bu_json_end(&w->json, ']');
}

static void add_installation(writer *w, const bulla_installation *installation)
{
    bu_json_begin(&w->json, "installation", '{');
    add_size(w, "places", installation->places);
    add_size(w, "same", installation->same);
    add_size(w, "changed", installation->changed);
    add_size(w, "added", installation->added);
    add_size(w, "missing", installation->missing);
    add_size(w, "generated", installation->generated);
    bu_json_begin(&w->json, "files", '[');
    for (size_t i = 0; i < installation->file_count; i++) {
        bu_json_begin(&w->json, NULL, '{');
        add_word(w, "change", bulla_change_name(installation->files[i].change));
        add_foreign(w, "path", installation->files[i].path);
        bu_json_end(&w->json, '}');
    }
    bu_json_end(&w->json, ']');
    bu_json_end(&w->json, '}');
}

static void add_build(writer *w, const bulla_build *build)
{
    bu_json_begin(&w->json, "build", '{');
    add_foreign(w, "builder", build->builder);
    add_foreign(w, "source", build->source);
    add_foreign(w, "ref", build->ref);
    add_foreign(w, "commit", build->commit);
    add_foreign(w, "entryPoint", build->entry_point);
    add_foreign(w, "trigger", build->trigger);
    add_size(w, "level", build->level);
    bu_json_end(&w->json, '}');
}

static void add_time(writer *w, const char *key, int64_t time)
{
    char text[BU_TIME_TEXT];
    add_word(w, key, bu_time_format(time, text));
}

static void add_flag(writer *w, const char *key, bool value)
{
    bu_json_put_raw(&w->json, key, bu_bytes_of(value ? "true" : "false"));
}

static void add_list(writer *w, const char *key, const char *const *texts)
{
    if (texts == NULL)
        return;
    bu_json_begin(&w->json, key, '[');
    for (; *texts != NULL; texts++)
        add_foreign(w, NULL, *texts);
    bu_json_end(&w->json, ']');
}

static void add_vouchers(writer *w, const bulla_fact *fact)
{
    if (fact->voucher_count == 0)
        return;
    bu_json_begin(&w->json, "vouchers", '[');
    for (size_t i = 0; i < fact->voucher_count; i++) {
        const bulla_voucher *voucher = &fact->vouchers[i];
        bu_json_begin(&w->json, NULL, '{');
        add_foreign(w, "person", voucher->person);
        add_foreign(w, "counts_as", voucher->counts_as);
        add_foreign(w, "org", voucher->org);
        if (voucher->has_time) {
            add_time(w, "time", voucher->time);
            add_flag(w, "proved", voucher->is_proved);
        }
        bu_json_end(&w->json, '}');
    }
    bu_json_end(&w->json, ']');
}

static void add_authors(writer *w, const bulla_said *said)
{
    bu_json_begin(&w->json, "authors", '[');
    for (size_t i = 0; i < said->author_count; i++) {
        bu_json_begin(&w->json, NULL, '{');
        add_foreign(w, "person", said->authors[i].person);
        add_foreign(w, "counts_as", said->authors[i].counts_as);
        bu_json_end(&w->json, '}');
    }
    bu_json_end(&w->json, ']');
}

static void add_said(writer *w, const bulla_said *said)
{
    bu_json_begin(&w->json, "said", '{');
    add_word(w, "decision", said->rejects ? "reject" : "approve");
    add_foreign(w, "environment", said->environment);
    if (said->has_end)
        add_time(w, "until", said->until);
    add_list(w, "scope", said->scope);
    if (said->author_count > 0)
        add_authors(w, said);
    bu_json_end(&w->json, '}');
}

static void add_summary(writer *w, const bulla_summary *summary)
{
    bu_json_begin(&w->json, "summary", '{');
    add_foreign(w, "verifier", summary->verifier);
    add_foreign(w, "resource", summary->resource);
    add_list(w, "levels", summary->levels);
    if (summary->has_time)
        add_time(w, "time", summary->time);
    bu_json_end(&w->json, '}');
}

static void add_fact(writer *w, const bulla_fact *fact)
{
    bu_json_begin(&w->json, NULL, '{');
    add_word(w, "proof", bulla_proof_name(fact->proof));
    add_word(w, "outcome", bulla_outcome_name(fact->outcome));
    add_foreign(w, "role", fact->role);
    add_foreign(w, "who", fact->who);
    add_vouchers(w, fact);
    add_foreign(w, "predicate", fact->predicate);
    if (fact->said != NULL)
        add_said(w, fact->said);
    add_shown(w, "source", fact->source);
    add_digest(w, "evidence", &fact->evidence);
    if (fact->installation != NULL)
        add_installation(w, fact->installation);
    if (fact->build != NULL)
        add_build(w, fact->build);
    if (fact->summary != NULL)
        add_summary(w, fact->summary);
    if (fact->has_time)
        add_time(w, "time", fact->time);
    if (fact->caveat != NULL)
        add_word(w, "caveat", fact->caveat);
    if (fact->outcome != BULLA_HELD && fact->finding.code != BULLA_OK)
        add_finding(w, "finding", &fact->finding);
    bu_json_end(&w->json, '}');
}

static void add_facts(writer *w, const bulla_judgement *judgement)
{
    bu_json_begin(&w->json, "facts", '[');
    for (size_t i = 0; i < judgement->fact_count; i++)
        add_fact(w, &judgement->facts[i]);
    bu_json_end(&w->json, ']');
}

static void add_identity(writer *w, const bulla_component *component)
{
    add_foreign(w, "purl", component->purl);
    add_foreign(w, "name", component->name);
    add_foreign(w, "version", component->version);
    add_word(w, "scope", bulla_scope_name(component->scope));
    add_word(w, "origin", bulla_origin_name(component->origin));
    add_foreign(w, "location", component->location);
    add_foreign(w, "lockfile", component->lockfile);
    add_place(w, component->line, component->column);
}

/* Rules that it does not satisfy; only those with an id may be waived. */
static void add_unmet(writer *w, const bulla_judgement *judgement)
{
    if (judgement->unmet_count == 0)
        return;
    bu_json_begin(&w->json, "unmet", '[');
    for (size_t i = 0; i < judgement->unmet_count; i++) {
        const bulla_unmet *unmet = &judgement->unmet[i];
        bu_json_begin(&w->json, NULL, '{');
        if (unmet->id[0] != '\0')
            add_word(w, "id", unmet->id);
        add_foreign(w, "rule", unmet->rule);
        add_digest(w, "digest", &unmet->rule_digest);
        bu_json_begin(&w->json, "codes", '[');
        for (size_t k = 0; k < unmet->code_count; k++)
            add_word(w, NULL, bulla_code_name(unmet->codes[k]));
        bu_json_end(&w->json, ']');
        add_word(w, "state", unmet->is_waived ? "waived" : "open");
        bu_json_end(&w->json, '}');
    }
    bu_json_end(&w->json, ']');
}

static void add_gate_need(writer *w, const bulla_gate_need *need)
{
    char time[BU_TIME_TEXT];
    bu_json_begin(&w->json, NULL, '{');
    add_foreign(w, "type", need->type);
    add_foreign(w, "role", need->role);
    add_size(w, "needed", need->needed);
    add_size(w, "counted", need->counted);
    bu_json_begin(&w->json, "who", '[');
    for (size_t i = 0; i < need->counted; i++) {
        const bulla_voucher *voucher = need->vouchers[i];
        bu_json_begin(&w->json, NULL, '{');
        add_foreign(w, "person", voucher->person);
        add_foreign(w, "counts_as", voucher->counts_as);
        add_foreign(w, "org", voucher->org);
        if (voucher->has_time)
            add_word(w, "time", bu_time_format(voucher->time, time));
        bu_json_end(&w->json, '}');
    }
    bu_json_end(&w->json, ']');
    bu_json_end(&w->json, '}');
}

static void add_gate(writer *w, const bulla_gate *gate)
{
    bu_json_begin(&w->json, "gate", '{');
    add_foreign(w, "name", gate->name);
    add_foreign(w, "environment", gate->environment);
    bu_json_put_raw(&w->json, "open", bu_bytes_of(gate->is_open ? "true" : "false"));
    bu_json_begin(&w->json, "needs", '[');
    for (size_t i = 0; i < gate->need_count; i++)
        add_gate_need(w, &gate->needs[i]);
    bu_json_end(&w->json, ']');
    bu_json_end(&w->json, '}');
}

static void add_judgement(writer *w, const bulla_judgement *judgement)
{
    bu_json_begin(&w->json, NULL, '{');
    add_identity(w, judgement->component);
    add_word(w, "verdict", bulla_verdict_name(judgement->verdict));
    add_size(w, "exit", (size_t)judgement->exit);
    add_foreign(w, "rule", judgement->rule);
    add_digests(w, "pinned", judgement->component->digests);
    add_files(w, judgement->component);
    add_digests(w, "measured", bu_digests_of(&judgement->measured));
    add_facts(w, judgement);
    if (judgement->gate != NULL)
        add_gate(w, judgement->gate);
    add_findings(w, "reasons", judgement->reasons, judgement->reason_count);
    add_findings(w, "warnings", judgement->warnings, judgement->warning_count);
    add_unmet(w, judgement);
    bu_json_end(&w->json, '}');
}

static void add_basis(writer *w, const bulla_result *result)
{
    bu_json_begin(&w->json, "policy", '{');
    add_foreign(w, "name", result->policy == NULL ? "none" : result->policy);
    add_digest(w, "digest", &result->policy_digest);
    if (result->policy_is_signed)
        bu_json_put_raw(&w->json, "signed", BULLA_LIT("true"));
    bu_json_end(&w->json, '}');
    if (result->lock != NULL) {
        bu_json_begin(&w->json, "lock", '{');
        add_foreign(w, "name", result->lock);
        add_digest(w, "digest", &result->lock_digest);
        bu_json_end(&w->json, '}');
    }
    bu_json_begin(&w->json, "trust", '{');
    add_foreign(w, "name", result->trust == NULL ? "none" : result->trust);
    if (result->trust_version > 0)
        bu_json_put_integer(&w->json, "version", result->trust_version);
    add_digest(w, "digest", &result->trust_digest);
    bu_json_end(&w->json, '}');
}

static void add_judgements(writer *w, const bulla_result *result)
{
    add_findings(w, "troubles", result->troubles.items, result->troubles.count);
    bu_json_begin(&w->json, "components", '[');
    for (size_t i = 0; i < result->count; i++)
        add_judgement(w, &result->judgements[i]);
    bu_json_end(&w->json, ']');
}

/* What another policy engine was asked, and answered. */
static void add_opa(writer *w, const bu_asked *opa)
{
    bu_json_begin(&w->json, "opa", '{');
    add_foreign(w, "url", opa->url);
    add_digest(w, "answer", &opa->answer);
    add_foreign(w, "decision_id", opa->decision_id);
    add_texts(w, "revisions", &opa->revisions);
    add_size(w, "denials", opa->denials);
    bu_json_end(&w->json, '}');
}

static void add_totals(writer *w, const bulla_totals *totals)
{
    bu_json_begin(&w->json, "totals", '{');
    add_size(w, "total", totals->total);
    add_size(w, "allowed", totals->allowed);
    add_size(w, "waived", totals->waived);
    add_size(w, "denied", totals->denied);
    add_size(w, "unproven", totals->unproven);
    add_size(w, "not_installed", totals->not_installed);
    add_size(w, "local", totals->local);
    add_size(w, "signed", totals->signed_by_role);
    bu_json_end(&w->json, '}');
}

static void add_result(writer *w, const bulla_result *result)
{
    bu_json_begin(&w->json, NULL, '{');
    add_word(w, "schema", "bulla.result/1");
    add_word(w, "result", bu_exit_word(result->exit));
    add_size(w, "exit", (size_t)result->exit);
    add_totals(w, &result->totals);
    add_time(w, "time", result->now);
    add_basis(w, result);
    if (result->opa != NULL)
        add_opa(w, result->opa);
    add_texts(w, "inputs", &result->inputs);
    add_texts(w, "passed_over", &result->passed_over);
    add_texts(w, "sboms", &result->sboms);
    add_texts(w, "warnings", &result->warnings);
    bu_waivers_put_json(&result->waivers, &w->json);
    add_judgements(w, result);
    bu_json_end(&w->json, '}');
    bu_buf_add_byte(w->json.out, '\n');
}

static void add_input(writer *w, const bulla_result *result)
{
    bu_json_begin(&w->json, NULL, '{');
    add_word(w, "schema", "bulla.input/1");
    add_time(w, "time", result->now);
    add_foreign(w, "gate", result->gate);
    add_foreign(w, "environment", result->environment);
    add_basis(w, result);
    add_judgements(w, result);
    bu_json_end(&w->json, '}');
    bu_buf_add_byte(w->json.out, '\n');
}

void bu_json_input(const bulla_result *result, bu_buf *out)
{
    writer w = { .json = bu_json_writer_of(out, BU_JSON_INDENTED) };
    add_input(&w, result);
    bu_buf_clear(&w.text);
}

void bu_render_json(const bulla_result *result, const bulla_render_options *options, bu_buf *out)
{
    (void)options;
    writer w = { .json = bu_json_writer_of(out, BU_JSON_INDENTED) };
    add_result(&w, result);
    bu_buf_clear(&w.text);
}
