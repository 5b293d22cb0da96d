/* SPDX-License-Identifier: MIT */
/*
 * Opening an edit of a trust store: which store, whose keys, until when.
 */
#include "edit.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/bytes.h"

#define YEAR (365 * 24 * 60 * 60) /* seconds */

void bu_edit_clear(bu_edit *edit)
{
    for (size_t i = 0; i < edit->edit.key_count; i++)
        bulla_secret_key_free(edit->keys[i]);
    bulla_trust_outcome_clear(&edit->outcome);
    *edit = (bu_edit){ 0 };
}

static bulla_status open_keys(bu_cli *cli, const bu_edit_args *args, bu_edit *out, bulla_error *err)
{
    out->keys = bu_arena_get_array(cli->arena, args->keys.count + 1, sizeof(bulla_secret_key *));
    if (out->keys == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < args->keys.count; i++) {
        BU_TRY(bu_key_open(args->keys.items[i], &args->passphrase_fd, &out->keys[i], err));
        out->edit.key_count++;
    }
    out->edit.keys = out->keys;
    return BU_OK;
}

bulla_status bu_edit_begin(bu_cli *cli, const bu_edit_args *args, const char *folder, bu_edit *out,
                           bulla_error *err)
{
    int64_t now = cli->environment.now;
    out->edit.now = now;
    out->edit.expires = args->expires.given ? args->expires.value : now + YEAR;
    out->edit.renews = args->expires.given;
    out->edit.folder = folder;
    out->edit.state = cli->environment.state;
    return open_keys(cli, args, out, err);
}

bulla_status bu_edit_change(bu_cli *cli, const bu_edit_args *args, bu_edit *out, bulla_error *err)
{
    const char *folder;
    BU_TRY(bu_trust_folder(cli, args->trust, &folder, err));
    return bu_edit_begin(cli, args, folder, out, err);
}

bulla_status bu_number_check(const bu_count *count, const char *option, bulla_error *err)
{
    if (!count->given || (count->value >= 1 && count->value <= UINT32_MAX))
        return BU_OK;
    return bu_fail(err, BULLA_E_USAGE, "%s wants 1 or more", option);
}

bulla_trust_enrolment bu_enrolment(const bu_enrol_args *args)
{
    return (bulla_trust_enrolment){
        .key_file = args->public_key,
        .proof = args->proof,
        .allow_no_proof = args->allow_no_proof,
        .custody = args->custody,
        .environments = args->environments.items,
        .from = args->from.value,
        .until = args->until.value,
        .review_by = args->review_by.value,
    };
}

static bulla_status print(const bulla_buffer *text, const char *last, const char *file,
                          bulla_error *err)
{
    BU_CLEAR(bu_buf) page = { 0 };
    bu_buf_add(&page, bu_buffer_bytes(text));
    bu_buf_add_format(&page, "%s%s\n", last, file);
    return bu_cli_print(&page, err);
}

/* A proposal that lies there is never written over: people may have signed it. */
static bulla_status write_proposal(bu_cli *cli, const char *file,
                                   const bulla_trust_outcome *outcome, bulla_error *err)
{
    if (file == NULL)
        file = bu_arena_format(cli->arena, "trust-%" PRId64 ".proposal.json", outcome->version);
    if (file == NULL)
        return bu_no_memory(err);
    if (access(file, F_OK) == 0)
        return bu_next(err,
                       bu_in_file(err, bu_fail(err, BULLA_E_WRITE_ERROR, "already there"), file),
                       "name another file with --proposal, or sign that one: bulla trust sign");
    BU_TRY(bu_cli_write(file, bu_buffer_bytes(&outcome->proposal), err));
    return print(&outcome->text, "others must sign, too: bulla trust sign ", file, err);
}

bulla_status bu_edit_end(bu_cli *cli, const bu_edit_args *args, const bu_edit *edit,
                         bulla_error *err)
{
    if (edit->outcome.is_unchanged)
        return print(&edit->outcome.text, "the store is as it was", "", err);
    if (edit->outcome.applied)
        return print(&edit->outcome.text, "the store is changed", "", err);
    return write_proposal(cli, args->proposal, &edit->outcome, err);
}

bulla_status bu_edit_open(bu_cli *cli, const bu_edit_args *args, bu_edit *out, bulla_error *err)
{
    const char *folder = NULL;
    BU_TRY(bu_default(cli, args->trust, ".", BU_TRUST_STORE, &folder, err));
    return bu_edit_begin(cli, args, folder == NULL ? BU_TRUST_STORE : folder, out, err);
}

bulla_status bu_edit_signed(const bu_edit *edit, const char *file, bulla_error *err)
{
    const bulla_trust_outcome *outcome = &edit->outcome;
    if (file != NULL)
        BU_TRY(bu_cli_write(file, bu_buffer_bytes(&outcome->proposal), err));
    if (outcome->applied)
        return print(&outcome->text, "the store is changed", "", err);
    return print(&outcome->text, "the store is as it was", "", err);
}
