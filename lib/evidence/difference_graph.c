/* SPDX-License-Identifier: MIT */
/*
 * What differs between two graphs. Components of one purl are compared with
 * each other; of the others, those that differ in their version alone are
 * paired, the oldest with the oldest.
 */
#include "evidence/difference.h"

#include <stdio.h>

#include "base/vec.h"
#include "model/component.h"
#include "model/purl.h"
#include "version/scheme.h"

typedef const bulla_component *component;

/* Reporting */

static bulla_status say(bulla_differences *out, bulla_diff_kind kind, const char *name,
                        component at, const char *before, const char *after, bulla_error *err)
{
    const bulla_difference d = { .kind = kind,
                                 .name = name,
                                 .before = before,
                                 .after = after,
                                 .lockfile = at->lockfile,
                                 .line = at->line,
                                 .column = at->column };
    return bu_differences_add(out, &d, err);
}

/* Digests */

typedef struct pin {
    const char *name; /* of the file; NULL: not stated */
    const bulla_digest *digest;
} pin;

typedef struct pins {
    pin *items; /* by digest */
    size_t count;
} pins;

static int compare_digests(const bulla_digest *a, const bulla_digest *b)
{
    int order = (a->alg > b->alg) - (a->alg < b->alg);
    return order != 0 ? order : memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static int by_digest(const void *a, const void *b)
{
    return compare_digests(((const pin *)a)->digest, ((const pin *)b)->digest);
}

static int compare_names(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int by_name(const void *a, const void *b)
{
    const pin *x = a, *y = b;
    int order = compare_names(x->name, y->name);
    if (order == 0)
        order = (x->digest->alg > y->digest->alg) - (x->digest->alg < y->digest->alg);
    return order == 0 ? by_digest(a, b) : order;
}

static void add_pins(pins *out, const char *name, bulla_digests digests)
{
    for (uint32_t i = 0; i < digests.count; i++)
        out->items[out->count++] = (pin){ name, &digests.items[i] };
}

static bulla_status pins_of(component c, pins *out, bulla_error *err)
{
    size_t count = c->digests.count;
    for (size_t i = 0; i < c->file_count; i++)
        count += c->files[i].digests.count;
    out->items = calloc(count + 1, sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(err);
    add_pins(out, "", c->digests);
    for (size_t i = 0; i < c->file_count; i++)
        add_pins(out, c->files[i].name, c->files[i].digests);
    return BU_OK;
}

static void pins_clear(pins *p)
{
    free(p->items);
}
BU_DEFINE_CLEAR(pins)

static void sort_pins(const pins *p, int (*order)(const void *, const void *))
{
    if (p->count > 0)
        qsort(p->items, p->count, sizeof *p->items, order);
}

/* What one name says in both, with one algorithm, and differently. */
static bool find_contradiction(const pins *before, const pins *after, const bulla_digest **was,
                               const bulla_digest **is)
{
    for (size_t i = 0, j = 0; i < before->count && j < after->count;) {
        const pin *x = &before->items[i], *y = &after->items[j];
        int order = compare_names(x->name, y->name);
        if (order == 0)
            order = (x->digest->alg > y->digest->alg) - (x->digest->alg < y->digest->alg);
        bool is_named = x->name != NULL && y->name != NULL;
        if (order == 0 && is_named && !bulla_digest_equal(x->digest, y->digest)) {
            *was = x->digest;
            *is = y->digest;
            return true;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return false;
}

/* How many digests both have; they are sorted by digest. */
static size_t count_common(const pins *before, const pins *after)
{
    size_t common = 0;
    for (size_t i = 0, j = 0; i < before->count && j < after->count;) {
        int order = compare_digests(before->items[i].digest, after->items[j].digest);
        common += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return common;
}

static const char *show_digest(const bulla_digest *digest, char out[BULLA_DIGEST_HEX_MAX + 8])
{
    char hex[BULLA_DIGEST_HEX_MAX];
    (void)snprintf(out, BULLA_DIGEST_HEX_MAX + 8, "%s:%s", bulla_alg_name(digest->alg),
                   bulla_digest_hex(digest, hex));
    return out;
}

static bulla_status say_digests(bulla_differences *out, component after, const bulla_digest *was,
                                const bulla_digest *is, bulla_error *err)
{
    char before[BULLA_DIGEST_HEX_MAX + 8], now[BULLA_DIGEST_HEX_MAX + 8];
    return say(out, BULLA_DIFF_DIGEST, after->purl, after, show_digest(was, before),
               show_digest(is, now), err);
}

static bulla_status say_pins(bulla_differences *out, component after, size_t before, size_t now,
                             bulla_error *err)
{
    char was[32], is[32];
    (void)snprintf(was, sizeof was, "%zu", before);
    (void)snprintf(is, sizeof is, "%zu", now);
    return say(out, BULLA_DIFF_PINS, after->purl, after, was, is, err);
}

/* Whether there is any digest that is not broken. */
static const bulla_digest *strongest(const pins *p)
{
    return p->count == 0 ? NULL : p->items[p->count - 1].digest;
}

/* The same version: a digest that changed is the worst that a lockfile can say. */
static bulla_status compare_pins(bulla_differences *out, component before, component after,
                                 bulla_error *err)
{
    BU_CLEAR(pins) was = { 0 };
    BU_CLEAR(pins) is = { 0 };
    const bulla_digest *x, *y;
    BU_TRY(pins_of(before, &was, err));
    BU_TRY(pins_of(after, &is, err));
    sort_pins(&was, by_name);
    sort_pins(&is, by_name);
    if (find_contradiction(&was, &is, &x, &y))
        return say_digests(out, after, x, y, err);
    sort_pins(&was, by_digest);
    sort_pins(&is, by_digest);
    size_t common = count_common(&was, &is);
    x = strongest(&was);
    y = strongest(&is);
    bool could_differ = x != NULL && y != NULL && common == 0;
    if (could_differ && (bulla_alg_is_strong(x->alg) || x->alg == y->alg))
        return say_digests(out, after, x, y, err);
    bool grew = common > 0 && common < is.count;
    return grew ? say_pins(out, after, was.count, is.count, err) : BU_OK;
}

/* Integrity, source, scope: of one version or of two. */

static const char *integrity_of(component c, int *level)
{
    const bulla_digest *best = bulla_digests_strongest(c->digests);
    for (size_t i = 0; i < c->file_count; i++) {
        const bulla_digest *one = bulla_digests_strongest(c->files[i].digests);
        if (one != NULL && (best == NULL || one->alg > best->alg))
            best = one;
    }
    *level = best == NULL ? 0 : bulla_alg_is_strong(best->alg) ? 2 : 1;
    return best == NULL ? "none" : bulla_alg_name(best->alg);
}

static bulla_status compare_integrity(bulla_differences *out, const char *name, component before,
                                      component after, bulla_error *err)
{
    int was, is;
    const char *strong = integrity_of(before, &was), *weak = integrity_of(after, &is);
    return is < was ? say(out, BULLA_DIFF_INTEGRITY, name, after, strong, weak, err) : BU_OK;
}

/* The host that it was resolved to; empty where none is stated. */
static void add_host(component c, bu_buf *out)
{
    if (c->resolved != NULL)
        bu_url_host(c->resolved, out);
    else if (c->file_count > 0 && c->files[0].url != NULL)
        bu_url_host(c->files[0].url, out);
}

/* From a registry to what has no archive with a digest. */
static bool left_registry(component before, component after)
{
    bool was_archive =
        before->origin == BULLA_ORIGIN_REGISTRY || before->origin == BULLA_ORIGIN_FILE;
    return was_archive &&
           (after->origin == BULLA_ORIGIN_GIT || after->origin == BULLA_ORIGIN_OUTSIDE);
}

static bulla_status compare_source(bulla_differences *out, const char *name, component before,
                                   component after, bulla_error *err)
{
    BU_CLEAR(bu_buf) was = { 0 };
    BU_CLEAR(bu_buf) is = { 0 };
    add_host(before, &was);
    add_host(after, &is);
    if (was.broken || is.broken)
        return bu_no_memory(err);
    if (was.len > 0 && is.len > 0 && strcmp((const char *)was.ptr, (const char *)is.ptr) != 0)
        return say(out, BULLA_DIFF_HOST, name, after, (const char *)was.ptr, (const char *)is.ptr,
                   err);
    if (left_registry(before, after))
        return say(out, BULLA_DIFF_HOST, name, after, bulla_origin_name(before->origin),
                   bulla_origin_name(after->origin), err);
    return BU_OK;
}

static bulla_status compare_two(bulla_differences *out, const char *name, component before,
                                component after, bulla_error *err)
{
    BU_TRY(compare_integrity(out, name, before, after, err));
    BU_TRY(compare_source(out, name, before, after, err));
    if (before->scope == after->scope)
        return BU_OK;
    return say(out, BULLA_DIFF_SCOPE, name, after, bulla_scope_name(before->scope),
               bulla_scope_name(after->scope), err);
}

/* What only one of the graphs has. */
typedef struct single {
    component component;
    const char *key; /* purl without what may change from version to version */
    const bu_scheme *scheme;
    bool is_version; /* as the scheme has them */
} single;

typedef struct singles {
    single *items;
    size_t count, cap;
    bu_arena *arena;
} singles;

static void singles_clear(singles *s)
{
    free(s->items);
    bu_arena_free(s->arena);
}
BU_DEFINE_CLEAR(singles)

static bulla_bytes version_of(component c)
{
    return bu_bytes_of(c->version == NULL ? "" : c->version);
}

static bool is_of_release(bulla_bytes qualifier)
{
    return bu_bytes_is(qualifier, "vcs_url") || bu_bytes_is(qualifier, "download_url");
}

static bulla_status key_of(singles *s, component c, const char **out, bulla_error *err)
{
    bu_purl purl;
    size_t kept = 0;
    BU_TRY(bu_purl_parse(bu_bytes_of(c->purl), s->arena, &purl, err));
    purl.version = (bulla_bytes){ 0 };
    for (size_t i = 0; i < purl.qualifier_count; i++)
        if (!is_of_release(purl.qualifiers[i].key))
            purl.qualifiers[kept++] = purl.qualifiers[i];
    purl.qualifier_count = kept;
    BU_CLEAR(bu_buf) text = { 0 };
    bu_purl_write(&purl, &text);
    *out = text.broken ? NULL : bu_arena_text(s->arena, bu_buf_bytes(&text));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_single(singles *s, component c, bulla_error *err)
{
    single one = { .component = c, .scheme = bu_scheme_of_type(bu_bytes_of(c->type)) };
    one.is_version = one.scheme != NULL && c->version != NULL &&
                     bulla_ok(bu_version_check(one.scheme, version_of(c), NULL));
    BU_TRY(key_of(s, c, &one.key, err));
    BU_TRY(bu_vec_grow(&s->items, s->count, &s->cap, sizeof *s->items, err));
    s->items[s->count++] = one;
    return BU_OK;
}

/* Versions in their order, then what is none in order of bytes. */
static int compare_versions(const single *a, const single *b)
{
    int order = (int)b->is_version - (int)a->is_version;
    if (order == 0 && a->is_version && b->is_version && a->scheme == b->scheme)
        order = bu_version_compare(a->scheme, version_of(a->component), version_of(b->component));
    return order;
}

static int by_key_and_version(const void *a, const void *b)
{
    const single *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order == 0)
        order = compare_versions(x, y);
    return order == 0 ? strcmp(x->component->purl, y->component->purl) : order;
}

static bulla_status say_single(bulla_differences *out, bulla_diff_kind kind, const single *one,
                               bulla_error *err)
{
    const char *version = one->component->version;
    return say(out, kind, one->key, one->component, kind == BULLA_DIFF_REMOVED ? version : NULL,
               kind == BULLA_DIFF_ADDED ? version : NULL, err);
}

/* Another commit of the same version, or the same with other qualifiers. */
static bulla_status compare_commits(bulla_differences *out, const single *before,
                                    const single *after, bulla_error *err)
{
    const char *was = before->component->resolved, *is = after->component->resolved;
    if (was == NULL || is == NULL || strcmp(was, is) == 0)
        return compare_pins(out, before->component, after->component, err);
    return say(out, BULLA_DIFF_DIGEST, after->component->purl, after->component, was, is, err);
}

static bulla_status compare_singles(bulla_differences *out, const single *before,
                                    const single *after, bulla_error *err)
{
    bulla_bytes was = version_of(before->component), is = version_of(after->component);
    int order = compare_versions(before, after);
    BU_TRY(compare_two(out, after->key, before->component, after->component, err));
    if (bu_bytes_equal(was, is))
        return compare_commits(out, before, after, err);
    bool is_ordered = before->is_version && after->is_version && order != 0;
    return say(out,
               !is_ordered ? BULLA_DIFF_REPLACED
               : order < 0 ? BULLA_DIFF_UPGRADED
                           : BULLA_DIFF_DOWNGRADED,
               after->key, after->component, before->component->version, after->component->version,
               err);
}

static bulla_status pair_singles(bulla_differences *out, const singles *before,
                                 const singles *after, bulla_error *err)
{
    for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
        const single *x = i < before->count ? &before->items[i] : NULL;
        const single *y = j < after->count ? &after->items[j] : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : strcmp(x->key, y->key);
        if (order == 0)
            BU_TRY(compare_singles(out, x, y, err));
        else
            BU_TRY(say_single(out, order < 0 ? BULLA_DIFF_REMOVED : BULLA_DIFF_ADDED,
                              order < 0 ? x : y, err));
        i += order <= 0;
        j += order >= 0;
    }
    return BU_OK;
}

static bulla_status compare_same(bulla_differences *out, component before, component after,
                                 bulla_error *err)
{
    BU_TRY(compare_pins(out, before, after, err));
    return compare_two(out, after->purl, before, after, err);
}

/* The product itself is no dependency. */
static component next_of(const bu_graph *graph, size_t *at)
{
    *at += *at == graph->root;
    return *at < graph->count ? &graph->components[*at] : NULL;
}

static bulla_status match(bulla_differences *out, const bu_graph *before, const bu_graph *after,
                          singles *only_before, singles *only_after, bulla_error *err)
{
    for (size_t i = 0, j = 0;;) {
        component x = next_of(before, &i), y = next_of(after, &j);
        if (x == NULL && y == NULL)
            return BU_OK;
        int order = x == NULL ? 1 : y == NULL ? -1 : strcmp(x->purl, y->purl);
        if (order == 0)
            BU_TRY(compare_same(out, x, y, err));
        else
            BU_TRY(add_single(order < 0 ? only_before : only_after, order < 0 ? x : y, err));
        i += order <= 0;
        j += order >= 0;
    }
}

bulla_status bu_differences_of_graphs(bulla_differences *out, const bu_graph *before,
                                      const bu_graph *after, bulla_error *err)
{
    BU_CLEAR(singles) gone = { .arena = bu_arena_new() };
    BU_CLEAR(singles) come = { .arena = bu_arena_new() };
    if (gone.arena == NULL || come.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(match(out, before, after, &gone, &come, err));
    if (gone.count > 0)
        qsort(gone.items, gone.count, sizeof *gone.items, by_key_and_version);
    if (come.count > 0)
        qsort(come.items, come.count, sizeof *come.items, by_key_and_version);
    return pair_singles(out, &gone, &come, err);
}
