/* SPDX-License-Identifier: MIT */
/*
 * Meson's subprojects/NAME.wrap: where the sources of a subproject come from,
 * with the SHA-256 of the archive and of the patch over it, or a commit.
 * Spec: Meson manual, "Wrap dependency system manual".
 */
#include "ecosystem/origin.h"

/* The keys that count, by the place of their value. */
typedef enum key {
    DIRECTORY,
    SOURCE_URL,
    SOURCE_FILENAME,
    SOURCE_HASH,
    PATCH_URL,
    PATCH_FILENAME,
    PATCH_HASH,
    URL,
    REVISION,
    KEYS
} key;

static const char *const keys[KEYS] = {
    "directory",  "source_url", "source_filename", "source_hash", "patch_url", "patch_filename",
    "patch_hash", "url",        "revision",
};

typedef struct wrap {
    bu_lock lock;
    bu_text text;
    bulla_bytes kind; /* of the section that says where from: "file", "git" …; empty: none yet */
    bool in_section;  /* the line is of that section */
    bulla_bytes values[KEYS];
    uint32_t lines[KEYS];
} wrap;

static void wrap_clear(wrap *w)
{
    bu_lock_clear(&w->lock);
}
BU_DEFINE_CLEAR(wrap)

static bulla_status take_section(wrap *w, bulla_bytes line, bulla_error *err)
{
    bulla_bytes name = bu_bytes_from(line, 1);
    if (!bu_bytes_ends(name, "]"))
        return bu_text_fail(&w->text, line.ptr, err, BULLA_E_BAD_SYNTAX, "not a section: [NAME]");
    name.len--;
    w->in_section = bu_bytes_starts(name, "wrap-");
    if (!w->in_section)
        return BU_OK;
    if (w->kind.len > 0)
        return bu_text_fail(&w->text, line.ptr, err, BULLA_E_DUPLICATE_ENTRY,
                            "a second section says where the sources come from");
    w->kind = bu_bytes_from(name, sizeof "wrap-" - 1);
    return BU_OK;
}

static bulla_status take_line(void *context, bulla_error *err)
{
    wrap *w = context;
    bulla_bytes line = bu_bytes_trim(w->text.line);
    if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';')
        return BU_OK;
    if (line.ptr[0] == '[')
        return take_section(w, line, err);
    size_t equals = bu_bytes_find(line, '=');
    if (equals == line.len)
        return bu_text_fail(&w->text, line.ptr, err, BULLA_E_BAD_SYNTAX, "not KEY = VALUE");
    bulla_bytes name = bu_bytes_trim(bu_bytes_first(line, equals));
    for (size_t i = 0; w->in_section && i < KEYS; i++) {
        if (!bu_bytes_is(name, keys[i]))
            continue;
        if (w->lines[i] != 0)
            return bu_text_fail(&w->text, line.ptr, err, BULLA_E_DUPLICATE_KEY, "%s stands twice",
                                keys[i]);
        w->values[i] = bu_bytes_trim(bu_bytes_from(line, equals + 1));
        w->lines[i] = w->text.number;
    }
    return BU_OK;
}

/* "zlib-1.3.1" of zlib.wrap: the version is what is behind the name. */
static bulla_bytes version_of(const wrap *w, bulla_bytes name)
{
    bulla_bytes directory = w->values[DIRECTORY];
    bool begins = directory.len > name.len + 1 &&
                  bu_bytes_equal(bu_bytes_first(directory, name.len), name) &&
                  directory.ptr[name.len] == '-';
    return begins ? bu_bytes_from(directory, name.len + 1) : (bulla_bytes){ 0 };
}

/* An archive with its digest: the sources, or what is laid over them. */
static bulla_status add_file(wrap *w, bulla_bytes name, bulla_bytes version, key url, key filename,
                             key hash, bulla_error *err)
{
    bulla_file_pin *file = bu_arena_get_array(w->lock.graph->arena, 1, sizeof *file);
    bulla_digest_set digests = { 0 };
    bulla_digest digest;
    bulla_error why = { 0 };
    bu_lock_entry entry = { .name = name,
                            .version = version,
                            .resolved = w->values[url],
                            .origin = BULLA_ORIGIN_REGISTRY,
                            .files = file,
                            .file_count = 1,
                            .line = w->lines[filename],
                            .column = 1 };
    if (file == NULL)
        return bu_no_memory(err);
    if (w->lines[hash] != 0) {
        bulla_status status = bu_digest_from_hex(BULLA_ALG_SHA256, w->values[hash], &digest, &why);
        entry.line = w->lines[hash];
        if (!bulla_ok(status))
            return bu_lock_fail(&w->lock, &entry, err, status.code, "%s", why.text);
        BU_TRY(bu_digest_set_add(&digests, &digest, err));
    }
    BU_TRY(bu_lock_pin_file(&w->lock, w->values[filename], w->values[url], 0, &digests, file, err));
    return bu_lock_add(&w->lock, &entry, NULL, err);
}

static bulla_status add_archives(wrap *w, bulla_bytes name, bulla_error *err)
{
    bulla_bytes version = version_of(w, name);
    const bu_lock_entry at = { .line = 1, .column = 1 };
    if (w->values[SOURCE_FILENAME].len == 0)
        return bu_lock_fail(&w->lock, &at, err, BULLA_E_MISSING_FIELD, "no source_filename");
    BU_TRY(add_file(w, name, version, SOURCE_URL, SOURCE_FILENAME, SOURCE_HASH, err));
    if (w->values[PATCH_FILENAME].len == 0)
        return BU_OK;
    const char *patch =
        bu_arena_format(w->lock.graph->arena, "%.*s-patch", (int)name.len, (const char *)name.ptr);
    if (patch == NULL)
        return bu_no_memory(err);
    return add_file(w, bu_bytes_of(patch), version, PATCH_URL, PATCH_FILENAME, PATCH_HASH, err);
}

static bulla_status add_commit(wrap *w, bulla_bytes name, bulla_error *err)
{
    const bu_lock_entry entry = { .name = name,
                                  .version = w->values[REVISION],
                                  .resolved = w->values[URL],
                                  .origin = BULLA_ORIGIN_GIT,
                                  .line = w->lines[REVISION] == 0 ? 1 : w->lines[REVISION],
                                  .column = 1 };
    if (!bu_is_commit(entry.version))
        return bu_lock_fail(&w->lock, &entry, err, BULLA_E_UNPINNED,
                            "a revision that is no whole commit moves");
    return bu_lock_add(&w->lock, &entry, NULL, err);
}

/* NAME of ".../subprojects/NAME.wrap" */
static bulla_bytes stem(const char *path)
{
    bulla_bytes name = bu_bytes_of(bu_path_name(path));
    return bu_bytes_ends(name, ".wrap") ? bu_bytes_first(name, name.len - 5) : name;
}

static bulla_status add_components(wrap *w, bulla_error *err)
{
    bulla_bytes name = stem(w->lock.file);
    const bu_lock_entry at = { .line = 1, .column = 1 };
    if (w->kind.len == 0)
        return bu_lock_fail(&w->lock, &at, err, BULLA_E_MISSING_FIELD,
                            "no section says where the sources come from");
    if (bu_bytes_is(w->kind, "file"))
        return add_archives(w, name, err);
    if (bu_bytes_is(w->kind, "git") || bu_bytes_is(w->kind, "hg"))
        return add_commit(w, name, err);
    if (bu_bytes_is(w->kind, "redirect"))
        return BU_OK; /* the wrap of another subproject, which is in its tree */
    return bu_lock_fail(&w->lock, &at, err, BULLA_E_INSECURE_SOURCE,
                        "sources of this kind are not pinned by anything");
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(wrap) w = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&w.lock, "generic", name, options, graph, err));
    BU_TRY(bu_text_each(&w.text, take_line, &w, err));
    return add_components(&w, err);
}

static const char *const filenames[] = { "*.wrap", NULL };
static const char *const places[] = { "subprojects/*.wrap", NULL };

const bu_ecosystem bu_eco_wrap = {
    .id = "wrap",
    .filenames = filenames,
    .places = places,
    .each_place = true,
    .title = "Meson subproject (subprojects/NAME.wrap)",
    .parse = parse,
};
