/* SPDX-License-Identifier: MIT */
/*
 * Maven's pom.xml: the dependencies that a project declares, with properties,
 * managed versions and parents of the same tree applied. It pins no digest;
 * what cannot be resolved without a repository (a parent or a bill of
 * materials that is not here, a range, a property from outside) is said.
 * Spec: Maven, "POM Reference" and "Introduction to the POM".
 */
#include "base/limits.h"
#include "base/vec.h"
#include "ecosystem/origin.h"

#define PARENTS_MAX    32    /* poms above each other */
#define EXPANSIONS_MAX 64    /* properties in the value of a property, in all */
#define VALUE_BYTES    4096u /* of an expanded value */

/* The project, its parent, the parent of that … */
typedef struct pom {
    bu_tree *tree;
    const bu_node *project;
    bu_buf folder; /* from that of the document: "", "../", "parent/" */
} pom;

typedef struct maven {
    bu_lock lock;
    pom poms[PARENTS_MAX];
    size_t count;
    bu_intern properties; /* by name; the nearest pom wins */
    bulla_bytes *values;
    size_t value_cap;
    bu_intern managed; /* by "group:artifact:type:classifier" */
    const bu_node **management;
    size_t management_cap;
    size_t root; /* or BULLA_NO_COMPONENT */
} maven;

static void maven_clear(maven *m)
{
    bu_lock_clear(&m->lock);
    for (size_t i = 0; i < m->count; i++) {
        bu_tree_free(m->poms[i].tree);
        bu_buf_clear(&m->poms[i].folder);
    }
    bu_intern_clear(&m->properties);
    free(m->values);
    bu_intern_clear(&m->managed);
    free(m->management);
}
BU_DEFINE_CLEAR(maven)

static bulla_bytes text_of(const bu_node *element, const char *child)
{
    return bu_xml_text(bu_xml_child(element, child));
}

/* ---- Values ---- */

/* "group", "artifact" or "version" of the nearest pom that states it, or whose parent does. */
static bulla_bytes own_text(const maven *m, const char *field)
{
    for (size_t i = 0; i < m->count; i++) {
        bulla_bytes text = text_of(m->poms[i].project, field);
        if (text.len == 0 && strcmp(field, "artifactId") != 0)
            text = text_of(bu_xml_child(m->poms[i].project, "parent"), field);
        if (text.len > 0)
            return text;
    }
    return (bulla_bytes){ 0 };
}

/* What ${…} means; empty when nothing here says. */
static bulla_bytes value_of(const maven *m, bulla_bytes name)
{
    static const char *const prefixes[] = { "project.parent.", "project.", "pom.", "" };
    static const char *const fields[] = { "groupId", "artifactId", "version" };
    size_t number = bu_intern_find(&m->properties, 0, name);
    if (number != BU_INTERN_NONE)
        return m->values[number];
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (!bu_bytes_starts(name, prefixes[i]))
            continue;
        bulla_bytes field = bu_bytes_from(name, strlen(prefixes[i]));
        for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++)
            if (bu_bytes_is(field, fields[k]))
                return i == 0 ? text_of(bu_xml_child(m->poms[0].project, "parent"), fields[k])
                              : own_text(m, fields[k]);
    }
    return (bulla_bytes){ 0 };
}

/* The first ${NAME} of a text; false when there is none. */
static bool find_property(bulla_bytes text, size_t *start, bulla_bytes *name)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != '$' || text.ptr[i + 1] != '{')
            continue;
        bulla_bytes rest = bu_bytes_from(text, i + 2);
        *start = i;
        *name = bu_bytes_first(rest, bu_bytes_find(rest, '}'));
        return name->len < rest.len;
    }
    return false;
}

/*
 * A text with its properties put in, in the graph's arena; empty when one of them is not known, or
 * they have no end.
 */
static bulla_status expand(const maven *m, bulla_bytes text, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes name;
    size_t start;
    *out = text;
    for (size_t i = 0; find_property(*out, &start, &name); i++) {
        bulla_bytes value = value_of(m, name), rest = bu_bytes_from(*out, start + name.len + 3);
        if (value.len == 0 || i == EXPANSIONS_MAX || out->len + value.len > VALUE_BYTES) {
            *out = (bulla_bytes){ 0 };
            return BU_OK;
        }
        const char *expanded = bu_arena_format(
            m->lock.graph->arena, "%.*s%.*s%.*s", (int)start, (const char *)out->ptr,
            (int)value.len, (const char *)value.ptr, (int)rest.len, (const char *)rest.ptr);
        if (expanded == NULL)
            return bu_no_memory(err);
        *out = bu_bytes_of(expanded);
    }
    return BU_OK;
}

static bulla_status expand_child(const maven *m, const bu_node *element, const char *child,
                                 bulla_bytes *out, bulla_error *err)
{
    return expand(m, text_of(element, child), out, err);
}

/* ---- Parents ---- */

/* "../pom.xml" unless it says otherwise; empty: it is only in a repository. */
static bulla_bytes parent_path(const bu_node *parent)
{
    const bu_node *path = bu_xml_child(parent, "relativePath");
    return path == NULL ? BULLA_LIT("../pom.xml") : bu_xml_text(path);
}

static bool is_parent(const bu_node *parent, const bu_node *project)
{
    return bu_bytes_equal(text_of(parent, "artifactId"), text_of(project, "artifactId"));
}

static bulla_status load(maven *m, bulla_bytes text, const char *name, bulla_error *err)
{
    pom *p = &m->poms[m->count];
    BU_TRY(bu_xml_load(text, name, &p->tree, err));
    m->count++;
    p->project = bu_tree_root(p->tree);
    if (bu_bytes_is(bu_node_key(p->project), "project"))
        return BU_OK;
    return bu_node_fail(p->tree, p->project, err, BULLA_E_FORMAT_MISMATCH, "not a pom.xml");
}

/* A path may name a folder, whose pom.xml is meant. */
static bulla_status read_pom(const maven *m, bu_buf *path, bu_buf *text, bulla_error *err)
{
    if (!bu_bytes_ends(bu_buf_bytes(path), ".xml"))
        bu_buf_add_text(path, "/pom.xml");
    bu_buf_add_byte(path, 0);
    if (path->broken)
        return bu_no_memory(err);
    path->len--;
    return m->lock.options->read(m->lock.options->read_context, (const char *)path->ptr, text, err);
}

/* One pom further up; `*more` is false when it is not in the project. */
static bulla_status load_parent(maven *m, bool *more, bulla_error *err)
{
    const pom *child = &m->poms[m->count - 1];
    const bu_node *parent = bu_xml_child(child->project, "parent");
    bulla_bytes relative = parent_path(parent);
    BU_CLEAR(bu_buf) path = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    *more = false;
    if (parent == NULL || relative.len == 0 || m->lock.options->read == NULL)
        return BU_OK;
    if (m->count == PARENTS_MAX)
        return bu_node_fail(child->tree, parent, err, BULLA_E_CYCLE, "more than %u poms above",
                            PARENTS_MAX);
    bu_buf_add(&path, bu_buf_bytes(&child->folder));
    bu_buf_add(&path, relative);
    bulla_error why = { 0 };
    bulla_status status = read_pom(m, &path, &text, &why);
    if (status.code == BULLA_E_MISSING_FILE || status.code == BULLA_E_PATH_TRAVERSAL)
        return BU_OK;
    if (!bulla_ok(status)) {
        if (err != NULL)
            *err = why;
        return status;
    }
    BU_TRY(bu_in_file(err, load(m, bu_buf_bytes(&text), (const char *)path.ptr, err),
                      (const char *)path.ptr));
    *more = is_parent(parent, m->poms[m->count - 1].project);
    if (!*more) { /* another project lies there: Maven takes the parent from a repository */
        bu_tree_free(m->poms[--m->count].tree);
        m->poms[m->count] = (pom){ 0 };
        return BU_OK;
    }
    bulla_bytes whole = bu_buf_bytes(&path);
    bu_buf_add(&m->poms[m->count - 1].folder, bu_bytes_first(whole, bu_path_folder(whole)));
    return m->poms[m->count - 1].folder.broken ? bu_no_memory(err) : BU_OK;
}

/* ---- Properties and managed versions ---- */

static bulla_status name_properties(maven *m, const bu_node *project, bulla_error *err)
{
    BU_EACH_CHILD(property, bu_xml_child(project, "properties")) {
        size_t known = m->properties.count, number;
        if (bu_node_kind_of(property) != BU_NODE_ARRAY)
            continue;
        BU_TRY(bu_intern_add(&m->properties, 0, bu_node_key(property), &number, err));
        if (number < known)
            continue;
        BU_TRY(bu_vec_grow(&m->values, known, &m->value_cap, sizeof *m->values, err));
        m->values[number] = bu_xml_text(property);
    }
    return BU_OK;
}

/* What makes a dependency the same one: group, artifact, type and classifier. */
static bulla_status key_of(const maven *m, const bu_node *dependency, bulla_bytes *out,
                           bulla_error *err)
{
    static const char *const fields[] = { "groupId", "artifactId", "type", "classifier" };
    bulla_bytes parts[4];
    for (size_t i = 0; i < 4; i++)
        BU_TRY(expand_child(m, dependency, fields[i], &parts[i], err));
    if (parts[2].len == 0)
        parts[2] = BULLA_LIT("jar");
    const char *key = bu_arena_format(
        m->lock.graph->arena, "%.*s:%.*s:%.*s:%.*s", (int)parts[0].len, (const char *)parts[0].ptr,
        (int)parts[1].len, (const char *)parts[1].ptr, (int)parts[2].len,
        (const char *)parts[2].ptr, (int)parts[3].len, (const char *)parts[3].ptr);
    *out = bu_bytes_of(key);
    return key == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status name_managed(maven *m, const bu_node *project, bulla_error *err)
{
    const bu_node *list =
        bu_xml_child(bu_xml_child(project, "dependencyManagement"), "dependencies");
    BU_EACH_CHILD(dependency, list) {
        bulla_bytes key;
        size_t known = m->managed.count, number;
        if (!bu_bytes_is(bu_node_key(dependency), "dependency"))
            continue;
        BU_TRY(key_of(m, dependency, &key, err));
        BU_TRY(bu_intern_add(&m->managed, 0, key, &number, err));
        if (number < known)
            continue;
        BU_TRY(bu_vec_grow(&m->management, known, &m->management_cap, sizeof *m->management, err));
        m->management[number] = dependency;
    }
    return BU_OK;
}

/* ---- Dependencies ---- */

/* A field of the dependency, else of what is managed for it. */
static bulla_status stated_or_managed(const maven *m, const bu_node *dependency,
                                      const bu_node *managed, const char *field, bulla_bytes *out,
                                      bulla_error *err)
{
    bool stated = bu_xml_child(dependency, field) != NULL;
    return expand_child(m, stated ? dependency : managed, field, out, err);
}

static bulla_scope scope_of(bulla_bytes scope, bool optional)
{
    if (bu_bytes_is(scope, "test"))
        return BULLA_SCOPE_DEV;
    if (bu_bytes_is(scope, "provided"))
        return BULLA_SCOPE_BUILD;
    return optional ? BULLA_SCOPE_OPTIONAL : BULLA_SCOPE_RUNTIME;
}

static bulla_status note(maven *m, const pom *p, const bu_node *node, size_t component,
                         bulla_code code, const char *what, bulla_error *err)
{
    bu_flaw flaw = { .code = code, .component = component, .what = what, .lockfile = m->lock.file };
    bu_tree_place(p->tree, bu_node_offset(node), &flaw.line, &flaw.column);
    return bu_graph_note(m->lock.graph, &flaw, err);
}

/* "[1.0,2.0)" or nothing is no version; "[1.0]" is one. */
static bulla_bytes exact(bulla_bytes version)
{
    bool brackets = bu_bytes_starts(version, "[") || bu_bytes_starts(version, "(");
    if (!brackets)
        return version;
    if (!bu_bytes_starts(version, "[") || !bu_bytes_ends(version, "]") ||
        bu_bytes_find(version, ',') < version.len)
        return (bulla_bytes){ 0 };
    return bu_bytes_trim(bu_bytes_first(bu_bytes_from(version, 1), version.len - 2));
}

static bulla_status fill_entry(const maven *m, const bu_node *dependency, const bu_node *managed,
                               bu_lock_entry *entry, bulla_error *err)
{
    bulla_bytes group, artifact, type, classifier, scope, optional;
    BU_TRY(expand_child(m, dependency, "groupId", &group, err));
    BU_TRY(expand_child(m, dependency, "artifactId", &artifact, err));
    BU_TRY(expand_child(m, dependency, "type", &type, err));
    BU_TRY(expand_child(m, dependency, "classifier", &classifier, err));
    BU_TRY(stated_or_managed(m, dependency, managed, "version", &entry->version, err));
    BU_TRY(stated_or_managed(m, dependency, managed, "scope", &scope, err));
    BU_TRY(stated_or_managed(m, dependency, managed, "optional", &optional, err));
    entry->version = exact(entry->version);
    entry->scope = scope_of(scope, bu_bytes_is(optional, "true"));
    entry->origin = bu_bytes_is(scope, "system") ? BULLA_ORIGIN_OUTSIDE : BULLA_ORIGIN_REGISTRY;
    if (type.len > 0 && !bu_bytes_is(type, "jar"))
        entry->qualifiers[entry->qualifier_count++] = (bu_qualifier){ BULLA_LIT("type"), type };
    if (classifier.len > 0)
        entry->qualifiers[entry->qualifier_count++] =
            (bu_qualifier){ BULLA_LIT("classifier"), classifier };
    if (group.len == 0 || artifact.len == 0)
        return BU_OK;
    const char *name =
        bu_arena_format(m->lock.graph->arena, "%.*s:%.*s", (int)group.len, (const char *)group.ptr,
                        (int)artifact.len, (const char *)artifact.ptr);
    entry->name = bu_bytes_of(name);
    return name == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status take_dependency(maven *m, const pom *p, const bu_node *dependency,
                                    bulla_error *err)
{
    bu_qualifier qualifiers[2];
    bu_lock_entry entry = { .node = dependency, .qualifiers = qualifiers };
    bulla_bytes key;
    size_t index;
    BU_TRY(key_of(m, dependency, &key, err));
    size_t number = bu_intern_find(&m->managed, 0, key);
    const bu_node *managed = number == BU_INTERN_NONE ? NULL : m->management[number];
    BU_TRY(fill_entry(m, dependency, managed, &entry, err));
    if (entry.name.len == 0)
        return note(m, p, dependency, BULLA_NO_COMPONENT, BULLA_E_MISSING_FIELD,
                    "groupId or artifactId of a dependency", err);
    m->lock.tree = p->tree;
    BU_TRY(bu_lock_add(&m->lock, &entry, &index, err));
    if (m->root != BULLA_NO_COMPONENT)
        BU_TRY(bu_graph_link(m->lock.graph, m->root, index, err));
    if (entry.version.len > 0)
        return BU_OK;
    return note(m, p, dependency, index, BULLA_E_UNPINNED,
                "its version cannot be resolved from what is in this project", err);
}

/* A project needs what its parents need, too. */
static bulla_status take_dependencies(maven *m, bulla_error *err)
{
    for (size_t i = 0; i < m->count; i++)
        BU_EACH_CHILD(dependency, bu_xml_child(m->poms[i].project, "dependencies"))
            if (bu_bytes_is(bu_node_key(dependency), "dependency"))
                BU_TRY(take_dependency(m, &m->poms[i], dependency, err));
    return BU_OK;
}

/* The project itself, if it says who it is. */
static bulla_status add_root(maven *m, bulla_error *err)
{
    bulla_bytes group, artifact;
    bu_lock_entry entry = { .node = m->poms[0].project, .origin = BULLA_ORIGIN_LOCAL };
    BU_TRY(expand(m, own_text(m, "groupId"), &group, err));
    BU_TRY(expand_child(m, m->poms[0].project, "artifactId", &artifact, err));
    BU_TRY(expand(m, own_text(m, "version"), &entry.version, err));
    m->lock.tree = m->poms[0].tree;
    m->root = BULLA_NO_COMPONENT;
    if (group.len == 0 || artifact.len == 0)
        return BU_OK;
    const char *name =
        bu_arena_format(m->lock.graph->arena, "%.*s:%.*s", (int)group.len, (const char *)group.ptr,
                        (int)artifact.len, (const char *)artifact.ptr);
    if (name == NULL)
        return bu_no_memory(err);
    entry.name = bu_bytes_of(name);
    BU_TRY(bu_lock_add(&m->lock, &entry, &m->root, err));
    m->lock.graph->root = m->root;
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(maven) m = { 0 };
    bool more = true;
    BU_TRY(bu_lock_open(&m.lock, "maven", name, options, graph, err));
    BU_TRY(load(&m, text, name, err));
    while (more)
        BU_TRY(load_parent(&m, &more, err));
    for (size_t i = 0; i < m.count; i++)
        BU_TRY(name_properties(&m, m.poms[i].project, err));
    for (size_t i = 0; i < m.count; i++)
        BU_TRY(name_managed(&m, m.poms[i].project, err));
    BU_TRY(add_root(&m, err));
    return take_dependencies(&m, err);
}

static const char *const filenames[] = { "pom.xml", NULL };

const bu_ecosystem bu_eco_maven = {
    .id = "maven",
    .filenames = filenames,
    .places = filenames,
    .title = "Maven project (pom.xml): what it declares",
    .parse = parse,
};
