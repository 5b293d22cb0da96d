/* SPDX-License-Identifier: MIT */
/*
 * Ownership in scope: BU_AUTO(type) declares a pointer that type_free()
 * releases on every path, BU_STEAL hands it out. BU_CLEAR is the same for
 * structs that live in place and have type_clear().
 */
#ifndef BU_BASE_CLEANUP_H
#define BU_BASE_CLEANUP_H

#include <stdlib.h>

/** In a header: teach BU_AUTO how to release `type`. */
#define BU_DEFINE_AUTO(type)                                                                       \
    static inline void type##_auto(type **pointer)                                                 \
    {                                                                                              \
        type##_free(*pointer);                                                                     \
    }

/** In a header: teach BU_CLEAR how to clear `type`. */
#define BU_DEFINE_CLEAR(type)                                                                      \
    static inline void type##_auto_clear(type *value)                                              \
    {                                                                                              \
        type##_clear(value);                                                                       \
    }

#define BU_AUTO(type)  __attribute__((cleanup(type##_auto))) type *
#define BU_CLEAR(type) __attribute__((cleanup(type##_auto_clear))) type

static inline void bu_free_auto(void *pointer)
{
    free(*(void **)pointer);
}
/** A pointer from malloc that is freed at the end of its scope: `BU_FREE char *s`. */
#define BU_FREE __attribute__((cleanup(bu_free_auto)))

/** Take the value out of a cleanup variable and leave NULL. */
#define BU_STEAL(pointer)                                                                          \
    (__extension__({                                                                               \
        __typeof__(pointer) bu_taken_ = (pointer);                                                 \
        (pointer) = NULL;                                                                          \
        bu_taken_;                                                                                 \
    }))

#endif
