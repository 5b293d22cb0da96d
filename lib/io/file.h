/* SPDX-License-Identifier: MIT */
/*
 * Files: opened once, regular files only, never through a link in the last
 * component, hashed as they are read, and seen to be unchanged at the end.
 */
#ifndef BU_IO_FILE_H
#define BU_IO_FILE_H

#include "io/source.h"

/** An open folder, so that what is in it is named relative to it. */
typedef struct bu_folder {
    int fd;
} bu_folder;

/** Open a folder. Fails with unreadable, or special-file when it is none. */
BULLA_MUST_USE bulla_status bu_folder_open(const char *path, bu_folder *out, bulla_error *err);
void bu_folder_clear(bu_folder *folder);
BU_DEFINE_CLEAR(bu_folder)
/**
 * Open the folder that is there once no other process holds it, and hold it until it is cleared.
 * Fails as bu_folder_open() does.
 */
BULLA_MUST_USE bulla_status bu_folder_hold(const char *path, bu_folder *out, bulla_error *err);
/** Open a folder in an open one, never through a link. Fails with special-file for a link. */
BULLA_MUST_USE bulla_status bu_folder_enter(const bu_folder *folder, const char *name,
                                            bu_folder *out, bulla_error *err);
/** Append where the link of that name leads, as stored. Fails with special-file when it is none. */
BULLA_MUST_USE bulla_status bu_folder_link(const bu_folder *folder, const char *name, bu_buf *out,
                                           bulla_error *err);
/** What an unopened folder is: bu_folder_clear() on it does nothing. */
#define BU_FOLDER_NONE ((bu_folder){ .fd = -1 })

/**
 * Names in a folder that end in `suffix`, in order of bytes, whatever they name: a link or a FIFO
 * that is passed over here would be passed over by every check.
 */
typedef struct bu_names {
    char **items;
    size_t count, cap;
} bu_names;
void bu_names_clear(bu_names *names);
BU_DEFINE_CLEAR(bu_names)
BULLA_MUST_USE bulla_status bu_folder_list(const bu_folder *folder, const char *suffix,
                                           bu_names *out, bulla_error *err);

/** What a name is, without opening it. */
typedef enum bu_presence {
    BU_PRESENCE_NONE,
    BU_PRESENCE_FILE,
    BU_PRESENCE_FOLDER,
    BU_PRESENCE_OTHER
} bu_presence;

/** Look at `name` below `folder` (NULL: the working directory); links are OTHER. `size` may be NULL. */
bu_presence bu_folder_look(const bu_folder *folder, const char *name, uint64_t *size);

/** An open regular file. It is a bu_source. */
typedef struct bu_file {
    bu_source base;
    int fd;
    uint64_t size;   /* at opening */
    uint64_t offset; /* read so far */
    uint32_t mode;   /* permission bits */
    uint32_t owner;  /* user id */
    uint64_t stamp[4];
} bu_file;

/**
 * Open a regular file for reading. `folder` may be NULL: `path` is then taken as it is.
 * Fails with unreadable (exit class 7), missing-file when there is none by that name,
 * special-file for links, folders, FIFOs and devices (which are never waited for), resource-limit over `max` bytes.
 */
BULLA_MUST_USE bulla_status bu_file_open(const bu_folder *folder, const char *path, uint64_t max,
                                         bu_file *out, bulla_error *err);
void bu_file_clear(bu_file *file);
BU_DEFINE_CLEAR(bu_file)
#define BU_FILE_NONE ((bu_file){ .fd = -1 })

/** After the end was read: fails with bad-data when size, time or inode changed meanwhile. */
BULLA_MUST_USE bulla_status bu_file_unchanged(const bu_file *file, bulla_error *err);

/** A part of an open file (borrowed) as a source, read without moving the file on. */
typedef struct bu_file_part {
    bu_source base;
    const bu_file *file;
    uint64_t at, left;
} bu_file_part;
bu_file_part bu_file_part_of(const bu_file *file, uint64_t offset, uint64_t size);

/** Open, read whole, check that it did not change. */
BULLA_MUST_USE bulla_status bu_file_slurp(const bu_folder *folder, const char *path, uint64_t max,
                                          bu_buf *out, bulla_error *err);

/**
 * Write a file whole or not at all: temporary file in the same folder, fsync,
 * rename, fsync of the folder. An old file stays whole on any failure; what is
 * no regular file (a link, a device, a FIFO) is not touched. `mode` like 0644.
 * Fails with write-error.
 */
BULLA_MUST_USE bulla_status bu_file_replace(const char *path, bulla_bytes content, uint32_t mode,
                                            bulla_error *err);

/** The same, but fails with write-error ("already there") when `path` exists. For keys. */
BULLA_MUST_USE bulla_status bu_file_create(const char *path, bulla_bytes content, uint32_t mode,
                                           bulla_error *err);

/**
 * Give a file another name in its folder, instead of what has that name; lasting once it returns.
 * Fails with write-error.
 */
BULLA_MUST_USE bulla_status bu_file_move(const char *from, const char *to, bulla_error *err);

/** Remove a file, lastingly; fine when there is none. Fails with write-error. */
BULLA_MUST_USE bulla_status bu_file_remove(const char *path, bulla_error *err);

/**
 * Let two folders of one parent change places, in one step, lastingly. Fails with write-error, also
 * where the file system cannot.
 */
BULLA_MUST_USE bulla_status bu_folder_swap(const char *a, const char *b, bulla_error *err);

/** Remove a folder that is empty; any other stays. */
void bu_folder_remove(const char *path);

/** Make a folder and its parents, mode 0777 less the umask (`private`: 0700). Fails with write-error. */
BULLA_MUST_USE bulla_status bu_folder_make(const char *path, bool private, bulla_error *err);

#endif
