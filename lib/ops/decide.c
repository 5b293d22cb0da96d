/* SPDX-License-Identifier: MIT */
/*
 * bulla_decide(): what a person decides becomes a statement about files, digests, packages of a
 * lockfile or a publisher, and is signed. Nothing is signed that would not be read.
 */
#include "attest/decision.h"
#include "base/limits.h"
#include "bulla/sign.h"
#include "evidence/inventory.h"
#include "model/purl.h"
#include "ops/seal.h"
#include "ops/subjects.h"

/* One decision on its way. */
typedef struct deciding {
    const bulla_decision *options;
    bulla_bytes type;
    bu_decision decision;
    bu_subjects subjects;
    bu_inventory inventory; /* of the lockfile */
    bool has_inventory;
} deciding;

static void deciding_clear(deciding *d)
{
    bu_subjects_clear(&d->subjects);
    bu_inventory_clear(&d->inventory);
}
BU_DEFINE_CLEAR(deciding)

static bulla_status set(deciding *d, bulla_bytes name, bulla_bytes text, bulla_error *err)
{
    return bu_decision_set(d->type, name, text, d->subjects.arena, &d->decision, err);
}

static bulla_status set_fields(deciding *d, bulla_error *err)
{
    const char *const *fields = d->options->fields;
    for (; fields != NULL && *fields != NULL; fields++) {
        bulla_bytes field = bu_bytes_of(*fields);
        size_t equals = bu_bytes_find(field, '=');
        if (equals == field.len)
            return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "a field is NAME=VALUE"),
                               BULLA_LIT("NAME=VALUE"), field);
        BU_TRY(set(d, bu_bytes_first(field, equals), bu_bytes_from(field, equals + 1), err));
    }
    /* That somebody decides means yes unless it is said; that a tool ran means nothing. */
    return d->decision.control.len == 0 || d->decision.choice != BU_CHOICE_NONE
               ? BU_OK
               : bu_fail(err, BULLA_E_MISSING_FIELD, "\"result\" is missing: pass or fail");
}

/* "sha512:HEX" */
static bool is_digest(bulla_bytes text)
{
    size_t colon = bu_bytes_find(text, ':');
    return colon < text.len && bu_alg_of(bu_bytes_first(text, colon)) != BULLA_ALG_NONE;
}

static bulla_status read_digest(bulla_bytes text, bulla_digest_set *out, bulla_error *err)
{
    size_t colon = bu_bytes_find(text, ':');
    bulla_digest digest;
    *out = (bulla_digest_set){ 0 };
    BU_TRY(bu_digest_from_hex(bu_alg_of(bu_bytes_first(text, colon)),
                              bu_bytes_from(text, colon + 1), &digest, err));
    if (!bulla_alg_is_strong(digest.alg))
        return bu_fail(err, BULLA_E_WEAK_HASH, "%s proves nothing", bulla_alg_name(digest.alg));
    return bu_digest_set_add(out, &digest, err);
}

static bulla_status set_from(deciding *d, bulla_error *err)
{
    bulla_bytes from = bu_bytes_of(d->options->from);
    bulla_digest_set digests;
    if (d->options->from == NULL)
        return BU_OK;
    if (is_digest(from))
        return set(d, BULLA_LIT("from"), from, err);
    BU_TRY(bu_in_file(err,
                      bu_subjects_measure(&d->subjects, d->options->from, BU_LIMIT_ARCHIVE_BYTES,
                                          NULL, &digests, err),
                      d->options->from));
    for (uint32_t i = 0; i < digests.count; i++) {
        char hex[BULLA_DIGEST_HEX_MAX];
        const char *text =
            bu_arena_format(d->subjects.arena, "%s:%s", bulla_alg_name(digests.items[i].alg),
                            bulla_digest_hex(&digests.items[i], hex));
        if (text == NULL)
            return bu_no_memory(err);
        BU_TRY(set(d, BULLA_LIT("from"), bu_bytes_of(text), err));
    }
    return BU_OK;
}

static bulla_status open_lockfile(deciding *d, bulla_error *err)
{
    const char *const paths[] = { d->options->lockfile, NULL };
    const bu_inventory_options options = { .paths = paths };
    if (d->options->lockfile == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--lockfile FILE is needed: it pins the package");
    if (d->has_inventory)
        return BU_OK;
    BU_TRY(bu_inventory_make(&options, &d->inventory, err));
    d->has_inventory = true;
    return d->inventory.troubles.count > 0 ? bu_finding_raise(&d->inventory.troubles.items[0], err)
                                           : BU_OK;
}

/* Only what proves something, and is of the bytes of a file. */
static bulla_status add_pins(deciding *d, const char *name, bulla_digests pins, bulla_error *err)
{
    bulla_digest_set strong = { 0 };
    for (uint32_t i = 0; i < pins.count; i++)
        if (bulla_alg_is_strong(pins.items[i].alg) && bulla_alg_is_of_bytes(pins.items[i].alg))
            BU_TRY(bu_digest_set_add(&strong, &pins.items[i], err));
    return strong.count == 0 ? BU_OK
                             : bu_subjects_add(&d->subjects, bu_bytes_of(name), &strong, err);
}

static bulla_status add_component(deciding *d, const bulla_component *component, bulla_error *err)
{
    size_t before = d->subjects.count;
    BU_TRY(add_pins(d, component->purl, component->digests, err));
    for (size_t i = 0; i < component->file_count; i++)
        BU_TRY(add_pins(d, component->files[i].name, component->files[i].digests, err));
    if (d->subjects.count == before)
        return bu_fail(err, BULLA_E_MISSING_HASH, "the lockfile pins no SHA-256 or SHA-512 of %s",
                       component->purl);
    bool states = d->options->subjects[1] == NULL && d->decision.package.len == 0;
    return states ? set(d, BULLA_LIT("package"), bu_bytes_of(component->purl), err) : BU_OK;
}

static bulla_status add_package(deciding *d, const char *text, bulla_error *err)
{
    const char *purl;
    BU_TRY(open_lockfile(d, err));
    BU_TRY(bu_purl_canonicalize(bu_bytes_of(text), d->subjects.arena, &purl, err));
    const bu_graph *graph = d->inventory.graph;
    for (size_t i = 0; i < graph->count; i++)
        if (strcmp(graph->components[i].purl, purl) == 0)
            return bu_in_file(err, add_component(d, &graph->components[i], err),
                              d->options->lockfile);
    return bu_in_file(err, bu_fail(err, BULLA_E_BAD_REFERENCE, "no component is %s", purl),
                      d->options->lockfile);
}

static bulla_status add_subject(deciding *d, const char *text, bulla_error *err)
{
    bulla_digest_set digests;
    if (bu_bytes_starts(bu_bytes_of(text), "pkg:"))
        return add_package(d, text, err);
    if (!is_digest(bu_bytes_of(text)))
        return bu_subjects_add_file(&d->subjects, text, err);
    BU_TRY(read_digest(bu_bytes_of(text), &digests, err));
    return bu_subjects_add(&d->subjects, d->decision.package, &digests, err);
}

static bulla_status add_publisher(deciding *d, bulla_error *err)
{
    bulla_digest_set digests = { .count = 1 };
    if (d->options->subjects != NULL && d->options->subjects[0] != NULL)
        return bu_fail(err, BULLA_E_USAGE, "it is about the publisher: name no file");
    BU_TRY(bu_publisher_digest(d->decision.issuer, d->decision.publisher, &digests.items[0], err));
    return bu_subjects_add(&d->subjects, d->decision.publisher, &digests, err);
}

static bulla_status add_subjects(deciding *d, bulla_error *err)
{
    const char *const *texts = d->options->subjects;
    if (d->decision.publisher.len > 0)
        return add_publisher(d, err);
    if (texts == NULL || texts[0] == NULL)
        return bu_fail(err, BULLA_E_USAGE, "name what is decided about");
    for (; *texts != NULL; texts++)
        BU_TRY(add_subject(d, *texts, err));
    return bu_subjects_sort(&d->subjects, err);
}

/* One name a digest: "sha512-HEX". */
static bulla_status write_names(const deciding *d, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) names = { 0 };
    for (size_t i = 0; i < d->subjects.count; i++)
        for (uint32_t k = 0; k < d->subjects.items[i].digests.count; k++) {
            const bulla_digest *digest = &d->subjects.items[i].digests.items[k];
            char hex[BULLA_DIGEST_HEX_MAX];
            bu_buf_add_format(&names, "%s-%s\n", bulla_alg_name(digest->alg),
                              bulla_digest_hex(digest, hex));
        }
    return bu_buf_take(&names, out, err);
}

bool bulla_is_decision(const char *type)
{
    return bu_decision_type(bu_bytes_of(type)).len > 0;
}

bulla_status bulla_decide(const bulla_secret_key *key, const bulla_sign_options *options,
                          const bulla_decision *decision, bulla_buffer *out, bulla_buffer *names,
                          bulla_error *err)
{
    BU_CLEAR(deciding)
    d = { .options = decision,
          .type = bu_decision_type(bu_bytes_of(decision->type)),
          .decision = BU_DECISION_NONE };
    BU_CLEAR(bu_buf) predicate = { 0 };
    if (d.type.len == 0)
        return bu_fail(err, BULLA_E_USAGE, "%s is not what a person states", decision->type);
    BU_TRY(bu_seal_options_check(options, err));
    BU_TRY(bu_subjects_start(&d.subjects, err));
    d.decision.issued = decision->issued;
    BU_TRY(bu_as(err, set_fields(&d, err), BULLA_EXIT_CONFIG));
    BU_TRY(set_from(&d, err));
    BU_TRY(add_subjects(&d, err));
    BU_TRY(bu_as(err, bu_decision_write(d.type, &d.decision, &predicate, err), BULLA_EXIT_CONFIG));
    BU_TRY(write_names(&d, names, err));
    return bu_subjects_seal(&d.subjects, key, options, d.type, bu_buf_bytes(&predicate), out, err);
}
