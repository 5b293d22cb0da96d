/* SPDX-License-Identifier: MIT */
/*
 * Provenance → how a thing was built.
 */
#include "evidence/build.h"

bulla_status bu_build_judge(const bu_statement *statement, const bu_claims *claims,
                            const bulla_build_expected *expected, const char *file, bu_arena *arena,
                            const bulla_build **out, bulla_error *err)
{
    (void)statement, (void)claims, (void)expected, (void)file, (void)arena;
    *out = NULL;
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "provenance");
}
