/* SPDX-License-Identifier: MIT */
/*
 * Documents that sign → facts. A document is checked once against all that may vouch; then each
 * role of the trust store is asked whether enough of its people did, or, without a store, anyone
 * who was given by hand suffices.
 */
#include "evidence/vouching.h"

#include "base/glob.h"
#include "base/limits.h"
#include "evidence/build.h"
#include "evidence/embedded.h"
#include "evidence/review.h"
#include "evidence/vsa.h"
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
    bulla_status read;       /* of the statement: the same in every role */
    bulla_error why;         /* why it is refused */
    bu_statement *statement; /* NULL: not read yet, or a signature over the bytes */
    bu_decision *decision;   /* NULL: the statement is none */
} document;

static bulla_status other_package(const char *what, bulla_bytes expected, bulla_bytes got,
                                  bulla_error *err)
{
    bulla_status status =
        bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed for another %s of a package", what);
    return bu_expected(err, status, expected, got);
}

/* A package that a document is about is this one: of the lockfile, or as it was asked for. */
static bulla_status need_package(const document *d, bulla_bytes package, bulla_error *err)
{
    const bu_gather_options *o = d->v->w->options;
    const bulla_component *component = &o->graph->components[d->v->index];
    const char *name = d->v->artifact ? o->package_name : component->name;
    const char *version = d->v->artifact ? o->package_version : component->version;
    bu_purl got, wanted = { 0 };
    BU_TRY(bu_purl_parse(package, d->v->w->arena, &got, err));
    wanted.type = got.type;
    bu_purl_split_name(&wanted, bu_bytes_of(name == NULL ? "" : name));
    if (name != NULL &&
        !(bu_bytes_equal(wanted.namespace, got.namespace) && bu_bytes_equal(wanted.name, got.name)))
        return other_package("name", bu_bytes_of(name), package, err);
    if (version != NULL && !bu_bytes_is(got.version, version))
        return other_package("version", bu_bytes_of(version), package, err);
    return BU_OK;
}

static bulla_status judge_package(const document *d, bulla_error *err)
{
    return d->vouched.package == NULL ? BU_OK
                                      : need_package(d, bu_bytes_of(d->vouched.package), err);
}

/* The statement is signed, but by whom it counts was not seen yet: nothing is done with it. */
static bulla_status read_statement(document *d, const bu_payload *payload, bulla_error *err)
{
    bu_arena *arena = d->v->w->arena;
    if (!bu_bytes_is(bu_payload_type(payload), BU_PAYLOAD_TYPE_INTOTO))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_BAD_TYPE, "the payload is no in-toto statement"),
                           bu_bytes_of(BU_PAYLOAD_TYPE_INTOTO), bu_payload_type(payload));
    d->statement = bu_arena_get(arena, sizeof *d->statement);
    if (d->statement == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_statement_parse(bu_payload_bytes(payload), d->file, arena, d->statement, err));
    if (!bu_is_decision(d->statement->predicate_type))
        return BU_OK;
    d->decision = bu_arena_get(arena, sizeof *d->decision);
    if (d->decision == NULL)
        return bu_no_memory(err);
    return bu_decision_read(d->statement, d->file, arena, d->decision, err);
}

static bulla_status judge_subject(const document *d, bulla_error *err)
{
    if (bu_statement_is_about(d->statement, &d->check.message->digests))
        return BU_OK;
    return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed, but about other bytes");
}

/* Whom the store knows by these ids. */
static bulla_status describe_authors(const bulla_trust *trust, const char *const *ids,
                                     bu_arena *arena, bulla_said *said, bulla_error *err)
{
    size_t count = 0;
    while (ids != NULL && ids[count] != NULL)
        count++;
    bulla_author *authors = bu_arena_get_array(arena, count, sizeof *authors);
    if (authors == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        size_t person = bu_trust_person(trust, bu_bytes_of(ids[i]));
        authors[i].person = ids[i];
        if (person < trust->people_count)
            authors[i].counts_as = trust->people[trust->people[person].counts_as].id;
    }
    said->authors = authors;
    said->author_count = count;
    return BU_OK;
}

/* What is decided, as a fact shows it. */
static bulla_status describe_decision(const document *d, const bulla_said **out, bulla_error *err)
{
    bu_arena *arena = d->v->w->arena;
    bulla_said *said;
    BU_TRY(bu_decision_describe(d->decision, arena, &said, err));
    *out = said;
    return describe_authors(d->v->w->options->trust, d->decision->authors, arena, said, err);
}

/* The statement as a fact shows it. */
static bulla_status describe_statement(const document *d, const bu_payload *payload,
                                       bulla_fact *fact, bulla_error *err)
{
    fact->predicate = bu_arena_text(d->v->w->arena, d->statement->predicate_type);
    if (fact->predicate == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_payload_bytes(payload), &fact->evidence, err));
    return d->decision == NULL ? BU_OK : describe_decision(d, &fact->said, err);
}

/* The package of another version is the same but for that. */
static bulla_status without_version(bulla_bytes text, bu_arena *arena, const char **out,
                                    bulla_error *err)
{
    bu_purl purl;
    BU_TRY(bu_purl_parse(text, arena, &purl, err));
    purl.version = (bulla_bytes){ 0 };
    return bu_purl_text(&purl, arena, out, err);
}

static bulla_status judge_decided_package(const document *d, bulla_error *err)
{
    bu_arena *arena = d->v->w->arena;
    const char *said, *due = d->v->w->options->graph->components[d->v->index].purl;
    if (d->decision->package.len == 0)
        return BU_OK;
    if (d->v->artifact)
        return need_package(d, d->decision->package, err);
    if (d->v->subject == BU_SUBJECT_OLDER) {
        BU_TRY(without_version(d->decision->package, arena, &said, err));
        BU_TRY(without_version(bu_bytes_of(due), arena, &due, err));
        return strcmp(said, due) == 0
                   ? BU_OK
                   : other_package("name", bu_bytes_of(due), bu_bytes_of(said), err);
    }
    said = bu_arena_text(arena, d->decision->package);
    if (said == NULL)
        return bu_no_memory(err);
    return strcmp(said, due) == 0
               ? BU_OK
               : other_package("name or version", bu_bytes_of(due), bu_bytes_of(said), err);
}

/* A review of a publisher is looked for as such, and counts for what it names. */
static bulla_status judge_publisher(const document *d, bulla_error *err)
{
    const char *purl = d->v->w->options->graph->components[d->v->index].purl;
    bool is_named = d->decision != NULL && d->decision->publisher.len > 0;
    if (is_named != (d->v->subject == BU_SUBJECT_PUBLISHER))
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed, but about something else");
    for (const char *const *scope = is_named ? d->decision->scope : NULL; scope != NULL; scope++) {
        if (*scope == NULL)
            return bu_fail(err, BULLA_E_UNTRUSTED_KEY,
                           "reviews the publisher, but not for this package");
        if (bu_glob_match(bu_bytes_of(*scope), bu_bytes_of(purl)))
            break;
    }
    return BU_OK;
}

/* What a decision says of itself: for this role and this package, and still in force. */
static bulla_status judge_decision(const document *d, const bu_role *role, bulla_error *err)
{
    const bu_decision *decision = d->decision;
    const bu_gather_options *o = d->v->w->options;
    if (!bu_bytes_is(decision->role, role->name))
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "is not said in the role %s", role->name);
    BU_TRY(judge_decided_package(d, err));
    if (decision->issued > o->now + BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "was decided in the future");
    if (o->now > decision->until)
        return bu_fail(err, BULLA_E_EXPIRED, "what was decided is over");
    return BU_OK;
}

/* Whoever says the same, says this: of decisions it is enough that they are about one thing. */
static bulla_status content_of(const document *d, bulla_digest *out, bulla_error *err)
{
    *out = (bulla_digest){ 0 };
    if (d->statement == NULL)
        return BU_OK;
    if (d->decision != NULL)
        return bu_decision_topic(d->decision, out, err);
    return bu_digest_of(BULLA_ALG_SHA256, d->statement->predicate, out, err);
}

/* When it was signed: as is proved, else as a decision says. */
static bu_when when_of(const document *d)
{
    if (d->vouched.has_time)
        return (bu_when){ true, d->vouched.time, d->v->w->options->now };
    return (bu_when){ false, d->decision == NULL ? INT64_MIN : d->decision->issued,
                      d->v->w->options->now };
}

/* Who of those that signed counts in the role, for what is said. */
static bulla_status count_people(const document *d, const bu_role *role, const bu_payload *payload,
                                 bu_voices *out, bulla_error *err)
{
    const bu_gather_options *o = d->v->w->options;
    const bulla_component *component = &o->graph->components[d->v->index];
    bool is_other = d->v->subject == BU_SUBJECT_OLDER && !d->v->artifact && d->decision != NULL &&
                    d->decision->package.len > 0;
    const bu_use use = {
        .name = bu_bytes_of(component->name),
        .purl = is_other ? d->decision->package : bu_bytes_of(component->purl),
        .predicate_type = d->statement == NULL ? (bulla_bytes){ 0 } : d->statement->predicate_type,
        .environment = d->decision == NULL ? (bulla_bytes){ 0 } : d->decision->environment,
        .wanted = o->environment,
        .when = when_of(d),
    };
    return bu_payload_count(payload, o->trust, role, &use, d->v->w->arena, out, err);
}

/* A document that somebody of the role signed: what it says in that role. */
static bulla_status take_saying(document *d, const bu_role *role, const bu_payload *payload,
                                bulla_fact fact, bulla_error *err)
{
    bu_saying saying = { .role = role,
                         .claims = d->vouched.claims,
                         .is_registry = d->vouched.is_registry,
                         .names_package = d->vouched.package != NULL };
    bool states = d->vouched.payload.ptr != NULL && d->check.message != NULL;
    if (states && d->statement == NULL && bulla_ok(d->read))
        d->read = read_statement(d, payload, &d->why);
    if (!bulla_ok(d->read)) {
        *err = d->why;
        return d->read;
    }
    if (d->decision != NULL)
        BU_TRY(judge_decision(d, role, err));
    BU_TRY(judge_publisher(d, err));
    BU_TRY(count_people(d, role, payload, &saying.voices, err));
    if (states) {
        BU_TRY(describe_statement(d, payload, &fact, err));
        BU_TRY(judge_subject(d, err));
    }
    BU_TRY(judge_package(d, err));
    BU_TRY(content_of(d, &saying.content, err));
    if (saying.voices.was_replaced)
        fact.caveat = "by a key that was replaced since; when it signed is not proved";
    saying.fact = fact;
    saying.statement = d->statement;
    saying.decision = d->decision;
    return bu_sayings_add(&d->v->sayings, &saying, err);
}

/* One document against one role. */
static bulla_status try_role(document *d, const bu_role *role, bulla_fact fact, bulla_error *why)
{
    const bu_gather_options *o = d->v->w->options;
    BU_AUTO(bu_payload) payload = NULL;
    fact.role = bu_arena_text(d->v->w->arena, bu_bytes_of(role->name));
    if (fact.role == NULL)
        return bu_no_memory(why);
    BU_TRY(bu_open(o->trust, role, o->anchors, &d->vouched, &payload, why));
    return take_saying(d, role, payload, fact, why);
}

/* Why who signed does not count, from what says least to what says most. */
static const bulla_code lame[] = { BULLA_E_UNTRUSTED_KEY, BULLA_E_ENVIRONMENT_MISMATCH,
                                   BULLA_E_EXPIRED, BULLA_E_REVOKED };
#define LAME (sizeof lame / sizeof lame[0])

/* Its place in that order; LAME: the document is wrong. */
static size_t weight(bulla_code code)
{
    size_t i = 0;
    while (i < LAME && lame[i] != code)
        i++;
    return i;
}

/* A document by those who do not count says nothing; what it would have said may be said by others. */
static bulla_status refuse_lame(document *d, bulla_fact fact, bulla_error *why, bulla_error *err)
{
    fact.proof = BULLA_PROOF_SIGNATURE;
    fact.outcome = bu_outcome_of(why);
    BU_TRY(bu_finding_of(why, d->v->w->arena, &fact.finding, err));
    return bu_sayings_refuse(&d->v->sayings, &fact, err);
}

static bulla_status open_with_roles(document *d, bulla_fact fact, bulla_error *err)
{
    const bulla_trust *trust = d->v->w->options->trust;
    bulla_error worst = { 0 };
    bulla_status refused = bu_fail(&worst, BULLA_E_UNTRUSTED_KEY,
                                   "no role of the trust store knows a key that signed it");
    bool opened = false;
    for (size_t i = 0; i < trust->role_count; i++) {
        bulla_error why = { 0 };
        bulla_status status = try_role(d, &trust->roles[i], fact, &why);
        if (status.code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
        if (bulla_ok(status))
            opened = true;
        else if (weight(status.code) > weight(refused.code)) {
            refused = status;
            worst = why;
        }
    }
    bool is_lame = weight(refused.code) < LAME;
    if (opened && is_lame)
        return BU_OK; /* but who signs beside a wrong signature does not make it right */
    (void)bu_in_file(&worst, refused, fact.source);
    return is_lame ? refuse_lame(d, fact, &worst, err)
                   : bu_vouching_refuse(d->v, BULLA_PROOF_SIGNATURE, fact, &worst, err);
}

static bool is_summary(const bu_statement *statement)
{
    return statement != NULL && bu_is_summary(statement->predicate_type);
}

/*
 * What a verifier says becomes a fact of its own. That verification failed is no way to vouch for
 * something: then the signature's fact is not held either.
 */
static bulla_status add_summary(bu_vouching *v, const bu_statement *statement, bulla_fact *fact,
                                bulla_error *err)
{
    static const bu_verifiers nobody = { 0 };
    const bu_gather_options *o = v->w->options;
    const bu_summary_use use = { .verifiers = o->verifiers == NULL ? &nobody : o->verifiers,
                                 .role = fact->role,
                                 .component = &o->graph->components[v->index],
                                 .file = fact->source,
                                 .now = o->now };
    bulla_fact summary = *fact;
    bulla_error why = { 0 };
    bool failed = false;
    bulla_status status =
        bu_summary_judge(statement, &use, v->w->arena, &failed, &summary.summary, &why);
    if (failed && fact->role == NULL) /* whose key is given by hand is believed */
        status = bu_as(&why, status, BULLA_EXIT_DENIED);
    if (failed) {
        fact->outcome = BULLA_ABSENT;
        BU_TRY(bu_finding_of(&why, v->w->arena, &fact->finding, err));
    }
    if (!bulla_ok(status))
        return bu_vouching_refuse(v, BULLA_PROOF_VSA, summary, &why, err);
    summary.proof = BULLA_PROOF_VSA; /* held or not as the signature is: by enough people */
    return bu_evidence_add(&v->w->evidence[v->index], &summary, v->w->arena, err);
}

/* What is held follows from who vouches: for the bytes, as a registry, for how they were built. */
static bulla_status add_held(bu_vouching *v, const bu_saying *saying, const bulla_fact *fact,
                             bulla_error *err)
{
    bulla_fact build = *fact;
    bulla_error why = { 0 };
    v->package = v->package || saying->names_package ||
                 (saying->decision != NULL && saying->decision->package.len > 0);
    if (saying->is_registry)
        BU_TRY(hold(v, BULLA_PROOF_REGISTRY_SIGNATURE, *fact, err));
    if (saying->statement == NULL)
        return BU_OK;
    if (v->note != NULL)
        v->note(v->context, saying->statement);
    if (!bu_is_provenance(saying->statement->predicate_type))
        return BU_OK;
    bulla_status status = bu_build_judge(saying->statement, saying->claims, v->w->options->build,
                                         saying->fact.source, v->w->arena, &build.build, &why);
    if (!bulla_ok(status))
        return bu_vouching_refuse(v, BULLA_PROOF_PROVENANCE, build,
                                  (bu_in_file(&why, status, saying->fact.source), &why), err);
    v->provenance = true;
    return hold(v, BULLA_PROOF_PROVENANCE, build, err);
}

static bulla_status open_by_hand(document *d, bulla_fact fact, bulla_error *err)
{
    BU_AUTO(bu_payload) payload = NULL;
    bulla_error why = { 0 };
    bu_saying saying = { .claims = d->vouched.claims,
                         .is_registry = d->vouched.is_registry,
                         .names_package = d->vouched.package != NULL };
    bool states = d->vouched.payload.ptr != NULL && d->check.message != NULL;
    bulla_status status = bu_open_by_hand(d->check.anchors, &d->vouched, &payload, &why);
    if (bulla_ok(status)) {
        fact.who = bu_arena_text(d->v->w->arena, bu_bytes_of(bu_payload_signers(payload)));
        if (fact.who == NULL)
            return bu_no_memory(err);
    }
    if (bulla_ok(status) && states)
        status = read_statement(d, payload, &why);
    if (bulla_ok(status) && d->decision != NULL)
        status = bu_fail(&why, BULLA_E_UNTRUSTED_KEY,
                         "is a decision: it counts in a role of a trust store only");
    if (bulla_ok(status) && states)
        status = describe_statement(d, payload, &fact, &why);
    if (bulla_ok(status) && states)
        status = judge_subject(d, &why);
    if (bulla_ok(status))
        status = judge_package(d, &why);
    (void)bu_in_file(&why, status, fact.source);
    if (!bulla_ok(status))
        return bu_vouching_refuse(d->v, BULLA_PROOF_SIGNATURE, fact, &why, err);
    fact.proof = BULLA_PROOF_SIGNATURE;
    fact.outcome = BULLA_HELD;
    if (is_summary(d->statement))
        BU_TRY(add_summary(d->v, d->statement, &fact, err));
    BU_TRY(bu_evidence_add(&d->v->w->evidence[d->v->index], &fact, d->v->w->arena, err));
    if (fact.outcome != BULLA_HELD)
        return BU_OK;
    saying.fact = fact;
    saying.statement = d->statement;
    return add_held(d->v, &saying, &fact, err);
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
    if (d->vouched.claims != NULL) {
        fact.identity = d->vouched.claims->identity;
        fact.issuer = d->vouched.claims->issuer;
    }
    return d->v->w->options->trust == NULL ? open_by_hand(d, fact, err)
                                           : open_with_roles(d, fact, err);
}

/* Those who say the same: one fact, and what follows from it when they are enough. */
static bulla_status add_chorus(bu_vouching *v, const bu_chorus *chorus, bulla_error *err)
{
    bulla_fact fact = chorus->fact;
    if (is_summary(chorus->sayings->statement))
        BU_TRY(add_summary(v, chorus->sayings->statement, &fact, err));
    BU_TRY(bu_evidence_add(&v->w->evidence[v->index], &fact, v->w->arena, err));
    for (size_t i = 0; fact.outcome == BULLA_HELD && i < chorus->count; i++)
        BU_TRY(add_held(v, &chorus->sayings[i], &fact, err));
    return BU_OK;
}

/* Where others vouch, a document by somebody who does not count is only not counted. */
static bulla_status add_refused(bu_vouching *v, bulla_error *err)
{
    for (size_t i = 0; i < v->sayings.refused_count; i++) {
        bulla_fact *fact = &v->sayings.refused[i];
        if (v->sayings.count > 0)
            fact->outcome = BULLA_ABSENT;
        BU_TRY(bu_evidence_add(&v->w->evidence[v->index], fact, v->w->arena, err));
    }
    return BU_OK;
}

bulla_status bu_vouching_finish(bu_vouching *v, bulla_error *err)
{
    bu_chorus *choruses = NULL;
    size_t count = 0;
    BU_TRY(bu_review_settle(v, err));
    bulla_status status = bu_sayings_unite(&v->sayings, v->w->arena, &choruses, &count, err);
    for (size_t i = 0; bulla_ok(status) && i < count; i++)
        status = add_chorus(v, &choruses[i], err);
    return bulla_ok(status) ? add_refused(v, err) : status;
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
