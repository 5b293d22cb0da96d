/* SPDX-License-Identifier: MIT */
/*
 * The record of the highest versions and the latest time seen, read and written. A record that
 * cannot be read or renewed is a refusal: without it an old store would pass, and an expired one
 * with the clock set back. Processes take turns, so that none puts an older record over a newer one.
 */
#include "trust/seen.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"

#define SCHEMA "bulla.trust-seen/1"

/** What is remembered of one metadata file. */
typedef struct sight {
    int64_t version;
    bulla_digest digest;
} sight;

typedef struct record {
    sight root, targets;
    int64_t clock;
} record;

static bulla_status read_sight(const bu_json *json, const char *key, const char *name, sight *out,
                               bulla_error *err)
{
    const bu_json *object;
    bulla_bytes hex;
    BU_TRY(bu_json_need_object(json, key, name, &object, err));
    BU_TRY(bu_json_need_integer(object, "version", name, &out->version, err));
    BU_TRY(bu_json_need_text(object, "sha256", name, &hex, err));
    return bu_digest_from_hex(BULLA_ALG_SHA256, hex, &out->digest, err);
}

static bulla_status parse_record(bulla_bytes text, const char *name, record *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    bulla_bytes schema;
    BU_TRY(bu_json_parse(text, name, &json, err));
    BU_TRY(bu_json_need_text(json, "schema", name, &schema, err));
    if (!bu_bytes_is(schema, SCHEMA))
        return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "another schema"),
                           BULLA_LIT(SCHEMA), schema);
    BU_TRY(read_sight(json, "root", name, &out->root, err));
    BU_TRY(read_sight(json, "targets", name, &out->targets, err));
    if (bu_json_get(json, "clock") == NULL)
        return BU_OK; /* a record from before clocks were kept: it has seen no time */
    BU_TRY(bu_json_need_integer(json, "clock", name, &out->clock, err));
    return out->clock >= 0 ? BU_OK
                           : bu_fail(err, BULLA_E_BAD_NUMBER, "a clock that stood before 1970");
}

static bulla_status read_record(const char *path, record *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    return bu_in_file(err, parse_record(bu_buf_bytes(&text), path, out, err), path);
}

static bulla_status set_sight(bu_json *json, const char *key, const sight *seen, bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_AUTO(bu_json) object = bu_json_object();
    bulla_digest_hex(&seen->digest, hex);
    BU_TRY(bu_json_set(object, "version", bu_json_integer(seen->version), err));
    BU_TRY(bu_json_set(object, "sha256", bu_json_string(bu_bytes_of(hex)), err));
    return bu_json_set(json, key, BU_STEAL(object), err);
}

static bulla_status write_record(const char *path, const record *seen, bulla_error *err)
{
    BU_AUTO(bu_json) json = bu_json_object();
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_json_set(json, "schema", bu_json_string(BULLA_LIT(SCHEMA)), err));
    BU_TRY(set_sight(json, "root", &seen->root, err));
    BU_TRY(set_sight(json, "targets", &seen->targets, err));
    BU_TRY(bu_json_set(json, "clock", bu_json_integer(seen->clock), err));
    BU_TRY(bu_json_write(json, BU_JSON_PRETTY, &text, err));
    return bu_file_replace(path, bu_buf_bytes(&text), 0600, err);
}

static bulla_status need_no_older(const char *file, const sight *before, const sight *now,
                                  bulla_error *err)
{
    bool same = before->version == now->version;
    if (now->version > before->version ||
        (same && bulla_digest_equal(&before->digest, &now->digest)))
        return BU_OK;
    char expected[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
    (void)snprintf(expected, sizeof expected, "version %" PRId64, before->version);
    (void)snprintf(got, sizeof got, "version %" PRId64, now->version);
    if (same) {
        bulla_digest_hex(&before->digest, expected);
        bulla_digest_hex(&now->digest, got);
    }
    bulla_status status = bu_fail(err, BULLA_E_ROLLBACK,
                                  same ? "the version that was seen before had other bytes"
                                       : "an older version than one seen before");
    return bu_in_file(err, bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got)), file);
}

static bulla_status need_clock_forward(const char *path, int64_t before, int64_t now,
                                       bulla_error *err)
{
    char expected[BU_TIME_TEXT], got[BU_TIME_TEXT];
    if (now >= before - BU_CLOCK_SKEW_SECONDS)
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_BAD_TIME, "the clock stands before a time that it has shown");
    status = bu_expected(err, status, bu_bytes_of(bu_time_format(before, expected)),
                         bu_bytes_of(bu_time_format(now, got)));
    return bu_in_file(err, bu_next(err, status, "set the clock right"), path);
}

/* A clock that goes on is worth writing down when others would notice. */
static bool is_news(const record *before, const record *now)
{
    return now->root.version != before->root.version ||
           now->targets.version != before->targets.version ||
           now->clock - before->clock > BU_CLOCK_SKEW_SECONDS;
}

bulla_status bu_seen_keep(const char *state, const int64_t *clock, bulla_trust *trust,
                          bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    record before = { 0 };
    record now = {
        .root = { trust->chain.root->version, trust->chain.newest },
        .targets = { trust->targets_version, trust->digest },
        .clock = clock == NULL ? 0 : *clock,
    };
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const char *path = arena == NULL
                           ? NULL
                           : bu_arena_format(arena, "%s/%s.json", state,
                                             bulla_digest_hex(&trust->chain.identity, hex));
    if (path == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_folder_make(state, true, err));
    BU_TRY(bu_folder_hold(state, &folder, err));
    if (bu_folder_look(NULL, path, NULL) != BU_PRESENCE_NONE) {
        BU_TRY(read_record(path, &before, err));
        BU_TRY(need_no_older("root.json", &before.root, &now.root, err));
        BU_TRY(need_no_older("targets.json", &before.targets, &now.targets, err));
        if (clock != NULL)
            BU_TRY(need_clock_forward(path, before.clock, now.clock, err));
    }
    if (now.clock < before.clock)
        now.clock = before.clock;
    if (is_news(&before, &now))
        BU_TRY(write_record(path, &now, err));
    trust->remembered = true;
    return BU_OK;
}
