/* SPDX-License-Identifier: MIT */
/*
 * Clear-signed texts: opened, or where they list files, as what vouches for one
 * of them: Debian's .dsc, .changes and .buildinfo, a Release, Helm's .prov. Only
 * the signed part is used; a list of MD5 or SHA-1 alone does not count.
 */
#include "base/bytes.h"
#include "ecosystem/debian.h"
#include "signature/clearsign.h"
#include "syntax/tree.h"
#include "trust/openpgp_anchors.h"

static bool is_clearsigned(bulla_bytes content)
{
    return bu_bytes_starts(content, "-----BEGIN PGP SIGNED MESSAGE-----");
}

/* A list of files, and the one that is looked for. */
typedef struct lookup {
    const bu_check *check;
    bulla_digest own; /* SHA-256 of the message */
    bool found;
} lookup;

static bulla_status judge_digest(lookup *l, const bulla_digest *listed, bulla_error *err)
{
    char want[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
    l->found = true;
    if (bulla_digest_equal(listed, &l->own))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the file that the signed document lists");
    return bu_expected(err, status, bu_bytes_of(bulla_digest_hex(listed, want)),
                       bu_bytes_of(bulla_digest_hex(&l->own, got)));
}

/* A Release lists paths, of which many end in one name: there the digest says which it is. */
static bulla_status look_in_debian(lookup *l, bulla_bytes text, bulla_error *err)
{
    bu_release list = { 0 };
    const char *name = l->check->message->name;
    const bulla_digest *listed = NULL;
    BU_TRY(bu_deb_list_parse(text, l->check->file, l->check->arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const bu_release_file *file = &list.files[i];
        if (strcmp(bu_path_name(file->path), name) != 0)
            continue;
        listed = &file->sha256;
        if (bulla_digest_equal(listed, &l->own))
            break;
    }
    return listed == NULL ? BU_OK : judge_digest(l, listed, err);
}

#define HELM_MARK "\n...\n" /* between the chart's metadata and what it signs for */

static size_t find_mark(bulla_bytes text)
{
    const uint8_t *hit = memmem(text.ptr, text.len, HELM_MARK, strlen(HELM_MARK));
    return hit == NULL ? text.len : (size_t)(hit - text.ptr);
}

/* Helm: "files:", a map of names to "sha256:" and hex. */
static bulla_status look_in_helm(lookup *l, bulla_bytes text, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    const bu_node *files;
    bulla_digest listed;
    BU_TRY(bu_yaml_load(text, l->check->file, &tree, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "files", BU_NODE_TABLE, &files, err));
    const bu_node *file = bu_node_get(files, l->check->message->name);
    if (file == NULL)
        return BU_OK;
    bulla_bytes value = bu_node_text(file);
    if (!bu_bytes_starts(value, "sha256:"))
        return bu_node_fail(tree, file, err, BULLA_E_UNSUPPORTED_HASH, "not a SHA-256 digest");
    BU_TRY(bu_digest_from_hex(BULLA_ALG_SHA256, bu_bytes_from(value, strlen("sha256:")), &listed,
                              err));
    return judge_digest(l, &listed, err);
}

static bulla_status need_listed(const bu_check *check, bulla_bytes text, bulla_error *err)
{
    lookup l = { .check = check };
    size_t mark = find_mark(text);
    if (check->message->name == NULL)
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "lists files, and this one has no name");
    BU_TRY(bu_message_digest(check->message, BULLA_ALG_SHA256, &l.own, err));
    if (mark == text.len)
        BU_TRY(look_in_debian(&l, text, err));
    else
        BU_TRY(look_in_helm(&l, bu_bytes_from(text, mark + strlen(HELM_MARK)), err));
    if (l.found)
        return BU_OK;
    return bu_expected(
        err, bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is signed, but does not list this file"),
        bu_bytes_of(check->message->name), (bulla_bytes){ 0 });
}

static bulla_status verify_clearsigned(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_AUTO(bu_openpgp) pgp = NULL;
    bu_openpgp_result result = { 0 };
    bulla_bytes text;
    BU_TRY(bu_openpgp_of_anchors(check->anchors, &pgp, err));
    BU_TRY(bu_openpgp_open_clearsigned(pgp, check->content, check->now, check->arena, &text,
                                       &result, err));
    BU_TRY(bu_openpgp_vouch(&result, check, out, err));
    if (check->message != NULL)
        return need_listed(check, text, err);
    out->payload = text.ptr == NULL ? BULLA_LIT("") : text;
    out->payload_type = BULLA_LIT("text/plain");
    return BU_OK;
}

static bulla_status describe_clearsigned(bulla_bytes content, const char *file, bu_description *out,
                                         bulla_error *err)
{
    BU_CLEAR(bu_clearsigned) frame = { 0 };
    BU_TRY(bu_in_file(err, bu_clearsigned_read(content, &frame, err), file));
    return bu_in_file(err, bu_openpgp_describe(bu_buf_bytes(&frame.packets), out, err), file);
}

const bu_format bu_format_clearsign = {
    .id = "clearsign",
    .title = "OpenPGP clear-signed text",
    .endings = (const char *const[]){ ".prov", ".asc", NULL },
    .is = is_clearsigned,
    .verify = verify_clearsigned,
    .describe = describe_clearsigned,
};
