/* SPDX-License-Identifier: MIT */
/*
 * The bill of materials of a checkout or an installed system.
 */
#ifndef BULLA_SBOM_H
#define BULLA_SBOM_H

#include "verify.h"

BULLA_BEGIN

typedef struct bulla_sbom_options {
    const char *const *paths; /**< checkouts or lockfiles; NULL-terminated */
    const char *const
        *exclude; /**< patterns of what is left out, as in .gitignore; NULL-terminated */
    const char
        *exclude_base; /**< the first path, from the folder that the patterns are of; NULL: "" */
    const bulla_input *inputs;
    size_t input_count;
    const char *const
        *archives;      /**< folders with archives whose bytes are measured; NULL-terminated */
    const char *format; /**< "cyclonedx" (1.6 JSON), "purl", "hashes" */
    const char *distribution; /**< purl namespace of system packages; NULL: by os-release */
    int64_t timestamp;        /**< written into the document; INT64_MIN: none */
    size_t jobs;
    bool allow_empty;
} bulla_sbom_options;

/**
 * Make a bill of materials. Same input, same bytes.
 *   cyclonedx  CycloneDX 1.6 JSON
 *   purl       one canonical purl a line, sorted
 *   hashes     "PURL ALG HEX" a line for each digest that is pinned, sorted
 * Fails with usage, empty (nothing found; exit class NOTHING), and what the documents are refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_sbom(const bulla_sbom_options *options,
                                                 bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
