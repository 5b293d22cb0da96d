/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages (version 2) and indexes: the first gzip member holds raw RSA signatures over the
 * second, which pins the data by its SHA-256; of an index, over all the rest. The name of a key in
 * the name of a signature is a hint. `.SIGN.RSA.*` is over SHA-1, and refused.
 */
#include "archive/decompress.h"
#include "base/limits.h"
#include "evidence/embedded.h"
#include "evidence/fields.h"
#include "evidence/package.h"

#define SIGN ".SIGN."

typedef struct apk_signature {
    bulla_bytes name; /* "RSA256.KEY.rsa.pub" */
    bulla_bytes bytes;
} apk_signature;

typedef struct apk {
    bu_arena *arena;
    apk_signature signatures[BU_LIMIT_SIGNATURES];
    size_t count;
    bulla_bytes name;    /* of the member that is read */
    bulla_bytes message; /* what is signed, as stored */
    uint64_t data;       /* where it ends: that of the data */
    bulla_bytes info;    /* .PKGINFO */
    bulla_digest digest; /* of the data */
} apk;

/* Kinds of signatures; what has no algorithm is weak. */
static const struct kind {
    const char *prefix;
    const char *algorithm;
} kinds[] = {
    { "RSA256.", "rsa-pkcs1-sha256" },
    { "RSA512.", "rsa-pkcs1-sha512" },
    { "RSA.", NULL },
    { "DSA.", NULL },
};

static const struct kind *kind_of(bulla_bytes name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (bu_bytes_starts(name, kinds[i].prefix))
            return &kinds[i];
    return NULL;
}

/* ---- reading ---- */

/* What the name of the first member of the archive at `offset` begins with; empty when it is none. */
static bulla_status first_name(const bu_file *file, uint64_t offset, char out[8], bulla_error *err)
{
    BU_AUTO(bu_decompressor) decompressor = NULL;
    bu_file_part part = bu_file_part_of(file, offset, file->size - offset);
    bu_peek peek = { 0 };
    memset(out, 0, 8);
    bulla_status status = bu_decompressor_new(&part.base, &decompressor, NULL);
    if (bulla_ok(status))
        status = bu_peek_init(&peek, bu_decompressor_source(decompressor), NULL);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (bulla_ok(status) && bu_begins_tar(bu_peek_head(&peek)))
        memcpy(out, peek.head, 7);
    return BU_OK;
}

static bulla_status signature_member(void *context, const bu_member *member, bool *want,
                                     bulla_error *err)
{
    apk *a = context;
    *want = member->kind == BU_MEMBER_FILE;
    a->name = bu_arena_copy(a->arena, bu_bytes_from(member->path, strlen(SIGN)));
    return a->name.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status signature_content(void *context, const bu_member *member, bulla_bytes content,
                                      bulla_error *err)
{
    apk *a = context;
    (void)member;
    if (a->count == BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u signatures", BU_LIMIT_SIGNATURES);
    bulla_bytes bytes = bu_arena_copy(a->arena, content);
    a->signatures[a->count++] = (apk_signature){ a->name, bytes };
    return bytes.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status control_member(void *context, const bu_member *member, bool *want,
                                   bulla_error *err)
{
    (void)context;
    (void)err;
    *want = bu_bytes_is(member->path, ".PKGINFO");
    return BU_OK;
}

static bulla_status control_content(void *context, const bu_member *member, bulla_bytes content,
                                    bulla_error *err)
{
    apk *a = context;
    (void)member;
    if (a->info.ptr != NULL)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "a second .PKGINFO");
    a->info = bu_arena_copy(a->arena, content);
    return a->info.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status data_digest(void *context, const bu_member *member, const bulla_digest *sha256,
                                bulla_error *err)
{
    apk *a = context;
    (void)err;
    a->data = member->offset;
    a->digest = *sha256;
    return BU_OK;
}

static bulla_status check_data(const apk *a, bulla_error *err)
{
    bulla_bytes hex;
    bulla_digest stated;
    BU_TRY(bu_pkginfo_field(a->info, "datahash", &hex, err));
    BU_TRY(bu_digest_from_hex(BULLA_ALG_SHA256, hex, &stated, err));
    return bulla_digest_equal(&stated, &a->digest)
               ? BU_OK
               : bu_fail(err, BULLA_E_HASH_MISMATCH, "the data has not the signed datahash");
}

static bulla_status read_package(apk *a, const bu_file *file, bulla_error *err)
{
    bu_file_part part = bu_file_part_of(file, 0, file->size);
    const bu_walk_visitor visitor = {
        .context = a, .member = control_member, .content = control_content, .digest = data_digest
    };
    BU_TRY(bu_walk_apk(&part.base, &visitor, err));
    return bu_in_file(err, check_data(a, err), ".PKGINFO");
}

static bulla_status read_index(apk *a, const bu_file *file, uint64_t from, bulla_error *err)
{
    bu_file_part part = bu_file_part_of(file, from, file->size - from);
    const bu_walk_visitor visitor = { .context = a,
                                      .member = control_member,
                                      .content = control_content };
    a->data = file->size;
    return bu_walk_tar(&part.base, &visitor, err);
}

static bulla_status read_message(apk *a, const bu_file *file, uint64_t from, bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    bu_file_part part = bu_file_part_of(file, from, a->data - from);
    BU_TRY(bu_source_slurp(&part.base, BU_LIMIT_DOCUMENT_BYTES, &bytes, err));
    a->message = bu_arena_copy(a->arena, bu_buf_bytes(&bytes));
    return a->message.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read(const bu_file *file, void *state, bu_arena *arena, bool *found,
                         bulla_error *err)
{
    apk *a = state;
    char name[8];
    uint64_t end;
    bu_file_part part = bu_file_part_of(file, 0, file->size);
    const bu_walk_visitor visitor = { .context = a,
                                      .member = signature_member,
                                      .content = signature_content };
    a->arena = arena;
    BU_TRY(first_name(file, 0, name, err));
    *found = strncmp(name, SIGN, strlen(SIGN)) == 0;
    if (!*found)
        return BU_OK;
    BU_TRY(bu_walk_apk_signature(&part.base, &visitor, &end, err));
    BU_TRY(first_name(file, end, name, err));
    BU_TRY(name[0] == '.' ? read_package(a, file, err) : read_index(a, file, end, err));
    return read_message(a, file, end, err);
}

/* ---- judging ---- */

static bool is_by(const apk *a, const apk_signature *signature, const bu_key *key)
{
    const struct kind *kind = kind_of(signature->name);
    if (kind == NULL || kind->algorithm == NULL || bu_key_kind(key) != BULLA_KEY_RSA)
        return false;
    const bu_algorithm *algorithm = bu_algorithm_by_name(bu_bytes_of(kind->algorithm));
    return bulla_ok(bu_verify(key, algorithm, a->message, signature->bytes, NULL));
}

static bool has_signed(const apk *a, const bu_key *key)
{
    for (size_t i = 0; i < a->count; i++)
        if (is_by(a, &a->signatures[i], key))
            return true;
    return false;
}

/* Signatures name no key that can be relied on: with one at hand, it is that one's and wrong. */
static bulla_status refuse(const apk *a, size_t asked, bulla_error *err)
{
    bool is_weak = false, is_strong = false;
    for (size_t i = 0; i < a->count; i++) {
        const struct kind *kind = kind_of(a->signatures[i].name);
        is_weak = is_weak || (kind != NULL && kind->algorithm == NULL);
        is_strong = is_strong || (kind != NULL && kind->algorithm != NULL);
    }
    bulla_bytes got = a->signatures[0].name;
    if (!is_strong)
        return bu_expected(
            err,
            bu_fail(err, is_weak ? BULLA_E_WEAK_HASH : BULLA_E_UNSUPPORTED_FEATURE,
                    is_weak ? "signed over SHA-1 only" : "no signature of a kind that is known"),
            BULLA_LIT("RSA256"), got);
    return bu_expected(err,
                       bu_fail(err, asked == 1 ? BULLA_E_BAD_SIGNATURE : BULLA_E_UNTRUSTED_KEY,
                               "signed by none of %zu RSA keys", asked),
                       (bulla_bytes){ 0 }, got);
}

static bulla_status verify(void *state, const bu_check *check, bu_vouched *out, bulla_error *err)
{
    const apk *a = state;
    const bu_anchors *anchors = check->anchors;
    size_t asked = 0;
    for (size_t i = 0; i < anchors->count; i++) {
        const bu_anchor *anchor = &anchors->items[i];
        if (anchor->key == NULL || bu_key_kind(anchor->key) != BULLA_KEY_RSA ||
            check->now < anchor->from || check->now > anchor->until)
            continue;
        asked++;
        out->by[i] = has_signed(a, anchor->key);
    }
    return bu_vouched_any(out, anchors) ? BU_OK : refuse(a, asked, err);
}

static bulla_status describe(void *state, bu_description *out, bulla_error *err)
{
    const apk *a = state;
    for (size_t i = 0; i < a->count; i++)
        BU_TRY(bu_describe(out, "key", a->signatures[i].name, err));
    return BU_OK;
}

const bu_embedded bu_embedded_apk = {
    .title = "Alpine signature",
    .state_size = sizeof(apk),
    .begins = bu_begins_tar_gz,
    .read = read,
    .verify = verify,
    .describe = describe,
};
