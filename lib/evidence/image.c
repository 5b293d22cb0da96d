/* SPDX-License-Identifier: MIT */
/*
 * From an index or a list of images to layers on top of each other. Nothing is
 * followed by recursion: indexes in an index wait in a list of work.
 */
#include "evidence/image.h"

#include "archive/decompress.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/vec.h"
#include "evidence/blobs.h"
#include "syntax/tree.h"

/* What names a part: by a digest and size, or, in old archives, by a file name alone. */
typedef struct descriptor {
    const char *name; /* of the file */
    bulla_bytes media_type;
    bulla_digest digest; /* BULLA_ALG_NONE: not stated */
    uint64_t size;       /* BU_SIZE_UNKNOWN: not stated */
} descriptor;

typedef struct reader {
    const char *path;
    const char *const *places, *const *hints;
    bu_blobs *blobs;
    bu_images *out;
    bu_hasher *outer, *inner; /* of a part as stored, and of a layer without its compression */
    uint8_t *scratch;
    descriptor *work;
    size_t count, cap;
    bu_intern seen; /* parts that were read, by their names */
} reader;

static void reader_clear(reader *r)
{
    bu_blobs_free(r->blobs);
    bu_hasher_free(r->outer);
    bu_hasher_free(r->inner);
    free(r->scratch);
    free(r->work);
    bu_intern_clear(&r->seen);
}
BU_DEFINE_CLEAR(reader)

void bu_images_clear(bu_images *images)
{
    for (size_t i = 0; i < images->count; i++)
        bu_overlay_free(images->items[i].overlay);
    free(images->items);
    free(images->left_out);
    bu_arena_free(images->arena);
    *images = (bu_images){ 0 };
}

static bulla_status leave_out(reader *r, const char *text, bulla_error *err)
{
    bu_images *out = r->out;
    if (text == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_vec_grow(&out->left_out, out->left_out_count, &out->left_out_cap,
                       sizeof *out->left_out, err));
    out->left_out[out->left_out_count++] = text;
    return BU_OK;
}

/* ---- Parts ---- */

static const char *shown(const reader *r, const char *name)
{
    const char *text = bu_arena_format(r->out->arena, "%s!%s", r->path, name);
    return text == NULL ? name : text;
}

/* "sha256:HEX" */
static bulla_status read_digest(bulla_bytes text, bulla_digest *out, bulla_error *err)
{
    size_t colon = bu_bytes_find(text, ':');
    bulla_alg alg = bu_alg_of(bu_bytes_first(text, colon));
    if (alg != BULLA_ALG_SHA256 && alg != BULLA_ALG_SHA512)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "neither sha256 nor sha512");
    return bu_digest_from_hex(alg, bu_bytes_from(text, colon + 1), out, err);
}

static const char *blob_name(const reader *r, const bulla_digest *digest)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    return bu_arena_format(r->out->arena, "blobs/%s/%s", bulla_alg_name(digest->alg),
                           bulla_digest_hex(digest, hex));
}

static bulla_status open_part(const reader *r, const descriptor *d, bu_blob *blob, bulla_error *err)
{
    BU_TRY(bu_blobs_get(r->blobs, d->name, blob, err));
    if (d->size == BU_SIZE_UNKNOWN || d->size == blob->size)
        return BU_OK;
    return bu_fail(err, BULLA_E_HASH_MISMATCH, "has %llu bytes, where its descriptor says %llu",
                   (unsigned long long)blob->size, (unsigned long long)d->size);
}

/* Hash what is left, and hold the digest against the one that the part is named by. */
static bulla_status check_part(const reader *r, bu_tap *tap, const bulla_digest *want,
                               bulla_error *err)
{
    char a[BULLA_DIGEST_HEX_MAX], b[BULLA_DIGEST_HEX_MAX];
    bulla_digest_set set;
    BU_TRY(bu_tap_drain(tap, r->scratch, err));
    BU_TRY(bu_tap_finish(tap, &set, err));
    const bulla_digest *got = bulla_digest_set_get(&set, want->alg);
    if (want->alg == BULLA_ALG_NONE || (got != NULL && bulla_digest_equal(want, got)))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_HASH_MISMATCH, "is not what its digest says");
    return bu_expected(err, status, bu_bytes_of(bulla_digest_hex(want, a)),
                       bu_bytes_of(got == NULL ? "" : bulla_digest_hex(got, b)));
}

static bu_algs algs_of(const bulla_digest *digest)
{
    return BU_ALGS(digest->alg == BULLA_ALG_NONE ? BULLA_ALG_SHA256 : digest->alg);
}

static bulla_status slurp_part(const reader *r, const descriptor *d, bu_buf *text, bulla_error *err)
{
    BU_CLEAR(bu_blob) blob = BU_BLOB_NONE;
    bu_tap tap;
    BU_TRY(open_part(r, d, &blob, err));
    BU_TRY(bu_tap_init(&tap, blob.source, r->outer, algs_of(&d->digest), err));
    BU_TRY(bu_source_slurp(&tap.base, BU_LIMIT_METADATA_BYTES, text, err));
    return check_part(r, &tap, &d->digest, err);
}

static bulla_status load_part(const reader *r, const descriptor *d, bu_tree **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    const char *name = shown(r, d->name);
    BU_TRY(bu_in_file(err, slurp_part(r, d, &text, err), name));
    return bu_json_load(bu_buf_bytes(&text), name, out, err);
}

static bulla_status load_named(const reader *r, const char *name, bu_tree **out, bulla_error *err)
{
    const descriptor d = { .name = name, .size = BU_SIZE_UNKNOWN };
    return load_part(r, &d, out, err);
}

static bulla_status read_descriptor(const reader *r, const bu_tree *tree, const bu_node *node,
                                    descriptor *out, bulla_error *err)
{
    const bu_node *media, *digest, *size;
    BU_TRY(bu_node_need(tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, node, "mediaType", BU_NODE_STRING, &media, err));
    BU_TRY(bu_node_field(tree, node, "digest", BU_NODE_STRING, &digest, err));
    BU_TRY(bu_node_field(tree, node, "size", BU_NODE_INTEGER, &size, err));
    *out = (descriptor){ .media_type = bu_arena_copy(r->out->arena, bu_node_text(media)),
                         .size = (uint64_t)bu_node_integer(size) };
    bulla_status status = read_digest(bu_node_text(digest), &out->digest, err);
    if (!bulla_ok(status))
        return bu_node_fail(tree, digest, err, status.code, "\"%.*s\" is no digest of a part",
                            (int)bu_node_text(digest).len, (const char *)bu_node_text(digest).ptr);
    if (bu_node_integer(size) < 0)
        return bu_node_fail(tree, size, err, BULLA_E_BAD_NUMBER, "a negative size");
    out->name = blob_name(r, &out->digest);
    return out->name == NULL || out->media_type.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

/* ---- Layers ---- */

#define OCI_LAYER    "application/vnd.oci.image.layer."
#define DOCKER_LAYER "application/vnd.docker.image.rootfs."

static const struct {
    const char *media_type;
    bu_compression kind;
} layer_types[] = {
    { OCI_LAYER "v1.tar", BU_COMPRESSION_NONE },
    { OCI_LAYER "v1.tar+gzip", BU_COMPRESSION_GZIP },
    { OCI_LAYER "v1.tar+zstd", BU_COMPRESSION_ZSTD },
    { OCI_LAYER "nondistributable.v1.tar", BU_COMPRESSION_NONE },
    { OCI_LAYER "nondistributable.v1.tar+gzip", BU_COMPRESSION_GZIP },
    { OCI_LAYER "nondistributable.v1.tar+zstd", BU_COMPRESSION_ZSTD },
    { DOCKER_LAYER "diff.tar", BU_COMPRESSION_NONE },
    { DOCKER_LAYER "diff.tar.gzip", BU_COMPRESSION_GZIP },
    { DOCKER_LAYER "diff.tar.zstd", BU_COMPRESSION_ZSTD },
    { DOCKER_LAYER "foreign.diff.tar.gzip", BU_COMPRESSION_GZIP },
};

static bulla_status check_compression(const descriptor *d, bu_compression kind, bulla_error *err)
{
    if (d->media_type.len == 0) /* docker save says nothing about it */
        return BU_OK;
    for (size_t i = 0; i < sizeof layer_types / sizeof layer_types[0]; i++)
        if (bu_bytes_is(d->media_type, layer_types[i].media_type))
            return layer_types[i].kind == kind
                       ? BU_OK
                       : bu_fail(err, BULLA_E_FORMAT_MISMATCH,
                                 "is not compressed as its media type says");
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a layer of the media type \"%.*s\"",
                   (int)d->media_type.len, (const char *)d->media_type.ptr);
}

/* @param diff  digest of the layer without its compression */
static bulla_status add_stream(const reader *r, const descriptor *d, const bulla_digest *diff,
                               bu_source *stored, bu_overlay *overlay, bulla_error *err)
{
    BU_AUTO(bu_decompressor) decompressor = NULL;
    bu_tap tap;
    BU_TRY(bu_decompressor_new(stored, &decompressor, err));
    BU_TRY(check_compression(d, bu_decompressor_kind(decompressor), err));
    BU_TRY(bu_tap_init(&tap, bu_decompressor_source(decompressor), r->inner, algs_of(diff), err));
    BU_TRY(bu_overlay_add(overlay, &tap.base, err));
    return check_part(r, &tap, diff, err);
}

/* A part that is not the one that was named is that first of all, whatever else is wrong with it. */
static bulla_status add_layer(const reader *r, const descriptor *d, const bulla_digest *diff,
                              bu_overlay *overlay, bulla_error *err)
{
    BU_CLEAR(bu_blob) blob = BU_BLOB_NONE;
    bulla_error why = { 0 };
    bu_tap tap;
    BU_TRY(open_part(r, d, &blob, err));
    BU_TRY(bu_tap_init(&tap, blob.source, r->outer, algs_of(&d->digest), err));
    bulla_status status = add_stream(r, d, diff, &tap.base, overlay, &why);
    BU_TRY(check_part(r, &tap, &d->digest, err));
    if (!bulla_ok(status) && err != NULL)
        *err = why;
    return status;
}

/* ---- Images ---- */

static bulla_status read_diff_ids(const bu_tree *config, const bu_node **out, bulla_error *err)
{
    const bu_node *rootfs;
    BU_TRY(bu_node_field(config, bu_tree_root(config), "rootfs", BU_NODE_TABLE, &rootfs, err));
    return bu_node_field(config, rootfs, "diff_ids", BU_NODE_ARRAY, out, err);
}

static bulla_status add_layers(const reader *r, const bu_tree *config, const descriptor *layers,
                               size_t count, bu_overlay *overlay, bulla_error *err)
{
    const bu_node *ids;
    size_t i = 0;
    BU_TRY(read_diff_ids(config, &ids, err));
    if (bu_node_count(ids) != count)
        return bu_node_fail(config, ids, err, BULLA_E_BAD_REFERENCE,
                            "%zu layers are named, where the image has %zu", bu_node_count(ids),
                            count);
    BU_EACH_CHILD(id, ids) {
        bulla_digest diff;
        bulla_status status = read_digest(bu_node_text(id), &diff, err);
        if (!bulla_ok(status))
            return bu_node_fail(config, id, err, status.code, "no digest of a layer");
        status = add_layer(r, &layers[i], &diff, overlay, err);
        BU_TRY(bu_in_file(err, status, shown(r, layers[i].name)));
        i++;
    }
    return BU_OK;
}

static bulla_status add_image(reader *r, const descriptor *config, const descriptor *layers,
                              size_t count, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    bu_images *out = r->out;
    size_t known = r->seen.count, number;
    BU_TRY(bu_intern_add(&r->seen, 1, bu_bytes_of(config->name), &number, err));
    if (number < known)
        return BU_OK; /* one image under two names */
    if (count > BU_LIMIT_LAYERS || out->count == BU_LIMIT_IMAGES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u layers, or %u images",
                       BU_LIMIT_LAYERS, BU_LIMIT_IMAGES);
    BU_TRY(load_part(r, config, &tree, err));
    BU_TRY(bu_vec_grow(&out->items, out->count, &out->cap, sizeof *out->items, err));
    bu_image *image = &out->items[out->count];
    *image = (bu_image){ .name = config->name };
    BU_TRY(bu_overlay_new(r->places, r->hints, &image->overlay, err));
    out->count++;
    BU_TRY(add_layers(r, tree, layers, count, image->overlay, err));
    return bu_overlay_finish(image->overlay, &image->files, &image->count, err);
}

/* ---- OCI ---- */

static const char *const index_types[] = {
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json", NULL
};
static const char *const manifest_types[] = {
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json", NULL
};
static const char *const config_types[] = { "application/vnd.oci.image.config.v1+json",
                                            "application/vnd.docker.container.image.v1+json",
                                            NULL };

static bool is_one_of(const char *const *types, bulla_bytes type)
{
    for (; *types != NULL; types++)
        if (bu_bytes_is(type, *types))
            return true;
    return false;
}

static bool is_platform(const bu_node *entry, const char *os, const char *architecture)
{
    const bu_node *platform = bu_node_get(entry, "platform");
    return bu_bytes_is(bu_node_text(bu_node_get(platform, "os")), os) &&
           bu_bytes_is(bu_node_text(bu_node_get(platform, "architecture")), architecture);
}

static bulla_status check_schema(const bu_tree *tree, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(
        bu_node_field(tree, bu_tree_root(tree), "schemaVersion", BU_NODE_INTEGER, &version, err));
    if (bu_node_integer(version) == 2)
        return BU_OK;
    return bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION, "not schema version 2");
}

static bulla_status push(reader *r, const descriptor *d, bulla_error *err)
{
    size_t known = r->seen.count, number;
    BU_TRY(bu_intern_add(&r->seen, 0, bu_bytes_of(d->name), &number, err));
    if (number < known)
        return BU_OK;
    if (known > BU_LIMIT_MEMBERS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u parts", BU_LIMIT_MEMBERS);
    BU_TRY(bu_vec_grow(&r->work, r->count, &r->cap, sizeof *r->work, err));
    r->work[r->count++] = *d;
    return BU_OK;
}

/* @param chosen  one of the index is for linux/amd64, so others are not taken */
static bulla_status take_entry(reader *r, const bu_tree *tree, const bu_node *entry, bool chosen,
                               bulla_error *err)
{
    descriptor d;
    BU_TRY(read_descriptor(r, tree, entry, &d, err));
    if (!is_one_of(index_types, d.media_type) && !is_one_of(manifest_types, d.media_type))
        return bu_node_fail(tree, entry, err, BULLA_E_UNSUPPORTED_FEATURE,
                            "the media type \"%.*s\"", (int)d.media_type.len,
                            (const char *)d.media_type.ptr);
    const bu_node *platform = bu_node_get(entry, "platform");
    bool other = platform != NULL && chosen && !is_platform(entry, "linux", "amd64");
    if (!other && !is_platform(entry, "unknown", "unknown"))
        return push(r, &d, err);
    bulla_bytes os = bu_node_text(bu_node_get(platform, "os"));
    bulla_bytes arch = bu_node_text(bu_node_get(platform, "architecture"));
    return leave_out(r,
                     bu_arena_format(r->out->arena, "%s!%s (%.*s/%.*s)", r->path, d.name,
                                     (int)os.len, (const char *)os.ptr, (int)arch.len,
                                     (const char *)arch.ptr),
                     err);
}

static bulla_status take_index(reader *r, const bu_tree *tree, bulla_error *err)
{
    const bu_node *manifests;
    bool chosen = false;
    BU_TRY(check_schema(tree, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "manifests", BU_NODE_ARRAY, &manifests, err));
    BU_EACH_CHILD(entry, manifests) {
        chosen = chosen || is_platform(entry, "linux", "amd64");
    }
    BU_EACH_CHILD(entry, manifests) {
        BU_TRY(take_entry(r, tree, entry, chosen, err));
    }
    return BU_OK;
}

static bulla_status take_layers(reader *r, const bu_tree *tree, const descriptor *config,
                                bulla_error *err)
{
    const bu_node *list;
    size_t count = 0;
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "layers", BU_NODE_ARRAY, &list, err));
    descriptor *layers = bu_arena_get_array(r->out->arena, bu_node_count(list), sizeof *layers);
    if (layers == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(layer, list) {
        BU_TRY(read_descriptor(r, tree, layer, &layers[count++], err));
    }
    return add_image(r, config, layers, count, err);
}

static bulla_status take_manifest(reader *r, const bu_tree *tree, const descriptor *d,
                                  bulla_error *err)
{
    const bu_node *node;
    descriptor config;
    BU_TRY(check_schema(tree, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "config", BU_NODE_TABLE, &node, err));
    BU_TRY(read_descriptor(r, tree, node, &config, err));
    if (is_one_of(config_types, config.media_type))
        return take_layers(r, tree, &config, err);
    return leave_out(r, /* a signature, an SBOM, a chart */
                     bu_arena_format(r->out->arena, "%s!%s (%.*s)", r->path, d->name,
                                     (int)config.media_type.len,
                                     (const char *)config.media_type.ptr),
                     err);
}

static bulla_status read_layout(reader *r, bulla_error *err)
{
    BU_AUTO(bu_tree) layout = NULL;
    BU_AUTO(bu_tree) index = NULL;
    const bu_node *version;
    BU_TRY(load_named(r, "oci-layout", &layout, err));
    BU_TRY(bu_node_field(layout, bu_tree_root(layout), "imageLayoutVersion", BU_NODE_STRING,
                         &version, err));
    if (!bu_bytes_is(bu_node_text(version), "1.0.0"))
        return bu_node_fail(layout, version, err, BULLA_E_UNSUPPORTED_VERSION,
                            "not image layout 1.0.0");
    BU_TRY(load_named(r, "index.json", &index, err));
    BU_TRY(take_index(r, index, err));
    while (r->count > 0) {
        const descriptor d = r->work[--r->count];
        BU_AUTO(bu_tree) tree = NULL;
        BU_TRY(load_part(r, &d, &tree, err));
        BU_TRY(is_one_of(index_types, d.media_type) ? take_index(r, tree, err)
                                                    : take_manifest(r, tree, &d, err));
    }
    return BU_OK;
}

/* ---- docker save ---- */

/* A file that is named by its digest, "HEX.json" or "blobs/sha256/HEX", is held to it. */
static bulla_status read_name(const reader *r, const bu_tree *tree, const bu_node *node,
                              descriptor *out, bulla_error *err)
{
    BU_TRY(bu_node_need(tree, node, BU_NODE_STRING, err));
    bulla_bytes name = bu_node_text(node);
    *out = (descriptor){ .name = bu_arena_text(r->out->arena, name), .size = BU_SIZE_UNKNOWN };
    if (out->name == NULL)
        return bu_no_memory(err);
    bulla_bytes hex = name;
    if (bu_bytes_starts(name, "blobs/sha256/"))
        hex = bu_bytes_from(name, strlen("blobs/sha256/"));
    else if (bu_bytes_ends(name, ".json"))
        hex = bu_bytes_first(name, name.len - strlen(".json"));
    else
        return BU_OK;
    if (!bulla_ok(bu_digest_from_hex(BULLA_ALG_SHA256, hex, &out->digest, NULL)))
        return bu_node_fail(tree, node, err, BULLA_E_BAD_NAME, "not named by its digest");
    return BU_OK;
}

static bulla_status take_saved(reader *r, const bu_tree *tree, const bu_node *entry,
                               bulla_error *err)
{
    const bu_node *name, *list;
    descriptor config;
    size_t count = 0;
    BU_TRY(bu_node_need(tree, entry, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, entry, "Config", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(tree, entry, "Layers", BU_NODE_ARRAY, &list, err));
    BU_TRY(read_name(r, tree, name, &config, err));
    descriptor *layers = bu_arena_get_array(r->out->arena, bu_node_count(list), sizeof *layers);
    if (layers == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(layer, list) {
        BU_TRY(read_name(r, tree, layer, &layers[count++], err));
    }
    return add_image(r, &config, layers, count, err);
}

/* Many things have a manifest.json; only that of `docker save` is a list. */
static bulla_status read_saved(reader *r, bool *found, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    bulla_error why = { 0 };
    bulla_status status = load_named(r, "manifest.json", &tree, &why);
    *found = *found || (bulla_ok(status) && bu_node_kind_of(bu_tree_root(tree)) == BU_NODE_ARRAY);
    if (!*found && status.code != BULLA_E_NO_MEMORY)
        return BU_OK;
    if (!bulla_ok(status) && err != NULL)
        *err = why;
    BU_TRY(status);
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_ARRAY, err));
    BU_EACH_CHILD(entry, bu_tree_root(tree)) {
        BU_TRY(take_saved(r, tree, entry, err));
    }
    return BU_OK;
}

/* ---- Either ---- */

static bool is_saved(const bu_blobs *blobs)
{
    return bu_blobs_has(blobs, "manifest.json");
}

static bool is_layout(const bu_blobs *blobs)
{
    return bu_blobs_has(blobs, "oci-layout");
}

/* Whatever cannot be listed whole is an image when it has begun as one; else it is none of ours. */
static bulla_status open_blobs(reader *r, bool is_folder, bool *found, bulla_error *err)
{
    bulla_error why = { 0 };
    bool is_archive = is_folder;
    bulla_status status = is_folder ? bu_blobs_open_folder(r->path, &r->blobs, &why)
                                    : bu_blobs_open_archive(r->path, &r->blobs, &is_archive, &why);
    *found = r->blobs != NULL && (is_layout(r->blobs) || (!is_folder && is_saved(r->blobs)));
    if (bulla_ok(status) || (!*found && status.code != BULLA_E_NO_MEMORY))
        return BU_OK;
    if (err != NULL)
        *err = why;
    return status;
}

static bulla_status read_all(reader *r, bool *found, bulla_error *err)
{
    r->scratch = malloc(BU_IO_CHUNK);
    if (r->scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_hasher_new(&r->outer, err));
    BU_TRY(bu_hasher_new(&r->inner, err));
    *found = is_layout(r->blobs);
    if (*found)
        BU_TRY(read_layout(r, err));
    if (is_saved(r->blobs)) /* beside a layout it names the same images, or more */
        BU_TRY(read_saved(r, found, err));
    return bu_blobs_unchanged(r->blobs, err);
}

bulla_status bu_images_read(const char *path, bool is_folder, const char *const *places,
                            const char *const *hints, bool *found, bu_images *out, bulla_error *err)
{
    BU_CLEAR(bu_images) images = { .arena = bu_arena_new() };
    BU_CLEAR(reader) r = { .path = path, .places = places, .hints = hints, .out = &images };
    if (images.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(open_blobs(&r, is_folder, found, err));
    if (*found)
        BU_TRY(bu_in_file(err, read_all(&r, found, err), path));
    *out = images;
    images = (bu_images){ 0 };
    return BU_OK;
}
