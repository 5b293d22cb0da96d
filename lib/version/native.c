/* SPDX-License-Identifier: MIT */
/*
 * The one grammar behind most notations of ranges, and what several of them
 * need: raising a number of a version, completing a semantic version.
 */
#include "version/native.h"

bulla_status bu_native_refuse(const bu_reading *r, const uint8_t *at, const char *why)
{
    bulla_status status = bu_fail(r->err, BULLA_E_BAD_SYNTAX, "not a range of the scheme %s: %s",
                                  r->range->scheme->id, why);
    bu_expected(r->err, status, (bulla_bytes){ 0 }, r->all);
    return bu_at_offset(r->err, status, at == NULL ? 0 : (uint64_t)(at - r->all.ptr));
}

bulla_status bu_native_add(const bu_reading *r, bu_comparator comparator, bulla_bytes version,
                           const uint8_t *at)
{
    bulla_status status = bu_range_add(r->range, comparator, version, r->err);
    if (status.code == BULLA_E_BAD_SYNTAX)
        return bu_native_refuse(r, at, "not a version");
    return status;
}

size_t bu_native_items(bulla_bytes version)
{
    size_t count = 1;
    for (size_t i = 0; i < version.len; i++)
        count += version.ptr[i] == '.';
    return count;
}

/* Add one to a decimal number of any length, in place behind a zero. */
static void add_one(uint8_t *digits, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        if (digits[i] != '9') {
            digits[i]++;
            return;
        }
        digits[i] = '0';
    }
}

bulla_status bu_native_raise(const bu_reading *r, bulla_bytes version, size_t index,
                             const char *tail, bulla_bytes *out)
{
    bulla_bytes rest = version, item = { 0 };
    for (size_t i = 0; i <= index; i++)
        item = bu_take_until(&rest, '.');
    size_t epoch = bu_bytes_find(item, '!'); /* PEP 440 */
    item = epoch < item.len ? bu_bytes_from(item, epoch + 1) : item;
    if (!bu_all(item, bu_is_digit))
        return bu_native_refuse(r, version.ptr, "a number to count up is missing");
    size_t before = (size_t)(item.ptr - version.ptr), tail_length = strlen(tail);
    uint8_t *text = bu_arena_get(r->range->arena, before + 1 + item.len + tail_length);
    if (text == NULL)
        return bu_no_memory(r->err);
    memcpy(text, version.ptr, before);
    text[before] = '0';
    memcpy(text + before + 1, item.ptr, item.len);
    add_one(text + before, item.len + 1);
    size_t zeros = 0; /* leading ones are dropped: 09 is followed by 10 */
    while (zeros < item.len && text[before + zeros] == '0')
        zeros++;
    memmove(text + before, text + before + zeros, item.len + 1 - zeros);
    memcpy(text + before + item.len + 1 - zeros, tail, tail_length);
    *out = (bulla_bytes){ text, before + item.len + 1 - zeros + tail_length };
    return BU_OK;
}

bulla_status bu_expand_plain(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    return bu_native_add(r, comparator, version, version.ptr);
}

static bool is_of_tail(uint8_t c)
{
    return bu_is_alnum(c) || c == '+' || c == '.' || c == '-';
}

/* Take a number, and for all but the first the dot before it; 0 when there is none. */
static bulla_bytes take_number(bulla_bytes *rest, bool is_first)
{
    bulla_bytes after = bu_bytes_from(*rest, is_first ? 0 : 1);
    if (!bu_is_digit(bu_front(after)) || (!is_first && bu_front(*rest) != '.'))
        return BULLA_LIT("0");
    *rest = after;
    bulla_bytes number = bu_take_while(rest, bu_is_digit);
    while (number.len > 1 && number.ptr[0] == '0')
        number = bu_bytes_from(number, 1);
    return number;
}

bool bu_semver_complete(bulla_bytes version, bu_buf *out)
{
    bulla_bytes rest = bu_bytes_from(version, bu_starts_folded(version, "v"));
    for (size_t i = 0; i < 3 || (bu_front(rest) == '.' && rest.len > 1); i++) {
        size_t before = rest.len;
        bulla_bytes number = take_number(&rest, i == 0);
        if (rest.len == before && (i == 0 || i > 2))
            return false;
        bu_buf_add_text(out, i == 0 ? "" : ".");
        bu_buf_add(out, number);
    }
    if (bu_is_letter(bu_front(rest)))
        bu_buf_add_byte(out, '-');
    bu_buf_add(out, rest);
    return bu_front(rest) != '.' && (rest.len == 0 || bu_all(rest, is_of_tail));
}

bulla_status bu_expand_semver(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (!bu_semver_complete(version, &text))
        return bu_native_refuse(r, version.ptr, "not a version");
    bulla_bytes kept = bu_arena_copy(r->range->arena, bu_buf_bytes(&text));
    if (text.broken || kept.ptr == NULL)
        return bu_no_memory(r->err);
    return bu_native_add(r, comparator, kept, version.ptr);
}

/* The grammar */

typedef struct parser {
    bu_reading reading;
    const bu_dialect *dialect;
    bulla_bytes rest;
    bool in_parentheses;
} parser;

static void take_blanks(bulla_bytes *rest)
{
    while (bu_take_byte(rest, ' ') || bu_take_byte(rest, '\t'))
        continue;
}

static bool take_word(parser *p, const char *word)
{
    if (word == NULL || !bu_bytes_starts(p->rest, word))
        return false;
    (void)bu_take_bytes(&p->rest, strlen(word));
    return true;
}

static bool is_of_version(uint8_t c)
{
    return c > ' ' && strchr(",|()<>=&", c) == NULL;
}

static const bu_sign *take_sign(parser *p)
{
    const bu_sign *sign = p->dialect->signs;
    while (sign->text != NULL && !take_word(p, sign->text))
        sign++;
    return sign->text == NULL ? NULL : sign;
}

/* Take " - HIGH" when it follows. */
static bool take_hyphen(parser *p, bulla_bytes *high)
{
    bulla_bytes after = p->rest;
    take_blanks(&after);
    if (p->dialect->hyphen == NULL || after.len == p->rest.len || !bu_take_byte(&after, '-') ||
        bu_front(after) != ' ')
        return false;
    take_blanks(&after);
    *high = bu_take_while(&after, is_of_version);
    p->rest = after;
    return true;
}

static void take_closing(parser *p)
{
    bulla_bytes after = p->rest;
    take_blanks(&after);
    if (p->in_parentheses && bu_take_byte(&after, ')')) {
        p->in_parentheses = false;
        p->rest = after;
    }
}

static bulla_status read_requirement(parser *p)
{
    bulla_bytes high;
    take_blanks(&p->rest);
    if (!p->in_parentheses && bu_take_byte(&p->rest, '('))
        p->in_parentheses = true;
    take_blanks(&p->rest);
    const uint8_t *start = p->rest.ptr;
    const bu_sign *sign = take_sign(p);
    if (sign == NULL)
        return bu_native_refuse(&p->reading, start, "a sign is missing");
    take_blanks(&p->rest);
    bulla_bytes version = bu_take_while(&p->rest, is_of_version);
    if (version.len == 0)
        return bu_native_refuse(&p->reading, p->rest.ptr, "a version is missing");
    if (sign->text[0] == '\0' && take_hyphen(p, &high))
        return p->dialect->hyphen(&p->reading, version, high);
    BU_TRY(sign->expand(&p->reading, sign->comparator, version));
    take_closing(p);
    return BU_OK;
}

/* What may be between two requirements; false at what may not. */
static bool take_joint(parser *p)
{
    size_t before = p->rest.len;
    take_blanks(&p->rest);
    bool has_blank = p->rest.len < before;
    if (take_word(p, "||") || take_word(p, p->dialect->either) || bu_take_byte(&p->rest, ',') ||
        take_word(p, p->dialect->both))
        return true;
    return has_blank && p->dialect->blanks_join;
}

bulla_status bu_native_read(bulla_bytes native, const bu_dialect *dialect, bu_range *range,
                            bulla_error *err)
{
    parser p = { { native, range, err }, dialect, bu_bytes_trim(native), false };
    range->all = p.rest.len == 0 || bu_bytes_is(p.rest, "*");
    while (!range->all) {
        BU_TRY(read_requirement(&p));
        if (p.rest.len == 0)
            break;
        if (!take_joint(&p))
            return bu_native_refuse(&p.reading, p.rest.ptr, "not the end of a requirement");
    }
    if (p.in_parentheses)
        return bu_native_refuse(&p.reading, native.ptr + native.len, "a parenthesis is not closed");
    return BU_OK;
}

/* Notations that are no more than their signs */

static const bu_sign relations[] = {
    { "==", BU_EQ, bu_expand_plain }, { "=", BU_EQ, bu_expand_plain },
    { "!=", BU_NE, bu_expand_plain }, { "<>", BU_NE, bu_expand_plain },
    { "<=", BU_LE, bu_expand_plain }, { ">=", BU_GE, bu_expand_plain },
    { "<", BU_LT, bu_expand_plain },  { ">", BU_GT, bu_expand_plain },
    { "", BU_EQ, bu_expand_plain },   { 0 },
};

bulla_status bu_native_relation(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_dialect dialect = { relations, .blanks_join = true };
    return bu_native_read(native, &dialect, range, err);
}

bulla_status bu_native_rpm(bulla_bytes native, bu_range *range, bulla_error *err)
{
    return bu_native_relation(native, range, err);
}

bulla_status bu_native_deb(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "<<", BU_LT, bu_expand_plain }, { ">>", BU_GT, bu_expand_plain },
        { "<=", BU_LE, bu_expand_plain }, { ">=", BU_GE, bu_expand_plain },
        { "=", BU_EQ, bu_expand_plain },  { "<", BU_LT, bu_expand_plain },
        { ">", BU_GT, bu_expand_plain },  { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = false };
    return bu_native_read(native, &dialect, range, err);
}

bulla_status bu_native_apk(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
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

bulla_status bu_native_golang(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "==", BU_EQ, bu_expand_semver },
        { "=", BU_EQ, bu_expand_semver },
        { "!=", BU_NE, bu_expand_semver },
        { "<=", BU_LE, bu_expand_semver },
        { ">=", BU_GE, bu_expand_semver },
        { "<", BU_LT, bu_expand_semver },
        { ">", BU_GT, bu_expand_semver },
        { "", BU_EQ, bu_expand_semver },
        { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = true };
    return bu_native_read(native, &dialect, range, err);
}
