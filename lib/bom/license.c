/* SPDX-License-Identifier: MIT */
/*
 * SPDX license identifiers and expressions (SPDX 2.3, Annex D). Read without
 * recursion, so no text is too deep; what is not known is not an expression.
 */
#include "bom/license.h"

/* ASCII alone: the order must not depend on a locale. */
static int lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static int compare(bulla_bytes text, bulla_bytes id)
{
    for (size_t i = 0; i < text.len && i < id.len; i++) {
        int order = lower(text.ptr[i]) - lower(id.ptr[i]);
        if (order != 0)
            return order;
    }
    return (text.len > id.len) - (text.len < id.len);
}

static const char *find(bulla_bytes text, const char *const *ids, size_t count)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        int order = compare(text, bu_bytes_of(ids[middle]));
        if (order == 0)
            return ids[middle];
        if (order < 0)
            count = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *bu_license_id(bulla_bytes text)
{
    return find(text, bu_spdx_licenses, bu_spdx_license_count);
}

/* Annex D: idstring = 1*(ALPHA / DIGIT / "-" / "." ) */
static bool is_id_string(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return false;
    }
    return text.len > 0;
}

/* Annex D: license-ref = ["DocumentRef-"(idstring)":"]"LicenseRef-"(idstring) */
static bool is_license_ref(bulla_bytes text)
{
    static const char document[] = "DocumentRef-", license[] = "LicenseRef-";
    if (bu_bytes_starts(text, document)) {
        bulla_bytes rest = bu_bytes_from(text, sizeof document - 1);
        size_t colon = bu_bytes_find(rest, ':');
        if (!is_id_string(bu_bytes_first(rest, colon)))
            return false;
        text = bu_bytes_from(rest, colon + 1);
    }
    return bu_bytes_starts(text, license) && is_id_string(bu_bytes_from(text, sizeof license - 1));
}

static bool is_simple(bulla_bytes word)
{
    if (bu_license_id(word) != NULL || is_license_ref(word))
        return true;
    return bu_bytes_ends(word, "+") && bu_license_id(bu_bytes_first(word, word.len - 1)) != NULL;
}

/* The next word or parenthesis of `rest`; empty at the end. */
static bulla_bytes next_word(bulla_bytes *rest)
{
    bulla_bytes text = bu_bytes_trim(*rest);
    size_t len = 0;
    while (len < text.len && memchr(" \t()", text.ptr[len], 4) == NULL)
        len++;
    if (len == 0 && text.len > 0)
        len = 1; /* a parenthesis stands alone */
    *rest = bu_bytes_from(text, len);
    return bu_bytes_first(text, len);
}

/* What may come next in an expression. */
typedef enum expecting {
    OPERAND,          /* a license or an opening parenthesis */
    WITH_OR_OPERATOR, /* behind a license */
    EXCEPTION,        /* behind WITH */
    OPERATOR,         /* behind an exception or a closing parenthesis */
    NOTHING,          /* it is no expression */
} expecting;

static expecting after_operand(bulla_bytes word, expecting now, size_t *open)
{
    if (now == WITH_OR_OPERATOR && bu_bytes_is(word, "WITH"))
        return EXCEPTION;
    if (bu_bytes_is(word, "AND") || bu_bytes_is(word, "OR"))
        return OPERAND;
    if (!bu_bytes_is(word, ")") || *open == 0)
        return NOTHING;
    --*open;
    return OPERATOR;
}

static expecting step(bulla_bytes word, expecting now, size_t *open)
{
    if (now == EXCEPTION)
        return find(word, bu_spdx_exceptions, bu_spdx_exception_count) != NULL ? OPERATOR : NOTHING;
    if (now != OPERAND)
        return after_operand(word, now, open);
    if (!bu_bytes_is(word, "("))
        return is_simple(word) ? WITH_OR_OPERATOR : NOTHING;
    ++*open;
    return OPERAND;
}

bool bu_license_is_expression(bulla_bytes text)
{
    expecting now = OPERAND;
    size_t open = 0;
    for (bulla_bytes word = next_word(&text); word.len > 0; word = next_word(&text)) {
        now = step(word, now, &open);
        if (now == NOTHING)
            return false;
    }
    return open == 0 && (now == WITH_OR_OPERATOR || now == OPERATOR);
}
