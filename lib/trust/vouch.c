/* SPDX-License-Identifier: MIT */
/*
 * The table of signature formats, and what all of them share.
 */
#include "trust/vouch.h"

#include "attest/statement.h"
#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"
#include "trust/provenance_judge.h"

const bu_format *const bu_formats[] = {
#define BU_FORMAT(id) &bu_format_##id,
#include "trust/formats.def"
#undef BU_FORMAT
    NULL,
};

const bu_format *bu_format_of(bulla_bytes content)
{
    for (const bu_format *const *format = bu_formats; *format != NULL; format++)
        if ((*format)->is(content))
            return *format;
    return NULL;
}

const bu_format *bu_format_for(const bu_check *check)
{
    return check->algorithm != NULL ? &bu_format_raw : bu_format_of(check->content);
}

static bulla_status add_document(bulla_bytes document, bu_buf *out, bulla_error *err)
{
    if (out->len / sizeof document >= BU_LIMIT_ENVELOPES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u envelopes", BU_LIMIT_ENVELOPES);
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)&document, sizeof document });
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status take_apart(const bu_check *check, bulla_bytes document, bu_buf *out,
                               bulla_error *err)
{
    bu_check inner = *check;
    inner.content = document;
    const bu_format *format = bu_format_for(&inner);
    return format == NULL || format->split == NULL ? add_document(document, out, err)
                                                   : format->split(&inner, out, err);
}

/* JSON a line is told by its first line, which is a whole object. */
static bool is_lines(bulla_bytes content)
{
    bulla_bytes first = bu_bytes_first(content, bu_bytes_find(content, '\n'));
    if (bu_bytes_ends(first, "\r"))
        first.len--;
    return bu_bytes_starts(first, "{") && bu_bytes_ends(first, "}");
}

bulla_status bu_documents(const bu_check *check, bu_buf *out, bulla_error *err)
{
    bulla_bytes rest = check->content;
    if (bu_bytes_strip(rest).len == 0)
        return bu_fail(err, BULLA_E_EMPTY, "holds nothing that signs");
    if (check->algorithm != NULL || !is_lines(rest))
        return take_apart(check, rest, out, err);
    while (rest.len > 0) {
        size_t end = bu_bytes_find(rest, '\n');
        bulla_bytes line = bu_bytes_strip(bu_bytes_first(rest, end));
        rest = bu_bytes_from(rest, end + 1);
        if (line.len > 0)
            BU_TRY(take_apart(check, line, out, err));
    }
    return BU_OK;
}

bulla_status bu_message_digest(const bu_message *message, bulla_alg alg, bulla_digest *out,
                               bulla_error *err)
{
    const bulla_digest *known = bulla_digest_set_get(&message->digests, alg);
    if (known != NULL) {
        *out = *known;
        return BU_OK;
    }
    if (message->digest == NULL)
        return bu_fail(err, BULLA_E_MISSING_HASH, "the %s digest of what is signed is not known",
                       bulla_alg_name(alg));
    return message->digest(message->context, alg, out, err);
}

bulla_status bu_message_read(const bu_message *message, bu_buf *out, bulla_error *err)
{
    if (message->read == NULL)
        return bu_fail(err, BULLA_E_MISSING_FILE,
                       "this signature is checked over the file itself, not over its digest");
    return message->read(message->context, out, err);
}

bulla_status bu_message_stream(const bu_message *message, bu_message_use *use, void *user,
                               bulla_error *err)
{
    if (message->stream != NULL)
        return message->stream(message->context, use, user, err);
    BU_CLEAR(bu_buf) bytes = { 0 };
    BU_TRY(bu_message_read(message, &bytes, err));
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&bytes));
    return use(user, &source.base, err);
}

bulla_status bu_vouched_start(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    *out = (bu_vouched){ 0 };
    out->by = bu_arena_get_array(check->arena, check->anchors->count, sizeof *out->by);
    out->wrong = bu_arena_get_array(check->arena, check->anchors->count, sizeof *out->wrong);
    return out->by == NULL || out->wrong == NULL ? bu_no_memory(err) : BU_OK;
}

void bu_vouched_add_time(bu_vouched *vouched, bool is_proved, int64_t time)
{
    vouched->is_untimed = vouched->is_untimed || !is_proved;
    if (is_proved && (!vouched->has_time || time > vouched->time))
        vouched->time = time;
    vouched->has_time = !vouched->is_untimed;
}

bool bu_vouched_any(const bu_vouched *vouched, const bu_anchors *anchors)
{
    for (size_t i = 0; i < anchors->count; i++)
        if (vouched->by[i])
            return true;
    return false;
}

bulla_status bu_describe(bu_description *description, const char *label, bulla_bytes text,
                         bulla_error *err)
{
    if (description->count == description->cap) {
        size_t cap = description->cap == 0 ? 16 : 2 * description->cap;
        bu_claimed *items = bu_arena_get_array(description->arena, cap, sizeof *items);
        if (items == NULL)
            return bu_no_memory(err);
        if (description->count > 0)
            memcpy(items, description->items, description->count * sizeof *items);
        description->items = items;
        description->cap = cap;
    }
    bulla_bytes kept = bu_arena_copy(description->arena, text);
    if (kept.ptr == NULL && text.len > 0)
        return bu_no_memory(err);
    description->items[description->count++] = (bu_claimed){ label, kept };
    return BU_OK;
}

static bulla_status describe_subject(const bu_subject *subject, bu_description *description,
                                     bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add(&text, subject->name);
    for (size_t i = 0; i < subject->digests.count; i++) {
        const bulla_digest *digest = &subject->digests.items[i];
        bu_buf_add_format(&text, " %s:", bulla_alg_name(digest->alg));
        bu_hex_encode((bulla_bytes){ digest->bytes, digest->len }, &text);
    }
    return text.broken ? bu_no_memory(err)
                       : bu_describe(description, "subject", bu_buf_bytes(&text), err);
}

/* What cannot be read is said, not refused: nothing is verified yet. */
static bulla_status describe_trouble(const char *label, bulla_status trouble, const char *why,
                                     bu_description *description, bulla_error *err)
{
    return trouble.code == BULLA_E_NO_MEMORY
               ? bu_no_memory(err)
               : bu_describe(description, label, bu_bytes_of(why), err);
}

static bulla_status describe_provenance(const bu_statement *statement, bu_description *description,
                                        bulla_error *err)
{
    bulla_error why;
    bu_provenance provenance = { 0 };
    if (!bu_is_provenance(statement->predicate_type))
        return BU_OK;
    bulla_status status =
        bu_provenance_read(statement, "provenance", description->arena, &provenance, &why);
    return bulla_ok(status) ? bu_provenance_describe(&provenance, description, err)
                            : describe_trouble("provenance", status, why.text, description, err);
}

bulla_status bu_describe_payload(bulla_bytes type, bulla_bytes payload, bu_description *description,
                                 bulla_error *err)
{
    bulla_error why;
    bu_statement statement = { 0 };
    BU_TRY(bu_describe(description, "payload type", type, err));
    if (!bu_bytes_is(type, BU_PAYLOAD_TYPE_INTOTO))
        return BU_OK;
    bulla_status status =
        bu_statement_parse(payload, "statement", description->arena, &statement, &why);
    if (!bulla_ok(status))
        return describe_trouble("statement", status, why.text, description, err);
    BU_TRY(bu_describe(description, "predicate type", statement.predicate_type, err));
    for (size_t i = 0; i < statement.count; i++)
        BU_TRY(describe_subject(&statement.subjects[i], description, err));
    return describe_provenance(&statement, description, err);
}
