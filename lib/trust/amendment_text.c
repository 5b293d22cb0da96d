/* SPDX-License-Identifier: MIT */
/*
 * A proposal for people: its versions, what it changes, who signed, and how
 * many are missing.
 */
#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
#include "trust/amendment.h"
#include "trust/difference.h"

static bool has_row(const bu_metadata *m, const bu_tuf_key *key)
{
    bulla_bytes id;
    for (size_t i = 0; i < bu_json_count(m->signatures); i++)
        if (bu_json_text(bu_json_get(bu_json_at(m->signatures, i), "keyid"), &id) &&
            bu_bytes_is(id, key->id))
            return true;
    return false;
}

/* Each signature was judged: the key's is on every document that it must be on. */
static bool has_signed(const bu_amendment *a, const bu_tuf_key *key)
{
    return has_row(&a->targets.metadata, key) &&
           (a->root.metadata.json == NULL || has_row(&a->root.metadata, key));
}

static void add_name(const bu_amendment *a, const bu_key *key, bu_buf *out)
{
    const bulla_trust *trust = a->next;
    const bu_trusted_key *known = bu_trust_key(trust, key);
    bu_buf_add_text(out, bu_key_id(key));
    if (known != NULL)
        bu_buf_add_format(out, ", %s", trust->people[known->person].id);
}

/* How many of these owners signed, and their names; the rest is asked to. */
static void list_role(const bu_amendment *a, const char *whose, const bu_tuf_role *role,
                      bu_buf *out)
{
    uint32_t have = 0;
    for (size_t i = 0; i < role->count; i++)
        have += has_signed(a, role->keys[i]);
    bu_buf_add_format(out, "signed by %" PRIu32 " of the %" PRIu32 " owners%s that it needs\n",
                      have, role->threshold, whose);
    for (size_t i = 0; i < role->count; i++) {
        bool signed_by = has_signed(a, role->keys[i]);
        if (!signed_by && have >= role->threshold)
            continue;
        bu_buf_add_text(out, signed_by ? "  signed   " : "  may sign ");
        add_name(a, role->keys[i]->key, out);
        bu_buf_add_byte(out, '\n');
    }
}

static void list_signers(const bu_amendment *a, bu_buf *out)
{
    bool is_new_root = a->root.metadata.json != NULL && a->old != NULL;
    if (is_new_root)
        list_role(a, " before", &a->old->chain.root->roles[BU_TUF_ROOT], out);
    list_role(a, is_new_root ? " after" : "", &bu_amendment_root(a)->roles[BU_TUF_ROOT], out);
}

void bu_amendment_write(const bu_amendment *amendment, bu_buf *out)
{
    char expires[BU_TIME_TEXT];
    const bulla_trust *old = amendment->old;
    const bu_state before = { old, old == NULL ? NULL : old->chain.root };
    const bu_state after = { amendment->next, bu_amendment_root(amendment) };
    bu_buf_add_format(out, "targets version %" PRId64 ", expires %s\n",
                      amendment->next->targets_version,
                      bu_time_format(amendment->next->targets_expires, expires));
    if (amendment->root.metadata.json != NULL)
        bu_buf_add_format(out, "root version %" PRId64 ", expires %s\n", after.root->version,
                          bu_time_format(after.root->expires, expires));
    bu_difference_write(before, after, out);
    list_signers(amendment, out);
}
