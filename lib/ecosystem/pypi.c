/* SPDX-License-Identifier: MIT */
/*
 * Python packages on their way into a graph: files, sources, names (PEP 503)
 * and who needs whom. Refuses names and versions that no package has.
 */
#include "ecosystem/pypi.h"

#include "base/encode.h"
#include "digest/digest.h"

/* ---- Names ---- */

static bool is_separator(uint8_t c)
{
    return c == '-' || c == '_' || c == '.';
}

static bool is_normal(bulla_bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') || name.ptr[i] == '_' ||
            name.ptr[i] == '.' || (name.ptr[i] == '-' && i > 0 && name.ptr[i - 1] == '-'))
            return false;
    return true;
}

bulla_status bu_pypi_normalize(bu_arena *arena, bulla_bytes *name, bulla_error *err)
{
    if (is_normal(*name))
        return BU_OK;
    bulla_bytes copy = bu_arena_copy(arena, *name);
    if (copy.ptr == NULL)
        return bu_no_memory(err);
    uint8_t *out = (uint8_t *)(uintptr_t)copy.ptr;
    size_t len = 0;
    for (size_t i = 0; i < copy.len; i++) {
        uint8_t c = copy.ptr[i];
        if (is_separator(c) && len > 0 && out[len - 1] == '-')
            continue;
        bool is_upper = c >= 'A' && c <= 'Z';
        out[len++] = is_separator(c) ? '-' : (uint8_t)(is_upper ? c - 'A' + 'a' : c);
    }
    *name = (bulla_bytes){ out, len };
    return BU_OK;
}

/* Each version of a package has its name in a space of its own. */
static bulla_status name_it(bu_lock *lock, bulla_bytes name, size_t component, bulla_error *err)
{
    BU_TRY(bu_pypi_normalize(lock->graph->arena, &name, err));
    for (size_t fork = 0; fork < BU_PYPI_FORKS; fork++)
        if (bu_lock_find(lock, fork, name) == BULLA_NO_COMPONENT)
            return bu_lock_name(lock, fork, name, component, err);
    return BU_OK;
}

bulla_status bu_pypi_has_forks(bu_lock *lock, bulla_bytes name, bool *out, bulla_error *err)
{
    BU_TRY(bu_pypi_normalize(lock->graph->arena, &name, err));
    *out = bu_lock_find(lock, BU_PYPI_FORKS - 1, name) != BULLA_NO_COMPONENT;
    return BU_OK;
}

/* Edges to all versions of that name, or to those of one version. */
static bulla_status link_forks(bu_lock *lock, size_t from, bulla_bytes name, bulla_bytes version,
                               size_t *found, bulla_error *err)
{
    *found = 0;
    for (size_t fork = 0; fork < BU_PYPI_FORKS; fork++) {
        size_t to = bu_lock_find(lock, fork, name);
        if (to == BULLA_NO_COMPONENT)
            break;
        if (version.len > 0 &&
            !bu_bytes_equal(version, bu_bytes_of(lock->graph->components[to].version)))
            continue;
        BU_TRY(bu_graph_link(lock->graph, from, to, err));
        ++*found;
    }
    return BU_OK;
}

bulla_status bu_pypi_need(bu_lock *lock, size_t from, bulla_bytes name, bulla_bytes version,
                          bu_lock_absence absence, const bu_lock_entry *at, bulla_error *err)
{
    size_t found;
    BU_TRY(bu_pypi_normalize(lock->graph->arena, &name, err));
    BU_TRY(link_forks(lock, from, name, version, &found, err));
    if (found == 0 && version.len > 0)
        BU_TRY(link_forks(lock, from, name, (bulla_bytes){ 0 }, &found, err));
    return found > 0 ? BU_OK : bu_lock_need(lock, from, 0, name, absence, at, err);
}

/* ---- Where it comes from ---- */

static bulla_status set_source(const char *key, const char *value, bu_pypi_package *package,
                               bulla_error *err)
{
    if (value == NULL)
        return bu_no_memory(err);
    package->source = (bu_qualifier){ bu_bytes_of(key), bu_bytes_of(value) };
    return BU_OK;
}

bulla_status bu_pypi_from_vcs(bu_lock *lock, const char *system, bulla_bytes url,
                              bulla_bytes commit, bu_pypi_package *package, bulla_error *err)
{
    bu_arena *arena = lock->graph->arena;
    package->entry.origin = BULLA_ORIGIN_GIT;
    package->entry.resolved = url;
    const char *public = bu_lock_public_url(url, arena);
    if (public == NULL)
        return bu_no_memory(err);
    return set_source("vcs_url",
                      bu_arena_format(arena, "%s+%s%s%.*s", system, public,
                                      commit.len > 0 ? "@" : "", (int)commit.len,
                                      (const char *)commit.ptr),
                      package, err);
}

bulla_status bu_pypi_from_url(bu_lock *lock, bulla_bytes url, bu_pypi_package *package,
                              bulla_error *err)
{
    bulla_bytes plain = bu_bytes_first(url, bu_bytes_find(url, '#'));
    package->entry.origin = BULLA_ORIGIN_REGISTRY;
    package->entry.resolved = plain;
    return set_source("download_url", bu_lock_public_url(plain, lock->graph->arena), package, err);
}

void bu_pypi_from_path(bulla_bytes path, bool is_folder, bu_pypi_package *package)
{
    package->entry.resolved = path;
    package->entry.location = path;
    package->entry.origin = is_folder ? BULLA_ORIGIN_LOCAL : BULLA_ORIGIN_FILE;
    if (bu_pypi_leaves_project(path))
        package->entry.origin = BULLA_ORIGIN_OUTSIDE;
}

/* ---- Files ---- */

/* "%2B" in a URL is "+" in the name of the file. */
static bulla_status decode(bu_lock *lock, bulla_bytes *name, bulla_error *err)
{
    if (bu_bytes_find(*name, '%') == name->len)
        return BU_OK;
    bulla_bytes copy = bu_arena_copy(lock->graph->arena, *name);
    if (copy.ptr == NULL)
        return bu_no_memory(err);
    uint8_t *out = (uint8_t *)(uintptr_t)copy.ptr;
    size_t len = 0;
    for (size_t i = 0; i < copy.len; i++) {
        bulla_bytes hex = bu_bytes_first(bu_bytes_from(copy, i + 1), 2);
        out[len] = copy.ptr[i];
        if (copy.ptr[i] == '%' && hex.len == 2 && bulla_ok(bu_hex_decode(hex, &out[len], 1, NULL)))
            i += 2;
        len++;
    }
    *name = (bulla_bytes){ out, len };
    return BU_OK;
}

bulla_status bu_pypi_pin_file(bu_lock *lock, bulla_bytes name, bulla_bytes url, uint64_t size,
                              const bulla_digest_set *digests, bulla_file_pin *file,
                              bulla_error *err)
{
    if (name.len == 0) {
        name = bu_pypi_last_part(url);
        BU_TRY(decode(lock, &name, err));
    }
    return bu_lock_pin_file(lock, name, url, size, digests, file, err);
}

static bulla_status add_node_hash(bu_lock *lock, const bu_node *node, bulla_bytes alg,
                                  bulla_digest_set *set, bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_status status = BU_OK;
    BU_TRY(bu_node_need(lock->tree, node, BU_NODE_STRING, err));
    if (alg.len == 0)
        status = bu_pypi_add_hash(bu_node_text(node), set, &why);
    else if (bu_alg_of(alg) != BULLA_ALG_NONE)
        return bu_lock_add_hex(lock, node, bu_alg_of(alg), bu_node_text(node), set, err);
    if (bulla_ok(status))
        return BU_OK;
    return bu_node_fail(lock->tree, node, err, status.code, "%s", why.text);
}

static bulla_status read_hashes(bu_lock *lock, const bu_node *file, bulla_digest_set *set,
                                bulla_error *err)
{
    const bu_node *hash = bu_node_get(file, "hash"), *hashes;
    BU_TRY(bu_node_optional(lock->tree, file, "hashes", BU_NODE_TABLE, &hashes, err));
    if (hash != NULL)
        BU_TRY(add_node_hash(lock, hash, (bulla_bytes){ 0 }, set, err));
    BU_EACH_CHILD(one, hashes) {
        BU_TRY(add_node_hash(lock, one, bu_node_key(one), set, err));
    }
    return BU_OK;
}

/* The text of the first of these fields that is there. */
static bulla_status read_first(bu_lock *lock, const bu_node *table, const char *const *names,
                               bulla_bytes *out, bulla_error *err)
{
    *out = (bulla_bytes){ 0 };
    for (; *names != NULL && out->len == 0; names++) {
        const bu_node *node;
        BU_TRY(bu_node_optional(lock->tree, table, *names, BU_NODE_STRING, &node, err));
        *out = bu_node_text(node);
    }
    return BU_OK;
}

static bulla_status read_file(bu_lock *lock, const bu_node *node, bulla_file_pin *file,
                              bulla_error *err)
{
    static const char *const names[] = { "file", "filename", "name", NULL };
    static const char *const places[] = { "url", "path", NULL };
    bulla_digest_set digests = { 0 };
    bulla_bytes name, url;
    const bu_node *size;
    BU_TRY(bu_node_need(lock->tree, node, BU_NODE_TABLE, err));
    BU_TRY(read_first(lock, node, names, &name, err));
    BU_TRY(read_first(lock, node, places, &url, err));
    BU_TRY(bu_node_optional(lock->tree, node, "size", BU_NODE_INTEGER, &size, err));
    if (bu_node_integer(size) < 0)
        return bu_node_fail(lock->tree, size, err, BULLA_E_BAD_NUMBER, "a negative size");
    BU_TRY(read_hashes(lock, node, &digests, err));
    return bu_pypi_pin_file(lock, name, url, (uint64_t)bu_node_integer(size), &digests, file, err);
}

bulla_status bu_pypi_read_files(bu_lock *lock, const bu_node *one, const bu_node *many,
                                bu_pypi_package *package, bulla_error *err)
{
    size_t count = 0, most = (one == NULL ? 0 : 1) + bu_node_count(many);
    bulla_file_pin *files = bu_arena_get_array(lock->graph->arena, most, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    if (one != NULL)
        BU_TRY(read_file(lock, one, &files[count++], err));
    BU_EACH_CHILD(node, many) {
        BU_TRY(read_file(lock, node, &files[count++], err));
    }
    package->entry.files = files;
    package->entry.file_count = count;
    return BU_OK;
}

/* ---- Entries ---- */

bulla_status bu_pypi_note(bu_lock *lock, const bu_lock_entry *entry, bulla_code code,
                          const char *what, bulla_error *err)
{
    bu_flaw flaw = { .code = code,
                     .component = BULLA_NO_COMPONENT,
                     .what = what,
                     .lockfile = lock->file,
                     .line = entry->line,
                     .column = entry->column };
    if (what == NULL)
        return bu_no_memory(err);
    if (lock->tree != NULL)
        bu_tree_place(lock->tree, bu_node_offset(entry->node), &flaw.line, &flaw.column);
    return bu_graph_note(lock->graph, &flaw, err);
}

/* A folder of the project is proved by being one. */
static bulla_status place_folder(bu_lock *lock, size_t component, bulla_error *err)
{
    const bulla_component *c = &lock->graph->components[component];
    const bu_place place = { .component = component,
                             .parent = BULLA_NO_COMPONENT,
                             .path = c->location,
                             .folder = c->location,
                             .lockfile = lock->file };
    if (c->origin != BULLA_ORIGIN_LOCAL || c->location == NULL)
        return BU_OK;
    return bu_graph_place(lock->graph, &place, err);
}

bulla_status bu_pypi_add(bu_lock *lock, bu_pypi_package *package, size_t *out, bulla_error *err)
{
    bu_lock_entry *entry = &package->entry;
    size_t component;
    if (!bu_pypi_is_name(entry->name))
        return bu_lock_fail(lock, entry, err, BULLA_E_BAD_NAME,
                            "no Python package is named \"%.*s\"", (int)entry->name.len,
                            (const char *)entry->name.ptr);
    if (entry->version.len > 0 && !bu_pypi_is_version(entry->version))
        return bu_lock_fail(lock, entry, err, BULLA_E_BAD_SYNTAX, "not one exact version: \"%.*s\"",
                            (int)entry->version.len, (const char *)entry->version.ptr);
    entry->qualifiers = &package->source;
    entry->qualifier_count = package->source.value.len > 0 ? 1 : 0;
    BU_TRY(bu_lock_add(lock, entry, &component, err));
    if (out != NULL)
        *out = component;
    return place_folder(lock, component, err);
}

bulla_status bu_pypi_read_packages(bu_lock *lock, const bu_node *list, const bu_pypi_steps *steps,
                                   bulla_error *err)
{
    size_t component = lock->graph->count;
    BU_EACH_CHILD(node, list) {
        BU_TRY(bu_node_need(lock->tree, node, BU_NODE_TABLE, err));
        size_t added = lock->graph->count;
        BU_TRY(steps->add(steps->context, node, err));
        BU_TRY(name_it(lock, bu_bytes_of(lock->graph->components[added].name), added, err));
    }
    BU_EACH_CHILD(node, list) {
        BU_TRY(steps->connect(steps->context, node, component++, err));
    }
    return bu_lock_connect(lock, err);
}
