/* SPDX-License-Identifier: MIT */
/*
 * Where the bytes behind a component are: folders of archives, the tools' own
 * caches, the project itself; places.def lists them.
 */
#ifndef BU_EVIDENCE_LOCATE_H
#define BU_EVIDENCE_LOCATE_H

#include "bulla/verify.h"
#include "io/file.h"
#include "model/graph.h"

/** Folders that are searched, opened once. */
typedef struct bu_places {
    bu_folder *open;
    size_t open_count;
    struct bu_searched *folders; /* in the order in which they are searched */
    size_t count;
} bu_places;

/**
 * Open the folders of archives (NULL-terminated; NULL is empty) and the caches. A cache that cannot
 * be opened is left out; an archive folder must be there. Fails with usage for a kind of cache that
 * is not known.
 */
BULLA_MUST_USE bulla_status bu_places_open(const char *const *archives, const bulla_cache *caches,
                                           size_t cache_count, bu_places *out, bulla_error *err);
void bu_places_clear(bu_places *places);
BU_DEFINE_CLEAR(bu_places)

/** A file that is taken for a component's bytes; what it really is, is checked when it is read. */
typedef struct bu_located {
    const bu_folder *folder; /* borrowed from the places; NULL: the path stands alone */
    const char *path;        /* NULL: nothing was found */
    uint64_t size;
} bu_located;

/** Find it. `path` NULL in `out` is no failure. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_locate(const bu_places *places, const bulla_component *component,
                                      bu_arena *arena, bu_located *out, bulla_error *err);

/**
 * True for a component that may be absent and is: in none of its places of an installed tree beside the lockfile,
 * or where no tree is, left out of this platform.
 */
bool bu_locate_is_left_out(const bu_graph *graph, size_t index, bu_arena *arena);

/**
 * True when the folder of the project that a place names is not reached through folders alone, or is
 * not there to be copied.
 */
bool bu_locate_is_diverted(const bu_place *place, bu_arena *arena);

#endif
