/* SPDX-License-Identifier: MIT */
/*
 * What tests of the OpenPGP formats share: the files of testdata/trust, and a check of one of them.
 */
#ifndef UNIT_TRUST_OPENPGP_H
#define UNIT_TRUST_OPENPGP_H

#include "alloc_fail.h"
#include "formats.h"

/** A file of testdata/trust, for as long as the process runs. */
static inline bulla_bytes openpgp_file(const char *name)
{
    static bu_arena *files;
    if (files == NULL)
        files = bu_arena_new();
    char *path = unit_source_path(test_text("testdata/trust/%s", name));
    ck_assert(path != NULL && files != NULL);
    bulla_bytes bytes = unit_slurp(path);
    bulla_bytes kept = bu_arena_copy(files, bytes);
    free((void *)(uintptr_t)bytes.ptr);
    free(path);
    return kept;
}

/** One run of a format: anchors of up to two certificates. */
typedef struct openpgp_run {
    bu_anchors anchors;
    bu_arena *arena;
    bu_vouched vouched;
} openpgp_run;

static inline void openpgp_run_clear(openpgp_run *run)
{
    bu_anchors_clear(&run->anchors);
    bu_arena_free(run->arena);
}
BU_DEFINE_CLEAR(openpgp_run)

static inline openpgp_run openpgp_run_of(const char *first, const char *second)
{
    openpgp_run run = { .arena = bu_arena_new() };
    const char *const files[] = { first, second };
    bulla_error err = { 0 };
    unit_ok(bu_anchors_start(&run.anchors, &err), err);
    for (size_t i = 0; i < 2; i++)
        if (files[i] != NULL)
            unit_ok(bu_anchors_read(openpgp_file(files[i]), files[i], &run.anchors, &err), err);
    return run;
}

static inline bulla_status openpgp_verify(openpgp_run *run, const bu_format *format,
                                          bulla_bytes content, const bu_message *message,
                                          int64_t now, bulla_error *err)
{
    const bu_check check = { .content = content,
                             .file = "signature",
                             .message = message,
                             .anchors = &run->anchors,
                             .now = now,
                             .arena = run->arena };
    return format->verify(&check, &run->vouched, err);
}

/** No allocation that fails may make a signature good or be told as something else. */
static inline void openpgp_without_memory(const bu_format *format, bulla_bytes content,
                                          const bu_message *message)
{
    openpgp_run first = openpgp_run_of("alice.asc", NULL); /* librnp is open from here on */
    bulla_error err = { 0 };
    unit_ok(openpgp_verify(&first, format, content, message, TEST_NOW, &err), err);
    openpgp_run_clear(&first);
    for (size_t n = 0;; n++) {
        BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
        alloc_fail_at(n);
        bulla_status status = openpgp_verify(&run, format, content, message, TEST_NOW, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 4);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}

#endif
