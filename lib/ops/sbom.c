/* SPDX-License-Identifier: MIT */
/*
 * bulla_sbom(): inventory → digests of found bytes → document.
 */
#include "bulla/sbom.h"

#include "bom/bom.h"
#include "evidence/gather.h"
#include "evidence/inventory.h"

static bulla_status measure(const bulla_sbom_options *o, const bu_graph *graph, bu_gathered *out,
                            bulla_error *err)
{
    BU_CLEAR(bu_places) places = { 0 };
    BU_TRY(bu_places_open(o->archives, NULL, 0, &places, err));
    const bu_gather_options options = { .graph = graph, .places = &places, .jobs = o->jobs };
    return bu_gather(&options, out, err);
}

static bulla_status nothing_found(bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_EMPTY, "no lockfile or package database was found");
    (void)bu_next(err, status, "name a checkout, or a document with -L KIND:PATH");
    return bu_as(err, status, BULLA_EXIT_NOTHING);
}

/* Two documents with two pins: a bill of one of them would be wrong without a word. */
static bulla_status refuse_disputes(const bu_graph *graph, bulla_error *err)
{
    for (size_t i = 0; i < graph->flaw_count; i++) {
        const bu_flaw *flaw = &graph->flaws[i];
        if (flaw->code != BULLA_E_AMBIGUOUS_LOCK)
            continue;
        bulla_status status = bu_fail(err, flaw->code, "%s", flaw->what);
        return bu_in_file(err, bu_at(err, status, flaw->line, flaw->column), flaw->lockfile);
    }
    return BU_OK;
}

static bulla_status take_inventory(const bulla_sbom_options *o, bu_inventory *out, bulla_error *err)
{
    const bu_inventory_options options = {
        .paths = o->paths,
        .inputs = o->inputs,
        .input_count = o->input_count,
        .archives = o->archives,
        .exclude = o->exclude,
        .exclude_base = o->exclude_base,
        .distribution = o->distribution,
    };
    BU_TRY(bu_inventory_make(&options, out, err));
    if (out->troubles.count > 0) /* half of an inventory is none */
        return bu_finding_raise(&out->troubles.items[0], err);
    BU_TRY(refuse_disputes(out->graph, err));
    if (out->documents + out->packages == 0 && !o->allow_empty)
        return nothing_found(err);
    return BU_OK;
}

bulla_status bulla_sbom(const bulla_sbom_options *options, bulla_buffer *out, bulla_error *err)
{
    const bu_bom *bom = bu_bom_by_id(options->format);
    if (bom == NULL)
        return bu_fail(err, BULLA_E_USAGE, "no SBOM format \"%s\"", options->format);
    BU_CLEAR(bu_inventory) inventory = { 0 };
    BU_CLEAR(bu_gathered) gathered = { 0 };
    BU_TRY(take_inventory(options, &inventory, err));
    bool measures = options->archives != NULL && options->archives[0] != NULL;
    if (measures)
        BU_TRY(measure(options, inventory.graph, &gathered, err));
    BU_FREE bulla_digest_set *measured = calloc(inventory.graph->count + 1, sizeof *measured);
    if (measured == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < gathered.count; i++)
        measured[i] = gathered.items[i].measured;
    const bu_bom_options bom_options = {
        .timestamp = options->timestamp,
        .measured = measures ? measured : NULL,
        .tool_version = BULLA_VERSION,
    };
    BU_CLEAR(bu_buf) document = { 0 };
    BU_TRY(bom->write(inventory.graph, &bom_options, &document, err));
    return bu_buf_take(&document, out, err);
}
