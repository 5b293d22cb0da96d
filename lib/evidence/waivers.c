/* SPDX-License-Identifier: MIT */
/*
 * Waivers as they lie in their folders. Each line is checked against every key of the trust store
 * before it is read; people are counted over all lines with one payload, so that approvals given
 * in two places can be laid together. A revocation names a payload, and so what it takes back
 * stays taken back wherever a copy of it comes from.
 */
#include "evidence/waivers.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/vec.h"
#include "digest/hasher.h"
#include "evidence/facts.h"
#include "io/file.h"
#include "model/purl.h"
#include "trust/open.h"

#define ENDING ".jsonl"
#define DAY    86400

typedef struct loading {
    const bulla_trust *trust;
    const bu_waiver_terms *terms;
    const char *environment;
    int64_t now;
    bu_waivers *out;
    bu_anchors anchors;
} loading;

static void loading_clear(loading *l)
{
    bu_anchors_clear(&l->anchors);
}
BU_DEFINE_CLEAR(loading)

void bu_waivers_clear(bu_waivers *waivers)
{
    free(waivers->items);
    if (waivers->arena != NULL)
        bu_arena_free(waivers->arena);
    *waivers = (bu_waivers){ 0 };
}

/* What is said of a line is said of its place in its file. */
static bulla_status set_finding(bu_arena *arena, bu_found_waiver *found, const bulla_error *why,
                                bulla_error *err)
{
    bulla_finding *finding = &found->shown.finding;
    if (why->code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    BU_TRY(bu_finding_of(why, arena, finding, err));
    finding->file = found->shown.file;
    finding->column = finding->line == 1 ? finding->column : 1;
    finding->line = found->shown.line;
    finding->offset = UINT64_MAX;
    return BU_OK;
}

bulla_status bu_waiver_refuse(bu_waivers *waivers, bu_found_waiver *found, const bulla_error *why,
                              bulla_error *err)
{
    found->shown.state = BULLA_WAIVER_REFUSED;
    return set_finding(waivers->arena, found, why, err);
}

/* One line of a file on its way. */
typedef struct line {
    bulla_bytes text;
    const char *file; /* as it is shown */
    bu_vouched vouched;
} line;

static bulla_status need_no_wrong(const loading *l, const bu_vouched *vouched, bulla_error *err)
{
    for (size_t i = 0; i < l->anchors.count; i++)
        if (vouched->wrong[i])
            return bu_fail(err, BULLA_E_BAD_SIGNATURE,
                           "the signature that names key %s does not verify",
                           l->trust->keys[l->anchors.items[i].trusted].keyid);
    return BU_OK;
}

/* Who signed, by any key of the store: nothing of the text is read before. */
static bulla_status check_signatures(loading *l, line *in, bu_found_waiver *found, bulla_error *err)
{
    const bu_check check = { .content = in->text,
                             .file = in->file,
                             .anchors = &l->anchors,
                             .now = l->now,
                             .arena = l->out->arena };
    const bu_format *format = bu_format_for(&check);
    if (format == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "is no signed statement");
    BU_TRY(format->verify(&check, &in->vouched, err));
    BU_TRY(need_no_wrong(l, &in->vouched, err));
    if (!bu_bytes_is(in->vouched.payload_type, BU_PAYLOAD_TYPE_INTOTO))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "is no in-toto statement"),
                           BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), in->vouched.payload_type);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, in->vouched.payload, &found->shown.payload, err));
    return bu_statement_parse(in->vouched.payload, in->file, l->out->arena, &found->statement, err);
}

/* A vendor or a witness vouches for its own things; it has no say in what is ours. */
static bool is_ours(const bu_person *person)
{
    return person->kind == BU_PARTY_PERSON || person->kind == BU_PARTY_SERVICE;
}

/* Mark whose keys signed. Why one does not count any more is kept. */
static bulla_status mark_signers(const loading *l, const line *in, bu_found_waiver *found,
                                 bulla_error *err)
{
    const bu_vouched *vouched = &in->vouched;
    const bu_use use = { .predicate_type = found->statement.predicate_type,
                         .wanted = l->environment,
                         .when = { .is_proved = vouched->has_time,
                                   .time = vouched->has_time ? vouched->time : found->waiver.issued,
                                   .now = l->now } };
    for (size_t i = 0; i < l->anchors.count; i++) {
        const bu_trusted_key *key = &l->trust->keys[l->anchors.items[i].trusted];
        bulla_error why = { 0 };
        if (!vouched->by[i] || !is_ours(&l->trust->people[key->person]))
            continue;
        if (bulla_ok(bu_trusted_key_counts(l->trust, key, &use, &why)))
            found->signed_by[key->person] = true;
        else if (found->shown.finding.code == BULLA_OK)
            BU_TRY(set_finding(l->out->arena, found, &why, err));
    }
    return BU_OK;
}

static bulla_status keep_text(bu_arena *arena, bulla_bytes text, const char **out, bulla_error *err)
{
    *out = bu_arena_text(arena, text);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* What others see of a waiver that was read. */
static bulla_status show(bu_arena *arena, bu_found_waiver *found, bulla_error *err)
{
    const bu_waiver *waiver = &found->waiver;
    bulla_waiver *shown = &found->shown;
    BU_TRY(keep_text(arena, waiver->package, &shown->purl, err));
    BU_TRY(keep_text(arena, waiver->rule, &shown->rule, err));
    BU_TRY(keep_text(arena, waiver->reason, &shown->reason, err));
    BU_TRY(keep_text(arena, waiver->role, &shown->role, err));
    shown->waives = waiver->waives;
    shown->waives_count = waiver->waives_count;
    shown->issued = waiver->issued;
    shown->until = waiver->until;
    return bu_waiver_id(shown->rule, &waiver->rule_digest, shown->purl, found->statement.subjects,
                        found->statement.count, shown->id, err);
}

/* People who signed, each of those who count as one once. */
static bulla_status name_signers(const loading *l, bu_found_waiver *found, bulla_error *err)
{
    const bulla_trust *trust = l->trust;
    bulla_voucher *signers =
        bu_arena_get_array(l->out->arena, trust->people_count, sizeof *signers);
    size_t count = 0;
    if (signers == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < trust->people_count; i++) {
        const char *counts_as = trust->people[trust->people[i].counts_as].id;
        bool is_new = found->signed_by[i];
        for (size_t k = 0; k < count && is_new; k++)
            is_new = strcmp(signers[k].counts_as, counts_as) != 0;
        if (is_new)
            signers[count++] = (bulla_voucher){ .person = trust->people[i].id,
                                                .counts_as = counts_as,
                                                .org = trust->people[i].org };
    }
    found->shown.signers = signers;
    found->shown.signer_count = count;
    return BU_OK;
}

/* A role names files by the name that their package URL ends in. */
static bulla_status name_of(bulla_bytes package, bu_arena *arena, bulla_bytes *out,
                            bulla_error *err)
{
    bu_purl purl;
    BU_TRY(bu_purl_parse(package, arena, &purl, err));
    const char *name = purl.namespace.len == 0
                           ? bu_arena_text(arena, purl.name)
                           : bu_arena_format(arena, "%.*s/%.*s", (int)purl.namespace.len,
                                             (const char *)purl.namespace.ptr, (int)purl.name.len,
                                             (const char *)purl.name.ptr);
    *out = bu_bytes_of(name);
    return name == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_waiver_may_agree(const bu_found_waiver *found, const bulla_trust *trust,
                                 size_t person, const char *environment, int64_t now,
                                 bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const bu_role *role = bu_trust_role(trust, found->waiver.role);
    bu_use use = { .purl = found->waiver.package,
                   .predicate_type = BULLA_LIT(BU_WAIVER_TYPE),
                   .wanted = environment,
                   .when = { .time = found->waiver.issued, .now = now } };
    if (arena == NULL)
        return bu_no_memory(err);
    if (role == NULL)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "the trust store has no role %s",
                       found->shown.role);
    BU_TRY(name_of(use.purl, arena, &use.name, err));
    return bu_role_allows(trust, role, person, &use, err);
}

/*
 * How many people may agree to it in its role; a grant that is over is kept as the reason why one
 * may not. Who may not at all can still be the one more.
 */
static bulla_status count_people(const loading *l, bu_found_waiver *found, size_t *out,
                                 bulla_error *err)
{
    BU_FREE bool *counted = calloc(l->trust->people_count + 1, sizeof *counted);
    if (counted == NULL)
        return bu_no_memory(err);
    *out = 0;
    for (size_t i = 0; i < l->trust->people_count; i++) {
        bulla_error why = { 0 };
        size_t counts_as = l->trust->people[i].counts_as;
        if (!found->signed_by[i] || counted[counts_as])
            continue;
        counted[counts_as] =
            bulla_ok(bu_waiver_may_agree(found, l->trust, i, l->environment, l->now, &why));
        *out += counted[counts_as];
        if (!counted[counts_as] && why.code != BULLA_E_UNTRUSTED_KEY)
            BU_TRY(set_finding(l->out->arena, found, &why, err));
    }
    return BU_OK;
}

static bulla_status say_too_few(const loading *l, bu_found_waiver *found, size_t needed,
                                bulla_error *err)
{
    char expected[160];
    bulla_error why;
    BU_CLEAR(bu_buf) got = { 0 };
    for (size_t i = 0; i < found->shown.signer_count; i++) {
        bu_buf_add_text(&got, i == 0 ? "" : ", ");
        bu_buf_add_text(&got, found->shown.signers[i].person);
    }
    if (got.broken)
        return bu_no_memory(err);
    (void)snprintf(expected, sizeof expected, "%zu people, %zu of them of the role %s", needed + 1,
                   needed, found->shown.role);
    bulla_status status = bu_fail(&why, BULLA_E_THRESHOLD, "too few people have agreed");
    (void)bu_expected(&why, status, bu_bytes_of(expected), bu_buf_bytes(&got));
    (void)bu_next(&why, status, "let one more person agree: bulla waive approve ID --key KEY");
    return set_finding(l->out->arena, found, &why, err);
}

/* As many people of the role as it needs, and one more: so nobody waives alone. */
static bulla_status judge_people(const loading *l, bu_found_waiver *found, bulla_error *err)
{
    size_t agreed = 0;
    const bu_role *role = bu_trust_role(l->trust, found->waiver.role);
    size_t needed = role == NULL ? 1 : role->threshold;
    BU_TRY(name_signers(l, found, err));
    BU_TRY(count_people(l, found, &agreed, err));
    if (agreed >= needed && found->shown.signer_count > needed) {
        bool is_soon = found->waiver.until - l->now < (int64_t)BULLA_WAIVER_SOON_DAYS * DAY;
        found->shown.state = is_soon ? BULLA_WAIVER_EXPIRING : BULLA_WAIVER_ACTIVE;
        return BU_OK;
    }
    found->shown.state = BULLA_WAIVER_PROPOSED;
    return found->shown.finding.code != BULLA_OK ? BU_OK : say_too_few(l, found, needed, err);
}

static bool is_listed(const char *const *roles, bulla_bytes role)
{
    for (; *roles != NULL; roles++)
        if (bu_bytes_is(role, *roles))
            return true;
    return false;
}

/* What the policy and the clock have against it. */
static bulla_status check_terms(const loading *l, const bu_found_waiver *found, bulla_error *err)
{
    const bu_waiver *waiver = &found->waiver;
    if (!is_listed(l->terms->roles, waiver->role))
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "the policy lets the role %s waive nothing",
                       found->shown.role);
    if (waiver->issued > l->now + BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "is issued in the future");
    if (waiver->until - waiver->issued > l->terms->days_max * DAY)
        return bu_fail(err, BULLA_E_BAD_TIME,
                       "lasts longer than the policy allows: %" PRId64 " days", l->terms->days_max);
    return BU_OK;
}

static bulla_status judge_waiver(loading *l, bu_found_waiver *found, bulla_error *err)
{
    bulla_error why;
    if (found->shown.state == BULLA_WAIVER_REVOKED)
        return name_signers(l, found, err);
    if (l->now > found->waiver.until) {
        found->shown.state = BULLA_WAIVER_EXPIRED;
        return name_signers(l, found, err);
    }
    if (!bulla_ok(check_terms(l, found, &why)))
        return bu_waiver_refuse(l->out, found, &why, err);
    return judge_people(l, found, err);
}

/*
 * Does somebody take back who holds the role? Whether that key still counts is not asked: where
 * there is doubt, nothing is waived.
 */
static bool takes_back(const loading *l, const bu_found_waiver *revocation,
                       const bu_found_waiver *found)
{
    const bu_role *role = bu_trust_role(l->trust, found->waiver.role);
    for (size_t i = 0; role != NULL && i < l->trust->people_count; i++)
        if (revocation->signed_by[i] && bu_role_grant(role, i) != NULL)
            return true;
    return false;
}

static bool is_revocation(const bu_found_waiver *found)
{
    return bu_bytes_is(found->statement.predicate_type, BU_WAIVER_REVOCATION_TYPE);
}

static bulla_status take_revocation(loading *l, const line *in, bu_found_waiver *found,
                                    bulla_error *err)
{
    /* What it takes back is all that it says. */
    BU_TRY(bu_waiver_revocation_read(&found->statement, in->file, &found->shown.payload, err));
    for (size_t i = 0; i < l->anchors.count; i++)
        if (in->vouched.by[i])
            found->signed_by[l->trust->keys[l->anchors.items[i].trusted].person] = true;
    return BU_OK;
}

/* A line that is what it should be; what else it may be is a reason to refuse it. */
static bulla_status take_line(loading *l, line *in, bu_found_waiver *found, bulla_error *err)
{
    BU_TRY(check_signatures(l, in, found, err));
    if (is_revocation(found))
        return take_revocation(l, in, found, err);
    BU_TRY(bu_waiver_read(&found->statement, in->file, l->out->arena, &found->waiver, err));
    BU_TRY(show(l->out->arena, found, err));
    found->is_read = true;
    return mark_signers(l, in, found, err);
}

/*
 * People leave, and their keys go: a waiver of theirs that says itself that it is over is no
 * reason to stop. Nobody vouches for what is shown of it, and nothing else is done with it.
 */
static bool is_long_over(const loading *l, const line *in, bu_found_waiver *found)
{
    bu_arena *arena = l->out->arena;
    bu_dsse envelope;
    bulla_error err;
    if (!bulla_ok(bu_dsse_parse(in->text, in->file, arena, &envelope, &err)) ||
        !bulla_ok(bu_statement_parse(envelope.payload, in->file, arena, &found->statement, &err)) ||
        !bulla_ok(bu_waiver_read(&found->statement, in->file, arena, &found->waiver, &err)) ||
        l->now <= found->waiver.until || !bulla_ok(show(arena, found, &err)))
        return false;
    found->shown.state = BULLA_WAIVER_EXPIRED;
    return true;
}

static bulla_status add_line(loading *l, const char *path, uint32_t number, line *in,
                             bulla_error *err)
{
    bu_waivers *list = l->out;
    bulla_error why = { 0 };
    if (list->count >= BU_LIMIT_WAIVERS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u waivers", BU_LIMIT_WAIVERS);
    BU_TRY(bu_vec_grow(&list->items, list->count, &list->cap, sizeof *list->items, err));
    bu_found_waiver *found = &list->items[list->count];
    *found = (bu_found_waiver){
        .shown = { .file = in->file,
                   .line = number,
                   .finding = { .file = "", .expected = "", .got = "", .text = "" } },
        .path = path,
        .signed_by =
            bu_arena_get_array(list->arena, l->trust->people_count, sizeof *found->signed_by),
    };
    if (found->signed_by == NULL)
        return bu_no_memory(err);
    list->count++;
    bulla_status status = take_line(l, in, found, &why);
    if (bulla_ok(status) || (status.code == BULLA_E_UNTRUSTED_KEY && is_long_over(l, in, found)))
        return BU_OK;
    return bu_waiver_refuse(list, found, &why, err);
}

static bulla_status load_file(loading *l, const bu_folder *folder, const char *name,
                              const char *path, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    line in = { .file = bu_shown_name(l->out->arena, path) };
    if (in.file == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(folder, name, BU_LIMIT_METADATA_BYTES, &text, err));
    bulla_bytes rest = bu_arena_copy(l->out->arena, bu_buf_bytes(&text));
    if (rest.ptr == NULL && text.len > 0)
        return bu_no_memory(err);
    for (uint32_t number = 1; rest.len > 0; number++) {
        size_t end = bu_bytes_find(rest, '\n');
        in.text = bu_bytes_strip(bu_bytes_first(rest, end));
        rest = bu_bytes_from(rest, end + 1);
        if (in.text.len > 0)
            BU_TRY(add_line(l, path, number, &in, err));
    }
    return BU_OK;
}

static bulla_status load_folder(loading *l, const char *path, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    if (bu_folder_look(NULL, path, NULL) != BU_PRESENCE_FOLDER)
        return load_file(l, NULL, path, path, err);
    BU_TRY(bu_folder_open(path, &folder, err));
    BU_TRY(bu_folder_list(&folder, ENDING, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *file = bu_arena_format(l->out->arena, "%s/%s", path, names.items[i]);
        if (file == NULL)
            return bu_no_memory(err);
        BU_TRY(load_file(l, &folder, names.items[i], file, err));
    }
    return BU_OK;
}

static int by_payload(const void *a, const void *b)
{
    const bu_found_waiver *left = a, *right = b;
    int order = memcmp(left->shown.payload.bytes, right->shown.payload.bytes,
                       sizeof left->shown.payload.bytes);
    if (order == 0)
        order = is_revocation(left) - is_revocation(right);
    if (order == 0)
        order = strcmp(left->path, right->path);
    return order != 0
               ? order
               : (left->shown.line > right->shown.line) - (left->shown.line < right->shown.line);
}

static int by_end(const void *a, const void *b)
{
    const bu_found_waiver *left = a, *right = b;
    if (left->waiver.until != right->waiver.until)
        return left->waiver.until < right->waiver.until ? -1 : 1;
    return by_payload(a, b);
}

static bool says_the_same(const bu_found_waiver *a, const bu_found_waiver *b)
{
    return bulla_digest_equal(&a->shown.payload, &b->shown.payload);
}

static void add_signers(const loading *l, const bu_found_waiver *from, bu_found_waiver *to)
{
    for (size_t i = 0; i < l->trust->people_count; i++)
        to->signed_by[i] = to->signed_by[i] || from->signed_by[i];
}

/* A waiver, or what takes one back, that was not refused. */
static bool is_good(const bu_found_waiver *found)
{
    return found->is_read || (is_revocation(found) && found->shown.finding.code == BULLA_OK);
}

/* Another line about the same waiver goes into it, unless it takes back what it may not. */
static bulla_status join(loading *l, bu_found_waiver *found, bu_found_waiver *waiver, bool *is_kept,
                         bulla_error *err)
{
    bulla_error why;
    *is_kept = false;
    if (found->is_read) {
        add_signers(l, found, waiver);
        return BU_OK;
    }
    if (takes_back(l, found, waiver)) {
        waiver->shown.state = BULLA_WAIVER_REVOKED;
        return BU_OK;
    }
    *is_kept = true;
    (void)bu_fail(&why, BULLA_E_UNTRUSTED_KEY, "is taken back by nobody of the role %s",
                  waiver->shown.role);
    return bu_waiver_refuse(l->out, found, &why, err);
}

/*
 * Lines that were refused stay by themselves; those with one payload become one waiver, and what
 * takes it back, which is sorted last, goes into it.
 */
static bulla_status lay_together(loading *l, bulla_error *err)
{
    bu_waivers *list = l->out;
    bu_found_waiver *waiver = NULL; /* the last one that is kept */
    size_t count = 0;
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, by_payload);
    for (size_t i = 0; i < list->count; i++) {
        bu_found_waiver *found = &list->items[i];
        bool joins = waiver != NULL && says_the_same(waiver, found) && is_good(found);
        bool is_kept = true;
        if (joins)
            BU_TRY(join(l, found, waiver, &is_kept, err));
        else if (is_good(found))
            is_kept = found->is_read; /* what is taken back may be gone */
        if (!is_kept)
            continue;
        list->items[count] = *found;
        if (found->is_read)
            waiver = &list->items[count];
        count++;
    }
    list->count = count;
    return BU_OK;
}

bulla_status bu_waivers_load(const char *const *folders, const bulla_trust *trust,
                             const bu_waiver_terms *terms, const char *environment, int64_t now,
                             bu_waivers *out, bulla_error *err)
{
    BU_CLEAR(bu_waivers) list = { .arena = bu_arena_new() };
    BU_CLEAR(loading)
    l = { .trust = trust, .terms = terms, .environment = environment, .now = now, .out = &list };
    if (list.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_anchors_start(&l.anchors, err));
    BU_TRY(bu_trust_anchors(trust, &l.anchors, err));
    for (; *folders != NULL; folders++)
        BU_TRY(load_folder(&l, *folders, err));
    BU_TRY(lay_together(&l, err));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].is_read)
            BU_TRY(judge_waiver(&l, &list.items[i], err));
    if (list.count > 0)
        qsort(list.items, list.count, sizeof *list.items, by_end);
    *out = list;
    list = (bu_waivers){ 0 };
    return BU_OK;
}
