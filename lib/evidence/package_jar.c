/* SPDX-License-Identifier: MIT */
/*
 * Jars and wars: a zip, in which Maven leaves a pom.properties that names the
 * package. One may be there for each package that was merged into the jar; the
 * own one must agree, when there is one. Archives inside are walked too.
 */
#include "base/limits.h"
#include "ecosystem/pom_properties.h"
#include "evidence/package.h"

typedef struct jar {
    bulla_bytes properties; /* "META-INF/maven/GROUP/ARTIFACT/pom.properties" */
    bool has_properties;
} jar;

/* Components are named "group:artifact". */
static bulla_status keep_path(bu_contents *c, bulla_error *err)
{
    jar *j = c->state;
    bulla_bytes name = bu_bytes_of(c->packages[0].component->name);
    bulla_bytes group = bu_bytes_first(name, bu_bytes_find(name, ':'));
    bulla_bytes artifact = bu_bytes_from(name, group.len + 1);
    const char *path =
        bu_arena_format(c->arena, "META-INF/maven/%.*s/%.*s/pom.properties", (int)group.len,
                        (const char *)group.ptr, (int)artifact.len, (const char *)artifact.ptr);
    j->properties = bu_bytes_of(path);
    return path == NULL ? bu_no_memory(err) : BU_OK;
}

static bool is_archive(bulla_bytes path)
{
    return bu_bytes_ends(path, ".jar") || bu_bytes_ends(path, ".war");
}

static bulla_status member(bu_contents *c, const bu_member *member, bool *want, bulla_error *err)
{
    jar *j = c->state;
    if (j->properties.len == 0)
        BU_TRY(keep_path(c, err));
    *want = bu_bytes_equal(member->path, j->properties) || is_archive(member->path);
    return BU_OK;
}

static bulla_status check_properties(const bulla_component *component, bulla_bytes text,
                                     bulla_error *err)
{
    bu_pom_properties p;
    bulla_bytes name = bu_bytes_of(component->name);
    bulla_bytes group = bu_bytes_first(name, bu_bytes_find(name, ':'));
    const char *version = bu_package_version(component);
    BU_TRY(bu_pom_properties_read(text, &p, err));
    if (!bu_bytes_equal(p.group, group))
        return bu_package_differs("groupId", component->name, p.group, err);
    if (!bu_bytes_equal(p.artifact, bu_bytes_from(name, group.len + 1)))
        return bu_package_differs("artifactId", component->name, p.artifact, err);
    if (version != NULL && !bu_bytes_is(p.version, version))
        return bu_package_differs("version", version, p.version, err);
    return BU_OK;
}

/* ---- archives in archives: each is held to the same rules ---- */

static bulla_status nested_member(void *context, const bu_member *member, bool *want,
                                  bulla_error *err)
{
    (void)context;
    (void)err;
    *want = is_archive(member->path);
    return BU_OK;
}

/* The depth is a limit of ours, so this recursion is bounded whatever the input. */
static bulla_status nested_stream(void *context, const bu_member *member, bu_source *content,
                                  bulla_error *err)
{
    unsigned depth = *(const unsigned *)context + 1;
    const bu_walk_visitor visitor = { .context = &depth,
                                      .member = nested_member,
                                      .stream = nested_stream };
    if (depth > BU_LIMIT_NESTED_ARCHIVES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "member %.*s: archives in archives, %u deep",
                       (int)member->path.len, member->path.ptr, depth);
    return bu_within(err, bu_walk_zip(content, &visitor, err), "in %.*s", (int)member->path.len,
                     member->path.ptr);
}

static bulla_status stream(bu_contents *c, const bu_member *member, bu_source *content,
                           bulla_error *err)
{
    const jar *j = c->state;
    unsigned depth = 0;
    BU_CLEAR(bu_buf) text = { 0 };
    if (!bu_bytes_equal(member->path, j->properties))
        return nested_stream(&depth, member, content, err);
    BU_TRY(bu_source_slurp(content, BU_LIMIT_METADATA_BYTES, &text, err));
    bulla_status status = check_properties(c->packages[0].component, bu_buf_bytes(&text), err);
    return bu_in_file(err, status, "pom.properties");
}

static const char *const types[] = { "maven", NULL };

const bu_package_kind bu_package_jar = {
    .title = "jar",
    .types = types,
    .accepts = bu_begins_zip,
    .walk = bu_walk_zip,
    .place = bu_place_root,
    .state_size = sizeof(jar),
    .member = member,
    .stream = stream,
};
