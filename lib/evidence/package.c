/* SPDX-License-Identifier: MIT */
/*
 * What kinds of package archives share: how archives begin, where the
 * package's own folder is, and what to say when it is another package.
 */
#include "evidence/package.h"

#include "archive/decompress.h"
#include "archive/tar_header.h"

bool bu_begins_tar(bulla_bytes head)
{
    return head.len >= BU_TAR_BLOCK && bu_tar_checksum_fits(head.ptr);
}

bool bu_begins_tar_gz(bulla_bytes head)
{
    return bu_compression_of(head) == BU_COMPRESSION_GZIP;
}

bool bu_begins_tarball(bulla_bytes head)
{
    return bu_compression_of(head) != BU_COMPRESSION_NONE || bu_begins_tar(head);
}

bool bu_begins_ar(bulla_bytes head)
{
    return bu_bytes_starts(head, "!<arch>\n");
}

/* A local header, or the end of an archive without members. */
bool bu_begins_zip(bulla_bytes head)
{
    return bu_bytes_starts(head, "PK\x03\x04") || bu_bytes_starts(head, "PK\x05\x06");
}

const char *bu_package_begins(bulla_bytes head)
{
    static const struct {
        bool (*begins)(bulla_bytes head);
        const char *what;
    } rows[] = {
        { bu_begins_ar, "ar archive" },
        { bu_begins_zip, "zip archive" },
        { bu_begins_tar_gz, "gzip" },
        { bu_begins_tarball, "tar archive" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].begins(head))
            return rows[i].what;
    return NULL;
}

bulla_bytes bu_place_root(const bu_contents *contents, bulla_bytes path)
{
    (void)contents;
    return path;
}

bulla_bytes bu_place_top_folder(const bu_contents *contents, bulla_bytes path)
{
    (void)contents;
    return bu_bytes_from(path, bu_bytes_find(path, '/') + 1);
}

bulla_status bu_package_differs(const char *field, const char *expected, bulla_bytes got,
                                bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_SUBJECT_MISMATCH,
                                  "the archive is another package: its %s differs", field);
    return bu_expected(err, status, bu_bytes_of(expected), got);
}

bulla_status bu_package_same(const char *field, const char *expected, const char *got,
                             bulla_error *err)
{
    bool same = expected == NULL || got == NULL ? expected == got : strcmp(expected, got) == 0;
    return same ? BU_OK : bu_package_differs(field, expected, bu_bytes_of(got), err);
}

const char *bu_package_version(const bulla_component *component)
{
    return component->origin == BULLA_ORIGIN_GIT ? NULL : component->version;
}
