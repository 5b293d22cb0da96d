/* SPDX-License-Identifier: MIT */
/*
 * What the tests of lockfile formats ask of each.
 */
#ifndef UNIT_ECOSYSTEM_LOCKFILE_H
#define UNIT_ECOSYSTEM_LOCKFILE_H

#include "show.h"

/**
 * Reading takes time in proportion to the text that `make` appends: `count` packages, of which each
 * but the first needs one.
 */
void lockfile_is_linear(const char *id, void (*make)(bu_buf *text, size_t count));

/** `text` as a graph that is not settled. Caller frees. */
bu_graph *lockfile_parse(const char *id, const char *text, const bu_ecosystem_options *options);

/** The component of that name; it must be there. */
const bulla_component *lockfile_find(const bu_graph *graph, const char *name);

#endif
