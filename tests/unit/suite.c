/* SPDX-License-Identifier: MIT */
/*
 * The frame of the unit tests.
 */
#include "suite.h"

#include <ftw.h>
#include <unistd.h>

static char *folders[64]; /* temporary ones, to be removed */
static size_t folder_count;
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_folders(void)
{
    if (getpid() != owner)
        return;
    for (size_t i = 0; i < folder_count; i++) {
        (void)nftw(folders[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
        free(folders[i]);
    }
}

char *unit_temporary_folder(void)
{
    const char *base = getenv("TMPDIR");
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/bulla-unit-XXXXXX", base == NULL ? "/tmp" : base);
    ck_assert_ptr_nonnull(mkdtemp(path));
    ck_assert_uint_lt(folder_count, sizeof folders / sizeof folders[0]);
    if (owner != getpid()) { /* Check runs each test in a child: each removes its own */
        owner = getpid();
        folder_count = 0;
        (void)atexit(remove_folders);
    }
    folders[folder_count++] = strdup(path);
    return strdup(path);
}

static char *join(const char *variable, const char *relative)
{
    const char *root = getenv(variable);
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", root == NULL ? "." : root, relative);
    return access(path, R_OK) == 0 ? strdup(path) : NULL;
}

char *unit_source_path(const char *relative)
{
    return join("BULLA_SOURCE_ROOT", relative);
}

char *unit_vectors_path(const char *relative)
{
    return join("BULLA_VECTORS", relative);
}

void unit_skipped(const char *what, const char *why)
{
    printf("# skipped: %s: %s\n", what, why);
    (void)fflush(stdout);
}

bulla_bytes unit_slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    ck_assert_int_ge(size, 0);
    rewind(file);
    uint8_t *content = malloc((size_t)size + 1);
    ck_assert_ptr_nonnull(content);
    ck_assert_uint_eq(fread(content, 1, (size_t)size, file), (size_t)size);
    content[size] = '\0';
    (void)fclose(file);
    return (bulla_bytes){ content, (size_t)size };
}

int unit_run(const char *name, void (*add)(TCase *tc))
{
    Suite *suite = suite_create(name);
    TCase *tc = tcase_create(name);
    add(tc);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
