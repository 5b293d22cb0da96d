/* SPDX-License-Identifier: MIT */
/*
 * Stanzas of control data: what apt and dpkg would read differently is
 * refused, and it does not matter in which pieces the bytes arrive.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "base/limits.h"
#include "syntax/lines.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* Gives its bytes in pieces of a given size. */
typedef struct drip {
    bu_source base;
    bulla_bytes rest;
    size_t piece;
} drip;

static bulla_status drip_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    (void)err;
    drip *d = (drip *)self;
    *n = d->rest.len < d->piece ? d->rest.len : d->piece;
    *n = *n < cap ? *n : cap;
    if (*n > 0)
        memcpy(buf, d->rest.ptr, *n);
    d->rest = (bulla_bytes){ d->rest.ptr + *n, d->rest.len - *n };
    return BU_OK;
}

/* All stanzas as "name=value@line|…" with ";\n" behind each. */
static bulla_status describe(bulla_bytes text, size_t piece, bu_buf *out, bulla_error *err)
{
    drip source = { { drip_read }, text, piece };
    BU_AUTO(bu_stanzas) stanzas = NULL;
    BU_TRY(bu_stanzas_new(&source.base, "status", &stanzas, err));
    for (;;) {
        bu_stanza stanza;
        bool more = false;
        BU_TRY(bu_stanzas_next(stanzas, &stanza, &more, err));
        if (!more)
            return BU_OK;
        bu_buf_add_format(out, "%u+%llu:", stanza.line, (unsigned long long)stanza.offset);
        for (size_t i = 0; i < stanza.count; i++) {
            bu_buf_add(out, stanza.fields[i].name);
            bu_buf_add_text(out, "=");
            bu_buf_add(out, stanza.fields[i].value);
            bu_buf_add_format(out, "@%u|", stanza.fields[i].line);
        }
        bu_buf_add_text(out, ";\n");
    }
}

static const struct {
    const char *text, *want;
} accepted[] = {
    { "", "" },
    { "\n\n", "" },
    { "A: b\n", "1+0:A=b@1|;\n" },
    { "\n\nA:b\n\n\n\nC: \t d e \t\n", "3+2:A=b@3|;\n7+9:C=d e@7|;\n" },
    { "A:\nB: \t\n", "1+0:A=@1|B=@2|;\n" },
    { "A: 1\n 2\n\t3  \nB: x\n", "1+0:A=1\n 2\n\t3@1|B=x@4|;\n" },
    { "SHA256:\n aa 1 f\n bb 2 g\n\n", "1+0:SHA256=\n aa 1 f\n bb 2 g@1|;\n" },
    { "A: b:c\nX-!~: \xC3\xA9\n", "1+0:A=b:c@1|X-!~=\xC3\xA9@2|;\n" },
};

START_TEST(stanzas_are_read_whatever_pieces_they_come_in)
{
    static const size_t pieces[] = { 1, 2, 3, 7, 1 << 20 };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        bu_buf_add_text(&out, "");
        unit_ok(describe(bu_bytes_of(accepted[_i].text), pieces[i], &out, &err), err);
        ck_assert_str_eq((const char *)out.ptr, accepted[_i].want);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t len;
    bulla_code code;
    uint32_t line, column;
} refused[] = {
    { TEXT("A: b"), BULLA_E_TRUNCATED, 1, 5 },
    { TEXT("A: b\n\nC: d\n e"), BULLA_E_TRUNCATED, 4, 3 },
    { TEXT("A: b\r\n"), BULLA_E_CONTROL_CHARACTER, 1, 5 },
    { TEXT("A: b\r\n\r\nC: d\r\n"), BULLA_E_CONTROL_CHARACTER, 1, 5 },
    { TEXT("A: b\rC: d\n"), BULLA_E_CONTROL_CHARACTER, 1, 5 },
    { TEXT("A: b\0\n"), BULLA_E_CONTROL_CHARACTER, 1, 5 },
    { TEXT("A: \x1B[2J\n"), BULLA_E_CONTROL_CHARACTER, 1, 4 },
    { TEXT("A: 1234567\x7F\n"), BULLA_E_CONTROL_CHARACTER, 1, 11 },
    { TEXT("A: b\n\nC: \xE9\n"), BULLA_E_BAD_ENCODING, 3, 4 },
    { TEXT("A: \xC0\xAF\n"), BULLA_E_BAD_ENCODING, 1, 4 },
    { TEXT("\xEF\xBB\xBF"
           "A: b\n"),
      BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("A: b\n \nC: d\n"), BULLA_E_BAD_SYNTAX, 2, 1 },
    { TEXT("A: b\n\t \n"), BULLA_E_BAD_SYNTAX, 2, 1 },
    { TEXT(" A: b\n"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("A: b\n\n c\n"), BULLA_E_BAD_SYNTAX, 3, 1 },
    { TEXT("A: b\n# c\n"), BULLA_E_BAD_SYNTAX, 2, 1 },
    { TEXT("-----BEGIN PGP SIGNED MESSAGE-----\n"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT(": b\n"), BULLA_E_BAD_SYNTAX, 1, 1 },
    { TEXT("A b\n"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("A : b\n"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("A\n"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("A\xC3\xA9: b\n"), BULLA_E_BAD_SYNTAX, 1, 2 },
    { TEXT("A: b\nB: c\na: d\n"), BULLA_E_DUPLICATE_ENTRY, 3, 1 },
};

START_TEST(a_stanza_is_refused_at_its_place)
{
    static const size_t pieces[] = { 1, 1 << 20 };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_bytes text = { (const uint8_t *)refused[_i].text, refused[_i].len };
        unit_fails(describe(text, pieces[i], &out, &err), refused[_i].code, err);
        ck_assert_uint_eq(err.line, refused[_i].line);
        ck_assert_uint_eq(err.column, refused[_i].column);
        ck_assert_str_eq(err.file, "status");
        uint64_t line_start = 0;
        for (size_t at = 0; at < err.offset; at++)
            if (text.ptr[at] == '\n')
                line_start = at + 1;
        ck_assert_uint_eq(err.offset, line_start + err.column - 1);
    }
}
END_TEST

START_TEST(fields_are_found_without_case)
{
    bulla_error err = { 0 };
    bu_memory_source source = bu_memory_source_of(BULLA_LIT("Package: x\nSHA256: y\n"));
    BU_AUTO(bu_stanzas) stanzas = NULL;
    unit_ok(bu_stanzas_new(&source.base, "status", &stanzas, &err), err);
    bu_stanza stanza;
    bool more;
    unit_ok(bu_stanzas_next(stanzas, &stanza, &more, &err), err);
    ck_assert(bu_bytes_is(bu_stanza_get(&stanza, "sha256")->value, "y"));
    ck_assert(bu_bytes_is(bu_stanza_get(&stanza, "PACKAGE")->value, "x"));
    ck_assert_ptr_null(bu_stanza_get(&stanza, "Sha25"));
    unit_ok(bu_stanzas_next(stanzas, &stanza, &more, &err), err);
    ck_assert(!more);
    unit_ok(bu_stanzas_next(stanzas, &stanza, &more, &err), err);
    ck_assert(!more); /* the end stays the end */
}
END_TEST

START_TEST(limits_hold)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    for (size_t i = 0; i <= BU_LIMIT_FIELDS; i++)
        bu_buf_add_format(&text, "F%zu: x\n", i);
    unit_fails(describe(bu_buf_bytes(&text), 4096, &out, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.line, BU_LIMIT_FIELDS + 1);
    text.len = 0;
    bu_buf_add_text(&text, "A: ");
    memset(bu_buf_room(&text, BU_LIMIT_LINE_BYTES), 'x', BU_LIMIT_LINE_BYTES);
    bu_buf_added(&text, BU_LIMIT_LINE_BYTES);
    bu_buf_add_text(&text, "\n");
    unit_fails(describe(bu_buf_bytes(&text), 1 << 16, &out, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.line, 1);
}
END_TEST

START_TEST(a_stanza_without_an_end_does_not_fill_the_memory)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    while (text.len < (20u << 20))
        bu_buf_add_text(&text, "A: a field of a stanza that has many lines and no end\n");
    unit_fails(describe(bu_buf_bytes(&text), 1 << 20, &out, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "status");
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        alloc_fail_at(n);
        bulla_status status = describe(BULLA_LIT("A: b\n\nC: d\n"), 4, &out, &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 2);
            break;
        }
        if (!out.broken) /* that one is the test's own */
            unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, stanzas_are_read_whatever_pieces_they_come_in, 0,
                        sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tc, a_stanza_is_refused_at_its_place, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, fields_are_found_without_case);
    tcase_add_test(tc, limits_hold);
    tcase_add_test(tc, a_stanza_without_an_end_does_not_fill_the_memory);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("lines", add);
}
