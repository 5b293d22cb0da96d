/* SPDX-License-Identifier: MIT */
/*
 * Entries of yarn's, pnpm's and Bun's lockfiles, judged as npm's are.
 */
#include "ecosystem/npm_entry.h"

#include "digest/digest.h"

#define SHA1_HEX 40u

bulla_status bu_npm_entry_check(const bu_lock *lock, const bu_lock_entry *entry, bulla_error *err)
{
    if (!bu_npm_is_name(entry->name))
        return bu_lock_fail(lock, entry, err, BULLA_E_BAD_NAME,
                            "npm has no packages named \"%.*s\"", (int)entry->name.len,
                            (const char *)entry->name.ptr);
    if (entry->version.len > 0 && !bu_npm_is_version(entry->version))
        return bu_lock_fail(lock, entry, err, BULLA_E_BAD_SYNTAX, "not one exact version: \"%.*s\"",
                            (int)entry->version.len, (const char *)entry->version.ptr);
    return BU_OK;
}

bulla_status bu_npm_entry_integrity(const bu_lock *lock, bu_lock_entry *entry,
                                    bulla_bytes integrity, bulla_error *err)
{
    bulla_error why = { 0 };
    if (integrity.len == 0)
        return BU_OK;
    bulla_status status = bu_digest_parse_sri(integrity, &entry->digests, &why);
    if (bulla_ok(status) || status.code == BULLA_E_UNSUPPORTED_HASH)
        return BU_OK;
    return bu_lock_fail(lock, entry, err, status.code, "integrity: %s", why.text);
}

static bool has_part(bulla_bytes path, const char *wanted)
{
    while (path.len > 0) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        if (bu_bytes_is(part, wanted))
            return true;
        path = bu_bytes_from(path, part.len + 1);
    }
    return false;
}

/* What lies in a node_modules is no folder of the project, whatever the lockfile calls it. */
void bu_npm_entry_folder(bu_lock_entry *entry, bulla_bytes path)
{
    while (bu_bytes_starts(path, "./"))
        path = bu_bytes_from(path, 2);
    while (path.len > 1 && bu_bytes_ends(path, "/"))
        path.len--;
    entry->location = path.len == 0 ? BULLA_LIT(".") : path;
    entry->origin = bu_npm_leaves_project(path)      ? BULLA_ORIGIN_OUTSIDE
                    : has_part(path, "node_modules") ? BULLA_ORIGIN_UNKNOWN
                                                     : BULLA_ORIGIN_LOCAL;
}

static bulla_status take_commit(const bu_lock *lock, bu_lock_entry *entry, bulla_bytes spec,
                                bulla_error *err)
{
    entry->origin = BULLA_ORIGIN_GIT;
    entry->version = bu_npm_commit(spec);
    if (entry->version.len > 0)
        return BU_OK;
    return bu_lock_fail(lock, entry, err, BULLA_E_UNPINNED,
                        "a git dependency without its full commit: \"%.*s\"", (int)spec.len,
                        (const char *)spec.ptr);
}

/* A broken algorithm adds nothing to a pin that is there, but must not contradict it. */
static bulla_status take_fragment(const bu_lock *lock, bu_lock_entry *entry, bulla_bytes fragment,
                                  bulla_error *err)
{
    bulla_digest sha1;
    bulla_error why = { 0 };
    const bulla_digest *strongest = bulla_digest_set_strongest(&entry->digests);
    if (fragment.len != SHA1_HEX ||
        !bulla_ok(bu_digest_from_hex(BULLA_ALG_SHA1, fragment, &sha1, &why)) ||
        (strongest != NULL && strongest->alg != BULLA_ALG_SHA1))
        return BU_OK;
    bulla_status status = bu_digest_set_add(&entry->digests, &sha1, &why);
    return bulla_ok(status) ? status
                            : bu_lock_fail(lock, entry, err, status.code, "resolved: %s", why.text);
}

static bulla_bytes folder_behind(bulla_bytes spec)
{
    bool is_link = bu_bytes_starts(spec, "link:") || bu_bytes_starts(spec, "portal:");
    return is_link ? bu_bytes_from(spec, bu_bytes_find(spec, ':') + 1) : bu_npm_path(spec);
}

static bool is_folder(bulla_bytes address)
{
    return bu_bytes_starts(address, "link:") || bu_bytes_starts(address, "portal:") ||
           bu_npm_source_of(address) == BU_NPM_FOLDER;
}

bulla_status bu_npm_entry_place(const bu_lock *lock, bu_lock_entry *entry, bulla_bytes spec,
                                bulla_error *err)
{
    bulla_bytes address = bu_bytes_first(spec, bu_bytes_find(spec, '#'));
    bu_npm_source source = bu_npm_source_of(spec);
    entry->resolved = spec;
    if (source == BU_NPM_GIT)
        return take_commit(lock, entry, spec, err);
    entry->resolved = address;
    if (is_folder(address)) {
        bu_npm_entry_folder(entry, folder_behind(address));
        if (entry->origin == BULLA_ORIGIN_LOCAL && entry->digests.count > 0)
            entry->origin = BULLA_ORIGIN_FILE; /* a folder has no digest: what has one is shown */
        return BU_OK;
    }
    source = bu_npm_source_of(address);
    entry->origin = source == BU_NPM_OTHER ? BULLA_ORIGIN_UNKNOWN : BULLA_ORIGIN_REGISTRY;
    if (source == BU_NPM_ARCHIVE)
        entry->origin = bu_npm_leaves_project(address) ? BULLA_ORIGIN_OUTSIDE : BULLA_ORIGIN_FILE;
    return take_fragment(lock, entry, bu_bytes_from(spec, address.len + 1), err);
}

bulla_status bu_npm_entry_git(const bu_lock *lock, bu_lock_entry *entry, bulla_bytes repository,
                              bulla_bytes commit, bulla_error *err)
{
    const char *spec = bu_arena_format(lock->graph->arena, "%s%.*s#%.*s",
                                       bu_npm_source_of(repository) == BU_NPM_GIT ? "" : "git+",
                                       (int)repository.len, (const char *)repository.ptr,
                                       (int)commit.len, (const char *)commit.ptr);
    if (spec == NULL)
        return bu_no_memory(err);
    entry->resolved = bu_bytes_of(spec);
    return take_commit(lock, entry, entry->resolved, err);
}

bulla_status bu_npm_entry_add(bu_lock *lock, const bu_lock_entry *entry, size_t *out,
                              bulla_error *err)
{
    size_t index;
    BU_TRY(bu_lock_add(lock, entry, &index, err));
    *out = index;
    const bulla_component *c = &lock->graph->components[index];
    if (c->origin != BULLA_ORIGIN_LOCAL)
        return BU_OK;
    const bu_place place = { .component = index,
                             .parent = BULLA_NO_COMPONENT,
                             .path = c->location,
                             .folder = c->location,
                             .lockfile = c->lockfile };
    return bu_graph_place(lock->graph, &place, err);
}

/* None of the negated values, and one of the others if there are any. */
static bool allows(const bu_node *limit, const char *value)
{
    bool is_list = bu_node_kind_of(limit) == BU_NODE_ARRAY, match = false;
    size_t total = 0, negated = 0;
    if (value == NULL || (is_list && bu_node_count(limit) == 1 &&
                          bu_bytes_is(bu_node_text(bu_node_first(limit)), "any")))
        return true;
    for (const bu_node *n = is_list ? bu_node_first(limit) : limit; n != NULL;
         n = is_list ? bu_node_next(n) : NULL, total++) {
        bulla_bytes text = bu_node_text(n);
        bool negates = bu_bytes_starts(text, "!");
        bool same = bu_bytes_is(bu_bytes_from(text, negates ? 1 : 0), value);
        if (negates && same)
            return false;
        negated += negates ? 1 : 0;
        match = match || same;
    }
    return match || negated == total;
}

bool bu_npm_is_excluded(const bu_node *limits, const bu_ecosystem_options *options)
{
    return !allows(bu_node_get(limits, "os"), options->os) ||
           !allows(bu_node_get(limits, "cpu"), options->cpu) ||
           !allows(bu_node_get(limits, "libc"), options->libc);
}

bulla_status bu_npm_place_excluded(bu_graph *graph, bulla_error *err)
{
    for (size_t i = 0; i < graph->count; i++) {
        const bulla_component *c = &graph->components[i];
        if (!c->excluded_here || c->origin == BULLA_ORIGIN_LOCAL ||
            c->origin == BULLA_ORIGIN_BUNDLED)
            continue;
        const bu_place place = {
            .component = i,
            .parent = BULLA_NO_COMPONENT,
            .path = bu_arena_format(graph->arena, "node_modules/%s",
                                    c->alias == NULL ? c->name : c->alias),
            .lockfile = c->lockfile,
        };
        if (place.path == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_graph_place(graph, &place, err));
    }
    return BU_OK;
}
