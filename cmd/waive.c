/* SPDX-License-Identifier: MIT */
/*
 * Waivers and their folder.
 */
#include "waive.h"

#include <string.h>

#include "sidecar.h"

const bu_option bu_waive_sign_options[] = {
    BU_WAIVE_KEY(bu_waive_sign_args),
    BU_WAIVE_OPTIONS(bu_waive_sign_args),
    { 0 },
};

bulla_status bu_waiving_begin(bu_cli *cli, const bu_waive_args *args, const char *file,
                              bu_waiving *out, bulla_error *err)
{
    static const bu_words none = { 0 };
    bulla_waiver_options options = { .now = bu_now(cli, &args->at) };
    const char *const one[] = { file, NULL };
    BU_TRY(bu_project_find(cli, ".", &none, &none, &out->project, err));
    BU_TRY(bu_policy_find(cli, args->policy, &out->project, ".", &options.policy, err));
    BU_TRY(bu_waivers_find(cli, &args->waivers, ".", &options.folders, err));
    if (file != NULL)
        options.folders = one;
    BU_TRY(bu_trust_need(cli, args->trust, &args->at, &out->trust, err));
    options.trust = out->trust;
    return bulla_waivers_load(&options, &out->waivers, err);
}

void bu_waiving_clear(bu_waiving *waiving)
{
    bulla_waivers_free(waiving->waivers);
    bulla_trust_free(waiving->trust);
    bu_project_clear(&waiving->project);
}

/* Beside the trust store; else here. */
static bulla_status new_folder(bu_cli *cli, const char *start, const char **out, bulla_error *err)
{
    const char *store;
    BU_TRY(bu_nearest(cli, start, BU_TRUST_STORE, &store, err));
    size_t len = store == NULL ? 0 : strlen(store) - strlen(BU_TRUST_STORE);
    *out =
        bu_arena_format(cli->arena, "%.*s" BU_WAIVER_FOLDER, (int)len, store == NULL ? "" : store);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* The folder, and the one above it. */
static bulla_status make_folder(bu_cli *cli, const char *path, bulla_error *err)
{
    size_t len = bu_path_folder(bu_bytes_of(path));
    const char *above = bu_arena_text(cli->arena, bu_bytes_first(bu_bytes_of(path), len));
    if (above == NULL)
        return bu_no_memory(err);
    if (len > 0)
        BU_TRY(bu_sidecar_folder(above, err));
    return bu_sidecar_folder(path, err);
}

bulla_status bu_waiver_keep(bu_cli *cli, const bu_words *folders, const char *start, const char *id,
                            bulla_bytes lines, bulla_error *err)
{
    const char *const *found;
    const char *folder;
    bu_words names = { 0 };
    BU_CLEAR(bu_buf) said = { 0 };
    BU_TRY(bu_waivers_find(cli, folders, start, &found, err));
    if (found != NULL)
        folder = found[0];
    else
        BU_TRY(new_folder(cli, start, &folder, err));
    BU_TRY(make_folder(cli, folder, err));
    const char *path = bu_arena_format(cli->arena, "%s/%s.jsonl", folder, id);
    if (path == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_words_add(cli, &names, path, err));
    BU_TRY(bu_sidecar_append(&names, lines, err));
    bu_buf_add_format(&said, "%s  %s\n", id, path);
    return bu_cli_print(&said, err);
}
