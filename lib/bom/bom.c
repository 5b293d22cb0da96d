/* SPDX-License-Identifier: MIT */
/*
 * The table of formats.
 */
#include "bom/bom.h"

#include <string.h>

#define BU_BOM(id) extern const bu_bom bu_bom_##id;
#include "bom/boms.def"
#undef BU_BOM

static const bu_bom *const boms[] = {
#define BU_BOM(id) &bu_bom_##id,
#include "bom/boms.def"
#undef BU_BOM
};

const bu_bom *bu_bom_by_id(const char *id)
{
    for (size_t i = 0; i < sizeof boms / sizeof boms[0]; i++)
        if (strcmp(boms[i]->id, id) == 0)
            return boms[i];
    return NULL;
}
