/* SPDX-License-Identifier: MIT */
/*
 * Writing a graph down.
 */
#include "show.h"

#include "suite.h"

const bu_ecosystem_options show_options = {
    .os = "linux", .cpu = "x64", .libc = "glibc", .distribution = "debian"
};

static void show_text(const char *key, const char *text, bu_buf *out)
{
    if (text != NULL)
        bu_buf_add_format(out, ", \"%s\": \"%s\"", key, text);
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
    for (uint32_t i = 0; i < c->digests.count; i++) {
        char hex[BULLA_DIGEST_HEX_MAX];
        show_text(bulla_alg_name(c->digests.items[i].alg),
                  bulla_digest_hex(&c->digests.items[i], hex), out);
    }
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

bulla_status show_parse(const bu_ecosystem *ecosystem, bulla_bytes text, const char *name,
                        bu_graph **out, bulla_error *err)
{
    *out = bu_graph_new();
    if (*out == NULL)
        return bu_no_memory(err);
    BU_TRY(ecosystem->parse(text, name, &show_options, *out, err));
    return bu_graph_settle(*out, err);
}
