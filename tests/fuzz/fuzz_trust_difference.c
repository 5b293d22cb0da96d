/* SPDX-License-Identifier: MIT */
/*
 * A trust.toml, a NUL and another: how they differ is told in printable lines. A store does not
 * differ from itself, and where nothing is told nothing differs: else people would sign what they
 * were not shown. Target: bu_difference_write.
 */
#include "store.h"

#include "trust/difference.h"

static size_t told(const bulla_trust *old, const bulla_trust *next)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_difference_write((bu_state){ old, NULL }, (bu_state){ next, NULL }, &text);
    FUZZ_CHECK(!text.broken);
    for (size_t i = 0; i < text.len; i++)
        FUZZ_CHECK(text.ptr[i] == '\n' || (text.ptr[i] >= ' ' && text.ptr[i] != 0x7F));
    return text.len;
}

/* What is implied is stated, so that two ways of saying the same are one. */
static void spell_out(bulla_trust *trust)
{
    trust->has_environments = true;
    for (size_t r = 0; r < trust->role_count; r++) {
        bu_role *role = &trust->roles[r];
        role->has_usual = false;
        for (size_t g = 0; g < role->grant_count; g++)
            role->grants[g].is_narrowed = true;
    }
}

static int by_bytes(const void *a, const void *b)
{
    return bu_bytes_compare(*(const bulla_bytes *)a, *(const bulla_bytes *)b);
}

/* The lines of a store, in order of their bytes: people and roles may stand in any order. */
static bulla_bytes *lines_of(bulla_trust *trust, bu_buf *text, size_t *count)
{
    spell_out(trust);
    bu_trust_toml_write(trust, text);
    bulla_bytes *lines = calloc(text->len + 1, sizeof *lines), rest = bu_buf_bytes(text);
    FUZZ_CHECK(lines != NULL && !text->broken);
    for (*count = 0; rest.len > 0; ++*count) {
        size_t end = bu_bytes_find(rest, '\n');
        lines[*count] = bu_bytes_first(rest, end);
        rest = bu_bytes_from(rest, end + 1);
    }
    qsort(lines, *count, sizeof *lines, by_bytes);
    return lines;
}

static void check_same(bulla_trust *old, bulla_trust *next)
{
    BU_CLEAR(bu_buf) before = { 0 };
    BU_CLEAR(bu_buf) after = { 0 };
    size_t count, others;
    bulla_bytes *a = lines_of(old, &before, &count), *b = lines_of(next, &after, &others);
    FUZZ_CHECK(count == others);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(bu_bytes_equal(a[i], b[i]));
    free(a);
    free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_error err = { 0 };
    bulla_bytes all = { data, size };
    size_t end = bu_bytes_find(all, '\0');
    BU_AUTO(bulla_trust) old = fuzz_store(bu_bytes_first(all, end), &err);
    BU_AUTO(bulla_trust) next = old == NULL ? NULL : fuzz_store(bu_bytes_from(all, end + 1), &err);
    if (next == NULL)
        return 0;
    FUZZ_CHECK(told(old, old) == 0 && told(next, next) == 0);
    (void)told(NULL, next);
    if (told(old, next) == 0)
        check_same(old, next);
    return 0;
}
