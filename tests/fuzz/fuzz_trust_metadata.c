/* SPDX-License-Identifier: MIT */
/*
 * Target: TUF metadata before anyone vouched for it: bu_root_parse(),
 * bu_metadata_parse(), bu_targets_read(). What is refused says why; in what is
 * accepted thresholds can be reached by distinct keys, and names stay below
 * the store.
 */
#include "fuzz.h"

#include "trust/root.h"
#include "trust/targets.h"

static void check_root(const bu_root *root)
{
    for (size_t i = 0; i < root->keys.count; i++)
        for (size_t k = 0; k < i; k++)
            FUZZ_CHECK(!bu_key_equal(root->keys.items[i].key, root->keys.items[k].key));
    for (size_t i = 0; i < BU_TUF_ROLE_COUNT; i++)
        FUZZ_CHECK(root->roles[i].threshold >= 1 &&
                   root->roles[i].threshold <= root->roles[i].count);
}

static void try_root(bulla_bytes text)
{
    BU_AUTO(bu_root) root = NULL;
    bulla_error err = { 0 };
    bulla_status status = bu_root_parse(text, "root.json", 1, NULL, &root, &err);
    if (bulla_ok(status))
        check_root(root);
    else
        fuzz_check_refusal(status, &err, text.len);
}

static bulla_status read_targets(bulla_bytes text, bu_pins *pins, bulla_error *err)
{
    BU_CLEAR(bu_metadata) metadata = { 0 };
    BU_TRY(bu_metadata_parse(text, "targets.json", "targets", &metadata, err));
    return bu_targets_read(&metadata, pins, err);
}

static void try_targets(bulla_bytes text)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_pins) pins = { .arena = arena };
    bulla_error err = { 0 };
    FUZZ_CHECK(arena != NULL);
    bulla_status status = read_targets(text, &pins, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, text.len);
    for (size_t i = 0; bulla_ok(status) && i < pins.count; i++) {
        FUZZ_CHECK(pins.items[i].name[0] != '/' && strstr(pins.items[i].name, "..") == NULL);
        FUZZ_CHECK(bulla_digest_set_get(&pins.items[i].digests, BULLA_ALG_SHA256) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    try_root(text);
    try_targets(text);
    fuzz_free(text);
    return 0;
}
