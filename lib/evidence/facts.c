/* SPDX-License-Identifier: MIT */
/*
 * Facts and findings.
 */
#include "evidence/facts.h"

#include "base/utf8.h"

/* Error texts are escaped already: they are only copied. */
static const char *keep(bu_arena *arena, const char *text)
{
    return text[0] == '\0' ? "" : bu_arena_text(arena, bu_bytes_of(text));
}

bulla_status bu_finding_of(const bulla_error *error, bu_arena *arena, bulla_finding *out,
                           bulla_error *err)
{
    bulla_finding finding = {
        .code = error->code,
        .exit = error->exit,
        .line = error->line,
        .column = error->column,
        .offset = error->offset,
        .file = keep(arena, error->file),
        .expected = keep(arena, error->expected),
        .got = keep(arena, error->got),
        .text = keep(arena, error->text),
        .next = error->next,
    };
    if (finding.file == NULL || finding.expected == NULL || finding.got == NULL ||
        finding.text == NULL)
        return bu_no_memory(err);
    *out = finding;
    return BU_OK;
}

static void put(char *out, size_t cap, const char *text)
{
    size_t len = strnlen(text, cap - 1);
    memcpy(out, text, len);
    out[len] = '\0';
}

bulla_status bu_finding_raise(const bulla_finding *finding, bulla_error *err)
{
    if (err != NULL) {
        *err = (bulla_error){ .code = finding->code,
                              .exit = finding->exit,
                              .line = finding->line,
                              .column = finding->column,
                              .offset = finding->offset,
                              .next = finding->next };
        put(err->file, sizeof err->file, finding->file);
        put(err->expected, sizeof err->expected, finding->expected);
        put(err->got, sizeof err->got, finding->got);
        put(err->text, sizeof err->text, finding->text);
    }
    return (bulla_status){ finding->code };
}

/* Room for one more element of an array that grows in an arena. */
static bulla_status grow(void **items, size_t count, size_t *cap, size_t size, bu_arena *arena,
                         bulla_error *err)
{
    if (count < *cap)
        return BU_OK;
    size_t wanted = *cap == 0 ? 4 : *cap * 2;
    void *grown = bu_arena_get_array(arena, wanted, size);
    if (grown == NULL)
        return bu_no_memory(err);
    if (count > 0)
        memcpy(grown, *items, count * size);
    *items = grown;
    *cap = wanted;
    return BU_OK;
}

bulla_status bu_findings_add(bu_findings *findings, const bulla_error *error, bu_arena *arena,
                             bulla_error *err)
{
    void *items = findings->items;
    BU_TRY(grow(&items, findings->count, &findings->cap, sizeof *findings->items, arena, err));
    findings->items = items;
    BU_TRY(bu_finding_of(error, arena, &findings->items[findings->count], err));
    findings->count++;
    return BU_OK;
}

bulla_status bu_evidence_add(bu_evidence *evidence, const bulla_fact *fact, bu_arena *arena,
                             bulla_error *err)
{
    void *facts = evidence->facts;
    BU_TRY(grow(&facts, evidence->count, &evidence->cap, sizeof *evidence->facts, arena, err));
    evidence->facts = facts;
    bulla_fact *added = &evidence->facts[evidence->count++];
    *added = *fact;
    if (fact->outcome == BULLA_HELD) /* strings of a finding are never NULL */
        added->finding = (bulla_finding){
            .offset = UINT64_MAX, .file = "", .expected = "", .got = "", .text = ""
        };
    return BU_OK;
}

bulla_status bu_evidence_add_why(bu_evidence *evidence, bulla_proof proof, bulla_outcome outcome,
                                 const bulla_error *why, bu_arena *arena, bulla_error *err)
{
    bulla_fact fact = { .proof = proof, .outcome = outcome };
    BU_TRY(bu_finding_of(why, arena, &fact.finding, err));
    return bu_evidence_add(evidence, &fact, arena, err);
}

const char *bu_shown_name(bu_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    char escaped[256];
    bu_escape_into(bu_bytes_of(slash == NULL ? path : slash + 1), escaped, sizeof escaped);
    return bu_arena_text(arena, bu_bytes_of(escaped));
}

bulla_outcome bu_outcome_of(const bulla_error *why)
{
    if (why->code == BULLA_E_UNREADABLE || why->code == BULLA_E_INTERRUPTED)
        return BULLA_UNDECIDED;
    switch (why->exit) {
    case BULLA_EXIT_UNPROVEN:
    case BULLA_EXIT_NOTHING:
    case BULLA_EXIT_TRUST:
        return BULLA_ABSENT;
    case BULLA_EXIT_IO:
    case BULLA_EXIT_INTERNAL:
        return BULLA_UNDECIDED;
    default:
        return BULLA_BROKEN;
    }
}
