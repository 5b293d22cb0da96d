/* SPDX-License-Identifier: MIT */
/*
 * Sigstore's public conformance cases, where they lie beside the checkout: each by file and by
 * digest alone. A folder whose name ends in _fail must be refused.
 */
#include "suite.h"

#include <dirent.h>

#include "attest/statement.h"
#include "digest/hasher.h"
#include "trust/bundle.h"

#define FOLDER "sigstore"
#define NOW    1795000000 /* later than every case was made */

static const char default_identity[] =
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
    ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
static const char default_issuer[] = "https://token.actions.githubusercontent.com";

/* The text of a file of a case, or of one that stands for it; ptr NULL: there is none. */
static bulla_bytes case_file(const char *name, const char *file, const char *otherwise)
{
    char path[1024];
    (void)snprintf(path, sizeof path, FOLDER "/cases/%s/%s", name, file);
    char *found = unit_vectors_path(path);
    if (found == NULL && otherwise != NULL)
        found = unit_vectors_path(otherwise);
    bulla_bytes text = found == NULL ? (bulla_bytes){ 0 } : unit_slurp(found);
    free(found);
    return text;
}

static const char *text_of(bu_arena *arena, bulla_bytes text, const char *otherwise)
{
    bulla_bytes line = bu_bytes_first(text, bu_bytes_find(text, '\n'));
    return text.ptr == NULL ? otherwise : bu_arena_text(arena, line);
}

static bulla_status add_anchors(const char *name, bu_anchors *anchors, bulla_error *err)
{
    bulla_bytes root = case_file(name, "trusted_root.json", FOLDER "/roots/trusted_root.prod.json");
    bulla_bytes key = case_file(name, "key.pub", NULL);
    bulla_status status = bu_anchors_read(root, "trusted_root.json", anchors, err);
    if (bulla_ok(status) && key.ptr != NULL)
        status = bu_anchors_read(key, "key.pub", anchors, err);
    if (bulla_ok(status) && key.ptr == NULL) {
        bulla_bytes identity = case_file(name, "identity", NULL);
        bulla_bytes issuer = case_file(name, "issuer", NULL);
        bu_anchor *anchor = bu_anchors_add(anchors);
        anchor->identity = text_of(anchors->arena, identity, default_identity);
        anchor->issuer = text_of(anchors->arena, issuer, default_issuer);
        free((void *)(uintptr_t)identity.ptr);
        free((void *)(uintptr_t)issuer.ptr);
    }
    free((void *)(uintptr_t)root.ptr);
    free((void *)(uintptr_t)key.ptr);
    return status;
}

static bulla_status read_message(void *context, bu_buf *out, bulla_error *err)
{
    (void)err;
    bu_buf_add(out, *(const bulla_bytes *)context);
    return BU_OK;
}

static bulla_status make_digest(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err)
{
    return bu_digest_of(alg, *(const bulla_bytes *)context, out, err);
}

/* As whoever asks judges a statement: it must be about the file. */
static bulla_status judge_payload(const bu_vouched *vouched, const bu_check *check,
                                  bulla_error *err)
{
    bu_statement statement;
    if (vouched->payload.ptr == NULL)
        return BU_OK;
    BU_TRY(bu_statement_parse(vouched->payload, "statement", check->arena, &statement, err));
    if (!bu_statement_is_about(&statement, &check->message->digests))
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "a statement about something else");
    return BU_OK;
}

static bulla_status verify(const char *name, bool by_file, bulla_error *err)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes artifact = case_file(name, "artifact", FOLDER "/a.txt");
    bulla_bytes bundle = case_file(name, "bundle.sigstore.json", NULL);
    bu_message message = { .name = "a.txt", .context = &artifact };
    bu_check check = { .content = bundle,
                       .file = name,
                       .message = &message,
                       .anchors = &anchors,
                       .now = NOW,
                       .arena = arena };
    bu_vouched vouched = { 0 };
    message.digests.count = 1;
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, artifact, &message.digests.items[0], err), *err);
    if (by_file) {
        message.digest = make_digest;
        message.read = read_message;
    }
    unit_ok(bu_anchors_start(&anchors, err), *err);
    bulla_status status = add_anchors(name, &anchors, err);
    if (bulla_ok(status))
        status = bu_format_sigstore.verify(&check, &vouched, err);
    if (bulla_ok(status))
        status = judge_payload(&vouched, &check, err);
    free((void *)(uintptr_t)artifact.ptr);
    free((void *)(uintptr_t)bundle.ptr);
    return status;
}

/* How many of the two ways of asking were not judged as they must be. */
static size_t judge_case(const char *name)
{
    bool must_fail = bu_bytes_ends(bu_bytes_of(name), "_fail");
    size_t wrong = 0;
    for (int by_file = 0; by_file < 2; by_file++) {
        bulla_error err = { 0 };
        bulla_status status = verify(name, by_file == 1, &err);
        if (bulla_ok(status) != must_fail)
            continue;
        printf("# %s by %s: %s %s\n", name, by_file == 1 ? "file" : "digest",
               bulla_code_name(status.code), err.text);
        wrong++;
    }
    return wrong;
}

START_TEST(cases_are_judged_as_the_suite_says)
{
    char *folder = unit_vectors_path(FOLDER "/cases");
    if (folder == NULL) {
        unit_skipped("Sigstore's conformance cases", "they do not lie beside the checkout");
        return;
    }
    DIR *cases = opendir(folder);
    ck_assert_ptr_nonnull(cases);
    size_t count = 0, wrong = 0;
    for (struct dirent *entry = readdir(cases); entry != NULL; entry = readdir(cases)) {
        if (entry->d_name[0] == '.')
            continue;
        wrong += judge_case(entry->d_name);
        count++;
    }
    (void)closedir(cases);
    free(folder);
    ck_assert_uint_gt(count, 0);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, cases_are_judged_as_the_suite_says);
}

int main(void)
{
    return unit_run("sigstore vectors", add);
}
