/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP packets: a signature says what it says once, where it is hashed, and nothing critical is
 * passed over; of a certificate only what its owner said strongly enough, and by then, is left.
 */
#include "suite.h"

#include "signature/certificate.h"

/* A signature over RSA: kind, key algorithm, hash, hashed and unhashed subpackets, number. */
#define SIGNATURE(type, hash, hashed_len, hashed, loose_len, loose)                                \
    "\x04" type "\x01" hash "\x00" hashed_len hashed "\x00" loose_len loose "\xab\xcd"             \
    "\x00\x09\x01\xff"
#define MADE "\x05\x02\x60\x00\x00\x00"
#define KEYID                                                                                      \
    "\x09\x10"                                                                                     \
    "12345678"
#define PRINT                                                                                      \
    "\x16\x21\x04"                                                                                 \
    "abcdefghijkl12345678"
#define SHA256 "\x08"

static const struct {
    const char *body;
    size_t len;
    bulla_code want;
} signatures[] = {
#define S(text) (text), sizeof(text) - 1
    { S(SIGNATURE("\x00", SHA256, "\x06", MADE, "\x0a", KEYID)), BULLA_OK },
    { S(SIGNATURE("\x00", SHA256, "\x10", MADE KEYID, "\x17", PRINT)), BULLA_OK },
    { S(SIGNATURE("\x00", SHA256, "\x09", MADE "\x02\x65x", "\x0a", KEYID)), BULLA_OK },
    { S("\x03\x05\x00\x60\x00\x00\x00"), BULLA_E_UNSUPPORTED_VERSION },
    { S("\x06\x00\x01\x08"), BULLA_E_UNSUPPORTED_VERSION },
    { S(""), BULLA_E_TRUNCATED },
    { S("\x04\x00\x01\x08\x00\x07" MADE), BULLA_E_TRUNCATED },
    { S(SIGNATURE("\x00", SHA256, "\x00", "", "\x06", MADE)), BULLA_E_MISSING_FIELD },
    { S(SIGNATURE("\x00", SHA256, "\x0c", MADE MADE, "\x0a", KEYID)), BULLA_E_DUPLICATE_ENTRY },
    { S(SIGNATURE("\x00", SHA256, "\x09", MADE "\x02\xe5x", "\x0a", KEYID)),
      BULLA_E_UNSUPPORTED_FEATURE }, /* critical and private */
    { S(SIGNATURE("\x00", SHA256, "\x09", MADE "\x02\x94x", "\x0a", KEYID)),
      BULLA_E_UNSUPPORTED_FEATURE }, /* a critical notation */
    { S(SIGNATURE("\x00", SHA256, "\x06", MADE, "\x0a",
                  "\x09\x90"
                  "12345678")),
      BULLA_E_UNSUPPORTED_FEATURE }, /* critical, but not hashed */
    { S(SIGNATURE("\x00", SHA256, "\x10", MADE KEYID, "\x0a",
                  "\x09\x10"
                  "12345679")),
      BULLA_E_IDENTITY_MISMATCH },
    { S(SIGNATURE("\x00", SHA256, "\x1d", MADE PRINT, "\x0a",
                  "\x09\x10"
                  "12345679")),
      BULLA_E_IDENTITY_MISMATCH },
    { S(SIGNATURE("\x00", SHA256, "\x08", MADE "\x09\x10", "\x0a", KEYID)), BULLA_E_TRUNCATED },
    { S(SIGNATURE("\x00", SHA256, "\x05", "\x04\x02\x60\x00\x00", "\x0a", KEYID)),
      BULLA_E_BAD_SYNTAX },
    { S(SIGNATURE("\x00", SHA256, "\x06", MADE, "\x0a", KEYID) "x"), BULLA_E_BAD_ENCODING },
    { S("\x04\x00\x01\x08\x00\x06" MADE "\x00\x00\xab\xcd\x00\x0a\x01\xff"),
      BULLA_E_BAD_ENCODING }, /* one bit more than there is */
#undef S
};

START_TEST(signatures_are_read_strictly)
{
    bu_pgp_signature s;
    bulla_error err = { 0 };
    bulla_bytes body = { (const uint8_t *)signatures[_i].body, signatures[_i].len };
    bulla_status status = bu_pgp_signature_read(body, &s, &err);
    ck_assert_msg(status.code == signatures[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (!bulla_ok(status)) {
        unit_fails(status, signatures[_i].want, err);
        return;
    }
    ck_assert_uint_eq(s.created, 0x60000000);
    ck_assert(bu_bytes_is(s.keyid, "12345678"));
    ck_assert_str_eq(s.hash, "SHA256");
}
END_TEST

/* What is not hashed could have been put there by anyone. */
START_TEST(only_what_is_hashed_counts)
{
    static const char body[] = SIGNATURE("\x18", SHA256, "\x06", MADE, "\x0f",
                                         "\x05\x03\x00\x00\x00\x01"
                                         "\x02\x1b\x02"
                                         "\x05\x09\x00\x00\x00\x01");
    bu_pgp_signature s;
    bulla_error err = { 0 };
    unit_ok(
        bu_pgp_signature_read((bulla_bytes){ (const uint8_t *)body, sizeof body - 1 }, &s, &err),
        err);
    ck_assert_uint_eq(s.flags, 0);
    ck_assert_uint_eq(s.lasts, 0);
    ck_assert(s.has_loose);
}
END_TEST

/* RSA of 2048 bits as far as its header says. */
#define KEY "\x04\x60\x00\x00\x00\x01\x08\x00\x80"

static void add_packet(bu_buf *out, uint8_t tag, bulla_bytes body)
{
    bu_buf_add_byte(out, (uint8_t)(0xc0 | tag));
    bu_buf_add_byte(out, (uint8_t)body.len);
    bu_buf_add(out, body);
}

/* A signature about a key, by the owner of KEY unless `stranger`. */
static void add_signature(bu_buf *out, uint8_t type, uint8_t hash, const char *more,
                          bool by_stranger)
{
    bu_public_key_packet key;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) body = { 0 };
    unit_ok(bu_public_key_packet_read(BULLA_LIT(KEY), &key, &err), err);
    const uint8_t head[] = { 4, type, 1, hash, 0, (uint8_t)(6 + 23 + strlen(more)) };
    bu_buf_add(&body, (bulla_bytes){ head, sizeof head });
    bu_buf_add(&body, BULLA_LIT(MADE "\x16\x21\x04"));
    bu_buf_add(&body, by_stranger ? BULLA_LIT("abcdefghijklmnopqrst")
                                  : (bulla_bytes){ key.fingerprint, sizeof key.fingerprint });
    bu_buf_add_text(&body, more);
    bu_buf_add(&body, BULLA_LIT("\x00\x00\xab\xcd\x00\x09\x01\xff"));
    add_packet(out, BU_PACKET_SIGNATURE, bu_buf_bytes(&body));
}

#define SIGNS      "\x02\x1b\x03" /* key flags: certify, sign */
#define RETIRED    "\x02\x1d\x03"
#define STOLEN     "\x02\x1d\x02"
#define MADE_AT    0x60000000
#define UNCRITICAL "\x02\x65x"
#define CRITICAL   "\x02\xe5x"

static const struct {
    uint8_t type, hash;
    const char *more;
    bool by_stranger;
    int64_t time;
    bool stays;
} kept[] = {
    { 0x13, 8, SIGNS, false, MADE_AT, true },
    { 0x13, 8, SIGNS UNCRITICAL, false, MADE_AT, true },
    { 0x1f, 10, SIGNS, false, MADE_AT, true },
    { 0x13, 8, SIGNS, false, MADE_AT - 1, false }, /* not said yet */
    { 0x13, 8, SIGNS, true, MADE_AT, false },      /* said by others */
    { 0x13, 2, SIGNS, false, MADE_AT, false },     /* SHA-1 */
    { 0x13, 1, SIGNS, false, MADE_AT, false },     /* MD5 */
    { 0x13, 99, SIGNS, false, MADE_AT, false },
    { 0x13, 8, "", false, MADE_AT, false }, /* not said what for */
    { 0x13, 8, SIGNS CRITICAL, false, MADE_AT, false },
    { 0x18, 8, SIGNS, false, MADE_AT, false }, /* the subkey itself has not agreed */
    { 0x18, 8, "\x02\x1b\x0c", false, MADE_AT, true },
    { 0x00, 8, SIGNS, false, MADE_AT, false },
    { 0x20, 8, STOLEN, false, MADE_AT - 1, true },
    { 0x20, 8, "", false, MADE_AT - 1, true },
    { 0x20, 2, STOLEN, false, MADE_AT, true },
    { 0x20, 8, CRITICAL, false, MADE_AT - 1, true },
    { 0x20, 8, RETIRED, false, MADE_AT, true },
    { 0x20, 8, RETIRED, false, MADE_AT - 1, false },
    { 0x28, 8, RETIRED, false, MADE_AT - 1, false },
    { 0x28, 8, STOLEN, false, MADE_AT - 1, true },
};

START_TEST(certificates_are_as_they_were)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    BU_CLEAR(bu_buf) then = { 0 };
    BU_CLEAR(bu_certificates) all = { 0 };
    bulla_error err = { 0 };
    add_packet(&packets, BU_PACKET_PUBLIC_KEY, BULLA_LIT(KEY));
    size_t alone = packets.len;
    add_signature(&packets, kept[_i].type, kept[_i].hash, kept[_i].more, kept[_i].by_stranger);
    unit_ok(bu_certificates_read(bu_buf_bytes(&packets), &all, &err), err);
    bu_certificate_at(&all, 0, kept[_i].time, &then);
    ck_assert_msg(then.len == (kept[_i].stays ? packets.len : alone), "case %d", _i);
}
END_TEST

static const struct {
    const char *body;
    size_t len;
    const char *weakness; /* NULL: none */
} keys[] = {
#define K(text) (text), sizeof(text) - 1
    { K(KEY), NULL },
    { K("\x04\x60\x00\x00\x00\x01\x07\xff\x80"), "RSA" },
    { K("\x04\x60\x00\x00\x00\x11\x08\x00\x80"), "algorithm" }, /* DSA */
    { K("\x04\x60\x00\x00\x00\x10\x08\x00\x80"), "algorithm" }, /* Elgamal */
    { K("\x04\x60\x00\x00\x00\x13\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"), NULL },
    { K("\x04\x60\x00\x00\x00\x13\x05\x2b\x81\x04\x00\x0a"), "curve" }, /* secp256k1 */
    { K("\x04\x60\x00\x00\x00\x16\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"), NULL },
#undef K
};

START_TEST(weak_keys_are_told)
{
    bu_public_key_packet key;
    bulla_error err = { 0 };
    unit_ok(bu_public_key_packet_read((bulla_bytes){ (const uint8_t *)keys[_i].body, keys[_i].len },
                                      &key, &err),
            err);
    ck_assert_uint_eq(key.created, 0x60000000);
    if (keys[_i].weakness == NULL)
        ck_assert_ptr_null(key.weakness);
    else
        ck_assert(key.weakness != NULL && strstr(key.weakness, keys[_i].weakness) != NULL);
}
END_TEST

START_TEST(one_certificate_twice_is_one)
{
    BU_CLEAR(bu_buf) packets = { 0 };
    BU_CLEAR(bu_buf) whole = { 0 };
    BU_CLEAR(bu_certificates) all = { 0 };
    bulla_error err = { 0 };
    add_packet(&packets, BU_PACKET_PUBLIC_KEY, BULLA_LIT(KEY));
    add_packet(&packets, BU_PACKET_PUBLIC_KEY, BULLA_LIT(KEY));
    add_signature(&packets, BU_PGP_KEY_REVOCATION, 8, STOLEN, false);
    unit_ok(bu_certificates_read(bu_buf_bytes(&packets), &all, &err), err);
    ck_assert_uint_eq(all.count, 1);
    bu_certificate_whole(&all, 0, &whole); /* so the revocation of one is that of both */
    ck_assert(bu_bytes_equal(bu_buf_bytes(&whole), bu_buf_bytes(&packets)));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, signatures_are_read_strictly, 0,
                        (int)(sizeof signatures / sizeof signatures[0]));
    tcase_add_test(tc, only_what_is_hashed_counts);
    tcase_add_loop_test(tc, certificates_are_as_they_were, 0, (int)(sizeof kept / sizeof kept[0]));
    tcase_add_loop_test(tc, weak_keys_are_told, 0, (int)(sizeof keys / sizeof keys[0]));
    tcase_add_test(tc, one_certificate_twice_is_one);
}

int main(void)
{
    return unit_run("signature/packet", add);
}
