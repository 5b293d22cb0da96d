/* SPDX-License-Identifier: MIT */
/*
 * Signed JARs (JAR File Specification, "Signed JAR File"): a CMS signature over a signature file,
 * which has digests of the manifest, which has one of each member. Stricter than java.util.jar,
 * which leaves it to the reader of a member to ask who signed it: each signer must have signed all
 * of them.
 */
#include <strings.h>

#include "archive/walk.h"
#include "base/limits.h"
#include "evidence/embedded.h"
#include "evidence/embedded_signer.h"
#include "evidence/jar_manifest.h"
#include "evidence/package.h"

#define META     "META-INF/"
#define MANIFEST META "MANIFEST.MF"
#define DIGESTS  (BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(BULLA_ALG_SHA384) | BU_ALGS(BULLA_ALG_SHA512))

typedef struct jar_member {
    bulla_bytes path;
    bulla_digests digests;
    struct jar_member *older;
} jar_member;

/* X.SF and X.RSA, X.EC or X.DSA. */
typedef struct jar_signer {
    bulla_bytes name; /* "META-INF/X" */
    bulla_bytes file, block;
} jar_signer;

typedef struct jar {
    bu_arena *arena;
    bu_hasher *hasher; /* while it is read */
    uint8_t *scratch;
    bulla_bytes manifest;
    jar_member *newest;
    jar_signer signers[BU_LIMIT_SIGNATURES];
    size_t count;
} jar;

/* ---- reading ---- */

typedef enum file_role { OTHER, THE_MANIFEST, SIGNATURE_FILE, SIGNATURE_BLOCK } file_role;

static bool ends_without_case(bulla_bytes path, const char *ending)
{
    size_t len = strlen(ending);
    return path.len > len && strncasecmp((const char *)path.ptr + path.len - len, ending, len) == 0;
}

/* "Signature-related files" stand in META-INF itself, in any case; `name` gets that of the signer. */
static file_role role_of(bulla_bytes path, bulla_bytes *name)
{
    static const struct {
        const char *ending;
        file_role role;
    } rows[] = {
        { ".SF", SIGNATURE_FILE },
        { ".RSA", SIGNATURE_BLOCK },
        { ".EC", SIGNATURE_BLOCK },
        { ".DSA", SIGNATURE_BLOCK },
    };
    if (bu_bytes_is(path, MANIFEST))
        return THE_MANIFEST;
    bulla_bytes base = bu_bytes_from(path, strlen(META));
    if (strncasecmp((const char *)path.ptr, META, path.len - base.len) != 0 ||
        bu_bytes_find(base, '/') < base.len)
        return OTHER;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ends_without_case(base, rows[i].ending)) {
            *name = bu_bytes_first(path, path.len - strlen(rows[i].ending));
            return rows[i].role;
        }
    return OTHER;
}

static bool is_same(bulla_bytes a, bulla_bytes b)
{
    return a.len == b.len && strncasecmp((const char *)a.ptr, (const char *)b.ptr, a.len) == 0;
}

static bulla_status signer_of(jar *j, bulla_bytes name, jar_signer **out, bulla_error *err)
{
    for (size_t i = 0; i < j->count; i++)
        if (is_same(j->signers[i].name, name)) {
            *out = &j->signers[i];
            return BU_OK;
        }
    if (j->count == BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u signers", BU_LIMIT_SIGNATURES);
    *out = &j->signers[j->count++];
    (*out)->name = bu_arena_copy(j->arena, name);
    return (*out)->name.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status slot_of(jar *j, bulla_bytes path, bulla_bytes **out, bulla_error *err)
{
    jar_signer *signer = NULL;
    bulla_bytes name = { 0 };
    file_role role = role_of(path, &name);
    *out = role == THE_MANIFEST ? &j->manifest : NULL;
    if (role != SIGNATURE_FILE && role != SIGNATURE_BLOCK)
        return BU_OK;
    BU_TRY(signer_of(j, name, &signer, err));
    *out = role == SIGNATURE_FILE ? &signer->file : &signer->block;
    return BU_OK;
}

static bulla_status keep_text(jar *j, bulla_bytes *slot, bu_source *content, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (slot->ptr != NULL)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "two files that sign in one name");
    BU_TRY(bu_source_slurp(content, BU_LIMIT_METADATA_BYTES, &text, err));
    *slot = bu_arena_copy(j->arena, bu_buf_bytes(&text));
    return text.broken || slot->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status keep_digests(jar *j, bulla_bytes path, bu_source *content, bulla_error *err)
{
    bu_tap tap;
    bulla_digest_set digests;
    jar_member *member = bu_arena_get(j->arena, sizeof *member);
    if (member == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_tap_init(&tap, content, j->hasher, DIGESTS, err));
    BU_TRY(bu_tap_drain(&tap, j->scratch, err));
    BU_TRY(bu_tap_finish(&tap, &digests, err));
    BU_TRY(bu_digests_keep(&digests, j->arena, &member->digests, err));
    member->path = bu_arena_copy(j->arena, path);
    member->older = j->newest;
    j->newest = member;
    return member->path.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status see_member(void *context, const bu_member *member, bool *want, bulla_error *err)
{
    (void)context;
    (void)err;
    *want = member->kind == BU_MEMBER_FILE;
    return BU_OK;
}

static bulla_status see_stream(void *context, const bu_member *member, bu_source *content,
                               bulla_error *err)
{
    jar *j = context;
    bulla_bytes *slot;
    BU_TRY(slot_of(j, member->path, &slot, err));
    bulla_status status = slot != NULL ? keep_text(j, slot, content, err)
                                       : keep_digests(j, member->path, content, err);
    return bulla_ok(status) ? status
                            : bu_within(err, status, "%.*s", (int)member->path.len,
                                        (const char *)member->path.ptr);
}

static bulla_status read(const bu_file *file, void *state, bu_arena *arena, bool *found,
                         bulla_error *err)
{
    jar *j = state;
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    bu_file_part part = bu_file_part_of(file, 0, file->size);
    const bu_walk_visitor visitor = { .context = j, .member = see_member, .stream = see_stream };
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_hasher_new(&hasher, err));
    j->arena = arena;
    j->hasher = hasher;
    j->scratch = scratch;
    BU_TRY(bu_walk_zip(&part.base, &visitor, err));
    *found = j->count > 0;
    return BU_OK;
}

/* ---- the manifest and the members ---- */

static bulla_status refuse(bulla_code code, const char *why, bulla_bytes path, bulla_error *err)
{
    bulla_status status =
        bu_fail(err, code, "%.*s: %s", (int)path.len, (const char *)path.ptr, why);
    return bu_as(err, status, BULLA_EXIT_DENIED);
}

/* All that are stated must be right. */
static bool agree(const bulla_digest_set *stated, bulla_digests had)
{
    for (uint32_t i = 0; i < stated->count; i++)
        if (!bulla_digest_equal(&stated->items[i], bulla_digests_get(had, stated->items[i].alg)))
            return false;
    return stated->count > 0;
}

static bulla_status check_member(const jar_member *member, const bu_jar_section *section,
                                 bulla_error *err)
{
    bulla_digest_set stated;
    if (section == NULL)
        return refuse(BULLA_E_UNLISTED_FILE, "not in the manifest, so nobody signed it",
                      member->path, err);
    if (bu_jar_attribute_of(section, "Magic").len > 0)
        return refuse(BULLA_E_UNSUPPORTED_FEATURE, "needs a check of its own (Magic)", member->path,
                      err);
    BU_TRY(bu_jar_digests(section, "-Digest", &stated, err));
    return agree(&stated, member->digests)
               ? BU_OK
               : refuse(BULLA_E_HASH_MISMATCH, "not as the manifest has it", member->path, err);
}

/* Every member has a section, and every section, but for those of folders, a member. */
static bulla_status check_members(const jar *j, const bu_jar_manifest *manifest, bulla_error *err)
{
    bool *is_there = bu_arena_get_array(j->arena, manifest->count, sizeof *is_there);
    if (is_there == NULL)
        return bu_no_memory(err);
    for (const jar_member *m = j->newest; m != NULL; m = m->older) {
        const bu_jar_section *section = bu_jar_section_of(manifest, m->path);
        BU_TRY(check_member(m, section, err));
        is_there[section - manifest->sections] = true;
    }
    for (size_t i = 0; i < manifest->count; i++)
        if (!is_there[i] && !bu_bytes_ends(manifest->sections[i].name, "/"))
            return refuse(BULLA_E_MISSING_FILE, "in the manifest, but not there",
                          manifest->sections[i].name, err);
    return BU_OK;
}

static bulla_status read_manifest(const jar *j, bu_jar_manifest *out, bulla_error *err)
{
    if (j->manifest.ptr == NULL)
        return bu_as(err, bu_fail(err, BULLA_E_MISSING_FILE, "signed, but there is no " MANIFEST),
                     BULLA_EXIT_DENIED);
    bulla_status status = bu_jar_manifest_read(j->manifest, "Manifest-Version", j->arena, out, err);
    return bu_in_file(err, bulla_ok(status) ? check_members(j, out, err) : status, "MANIFEST.MF");
}

/* ---- the signature files ---- */

/* What all signers are held against. */
typedef struct judging {
    const jar *j;
    const bu_jar_manifest *manifest;
    bu_hasher *hasher;
    bool is_whole; /* the signature file of this signer is about the manifest as it is */
} judging;

static bulla_status holds(const judging *g, const bulla_digest_set *stated, bulla_bytes text,
                          bool *out, bulla_error *err)
{
    bulla_digest_set had;
    BU_TRY(bu_hasher_start(g->hasher, DIGESTS, err));
    BU_TRY(bu_hasher_add(g->hasher, text, err));
    BU_TRY(bu_hasher_finish(g->hasher, &had, err));
    *out = agree(stated, bu_digests_of(&had));
    return BU_OK;
}

/* A manifest that has grown since, by members of other signers, still has its main section. */
static bulla_status check_manifest(judging *g, const bu_jar_section *main, bulla_error *err)
{
    bulla_digest_set stated;
    bool is_same_main = false;
    g->is_whole = false;
    bulla_status status = bu_jar_digests(main, "-Digest-Manifest", &stated, NULL);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (bulla_ok(status))
        BU_TRY(holds(g, &stated, g->manifest->text, &g->is_whole, err));
    if (g->is_whole)
        return BU_OK;
    BU_TRY(bu_jar_digests(main, "-Digest-Manifest-Main-Attributes", &stated, err));
    BU_TRY(holds(g, &stated, g->manifest->main.raw, &is_same_main, err));
    return is_same_main
               ? BU_OK
               : bu_fail(err, BULLA_E_HASH_MISMATCH, "the manifest is not the one that was signed");
}

static bulla_status check_signed(const judging *g, const bu_jar_manifest *file, bulla_bytes path,
                                 bulla_error *err)
{
    bulla_digest_set stated;
    bool is_same_section = g->is_whole;
    const bu_jar_section *section = bu_jar_section_of(file, path);
    if (section == NULL)
        return refuse(BULLA_E_UNLISTED_FILE, "not signed by this signer", path, err);
    if (g->is_whole)
        return BU_OK;
    BU_TRY(bu_jar_digests(section, "-Digest", &stated, err));
    BU_TRY(holds(g, &stated, bu_jar_section_of(g->manifest, path)->raw, &is_same_section, err));
    return is_same_section
               ? BU_OK
               : refuse(BULLA_E_HASH_MISMATCH,
                        "its section of the manifest is not the one that was signed", path, err);
}

static bulla_status check_file(judging *g, bulla_bytes text, bulla_error *err)
{
    bu_jar_manifest file;
    BU_TRY(bu_jar_manifest_read(text, "Signature-Version", g->j->arena, &file, err));
    bulla_bytes version = bu_jar_attribute_of(&file.main, "Signature-Version");
    if (!bu_bytes_is(version, "1.0"))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "another Signature-Version"),
                           BULLA_LIT("1.0"), version);
    BU_TRY(check_manifest(g, &file.main, err));
    for (const jar_member *m = g->j->newest; m != NULL; m = m->older)
        BU_TRY(check_signed(g, &file, m->path, err));
    return BU_OK;
}

static bulla_status check_block(const jar_signer *signer, bu_signers *signers, bulla_error *err)
{
    BU_AUTO(bu_cms) cms = NULL;
    BU_TRY(bu_cms_read(signer->block, &cms, err));
    bulla_bytes inside = bu_cms_content(cms);
    if (inside.ptr != NULL && !bu_bytes_equal(inside, signer->file))
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "it holds another signature file");
    return bu_signers_add_cms(signers, cms, signer->file, err);
}

static bulla_status check_signer(judging *g, const jar_signer *signer, bu_signers *signers,
                                 bulla_error *err)
{
    if (signer->file.ptr == NULL || signer->block.ptr == NULL)
        return refuse(BULLA_E_MISSING_FILE, "a signature file or its signature is not there",
                      signer->name, err);
    bulla_status status = check_block(signer, signers, err);
    if (bulla_ok(status))
        status = check_file(g, signer->file, err);
    return bulla_ok(status) ? status
                            : bu_within(err, status, "%.*s", (int)signer->name.len,
                                        (const char *)signer->name.ptr);
}

static bulla_status verify(void *state, const bu_check *check, bu_vouched *out, bulla_error *err)
{
    const jar *j = state;
    BU_AUTO(bu_hasher) hasher = NULL;
    bu_jar_manifest manifest;
    bu_signers signers = bu_signers_of(check, out);
    BU_TRY(read_manifest(j, &manifest, err));
    BU_TRY(bu_hasher_new(&hasher, err));
    judging g = { .j = j, .manifest = &manifest, .hasher = hasher };
    for (size_t i = 0; i < j->count; i++)
        BU_TRY(check_signer(&g, &j->signers[i], &signers, err));
    return bu_signers_finish(&signers, err);
}

static bulla_status describe(void *state, bu_description *out, bulla_error *err)
{
    const jar *j = state;
    for (size_t i = 0; i < j->count; i++) {
        BU_AUTO(bu_cms) cms = NULL;
        BU_TRY(bu_describe(out, "signer", j->signers[i].name, err));
        if (j->signers[i].block.ptr == NULL)
            continue;
        BU_TRY(bu_cms_read(j->signers[i].block, &cms, err));
        BU_TRY(bu_signer_describe_cms(cms, out, err));
    }
    return BU_OK;
}

const bu_embedded bu_embedded_jar = {
    .title = "JAR signature",
    .state_size = sizeof(jar),
    .begins = bu_begins_zip,
    .read = read,
    .verify = verify,
    .describe = describe,
};
