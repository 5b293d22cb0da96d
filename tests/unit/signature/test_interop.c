/* SPDX-License-Identifier: MIT */
/* What the openssl command signs, bulla verifies, and the other way round. */
#include "keys.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"

#define MESSAGE BULLA_LIT("carried over from one tool to the other\n")

extern char **environ;

static char *folder;

static void set_up(void)
{
    folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
}

static void tear_down(void)
{
    free(folder);
}

static void put(const char *name, bulla_bytes content)
{
    bulla_error err = { 0 };
    unit_ok(bu_file_replace(name, content, 0644, &err), err);
}

/* Run openssl with words parted by blanks; its exit status. */
static int openssl(const char *arguments)
{
    char words[1024];
    char *argv[32] = { (char *)(uintptr_t) "openssl" };
    size_t count = 1;
    pid_t child;
    int status;
    (void)snprintf(words, sizeof words, "%s", arguments);
    for (char *rest = words, *word; (word = strsep(&rest, " ")) != NULL && count < 31;)
        argv[count++] = word;
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", 1, 0);
    ck_assert_int_eq(posix_spawnp(&child, "openssl", &quiet, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&quiet);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void put_key(const char *name)
{
    bulla_bytes text = key_text(name);
    put(name, text);
    free_text(text);
}

static const struct {
    const char *key, *public, *algorithm, *arguments;
} theirs[] = {
    { "throwaway-ed25519.pem", "ed25519.pub", "ed25519", "-rawin" },
    { "throwaway-p256.pem", "p256.pub", "ecdsa-p256-sha256", "-rawin -digest sha256" },
    { "throwaway-p384.pem", "p384.pub", "ecdsa-p384-sha384", "-rawin -digest sha384" },
    { "throwaway-p521.pem", "p521.pub", "ecdsa-p521-sha512", "-rawin -digest sha512" },
    { "throwaway-p521.pem", "p521.pub", "ecdsa-p521-sha256", "-rawin -digest sha256" },
    { "throwaway-rsa2048.pem", "rsa2048.pub", "rsa-pkcs1-sha256", "-rawin -digest sha256" },
    { "throwaway-rsa2048.pem", "rsa2048.pub", "rsa-pkcs1-sha512", "-rawin -digest sha512" },
    { "throwaway-rsa2048.pem", "rsa2048.pub", "rsa-pss-sha256-mgf1sha256-salt32",
      "-rawin -digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32" },
    { "throwaway-rsa2048.pem", "rsa2048.pub", "rsa-pss-sha512-mgf1sha512-salt64",
      "-rawin -digest sha512 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:64" },
};

START_TEST(what_openssl_signs)
{
    char command[512];
    bulla_error err = { 0 };
    BU_AUTO(bu_key) key = public_key(theirs[_i].public);
    const bu_algorithm *algorithm = bu_algorithm_by_name(bu_bytes_of(theirs[_i].algorithm));
    put("message", MESSAGE);
    put_key(theirs[_i].key);
    (void)snprintf(command, sizeof command, "pkeyutl -sign -inkey %s %s -in message -out sig",
                   theirs[_i].key, theirs[_i].arguments);
    ck_assert_int_eq(openssl(command), 0);
    bulla_bytes sig = unit_slurp("sig");
    unit_ok(bu_verify(key, algorithm, MESSAGE, sig, &err), err);
    ((uint8_t *)(uintptr_t)sig.ptr)[sig.len - 1] ^= 1;
    unit_fails(bu_verify(key, algorithm, MESSAGE, sig, &err), BULLA_E_BAD_SIGNATURE, err);
    free_text(sig);
}
END_TEST

/* A salt of another length is another algorithm. */
START_TEST(salt_is_what_the_name_says)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_key) key = public_key("rsa2048.pub");
    put("message", MESSAGE);
    put_key("throwaway-rsa2048.pem");
    ck_assert_int_eq(openssl("pkeyutl -sign -inkey throwaway-rsa2048.pem -rawin -digest sha256 "
                             "-pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:20 "
                             "-in message -out sig"),
                     0);
    bulla_bytes sig = unit_slurp("sig");
    unit_fails(bu_verify(key, bu_algorithm_by_name(BULLA_LIT("rsa-pss-sha256-mgf1sha256-salt32")),
                         MESSAGE, sig, &err),
               BULLA_E_BAD_SIGNATURE, err);
    free_text(sig);
}
END_TEST

static const struct {
    bulla_key_kind kind;
    const char *arguments;
} ours[] = {
    { BULLA_KEY_ED25519, "-rawin" },
    { BULLA_KEY_ECDSA_P256, "-rawin -digest sha256" },
};

START_TEST(what_bulla_signs)
{
    char command[512];
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_CLEAR(bu_buf) sig = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    unit_ok(bu_secret_key_new(ours[_i].kind, &key, &err), err);
    unit_ok(bu_sign(key, bu_algorithm_of_key(bu_secret_key_public(key)), MESSAGE, &sig, &err), err);
    bu_key_write_pem(bu_secret_key_public(key), &pem);
    put("message", MESSAGE);
    put("sig", bu_buf_bytes(&sig));
    put("key.pub", bu_buf_bytes(&pem));
    (void)snprintf(command, sizeof command,
                   "pkeyutl -verify -pubin -inkey key.pub %s -in message -sigfile sig",
                   ours[_i].arguments);
    ck_assert_int_eq(openssl(command), 0);
    put("message", BULLA_LIT("something else"));
    ck_assert_int_ne(openssl(command), 0);
}
END_TEST

/* Private keys that bulla exports are what openssl takes, and the halves belong together. */
START_TEST(what_bulla_exports)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_AUTO(bu_secret) pem = NULL;
    BU_CLEAR(bu_buf) want = { 0 };
    unit_ok(bu_secret_key_new(ours[_i].kind, &key, &err), err);
    unit_ok(bu_secret_key_write_plain(key, &pem, &err), err);
    bu_key_write_pem(bu_secret_key_public(key), &want);
    put("key.pem", bu_secret_bytes(pem));
    ck_assert_int_eq(openssl("pkey -in key.pem -check -noout"), 0);
    ck_assert_int_eq(openssl("pkey -in key.pem -pubout -out key.pub"), 0);
    bulla_bytes got = unit_slurp("key.pub");
    ck_assert(bu_bytes_equal(got, bu_buf_bytes(&want)));
    free_text(got);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, what_openssl_signs, 0, (int)(sizeof theirs / sizeof theirs[0]));
    tcase_add_test(tc, salt_is_what_the_name_says);
    tcase_add_loop_test(tc, what_bulla_signs, 0, 2);
    tcase_add_loop_test(tc, what_bulla_exports, 0, 2);
}

int main(void)
{
    return unit_run("signature/interop", add);
}
