/* SPDX-License-Identifier: MIT */
/*
 * Reviews that are to be made, for people and programs. Names from outside are quoted for the shell
 * that they are going to be pasted into.
 */
#include "report/review.h"

#include "base/time.h"
#include "base/utf8.h"
#include "report/render.h"

static const char *const kinds[] = {
    [BULLA_REVIEW_PUBLISHER] = "publisher",
    [BULLA_REVIEW_DIFFERENCE] = "difference",
    [BULLA_REVIEW_WHOLE] = "whole",
    [BULLA_REVIEW_UNBOUND] = "unbound",
};

static bool is_harmless(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("%+,-./:=@_", c) == NULL))
            return false;
    }
    return text.len > 0;
}

/* One word of a shell: in single quotes nothing has a meaning but the next one of them. */
static void add_word(bu_buf *out, const char *text)
{
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(bu_bytes_of(text), &escaped);
    bulla_bytes word = bu_buf_bytes(&escaped);
    out->broken |= escaped.broken;
    if (is_harmless(word)) {
        bu_buf_add(out, word);
        return;
    }
    bu_buf_add_byte(out, '\'');
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] == '\'')
            bu_buf_add_text(out, "'\\''");
        else
            bu_buf_add_byte(out, word.ptr[i]);
    bu_buf_add_byte(out, '\'');
}

static void add_option(bu_buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    bu_buf_add_format(out, " --%s ", name);
    add_word(out, value);
}

/* "pkg:npm/x@1.2.3" → "pkg:npm/x@*": all its versions. */
static void add_scope(bu_buf *out, const char *purl)
{
    BU_CLEAR(bu_buf) scope = { 0 };
    const char *at = strrchr(purl, '@');
    size_t len = at == NULL ? strlen(purl) : (size_t)(at - purl);
    bu_buf_add(&scope, (bulla_bytes){ (const uint8_t *)purl, len });
    bu_buf_add_text(&scope, "@*");
    out->broken |= scope.broken;
    if (!scope.broken)
        add_option(out, "scope", (const char *)scope.ptr);
}

static void add_publisher(const bulla_review *review, const bulla_review_step *step, bu_buf *out)
{
    char until[BU_TIME_TEXT];
    add_option(out, "publisher", step->identity);
    add_option(out, "issuer", step->issuer);
    for (size_t i = 0; i < step->purl_count; i++)
        add_scope(out, step->purls[i]);
    add_option(out, "until", bu_time_format(review->until, until));
}

void bu_review_command(const bulla_review *review, const bulla_review_step *step, bu_buf *out)
{
    bu_buf_add_text(out, "bulla attest --type review --key KEY");
    add_option(out, "role", step->role);
    if (step->kind == BULLA_REVIEW_PUBLISHER) {
        add_publisher(review, step, out);
        return;
    }
    add_option(out, "from", step->from);
    if (step->digest == NULL)
        add_option(out, "lockfile", step->lockfile);
    else
        add_option(out, "package", step->purls[0]);
    bu_buf_add_byte(out, ' ');
    add_word(out, step->digest == NULL ? step->purls[0] : step->digest);
}

static void add_title(const bulla_review_step *step, bu_buf *out)
{
    if (step->kind == BULLA_REVIEW_PUBLISHER)
        bu_buf_add_format(out, "# who publishes %zu of them", step->purl_count);
    else {
        bu_buf_add_text(out, "# ");
        bu_add_foreign(out, step->purls[0]);
    }
    if (step->kind == BULLA_REVIEW_DIFFERENCE) {
        bu_buf_add_text(out, ": what changed since ");
        bu_add_foreign(out, step->from_purl);
    }
    if (step->kind == BULLA_REVIEW_UNBOUND)
        bu_buf_add_text(out, ": no digest of its bytes is known: pin one, or bring its archive: "
                             "--archives DIR");
    if (step->has_size) {
        bu_buf_add_text(out, " (");
        bu_buf_add_count(out, step->changed, "file");
        bu_buf_add_byte(out, ')');
    }
    bu_buf_add_byte(out, '\n');
}

static void write_text(const bulla_review *review, bu_buf *out)
{
    size_t to_make = 0;
    for (size_t i = 0; i < review->count; i++) {
        const bulla_review_step *step = &review->steps[i];
        add_title(step, out);
        for (size_t k = 0; step->kind == BULLA_REVIEW_PUBLISHER && k < step->purl_count; k++) {
            bu_buf_add_text(out, "#   ");
            bu_add_foreign(out, step->purls[k]);
            bu_buf_add_byte(out, '\n');
        }
        if (step->kind != BULLA_REVIEW_UNBOUND) {
            to_make++;
            bu_review_command(review, step, out);
            bu_buf_add_byte(out, '\n');
        }
        bu_buf_add_byte(out, '\n');
    }
    if (review->lacking > 0)
        bu_buf_add_format(out, "%zu component%s a review: %zu to make\n", review->lacking,
                          review->lacking == 1 ? " lacks" : "s lack", to_make);
    else if (review->exit == BULLA_EXIT_ALLOWED)
        bu_buf_add_text(out, "no review is missing\n");
    else
        bu_buf_add_text(out, "not everything could be looked at: bulla verify says why\n");
}

static void write_step(const bulla_review *review, const bulla_review_step *step,
                       bu_json_writer *json)
{
    BU_CLEAR(bu_buf) command = { 0 };
    if (step->kind != BULLA_REVIEW_UNBOUND)
        bu_review_command(review, step, &command);
    json->out->broken |= command.broken;
    bu_json_begin(json, NULL, '{');
    bu_put_foreign(json, "kind", kinds[step->kind]);
    bu_put_foreign(json, "role", step->role);
    bu_json_begin(json, "purls", '[');
    for (size_t i = 0; i < step->purl_count; i++)
        bu_put_foreign(json, NULL, step->purls[i]);
    bu_json_end(json, ']');
    bu_put_foreign(json, "lockfile", step->lockfile);
    bu_put_foreign(json, "digest", step->digest);
    bu_put_foreign(json, "identity", step->identity);
    bu_put_foreign(json, "issuer", step->issuer);
    bu_put_foreign(json, "from", step->from);
    bu_put_foreign(json, "from_purl", step->from_purl);
    if (step->has_size)
        bu_json_put_integer(json, "changed", (int64_t)step->changed);
    if (command.len > 0)
        bu_json_put_string(json, "command", bu_buf_bytes(&command));
    bu_json_end(json, '}');
}

static void write_json(const bulla_review *review, bu_buf *out)
{
    bu_json_writer json = bu_json_writer_of(out, BU_JSON_INDENTED);
    bu_json_begin(&json, NULL, '{');
    bu_json_put_string(&json, "schema", BULLA_LIT("bulla.review/1"));
    bu_json_put_integer(&json, "exit", (int64_t)review->exit);
    bu_json_put_integer(&json, "lacking", (int64_t)review->lacking);
    bu_json_begin(&json, "reviews", '[');
    for (size_t i = 0; i < review->count; i++)
        write_step(review, &review->steps[i], &json);
    bu_json_end(&json, ']');
    bu_json_end(&json, '}');
    bu_buf_add_byte(out, '\n');
}

bulla_status bulla_review_render(const bulla_review *review, const char *format, bulla_buffer *out,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (strcmp(format, "text") == 0)
        write_text(review, &text);
    else if (strcmp(format, "json") == 0)
        write_json(review, &text);
    else
        return bu_fail(err, BULLA_E_USAGE, "no such format: %s", format);
    return bu_buf_take(&text, out, err);
}

void bulla_review_free(bulla_review *review)
{
    if (review == NULL)
        return;
    bulla_result_free(review->result);
    bu_arena_free(review->arena);
    free(review->steps);
    free(review);
}

size_t bulla_review_count(const bulla_review *review)
{
    return review->count;
}

const bulla_review_step *bulla_review_at(const bulla_review *review, size_t index)
{
    return index < review->count ? &review->steps[index] : NULL;
}

bulla_exit bulla_review_exit(const bulla_review *review)
{
    return review->exit;
}
