/* SPDX-License-Identifier: MIT */
/*
 * The growing buffer and the typed vector: doubling, with checked sizes.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/vec.h"

void bulla_buffer_free(bulla_buffer *buffer)
{
    if (buffer == NULL)
        return;
    free(buffer->ptr);
    *buffer = (bulla_buffer){ 0 };
}

void bu_buf_clear(bu_buf *buf)
{
    free(buf->ptr);
    *buf = (bu_buf){ 0 };
}

static bool grow(bu_buf *buf, size_t needed)
{
    size_t cap = buf->cap == 0 ? 256 : buf->cap;
    while (cap < needed)
        if (__builtin_mul_overflow(cap, 2, &cap))
            return false;
    uint8_t *ptr = realloc(buf->ptr, cap);
    if (ptr == NULL)
        return false;
    buf->ptr = ptr;
    buf->cap = cap;
    return true;
}

uint8_t *bu_buf_room(bu_buf *buf, size_t count)
{
    size_t needed;
    if (buf->broken)
        return NULL;
    if (__builtin_add_overflow(buf->len, count, &needed) ||
        __builtin_add_overflow(needed, 1, &needed) || (needed > buf->cap && !grow(buf, needed))) {
        buf->broken = true;
        return NULL;
    }
    return buf->ptr + buf->len;
}

void bu_buf_added(bu_buf *buf, size_t count)
{
    buf->len += count;
    buf->ptr[buf->len] = '\0';
}

void bu_buf_add(bu_buf *buf, bulla_bytes bytes)
{
    uint8_t *room = bu_buf_room(buf, bytes.len);
    if (room == NULL)
        return;
    if (bytes.len > 0)
        memcpy(room, bytes.ptr, bytes.len);
    bu_buf_added(buf, bytes.len);
}

void bu_buf_add_text(bu_buf *buf, const char *text)
{
    bu_buf_add(buf, bu_bytes_of(text));
}

void bu_buf_add_count(bu_buf *buf, size_t count, const char *thing)
{
    bu_buf_add_format(buf, "%zu %s%s", count, thing, count == 1 ? "" : "s");
}

void bu_buf_add_byte(bu_buf *buf, uint8_t byte)
{
    bu_buf_add(buf, (bulla_bytes){ &byte, 1 });
}

void bu_buf_add_format(bu_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    uint8_t *room = len < 0 ? NULL : bu_buf_room(buf, (size_t)len);
    if (room == NULL) {
        buf->broken = true;
        return;
    }
    va_start(args, format);
    (void)vsnprintf((char *)room, (size_t)len + 1, format, args);
    va_end(args);
    bu_buf_added(buf, (size_t)len);
}

bulla_status bu_buf_take(bu_buf *buf, bulla_buffer *out, bulla_error *err)
{
    if (bu_buf_room(buf, 0) == NULL) /* also gives an empty buffer its NUL */
        return bu_no_memory(err);
    bu_buf_added(buf, 0);
    *out = (bulla_buffer){ buf->ptr, buf->len };
    *buf = (bu_buf){ 0 };
    return BU_OK;
}

bulla_status bu_vec_grow(void *items, size_t count, size_t *cap, size_t size, bulla_error *err)
{
    if (count < *cap)
        return BU_OK;
    void *old;
    memcpy(&old, items, sizeof old); /* `items` is the address of a pointer of any object type */
    size_t wanted, bytes;
    if (__builtin_add_overflow(*cap, *cap < 32 ? 16 : *cap / 2, &wanted) ||
        __builtin_mul_overflow(wanted, size, &bytes))
        return bu_no_memory(err);
    void *grown = realloc(old, bytes);
    if (grown == NULL)
        return bu_no_memory(err);
    memcpy(items, &grown, sizeof grown);
    *cap = wanted;
    return BU_OK;
}
