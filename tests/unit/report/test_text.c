/* SPDX-License-Identifier: MIT */
/*
 * The text that a person reads: what is wrong first, every number, one answer
 * at the end, and nothing that a package's author could have put there.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "sample.h"

static const bulla_render_options plain = { 0 }, verbose = { .verbose = true },
                                  colored = { .color = true };

static bulla_buffer text_of(const bulla_result *result, const bulla_render_options *options)
{
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    unit_ok(bulla_result_render(result, "text", options, &out, &err), err);
    return out;
}

static const char mixed[] =
    "ERROR     bad-syntax  sub/package-lock.json:3:9  a comma is missing\n"
    "          next:     correct the text at the place named\n"
    "DENIED    pkg:npm/wrong@1.3.0  hash-mismatch  package-lock.json:14:7  "
    "these are not the bytes that were pinned  [built-in: dependencies]\n"
    "          expected: sha512:00\n"
    "          got:      sha512:01\n"
    "          next:     remove this file and fetch it again; if it differs again, do not use it\n"
    "UNPROVEN  pkg:npm/unpinned@2.0.0  missing-hash  package-lock.json:20:5  no digest is pinned"
    "  [built-in: dependencies]\n"
    "          also:     unreadable  unpinned-2.0.0.tgz: byte 512  not judged\n"
    "          next:     pin a digest for it in the lockfile\n"
    "WARNING   pkg:npm/%40acme/good@1.0.0  threshold  no proof that enough people of a role signed "
    "it\n"
    "          expected: signature:review\n"
    "          next:     let one more person of the role sign: bulla sign --append --key KEY FILE\n"
    "WARNING   the root of the trust store was signed with a one-time key\n"
    "\n"
    "vouched:  release: alice  pkg:generic/app.tar.gz\n"
    "vouched:  release: alice, bob  https://slsa.dev/provenance/v1  pkg:generic/app.tar.gz\n"
    "built:    from https://git.example/org/app  ref refs/tags/v1.2.3  commit "
    "0123456789abcdef0123456789abcdef01234567  by https://build.example/runner  (SLSA build level "
    "3)\n"
    "note:     the registry's key has expired; when it signed is not proved\n"
    "6 total = 4 allowed + 0 waived + 1 denied + 1 unproven\n"
    "no bytes: 1 optional and not installed, 1 of the project itself\n"
    "signed:   1 of 6\n"
    "checked:  package-lock.json\n"
    "SBOMs:    app.cdx.json\n"
    "policy:   bulla.policy.toml  "
    "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
    "trust:    .bulla/trust  version 3  "
    "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
    "time:     2026-11-21T00:00:00Z\n"
    "RESULT: MALFORMED INPUT (exit 6)\n";

static const char clean_verbose[] =
    "ALLOWED   pkg:generic/app.tar.gz  signature (release: alice, bob), signature (release: "
    "alice), "
    "provenance, registry-signature"
    "  [built-in: dependencies]\n"
    "ALLOWED   pkg:npm/%40acme/good@1.0.0  digest, contents  [built-in: dependencies]\n"
    "ALLOWED   pkg:npm/fsevents@2.3.3  not-installed  [built-in: dependencies]\n"
    "ALLOWED   pkg:npm/own@0.0.1  local  [built-in: dependencies]\n"
    "\n"
    "vouched:  release: alice  pkg:generic/app.tar.gz\n"
    "vouched:  release: alice, bob  https://slsa.dev/provenance/v1  pkg:generic/app.tar.gz\n"
    "built:    from https://git.example/org/app  ref refs/tags/v1.2.3  commit "
    "0123456789abcdef0123456789abcdef01234567  by https://build.example/runner  (SLSA build level "
    "3)\n"
    "note:     the registry's key has expired; when it signed is not proved\n"
    "4 total = 4 allowed + 0 waived + 0 denied + 0 unproven\n"
    "no bytes: 1 optional and not installed, 1 of the project itself\n"
    "signed:   1 of 4\n"
    "checked:  package-lock.json, dist/app.tar.gz\n"
    "policy:   built-in  sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
    "trust:    none\n"
    "time:     2026-11-21T00:00:00Z\n"
    "RESULT: ALLOWED (exit 0)\n";

static const char empty[] = "0 total = 0 allowed + 0 waived + 0 denied + 0 unproven\n"
                            "signed:   0 of 0\n"
                            "policy:   none\n"
                            "trust:    none\n"
                            "time:     2026-11-21T00:00:00Z\n"
                            "RESULT: NOTHING TO VERIFY (exit 4)\n";

static const struct {
    bulla_result *(*make)(void);
    const bulla_render_options *options;
    const char *want;
} pages[] = {
    { sample_mixed, &plain, mixed },
    { sample_clean, &verbose, clean_verbose },
    { sample_empty, &plain, empty },
    { sample_empty, NULL, empty },
};

START_TEST(page)
{
    BU_AUTO(bulla_result) result = pages[_i].make();
    bulla_buffer out = text_of(result, pages[_i].options);
    ck_assert_str_eq((const char *)out.ptr, pages[_i].want);
    ck_assert_uint_eq(out.len, strlen(pages[_i].want));
    bulla_buffer_free(&out);
}
END_TEST

static size_t count_of(const bulla_buffer *text, const char *needle)
{
    size_t count = 0;
    for (const char *at = (const char *)text->ptr; (at = strstr(at, needle)) != NULL; at++)
        count++;
    return count;
}

/* Of 1,400 components without an archive, the one that is wrong must not scroll away. */
START_TEST(same_reason_is_said_once)
{
    BU_AUTO(bulla_result) result = sample_many(1400);
    bulla_buffer out = text_of(result, &plain);
    ck_assert_uint_eq(count_of(&out, "UNPROVEN  pkg:npm/many-"), 20);
    ck_assert_uint_eq(count_of(&out, "UNPROVEN  and 1380 more  missing-hash  (-v shows each)\n"),
                      1);
    ck_assert_uint_eq(count_of(&out, "next:     pin a digest for it in the lockfile\n"), 1);
    ck_assert_uint_eq(count_of(&out, "UNPROVEN  pkg:npm/unpinned@2.0.0  threshold"), 1);
    ck_assert_ptr_eq(strstr((const char *)out.ptr, "DENIED"), (const char *)out.ptr);
    ck_assert_uint_eq(
        count_of(&out, "1402 total = 0 allowed + 0 waived + 1 denied + 1401 unproven\n"), 1);
    bulla_buffer_free(&out);
}
END_TEST

START_TEST(verbose_shows_each)
{
    BU_AUTO(bulla_result) result = sample_many(1400);
    bulla_buffer out = text_of(result, &verbose);
    ck_assert_uint_eq(count_of(&out, "UNPROVEN  pkg:npm/many-"), 1400);
    ck_assert_uint_eq(count_of(&out, "UNPROVEN  and "), 0);
    bulla_buffer_free(&out);
}
END_TEST

/* What is denied is never summed up. */
START_TEST(denied_are_all_shown)
{
    BU_AUTO(bulla_result) result = sample_many(100);
    for (size_t i = 0; i < result->count; i++) {
        result->judgements[i].verdict = BULLA_DENIED;
        result->judgements[i].exit = BULLA_EXIT_DENIED;
    }
    bu_result_total(result);
    bulla_buffer out = text_of(result, &plain);
    ck_assert_uint_eq(count_of(&out, "DENIED    pkg:npm/"), 102);
    bulla_buffer_free(&out);
}
END_TEST

START_TEST(people_of_many_components)
{
    static const bulla_component components[] = { { .purl = "pkg:deb/debian/a@1" },
                                                  { .purl = "pkg:deb/debian/b@1" },
                                                  { .purl = "pkg:deb/debian/c@1" } };
    static const bulla_fact chain[] = {
        { .proof = BULLA_PROOF_ARCHIVE_CHAIN,
          .outcome = BULLA_HELD,
          .role = "debian",
          .who = "F8D2" },
        { .proof = BULLA_PROOF_ARCHIVE_CHAIN,
          .outcome = BULLA_HELD,
          .role = "debian",
          .who = "F8D2" },
        { .proof = BULLA_PROOF_SIGNATURE,
          .outcome = BULLA_BROKEN,
          .role = "debian",
          .who = "mallory" },
    };
    bulla_judgement judgements[3];
    for (size_t i = 0; i < 3; i++)
        judgements[i] = (bulla_judgement){ .component = &components[i],
                                           .facts = chain,
                                           .fact_count = 3,
                                           .verdict = BULLA_ALLOWED,
                                           .rule = "r" };
    BU_AUTO(bulla_result) result = bu_result_new();
    result->judgements = judgements;
    result->count = 3;
    bu_result_total(result);
    bulla_buffer out = text_of(result, &plain);
    ck_assert_uint_eq(count_of(&out, "vouched:  debian: F8D2  3 components\n"), 1);
    ck_assert_uint_eq(count_of(&out, "mallory"), 0);
    ck_assert_uint_eq(count_of(&out, "signed:   3 of 3\n"), 1);
    bulla_buffer_free(&out);
}
END_TEST

static const bulla_verdict verdicts[] = { BULLA_DENIED, BULLA_UNPROVEN, BULLA_WAIVED,
                                          BULLA_ALLOWED };

/* No byte of a package's author moves the cursor, hides text, or begins a line. */
START_TEST(hostile_texts_are_escaped)
{
    BU_AUTO(bulla_result) result = sample_hostile(verdicts[_i]);
    bulla_buffer out = text_of(result, &verbose);
    for (size_t i = 0; i < out.len; i++)
        ck_assert_msg(out.ptr[i] == '\n' || (out.ptr[i] >= 0x20 && out.ptr[i] < 0x7f),
                      "byte %02x at %zu", out.ptr[i], i);
    ck_assert_uint_eq(count_of(&out, "\nRESULT: "), 1);
    ck_assert_uint_eq(count_of(&out, "\nRESULT: ALLOWED"), 0);
    ck_assert_uint_gt(count_of(&out, "x\\x1B[2J\\x0D\\x0A"), 8);
    bulla_buffer_free(&out);
}
END_TEST

static const struct {
    const char *raw, *shown;
} hidden[] = {
    { "a\x1b[0mb", "a\\x1B[0mb" }, { "a\nb", "a\\x0Ab" },
    { "a\x7f", "a\\x7F" },         { "a\\nb", "a\\\\nb" },
    { "a\xc2\x85", "a\\u{85}" },   { "a\xe2\x80\xae", "a\\u{202E}" },
    { "a\xff", "a\\xFF" },         { "n\xc3\xa4me", "n\xc3\xa4me" },
};

/* Each alone: a text with one such character is no plainer than one with many. */
START_TEST(each_hidden_character_is_escaped)
{
    char want[64];
    (void)snprintf(want, sizeof want, "policy:   %s\n", hidden[_i].shown);
    BU_AUTO(bulla_result) result = sample_empty();
    result->policy = hidden[_i].raw;
    bulla_buffer out = text_of(result, &plain);
    ck_assert_uint_eq(count_of(&out, want), 1);
    bulla_buffer_free(&out);
}
END_TEST

START_TEST(colors_only_when_asked)
{
    BU_AUTO(bulla_result) result = sample_mixed();
    bulla_buffer without = text_of(result, &plain), with = text_of(result, &colored);
    ck_assert_ptr_null(memchr(without.ptr, '\x1b', without.len));
    ck_assert_uint_eq(count_of(&with, "\x1b[31mDENIED\x1b[0m    pkg:npm/wrong"), 1);
    ck_assert_uint_eq(count_of(&with, "\x1b[31mRESULT: MALFORMED INPUT (exit 6)\x1b[0m\n"), 1);
    bulla_buffer_free(&without);
    bulla_buffer_free(&with);
}
END_TEST

START_TEST(no_such_format)
{
    BU_AUTO(bulla_result) result = sample_empty();
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    unit_fails(bulla_result_render(result, "Text", &plain, &out, &err), BULLA_E_USAGE, err);
    ck_assert_str_eq(err.expected, "text, json or input");
    ck_assert_str_eq(err.got, "Text");
    ck_assert_ptr_null(out.ptr);
}
END_TEST

START_TEST(no_memory)
{
    BU_AUTO(bulla_result) result = sample_hostile(BULLA_DENIED);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer out = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_result_render(result, "text", &verbose, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            bulla_buffer_free(&out);
            ck_assert_uint_gt(n, 2);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(out.ptr);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, page, 0, sizeof pages / sizeof pages[0]);
    tcase_add_test(tc, same_reason_is_said_once);
    tcase_add_test(tc, verbose_shows_each);
    tcase_add_test(tc, denied_are_all_shown);
    tcase_add_test(tc, people_of_many_components);
    tcase_add_loop_test(tc, hostile_texts_are_escaped, 0, sizeof verdicts / sizeof verdicts[0]);
    tcase_add_loop_test(tc, each_hidden_character_is_escaped, 0, sizeof hidden / sizeof hidden[0]);
    tcase_add_test(tc, colors_only_when_asked);
    tcase_add_test(tc, no_such_format);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("report: text", add);
}
