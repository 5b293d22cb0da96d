/* SPDX-License-Identifier: MIT */
/*
 * The names of scopes and origins, as they stand in JSON.
 */
#include "bulla/component.h"

static const char *name_in(const char *const *names, size_t count, size_t index)
{
    return index < count ? names[index] : "unknown";
}

const char *bulla_scope_name(bulla_scope scope)
{
    static const char *const names[] = { "runtime", "optional", "build", "dev" };
    return name_in(names, sizeof names / sizeof names[0], (size_t)scope);
}

const char *bulla_origin_name(bulla_origin origin)
{
    static const char *const names[] = { "unknown", "registry", "git",    "file",    "local",
                                         "outside", "bundled",  "system", "artifact" };
    return name_in(names, sizeof names / sizeof names[0], (size_t)origin);
}
