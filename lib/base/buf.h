/* SPDX-License-Identifier: MIT */
/*
 * A growing buffer. An append that cannot get memory marks the buffer broken
 * and is remembered, so writers append in a straight line and check once.
 */
#ifndef BU_BASE_BUF_H
#define BU_BASE_BUF_H

#include "base/cleanup.h"
#include "base/error.h"

typedef struct bu_buf {
    uint8_t *ptr; /* NUL-terminated whenever it is not NULL */
    size_t len;
    size_t cap;
    bool broken; /* an append found no memory; nothing is appended after it */
} bu_buf;

void bu_buf_clear(bu_buf *buf);
BU_DEFINE_CLEAR(bu_buf)

void bu_buf_add(bu_buf *buf, bulla_bytes bytes);
void bu_buf_add_text(bu_buf *buf, const char *text);
void bu_buf_add_byte(bu_buf *buf, uint8_t byte);
BULLA_PRINTF(2, 3) void bu_buf_add_format(bu_buf *buf, const char *format, ...);
/** So many of a thing, which is given as one of it: "1 file", "2 files". */
void bu_buf_add_count(bu_buf *buf, size_t count, const char *thing);

/** Room for `count` more bytes at the end, or NULL when broken; bu_buf_added() counts them in. */
uint8_t *bu_buf_room(bu_buf *buf, size_t count);
void bu_buf_added(bu_buf *buf, size_t count);

static inline bulla_bytes bu_buf_bytes(const bu_buf *buf)
{
    return (bulla_bytes){ buf->ptr, buf->len };
}

/** Hand the content out and leave the buffer empty; fails with no-memory when it is broken. */
BULLA_MUST_USE bulla_status bu_buf_take(bu_buf *buf, bulla_buffer *out, bulla_error *err);

#endif
