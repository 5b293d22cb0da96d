/* SPDX-License-Identifier: MIT */
/*
 * Writing files whole or not at all: temporary file in the same folder, full
 * write, fsync, rename or link, fsync of the folder. On any failure the
 * temporary file is removed and the old file is as it was.
 */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/secret.h"

/* A file that is being written, next to where it will stand. */
typedef struct draft {
    int folder, fd;
    const char *name;   /* last part of the wanted path */
    char temporary[40]; /* "" once it is in place */
} draft;

static void draft_clear(draft *d)
{
    if (d->fd >= 0)
        (void)close(d->fd);
    if (d->temporary[0] != '\0')
        (void)unlinkat(d->folder, d->temporary, 0);
    if (d->folder >= 0)
        (void)close(d->folder);
}
BU_DEFINE_CLEAR(draft)

static bulla_status cannot_write(const char *path, int reason, bulla_error *err)
{
    bulla_status status =
        bu_fail(err, BULLA_E_WRITE_ERROR, "cannot be written: %s",
                reason == EEXIST ? "it is already there" : strerrordesc_np(reason));
    return bu_in_file(err, status, path);
}

static bulla_status refuse_special(bulla_error *err)
{
    return bu_next(err,
                   bu_fail(err, BULLA_E_WRITE_ERROR, "what has this name is not a regular file"),
                   "name a regular file, or - for standard output");
}

static int open_parent(const char *path, const char *name)
{
    char parent[PATH_MAX];
    size_t len = (size_t)(name - path);
    if (len >= sizeof parent) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(parent, path, len);
    parent[len] = '\0';
    return open(len == 0 ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool draft_open(draft *d, const char *path, uint32_t mode)
{
    const char *slash = strrchr(path, '/');
    d->name = slash == NULL ? path : slash + 1;
    if (d->name[0] == '\0') {
        errno = EISDIR;
        return false;
    }
    d->folder = open_parent(path, d->name);
    if (d->folder < 0)
        return false;
    uint64_t random;
    bu_random(&random, sizeof random);
    (void)snprintf(d->temporary, sizeof d->temporary, ".bulla-%016llx.tmp",
                   (unsigned long long)random);
    d->fd =
        openat(d->folder, d->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (d->fd < 0)
        d->temporary[0] = '\0';
    return d->fd >= 0;
}

/* To replace a device, a FIFO or a link such as /dev/stdout would break it for everybody else. */
static bool stands_for_another(const draft *d)
{
    struct stat st;
    return fstatat(d->folder, d->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode);
}

static bool write_all(int fd, bulla_bytes content)
{
    while (content.len > 0) {
        ssize_t written = write(fd, content.ptr, content.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        content = bu_bytes_from(content, (size_t)written);
    }
    return true;
}

/* A second name that must be new, and the first removed; or a rename that replaces. */
static bool put_in_place(draft *d, bool replace)
{
    if (replace && renameat(d->folder, d->temporary, d->folder, d->name) != 0)
        return false;
    if (!replace && linkat(d->folder, d->temporary, d->folder, d->name, 0) != 0)
        return false;
    if (!replace && unlinkat(d->folder, d->temporary, 0) != 0)
        return false;
    d->temporary[0] = '\0';
    return true;
}

static bulla_status write_file(const char *path, bulla_bytes content, uint32_t mode, bool replace,
                               bulla_error *err)
{
    BU_TRY(bu_sodium_ready(err));
    BU_CLEAR(draft) d = { .folder = -1, .fd = -1 };
    if (!draft_open(&d, path, mode))
        return cannot_write(path, errno, err);
    if (replace && stands_for_another(&d))
        return bu_in_file(err, refuse_special(err), path);
    if (!write_all(d.fd, content) || fsync(d.fd) != 0)
        return cannot_write(path, errno, err);
    int fd = d.fd;
    d.fd = -1;
    if (close(fd) != 0 || !put_in_place(&d, replace) || fsync(d.folder) != 0)
        return cannot_write(path, errno, err);
    return BU_OK;
}

bulla_status bu_file_replace(const char *path, bulla_bytes content, uint32_t mode, bulla_error *err)
{
    return write_file(path, content, mode, true, err);
}

bulla_status bu_file_create(const char *path, bulla_bytes content, uint32_t mode, bulla_error *err)
{
    return write_file(path, content, mode, false, err);
}

bulla_status bu_file_move(const char *from, const char *to, bulla_error *err)
{
    const char *slash = strrchr(to, '/');
    BU_CLEAR(bu_folder) folder = { .fd = open_parent(to, slash == NULL ? to : slash + 1) };
    if (folder.fd < 0 || rename(from, to) != 0 || fsync(folder.fd) != 0)
        return cannot_write(to, errno, err);
    return BU_OK;
}

bulla_status bu_file_remove(const char *path, bulla_error *err)
{
    const char *slash = strrchr(path, '/');
    if (unlink(path) != 0)
        return errno == ENOENT ? BU_OK : cannot_write(path, errno, err);
    BU_CLEAR(bu_folder) folder = { .fd = open_parent(path, slash == NULL ? path : slash + 1) };
    if (folder.fd < 0 || fsync(folder.fd) != 0)
        return cannot_write(path, errno, err);
    return BU_OK;
}

bulla_status bu_folder_swap(const char *a, const char *b, bulla_error *err)
{
    const char *slash = strrchr(b, '/');
    BU_CLEAR(bu_folder) parent = { .fd = open_parent(b, slash == NULL ? b : slash + 1) };
    if (parent.fd < 0 || renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) != 0 ||
        fsync(parent.fd) != 0)
        return cannot_write(b, errno, err);
    return BU_OK;
}

void bu_folder_remove(const char *path)
{
    (void)rmdir(path);
}

bulla_status bu_folder_make(const char *path, bool private, bulla_error *err)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part)
        return cannot_write(path, len == 0 ? ENOENT : ENAMETOOLONG, err);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, private ? 0700 : 0777) != 0 && errno != EEXIST)
            return cannot_write(path, errno, err);
    }
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return cannot_write(path, ENOTDIR, err);
    return BU_OK;
}
