/* SPDX-License-Identifier: MIT */
/*
 * Finding a key on a token by its URI (RFC 7512). Refuses URIs that carry a PIN
 * or name a file with one, attributes that are not known, and names that fit
 * more than one token or key.
 */
#include <pthread.h>

#include "base/lazy.h"
#include "base/limits.h"
#include "signature/pkcs11_inside.h"

/* All written once, under `opened_once`, and only read from then on. */
bu_p11_functions bu_p11;
static bulla_status opened;
static bulla_error opened_error;
static pthread_once_t opened_once = PTHREAD_ONCE_INIT;

static void open_library(void)
{
    static const bu_lazy_symbol symbols[] = {
#define FUNCTION(name) { #name, offsetof(bu_p11_functions, name) },
        P11_FUNCTIONS(FUNCTION)
#undef FUNCTION
    };
    opened = bu_lazy_open("libp11-kit.so.0", symbols, sizeof symbols / sizeof symbols[0], &bu_p11,
                          &opened_error);
}

bulla_status bu_p11_open(bulla_error *err)
{
    (void)pthread_once(&opened_once, open_library);
    if (!bulla_ok(opened) && err != NULL)
        *err = opened_error;
    return opened;
}

bool bu_pkcs11_is(const char *text)
{
    return bu_bytes_starts(bu_bytes_of(text), P11_KIT_URI_SCHEME ":");
}

void bu_token_clear(bu_token *token)
{
    if (token->session != 0)
        (void)token->functions->C_CloseSession(token->session);
    if (token->module != NULL) {
        (void)bu_p11.p11_kit_module_finalize(token->module);
        bu_p11.p11_kit_module_release(token->module);
    }
    if (token->modules != NULL)
        bu_p11.p11_kit_modules_finalize_and_release(token->modules);
    bu_secret_free(token->pin);
    *token = (bu_token){ 0 };
}

static void token_free(void *token)
{
    bu_token_clear(token);
    free(token);
}

static void token_auto(bu_token **token)
{
    if (*token != NULL)
        token_free(*token);
}

static void uri_auto(P11KitUri **uri)
{
    if (*uri != NULL)
        bu_p11.p11_kit_uri_free(*uri);
}

bulla_status bu_token_ok(CK_RV code, const char *call, bulla_error *err)
{
    if (code == CKR_OK)
        return BU_OK;
    if (code == CKR_PIN_INCORRECT || code == CKR_PIN_INVALID || code == CKR_PIN_LEN_RANGE)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the token does not take this PIN");
    if (code == CKR_PIN_LOCKED)
        return bu_fail(err, BULLA_E_BAD_STATUS, "the token has locked its PIN");
    return bu_as(err,
                 bu_fail(err, BULLA_E_BAD_STATUS, "the token answers %s with 0x%lx", call, code),
                 BULLA_EXIT_IO);
}

bulla_status bu_token_attribute(const bu_token *token, CK_OBJECT_HANDLE object,
                                CK_ATTRIBUTE_TYPE type, bu_buf *out, bulla_error *err)
{
    CK_ATTRIBUTE attribute = { type, NULL, 0 };
    BU_TRY(bu_token_ok(token->functions->C_GetAttributeValue(token->session, object, &attribute, 1),
                       "C_GetAttributeValue", err));
    if (attribute.ulValueLen > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "an attribute of %lu bytes",
                       attribute.ulValueLen);
    attribute.pValue = bu_buf_room(out, attribute.ulValueLen);
    if (attribute.pValue == NULL)
        return bu_no_memory(err);
    CK_ULONG room = attribute.ulValueLen;
    BU_TRY(bu_token_ok(token->functions->C_GetAttributeValue(token->session, object, &attribute, 1),
                       "C_GetAttributeValue", err));
    if (attribute.ulValueLen > room)
        return bu_fail(err, BULLA_E_BAD_STATUS, "an attribute that has grown");
    bu_buf_added(out, attribute.ulValueLen);
    return BU_OK;
}

bulla_status bu_token_find(const bu_token *token, CK_ATTRIBUTE *attributes, size_t count,
                           CK_OBJECT_HANDLE found[2], size_t *number, bulla_error *err)
{
    CK_ULONG got = 0;
    CK_FUNCTION_LIST *f = token->functions;
    BU_TRY(bu_token_ok(f->C_FindObjectsInit(token->session, attributes, count), "C_FindObjectsInit",
                       err));
    CK_RV code = f->C_FindObjects(token->session, found, 2, &got);
    CK_RV end = f->C_FindObjectsFinal(token->session);
    BU_TRY(bu_token_ok(code != CKR_OK ? code : end, "C_FindObjects", err));
    *number = got;
    return BU_OK;
}

static bulla_status parse_uri(const char *text, P11KitUri **out, bulla_error *err)
{
    *out = bu_p11.p11_kit_uri_new();
    if (*out == NULL)
        return bu_no_memory(err);
    if (bu_p11.p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, *out) != P11_KIT_URI_OK)
        return bu_fail(err, BULLA_E_USAGE, "not a pkcs11: URI (RFC 7512)");
    if (bu_p11.p11_kit_uri_any_unrecognized(*out))
        return bu_fail(err, BULLA_E_USAGE, "the URI has an attribute that is not known");
    if (bu_p11.p11_kit_uri_get_pin_value(*out) != NULL ||
        bu_p11.p11_kit_uri_get_pin_source(*out) != NULL)
        return bu_fail(err, BULLA_E_USAGE,
                       "the URI carries a PIN: it is asked for, or read from --passphrase-fd");
    const char *path = bu_p11.p11_kit_uri_get_module_path(*out);
    if (path != NULL && path[0] != '/')
        return bu_fail(err, BULLA_E_USAGE, "module-path is no absolute path");
    return BU_OK;
}

static bulla_status load_modules(P11KitUri *uri, bu_token *token, bulla_error *err)
{
    const char *path = bu_p11.p11_kit_uri_get_module_path(uri);
    if (path == NULL) {
        token->modules = bu_p11.p11_kit_modules_load_and_initialize(0);
        return token->modules == NULL
                   ? bu_fail(err, BULLA_E_UNREADABLE, "p11-kit could not load its modules")
                   : BU_OK;
    }
    token->module = bu_p11.p11_kit_module_load(path, P11_KIT_MODULE_CRITICAL);
    if (token->module == NULL)
        return bu_in_file(err, bu_fail(err, BULLA_E_UNREADABLE, "not a PKCS#11 module"), path);
    if (bu_p11.p11_kit_module_initialize(token->module) == CKR_OK)
        return BU_OK;
    bu_p11.p11_kit_module_release(token->module);
    token->module = NULL;
    return bu_in_file(err, bu_fail(err, BULLA_E_UNREADABLE, "the module does not start"), path);
}

#define SLOTS_MAX 256

/* The slots of one module whose token the URI fits; the last of them is kept. */
static size_t match_slots(P11KitUri *uri, CK_FUNCTION_LIST *module, CK_SLOT_ID *slot,
                          CK_TOKEN_INFO *info)
{
    CK_INFO about;
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    size_t matches = 0;
    if (module->C_GetInfo(&about) != CKR_OK || !bu_p11.p11_kit_uri_match_module_info(uri, &about) ||
        module->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
        return 0;
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO one;
        if (module->C_GetTokenInfo(slots[i], &one) != CKR_OK ||
            (one.flags & CKF_TOKEN_INITIALIZED) == 0 ||
            !bu_p11.p11_kit_uri_match_token_info(uri, &one))
            continue;
        *slot = slots[i];
        *info = one;
        matches++;
    }
    return matches;
}

static bulla_status find_token(P11KitUri *uri, bu_token *token, CK_SLOT_ID *slot,
                               CK_TOKEN_INFO *info, bulla_error *err)
{
    size_t matches = 0;
    CK_FUNCTION_LIST *const only[] = { token->module, NULL };
    CK_FUNCTION_LIST *const *module = token->module != NULL ? only : token->modules;
    for (; *module != NULL; module++) {
        size_t more = match_slots(uri, *module, slot, info);
        if (more > 0)
            token->functions = *module;
        matches += more;
    }
    if (matches == 0)
        return bu_fail(err, BULLA_E_UNREADABLE, "there is no such token");
    if (matches > 1)
        return bu_fail(err, BULLA_E_USAGE,
                       "the URI fits %zu tokens: name one by token= or serial=", matches);
    return BU_OK;
}

static bulla_status ask_pin(const bulla_passphrase *passphrase, const char *uri, bu_secret **out,
                            bulla_error *err)
{
    size_t len = 0;
    BU_AUTO(bu_secret) pin = bu_secret_new(BULLA_PASSPHRASE_MAX);
    if (passphrase == NULL)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the token wants a PIN, none is given");
    if (pin == NULL)
        return bu_no_memory(err);
    BU_TRY(passphrase->ask(passphrase->context, uri, false, pin->ptr, pin->len, &len, err));
    if (len == 0 || len > pin->len)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "an empty PIN");
    pin->len = len;
    *out = BU_STEAL(pin);
    return BU_OK;
}

static bulla_status log_in(bu_token *token, const CK_TOKEN_INFO *info,
                           const bulla_passphrase *passphrase, const char *uri, bulla_error *err)
{
    BU_TRY(bu_sodium_ready(err));
    if ((info->flags & CKF_LOGIN_REQUIRED) == 0)
        return BU_OK;
    bool has_pad = (info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    if (!has_pad)
        BU_TRY(ask_pin(passphrase, uri, &token->pin, err));
    CK_RV code = token->functions->C_Login(
        token->session, CKU_USER, has_pad ? NULL : token->pin->ptr, has_pad ? 0 : token->pin->len);
    return bu_token_ok(code == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : code, "C_Login", err);
}

/* The private key with what the URI says of it: its label, its id. */
static bulla_status find_key(P11KitUri *uri, bu_token *token, bulla_error *err)
{
    static CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
    static const CK_ATTRIBUTE_TYPE types[] = { CKA_LABEL, CKA_ID };
    size_t count = 0;
    CK_OBJECT_HANDLE found[2];
    CK_ATTRIBUTE wanted[3] = { { CKA_CLASS, &private_key, sizeof private_key } };
    CK_ATTRIBUTE *class = bu_p11.p11_kit_uri_get_attribute(uri, CKA_CLASS);
    if (class != NULL && *(const CK_OBJECT_CLASS *)class->pValue != CKO_PRIVATE_KEY)
        return bu_fail(err, BULLA_E_USAGE, "the URI is not of a private key");
    size_t given = 1;
    for (size_t i = 0; i < 2; i++) {
        const CK_ATTRIBUTE *attribute = bu_p11.p11_kit_uri_get_attribute(uri, types[i]);
        if (attribute != NULL)
            wanted[given++] = *attribute;
    }
    BU_TRY(bu_token_find(token, wanted, given, found, &count, err));
    if (count == 0)
        return bu_fail(err, BULLA_E_UNREADABLE, "the token has no such private key");
    if (count > 1)
        return bu_fail(err, BULLA_E_USAGE,
                       "the URI fits more than one key: name one by object= or id=");
    token->key = found[0];
    return BU_OK;
}

/* The PIN is forgotten unless each signature wants it. */
static bulla_status settle_pin(bu_token *token, bulla_error *err)
{
    CK_BBOOL always = CK_FALSE;
    CK_ATTRIBUTE attribute = { CKA_ALWAYS_AUTHENTICATE, &always, sizeof always };
    (void)err;
    token->asks_always = token->functions->C_GetAttributeValue(token->session, token->key,
                                                               &attribute, 1) == CKR_OK &&
                         always == CK_TRUE;
    if (!token->asks_always) {
        bu_secret_free(token->pin);
        token->pin = NULL;
    }
    return BU_OK;
}

static bulla_status open_token(const char *text, const bulla_passphrase *passphrase,
                               bu_token *token, bulla_error *err)
{
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info = { 0 };
    __attribute__((cleanup(uri_auto))) P11KitUri *uri = NULL;
    BU_TRY(parse_uri(text, &uri, err));
    BU_TRY(load_modules(uri, token, err));
    BU_TRY(find_token(uri, token, &slot, &info, err));
    BU_TRY(bu_token_ok(
        token->functions->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &token->session),
        "C_OpenSession", err));
    BU_TRY(log_in(token, &info, passphrase, text, err));
    BU_TRY(find_key(uri, token, err));
    return settle_pin(token, err);
}

bulla_status bu_pkcs11_open(const char *uri, const bulla_passphrase *passphrase,
                            bu_secret_key **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) public = { 0 };
    BU_TRY(bu_p11_open(err));
    __attribute__((cleanup(token_auto))) bu_token *token = calloc(1, sizeof *token);
    if (token == NULL)
        return bu_no_memory(err);
    BU_TRY(open_token(uri, passphrase, token, err));
    BU_TRY(bu_token_public(token, &public, err));
    const bulla_signer signer = { bu_token_sign, token_free, token };
    BU_TRY(bu_secret_key_elsewhere(bu_buf_bytes(&public), &signer, out, err));
    token = NULL;
    return BU_OK;
}
