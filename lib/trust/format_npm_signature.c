/* SPDX-License-Identifier: MIT */
/*
 * Signatures of an npm registry: the document of one version, or of a package with all its versions,
 * whose "dist" signs "name@version:integrity" with ECDSA P-256. The integrity must be that of the
 * archive. When the registry published it is stated there, but nothing proves it.
 */
#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "digest/digest.h"
#include "syntax/json.h"
#include "trust/json_look.h"
#include "trust/npm.h"

static const char caveat[] =
    "the registry's key has expired since, and nothing proves that it signed before";

static bool is_npm_document(bulla_bytes content)
{
    return bu_json_looks_to_have(content, "dist") || bu_json_looks_to_have(content, "dist-tags");
}

/* One version, as its document has it. Borrowed from the JSON. */
typedef struct npm_release {
    const bu_json *json, *dist;
    bulla_bytes name, version, integrity;
    bulla_digest_set digests;
} npm_release;

static bulla_status read_release(const bu_json *json, const char *file, npm_release *out,
                                 bulla_error *err)
{
    *out = (npm_release){ .json = json };
    BU_TRY(bu_json_need_text(json, "name", file, &out->name, err));
    BU_TRY(bu_json_need_text(json, "version", file, &out->version, err));
    BU_TRY(bu_json_need_object(json, "dist", file, &out->dist, err));
    BU_TRY(bu_json_need_text(out->dist, "integrity", file, &out->integrity, err));
    return bu_within(err, bu_digest_parse_sri(out->integrity, &out->digests, err), "integrity");
}

/* The one version of a package that has the message's digest. */
typedef struct version_search {
    bulla_bytes name; /* of the package */
    const bulla_digest *wanted;
    const char *file;
    npm_release found;
} version_search;

static bulla_status try_version(void *context, bulla_bytes version, const bu_json *json,
                                bulla_error *err)
{
    version_search *search = context;
    npm_release release;
    bulla_error why; /* versions of before 2017 have no integrity, and sign nothing */
    if (!bu_json_is_object(json) || !bulla_ok(read_release(json, search->file, &release, &why)))
        return BU_OK;
    const bulla_digest *digest = bulla_digest_set_get(&release.digests, search->wanted->alg);
    if (digest == NULL || !bulla_digest_equal(digest, search->wanted))
        return BU_OK;
    if (!bu_bytes_equal(release.version, version) || !bu_bytes_equal(release.name, search->name))
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "the entry of a version names another one");
    if (search->found.json != NULL)
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "two versions have this very archive");
    search->found = release;
    return BU_OK;
}

static bulla_status find_release(const bu_json *json, const bu_check *check,
                                 const bulla_digest *digest, npm_release *out, bulla_error *err)
{
    const bu_json *versions = bu_json_get(json, "versions");
    if (bu_json_get(json, "dist") != NULL || !bu_json_is_object(versions))
        return read_release(json, check->file, out, err);
    version_search search = { .wanted = digest, .file = check->file };
    BU_TRY(bu_json_need_text(json, "name", check->file, &search.name, err));
    BU_TRY(bu_json_each(versions, try_version, &search, err));
    if (search.found.json == NULL)
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "no version of it has this archive");
    *out = search.found;
    return BU_OK;
}

static bulla_status check_digest(const npm_release *release, const bulla_digest *got,
                                 bulla_error *err)
{
    char expected[BULLA_DIGEST_HEX_MAX], found[BULLA_DIGEST_HEX_MAX];
    const bulla_digest *signed_one = bulla_digest_set_get(&release->digests, got->alg);
    if (signed_one == NULL)
        return bu_fail(err, BULLA_E_MISSING_HASH, "the registry signed no SHA-512 digest");
    if (bulla_digest_equal(signed_one, got))
        return BU_OK;
    return bu_expected(
        err, bu_fail(err, BULLA_E_HASH_MISMATCH, "not the archive that the registry signed"),
        bu_bytes_of(bulla_digest_hex(signed_one, expected)),
        bu_bytes_of(bulla_digest_hex(got, found)));
}

/* "time" is the one of this version, or those of all versions by name. */
static bulla_status read_time(const bu_json *json, const npm_release *release,
                              const bu_check *check, int64_t *out, bool *is_stated,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) version = { 0 };
    bulla_bytes text;
    bu_buf_add(&version, release->version);
    if (version.broken)
        return bu_no_memory(err);
    const bu_json *time = bu_json_get(json, "time");
    if (bu_json_is_object(time))
        time = bu_json_get(time, (const char *)version.ptr);
    *is_stated = time != NULL;
    if (time == NULL)
        return BU_OK;
    if (!bu_json_text(time, &text))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "\"time\" is not a string");
    BU_TRY(bu_within(err, bu_time_parse(text, out, err), "time"));
    if (*out <= check->now || *out - check->now <= BU_CLOCK_SKEW_SECONDS)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_TIME, "published in the future");
}

/* One signature of the document, and what is known of it. */
typedef struct signed_text {
    bulla_bytes keyid, message, signature;
    int64_t time;
    bool has_time, in_time;
} signed_text;

/* npm: a key counts for what was published before it expired; what states no time was. */
static bool is_in_time(const bu_anchor *anchor, const signed_text *attempt)
{
    return !attempt->has_time || (attempt->time >= anchor->from && attempt->time <= anchor->until);
}

static bool is_named(const bu_anchor *anchor, const signed_text *attempt)
{
    return anchor->hint.len > 0 && bu_bytes_equal(anchor->hint, attempt->keyid);
}

/* A key without a name, given by hand, is tried on every signature. */
static bulla_status try_anchors(const bu_check *check, signed_text *attempt, bu_vouched *out,
                                bulla_error *err)
{
    const bu_algorithm *algorithm = bu_algorithm_by_name(BULLA_LIT("ecdsa-p256-sha256"));
    for (size_t i = 0; i < check->anchors->count; i++) {
        const bu_anchor *anchor = &check->anchors->items[i];
        bool named = is_named(anchor, attempt);
        if (!bu_npm_is_key(anchor, "npm:signatures") || (!named && anchor->hint.len > 0))
            continue;
        bulla_status status =
            bu_verify(anchor->key, algorithm, attempt->message, attempt->signature, err);
        if (!bulla_ok(status) && (named || status.code == BULLA_E_NO_MEMORY))
            return bu_within(err, status, "the registry's signature");
        if (!bulla_ok(status))
            continue;
        out->by[i] |= is_in_time(anchor, attempt);
        attempt->in_time &= out->by[i];
        if (out->by[i] && anchor->until < check->now)
            out->caveat = caveat;
    }
    return BU_OK;
}

static bulla_status read_signature(const bu_json *json, const char *file, bulla_bytes *keyid,
                                   bu_buf *signature, bulla_error *err)
{
    bulla_bytes text;
    if (!bu_json_is_object(json))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a signature is an object");
    BU_TRY(bu_json_need_text(json, "keyid", file, keyid, err));
    BU_TRY(bu_json_need_text(json, "sig", file, &text, err));
    return bu_base64_decode(text, BU_BASE64_STANDARD, signature, err);
}

static bulla_status refuse_repeated(const bu_json *list, size_t at, bulla_bytes keyid,
                                    bulla_error *err)
{
    for (size_t i = 0; i < at; i++) {
        bulla_bytes other = { 0 };
        (void)bu_json_text(bu_json_get(bu_json_at(list, i), "keyid"), &other);
        if (bu_bytes_equal(other, keyid))
            return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "two signatures by one key");
    }
    return BU_OK;
}

static bulla_status try_signatures(const bu_json *list, const bu_check *check, signed_text *attempt,
                                   bu_vouched *out, bulla_error *err)
{
    if (bu_json_count(list) > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u signatures", BU_LIMIT_SIGNATURES);
    for (size_t i = 0; i < bu_json_count(list); i++) {
        BU_CLEAR(bu_buf) signature = { 0 };
        BU_TRY(bu_within(
            err, read_signature(bu_json_at(list, i), check->file, &attempt->keyid, &signature, err),
            "signatures[%zu]", i));
        BU_TRY(refuse_repeated(list, i, attempt->keyid, err));
        attempt->signature = bu_buf_bytes(&signature);
        BU_TRY(try_anchors(check, attempt, out, err));
    }
    return BU_OK;
}

static bulla_status judge(const bu_check *check, const signed_text *attempt, const bu_vouched *out,
                          bulla_error *err)
{
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    if (!attempt->in_time)
        return bu_fail(err, BULLA_E_EXPIRED,
                       "published when the registry's key was not valid any more, or not yet");
    bulla_status status =
        bu_fail(err, BULLA_E_UNTRUSTED_KEY, "the registry signed with no key that is trusted");
    return bu_expected(err, status, (bulla_bytes){ 0 }, attempt->keyid);
}

static bulla_status check_release(const bu_json *json, const npm_release *release,
                                  const bu_check *check, bu_vouched *out, bulla_error *err)
{
    const bu_json *list;
    BU_CLEAR(bu_buf) message = { 0 };
    signed_text attempt = { .in_time = true };
    BU_TRY(bu_npm_package(release->name, release->version, check->arena, &out->package, err));
    BU_TRY(read_time(json, release, check, &attempt.time, &attempt.has_time, err));
    BU_TRY(bu_json_need_array(release->dist, "signatures", check->file, &list, err));
    bu_buf_add(&message, release->name);
    bu_buf_add_byte(&message, '@');
    bu_buf_add(&message, release->version);
    bu_buf_add_byte(&message, ':');
    bu_buf_add(&message, release->integrity);
    if (message.broken)
        return bu_no_memory(err);
    attempt.message = bu_buf_bytes(&message);
    out->is_registry = true;
    BU_TRY(try_signatures(list, check, &attempt, out, err));
    return judge(check, &attempt, out, err);
}

static bulla_status verify_document(const bu_json *json, const bu_check *check, bu_vouched *out,
                                    bulla_error *err)
{
    bulla_digest digest;
    npm_release release = { 0 };
    BU_TRY(bu_message_digest(check->message, BULLA_ALG_SHA512, &digest, err));
    BU_TRY(find_release(json, check, &digest, &release, err));
    BU_TRY(check_digest(&release, &digest, err));
    return check_release(json, &release, check, out, err);
}

static bulla_status verify_npm_signature(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    BU_TRY(bu_vouched_start(check, out, err));
    BU_TRY(bu_json_parse(check->content, check->file, &json, err));
    return bu_in_file(err, verify_document(json, check, out, err), check->file);
}

static bulla_status describe_signatures(const npm_release *release, const char *file,
                                        bu_description *out, bulla_error *err)
{
    const bu_json *list;
    BU_TRY(bu_json_need_array(release->dist, "signatures", file, &list, err));
    for (size_t i = 0; i < bu_json_count(list); i++) {
        bulla_bytes keyid;
        BU_TRY(bu_json_need_text(bu_json_at(list, i), "keyid", file, &keyid, err));
        BU_TRY(bu_describe(out, "keyid", keyid, err));
    }
    return BU_OK;
}

static bulla_status describe_document(const bu_json *json, const char *file, bu_description *out,
                                      bulla_error *err)
{
    bulla_bytes name;
    npm_release release;
    BU_TRY(bu_json_need_text(json, "name", file, &name, err));
    BU_TRY(bu_describe(out, "package", name, err));
    if (bu_json_get(json, "dist") == NULL)
        return BU_OK; /* of many versions, each with its own signatures */
    BU_TRY(read_release(json, file, &release, err));
    BU_TRY(bu_describe(out, "version", release.version, err));
    BU_TRY(bu_describe(out, "integrity", release.integrity, err));
    return describe_signatures(&release, file, out, err);
}

static bulla_status describe_npm_signature(bulla_bytes content, const char *file,
                                           bu_description *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_TRY(bu_json_parse(content, file, &json, err));
    return bu_in_file(err, describe_document(json, file, out, err), file);
}

const bu_format bu_format_npm_signature = {
    .id = "npm-signature",
    .title = "signature of an npm registry",
    .endings = (const char *const[]){ ".npm.json", NULL },
    .is = is_npm_document,
    .verify = verify_npm_signature,
    .describe = describe_npm_signature,
};
