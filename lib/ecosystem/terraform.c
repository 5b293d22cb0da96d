/* SPDX-License-Identifier: MIT */
/*
 * Terraform's and OpenTofu's lockfile: .terraform.lock.hcl. Spec: "Dependency
 * Lock File" of Terraform's documentation, and the part of HCL that it needs:
 * blocks, strings, lists, comments. A provider is locked for several platforms:
 * each hash is one file, of which any one will do. `zh:` is the SHA-256 of a
 * platform's zip, `h1:` a hash over the files in it. Refuses what Terraform
 * refuses, and expressions.
 */
#include "base/encode.h"
#include "base/vec.h"
#include "ecosystem/origin.h"

typedef enum token_kind {
    TOKEN_MARK,
    TOKEN_WORD,
    TOKEN_STRING,
    TOKEN_NEWLINE,
    TOKEN_END
} token_kind;

typedef struct token {
    token_kind kind;
    bulla_bytes text; /* of a mark, one character */
} token;

typedef struct provider {
    bulla_bytes address, version;
    bool has_constraints, has_hashes;
    uint32_t line;
} provider;

typedef struct terraform {
    bu_lock lock;
    bu_text text;
    bulla_bytes rest; /* of the line */
    bool more, in_comment;
    token token; /* the one that is looked at */
    bu_intern providers;
    bulla_file_pin *files; /* of the newest provider */
    size_t file_count, file_cap;
} terraform;

static void terraform_clear(terraform *t)
{
    bu_lock_clear(&t->lock);
    bu_intern_clear(&t->providers);
    free(t->files);
}
BU_DEFINE_CLEAR(terraform)

/* ---- Tokens ---- */

static bulla_status refuse(const terraform *t, bulla_error *err, bulla_code code, const char *why)
{
    const uint8_t *at = t->token.text.ptr == NULL ? t->text.line.ptr : t->token.text.ptr;
    return bu_text_fail(&t->text, at, err, code, "%s", why);
}

static bulla_status next_line(terraform *t, bulla_error *err)
{
    BU_TRY(bu_text_next(&t->text, &t->more, err));
    t->rest = t->more ? t->text.line : (bulla_bytes){ 0 };
    return BU_OK;
}

static size_t find_end_of_comment(bulla_bytes text)
{
    size_t at = 0;
    while (at < text.len && !bu_bytes_starts(bu_bytes_from(text, at), "*/"))
        at++;
    return at;
}

/* Blanks and comments; what is left of the line begins with a token. */
static bulla_status skip(terraform *t, bulla_error *err)
{
    for (;;) {
        t->rest = bu_bytes_trim(t->rest);
        if (bu_bytes_starts(t->rest, "#") || bu_bytes_starts(t->rest, "//"))
            t->rest = (bulla_bytes){ 0 };
        if (!bu_bytes_starts(t->rest, "/*"))
            return BU_OK;
        t->rest = bu_bytes_from(t->rest, 2);
        while (t->more && find_end_of_comment(t->rest) == t->rest.len)
            BU_TRY(next_line(t, err));
        if (!t->more)
            return refuse(t, err, BULLA_E_TRUNCATED, "a comment without its end");
        t->rest = bu_bytes_from(t->rest, find_end_of_comment(t->rest) + 2);
    }
}

static bool is_literal(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\\' || bu_bytes_starts(bu_bytes_from(text, i), "${") ||
            bu_bytes_starts(bu_bytes_from(text, i), "%{"))
            return false;
    return true;
}

/* No address, version or hash has an escape or an expression in it. */
static bulla_status take_string(terraform *t, bulla_error *err)
{
    bulla_bytes inside = bu_bytes_from(t->rest, 1);
    bulla_bytes text = bu_bytes_first(inside, bu_bytes_find(inside, '"'));
    t->token = (token){ TOKEN_STRING, { t->rest.ptr, text.len } };
    if (text.len == inside.len)
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "no closing quote");
    if (!is_literal(text))
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "an escape or an expression in a string");
    t->token.text = text;
    t->rest = bu_bytes_from(inside, text.len + 1);
    return BU_OK;
}

static bulla_status advance(terraform *t, bulla_error *err)
{
    if (t->token.kind == TOKEN_NEWLINE)
        BU_TRY(next_line(t, err));
    t->token = (token){ 0 };
    BU_TRY(skip(t, err));
    if (t->rest.len == 0) {
        bulla_bytes end = { t->text.line.ptr + t->text.line.len, 0 };
        t->token = (token){ t->more ? TOKEN_NEWLINE : TOKEN_END, end };
        return BU_OK;
    }
    if (t->rest.ptr[0] == '"')
        return take_string(t, err);
    size_t len = 0;
    while (len < t->rest.len && bu_is_word((bulla_bytes){ t->rest.ptr + len, 1 }, "_-"))
        len++;
    t->token = (token){ len > 0 ? TOKEN_WORD : TOKEN_MARK, { t->rest.ptr, len > 0 ? len : 1 } };
    t->rest = bu_bytes_from(t->rest, t->token.text.len);
    return BU_OK;
}

static bool at_mark(const terraform *t, const char *mark)
{
    return t->token.kind == TOKEN_MARK && bu_bytes_is(t->token.text, mark);
}

static bulla_status expect(terraform *t, const char *mark, const char *why, bulla_error *err)
{
    return at_mark(t, mark) ? advance(t, err) : refuse(t, err, BULLA_E_BAD_SYNTAX, why);
}

static bulla_status skip_newlines(terraform *t, bulla_error *err)
{
    while (t->token.kind == TOKEN_NEWLINE)
        BU_TRY(advance(t, err));
    return BU_OK;
}

static bulla_status expect_string(terraform *t, bulla_bytes *out, bulla_error *err)
{
    *out = t->token.text;
    return t->token.kind == TOKEN_STRING ? advance(t, err)
                                         : refuse(t, err, BULLA_E_BAD_SYNTAX, "a string is due");
}

/* ---- Hashes ---- */

static bulla_status decode_h1(const terraform *t, bulla_bytes text, bulla_digest *out,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    *out = (bulla_digest){ .alg = BULLA_ALG_H1, .len = 32 };
    bulla_status status = bu_base64_decode(text, BU_BASE64_STANDARD, &bytes, err);
    if (status.code == BULLA_E_NO_MEMORY)
        return status;
    if (!bulla_ok(status) || bytes.len != out->len)
        return refuse(t, err, BULLA_E_BAD_ENCODING, "not 32 bytes in base64");
    memcpy(out->bytes, bytes.ptr, bytes.len);
    return BU_OK;
}

static bulla_status keep_hash(terraform *t, const bulla_digest *digest, bulla_error *err)
{
    bulla_digest_set set = { .count = 1, .items = { *digest } };
    BU_TRY(bu_vec_grow(&t->files, t->file_count, &t->file_cap, sizeof *t->files, err));
    BU_TRY(bu_lock_pin_file(&t->lock, (bulla_bytes){ 0 }, (bulla_bytes){ 0 }, 0, &set,
                            &t->files[t->file_count], err));
    t->file_count++;
    return BU_OK;
}

/* Terraform passes over schemes that it does not know, and so does what follows: they pin nothing. */
static bulla_status take_hash(terraform *t, bulla_error *err)
{
    bulla_bytes text = t->token.text;
    size_t colon = bu_bytes_find(text, ':');
    bulla_bytes scheme = bu_bytes_first(text, colon), value = bu_bytes_from(text, colon + 1);
    bulla_digest digest;
    if (t->token.kind != TOKEN_STRING || scheme.len == 0 || value.len == 0)
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "a hash with its scheme is due");
    if (bu_bytes_is(scheme, "h1")) {
        BU_TRY(decode_h1(t, value, &digest, err));
        return keep_hash(t, &digest, err);
    }
    if (!bu_bytes_is(scheme, "zh"))
        return BU_OK;
    bulla_status status = bu_digest_from_hex(BULLA_ALG_SHA256, value, &digest, err);
    return bulla_ok(status) ? keep_hash(t, &digest, err)
                            : refuse(t, err, status.code, "not a SHA-256 in hex");
}

static bulla_status take_hashes(terraform *t, bulla_error *err)
{
    size_t count = 0;
    BU_TRY(expect(t, "[", "a list is due", err));
    for (;; count++) {
        BU_TRY(skip_newlines(t, err));
        if (at_mark(t, "]"))
            break;
        BU_TRY(take_hash(t, err));
        BU_TRY(advance(t, err));
        BU_TRY(skip_newlines(t, err));
        if (!at_mark(t, "]"))
            BU_TRY(expect(t, ",", "a comma or the end of the list is due", err));
    }
    if (count == 0)
        return refuse(t, err, BULLA_E_EMPTY, "a list of no hashes");
    return advance(t, err);
}

/* ---- Providers ---- */

/* "host/namespace/type": Terraform wants it whole and in lower case. */
static bool is_address(bulla_bytes address)
{
    size_t parts = 0;
    for (bulla_bytes rest = address; rest.len > 0; parts++) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        bool ends = part.len == rest.len;
        rest = bu_bytes_from(rest, part.len + 1);
        if (!bu_is_word(part, parts == 0 ? ".-:" : "-_") || (!ends && rest.len == 0))
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (part.ptr[i] >= 'A' && part.ptr[i] <= 'Z')
                return false;
    }
    return parts == 3;
}

static bulla_status take_attribute(terraform *t, provider *p, bulla_error *err)
{
    bulla_bytes name = t->token.text, constraints;
    bool repeated = bu_bytes_is(name, "version")       ? p->version.len > 0
                    : bu_bytes_is(name, "constraints") ? p->has_constraints
                                                       : p->has_hashes;
    if (t->token.kind != TOKEN_WORD)
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "an attribute is due");
    if (repeated)
        return refuse(t, err, BULLA_E_DUPLICATE_KEY, "an attribute that is set twice");
    bool is_hashes = bu_bytes_is(name, "hashes");
    bool is_version = bu_bytes_is(name, "version");
    if (!is_hashes && !is_version && !bu_bytes_is(name, "constraints"))
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "no attribute of a provider");
    BU_TRY(advance(t, err));
    BU_TRY(expect(t, "=", "= is due", err));
    if (is_hashes) {
        p->has_hashes = true;
        return take_hashes(t, err);
    }
    if (is_version && !bu_is_semver(t->token.text))
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "not one exact version");
    p->has_constraints = p->has_constraints || !is_version;
    return expect_string(t, is_version ? &p->version : &constraints, err);
}

static bulla_status take_body(terraform *t, provider *p, bulla_error *err)
{
    BU_TRY(expect(t, "{", "a block is due", err));
    for (;;) {
        BU_TRY(skip_newlines(t, err));
        if (at_mark(t, "}"))
            return advance(t, err);
        BU_TRY(take_attribute(t, p, err));
        if (t->token.kind != TOKEN_NEWLINE && !at_mark(t, "}"))
            return refuse(t, err, BULLA_E_BAD_SYNTAX, "the end of the line is due");
    }
}

static bulla_status add_provider(terraform *t, const provider *p, bulla_error *err)
{
    bu_lock_entry entry = {
        .name = p->address,
        .version = p->version,
        .origin = BULLA_ORIGIN_REGISTRY,
        .line = p->line,
        .column = 1,
    };
    if (p->version.len == 0)
        return bu_lock_fail(&t->lock, &entry, err, BULLA_E_MISSING_FIELD,
                            "a provider without a version");
    if (t->file_count > 0) {
        bulla_file_pin *files =
            bu_arena_get_array(t->lock.graph->arena, t->file_count, sizeof *files);
        if (files == NULL)
            return bu_no_memory(err);
        memcpy(files, t->files, t->file_count * sizeof *files);
        entry.files = files;
        entry.file_count = t->file_count;
    }
    return bu_lock_add(&t->lock, &entry, NULL, err);
}

static bulla_status take_provider(terraform *t, bulla_error *err)
{
    provider p = { .line = t->text.number };
    size_t known = t->providers.count, number;
    t->file_count = 0;
    if (t->token.kind != TOKEN_WORD || !bu_bytes_is(t->token.text, "provider"))
        return refuse(t, err, BULLA_E_BAD_SYNTAX, "a provider is due: there is no other block");
    BU_TRY(advance(t, err));
    if (t->token.kind == TOKEN_STRING && !is_address(t->token.text))
        return refuse(t, err, BULLA_E_BAD_NAME, "not host/namespace/type, whole and in lower case");
    BU_TRY(bu_intern_add(&t->providers, 0, t->token.text, &number, err));
    if (number < known)
        return refuse(t, err, BULLA_E_DUPLICATE_ENTRY, "a provider that is locked twice");
    BU_TRY(expect_string(t, &p.address, err));
    BU_TRY(take_body(t, &p, err));
    return add_provider(t, &p, err);
}

static bulla_status read_blocks(terraform *t, bulla_error *err)
{
    BU_TRY(next_line(t, err));
    BU_TRY(advance(t, err));
    for (;;) {
        BU_TRY(skip_newlines(t, err));
        if (t->token.kind == TOKEN_END)
            return BU_OK;
        BU_TRY(take_provider(t, err));
        if (t->token.kind != TOKEN_NEWLINE && t->token.kind != TOKEN_END)
            return refuse(t, err, BULLA_E_BAD_SYNTAX, "the end of the line is due");
    }
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(terraform) t = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&t.lock, "terraform", name, options, graph, err));
    return bu_in_file(err, read_blocks(&t, err), t.lock.file);
}

static const char *const filenames[] = { ".terraform.lock.hcl", NULL };

const bu_ecosystem bu_eco_terraform = {
    .id = "terraform",
    .filenames = filenames,
    .places = filenames,
    .title = "Terraform and OpenTofu lockfile (.terraform.lock.hcl)",
    .parse = parse,
};
