/* SPDX-License-Identifier: MIT */
/*
 * `bulla trust list`. Times are RFC 3339; what is not stated is left out.
 */
#include "trust/list.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
#include "base/utf8.h"

#define SCHEMA "bulla.trust-list/1"

static const char *kind_of(const bu_trusted_key *key)
{
    if (key->key != NULL)
        return bulla_key_kind_name(bu_key_kind(key->key));
    if (key->identity != NULL)
        return "identity";
    return key->fingerprint != NULL ? "openpgp" : "x509";
}

static bool is_stated(int64_t time)
{
    return time != INT64_MIN && time != INT64_MAX;
}

/* Text. */

static void text_time(const char *what, int64_t time, bu_buf *out)
{
    char text[BU_TIME_TEXT];
    if (is_stated(time))
        bu_buf_add_format(out, " %s %s", what, bu_time_format(time, text));
}

static void text_identity(const bu_trusted_key *key, bu_buf *out)
{
    if (key->identity == NULL)
        return;
    bu_buf_add_byte(out, ' ');
    bu_escape(bu_bytes_of(key->identity), out);
    bu_buf_add_text(out, " by ");
    bu_escape(bu_bytes_of(key->issuer), out);
}

static void text_key(const bu_trusted_key *key, bu_buf *out)
{
    bu_buf_add_format(out, "    %s %s", kind_of(key), key->keyid);
    text_identity(key, out);
    text_time("from", key->from, out);
    text_time("until", key->until, out);
    text_time("revoked", key->revoked, out);
    if (key->reason != NULL) {
        bu_buf_add_text(out, ": ");
        bu_escape(bu_bytes_of(key->reason), out);
    }
    bu_buf_add_byte(out, '\n');
}

static void text_people(const bulla_trust *trust, bu_buf *out)
{
    for (size_t i = 0; i < trust->people_count; i++) {
        const bu_person *person = &trust->people[i];
        bu_buf_add_format(out, "%s %s", person->controller == NULL ? "person" : "service",
                          person->id);
        if (person->controller != NULL)
            bu_buf_add_format(out, ", counts as %s", person->controller);
        bu_buf_add_byte(out, '\n');
        for (size_t k = 0; k < trust->key_count; k++)
            if (trust->keys[k].person == i)
                text_key(&trust->keys[k], out);
    }
}

static void text_list(const char *what, const char *const *texts, bu_buf *out)
{
    bu_buf_add_format(out, "    %s", what);
    for (size_t i = 0; texts[i] != NULL; i++) {
        bu_buf_add_byte(out, ' ');
        bu_escape(bu_bytes_of(texts[i]), out);
    }
    bu_buf_add_byte(out, '\n');
}

static void text_role(const bulla_trust *trust, const bu_role *role, bu_buf *out)
{
    bu_buf_add_format(out, "role %s: %" PRIu32 " of", role->name, role->threshold);
    for (size_t i = 0; i < role->grant_count; i++)
        bu_buf_add_format(out, "%s %s", i == 0 ? "" : ",",
                          trust->people[role->grants[i].person].id);
    text_time("from", role->from, out);
    text_time("until", role->until, out);
    text_time("review by", role->review_by, out);
    bu_buf_add_byte(out, '\n');
    text_list("match", role->match, out);
    if (role->predicates[0] != NULL)
        text_list("predicates", role->predicates, out);
}

static void text_store(const bulla_trust *trust, bu_buf *out)
{
    const bu_root *root = trust->chain.root;
    char hex[BULLA_DIGEST_HEX_MAX], time[BU_TIME_TEXT];
    bu_buf_add_format(out, "store sha256:%s\n", bulla_digest_hex(&trust->digest, hex));
    bu_buf_add_format(out, "root version %" PRId64 ", expires %s%s\n", root->version,
                      bu_time_format(root->expires, time),
                      root->one_time ? ", one-time key: can only be made anew" : "");
    bu_buf_add_format(out, "targets version %" PRId64 ", expires %s\n", trust->targets_version,
                      bu_time_format(trust->targets_expires, time));
    text_people(trust, out);
    for (size_t i = 0; i < trust->role_count; i++)
        text_role(trust, &trust->roles[i], out);
}

/* JSON. */

static bulla_status set_text(bu_json *object, const char *key, const char *text, bulla_error *err)
{
    return bu_json_set(object, key, bu_json_string(bu_bytes_of(text)), err);
}

static bulla_status set_time(bu_json *object, const char *key, int64_t time, bulla_error *err)
{
    char text[BU_TIME_TEXT];
    return is_stated(time) ? set_text(object, key, bu_time_format(time, text), err) : BU_OK;
}

static bulla_status set_hex(bu_json *object, const char *key, const bulla_digest *digest,
                            bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    return set_text(object, key, bulla_digest_hex(digest, hex), err);
}

static bulla_status set_metadata(bu_json *json, const char *key, int64_t version, int64_t expires,
                                 bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_TRY(bu_json_set(object, "version", bu_json_integer(version), err));
    BU_TRY(set_time(object, "expires", expires, err));
    return bu_json_set(json, key, BU_STEAL(object), err);
}

static bulla_status set_revocation(bu_json *object, const bu_trusted_key *key, bulla_error *err)
{
    BU_AUTO(bu_json) revoked = bu_json_object();
    if (key->reason == NULL)
        return BU_OK;
    BU_TRY(set_time(revoked, "at", key->revoked, err));
    BU_TRY(set_text(revoked, "reason", key->reason, err));
    return bu_json_set(object, "revoked", BU_STEAL(revoked), err);
}

static bulla_status append_key(bu_json *keys, const bu_trusted_key *key, bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_TRY(set_text(object, "kind", kind_of(key), err));
    BU_TRY(set_text(object, "keyid", key->keyid, err));
    BU_TRY(set_time(object, "from", key->from, err));
    BU_TRY(set_time(object, "until", key->until, err));
    BU_TRY(set_revocation(object, key, err));
    return bu_json_append(keys, BU_STEAL(object), err);
}

static bulla_status append_person(bu_json *people, const bulla_trust *trust, size_t index,
                                  bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_AUTO(bu_json) keys = bu_json_array();
    BU_TRY(set_text(object, "id", trust->people[index].id, err));
    if (trust->people[index].controller != NULL)
        BU_TRY(set_text(object, "controller", trust->people[index].controller, err));
    for (size_t k = 0; k < trust->key_count; k++)
        if (trust->keys[k].person == index)
            BU_TRY(append_key(keys, &trust->keys[k], err));
    BU_TRY(bu_json_set(object, "keys", BU_STEAL(keys), err));
    return bu_json_append(people, BU_STEAL(object), err);
}

static bulla_status set_texts(bu_json *object, const char *key, const char *const *texts,
                              bulla_error *err)
{
    BU_AUTO(bu_json) array = bu_json_array();
    for (size_t i = 0; texts[i] != NULL; i++)
        BU_TRY(bu_json_append(array, bu_json_string(bu_bytes_of(texts[i])), err));
    return bu_json_set(object, key, BU_STEAL(array), err);
}

static bulla_status append_role(bu_json *roles, const bulla_trust *trust, const bu_role *role,
                                bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_AUTO(bu_json) people = bu_json_array();
    for (size_t i = 0; i < role->grant_count; i++) {
        const char *id = trust->people[role->grants[i].person].id;
        BU_TRY(bu_json_append(people, bu_json_string(bu_bytes_of(id)), err));
    }
    BU_TRY(set_text(object, "name", role->name, err));
    BU_TRY(bu_json_set(object, "threshold", bu_json_integer(role->threshold), err));
    BU_TRY(bu_json_set(object, "people", BU_STEAL(people), err));
    BU_TRY(set_texts(object, "match", role->match, err));
    BU_TRY(set_texts(object, "predicates", role->predicates, err));
    BU_TRY(set_time(object, "from", role->from, err));
    BU_TRY(set_time(object, "until", role->until, err));
    BU_TRY(set_time(object, "review_by", role->review_by, err));
    return bu_json_append(roles, BU_STEAL(object), err);
}

static bulla_status set_lists(bu_json *json, const bulla_trust *trust, bulla_error *err)
{
    BU_AUTO(bu_json) people = bu_json_array();
    BU_AUTO(bu_json) roles = bu_json_array();
    for (size_t i = 0; i < trust->people_count; i++)
        BU_TRY(append_person(people, trust, i, err));
    for (size_t i = 0; i < trust->role_count; i++)
        BU_TRY(append_role(roles, trust, &trust->roles[i], err));
    BU_TRY(bu_json_set(json, "people", BU_STEAL(people), err));
    return bu_json_set(json, "roles", BU_STEAL(roles), err);
}

static bulla_status json_store(const bulla_trust *trust, bu_buf *out, bulla_error *err)
{
    const bu_root *root = trust->chain.root;
    BU_AUTO(bu_json) json = bu_json_object();
    BU_TRY(set_text(json, "schema", SCHEMA, err));
    BU_TRY(set_hex(json, "identity", &trust->chain.identity, err));
    BU_TRY(set_hex(json, "digest", &trust->digest, err));
    BU_TRY(bu_json_set(json, "one_time_root", bu_json_bool(root->one_time), err));
    BU_TRY(set_metadata(json, "root", root->version, root->expires, err));
    BU_TRY(set_metadata(json, "targets", trust->targets_version, trust->targets_expires, err));
    BU_TRY(set_lists(json, trust, err));
    return bu_json_write(json, BU_JSON_PRETTY, out, err);
}

bulla_status bu_trust_list(const bulla_trust *trust, const char *format, bu_buf *out,
                           bulla_error *err)
{
    if (strcmp(format, "json") == 0)
        return json_store(trust, out, err);
    if (strcmp(format, "text") != 0)
        return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such format"),
                           BULLA_LIT("text or json"), bu_bytes_of(format));
    text_store(trust, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}
