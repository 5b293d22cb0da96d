/* SPDX-License-Identifier: MIT */
/*
 * Go's vendor folder: vendor/modules.txt, with the go.sum above it for what
 * is pinned. Spec: "Vendoring" in the Go Modules Reference, and how the go
 * command reads it. Modules that give no package to the build, and are not
 * required, stand there only because they are replaced: they are left out.
 */
#include "ecosystem/gomod.h"

/* `# path [version] [=> path [version]]`, and what follows it. */
typedef struct module {
    bulla_bytes path, version, new_path, new_version;
    bool is_used;
    uint32_t line;
} module;

typedef struct vendor {
    bu_lock lock;
    bu_text text;
    bu_go_sum sum;
    module module; /* the newest */
} vendor;

static void vendor_clear(vendor *v)
{
    bu_lock_clear(&v->lock);
    bu_go_sum_clear(&v->sum);
}
BU_DEFINE_CLEAR(vendor)

static bulla_bytes next_word(bulla_bytes *rest)
{
    *rest = bu_bytes_trim(*rest);
    bulla_bytes word = bu_bytes_first(*rest, bu_bytes_find(*rest, ' '));
    *rest = bu_bytes_from(*rest, word.len + 1);
    return word;
}

/* What was begun is done when the next one begins. */
static bulla_status finish_module(vendor *v, bulla_error *err)
{
    const module *m = &v->module;
    bu_lock_entry entry = {
        .name = m->path, .version = m->version, .location = m->path, .line = m->line, .column = 1
    };
    if (!m->is_used)
        return BU_OK;
    if (m->new_version.len > 0) {
        entry.name = m->new_path;
        entry.version = m->new_version;
    }
    /* What is copied from a folder has no release that it could be held against. */
    if (m->new_path.len > 0 && m->new_version.len == 0) {
        entry.origin = BULLA_ORIGIN_UNKNOWN;
        entry.resolved = m->new_path;
        return bu_lock_add(&v->lock, &entry, NULL, err);
    }
    return bu_go_add(&v->lock, &entry, &v->sum, NULL, err);
}

static bulla_status check_module(const vendor *v, const module *m, bulla_error *err)
{
    bool is_folder = m->new_path.len > 0 && m->new_version.len == 0;
    bool names = bu_go_is_path(m->path) &&
                 (m->new_version.len == 0 || bu_go_is_path(m->new_path)) &&
                 (!is_folder || bu_go_is_folder(m->new_path));
    bool versions = (m->version.len == 0 || bu_go_is_version(m->version)) &&
                    (m->new_version.len == 0 || bu_go_is_version(m->new_version)) &&
                    (m->version.len > 0 || m->new_path.len > 0);
    if (!names)
        return bu_text_fail(&v->text, m->path.ptr, err, BULLA_E_BAD_NAME, "not a module's path");
    if (!versions)
        return bu_text_fail(&v->text, m->path.ptr, err, BULLA_E_UNPINNED, "not one exact version");
    return BU_OK;
}

static bulla_status begin_module(vendor *v, bulla_bytes rest, bulla_error *err)
{
    module *m = &v->module;
    BU_TRY(finish_module(v, err));
    *m = (module){ .path = next_word(&rest), .line = v->text.number };
    bulla_bytes word = next_word(&rest);
    if (!bu_bytes_is(word, "=>")) {
        m->version = word;
        word = next_word(&rest);
    }
    if (bu_bytes_is(word, "=>")) {
        m->new_path = next_word(&rest);
        m->new_version = next_word(&rest);
    } else if (word.len > 0) {
        rest = word;
    }
    if (m->path.len == 0 || rest.len > 0)
        return bu_text_fail(&v->text, v->text.line.ptr, err, BULLA_E_BAD_SYNTAX,
                            "not `# path version [=> path version]`");
    return check_module(v, m, err);
}

/* `## explicit; go 1.21`: more may be said there by newer versions of Go. */
static bool is_explicit(bulla_bytes notes)
{
    while (notes.len > 0) {
        bulla_bytes note = bu_bytes_first(notes, bu_bytes_find(notes, ';'));
        notes = bu_bytes_from(notes, note.len + 1);
        if (bu_bytes_is(bu_bytes_trim(note), "explicit"))
            return true;
    }
    return false;
}

static bulla_status read_line(void *context, bulla_error *err)
{
    vendor *v = context;
    bulla_bytes line = v->text.line;
    if (bu_bytes_starts(line, "# "))
        return begin_module(v, bu_bytes_from(line, 2), err);
    if (bu_bytes_is(line, "## workspace") && v->text.number == 1)
        return BU_OK;
    if (bu_bytes_trim(line).len == 0)
        return BU_OK;
    if (v->module.path.len == 0)
        return bu_text_fail(&v->text, line.ptr, err, BULLA_E_BAD_SYNTAX,
                            "a package that is of no module");
    if (bu_bytes_starts(line, "## ")) {
        v->module.is_used = v->module.is_used || is_explicit(bu_bytes_from(line, 3));
        return BU_OK;
    }
    if (!bu_go_is_path(line))
        return bu_text_fail(&v->text, line.ptr, err, BULLA_E_BAD_NAME, "not a package's path");
    v->module.is_used = true;
    return BU_OK;
}

static bulla_status read_lines(vendor *v, bulla_error *err)
{
    BU_TRY(bu_text_each(&v->text, read_line, v, err));
    return finish_module(v, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(vendor) v = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&v.lock, "golang", name, options, graph, err));
    BU_TRY(bu_go_sum_read(&v.sum, &v.lock, "../go.sum", err));
    return bu_in_file(err, read_lines(&v, err), v.lock.file);
}

static const char *const filenames[] = { "modules.txt", NULL };
static const char *const places[] = { "vendor/modules.txt", NULL };

const bu_ecosystem bu_eco_govendor = {
    .id = "govendor",
    .filenames = filenames,
    .places = places,
    .title = "Go vendor folder (vendor/modules.txt)",
    .parse = parse,
};
