/* SPDX-License-Identifier: MIT */
/* Project Wycheproof's signature vectors, where they lie beside the checkout: every verdict. */
#include "keys.h"

#include <dirent.h>

#include "base/encode.h"
#include "base/limits.h"
#include "syntax/json.h"

static bulla_bytes need(const bu_json *object, const char *field)
{
    bulla_error err = { 0 };
    bulla_bytes text;
    unit_ok(bu_json_need_text(object, field, "vectors", &text, &err), err);
    return text;
}

static void need_hex(const bu_json *object, const char *field, bu_buf *out)
{
    bulla_error err = { 0 };
    bulla_bytes hex = need(object, field);
    uint8_t *room = bu_buf_room(out, hex.len / 2);
    ck_assert_ptr_nonnull(room);
    unit_ok(bu_hex_decode(hex, room, hex.len / 2, &err), err);
    bu_buf_added(out, hex.len / 2);
}

/* "SHA-256" is "sha256" in the names of algorithms. */
static void add_hash(bu_buf *out, bulla_bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] != '-')
            bu_buf_add_byte(out, name.ptr[i] | 0x20);
}

/* The algorithm's name from that of the file and what the group says. */
static void add_name(bu_buf *out, const char *file, const bu_json *group)
{
    int64_t salt = 0;
    bulla_error err = { 0 };
    bool p1363 = strstr(file, "p1363") != NULL;
    if (strncmp(file, "ecdsa_secp", 10) == 0)
        bu_buf_add_format(out, "ecdsa-p%.3s-", file + 10);
    else if (strncmp(file, "rsa_signature", 13) == 0)
        bu_buf_add_text(out, "rsa-pkcs1-");
    else if (strncmp(file, "rsa_pss", 7) == 0)
        bu_buf_add_text(out, "rsa-pss-");
    else {
        bu_buf_add_text(out, "ed25519");
        return;
    }
    add_hash(out, need(group, "sha"));
    if (p1363)
        bu_buf_add_text(out, "-p1363");
    if (strncmp(file, "rsa_pss", 7) != 0)
        return;
    bu_buf_add_text(out, "-mgf1");
    add_hash(out, need(group, "mgfSha"));
    unit_ok(bu_json_need_integer(group, "sLen", "vectors", &salt, &err), err);
    bu_buf_add_format(out, "-salt%d", (int)salt);
}

static void run_test(const char *file, const bu_json *test, const bu_key *key,
                     const bu_algorithm *algorithm)
{
    int64_t id = 0;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) message = { 0 };
    BU_CLEAR(bu_buf) signature = { 0 };
    unit_ok(bu_json_need_integer(test, "tcId", "vectors", &id, &err), err);
    need_hex(test, "msg", &message);
    need_hex(test, "sig", &signature);
    bulla_bytes result = need(test, "result");
    bulla_status status =
        bu_verify(key, algorithm, bu_buf_bytes(&message), bu_buf_bytes(&signature), &err);
    if (bu_bytes_is(result, "acceptable"))
        return;
    bulla_code want = bu_bytes_is(result, "valid") ? BULLA_OK : BULLA_E_BAD_SIGNATURE;
    ck_assert_msg(status.code == want, "%s, test %d: %s, want %s", file, (int)id,
                  bulla_code_name(status.code), bulla_code_name(want));
}

static void run_group(const char *file, const bu_json *group, size_t *total)
{
    bulla_error err = { 0 };
    const bu_json *tests;
    BU_AUTO(bu_key) key = NULL;
    BU_CLEAR(bu_buf) name = { 0 };
    unit_ok(bu_json_need_array(group, "tests", file, &tests, &err), err);
    unit_ok(bu_key_read(need(group, "publicKeyPem"), &key, &err), err);
    add_name(&name, file, group);
    const bu_algorithm *algorithm = bu_algorithm_by_name(bu_buf_bytes(&name));
    ck_assert_msg(algorithm != NULL, "%s: no algorithm %s", file, name.ptr);
    for (size_t i = 0; i < bu_json_count(tests); i++, ++*total)
        run_test(file, bu_json_at(tests, i), key, algorithm);
}

static void run_file(const char *folder, const char *file, size_t *total)
{
    char path[4096];
    bulla_error err = { 0 };
    const bu_json *groups;
    BU_AUTO(bu_json) all = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    bulla_bytes text = unit_slurp(path);
    unit_ok(bu_json_parse(text, file, &all, &err), err);
    unit_ok(bu_json_need_array(all, "testGroups", file, &groups, &err), err);
    for (size_t i = 0; i < bu_json_count(groups); i++)
        run_group(file, bu_json_at(groups, i), total);
    free_text(text);
}

START_TEST(every_verdict)
{
    size_t tests = 0;
    char *folder = unit_vectors_path("wycheproof");
    if (folder == NULL) {
        unit_skipped("Wycheproof", "its vectors are not beside the checkout");
        return;
    }
    DIR *stream = opendir(folder);
    ck_assert_ptr_nonnull(stream);
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (bu_bytes_ends(bu_bytes_of(entry->d_name), ".json") &&
            strncmp(entry->d_name, "mldsa", 5) != 0) /* no such keys are known here */
            run_file(folder, entry->d_name, &tests);
    (void)closedir(stream);
    free(folder);
    printf("# wycheproof: %zu tests\n", tests);
    ck_assert_uint_gt(tests, 1000);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, every_verdict);
}

int main(void)
{
    return unit_run("signature/wycheproof", add);
}
