/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over every file in and below the folders given, as a
 * plain test in every build. Fails when there is nothing to run.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

static bool run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (file == NULL || fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)fprintf(stderr, "cannot read %s\n", path);
        if (file != NULL)
            (void)fclose(file);
        return false;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size + 1);
    FUZZ_CHECK(data != NULL && fread(data, 1, size, file) == size);
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Some lockfiles are hidden: .terraform.lock.hcl. */
static int is_visible(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* The number of files run, or -1. */
static int run_folder(const char *folder);

/* A file, or all that is in a folder; -1 when it cannot be run. */
static int run_path(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return run_folder(path);
    return run_file(path) ? 1 : -1;
}

static int run_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, by_name);
    int total = 0;
    bool fine = count >= 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        int run = run_path(path);
        fine = run >= 0 && fine;
        total += run;
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return fine ? total : -1;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int count = run_folder(argv[i]);
        if (count <= 0) {
            (void)fprintf(stderr, "nothing could be run in %s\n", argv[i]);
            return EXIT_FAILURE;
        }
        total += count;
    }
    printf("%d inputs\n", total);
    return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
