/* SPDX-License-Identifier: MIT */
/*
 * The door to librnp: the functions that are used of it, opened at first use,
 * and its handles as cleanup variables.
 */
#ifndef BU_SIGNATURE_RNP_H
#define BU_SIGNATURE_RNP_H

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#include "base/error.h"

#define RNP_FUNCTIONS(X)                                                                           \
    X(rnp_ffi_create)                                                                              \
    X(rnp_ffi_destroy)                                                                             \
    X(rnp_input_destroy)                                                                           \
    X(rnp_input_from_callback)                                                                     \
    X(rnp_input_from_memory)                                                                       \
    X(rnp_key_allows_usage)                                                                        \
    X(rnp_key_handle_destroy)                                                                      \
    X(rnp_key_is_revoked)                                                                          \
    X(rnp_key_valid_till64)                                                                        \
    X(rnp_load_keys)                                                                               \
    X(rnp_locate_key)                                                                              \
    X(rnp_op_verify_destroy)                                                                       \
    X(rnp_op_verify_detached_create)                                                               \
    X(rnp_op_verify_execute)                                                                       \
    X(rnp_op_verify_get_signature_at)                                                              \
    X(rnp_op_verify_get_signature_count)                                                           \
    X(rnp_op_verify_signature_get_status)                                                          \
    X(rnp_set_timestamp)

/** Each under its own name; NULL until bu_rnp_open() has done well. */
typedef struct bu_rnp_functions {
#define FUNCTION(name) __typeof__(&name) name;
    RNP_FUNCTIONS(FUNCTION)
#undef FUNCTION
} bu_rnp_functions;
extern bu_rnp_functions bu_rnp;

/** Fails with unreadable when there is no librnp. */
BULLA_MUST_USE bulla_status bu_rnp_open(bulla_error *err);

/**
 * While a hush lasts, what librnp writes to stderr from this thread goes nowhere, and other threads
 * wait with theirs. `RNP_HUSH;` starts one that lasts to the end of the scope. Debian's librnp logs
 * without being asked, foreign bytes and all, and has no switch for it.
 */
typedef struct bu_rnp_hush {
    int stderr_fd;
} bu_rnp_hush;
bu_rnp_hush bu_rnp_hush_begin(void);
void bu_rnp_hush_end(bu_rnp_hush *hush);
#define RNP_HUSH                                                                                   \
    __attribute__((cleanup(bu_rnp_hush_end), unused)) bu_rnp_hush hush = bu_rnp_hush_begin()

/* librnp's handles, released at the end of their scope. */
#define RNP_DEFINE_AUTO(handle, destroy)                                                           \
    static inline void bu_rnp_free_##handle(rnp_##handle##_t *pointer)                             \
    {                                                                                              \
        if (*pointer != NULL)                                                                      \
            (void)bu_rnp.destroy(*pointer);                                                        \
    }
RNP_DEFINE_AUTO(input, rnp_input_destroy)
RNP_DEFINE_AUTO(op_verify, rnp_op_verify_destroy)
RNP_DEFINE_AUTO(key_handle, rnp_key_handle_destroy)
#define RNP_AUTO(handle) __attribute__((cleanup(bu_rnp_free_##handle))) rnp_##handle##_t

#endif
