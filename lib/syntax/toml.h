/* SPDX-License-Identifier: MIT */
/*
 * The seam between toml++ and the tree: toml.cc knows nothing of bulla,
 * toml_tree.c nothing of C++. No exception crosses it.
 */
#ifndef BU_SYNTAX_TOML_H
#define BU_SYNTAX_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bu_toml_kind {
    BU_TOML_BOOL,
    BU_TOML_INTEGER,
    BU_TOML_REAL,
    BU_TOML_STRING,
    BU_TOML_TIME,
    BU_TOML_LOCAL_TIME,
    BU_TOML_ARRAY,
    BU_TOML_TABLE,
} bu_toml_kind;

/** A place as toml++ counts: from 1, columns in code points. */
typedef struct bu_toml_place {
    uint32_t line, column;
} bu_toml_place;

/** One value. What is inside of an array or table follows, then its end. */
typedef struct bu_toml_item {
    bu_toml_kind kind;
    const char *key; /* NULL for elements and the root */
    size_t key_len;
    const char *text; /* STRING */
    size_t text_len;
    int64_t integer; /* INTEGER, BOOL */
    bu_toml_place begin, end;
} bu_toml_item;

/** What is told of a document; false stops the reading. */
typedef struct bu_toml_sink {
    void *context;
    bool (*item)(void *context, const bu_toml_item *item);
    void (*close)(void *context);
    /** toml++ refuses the text. */
    void (*refuse)(void *context, const char *why, bu_toml_place place);
} bu_toml_sink;

typedef enum bu_toml_outcome {
    BU_TOML_DONE,
    BU_TOML_STOPPED, /* by the sink, or after refuse() */
    BU_TOML_NO_MEMORY,
} bu_toml_outcome;

/** Read a document. toml++ recurses as deep as it is nested: the caller has bounded that. */
bu_toml_outcome bu_toml_read(const char *text, size_t len, const bu_toml_sink *sink);

#ifdef __cplusplus
}
#endif

#endif
