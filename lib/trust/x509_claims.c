/* SPDX-License-Identifier: MIT */
/*
 * What Fulcio writes into a certificate: the identity as its one subject alternative name, the rest
 * as extensions below 1.3.6.1.4.1.57264.1; up to .6 as bare text, from .8 on as a DER UTF8String.
 * Refuses an extension that stands twice, texts that are no UTF-8 or hold a NUL.
 */
#include <openssl/err.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "signature/der.h"
#include "trust/x509_inside.h"

#define ARC            "1.3.6.1.4.1.57264.1."
#define OTHER_NAME     ARC "7"
#define FIRST_DER      8 /* numbers from here on are DER */
#define GITHUB         "https://github.com/"
#define DER_UTF8STRING 0x0c

/* An empty text claims nothing. */
static bulla_status keep_text(bulla_bytes text, bu_arena *arena, const char **out, bulla_error *err)
{
    if (text.len == 0)
        return BU_OK;
    if (bu_bytes_find(text, 0) != text.len || bu_utf8_valid(text) != text.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a claim that is no text");
    *out = bu_arena_text(arena, text);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static void free_object(ASN1_OBJECT **object)
{
    ASN1_OBJECT_free(*object);
}

/* The extension with that number, or NULL. */
static bulla_status find_extension(const X509 *x509, int number, X509_EXTENSION **out,
                                   bulla_error *err)
{
    char oid[sizeof ARC + 12];
    (void)snprintf(oid, sizeof oid, ARC "%d", number);
    __attribute__((cleanup(free_object))) ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    if (object == NULL)
        return bu_no_memory(err);
    int at = X509_get_ext_by_OBJ(x509, object, -1);
    *out = at < 0 ? NULL : X509_get_ext(x509, at);
    if (at >= 0 && X509_get_ext_by_OBJ(x509, object, at) >= 0)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "the extension %s stands twice", oid);
    return BU_OK;
}

static bulla_status read_claim(const X509 *x509, int number, bu_arena *arena, const char **out,
                               bulla_error *err)
{
    X509_EXTENSION *extension = NULL;
    BU_TRY(find_extension(x509, number, &extension, err));
    if (extension == NULL)
        return BU_OK;
    bulla_bytes text = bu_asn1_bytes(X509_EXTENSION_get_data(extension));
    bu_der der = bu_der_of(text);
    if (number >= FIRST_DER) {
        text = bu_der_take(&der, DER_UTF8STRING);
        if (!bu_der_done(&der))
            return bu_fail(err, BULLA_E_BAD_ENCODING, "the extension " ARC "%d is no UTF8String",
                           number);
    }
    return bu_within(err, keep_text(text, arena, out, err), "the extension " ARC "%d", number);
}

static void free_names(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

/* The text of a name of one of the kinds that Fulcio certifies; ptr NULL: another kind. */
static bulla_bytes name_text(const GENERAL_NAME *name)
{
    char oid[sizeof OTHER_NAME + 1] = "";
    if (name->type == GEN_EMAIL || name->type == GEN_URI)
        return bu_asn1_bytes(name->d.ia5);
    if (name->type != GEN_OTHERNAME || name->d.otherName->value->type != V_ASN1_UTF8STRING)
        return (bulla_bytes){ 0 };
    (void)OBJ_obj2txt(oid, sizeof oid, name->d.otherName->type_id, 1);
    if (strcmp(oid, OTHER_NAME) != 0)
        return (bulla_bytes){ 0 };
    return bu_asn1_bytes(name->d.otherName->value->value.utf8string);
}

/* Fulcio's profile: exactly one subject alternative name. */
static bulla_status read_identity(const X509 *x509, bu_arena *arena, bu_claims *out,
                                  bulla_error *err)
{
    int critical = -1;
    (void)ERR_set_mark();
    __attribute__((cleanup(free_names))) GENERAL_NAMES *names =
        X509_get_ext_d2i(x509, NID_subject_alt_name, &critical, NULL);
    (void)ERR_pop_to_mark();
    if (names == NULL && critical == -1) /* there is none */
        return BU_OK;
    if (names == NULL || sk_GENERAL_NAME_num(names) != 1)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not exactly one subject alternative name");
    bulla_bytes text = name_text(sk_GENERAL_NAME_value(names, 0));
    if (text.ptr == NULL)
        return bu_fail(err, BULLA_E_BAD_ENCODING,
                       "the subject alternative name is no URI, e-mail address or " OTHER_NAME);
    return bu_within(err, keep_text(text, arena, &out->identity, err), "subject alternative name");
}

/* A claim by its number, and the number that older certificates have it under; 0: none. */
static const struct claim {
    size_t offset;
    int number, older;
} claims[] = {
    { offsetof(bu_claims, issuer), 8, 1 },
    { offsetof(bu_claims, build_signer_uri), 9, 0 },
    { offsetof(bu_claims, build_signer_digest), 10, 0 },
    { offsetof(bu_claims, runner_environment), 11, 0 },
    { offsetof(bu_claims, source_uri), 12, 0 },
    { offsetof(bu_claims, source_digest), 13, 3 },
    { offsetof(bu_claims, source_ref), 14, 6 },
    { offsetof(bu_claims, source_owner_uri), 16, 0 },
    { offsetof(bu_claims, build_config_uri), 18, 0 },
    { offsetof(bu_claims, build_config_digest), 19, 0 },
    { offsetof(bu_claims, build_trigger), 20, 2 },
    { offsetof(bu_claims, run_uri), 21, 0 },
};

/* .5 is "owner/repository", of GitHub alone. */
static bulla_status read_github_repository(const X509 *x509, bu_arena *arena, bu_claims *out,
                                           bulla_error *err)
{
    const char *repository = NULL;
    BU_TRY(read_claim(x509, 5, arena, &repository, err));
    if (repository == NULL || out->source_uri != NULL)
        return BU_OK;
    out->source_uri = bu_arena_format(arena, GITHUB "%s", repository);
    return out->source_uri == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_x509_claims(const bu_x509 *certificate, bu_arena *arena, bu_claims *out,
                            bulla_error *err)
{
    *out = (bu_claims){ 0 };
    BU_TRY(read_identity(certificate->x509, arena, out, err));
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        const char **field = (const char **)(void *)((char *)out + claims[i].offset);
        BU_TRY(read_claim(certificate->x509, claims[i].number, arena, field, err));
        if (*field == NULL && claims[i].older != 0)
            BU_TRY(read_claim(certificate->x509, claims[i].older, arena, field, err));
    }
    return read_github_repository(certificate->x509, arena, out, err);
}
