/* SPDX-License-Identifier: MIT */
/*
 * Python's site-packages: packages share it; NAME-VERSION.dist-info/RECORD
 * lists what was installed of each (PyPA, "Recording installed projects").
 * What no RECORD lists is nobody's; RECORD itself is the installer's word,
 * so every file is held against the wheel.
 */
#include "base/limits.h"
#include "ecosystem/record.h"
#include "evidence/fields.h"
#include "evidence/install.h"

#define INFO ".dist-info"

static bool is(const bu_install *tree, const bu_names *names)
{
    (void)tree;
    for (size_t i = 0; i < names->count; i++)
        if (bu_bytes_ends(bu_bytes_of(names->items[i]), INFO))
            return true;
    return false;
}

/* One .dist-info folder. */
typedef struct dist {
    bu_install *tree;
    const char *folder;
    bu_installed installed;
} dist;

static bulla_status slurp(const dist *d, const char *name, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    bu_buf_add_format(&path, "%s/%s/%s", d->tree->path, d->folder, name);
    return path.broken
               ? bu_no_memory(err)
               : bu_file_slurp(NULL, (const char *)path.ptr, BU_LIMIT_METADATA_BYTES, out, err);
}

/* A plain path below the tree: programs and data are elsewhere. */
static bool is_below(bulla_bytes path)
{
    while (path.len > 0) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        if (part.len == 0 || bu_bytes_is(part, ".") || bu_bytes_is(part, ".."))
            return false;
        path = bu_bytes_from(path, part.len + 1);
    }
    return true;
}

static bulla_status see_row(void *context, const bu_record_row *row, bulla_error *err)
{
    dist *d = context;
    if (!is_below(row->path))
        return BU_OK;
    BU_TRY(bu_paths_add(&d->tree->claims, d->tree->arena, row->path, err));
    return bu_paths_add(&d->installed.parts, d->tree->arena, row->path, err);
}

static bulla_status read_dist(dist *d, const char **name, const char **version, bulla_error *err)
{
    BU_CLEAR(bu_buf) metadata = { 0 };
    BU_CLEAR(bu_buf) record = { 0 };
    bulla_bytes named, released;
    BU_TRY(slurp(d, "METADATA", &metadata, err));
    BU_TRY(bu_header_field(bu_buf_bytes(&metadata), "Name", &named, err));
    BU_TRY(bu_header_field(bu_buf_bytes(&metadata), "Version", &released, err));
    *name = bu_arena_text(d->tree->arena, named);
    *version = bu_arena_text(d->tree->arena, released);
    if (*name == NULL || *version == NULL)
        return bu_no_memory(err);
    BU_TRY(slurp(d, "RECORD", &record, err));
    return bu_record_read(bu_buf_bytes(&record), d->tree->arena, see_row, d, err);
}

static bulla_status add_dist(dist *d, bulla_error *err)
{
    const char *name = NULL, *version = NULL;
    bulla_error why = { 0 };
    bulla_status status = read_dist(d, &name, &version, &why);
    if (!bulla_ok(status))
        return bu_install_refuse(d->tree, d->folder, status, &why, err);
    d->installed.place = "";
    BU_TRY(bu_install_component(d->tree, name, version, &d->installed.component, err));
    if (d->installed.component == BULLA_NO_COMPONENT) {
        const char *what = bu_arena_format(d->tree->arena, "%s %s", name, version);
        return what == NULL ? bu_no_memory(err) : bu_install_unknown(d->tree, d->folder, what, err);
    }
    bu_paths_sort(&d->installed.parts);
    return bu_install_add(d->tree, &d->installed, err);
}

static bulla_status visit(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    (void)enter;
    dist d = { .tree = context, .folder = found->path };
    if (found->presence != BU_PRESENCE_FOLDER || !bu_bytes_ends(bu_bytes_of(found->name), INFO))
        return BU_OK;
    bulla_status status = add_dist(&d, err);
    free(d.installed.parts.items);
    return status;
}

static bulla_status find(bu_install *tree, bulla_error *err)
{
    return bu_folder_walk(tree->path, visit, tree, err);
}

/* Compiled files are the installer's where what they are compiled of is a package's. */
static bool is_own(const bu_install *tree, const bu_found *found)
{
    static const char cache[] = "__pycache__";
    bulla_bytes path = bu_bytes_of(found->path), name = bu_bytes_of(found->name);
    if (strcmp(found->name, cache) == 0)
        return found->presence == BU_PRESENCE_FOLDER;
    bulla_bytes folder = bu_bytes_first(path, path.len - name.len);
    char source[BU_LIMIT_NAME_BYTES];
    if (found->presence != BU_PRESENCE_FILE || !bu_bytes_ends(folder, "__pycache__/") ||
        !bu_bytes_ends(name, ".pyc") || path.len >= sizeof source)
        return false;
    size_t front = folder.len - strlen(cache) - 1, stem = bu_bytes_find(name, '.');
    memcpy(source, path.ptr, front);
    memcpy(source + front, name.ptr, stem);
    memcpy(source + front + stem, ".py", sizeof ".py");
    return bu_paths_have(&tree->claims, source);
}

static bulla_status measure(const bu_installed *installed, const bu_folder *folder,
                            const char *path, bu_hasher *hasher, uint8_t *scratch, bu_files *out,
                            bulla_error *err)
{
    const bu_found found = {
        .folder = folder, .name = path, .path = path, .presence = bu_folder_look(folder, path, NULL)
    };
    (void)installed;
    if (found.presence == BU_PRESENCE_NONE || found.presence == BU_PRESENCE_FOLDER)
        return BU_OK;
    return bu_files_measure(out, &found, path, hasher, scratch, err);
}

static bulla_status list(const bu_installed *installed, bu_hasher *hasher, bu_files *out,
                         bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_folder_open(installed->tree->path, &folder, err));
    for (size_t i = 0; i < installed->parts.count; i++)
        BU_TRY(measure(installed, &folder, installed->parts.items[i], hasher, scratch, out, err));
    bu_files_sort(out);
    return BU_OK;
}

/* What an installer writes beside the files of the wheel. */
static bu_fate judge(const bu_installed *installed, const bu_file_pair *pair, bu_fate fate)
{
    static const char *const names[] = { "INSTALLER", "RECORD", "REQUESTED", "direct_url.json" };
    const char *path = pair->b == NULL ? pair->a->path : pair->b->path;
    const char *info = strstr(path, INFO "/");
    (void)installed;
    if (fate == BU_FATE_SAME || fate == BU_FATE_MISSING)
        return fate;
    for (size_t i = 0; info != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(info + strlen(INFO "/"), names[i]) == 0)
            return BU_FATE_GENERATED;
    bool is_compiled = bu_bytes_ends(bu_bytes_of(path), ".pyc") && strstr(path, "__pycache__/");
    return fate == BU_FATE_ADDED && is_compiled ? BU_FATE_GENERATED : fate;
}

const bu_install_kind bu_install_pypi = {
    .title = "Python's site-packages",
    .type = "pypi",
    .is = is,
    .find = find,
    .is_own = is_own,
    .list = list,
    .judge = judge,
};
