/* SPDX-License-Identifier: MIT */
/*
 * Sigstore's trusted root (protobuf-specs sigstore_trustroot.proto as JSON). Refuses a log, an
 * authority or a key without a start: what is not bounded would count for all times.
 */
#include "trust/sigstore_root.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "digest/hasher.h"
#include "trust/proto_json.h"

#define FIELDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *const media_types[] = {
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
};

static void free_chain(bu_x509 **chain, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bu_x509_free(chain[i]);
}

static void free_one(bu_sigstore_root *root)
{
    for (size_t i = 0; i < root->authority_count; i++)
        free_chain(root->authorities[i].chain, root->authorities[i].count);
    for (size_t i = 0; i < root->tsa_count; i++)
        free_chain(root->tsas[i].chain, root->tsas[i].count);
    for (size_t i = 0; i < root->tlog_count; i++)
        bu_key_free(root->tlogs[i].key);
    for (size_t i = 0; i < root->ct_log_count; i++)
        bu_key_free(root->ct_logs[i].key);
    bu_arena_free(root->arena);
    free(root);
}

void bu_sigstore_root_free(bu_sigstore_root *root)
{
    while (root != NULL) {
        bu_sigstore_root *next = root->next;
        free_one(root);
        root = next;
    }
}

static bulla_status read_media_type(const bu_proto *p, const bu_json *json)
{
    bulla_bytes text;
    BU_TRY(bu_proto_text(p, json, "mediaType", &text));
    for (size_t i = 0; i < sizeof media_types / sizeof media_types[0]; i++)
        if (bu_bytes_is(text, media_types[i]))
            return BU_OK;
    return bu_expected(
        p->err, bu_fail(p->err, BULLA_E_BAD_TYPE, "no media type of a trusted root that is known"),
        bu_bytes_of(media_types[0]), text);
}

/* TimeRange, a closed interval. */
static bulla_status read_validity(const bu_proto *p, const bu_json *object, int64_t *from,
                                  int64_t *until)
{
    const bu_json *range;
    bulla_bytes start, end;
    BU_TRY(bu_proto_message(p, object, "validFor", FIELDS("start", "end"), &range));
    BU_TRY(bu_proto_need(p, range != NULL, "validFor"));
    BU_TRY(bu_proto_text(p, range, "start", &start));
    BU_TRY(bu_proto_need(p, start.len > 0, "validFor.start"));
    BU_TRY(bu_proto_text(p, range, "end", &end));
    BU_TRY(bu_within(p->err, bu_time_parse(start, from, p->err), "validFor.start"));
    *until = INT64_MAX;
    if (end.len > 0)
        BU_TRY(bu_within(p->err, bu_time_parse(end, until, p->err), "validFor.end"));
    if (*until < *from)
        return bu_fail(p->err, BULLA_E_BAD_TIME, "validFor ends before it starts");
    return BU_OK;
}

static bulla_status read_public_key(const bu_proto *p, const bu_json *log, bu_key **out,
                                    int64_t *from, int64_t *until)
{
    const bu_json *object;
    bulla_bytes raw, details;
    BU_TRY(bu_proto_message(p, log, "publicKey", FIELDS("rawBytes", "keyDetails", "validFor"),
                            &object));
    BU_TRY(bu_proto_need(p, object != NULL, "publicKey"));
    BU_TRY(read_validity(p, object, from, until));
    BU_TRY(bu_proto_bytes(p, object, "rawBytes", &raw));
    BU_TRY(bu_proto_need(p, raw.len > 0, "rawBytes"));
    BU_TRY(bu_proto_text(p, object, "keyDetails", &details));
    if (!bu_bytes_starts(details, "PKIX_")) /* *out stays NULL: the log is left out */
        return BU_OK;
    bulla_status status = bu_key_read(raw, out, p->err);
    if (status.code == BULLA_E_UNSUPPORTED_FEATURE)
        return BU_OK;
    return bu_within(p->err, status, "publicKey");
}

static const char *const log_fields[] = { "baseUrl",         "hashAlgorithm", "publicKey", "logId",
                                          "checkpointKeyId", "operator",      NULL };

static bulla_status need_sha256(const bu_proto *p, const bu_json *log)
{
    bulla_bytes name;
    BU_TRY(bu_proto_text(p, log, "hashAlgorithm", &name));
    if (bu_bytes_is(name, "SHA2_256"))
        return BU_OK;
    return bu_expected(p->err, bu_fail(p->err, BULLA_E_UNSUPPORTED_HASH, "a log of another hash"),
                       BULLA_LIT("SHA2_256"), name);
}

/* What the checkpoints of a log are signed as: its URL without the scheme. */
static bulla_status read_origin(const bu_proto *p, const bu_json *json, const char **out)
{
    bulla_bytes url;
    BU_TRY(bu_proto_text(p, json, "baseUrl", &url));
    BU_TRY(bu_proto_need(p, url.len > 0, "baseUrl"));
    if (bu_bytes_starts(url, "https://"))
        url = bu_bytes_from(url, strlen("https://"));
    else if (bu_bytes_starts(url, "http://"))
        url = bu_bytes_from(url, strlen("http://"));
    if (bu_bytes_ends(url, "/"))
        url.len--;
    *out = bu_arena_text(p->arena, url);
    return *out == NULL ? bu_no_memory(p->err) : BU_OK;
}

static bulla_status read_log_id(const bu_proto *p, const bu_json *json, const char *field,
                                bulla_bytes *out)
{
    const bu_json *id;
    *out = (bulla_bytes){ 0 };
    BU_TRY(bu_proto_message(p, json, field, FIELDS("keyId"), &id));
    return id == NULL ? BU_OK : bu_proto_bytes(p, id, "keyId", out);
}

static bulla_status read_tlog_ids(const bu_proto *p, const bu_json *json, bu_tlog *out)
{
    bulla_bytes hash;
    BU_TRY(read_log_id(p, json, "logId", &out->id));
    BU_TRY(read_log_id(p, json, "checkpointKeyId", &hash));
    if (hash.len == 0)
        hash = out->id;
    BU_TRY(bu_proto_need(p, hash.len >= sizeof out->hash, "logId"));
    memcpy(out->hash, hash.ptr, sizeof out->hash);
    return BU_OK;
}

static bulla_status add_tlog(const bu_proto *p, const bu_json *json, bu_sigstore_root *root)
{
    bu_tlog log = { 0 };
    root->runs_tlogs = true;
    BU_TRY(bu_proto_only(p, json, log_fields));
    BU_TRY(need_sha256(p, json));
    BU_TRY(read_origin(p, json, &log.origin));
    BU_TRY(read_tlog_ids(p, json, &log));
    BU_TRY(read_public_key(p, json, &log.key, &log.from, &log.until));
    if (log.key != NULL)
        root->tlogs[root->tlog_count++] = log;
    return BU_OK;
}

static bulla_status add_ct_log(const bu_proto *p, const bu_json *json, bu_sigstore_root *root)
{
    bu_ct_log log = { 0 };
    root->runs_ct_logs = true;
    BU_TRY(bu_proto_only(p, json, log_fields));
    BU_TRY(need_sha256(p, json));
    BU_TRY(read_public_key(p, json, &log.key, &log.from, &log.until));
    if (log.key == NULL)
        return BU_OK;
    root->ct_logs[root->ct_log_count++] = log;
    bulla_digest id;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_key_spki(log.key), &id, p->err));
    memcpy(root->ct_logs[root->ct_log_count - 1].id, id.bytes, sizeof log.id);
    return BU_OK;
}

/* The chain grows as it is read, so that it can be freed at any moment. */
static bulla_status read_chain(const bu_proto *p, const bu_json *json, bu_x509 ***chain,
                               size_t *count)
{
    const bu_json *object;
    bulla_bytes *ders = NULL;
    size_t ders_count = 0;
    BU_TRY(bu_proto_message(p, json, "certChain", FIELDS("certificates"), &object));
    BU_TRY(bu_proto_need(p, object != NULL, "certChain"));
    BU_TRY(bu_proto_bytes_list(p, object, "certificates", BU_LIMIT_CERTIFICATES, FIELDS("rawBytes"),
                               &ders, &ders_count));
    BU_TRY(bu_proto_need(p, ders_count > 0, "certificates"));
    *chain = bu_arena_get_array(p->arena, ders_count, sizeof **chain);
    if (*chain == NULL)
        return bu_no_memory(p->err);
    for (; *count < ders_count; ++*count)
        BU_TRY(bu_within(p->err, bu_x509_read(ders[*count], &(*chain)[*count], p->err),
                         "certificate %zu", *count + 1));
    return BU_OK;
}

static const char *const authority_fields[] = { "subject",  "uri",      "certChain",
                                                "validFor", "operator", NULL };

static bulla_status add_authority(const bu_proto *p, const bu_json *json, bu_sigstore_root *root)
{
    bu_fulcio *authority = &root->authorities[root->authority_count++];
    BU_TRY(bu_proto_only(p, json, authority_fields));
    BU_TRY(read_validity(p, json, &authority->from, &authority->until));
    return read_chain(p, json, &authority->chain, &authority->count);
}

static bulla_status add_tsa(const bu_proto *p, const bu_json *json, bu_sigstore_root *root)
{
    bu_tsa *tsa = &root->tsas[root->tsa_count++];
    BU_TRY(bu_proto_only(p, json, authority_fields));
    BU_TRY(read_validity(p, json, &tsa->from, &tsa->until));
    return read_chain(p, json, &tsa->chain, &tsa->count);
}

/* The repeated fields: where each list begins in a root, and how long an item of it is. */
static const struct list {
    const char *field;
    size_t place, size;
    bulla_status (*add)(const bu_proto *p, const bu_json *json, bu_sigstore_root *root);
} lists[] = {
    { "tlogs", offsetof(bu_sigstore_root, tlogs), sizeof(bu_tlog), add_tlog },
    { "ctlogs", offsetof(bu_sigstore_root, ct_logs), sizeof(bu_ct_log), add_ct_log },
    { "certificateAuthorities", offsetof(bu_sigstore_root, authorities), sizeof(bu_fulcio),
      add_authority },
    { "timestampAuthorities", offsetof(bu_sigstore_root, tsas), sizeof(bu_tsa), add_tsa },
};

static bulla_status read_list(const bu_proto *p, const bu_json *json, const struct list *row,
                              bu_sigstore_root *root)
{
    const bu_json *list;
    BU_TRY(bu_proto_list(p, json, row->field, BU_LIMIT_KEYS, &list));
    size_t count = list == NULL ? 0 : bu_json_count(list);
    void *items = bu_arena_get_array(p->arena, count, row->size);
    if (items == NULL)
        return bu_no_memory(p->err);
    memcpy((uint8_t *)root + row->place, &items, sizeof items);
    for (size_t i = 0; i < count; i++)
        BU_TRY(
            bu_within(p->err, row->add(p, bu_json_at(list, i), root), "%s %zu", row->field, i + 1));
    return BU_OK;
}

static bulla_status read_root(const bu_proto *p, const bu_json *json, bu_sigstore_root *root)
{
    BU_TRY(bu_proto_only(
        p, json,
        FIELDS("mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities")));
    BU_TRY(read_media_type(p, json));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        BU_TRY(read_list(p, json, &lists[i], root));
    return BU_OK;
}

bulla_status bu_sigstore_root_read(bulla_bytes text, const char *file, bu_sigstore_root **out,
                                   bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_AUTO(bu_sigstore_root) root = calloc(1, sizeof *root);
    if (root == NULL || (root->arena = bu_arena_new()) == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_json_parse(text, file, &json, err));
    const bu_proto p = { root->arena, err };
    BU_TRY(bu_in_file(err, read_root(&p, json, root), file));
    *out = BU_STEAL(root);
    return BU_OK;
}
