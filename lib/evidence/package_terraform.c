/* SPDX-License-Identifier: MIT */
/*
 * Terraform providers: a zip with the program terraform-provider-TYPE at its
 * top. The h1 of its files is what .terraform.lock.hcl pins for every platform.
 */
#include "evidence/members.h"
#include "evidence/package.h"

#define PROGRAM "terraform-provider-"

typedef struct provider {
    bulla_bytes program; /* "terraform-provider-TYPE" */
    bool has_program;
    bu_members members;
} provider;

/* Components are named "host/namespace/TYPE". */
static bulla_status keep_program(bu_contents *c, bulla_error *err)
{
    provider *p = c->state;
    const char *slash = strrchr(c->packages[0].component->name, '/');
    const char *program = bu_arena_format(
        c->arena, PROGRAM "%s", slash == NULL ? c->packages[0].component->name : slash + 1);
    p->program = bu_bytes_of(program);
    return program == NULL ? bu_no_memory(err) : BU_OK;
}

/* Behind the name may stand `_vVERSION`, then `_x` and a protocol, or `.exe`. */
static bulla_status check_version(const bu_contents *c, bulla_bytes rest, bulla_error *err)
{
    const char *version = c->packages[0].component->version;
    size_t len = version == NULL ? 0 : strlen(version);
    if (version == NULL || !bu_bytes_starts(rest, "_v"))
        return BU_OK;
    rest = bu_bytes_from(rest, 2);
    bool ends = rest.len == len || (rest.len > len && strchr("_.", rest.ptr[len]) != NULL &&
                                    (rest.ptr[len] == '_' || bu_bytes_ends(rest, ".exe")));
    return ends && bu_bytes_starts(rest, version)
               ? BU_OK
               : bu_package_differs("program", version, rest, err);
}

static bulla_status member(bu_contents *c, const bu_member *member, bool *want, bulla_error *err)
{
    (void)want;
    provider *p = c->state;
    if (p->program.len == 0)
        BU_TRY(keep_program(c, err));
    if (member->kind == BU_MEMBER_FOLDER)
        return bu_members_add(&p->members, member, NULL, c->arena, err);
    if (!bu_bytes_starts(member->path, PROGRAM) ||
        bu_bytes_find(member->path, '/') < member->path.len)
        return BU_OK;
    bulla_bytes rest = bu_bytes_from(member->path, p->program.len);
    bool is_own = bu_bytes_starts(member->path, (const char *)p->program.ptr) &&
                  (rest.len == 0 || rest.ptr[0] == '_' || rest.ptr[0] == '.');
    if (!is_own)
        return bu_package_differs("program", (const char *)p->program.ptr, member->path, err);
    p->has_program = true;
    return check_version(c, rest, err);
}

static bulla_status digest(bu_contents *c, const bu_member *member, const bulla_digest *sha256,
                           bulla_error *err)
{
    provider *p = c->state;
    return bu_members_add(&p->members, member, sha256, c->arena, err);
}

static bulla_status finish(bu_contents *c, bulla_error *err)
{
    provider *p = c->state;
    if (!p->has_program)
        return bu_as(err,
                     bu_fail(err, BULLA_E_MISSING_FILE, "the archive has no %.*s",
                             (int)p->program.len, p->program.ptr),
                     BULLA_EXIT_DENIED);
    BU_TRY(bu_members_sort(&p->members, c->arena, err));
    return bu_members_h1(&p->members, c->arena, &c->packages[0].tree, err);
}

static const char *const types[] = { "terraform", NULL };

const bu_package_kind bu_package_terraform = {
    .title = "Terraform provider",
    .types = types,
    .makes_digest = true,
    .accepts = bu_begins_zip,
    .walk = bu_walk_zip,
    .place = bu_place_root,
    .state_size = sizeof(provider),
    .member = member,
    .digest = digest,
    .finish = finish,
};
