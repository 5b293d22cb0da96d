/* SPDX-License-Identifier: MIT */
/*
 * What the tests of lockfile formats ask of each: the same lockfile under
 * memory that runs out, and in two sizes.
 */
#ifndef UNIT_ECOSYSTEM_LOCKFILE_H
#define UNIT_ECOSYSTEM_LOCKFILE_H

#include "show.h"

/** The lockfile at `path` of the checkout, with every allocation failing once: an error and nothing else. */
void lockfile_survives_no_memory(const char *id, const char *path);

/** A text must become this many components; `make` appends one of `count` packages. */
void lockfile_is_linear(const char *id, void (*make)(bu_buf *text, size_t count));

/** `text` as a graph that is not settled. Caller frees. */
bu_graph *lockfile_parse(const char *id, const char *text, const bu_ecosystem_options *options);

/** The component of that name; it must be there. */
const bulla_component *lockfile_find(const bu_graph *graph, const char *name);

#endif
