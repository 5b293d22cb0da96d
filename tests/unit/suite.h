/* SPDX-License-Identifier: MIT */
/*
 * What every unit test starts with: Check, a main() made from a list of
 * tests, and short ways to state what is expected of a failure.
 */
#ifndef UNIT_SUITE_H
#define UNIT_SUITE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

/** Run a suite whose tests `add` adds to the case; the exit status for main(). */
int unit_run(const char *name, void (*add)(TCase *tc));

/** A path in the checkout (`testdata/x`) or below ../shared/vectors; NULL when it is not there. Caller frees. */
char *unit_source_path(const char *relative);
char *unit_vectors_path(const char *relative);

/** Say plainly that something was not tested and why (a TAP comment). */
void unit_skipped(const char *what, const char *why);

/** The whole of a file; aborts the test when it cannot be read. Caller frees the pointer. */
bulla_bytes unit_slurp(const char *path);

/** A fresh empty folder that is removed, with all in it, when the test program ends. Caller frees. */
char *unit_temporary_folder(void);

/** The call must have succeeded; shows the error when it has not. */
#define unit_ok(status, err)                                                                       \
    ck_assert_msg(bulla_ok(status), "%s [%s] %s:%u:%u", (err).text, bulla_code_name((err).code),   \
                  (err).file, (err).line, (err).column)

/** The call must have failed with exactly this code, and said so in the error. */
#define unit_fails(status, want, err)                                                              \
    do {                                                                                           \
        ck_assert_msg((status).code == (want), "got %s (%s), want %s",                             \
                      bulla_code_name((status).code), (err).text, bulla_code_name(want));          \
        ck_assert_int_eq((err).code, (want));                                                      \
        ck_assert_str_ne((err).text, "");                                                          \
    } while (0)

#endif
