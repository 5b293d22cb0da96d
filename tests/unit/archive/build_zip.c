/* SPDX-License-Identifier: MIT */
/*
 * The builder of zip archives.
 */
#include "build_zip.h"

#include <zlib.h>

#include "base/bytes.h"
#include "suite.h"

#define UTF8_FLAG     0x0800u
#define STREAMED_FLAG 0x0008u

static void put_number(uint64_t value, size_t width, bu_buf *out)
{
    for (size_t i = 0; i < width; i++)
        bu_buf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

/* What a member became: where it is, and what its headers say. */
typedef struct placed {
    uint64_t offset;
    size_t packed;
    uint32_t crc;
} placed;

static size_t deflate_into(bulla_bytes bytes, bu_buf *out)
{
    z_stream z = { 0 };
    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    uLong room = deflateBound(&z, bytes.len) + 32;
    z.next_in = (Bytef *)(uintptr_t)bytes.ptr;
    z.avail_in = (uInt)bytes.len;
    z.next_out = bu_buf_room(out, room);
    z.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t packed = z.total_out;
    bu_buf_added(out, packed);
    (void)deflateEnd(&z);
    return packed;
}

static void patch(bu_buf *out, size_t start, const build_patch *with)
{
    if (with->bytes.len > 0)
        memcpy(out->ptr + start + with->at, with->bytes.ptr, with->bytes.len);
}

static unsigned flags_of(const build_zip_member *m)
{
    unsigned flags = m->streamed ? STREAMED_FLAG : 0;
    for (const char *c = m->name; *c != '\0'; c++)
        flags |= (unsigned char)*c >= 0x80 ? UTF8_FLAG : 0;
    return flags;
}

/* Version, flags, method, a time, CRC, sizes. */
static void put_common(const build_zip_member *m, const placed *p, bool is_known, bu_buf *out)
{
    put_number(20, 2, out);
    put_number(flags_of(m), 2, out);
    put_number(m->deflated ? 8 : 0, 2, out);
    put_number(0x21 << 16, 4, out);
    put_number(is_known ? p->crc : 0, 4, out);
    put_number(is_known ? p->packed : 0, 4, out);
    put_number(is_known ? m->content.len : 0, 4, out);
}

static placed put_member(const build_zip_member *m, uint64_t start, bu_buf *out)
{
    BU_CLEAR(bu_buf) data = { 0 };
    placed p = { .crc = (uint32_t)crc32(0, m->content.ptr, (uInt)m->content.len) };
    if (m->content.len == 0)
        p.crc = 0;
    if (m->deflated)
        (void)deflate_into(m->content, &data);
    else
        bu_buf_add(&data, m->content);
    bu_buf_add_text(&data, m->packed_more == NULL ? "" : m->packed_more);
    p.packed = data.len;
    bu_buf_add_text(out, m->before == NULL ? "" : m->before);
    size_t header = out->len;
    p.offset = header - start;
    bu_buf_add_text(out, "PK\3\4");
    put_common(m, &p, !m->streamed, out);
    put_number(strlen(m->name), 2, out);
    put_number(m->local_extra.len, 2, out);
    bu_buf_add_text(out, m->name);
    bu_buf_add(out, m->local_extra);
    patch(out, header, &m->local);
    bu_buf_add(out, bu_buf_bytes(&data));
    if (!m->streamed)
        return p;
    size_t descriptor = out->len;
    bu_buf_add_text(out, m->unsigned_descriptor ? "" : "PK\7\10");
    put_number(p.crc, 4, out);
    put_number(p.packed, 4, out);
    put_number(m->content.len, 4, out);
    patch(out, descriptor, &m->descriptor);
    return p;
}

static void put_central(const build_zip_member *m, const placed *p, bu_buf *out)
{
    size_t header = out->len;
    const char *name = m->central_name == NULL ? m->name : m->central_name;
    bool is_folder = bu_bytes_ends(bu_bytes_of(m->name), "/");
    uint32_t mode = m->mode != 0 ? m->mode : is_folder ? 040755 : 0100644;
    bu_buf_add_text(out, "PK\1\2");
    put_number(20, 1, out);
    put_number(m->host == 0 ? 3 : m->host == 255 ? 0 : m->host, 1, out);
    put_common(m, p, true, out);
    put_number(strlen(name), 2, out);
    put_number(m->central_extra.len, 2, out);
    put_number(m->central_comment.len, 2, out);
    put_number(0, 4, out);
    put_number((uint64_t)mode << 16 | m->dos, 4, out);
    put_number(p->offset, 4, out);
    bu_buf_add_text(out, name);
    bu_buf_add(out, m->central_extra);
    bu_buf_add(out, m->central_comment);
    patch(out, header, &m->central);
}

static void put_end64(const build_zip *how, uint64_t count, uint64_t size, uint64_t offset,
                      size_t start, bu_buf *out)
{
    size_t end64 = out->len, locator;
    bu_buf_add_text(out, "PK\6\6");
    put_number(44, 8, out);
    put_number(45, 2, out);
    put_number(45, 2, out);
    put_number(0, 8, out);
    put_number(count, 8, out);
    put_number(count, 8, out);
    put_number(size, 8, out);
    put_number(offset, 8, out);
    patch(out, end64, &how->end64);
    locator = out->len;
    bu_buf_add_text(out, "PK\6\7");
    put_number(0, 4, out);
    put_number(end64 - start, 8, out);
    put_number(1, 4, out);
    patch(out, locator, &how->locator);
}

static void put_end(const build_zip *how, uint64_t count, uint64_t size, uint64_t offset,
                    bu_buf *out)
{
    size_t end = out->len;
    bu_buf_add_text(out, "PK\5\6");
    put_number(0, 4, out);
    put_number(how->zip64 ? UINT16_MAX : count, 2, out);
    put_number(how->zip64 ? UINT16_MAX : count, 2, out);
    put_number(how->zip64 ? UINT32_MAX : size, 4, out);
    put_number(how->zip64 ? UINT32_MAX : offset, 4, out);
    put_number(how->comment.len, 2, out);
    bu_buf_add(out, how->comment);
    patch(out, end, &how->end);
}

/* Central headers of those that are listed first, or of the others; how many there are. */
static uint64_t put_directory(const build_zip_member *members, const placed *places, bool first,
                              bu_buf *out)
{
    uint64_t count = 0;
    for (size_t i = 0; members[i].name != NULL; i++) {
        if (members[i].unlisted || members[i].listed_first != first)
            continue;
        for (int n = members[i].listed_twice ? 2 : 1; n > 0; n--, count++)
            put_central(&members[i], &places[i], out);
    }
    return count;
}

void build_zip_archive(const build_zip_member *members, const build_zip *how, bu_buf *out)
{
    static const build_zip honest = { 0 };
    placed places[8];
    size_t start = out->len, directory;
    how = how == NULL ? &honest : how;
    for (size_t i = 0; members[i].name != NULL; i++)
        places[i] = put_member(&members[i], start, out);
    bu_buf_add_text(out, how->before_directory == NULL ? "" : how->before_directory);
    directory = out->len;
    uint64_t count = put_directory(members, places, true, out);
    count += put_directory(members, places, false, out);
    size_t size = out->len - directory;
    bu_buf_add_text(out, how->before_end == NULL ? "" : how->before_end);
    if (how->zip64)
        put_end64(how, count, size, directory - start, start, out);
    put_end(how, count, size, directory - start, out);
    bu_buf_add_text(out, how->after == NULL ? "" : how->after);
}
