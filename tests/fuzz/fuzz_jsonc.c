/* SPDX-License-Identifier: MIT */
/*
 * The JSONC loader against the strict one: what is JSON is JSONC and means the
 * same; what is JSONC is JSON once comments and last commas are blanked out,
 * and means the same at the same places.
 */
#include "base/buf.h"
#include "tree.h"

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The end of the string or comment that begins at `at`; of anything else, the next byte. */
static size_t token_end(bulla_bytes text, size_t at)
{
    bulla_bytes rest = bu_bytes_from(text, at);
    size_t end = at + 1;
    if (text.ptr[at] == '"') {
        while (text.ptr[end] != '"')
            end += text.ptr[end] == '\\' ? 2 : 1;
        return end + 1;
    }
    if (bu_bytes_starts(rest, "//"))
        while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
            end++;
    if (bu_bytes_starts(rest, "/*")) {
        const uint8_t *close = memmem(rest.ptr + 2, rest.len - 2, "*/", 2);
        FUZZ_CHECK(close != NULL);
        end = (size_t)(close - text.ptr) + 2;
    }
    return end;
}

/* Blank out comments, and each comma that a closing bracket follows. The text is well-formed. */
static void blank_out(uint8_t *bytes, size_t size)
{
    bulla_bytes text = { bytes, size };
    size_t comma = SIZE_MAX;
    for (size_t at = 0, end; at < size; at = end) {
        uint8_t byte = bytes[at];
        end = token_end(text, at);
        if (byte == '/')
            memset(bytes + at, ' ', end - at);
        else if ((byte == '}' || byte == ']') && comma != SIZE_MAX)
            bytes[comma] = ' ';
        if (byte == ',')
            comma = at;
        else if (byte != '/' && !is_blank(byte))
            comma = SIZE_MAX;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 }, json_err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    BU_AUTO(bu_tree) json = NULL;
    bulla_status status = bu_jsonc_load(text, "x", &tree, &err);
    bool is_json = bulla_ok(bu_json_load(text, "x", &json, &json_err));
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(!is_json);
    } else {
        fuzz_check_node(tree, bu_tree_root(tree), size);
        if (!is_json) {
            blank_out((uint8_t *)(uintptr_t)text.ptr, text.len);
            FUZZ_CHECK(bulla_ok(bu_json_load(text, "x", &json, &json_err)));
        }
        fuzz_check_same(bu_tree_root(tree), bu_tree_root(json));
        FUZZ_CHECK(bu_node_offset(bu_tree_root(tree)) == bu_node_offset(bu_tree_root(json)));
    }
    fuzz_free(text);
    return 0;
}
