/* SPDX-License-Identifier: MIT */
/*
 * The cleartext signature framework (RFC 9580 section 7). Refuses text before
 * and after, hashes that are weak or not known, dashes that are not escaped, and
 * every control but tab.
 */
#include "signature/clearsign.h"

#include "base/limits.h"

#define LABEL_MESSAGE   "PGP SIGNED MESSAGE"
#define LABEL_SIGNATURE "PGP SIGNATURE"

/* The fixed list: what is weak is told from what is not known at all. */
static bulla_status judge_hash(const bu_armor_lines *lines, bulla_bytes name, size_t column,
                               bulla_error *err)
{
    static const char *const strong[] = { "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512" };
    static const char *const weak[] = { "MD5", "SHA1", "RIPEMD160" };
    for (size_t i = 0; i < sizeof strong / sizeof strong[0]; i++)
        if (bu_bytes_is(name, strong[i]))
            return BU_OK;
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
        if (bu_bytes_is(name, weak[i]))
            return bu_armor_at(lines, column,
                               bu_fail(err, BULLA_E_WEAK_HASH, "signed over %s", weak[i]), err);
    bulla_status status = bu_fail(err, BULLA_E_BAD_SYNTAX, "not the name of a hash");
    return bu_armor_at(lines, column, bu_expected(err, status, (bulla_bytes){ 0 }, name), err);
}

/* RFC 4880, 7: "One or more "Hash" Armor Headers", "Exactly one empty line". */
static bulla_status read_hash_headers(bu_armor_lines *lines, bulla_error *err)
{
    for (size_t count = 0;; count++) {
        BU_TRY(bu_armor_next(lines, err));
        if (lines->line.len == 0 && count > 0)
            return BU_OK;
        if (!bu_bytes_starts(lines->line, "Hash: "))
            return bu_armor_at(lines, 0,
                               bu_fail(err, BULLA_E_BAD_SYNTAX, "only Hash headers may stand here"),
                               err);
        bulla_bytes rest = bu_bytes_from(lines->line, strlen("Hash: "));
        for (bool more = true; more;) {
            bulla_bytes name = bu_bytes_first(rest, bu_bytes_find(rest, ','));
            more = name.len < rest.len;
            BU_TRY(judge_hash(lines, name, lines->line.len - rest.len, err));
            rest = bu_bytes_from(rest, name.len + 1);
        }
    }
}

/* RFC 9580, 7.2: dash-escapes are undone, and blanks at the end of a line are not hashed; whoever
 * reads on must not see them either. */
static bulla_status read_text(bu_armor_lines *lines, bu_buf *out, bulla_error *err)
{
    for (;;) {
        BU_TRY(bu_armor_next(lines, err));
        bulla_bytes line = lines->line;
        if (bu_armor_begins(line, LABEL_SIGNATURE))
            return BU_OK;
        if (bu_bytes_starts(line, "- "))
            line = bu_bytes_from(line, 2);
        else if (bu_bytes_starts(line, "-"))
            return bu_armor_at(lines, 0,
                               bu_fail(err, BULLA_E_BAD_SYNTAX, "a dash that is not escaped"), err);
        while (line.len > 0 && (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\t'))
            line.len--;
        bu_buf_add(out, line);
        bu_buf_add_byte(out, '\n');
    }
}

void bu_clearsigned_clear(bu_clearsigned *message)
{
    bu_buf_clear(&message->text);
    bu_buf_clear(&message->packets);
}

bulla_status bu_clearsigned_read(bulla_bytes message, bu_clearsigned *out, bulla_error *err)
{
    bu_armor_lines lines = { .rest = message };
    if (message.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a clear-signed text of %zu bytes",
                       message.len);
    BU_TRY(bu_armor_next(&lines, err));
    if (!bu_armor_begins(lines.line, LABEL_MESSAGE))
        return bu_armor_at(&lines, 0,
                           bu_fail(err, BULLA_E_BAD_SYNTAX, "text before the signed one"), err);
    BU_TRY(read_hash_headers(&lines, err));
    if (bu_buf_room(&out->text, lines.rest.len) == NULL)
        return bu_no_memory(err);
    BU_TRY(read_text(&lines, &out->text, err));
    BU_TRY(bu_armor_read(&lines, LABEL_SIGNATURE, &out->packets, err));
    if (lines.rest.len == 0)
        return BU_OK;
    lines.number++;
    return bu_armor_at(&lines, 0, bu_fail(err, BULLA_E_TRAILING_DATA, "text after the signed one"),
                       err);
}
