/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH public keys, one a line (sshd(8), AUTHORIZED_KEYS), and allowed signers (ssh-keygen(1),
 * ALLOWED SIGNERS) with what they may sign for and when. Refuses certificate authorities, options
 * that are not known, and times of a time zone that is not said.
 */
#include "base/encode.h"
#include "base/glob.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "signature/sshsig.h"
#include "syntax/text.h"
#include "trust/anchor.h"

#define OPTION_COUNT 3

/* One line. */
typedef struct signer {
    bulla_bytes principals; /* empty: not said */
    bulla_bytes options;    /* empty: none */
    bulla_bytes type, base64;
    bool has[OPTION_COUNT];
    bool other_purpose; /* it may sign, but no files */
    int64_t from, until;
} signer;

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Up to a blank that does not stand in quotes. */
static bulla_bytes take_word(bulla_bytes *rest)
{
    bool in_quotes = false;
    size_t len = 0;
    *rest = bu_bytes_trim(*rest);
    for (; len < rest->len && (in_quotes || !is_blank(rest->ptr[len])); len++)
        in_quotes ^= rest->ptr[len] == '"';
    bulla_bytes word = bu_bytes_first(*rest, len);
    *rest = bu_bytes_from(*rest, len);
    return word;
}

static bulla_bytes unquoted(bulla_bytes word)
{
    bool is_quoted = word.len >= 2 && word.ptr[0] == '"' && word.ptr[word.len - 1] == '"';
    return is_quoted ? bu_bytes_first(bu_bytes_from(word, 1), word.len - 2) : word;
}

static bool is_comment(bulla_bytes line)
{
    bulla_bytes text = bu_bytes_trim(line);
    return text.len == 0 || text.ptr[0] == '#';
}

/* Told by the first line that is no comment: a kind of key is one of its first three words. */
static bool is_openssh(bulla_bytes text)
{
    bulla_error why;
    bu_text lines = bu_text_of(text);
    for (bool more = true; more;) {
        if (!bulla_ok(bu_text_next(&lines, &more, &why)))
            return false;
        bulla_bytes rest = lines.line;
        bool found = false;
        for (size_t i = 0; more && i < 3; i++)
            found = found || bu_ssh_is_type(take_word(&rest));
        if (found || (more && !is_comment(lines.line)))
            return found;
    }
    return false;
}

/* YYYYMMDD[HHMM[SS]]Z: a time of day that is not said is 0. */
static bulla_status read_time(bulla_bytes text, int64_t *out, bulla_error *err)
{
    static const char form[] = "YYYY-MM-DDTHH:MM:SSZ";
    char rfc3339[sizeof form] = "0000-00-00T00:00:00Z";
    size_t at = 0;
    if (!bu_bytes_ends(text, "Z"))
        return bu_fail(err, BULLA_E_BAD_TIME, "a time must end with Z: the time zone is not known");
    text.len--;
    if (text.len != 8 && text.len != 12 && text.len != 14)
        return bu_fail(err, BULLA_E_BAD_TIME, "not a time of the form YYYYMMDD[HHMM[SS]]Z");
    for (size_t i = 0; i < text.len; i++, at++) {
        while (strchr("-T:", form[at]) != NULL)
            at++;
        rfc3339[at] = (char)text.ptr[i];
    }
    return bu_time_parse(bu_bytes_of(rfc3339), out, err);
}

/* ssh_config(5), PATTERNS: names, or with "!" those that are not meant, parted by commas. */
static bool is_for_files(bulla_bytes patterns)
{
    bool found = false;
    while (patterns.len > 0) {
        size_t comma = bu_bytes_find(patterns, ',');
        bulla_bytes pattern = bu_bytes_first(patterns, comma);
        bool is_negated = bu_bytes_starts(pattern, "!");
        bool matches =
            bu_glob_match(bu_bytes_from(pattern, is_negated ? 1 : 0), BULLA_LIT(BU_SSHSIG_FILE));
        if (matches && is_negated)
            return false;
        found = found || matches;
        patterns = bu_bytes_from(patterns, comma + 1);
    }
    return found;
}

static bulla_status read_namespaces(bulla_bytes value, signer *out, bulla_error *err)
{
    (void)err;
    out->other_purpose = !is_for_files(value);
    return BU_OK;
}

static bulla_status read_from(bulla_bytes value, signer *out, bulla_error *err)
{
    return read_time(value, &out->from, err);
}

static bulla_status read_until(bulla_bytes value, signer *out, bulla_error *err)
{
    return read_time(value, &out->until, err);
}

static const struct {
    const char *name;
    bulla_status (*read)(bulla_bytes value, signer *out, bulla_error *err);
} options[OPTION_COUNT] = {
    { "namespaces", read_namespaces },
    { "valid-after", read_from },
    { "valid-before", read_until },
};

static bulla_status read_option(bulla_bytes name, bulla_bytes value, signer *out, bulla_error *err)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!bu_bytes_is(name, options[i].name))
            continue;
        if (out->has[i])
            return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s twice", options[i].name);
        out->has[i] = true;
        return options[i].read(value, out, err);
    }
    bulla_status status =
        bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "an option that is not accepted");
    return bu_expected(err, status, BULLA_LIT("namespaces, valid-after or valid-before"), name);
}

/* NAME="VALUE", parted by commas; each once. */
static bulla_status read_options(signer *out, bulla_error *err)
{
    bulla_bytes rest = out->options;
    while (rest.len > 0) {
        size_t equals = bu_bytes_find(rest, '=');
        bulla_bytes quoted = bu_bytes_from(rest, equals + 1);
        bulla_bytes inside = bu_bytes_from(quoted, 1);
        size_t end = bu_bytes_find(inside, '"');
        if (!bu_bytes_starts(quoted, "\"") || end == inside.len)
            return bu_expected(
                err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "an option without a value"),
                BULLA_LIT("NAME=\"VALUE\""), rest);
        BU_TRY(read_option(bu_bytes_first(rest, equals), bu_bytes_first(inside, end), out, err));
        rest = bu_bytes_from(inside, end + 1);
        if (rest.len > 0 && rest.ptr[0] != ',')
            return bu_fail(err, BULLA_E_BAD_SYNTAX, "options are not parted by a comma");
        rest = bu_bytes_from(rest, 1);
    }
    return BU_OK;
}

/* [PRINCIPALS [OPTIONS]] TYPE BASE64 [COMMENT] */
static bulla_status parse_line(bulla_bytes line, signer *out, bulla_error *err)
{
    size_t at;
    *out = (signer){ .from = INT64_MIN, .until = INT64_MAX };
    out->type = take_word(&line);
    if (!bu_ssh_is_type(out->type)) {
        out->principals = unquoted(out->type);
        out->type = take_word(&line);
    }
    if (!bu_ssh_is_type(out->type)) {
        out->options = out->type;
        out->type = take_word(&line);
    }
    out->base64 = take_word(&line);
    if (!bu_ssh_is_type(out->type))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_SYNTAX, "no kind of key that is accepted"),
                           BULLA_LIT("ssh-ed25519, ecdsa-sha2-…, ssh-rsa or sk-…"), out->type);
    if (bu_utf8_hides(out->principals, &at))
        return bu_fail(err, BULLA_E_CONTROL_CHARACTER, "a principal hides something");
    return read_options(out, err);
}

static bulla_status add(const signer *from, bulla_bytes blob, bu_key *key, bu_anchors *anchors,
                        bulla_error *err)
{
    bu_anchor *anchor = NULL;
    BU_TRY(bu_anchors_add_key(anchors, bu_form_openssh.id, key, &anchor, err));
    anchor->hint = bu_arena_copy(anchors->arena, blob);
    anchor->from = from->from;
    anchor->until = from->until;
    if (from->principals.len > 0)
        anchor->who = anchor->name = bu_arena_text(anchors->arena, from->principals);
    return anchor->hint.ptr == NULL || anchor->who == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_line(bulla_bytes line, bu_anchors *anchors, bulla_error *err)
{
    signer found;
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_ssh_public) public = { 0 };
    BU_TRY(parse_line(line, &found, err));
    BU_TRY(bu_base64_decode(found.base64, BU_BASE64_STANDARD, &blob, err));
    BU_TRY(bu_ssh_public_read(bu_buf_bytes(&blob), &public, err));
    if (!bu_bytes_is(found.type, public.name))
        return bu_fail(err, BULLA_E_BAD_KEY, "the key is of another kind than its line says");
    return found.other_purpose
               ? BU_OK
               : add(&found, bu_buf_bytes(&blob), BU_STEAL(public.key), anchors, err);
}

static bulla_status read_openssh(bulla_bytes text, const char *file, bu_anchors *anchors,
                                 bulla_error *err)
{
    size_t before = anchors->count;
    bu_text lines = bu_text_of(text);
    (void)file;
    for (bool more = true; more;) {
        BU_TRY(bu_text_next(&lines, &more, err));
        if (!more || is_comment(lines.line))
            continue;
        if (anchors->count - before >= BU_LIMIT_KEYS)
            return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u keys", BU_LIMIT_KEYS);
        bulla_status status = read_line(lines.line, anchors, err);
        if (!bulla_ok(status))
            return bu_at(err, bu_at_offset(err, status, BU_OFFSET_NONE), lines.number, 1);
    }
    if (anchors->count == before)
        return bu_fail(err, BULLA_E_WRONG_USAGE, "none of these keys may sign files");
    return BU_OK;
}

const bu_anchor_form bu_form_openssh = {
    .id = "openssh",
    .title = "OpenSSH public keys, allowed signers",
    .is = is_openssh,
    .read = read_openssh,
};
