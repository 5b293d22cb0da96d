/* SPDX-License-Identifier: MIT */
/*
 * A kind of package archive: how its bytes are known, how it is walked, which
 * member is its manifest, and how that is held against a component. One file
 * and one row of packages.def each.
 */
#ifndef BU_EVIDENCE_PACKAGE_H
#define BU_EVIDENCE_PACKAGE_H

#include "archive/walk.h"
#include "evidence/contents.h"

/** One walk over one archive. */
typedef struct bu_contents {
    const struct bu_package_kind *kind;
    bu_expected_package *packages; /* [0] the package itself */
    size_t count;
    const bu_deb_entry *listed;
    bu_arena *arena;
    void *state;               /* the kind's own, see `state_size` */
    bu_expected_package *open; /* whose manifest is coming, */
    size_t open_count;         /* this many: they follow each other */
} bu_contents;

/** Hooks that a kind does not need are NULL. A hook that fails ends the walk: the archive is refused. */
typedef struct bu_package_kind {
    const char *title;        /* for people: "npm package" */
    const char *const *types; /* purl types whose archives may be of this kind, NULL-terminated */
    bool makes_digest;        /* its walk makes `packages[0].tree`, which may be what is pinned */
    bu_link_rule links;       /* BU_LINKS_TO_FILES unless something else is needed */
    /** Whether it begins as this kind does. `head`: the first 512 bytes, or all. */
    bool (*accepts)(bulla_bytes head);
    bulla_status (*walk)(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err);
    /** Path of the manifest below the package's own folder; NULL: there is none to be judged. */
    const char *manifest;
    /** Where a member stands below the package's own folder; empty when it does not. */
    bulla_bytes (*place)(const bu_contents *contents, bulla_bytes path);
    /**
     * Where a member stands when its package is installed, below the folder of the package or what
     * stands for it; empty when it does not. NULL: such an archive is not installed by unpacking it.
     */
    bulla_bytes (*unpacked)(const bu_contents *contents, bulla_bytes path);
    /** Hold a manifest against a component: subject-mismatch, and what the text is refused for. */
    bulla_status (*judge)(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err);
    size_t state_size; /* bytes of `contents->state`, zeroed at the start, from the arena */
    /** Any member; whether a manifest is wanted is not its business. */
    bulla_status (*member)(bu_contents *contents, const bu_member *member, bool *want,
                           bulla_error *err);
    /** What `member` wanted, and is no manifest; one of the two as in bu_walk_visitor. */
    bulla_status (*content)(bu_contents *contents, const bu_member *member, bulla_bytes content,
                            bulla_error *err);
    bulla_status (*stream)(bu_contents *contents, const bu_member *member, bu_source *content,
                           bulla_error *err);
    /** Any file, manifests too. */
    bulla_status (*digest)(bu_contents *contents, const bu_member *member,
                           const bulla_digest *sha256, bulla_error *err);
    /** All was walked, and the package's own manifest agrees. */
    bulla_status (*finish)(bu_contents *contents, bulla_error *err);
} bu_package_kind;

/* What archives begin with. */
bool bu_begins_tar(bulla_bytes head);     /* plain */
bool bu_begins_tar_gz(bulla_bytes head);  /* gzip */
bool bu_begins_tarball(bulla_bytes head); /* a tar archive, compressed in some way or not */
bool bu_begins_ar(bulla_bytes head);
bool bu_begins_rpm(bulla_bytes head);
bool bu_begins_zip(bulla_bytes head);

/** What the head shows, for people: "zip archive"; NULL when it is nothing known. */
const char *bu_package_begins(bulla_bytes head);

/* Where the package's own folder is. */
bulla_bytes bu_place_root(const bu_contents *contents, bulla_bytes path);       /* no folder */
bulla_bytes bu_place_top_folder(const bu_contents *contents, bulla_bytes path); /* of any name */

/**
 * For `member`: all is in the top folder `name`. Fails with subject-mismatch: its tool would unpack
 * another package.
 */
BULLA_MUST_USE bulla_status bu_member_in_folder(const bu_member *member, const char *name,
                                                bulla_error *err);

/** For `member`: all is in the top folder NAME-VERSION. Fails as bu_member_in_folder(). */
BULLA_MUST_USE bulla_status bu_member_in_release(bu_contents *contents, const bu_member *member,
                                                 bool *want, bulla_error *err);

/** For `member`, with a state of this type: all is in one top folder. Fails with ambiguous-archive. */
typedef struct bu_top_folder {
    bulla_bytes name;
} bu_top_folder;
BULLA_MUST_USE bulla_status bu_member_in_one_folder(bu_contents *contents, const bu_member *member,
                                                    bool *want, bulla_error *err);

/** The archive is another package: subject-mismatch with expected and got. */
bulla_status bu_package_differs(const char *field, const char *expected, bulla_bytes got,
                                bulla_error *err);

/** subject-mismatch unless both are the same text, or both NULL. */
BULLA_MUST_USE bulla_status bu_package_same(const char *field, const char *expected,
                                            const char *got, bulla_error *err);

/** subject-mismatch unless name and version are the component's, to the letter. */
BULLA_MUST_USE bulla_status bu_package_is(const bulla_component *component, bulla_bytes name,
                                          bulla_bytes version, bulla_error *err);

/** The version that the manifest must have; NULL for a commit: that is its version, whatever it says. */
const char *bu_package_version(const bulla_component *component);

#endif
