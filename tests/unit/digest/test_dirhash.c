/* SPDX-License-Identifier: MIT */
/* h1: the digest that Go and Terraform pin of a set of files. */
#include "suite.h"

#include "base/encode.h"
#include "digest/dirhash.h"
#include "digest/hasher.h"

static void show(const bu_dirhash_file *const *files, size_t count, bu_buf *out)
{
    bulla_digest h1;
    bulla_error err = { 0 };
    unit_ok(bu_dirhash_of(files, count, &h1, &err), err);
    ck_assert_int_eq(h1.alg, BULLA_ALG_H1);
    bu_base64_encode((bulla_bytes){ h1.bytes, h1.len }, out);
}

static bu_dirhash_file file_of(const char *name, const char *content)
{
    bu_dirhash_file file = { .name = bu_bytes_of(name) };
    bulla_digest sha256;
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_bytes_of(content), &sha256, &err), err);
    memcpy(file.sha256, sha256.bytes, sizeof file.sha256);
    return file;
}

/* `printf '%s' TEXT | sha256sum` of each, the lines sorted, once more, in base64. */
START_TEST(files_have_one_h1)
{
    const bu_dirhash_file a = file_of("abc", "abc"), b = file_of("xyz", "xyz");
    BU_CLEAR(bu_buf) none = { 0 };
    BU_CLEAR(bu_buf) two = { 0 };
    show(NULL, 0, &none);
    ck_assert_str_eq((const char *)none.ptr, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    show((const bu_dirhash_file *[]){ &a, &b }, 2, &two);
    ck_assert_str_eq((const char *)two.ptr, "5x+J7/tPp7trhNEw+GO0OsNRN/yL8n+hhodehAsOppI=");
}
END_TEST

/* With it, "x\nHASH  y" would stand for two files. */
START_TEST(a_line_break_in_a_name_is_refused)
{
    const bu_dirhash_file a = file_of("a\nb", "abc");
    bulla_digest h1;
    bulla_error err = { 0 };
    unit_fails(bu_dirhash_of((const bu_dirhash_file *[]){ &a }, 1, &h1, &err), BULLA_E_BAD_NAME,
               err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, files_have_one_h1);
    tcase_add_test(tc, a_line_break_in_a_name_is_refused);
}

int main(void)
{
    return unit_run("digest/dirhash", add);
}
