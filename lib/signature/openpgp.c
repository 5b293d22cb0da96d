/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP through librnp, which does the cryptography and checks that subkeys
 * are bound. What counts as good is judged here, as sqv does it: SHA-2 or SHA-3,
 * a key that may sign and is long enough, and nothing expired or revoked, when
 * it was made or now. librnp's own verdict is needed besides, never instead.
 */
#include "base/limits.h"
#include "base/vec.h"
#include "signature/clearsign.h"
#include "signature/openpgp.h"
#include "signature/rnp.h"

#define LABEL_CERTIFICATES "PGP PUBLIC KEY BLOCK"
#define LABEL_SIGNATURE    "PGP SIGNATURE"
#define SKEW               300 /* seconds that a signer's clock may be ahead */
#define RSA_BITS_MIN       2048

/* RFC 9580, 5: packets of a certificate (public key, subkey, user id and attribute, signature,
 * trust), and of a signature. */
#define TAGS_CERTIFICATE "\x06\x0e\x0d\x11\x02\x0c"
#define TAGS_SIGNATURE   "\x02"

typedef struct fingerprint {
    char hex[sizeof((bu_openpgp_signer){ 0 }.fingerprint)];
} fingerprint;

struct bu_openpgp {
    rnp_ffi_t ffi;
    fingerprint *primaries;
    size_t count, cap;
};

void bu_openpgp_free(bu_openpgp *pgp)
{
    if (pgp == NULL)
        return;
    if (pgp->ffi != NULL)
        (void)bu_rnp.rnp_ffi_destroy(pgp->ffi);
    free(pgp->primaries);
    free(pgp);
}

size_t bu_openpgp_certificate_count(const bu_openpgp *pgp)
{
    return pgp->count;
}

const char *bu_openpgp_fingerprint(const bu_openpgp *pgp, size_t index)
{
    return pgp->primaries[index].hex;
}

static bulla_status add_primary(bu_openpgp *pgp, const char *hex, bulla_error *err)
{
    bool is_primary = false;
    RNP_AUTO(key_handle) key = NULL;
    if (bu_rnp.rnp_locate_key(pgp->ffi, "fingerprint", hex, &key) != RNP_SUCCESS || key == NULL ||
        bu_rnp.rnp_key_is_primary(key, &is_primary) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_BAD_KEY, "a certificate that cannot be looked at");
    if (!is_primary)
        return BU_OK;
    if (strlen(hex) >= sizeof pgp->primaries[0].hex)
        return bu_fail(err, BULLA_E_BAD_KEY, "a fingerprint of %zu characters", strlen(hex));
    BU_TRY(bu_vec_grow(&pgp->primaries, pgp->count, &pgp->cap, sizeof *pgp->primaries, err));
    memcpy(pgp->primaries[pgp->count++].hex, hex, strlen(hex) + 1);
    return BU_OK;
}

static bulla_status list_primaries(bu_openpgp *pgp, bulla_error *err)
{
    const char *hex = NULL;
    RNP_AUTO(identifier_iterator) all = NULL;
    if (bu_rnp.rnp_identifier_iterator_create(pgp->ffi, &all, "fingerprint") != RNP_SUCCESS)
        return bu_no_memory(err);
    while (bu_rnp.rnp_identifier_iterator_next(all, &hex) == RNP_SUCCESS && hex != NULL)
        BU_TRY(add_primary(pgp, hex, err));
    if (pgp->count == 0)
        return bu_fail(err, BULLA_E_BAD_KEY, "no certificate inside");
    return BU_OK;
}

/* The certificates as packets: librnp's own reading of armor is not needed. */
static bulla_status packets_of(bulla_bytes certificates, bu_buf *out, bulla_error *err)
{
    if (certificates.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu bytes of certificates", certificates.len);
    BU_TRY(bu_armor_dearmor(certificates, LABEL_CERTIFICATES, out, err));
    return bu_packets_only(bu_buf_bytes(out), TAGS_CERTIFICATE, NULL, err);
}

bulla_status bu_openpgp_new(bulla_bytes certificates, bu_openpgp **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    BU_AUTO(bu_openpgp) pgp = calloc(1, sizeof *pgp);
    if (pgp == NULL)
        return bu_no_memory(err);
    BU_TRY(packets_of(certificates, &packets, err));
    BU_TRY(bu_rnp_open(err));
    RNP_HUSH;
    RNP_AUTO(input) input = NULL;
    /* Certificates are read as of the end of time: what their owners said last counts, whenever
     * that was. Expiry is judged here, against the time that is asked about. */
    if (bu_rnp.rnp_ffi_create(&pgp->ffi, "GPG", "GPG") != RNP_SUCCESS ||
        bu_rnp.rnp_set_timestamp(pgp->ffi, UINT32_MAX) != RNP_SUCCESS ||
        bu_rnp.rnp_input_from_memory(&input, packets.ptr, packets.len, false) != RNP_SUCCESS)
        return bu_no_memory(err);
    if (bu_rnp.rnp_load_keys(pgp->ffi, "GPG", input, RNP_LOAD_SAVE_PUBLIC_KEYS) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_BAD_KEY, "not certificates that librnp can read");
    BU_TRY(list_primaries(pgp, err));
    *out = BU_STEAL(pgp);
    return BU_OK;
}

/* What is known of one signature of a known key. */
typedef struct judged {
    rnp_key_handle_t key, primary; /* borrowed */
    const char *hash, *type, *alg;
    uint32_t bits, made, lasts; /* `lasts`: seconds, 0 for ever */
    uint32_t key_made;
    uint64_t key_until, primary_until; /* 0: never was valid */
    bool may_sign, revoked, primary_revoked;
} judged;

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* Timeless demands. */
static bulla_status judge_kind(const judged *j, bulla_error *err)
{
    static const char *const hashes[] = {
        "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512", NULL
    };
    static const char *const types[] = { "binary", "text", NULL };
    static const char *const algs[] = { "RSA", "ECDSA", "EDDSA", NULL };
    if (!is_one_of(j->hash, hashes))
        return bu_fail(err, BULLA_E_WEAK_HASH, "signed over %s", j->hash);
    if (!is_one_of(j->type, types))
        return bu_fail(err, BULLA_E_WRONG_USAGE, "a signature of the kind '%s', not over data",
                       j->type);
    if (!is_one_of(j->alg, algs))
        return bu_fail(err, BULLA_E_WEAK_KEY, "signed by a %s key", j->alg);
    if (strcmp(j->alg, "RSA") == 0 && j->bits < RSA_BITS_MIN)
        return bu_fail(err, BULLA_E_WEAK_KEY, "signed by an RSA key of %u bits", j->bits);
    if (!j->may_sign)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "signed by a key that is not for signing");
    if (j->revoked || j->primary_revoked)
        return bu_fail(err, BULLA_E_REVOKED, "signed by a key that was revoked");
    if (j->key_until == 0 || j->primary_until == 0)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "signed by a key that no certificate binds");
    return BU_OK;
}

static bulla_status judge_time(const judged *j, int64_t now, bulla_error *err)
{
    uint64_t until = j->key_until < j->primary_until ? j->key_until : j->primary_until;
    if (j->made > now + SKEW)
        return bu_fail(err, BULLA_E_BAD_TIME, "made in the future");
    if (j->made < j->key_made)
        return bu_fail(err, BULLA_E_BAD_TIME, "made before its key");
    if (until < j->made)
        return bu_fail(err, BULLA_E_EXPIRED, "made by a key that had expired");
    if (until < (uint64_t)now)
        return bu_fail(err, BULLA_E_EXPIRED, "made by a key that has expired since");
    if (j->lasts != 0 && (int64_t)j->made + j->lasts < now)
        return bu_fail(err, BULLA_E_EXPIRED, "the signature has expired");
    return BU_OK;
}

/* The certificate that a key belongs to: its own, or that of its primary key. */
static bool fingerprint_of(rnp_key_handle_t key, fingerprint *out)
{
    RNP_TEXT own = NULL;
    RNP_TEXT primary = NULL;
    bool is_primary = false;
    if (bu_rnp.rnp_key_get_fprint(key, &own) != RNP_SUCCESS ||
        bu_rnp.rnp_key_is_primary(key, &is_primary) != RNP_SUCCESS)
        return false;
    if (!is_primary && bu_rnp.rnp_key_get_primary_fprint(key, &primary) != RNP_SUCCESS)
        return false;
    const char *hex = is_primary ? own : primary;
    if (hex == NULL || strlen(hex) >= sizeof out->hex)
        return false;
    memcpy(out->hex, hex, strlen(hex) + 1);
    return true;
}

static bool look_at_keys(judged *j)
{
    return bu_rnp.rnp_key_get_bits(j->key, &j->bits) == RNP_SUCCESS &&
           bu_rnp.rnp_key_get_creation(j->key, &j->key_made) == RNP_SUCCESS &&
           bu_rnp.rnp_key_valid_till64(j->key, &j->key_until) == RNP_SUCCESS &&
           bu_rnp.rnp_key_valid_till64(j->primary, &j->primary_until) == RNP_SUCCESS &&
           bu_rnp.rnp_key_allows_usage(j->key, "sign", &j->may_sign) == RNP_SUCCESS &&
           bu_rnp.rnp_key_is_revoked(j->key, &j->revoked) == RNP_SUCCESS &&
           bu_rnp.rnp_key_is_revoked(j->primary, &j->primary_revoked) == RNP_SUCCESS;
}

static bulla_status judge_known(bu_openpgp *pgp, rnp_op_verify_signature_t signature,
                                rnp_key_handle_t key, int64_t now, bu_openpgp_signer *out,
                                bulla_error *err)
{
    judged j = { .key = key };
    fingerprint who;
    RNP_TEXT hash = NULL;
    RNP_TEXT type = NULL;
    RNP_TEXT alg = NULL;
    RNP_AUTO(signature_handle) handle = NULL;
    RNP_AUTO(key_handle) primary = NULL;
    if (!fingerprint_of(key, &who) ||
        bu_rnp.rnp_locate_key(pgp->ffi, "fingerprint", who.hex, &primary) != RNP_SUCCESS ||
        primary == NULL)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "signed by a key that no certificate binds");
    j.primary = primary;
    if (bu_rnp.rnp_op_verify_signature_get_hash(signature, &hash) != RNP_SUCCESS ||
        bu_rnp.rnp_op_verify_signature_get_times(signature, &j.made, &j.lasts) != RNP_SUCCESS ||
        bu_rnp.rnp_op_verify_signature_get_handle(signature, &handle) != RNP_SUCCESS ||
        bu_rnp.rnp_signature_get_type(handle, &type) != RNP_SUCCESS ||
        bu_rnp.rnp_key_get_alg(key, &alg) != RNP_SUCCESS || !look_at_keys(&j))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "a signature that cannot be looked at");
    j.hash = hash;
    j.type = type;
    j.alg = alg;
    BU_TRY(judge_kind(&j, err));
    BU_TRY(judge_time(&j, now, err));
    if (bu_rnp.rnp_op_verify_signature_get_status(signature) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature by %s does not verify", who.hex);
    *out = (bu_openpgp_signer){ .made = j.made };
    memcpy(out->fingerprint, who.hex, sizeof who.hex);
    return BU_OK;
}

static bulla_status judge_one(bu_openpgp *pgp, rnp_op_verify_t op, size_t index, int64_t now,
                              bu_openpgp_signer *out, bulla_error *err)
{
    RNP_AUTO(key_handle) key = NULL;
    rnp_op_verify_signature_t signature = NULL; /* borrowed from `op` */
    if (bu_rnp.rnp_op_verify_get_signature_at(op, index, &signature) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "a signature that cannot be looked at");
    if (bu_rnp.rnp_op_verify_signature_get_key(signature, &key) == RNP_SUCCESS && key != NULL)
        return judge_known(pgp, signature, key, now, out, err);
    RNP_TEXT keyid = NULL;
    RNP_AUTO(signature_handle) handle = NULL;
    if (bu_rnp.rnp_op_verify_signature_get_handle(signature, &handle) == RNP_SUCCESS)
        (void)bu_rnp.rnp_signature_get_keyid(handle, &keyid);
    return bu_expected(err,
                       bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by a key that is not given"),
                       (bulla_bytes){ 0 }, bu_bytes_of(keyid));
}

/* The better of two refusals to tell: an unknown key says least. */
static bool tells_more(bulla_code a, bulla_code b)
{
    return b == BULLA_OK || (b == BULLA_E_UNTRUSTED_KEY && a != BULLA_E_UNTRUSTED_KEY);
}

static void add_signer(bu_openpgp_result *result, const bu_openpgp_signer *signer)
{
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->signers[i].fingerprint, signer->fingerprint) == 0)
            return;
    result->signers[result->count++] = *signer;
}

/* Good is what at least one given certificate signed well, and none signed badly. */
static bulla_status judge_all(bu_openpgp *pgp, rnp_op_verify_t op, size_t count, int64_t now,
                              bu_arena *arena, bu_openpgp_result *out, bulla_error *err)
{
    size_t seen = 0;
    bulla_error refusal = { 0 };
    bu_openpgp_result result = { .signers =
                                     bu_arena_get_array(arena, count, sizeof *result.signers) };
    if (result.signers == NULL)
        return bu_no_memory(err);
    if (bu_rnp.rnp_op_verify_get_signature_count(op, &seen) != RNP_SUCCESS || seen != count)
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "%zu signatures, of which librnp sees %zu",
                       count, seen);
    for (size_t i = 0; i < count; i++) {
        bu_openpgp_signer signer;
        bulla_error why = { 0 };
        bulla_status status = judge_one(pgp, op, i, now, &signer, &why);
        if (bulla_ok(status))
            add_signer(&result, &signer);
        else if (status.code == BULLA_E_BAD_SIGNATURE || tells_more(status.code, refusal.code))
            refusal = why;
        if (status.code == BULLA_E_BAD_SIGNATURE)
            break;
    }
    if (result.count == 0 || refusal.code == BULLA_E_BAD_SIGNATURE) {
        if (err != NULL)
            *err = refusal;
        return (bulla_status){ refusal.code };
    }
    *out = result;
    return BU_OK;
}

static bulla_status judge_packets(bulla_bytes packets, size_t *count, bulla_error *err)
{
    BU_TRY(bu_packets_only(packets, TAGS_SIGNATURE, count, err));
    if (*count > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu signatures are over the limit of %u",
                       *count, BU_LIMIT_SIGNATURES);
    return BU_OK;
}

static bulla_status set_time(bu_openpgp *pgp, int64_t now, bulla_error *err)
{
    if (now < 0 || now > (int64_t)UINT32_MAX - SKEW)
        return bu_fail(err, BULLA_E_BAD_TIME, "a time that OpenPGP cannot write");
    if (bu_rnp.rnp_set_timestamp(pgp->ffi, (uint64_t)now + SKEW) != RNP_SUCCESS)
        return bu_fail(err, BULLA_E_INTERNAL, "librnp takes no time");
    return BU_OK;
}

static bool read_nothing(void *context, void *buf, size_t len, size_t *read)
{
    (void)context;
    (void)buf;
    (void)len;
    *read = 0;
    return true;
}

/* librnp takes no empty memory, but an empty message can be signed. */
static bool open_message(bulla_bytes message, rnp_input_t *out)
{
    if (message.len == 0)
        return bu_rnp.rnp_input_from_callback(out, read_nothing, NULL, NULL) == RNP_SUCCESS;
    return bu_rnp.rnp_input_from_memory(out, message.ptr, message.len, false) == RNP_SUCCESS;
}

bulla_status bu_openpgp_verify_detached(bu_openpgp *pgp, bulla_bytes message, bulla_bytes signature,
                                        int64_t now, bu_arena *arena, bu_openpgp_result *out,
                                        bulla_error *err)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    size_t count = 0;
    if (signature.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a signature of %zu bytes", signature.len);
    BU_TRY(bu_armor_dearmor(signature, LABEL_SIGNATURE, &packets, err));
    BU_TRY(judge_packets(bu_buf_bytes(&packets), &count, err));
    BU_TRY(set_time(pgp, now, err));
    RNP_HUSH;
    RNP_AUTO(input) data = NULL;
    RNP_AUTO(input) signatures = NULL;
    RNP_AUTO(op_verify) op = NULL;
    if (!open_message(message, &data) ||
        bu_rnp.rnp_input_from_memory(&signatures, packets.ptr, packets.len, false) != RNP_SUCCESS ||
        bu_rnp.rnp_op_verify_detached_create(&op, pgp->ffi, data, signatures) != RNP_SUCCESS)
        return bu_no_memory(err);
    (void)bu_rnp.rnp_op_verify_execute(
        op); /* what it thinks of each signature is asked for below */
    return judge_all(pgp, op, count, now, arena, out, err);
}

/* librnp's text keeps the line ends of the message; ours has LF. */
static bulla_status same_text(rnp_output_t output, bulla_bytes ours, bu_buf *theirs,
                              bulla_error *err)
{
    uint8_t *text = NULL;
    size_t len = 0;
    if (bu_rnp.rnp_output_memory_get_buf(output, &text, &len, false) != RNP_SUCCESS)
        return bu_no_memory(err);
    if (bu_buf_room(theirs, len) == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < len; i++)
        if (text[i] != '\r')
            bu_buf_add_byte(theirs, text[i]);
    if (!bu_bytes_equal(bu_buf_bytes(theirs), ours))
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "two readers see two texts in this message");
    return BU_OK;
}

bulla_status bu_openpgp_open_clearsigned(bu_openpgp *pgp, bulla_bytes message, int64_t now,
                                         bu_arena *arena, bulla_bytes *text, bu_openpgp_result *out,
                                         bulla_error *err)
{
    BU_CLEAR(bu_clearsigned) frame = { 0 };
    BU_CLEAR(bu_buf) theirs = { 0 };
    bu_openpgp_result result;
    size_t count = 0;
    BU_TRY(bu_clearsigned_read(message, &frame, err));
    BU_TRY(judge_packets(bu_buf_bytes(&frame.packets), &count, err));
    BU_TRY(set_time(pgp, now, err));
    RNP_HUSH;
    RNP_AUTO(input) input = NULL;
    RNP_AUTO(output) output = NULL;
    RNP_AUTO(op_verify) op = NULL;
    if (bu_rnp.rnp_input_from_memory(&input, message.ptr, message.len, false) != RNP_SUCCESS ||
        bu_rnp.rnp_output_to_memory(&output, 0) != RNP_SUCCESS ||
        bu_rnp.rnp_op_verify_create(&op, pgp->ffi, input, output) != RNP_SUCCESS)
        return bu_no_memory(err);
    (void)bu_rnp.rnp_op_verify_execute(op);
    BU_TRY(judge_all(pgp, op, count, now, arena, &result, err));
    BU_TRY(same_text(output, bu_buf_bytes(&frame.text), &theirs, err));
    *text = bu_arena_copy(arena, bu_buf_bytes(&theirs));
    if (theirs.len > 0 && text->ptr == NULL)
        return bu_no_memory(err);
    *out = result;
    return BU_OK;
}
