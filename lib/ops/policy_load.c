/* SPDX-License-Identifier: MIT */
/*
 * Loading the policy. A file on the host that verifies never stands in for a
 * policy that people have signed.
 */
#include "ops/policy_load.h"

#include "base/buf.h"
#include "base/limits.h"
#include "io/file.h"

/* "sha256:HEX" of a text. */
static bulla_status name_by_digest(bulla_bytes text, bu_buf *out, bulla_error *err)
{
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, text, &digest, err));
    bu_buf_add_format(out, "%s:%s", bulla_alg_name(digest.alg), bulla_digest_hex(&digest, hex));
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status refuse_other(const char *path, bulla_bytes pinned, bulla_bytes given,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) expected = { 0 };
    BU_CLEAR(bu_buf) got = { 0 };
    BU_TRY(name_by_digest(pinned, &expected, err));
    BU_TRY(name_by_digest(given, &got, err));
    bulla_status status =
        bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the policy that the trust store pins");
    (void)bu_expected(err, status, bu_buf_bytes(&expected), bu_buf_bytes(&got));
    (void)bu_next(err, status,
                  "use the policy of the store; to change it, let its owners sign a new one");
    return bu_as(err, bu_in_file(err, status, path), BULLA_EXIT_TRUST);
}

static bulla_status read_file(const char *path, bu_buf *out, bulla_error *err)
{
    return bu_as(err, bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, out, err),
                 BULLA_EXIT_CONFIG);
}

bulla_status bu_policy_load(const char *path, const bulla_trust *trust, bu_policy **out,
                            bool *is_signed, bulla_error *err)
{
    const bu_pin *pin =
        trust == NULL ? NULL : bu_pins_find(&trust->pins, bu_bytes_of(BU_POLICY_FILE));
    BU_CLEAR(bu_buf) text = { 0 };
    if (is_signed != NULL)
        *is_signed = pin != NULL;
    if (path == NULL && pin == NULL)
        return bu_policy_builtin(out, err);
    if (path != NULL)
        BU_TRY(read_file(path, &text, err));
    if (pin == NULL)
        return bu_policy_parse(bu_buf_bytes(&text), path, out, err);
    if (path != NULL && !bu_bytes_equal(bu_buf_bytes(&text), pin->bytes))
        return refuse_other(path, pin->bytes, bu_buf_bytes(&text), err);
    return bu_policy_parse(pin->bytes, BU_POLICY_FILE, out, err);
}

/* "prod, staging" */
static bulla_status no_gate(const bu_policy *policy, const char *name, bulla_error *err)
{
    BU_CLEAR(bu_buf) known = { 0 };
    size_t count;
    const bu_gate *gates = bu_policy_gates(policy, &count);
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(&known, "%s%s", i == 0 ? "" : ", ", gates[i].name);
    if (count == 0)
        bu_buf_add_text(&known, "no gate at all");
    bulla_status status = bu_fail(err, BULLA_E_USAGE, "the policy %s has no gate of that name",
                                  bu_policy_name(policy));
    return bu_expected(err, status, bu_buf_bytes(&known), bu_bytes_of(name));
}

/* A slip would take away the rules that are of the environment that was meant. */
static bulla_status need_environment(const bu_policy *policy, const bu_basis_options *options,
                                     bulla_error *err)
{
    const char *name = options->environment;
    const char *const *known =
        options->trust == NULL ? bu_usual_environments : options->trust->environments;
    BU_CLEAR(bu_buf) expected = { 0 };
    if (name == NULL || bu_list_allows(known, bu_bytes_of(name)) ||
        bu_policy_names_environment(policy, name))
        return BU_OK;
    for (size_t i = 0; known[i] != NULL; i++)
        bu_buf_add_format(&expected, "%s%s", i == 0 ? "" : ", ", known[i]);
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "there is no environment of that name"),
                       bu_buf_bytes(&expected), bu_bytes_of(name));
}

bulla_status bu_policy_look(const char *path, bool is_draft, const bulla_trust *trust,
                            bu_policy **out, bulla_error *err)
{
    return bu_policy_load(path, is_draft && path != NULL ? NULL : trust, out, NULL, err);
}

bulla_status bu_basis_of(const bu_policy *policy, const bu_basis_options *options, bu_basis *out,
                         bulla_error *err)
{
    *out = (bu_basis){ .now = options->now, .environment = options->environment };
    if (options->trust != NULL)
        out->exclusions =
            (bu_exclusions){ options->trust->exclusions, options->trust->exclusion_count };
    BU_TRY(need_environment(policy, options, err));
    if (options->gate == NULL)
        return BU_OK;
    out->gate = bu_policy_gate(policy, options->gate);
    if (out->gate == NULL)
        return no_gate(policy, options->gate, err);
    if (out->gate->environment == NULL)
        return BU_OK;
    if (options->environment != NULL && strcmp(options->environment, out->gate->environment) != 0)
        return bu_expected(
            err, bu_fail(err, BULLA_E_USAGE, "gate %s is of another environment", options->gate),
            bu_bytes_of(out->gate->environment), bu_bytes_of(options->environment));
    out->environment = out->gate->environment;
    return BU_OK;
}
