/* SPDX-License-Identifier: MIT */
/*
 * Root metadata and its chain. Refused are a version that is not the one
 * before plus one, a root that either its own threshold or the former one has
 * not signed, a threshold of nobody, and one key under two names.
 */
#include "trust/root.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/reader.h"
#include "digest/hasher.h"

#define ROOT_FILE   "root.json"
#define ROOT_SUFFIX ".root.json"

static const char *const role_names[BU_TUF_ROLE_COUNT] = { "root", "targets", "snapshot",
                                                           "timestamp" };

void bu_root_free(bu_root *root)
{
    if (root == NULL)
        return;
    for (size_t i = 0; i < BU_TUF_ROLE_COUNT; i++)
        bu_tuf_role_clear(&root->roles[i]);
    bu_tuf_keys_clear(&root->keys);
    free(root);
}

void bu_root_chain_clear(bu_root_chain *chain)
{
    bu_root_free(chain->root);
    *chain = (bu_root_chain){ 0 };
}

/* A role that we do not know could take trust away as well as give it. */
static bulla_status need_known_role(void *context, bulla_bytes key, const bu_json *value,
                                    bulla_error *err)
{
    (void)context;
    (void)value;
    for (size_t i = 0; i < BU_TUF_ROLE_COUNT; i++)
        if (bu_bytes_is(key, role_names[i]))
            return BU_OK;
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "unknown role %.*s", (int)key.len,
                   (const char *)key.ptr);
}

static bulla_status read_nonce(const bu_json *body, bu_root *root, bulla_error *err)
{
    bulla_bytes text;
    const bu_json *value = bu_json_get(body, BU_ROOT_NONCE);
    if (value == NULL)
        return BU_OK;
    if (!bu_json_text(value, &text) || text.len + 1 != sizeof root->nonce)
        return bu_fail(err, BULLA_E_BAD_ENCODING, BU_ROOT_NONCE " is not 32 hex digits");
    memcpy(root->nonce, text.ptr, text.len);
    return BU_OK;
}

static bulla_status read_body(const bu_metadata *m, bu_root *root, bulla_error *err)
{
    const bu_json *keys, *roles, *value;
    bulla_bytes kept;
    BU_TRY(bu_json_need_object(m->body, "keys", m->name, &keys, err));
    BU_TRY(bu_tuf_keys_read(keys, m->name, &root->keys, err));
    BU_TRY(bu_json_need_object(m->body, "roles", m->name, &roles, err));
    if (root->keys.manner == BU_TUF_OURS)
        BU_TRY(bu_json_each(roles, need_known_role, NULL, err));
    for (size_t i = 0; i < BU_TUF_ROLE_COUNT; i++) {
        BU_TRY(bu_json_need_object(roles, role_names[i], m->name, &value, err));
        bulla_status status = bu_tuf_role_read(&root->keys, value, m->name, &root->roles[i], err);
        if (!bulla_ok(status))
            return bu_within(err, status, "role %s", role_names[i]);
    }
    root->consistent_snapshot = bu_json_is_true(bu_json_get(m->body, "consistent_snapshot"));
    BU_TRY(read_nonce(m->body, root, err));
    root->one_time =
        bu_json_text(bu_json_get(m->body, BU_ROOT_KEPT), &kept) && bu_bytes_is(kept, BU_ROOT_NEVER);
    return BU_OK;
}

static bulla_status read_root(bu_tuf_manner manner, const bu_metadata *m, bu_root **out,
                              bulla_error *err)
{
    BU_AUTO(bu_root) root = calloc(1, sizeof *root);
    if (root == NULL)
        return bu_no_memory(err);
    root->keys.manner = manner;
    root->version = m->version;
    root->expires = m->expires;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&m->canonical), &root->content, err));
    BU_TRY(bu_in_file(err, read_body(m, root, err), m->name));
    *out = BU_STEAL(root);
    return BU_OK;
}

bulla_status bu_root_read(const bu_metadata *m, bu_root **out, bulla_error *err)
{
    return read_root(BU_TUF_OURS, m, out, err);
}

/* TUF 5.3.5: "the version number … MUST be exactly … N+1". */
static bulla_status need_version(const bu_metadata *m, int64_t want, bulla_error *err)
{
    if (m->version == want || want == 0)
        return BU_OK;
    char expected[24], got[24];
    (void)snprintf(expected, sizeof expected, "version %" PRId64, want);
    (void)snprintf(got, sizeof got, "version %" PRId64, m->version);
    bulla_status status = bu_fail(err, BULLA_E_ROLLBACK, "a root of another version");
    return bu_in_file(err, bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got)),
                      m->name);
}

/* TUF 5.3.4: signed by "a threshold of keys specified in the trusted root" and of its own. */
bulla_status bu_root_parse_as(bu_tuf_manner manner, bulla_bytes text, const char *name,
                              int64_t version, const bu_root *former, bu_root **out,
                              bulla_error *err)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_AUTO(bu_root) root = NULL;
    BU_TRY(bu_metadata_parse(text, name, "root", &m, err));
    BU_TRY(need_version(&m, version, err));
    if (former != NULL)
        BU_TRY(bu_within(err, bu_metadata_check(&m, &former->roles[BU_TUF_ROOT], err),
                         "not vouched for by the root before"));
    BU_TRY(read_root(manner, &m, &root, err));
    BU_TRY(bu_metadata_check(&m, &root->roles[BU_TUF_ROOT], err));
    *out = BU_STEAL(root);
    return BU_OK;
}

bulla_status bu_root_parse(bulla_bytes text, const char *name, int64_t version,
                           const bu_root *former, bu_root **out, bulla_error *err)
{
    return bu_root_parse_as(BU_TUF_OURS, text, name, version, former, out, err);
}

static bool has_key(const bu_tuf_role *role, const bu_key *key)
{
    for (size_t i = 0; i < role->count; i++)
        if (role->keys[i]->key != NULL && bu_key_equal(role->keys[i]->key, key))
            return true;
    return false;
}

bool bu_root_rotates(const bu_root *former, const bu_root *next, bu_tuf_role_id role)
{
    const bu_tuf_role *before = &former->roles[role];
    for (size_t i = 0; i < before->count; i++)
        if (before->keys[i]->key != NULL && !has_key(&next->roles[role], before->keys[i]->key))
            return true;
    return false;
}

/* The version in a name like "12.root.json"; 0 for all other names. */
static uint64_t version_of(const char *name)
{
    bu_reader r = bu_reader_of(bu_bytes_of(name));
    uint64_t version = bu_number(&r, INT64_MAX, "a version");
    bu_expect(&r, BULLA_LIT(ROOT_SUFFIX), ROOT_SUFFIX);
    return bulla_ok(bu_done(&r, NULL)) ? version : 0;
}

static bulla_status last_version(const bu_folder *folder, uint64_t *out, bulla_error *err)
{
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(bu_folder_list(folder, ROOT_SUFFIX, &names, err));
    *out = 1; /* so that a store without any root misses 1.root.json */
    for (size_t i = 0; i < names.count; i++)
        if (version_of(names.items[i]) > *out)
            *out = version_of(names.items[i]);
    if (*out > BU_LIMIT_ROOT_VERSIONS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u root versions",
                       BU_LIMIT_ROOT_VERSIONS);
    return BU_OK;
}

static bulla_status take(bulla_bytes text, const char *name, int64_t version, bu_root_chain *chain,
                         bulla_error *err)
{
    bu_root *next = NULL;
    BU_TRY(bu_root_parse(text, name, version, chain->root, &next, err));
    bu_root_free(chain->root);
    chain->root = next;
    if (version == 1)
        chain->identity = next->content;
    return bu_digest_of(BULLA_ALG_SHA256, text, &chain->newest, err);
}

static bulla_status step(const bu_folder *folder, uint64_t version, bu_root_chain *chain,
                         bu_buf *text, bulla_error *err)
{
    char name[40];
    (void)snprintf(name, sizeof name, "%" PRIu64 ROOT_SUFFIX, version);
    bu_buf_clear(text);
    BU_TRY(bu_file_slurp(folder, name, BU_LIMIT_METADATA_BYTES, text, err));
    return take(bu_buf_bytes(text), name, (int64_t)version, chain, err);
}

/*
 * root.json is the last of the numbered roots; or the one after it, when a change was killed before
 * that had its number. It must not say anything else.
 */
static bulla_status take_newest(const bu_folder *folder, bulla_bytes last, bu_root_chain *chain,
                                bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(folder, ROOT_FILE, BU_LIMIT_METADATA_BYTES, &text, err));
    if (bu_bytes_equal(bu_buf_bytes(&text), last))
        return BU_OK;
    bulla_status status =
        take(bu_buf_bytes(&text), ROOT_FILE, chain->root->version + 1, chain, err);
    if (bulla_ok(status) || status.code == BULLA_E_NO_MEMORY)
        return status;
    return bu_in_file(
        err, bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the newest of the numbered roots"),
        ROOT_FILE);
}

bulla_status bu_root_walk(const bu_folder *folder, int64_t now, bu_root_chain *out,
                          bulla_error *err)
{
    BU_CLEAR(bu_root_chain) chain = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    uint64_t last;
    BU_TRY(last_version(folder, &last, err));
    for (uint64_t version = 1; version <= last; version++)
        BU_TRY(step(folder, version, &chain, &text, err));
    BU_TRY(take_newest(folder, bu_buf_bytes(&text), &chain, err));
    BU_TRY(bu_metadata_fresh(ROOT_FILE, chain.root->expires, now, err));
    *out = chain;
    chain = (bu_root_chain){ 0 };
    return BU_OK;
}
