/* SPDX-License-Identifier: MIT */
/*
 * Targets metadata and the files it pins. Refused are delegations (a local
 * store has none), names that could leave the folder, and every byte that is
 * not the pinned one.
 */
#include "trust/targets.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"
#include "trust/tuf_file.h"

void bu_pins_clear(bu_pins *pins)
{
    free(pins->items);
    *pins = (bu_pins){ 0 };
}

static bool is_plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* Parts that start with a letter, digit, '-' or '_', so that none is "..", "." or hidden. */
static bool is_safe_name(bulla_bytes name)
{
    bool start = true;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        if (!is_plain(c) && (start || (c != '.' && c != '/')))
            return false;
        start = c == '/';
    }
    return !start && name.len <= 255;
}

/* Files of the store itself, and what becomes one of its files. */
static bool is_taken(bulla_bytes name)
{
    static const char *const names[] = { "root.json", "targets.json", "snapshot.json",
                                         "timestamp.json" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (bu_bytes_is(name, names[i]))
            return true;
    return bu_bytes_ends(name, ".root.json") || bu_bytes_ends(name, BU_DRAFT);
}

static bulla_status new_pin(bu_pins *pins, bulla_bytes name, bu_pin **out, bulla_error *err)
{
    if (!is_safe_name(name))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "a file name that cannot be pinned"),
                           BULLA_LIT("parts of letters, digits, '.', '_', '-'"), name);
    if (is_taken(name))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_BAD_NAME, "a name that the store itself needs"),
                           BULLA_LIT("another file name"), name);
    if (pins->count >= BU_LIMIT_KEYS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u pinned files", BU_LIMIT_KEYS);
    BU_TRY(bu_vec_grow(&pins->items, pins->count, &pins->cap, sizeof *pins->items, err));
    bu_pin pin = { .name = bu_arena_text(pins->arena, name) };
    if (pin.name == NULL)
        return bu_no_memory(err);
    pins->items[pins->count] = pin;
    *out = &pins->items[pins->count++];
    return BU_OK;
}

typedef struct reading {
    bu_pins *pins;
    const char *name; /* of the file */
} reading;

static bulla_status read_pin(const reading *r, const bu_json *value, bu_pin *pin, bulla_error *err)
{
    int64_t length;
    const bu_json *hashes;
    BU_TRY(bu_json_need_integer(value, "length", r->name, &length, err));
    if (length < 0)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "a negative length");
    pin->length = (uint64_t)length;
    BU_TRY(bu_json_need_object(value, "hashes", r->name, &hashes, err));
    BU_TRY(bu_tuf_hashes_read(hashes, BU_TUF_OURS, &pin->digests, err));
    if (bulla_digest_set_get(&pin->digests, BULLA_ALG_SHA256) == NULL)
        return bu_fail(err, BULLA_E_MISSING_HASH, "no SHA-256 is pinned");
    return BU_OK;
}

static bulla_status read_target(void *context, bulla_bytes key, const bu_json *value,
                                bulla_error *err)
{
    const reading *r = context;
    bu_pin *pin;
    BU_TRY(new_pin(r->pins, key, &pin, err));
    return bu_within(err, read_pin(r, value, pin, err), "target %s", pin->name);
}

static bulla_status read_body(const reading *r, const bu_json *body, bulla_error *err)
{
    const bu_json *targets;
    if (bu_json_get(body, "delegations") != NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "delegations are not accepted");
    BU_TRY(bu_json_need_object(body, "targets", r->name, &targets, err));
    return bu_json_each(targets, read_target, &(reading){ r->pins, r->name }, err);
}

bulla_status bu_targets_read(const bu_metadata *metadata, bu_pins *out, bulla_error *err)
{
    reading r = { out, metadata->name };
    return bu_in_file(err, read_body(&r, metadata->body, err), metadata->name);
}

/** Where pinned bytes come from and how they are measured. */
typedef struct loading {
    bu_pins *pins;
    const bu_folder *folder;
    bu_hasher *hasher; /* making one costs more than hashing a small file */
} loading;

static bulla_status load_pin(const loading *l, bu_pin *pin, const char *name, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(l->folder, name, BU_LIMIT_METADATA_BYTES, &text, err));
    if (text.len != pin->length)
        return bu_fail(err, BULLA_E_HASH_MISMATCH, "has %zu bytes, %llu were signed", text.len,
                       (unsigned long long)pin->length);
    BU_TRY(bu_tuf_hashes_check(&pin->digests, bu_buf_bytes(&text), l->hasher, err));
    pin->bytes = bu_arena_copy(l->pins->arena, bu_buf_bytes(&text));
    return pin->bytes.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status load_pin_or_draft(const loading *l, bu_pin *pin, bulla_error *err)
{
    bulla_status status = load_pin(l, pin, pin->name, err);
    if (bulla_ok(status) || status.code == BULLA_E_NO_MEMORY)
        return status;
    const char *draft = bu_arena_format(l->pins->arena, "%s" BU_DRAFT, pin->name);
    if (draft == NULL)
        return bu_no_memory(err);
    pin->is_draft = bulla_ok(load_pin(l, pin, draft, NULL));
    return pin->is_draft ? BU_OK : status;
}

bulla_status bu_pins_load(bu_pins *pins, const bu_folder *folder, bulla_error *err)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_TRY(bu_hasher_new(&hasher, err));
    loading l = { pins, folder, hasher };
    for (size_t i = 0; i < pins->count; i++)
        BU_TRY(bu_in_file(err, load_pin_or_draft(&l, &pins->items[i], err), pins->items[i].name));
    return BU_OK;
}

bu_pin *bu_pins_find(const bu_pins *pins, bulla_bytes name)
{
    for (size_t i = 0; i < pins->count; i++)
        if (bu_bytes_is(name, pins->items[i].name))
            return &pins->items[i];
    return NULL;
}

static bulla_status take_from_source(bu_pins *pins, bulla_bytes name, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_pin *pin;
    BU_TRY(new_pin(pins, name, &pin, err));
    BU_TRY(bu_file_slurp(pins->source, pin->name, BU_LIMIT_METADATA_BYTES, &text, err));
    return bu_pins_put(pins, name, bu_buf_bytes(&text), err);
}

bulla_status bu_pins_use(bu_pins *pins, bulla_bytes name, bulla_bytes *out, bulla_error *err)
{
    if (bu_pins_find(pins, name) == NULL) {
        if (pins->source == NULL)
            return bu_fail(err, BULLA_E_UNPINNED, "%.*s is not pinned by targets.json",
                           (int)name.len, (const char *)name.ptr);
        BU_TRY(take_from_source(pins, name, err));
    }
    bu_pin *pin = bu_pins_find(pins, name);
    pin->used = true;
    *out = pin->bytes;
    return BU_OK;
}

bulla_status bu_pins_put(bu_pins *pins, bulla_bytes name, bulla_bytes bytes, bulla_error *err)
{
    bu_pin *pin = bu_pins_find(pins, name);
    if (pin == NULL)
        BU_TRY(new_pin(pins, name, &pin, err));
    pin->length = bytes.len;
    pin->bytes = bu_arena_copy(pins->arena, bytes);
    if (pin->bytes.ptr == NULL)
        return bu_no_memory(err);
    bulla_digest digest;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, err));
    pin->digests = (bulla_digest_set){ 0 };
    return bu_digest_set_add(&pin->digests, &digest, err);
}

static bulla_status write_pins(const bu_pins *pins, bu_json *targets, bulla_error *err)
{
    for (size_t i = 0; i < pins->count; i++) {
        const bu_pin *pin = &pins->items[i];
        BU_AUTO(bu_json) target = bu_json_object();
        BU_TRY(bu_json_set(target, "length", bu_json_integer((int64_t)pin->length), err));
        BU_TRY(bu_json_set(target, "hashes", bu_json_digest_set(&pin->digests), err));
        BU_TRY(bu_json_set(targets, pin->name, BU_STEAL(target), err));
    }
    return BU_OK;
}

bulla_status bu_targets_write(const bu_pins *pins, int64_t version, int64_t expires, bu_json **out,
                              bulla_error *err)
{
    BU_AUTO(bu_json) body = NULL;
    BU_AUTO(bu_json) targets = bu_json_object();
    BU_TRY(bu_metadata_begin("targets", version, expires, &body, err));
    BU_TRY(write_pins(pins, targets, err));
    BU_TRY(bu_json_set(body, "targets", BU_STEAL(targets), err));
    *out = BU_STEAL(body);
    return BU_OK;
}
