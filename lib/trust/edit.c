/* SPDX-License-Identifier: MIT */
/*
 * From an edit to a proposal, and from a proposal to the store. Nothing is
 * written before all of it is known to be what loading would believe.
 */
#include "trust/edit_inside.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "trust/certificates.h"
#include "trust/commit.h"
#include "trust/seen.h"
#include "trust/trust_toml.h"

bulla_status bu_edit_need_future(const bulla_trust_edit *edit, bulla_error *err)
{
    if (edit->expires > edit->now)
        return BU_OK;
    return bu_next(err, bu_fail(err, BULLA_E_BAD_TIME, "the new metadata would be expired at once"),
                   "give a later end with --expires");
}

/* From a proposal to the store. */

/* What is signed must last, whoever set its end. */
static bulla_status need_fresh(const bu_amendment *a, int64_t now, bulla_error *err)
{
    BU_TRY(bu_metadata_fresh("root.json", bu_amendment_root(a)->expires, now, err));
    return bu_metadata_fresh("targets.json", a->next->targets_expires, now, err);
}

static bulla_status sign_all(const bulla_trust_edit *edit, const bu_amendment *a,
                             bu_proposal *proposal, bulla_error *err)
{
    for (size_t i = 0; i < edit->key_count; i++) {
        const bu_key *public = bu_secret_key_public(edit->keys[i]);
        if (!bu_amendment_knows(a, public))
            return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "key %s may not sign for this store",
                           bu_key_id(public));
        if (proposal->root != NULL)
            BU_TRY(bu_proposal_sign(proposal->root, edit->keys[i], err));
        BU_TRY(bu_proposal_sign(proposal->targets, edit->keys[i], err));
    }
    return BU_OK;
}

static bulla_status tell(const bu_proposal *proposal, const bu_amendment *a, bool applied,
                         bulla_trust_outcome *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) file = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_proposal_write(proposal, &file, err));
    bu_amendment_write(a, &text);
    BU_TRY(bu_buf_take(&file, &out->proposal, err));
    BU_TRY(bu_buf_take(&text, &out->text, err));
    out->applied = applied;
    out->is_one_persons = bu_amendment_root(a)->roles[BU_TUF_ROOT].threshold == 1;
    out->version = a->next->targets_version;
    return BU_OK;
}

/* The store is held already: to hold it once more would be to wait for oneself. */
static bulla_status remember(const bulla_trust_edit *edit, bulla_error *err)
{
    BU_AUTO(bulla_trust) installed = NULL;
    BU_TRY(bu_store_load(edit->folder, INT64_MIN, &installed, err));
    return bu_seen_keep(edit->state, NULL, installed, err);
}

/* The new store is remembered at once: a copy of the old one is refused from now on. */
static bulla_status install(const bulla_trust_edit *edit, const bu_amendment *a, bulla_error *err)
{
    BU_TRY(bu_commit(edit->folder, a, err));
    if (edit->state == NULL)
        return BU_OK;
    return bu_within(err, remember(edit, err), "the store is changed, but");
}

/* All that is said of it is made before the store is the new one. */
static bulla_status conclude(const bulla_trust_edit *edit, const bu_proposal *proposal,
                             const bu_amendment *a, bool apply, bulla_trust_outcome *out,
                             bulla_error *err)
{
    bulla_trust_outcome outcome = { 0 };
    bulla_status status = bu_amendment_complete(a, err);
    bool applied = apply && bulla_ok(status);
    if (status.code != BULLA_E_THRESHOLD && !bulla_ok(status))
        return status;
    status = tell(proposal, a, applied, &outcome, err);
    if (bulla_ok(status) && applied)
        status = install(edit, a, err);
    if (bulla_ok(status))
        *out = outcome;
    else
        bulla_trust_outcome_clear(&outcome);
    return status;
}

/* Judged first as it came, so that no key signs what is wrong; then with the new signatures. */
static bulla_status settle(const bulla_trust_edit *edit, const bulla_trust *old,
                           bu_proposal *proposal, bool apply, bulla_trust_outcome *out,
                           bulla_error *err)
{
    BU_CLEAR(bu_amendment) before = { 0 };
    BU_CLEAR(bu_amendment) amendment = { 0 };
    BU_TRY(bu_amendment_open(proposal, old, &before, err));
    BU_TRY(need_fresh(&before, edit->now, err));
    bulla_status status = bu_amendment_complete(&before, err);
    if (status.code != BULLA_E_THRESHOLD && !bulla_ok(status))
        return status;
    /* One who comes late adds nothing: whoever applies it has the same bytes. */
    if (!bulla_ok(status))
        BU_TRY(sign_all(edit, &before, proposal, err));
    BU_TRY(bu_amendment_open(proposal, old, &amendment, err));
    return conclude(edit, proposal, &amendment, apply, out, err);
}

/* From an edit to a proposal. */

/* Read a new trust.toml, and the certificates that it names. */
bulla_status bu_edit_read_new(bulla_bytes text, bulla_trust *trust, bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    BU_TRY(bu_trust_toml_read(text, trust, err));
    return bu_certificates_open(trust, NULL, &pgp, err);
}

/* Files that only trust.toml needs go when it names them no more. */
static bool belongs_to_toml(const bu_pin *pin)
{
    return bu_bytes_starts(bu_bytes_of(pin->name), BU_CERTIFICATES) ||
           bu_bytes_starts(bu_bytes_of(pin->name), BU_PROOFS);
}

static bulla_status pin_anew(const bulla_trust *changed, bulla_trust *next, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_trust_toml_write(changed, &text);
    if (text.broken)
        return bu_no_memory(err);
    for (size_t i = 0; i < changed->pins.count; i++)
        BU_TRY(bu_pins_put(&next->pins, bu_bytes_of(changed->pins.items[i].name),
                           changed->pins.items[i].bytes, err));
    BU_TRY(bu_pins_put(&next->pins, BULLA_LIT(BU_TRUST_TOML), bu_buf_bytes(&text), err));
    BU_TRY(bu_edit_read_new(bu_buf_bytes(&text), next, err));
    size_t kept = 0;
    for (size_t i = 0; i < next->pins.count; i++)
        if (next->pins.items[i].used || !belongs_to_toml(&next->pins.items[i]))
            next->pins.items[kept++] = next->pins.items[i];
    next->pins.count = kept;
    return BU_OK;
}

/* The store has it not, or with other bytes. */
static bool is_new_file(const bulla_trust *old, const bu_pin *pin)
{
    const bu_pin *before = old == NULL ? NULL : bu_pins_find(&old->pins, bu_bytes_of(pin->name));
    return before == NULL || !bu_bytes_equal(before->bytes, pin->bytes);
}

static bulla_status take_new_files(const bulla_trust *old, const bu_pins *pins, bu_pins *out,
                                   bulla_error *err)
{
    for (size_t i = 0; i < pins->count; i++) {
        const bu_pin *pin = &pins->items[i];
        if (is_new_file(old, pin))
            BU_TRY(bu_pins_put(out, bu_bytes_of(pin->name), pin->bytes, err));
    }
    return BU_OK;
}

static bulla_status next_version(int64_t version, int64_t *out, bulla_error *err)
{
    if (__builtin_add_overflow(version, 1, out))
        return bu_fail(err, BULLA_E_BAD_NUMBER, "no version is left");
    return BU_OK;
}

static bulla_status propose(const bulla_trust_edit *edit, const bu_edit_draft *d, bu_proposal *out,
                            bulla_error *err)
{
    int64_t root = 0, targets = 0;
    bu_json *body = NULL;
    BU_CLEAR(bu_proposal) proposal = { 0 };
    BU_TRY(bu_proposal_start(&proposal, err));
    BU_TRY(next_version(d->old == NULL ? 0 : d->old->chain.root->version, &root, err));
    BU_TRY(next_version(d->old == NULL ? 0 : d->old->targets_version, &targets, err));
    proposal.is_first = d->old == NULL;
    if (d->old != NULL)
        proposal.store = d->old->chain.identity;
    if (d->owners != NULL) {
        BU_TRY(bu_owners_write(d->owners, root, edit->expires, &body, err));
        BU_TRY(bu_proposal_document(body, &proposal.root, err));
    }
    BU_TRY(bu_targets_write(d->pins, targets, edit->expires, &body, err));
    BU_TRY(bu_proposal_document(body, &proposal.targets, err));
    BU_TRY(take_new_files(d->old, d->pins, &proposal.files, err));
    *out = proposal;
    proposal = (bu_proposal){ 0 };
    return BU_OK;
}

bulla_status bu_edit_propose(const bulla_trust_edit *edit, const bu_edit_draft *d,
                             bulla_trust_outcome *out, bulla_error *err)
{
    BU_CLEAR(bu_proposal) proposal = { 0 };
    BU_TRY(propose(edit, d, &proposal, err));
    return settle(edit, d->old, &proposal, true, out, err);
}

/* Changing. */

/* Expired metadata can be renewed: the new one is held against the clock. */
bulla_status bu_edit_load(const bulla_trust_edit *edit, bulla_trust **out, bulla_error *err)
{
    BU_CLEAR(bu_folder) held = BU_FOLDER_NONE;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_folder_hold(edit->folder, &held, err));
    BU_TRY(bu_store_load(edit->folder, INT64_MIN, &trust, err));
    trust->held = held;
    held = BU_FOLDER_NONE;
    if (edit->state != NULL)
        BU_TRY(bu_seen_keep(edit->state, NULL, trust, err));
    *out = BU_STEAL(trust);
    return BU_OK;
}

/* The same trust.toml and the same files: who signs it would sign nothing. */
static bulla_status compare(const bulla_trust *old, const bulla_trust *changed, bool *same,
                            bulla_error *err)
{
    BU_CLEAR(bu_buf) before = { 0 };
    BU_CLEAR(bu_buf) after = { 0 };
    bu_trust_toml_write(old, &before);
    bu_trust_toml_write(changed, &after);
    if (before.broken || after.broken)
        return bu_no_memory(err);
    *same = bu_bytes_equal(bu_buf_bytes(&before), bu_buf_bytes(&after));
    for (size_t i = 0; i < changed->pins.count; i++)
        *same = *same && !is_new_file(old, &changed->pins.items[i]);
    return BU_OK;
}

static bulla_status tell_unchanged(const bulla_trust *old, bulla_trust_outcome *out,
                                   bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add_format(&text,
                      "targets version %" PRId64 " says all of it already: --expires TIME renews "
                      "it\n",
                      old->targets_version);
    BU_TRY(bu_buf_take(&text, &out->text, err));
    out->is_unchanged = true;
    out->version = old->targets_version;
    return BU_OK;
}

/* A store is changed in a copy, so that what is proposed is held against what is there. */
bulla_status bu_store_change(const bulla_trust_edit *edit, bu_change *change, const void *what,
                             bulla_trust_outcome *out, bulla_error *err)
{
    BU_AUTO(bulla_trust) old = NULL;
    BU_AUTO(bulla_trust) changed = NULL;
    BU_AUTO(bulla_trust) next = NULL;
    bool same = false;
    BU_TRY(bu_edit_need_future(edit, err));
    BU_TRY(bu_edit_load(edit, &old, err));
    BU_TRY(bu_store_load(edit->folder, INT64_MIN, &changed, err));
    BU_TRY(change(changed, what, edit->now, err));
    BU_TRY(compare(old, changed, &same, err));
    if (same && !edit->renews && edit->now <= old->targets_expires)
        return tell_unchanged(old, out, err);
    BU_TRY(bu_store_new(&next, err));
    BU_TRY(pin_anew(changed, next, err));
    return bu_edit_propose(edit, &(bu_edit_draft){ .old = old, .pins = &next->pins }, out, err);
}

/* Signing. */

static bulla_status read_proposal(const char *path, bu_proposal *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    return bu_proposal_read(bu_buf_bytes(&text), path, out, err);
}

static bulla_status read_proposals(const char *const *paths, bu_proposal *out, bulla_error *err)
{
    BU_TRY(read_proposal(paths[0], out, err));
    for (size_t i = 1; paths[i] != NULL; i++) {
        BU_CLEAR(bu_proposal) copy = { 0 };
        BU_TRY(read_proposal(paths[i], &copy, err));
        BU_TRY(bu_in_file(err, bu_proposal_unite(out, &copy, err), paths[i]));
    }
    return BU_OK;
}

bulla_status bu_store_sign(const bulla_trust_edit *edit, const char *const *proposals, bool apply,
                           bulla_trust_outcome *out, bulla_error *err)
{
    BU_CLEAR(bu_proposal) proposal = { 0 };
    BU_AUTO(bulla_trust) old = NULL;
    BU_CLEAR(bu_buf) targets = { 0 };
    BU_TRY(read_proposals(proposals, &proposal, err));
    bu_buf_add_format(&targets, "%s/targets.json", edit->folder);
    if (targets.broken)
        return bu_no_memory(err);
    /* A new store has none; all else must be there, or the proposal is for another one. */
    if (!proposal.is_first ||
        bu_folder_look(NULL, (const char *)targets.ptr, NULL) != BU_PRESENCE_NONE)
        BU_TRY(bu_edit_load(edit, &old, err));
    return settle(edit, old, &proposal, apply, out, err);
}
