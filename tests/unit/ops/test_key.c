/* SPDX-License-Identifier: MIT */
/* Key files: never written over, never read when others could have been there first. */
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

#include "bulla/key.h"
#include "io/file.h"

static char *folder;
static size_t asked;
static const char *answer;

static void set_up(void)
{
    folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    asked = 0;
    answer = "test passphrase";
}

static void tear_down(void)
{
    free(folder);
}

static bulla_status ask(void *context, const char *purpose, bool twice, uint8_t *out, size_t cap,
                        size_t *len, bulla_error *err)
{
    (void)err;
    (void)twice;
    ck_assert_ptr_eq(context, &asked);
    ck_assert_str_eq(purpose, "key");
    ck_assert_uint_eq(cap, BULLA_PASSPHRASE_MAX);
    asked++;
    *len = strlen(answer);
    memcpy(out, answer, *len);
    return BU_OK;
}

static const bulla_passphrase asking = { ask, &asked };

static uint32_t mode_of(const char *path)
{
    struct stat st;
    ck_assert_int_eq(lstat(path, &st), 0);
    return (uint32_t)st.st_mode & 07777;
}

static void put(const char *path, const char *text, uint32_t mode)
{
    bulla_error err = { 0 };
    unit_ok(bu_file_create(path, bu_bytes_of(text), mode, &err), err);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static void make(const bulla_passphrase *passphrase, char keyid[65])
{
    bulla_error err = { 0 };
    unit_ok(bulla_key_new(BULLA_KEY_ED25519, "key", NULL, passphrase, keyid, &err), err);
}

START_TEST(a_pair_is_made)
{
    char keyid[65];
    bulla_error err = { 0 };
    bulla_key_info private = { 0 };
    bulla_key_info public = { 0 };
    bulla_secret_key *key = NULL;
    umask(0);
    unit_ok(bulla_key_new(_i == 0 ? BULLA_KEY_ED25519 : BULLA_KEY_ECDSA_P256, "key", NULL,
                          _i < 2 ? &asking : NULL, keyid, &err),
            err);
    ck_assert_uint_eq(mode_of("key"), 0600);
    ck_assert_uint_eq(mode_of("key.pub"), 0644);
    ck_assert_uint_eq(asked, _i < 2 ? 1 : 0);
    unit_ok(bulla_key_show("key", &private, &err), err);
    unit_ok(bulla_key_show("key.pub", &public, &err), err);
    ck_assert_uint_eq(asked, _i < 2 ? 1 : 0); /* nothing is asked to show a key */
    ck_assert(private.is_private && private.is_encrypted == (_i < 2));
    ck_assert(!public.is_private && !public.is_encrypted);
    ck_assert_str_eq(private.keyid, keyid);
    ck_assert_str_eq(public.keyid, keyid);
    ck_assert_int_eq(private.kind, public.kind);
    ck_assert_str_eq((const char *)private.pem.ptr, (const char *)public.pem.ptr);
    unit_ok(bulla_secret_key_open("key", &asking, &key, &err), err);
    ck_assert_uint_eq(asked, _i < 2 ? 2 : 0);
    ck_assert_str_eq(bulla_secret_key_id(key), keyid);
    bulla_secret_key_free(key);
    bulla_key_info_clear(&private);
    bulla_key_info_clear(&public);
}
END_TEST

START_TEST(nothing_is_written_over)
{
    char keyid[65];
    bulla_error err = { 0 };
    put(_i == 0 ? "key" : "key.pub", "mine", 0600);
    unit_fails(bulla_key_new(BULLA_KEY_ED25519, "key", NULL, &asking, keyid, &err),
               BULLA_E_WRITE_ERROR, err);
    ck_assert_str_eq(err.file, _i == 0 ? "key" : "key.pub");
    ck_assert_uint_eq(asked, 0);
    ck_assert_int_ne(access(_i == 0 ? "key.pub" : "key", F_OK), 0); /* no half pair */
    bulla_bytes kept = unit_slurp(err.file);
    ck_assert(bu_bytes_is(kept, "mine"));
    free((void *)(uintptr_t)kept.ptr);
}
END_TEST

START_TEST(an_empty_passphrase_is_none)
{
    char keyid[65];
    bulla_error err = { 0 };
    answer = "";
    unit_fails(bulla_key_new(BULLA_KEY_ED25519, "key", NULL, &asking, keyid, &err),
               BULLA_E_WRONG_PASSPHRASE, err);
    ck_assert_int_ne(access("key", F_OK), 0);
}
END_TEST

START_TEST(kinds_that_are_not_made)
{
    char keyid[65];
    bulla_error err = { 0 };
    unit_fails(bulla_key_new(BULLA_KEY_RSA, "key", NULL, NULL, keyid, &err),
               BULLA_E_UNSUPPORTED_FEATURE, err);
    ck_assert_int_ne(access("key", F_OK), 0);
}
END_TEST

START_TEST(a_wrong_passphrase_is_asked_for_once)
{
    char keyid[65];
    bulla_error err = { 0 };
    bulla_secret_key *key = NULL;
    make(&asking, keyid);
    answer = "another";
    unit_fails(bulla_secret_key_open("key", &asking, &key, &err), BULLA_E_WRONG_PASSPHRASE, err);
    ck_assert_uint_eq(asked, 2);
    ck_assert_str_eq(err.file, "key");
    unit_fails(bulla_secret_key_open("key", NULL, &key, &err), BULLA_E_WRONG_PASSPHRASE, err);
    ck_assert_ptr_null(key);
}
END_TEST

/* Any right of group or others on a private key: it is to be taken as known. */
START_TEST(others_have_no_rights)
{
    static const uint32_t modes[] = { 0604, 0640, 0620, 0602, 0610, 0601, 0644, 0777 };
    char keyid[65];
    bulla_error err = { 0 };
    bulla_secret_key *key = NULL;
    bulla_key_info info = { 0 };
    make(NULL, keyid);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ck_assert_int_eq(chmod("key", modes[i]), 0);
        unit_fails(bulla_secret_key_open("key", NULL, &key, &err), BULLA_E_UNSAFE_MODE, err);
        ck_assert_str_eq(err.expected, "0600");
        ck_assert_uint_eq(strtoul(err.got, NULL, 8), modes[i]);
        ck_assert_str_eq(err.file, "key");
        ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
        unit_fails(bulla_key_show("key", &info, &err), BULLA_E_UNSAFE_MODE, err);
    }
    ck_assert_int_eq(chmod("key", 0400), 0);
    unit_ok(bulla_secret_key_open("key", NULL, &key, &err), err);
    bulla_secret_key_free(key);
}
END_TEST

START_TEST(another_owner_is_refused)
{
    char keyid[65];
    bulla_error err = { 0 };
    bulla_secret_key *key = NULL;
    make(NULL, keyid);
    if (chown("key", 65534, (gid_t)-1) != 0) {
        unit_skipped("keys of another owner", "only root can make one");
        return;
    }
    unit_fails(bulla_secret_key_open("key", NULL, &key, &err), BULLA_E_UNSAFE_MODE, err);
    ck_assert_ptr_nonnull(strstr(err.text, "another user"));
}
END_TEST

START_TEST(only_regular_files_are_keys)
{
    char keyid[65];
    bulla_error err = { 0 };
    bulla_secret_key *key = NULL;
    make(NULL, keyid);
    ck_assert_int_eq(symlink("key", "link"), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    unit_fails(bulla_secret_key_open("link", NULL, &key, &err), BULLA_E_SPECIAL_FILE, err);
    unit_fails(bulla_secret_key_open("fifo", NULL, &key, &err), BULLA_E_SPECIAL_FILE, err);
    unit_fails(bulla_secret_key_open("/dev/zero", NULL, &key, &err), BULLA_E_SPECIAL_FILE, err);
    unit_fails(bulla_secret_key_open(".", NULL, &key, &err), BULLA_E_SPECIAL_FILE, err);
    unit_fails(bulla_secret_key_open("nothing", NULL, &key, &err), BULLA_E_MISSING_FILE, err);
}
END_TEST

START_TEST(what_is_no_key_is_said)
{
    char keyid[65];
    bulla_error err = { 0 };
    bulla_secret_key *key = NULL;
    bulla_key_info info = { 0 };
    make(NULL, keyid);
    put("text", "some text\n", 0600);
    put("empty", "", 0600);
    unit_fails(bulla_secret_key_open("key.pub", NULL, &key, &err), BULLA_E_BAD_KEY, err);
    unit_fails(bulla_secret_key_open("text", NULL, &key, &err), BULLA_E_BAD_ENCODING, err);
    unit_fails(bulla_key_show("text", &info, &err), BULLA_E_BAD_ENCODING, err);
    unit_fails(bulla_key_show("empty", &info, &err), BULLA_E_BAD_ENCODING, err);
    ck_assert_str_eq(err.file, "empty");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, a_pair_is_made, 0, 3);
    tcase_add_loop_test(tc, nothing_is_written_over, 0, 2);
    tcase_add_test(tc, an_empty_passphrase_is_none);
    tcase_add_test(tc, kinds_that_are_not_made);
    tcase_add_test(tc, a_wrong_passphrase_is_asked_for_once);
    tcase_add_test(tc, others_have_no_rights);
    tcase_add_test(tc, another_owner_is_refused);
    tcase_add_test(tc, only_regular_files_are_keys);
    tcase_add_test(tc, what_is_no_key_is_said);
}

int main(void)
{
    return unit_run("ops/key", add);
}
