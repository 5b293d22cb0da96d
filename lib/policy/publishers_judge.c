/* SPDX-License-Identifier: MIT */
/*
 * bulla.lock against what a run found out: hosts may not change, who vouches may not become
 * somebody else, and within a release line nobody may stop.
 */
#include "policy/publishers.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "model/component.h"

static const bulla_proof proofs[BU_PUBLISHER_KINDS] = {
    [BU_PUBLISHER_HOSTS] = BULLA_PROOF_NONE,
    [BU_PUBLISHER_ARCHIVE_CHAIN] = BULLA_PROOF_ARCHIVE_CHAIN,
    [BU_PUBLISHER_PROVENANCE] = BULLA_PROOF_PROVENANCE,
    [BU_PUBLISHER_REGISTRY_SIGNATURE] = BULLA_PROOF_REGISTRY_SIGNATURE,
    [BU_PUBLISHER_SIGNATURE] = BULLA_PROOF_SIGNATURE,
};

bool bu_publisher_is_about(const bulla_component *component)
{
    return component->origin != BULLA_ORIGIN_LOCAL && component->origin != BULLA_ORIGIN_BUNDLED &&
           component->origin != BULLA_ORIGIN_ARTIFACT;
}

/* Bytes of "2:1" in "2:1.4-1", of "1" in "v1.2.3": an epoch and the first number. */
static bulla_bytes line_of(const char *version)
{
    const char *start = version == NULL ? "" : version;
    start += *start == 'v' || *start == 'V';
    size_t len = strspn(start, "0123456789");
    if (len > 0 && (start[len] == ':' || start[len] == '!'))
        len += 1 + strspn(start + len + 1, "0123456789");
    return (bulla_bytes){ (const uint8_t *)start, len };
}

/* Its purl without version, qualifiers and subpath: in a canonical one, these stand for nothing else. */
static bulla_bytes package_of(const bulla_component *component)
{
    return bu_bytes_first(bu_bytes_of(component->purl), strcspn(component->purl, "@?#"));
}

bulla_status bu_publisher_of(const bulla_component *component, bu_arena *arena, bu_publisher *out,
                             bulla_error *err)
{
    *out = (bu_publisher){
        .purl = bu_arena_text(arena, package_of(component)),
        .line = bu_arena_text(arena, line_of(component->version)),
    };
    return out->purl == NULL || out->line == NULL ? bu_no_memory(err) : BU_OK;
}

/* What is known. */

/* Texts from outside are kept as they may be shown. */
static bulla_status add_shown(bu_publisher_texts *texts, bulla_bytes text, bu_arena *arena,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) shown = { 0 };
    bu_escape(text, &shown);
    if (shown.broken)
        return bu_no_memory(err);
    return shown.len == 0 ? BU_OK : bu_publisher_texts_add(texts, bu_buf_bytes(&shown), arena, err);
}

static bulla_status add_host(bu_publisher_texts *texts, const char *url, bu_arena *arena,
                             bulla_error *err)
{
    BU_CLEAR(bu_buf) host = { 0 };
    if (url != NULL)
        bu_url_host(url, &host);
    if (host.broken)
        return bu_no_memory(err);
    return add_shown(texts, bu_buf_bytes(&host), arena, err);
}

/* Every host that its bytes may come from; where none is stated, its origin: that may change, too. */
static bulla_status observe_hosts(const bulla_component *component, bu_arena *arena,
                                  bu_publisher_texts *hosts, bulla_error *err)
{
    bu_publisher_texts own = { 0 };
    BU_TRY(add_host(&own, component->resolved, arena, err));
    for (size_t i = 0; i < component->file_count; i++)
        BU_TRY(add_host(&own, component->files[i].url, arena, err));
    if (own.count == 0)
        BU_TRY(add_shown(&own, bu_bytes_of(bulla_origin_name(component->origin)), arena, err));
    return bu_publisher_texts_join(hosts, &own, arena, err);
}

static bulla_status add_format(bu_publisher_texts *texts, bu_arena *arena, const char *a,
                               const char *between, const char *b, bulla_error *err)
{
    const char *text = bu_arena_format(arena, "%s%s%s", a, between, b);
    return text == NULL ? bu_no_memory(err) : add_shown(texts, bu_bytes_of(text), arena, err);
}

/* A workflow is the same one for every tag and branch that it ran at. */
static bulla_bytes without_ref(const char *who)
{
    const char *ref = strstr(who, "@refs/");
    bulla_bytes text = bu_bytes_of(who);
    return ref == NULL ? text : bu_bytes_first(text, (size_t)(ref - who));
}

static bulla_status observe_people(const bulla_fact *fact, bu_arena *arena, bu_publisher_texts *out,
                                   bulla_error *err)
{
    if (fact->voucher_count == 0 && fact->who != NULL)
        return add_shown(out, without_ref(fact->who), arena, err);
    for (size_t i = 0; i < fact->voucher_count; i++)
        BU_TRY(add_format(out, arena, fact->role == NULL ? "" : fact->role,
                          fact->role == NULL ? "" : ": ", fact->vouchers[i].counts_as, err));
    return BU_OK;
}

/* "git+https://github.com/org/repo by https://…": neither the ref nor the builder's version. */
static bulla_status observe_build(const bulla_build *build, bu_arena *arena,
                                  bu_publisher_texts *out, bulla_error *err)
{
    const char *builder = build->builder == NULL ? "unknown" : build->builder;
    bulla_bytes from = without_ref(build->source == NULL ? "unknown" : build->source);
    const char *source = bu_arena_text(arena, from);
    const char *id =
        bu_arena_text(arena, bu_bytes_first(bu_bytes_of(builder), strcspn(builder, "@")));
    if (source == NULL || id == NULL)
        return bu_no_memory(err);
    return add_format(out, arena, source, " by ", id, err);
}

bulla_status bu_publisher_observe(const bulla_component *component, const bulla_fact *facts,
                                  size_t count, bu_arena *arena, bu_publisher *entry,
                                  bulla_error *err)
{
    BU_TRY(observe_hosts(component, arena, &entry->texts[BU_PUBLISHER_HOSTS], err));
    for (size_t i = 0; i < count; i++) {
        const bulla_fact *fact = &facts[i];
        if (fact->outcome != BULLA_HELD ||
            fact->said != NULL) /* our people's, not its publisher's */
            continue;
        for (bu_publisher_kind kind = BU_PUBLISHER_HOSTS + 1; kind < BU_PUBLISHER_KINDS; kind++) {
            if (proofs[kind] != fact->proof)
                continue;
            bu_publisher_texts *texts = &entry->texts[kind];
            BU_TRY(fact->build != NULL ? observe_build(fact->build, arena, texts, err)
                                       : observe_people(fact, arena, texts, err));
        }
    }
    return BU_OK;
}

/* Against what is recorded. */

void bu_publishers_needs(const bu_publishers *lock, const bulla_component *component,
                         bu_needs *needs)
{
    size_t count;
    const bu_publisher *lines = bu_publishers_lines(lock, package_of(component), &count);
    for (size_t i = 0; i < count; i++)
        for (bu_publisher_kind kind = BU_PUBLISHER_HOSTS + 1; kind < BU_PUBLISHER_KINDS; kind++)
            if (lines[i].texts[kind].count > 0)
                needs->proofs[proofs[kind]] = true;
}

/* What one component is held against, and how it came out. */
typedef struct judging {
    const bulla_component *component;
    bu_evidence *evidence; /* gets the facts */
    bu_arena *arena;
    bu_publisher was, is;
    bool is_new_line; /* `was` is of all the lines before */
    bool deviates;
} judging;

#define NEXT "ask its publisher; where the change is right, accept it: bulla lock --update PACKAGE"

static bulla_status add_why(judging *j, bulla_outcome outcome, bulla_error *why, bulla_error *err)
{
    const bulla_component *c = j->component;
    bulla_status status = { why->code };
    if (c->lockfile != NULL)
        (void)bu_in_file(why, bu_at(why, status, c->line, c->column), c->lockfile);
    j->deviates = j->deviates || outcome == BULLA_BROKEN;
    return bu_evidence_add_why(j->evidence, BULLA_PROOF_PUBLISHER, outcome, why, j->arena, err);
}

static bulla_status deviate(judging *j, bu_publisher_kind kind, bulla_code code, const char *text,
                            bulla_error *err)
{
    bulla_error why;
    const char *was = bu_publisher_texts_show(&j->was.texts[kind], j->arena);
    const char *is = bu_publisher_texts_show(&j->is.texts[kind], j->arena);
    if (was == NULL || is == NULL)
        return bu_no_memory(err);
    bulla_status status = bu_fail(&why, code, "%s: %s", bu_publisher_kind_name(kind), text);
    (void)bu_expected(&why, bu_next(&why, status, NEXT), bu_bytes_of(was), bu_bytes_of(is));
    return add_why(j, BULLA_BROKEN, &why, err);
}

static size_t count_common(const bu_publisher_texts *a, const bu_publisher_texts *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            count += strcmp(a->items[i], b->items[k]) == 0;
    return count;
}

/* It may come from no other host; of those who vouched, one must still do so. */
static bulla_status judge_hosts(judging *j, bulla_error *err)
{
    const bu_publisher_texts *was = &j->was.texts[BU_PUBLISHER_HOSTS],
                             *is = &j->is.texts[BU_PUBLISHER_HOSTS];
    return count_common(is, was) == is->count
               ? BU_OK
               : deviate(j, BU_PUBLISHER_HOSTS, BULLA_E_UNTRUSTED_SOURCE,
                         "it comes from elsewhere than bulla.lock records", err);
}

static bulla_status judge_kind(judging *j, bu_publisher_kind kind, bulla_error *err)
{
    const bu_publisher_texts *was = &j->was.texts[kind], *is = &j->is.texts[kind];
    if (was->count == 0 || count_common(was, is) > 0)
        return BU_OK;
    if (is->count > 0)
        return deviate(j, kind, BULLA_E_IDENTITY_MISMATCH,
                       "none of those vouches whom bulla.lock records", err);
    return j->is_new_line
               ? BU_OK
               : deviate(j, kind, BULLA_E_LOST_PROOF,
                         "bulla.lock records it of this release line, and it is gone", err);
}

bool bu_publisher_is_unknown(const bulla_judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        if (judgement->facts[i].proof == BULLA_PROOF_PUBLISHER &&
            judgement->facts[i].finding.code == BULLA_E_UNPINNED)
            return true;
    return false;
}

static bulla_status judge_record(judging *j, bulla_error *err)
{
    bulla_error why;
    BU_TRY(judge_hosts(j, err));
    if (j->evidence->measured.count == 0) {
        (void)bu_fail(&why, BULLA_E_MISSING_FILE,
                      "its archive is not here: who vouches is not known");
        return j->deviates ? BU_OK : add_why(j, BULLA_ABSENT, &why, err);
    }
    for (bu_publisher_kind kind = BU_PUBLISHER_HOSTS + 1; kind < BU_PUBLISHER_KINDS; kind++)
        BU_TRY(judge_kind(j, kind, err));
    if (j->deviates)
        return BU_OK;
    if (j->is_new_line) {
        (void)bu_fail(&why, BULLA_E_UNPINNED, "bulla.lock has no record of this release line");
        return add_why(j, BULLA_ABSENT, &why, err);
    }
    const bulla_fact held = { .proof = BULLA_PROOF_PUBLISHER, .outcome = BULLA_HELD };
    return bu_evidence_add(j->evidence, &held, j->arena, err);
}

bulla_status bu_publishers_judge(const bu_publishers *lock, const bulla_component *component,
                                 bu_evidence *evidence, bu_arena *arena, bulla_error *err)
{
    judging j = { .component = component, .evidence = evidence, .arena = arena };
    bulla_error why;
    size_t count;
    if (!bu_publisher_is_about(component))
        return BU_OK;
    BU_TRY(bu_publisher_of(component, arena, &j.is, err));
    BU_TRY(bu_publisher_observe(component, evidence->facts, evidence->count, arena, &j.is, err));
    const bu_publisher *lines = bu_publishers_lines(lock, bu_bytes_of(j.is.purl), &count);
    j.is_new_line = true;
    for (size_t i = 0; i < count && j.is_new_line; i++) {
        j.is_new_line = strcmp(lines[i].line, j.is.line) != 0;
        if (!j.is_new_line)
            j.was = (bu_publisher){ 0 };
        BU_TRY(bu_publisher_join(&j.was, &lines[i], arena, err));
    }
    if (count > 0)
        return judge_record(&j, err);
    (void)bu_fail(&why, BULLA_E_UNPINNED, "bulla.lock has no record of this package");
    return add_why(&j, BULLA_ABSENT, &why, err);
}
