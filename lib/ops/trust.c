/* SPDX-License-Identifier: MIT */
/*
 * The public trust calls. Loading holds a store against the highest versions
 * seen; whatever makes it fail, the store is what could not be trusted.
 */
#include "ops/policy_load.h"
#include "trust/edit.h"
#include "trust/list.h"
#include "trust/proof.h"
#include "trust/publish.h"
#include "trust/seen.h"
#include "trust/served.h"

/* A store that says where it is served is as fresh as that place says. */
static bulla_status check_served(const bulla_trust *trust, int64_t now, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    if (trust->url == NULL)
        return BU_OK;
    BU_TRY(bu_folder_open(trust->folder, &folder, err));
    bulla_status status = bu_store_check_served(&folder, now, trust, err);
    return bu_next(err, status, "bring the store up to date: bulla trust update");
}

/* Whoever writes the tree that is verified could put a store of their own into it. */
static bulla_status need_identity(const bulla_trust *trust, const char *wanted, bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    if (wanted == NULL || strcmp(bulla_digest_hex(&trust->chain.identity, hex), wanted) == 0)
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "is another store than the one that is asked for");
    (void)bu_next(err, status, "get the store from its owners; do not use this one");
    return bu_expected(err, status, bu_bytes_of(wanted), bu_bytes_of(hex));
}

static bulla_status load(const bulla_trust_options *options, bulla_trust **out, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_store_load(options->folder, options->now, &trust, err));
    BU_TRY(need_identity(trust, options->identity, err));
    BU_TRY(check_served(trust, options->now, err));
    if (options->state != NULL)
        BU_TRY(bu_seen_keep(options->state, options->is_clock ? &options->now : NULL, trust, err));
    *out = BU_STEAL(trust);
    return BU_OK;
}

bulla_status bulla_trust_load(const bulla_trust_options *options, bulla_trust **out,
                              bulla_error *err)
{
    bulla_status status = load(options, out, err);
    if (bulla_ok(status) || err == NULL)
        return status;
    if (status.code == BULLA_E_MISSING_FILE && err->next == NULL)
        (void)bu_next(err, status,
                      "name the store with --trust DIR, or make one: bulla trust init");
    if (strcmp(err->file, options->folder) != 0)
        (void)bu_within(err, status, "trust store %s", options->folder);
    return bu_as(err, status, BULLA_EXIT_TRUST);
}

bulla_status bulla_trust_list(const bulla_trust *trust, const char *format, bulla_buffer *out,
                              bulla_error *err)
{
    return bulla_trust_show(trust, NULL, format, out, err);
}

bulla_status bulla_trust_show(const bulla_trust *trust, const char *name, const char *format,
                              bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_trust_list(trust, name, format, &text, err));
    return bu_buf_take(&text, out, err);
}

void bulla_trust_outcome_clear(bulla_trust_outcome *outcome)
{
    bulla_buffer_free(&outcome->proposal);
    bulla_buffer_free(&outcome->text);
    *outcome = (bulla_trust_outcome){ 0 };
}

bulla_status bulla_trust_init(const bulla_trust_edit *edit, const bulla_trust_owners *owners,
                              const char *contents, bulla_trust_outcome *out, bulla_error *err)
{
    return bu_store_init(edit, owners, contents, out, err);
}

/* What is pinned and cannot be read would shut everything, and only the owners could mend it. */
static bulla_status need_policy(const char *path, bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    return bu_policy_load(path, NULL, &policy, NULL, err);
}

bulla_status bulla_trust_add(const bulla_trust_edit *edit, const bulla_trust_addition *addition,
                             bulla_trust_outcome *out, bulla_error *err)
{
    if (addition->policy != NULL)
        BU_TRY(need_policy(addition->policy, err));
    return bu_store_change(edit, bu_change_add, addition, out, err);
}

bulla_status bulla_trust_remove(const bulla_trust_edit *edit, const char *person, const char *role,
                                const char *keyid, bulla_trust_outcome *out, bulla_error *err)
{
    const bu_removal removal = { person, role, keyid };
    return bu_store_change(edit, bu_change_remove, &removal, out, err);
}

bulla_status bulla_trust_grant(const bulla_trust_edit *edit, const bulla_trust_right *right,
                               bulla_trust_outcome *out, bulla_error *err)
{
    return bu_store_change(edit, bu_change_grant, right, out, err);
}

bulla_status bulla_trust_revoke(const bulla_trust_edit *edit,
                                const bulla_trust_revocation *revocation, bulla_trust_outcome *out,
                                bulla_error *err)
{
    return bu_store_change(edit, bu_change_revoke, revocation, out, err);
}

bulla_status bulla_trust_rotate(const bulla_trust_edit *edit, const char *person, const char *old,
                                const bulla_trust_enrolment *key, bulla_trust_outcome *out,
                                bulla_error *err)
{
    const bu_rotation rotation = { person, old, key };
    return bu_store_change(edit, bu_change_rotate, &rotation, out, err);
}

bulla_status bulla_trust_rotate_root(const bulla_trust_edit *edit, const char *old,
                                     const bulla_trust_owners *owners, bulla_trust_outcome *out,
                                     bulla_error *err)
{
    return bu_store_owners(edit, old, owners, out, err);
}

bulla_status bulla_trust_sign(const bulla_trust_edit *edit, const char *const *proposals,
                              bool apply, bulla_trust_outcome *out, bulla_error *err)
{
    return bu_store_sign(edit, proposals, apply, out, err);
}

bulla_status bulla_trust_publish(const bulla_trust_edit *edit, const char *out, bulla_error *err)
{
    return bu_publish(edit, out, err);
}

bulla_status bulla_key_prove(const bulla_secret_key *key, const char *person,
                             const bulla_trust *trust, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) proof = { 0 };
    BU_TRY(bu_proof_write(key, person, trust == NULL ? NULL : &trust->chain.identity, &proof, err));
    return bu_buf_take(&proof, out, err);
}
