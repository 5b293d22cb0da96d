/* SPDX-License-Identifier: MIT */
/*
 * Making and changing a store. Nothing is written before all of it is known to
 * be loadable: the new trust.toml is read back and the new metadata checked
 * against the root. Replacing targets.json is the one step at which the store
 * becomes the new one; a kill at any moment leaves the old or the new.
 */
#include "trust/edit.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "trust/certificates.h"
#include "trust/change.h"
#include "trust/trust_toml.h"

/* Files. */

/** A file of the store on its way out. */
typedef struct outgoing {
    char *path, *draft;
    bulla_bytes bytes;
} outgoing;

/* All memory is got before the first byte is written. */
static bulla_status plan_files(const char *folder, const bu_pins *pins, bu_arena *arena,
                               outgoing **out, bulla_error *err)
{
    outgoing *files = bu_arena_get_array(arena, pins->count, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < pins->count; i++) {
        files[i].path = bu_arena_format(arena, "%s/%s", folder, pins->items[i].name);
        files[i].draft = bu_arena_format(arena, "%s/%s" BU_DRAFT, folder, pins->items[i].name);
        files[i].bytes = pins->items[i].bytes;
        if (files[i].path == NULL || files[i].draft == NULL)
            return bu_no_memory(err);
    }
    *out = files;
    return BU_OK;
}

static bulla_status write_draft(const outgoing *file, bulla_error *err)
{
    char *slash = strrchr(file->path, '/');
    *slash = '\0';
    bulla_status status = bu_folder_make(file->path, false, err);
    *slash = '/';
    BU_TRY(status);
    return bu_file_replace(file->draft, file->bytes, 0644, err);
}

static bulla_status write_store(const char *folder, const bu_pins *pins, bulla_bytes targets,
                                bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    outgoing *files = NULL;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(plan_files(folder, pins, arena, &files, err));
    const char *commit = bu_arena_format(arena, "%s/targets.json", folder);
    if (commit == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < pins->count; i++)
        BU_TRY(write_draft(&files[i], err));
    BU_TRY(bu_file_replace(commit, targets, 0644, err));
    for (size_t i = 0; i < pins->count; i++)
        BU_TRY(bu_file_move(files[i].draft, files[i].path, err));
    return BU_OK;
}

/*
 * Bring the change before this one to its end, if it was killed: its drafts are what is pinned, and
 * new ones would take their place before the new targets.json is there.
 */
static bulla_status finish_last(const char *folder, const bu_pins *pins, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    outgoing *files = NULL;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(plan_files(folder, pins, arena, &files, err));
    for (size_t i = 0; i < pins->count; i++)
        if (pins->items[i].is_draft)
            BU_TRY(bu_file_move(files[i].draft, files[i].path, err));
    return BU_OK;
}

static bulla_status write_root(const char *folder, const char *name, bulla_bytes root,
                               bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const char *path = arena == NULL ? NULL : bu_arena_format(arena, "%s/%s", folder, name);
    if (path == NULL)
        return bu_no_memory(err);
    return bu_file_create(path, root, 0644, err);
}

static bulla_status need_future(const bulla_trust_edit *edit, bulla_error *err)
{
    if (edit->expires > edit->now)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_TIME, "the new metadata would be expired at once");
}

/* Making. */

static bulla_status need_empty(const char *path, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(bu_folder_make(path, false, err));
    BU_TRY(bu_folder_open(path, &folder, err));
    BU_TRY(bu_folder_list(&folder, "", &names, err));
    if (names.count == 0)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_WRITE_ERROR, "the folder is not empty");
    (void)bu_next(err, status, "name a new folder, or change the store that is there: trust add");
    return bu_in_file(err, status, path);
}

/* Read a new trust.toml, and the certificates that it names. */
static bulla_status read_new(bulla_bytes text, bulla_trust *trust, bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    BU_TRY(bu_trust_toml_read(text, trust, err));
    return bu_certificates_open(trust, NULL, &pgp, err);
}

/* The first trust.toml and the files that it names, as they are: a person's comments are kept. */
static bulla_status gather(const char *contents, bu_folder *folder, bulla_trust *trust,
                           bulla_error *err)
{
    bulla_bytes text;
    if (contents == NULL) {
        BU_CLEAR(bu_buf) empty = { 0 };
        bu_trust_toml_write(trust, &empty);
        if (empty.broken)
            return bu_no_memory(err);
        return bu_pins_put(&trust->pins, BULLA_LIT(BU_TRUST_TOML), bu_buf_bytes(&empty), err);
    }
    BU_TRY(bu_folder_open(contents, folder, err));
    trust->pins.source = folder;
    BU_TRY(bu_pins_use(&trust->pins, BULLA_LIT(BU_TRUST_TOML), &text, err));
    return read_new(text, trust, err);
}

static bulla_status make_store(const bulla_trust_edit *edit, const bu_root_plan *plan,
                               const char *contents, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_buf) root = { 0 };
    BU_CLEAR(bu_buf) targets = { 0 };
    BU_TRY(bu_store_new(&trust, err));
    BU_TRY(gather(contents, &folder, trust, err));
    BU_TRY(bu_root_write(plan, &root, err));
    BU_TRY(bu_targets_write(&trust->pins, 1, plan->expires, plan->keys, plan->key_count, &targets,
                            err));
    if (root.broken || targets.broken)
        return bu_no_memory(err);
    BU_TRY(need_empty(edit->folder, err));
    BU_TRY(write_root(edit->folder, "1.root.json", bu_buf_bytes(&root), err));
    BU_TRY(write_root(edit->folder, "root.json", bu_buf_bytes(&root), err));
    return write_store(edit->folder, &trust->pins, bu_buf_bytes(&targets), err);
}

bulla_status bu_store_init(const bulla_trust_edit *edit, uint32_t threshold, const char *contents,
                           bulla_error *err)
{
    BU_AUTO(bu_secret_key) fresh = NULL;
    bu_root_plan plan = { edit->keys, edit->key_count, threshold, edit->expires, false };
    BU_TRY(need_future(edit, err));
    if (edit->key_count == 0) {
        BU_TRY(bu_secret_key_new(BULLA_KEY_ED25519, &fresh, err));
        plan.keys = &fresh;
        plan.key_count = 1;
        plan.one_time = true;
    }
    return make_store(edit, &plan, contents, err);
}

/* Changing. */

/* What was pinned stays pinned, but for certificates that trust.toml names no more. */
static bulla_status pin_anew(const bulla_trust *old, bulla_trust *next, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_trust_toml_write(old, &text);
    if (text.broken)
        return bu_no_memory(err);
    for (size_t i = 0; i < old->pins.count; i++)
        BU_TRY(bu_pins_put(&next->pins, bu_bytes_of(old->pins.items[i].name),
                           old->pins.items[i].bytes, err));
    BU_TRY(bu_pins_put(&next->pins, BULLA_LIT(BU_TRUST_TOML), bu_buf_bytes(&text), err));
    BU_TRY(read_new(bu_buf_bytes(&text), next, err));
    size_t kept = 0;
    for (size_t i = 0; i < next->pins.count; i++)
        if (next->pins.items[i].used ||
            !bu_bytes_starts(bu_bytes_of(next->pins.items[i].name), BU_CERTIFICATES))
            next->pins.items[kept++] = next->pins.items[i];
    next->pins.count = kept;
    return BU_OK;
}

static bulla_status need_role_key(const bu_tuf_role *role, const bu_secret_key *key,
                                  bulla_error *err)
{
    const bu_key *public = bu_secret_key_public(key);
    for (size_t i = 0; i < role->count; i++)
        if (bu_key_equal(role->keys[i]->key, public))
            return BU_OK;
    return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "key %s may not sign for this store",
                   bu_key_id(public));
}

/* The new targets.json, seen to be one that loading will believe. */
static bulla_status seal_targets(const bulla_trust_edit *edit, const bulla_trust *old,
                                 const bu_pins *pins, bu_buf *out, bulla_error *err)
{
    const bu_tuf_role *role = &old->chain.root->roles[BU_TUF_TARGETS];
    BU_CLEAR(bu_metadata) m = { 0 };
    int64_t version;
    if (__builtin_add_overflow(old->targets_version, 1, &version))
        return bu_fail(err, BULLA_E_BAD_NUMBER, "no version is left");
    for (size_t i = 0; i < edit->key_count; i++)
        BU_TRY(need_role_key(role, edit->keys[i], err));
    BU_TRY(bu_targets_write(pins, version, edit->expires, edit->keys, edit->key_count, out, err));
    BU_TRY(bu_metadata_parse(bu_buf_bytes(out), "targets.json", "targets", &m, err));
    return bu_metadata_check(&m, role, err);
}

static bulla_status publish(const bulla_trust_edit *edit, const bulla_trust *old, bulla_error *err)
{
    BU_AUTO(bulla_trust) next = NULL;
    BU_CLEAR(bu_buf) targets = { 0 };
    BU_TRY(bu_store_new(&next, err));
    BU_TRY(pin_anew(old, next, err));
    BU_TRY(seal_targets(edit, old, &next->pins, &targets, err));
    BU_TRY(finish_last(edit->folder, &old->pins, err));
    return write_store(edit->folder, &next->pins, bu_buf_bytes(&targets), err);
}

/* Expired targets can be renewed by any change; an expired root cannot. */
static bulla_status load_for_change(const bulla_trust_edit *edit, bulla_trust **out,
                                    bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(need_future(edit, err));
    BU_TRY(bu_store_load(edit->folder, INT64_MIN, &trust, err));
    BU_TRY(bu_metadata_fresh("root.json", trust->chain.root->expires, edit->now, err));
    *out = BU_STEAL(trust);
    return BU_OK;
}

bulla_status bu_store_add(const bulla_trust_edit *edit, const bulla_trust_addition *addition,
                          bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(load_for_change(edit, &trust, err));
    BU_TRY(bu_change_add(trust, addition, err));
    return publish(edit, trust, err);
}

bulla_status bu_store_remove(const bulla_trust_edit *edit, const char *person, const char *role,
                             const char *keyid, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(load_for_change(edit, &trust, err));
    BU_TRY(bu_change_remove(trust, person, role, keyid, err));
    return publish(edit, trust, err);
}
