/* SPDX-License-Identifier: MIT */
/*
 * bulla.lock: what it may say, and what is noticed when a dependency comes from elsewhere or from
 * somebody else. The attack in most cases: everything about the new release is in order by itself.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "policy/publishers.h"

#define HEAD    "{\"schema\": \"bulla.lock/1\", \"packages\": [\n"
#define TAIL    "]}"
#define A(rest) "{\"purl\": \"pkg:npm/a\", \"line\": \"1\"" rest "}"
#define ONE(...)                                                                                   \
    HEAD A(__VA_ARGS__)                                                                            \
    TAIL

static const struct {
    const char *json;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    { "", BULLA_E_EMPTY, 1, 1 },
    { "[]", BULLA_E_TYPE_MISMATCH, 1, 1 },
    { "{\"packages\": []}", BULLA_E_MISSING_FIELD, 1, 1 },
    { "{\"schema\": \"bulla.lock/2\", \"packages\": []}", BULLA_E_UNSUPPORTED_VERSION, 1, 12 },
    { "{\"schema\": \"bulla.lock/1\"}", BULLA_E_MISSING_FIELD, 1, 1 },
    { "{\"schema\": \"bulla.lock/1\", \"packages\": [], \"x\": 1}", BULLA_E_BAD_SYNTAX, 1, 49 },
    { HEAD "1" TAIL, BULLA_E_TYPE_MISMATCH, 2, 1 },
    { HEAD "{\"line\": \"1\"}" TAIL, BULLA_E_MISSING_FIELD, 2, 1 },
    { HEAD "{\"purl\": \"pkg:npm/a\"}" TAIL, BULLA_E_MISSING_FIELD, 2, 1 },
    { HEAD "{\"purl\": \"pkg:npm/a\", \"line\": 1}" TAIL, BULLA_E_TYPE_MISMATCH, 2, 31 },
    { HEAD "{\"purl\": \"pkg:npm/a@1\", \"line\": \"1\"}" TAIL, BULLA_E_BAD_PURL, 2, 10 },
    { HEAD "{\"purl\": \"pkg:npm/a?x=y\", \"line\": \"1\"}" TAIL, BULLA_E_BAD_PURL, 2, 10 },
    { HEAD "{\"purl\": \"pkg:NPM/a\", \"line\": \"1\"}" TAIL, BULLA_E_BAD_PURL, 2, 10 },
    { HEAD "{\"purl\": \"a\", \"line\": \"1\"}" TAIL, BULLA_E_BAD_PURL, 2, 10 },
    { HEAD "{\"purl\": \"\", \"line\": \"1\"}" TAIL, BULLA_E_EMPTY, 2, 10 },
    { HEAD "{\"purl\": \"pkg:npm/a\", \"line\": \"\\u202e\"}" TAIL, BULLA_E_CONTROL_CHARACTER, 2,
      31 },
    { ONE(", \"digest\": []"), BULLA_E_BAD_SYNTAX, 2, 46 },
    { ONE(", \"hosts\": []"), BULLA_E_EMPTY, 2, 45 },
    { ONE(", \"hosts\": \"h\""), BULLA_E_TYPE_MISMATCH, 2, 45 },
    { ONE(", \"hosts\": [1]"), BULLA_E_TYPE_MISMATCH, 2, 46 },
    { ONE(", \"hosts\": [\"\"]"), BULLA_E_EMPTY, 2, 46 },
    { ONE(", \"hosts\": [\"a\\u0007\"]"), BULLA_E_CONTROL_CHARACTER, 2, 46 },
    { ONE(", \"signature\": [\"a\", \"a\"]"), BULLA_E_DUPLICATE_ENTRY, 2, 55 },
    { ONE(", \"signature\": [\"b\", \"a\"]"), BULLA_E_BAD_SYNTAX, 2, 55 },
    { ONE(", \"hosts\": [\"a\"], \"hosts\": [\"b\"]"), BULLA_E_DUPLICATE_KEY, 2, 61 },
    { HEAD A("") ",\n" A("") TAIL, BULLA_E_DUPLICATE_ENTRY, 3, 1 },
    { HEAD "{\"purl\": \"pkg:npm/b\", \"line\": \"1\"},\n" A("") TAIL, BULLA_E_BAD_SYNTAX, 3, 1 },
    { HEAD "{\"purl\": \"pkg:npm/a\", \"line\": \"2\"},\n" A("") TAIL, BULLA_E_BAD_SYNTAX, 3, 1 },
};

START_TEST(slips_are_refused)
{
    BU_CLEAR(bu_publishers) lock = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_publishers_init(&lock, &err), err);
    unit_fails(bu_publishers_read(bu_bytes_of(refused[_i].json), "bulla.lock", &lock, &err),
               refused[_i].code, err);
    ck_assert_str_eq(err.file, "bulla.lock");
    ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_uint_eq(err.column, refused[_i].column);
}
END_TEST

static const char record[] = "{\n"
                             "  \"schema\": \"bulla.lock/1\",\n"
                             "  \"packages\": [\n"
                             "    {\n"
                             "      \"purl\": \"pkg:npm/a\",\n"
                             "      \"line\": \"1\",\n"
                             "      \"hosts\": [\n"
                             "        \"https://h\"\n"
                             "      ],\n"
                             "      \"provenance\": [\n"
                             "        \"git+https://s by https://b\"\n"
                             "      ],\n"
                             "      \"registry-signature\": [\n"
                             "        \"registry: npm\"\n"
                             "      ],\n"
                             "      \"signature\": [\n"
                             "        \"release: alice\",\n"
                             "        \"release: bob\"\n"
                             "      ]\n"
                             "    },\n"
                             "    {\n"
                             "      \"purl\": \"pkg:npm/c\",\n"
                             "      \"line\": \"\",\n"
                             "      \"hosts\": [\n"
                             "        \"git\"\n"
                             "      ]\n"
                             "    }\n"
                             "  ]\n"
                             "}\n";

START_TEST(what_is_read_is_written)
{
    BU_CLEAR(bu_publishers) lock = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_publishers_init(&lock, &err), err);
    unit_ok(bu_publishers_read(bu_bytes_of(record), "bulla.lock", &lock, &err), err);
    bu_publishers_write(&lock, &out);
    ck_assert_str_eq((const char *)out.ptr, record);
}
END_TEST

START_TEST(entries_come_into_order)
{
    static const char *const purls[] = { "pkg:npm/c", "pkg:npm/a", "pkg:npm/b", "pkg:npm/a" };
    static const char *const lines[] = { "1", "2", "", "1" };
    BU_CLEAR(bu_publishers) lock = { 0 };
    bulla_error err = { 0 };
    size_t count;
    unit_ok(bu_publishers_init(&lock, &err), err);
    for (size_t twice = 0; twice < 8; twice++) {
        const bu_publisher entry = { .purl = purls[twice % 4], .line = lines[twice % 4] };
        unit_ok(bu_publishers_put(&lock, &entry, &err), err);
    }
    ck_assert_uint_eq(lock.count, 4);
    const bu_publisher *a = bu_publishers_lines(&lock, BULLA_LIT("pkg:npm/a"), &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(a[0].line, "1");
    ck_assert_str_eq(a[1].line, "2");
    ck_assert_ptr_null(bu_publishers_lines(&lock, BULLA_LIT("pkg:npm/"), &count));
    ck_assert_uint_eq(count, 0);
}
END_TEST

/* Release lines. */

static const struct {
    const char *purl, *version, *package, *line;
} lines[] = {
    { "pkg:npm/%40s/x@1.2.3", "1.2.3", "pkg:npm/%40s/x", "1" },
    { "pkg:golang/x/y@v2.0.0", "v2.0.0", "pkg:golang/x/y", "2" },
    { "pkg:deb/debian/x@2:1.4-1?arch=amd64", "2:1.4-1", "pkg:deb/debian/x", "2:1" },
    { "pkg:pypi/x@1!20.1", "1!20.1", "pkg:pypi/x", "1!20" },
    { "pkg:npm/x@0.3.1", "0.3.1", "pkg:npm/x", "0" },
    { "pkg:github/x/y@main", "main", "pkg:github/x/y", "" },
    { "pkg:github/x/y#a/b", NULL, "pkg:github/x/y", "" },
};

START_TEST(versions_have_a_line)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const bulla_component component = { .purl = lines[_i].purl, .version = lines[_i].version };
    bu_publisher entry;
    bulla_error err = { 0 };
    unit_ok(bu_publisher_of(&component, arena, &entry, &err), err);
    ck_assert_str_eq(entry.purl, lines[_i].package);
    ck_assert_str_eq(entry.line, lines[_i].line);
}
END_TEST

/* Judging. */

static const bulla_voucher people[] = { { .person = "alice", .counts_as = "alice" },
                                        { .person = "bot", .counts_as = "bob" },
                                        { .person = "mallory", .counts_as = "mallory" } };
static const bulla_build builds[] = { { .source = "git+https://s@refs/tags/v1",
                                        .builder = "https://b@v7" },
                                      { .source = "git+https://fork", .builder = "https://b" },
                                      { .source = NULL, .builder = NULL } };
static const bulla_said approval = { .environment = "prod" };

#define BY(who)                                                                                    \
    {                                                                                              \
        .proof = BULLA_PROOF_SIGNATURE, .outcome = BULLA_HELD, .role = "release",                  \
        .vouchers = &people[who], .voucher_count = 1                                               \
    }
#define BUILT(how)                                                                                 \
    {                                                                                              \
        .proof = BULLA_PROOF_PROVENANCE, .outcome = BULLA_HELD, .build = &builds[how]              \
    }
#define NPM(name)                                                                                  \
    {                                                                                              \
        .proof = BULLA_PROOF_REGISTRY_SIGNATURE, .outcome = BULLA_HELD, .who = name                \
    }
#define REGISTRY NPM("registry: npm")

static const struct {
    const char *what;
    const char *purl, *version, *resolved;
    bulla_origin origin;
    bool is_missing; /* its archive is not here */
    bulla_fact facts[4];
    const char *want;
} cases[] = {
    { "as it was",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://H/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(0), REGISTRY },
      "held" },
    { "one of two is enough, also through a service",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(1), BY(2), BUILT(0), REGISTRY },
      "held" },
    { "another person",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(2), BUILT(0), REGISTRY },
      "broken:identity-mismatch" },
    { "another repository",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(1), REGISTRY },
      "broken:identity-mismatch" },
    { "provenance of nothing",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(2), REGISTRY },
      "broken:identity-mismatch" },
    { "another registry signed it",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(0), NPM("registry: evil") },
      "broken:identity-mismatch" },
    { "no provenance any more",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), REGISTRY },
      "broken:lost-proof" },
    { "provenance that does not hold",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), REGISTRY, { .proof = BULLA_PROOF_PROVENANCE, .build = &builds[0] } },
      "broken:lost-proof" },
    { "nobody any more",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_HELD } },
      "broken:lost-proof broken:lost-proof broken:lost-proof" },
    { "an approval of ours is no signature of its publisher",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BUILT(0),
        REGISTRY,
        { .proof = BULLA_PROOF_SIGNATURE,
          .outcome = BULLA_HELD,
          .role = "release",
          .vouchers = &people[0],
          .voucher_count = 1,
          .said = &approval } },
      "broken:lost-proof" },
    { "another host",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h.evil/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(0), REGISTRY },
      "broken:untrusted-source" },
    { "the same host without encryption",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "http://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(0), REGISTRY },
      "broken:untrusted-source" },
    { "who logs in is no host",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h@evil/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(0), REGISTRY },
      "broken:untrusted-source" },
    { "a host is no longer stated",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      NULL,
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0), BUILT(0), REGISTRY },
      "broken:untrusted-source" },
    { "an archive in the project instead",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "file:a.tgz",
      BULLA_ORIGIN_FILE,
      false,
      { BY(0), BUILT(0), REGISTRY },
      "broken:untrusted-source" },
    { "another host, and its archive is not here",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://evil/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      true,
      { { 0 } },
      "broken:untrusted-source" },
    { "its archive is not here",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      true,
      { { 0 } },
      "absent:missing-file" },
    { "a new line with fewer proofs",
      "pkg:npm/a@2.0.0",
      "2.0.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0) },
      "absent:unpinned" },
    { "a new line by somebody else",
      "pkg:npm/a@2.0.0",
      "2.0.0",
      "https://h/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(2) },
      "broken:identity-mismatch" },
    { "a new line from elsewhere",
      "pkg:npm/a@2.0.0",
      "2.0.0",
      "https://evil/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(0) },
      "broken:untrusted-source" },
    { "a name that only begins alike",
      "pkg:npm/ab@1.0.0",
      "1.0.0",
      "https://evil/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(2) },
      "absent:unpinned" },
    { "of another ecosystem",
      "pkg:cargo/a@1.0.0",
      "1.0.0",
      "https://evil/a.tgz",
      BULLA_ORIGIN_REGISTRY,
      false,
      { BY(2) },
      "absent:unpinned" },
    { "more proofs than before",
      "pkg:npm/c@main",
      "main",
      NULL,
      BULLA_ORIGIN_GIT,
      false,
      { BY(2), BUILT(1) },
      "held" },
    { "a folder of the project",
      "pkg:npm/a@1.2.0",
      "1.2.0",
      NULL,
      BULLA_ORIGIN_LOCAL,
      true,
      { { 0 } },
      "" },
};

/* What was added; what has no place in the lockfile says so. */
static void show(const bu_evidence *evidence, size_t before, bu_buf *out)
{
    for (size_t i = before; i < evidence->count; i++) {
        const bulla_fact *fact = &evidence->facts[i];
        bool is_placed = strcmp(fact->finding.file, "lock") == 0 && fact->finding.line == 7;
        bu_buf_add_format(out, "%s%s", i == before ? "" : " ", bulla_outcome_name(fact->outcome));
        if (fact->outcome != BULLA_HELD)
            bu_buf_add_format(out, ":%s%s", bulla_code_name(fact->finding.code),
                              is_placed ? "" : " without a place");
        if (fact->proof != BULLA_PROOF_PUBLISHER)
            bu_buf_add_format(out, " of %s", bulla_proof_name(fact->proof));
    }
    bu_buf_add_text(out, "");
}

static bulla_status judge(size_t i, bu_arena *arena, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_publishers) lock = { 0 };
    bu_evidence evidence = { .measured.count = cases[i].is_missing ? 0 : 1 };
    const bulla_component component = { .purl = cases[i].purl,
                                        .version = cases[i].version,
                                        .resolved = cases[i].resolved,
                                        .origin = cases[i].origin,
                                        .lockfile = "lock",
                                        .line = 7,
                                        .column = 3 };
    BU_TRY(bu_publishers_init(&lock, err));
    BU_TRY(bu_publishers_read(bu_bytes_of(record), "bulla.lock", &lock, err));
    for (size_t k = 0; k < 4 && cases[i].facts[k].proof != BULLA_PROOF_NONE; k++)
        BU_TRY(bu_evidence_add(&evidence, &cases[i].facts[k], arena, err));
    size_t before = evidence.count;
    BU_TRY(bu_publishers_judge(&lock, &component, &evidence, arena, err));
    show(&evidence, before, out);
    return BU_OK;
}

START_TEST(changes_are_noticed)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) got = { 0 };
    bulla_error err = { 0 };
    unit_ok(judge((size_t)_i, arena, &got, &err), err);
    ck_assert_msg(strcmp(got.ptr == NULL ? "" : (const char *)got.ptr, cases[_i].want) == 0,
                  "%s: %s, not %s", cases[_i].what, got.ptr == NULL ? "" : (const char *)got.ptr,
                  cases[_i].want);
}
END_TEST

START_TEST(what_is_recorded_is_gathered)
{
    BU_CLEAR(bu_publishers) lock = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_publishers_init(&lock, &err), err);
    unit_ok(bu_publishers_read(bu_bytes_of(record), "bulla.lock", &lock, &err), err);
    const bulla_component a = { .purl = "pkg:npm/a@3.0.0", .version = "3.0.0" };
    const bulla_component c = { .purl = "pkg:npm/c@1.0.0", .version = "1.0.0" };
    bu_needs needs = { 0 };
    bu_publishers_needs(&lock, &c, &needs);
    ck_assert(!needs.proofs[BULLA_PROOF_SIGNATURE] && !needs.proofs[BULLA_PROOF_NONE]);
    bu_publishers_needs(&lock, &a, &needs);
    ck_assert(needs.proofs[BULLA_PROOF_SIGNATURE] && needs.proofs[BULLA_PROOF_PROVENANCE] &&
              needs.proofs[BULLA_PROOF_REGISTRY_SIGNATURE]);
    ck_assert(!needs.proofs[BULLA_PROOF_ARCHIVE_CHAIN] && !needs.proofs[BULLA_PROOF_NONE]);
}
END_TEST

START_TEST(no_memory_is_no_answer)
{
    for (size_t n = 0;; n++) {
        BU_CLEAR(bu_buf) got = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bulla_status status = arena == NULL ? bu_no_memory(&err) : judge(2, arena, &got, &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 3);
            return;
        }
        if (bulla_ok(status) && !got.broken) /* only the text of a finding is shorter */
            ck_assert_str_eq((const char *)got.ptr, cases[2].want);
        else
            unit_fails(bulla_ok(status) ? bu_no_memory(&err) : status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, slips_are_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, what_is_read_is_written);
    tcase_add_test(tc, entries_come_into_order);
    tcase_add_loop_test(tc, versions_have_a_line, 0, sizeof lines / sizeof lines[0]);
    tcase_add_loop_test(tc, changes_are_noticed, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, what_is_recorded_is_gathered);
    tcase_add_test(tc, no_memory_is_no_answer);
}

int main(void)
{
    return unit_run("policy: publishers", add);
}
