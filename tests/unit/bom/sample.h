/* SPDX-License-Identifier: MIT */
/*
 * Graphs made by hand, settled as bu_graph_settle() leaves them: sorted by
 * purl, edges sorted.
 */
#ifndef UNIT_BOM_SAMPLE_H
#define UNIT_BOM_SAMPLE_H

#include "bom/bom.h"
#include "digest/digest.h"

/** A digest whose bytes are all `fill`. */
static inline bulla_digest_set sample_digests(bulla_alg alg, uint8_t fill)
{
    bulla_digest digest = { .alg = alg, .len = bulla_alg_size(alg) };
    for (uint32_t i = 0; i < digest.len; i++)
        digest.bytes[i] = fill;
    return (bulla_digest_set){ .count = 1, .items = { digest } };
}

/** The same as a lockfile pins it; lives forever. */
static inline bulla_digests sample_pins(bulla_alg alg, uint8_t fill)
{
    static bulla_digest made[BULLA_ALG_COUNT][256];
    made[alg][fill] = sample_digests(alg, fill).items[0];
    return (bulla_digests){ &made[alg][fill], 1 };
}

/** A graph of these components, without edges and root. */
static inline bu_graph sample_graph(bulla_component *components, size_t count)
{
    return (bu_graph){ .components = components, .count = count, .root = BULLA_NO_COMPONENT };
}

/** A small product of several kinds: testdata/golden/product.cdx.json is its document. */
static inline bu_graph sample_product(void)
{
    static bulla_component components[] = {
        { .purl = "pkg:npm/%40scope/b@2.0.0",
          .name = "@scope/b",
          .version = "2.0.0",
          .license = "(MIT OR Apache-2.0)",
          .resolved = "https://registry.example/@scope/b/-/b-2.0.0.tgz",
          .location = "node_modules/@scope/b",
          .scope = BULLA_SCOPE_DEV,
          .origin = BULLA_ORIGIN_REGISTRY },
        { .purl = "pkg:npm/a@1.0.0",
          .name = "a",
          .version = "1.0.0",
          .license = "MIT",
          .alias = "other-a",
          .location = "node_modules/other-a",
          .origin = BULLA_ORIGIN_GIT },
        { .purl = "pkg:npm/product@0.1.0",
          .name = "product",
          .version = "0.1.0",
          .origin = BULLA_ORIGIN_LOCAL },
    };
    static bu_edge edges[] = { { 0, 1 }, { 2, 0 }, { 2, 1 } };
    components[0].digests = sample_pins(BULLA_ALG_SHA512, 0xab);
    bu_graph graph = sample_graph(components, 3);
    graph.edges = edges;
    graph.edge_count = 3;
    graph.root = 2;
    return graph;
}

static const bu_bom_options sample_options = { .timestamp = INT64_MIN, .tool_version = "1.2.3" };

#endif
