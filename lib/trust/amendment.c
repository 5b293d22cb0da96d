/* SPDX-License-Identifier: MIT */
/*
 * Judging a proposal. Its metadata must be, byte for byte, what this program
 * would write for the files, owners, version and expiry it names: so nothing
 * can be in it that is not shown to those who sign.
 */
#include "trust/amendment.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "trust/certificates.h"
#include "trust/proof.h"
#include "trust/trust_toml.h"

#define TARGETS_FILE "targets.json"
#define ROOT_FILE    "root.json"

static void clear_amended(bu_amended *amended)
{
    bu_metadata_clear(&amended->metadata);
    bu_buf_clear(&amended->text);
}

void bu_amendment_clear(bu_amendment *amendment)
{
    clear_amended(&amendment->root);
    clear_amended(&amendment->targets);
    bulla_trust_free(amendment->next);
    *amendment = (bu_amendment){ 0 };
}

const bu_root *bu_amendment_root(const bu_amendment *amendment)
{
    return amendment->next->chain.root != NULL ? amendment->next->chain.root
                                               : amendment->old->chain.root;
}

/* Form and version. */

static bulla_status parse(const bu_json *document, const char *name, const char *type,
                          bu_amended *out, bulla_error *err)
{
    BU_TRY(bu_json_write(document, BU_JSON_PRETTY, &out->text, err));
    return bu_metadata_parse(bu_buf_bytes(&out->text), name, type, &out->metadata, err);
}

/* Whether metadata says exactly what would be written as `body`, which is taken over. */
static bulla_status says(const bu_metadata *m, bu_json *body, bool *out, bulla_error *err)
{
    BU_AUTO(bu_json) own = body;
    BU_CLEAR(bu_buf) canonical = { 0 };
    BU_TRY(bu_json_write(own, BU_JSON_CANONICAL, &canonical, err));
    *out = bu_bytes_equal(bu_buf_bytes(&m->canonical), bu_buf_bytes(&canonical));
    return BU_OK;
}

static bulla_status need_says(const bu_metadata *m, bu_json *body, bulla_error *err)
{
    bool same = false;
    BU_TRY(says(m, body, &same, err));
    if (same)
        return BU_OK;
    return bu_in_file(err,
                      bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                              "says more than the files, owners and times that it is about"),
                      m->name);
}

/* The next version; or the same once more, when a change was killed before its end. */
static bulla_status need_next(const bu_metadata *m, int64_t has, bool same, bulla_error *err)
{
    char expected[32], got[32];
    if ((same && m->version == has) || (has < INT64_MAX && m->version == has + 1))
        return BU_OK;
    (void)snprintf(expected, sizeof expected, "version %" PRId64, has < INT64_MAX ? has + 1 : has);
    (void)snprintf(got, sizeof got, "version %" PRId64, m->version);
    bool is_late = m->version <= has;
    bulla_status status =
        bu_fail(err, BULLA_E_ROLLBACK,
                is_late ? "the store has moved on since this was proposed"
                        : "this was proposed for a newer store than the one that is here");
    (void)bu_next(err, status,
                  is_late ? "propose the change anew"
                          : "get the newest trust store from its owner");
    return bu_in_file(err, bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got)),
                      m->name);
}

static bulla_status need_this_store(const bu_proposal *proposal, const bulla_trust *old,
                                    bulla_error *err)
{
    char expected[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
    if (old == NULL && !proposal->is_first)
        return bu_next(
            err,
            bu_as(err, bu_fail(err, BULLA_E_MISSING_FILE, "the store to be changed is not here"),
                  BULLA_EXIT_TRUST),
            "name the store with --trust DIR");
    if (old == NULL || proposal->is_first ||
        bulla_digest_equal(&proposal->store, &old->chain.identity))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "proposed for another store");
    (void)bu_next(err, status, "name the store that it is for with --trust DIR");
    return bu_expected(err, status, bu_bytes_of(bulla_digest_hex(&old->chain.identity, expected)),
                       bu_bytes_of(bulla_digest_hex(&proposal->store, got)));
}

/* Root. */

static bulla_status root_body(const bu_root *root, bu_json **out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_owners owners;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_owners_of(root, arena, &owners, err));
    return bu_owners_write(&owners, root->version, root->expires, out, err);
}

static bulla_status judge_root(const bu_proposal *proposal, bu_amendment *a, bulla_error *err)
{
    const bu_root *old = a->old == NULL ? NULL : a->old->chain.root;
    bu_json *body = NULL;
    if (proposal->root == NULL && old == NULL)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "a new store needs a root");
    if (proposal->root == NULL)
        return BU_OK;
    BU_TRY(parse(proposal->root, ROOT_FILE, "root", &a->root, err));
    BU_TRY(bu_root_read(&a->root.metadata, &a->next->chain.root, err));
    BU_TRY(root_body(a->next->chain.root, &body, err));
    BU_TRY(need_says(&a->root.metadata, body, err));
    if (old != NULL) {
        BU_TRY(root_body(old, &body, err));
        BU_TRY(says(&a->root.metadata, body, &a->root.is_done, err));
    }
    return need_next(&a->root.metadata, old == NULL ? 0 : old->version, a->root.is_done, err);
}

/* Targets. */

/* The bytes of a pinned file: those of the proposal, else those of the store. */
static bulla_status take_file(const bu_proposal *proposal, const bulla_trust *old, bu_pin *listed,
                              bulla_trust *next, bulla_error *err)
{
    bulla_bytes name = bu_bytes_of(listed->name);
    const bu_pin *pin = bu_pins_find(&proposal->files, name);
    if (pin == NULL && old != NULL)
        pin = bu_pins_find(&old->pins, name);
    if (pin == NULL)
        return bu_fail(err, BULLA_E_MISSING_FILE, "neither the proposal nor the store has %s",
                       listed->name);
    const bulla_digest *want = bulla_digest_set_get(&listed->digests, BULLA_ALG_SHA256);
    BU_TRY(bu_pins_put(&next->pins, name, pin->bytes, err));
    const bulla_digest *have =
        bulla_digest_set_get(&bu_pins_find(&next->pins, name)->digests, BULLA_ALG_SHA256);
    if (want != NULL && have != NULL && bulla_digest_equal(want, have))
        return BU_OK;
    return bu_in_file(err, bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the file that is pinned"),
                      listed->name);
}

static bulla_status take_files(const bu_proposal *proposal, bu_amendment *a, bulla_error *err)
{
    BU_CLEAR(bu_pins) listed = { .arena = a->next->arena };
    BU_TRY(bu_targets_read(&a->targets.metadata, &listed, err));
    for (size_t i = 0; i < listed.count; i++)
        BU_TRY(take_file(proposal, a->old, &listed.items[i], a->next, err));
    return BU_OK;
}

static bulla_status judge_targets(const bu_proposal *proposal, bu_amendment *a, bulla_error *err)
{
    const bu_metadata *m = &a->targets.metadata;
    bu_json *body = NULL;
    BU_TRY(parse(proposal->targets, TARGETS_FILE, "targets", &a->targets, err));
    BU_TRY(take_files(proposal, a, err));
    BU_TRY(bu_targets_write(&a->next->pins, m->version, m->expires, &body, err));
    BU_TRY(need_says(m, body, err));
    if (a->old != NULL) {
        BU_TRY(bu_targets_write(&a->old->pins, a->old->targets_version, a->old->targets_expires,
                                &body, err));
        BU_TRY(says(m, body, &a->targets.is_done, err));
    }
    a->next->targets_version = m->version;
    a->next->targets_expires = m->expires;
    return need_next(m, a->old == NULL ? 0 : a->old->targets_version, a->targets.is_done, err);
}

/* Content. */

/* A proof is checked once more by whoever signs: nobody relies on the one who proposed. */
static bulla_status check_proof(bulla_trust *next, const bulla_trust *old,
                                const bu_trusted_key *key, bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_pins_use(&next->pins, bu_bytes_of(key->proof), &text, err));
    return bu_proof_check(text, key->proof, key->key, next->people[key->person].id,
                          old == NULL ? NULL : &old->chain.identity, err);
}

static bulla_status judge_content(bu_amendment *a, bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    bulla_bytes text;
    BU_TRY(bu_in_file(err, bu_pins_use(&a->next->pins, BULLA_LIT(BU_TRUST_TOML), &text, err),
                      TARGETS_FILE));
    BU_TRY(bu_trust_toml_read(text, a->next, err));
    BU_TRY(bu_certificates_open(a->next, NULL, &pgp, err));
    for (size_t i = 0; i < a->next->key_count; i++)
        if (a->next->keys[i].proof != NULL && a->next->keys[i].key != NULL)
            BU_TRY(check_proof(a->next, a->old, &a->next->keys[i], err));
    return bu_owners_check(a->next, bu_amendment_root(a), err);
}

/* Signatures. */

static const bu_tuf_key *find_key(const bu_root *root, bulla_bytes id)
{
    for (size_t i = BU_TUF_ROOT; root != NULL && i <= BU_TUF_TARGETS; i++)
        for (size_t k = 0; k < root->roles[i].count; k++)
            if (bu_bytes_is(id, root->roles[i].keys[k]->id))
                return root->roles[i].keys[k];
    return NULL;
}

static const bu_root *old_root(const bu_amendment *a)
{
    return a->old == NULL ? NULL : a->old->chain.root;
}

/* Every signature holds, and is an owner's. */
static bulla_status judge_signatures(const bu_amendment *a, const bu_metadata *m, bulla_error *err)
{
    for (size_t i = 0; i < bu_json_count(m->signatures); i++) {
        bulla_bytes id;
        BU_TRY(bu_json_need_text(bu_json_at(m->signatures, i), "keyid", m->name, &id, err));
        const bu_tuf_key *key = find_key(bu_amendment_root(a), id);
        if (key == NULL)
            key = find_key(old_root(a), id);
        if (key == NULL)
            return bu_in_file(err,
                              bu_fail(err, BULLA_E_UNTRUSTED_KEY,
                                      "key %.*s may not sign for this store", (int)id.len,
                                      (const char *)id.ptr),
                              m->name);
        const bu_tuf_role only = { .keys = &key, .count = 1, .threshold = 1 };
        BU_TRY(bu_metadata_check(m, &only, err));
    }
    return BU_OK;
}

static bulla_status judge(const bu_proposal *proposal, bu_amendment *a, bulla_error *err)
{
    BU_TRY(need_this_store(proposal, a->old, err));
    BU_TRY(bu_store_new(&a->next, err));
    BU_TRY(judge_root(proposal, a, err));
    BU_TRY(judge_targets(proposal, a, err));
    BU_TRY(judge_content(a, err));
    if (a->root.metadata.json != NULL)
        BU_TRY(judge_signatures(a, &a->root.metadata, err));
    return judge_signatures(a, &a->targets.metadata, err);
}

bulla_status bu_amendment_open(const bu_proposal *proposal, const bulla_trust *old,
                               bu_amendment *out, bulla_error *err)
{
    BU_CLEAR(bu_amendment) amendment = { .old = old };
    BU_TRY(judge(proposal, &amendment, err));
    *out = amendment;
    amendment = (bu_amendment){ 0 };
    return BU_OK;
}

bool bu_amendment_knows(const bu_amendment *amendment, const bu_key *key)
{
    const bu_root *roots[] = { old_root(amendment), bu_amendment_root(amendment) };
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; roots[i] != NULL && k < roots[i]->roles[BU_TUF_ROOT].count; k++)
            if (bu_key_equal(roots[i]->roles[BU_TUF_ROOT].keys[k]->key, key))
                return true;
    return false;
}

/*
 * TUF 5.3.4 for the root: the owners before and the new ones. The targets likewise, since they are
 * put in place under the old root, and stay under the new one.
 */
bulla_status bu_amendment_complete(const bu_amendment *amendment, bulla_error *err)
{
    const bu_root *roots[] = { old_root(amendment), bu_amendment_root(amendment) };
    for (size_t i = 0; i < 2; i++) {
        if (roots[i] == NULL)
            continue;
        if (amendment->root.metadata.json != NULL)
            BU_TRY(
                bu_metadata_check(&amendment->root.metadata, &roots[i]->roles[BU_TUF_ROOT], err));
        BU_TRY(
            bu_metadata_check(&amendment->targets.metadata, &roots[i]->roles[BU_TUF_TARGETS], err));
    }
    return BU_OK;
}
