/* SPDX-License-Identifier: MIT */
/* Proofs that a file is in a log: of this file, at this place, in a tree that the log itself signed. */
#include "log.h"

#include "alloc_fail.h"

#define ORIGIN "example.com/log"
#define SIZE   11
#define INDEX  5
#define HEAD   "c2sp.org/tlog-proof@v1\n"

/* A log, who signs for it, and a proof of its entry INDEX. */
typedef struct bench {
    test_log log;
    note_signer signer, witness;
    test_check t;
    bu_buf text;
} bench;

static void add_proof(const bench *b, const char *origin, uint64_t index, bu_buf *out)
{
    BU_CLEAR(bu_buf) head = { 0 };
    bu_proof proof = { .count = 0 };
    bu_merkle_hash root = test_log_root(&b->log, 0, SIZE);
    test_log_path(&b->log, index, 0, SIZE, &proof);
    bu_buf_add_format(out, HEAD "index %" PRIu64 "\n", index);
    for (size_t i = 0; i < proof.count; i++) {
        bu_base64_encode((bulla_bytes){ proof.hashes[i].bytes, BU_MERKLE_BYTES }, out);
        bu_buf_add_byte(out, '\n');
    }
    bu_buf_add_byte(out, '\n');
    test_log_head(origin, SIZE, &root, &head);
    note_add((const char *)head.ptr, (const note_signer *[]){ &b->signer, &b->witness }, 2, out);
}

static void start(bench *b)
{
    *b = (bench){ .log = test_log_new(SIZE),
                  .signer = note_signer_new(ORIGIN, BU_NOTE_ED25519),
                  .witness = note_signer_new("witness.example", BU_NOTE_COSIGNATURE) };
    test_check_start(&b->t, test_text("%s\n%s\n", b->signer.vkey, b->witness.vkey), "entry 5");
    add_proof(b, ORIGIN, INDEX, &b->text);
}

static void bench_clear(bench *b)
{
    test_log_clear(&b->log);
    note_signer_clear(&b->signer);
    note_signer_clear(&b->witness);
    test_check_clear(&b->t);
    bu_buf_clear(&b->text);
}
BU_DEFINE_CLEAR(bench)

static bulla_status verify(bench *b, bu_vouched *out, bulla_error *err)
{
    b->t.check.content = bu_buf_bytes(&b->text);
    return bu_format_tlog_proof.verify(&b->t.check, out, err);
}

START_TEST(proves)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    ck_assert_ptr_eq(bu_format_of(bu_buf_bytes(&b.text)), &bu_format_tlog_proof);
    unit_ok(verify(&b, &out, &err), err);
    ck_assert(out.by[0] && out.by[1]);
    ck_assert(out.has_time);
    ck_assert_int_eq(out.time, 1700000000);
    ck_assert_ptr_null(out.payload.ptr);
}
END_TEST

START_TEST(another_file)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    b.t.bytes = BULLA_LIT("entry 6");
    unit_fails(verify(&b, &out, &err), BULLA_E_LOG_MISMATCH, err);
    ck_assert_str_ne(err.expected, err.got);
    b.t.check.message = NULL;
    unit_fails(verify(&b, &out, &err), BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

START_TEST(another_place)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    bu_buf_clear(&b.text);
    add_proof(&b, ORIGIN, INDEX + 1, &b.text);
    unit_fails(verify(&b, &out, &err), BULLA_E_LOG_MISMATCH, err);
}
END_TEST

/* A trusted key of one log says nothing of another log's tree, and a witness alone of none. */
START_TEST(another_origin)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    bu_buf_clear(&b.text);
    add_proof(&b, "example.com/other", INDEX, &b.text);
    unit_fails(verify(&b, &out, &err), BULLA_E_IDENTITY_MISMATCH, err);
    ck_assert(!out.by[0] && !out.by[1]);
    ck_assert_str_eq(err.expected, "example.com/other");
}
END_TEST

START_TEST(a_witness_alone)
{
    BU_CLEAR(bench) b = { 0 };
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    test_check_start(&t, b.witness.vkey, "entry 5");
    t.check.content = bu_buf_bytes(&b.text);
    unit_fails(bu_format_tlog_proof.verify(&t.check, &out, &err), BULLA_E_IDENTITY_MISMATCH, err);
    ck_assert(!out.by[0]);
}
END_TEST

START_TEST(every_bit_counts)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b);
    for (size_t i = 0; i < 8 * b.text.len; i++) {
        bu_vouched out;
        b.text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
        bulla_status status = verify(&b, &out, &err);
        /* A witness that becomes a stranger is passed over. */
        ck_assert_msg(!bulla_ok(status) || (out.by[0] && !out.by[1]), "bit %zu", i);
        b.text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
    }
}
END_TEST

#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define TREE "o\n7\n" HASH
#define NOTE TREE "\n\xE2\x80\x94 o AAAAAAA=\n"

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line;
} malformed[] = {
    { HEAD "index 5\n" HASH "\n" NOTE, BULLA_E_UNTRUSTED_KEY, 0 },
    { HEAD "extra AAAA\nindex 5\n" HASH "\n" NOTE, BULLA_E_UNTRUSTED_KEY, 0 },
    { HEAD "extra \nindex 5\n\n" NOTE, BULLA_E_UNTRUSTED_KEY, 0 },
    { "c2sp.org/tlog-proof@v2\nindex 5\n\n" NOTE, BULLA_E_UNSUPPORTED_VERSION, 1 },
    { HEAD, BULLA_E_TRUNCATED, 2 },
    { HEAD "index 5\n", BULLA_E_TRUNCATED, 3 },
    { HEAD "index 5", BULLA_E_TRUNCATED, 2 },
    { HEAD "extra A\nindex 5\n\n" NOTE, BULLA_E_BAD_ENCODING, 2 },
    { HEAD "extra AAAA\nextra AAAA\nindex 5\n\n" NOTE, BULLA_E_BAD_SYNTAX, 3 },
    { HEAD "\n" NOTE, BULLA_E_BAD_SYNTAX, 2 },
    { HEAD "index\n\n" NOTE, BULLA_E_BAD_SYNTAX, 2 },
    { HEAD "index 05\n\n" NOTE, BULLA_E_BAD_SYNTAX, 2 },
    { HEAD "index -5\n\n" NOTE, BULLA_E_BAD_SYNTAX, 2 },
    { HEAD "index 9223372036854775808\n\n" NOTE, BULLA_E_BAD_SYNTAX, 2 },
    { HEAD "index 5 \n\n" NOTE, BULLA_E_TRAILING_DATA, 2 },
    { HEAD "index 5\nAAAA\n\n" NOTE, BULLA_E_BAD_ENCODING, 3 },
    { HEAD "index 5\nx" HASH "\n" NOTE, BULLA_E_BAD_ENCODING, 3 },
    { HEAD "index 5\n\n", BULLA_E_EMPTY, 0 },
    { HEAD "index 5\n\n" TREE, BULLA_E_BAD_SYNTAX, 7 },
    { HEAD "index 5\n\n" TREE "\nx\n", BULLA_E_BAD_SYNTAX, 8 },
    { HEAD "index 5\n\n\n" NOTE, BULLA_E_BAD_SYNTAX, 0 }, /* no origin */
};

START_TEST(proofs_are_strict)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    bu_buf_clear(&b.text);
    bu_buf_add_text(&b.text, malformed[_i].text);
    bulla_status status = verify(&b, &out, &err);
    ck_assert_msg(status.code == malformed[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert_str_eq(err.file, "f");
    if (malformed[_i].line > 0)
        ck_assert_msg(err.line == malformed[_i].line, "case %d: line %u", _i, err.line);
}
END_TEST

/* Proofs that the log itself signed for, but that cannot be. */
static void add_tree(bench *b, const char *index, size_t hashes, uint64_t size)
{
    BU_CLEAR(bu_buf) head = { 0 };
    bu_merkle_hash root = b->log.leaves[INDEX];
    bu_buf_clear(&b->text);
    bu_buf_add_format(&b->text, HEAD "index %s\n", index);
    for (size_t i = 0; i < hashes; i++)
        bu_buf_add_text(&b->text, HASH);
    bu_buf_add_byte(&b->text, '\n');
    test_log_head(ORIGIN, size, &root, &head);
    note_add((const char *)head.ptr, (const note_signer *[]){ &b->signer }, 1, &b->text);
}

static const struct {
    const char *index;
    size_t hashes;
    uint64_t size;
    bulla_code want;
} trees[] = {
    { "0", 0, 1, BULLA_OK }, /* the one leaf is the root */
    { "0", 0, 0, BULLA_E_BAD_NUMBER },
    { "1", 0, 1, BULLA_E_BAD_NUMBER },
    { "7", 3, 7, BULLA_E_BAD_NUMBER },
    { "0", 1, 1, BULLA_E_LOG_MISMATCH },
    { "0", 0, 2, BULLA_E_LOG_MISMATCH },
    { "0", 64, 7, BULLA_E_LOG_MISMATCH },
    { "0", 65, 7, BULLA_E_RESOURCE_LIMIT },
};

START_TEST(trees_that_cannot_be)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    add_tree(&b, trees[_i].index, trees[_i].hashes, trees[_i].size);
    bulla_status status = verify(&b, &out, &err);
    ck_assert_msg(status.code == trees[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
}
END_TEST

START_TEST(says_what_it_claims)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b);
    bu_description out = { .arena = b.t.arena };
    unit_ok(bu_format_tlog_proof.describe(bu_buf_bytes(&b.text), "f", &out, &err), err);
    ck_assert_str_eq(test_described(&out, "log index"), "5");
    ck_assert_str_eq(test_described(&out, "log"), ORIGIN);
    ck_assert_str_eq(test_described(&out, "tree size"), "11");
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_CLEAR(bench) b = { 0 };
    start(&b);
    for (size_t n = 0;; n++) {
        bu_vouched out = { 0 };
        bulla_error err = { 0 };
        bu_arena_reset(b.t.arena);
        alloc_fail_at(n);
        bulla_status status = verify(&b, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, proves);
    tcase_add_test(tc, another_file);
    tcase_add_test(tc, another_place);
    tcase_add_test(tc, another_origin);
    tcase_add_test(tc, a_witness_alone);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_loop_test(tc, proofs_are_strict, 0, sizeof malformed / sizeof malformed[0]);
    tcase_add_loop_test(tc, trees_that_cannot_be, 0, sizeof trees / sizeof trees[0]);
    tcase_add_test(tc, says_what_it_claims);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("trust/format_tlog_proof", add);
}
