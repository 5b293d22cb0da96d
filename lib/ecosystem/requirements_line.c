/* SPDX-License-Identifier: MIT */
/*
 * pip's lines: a backslash at the end joins, ` #` begins a comment, and what
 * stands behind the first word with a dash are options, which a shell would
 * take apart so. Refuses line ends that only Python sees.
 */
#include "base/buf.h"
#include "base/bytes.h"
#include "ecosystem/requirements.h"

/* ---- Lines ---- */

/* str.splitlines() ends a line at each of these: a comment for others would be a requirement for pip. */
static bulla_status judge_ends(const bu_text *text, bulla_error *err)
{
    static const char *const ends[] = { "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9" };
    for (size_t i = 0; i < text->line.len; i++) {
        if (text->line.ptr[i] < 0x80)
            continue;
        for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++)
            if (bu_bytes_starts(bu_bytes_from(text->line, i), ends[k]))
                return bu_text_fail(text, text->line.ptr + i, err, BULLA_E_CONTROL_CHARACTER,
                                    "a line end for Python, but not for others");
    }
    return BU_OK;
}

static bool is_comment(bulla_bytes line)
{
    return bu_bytes_starts(bu_bytes_trim(line), "#");
}

static bulla_bytes without_backslashes(bulla_bytes line)
{
    while (line.len > 0 && line.ptr[0] == '\\')
        line = bu_bytes_from(line, 1);
    while (line.len > 0 && line.ptr[line.len - 1] == '\\')
        line.len--;
    return line;
}

static bulla_bytes without_comment(bulla_bytes line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] == '#' && (i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t'))
            line.len = i;
    return bu_bytes_trim(line);
}

/* The newest line, and those that it is continued by. */
static bulla_status join(bu_text *text, bu_buf *joined, bulla_error *err)
{
    bool more = true;
    while (more && bu_bytes_ends(text->line, "\\") && !is_comment(text->line)) {
        bu_buf_add(joined, without_backslashes(text->line));
        BU_TRY(bu_text_next(text, &more, err));
        if (more)
            BU_TRY(judge_ends(text, err));
    }
    if (more && is_comment(text->line))
        bu_buf_add_byte(joined, ' ');
    if (more)
        bu_buf_add(joined, text->line);
    return joined->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_line(bu_text *text, bu_arena *arena, bu_requirement_line *out,
                              bulla_error *err)
{
    bulla_bytes line = text->line;
    size_t blanks = 0;
    while (blanks < line.len && (line.ptr[blanks] == ' ' || line.ptr[blanks] == '\t'))
        blanks++;
    *out = (bu_requirement_line){ line, text->number, (uint32_t)blanks + 1 };
    BU_TRY(judge_ends(text, err));
    if (bu_bytes_ends(line, "\\") && !is_comment(line)) {
        BU_CLEAR(bu_buf) joined = { 0 };
        BU_TRY(join(text, &joined, err));
        out->text = bu_arena_copy(arena, bu_buf_bytes(&joined));
        if (out->text.ptr == NULL && joined.len > 0)
            return bu_no_memory(err);
    }
    out->text = without_comment(out->text);
    return BU_OK;
}

bulla_status bu_requirement_line_next(bu_text *text, bu_arena *arena, bu_requirement_line *out,
                                      bool *more, bulla_error *err)
{
    for (;;) {
        BU_TRY(bu_text_next(text, more, err));
        if (!*more)
            return BU_OK;
        BU_TRY(read_line(text, arena, out, err));
        if (out->text.len > 0)
            return BU_OK;
    }
}

/* Words are parted by spaces alone here, as in pip: a tab is part of a word. */
void bu_requirement_line_split(bulla_bytes line, bulla_bytes *required, bulla_bytes *options)
{
    size_t at = 0;
    while (at < line.len && line.ptr[at] != '-') {
        bulla_bytes rest = bu_bytes_from(line, at);
        at += bu_bytes_find(rest, ' ') + 1;
    }
    *required = bu_bytes_trim(bu_bytes_first(line, at));
    *options = bu_bytes_from(line, at);
}

/* ---- Options ---- */

/* Those that pip takes in a requirements file. */
static const struct {
    const char *name;
    char letter;
    bool has_value;
    bu_requirement_option option;
} known[] = {
    { "--hash", '\0', true, BU_REQUIREMENT_HASH },
    { "--requirement", 'r', true, BU_REQUIREMENT_INCLUDE },
    { "--constraint", 'c', true, BU_REQUIREMENT_CONSTRAIN },
    { "--editable", 'e', true, BU_REQUIREMENT_EDIT },
    { "--all-releases", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--config-settings", 'C', true, BU_REQUIREMENT_IGNORED },
    { "--extra-index-url", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--find-links", 'f', true, BU_REQUIREMENT_IGNORED },
    { "--global-option", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--index-url", 'i', true, BU_REQUIREMENT_IGNORED },
    { "--install-option", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--no-binary", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--no-index", '\0', false, BU_REQUIREMENT_IGNORED },
    { "--only-binary", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--only-final", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--pre", '\0', false, BU_REQUIREMENT_IGNORED },
    { "--prefer-binary", '\0', false, BU_REQUIREMENT_IGNORED },
    { "--process-dependency-links", '\0', false, BU_REQUIREMENT_IGNORED },
    { "--pypi-url", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--require-hashes", '\0', false, BU_REQUIREMENT_IGNORED },
    { "--trusted-host", '\0', true, BU_REQUIREMENT_IGNORED },
    { "--use-feature", '\0', true, BU_REQUIREMENT_IGNORED },
};
#define KNOWN_COUNT (sizeof known / sizeof known[0])

/* A long name may be cut short while it fits one alone, as Python's optparse has it. */
static size_t find_long(bulla_bytes name)
{
    size_t found = KNOWN_COUNT, fits = 0;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        bulla_bytes whole = bu_bytes_of(known[i].name);
        if (bu_bytes_equal(whole, name))
            return i;
        if (bu_bytes_equal(bu_bytes_first(whole, name.len), name)) {
            found = i;
            fits++;
        }
    }
    return fits == 1 ? found : KNOWN_COUNT;
}

static size_t find_short(uint8_t letter)
{
    size_t i = 0;
    while (i < KNOWN_COUNT && (known[i].letter == '\0' || known[i].letter != (char)letter))
        i++;
    return i;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool is_quote(uint8_t c)
{
    return c == '"' || c == '\'' || c == '\\';
}

/* Copy a word without its quotes and backslashes; false when a quote is not closed. */
static bool unquote(bulla_bytes *rest, bu_buf *word)
{
    uint8_t quote = 0;
    size_t i = 0;
    for (; i < rest->len && (quote != 0 || !is_blank(rest->ptr[i])); i++) {
        uint8_t c = rest->ptr[i];
        if (c == quote)
            quote = 0;
        else if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (c == '\\' && quote != '\'' && i + 1 < rest->len)
            bu_buf_add_byte(word, rest->ptr[++i]);
        else
            bu_buf_add_byte(word, c);
    }
    *rest = bu_bytes_from(*rest, i);
    return quote == 0;
}

static bulla_status next_word(bulla_bytes *rest, bu_arena *arena, bulla_bytes *word, bool *is_whole,
                              bulla_error *err)
{
    *rest = bu_bytes_trim(*rest);
    size_t len = 0;
    while (len < rest->len && !is_blank(rest->ptr[len]) && !is_quote(rest->ptr[len]))
        len++;
    *is_whole = true;
    *word = bu_bytes_first(*rest, len);
    if (len == rest->len || is_blank(rest->ptr[len])) {
        *rest = bu_bytes_from(*rest, len);
        return BU_OK;
    }
    BU_CLEAR(bu_buf) plain = { 0 };
    *is_whole = unquote(rest, &plain);
    *word = bu_arena_copy(arena, bu_buf_bytes(&plain));
    return plain.broken || (word->ptr == NULL && plain.len > 0) ? bu_no_memory(err) : BU_OK;
}

/* "--name=value", "-nvalue": what is in the word itself; `*value` is NULL when nothing is. */
static size_t take_apart(bulla_bytes word, bulla_bytes *value)
{
    *value = (bulla_bytes){ 0 };
    if (!bu_bytes_starts(word, "--")) {
        if (word.len > 2)
            *value = bu_bytes_from(word, 2);
        return find_short(word.ptr[1]);
    }
    bulla_bytes name = bu_bytes_first(word, bu_bytes_find(word, '='));
    if (name.len < word.len)
        *value = (bulla_bytes){ word.ptr + name.len + 1, word.len - name.len - 1 };
    return find_long(name);
}

bulla_status bu_requirement_option_next(bulla_bytes *rest, bu_arena *arena,
                                        bu_requirement_option *option, bulla_bytes *value,
                                        bool *more, bulla_error *err)
{
    bulla_bytes word;
    bool is_whole = true;
    do { /* words between options mean nothing to pip */
        *rest = bu_bytes_trim(*rest);
        *more = rest->len > 0;
        if (!*more)
            return BU_OK;
        BU_TRY(next_word(rest, arena, &word, &is_whole, err));
    } while (is_whole && (word.len < 2 || word.ptr[0] != '-'));
    size_t i = is_whole ? take_apart(word, value) : KNOWN_COUNT;
    *option = BU_REQUIREMENT_UNKNOWN;
    if (i == KNOWN_COUNT || (value->ptr != NULL && !known[i].has_value))
        return BU_OK;
    *option = known[i].option;
    if (value->ptr != NULL || !known[i].has_value)
        return BU_OK;
    bool has_word = bu_bytes_trim(*rest).len > 0;
    BU_TRY(next_word(rest, arena, value, &is_whole, err));
    if (!has_word || !is_whole)
        *option = BU_REQUIREMENT_UNKNOWN;
    return BU_OK;
}
