/* SPDX-License-Identifier: MIT */
/*
 * What a file that signs, or that holds keys, says of itself. Nothing is verified.
 */
#ifndef BU_EVIDENCE_INSPECT_H
#define BU_EVIDENCE_INSPECT_H

#include "trust/vouch.h"

/** One document of a file. */
typedef struct bu_described {
    const char *id, *title; /* of its format */
    bu_description claims;  /* foreign texts */
} bu_described;

typedef struct bu_inspection {
    bu_arena *arena; /* owned */
    const char *file;
    bu_described *items;
    size_t count;
} bu_inspection;

/**
 * Describe every document in a file, what signs a package from within, or keys.
 * Fails with format-mismatch, and as files and their formats are refused.
 */
BULLA_MUST_USE bulla_status bu_inspect(const char *path, bu_inspection *out, bulla_error *err);
void bu_inspection_clear(bu_inspection *in);
BU_DEFINE_CLEAR(bu_inspection)

#endif
