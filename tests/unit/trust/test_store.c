/* SPDX-License-Identifier: MIT */
/*
 * Loading a store. Were one of these stores believed, someone else than its
 * owners would decide what may be trusted.
 */
#include <inttypes.h>
#include <unistd.h>

#include "build.h"
#include "bulla/trust.h"
#include "trust/store.h"
#include "alloc_fail.h"

#define EMPTY "schema = \"bulla.trust/1\"\n"

static void refused(const char *folder, bulla_code code, const char *file)
{
    bulla_error err = { 0 };
    bulla_status status = test_load(folder, NULL, &err);
    unit_fails(status, code, err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_TRUST);
    ck_assert_str_eq(err.file, file);
}

static void accepted(const char *folder)
{
    bulla_error err = { 0 };
    bulla_status status = test_load(folder, NULL, &err);
    unit_ok(status, err);
}

/* Replace the one root of a store by this, signed by these keys. */
static void write_root(const test_store *store, const test_root *root,
                       bulla_secret_key *const *keys, size_t count)
{
    char *text = test_root_text(root);
    test_write_signed(store->folder, "1.root.json", text, keys, count);
    test_write(store->folder, "root.json", test_read(store->folder, "1.root.json"));
}

START_TEST(a_good_store_loads)
{
    test_store store = test_store_new(EMPTY);
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bulla_trust_options options = { .folder = store.folder, .now = TEST_NOW };
    bulla_status status = bulla_trust_load(&options, &trust, &err);
    unit_ok(status, err);
    ck_assert_int_eq(trust->chain.root->version, 1);
    ck_assert_int_eq(trust->targets_version, 1);
    ck_assert(!trust->chain.root->one_time);
    ck_assert(!trust->remembered);
    ck_assert_uint_eq(trust->people_count, 0);
    ck_assert_int_eq(bulla_trust_digest(trust)->alg, BULLA_ALG_SHA256);
    bulla_trust_free(trust);
}
END_TEST

START_TEST(files_that_nobody_pinned_are_ignored)
{
    test_store store = test_store_new(EMPTY);
    test_write(store.folder, "README.md", "not a part of the store");
    test_write(store.folder, "01.root.json", "not a version");
    test_write(store.folder, "x.root.json", "not a version");
    accepted(store.folder);
}
END_TEST

/* Files that are missing, and files that are something else. */
static const struct {
    const char *remove, *link;
    bulla_code code;
} missing[] = {
    { "1.root.json", NULL, BULLA_E_MISSING_FILE },
    { "root.json", NULL, BULLA_E_MISSING_FILE },
    { "targets.json", NULL, BULLA_E_MISSING_FILE },
    { "trust.toml", NULL, BULLA_E_MISSING_FILE },
    { "1.root.json", "root.json", BULLA_E_MISSING_FILE }, /* a link is no version of the chain */
    { "targets.json", "elsewhere", BULLA_E_SPECIAL_FILE },
    { "trust.toml", "elsewhere", BULLA_E_SPECIAL_FILE },
};

START_TEST(every_file_must_be_there)
{
    test_store store = test_store_new(EMPTY);
    char *path = test_text("%s/%s", store.folder, missing[_i].remove);
    ck_assert_int_eq(unlink(path), 0);
    if (missing[_i].link != NULL)
        ck_assert_int_eq(symlink(missing[_i].link, path), 0);
    bulla_code code = missing[_i].code;
    if (missing[_i].link != NULL && strcmp(missing[_i].remove, "1.root.json") == 0)
        code = BULLA_E_SPECIAL_FILE;
    refused(store.folder, code, missing[_i].remove);
}
END_TEST

/* One thing wrong with the root of an otherwise good store; it has two keys, A and B. */
static const struct {
    const char *what;
    test_root root;
    size_t signers;
    bulla_code code;
    const char *file;
} roots[] = {
    { "good", { 0 }, 2, BULLA_OK, "" },
    { "frozen", { .expires = TEST_PAST }, 2, BULLA_E_EXPIRED, "root.json" },
    { "signed by one of two", { .threshold = "2" }, 1, BULLA_E_THRESHOLD, "1.root.json" },
    { "signed by nobody", { 0 }, 0, BULLA_E_THRESHOLD, "1.root.json" },
    { "needs nobody", { .threshold = "0" }, 2, BULLA_E_THRESHOLD, "1.root.json" },
    { "needs less than nobody", { .threshold = "-1" }, 2, BULLA_E_THRESHOLD, "1.root.json" },
    { "needs more than there are", { .threshold = "3" }, 2, BULLA_E_THRESHOLD, "1.root.json" },
    { "2^32 + 1", { .threshold = "4294967297" }, 2, BULLA_E_THRESHOLD, "1.root.json" },
    { "a text", { .threshold = "\"1\"" }, 2, BULLA_E_TYPE_MISMATCH, "1.root.json" },
    { "true", { .threshold = "true" }, 2, BULLA_E_TYPE_MISMATCH, "1.root.json" },
    { "another _type", { .type = "targets" }, 2, BULLA_E_BAD_TYPE, "1.root.json" },
    { "TUF 2", { .spec = "2.0.0" }, 2, BULLA_E_UNSUPPORTED_VERSION, "1.root.json" },
    { "TUF 10", { .spec = "10.0" }, 2, BULLA_E_UNSUPPORTED_VERSION, "1.root.json" },
    { "no time", { .expires = "soon" }, 2, BULLA_E_BAD_TIME, "1.root.json" },
    { "a later version", { .version = 2 }, 2, BULLA_E_ROLLBACK, "1.root.json" },
    { "no roles", { .roles = "{}" }, 2, BULLA_E_MISSING_FIELD, "1.root.json" },
    { "an unknown role",
      { .roles = "{\"mirrors\":{}}" },
      2,
      BULLA_E_UNSUPPORTED_FEATURE,
      "1.root.json" },
    { "an unknown key", { .ids = "\"00\"" }, 2, BULLA_E_BAD_REFERENCE, "1.root.json" },
    { "a key that is no text", { .ids = "1" }, 2, BULLA_E_TYPE_MISMATCH, "1.root.json" },
};

START_TEST(a_bad_root_is_refused)
{
    test_store store = test_store_new(EMPTY);
    bulla_secret_key *keys[] = { store.key, test_key(BULLA_KEY_ECDSA_P256) };
    test_row rows[] = { store.row, test_row_of(keys[1], "ecdsa", "") };
    test_root root = roots[_i].root;
    root.rows = rows;
    root.count = 2;
    write_root(&store, &root, keys, roots[_i].signers);
    if (roots[_i].code == BULLA_OK)
        accepted(store.folder);
    else
        refused(store.folder, roots[_i].code, roots[_i].file);
}
END_TEST

/* One key that stands there as two: whoever has it would be a threshold of two alone. */
START_TEST(a_key_counts_once)
{
    test_store store = test_store_new(EMPTY);
    bulla_secret_key *ecdsa = test_key(BULLA_KEY_ECDSA_P256);
    const struct {
        bulla_secret_key *key;
        test_row rows[2];
        const char *ids;
    } cases[] = {
        { store.key, /* two keyids, by a field that does not matter */
          { store.row, test_row_of(store.key, "ed25519", ",\"x\":1") },
          NULL },
        { ecdsa, /* two encodings: the old name of the type */
          { test_row_of(ecdsa, "ecdsa", ""), test_row_of(ecdsa, "ecdsa-sha2-nistp256", "") },
          NULL },
        { store.key, /* one keyid twice in the role */
          { store.row, test_row_of(ecdsa, "ecdsa", "") },
          test_text("\"%s\",\"%s\"", store.row.id, store.row.id) },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_root root = {
            .rows = cases[i].rows, .count = 2, .threshold = "2", .ids = cases[i].ids
        };
        write_root(&store, &root, &cases[i].key, 1);
        refused(store.folder, BULLA_E_DUPLICATE_KEY, "1.root.json");
    }
}
END_TEST

START_TEST(a_key_has_its_own_id)
{
    test_store store = test_store_new(EMPTY);
    char *good = test_root_text(&(test_root){ .rows = &store.row, .count = 1 });
    store.row.json[1] = store.row.json[1] == '0' ? '1' : '0';
    store.row.id[0] = store.row.json[1];
    char *bad = test_root_text(&(test_root){ .rows = &store.row, .count = 1 });
    ck_assert_str_ne(good, bad);
    test_write_signed(store.folder, "1.root.json", bad, &store.key, 1);
    refused(store.folder, BULLA_E_IDENTITY_MISMATCH, "1.root.json");
}
END_TEST

START_TEST(an_unknown_kind_of_key_is_refused)
{
    test_store store = test_store_new(EMPTY);
    test_row row = test_row_of(store.key, "ed448", "");
    write_root(&store, &(test_root){ .rows = &row, .count = 1 }, &store.key, 1);
    refused(store.folder, BULLA_E_UNSUPPORTED_FEATURE, "1.root.json");
}
END_TEST

/* Texts that are changed after they were signed. */
static const struct {
    const char *from, *to;
    bulla_code code;
} edits[] = {
    { "\"version\": 1", "\"version\": 2", BULLA_E_BAD_SIGNATURE },
    { "\"_type\"", "\"expires\": \"" TEST_LATE "\",\n\"_type\"", BULLA_E_DUPLICATE_KEY },
    { "\"signatures\": [", "\"signatures\": [ 1, ", BULLA_E_MISSING_FIELD },
    { "\"signatures\": [", "\"signatures\": 1, \"x\": [", BULLA_E_TYPE_MISMATCH },
    { "\"signed\"", "\"signet\"", BULLA_E_MISSING_FIELD },
    { "{", "[", BULLA_E_BAD_SYNTAX },
};

static char *replace(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    ck_assert_msg(at != NULL, "no %s in the text", from);
    return test_text("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

START_TEST(a_changed_text_is_refused)
{
    test_store store = test_store_new(EMPTY);
    const char *text = test_read(store.folder, "targets.json");
    test_write(store.folder, "targets.json", replace(text, edits[_i].from, edits[_i].to));
    refused(store.folder, edits[_i].code, "targets.json");
}
END_TEST

/* One value has one text, and one key signs once. */
START_TEST(signatures_have_one_form)
{
    test_store store = test_store_new(EMPTY);
    const char *text = test_read(store.folder, "targets.json");
    char *upper = test_text("%s", text);
    bool changed = false;
    for (char *c = strstr(upper, "\"sig\"") + 6; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'f') {
            *c = (char)(*c - 'a' + 'A');
            changed = true;
        }
    ck_assert(changed);
    test_write(store.folder, "targets.json", upper);
    refused(store.folder, BULLA_E_BAD_ENCODING, "targets.json");

    bulla_secret_key *twice[] = { store.key, store.key };
    const char *const files[] = { "trust.toml", NULL };
    test_write_signed(store.folder, "targets.json",
                      test_targets_text(store.folder, 1, NULL, files, ""), twice, 2);
    refused(store.folder, BULLA_E_DUPLICATE_ENTRY, "targets.json");
}
END_TEST

/* A chain: who signs 2.root.json, and what it says. A: the first root's key, B: the second's. */
static const struct {
    const char *what;
    bool by_a, by_b;
    int version;
    bulla_code code;
} chains[] = {
    { "by both", true, true, 2, BULLA_OK },
    { "by the new key alone", false, true, 2, BULLA_E_THRESHOLD },
    { "by the old key alone", true, false, 2, BULLA_E_THRESHOLD },
    { "the same version again", true, true, 1, BULLA_E_ROLLBACK },
    { "one version left out", true, true, 3, BULLA_E_ROLLBACK },
};

START_TEST(each_root_is_vouched_for_by_the_one_before)
{
    test_store store = test_store_new(EMPTY);
    bulla_secret_key *b = test_key(BULLA_KEY_ED25519), *keys[2];
    size_t count = 0;
    if (chains[_i].by_a)
        keys[count++] = store.key;
    if (chains[_i].by_b)
        keys[count++] = b;
    test_row row = test_row_of(b, "ed25519", "");
    char *root =
        test_root_text(&(test_root){ .rows = &row, .count = 1, .version = chains[_i].version });
    test_write_signed(store.folder, "2.root.json", root, keys, count);
    test_write(store.folder, "root.json", test_read(store.folder, "2.root.json"));
    store.key = b;
    test_store_pin(&store, 1);
    if (chains[_i].code == BULLA_OK)
        accepted(store.folder);
    else
        refused(store.folder, chains[_i].code, "2.root.json");
}
END_TEST

/* Only the last root must be in date; every one must be there; root.json is the last. */
START_TEST(the_chain_has_no_gap)
{
    test_store store = test_store_new(EMPTY);
    for (int version = 1; version <= 3; version++) {
        test_root root = { .rows = &store.row, .count = 1, .version = version };
        root.expires = version < 3 ? TEST_PAST : NULL;
        test_write_signed(store.folder, test_text("%d.root.json", version), test_root_text(&root),
                          &store.key, 1);
    }
    refused(store.folder, BULLA_E_HASH_MISMATCH, "root.json");
    test_write(store.folder, "root.json", test_read(store.folder, "3.root.json"));
    accepted(store.folder);
    ck_assert_int_eq(unlink(test_text("%s/2.root.json", store.folder)), 0);
    refused(store.folder, BULLA_E_MISSING_FILE, "2.root.json");
}
END_TEST

START_TEST(a_chain_is_not_endless)
{
    test_store store = test_store_new(EMPTY);
    test_write(store.folder, "1025.root.json", "{}");
    refused(store.folder, BULLA_E_RESOURCE_LIMIT, "");
}
END_TEST

START_TEST(targets_are_signed_by_their_role_and_in_date)
{
    test_store store = test_store_new(EMPTY);
    const char *const files[] = { "trust.toml", NULL };
    bulla_secret_key *other = test_key(BULLA_KEY_ED25519);
    test_write_signed(store.folder, "targets.json",
                      test_targets_text(store.folder, 1, NULL, files, ""), &other, 1);
    refused(store.folder, BULLA_E_THRESHOLD, "targets.json");
    test_write_signed(store.folder, "targets.json",
                      test_targets_text(store.folder, 1, TEST_PAST, files, ""), &store.key, 1);
    refused(store.folder, BULLA_E_EXPIRED, "targets.json");
    test_write_signed(store.folder, "targets.json",
                      test_targets_text(store.folder, 1, NULL, files, ",\"delegations\":{}"),
                      &store.key, 1);
    refused(store.folder, BULLA_E_UNSUPPORTED_FEATURE, "targets.json");
    test_write_signed(store.folder, "targets.json",
                      test_targets_text(store.folder, 0, NULL, files, ""), &store.key, 1);
    refused(store.folder, BULLA_E_BAD_NUMBER, "targets.json");
}
END_TEST

START_TEST(only_pinned_bytes_are_read)
{
    test_store store = test_store_new(EMPTY);
    test_write(store.folder, "trust.toml", "schema = \"bulla.trust/2\"\n"); /* the same length */
    refused(store.folder, BULLA_E_HASH_MISMATCH, "trust.toml");
    test_write(store.folder, "trust.toml", EMPTY "\n");
    refused(store.folder, BULLA_E_HASH_MISMATCH, "trust.toml");
    const char *const none[] = { NULL };
    test_write_signed(store.folder, "targets.json",
                      test_targets_text(store.folder, 1, NULL, none, ""), &store.key, 1);
    refused(store.folder, BULLA_E_UNPINNED, "targets.json");
}
END_TEST

/* What "targets" may not say. */
#define DIGEST "\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\""
static const struct {
    const char *target;
    bulla_code code;
    const char *file;
} targets[] = {
    { "\"../x\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"a/../x\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"/x\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"a//x\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"a/\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\".x\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"x\\ny\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NAME, "targets.json" },
    { "\"x\":{\"length\":1,\"hashes\":{}}", BULLA_E_MISSING_HASH, "targets.json" },
    { "\"x\":{\"length\":1,\"hashes\":{\"md4\":\"00\"}}", BULLA_E_UNSUPPORTED_HASH,
      "targets.json" },
    { "\"x\":{\"length\":1,\"hashes\":{\"sha256\":\"00\"}}", BULLA_E_BAD_ENCODING, "targets.json" },
    { "\"x\":{\"length\":1,\"hashes\":{\"sha256\":1}}", BULLA_E_TYPE_MISMATCH, "targets.json" },
    { "\"x\":{\"length\":-1,\"hashes\":{" DIGEST "}}", BULLA_E_BAD_NUMBER, "targets.json" },
    { "\"x\":{\"hashes\":{" DIGEST "}}", BULLA_E_MISSING_FIELD, "targets.json" },
    { "\"x\":{\"length\":1}", BULLA_E_MISSING_FIELD, "targets.json" },
    { "\"x\":1", BULLA_E_MISSING_FIELD, "targets.json" },
    { "\"x\":{\"length\":1,\"hashes\":{" DIGEST "}}", BULLA_E_MISSING_FILE, "x" },
};

START_TEST(a_bad_target_is_refused)
{
    test_store store = test_store_new(EMPTY);
    char *text = test_text("{\"_type\":\"targets\",\"spec_version\":\"1.0.34\",\"version\":1,"
                           "\"expires\":\"" TEST_LATE "\",\"targets\":{%s}}",
                           targets[_i].target);
    test_write_signed(store.folder, "targets.json", text, &store.key, 1);
    refused(store.folder, targets[_i].code, targets[_i].file);
}
END_TEST

/* Every digest that is given must agree, not only the one that a reader knows best. */
START_TEST(all_digests_of_a_target_count)
{
    test_store store = test_store_new(EMPTY);
    const char *const files[] = { "trust.toml", NULL };
    const char *good = test_targets_text(store.folder, 1, NULL, files, "");
    const char *more = test_text("\"hashes\":{\"sha512\":\"%0128d\",", 0);
    test_write_signed(store.folder, "targets.json", replace(good, "\"hashes\":{", more), &store.key,
                      1);
    refused(store.folder, BULLA_E_HASH_MISMATCH, "trust.toml");
}
END_TEST

/* Property: no byte of a store can be flipped unseen. */
static const char *const whole[] = { "1.root.json", "root.json", "targets.json", "trust.toml" };

START_TEST(no_byte_can_be_flipped)
{
    test_store store = test_store_new(EMPTY);
    char *text = test_read(store.folder, whole[_i]);
    size_t len = strlen(text);
    ck_assert_uint_gt(len, 0);
    for (size_t i = 0; i < len; i++) {
        bulla_error err = { 0 };
        char was = text[i]; /* the change that would be overlooked first: the case of a letter */
        bool is_letter = (was | 0x20) >= 'a' && (was | 0x20) <= 'z';
        text[i] = (char)(was ^ (is_letter ? 0x20 : 0x01));
        test_write(store.folder, whole[_i], text);
        bulla_status status = test_load(store.folder, NULL, &err);
        ck_assert_msg(!bulla_ok(status), "%s: byte %zu is believed", whole[_i], i);
        ck_assert_int_eq(err.exit, BULLA_EXIT_TRUST);
        text[i] = was;
    }
    test_write(store.folder, whole[_i], text);
    accepted(store.folder);
}
END_TEST

START_TEST(no_memory_is_a_refusal)
{
    test_store store = test_store_new("schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n"
                                      "[[role]]\nname = \"release\"\npeople = [\"alice\"]\n"
                                      "threshold = 1\nmatch = [\"**\"]\n");
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = test_load(store.folder, NULL, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_int_eq(err.exit, BULLA_EXIT_TRUST);
    }
}
END_TEST

#define COUNT(table) (int)(sizeof table / sizeof table[0])

static void add(TCase *tc)
{
    tcase_add_test(tc, a_good_store_loads);
    tcase_add_test(tc, files_that_nobody_pinned_are_ignored);
    tcase_add_loop_test(tc, every_file_must_be_there, 0, COUNT(missing));
    tcase_add_loop_test(tc, a_bad_root_is_refused, 0, COUNT(roots));
    tcase_add_test(tc, a_key_counts_once);
    tcase_add_test(tc, a_key_has_its_own_id);
    tcase_add_test(tc, an_unknown_kind_of_key_is_refused);
    tcase_add_loop_test(tc, a_changed_text_is_refused, 0, COUNT(edits));
    tcase_add_test(tc, signatures_have_one_form);
    tcase_add_loop_test(tc, each_root_is_vouched_for_by_the_one_before, 0, COUNT(chains));
    tcase_add_test(tc, the_chain_has_no_gap);
    tcase_add_test(tc, a_chain_is_not_endless);
    tcase_add_test(tc, targets_are_signed_by_their_role_and_in_date);
    tcase_add_test(tc, only_pinned_bytes_are_read);
    tcase_add_loop_test(tc, a_bad_target_is_refused, 0, COUNT(targets));
    tcase_add_test(tc, all_digests_of_a_target_count);
    tcase_add_loop_test(tc, no_byte_can_be_flipped, 0, COUNT(whole));
    tcase_add_test(tc, no_memory_is_a_refusal);
}

int main(void)
{
    return unit_run("trust/store", add);
}
