/* SPDX-License-Identifier: MIT */
/*
 * CycloneDX 1.6 JSON (ECMA-424), written as a stream. The document holds no
 * clock, no host and no path of the machine, so the same graph gives the same
 * bytes; what the format has no field for stands in properties named `bulla:`.
 */
#include "base/time.h"
#include "base/utf8.h"
#include "bom/bom.h"
#include "bom/license.h"
#include "bom/publish.h"
#include "bom/tops.h"
#include "digest/hasher.h"
#include "syntax/json_writer.h"

#define NIL_UUID    "00000000-0000-0000-0000-000000000000"
#define ROOT_REF    "bulla:root" /* bom-ref of the product when the graph has no root */
#define VERSION_MAX 1024         /* the schema's limit, in characters */
#define LINES       3            /* a line for each field of a component, and no deeper */

/* The document that is being written. */
typedef struct document {
    bu_json_writer writer;
    const bu_graph *graph;
    const bu_bom_options *options;
    size_t installed; /* components of an installed system; the others are of a checkout */
} document;

static void add_text(document *doc, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        bu_json_put_string(&doc->writer, key, bu_bytes_of(value));
}

static void begin(document *doc, const char *key, char bracket)
{
    bu_json_begin(&doc->writer, key, bracket);
}

static void end(document *doc, char bracket)
{
    bu_json_end(&doc->writer, bracket);
}

/* "@scope/name" and alike: what stands before the last '/' is the group. */
static void add_name(document *doc, const bulla_component *component)
{
    bulla_bytes name = bu_bytes_of(component->name);
    size_t slash = name.len;
    while (slash > 0 && name.ptr[slash - 1] != '/')
        slash--;
    bool grouped = slash > 1 && slash < name.len;
    if (grouped)
        bu_json_put_string(&doc->writer, "group", bu_bytes_first(name, slash - 1));
    bu_json_put_string(&doc->writer, "name", grouped ? bu_bytes_from(name, slash) : name);
    if (component->version != NULL && strlen(component->version) <= VERSION_MAX)
        add_text(doc, "version", component->version); /* a longer one stands in the purl alone */
}

/*
 * The schema: "excluded" documents "component usage for test and other non-runtime purposes",
 * "optional" components may not be installed; the property `bulla:scope` tells build from dev.
 */
static const char *scope_of(const bulla_component *component)
{
    static const char *const scopes[] = {
        [BULLA_SCOPE_RUNTIME] = "required",
        [BULLA_SCOPE_OPTIONAL] = "optional",
        [BULLA_SCOPE_BUILD] = "excluded",
        [BULLA_SCOPE_DEV] = "excluded",
    };
    return scopes[component->scope];
}

/* What is known of the bytes: measured when they were there, else pinned. */
static bulla_digests digests_of(const document *doc, size_t index)
{
    const bulla_digest_set *measured = doc->options->measured;
    if (measured != NULL && measured[index].count > 0)
        return bu_digests_of(&measured[index]);
    return doc->graph->components[index].digests;
}

/* CycloneDX knows digests of bytes alone. */
static bool has_hash(bulla_digests digests)
{
    return digests.count > 0 && bulla_alg_is_of_bytes(digests.items[0].alg);
}

static void add_hashes(document *doc, bulla_digests digests)
{
    static const char *const names[BULLA_ALG_COUNT] = {
        [BULLA_ALG_MD5] = "MD5",
        [BULLA_ALG_SHA1] = "SHA-1",
        [BULLA_ALG_SHA256] = "SHA-256",
        [BULLA_ALG_SHA384] = "SHA-384",
        [BULLA_ALG_BLAKE2B] = "BLAKE2b-512",
        [BULLA_ALG_SHA512] = "SHA-512",
    };
    if (!has_hash(digests))
        return;
    begin(doc, "hashes", '[');
    for (uint32_t i = 0; i < digests.count; i++) {
        char hex[BULLA_DIGEST_HEX_MAX];
        if (!bulla_alg_is_of_bytes(digests.items[i].alg))
            continue;
        begin(doc, NULL, '{');
        add_text(doc, "alg", names[digests.items[i].alg]);
        add_text(doc, "content", bulla_digest_hex(&digests.items[i], hex));
        end(doc, '}');
    }
    end(doc, ']');
}

static void add_named_license(document *doc, const char *key, const char *value)
{
    begin(doc, "license", '{');
    add_text(doc, key, value);
    add_text(doc, "acknowledgement", "declared");
    end(doc, '}');
}

/* The schema: a list of licenses by id or name, or a tuple of exactly one expression. */
static void add_license(document *doc, const char *stated)
{
    if (stated == NULL || stated[0] == '\0')
        return;
    const char *id = bu_license_id(bu_bytes_of(stated));
    begin(doc, "licenses", '[');
    begin(doc, NULL, '{');
    if (id != NULL) {
        add_named_license(doc, "id", id);
    } else if (bu_license_is_expression(bu_bytes_of(stated))) {
        add_text(doc, "expression", stated);
        add_text(doc, "acknowledgement", "declared");
    } else {
        add_named_license(doc, "name", stated);
    }
    end(doc, '}');
    end(doc, ']');
}

static void add_reference(document *doc, const char *url, bulla_digests digests)
{
    if (!bu_url_is_publishable(bu_bytes_of(url)))
        return;
    begin(doc, NULL, '{');
    add_text(doc, "type", "distribution");
    add_text(doc, "url", url);
    add_hashes(doc, digests);
    end(doc, '}');
}

/* Where it comes from; of several files that will do, each with its own digests. */
static void add_references(document *doc, const bulla_component *component)
{
    bool any = bu_url_is_publishable(bu_bytes_of(component->resolved));
    for (size_t i = 0; i < component->file_count; i++)
        any = any || bu_url_is_publishable(bu_bytes_of(component->files[i].url));
    if (!any)
        return;
    begin(doc, "externalReferences", '[');
    add_reference(doc, component->resolved, (bulla_digests){ 0 });
    for (size_t i = 0; i < component->file_count; i++)
        add_reference(doc, component->files[i].url, component->files[i].digests);
    end(doc, ']');
}

static void add_property(document *doc, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    begin(doc, NULL, '{');
    add_text(doc, "name", name);
    add_text(doc, "value", value);
    end(doc, '}');
}

/* Why a component has no digest: its kind cannot have one, any of several files will do, or its
   document pins none. */
static const char *no_hash_reason(const bulla_component *component)
{
    if (component->file_count > 0)
        return "one-of-several-files";
    if (bulla_digests_get(component->digests, BULLA_ALG_H1) != NULL)
        return "dirhash";
    switch (component->origin) {
    case BULLA_ORIGIN_GIT:
    case BULLA_ORIGIN_LOCAL:
    case BULLA_ORIGIN_OUTSIDE:
    case BULLA_ORIGIN_BUNDLED:
    case BULLA_ORIGIN_SYSTEM:
        return bulla_origin_name(component->origin);
    default:
        return "unpinned";
    }
}

static void add_hash_properties(document *doc, size_t index)
{
    const bulla_component *component = &doc->graph->components[index];
    const bulla_digests digests = digests_of(doc, index);
    if (has_hash(digests)) {
        bool pinned = digests.items == component->digests.items;
        add_property(doc, "bulla:hash-source", pinned ? "lockfile" : "bytes");
        return;
    }
    add_property(doc, "bulla:hash", "none");
    add_property(doc, "bulla:hash-reason", no_hash_reason(component));
}

static void add_properties(document *doc, size_t index)
{
    const bulla_component *component = &doc->graph->components[index];
    begin(doc, "properties", '[');
    add_property(doc, "bulla:alias", component->alias);
    if (component->origin == BULLA_ORIGIN_BUNDLED && component->parent < doc->graph->count)
        add_property(doc, "bulla:bundled-in", doc->graph->components[component->parent].purl);
    add_hash_properties(doc, index);
    if (bu_path_is_publishable(bu_bytes_of(component->location)))
        add_property(doc, "bulla:location", component->location);
    if (component->origin != BULLA_ORIGIN_UNKNOWN && component->origin != BULLA_ORIGIN_REGISTRY)
        add_property(doc, "bulla:origin", bulla_origin_name(component->origin));
    if (component->scope == BULLA_SCOPE_BUILD || component->scope == BULLA_SCOPE_DEV)
        add_property(doc, "bulla:scope", bulla_scope_name(component->scope));
    end(doc, ']');
}

static void add_component(document *doc, const char *key, size_t index)
{
    const bulla_component *component = &doc->graph->components[index];
    bool is_root = index == doc->graph->root;
    begin(doc, key, '{');
    add_text(doc, "type", is_root ? "application" : "library");
    add_text(doc, "bom-ref", component->purl);
    add_name(doc, component);
    if (!is_root)
        add_text(doc, "scope", scope_of(component));
    add_hashes(doc, digests_of(doc, index));
    add_license(doc, component->license);
    add_text(doc, "purl", component->purl);
    add_references(doc, component);
    add_properties(doc, index);
    end(doc, '}');
}

static void add_tool(document *doc)
{
    begin(doc, "tools", '{');
    begin(doc, "components", '[');
    begin(doc, NULL, '{');
    add_text(doc, "type", "application");
    add_text(doc, "name", "bulla");
    add_text(doc, "version", doc->options->tool_version);
    end(doc, '}');
    end(doc, ']');
    end(doc, '}');
}

static void add_phase(document *doc, const char *phase)
{
    begin(doc, NULL, '{');
    add_text(doc, "phase", phase);
    end(doc, '}');
}

/*
 * The schema: "pre-build" is information "obtained prior to a build process", from "development
 * artifacts and manifests", which a lockfile is; "operations" is "inventory that is running and
 * operational", which an installed system is.
 */
static void add_lifecycles(document *doc)
{
    begin(doc, "lifecycles", '[');
    if (doc->installed == 0 || doc->installed < doc->graph->count)
        add_phase(doc, "pre-build");
    if (doc->installed > 0)
        add_phase(doc, "operations");
    end(doc, ']');
}

/* The product, when no document names it. */
static void add_unnamed_root(document *doc)
{
    bool is_system = doc->installed > 0 && doc->installed == doc->graph->count;
    begin(doc, "component", '{');
    add_text(doc, "type", is_system ? "operating-system" : "application");
    add_text(doc, "bom-ref", ROOT_REF);
    add_text(doc, "name", is_system ? "installed system" : "unnamed");
    end(doc, '}');
}

static void add_metadata(document *doc)
{
    char time[BU_TIME_TEXT];
    begin(doc, "metadata", '{');
    if (doc->options->timestamp != INT64_MIN)
        add_text(doc, "timestamp", bu_time_format(doc->options->timestamp, time));
    add_lifecycles(doc);
    add_tool(doc);
    if (doc->graph->root != BULLA_NO_COMPONENT)
        add_component(doc, "component", doc->graph->root);
    else
        add_unnamed_root(doc);
    end(doc, '}');
}

static void add_components(document *doc)
{
    begin(doc, "components", '[');
    for (size_t i = 0; i < doc->graph->count; i++)
        if (i != doc->graph->root)
            add_component(doc, NULL, i);
    end(doc, ']');
}

/* What one component needs; `edge` moves to the first edge of the next one. */
static void add_needs(document *doc, size_t index, size_t *edge)
{
    const bu_graph *graph = doc->graph;
    begin(doc, NULL, '{');
    add_text(doc, "ref", graph->components[index].purl);
    if (*edge < graph->edge_count && graph->edges[*edge].from == index) {
        begin(doc, "dependsOn", '[');
        for (; *edge < graph->edge_count && graph->edges[*edge].from == index; ++*edge)
            add_text(doc, NULL, graph->components[graph->edges[*edge].to].purl);
        end(doc, ']');
    }
    end(doc, '}');
}

static bulla_status add_unnamed_root_needs(document *doc, bulla_error *err)
{
    const bu_graph *graph = doc->graph;
    BU_FREE bool *top = calloc(graph->count + 1, sizeof *top);
    if (top == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_graph_tops(graph, top, err));
    begin(doc, NULL, '{');
    add_text(doc, "ref", ROOT_REF);
    begin(doc, "dependsOn", '[');
    for (size_t i = 0; i < graph->count; i++)
        if (top[i])
            add_text(doc, NULL, graph->components[i].purl);
    end(doc, ']');
    end(doc, '}');
    return BU_OK;
}

/* The schema: components without dependencies "must be declared as empty elements". */
static bulla_status add_dependencies(document *doc, bulla_error *err)
{
    begin(doc, "dependencies", '[');
    doc->writer.lines = LINES - 1; /* a line for each component is enough */
    if (doc->graph->root == BULLA_NO_COMPONENT)
        BU_TRY(add_unnamed_root_needs(doc, err));
    for (size_t i = 0, edge = 0; i < doc->graph->count; i++)
        add_needs(doc, i, &edge);
    end(doc, ']');
    return BU_OK;
}

/* Whose dependencies are not all in the document: its graph must not look complete there. */
static bulla_status add_compositions(document *doc, bulla_error *err)
{
    const bu_graph *graph = doc->graph;
    BU_FREE bool *is_open = calloc(graph->count + 1, sizeof *is_open);
    bool any = false;
    if (is_open == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->flaw_count; i++) {
        const bu_flaw *flaw = &graph->flaws[i];
        if (flaw->code == BULLA_E_MISSING_DEPENDENCY && flaw->component < graph->count)
            any = is_open[flaw->component] = true;
    }
    if (!any)
        return BU_OK;
    begin(doc, "compositions", '[');
    begin(doc, NULL, '{');
    add_text(doc, "aggregate", "incomplete");
    begin(doc, "dependencies", '[');
    for (size_t i = 0; i < graph->count; i++)
        if (is_open[i])
            add_text(doc, NULL, graph->components[i].purl);
    end(doc, ']');
    end(doc, '}');
    end(doc, ']');
    return BU_OK;
}

/* Bytes that are not what was pinned are no part of the product: there is no bill to write. */
static bulla_status check_measured(const bu_graph *graph, const bulla_digest_set *measured,
                                   bulla_error *err)
{
    for (size_t i = 0; measured != NULL && i < graph->count; i++) {
        const bulla_component *component = &graph->components[i];
        for (uint32_t k = 0; k < component->digests.count; k++) {
            const bulla_digest *pinned = &component->digests.items[k];
            const bulla_digest *found = bulla_digest_set_get(&measured[i], pinned->alg);
            if (found == NULL || bulla_digest_equal(found, pinned))
                continue;
            char want[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
            bulla_status status = bu_fail(err, BULLA_E_HASH_MISMATCH,
                                          "%s: the bytes do not have the pinned %s digest",
                                          component->purl, bulla_alg_name(pinned->alg));
            return bu_expected(err, status, bu_bytes_of(bulla_digest_hex(pinned, want)),
                               bu_bytes_of(bulla_digest_hex(found, got)));
        }
    }
    return BU_OK;
}

/*
 * RFC 9562, section 5.8 and appendix B.2: a UUIDv8 from SHA-256. The name is the document itself
 * with the nil UUID in the place of its own.
 */
static bulla_status stamp(bulla_bytes text, uint8_t *place, bulla_error *err)
{
    bulla_digest digest;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, text, &digest, err));
    digest.bytes[6] = (uint8_t)((digest.bytes[6] & 0x0f) | 0x80);
    digest.bytes[8] = (uint8_t)((digest.bytes[8] & 0x3f) | 0x80);
    char hex[BULLA_DIGEST_HEX_MAX];
    (void)bulla_digest_hex(&digest, hex);
    for (size_t from = 0, to = 0; to < sizeof NIL_UUID - 1; to++)
        if (NIL_UUID[to] != '-')
            place[to] = (uint8_t)hex[from++];
    return BU_OK;
}

static size_t count_installed(const bu_graph *graph)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->count; i++)
        count += graph->components[i].origin == BULLA_ORIGIN_SYSTEM;
    return count;
}

static bulla_status write_cyclonedx(const bu_graph *graph, const bu_bom_options *options,
                                    bu_buf *out, bulla_error *err)
{
    BU_TRY(check_measured(graph, options->measured, err));
    document doc = {
        .writer = bu_json_writer_of(out, BU_JSON_INDENTED),
        .graph = graph,
        .options = options,
        .installed = count_installed(graph),
    };
    doc.writer.lines = LINES;
    size_t start = out->len;
    begin(&doc, NULL, '{');
    add_text(&doc, "bomFormat", "CycloneDX");
    add_text(&doc, "specVersion", "1.6");
    add_text(&doc, "serialNumber", "urn:uuid:" NIL_UUID);
    size_t serial = out->len - sizeof NIL_UUID; /* the closing quote is as long as the NUL */
    bu_json_put_integer(&doc.writer, "version", 1);
    add_metadata(&doc);
    add_components(&doc);
    BU_TRY(add_dependencies(&doc, err));
    BU_TRY(add_compositions(&doc, err));
    end(&doc, '}');
    bu_buf_add_byte(out, '\n');
    if (out->broken)
        return bu_no_memory(err);
    return stamp(bu_bytes_from(bu_buf_bytes(out), start), out->ptr + serial, err);
}

extern const bu_bom bu_bom_cyclonedx;
const bu_bom bu_bom_cyclonedx = {
    .id = "cyclonedx",
    .title = "CycloneDX 1.6 JSON",
    .write = write_cyclonedx,
};
