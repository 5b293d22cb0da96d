/* SPDX-License-Identifier: MIT */
/*
 * Opening libxml2, once.
 */
#include "syntax/libxml.h"

#include <pthread.h>
#include <stddef.h>

#include "base/lazy.h"

/* Written once, under pthread_once, and only read from then on. */
static struct {
    bu_libxml functions;
    bulla_status status;
    bulla_error error;
} door;

static void open_door(void)
{
    static const bu_lazy_symbol symbols[] = {
#define ROW(name) { "xml" #name, offsetof(bu_libxml, name) },
        BU_LIBXML_FUNCTIONS(ROW)
#undef ROW
    };
    door.status = bu_lazy_open("libxml2.so.2", symbols, sizeof symbols / sizeof symbols[0],
                               &door.functions, &door.error);
    if (bulla_ok(door.status))
        door.functions.InitParser(); /* the one call that is not safe in several threads */
}

bulla_status bu_libxml_open(const bu_libxml **out, bulla_error *err)
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
