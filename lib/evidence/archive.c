/* SPDX-License-Identifier: MIT */
/*
 * Examining a package: its archive is found, opened once, hashed and walked in
 * one pass; then each proof that was asked for becomes a fact.
 */
#include "evidence/file_message.h"
#include "evidence/vouching.h"

#include <stdio.h>

#include "base/limits.h"

/* Everything that one pass over the bytes told. */
typedef struct measured {
    bulla_status read; /* could the bytes be read at all */
    bulla_error read_error;
    bulla_status walk; /* is the archive sound */
    bulla_error walk_error;
    bulla_digest_set digests;
    uint64_t size;
    bu_expected_package *packages; /* [0] the package itself, then those bundled in it */
    size_t package_count;
    bulla_digests pins;      /* that the bytes must have */
    uint64_t pinned_size;    /* that they must have; 0: any */
    const char *source;      /* escaped file name */
    const bu_listed *listed; /* Debian: the index entry that is held against it */
    bu_files *files;         /* that the archive installs; NULL: not asked for */
} measured;

/* Nothing agrees before it was judged. */
static void expect_package(measured *m, const char *path, const bulla_component *component,
                           size_t place)
{
    bu_expected_package *package = &m->packages[m->package_count++];
    *package = (bu_expected_package){ .path = path, .component = component, .place = place };
    package->status = bu_fail(&package->error, BULLA_E_INTERNAL, "its manifest was not judged");
}

static int compare_packages(const void *a, const void *b)
{
    const bu_expected_package *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The expectations of one archive: its own manifest, and "node_modules/x/package.json" for what is bundled. */
static bulla_status expect_packages(bu_worker *w, size_t index, measured *m, bulla_error *err)
{
    const bu_graph *graph = w->options->graph;
    const size_t *group = w->bundled + w->bundles[index];
    size_t bundled = w->bundles[index + 1] - w->bundles[index];
    m->packages = bu_arena_get_array(w->arena, 1 + bundled, sizeof *m->packages);
    if (m->packages == NULL)
        return bu_no_memory(err);
    expect_package(m, NULL, &graph->components[index], SIZE_MAX);
    m->packages[0].files = m->files;
    for (size_t i = 0; i < bundled; i++) {
        const bu_place *place = &graph->places[group[i]];
        const char *path = bu_arena_format(w->arena, "%s/package.json", place->path);
        if (path == NULL)
            return bu_no_memory(err);
        expect_package(m, path, &graph->components[place->component], group[i]);
    }
    qsort(m->packages + 1, bundled, sizeof *m->packages, compare_packages);
    return BU_OK;
}

/* A digest of what is in the archive; in place of one of the bytes only when it is the pinned one. */
static bulla_status add_tree(measured *m, bulla_error *err)
{
    const bulla_digest *tree = &m->packages[0].tree;
    const bulla_digest *pin = bulla_digests_get(m->packages[0].component->digests, tree->alg);
    if (tree->alg == BULLA_ALG_H1)
        return bu_digest_set_add(&m->digests, tree, err);
    if (pin == NULL || !bulla_digest_equal(pin, tree))
        return BU_OK;
    for (uint32_t i = 0; i < m->digests.count; i++)
        if (m->digests.items[i].alg == tree->alg)
            m->digests.items[i] = *tree;
    return BU_OK;
}

/* One pass: file → hashing tap → walk; then the rest of the file, so that the digest covers all of it. */
static bulla_status measure(bu_worker *w, const bu_located *found, bu_algs algs, bool walk,
                            measured *m, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(found->folder, found->path, BU_LIMIT_ARCHIVE_BYTES, &file, err));
    bu_tap tap;
    BU_TRY(bu_tap_init(&tap, &file.base, w->hasher, algs, err));
    if (walk)
        m->walk = bu_contents_walk(&tap.base, m->packages, m->package_count,
                                   m->listed == NULL ? NULL : &m->listed->entry, w->arena,
                                   &m->walk_error);
    BU_TRY(bu_tap_drain(&tap, w->scratch, err));
    m->size = tap.count;
    BU_TRY(bu_tap_finish(&tap, &m->digests, err));
    if (walk && bulla_ok(m->walk))
        BU_TRY(add_tree(m, err));
    return bu_file_unchanged(&file, err);
}

static bulla_status wrong_digest(const bulla_digest *want, const bulla_digest *got,
                                 bulla_error *err)
{
    char expected[BULLA_DIGEST_HEX_MAX + 8], had[BULLA_DIGEST_HEX_MAX + 8],
        hex[BULLA_DIGEST_HEX_MAX];
    (void)snprintf(expected, sizeof expected, "%s:%s", bulla_alg_name(want->alg),
                   bulla_digest_hex(want, hex));
    (void)snprintf(had, sizeof had, "%s:%s", bulla_alg_name(got->alg), bulla_digest_hex(got, hex));
    bulla_status status =
        bu_fail(err, BULLA_E_HASH_MISMATCH, "these are not the bytes that were pinned");
    return bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(had));
}

static bool is_insecure(const char *resolved)
{
    bulla_bytes url = bu_bytes_of(resolved);
    return bu_bytes_starts(url, "http:") || bu_bytes_starts(url, "git:") ||
           bu_bytes_starts(url, "git+http:") || bu_bytes_starts(url, "ftp:");
}

/* Every strong pin counts, as each may be what some reader goes by; a broken algorithm only when it is alone. */
static bool is_counted(const bulla_digest *pin, const bulla_digest *strongest)
{
    return pin == strongest || bulla_alg_is_strong(pin->alg);
}

static bu_algs algorithms_of(bulla_digests pins)
{
    const bulla_digest *strongest = bulla_digests_strongest(pins);
    bu_algs algs = 0;
    for (uint32_t i = 0; i < pins.count; i++)
        if (is_counted(&pins.items[i], strongest))
            algs |= BU_ALGS(pins.items[i].alg);
    return algs;
}

/* What must be measured to hold all that is pinned against the bytes. */
static bu_algs algorithms_for(const bulla_component *component, bulla_digests pins)
{
    bu_algs algs = algorithms_of(pins);
    for (size_t i = 0; i < component->file_count; i++)
        algs |= algorithms_of(component->files[i].digests);
    bool has_bytes = (algs & ~BU_ALGS(BULLA_ALG_H1)) != 0;
    return has_bytes ? algs : algs | BU_ALGS(BULLA_ALG_SHA256);
}

static bulla_status compare_digests(bulla_digests pins, const measured *m, bulla_error *err)
{
    const bulla_digest *strongest = bulla_digests_strongest(pins);
    for (uint32_t i = 0; i < pins.count; i++) {
        const bulla_digest *pin = &pins.items[i];
        const bulla_digest *got = bulla_digest_set_get(&m->digests, pin->alg);
        if (!is_counted(pin, strongest))
            continue;
        if (got == NULL)
            return bu_as(err,
                         bu_fail(err, BULLA_E_UNREADABLE, "its %s could not be made",
                                 bulla_alg_name(pin->alg)),
                         BULLA_EXIT_UNPROVEN);
        if (!bulla_digest_equal(got, pin))
            return wrong_digest(pin, got, err);
    }
    return BU_OK;
}

/* Of several files, any one will do: the one of these bytes, else the one of this name, else the first. */
static void choose_file(const bulla_component *component, const char *path, measured *m)
{
    const bulla_file_pin *named = &component->files[0];
    if (component->file_count == 0 || m->listed != NULL)
        return;
    for (size_t i = 0; i < component->file_count; i++) {
        const bulla_file_pin *file = &component->files[i];
        m->pins = file->digests;
        m->pinned_size = file->size;
        if (file->digests.count > 0 && bulla_ok(compare_digests(file->digests, m, NULL)))
            return;
        if (file->name != NULL && strcmp(file->name, bu_path_name(path)) == 0)
            named = file;
    }
    m->pins = named->digests;
    m->pinned_size = named->size;
}

/* A broken algorithm alone proves nothing, but can be wrong. */
static bulla_status judge_digest(const bulla_component *component, const bulla_digest *pinned,
                                 const measured *m, bulla_error *err)
{
    if (pinned == NULL && is_insecure(component->resolved))
        return bu_fail(err, BULLA_E_INSECURE_SOURCE,
                       "no digest is pinned, and its source has no integrity");
    if (pinned == NULL)
        return bu_fail(err, BULLA_E_MISSING_HASH, "no digest is pinned");
    BU_TRY(compare_digests(m->pins, m, err));
    if (m->pinned_size != 0 && m->pinned_size != m->size)
        return bu_fail(err, BULLA_E_HASH_MISMATCH, "has not the pinned size");
    if (!bulla_alg_is_strong(pinned->alg))
        return bu_fail(err, BULLA_E_WEAK_HASH, "only a %s digest is pinned",
                       bulla_alg_name(pinned->alg));
    return BU_OK;
}

/* One finding's place is the entry in the lockfile that pins it. */
static void at_lockfile(const bulla_component *component, bulla_status status, bulla_error *err)
{
    if (bulla_ok(status) || component->lockfile == NULL || err->file[0] != '\0')
        return;
    (void)bu_in_file(err, status, component->lockfile);
    (void)bu_at(err, status, component->line, component->column);
}

static bulla_status add_fact(bu_worker *w, bu_evidence *evidence, bulla_fact fact,
                             bulla_status status, const bulla_error *why, bulla_error *err)
{
    if (bulla_ok(status)) {
        fact.outcome = BULLA_HELD;
        return bu_evidence_add(evidence, &fact, w->arena, err);
    }
    fact.outcome = bu_outcome_of(why);
    BU_TRY(bu_finding_of(why, w->arena, &fact.finding, err));
    return bu_evidence_add(evidence, &fact, w->arena, err);
}

static bool is_needed(const bu_worker *w, size_t index, bulla_proof proof)
{
    return w->options->needs != NULL && w->options->needs[index].proofs[proof];
}

/* Contents of bytes that are not the pinned ones say nothing about the package. */
static bulla_status judge_contents(const bu_expected_package *package, bulla_status digest,
                                   const measured *m, bulla_error *err)
{
    if (digest.code == BULLA_E_HASH_MISMATCH)
        return bu_as(
            err, bu_fail(err, BULLA_E_UNREADABLE, "not judged: the bytes are not the pinned ones"),
            BULLA_EXIT_UNPROVEN);
    if (!bulla_ok(m->walk)) {
        if (err != NULL)
            *err = m->walk_error;
        return m->walk;
    }
    if (!bulla_ok(package->status) && err != NULL)
        *err = package->error;
    return package->status;
}

static bulla_status judge_chain(const bu_worker *w, size_t index, const measured *m,
                                bulla_status digest, const bulla_error *digest_error,
                                bulla_status contents, const bulla_error *contents_error,
                                bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    if (m->listed != NULL) {
        bulla_status status = !bulla_ok(digest) ? digest : contents;
        if (!bulla_ok(status))
            *err = !bulla_ok(digest) ? *digest_error : *contents_error;
        return status;
    }
    const bu_findings *refused = w->options->chain == NULL ? NULL : &w->options->chain->refused;
    if (refused == NULL || refused->count == 0)
        return bu_fail(err, BULLA_E_UNLISTED_FILE, "no signed index lists %s %s", component->name,
                       component->version == NULL ? "" : component->version);
    return bu_within(err, bu_finding_raise(&refused->items[0], err), "no believed index lists it");
}

static bulla_status add_chain(bu_worker *w, size_t index, const measured *m, bulla_status digest,
                              const bulla_error *digest_error, bulla_status contents,
                              const bulla_error *contents_error, bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_fact fact = { .proof = BULLA_PROOF_ARCHIVE_CHAIN, .source = m->source };
    if (m->listed != NULL) {
        fact.role = m->listed->role_name;
        fact.who = m->listed->who;
        fact.evidence = m->listed->evidence;
        fact.source = m->listed->source;
    }
    bulla_status status =
        judge_chain(w, index, m, digest, digest_error, contents, contents_error, &why);
    return add_fact(w, &w->evidence[index], fact, status, &why, err);
}

/* Why the tree cannot be judged by this archive, or BULLA_OK. */
static bulla_status judge_basis(const bu_worker *w, const bulla_component *component,
                                bulla_status digest, const measured *m, bulla_error *err)
{
    if (!bu_installs_cover(w->options->installs, component->type)) {
        bulla_status status =
            bu_fail(err, BULLA_E_MISSING_FILE, "no installed tree of its kind was named");
        return bu_as(err, bu_next(err, status, "bulla verify --tree DIR"), BULLA_EXIT_UNPROVEN);
    }
    const char *why = digest.code == BULLA_E_HASH_MISMATCH ? "the archive is not the pinned one"
                      : !bulla_ok(m->walk)                 ? "the archive is refused"
                      : m->files->count == 0 ? "such an archive is not installed by unpacking it"
                                             : NULL;
    return why == NULL ? BU_OK
                       : bu_as(err, bu_fail(err, BULLA_E_UNREADABLE, "not judged: %s", why),
                               BULLA_EXIT_UNPROVEN);
}

/* The installed copies, held against the archive. */
static bulla_status add_tree_fact(bu_worker *w, size_t index, bulla_status digest,
                                  const measured *m, bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_fact fact = { .proof = BULLA_PROOF_TREE, .source = m->source };
    bulla_status status = judge_basis(w, &w->options->graph->components[index], digest, m, &why);
    if (bulla_ok(status)) {
        bu_files_sort(m->files);
        const bu_install_archive archive = {
            .files = m->files,
            .sha256 = bulla_digest_set_get(&m->digests, BULLA_ALG_SHA256),
            .hasher = w->hasher,
            .arena = w->arena,
        };
        BU_TRY(bu_installs_judge(w->options->installs, index, &archive, &fact, &why, err));
        status = (bulla_status){ fact.outcome == BULLA_HELD ? BULLA_OK : why.code };
    }
    return add_fact(w, &w->evidence[index], fact, status, &why, err);
}

/* Facts of the package itself. */
static bulla_status add_own_facts(bu_worker *w, size_t index, const bulla_digest *pinned,
                                  const measured *m, bulla_status *digest, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    bulla_error digest_error = { 0 }, contents_error = { 0 };
    *digest = judge_digest(component, pinned, m, &digest_error);
    at_lockfile(component, *digest, &digest_error);
    (void)bu_in_file(&digest_error, *digest, m->source);
    bulla_status contents = judge_contents(&m->packages[0], *digest, m, &contents_error);
    (void)bu_in_file(&contents_error, contents, m->source);
    bulla_fact fact = { .proof = BULLA_PROOF_DIGEST, .source = m->source };
    if (pinned != NULL)
        fact.evidence = *pinned;
    if (is_needed(w, index, BULLA_PROOF_DIGEST))
        BU_TRY(add_fact(w, &w->evidence[index], fact, *digest, &digest_error, err));
    fact = (bulla_fact){ .proof = BULLA_PROOF_CONTENTS, .source = m->source };
    if (is_needed(w, index, BULLA_PROOF_CONTENTS))
        BU_TRY(add_fact(w, &w->evidence[index], fact, contents, &contents_error, err));
    if (is_needed(w, index, BULLA_PROOF_ARCHIVE_CHAIN))
        BU_TRY(add_chain(w, index, m, *digest, &digest_error, contents, &contents_error, err));
    if (is_needed(w, index, BULLA_PROOF_TREE))
        BU_TRY(add_tree_fact(w, index, *digest, m, err));
    return BU_OK;
}

static bool needs_vouching(const bu_worker *w, size_t index)
{
    return is_needed(w, index, BULLA_PROOF_SIGNATURE) ||
           is_needed(w, index, BULLA_PROOF_PROVENANCE) ||
           is_needed(w, index, BULLA_PROOF_REGISTRY_SIGNATURE) ||
           is_needed(w, index, BULLA_PROOF_VSA);
}

/* Who signs what is pinned, when its bytes are elsewhere: the evidence is found by digest. */
static bulla_status add_vouching_elsewhere(bu_worker *w, size_t index, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    bu_file_message message;
    bulla_digest_set digests = { 0 };
    bu_vouching v = { .w = w, .index = index, .message = &message.base };
    if (!needs_vouching(w, index) || component->digests.count == 0)
        return BU_OK;
    for (uint32_t i = 0; i < component->digests.count; i++)
        BU_TRY(bu_digest_set_add(&digests, &component->digests.items[i], err));
    bu_file_message_init(&message, w, NULL, NULL, component->name, &digests);
    bulla_status status = bu_vouching_look(&v, err);
    if (bulla_ok(status))
        status = bu_vouching_finish(&v, err);
    bu_sayings_clear(&v.sayings);
    return status;
}

/* Who signs the archive: beside it, among the evidence, or in it. */
static bulla_status add_vouching(bu_worker *w, size_t index, const bu_located *found,
                                 const measured *m, bulla_error *err)
{
    bu_file_message message;
    bu_vouching v = { .w = w,
                      .index = index,
                      .folder = found->folder,
                      .path = found->path,
                      .message = &message.base };
    bu_file_message_init(&message, w, found->folder, found->path, m->source, &m->digests);
    bulla_status status = bu_vouching_look(&v, err);
    if (bulla_ok(status) && !v.found)
        status = bu_vouching_take_embedded(&v, err);
    if (bulla_ok(status))
        status = bu_vouching_finish(&v, err);
    bu_sayings_clear(&v.sayings);
    return status;
}

/* A bundled package stands or falls with the digest of the archive it is inside of. */
static bulla_status add_bundled_facts(bu_worker *w, const bu_expected_package *package,
                                      const measured *m, bulla_status digest, bulla_error *err)
{
    size_t index = (size_t)(package->component - w->options->graph->components);
    bu_evidence *evidence = &w->inside[package->place];
    bulla_error why = { 0 };
    if (is_needed(w, index, BULLA_PROOF_DIGEST)) {
        if (!bulla_ok(digest))
            (void)bu_fail(&why, digest.code, "the archive it is inside of is not proved");
        BU_TRY(add_fact(w, evidence,
                        (bulla_fact){ .proof = BULLA_PROOF_DIGEST, .source = m->source }, digest,
                        &why, err));
    }
    if (!is_needed(w, index, BULLA_PROOF_CONTENTS))
        return BU_OK;
    bulla_status contents = judge_contents(package, digest, m, &why);
    (void)bu_in_file(&why, contents, m->source);
    return add_fact(w, evidence, (bulla_fact){ .proof = BULLA_PROOF_CONTENTS, .source = m->source },
                    contents, &why, err);
}

/* Every proof that was asked for is not there, for one reason. */
static bulla_status add_absent(bu_worker *w, size_t index, bulla_error *why, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    at_lockfile(component, (bulla_status){ why->code }, why);
    for (bulla_proof proof = BULLA_PROOF_NONE + 1; proof < BULLA_PROOF_COUNT; proof++)
        if (is_needed(w, index, proof))
            BU_TRY(bu_evidence_add_why(&w->evidence[index], proof, bu_outcome_of(why), why,
                                       w->arena, err));
    return BU_OK;
}

static bool is_pinned(const bulla_component *component)
{
    for (size_t i = 0; i < component->file_count; i++)
        if (component->files[i].digests.count > 0)
            return true;
    return component->digests.count > 0;
}

static bulla_status examine_missing(bu_worker *w, size_t index, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    const bulla_fact left_out = { .proof = BULLA_PROOF_NOT_INSTALLED, .outcome = BULLA_HELD };
    if (!bu_installs_have(w->options->installs, index) &&
        bu_locate_is_left_out(w->options->graph, index, w->arena))
        return bu_evidence_add(&w->evidence[index], &left_out, w->arena, err);
    bulla_error why;
    if (!is_pinned(component))
        (void)(is_insecure(component->resolved)
                   ? bu_fail(&why, BULLA_E_INSECURE_SOURCE,
                             "no digest is pinned, and its source has no integrity")
                   : bu_fail(&why, BULLA_E_MISSING_HASH, "no digest is pinned (%s)",
                             bulla_origin_name(component->origin)));
    else
        (void)bu_next(&why, bu_fail(&why, BULLA_E_MISSING_FILE, "its archive was not found"),
                      BU_NEXT_ARCHIVE);
    BU_TRY(add_absent(w, index, &why, err));
    return add_vouching_elsewhere(w, index, err);
}

/* Of the index entries that a role may vouch for here: the one of these bytes, or the first. */
static const bu_listed *listed_for(const bu_worker *w, const bulla_component *component,
                                   const bulla_digest *bytes, bool *disputed)
{
    size_t count = 0;
    const bu_listed *first = NULL;
    const bu_listed *listed =
        w->options->chain == NULL ? NULL : bu_chain_find(w->options->chain, component, &count);
    for (size_t i = 0; i < count; i++) {
        const bulla_digest *sha256 = &listed[i].entry.sha256;
        if (!bu_role_covers(listed[i].role, bu_bytes_of(component->purl), (bulla_bytes){ 0 },
                            w->options->now))
            continue;
        if (bytes != NULL && bulla_digest_equal(sha256, bytes))
            return &listed[i];
        if (first == NULL)
            first = &listed[i];
        *disputed = *disputed || !bulla_digest_equal(sha256, &first->entry.sha256);
    }
    return first;
}

/* Two archives may have built one version each: then the bytes are read to see whose they are. */
static bulla_status choose_listed(bu_worker *w, const bulla_component *component,
                                  const bu_located *found, measured *m, bulla_error *err)
{
    bool disputed = false;
    m->listed = listed_for(w, component, NULL, &disputed);
    if (!disputed)
        return BU_OK;
    measured bytes = { 0 };
    BU_TRY(measure(w, found, BU_ALGS(BULLA_ALG_SHA256), false, &bytes, err));
    m->listed =
        listed_for(w, component, bulla_digest_set_get(&bytes.digests, BULLA_ALG_SHA256), &disputed);
    return BU_OK;
}

static bool needs_walk(const bu_worker *w, size_t index, const measured *m)
{
    bool needed = is_needed(w, index, BULLA_PROOF_ARCHIVE_CHAIN) || m->files != NULL;
    for (size_t i = 0; i < m->package_count && !needed; i++)
        needed = is_needed(w, (size_t)(m->packages[i].component - w->options->graph->components),
                           BULLA_PROOF_CONTENTS);
    return needed;
}

static bulla_status examine_found(bu_worker *w, size_t index, const bu_located *found,
                                  bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_files) files = { .arena = arena };
    measured m = { .source = bu_shown_name(w->arena, found->path),
                   .files = is_needed(w, index, BULLA_PROOF_TREE) ? &files : NULL };
    if (m.source == NULL || arena == NULL)
        return bu_no_memory(err);
    BU_TRY(expect_packages(w, index, &m, err));
    m.walk = bu_fail(&m.walk_error, BULLA_E_UNSUPPORTED_FEATURE, "no reader for archives of %s",
                     component->type);
    m.read = choose_listed(w, component, found, &m, &m.read_error);
    m.pins = m.listed == NULL ? component->digests : (bulla_digests){ &m.listed->entry.sha256, 1 };
    m.pinned_size = m.listed == NULL ? component->size : m.listed->entry.size;
    bu_algs algs = algorithms_for(component, m.pins) |
                   (m.files == NULL ? 0 : BU_ALGS(BULLA_ALG_SHA256)) |
                   (needs_vouching(w, index) ? BU_VOUCHING_ALGS : 0);
    bool walk = bu_contents_known(component->type) &&
                (needs_walk(w, index, &m) || bu_contents_makes_digest(component->type));
    if (bulla_ok(m.read))
        m.read = measure(w, found, algs, walk, &m, &m.read_error);
    if (!bulla_ok(m.read)) {
        (void)bu_in_file(&m.read_error, m.read, m.source);
        return add_absent(w, index, &m.read_error, err);
    }
    w->evidence[index].measured = m.digests;
    choose_file(component, found->path, &m);
    bulla_status digest;
    BU_TRY(add_own_facts(w, index, bulla_digests_strongest(m.pins), &m, &digest, err));
    for (size_t i = 1; i < m.package_count; i++)
        BU_TRY(add_bundled_facts(w, &m.packages[i], &m, digest, err));
    return needs_vouching(w, index) ? add_vouching(w, index, found, &m, err) : BU_OK;
}

bulla_status bu_examine_archive(bu_worker *w, size_t index, bulla_error *err)
{
    bu_located found;
    BU_TRY(bu_locate(w->options->places, &w->options->graph->components[index], w->arena, &found,
                     err));
    if (found.path == NULL)
        return examine_missing(w, index, err);
    return examine_found(w, index, &found, err);
}
