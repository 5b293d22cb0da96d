/* SPDX-License-Identifier: MIT */
/*
 * bulla.toml: what a project says about how it is to be verified.
 */
#ifndef BULLA_CONFIG_H
#define BULLA_CONFIG_H

#include "error.h"

BULLA_BEGIN

typedef struct bulla_config bulla_config;

/**
 * Read a bulla.toml. Its keys, all optional: `exclude` (patterns, as in .gitignore, of what is not
 * gone through), `archives` (folders), `policy` (a file). Paths are relative to its folder and lead
 * nowhere above it.
 * Fails (exit class CONFIG) with bad-syntax (also an unknown key), type-mismatch, path-traversal, and
 * as files are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_config_load(const char *path, bulla_config **out,
                                                        bulla_error *err);
BULLA_API void bulla_config_free(bulla_config *config);

/** Patterns and folders, NULL-terminated, and the policy or NULL; all borrowed, paths ready to be opened. */
BULLA_API const char *const *bulla_config_exclude(const bulla_config *config);
BULLA_API const char *const *bulla_config_archives(const bulla_config *config);
BULLA_API const char *bulla_config_policy(const bulla_config *config);

BULLA_END

#endif
