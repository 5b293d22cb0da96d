/* SPDX-License-Identifier: MIT */
/*
 * trust.toml, written: same content, same bytes; reading it gives the same store.
 */
#include "trust/trust_toml.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"

#define SCHEMA "bulla.trust/1"

static void write_text(const char *text, bu_buf *out)
{
    bu_buf_add_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            bu_buf_add_byte(out, '\\');
        bu_buf_add_byte(out, (uint8_t)*text);
    }
    bu_buf_add_byte(out, '"');
}

static void write_field(const char *key, const char *text, bu_buf *out)
{
    bu_buf_add_format(out, "%s = ", key);
    write_text(text, out);
    bu_buf_add_byte(out, '\n');
}

static void write_optional(const char *key, const char *text, bu_buf *out)
{
    if (text != NULL)
        write_field(key, text, out);
}

static void write_time(const char *key, int64_t time, bu_buf *out)
{
    char text[BU_TIME_TEXT];
    if (time != INT64_MIN && time != INT64_MAX)
        bu_buf_add_format(out, "%s = %s\n", key, bu_time_format(time, text));
}

static void write_texts(const char *key, const char *const *texts, bu_buf *out)
{
    bu_buf_add_format(out, "%s = [", key);
    for (size_t i = 0; texts[i] != NULL; i++) {
        bu_buf_add_text(out, i == 0 ? "" : ", ");
        write_text(texts[i], out);
    }
    bu_buf_add_text(out, "]\n");
}

/* A list that need not be there. */
static void write_list(const char *key, const char *const *texts, bu_buf *out)
{
    if (texts[0] != NULL)
        write_texts(key, texts, out);
}

static void write_revocation(const bu_trusted_key *key, bu_buf *out)
{
    char at[BU_TIME_TEXT];
    if (key->revoked == INT64_MAX)
        return;
    bu_buf_add_format(out, "revoked = { at = %s, ", bu_time_format(key->revoked, at));
    if (key->since != INT64_MAX)
        bu_buf_add_format(out, "since = %s, ", bu_time_format(key->since, at));
    bu_buf_add_text(out, "reason = ");
    write_text(key->reason, out);
    bu_buf_add_text(out, " }\n");
}

static void write_material(const bu_trusted_key *key, bu_buf *out)
{
    if (key->fingerprint != NULL)
        write_field("openpgp", key->fingerprint, out);
    if (key->identity != NULL) {
        write_field("identity", key->identity, out);
        write_field("issuer", key->issuer, out);
    } else if (key->file != NULL) {
        write_field("file", key->file, out);
    } else {
        bu_buf_add_text(out, "public = \"\"\"\n");
        bu_key_write_pem(key->key, out);
        bu_buf_add_text(out, "\"\"\"\n");
    }
}

static void write_key(const bu_trusted_key *key, const char *list, bu_buf *out)
{
    bu_buf_add_format(out, "\n[[%s.key]]\n", list);
    write_material(key, out);
    write_optional("proof", key->proof, out);
    if (key->custody != BU_CUSTODY_UNSTATED)
        write_field("custody", bu_custody_name(key->custody), out);
    write_list("environments", key->environments, out);
    write_time("from", key->from, out);
    write_time("until", key->until, out);
    write_time("review_by", key->review_by, out);
    write_time("replaced", key->replaced, out);
    write_revocation(key, out);
}

static void write_login(const bu_person *person, bu_buf *out)
{
    if (person->idp_issuer == NULL)
        return;
    bu_buf_add_text(out, "login = { issuer = ");
    write_text(person->idp_issuer, out);
    bu_buf_add_text(out, ", user = ");
    write_text(person->idp_user, out);
    bu_buf_add_text(out, " }\n");
}

static void write_people(const bulla_trust *trust, bu_kind_of_party kind, bu_buf *out)
{
    const char *list = bu_party_name(kind);
    for (size_t i = 0; i < trust->people_count; i++) {
        const bu_person *person = &trust->people[i];
        if (person->kind != kind)
            continue;
        bu_buf_add_format(out, "\n[[%s]]\n", list);
        write_field("id", person->id, out);
        write_optional("controller", person->controller, out);
        write_optional("org", person->org, out);
        write_optional("tag", person->tag, out);
        write_login(person, out);
        for (size_t k = 0; k < trust->key_count; k++)
            if (trust->keys[k].person == i)
                write_key(&trust->keys[k], list, out);
    }
}

/* Who holds the role as it is. */
static void write_holders(const bulla_trust *trust, const bu_role *role, bu_buf *out)
{
    size_t count = 0;
    bu_buf_add_text(out, "people = [");
    for (size_t i = 0; i < role->grant_count; i++) {
        if (role->grants[i].is_narrowed)
            continue;
        bu_buf_add_text(out, count++ == 0 ? "" : ", ");
        write_text(trust->people[role->grants[i].person].id, out);
    }
    bu_buf_add_text(out, "]\n");
}

static void write_role(const bulla_trust *trust, const bu_role *role, bu_buf *out)
{
    bu_buf_add_text(out, "\n[[role]]\n");
    write_field("name", role->name, out);
    write_holders(trust, role, out);
    bu_buf_add_format(out, "threshold = %" PRIu32 "\n", role->threshold);
    write_texts("match", role->match, out);
    if (!role->has_usual)
        write_list("predicates", role->predicates, out);
    write_list("environments", role->environments, out);
    write_time("from", role->from, out);
    write_time("until", role->until, out);
    write_time("review_by", role->review_by, out);
}

static void write_grants(const bulla_trust *trust, const bu_role *role, bu_buf *out)
{
    for (size_t i = 0; i < role->grant_count; i++) {
        const bu_grant *grant = &role->grants[i];
        if (!grant->is_narrowed)
            continue;
        bu_buf_add_text(out, "\n[[grant]]\n");
        write_field("role", role->name, out);
        write_field("person", trust->people[grant->person].id, out);
        write_list("match", grant->match, out);
        write_list("predicates", grant->predicates, out);
        write_list("environments", grant->environments, out);
        write_time("from", grant->from, out);
        write_time("until", grant->until, out);
        write_time("review_by", grant->review_by, out);
    }
}

static void write_exclusion(const bu_exclusion *exclusion, bu_buf *out)
{
    if (exclusion->is_built_in)
        return;
    bu_buf_add_text(out, "\n[[exclusive]]\n");
    write_list("roles", (const char *const[]){ exclusion->a, exclusion->b, NULL }, out);
    if (exclusion->per_subject)
        write_field("per", "subject", out);
}

void bu_trust_toml_write(const bulla_trust *trust, bu_buf *out)
{
    bu_buf_add_text(out, "# People, keys and roles; bulla trust writes this file anew.\n");
    write_field("schema", SCHEMA, out);
    write_optional("sigstore", trust->sigstore, out);
    write_optional("url", trust->url, out);
    if (trust->has_environments)
        write_list("environments", trust->environments, out);
    for (size_t i = BU_PARTY_PERSON; i <= BU_PARTY_WITNESS; i++)
        write_people(trust, (bu_kind_of_party)i, out);
    for (size_t i = 0; i < trust->role_count; i++)
        write_role(trust, &trust->roles[i], out);
    for (size_t i = 0; i < trust->role_count; i++)
        write_grants(trust, &trust->roles[i], out);
    for (size_t i = 0; i < trust->exclusion_count; i++)
        write_exclusion(&trust->exclusions[i], out);
}
