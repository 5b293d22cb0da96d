/* SPDX-License-Identifier: MIT */
/*
 * The texts that bind a signed JAR together. Where one reader would see another name or digest than
 * the next, the text is refused, with the line.
 */
#include "evidence/jar_manifest.h"

#include "alloc_fail.h"
#include "suite.h"

#define A   "SHA-256-Digest: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\r\n"
#define TOP "Manifest-Version: 1.0\r\nCreated-By: test\r\n\r\n"

static bulla_error err;

static bulla_status read(const char *text, bu_arena *arena, bu_jar_manifest *out)
{
    err = (bulla_error){ 0 };
    return bu_jar_manifest_read(bu_bytes_of(text), "Manifest-Version", arena, out, &err);
}

START_TEST(sections_are_found_by_name_whatever_their_order)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_jar_manifest m;
    unit_ok(read(TOP "Name: z/b.class\r\n" A "\r\nName: a.class\r\nX: 1\r\n" A "\r\n", arena, &m),
            err);
    ck_assert_uint_eq(m.count, 2);
    const bu_jar_section *section = bu_jar_section_of(&m, BULLA_LIT("z/b.class"));
    ck_assert_ptr_nonnull(section);
    ck_assert_uint_eq(section->line, 4);
    ck_assert(bu_bytes_is(section->raw, "Name: z/b.class\r\n" A "\r\n"));
    ck_assert(bu_bytes_is(m.main.raw, TOP));
    ck_assert(
        bu_bytes_is(bu_jar_attribute_of(bu_jar_section_of(&m, BULLA_LIT("a.class")), "x"), "1"));
    ck_assert_ptr_null(bu_jar_section_of(&m, BULLA_LIT("b.class")));
}
END_TEST

/* Lines are at most 72 bytes long, so a long name goes on behind a blank. */
START_TEST(folded_lines_are_put_together)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_jar_manifest m;
    bulla_digest_set digests;
    unit_ok(read("Manifest-Version: 1.0\n\nName: very/lo\n ng/na\n me.class\nSHA-256-Digest: "
                 "AQEBAQEBAQ\n"
                 " EBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\n",
                 arena, &m),
            err);
    const bu_jar_section *section = bu_jar_section_of(&m, BULLA_LIT("very/long/name.class"));
    ck_assert_ptr_nonnull(section);
    unit_ok(bu_jar_digests(section, "-Digest", &digests, &err), err);
    ck_assert_uint_eq(digests.count, 1);
    ck_assert_uint_eq(digests.items[0].bytes[31], 1);
}
END_TEST

/* What a digest of a section is made of ends with one empty line, wherever the next section is. */
START_TEST(more_empty_lines_are_of_no_section)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_jar_manifest m;
    unit_ok(read("Manifest-Version: 1.0\n\n\n\nName: a\n" A "\n\n", arena, &m), err);
    ck_assert(bu_bytes_is(m.main.raw, "Manifest-Version: 1.0\n\n"));
    ck_assert(bu_bytes_is(m.sections[0].raw, "Name: a\n" A "\n"));
    unit_ok(read("Manifest-Version: 1.0\n\nName: a\n" A, arena, &m), err);
    ck_assert(bu_bytes_is(m.sections[0].raw, "Name: a\n" A));
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
    uint32_t line;
} refusals[] = {
    { "", BULLA_E_MISSING_FIELD, 1 },
    { "Created-By: x\n\n", BULLA_E_MISSING_FIELD, 1 },
    { "Manifest-Version: 1.0", BULLA_E_TRUNCATED, 1 },
    { TOP "Name: a\r\n" A "Name: b", BULLA_E_TRUNCATED, 6 },
    { "Manifest-Version:1.0\n\n", BULLA_E_BAD_SYNTAX, 1 },
    { "Manifest-Version\n\n", BULLA_E_BAD_SYNTAX, 1 },
    { " Manifest-Version: 1.0\n\n", BULLA_E_BAD_SYNTAX, 1 },
    { "Manifest-\n Version: 1.0\n\n", BULLA_E_BAD_SYNTAX, 1 },
    { "Manifest Version: 1.0\n\n", BULLA_E_BAD_SYNTAX, 1 },
    { "Manifest-Version: 1.0\nManifest-version: 2.0\n\n", BULLA_E_DUPLICATE_KEY, 2 },
    { "Manifest-Version: 1.0\rName: a\n\n", BULLA_E_CONTROL_CHARACTER, 1 },
    { "Manifest-Version: 1.0\nX: \x01\n\n", BULLA_E_CONTROL_CHARACTER, 2 },
    { TOP A "\r\n", BULLA_E_BAD_SYNTAX, 4 },
    { TOP "Name: \r\n" A "\r\n", BULLA_E_BAD_SYNTAX, 4 },
    { TOP A "Name: a\r\n\r\n", BULLA_E_BAD_SYNTAX, 4 },
    { TOP "Name: a\r\n" A "\r\nName: a\r\n" A "\r\n", BULLA_E_DUPLICATE_ENTRY, 7 },
    { TOP "Name: a\r\n" A A "\r\n", BULLA_E_DUPLICATE_KEY, 6 },
    { TOP "Name: a\r\n" A "\r\n Name: b\r\n\r\n", BULLA_E_BAD_SYNTAX, 7 },
};

START_TEST(what_readers_differ_about_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_jar_manifest m;
    unit_fails(read(refusals[_i].text, arena, &m), refusals[_i].code, err);
    ck_assert_uint_eq(err.line, refusals[_i].line);
}
END_TEST

START_TEST(a_section_has_no_end_of_attributes)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_jar_manifest m;
    bu_buf_add_text(&text, "Manifest-Version: 1.0\n");
    for (int i = 0; i < 200; i++)
        bu_buf_add_format(&text, "X%d: 1\n", i);
    unit_fails(read((const char *)text.ptr, arena, &m), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

static const struct {
    const char *attributes;
    const char *ending;
    bulla_code code;
    uint32_t count;
} digests[] = {
    { A, "-Digest", BULLA_OK, 1 },
    { "sha-256-digest: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", "-Digest", BULLA_OK, 1 },
    { A "SHA1-Digest: AQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", "-Digest", BULLA_OK, 1 },
    { A, "-Digest-Manifest", BULLA_E_MISSING_HASH, 0 },
    { "SHA-256-Digest-Manifest: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", "-Digest-Manifest",
      BULLA_OK, 1 },
    { "SHA1-Digest: AQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", "-Digest", BULLA_E_WEAK_HASH, 0 },
    { "SHA-Digest: AQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", "-Digest", BULLA_E_WEAK_HASH, 0 },
    { "MD5-Digest: AQEBAQEBAQEBAQEBAQEBAQ==\n", "-Digest", BULLA_E_WEAK_HASH, 0 },
    { "X: 1\n", "-Digest", BULLA_E_MISSING_HASH, 0 },
    { "SHA-999-Digest: AQEB\n", "-Digest", BULLA_E_MISSING_HASH, 0 },
    { "SHA-256-Digest: AQEB\n", "-Digest", BULLA_E_BAD_ENCODING, 0 },
    { "SHA-256-Digest: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF=\n", "-Digest",
      BULLA_E_BAD_ENCODING, 0 },
};

START_TEST(only_strong_digests_count)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_jar_manifest m;
    bulla_digest_set got;
    bu_buf_add_format(&text, "Manifest-Version: 1.0\n\nName: a\n%s\n", digests[_i].attributes);
    unit_ok(read((const char *)text.ptr, arena, &m), err);
    bulla_status status = bu_jar_digests(&m.sections[0], digests[_i].ending, &got, &err);
    ck_assert_msg(status.code == digests[_i].code, "%d: %s", _i, bulla_code_name(status.code));
    ck_assert_uint_eq(got.count, digests[_i].count);
    ck_assert_uint_eq(err.line, bulla_ok(status) ? 0 : 3);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_jar_manifest m;
        alloc_fail_at(n);
        bulla_status status = read(TOP "Name: a\r\n b\r\n" A "\r\n", arena, &m);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, sections_are_found_by_name_whatever_their_order);
    tcase_add_test(tc, folded_lines_are_put_together);
    tcase_add_test(tc, more_empty_lines_are_of_no_section);
    tcase_add_loop_test(tc, what_readers_differ_about_is_refused, 0,
                        sizeof refusals / sizeof refusals[0]);
    tcase_add_test(tc, a_section_has_no_end_of_attributes);
    tcase_add_loop_test(tc, only_strong_digests_count, 0, sizeof digests / sizeof digests[0]);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("jar_manifest", add);
}
