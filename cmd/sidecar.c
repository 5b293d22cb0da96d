/* SPDX-License-Identifier: MIT */
/*
 * Writing sidecars.
 */
#include "sidecar.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bulla_status bu_sidecar_names(bu_cli *cli, const bu_words *files, const char *suffix,
                              const char *output, bu_words *out, bulla_error *err)
{
    out->items = bu_arena_get_array(cli->arena, files->count + 1, sizeof *out->items);
    if (out->items == NULL)
        return bu_no_memory(err);
    if (output != NULL)
        out->items[out->count++] = output;
    for (size_t i = 0; i < files->count && output == NULL; i++) {
        const char *name = bu_arena_format(cli->arena, "%s%s", files->items[i], suffix);
        if (name == NULL)
            return bu_no_memory(err);
        out->items[out->count++] = name;
    }
    return BU_OK;
}

bulla_status bu_sidecar_folder(const char *path, bulla_error *err)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return BU_OK;
    return bu_in_file(err, bu_fail(err, BULLA_E_WRITE_ERROR, "cannot make it: %s", strerror(errno)),
                      path);
}

bulla_status bu_sidecar_refuse(const bu_words *names, bulla_error *err)
{
    for (size_t i = 0; i < names->count; i++)
        if (access(names->items[i], F_OK) == 0)
            return bu_in_file(err,
                              bu_fail(err, BULLA_E_USAGE,
                                      "is there already; --append adds a signature to an "
                                      "envelope, --replace drops what is there"),
                              names->items[i]);
    return BU_OK;
}

bulla_status bu_sidecar_write(const bu_words *names, bulla_bytes envelope, bulla_error *err)
{
    for (size_t i = 0; i < names->count; i++)
        BU_TRY(bu_cli_write(names->items[i], envelope, err));
    return BU_OK;
}

static bulla_status append(const char *name, bulla_bytes line, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) before = { 0 };
    BU_CLEAR(bu_buf) all = { 0 };
    if (strcmp(name, "-") != 0 && access(name, F_OK) == 0)
        BU_TRY(bulla_file_read(name, &before, err));
    bu_buf_add(&all, bu_buffer_bytes(&before));
    if (before.len > 0 && before.ptr[before.len - 1] != '\n')
        bu_buf_add_byte(&all, '\n');
    bu_buf_add(&all, line);
    if (all.broken)
        return bu_no_memory(err);
    return bu_cli_write(name, bu_buf_bytes(&all), err);
}

bulla_status bu_sidecar_append(const bu_words *names, bulla_bytes line, bulla_error *err)
{
    for (size_t i = 0; i < names->count; i++)
        BU_TRY(append(names->items[i], line, err));
    return BU_OK;
}
