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

bool bu_begins_rpm(bulla_bytes head)
{
    return bu_bytes_starts(head, "\xED\xAB\xEE\xDB");
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
        { bu_begins_ar, "ar archive" },       { bu_begins_rpm, "RPM package" },
        { bu_begins_zip, "zip archive" },     { bu_begins_tar_gz, "gzip" },
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

static bulla_bytes top_folder(bulla_bytes path)
{
    return bu_bytes_first(path, bu_bytes_find(path, '/'));
}

bulla_status bu_member_in_folder(const bu_member *member, const char *name, bulla_error *err)
{
    bulla_bytes top = top_folder(member->path);
    return bu_bytes_is(top, name) ? BU_OK : bu_package_differs("top folder", name, top, err);
}

bulla_status bu_member_in_release(bu_contents *contents, const bu_member *member, bool *want,
                                  bulla_error *err)
{
    (void)want;
    const char *name = contents->packages[0].component->name;
    const char *version = contents->packages[0].component->version;
    bulla_bytes top = top_folder(member->path), rest = bu_bytes_from(top, strlen(name));
    if (bu_bytes_starts(top, name) && bu_bytes_starts(rest, "-") && version != NULL &&
        bu_bytes_is(bu_bytes_from(rest, 1), version))
        return BU_OK;
    const char *folder =
        bu_arena_format(contents->arena, "%s-%s", name, version == NULL ? "" : version);
    return folder == NULL ? bu_no_memory(err) : bu_package_differs("top folder", folder, top, err);
}

bulla_status bu_member_in_one_folder(bu_contents *contents, const bu_member *member, bool *want,
                                     bulla_error *err)
{
    (void)want;
    bu_top_folder *seen = contents->state;
    bulla_bytes top = top_folder(member->path);
    if (seen->name.len == 0)
        seen->name = bu_arena_copy(contents->arena, top);
    if (seen->name.ptr == NULL)
        return bu_no_memory(err);
    if (bu_bytes_equal(top, seen->name))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE,
                                  "not all is in one top folder: some readers take it "
                                  "off, others do not");
    return bu_expected(err, status, seen->name, top);
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

bulla_status bu_package_is(const bulla_component *component, bulla_bytes name, bulla_bytes version,
                           bulla_error *err)
{
    const char *expected = bu_package_version(component);
    if (!bu_bytes_is(name, component->name))
        return bu_package_differs("name", component->name, name, err);
    if (expected != NULL && !bu_bytes_is(version, expected))
        return bu_package_differs("version", expected, version, err);
    return BU_OK;
}

const char *bu_package_version(const bulla_component *component)
{
    return component->origin == BULLA_ORIGIN_GIT ? NULL : component->version;
}
