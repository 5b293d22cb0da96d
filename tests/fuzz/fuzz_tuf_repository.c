/* SPDX-License-Identifier: MIT */
/*
 * Target: metadata of foreign TUF repositories: bu_root_parse_as(),
 * bu_tuf_delegations_read(), bu_tuf_meta_find(), bu_tuf_meta_no_older(),
 * bu_tuf_target_find(). What is refused says why; no threshold is of nobody,
 * no role takes a top-level one's name, and no list is older than itself.
 */
#include "fuzz.h"

#include "trust/root.h"
#include "trust/tuf_delegation.h"
#include "trust/tuf_file.h"
#include "trust/tuf_name.h"

static bool refused(bulla_status status, const bulla_error *err, size_t len)
{
    if (!bulla_ok(status))
        fuzz_check_refusal(status, err, len);
    return !bulla_ok(status);
}

static void try_root(bulla_bytes text)
{
    BU_AUTO(bu_root) root = NULL;
    bulla_error err = { 0 };
    bulla_status status = bu_root_parse_as(BU_TUF_FOREIGN, text, "root.json", 0, NULL, &root, &err);
    if (refused(status, &err, text.len))
        return;
    for (size_t i = 0; i < BU_TUF_ROLE_COUNT; i++)
        FUZZ_CHECK(root->roles[i].threshold >= 1);
    FUZZ_CHECK(!bu_root_rotates(root, root, BU_TUF_TIMESTAMP));
}

static void check_delegations(const bu_tuf_delegations *all)
{
    for (size_t i = 0; i < all->count; i++) {
        BU_CLEAR(bu_buf) name = { 0 };
        const bu_tuf_delegation *item = &all->items[i];
        FUZZ_CHECK(item->role.threshold >= 1);
        FUZZ_CHECK(strcmp(item->name, "root") != 0 && strcmp(item->name, "targets") != 0);
        if (bulla_ok(bu_tuf_file_name(bu_bytes_of(item->name), ".json", &name, NULL)))
            FUZZ_CHECK(name.ptr[0] != '.' && strchr((const char *)name.ptr, '/') == NULL);
    }
}

static void try_targets(bulla_bytes text)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_CLEAR(bu_tuf_delegations) all = { 0 };
    bulla_error err = { 0 };
    bu_tuf_file file;
    bool found;
    if (refused(bu_metadata_parse(text, "targets.json", "targets", &m, &err), &err, text.len))
        return;
    if (!refused(bu_tuf_delegations_read(&m, "a/b", &all, &err), &err, text.len))
        check_delegations(&all);
    if (!refused(bu_tuf_target_find(&m, "file", &found, &file, &err), &err, text.len) && found)
        FUZZ_CHECK(file.has_length && file.digests.count > 0);
}

static void try_snapshot(bulla_bytes text)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    bulla_error err = { 0 };
    bu_tuf_file file;
    if (refused(bu_metadata_parse(text, "snapshot.json", "snapshot", &m, &err), &err, text.len))
        return;
    if (!refused(bu_tuf_meta_find(&m, "targets.json", &file, &err), &err, text.len))
        FUZZ_CHECK(file.version >= 1);
    bulla_status status = bu_tuf_meta_no_older(&m, &m, &err);
    FUZZ_CHECK(status.code != BULLA_E_ROLLBACK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    try_root(text);
    try_targets(text);
    try_snapshot(text);
    fuzz_free(text);
    return 0;
}
