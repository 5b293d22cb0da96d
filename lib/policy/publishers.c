/* SPDX-License-Identifier: MIT */
/*
 * bulla.lock as a file. One text for one lock: whatever is out of order, stands twice or is not
 * known is refused, so that a change of the file shows as what it is.
 */
#include "policy/publishers.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "model/purl.h"
#include "syntax/json_writer.h"
#include "syntax/tree.h"

#define SCHEMA "bulla.lock/1"

static const char *const names[BU_PUBLISHER_KINDS] = {
    [BU_PUBLISHER_HOSTS] = "hosts",
    [BU_PUBLISHER_ARCHIVE_CHAIN] = "archive-chain",
    [BU_PUBLISHER_PROVENANCE] = "provenance",
    [BU_PUBLISHER_REGISTRY_SIGNATURE] = "registry-signature",
    [BU_PUBLISHER_SIGNATURE] = "signature",
};

const char *bu_publisher_kind_name(bu_publisher_kind kind)
{
    return names[kind];
}

bulla_status bu_publishers_init(bu_publishers *lock, bulla_error *err)
{
    *lock = (bu_publishers){ .arena = bu_arena_new() };
    return lock->arena == NULL ? bu_no_memory(err) : BU_OK;
}

void bu_publishers_clear(bu_publishers *lock)
{
    bu_arena_free(lock->arena);
    free(lock->items);
    *lock = (bu_publishers){ 0 };
}

/* Sets of texts. */

static bulla_status texts_grow(bu_publisher_texts *texts, bu_arena *arena, bulla_error *err)
{
    size_t cap = texts->cap == 0 ? 2 : 2 * texts->cap;
    const char **items = bu_arena_get_array(arena, cap, sizeof *items);
    if (items == NULL)
        return bu_no_memory(err);
    if (texts->count > 0)
        memcpy(items, texts->items, texts->count * sizeof *items);
    texts->items = items;
    texts->cap = cap;
    return BU_OK;
}

bulla_status bu_publisher_texts_add(bu_publisher_texts *texts, bulla_bytes text, bu_arena *arena,
                                    bulla_error *err)
{
    size_t at = texts->count;
    int order = 1;
    while (at > 0 && (order = bu_bytes_compare(text, bu_bytes_of(texts->items[at - 1]))) < 0)
        at--;
    if (at > 0 && order == 0)
        return BU_OK;
    if (texts->count == texts->cap)
        BU_TRY(texts_grow(texts, arena, err));
    const char *copy = bu_arena_text(arena, text);
    if (copy == NULL)
        return bu_no_memory(err);
    memmove(&texts->items[at + 1], &texts->items[at], (texts->count - at) * sizeof *texts->items);
    texts->items[at] = copy;
    texts->count++;
    return BU_OK;
}

bulla_status bu_publisher_texts_join(bu_publisher_texts *texts, const bu_publisher_texts *more,
                                     bu_arena *arena, bulla_error *err)
{
    for (size_t i = 0; i < more->count; i++)
        BU_TRY(bu_publisher_texts_add(texts, bu_bytes_of(more->items[i]), arena, err));
    return BU_OK;
}

const char *bu_publisher_texts_show(const bu_publisher_texts *texts, bu_arena *arena)
{
    BU_CLEAR(bu_buf) all = { 0 };
    for (size_t i = 0; i < texts->count; i++) {
        bu_buf_add_text(&all, i == 0 ? "" : ", ");
        bu_buf_add_text(&all, texts->items[i]);
    }
    return all.broken ? NULL : bu_arena_text(arena, bu_buf_bytes(&all));
}

/* Entries. */

static int compare(const bu_publisher *entry, const char *purl, const char *line)
{
    int order = strcmp(entry->purl, purl);
    return order != 0 ? order : strcmp(entry->line, line);
}

const bu_publisher *bu_publishers_lines(const bu_publishers *lock, bulla_bytes purl, size_t *count)
{
    size_t low = 0, high = lock->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bu_bytes_compare(bu_bytes_of(lock->items[middle].purl), purl) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < lock->count && bu_bytes_is(purl, lock->items[low + *count].purl))
        ++*count;
    return *count == 0 ? NULL : &lock->items[low];
}

bulla_status bu_publisher_join(bu_publisher *entry, const bu_publisher *more, bu_arena *arena,
                               bulla_error *err)
{
    for (size_t kind = 0; kind < BU_PUBLISHER_KINDS; kind++)
        BU_TRY(bu_publisher_texts_join(&entry->texts[kind], &more->texts[kind], arena, err));
    return BU_OK;
}

bulla_status bu_publishers_put(bu_publishers *lock, const bu_publisher *entry, bulla_error *err)
{
    bu_publisher copy = { .purl = bu_arena_text(lock->arena, bu_bytes_of(entry->purl)),
                          .line = bu_arena_text(lock->arena, bu_bytes_of(entry->line)) };
    if (copy.purl == NULL || copy.line == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_publisher_join(&copy, entry, lock->arena, err));
    size_t at = lock->count; /* most are put in their order */
    while (at > 0 && compare(&lock->items[at - 1], copy.purl, copy.line) >= 0)
        at--;
    if (at < lock->count && compare(&lock->items[at], copy.purl, copy.line) == 0) {
        lock->items[at] = copy;
        return BU_OK;
    }
    BU_TRY(bu_vec_grow(&lock->items, lock->count, &lock->cap, sizeof *lock->items, err));
    memmove(&lock->items[at + 1], &lock->items[at], (lock->count - at) * sizeof *lock->items);
    lock->items[at] = copy;
    lock->count++;
    return BU_OK;
}

/* Reading. */

/* What is printed must not hide anything. */
static bulla_status need_plain(const bu_tree *tree, const bu_node *node, bulla_error *err)
{
    BU_TRY(bu_node_need(tree, node, BU_NODE_STRING, err));
    bulla_bytes text = bu_node_text(node);
    if (text.len == 0)
        return bu_node_fail(tree, node, err, BULLA_E_EMPTY, "is empty");
    if (text.len > BU_LIMIT_NAME_BYTES)
        return bu_node_fail(tree, node, err, BULLA_E_RESOURCE_LIMIT, "is longer than %u bytes",
                            BU_LIMIT_NAME_BYTES);
    size_t at;
    if (bu_utf8_hides(text, &at))
        return bu_node_fail(tree, node, err, BULLA_E_CONTROL_CHARACTER,
                            "a character that does not show, at byte %zu", at);
    return BU_OK;
}

static bulla_status read_texts(const bu_tree *tree, const bu_node *table, bu_publisher_kind kind,
                               bu_publishers *lock, bu_publisher_texts *out, bulla_error *err)
{
    const bu_node *list;
    bulla_bytes before = { 0 };
    BU_TRY(bu_node_optional(tree, table, names[kind], BU_NODE_ARRAY, &list, err));
    if (list != NULL && bu_node_count(list) == 0)
        return bu_node_fail(tree, list, err, BULLA_E_EMPTY, "a list of nothing");
    BU_EACH_CHILD(item, list) {
        BU_TRY(need_plain(tree, item, err));
        int order = bu_bytes_compare(before, bu_node_text(item));
        if (before.len > 0 && order >= 0)
            return bu_node_fail(tree, item, err,
                                order == 0 ? BULLA_E_DUPLICATE_ENTRY : BULLA_E_BAD_SYNTAX,
                                order == 0 ? "stands twice" : "is out of order");
        before = bu_node_text(item);
        BU_TRY(bu_publisher_texts_add(out, before, lock->arena, err));
    }
    return BU_OK;
}

/* The purl of a package: canonical, without what is of one release. */
static bulla_status read_purl(const bu_tree *tree, const bu_node *table, bu_publishers *lock,
                              const char **out, bulla_error *err)
{
    const bu_node *node;
    BU_TRY(bu_node_field(tree, table, "purl", BU_NODE_STRING, &node, err));
    BU_TRY(need_plain(tree, node, err));
    bulla_error why;
    const char *canonical = NULL;
    bulla_bytes text = bu_node_text(node);
    bulla_status status = bu_purl_canonicalize(text, lock->arena, &canonical, &why);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (!bulla_ok(status) || !bu_bytes_is(text, canonical) || strpbrk(canonical, "@?#") != NULL)
        return bu_node_fail(tree, node, err, BULLA_E_BAD_PURL,
                            "is not the package URL of a package without a version");
    *out = canonical;
    return BU_OK;
}

static bulla_status read_entry(const bu_tree *tree, const bu_node *table, bu_publishers *lock,
                               bulla_error *err)
{
    static const char *const keys[] = { "purl",          "line",       "hosts",
                                        "archive-chain", "provenance", "registry-signature",
                                        "signature",     NULL };
    bu_publisher entry = { 0 };
    const bu_node *line;
    BU_TRY(bu_node_need(tree, table, BU_NODE_TABLE, err));
    BU_TRY(bu_node_only(tree, table, keys, err));
    BU_TRY(read_purl(tree, table, lock, &entry.purl, err));
    BU_TRY(bu_node_field(tree, table, "line", BU_NODE_STRING, &line, err));
    if (bu_node_text(line).len > 0)
        BU_TRY(need_plain(tree, line, err));
    entry.line = bu_arena_text(lock->arena, bu_node_text(line));
    if (entry.line == NULL)
        return bu_no_memory(err);
    for (bu_publisher_kind kind = 0; kind < BU_PUBLISHER_KINDS; kind++)
        BU_TRY(read_texts(tree, table, kind, lock, &entry.texts[kind], err));
    const bu_publisher *last = lock->count == 0 ? NULL : &lock->items[lock->count - 1];
    int order = last == NULL ? -1 : compare(last, entry.purl, entry.line);
    if (order >= 0)
        return bu_node_fail(tree, table, err,
                            order == 0 ? BULLA_E_DUPLICATE_ENTRY : BULLA_E_BAD_SYNTAX,
                            order == 0 ? "stands twice" : "is out of order");
    BU_TRY(bu_vec_grow(&lock->items, lock->count, &lock->cap, sizeof *lock->items, err));
    lock->items[lock->count++] = entry;
    return BU_OK;
}

static bulla_status read_document(const bu_tree *tree, bu_publishers *lock, bulla_error *err)
{
    static const char *const keys[] = { "schema", "packages", NULL };
    const bu_node *root = bu_tree_root(tree), *schema, *packages;
    BU_TRY(bu_node_need(tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, root, "schema", BU_NODE_STRING, &schema, err));
    if (!bu_bytes_is(bu_node_text(schema), SCHEMA))
        return bu_expected(
            err,
            bu_node_fail(tree, schema, err, BULLA_E_UNSUPPORTED_VERSION, "no lock that is known"),
            BULLA_LIT(SCHEMA), bu_node_text(schema));
    BU_TRY(bu_node_only(tree, root, keys, err));
    BU_TRY(bu_node_field(tree, root, "packages", BU_NODE_ARRAY, &packages, err));
    BU_EACH_CHILD(item, packages)
        BU_TRY(read_entry(tree, item, lock, err));
    return BU_OK;
}

static bulla_status read(bulla_bytes json, const char *name, bu_publishers *lock, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_json_load(json, name, &tree, err));
    return read_document(tree, lock, err);
}

bulla_status bu_publishers_read(bulla_bytes json, const char *name, bu_publishers *lock,
                                bulla_error *err)
{
    bulla_status status = bu_in_file(err, read(json, name, lock, err), name);
    return status.code == BULLA_E_NO_MEMORY ? status : bu_as(err, status, BULLA_EXIT_CONFIG);
}

/* Writing. */

static void write_entry(const bu_publisher *entry, bu_json_writer *writer)
{
    bu_json_begin(writer, NULL, '{');
    bu_json_put_string(writer, "purl", bu_bytes_of(entry->purl));
    bu_json_put_string(writer, "line", bu_bytes_of(entry->line));
    for (size_t kind = 0; kind < BU_PUBLISHER_KINDS; kind++) {
        if (entry->texts[kind].count == 0)
            continue;
        bu_json_begin(writer, names[kind], '[');
        for (size_t i = 0; i < entry->texts[kind].count; i++)
            bu_json_put_string(writer, NULL, bu_bytes_of(entry->texts[kind].items[i]));
        bu_json_end(writer, ']');
    }
    bu_json_end(writer, '}');
}

void bu_publishers_write(const bu_publishers *lock, bu_buf *out)
{
    bu_json_writer writer = bu_json_writer_of(out, BU_JSON_INDENTED);
    bu_json_begin(&writer, NULL, '{');
    bu_json_put_string(&writer, "schema", BULLA_LIT(SCHEMA));
    bu_json_begin(&writer, "packages", '[');
    for (size_t i = 0; i < lock->count; i++)
        write_entry(&lock->items[i], &writer);
    bu_json_end(&writer, ']');
    bu_json_end(&writer, '}');
    bu_buf_add_byte(out, '\n');
}
