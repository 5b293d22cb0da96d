/* SPDX-License-Identifier: MIT */
/*
 * Release files, Packages indexes, control files and the names of .deb files.
 * Specs: Debian repository format; deb-control(5); deb-version(7); dpkg's own
 * rules for names. Refuses what lacks a SHA-256, and paths that climb.
 */
#include "ecosystem/debian.h"

#include "base/intern.h"
#include "base/reader.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "syntax/lines.h"

static bool is_alnum(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters, digits, and what `others` has; the first is a letter or digit. */
static bool is_made_of(bulla_bytes text, const char *others)
{
    if (text.len == 0 || !is_alnum(text.ptr[0]))
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (!is_alnum(text.ptr[i]) && (text.ptr[i] == '\0' || strchr(others, text.ptr[i]) == NULL))
            return false;
    return true;
}

bool bu_deb_is_package(bulla_bytes name)
{
    return is_made_of(name, "-+._");
}

bool bu_deb_is_version(bulla_bytes version)
{
    return is_made_of(version, "-+.~:");
}

bool bu_deb_is_architecture(bulla_bytes architecture)
{
    return is_made_of(architecture, "-");
}

/* Every text that is kept is kept in the caller's arena. */
static bulla_status keep(bulla_bytes text, bu_arena *arena, const char **out, bulla_error *err)
{
    *out = bu_arena_text(arena, text);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* The place of a failure, unless it has one. */
static bulla_status at_line(const char *file, uint32_t line, bulla_status status, bulla_error *err)
{
    if (!bulla_ok(status) && err != NULL && err->line == 0)
        status = bu_at(err, status, line, 1);
    return bu_in_file(err, status, file);
}

static bulla_status missing(const char *file, const bu_stanza *stanza, const char *field,
                            bulla_code code, bulla_error *err)
{
    return at_line(file, stanza->line, bu_fail(err, code, "no field %s", field), err);
}

static bulla_status read_number(bulla_bytes text, const char *file, uint32_t line, uint64_t *out,
                                bulla_error *err)
{
    bu_reader r = bu_reader_of(text);
    *out = bu_number(&r, INT64_MAX, "a size in bytes");
    if (bulla_ok(bu_done(&r, err)))
        return BU_OK;
    return at_line(file, line, bu_fail(err, BULLA_E_BAD_NUMBER, "not a size in bytes"), err);
}

static bulla_status read_sha256(bulla_bytes text, const char *file, uint32_t line,
                                bulla_digest *out, bulla_error *err)
{
    return at_line(file, line, bu_digest_from_hex(BULLA_ALG_SHA256, text, out, err), err);
}

static bulla_status check_path(bulla_bytes path, const char *file, uint32_t line, bulla_error *err)
{
    bool climbs = path.len == 0 || path.ptr[0] == '/' || bu_bytes_find(path, '\\') < path.len;
    for (bulla_bytes rest = path; rest.len > 0 && !climbs;) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        climbs = bu_bytes_is(part, "..");
        rest = bu_bytes_from(rest, part.len + 1);
    }
    if (!climbs)
        return BU_OK;
    return at_line(file, line,
                   bu_fail(err, BULLA_E_PATH_TRAVERSAL, "not a path below the archive: \"%.*s\"",
                           (int)path.len, (const char *)path.ptr),
                   err);
}

/* ---- Release ---- */

/* One stanza and nothing else. */
static bulla_status read_only_stanza(bu_stanzas *stanzas, const char *file, bu_stanza *out,
                                     bulla_error *err)
{
    bool more;
    BU_TRY(bu_stanzas_next(stanzas, out, &more, err));
    if (!more)
        return bu_in_file(err, bu_fail(err, BULLA_E_EMPTY, "no fields"), file);
    return BU_OK;
}

static bulla_status end_here(bu_stanzas *stanzas, const char *file, bulla_error *err)
{
    bu_stanza second;
    bool more;
    BU_TRY(bu_stanzas_next(stanzas, &second, &more, err));
    if (!more)
        return BU_OK;
    return at_line(file, second.line, bu_fail(err, BULLA_E_TRAILING_DATA, "a second stanza"), err);
}

/* The next blank-separated word of a line. */
static bulla_bytes next_word(bulla_bytes *line)
{
    *line = bu_bytes_trim(*line);
    size_t end = 0;
    while (end < line->len && line->ptr[end] != ' ' && line->ptr[end] != '\t')
        end++;
    bulla_bytes word = bu_bytes_first(*line, end);
    *line = bu_bytes_from(*line, end);
    return word;
}

/* "digest size path" */
static bulla_status read_file(bulla_bytes text, const char *file, uint32_t line, bu_arena *arena,
                              bu_release_file *out, bulla_error *err)
{
    BU_TRY(read_sha256(next_word(&text), file, line, &out->sha256, err));
    BU_TRY(read_number(next_word(&text), file, line, &out->size, err));
    bulla_bytes path = next_word(&text);
    BU_TRY(check_path(path, file, line, err));
    if (next_word(&text).len > 0)
        return at_line(file, line,
                       bu_fail(err, BULLA_E_BAD_SYNTAX, "more than a digest, a size and a path"),
                       err);
    return keep(path, arena, &out->path, err);
}

static size_t count_lines(bulla_bytes text)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

static bulla_status read_files(const bu_field *list, const char *file, bu_arena *arena,
                               bu_release *out, bulla_error *err)
{
    BU_CLEAR(bu_intern) paths = { 0 };
    out->files = bu_arena_get_array(arena, count_lines(list->value), sizeof *out->files);
    if (out->files == NULL)
        return bu_no_memory(err);
    bulla_bytes rest = list->value;
    for (uint32_t line = list->line; rest.len > 0; line++) {
        bulla_bytes text = bu_bytes_first(rest, bu_bytes_find(rest, '\n'));
        rest = bu_bytes_from(rest, text.len + 1);
        if (bu_bytes_trim(text).len == 0)
            continue;
        size_t number;
        bu_release_file *entry = &out->files[out->count];
        BU_TRY(read_file(text, file, line, arena, entry, err));
        BU_TRY(bu_intern_add(&paths, 0, bu_bytes_of(entry->path), &number, err));
        if (number < out->count)
            return at_line(file, line,
                           bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is listed twice", entry->path),
                           err);
        out->count++;
    }
    return BU_OK;
}

static bulla_status read_time(const bu_stanza *stanza, const char *name, const char *file,
                              int64_t *out, bulla_error *err)
{
    const bu_field *field = bu_stanza_get(stanza, name);
    if (field == NULL)
        return BU_OK;
    bulla_status status = bu_time_parse_rfc5322(field->value, out, err);
    return at_line(file, field->line, bu_within(err, status, "%s", name), err);
}

static bulla_status read_release(const bu_stanza *stanza, const char *file, bu_arena *arena,
                                 bu_release *out, bulla_error *err)
{
    const struct {
        const char *name;
        const char **out;
    } texts[] = { { "Origin", &out->origin },
                  { "Suite", &out->suite },
                  { "Codename", &out->codename } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const bu_field *field = bu_stanza_get(stanza, texts[i].name);
        if (field != NULL)
            BU_TRY(keep(field->value, arena, texts[i].out, err));
    }
    if (bu_stanza_get(stanza, "Date") == NULL)
        return missing(file, stanza, "Date", BULLA_E_MISSING_FIELD, err);
    BU_TRY(read_time(stanza, "Date", file, &out->date, err));
    BU_TRY(read_time(stanza, "Valid-Until", file, &out->valid_until, err));
    const bu_field *list = bu_stanza_get(stanza, "SHA256");
    if (list == NULL)
        return missing(file, stanza, "SHA256", BULLA_E_MISSING_HASH, err);
    return read_files(list, file, arena, out, err);
}

static bulla_status read_stanza(bulla_bytes text, const char *name, bu_arena *arena,
                                bulla_status (*read)(const bu_stanza *stanza, const char *file,
                                                     bu_arena *arena, bu_release *out,
                                                     bulla_error *err),
                                bu_release *out, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(text);
    BU_AUTO(bu_stanzas) stanzas = NULL;
    bu_stanza stanza;
    bu_release release = { .valid_until = INT64_MAX };
    BU_TRY(bu_stanzas_new(&source.base, name, &stanzas, err));
    BU_TRY(read_only_stanza(stanzas, name, &stanza, err));
    BU_TRY(read(&stanza, name, arena, &release, err));
    BU_TRY(end_here(stanzas, name, err));
    *out = release;
    return BU_OK;
}

bulla_status bu_release_parse(bulla_bytes text, const char *name, bu_arena *arena, bu_release *out,
                              bulla_error *err)
{
    return read_stanza(text, name, arena, read_release, out, err);
}

static bulla_status read_checksums(const bu_stanza *stanza, const char *file, bu_arena *arena,
                                   bu_release *out, bulla_error *err)
{
    const bu_field *list = bu_stanza_get(stanza, "Checksums-Sha256");
    if (list == NULL)
        list = bu_stanza_get(stanza, "SHA256");
    if (list == NULL)
        return missing(file, stanza, "Checksums-Sha256", BULLA_E_MISSING_HASH, err);
    return read_files(list, file, arena, out, err);
}

bulla_status bu_deb_list_parse(bulla_bytes text, const char *name, bu_arena *arena, bu_release *out,
                               bulla_error *err)
{
    return read_stanza(text, name, arena, read_checksums, out, err);
}

/* ---- Packages and control ---- */

static bulla_status refuse_value(const char *file, const bu_field *field, bulla_error *err)
{
    return at_line(file, field->line,
                   bu_fail(err, BULLA_E_BAD_NAME, "not a %.*s: \"%.*s\"", (int)field->name.len,
                           (const char *)field->name.ptr, (int)field->value.len,
                           (const char *)field->value.ptr),
                   err);
}

/* What an index and a control file both say of a package. */
static bulla_status read_entry(const bu_stanza *stanza, const char *file, bu_arena *arena,
                               bu_deb_entry *out, bulla_error *err)
{
    const struct {
        const char *name;
        const char **out;
        bool (*is_valid)(bulla_bytes value); /* NULL: any text, and it may be absent */
    } rows[] = {
        { "Package", &out->package, bu_deb_is_package },
        { "Version", &out->version, bu_deb_is_version },
        { "Architecture", &out->architecture, bu_deb_is_architecture },
        { "Multi-Arch", &out->multiarch, NULL },
        { "Depends", &out->depends, NULL },
        { "Pre-Depends", &out->pre_depends, NULL },
        { "Essential", &out->essential, NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const bu_field *field = bu_stanza_get(stanza, rows[i].name);
        if (field == NULL && rows[i].is_valid == NULL)
            continue;
        if (field == NULL)
            return missing(file, stanza, rows[i].name, BULLA_E_MISSING_FIELD, err);
        if (rows[i].is_valid != NULL && !rows[i].is_valid(field->value))
            return refuse_value(file, field, err);
        BU_TRY(keep(field->value, arena, rows[i].out, err));
    }
    out->line = stanza->line;
    return BU_OK;
}

static bulla_status read_listed(const bu_stanza *stanza, const char *file, bu_arena *arena,
                                bu_deb_entry *out, bulla_error *err)
{
    const bu_field *filename = bu_stanza_get(stanza, "Filename");
    const bu_field *size = bu_stanza_get(stanza, "Size");
    const bu_field *sha256 = bu_stanza_get(stanza, "SHA256");
    BU_TRY(read_entry(stanza, file, arena, out, err));
    if (filename == NULL || size == NULL)
        return missing(file, stanza, filename == NULL ? "Filename" : "Size", BULLA_E_MISSING_FIELD,
                       err);
    if (sha256 == NULL)
        return missing(file, stanza, "SHA256", BULLA_E_MISSING_HASH, err);
    BU_TRY(check_path(filename->value, file, filename->line, err));
    BU_TRY(keep(filename->value, arena, &out->filename, err));
    BU_TRY(read_number(size->value, file, size->line, &out->size, err));
    return read_sha256(sha256->value, file, sha256->line, &out->sha256, err);
}

bulla_status bu_packages_read(bu_source *source, const char *name, bu_arena *arena,
                              bool (*wanted)(void *context, bulla_bytes package),
                              bulla_status (*each)(void *context, const bu_deb_entry *entry,
                                                   bulla_error *err),
                              void *context, bulla_error *err)
{
    BU_AUTO(bu_stanzas) stanzas = NULL;
    BU_TRY(bu_stanzas_new(source, name, &stanzas, err));
    for (;;) {
        bu_stanza stanza;
        bool more;
        BU_TRY(bu_stanzas_next(stanzas, &stanza, &more, err));
        if (!more)
            return BU_OK;
        const bu_field *package = bu_stanza_get(&stanza, "Package");
        if (package == NULL)
            return missing(name, &stanza, "Package", BULLA_E_MISSING_FIELD, err);
        if (!wanted(context, package->value))
            continue;
        bu_deb_entry entry = { 0 };
        BU_TRY(read_listed(&stanza, name, arena, &entry, err));
        BU_TRY(each(context, &entry, err));
    }
}

bulla_status bu_control_parse(bulla_bytes text, const char *name, bu_arena *arena,
                              bu_deb_entry *out, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(text);
    BU_AUTO(bu_stanzas) stanzas = NULL;
    bu_stanza stanza;
    bu_deb_entry entry = { 0 };
    BU_TRY(bu_stanzas_new(&source.base, name, &stanzas, err));
    BU_TRY(read_only_stanza(stanzas, name, &stanza, err));
    BU_TRY(read_entry(&stanza, name, arena, &entry, err));
    BU_TRY(end_here(stanzas, name, err));
    *out = entry;
    return BU_OK;
}

/* ---- File names ---- */

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the text begins with, also when apt wrote it as %xx, in lower case. */
static uint8_t take_byte(bulla_bytes *text)
{
    uint8_t byte = text->ptr[0];
    size_t size = 1;
    if (byte == '%' && text->len >= 3) {
        int high = hex_value(text->ptr[1]), low = hex_value(text->ptr[2]);
        size = high < 0 || low < 0 ? 1 : 3;
        byte = size == 1 ? byte : (uint8_t)(high * 16 + low);
    }
    *text = bu_bytes_from(*text, size);
    return byte;
}

static bulla_status unquote(bulla_bytes text, bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    uint8_t *plain = bu_arena_get(arena, text.len + 1);
    if (plain == NULL)
        return bu_no_memory(err);
    size_t len = 0;
    while (text.len > 0)
        plain[len++] = take_byte(&text);
    *out = (bulla_bytes){ plain, len };
    return BU_OK;
}

/* One part of the name, up to `end`. A '%' that is left over makes it invalid. */
static bulla_status take_part(bulla_bytes *rest, uint8_t end, bool (*is_valid)(bulla_bytes part),
                              bu_arena *arena, const char **out, bool *valid, bulla_error *err)
{
    bulla_bytes part = bu_bytes_first(*rest, bu_bytes_find(*rest, end));
    *rest = bu_bytes_from(*rest, part.len + 1);
    BU_TRY(unquote(part, arena, &part, err));
    *valid = *valid && is_valid(part);
    *out = (const char *)part.ptr;
    return BU_OK;
}

bulla_status bu_deb_filename_parse(bulla_bytes filename, bu_arena *arena, bu_deb_entry *out,
                                   bulla_error *err)
{
    bu_deb_entry entry = { 0 };
    bool valid = bu_bytes_ends(filename, ".deb");
    bulla_bytes rest = bu_bytes_first(filename, valid ? filename.len - 4 : 0);
    BU_TRY(take_part(&rest, '_', bu_deb_is_package, arena, &entry.package, &valid, err));
    BU_TRY(take_part(&rest, '_', bu_deb_is_version, arena, &entry.version, &valid, err));
    BU_TRY(take_part(&rest, '_', bu_deb_is_architecture, arena, &entry.architecture, &valid, err));
    if (!valid || rest.len > 0)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "not the name of a Debian package"),
                           BULLA_LIT("NAME_VERSION_ARCHITECTURE.deb"), filename);
    *out = entry;
    return BU_OK;
}
