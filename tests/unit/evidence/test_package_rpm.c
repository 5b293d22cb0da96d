/* SPDX-License-Identifier: MIT */
/*
 * RPM packages: headers that contradict themselves, that hold a tag twice or
 * outside of what is signed, and payloads that were exchanged.
 */
#include "archive/rpm_header.h"

#include "package.h"
#include "suite.h"

static bulla_error err;

enum { INT32 = 4, TEXT = 6, BINARY = 7, TEXTS = 8 };

typedef struct tag {
    uint32_t tag, type, count;
    bulla_bytes value;
    uint32_t shift; /* of its offset, from where it should be */
} tag;

static void put32(uint32_t value, bu_buf *out)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bu_buf_add_byte(out, (uint8_t)(value >> shift));
}

static void put_entry(uint32_t number, uint32_t type, uint32_t offset, uint32_t count, bu_buf *out)
{
    put32(number, out);
    put32(type, out);
    put32(offset, out);
    put32(count, out);
}

/* A header of one region and `tags`; `covered` entries are in the region. */
static void build_header(uint32_t region, const tag *tags, size_t count, size_t covered,
                         bu_buf *out)
{
    BU_CLEAR(bu_buf) store = { 0 }, index = { 0 };
    for (size_t i = 0; i < count; i++) {
        build_zeros(tags[i].type == INT32 ? -store.len % 4 : 0, &store);
        put_entry(tags[i].tag, tags[i].type, (uint32_t)store.len + tags[i].shift, tags[i].count,
                  &index);
        bu_buf_add(&store, tags[i].value);
    }
    uint32_t end = (uint32_t)store.len;
    put_entry(region, BINARY, (uint32_t) - (int32_t)(covered * 16), 16, &store);
    bu_buf_add(out, BULLA_LIT("\x8E\xAD\xE8\x01\0\0\0\0"));
    put32((uint32_t)count + 1, out);
    put32((uint32_t)store.len, out);
    put_entry(region, BINARY, end, 16, out);
    bu_buf_add(out, bu_buf_bytes(&index));
    bu_buf_add(out, bu_buf_bytes(&store));
}

#define NUL_TEXT(literal)                                                                          \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal)                                                \
    }
#define NAME                                                                                       \
    {                                                                                              \
        BU_RPM_NAME, TEXT, 1, NUL_TEXT("demo"), 0                                                  \
    }
#define VERSION                                                                                    \
    {                                                                                              \
        BU_RPM_VERSION, TEXT, 1, NUL_TEXT("1.2"), 0                                                \
    }
#define RELEASE                                                                                    \
    {                                                                                              \
        BU_RPM_RELEASE, TEXT, 1, NUL_TEXT("3"), 0                                                  \
    }
#define EPOCH                                                                                      \
    {                                                                                              \
        BU_RPM_EPOCH, INT32, 1, BUILD_BYTES("\0\0\0\2"), 0                                         \
    }
#define ARCH                                                                                       \
    {                                                                                              \
        BU_RPM_ARCH, TEXT, 1, NUL_TEXT("noarch"), 0                                                \
    }

static const struct {
    const char *what;
    tag tags[6];
    size_t count, covered;
    bulla_code code;
    uint64_t offset;
} headers[] = {
    { "as rpm writes it", { NAME, VERSION, RELEASE, EPOCH, ARCH }, 5, 6, BULLA_OK, 0 },
    { "a tag twice", { NAME, NAME }, 2, 3, BULLA_E_DUPLICATE_ENTRY, 48 },
    { "tags out of order", { VERSION, NAME }, 2, 3, BULLA_E_BAD_HEADER, 48 },
    { "a tag outside of the region", { NAME, VERSION }, 2, 2, BULLA_E_BAD_HEADER, 16 },
    { "a value out of the store",
      { { BU_RPM_NAME, TEXT, 1, NUL_TEXT("demo"), 1000 } },
      1,
      2,
      BULLA_E_BAD_HEADER,
      32 },
    { "values that share bytes",
      { NAME, { BU_RPM_VERSION, TEXT, 1, NUL_TEXT("1"), (uint32_t)-3 } },
      2,
      3,
      BULLA_E_OVERLAP,
      48 },
    { "a count that overflows",
      { { BU_RPM_EPOCH, INT32, 0xFFFFFFFF, BUILD_BYTES("\0\0\0\0"), 0 } },
      1,
      2,
      BULLA_E_BAD_HEADER,
      32 },
    { "a number that is not aligned",
      { { BU_RPM_EPOCH, INT32, 1, BUILD_BYTES("\0\0\0\0\0"), 1 } },
      1,
      2,
      BULLA_E_BAD_HEADER,
      32 },
    { "an unknown type",
      { { BU_RPM_NAME, 10, 1, NUL_TEXT("demo"), 0 } },
      1,
      2,
      BULLA_E_BAD_HEADER,
      32 },
    { "two texts where one is due",
      { { BU_RPM_NAME, TEXT, 2, NUL_TEXT("a\0b"), 0 } },
      1,
      2,
      BULLA_E_BAD_HEADER,
      32 },
};

START_TEST(a_header_is_read_in_one_way)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    bu_rpm_header header;
    build_header(BU_RPM_IMMUTABLE, headers[_i].tags, headers[_i].count, headers[_i].covered,
                 &bytes);
    bulla_status status = bu_rpm_header_open(bu_buf_bytes(&bytes), &header, &err);
    ck_assert_msg(status.code == headers[_i].code, "%s: %s (%s)", headers[_i].what,
                  bulla_code_name(status.code), err.text);
    if (!bulla_ok(status))
        ck_assert_uint_eq(err.offset, headers[_i].offset);
}
END_TEST

/* What is done to an honest package. */
typedef enum change {
    NOTHING,
    OTHER_PAYLOAD,
    OTHER_HEADER_DIGEST,
    NO_DIGESTS,
    NO_NAME,
    OLD_ALGORITHM,
    NAME_IS_NUMBER,
    BAD_LEAD,
    CUT_OFF,
} change;

static bulla_bytes hex_of(bulla_bytes bytes, char hex[BULLA_DIGEST_HEX_MAX])
{
    bulla_digest digest;
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, &err), err);
    bulla_digest_hex(&digest, hex);
    return (bulla_bytes){ (const uint8_t *)hex, 65 };
}

static void build_rpm(const tag *name, bool has_epoch, change what, bu_buf *out)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_CLEAR(bu_buf) header = { 0 };
    bulla_bytes payload = BULLA_LIT("the payload");
    const tag all[] = { *name, VERSION, RELEASE, EPOCH, ARCH };
    tag tags[8];
    size_t count = 0;
    for (size_t i = what == NO_NAME ? 1 : 0; i < 5; i++)
        if (i != 3 || has_epoch)
            tags[count++] = all[i];
    if (what != NO_DIGESTS) {
        tags[count++] = (tag){ BU_RPM_PAYLOAD_DIGEST, TEXTS, 1, hex_of(payload, hex), 0 };
        tags[count++] =
            (tag){ BU_RPM_PAYLOAD_DIGEST_ALG, INT32, 1,
                   what == OLD_ALGORITHM ? BULLA_LIT("\0\0\0\2") : BULLA_LIT("\0\0\0\x08"), 0 };
    }
    build_header(BU_RPM_IMMUTABLE, tags, count, count + 1, &header);
    size_t start = out->len;
    bu_buf_add(out, what == BAD_LEAD ? BULLA_LIT("\xED\xAB\xEE\xDB\x09\0")
                                     : BULLA_LIT("\xED\xAB\xEE\xDB\3\0"));
    build_zeros(90, out);
    hex_of(what == OTHER_HEADER_DIGEST ? payload : bu_buf_bytes(&header), hex);
    const tag sums[] = { { BU_RPM_SIG_SHA256, TEXT, 1, { (const uint8_t *)hex, 65 }, 0 } };
    build_header(BU_RPM_SIGNATURES, sums, what == NO_DIGESTS ? 0 : 1, what == NO_DIGESTS ? 1 : 2,
                 out);
    build_zeros(-(out->len - start) % 8, out);
    bu_buf_add(out, bu_buf_bytes(&header));
    if (what == CUT_OFF)
        out->len -= 1;
    else
        bu_buf_add(out, what == OTHER_PAYLOAD ? BULLA_LIT("another") : payload);
}

static const tag right_name = NAME;
static const tag number_name = { BU_RPM_NAME, INT32, 1, BUILD_BYTES("\0\0\0\1"), 0 };

static const struct {
    change what;
    bool has_epoch;
    const char *purl, *name, *version, *architecture;
    bulla_code code;
} cases[] = {
    { NOTHING, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch", BULLA_OK },
    { NOTHING, false, "pkg:rpm/x/demo@1.2-3", "demo", "0:1.2-3", NULL, BULLA_OK },
    { NOTHING, true, "pkg:rpm/x/demo@1.2-3?epoch=2", "demo", "1.2-3", "noarch", BULLA_OK },
    { NOTHING, true, "pkg:rpm/x/demo@1.2-3", "demo", "2:1.2-3", "noarch", BULLA_OK },
    { NOTHING, true, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch", BULLA_E_SUBJECT_MISMATCH },
    { NO_DIGESTS, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch", BULLA_OK },
    { NOTHING, false, "pkg:rpm/x/demo@1.2-4", "demo", "1.2-4", "noarch", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, false, "pkg:rpm/x/demos@1.2-3", "demos", "1.2-3", "noarch",
      BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "x86_64", BULLA_E_SUBJECT_MISMATCH },
    { OTHER_PAYLOAD, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch", BULLA_E_CHECKSUM },
    { OTHER_HEADER_DIGEST, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch",
      BULLA_E_CHECKSUM },
    { NO_NAME, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch", BULLA_E_MISSING_FIELD },
    { NAME_IS_NUMBER, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch",
      BULLA_E_TYPE_MISMATCH },
    { OLD_ALGORITHM, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch",
      BULLA_E_UNSUPPORTED_HASH },
    { BAD_LEAD, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch",
      BULLA_E_UNSUPPORTED_VERSION },
    { CUT_OFF, false, "pkg:rpm/x/demo@1.2-3", "demo", "1.2-3", "noarch", BULLA_E_TRUNCATED },
};

START_TEST(an_rpm_package_is_held_against_the_component)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = { .purl = cases[_i].purl,
                                        .type = "rpm",
                                        .name = cases[_i].name,
                                        .version = cases[_i].version,
                                        .architecture = cases[_i].architecture };
    build_rpm(cases[_i].what == NAME_IS_NUMBER ? &number_name : &right_name, cases[_i].has_epoch,
              cases[_i].what, &bytes);
    bulla_status status = package_walk_component(&component, bu_buf_bytes(&bytes), &err);
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  err.text);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = {
        .purl = "pkg:rpm/x/demo@1.2-3", .type = "rpm", .name = "demo", .version = "1.2-3"
    };
    build_rpm(&right_name, false, NOTHING, &bytes);
    package_survives_allocation_failures(&component, bu_buf_bytes(&bytes));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_header_is_read_in_one_way, 0, sizeof headers / sizeof headers[0]);
    tcase_add_loop_test(tc, an_rpm_package_is_held_against_the_component, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("package_rpm", add);
}
