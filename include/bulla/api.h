/* SPDX-License-Identifier: MIT */
/*
 * Visibility and attribute macros that every public header uses.
 * Only what carries BULLA_API leaves the shared library.
 */
#ifndef BULLA_API_H
#define BULLA_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define BULLA_BEGIN extern "C" {
#define BULLA_END   }
#else
#define BULLA_BEGIN
#define BULLA_END
#endif

#define BULLA_API          __attribute__((visibility("default")))
#define BULLA_MUST_USE     __attribute__((warn_unused_result))
#define BULLA_PRINTF(f, a) __attribute__((format(printf, f, a)))

#endif
