/* SPDX-License-Identifier: MIT */
/*
 * Package URLs (ECMA-427, and the type rules of the purl specification):
 * parse, build, write in the one canonical form.
 */
#ifndef BU_MODEL_PURL_H
#define BU_MODEL_PURL_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct bu_qualifier {
    bulla_bytes key, value;
} bu_qualifier;

/** Decoded parts; empty when absent. Bytes live in the arena given to the call that made it. */
typedef struct bu_purl {
    bulla_bytes type, namespace, name, version, subpath; /* namespace and subpath joined by '/' */
    bu_qualifier *qualifiers;                            /* sorted by key */
    size_t qualifier_count;
} bu_purl;

/**
 * Parse and normalize. Fails with bad-purl and the offset; also for a qualifier key that begins
 * with a capital.
 */
BULLA_MUST_USE bulla_status bu_purl_parse(bulla_bytes text, bu_arena *arena, bu_purl *out,
                                          bulla_error *err);

/**
 * The canonical text, in `arena`, of a purl in whatever case its keys are. Fails with bad-purl and
 * the offset.
 */
BULLA_MUST_USE bulla_status bu_purl_canonicalize(bulla_bytes text, bu_arena *arena,
                                                 const char **out, bulla_error *err);

/** Normalize and judge parts that were not parsed from a purl (type rules included): bad-purl. */
BULLA_MUST_USE bulla_status bu_purl_normalize(bu_purl *purl, bu_arena *arena, bulla_error *err);

/** The canonical text, in `arena`, of parts that are not normalized yet. Fails with bad-purl. */
BULLA_MUST_USE bulla_status bu_purl_text(bu_purl *purl, bu_arena *arena, const char **out,
                                         bulla_error *err);

/** True for a type of purl_types.def. */
bool bu_purl_type_is_known(bulla_bytes type);

/**
 * Split what an ecosystem calls a package ("@scope/name", "group:artifact", a module path) into
 * `purl->namespace` and `purl->name`, as purls of `purl->type` have it. Borrows `name`.
 */
void bu_purl_split_name(bu_purl *purl, bulla_bytes name);

/** Append the canonical text of normalized parts. */
void bu_purl_write(const bu_purl *purl, bu_buf *out);

/**
 * The canonical purl of a package as its ecosystem names it, in `arena`: splits "@scope/name" for
 * npm and alike. `version`, `namespace` and `architecture` may be NULL. Fails with bad-purl.
 */
BULLA_MUST_USE bulla_status bu_purl_make(const char *type, const char *namespace, const char *name,
                                         const char *version, const char *architecture,
                                         bu_arena *arena, const char **out, bulla_error *err);

#endif
