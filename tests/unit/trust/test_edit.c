/* SPDX-License-Identifier: MIT */
/*
 * Making and changing a store. What an edit leaves behind must load again and
 * hold exactly what was asked for; what it refuses must leave the store alone.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build.h"
#include "bulla/trust.h"
#include "trust/store.h"
#include "alloc_fail.h"

typedef struct bench {
    char *folder;
    bulla_secret_key *key, *other;
    bulla_trust_edit edit;
} bench;

static bench new_bench(void)
{
    char *folder = unit_temporary_folder();
    bench b = { .folder = test_text("%s/a/trust", folder), .key = test_key(BULLA_KEY_ED25519) };
    free(folder);
    b.edit = (bulla_trust_edit){
        .folder = b.folder, .key_count = 1, .now = TEST_NOW, .expires = TEST_NOW + 1000
    };
    return b;
}

/* A change that waits for more signatures is not what most tests ask for. */
static bulla_status applied(bulla_status status, bulla_trust_outcome *outcome)
{
    bool waits = bulla_ok(status) && !outcome->applied;
    bulla_trust_outcome_clear(outcome);
    return waits ? (bulla_status){ BULLA_E_THRESHOLD } : status;
}

static bulla_status make(const bench *b, uint32_t threshold, const char *contents, bulla_error *err)
{
    bulla_trust_outcome outcome = { 0 };
    const bulla_trust_owners owners = { .threshold = threshold };
    return applied(bulla_trust_init(&b->edit, &owners, contents, &outcome, err), &outcome);
}

static bulla_status init(bench *b, uint32_t threshold, bulla_error *err)
{
    b->edit.keys = &b->key;
    return make(b, threshold, NULL, err);
}

static bench new_store(void)
{
    bench b = new_bench();
    bulla_error err = { 0 };
    bulla_status status = init(&b, 1, &err);
    unit_ok(status, err);
    return b;
}

static bulla_trust *load(const bench *b)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bulla_trust_options options = { .folder = b->folder, .now = TEST_NOW };
    bulla_status status = bulla_trust_load(&options, &trust, &err);
    unit_ok(status, err);
    return trust;
}

static bulla_status add_to(bench *b, const bulla_trust_addition *addition, bulla_error *err)
{
    b->edit.keys = &b->key;
    bulla_trust_outcome outcome = { 0 };
    return applied(bulla_trust_add(&b->edit, addition, &outcome, err), &outcome);
}

static void added(bench *b, const bulla_trust_addition *addition)
{
    bulla_error err = { 0 };
    bulla_status status = add_to(b, addition, &err);
    unit_ok(status, err);
}

/* An edit that is refused; the store is what it was. */
static void not_added(bench *b, const bulla_trust_addition *addition, bulla_code code)
{
    bulla_error err = { 0 };
    const char *targets = test_read(b->folder, "targets.json");
    const char *toml = test_read(b->folder, "trust.toml");
    bulla_status status = add_to(b, addition, &err);
    unit_fails(status, code, err);
    ck_assert_str_eq(test_read(b->folder, "targets.json"), targets);
    ck_assert_str_eq(test_read(b->folder, "trust.toml"), toml);
}

/* A public key in a file of its own. */
static const char *key_file(const bulla_secret_key *key)
{
    char *folder = unit_temporary_folder();
    test_write(folder, "key.pub", test_pem(key));
    char *path = test_text("%s/key.pub", folder);
    free(folder);
    return path;
}

static bulla_trust_enrolment unproved(const bulla_secret_key *key)
{
    return (bulla_trust_enrolment){ .key_file = key_file(key), .allow_no_proof = true };
}

static const char *const everything[] = { "**", NULL };

START_TEST(a_new_store_loads_and_is_empty)
{
    bench b = new_store();
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_int_eq(trust->targets_version, 1);
    ck_assert_uint_eq(trust->people_count + trust->key_count + trust->role_count, 0);
    ck_assert(!trust->chain.root->one_time);
    ck_assert_uint_eq(trust->pins.count, 1);
}
END_TEST

START_TEST(a_store_is_not_made_over_another)
{
    bench b = new_store();
    bulla_error err = { 0 };
    const char *root = test_read(b.folder, "root.json");
    bulla_status status = init(&b, 1, &err);
    unit_fails(status, BULLA_E_WRITE_ERROR, err);
    ck_assert_str_eq(test_read(b.folder, "root.json"), root);
}
END_TEST

START_TEST(a_store_that_could_not_load_is_not_made)
{
    bench b = new_bench();
    bulla_error err = { 0 };
    unit_fails(init(&b, 2, &err), BULLA_E_THRESHOLD, err);
    b.edit.expires = b.edit.now;
    unit_fails(init(&b, 1, &err), BULLA_E_BAD_TIME, err);
    b.edit.expires = b.edit.now + 1;
    ck_assert_int_eq(bu_folder_look(NULL, b.folder, NULL), BU_PRESENCE_NONE);
}
END_TEST

START_TEST(a_one_time_store_takes_its_contents_as_they_are)
{
    char *contents = unit_temporary_folder();
    const char *toml = "# with a comment\nschema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n"
                       "[[person.key]]\nfile = \"alice.pem\"\n";
    test_write(contents, "trust.toml", toml);
    test_write(contents, "alice.pem", test_pem(test_key(BULLA_KEY_ECDSA_P256)));
    test_write(contents, "other", "is not named");
    bench b = new_bench();
    bulla_error err = { 0 };
    b.edit.key_count = 0;
    bulla_status status = make(&b, 1, contents, &err);
    unit_ok(status, err);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert(trust->chain.root->one_time);
    ck_assert_uint_eq(trust->key_count, 1);
    ck_assert_uint_eq(trust->pins.count, 2);
    ck_assert_str_eq(test_read(b.folder, "trust.toml"), toml);
    free(contents);
}
END_TEST

START_TEST(contents_are_checked_before_anything_is_written)
{
    char *contents = unit_temporary_folder();
    test_write(contents, "trust.toml",
               "schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n"
               "[[person.key]]\nfile = \"../alice.pem\"\n");
    bench b = new_bench();
    bulla_error err = { 0 };
    b.edit.key_count = 0;
    unit_fails(make(&b, 1, contents, &err), BULLA_E_BAD_NAME, err);
    ck_assert_uint_eq(err.line, 5);
    ck_assert_int_eq(bu_folder_look(NULL, b.folder, NULL), BU_PRESENCE_NONE);
    free(contents);
}
END_TEST

START_TEST(what_is_added_is_there)
{
    bench b = new_store();
    bulla_secret_key *alice = test_key(BULLA_KEY_ED25519);
    added(&b,
          &(bulla_trust_addition){
              .person = "alice",
              .key = { .key_file = key_file(alice), .allow_no_proof = true, .until = TEST_NOW } });
    added(&b, &(bulla_trust_addition){ .person = "alice", .role = "release", .match = everything });
    added(&b, &(bulla_trust_addition){ .person = "ci",
                                       .controller = "alice",
                                       .key = unproved(test_key(BULLA_KEY_ECDSA_P256)) });
    added(&b, &(bulla_trust_addition){ .person = "bob", .role = "release", .threshold = 2 });
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_int_eq(trust->targets_version, 5);
    ck_assert_uint_eq(trust->people_count, 3);
    ck_assert_uint_eq(trust->key_count, 2);
    ck_assert_str_eq(trust->keys[0].keyid, bulla_secret_key_id(alice));
    ck_assert_int_eq(trust->keys[0].until, TEST_NOW);
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("release"));
    ck_assert_ptr_nonnull(role);
    ck_assert_uint_eq(role->threshold, 2);
    ck_assert_uint_eq(role->grant_count, 2);
    ck_assert_str_eq(role->match[0], "**"); /* what was not given stays */
    ck_assert_uint_eq(trust->people[bu_trust_person(trust, BULLA_LIT("ci"))].counts_as,
                      bu_trust_person(trust, BULLA_LIT("alice")));
}
END_TEST

START_TEST(what_makes_no_sense_is_not_added)
{
    bench b = new_store();
    const char *alice = key_file(test_key(BULLA_KEY_ED25519));
    added(&b, &(bulla_trust_addition){ .person = "alice",
                                       .key = { .key_file = alice, .allow_no_proof = true } });
    not_added(&b,
              &(bulla_trust_addition){ .person = "bob",
                                       .key = { .key_file = alice, .allow_no_proof = true } },
              BULLA_E_DUPLICATE_KEY);
    not_added(&b, &(bulla_trust_addition){ .person = "Bob" }, BULLA_E_BAD_NAME);
    not_added(&b, &(bulla_trust_addition){ .person = "ci", .controller = "bob" },
              BULLA_E_BAD_REFERENCE);
    not_added(&b, &(bulla_trust_addition){ .person = "alice", .controller = "alice" },
              BULLA_E_DUPLICATE_ENTRY);
    not_added(&b, &(bulla_trust_addition){ .person = "bob", .key = { .key_file = "/nonexistent" } },
              BULLA_E_MISSING_FILE);
    not_added(&b, &(bulla_trust_addition){ .person = "bob", .role = "release" }, BULLA_E_EMPTY);
    not_added(&b,
              &(bulla_trust_addition){
                  .person = "bob", .role = "r", .match = everything, .threshold = 2 },
              BULLA_E_THRESHOLD);
    not_added(&b, &(bulla_trust_addition){ .role = "release" }, BULLA_E_USAGE);
}
END_TEST

START_TEST(only_the_owners_change_a_store)
{
    bench b = new_store();
    bulla_trust_addition bob = { .person = "bob" };
    bulla_secret_key *owner = b.key;
    b.key = test_key(BULLA_KEY_ED25519);
    not_added(&b, &bob, BULLA_E_UNTRUSTED_KEY);
    b.key = owner;
    b.edit.expires = b.edit.now;
    not_added(&b, &bob, BULLA_E_BAD_TIME);
}
END_TEST

/* With nothing to add, targets that have expired are renewed; a root that has cannot be. */
START_TEST(an_expired_store_can_be_renewed)
{
    bench b = new_bench();
    bulla_error err = { 0 };
    bulla_secret_key *key = b.key;
    b.edit.keys = &key;
    b.edit.expires = TEST_NOW - 1;
    b.edit.now = TEST_NOW - 2;
    bulla_status status = make(&b, 1, NULL, &err);
    unit_ok(status, err);
    b.edit.now = TEST_NOW;
    b.edit.expires = TEST_NOW + 1;
    not_added(&b, &(bulla_trust_addition){ 0 }, BULLA_E_EXPIRED);

    bench good = new_store();
    test_store pinned = { good.folder, good.key, { .json = NULL } };
    const char *const files[] = { "trust.toml", NULL };
    test_write_signed(good.folder, "targets.json",
                      test_targets_text(good.folder, 6, TEST_PAST, files, ""), &pinned.key, 1);
    unit_fails(test_load(good.folder, NULL, &err), BULLA_E_EXPIRED, err);
    added(&good, &(bulla_trust_addition){ 0 });
    BU_AUTO(bulla_trust) trust = load(&good);
    ck_assert_int_eq(trust->targets_version, 7);
}
END_TEST

/* alice and bob, two of the role release; each has a key, ci is bob's. */
static bench populated(bulla_secret_key *keys[2])
{
    bench b = new_store();
    keys[0] = test_key(BULLA_KEY_ED25519);
    keys[1] = test_key(BULLA_KEY_ED25519);
    added(&b, &(bulla_trust_addition){ .person = "alice",
                                       .key = unproved(keys[0]),
                                       .role = "release",
                                       .match = everything });
    added(&b,
          &(bulla_trust_addition){ .person = "bob", .key = unproved(keys[1]), .role = "release" });
    added(&b, &(bulla_trust_addition){ .person = "ci", .controller = "bob" });
    return b;
}

static bulla_status remove_from(bench *b, const char *person, const char *role, const char *keyid,
                                bulla_error *err)
{
    b->edit.keys = &b->key;
    bulla_trust_outcome outcome = { 0 };
    return applied(bulla_trust_remove(&b->edit, person, role, keyid, &outcome, err), &outcome);
}

START_TEST(a_person_goes_with_keys_and_grants)
{
    bulla_secret_key *keys[2];
    bench b = populated(keys);
    bulla_error err = { 0 };
    bulla_status status = remove_from(&b, "alice", NULL, NULL, &err);
    unit_ok(status, err);
    BU_AUTO(bulla_trust) trust = load(&b);
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("release"));
    size_t bob = bu_trust_person(trust, BULLA_LIT("bob"));
    ck_assert_uint_eq(trust->people_count, 2);
    ck_assert_uint_eq(trust->key_count, 1);
    ck_assert_uint_eq(trust->keys[0].person, bob);
    ck_assert_str_eq(trust->keys[0].keyid, bulla_secret_key_id(keys[1]));
    ck_assert_uint_eq(role->grant_count, 1);
    ck_assert_ptr_nonnull(bu_role_grant(role, bob));
}
END_TEST

START_TEST(one_thing_is_taken_away)
{
    bulla_secret_key *keys[2];
    bench b = populated(keys);
    bulla_error err = { 0 };
    bulla_status status = remove_from(&b, "alice", "release", NULL, &err);
    unit_ok(status, err);
    status = remove_from(&b, NULL, NULL, bulla_secret_key_id(keys[0]), &err);
    unit_ok(status, err);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_uint_eq(trust->people_count, 3);
    ck_assert_uint_eq(trust->key_count, 1);
    ck_assert_uint_eq(bu_trust_role(trust, BULLA_LIT("release"))->grant_count, 1);
    status = remove_from(&b, NULL, "release", NULL, &err);
    unit_ok(status, err);
    BU_AUTO(bulla_trust) without = load(&b);
    ck_assert_uint_eq(without->role_count, 0);
}
END_TEST

START_TEST(what_is_needed_is_not_taken_away)
{
    bulla_secret_key *keys[2];
    bench b = populated(keys);
    bulla_error err = { 0 };
    const char *alice = bulla_secret_key_id(keys[0]);
    const char *before = test_read(b.folder, "targets.json");
    unit_fails(remove_from(&b, "bob", NULL, NULL, &err), BULLA_E_BAD_REFERENCE,
               err); /* ci is his */
    unit_fails(remove_from(&b, "carol", NULL, NULL, &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(remove_from(&b, "ci", "release", NULL, &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(remove_from(&b, "alice", "deploy", NULL, &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(remove_from(&b, NULL, "deploy", NULL, &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(remove_from(&b, NULL, NULL, "00", &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(remove_from(&b, "bob", NULL, alice, &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(remove_from(&b, NULL, "release", alice, &err), BULLA_E_USAGE, err);
    unit_fails(remove_from(&b, NULL, NULL, NULL, &err), BULLA_E_USAGE, err);
    ck_assert_str_eq(test_read(b.folder, "targets.json"), before);
    added(&b, &(bulla_trust_addition){ .person = "bob", .role = "release", .threshold = 2 });
    unit_fails(remove_from(&b, "alice", "release", NULL, &err), BULLA_E_THRESHOLD, err);
    unit_fails(remove_from(&b, "alice", NULL, NULL, &err), BULLA_E_THRESHOLD, err);
}
END_TEST

static char *testdata(const char *name)
{
    char *path = unit_source_path(name);
    ck_assert_ptr_nonnull(path);
    char *kept = test_text("%s", path);
    free(path);
    return kept;
}

START_TEST(a_certificate_is_pinned_with_its_key)
{
    bench b = new_store();
    bulla_error err = { 0 };
    const char *alice = testdata("testdata/trust/alice.asc");
    added(&b, &(bulla_trust_addition){ .person = "alice",
                                       .key = { .key_file = alice, .allow_no_proof = true } });
    not_added(&b,
              &(bulla_trust_addition){ .person = "bob",
                                       .key = { .key_file = alice, .allow_no_proof = true } },
              BULLA_E_DUPLICATE_KEY);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_uint_eq(trust->key_count, 1);
    ck_assert_str_eq(trust->keys[0].file,
                     test_text("certificates/%s.asc", trust->keys[0].fingerprint));
    const bu_pin *pin = bu_pins_find(&trust->pins, bu_bytes_of(trust->keys[0].file));
    ck_assert_ptr_nonnull(pin);
    ck_assert(bu_bytes_equal(pin->bytes, trust->keys[0].certificate));
    ck_assert_uint_eq(trust->pins.count, 2);

    bulla_status status = remove_from(&b, "alice", NULL, NULL, &err);
    unit_ok(status, err);
    BU_AUTO(bulla_trust) without = load(&b);
    ck_assert_uint_eq(without->pins.count, 1);
}
END_TEST

START_TEST(a_certificate_under_another_name_is_refused)
{
    char *contents = unit_temporary_folder();
    char *folder = testdata("testdata/trust");
    test_write(contents, "alice.asc", test_read(folder, "alice.asc"));
    test_write(contents, "trust.toml",
               "schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n[[person.key]]\n"
               "openpgp = \"0000000000000000000000000000000000000000\"\nfile = \"alice.asc\"\n");
    bench b = new_bench();
    bulla_error err = { 0 };
    b.edit.key_count = 0;
    unit_fails(make(&b, 1, contents, &err), BULLA_E_IDENTITY_MISMATCH, err);
    ck_assert_str_eq(err.file, "alice.asc");
    ck_assert_int_eq(bu_folder_look(NULL, b.folder, NULL), BU_PRESENCE_NONE);
    free(contents);
}
END_TEST

/* Without memory, an edit is refused before anything is written. */
START_TEST(no_memory_leaves_the_store_alone)
{
    bulla_secret_key *keys[2];
    bench b = populated(keys);
    const char *before = test_read(b.folder, "targets.json");
    const char *path = key_file(test_key(BULLA_KEY_ED25519));
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            add_to(&b,
                   &(bulla_trust_addition){ .person = "carol",
                                            .key = { .key_file = path, .allow_no_proof = true } },
                   &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_str_eq(test_read(b.folder, "targets.json"), before);
    }
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_uint_lt(bu_trust_person(trust, BULLA_LIT("carol")), trust->people_count);
}
END_TEST

/* Without a key, a change only becomes a proposal. */
START_TEST(a_change_that_nobody_signed_waits)
{
    bench b = new_store();
    bulla_error err = { 0 };
    bulla_trust_outcome outcome = { 0 };
    b.edit.key_count = 0;
    bulla_status status =
        bulla_trust_add(&b.edit, &(bulla_trust_addition){ .person = "bob" }, &outcome, &err);
    unit_ok(status, err);
    ck_assert(!outcome.applied);
    ck_assert_int_eq(outcome.version, 2);
    ck_assert(outcome.proposal.len > 0);
    ck_assert_ptr_nonnull(strstr((const char *)outcome.text.ptr, "adds     person bob\n"));
    bulla_trust_outcome_clear(&outcome);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_int_eq(trust->targets_version, 1);
}
END_TEST

/* The root's own keys change back and forth until killed. */
static void rotate_forever(bench *b, const char *const *files)
{
    bulla_secret_key *keys[2] = { b->key, b->other };
    b->edit.keys = keys;
    b->edit.key_count = 2;
    for (unsigned i = 0;; i++) {
        bulla_error err = { 0 };
        bulla_trust_outcome outcome = { 0 };
        bulla_trust *trust = NULL;
        if (!bulla_ok(bu_store_load(b->folder, INT64_MIN, &trust, &err)))
            _exit(1);
        bool second = bu_key_equal(trust->chain.root->roles[BU_TUF_ROOT].keys[0]->key,
                                   bu_secret_key_public(keys[1]));
        const char *const come[] = { files[!second], NULL };
        const bulla_trust_owners owners = { .public_keys = come };
        const char *old = bulla_secret_key_id(keys[second]);
        if (trust->chain.root->version > 900) /* what is walked is limited */
            pause();
        if (!bulla_ok(bulla_trust_rotate_root(&b->edit, old, &owners, &outcome, &err)))
            _exit(1);
        bulla_trust_outcome_clear(&outcome);
        bulla_trust_free(trust);
    }
}

START_TEST(a_kill_at_any_moment_leaves_a_whole_root)
{
    bench b = new_store();
    b.other = test_key(BULLA_KEY_ED25519);
    const char *const files[] = { key_file(b.key), key_file(b.other) };
    for (unsigned i = 0; i < 40; i++) {
        bulla_error err = { 0 };
        int how;
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
            rotate_forever(&b, files);
        ck_assert_int_eq(usleep(1000 + i * 337 % 5000), 0);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, &how, 0), child);
        ck_assert_msg(WIFSIGNALED(how), "the rotation failed by itself");
        bulla_status status = test_load(b.folder, NULL, &err);
        unit_ok(status, err);
    }
}
END_TEST

/* Killed between root.json and its numbered copy. */
START_TEST(a_root_without_its_number_is_the_newest)
{
    bench b = new_store();
    bulla_error err = { 0 };
    bulla_trust_outcome outcome = { 0 };
    bulla_secret_key *keys[2] = { b.key, test_key(BULLA_KEY_ED25519) };
    const char *const come[] = { key_file(keys[1]), NULL };
    b.edit.keys = keys;
    b.edit.key_count = 2;
    bulla_status status = bulla_trust_rotate_root(
        &b.edit, NULL, &(bulla_trust_owners){ .public_keys = come }, &outcome, &err);
    unit_ok(status, err);
    ck_assert(outcome.applied);
    bulla_trust_outcome_clear(&outcome);
    ck_assert_int_eq(remove(test_text("%s/2.root.json", b.folder)), 0);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_int_eq(trust->chain.root->version, 2);
    b.edit.key_count = 1;
    added(&b, &(bulla_trust_addition){ .person = "bob" });
    ck_assert_int_eq(bu_folder_look(NULL, test_text("%s/2.root.json", b.folder), NULL),
                     BU_PRESENCE_FILE);
}
END_TEST

/* An expired root is renewed by the next one, which its owners sign. */
START_TEST(an_expired_root_is_renewed_by_its_owners)
{
    bench b = new_bench();
    bulla_error err = { 0 };
    bulla_trust_outcome outcome = { 0 };
    b.edit.keys = &b.key;
    b.edit.now = TEST_NOW - 2;
    b.edit.expires = TEST_NOW - 1;
    bulla_status status = init(&b, 1, &err);
    unit_ok(status, err);
    b.edit.now = TEST_NOW;
    b.edit.expires = TEST_NOW + 1;
    status = bulla_trust_rotate_root(&b.edit, NULL, &(bulla_trust_owners){ 0 }, &outcome, &err);
    unit_ok(status, err);
    ck_assert(outcome.applied);
    bulla_trust_outcome_clear(&outcome);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_int_eq(trust->chain.root->version, 2);
}
END_TEST

/* Killed between targets.json and the last move: the new trust.toml is still a draft. */
START_TEST(a_draft_that_is_pinned_is_the_file)
{
    bulla_secret_key *keys[2];
    bench b = populated(keys);
    const char *old = test_read(b.folder, "trust.toml");
    added(&b, &(bulla_trust_addition){ .person = "carol" });
    test_write(b.folder, "trust.toml.new", test_read(b.folder, "trust.toml"));
    test_write(b.folder, "trust.toml", old);
    BU_AUTO(bulla_trust) trust = load(&b);
    ck_assert_uint_eq(trust->people_count, 4);
    bulla_error err = { 0 };
    test_write(b.folder, "trust.toml.new", "schema = \"bulla.trust/1\"\n");
    unit_fails(test_load(b.folder, NULL, &err), BULLA_E_HASH_MISMATCH, err);
    ck_assert_str_eq(err.file, "trust.toml");
}
END_TEST

/* Add people until killed, also over what the one before left half done. */
static void add_forever(bench *b)
{
    for (unsigned i = 0;; i++) {
        bulla_error err = { 0 };
        char id[24];
        (void)snprintf(id, sizeof id, "p%d-%u", (int)getpid(), i);
        if (!bulla_ok(add_to(b, &(bulla_trust_addition){ .person = id }, &err)))
            _exit(1);
    }
}

START_TEST(a_kill_at_any_moment_leaves_a_whole_store)
{
    bulla_secret_key *keys[2];
    bench b = populated(keys);
    for (unsigned i = 0; i < 40; i++) {
        bulla_error err = { 0 };
        int how;
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
            add_forever(&b);
        ck_assert_int_eq(usleep(1000 + i * 337 % 5000), 0);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, &how, 0), child);
        ck_assert_msg(WIFSIGNALED(how), "the edit failed by itself");
        bulla_status status = test_load(b.folder, NULL, &err);
        unit_ok(status, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_new_store_loads_and_is_empty);
    tcase_add_test(tc, a_store_is_not_made_over_another);
    tcase_add_test(tc, a_store_that_could_not_load_is_not_made);
    tcase_add_test(tc, a_one_time_store_takes_its_contents_as_they_are);
    tcase_add_test(tc, contents_are_checked_before_anything_is_written);
    tcase_add_test(tc, what_is_added_is_there);
    tcase_add_test(tc, what_makes_no_sense_is_not_added);
    tcase_add_test(tc, only_the_owners_change_a_store);
    tcase_add_test(tc, an_expired_store_can_be_renewed);
    tcase_add_test(tc, a_person_goes_with_keys_and_grants);
    tcase_add_test(tc, one_thing_is_taken_away);
    tcase_add_test(tc, what_is_needed_is_not_taken_away);
    tcase_add_test(tc, a_certificate_is_pinned_with_its_key);
    tcase_add_test(tc, a_certificate_under_another_name_is_refused);
    tcase_add_test(tc, no_memory_leaves_the_store_alone);
    tcase_add_test(tc, a_change_that_nobody_signed_waits);
    tcase_add_test(tc, a_kill_at_any_moment_leaves_a_whole_root);
    tcase_add_test(tc, a_root_without_its_number_is_the_newest);
    tcase_add_test(tc, an_expired_root_is_renewed_by_its_owners);
    tcase_add_test(tc, a_draft_that_is_pinned_is_the_file);
    tcase_add_test(tc, a_kill_at_any_moment_leaves_a_whole_store);
}

int main(void)
{
    return unit_run("trust/edit", add);
}
