/* SPDX-License-Identifier: MIT */
/*
 * Patterns that leave out: each is made a glob over the whole path.
 */
#include "evidence/exclude.h"

#include "base/glob.h"

static bool matches(bulla_bytes pattern, bulla_bytes path, bool is_folder)
{
    bool folders_alone = bu_bytes_ends(pattern, "/");
    if (folders_alone)
        pattern.len--;
    if (folders_alone && !is_folder)
        return false;
    bool anchored = bu_bytes_find(pattern, '/') < pattern.len;
    if (bu_bytes_starts(pattern, "/"))
        pattern = bu_bytes_from(pattern, 1);
    if (!anchored)
        return bu_glob_match(pattern, bu_bytes_from(path, bu_path_folder(path)));
    bulla_bytes anywhere = bu_bytes_starts(pattern, "**/") ? bu_bytes_from(pattern, 3) : pattern;
    return bu_glob_match(pattern, path) ||
           (anywhere.len < pattern.len && bu_glob_match(anywhere, path));
}

const char *bu_excluded_by(const char *const *patterns, bulla_bytes path, bool is_folder)
{
    const char *by = NULL;
    for (; patterns != NULL && *patterns != NULL; patterns++) {
        bulla_bytes pattern = bu_bytes_of(*patterns);
        bool takes_back = bu_bytes_starts(pattern, "!");
        if (takes_back)
            pattern = bu_bytes_from(pattern, 1);
        if (pattern.len > 0 && matches(pattern, path, is_folder))
            by = takes_back ? NULL : *patterns;
    }
    return by;
}
