/* SPDX-License-Identifier: MIT */
/*
 * Bytes in the JSON forms of encrypted keys.
 */
#include "signature/sealed.h"

#include <string.h>

#include "base/encode.h"

bulla_status bu_sealed_bytes(const bu_json *object, const char *name, const char *where,
                             bu_buf *out, bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(object, name, where, &text, err));
    return bu_within(err, bu_base64_decode(text, BU_BASE64_STANDARD, out, err), "%s", name);
}

bulla_status bu_sealed_array(const bu_json *object, const char *name, const char *where,
                             uint8_t *out, size_t size, bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    BU_TRY(bu_sealed_bytes(object, name, where, &bytes, err));
    if (bytes.len != size)
        return bu_fail(err, BULLA_E_BAD_KEY, "%s: %zu bytes where %zu are due", name, bytes.len,
                       size);
    memcpy(out, bytes.ptr, size);
    return BU_OK;
}
