/* SPDX-License-Identifier: MIT */
/*
 * keys/, the store of this repository: it must load, and it must open what
 * Debian's archive on this machine is signed with.
 */
#include <time.h>

#include "build.h"
#include "bulla/trust.h"
#include "io/file.h"
#include "base/limits.h"
#include "trust/open.h"

#define APT_LISTS "/var/lib/apt/lists"

static bulla_trust *load_keys(void)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    char *folder = unit_source_path("keys");
    ck_assert_ptr_nonnull(folder);
    bulla_trust_options options = { .folder = folder, .now = TEST_NOW };
    bulla_status status = bulla_trust_load(&options, &trust, &err);
    unit_ok(status, err);
    free(folder);
    return trust;
}

START_TEST(the_store_of_this_repository_loads)
{
    BU_AUTO(bulla_trust) trust = load_keys();
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("debian-archive"));
    ck_assert_ptr_nonnull(role);
    ck_assert(bu_role_has_openpgp(trust, role));
    ck_assert(bu_role_covers(role, BULLA_LIT("pkg:deb/debian/curl@7.88.1-10?arch=amd64"),
                             (bulla_bytes){ 0 }, TEST_NOW));
    ck_assert(!bu_role_covers(role, BULLA_LIT("pkg:npm/curl@1.0.0"), (bulla_bytes){ 0 }, TEST_NOW));
    ck_assert(
        !bu_role_covers(role, BULLA_LIT("pkg:deb/ubuntu/curl@1"), (bulla_bytes){ 0 }, TEST_NOW));
}
END_TEST

/* The lists are as new as apt made them: they are judged by the clock of this machine. */
static void opens(const bulla_trust *trust, const bu_folder *lists, const char *name)
{
    int64_t now = (int64_t)time(NULL);
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_payload) payload = NULL;
    BU_AUTO(bu_payload) none = NULL;
    const bu_role *role = bu_trust_role(trust, BULLA_LIT("debian-archive"));
    bulla_status status = bu_file_slurp(lists, name, BU_LIMIT_METADATA_BYTES, &text, &err);
    unit_ok(status, err);
    status = bu_open_clearsigned(trust, role, bu_buf_bytes(&text), now, &payload, &err);
    unit_ok(status, err);
    ck_assert_uint_ge(bu_payload_people(payload), 1);
    ck_assert(memmem(bu_payload_bytes(payload).ptr, bu_payload_bytes(payload).len, "SHA256:", 7) !=
              NULL);
    uint8_t *digest = memmem(text.ptr, text.len, "SHA256:\n ", 9);
    ck_assert_ptr_nonnull(digest);
    digest[9] ^= 1;
    status = bu_open_clearsigned(trust, role, bu_buf_bytes(&text), now, &none, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert_ptr_null(none);
}

START_TEST(it_opens_what_debian_signed)
{
    BU_AUTO(bulla_trust) trust = load_keys();
    BU_CLEAR(bu_folder) lists = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    bulla_error err = { 0 };
    if (bulla_ok(bu_folder_open(APT_LISTS, &lists, &err))) {
        bulla_status status = bu_folder_list(&lists, "_InRelease", &names, &err);
        unit_ok(status, err);
    }
    for (size_t i = 0; i < names.count; i++)
        if (strstr(names.items[i], "debian") != NULL)
            opens(trust, &lists, names.items[i]);
    if (names.count == 0)
        unit_skipped("InRelease files", "apt has fetched none on this machine");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, the_store_of_this_repository_loads);
    tcase_add_test(tc, it_opens_what_debian_signed);
}

int main(void)
{
    return unit_run("trust/keys", add);
}
