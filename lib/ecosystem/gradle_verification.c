/* SPDX-License-Identifier: MIT */
/*
 * Gradle's gradle/verification-metadata.xml, 1.0 to 1.3: the digests of the
 * files of each module, and keys that may sign them. Spec: Gradle manual,
 * "Verifying dependencies"; dependency-verification-1.3.xsd. The digests count
 * here; `also-trust` adds others for the same file.
 */
#include "ecosystem/gradle.h"

#include "base/vec.h"

#define STEPS_UP 8 /* folders between a module and the root of its build */

/* One file of a module, and each value that is trusted for it. */
typedef struct files {
    bulla_file_pin *items;
    size_t count, cap;
} files;

static void files_clear(files *f)
{
    free(f->items);
}
BU_DEFINE_CLEAR(files)

static bulla_status add_file(bu_lock *l, files *f, bulla_bytes name,
                             const bulla_digest_set *digests, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&f->items, f->count, &f->cap, sizeof *f->items, err));
    return bu_lock_pin_file(l, name, (bulla_bytes){ 0 }, 0, digests, &f->items[f->count++], err);
}

/* <sha256 value="…"><also-trust value="…"/></sha256>: what is trusted, too, may stand for the file alone. */
static bulla_status take_hash(bu_lock *l, files *f, const bu_node *element, bulla_digest_set *out,
                              bulla_error *err)
{
    bulla_alg alg = bu_alg_of(bu_node_key(element));
    if (alg == BULLA_ALG_NONE)
        return BU_OK; /* pgp, ignored-keys */
    BU_TRY(bu_lock_add_hex(l, element, alg, bu_xml_attribute(element, "value"), out, err));
    BU_EACH_CHILD(also, element) {
        bulla_digest_set alone = { 0 };
        if (!bu_bytes_is(bu_node_key(also), "also-trust"))
            continue;
        BU_TRY(bu_lock_add_hex(l, also, alg, bu_xml_attribute(also, "value"), &alone, err));
        BU_TRY(add_file(l, f, (bulla_bytes){ 0 }, &alone, err));
    }
    return BU_OK;
}

static bulla_status take_artifact(bu_lock *l, files *f, const bu_node *artifact, bulla_error *err)
{
    bulla_bytes name = bu_xml_attribute(artifact, "name");
    bulla_digest_set digests = { 0 };
    if (name.len == 0)
        return bu_node_fail(l->tree, artifact, err, BULLA_E_MISSING_FIELD,
                            "an artifact needs a name");
    BU_EACH_CHILD(hash, artifact)
        BU_TRY(take_hash(l, f, hash, &digests, err));
    return digests.count == 0 ? BU_OK : add_file(l, f, name, &digests, err);
}

static bulla_status module_name(const bu_lock *l, const bu_node *component, bulla_bytes *name,
                                bulla_bytes *version, bulla_error *err)
{
    bulla_bytes group = bu_xml_attribute(component, "group");
    bulla_bytes own = bu_xml_attribute(component, "name");
    *version = bu_xml_attribute(component, "version");
    if (group.len == 0 || own.len == 0 || version->len == 0)
        return bu_node_fail(l->tree, component, err, BULLA_E_MISSING_FIELD,
                            "a component needs group, name and version");
    const char *text =
        bu_arena_format(l->graph->arena, "%.*s:%.*s", (int)group.len, (const char *)group.ptr,
                        (int)own.len, (const char *)own.ptr);
    *name = bu_bytes_of(text);
    return text == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status take_component(bu_lock *l, const bu_node *component, bulla_error *err)
{
    BU_CLEAR(files) f = { 0 };
    bu_lock_entry entry = { .node = component, .origin = BULLA_ORIGIN_REGISTRY };
    BU_TRY(module_name(l, component, &entry.name, &entry.version, err));
    BU_EACH_CHILD(artifact, component)
        if (bu_bytes_is(bu_node_key(artifact), "artifact"))
            BU_TRY(take_artifact(l, &f, artifact, err));
    bulla_file_pin *pins = bu_arena_get_array(l->graph->arena, f.count, sizeof *pins);
    if (pins == NULL)
        return bu_no_memory(err);
    if (f.count > 0)
        memcpy(pins, f.items, f.count * sizeof *pins);
    entry.files = pins;
    entry.file_count = f.count;
    return bu_lock_add(l, &entry, NULL, err);
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    if (!bu_bytes_is(bu_node_key(root), "verification-metadata"))
        return bu_node_fail(l->tree, root, err, BULLA_E_FORMAT_MISMATCH,
                            "not Gradle's verification metadata");
    BU_EACH_CHILD(component, bu_xml_child(root, "components"))
        if (bu_bytes_is(bu_node_key(component), "component"))
            BU_TRY(take_component(l, component, err));
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "maven", bu_xml_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

/* ---- For the lockfile ---- */

static int compare_purls(const void *a, const void *b)
{
    const bulla_component *const *x = a, *const *y = b;
    return strcmp((*x)->purl, (*y)->purl);
}

/* Components of `from` in order of purl; caller frees. */
static const bulla_component **sort_components(const bu_graph *from)
{
    const bulla_component **sorted = calloc(from->count + 1, sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < from->count; i++)
        sorted[i] = &from->components[i];
    if (sorted != NULL && from->count > 0)
        qsort(sorted, from->count, sizeof *sorted, compare_purls);
    return sorted;
}

static bulla_status copy_files(bu_lock *l, bulla_component *to, const bulla_component *from,
                               bulla_error *err)
{
    bulla_file_pin *pins = bu_arena_get_array(l->graph->arena, from->file_count, sizeof *pins);
    if (pins == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < from->file_count; i++) {
        bulla_digest_set set = { .count = from->files[i].digests.count };
        memcpy(set.items, from->files[i].digests.items, set.count * sizeof set.items[0]);
        BU_TRY(bu_lock_pin_file(l, bu_bytes_of(from->files[i].name), (bulla_bytes){ 0 }, 0, &set,
                                &pins[i], err));
    }
    to->files = pins;
    to->file_count = from->file_count;
    return BU_OK;
}

static bulla_status copy_pins(bu_lock *l, const bu_graph *pinned, bulla_error *err)
{
    BU_FREE const bulla_component **sorted = sort_components(pinned);
    if (sorted == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < l->graph->count; i++) {
        const bulla_component *wanted = &l->graph->components[i];
        const bulla_component **hit = pinned->count == 0 ? NULL
                                                         : bsearch(&wanted, sorted, pinned->count,
                                                                   sizeof *sorted, compare_purls);
        if (hit != NULL)
            BU_TRY(copy_files(l, &l->graph->components[i], *hit, err));
    }
    return BU_OK;
}

/* The first that is there: beside the lockfile, or above, where the build has its root. */
static bulla_status find_metadata(const bu_lock *l, bu_buf *out, bool *found, bulla_error *err)
{
    char path[STEPS_UP * 3 + 64];
    *found = false;
    for (int up = 0; l->options->read != NULL && up <= STEPS_UP && !*found; up++) {
        bulla_error why = { 0 };
        size_t at = 0;
        for (int i = 0; i < up; i++, at += 3)
            memcpy(path + at, "../", 3);
        memcpy(path + at, "gradle/verification-metadata.xml",
               sizeof "gradle/verification-metadata.xml");
        bulla_status status = l->options->read(l->options->read_context, path, out, &why);
        *found = bulla_ok(status);
        if (status.code == BULLA_E_PATH_TRAVERSAL)
            break; /* above the project */
        if (!*found && status.code != BULLA_E_MISSING_FILE) {
            if (err != NULL)
                *err = why;
            return status;
        }
    }
    return BU_OK;
}

bulla_status bu_gradle_pin(bu_lock *lock, bulla_error *err)
{
    static const char name[] = "gradle/verification-metadata.xml";
    BU_CLEAR(bu_buf) text = { 0 };
    bool found = false;
    BU_TRY(find_metadata(lock, &text, &found, err));
    if (!found)
        return BU_OK;
    BU_AUTO(bu_graph) pinned = bu_graph_new();
    if (pinned == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, parse(bu_buf_bytes(&text), name, lock->options, pinned, err), name));
    BU_TRY(bu_graph_settle(pinned, err));
    return copy_pins(lock, pinned, err);
}

static const char *const filenames[] = { "verification-metadata.xml", NULL };
static const char *const places[] = { "gradle/verification-metadata.xml", NULL };

const bu_ecosystem bu_eco_gradle_verification = {
    .id = "gradle_verification",
    .filenames = filenames,
    .places = places,
    .title = "Gradle verification metadata (verification-metadata.xml)",
    .parse = parse,
};
