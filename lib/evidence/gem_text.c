/* SPDX-License-Identifier: MIT */
/*
 * Lines, keys and words of a gem's YAML.
 */
#include "evidence/gem_text.h"

static bool is_word(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_' && c != '+')
            return false;
    }
    return text.len > 0;
}

/* A key is a word, or a tagged one as old emitters wrote text of unknown encoding. */
static void split(bu_gem_line *line)
{
    size_t colon = bu_bytes_find(line->text, ':');
    while (colon + 1 < line->text.len && line->text.ptr[colon + 1] != ' ') /* "a:b" is one word */
        colon += 1 + bu_bytes_find(bu_bytes_from(line->text, colon + 1), ':');
    if (colon >= line->text.len)
        return;
    line->key = bu_bytes_first(line->text, colon);
    line->value = bu_bytes_trim(bu_bytes_from(line->text, colon + 1));
    line->has_key = is_word(line->key) || bu_bytes_starts(line->key, "!binary \"");
}

static bu_gem_line line_of(bulla_bytes raw)
{
    bu_gem_line line = { .text = raw };
    while (line.indent < raw.len && raw.ptr[line.indent] == ' ')
        line.indent++;
    line.text = bu_bytes_trim(bu_bytes_from(raw, line.indent));
    line.is_item = bu_bytes_starts(line.text, "- ") || bu_bytes_is(line.text, "-");
    if (!line.is_item)
        split(&line);
    return line;
}

bool bu_gem_next(bu_gem_text *text)
{
    do {
        if (text->rest.len == 0)
            return false;
        size_t len = bu_bytes_find(text->rest, '\n');
        text->line = line_of(bu_bytes_first(text->rest, len));
        text->rest = bu_bytes_from(text->rest, len + 1);
        text->number++;
    } while (text->line.text.len == 0);
    return true;
}

bu_gem_line bu_gem_ahead(const bu_gem_text *text)
{
    bu_gem_text ahead = *text;
    return bu_gem_next(&ahead) ? ahead.line : (bu_gem_line){ 0 };
}

bulla_status bu_gem_refuse(const bu_gem_text *text, bulla_code code, const char *why,
                           bulla_error *err)
{
    return bu_at(err, bu_fail(err, code, "%s", why), text->number, 1);
}

bulla_status bu_gem_begin(bu_gem_text *text, const char *tag, bulla_error *err)
{
    bool begins = bu_gem_next(text) && text->line.indent == 0 &&
                  bu_bytes_starts(text->line.text, "---") &&
                  bu_bytes_is(bu_bytes_trim(bu_bytes_from(text->line.text, 3)), tag);
    if (begins)
        return BU_OK;
    bulla_status status =
        bu_gem_refuse(text, BULLA_E_BAD_SYNTAX, "not the document that is due", err);
    return bu_expected(err, status, bu_bytes_of(tag), text->line.text);
}

bulla_status bu_gem_word(const bu_gem_text *text, bulla_bytes value, bulla_bytes *out,
                         bulla_error *err)
{
    bool quoted = value.len >= 2 && (value.ptr[0] == '\'' || value.ptr[0] == '"') &&
                  value.ptr[value.len - 1] == value.ptr[0];
    *out = quoted ? (bulla_bytes){ value.ptr + 1, value.len - 2 } : value;
    if (is_word(*out))
        return BU_OK;
    return bu_expected(err, bu_gem_refuse(text, BULLA_E_BAD_SYNTAX, "not one plain word", err),
                       (bulla_bytes){ 0 }, value);
}
