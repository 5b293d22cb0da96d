/* SPDX-License-Identifier: MIT */
/*
 * Gems: each part has a signature beside it, over its SHA-256, by the last certificate of the chain
 * in the gemspec. As under RubyGems' policy HighSecurity every part must be signed, and the chain
 * end at a certificate that is trusted. Signatures over SHA-1, as before RubyGems 3, are refused.
 */
#include "archive/decompress.h"
#include "base/limits.h"
#include "evidence/embedded.h"
#include "evidence/embedded_signer.h"
#include "evidence/gem.h"
#include "evidence/package.h"
#include "signature/pem.h"

#define CHAIN_MAX 8u

static const char *const parts[] = { "metadata.gz", "data.tar.gz", "checksums.yaml.gz" };
#define PARTS    (sizeof parts / sizeof parts[0])
#define METADATA 0u
#define REQUIRED 2u /* the first so many are in every gem */

typedef struct gem {
    bu_arena *arena;
    bulla_bytes metadata; /* compressed */
    bulla_digest digests[PARTS];
    bulla_bytes signatures[PARTS];
} gem;

/* Which part a member is, or whose signature; PARTS: neither. */
static size_t part_of(bulla_bytes path, bool *is_signature)
{
    *is_signature = bu_bytes_ends(path, ".sig");
    path.len -= *is_signature ? strlen(".sig") : 0;
    for (size_t i = 0; i < PARTS; i++)
        if (bu_bytes_is(path, parts[i]))
            return i;
    return PARTS;
}

/* The first member of a plain tar is named at its very start. */
static bool begins(bulla_bytes head)
{
    bool is_signature;
    bulla_bytes name = bu_bytes_first(head, 100);
    name = bu_bytes_first(name, bu_bytes_find(name, '\0'));
    return bu_begins_tar(head) && part_of(name, &is_signature) < PARTS;
}

static bulla_status member(void *context, const bu_member *member, bool *want, bulla_error *err)
{
    bool is_signature;
    size_t part = part_of(member->path, &is_signature);
    (void)context;
    if (part == PARTS || member->kind != BU_MEMBER_FILE)
        return bu_expected(err, bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a gem has no such member"),
                           (bulla_bytes){ 0 }, member->path);
    *want = part == METADATA || is_signature;
    return BU_OK;
}

static bulla_status keep(gem *g, bulla_bytes *slot, bulla_bytes content, bulla_error *err)
{
    if (slot->ptr != NULL)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "a member of the gem twice");
    *slot = bu_arena_copy(g->arena, content);
    return slot->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status content(void *context, const bu_member *member, bulla_bytes content,
                            bulla_error *err)
{
    gem *g = context;
    bool is_signature;
    size_t part = part_of(member->path, &is_signature);
    return keep(g, is_signature ? &g->signatures[part] : &g->metadata, content, err);
}

static bulla_status digest(void *context, const bu_member *member, const bulla_digest *sha256,
                           bulla_error *err)
{
    gem *g = context;
    bool is_signature;
    size_t part = part_of(member->path, &is_signature);
    (void)err;
    if (!is_signature)
        g->digests[part] = *sha256;
    return BU_OK;
}

static bulla_status read(const bu_file *file, void *state, bu_arena *arena, bool *found,
                         bulla_error *err)
{
    gem *g = state;
    bu_file_part part = bu_file_part_of(file, 0, file->size);
    const bu_walk_visitor visitor = {
        .context = g, .member = member, .content = content, .digest = digest
    };
    g->arena = arena;
    BU_TRY(bu_walk_tar(&part.base, &visitor, err));
    for (size_t i = 0; i < PARTS; i++)
        *found = *found || g->signatures[i].ptr != NULL;
    return BU_OK;
}

/* ---- certificates ---- */

typedef struct chain {
    bu_x509 *items[CHAIN_MAX]; /* owned; the signer is the last */
    size_t count;
} chain;

static void chain_clear(chain *c)
{
    for (size_t i = 0; i < c->count; i++)
        bu_x509_free(c->items[i]);
}
BU_DEFINE_CLEAR(chain)

static bulla_status inflate(bulla_bytes gzip, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_decompressor) decompressor = NULL;
    bu_memory_source source = bu_memory_source_of(gzip);
    BU_TRY(bu_decompressor_new(&source.base, &decompressor, err));
    return bu_source_slurp(bu_decompressor_source(decompressor), BU_LIMIT_METADATA_BYTES, out, err);
}

static bulla_status read_certificate(bulla_bytes *rest, bu_x509 **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    BU_CLEAR(bu_buf) der = { 0 };
    BU_TRY(bu_gem_certificate(rest, &pem, err));
    BU_TRY(bu_pem_decode(bu_buf_bytes(&pem), "CERTIFICATE", &der, err));
    return bu_x509_read(bu_buf_bytes(&der), out, err);
}

static bulla_status read_chain(const gem *g, chain *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_gemspec spec;
    BU_TRY(inflate(g->metadata, &text, err));
    BU_TRY(bu_gemspec_read(bu_buf_bytes(&text), &spec, err));
    while (spec.cert_chain.len > 0) {
        if (out->count == CHAIN_MAX)
            return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u certificates", CHAIN_MAX);
        BU_TRY(read_certificate(&spec.cert_chain, &out->items[out->count], err));
        out->count++;
    }
    return out->count > 0 ? BU_OK
                          : bu_fail(err, BULLA_E_MISSING_FIELD, "signed, but without certificates");
}

/* ---- signatures ---- */

static bulla_status check_complete(const gem *g, bulla_error *err)
{
    for (size_t i = 0; i < PARTS; i++) {
        bool is_there = g->digests[i].alg != BULLA_ALG_NONE;
        bool is_signed = g->signatures[i].ptr != NULL;
        if (!is_there && (is_signed || i < REQUIRED))
            return bu_as(err, bu_fail(err, BULLA_E_MISSING_FILE, "the gem has no %s", parts[i]),
                         BULLA_EXIT_DENIED);
        if (is_there && !is_signed)
            return bu_as(err, bu_fail(err, BULLA_E_UNLISTED_FILE, "%s is not signed", parts[i]),
                         BULLA_EXIT_DENIED);
    }
    return BU_OK;
}

static const bu_algorithm *algorithm_of(const bu_key *key)
{
    static const struct {
        bulla_key_kind kind;
        const char *name;
    } rows[] = {
        { BULLA_KEY_RSA, "rsa-pkcs1-sha256" },
        { BULLA_KEY_ECDSA_P256, "ecdsa-p256-sha256" },
        { BULLA_KEY_ECDSA_P384, "ecdsa-p384-sha256" },
        { BULLA_KEY_ECDSA_P521, "ecdsa-p521-sha256" },
    };
    for (size_t i = 0; key != NULL && i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].kind == bu_key_kind(key))
            return bu_algorithm_by_name(bu_bytes_of(rows[i].name));
    return NULL;
}

/* RubyGems signs the digest as a message, so it is hashed once more. */
static bulla_status check_part(const gem *g, size_t part, const bu_key *key, bulla_error *err)
{
    const bu_algorithm *algorithm = algorithm_of(key);
    const bulla_digest *d = &g->digests[part];
    if (algorithm == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key that gems are not signed with");
    bulla_status status =
        bu_verify(key, algorithm, (bulla_bytes){ d->bytes, d->len }, g->signatures[part], err);
    if (!bulla_ok(status) && bu_rsa_is_over_weak_hash(key, g->signatures[part]))
        status = bu_fail(err, BULLA_E_WEAK_HASH, "signed over SHA-1 or MD5");
    return bulla_ok(status) ? status : bu_within(err, status, "%s.sig", parts[part]);
}

static bulla_status verify(void *state, const bu_check *check, bu_vouched *out, bulla_error *err)
{
    const gem *g = state;
    BU_CLEAR(chain) c = { 0 };
    bu_signers signers = bu_signers_of(check, out);
    BU_TRY(check_complete(g, err));
    BU_TRY(bu_in_file(err, read_chain(g, &c, err), parts[METADATA]));
    const bu_signer signer = {
        .leaf = c.items[c.count - 1], .pool = c.items, .pool_count = c.count, .time = check->now
    };
    for (size_t i = 0; i < PARTS; i++)
        if (g->digests[i].alg != BULLA_ALG_NONE)
            BU_TRY(check_part(g, i, bu_x509_key(signer.leaf), err));
    BU_TRY(bu_signers_add(&signers, &signer, err));
    return bu_signers_finish(&signers, err);
}

static bulla_status describe(void *state, bu_description *out, bulla_error *err)
{
    BU_CLEAR(chain) c = { 0 };
    BU_TRY(bu_in_file(err, read_chain(state, &c, err), parts[METADATA]));
    for (size_t i = c.count; i-- > 0;)
        BU_TRY(bu_signer_describe(c.items[i], out, err));
    return BU_OK;
}

const bu_embedded bu_embedded_gem = {
    .title = "gem signature",
    .state_size = sizeof(gem),
    .begins = begins,
    .read = read,
    .verify = verify,
    .describe = describe,
};
