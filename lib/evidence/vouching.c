/* SPDX-License-Identifier: MIT */
/*
 * Documents that sign → facts. A document is checked once against all that may vouch; then each
 * role of the trust store is asked whether enough of its people did, or, without a store, anyone
 * who was given by hand suffices.
 */
#include "evidence/vouching.h"

#include "base/limits.h"
#include "evidence/build.h"
#include "evidence/embedded.h"
#include "model/purl.h"
#include "trust/open.h"

bulla_status bu_vouching_refuse(bu_vouching *v, bulla_proof proof, bulla_fact fact,
                                bulla_error *why, bulla_error *err)
{
    if (why->code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    fact.proof = proof;
    fact.outcome = bu_outcome_of(why);
    BU_TRY(bu_finding_of(why, v->w->arena, &fact.finding, err));
    return bu_evidence_add(&v->w->evidence[v->index], &fact, v->w->arena, err);
}

static bulla_status hold(bu_vouching *v, bulla_proof proof, bulla_fact fact, bulla_error *err)
{
    fact.proof = proof;
    fact.outcome = BULLA_HELD;
    return bu_evidence_add(&v->w->evidence[v->index], &fact, v->w->arena, err);
}

/* One document on its way to facts. */
typedef struct document {
    bu_vouching *v;
    const char *file;
    bu_check check;
    bu_vouched vouched;
} document;

static bulla_status other_package(const char *what, const char *expected, const char *got,
                                  bulla_error *err)
{
    bulla_status status =
        bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed for another %s of a package", what);
    return bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got));
}

/* Where a document is about a package, it is this one: of the lockfile, or as it was asked for. */
static bulla_status judge_package(document *d, bulla_error *err)
{
    const bu_gather_options *o = d->v->w->options;
    const bulla_component *component = &o->graph->components[d->v->index];
    const char *name = d->v->artifact ? o->package_name : component->name;
    const char *version = d->v->artifact ? o->package_version : component->version;
    bu_purl got, wanted = { 0 };
    if (d->vouched.package == NULL)
        return BU_OK;
    BU_TRY(bu_purl_parse(bu_bytes_of(d->vouched.package), d->v->w->arena, &got, err));
    wanted.type = got.type;
    bu_purl_split_name(&wanted, bu_bytes_of(name == NULL ? "" : name));
    if (name != NULL &&
        !(bu_bytes_equal(wanted.namespace, got.namespace) && bu_bytes_equal(wanted.name, got.name)))
        return other_package("name", name, d->vouched.package, err);
    if (version != NULL && !bu_bytes_is(got.version, version))
        return other_package("version", version, d->vouched.package, err);
    d->v->package = true;
    return BU_OK;
}

/* What a role vouches for must be a statement about these very bytes. */
static bulla_status judge_statement(document *d, const bu_role *role, const bu_payload *payload,
                                    bu_statement *statement, bulla_fact *fact, bulla_error *err)
{
    bu_arena *arena = d->v->w->arena;
    const bulla_component *component = &d->v->w->options->graph->components[d->v->index];
    int64_t now = d->v->w->options->now;
    if (!bu_bytes_is(bu_payload_type(payload), BU_PAYLOAD_TYPE_INTOTO))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_BAD_TYPE, "the payload is no in-toto statement"),
                           bu_bytes_of(BU_PAYLOAD_TYPE_INTOTO), bu_payload_type(payload));
    BU_TRY(bu_statement_parse(bu_payload_bytes(payload), d->file, arena, statement, err));
    fact->predicate = bu_arena_text(arena, statement->predicate_type);
    if (fact->predicate == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_payload_bytes(payload), &fact->evidence, err));
    if (role != NULL &&
        !bu_role_covers(role, bu_bytes_of(component->name), statement->predicate_type, now) &&
        !bu_role_covers(role, bu_bytes_of(component->purl), statement->predicate_type, now))
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY,
                       "role %s may not vouch for this with that predicate", role->name);
    if (d->check.message != NULL && !bu_statement_is_about(statement, &d->check.message->digests))
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed, but about other bytes");
    return BU_OK;
}

/* A signature over the bytes themselves. */
static bulla_status judge_direct(const document *d, const bu_role *role, bulla_error *err)
{
    const bulla_component *component = &d->v->w->options->graph->components[d->v->index];
    int64_t now = d->v->w->options->now;
    bulla_bytes none = { 0 };
    if (role != NULL && !bu_role_covers(role, bu_bytes_of(component->name), none, now) &&
        !bu_role_covers(role, bu_bytes_of(component->purl), none, now))
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "role %s may not vouch for this", role->name);
    return BU_OK;
}

/* What provenance says about the build becomes a fact of its own. */
static bulla_status add_build(document *d, const bu_statement *statement, bulla_fact fact,
                              bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_status status = bu_build_judge(statement, d->vouched.claims, d->v->w->options->build,
                                         d->file, d->v->w->arena, &fact.build, &why);
    if (!bulla_ok(status))
        return bu_vouching_refuse(d->v, BULLA_PROOF_PROVENANCE, fact,
                                  (bu_in_file(&why, status, d->file), &why), err);
    d->v->provenance = true;
    return hold(d->v, BULLA_PROOF_PROVENANCE, fact, err);
}

/* A payload that was opened: facts. `*status` stays untrusted-key where the role may not say this. */
static bulla_status take_payload(document *d, const bu_role *role, const bu_payload *payload,
                                 bulla_fact fact, bulla_status *status, bulla_error *why,
                                 bulla_error *err)
{
    bu_statement statement = { 0 };
    bool states = d->vouched.payload.ptr != NULL && d->check.message != NULL;
    fact.who = bu_arena_text(d->v->w->arena, bu_bytes_of(bu_payload_signers(payload)));
    if (fact.who == NULL)
        return bu_no_memory(err);
    *status = states ? judge_statement(d, role, payload, &statement, &fact, why)
                     : judge_direct(d, role, why);
    if (bulla_ok(*status))
        *status = judge_package(d, why);
    if (status->code == BULLA_E_UNTRUSTED_KEY)
        return BU_OK; /* another role may cover it */
    (void)bu_in_file(why, *status, d->file);
    if (!bulla_ok(*status))
        return bu_vouching_refuse(d->v, BULLA_PROOF_SIGNATURE, fact, why, err);
    BU_TRY(hold(d->v, BULLA_PROOF_SIGNATURE, fact, err));
    if (d->vouched.is_registry)
        BU_TRY(hold(d->v, BULLA_PROOF_REGISTRY_SIGNATURE, fact, err));
    if (!states)
        return BU_OK;
    if (d->v->note != NULL)
        d->v->note(d->v->context, &statement);
    return bu_is_provenance(statement.predicate_type) ? add_build(d, &statement, fact, err) : BU_OK;
}

/* One document against one role: facts when the role opens it. */
static bulla_status try_role(document *d, const bu_role *role, bulla_fact fact,
                             bulla_status *status, bulla_error *why, bulla_error *err)
{
    const bu_gather_options *o = d->v->w->options;
    BU_AUTO(bu_payload) payload = NULL;
    fact.role = bu_arena_text(d->v->w->arena, bu_bytes_of(role->name));
    if (fact.role == NULL)
        return bu_no_memory(err);
    *status = bu_open(o->trust, role, o->anchors, &d->vouched, o->now, &payload, why);
    if (!bulla_ok(*status))
        return BU_OK;
    return take_payload(d, role, payload, fact, status, why, err);
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

static bulla_status open_with_roles(document *d, bulla_fact fact, bulla_error *err)
{
    const bulla_trust *trust = d->v->w->options->trust;
    bulla_error worst = { 0 };
    bulla_status refused = bu_fail(&worst, BULLA_E_UNTRUSTED_KEY,
                                   "no role of the trust store knows a key that signed it");
    bool opened = false;
    for (size_t i = 0; i < trust->role_count; i++) {
        bulla_status status = BU_OK;
        bulla_error why = { 0 };
        BU_TRY(try_role(d, &trust->roles[i], fact, &status, &why, err));
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
    return bu_vouching_refuse(d->v, BULLA_PROOF_SIGNATURE, fact, &worst, err);
}

static bulla_status open_by_hand(document *d, bulla_fact fact, bulla_error *err)
{
    BU_AUTO(bu_payload) payload = NULL;
    bulla_error why = { 0 };
    bulla_status status = bu_open_by_hand(d->check.anchors, &d->vouched, &payload, &why);
    if (bulla_ok(status))
        BU_TRY(take_payload(d, NULL, payload, fact, &status, &why, err));
    if (bulla_ok(status) || status.code != BULLA_E_UNTRUSTED_KEY)
        return BU_OK;
    (void)bu_in_file(&why, status, fact.source);
    return bu_vouching_refuse(d->v, BULLA_PROOF_SIGNATURE, fact, &why, err);
}

/* A document that was checked: does who vouches suffice, and for what? */
static bulla_status take_vouched(document *d, bulla_status status, bulla_error *why,
                                 bulla_error *err)
{
    bulla_fact fact = { .source = d->file };
    if (!bulla_ok(status))
        return bu_vouching_refuse(d->v, BULLA_PROOF_SIGNATURE, fact,
                                  (bu_in_file(why, status, d->file), why), err);
    fact.has_time = d->vouched.has_time;
    fact.time = d->vouched.time;
    fact.caveat = d->vouched.caveat;
    return d->v->w->options->trust == NULL ? open_by_hand(d, fact, err)
                                           : open_with_roles(d, fact, err);
}

static bulla_status take_document(bu_vouching *v, const bu_check *check, bulla_error *err)
{
    document d = { .v = v, .file = check->file, .check = *check };
    bulla_error why = { 0 };
    const bu_format *format = bu_format_for(check);
    bulla_status status =
        format == NULL ? bu_fail(&why, BULLA_E_FORMAT_MISMATCH, "is no signature of a known format")
                       : format->verify(check, &d.vouched, &why);
    return take_vouched(&d, status, &why, err);
}

static bulla_status no_anchors(bulla_error *why)
{
    bulla_status status = bu_fail(why, BULLA_E_MISSING_FILE, "no trust store says who may sign it");
    (void)bu_next(why, status,
                  "name the store with --trust DIR, or the signer's public key with --key FILE");
    return bu_as(why, status, BULLA_EXIT_TRUST);
}

/* Every document of a text. */
static bulla_status take_content(bu_vouching *v, bulla_bytes content, const char *file,
                                 const bu_message *message, bulla_error *err)
{
    const bu_gather_options *o = v->w->options;
    bulla_error why = { 0 };
    BU_CLEAR(bu_buf) list = { 0 };
    bu_check check = { .content = content,
                       .file = file,
                       .message = message,
                       .anchors = o->anchors,
                       .algorithm = o->algorithm,
                       .tiles = o->tiles,
                       .now = o->now,
                       .arena = v->w->arena };
    v->found = true;
    bulla_status status = bu_documents(&check, &list, &why);
    if (bulla_ok(status) && list.len > 0 && o->anchors->count == 0 && o->trust == NULL)
        status = no_anchors(&why);
    if (status.code == BULLA_E_EMPTY)
        status = bu_as(&why, status, BULLA_EXIT_UNPROVEN);
    if (!bulla_ok(status))
        return bu_vouching_refuse(v, BULLA_PROOF_SIGNATURE, (bulla_fact){ .source = file },
                                  (bu_in_file(&why, status, file), &why), err);
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    for (size_t i = 0; i < list.len / sizeof *documents; i++) {
        check.content = documents[i];
        BU_TRY(take_document(v, &check, err));
    }
    return BU_OK;
}

/* The file as it is shown, and its bytes in the arena; a failure becomes a fact, then `ptr` is NULL. */
static bulla_status read_file(bu_vouching *v, const bu_folder *folder, const char *path,
                              const char **file, bulla_bytes *content, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error why = { 0 };
    *content = (bulla_bytes){ 0 };
    *file = bu_shown_name(v->w->arena, path);
    if (*file == NULL)
        return bu_no_memory(err);
    bulla_status status = bu_file_slurp(folder, path, BU_LIMIT_EVIDENCE_BYTES, &text, &why);
    if (!bulla_ok(status))
        return bu_vouching_refuse(v, BULLA_PROOF_SIGNATURE, (bulla_fact){ .source = *file }, &why,
                                  err);
    *content = bu_arena_copy(v->w->arena, bu_buf_bytes(&text));
    return content->ptr == NULL && text.len > 0 ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_vouching_take_file(bu_vouching *v, const bu_folder *folder, const char *path,
                                   bulla_error *err)
{
    const char *file;
    bulla_bytes content;
    size_t before = v->w->evidence[v->index].count;
    v->found = true;
    BU_TRY(read_file(v, folder, path, &file, &content, err));
    if (v->w->evidence[v->index].count > before)
        return BU_OK;
    return take_content(v, content, file, v->message, err);
}

/* What signs a package from within signs the bytes that were measured. */
static bulla_status check_package(document *d, bulla_error *err)
{
    bu_vouching *v = d->v;
    const bu_gather_options *o = v->w->options;
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    bulla_digest_set had;
    bu_tap tap;
    BU_TRY(bu_file_open(v->folder, v->path, UINT64_MAX, &file, err));
    BU_TRY(bu_embedded_verify(&file, o->anchors, o->now, v->w->arena, &v->found, &d->vouched, err));
    if (!v->found)
        return BU_OK;
    BU_TRY(bu_tap_init(&tap, &file.base, v->w->hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    BU_TRY(bu_tap_drain(&tap, v->w->scratch, err));
    BU_TRY(bu_tap_finish(&tap, &had, err));
    BU_TRY(bu_file_unchanged(&file, err));
    const bulla_digest *due = bulla_digest_set_get(&v->message->digests, BULLA_ALG_SHA256);
    return bulla_digest_equal(&had.items[0], due)
               ? BU_OK
               : bu_fail(err, BULLA_E_BAD_DATA, "the file changed while it was verified");
}

bulla_status bu_vouching_take_embedded(bu_vouching *v, bulla_error *err)
{
    const bu_gather_options *o = v->w->options;
    bulla_error why = { 0 };
    document d = { .v = v, .check = { .message = v->message, .anchors = o->anchors } };
    if (v->path == NULL)
        return BU_OK;
    d.check.file = d.file = bu_shown_name(v->w->arena, v->path);
    if (d.file == NULL)
        return bu_no_memory(err);
    bulla_status status = check_package(&d, &why);
    if (v->found && o->anchors->count == 0 && o->trust == NULL)
        status = no_anchors(&why);
    if (bulla_ok(status) && !v->found)
        return BU_OK;
    v->found = true;
    return take_vouched(&d, status, &why, err);
}

bulla_status bu_vouching_take_itself(bu_vouching *v, bulla_error *err)
{
    const char *file;
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error why = { 0 };
    if (v->path == NULL)
        return BU_OK;
    if (!bulla_ok(bu_file_slurp(v->folder, v->path, BU_LIMIT_EVIDENCE_BYTES, &text, &why)))
        return BU_OK; /* too large for one, and it was read well before */
    const bu_format *format = bu_format_of(bu_buf_bytes(&text));
    if (format == NULL || !format->carries || !format->carries(bu_buf_bytes(&text)))
        return BU_OK;
    bulla_bytes content = bu_arena_copy(v->w->arena, bu_buf_bytes(&text));
    file = bu_shown_name(v->w->arena, v->path);
    if (content.ptr == NULL || file == NULL)
        return bu_no_memory(err);
    return take_content(v, content, file, NULL, err);
}

static bulla_status look_at(bu_vouching *v, const bu_folder *folder, const char *path,
                            bulla_error *err)
{
    if (path == NULL)
        return bu_no_memory(err);
    return bu_folder_look(folder, path, NULL) == BU_PRESENCE_NONE
               ? BU_OK
               : bu_vouching_take_file(v, folder, path, err);
}

/* DIR/sha256-HEX.minisig */
static bulla_status look_in_folders(bu_vouching *v, const char *ending, bulla_error *err)
{
    const char *const *folders = v->w->options->folders;
    for (; folders != NULL && *folders != NULL; folders++)
        for (size_t i = 0; i < v->message->digests.count; i++) {
            const bulla_digest *digest = &v->message->digests.items[i];
            char hex[BULLA_DIGEST_HEX_MAX];
            if (bulla_alg_is_strong(digest->alg))
                BU_TRY(look_at(v, NULL,
                               bu_arena_format(v->w->arena, "%s/%s-%s%s", *folders,
                                               bulla_alg_name(digest->alg),
                                               bulla_digest_hex(digest, hex), ending),
                               err));
        }
    return BU_OK;
}

/* Formats share endings (.sig, .asc): each is looked at once. */
static bool is_first(const bu_format *const *format, const char *ending)
{
    for (const bu_format *const *before = bu_formats; before != format; before++)
        for (const char *const *other = (*before)->endings; *other != NULL; other++)
            if (strcmp(*other, ending) == 0)
                return false;
    return true;
}

bulla_status bu_vouching_look(bu_vouching *v, bulla_error *err)
{
    for (const bu_format *const *format = bu_formats; *format != NULL; format++)
        for (const char *const *ending = (*format)->endings; *ending != NULL; ending++) {
            if (!is_first(format, *ending))
                continue;
            if (v->path != NULL)
                BU_TRY(look_at(v, v->folder, bu_arena_format(v->w->arena, "%s%s", v->path, *ending),
                               err));
            BU_TRY(look_in_folders(v, *ending, err));
        }
    return BU_OK;
}
