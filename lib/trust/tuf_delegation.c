/* SPDX-License-Identifier: MIT */
/*
 * Delegations: by patterns, by prefixes of the hash of the target's path, and
 * as a number of bins. Refused are roles named like a top-level one, whose
 * files would take that one's place, and what could be read in two ways.
 */
#include "trust/tuf_delegation.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"
#include "digest/hasher.h"
#include "trust/tuf_name.h"

#define BIN_BITS_MAX 32

void bu_tuf_delegations_clear(bu_tuf_delegations *delegations)
{
    for (size_t i = 0; i < delegations->count; i++) {
        free(delegations->items[i].name);
        bu_tuf_role_clear(&delegations->items[i].role);
    }
    free(delegations->items);
    bu_tuf_keys_clear(&delegations->keys);
    *delegations = (bu_tuf_delegations){ 0 };
}

typedef struct reading {
    const char *name; /* of the document */
    bulla_bytes target;
    bulla_digest hash; /* SHA-256 of the target's path */
    bu_tuf_delegations *out;
} reading;

static bool is_top_level(bulla_bytes name)
{
    static const char *const names[] = { "root", "timestamp", "snapshot", "targets" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (bu_bytes_is(name, names[i]))
            return true;
    return false;
}

static bulla_status check_name(bulla_bytes name, bulla_error *err)
{
    if (name.len > 0 && bu_bytes_find(name, '\0') == name.len && !is_top_level(name))
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_NAME, "%.*s cannot be the name of a delegated role",
                   (int)name.len, (const char *)name.ptr);
}

static bulla_status add(const reading *r, bulla_bytes name, const bu_json *value, bool terminating,
                        bulla_error *err)
{
    bu_tuf_delegations *all = r->out;
    BU_TRY(check_name(name, err));
    BU_TRY(bu_vec_grow(&all->items, all->count, &all->cap, sizeof *all->items, err));
    bu_tuf_delegation *item = &all->items[all->count++];
    *item = (bu_tuf_delegation){ .terminating = terminating,
                                 .name = strndup((const char *)name.ptr, name.len) };
    if (item->name == NULL)
        return bu_no_memory(err);
    return bu_within(err, bu_tuf_role_read(&all->keys, value, r->name, &item->role, err),
                     "delegated role %s", item->name);
}

static bool is_pattern(const reading *r, bulla_bytes text)
{
    return bu_tuf_pattern_match(text, r->target);
}

static bool is_prefix(const reading *r, bulla_bytes text)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_bytes hash = bu_bytes_of(bulla_digest_hex(&r->hash, hex));
    return text.len <= hash.len && bu_bytes_equal(text, bu_bytes_first(hash, text.len));
}

static bulla_status match_any(const reading *r, const bu_json *list,
                              bool (*match)(const reading *r, bulla_bytes text), bool *out,
                              bulla_error *err)
{
    *out = false;
    if (!bu_json_is_array(list))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "what a role may speak about is no list");
    for (size_t i = 0; i < bu_json_count(list); i++) {
        bulla_bytes text;
        if (!bu_json_text(bu_json_at(list, i), &text))
            return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a path or prefix is not a string");
        *out = *out || match(r, text);
    }
    return BU_OK;
}

/* TUF 4.5: "only one of … PATHS or PATH_HASH_PREFIXES". */
static bulla_status is_delegated(const reading *r, const bu_json *role, bool *out, bulla_error *err)
{
    const bu_json *paths = bu_json_get(role, "paths");
    const bu_json *prefixes = bu_json_get(role, "path_hash_prefixes");
    if ((paths == NULL) == (prefixes == NULL))
        return bu_fail(err, BULLA_E_BAD_SYNTAX,
                       "a delegated role wants either \"paths\" or \"path_hash_prefixes\"");
    return paths != NULL ? match_any(r, paths, is_pattern, out, err)
                         : match_any(r, prefixes, is_prefix, out, err);
}

static bulla_status read_roles(const reading *r, const bu_json *roles, bulla_error *err)
{
    size_t count = bu_json_count(roles);
    if (count > BU_LIMIT_KEYS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u delegated roles", BU_LIMIT_KEYS);
    for (size_t i = 0; i < count; i++) {
        const bu_json *role = bu_json_at(roles, i);
        bool terminating = bu_json_is_true(bu_json_get(role, "terminating")), matches;
        bulla_bytes name;
        BU_TRY(bu_json_need_text(role, "name", r->name, &name, err));
        BU_TRY(is_delegated(r, role, &matches, err));
        if (matches)
            BU_TRY(add(r, name, role, terminating, err));
        if (matches && terminating)
            break;
    }
    return BU_OK;
}

/* TAP 15: the first bits of the hash are the number of the bin, written in as many hex digits as the
 * last bin's. */
static bulla_status read_bins(const reading *r, const bu_json *bins, bulla_error *err)
{
    int64_t bits;
    bulla_bytes prefix;
    BU_TRY(bu_json_need_integer(bins, "bit_length", r->name, &bits, err));
    BU_TRY(bu_json_need_text(bins, "name_prefix", r->name, &prefix, err));
    if (bits < 1 || bits > BIN_BITS_MAX)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "bit_length is 1 to %d", BIN_BITS_MAX);
    const uint8_t *hash = r->hash.bytes;
    uint32_t first = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 |
                     (uint32_t)hash[3];
    BU_CLEAR(bu_buf) name = { 0 };
    bu_buf_add(&name, prefix);
    bu_buf_add_format(&name, "-%0*" PRIx32, (int)(bits + 3) / 4, first >> (BIN_BITS_MAX - bits));
    if (name.broken)
        return bu_no_memory(err);
    return add(r, bu_buf_bytes(&name), bins, true, err);
}

static bulla_status read_delegations(const reading *r, const bu_json *body, bulla_error *err)
{
    const bu_json *delegations, *keys, *value;
    if (bu_json_get(body, "delegations") == NULL)
        return BU_OK;
    BU_TRY(bu_json_need_object(body, "delegations", r->name, &delegations, err));
    BU_TRY(bu_json_need_object(delegations, "keys", r->name, &keys, err));
    BU_TRY(bu_tuf_keys_read(keys, r->name, &r->out->keys, err));
    bool has_bins = bu_json_get(delegations, "succinct_roles") != NULL;
    if (has_bins == (bu_json_get(delegations, "roles") != NULL))
        return bu_fail(err, BULLA_E_BAD_SYNTAX,
                       "delegations want either \"roles\" or \"succinct_roles\"");
    if (has_bins) {
        BU_TRY(bu_json_need_object(delegations, "succinct_roles", r->name, &value, err));
        return read_bins(r, value, err);
    }
    BU_TRY(bu_json_need_array(delegations, "roles", r->name, &value, err));
    return read_roles(r, value, err);
}

bulla_status bu_tuf_delegations_read(const bu_metadata *metadata, const char *target,
                                     bu_tuf_delegations *out, bulla_error *err)
{
    BU_CLEAR(bu_tuf_delegations) all = { .keys.manner = BU_TUF_FOREIGN };
    reading r = { .name = metadata->name, .target = bu_bytes_of(target), .out = &all };
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, r.target, &r.hash, err));
    BU_TRY(bu_in_file(err, read_delegations(&r, metadata->body, err), metadata->name));
    *out = all;
    all = (bu_tuf_delegations){ 0 };
    return BU_OK;
}
