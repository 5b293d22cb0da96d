/* SPDX-License-Identifier: MIT */
/*
 * bulla_verify(): inventory → evidence → policy → result. Composes what the
 * floors below do, and owns no logic.
 */
#include "bulla/verify.h"

#include "base/limits.h"
#include "evidence/gather.h"
#include "evidence/inventory.h"
#include "ops/policy_load.h"
#include "ops/opa.h"
#include "ops/vouchers.h"
#include "ops/waivers.h"
#include "policy/publishers.h"
#include "report/result.h"

/* One run, in the order of its steps. */
typedef struct run {
    const bulla_verify_options *options;
    bu_policy *policy;
    bool policy_is_signed;
    bu_basis basis;
    bu_buf lock_text;
    bu_publishers lock; /* empty: there is none */
    bu_anchors anchors;
    bu_tile_folder tile_folder;
    const bu_tiles *tiles;
    bu_inventory inventory;
    bu_places places;
    bu_installs installs;
    bu_needs *needs; /* by component */
} run;

static void run_clear(run *r)
{
    bu_policy_free(r->policy);
    bu_buf_clear(&r->lock_text);
    bu_publishers_clear(&r->lock);
    bu_anchors_clear(&r->anchors);
    bu_folder_clear(&r->tile_folder.folder);
    bu_inventory_clear(&r->inventory);
    bu_places_clear(&r->places);
    bu_installs_clear(&r->installs);
    free(r->needs);
}
BU_DEFINE_CLEAR(run)

static bulla_status load_policy(run *r, bulla_error *err)
{
    const bulla_verify_options *o = r->options;
    const bu_basis_options basis = { o->now, o->gate, o->environment, o->trust };
    BU_TRY(bu_policy_load(o->policy, o->trust, &r->policy, &r->policy_is_signed, err));
    return bu_basis_of(r->policy, &basis, &r->basis, err);
}

static bulla_status load_lock(run *r, bulla_error *err)
{
    const char *path = r->options->lock;
    if (path == NULL)
        return BU_OK;
    BU_TRY(bu_publishers_init(&r->lock, err));
    BU_TRY(bu_as(err, bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &r->lock_text, err),
                 BULLA_EXIT_CONFIG));
    return bu_publishers_read(bu_buf_bytes(&r->lock_text), path, &r->lock, err);
}

static bool expects_build(const bulla_build_expected *build)
{
    return build->source != NULL || build->builder != NULL || build->branch != NULL ||
           build->tag != NULL || build->versioned_tag != NULL || bu_any(build->inputs);
}

/* What is asked of an artifact may not be passed over for want of one. */
static bulla_status need_artifact(const run *r, bulla_error *err)
{
    const bulla_verify_options *o = r->options;
    size_t artifacts = r->inventory.artifacts;
    if (artifacts == 0 && r->inventory.troubles.count == 0 &&
        (bu_any(o->sboms) || bu_any(o->signatures) || o->algorithm != NULL || o->gate != NULL ||
         expects_build(&o->build) || (bu_vouchers_given(&o->vouchers) && o->policy == NULL)))
        return bu_fail(err, BULLA_E_USAGE,
                       "--gate, --sbom, --key, --signature, --algorithm and what is expected of a "
                       "build are about an artifact: name one");
    if (o->algorithm != NULL && !bu_any(o->signatures))
        return bu_fail(err, BULLA_E_USAGE, "--algorithm is of a signature: name it by --signature");
    if (artifacts > 1 && bu_any(o->signatures))
        return bu_fail(err, BULLA_E_USAGE, "--signature is of one artifact: name no other");
    return BU_OK;
}

static bulla_status take_inventory(run *r, bulla_error *err)
{
    const bulla_verify_options *o = r->options;
    const bu_inventory_options options = {
        .paths = o->paths,
        .inputs = o->inputs,
        .input_count = o->input_count,
        .archives = o->archives,
        .exclude = o->exclude,
        .exclude_base = o->exclude_base,
        .artifacts = true,
    };
    BU_TRY(bu_inventory_make(&options, &r->inventory, err));
    BU_TRY(need_artifact(r, err));
    return bu_places_open(o->archives, o->caches, o->cache_count, &r->places, err);
}

/* What no lockfile puts into a tree is trouble of the run. */
static bulla_status open_trees(run *r, bulla_result *result, bulla_error *err)
{
    BU_TRY(bu_installs_open(r->options->trees, r->inventory.graph, &r->installs, err));
    /* What is expected of a build is proved by provenance alone, whatever else is signed. */
    if (expects_build(&r->options->build))
        BU_TRY(bu_policy_demand(r->policy, BULLA_PROOF_PROVENANCE, "generic", true,
                                "--source, --builder", err));
    for (size_t i = 0; i < r->installs.count; i++)
        BU_TRY(bu_policy_demand(r->policy, BULLA_PROOF_TREE, r->installs.items[i].kind->type, false,
                                "--tree", err));
    for (size_t i = 0; i < r->installs.unlisted.count; i++) {
        bulla_error error;
        (void)bu_finding_raise(&r->installs.unlisted.items[i], &error);
        BU_TRY(bu_findings_add(&result->troubles, &error, result->arena, err));
    }
    return BU_OK;
}

/* What policy asks for, what the record names, and for a new record who vouches at all. */
static bu_needs needs_of(const run *r, const bulla_component *component)
{
    bu_needs needs = bu_policy_needs(r->policy, &r->basis, component);
    bu_publishers_needs(&r->lock, component, &needs);
    if (r->options->publishers && bu_publisher_is_about(component))
        needs.proofs[BULLA_PROOF_SIGNATURE] = needs.proofs[BULLA_PROOF_PROVENANCE] =
            needs.proofs[BULLA_PROOF_REGISTRY_SIGNATURE] = true;
    return needs;
}

static bulla_status gather(run *r, bulla_result *result, bulla_error *err)
{
    const bulla_verify_options *o = r->options;
    const bu_graph *graph = r->inventory.graph;
    r->needs = calloc(graph->count + 1, sizeof *r->needs);
    if (r->needs == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->count; i++) {
        r->needs[i] = needs_of(r, &graph->components[i]);
        bu_waivers_need(&result->waivers, &graph->components[i], &r->needs[i]);
    }
    if (r->inventory.list_count > 0)
        BU_TRY(bu_chain_load(r->inventory.lists, r->inventory.list_count, graph, o->trust, o->now,
                             &result->chain, err));
    const bu_gather_options options = {
        .graph = graph,
        .needs = r->needs,
        .places = &r->places,
        .chain = r->inventory.list_count > 0 ? &result->chain : NULL,
        .installs = r->installs.count > 0 ? &r->installs : NULL,
        .trust = bu_vouchers_given(&o->vouchers) ? NULL : o->trust,
        .anchors = &r->anchors,
        .signatures = o->signatures,
        .folders = o->evidence,
        .tiles = r->tiles,
        .algorithm = o->algorithm,
        .verifiers = bu_policy_verifiers(r->policy),
        .build = expects_build(&o->build) ? &o->build : NULL,
        .package_name = o->package_name,
        .package_version = o->package_version,
        .sboms = o->sboms,
        .environment = r->basis.environment,
        .now = o->now,
        .jobs = o->jobs,
        .progress = o->progress,
    };
    return bu_gather(&options, &result->gathered, err);
}

/* Who vouches now, against who did. */
static bulla_status hold_against_lock(run *r, bulla_result *result, bulla_error *err)
{
    const bu_graph *graph = r->inventory.graph;
    for (size_t i = 0; r->options->lock != NULL && i < graph->count; i++)
        if (i != graph->root)
            BU_TRY(bu_publishers_judge(&r->lock, &graph->components[i], &result->gathered.items[i],
                                       result->arena, err));
    return BU_OK;
}

/* One judgement for each component but the product itself. */
static bulla_status judge(run *r, bulla_result *result, bulla_error *err)
{
    const bu_graph *graph = r->inventory.graph;
    result->judgements =
        bu_arena_get_array(result->arena, graph->count, sizeof *result->judgements);
    if (result->judgements == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->count; i++) {
        if (i == graph->root)
            continue;
        bulla_judgement *judgement = &result->judgements[result->count];
        judgement->component = &graph->components[i];
        judgement->facts = result->gathered.items[i].facts;
        judgement->fact_count = result->gathered.items[i].count;
        judgement->measured = result->gathered.items[i].measured;
        BU_TRY(bu_policy_judge(r->policy, &r->basis, judgement, result->arena, err));
        result->count++;
    }
    return BU_OK;
}

static bulla_status say_flaw(const bu_flaw *flaw, bulla_error *err)
{
    if (flaw->code == BULLA_E_MISSING_DEPENDENCY)
        return bu_fail(err, flaw->code, "%s is needed, but not described", flaw->what);
    if (flaw->code == BULLA_E_MISSING_FIELD)
        return bu_fail(err, flaw->code, "no field %s", flaw->what);
    return bu_fail(err, flaw->code, "%s", flaw->what);
}

/* What a document leaves open, and its ecosystem does not live with. */
static bulla_status keep_flaws(const bu_graph *graph, bulla_result *result, bulla_error *err)
{
    for (size_t i = 0; i < graph->flaw_count; i++) {
        const bu_flaw *flaw = &graph->flaws[i];
        bulla_error error;
        if (flaw->tolerated)
            continue;
        bulla_status status = say_flaw(flaw, &error);
        (void)bu_in_file(&error, bu_at(&error, status, flaw->line, flaw->column), flaw->lockfile);
        BU_TRY(bu_findings_add(&result->troubles, &error, result->arena, err));
    }
    return BU_OK;
}

static bulla_status nothing_found(bulla_result *result, bulla_error *err)
{
    bulla_error error;
    bulla_status status = bu_fail(&error, BULLA_E_EMPTY, "nothing to verify was found");
    (void)bu_next(&error, bu_as(&error, status, BULLA_EXIT_NOTHING),
                  "name a checkout with a lockfile, an artifact, or a document: -L KIND:PATH");
    return bu_findings_add(&result->troubles, &error, result->arena, err);
}

/* An index that is wrong is trouble of the run; one that is only old or unknown matters where it is missed. */
static bulla_status keep_troubles(run *r, bulla_result *result, bulla_error *err)
{
    for (size_t i = 0; i < r->inventory.troubles.count; i++) {
        bulla_error error;
        (void)bu_finding_raise(&r->inventory.troubles.items[i], &error);
        BU_TRY(bu_findings_add(&result->troubles, &error, result->arena, err));
    }
    BU_TRY(keep_flaws(r->inventory.graph, result, err));
    const bu_findings *refused = &result->chain.refused;
    for (size_t i = 0; i < refused->count; i++) {
        bulla_error error;
        (void)bu_finding_raise(&refused->items[i], &error);
        if (error.code != BULLA_E_EXPIRED && bu_outcome_of(&error) == BULLA_BROKEN)
            BU_TRY(bu_findings_add(&result->troubles, &error, result->arena, err));
    }
    bool empty = result->count == 0 && result->troubles.count == 0;
    return empty && !r->options->allow_empty ? nothing_found(result, err) : BU_OK;
}

static bulla_status add_texts(bulla_result *result, bu_texts *list, const char *const *texts,
                              bulla_error *err)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        BU_TRY(bu_result_add_text(result, list, texts[i], err));
    return BU_OK;
}

/* What a document leaves open, and its ecosystem lives with: a peer that nothing provides. */
static bulla_status add_flaws(const bu_graph *graph, bulla_result *result, bulla_error *err)
{
    for (size_t i = 0; i < graph->flaw_count; i++) {
        const bu_flaw *flaw = &graph->flaws[i];
        if (!flaw->tolerated)
            continue;
        const char *whose =
            flaw->component < graph->count ? graph->components[flaw->component].purl : "";
        const char *text = bu_arena_format(
            result->arena, "%s:%u:%u: %s%s%s [%s]", flaw->lockfile, flaw->line, flaw->column, whose,
            whose[0] == '\0' ? "" : " lacks ", flaw->what, bulla_code_name(flaw->code));
        if (text == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_result_add_text(result, &result->warnings, text, err));
    }
    return BU_OK;
}

/* What was not looked into: what a pattern says is a warning, as it weakens the run. */
static bulla_status add_left_out(const bu_inventory *in, bulla_result *result, bulla_error *err)
{
    for (size_t i = 0; i < in->left_out_count; i++) {
        const struct bu_left_out *left = &in->left_out[i];
        const char *text = left->pattern == NULL
                               ? left->path
                               : bu_arena_format(result->arena, "%s is left out, as \"%s\" says",
                                                 left->path, left->pattern);
        if (text == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_result_add_text(
            result, left->pattern == NULL ? &result->passed_over : &result->warnings, text, err));
    }
    return BU_OK;
}

/* The record that was held against, and how much is not in it. */
static bulla_status describe_lock(run *r, bulla_result *result, bulla_error *err)
{
    size_t unknown = 0;
    if (r->options->lock == NULL)
        return BU_OK;
    result->lock = bu_arena_text(result->arena, bu_bytes_of(r->options->lock));
    if (result->lock == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&r->lock_text), &result->lock_digest, err));
    for (size_t i = 0; i < result->count; i++)
        unknown += bu_publisher_is_unknown(&result->judgements[i]);
    if (unknown == 0 || r->options->publishers)
        return BU_OK;
    const char *text = bu_arena_format(
        result->arena, "%zu not in bulla.lock: bulla lock records who publishes a package",
        unknown);
    return text == NULL ? bu_no_memory(err)
                        : bu_result_add_text(result, &result->warnings, text, err);
}

/* A copy of a text that may be NULL. */
static bulla_status keep_text(bulla_result *result, const char *text, const char **out,
                              bulla_error *err)
{
    *out = text == NULL ? NULL : bu_arena_text(result->arena, bu_bytes_of(text));
    return text != NULL && *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* By what policy, trust and time the result came about. */
static bool is_about_any(const bu_gate *gate, const bulla_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        if (bu_gate_is_about(gate, result->judgements[i].component))
            return true;
    return false;
}

/* Who forgets to ask for a gate must not think that it was passed. */
static bulla_status describe_gates(run *r, bulla_result *result, bulla_error *err)
{
    size_t count = 0;
    const bu_gate *gates = bu_policy_gates(r->policy, &count);
    for (size_t i = 0; r->options->gate == NULL && i < count; i++) {
        if (!is_about_any(&gates[i], result))
            continue;
        const char *text = bu_arena_format(
            result->arena, "gate %s is about what is verified, and was not asked for: --gate %s",
            gates[i].name, gates[i].name);
        if (text == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_result_add_text(result, &result->warnings, text, err));
    }
    return BU_OK;
}

static bulla_status describe(run *r, bulla_result *result, bulla_error *err)
{
    const bulla_verify_options *o = r->options;
    BU_TRY(add_texts(result, &result->inputs, o->paths, err));
    for (size_t i = 0; i < o->input_count; i++)
        BU_TRY(bu_result_add_text(result, &result->inputs, o->inputs[i].path, err));
    BU_TRY(add_texts(result, &result->sboms, o->sboms, err));
    BU_TRY(add_flaws(r->inventory.graph, result, err));
    BU_TRY(add_left_out(&r->inventory, result, err));
    BU_TRY(describe_gates(r, result, err));
    result->policy = bu_arena_text(result->arena, bu_bytes_of(bu_policy_name(r->policy)));
    if (result->policy == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_policy_text(r->policy), &result->policy_digest, err));
    result->policy_is_signed = r->policy_is_signed;
    if (o->trust != NULL && o->policy != NULL && !r->policy_is_signed)
        BU_TRY(bu_result_add_text(
            result, &result->warnings,
            "the policy is not signed: the trust store does not pin " BU_POLICY_FILE, err));
    BU_TRY(describe_lock(r, result, err));
    result->now = o->now;
    result->allow_empty = o->allow_empty;
    BU_TRY(keep_text(result, o->gate, &result->gate, err));
    BU_TRY(keep_text(result, r->basis.environment, &result->environment, err));
    if (o->allow_empty)
        BU_TRY(bu_result_add_text(result, &result->warnings,
                                  "--allow-empty: that nothing is found counts as allowed", err));
    const char *trust = o->trust != NULL ? o->trust->folder : bu_vouchers_name(&o->vouchers);
    if (trust == NULL)
        return BU_OK;
    result->trust = bu_arena_text(result->arena, bu_bytes_of(trust));
    if (result->trust == NULL)
        return bu_no_memory(err);
    if (o->trust == NULL)
        return BU_OK;
    result->trust_version = o->trust->targets_version;
    result->trust_digest = o->trust->digest;
    if (o->trust->chain.root->one_time)
        BU_TRY(bu_result_add_text(
            result, &result->warnings,
            "the root of the trust store has a one-time key: it can only be made anew", err));
    else if (o->trust->chain.root->roles[BU_TUF_ROOT].threshold == 1)
        BU_TRY(bu_result_add_text(result, &result->warnings,
                                  "one key alone can change the trust store", err));
    if (!o->trust->remembered)
        BU_TRY(bu_result_add_text(result, &result->warnings,
                                  "no memory of trust store versions: a rollback would not be seen",
                                  err));
    return BU_OK;
}

bulla_status bulla_verify(const bulla_verify_options *options, bulla_result **out, bulla_error *err)
{
    BU_CLEAR(run) r = { .options = options };
    BU_AUTO(bulla_result) result = bu_result_new();
    if (result == NULL)
        return bu_no_memory(err);
    r.tile_folder.folder = BU_FOLDER_NONE;
    BU_TRY(load_policy(&r, err));
    BU_TRY(load_lock(&r, err));
    BU_TRY(bu_tile_folder_open(options->tiles, &r.tile_folder, &r.tiles, err));
    BU_TRY(bu_vouchers_open(&options->vouchers, &options->build, options->trust, &r.anchors, err));
    BU_TRY(take_inventory(&r, err));
    BU_TRY(open_trees(&r, result, err));
    BU_TRY(bu_run_load_waivers(options, bu_policy_waiver_terms(r.policy), r.basis.environment,
                               result, err));
    BU_TRY(gather(&r, result, err));
    BU_TRY(hold_against_lock(&r, result, err));
    BU_TRY(judge(&r, result, err));
    BU_TRY(bu_run_waive(bu_policy_waiver_terms(r.policy), result, err));
    BU_TRY(keep_troubles(&r, result, err));
    BU_TRY(describe(&r, result, err));
    result->graph = BU_STEAL(r.inventory.graph);
    bu_result_total(result);
    if (options->decider != NULL) {
        BU_TRY(bu_opa_decide(options->decider, result, err));
        bu_result_total(result);
    }
    *out = BU_STEAL(result);
    return BU_OK;
}

bool bulla_kind_at(size_t index, bulla_kind *out)
{
    size_t count = 0;
    while (bu_ecosystems[count] != NULL)
        count++;
    if (index >= count)
        return false;
    const bu_ecosystem *e = bu_ecosystems[index];
    *out = (bulla_kind){ .id = e->id, .title = e->title, .places = e->places };
    return true;
}
