/* SPDX-License-Identifier: MIT */
/*
 * Opening clear-signed text against roles: the certificate that is pinned is
 * the one that counts, in its time, for its person.
 */
#include "build.h"
#include "bulla/trust.h"
#include "trust/open.h"
#include "trust/trust_toml.h"

static char *sample(const char *name)
{
    char *folder = unit_source_path("testdata/trust");
    ck_assert_ptr_nonnull(folder);
    char *text = test_read(folder, name);
    free(folder);
    return text;
}

static const char *fingerprint_of(const char *certificate)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_openpgp) pgp = NULL;
    bulla_status status = bu_openpgp_new(bu_bytes_of(certificate), &pgp, &err);
    unit_ok(status, err);
    return test_text("%s", bu_openpgp_fingerprint(pgp, 0));
}

/* A [[person.key]] with a certificate; `more` are more fields. */
static char *key_text(const char *fingerprint, const char *file, const char *more)
{
    return test_text("[[person.key]]\nopenpgp = \"%s\"\nfile = \"%s\"\n%s", fingerprint, file,
                     more);
}

/* A store in memory that pins alice.asc and bob.asc. */
static bulla_trust *new_trust(const char *toml)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bulla_status status = bu_store_new(&trust, &err);
    unit_ok(status, err);
    static const char *const files[] = { "alice.asc", "bob.asc" };
    for (size_t i = 0; i < 2; i++) {
        status =
            bu_pins_put(&trust->pins, bu_bytes_of(files[i]), bu_bytes_of(sample(files[i])), &err);
        unit_ok(status, err);
    }
    status = bu_trust_toml_read(bu_bytes_of(toml), trust, &err);
    unit_ok(status, err);
    return trust;
}

#define ROLE(people, threshold)                                                                    \
    "[[role]]\nname = \"archive\"\npeople = [" people "]\nthreshold = " threshold                  \
    "\nmatch = [\"**\"]\n"

static bulla_status open_text(const bulla_trust *trust, const char *message, bu_payload **out,
                              bulla_error *err)
{
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("archive"));
    return bu_open_clearsigned(trust, role, bu_bytes_of(message), TEST_NOW, out, err);
}

/* carol has both certificates in one person's hand; dora has no key at all. */
static const struct {
    const char *message, *alice_more, *role;
    bool is_carol;
    bulla_code code;
    const char *who;
} cases[] = {
    { "by-alice.txt", "", ROLE("\"alice\", \"bob\"", "1"), false, BULLA_OK, "alice" },
    { "by-bob.txt", "", ROLE("\"alice\", \"bob\"", "1"), false, BULLA_OK, "bob" },
    { "by-both.txt", "", ROLE("\"bob\", \"alice\"", "2"), false, BULLA_OK, "alice, bob" },
    { "by-both.txt", "", ROLE("\"alice\"", "1"), false, BULLA_OK, "alice" },
    { "by-alice.txt", "", ROLE("\"alice\", \"bob\"", "2"), false, BULLA_E_THRESHOLD, NULL },
    { "by-bob.txt", "", ROLE("\"alice\"", "1"), false, BULLA_E_UNTRUSTED_KEY, NULL },
    { "by-both.txt", "", ROLE("\"dora\"", "1"), false, BULLA_E_UNTRUSTED_KEY, NULL },
    { "by-both.txt", "", ROLE("\"alice\", \"dora\"", "2"), true, BULLA_E_THRESHOLD, NULL },
    { "by-both.txt", "", ROLE("\"alice\"", "1"), true, BULLA_OK, "alice" },
    { "by-alice.txt", "until = 2026-11-01T00:00:00Z\n", ROLE("\"alice\", \"bob\"", "1"), false,
      BULLA_E_EXPIRED, NULL },
    { "by-alice.txt", "from = 2026-12-01T00:00:00Z\n", ROLE("\"alice\", \"bob\"", "1"), false,
      BULLA_E_EXPIRED, NULL },
    { "by-alice.txt", "revoked = { at = 2026-11-01T00:00:00Z, reason = \"lost\" }\n",
      ROLE("\"alice\", \"bob\"", "1"), false, BULLA_E_REVOKED, NULL },
    { "by-both.txt", "until = 2026-11-01T00:00:00Z\n", ROLE("\"alice\", \"bob\"", "1"), false,
      BULLA_OK, "bob" },
};

START_TEST(people_are_counted)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_payload) payload = NULL;
    const char *alice = fingerprint_of(sample("alice.asc")),
               *bob = fingerprint_of(sample("bob.asc"));
    BU_AUTO(bulla_trust)
    trust = new_trust(test_text("schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n%s%s%s"
                                "[[person]]\nid = \"dora\"\n%s",
                                key_text(alice, "alice.asc", cases[_i].alice_more),
                                cases[_i].is_carol ? "" : "[[person]]\nid = \"bob\"\n",
                                key_text(bob, "bob.asc", ""), cases[_i].role));
    bulla_status status = open_text(trust, sample(cases[_i].message), &payload, &err);
    if (cases[_i].code != BULLA_OK) {
        unit_fails(status, cases[_i].code, err);
        ck_assert_ptr_null(payload);
        return;
    }
    unit_ok(status, err);
    ck_assert_str_eq(bu_payload_signers(payload), cases[_i].who);
    ck_assert(bu_bytes_is(bu_payload_bytes(payload), "payload\n") ||
              bu_bytes_is(bu_payload_bytes(payload), "payload"));
}
END_TEST

START_TEST(a_changed_text_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_payload) payload = NULL;
    BU_AUTO(bulla_trust)
    trust = new_trust(test_text(
        "schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n%s" ROLE("\"alice\"", "1"),
        key_text(fingerprint_of(sample("alice.asc")), "alice.asc", "")));
    char *message = sample("by-alice.txt");
    memcpy(strstr(message, "payload"), "paYload", 7);
    unit_fails(open_text(trust, message, &payload, &err), BULLA_E_BAD_SIGNATURE, err);
    ck_assert_ptr_null(payload);
}
END_TEST

/* A pinned file is the certificate that trust.toml names, and nothing else. */
START_TEST(a_certificate_has_its_fingerprint)
{
    const char *alice = fingerprint_of(sample("alice.asc"));
    bulla_error err = { 0 };
    BU_AUTO(bu_payload) payload = NULL;
    BU_AUTO(bulla_trust)
    other = new_trust(test_text(
        "schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n%s" ROLE("\"alice\"", "1"),
        key_text(alice, "bob.asc", "")));
    unit_fails(open_text(other, sample("by-alice.txt"), &payload, &err), BULLA_E_IDENTITY_MISMATCH,
               err);
    ck_assert_str_eq(err.file, "bob.asc");
    ck_assert_int_eq(err.exit, BULLA_EXIT_TRUST);
    unit_fails(open_text(other, sample("by-bob.txt"), &payload, &err), BULLA_E_IDENTITY_MISMATCH,
               err);
    ck_assert_ptr_null(payload);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, people_are_counted, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, a_changed_text_is_refused);
    tcase_add_test(tc, a_certificate_has_its_fingerprint);
}

int main(void)
{
    return unit_run("trust/clearsigned", add);
}
