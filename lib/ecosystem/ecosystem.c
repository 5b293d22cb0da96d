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
    bulla_bytes whole = bu_bytes_of(form);
    size_t star = bu_bytes_find(whole, '*');
    if (star == whole.len)
        return bu_bytes_equal(whole, name);
    bulla_bytes end = bu_bytes_from(whole, star + 1);
    return name.len >= star + end.len &&
           bu_bytes_equal(bu_bytes_first(name, star), bu_bytes_first(whole, star)) &&
           bu_bytes_equal(bu_bytes_from(name, name.len - end.len), end);
}

const bu_ecosystem *bu_ecosystem_by_filename(bulla_bytes filename)
{
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++)
        for (const char *const *name = (*e)->filenames; *name != NULL; name++)
            if (bu_ecosystem_name_matches(*name, filename))
                return *e;
    return NULL;
}
