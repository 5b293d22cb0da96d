/* SPDX-License-Identifier: MIT */
/*
 * Reading a result again. A file is known by the digests that were measured, never by its name; a
 * result whose exit status its own components contradict is refused.
 */
#include "report/record.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "digest/digest.h"
#include "report/result.h"
#include "syntax/tree.h"

typedef struct record {
    const bu_tree *tree;
    bu_arena *arena;
    bulla_error *err;
    const bu_subject *files;
    size_t file_count;
    const bu_node *root, *components;
    bu_summary *out;
} record;

static bulla_status contradicts(const record *r, const bu_node *node, const char *what)
{
    return bu_node_fail(r->tree, node, r->err, BULLA_E_AMBIGUOUS_BUNDLE,
                        "the result contradicts itself: %s", what);
}

static bulla_status text_of(const record *r, const bu_node *table, const char *key,
                            bulla_bytes *out)
{
    const bu_node *node;
    BU_TRY(bu_node_field(r->tree, table, key, BU_NODE_STRING, &node, r->err));
    *out = bu_node_text(node);
    return BU_OK;
}

/* What is signed is shown to others: nothing in it may hide, nor be longer than they read. */
static bulla_status need_shown(const record *r, const bu_node *node, bulla_bytes text)
{
    size_t at;
    if (text.len > BU_LIMIT_NAME_BYTES)
        return bu_node_fail(r->tree, node, r->err, BULLA_E_RESOURCE_LIMIT, "more than %u bytes",
                            BU_LIMIT_NAME_BYTES);
    if (bu_utf8_hides(text, &at))
        return bu_node_fail(r->tree, node, r->err, BULLA_E_CONTROL_CHARACTER,
                            "a character that does not show, at byte %zu", at);
    return BU_OK;
}

static bool text_is(const bu_node *table, const char *key, const char *text)
{
    return bu_bytes_is(bu_node_text(bu_node_get(table, key)), text);
}

/* "sha256:HEX" */
static bulla_status digest_of(const record *r, const bu_node *node, bulla_digest_set *out)
{
    bulla_digest digest;
    bulla_bytes text = bu_node_text(node);
    size_t colon = bu_bytes_find(text, ':');
    bulla_alg alg = bu_alg_of(bu_bytes_first(text, colon));
    bulla_error why = { 0 };
    if (alg == BULLA_ALG_NONE ||
        !bulla_ok(bu_digest_from_hex(alg, bu_bytes_from(text, colon + 1), &digest, &why)))
        return bu_node_fail(r->tree, node, r->err, BULLA_E_BAD_ENCODING, "this is no digest");
    return bu_digest_set_add(out, &digest, r->err);
}

/* {"sha256": "HEX"} */
static bulla_status measured_of(const record *r, const bu_node *component, bu_subject *out)
{
    const bu_node *measured;
    BU_TRY(bu_node_field(r->tree, component, "measured", BU_NODE_TABLE, &measured, r->err));
    BU_EACH_CHILD(item, measured) {
        bulla_digest digest;
        bulla_alg alg = bu_alg_of(bu_node_key(item));
        if (alg == BULLA_ALG_NONE)
            continue;
        if (!bulla_ok(bu_digest_from_hex(alg, bu_node_text(item), &digest, NULL)))
            return bu_node_fail(r->tree, item, r->err, BULLA_E_BAD_ENCODING, "this is no digest");
        BU_TRY(bu_digest_set_add(&out->digests, &digest, r->err));
    }
    return BU_OK;
}

/* Is the component one of the files, or this one? */
static bulla_status is_file(const record *r, const bu_node *component, const bu_subject *file,
                            bool *out)
{
    bu_subject measured = { 0 };
    BU_TRY(measured_of(r, component, &measured));
    const bu_statement statement = { .subjects = &measured, .count = 1 };
    *out = false;
    for (size_t i = 0; i < r->file_count; i++)
        if ((file == NULL || file == &r->files[i]) &&
            bu_statement_is_about(&statement, &r->files[i].digests))
            *out = true;
    return BU_OK;
}

static bool is_held(const bu_node *fact)
{
    return text_is(fact, "outcome", "held");
}

/* Build level that provenance proved of a component; 0: none. */
static size_t build_level(const bu_node *component)
{
    int64_t best = 0;
    BU_EACH_CHILD(fact, bu_node_get(component, "facts")) {
        int64_t level = bu_node_integer(bu_node_get(bu_node_get(fact, "build"), "level"));
        if (text_is(fact, "proof", "provenance") && is_held(fact) && level > best)
            best = level;
    }
    return best < BU_BUILD_LEVELS ? (size_t)best : BU_BUILD_LEVELS - 1;
}

/* It is of the project itself, or not there at all. */
static bool is_exempt(const bu_node *component)
{
    BU_EACH_CHILD(fact, bu_node_get(component, "facts"))
        if (is_held(fact) &&
            (text_is(fact, "proof", "local") || text_is(fact, "proof", "not-installed")))
            return true;
    return text_is(component, "origin", "artifact") || text_is(component, "origin", "local");
}

/* What a list of names holds that every file has. */
typedef struct names {
    bulla_bytes items[BU_LIMIT_LEVELS];
    size_t count;
} names;

static bool has_name(const names *list, bulla_bytes name)
{
    for (size_t i = 0; i < list->count; i++)
        if (bu_bytes_equal(list->items[i], name))
            return true;
    return false;
}

static bulla_status add_name(const record *r, names *list, const bu_node *fact, const char *proof,
                             bulla_bytes role)
{
    const char *text = bu_arena_format(r->arena, "BULLA_%s%s%.*s", proof, role.len > 0 ? ":" : "",
                                       (int)role.len, (const char *)role.ptr);
    if (text == NULL)
        return bu_no_memory(r->err);
    BU_TRY(need_shown(r, fact, bu_bytes_of(text)));
    if (has_name(list, bu_bytes_of(text)))
        return BU_OK;
    if (list->count + 1 == BU_LIMIT_LEVELS)
        return bu_fail(r->err, BULLA_E_RESOURCE_LIMIT, "more than %u levels", BU_LIMIT_LEVELS);
    list->items[list->count++] = bu_bytes_of(text);
    return BU_OK;
}

/* "archive-chain" → BULLA_ARCHIVE_CHAIN; with a role, also BULLA_SIGNATURE:release */
static bulla_status add_proof(const record *r, names *list, const bu_node *fact)
{
    bulla_bytes proof;
    BU_TRY(text_of(r, fact, "proof", &proof));
    char *upper = bu_arena_text(r->arena, proof);
    if (upper == NULL)
        return bu_no_memory(r->err);
    for (char *c = upper; *c != '\0'; c++)
        *c = (char)(*c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    bulla_bytes role = bu_node_text(bu_node_get(fact, "role"));
    BU_TRY(add_name(r, list, fact, upper, (bulla_bytes){ 0 }));
    return role.len > 0 ? add_name(r, list, fact, upper, role) : BU_OK;
}

static bulla_status add_input(const record *r, const bu_node *fact, bulla_digest_set *inputs,
                              size_t *count)
{
    const bu_node *evidence = bu_node_get(fact, "evidence");
    bulla_digest_set digest = { 0 };
    if (evidence == NULL)
        return BU_OK;
    BU_TRY(digest_of(r, evidence, &digest));
    for (size_t i = 0; i < *count; i++)
        if (bulla_digest_equal(&inputs[i].items[0], &digest.items[0]))
            return BU_OK;
    inputs[(*count)++] = digest;
    return BU_OK;
}

static bulla_status take_resource(const record *r, const bu_node *component)
{
    BU_TRY(text_of(r, component, "purl", &r->out->resource));
    return need_shown(r, bu_node_get(component, "purl"), r->out->resource);
}

/* One file: the best that is proved of it, whichever components have its bytes. */
static bulla_status take_file(const record *r, const bu_subject *file, names *list, size_t *level)
{
    bool found = false, is_this;
    BU_EACH_CHILD(component, r->components) {
        BU_TRY(is_file(r, component, file, &is_this));
        if (!is_this)
            continue;
        found = true;
        size_t proved = build_level(component);
        *level = proved > *level ? proved : *level;
        if (r->file_count == 1 && r->out->resource.len == 0)
            BU_TRY(take_resource(r, component));
        BU_EACH_CHILD(fact, bu_node_get(component, "facts"))
            if (is_held(fact))
                BU_TRY(add_proof(r, list, fact));
    }
    if (found)
        return BU_OK;
    return bu_fail(r->err, BULLA_E_SUBJECT_MISMATCH, "the result says nothing about %.*s",
                   (int)file->name.len, (const char *)file->name.ptr);
}

static int by_bytes(const void *a, const void *b)
{
    return bu_bytes_compare(*(const bulla_bytes *)a, *(const bulla_bytes *)b);
}

/* What was proved of every file; what did not pass has no level. */
static bulla_status take_levels(const record *r, names *all, names *one)
{
    size_t least = BU_BUILD_LEVELS - 1;
    for (size_t i = 0; i < r->file_count; i++) {
        size_t level = 0, kept = 0;
        one->count = 0;
        BU_TRY(take_file(r, &r->files[i], one, &level));
        least = level < least ? level : least;
        if (i == 0)
            *all = *one;
        for (size_t k = 0; k < all->count; k++)
            if (has_name(one, all->items[k]))
                all->items[kept++] = all->items[k];
        all->count = kept;
    }
    if (!r->out->passed)
        all->count = 0;
    qsort(all->items, all->count, sizeof *all->items, by_bytes);
    all->items[all->count++] = bu_bytes_of(r->out->passed ? bu_build_level_name(least) : "FAILED");
    return BU_OK;
}

static bulla_status take_inputs(const record *r, bulla_digest_set *inputs)
{
    bool is_one;
    BU_EACH_CHILD(component, r->components) {
        BU_TRY(is_file(r, component, NULL, &is_one));
        BU_EACH_CHILD(fact, bu_node_get(component, "facts"))
            if (is_one)
                BU_TRY(add_input(r, fact, inputs, &r->out->input_count));
    }
    r->out->inputs = inputs;
    return BU_OK;
}

static bulla_status take_dependencies(const record *r)
{
    bool is_one;
    BU_EACH_CHILD(component, r->components) {
        BU_TRY(is_file(r, component, NULL, &is_one));
        if (is_one || is_exempt(component))
            continue;
        r->out->counts_dependencies = r->out->passed;
        r->out->dependencies[build_level(component)]++;
    }
    return BU_OK;
}

/* Was everything allowed or waived, as an exit status of 0 says? */
static bulla_status check_allowed(const record *r)
{
    const bu_node *troubles;
    BU_TRY(bu_node_field(r->tree, r->root, "troubles", BU_NODE_ARRAY, &troubles, r->err));
    if (bu_node_count(troubles) > 0)
        return contradicts(r, troubles, "exit status 0, with troubles");
    BU_EACH_CHILD(component, r->components)
        if (!text_is(component, "verdict", "allowed") && !text_is(component, "verdict", "waived"))
            return contradicts(r, component, "exit status 0, with a component that is not allowed");
    return BU_OK;
}

static bulla_status take_exit(const record *r)
{
    const bu_node *exit, *totals, *total;
    BU_TRY(bu_node_field(r->tree, r->root, "exit", BU_NODE_INTEGER, &exit, r->err));
    int64_t number = bu_node_integer(exit);
    if (number < 0 || number > BULLA_EXIT_INTERNAL)
        return bu_node_fail(r->tree, exit, r->err, BULLA_E_BAD_NUMBER, "no exit status");
    if (!text_is(r->root, "result", bu_exit_word((bulla_exit)number)))
        return contradicts(r, exit, "the word for the exit status is another one");
    BU_TRY(bu_node_field(r->tree, r->root, "totals", BU_NODE_TABLE, &totals, r->err));
    BU_TRY(bu_node_field(r->tree, totals, "total", BU_NODE_INTEGER, &total, r->err));
    if (bu_node_integer(total) != (int64_t)bu_node_count(r->components))
        return contradicts(r, total, "another number of components");
    r->out->passed = number == BULLA_EXIT_ALLOWED;
    return r->out->passed ? check_allowed(r) : BU_OK;
}

static bulla_status take_basis(const record *r)
{
    const bu_node *policy, *digest;
    bulla_bytes time;
    BU_TRY(text_of(r, r->root, "time", &time));
    BU_TRY(bu_time_parse(time, &r->out->time, r->err));
    r->out->has_time = true;
    BU_TRY(bu_node_field(r->tree, r->root, "policy", BU_NODE_TABLE, &policy, r->err));
    BU_TRY(bu_node_field(r->tree, policy, "digest", BU_NODE_STRING, &digest, r->err));
    BU_TRY(digest_of(r, digest, &r->out->policy_digests));
    const char *uri =
        bu_arena_format(r->arena, "urn:bulla:policy:%.*s", (int)bu_node_text(digest).len,
                        (const char *)bu_node_text(digest).ptr);
    r->out->policy = bu_bytes_of(uri);
    return uri == NULL ? bu_no_memory(r->err) : BU_OK;
}

static size_t count_facts(const record *r)
{
    size_t count = 0;
    BU_EACH_CHILD(component, r->components)
        count += bu_node_count(bu_node_get(component, "facts"));
    return count;
}

static bulla_status summarize(record *r)
{
    const bu_node *schema;
    BU_TRY(bu_node_field(r->tree, r->root, "schema", BU_NODE_STRING, &schema, r->err));
    if (!bu_bytes_is(bu_node_text(schema), "bulla.result/1"))
        return bu_node_fail(r->tree, schema, r->err, BULLA_E_UNSUPPORTED_VERSION,
                            "no result of bulla verify -o json");
    BU_TRY(bu_node_field(r->tree, r->root, "components", BU_NODE_ARRAY, &r->components, r->err));
    names *all = bu_arena_get(r->arena, sizeof *all), *one = bu_arena_get(r->arena, sizeof *one);
    bulla_digest_set *inputs = bu_arena_get_array(r->arena, count_facts(r), sizeof *inputs);
    if (all == NULL || one == NULL || inputs == NULL)
        return bu_no_memory(r->err);
    BU_TRY(take_exit(r));
    BU_TRY(take_basis(r));
    BU_TRY(take_levels(r, all, one));
    BU_TRY(take_inputs(r, inputs));
    r->out->levels = all->items;
    r->out->level_count = all->count;
    r->out->resource = bu_arena_copy(r->arena, r->out->resource); /* of the tree */
    return take_dependencies(r);
}

bulla_status bu_record_summarize(bulla_bytes json, const char *name, const bu_subject *files,
                                 size_t count, bu_arena *arena, bu_summary *out, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    bu_summary summary = { 0 };
    BU_TRY(bu_json_load(json, name, &tree, err));
    record r = { .tree = tree,
                 .arena = arena,
                 .err = err,
                 .files = files,
                 .file_count = count,
                 .root = bu_tree_root(tree),
                 .out = &summary };
    BU_TRY(bu_in_file(err, summarize(&r), name));
    *out = summary;
    return BU_OK;
}
