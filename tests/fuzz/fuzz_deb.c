/* SPDX-License-Identifier: MIT */
/*
 * Debian packages: what is refused says why; what is accepted is one package
 * with nothing behind it, and no shorter part of it is accepted.
 */
#include "fuzz.h"

#include "archive/walk.h"
#include "base/bytes.h"

static bulla_status see_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)err;
    (*(size_t *)context)++;
    *want = bu_bytes_is(m->path, "control");
    return BU_OK;
}

static bulla_status see_content(void *context, const bu_member *m, bulla_bytes content,
                                bulla_error *err)
{
    (void)context;
    (void)err;
    FUZZ_CHECK(content.len == m->size);
    return BU_OK;
}

static bulla_status walk(bulla_bytes in, size_t *members, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(in);
    const bu_walk_visitor visitor = { .context = members,
                                      .member = see_member,
                                      .content = see_content };
    *members = 0;
    return bu_walk_deb(&source.base, &visitor, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t members;
    bulla_error err = { 0 };
    bulla_status status = walk((bulla_bytes){ data, size }, &members, &err);
    if (!bulla_ok(status)) {
        FUZZ_CHECK(err.code == status.code && err.text[0] != '\0');
        return 0;
    }
    FUZZ_CHECK(members > 0);
    FUZZ_CHECK(!bulla_ok(walk((bulla_bytes){ data, size - 1 }, &members, &err)));
    FUZZ_CHECK(!bulla_ok(walk((bulla_bytes){ data, size - 60 }, &members, &err)));
    return 0;
}
