/* SPDX-License-Identifier: MIT */
/*
 * The client workflow, in the order of section 5. Metadata that is refused
 * leaves what was trusted before as it was.
 */
#include "trust/tuf_client.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "trust/tuf_name.h"

#define ROOT_FILE      "root.json"
#define TIMESTAMP_FILE "timestamp.json"
#define SNAPSHOT_FILE  "snapshot.json"
#define TARGETS_FILE   "targets.json"

void bu_tuf_client_clear(bu_tuf_client *client)
{
    bu_root_free(client->root);
    bu_metadata_clear(&client->timestamp);
    bu_metadata_clear(&client->snapshot);
    bu_metadata_clear(&client->targets);
    *client = (bu_tuf_client){ 0 };
}

/* Fetching */

static void add_base(const char *url, bu_buf *out)
{
    bu_buf_add_text(out, url);
    if (!bu_bytes_ends(bu_bytes_of(url), "/"))
        bu_buf_add_byte(out, '/');
}

static bulla_status get(const bu_tuf_client *client, const bu_buf *url, uint64_t max, bu_buf *out,
                        bulla_error *err)
{
    bulla_buffer body = { 0 };
    if (url->broken)
        return bu_no_memory(err);
    const bulla_fetcher *fetcher = client->fetcher;
    BU_TRY(bu_in_file(err, fetcher->get(fetcher->context, (const char *)url->ptr, max, &body, err),
                      (const char *)url->ptr));
    bool too_long = body.len > max;
    if (!too_long)
        bu_buf_add(out, (bulla_bytes){ body.ptr, body.len });
    bulla_buffer_free(&body);
    if (too_long)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %" PRIu64 " bytes", max);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* "VERSION.ROLE.json" below the repository's URL; version 0: without. */
static bulla_status get_metadata(const bu_tuf_client *client, const char *role, int64_t version,
                                 uint64_t max, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) url = { 0 };
    add_base(client->url, &url);
    if (version > 0)
        bu_buf_add_format(&url, "%" PRId64 ".", version);
    bu_tuf_quote(bu_bytes_of(role), &url);
    bu_buf_add_text(&url, ".json");
    return get(client, &url, max, out, err);
}

/* 5.2 and 5.3: root */

static bulla_status load_root(bu_tuf_client *client, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(client->shelf.load(client->shelf.context, ROOT_FILE, &text, err));
    return bu_root_parse_as(client->manner, bu_buf_bytes(&text), ROOT_FILE, 0, NULL, &client->root,
                            err);
}

/* 5.3.11: what a key signed that was taken away since may be a fast-forward attack. */
static bulla_status forget_rotated(const bu_tuf_client *client, const bu_root *next,
                                   bulla_error *err)
{
    if (!bu_root_rotates(client->root, next, BU_TUF_TIMESTAMP) &&
        !bu_root_rotates(client->root, next, BU_TUF_SNAPSHOT))
        return BU_OK;
    BU_TRY(client->shelf.drop(client->shelf.context, TIMESTAMP_FILE, err));
    return client->shelf.drop(client->shelf.context, SNAPSHOT_FILE, err);
}

static bulla_status take_root(bu_tuf_client *client, int64_t version, bulla_bytes text,
                              bulla_error *err)
{
    BU_AUTO(bu_root) next = NULL;
    char name[40];
    (void)snprintf(name, sizeof name, "%" PRId64 "." ROOT_FILE, version);
    BU_TRY(bu_root_parse_as(client->manner, text, name, version, client->root, &next, err));
    BU_TRY(forget_rotated(client, next, err));
    BU_TRY(client->shelf.save(client->shelf.context, ROOT_FILE, text, err));
    bu_root_free(client->root);
    client->root = BU_STEAL(next);
    return BU_OK;
}

/* 5.3.3: one version at a time, until there is no next or a limit is reached. */
static bulla_status update_root(bu_tuf_client *client, bulla_error *err)
{
    for (uint32_t i = 0; i < BU_LIMIT_ROOT_VERSIONS; i++) {
        BU_CLEAR(bu_buf) text = { 0 };
        int64_t version;
        if (__builtin_add_overflow(client->root->version, 1, &version))
            return bu_fail(err, BULLA_E_BAD_NUMBER, "no version of root is left");
        bulla_status status =
            get_metadata(client, "root", version, BU_LIMIT_TUF_ROOT_BYTES, &text, err);
        if (status.code == BULLA_E_MISSING_FILE)
            break;
        BU_TRY(status);
        BU_TRY(take_root(client, version, bu_buf_bytes(&text), err));
    }
    return bu_metadata_fresh(ROOT_FILE, client->root->expires, client->now, err);
}

/* What all other roles have in common. */

/** Metadata that is wanted: whose, signed by whom, and what is said of it. */
typedef struct wanted {
    const char *role, *type;
    const char *file; /* on the shelf, and in errors */
    const bu_tuf_role *keys;
    const bu_tuf_file *pinned; /* NULL: of timestamp nothing is said */
    uint64_t max;
} wanted;

static bulla_status read_signed(const wanted *w, bulla_bytes text, bu_metadata *out,
                                bulla_error *err)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_TRY(bu_metadata_parse(text, w->file, w->type, &m, err));
    BU_TRY(bu_metadata_check(&m, w->keys, err));
    *out = m;
    m = (bu_metadata){ 0 };
    return BU_OK;
}

static bulla_status need_pinned_version(const wanted *w, const bu_metadata *m, bulla_error *err)
{
    if (m->version == w->pinned->version)
        return BU_OK;
    char expected[32], got[32];
    (void)snprintf(expected, sizeof expected, "version %" PRId64, w->pinned->version);
    (void)snprintf(got, sizeof got, "version %" PRId64, m->version);
    bulla_status status =
        bu_fail(err, BULLA_E_ROLLBACK, "is not of the version that is listed for it");
    return bu_in_file(err, bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got)),
                      w->file);
}

/* The order of 5.5.2 to 5.5.6 and 5.6.2 to 5.6.5. */
static bulla_status read_pinned(const bu_tuf_client *client, const wanted *w, bulla_bytes text,
                                bu_metadata *out, bulla_error *err)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_TRY(bu_in_file(err, bu_tuf_file_check(w->pinned, text, err), w->file));
    BU_TRY(read_signed(w, text, &m, err));
    BU_TRY(need_pinned_version(w, &m, err));
    BU_TRY(bu_metadata_fresh(w->file, m.expires, client->now, err));
    *out = m;
    m = (bu_metadata){ 0 };
    return BU_OK;
}

/* What is on the shelf and signed as it should be; what is not there, or no good, is left empty. */
static bulla_status load(const bu_tuf_client *client, const wanted *w, bu_buf *text,
                         bu_metadata *out, bulla_error *err)
{
    bulla_status status = client->shelf.load(client->shelf.context, w->file, text, NULL);
    if (bulla_ok(status))
        status = read_signed(w, bu_buf_bytes(text), out, NULL);
    return status.code == BULLA_E_NO_MEMORY ? bu_no_memory(err) : BU_OK;
}

static bulla_status fetch_pinned(const bu_tuf_client *client, const wanted *w, bu_buf *text,
                                 bu_metadata *out, bulla_error *err)
{
    uint64_t max = w->max;
    if (w->pinned->has_length && w->pinned->length < max)
        max = w->pinned->length;
    bu_buf_clear(text);
    BU_TRY(get_metadata(client, w->role, client->root->consistent_snapshot ? w->pinned->version : 0,
                        max, text, err));
    return read_pinned(client, w, bu_buf_bytes(text), out, err);
}

/* 5.4: timestamp */

static bulla_status check_newer(const bu_tuf_client *client, const bu_metadata *next,
                                bulla_error *err)
{
    const bu_metadata *before = &client->timestamp;
    if (before->json == NULL)
        return BU_OK;
    if (next->version < before->version) {
        char expected[48], got[32];
        (void)snprintf(expected, sizeof expected, "version %" PRId64 " or later", before->version);
        (void)snprintf(got, sizeof got, "version %" PRId64, next->version);
        bulla_status status =
            bu_fail(err, BULLA_E_ROLLBACK, "an older version than one seen before");
        return bu_in_file(err, bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got)),
                          TIMESTAMP_FILE);
    }
    return bu_tuf_meta_no_older(before, next, err);
}

static bulla_status fetch_timestamp(bu_tuf_client *client, const wanted *w, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_metadata) next = { 0 };
    BU_TRY(get_metadata(client, w->role, 0, w->max, &text, err));
    BU_TRY(read_signed(w, bu_buf_bytes(&text), &next, err));
    if (client->timestamp.json != NULL && next.version == client->timestamp.version)
        return BU_OK; /* 5.4.3.1: "discard the new timestamp metadata … This is normal" */
    BU_TRY(check_newer(client, &next, err));
    BU_TRY(bu_metadata_fresh(w->file, next.expires, client->now, err));
    BU_TRY(client->shelf.save(client->shelf.context, w->file, bu_buf_bytes(&text), err));
    bu_metadata_clear(&client->timestamp);
    client->timestamp = next;
    next = (bu_metadata){ 0 };
    return BU_OK;
}

static bulla_status update_timestamp(bu_tuf_client *client, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    const wanted w = { "timestamp",    "timestamp",
                       TIMESTAMP_FILE, &client->root->roles[BU_TUF_TIMESTAMP],
                       NULL,           BU_LIMIT_TUF_TIME_BYTES };
    BU_TRY(load(client, &w, &text, &client->timestamp, err));
    BU_TRY(fetch_timestamp(client, &w, err));
    return bu_metadata_fresh(TIMESTAMP_FILE, client->timestamp.expires, client->now, err);
}

/* 5.5: snapshot */

static bulla_status update_snapshot(bu_tuf_client *client, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_metadata) before = { 0 };
    bu_tuf_file pinned;
    const wanted w = { "snapshot",    "snapshot",
                       SNAPSHOT_FILE, &client->root->roles[BU_TUF_SNAPSHOT],
                       &pinned,       BU_LIMIT_METADATA_BYTES };
    BU_TRY(bu_tuf_meta_find(&client->timestamp, SNAPSHOT_FILE, &pinned, err));
    BU_TRY(load(client, &w, &text, &before, err));
    bulla_status status = read_pinned(client, &w, bu_buf_bytes(&text), &client->snapshot, NULL);
    if (bulla_ok(status))
        return BU_OK;
    BU_TRY(fetch_pinned(client, &w, &text, &client->snapshot, err));
    if (before.json != NULL)
        BU_TRY(bu_tuf_meta_no_older(&before, &client->snapshot, err));
    return client->shelf.save(client->shelf.context, w.file, bu_buf_bytes(&text), err);
}

/* 5.6: targets, and delegated targets alike */

bulla_status bu_tuf_bring_targets(const bu_tuf_client *client, const char *name,
                                  const bu_tuf_role *role, const char *file, bu_metadata *out,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) listed = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bu_tuf_file pinned;
    const wanted w = { name, "targets", file, role, &pinned, BU_LIMIT_METADATA_BYTES };
    bu_buf_add_format(&listed, "%s.json", name);
    if (listed.broken)
        return bu_no_memory(err);
    BU_TRY(bu_tuf_meta_find(&client->snapshot, (const char *)listed.ptr, &pinned, err));
    bulla_status status = client->shelf.load(client->shelf.context, file, &text, NULL);
    if (bulla_ok(status))
        status = read_pinned(client, &w, bu_buf_bytes(&text), out, NULL);
    if (bulla_ok(status))
        return BU_OK;
    BU_TRY(fetch_pinned(client, &w, &text, out, err));
    return client->shelf.save(client->shelf.context, file, bu_buf_bytes(&text), err);
}

bulla_status bu_tuf_refresh(bu_tuf_client *client, bulla_error *err)
{
    BU_TRY(load_root(client, err));
    BU_TRY(update_root(client, err));
    BU_TRY(update_timestamp(client, err));
    BU_TRY(update_snapshot(client, err));
    return bu_tuf_bring_targets(client, "targets", &client->root->roles[BU_TUF_TARGETS],
                                TARGETS_FILE, &client->targets, err);
}

/* 5.7: a target */

bulla_status bu_tuf_fetch(const bu_tuf_client *client, const char *target, const bu_tuf_file *file,
                          bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) url = { 0 };
    size_t start = out->len;
    const bulla_digest *digest = bulla_digest_set_get(&file->digests, BULLA_ALG_SHA256);
    if (digest == NULL)
        digest = &file->digests.items[file->digests.count - 1];
    add_base(client->target_url == NULL ? client->url : client->target_url, &url);
    if (client->target_url == NULL)
        bu_buf_add_text(&url, "targets/");
    BU_TRY(bu_tuf_target_path(bu_bytes_of(target),
                              client->root->consistent_snapshot ? digest : NULL, &url, err));
    if (file->length > BU_LIMIT_DOCUMENT_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "target %s has more than %u bytes", target,
                       BU_LIMIT_DOCUMENT_BYTES);
    BU_TRY(get(client, &url, file->length, out, err));
    bulla_bytes content = bu_bytes_from(bu_buf_bytes(out), start);
    return bu_in_file(err, bu_tuf_file_check(file, content, err), target);
}
