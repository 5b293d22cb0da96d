/* SPDX-License-Identifier: MIT */
/*
 * Certificates (RFC 9580, 10.1) taken apart by their packets, so that librnp
 * sees only what may count, as sqv does it. Refuses secret keys, other versions
 * than 4, and packets that have no place in a certificate.
 */
#include "signature/certificate.h"

#include "base/bytes.h"
#include "base/vec.h"

/* RFC 9580, 5: public key, subkey, user id and attribute, signature, trust. */
#define TAGS "\x06\x0e\x0d\x11\x02\x0c"

#define TRUST 12

typedef struct bu_certificate_block {
    bulla_bytes packets;
    size_t certificate;
} block;

void bu_certificates_clear(bu_certificates *certificates)
{
    free(certificates->keys);
    free(certificates->blocks);
    free(certificates->primaries);
    *certificates = (bu_certificates){ 0 };
}

static bulla_status add_key(bu_certificates *all, const bu_public_key_packet *packet,
                            size_t certificate, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&all->keys, all->key_count, &all->key_cap, sizeof *all->keys, err));
    all->keys[all->key_count++] = (bu_pgp_key){ *packet, certificate };
    return BU_OK;
}

/* The certificate of a primary key: one that is there, or a new one. */
static bulla_status find_or_add(bu_certificates *all, const bu_public_key_packet *primary,
                                size_t *out, bulla_error *err)
{
    for (*out = 0; *out < all->count; ++*out)
        if (strcmp(bu_certificate_primary(all, *out)->hex, primary->hex) == 0)
            return BU_OK;
    BU_TRY(bu_vec_grow(&all->primaries, all->count, &all->cap, sizeof *all->primaries, err));
    all->primaries[all->count] = all->key_count;
    BU_TRY(add_key(all, primary, all->count, err));
    all->count++;
    return BU_OK;
}

static bulla_status start_block(bu_certificates *all, const bu_packet *packet, bulla_error *err)
{
    size_t certificate;
    bu_public_key_packet primary;
    BU_TRY(bu_public_key_packet_read(packet->body, &primary, err));
    BU_TRY(find_or_add(all, &primary, &certificate, err));
    BU_TRY(bu_vec_grow(&all->blocks, all->block_count, &all->block_cap, sizeof *all->blocks, err));
    all->blocks[all->block_count++] = (block){ { packet->whole.ptr, 0 }, certificate };
    return BU_OK;
}

/* A subkey that bulla would not check with, of another version say, is as good as not there. */
static bulla_status add_subkey(bu_certificates *all, size_t certificate, bulla_bytes body,
                               bulla_error *err)
{
    bulla_error why;
    bu_public_key_packet subkey;
    bulla_status status = bu_public_key_packet_read(body, &subkey, &why);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    return bulla_ok(status) ? add_key(all, &subkey, certificate, err) : BU_OK;
}

static bulla_status take_packet(bu_certificates *all, const bu_packet *packet, bulla_error *err)
{
    if (packet->tag == BU_PACKET_PUBLIC_KEY)
        BU_TRY(start_block(all, packet, err));
    if (all->block_count == 0)
        return bu_fail(err, BULLA_E_BAD_KEY, "no certificate inside");
    block *last = &all->blocks[all->block_count - 1];
    last->packets.len += packet->whole.len;
    return packet->tag == BU_PACKET_PUBLIC_SUBKEY
               ? add_subkey(all, last->certificate, packet->body, err)
               : BU_OK;
}

bulla_status bu_certificates_read(bulla_bytes packets, bu_certificates *out, bulla_error *err)
{
    BU_CLEAR(bu_certificates) all = { 0 };
    BU_TRY(bu_packets_only(packets, TAGS, NULL, err));
    for (bulla_bytes rest = packets; rest.len > 0;) {
        bu_packet packet;
        BU_TRY(bu_packet_read(rest, &packet, err));
        BU_TRY(bu_at_offset(err, take_packet(&all, &packet, err), packets.len - rest.len));
        rest = bu_bytes_from(rest, packet.whole.len);
    }
    *out = all;
    all = (bu_certificates){ 0 };
    return BU_OK;
}

static bool has_issued(const bu_public_key_packet *key, const bu_pgp_signature *signature)
{
    bulla_bytes own = { key->fingerprint, sizeof key->fingerprint };
    if (signature->fingerprint.len > 0)
        return bu_bytes_equal(signature->fingerprint, own);
    return bu_bytes_equal(signature->keyid, bu_bytes_from(own, own.len - 8));
}

const bu_pgp_key *bu_certificates_find(const bu_certificates *certificates,
                                       const bu_pgp_signature *signature)
{
    for (size_t i = 0; i < certificates->key_count; i++)
        if (has_issued(&certificates->keys[i].packet, signature))
            return &certificates->keys[i];
    return NULL;
}

void bu_certificate_whole(const bu_certificates *certificates, size_t index, bu_buf *out)
{
    for (size_t i = 0; i < certificates->block_count; i++)
        if (certificates->blocks[i].certificate == index)
            bu_buf_add(out, certificates->blocks[i].packets);
}

/* Readable, strong, made by then, and not over. */
static bool is_good_at(bulla_bytes body, int64_t time, bu_pgp_signature *out)
{
    bulla_error why;
    return bulla_ok(bu_pgp_signature_read(body, out, &why)) && out->hash != NULL && !out->is_weak &&
           out->algorithm != NULL && out->created <= time &&
           (out->lasts == 0 || (int64_t)out->created + out->lasts > time);
}

/* RFC 9580, 10.1.5: a subkey that signs must have signed for its primary key, too. */
static bool is_bound_back(const bu_pgp_signature *binding, int64_t time)
{
    bu_pgp_signature back;
    return (binding->flags & BU_PGP_MAY_SIGN) == 0 ||
           (is_good_at(binding->embedded, time, &back) && back.type == BU_PGP_PRIMARY_BINDING);
}

/* What a key is for must be said: librnp would else take it to be for all that it can do. */
static bool counts_at(const bu_public_key_packet *primary, bulla_bytes body, int64_t time)
{
    bu_pgp_signature s;
    if (!is_good_at(body, time, &s) || s.flags == 0 || !has_issued(primary, &s))
        return false;
    if (s.type == BU_PGP_SUBKEY_BINDING)
        return is_bound_back(&s, time);
    return s.type == BU_PGP_DIRECT ||
           (s.type >= BU_PGP_CERTIFICATION && s.type <= BU_PGP_CERTIFICATION_LAST);
}

/* Version 3 has the length of what is hashed before the type. */
static bool is_revocation(bulla_bytes body)
{
    size_t at = body.len > 0 && body.ptr[0] == 3 ? 2 : 1;
    uint8_t type = body.len > at ? body.ptr[at] : 0;
    return type == BU_PGP_KEY_REVOCATION || type == BU_PGP_SUBKEY_REVOCATION ||
           type == BU_PGP_CERTIFICATION_REVOCATION;
}

/* A revocation that cannot be read counts, whatever it was for. */
static bool revokes_at(bulla_bytes body, int64_t time)
{
    bulla_error why;
    bu_pgp_signature s;
    return !bulla_ok(bu_pgp_signature_read(body, &s, &why)) || !s.is_soft || s.created <= time;
}

static bool stays(const bu_public_key_packet *primary, const bu_packet *packet, int64_t time)
{
    if (packet->tag == TRUST)
        return false;
    if (packet->tag != BU_PACKET_SIGNATURE)
        return true;
    return is_revocation(packet->body) ? revokes_at(packet->body, time)
                                       : counts_at(primary, packet->body, time);
}

/* A subkey and all that is said about it stay or go together. */
static bool is_usable_subkey(const bu_packet *packet)
{
    bulla_error why;
    bu_public_key_packet key;
    return bulla_ok(bu_public_key_packet_read(packet->body, &key, &why)) && key.weakness == NULL;
}

static void add_block_at(const bu_public_key_packet *primary, bulla_bytes rest, int64_t time,
                         bu_buf *out)
{
    bulla_error why;
    bu_packet packet;
    bool is_left_out = false;
    for (; bulla_ok(bu_packet_read(rest, &packet, &why));
         rest = bu_bytes_from(rest, packet.whole.len)) {
        if (packet.tag == BU_PACKET_PUBLIC_SUBKEY)
            is_left_out = !is_usable_subkey(&packet);
        if (!is_left_out && stays(primary, &packet, time))
            bu_buf_add(out, packet.whole);
    }
}

void bu_certificate_at(const bu_certificates *certificates, size_t index, int64_t time, bu_buf *out)
{
    for (size_t i = 0; i < certificates->block_count; i++)
        if (certificates->blocks[i].certificate == index)
            add_block_at(bu_certificate_primary(certificates, index),
                         certificates->blocks[i].packets, time, out);
}
