/* SPDX-License-Identifier: MIT */
/*
 * The record of the highest versions and the latest time seen. Without it, an
 * old store in which a stolen key still counts would be as good as the new one.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "build.h"
#include "io/file.h"
#include "trust/store.h"

#define EMPTY "schema = \"bulla.trust/1\"\n"

static void refused(const char *folder, const char *state, bulla_code code, const char *file)
{
    bulla_error err = { 0 };
    bulla_status status = test_load(folder, state, &err);
    unit_fails(status, code, err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_TRUST);
    ck_assert_msg(strstr(err.file, file) != NULL, "%s is not %s", err.file, file);
}

static void accepted(const char *folder, const char *state)
{
    bulla_error err = { 0 };
    bulla_status status = test_load(folder, state, &err);
    unit_ok(status, err);
}

/* A state folder inside a fresh one, so that it has to be made. */
static const char *new_state(void)
{
    char *folder = unit_temporary_folder();
    char *state = test_text("%s/state/bulla", folder);
    free(folder);
    return state;
}

/* The name of the one record in a state folder. */
static char *record_in(const char *state)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    bulla_status status = bu_folder_open(state, &folder, &err);
    unit_ok(status, err);
    status = bu_folder_list(&folder, "", &names, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(names.count, 1);
    return test_text("%s", names.items[0]);
}

START_TEST(a_lower_version_is_a_rollback)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    const char *one = test_read(store.folder, "targets.json");
    accepted(store.folder, state);
    test_store_pin(&store, 3);
    accepted(store.folder, state);
    test_write(store.folder, "targets.json", one);
    refused(store.folder, state, BULLA_E_ROLLBACK, "targets.json");
    accepted(store.folder, NULL); /* nothing else is wrong with it */
    test_store_pin(&store, 4);
    accepted(store.folder, state);
}
END_TEST

START_TEST(the_same_version_has_the_same_bytes)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    accepted(store.folder, state);
    accepted(store.folder, state);
    test_write(store.folder, "trust.toml", EMPTY "# other people\n");
    test_store_pin(&store, 1);
    refused(store.folder, state, BULLA_E_ROLLBACK, "targets.json");
    accepted(store.folder, NULL);
}
END_TEST

START_TEST(newer_roots_are_not_forgotten)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    const char *one = test_read(store.folder, "root.json");
    char *text = test_root_text(&(test_root){ .rows = &store.row, .count = 1, .version = 2 });
    test_write_signed(store.folder, "2.root.json", text, &store.key, 1);
    test_write(store.folder, "root.json", test_read(store.folder, "2.root.json"));
    accepted(store.folder, state);
    ck_assert_int_eq(unlink(test_text("%s/2.root.json", store.folder)), 0);
    test_write(store.folder, "root.json", one);
    refused(store.folder, state, BULLA_E_ROLLBACK, "root.json");
    accepted(store.folder, NULL);
}
END_TEST

START_TEST(each_store_has_its_own_record)
{
    const char *state = new_state();
    test_store a = test_store_new(EMPTY), b = test_store_new(EMPTY);
    test_store_pin(&a, 7);
    accepted(a.folder, state);
    accepted(b.folder, state);
}
END_TEST

static bulla_status load_by_clock(const char *folder, const char *state, int64_t now,
                                  bulla_error *err)
{
    bulla_trust_options options = {
        .folder = folder, .state = state, .now = now, .is_clock = true
    };
    BU_AUTO(bulla_trust) trust = NULL;
    return bulla_trust_load(&options, &trust, err);
}

START_TEST(the_clock_does_not_go_back)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    bulla_error err = { 0 };
    bulla_status status = load_by_clock(store.folder, state, TEST_NOW, &err);
    unit_ok(status, err);
    status = load_by_clock(store.folder, state, TEST_NOW - BU_CLOCK_SKEW_SECONDS, &err);
    unit_ok(status, err);
    status = load_by_clock(store.folder, state, TEST_NOW - BU_CLOCK_SKEW_SECONDS - 1, &err);
    unit_fails(status, BULLA_E_BAD_TIME, err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_TRUST);
    ck_assert_msg(strstr(err.file, record_in(state)) != NULL, "%s", err.file);
    status = load_by_clock(store.folder, NULL, TEST_NOW - BU_CLOCK_SKEW_SECONDS - 1, &err);
    unit_ok(status, err);
}
END_TEST

START_TEST(a_date_that_is_asked_about_is_no_clock)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    bulla_error err = { 0 };
    bulla_status status = load_by_clock(store.folder, state, TEST_NOW + 86400, &err);
    unit_ok(status, err);
    accepted(store.folder, state);
    test_store_pin(&store, 3); /* what is written then forgets no time */
    accepted(store.folder, state);
    status = load_by_clock(store.folder, state, TEST_NOW, &err);
    unit_fails(status, BULLA_E_BAD_TIME, err);
}
END_TEST

#define SIGHT                                                                                      \
    "{\"version\":1,\"sha256\":"                                                                   \
    "\"0000000000000000000000000000000000000000000000000000000000000000\"}"

/* Records that say nothing, or something else. */
static const struct {
    const char *text;
    bulla_code code;
} records[] = {
    { "", BULLA_E_EMPTY },
    { "{}", BULLA_E_MISSING_FIELD },
    { "{\"schema\":\"bulla.trust-seen/2\"}", BULLA_E_UNSUPPORTED_VERSION },
    { "{\"schema\":\"bulla.trust-seen/1\"}", BULLA_E_MISSING_FIELD },
    { "{\"schema\":\"bulla.trust-seen/1\",\"root\":{\"version\":\"1\"}}", BULLA_E_TYPE_MISMATCH },
    { "{\"schema\":\"bulla.trust-seen/1\",\"root\":{\"version\":1,\"sha256\":\"00\"}}",
      BULLA_E_BAD_ENCODING },
    /* a time from which none can be subtracted */
    { "{\"schema\":\"bulla.trust-seen/1\",\"root\":" SIGHT ",\"targets\":" SIGHT
      ",\"clock\":-9223372036854775808}",
      BULLA_E_BAD_NUMBER },
};

START_TEST(a_record_that_cannot_be_read_is_a_refusal)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    accepted(store.folder, state);
    char *name = record_in(state);
    test_write(state, name, records[_i].text);
    refused(store.folder, state, records[_i].code, name);
    ck_assert_str_eq(test_read(state, name), records[_i].text); /* not written over either */
}
END_TEST

START_TEST(a_record_that_cannot_be_kept_is_a_refusal)
{
    test_store store = test_store_new(EMPTY);
    const char *state = new_state();
    accepted(store.folder, state);
    char *path = test_text("%s/%s", state, record_in(state));
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink("elsewhere", path), 0);
    refused(store.folder, state, BULLA_E_SPECIAL_FILE, path);
    test_write(store.folder, "file", "");
    refused(store.folder, test_text("%s/file", store.folder), BULLA_E_WRITE_ERROR, "file");
}
END_TEST

START_TEST(the_record_is_private)
{
    const char *state = new_state();
    test_store store = test_store_new(EMPTY);
    struct stat st;
    accepted(store.folder, state);
    ck_assert_int_eq(stat(state, &st), 0);
    ck_assert_uint_eq(st.st_mode & 077, 0);
    ck_assert_int_eq(stat(test_text("%s/%s", state, record_in(state)), &st), 0);
    ck_assert_uint_eq(st.st_mode & 077, 0);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_lower_version_is_a_rollback);
    tcase_add_test(tc, the_same_version_has_the_same_bytes);
    tcase_add_test(tc, newer_roots_are_not_forgotten);
    tcase_add_test(tc, each_store_has_its_own_record);
    tcase_add_test(tc, the_clock_does_not_go_back);
    tcase_add_test(tc, a_date_that_is_asked_about_is_no_clock);
    tcase_add_loop_test(tc, a_record_that_cannot_be_read_is_a_refusal, 0,
                        (int)(sizeof records / sizeof records[0]));
    tcase_add_test(tc, a_record_that_cannot_be_kept_is_a_refusal);
    tcase_add_test(tc, the_record_is_private);
}

int main(void)
{
    return unit_run("trust/seen", add);
}
