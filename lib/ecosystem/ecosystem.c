/* SPDX-License-Identifier: MIT */
/*
 * The table of formats. A list, not constructors: a static library drops
 * what nothing refers to.
 */
#include "ecosystem/ecosystem.h"

#define BU_ECOSYSTEM(id) extern const bu_ecosystem bu_eco_##id;
#include "ecosystem/ecosystems.def"
#undef BU_ECOSYSTEM

const bu_ecosystem *const bu_ecosystems[] = {
#define BU_ECOSYSTEM(id) &bu_eco_##id,
#include "ecosystem/ecosystems.def"
#undef BU_ECOSYSTEM
    NULL,
};

const bu_ecosystem *bu_ecosystem_by_id(bulla_bytes id)
{
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++)
        if (bu_bytes_is(id, (*e)->id))
            return *e;
    return NULL;
}

bool bu_ecosystem_name_matches(const char *form, bulla_bytes name)
{
    return bu_bytes_match(name, form);
}

bool bu_ecosystem_lies_at(const char *form, bulla_bytes path)
{
    size_t parts = 1, start = path.len;
    for (const char *c = form; *c != '\0'; c++)
        parts += *c == '/';
    for (; start > 0; start--)
        if (path.ptr[start - 1] == '/' && --parts == 0)
            break;
    return bu_ecosystem_name_matches(form, bu_bytes_from(path, start));
}

static const bu_ecosystem *claimed(bulla_bytes path, bool by_place)
{
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++)
        for (const char *const *form = by_place ? (*e)->places : (*e)->filenames; *form != NULL;
             form++)
            if (bu_ecosystem_lies_at(*form, path))
                return *e;
    return NULL;
}

const bu_ecosystem *bu_ecosystem_by_path(bulla_bytes path)
{
    const bu_ecosystem *by_place = claimed(path, true);
    return by_place != NULL ? by_place : claimed(path, false);
}
