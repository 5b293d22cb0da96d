/* SPDX-License-Identifier: MIT */
/*
 * npm 6 reads `dependencies`, later ones `packages`, and lockfileVersion 2
 * has both. A reviewer sees one of them: so each entry of the first must be
 * in the second, at the same place, with the same version and integrity.
 */
#include "base/cleanup.h"
#include "base/vec.h"
#include "ecosystem/npm_lock.h"

/* A table of `dependencies`, and the folder that it describes. */
typedef struct level {
    const bu_node *table;
    size_t folder;
} level;

static bulla_status disagree(const bu_npm_lock *l, const bu_npm_package *p, const bu_node *legacy,
                             const char *about, bulla_bytes expected, bulla_bytes got,
                             bulla_error *err)
{
    uint32_t line, column;
    bu_tree_place(l->tree, bu_node_offset(p->node), &line, &column);
    bulla_status status = bu_node_fail(
        l->tree, legacy, err, BULLA_E_AMBIGUOUS_LOCK,
        "`dependencies` has another %s for %.*s than `packages` at line %u, column %u", about,
        (int)bu_node_key(legacy).len, (const char *)bu_node_key(legacy).ptr, line, column);
    return bu_expected(err, status, expected, got);
}

/* By what two claims are compared: the older form does not say as much. */
typedef enum yardstick { NOTHING, COMMIT, PATH, ADDRESS, VERSION } yardstick;

static yardstick yardstick_for(const bu_npm_claim *old, const bu_npm_claim *new)
{
    if (old->source == BU_NPM_ARCHIVE && new->source == BU_NPM_ARCHIVE)
        return NOTHING; /* the older path is relative to whoever asks for the package */
    if (old->source == BU_NPM_GIT || new->source == BU_NPM_GIT)
        return COMMIT;
    if (old->source == BU_NPM_ARCHIVE || old->source == BU_NPM_FOLDER)
        return PATH;
    return old->version.len == 0 ? ADDRESS : VERSION;
}

static bulla_bytes measure(const bu_npm_claim *c, yardstick by)
{
    switch (by) {
    case COMMIT:
        return bu_npm_commit(c->resolved);
    case PATH:
        return bu_npm_path(c->resolved);
    case ADDRESS:
        return c->resolved;
    case VERSION:
        return c->version;
    case NOTHING:
        break;
    }
    return (bulla_bytes){ 0 };
}

static bulla_status compare_claims(const bu_npm_lock *l, const bu_npm_package *p,
                                   const bu_node *legacy, bulla_error *err)
{
    if (p->bundled && bu_node_is_true(bu_node_get(legacy, "bundled")))
        return BU_OK; /* npm: "a version number that is purely for informational purposes" */
    const bu_npm_package as_nested = { .node = legacy, .name = bu_node_key(legacy) };
    bu_npm_claim old = bu_npm_claim_of(l, &as_nested, true), new = bu_npm_claim_of(l, p, false);
    yardstick by = yardstick_for(&old, &new);
    bulla_bytes is = measure(&new, by), was = measure(&old, by);
    if (!bu_bytes_equal(is, was) || (by == COMMIT && was.len == 0))
        return disagree(l, p, legacy, "version", is, was, err);
    if (by == VERSION && !bu_bytes_equal(new.name, old.name))
        return disagree(l, p, legacy, "package", new.name, old.name, err);
    return BU_OK;
}

static bulla_status compare_integrity(const bu_npm_lock *l, const bu_npm_package *p,
                                      const bu_node *legacy, bulla_error *err)
{
    bulla_bytes is = bu_node_text(bu_node_get(p->node, "integrity"));
    bulla_bytes was = bu_node_text(bu_node_get(legacy, "integrity"));
    if (is.len == 0 || was.len == 0 || bu_bytes_equal(is, was))
        return BU_OK;
    return disagree(l, p, legacy, "integrity", is, was, err);
}

static const bu_npm_package *package_in(const bu_npm_lock *l, size_t folder, bulla_bytes name)
{
    size_t modules = bu_layout_find(&l->layout, folder, BULLA_LIT("node_modules"));
    size_t found = bu_layout_find(&l->layout, modules, name);
    size_t item = found == BU_LAYOUT_NONE ? BU_LAYOUT_NONE : l->layout.folders[found].item;
    return item == BU_LAYOUT_NONE ? NULL : &l->packages[item];
}

/* npm: "The version field may be omitted for […] optional peer dependencies" not installed */
static bool is_placeholder(const bu_node *legacy)
{
    return bu_node_get(legacy, "version") == NULL && bu_node_get(legacy, "dependencies") == NULL;
}

static bulla_status compare_entry(const bu_npm_lock *l, const level *at, const bu_node *legacy,
                                  level *below, bulla_error *err)
{
    BU_TRY(bu_npm_check_types(l, legacy, err));
    *below = (level){ 0 };
    const bu_npm_package *p = package_in(l, at->folder, bu_node_key(legacy));
    if (is_placeholder(legacy))
        return BU_OK;
    if (p == NULL)
        return bu_node_fail(l->tree, legacy, err, BULLA_E_AMBIGUOUS_LOCK,
                            "`dependencies` has %.*s here, `packages` has not",
                            (int)bu_node_key(legacy).len, (const char *)bu_node_key(legacy).ptr);
    BU_TRY(compare_claims(l, p, legacy, err));
    BU_TRY(compare_integrity(l, p, legacy, err));
    if (p->target != BU_NPM_NONE)
        p = &l->packages[p->target];
    *below = (level){ bu_node_get(legacy, "dependencies"), p->folder };
    return BU_OK;
}

bulla_status bu_npm_compare(const bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    BU_FREE level *levels = NULL;
    size_t count = 0, cap = 0;
    level next = { bu_node_get(document, "dependencies"), BU_LAYOUT_ROOT };
    BU_TRY(bu_vec_grow(&levels, count, &cap, sizeof *levels, err));
    levels[count++] = next;
    for (size_t i = 0; i < count; i++) {
        const level at = levels[i];
        BU_EACH_CHILD(legacy, at.table) {
            BU_TRY(compare_entry(l, &at, legacy, &next, err));
            if (next.table == NULL)
                continue;
            BU_TRY(bu_vec_grow(&levels, count, &cap, sizeof *levels, err));
            levels[count++] = next;
        }
    }
    return BU_OK;
}
