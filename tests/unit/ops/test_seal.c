/* SPDX-License-Identifier: MIT */
/*
 * Signing in the forms of other tools: what is made is what the form's own
 * reader verifies, and nothing is made where anything does not fit.
 */
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "base/encode.h"
#include "bulla/sign.h"
#include "digest/hasher.h"
#include "signature/dsse.h"
#include "signature/minisign.h"
#include "signature/sshsig.h"

#define CONTENT "what is signed\n"

static void set_up(void)
{
    BU_FREE char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    FILE *file = fopen("a", "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(CONTENT, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    file = fopen("p", "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs("{}", file), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(mkdir("folder", 0700), 0);
}

static const char *const one[] = { "a", NULL };

static bulla_secret_key *new_key(bulla_key_kind kind)
{
    bulla_secret_key *key = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_secret_key_new(kind, &key, &err), err);
    return key;
}

static bulla_bytes bytes_of(const bulla_buffer *buffer)
{
    return (bulla_bytes){ buffer->ptr, buffer->len };
}

static void sign(const bulla_secret_key *key, const char *format, bulla_buffer *out)
{
    bulla_error err = { 0 };
    const bulla_sign_options options = { .format = format, .now = 1000 };
    unit_ok(bulla_sign(key, &options, one, out, &err), err);
}

START_TEST(raw_is_the_signature_alone)
{
    static const bulla_key_kind kinds[] = { BULLA_KEY_ED25519, BULLA_KEY_ECDSA_P256,
                                            BULLA_KEY_ECDSA_P384, BULLA_KEY_ECDSA_P521 };
    bulla_error err = { 0 };
    bulla_buffer made = { 0 };
    BU_AUTO(bu_secret_key) key = new_key(kinds[_i]);
    sign(key, "raw", &made);
    const bu_key *public = bu_secret_key_public(key);
    unit_ok(
        bu_verify(public, bu_algorithm_of_key(public), BULLA_LIT(CONTENT), bytes_of(&made), &err),
        err);
    bulla_buffer_free(&made);
}
END_TEST

START_TEST(minisign_says_when_and_which)
{
    bulla_error err = { 0 };
    bulla_digest digest;
    bulla_buffer made = { 0 };
    bu_minisign_signature signature;
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    sign(key, "minisign", &made);
    unit_ok(bu_minisign_parse(bytes_of(&made), &signature, &err), err);
    ck_assert(signature.prehashed);
    ck_assert(bu_bytes_is(signature.trusted, "timestamp:1000\tfile:a\thashed"));
    unit_ok(bu_digest_of(BULLA_ALG_BLAKE2B, BULLA_LIT(CONTENT), &digest, &err), err);
    const bulla_bytes message = { digest.bytes, digest.len };
    unit_ok(bu_minisign_check(&signature, bu_secret_key_public(key), message, &err), err);
    bulla_buffer_free(&made);
}
END_TEST

START_TEST(signify_signs_the_bytes)
{
    bulla_error err = { 0 };
    bulla_buffer made = { 0 };
    bu_signify_signature signature;
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    sign(key, "signify", &made);
    unit_ok(bu_signify_parse(bytes_of(&made), &signature, &err), err);
    unit_ok(bu_signify_check(&signature, bu_secret_key_public(key), BULLA_LIT(CONTENT), &err), err);
    bulla_buffer_free(&made);
}
END_TEST

START_TEST(sshsig_is_for_files)
{
    bulla_error err = { 0 };
    bulla_digest digest;
    bulla_buffer made = { 0 };
    BU_CLEAR(bu_sshsig) signature = { 0 };
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ECDSA_P256);
    sign(key, "sshsig", &made);
    unit_ok(bu_sshsig_parse(bytes_of(&made), &signature, &err), err);
    unit_ok(bu_digest_of(signature.digest, BULLA_LIT(CONTENT), &digest, &err), err);
    unit_ok(bu_sshsig_check(&signature, "file", &digest, &err), err);
    unit_fails(bu_sshsig_check(&signature, "git", &digest, &err), BULLA_E_WRONG_USAGE, err);
    bulla_buffer_free(&made);
}
END_TEST

/* The text of a field two objects deep, decoded. */
static void field(const bu_json *bundle, const char *outer, const char *name, bu_buf *out)
{
    bulla_error err = { 0 };
    bulla_bytes text;
    const bu_json *object;
    unit_ok(bu_json_need_object(bundle, outer, "bundle", &object, &err), err);
    unit_ok(bu_json_need_text(object, name, "bundle", &text, &err), err);
    unit_ok(bu_base64_decode(text, BU_BASE64_STANDARD, out, &err), err);
}

START_TEST(sigstore_names_key_and_digest)
{
    bulla_error err = { 0 };
    bulla_buffer made = { 0 };
    const bu_json *material;
    BU_CLEAR(bu_buf) signature = { 0 };
    BU_CLEAR(bu_buf) hint = { 0 };
    BU_AUTO(bu_json) bundle = NULL;
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ECDSA_P384);
    const bu_key *public = bu_secret_key_public(key);
    sign(key, "sigstore", &made);
    unit_ok(bu_json_parse(bytes_of(&made), "bundle", &bundle, &err), err);
    unit_ok(bu_json_need_object(bundle, "verificationMaterial", "bundle", &material, &err), err);
    field(material, "publicKey", "hint", &hint);
    bulla_digest digest;
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_key_spki(public), &digest, &err), err);
    ck_assert(bu_bytes_equal(bu_buf_bytes(&hint), (bulla_bytes){ digest.bytes, digest.len }));
    field(bundle, "messageSignature", "signature", &signature);
    unit_ok(bu_verify(public, bu_algorithm_by_name(BULLA_LIT("ecdsa-p384-sha256")),
                      BULLA_LIT(CONTENT), bu_buf_bytes(&signature), &err),
            err);
    bulla_buffer_free(&made);
}
END_TEST

START_TEST(attestations_go_into_bundles)
{
    bulla_error err = { 0 };
    bulla_buffer made = { 0 };
    bool signed_by = false;
    bu_dsse envelope = { 0 };
    BU_AUTO(bu_json) bundle = NULL;
    BU_CLEAR(bu_buf) inside = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ECDSA_P256);
    const bu_key *const keys[] = { bu_secret_key_public(key) };
    const bulla_sign_options options = { .format = "sigstore" };
    unit_ok(bulla_attest(key, &options, "urn:x", "p", one, &made, &err), err);
    unit_ok(bu_json_parse(bytes_of(&made), "bundle", &bundle, &err), err);
    unit_ok(bu_json_write(bu_json_get(bundle, "dsseEnvelope"), BU_JSON_COMPACT, &inside, &err),
            err);
    unit_ok(bu_dsse_parse(bu_buf_bytes(&inside), "envelope", arena, &envelope, &err), err);
    unit_ok(bu_dsse_check(&envelope, keys, 1, &signed_by, &err), err);
    ck_assert(signed_by);
    bulla_buffer_free(&made);
}
END_TEST

static bulla_status no_authority(void *context, bulla_bytes request, bulla_buffer *response,
                                 bulla_error *err)
{
    (void)context;
    (void)response;
    ck_assert_uint_gt(request.len, 40);
    return bu_fail(err, BULLA_E_UNREADABLE, "nobody is there");
}

static bulla_status echo(void *context, bulla_bytes request, bulla_buffer *response,
                         bulla_error *err)
{
    (void)context;
    BU_CLEAR(bu_buf) same = { 0 };
    bu_buf_add(&same, request);
    return bu_buf_take(&same, response, err);
}

static const bulla_stamper absent = { no_authority, NULL }, parrot = { echo, NULL };

static const struct {
    bulla_key_kind kind;
    bulla_sign_options options;
    const char *const files[3];
    bulla_code want;
} refused[] = {
    { BULLA_KEY_ED25519, { .format = "pgp" }, { "a" }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .format = "raw", .algorithm = "md5" }, { "a" }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .algorithm = "ed25519" }, { "a" }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .stamper = &absent }, { "a" }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .format = "raw", .stamper = &absent }, { "a" }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .format = "raw" }, { NULL }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .format = "raw" }, { "a", "p" }, BULLA_E_USAGE },
    { BULLA_KEY_ED25519, { .format = "raw" }, { "none" }, BULLA_E_MISSING_FILE },
    { BULLA_KEY_ED25519, { .format = "minisign" }, { "folder" }, BULLA_E_SPECIAL_FILE },
    { BULLA_KEY_ED25519,
      { .format = "raw", .algorithm = "ecdsa-p256-sha256" },
      { "a" },
      BULLA_E_WRONG_USAGE },
    { BULLA_KEY_ECDSA_P256, { .format = "minisign" }, { "a" }, BULLA_E_WRONG_USAGE },
    { BULLA_KEY_ECDSA_P256, { .format = "signify" }, { "a" }, BULLA_E_WRONG_USAGE },
    { BULLA_KEY_ECDSA_P256,
      { .format = "sigstore", .stamper = &absent },
      { "a" },
      BULLA_E_UNREADABLE },
    { BULLA_KEY_ECDSA_P256,
      { .format = "sigstore", .stamper = &parrot },
      { "a" },
      BULLA_E_BAD_ENCODING },
};

START_TEST(what_does_not_fit_is_not_signed)
{
    bulla_error err = { 0 };
    bulla_buffer made = { 0 };
    BU_AUTO(bu_secret_key) key = new_key(refused[_i].kind);
    unit_fails(bulla_sign(key, &refused[_i].options, refused[_i].files, &made, &err),
               refused[_i].want, err);
    ck_assert_ptr_null(made.ptr);
}
END_TEST

START_TEST(only_bundles_hold_attestations)
{
    bulla_error err = { 0 };
    bulla_buffer made = { 0 };
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    const bulla_sign_options options = { .format = "minisign" };
    unit_fails(bulla_attest(key, &options, "urn:x", "p", one, &made, &err), BULLA_E_USAGE, err);
}
END_TEST

static const struct {
    const char *format, *ending;
} endings[] = {
    { "dsse", ".dsse.json" }, { "minisign", ".minisig" },       { "raw", ".sig" },
    { "signify", ".sig" },    { "sigstore", ".sigstore.json" }, { "sshsig", ".sig" },
    { "pgp", NULL },
};

START_TEST(forms_have_endings)
{
    ck_assert_pstr_eq(bulla_sign_ending(endings[_i].format), endings[_i].ending);
}
END_TEST

START_TEST(no_memory_is_said)
{
    static const char *const formats[] = { "minisign", "raw", "signify", "sigstore", "sshsig" };
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    const bulla_sign_options options = { .format = formats[_i] };
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer made = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_sign(key, &options, one, &made, &err);
        bool was_hit = alloc_fail_off();
        bulla_buffer_free(&made);
        if (!was_hit) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 3);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, NULL);
    tcase_add_loop_test(tc, raw_is_the_signature_alone, 0, 4);
    tcase_add_test(tc, minisign_says_when_and_which);
    tcase_add_test(tc, signify_signs_the_bytes);
    tcase_add_test(tc, sshsig_is_for_files);
    tcase_add_test(tc, sigstore_names_key_and_digest);
    tcase_add_test(tc, attestations_go_into_bundles);
    tcase_add_loop_test(tc, what_does_not_fit_is_not_signed, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tc, only_bundles_hold_attestations);
    tcase_add_loop_test(tc, forms_have_endings, 0, (int)(sizeof endings / sizeof endings[0]));
    tcase_add_loop_test(tc, no_memory_is_said, 0, 5);
}

int main(void)
{
    return unit_run("ops/seal", add);
}
