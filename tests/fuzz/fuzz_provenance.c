/* SPDX-License-Identifier: MIT */
/*
 * Statements of SLSA provenance: what is refused says why; what is read names a builder, is what it
 * says it is, and without a certificate is worth no more than its signer's word. Targets:
 * bu_provenance_read, bu_provenance_agrees, bu_provenance_meets, bu_provenance_level.
 */
#include "fuzz.h"

#include "trust/provenance_judge.h"

static const bu_claims claims = {
    .identity = "https://github.com/org/repo/.github/workflows/a.yml@refs/tags/v1.0.0",
    .issuer = "https://token.actions.githubusercontent.com",
    .runner_environment = "github-hosted",
    .source_uri = "https://github.com/org/repo",
};

static bool has_nul(bulla_bytes text)
{
    return bu_bytes_find(text, 0) < text.len;
}

static void check_read(const bu_provenance *p, bu_arena *arena)
{
    bulla_error err = { 0 };
    FUZZ_CHECK(p->builder_id.len > 0 && p->build_type.len > 0);
    FUZZ_CHECK(bulla_ok(bu_provenance_agrees(p, NULL, &err)));
    FUZZ_CHECK(bu_provenance_level(p, NULL) == 1);
    if (!bulla_ok(bu_provenance_agrees(p, &claims, &err)))
        FUZZ_CHECK(err.code == BULLA_E_IDENTITY_MISMATCH && err.text[0] != '\0');
    if (has_nul(p->builder_id) || has_nul(p->repository))
        return;
    bu_build_wanted wanted = { .builder = bu_arena_text(arena, p->builder_id),
                               .source = p->repository.len == 0
                                             ? NULL
                                             : bu_arena_text(arena, p->repository),
                               .inputs = p->inputs,
                               .input_count = p->input_count };
    FUZZ_CHECK(bulla_ok(bu_provenance_meets(p, &wanted, &err)));
    wanted.tag = wanted.branch = "";
    FUZZ_CHECK(!bulla_ok(bu_provenance_meets(p, &wanted, &err)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bu_provenance provenance = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_statement_parse((bulla_bytes){ data, size }, "payload", arena, &statement, &err);
    if (bulla_ok(status))
        status = bu_provenance_read(&statement, "payload", arena, &provenance, &err);
    if (bulla_ok(status))
        check_read(&provenance, arena);
    else
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    return 0;
}
