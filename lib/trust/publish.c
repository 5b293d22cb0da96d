/* SPDX-License-Identifier: MIT */
/*
 * Publishing: what is pinned first, then targets, roots and snapshot, and last
 * timestamp.json, so that whoever reads meanwhile sees one state or the other.
 * Names carry versions and digests (consistent snapshots).
 */
#include "trust/publish.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "digest/hasher.h"

/** One publication. */
typedef struct publishing {
    const bulla_trust_edit *edit;
    const bulla_trust *trust;
    bu_folder from;
    const char *to;
    int64_t version; /* of snapshot and timestamp */
} publishing;

static void publishing_clear(publishing *p)
{
    bu_folder_clear(&p->from);
}
BU_DEFINE_CLEAR(publishing)

/* What has such a name never changes: it is written once. */
static bulla_status put(const publishing *p, const char *name, bulla_bytes bytes, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    bu_buf_add_format(&path, "%s/%s", p->to, name);
    if (path.broken)
        return bu_no_memory(err);
    return bu_file_replace((const char *)path.ptr, bytes, 0644, err);
}

static bulla_status put_numbered(const publishing *p, int64_t version, const char *name,
                                 bulla_bytes bytes, bulla_error *err)
{
    BU_CLEAR(bu_buf) numbered = { 0 };
    bu_buf_add_format(&numbered, "%" PRId64 ".%s", version, name);
    if (numbered.broken)
        return bu_no_memory(err);
    return put(p, (const char *)numbered.ptr, bytes, err);
}

/* TUF 1.0.34 section 6.2.3: HASH.NAME in the folder of NAME. */
static bulla_status put_target(const publishing *p, const bu_pin *pin, bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_CLEAR(bu_buf) folder = { 0 };
    BU_CLEAR(bu_buf) name = { 0 };
    size_t len = bu_path_folder(bu_bytes_of(pin->name));
    const bulla_digest *digest = bulla_digest_set_get(&pin->digests, BULLA_ALG_SHA256);
    bu_buf_add_format(&folder, "%s/targets/%.*s", p->to, (int)len, pin->name);
    bu_buf_add_format(&name, "targets/%.*s%s.%s", (int)len, pin->name,
                      bulla_digest_hex(digest, hex), bu_path_name(pin->name));
    if (folder.broken || name.broken)
        return bu_no_memory(err);
    BU_TRY(bu_folder_make((const char *)folder.ptr, false, err));
    return put(p, (const char *)name.ptr, pin->bytes, err);
}

/* The bytes of metadata that was verified when the store was loaded. */
static bulla_status read_again(const publishing *p, const char *name, const bulla_digest *want,
                               bu_buf *out, bulla_error *err)
{
    bulla_digest got;
    BU_TRY(bu_file_slurp(&p->from, name, BU_LIMIT_METADATA_BYTES, out, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(out), &got, err));
    if (bulla_digest_equal(&got, want))
        return BU_OK;
    return bu_in_file(err, bu_fail(err, BULLA_E_HASH_MISMATCH, "changed while it was published"),
                      name);
}

/* The chain is verified by each client, one version at a time. */
static bulla_status put_roots(const publishing *p, bulla_error *err)
{
    const bu_root_chain *chain = &p->trust->chain;
    for (int64_t version = 1; version < chain->root->version; version++) {
        BU_CLEAR(bu_buf) name = { 0 };
        BU_CLEAR(bu_buf) text = { 0 };
        bu_buf_add_format(&name, "%" PRId64 ".root.json", version);
        if (name.broken)
            return bu_no_memory(err);
        BU_TRY(
            bu_file_slurp(&p->from, (const char *)name.ptr, BU_LIMIT_METADATA_BYTES, &text, err));
        BU_TRY(put(p, (const char *)name.ptr, bu_buf_bytes(&text), err));
    }
    BU_CLEAR(bu_buf) newest = { 0 };
    BU_TRY(read_again(p, "root.json", &chain->newest, &newest, err));
    return put_numbered(p, chain->root->version, "root.json", bu_buf_bytes(&newest), err);
}

/* Snapshot and timestamp: {"meta": {NAME: {version, length, hashes}}}. */
static bulla_status describe(bu_json *body, const char *name, int64_t version, bulla_bytes text,
                             bulla_error *err)
{
    BU_AUTO(bu_json) meta = bu_json_object();
    BU_AUTO(bu_json) row = bu_json_object();
    bulla_digest_set set = { 0 };
    bulla_digest digest;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, text, &digest, err));
    BU_TRY(bu_digest_set_add(&set, &digest, err));
    BU_TRY(bu_json_set(row, "version", bu_json_integer(version), err));
    BU_TRY(bu_json_set(row, "length", bu_json_integer((int64_t)text.len), err));
    BU_TRY(bu_json_set(row, "hashes", bu_json_digest_set(&set), err));
    BU_TRY(bu_json_set(meta, name, BU_STEAL(row), err));
    return bu_json_set(body, "meta", BU_STEAL(meta), err);
}

static bool may_sign(const bu_tuf_role *role, const bu_key *key)
{
    for (size_t i = 0; i < role->count; i++)
        if (bu_key_equal(role->keys[i]->key, key))
            return true;
    return false;
}

/* Signed by those of the keys that may, seen to be enough. */
static bulla_status seal(const publishing *p, const bu_json *body, const char *type,
                         const bu_tuf_role *role, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    size_t count = 0;
    bu_secret_key **keys =
        arena == NULL ? NULL : bu_arena_get_array(arena, p->edit->key_count + 1, sizeof *keys);
    if (keys == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < p->edit->key_count; i++)
        if (may_sign(role, bu_secret_key_public(p->edit->keys[i])))
            keys[count++] = p->edit->keys[i];
    BU_TRY(bu_metadata_seal(body, keys, count, out, err));
    BU_TRY(bu_metadata_parse(bu_buf_bytes(out), type, type, &m, err));
    return bu_metadata_check(&m, role, err);
}

static bulla_status make(const publishing *p, bu_tuf_role_id role, const char *type,
                         const char *named, int64_t named_version, bulla_bytes named_text,
                         bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) body = NULL;
    BU_TRY(bu_metadata_begin(type, p->version, p->edit->expires, &body, err));
    BU_TRY(describe(body, named, named_version, named_text, err));
    return seal(p, body, type, &p->trust->chain.root->roles[role], out, err);
}

/* Nothing is written before all that must be signed is. */
static bulla_status write_all(const publishing *p, bulla_error *err)
{
    const bulla_trust *trust = p->trust;
    BU_CLEAR(bu_buf) targets = { 0 };
    BU_CLEAR(bu_buf) snapshot = { 0 };
    BU_CLEAR(bu_buf) timestamp = { 0 };
    BU_TRY(read_again(p, "targets.json", &trust->digest, &targets, err));
    BU_TRY(make(p, BU_TUF_SNAPSHOT, "snapshot", "targets.json", trust->targets_version,
                bu_buf_bytes(&targets), &snapshot, err));
    BU_TRY(make(p, BU_TUF_TIMESTAMP, "timestamp", "snapshot.json", p->version,
                bu_buf_bytes(&snapshot), &timestamp, err));
    for (size_t i = 0; i < trust->pins.count; i++)
        BU_TRY(put_target(p, &trust->pins.items[i], err));
    BU_TRY(put_numbered(p, trust->targets_version, "targets.json", bu_buf_bytes(&targets), err));
    BU_TRY(put_roots(p, err));
    BU_TRY(put_numbered(p, p->version, "snapshot.json", bu_buf_bytes(&snapshot), err));
    return put(p, "timestamp.json", bu_buf_bytes(&timestamp), err);
}

/*
 * One more than was published last. A timestamp.json that these keys did not sign could drive the
 * version up to where none is left.
 */
static bulla_status settle_version(publishing *p, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_metadata) m = { 0 };
    p->version = 1;
    bu_buf_add_format(&path, "%s/timestamp.json", p->to);
    if (path.broken)
        return bu_no_memory(err);
    if (bu_folder_look(NULL, (const char *)path.ptr, NULL) == BU_PRESENCE_NONE)
        return BU_OK;
    BU_TRY(bu_file_slurp(NULL, (const char *)path.ptr, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_metadata_parse(bu_buf_bytes(&text), "timestamp.json", "timestamp", &m, err));
    bulla_status status =
        bu_metadata_check(&m, &p->trust->chain.root->roles[BU_TUF_TIMESTAMP], err);
    if (!bulla_ok(status))
        return bu_next(err, status, "publish into an empty folder: this was published by others");
    if (__builtin_add_overflow(m.version, 1, &p->version))
        return bu_fail(err, BULLA_E_BAD_NUMBER, "no version is left");
    return BU_OK;
}

/* A key that may sign neither is a mistake. */
static bulla_status need_roles(const publishing *p, bulla_error *err)
{
    const bu_tuf_role *roles = p->trust->chain.root->roles;
    for (size_t i = 0; i < p->edit->key_count; i++) {
        const bu_key *key = bu_secret_key_public(p->edit->keys[i]);
        if (!may_sign(&roles[BU_TUF_SNAPSHOT], key) && !may_sign(&roles[BU_TUF_TIMESTAMP], key))
            return bu_fail(err, BULLA_E_UNTRUSTED_KEY,
                           "key %s may sign neither snapshot nor "
                           "timestamp",
                           bu_key_id(key));
    }
    return BU_OK;
}

static bulla_status need_consistent(const bulla_trust *trust, bulla_error *err)
{
    if (trust->chain.root->consistent_snapshot)
        return BU_OK;
    return bu_next(
        err,
        bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "the root says that file names carry no version"),
        "make a new version of the root: bulla trust rotate --root");
}

bulla_status bu_publish(const bulla_trust_edit *edit, const char *to, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_folder) held = BU_FOLDER_NONE;
    BU_CLEAR(publishing) p = { .edit = edit, .from = BU_FOLDER_NONE, .to = to };
    if (edit->expires <= edit->now)
        return bu_next(err,
                       bu_fail(err, BULLA_E_BAD_TIME, "the new metadata would be expired at once"),
                       "give a later end with --expires");
    BU_TRY(bu_store_load(edit->folder, edit->now, &trust, err));
    p.trust = trust;
    BU_TRY(need_consistent(trust, err));
    BU_TRY(need_roles(&p, err));
    BU_TRY(bu_folder_open(edit->folder, &p.from, err));
    BU_TRY(bu_folder_make(to, false, err));
    BU_TRY(bu_folder_hold(to, &held, err)); /* two at once would publish one version twice */
    BU_TRY(settle_version(&p, err));
    return write_all(&p, err);
}
