/* SPDX-License-Identifier: MIT */
/*
 * Writing a graph down.
 */
#include "show.h"

#include "alloc_fail.h"
#include "suite.h"

const bu_ecosystem_options show_options = {
    .os = "linux", .cpu = "x64", .libc = "glibc", .distribution = "debian"
};

static void show_text(const char *key, const char *text, bu_buf *out)
{
    if (text != NULL)
        bu_buf_add_format(out, ", \"%s\": \"%s\"", key, text);
}

static void show_digests(bulla_digests digests, bu_buf *out)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    for (uint32_t i = 0; i < digests.count; i++)
        show_text(bulla_alg_name(digests.items[i].alg), bulla_digest_hex(&digests.items[i], hex),
                  out);
}

static void show_file(size_t index, const bulla_file_pin *file, bu_buf *out)
{
    bu_buf_add_format(out, "%s{ \"size\": %llu", index == 0 ? "\n      " : ",\n      ",
                      (unsigned long long)file->size);
    show_text("name", file->name, out);
    show_text("url", file->url, out);
    show_digests(file->digests, out);
    bu_buf_add_text(out, " }");
}

static void show_component(const bu_graph *graph, const bulla_component *c, bu_buf *out)
{
    bu_buf_add_format(out, "{ \"purl\": \"%s\", \"scope\": \"%s\", \"origin\": \"%s\"", c->purl,
                      bulla_scope_name(c->scope), bulla_origin_name(c->origin));
    bu_buf_add_format(out, ", \"line\": %u, \"column\": %u", c->line, c->column);
    show_text("location", c->location, out);
    show_text("alias", c->alias, out);
    show_text("license", c->license, out);
    show_text("resolved", c->resolved, out);
    if (c->parent != BULLA_NO_COMPONENT)
        show_text("inside", graph->components[c->parent].purl, out);
    if (c->may_be_absent)
        bu_buf_add_text(out, ", \"may_be_absent\": true");
    if (c->excluded_here)
        bu_buf_add_text(out, ", \"excluded_here\": true");
    show_digests(c->digests, out);
    if (c->file_count > 0)
        bu_buf_add_text(out, ", \"files\": [");
    for (size_t i = 0; i < c->file_count; i++)
        show_file(i, &c->files[i], out);
    if (c->file_count > 0)
        bu_buf_add_text(out, "\n    ]");
    bu_buf_add_text(out, " }");
}

static void show_flaw(const bu_graph *graph, const bu_flaw *flaw, bu_buf *out)
{
    bu_buf_add_format(out, "{ \"code\": \"%s\", \"what\": \"%s\", \"line\": %u, \"column\": %u",
                      bulla_code_name(flaw->code), flaw->what, flaw->line, flaw->column);
    if (flaw->component != BULLA_NO_COMPONENT)
        show_text("of", graph->components[flaw->component].purl, out);
    bu_buf_add_text(out, " }");
}

static const char *separator(size_t index)
{
    return index == 0 ? "\n    " : ",\n    ";
}

void show_graph(const bu_graph *graph, bu_buf *out)
{
    bu_buf_add_text(out, "{\n");
    if (graph->root != BULLA_NO_COMPONENT)
        bu_buf_add_format(out, "  \"root\": \"%s\",\n", graph->components[graph->root].purl);
    bu_buf_add_text(out, "  \"components\": [");
    for (size_t i = 0; i < graph->count; i++) {
        bu_buf_add_text(out, separator(i));
        show_component(graph, &graph->components[i], out);
    }
    bu_buf_add_text(out, "\n  ],\n  \"edges\": [");
    for (size_t i = 0; i < graph->edge_count; i++)
        bu_buf_add_format(out, "%s[ \"%s\", \"%s\" ]", separator(i),
                          graph->components[graph->edges[i].from].purl,
                          graph->components[graph->edges[i].to].purl);
    bu_buf_add_text(out, "\n  ],\n  \"flaws\": [");
    for (size_t i = 0; i < graph->flaw_count; i++) {
        bu_buf_add_text(out, separator(i));
        show_flaw(graph, &graph->flaws[i], out);
    }
    bu_buf_add_text(out, "\n  ]\n}\n");
}

/* As the inventory reads it: nothing above the folder of the case. */
static bulla_status read_beside(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    char full[4096]; /* no allocation but those of the parser: each of them is made to fail */
    if (path[0] == '/' || strstr(path, "..") != NULL)
        return bu_fail(err, BULLA_E_PATH_TRAVERSAL, "leads out of the project");
    (void)snprintf(full, sizeof full, "%s/%s", (const char *)context, path);
    FILE *file = fopen(full, "rb");
    if (file == NULL)
        return bu_fail(err, BULLA_E_MISSING_FILE, "is not there");
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        bu_buf_add_byte(out, (uint8_t)c);
    (void)fclose(file);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status show_parse(const bu_ecosystem *ecosystem, bulla_bytes text, const char *name,
                        const char *folder, bu_graph **out, bulla_error *err)
{
    bu_ecosystem_options options = show_options;
    if (folder != NULL) {
        options.read = read_beside;
        options.read_context = (void *)(uintptr_t)folder;
    }
    *out = bu_graph_new();
    if (*out == NULL)
        return bu_no_memory(err);
    BU_TRY(ecosystem->parse(text, name, &options, *out, err));
    return bu_graph_settle(*out, err);
}

void show_no_memory(const char *ecosystem, const char *file)
{
    char *path = file[0] == '/' ? strdup(file) : unit_source_path(file);
    char *name = strrchr(path, '/') + 1;
    bulla_bytes text = unit_slurp(path);
    name[-1] = '\0'; /* `path` is the folder from here on */
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_graph *graph = NULL;
        alloc_fail_at(n);
        bulla_status status =
            show_parse(bu_ecosystem_by_id(bu_bytes_of(ecosystem)), text, name, path, &graph, &err);
        bool hit = alloc_fail_off();
        bu_graph_free(graph);
        if (!hit)
            break;
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    free((void *)(uintptr_t)text.ptr);
    free(path);
}
