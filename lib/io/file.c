/* SPDX-License-Identifier: MIT */
/*
 * Reading files: openat, O_NOFOLLOW, O_NONBLOCK so that a FIFO is never
 * waited for, fstat before and after. What is not a regular file is refused.
 */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"

static int at_folder(const bu_folder *folder)
{
    return folder == NULL ? AT_FDCWD : folder->fd;
}

static bulla_status cannot_open(const char *path, int reason, bulla_error *err)
{
    bulla_code code = BULLA_E_UNREADABLE;
    if (reason == ELOOP || reason == ENXIO)
        code = BULLA_E_SPECIAL_FILE;
    if (reason == ENOENT || reason == ENOTDIR)
        code = BULLA_E_MISSING_FILE;
    bulla_status status =
        bu_fail(err, code, "cannot be opened: %s",
                reason == ELOOP ? "it is a symbolic link" : strerrordesc_np(reason));
    return bu_in_file(
        err,
        bu_as(err, status, code == BULLA_E_SPECIAL_FILE ? BULLA_EXIT_MALFORMED : BULLA_EXIT_IO),
        path);
}

bulla_status bu_folder_open(const char *path, bu_folder *out, bulla_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return cannot_open(path, errno, err);
    out->fd = fd;
    return BU_OK;
}

static bulla_status lock(const bu_folder *folder, const char *path, bulla_error *err)
{
    int done;
    do
        done = flock(folder->fd, LOCK_EX);
    while (done != 0 && errno == EINTR);
    if (done == 0)
        return BU_OK;
    return bu_in_file(
        err, bu_fail(err, BULLA_E_UNREADABLE, "cannot be locked: %s", strerrordesc_np(errno)),
        path);
}

/* Whoever held it may have put another folder in its place. */
static bool is_still_at(const bu_folder *folder, const char *path)
{
    struct stat held, there;
    return fstat(folder->fd, &held) == 0 && stat(path, &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

bulla_status bu_folder_hold(const char *path, bu_folder *out, bulla_error *err)
{
    for (;;) {
        BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
        BU_TRY(bu_folder_open(path, &folder, err));
        BU_TRY(lock(&folder, path, err));
        if (!is_still_at(&folder, path))
            continue;
        *out = folder;
        folder = BU_FOLDER_NONE;
        return BU_OK;
    }
}

bulla_status bu_folder_enter(const bu_folder *folder, const char *name, bu_folder *out,
                             bulla_error *err)
{
    int fd = openat(folder->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return cannot_open(name, errno, err);
    out->fd = fd;
    return BU_OK;
}

bulla_status bu_folder_link(const bu_folder *folder, const char *name, bu_buf *out,
                            bulla_error *err)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(folder->fd, name, target, sizeof target);
    if (len < 0 || (size_t)len == sizeof target)
        return bu_in_file(err, bu_fail(err, BULLA_E_SPECIAL_FILE, "is not a regular file"), name);
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)target, (size_t)len });
    return out->broken ? bu_no_memory(err) : BU_OK;
}

void bu_folder_clear(bu_folder *folder)
{
    if (folder->fd >= 0)
        (void)close(folder->fd);
    folder->fd = -1;
}

void bu_names_clear(bu_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (bu_names){ 0 };
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bulla_status add_name(bu_names *names, const char *name, bulla_error *err)
{
    if (names->count >= BU_LIMIT_FOLDER_ENTRIES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u entries in a folder",
                       BU_LIMIT_FOLDER_ENTRIES);
    BU_TRY(bu_vec_grow(&names->items, names->count, &names->cap, sizeof *names->items, err));
    names->items[names->count] = strdup(name);
    if (names->items[names->count] == NULL)
        return bu_no_memory(err);
    names->count++;
    return BU_OK;
}

static void close_stream(DIR **stream)
{
    if (*stream != NULL)
        (void)closedir(*stream);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bulla_status bu_folder_list(const bu_folder *folder, const char *suffix, bu_names *out,
                            bulla_error *err)
{
    BU_CLEAR(bu_names) names = { 0 };
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    __attribute__((cleanup(close_stream))) DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (stream == NULL)
        return cannot_open(".", errno, err);
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL; errno = 0)
        if (bu_bytes_ends(bu_bytes_of(entry->d_name), suffix) && !is_dots(entry->d_name))
            BU_TRY(add_name(&names, entry->d_name, err));
    if (errno != 0)
        return cannot_open(".", errno, err);
    if (names.count > 0)
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    *out = names;
    names = (bu_names){ 0 };
    return BU_OK;
}

bu_presence bu_folder_look(const bu_folder *folder, const char *name, uint64_t *size)
{
    struct stat st;
    if (fstatat(at_folder(folder), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || errno == ENOTDIR ? BU_PRESENCE_NONE : BU_PRESENCE_OTHER;
    if (S_ISDIR(st.st_mode))
        return BU_PRESENCE_FOLDER;
    if (!S_ISREG(st.st_mode))
        return BU_PRESENCE_OTHER;
    if (size != NULL)
        *size = (uint64_t)st.st_size;
    return BU_PRESENCE_FILE;
}

/* What tells whether a file is still the one that was opened. */
static void stamp_of(const struct stat *st, uint64_t stamp[4])
{
    stamp[0] = (uint64_t)st->st_ino;
    stamp[1] = (uint64_t)st->st_size;
    stamp[2] = (uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;
    stamp[3] = (uint64_t)st->st_ctim.tv_sec * 1000000000u + (uint64_t)st->st_ctim.tv_nsec;
}

static bulla_status file_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    bu_file *file = (bu_file *)self;
    ssize_t got;
    do
        got = read(file->fd, buf, cap);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return bu_at_offset(
            err, bu_fail(err, BULLA_E_UNREADABLE, "cannot be read: %s", strerrordesc_np(errno)),
            file->offset);
    *n = (size_t)got;
    file->offset += (uint64_t)got;
    return BU_OK;
}

static bulla_status judge_opened(const struct stat *st, uint64_t max, bulla_error *err)
{
    if (!S_ISREG(st->st_mode)) {
        bulla_status status = bu_fail(err, BULLA_E_SPECIAL_FILE, "is not a regular file");
        return bu_expected(err, status, BULLA_LIT("a regular file"),
                           bu_bytes_of(S_ISDIR(st->st_mode)    ? "a folder"
                                       : S_ISFIFO(st->st_mode) ? "a FIFO"
                                       : S_ISSOCK(st->st_mode) ? "a socket"
                                                               : "a device"));
    }
    if ((uint64_t)st->st_size > max)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%llu bytes are over the limit of %llu",
                       (unsigned long long)st->st_size, (unsigned long long)max);
    return BU_OK;
}

bulla_status bu_file_open(const bu_folder *folder, const char *path, uint64_t max, bu_file *out,
                          bulla_error *err)
{
    BU_CLEAR(bu_file) file = { .base = { file_read }, .fd = -1 };
    file.fd =
        openat(at_folder(folder), path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file.fd < 0)
        return cannot_open(path, errno, err);
    struct stat st;
    if (fstat(file.fd, &st) != 0)
        return cannot_open(path, errno, err);
    BU_TRY(bu_in_file(err, judge_opened(&st, max, err), path));
    file.size = (uint64_t)st.st_size;
    file.mode = (uint32_t)st.st_mode & 07777;
    file.owner = (uint32_t)st.st_uid;
    stamp_of(&st, file.stamp);
    *out = file;
    file.fd = -1;
    return BU_OK;
}

void bu_file_clear(bu_file *file)
{
    if (file->fd >= 0)
        (void)close(file->fd);
    file->fd = -1;
}

bulla_status bu_file_unchanged(const bu_file *file, bulla_error *err)
{
    struct stat st;
    uint64_t now[4] = { 0 };
    if (fstat(file->fd, &st) == 0)
        stamp_of(&st, now);
    if (memcmp(now, file->stamp, sizeof now) != 0 || file->offset != file->size)
        return bu_fail(err, BULLA_E_BAD_DATA, "the file changed while it was read");
    return BU_OK;
}

static bulla_status part_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    bu_file_part *part = (bu_file_part *)self;
    ssize_t got;
    if (cap > part->left)
        cap = (size_t)part->left;
    do
        got = pread(part->file->fd, buf, cap, (off_t)part->at);
    while (got < 0 && errno == EINTR);
    if (got < 0 || (got == 0 && cap > 0))
        return bu_at_offset(err,
                            bu_fail(err, BULLA_E_UNREADABLE, "cannot be read: %s",
                                    got < 0 ? strerrordesc_np(errno) : "its end is missing"),
                            part->at);
    *n = (size_t)got;
    part->at += *n;
    part->left -= *n;
    return BU_OK;
}

bu_file_part bu_file_part_of(const bu_file *file, uint64_t offset, uint64_t size)
{
    return (bu_file_part){ .base = { part_read }, .file = file, .at = offset, .left = size };
}

bulla_status bu_file_slurp(const bu_folder *folder, const char *path, uint64_t max, bu_buf *out,
                           bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(folder, path, max, &file, err));
    bulla_status status = bu_source_slurp(&file.base, max, out, err);
    if (bulla_ok(status))
        status = bu_file_unchanged(&file, err);
    return bu_in_file(err, status, path);
}
