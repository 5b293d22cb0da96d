/* SPDX-License-Identifier: MIT */
/*
 * The forms in which a comparison is written, and what each kind of
 * difference is called.
 */
#include "report/diff.h"

const bu_diff_row bu_diff_rows[BULLA_DIFF_COUNT] = {
#define BULLA_DIFF(id, name, code, title) { name, title, BULLA_##code },
#include "bulla/diffs.def"
#undef BULLA_DIFF
};

const char *bulla_diff_name(bulla_diff_kind kind)
{
    return (size_t)kind < BULLA_DIFF_COUNT ? bu_diff_rows[kind].name : "digest";
}

size_t bu_diff_suspicious(const bulla_differences *differences)
{
    size_t count = 0;
    for (size_t i = 0; i < differences->count; i++)
        count += bu_diff_rows[differences->items[i].kind].code != BULLA_OK;
    return count;
}

size_t bu_diff_run(const bulla_differences *differences, size_t start)
{
    size_t end = start;
    while (end < differences->count &&
           differences->items[end].kind == differences->items[start].kind)
        end++;
    return end - start;
}

bulla_exit bulla_differences_exit(const bulla_differences *differences)
{
    return bu_diff_suspicious(differences) > 0 ? BULLA_EXIT_DENIED : BULLA_EXIT_ALLOWED;
}

bulla_status bulla_differences_render(const bulla_differences *differences, const char *format,
                                      bulla_buffer *out, bulla_error *err)
{
    static const struct {
        const char *name;
        void (*render)(const bulla_differences *differences, bu_buf *out);
    } rows[] = { { "text", bu_diff_text },
                 { "json", bu_diff_json },
                 { "markdown", bu_diff_markdown } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, format) != 0)
            continue;
        BU_CLEAR(bu_buf) text = { 0 };
        rows[i].render(differences, &text);
        return bu_buf_take(&text, out, err);
    }
    bulla_status status = bu_fail(err, BULLA_E_USAGE, "no such format for a comparison");
    return bu_expected(err, status, BULLA_LIT("text, json or markdown"), bu_bytes_of(format));
}
