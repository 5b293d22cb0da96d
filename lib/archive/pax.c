/* SPDX-License-Identifier: MIT */
/*
 * pax records (POSIX.1-2017 pax, "pax Extended Header"): "%d %s=%s\n", length,
 * keyword, value, where the length counts all of the record.
 */
#include "archive/pax.h"

#include "base/bytes.h"
#include "base/reader.h"

typedef struct record {
    bulla_bytes key, value;
    size_t len; /* of the whole record */
} record;

typedef bulla_status take_record(const record *r, bu_pax *out, bulla_error *err);

static bulla_status take_text(const record *r, bulla_bytes *out, bulla_error *err)
{
    if (out->ptr != NULL)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "the extension %.*s is there twice",
                       (int)r->key.len, r->key.ptr);
    if (r->value.len == 0) /* POSIX: it then undoes a global one, of which there is none */
        return bu_fail(err, BULLA_E_BAD_HEADER, "the extension %.*s is empty", (int)r->key.len,
                       r->key.ptr);
    *out = r->value;
    return BU_OK;
}

static bulla_status take_path(const record *r, bu_pax *out, bulla_error *err)
{
    return take_text(r, &out->path, err);
}

static bulla_status take_link(const record *r, bu_pax *out, bulla_error *err)
{
    return take_text(r, &out->link, err);
}

static bulla_status take_size(const record *r, bu_pax *out, bulla_error *err)
{
    if (out->has_size)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "the extension size is there twice");
    bu_reader reader = bu_reader_of(r->value);
    out->size = bu_number(&reader, UINT64_MAX, "a decimal number");
    out->has_size = true;
    if (reader.wanted == NULL && reader.rest.len == 0)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_NUMBER, "the extension size is not a decimal number");
}

static bulla_status take_charset(const record *r, bu_pax *out, bulla_error *err)
{
    (void)out;
    if (bu_bytes_is(r->value, "ISO-IR 10646 2000 UTF-8"))
        return BU_OK;
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "names in another encoding than UTF-8");
}

/* What is judged. */
static const struct {
    const char *key;
    bool of_member; /* says what only one member can have */
    take_record *take;
} judged[] = {
    { "path", true, take_path },
    { "linkpath", true, take_link },
    { "size", true, take_size },
    { "hdrcharset", false, take_charset },
};

/* What no reader finds members by. A key that ends in a dot stands for all that begin with it. */
static const char *const harmless[] = {
    "atime",
    "comment", /* git archive keeps the commit in it */
    "ctime",
    "gid",
    "gname",
    "mtime",
    "uid",
    "uname",
    "LIBARCHIVE.creationtime",
    "LIBARCHIVE.xattr.",
    "NODETAR.",
    "RHT.security.selinux",
    "SCHILY.acl.",
    "SCHILY.dev",
    "SCHILY.fflags",
    "SCHILY.ino",
    "SCHILY.nlink",
    "SCHILY.xattr.",
};

static bool is_harmless(bulla_bytes key)
{
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        if (bu_bytes_is(key, harmless[i]) ||
            (bu_bytes_ends(bu_bytes_of(harmless[i]), ".") && bu_bytes_starts(key, harmless[i])))
            return true;
    return false;
}

static bulla_status take(const record *r, bool global, bu_pax *out, bulla_error *err)
{
    for (size_t i = 0; i < sizeof judged / sizeof judged[0]; i++) {
        if (!bu_bytes_is(r->key, judged[i].key))
            continue;
        if (global && judged[i].of_member)
            return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a global header with the extension %s",
                           judged[i].key);
        return judged[i].take(r, out, err);
    }
    if (is_harmless(r->key))
        return BU_OK;
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "the extension %.*s is not known",
                   (int)r->key.len, r->key.ptr);
}

static bulla_status read_record(bulla_bytes in, record *out, bulla_error *err)
{
    bu_reader length = bu_reader_of(in);
    out->len = (size_t)bu_number(&length, in.len, "a length");
    bu_expect(&length, BULLA_LIT(" "), "a blank");
    size_t front = in.len - length.rest.len;
    if (length.wanted != NULL || out->len <= front || in.ptr[out->len - 1] != '\n')
        return bu_fail(err, BULLA_E_BAD_HEADER, "the length of an extension record is wrong");
    bulla_bytes text = bu_bytes_from(bu_bytes_first(in, out->len - 1), front);
    size_t equals = bu_bytes_find(text, '=');
    if (equals == 0 || equals == text.len)
        return bu_fail(err, BULLA_E_BAD_HEADER, "an extension record without a name");
    out->key = bu_bytes_first(text, equals);
    out->value = bu_bytes_from(text, equals + 1);
    return BU_OK;
}

bulla_status bu_pax_read(bulla_bytes body, bool global, bu_pax *out, bulla_error *err)
{
    *out = (bu_pax){ 0 };
    for (size_t at = 0; at < body.len;) {
        record r;
        bulla_status status = read_record(bu_bytes_from(body, at), &r, err);
        if (bulla_ok(status))
            status = take(&r, global, out, err);
        if (!bulla_ok(status))
            return bu_at_offset(err, status, at);
        at += r.len;
    }
    return BU_OK;
}
