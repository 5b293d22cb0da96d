/* SPDX-License-Identifier: MIT */
/*
 * Sigstore's trusted roots: what is refused says why; whatever is read is bounded in time and has
 * the keys and certificates that it counts. Target: bu_sigstore_root_read.
 */
#include "fuzz.h"

#include "trust/sigstore_root.h"

static void check_authority(bu_x509 *const *chain, size_t count, int64_t from, int64_t until)
{
    FUZZ_CHECK(from <= until && count > 0);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(bu_x509_der(chain[i]).len > 0);
}

static void check_root(const bu_sigstore_root *root)
{
    for (size_t i = 0; i < root->tlog_count; i++) {
        const bu_tlog *log = &root->tlogs[i];
        FUZZ_CHECK(log->key != NULL && log->origin != NULL && log->from <= log->until);
    }
    for (size_t i = 0; i < root->ct_log_count; i++)
        FUZZ_CHECK(root->ct_logs[i].key != NULL && root->ct_logs[i].from <= root->ct_logs[i].until);
    for (size_t i = 0; i < root->authority_count; i++)
        check_authority(root->authorities[i].chain, root->authorities[i].count,
                        root->authorities[i].from, root->authorities[i].until);
    for (size_t i = 0; i < root->tsa_count; i++)
        check_authority(root->tsas[i].chain, root->tsas[i].count, root->tsas[i].from,
                        root->tsas[i].until);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_sigstore_root) root = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status status = bu_sigstore_root_read(text, "root", &root, &err);
    fuzz_free(text); /* the root owns all that it has */
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, size);
    else
        check_root(root);
    return 0;
}
