/* SPDX-License-Identifier: MIT */
/* Go's checksum database: the zip's own h1, in a record that is in the tree that the pinned key signed. */
#include "log.h"

#include "alloc_fail.h"
#include "trust/sumdb.h"

#define NAME   "sum.example"
#define SIZE   600
#define ID     437
#define H1     "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define RECORD "example.com/m v1.2.3 " H1 "\nexample.com/m v1.2.3/go.mod " H1 "\n"

/* A database whose record ID is RECORD, and an answer to its lookup. */
typedef struct bench {
    test_log log;
    note_signer signer;
    test_check t;
    bu_tiles tiles;
    bu_buf text;
} bench;

static void answer(bench *b, uint64_t id, const char *record, const char *origin)
{
    BU_CLEAR(bu_buf) head = { 0 };
    bu_merkle_hash root = test_log_root(&b->log, 0, SIZE);
    bu_buf_clear(&b->text);
    bu_buf_add_format(&b->text, "%" PRIu64 "\n%s\n", id, record);
    test_log_head(origin, SIZE, &root, &head);
    note_add((const char *)head.ptr, (const note_signer *[]){ &b->signer }, 1, &b->text);
    b->t.check.content = bu_buf_bytes(&b->text);
}

static void start(bench *b)
{
    bulla_error err = { 0 };
    *b = (bench){ .log = test_log_new(SIZE), .signer = note_signer_new(NAME, BU_NOTE_ED25519) };
    b->log.whole_count = 0; /* its leaves are changed below */
    unit_ok(bu_merkle_leaf(BULLA_LIT(RECORD), &b->log.leaves[ID], &err), err);
    test_check_start(&b->t, b->signer.vkey, "a zip");
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, (bulla_bytes){ 0 }, &b->t.h1, &err), err);
    b->t.h1.alg = BULLA_ALG_H1; /* of no files */
    b->tiles = (bu_tiles){ "tile/", test_log_tile, &b->log };
    b->t.check.tiles = &b->tiles;
    answer(b, ID, RECORD, BU_SUMDB_ORIGIN);
}

static void bench_clear(bench *b)
{
    test_log_clear(&b->log);
    note_signer_clear(&b->signer);
    test_check_clear(&b->t);
    bu_buf_clear(&b->text);
}
BU_DEFINE_CLEAR(bench)

static bulla_status verify(const bench *b, bu_vouched *out, bulla_error *err)
{
    return bu_format_go_sumdb.verify(&b->t.check, out, err);
}

START_TEST(proves)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    ck_assert_ptr_eq(bu_format_of(b.t.check.content), &bu_format_go_sumdb);
    unit_ok(verify(&b, &out, &err), err);
    ck_assert(out.by[0]);
    ck_assert_str_eq(out.package, "pkg:golang/example.com/m@v1.2.3");
    b.t.check.message = NULL;
    unit_ok(verify(&b, &out, &err), err);
    ck_assert(bu_bytes_is(out.payload, RECORD));
}
END_TEST

START_TEST(another_zip)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    b.t.h1.bytes[31] ^= 1;
    unit_fails(verify(&b, &out, &err), BULLA_E_SUBJECT_MISMATCH, err);
    ck_assert_str_eq(err.expected, H1);
    b.t.h1.alg = BULLA_ALG_NONE;
    unit_fails(verify(&b, &out, &err), BULLA_E_MISSING_HASH, err);
}
END_TEST

/* A tree head that is signed says nothing of a record that somebody put before it. */
START_TEST(a_record_that_the_tree_does_not_hold)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    answer(&b, ID + 1, RECORD, BU_SUMDB_ORIGIN);
    unit_fails(verify(&b, &out, &err), BULLA_E_LOG_MISMATCH, err);
    answer(&b, SIZE, RECORD, BU_SUMDB_ORIGIN);
    unit_fails(verify(&b, &out, &err), BULLA_E_BAD_NUMBER, err);
    answer(&b, ID, "example.com/m v1.2.4 " H1 "\nexample.com/m v1.2.4/go.mod " H1 "\n",
           BU_SUMDB_ORIGIN);
    unit_fails(verify(&b, &out, &err), BULLA_E_LOG_MISMATCH, err);
    b.log.leaves[12].bytes[0] ^= 1; /* a tile was changed */
    answer(&b, ID, RECORD, BU_SUMDB_ORIGIN);
    b.log.leaves[12].bytes[0] ^= 1;
    unit_fails(verify(&b, &out, &err), BULLA_E_LOG_MISMATCH, err);
}
END_TEST

START_TEST(without_tiles)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    b.t.check.tiles = NULL;
    unit_fails(verify(&b, &out, &err), BULLA_E_MISSING_FILE, err);
    ck_assert_ptr_nonnull(err.next);
}
END_TEST

START_TEST(another_log)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    answer(&b, ID, RECORD, "another tree");
    ck_assert(!bu_format_go_sumdb.is(b.t.check.content));
    unit_fails(verify(&b, &out, &err), BULLA_E_LOG_MISMATCH, err);
    ck_assert_str_eq(err.got, "another tree");
}
END_TEST

START_TEST(another_signer)
{
    BU_CLEAR(bench) b = { 0 };
    BU_CLEAR(note_signer) other = note_signer_new(NAME, BU_NOTE_ED25519);
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b);
    test_check_start(&t, other.vkey, "a zip");
    t.check.content = b.t.check.content;
    t.check.tiles = &b.tiles;
    unit_fails(bu_format_go_sumdb.verify(&t.check, &out, &err), BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

static void keep_tile(const test_log *log, const char *root, const char *tile)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    bulla_error err = { 0 };
    char *path = test_text("%s/%s", root, tile);
    unit_ok(test_log_tile((void *)(uintptr_t)log, tile, &bytes, &err), err);
    unit_ok(bu_folder_make(test_text("%.*s", (int)bu_path_folder(bu_bytes_of(path)), path), false,
                           &err),
            err);
    unit_ok(bu_file_replace(path, bu_buf_bytes(&bytes), 0644, &err), err);
}

/* From now on its tiles are files, as the go command keeps them. */
static void keep_tiles(bench *b, bu_folder *folder)
{
    static const char *const tiles[] = { "tile/0/000", "tile/0/001", "tile/0/002.p/88",
                                         "tile/1/000.p/2" };
    BU_FREE char *root = unit_temporary_folder();
    bulla_error err = { 0 };
    for (size_t i = 0; i < sizeof tiles / sizeof tiles[0]; i++)
        keep_tile(&b->log, root, tiles[i]);
    unit_ok(bu_folder_open(root, folder, &err), err);
    b->tiles = bu_tiles_in(folder, "tile/");
}

START_TEST(every_bit_counts)
{
    BU_CLEAR(bench) b = { 0 };
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    bulla_error err = { 0 };
    start(&b);
    keep_tiles(&b, &folder);
    for (size_t i = 0; i < 8 * b.text.len; i++) {
        bu_vouched out;
        bu_arena_reset(b.t.arena);
        b.text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
        ck_assert_msg(!bulla_ok(verify(&b, &out, &err)), "bit %zu", i);
        b.text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
    }
}
END_TEST

#define TREE BU_SUMDB_ORIGIN "\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define NOTE TREE "\n\xE2\x80\x94 n AAAAAAA=\n"

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line;
} answers[] = {
    { "5\n" RECORD "\n" NOTE, BULLA_OK, 0 },
    { "", BULLA_E_TRUNCATED, 0 },
    { "5\n" RECORD, BULLA_E_TRUNCATED, 0 },
    { "\n\n" NOTE, BULLA_E_BAD_NUMBER, 1 },
    { "5x\n" RECORD "\n" NOTE, BULLA_E_BAD_NUMBER, 1 },
    { "-5\n" RECORD "\n" NOTE, BULLA_E_BAD_NUMBER, 1 },
    { "05\n" RECORD "\n" NOTE, BULLA_E_BAD_NUMBER, 1 },
    { "9223372036854775808\n" RECORD "\n" NOTE, BULLA_E_BAD_NUMBER, 1 },
    { "5\n\n" NOTE, BULLA_E_MISSING_HASH, 0 },
    { "5\nexample.com/m v1.2.3/go.mod " H1 "\n\n" NOTE, BULLA_E_MISSING_HASH, 0 },
    { "5\n" RECORD "example.com/n v1.2.3 " H1 "\n\n" NOTE, BULLA_E_AMBIGUOUS_HASH, 0 },
    { "5\n" RECORD "example.com/m v1.2.3 h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=\n\n" NOTE,
      BULLA_E_AMBIGUOUS_LOCK, 4 },
    { "5\nexample.com/m v1.2.3 h2:x\n\n" NOTE, BULLA_E_UNSUPPORTED_HASH, 2 },
    { "5\nexample.com/m v1.2.3\n\n" NOTE, BULLA_E_BAD_SYNTAX, 2 },
    { "5\n" RECORD "\n" TREE, BULLA_E_BAD_SYNTAX, 8 },
    { "5\n" RECORD "\n" NOTE "x\n", BULLA_E_BAD_SYNTAX, 10 },
};

START_TEST(answers_are_strict)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_sumdb_record record;
    bulla_error err = { 0 };
    bulla_status status = bu_sumdb_read(bu_bytes_of(answers[_i].text), "f", arena, &record, &err);
    ck_assert_msg(status.code == answers[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status))
        return;
    ck_assert_str_eq(err.file, "f");
    ck_assert_msg(err.line == answers[_i].line, "case %d: line %u", _i, err.line);
}
END_TEST

/* The key that the go command has built in (cmd/go/internal/modfetch). */
START_TEST(the_key_of_the_go_command)
{
    BU_CLEAR(test_check) t = { 0 };
    test_check_start(&t, "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
                     NULL);
    ck_assert_uint_eq(t.anchors.count, 1);
    ck_assert_str_eq(t.anchors.items[0].name, "sum.golang.org");
}
END_TEST

START_TEST(says_what_it_claims)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b);
    bu_description out = { .arena = b.t.arena };
    unit_ok(bu_format_go_sumdb.describe(b.t.check.content, "f", &out, &err), err);
    ck_assert_str_eq(test_described(&out, "module"), "example.com/m");
    ck_assert_str_eq(test_described(&out, "version"), "v1.2.3");
    ck_assert_str_eq(test_described(&out, "subject"), H1);
    ck_assert_str_eq(test_described(&out, "log"), BU_SUMDB_ORIGIN);
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_CLEAR(bench) b = { 0 };
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    start(&b);
    keep_tiles(&b, &folder);
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
    tcase_add_test(tc, another_zip);
    tcase_add_test(tc, a_record_that_the_tree_does_not_hold);
    tcase_add_test(tc, without_tiles);
    tcase_add_test(tc, another_log);
    tcase_add_test(tc, another_signer);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_loop_test(tc, answers_are_strict, 0, sizeof answers / sizeof answers[0]);
    tcase_add_test(tc, the_key_of_the_go_command);
    tcase_add_test(tc, says_what_it_claims);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("trust/format_go_sumdb", add);
}
