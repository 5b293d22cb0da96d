/* SPDX-License-Identifier: MIT */
/*
 * Predicate types. A document signed under a type that it is not of would be
 * believed for what it does not say.
 */
#include "suite.h"

#include "attest/predicate.h"

#define CYCLONEDX "https://cyclonedx.org/bom"
#define SPDX      "https://spdx.dev/Document"
#define SLSA      "https://slsa.dev/provenance/v1"

static const struct {
    const char *name, *type; /* "": there is none */
} names[] = {
    { "sbom", CYCLONEDX },
    { "slsa", SLSA },
    { "signature", "urn:bulla:signature:v1" },
    { "approval", "urn:bulla:approval:v1" },
    { "https://example.org/x", "https://example.org/x" },
    { "urn:x", "urn:x" },
    { "", "" },
    { "SBOM", "" },
    { "approve", "" },
    { "urn:", "" },
    { ":x", "" },
    { "1urn:x", "" },
    { "urn:a b", "" },
    { "urn:a\nb", "" },
    { "urn:a\"", "" },
    { "urn:\u00e9", "" },
    { "u_n:x", "" },
};

START_TEST(a_type_is_a_short_name_or_a_uri)
{
    bulla_bytes got = bu_predicate_type_of(bu_bytes_of(names[_i].name));
    ck_assert_msg(bu_bytes_is(got, names[_i].type), "%s", names[_i].name);
}
END_TEST

static const struct {
    const char *type, *name;
    bool is;
} meanings[] = {
    { CYCLONEDX, "sbom", true },
    { CYCLONEDX "/v1.6", "sbom", true },
    { SPDX, "sbom", true },
    { SPDX "/v2.3", "sbom", true },
    { SPDX "/v3", "sbom", true },
    { SLSA, "slsa", true },
    { SLSA, SLSA, true },
    { "urn:x", "urn:x", true },
    { CYCLONEDX "x", "sbom", false },
    { CYCLONEDX "/", "sbom", false },
    { CYCLONEDX, SPDX, false },
    { "https://slsa.dev/provenance/v0.2", "slsa", false },
    { SLSA, "sbom", false },
    { "sbom", "slsa", false },
    { "", "sbom", false },
    { "", "", false },
};

START_TEST(a_type_means_what_its_name_says_and_nothing_near_it)
{
    bool is = bu_predicate_is(bu_bytes_of(meanings[_i].type), bu_bytes_of(meanings[_i].name));
    ck_assert_msg(is == meanings[_i].is, "%s as %s", meanings[_i].type, meanings[_i].name);
}
END_TEST

#define DEFINITION "\"buildDefinition\":{\"buildType\":\"urn:b\",\"externalParameters\":{}}"
#define RUN        "\"runDetails\":{\"builder\":{\"id\":\"urn:i\"}}"

static const struct {
    const char *name, *document, *type;
    bool is_subject;
    bulla_code code;
    const char *place; /* part of the sentence */
} choices[] = {
    { "sbom", "{\"bomFormat\":\"CycloneDX\"}", CYCLONEDX, true, BULLA_OK, NULL },
    { "sbom", "{\"spdxVersion\":\"SPDX-2.3\"}", SPDX, true, BULLA_OK, NULL },
    { "sbom", "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\"}", SPDX "/v3", true,
      BULLA_OK, NULL },
    { CYCLONEDX, "{\"bomFormat\":\"CycloneDX\"}", CYCLONEDX, true, BULLA_OK, NULL },
    { "slsa", "{" DEFINITION "," RUN "}", SLSA, false, BULLA_OK, NULL },
    { "signature", "{}", "urn:bulla:signature:v1", false, BULLA_OK, NULL },
    { "urn:x", "{}", "urn:x", false, BULLA_OK, NULL },
    { "sbom", "{}", NULL, false, BULLA_E_BAD_TYPE, "neither" },
    { "sbom", "{\"bomFormat\":\"cyclonedx\"}", NULL, false, BULLA_E_BAD_TYPE, "neither" },
    { "sbom", "{\"bomFormat\":[\"CycloneDX\"]}", NULL, false, BULLA_E_BAD_TYPE, "neither" },
    { "sbom", "{\"spdxVersion\":\"SPDX-9.0\"}", NULL, false, BULLA_E_BAD_TYPE, "neither" },
    { "sbom", "{\"bomFormat\":\"CycloneDX\",\"spdxVersion\":\"SPDX-2.3\"}", NULL, false,
      BULLA_E_AMBIGUOUS_BUNDLE, "both" },
    { CYCLONEDX, "{\"spdxVersion\":\"SPDX-2.3\"}", NULL, false, BULLA_E_BAD_TYPE, "bomFormat" },
    { "sbom", "[]", NULL, false, BULLA_E_TYPE_MISMATCH, "object" },
    { "urn:x", "\"text\"", NULL, false, BULLA_E_TYPE_MISMATCH, "object" },
    { "approve", "{}", NULL, false, BULLA_E_USAGE, "no such" },
    { "approval", "{}", NULL, false, BULLA_E_MISSING_FIELD, "role" },
    { "training", "{\"who\":1}", NULL, false, BULLA_E_BAD_SYNTAX, "no such field" },
    { "slsa", "{" RUN "}", NULL, false, BULLA_E_MISSING_FIELD, "buildDefinition" },
    { "slsa", "{" DEFINITION "}", NULL, false, BULLA_E_MISSING_FIELD, "runDetails" },
    { "slsa", "{\"buildDefinition\":[]," RUN "}", NULL, false, BULLA_E_TYPE_MISMATCH,
      "buildDefinition" },
    { "slsa", "{\"buildDefinition\":{\"buildType\":\"\",\"externalParameters\":{}}," RUN "}", NULL,
      false, BULLA_E_MISSING_FIELD, "buildType" },
    { "slsa", "{\"buildDefinition\":{\"buildType\":\"urn:b\"}," RUN "}", NULL, false,
      BULLA_E_MISSING_FIELD, "externalParameters" },
    { "slsa", "{" DEFINITION ",\"runDetails\":{\"builder\":{}}}", NULL, false,
      BULLA_E_MISSING_FIELD, "runDetails: builder: \"id\"" },
    { "slsa", "{" DEFINITION ",\"runDetails\":{\"builder\":{\"id\":7}}}", NULL, false,
      BULLA_E_TYPE_MISMATCH, "\"id\"" },
};

START_TEST(a_document_is_attested_only_as_what_it_is)
{
    BU_AUTO(bu_json) document = NULL;
    bu_predicate_choice choice = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_json_parse(bu_bytes_of(choices[_i].document), "p.json", &document, &err), err);
    bulla_status status =
        bu_predicate_choose(bu_bytes_of(choices[_i].name), document, "p.json", &choice, &err);
    if (choices[_i].code == BULLA_OK) {
        unit_ok(status, err);
        ck_assert(bu_bytes_is(choice.type, choices[_i].type));
        ck_assert(choice.is_subject == choices[_i].is_subject);
        return;
    }
    unit_fails(status, choices[_i].code, err);
    ck_assert_msg(strstr(err.text, choices[_i].place) != NULL, "%s", err.text);
    if (choices[_i].code != BULLA_E_USAGE)
        ck_assert_str_eq(err.file, "p.json");
    ck_assert_uint_eq(choice.type.len, 0);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_type_is_a_short_name_or_a_uri, 0, sizeof names / sizeof names[0]);
    tcase_add_loop_test(tc, a_type_means_what_its_name_says_and_nothing_near_it, 0,
                        sizeof meanings / sizeof meanings[0]);
    tcase_add_loop_test(tc, a_document_is_attested_only_as_what_it_is, 0,
                        sizeof choices / sizeof choices[0]);
}

int main(void)
{
    return unit_run("predicate", add);
}
