/* SPDX-License-Identifier: MIT */
/* Files: only regular ones, never through a link, never half written. */
#include "suite.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"

static char *folder;

static char *path_of(const char *name)
{
    static char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void set_up(void)
{
    folder = unit_temporary_folder();
}

static void tear_down(void)
{
    free(folder);
}

static void put(const char *name, const char *content)
{
    bulla_error err = { 0 };
    unit_ok(bu_file_replace(path_of(name), bu_bytes_of(content), 0644, &err), err);
}

static bulla_code open_code(const char *name, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    return bu_file_open(NULL, path_of(name), 1024, &file, err).code;
}

START_TEST(only_regular_files_are_opened)
{
    bulla_error err = { 0 };
    put("regular", "x");
    ck_assert_int_eq(symlink("regular", path_of("link")), 0);
    ck_assert_int_eq(mkfifo(path_of("fifo"), 0600), 0);
    ck_assert_int_eq(mkdir(path_of("folder"), 0700), 0);
    ck_assert_int_eq(open_code("regular", &err), BULLA_OK);
    ck_assert_int_eq(open_code("link", &err), BULLA_E_SPECIAL_FILE);
    ck_assert_int_eq(open_code("fifo", &err),
                     BULLA_E_SPECIAL_FILE); /* and nobody waited for a writer */
    ck_assert_str_eq(err.got, "a FIFO");
    ck_assert_int_eq(open_code("folder", &err), BULLA_E_SPECIAL_FILE);
    ck_assert_int_eq(err.exit, BULLA_EXIT_MALFORMED);
    ck_assert_int_eq(open_code("nothing", &err), BULLA_E_MISSING_FILE);
    ck_assert_int_eq(err.exit, BULLA_EXIT_IO);
    ck_assert(strstr(err.file, "nothing") != NULL);
}
END_TEST

START_TEST(a_large_file_is_refused_before_it_is_read)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    put("large", "12345678901");
    unit_fails(bu_file_slurp(NULL, path_of("large"), 10, &out, &err), BULLA_E_RESOURCE_LIMIT, err);
    unit_ok(bu_file_slurp(NULL, path_of("large"), 11, &out, &err), err);
}
END_TEST

START_TEST(a_file_that_changes_is_refused)
{
    bulla_error err = { 0 };
    put("moving", "before");
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_CLEAR(bu_buf) out = { 0 };
    unit_ok(bu_file_open(NULL, path_of("moving"), 1024, &file, &err), err);
    int fd = open(path_of("moving"), O_WRONLY | O_APPEND);
    ck_assert_int_eq(write(fd, "!", 1), 1);
    ck_assert_int_eq(close(fd), 0);
    unit_ok(bu_source_slurp(&file.base, 1024, &out, &err), err);
    unit_fails(bu_file_unchanged(&file, &err), BULLA_E_BAD_DATA, err);
}
END_TEST

START_TEST(replacing_leaves_no_half_file)
{
    bulla_error err = { 0 };
    put("kept", "old");
    pid_t child = fork();
    if (child == 0) { /* a disk that is full after 4 KiB */
        (void)signal(SIGXFSZ, SIG_IGN);
        const struct rlimit limit = { 4096, 4096 };
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        static uint8_t content[100000];
        bulla_status status =
            bu_file_replace(path_of("kept"), (bulla_bytes){ content, sizeof content }, 0644, &err);
        _exit(status.code == BULLA_E_WRITE_ERROR ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    BU_CLEAR(bu_buf) out = { 0 };
    unit_ok(bu_file_slurp(NULL, path_of("kept"), 100, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, "old");
    BU_CLEAR(bu_folder) open_folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    unit_ok(bu_folder_open(folder, &open_folder, &err), err);
    unit_ok(bu_folder_list(&open_folder, "", &names, &err), err);
    ck_assert_uint_eq(names.count, 1); /* no temporary file is left */
}
END_TEST

START_TEST(only_regular_files_are_replaced)
{
    bulla_error err = { 0 };
    struct stat st;
    put("target", "untouched");
    ck_assert_int_eq(symlink("target", path_of("link")), 0);
    ck_assert_int_eq(mkfifo(path_of("fifo"), 0600), 0);
    static const char *const names[] = { "link", "fifo", "." };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unit_fails(bu_file_replace(path_of(names[i]), BULLA_LIT("new"), 0644, &err),
                   BULLA_E_WRITE_ERROR, err);
        ck_assert_int_eq(lstat(path_of(names[i]), &st), 0);
        ck_assert(!S_ISREG(st.st_mode));
    }
    BU_CLEAR(bu_buf) out = { 0 };
    unit_ok(bu_file_slurp(NULL, path_of("target"), 100, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, "untouched");
}
END_TEST

START_TEST(creating_never_overwrites)
{
    bulla_error err = { 0 };
    unit_ok(bu_file_create(path_of("key"), BULLA_LIT("first"), 0600, &err), err);
    struct stat st;
    ck_assert_int_eq(stat(path_of("key"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    unit_fails(bu_file_create(path_of("key"), BULLA_LIT("second"), 0600, &err), BULLA_E_WRITE_ERROR,
               err);
    ck_assert(strstr(err.text, "already there") != NULL);
    unit_fails(bu_file_create(path_of("no/such/folder"), BULLA_LIT("x"), 0600, &err),
               BULLA_E_WRITE_ERROR, err);
}
END_TEST

START_TEST(folders_are_listed_in_order)
{
    bulla_error err = { 0 };
    put("b.deb", "");
    put("a.deb", "");
    put("c.txt", "");
    ck_assert_int_eq(mkdir(path_of("f.deb"), 0777), 0);
    ck_assert_int_eq(symlink("a.deb", path_of("l.deb")), 0);
    BU_CLEAR(bu_folder) open_folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    unit_ok(bu_folder_open(folder, &open_folder, &err), err);
    unit_ok(bu_folder_list(&open_folder, ".deb", &names, &err), err);
    ck_assert_uint_eq(names.count, 4); /* opening refuses what is no regular file, not listing */
    ck_assert_str_eq(names.items[0], "a.deb");
    ck_assert_str_eq(names.items[1], "b.deb");
    ck_assert_str_eq(names.items[2], "f.deb");
    ck_assert_str_eq(names.items[3], "l.deb");
    unit_fails(bu_folder_open(path_of("a.deb"), &open_folder, &err), BULLA_E_MISSING_FILE, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, only_regular_files_are_opened);
    tcase_add_test(tc, a_large_file_is_refused_before_it_is_read);
    tcase_add_test(tc, a_file_that_changes_is_refused);
    tcase_add_test(tc, replacing_leaves_no_half_file);
    tcase_add_test(tc, only_regular_files_are_replaced);
    tcase_add_test(tc, creating_never_overwrites);
    tcase_add_test(tc, folders_are_listed_in_order);
}

int main(void)
{
    return unit_run("file", add);
}
