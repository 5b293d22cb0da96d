/* SPDX-License-Identifier: MIT */
/*
 * bulla key list: the public keys of a folder.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words folders;
} args;

static const bu_option options[] = { { 0 } };

static int is_public_key(const struct dirent *entry)
{
    return bu_bytes_ends(bu_bytes_of(entry->d_name), ".pub");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bulla_status describe(bu_cli *cli, const char *folder, const char *name, bu_buf *out,
                             bulla_error *err)
{
    BU_CLEAR(bulla_key_info) info = { 0 };
    bool here = strcmp(folder, ".") == 0;
    const char *path = here ? name : bu_arena_format(cli->arena, "%s/%s", folder, name);
    if (path == NULL)
        return bu_no_memory(err);
    BU_TRY(bulla_key_show(path, &info, err));
    bu_key_print(path, &info, out);
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *folder = a->folders.count > 0 ? a->folders.items[0] : ".";
    struct dirent **entries = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    int count = scandir(folder, &entries, is_public_key, by_bytes);
    if (count < 0)
        return bu_in_file(
            err, bu_fail(err, BULLA_E_UNREADABLE, "cannot be listed: %s", strerrordesc_np(errno)),
            folder);
    bulla_status status = BU_OK;
    for (int i = 0; i < count; i++) {
        if (bulla_ok(status))
            status = describe(cli, folder, entries[i]->d_name, &text, err);
        free(entries[i]);
    }
    free(entries);
    BU_TRY(status);
    return bu_cli_print(&text, err);
}

const bu_command bu_cmd_key_list = {
    .name = "key list",
    .summary = "list the public keys of a folder",
    .about = "List the public keys (*.pub) of a folder with their keyids.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
