/* SPDX-License-Identifier: MIT */
/*
 * trust.toml. A field that was read over, or a person who counts as two, would
 * give trust that nobody meant to give.
 */
#include "build.h"
#include "base/time.h"
#include "trust/trust_toml.h"
#include "alloc_fail.h"

#define SCHEMA              "schema = \"bulla.trust/1\"\n"
#define ALICE               SCHEMA "[[person]]\nid = \"alice\"\n"
#define FULL                "people = [\"alice\"]\nthreshold = 1\nmatch = [\"**\"]\n"
#define LOGIN(issuer, user) "login = { issuer = \"" issuer "\", user = \"" user "\" }"
/* Two people, and a role that both of them must fill. */
#define PAIR(first, second)                                                                        \
    SCHEMA "[[person]]\nid = \"alice\"\n" first "\n[[person]]\nid = \"bob\"\n" second              \
           "\n[[role]]\nname = \"release\"\npeople = [\"alice\", \"bob\"]\nthreshold = 2\n"        \
           "match = [\"**\"]\n"
/* Alice in two roles. */
#define TWO_ROLES(first, second)                                                                   \
    ALICE "[[role]]\nname = \"" first "\"\n" FULL "[[role]]\nname = \"" second "\"\n" FULL
#define ROLE(fields) ALICE "[[role]]\nname = \"release\"\n" fields

static bulla_status read_text(const char *text, bulla_trust **out, bulla_error *err)
{
    bulla_status status = bu_store_new(out, err);
    return bulla_ok(status) ? bu_trust_toml_read(bu_bytes_of(text), *out, err) : status;
}

static void refused(const char *text, bulla_code code, uint32_t line, uint32_t column)
{
    bulla_error err = { 0 };
    BU_AUTO(bulla_trust) trust = NULL;
    bulla_status status = read_text(text, &trust, &err);
    unit_fails(status, code, err);
    ck_assert_str_eq(err.file, "trust.toml");
    ck_assert_msg(err.line == line && err.column == column, "at %u:%u, want %u:%u: %s", err.line,
                  err.column, line, column, text);
}

static bulla_trust *accepted(const char *text)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bulla_status status = read_text(text, &trust, &err);
    unit_ok(status, err);
    return trust;
}

static const struct {
    const char *text;
    bulla_code code;
    uint32_t line, column;
} cases[] = {
    /* document */
    { "x = 1", BULLA_E_MISSING_FIELD, 1, 1 },
    { "schema = \"bulla.trust/2\"", BULLA_E_UNSUPPORTED_VERSION, 1, 10 },
    { "schema = 1", BULLA_E_TYPE_MISMATCH, 1, 10 },
    { SCHEMA "schema = \"bulla.trust/1\"", BULLA_E_DUPLICATE_KEY, 2, 10 },
    { SCHEMA "persons = []", BULLA_E_BAD_SYNTAX, 2, 11 },
    { SCHEMA "person = 1", BULLA_E_TYPE_MISMATCH, 2, 10 },
    { SCHEMA "person = [1]", BULLA_E_TYPE_MISMATCH, 2, 11 },
    { SCHEMA "person = [", BULLA_E_TRUNCATED, 2, 11 },
    /* people */
    { SCHEMA "[[person]]\nname = \"alice\"", BULLA_E_BAD_SYNTAX, 3, 8 },
    { SCHEMA "[[person]]\n", BULLA_E_MISSING_FIELD, 2, 1 },
    { SCHEMA "[[person]]\nid = \"Alice\"", BULLA_E_BAD_NAME, 3, 6 },
    { SCHEMA "[[person]]\nid = \"../alice\"", BULLA_E_BAD_NAME, 3, 6 },
    { SCHEMA "[[person]]\nid = \"-a\"", BULLA_E_BAD_NAME, 3, 6 },
    { SCHEMA "[[person]]\nid = \"\"", BULLA_E_EMPTY, 3, 6 },
    { SCHEMA "[[person]]\nid = \"a\\u202eb\"", BULLA_E_CONTROL_CHARACTER, 3, 6 },
    { SCHEMA
      "[[person]]\nid = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
      BULLA_E_BAD_NAME, 3, 6 },
    { ALICE "[[person]]\nid = \"alice\"", BULLA_E_DUPLICATE_ENTRY, 5, 6 },
    { ALICE "controller = \"bob\"", BULLA_E_BAD_SYNTAX, 4, 14 },
    /* services */
    { ALICE "[[service]]\nid = \"ci\"", BULLA_E_MISSING_FIELD, 4, 1 },
    { ALICE "[[service]]\nid = \"ci\"\ncontroller = \"bob\"", BULLA_E_BAD_REFERENCE, 6, 14 },
    { ALICE "[[service]]\nid = \"alice\"\ncontroller = \"alice\"", BULLA_E_DUPLICATE_ENTRY, 5, 6 },
    { ALICE "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n"
            "[[service]]\nid = \"bot\"\ncontroller = \"ci\"",
      BULLA_E_BAD_REFERENCE, 9, 14 },
    /* keys */
    { ALICE "[[person.key]]\n", BULLA_E_MISSING_FIELD, 4, 1 },
    { ALICE "[[person.key]]\nsecret = 1", BULLA_E_BAD_SYNTAX, 5, 10 },
    { ALICE "key = 1", BULLA_E_TYPE_MISMATCH, 4, 7 },
    { ALICE "[[person.key]]\npublic = \"x\"", BULLA_E_BAD_ENCODING, 5, 10 },
    { ALICE "[[person.key]]\npublic = \"x\"\nfile = \"y\"", BULLA_E_BAD_SYNTAX, 5, 10 },
    { ALICE "[[person.key]]\nfile = \"certificates/alice.asc\"", BULLA_E_UNPINNED, 5, 8 },
    { ALICE "[[person.key]]\nopenpgp = \"00\"", BULLA_E_MISSING_FIELD, 4, 1 },
    { ALICE "[[person.key]]\nfrom = 2027-01-01T00:00:00Z\nuntil = 2026-01-01T00:00:00Z",
      BULLA_E_BAD_TIME, 6, 9 },
    { ALICE "[[person.key]]\nuntil = \"2026-01-01T00:00:00Z\"", BULLA_E_TYPE_MISMATCH, 5, 9 },
    { ALICE "[[person.key]]\nuntil = 2026-01-01T00:00:00", BULLA_E_TYPE_MISMATCH, 5, 9 },
    { ALICE "[[person.key]]\nrevoked = { reason = \"lost\" }", BULLA_E_MISSING_FIELD, 5, 11 },
    { ALICE "[[person.key]]\nrevoked = { at = 2026-01-01T00:00:00Z }", BULLA_E_MISSING_FIELD, 5,
      11 },
    { ALICE "[[person.key]]\nrevoked = { at = 2026-01-01T00:00:00Z, reason = \"a\", x = 1 }",
      BULLA_E_BAD_SYNTAX, 5, 58 },
    /* roles */
    { ALICE "[[role]]\npeople = [\"alice\"]", BULLA_E_MISSING_FIELD, 4, 1 },
    { ROLE("people = [\"bob\"]\nthreshold = 1\nmatch = [\"**\"]"), BULLA_E_BAD_REFERENCE, 6, 11 },
    { ROLE("people = [1]\nthreshold = 1\nmatch = [\"**\"]"), BULLA_E_TYPE_MISMATCH, 6, 11 },
    { ROLE("people = [\"alice\", \"alice\"]\nthreshold = 1\nmatch = [\"**\"]"),
      BULLA_E_DUPLICATE_ENTRY, 6, 20 },
    { ROLE("people = [\"alice\"]\nmatch = [\"**\"]"), BULLA_E_MISSING_FIELD, 4, 1 },
    { ROLE("people = [\"alice\"]\nthreshold = 0\nmatch = [\"**\"]"), BULLA_E_THRESHOLD, 7, 13 },
    { ROLE("people = [\"alice\"]\nthreshold = -1\nmatch = [\"**\"]"), BULLA_E_THRESHOLD, 7, 13 },
    { ROLE("people = [\"alice\"]\nthreshold = 2\nmatch = [\"**\"]"), BULLA_E_THRESHOLD, 7, 13 },
    { ROLE("people = [\"alice\"]\nthreshold = 4294967297\nmatch = [\"**\"]"), BULLA_E_THRESHOLD, 7,
      13 },
    { ROLE("people = [\"alice\"]\nthreshold = 1.0\nmatch = [\"**\"]"), BULLA_E_TYPE_MISMATCH, 7,
      13 },
    { ROLE("people = []\nthreshold = 1\nmatch = [\"**\"]"), BULLA_E_THRESHOLD, 7, 13 },
    { ROLE("people = [\"alice\"]\nthreshold = 1"), BULLA_E_MISSING_FIELD, 4, 1 },
    { ROLE("people = [\"alice\"]\nthreshold = 1\nmatch = []"), BULLA_E_EMPTY, 8, 9 },
    { ROLE("people = [\"alice\"]\nthreshold = 1\nmatch = [\"\"]"), BULLA_E_EMPTY, 8, 10 },
    { ROLE("people = [\"alice\"]\nthreshold = 1\nmatch = \"**\""), BULLA_E_TYPE_MISMATCH, 8, 9 },
    { ROLE("people = [\"alice\"]\nthreshold = 1\nmatch = [\"**\"]\npredicates = [\"what\"]"),
      BULLA_E_BAD_TYPE, 9, 15 },
    { ROLE("people = [\"alice\"]\nthreshold = 1\nmatch = [\"**\"]\nscope = 1"), BULLA_E_BAD_SYNTAX,
      9, 9 },
    { ROLE("people = [\"alice\"]\nthreshold = 1\nmatch = [\"**\"]\n"
           "[[role]]\nname = \"release\""),
      BULLA_E_DUPLICATE_ENTRY, 10, 8 },
    /* a person and the service behind which that person stands are one */
    { ALICE "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n[[role]]\nname = \"release\"\n"
            "people = [\"alice\", \"ci\"]\nthreshold = 2\nmatch = [\"**\"]",
      BULLA_E_THRESHOLD, 10, 13 },
    /* and so are two entries of one staff id or login */
    { PAIR("tag = \"5f\"", "tag = \"5f\""), BULLA_E_THRESHOLD, 11, 13 },
    { PAIR(LOGIN("https://idp.example", "u1"), LOGIN("https://idp.example", "u1")),
      BULLA_E_THRESHOLD, 11, 13 },
    { PAIR("login = { user = \"u1\" }", ""), BULLA_E_MISSING_FIELD, 4, 9 },
    { PAIR("org = \"\"", ""), BULLA_E_EMPTY, 4, 7 },
    { ALICE "[[vendor]]\nid = \"acme\"\ncontroller = \"alice\"", BULLA_E_BAD_SYNTAX, 6, 14 },
    /* keys: where they are kept, and where they count */
    { ALICE "[[person.key]]\ncustody = \"drawer\"", BULLA_E_BAD_NAME, 5, 11 },
    { ALICE "[[person.key]]\nenvironments = [\"production\"]", BULLA_E_BAD_REFERENCE, 5, 17 },
    { ALICE "[[person.key]]\nproof = \"proofs/a.json\"", BULLA_E_UNPINNED, 5, 9 },
    { ALICE "[[person.key]]\nrevoked = { at = 2026-01-01T00:00:00Z, since = 1, reason = \"a\" }",
      BULLA_E_TYPE_MISMATCH, 5, 48 },
    { SCHEMA "environments = []", BULLA_E_EMPTY, 2, 16 },
    { SCHEMA "environments = [\"Prod\"]", BULLA_E_BAD_NAME, 2, 17 },
    /* grants */
    { ROLE(FULL "[[grant]]\nrole = \"release\"\nperson = \"alice\""), BULLA_E_DUPLICATE_ENTRY, 9,
      1 },
    { ROLE(FULL "[[grant]]\nrole = \"other\"\nperson = \"alice\""), BULLA_E_BAD_REFERENCE, 10, 8 },
    { ROLE(FULL "[[grant]]\nrole = \"release\"\nperson = \"bob\""), BULLA_E_BAD_REFERENCE, 11, 10 },
    { ROLE(FULL "[[grant]]\nperson = \"alice\"\nrole = \"release\"\nlevel = 1"), BULLA_E_BAD_SYNTAX,
      12, 9 },
    { ROLE(FULL "[[grant]]\nperson = \"alice\"\nenvironments = [\"mars\"]"), BULLA_E_BAD_REFERENCE,
      11, 17 },
    /* exclusions */
    { ALICE "[[exclusive]]\nroles = [\"a\"]", BULLA_E_BAD_SYNTAX, 5, 9 },
    { ALICE "[[exclusive]]\nroles = [\"a\", \"a\"]", BULLA_E_BAD_SYNTAX, 5, 9 },
    { ALICE "[[exclusive]]\nroles = [\"a\", \"b\"]\nper = \"day\"", BULLA_E_BAD_NAME, 6, 7 },
    { TWO_ROLES("builder", "approver"), BULLA_E_DUTY_CONFLICT, 4, 1 },
    { TWO_ROLES("vendor", "release"), BULLA_E_DUTY_CONFLICT, 4, 1 },
    { TWO_ROLES("release", "auditor"), BULLA_E_DUTY_CONFLICT, 9, 1 },
    { TWO_ROLES("red", "blue") "[[exclusive]]\nroles = [\"red\", \"blue\"]", BULLA_E_DUTY_CONFLICT,
      4, 1 },
    /* a person and the service of that person are one here, too */
    { ALICE "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n"
            "[[role]]\nname = \"builder\"\npeople = [\"ci\"]\nthreshold = 1\nmatch = [\"**\"]\n"
            "[[role]]\nname = \"approver\"\npeople = [\"alice\"]\nthreshold = 1\nmatch = [\"**\"]",
      BULLA_E_DUTY_CONFLICT, 7, 1 },
};

START_TEST(what_is_not_meant_is_refused)
{
    refused(cases[_i].text, cases[_i].code, cases[_i].line, cases[_i].column);
}
END_TEST

/* One key is one key: of two people, of one person twice, with other line ends. */
START_TEST(a_key_has_one_owner)
{
    const char *pem = test_pem(test_key(BULLA_KEY_ED25519));
    const char *first = test_text(ALICE "[[person.key]]\npublic = \"\"\"\n%s\"\"\"\n", pem);
    uint32_t line = 4 + 1 + 1 + 3 + 1; /* the key's table, its field, PEM, its end */
    refused(test_text("%s[[person.key]]\npublic = \"\"\"\n%s\"\"\"\n", first, pem),
            BULLA_E_DUPLICATE_KEY, line, 1);
    refused(test_text("%s[[person]]\nid = \"bob\"\n[[person.key]]\npublic = \"\"\"\n%s\"\"\"\n",
                      first, pem),
            BULLA_E_DUPLICATE_KEY, line + 2, 1);
    refused(test_text("%s[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n"
                      "[[service.key]]\npublic = \"\"\"\n%s\"\"\"\n",
                      first, pem),
            BULLA_E_DUPLICATE_KEY, line + 3, 1);
}
END_TEST

/* OpenPGP certificates of nothing but a key (RFC 9580, 5.5.2.2), up to the point itself. */
static const struct {
    bulla_key_kind kind;
    size_t point; /* bytes at the end of the SPKI */
    const char *start;
    size_t len;
} packets[] = {
    { BULLA_KEY_ED25519, 32,
      "\xc6\x33\x04\0\0\0\x01\x16\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01\x01\x07\x40", 21 },
    { BULLA_KEY_ECDSA_P256, 65,
      "\xc6\x52\x04\0\0\0\x01\x13\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x02\x03", 19 },
};

static void pin_openpgp(bulla_trust *trust, int row, const bu_secret_key *key)
{
    bulla_bytes spki = bu_key_spki(bu_secret_key_public(key));
    BU_CLEAR(bu_buf) packet = { 0 };
    bu_buf_add(&packet, (bulla_bytes){ (const uint8_t *)packets[row].start, packets[row].len });
    bu_buf_add(&packet, bu_bytes_from(spki, spki.len - packets[row].point));
    bulla_error err = { 0 };
    bulla_status status =
        bu_pins_put(&trust->pins, BULLA_LIT("bob.pgp"), bu_buf_bytes(&packet), &err);
    unit_ok(status, err);
}

/* A key that stands in a certificate is the key itself. */
START_TEST(a_key_has_one_owner_in_whatever_form)
{
    const bu_secret_key *key = test_key(packets[_i].kind);
    const char *text =
        test_text(ALICE "[[person.key]]\npublic = \"\"\"\n%s\"\"\"\n[[person]]\nid = \"bob\"\n"
                        "[[person.key]]\nopenpgp = \"4D64FEC119C2029067D6E791F8D2585B8783D481\"\n"
                        "file = \"bob.pgp\"\n",
                  test_pem(key));
    for (int same = 0; same < 2; same++) {
        bulla_error err = { 0 };
        BU_AUTO(bulla_trust) trust = NULL;
        bulla_status status = bu_store_new(&trust, &err);
        unit_ok(status, err);
        pin_openpgp(trust, _i, same ? key : test_key(packets[_i].kind));
        status = bu_trust_toml_read(bu_bytes_of(text), trust, &err);
        if (!same)
            unit_ok(status, err);
        else
            unit_fails(status, BULLA_E_DUPLICATE_KEY, err);
    }
}
END_TEST

static char *full_text(void)
{
    return test_text(
        "# People, keys and roles; bulla trust writes this file anew.\n" SCHEMA
        "\n[[person]]\nid = \"alice\"\n"
        "\n[[person.key]]\npublic = \"\"\"\n%s\"\"\"\nfrom = 2026-01-01T00:00:00Z\n"
        "until = 2027-01-01T00:00:00Z\n"
        "\n[[person.key]]\npublic = \"\"\"\n%s\"\"\"\n"
        "revoked = { at = 2026-06-01T12:00:00Z, reason = \"lost \\\"it\\\" \\\\ gone\" }\n"
        "\n[[person]]\nid = \"bob\"\n"
        "\n[[service]]\nid = \"ci\"\ncontroller = \"bob\"\n"
        "\n[[service.key]]\npublic = \"\"\"\n%s\"\"\"\n"
        "\n[[role]]\nname = \"release\"\npeople = [\"ci\", \"alice\"]\nthreshold = 2\n"
        "match = [\"pkg:npm/**\", \"*.tgz\"]\npredicates = [\"sbom\", \"https://example.org/p\"]\n"
        "from = 2026-01-01T00:00:00Z\nuntil = 2028-01-01T00:00:00Z\n"
        "review_by = 2027-06-01T00:00:00Z\n"
        "\n[[role]]\nname = \"review\"\npeople = [\"bob\"]\nthreshold = 1\nmatch = [\"**\"]\n",
        test_pem(test_key(BULLA_KEY_ED25519)), test_pem(test_key(BULLA_KEY_ECDSA_P256)),
        test_pem(test_key(BULLA_KEY_ED25519)));
}

START_TEST(what_is_written_is_what_was_read)
{
    const char *text = full_text();
    BU_AUTO(bulla_trust) trust = accepted(text);
    BU_CLEAR(bu_buf) out = { 0 };
    bu_trust_toml_write(trust, &out);
    ck_assert(!out.broken);
    ck_assert_str_eq((const char *)out.ptr, text);
}
END_TEST

START_TEST(a_service_counts_as_its_controller)
{
    BU_AUTO(bulla_trust) trust = accepted(full_text());
    size_t ci = bu_trust_person(trust, BULLA_LIT("ci"));
    size_t bob = bu_trust_person(trust, BULLA_LIT("bob"));
    ck_assert_uint_lt(ci, trust->people_count);
    ck_assert_uint_eq(trust->people[ci].counts_as, bob);
    ck_assert_uint_eq(trust->people[bob].counts_as, bob);
    ck_assert_uint_eq(bu_trust_person(trust, BULLA_LIT("carol")), trust->people_count);
}
END_TEST

/* Which names, types and times the role "release" of full_text() covers. */
static const struct {
    const char *name, *type, *at;
    bool covered;
} covers[] = {
    { "pkg:npm/a@1", "https://example.org/p", "2026-11-21T00:00:00Z", true },
    { "pkg:npm/%40s/a@1", "https://example.org/p", "2026-11-21T00:00:00Z", true },
    { "a.tgz", "https://example.org/p", "2026-11-21T00:00:00Z", true },
    { "a.tgz", "https://example.org/p", "2026-01-01T00:00:00Z", true },
    { "a/b.tgz", "https://example.org/p", "2026-11-21T00:00:00Z", false },
    { "pkg:pypi/a@1", "https://example.org/p", "2026-11-21T00:00:00Z", false },
    { "", "https://example.org/p", "2026-11-21T00:00:00Z", false },
    { "a.tgz", "https://example.org/p2", "2026-11-21T00:00:00Z", false },
    { "a.tgz", "https://cyclonedx.org/bom", "2026-11-21T00:00:00Z", true },
    { "a.tgz", "https://cyclonedx.org/bom/v1.6", "2026-11-21T00:00:00Z", true },
    { "a.tgz", "https://spdx.dev/Document", "2026-11-21T00:00:00Z", true },
    { "a.tgz", "https://slsa.dev/provenance/v1", "2026-11-21T00:00:00Z", false },
    { "a.tgz", "", "2026-11-21T00:00:00Z", false }, /* a plain signature was not named */
    { "a.tgz", "https://example.org/p", "2025-12-31T23:59:59Z", false },
    { "a.tgz", "https://example.org/p", "2027-06-01T00:00:01Z", false }, /* not reviewed */
    { "a.tgz", "https://example.org/p", "2028-01-01T00:00:01Z", false },
};

START_TEST(a_role_covers_what_it_names)
{
    BU_AUTO(bulla_trust) trust = accepted(full_text());
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("release"));
    int64_t at;
    ck_assert_ptr_nonnull(role);
    ck_assert(bulla_ok(bu_time_parse(bu_bytes_of(covers[_i].at), &at, NULL)));
    ck_assert_int_eq(
        bu_role_covers(role, bu_bytes_of(covers[_i].name), bu_bytes_of(covers[_i].type), at),
        covers[_i].covered);
}
END_TEST

START_TEST(a_role_without_predicates_covers_all)
{
    BU_AUTO(bulla_trust) trust = accepted(full_text());
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("review"));
    ck_assert_ptr_nonnull(role);
    ck_assert(bu_role_covers(role, BULLA_LIT("x"), BULLA_LIT(""), 0));
    ck_assert(bu_role_covers(role, BULLA_LIT("x"), BULLA_LIT("https://example.org/p"), INT64_MAX));
    ck_assert_ptr_null(bu_trust_role(trust, BULLA_LIT("relea")));
    ck_assert(!bu_role_has_openpgp(trust, role));
}
END_TEST

static bulla_code counts(const bulla_trust *trust, size_t key, bool is_proved, int64_t time,
                         int64_t now)
{
    const bu_use use = { .when = { is_proved, time, now } };
    return bu_trusted_key_counts(trust, &trust->keys[key], &use, NULL).code;
}

START_TEST(a_key_counts_in_its_time)
{
    BU_AUTO(bulla_trust) trust = accepted(full_text());
    int64_t from = trust->keys[0].from, until = trust->keys[0].until;
    int64_t revoked = trust->keys[1].revoked;
    ck_assert_int_eq(counts(trust, 0, false, INT64_MIN, from - 1), BULLA_E_EXPIRED);
    ck_assert_int_eq(counts(trust, 0, false, INT64_MIN, from), BULLA_OK);
    ck_assert_int_eq(counts(trust, 0, false, INT64_MIN, until), BULLA_OK);
    ck_assert_int_eq(counts(trust, 0, false, INT64_MIN, until + 1), BULLA_E_EXPIRED);
    ck_assert_int_eq(counts(trust, 0, true, until, until + 1), BULLA_OK);
    ck_assert_int_eq(counts(trust, 0, false, until, until + 1), BULLA_E_EXPIRED); /* only said */
    ck_assert_int_eq(counts(trust, 1, false, INT64_MIN, revoked - 1), BULLA_OK);
    ck_assert_int_eq(counts(trust, 1, false, INT64_MIN, revoked), BULLA_E_REVOKED);
    ck_assert_int_eq(counts(trust, 2, false, INT64_MIN, INT64_MAX - 1), BULLA_OK);
}
END_TEST

/* In wrong hands since T: only what is proved to be older counts; replaced: what is dated later does not. */
START_TEST(what_was_signed_before_still_counts)
{
    BU_AUTO(bulla_trust) trust = accepted(full_text());
    bu_trusted_key *key = &trust->keys[2];
    key->replaced = 1000;
    ck_assert_int_eq(counts(trust, 2, false, INT64_MIN, 5000), BULLA_OK);
    ck_assert_int_eq(counts(trust, 2, false, 1000, 5000), BULLA_OK);
    ck_assert_int_eq(counts(trust, 2, false, 1001, 5000), BULLA_E_EXPIRED);
    key->replaced = INT64_MAX;
    key->revoked = 4000;
    ck_assert_int_eq(counts(trust, 2, true, 3999, 5000), BULLA_OK);
    ck_assert_int_eq(counts(trust, 2, true, 4000, 5000), BULLA_E_REVOKED);
    key->since = 2000;
    ck_assert_int_eq(counts(trust, 2, true, 1999, 5000), BULLA_OK);
    ck_assert_int_eq(counts(trust, 2, true, 2000, 5000), BULLA_E_REVOKED);
    ck_assert_int_eq(counts(trust, 2, false, 1999, 5000), BULLA_E_REVOKED);
    ck_assert_int_eq(counts(trust, 2, false, INT64_MIN, 3999), BULLA_OK); /* not known then */
}
END_TEST

/* Two who share nothing are two; a role that nobody shares holds; what acts per thing may be held. */
START_TEST(what_may_stand_together)
{
    static const char *const texts[] = {
        PAIR("tag = \"5f\"", "tag = \"60\""),
        PAIR(LOGIN("https://idp.example", "u1"), LOGIN("https://other.example", "u1")),
        TWO_ROLES("release", "review"),
        TWO_ROLES("reviewer", "approver"),
        TWO_ROLES("red", "blue") "[[exclusive]]\nroles = [\"red\", \"blue\"]\nper = \"subject\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        BU_AUTO(bulla_trust) trust = accepted(texts[i]);
        ck_assert_uint_ge(trust->exclusion_count, 10);
    }
}
END_TEST

static char *all_fields(void)
{
    return test_text(
        "# People, keys and roles; bulla trust writes this file anew.\n" SCHEMA
        "url = \"https://trust.example/store\"\nenvironments = [\"lab\", \"field\"]\n"
        "\n[[person]]\nid = \"alice\"\norg = \"clinic\"\ntag = \"5f\"\n" LOGIN(
            "https://idp.example",
            "u1") "\n"
                  "\n[[person.key]]\npublic = \"\"\"\n%s\"\"\"\ncustody = \"token\"\n"
                  "environments = [\"field\"]\nreview_by = 2027-01-01T00:00:00Z\n"
                  "replaced = 2026-12-01T00:00:00Z\n"
                  "revoked = { at = 2026-06-01T12:00:00Z, since = 2026-05-01T00:00:00Z, "
                  "reason = \"stolen\" }\n"
                  "\n[[vendor]]\nid = \"acme\"\norg = \"acme\"\n"
                  "\n[[witness]]\nid = \"eve\"\n"
                  "\n[[role]]\nname = \"approver\"\npeople = []\nthreshold = 1\n"
                  "match = [\"**\"]\nenvironments = [\"field\", \"lab\"]\n"
                  "\n[[grant]]\nrole = \"approver\"\nperson = \"alice\"\n"
                  "match = [\"pkg:generic/**\"]\npredicates = [\"approval\"]\n"
                  "environments = [\"lab\"]\nuntil = 2027-01-01T00:00:00Z\n"
                  "\n[[exclusive]]\nroles = [\"approver\", \"release\"]\nper = \"subject\"\n",
        test_pem(test_key(BULLA_KEY_ED25519)));
}

START_TEST(every_field_is_written_as_it_was_read)
{
    const char *text = all_fields();
    BU_AUTO(bulla_trust) trust = accepted(text);
    BU_CLEAR(bu_buf) out = { 0 };
    bu_trust_toml_write(trust, &out);
    ck_assert(!out.broken);
    ck_assert_str_eq((const char *)out.ptr, text);
}
END_TEST

/* What Alice may say with her grant of all_fields(). */
static const struct {
    const char *purl, *type, *environment, *wanted;
    int64_t now;
    bulla_code code;
} uses[] = {
    { "pkg:generic/a", "urn:bulla:approval:v1", "lab", NULL, 0, BULLA_OK },
    { "pkg:generic/a", "urn:bulla:approval:v1", "lab", "lab", 0, BULLA_OK },
    { "pkg:generic/a", "urn:bulla:approval:v1", "", "lab", 0, BULLA_OK },
    { "pkg:generic/a", "urn:bulla:approval:v1", "field", NULL, 0, BULLA_E_ENVIRONMENT_MISMATCH },
    { "pkg:generic/a", "urn:bulla:approval:v1", "lab", "field", 0, BULLA_E_ENVIRONMENT_MISMATCH },
    { "pkg:generic/a", "urn:bulla:approval:v1", "", "field", 0, BULLA_E_ENVIRONMENT_MISMATCH },
    { "pkg:npm/a", "urn:bulla:approval:v1", "lab", NULL, 0, BULLA_E_UNTRUSTED_KEY },
    { "pkg:generic/a", "urn:bulla:release:v1", "lab", NULL, 0, BULLA_E_UNTRUSTED_KEY },
    { "pkg:generic/a", "", "", NULL, 0, BULLA_E_UNTRUSTED_KEY },
    { "pkg:generic/a", "urn:bulla:approval:v1", "lab", NULL, 4000000000, BULLA_E_EXPIRED },
};

START_TEST(a_grant_narrows_its_role)
{
    BU_AUTO(bulla_trust) trust = accepted(all_fields());
    const bu_use use = { .name = BULLA_LIT("a"),
                         .purl = bu_bytes_of(uses[_i].purl),
                         .predicate_type = bu_bytes_of(uses[_i].type),
                         .environment = bu_bytes_of(uses[_i].environment),
                         .wanted = uses[_i].wanted,
                         .when = { false, INT64_MIN, uses[_i].now } };
    bulla_status status = bu_role_allows(trust, &trust->roles[0], 0, &use, NULL);
    ck_assert_msg(status.code == uses[_i].code, "%d: %s", _i, bulla_code_name(status.code));
    ck_assert_int_eq(bu_role_allows(trust, &trust->roles[0], 1, &use, NULL).code,
                     BULLA_E_UNTRUSTED_KEY);
}
END_TEST

START_TEST(no_memory_is_a_refusal)
{
    const char *text = full_text();
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_trust *trust = NULL;
        alloc_fail_at(n);
        bulla_status status = read_text(text, &trust, &err);
        bool was_hit = alloc_fail_off();
        bulla_trust_free(trust);
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

/* Whoever is sent a proposal must not wait for hours: 4000 roles, and as many pairs of them. */
START_TEST(many_exclusions_are_soon_read)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add_text(&text, ALICE);
    for (int i = 0; i < 4000; i++)
        bu_buf_add_format(&text,
                          "[[role]]\nname = \"r%d\"\npeople = [\"alice\"]\nthreshold = 1\n"
                          "match = [\"*\"]\n[[exclusive]]\nroles = [\"a%d\", \"b%d\"]\n",
                          i, i, i);
    bu_buf_add_byte(&text, '\0');
    ck_assert(!text.broken);
    BU_AUTO(bulla_trust) trust = accepted((const char *)text.ptr);
    ck_assert_uint_eq(trust->role_count, 4000);
}
END_TEST

#define COUNT(table) (int)(sizeof table / sizeof table[0])

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, what_is_not_meant_is_refused, 0, COUNT(cases));
    tcase_add_test(tc, a_key_has_one_owner);
    tcase_add_loop_test(tc, a_key_has_one_owner_in_whatever_form, 0, COUNT(packets));
    tcase_add_test(tc, what_is_written_is_what_was_read);
    tcase_add_test(tc, a_service_counts_as_its_controller);
    tcase_add_loop_test(tc, a_role_covers_what_it_names, 0, COUNT(covers));
    tcase_add_test(tc, a_role_without_predicates_covers_all);
    tcase_add_test(tc, a_key_counts_in_its_time);
    tcase_add_test(tc, what_was_signed_before_still_counts);
    tcase_add_test(tc, what_may_stand_together);
    tcase_add_test(tc, every_field_is_written_as_it_was_read);
    tcase_add_loop_test(tc, a_grant_narrows_its_role, 0, COUNT(uses));
    tcase_add_test(tc, many_exclusions_are_soon_read);
    tcase_add_test(tc, no_memory_is_a_refusal);
}

int main(void)
{
    return unit_run("trust/trust_toml", add);
}
