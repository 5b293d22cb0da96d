/* SPDX-License-Identifier: MIT */
/*
 * Waivers (urn:bulla:waiver:v1): reader and writer of one closed schema. What is not in it is
 * refused, so that nothing is signed that nobody judges; a waiver without an end is none.
 */
#include "attest/waiver.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/utf8.h"
#include "digest/hasher.h"
#include "model/purl.h"
#include "syntax/json_writer.h"

#define DAY            86400
#define RULE_BYTES_MAX 256 /* name of a rule */

static const bulla_code waivable[] = {
#define BU_WAIVABLE(code) BULLA_E_##code,
#include "attest/waivable.def"
#undef BU_WAIVABLE
};

#define WAIVABLE_COUNT (sizeof waivable / sizeof waivable[0])

static const struct {
    const char *word, *meaning;
} reasons[] = {
#define BU_WAIVER_REASON(word, meaning) { word, meaning },
#include "attest/waiver_reasons.def"
#undef BU_WAIVER_REASON
};

#define REASON_COUNT (sizeof reasons / sizeof reasons[0])

bool bu_is_waivable(bulla_code code)
{
    for (size_t i = 0; i < WAIVABLE_COUNT; i++)
        if (waivable[i] == code)
            return true;
    return false;
}

bulla_code bu_waivable_of(bulla_bytes name)
{
    for (size_t i = 0; i < WAIVABLE_COUNT; i++)
        if (bu_bytes_is(name, bulla_code_name(waivable[i])))
            return waivable[i];
    return BULLA_OK;
}

bool bulla_waiver_reason_at(size_t index, const char **word, const char **meaning)
{
    if (index >= REASON_COUNT)
        return false;
    *word = reasons[index].word;
    *meaning = reasons[index].meaning;
    return true;
}

/* What is read, and where it goes. */
typedef struct reading {
    const bu_json *json;
    const char *name; /* of the file */
    bu_arena *arena;
    bu_waiver *out;
    bulla_error *err;
} reading;

static bulla_status refuse_unknown(void *context, bulla_bytes key, const bu_json *value,
                                   bulla_error *err)
{
    (void)value;
    for (const char *const *known = context; *known != NULL; known++)
        if (bu_bytes_is(key, *known))
            return BU_OK;
    return bu_fail(err, BULLA_E_BAD_SYNTAX, "unknown field \"%.*s\"", (int)key.len,
                   (const char *)key.ptr);
}

static bulla_status only(const bu_json *object, const char **known, bulla_error *err)
{
    return bu_json_each(object, refuse_unknown, known, err);
}

static bulla_status bad_name(const char *what, const char *expected, bulla_bytes got,
                             bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_BAD_NAME, "%s", what);
    return bu_expected(err, status, bu_bytes_of(expected), got);
}

/* A text that is shown to people: not empty, and nothing in it hides. */
static bulla_status read_text(const reading *r, const bu_json *object, const char *key,
                              bulla_bytes *out)
{
    bulla_bytes text;
    size_t at;
    BU_TRY(bu_json_need_text(object, key, r->name, &text, r->err));
    if (text.len == 0 || text.len > RULE_BYTES_MAX || bu_utf8_hides(text, &at))
        return bad_name(key, "1 to 256 bytes, all of which show", text, r->err);
    *out = bu_arena_copy(r->arena, text);
    return out->ptr == NULL ? bu_no_memory(r->err) : BU_OK;
}

static bulla_status read_time(const reading *r, const char *key, int64_t *out)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(r->json, key, r->name, &text, r->err));
    return bu_within(r->err, bu_time_parse(text, out, r->err), "\"%s\"", key);
}

static bulla_status check_times(const bu_waiver *waiver, bulla_error *err)
{
    int64_t lasts;
    if (__builtin_sub_overflow(waiver->until, waiver->issued, &lasts) || lasts <= 0)
        return bu_fail(err, BULLA_E_BAD_TIME, "ends before it is issued");
    if (lasts > (int64_t)BU_WAIVER_DAYS_MAX * DAY)
        return bu_fail(err, BULLA_E_BAD_TIME, "lasts longer than %u days", BU_WAIVER_DAYS_MAX);
    return BU_OK;
}

static bulla_status read_times(const reading *r)
{
    BU_TRY(read_time(r, "issued", &r->out->issued));
    BU_TRY(read_time(r, "until", &r->out->until));
    return check_times(r->out, r->err);
}

static bulla_status read_rule(const reading *r)
{
    static const char *known[] = { "name", "digest", NULL }, *algorithms[] = { "sha256", NULL };
    const bu_json *rule, *digest;
    bulla_bytes hex;
    BU_TRY(bu_json_need_object(r->json, "rule", r->name, &rule, r->err));
    BU_TRY(only(rule, known, r->err));
    BU_TRY(read_text(r, rule, "name", &r->out->rule));
    BU_TRY(bu_json_need_object(rule, "digest", r->name, &digest, r->err));
    BU_TRY(only(digest, algorithms, r->err));
    BU_TRY(bu_json_need_text(digest, "sha256", r->name, &hex, r->err));
    return bu_digest_from_hex(BULLA_ALG_SHA256, hex, &r->out->rule_digest, r->err);
}

static bulla_status read_package(const reading *r)
{
    const char *canonical;
    BU_TRY(read_text(r, r->json, "package", &r->out->package));
    BU_TRY(bu_purl_canonicalize(r->out->package, r->arena, &canonical, r->err));
    if (bu_bytes_is(r->out->package, canonical))
        return BU_OK;
    return bu_expected(r->err,
                       bu_fail(r->err, BULLA_E_BAD_PURL, "the package URL is not canonical"),
                       bu_bytes_of(canonical), r->out->package);
}

static bulla_status read_code(const reading *r, const bu_json *item, bulla_code *out)
{
    bulla_bytes word;
    if (!bu_json_text(item, &word))
        return bu_fail(r->err, BULLA_E_TYPE_MISMATCH, "\"waives\" holds reason codes");
    *out = bu_waivable_of(word);
    return *out == BULLA_OK ? bad_name("this may never be waived", "", word, r->err) : BU_OK;
}

static bulla_status read_codes(const reading *r)
{
    const bu_json *list;
    BU_TRY(bu_json_need_array(r->json, "waives", r->name, &list, r->err));
    size_t count = bu_json_count(list);
    if (count == 0)
        return bu_fail(r->err, BULLA_E_EMPTY, "waives nothing");
    if (count > WAIVABLE_COUNT)
        return bu_fail(r->err, BULLA_E_DUPLICATE_ENTRY, "one reason stands there twice");
    bulla_code *codes = bu_arena_get_array(r->arena, count, sizeof *codes);
    if (codes == NULL)
        return bu_no_memory(r->err);
    for (size_t i = 0; i < count; i++) {
        BU_TRY(read_code(r, bu_json_at(list, i), &codes[i]));
        if (i > 0 && codes[i - 1] >= codes[i])
            return bu_fail(r->err, BULLA_E_DUPLICATE_ENTRY,
                           "reasons stand in order of their names, each once");
    }
    r->out->waives = codes;
    r->out->waives_count = count;
    return BU_OK;
}

static bulla_status read_reason(const reading *r)
{
    BU_TRY(read_text(r, r->json, "reason", &r->out->reason));
    for (size_t i = 0; i < REASON_COUNT; i++)
        if (bu_bytes_is(r->out->reason, reasons[i].word))
            return BU_OK;
    return bad_name("no such reason", "a word of bulla waive propose --help", r->out->reason,
                    r->err);
}

static bulla_status read_role(const reading *r)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    BU_TRY(read_text(r, r->json, "role", &r->out->role));
    const bulla_bytes role = r->out->role;
    for (size_t i = 0; i < role.len; i++)
        if (strchr(characters, role.ptr[i]) == NULL)
            return bad_name("no role can be called so", "a-z 0-9 . _ -", role, r->err);
    return BU_OK;
}

static bulla_status read_predicate(const reading *r)
{
    static const char *known[] = { "rule", "package", "waives", "reason",
                                   "role", "issued",  "until",  NULL };
    BU_TRY(only(r->json, known, r->err));
    BU_TRY(read_rule(r));
    BU_TRY(read_package(r));
    BU_TRY(read_codes(r));
    BU_TRY(read_reason(r));
    BU_TRY(read_role(r));
    return read_times(r);
}

static bulla_status parse_predicate(const bu_statement *statement, const char *type,
                                    const char *name, bu_json **out, bulla_error *err)
{
    if (!bu_bytes_is(statement->predicate_type, type))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "is no such statement"),
                           bu_bytes_of(type), statement->predicate_type);
    if (statement->predicate.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "\"predicate\" is missing");
    return bu_json_parse(statement->predicate, name, out, err);
}

/* A subject by nothing that proves bytes would be a waiver for whatever has its name. */
static bulla_status need_strong(const bu_statement *statement, bulla_error *err)
{
    for (size_t i = 0; i < statement->count; i++)
        if (!bulla_alg_is_strong(bulla_digest_set_strongest(&statement->subjects[i].digests)->alg))
            return bu_fail(err, BULLA_E_WEAK_HASH, "subject[%zu] has no SHA-256 or stronger", i);
    return BU_OK;
}

bulla_status bu_waiver_read(const bu_statement *statement, const char *name, bu_arena *arena,
                            bu_waiver *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    bu_waiver waiver = { 0 };
    reading r = { .name = name, .arena = arena, .out = &waiver, .err = err };
    BU_TRY(bu_in_file(err, parse_predicate(statement, BU_WAIVER_TYPE, name, &json, err), name));
    r.json = json;
    BU_TRY(bu_in_file(err, need_strong(statement, err), name));
    BU_TRY(bu_in_file(err, read_predicate(&r), name));
    *out = waiver;
    return BU_OK;
}

static void put_time(bu_json_writer *writer, const char *key, int64_t time)
{
    char text[BU_TIME_TEXT];
    bu_json_put_string(writer, key, bu_bytes_of(bu_time_format(time, text)));
}

static void put_sha256(bu_json_writer *writer, const char *key, const bulla_digest *digest)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bu_json_begin(writer, key, '{');
    bu_json_put_string(writer, "sha256", bu_bytes_of(bulla_digest_hex(digest, hex)));
    bu_json_end(writer, '}');
}

static void put_predicate(bu_json_writer *writer, const bu_waiver *waiver)
{
    bu_json_begin(writer, NULL, '{');
    bu_json_begin(writer, "rule", '{');
    bu_json_put_string(writer, "name", waiver->rule);
    put_sha256(writer, "digest", &waiver->rule_digest);
    bu_json_end(writer, '}');
    bu_json_put_string(writer, "package", waiver->package);
    bu_json_begin(writer, "waives", '[');
    for (size_t i = 0; i < waiver->waives_count; i++)
        bu_json_put_string(writer, NULL, bu_bytes_of(bulla_code_name(waiver->waives[i])));
    bu_json_end(writer, ']');
    bu_json_put_string(writer, "reason", waiver->reason);
    bu_json_put_string(writer, "role", waiver->role);
    put_time(writer, "issued", waiver->issued);
    put_time(writer, "until", waiver->until);
    bu_json_end(writer, '}');
}

/* What is written is read again: nobody signs what everybody refuses. */
bulla_status bu_waiver_write(const bu_waiver *waiver, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_waiver again;
    bu_json_writer writer = bu_json_writer_of(&text, BU_JSON_ONE_LINE);
    put_predicate(&writer, waiver);
    if (text.broken || arena == NULL)
        return bu_no_memory(err);
    const bu_statement statement = { .predicate_type = BULLA_LIT(BU_WAIVER_TYPE),
                                     .predicate = bu_buf_bytes(&text) };
    BU_TRY(bu_waiver_read(&statement, "waiver", arena, &again, err));
    bu_buf_add(out, bu_buf_bytes(&text));
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_revocation(const bu_statement *statement, const bu_json *json,
                                    const char *name, bulla_digest *out, bulla_error *err)
{
    static const char *known[] = { "issued", NULL };
    bulla_bytes issued;
    int64_t time;
    BU_TRY(only(json, known, err));
    BU_TRY(bu_json_need_text(json, "issued", name, &issued, err));
    BU_TRY(bu_time_parse(issued, &time, err));
    if (statement->count != 1)
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "a revocation takes one waiver back");
    const bulla_digest *digest =
        bulla_digest_set_get(&statement->subjects[0].digests, BULLA_ALG_SHA256);
    if (digest == NULL)
        return bu_fail(err, BULLA_E_MISSING_HASH, "names its waiver by no SHA-256");
    *out = *digest;
    return BU_OK;
}

bulla_status bu_waiver_revocation_read(const bu_statement *statement, const char *name,
                                       bulla_digest *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_TRY(bu_in_file(err, parse_predicate(statement, BU_WAIVER_REVOCATION_TYPE, name, &json, err),
                      name));
    return bu_in_file(err, read_revocation(statement, json, name, out, err), name);
}

bulla_status bu_waiver_revocation_write(const bulla_digest *payload, int64_t issued, bu_buf *out,
                                        bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_json_writer writer = bu_json_writer_of(&text, BU_JSON_ONE_LINE);
    bu_json_begin(&writer, NULL, '{');
    put_time(&writer, "issued", issued);
    bu_json_end(&writer, '}');
    if (text.broken)
        return bu_no_memory(err);
    bu_subject subject = { .digests = { .count = 1, .items = { *payload } } };
    const bu_statement statement = { .subjects = &subject,
                                     .count = 1,
                                     .predicate_type = BULLA_LIT(BU_WAIVER_REVOCATION_TYPE),
                                     .predicate = bu_buf_bytes(&text) };
    return bu_statement_write(&statement, out, err);
}

/* Digests of bytes alone: no statement knows the others. */
static bulla_digest_set of_bytes(bulla_digests digests)
{
    bulla_digest_set set = { 0 };
    for (uint32_t i = 0; i < digests.count; i++)
        if (bulla_alg_is_of_bytes(digests.items[i].alg) &&
            bu_alg_of(bu_bytes_of(bulla_alg_name(digests.items[i].alg))) != BULLA_ALG_NONE)
            set.items[set.count++] = digests.items[i];
    return set;
}

static bool is_strong(const bulla_digest_set *set)
{
    const bulla_digest *strongest = bulla_digest_set_strongest(set);
    return strongest != NULL && bulla_alg_is_strong(strongest->alg);
}

/* Every file that its bytes may be; none when one of them is not pinned well. */
static size_t add_files(const bulla_component *component, bu_subject *out)
{
    for (size_t i = 0; i < component->file_count; i++) {
        out[i].name = bu_bytes_of(component->files[i].name);
        out[i].digests = of_bytes(component->files[i].digests);
        if (!is_strong(&out[i].digests))
            return 0;
    }
    return component->file_count;
}

bulla_status bu_waiver_subjects(const bulla_component *component, const bulla_digest_set *measured,
                                bu_arena *arena, bu_subject **out, size_t *count, bulla_error *err)
{
    bu_subject *subjects = bu_arena_get_array(arena, component->file_count + 1, sizeof *subjects);
    if (subjects == NULL)
        return bu_no_memory(err);
    *out = subjects;
    *count = add_files(component, subjects);
    if (*count > 0)
        return BU_OK;
    subjects[0] = (bu_subject){ .digests = of_bytes(component->digests) };
    if (!is_strong(&subjects[0].digests))
        subjects[0].digests = of_bytes(bu_digests_of(measured));
    *count = is_strong(&subjects[0].digests) ? 1 : 0;
    return BU_OK;
}

bulla_status bu_waiver_id(const char *rule, const bulla_digest *rule_digest, const char *purl,
                          const bu_subject *subjects, size_t count, char out[BULLA_WAIVER_ID],
                          bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_digest digest;
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add_format(&text, "%s\n%s\n%s\n", rule, bulla_digest_hex(rule_digest, hex), purl);
    for (size_t i = 0; i < count; i++) {
        const bulla_digest *strongest = bulla_digest_set_strongest(&subjects[i].digests);
        bu_buf_add_format(&text, "%s:%s\n", bulla_alg_name(strongest->alg),
                          bulla_digest_hex(strongest, hex));
    }
    if (text.broken)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&text), &digest, err));
    (void)bulla_digest_hex(&digest, hex);
    memcpy(out, "W-", 2);
    memcpy(out + 2, hex, BULLA_WAIVER_ID - 3);
    out[BULLA_WAIVER_ID - 1] = '\0';
    return BU_OK;
}
