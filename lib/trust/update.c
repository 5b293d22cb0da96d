/* SPDX-License-Identifier: MIT */
/*
 * Bringing a served store up to date. The new store is made whole beside the
 * old one, loaded as any store is, and then takes its place in one step: a kill
 * at any moment leaves the old or the new.
 */
#include <inttypes.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/vec.h"
#include "trust/served.h"
#include "trust/tuf_client.h"

#define ROOT_FILE "root.json"

/** A file of the new store. */
typedef struct staged {
    const char *name;
    bulla_bytes bytes;
} staged;

/** The new store, in memory until all of it is known to be good. */
typedef struct update {
    const bulla_tuf_options *options;
    bu_arena *arena;
    bu_folder folder; /* of the old store */
    bulla_trust *old;
    int64_t root_version; /* of the newest root so far */
    staged *files;
    size_t count, cap;
    bool changed;
} update;

static void update_clear(update *u)
{
    bulla_trust_free(u->old);
    bu_folder_clear(&u->folder);
    bu_arena_free(u->arena);
    free(u->files);
}
BU_DEFINE_CLEAR(update)

static staged *find(const update *u, const char *name)
{
    for (size_t i = 0; i < u->count; i++)
        if (strcmp(u->files[i].name, name) == 0)
            return &u->files[i];
    return NULL;
}

static bulla_status stage(update *u, const char *name, bulla_bytes bytes, bulla_error *err)
{
    staged *file = find(u, name);
    if (file == NULL) {
        BU_TRY(bu_vec_grow(&u->files, u->count, &u->cap, sizeof *u->files, err));
        file = &u->files[u->count];
        file->name = bu_arena_text(u->arena, bu_bytes_of(name));
        if (file->name == NULL)
            return bu_no_memory(err);
        u->count++;
    }
    file->bytes = bu_arena_copy(u->arena, bytes);
    return file->bytes.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status stage_root(update *u, int64_t version, bulla_bytes text, bulla_error *err)
{
    const char *name = bu_arena_format(u->arena, "%" PRId64 "." ROOT_FILE, version);
    if (name == NULL)
        return bu_no_memory(err);
    BU_TRY(stage(u, name, text, err));
    return stage(u, ROOT_FILE, text, err);
}

/* The shelf: what is staged, else what the old store has. */

static bulla_status load(void *context, const char *name, bu_buf *out, bulla_error *err)
{
    const update *u = context;
    const staged *file = find(u, name);
    if (file == NULL)
        return bu_file_slurp(&u->folder, name, BU_LIMIT_METADATA_BYTES, out, err);
    bu_buf_add(out, file->bytes);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* Roots come one version after the other. */
static bulla_status save(void *context, const char *name, bulla_bytes content, bulla_error *err)
{
    update *u = context;
    u->changed = true;
    if (strcmp(name, ROOT_FILE) == 0)
        return stage_root(u, ++u->root_version, content, err);
    return stage(u, name, content, err);
}

/* Rotated keys: what is on the shelf is looked at again with the new ones, and is nothing then. */
static bulla_status drop(void *context, const char *name, bulla_error *err)
{
    return stage(context, name, BULLA_LIT(" "), err);
}

/* What the new store takes over */

static bulla_status keep_roots(update *u, bulla_error *err)
{
    for (int64_t version = 1; version <= u->old->chain.root->version; version++) {
        BU_CLEAR(bu_buf) text = { 0 };
        const char *name = bu_arena_format(u->arena, "%" PRId64 "." ROOT_FILE, version);
        if (name == NULL)
            return bu_no_memory(err);
        bool numbered = bu_folder_look(&u->folder, name, NULL) != BU_PRESENCE_NONE;
        BU_TRY(bu_file_slurp(&u->folder, numbered ? name : ROOT_FILE, BU_LIMIT_METADATA_BYTES,
                             &text, err));
        BU_TRY(stage_root(u, version, bu_buf_bytes(&text), err));
    }
    u->root_version = u->old->chain.root->version;
    return BU_OK;
}

static bulla_status keep_metadata(update *u, const char *name, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (find(u, name) != NULL)
        return BU_OK;
    BU_TRY(bu_file_slurp(&u->folder, name, BU_LIMIT_METADATA_BYTES, &text, err));
    return stage(u, name, bu_buf_bytes(&text), err);
}

static bulla_status bring_pin(update *u, const bu_tuf_client *client, const bu_pin *pin,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) fetched = { 0 };
    const bu_tuf_file file = { .has_length = true, .length = pin->length, .digests = pin->digests };
    const bu_pin *before = bu_pins_find(&u->old->pins, bu_bytes_of(pin->name));
    if (before != NULL && bulla_ok(bu_tuf_file_check(&file, before->bytes, NULL)))
        return stage(u, pin->name, before->bytes, err);
    BU_TRY(bu_tuf_fetch(client, pin->name, &file, &fetched, err));
    return stage(u, pin->name, bu_buf_bytes(&fetched), err);
}

static bulla_status bring_pins(update *u, const bu_tuf_client *client, bulla_error *err)
{
    BU_CLEAR(bu_pins) pins = { .arena = u->arena };
    BU_TRY(bu_targets_read(&client->targets, &pins, err));
    for (size_t i = 0; i < pins.count; i++)
        BU_TRY(bring_pin(u, client, &pins.items[i], err));
    return BU_OK;
}

static bulla_status bring(update *u, bulla_tuf_versions *out, bulla_error *err)
{
    const bulla_tuf_options *o = u->options;
    BU_CLEAR(bu_tuf_client)
    client = {
        .manner = BU_TUF_OURS,
        .shelf = { load, save, drop, u },
        .fetcher = o->fetcher,
        .url = o->url,
        .target_url = o->target_url,
        .now = o->now,
    };
    BU_TRY(keep_roots(u, err));
    BU_TRY(bu_tuf_refresh(&client, err));
    BU_TRY(keep_metadata(u, "timestamp.json", err));
    BU_TRY(keep_metadata(u, "snapshot.json", err));
    BU_TRY(keep_metadata(u, "targets.json", err));
    BU_TRY(bring_pins(u, &client, err));
    *out = (bulla_tuf_versions){ client.root->version, client.timestamp.version,
                                 client.snapshot.version, client.targets.version };
    return BU_OK;
}

/* Putting it in place */

static bulla_status write_all(const update *u, const char *folder, bulla_error *err)
{
    for (size_t i = 0; i < u->count; i++) {
        char *path = bu_arena_format(u->arena, "%s/%s", folder, u->files[i].name);
        if (path == NULL)
            return bu_no_memory(err);
        char *slash = strrchr(path, '/');
        *slash = '\0';
        BU_TRY(bu_folder_make(path, false, err));
        *slash = '/';
        BU_TRY(bu_file_replace(path, u->files[i].bytes, 0644, err));
    }
    return BU_OK;
}

/* Loaded as any store is: whatever is wrong with it shows now. */
static bulla_status check_new(const update *u, const char *folder, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_folder) opened = BU_FOLDER_NONE;
    BU_TRY(bu_store_load(folder, u->options->now, &trust, err));
    BU_TRY(bu_folder_open(folder, &opened, err));
    return bu_store_check_served(&opened, u->options->now, trust, err);
}

/* A file of a store that is in nobody's use, and the folders that this leaves empty. */
static bulla_status remove_file(const char *folder, const char *name, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    bu_buf_add_format(&path, "%s/%s", folder, name);
    if (path.broken)
        return bu_no_memory(err);
    BU_TRY(bu_file_remove((const char *)path.ptr, err));
    size_t len = bu_path_folder(bu_bytes_of(name));
    while (len > 0) {
        path.ptr[strlen(folder) + len] = '\0';
        bu_folder_remove((const char *)path.ptr);
        len = bu_path_folder((bulla_bytes){ (const uint8_t *)name, len - 1 });
    }
    return BU_OK;
}

static bulla_status remove_store(const update *u, const char *folder, bulla_error *err)
{
    for (size_t i = 0; i < u->count; i++)
        BU_TRY(remove_file(folder, u->files[i].name, err));
    for (size_t i = 0; i < u->old->pins.count; i++)
        BU_TRY(remove_file(folder, u->old->pins.items[i].name, err));
    return BU_OK;
}

/* What people laid beside the store stays there. */
static bulla_status keep_others(const update *u, const char *from, const char *to, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(bu_folder_open(from, &folder, err));
    BU_TRY(bu_folder_list(&folder, "", &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *old = bu_arena_format(u->arena, "%s/%s", from, names.items[i]);
        const char *new = bu_arena_format(u->arena, "%s/%s", to, names.items[i]);
        if (old == NULL || new == NULL)
            return bu_no_memory(err);
        if (bu_folder_look(NULL, new, NULL) == BU_PRESENCE_NONE)
            BU_TRY(bu_file_move(old, new, err));
    }
    return BU_OK;
}

static bulla_status put_in_place(const update *u, const char *folder, bulla_error *err)
{
    uint64_t random;
    bu_random(&random, sizeof random);
    const char *beside = bu_arena_format(u->arena, "%s.%016" PRIx64, folder, random);
    if (beside == NULL)
        return bu_no_memory(err);
    bulla_status status = write_all(u, beside, err);
    if (bulla_ok(status))
        status = check_new(u, beside, err);
    if (bulla_ok(status))
        status = bu_folder_swap(beside, folder, err);
    bool is_new = bulla_ok(status);
    bulla_status removed = remove_store(u, beside, is_new ? err : NULL);
    if (is_new && bulla_ok(removed))
        removed = keep_others(u, beside, folder, err);
    bu_folder_remove(beside);
    return is_new ? removed : status;
}

/* Without slashes at its end, so that something can stand beside it. */
static bulla_status plain_path(const update *u, const char **out, bulla_error *err)
{
    bulla_bytes path = bu_bytes_of(u->options->folder);
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    if (bu_bytes_is(path, ".") || bu_bytes_ends(path, "..") || bu_bytes_ends(path, "/.") ||
        bu_bytes_ends(path, "/"))
        return bu_fail(err, BULLA_E_USAGE, "name the store's folder itself, not the way to it");
    *out = bu_arena_text(u->arena, path);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_store_update(const bulla_tuf_options *options, bulla_tuf_versions *out,
                             bulla_error *err)
{
    BU_CLEAR(update) u = { .options = options, .arena = bu_arena_new(), .folder = BU_FOLDER_NONE };
    const char *folder;
    if (u.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_sodium_ready(err));
    BU_TRY(plain_path(&u, &folder, err));
    BU_TRY(bu_folder_hold(folder, &u.folder, err));
    BU_TRY(bu_store_load(folder, INT64_MIN, &u.old, err));
    BU_TRY(bring(&u, out, err));
    return u.changed ? put_in_place(&u, folder, err) : BU_OK;
}
