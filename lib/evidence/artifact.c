/* SPDX-License-Identifier: MIT */
/*
 * Examining an artifact: its digests, then who vouches for it: files that sign it, given by hand or
 * found beside it, or the artifact itself where it carries what it signs.
 */
#include "evidence/file_message.h"
#include "evidence/vouching.h"

/* The artifact at hand. */
typedef struct artifact {
    bu_vouching vouching;
    bu_file_message message;
    bulla_digest_set *sboms; /* of the SBOM files that an attestation must name too */
    size_t sbom_count;
    bool *sbom_named;
} artifact;

/* Which of the SBOM files does a verified statement name? */
static void note_sboms(void *context, const bu_statement *statement)
{
    artifact *a = context;
    for (size_t i = 0; i < a->sbom_count; i++)
        if (bu_statement_is_about(statement, &a->sboms[i]))
            a->sbom_named[i] = true;
}

/* Each SBOM that was named must be a subject of something that was verified. */
static bulla_status judge_sboms(artifact *a, bulla_error *err)
{
    for (size_t i = 0; i < a->sbom_count; i++) {
        if (a->sbom_named[i])
            continue;
        bulla_error why = { 0 };
        bulla_status status = bu_fail(&why, BULLA_E_SUBJECT_MISMATCH,
                                      "no verified attestation of the artifact names these bytes");
        (void)bu_in_file(&why, status, a->vouching.w->options->sboms[i]);
        (void)status;
        BU_TRY(
            bu_vouching_refuse(&a->vouching, BULLA_PROOF_SIGNATURE, (bulla_fact){ 0 }, &why, err));
    }
    return BU_OK;
}

static bulla_status digest_sboms(artifact *a, bulla_error *err)
{
    const char *const *sboms = a->vouching.w->options->sboms;
    while (sboms != NULL && sboms[a->sbom_count] != NULL)
        a->sbom_count++;
    a->sboms = bu_arena_get_array(a->vouching.w->arena, a->sbom_count, sizeof *a->sboms);
    a->sbom_named = bu_arena_get_array(a->vouching.w->arena, a->sbom_count, sizeof *a->sbom_named);
    if (a->sboms == NULL || a->sbom_named == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < a->sbom_count; i++)
        BU_TRY(bu_file_digests(a->vouching.w, NULL, sboms[i], BU_VOUCHING_ALGS, &a->sboms[i], err));
    return BU_OK;
}

/* Provenance that was asked for may not be passed over for want of one. */
static bulla_status judge_build(artifact *a, bulla_error *err)
{
    bulla_error why = { 0 };
    if (a->vouching.w->options->build == NULL || a->vouching.provenance)
        return BU_OK;
    (void)bu_next(&why, bu_fail(&why, BULLA_E_MISSING_FILE, "no provenance of it was verified"),
                  "get its provenance from the publisher: FILE.sigstore.json or FILE.intoto.jsonl");
    return bu_vouching_refuse(&a->vouching, BULLA_PROOF_PROVENANCE, (bulla_fact){ 0 }, &why, err);
}

/* So it is with the package that was asked for. */
static bulla_status judge_package(artifact *a, bulla_error *err)
{
    const bu_gather_options *o = a->vouching.w->options;
    bulla_error why = { 0 };
    if ((o->package_name == NULL && o->package_version == NULL) || a->vouching.package)
        return BU_OK;
    (void)bu_fail(&why, BULLA_E_SUBJECT_MISMATCH,
                  "nothing that was verified names the package that is asked for");
    return bu_vouching_refuse(&a->vouching, BULLA_PROOF_SIGNATURE, (bulla_fact){ 0 }, &why, err);
}

static bulla_status take_nothing(artifact *a, bulla_error *err)
{
    bulla_error why = { 0 };
    (void)bu_next(&why,
                  bu_fail(&why, BULLA_E_MISSING_FILE,
                          "nothing signs it: no signature or attestation lies beside it"),
                  "get its signature from the publisher, or sign it: bulla sign --key KEY FILE");
    return bu_vouching_refuse(&a->vouching, BULLA_PROOF_SIGNATURE, (bulla_fact){ 0 }, &why, err);
}

/* By hand, beside it, in it: the first that there is. */
static bulla_status take_signatures(artifact *a, bulla_error *err)
{
    const char *const *named = a->vouching.w->options->signatures;
    for (size_t i = 0; named != NULL && named[i] != NULL; i++)
        BU_TRY(bu_vouching_take_file(&a->vouching, NULL, named[i], err));
    if (!a->vouching.found)
        BU_TRY(bu_vouching_look(&a->vouching, err));
    if (!a->vouching.found)
        BU_TRY(bu_vouching_take_embedded(&a->vouching, err));
    if (!a->vouching.found)
        BU_TRY(bu_vouching_take_itself(&a->vouching, err));
    return a->vouching.found ? BU_OK : take_nothing(a, err);
}

/* The digests of the file, or what was given of one that is not here. */
static bulla_status measure(artifact *a, const bulla_component *component, bulla_error *err)
{
    bulla_digest_set digests = { 0 };
    for (uint32_t i = 0; i < component->digests.count; i++)
        BU_TRY(bu_digest_set_add(&digests, &component->digests.items[i], err));
    if (a->vouching.path != NULL)
        BU_TRY(bu_file_digests(a->vouching.w, NULL, a->vouching.path, BU_VOUCHING_ALGS, &digests,
                               err));
    bu_file_message_init(&a->message, a->vouching.w, NULL, a->vouching.path, component->name,
                         &digests);
    return BU_OK;
}

bulla_status bu_examine_artifact(bu_worker *w, size_t index, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    artifact a = { .vouching = { .w = w,
                                 .index = index,
                                 .path = component->location,
                                 .message = &a.message.base,
                                 .artifact = true,
                                 .note = note_sboms,
                                 .context = &a } };
    bulla_error why = { 0 };
    bulla_status status = measure(&a, component, &why);
    if (bulla_ok(status))
        status = digest_sboms(&a, &why);
    if (!bulla_ok(status))
        return bu_vouching_refuse(&a.vouching, BULLA_PROOF_SIGNATURE, (bulla_fact){ 0 }, &why, err);
    w->evidence[index].measured = a.message.base.digests;
    status = take_signatures(&a, err);
    if (bulla_ok(status))
        status = bu_vouching_finish(&a.vouching, err);
    bu_sayings_clear(&a.vouching.sayings);
    BU_TRY(status);
    BU_TRY(judge_build(&a, err));
    BU_TRY(judge_package(&a, err));
    return judge_sboms(&a, err);
}
