/* SPDX-License-Identifier: MIT */
/*
 * The text that Alpine's apk keeps of packages: "K:value" lines with one-letter
 * keys, packages parted by empty lines. The installed database and the index
 * of a repository are written in it. Spec: Alpine wiki, "Apk spec";
 * apk-tools, src/database.c.
 */
#ifndef BU_ECOSYSTEM_APK_DB_H
#define BU_ECOSYSTEM_APK_DB_H

#include "ecosystem/lock.h"

/**
 * Read all packages of such a text into `graph`.
 * @param installed  it is a database: `F`, `R`, `Z` lines name files, and every package is SYSTEM;
 *                   else it is an index, and every package is a file of the repository.
 * Fails with missing-field, bad-syntax, bad-name, and as bu_text_next().
 */
BULLA_MUST_USE bulla_status bu_apk_read(bulla_bytes text, const char *name, bool installed,
                                        const bu_ecosystem_options *options, bu_graph *graph,
                                        bulla_error *err);

#endif
