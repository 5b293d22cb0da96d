/* SPDX-License-Identifier: MIT */
/*
 * Examining an artifact: its digests, then what signs it. Evidence is found
 * beside it (F.dsse.json, F.intoto.jsonl) and opened against the roles of the
 * trust store, or given by hand with a key.
 */
#include "evidence/worker.h"

#include <stdio.h>

#include "attest/statement.h"
#include "base/limits.h"
#include "signature/openpgp.h"

/* The artifact at hand. */
typedef struct artifact {
    bu_worker *w;
    size_t index;
    const bulla_component *component;
    const char *path;
    bulla_digest_set digests;
    bulla_digest_set *sboms; /* of the SBOM files that an attestation must name too */
    size_t sbom_count;
    bool *sbom_named;
    bu_key *key;    /* given by hand; NULL */
    bu_buf keyring; /* given by hand, OpenPGP */
} artifact;

static void artifact_clear(artifact *a)
{
    bu_key_free(a->key);
    bu_buf_clear(&a->keyring);
}
BU_DEFINE_CLEAR(artifact)

static bulla_status digest_file(bu_worker *w, const char *path, bulla_digest_set *out,
                                bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(NULL, path, UINT64_MAX, &file, err));
    bu_tap tap;
    BU_TRY(bu_tap_init(&tap, &file.base, w->hasher,
                       BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(BULLA_ALG_SHA512), err));
    BU_TRY(bu_in_file(err, bu_tap_drain(&tap, w->scratch, err), path));
    BU_TRY(bu_tap_finish(&tap, out, err));
    return bu_in_file(err, bu_file_unchanged(&file, err), path);
}

static bulla_status add(artifact *a, bulla_fact *fact, bulla_status status, bulla_error *why,
                        bulla_error *err)
{
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    fact->proof = BULLA_PROOF_SIGNATURE;
    fact->outcome = bulla_ok(status) ? BULLA_HELD : bu_outcome_of(why);
    if (!bulla_ok(status))
        BU_TRY(bu_finding_of(why, a->w->arena, &fact->finding, err));
    return bu_evidence_add(&a->w->evidence[a->index], fact, a->w->arena, err);
}

/* Which of the SBOM files does a verified statement name? */
static void note_sboms(artifact *a, const bu_statement *statement)
{
    for (size_t i = 0; i < a->sbom_count; i++)
        if (bu_statement_is_about(statement, &a->sboms[i]))
            a->sbom_named[i] = true;
}

/* A payload that a role vouches for must be a statement about these very bytes. */
static bulla_status judge_statement(artifact *a, const bu_role *role, const bu_payload *payload,
                                    const char *file, bulla_fact *fact, bulla_error *err)
{
    if (!bu_bytes_is(bu_payload_type(payload), BU_PAYLOAD_TYPE_INTOTO))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_BAD_TYPE, "the payload is no in-toto statement"),
                           bu_bytes_of(BU_PAYLOAD_TYPE_INTOTO), bu_payload_type(payload));
    bu_statement statement = { 0 };
    BU_TRY(bu_statement_parse(bu_payload_bytes(payload), file, a->w->arena, &statement, err));
    fact->predicate = bu_arena_text(a->w->arena, statement.predicate_type);
    fact->who = bu_arena_text(a->w->arena, bu_bytes_of(bu_payload_signers(payload)));
    if (fact->predicate == NULL || fact->who == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_payload_bytes(payload), &fact->evidence, err));
    if (role != NULL &&
        !bu_role_covers(role, bu_bytes_of(a->component->name), statement.predicate_type,
                        a->w->options->now) &&
        !bu_role_covers(role, bu_bytes_of(a->component->purl), statement.predicate_type,
                        a->w->options->now))
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY,
                       "role %s may not vouch for this with that predicate", role->name);
    if (!bu_statement_is_about(&statement, &a->digests))
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed, but about other bytes");
    note_sboms(a, &statement);
    return BU_OK;
}

/* One envelope against one role: a fact when the role opens it. */
static bulla_status try_role(artifact *a, const bu_role *role, const bu_dsse *envelope,
                             bulla_fact fact, bulla_status *status, bulla_error *why,
                             bulla_error *err)
{
    BU_AUTO(bu_payload) payload = NULL;
    fact.role = bu_arena_text(a->w->arena, bu_bytes_of(role->name));
    if (fact.role == NULL)
        return bu_no_memory(err);
    *status = bu_open(a->w->options->trust, role, envelope, a->w->options->now, &payload, why);
    if (!bulla_ok(*status))
        return BU_OK;
    *status = judge_statement(a, role, payload, fact.source, &fact, why);
    if (status->code == BULLA_E_UNTRUSTED_KEY)
        return BU_OK; /* another role may cover it */
    (void)bu_in_file(why, *status, fact.source);
    return add(a, &fact, *status, why, err);
}

/* The finding that says most: a wrong signature before too few, too few before unknown. */
static int weight(bulla_code code)
{
    static const bulla_code order[] = { BULLA_E_UNTRUSTED_KEY, BULLA_E_THRESHOLD, BULLA_E_EXPIRED,
                                        BULLA_E_REVOKED };
    for (int i = 0; i < (int)(sizeof order / sizeof order[0]); i++)
        if (order[i] == code)
            return i;
    return (int)(sizeof order / sizeof order[0]);
}

static bulla_status open_with_roles(artifact *a, const bu_dsse *envelope, bulla_fact fact,
                                    bulla_error *err)
{
    const bulla_trust *trust = a->w->options->trust;
    bulla_error worst = { 0 };
    bulla_status refused = bu_fail(&worst, BULLA_E_UNTRUSTED_KEY,
                                   "no role of the trust store knows a key that signed it");
    bool opened = false;
    for (size_t i = 0; i < trust->role_count; i++) {
        bulla_status status = BU_OK;
        bulla_error why = { 0 };
        BU_TRY(try_role(a, &trust->roles[i], envelope, fact, &status, &why, err));
        if (bulla_ok(status))
            opened = true;
        else if (weight(status.code) > weight(refused.code)) {
            refused = status;
            worst = why;
        }
    }
    if (opened && refused.code != BULLA_E_BAD_SIGNATURE)
        return BU_OK; /* but who signs beside a wrong signature does not make it right */
    (void)bu_in_file(&worst, refused, fact.source);
    return add(a, &fact, refused, &worst, err);
}

static bulla_status no_trust_store(bulla_error *why)
{
    bulla_status status = bu_fail(why, BULLA_E_MISSING_FILE, "no trust store says who may sign it");
    (void)bu_next(why, status,
                  "name the store with --trust DIR, or the signer's public key with --key FILE");
    return bu_as(why, status, BULLA_EXIT_TRUST);
}

/* An OpenPGP keyring opens detached signatures only; what is neither may be the private half. */
static bulla_status no_public_key(const artifact *a, bulla_error *why)
{
    bulla_status status = bu_fail(why, BULLA_E_BAD_KEY, "not a public key that opens envelopes");
    (void)bu_next(why, bu_in_file(why, status, a->w->options->key),
                  "give the public key as PEM: bulla key new writes it as FILE.pub");
    return bu_as(why, status, BULLA_EXIT_CONFIG);
}

static bulla_status open_with_key(artifact *a, const bu_dsse *envelope, bulla_fact fact,
                                  bulla_error *err)
{
    BU_AUTO(bu_payload) payload = NULL;
    bulla_error why = { 0 };
    bulla_status status = bu_open_with_key(a->key, envelope, &payload, &why);
    if (bulla_ok(status))
        status = judge_statement(a, NULL, payload, fact.source, &fact, &why);
    (void)bu_in_file(&why, status, fact.source);
    return add(a, &fact, status, &why, err);
}

static bulla_status take_envelope(artifact *a, bulla_bytes json, const char *file, bulla_error *err)
{
    bu_dsse envelope = { 0 };
    bulla_error why = { 0 };
    bulla_fact fact = { .source = file };
    bulla_status status = bu_dsse_parse(json, file, a->w->arena, &envelope, &why);
    if (bulla_ok(status) && a->key != NULL)
        return open_with_key(a, &envelope, fact, err);
    if (bulla_ok(status) && a->w->options->key != NULL)
        status = no_public_key(a, &why);
    else if (bulla_ok(status) && a->w->options->trust == NULL)
        status = no_trust_store(&why);
    (void)bu_in_file(&why, status, file);
    if (!bulla_ok(status))
        return add(a, &fact, status, &why, err);
    return open_with_roles(a, &envelope, fact, err);
}

/* One envelope a line; an empty line is none. */
static bulla_status take_lines(artifact *a, bulla_bytes text, const char *file, bulla_error *err)
{
    bulla_error why = { 0 };
    size_t taken = 0;
    while (text.len > 0) {
        size_t end = bu_bytes_find(text, '\n');
        bulla_bytes line = bu_bytes_first(text, end);
        text = bu_bytes_from(text, end + 1);
        if (line.len == 0)
            continue;
        if (++taken > BU_LIMIT_ENVELOPES) {
            bulla_status status =
                bu_fail(&why, BULLA_E_RESOURCE_LIMIT, "more than %u envelopes", BU_LIMIT_ENVELOPES);
            return add(a, &(bulla_fact){ .source = file }, status, &why, err);
        }
        BU_TRY(take_envelope(a, line, file, err));
    }
    if (taken > 0)
        return BU_OK;
    bulla_status status = bu_fail(&why, BULLA_E_EMPTY, "holds no envelope");
    status = bu_in_file(&why, bu_as(&why, status, BULLA_EXIT_UNPROVEN), file);
    return add(a, &(bulla_fact){ .source = file }, status, &why, err);
}

static bulla_status take_sidecar(artifact *a, const char *ending, bool lines, bool *found,
                                 bulla_error *err)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s%s", a->path, ending);
    if (len < 0 || (size_t)len >= sizeof path ||
        bu_folder_look(NULL, path, NULL) == BU_PRESENCE_NONE)
        return BU_OK;
    *found = true;
    const char *file = bu_shown_name(a->w->arena, path);
    if (file == NULL)
        return bu_no_memory(err);
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error why = { 0 };
    bulla_status status = bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, &why);
    if (!bulla_ok(status))
        return add(a, &(bulla_fact){ .source = file }, status, &why, err);
    bulla_bytes content = bu_arena_copy(a->w->arena, bu_buf_bytes(&text));
    if (content.ptr == NULL)
        return bu_no_memory(err);
    return lines ? take_lines(a, content, file, err) : take_envelope(a, content, file, err);
}

static bulla_status take_sidecars(artifact *a, bulla_error *err)
{
    bool found = false;
    BU_TRY(take_sidecar(a, ".dsse.json", false, &found, err));
    BU_TRY(take_sidecar(a, ".intoto.jsonl", true, &found, err));
    if (found)
        return BU_OK;
    bulla_error why = { 0 };
    bulla_status status =
        bu_next(&why,
                bu_fail(&why, BULLA_E_MISSING_FILE,
                        "nothing signs it: no .dsse.json or .intoto.jsonl lies beside it"),
                "get its signature from the publisher, or sign it: bulla sign --key KEY FILE");
    return add(a, &(bulla_fact){ 0 }, status, &why, err);
}

/* A detached signature needs the bytes whole: the same that were hashed, not what has their name by now. */
static bulla_status read_again(const artifact *a, bu_buf *out, bulla_error *err)
{
    bulla_digest now;
    BU_TRY(bu_file_slurp(NULL, a->path, BU_LIMIT_DOCUMENT_BYTES, out, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(out), &now, err));
    if (bulla_digest_equal(&now, bulla_digest_set_get(&a->digests, BULLA_ALG_SHA256)))
        return BU_OK;
    return bu_in_file(err, bu_fail(err, BULLA_E_BAD_DATA, "the file changed while it was verified"),
                      a->path);
}

static bulla_status check_raw(artifact *a, bulla_bytes signature, bulla_fact *fact,
                              bulla_error *err)
{
    const char *name = a->w->options->algorithm;
    const bu_algorithm *algorithm =
        name == NULL ? bu_algorithm_of_key(a->key) : bu_algorithm_by_name(bu_bytes_of(name));
    if (algorithm == NULL)
        return bu_as(err,
                     bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "no algorithm %s",
                             name == NULL ? "for this key" : name),
                     BULLA_EXIT_CONFIG);
    BU_CLEAR(bu_buf) message = { 0 };
    BU_TRY(read_again(a, &message, err));
    BU_TRY(bu_verify(a->key, algorithm, bu_buf_bytes(&message), signature, err));
    fact->who = bu_arena_text(a->w->arena, bu_bytes_of(bu_key_id(a->key)));
    return fact->who == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status check_openpgp(artifact *a, bulla_bytes signature, bulla_fact *fact,
                                  bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    BU_CLEAR(bu_buf) message = { 0 };
    bu_openpgp_result result = { 0 };
    BU_TRY(bu_openpgp_new(bu_buf_bytes(&a->keyring), &pgp, err));
    BU_TRY(read_again(a, &message, err));
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&message));
    BU_TRY(bu_openpgp_verify_detached(pgp, &source.base, signature, a->w->options->now,
                                      a->w->arena, &result, err));
    fact->who = result.signers[0].fingerprint;
    return BU_OK;
}

/* A detached signature, by the key that was given: PEM for raw ones, a keyring for OpenPGP ones. */
static bulla_status take_detached(artifact *a, bulla_bytes signature, const char *file,
                                  bulla_error *err)
{
    bulla_fact fact = { .source = file };
    bulla_error why = { 0 };
    bulla_status status;
    if (a->key != NULL)
        status = check_raw(a, signature, &fact, &why);
    else if (a->keyring.len > 0)
        status = check_openpgp(a, signature, &fact, &why);
    else
        status = bu_as(
            &why, bu_fail(&why, BULLA_E_USAGE, "a detached signature needs its key: --key FILE"),
            BULLA_EXIT_CONFIG);
    (void)bu_in_file(&why, status, file);
    return add(a, &fact, status, &why, err);
}

static bulla_status take_signature(artifact *a, bulla_error *err)
{
    const char *file = bu_shown_name(a->w->arena, a->w->options->signature);
    if (file == NULL)
        return bu_no_memory(err);
    BU_CLEAR(bu_buf) signature = { 0 };
    bulla_error why = { 0 };
    bulla_status status =
        bu_file_slurp(NULL, a->w->options->signature, BU_LIMIT_METADATA_BYTES, &signature, &why);
    if (!bulla_ok(status))
        return add(a, &(bulla_fact){ .source = file }, status, &why, err);
    bulla_bytes content = bu_arena_copy(a->w->arena, bu_buf_bytes(&signature));
    if (content.ptr == NULL)
        return bu_no_memory(err);
    bool envelope = a->w->options->algorithm == NULL && bu_bytes_starts(content, "{");
    return envelope ? take_envelope(a, content, file, err) : take_detached(a, content, file, err);
}

/* The key given by hand: a PEM public key, or else an OpenPGP keyring. */
static bulla_status read_key(artifact *a, bulla_error *err)
{
    if (a->w->options->key == NULL)
        return BU_OK;
    BU_TRY(bu_file_slurp(NULL, a->w->options->key, BU_LIMIT_METADATA_BYTES, &a->keyring, err));
    if (!bu_bytes_starts(bu_buf_bytes(&a->keyring), "-----BEGIN PUBLIC KEY"))
        return BU_OK;
    bulla_status status = bu_key_read(bu_buf_bytes(&a->keyring), &a->key, err);
    bu_buf_clear(&a->keyring);
    return bu_in_file(err, status, a->w->options->key);
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
        (void)bu_in_file(&why, status, a->w->options->sboms[i]);
        BU_TRY(add(a, &(bulla_fact){ 0 }, status, &why, err));
    }
    return BU_OK;
}

static bulla_status digest_sboms(artifact *a, bulla_error *err)
{
    const char *const *sboms = a->w->options->sboms;
    while (sboms != NULL && sboms[a->sbom_count] != NULL)
        a->sbom_count++;
    a->sboms = bu_arena_get_array(a->w->arena, a->sbom_count, sizeof *a->sboms);
    a->sbom_named = bu_arena_get_array(a->w->arena, a->sbom_count, sizeof *a->sbom_named);
    if (a->sboms == NULL || a->sbom_named == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < a->sbom_count; i++)
        BU_TRY(digest_file(a->w, sboms[i], &a->sboms[i], err));
    return BU_OK;
}

bulla_status bu_examine_artifact(bu_worker *w, size_t index, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    BU_CLEAR(artifact)
    a = { .w = w, .index = index, .component = component, .path = component->location };
    bulla_error why = { 0 };
    bulla_status status = digest_file(w, a.path, &a.digests, &why);
    if (bulla_ok(status))
        status = digest_sboms(&a, &why);
    if (bulla_ok(status))
        status = read_key(&a, &why);
    if (!bulla_ok(status))
        return add(&a, &(bulla_fact){ 0 }, status, &why, err);
    w->evidence[index].measured = a.digests;
    if (w->options->signature != NULL)
        BU_TRY(take_signature(&a, err));
    else
        BU_TRY(take_sidecars(&a, err));
    return judge_sboms(&a, err);
}
