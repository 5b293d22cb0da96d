/* SPDX-License-Identifier: MIT */
/*
 * Packet framing (RFC 9580, 4.2), public keys (5.5.2.2) and signatures (5.2.3)
 * of version 4. Refuses partial and indeterminate lengths, other versions, and
 * critical subpackets that are not known.
 */
#include "signature/packet.h"

#include "base/bytes.h"
#include "digest/hasher.h"

/* Big-endian number of `count` bytes after the first; false when they are not there. */
static bool take_number(bulla_bytes in, size_t count, size_t *out)
{
    if (in.len < 1 + count)
        return false;
    *out = 0;
    for (size_t i = 1; i <= count; i++)
        *out = *out << 8 | in.ptr[i];
    return true;
}

typedef struct header {
    uint8_t tag;
    size_t size, body; /* bytes */
} header;

/* RFC 9580, 4.2.2: the old format; length type 3 is indeterminate. */
static bool take_old_header(bulla_bytes in, header *out)
{
    static const size_t widths[] = { 1, 2, 4 };
    size_t type = in.ptr[0] & 3;
    out->tag = (in.ptr[0] >> 2) & 15;
    if (type == 3 || !take_number(in, widths[type], &out->body))
        return false;
    out->size = 1 + widths[type];
    return true;
}

/* RFC 9580, 4.2.1: lengths of one, two and five bytes; 224 to 254 would be partial. */
static bool take_new_header(bulla_bytes in, header *out)
{
    size_t first;
    out->tag = in.ptr[0] & 63;
    if (!take_number(in, 1, &first))
        return false;
    out->body = first;
    out->size = 2;
    if (first < 192)
        return true;
    if (first == 255) {
        out->size = 6;
        return take_number(bu_bytes_from(in, 1), 4, &out->body);
    }
    if (first >= 224 || !take_number(bu_bytes_from(in, 1), 1, &out->body))
        return false;
    out->body += ((first - 192) << 8) + 192;
    out->size = 3;
    return true;
}

static bool take_header(bulla_bytes in, header *out)
{
    if (in.len == 0 || (in.ptr[0] & 0x80) == 0)
        return false;
    return (in.ptr[0] & 0x40) != 0 ? take_new_header(in, out) : take_old_header(in, out);
}

bulla_status bu_packet_read(bulla_bytes packets, bu_packet *out, bulla_error *err)
{
    header h;
    if (!take_header(packets, &h))
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "not the header of a packet of definite length");
    if (h.body > packets.len - h.size)
        return bu_fail(err, BULLA_E_TRUNCATED, "a packet without its end");
    out->tag = h.tag;
    out->whole = bu_bytes_first(packets, h.size + h.body);
    out->body = (bulla_bytes){ packets.ptr + h.size, h.body };
    return BU_OK;
}

bulla_status bu_packets_only(bulla_bytes packets, const char *tags, size_t *count, bulla_error *err)
{
    size_t found = 0;
    bulla_bytes rest = packets;
    for (; rest.len > 0; found++) {
        bu_packet packet;
        bulla_status status = bu_packet_read(rest, &packet, err);
        if (bulla_ok(status) && (packet.tag == 0 || strchr(tags, packet.tag) == NULL))
            status = bu_fail(err, BULLA_E_BAD_SYNTAX, "a packet of the kind %u has no place here",
                             packet.tag);
        if (!bulla_ok(status))
            return bu_at_offset(err, status, packets.len - rest.len);
        rest = bu_bytes_from(rest, packet.whole.len);
    }
    if (found == 0)
        return bu_fail(err, BULLA_E_EMPTY, "no packet inside");
    if (count != NULL)
        *count = found;
    return BU_OK;
}

static uint32_t number_of(bulla_bytes four)
{
    return (uint32_t)four.ptr[0] << 24 | (uint32_t)four.ptr[1] << 16 | (uint32_t)four.ptr[2] << 8 |
           four.ptr[3];
}

#define RSA_BITS_MIN 2048

static const char *algorithm_name(uint8_t algorithm)
{
    if (algorithm == BU_PGP_RSA || algorithm == BU_PGP_RSA_SIGN_ONLY)
        return "RSA";
    if (algorithm == BU_PGP_ECDSA)
        return "BU_PGP_ECDSA";
    return algorithm == BU_PGP_EDDSA ? "EdDSA" : NULL;
}

static const char *weakness_of(uint8_t algorithm, bulla_bytes material)
{
    if (algorithm_name(algorithm) == NULL)
        return "an algorithm that is weak or not known";
    if (algorithm == BU_PGP_ECDSA || algorithm == BU_PGP_EDDSA)
        return bu_pgp_has_curve(algorithm, material) ? NULL : "a curve that is not known";
    unsigned bits = material.len < 2 ? 0 : (unsigned)material.ptr[0] << 8 | material.ptr[1];
    return bits < RSA_BITS_MIN ? "RSA of less than 2048 bits" : NULL;
}

/* RFC 9580, 5.5.4.2: SHA-1 over 0x99, a length of two bytes, and the body. */
static bulla_status make_fingerprint(bulla_bytes body, bu_public_key_packet *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) framed = { 0 };
    BU_CLEAR(bu_buf) hex = { 0 };
    bulla_digest digest;
    if (body.len > UINT16_MAX)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a public key of %zu bytes", body.len);
    bu_buf_add_byte(&framed, 0x99);
    bu_buf_add_byte(&framed, (uint8_t)(body.len >> 8));
    bu_buf_add_byte(&framed, (uint8_t)body.len);
    bu_buf_add(&framed, body);
    if (framed.broken)
        return bu_no_memory(err);
    BU_TRY(bu_digest_of(BULLA_ALG_SHA1, bu_buf_bytes(&framed), &digest, err));
    memcpy(out->fingerprint, digest.bytes, sizeof out->fingerprint);
    for (size_t i = 0; i < sizeof out->fingerprint; i++)
        bu_buf_add_format(&hex, "%02X", out->fingerprint[i]);
    if (hex.broken)
        return bu_no_memory(err);
    memcpy(out->hex, hex.ptr, sizeof out->hex);
    return BU_OK;
}

bulla_status bu_public_key_packet_read(bulla_bytes body, bu_public_key_packet *out,
                                       bulla_error *err)
{
    bu_public_key_packet key = { 0 };
    if (body.len > 0 && body.ptr[0] != 4)
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "a public key of version %u", body.ptr[0]);
    if (body.len < 6)
        return bu_fail(err, BULLA_E_TRUNCATED, "a public key without its end");
    key.created = number_of(bu_bytes_from(body, 1));
    key.weakness = weakness_of(body.ptr[5], bu_bytes_from(body, 6));
    BU_TRY(make_fingerprint(body, &key, err));
    *out = key;
    return BU_OK;
}

/* RFC 9580, 5.2.3.7: subpackets that are known; what they mean here is in note_subpacket(). */
enum {
    CREATED = 2,
    LASTS = 3,
    ISSUER = 16,
    FLAGS = 27,
    REASON = 29,
    EMBEDDED = 32,
    FINGERPRINT = 33,
    KIND_MASK = 0x7f,
    CRITICAL = 0x80,
    KINDS = 0x80
};

/* Those that may be critical: what they ask for is done, or asks nothing of one who verifies. */
static const char known[] = "\x02\x03\x04\x05\x06\x07\x09\x0b\x0c\x10\x15\x16\x17\x18\x19\x1a\x1b"
                            "\x1c\x1d\x1e\x20\x21\x22";

/* One area of subpackets while it is read. */
typedef struct area {
    bulla_bytes rest;
    bool is_hashed;
    bool seen[KINDS];
} area;

/* RFC 9580, 5.2.3.7: lengths of one, two and five bytes, of the kind and what follows it. */
static bool take_subpacket(area *from, uint8_t *kind, bulla_bytes *content)
{
    bulla_bytes in = from->rest;
    size_t len = in.ptr[0];
    size_t skip = 1;
    if (len == 255) {
        if (!take_number(in, 4, &len))
            return false;
        skip = 5;
    } else if (len >= 192) {
        size_t second;
        if (!take_number(in, 1, &second))
            return false;
        len = ((len - 192) << 8) + 192 + second;
        skip = 2;
    }
    if (len == 0 || len > in.len - skip)
        return false;
    *kind = in.ptr[skip];
    *content = (bulla_bytes){ in.ptr + skip + 1, len - 1 };
    from->rest = bu_bytes_from(in, skip + len);
    return true;
}

static bulla_status need_size(bulla_bytes content, size_t size, bulla_error *err)
{
    return content.len == size
               ? BU_OK
               : bu_fail(err, BULLA_E_BAD_SYNTAX, "a subpacket of %zu bytes", content.len);
}

static bulla_status set_issuer(bulla_bytes *field, bulla_bytes value, bulla_error *err)
{
    if (field->len > 0 && !bu_bytes_equal(*field, value))
        return bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "a signature that names two issuers");
    *field = value;
    return BU_OK;
}

/* RFC 9580, 5.2.3.35: the version of the key, then its fingerprint. Other versions sign nothing
 * that is known here. */
static bulla_status set_fingerprint(bulla_bytes content, bu_pgp_signature *out, bulla_error *err)
{
    if (content.len != 1 + BU_FINGERPRINT_BYTES || content.ptr[0] != 4)
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "an issuer that is no key of version 4");
    return set_issuer(&out->fingerprint, bu_bytes_from(content, 1), err);
}

static bulla_status note_issuer(uint8_t kind, bulla_bytes content, bu_pgp_signature *out,
                                bulla_error *err)
{
    if (kind == FINGERPRINT)
        return set_fingerprint(content, out, err);
    BU_TRY(need_size(content, 8, err));
    return set_issuer(&out->keyid, content, err);
}

/* RFC 9580, 5.2.3.31: superseded, retired, user id no longer valid. Whatever else is said, or not
 * said, may mean that the key is in other hands. */
static bool is_soft(bulla_bytes content)
{
    return content.len > 0 && strchr("\x01\x03\x20", content.ptr[0]) != NULL && content.ptr[0] != 0;
}

static bulla_status note_hashed(uint8_t kind, bulla_bytes content, bu_pgp_signature *out,
                                bulla_error *err)
{
    if (kind == CREATED || kind == LASTS) {
        BU_TRY(need_size(content, 4, err));
        *(kind == CREATED ? &out->created : &out->lasts) = number_of(content);
    }
    if (kind == FLAGS && content.len > 0)
        out->flags = content.ptr[0];
    if (kind == REASON)
        out->is_soft = is_soft(content);
    return BU_OK;
}

static bulla_status note_subpacket(area *from, uint8_t kind, bulla_bytes content,
                                   bu_pgp_signature *out, bulla_error *err)
{
    if (kind == ISSUER || kind == FINGERPRINT)
        return note_issuer(kind, content, out, err);
    if (kind == EMBEDDED && out->embedded.len == 0)
        out->embedded = content;
    if (from->is_hashed)
        return note_hashed(kind, content, out, err);
    out->has_loose = out->has_loose || kind != EMBEDDED;
    return BU_OK;
}

/* RFC 9580, 5.2.3.7: "If a subpacket is encountered that is marked critical but is unknown to the
 * evaluating implementation, the evaluator SHOULD consider the signature to be in error." No
 * notation is known. */
static bulla_status judge_subpacket(area *from, uint8_t kind, bulla_error *err)
{
    uint8_t plain = kind & KIND_MASK;
    bool is_known = plain != 0 && strchr(known, plain) != NULL;
    if ((kind & CRITICAL) != 0 && (!is_known || !from->is_hashed))
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a critical subpacket of the kind %u",
                       plain);
    if (from->seen[plain] && is_known && plain != EMBEDDED)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "two subpackets of the kind %u", plain);
    from->seen[plain] = true;
    return BU_OK;
}

static bulla_status read_area(bulla_bytes bytes, bool is_hashed, bu_pgp_signature *out,
                              bulla_error *err)
{
    area from = { .rest = bytes, .is_hashed = is_hashed };
    while (from.rest.len > 0) {
        uint8_t kind;
        bulla_bytes content;
        if (!take_subpacket(&from, &kind, &content))
            return bu_fail(err, BULLA_E_TRUNCATED, "a subpacket without its end");
        BU_TRY(judge_subpacket(&from, kind, err));
        BU_TRY(note_subpacket(&from, kind & KIND_MASK, content, out, err));
    }
    if (is_hashed && !from.seen[CREATED])
        return bu_fail(err, BULLA_E_MISSING_FIELD,
                       "a signature that does not say when it was made");
    return BU_OK;
}

static bool take_area(bulla_bytes *rest, bulla_bytes *out)
{
    if (rest->len < 2)
        return false;
    size_t len = (size_t)rest->ptr[0] << 8 | rest->ptr[1];
    if (len > rest->len - 2)
        return false;
    *out = (bulla_bytes){ rest->ptr + 2, len };
    *rest = bu_bytes_from(*rest, 2 + len);
    return true;
}

/* RFC 9580, 9.5 */
static void name_hash(uint8_t id, bu_pgp_signature *out)
{
    static const struct {
        const char *name;
        bool is_weak;
    } hashes[] = {
        [1] = { "MD5", true },        [2] = { "SHA1", true },      [3] = { "RIPEMD160", true },
        [8] = { "SHA256", false },    [9] = { "SHA384", false },   [10] = { "SHA512", false },
        [12] = { "SHA3-256", false }, [14] = { "SHA3-512", false }
    };
    if (id >= sizeof hashes / sizeof hashes[0])
        return;
    out->hash = hashes[id].name;
    out->is_weak = hashes[id].is_weak;
}

/* RFC 9580, 3.2: the length in bits, "starting from the most significant non-zero bit". Another one
 * would be another text for the same number. */
static bool take_number_of_bits(bulla_bytes *rest)
{
    if (rest->len < 2)
        return false;
    size_t bits = (size_t)rest->ptr[0] << 8 | rest->ptr[1];
    size_t size = (bits + 7) / 8;
    if (bits == 0 || size > rest->len - 2 || rest->ptr[2] >> ((bits - 1) % 8) != 1)
        return false;
    *rest = bu_bytes_from(*rest, 2 + size);
    return true;
}

/* The numbers of a signature, and nothing after them. */
static bool is_value(uint8_t algorithm, bulla_bytes rest)
{
    if (algorithm_name(algorithm) == NULL)
        return true;
    bool has_two = algorithm == BU_PGP_ECDSA || algorithm == BU_PGP_EDDSA;
    return take_number_of_bits(&rest) && (!has_two || take_number_of_bits(&rest)) && rest.len == 0;
}

/* The key id is the end of the fingerprint. */
static bool issuers_agree(const bu_pgp_signature *s)
{
    return s->fingerprint.len == 0 || s->keyid.len == 0 ||
           bu_bytes_equal(bu_bytes_from(s->fingerprint, s->fingerprint.len - s->keyid.len),
                          s->keyid);
}

bulla_status bu_pgp_signature_read(bulla_bytes body, bu_pgp_signature *out, bulla_error *err)
{
    bulla_bytes hashed, loose;
    if (body.len > 0 && body.ptr[0] != 4)
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "a signature of version %u", body.ptr[0]);
    bulla_bytes rest = bu_bytes_from(body, 4);
    if (!take_area(&rest, &hashed) || !take_area(&rest, &loose) || rest.len < 2)
        return bu_fail(err, BULLA_E_TRUNCATED, "a signature without its end");
    bu_pgp_signature s = { .type = body.ptr[1], .algorithm = algorithm_name(body.ptr[2]) };
    name_hash(body.ptr[3], &s);
    BU_TRY(read_area(hashed, true, &s, err));
    BU_TRY(read_area(loose, false, &s, err));
    if (!is_value(body.ptr[2], bu_bytes_from(rest, 2)))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a signature whose numbers are not written well");
    if (!issuers_agree(&s))
        return bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "a signature that names two issuers");
    *out = s;
    return BU_OK;
}
