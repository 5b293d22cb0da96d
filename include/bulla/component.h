/* SPDX-License-Identifier: MIT */
/*
 * A component names one thing that goes into a product and carries what is
 * pinned about it. Plain data, read-only for callers, owned by its graph.
 */
#ifndef BULLA_COMPONENT_H
#define BULLA_COMPONENT_H

#include "digest.h"

BULLA_BEGIN

/** What a component is needed for; the first is the strongest. */
typedef enum bulla_scope {
    BULLA_SCOPE_RUNTIME,
    BULLA_SCOPE_OPTIONAL,
    BULLA_SCOPE_BUILD,
    BULLA_SCOPE_DEV,
} bulla_scope;

/** Where its bytes come from, as far as that decides what can be proved. */
typedef enum bulla_origin {
    BULLA_ORIGIN_UNKNOWN,  /**< the document does not say */
    BULLA_ORIGIN_REGISTRY, /**< a package registry or an archive by URL */
    BULLA_ORIGIN_GIT,      /**< a commit: no archive with a digest */
    BULLA_ORIGIN_FILE,     /**< an archive inside the project */
    BULLA_ORIGIN_LOCAL,    /**< a folder of the project itself: workspace, link, root */
    BULLA_ORIGIN_OUTSIDE,  /**< a folder outside the project: nothing pins it */
    BULLA_ORIGIN_BUNDLED,  /**< inside the archive of another component */
    BULLA_ORIGIN_SYSTEM,   /**< installed by the system's package manager */
    BULLA_ORIGIN_ARTIFACT, /**< a file given by hand */
} bulla_origin;

#define BULLA_NO_COMPONENT SIZE_MAX

/** One file that is published for a package: a wheel, an sdist, the build for one platform. */
typedef struct bulla_file_pin {
    const char *name;      /**< as it is published; NULL: not stated */
    const char *url;       /**< where it was resolved to; NULL: not stated */
    uint64_t size;         /**< pinned size in bytes; 0 when not pinned */
    bulla_digests digests; /**< all of them hold for these bytes */
} bulla_file_pin;

/** Strings are NUL-terminated UTF-8 as the document has them: escape before showing. NULL: not stated. */
typedef struct bulla_component {
    const char *purl;         /**< canonical; the identity. Never NULL */
    const char *type;         /**< purl type: "npm", "deb" … */
    const char *name;         /**< with its namespace as the ecosystem writes it: "@scope/x" */
    const char *version;      /**< NULL when the document has none */
    const char *architecture; /**< Debian and alike */
    const char *license;      /**< as stated, not judged */
    const char *resolved;     /**< URL or reference it was resolved to */
    const char *location;     /**< its place in the project: "node_modules/a", a file name */
    const char *alias;        /**< the name it is installed under, when that is another */
    const char *lockfile;     /**< document that names it */
    uint32_t line, column;    /**< where in that document */
    uint64_t size;            /**< pinned size in bytes; 0 when not pinned */
    size_t parent;            /**< of a BUNDLED component: index of the one it is inside of */
    bulla_scope scope;
    bulla_origin origin;
    bool may_be_absent;    /**< optional, and the document limits the platforms or says so */
    bool excluded_here;    /**< limited to platforms that are not the one asked about */
    bulla_digests digests; /**< pinned: all of them hold for its bytes */
    const bulla_file_pin
        *files; /**< pinned instead: its bytes are those of any one of these files */
    size_t file_count;
} bulla_component;

/** "runtime", "optional", "build", "dev". Never NULL. */
BULLA_API const char *bulla_scope_name(bulla_scope scope);

/** "registry", "git" … Never NULL. */
BULLA_API const char *bulla_origin_name(bulla_origin origin);

BULLA_END

#endif
