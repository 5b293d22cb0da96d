/* SPDX-License-Identifier: MIT */
/*
 * Provenance held against the certificate that it was signed with, and against what is expected.
 */
#ifndef BU_TRUST_PROVENANCE_JUDGE_H
#define BU_TRUST_PROVENANCE_JUDGE_H

#include "attest/provenance.h"
#include "trust/vouch.h"

/** What a build must have been. NULL: anything. Everything is compared byte for byte. */
typedef struct bu_build_wanted {
    const char *source;       /* "github.com/org/repo", "https://…" or "git+https://…" */
    const char *builder;      /* builder id, with "@version" (or "@refs/tags/version") or without */
    const char *branch, *tag; /* as Git shows them: "main", "v1.2.3" */
    const char
        *versioned_tag; /* "v1", "v1.2", "v1.2.3": what the tag, a semantic version, begins with */
    const bu_build_input *inputs; /* each must have been given so by who started the workflow */
    size_t input_count;
} bu_build_wanted;

/**
 * Does the provenance say what the certificate says: source, commit, ref, trigger, workflow, run,
 * builder? The workflows of slsa-github-generator and of the Bazel registry must be used by a
 * released version, and so must what builds through a delegator of slsa-github-generator; only who
 * owns the builder may build with its main branch.
 * @param claims  NULL: signed with a key, whose holder alone vouches for the claim.
 * Fails with identity-mismatch.
 */
BULLA_MUST_USE bulla_status bu_provenance_agrees(const bu_provenance *provenance,
                                                 const bu_claims *claims, bulla_error *err);

/**
 * Is it the build that is wanted? A branch is the one that was built, or the one on which the tag
 * was set; a tag or branch that the provenance does not state is none.
 * Fails with identity-mismatch (builder), source-mismatch (all else), usage (`versioned_tag` is no version).
 */
BULLA_MUST_USE bulla_status bu_provenance_meets(const bu_provenance *provenance,
                                                const bu_build_wanted *wanted, bulla_error *err);

/**
 * The SLSA build level that provenance which agrees with its certificate can show:
 *   1: it is there, signed by whoever (a key, a person, a self-hosted runner, a runner not stated);
 *   2: a workflow on GitHub's own runners signed it;
 *   3: and that workflow is the builder, a reusable one of another repository at a fixed version,
 *      so that the source's own steps could not reach what signs.
 */
unsigned bu_provenance_level(const bu_provenance *provenance, const bu_claims *claims);

/** What it claims, as lines. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_provenance_describe(const bu_provenance *provenance,
                                                   bu_description *out, bulla_error *err);

#endif
