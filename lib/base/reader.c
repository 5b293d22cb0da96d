/* SPDX-License-Identifier: MIT */
/*
 * The reader that stays broken.
 */
#include "base/reader.h"

#include "base/bytes.h"

static bulla_bytes broken(bu_reader *r, const char *what)
{
    if (r->wanted == NULL)
        r->wanted = what;
    return (bulla_bytes){ 0 };
}

bulla_bytes bu_take(bu_reader *r, size_t count, const char *what)
{
    if (r->wanted != NULL || r->rest.len < count)
        return broken(r, what);
    bulla_bytes taken = { r->rest.ptr, count };
    r->rest = (bulla_bytes){ r->rest.ptr + count, r->rest.len - count };
    return taken;
}

bulla_bytes bu_until(bu_reader *r, uint8_t end, const char *what)
{
    size_t len = bu_bytes_find(r->rest, end);
    if (len == 0 || len == r->rest.len)
        return broken(r, what);
    bulla_bytes taken = bu_take(r, len, what);
    (void)bu_take(r, 1, what);
    return taken;
}

void bu_expect(bu_reader *r, bulla_bytes literal, const char *what)
{
    if (!bu_accept(r, literal))
        (void)broken(r, what);
}

bool bu_accept(bu_reader *r, bulla_bytes literal)
{
    if (r->wanted != NULL || !bu_bytes_equal(bu_bytes_first(r->rest, literal.len), literal))
        return false;
    (void)bu_take(r, literal.len, "");
    return true;
}

uint64_t bu_number(bu_reader *r, uint64_t max, const char *what)
{
    size_t len = 0;
    uint64_t value = 0;
    while (len < r->rest.len && len < 20 && r->rest.ptr[len] >= '0' && r->rest.ptr[len] <= '9')
        value = value * 10 + (uint64_t)(r->rest.ptr[len++] - '0');
    bool leading_zero = len > 1 && r->rest.ptr[0] == '0';
    if (len == 0 || len > 19 || leading_zero || value > max) {
        (void)broken(r, what);
        return 0;
    }
    (void)bu_take(r, len, what);
    return r->wanted == NULL ? value : 0;
}

bulla_bytes bu_rest(bu_reader *r)
{
    return bu_take(r, r->rest.len, "");
}

bulla_status bu_done(const bu_reader *r, bulla_error *err)
{
    size_t offset = r->all.len - r->rest.len;
    bulla_status status = BU_OK;
    if (r->wanted != NULL)
        status = bu_fail(err, BULLA_E_BAD_SYNTAX, "expected %s", r->wanted);
    else if (r->rest.len > 0)
        status = bu_fail(err, BULLA_E_TRAILING_DATA, "%zu bytes after the end", r->rest.len);
    if (bulla_ok(status))
        return status;
    bu_at_offset(err, status, offset);
    return bu_at(err, status, 1, (uint32_t)offset + 1);
}
