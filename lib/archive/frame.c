/* SPDX-License-Identifier: MIT */
/*
 * Block structure of xz (The .xz File Format 1.1.0 with LZMA2 chunks), zstd
 * (RFC 8878, 3.1.1) and lz4 (LZ4 Frame Format 1.6.3). Sizes and markers only:
 * what is inside a block, and every checksum, is the decoder's to judge.
 */
#include "archive/frame.h"

#include "base/bytes.h"

static bulla_status next(bu_frame *f, uint64_t skip, size_t need, bu_frame_step *step)
{
    f->skip = skip;
    f->need = need;
    f->step = step;
    return BU_OK;
}

static bulla_status ended(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    (void)field;
    (void)err;
    return next(f, 0, 0, NULL);
}

static uint32_t little_endian(const uint8_t *p, size_t count)
{
    uint32_t value = 0;
    for (size_t i = count; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

static uint32_t big_endian_16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

/* ---- xz ---- */

static bulla_status xz_block(bu_frame *f, const uint8_t *field, bulla_error *err);
static bulla_status xz_chunk(bu_frame *f, const uint8_t *field, bulla_error *err);
static bulla_status xz_count(bu_frame *f, const uint8_t *field, bulla_error *err);
static bulla_status xz_number(bu_frame *f, const uint8_t *field, bulla_error *err);

static bulla_status xz_header(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    static const struct {
        uint8_t id;
        size_t size;
    } checks[] = { { 0, 0 }, { 1, 4 }, { 4, 8 }, { 10, 32 } }; /* none, CRC32, CRC64, SHA-256 */
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (field[6] != 0 || field[7] != checks[i].id)
            continue;
        f->check_size = checks[i].size;
        return next(f, 0, 1, xz_block);
    }
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "unknown xz stream flags");
}

/* "Block Header Size ... real_header_size = (encoded_header_size + 1) * 4"; 0 is the index. */
static bulla_status xz_block(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    (void)err;
    if (field[0] == 0)
        return next(f, 0, 1, xz_count);
    return next(f, field[0] * 4u + 3u, 1, xz_chunk);
}

static bulla_status xz_stored_chunk(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    (void)err;
    return next(f, big_endian_16(field) + 1, 1, xz_chunk);
}

static bulla_status xz_packed_chunk(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    (void)err;
    return next(f, big_endian_16(field + 2) + 1, 1, xz_chunk);
}

static bulla_status xz_packed_chunk_with_properties(bu_frame *f, const uint8_t *field,
                                                    bulla_error *err)
{
    BU_TRY(xz_packed_chunk(f, field, err));
    f->skip++;
    return BU_OK;
}

static uint64_t xz_padding(const bu_frame *f)
{
    return -f->offset & 3;
}

/* LZMA2: a control byte, sizes (big-endian, less one), data; control 0 ends the block. */
static bulla_status xz_chunk(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    uint8_t control = field[0];
    if (control == 0)
        return next(f, xz_padding(f) + f->check_size, 1, xz_block);
    f->has_content = true;
    if (control >= 0xC0)
        return next(f, 0, 4, xz_packed_chunk_with_properties);
    if (control >= 0x80)
        return next(f, 0, 4, xz_packed_chunk);
    if (control <= 2)
        return next(f, 0, 2, xz_stored_chunk);
    return bu_fail(err, BULLA_E_BAD_DATA, "damaged xz data");
}

/* "Padding to a multiple of four bytes, CRC32", then the stream footer of twelve. */
static bulla_status xz_index_end(bu_frame *f)
{
    return next(f, xz_padding(f) + 4 + 12, 0, ended);
}

/* Multibyte integers: seven bits a byte, lowest first; the last has its high bit clear. */
static bulla_status xz_count(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    if (f->shift > 49)
        return bu_fail(err, BULLA_E_BAD_DATA, "damaged xz index");
    f->numbers |= (uint64_t)(field[0] & 0x7F) << f->shift;
    f->shift += 7;
    if ((field[0] & 0x80) != 0)
        return next(f, 0, 1, xz_count);
    f->numbers *= 2; /* each record has two */
    return f->numbers == 0 ? xz_index_end(f) : next(f, 0, 1, xz_number);
}

static bulla_status xz_number(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    (void)err;
    if ((field[0] & 0x80) == 0)
        f->numbers--;
    return f->numbers == 0 ? xz_index_end(f) : next(f, 0, 1, xz_number);
}

/* ---- zstd ---- */

static bulla_status zstd_block(bu_frame *f, const uint8_t *field, bulla_error *err);

/* RFC 8878, 3.1.1.1: the descriptor after the magic number tells how long the header is. */
static bulla_status zstd_header(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    static const uint8_t content_size[] = { 0, 2, 4, 8 };
    uint8_t descriptor = field[4];
    bool single_segment = (descriptor & 0x20) != 0;
    if ((descriptor & 0x03) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "zstd data that needs a dictionary");
    if ((descriptor & 0x08) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "unknown zstd frame flags");
    size_t size = content_size[descriptor >> 6];
    if (single_segment && size == 0)
        size = 1;
    f->trailer_size = (descriptor & 0x04) != 0 ? 4 : 0;
    return next(f, size + (single_segment ? 0 : 1), 3, zstd_block);
}

/* 3.1.1.2: last block (1 bit), type (2 bits), size (21 bits). */
static bulla_status zstd_block(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    enum { RAW, RLE, COMPRESSED, RESERVED };
    uint32_t header = little_endian(field, 3);
    uint32_t type = header >> 1 & 3, size = header >> 3;
    if (type == RESERVED)
        return bu_fail(err, BULLA_E_BAD_DATA, "damaged zstd data");
    if (size > 0)
        f->has_content = true;
    uint64_t stored = type == RLE ? 1 : size;
    if ((header & 1) != 0)
        return next(f, stored + f->trailer_size, 0, ended);
    return next(f, stored, 3, zstd_block);
}

/* ---- lz4 ---- */

static bulla_status lz4_block(bu_frame *f, const uint8_t *field, bulla_error *err);

static bulla_status lz4_header(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    uint8_t flags = field[4];
    if (flags >> 6 != 1 || (flags & 0x02) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "unknown lz4 frame flags");
    if ((flags & 0x01) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "lz4 data that needs a dictionary");
    f->check_size = (flags & 0x10) != 0 ? 4 : 0;
    f->trailer_size = (flags & 0x04) != 0 ? 4 : 0;
    size_t content_size = (flags & 0x08) != 0 ? 8 : 0;
    return next(f, 1 + content_size + 1, 4, lz4_block); /* BD, content size, header checksum */
}

/* "Block Size ... The highest bit is 1 if data in the block is uncompressed"; 0 is the end mark. */
static bulla_status lz4_block(bu_frame *f, const uint8_t *field, bulla_error *err)
{
    (void)err;
    uint32_t size = little_endian(field, 4) & 0x7FFFFFFF;
    if (little_endian(field, 4) == 0)
        return next(f, f->trailer_size, 0, ended);
    f->has_content = true;
    return next(f, size + f->check_size, 4, lz4_block);
}

bu_frame bu_frame_of(bu_compression kind)
{
    static const struct {
        size_t size;
        bu_frame_step *step;
    } headers[] = {
        [BU_COMPRESSION_XZ] = { 12, xz_header },
        [BU_COMPRESSION_ZSTD] = { 5, zstd_header },
        [BU_COMPRESSION_LZ4] = { 5, lz4_header },
    };
    return (bu_frame){ .kind = kind, .need = headers[kind].size, .step = headers[kind].step };
}

static bulla_status after_end(const bu_frame *f, bulla_bytes bytes, bulla_error *err)
{
    if (bytes.len == 0)
        return BU_OK;
    if (bu_compression_of(bytes) == f->kind)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a second compressed stream follows");
    return bu_fail(err, BULLA_E_TRAILING_DATA, "data after the end of the compressed stream");
}

static bulla_bytes pass(bu_frame *f, bulla_bytes bytes, size_t count)
{
    f->offset += count;
    return bu_bytes_from(bytes, count);
}

static bulla_status follow(bu_frame *f, bulla_bytes bytes, bulla_error *err)
{
    while (f->step != NULL) {
        size_t skip = f->skip < bytes.len ? (size_t)f->skip : bytes.len;
        bytes = pass(f, bytes, skip);
        f->skip -= skip;
        size_t take = f->need - f->have < bytes.len ? f->need - f->have : bytes.len;
        if (take > 0)
            memcpy(f->field + f->have, bytes.ptr, take);
        bytes = pass(f, bytes, take);
        f->have += take;
        if (f->skip > 0 || f->have < f->need)
            return BU_OK;
        f->have = 0;
        BU_TRY(f->step(f, f->field, err));
    }
    return after_end(f, bytes, err);
}

bulla_status bu_frame_feed(bu_frame *frame, bulla_bytes bytes, bulla_error *err)
{
    bulla_status status = follow(frame, bytes, err);
    return bulla_ok(status) ? status : bu_at_offset(err, status, frame->offset);
}
