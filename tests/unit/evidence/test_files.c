/* SPDX-License-Identifier: MIT */
/* Lists of files: what one says of a path is what the archive or the disk has there. */
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "archive/build.h"
#include "evidence/files.h"
#include "package.h"

static bu_arena *arena;
static bulla_error err;

static void set_up(void)
{
    char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    free(folder);
    arena = bu_arena_new();
    err = (bulla_error){ 0 };
}

static void tear_down(void)
{
    bu_arena_free(arena);
}

static void add_file(bu_files *files, const char *path, bu_file_kind kind, uint8_t byte,
                     const char *content, bool is_optional)
{
    bu_file_entry entry = {
        .kind = kind, .size = byte, .content = content, .is_optional = is_optional
    };
    memset(entry.sha256, byte, sizeof entry.sha256);
    unit_ok(bu_files_add(files, bu_bytes_of(path), &entry, &err), err);
}

/* A note without a file is none; a hard link is what it names, and special when that is nothing. */
START_TEST(what_is_said_of_one_path_is_joined)
{
    BU_CLEAR(bu_files) files = { .arena = arena };
    add_file(&files, "b", BU_FILE_NOTE, 0, NULL, true);
    add_file(&files, "b", BU_FILE_CONTENT, 7, NULL, false);
    add_file(&files, "lost", BU_FILE_NOTE, 0, NULL, true);
    add_file(&files, "hard", BU_FILE_HARDLINK, 0, "b", false);
    add_file(&files, "bad", BU_FILE_HARDLINK, 0, "nothing", false);
    add_file(&files, "b", BU_FILE_CONTENT, 7, NULL, false);
    bu_files_sort(&files);
    ck_assert_uint_eq(files.count, 3);
    ck_assert_ptr_null(bu_files_find(&files, "lost"));
    ck_assert(bu_files_find(&files, "b")->is_optional);
    ck_assert_int_eq(bu_files_find(&files, "hard")->kind, BU_FILE_CONTENT);
    ck_assert_uint_eq(bu_files_find(&files, "hard")->size, 7);
    ck_assert_int_eq(bu_files_find(&files, "bad")->kind, BU_FILE_SPECIAL);
}
END_TEST

START_TEST(only_equal_bytes_of_one_kind_are_the_same)
{
    BU_CLEAR(bu_files) a = { .arena = arena };
    BU_CLEAR(bu_files) b = { .arena = arena };
    static const struct {
        const char *path;
        bu_file_kind a, b;
        uint8_t x, y;
        bool same;
    } cases[] = { { "1", BU_FILE_CONTENT, BU_FILE_CONTENT, 1, 1, true },
                  { "2", BU_FILE_CONTENT, BU_FILE_CONTENT, 1, 2, false },
                  { "3", BU_FILE_CONTENT, BU_FILE_LINK, 1, 1, false },
                  { "4", BU_FILE_LINK, BU_FILE_LINK, 1, 1, true },
                  { "5", BU_FILE_SPECIAL, BU_FILE_SPECIAL, 0, 0, false } };
    bu_file_pairs at = { 0 };
    bu_file_pair pair;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        add_file(&a, cases[i].path, cases[i].a, cases[i].x, NULL, false);
        add_file(&b, cases[i].path, cases[i].b, cases[i].y, NULL, false);
    }
    add_file(&a, "6", BU_FILE_CONTENT, 1, NULL, false);
    add_file(&b, "0", BU_FILE_CONTENT, 1, NULL, false);
    bu_files_sort(&a);
    bu_files_sort(&b);
    ck_assert(bu_files_next(&a, &b, &at, &pair));
    ck_assert(pair.a == NULL && strcmp(pair.b->path, "0") == 0 && !bu_file_same(&pair));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(bu_files_next(&a, &b, &at, &pair));
        ck_assert_msg(bu_file_same(&pair) == cases[i].same, "%s", cases[i].path);
    }
    ck_assert(bu_files_next(&a, &b, &at, &pair));
    ck_assert(pair.b == NULL && strcmp(pair.a->path, "6") == 0);
    ck_assert(!bu_files_next(&a, &b, &at, &pair));
}
END_TEST

static const build_member members[] = {
    { .name = "top/b", .content = BUILD_BYTES("two") },
    { .name = "top/a/x", .content = BUILD_BYTES("one") },
    { 0 },
};

static void write_archive(const char *path)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    package_tar(BU_COMPRESSION_GZIP, members, &tar);
    unit_ok(bu_file_replace(path, bu_buf_bytes(&tar), 0644, &err), err);
}

static bulla_status compare(const char *archive, const char *folder, bool *same, bulla_error *error)
{
    BU_CLEAR(bu_files) a = { .arena = arena };
    BU_CLEAR(bu_files) b = { .arena = arena };
    BU_AUTO(bu_hasher) hasher = NULL;
    bu_file_pairs at = { 0 };
    bu_file_pair pair;
    BU_TRY(bu_hasher_new(&hasher, error));
    BU_TRY(bu_files_of_archive(archive, &a, error));
    BU_TRY(bu_files_of_folder(folder, NULL, NULL, hasher, &b, error));
    *same = a.count == 2;
    while (bu_files_next(&a, &b, &at, &pair))
        *same = *same && bu_file_same(&pair);
    return BU_OK;
}

START_TEST(an_archive_is_its_folder)
{
    bool same = false;
    write_archive("x.tgz");
    ck_assert_int_eq(system("mkdir -p f/a; printf two >f/b; printf one >f/a/x"), 0);
    unit_ok(compare("x.tgz", "f", &same, &err), err);
    ck_assert(same);
    ck_assert_int_eq(system("printf twO >f/b"), 0);
    unit_ok(compare("x.tgz", "f", &same, &err), err);
    ck_assert(!same);
    unit_fails(compare("f/b", "f", &same, &err), BULLA_E_FORMAT_MISMATCH, err);
    ck_assert_str_eq(err.file, "f/b");
}
END_TEST

START_TEST(no_memory)
{
    write_archive("x.tgz");
    ck_assert_int_eq(system("mkdir -p f/a; printf two >f/b; printf one >f/a/x; ln -s b f/l"), 0);
    for (size_t n = 0;; n++) {
        bool same = false;
        bulla_error error = { 0 };
        alloc_fail_at(n);
        bulla_status status = compare("x.tgz", "f", &same, &error);
        if (!alloc_fail_off()) {
            unit_ok(status, error);
            ck_assert_uint_gt(n, 10);
            break;
        }
        ck_assert(!bulla_ok(status));
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, what_is_said_of_one_path_is_joined);
    tcase_add_test(tc, only_equal_bytes_of_one_kind_are_the_same);
    tcase_add_test(tc, an_archive_is_its_folder);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("files", add);
}
