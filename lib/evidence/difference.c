/* SPDX-License-Identifier: MIT */
/*
 * The list of differences, and what differs between lists of files.
 */
#include "evidence/difference.h"

#include "base/vec.h"

bulla_differences *bu_differences_new(void)
{
    bulla_differences *differences = calloc(1, sizeof *differences);
    if (differences == NULL)
        return NULL;
    differences->arena = bu_arena_new();
    if (differences->arena != NULL)
        return differences;
    free(differences);
    return NULL;
}

void bulla_differences_free(bulla_differences *differences)
{
    if (differences == NULL)
        return;
    bu_arena_free(differences->arena);
    free(differences->items);
    free(differences);
}

size_t bulla_differences_count(const bulla_differences *differences)
{
    return differences->count;
}

const bulla_difference *bulla_differences_at(const bulla_differences *differences, size_t index)
{
    return index < differences->count ? &differences->items[index] : NULL;
}

static bulla_status keep(bu_arena *arena, const char **text, bulla_error *err)
{
    if (*text == NULL)
        return BU_OK;
    *text = bu_arena_text(arena, bu_bytes_of(*text));
    return *text == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_differences_add(bulla_differences *out, const bulla_difference *difference,
                                bulla_error *err)
{
    bulla_difference added = *difference;
    BU_TRY(bu_vec_grow(&out->items, out->count, &out->cap, sizeof *out->items, err));
    BU_TRY(keep(out->arena, &added.name, err));
    BU_TRY(keep(out->arena, &added.before, err));
    BU_TRY(keep(out->arena, &added.after, err));
    BU_TRY(keep(out->arena, &added.lockfile, err));
    out->items[out->count++] = added;
    return BU_OK;
}

static int compare(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int by_kind_and_name(const void *a, const void *b)
{
    const bulla_difference *x = a, *y = b;
    int order = (x->kind > y->kind) - (x->kind < y->kind);
    if (order == 0)
        order = strcmp(x->name, y->name);
    if (order == 0)
        order = compare(x->before, y->before);
    return order == 0 ? compare(x->after, y->after) : order;
}

void bu_differences_sort(bulla_differences *differences)
{
    if (differences->count > 0)
        qsort(differences->items, differences->count, sizeof *differences->items, by_kind_and_name);
}

bulla_status bu_differences_of_files(bulla_differences *out, const bu_files *before,
                                     const bu_files *after, bulla_error *err)
{
    bu_file_pairs at = { 0 };
    bu_file_pair pair;
    out->is_files = true;
    while (bu_files_next(before, after, &at, &pair)) {
        bulla_difference d = { .kind = pair.a == NULL   ? BULLA_DIFF_FILE_ADDED
                                       : pair.b == NULL ? BULLA_DIFF_FILE_REMOVED
                                                        : BULLA_DIFF_FILE_CHANGED,
                               .name = pair.a == NULL ? pair.b->path : pair.a->path,
                               .size_before = pair.a == NULL ? 0 : pair.a->size,
                               .size_after = pair.b == NULL ? 0 : pair.b->size };
        if (!bu_file_same(&pair))
            BU_TRY(bu_differences_add(out, &d, err));
    }
    return BU_OK;
}
