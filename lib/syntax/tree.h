/* SPDX-License-Identifier: MIT */
/*
 * The tree with places: what a large foreign document (lockfile, manifest,
 * SBOM, policy) becomes. Read-only nodes that know their byte offset, so that
 * every finding can say file:line:column. Loaders: JSON, TOML, YAML, XML. A
 * parser of such documents reads one kind of thing and never text.
 */
#ifndef BU_SYNTAX_TREE_H
#define BU_SYNTAX_TREE_H

#include "base/arena.h"
#include "base/error.h"

typedef enum bu_node_kind {
    BU_NODE_NULL,
    BU_NODE_BOOL,
    BU_NODE_INTEGER, /* fits int64_t and has neither fraction nor exponent */
    BU_NODE_REAL,    /* any other number; only its text is kept */
    BU_NODE_STRING,
    BU_NODE_TIME,       /* TOML only: Unix seconds UTC */
    BU_NODE_LOCAL_TIME, /* TOML only: a date or time without an offset names no point in time */
    BU_NODE_ARRAY,
    BU_NODE_TABLE,
} bu_node_kind;

typedef struct bu_tree bu_tree;
typedef struct bu_node bu_node;

/* Loading. `name` is the file's name as it is to be shown in errors; both are copied. A tree may be
 * read by many threads at once.
 * Fail with bad-syntax, bad-encoding, duplicate-key, bad-number, truncated, trailing-data,
 * resource-limit (all with line, column and offset), empty, no-memory. */

/**
 * RFC 8259, strictly: UTF-8 without BOM, no duplicate key (however it is escaped), no lone
 * surrogate, no U+0000 in a string, no number beyond a double; at most BU_LIMIT_DOCUMENT_BYTES.
 */
BULLA_MUST_USE bulla_status bu_json_load(bulla_bytes text, const char *name, bu_tree **out,
                                         bulla_error *err);

/**
 * The same for what editors and Bun write (JSONC): besides RFC 8259 it may have `//` and slash-star
 * comments, and one comma behind the last element or field. No comment has a control character
 * other than tab and line ends, or U+2028 or U+2029, which end a line for some readers.
 */
BULLA_MUST_USE bulla_status bu_jsonc_load(bulla_bytes text, const char *name, bu_tree **out,
                                          bulla_error *err);

/** TOML 1.0; an empty text is an empty table. At most BU_LIMIT_DOCUMENT_BYTES, without BOM. */
BULLA_MUST_USE bulla_status bu_toml_load(bulla_bytes text, const char *name, bu_tree **out,
                                         bulla_error *err);

/**
 * One document of YAML 1.2, core schema, at most BU_LIMIT_DOCUMENT_BYTES, without BOM. Mappings are
 * TABLEs, sequences ARRAYs, plain scalars NULL, BOOL, INTEGER or REAL where the core schema says so
 * and STRING otherwise; the text of every scalar but NULL is kept as written (`5.10` stays "5.10").
 * Anchors, aliases, tags, merge keys (`<<`), directives, a second document and keys that are no
 * scalars are refused: unsupported-feature; likewise U+0085, U+2028 and U+2029, which are line ends
 * in YAML 1.1 alone. An empty text is NULL. A block mapping or sequence that is a field's value is
 * placed at its key: so the place of an entry is its own line.
 */
BULLA_MUST_USE bulla_status bu_yaml_load(bulla_bytes text, const char *name, bu_tree **out,
                                         bulla_error *err);

/**
 * The same, but a key of the outermost mapping may stand twice, as after the merge of two yarn.locks;
 * bu_node_get() then gives any of them.
 */
BULLA_MUST_USE bulla_status bu_yaml_load_merged(bulla_bytes text, const char *name, bu_tree **out,
                                                bulla_error *err);

/**
 * XML 1.0 in UTF-8, at most BU_LIMIT_DOCUMENT_BYTES. The root is the document's element. An element
 * is an ARRAY whose key is its local name. Its children, in this order: a STRING for each attribute
 * (key "@name", with its prefix if it has one; xmlns is one of them), then elements and, as STRINGs
 * without a key, what text is between them, without blanks around it and unless there is nothing
 * else. Comments are no children and part no text. A DOCTYPE, an entity that is not one of the
 * five, processing instructions, another version and an encoding in which the text is not the same
 * as in UTF-8 are refused: unsupported-feature; an attribute that stands twice: duplicate-key.
 * Nothing is ever fetched. Namespaces are not judged: an element's prefix is left off. A BOM is no
 * part of the text: places count from behind it.
 */
BULLA_MUST_USE bulla_status bu_xml_load(bulla_bytes text, const char *name, bu_tree **out,
                                        bulla_error *err);

void bu_tree_free(bu_tree *tree);
BU_DEFINE_AUTO(bu_tree)

const bu_node *bu_tree_root(const bu_tree *tree);
const char *bu_tree_name(const bu_tree *tree);

/** Line and column (1-based, columns in bytes) of an offset. */
void bu_tree_place(const bu_tree *tree, uint64_t offset, uint32_t *line, uint32_t *column);

/* Looking, without judging. All are total: they take NULL and give NULL, 0 or empty. */

bu_node_kind bu_node_kind_of(const bu_node *node);
uint64_t bu_node_offset(const bu_node *node);
/** The key under which a node stands in its table; empty for elements and the root. */
bulla_bytes bu_node_key(const bu_node *node);
/** Number of elements or fields. */
size_t bu_node_count(const bu_node *node);
/** First element or field; next one; NULL at the end. */
const bu_node *bu_node_first(const bu_node *node);
const bu_node *bu_node_next(const bu_node *node);
#define BU_EACH_CHILD(child, parent)                                                               \
    for (const bu_node *child = bu_node_first(parent); child != NULL; child = bu_node_next(child))

/** The field of that name, or NULL. Constant time on average in large tables. */
const bu_node *bu_node_get(const bu_node *table, const char *key);
const bu_node *bu_node_get_bytes(const bu_node *table, bulla_bytes key);

/** XML: the first child element of that name, the attribute's text, the text inside of an element
 * that has no child elements; NULL and empty when there is none. */
const bu_node *bu_xml_child(const bu_node *element, const char *name);
bulla_bytes bu_xml_attribute(const bu_node *element, const char *name);
bulla_bytes bu_xml_text(const bu_node *element);

/** Text of a STRING (also what a number or LOCAL_TIME was written as); empty for other kinds. */
bulla_bytes bu_node_text(const bu_node *node);
/** True for the literal `true`. */
bool bu_node_is_true(const bu_node *node);
/** Value of an INTEGER or TIME; 0 for other kinds. */
int64_t bu_node_integer(const bu_node *node);

/* Judging: the same with an error that names the place, the field, expected and got. */

/** Any failure about a node: code and sentence plus the node's place. */
BULLA_PRINTF(5, 6)
bulla_status bu_node_fail(const bu_tree *tree, const bu_node *node, bulla_error *err,
                          bulla_code code, const char *format, ...);

/** `node` must be of that kind: type-mismatch. */
BULLA_MUST_USE bulla_status bu_node_need(const bu_tree *tree, const bu_node *node,
                                         bu_node_kind kind, bulla_error *err);

/** The field must be there and of that kind: missing-field, type-mismatch. */
BULLA_MUST_USE bulla_status bu_node_field(const bu_tree *tree, const bu_node *table,
                                          const char *key, bu_node_kind kind, const bu_node **out,
                                          bulla_error *err);

/** The field may be absent (NULL then), but of that kind if it is there. */
BULLA_MUST_USE bulla_status bu_node_optional(const bu_tree *tree, const bu_node *table,
                                             const char *key, bu_node_kind kind,
                                             const bu_node **out, bulla_error *err);

/**
 * Every field of `table` is one of these names (NULL-terminated list): bad-syntax "unknown field".
 */
BULLA_MUST_USE bulla_status bu_node_only(const bu_tree *tree, const bu_node *table,
                                         const char *const *names, bulla_error *err);

#endif
