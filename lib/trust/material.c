/* SPDX-License-Identifier: MIT */
/*
 * The bare keys in trusted keys of every form.
 */
#include "trust/material.h"

#include "base/bytes.h"
#include "base/vec.h"
#include "signature/armor.h"
#include "signature/packet.h"
#include "trust/x509.h"

/** Keyids on their way into a list. */
typedef struct finding {
    bu_arena *arena;
    const char **items;
    size_t count, cap;
} finding;

static void finding_clear(finding *f)
{
    free(f->items);
}
BU_DEFINE_CLEAR(finding)

static bulla_status add(finding *f, const bu_key *key, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&f->items, f->count, &f->cap, sizeof *f->items, err));
    f->items[f->count] = bu_arena_text(f->arena, bu_bytes_of(bu_key_id(key)));
    return f->items[f->count++] == NULL ? bu_no_memory(err) : BU_OK;
}

/* What is no key of a kind that signs here is passed over; only memory is needed. */
static bulla_status add_packet(finding *f, const bu_packet *packet, bulla_error *err)
{
    BU_AUTO(bu_key) key = NULL;
    if (packet->tag != BU_PACKET_PUBLIC_KEY && packet->tag != BU_PACKET_PUBLIC_SUBKEY)
        return BU_OK;
    bulla_status status = bu_public_key_packet_key(packet->body, &key, NULL);
    if (bulla_ok(status))
        return add(f, key, err);
    return status.code == BULLA_E_NO_MEMORY ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_openpgp(finding *f, bulla_bytes certificate, bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    bu_packet packet;
    bulla_status status = bu_armor_dearmor(certificate, "PGP PUBLIC KEY BLOCK", &packets, NULL);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    bulla_bytes rest = bulla_ok(status) ? bu_buf_bytes(&packets) : (bulla_bytes){ 0 };
    while (rest.len > 0 && bulla_ok(bu_packet_read(rest, &packet, NULL))) {
        BU_TRY(add_packet(f, &packet, err));
        rest = bu_bytes_from(rest, packet.whole.len);
    }
    return BU_OK;
}

static bulla_status add_x509(finding *f, bulla_bytes der, bulla_error *err)
{
    BU_AUTO(bu_x509) certificate = NULL;
    bulla_status status = bu_x509_read(der, &certificate, NULL);
    if (bulla_ok(status) && bu_x509_key(certificate) != NULL)
        return add(f, bu_x509_key(certificate), err);
    return status.code == BULLA_E_NO_MEMORY ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_all(finding *f, const bu_trusted_key *key, bulla_error *err)
{
    if (key->key != NULL)
        return add(f, key->key, err);
    if (key->fingerprint != NULL)
        return add_openpgp(f, key->certificate, err);
    return key->certificate.ptr == NULL ? BU_OK : add_x509(f, key->certificate, err);
}

bulla_status bu_material_find(bu_trusted_key *key, bu_arena *arena, bulla_error *err)
{
    BU_CLEAR(finding) f = { .arena = arena };
    BU_TRY(add_all(&f, key, err));
    const char **materials = bu_arena_get_array(arena, f.count + 1, sizeof *materials);
    if (materials == NULL)
        return bu_no_memory(err);
    if (f.count > 0)
        memcpy(materials, f.items, f.count * sizeof *materials);
    key->materials = materials;
    return BU_OK;
}

static bool has_text(const char *const *texts, const char *text)
{
    size_t i = 0;
    while (texts[i] != NULL && strcmp(texts[i], text) != 0)
        i++;
    return texts[i] != NULL;
}

bool bu_material_has(const bu_trusted_key *key, const bu_key *bare)
{
    return bare != NULL && has_text(key->materials, bu_key_id(bare));
}

bool bu_material_shared(const bu_trusted_key *a, const bu_trusted_key *b)
{
    for (size_t i = 0; a->materials[i] != NULL; i++)
        if (has_text(b->materials, a->materials[i]))
            return true;
    return false;
}
