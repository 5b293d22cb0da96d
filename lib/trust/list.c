/* SPDX-License-Identifier: MIT */
/*
 * `bulla trust list` and `show`. Times are RFC 3339; what is not stated is left out.
 */
#include "trust/list.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
#include "base/utf8.h"

#define SCHEMA "bulla.trust-list/1"

static bool is_stated(int64_t time)
{
    return time != INT64_MIN && time != INT64_MAX;
}

/* What is shown: all, or one person, key or role with what belongs to it. */
typedef struct selection {
    const bulla_trust *trust;
    size_t person;       /* SIZE_MAX: not one */
    size_t key;          /* likewise */
    const bu_role *role; /* NULL: not one */
} selection;

static bool has_person(const selection *s, size_t index)
{
    if (s->role != NULL)
        return bu_role_grant(s->role, index) != NULL;
    return s->person == SIZE_MAX || s->person == index;
}

static bool has_key(const selection *s, size_t index)
{
    return has_person(s, s->trust->keys[index].person) && (s->key == SIZE_MAX || s->key == index);
}

static bool has_role(const selection *s, const bu_role *role)
{
    if (s->role != NULL)
        return s->role == role;
    return s->person == SIZE_MAX || bu_role_grant(role, s->person) != NULL;
}

/* Both roles are there, and shown. */
static bool has_exclusion(const selection *s, const bu_exclusion *exclusion)
{
    const bu_role *a = bu_trust_role(s->trust, bu_bytes_of(exclusion->a));
    const bu_role *b = bu_trust_role(s->trust, bu_bytes_of(exclusion->b));
    bool any = strcmp(exclusion->b, "*") == 0;
    return a != NULL && (any || b != NULL) && (has_role(s, a) || (b != NULL && has_role(s, b)));
}

static bulla_status select_key(const char *name, selection *out, bulla_error *err)
{
    size_t found = 0;
    for (size_t k = 0; k < out->trust->key_count; k++)
        if (bu_bytes_starts(bu_bytes_of(out->trust->keys[k].keyid), name)) {
            out->key = k;
            out->person = out->trust->keys[k].person;
            found++;
        }
    if (found == 1 && strlen(name) >= BU_KEYID_LEAST)
        return BU_OK;
    bulla_status status = bu_as(err,
                                bu_fail(err, BULLA_E_BAD_REFERENCE, "the store has %s of that name",
                                        found > 1 ? "more than one key" : "no person, key or role"),
                                BULLA_EXIT_CONFIG);
    (void)bu_expected(err, status, BULLA_LIT("a person, a role, or 8 or more digits of a keyid"),
                      bu_bytes_of(name));
    return bu_next(err, status, "bulla trust list shows what is in it");
}

static bulla_status select_named(const bulla_trust *trust, const char *name, selection *out,
                                 bulla_error *err)
{
    *out = (selection){ trust, SIZE_MAX, SIZE_MAX, NULL };
    if (name == NULL)
        return BU_OK;
    size_t person = bu_trust_person(trust, bu_bytes_of(name));
    out->role = bu_trust_role(trust, bu_bytes_of(name));
    if (person < trust->people_count) {
        out->person = person;
        out->role = NULL;
    }
    return person < trust->people_count || out->role != NULL ? BU_OK : select_key(name, out, err);
}

/* Text. */

static void text_time(const char *what, int64_t time, bu_buf *out)
{
    char text[BU_TIME_TEXT];
    if (is_stated(time))
        bu_buf_add_format(out, " %s %s", what, bu_time_format(time, text));
}

static void text_word(const char *what, const char *text, bu_buf *out)
{
    if (text == NULL)
        return;
    bu_buf_add_text(out, what);
    bu_escape(bu_bytes_of(text), out);
}

static void text_words(const char *what, const char *const *texts, bu_buf *out)
{
    if (texts[0] != NULL)
        bu_buf_add_text(out, what);
    for (size_t i = 0; texts[i] != NULL; i++)
        text_word(" ", texts[i], out);
}

static void text_key(const bu_trusted_key *key, bu_buf *out)
{
    bu_buf_add_format(out, "    %s %s", bu_trusted_key_kind(key), key->keyid);
    text_word(" ", key->identity, out);
    text_word(" by ", key->issuer, out);
    text_time("from", key->from, out);
    text_time("until", key->until, out);
    text_time("review by", key->review_by, out);
    text_time("replaced", key->replaced, out);
    text_time("revoked", key->revoked, out);
    text_time("since", key->since, out);
    text_word(": ", key->reason, out);
    bu_buf_add_byte(out, '\n');
    if (key->custody != BU_CUSTODY_UNSTATED)
        bu_buf_add_format(out, "        custody %s\n", bu_custody_name(key->custody));
    text_words("        environments", key->environments, out);
    bu_buf_add_text(out, key->environments[0] != NULL ? "\n" : "");
    text_word("        proof ", key->proof, out);
    bu_buf_add_text(out, key->proof != NULL ? "\n" : "");
}

static void text_person(const selection *s, size_t index, bu_buf *out)
{
    const bu_person *person = &s->trust->people[index];
    bu_buf_add_format(out, "%s %s", bu_party_name(person->kind), person->id);
    if (person->counts_as != index)
        bu_buf_add_format(out, ", counts as %s", s->trust->people[person->counts_as].id);
    text_word(", of ", person->org, out);
    text_word(", tag ", person->tag, out);
    text_word(", login ", person->idp_user, out);
    text_word(" at ", person->idp_issuer, out);
    bu_buf_add_byte(out, '\n');
    for (size_t k = 0; k < s->trust->key_count; k++)
        if (s->trust->keys[k].person == index && has_key(s, k))
            text_key(&s->trust->keys[k], out);
}

static void text_list(const char *what, const char *const *texts, bu_buf *out)
{
    text_words(what, texts, out);
    bu_buf_add_text(out, texts[0] != NULL ? "\n" : "");
}

static void text_grant(const bulla_trust *trust, const bu_grant *grant, bu_buf *out)
{
    bu_buf_add_format(out, "    %s only", trust->people[grant->person].id);
    text_words(" match", grant->match, out);
    text_words(" predicates", grant->predicates, out);
    text_words(" environments", grant->environments, out);
    text_time("from", grant->from, out);
    text_time("until", grant->until, out);
    text_time("review by", grant->review_by, out);
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
    text_list("    match", role->match, out);
    text_list("    predicates", role->predicates, out);
    text_list("    environments", role->environments, out);
    for (size_t i = 0; i < role->grant_count; i++)
        if (role->grants[i].is_narrowed)
            text_grant(trust, &role->grants[i], out);
}

static void text_head(const bulla_trust *trust, bu_buf *out)
{
    const bu_root *root = trust->chain.root;
    char hex[BULLA_DIGEST_HEX_MAX], time[BU_TIME_TEXT];
    bu_buf_add_format(out, "store sha256:%s\n", bulla_digest_hex(&trust->digest, hex));
    bu_buf_add_format(out, "identity %s\n", bulla_digest_hex(&trust->chain.identity, hex));
    bu_buf_add_format(out, "root version %" PRId64 ", expires %s, %" PRIu32 " of %zu owners%s\n",
                      root->version, bu_time_format(root->expires, time),
                      root->roles[BU_TUF_ROOT].threshold, root->roles[BU_TUF_ROOT].count,
                      root->one_time ? ", one-time key: can only be made anew"
                      : root->roles[BU_TUF_ROOT].threshold == 1 ? ": one key alone can change it"
                                                                : "");
    bu_buf_add_format(out, "targets version %" PRId64 ", expires %s\n", trust->targets_version,
                      bu_time_format(trust->targets_expires, time));
    text_word("served at ", trust->url, out);
    bu_buf_add_text(out, trust->url != NULL ? "\n" : "");
    text_list("environments", trust->environments, out);
}

static void text_store(const selection *s, bu_buf *out)
{
    const bulla_trust *trust = s->trust;
    if (s->person == SIZE_MAX && s->role == NULL)
        text_head(trust, out);
    for (size_t i = 0; i < trust->people_count; i++)
        if (has_person(s, i))
            text_person(s, i, out);
    for (size_t i = 0; i < trust->role_count; i++)
        if (has_role(s, &trust->roles[i]))
            text_role(trust, &trust->roles[i], out);
    for (size_t i = 0; i < trust->exclusion_count; i++)
        if (has_exclusion(s, &trust->exclusions[i]))
            bu_buf_add_format(out, "apart%s: %s, %s\n",
                              trust->exclusions[i].per_subject ? " for one thing" : "",
                              trust->exclusions[i].a, trust->exclusions[i].b);
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
    BU_TRY(set_time(revoked, "since", key->since, err));
    BU_TRY(set_text(revoked, "reason", key->reason, err));
    return bu_json_set(object, "revoked", BU_STEAL(revoked), err);
}

static bulla_status set_texts(bu_json *object, const char *key, const char *const *texts,
                              bulla_error *err)
{
    BU_AUTO(bu_json) array = bu_json_array();
    for (size_t i = 0; texts[i] != NULL; i++)
        BU_TRY(bu_json_append(array, bu_json_string(bu_bytes_of(texts[i])), err));
    return bu_json_set(object, key, BU_STEAL(array), err);
}

static bulla_status set_optional(bu_json *object, const char *key, const char *text,
                                 bulla_error *err)
{
    return text == NULL ? BU_OK : set_text(object, key, text, err);
}

static bulla_status set_stated(bu_json *object, const char *key, const char *const *texts,
                               bulla_error *err)
{
    return texts[0] == NULL ? BU_OK : set_texts(object, key, texts, err);
}

static bulla_status set_validity(bu_json *object, int64_t from, int64_t until, int64_t review_by,
                                 bulla_error *err)
{
    BU_TRY(set_time(object, "from", from, err));
    BU_TRY(set_time(object, "until", until, err));
    return set_time(object, "review_by", review_by, err);
}

static bulla_status append_key(bu_json *keys, const bu_trusted_key *key, bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_TRY(set_text(object, "kind", bu_trusted_key_kind(key), err));
    BU_TRY(set_text(object, "keyid", key->keyid, err));
    BU_TRY(set_optional(object, "identity", key->identity, err));
    BU_TRY(set_optional(object, "issuer", key->issuer, err));
    BU_TRY(set_optional(object, "file", key->file, err));
    BU_TRY(set_text(object, "custody", bu_custody_name(key->custody), err));
    BU_TRY(set_stated(object, "environments", key->environments, err));
    BU_TRY(set_validity(object, key->from, key->until, key->review_by, err));
    BU_TRY(set_time(object, "replaced", key->replaced, err));
    BU_TRY(set_optional(object, "proof", key->proof, err));
    BU_TRY(set_revocation(object, key, err));
    return bu_json_append(keys, BU_STEAL(object), err);
}

static bulla_status set_login(bu_json *object, const bu_person *person, bulla_error *err)
{
    BU_AUTO(bu_json) login = bu_json_object();
    if (person->idp_user == NULL)
        return BU_OK;
    BU_TRY(set_text(login, "issuer", person->idp_issuer, err));
    BU_TRY(set_text(login, "user", person->idp_user, err));
    return bu_json_set(object, "login", BU_STEAL(login), err);
}

static bulla_status append_person(bu_json *people, const selection *s, size_t index,
                                  bulla_error *err)
{
    const bu_person *person = &s->trust->people[index];
    BU_AUTO(bu_json) object = bu_json_object();
    BU_AUTO(bu_json) keys = bu_json_array();
    BU_TRY(set_text(object, "id", person->id, err));
    BU_TRY(set_text(object, "kind", bu_party_name(person->kind), err));
    BU_TRY(set_optional(object, "controller", person->controller, err));
    BU_TRY(set_text(object, "counts_as", s->trust->people[person->counts_as].id, err));
    BU_TRY(set_optional(object, "org", person->org, err));
    BU_TRY(set_optional(object, "tag", person->tag, err));
    BU_TRY(set_login(object, person, err));
    for (size_t k = 0; k < s->trust->key_count; k++)
        if (s->trust->keys[k].person == index && has_key(s, k))
            BU_TRY(append_key(keys, &s->trust->keys[k], err));
    BU_TRY(bu_json_set(object, "keys", BU_STEAL(keys), err));
    return bu_json_append(people, BU_STEAL(object), err);
}

static bulla_status append_grant(bu_json *grants, const bulla_trust *trust, const bu_grant *grant,
                                 bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_TRY(set_text(object, "person", trust->people[grant->person].id, err));
    BU_TRY(set_stated(object, "match", grant->match, err));
    BU_TRY(set_stated(object, "predicates", grant->predicates, err));
    BU_TRY(set_stated(object, "environments", grant->environments, err));
    BU_TRY(set_validity(object, grant->from, grant->until, grant->review_by, err));
    return bu_json_append(grants, BU_STEAL(object), err);
}

static bulla_status append_role(bu_json *roles, const bulla_trust *trust, const bu_role *role,
                                bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    BU_AUTO(bu_json) grants = bu_json_array();
    for (size_t i = 0; i < role->grant_count; i++)
        BU_TRY(append_grant(grants, trust, &role->grants[i], err));
    BU_TRY(set_text(object, "name", role->name, err));
    BU_TRY(bu_json_set(object, "threshold", bu_json_integer(role->threshold), err));
    BU_TRY(bu_json_set(object, "grants", BU_STEAL(grants), err));
    BU_TRY(set_texts(object, "match", role->match, err));
    BU_TRY(set_texts(object, "predicates", role->predicates, err));
    BU_TRY(set_texts(object, "environments", role->environments, err));
    BU_TRY(set_validity(object, role->from, role->until, role->review_by, err));
    return bu_json_append(roles, BU_STEAL(object), err);
}

static bulla_status append_exclusion(bu_json *exclusions, const bu_exclusion *exclusion,
                                     bulla_error *err)
{
    const char *const roles[] = { exclusion->a, exclusion->b, NULL };
    BU_AUTO(bu_json) object = bu_json_object();
    BU_TRY(set_texts(object, "roles", roles, err));
    BU_TRY(bu_json_set(object, "per_subject", bu_json_bool(exclusion->per_subject), err));
    BU_TRY(bu_json_set(object, "built_in", bu_json_bool(exclusion->is_built_in), err));
    return bu_json_append(exclusions, BU_STEAL(object), err);
}

static bulla_status set_people(bu_json *json, const selection *s, bulla_error *err)
{
    BU_AUTO(bu_json) people = bu_json_array();
    for (size_t i = 0; i < s->trust->people_count; i++)
        if (has_person(s, i))
            BU_TRY(append_person(people, s, i, err));
    return bu_json_set(json, "people", BU_STEAL(people), err);
}

static bulla_status set_roles(bu_json *json, const selection *s, bulla_error *err)
{
    BU_AUTO(bu_json) roles = bu_json_array();
    BU_AUTO(bu_json) exclusions = bu_json_array();
    for (size_t i = 0; i < s->trust->role_count; i++)
        if (has_role(s, &s->trust->roles[i]))
            BU_TRY(append_role(roles, s->trust, &s->trust->roles[i], err));
    for (size_t i = 0; i < s->trust->exclusion_count; i++)
        if (has_exclusion(s, &s->trust->exclusions[i]))
            BU_TRY(append_exclusion(exclusions, &s->trust->exclusions[i], err));
    BU_TRY(bu_json_set(json, "roles", BU_STEAL(roles), err));
    return bu_json_set(json, "exclusions", BU_STEAL(exclusions), err);
}

static bulla_status json_store(const selection *s, bu_buf *out, bulla_error *err)
{
    const bulla_trust *trust = s->trust;
    const bu_tuf_role *owners = &trust->chain.root->roles[BU_TUF_ROOT];
    const char *const urls[] = { trust->url, NULL };
    BU_AUTO(bu_json) json = bu_json_object();
    BU_TRY(set_text(json, "schema", SCHEMA, err));
    BU_TRY(set_hex(json, "identity", &trust->chain.identity, err));
    BU_TRY(set_hex(json, "digest", &trust->digest, err));
    BU_TRY(bu_json_set(json, "one_time_root", bu_json_bool(trust->chain.root->one_time), err));
    BU_TRY(bu_json_set(json, "owners", bu_json_integer((int64_t)owners->count), err));
    BU_TRY(bu_json_set(json, "owners_needed", bu_json_integer(owners->threshold), err));
    BU_TRY(set_metadata(json, "root", trust->chain.root->version, trust->chain.root->expires, err));
    BU_TRY(set_metadata(json, "targets", trust->targets_version, trust->targets_expires, err));
    BU_TRY(set_texts(json, "urls", urls, err));
    BU_TRY(set_texts(json, "environments", trust->environments, err));
    BU_TRY(set_people(json, s, err));
    BU_TRY(set_roles(json, s, err));
    return bu_json_write(json, BU_JSON_PRETTY, out, err);
}

bulla_status bu_trust_list(const bulla_trust *trust, const char *name, const char *format,
                           bu_buf *out, bulla_error *err)
{
    selection s;
    bool is_json = strcmp(format, "json") == 0;
    if (!is_json && strcmp(format, "text") != 0)
        return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such format"),
                           BULLA_LIT("text or json"), bu_bytes_of(format));
    BU_TRY(select_named(trust, name, &s, err));
    if (is_json)
        return json_store(&s, out, err);
    text_store(&s, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}
