/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages: apk reads them part by part, tar as one stream. What one of
 * them would take for another package is refused.
 */
#include "package.h"

#include "suite.h"

static bulla_error err;

#define INFO "# made\npkgname = demo\npkgver = 1.2.3-r0\narch = x86_64\n"

/* What is done to an honest package. */
typedef enum change {
    NOTHING,
    UNSIGNED,
    OTHER_DATA,
    NO_INFO,
    NO_DATA,
    ENDED_CONTROL,
    TWO_SIGNATURES,
    SIGNATURE_IN_CONTROL,
    DATA_IN_CONTROL,
    CONTROL_IN_SIGNATURE,
    TWO_CONTROLS,
    TRAILING,
    CUT_OFF,
    VERSION_3,
    HUGE,
} change;

/* A gzip member with a tar archive that was cut off before its end. */
static void add_part(const build_member *members, bool whole, bu_buf *out)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(members, &tar);
    if (!whole)
        tar.len -= (size_t)2 * BUILD_BLOCK;
    build_compressed(BU_COMPRESSION_GZIP, bu_buf_bytes(&tar), out);
}

static const build_member signature = { .name = ".SIGN.RSA.key.rsa.pub",
                                        .content = BUILD_BYTES("x") };
static const build_member script = { .name = ".post-install", .content = BUILD_BYTES("#!") };
static const build_member binary = { .name = "usr/bin/demo", .content = BUILD_BYTES("x") };

static void add_control(const char *info, change what, bu_buf *out)
{
    static uint8_t zeros[17u << 20];
    build_member members[4] = {
        { .name = what == NO_INFO ? ".INFO" : ".PKGINFO", .content = bu_bytes_of(info) }, script
    };
    if (what == SIGNATURE_IN_CONTROL)
        members[2] = signature;
    if (what == DATA_IN_CONTROL)
        members[2] = binary;
    if (what == HUGE)
        members[1].content = (bulla_bytes){ zeros, sizeof zeros };
    add_part(members, what == ENDED_CONTROL, out);
}

static void build_apk(const char *info, change what, bu_buf *out)
{
    const build_member front[] = { signature,
                                   what == CONTROL_IN_SIGNATURE ? script : (build_member){ 0 },
                                   { 0 } };
    const build_member data[] = { binary, { 0 } };
    BU_CLEAR(bu_buf) stored = { 0 }, text = { 0 };
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    package_tar(BU_COMPRESSION_GZIP, data, &stored);
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&stored), &digest, &err), err);
    bu_buf_add_format(&text, "%sdatahash = %s\n", info, bulla_digest_hex(&digest, hex));
    if (what == VERSION_3)
        bu_buf_add_text(out, "ADBd");
    if (what != UNSIGNED)
        add_part(front, false, out);
    if (what == TWO_SIGNATURES)
        add_part(front, false, out);
    add_control((const char *)text.ptr, what, out);
    if (what == TWO_CONTROLS)
        add_control((const char *)text.ptr, what, out);
    if (what == OTHER_DATA)
        stored.ptr[4] ^= 1; /* the time in the gzip header */
    if (what != NO_DATA)
        bu_buf_add(out, bu_buf_bytes(&stored));
    if (what == TRAILING)
        bu_buf_add_text(out, "x");
    if (what == CUT_OFF)
        out->len -= 10;
}

static const struct {
    change what;
    const char *info, *name, *version, *architecture;
    bulla_code code;
} cases[] = {
    { NOTHING, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_OK },
    { NOTHING, INFO, "demo", "1.2.3-r0", NULL, BULLA_OK },
    { UNSIGNED, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_OK },
    { NOTHING, INFO, "demo", "1.2.3-r1", "x86_64", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, INFO, "demos", "1.2.3-r0", "x86_64", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, INFO, "demo", "1.2.3-r0", "aarch64", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, INFO "pkgname = evil\n", "demo", "1.2.3-r0", NULL, BULLA_E_DUPLICATE_ENTRY },
    { NOTHING, "pkgname = demo\narch = x\n", "demo", "1", NULL, BULLA_E_MISSING_FIELD },
    { OTHER_DATA, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_CHECKSUM },
    { TRAILING, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_CHECKSUM },
    { CUT_OFF, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_CHECKSUM },
    { NO_INFO, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_MISSING_FILE },
    { NO_DATA, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_TRUNCATED },
    { ENDED_CONTROL, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_AMBIGUOUS_ARCHIVE },
    { TWO_SIGNATURES, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_AMBIGUOUS_ARCHIVE },
    { SIGNATURE_IN_CONTROL, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_AMBIGUOUS_ARCHIVE },
    { DATA_IN_CONTROL, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_AMBIGUOUS_ARCHIVE },
    { CONTROL_IN_SIGNATURE, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_AMBIGUOUS_ARCHIVE },
    { TWO_CONTROLS, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_CHECKSUM },
    { VERSION_3, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_UNSUPPORTED_VERSION },
    { HUGE, INFO, "demo", "1.2.3-r0", "x86_64", BULLA_E_RESOURCE_LIMIT },
};

START_TEST(an_alpine_package_is_held_against_the_component)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = { .purl = "pkg:apk/alpine/demo",
                                        .type = "apk",
                                        .name = cases[_i].name,
                                        .version = cases[_i].version,
                                        .architecture = cases[_i].architecture };
    build_apk(cases[_i].info, cases[_i].what, &bytes);
    bulla_status status = package_walk_component(&component, bu_buf_bytes(&bytes), &err);
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  err.text);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = {
        .purl = "pkg:apk/alpine/demo", .type = "apk", .name = "demo", .version = "1.2.3-r0"
    };
    build_apk(INFO, NOTHING, &bytes);
    package_survives_allocation_failures(&component, bu_buf_bytes(&bytes));
}
END_TEST

/* Wherever it ends too early, it is refused. */
START_TEST(a_part_of_a_package_is_none)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    build_apk(INFO, NOTHING, &bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        bulla_status status = package_walk("pkg:apk/alpine/demo", "apk", "demo", "1.2.3-r0",
                                           (bulla_bytes){ bytes.ptr, len }, &err);
        ck_assert_msg(!bulla_ok(status), "%zu of %zu bytes", len, bytes.len);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, an_alpine_package_is_held_against_the_component, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_part_of_a_package_is_none);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("package_apk", add);
}
