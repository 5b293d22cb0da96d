/* SPDX-License-Identifier: MIT */
/*
 * Provenance → how a thing was built: what the certificate and the statement agree on, and what was
 * asked for.
 */
#include "evidence/build.h"

#include "trust/provenance_judge.h"

/* "NAME=VALUE" → input. */
static bulla_status read_inputs(const char *const *texts, bu_arena *arena, bu_build_wanted *wanted,
                                bulla_error *err)
{
    size_t count = 0;
    while (texts != NULL && texts[count] != NULL)
        count++;
    bu_build_input *inputs = bu_arena_get_array(arena, count, sizeof *inputs);
    if (inputs == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        bulla_bytes text = bu_bytes_of(texts[i]);
        size_t equals = bu_bytes_find(text, '=');
        if (equals == 0 || equals == text.len)
            return bu_fail(err, BULLA_E_USAGE, "a workflow's input is NAME=VALUE, not %s",
                           texts[i]);
        inputs[i] =
            (bu_build_input){ bu_bytes_first(text, equals), bu_bytes_from(text, equals + 1) };
    }
    wanted->inputs = inputs;
    wanted->input_count = count;
    return BU_OK;
}

static bulla_status meets(const bu_provenance *provenance, const bulla_build_expected *expected,
                          bu_arena *arena, bulla_error *err)
{
    bu_build_wanted wanted = {
        .source = expected->source,
        .builder = expected->builder,
        .branch = expected->branch,
        .tag = expected->tag,
        .versioned_tag = expected->versioned_tag,
    };
    BU_TRY(read_inputs(expected->inputs, arena, &wanted, err));
    return bu_provenance_meets(provenance, &wanted, err);
}

/* NULL where it is not stated. */
static bulla_status keep(bulla_bytes text, bu_arena *arena, const char **out, bulla_error *err)
{
    *out = text.len == 0 ? NULL : bu_arena_text(arena, text);
    return text.len > 0 && *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status describe(const bu_provenance *p, const bu_claims *claims, bu_arena *arena,
                             const bulla_build **out, bulla_error *err)
{
    bulla_build *build = bu_arena_get(arena, sizeof *build);
    if (build == NULL)
        return bu_no_memory(err);
    BU_TRY(keep(p->builder_id, arena, &build->builder, err));
    BU_TRY(keep(p->source_uri, arena, &build->source, err));
    BU_TRY(keep(p->ref, arena, &build->ref, err));
    BU_TRY(keep(p->source_digest, arena, &build->commit, err));
    BU_TRY(keep(p->entry_point, arena, &build->entry_point, err));
    BU_TRY(keep(p->trigger, arena, &build->trigger, err));
    build->level = bu_provenance_level(p, claims);
    *out = build;
    return BU_OK;
}

bulla_status bu_build_judge(const bu_statement *statement, const bu_claims *claims,
                            const bulla_build_expected *expected, const char *file, bu_arena *arena,
                            const bulla_build **out, bulla_error *err)
{
    bu_provenance provenance;
    BU_TRY(bu_provenance_read(statement, file, arena, &provenance, err));
    BU_TRY(describe(&provenance, claims, arena, out, err));
    BU_TRY(bu_provenance_agrees(&provenance, claims, err));
    return expected == NULL ? BU_OK : meets(&provenance, expected, arena, err);
}
