/* SPDX-License-Identifier: MIT */
/*
 * Contents: chooses the kind of a package archive by its bytes, walks it, and
 * lets the kind judge the manifests that are found.
 */
#include "evidence/contents.h"

#include "base/limits.h"
#include "evidence/files.h"
#include "evidence/package.h"

#define BU_PACKAGE(id) extern const bu_package_kind bu_package_##id;
#include "evidence/packages.def"
#undef BU_PACKAGE

static const bu_package_kind *const kinds[] = {
#define BU_PACKAGE(id) &bu_package_##id,
#include "evidence/packages.def"
#undef BU_PACKAGE
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static bool is_for(const bu_package_kind *kind, const char *type)
{
    const char *const *t = kind->types;
    while (*t != NULL && strcmp(*t, type) != 0)
        t++;
    return *t != NULL;
}

bool bu_contents_known(const char *type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (is_for(kinds[i], type))
            return true;
    return false;
}

bool bu_contents_makes_digest(const char *type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i]->makes_digest && is_for(kinds[i], type))
            return true;
    return false;
}

/* What is no archive at all is left to the type's own reader: it says what is wrong. */
static bulla_status choose_kind(const char *type, bulla_bytes head, const bu_package_kind **out,
                                bulla_error *err)
{
    const bu_package_kind *first = NULL;
    for (size_t i = 0; i < KINDS; i++) {
        if (!is_for(kinds[i], type))
            continue;
        *out = kinds[i];
        if (kinds[i]->accepts(head))
            return BU_OK;
        if (first == NULL)
            first = kinds[i];
    }
    *out = first;
    if (first == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "no reader for archives of %s", type);
    const char *got = bu_package_begins(head);
    if (got == NULL)
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_FORMAT_MISMATCH, "not the kind of archive that %s packages are", type);
    return bu_expected(err, status, bu_bytes_of(first->title), bu_bytes_of(got));
}

/* Those whose manifest stands at `path`: two places of the project may hold the same archive. */
static void open_packages(bu_contents *c, bulla_bytes path)
{
    size_t low = 1, high = c->count;
    c->open = c->packages;
    c->open_count = c->kind->manifest != NULL && bu_bytes_is(path, c->kind->manifest) ? 1 : 0;
    if (c->open_count > 0)
        return;
    while (low < high) { /* the first whose path is not before */
        size_t middle = low + (high - low) / 2;
        if (bu_bytes_compare(bu_bytes_of(c->packages[middle].path), path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    c->open += low;
    while (low + c->open_count < c->count && bu_bytes_is(path, c->open[c->open_count].path))
        c->open_count++;
}

static bulla_status open_manifest(bu_contents *c, const bu_member *member, bool *want,
                                  bulla_error *err)
{
    if (bu_bytes_equal(c->open->seen, member->path))
        return BU_OK; /* one file packed twice, see doc/archives.md: the walk compares them */
    if (c->open->seen.len > 0)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "a second %s", c->open->path);
    bulla_bytes seen = bu_arena_copy(c->arena, member->path);
    if (seen.ptr == NULL)
        return bu_no_memory(err);
    *want = member->kind == BU_MEMBER_FILE;
    for (size_t i = 0; i < c->open_count; i++) {
        c->open[i].seen = seen;
        if (!*want)
            c->open[i].status = bu_fail(&c->open[i].error, BULLA_E_BAD_LINK,
                                        "%s is not a regular file", c->open[i].path);
    }
    return BU_OK;
}

/* The list that this member is to be put into, and where it stands when it is installed. */
static bu_files *installed_at(const bu_contents *c, bulla_bytes path, bulla_bytes *out)
{
    bool is_listed = c->packages[0].files != NULL && c->kind->unpacked != NULL;
    *out = is_listed ? c->kind->unpacked(c, path) : (bulla_bytes){ 0 };
    return out->len == 0 ? NULL : c->packages[0].files;
}

static bulla_status list_link(const bu_contents *c, const bu_member *member, bulla_error *err)
{
    bulla_bytes path, target = { 0 };
    bu_files *files = installed_at(c, member->path, &path);
    if (member->kind == BU_MEMBER_HARDLINK)
        (void)installed_at(c, member->target, &target);
    return files == NULL ? BU_OK : bu_files_add_member(files, member, path, target, err);
}

static bulla_status visit_member(void *context, const bu_member *member, bool *want,
                                 bulla_error *err)
{
    bu_contents *c = context;
    if (c->kind->member != NULL)
        BU_TRY(c->kind->member(c, member, want, err));
    BU_TRY(list_link(c, member, err));
    open_packages(c, c->kind->place(c, member->path));
    return c->open_count == 0 ? BU_OK : open_manifest(c, member, want, err);
}

static bulla_status visit_content(void *context, const bu_member *member, bulla_bytes content,
                                  bulla_error *err)
{
    bu_contents *c = context;
    if (c->open_count == 0)
        return c->kind->content(c, member, content, err);
    for (size_t i = 0; i < c->open_count; i++) {
        bu_expected_package *p = &c->open[i];
        p->status = c->kind->judge(c, p->component, content, &p->error);
        (void)bu_in_file(&p->error, p->status, p->path);
        if (p->status.code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
    }
    return BU_OK;
}

static bulla_status visit_stream(void *context, const bu_member *member, bu_source *content,
                                 bulla_error *err)
{
    bu_contents *c = context;
    if (c->open_count == 0)
        return c->kind->stream(c, member, content, err);
    BU_CLEAR(bu_buf) manifest = { 0 };
    BU_TRY(bu_source_slurp(content, BU_LIMIT_METADATA_BYTES, &manifest, err));
    return visit_content(c, member, bu_buf_bytes(&manifest), err);
}

static bulla_status visit_digest(void *context, const bu_member *member, const bulla_digest *sha256,
                                 bulla_error *err)
{
    bu_contents *c = context;
    bulla_bytes path;
    bu_files *files = installed_at(c, member->path, &path);
    if (files != NULL)
        BU_TRY(bu_files_add_content(files, member, path, sha256, err));
    return c->kind->digest == NULL ? BU_OK : c->kind->digest(c, member, sha256, err);
}

static void miss_manifests(bu_contents *c)
{
    for (size_t i = c->kind->manifest == NULL ? 1 : 0; i < c->count; i++) {
        bu_expected_package *p = &c->packages[i];
        if (p->seen.len == 0)
            p->status =
                bu_as(&p->error,
                      bu_fail(&p->error, BULLA_E_MISSING_FILE, "the archive has no %s", p->path),
                      BULLA_EXIT_DENIED);
    }
}

bulla_status bu_contents_walk(bu_source *source, bu_expected_package *packages, size_t count,
                              const bu_deb_entry *listed, bu_arena *arena, bulla_error *err)
{
    bu_peek peek;
    bu_contents c = { .packages = packages, .count = count, .listed = listed, .arena = arena };
    BU_TRY(bu_peek_init(&peek, source, err));
    BU_TRY(choose_kind(packages[0].component->type, bu_peek_head(&peek), &c.kind, err));
    packages[0].path = c.kind->manifest;
    if (c.kind->manifest == NULL)
        packages[0].status = BU_OK;
    c.state = bu_arena_get(arena, c.kind->state_size);
    if (c.state == NULL)
        return bu_no_memory(err);
    bool hashes = c.kind->digest != NULL || (c.kind->unpacked != NULL && packages[0].files != NULL);
    const bu_walk_visitor visitor = { .context = &c,
                                      .links = c.kind->links,
                                      .member = visit_member,
                                      .content = visit_content,
                                      .stream = c.kind->stream == NULL ? NULL : visit_stream,
                                      .digest = hashes ? visit_digest : NULL };
    BU_TRY(c.kind->walk(&peek.base, &visitor, err));
    miss_manifests(&c);
    bool is_over = c.kind->finish == NULL || !bulla_ok(packages[0].status);
    return is_over ? BU_OK : c.kind->finish(&c, err);
}
