/* SPDX-License-Identifier: MIT */
/*
 * The table of what people state (decisions.def), read and written. A field that the type does not
 * have, a word that is none of its list, a text that bulla would write otherwise: refused.
 */
#include "attest/decision.h"

#include <stddef.h>

#include "base/limits.h"
#include "base/time.h"
#include "digest/digest.h"
#include "digest/hasher.h"
#include "model/purl.h"
#include "syntax/json_writer.h"

#define PUBLISHER_SECONDS (366ll * 24 * 3600) /* a review of a publisher holds no longer */

typedef enum field_shape { TEXT, TEXTS, DIGESTS } field_shape;

struct decision_field;

/* How the values of a kind are read from text, and written. */
typedef struct field_kind {
    field_shape shape;
    bulla_status (*set)(const struct decision_field *field, bulla_bytes text, bu_arena *arena,
                        void *member, bulla_error *err);
    bool (*is_set)(const void *member);
    void (*put)(const struct decision_field *field, const void *member, bu_buf *out); /* TEXT */
} field_kind;

typedef struct decision_field {
    const char *name;
    const field_kind *kind;
    size_t member;
    const char *words;
} decision_field;

typedef struct decision_type {
    const char *name, *uri, *needed, *allowed, *reasons;
    int64_t longest;
} decision_type;

/* A word of a list that is parted by blanks: its index, or SIZE_MAX. */
static size_t word_index(const char *list, bulla_bytes word)
{
    bulla_bytes rest = bu_bytes_of(list);
    for (size_t i = 0; rest.len > 0; i++) {
        size_t blank = bu_bytes_find(rest, ' ');
        if (bu_bytes_equal(bu_bytes_first(rest, blank), word))
            return i;
        rest = bu_bytes_from(rest, blank + 1);
    }
    return SIZE_MAX;
}

static bool has_word(const char *list, bulla_bytes word)
{
    return word_index(list, word) != SIZE_MAX;
}

static bulla_status copy(bulla_bytes text, bu_arena *arena, void *member, bulla_error *err)
{
    bulla_bytes *out = member;
    *out = bu_arena_copy(arena, text);
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bool bytes_is_set(const void *member)
{
    return ((const bulla_bytes *)member)->len > 0;
}

static void bytes_put(const decision_field *field, const void *member, bu_buf *out)
{
    (void)field;
    bu_buf_add(out, *(const bulla_bytes *)member);
}

static bool is_name_byte(uint8_t c, bool is_first)
{
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return plain || (!is_first && (c == '.' || c == '_' || c == '-'));
}

/* As people, roles and environments are named: too small a room for a name of anybody. */
static bulla_status need_name(const decision_field *field, bulla_bytes text, bulla_error *err)
{
    bool is_name = text.len > 0 && text.len <= 64;
    for (size_t i = 0; i < text.len && is_name; i++)
        is_name = is_name_byte(text.ptr[i], i == 0);
    if (!is_name)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "not a word in lower case"),
                           (bulla_bytes){ 0 }, text);
    if (field->words[0] == '\0' || has_word(field->words, text))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "none of its words"),
                       bu_bytes_of(field->words), text);
}

static bulla_status name_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                             void *member, bulla_error *err)
{
    BU_TRY(need_name(field, text, err));
    return copy(text, arena, member, err);
}

/* Of two words the first is yes. */
static bulla_status choice_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                               void *member, bulla_error *err)
{
    (void)arena;
    BU_TRY(need_name(field, text, err));
    *(bu_choice *)member = word_index(field->words, text) == 0 ? BU_CHOICE_YES : BU_CHOICE_NO;
    return BU_OK;
}

static bool choice_is_set(const void *member)
{
    return *(const bu_choice *)member != BU_CHOICE_NONE;
}

static void choice_put(const decision_field *field, const void *member, bu_buf *out)
{
    bulla_bytes words = bu_bytes_of(field->words);
    size_t blank = bu_bytes_find(words, ' ');
    bu_buf_add(out, *(const bu_choice *)member == BU_CHOICE_NO ? bu_bytes_from(words, blank + 1)
                                                               : bu_bytes_first(words, blank));
}

static bulla_status time_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                             void *member, bulla_error *err)
{
    (void)field, (void)arena;
    return bu_time_parse(text, member, err);
}

static bool time_is_set(const void *member)
{
    return *(const int64_t *)member != INT64_MAX;
}

static void time_put(const decision_field *field, const void *member, bu_buf *out)
{
    char text[BU_TIME_TEXT];
    (void)field;
    bu_buf_add_text(out, bu_time_format(*(const int64_t *)member, text));
}

static bulla_status purl_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                             void *member, bulla_error *err)
{
    const char *purl;
    (void)field;
    BU_TRY(bu_purl_canonicalize(text, arena, &purl, err));
    *(bulla_bytes *)member = bu_bytes_of(purl);
    return BU_OK;
}

static bool is_plain(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] >= 0x7f || strchr("\"\\<>", text.ptr[i]) != NULL)
            return false;
    return text.len > 0 && text.len <= BU_LIMIT_NAME_BYTES;
}

static bulla_status identity_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                                 void *member, bulla_error *err)
{
    (void)field;
    if (!is_plain(text) || bu_bytes_find(text, '*') < text.len)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "not one identity"),
                           (bulla_bytes){ 0 }, text);
    return copy(text, arena, member, err);
}

static bulla_status url_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                            void *member, bulla_error *err)
{
    if (!bu_bytes_starts(text, "https://"))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "not a URL"), BULLA_LIT("https://…"),
                           text);
    return identity_set(field, text, arena, member, err);
}

static size_t list_length(const char *const *list)
{
    size_t count = 0;
    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

static bulla_status list_add(bulla_bytes text, bu_arena *arena, void *member, bulla_error *err)
{
    const char *const **list = member;
    size_t count = list_length(*list);
    if (count == BU_LIMIT_DECISION_LIST)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u", BU_LIMIT_DECISION_LIST);
    const char **longer = bu_arena_get_array(arena, count + 2, sizeof *longer);
    if (longer == NULL)
        return bu_no_memory(err);
    if (count > 0)
        memcpy(longer, *list, count * sizeof *longer);
    longer[count] = bu_arena_text(arena, text);
    *list = longer;
    return longer[count] == NULL ? bu_no_memory(err) : BU_OK;
}

static bool list_is_set(const void *member)
{
    return list_length(*(const char *const *const *)member) > 0;
}

static bulla_status names_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                              void *member, bulla_error *err)
{
    BU_TRY(need_name(field, text, err));
    return list_add(text, arena, member, err);
}

/* A glob over purls of one type: whoever trusts a publisher says at least where. */
static bulla_status globs_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                              void *member, bulla_error *err)
{
    (void)field;
    size_t slash = bu_bytes_find(text, '/');
    bool is_typed = bu_bytes_starts(text, "pkg:") && slash > 4 && slash + 1 < text.len;
    for (size_t i = 4; i < slash && is_typed; i++)
        is_typed = is_name_byte(text.ptr[i], i == 4);
    if (!is_typed || !is_plain(text))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_PURL, "not a pattern of one type"),
                           BULLA_LIT("pkg:TYPE/…"), text);
    return list_add(text, arena, member, err);
}

static bulla_status add_digest(bulla_bytes name, bulla_bytes hex, bulla_digest_set *set,
                               bulla_error *err)
{
    bulla_alg alg = bu_alg_of(name);
    bulla_digest digest;
    if (alg == BULLA_ALG_NONE || !bu_bytes_is(name, bulla_alg_name(alg)))
        return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "no known algorithm"),
                           BULLA_LIT("sha256, sha384, sha512"), name);
    if (!bulla_alg_is_strong(alg))
        return bu_fail(err, BULLA_E_WEAK_HASH, "%s proves nothing", bulla_alg_name(alg));
    BU_TRY(bu_digest_from_hex(alg, hex, &digest, err));
    return bu_digest_set_add(set, &digest, err);
}

static bulla_status digests_set(const decision_field *field, bulla_bytes text, bu_arena *arena,
                                void *member, bulla_error *err)
{
    size_t colon = bu_bytes_find(text, ':');
    (void)field, (void)arena;
    return add_digest(bu_bytes_first(text, colon), bu_bytes_from(text, colon + 1), member, err);
}

static bool digests_is_set(const void *member)
{
    return ((const bulla_digest_set *)member)->count > 0;
}

static const field_kind name_kind = { TEXT, name_set, bytes_is_set, bytes_put };
static const field_kind choice_kind = { TEXT, choice_set, choice_is_set, choice_put };
static const field_kind time_kind = { TEXT, time_set, time_is_set, time_put };
static const field_kind purl_kind = { TEXT, purl_set, bytes_is_set, bytes_put };
static const field_kind identity_kind = { TEXT, identity_set, bytes_is_set, bytes_put };
static const field_kind url_kind = { TEXT, url_set, bytes_is_set, bytes_put };
static const field_kind names_kind = { TEXTS, names_set, list_is_set, NULL };
static const field_kind globs_kind = { TEXTS, globs_set, list_is_set, NULL };
static const field_kind digests_kind = { DIGESTS, digests_set, digests_is_set, NULL };

static const decision_field fields[] = {
#define BU_FIELD(name, kind, member, words)                                                        \
    { name, &kind##_kind, offsetof(bu_decision, member), words },
#include "attest/decision_fields.def"
#undef BU_FIELD
};

#define FIELD_COUNT (sizeof fields / sizeof fields[0])

static const decision_type types[] = {
#define BU_DECISION(name, needed, allowed, reasons, longest)                                       \
    { name, "urn:bulla:" name ":v1", needed, allowed, reasons, longest },
#include "attest/decisions.def"
#undef BU_DECISION
};

static const decision_type *type_of(bulla_bytes name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (bu_bytes_is(name, types[i].uri) || bu_bytes_is(name, types[i].name))
            return &types[i];
    return NULL;
}

bulla_bytes bu_decision_type(bulla_bytes name)
{
    const decision_type *type = type_of(name);
    return bu_bytes_of(type == NULL ? NULL : type->uri);
}

bool bu_is_decision(bulla_bytes predicate_type)
{
    const decision_type *type = type_of(predicate_type);
    return type != NULL && bu_bytes_is(predicate_type, type->uri);
}

static bulla_status need_type(bulla_bytes predicate_type, const decision_type **out,
                              bulla_error *err)
{
    *out = bu_is_decision(predicate_type) ? type_of(predicate_type) : NULL;
    if (*out != NULL)
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "no statement of a decision"),
                       BULLA_LIT("urn:bulla:approval:v1 …"), predicate_type);
}

static bool may_have(const decision_type *type, const decision_field *field)
{
    bulla_bytes name = bu_bytes_of(field->name);
    return has_word(type->needed, name) || has_word(type->allowed, name);
}

static bulla_status find_field(const decision_type *type, bulla_bytes name,
                               const decision_field **out, bulla_error *err)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (bu_bytes_is(name, fields[i].name) && may_have(type, *out = &fields[i]))
            return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_BAD_SYNTAX, "%s has no such field", type->name),
                       (bulla_bytes){ 0 }, name);
}

static void *member_of(const decision_field *field, bu_decision *decision)
{
    return (char *)decision + field->member;
}

static const void *value_of(const decision_field *field, const bu_decision *decision)
{
    return (const char *)decision + field->member;
}

bulla_status bu_decision_set(bulla_bytes predicate_type, bulla_bytes name, bulla_bytes text,
                             bu_arena *arena, bu_decision *out, bulla_error *err)
{
    const decision_type *type;
    const decision_field *field;
    BU_TRY(need_type(predicate_type, &type, err));
    BU_TRY(find_field(type, name, &field, err));
    void *member = member_of(field, out);
    if (field->kind->shape == TEXT && field->kind->is_set(member))
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "\"%s\" is stated twice", field->name);
    return bu_within(err, field->kind->set(field, text, arena, member, err), "%s", field->name);
}

typedef struct reading {
    const decision_type *type;
    bu_arena *arena;
    bu_decision *out;
    bool stated[FIELD_COUNT];
} reading;

static bulla_status need_text(const bu_json *value, bulla_bytes *out, bulla_error *err)
{
    return bu_json_text(value, out) ? BU_OK : bu_fail(err, BULLA_E_TYPE_MISMATCH, "not a string");
}

/* One value has one text, so that what was signed can be compared as it stands. */
static bulla_status read_text(const decision_field *field, const bu_json *value, bu_arena *arena,
                              void *member, bulla_error *err)
{
    bulla_bytes text;
    BU_CLEAR(bu_buf) same = { 0 };
    BU_TRY(need_text(value, &text, err));
    BU_TRY(field->kind->set(field, text, arena, member, err));
    field->kind->put(field, member, &same);
    if (same.broken)
        return bu_no_memory(err);
    if (bu_bytes_equal(bu_buf_bytes(&same), text))
        return BU_OK;
    bulla_code code = field->kind == &time_kind ? BULLA_E_BAD_TIME : BULLA_E_BAD_PURL;
    return bu_expected(err, bu_fail(err, code, "not in its one form"), bu_buf_bytes(&same), text);
}

static bulla_status read_texts(const decision_field *field, const bu_json *value, bu_arena *arena,
                               void *member, bulla_error *err)
{
    bulla_bytes text;
    if (!bu_json_is_array(value))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "not an array");
    if (bu_json_count(value) == 0)
        return bu_fail(err, BULLA_E_EMPTY, "an empty list says nothing");
    for (size_t i = 0; i < bu_json_count(value); i++) {
        BU_TRY(need_text(bu_json_at(value, i), &text, err));
        BU_TRY(field->kind->set(field, text, arena, member, err));
    }
    return BU_OK;
}

static bulla_status read_digest(void *context, bulla_bytes key, const bu_json *value,
                                bulla_error *err)
{
    bulla_bytes hex;
    BU_TRY(need_text(value, &hex, err));
    return add_digest(key, hex, context, err);
}

static bulla_status read_digests(const bu_json *value, bulla_digest_set *member, bulla_error *err)
{
    if (!bu_json_is_object(value))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "not an object");
    BU_TRY(bu_json_each(value, read_digest, member, err));
    return member->count > 0 ? BU_OK : bu_fail(err, BULLA_E_EMPTY, "no digest");
}

static bulla_status read_value(const decision_field *field, const bu_json *value, bu_arena *arena,
                               void *member, bulla_error *err)
{
    switch (field->kind->shape) {
    case TEXTS:
        return read_texts(field, value, arena, member, err);
    case DIGESTS:
        return read_digests(value, member, err);
    case TEXT:
        break;
    }
    return read_text(field, value, arena, member, err);
}

static bulla_status read_field(void *context, bulla_bytes key, const bu_json *value,
                               bulla_error *err)
{
    reading *r = context;
    const decision_field *field;
    BU_TRY(find_field(r->type, key, &field, err));
    r->stated[field - fields] = true;
    return bu_within(err, read_value(field, value, r->arena, member_of(field, r->out), err), "%s",
                     field->name);
}

static bulla_status need_all(const reading *r, bulla_error *err)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (!r->stated[i] && has_word(r->type->needed, bu_bytes_of(fields[i].name)))
            return bu_fail(err, BULLA_E_MISSING_FIELD, "\"%s\" is missing", fields[i].name);
    return BU_OK;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Times are of years 1970 to 9999: their differences do not overflow. */
static bulla_status judge_times(const decision_type *type, bu_decision *d, bulla_error *err)
{
    int64_t longest = d->publisher.len > 0 ? PUBLISHER_SECONDS : type->longest;
    d->until = earlier(d->until, earlier(d->baa_until, d->next_review));
    if (d->until < d->issued)
        return bu_fail(err, BULLA_E_BAD_TIME, "it ends before it is issued");
    if (longest == 0)
        return BU_OK;
    if (d->until == INT64_MAX)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "\"until\" is missing: it must end");
    if (d->until - d->issued > longest)
        return bu_fail(err, BULLA_E_BAD_TIME, "it holds for more than %lld seconds",
                       (long long)longest);
    return BU_OK;
}

/* A publisher is who by whom, for what; instead of a package, not with it. */
static bulla_status judge_publisher(const bu_decision *d, bulla_error *err)
{
    bool is_named = d->publisher.len > 0;
    if ((d->issuer.len > 0) != is_named || list_is_set(&d->scope) != is_named)
        return bu_fail(err, BULLA_E_MISSING_FIELD,
                       "\"publisher\", \"issuer\" and \"scope\" go together");
    if (is_named && (d->package.len > 0 || d->from.count > 0))
        return bu_fail(err, BULLA_E_BAD_SYNTAX,
                       "it is about a publisher, or about a package: not both");
    return BU_OK;
}

static bulla_status judge(const decision_type *type, bu_decision *d, bulla_error *err)
{
    if (d->reason.len > 0 && !has_word(type->reasons, d->reason))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "reason: none of its words"),
                           bu_bytes_of(type->reasons), d->reason);
    bool sees_patients = d->phi_access.len > 0 && !bu_bytes_is(d->phi_access, "none");
    if (sees_patients && (d->baa.count == 0 || d->baa_until == INT64_MAX))
        return bu_fail(err, BULLA_E_MISSING_FIELD,
                       "\"baa\" and \"baa_until\" are missing: the vendor sees patients' data");
    BU_TRY(judge_publisher(d, err));
    return judge_times(type, d, err);
}

static bulla_status read_json(const decision_type *type, const bu_json *predicate, bu_arena *arena,
                              bu_decision *out, bulla_error *err)
{
    bu_decision decision = BU_DECISION_NONE;
    reading r = { .type = type, .arena = arena, .out = &decision };
    BU_TRY(bu_json_each(predicate, read_field, &r, err));
    BU_TRY(need_all(&r, err));
    BU_TRY(judge(type, &decision, err));
    *out = decision;
    return BU_OK;
}

static bulla_status read_predicate(const decision_type *type, bulla_bytes text, const char *name,
                                   bu_arena *arena, bu_decision *out, bulla_error *err)
{
    BU_AUTO(bu_json) predicate = NULL;
    if (text.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "a statement without \"predicate\"");
    BU_TRY(bu_json_parse(text, name, &predicate, err));
    return read_json(type, predicate, arena, out, err);
}

bulla_status bu_decision_judge(bulla_bytes predicate_type, const bu_json *predicate,
                               bulla_error *err)
{
    const decision_type *type;
    bu_decision decision;
    BU_TRY(need_type(predicate_type, &type, err));
    BU_AUTO(bu_arena) arena = bu_arena_new();
    return arena == NULL ? bu_no_memory(err) : read_json(type, predicate, arena, &decision, err);
}

bulla_status bu_publisher_digest(bulla_bytes issuer, bulla_bytes publisher, bulla_digest *out,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add(&text, issuer);
    bu_buf_add_byte(&text, '\n');
    bu_buf_add(&text, publisher);
    bu_buf_add_byte(&text, '\n');
    if (text.broken)
        return bu_no_memory(err);
    return bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&text), out, err);
}

/* Evidence is found by its subject; a review that lies under another publisher is none of theirs. */
static bulla_status judge_subjects(const bu_statement *statement, const bu_decision *d,
                                   bulla_error *err)
{
    bulla_digest_set publisher = { .count = 1 };
    if (d->publisher.len == 0)
        return BU_OK;
    BU_TRY(bu_publisher_digest(d->issuer, d->publisher, &publisher.items[0], err));
    if (statement->count == 1 && bu_statement_is_about(statement, &publisher))
        return BU_OK;
    return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "the subject is not this publisher");
}

static bulla_status read_decision(const bu_statement *statement, const char *name, bu_arena *arena,
                                  bu_decision *out, bulla_error *err)
{
    const decision_type *type;
    BU_TRY(need_type(statement->predicate_type, &type, err));
    BU_TRY(read_predicate(type, statement->predicate, name, arena, out, err));
    return judge_subjects(statement, out, err);
}

bulla_status bu_decision_read(const bu_statement *statement, const char *name, bu_arena *arena,
                              bu_decision *out, bulla_error *err)
{
    bu_decision decision;
    BU_TRY(bu_in_file(err, read_decision(statement, name, arena, &decision, err), name));
    *out = decision;
    return BU_OK;
}

static void add_names(bu_buf *text, const char *const *list)
{
    for (size_t i = 0; i < list_length(list); i++) {
        bu_buf_add_text(text, list[i]);
        bu_buf_add_byte(text, '\n');
    }
}

/* Names are not empty and hold no newline, and no type has both lists: no two topics have one text. */
bulla_status bu_decision_topic(const bu_decision *decision, bulla_digest *out, bulla_error *err)
{
    const bulla_bytes names[] = { decision->control, decision->vendor, decision->course };
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bu_buf_add(&text, names[i]);
        bu_buf_add_byte(&text, '\n');
    }
    add_names(&text, decision->rules);
    add_names(&text, decision->authors);
    if (text.broken)
        return bu_no_memory(err);
    return bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&text), out, err);
}

/* What is empty is not stated. */
static bulla_status keep_text(bulla_bytes text, bu_arena *arena, const char **out, bulla_error *err)
{
    *out = text.len == 0 ? NULL : bu_arena_text(arena, text);
    return text.len > 0 && *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_decision_describe(const bu_decision *decision, bu_arena *arena, bulla_said **out,
                                  bulla_error *err)
{
    bulla_said *said = bu_arena_get(arena, sizeof *said);
    if (said == NULL)
        return bu_no_memory(err);
    *said = (bulla_said){ .rejects = bu_decision_rejects(decision),
                          .has_end = decision->until != INT64_MAX,
                          .until = decision->until == INT64_MAX ? 0 : decision->until,
                          .scope = decision->scope };
    *out = said;
    return keep_text(decision->environment, arena, &said->environment, err);
}

static void write_texts(bu_json_writer *writer, const decision_field *field, const void *member)
{
    const char *const *list = *(const char *const *const *)member;
    bu_json_begin(writer, field->name, '[');
    for (size_t i = 0; list[i] != NULL; i++)
        bu_json_put_string(writer, NULL, bu_bytes_of(list[i]));
    bu_json_end(writer, ']');
}

static void write_digests(bu_json_writer *writer, const decision_field *field, const void *member)
{
    const bulla_digest_set *set = member;
    bu_json_begin(writer, field->name, '{');
    for (uint32_t i = 0; i < set->count; i++) {
        char hex[BULLA_DIGEST_HEX_MAX];
        bu_json_put_string(writer, bulla_alg_name(set->items[i].alg),
                           bu_bytes_of(bulla_digest_hex(&set->items[i], hex)));
    }
    bu_json_end(writer, '}');
}

static void write_text(bu_json_writer *writer, const decision_field *field, const void *member)
{
    BU_CLEAR(bu_buf) text = { 0 };
    field->kind->put(field, member, &text);
    bu_json_put_string(writer, field->name, bu_buf_bytes(&text));
    writer->out->broken |= text.broken;
}

static void (*const writers[])(bu_json_writer *, const decision_field *, const void *) = {
    [TEXT] = write_text,
    [TEXTS] = write_texts,
    [DIGESTS] = write_digests,
};

/*
 * What is set is written, also where the type does not have it: reading it back refuses that. Of a
 * choice that nobody made the first word.
 */
static void write_fields(const decision_type *type, const bu_decision *decision, bu_buf *out)
{
    bu_json_writer writer = bu_json_writer_of(out, BU_JSON_ONE_LINE);
    bu_json_begin(&writer, NULL, '{');
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const decision_field *field = &fields[i];
        const void *member = value_of(field, decision);
        bool is_stated =
            field->kind == &choice_kind ? may_have(type, field) : field->kind->is_set(member);
        if (is_stated)
            writers[field->kind->shape](&writer, field, member);
    }
    bu_json_end(&writer, '}');
}

bulla_status bu_decision_write(bulla_bytes predicate_type, const bu_decision *decision, bu_buf *out,
                               bulla_error *err)
{
    const decision_type *type;
    bu_decision same;
    BU_TRY(need_type(predicate_type, &type, err));
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    write_fields(type, decision, &text);
    if (arena == NULL || text.broken)
        return bu_no_memory(err);
    BU_TRY(read_predicate(type, bu_buf_bytes(&text), "predicate", arena, &same, err));
    bu_buf_add(out, bu_buf_bytes(&text));
    return out->broken ? bu_no_memory(err) : BU_OK;
}
