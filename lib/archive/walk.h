/* SPDX-License-Identifier: MIT */
/*
 * Safe entries of an archive stream. A tar stream is read by two readers at
 * once: libarchive gives the members, a strict reader of ours follows every
 * header byte beside it. Where the two see different archives, or one sees
 * what no honest packer writes, the walk fails: two parsers must not be able
 * to see two different packages.
 */
#ifndef BU_ARCHIVE_WALK_H
#define BU_ARCHIVE_WALK_H

#include "io/source.h"

typedef enum bu_member_kind {
    BU_MEMBER_FILE,
    BU_MEMBER_FOLDER,
    BU_MEMBER_LINK,
    BU_MEMBER_HARDLINK,
    BU_MEMBER_SPECIAL, /* a device or FIFO; in a layer only */
} bu_member_kind;

/* What a member of a layer takes away from the layers below it. */
typedef enum bu_whiteout {
    BU_WHITEOUT_NONE,
    BU_WHITEOUT_ONE,   /* the member's path, and all below it */
    BU_WHITEOUT_BELOW, /* all below the member's path, which stays */
} bu_whiteout;

#define BU_SIZE_UNKNOWN UINT64_MAX

typedef struct bu_member {
    bulla_bytes path; /* UTF-8; no `.` components, no "/" at the end; "." is the root */
    bu_member_kind kind;
    uint64_t size;      /* of a file's content; in a zip BU_SIZE_UNKNOWN before it was read */
    uint64_t offset;    /* of its first header in the decompressed stream */
    uint64_t content;   /* of a tar: where the content begins in that stream */
    bulla_bytes target; /* of a link, as stored */
    bu_whiteout whiteout;
} bu_member;

/** Where symbolic links may lead. Nothing is ever written through one. */
typedef enum bu_link_rule {
    BU_LINKS_TO_FILES,  /* to a file of the archive, in the same top folder */
    BU_LINKS_IN_FOLDER, /* anywhere in the same top folder, which unpackers take off */
    BU_LINKS_IN_TREE,   /* anywhere in the archive, which is unpacked as it is */
} bu_link_rule;

/** What a caller does with members: all calls in archive order, on one thread. */
typedef struct bu_walk_visitor {
    void *context; /* last in no call: handed to each */
    /**
     * A member begins. Set `*want` to have its content given to `content`
     * (files only; at most BU_LIMIT_METADATA_BYTES, resource-limit beyond).
     */
    bulla_status (*member)(void *context, const bu_member *member, bool *want, bulla_error *err);
    /** The whole content of a member that was wanted; borrowed for the call. */
    bulla_status (*content)(void *context, const bu_member *member, bulla_bytes content,
                            bulla_error *err);
    /**
     * NULL, or instead of `content`: what is wanted is read from here, of any size; what is left
     * unread is passed over.
     */
    bulla_status (*stream)(void *context, const bu_member *member, bu_source *content,
                           bulla_error *err);
    /** NULL, or called for each file, after what was wanted, with the digest of its content. */
    bulla_status (*digest)(void *context, const bu_member *member, const bulla_digest *sha256,
                           bulla_error *err);
    bu_link_rule links;
} bu_walk_visitor;

/**
 * Walk a tar stream, compressed or not, to its very end. What was visited counts only when the
 * walk succeeds: names are compared with each other last.
 *
 * Refuses, with the member's name and its offset in the decompressed stream: path-traversal
 * (absolute, `..`, backslash, drive letter), link-escape, bad-link, special-file, duplicate-entry
 * (but see doc/archives.md for a file that npm packs twice: both are visited), name-collision
 * (alike when case-folded or normalized), control-character, bad-encoding, bad-name (empty, over
 * BU_LIMIT_NAME_BYTES, an empty component), bad-header, bad-number, checksum, truncated,
 * trailing-data, ambiguous-archive (a second archive after the end, header fields or extensions
 * that contradict each other, readers that disagree), unsupported-feature (sparse files,
 * multi-volume, unknown types and extensions), resource-limit, empty (no member); and as
 * bu_decompressor_new(), with the offset in the stored bytes.
 * Specs: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */
BULLA_MUST_USE bulla_status bu_walk_tar(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

/**
 * Walk a layer of a container image, or the archive that images are saved in: a tar stream that is
 * not compressed. It is held to the rules of bu_walk_tar() with these exceptions, as it is a part of
 * a whole Unix system: devices and FIFOs are normal; links are not followed, and may lead anywhere;
 * names may differ in case alone, and need not be UTF-8; a slash before a name is the root of the
 * image; a folder may come twice; there may be no member. The path of a whiteout (`.wh.NAME`,
 * `.wh..wh..opq`) is what it is about.
 * Also refused: ambiguous-archive (one name that is hidden and there), bad-name (a whiteout of nothing,
 * or that is no file), path-traversal (a whiteout of `.` or `..`).
 * Spec: OCI image-spec, "Image Layer Filesystem Changeset".
 */
BULLA_MUST_USE bulla_status bu_walk_layer(bu_source *source, const bu_walk_visitor *visitor,
                                          bulla_error *err);

/**
 * Walk a zip archive to its very end, in one pass: local headers and contents first, which are then
 * held against the central directory and the end records. The size of a member whose header does
 * not say it yet is BU_SIZE_UNKNOWN for `member`. Only the central directory says what is a link:
 * `member` is told of a file, whose content is the target, and `digest` of a link. So `digest`
 * is called for all files and links when the archive was read and is sound; contents always have
 * their CRC.
 *
 * Refuses what bu_walk_tar() refuses of names, links and members, and: ambiguous-archive (a header
 * that says something else than its central header, its data descriptor or its content; members
 * that only one of the two knows; bytes that belong to no record; numbers of the end that are not
 * so; zip records in comments; a Unicode path that is another name), duplicate-entry (unless both
 * are the same, byte for byte), overlap (a member that begins inside of another), checksum,
 * format-mismatch (no zip archive), unsupported-feature (encryption, methods other than stored and
 * deflate, several disks, a stored member whose size comes behind it).
 * Spec: PKWARE APPNOTE.TXT 6.3; doc/archives.md.
 */
BULLA_MUST_USE bulla_status bu_walk_zip(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

/**
 * The same, and the digests that the archive would have if its member `name` had never been added:
 * no header, no content, the places and numbers behind it as they were. None when there is no such
 * member, or the archive ends with zip64 records. Known when `digest` is called.
 */
BULLA_MUST_USE bulla_status bu_walk_zip_without(bu_source *source, const bu_walk_visitor *visitor,
                                                bulla_bytes name, bu_algs algs,
                                                bulla_digest_set *out, bulla_error *err);

/**
 * Read a Debian binary package (deb(5)): exactly debian-binary ("2.0"), control.tar, data.tar, in
 * this order, and nothing else; walks control.tar, and passes over data.tar without unpacking it.
 * The source is read to its end.
 * Fails as bu_walk_tar() on control.tar (offsets are then those in it), and with format-mismatch
 * (no ar archive, or a member that is not compressed as its name says), bad-header,
 * ambiguous-archive (a second member of one of the three names), missing-file,
 * unsupported-version, truncated, trailing-data, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_walk_deb(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

/**
 * Read an Alpine package of version 2: gzip members end to end, of which the first may hold a
 * signature, the next holds .PKGINFO and scripts as a tar archive without its end, and the rest is
 * data. Walks the second, and passes over the data: `digest` gets what it has as stored, as the
 * member "data", whose offset is that in the stored bytes.
 * Fails as bu_walk_tar() (offsets are then those in the member), and with format-mismatch, unsupported-version (3),
 * ambiguous-archive (a member of one part in another, an archive that ends before the data), missing-file, truncated.
 * Spec: Alpine wiki, "Apk spec", v2.
 */
BULLA_MUST_USE bulla_status bu_walk_apk(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

/**
 * Read the first gzip member of an Alpine package or index, which must hold what signs it (members
 * `.SIGN.*`) and nothing else; the rest is not looked at.
 * @param end  gets where it ends in the stored bytes.
 * Fails as bu_walk_apk().
 */
BULLA_MUST_USE bulla_status bu_walk_apk_signature(bu_source *source, const bu_walk_visitor *visitor,
                                                  uint64_t *end, bulla_error *err);

/**
 * Read an RPM package: lead, signature header, header, payload. The header is visited as the member
 * "header", and the payload is passed over: `digest` gets what it has as stored, as the member
 * "payload". The header's own digest, where the signature header has one, must be right.
 * Fails with format-mismatch, bad-header, unsupported-version, checksum, truncated, resource-limit.
 * Spec: rpm, "Package format".
 */
BULLA_MUST_USE bulla_status bu_walk_rpm(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

#endif
