/* SPDX-License-Identifier: MIT */
/*
 * Proposals as files: what somebody could put into one on its way is refused
 * at its place; whoever signs first, the bytes are the same.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "build.h"
#include "trust/proposal.h"

#define DOCUMENT "{\"signed\":{},\"signatures\":[]}"
#define STORE    "\"store\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""

static const struct {
    const char *text;
    bulla_code code;
    const char *says;
} cases[] = {
    { "{\"schema\":\"bulla.trust-proposal/1\",\"targets\":" DOCUMENT ",\"files\":{}}", BULLA_OK,
      "" },
    { "{\"schema\":\"bulla.trust-proposal/2\"}", BULLA_E_UNSUPPORTED_VERSION, "no proposal" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"more\":1}", BULLA_E_BAD_SYNTAX, "field more" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"store\":\"00\"}", BULLA_E_BAD_ENCODING, "" },
    { "{\"schema\":\"bulla.trust-proposal/1\"," STORE "}", BULLA_E_MISSING_FIELD, "targets" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"targets\":{}}", BULLA_E_MISSING_FIELD, "signed" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"targets\":" DOCUMENT ",\"root\":1}",
      BULLA_E_TYPE_MISMATCH, "root" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"targets\":" DOCUMENT ",\"files\":{\"a\":\"?\"}}",
      BULLA_E_BAD_ENCODING, "files" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"targets\":" DOCUMENT ",\"files\":{\"../a\":\"\"}}",
      BULLA_E_BAD_NAME, "" },
    { "{\"schema\":\"bulla.trust-proposal/1\",\"targets\":{\"signed\":{},\"signatures\":[{}]}}",
      BULLA_E_MISSING_FIELD, "keyid" },
};

START_TEST(a_proposal_is_of_its_form)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_proposal) proposal = { 0 };
    bulla_status status = bu_proposal_read(bu_bytes_of(cases[_i].text), "p.json", &proposal, &err);
    ck_assert_int_eq(status.code, cases[_i].code);
    if (bulla_ok(status))
        return;
    ck_assert_str_eq(err.file, "p.json");
    ck_assert_msg(strstr(err.text, cases[_i].says) != NULL, "%s", err.text);
}
END_TEST

/* Putting each row in its place takes as many steps as there are rows. */
START_TEST(signatures_are_not_endless)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_proposal) proposal = { 0 };
    bu_buf_add_text(&text, "{\"schema\":\"bulla.trust-proposal/1\",\"files\":{},"
                           "\"targets\":{\"signed\":{},\"signatures\":[");
    for (unsigned i = 0; i <= BU_LIMIT_SIGNATURES; i++)
        bu_buf_add_format(&text, "%s{\"keyid\":\"%u\"}", i == 0 ? "" : ",", i);
    bu_buf_add_text(&text, "]}}");
    bulla_status status = bu_proposal_read(bu_buf_bytes(&text), "p.json", &proposal, &err);
    unit_fails(status, BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_str_eq(err.file, "p.json");
}
END_TEST

static bu_proposal signed_by(bulla_secret_key *const *keys, size_t count)
{
    bulla_error err = { 0 };
    bu_proposal proposal = { 0 };
    bulla_status status = bu_proposal_read(bu_bytes_of(cases[0].text), "p", &proposal, &err);
    unit_ok(status, err);
    for (size_t i = 0; i < count; i++) {
        status = bu_proposal_sign(proposal.targets, keys[i], &err);
        unit_ok(status, err);
    }
    return proposal;
}

static char *text_of(const bu_proposal *proposal)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_status status = bu_proposal_write(proposal, &text, &err);
    unit_ok(status, err);
    return test_text("%s", (const char *)text.ptr);
}

START_TEST(the_order_of_signatures_does_not_matter)
{
    bulla_error err = { 0 };
    bulla_secret_key *a = test_key(BULLA_KEY_ED25519), *b = test_key(BULLA_KEY_ED25519);
    BU_CLEAR(bu_proposal) one = signed_by(&a, 1);
    BU_CLEAR(bu_proposal) other = signed_by(&b, 1);
    BU_CLEAR(bu_proposal) both = signed_by((bulla_secret_key *[]){ b, a, b }, 3);
    bulla_status status = bu_proposal_unite(&one, &other, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(bu_json_count(bu_json_get(one.targets, "signatures")), 2);
    ck_assert_str_eq(text_of(&one), text_of(&both));
    status = bu_proposal_unite(&other, &both, &err);
    unit_ok(status, err);
    ck_assert_str_eq(text_of(&other), text_of(&both));
}
END_TEST

START_TEST(only_copies_are_united)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_proposal) one = signed_by(NULL, 0);
    BU_CLEAR(bu_proposal) other = signed_by(NULL, 0);
    bulla_status status =
        bu_json_set(other.targets, "signed", bu_json_string(BULLA_LIT("x")), &err);
    unit_ok(status, err);
    unit_fails(bu_proposal_unite(&one, &other, &err), BULLA_E_SUBJECT_MISMATCH, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_proposal_is_of_its_form, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, signatures_are_not_endless);
    tcase_add_test(tc, the_order_of_signatures_does_not_matter);
    tcase_add_test(tc, only_copies_are_united);
}

int main(void)
{
    return unit_run("trust/proposal", add);
}
