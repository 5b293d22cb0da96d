/* SPDX-License-Identifier: MIT */
/*
 * Diff: what changed between two lockfiles, checkouts, archives or trees, the
 * worst first. Never networked.
 */
#ifndef BULLA_DIFF_H
#define BULLA_DIFF_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

/** How something differs; a row of diffs.def each. The first is the worst. */
typedef enum bulla_diff_kind {
#define BULLA_DIFF(id, name, code, title) BULLA_DIFF_##id,
#include "diffs.def"
#undef BULLA_DIFF
    BULLA_DIFF_COUNT
} bulla_diff_kind;

/** One difference. Strings are as the inputs have them: escape before showing. NULL: does not apply. */
typedef struct bulla_difference {
    bulla_diff_kind kind;
    const char *name; /**< a purl, without the version where that differs; or a path. Never NULL */
    const char *before, *after;       /**< versions, digests, hosts, scopes */
    uint64_t size_before, size_after; /**< of a file in bytes; 0 when it is not there */
    const char *lockfile;             /**< that has the entry: the new one, unless it is gone */
    uint32_t line, column;            /**< where; 0: no place is known */
} bulla_difference;

typedef struct bulla_diff_options {
    const char *before, *after; /**< lockfile, checkout, archive or folder, each */
    const char *kind; /**< read both as this kind of lockfile (bulla_kind); NULL: by name */
    bool files;       /**< of folders, compare the files and not what their lockfiles say */
} bulla_diff_options;

/** All differences, in order of kind and name. */
typedef struct bulla_differences bulla_differences;

/**
 * Compare. Two folders are compared by their lockfiles when one of them has any, else by their
 * files; an archive is compared with a folder or archive by files, without their top folder.
 * Fails with usage (a lockfile with a folder of files or an archive), and as documents, archives
 * and folders are refused: half of a comparison is none.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_diff(const bulla_diff_options *options,
                                                 bulla_differences **out, bulla_error *err);
BULLA_API void bulla_differences_free(bulla_differences *differences);

/** DENIED when anything is suspicious (digest, integrity, host), else ALLOWED. */
BULLA_API bulla_exit bulla_differences_exit(const bulla_differences *differences);
/** How many there are; that one, borrowed, or NULL behind the last. */
BULLA_API size_t bulla_differences_count(const bulla_differences *differences);
BULLA_API const bulla_difference *bulla_differences_at(const bulla_differences *differences,
                                                       size_t index);
/** "digest", "added" …. Never NULL. */
BULLA_API const char *bulla_diff_name(bulla_diff_kind kind);

/**
 * Write them: "text", "json" (`bulla.diff/1`, doc/schema/diff.json) or "markdown", in which nothing
 * from the inputs is markup. Same differences, same bytes. Fails with usage (no such format),
 * no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_differences_render(const bulla_differences *differences,
                                                               const char *format,
                                                               bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
