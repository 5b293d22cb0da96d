/* SPDX-License-Identifier: MIT */
/*
 * From entries to components: copying, purl, place; names to numbers, so that
 * linking takes time in proportion to the document.
 */
#include "ecosystem/lock.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

#define MAX_QUALIFIERS 8

/* Somebody needs what has that name. */
struct bu_lock_need {
    uint32_t from, name; /* components and names are fewer than 2^32 */
    uint32_t line, column;
    bu_lock_absence absence;
};

_Static_assert(BU_LIMIT_COMPONENTS < UINT32_MAX, "a component's number must fit");

bulla_status bu_lock_open(bu_lock *lock, const char *type, const char *name,
                          const bu_ecosystem_options *options, bu_graph *graph, bulla_error *err)
{
    lock->options = options;
    lock->graph = graph;
    lock->type = type;
    lock->file = bu_arena_text(graph->arena, bu_bytes_of(name));
    lock->scratch = bu_arena_new();
    return lock->file == NULL || lock->scratch == NULL ? bu_no_memory(err) : BU_OK;
}

void bu_lock_clear(bu_lock *lock)
{
    bu_arena_free(lock->scratch);
    bu_intern_clear(&lock->names);
    free(lock->named);
    free(lock->needs);
}

bulla_status bu_lock_read(const bu_lock_format *format, bulla_bytes text, const char *name,
                          const bu_ecosystem_options *options, bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(bu_lock) lock = { 0 };
    BU_TRY(format->load(text, name, &tree, err));
    BU_TRY(bu_lock_open(&lock, format->type, name, options, graph, err));
    lock.tree = tree;
    return format->fill(&lock, bu_tree_root(tree), err);
}

bulla_status bu_lock_add_hex(const bu_lock *lock, const bu_node *node, bulla_alg alg,
                             bulla_bytes hex, bulla_digest_set *set, bulla_error *err)
{
    bulla_digest digest;
    bulla_error why = { 0 };
    bulla_status status = bu_digest_from_hex(alg, hex, &digest, &why);
    if (bulla_ok(status))
        status = bu_digest_set_add(set, &digest, &why);
    return bulla_ok(status) ? BU_OK
                            : bu_node_fail(lock->tree, node, err, status.code, "%s", why.text);
}

static void place_of(const bu_lock *lock, const bu_lock_entry *entry, uint32_t *line,
                     uint32_t *column)
{
    *line = entry->line;
    *column = entry->column;
    if (lock->tree != NULL && entry->node != NULL)
        bu_tree_place(lock->tree, bu_node_offset(entry->node), line, column);
}

bulla_status bu_lock_fail(const bu_lock *lock, const bu_lock_entry *entry, bulla_error *err,
                          bulla_code code, const char *format, ...)
{
    char sentence[512];
    uint32_t line, column;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    place_of(lock, entry, &line, &column);
    bulla_status status = bu_fail(err, code, "%s", sentence);
    return bu_in_file(err, bu_at(err, status, line, column), lock->file);
}

/* Names and versions are shown to people, and compared by them. */
static bulla_status judge_texts(const bu_lock *lock, const bu_lock_entry *entry, bulla_error *err)
{
    const bulla_bytes texts[] = { entry->name, entry->version, entry->architecture, entry->alias };
    size_t at;
    if (entry->name.len == 0)
        return bu_lock_fail(lock, entry, err, BULLA_E_BAD_NAME, "a package without a name");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (bu_utf8_hides(texts[i], &at))
            return bu_lock_fail(lock, entry, err, BULLA_E_CONTROL_CHARACTER,
                                "a name or version hides a character at byte %zu", at);
    return BU_OK;
}

static bulla_status make_purl(const bu_lock *lock, const bu_lock_entry *entry, const char *type,
                              const char **out, bulla_error *err)
{
    bu_qualifier qualifiers[MAX_QUALIFIERS + 1] = { { BULLA_LIT("arch"), entry->architecture } };
    bu_purl purl = { .type = bu_bytes_of(type),
                     .version = entry->version,
                     .subpath = entry->subpath,
                     .qualifiers = qualifiers,
                     .qualifier_count = 1 };
    for (size_t i = 0; i < entry->qualifier_count && i < MAX_QUALIFIERS; i++)
        qualifiers[purl.qualifier_count++] = entry->qualifiers[i];
    if (entry->namespace.len > 0) {
        purl.namespace = entry->namespace;
        purl.name = entry->name;
    } else {
        bu_purl_split_name(&purl, entry->name);
    }
    bu_arena_reset(lock->scratch);
    bulla_status status = bu_purl_text(&purl, lock->scratch, out, err);
    if (bulla_ok(status)) {
        *out = bu_arena_text(lock->graph->arena, bu_bytes_of(*out));
        return *out == NULL ? bu_no_memory(err) : BU_OK;
    }
    if (status.code == BULLA_E_NO_MEMORY)
        return status;
    return bu_lock_fail(lock, entry, err, BULLA_E_BAD_NAME, "%s has no packages named \"%.*s\"",
                        type, (int)entry->name.len, (const char *)entry->name.ptr);
}

static bulla_status keep(const bu_lock *lock, bulla_bytes text, const char **out, bulla_error *err)
{
    if (text.len == 0)
        return BU_OK;
    *out = bu_arena_text(lock->graph->arena, text);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* A registry that stands in every entry is kept once. */
static bulla_status keep_resolved(bu_lock *lock, bulla_bytes url, const char **out,
                                  bulla_error *err)
{
    if (url.len == 0)
        return BU_OK;
    if (lock->resolved == NULL || !bu_bytes_is(url, lock->resolved))
        lock->resolved = bu_lock_public_url(url, lock->graph->arena);
    *out = lock->resolved;
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_lock_add(bu_lock *lock, const bu_lock_entry *entry, size_t *out, bulla_error *err)
{
    bu_arena *arena = lock->graph->arena;
    bulla_component c = {
        .type = entry->type == NULL ? lock->type : entry->type,
        .lockfile = lock->file,
        .size = entry->size,
        .parent = BULLA_NO_COMPONENT,
        .scope = entry->scope,
        .origin = entry->origin,
        .may_be_absent = entry->may_be_absent,
        .files = entry->files,
        .file_count = entry->file_count,
    };
    size_t index;
    BU_TRY(judge_texts(lock, entry, err));
    BU_TRY(make_purl(lock, entry, c.type, &c.purl, err));
    place_of(lock, entry, &c.line, &c.column);
    BU_TRY(keep(lock, entry->name, &c.name, err));
    BU_TRY(keep(lock, entry->version, &c.version, err));
    BU_TRY(keep(lock, entry->architecture, &c.architecture, err));
    BU_TRY(keep(lock, entry->license, &c.license, err));
    BU_TRY(keep(lock, entry->location, &c.location, err));
    BU_TRY(keep(lock, entry->alias, &c.alias, err));
    BU_TRY(keep_resolved(lock, entry->resolved, &c.resolved, err));
    BU_TRY(bu_digests_keep(&entry->digests, arena, &c.digests, err));
    BU_TRY(bu_graph_add(lock->graph, &c, &index, err));
    if (out != NULL)
        *out = index;
    return BU_OK;
}

bulla_status bu_lock_pin_file(bu_lock *lock, bulla_bytes name, bulla_bytes url, uint64_t size,
                              const bulla_digest_set *digests, bulla_file_pin *file,
                              bulla_error *err)
{
    *file = (bulla_file_pin){ .size = size };
    BU_TRY(keep(lock, name, &file->name, err));
    if (url.len > 0 && (file->url = bu_lock_public_url(url, lock->graph->arena)) == NULL)
        return bu_no_memory(err);
    return bu_digests_keep(digests, lock->graph->arena, &file->digests, err);
}

static bulla_status number_of(bu_lock *lock, size_t space, bulla_bytes key, size_t *out,
                              bulla_error *err)
{
    size_t known = lock->names.count;
    BU_TRY(bu_intern_add(&lock->names, space, key, out, err));
    if (*out < known)
        return BU_OK;
    BU_TRY(bu_vec_grow(&lock->named, known, &lock->named_cap, sizeof *lock->named, err));
    lock->named[*out] = BULLA_NO_COMPONENT;
    return BU_OK;
}

bulla_status bu_lock_name(bu_lock *lock, size_t space, bulla_bytes key, size_t component,
                          bulla_error *err)
{
    size_t number;
    BU_TRY(number_of(lock, space, key, &number, err));
    if (lock->named[number] == BULLA_NO_COMPONENT)
        lock->named[number] = component;
    return BU_OK;
}

size_t bu_lock_find(const bu_lock *lock, size_t space, bulla_bytes key)
{
    size_t number = bu_intern_find(&lock->names, space, key);
    return number == BU_INTERN_NONE ? BULLA_NO_COMPONENT : lock->named[number];
}

bulla_status bu_lock_need(bu_lock *lock, size_t from, size_t space, bulla_bytes key,
                          bu_lock_absence absence, const bu_lock_entry *at, bulla_error *err)
{
    size_t number;
    BU_TRY(number_of(lock, space, key, &number, err));
    struct bu_lock_need need = { .from = (uint32_t)from,
                                 .name = (uint32_t)number,
                                 .absence = absence };
    place_of(lock, at, &need.line, &need.column);
    BU_TRY(bu_vec_grow(&lock->needs, lock->need_count, &lock->need_cap, sizeof *lock->needs, err));
    lock->needs[lock->need_count++] = need;
    return BU_OK;
}

static bulla_status note_absence(bu_lock *lock, const struct bu_lock_need *need, bulla_error *err)
{
    if (need->absence == BU_ABSENCE_FINE)
        return BU_OK;
    const bu_flaw flaw = {
        .code = BULLA_E_MISSING_DEPENDENCY,
        .component = need->from,
        .what = bu_arena_text(lock->graph->arena, lock->names.items[need->name].key),
        .lockfile = lock->file,
        .line = need->line,
        .column = need->column,
        .tolerated = need->absence == BU_ABSENCE_TOLERATED,
    };
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(lock->graph, &flaw, err);
}

bulla_status bu_lock_connect(bu_lock *lock, bulla_error *err)
{
    for (size_t i = 0; i < lock->need_count; i++) {
        const struct bu_lock_need *need = &lock->needs[i];
        size_t to = lock->named[need->name];
        if (to == BULLA_NO_COMPONENT)
            BU_TRY(note_absence(lock, need, err));
        else
            BU_TRY(bu_graph_link(lock->graph, need->from, to, err));
    }
    return BU_OK;
}

/* "git" is how every host names its ssh user; any other user may be a token. */
const char *bu_lock_public_url(bulla_bytes url, bu_arena *arena)
{
    size_t scheme = bu_bytes_find(url, ':') + 3;
    bulla_bytes rest = bu_bytes_from(url, scheme);
    bulla_bytes authority = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
    size_t user = authority.len;
    while (user > 0 && authority.ptr[user - 1] != '@')
        user--;
    if (user == 0 || !bu_bytes_ends(bu_bytes_first(url, scheme), "://") ||
        bu_bytes_is(bu_bytes_first(authority, user), "git@"))
        return bu_arena_text(arena, url);
    bulla_bytes host = bu_bytes_from(rest, user);
    return bu_arena_format(arena, "%.*s%.*s", (int)scheme, (const char *)url.ptr, (int)host.len,
                           (const char *)host.ptr);
}
