/* SPDX-License-Identifier: MIT */
/*
 * The inventory: every document that is named or found becomes part of one
 * graph; what cannot be read becomes trouble with its place.
 */
#include "evidence/inventory.h"

#include "base/intern.h"
#include "base/limits.h"
#include "base/vec.h"
#include "ecosystem/debian.h"
#include "ecosystem/os_release.h"
#include "evidence/image.h"
#include "evidence/root.h"
#include "io/file.h"
#include "model/purl.h"

void bu_inventory_clear(bu_inventory *inventory)
{
    bu_graph_free(inventory->graph);
    free(inventory->left_out);
    *inventory = (bu_inventory){ 0 };
}

/* A failure that is about one document: kept, so that the run goes on. Memory is about all of them. */
static bulla_status keep_trouble(bu_inventory *in, bulla_status status, const bulla_error *error,
                                 bulla_error *err)
{
    if (bulla_ok(status))
        return BU_OK;
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    return bu_findings_add(&in->troubles, error, in->graph->arena, err);
}

/* Where a document stands, so that it can name another one of the project. */
typedef struct beside {
    bulla_bytes folder;  /* of the document: "", or with a slash behind it */
    bulla_bytes project; /* likewise; the front of `folder` */
} beside;

static bulla_bytes folder_of(const char *path)
{
    return bu_bytes_first(bu_bytes_of(path), bu_path_folder(bu_bytes_of(path)));
}

/* One folder up, if that is still in the project. */
static bool climb(const beside *b, bu_buf *path)
{
    size_t len = path->len;
    if (len <= b->project.len)
        return false;
    for (len--; len > b->project.len && path->ptr[len - 1] != '/'; len--)
        ;
    path->len = len;
    return true;
}

/* The path as the file system is asked for it: climbing is done by the text, so that no link is climbed. */
static bulla_status resolve(const beside *b, const char *relative, bu_buf *out, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_of(relative);
    bu_buf_add(out, b->folder);
    bool inside = rest.len > 0 && rest.ptr[0] != '/' && bu_bytes_find(rest, '\\') == rest.len;
    while (inside && rest.len > 0) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        rest = bu_bytes_from(rest, part.len + 1);
        if (bu_bytes_is(part, ".."))
            inside = climb(b, out);
        else if (part.len > 0 && !bu_bytes_is(part, ".")) {
            bu_buf_add(out, part);
            bu_buf_add_text(out, rest.len > 0 ? "/" : "");
        }
    }
    if (!inside)
        return bu_fail(err, BULLA_E_PATH_TRAVERSAL, "\"%s\" leads out of the project", relative);
    bu_buf_add_byte(out, 0);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* Each folder on the way, from that of the project on, is one itself: a link may lead anywhere. */
static bulla_status follow(const beside *b, bu_buf *path, bulla_error *err)
{
    char *text = (char *)path->ptr;
    for (char *slash = text + b->project.len; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        bu_presence presence = bu_folder_look(NULL, text, NULL);
        *slash = '/';
        if (presence == BU_PRESENCE_OTHER)
            return bu_fail(err, BULLA_E_PATH_TRAVERSAL, "a link is on the way to \"%s\"", text);
    }
    return BU_OK;
}

static bulla_status read_beside(void *context, const char *relative, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    bulla_status status = resolve(context, relative, &path, err);
    if (bulla_ok(status))
        status = follow(context, &path, err);
    if (status.code == BULLA_E_PATH_TRAVERSAL)
        (void)bu_next(err, status, "keep what a document includes inside of the project");
    BU_TRY(status);
    return bu_file_slurp(NULL, (const char *)path.ptr, BU_LIMIT_DOCUMENT_BYTES, out, err);
}

/* Read one document into a graph of its own, so that half of a refused one never counts. */
static bulla_status take_text(bu_inventory *in, const bu_document *document, bulla_bytes text,
                              const bu_ecosystem_options *options, bulla_error *err)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    if (graph == NULL)
        return bu_no_memory(err);
    bulla_status status = document->ecosystem->parse(text, document->path, options, graph, err);
    BU_TRY(bu_in_file(err, status, document->path));
    BU_TRY(bu_in_file(err, bu_graph_settle(graph, err), document->path));
    BU_TRY(bu_graph_absorb(in->graph, graph, err));
    in->documents++;
    return BU_OK;
}

/* The machine that documents are read for. */
static bu_ecosystem_options machine_of(const bu_inventory_options *options)
{
    return (bu_ecosystem_options){
        .os = "linux", .cpu = "x64", .libc = "glibc", .distribution = options->distribution
    };
}

static bulla_status read_document(bu_inventory *in, const bu_inventory_options *options,
                                  const bu_document *document, const char *project,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    beside where = { .folder = folder_of(document->path) };
    where.project = bu_bytes_first(where.folder, bu_bytes_of(project).len);
    bu_ecosystem_options machine = machine_of(options);
    machine.read = read_beside;
    machine.read_context = &where;
    BU_TRY(bu_file_slurp(NULL, document->path, BU_LIMIT_DOCUMENT_BYTES, &text, err));
    return take_text(in, document, bu_buf_bytes(&text), &machine, err);
}

/* @param project  folder that the document may read others of: "", or with a slash behind it. */
static bulla_status take_document(bu_inventory *in, const bu_inventory_options *options,
                                  const bu_document *document, const char *project,
                                  bulla_error *err)
{
    bulla_error error = { 0 };
    bulla_status status = read_document(in, options, document, project, &error);
    return keep_trouble(in, status, &error, err);
}

/* A document that is named by hand is a project of its own folder. */
static bulla_status take_named(bu_inventory *in, const bu_inventory_options *options,
                               const bu_ecosystem *ecosystem, const char *path, bulla_error *err)
{
    const bu_document document = { ecosystem, path };
    const char *project = bu_arena_text(in->graph->arena, folder_of(path));
    return project == NULL ? bu_no_memory(err)
                           : take_document(in, options, &document, project, err);
}

static bulla_status keep_discovery(bu_inventory *in, const bu_discovery *found, bulla_error *err)
{
    for (size_t i = 0; i < found->left_out_count; i++) {
        BU_TRY(bu_vec_grow(&in->left_out, in->left_out_count, &in->left_out_cap,
                           sizeof *in->left_out, err));
        in->left_out[in->left_out_count++] = found->left_out[i];
    }
    for (size_t i = 0; i < found->troubles.count; i++) {
        bulla_error error = { 0 };
        bulla_status status = bu_finding_raise(&found->troubles.items[i], &error);
        BU_TRY(keep_trouble(in, status, &error, err));
    }
    return BU_OK;
}

static bulla_status take_folder(bu_inventory *in, const bu_inventory_options *options,
                                const char *folder, bulla_error *err)
{
    bu_arena *arena = in->graph->arena;
    bool bare = strcmp(folder, ".") == 0 || bu_bytes_ends(bu_bytes_of(folder), "/");
    const char *project = bare ? (folder[0] == '.' && folder[1] == '\0' ? "" : folder)
                               : bu_arena_format(arena, "%s/", folder);
    BU_CLEAR(bu_discovery) found = { 0 };
    const bu_discover_options discover = { .folder = folder,
                                           .exclude = options->exclude,
                                           .exclude_base = options->exclude_base };
    bulla_error error = { 0 };
    if (project == NULL)
        return bu_no_memory(err);
    bulla_status status = bu_discover(&discover, arena, &found, &error);
    BU_TRY(keep_trouble(in, status, &error, err));
    BU_TRY(keep_discovery(in, &found, err));
    for (size_t i = 0; i < found.count; i++)
        BU_TRY(take_document(in, options, &found.items[i], project, err));
    return BU_OK;
}

/* "sha256:HEX" stands for an artifact that is not here, unless a file is called so. */
static bulla_status read_digest_name(const char *path, bu_arena *arena, bulla_component *artifact,
                                     bulla_error *err)
{
    bulla_digest digest;
    bulla_digest_set set = { 0 };
    bulla_bytes name = bu_bytes_of(path);
    size_t colon = bu_bytes_find(name, ':');
    bulla_alg alg = bu_alg_of(bu_bytes_first(name, colon));
    if (alg == BULLA_ALG_NONE || colon == name.len ||
        bu_folder_look(NULL, path, NULL) != BU_PRESENCE_NONE)
        return BU_OK;
    BU_TRY(bu_digest_from_hex(alg, bu_bytes_from(name, colon + 1), &digest, err));
    if (!bulla_alg_is_strong(alg))
        return bu_fail(err, BULLA_E_WEAK_HASH, "an artifact is not known by a weak digest");
    BU_TRY(bu_digest_set_add(&set, &digest, err));
    artifact->location = NULL;
    return bu_digests_keep(&set, arena, &artifact->digests, err);
}

static bulla_status add_artifact(bu_inventory *in, const char *path, bulla_error *err)
{
    bulla_component artifact = {
        .type = "generic",
        .name = bu_arena_text(in->graph->arena, bu_bytes_of(bu_path_name(path))),
        .location = bu_arena_text(in->graph->arena, bu_bytes_of(path)),
        .origin = BULLA_ORIGIN_ARTIFACT,
        .parent = BULLA_NO_COMPONENT,
    };
    if (artifact.name == NULL || artifact.location == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, read_digest_name(path, in->graph->arena, &artifact, err), path));
    BU_TRY(bu_in_file(err,
                      bu_purl_make("generic", NULL, artifact.name, NULL, NULL, in->graph->arena,
                                   &artifact.purl, err),
                      path));
    for (size_t i = 0; i < in->graph->count; i++)
        if (strcmp(in->graph->components[i].purl, artifact.purl) == 0)
            return bu_in_file(
                err,
                bu_fail(err, BULLA_E_DUPLICATE_ENTRY,
                        "a second artifact of this name: verify it in a run of its own"),
                path);
    size_t index;
    BU_TRY(bu_graph_add(in->graph, &artifact, &index, err));
    in->artifacts++;
    return BU_OK;
}

/* Nothing of that name is told apart from a name that says nothing. */
static bulla_status refuse_artifact(const char *path, bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(NULL, path, UINT64_MAX, &file, err));
    bulla_status status =
        bu_fail(err, BULLA_E_FORMAT_MISMATCH, "no lockfile or package database by its name");
    (void)bu_next(err, bu_in_file(err, status, path), "say what it is: -L KIND:PATH");
    return bu_as(err, status, BULLA_EXIT_CONFIG);
}

static bulla_status take_artifact(bu_inventory *in, const bu_inventory_options *options,
                                  const char *path, bulla_error *err)
{
    bulla_error error = { 0 };
    bulla_status status =
        options->artifacts ? add_artifact(in, path, &error) : refuse_artifact(path, &error);
    return keep_trouble(in, status, &error, err);
}

/* ---- Images ---- */

/* Files of an image are named from its root, however a document climbs there. */
static bulla_status read_in_image(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    const bu_image *image = context;
    bulla_bytes name = bu_bytes_of(path);
    while (bu_bytes_starts(name, "../"))
        name = bu_bytes_from(name, 3);
    for (size_t i = 0; i < image->count; i++)
        if (bu_bytes_equal(image->files[i].path, name)) {
            bu_buf_add(out, image->files[i].content);
            return out->broken ? bu_no_memory(err) : BU_OK;
        }
    return bu_fail(err, BULLA_E_MISSING_FILE, "is not in the image");
}

static const bu_ecosystem *system_row(bulla_bytes path)
{
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++)
        for (const char *const *place = (*e)->places; (*e)->system && *place != NULL; place++)
            if (bu_ecosystem_lies_at(*place, path))
                return *e;
    return NULL;
}

static bool is_unread(bulla_bytes path)
{
    for (const char *const *place = bu_root_unread; *place != NULL; place++)
        if (bu_bytes_is(path, *place))
            return true;
    return false;
}

/* @param prefix  what the image is shown as */
static bulla_status take_file_of_image(bu_inventory *in, const bu_inventory_options *options,
                                       bu_image *image, const char *prefix,
                                       const bu_overlay_file *file, bulla_error *err)
{
    bulla_error error = { 0 };
    bu_ecosystem_options machine = machine_of(options);
    machine.read = read_in_image;
    machine.read_context = image;
    const bu_document document = {
        system_row(file->path), bu_arena_format(in->graph->arena, "%s!%.*s", prefix,
                                                (int)file->path.len, (const char *)file->path.ptr)
    };
    if (document.path == NULL)
        return bu_no_memory(err);
    if (is_unread(file->path))
        return keep_trouble(in, bu_root_refuse(document.path, &error), &error, err);
    if (document.ecosystem == NULL) /* os-release */
        return BU_OK;
    bulla_status status = take_text(in, &document, file->content, &machine, &error);
    return keep_trouble(in, status, &error, err);
}

/* What of an index was not read: other platforms, and what is no image. */
static bulla_status keep_left_out(bu_inventory *in, const bu_images *images, bulla_error *err)
{
    for (size_t i = 0; i < images->left_out_count; i++) {
        const char *text = bu_arena_text(in->graph->arena, bu_bytes_of(images->left_out[i]));
        if (text == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_vec_grow(&in->left_out, in->left_out_count, &in->left_out_cap,
                           sizeof *in->left_out, err));
        in->left_out[in->left_out_count++] = (struct bu_left_out){ text, NULL };
    }
    return BU_OK;
}

static bulla_status take_images(bu_inventory *in, const bu_inventory_options *options,
                                const char *path, const bu_images *images, bulla_error *err)
{
    for (size_t i = 0; i < images->count; i++) {
        bu_image *image = &images->items[i];
        const char *prefix = path;
        if (images->count > 1)
            prefix = bu_arena_format(in->graph->arena, "%s!%s", path, image->name);
        if (prefix == NULL)
            return bu_no_memory(err);
        for (size_t k = 0; k < image->count; k++)
            BU_TRY(take_file_of_image(in, options, image, prefix, &image->files[k], err));
    }
    return keep_left_out(in, images, err);
}

static bulla_status take_image(bu_inventory *in, const bu_inventory_options *options,
                               const char *path, bool is_folder, bool *found, bulla_error *err)
{
    BU_CLEAR(bu_images) images = { 0 };
    const char *const *places;
    bulla_error error = { 0 };
    *found = false;
    BU_TRY(bu_root_places(in->graph->arena, &places, err));
    bulla_status status =
        bu_images_read(path, is_folder, places, bu_os_release_places, found, &images, &error);
    if (!bulla_ok(status))
        return keep_trouble(in, status, &error, err);
    return take_images(in, options, path, &images, err);
}

/* ---- Paths ---- */

static bool is_layout(bu_arena *arena, const char *folder)
{
    const char *path = bu_arena_format(arena, "%s/oci-layout", folder);
    return path != NULL && bu_folder_look(NULL, path, NULL) == BU_PRESENCE_FILE;
}

/* An archive of images is an artifact, too: who signed it is asked as of any other. */
static bulla_status take_path(bu_inventory *in, const bu_inventory_options *options,
                              const char *path, bulla_error *err)
{
    bool found;
    if (bu_folder_look(NULL, path, NULL) == BU_PRESENCE_FOLDER)
        return is_layout(in->graph->arena, path) ? take_image(in, options, path, true, &found, err)
                                                 : take_folder(in, options, path, err);
    const bu_ecosystem *ecosystem = bu_ecosystem_by_path(bu_bytes_of(path));
    if (ecosystem != NULL)
        return take_named(in, options, ecosystem, path, err);
    BU_TRY(take_image(in, options, path, false, &found, err));
    return found && !options->artifacts ? BU_OK : take_artifact(in, options, path, err);
}

/* ---- Folders of Debian packages ---- */

/* "a_1:2_all.deb" and "a_1%3a2_all.deb" are two files of one package: one of them would stay unseen. */
static bulla_status refuse_twin(bu_intern *purls, const char *purl, bulla_error *err)
{
    size_t known = purls->count, number;
    BU_TRY(bu_intern_add(purls, 0, bu_bytes_of(purl), &number, err));
    if (number == known)
        return BU_OK;
    return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "a second file of %s", purl);
}

static bulla_status add_deb(bu_inventory *in, const bu_inventory_options *options,
                            const char *filename, bu_intern *purls, bulla_error *err)
{
    bu_arena *arena = in->graph->arena;
    bu_deb_entry entry = { 0 };
    BU_TRY(bu_deb_filename_parse(bu_bytes_of(filename), arena, &entry, err));
    bulla_component deb = {
        .type = "deb",
        .name = entry.package,
        .version = entry.version,
        .architecture = entry.architecture,
        .location = bu_arena_text(arena, bu_bytes_of(filename)),
        .parent = BULLA_NO_COMPONENT,
    };
    if (deb.location == NULL)
        return bu_no_memory(err);
    const char *distribution = options->distribution == NULL ? "debian" : options->distribution;
    BU_TRY(bu_purl_make("deb", distribution, deb.name, deb.version, deb.architecture, arena,
                        &deb.purl, err));
    BU_TRY(refuse_twin(purls, deb.purl, err));
    size_t index;
    BU_TRY(bu_graph_add(in->graph, &deb, &index, err));
    in->packages++;
    return BU_OK;
}

/* Two folders with a file of one name: which of them counts would be chance. */
static bulla_status refuse_second(const bu_inventory_options *options, size_t folder,
                                  const char *filename, bulla_error *err)
{
    for (size_t i = 0; i < folder; i++) {
        BU_CLEAR(bu_folder) other = BU_FOLDER_NONE;
        BU_TRY(bu_folder_open(options->archives[i], &other, err));
        if (bu_folder_look(&other, filename, NULL) != BU_PRESENCE_NONE)
            return bu_in_file(
                err, bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "is in two of the folders of archives"),
                filename);
    }
    return BU_OK;
}

static bulla_status take_debs(bu_inventory *in, const bu_inventory_options *options, size_t folder,
                              bu_intern *purls, bulla_error *err)
{
    BU_CLEAR(bu_folder) open = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    bulla_error error = { 0 };
    bulla_status status = bu_folder_open(options->archives[folder], &open, &error);
    if (bulla_ok(status))
        status = bu_folder_list(&open, ".deb", &names, &error);
    BU_TRY(keep_trouble(in, status, &error, err));
    for (size_t i = 0; i < names.count; i++) {
        status = refuse_second(options, folder, names.items[i], &error);
        if (bulla_ok(status))
            status = bu_in_file(&error, add_deb(in, options, names.items[i], purls, &error),
                                names.items[i]);
        BU_TRY(keep_trouble(in, status, &error, err));
    }
    return BU_OK;
}

static bulla_status take_lists(bu_inventory *in, const bu_inventory_options *options,
                               const char *path, bulla_error *err)
{
    if (options->archives == NULL || options->archives[0] == NULL)
        return bu_fail(err, BULLA_E_USAGE,
                       "-L apt:%s judges .deb files: name their folder with --archives", path);
    in->lists[in->list_count] = bu_arena_text(in->graph->arena, bu_bytes_of(path));
    if (in->lists[in->list_count] == NULL)
        return bu_no_memory(err);
    if (in->list_count++ > 0)
        return BU_OK; /* the folders of archives are gone through once */
    BU_CLEAR(bu_intern) purls = { 0 };
    for (size_t i = 0; options->archives[i] != NULL; i++)
        BU_TRY(take_debs(in, options, i, &purls, err));
    return BU_OK;
}

static bulla_status take_input(bu_inventory *in, const bu_inventory_options *options,
                               const bulla_input *input, bulla_error *err)
{
    if (strcmp(input->kind, "apt") == 0)
        return take_lists(in, options, input->path, err);
    const bu_ecosystem *ecosystem = bu_ecosystem_by_id(bu_bytes_of(input->kind));
    if (ecosystem == NULL)
        return bu_fail(err, BULLA_E_USAGE,
                       "-L %s:%s: no such kind; `bulla verify --help` lists them", input->kind,
                       input->path);
    return take_named(in, options, ecosystem, input->path, err);
}

static bulla_status take_all(bu_inventory *in, const bu_inventory_options *options,
                             bulla_error *err)
{
    for (size_t i = 0; options->paths != NULL && options->paths[i] != NULL; i++)
        BU_TRY(take_path(in, options, options->paths[i], err));
    for (size_t i = 0; i < options->input_count; i++)
        BU_TRY(take_input(in, options, &options->inputs[i], err));
    bulla_error error = { 0 };
    return keep_trouble(in, bu_graph_settle_documents(in->graph, &error), &error, err);
}

bulla_status bu_inventory_make(const bu_inventory_options *options, bu_inventory *out,
                               bulla_error *err)
{
    BU_CLEAR(bu_inventory) in = { .graph = bu_graph_new() };
    if (in.graph == NULL)
        return bu_no_memory(err);
    in.lists = bu_arena_get_array(in.graph->arena, options->input_count, sizeof *in.lists);
    if (in.lists == NULL)
        return bu_no_memory(err);
    BU_TRY(take_all(&in, options, err));
    *out = in;
    in = (bu_inventory){ 0 };
    return BU_OK;
}
