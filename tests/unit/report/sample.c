/* SPDX-License-Identifier: MIT */
/*
 * Results as ops/ would fill them.
 */
#include "sample.h"

#include "suite.h"

#include "base/vec.h"

#define NOW 1795219200 /* 2026-11-21T00:00:00Z */

/* A result with room for `count` judgements, not yet totalled. */
static bulla_result *result_new(size_t count)
{
    bulla_result *result = bu_result_new();
    ck_assert_ptr_nonnull(result);
    result->judgements = bu_arena_get_array(result->arena, count, sizeof *result->judgements);
    ck_assert_ptr_nonnull(result->judgements);
    result->now = NOW;
    return result;
}

static bulla_result *totalled(bulla_result *result)
{
    bu_result_total(result);
    return result;
}

static void add_text(bulla_result *result, bu_texts *list, const char *text)
{
    bulla_error err = { 0 };
    unit_ok(bu_result_add_text(result, list, text, &err), err);
}

static bulla_digest digest_of(uint8_t byte)
{
    bulla_digest digest = { .alg = BULLA_ALG_SHA256, .len = 32 };
    memset(digest.bytes, byte, 32);
    return digest;
}

static const bulla_finding nothing = {
    .offset = UINT64_MAX, .file = "", .expected = "", .got = "", .text = ""
};

static const bulla_component components[] = {
    { .purl = "pkg:npm/wrong@1.3.0",
      .type = "npm",
      .name = "wrong",
      .version = "1.3.0",
      .location = "node_modules/wrong",
      .lockfile = "package-lock.json",
      .line = 14,
      .column = 7,
      .origin = BULLA_ORIGIN_REGISTRY },
    { .purl = "pkg:npm/unpinned@2.0.0",
      .type = "npm",
      .name = "unpinned",
      .version = "2.0.0",
      .lockfile = "package-lock.json",
      .line = 20,
      .column = 5,
      .scope = BULLA_SCOPE_DEV,
      .origin = BULLA_ORIGIN_REGISTRY },
    { .purl = "pkg:npm/%40acme/good@1.0.0",
      .type = "npm",
      .name = "@acme/good",
      .version = "1.0.0",
      .origin = BULLA_ORIGIN_REGISTRY },
    { .purl = "pkg:npm/own@0.0.1", .type = "npm", .name = "own", .origin = BULLA_ORIGIN_LOCAL },
    { .purl = "pkg:npm/fsevents@2.3.3",
      .type = "npm",
      .name = "fsevents",
      .scope = BULLA_SCOPE_OPTIONAL,
      .origin = BULLA_ORIGIN_REGISTRY },
    { .purl = "pkg:generic/app.tar.gz",
      .type = "generic",
      .name = "app.tar.gz",
      .location = "dist/app.tar.gz",
      .origin = BULLA_ORIGIN_ARTIFACT },
};

static const bulla_finding reasons[] = {
    { .code = BULLA_E_HASH_MISMATCH,
      .exit = BULLA_EXIT_DENIED,
      .line = 14,
      .column = 7,
      .offset = UINT64_MAX,
      .file = "package-lock.json",
      .expected = "sha512:00",
      .got = "sha512:01",
      .text = "these are not the bytes that were pinned" },
    { .code = BULLA_E_MISSING_HASH,
      .exit = BULLA_EXIT_UNPROVEN,
      .line = 20,
      .column = 5,
      .offset = UINT64_MAX,
      .file = "package-lock.json",
      .expected = "",
      .got = "",
      .text = "no digest is pinned" },
    { .code = BULLA_E_UNREADABLE,
      .exit = BULLA_EXIT_UNPROVEN,
      .offset = 512,
      .file = "unpinned-2.0.0.tgz",
      .expected = "",
      .got = "",
      .text = "not judged" },
    { .code = BULLA_E_THRESHOLD,
      .exit = BULLA_EXIT_UNPROVEN,
      .offset = UINT64_MAX,
      .file = "",
      .expected = "signature:review",
      .got = "",
      .text = "no proof that enough people of a role signed it" },
};

static const bulla_build build = {
    .builder = "https://build.example/runner",
    .source = "https://git.example/org/app",
    .ref = "refs/tags/v1.2.3",
    .commit = "0123456789abcdef0123456789abcdef01234567",
    .level = 3,
};

static const bulla_fact facts[] = {
    { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_BROKEN, .source = "wrong-1.3.0.tgz" },
    { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_ABSENT },
    { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_HELD },
    { .proof = BULLA_PROOF_CONTENTS, .outcome = BULLA_HELD },
    { .proof = BULLA_PROOF_LOCAL, .outcome = BULLA_HELD },
    { .proof = BULLA_PROOF_NOT_INSTALLED, .outcome = BULLA_HELD },
    { .proof = BULLA_PROOF_SIGNATURE,
      .outcome = BULLA_HELD,
      .role = "release",
      .who = "alice, bob",
      .predicate = "https://slsa.dev/provenance/v1",
      .source = "dist/app.tar.gz.intoto.jsonl" },
    { .proof = BULLA_PROOF_SIGNATURE, .outcome = BULLA_HELD, .role = "release", .who = "alice" },
    { .proof = BULLA_PROOF_PROVENANCE,
      .outcome = BULLA_HELD,
      .build = &build,
      .has_time = true,
      .time = 1795219200 },
    { .proof = BULLA_PROOF_REGISTRY_SIGNATURE,
      .outcome = BULLA_HELD,
      .caveat = "the registry's key has expired; when it signed is not proved" },
};

/* The facts of a component, with their findings and evidence. */
static const bulla_fact *facts_from(bulla_result *result, size_t first, size_t count)
{
    bulla_fact *copy = bu_arena_get_array(result->arena, count, sizeof *copy);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, &facts[first], count * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i].finding = first + i < 2 ? reasons[first + i] : nothing;
        if (copy[i].proof == BULLA_PROOF_SIGNATURE)
            copy[i].evidence = digest_of(0xee);
    }
    return copy;
}

static bulla_judgement *judge(bulla_result *result, size_t component, size_t first, size_t count)
{
    bulla_judgement *judgement = &result->judgements[result->count++];
    *judgement = (bulla_judgement){ .component = &components[component],
                                    .facts = facts_from(result, first, count),
                                    .fact_count = count,
                                    .verdict = BULLA_ALLOWED,
                                    .exit = BULLA_EXIT_ALLOWED,
                                    .rule = "built-in: dependencies" };
    return judgement;
}

static void refuse(bulla_judgement *judgement, bulla_verdict verdict, size_t first, size_t count)
{
    judgement->verdict = verdict;
    judgement->exit = reasons[first].exit;
    judgement->reasons = &reasons[first];
    judgement->reason_count = count;
}

static void add_waiver(bulla_result *result, bulla_waiver shown)
{
    bulla_error err = { 0 };
    bu_waivers *list = &result->waivers;
    unit_ok(bu_vec_grow(&list->items, list->count, &list->cap, sizeof *list->items, &err), err);
    list->items[list->count++] = (bu_found_waiver){ .shown = shown };
}

bulla_result *sample_clean(void)
{
    bulla_result *result = result_new(4);
    (void)judge(result, 5, 6, 4);
    (void)judge(result, 4, 5, 1);
    (void)judge(result, 3, 4, 1);
    (void)judge(result, 2, 2, 2);
    result->policy = "built-in";
    result->policy_digest = digest_of(0xaa);
    add_text(result, &result->inputs, "package-lock.json");
    add_text(result, &result->inputs, "dist/app.tar.gz");
    return totalled(result);
}

bulla_result *sample_mixed(void)
{
    bulla_result *result = result_new(6);
    (void)judge(result, 5, 6, 4);
    (void)judge(result, 4, 5, 1);
    (void)judge(result, 3, 4, 1);
    bulla_judgement *good = judge(result, 2, 2, 2);
    good->measured.count = 1;
    good->measured.items[0] = digest_of(0x11);
    good->warnings = &reasons[3];
    good->warning_count = 1;
    refuse(judge(result, 1, 1, 1), BULLA_UNPROVEN, 1, 2);
    refuse(judge(result, 0, 0, 1), BULLA_DENIED, 0, 1);
    bulla_error err = { 0 }, trouble;
    bulla_status status = bu_fail(&trouble, BULLA_E_BAD_SYNTAX, "a comma is missing");
    status = bu_at_offset(&trouble, bu_at(&trouble, status, 3, 9), 41);
    (void)bu_in_file(&trouble, status, "sub/package-lock.json");
    unit_ok(bu_findings_add(&result->troubles, &trouble, result->arena, &err), err);
    add_text(result, &result->warnings,
             "the root of the trust store was signed with a one-time key");
    add_text(result, &result->inputs, "package-lock.json");
    add_text(result, &result->sboms, "app.cdx.json");
    result->policy = "bulla.policy.toml";
    result->policy_digest = digest_of(0xaa);
    result->trust = ".bulla/trust";
    result->trust_version = 3;
    result->trust_digest = digest_of(0xbb);
    return totalled(result);
}

static const bulla_changed_file files[] = { { BULLA_FILE_CHANGED, HOSTILE },
                                            { BULLA_FILE_GENERATED, HOSTILE } };
static const bulla_installation installed = {
    .places = 1, .changed = 1, .generated = 1, .files = files, .file_count = 2
};
static const bulla_voucher vouchers[] = {
    { .person = HOSTILE, .counts_as = HOSTILE, .org = HOSTILE, .has_time = true, .time = NOW },
};
static const char *const texts[] = { HOSTILE, NULL };
static const bulla_said said = {
    .environment = HOSTILE, .rejects = true, .has_end = true, .until = NOW, .scope = texts
};
static const bulla_summary summary = {
    .verifier = HOSTILE, .resource = HOSTILE, .levels = texts, .has_time = true, .time = NOW
};
static bulla_fact hostile[] = {
    { .proof = BULLA_PROOF_SIGNATURE,
      .outcome = BULLA_HELD,
      .role = HOSTILE,
      .who = HOSTILE,
      .predicate = HOSTILE,
      .source = HOSTILE,
      .installation = &installed,
      .vouchers = vouchers,
      .voucher_count = 1,
      .said = &said,
      .summary = &summary },
    { .proof = BULLA_PROOF_DIGEST,
      .outcome = BULLA_ABSENT,
      .role = HOSTILE,
      .who = HOSTILE,
      .predicate = HOSTILE,
      .source = HOSTILE,
      .installation = &installed },
};

static const bulla_finding finding = { .code = BULLA_E_BAD_NAME,
                                       .exit = BULLA_EXIT_MALFORMED,
                                       .offset = 1,
                                       .file = HOSTILE,
                                       .expected = HOSTILE,
                                       .got = HOSTILE,
                                       .text = HOSTILE };

static const bulla_code codes[] = { BULLA_E_THRESHOLD };

/* One that was read, and one that was not. */
static void add_hostile_waivers(bulla_result *result, const bulla_voucher *signer)
{
    add_waiver(result, (bulla_waiver){ .id = "W-0123456789",
                                       .state = BULLA_WAIVER_PROPOSED,
                                       .file = HOSTILE,
                                       .line = 1,
                                       .purl = "pkg:npm/" HOSTILE,
                                       .rule = HOSTILE,
                                       .reason = HOSTILE,
                                       .role = HOSTILE,
                                       .waives = codes,
                                       .waives_count = 1,
                                       .issued = NOW,
                                       .until = NOW,
                                       .signers = signer,
                                       .signer_count = 1,
                                       .finding = finding });
    add_waiver(result, (bulla_waiver){ .file = HOSTILE, .line = 1, .finding = finding });
}

#define RULE_DIGEST                                                                                \
    {                                                                                              \
        .alg = BULLA_ALG_SHA256, .len = 32                                                         \
    }

static bulla_unmet hostile_unmet[] = {
    { .id = "W-0123456789",
      .rule_digest = RULE_DIGEST,
      .rule = HOSTILE,
      .codes = codes,
      .code_count = 1 },
    { .rule_digest = RULE_DIGEST,
      .rule = HOSTILE,
      .codes = codes,
      .code_count = 1,
      .is_waived = true },
};

bulla_result *sample_hostile(bulla_verdict verdict)
{
    static const bulla_component component = { .purl = "pkg:npm/" HOSTILE,
                                               .type = HOSTILE,
                                               .name = HOSTILE,
                                               .version = HOSTILE,
                                               .location = HOSTILE,
                                               .lockfile = HOSTILE,
                                               .line = 1,
                                               .column = 1 };
    hostile[1].finding = finding;
    bulla_result *result = result_new(1);
    add_hostile_waivers(result, vouchers);
    result->judgements[result->count++] = (bulla_judgement){
        .component = &component,
        .facts = hostile,
        .fact_count = 2,
        .verdict = verdict,
        .exit = verdict == BULLA_ALLOWED ? BULLA_EXIT_ALLOWED : BULLA_EXIT_MALFORMED,
        .rule = HOSTILE,
        .unmet = hostile_unmet,
        .unmet_count = 2,
        .reasons = &finding,
        .reason_count = verdict != BULLA_ALLOWED,
        .warnings = &finding,
        .warning_count = 1,
    };
    result->troubles.items = bu_arena_get(result->arena, sizeof finding);
    ck_assert_ptr_nonnull(result->troubles.items);
    result->troubles.items[result->troubles.count++] = finding;
    add_text(result, &result->warnings, HOSTILE);
    add_text(result, &result->inputs, HOSTILE);
    add_text(result, &result->sboms, HOSTILE);
    result->policy = HOSTILE;
    result->trust = HOSTILE;
    result->environment = HOSTILE;
    result->opa = bu_arena_get(result->arena, sizeof *result->opa);
    ck_assert_ptr_nonnull(result->opa);
    *result->opa = (bu_asked){ .url = HOSTILE, .decision_id = HOSTILE, .denials = 1 };
    result->opa->answer = digest_of(0xcc);
    add_text(result, &result->opa->revisions, HOSTILE);
    return totalled(result);
}

bulla_result *sample_many(size_t count)
{
    bulla_result *result = result_new(count + 2);
    bulla_component *many = bu_arena_get_array(result->arena, count, sizeof *many);
    ck_assert_ptr_nonnull(many);
    for (size_t i = 0; i < count; i++) {
        many[i] = components[1];
        many[i].purl = bu_arena_format(result->arena, "pkg:npm/many-%04zu@1.0.0", i);
        ck_assert_ptr_nonnull(many[i].purl);
        bulla_judgement *judgement = judge(result, 1, 1, 1);
        judgement->component = &many[i];
        refuse(judgement, BULLA_UNPROVEN, 1, 1);
    }
    refuse(judge(result, 1, 1, 1), BULLA_UNPROVEN, 3, 1);
    refuse(judge(result, 0, 0, 1), BULLA_DENIED, 0, 1);
    return totalled(result);
}

bulla_result *sample_empty(void)
{
    return totalled(result_new(0));
}
