/* SPDX-License-Identifier: MIT */
/*
 * dpkg's database of installed packages: `status`, and the files of
 * `status.d` in images without dpkg (there without a Status field). Spec:
 * dpkg(1), "Package states"; deb-control(5). Refuses states that dpkg does
 * not know, names that it would not install, and one package twice.
 */
#include "base/intern.h"
#include "base/vec.h"
#include "ecosystem/debian.h"
#include "ecosystem/ecosystem.h"
#include "ecosystem/os_release.h"
#include "model/purl.h"
#include "syntax/lines.h"

/* Who answers to a name, or to one architecture of it: a package, or the first that provides it. */
typedef struct owner {
    size_t package, provider; /* components, or NO_COMPONENT */
} owner;

/* A package whose dependencies are still to be resolved. */
typedef struct installed {
    size_t component;
    const char *needs[2]; /* Pre-Depends and Depends; NULL */
} installed;

typedef struct database {
    bu_graph *graph;
    const char *file; /* in the graph's arena */
    bu_os_release release;
    bu_arena *scratch; /* owned: what is not needed after parsing */
    installed *items;
    size_t count, cap;
    bu_intern names; /* (0, name), and (1 + the name's number, architecture) */
    owner *owners;   /* by number */
    size_t owner_cap;
} database;

static void database_clear(database *d)
{
    bu_arena_free(d->scratch);
    free(d->items);
    free(d->owners);
    bu_intern_clear(&d->names);
}
BU_DEFINE_CLEAR(database)

/* The place of a failure, unless it has one. */
static bulla_status at_line(const database *d, uint32_t line, bulla_status status, bulla_error *err)
{
    if (!bulla_ok(status) && err != NULL && err->line == 0)
        status = bu_at(err, status, line, 1);
    return bu_in_file(err, status, d->file);
}

/* ---- Names ---- */

static bulla_status intern(database *d, size_t space, bulla_bytes key, size_t *out,
                           bulla_error *err)
{
    size_t known = d->names.count;
    BU_TRY(bu_vec_grow(&d->owners, known, &d->owner_cap, sizeof *d->owners, err));
    BU_TRY(bu_intern_add(&d->names, space, key, out, err));
    if (*out == known)
        d->owners[known] = (owner){ BULLA_NO_COMPONENT, BULLA_NO_COMPONENT };
    return BU_OK;
}

/* The numbers of a name, and of it in one architecture. Both texts outlive the names. */
static bulla_status intern_both(database *d, bulla_bytes name, bulla_bytes architecture,
                                size_t numbers[2], bulla_error *err)
{
    BU_TRY(intern(d, 0, name, &numbers[0], err));
    return intern(d, numbers[0] + 1, architecture, &numbers[1], err);
}

static bulla_status own_name(database *d, const bulla_component *c, size_t component,
                             bulla_error *err)
{
    size_t numbers[2];
    BU_TRY(intern_both(d, bu_bytes_of(c->name), bu_bytes_of(c->architecture), numbers, err));
    size_t other = d->owners[numbers[1]].package;
    if (other != BULLA_NO_COMPONENT)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is installed twice; first on line %u",
                       c->name, d->graph->components[other].line);
    for (size_t i = 0; i < 2; i++)
        if (d->owners[numbers[i]].package == BULLA_NO_COMPONENT)
            d->owners[numbers[i]].package = component;
    return BU_OK;
}

/* Take the next part of a list off `rest`, without white space around it. */
static bulla_bytes next_part(bulla_bytes *rest, uint8_t separator)
{
    bulla_bytes part = bu_bytes_first(*rest, bu_bytes_find(*rest, separator));
    *rest = bu_bytes_from(*rest, part.len + 1);
    while (part.len > 0 && strchr(" \t\n", part.ptr[0]) != NULL)
        part = bu_bytes_from(part, 1);
    return part;
}

/* "name:any (>= 1)" → "name". Versions are not compared: dpkg has, when it installed. */
static bulla_bytes name_of(bulla_bytes relation)
{
    size_t len = 0;
    while (len < relation.len && strchr(" \t\n:([<", relation.ptr[len]) == NULL)
        len++;
    return bu_bytes_first(relation, len);
}

static bulla_status own_provided(database *d, const bu_field *provides, bulla_bytes architecture,
                                 size_t component, bulla_error *err)
{
    if (provides == NULL)
        return BU_OK;
    bulla_bytes rest = bu_arena_copy(d->scratch, provides->value);
    if (rest.ptr == NULL)
        return bu_no_memory(err);
    while (rest.len > 0) {
        size_t numbers[2];
        bulla_bytes name = name_of(next_part(&rest, ','));
        BU_TRY(intern_both(d, name, architecture, numbers, err));
        for (size_t i = 0; i < 2; i++)
            if (d->owners[numbers[i]].provider == BULLA_NO_COMPONENT)
                d->owners[numbers[i]].provider = component;
    }
    return BU_OK;
}

/* ---- Packages ---- */

/* One of the words of a Status field. */
typedef struct word {
    const char *text;
    bool present;
} word;

/* What is only unpacked or half-configured is not installed, and satisfies no dependency. */
static const word words[3][9] = {
    { { "unknown", true },
      { "install", true },
      { "hold", true },
      { "deinstall", true },
      { "purge", true } },
    { { "ok", true }, { "reinstreq", true } },
    { { "installed", true },
      { "triggers-pending", true },
      { "triggers-awaited", true },
      { "half-configured", false },
      { "unpacked", false },
      { "half-installed", false },
      { "config-files", false },
      { "not-installed", false } },
};

static bulla_status read_state(const database *d, const bu_field *status, bool *present,
                               bulla_error *err)
{
    *present = true;
    if (status == NULL)
        return BU_OK;
    bulla_bytes rest = status->value;
    for (size_t i = 0; i < 3; i++) {
        bulla_bytes text = next_part(&rest, ' ');
        const word *w = words[i];
        while (w->text != NULL && !bu_bytes_is(text, w->text))
            w++;
        if (w->text == NULL || (i == 2 && rest.len > 0))
            return at_line(d, status->line,
                           bu_expected(err, bu_fail(err, BULLA_E_BAD_SYNTAX, "no state of dpkg"),
                                       BULLA_LIT("a state such as \"install ok installed\""),
                                       status->value),
                           err);
        *present = *present && w->present;
    }
    return BU_OK;
}

static bulla_status keep(bu_arena *arena, const bu_field *field, const char **out, bulla_error *err)
{
    if (field == NULL)
        return BU_OK;
    *out = bu_arena_text(arena, field->value);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bool is_stated(const bu_field *field)
{
    return field != NULL && field->value.len > 0;
}

/* An installed package that nothing names: it cannot be listed, and must not be lost. */
static bulla_status note_nameless(database *d, const bu_stanza *stanza, const char *field,
                                  bulla_error *err)
{
    const bu_flaw flaw = { .code = BULLA_E_MISSING_FIELD,
                           .component = BULLA_NO_COMPONENT,
                           .what = field,
                           .lockfile = d->file,
                           .line = stanza->line,
                           .column = 1 };
    return bu_graph_note(d->graph, &flaw, err);
}

static bulla_status make_purl(const database *d, bulla_component *out, bulla_error *err)
{
    bu_qualifier qualifiers[] = { { BULLA_LIT("arch"), bu_bytes_of(out->architecture) },
                                  { BULLA_LIT("distro"), bu_bytes_of(d->release.codename) } };
    bu_purl purl = { .type = BULLA_LIT("deb"),
                     .namespace = bu_bytes_of(d->release.id == NULL ? "debian" : d->release.id),
                     .name = bu_bytes_of(out->name),
                     .version = bu_bytes_of(out->version),
                     .qualifiers = qualifiers,
                     .qualifier_count = 2 };
    return bu_purl_text(&purl, d->graph->arena, &out->purl, err);
}

static bulla_status read_component(const database *d, const bu_stanza *stanza, bulla_component *out,
                                   bulla_error *err)
{
    const struct {
        const char *field;
        const char **out;
        bool (*is_valid)(bulla_bytes value);
    } rows[] = {
        { "Package", &out->name, bu_deb_is_package },
        { "Version", &out->version, bu_deb_is_version },
        { "Architecture", &out->architecture, bu_deb_is_architecture },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const bu_field *field = bu_stanza_get(stanza, rows[i].field);
        if (field != NULL && !rows[i].is_valid(field->value))
            return at_line(d, field->line,
                           bu_fail(err, BULLA_E_BAD_NAME, "no %s that dpkg installs: \"%.*s\"",
                                   rows[i].field, (int)field->value.len,
                                   (const char *)field->value.ptr),
                           err);
        BU_TRY(keep(d->graph->arena, field, rows[i].out, err));
    }
    return make_purl(d, out, err);
}

static bulla_status add_installed(database *d, const bu_stanza *stanza, bulla_error *err)
{
    bulla_component out = { .type = "deb",
                            .lockfile = d->file,
                            .line = stanza->line,
                            .column = 1,
                            .parent = BULLA_NO_COMPONENT,
                            .origin = BULLA_ORIGIN_SYSTEM };
    installed item = { 0 };
    BU_TRY(at_line(d, stanza->line, read_component(d, stanza, &out, err), err));
    BU_TRY(keep(d->scratch, bu_stanza_get(stanza, "Pre-Depends"), &item.needs[0], err));
    BU_TRY(keep(d->scratch, bu_stanza_get(stanza, "Depends"), &item.needs[1], err));
    BU_TRY(bu_graph_add(d->graph, &out, &item.component, err));
    BU_TRY(at_line(d, stanza->line, own_name(d, &out, item.component, err), err));
    BU_TRY(own_provided(d, bu_stanza_get(stanza, "Provides"), bu_bytes_of(out.architecture),
                        item.component, err));
    BU_TRY(bu_vec_grow(&d->items, d->count, &d->cap, sizeof *d->items, err));
    d->items[d->count++] = item;
    return BU_OK;
}

static bulla_status add_stanza(database *d, const bu_stanza *stanza, bulla_error *err)
{
    bool present;
    BU_TRY(read_state(d, bu_stanza_get(stanza, "Status"), &present, err));
    if (!present)
        return BU_OK;
    if (!is_stated(bu_stanza_get(stanza, "Package")))
        return note_nameless(d, stanza, "Package", err);
    if (!is_stated(bu_stanza_get(stanza, "Version")))
        return note_nameless(d, stanza, "Version", err);
    return add_installed(d, stanza, err);
}

/* ---- Dependencies ---- */

/* Who answers to a name: in its own architecture, then in any; packages before providers. */
static size_t answer(const database *d, bulla_bytes name, bulla_bytes architecture)
{
    size_t number = bu_intern_find(&d->names, 0, name);
    if (number == BU_INTERN_NONE)
        return BULLA_NO_COMPONENT;
    const owner *any = &d->owners[number], *own = any;
    size_t exact = bu_intern_find(&d->names, number + 1, architecture);
    if (exact != BU_INTERN_NONE)
        own = &d->owners[exact];
    const size_t answers[] = { own->package, any->package, own->provider, any->provider };
    size_t i = 0;
    while (i < 3 && answers[i] == BULLA_NO_COMPONENT)
        i++;
    return answers[i];
}

/* "a | b": the first that is there. */
static bulla_status connect_group(database *d, size_t from, bulla_bytes group, bulla_error *err)
{
    const bulla_component *c = &d->graph->components[from];
    bulla_bytes first = { 0 };
    for (bulla_bytes rest = group; rest.len > 0;) {
        bulla_bytes name = name_of(next_part(&rest, '|'));
        size_t to = answer(d, name, bu_bytes_of(c->architecture));
        if (to != BULLA_NO_COMPONENT)
            return bu_graph_link(d->graph, from, to, err);
        if (first.len == 0)
            first = name;
    }
    bu_flaw flaw = { .code = BULLA_E_MISSING_DEPENDENCY,
                     .component = from,
                     .what = bu_arena_text(d->graph->arena, first),
                     .lockfile = d->file,
                     .line = c->line,
                     .column = 1,
                     .tolerated = true }; /* an image may lack what it does not use */
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(d->graph, &flaw, err);
}

static bulla_status connect(database *d, bulla_error *err)
{
    for (size_t i = 0; i < d->count; i++)
        for (size_t kind = 0; kind < 2; kind++)
            for (bulla_bytes rest = bu_bytes_of(d->items[i].needs[kind]); rest.len > 0;) {
                bulla_bytes group = next_part(&rest, ',');
                if (group.len > 0)
                    BU_TRY(connect_group(d, d->items[i].component, group, err));
            }
    return BU_OK;
}

static bulla_status read_all(database *d, bulla_bytes text, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(text);
    BU_AUTO(bu_stanzas) stanzas = NULL;
    BU_TRY(bu_stanzas_new(&source.base, d->file, &stanzas, err));
    for (;;) {
        bu_stanza stanza;
        bool more;
        BU_TRY(bu_stanzas_next(stanzas, &stanza, &more, err));
        if (!more)
            return BU_OK;
        BU_TRY(add_stanza(d, &stanza, err));
    }
}

static const char *const filenames[] = { "status", NULL };
static const char *const places[] = { "var/lib/dpkg/status", "var/lib/dpkg/status.d/*", NULL };

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    if (bu_bytes_ends(bu_bytes_of(name), ".md5sums"))
        return BU_OK; /* stands beside each package in status.d */
    BU_CLEAR(database)
    d = { .graph = graph,
          .file = bu_arena_text(graph->arena, bu_bytes_of(name)),
          .scratch = bu_arena_new() };
    if (d.file == NULL || d.scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_os_release_beside(name, places, options, graph->arena, &d.release, err));
    BU_TRY(read_all(&d, text, err));
    return connect(&d, err);
}

const bu_ecosystem bu_eco_dpkg = {
    .id = "dpkg",
    .filenames = filenames,
    .places = places,
    .system = true,
    .each_place = true,
    .title = "Debian packages that are installed (dpkg's status, status.d)",
    .parse = parse,
};
