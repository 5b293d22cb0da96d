/* SPDX-License-Identifier: MIT */
/*
 * bulla_diff(): what is compared is told by what is named, then both sides are
 * read in the same way.
 */
#include "bulla/diff.h"

#include "bulla/verify.h"
#include "evidence/difference.h"
#include "evidence/inventory.h"

/* One of the two. */
typedef struct side {
    const char *path;
    bool is_folder, is_lockfile;
    bu_inventory inventory;
    bu_files files;
} side;

static void side_clear(side *s)
{
    bu_inventory_clear(&s->inventory);
    bu_files_clear(&s->files);
    bu_arena_free(s->files.arena);
}
BU_DEFINE_CLEAR(side)

static bulla_status open_side(side *s, const bulla_diff_options *options, const char *path,
                              bulla_error *err)
{
    bu_presence presence = bu_folder_look(NULL, path, NULL);
    s->path = path;
    s->files.arena = bu_arena_new();
    if (s->files.arena == NULL)
        return bu_no_memory(err);
    s->is_folder = presence == BU_PRESENCE_FOLDER;
    s->is_lockfile =
        !s->is_folder && (options->kind != NULL || bu_ecosystem_by_path(bu_bytes_of(path)) != NULL);
    if (presence != BU_PRESENCE_NONE)
        return BU_OK;
    return bu_in_file(err,
                      bu_as(err,
                            bu_fail(err, BULLA_E_MISSING_FILE, "there is no such file or folder"),
                            BULLA_EXIT_IO),
                      path);
}

/* Half of an inventory is none. */
static bulla_status take_inventory(side *s, const char *kind, bulla_error *err)
{
    const char *const paths[] = { s->path, NULL };
    const bulla_input input = { .kind = kind, .path = s->path };
    bool is_named = kind != NULL && !s->is_folder;
    const bu_inventory_options options = { .paths = is_named ? NULL : paths,
                                           .inputs = &input,
                                           .input_count = is_named ? 1 : 0 };
    BU_TRY(bu_inventory_make(&options, &s->inventory, err));
    if (s->inventory.troubles.count > 0)
        return bu_finding_raise(&s->inventory.troubles.items[0], err);
    return BU_OK;
}

static bulla_status take_files(side *s, bulla_error *err)
{
    if (!s->is_folder)
        return bu_files_of_archive(s->path, &s->files, err);
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_TRY(bu_hasher_new(&hasher, err));
    return bu_files_of_folder(s->path, NULL, NULL, hasher, &s->files, err);
}

static bulla_status compare_files(side *before, side *after, bulla_differences *out,
                                  bulla_error *err)
{
    BU_TRY(take_files(before, err));
    BU_TRY(take_files(after, err));
    return bu_differences_of_files(out, &before->files, &after->files, err);
}

static bool is_archive(const side *s)
{
    return !s->is_folder && !s->is_lockfile;
}

static bulla_status compare(const bulla_diff_options *options, side *before, side *after,
                            bulla_differences *out, bulla_error *err)
{
    bool by_files = options->files || is_archive(before) || is_archive(after);
    if (by_files && (before->is_lockfile || after->is_lockfile))
        return bu_fail(err, BULLA_E_USAGE,
                       "a lockfile can be compared with another one, or with a checkout");
    if (by_files)
        return compare_files(before, after, out, err);
    BU_TRY(take_inventory(before, options->kind, err));
    BU_TRY(take_inventory(after, options->kind, err));
    if (before->inventory.documents + after->inventory.documents == 0)
        return compare_files(before, after, out, err);
    return bu_differences_of_graphs(out, before->inventory.graph, after->inventory.graph, err);
}

bulla_status bulla_diff(const bulla_diff_options *options, bulla_differences **out,
                        bulla_error *err)
{
    BU_CLEAR(side) before = { 0 };
    BU_CLEAR(side) after = { 0 };
    BU_AUTO(bulla_differences) differences = bu_differences_new();
    if (differences == NULL)
        return bu_no_memory(err);
    BU_TRY(open_side(&before, options, options->before, err));
    BU_TRY(open_side(&after, options, options->after, err));
    BU_TRY(compare(options, &before, &after, differences, err));
    differences->before = bu_arena_text(differences->arena, bu_bytes_of(options->before));
    differences->after = bu_arena_text(differences->arena, bu_bytes_of(options->after));
    if (differences->before == NULL || differences->after == NULL)
        return bu_no_memory(err);
    bu_differences_sort(differences);
    *out = BU_STEAL(differences);
    return BU_OK;
}
