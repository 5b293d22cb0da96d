/* SPDX-License-Identifier: MIT */
/*
 * How a tree is made: for the loaders of this room only. A tree is one array
 * of nodes in document order, so a node's first child is the next node and
 * its next sibling is `skip` nodes on. Texts point into a copy of the
 * document; what had to be unescaped lies in the arena.
 */
#ifndef BU_SYNTAX_TREE_BUILD_H
#define BU_SYNTAX_TREE_BUILD_H

#include "base/limits.h"
#include "syntax/tree.h"

/* Where the keys of a large table are found. */
typedef struct bu_key_index bu_key_index;

struct bu_node {
    const uint8_t *key; /* NULL for elements and the root */
    union {
        const uint8_t *text;       /* STRING, INTEGER, REAL, BOOL, LOCAL_TIME */
        int64_t number;            /* TIME */
        const bu_key_index *index; /* TABLE; NULL for a small one */
    };
    uint32_t offset; /* of the value in the document */
    uint32_t size;   /* bytes of text, or number of children */
    uint32_t skip;   /* nodes from here to the next sibling; 0 for the last */
    uint32_t key_size : 28;
    uint32_t kind : 4; /* bu_node_kind */
};

_Static_assert(BU_LIMIT_DOCUMENT_BYTES <= 1u << 28, "keys and offsets of a document must fit");

/** A tree that is being filled. */
typedef struct bu_build {
    bu_tree *tree;
    size_t depth;
    struct {
        uint32_t parent, last; /* `last`: its newest child; 0 while there is none */
    } levels[BU_LIMIT_TREE_DEPTH];
} bu_build;

/**
 * A tree without nodes over a copy of `text`.
 * Fails with resource-limit (over `max` bytes), bad-encoding (BOM), no-memory.
 */
BULLA_MUST_USE bulla_status bu_tree_new(bulla_bytes text, const char *name, size_t max,
                                        bu_tree **out, bulla_error *err);

/** The tree's copy of the document; 16 NUL bytes stand behind it. */
bulla_bytes bu_tree_text(const bu_tree *tree);
bu_arena *bu_tree_arena(bu_tree *tree);

/** Text that is to outlive a parser: where it stands at `offset` of the document, if it stands there
 * as it is, or a copy. */
BULLA_MUST_USE bulla_status bu_tree_keep(bu_tree *tree, size_t offset, bulla_bytes text,
                                         bulla_bytes *out, bulla_error *err);

/** Add a value to the open container: kind, offset, text and key of `node` are taken. */
BULLA_MUST_USE bulla_status bu_build_add(bu_build *build, const bu_node *node, bulla_error *err);

/** Add an ARRAY or TABLE and open it; fails with resource-limit over BU_LIMIT_TREE_DEPTH. */
BULLA_MUST_USE bulla_status bu_build_open(bu_build *build, const bu_node *node, bulla_error *err);
void bu_build_close(bu_build *build);
/** What the innermost open container is, and whether it still has no child. */
bool bu_build_in_table(const bu_build *build);
bool bu_build_is_empty(const bu_build *build);

/** Give a tree without nodes all of them at once, linked and in order; they were malloc'ed. */
void bu_tree_adopt(bu_tree *tree, bu_node *nodes, size_t count);

/**
 * Once all nodes are there: index large tables, refuse the first key that stands twice (duplicate-
 * key).
 */
BULLA_MUST_USE bulla_status bu_tree_settle(bu_tree *tree, bulla_error *err);

/** The same, but keys of the outermost table may stand twice. */
BULLA_MUST_USE bulla_status bu_tree_settle_merged(bu_tree *tree, bulla_error *err);

/** What stands at an offset, for people: a word, one character, or "end of text". */
bulla_bytes bu_tree_excerpt(const bu_tree *tree, size_t offset);

/** The value of what JSON or YAML writes as an integer: [-+]?digits, 0o or 0x. False when it is
 * none, or does not fit. */
bool bu_integer_read(bulla_bytes text, int64_t *out);

/** Put file, line, column and offset on an error just made. Returns `status`. */
bulla_status bu_tree_blame(const bu_tree *tree, uint64_t offset, bulla_status status,
                           bulla_error *err);

#endif
