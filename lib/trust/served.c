/* SPDX-License-Identifier: MIT */
/*
 * The freshness of a served store. Without it, whoever withholds updates could
 * keep an old store in use for as long as its targets last.
 */
#include "trust/served.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "trust/tuf_file.h"

static bulla_status read_fresh(const bu_folder *folder, const char *name, const char *type,
                               const bu_tuf_role *role, const bu_tuf_file *pinned, int64_t now,
                               bu_metadata *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(folder, name, BU_LIMIT_METADATA_BYTES, &text, err));
    if (pinned != NULL)
        BU_TRY(bu_in_file(err, bu_tuf_file_check(pinned, bu_buf_bytes(&text), err), name));
    BU_TRY(bu_metadata_parse(bu_buf_bytes(&text), name, type, out, err));
    BU_TRY(bu_metadata_check(out, role, err));
    return bu_metadata_fresh(name, out->expires, now, err);
}

static bulla_status need_version(const char *name, int64_t listed, int64_t have, bulla_error *err)
{
    if (listed == have)
        return BU_OK;
    char expected[32], got[32];
    (void)snprintf(expected, sizeof expected, "version %" PRId64, listed);
    (void)snprintf(got, sizeof got, "version %" PRId64, have);
    bulla_status status =
        bu_fail(err, BULLA_E_ROLLBACK, "is not of the version that is listed for it");
    return bu_in_file(err, bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got)), name);
}

static bulla_status need_digest(const bu_tuf_file *listed, const bulla_digest *have,
                                bulla_error *err)
{
    const bulla_digest *want = bulla_digest_set_get(&listed->digests, have->alg);
    if (want == NULL || bulla_digest_equal(want, have))
        return BU_OK;
    return bu_in_file(
        err, bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the one that snapshot.json lists"),
        "targets.json");
}

bulla_status bu_store_check_served(const bu_folder *folder, int64_t now, const bulla_trust *trust,
                                   bulla_error *err)
{
    const bu_tuf_role *roles = trust->chain.root->roles;
    BU_CLEAR(bu_metadata) timestamp = { 0 };
    BU_CLEAR(bu_metadata) snapshot = { 0 };
    bu_tuf_file listed;
    BU_TRY(read_fresh(folder, "timestamp.json", "timestamp", &roles[BU_TUF_TIMESTAMP], NULL, now,
                      &timestamp, err));
    BU_TRY(bu_tuf_meta_find(&timestamp, "snapshot.json", &listed, err));
    BU_TRY(read_fresh(folder, "snapshot.json", "snapshot", &roles[BU_TUF_SNAPSHOT], &listed, now,
                      &snapshot, err));
    BU_TRY(need_version("snapshot.json", listed.version, snapshot.version, err));
    BU_TRY(bu_tuf_meta_find(&snapshot, "targets.json", &listed, err));
    BU_TRY(need_version("targets.json", listed.version, trust->targets_version, err));
    return need_digest(&listed, &trust->digest, err);
}
