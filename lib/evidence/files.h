/* SPDX-License-Identifier: MIT */
/*
 * The files of a package with their digests: of an archive, or of a folder on
 * disk. Two such lists are gone through side by side.
 */
#ifndef BU_EVIDENCE_FILES_H
#define BU_EVIDENCE_FILES_H

#include "archive/walk.h"
#include "base/arena.h"
#include "io/folder_walk.h"

typedef enum bu_file_kind {
    BU_FILE_SPECIAL = 0, /* a device, a FIFO: never the same as anything */
    BU_FILE_CONTENT,
    BU_FILE_LINK,
    BU_FILE_HARDLINK, /* in an archive: becomes CONTENT once the list is sorted */
    BU_FILE_NOTE,     /* no file: what is known of the one of this path besides its bytes */
} bu_file_kind;

typedef struct bu_file_entry {
    const char *path; /* with '/' between its parts */
    bu_file_kind kind;
    bool is_optional; /* an installer may leave it out */
    uint64_t size;
    uint8_t sha256[32];  /* of the content, or of where a link leads */
    const char *content; /* HARDLINK: path of the file that it is another name of */
} bu_file_entry;

/** The zero value is empty and ready, but for the arena, which is borrowed and holds the paths. */
typedef struct bu_files {
    bu_arena *arena;
    bu_file_entry *items; /* owned; by path, once they are sorted */
    size_t count, cap;
} bu_files;

void bu_files_clear(bu_files *files);
BU_DEFINE_CLEAR(bu_files)

/** Add one; `path` is copied. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_files_add(bu_files *files, bulla_bytes path,
                                         const bu_file_entry *entry, bulla_error *err);

/** Add a link by where it leads. */
BULLA_MUST_USE bulla_status bu_files_add_link(bu_files *files, bulla_bytes path, bulla_bytes target,
                                              bulla_error *err);

/** A member of an archive, for bu_walk_visitor.member: adds what is a link, `target` being where it
 * leads as `path` is written. */
BULLA_MUST_USE bulla_status bu_files_add_member(bu_files *files, const bu_member *member,
                                                bulla_bytes path, bulla_bytes target,
                                                bulla_error *err);

/** The same for bu_walk_visitor.digest. */
BULLA_MUST_USE bulla_status bu_files_add_content(bu_files *files, const bu_member *member,
                                                 bulla_bytes path, const bulla_digest *sha256,
                                                 bulla_error *err);

/** All are there: put them in order, join what is said of one path, resolve hard links. */
void bu_files_sort(bu_files *files);

/** The one of that path, or NULL; they are sorted. */
const bu_file_entry *bu_files_find(const bu_files *files, const char *path);

/** What has one path in two lists; one of the two is NULL where only the other has it. */
typedef struct bu_file_pair {
    const bu_file_entry *a, *b;
} bu_file_pair;

/** Where a walk through two sorted lists is; the zero value is before the first. */
typedef struct bu_file_pairs {
    size_t a, b;
} bu_file_pairs;

/** The next pair, in order of paths; false at the end. */
bool bu_files_next(const bu_files *a, const bu_files *b, bu_file_pairs *at, bu_file_pair *out);

/** Same kind and same bytes. */
bool bu_file_same(const bu_file_pair *pair);

/** What one file on disk is: hashed, or where it leads. Adds it. Fails as files are refused. */
BULLA_MUST_USE bulla_status bu_files_measure(bu_files *files, const bu_found *found,
                                             const char *path, bu_hasher *hasher, uint8_t *scratch,
                                             bulla_error *err);

/** All files below a folder. `skips` (may be NULL) tells what is passed over, by its path there. */
BULLA_MUST_USE bulla_status bu_files_of_folder(const char *folder,
                                               bool (*skips)(const void *context, const char *path),
                                               const void *context, bu_hasher *hasher,
                                               bu_files *out, bulla_error *err);

/**
 * All files of a tar or zip archive, below its top folder when there is but one (a Go module's is
 * MODULE@VERSION). Fails as archives are refused, and with format-mismatch for what is none.
 */
BULLA_MUST_USE bulla_status bu_files_of_archive(const char *path, bu_files *out, bulla_error *err);

#endif
