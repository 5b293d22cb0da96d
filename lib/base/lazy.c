/* SPDX-License-Identifier: MIT */
/*
 * Opening heavy libraries at first use.
 */
#include "base/lazy.h"

#include <dlfcn.h>
#include <string.h>

bulla_status bu_lazy_open(const char *soname, const bu_lazy_symbol *symbols, size_t count,
                          void *functions, bulla_error *err)
{
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return bu_fail(err, BULLA_E_UNREADABLE, "the library %s is not installed", soname);
    for (size_t i = 0; i < count; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (address == NULL)
            return bu_fail(err, BULLA_E_UNREADABLE, "the library %s has no %s", soname,
                           symbols[i].name);
        memcpy((uint8_t *)functions + symbols[i].slot, &address, sizeof address);
    }
    return BU_OK; /* never closed: its functions are in use until the process ends */
}
