/* SPDX-License-Identifier: MIT */
/*
 * bulla_lock(): result of a run + record so far → new record, and what changed
 * in it for people. What deviates from the record is taken over only by name.
 */
#include "bulla/lock.h"

#include "base/glob.h"
#include "base/limits.h"
#include "policy/publishers.h"
#include "report/render.h"

/* One dependency as it was seen. */
typedef struct item {
    bu_publisher seen;
    const bulla_judgement *judgement;
} item;

typedef struct run {
    const bulla_lock_options *options;
    bulla_result *result;
    bu_buf before; /* text of the record so far; empty: there is none */
    bu_publishers lock;
    item *items; /* in order of package and release line */
    size_t count;
    bu_buf changes;
    size_t added, changed, refused, missing;
} run;

static void run_clear(run *r)
{
    bulla_result_free(r->result);
    bu_buf_clear(&r->before);
    bu_publishers_clear(&r->lock);
    free(r->items);
    bu_buf_clear(&r->changes);
}
BU_DEFINE_CLEAR(run)

static bulla_status read_record(run *r, bulla_error *err)
{
    const char *path = r->options->verify->lock;
    BU_TRY(bu_publishers_init(&r->lock, err));
    if (path == NULL)
        return BU_OK;
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &r->before, err));
    return bu_publishers_read(bu_buf_bytes(&r->before), path, &r->lock, err);
}

static bulla_status look(run *r, bulla_error *err)
{
    bulla_verify_options options = *r->options->verify;
    options.publishers = true;
    BU_TRY(bulla_verify(&options, &r->result, err));
    if (r->result->troubles.count > 0) /* a record of half of a checkout is none */
        return bu_finding_raise(&r->result->troubles.items[0], err);
    return BU_OK;
}

static int by_line(const void *a, const void *b)
{
    const item *x = a, *y = b;
    int order = strcmp(x->seen.purl, y->seen.purl);
    if (order == 0)
        order = strcmp(x->seen.line, y->seen.line);
    return order != 0 ? order
                      : strcmp(x->judgement->component->purl, y->judgement->component->purl);
}

static bulla_status collect(run *r, bulla_error *err)
{
    bu_arena *arena = r->lock.arena;
    r->items = calloc(r->result->count + 1, sizeof *r->items);
    if (r->items == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < r->result->count; i++) {
        const bulla_judgement *judgement = &r->result->judgements[i];
        item *one = &r->items[r->count];
        if (!bu_publisher_is_about(judgement->component))
            continue;
        one->judgement = judgement;
        BU_TRY(bu_publisher_of(judgement->component, arena, &one->seen, err));
        BU_TRY(bu_publisher_observe(judgement->component, judgement->facts, judgement->fact_count,
                                    arena, &one->seen, err));
        r->count++;
    }
    if (r->count > 0)
        qsort(r->items, r->count, sizeof *r->items, by_line);
    return BU_OK;
}

static bool is_asked(const run *r, const char *purl)
{
    const char *const *update = r->options->update;
    for (; update != NULL && *update != NULL; update++)
        if (bu_glob_match(bu_bytes_of(*update), bu_bytes_of(purl)))
            return true;
    return false;
}

static bulla_status need_used(const run *r, bulla_error *err)
{
    const char *const *update = r->options->update;
    for (; update != NULL && *update != NULL; update++) {
        size_t i = 0;
        while (i < r->count &&
               !bu_glob_match(bu_bytes_of(*update), bu_bytes_of(r->items[i].seen.purl)))
            i++;
        if (i == r->count)
            return bu_next(
                err, bu_fail(err, BULLA_E_USAGE, "--update %s: no such package is used", *update),
                "name packages without their version: pkg:npm/NAME, or pkg:npm/**");
    }
    return BU_OK;
}

/* Saying what happens. */

static void say(run *r, const char *label, const bu_publisher *entry)
{
    bu_buf_add_format(&r->changes, "%-10s", label);
    bu_add_foreign(&r->changes, entry->purl);
    bu_buf_add_text(&r->changes, entry->line[0] == '\0' ? "" : "  release line ");
    bu_add_shown(&r->changes, entry->line);
    bu_buf_add_byte(&r->changes, '\n');
}

static bulla_status say_kinds(run *r, const bu_publisher *was, const bu_publisher *is,
                              bulla_error *err)
{
    for (bu_publisher_kind kind = 0; kind < BU_PUBLISHER_KINDS; kind++) {
        const char *before =
            was == NULL ? "" : bu_publisher_texts_show(&was->texts[kind], r->lock.arena);
        const char *now = bu_publisher_texts_show(&is->texts[kind], r->lock.arena);
        if (before == NULL || now == NULL)
            return bu_no_memory(err);
        if (strcmp(before, now) == 0)
            continue;
        bu_buf_add_format(&r->changes, "          %s: ", bu_publisher_kind_name(kind));
        bu_add_shown(&r->changes, before);
        bu_buf_add_text(&r->changes, was == NULL ? "" : before[0] == '\0' ? "none -> " : " -> ");
        bu_add_shown(&r->changes, now[0] == '\0' ? "none" : now);
        bu_buf_add_byte(&r->changes, '\n');
    }
    return BU_OK;
}

/* One release line. */

/* All that is used of it. */
typedef struct group {
    const item *items;
    size_t count;
    bool deviates; /* from the record */
    size_t usable; /* whose bytes are here, with nothing wrong about them */
    size_t missing;
    bu_publisher seen; /* every host; of those who vouch all, where somebody does for each */
} group;

static bool is_there(const bulla_judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        if (judgement->facts[i].outcome == BULLA_BROKEN &&
            judgement->facts[i].proof != BULLA_PROOF_PUBLISHER)
            return false;
    return judgement->measured.count > 0;
}

static bool deviates(const bulla_judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        if (judgement->facts[i].outcome == BULLA_BROKEN &&
            judgement->facts[i].proof == BULLA_PROOF_PUBLISHER)
            return true;
    return false;
}

/* Left out by its lockfile here: another machine records it. */
static bool is_left_out(const bulla_judgement *judgement)
{
    return judgement->fact_count > 0 && judgement->facts[0].proof == BULLA_PROOF_NOT_INSTALLED;
}

static bulla_status take_group(run *r, const item *items, size_t count, group *out,
                               bulla_error *err)
{
    bool lacks[BU_PUBLISHER_KINDS] = { false };
    *out = (group){ .items = items, .count = count };
    out->seen = (bu_publisher){ .purl = items->seen.purl, .line = items->seen.line };
    for (size_t i = 0; i < count; i++) {
        out->deviates = out->deviates || deviates(items[i].judgement);
        out->missing += !is_there(items[i].judgement) && !is_left_out(items[i].judgement);
        if (!is_there(items[i].judgement))
            continue;
        out->usable++;
        BU_TRY(bu_publisher_join(&out->seen, &items[i].seen, r->lock.arena, err));
        for (size_t kind = 0; kind < BU_PUBLISHER_KINDS; kind++)
            lacks[kind] = lacks[kind] || items[i].seen.texts[kind].count == 0;
    }
    for (size_t kind = 0; kind < BU_PUBLISHER_KINDS; kind++)
        if (lacks[kind])
            out->seen.texts[kind].count = 0;
    return BU_OK;
}

static const bu_publisher *record_of(const run *r, const bu_publisher *seen)
{
    size_t count;
    const bu_publisher *lines = bu_publishers_lines(&r->lock, bu_bytes_of(seen->purl), &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(lines[i].line, seen->line) == 0)
            return &lines[i];
    return NULL;
}

/* What the record becomes: as it was, with kinds of proof that nobody had before. */
static bulla_status extend(run *r, const bu_publisher *was, const bu_publisher *seen,
                           bu_publisher *out, bulla_error *err)
{
    *out = (bu_publisher){ .purl = seen->purl, .line = seen->line };
    BU_TRY(bu_publisher_join(out, was, r->lock.arena, err));
    for (size_t kind = 0; kind < BU_PUBLISHER_KINDS; kind++)
        if (was->texts[kind].count == 0)
            BU_TRY(
                bu_publisher_texts_join(&out->texts[kind], &seen->texts[kind], r->lock.arena, err));
    return BU_OK;
}

static bool is_same(const bu_publisher *a, const bu_publisher *b)
{
    for (size_t kind = 0; kind < BU_PUBLISHER_KINDS; kind++) {
        if (a->texts[kind].count != b->texts[kind].count)
            return false;
        for (size_t i = 0; i < a->texts[kind].count; i++)
            if (strcmp(a->texts[kind].items[i], b->texts[kind].items[i]) != 0)
                return false;
    }
    return true;
}

static bulla_status record(run *r, const group *g, bulla_error *err)
{
    const bu_publisher *was = record_of(r, &g->seen);
    bool asked = is_asked(r, g->seen.purl);
    bu_publisher entry = g->seen;
    if (g->deviates && !asked) {
        r->refused++;
        say(r, "REFUSED", &g->seen);
        return say_kinds(r, was, &g->seen, err);
    }
    if (was != NULL && !asked)
        BU_TRY(extend(r, was, &g->seen, &entry, err));
    if (was != NULL && is_same(was, &entry))
        return BU_OK;
    r->added += was == NULL;
    r->changed += was != NULL;
    say(r, was == NULL ? "NEW" : "CHANGED", &entry);
    BU_TRY(say_kinds(r, was, &entry, err));
    return bu_publishers_put(&r->lock, &entry, err);
}

static bulla_status record_all(run *r, bulla_error *err)
{
    for (size_t i = 0, end; i < r->count; i = end) {
        group g;
        for (end = i + 1; end < r->count; end++)
            if (strcmp(r->items[i].seen.purl, r->items[end].seen.purl) != 0 ||
                strcmp(r->items[i].seen.line, r->items[end].seen.line) != 0)
                break;
        BU_TRY(take_group(r, &r->items[i], end - i, &g, err));
        r->missing += g.missing;
        if (g.usable > 0)
            BU_TRY(record(r, &g, err));
    }
    bu_buf_add_count(&r->changes, r->lock.count, "release line");
    bu_buf_add_format(&r->changes, " recorded, %zu new, %zu changed, %zu refused; ", r->added,
                      r->changed, r->refused);
    bu_buf_add_count(&r->changes, r->missing, "package");
    bu_buf_add_text(&r->changes, " not here or not proved\n");
    if (r->refused > 0)
        bu_buf_add_text(&r->changes, "next:     ask their publishers; where a change is right, "
                                     "accept it: bulla lock --update PACKAGE\n");
    return BU_OK;
}

bulla_status bulla_lock(const bulla_lock_options *options, bulla_locked *out, bulla_error *err)
{
    BU_CLEAR(run) r = { .options = options };
    BU_CLEAR(bu_buf) document = { 0 };
    BU_TRY(read_record(&r, err));
    BU_TRY(look(&r, err));
    BU_TRY(collect(&r, err));
    BU_TRY(need_used(&r, err));
    BU_TRY(record_all(&r, err));
    bu_publishers_write(&r.lock, &document);
    if (document.broken || r.changes.broken)
        return bu_no_memory(err);
    bulla_locked made = { .exit = r.refused > 0   ? BULLA_EXIT_DENIED
                                  : r.missing > 0 ? BULLA_EXIT_UNPROVEN
                                                  : BULLA_EXIT_ALLOWED };
    made.is_changed = !bu_bytes_equal(bu_buf_bytes(&document), bu_buf_bytes(&r.before));
    BU_TRY(bu_buf_take(&document, &made.document, err));
    BU_TRY(bu_buf_take(&r.changes, &made.changes, err));
    *out = made;
    return BU_OK;
}
