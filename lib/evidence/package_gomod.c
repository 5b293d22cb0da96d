/* SPDX-License-Identifier: MIT */
/*
 * Go module zips (golang.org/x/mod/zip): every path begins with
 * MODULE@VERSION/, and is one that Go accepts; go.mod, where there is one,
 * names the module. The h1 of all files is what go.sum pins.
 */
#include <strings.h>

#include "evidence/files.h"
#include "evidence/members.h"
#include "evidence/package.h"

#define MODULE_BYTES (500ull << 20) /* x/mod/zip: MaxZipFile, inflated */

typedef struct module {
    bulla_bytes prefix; /* "MODULE@VERSION/" */
    uint64_t size;      /* of all files */
    bu_members members;
} module;

static bulla_bytes place(const bu_contents *contents, bulla_bytes path)
{
    const module *m = contents->state;
    return bu_bytes_from(path, m->prefix.len);
}

/* x/mod/module: what stands in no path, as some shell or system would take it for something else. */
static bool is_path_byte(uint8_t c)
{
    return c >= 0x80 || (c >= ' ' && strchr("\"'*<>?`|\\:\x7F", c) == NULL);
}

/* Names of Windows' devices, with whatever behind a dot. */
static bool is_device(bulla_bytes element)
{
    static const char *const names[] = { "con",  "prn",  "aux",  "nul",  "com1", "com2",
                                         "com3", "com4", "com5", "com6", "com7", "com8",
                                         "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5",
                                         "lpt6", "lpt7", "lpt8", "lpt9" };
    size_t len = bu_bytes_find(element, '.');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == len && strncasecmp((const char *)element.ptr, names[i], len) == 0)
            return true;
    return false;
}

static bulla_status check_element(bulla_bytes element, bulla_error *err)
{
    for (size_t i = 0; i < element.len; i++)
        if (!is_path_byte(element.ptr[i]))
            return bu_fail(err, BULLA_E_BAD_NAME, "Go refuses the character 0x%02x in a path",
                           element.ptr[i]);
    if (bu_bytes_ends(element, ".") || is_device(element))
        return bu_fail(err, BULLA_E_BAD_NAME, "Go refuses \"%.*s\" in a path", (int)element.len,
                       element.ptr);
    return BU_OK;
}

/* Another go.mod would make a module of its own of its folder, or be one on some systems only. */
static bulla_status check_path(bulla_bytes path, bulla_error *err)
{
    bulla_bytes rest = path, element = { 0 };
    while (rest.len > 0) {
        element = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        rest = bu_bytes_from(rest, element.len + 1);
        BU_TRY(check_element(element, err));
    }
    bool is_mod = element.len == 6 && strncasecmp((const char *)element.ptr, "go.mod", 6) == 0;
    if (is_mod && !bu_bytes_is(path, "go.mod"))
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a go.mod that is not that of the module");
    return BU_OK;
}

static bulla_status keep_prefix(bu_contents *c, bulla_error *err)
{
    module *m = c->state;
    const bulla_component *component = c->packages[0].component;
    const char *prefix = bu_arena_format(c->arena, "%s@%s/", component->name,
                                         component->version == NULL ? "" : component->version);
    m->prefix = bu_bytes_of(prefix);
    return prefix == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status check_prefix(const module *m, const bu_member *member, bulla_error *err)
{
    bool is_top = member->kind == BU_MEMBER_FOLDER &&
                  bu_bytes_equal(member->path, bu_bytes_first(m->prefix, m->prefix.len - 1));
    if (is_top || bu_bytes_equal(bu_bytes_first(member->path, m->prefix.len), m->prefix))
        return BU_OK;
    return bu_package_differs("folder", (const char *)m->prefix.ptr, member->path, err);
}

static bool is_source(bulla_bytes path)
{
    return bu_bytes_ends(path, ".go") && !bu_bytes_ends(path, "_test.go");
}

/* `go mod vendor` leaves out what is tagged `ignore`: the constraint stands before the package clause. */
static bulla_status note_ignored(bu_contents *c, bulla_bytes path, bulla_bytes text,
                                 bulla_error *err)
{
    const bu_file_entry ignored = { .kind = BU_FILE_NOTE, .is_optional = true };
    bulla_bytes line = { 0 };
    for (; text.len > 0 && !bu_bytes_starts(line, "package ");
         text = bu_bytes_from(text, line.len + 1)) {
        line = bu_bytes_first(text, bu_bytes_find(text, '\n'));
        bool is_constraint =
            bu_bytes_starts(line, "//go:build ") || bu_bytes_starts(line, "// +build ");
        if (is_constraint && bu_bytes_has(line, "ignore"))
            return bu_files_add(c->packages[0].files, path, &ignored, err);
    }
    return BU_OK;
}

static bulla_status member(bu_contents *c, const bu_member *member, bool *want, bulla_error *err)
{
    module *m = c->state;
    if (m->prefix.len == 0)
        BU_TRY(keep_prefix(c, err));
    BU_TRY(check_prefix(m, member, err));
    bulla_bytes below = place(c, member->path);
    BU_TRY(bu_at_offset(err, check_path(below, err), member->offset));
    *want = bu_bytes_is(below, "go.mod") ||
            (c->packages[0].files != NULL && member->kind == BU_MEMBER_FILE && is_source(below));
    if (member->kind == BU_MEMBER_FOLDER)
        return bu_members_add(&m->members, member, NULL, c->arena, err);
    return BU_OK;
}

/* `module PATH`, which may be quoted, and have a comment behind it. */
static bulla_bytes module_of(bulla_bytes line)
{
    bulla_bytes rest = bu_bytes_trim(line);
    if (!bu_bytes_starts(rest, "module ") && !bu_bytes_starts(rest, "module\t"))
        return (bulla_bytes){ 0 };
    rest = bu_bytes_trim(bu_bytes_from(rest, strlen("module")));
    for (size_t i = 0; i + 1 < rest.len; i++)
        if (rest.ptr[i] == '/' && rest.ptr[i + 1] == '/')
            rest.len = i;
    rest = bu_bytes_trim(rest);
    if (bu_bytes_ends(rest, "\r"))
        rest.len--;
    bool is_quoted = rest.len > 1 && (rest.ptr[0] == '"' || rest.ptr[0] == '`') &&
                     rest.ptr[rest.len - 1] == rest.ptr[0];
    return is_quoted ? (bulla_bytes){ rest.ptr + 1, rest.len - 2 } : rest;
}

static bulla_status content(bu_contents *c, const bu_member *member, bulla_bytes content,
                            bulla_error *err)
{
    const char *name = c->packages[0].component->name;
    if (is_source(member->path))
        return note_ignored(c, place(c, member->path), content, err);
    while (content.len > 0) {
        bulla_bytes line = bu_bytes_first(content, bu_bytes_find(content, '\n'));
        bulla_bytes path = module_of(line);
        if (path.len > 0)
            return bu_bytes_is(path, name) ? BU_OK
                                           : bu_package_differs("module path", name, path, err);
        content = bu_bytes_from(content, line.len + 1);
    }
    return bu_in_file(err, bu_fail(err, BULLA_E_MISSING_FIELD, "no module path"), "go.mod");
}

static bulla_status digest(bu_contents *c, const bu_member *member, const bulla_digest *sha256,
                           bulla_error *err)
{
    module *m = c->state;
    m->size += member->size;
    if (m->size > MODULE_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a module of more than %llu bytes",
                       (unsigned long long)MODULE_BYTES);
    return bu_members_add(&m->members, member, sha256, c->arena, err);
}

static bulla_status finish(bu_contents *c, bulla_error *err)
{
    module *m = c->state;
    BU_TRY(bu_members_sort(&m->members, c->arena, err));
    return bu_members_h1(&m->members, c->arena, &c->packages[0].tree, err);
}

static const char *const types[] = { "golang", NULL };

const bu_package_kind bu_package_gomod = {
    .title = "Go module",
    .types = types,
    .makes_digest = true,
    .accepts = bu_begins_zip,
    .walk = bu_walk_zip,
    .place = place,
    .unpacked = place,
    .state_size = sizeof(module),
    .member = member,
    .content = content,
    .digest = digest,
    .finish = finish,
};
