/* SPDX-License-Identifier: MIT */
/*
 * A graph as JSON, so that a test can hold the whole of it against a file.
 */
#ifndef UNIT_ECOSYSTEM_SHOW_H
#define UNIT_ECOSYSTEM_SHOW_H

#include "base/buf.h"
#include "ecosystem/ecosystem.h"

/** The machine that the cases are judged for: linux, x64, glibc. */
extern const bu_ecosystem_options show_options;

/** Everything in a graph that a document says, one thing a line. */
void show_graph(const bu_graph *graph, bu_buf *out);

/**
 * Parse and settle. `out` is set also on failure; free it.
 * @param folder  where other files that the document names are read from; NULL: there are none.
 */
bulla_status show_parse(const bu_ecosystem *ecosystem, bulla_bytes text, const char *name,
                        const char *folder, bu_graph **out, bulla_error *err);

/** Parse a file of the checkout as often as it takes that each allocation fails once: no-memory, or as if nothing was. */
void show_no_memory(const char *ecosystem, const char *file);

#endif
