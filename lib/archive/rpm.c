/* SPDX-License-Identifier: MIT */
/*
 * RPM packages: a lead of fixed form, a header with signatures and digests,
 * the header that counts, and the payload. Headers are followed by their
 * sizes; what is in them is read elsewhere.
 */
#include "archive/rpm_header.h"
#include "archive/walk.h"
#include "base/bytes.h"
#include "base/limits.h"

#define LEAD_SIZE 96u
#define ALIGNMENT 8u

typedef struct rpm {
    bu_source *source;
    uint64_t offset;
    bu_buf signature, header; /* each with its 16 bytes of intro */
} rpm;

static void rpm_clear(rpm *r)
{
    bu_buf_clear(&r->signature);
    bu_buf_clear(&r->header);
}
BU_DEFINE_CLEAR(rpm)

static bulla_status read_into(rpm *r, bu_buf *out, size_t count, bulla_error *err)
{
    while (count > 0) {
        size_t n, step = count < BU_IO_CHUNK ? count : BU_IO_CHUNK;
        uint8_t *room = bu_buf_room(out, step);
        if (room == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_source_read(r->source, room, step, &n, err));
        if (n == 0)
            return bu_at_offset(err, bu_fail(err, BULLA_E_TRUNCATED, "the package ends too early"),
                                r->offset);
        bu_buf_added(out, n);
        r->offset += n;
        count -= n;
    }
    return BU_OK;
}

static bulla_status read_lead(rpm *r, bulla_error *err)
{
    BU_CLEAR(bu_buf) lead = { 0 };
    BU_TRY(read_into(r, &lead, LEAD_SIZE, err));
    if (memcmp(lead.ptr, "\xED\xAB\xEE\xDB", 4) != 0)
        return bu_at_offset(err, bu_fail(err, BULLA_E_FORMAT_MISMATCH, "not an RPM package"), 0);
    if (lead.ptr[4] < 3 || lead.ptr[4] > 4)
        return bu_at_offset(
            err,
            bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "an RPM package of version %u", lead.ptr[4]),
            4);
    return BU_OK;
}

static bulla_status read_header(rpm *r, bu_buf *out, bulla_error *err)
{
    uint64_t at = r->offset, size;
    BU_TRY(read_into(r, out, BU_RPM_INTRO, err));
    bulla_status status = bu_rpm_header_size(bu_buf_bytes(out), &size, err);
    if (!bulla_ok(status))
        return bu_at_offset(err, status, at);
    return read_into(r, out, (size_t)(size - BU_RPM_INTRO), err);
}

static bulla_status skip_padding(rpm *r, bulla_error *err)
{
    BU_CLEAR(bu_buf) padding = { 0 };
    uint64_t over = r->offset % ALIGNMENT;
    return over == 0 ? BU_OK : read_into(r, &padding, (size_t)(ALIGNMENT - over), err);
}

/* The digest of the header, which the signature header holds beside the signatures. */
static bulla_status check_header(const rpm *r, bulla_error *err)
{
    bu_rpm_header signature;
    bulla_bytes hex;
    bulla_digest stated, had;
    BU_TRY(bu_within(err, bu_rpm_header_open(bu_buf_bytes(&r->signature), &signature, err),
                     "signature header"));
    BU_TRY(bu_rpm_text(&signature, BU_RPM_SIG_SHA256, &hex, err));
    if (hex.ptr == NULL)
        return BU_OK; /* before RPM 4.14 */
    BU_TRY(bu_digest_from_hex(BULLA_ALG_SHA256, hex, &stated, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&r->header), &had, err));
    if (bulla_digest_equal(&stated, &had))
        return BU_OK;
    return bu_fail(err, BULLA_E_CHECKSUM, "the header has not the digest that the package states");
}

static bulla_status visit_header(const rpm *r, const bu_walk_visitor *visitor, uint64_t offset,
                                 bulla_error *err)
{
    const bu_member member = { .path = BULLA_LIT("header"),
                               .size = r->header.len,
                               .offset = offset };
    bool want = false;
    BU_TRY(visitor->member(visitor->context, &member, &want, err));
    return want ? visitor->content(visitor->context, &member, bu_buf_bytes(&r->header), err)
                : BU_OK;
}

static bulla_status pass_payload(rpm *r, const bu_walk_visitor *visitor, bulla_error *err)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    bu_tap tap;
    bulla_digest_set digests;
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_tap_init(&tap, r->source, hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    BU_TRY(bu_tap_drain(&tap, scratch, err));
    BU_TRY(bu_tap_finish(&tap, &digests, err));
    const bu_member member = { .path = BULLA_LIT("payload"),
                               .size = tap.count,
                               .offset = r->offset };
    return visitor->digest == NULL
               ? BU_OK
               : visitor->digest(visitor->context, &member, &digests.items[0], err);
}

bulla_status bu_walk_rpm(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    BU_CLEAR(rpm) r = { .source = source };
    BU_TRY(read_lead(&r, err));
    BU_TRY(bu_within(err, read_header(&r, &r.signature, err), "signature header"));
    BU_TRY(skip_padding(&r, err));
    uint64_t offset = r.offset;
    BU_TRY(read_header(&r, &r.header, err));
    BU_TRY(check_header(&r, err));
    BU_TRY(visit_header(&r, visitor, offset, err));
    return pass_payload(&r, visitor, err);
}
