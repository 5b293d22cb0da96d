/* SPDX-License-Identifier: MIT */
/*
 * Manifests and signature files of JARs: what is accepted has each member once, in sections that
 * lie one behind the other and together are all of the text but for empty lines.
 */
#include "fuzz.h"

#include "evidence/jar_manifest.h"

static size_t end_of(bulla_bytes part, bulla_bytes text)
{
    FUZZ_CHECK(part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len);
    return (size_t)(part.ptr - text.ptr) + part.len;
}

static void check_sections(const bu_jar_manifest *m)
{
    size_t covered = m->main.raw.len;
    for (size_t i = 0; i < m->count; i++) {
        const bu_jar_section *section = &m->sections[i];
        FUZZ_CHECK(section->name.len > 0 && section->count > 0);
        FUZZ_CHECK(bu_jar_section_of(m, section->name) == section);
        FUZZ_CHECK(end_of(section->raw, m->text) > m->main.raw.len);
        covered += section->raw.len;
    }
    for (size_t i = 1; i < m->count; i++)
        FUZZ_CHECK(bu_bytes_compare(m->sections[i - 1].name, m->sections[i].name) < 0);
    FUZZ_CHECK(covered <= m->text.len);
}

static void check_digests(const bu_jar_manifest *m)
{
    bulla_digest_set set;
    bulla_error err = { 0 };
    for (size_t i = 0; i < m->count; i++) {
        bulla_status status = bu_jar_digests(&m->sections[i], "-Digest", &set, &err);
        FUZZ_CHECK(!bulla_ok(status) || set.count > 0);
        for (uint32_t k = 0; bulla_ok(status) && k < set.count; k++)
            FUZZ_CHECK(bulla_alg_is_strong(set.items[k].alg));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes in = fuzz_copy(data, size);
    bu_arena *arena = bu_arena_new();
    bu_jar_manifest m;
    bulla_error err = { 0 };
    FUZZ_CHECK(arena != NULL);
    bulla_status status = bu_jar_manifest_read(in, "Manifest-Version", arena, &m, &err);
    if (bulla_ok(status)) {
        check_sections(&m);
        check_digests(&m);
    } else
        fuzz_check_refusal(status, &err, in.len);
    bu_arena_free(arena);
    fuzz_free(in);
    return 0;
}
