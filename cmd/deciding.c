/* SPDX-License-Identifier: MIT */
/*
 * Options become the fields of a decision; the line that comes of it goes where verify looks.
 */
#include "deciding.h"

#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/time.h"
#include "sidecar.h"

bool bu_deciding_given(const bu_deciding_args *args)
{
    const char *const texts[] = { args->role,    args->environment, args->decision,
                                  args->package, args->publisher,   args->issuer,
                                  args->reason,  args->lockfile,    args->evidence };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] != NULL)
            return true;
    return args->scope.count > 0 || args->authors.count > 0 || args->fields.count > 0 ||
           args->until.given || args->at.given;
}

static bulla_status add_field(bu_cli *cli, bu_words *fields, const char *name, const char *value,
                              bulla_error *err)
{
    if (value == NULL)
        return BU_OK;
    const char *field = bu_arena_format(cli->arena, "%s=%s", name, value);
    return field == NULL ? bu_no_memory(err) : bu_words_add(cli, fields, field, err);
}

static bulla_status take_fields(bu_cli *cli, const bu_deciding_args *a, bu_words *out,
                                bulla_error *err)
{
    char until[BU_TIME_TEXT];
    const char *end = a->until.given ? bu_time_format(a->until.value, until) : NULL;
    BU_TRY(add_field(cli, out, "role", a->role, err));
    BU_TRY(add_field(cli, out, "environment", a->environment, err));
    BU_TRY(add_field(cli, out, "decision", a->decision, err));
    BU_TRY(add_field(cli, out, "reason", a->reason, err));
    BU_TRY(add_field(cli, out, "until", end, err));
    BU_TRY(add_field(cli, out, "package", a->package, err));
    BU_TRY(add_field(cli, out, "publisher", a->publisher, err));
    BU_TRY(add_field(cli, out, "issuer", a->issuer, err));
    for (size_t i = 0; i < a->scope.count; i++)
        BU_TRY(add_field(cli, out, "scope", a->scope.items[i], err));
    for (size_t i = 0; i < a->authors.count; i++)
        BU_TRY(add_field(cli, out, "authors", a->authors.items[i], err));
    for (size_t i = 0; i < a->fields.count; i++)
        BU_TRY(bu_words_add(cli, out, a->fields.items[i], err));
    return BU_OK;
}

static bool is_beside(const char *type, const bu_words *subjects)
{
    bool beside = !bu_bytes_has(bu_bytes_of(type), "review");
    for (size_t i = 0; i < subjects->count && beside; i++)
        beside = access(subjects->items[i], F_OK) == 0;
    return beside && subjects->count > 0;
}

static bulla_status evidence_folder(bu_cli *cli, const char *named, const char **out,
                                    bulla_error *err)
{
    BU_TRY(bu_default(cli, named, ".", BU_EVIDENCE_FOLDER, out, err));
    if (*out != NULL)
        return named == NULL ? BU_OK : bu_sidecar_folder(named, err);
    *out = BU_EVIDENCE_FOLDER;
    BU_TRY(bu_sidecar_folder(".bulla", err));
    return bu_sidecar_folder(*out, err);
}

/* A line for each name: "DIR/sha512-HEX.intoto.jsonl". */
static bulla_status evidence_names(bu_cli *cli, const char *folder, bulla_bytes names,
                                   bu_words *out, bulla_error *err)
{
    while (names.len > 0) {
        size_t end = bu_bytes_find(names, '\n');
        const char *path = bu_arena_format(cli->arena, "%s/%.*s" BU_SIDECAR_ATTESTATION, folder,
                                           (int)end, (const char *)names.ptr);
        if (path == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_words_add(cli, out, path, err));
        names = bu_bytes_from(names, end + 1);
    }
    return BU_OK;
}

/* Its fields are options here. */
static bulla_status say_how(bulla_status status, bulla_error *err)
{
    if (status.code == BULLA_E_MISSING_FIELD)
        return bu_next(err, status, "give it with the option of its name, else --field NAME=VALUE");
    if (status.code == BULLA_E_BAD_TIME)
        return bu_next(err, status, "give another end with --until");
    return status;
}

bulla_status bu_deciding_run(bu_cli *cli, const bu_deciding_args *a, const char *type,
                             const bu_words *subjects, const bu_signing *signing,
                             const char *output, bulla_error *err)
{
    bu_words fields = { 0 }, paths = { 0 };
    const char *folder = NULL;
    BU_CLEAR(bulla_buffer) line = { 0 };
    BU_CLEAR(bulla_buffer) names = { 0 };
    bulla_decision decision = {
        .type = type, .subjects = subjects->items, .lockfile = a->lockfile, .from = a->from
    };
    BU_TRY(take_fields(cli, a, &fields, err));
    decision.fields = fields.items;
    decision.issued = a->at.given ? a->at.value : signing->options.now;
    BU_TRY(
        say_how(bulla_decide(signing->key, &signing->options, &decision, &line, &names, err), err));
    if (output != NULL || is_beside(type, subjects))
        BU_TRY(bu_sidecar_names(cli, subjects, BU_SIDECAR_ATTESTATION, output, &paths, err));
    else {
        BU_TRY(evidence_folder(cli, a->evidence, &folder, err));
        BU_TRY(evidence_names(cli, folder, bu_buffer_bytes(&names), &paths, err));
    }
    return bu_sidecar_append(&paths, bu_buffer_bytes(&line), err);
}
