/* SPDX-License-Identifier: MIT */
/*
 * The builder of archives.
 */
#include "build.h"

#include <archive.h>
#include <archive_entry.h>
#include <stddef.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/lazy.h"
#include "suite.h"

void build_zeros(size_t count, bu_buf *out)
{
    uint8_t *room = bu_buf_room(out, count);
    ck_assert_ptr_nonnull(room);
    memset(room, 0, count);
    bu_buf_added(out, count);
}

static void put(uint8_t *block, size_t at, const char *text)
{
    if (text != NULL)
        memcpy(block + at, text, strlen(text));
}

static void put_checksum(uint8_t *block, bool wrong)
{
    unsigned sum = wrong ? 1 : 0;
    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < BUILD_BLOCK; i++)
        sum += block[i];
    char text[16];
    (void)snprintf(text, sizeof text, "%06o", sum);
    memcpy(block + 148, text, 7);
}

static void put_block(const build_member *m, bu_buf *out)
{
    uint8_t block[BUILD_BLOCK] = { 0 };
    char size[24];
    (void)snprintf(size, sizeof size, "%011zo", m->content.len);
    put(block, 0, m->name);
    put(block, 100, "0000644");
    put(block, 108, "0000000");
    put(block, 116, "0000000");
    put(block, 124, m->size == NULL ? size : m->size);
    put(block, 136, "00000000000");
    block[156] = (uint8_t)(m->type == 0 ? '0' : m->type == 'v' ? '\0' : m->type);
    put(block, 157, m->link);
    memcpy(block + 257, m->magic.len == 8 ? (const char *)m->magic.ptr : "ustar\00000", 8);
    put(block, 345, m->prefix);
    if (m->patch.bytes.len > 0)
        memcpy(block + m->patch.at, m->patch.bytes.ptr, m->patch.bytes.len);
    put_checksum(block, m->bad_checksum);
    bu_buf_add(out, (bulla_bytes){ block, sizeof block });
    bu_buf_add(out, m->content);
    build_zeros(-m->content.len % BUILD_BLOCK, out);
}

/* The length of a record counts its own digits. */
static void put_record(const char *record, bu_buf *out)
{
    size_t len = strlen(record) + 3;
    while ((size_t)snprintf(NULL, 0, "%zu %s\n", len, record) != len)
        len++;
    bu_buf_add_format(out, "%zu %s\n", len, record);
}

static void put_pax(const build_member *m, bu_buf *out)
{
    BU_CLEAR(bu_buf) body = { 0 };
    for (size_t i = 0; i < sizeof m->pax / sizeof m->pax[0] && m->pax[i] != NULL; i++)
        put_record(m->pax[i], &body);
    if (body.len > 0)
        put_block(
            &(build_member){ .name = "PaxHeader", .type = 'x', .content = bu_buf_bytes(&body) },
            out);
}

static void put_long(char type, const char *text, bu_buf *out)
{
    if (text == NULL)
        return;
    bulla_bytes content = { (const uint8_t *)text, strlen(text) + 1 };
    put_block(
        &(build_member){
            .name = "././@LongLink", .type = type, .content = content, .magic = BUILD_GNU_MAGIC },
        out);
}

void build_tar_member(const build_member *member, bu_buf *out)
{
    put_pax(member, out);
    put_long('L', member->gnu_name, out);
    put_long('K', member->gnu_link, out);
    put_block(member, out);
}

void build_tar(const build_member *members, bu_buf *out)
{
    for (; members->name != NULL; members++)
        build_tar_member(members, out);
    build_zeros(2 * BUILD_BLOCK, out);
}

static void gzip(bulla_bytes bytes, bu_buf *out)
{
    z_stream z = { 0 };
    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    uLong room = deflateBound(&z, bytes.len) + 32;
    z.next_in = (Bytef *)(uintptr_t)bytes.ptr;
    z.avail_in = (uInt)bytes.len;
    z.next_out = bu_buf_room(out, room);
    z.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    bu_buf_added(out, z.total_out);
    (void)deflateEnd(&z);
}

#define WRITER(ROW)                                                                                \
    ROW(write_new)                                                                                 \
    ROW(write_free)                                                                                \
    ROW(write_set_format_raw)                                                                      \
    ROW(write_add_filter_xz)                                                                       \
    ROW(write_add_filter_zstd)                                                                     \
    ROW(write_add_filter_lz4)                                                                      \
    ROW(write_set_bytes_in_last_block)                                                             \
    ROW(write_open_memory)                                                                         \
    ROW(write_header)                                                                              \
    ROW(write_data) ROW(write_close) ROW(entry_new) ROW(entry_free) ROW(entry_set_filetype)

typedef struct writer {
#define ROW(name) __typeof__(archive_##name) *name;
    WRITER(ROW)
#undef ROW
} writer;

static writer open_writer(void)
{
    static const bu_lazy_symbol symbols[] = {
#define ROW(name) { "archive_" #name, offsetof(writer, name) },
        WRITER(ROW)
#undef ROW
    };
    writer w;
    bulla_error err = { 0 };
    unit_ok(bu_lazy_open("libarchive.so.13", symbols, sizeof symbols / sizeof symbols[0], &w, &err),
            err);
    return w;
}

static void filter(bu_compression kind, bulla_bytes bytes, bu_buf *out)
{
    const writer w = open_writer();
    int (*const filters[])(struct archive *) = {
        [BU_COMPRESSION_XZ] = w.write_add_filter_xz,
        [BU_COMPRESSION_ZSTD] = w.write_add_filter_zstd,
        [BU_COMPRESSION_LZ4] = w.write_add_filter_lz4,
    };
    struct archive *a = w.write_new();
    struct archive_entry *e = w.entry_new();
    size_t used = 0, room = bytes.len * 2 + 4096;
    ck_assert_int_eq(w.write_set_format_raw(a), ARCHIVE_OK);
    ck_assert_int_eq(filters[kind](a), ARCHIVE_OK);
    ck_assert_int_eq(w.write_set_bytes_in_last_block(a, 1), ARCHIVE_OK);
    ck_assert_int_eq(w.write_open_memory(a, bu_buf_room(out, room), room, &used), ARCHIVE_OK);
    w.entry_set_filetype(e, AE_IFREG);
    ck_assert_int_eq(w.write_header(a, e), ARCHIVE_OK);
    if (bytes.len > 0)
        ck_assert_int_eq(w.write_data(a, bytes.ptr, bytes.len), (la_ssize_t)bytes.len);
    ck_assert_int_eq(w.write_close(a), ARCHIVE_OK);
    bu_buf_added(out, used);
    w.entry_free(e);
    (void)w.write_free(a);
}

/* libarchive's lz4 writer crashes on no bytes: frame header, end mark, hash of nothing. */
static const bulla_bytes empty_lz4 =
    BUILD_BYTES("\x04\x22\x4D\x18\x64\x40\xA7\0\0\0\0\x05\x5D\xCC\x02");

void build_compressed(bu_compression kind, bulla_bytes bytes, bu_buf *out)
{
    if (kind == BU_COMPRESSION_NONE)
        bu_buf_add(out, bytes);
    else if (kind == BU_COMPRESSION_LZ4 && bytes.len == 0)
        bu_buf_add(out, empty_lz4);
    else if (kind == BU_COMPRESSION_GZIP)
        gzip(bytes, out);
    else
        filter(kind, bytes, out);
}

void build_ar_member(const char *name, const char *size, bulla_bytes content, bu_buf *out)
{
    char header[80], digits[24];
    (void)snprintf(digits, sizeof digits, "%u", (unsigned)content.len);
    (void)snprintf(header, sizeof header, "%-16s%-12s%-6s%-6s%-8s%-10s`\n", name, "0", "0", "0",
                   "100644", size == NULL ? digits : size);
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)header, 60 });
    bu_buf_add(out, content);
    if (content.len % 2 != 0)
        bu_buf_add_text(out, "\n");
}

static bulla_status see_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)err;
    static const char kinds[] = { 'f', 'd', 'l', 'h' };
    build_listing *l = context;
    bu_buf_add_format(&l->text, "%c %.*s %llu %.*s\n", kinds[m->kind], (int)m->path.len,
                      m->path.ptr, (unsigned long long)m->size, (int)m->target.len, m->target.ptr);
    *want = l->wanted != NULL && bu_bytes_is(m->path, l->wanted);
    return BU_OK;
}

static bulla_status see_content(void *context, const bu_member *m, bulla_bytes content,
                                bulla_error *err)
{
    (void)err;
    build_listing *l = context;
    ck_assert_uint_eq(content.len, m->size);
    bu_buf_add(&l->content, content);
    return BU_OK;
}

bu_walk_visitor build_visitor(build_listing *listing)
{
    return (bu_walk_visitor){ .context = listing, .member = see_member, .content = see_content };
}

void build_listing_clear(build_listing *listing)
{
    bu_buf_clear(&listing->text);
    bu_buf_clear(&listing->content);
}
