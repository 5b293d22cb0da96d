/* SPDX-License-Identifier: MIT */
/*
 * Documents for validate.py, on standard output:
 *   make_bom product         the small product of the golden file
 *   make_bom hostile         names, licences and URLs that try to break out
 *   make_bom empty           nothing at all
 *   make_bom large COUNT     many components; the cpu seconds they took on standard error
 *   make_bom npm|dpkg FILE   a lockfile or package database
 */
#include <stdio.h>
#include <time.h>

#include "ecosystem/ecosystem.h"
#include "io/file.h"
#include "base/limits.h"
#include "sample.h"

static int write_out(const bu_graph *graph)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    struct timespec from, to;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    bulla_status status = bu_bom_by_id("cyclonedx")->write(graph, &sample_options, &out, &err);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    if (!bulla_ok(status)) {
        (void)fprintf(stderr, "%s: %s\n", bulla_code_name(err.code), err.text);
        return 1;
    }
    (void)fprintf(stderr, "%zu components, %zu bytes, %.3f cpu s\n", graph->count, out.len,
                  (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
    return fwrite(out.ptr, 1, out.len, stdout) == out.len ? 0 : 1;
}

static int write_product(const char *unused)
{
    (void)unused;
    bu_graph graph = sample_product();
    return write_out(&graph);
}

static int write_empty(const char *unused)
{
    (void)unused;
    bu_graph graph = sample_graph(NULL, 0);
    return write_out(&graph);
}

static int write_hostile(const char *unused)
{
    (void)unused;
    static char long_name[100000], long_version[3000];
    memset(long_name, 'n', sizeof long_name - 1);
    memset(long_version, '1', sizeof long_version - 1);
    bulla_component components[] = {
        { .purl = "pkg:npm/a@1",
          .name = "\",\n\"x\":\"\x01\x1b]0;t\x07",
          .version = "1\u202e\u2066",
          .license = "MIT\"}]",
          .resolved = "https://h/\"},{\"",
          .alias = "\xff\xfe",
          .location = "a\n/b" },
        { .purl = "pkg:npm/b@1",
          .name = long_name,
          .version = long_version,
          .license = "(MIT",
          .resolved = "https://user:password@h/x",
          .location = "/home/me/b",
          .origin = BULLA_ORIGIN_OUTSIDE,
          .scope = BULLA_SCOPE_BUILD },
        { .purl = "pkg:npm/c@1",
          .name = "@/c/",
          .license = "GPL-2.0-only WITH Classpath-exception-2.0",
          .resolved = "not a URL at all: % \u2028",
          .origin = BULLA_ORIGIN_BUNDLED,
          .parent = 1,
          .scope = BULLA_SCOPE_OPTIONAL },
    };
    bu_edge edges[] = { { 0, 0 }, { 1, 2 }, { 2, 1 } };
    bu_graph graph = sample_graph(components, 3);
    graph.edges = edges;
    graph.edge_count = 3;
    return write_out(&graph);
}

/* Components as an npm lockfile has them, about five edges each. */
static int write_large(const char *argument)
{
    size_t count = strtoul(argument, NULL, 10);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_component *components = bu_arena_get_array(arena, count, sizeof *components);
    bu_edge *edges = bu_arena_get_array(arena, count * 5, sizeof *edges);
    size_t edge_count = 0;
    for (size_t i = 0; i < count; i++) {
        components[i] = (bulla_component){
            .purl = bu_arena_format(arena, "pkg:npm/%%40scope/package-%07zu@1.0.%zu", i, i % 50),
            .name = bu_arena_format(arena, "@scope/package-%07zu", i),
            .version = bu_arena_format(arena, "1.0.%zu", i % 50),
            .license = "MIT",
            .resolved = bu_arena_format(
                arena, "https://registry.example/@scope/package-%07zu/-/package-%07zu-1.0.%zu.tgz",
                i, i, i % 50),
            .location = bu_arena_format(arena, "node_modules/@scope/package-%07zu", i),
            .origin = BULLA_ORIGIN_REGISTRY,
            .digests = sample_pins(BULLA_ALG_SHA512, (uint8_t)i),
        };
        for (size_t to = i + 1; to <= i + 5 && to < count; to++)
            edges[edge_count++] = (bu_edge){ i, to };
    }
    bu_graph graph = sample_graph(components, count);
    graph.edges = edges;
    graph.edge_count = edge_count;
    return write_out(&graph);
}

/* argv[1] is the kind as -L takes it. */
static int write_document(const char *kind, const char *path)
{
    static const bu_ecosystem_options options = {
        .os = "linux", .cpu = "x64", .libc = "glibc", .distribution = "debian"
    };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    bulla_error err = { 0 };
    const bu_ecosystem *ecosystem = bu_ecosystem_by_id(bu_bytes_of(kind));
    bulla_status status = bu_file_slurp(NULL, path, BU_LIMIT_DOCUMENT_BYTES, &text, &err);
    if (bulla_ok(status))
        status = ecosystem->parse(bu_buf_bytes(&text), "lockfile", &options, graph, &err);
    if (bulla_ok(status))
        status = bu_graph_settle(graph, &err);
    if (bulla_ok(status))
        return write_out(graph);
    (void)fprintf(stderr, "%s: %s\n", bulla_code_name(err.code), err.text);
    return 1;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*write)(const char *argument);
    } kinds[] = {
        { "product", write_product },
        { "empty", write_empty },
        { "hostile", write_hostile },
        { "large", write_large },
    };
    for (size_t i = 0; argc >= 2 && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            return kinds[i].write(argc > 2 ? argv[2] : "0");
    if (argc == 3 && bu_ecosystem_by_id(bu_bytes_of(argv[1])) != NULL)
        return write_document(argv[1], argv[2]);
    (void)fputs("make_bom: no such document\n", stderr);
    return 2;
}
