/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP: judged as strictly as sqv does, on what GnuPG makes here and now, and
 * on the lists of this machine's apt where they are.
 */
#include "suite.h"

#include <dirent.h>
#include <time.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "base/time.h"
#include "signature/openpgp.h"

/* What is left of the text once it is opened: blanks at the end of a line are not hashed. */
#define SEEN "Origin: test\n- dash\nblanks behind\n\nFrom here\n"

/* All keys and messages that follow, made once; dates are GnuPG's own to choose. */
static const char script[] =
    "set -eu\n"
    "cd \"$1\"\n"
    "export GNUPGHOME=\"$PWD\"\n"
    "trap 'gpgconf --kill all' EXIT\n"
    "at() { # TIME ARGUMENT...\n"
    "    time=$1; shift\n"
    "    gpg --batch --quiet --yes --no-tty --pinentry-mode loopback --passphrase '' \\\n"
    "        --faked-system-time \"$time!\" \"$@\"\n"
    "}\n"
    "new() { # NAME ALGORITHM USAGE EXPIRY\n"
    "    at 20260101T000000 --quick-gen-key \"$1\" \"$2\" \"$3\" \"$4\"\n"
    "    at 20260101T000000 --export \"=$1\" >\"$1.gpg\"\n"
    "}\n"
    "sign() { # NAME OUT ARGUMENT...: in March 2026\n"
    "    user=$1 out=$2; shift 2\n"
    "    at 20260301T000000 --local-user \"=$user\" --output \"$out\" \"$@\"\n"
    "}\n"
    "fingerprint() { gpg --batch --with-colons --list-keys \"=$1\" | awk -F: '/^fpr/{print $10; "
    "exit}'; }\n"
    "printf 'Origin: test\\n- dash\\nblanks behind  \\n\\nFrom here\\n' >text\n"
    "new good ed25519 sign never\n"
    "new rsa rsa2048 sign never\n"
    "new other ed25519 sign never\n"
    "new short ed25519 sign 2026-06-01\n"
    "new rsa1024 rsa1024 sign never\n"
    "new dsa dsa2048 sign never\n"
    "new revoked ed25519 sign never\n"
    "new parent ed25519 cert never\n"
    "at 20260101T000000 --quick-add-key \"$(fingerprint parent)\" ed25519 sign never\n"
    "at 20260101T000000 --export =parent >parent.gpg\n"
    "for name in good rsa other short rsa1024 dsa revoked parent; do\n"
    "    sign $name $name.asc --clearsign text\n"
    "    sign $name $name.sig --detach-sign text\n"
    "done\n"
    "sign good sha1.asc --digest-algo SHA1 --clearsign text\n"
    "sign rsa sha1.sig --digest-algo SHA1 --detach-sign text\n"
    "sign good both.asc --local-user =other --clearsign text\n"
    "sign good lasts.asc --default-sig-expire 10d --clearsign text\n"
    "sign good armored.sig --armor --detach-sign text\n"
    "sign good whole.sig --sign text\n"
    "sign good empty.sig --detach-sign /dev/null\n"
    "at 20260101T000000 --armor --export =good >good.pub\n"
    "at 20260101T000000 --export-secret-keys =good >secret.gpg\n"
    "cat good.gpg other.gpg >two.gpg\n"
    "sed 's/^:---/---/' \"openpgp-revocs.d/$(fingerprint revoked).rev\" >revocation\n"
    "at 20260401T000000 --import revocation\n"
    "at 20260401T000000 --export =revoked >revoked.gpg\n"
    "sed 's/Origin: test/Origin: tesT/' good.asc >flipped.asc\n"
    "sed 's/Origin: test/Origin: tesT/' both.asc >flipped-both.asc\n"
    "sed 's/$/\\r/' good.asc >crlf.asc\n"
    "{ echo before; cat good.asc; } >before.asc\n"
    "{ cat good.asc; echo after; } >after.asc\n"
    "fingerprint good >good.fingerprint\n"
    "fingerprint parent >parent.fingerprint\n";

static char *home; /* NULL: no GnuPG here */

static void set_up(void)
{
    char command[4096];
    if (system("command -v gpg gpgconf >/dev/null 2>&1") != 0)
        return;
    home = unit_temporary_folder();
    (void)snprintf(command, sizeof command, "%s/script", home);
    FILE *file = fopen(command, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(script, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    (void)snprintf(command, sizeof command, "sh '%s/script' '%s' >'%s/log' 2>&1", home, home, home);
    ck_assert_msg(system(command) == 0, "see %s/log", home);
}

static bool skipped(const char *what)
{
    if (home == NULL)
        unit_skipped(what, "there is no gpg to make it with");
    return home == NULL;
}

static bulla_bytes read_made(const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", home, name);
    return unit_slurp(path);
}

static void release(bulla_bytes bytes)
{
    free((void *)(uintptr_t)bytes.ptr);
}

static int64_t time_of(const char *text)
{
    int64_t time = 0;
    bulla_error err = { 0 };
    unit_ok(bu_time_parse(bu_bytes_of(text), &time, &err), err);
    return time;
}

static bu_openpgp *certificates(const char *name)
{
    bu_openpgp *pgp = NULL;
    bulla_error err = { 0 };
    bulla_bytes bytes = read_made(name);
    unit_ok(bu_openpgp_new(bytes, &pgp, &err), err);
    release(bytes);
    return pgp;
}

static bulla_status verify(const bu_openpgp *pgp, bulla_bytes message, bulla_bytes signature,
                           int64_t now, bu_arena *arena, bu_openpgp_result *out, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(message);
    return bu_openpgp_verify_detached(pgp, &source.base, signature, now, arena, out, err);
}

#define MADE "2026-03-01T00:00:00Z"
#define THEN "2026-04-15T00:00:00Z"

static const struct {
    const char *certificate, *message, *now;
    bulla_code want;
    size_t signers;
} messages[] = {
    { "good.gpg", "good.asc", THEN, BULLA_OK, 1 },
    { "good.pub", "good.asc", THEN, BULLA_OK, 1 }, /* an armored certificate */
    { "rsa.gpg", "rsa.asc", THEN, BULLA_OK, 1 },
    { "parent.gpg", "parent.asc", THEN, BULLA_OK, 1 }, /* by a subkey that is bound */
    { "good.gpg", "crlf.asc", THEN, BULLA_OK, 1 },
    { "good.gpg", "both.asc", THEN, BULLA_OK, 1 }, /* a stranger beside */
    { "two.gpg", "both.asc", THEN, BULLA_OK, 2 },
    { "two.gpg", "good.asc", THEN, BULLA_OK, 1 },
    { "good.gpg", "other.asc", THEN, BULLA_E_UNTRUSTED_KEY, 0 },
    { "good.gpg", "flipped.asc", THEN, BULLA_E_BAD_SIGNATURE, 0 },
    { "other.gpg", "flipped-both.asc", THEN, BULLA_E_BAD_SIGNATURE, 0 },
    { "rsa.gpg", "flipped.asc", THEN, BULLA_E_UNTRUSTED_KEY, 0 },
    { "good.gpg", "before.asc", THEN, BULLA_E_BAD_SYNTAX, 0 }, /* gpgv takes both */
    { "good.gpg", "after.asc", THEN, BULLA_E_TRAILING_DATA, 0 },
    { "good.gpg", "sha1.asc", THEN, BULLA_E_WEAK_HASH, 0 },
    { "rsa1024.gpg", "rsa1024.asc", THEN, BULLA_E_WEAK_KEY, 0 },
    { "dsa.gpg", "dsa.asc", THEN, BULLA_E_WEAK_KEY, 0 },
    { "revoked.gpg", "revoked.asc", THEN, BULLA_E_REVOKED, 0 },
    { "revoked.gpg", "revoked.asc", MADE, BULLA_E_REVOKED, 0 }, /* also for what was made before */
    { "short.gpg", "short.asc", "2026-05-31T00:00:00Z", BULLA_OK, 1 },
    { "short.gpg", "short.asc", "2026-06-02T00:00:00Z", BULLA_E_EXPIRED, 0 },
    { "good.gpg", "lasts.asc", "2026-03-10T00:00:00Z", BULLA_OK, 1 },
    { "good.gpg", "lasts.asc", "2026-03-12T00:00:00Z", BULLA_E_EXPIRED, 0 },
    { "good.gpg", "good.asc", "2026-02-28T23:55:00Z", BULLA_OK, 1 }, /* five minutes ahead */
    { "good.gpg", "good.asc", "2026-02-28T23:54:59Z", BULLA_E_BAD_TIME, 0 },
    { "good.gpg", "good.asc", "2105-01-01T00:00:00Z", BULLA_OK, 1 },
    { "good.gpg", "good.asc", "2107-01-01T00:00:00Z", BULLA_E_BAD_TIME, 0 },
};

START_TEST(clear_signed_texts)
{
    if (skipped("clear-signed texts"))
        return;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_openpgp) pgp = certificates(messages[_i].certificate);
    bulla_bytes message = read_made(messages[_i].message);
    bulla_bytes text = { 0 };
    bu_openpgp_result result = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_openpgp_open_clearsigned(pgp, message, time_of(messages[_i].now),
                                                      arena, &text, &result, &err);
    release(message);
    ck_assert_msg(status.code == messages[_i].want, "case %d, %s: %s (%s)", _i,
                  messages[_i].message, bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(result.count, messages[_i].signers);
    if (!bulla_ok(status)) {
        unit_fails(status, messages[_i].want, err);
        ck_assert_ptr_null(text.ptr);
        return;
    }
    ck_assert(bu_bytes_is(text, SEEN));
    ck_assert_int_eq(result.signers[0].made, time_of(MADE));
}
END_TEST

static const struct {
    const char *certificate, *signature, *message, *now;
    bulla_code want;
} detached[] = {
    { "good.gpg", "good.sig", "text", THEN, BULLA_OK },
    { "good.gpg", "armored.sig", "text", THEN, BULLA_OK },
    { "rsa.gpg", "rsa.sig", "text", THEN, BULLA_OK },
    { "parent.gpg", "parent.sig", "text", THEN, BULLA_OK },
    { "good.gpg", "empty.sig", "/dev/null", THEN, BULLA_OK },
    { "good.gpg", "empty.sig", "text", THEN, BULLA_E_BAD_SIGNATURE },
    { "good.gpg", "good.sig", "/dev/null", THEN, BULLA_E_BAD_SIGNATURE },
    { "good.gpg", "good.sig", "good.asc", THEN, BULLA_E_BAD_SIGNATURE },
    { "good.gpg", "other.sig", "text", THEN, BULLA_E_UNTRUSTED_KEY },
    { "rsa.gpg", "sha1.sig", "text", THEN, BULLA_E_WEAK_HASH },
    { "rsa1024.gpg", "rsa1024.sig", "text", THEN, BULLA_E_WEAK_KEY },
    { "dsa.gpg", "dsa.sig", "text", THEN, BULLA_E_WEAK_KEY },
    { "revoked.gpg", "revoked.sig", "text", THEN, BULLA_E_REVOKED },
    { "short.gpg", "short.sig", "text", "2026-06-02T00:00:00Z", BULLA_E_EXPIRED },
    { "good.gpg", "good.sig", "text", "2026-02-01T00:00:00Z", BULLA_E_BAD_TIME },
    { "good.gpg", "whole.sig", "text", THEN, BULLA_E_BAD_SYNTAX }, /* the file was never hashed */
    { "good.gpg", "good.asc", "text", THEN, BULLA_E_BAD_SYNTAX },
    { "good.gpg", "good.pub", "text", THEN, BULLA_E_BAD_SYNTAX },
    { "good.gpg", "good.gpg", "text", THEN, BULLA_E_BAD_SYNTAX },
    { "good.gpg", "/dev/null", "text", THEN, BULLA_E_EMPTY },
    { "good.gpg", "text", "text", THEN, BULLA_E_BAD_SYNTAX },
};

static bulla_bytes read_or_nothing(const char *name)
{
    return name[0] == '/' ? (bulla_bytes){ calloc(1, 1), 0 } : read_made(name);
}

START_TEST(detached_signatures)
{
    if (skipped("detached signatures"))
        return;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_openpgp) pgp = certificates(detached[_i].certificate);
    bulla_bytes message = read_or_nothing(detached[_i].message);
    bulla_bytes signature = read_or_nothing(detached[_i].signature);
    bu_openpgp_result result = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        verify(pgp, message, signature, time_of(detached[_i].now), arena, &result, &err);
    release(message);
    release(signature);
    ck_assert_msg(status.code == detached[_i].want, "case %d, %s: %s (%s)", _i,
                  detached[_i].signature, bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(result.count, bulla_ok(status) ? 1 : 0);
}
END_TEST

START_TEST(every_bit_of_a_signature_counts)
{
    if (skipped("changed signatures"))
        return;
    BU_AUTO(bu_openpgp) pgp = certificates("good.gpg");
    bulla_bytes message = read_made("text");
    bulla_bytes signature = read_made("good.sig");
    uint8_t *bytes = (uint8_t *)(uintptr_t)signature.ptr;
    size_t accepted = 0;
    for (size_t i = 0; i < 8 * signature.len; i++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_openpgp_result result = { 0 };
        bulla_error err = { 0 };
        uint8_t bit = (uint8_t)(1 << i % 8);
        bytes[i / 8] ^= bit;
        bulla_status status = verify(pgp, message, signature, time_of(THEN), arena, &result, &err);
        bytes[i / 8] ^= bit;
        accepted += bulla_ok(status);
    }
    ck_assert_uint_eq(accepted, 0);
    release(message);
    release(signature);
}
END_TEST

/* The fingerprint is that of the certificate, also when a subkey has signed. */
START_TEST(signers_are_certificates)
{
    static const char *const names[] = { "good", "parent" };
    char name[64];
    if (skipped("fingerprints"))
        return;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    (void)snprintf(name, sizeof name, "%s.gpg", names[_i]);
    BU_AUTO(bu_openpgp) pgp = certificates(name);
    (void)snprintf(name, sizeof name, "%s.fingerprint", names[_i]);
    bulla_bytes want = read_made(name);
    (void)snprintf(name, sizeof name, "%s.sig", names[_i]);
    bulla_bytes signature = read_made(name);
    bulla_bytes message = read_made("text");
    bu_openpgp_result result = { 0 };
    bulla_error err = { 0 };
    unit_ok(verify(pgp, message, signature, time_of(THEN), arena, &result, &err), err);
    ck_assert(bu_bytes_is(bu_bytes_first(want, want.len - 1), result.signers[0].fingerprint));
    ck_assert_uint_eq(bu_openpgp_certificate_count(pgp), 1);
    ck_assert_str_eq(bu_openpgp_fingerprint(pgp, 0), result.signers[0].fingerprint);
    release(want);
    release(signature);
    release(message);
}
END_TEST

static const struct {
    const char *file;
    bulla_code want;
} keyrings[] = {
    { "two.gpg", BULLA_OK },
    { "secret.gpg", BULLA_E_BAD_SYNTAX },
    { "good.sig", BULLA_E_BAD_KEY },
    { "good.asc", BULLA_E_BAD_SYNTAX },
    { "text", BULLA_E_BAD_SYNTAX },
    { "/dev/null", BULLA_E_EMPTY },
    { "whole.sig", BULLA_E_BAD_SYNTAX },
};

START_TEST(certificates_are_strict)
{
    if (skipped("certificates"))
        return;
    BU_AUTO(bu_openpgp) pgp = NULL;
    bulla_error err = { 0 };
    bulla_bytes bytes = read_or_nothing(keyrings[_i].file);
    bulla_status status = bu_openpgp_new(bytes, &pgp, &err);
    release(bytes);
    ck_assert_msg(status.code == keyrings[_i].want, "%s: %s (%s)", keyrings[_i].file,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status))
        ck_assert_uint_eq(bu_openpgp_certificate_count(pgp), 2);
}
END_TEST

START_TEST(no_memory_is_said)
{
    if (skipped("allocation failures"))
        return;
    BU_AUTO(bu_openpgp) pgp = certificates("good.gpg");
    bulla_bytes message = read_made("good.asc");
    int64_t now = time_of(THEN);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bulla_bytes text;
        bu_openpgp_result result;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_openpgp_open_clearsigned(pgp, message, now, arena, &text, &result, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 4);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    release(message);
}
END_TEST

/* Debian's librnp writes what it thinks, foreign bytes and all, to stderr; none may get there. */
START_TEST(nothing_is_printed)
{
    char seen[16];
    int ends[2];
    if (skipped("silence"))
        return;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes message = read_made("flipped.asc");
    bulla_bytes text;
    bu_openpgp_result result;
    bulla_error err = { 0 };
    int kept = dup(STDERR_FILENO);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    BU_AUTO(bu_openpgp) pgp = certificates("good.gpg");
    bulla_status status =
        bu_openpgp_open_clearsigned(pgp, message, time_of(THEN), arena, &text, &result, &err);
    (void)fputs("end", stderr); /* which works as before */
    ck_assert_int_eq(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert_int_eq(read(ends[0], seen, sizeof seen), 3);
    ck_assert_int_eq(memcmp(seen, "end", 3), 0);
    release(message);
}
END_TEST

/* CVE-2021-3521: a subkey that its primary key never signed for. The binding is the last packet. */
START_TEST(subkeys_need_a_binding)
{
    if (skipped("subkeys without a binding"))
        return;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_openpgp) pgp = NULL;
    bulla_bytes certificate = read_made("parent.gpg");
    bulla_bytes signature = read_made("parent.sig");
    bulla_bytes message = read_made("text");
    bu_openpgp_result result;
    bulla_error err = { 0 };
    size_t at = 0;
    for (size_t end = 0; end < certificate.len;) { /* old headers: tag, length of one byte or two */
        const uint8_t *header = certificate.ptr + end;
        at = end;
        end += (header[0] & 3) == 0 ? 2U + header[1] : 3U + header[1] * 256U + header[2];
    }
    unit_ok(bu_openpgp_new(bu_bytes_first(certificate, at), &pgp, &err), err);
    unit_fails(verify(pgp, message, signature, time_of(THEN), arena, &result, &err),
               BULLA_E_WRONG_USAGE, err);
    release(certificate);
    release(signature);
    release(message);
}
END_TEST

#define LISTS   "/var/lib/apt/lists"
#define KEYRING "/usr/share/keyrings/debian-archive-keyring.gpg"

/* One list: good as it is, and refused with any one byte of its text changed. It is as new as apt
 * made it: it is judged by the clock of this machine. */
static void run_list(bu_openpgp *pgp, const char *path)
{
    bulla_bytes message = unit_slurp(path);
    uint8_t *bytes = (uint8_t *)(uintptr_t)message.ptr;
    int64_t now = (int64_t)time(NULL);
    bulla_bytes text = { 0 };
    bu_openpgp_result result = { 0 };
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    unit_ok(bu_openpgp_open_clearsigned(pgp, message, now, arena, &text, &result, &err), err);
    ck_assert_uint_ge(result.count, 1);
    ck_assert(bu_bytes_starts(text, "Origin: "));
    bytes[message.len / 2] ^= 1;
    unit_fails(bu_openpgp_open_clearsigned(pgp, message, now, arena, &text, &result, &err),
               BULLA_E_BAD_SIGNATURE, err);
    release(message);
}

START_TEST(lists_of_this_machine)
{
    size_t count = 0;
    char path[4096];
    DIR *stream = opendir(LISTS);
    if (stream == NULL || access(KEYRING, R_OK) != 0) {
        unit_skipped("Debian's InRelease", "no lists of apt or no archive keyring here");
        if (stream != NULL)
            (void)closedir(stream);
        return;
    }
    BU_AUTO(bu_openpgp) pgp = NULL;
    bulla_error err = { 0 };
    bulla_bytes keyring = unit_slurp(KEYRING);
    unit_ok(bu_openpgp_new(keyring, &pgp, &err), err);
    release(keyring);
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (bu_bytes_ends(bu_bytes_of(entry->d_name), "_InRelease") &&
            strstr(entry->d_name, "debian") != NULL) {
            (void)snprintf(path, sizeof path, LISTS "/%s", entry->d_name);
            run_list(pgp, path);
            count++;
        }
    (void)closedir(stream);
    printf("# openpgp: %zu lists of apt\n", count);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, set_up, NULL);
    tcase_add_loop_test(tc, clear_signed_texts, 0, (int)(sizeof messages / sizeof messages[0]));
    tcase_add_loop_test(tc, detached_signatures, 0, (int)(sizeof detached / sizeof detached[0]));
    tcase_add_test(tc, every_bit_of_a_signature_counts);
    tcase_add_loop_test(tc, signers_are_certificates, 0, 2);
    tcase_add_loop_test(tc, certificates_are_strict, 0,
                        (int)(sizeof keyrings / sizeof keyrings[0]));
    tcase_add_test(tc, no_memory_is_said);
    tcase_add_test(tc, subkeys_need_a_binding);
    tcase_add_test(tc, nothing_is_printed);
    tcase_add_test(tc, lists_of_this_machine);
}

int main(void)
{
    return unit_run("signature/openpgp", add);
}
