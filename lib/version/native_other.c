/* SPDX-License-Identifier: MIT */
/*
 * Ranges of Conan, RubyGems, Hackage, OpenSSL and PyPI: the common grammar,
 * with the meaning that each gives to its "about this version".
 */
#include "version/native.h"
#include "version/orders.h"

/* From the version on, and below the one whose number `index` is one more. */
static bulla_status add_range(const bu_reading *r, bulla_bytes version, bulla_bytes numbers,
                              size_t index, const char *tail)
{
    bulla_bytes raised;
    BU_TRY(bu_native_add(r, BU_GE, version, version.ptr));
    BU_TRY(bu_native_raise(r, numbers, index, tail, &raised));
    return bu_native_add(r, BU_LT, raised, version.ptr);
}

static bool is_release(uint8_t c)
{
    return bu_is_digit(c) || c == '.' || c == '!';
}

static bulla_status joined(const bu_reading *r, bulla_bytes text, const char *tail,
                           bulla_bytes *out)
{
    BU_CLEAR(bu_buf) whole = { 0 };
    bu_buf_add(&whole, text);
    bu_buf_add_text(&whole, tail);
    *out = bu_arena_copy(r->range->arena, bu_buf_bytes(&whole));
    return whole.broken || out->ptr == NULL ? bu_no_memory(r->err) : BU_OK;
}

/* The numbers that a version begins with, without a dot behind them. */
static bulla_bytes numbers_of(bulla_bytes version)
{
    bulla_bytes rest = version, numbers = bu_take_while(&rest, is_release);
    while (numbers.len > 0 && !bu_is_digit(numbers.ptr[numbers.len - 1]))
        numbers.len--;
    return numbers;
}

static bulla_status not_expressible(const bu_reading *r, const uint8_t *at, const char *what)
{
    bulla_status status =
        bu_fail(r->err, BULLA_E_UNSUPPORTED_FEATURE, "%s cannot be said in vers", what);
    return bu_at_offset(r->err, status, (uint64_t)(at - r->all.ptr));
}

/* Conan: a dash behind a version lets pre-releases in; the upper bound of "^" and "~" leaves them out. */

static bool is_main(uint8_t c)
{
    return c != '-' && c != '+';
}

static bulla_bytes without_dash(bulla_bytes version)
{
    return bu_bytes_first(version, version.len - bu_bytes_ends(version, "-"));
}

static bulla_status conan_plain(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    bulla_bytes bare = without_dash(version);
    if (comparator == BU_EQ && (bare.len == 0 || bu_bytes_is(bare, "*")))
        return bu_native_add(r, BU_GE, BULLA_LIT("0.0.0"), version.ptr);
    return bu_native_add(r, comparator, bare, version.ptr);
}

static bulla_status conan_caret(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bulla_bytes bare = without_dash(version), rest = bare, main = bu_take_while(&rest, is_main);
    size_t index = 0, count = bu_native_items(main);
    for (rest = main; index + 1 < count && bu_is_zero(bu_take_until(&rest, '.')); index++)
        continue;
    return add_range(r, bare, main, index, "-");
}

static bulla_status conan_tilde(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bulla_bytes bare = without_dash(version), rest = bare, main = bu_take_while(&rest, is_main);
    return add_range(r, bare, main, bu_native_items(main) > 1, "-");
}

/* ", include_prerelease=True" and alike only choose among versions. */
static bool is_option(bulla_bytes option)
{
    bulla_bytes name = bu_bytes_trim(bu_bytes_first(option, bu_bytes_find(option, '=')));
    return bu_bytes_is(name, "include_prerelease") || bu_bytes_is(name, "loose");
}

bulla_status bu_native_conan(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "<=", BU_LE, conan_plain }, { ">=", BU_GE, conan_plain }, { "<", BU_LT, conan_plain },
        { ">", BU_GT, conan_plain },  { "=", BU_EQ, conan_plain },  { "~", BU_EQ, conan_tilde },
        { "^", BU_EQ, conan_caret },  { "", BU_EQ, conan_plain },   { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = true };
    const bu_reading reading = { native, range, err };
    bulla_bytes rest = native, versions = bu_take_until(&rest, ',');
    while (rest.len > 0) {
        const uint8_t *at = rest.ptr;
        if (!is_option(bu_take_until(&rest, ',')))
            return bu_native_refuse(&reading, at, "an option that is not known");
    }
    versions = bu_bytes_trim(versions);
    if (versions.len == 0 || bu_bytes_is(versions, "*"))
        return bu_native_add(&reading, BU_GE, BULLA_LIT("0.0.0"), native.ptr);
    return bu_native_read(versions, &dialect, range, err);
}

/* RubyGems: the last number but one may not grow. */
static bulla_status pessimistic(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bulla_bytes numbers = numbers_of(version);
    size_t count = bu_native_items(numbers);
    return add_range(r, version, numbers, count > 2 ? count - 2 : 0, "");
}

bulla_status bu_native_gem(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "~>", BU_EQ, pessimistic },
        { "!=", BU_NE, bu_expand_plain },
        { "<=", BU_LE, bu_expand_plain },
        { ">=", BU_GE, bu_expand_plain },
        { "=", BU_EQ, bu_expand_plain },
        { "<", BU_LT, bu_expand_plain },
        { ">", BU_GT, bu_expand_plain },
        { "", BU_EQ, bu_expand_plain },
        { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = true };
    return bu_native_read(native, &dialect, range, err);
}

/* Hackage: "==1.2.*", and "^>=1.2.3" for the same first two numbers. */

static bulla_status hackage_equal(const bu_reading *r, bu_comparator comparator,
                                  bulla_bytes version)
{
    if (!bu_bytes_ends(version, ".*"))
        return bu_native_add(r, comparator, version, version.ptr);
    bulla_bytes prefix = bu_bytes_first(version, version.len - 2);
    return add_range(r, prefix, prefix, bu_native_items(prefix) - 1, "");
}

static bulla_status hackage_major(const bu_reading *r, bu_comparator comparator,
                                  bulla_bytes version)
{
    (void)comparator;
    bulla_bytes numbers;
    BU_TRY(joined(r, version, ".0", &numbers)); /* 1 is 1.0 */
    return add_range(r, version, numbers, 1, "");
}

bulla_status bu_native_hackage(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "^>=", BU_EQ, hackage_major },
        { "==", BU_EQ, hackage_equal },
        { "<=", BU_LE, bu_expand_plain },
        { ">=", BU_GE, bu_expand_plain },
        { "<", BU_LT, bu_expand_plain },
        { ">", BU_GT, bu_expand_plain },
        { 0 },
    };
    static const bu_dialect dialect = { signs, .both = "&&" };
    range->all = bu_bytes_is(bu_bytes_trim(native), "-any");
    return range->all ? BU_OK : bu_native_read(native, &dialect, range, err);
}

/* OpenSSL's advisories list versions. */

static bulla_status openssl_version(const bu_reading *r, bu_comparator comparator,
                                    bulla_bytes version)
{
    bool is_new = version.ptr[0] >= '3' || bu_is_digit(bu_front(bu_bytes_from(version, 1)));
    return is_new ? bu_expand_semver(r, comparator, version)
                  : bu_native_add(r, comparator, version, version.ptr);
}

bulla_status bu_native_openssl(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = { { "", BU_EQ, openssl_version }, { 0 } };
    static const bu_dialect dialect = { signs, .blanks_join = false };
    return bu_native_read(native, &dialect, range, err);
}

/* PyPI: PEP 440's specifiers, versions in their normal form. */

static bulla_status pypi_normal(const bu_reading *r, bulla_bytes version, bulla_bytes *out)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (!bu_pypi_write(version, &text))
        return bu_native_refuse(r, version.ptr, "not a version of PEP 440");
    *out = bu_arena_copy(r->range->arena, bu_buf_bytes(&text));
    return text.broken || out->ptr == NULL ? bu_no_memory(r->err) : BU_OK;
}

static bulla_status pypi_plain(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    bulla_bytes normal;
    BU_TRY(pypi_normal(r, version, &normal));
    return bu_native_add(r, comparator, normal, version.ptr);
}

/* From a version to below all of the one whose number `index` is one more: X.dev0 is its first. */
static bulla_status pypi_range(const bu_reading *r, bulla_bytes low, bulla_bytes numbers,
                               size_t index, const uint8_t *at)
{
    bulla_bytes raised;
    BU_TRY(bu_native_add(r, BU_GE, low, at));
    BU_TRY(bu_native_raise(r, numbers, index, ".dev0", &raised));
    return bu_native_add(r, BU_LT, raised, at);
}

static bulla_status pypi_match(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    bulla_bytes normal, first;
    if (!bu_bytes_ends(version, ".*"))
        return pypi_plain(r, comparator, version);
    if (comparator == BU_NE)
        return not_expressible(r, version.ptr, "the exclusion of a whole series");
    BU_TRY(pypi_normal(r, bu_bytes_first(version, version.len - 2), &normal));
    if (numbers_of(normal).len != normal.len)
        return bu_native_refuse(r, version.ptr, "a wildcard goes with numbers alone");
    BU_TRY(joined(r, normal, ".dev0", &first));
    return pypi_range(r, first, normal, bu_native_items(normal) - 1, version.ptr);
}

static bulla_status pypi_compatible(const bu_reading *r, bu_comparator comparator,
                                    bulla_bytes version)
{
    (void)comparator;
    bulla_bytes normal;
    BU_TRY(pypi_normal(r, version, &normal));
    bulla_bytes numbers = numbers_of(normal);
    size_t count = bu_native_items(numbers);
    if (count < 2)
        return bu_native_refuse(r, version.ptr, "\"~=\" needs two numbers");
    return pypi_range(r, normal, numbers, count - 2, version.ptr);
}

static bulla_status pypi_identical(const bu_reading *r, bu_comparator comparator,
                                   bulla_bytes version)
{
    (void)comparator;
    return not_expressible(r, version.ptr, "equality of texts");
}

bulla_status bu_native_pypi(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "===", BU_EQ, pypi_identical },
        { "==", BU_EQ, pypi_match },
        { "~=", BU_EQ, pypi_compatible },
        { "!=", BU_NE, pypi_match },
        { "<=", BU_LE, pypi_plain },
        { ">=", BU_GE, pypi_plain },
        { "<", BU_LT, pypi_plain },
        { ">", BU_GT, pypi_plain },
        { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = false };
    return bu_native_read(native, &dialect, range, err);
}
