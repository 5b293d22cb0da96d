/* SPDX-License-Identifier: MIT */
/*
 * Reviews among the evidence, read as data. What cannot be read is no hint.
 */
#include "ops/review_older.h"

#include "base/limits.h"
#include "base/vec.h"
#include "io/file.h"
#include "io/folder_walk.h"
#include "model/purl.h"
#include "signature/dsse.h"
#include "version/scheme.h"

#define ENDING ".intoto.jsonl"

typedef struct search {
    const char *folder;
    bu_arena *arena;
    bu_olders *out;
} search;

void bu_olders_clear(bu_olders *olders)
{
    free(olders->items);
    *olders = (bu_olders){ 0 };
}

/* "pkg:npm/x@1" → "pkg:npm/x" and "1". */
static bulla_status split(bulla_bytes text, bu_arena *arena, const char **name,
                          bulla_bytes *version, bulla_error *err)
{
    bu_purl purl;
    BU_TRY(bu_purl_parse(text, arena, &purl, err));
    *version = purl.version;
    purl.version = (bulla_bytes){ 0 };
    return bu_purl_text(&purl, arena, name, err);
}

static bulla_status add(const search *s, const bu_statement *statement, const bu_decision *decision,
                        bulla_error *err)
{
    const bulla_digest *digest = bulla_digest_set_strongest(&statement->subjects[0].digests);
    bulla_bytes file = statement->subjects[0].name;
    bool is_named = file.len > 0 && !bu_bytes_starts(file, "pkg:");
    if (digest == NULL || !bulla_alg_is_strong(digest->alg) || statement->count != 1)
        return BU_OK;
    bu_older older = { .digest = *digest, .until = decision->until };
    BU_TRY(split(decision->package, s->arena, &older.name, &older.version, err));
    older.purl = bu_arena_text(s->arena, decision->package);
    older.role = bu_arena_text(s->arena, decision->role);
    older.file = is_named ? bu_arena_text(s->arena, file) : NULL;
    if (older.purl == NULL || older.role == NULL || (is_named && older.file == NULL))
        return bu_no_memory(err);
    BU_TRY(bu_vec_grow(&s->out->items, s->out->count, &s->out->cap, sizeof older, err));
    s->out->items[s->out->count++] = older;
    return BU_OK;
}

static bulla_status read_line(const search *s, bulla_bytes line, bulla_error *err)
{
    bu_dsse envelope;
    bu_statement statement;
    bu_decision decision;
    BU_TRY(bu_dsse_parse(line, "", s->arena, &envelope, err));
    BU_TRY(bu_statement_parse(envelope.payload, "", s->arena, &statement, err));
    if (!bu_predicate_is(statement.predicate_type, BULLA_LIT("review")))
        return BU_OK;
    BU_TRY(bu_decision_read(&statement, "", s->arena, &decision, err));
    return bu_decision_rejects(&decision) || decision.package.len == 0
               ? BU_OK
               : add(s, &statement, &decision, err);
}

static bulla_status visit(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    const search *s = context;
    BU_CLEAR(bu_buf) text = { 0 };
    (void)enter;
    if (found->presence != BU_PRESENCE_FILE || !bu_bytes_ends(bu_bytes_of(found->name), ENDING))
        return BU_OK;
    if (!bulla_ok(bu_file_slurp(found->folder, found->name, BU_LIMIT_METADATA_BYTES, &text, NULL)))
        return BU_OK;
    bulla_bytes rest = bu_buf_bytes(&text);
    while (rest.len > 0) {
        size_t end = bu_bytes_find(rest, '\n');
        if (read_line(s, bu_bytes_first(rest, end), err).code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
        rest = bu_bytes_from(rest, end + 1);
    }
    return BU_OK;
}

static int by_name(const void *a, const void *b)
{
    const bu_older *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    if (order == 0)
        order = strcmp(left->purl, right->purl);
    if (order == 0)
        order = memcmp(left->digest.bytes, right->digest.bytes, sizeof left->digest.bytes);
    return order != 0 ? order : strcmp(left->role, right->role);
}

bulla_status bu_olders_read(const char *const *folders, bu_arena *arena, bu_olders *out,
                            bulla_error *err)
{
    for (; folders != NULL && *folders != NULL; folders++) {
        search s = { *folders, arena, out };
        if (bu_folder_walk(*folders, visit, &s, err).code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
    }
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_name);
    return BU_OK;
}

static bool is_newer(const bu_scheme *scheme, bulla_bytes a, bulla_bytes b)
{
    bool known = scheme != NULL && bulla_ok(bu_version_check(scheme, a, NULL)) &&
                 bulla_ok(bu_version_check(scheme, b, NULL));
    return (known ? bu_version_compare(scheme, a, b) : bu_bytes_compare(a, b)) > 0;
}

/* Where those of that package begin. */
static size_t start_of(const bu_olders *olders, const char *name)
{
    size_t low = 0, high = olders->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(olders->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bulla_status bu_olders_find(const bu_olders *olders, const char *purl, const char *role,
                            int64_t now, bu_arena *arena, const bu_older **out, bulla_error *err)
{
    const char *name;
    bulla_bytes version, all = bu_bytes_of(purl);
    bulla_bytes type = bu_bytes_from(bu_bytes_first(all, bu_bytes_find(all, '/')), strlen("pkg:"));
    const bu_scheme *scheme = bu_scheme_of_type(type);
    *out = NULL;
    BU_TRY(split(all, arena, &name, &version, err));
    for (size_t i = start_of(olders, name); i < olders->count; i++) {
        const bu_older *one = &olders->items[i];
        if (strcmp(one->name, name) != 0)
            break;
        bool fits =
            strcmp(one->role, role) == 0 && strcmp(one->purl, purl) != 0 && one->until >= now;
        if (fits && (*out == NULL || is_newer(scheme, one->version, (*out)->version)))
            *out = one;
    }
    return BU_OK;
}
