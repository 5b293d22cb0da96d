/* SPDX-License-Identifier: MIT */
/*
 * The public calls about waivers: proposing one for what a run found, agreeing to it, taking it
 * back. Whoever signs is looked up in the trust store first, so that nobody signs in vain.
 */
#include "bulla/waiver.h"

#include "base/limits.h"
#include "io/file.h"
#include "ops/policy_load.h"
#include "policy/waive.h"
#include "report/result.h"
#include "report/waivers.h"

#define DAY 86400

struct bulla_waivers {
    bu_waivers list;
    bu_policy *policy;
    const bulla_trust *trust;
    int64_t now;
};

void bulla_waivers_free(bulla_waivers *waivers)
{
    if (waivers == NULL)
        return;
    bu_waivers_clear(&waivers->list);
    bu_policy_free(waivers->policy);
    free(waivers);
}
BU_DEFINE_AUTO(bulla_waivers)

bulla_status bulla_waivers_load(const bulla_waiver_options *options, bulla_waivers **out,
                                bulla_error *err)
{
    static const char *const none[] = { NULL };
    BU_AUTO(bulla_waivers) waivers = calloc(1, sizeof *waivers);
    if (waivers == NULL)
        return bu_no_memory(err);
    waivers->trust = options->trust;
    waivers->now = options->now;
    BU_TRY(bu_policy_load(options->policy, options->trust, &waivers->policy, NULL, err));
    BU_TRY(bu_waivers_load(options->folders == NULL ? none : options->folders, options->trust,
                           bu_policy_waiver_terms(waivers->policy), NULL, options->now,
                           &waivers->list, err));
    *out = BU_STEAL(waivers);
    return BU_OK;
}

size_t bulla_waivers_count(const bulla_waivers *waivers)
{
    return waivers->list.count;
}

const bulla_waiver *bulla_waivers_at(const bulla_waivers *waivers, size_t index)
{
    return index < waivers->list.count ? &waivers->list.items[index].shown : NULL;
}

bulla_status bulla_waivers_render(const bulla_waivers *waivers, const char *format,
                                  bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_waivers_render(&waivers->list, waivers->now, format, &text, err));
    return bu_buf_take(&text, out, err);
}

bulla_status bulla_waiver_describe(const bulla_waiver *waiver, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_waiver_describe(waiver, &text);
    return bu_buf_take(&text, out, err);
}

/* Whose key it is, by the key itself: a keyid could be anybody's. */
static bulla_status find_person(const bulla_trust *trust, const bulla_secret_key *key, size_t *out,
                                bulla_error *err)
{
    const char *id = bulla_secret_key_id(key);
    for (size_t i = 0; i < trust->key_count; i++)
        if (trust->keys[i].key != NULL && strcmp(bu_key_id(trust->keys[i].key), id) == 0) {
            *out = trust->keys[i].person;
            return BU_OK;
        }
    return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "key %s is nobody's in the trust store", id);
}

static bool is_reason(const char *word)
{
    const char *known, *meaning;
    for (size_t i = 0; bulla_waiver_reason_at(i, &known, &meaning); i++)
        if (strcmp(word, known) == 0)
            return true;
    return false;
}

/* What a proposal is about. */
typedef struct chosen {
    const bulla_judgement *judgement;
    const bulla_unmet *unmet;
} chosen;

static bool is_meant(const bulla_waiver_proposal *proposal, const bulla_judgement *judgement,
                     const bulla_unmet *unmet)
{
    if (strncmp(proposal->what, "W-", 2) == 0)
        return strcmp(unmet->id, proposal->what) == 0;
    return strcmp(judgement->component->purl, proposal->what) == 0 &&
           (proposal->rule == NULL || strcmp(proposal->rule, unmet->rule) == 0);
}

/* One component in two places is one thing, when its bytes are the same. */
static bulla_status choose(const bulla_result *result, const bulla_waiver_proposal *proposal,
                           chosen *out, bulla_error *err)
{
    *out = (chosen){ 0 };
    for (size_t i = 0; i < result->count; i++) {
        const bulla_judgement *judgement = &result->judgements[i];
        for (size_t k = 0; k < judgement->unmet_count; k++) {
            const bulla_unmet *unmet = &judgement->unmet[k];
            if (!is_meant(proposal, judgement, unmet))
                continue;
            if (out->unmet != NULL && strcmp(out->unmet->id, unmet->id) != 0)
                return bu_next(err,
                               bu_fail(err, BULLA_E_USAGE, "%s does not satisfy several rules",
                                       proposal->what),
                               "name one by --rule, or by the id that bulla verify shows");
            *out = (chosen){ judgement, unmet };
        }
    }
    if (out->unmet != NULL)
        return BU_OK;
    return bu_next(
        err,
        bu_fail(err, BULLA_E_USAGE, "nothing by the name %s lacks a proof here", proposal->what),
        "bulla verify shows what there is to waive, each with its id");
}

static bulla_status need_waivable(const bu_waiver_terms *terms, const chosen *what,
                                  bulla_error *err)
{
    const bulla_unmet *unmet = what->unmet;
    for (size_t i = 0; i < unmet->code_count; i++)
        for (size_t k = 0; k < terms->never_count; k++)
            if (unmet->codes[i] == terms->never[k])
                return bu_fail(err, BULLA_E_WRONG_USAGE, "the policy lets %s never be waived",
                               bulla_code_name(unmet->codes[i]));
    if (unmet->id[0] != '\0' && what->judgement->verdict != BULLA_DENIED)
        return BU_OK;
    return bu_next(err,
                   bu_fail(err, BULLA_E_WRONG_USAGE, "what is found of %s may never be waived",
                           what->judgement->component->purl),
                   "only what is missing may be waived, of bytes with a strong digest");
}

/* An open proposal is to be agreed to, not made again. */
static bulla_status need_new(const bulla_result *result, const char *id, bulla_error *err)
{
    for (size_t i = 0; i < result->waivers.count; i++) {
        const bulla_waiver *waiver = &result->waivers.items[i].shown;
        if (waiver->state == BULLA_WAIVER_PROPOSED && strcmp(waiver->id, id) == 0)
            return bu_next(err, bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is proposed already", id),
                           "let one more person agree: bulla waive approve ID --key KEY");
    }
    return BU_OK;
}

static bulla_status choose_role(const bu_waiver_terms *terms, const bulla_trust *trust,
                                const char *named, bulla_bytes *out, bulla_error *err)
{
    for (const char *const *role = terms->roles; *role != NULL; role++)
        if ((named == NULL || strcmp(named, *role) == 0) &&
            bu_trust_role(trust, bu_bytes_of(*role)) != NULL) {
            *out = bu_bytes_of(*role);
            return BU_OK;
        }
    return bu_next(err,
                   bu_fail(err, BULLA_E_UNTRUSTED_KEY,
                           "the trust store has no role whose people may waive this"),
                   "give somebody a role that [waivers] of the policy names (usually approver)");
}

static bulla_status check_end(const bu_waiver_terms *terms, const bulla_waiver_proposal *proposal,
                              int64_t now, bulla_error *err)
{
    if (proposal->until <= now)
        return bu_next(err, bu_fail(err, BULLA_E_BAD_TIME, "the end is not in the future"),
                       "give a later end with --until");
    if (proposal->until - now > terms->days_max * DAY)
        return bu_next(err,
                       bu_fail(err, BULLA_E_BAD_TIME, "a waiver holds for at most %lld days here",
                               (long long)terms->days_max),
                       "give an earlier end with --until; it can be proposed again then");
    return BU_OK;
}

static int by_code(const void *a, const void *b)
{
    const bulla_code left = *(const bulla_code *)a, right = *(const bulla_code *)b;
    return (left > right) - (left < right);
}

static bulla_status write_statement(const chosen *what, bu_waiver *waiver, bu_arena *arena,
                                    bu_buf *out, bulla_error *err)
{
    const bulla_component *component = what->judgement->component;
    const bulla_unmet *unmet = what->unmet;
    BU_CLEAR(bu_buf) predicate = { 0 };
    bu_statement statement = { .predicate_type = BULLA_LIT(BU_WAIVER_TYPE) };
    bulla_code *codes = bu_arena_get_array(arena, unmet->code_count, sizeof *codes);
    if (codes == NULL)
        return bu_no_memory(err);
    memcpy(codes, unmet->codes, unmet->code_count * sizeof *codes);
    qsort(codes, unmet->code_count, sizeof *codes, by_code);
    waiver->waives = codes;
    waiver->waives_count = unmet->code_count;
    waiver->rule = bu_bytes_of(unmet->rule);
    waiver->rule_digest = unmet->rule_digest;
    waiver->package = bu_bytes_of(component->purl);
    BU_TRY(bu_waiver_subjects(component, &what->judgement->measured, arena, &statement.subjects,
                              &statement.count, err));
    BU_TRY(bu_waiver_write(waiver, &predicate, err));
    statement.predicate = bu_buf_bytes(&predicate);
    return bu_statement_write(&statement, out, err);
}

/* One line: an envelope. */
static bulla_status seal(const bulla_secret_key *key, bulla_bytes payload, bu_buf *out,
                         bulla_error *err)
{
    BU_TRY(bu_dsse_seal(key, BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), payload, out, err));
    bu_buf_add_byte(out, '\n');
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status propose(const bulla_secret_key *key, const bulla_verify_options *options,
                            const bulla_waiver_proposal *proposal, const bu_waiver_terms *terms,
                            char id[BULLA_WAIVER_ID], bu_buf *out, bulla_error *err)
{
    chosen what;
    BU_AUTO(bulla_result) result = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) payload = { 0 };
    bu_waiver waiver = { .reason = bu_bytes_of(proposal->reason),
                         .issued = options->now,
                         .until = proposal->until };
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(check_end(terms, proposal, options->now, err));
    BU_TRY(choose_role(terms, options->trust, proposal->role, &waiver.role, err));
    BU_TRY(bulla_verify(options, &result, err));
    BU_TRY(choose(result, proposal, &what, err));
    BU_TRY(need_waivable(terms, &what, err));
    BU_TRY(need_new(result, what.unmet->id, err));
    BU_TRY(write_statement(&what, &waiver, arena, &payload, err));
    memcpy(id, what.unmet->id, BULLA_WAIVER_ID);
    return seal(key, bu_buf_bytes(&payload), out, err);
}

bulla_status bulla_waiver_propose(const bulla_secret_key *key, const bulla_verify_options *options,
                                  const bulla_waiver_proposal *proposal, char id[BULLA_WAIVER_ID],
                                  bulla_buffer *out, bulla_error *err)
{
    size_t person;
    BU_AUTO(bu_policy) policy = NULL;
    BU_CLEAR(bu_buf) line = { 0 };
    if (options->trust == NULL)
        return bu_as(err, bu_fail(err, BULLA_E_MISSING_FILE, "no trust store says who may waive"),
                     BULLA_EXIT_TRUST);
    if (!is_reason(proposal->reason))
        return bu_fail(err, BULLA_E_BAD_NAME, "%s is no reason to waive anything",
                       proposal->reason);
    BU_TRY(find_person(options->trust, key, &person, err));
    BU_TRY(bu_policy_load(options->policy, options->trust, &policy, NULL, err));
    BU_TRY(propose(key, options, proposal, bu_policy_waiver_terms(policy), id, &line, err));
    return bu_buf_take(&line, out, err);
}

bulla_status bulla_waivers_find(const bulla_waivers *waivers, const char *id,
                                const bulla_waiver **out, bulla_error *err)
{
    const bulla_waiver *found = NULL;
    for (size_t i = 0; i < waivers->list.count; i++) {
        const bulla_waiver *waiver = &waivers->list.items[i].shown;
        if (waiver->state != BULLA_WAIVER_PROPOSED || (id != NULL && strcmp(waiver->id, id) != 0))
            continue;
        if (found != NULL)
            return bu_fail(err, BULLA_E_USAGE, "several waivers are proposed; name one");
        found = waiver;
    }
    if (found == NULL)
        return bu_next(err,
                       bu_fail(err, BULLA_E_USAGE, "no waiver is proposed%s%s",
                               id == NULL ? "" : ": ", id == NULL ? "" : id),
                       "bulla waive list shows what there is");
    *out = found;
    return BU_OK;
}

static const bu_found_waiver *found_of(const bulla_waivers *waivers, const bulla_waiver *waiver)
{
    for (size_t i = 0; i < waivers->list.count; i++)
        if (&waivers->list.items[i].shown == waiver)
            return &waivers->list.items[i];
    return NULL;
}

/* Who has signed by another key, or through a service, may not be the second one. */
static bulla_status need_other_person(const bulla_waivers *waivers, const bulla_waiver *waiver,
                                      size_t person, bulla_error *err)
{
    const bu_person *people = waivers->trust->people;
    const char *counts_as = people[people[person].counts_as].id;
    for (size_t i = 0; i < waiver->signer_count; i++)
        if (strcmp(waiver->signers[i].counts_as, counts_as) == 0)
            return bu_fail(err, BULLA_E_DUTY_CONFLICT,
                           "%s has signed it already (as %s): nobody waives alone",
                           people[person].id, waiver->signers[i].person);
    return BU_OK;
}

/* The line of that number: where it begins and ends in the text. */
static bulla_bytes line_of(bulla_bytes text, uint32_t number, size_t *start)
{
    size_t at = 0;
    for (uint32_t i = 1; i < number; i++)
        at += bu_bytes_find(bu_bytes_from(text, at), '\n') + 1;
    *start = at;
    bulla_bytes rest = bu_bytes_from(text, at);
    return bu_bytes_first(rest, bu_bytes_find(rest, '\n'));
}

/* The file may have changed since it was read: only what was shown is signed. */
static bulla_status cosign(const bulla_secret_key *key, bulla_bytes line, const bulla_digest *shown,
                           bu_buf *out, bulla_error *err)
{
    bu_dsse envelope;
    bulla_digest payload;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_dsse_parse(bu_bytes_strip(line), "waiver", arena, &envelope, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, envelope.payload, &payload, err));
    if (!bulla_digest_equal(&payload, shown))
        return bu_fail(err, BULLA_E_BAD_DATA, "the file changed since it was read");
    return bu_dsse_cosign(&envelope, key, out, err);
}

bulla_status bulla_waiver_approve(const bulla_secret_key *key, const bulla_waivers *waivers,
                                  const bulla_waiver *waiver, const char **path, bulla_buffer *out,
                                  bulla_error *err)
{
    const bu_found_waiver *found = found_of(waivers, waiver);
    BU_CLEAR(bu_buf) before = { 0 };
    BU_CLEAR(bu_buf) after = { 0 };
    size_t person, start;
    if (found == NULL)
        return bu_fail(err, BULLA_E_USAGE, "this waiver is none of those");
    BU_TRY(find_person(waivers->trust, key, &person, err));
    BU_TRY(need_other_person(waivers, waiver, person, err));
    BU_TRY(bu_waiver_may_agree(found, waivers->trust, person, NULL, waivers->now, err));
    BU_TRY(bu_file_slurp(NULL, found->path, BU_LIMIT_METADATA_BYTES, &before, err));
    bulla_bytes text = bu_buf_bytes(&before), line = line_of(text, waiver->line, &start);
    bu_buf_add(&after, bu_bytes_first(text, start));
    BU_TRY(bu_in_file(err, cosign(key, line, &waiver->payload, &after, err), found->path));
    bu_buf_add_byte(&after, '\n');
    bu_buf_add(&after, bu_bytes_from(text, start + line.len + 1));
    *path = found->path;
    return bu_buf_take(&after, out, err);
}

static bool may_be_revoked(const bulla_waiver *waiver, const char *id)
{
    return strcmp(waiver->id, id) == 0 &&
           (waiver->state == BULLA_WAIVER_PROPOSED || waiver->state == BULLA_WAIVER_ACTIVE ||
            waiver->state == BULLA_WAIVER_EXPIRING);
}

static bulla_status revoke(const bulla_secret_key *key, const bulla_waivers *waivers, size_t person,
                           const bu_found_waiver *found, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) payload = { 0 };
    const bu_role *role = bu_trust_role(waivers->trust, found->waiver.role);
    if (role == NULL || bu_role_grant(role, person) == NULL)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "%s does not hold the role %s",
                       waivers->trust->people[person].id, found->shown.role);
    BU_TRY(bu_waiver_revocation_write(&found->shown.payload, waivers->now, &payload, err));
    return seal(key, bu_buf_bytes(&payload), out, err);
}

bulla_status bulla_waiver_revoke(const bulla_secret_key *key, const bulla_waivers *waivers,
                                 const char *id, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) lines = { 0 };
    size_t person;
    BU_TRY(find_person(waivers->trust, key, &person, err));
    for (size_t i = 0; i < waivers->list.count; i++)
        if (may_be_revoked(&waivers->list.items[i].shown, id))
            BU_TRY(revoke(key, waivers, person, &waivers->list.items[i], &lines, err));
    if (lines.len == 0)
        return bu_next(err, bu_fail(err, BULLA_E_USAGE, "no waiver %s is proposed or in force", id),
                       "bulla waive list shows what there is");
    return bu_buf_take(&lines, out, err);
}
