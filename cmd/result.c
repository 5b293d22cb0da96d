/* SPDX-License-Identifier: MIT */
/*
 * Writing the result of a run in the forms that were asked for.
 */
#include <unistd.h>

#include "command.h"

static bool has_color(const bu_cli *cli)
{
    return !cli->environment.no_color && !cli->environment.dumb_terminal &&
           isatty(STDOUT_FILENO) == 1;
}

static bulla_status write_one(const bu_cli *cli, const bulla_result *result,
                              const bu_output *output, bulla_render_options look, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) page = { 0 };
    look.color = look.color && output->file == NULL && has_color(cli);
    BU_TRY(bulla_result_render(result, output->format, &look, &page, err));
    return bu_cli_write(output->file, bu_buffer_bytes(&page), err);
}

bulla_status bu_result_write(const bu_cli *cli, const bulla_result *result,
                             const bu_outputs *outputs, bool quiet,
                             const bulla_render_options *look, bulla_error *err)
{
    static const bu_output text = { "text", NULL };
    if (outputs->count == 0)
        return quiet ? BU_OK : write_one(cli, result, &text, *look, err);
    for (size_t i = 0; i < outputs->count; i++)
        BU_TRY(write_one(cli, result, &outputs->items[i], *look, err));
    return BU_OK;
}

bulla_status bu_payload_write(const bu_words *paths, const bulla_vouchers *vouchers,
                              const char *tiles, int64_t now, const bu_outputs *outputs,
                              bulla_error *err)
{
    BU_CLEAR(bulla_buffer) payload = { 0 };
    bool by_hand = vouchers->keys != NULL || vouchers->identity != NULL;
    if (outputs->count != 1 || paths->count == 0 || !by_hand)
        return bu_fail(
            err, BULLA_E_USAGE,
            "--output payload wants documents, --key or --identity, and no other output");
    BU_TRY(bulla_open_documents(paths->items, vouchers, tiles, now, &payload, err));
    return bu_cli_write(outputs->items[0].file, bu_buffer_bytes(&payload), err);
}

bulla_status bu_verify_write(bu_cli *cli, bulla_verify_options *request, const bu_outputs *outputs,
                             const char *input, bool quiet, const bulla_render_options *look,
                             bulla_error *err)
{
    BU_AUTO(bulla_result) result = NULL;
    request->progress = bu_progress_begin(cli, quiet);
    bulla_status status = bulla_verify(request, &result, err);
    bu_progress_end(request->progress);
    BU_TRY(status);
    cli->exit = bulla_result_exit(result);
    if (input != NULL)
        BU_TRY(write_one(cli, result, &(bu_output){ "input", input }, *look, err));
    return bu_result_write(cli, result, outputs, quiet, look, err);
}
