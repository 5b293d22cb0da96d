/* SPDX-License-Identifier: MIT */
/*
 * SLSA provenance against its certificate and against expectations: the checks that slsa-verifier
 * makes (slsa.dev/spec/v1.0/verifying-artifacts), without a network. What both certificate and
 * provenance state must be the same; what only the provenance states is the builder's word.
 */
#include "trust/provenance_judge.h"

#include "base/bytes.h"

#define GITHUB        "https://github.com/"
#define GITHUB_ISSUER "https://token.actions.githubusercontent.com"
#define GENERATOR     GITHUB "slsa-framework/slsa-github-generator/.github/workflows/"
#define RUNNER        GITHUB "actions/runner"

/* Both build in the name of another workflow, which is then the builder. */
static const char *const delegators[] = {
    GENERATOR "delegator_generic_slsa3.yml",
    GENERATOR "delegator_lowperms-generic_slsa3.yml",
};

/* Builders that must be used by a released version; `*` ends it. */
static const char *const released_builders[] = {
    GENERATOR "*",
    GITHUB "bazel-contrib/.github/.github/workflows/*",
    GITHUB "bazel-contrib/publish-to-bcr/.github/workflows/*",
};

/* Its tags carry the language that it is for: "v1.2.3-java". */
#define JRELEASER GITHUB "jreleaser/release-action/.github/workflows/"

/* ---- Semantic versions, as Go's modules write them: "v1", "v1.2", "v1.2.3-pre+build" ---- */

typedef struct semver {
    bulla_bytes numbers[3];
    size_t count; /* of numbers */
    bulla_bytes pre, build;
} semver;

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_identifier_byte(uint8_t c)
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || is_digit(c) || c == '-';
}

static bulla_bytes take_number(bulla_bytes *rest)
{
    size_t n = 0;
    while (n < rest->len && is_digit(rest->ptr[n]))
        n++;
    bulla_bytes number = bu_bytes_first(*rest, n);
    *rest = bu_bytes_from(*rest, n);
    return number;
}

/* "All identifiers … MUST comprise only ASCII alphanumerics and hyphens … MUST NOT be empty." */
static bool are_identifiers(bulla_bytes list)
{
    bool empty = true;
    for (size_t i = 0; i < list.len; i++) {
        if (list.ptr[i] == '.' ? empty : !is_identifier_byte(list.ptr[i]))
            return false;
        empty = list.ptr[i] == '.';
    }
    return !empty;
}

static bool take_suffix(bulla_bytes *rest, uint8_t mark, uint8_t end, bulla_bytes *out)
{
    if (rest->len == 0 || rest->ptr[0] != mark)
        return true;
    size_t len = bu_bytes_find(*rest, end);
    *out = bu_bytes_from(bu_bytes_first(*rest, len), 1);
    *rest = bu_bytes_from(*rest, len);
    return are_identifiers(*out);
}

static bool semver_of(bulla_bytes text, semver *out)
{
    *out = (semver){ 0 };
    bulla_bytes rest = bu_bytes_from(text, 1);
    if (!bu_bytes_starts(text, "v"))
        return false;
    for (;;) {
        bulla_bytes number = take_number(&rest);
        if (number.len == 0 || (number.len > 1 && number.ptr[0] == '0'))
            return false;
        out->numbers[out->count++] = number;
        if (out->count == 3 || !bu_bytes_starts(rest, "."))
            break;
        rest = bu_bytes_from(rest, 1);
    }
    bool whole = out->count < 3 || (take_suffix(&rest, '-', '+', &out->pre) &&
                                    take_suffix(&rest, '+', 0, &out->build));
    return whole && rest.len == 0;
}

/* Numbers that are not stated are 0; a pre-release counts where all three are wanted, a build
 * never. */
static bool begins_with(const semver *have, const semver *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        bulla_bytes number = i < have->count ? have->numbers[i] : BULLA_LIT("0");
        if (!bu_bytes_equal(number, wanted->numbers[i]))
            return false;
    }
    return wanted->count < 3 || bu_bytes_equal(have->pre, wanted->pre);
}

/* ---- Names ---- */

static bulla_bytes without(bulla_bytes text, const char *prefix)
{
    return bu_bytes_starts(text, prefix) ? bu_bytes_from(text, strlen(prefix)) : text;
}

/* "refs/tags/v1" of kind "refs/tags/" → "v1"; empty when it is of another kind. */
static bulla_bytes name_of(bulla_bytes ref, const char *kind)
{
    return bu_bytes_starts(ref, kind) ? bu_bytes_from(ref, strlen(kind)) : (bulla_bytes){ 0 };
}

/* "name@version" */
static bulla_bytes split_id(bulla_bytes id, bulla_bytes *version)
{
    size_t at = bu_bytes_find(id, '@');
    *version = bu_bytes_from(id, at + 1);
    return bu_bytes_first(id, at);
}

/* "git+https://host/org/repo", "https://host/org/repo" and "host/org/repo" name one repository. */
static bulla_bytes short_source(bulla_bytes source)
{
    return without(without(source, "git+"), "https://");
}

/* The oldest certificates have "org/repo" alone, which is at GitHub. */
static bool is_certified_source(bulla_bytes source, const char *certified)
{
    bulla_bytes text = bu_bytes_of(certified), name = short_source(source);
    if (text.len > 0 && !bu_bytes_starts(text, "https://"))
        name = name_of(name, "github.com/");
    return text.len > 0 && bu_bytes_equal(name, short_source(text));
}

/* "https://github.com/org/repo/path@ref" → "https://github.com/org/repo", path and ref. */
static bulla_bytes split_workflow(bulla_bytes uri, bulla_bytes *path, bulla_bytes *ref)
{
    bulla_bytes name = split_id(uri, ref);
    size_t end = bu_bytes_starts(name, "https://") ? 8 : 0;
    for (size_t part = 0; part < 3; part++) /* host, owner, repository */
        end += bu_bytes_find(bu_bytes_from(name, end), '/') + (part < 2);
    *path = bu_bytes_from(name, end + 1);
    return bu_bytes_first(name, end);
}

static bool is_one_of(bulla_bytes name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bu_bytes_match(name, list[i]))
            return true;
    return false;
}

#define IS_ONE_OF(name, list) is_one_of(name, list, sizeof(list) / sizeof(list)[0])

/* "refs/tags/vX.Y.Z", nothing more. */
static bool is_release(bulla_bytes name, bulla_bytes ref)
{
    semver version;
    const char *pre = bu_bytes_starts(name, JRELEASER) ? "java" : "";
    return semver_of(name_of(ref, "refs/tags/"), &version) && version.count == 3 &&
           bu_bytes_is(version.pre, pre) && version.build.len == 0;
}

static bool is_commit(bulla_bytes ref)
{
    for (size_t i = 0; i < ref.len; i++)
        if (!is_digit(ref.ptr[i]) && (ref.ptr[i] < 'a' || ref.ptr[i] > 'f'))
            return false;
    return ref.len == 40 || ref.len == 64;
}

/* ---- Against the certificate ---- */

static bulla_status disagree(const char *what, bulla_bytes certified, bulla_bytes claimed,
                             bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                                  "the provenance claims another %s than its certificate", what);
    return bu_expected(err, status, certified, claimed);
}

/* What one of them does not state cannot disagree. */
static bulla_status agree(const char *what, const char *certified, bulla_bytes claimed,
                          bulla_error *err)
{
    bulla_bytes text = bu_bytes_of(certified);
    return text.len == 0 || claimed.len == 0 || bu_bytes_equal(text, claimed)
               ? BU_OK
               : disagree(what, text, claimed, err);
}

static bulla_status agree_source(const bu_provenance *provenance, const bu_claims *claims,
                                 bulla_error *err)
{
    return is_certified_source(provenance->repository, claims->source_uri)
               ? BU_OK
               : disagree("source", bu_bytes_of(claims->source_uri), provenance->repository, err);
}

static bulla_status agree_workflow(const bu_provenance *provenance, const bu_claims *claims,
                                   bulla_error *err)
{
    bulla_bytes path, ref, uri = bu_bytes_of(claims->build_config_uri);
    (void)split_workflow(uri, &path, &ref);
    bool is_path =
        bu_bytes_starts(provenance->entry_point, ".github/"); /* else a name for people */
    if (uri.len == 0)
        return BU_OK;
    if (is_path && !bu_bytes_equal(path, provenance->entry_point))
        return disagree("workflow", path, provenance->entry_point, err);
    bool same = provenance->workflow_ref.len == 0 || bu_bytes_equal(ref, provenance->workflow_ref);
    return same ? BU_OK : disagree("ref of the workflow", ref, provenance->workflow_ref, err);
}

/* The workflow that signed; certificates of before 2023 have it as identity alone. */
static bulla_bytes signer_of(const bu_claims *claims)
{
    return bu_bytes_of(claims->build_signer_uri != NULL ? claims->build_signer_uri
                                                        : claims->identity);
}

static bool is_delegated(const bu_claims *claims)
{
    bulla_bytes version;
    return IS_ONE_OF(split_id(signer_of(claims), &version), delegators);
}

/* A delegator checks out whatever commit its caller names; the ref is then not stated. */
static bulla_status agree_commit(const bu_provenance *provenance, const bu_claims *claims,
                                 bulla_error *err)
{
    if (provenance->ref.len == 0 && is_delegated(claims))
        return BU_OK;
    return agree("commit", claims->source_digest, provenance->source_digest, err);
}

/* npm's CLI names the runner as the builder: its kind is certified. Before that was so, it was
 * always one of GitHub's. */
static bulla_status agree_runner(bulla_bytes builder, const bu_claims *claims, bulla_error *err)
{
    bulla_bytes kind = bu_bytes_from(builder, sizeof RUNNER);
    bulla_bytes certified = bu_bytes_of(claims->runner_environment);
    if (kind.len == 0)
        kind = BULLA_LIT("github-hosted");
    return bu_bytes_equal(kind, certified) ? BU_OK : disagree("runner", certified, kind, err);
}

static bulla_bytes owner_of(bulla_bytes uri)
{
    bulla_bytes name = without(uri, GITHUB);
    return bu_bytes_first(name, bu_bytes_find(name, '/'));
}

/* Who owns the builder may build with its newest state. */
static bulla_status need_release(bulla_bytes builder, bulla_bytes ref, const bu_claims *claims,
                                 bulla_error *err)
{
    bulla_bytes source = bu_bytes_of(claims->source_uri);
    bool is_own =
        bu_bytes_is(ref, "refs/heads/main") && bu_bytes_equal(owner_of(builder), owner_of(source));
    if (is_own || is_release(builder, ref))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "the builder was not used by a released version");
    return bu_expected(err, status, BULLA_LIT("refs/tags/vX.Y.Z"), ref);
}

static bulla_status agree_builder(const bu_provenance *provenance, const bu_claims *claims,
                                  bulla_error *err)
{
    bulla_bytes version, ref, signer = signer_of(claims);
    bulla_bytes builder = split_id(provenance->builder_id, &version);
    bulla_bytes workflow = split_id(signer, &ref);
    if (bu_bytes_starts(provenance->build_type, GITHUB "npm/cli/gha@") &&
        bu_bytes_is(builder, GITHUB "npm/cli"))
        return BU_OK; /* the tool, which no certificate knows */
    if (bu_bytes_is(builder, RUNNER) || bu_bytes_starts(builder, RUNNER "/"))
        return agree_runner(builder, claims, err);
    if (IS_ONE_OF(workflow, released_builders))
        BU_TRY(need_release(workflow, ref, claims, err));
    if (is_delegated(claims))
        return need_release(builder, version, claims, err);
    return agree("builder", claims->identity, provenance->builder_id, err);
}

/* Whoever else gives out certificates cannot say what runs at GitHub. */
static bulla_status agree_issuer(const bu_claims *claims, bulla_error *err)
{
    bulla_bytes issuer = bu_bytes_of(claims->issuer);
    if (!bu_bytes_starts(bu_bytes_of(claims->identity), GITHUB) ||
        bu_bytes_is(issuer, GITHUB_ISSUER) || bu_bytes_starts(issuer, GITHUB_ISSUER "/"))
        return BU_OK;
    return bu_expected(err,
                       bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                               "a workflow of GitHub, certified by another issuer than GitHub's"),
                       BULLA_LIT(GITHUB_ISSUER), issuer);
}

/* A person's certificate knows nothing of builds. */
static bool is_of_build(const bu_claims *claims)
{
    return claims != NULL && (claims->source_uri != NULL || claims->build_signer_uri != NULL);
}

bulla_status bu_provenance_agrees(const bu_provenance *provenance, const bu_claims *claims,
                                  bulla_error *err)
{
    if (!is_of_build(claims))
        return BU_OK;
    BU_TRY(agree_issuer(claims, err));
    BU_TRY(agree_builder(provenance, claims, err));
    BU_TRY(agree_source(provenance, claims, err));
    BU_TRY(agree_commit(provenance, claims, err));
    BU_TRY(agree_workflow(provenance, claims, err));
    BU_TRY(agree("ref", claims->source_ref, provenance->ref, err));
    BU_TRY(agree("trigger", claims->build_trigger, provenance->trigger, err));
    return agree("run", claims->run_uri, provenance->run_uri, err);
}

unsigned bu_provenance_level(const bu_provenance *provenance, const bu_claims *claims)
{
    bulla_bytes path, ref;
    if (!is_of_build(claims) ||
        !bu_bytes_is(bu_bytes_of(claims->runner_environment), "github-hosted"))
        return 1;
    bulla_bytes repository = split_workflow(signer_of(claims), &path, &ref);
    bool is_builder =
        is_delegated(claims) || bu_bytes_equal(provenance->builder_id, signer_of(claims));
    bool is_apart =
        !bu_bytes_equal(short_source(repository), short_source(bu_bytes_of(claims->source_uri)));
    bool is_fixed = is_release((bulla_bytes){ 0 }, ref) || is_commit(ref);
    return is_builder && is_apart && is_fixed ? 3 : 2;
}

/* ---- Against what is wanted ---- */

static bulla_status mismatch(const char *what, bulla_bytes wanted, bulla_bytes got,
                             bulla_error *err)
{
    return bu_expected(err, bu_fail(err, BULLA_E_SOURCE_MISMATCH, "built from another %s", what),
                       wanted, got);
}

static bulla_status meet_source(const bu_provenance *provenance, const char *source,
                                bulla_error *err)
{
    bulla_bytes wanted = short_source(bu_bytes_of(source));
    bulla_bytes got = short_source(provenance->repository);
    return got.len > 0 && bu_bytes_equal(wanted, got) ? BU_OK
                                                      : mismatch("source", wanted, got, err);
}

/* The same runner, before and after npm's CLI named its kind. */
static bulla_bytes runner_of(bulla_bytes builder)
{
    return bu_bytes_is(builder, RUNNER) ? BULLA_LIT(RUNNER "/github-hosted") : builder;
}

static bulla_status meet_builder(const bu_provenance *provenance, const char *builder,
                                 bulla_error *err)
{
    bulla_bytes wanted_version, version;
    bulla_bytes wanted = split_id(bu_bytes_of(builder), &wanted_version);
    bulla_bytes name = split_id(provenance->builder_id, &version);
    if (bu_bytes_equal(runner_of(wanted), runner_of(name)) &&
        (wanted_version.len == 0 || bu_bytes_equal(wanted_version, version) ||
         bu_bytes_equal(wanted_version, name_of(version, "refs/tags/"))))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "built by another builder"),
                       bu_bytes_of(builder), provenance->builder_id);
}

static bulla_status meet_branch(const bu_provenance *provenance, const char *branch,
                                bulla_error *err)
{
    bool is_tag = bu_bytes_starts(provenance->ref, "refs/tags/");
    bulla_bytes ref = is_tag ? provenance->base_ref : provenance->ref;
    bulla_bytes got = name_of(ref, "refs/heads/");
    return got.len > 0 && bu_bytes_is(got, branch)
               ? BU_OK
               : mismatch("branch", bu_bytes_of(branch), ref, err);
}

static bulla_status meet_tag(const bu_provenance *provenance, const char *tag, bulla_error *err)
{
    bulla_bytes got = name_of(provenance->ref, "refs/tags/");
    return got.len > 0 && bu_bytes_is(got, tag)
               ? BU_OK
               : mismatch("tag", bu_bytes_of(tag), provenance->ref, err);
}

static bulla_status meet_version(const bu_provenance *provenance, const char *tag, bulla_error *err)
{
    semver wanted, got;
    if (!semver_of(bu_bytes_of(tag), &wanted))
        return bu_fail(err, BULLA_E_USAGE, "%s is no semantic version like v1, v1.2 or v1.2.3",
                       tag);
    bool is_version = semver_of(name_of(provenance->ref, "refs/tags/"), &got);
    return is_version && begins_with(&got, &wanted)
               ? BU_OK
               : mismatch("version", bu_bytes_of(tag), provenance->ref, err);
}

static bulla_status meet_input(const bu_provenance *provenance, const bu_build_input *wanted,
                               bulla_error *err)
{
    bulla_bytes got = { 0 };
    for (size_t i = 0; i < provenance->input_count; i++) {
        if (!bu_bytes_equal(provenance->inputs[i].name, wanted->name))
            continue;
        got = provenance->inputs[i].value;
        if (bu_bytes_equal(got, wanted->value))
            return BU_OK;
    }
    return mismatch("workflow input", wanted->value, got, err);
}

bulla_status bu_provenance_meets(const bu_provenance *provenance, const bu_build_wanted *wanted,
                                 bulla_error *err)
{
    const struct {
        const char *wanted;
        bulla_status (*meet)(const bu_provenance *provenance, const char *wanted, bulla_error *err);
    } rows[] = {
        { wanted->builder, meet_builder },       { wanted->source, meet_source },
        { wanted->branch, meet_branch },         { wanted->tag, meet_tag },
        { wanted->versioned_tag, meet_version },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].wanted != NULL)
            BU_TRY(rows[i].meet(provenance, rows[i].wanted, err));
    for (size_t i = 0; i < wanted->input_count; i++)
        BU_TRY(meet_input(provenance, &wanted->inputs[i], err));
    return BU_OK;
}

bulla_status bu_provenance_describe(const bu_provenance *provenance, bu_description *out,
                                    bulla_error *err)
{
    const bu_claimed lines[] = {
        { "builder", provenance->builder_id },   { "build type", provenance->build_type },
        { "source", provenance->repository },    { "ref", provenance->ref },
        { "commit", provenance->source_digest }, { "workflow", provenance->entry_point },
        { "trigger", provenance->trigger },      { "run", provenance->run_uri },
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (lines[i].text.len > 0)
            BU_TRY(bu_describe(out, lines[i].label, lines[i].text, err));
    return BU_OK;
}
