/* SPDX-License-Identifier: MIT */
/*
 * Holding what is installed against an archive: both lists are gone through
 * side by side, and each file has one fate.
 */
#include "evidence/install.h"

#include <stdio.h>

#include "base/limits.h"

typedef struct judging {
    const bu_install_archive *archive;
    bulla_installation *sum;
    bulla_changed_file *files;
    size_t cap;
    const char *first[BU_FATE_LEFT_OUT]; /* path of the first file of each fate */
    const char *tree;                    /* the newest that was looked into */
} judging;

static const bu_fate fates[] = { BU_FATE_CHANGED, BU_FATE_ADDED, BU_FATE_MISSING,
                                 BU_FATE_GENERATED };

static size_t *count_of(bulla_installation *sum, bu_fate fate)
{
    switch (fate) {
    case BU_FATE_CHANGED:
        return &sum->changed;
    case BU_FATE_ADDED:
        return &sum->added;
    case BU_FATE_MISSING:
        return &sum->missing;
    case BU_FATE_GENERATED:
        return &sum->generated;
    case BU_FATE_SAME:
    case BU_FATE_LEFT_OUT:
        break;
    }
    return &sum->same;
}

static bulla_status list(judging *j, bulla_change change, const char *path, bulla_error *err)
{
    bulla_installation *sum = j->sum;
    if (sum->file_count == BU_LIMIT_TREE_PATHS)
        return BU_OK;
    if (sum->file_count == j->cap) {
        size_t cap = j->cap == 0 ? 4 : 2 * j->cap;
        bulla_changed_file *files = bu_arena_get_array(j->archive->arena, cap, sizeof *files);
        if (files == NULL)
            return bu_no_memory(err);
        if (sum->file_count > 0)
            memcpy(files, j->files, sum->file_count * sizeof *files);
        j->files = files;
        j->cap = cap;
        sum->files = files;
    }
    j->files[sum->file_count++] = (bulla_changed_file){ change, path };
    return BU_OK;
}

static bulla_status note(judging *j, const bu_installed *installed, bu_fate fate, const char *path,
                         bulla_error *err)
{
    if (fate == BU_FATE_LEFT_OUT)
        return BU_OK;
    ++*count_of(j->sum, fate);
    if (fate == BU_FATE_SAME)
        return BU_OK;
    bool shares = installed->place[0] == '\0';
    const char *full = bu_arena_format(j->archive->arena, "%s/%s%s%s", installed->tree->path,
                                       installed->place, shares ? "" : "/", path);
    if (full == NULL)
        return bu_no_memory(err);
    if (j->first[fate] == NULL)
        j->first[fate] = full;
    return list(j, (bulla_change)(fate - BU_FATE_CHANGED), full, err);
}

static bu_fate fate_of(const bu_installed *installed, const bu_file_pair *pair)
{
    const bu_install_kind *kind = installed->tree->kind;
    bu_fate fate = bu_file_same(pair) ? BU_FATE_SAME
                   : pair->a == NULL  ? BU_FATE_ADDED
                   : pair->b == NULL  ? BU_FATE_MISSING
                                      : BU_FATE_CHANGED;
    if (fate == BU_FATE_MISSING && pair->a->is_optional)
        return BU_FATE_LEFT_OUT;
    return kind->judge == NULL ? fate : kind->judge(installed, pair, fate);
}

/* Another package in the folder of this one is that one's business. */
static bool is_another(const void *context, const char *path)
{
    const bu_installed *installed = context;
    char full[BU_LIMIT_NAME_BYTES * 2];
    int len = snprintf(full, sizeof full, "%s/%s", installed->place, path);
    return len > 0 && (size_t)len < sizeof full && bu_paths_have(&installed->tree->claims, full);
}

static bulla_status list_installed(const judging *j, const bu_installed *installed, bu_files *out,
                                   bulla_error *err)
{
    const bu_install_kind *kind = installed->tree->kind;
    if (kind->list != NULL)
        return kind->list(installed, j->archive->hasher, out, err);
    BU_CLEAR(bu_buf) folder = { 0 };
    bu_buf_add_format(&folder, "%s/%s", installed->tree->path, installed->place);
    return folder.broken ? bu_no_memory(err)
                         : bu_files_of_folder((const char *)folder.ptr, is_another, installed,
                                              j->archive->hasher, out, err);
}

static bulla_status check_stated(judging *j, const bu_installed *installed, bulla_error *err)
{
    bool same = true;
    if (installed->tree->kind->check == NULL)
        return BU_OK;
    BU_TRY(
        installed->tree->kind->check(installed, j->archive->sha256, j->archive->files, &same, err));
    return same ? BU_OK : note(j, installed, BU_FATE_CHANGED, installed->stated, err);
}

static bulla_status judge_one(judging *j, const bu_installed *installed, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_files) found = { .arena = arena };
    bu_file_pairs at = { 0 };
    bu_file_pair pair;
    if (arena == NULL)
        return bu_no_memory(err);
    j->sum->places++;
    BU_TRY(list_installed(j, installed, &found, err));
    while (bu_files_next(j->archive->files, &found, &at, &pair)) {
        const char *path = pair.a == NULL ? pair.b->path : pair.a->path;
        BU_TRY(note(j, installed, fate_of(installed, &pair), path, err));
    }
    return check_stated(j, installed, err);
}

static size_t first_of(const bu_install *tree, size_t component)
{
    size_t low = 0, high = tree->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tree->items[middle].component < component)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has(const bu_install *tree, size_t i, size_t component)
{
    return i < tree->count && tree->items[i].component == component;
}

bool bu_installs_have(const bu_installs *installs, size_t component)
{
    for (size_t i = 0; installs != NULL && i < installs->count; i++)
        if (has(&installs->items[i], first_of(&installs->items[i], component), component))
            return true;
    return false;
}

static bulla_status judge_tree(judging *j, const bu_install *tree, size_t component,
                               bulla_error *err)
{
    for (size_t i = first_of(tree, component); has(tree, i, component); i++)
        BU_TRY(judge_one(j, &tree->items[i], err));
    return BU_OK;
}

/* One sentence for all of it; the code is that of the worst. */
static bulla_status sum_up(const judging *j, bulla_error *why)
{
    static const bulla_code codes[] = { [BU_FATE_CHANGED] = BULLA_E_HASH_MISMATCH,
                                        [BU_FATE_ADDED] = BULLA_E_UNLISTED_FILE,
                                        [BU_FATE_MISSING] = BULLA_E_MISSING_FILE };
    bulla_installation *sum = j->sum;
    for (size_t i = 0; fates[i] != BU_FATE_GENERATED; i++) {
        if (*count_of(sum, fates[i]) == 0)
            continue;
        bulla_status status =
            bu_fail(why, codes[fates[i]],
                    "what is installed is not the archive: changed %zu, added %zu, missing %zu",
                    sum->changed, sum->added, sum->missing);
        (void)bu_next(why, bu_as(why, status, BULLA_EXIT_DENIED),
                      "install it anew with the ecosystem's own tool; if it differs again, find "
                      "out what changes it");
        return bu_in_file(why, status, j->first[fates[i]]);
    }
    return BU_OK;
}

static bulla_status not_installed(const char *tree, bulla_error *why)
{
    bulla_status status = bu_fail(why, BULLA_E_MISSING_FILE, "it is not installed in %s", tree);
    (void)bu_next(why, status, "install it with the ecosystem's own tool");
    return bu_as(why, status, BULLA_EXIT_UNPROVEN);
}

bulla_status bu_installs_judge(const bu_installs *installs, size_t component,
                               const bu_install_archive *archive, bulla_fact *out, bulla_error *why,
                               bulla_error *err)
{
    bulla_installation *sum = bu_arena_get(archive->arena, sizeof *sum);
    judging j = { .archive = archive, .sum = sum };
    bulla_status status = BU_OK;
    bool may_lack = true;
    if (sum == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; bulla_ok(status) && i < installs->count; i++) {
        const bu_install *tree = &installs->items[i];
        const bulla_component *c = &tree->graph->components[component];
        if (strcmp(tree->kind->type, c->type) != 0)
            continue;
        j.tree = tree->path;
        may_lack = may_lack && (c->may_be_absent ||
                                (tree->kind->may_lack != NULL && tree->kind->may_lack(tree, c)));
        status = judge_tree(&j, tree, component, why);
    }
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (bulla_ok(status) && sum->places == 0 && !may_lack)
        status = not_installed(j.tree, why);
    else if (bulla_ok(status)) {
        out->installation = sum;
        status = sum_up(&j, why);
    }
    out->outcome = bulla_ok(status) ? BULLA_HELD : bu_outcome_of(why);
    return BU_OK;
}
