/* SPDX-License-Identifier: MIT */
/*
 * The public TUF calls. Whatever a repository does wrong, it is what could not
 * be trusted; files and the network keep their own exit classes.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "trust/seen.h"
#include "trust/served.h"
#include "trust/tuf_client.h"
#include "trust/tuf_name.h"

static bulla_status distrust(bulla_error *err, bulla_status status)
{
    if (bulla_ok(status))
        return status;
    static const bulla_exit kept[] = { BULLA_EXIT_CONFIG, BULLA_EXIT_IO, BULLA_EXIT_INTERNAL };
    for (size_t i = 0; err != NULL && i < sizeof kept / sizeof kept[0]; i++)
        if (err->exit == kept[i])
            return status;
    return bu_as(err, status, BULLA_EXIT_TRUST);
}

static bulla_status init(const char *folder, bulla_bytes text, bulla_error *err)
{
    BU_AUTO(bu_root) root = NULL;
    BU_CLEAR(bu_buf) path = { 0 };
    BU_TRY(bu_root_parse_as(BU_TUF_FOREIGN, text, "root.json", 0, NULL, &root, err));
    bu_buf_add_format(&path, "%s/root.json", folder);
    if (path.broken)
        return bu_no_memory(err);
    BU_TRY(bu_folder_make(folder, false, err));
    return bu_file_create((const char *)path.ptr, text, 0644, err);
}

bulla_status bulla_tuf_init(const char *folder, bulla_bytes root, bulla_error *err)
{
    return distrust(err, init(folder, root, err));
}

static bu_tuf_client client_of(const bulla_tuf_options *options)
{
    return (bu_tuf_client){
        .manner = BU_TUF_FOREIGN,
        .shelf = bu_tuf_folder_shelf(options->folder),
        .fetcher = options->fetcher,
        .url = options->url,
        .target_url = options->target_url,
        .now = options->now,
    };
}

static bulla_status refresh(bu_tuf_client *client, const char *folder, bulla_error *err)
{
    bulla_status status = bu_tuf_refresh(client, err);
    if (status.code == BULLA_E_MISSING_FILE && client->root == NULL)
        status = bu_next(err, bu_as(err, status, BULLA_EXIT_TRUST),
                         "begin with a root that you trust: bulla tuf init");
    return bu_within(err, status, "repository in %s", folder);
}

bulla_status bulla_tuf_refresh(const bulla_tuf_options *options, bulla_tuf_versions *out,
                               bulla_error *err)
{
    BU_CLEAR(bu_tuf_client) client = client_of(options);
    bulla_status status = refresh(&client, options->folder, err);
    if (bulla_ok(status))
        *out = (bulla_tuf_versions){ client.root->version, client.timestamp.version,
                                     client.snapshot.version, client.targets.version };
    return distrust(err, status);
}

/* A file that is there already and is the target need not be fetched. */
static bool is_there(const char *path, const bu_tuf_file *file)
{
    BU_CLEAR(bu_buf) content = { 0 };
    return bulla_ok(bu_file_slurp(NULL, path, BU_LIMIT_DOCUMENT_BYTES, &content, NULL)) &&
           bulla_ok(bu_tuf_file_check(file, bu_buf_bytes(&content), NULL));
}

static bulla_status download(bu_tuf_client *client, const char *target, const char *into,
                             bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    BU_CLEAR(bu_buf) content = { 0 };
    bu_tuf_file file;
    bu_buf_add_format(&path, "%s/", into);
    BU_TRY(bu_tuf_file_name(bu_bytes_of(target), "", &path, err));
    BU_TRY(bu_tuf_search(client, target, &file, err));
    if (is_there((const char *)path.ptr, &file))
        return BU_OK;
    BU_TRY(bu_tuf_fetch(client, target, &file, &content, err));
    return bu_file_replace((const char *)path.ptr, bu_buf_bytes(&content), 0644, err);
}

bulla_status bulla_tuf_download(const bulla_tuf_options *options, const char *const *targets,
                                const char *into, bulla_error *err)
{
    BU_CLEAR(bu_tuf_client) client = client_of(options);
    bulla_status status = refresh(&client, options->folder, err);
    if (bulla_ok(status))
        status = bu_folder_make(into, false, err);
    for (size_t i = 0; bulla_ok(status) && targets[i] != NULL; i++)
        status = download(&client, targets[i], into, err);
    return distrust(err, status);
}

static bulla_status update(const bulla_tuf_options *options, const char *state,
                           bulla_tuf_versions *out, bulla_error *err)
{
    BU_AUTO(bulla_trust) old = NULL;
    BU_AUTO(bulla_trust) trust = NULL;
    bulla_tuf_options settled = *options;
    BU_TRY(bu_store_load(options->folder, INT64_MIN, &old, err));
    if (settled.url == NULL)
        settled.url = old->url;
    if (settled.url == NULL)
        return bu_next(err,
                       bu_fail(err, BULLA_E_USAGE, "the store does not say where it is served"),
                       "name the place with --url URL");
    BU_TRY(bu_store_update(&settled, out, err));
    BU_TRY(bu_store_load(options->folder, options->now, &trust, err));
    return state == NULL ? BU_OK : bu_seen_keep(state, NULL, trust, err);
}

bulla_status bulla_trust_update(const bulla_tuf_options *options, const char *state,
                                bulla_tuf_versions *out, bulla_error *err)
{
    bulla_status status = update(options, state, out, err);
    return distrust(err, bu_within(err, status, "trust store %s", options->folder));
}
