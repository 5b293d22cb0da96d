/* SPDX-License-Identifier: MIT */
/*
 * npm packages as Yarn 2 and later keep them in their cache: a zip, in which
 * all is in node_modules/NAME. Its digest is the checksum of yarn.lock.
 */
#include "evidence/npm.h"

#define TOP "node_modules/"

/* How much of `path` is "node_modules/NAME"; 0 when it is not in there. */
static size_t folder_of(const bu_contents *c, bulla_bytes path)
{
    const char *name = c->packages[0].component->name;
    bulla_bytes below = bu_bytes_from(path, strlen(TOP));
    size_t len = strlen(TOP) + strlen(name);
    bool is_in = bu_bytes_starts(path, TOP) && bu_bytes_starts(below, name) &&
                 (path.len == len || path.ptr[len] == '/');
    return is_in ? len : 0;
}

static bulla_bytes place(const bu_contents *contents, bulla_bytes path)
{
    size_t folder = folder_of(contents, path);
    return folder == 0 ? (bulla_bytes){ 0 } : bu_bytes_from(path, folder + 1);
}

static bulla_status member(bu_contents *c, const bu_member *member, bool *want, bulla_error *err)
{
    (void)want;
    const char *name = c->packages[0].component->name;
    if (member->kind == BU_MEMBER_FOLDER || folder_of(c, member->path) > 0)
        return BU_OK;
    return bu_package_differs("folder in node_modules", name, member->path, err);
}

static const char *const types[] = { "npm", NULL };

const bu_package_kind bu_package_yarn = {
    .title = "npm package in Yarn's cache",
    .types = types,
    .accepts = bu_begins_zip,
    .walk = bu_walk_zip,
    .manifest = "package.json",
    .place = place,
    .unpacked = place,
    .judge = bu_npm_judge,
    .member = member,
};
