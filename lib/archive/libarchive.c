/* SPDX-License-Identifier: MIT */
/*
 * Opening libarchive, once.
 */
#include "archive/libarchive.h"

#include <pthread.h>
#include <stddef.h>

#include "base/lazy.h"

/* Written once, under pthread_once, and only read from then on. */
static struct {
    bu_libarchive functions;
    bulla_status status;
    bulla_error error;
} door;

static void open_door(void)
{
    static const bu_lazy_symbol symbols[] = {
#define ROW(name) { "archive_" #name, offsetof(bu_libarchive, name) },
        BU_LIBARCHIVE_FUNCTIONS(ROW)
#undef ROW
    };
    door.status = bu_lazy_open("libarchive.so.13", symbols, sizeof symbols / sizeof symbols[0],
                               &door.functions, &door.error);
}

bulla_status bu_libarchive_open(const bu_libarchive **out, bulla_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, open_door);
    if (!bulla_ok(door.status)) {
        if (err != NULL)
            *err = door.error;
        return door.status;
    }
    *out = &door.functions;
    return BU_OK;
}
