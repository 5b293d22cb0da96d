/* SPDX-License-Identifier: MIT */
/*
 * Embedded signatures: chooses the kind by the bytes, never by a name.
 */
#include "evidence/embedded.h"

#define BU_EMBEDDED(id) extern const bu_embedded bu_embedded_##id;
#include "evidence/embedded.def"
#undef BU_EMBEDDED

static const bu_embedded *const kinds[] = {
#define BU_EMBEDDED(id) &bu_embedded_##id,
#include "evidence/embedded.def"
#undef BU_EMBEDDED
};

/* What was found in a file. */
typedef struct finding {
    const bu_embedded *kind; /* NULL: nothing */
    void *state;
} finding;

static bulla_status try_kind(const bu_file *file, const bu_embedded *kind, bu_arena *arena,
                             finding *out, bulla_error *err)
{
    bool found = false;
    void *state = bu_arena_get(arena, kind->state_size);
    if (state == NULL)
        return bu_no_memory(err);
    BU_TRY(kind->read(file, state, arena, &found, err));
    if (found)
        *out = (finding){ kind, state };
    return BU_OK;
}

static bulla_status find(const bu_file *file, bu_arena *arena, finding *out, bulla_error *err)
{
    bu_peek peek;
    bu_file_part part = bu_file_part_of(file, 0, file->size);
    *out = (finding){ 0 };
    BU_TRY(bu_peek_init(&peek, &part.base, err));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && out->kind == NULL; i++)
        if (kinds[i]->begins(bu_peek_head(&peek)))
            BU_TRY(try_kind(file, kinds[i], arena, out, err));
    return BU_OK;
}

bulla_status bu_embedded_verify(const bu_file *file, const bu_anchors *anchors, int64_t now,
                                bu_arena *arena, bool *found, bu_vouched *out, bulla_error *err)
{
    finding f;
    const bu_check check = { .anchors = anchors, .now = now, .arena = arena };
    *found = false;
    BU_TRY(find(file, arena, &f, err));
    *found = f.kind != NULL;
    if (!*found)
        return BU_OK;
    BU_TRY(bu_vouched_start(&check, out, err));
    return bu_within(err, f.kind->verify(f.state, &check, out, err), "%s", f.kind->title);
}

bulla_status bu_embedded_describe(const bu_file *file, bool *found, bu_description *out,
                                  bulla_error *err)
{
    finding f;
    *found = false;
    BU_TRY(find(file, out->arena, &f, err));
    *found = f.kind != NULL;
    if (!*found)
        return BU_OK;
    BU_TRY(bu_describe(out, "kind", bu_bytes_of(f.kind->title), err));
    return f.kind->describe(f.state, out, err);
}
