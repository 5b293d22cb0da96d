/* SPDX-License-Identifier: MIT */
/*
 * A row of places.def made into the path of a component's archive.
 */
#ifndef BU_EVIDENCE_PLACE_PATH_H
#define BU_EVIDENCE_PLACE_PATH_H

#include "base/arena.h"
#include "base/error.h"
#include "bulla/component.h"

typedef struct bu_place_row {
    const char *kind, *type, *pattern;
} bu_place_row;

/** Ended by a row without a kind. */
extern const bu_place_row bu_place_rows[];

/** Whether the pattern has a word that is another one for each pinned file. */
bool bu_place_is_of_files(const bu_place_row *row);

/**
 * The path for a component, and for its pinned file of that index; in `arena`. It is relative and
 * does not climb; a star stays in it only where the pattern has one. `*out` is NULL when a word has
 * no value, or one that could mean another path. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_place_path(const bu_place_row *row, const bulla_component *component,
                                          size_t file, bu_arena *arena, const char **out,
                                          bulla_error *err);

#endif
