/* SPDX-License-Identifier: MIT */
/*
 * Python wheels (PyPA, "Binary distribution format"): a zip with one
 * NAME-VERSION.dist-info folder. METADATA names the package; RECORD lists every
 * file with its digest: both ways, nothing more and nothing less.
 */
#include "ecosystem/record.h"
#include "evidence/fields.h"
#include "evidence/members.h"
#include "evidence/python.h"

#define INFO ".dist-info"

typedef struct wheel {
    bulla_bytes info; /* "NAME-VERSION.dist-info" */
    bulla_bytes record;
    bool has_record, has_wheel;
    bu_members members;
    bu_arena *arena;
} wheel;

static bulla_bytes top_of(bulla_bytes path)
{
    return bu_bytes_first(path, bu_bytes_find(path, '/'));
}

/* Below the folder NAME.dist-info; empty for what is elsewhere. */
static bulla_bytes place(const bu_contents *contents, bulla_bytes path)
{
    (void)contents;
    bulla_bytes top = top_of(path);
    return bu_bytes_ends(top, INFO) ? bu_bytes_from(path, top.len + 1) : (bulla_bytes){ 0 };
}

/* NAME.data/purelib and platlib are put beside all else; what is in its other folders, elsewhere. */
static bulla_bytes unpacked(const bu_contents *contents, bulla_bytes path)
{
    (void)contents;
    bulla_bytes top = top_of(path), below = bu_bytes_from(path, top.len + 1);
    if (!bu_bytes_ends(top, ".data"))
        return path;
    bool is_library = bu_bytes_starts(below, "purelib/") || bu_bytes_starts(below, "platlib/");
    return is_library ? bu_bytes_from(below, strlen("purelib/")) : (bulla_bytes){ 0 };
}

/* "NAME-VERSION.dist-info", where dashes in either are written as underscores. */
static bulla_status check_info(const bu_contents *c, bulla_bytes info, bulla_error *err)
{
    const bulla_component *component = c->packages[0].component;
    bulla_bytes stem = bu_bytes_first(info, info.len - strlen(INFO));
    bulla_bytes name = bu_bytes_first(stem, bu_bytes_find(stem, '-'));
    return bu_python_same_name(name, bu_bytes_of(component->name))
               ? BU_OK
               : bu_package_differs("folder " INFO, component->name, info, err);
}

/* Installers go by the one folder that there is; with two, each by another. */
static bulla_status keep_info(bu_contents *c, bulla_bytes top, bulla_error *err)
{
    wheel *w = c->state;
    if (bu_bytes_equal(w->info, top))
        return BU_OK;
    if (w->info.len > 0)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a second folder %.*s", (int)top.len,
                       top.ptr);
    BU_TRY(check_info(c, top, err));
    w->info = bu_arena_copy(c->arena, top);
    return w->info.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status member(bu_contents *c, const bu_member *member, bool *want, bulla_error *err)
{
    bulla_bytes below = place(c, member->path);
    if (bu_bytes_ends(top_of(member->path), INFO))
        BU_TRY(keep_info(c, top_of(member->path), err));
    *want = bu_bytes_is(below, "RECORD") || bu_bytes_is(below, "WHEEL");
    return BU_OK;
}

/* PyPA: installers "fail if Wheel-Version is greater than the major version they support". */
static bulla_status check_wheel(bulla_bytes text, bulla_error *err)
{
    bulla_bytes version;
    BU_TRY(bu_header_field(text, "Wheel-Version", &version, err));
    if (bu_bytes_starts(version, "1."))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "a wheel of a version that is not known");
    return bu_expected(err, status, BULLA_LIT("1.x"), version);
}

static bulla_status content(bu_contents *c, const bu_member *member, bulla_bytes content,
                            bulla_error *err)
{
    wheel *w = c->state;
    if (bu_bytes_is(place(c, member->path), "WHEEL")) {
        w->has_wheel = true;
        return bu_in_file(err, check_wheel(content, err), "WHEEL");
    }
    w->has_record = true;
    w->record = bu_arena_copy(c->arena, content);
    return content.len > 0 && w->record.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status digest(bu_contents *c, const bu_member *member, const bulla_digest *sha256,
                           bulla_error *err)
{
    wheel *w = c->state;
    return bu_members_add(&w->members, member, sha256, c->arena, err);
}

static bulla_status refuse(const bu_record_row *row, bulla_status status, bulla_error *err)
{
    return bu_as(err, bu_at(err, status, row->line, 1), BULLA_EXIT_DENIED);
}

/* RECORD cannot have its own digest, and signatures of it come later. */
static bool is_exempt(const wheel *w, bulla_bytes path)
{
    if (!bu_bytes_equal(top_of(path), w->info))
        return false;
    bulla_bytes below = bu_bytes_from(path, w->info.len + 1);
    return bu_bytes_is(below, "RECORD") || bu_bytes_is(below, "RECORD.jws") ||
           bu_bytes_is(below, "RECORD.p7s");
}

static bulla_status check_row(const wheel *w, const bu_record_row *row, const bu_member_file *f,
                              bulla_error *err)
{
    bulla_digest got = { .alg = BULLA_ALG_SHA256, .len = sizeof f->file.sha256 };
    memcpy(got.bytes, f->file.sha256, sizeof f->file.sha256);
    if (row->digest.alg == BULLA_ALG_NONE)
        return is_exempt(w, row->path) ? BU_OK
                                       : bu_fail(err, BULLA_E_MISSING_HASH, "%.*s has no digest",
                                                 (int)row->path.len, row->path.ptr);
    if (row->digest.alg != BULLA_ALG_SHA256)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "a %s digest, where sha256 is usual",
                       bulla_alg_name(row->digest.alg));
    if (!bulla_digest_equal(&row->digest, &got))
        return bu_fail(err, BULLA_E_HASH_MISMATCH, "%.*s has another digest", (int)row->path.len,
                       row->path.ptr);
    if (row->has_size && row->size != f->size)
        return bu_fail(err, BULLA_E_HASH_MISMATCH, "%.*s has another size", (int)row->path.len,
                       row->path.ptr);
    return BU_OK;
}

static bulla_status see_row(void *context, const bu_record_row *row, bulla_error *err)
{
    const wheel *w = context;
    bu_member_file *f = bu_members_find(&w->members, row->path);
    if (f == NULL)
        return refuse(row,
                      bu_fail(err, BULLA_E_MISSING_FILE, "the archive has no %.*s",
                              (int)row->path.len, row->path.ptr),
                      err);
    if (f->is_listed)
        return refuse(row,
                      bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%.*s is listed twice",
                              (int)row->path.len, row->path.ptr),
                      err);
    f->is_listed = true;
    bulla_status status = check_row(w, row, f, err);
    return bulla_ok(status) ? status : refuse(row, status, err);
}

static bulla_status check_listed(const wheel *w, bulla_error *err)
{
    for (size_t i = 0; i < w->members.count; i++) {
        bulla_bytes name = w->members.sorted[i]->file.name;
        if (!w->members.sorted[i]->is_listed && !is_exempt(w, name))
            return bu_as(err,
                         bu_fail(err, BULLA_E_UNLISTED_FILE, "%.*s is not in RECORD", (int)name.len,
                                 name.ptr),
                         BULLA_EXIT_DENIED);
    }
    return BU_OK;
}

static bulla_status check_record(wheel *w, bulla_error *err)
{
    BU_TRY(bu_members_sort(&w->members, w->arena, err));
    BU_TRY(bu_record_read(w->record, w->arena, see_row, w, err));
    return check_listed(w, err);
}

static bulla_status finish(bu_contents *c, bulla_error *err)
{
    wheel *w = c->state;
    w->arena = c->arena;
    if (!w->has_record || !w->has_wheel)
        return bu_as(err,
                     bu_fail(err, BULLA_E_MISSING_FILE, "the archive has no %s",
                             w->has_record ? "WHEEL" : "RECORD"),
                     BULLA_EXIT_DENIED);
    return bu_in_file(err, check_record(w, err), "RECORD");
}

static const char *const types[] = { "pypi", NULL };

const bu_package_kind bu_package_wheel = {
    .title = "Python wheel",
    .types = types,
    .accepts = bu_begins_zip,
    .walk = bu_walk_zip,
    .manifest = "METADATA",
    .place = place,
    .unpacked = unpacked,
    .judge = bu_python_judge,
    .state_size = sizeof(wheel),
    .member = member,
    .content = content,
    .digest = digest,
    .finish = finish,
};
