/* SPDX-License-Identifier: MIT */
/*
 * Reading apt's lists. An index counts only after its whole text had the
 * digest and size that a signed, unexpired Release names for it.
 */
#include "evidence/chain.h"

#include "archive/decompress.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/vec.h"
#include "io/file.h"

void bu_chain_clear(bu_chain *chain)
{
    free(chain->listed);
    bu_arena_free(chain->arena);
    *chain = (bu_chain){ 0 };
}

/* One run over the lists. */
typedef struct loader {
    bu_chain *chain;
    const bulla_trust *trust;
    int64_t now;
    const char **wanted; /* package names, sorted */
    size_t wanted_count;
    bu_hasher *hasher;
    bu_folder folder;
    bu_names names;  /* of that folder */
    bu_listed stamp; /* what entries of the index at hand have in common */
} loader;

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_wanted(void *context, bulla_bytes package)
{
    const loader *l = context;
    for (size_t low = 0, high = l->wanted_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = bu_bytes_compare(package, bu_bytes_of(l->wanted[middle]));
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bulla_status take_entry(void *context, const bu_deb_entry *entry, bulla_error *err)
{
    loader *l = context;
    bu_chain *chain = l->chain;
    BU_TRY(bu_vec_grow(&chain->listed, chain->count, &chain->cap, sizeof *chain->listed, err));
    chain->listed[chain->count] = l->stamp;
    chain->listed[chain->count++].entry = *entry;
    return BU_OK;
}

static bulla_status refuse(loader *l, bulla_status status, const bulla_error *error,
                           const char *file, bulla_error *err)
{
    if (bulla_ok(status))
        return BU_OK;
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    bulla_error named = *error;
    (void)bu_in_file(&named, status, file);
    return bu_findings_add(&l->chain->refused, &named, l->chain->arena, err);
}

/* apt's URItoFileName: some characters as %xx, then '/' as '_'. */
static void apt_name(const char *path, bu_buf *out)
{
    for (const char *c = path; *c != '\0'; c++)
        if (strchr("\\|{}[]<>\"^~_=!@#$%^&*", *c) != NULL)
            bu_buf_add_format(out, "%%%02x", (unsigned)(uint8_t)*c);
        else
            bu_buf_add_byte(out, *c == '/' ? '_' : (uint8_t)*c);
}

static bulla_status check_index(const bu_release_file *promised, uint64_t size,
                                const bulla_digest_set *measured, bulla_error *err)
{
    char want[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
    const bulla_digest *sha256 = bulla_digest_set_get(measured, BULLA_ALG_SHA256);
    if (sha256 != NULL && size == promised->size && bulla_digest_equal(sha256, &promised->sha256))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the index that the signed Release names");
    return bu_expected(err, status, bu_bytes_of(bulla_digest_hex(&promised->sha256, want)),
                       bu_bytes_of(sha256 == NULL ? "" : bulla_digest_hex(sha256, got)));
}

/* Entries stay only when the whole index had the promised digest. */
static bulla_status read_index(loader *l, const bu_release_file *promised, const char *filename,
                               bulla_error *err)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    BU_TRY(bu_file_open(&l->folder, filename, BU_LIMIT_ARCHIVE_BYTES, &file, err));
    BU_AUTO(bu_decompressor) plain = NULL;
    BU_TRY(bu_decompressor_new(&file.base, &plain, err));
    bu_tap tap;
    BU_TRY(bu_tap_init(&tap, bu_decompressor_source(plain), l->hasher, BU_ALGS(BULLA_ALG_SHA256),
                       err));
    BU_TRY(bu_packages_read(&tap.base, filename, l->chain->arena, is_wanted, take_entry, l, err));
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_tap_drain(&tap, scratch, err));
    bulla_digest_set measured;
    BU_TRY(bu_tap_finish(&tap, &measured, err));
    return check_index(promised, tap.count, &measured, err);
}

/* The name under which apt keeps an index, in whatever compression; NULL: it was not fetched. */
static const char *kept_as(const loader *l, bulla_bytes name)
{
    static const char *const endings[] = { "", ".lz4", ".xz", ".gz", ".zst" };
    for (size_t i = 0; i < l->names.count; i++) {
        bulla_bytes candidate = bu_bytes_of(l->names.items[i]);
        if (candidate.len < name.len || memcmp(candidate.ptr, name.ptr, name.len) != 0)
            continue;
        for (size_t e = 0; e < sizeof endings / sizeof endings[0]; e++)
            if (bu_bytes_is(bu_bytes_from(candidate, name.len), endings[e]))
                return l->names.items[i];
    }
    return NULL;
}

/* Every Packages index of one believed Release. */
static bulla_status read_indexes(loader *l, const bu_release *release, bulla_bytes prefix,
                                 bulla_error *err)
{
    for (size_t i = 0; i < release->count; i++) {
        const bu_release_file *promised = &release->files[i];
        if (!bu_bytes_ends(bu_bytes_of(promised->path), "/Packages"))
            continue;
        BU_CLEAR(bu_buf) name = { 0 };
        bu_buf_add(&name, prefix);
        apt_name(promised->path, &name);
        if (name.broken)
            return bu_no_memory(err);
        l->stamp.source = kept_as(l, bu_buf_bytes(&name));
        if (l->stamp.source == NULL)
            continue;
        l->stamp.source = bu_arena_text(l->chain->arena, bu_bytes_of(l->stamp.source));
        if (l->stamp.source == NULL)
            return bu_no_memory(err);
        size_t before = l->chain->count;
        bulla_error error = { 0 };
        bulla_status status = read_index(l, promised, l->stamp.source, &error);
        if (!bulla_ok(status))
            l->chain->count = before;
        BU_TRY(refuse(l, status, &error, l->stamp.source, err));
    }
    return BU_OK;
}

static bulla_status judge_dates(const bu_release *release, int64_t now, bulla_error *err)
{
    char until[BU_TIME_TEXT], at[BU_TIME_TEXT];
    if (now > release->valid_until)
        return bu_expected(err,
                           bu_fail(err, BULLA_E_EXPIRED, "the Release is past its Valid-Until"),
                           bu_bytes_of(bu_time_format(release->valid_until, until)),
                           bu_bytes_of(bu_time_format(now, at)));
    if (now < release->date - BU_CLOCK_SKEW_SECONDS)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TIME, "the Release is from the future"),
                           bu_bytes_of(bu_time_format(release->date, until)),
                           bu_bytes_of(bu_time_format(now, at)));
    return BU_OK;
}

/* What one role vouches for: the indexes of a Release that it opened. */
static bulla_status believe(loader *l, const bu_role *role, const bu_payload *payload,
                            const char *filename, bulla_error *err)
{
    bu_release release = { 0 };
    BU_TRY(bu_release_parse(bu_payload_bytes(payload), filename, l->chain->arena, &release, err));
    BU_TRY(judge_dates(&release, l->now, err));
    l->stamp.role = role;
    l->stamp.who = bu_arena_text(l->chain->arena, bu_bytes_of(bu_payload_signers(payload)));
    l->stamp.role_name = bu_arena_text(l->chain->arena, bu_bytes_of(role->name));
    if (l->stamp.who == NULL || l->stamp.role_name == NULL)
        return bu_no_memory(err);
    size_t prefix = strlen(filename) - strlen("InRelease");
    return read_indexes(l, &release, bu_bytes_first(bu_bytes_of(filename), prefix), err);
}

/* Each role that opens it vouches for what it covers; none does when a signature is wrong. */
static bulla_status open_release(loader *l, bulla_bytes message, const char *filename,
                                 bulla_error *err)
{
    bool opened = false;
    bulla_status refused =
        bu_fail(err, BULLA_E_MISSING_FILE, "no trust store says who may sign it");
    (void)bu_next(err, refused, "name a store that pins the archive's certificates: --trust DIR");
    (void)bu_as(err, refused, BULLA_EXIT_TRUST);
    for (size_t i = 0; l->trust != NULL && i < l->trust->role_count; i++) {
        BU_AUTO(bu_payload) payload = NULL;
        const bu_role *role = &l->trust->roles[i];
        if (!bu_role_has_openpgp(l->trust, role))
            continue;
        bulla_error why = { 0 };
        bulla_status status = bu_open_clearsigned(l->trust, role, message, l->now, &payload, &why);
        if (bulla_ok(status)) {
            opened = true;
            BU_TRY(believe(l, role, payload, filename, err));
            continue;
        }
        if (bu_outcome_of(err) != BULLA_BROKEN) {
            refused = status;
            *err = why;
        }
        if (status.code == BULLA_E_BAD_SIGNATURE || status.code == BULLA_E_NO_MEMORY)
            return status;
    }
    return opened ? BU_OK : refused;
}

static bulla_status read_release(loader *l, const char *filename, bulla_error *err)
{
    BU_CLEAR(bu_buf) message = { 0 };
    size_t before = l->chain->count;
    BU_TRY(bu_file_slurp(&l->folder, filename, BU_LIMIT_METADATA_BYTES, &message, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&message), &l->stamp.evidence, err));
    bulla_status status = open_release(l, bu_buf_bytes(&message), filename, err);
    if (!bulla_ok(status))
        l->chain->count = before;
    return status;
}

static bulla_status read_folder(loader *l, const char *path, bulla_error *err)
{
    bulla_error error = { 0 };
    bulla_status status = bu_folder_open(path, &l->folder, &error);
    if (bulla_ok(status))
        status = bu_folder_list(&l->folder, "", &l->names, &error);
    BU_TRY(refuse(l, status, &error, path, err));
    for (size_t i = 0; i < l->names.count; i++) {
        bulla_bytes name = bu_bytes_of(l->names.items[i]);
        if (!bu_bytes_is(name, "InRelease") && !bu_bytes_ends(name, "_InRelease"))
            continue;
        l->stamp = (bu_listed){ 0 };
        error = (bulla_error){ 0 };
        BU_TRY(
            refuse(l, read_release(l, l->names.items[i], &error), &error, l->names.items[i], err));
    }
    bu_names_clear(&l->names);
    bu_folder_clear(&l->folder);
    return BU_OK;
}

static bulla_status list_wanted(loader *l, const bu_graph *graph, bulla_error *err)
{
    l->wanted = bu_arena_get_array(l->chain->arena, graph->count, sizeof *l->wanted);
    if (l->wanted == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->count; i++)
        if (strcmp(graph->components[i].type, "deb") == 0)
            l->wanted[l->wanted_count++] = graph->components[i].name;
    if (l->wanted_count > 0)
        qsort(l->wanted, l->wanted_count, sizeof *l->wanted, compare_texts);
    return BU_OK;
}

static int compare_package(const bu_deb_entry *a, const char *package, const char *version,
                           const char *architecture)
{
    int order = strcmp(a->package, package);
    if (order == 0)
        order = strcmp(a->version, version);
    return order != 0 ? order : strcmp(a->architecture, architecture);
}

static int compare_listed(const void *a, const void *b)
{
    const bu_deb_entry *y = &((const bu_listed *)b)->entry;
    return compare_package(&((const bu_listed *)a)->entry, y->package, y->version, y->architecture);
}

static void loader_clear(loader *l)
{
    bu_hasher_free(l->hasher);
    bu_names_clear(&l->names);
    bu_folder_clear(&l->folder);
}
BU_DEFINE_CLEAR(loader)

bulla_status bu_chain_load(const char *const *folders, size_t folder_count, const bu_graph *graph,
                           const bulla_trust *trust, int64_t now, bu_chain *out, bulla_error *err)
{
    BU_CLEAR(bu_chain) chain = { .arena = bu_arena_new() };
    BU_CLEAR(loader) l = { .chain = &chain, .trust = trust, .now = now, .folder = BU_FOLDER_NONE };
    if (chain.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(list_wanted(&l, graph, err));
    BU_TRY(bu_hasher_new(&l.hasher, err));
    for (size_t i = 0; i < folder_count; i++)
        BU_TRY(read_folder(&l, folders[i], err));
    if (chain.count > 0)
        qsort(chain.listed, chain.count, sizeof *chain.listed, compare_listed);
    *out = chain;
    chain = (bu_chain){ 0 };
    return BU_OK;
}

const bu_listed *bu_chain_find(const bu_chain *chain, const bulla_component *component,
                               size_t *count)
{
    const char *version = component->version == NULL ? "" : component->version;
    const char *architecture = component->architecture == NULL ? "" : component->architecture;
    size_t low = 0, high = chain->count;
    while (low < high) { /* the first that is not smaller */
        size_t middle = low + (high - low) / 2;
        if (compare_package(&chain->listed[middle].entry, component->name, version, architecture) <
            0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < chain->count &&
           compare_package(&chain->listed[low + *count].entry, component->name, version,
                           architecture) == 0)
        ++*count;
    return *count == 0 ? NULL : &chain->listed[low];
}
