/* SPDX-License-Identifier: MIT */
/*
 * Packages of apk: who provides what, and who needs it.
 */
#include "ecosystem/apk_db.h"

#include "base/reader.h"
#include "ecosystem/origin.h"

/* One package while its lines are read. */
typedef struct package {
    uint32_t line; /* of its first line; 0: none was read yet */
    bulla_bytes name, version, architecture, license, size, depends, provides;
} package;

typedef struct database {
    bu_lock lock;
    bu_text text;
    bool installed;
    bulla_bytes distribution;
    package now;
} database;

static void database_clear(database *d)
{
    bu_lock_clear(&d->lock);
}
BU_DEFINE_CLEAR(database)

/* "so:libc.musl-x86_64.so.1=1", "busybox>=1.2", "cmd:sh": the name without what is demanded of it. */
static bulla_bytes cut_constraint(bulla_bytes word)
{
    size_t end = 0;
    while (end < word.len && strchr("=<>~", word.ptr[end]) == NULL)
        end++;
    return bu_bytes_first(word, end);
}

static bulla_bytes next_word(bulla_bytes *rest)
{
    *rest = bu_bytes_trim(*rest);
    bulla_bytes word = bu_bytes_first(*rest, bu_bytes_find(*rest, ' '));
    *rest = bu_bytes_from(*rest, word.len);
    return word;
}

static bulla_status name_provided(database *d, size_t index, bulla_error *err)
{
    BU_TRY(bu_lock_name(&d->lock, 0, d->now.name, index, err));
    for (bulla_bytes rest = bu_bytes_trim(d->now.provides); rest.len > 0;)
        BU_TRY(bu_lock_name(&d->lock, 0, cut_constraint(next_word(&rest)), index, err));
    return BU_OK;
}

/* "!name" is a conflict, and a path may be provided by a file: neither is missing when it is not there. */
static bulla_status need_depended(database *d, size_t index, const bu_lock_entry *at,
                                  bulla_error *err)
{
    for (bulla_bytes rest = bu_bytes_trim(d->now.depends); rest.len > 0;) {
        bulla_bytes word = next_word(&rest);
        if (bu_bytes_starts(word, "!"))
            continue;
        bool path = bu_bytes_starts(word, "/");
        bu_lock_absence absence = path || !d->installed ? BU_ABSENCE_FINE : BU_ABSENCE_TOLERATED;
        BU_TRY(bu_lock_need(&d->lock, index, 0, cut_constraint(word), absence, at, err));
    }
    return BU_OK;
}

static bulla_status take_size(const database *d, bu_lock_entry *entry, bulla_error *err)
{
    bu_reader reader = bu_reader_of(d->now.size);
    if (d->installed || d->now.size.len == 0)
        return BU_OK;
    entry->size = bu_number(&reader, UINT64_MAX, "a size");
    if (!bulla_ok(bu_done(&reader, NULL)))
        return bu_lock_fail(&d->lock, entry, err, BULLA_E_BAD_NUMBER, "S is not a size");
    return BU_OK;
}

static bulla_status end_package(database *d, bulla_error *err)
{
    bu_lock_entry entry = {
        .name = d->now.name,
        .version = d->now.version,
        .architecture = d->now.architecture,
        .license = d->now.license,
        .namespace = d->distribution,
        .origin = d->installed ? BULLA_ORIGIN_SYSTEM : BULLA_ORIGIN_REGISTRY,
        .line = d->now.line,
        .column = 1,
    };
    size_t index;
    if (d->now.line == 0)
        return BU_OK;
    if (entry.name.len == 0 || entry.version.len == 0)
        return bu_lock_fail(&d->lock, &entry, err, BULLA_E_MISSING_FIELD,
                            "a package needs P (its name) and V (its version)");
    BU_TRY(take_size(d, &entry, err));
    BU_TRY(bu_lock_add(&d->lock, &entry, &index, err));
    BU_TRY(name_provided(d, index, err));
    BU_TRY(need_depended(d, index, &entry, err));
    d->now = (package){ 0 };
    return BU_OK;
}

static bulla_status take_line(void *context, bulla_error *err)
{
    database *d = context;
    const struct {
        char key;
        bulla_bytes *value;
    } rows[] = {
        { 'P', &d->now.name },     { 'V', &d->now.version }, { 'A', &d->now.architecture },
        { 'L', &d->now.license },  { 'S', &d->now.size },    { 'D', &d->now.depends },
        { 'p', &d->now.provides },
    };
    bulla_bytes line = d->text.line;
    if (line.len == 0)
        return end_package(d, err);
    if (line.len < 2 || line.ptr[1] != ':' || !bu_is_word(bu_bytes_first(line, 1), ""))
        return bu_text_fail(&d->text, line.ptr, err, BULLA_E_BAD_SYNTAX, "not K:VALUE");
    if (d->now.line == 0)
        d->now.line = d->text.number;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (line.ptr[0] != (uint8_t)rows[i].key)
            continue;
        if (rows[i].value->ptr != NULL)
            return bu_text_fail(&d->text, line.ptr, err, BULLA_E_DUPLICATE_ENTRY,
                                "%c stands twice in one package", rows[i].key);
        *rows[i].value = (bulla_bytes){ line.ptr + 2, line.len - 2 };
    }
    return BU_OK;
}

bulla_status bu_apk_read(bulla_bytes text, const char *name, bool installed,
                         const bu_ecosystem_options *options, bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(database) d = { .text = bu_text_of(text), .installed = installed };
    const char *given = options == NULL ? NULL : options->distribution;
    d.distribution = given == NULL ? BULLA_LIT("alpine") : bu_bytes_of(given);
    BU_TRY(bu_lock_open(&d.lock, "apk", name, options, graph, err));
    BU_TRY(bu_text_each(&d.text, take_line, &d, err));
    BU_TRY(end_package(&d, err));
    return bu_lock_connect(&d.lock, err);
}
