/* SPDX-License-Identifier: MIT */
/*
 * What commands use when an option does not say otherwise.
 */
#include <unistd.h>

#include "base/limits.h"
#include "command.h"

int64_t bu_now(const bu_cli *cli, const bu_moment *at)
{
    return at->given ? at->value : cli->environment.now;
}

bulla_status bu_jobs(const bu_count *option, size_t *out, bulla_error *err)
{
    *out = option->given ? (size_t)option->value : bu_processors();
    if (option->given && (option->value < 1 || option->value > BU_LIMIT_JOBS))
        return bu_fail(err, BULLA_E_USAGE, "--jobs wants 1 to %u", BU_LIMIT_JOBS);
    return BU_OK;
}

const char *const *bu_paths(const bu_words *paths, const bu_inputs *inputs)
{
    static const char *const here[] = { ".", NULL };
    return paths->count == 0 && inputs->count == 0 ? here : paths->items;
}

const char *bu_start(const bu_words *paths)
{
    return paths->count > 0 && access(paths->items[0], F_OK) == 0 ? paths->items[0] : ".";
}

bulla_status bu_default(bu_cli *cli, const char *named, const char *start, const char *name,
                        const char **out, bulla_error *err)
{
    *out = named;
    return named != NULL ? BU_OK : bu_nearest(cli, start, name, out, err);
}

bulla_status bu_lock_place(bu_cli *cli, const char *named, const char *start, const char **out,
                           bulla_error *err)
{
    const char *config;
    BU_TRY(bu_default(cli, named, start, BU_LOCK_FILE, out, err));
    if (*out != NULL)
        return BU_OK;
    BU_TRY(bu_nearest(cli, start, "bulla.toml", &config, err));
    *out = bu_beside(cli, config == NULL ? start : config, BU_LOCK_FILE);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status find_folders(bu_cli *cli, const bu_words *named, const char *start,
                                 const char *folder, const char *const **out, bulla_error *err)
{
    const char *nearest;
    bu_words found = { 0 };
    *out = named->items;
    if (named->count > 0)
        return BU_OK;
    BU_TRY(bu_nearest(cli, start, folder, &nearest, err));
    if (nearest != NULL)
        BU_TRY(bu_words_add(cli, &found, nearest, err));
    *out = found.items;
    return BU_OK;
}

bulla_status bu_evidence_find(bu_cli *cli, const bu_words *named, const char *start,
                              const char *const **out, bulla_error *err)
{
    return find_folders(cli, named, start, BU_EVIDENCE_FOLDER, out, err);
}

bulla_status bu_waivers_find(bu_cli *cli, const bu_words *named, const char *start,
                             const char *const **out, bulla_error *err)
{
    return find_folders(cli, named, start, BU_WAIVER_FOLDER, out, err);
}

bulla_status bu_trust_folder(bu_cli *cli, const char *named, const char **out, bulla_error *err)
{
    BU_TRY(bu_default(cli, named, ".", BU_TRUST_STORE, out, err));
    if (*out != NULL)
        return BU_OK;
    return bu_next(err, bu_fail(err, BULLA_E_USAGE, "there is no " BU_TRUST_STORE " here or above"),
                   "name the store, or make one: bulla trust init");
}

bulla_status bu_trust_find(bu_cli *cli, const char *named, const char *start, const bu_moment *at,
                           bulla_trust **out, bulla_error *err)
{
    bulla_trust_options options = { .state = cli->environment.state,
                                    .identity = cli->environment.trust,
                                    .now = bu_now(cli, at),
                                    .is_clock = !at->given };
    BU_TRY(bu_default(cli, named, start, BU_TRUST_STORE, &options.folder, err));
    if (options.folder != NULL)
        return bulla_trust_load(&options, out, err);
    if (options.identity == NULL)
        return BU_OK;
    return bu_as(err,
                 bu_fail(err, BULLA_E_MISSING_FILE,
                         "there is no " BU_TRUST_STORE
                         " here or above, and BULLA_TRUST_IDENTITY asks for one"),
                 BULLA_EXIT_TRUST);
}

bulla_status bu_trust_need(bu_cli *cli, const char *named, const bu_moment *at, bulla_trust **out,
                           bulla_error *err)
{
    const char *folder;
    BU_TRY(bu_trust_folder(cli, named, &folder, err));
    return bu_trust_find(cli, folder, ".", at, out, err);
}
