/* SPDX-License-Identifier: MIT */
/*
 * bulla_init(): a template, filled in and written. All is made before the
 * first byte is written, and nothing that is there is replaced.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "io/file.h"
#include "ops/template.h"
#include "trust/anchor.h"

#define DRAFT ".bulla/draft"

/* A file on its way out. */
typedef struct outgoing {
    const char *path;
    bu_buf bytes;
} outgoing;

typedef struct making {
    const bulla_init_options *options;
    const bu_template *template;
    bu_arena *arena;
    bu_slots slots;
    outgoing files[2 * BU_SLOTS_MAX + 3];
    size_t count;
} making;

static void making_clear(making *m)
{
    for (size_t i = 0; i < m->count; i++)
        bu_buf_clear(&m->files[i].bytes);
    bu_arena_free(m->arena);
}
BU_DEFINE_CLEAR(making)

static bulla_status add_file(making *m, const char *name, outgoing **out, bulla_error *err)
{
    *out = &m->files[m->count++];
    (*out)->path = bu_arena_format(m->arena, "%s/%s", m->options->folder, name);
    return (*out)->path == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_text(making *m, const char *name, bulla_bytes text, bulla_error *err)
{
    outgoing *file;
    BU_TRY(add_file(m, name, &file, err));
    return bu_template_fill(text, &m->slots, m->options, &file->bytes, err);
}

static bulla_status add_copy(making *m, const char *id, const char *ending, const char *from,
                             bulla_error *err)
{
    outgoing *file;
    const char *name = bu_arena_format(m->arena, DRAFT "/keys/%s%s", id, ending);
    if (name == NULL)
        return bu_no_memory(err);
    BU_TRY(add_file(m, name, &file, err));
    return bu_file_slurp(NULL, from, BU_LIMIT_METADATA_BYTES, &file->bytes, err);
}

/* "ann.key.proof" stands beside "ann.key.pub"; of vendors we ask for none. */
static bulla_status add_proof(making *m, const bulla_enrolment *person, bulla_error *err)
{
    bulla_bytes path = bu_bytes_of(person->key_file);
    size_t stem = path.len - (bu_bytes_ends(path, ".pub") ? strlen(".pub") : 0);
    const char *proof = bu_arena_format(m->arena, "%.*s.proof", (int)stem, person->key_file);
    if (proof == NULL)
        return bu_no_memory(err);
    bulla_status status = add_copy(m, person->id, ".proof", proof, err);
    if (status.code == BULLA_E_MISSING_FILE)
        (void)bu_next(err, status,
                      "let the key's owner make the proof: bulla key prove --key KEY --person ID");
    return status;
}

/* The draft is published: a private key that is named by mistake must not get into it. */
static bulla_status need_public(const outgoing *key, const char *file, bulla_error *err)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_TRY(bu_anchors_start(&anchors, err));
    return bu_anchors_read(bu_buf_bytes(&key->bytes), file, &anchors, err);
}

static bulla_status add_key(making *m, const bulla_enrolment *person, bulla_error *err)
{
    BU_TRY(add_copy(m, person->id, ".pub", person->key_file, err));
    BU_TRY(need_public(&m->files[m->count - 1], person->key_file, err));
    return person->kind == BULLA_PARTY_VENDOR ? BU_OK : add_proof(m, person, err);
}

static bulla_status make(making *m, bulla_error *err)
{
    BU_TRY(add_text(m, "bulla.toml", bu_template_config, err));
    BU_TRY(add_text(m, "bulla.policy.toml", m->template->policy, err));
    BU_TRY(add_text(m, DRAFT "/trust.toml", m->template->trust, err));
    for (size_t i = 0; i < m->slots.count; i++)
        if (m->slots.items[i].taken != NULL)
            BU_TRY(add_key(m, m->slots.items[i].taken, err));
    return BU_OK;
}

static bulla_status need_absent(const making *m, bulla_error *err)
{
    for (size_t i = 0; i < m->count; i++)
        if (bu_folder_look(NULL, m->files[i].path, NULL) != BU_PRESENCE_NONE)
            return bu_in_file(
                err,
                bu_next(err, bu_fail(err, BULLA_E_WRITE_ERROR, "already there"),
                        "name a folder without a bulla.toml, or move away what is there"),
                m->files[i].path);
    return BU_OK;
}

static bulla_status write_all(const making *m, bulla_error *err)
{
    for (size_t i = 0; i < m->count; i++) {
        const char *path = m->files[i].path;
        char *folder = bu_arena_text(
            m->arena, (bulla_bytes){ (const uint8_t *)path, (size_t)(strrchr(path, '/') - path) });
        if (folder == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_folder_make(folder, false, err));
        BU_TRY(bu_file_create(path, bu_buf_bytes(&m->files[i].bytes), 0644, err));
    }
    return BU_OK;
}

/* What was written, who is who, and what comes next. */
static void report(const making *m, bu_buf *out)
{
    size_t missing = 0;
    for (size_t i = 0; i < m->count; i++) {
        bu_buf_add_text(out, "wrote     ");
        bu_escape(bu_bytes_of(m->files[i].path), out);
        bu_buf_add_byte(out, '\n');
    }
    for (size_t i = 0; i < m->slots.count; i++) {
        const bu_slot *slot = &m->slots.items[i];
        missing += slot->taken == NULL;
        bu_buf_add_format(out, "%-10s%.*s%s%s\n", slot->taken == NULL ? "MISSING" : "place",
                          (int)slot->name.len, (const char *)slot->name.ptr,
                          slot->taken == NULL ? "" : ": ",
                          slot->taken == NULL ? "" : slot->taken->id);
    }
    if (strcmp(m->options->folder, ".") != 0) {
        bu_buf_add_text(out, "next      cd ");
        bu_escape(bu_bytes_of(m->options->folder), out);
        bu_buf_add_byte(out, '\n');
    }
    if (missing > 0)
        bu_buf_add_text(out, "next      put the missing keys and proofs into " DRAFT
                             "/keys, and the names into " DRAFT "/trust.toml\n");
    bu_buf_add_text(
        out, "next      bulla trust init --key OWNER1 --key OWNER2 --threshold 2 "
             "--contents " DRAFT "\n"
             "next      bulla trust add --key OWNER1 --key OWNER2 --policy bulla.policy.toml\n"
             "next      bulla trust lint\n");
}

/* It stands in TOML texts. */
static bulla_status check_product(const char *product, bulla_error *err)
{
    size_t at;
    bulla_bytes text = bu_bytes_of(product);
    if (text.len > 0 && !bu_utf8_hides(text, &at) && strpbrk(product, "\"\\@") == NULL)
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "the product is no pattern"),
                       BULLA_LIT("a glob over file names, without quotes, '\\' and '@'"), text);
}

bulla_status bulla_init(const bulla_init_options *options, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(making) m = { .options = options, .arena = bu_arena_new() };
    BU_CLEAR(bu_buf) text = { 0 };
    if (m.arena == NULL)
        return bu_no_memory(err);
    BU_TRY(check_product(options->product, err));
    BU_TRY(bu_template_find(options->name, &m.template, err));
    BU_TRY(bu_template_slots(m.template, options, &m.slots, err));
    BU_TRY(make(&m, err));
    BU_TRY(need_absent(&m, err));
    BU_TRY(write_all(&m, err));
    report(&m, &text);
    return bu_buf_take(&text, out, err);
}
