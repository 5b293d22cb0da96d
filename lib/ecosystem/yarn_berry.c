/* SPDX-License-Identifier: MIT */
/*
 * yarn.lock of yarn 2 and later: YAML; `__metadata.version` 4 to 10. An entry's
 * key is its descriptors, `resolution` its locator ("name@protocol:…"). The
 * `checksum` is of the zip that yarn makes of a package, not of what is
 * published: it pins a file with the name that this zip has in yarn's cache.
 * Refuses other versions, git without a commit, and an entry whose descriptors
 * ask for another package than its resolution is.
 */
#include "base/encode.h"
#include "base/limits.h"
#include "base/vec.h"
#include "digest/hasher.h"
#include "ecosystem/scopes.h"
#include "ecosystem/yarn.h"

#define OLDEST_VERSION 4
#define NEWEST_VERSION 10
#define CHECKSUM_HEX   128u
#define SHORT_HASH     10 /* hex characters of a hash in the name of a zip */
#define NESTED_PATCHES 8
#define LOCATORS       SIZE_MAX /* the space of locators, beside those of ranges */

typedef struct item {
    const bu_node *node;
    size_t component;
} item;

typedef struct reader {
    bu_yarn *yarn;
    const bu_tree *tree;
    bu_hasher *hasher;
    bu_scopes scopes;
    bu_intern
        names; /* of all packages: a missing range of one may be what `resolutions` put away */
    item *items;
    size_t count, cap;
} reader;

/* "name@protocol:source#selector::parameters" */
typedef struct locator {
    bulla_bytes name, reference; /* all behind the name */
    bulla_bytes place;           /* the reference without its parameters */
    bulla_bytes parameters;
} locator;

static size_t find_text(bulla_bytes in, const char *wanted)
{
    const uint8_t *hit = in.len == 0 ? NULL : memmem(in.ptr, in.len, wanted, strlen(wanted));
    return hit == NULL ? in.len : (size_t)(hit - in.ptr);
}

static locator locator_of(bulla_bytes text)
{
    bu_yarn_descriptor parts = bu_yarn_descriptor_of(text);
    size_t end = find_text(parts.range, "::");
    return (locator){ .name = parts.name,
                      .reference = parts.range,
                      .place = bu_bytes_first(parts.range, end),
                      .parameters = bu_bytes_from(parts.range, end + 2) };
}

/* Escapes of URLs, "%40" */
static bulla_status decode(const reader *r, bulla_bytes in, bulla_bytes *out, bulla_error *err)
{
    uint8_t *text = bu_arena_get(r->yarn->lock.graph->arena, in.len);
    size_t len = 0;
    if (text == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < in.len; i++) {
        bool escaped =
            in.ptr[i] == '%' && bulla_ok(bu_hex_decode(bu_bytes_first(bu_bytes_from(in, i + 1), 2),
                                                       &text[len], 1, NULL));
        if (!escaped)
            text[len] = in.ptr[i];
        i += escaped ? 2 : 0;
        len++;
    }
    *out = (bulla_bytes){ text, len };
    return BU_OK;
}

/* The value of "name=value" among what is joined by '&'; empty when it is not there. */
static bulla_bytes parameter(bulla_bytes list, const char *name)
{
    while (list.len > 0) {
        bulla_bytes part = bu_bytes_first(list, bu_bytes_find(list, '&'));
        bulla_bytes key = bu_bytes_first(part, bu_bytes_find(part, '='));
        if (bu_bytes_is(key, name))
            return bu_bytes_from(part, key.len + 1);
        list = bu_bytes_from(list, part.len + 1);
    }
    return (bulla_bytes){ 0 };
}

/* Places */

static bulla_status take_npm(const reader *r, const locator *l, bu_lock_entry *entry,
                             bulla_error *err)
{
    bulla_bytes version = bu_bytes_from(l->place, strlen("npm:"));
    const bu_node *stated = bu_node_get(entry->node, "version");
    entry->origin = BULLA_ORIGIN_REGISTRY;
    if (!bu_bytes_equal(version, entry->version))
        return bu_expected(err,
                           bu_node_fail(r->tree, stated, err, BULLA_E_AMBIGUOUS_LOCK,
                                        "`version` is not the one of `resolution`"),
                           version, entry->version);
    return decode(r, parameter(l->parameters, "__archiveUrl"), &entry->resolved, err);
}

static bulla_status take_workspace(const reader *r, const locator *l, bu_lock_entry *entry,
                                   bulla_error *err)
{
    (void)r;
    (void)err;
    bu_npm_entry_folder(entry, bu_bytes_from(l->place, strlen("workspace:")));
    return BU_OK;
}

/* A path from the folder of the workspace that names it: "::locator=name%40workspace%3Afolder". */
static bulla_status take_path(const reader *r, const locator *l, bu_lock_entry *entry,
                              bulla_error *err)
{
    bulla_bytes parent, place = bu_bytes_first(l->place, bu_bytes_find(l->place, '#'));
    BU_TRY(decode(r, parameter(l->parameters, "locator"), &parent, err));
    bulla_bytes folder = bu_yarn_descriptor_of(parent).range;
    folder = bu_bytes_starts(folder, "workspace:") ? bu_bytes_from(folder, strlen("workspace:"))
                                                   : (bulla_bytes){ 0 };
    if (folder.len > 0 && !bu_bytes_is(folder, ".")) {
        size_t scheme = bu_bytes_find(place, ':') + 1;
        bulla_bytes path = bu_bytes_from(place, scheme);
        while (bu_bytes_starts(path, "./"))
            path = bu_bytes_from(path, 2);
        bool is_rooted = bu_bytes_starts(path, "/") || bu_bytes_starts(path, "~");
        const char *whole = bu_arena_format(
            r->yarn->lock.graph->arena, "%.*s%.*s%s%.*s", (int)scheme, (const char *)place.ptr,
            is_rooted ? 0 : (int)folder.len, (const char *)folder.ptr, is_rooted ? "" : "/",
            (int)path.len, (const char *)path.ptr);
        if (whole == NULL)
            return bu_no_memory(err);
        place = bu_bytes_of(whole);
    }
    return bu_npm_entry_place(&r->yarn->lock, entry, place, err);
}

/* An address; behind its '#' are parameters, `commit` among them. */
static bulla_status take_address(const reader *r, const locator *l, bu_lock_entry *entry,
                                 bulla_error *err)
{
    bulla_bytes address = bu_bytes_first(l->place, bu_bytes_find(l->place, '#'));
    bulla_bytes fragment = bu_bytes_from(l->place, address.len + 1);
    bulla_bytes commit = bu_bytes_starts(fragment, "commit:")
                             ? bu_bytes_from(fragment, strlen("commit:"))
                             : parameter(fragment, "commit");
    if (commit.len == 0)
        return bu_npm_entry_place(&r->yarn->lock, entry, address, err);
    return bu_npm_entry_git(&r->yarn->lock, entry, address, commit, err);
}

/* A protocol of a plug-in, or one that makes a package: where its bytes come from is not said. */
static bulla_status take_unknown(const reader *r, const locator *l, bu_lock_entry *entry,
                                 bulla_error *err)
{
    (void)r;
    (void)err;
    entry->resolved = l->place;
    entry->origin = BULLA_ORIGIN_UNKNOWN;
    return BU_OK;
}

static bulla_status take_place(const reader *r, const locator *l, bu_lock_entry *entry,
                               bulla_error *err)
{
    static const struct {
        const char *protocol;
        bulla_status (*take)(const reader *, const locator *, bu_lock_entry *, bulla_error *);
    } rows[] = {
        { "npm:", take_npm },   { "workspace:", take_workspace }, { "file:", take_path },
        { "link:", take_path }, { "portal:", take_path },         { "exec:", take_unknown },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_starts(l->place, rows[i].protocol))
            return rows[i].take(r, l, entry, err);
    bu_npm_source source = bu_npm_source_of(l->place);
    if (source == BU_NPM_NOWHERE)
        return bu_lock_fail(&r->yarn->lock, entry, err, BULLA_E_BAD_SYNTAX,
                            "a resolution without a protocol: \"%.*s\"", (int)l->reference.len,
                            (const char *)l->reference.ptr);
    return source != BU_NPM_OTHER || bu_bytes_find(l->place, '#') < l->place.len
               ? take_address(r, l, entry, err)
               : take_unknown(r, l, entry, err);
}

/* "patch:" and the locator of what is patched, escaped; that may be patched itself. */
static bulla_status find_patched(const reader *r, const bu_node *node, bulla_bytes resolution,
                                 bulla_bytes *out, bulla_error *err)
{
    for (int depth = 0; depth < NESTED_PATCHES; depth++) {
        *out = resolution;
        locator l = locator_of(resolution);
        if (!bu_bytes_starts(l.place, "patch:"))
            return BU_OK;
        bulla_bytes source = bu_bytes_from(l.place, strlen("patch:"));
        source = bu_bytes_first(source, bu_bytes_find(source, '#'));
        BU_TRY(decode(r, source, &resolution, err));
    }
    return bu_node_fail(r->tree, node, err, BULLA_E_RESOURCE_LIMIT,
                        "more than %d patches of patches", NESTED_PATCHES - 1);
}

/* The zip in yarn's cache */

static bulla_status hash(const reader *r, bulla_bytes a, bulla_bytes b, bulla_bytes c,
                         char hex[BULLA_DIGEST_HEX_MAX], bulla_error *err)
{
    bulla_digest_set set;
    BU_TRY(bu_hasher_start(r->hasher, BU_ALGS(BULLA_ALG_SHA512), err));
    BU_TRY(bu_hasher_add(r->hasher, a, err));
    BU_TRY(bu_hasher_add(r->hasher, b, err));
    BU_TRY(bu_hasher_add(r->hasher, c, err));
    BU_TRY(bu_hasher_finish(r->hasher, &set, err));
    bulla_digest_hex(&set.items[0], hex);
    return BU_OK;
}

/* yarn's "locator hash": of the hash of the name and the reference. */
static bulla_status hash_locator(const reader *r, const locator *l, char hex[BULLA_DIGEST_HEX_MAX],
                                 bulla_error *err)
{
    const bulla_bytes none = { 0 };
    bool scoped = bu_bytes_starts(l->name, "@");
    size_t slash = bu_bytes_find(l->name, '/');
    bulla_bytes scope = scoped ? bu_bytes_from(bu_bytes_first(l->name, slash), 1) : none;
    bulla_bytes name = scoped ? bu_bytes_from(l->name, slash + 1) : l->name;
    BU_TRY(hash(r, scope, name, none, hex, err));
    return hash(r, bu_bytes_of(hex), l->reference, none, hex, err);
}

/* "@scope-name-npm-1.0.0-HASH-CHECKSUM.zip" */
static bulla_status name_zip(const reader *r, const locator *l, bulla_bytes checksum, char **out,
                             bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(hash_locator(r, l, hex, err));
    bulla_bytes protocol = bu_bytes_first(l->place, bu_bytes_find(l->place, ':'));
    bulla_bytes version = { 0 };
    if (bu_bytes_is(protocol, "npm"))
        version = bu_bytes_from(l->place, strlen("npm:"));
    version = bu_bytes_first(version, bu_bytes_find(version, '+'));
    *out = bu_arena_format(r->yarn->lock.graph->arena, "%.*s-%.*s%s%.*s-%.*s-%.*s.zip",
                           (int)l->name.len, (const char *)l->name.ptr, (int)protocol.len,
                           (const char *)protocol.ptr, version.len == 0 ? "" : "-",
                           (int)version.len, (const char *)version.ptr, SHORT_HASH, hex, SHORT_HASH,
                           (const char *)checksum.ptr);
    if (*out == NULL)
        return bu_no_memory(err);
    char *slash = strchr(*out, '/');
    if (slash != NULL && (size_t)(slash - *out) < l->name.len)
        *slash = '-';
    return BU_OK;
}

/* "10c0/HEX": before the slash is the kind of zip; older versions have it once, in `cacheKey`. */
static bulla_status take_checksum(reader *r, const locator *l, bu_lock_entry *entry,
                                  bulla_error *err)
{
    bulla_digest digest;
    bulla_digest_set set = { 0 };
    bulla_error why = { 0 };
    char *name;
    const bu_node *node;
    BU_TRY(bu_node_optional(r->tree, entry->node, "checksum", BU_NODE_STRING, &node, err));
    if (node == NULL)
        return BU_OK;
    bulla_bytes hex = bu_node_text(node);
    size_t slash = bu_bytes_find(hex, '/');
    if (slash < hex.len)
        hex = bu_bytes_from(hex, slash + 1);
    if (!bulla_ok(bu_digest_from_hex(BULLA_ALG_SHA512, hex, &digest, &why)))
        return bu_node_fail(r->tree, node, err, BULLA_E_BAD_ENCODING,
                            "not the %u hex digits of a sha512", CHECKSUM_HEX);
    BU_TRY(name_zip(r, l, hex, &name, err));
    BU_TRY(bu_digest_set_add(&set, &digest, err));
    bulla_file_pin *file = bu_arena_get(r->yarn->lock.graph->arena, sizeof *file);
    if (file == NULL)
        return bu_no_memory(err);
    entry->files = file;
    entry->file_count = 1;
    return bu_lock_pin_file(&r->yarn->lock, bu_bytes_of(name), (bulla_bytes){ 0 }, 0, &set, file,
                            err);
}

/* Platforms */

/* Is "os=linux" or "!os=linux" surely not so here? */
static bool is_false(bulla_bytes condition, const bu_ecosystem_options *options)
{
    const struct {
        const char *name, *value;
    } here[] = { { "os", options->os }, { "cpu", options->cpu }, { "libc", options->libc } };
    bool negated = bu_bytes_starts(condition, "!");
    condition = bu_bytes_from(condition, negated ? 1 : 0);
    bulla_bytes name = bu_bytes_first(condition, bu_bytes_find(condition, '='));
    bulla_bytes value = bu_bytes_from(condition, name.len + 1);
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++)
        if (here[i].value != NULL && bu_bytes_is(name, here[i].name))
            return bu_bytes_is(value, here[i].value) == negated;
    return false;
}

/* "(os=linux | os=darwin) & cpu=x64": yarn writes no other forms. */
static bool is_excluded(bulla_bytes conditions, const bu_ecosystem_options *options)
{
    while (conditions.len > 0) {
        bulla_bytes all = bu_bytes_first(conditions, find_text(conditions, " & "));
        conditions = bu_bytes_from(conditions, all.len + 3);
        if (bu_bytes_starts(all, "(") && bu_bytes_ends(all, ")"))
            all = bu_bytes_first(bu_bytes_from(all, 1), all.len - 2);
        bool none = all.len > 0;
        while (all.len > 0 && none) {
            bulla_bytes any = bu_bytes_first(all, find_text(all, " | "));
            none = is_false(any, options);
            all = bu_bytes_from(all, any.len + 3);
        }
        if (none)
            return true;
    }
    return false;
}

/* Entries */

static bulla_bytes without(bulla_bytes range, const char *protocol)
{
    return bu_bytes_starts(range, protocol) ? bu_bytes_from(range, strlen(protocol)) : range;
}

/* "x@npm:name@range" asks for `name`, a folder for whatever it is called, all else for its name. */
static bool asks_for(bu_yarn_descriptor d, bulla_bytes package)
{
    bulla_bytes name, range;
    if (bu_bytes_starts(d.range, "workspace:"))
        return true;
    bool is_alias = bu_npm_alias(d.range, &name, &range) && range.len > 0;
    return bu_bytes_equal(is_alias ? name : d.name, package);
}

static bulla_status describe_one(reader *r, const item *i, bu_yarn_descriptor d,
                                 bulla_bytes package, bulla_error *err)
{
    size_t number;
    const bu_lock_entry at = { .node = i->node };
    if (!asks_for(d, package))
        return bu_lock_fail(&r->yarn->lock, &at, err, BULLA_E_AMBIGUOUS_LOCK,
                            "\"%.*s@%.*s\" is resolved to another package: %.*s", (int)d.name.len,
                            (const char *)d.name.ptr, (int)d.range.len, (const char *)d.range.ptr,
                            (int)package.len, (const char *)package.ptr);
    BU_TRY(bu_intern_add(&r->names, 0, d.name, &number, err));
    d.range = without(d.range, "npm:");
    BU_TRY(bu_yarn_describe(r->yarn, d, i->component, &at, err));
    /* What is asked for is not bound to whoever asks; "::locator=…" is. */
    size_t bound = find_text(d.range, "::");
    d.range = bu_bytes_first(d.range, bound);
    BU_TRY(bu_yarn_range(r->yarn, d.range, &number, err));
    return bu_lock_name(&r->yarn->lock, number, d.name, i->component, err);
}

/* The key: "name@range, name@range" */
static bulla_status describe(reader *r, const item *i, bulla_error *err)
{
    bulla_bytes key = bu_node_key(i->node);
    bulla_bytes name = locator_of(bu_node_text(bu_node_get(i->node, "resolution"))).name;
    while (key.len > 0) {
        bulla_bytes text = bu_bytes_first(key, find_text(key, ", "));
        BU_TRY(describe_one(r, i, bu_yarn_descriptor_of(text), name, err));
        key = bu_bytes_from(key, text.len + 2);
    }
    return BU_OK;
}

static bulla_bytes alias_of(const bu_node *node, bulla_bytes name)
{
    bulla_bytes first = bu_yarn_descriptor_of(bu_node_key(node)).name;
    for (bulla_bytes key = bu_node_key(node); key.len > 0;) {
        bulla_bytes text = bu_bytes_first(key, find_text(key, ", "));
        if (bu_bytes_equal(bu_yarn_descriptor_of(text).name, name))
            return (bulla_bytes){ 0 };
        key = bu_bytes_from(key, text.len + 2);
    }
    return first;
}

static bulla_status add(reader *r, item *i, bulla_bytes resolution, bulla_bytes patched,
                        bulla_error *err)
{
    const locator l = locator_of(resolution), source = locator_of(patched);
    const bu_node *conditions;
    bu_lock *lock = &r->yarn->lock;
    bu_lock_entry entry = { .node = i->node,
                            .name = source.name,
                            .version = bu_node_text(bu_node_get(i->node, "version")),
                            .alias = alias_of(i->node, source.name) };
    if (bu_bytes_is(entry.version, "0.0.0-use.local"))
        entry.version = (bulla_bytes){ 0 }; /* what yarn writes for a folder of the project */
    BU_TRY(bu_node_optional(r->tree, i->node, "conditions", BU_NODE_STRING, &conditions, err));
    BU_TRY(take_place(r, &source, &entry, err));
    if (entry.origin != BULLA_ORIGIN_LOCAL && entry.origin != BULLA_ORIGIN_OUTSIDE)
        BU_TRY(bu_npm_entry_check(lock, &entry, err));
    BU_TRY(take_checksum(r, &l, &entry, err));
    BU_TRY(bu_npm_entry_add(lock, &entry, &i->component, err));
    bulla_component *c = &lock->graph->components[i->component];
    c->excluded_here = is_excluded(bu_node_text(conditions), lock->options);
    if (bu_bytes_is(l.reference, "workspace:."))
        lock->graph->root = i->component;
    if (bu_bytes_starts(l.reference, "workspace:"))
        BU_TRY(
            bu_scopes_need(&r->scopes, BULLA_NO_COMPONENT, i->component, BULLA_SCOPE_RUNTIME, err));
    return bu_lock_name(lock, LOCATORS, resolution, i->component, err);
}

/* What is patched is an entry of its own; a patch adds a pin, or nothing to prove. */
static bulla_status read_entry(reader *r, item *i, bool patches, bulla_error *err)
{
    const bu_node *resolution;
    bulla_bytes patched;
    BU_TRY(bu_node_field(r->tree, i->node, "resolution", BU_NODE_STRING, &resolution, err));
    bulla_bytes text = bu_node_text(resolution);
    BU_TRY(find_patched(r, resolution, text, &patched, err));
    if (patches == bu_bytes_equal(patched, text))
        return BU_OK;
    size_t source = bu_lock_find(&r->yarn->lock, LOCATORS, patched);
    if (patches && source != BULLA_NO_COMPONENT && bu_node_get(i->node, "checksum") == NULL)
        i->component = source;
    else
        BU_TRY(add(r, i, text, patched, err));
    return describe(r, i, err);
}

static bulla_status read_item(reader *r, const bu_node *node, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_node_need(r->tree, node, BU_NODE_TABLE, err));
    version = bu_node_get(node, "version");
    if (bu_node_text(version).len == 0)
        return bu_node_fail(r->tree, version == NULL ? node : version, err,
                            version == NULL ? BULLA_E_MISSING_FIELD : BULLA_E_TYPE_MISMATCH,
                            "an entry needs its `version`");
    BU_TRY(bu_vec_grow(&r->items, r->count, &r->cap, sizeof *r->items, err));
    r->items[r->count] = (item){ node, BULLA_NO_COMPONENT };
    return read_entry(r, &r->items[r->count++], false, err);
}

/* Dependencies */

static bool is_optional(const bu_node *node, bulla_bytes name)
{
    const bu_node *meta = bu_node_get_bytes(bu_node_get(node, "dependenciesMeta"), name);
    return bu_node_is_true(bu_node_get(meta, "optional"));
}

/* `resolutions` of a package.json may put another range in the place of this one. */
static bulla_status note_missing(reader *r, const item *i, const bu_node *wanted, bulla_error *err)
{
    bu_graph *graph = r->yarn->lock.graph;
    bu_flaw flaw = { .code = BULLA_E_MISSING_DEPENDENCY,
                     .component = i->component,
                     .what = bu_arena_text(graph->arena, bu_node_key(wanted)),
                     .lockfile = r->yarn->lock.file,
                     .tolerated =
                         bu_intern_find(&r->names, 0, bu_node_key(wanted)) != BU_INTERN_NONE };
    bu_tree_place(r->tree, bu_node_offset(wanted), &flaw.line, &flaw.column);
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(graph, &flaw, err);
}

static bulla_status connect_one(reader *r, const item *i, const bu_node *wanted, bulla_error *err)
{
    bulla_bytes name = bu_node_key(wanted), range = without(bu_node_text(wanted), "npm:");
    bool optional = is_optional(i->node, name);
    size_t number = bu_intern_find(&r->yarn->ranges, 0, range);
    size_t to =
        number == BU_INTERN_NONE ? BULLA_NO_COMPONENT : bu_lock_find(&r->yarn->lock, number, name);
    if (to == BULLA_NO_COMPONENT)
        return optional ? BU_OK : note_missing(r, i, wanted, err);
    BU_TRY(bu_graph_link(r->yarn->lock.graph, i->component, to, err));
    return bu_scopes_need(&r->scopes, i->component, to,
                          optional ? BULLA_SCOPE_OPTIONAL : BULLA_SCOPE_RUNTIME, err);
}

static bulla_status connect(reader *r, bulla_error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        const bu_node *list;
        BU_TRY(
            bu_node_optional(r->tree, r->items[i].node, "dependencies", BU_NODE_TABLE, &list, err));
        BU_EACH_CHILD(wanted, list) {
            BU_TRY(connect_one(r, &r->items[i], wanted, err));
        }
    }
    BU_TRY(bu_scopes_apply(&r->scopes, r->yarn->lock.graph, err));
    return bu_npm_place_excluded(r->yarn->lock.graph, err);
}

static bulla_status read_metadata(const reader *r, const bu_node *node, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_node_need(r->tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(r->tree, node, "version", BU_NODE_INTEGER, &version, err));
    int64_t number = bu_node_integer(version);
    if (number >= OLDEST_VERSION && number <= NEWEST_VERSION)
        return BU_OK;
    bulla_status status = bu_node_fail(r->tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of yarn's lockfile is known");
    return bu_expected(err, status, BULLA_LIT("4 to 10"), bu_node_text(version));
}

static bulla_status read_root(reader *r, bulla_error *err)
{
    static const char metadata[] = "__metadata";
    const bu_node *root = bu_tree_root(r->tree), *head = NULL;
    BU_TRY(bu_node_need(r->tree, root, BU_NODE_TABLE, err));
    BU_EACH_CHILD(node, root) {
        if (!bu_bytes_is(bu_node_key(node), metadata))
            continue;
        if (head != NULL)
            return bu_node_fail(r->tree, node, err, BULLA_E_DUPLICATE_KEY,
                                "the key \"%s\" stands twice", metadata);
        head = node;
    }
    if (head == NULL)
        return bu_node_fail(r->tree, root, err, BULLA_E_MISSING_FIELD, "no `%s`", metadata);
    BU_TRY(read_metadata(r, head, err));
    BU_EACH_CHILD(node, root) {
        if (node != head)
            BU_TRY(read_item(r, node, err));
    }
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].component == BULLA_NO_COMPONENT)
            BU_TRY(read_entry(r, &r->items[i], true, err));
    return connect(r, err);
}

static void reader_clear(reader *r)
{
    bu_hasher_free(r->hasher);
    bu_scopes_clear(&r->scopes);
    bu_intern_clear(&r->names);
    free(r->items);
}

bulla_status bu_yarn_berry_read(bu_yarn *yarn, bulla_bytes text, const char *name, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_yaml_load_merged(text, name, &tree, err));
    reader r = { .yarn = yarn, .tree = tree };
    yarn->lock.tree = tree;
    bulla_status status = bu_hasher_new(&r.hasher, err);
    if (bulla_ok(status))
        status = read_root(&r, err);
    reader_clear(&r);
    yarn->lock.tree = NULL; /* it goes before the names, which are not looked at any more */
    return status;
}
