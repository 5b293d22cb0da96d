/* SPDX-License-Identifier: MIT */
/*
 * Heavy libraries that many runs do not need (libarchive brings 16 others,
 * librnp a C++ crypto library) are opened at first use, each behind its one
 * door, so that `bulla` starts in about the time of a bare program.
 */
#ifndef BU_BASE_LAZY_H
#define BU_BASE_LAZY_H

#include "base/error.h"

/** One function that a door needs: its name, and where its address goes. */
typedef struct bu_lazy_symbol {
    const char *name;
    size_t slot; /* offset of a function pointer in the door's struct */
} bu_lazy_symbol;

/**
 * Open a library by its soname and fill a struct of function pointers.
 * It stays open for the life of the process; doors call this under pthread_once.
 * Fails with unreadable (and exit class 7) when the library or a symbol is missing.
 */
BULLA_MUST_USE bulla_status bu_lazy_open(const char *soname, const bu_lazy_symbol *symbols,
                                         size_t count, void *functions, bulla_error *err);

#endif
