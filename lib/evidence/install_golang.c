/* SPDX-License-Identifier: MIT */
/*
 * Go's vendor folder: modules.txt names modules and those of their packages
 * that the build needs; `go mod vendor` copies the files of these, without
 * tests, with licences from the folders above and what they embed.
 */
#include "base/limits.h"
#include "evidence/install.h"
#include "syntax/text.h"

#define LIST "modules.txt"

static bool is(const bu_install *tree, const bu_names *names)
{
    (void)tree;
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], LIST) == 0)
            return true;
    return false;
}

/* `# path [version] [=> path [version]]` */
typedef struct module {
    const char *path, *name, *version;
    bool is_folder; /* replaced by a folder: no archive is to be held against it */
    bu_installed installed;
} module;

static bulla_bytes next_word(bulla_bytes *rest)
{
    *rest = bu_bytes_trim(*rest);
    bulla_bytes word = bu_bytes_first(*rest, bu_bytes_find(*rest, ' '));
    *rest = bu_bytes_from(*rest, word.len + 1);
    return word;
}

static bulla_status place_module(bu_install *tree, module *m, bulla_error *err)
{
    m->installed.place = m->path;
    if (m->is_folder)
        return bu_paths_add(&tree->claims, tree->arena, bu_bytes_of(m->path), err);
    BU_TRY(bu_install_component(tree, m->name, m->version, &m->installed.component, err));
    if (m->installed.component != BULLA_NO_COMPONENT)
        return bu_install_add(tree, &m->installed, err);
    const char *what = bu_arena_format(tree->arena, "%s@%s", m->name, m->version);
    return what == NULL ? bu_no_memory(err) : bu_install_unknown(tree, m->path, what, err);
}

static bulla_status finish_module(bu_install *tree, module *m, bulla_error *err)
{
    bu_paths_sort(&m->installed.parts);
    bulla_status status = m->installed.parts.count == 0 ? BU_OK : place_module(tree, m, err);
    free(m->installed.parts.items);
    m->installed = (bu_installed){ 0 };
    return status;
}

static bulla_status begin_module(bu_install *tree, module *m, bulla_bytes rest, bulla_error *err)
{
    bulla_bytes path = next_word(&rest), version = next_word(&rest), name = path;
    BU_TRY(finish_module(tree, m, err));
    bool is_replaced = bu_bytes_is(version, "=>");
    if (!is_replaced)
        is_replaced = bu_bytes_is(next_word(&rest), "=>");
    if (is_replaced) {
        name = next_word(&rest);
        version = next_word(&rest);
    }
    m->is_folder = is_replaced && version.len == 0;
    m->path = bu_arena_text(tree->arena, path);
    m->name = bu_arena_text(tree->arena, name);
    m->version = bu_arena_text(tree->arena, version);
    return m->path == NULL || m->name == NULL || m->version == NULL ? bu_no_memory(err) : BU_OK;
}

/* A package's folder from that of its module; "." is the module's own. */
static bulla_status add_package(bu_install *tree, module *m, bulla_bytes path, bulla_error *err)
{
    size_t len = m->path == NULL ? 0 : strlen(m->path);
    bool is_below =
        len > 0 && bu_bytes_starts(path, m->path) && (path.len == len || path.ptr[len] == '/');
    if (!is_below)
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "a package that is of no module");
    bulla_bytes below = bu_bytes_from(path, len + 1);
    return bu_paths_add(&m->installed.parts, tree->arena, below.len == 0 ? BULLA_LIT(".") : below,
                        err);
}

static bulla_status read_list(bu_install *tree, module *m, bulla_bytes bytes, bulla_error *err)
{
    bu_text text = bu_text_of(bytes);
    for (bool more = true; more;) {
        BU_TRY(bu_text_next(&text, &more, err));
        if (!more || bu_bytes_trim(text.line).len == 0 || bu_bytes_starts(text.line, "## "))
            continue;
        bulla_status status = bu_bytes_starts(text.line, "# ")
                                  ? begin_module(tree, m, bu_bytes_from(text.line, 2), err)
                                  : add_package(tree, m, bu_bytes_trim(text.line), err);
        if (!bulla_ok(status))
            return bu_at(err, status, text.number, 1);
    }
    return finish_module(tree, m, err);
}

static bulla_status find(bu_install *tree, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    const char *path = bu_install_path(tree, LIST);
    module m = { 0 };
    if (path == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_DOCUMENT_BYTES, &text, err));
    bulla_status status = read_list(tree, &m, bu_buf_bytes(&text), err);
    free(m.installed.parts.items);
    return bu_in_file(err, status, path);
}

static bool is_own(const bu_install *tree, const bu_found *found)
{
    (void)tree;
    return strcmp(found->path, LIST) == 0 && found->presence == BU_PRESENCE_FILE;
}

/* Whether the folder of this file is that of a package that is vendored. */
static bool is_in_package(const bu_installed *installed, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    for (size_t low = 0, high = installed->parts.count; low < high;) {
        size_t middle = low + (high - low) / 2;
        const char *part = installed->parts.items[middle];
        int order = bu_bytes_compare(bu_bytes_of(part),
                                     len == 0 ? BULLA_LIT(".")
                                              : (bulla_bytes){ (const uint8_t *)path, len });
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* go.mod and go.sum are not copied by newer versions of Go, tests by none. */
static bool is_copied(const bu_installed *installed, const char *path)
{
    bulla_bytes bytes = bu_bytes_of(path);
    return is_in_package(installed, path) && !bu_bytes_ends(bytes, "_test.go") &&
           strcmp(path, "go.mod") != 0 && strcmp(path, "go.sum") != 0;
}

/* What is not copied may be missing; Go code of a package that is not listed has nothing to do there. */
static bu_fate judge(const bu_installed *installed, const bu_file_pair *pair, bu_fate fate)
{
    if (fate == BU_FATE_MISSING)
        return is_copied(installed, pair->a->path) ? fate : BU_FATE_LEFT_OUT;
    bool is_code = fate == BU_FATE_SAME && bu_bytes_ends(bu_bytes_of(pair->a->path), ".go");
    return is_code && !is_in_package(installed, pair->a->path) ? BU_FATE_ADDED : fate;
}

/* Modules whose packages the build does not need are not vendored; Go itself holds the list against go.mod. */
static bool may_lack(const bu_install *tree, const bulla_component *component)
{
    (void)tree;
    (void)component;
    return true;
}

const bu_install_kind bu_install_golang = {
    .title = "Go's vendor folder",
    .type = "golang",
    .is = is,
    .find = find,
    .is_own = is_own,
    .judge = judge,
    .may_lack = may_lack,
};
