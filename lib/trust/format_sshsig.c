/* SPDX-License-Identifier: MIT */
/*
 * Signatures of ssh-keygen -Y sign -n file. They carry their key, which counts only when it is one
 * of the anchors.
 */
#include "signature/pem.h"
#include "signature/sshsig.h"
#include "trust/detached.h"

static bool is_sshsig(bulla_bytes content)
{
    return bu_bytes_is(bu_pem_label(content), BU_SSHSIG_LABEL);
}

typedef struct context {
    bu_sshsig signature;
    bulla_digest digest; /* of the message */
} context;

static void context_clear(context *c)
{
    bu_sshsig_clear(&c->signature);
}
BU_DEFINE_CLEAR(context)

/* The key itself is there; of one in a security key its application must be the same, too. */
static bu_named names(const bu_detached *detached, const bu_anchor *anchor)
{
    const bu_sshsig *signature = &((const context *)detached->signature)->signature;
    if (!bu_key_equal(signature->key.key, anchor->key))
        return BU_NAMED_OTHER;
    if (signature->key.is_hardware && !bu_bytes_equal(signature->blob, anchor->hint))
        return BU_NAMED_OTHER;
    return BU_NAMED;
}

static bulla_status verify_one(const bu_detached *detached, const bu_key *key, bulla_error *err)
{
    const context *c = detached->signature;
    (void)key; /* it is the one that the signature carries */
    return bu_sshsig_check(&c->signature, BU_SSHSIG_FILE, &c->digest, err);
}

static bulla_status verify_sshsig(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_CLEAR(context) c = { 0 };
    bu_detached detached = { .signature = &c, .names = names, .verify = verify_one };
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    BU_TRY(bu_in_file(err, bu_sshsig_parse(check->content, &c.signature, err), check->file));
    BU_TRY(bu_message_digest(check->message, c.signature.digest, &c.digest, err));
    detached.hint = bu_bytes_of(bu_key_id(c.signature.key.key));
    return bu_in_file(err, bu_detached_vouch(check, &detached, out, err), check->file);
}

static bulla_status describe_sshsig(bulla_bytes content, const char *file, bu_description *out,
                                    bulla_error *err)
{
    BU_CLEAR(bu_sshsig) signature = { 0 };
    BU_TRY(bu_in_file(err, bu_sshsig_parse(content, &signature, err), file));
    BU_TRY(bu_describe(out, "keyid", bu_bytes_of(bu_key_id(signature.key.key)), err));
    BU_TRY(bu_describe(out, "kind of key", bu_bytes_of(signature.key.name), err));
    BU_TRY(bu_describe(out, "namespace", signature.space, err));
    return bu_describe(out, "digest", signature.hash, err);
}

const bu_format bu_format_sshsig = {
    .id = "sshsig",
    .title = "OpenSSH signature",
    .endings = (const char *const[]){ ".sshsig", ".sig", NULL },
    .is = is_sshsig,
    .verify = verify_sshsig,
    .describe = describe_sshsig,
};
