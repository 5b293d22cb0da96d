/* SPDX-License-Identifier: MIT */
/*
 * The search for a target among delegated roles: pre-order, depth first, each
 * role once, no recursion. What a role says is read anew for each target and
 * checked against the role that it was reached through this time: to have been
 * trusted by one delegator is nothing to another.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"
#include "trust/tuf_client.h"
#include "trust/tuf_delegation.h"
#include "trust/tuf_name.h"

typedef struct search {
    const bu_tuf_client *client;
    const char *target;
    bu_tuf_delegations opened[BU_LIMIT_TUF_ROLES + 1]; /* of every role that was read */
    size_t opened_count;
    const char *visited[BU_LIMIT_TUF_ROLES];
    size_t visited_count;
    const bu_tuf_delegation **pending; /* the next is last */
    size_t pending_count, pending_cap;
    bool found;
} search;

static void search_clear(search *s)
{
    for (size_t i = 0; i < s->opened_count; i++)
        bu_tuf_delegations_clear(&s->opened[i]);
    free(s->pending);
}
BU_DEFINE_CLEAR(search)

/* A terminating delegation, always the last of its document, ends all that was pending. */
static bulla_status push(search *s, const bu_tuf_delegations *all, bulla_error *err)
{
    if (all->count > 0 && all->items[all->count - 1].terminating)
        s->pending_count = 0;
    for (size_t i = all->count; i > 0; i--) {
        BU_TRY(
            bu_vec_grow(&s->pending, s->pending_count, &s->pending_cap, sizeof *s->pending, err));
        s->pending[s->pending_count++] = &all->items[i - 1];
    }
    return BU_OK;
}

static bulla_status look_into(search *s, const bu_metadata *m, bu_tuf_file *out, bulla_error *err)
{
    BU_TRY(bu_tuf_target_find(m, s->target, &s->found, out, err));
    if (s->found)
        return BU_OK;
    bu_tuf_delegations *all = &s->opened[s->opened_count];
    BU_TRY(bu_tuf_delegations_read(m, s->target, all, err));
    s->opened_count++;
    return push(s, all, err);
}

static bool was_visited(const search *s, const char *name)
{
    for (size_t i = 0; i < s->visited_count; i++)
        if (strcmp(s->visited[i], name) == 0)
            return true;
    return false;
}

static bulla_status visit(search *s, const bu_tuf_delegation *delegation, bu_tuf_file *out,
                          bulla_error *err)
{
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_CLEAR(bu_buf) file = { 0 };
    if (was_visited(s, delegation->name))
        return BU_OK;
    if (s->visited_count == BU_LIMIT_TUF_ROLES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "target %s is not in the first %u roles",
                       s->target, BU_LIMIT_TUF_ROLES);
    s->visited[s->visited_count++] = delegation->name;
    BU_TRY(bu_tuf_file_name(bu_bytes_of(delegation->name), ".json", &file, err));
    BU_TRY(bu_tuf_bring_targets(s->client, delegation->name, &delegation->role,
                                (const char *)file.ptr, &m, err));
    return look_into(s, &m, out, err);
}

bulla_status bu_tuf_search(bu_tuf_client *client, const char *target, bu_tuf_file *out,
                           bulla_error *err)
{
    BU_CLEAR(search) s = { .client = client, .target = target };
    BU_TRY(look_into(&s, &client->targets, out, err));
    while (!s.found && s.pending_count > 0)
        BU_TRY(visit(&s, s.pending[--s.pending_count], out, err));
    if (s.found)
        return BU_OK;
    return bu_fail(err, BULLA_E_UNPINNED, "no role of the repository lists target %s", target);
}
