/* SPDX-License-Identifier: MIT */
/*
 * Gates: who is counted, and what is said when they do not suffice. The
 * attacks: one person in two roles, an approval for another environment, one
 * that is over, people who are not enough but sign twice.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "base/buf.h"
#include "bulla/sign.h"
#include "policy/gate.h"

#define NOW                    INT64_C(1795288320)
#define DAY                    INT64_C(86400)
#define HEAD                   "schema = \"bulla.policy/1\"\n[[gate]]\nname = \"prod\"\nmatch = \"*.tgz\"\n"
#define PROD                   HEAD "environment = \"prod\"\n"
#define NEED(type, role, more) "{ type = \"" type "\", role = \"" role "\"" more " }"

#define BUILD   NEED("slsa", "builder", "")
#define REVIEW  NEED("review", "reviewer", "")
#define APPROVE NEED("approval", "approver", "")
#define WROTE   NEED("authorship", "builder", "")
#define TWO     NEED("approval", "approver", ", count = 2")

#define ALL  PROD "need = [" BUILD ", " REVIEW ", " TWO "]\n"
#define BOTH PROD "need = [" REVIEW ", " APPROVE "]\n"

static const bu_exclusion excluded[] = {
    { "builder", "approver", false, true }, { "builder", "reviewer", true, true },
    { "reviewer", "approver", true, true }, { "author", "approver", true, true },
    { "author", "reviewer", true, true },   { "vendor", "*", false, true },
};

/*
 * Facts: type/role=person[+person…][,option…]; a person is ID or SERVICE>CONTROLLER; options are
 * env:NAME, reject, until:DAYS, age:DAYS, from:SOURCE, by:PERSON[+PERSON…] (authors; ?ID: nobody
 * knows that one), threshold (too few for the role), code:CODE (absent with that finding), broken:CODE.
 * Wanted: verdict exit [rule] counted/needed… reasons.
 */
static const struct {
    const char *what, *policy, *facts, *want;
} cases[] = {
    { "everybody did their part", ALL,
      "slsa/builder=ci>dora review/reviewer=rob approval/approver=ann+al,env:prod",
      "allowed 0 [gate prod] 1/1 1/1 2/2" },
    { "nothing at all", ALL, "",
      "unproven 3 [gate prod] 0/1 0/1 0/2 threshold threshold threshold" },
    { "one approver is missing", ALL,
      "slsa/builder=ci>dora review/reviewer=rob approval/approver=ann,env:prod,threshold",
      "unproven 3 [gate prod] 1/1 1/1 1/2 threshold" },
    { "two approvals in two documents, each too few for the role", ALL,
      "slsa/builder=ci>dora review/reviewer=rob approval/approver=ann,env:prod,threshold "
      "approval/approver=al,env:prod,until:3,threshold",
      "allowed 0 [gate prod] 1/1 1/1 2/2" },
    { "one person approves twice", ALL,
      "slsa/builder=ci>dora review/reviewer=rob approval/approver=ann,env:prod,threshold "
      "approval/approver=ann,env:prod,until:3,threshold",
      "unproven 3 [gate prod] 1/1 1/1 1/2 threshold" },
    { "the bot of an approver approves too", ALL,
      "slsa/builder=ci>dora review/reviewer=rob approval/approver=ann+bot>ann,env:prod",
      "unproven 3 [gate prod] 1/1 1/1 1/2 threshold" },
    /* Separation of duties. */
    { "whoever controls the builder approves", PROD "need = [" BUILD ", " APPROVE "]\n",
      "slsa/builder=ci>ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 1/1 0/1 duty-conflict" },
    { "the reviewer approves", BOTH, "review/reviewer=rob approval/approver=rob,env:prod",
      "denied 1 [gate prod] 1/1 0/1 duty-conflict" },
    { "who could do both is put where it helps", BOTH,
      "review/reviewer=rob approval/approver=rob+ann,env:prod", "allowed 0 [gate prod] 1/1 1/1" },
    { "the other way round", BOTH, "review/reviewer=rob+ann approval/approver=rob,env:prod",
      "allowed 0 [gate prod] 1/1 1/1" },
    { "a chain that a greedy count gets wrong",
      PROD "need = [" REVIEW ", " NEED("signature", "tester", "") ", " APPROVE "]\n",
      "review/reviewer=a+b signature/tester=a+c approval/approver=a,env:prod",
      "allowed 0 [gate prod] 1/1 1/1 1/1" },
    { "too few people and one who does too much", ALL,
      "slsa/builder=ci>ann review/reviewer=rob approval/approver=ann,env:prod,threshold",
      "unproven 3 [gate prod] 1/1 1/1 0/2 threshold" },
    { "the author approves", PROD "need = [" APPROVE "]\n",
      "signature/author=ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "the author's second account reviews", PROD "need = [" REVIEW "]\n",
      "signature/author=bot>rob review/reviewer=rob", "denied 1 [gate prod] 0/1 duty-conflict" },
    { "another than the author approves", PROD "need = [" APPROVE "]\n",
      "signature/author=dora approval/approver=ann,env:prod", "allowed 0 [gate prod] 1/1" },
    /* Authors that somebody states. */
    { "an author who approves", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "an author behind a service", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:bot>ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "an author who approves through a service", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:ann approval/approver=bot>ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "an author who reviews", PROD "need = [" REVIEW "]\n",
      "authorship/builder=ci>dora,by:al+rob review/reviewer=rob",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "an author whom only one of two statements names", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:al authorship/builder=ci>dora,by:ann "
      "approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "an author whom too few of the role name", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:ann,threshold approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "distinctness lets no author through", PROD "distinct = \"none\"\nneed = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "others than the authors", BOTH,
      "authorship/builder=ci>dora,by:al review/reviewer=rob approval/approver=ann+al,env:prod",
      "allowed 0 [gate prod] 1/1 1/1" },
    { "an author who builds", PROD "need = [" BUILD ", " APPROVE "]\n",
      "slsa/builder=ci>dora authorship/builder=ci>dora,by:dora approval/approver=ann,env:prod",
      "allowed 0 [gate prod] 1/1 1/1" },
    { "authors that nobody of a role states", PROD "need = [" APPROVE "]\n",
      "authorship/=,by:ann+?zoe,code:untrusted-key approval/approver=ann,env:prod",
      "allowed 0 [gate prod] 1/1" },
    { "an author whom the store does not know", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:al+?zoe approval/approver=ann,env:prod",
      "unproven 3 [gate prod] 1/1 bad-reference" },
    { "an unknown author where nobody is held apart", PROD "need = [" BUILD "]\n",
      "slsa/builder=ci>dora authorship/builder=ci>dora,by:?zoe", "allowed 0 [gate prod] 1/1" },
    { "an unknown author, and one who approves", PROD "need = [" APPROVE "]\n",
      "authorship/builder=ci>dora,by:ann+?zoe approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 bad-reference duty-conflict" },
    { "authors that the gate needs, of whom nobody speaks",
      PROD "need = [" WROTE ", " APPROVE "]\n", "approval/approver=ann,env:prod",
      "unproven 3 [gate prod] 0/1 1/1 threshold" },
    { "authors that the gate needs", PROD "need = [" WROTE ", " APPROVE "]\n",
      "authorship/builder=ci>dora,by:al approval/approver=ann,env:prod",
      "allowed 0 [gate prod] 1/1 1/1" },
    { "a reviewer's word that nobody asked for bars the approval", PROD "need = [" APPROVE "]\n",
      "review/reviewer=ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "a vendor is in no other role", PROD "need = [" APPROVE "]\n",
      "signature/vendor=acme approval/approver=acme,env:prod",
      "denied 1 [gate prod] 0/1 duty-conflict" },
    { "roles that nobody excludes, distinct by default",
      PROD "need = [" NEED("sbom", "a", "") ", " NEED("signature", "b", "") "]\n",
      "sbom/a=ann signature/b=ann", "denied 1 [gate prod] 1/1 0/1 duty-conflict" },
    { "the same, where the gate lets one person do both",
      PROD
      "distinct = \"none\"\nneed = [" NEED("sbom", "a", "") ", " NEED("signature", "b", "") "]\n",
      "sbom/a=ann signature/b=ann", "allowed 0 [gate prod] 1/1 1/1" },
    { "what the store excludes holds for such a gate too",
      PROD "distinct = \"none\"\nneed = [" REVIEW ", " APPROVE "]\n",
      "review/reviewer=ann approval/approver=ann,env:prod",
      "denied 1 [gate prod] 1/1 0/1 duty-conflict" },
    { "a pair that the gate names",
      PROD "distinct = [[\"a\", \"b\"]]\nneed = [" NEED("sbom", "a", "") ", " NEED(
          "signature", "b", "") ", " NEED("signature", "c", "") "]\n",
      "sbom/a=ann signature/b=ann signature/c=ann",
      "denied 1 [gate prod] 1/1 0/1 1/1 duty-conflict" },
    /* Environments. */
    { "a staging approval in prod", PROD "need = [" APPROVE "]\n",
      "approval/approver=ann,env:staging",
      "unproven 3 [gate prod] 0/1 environment-mismatch threshold" },
    { "an approval for no environment", PROD "need = [" APPROVE "]\n", "approval/approver=ann,said",
      "unproven 3 [gate prod] 0/1 environment-mismatch threshold" },
    { "a review is of no environment", PROD "need = [" REVIEW "]\n", "review/reviewer=rob,said",
      "allowed 0 [gate prod] 1/1" },
    { "a gate of no environment", HEAD "need = [" APPROVE "]\n",
      "approval/approver=ann,env:staging", "allowed 0 [gate prod] 1/1" },
    /* Time. */
    { "an approval that is over", PROD "need = [" APPROVE "]\n",
      "approval/approver=ann,env:prod,until:-1", "unproven 3 [gate prod] 0/1 expired threshold" },
    { "an approval that ends now", PROD "need = [" APPROVE "]\n",
      "approval/approver=ann,env:prod,until:0", "allowed 0 [gate prod] 1/1" },
    { "young enough", PROD "need = [" NEED("review", "reviewer", ", max_age = \"90d\"") "]\n",
      "review/reviewer=rob,age:90", "allowed 0 [gate prod] 1/1" },
    { "too old", PROD "need = [" NEED("review", "reviewer", ", max_age = \"90d\"") "]\n",
      "review/reviewer=rob,age:91", "unproven 3 [gate prod] 0/1 expired threshold" },
    { "of no age", PROD "need = [" NEED("review", "reviewer", ", max_age = \"90d\"") "]\n",
      "review/reviewer=rob", "unproven 3 [gate prod] 0/1 expired threshold" },
    { "from the future", PROD "need = [" NEED("review", "reviewer", ", max_age = \"90d\"") "]\n",
      "review/reviewer=rob,age:-1", "unproven 3 [gate prod] 0/1 expired threshold" },
    { "a reviewer whose time was over", PROD "need = [" REVIEW "]\n",
      "review/reviewer=rob,code:expired", "unproven 3 [gate prod] 0/1 expired threshold" },
    /* What counts. */
    { "a rejection", PROD "need = [" APPROVE "]\n",
      "approval/approver=ann,env:prod approval/approver=al,env:prod,reject,broken:bad-status",
      "denied 1 [built-in: nothing broken] 1/1 bad-status" },
    { "a rejection that is held is no approval", PROD "need = [" APPROVE "]\n",
      "approval/approver=al,env:prod,reject", "unproven 3 [gate prod] 0/1 threshold" },
    { "another type", PROD "need = [" APPROVE "]\n", "release/approver=ann,env:prod",
      "unproven 3 [gate prod] 0/1 threshold" },
    { "another role", PROD "need = [" APPROVE "]\n", "approval/reviewer=rob,env:prod",
      "unproven 3 [gate prod] 0/1 threshold" },
    { "a stranger", PROD "need = [" APPROVE "]\n", "approval/=,code:untrusted-key",
      "unproven 3 [gate prod] 0/1 threshold untrusted-key" },
    { "a wrong signature beside all that is needed", PROD "need = [" APPROVE "]\n",
      "approval/approver=ann,env:prod approval/=,broken:bad-signature",
      "denied 1 [built-in: nothing broken] 1/1 bad-signature" },
    { "a plain signature where one is needed",
      PROD "need = [" NEED("signature", "release", "") "]\n", "/release=ann",
      "allowed 0 [gate prod] 1/1" },
    { "a plain signature is no approval", PROD "need = [" APPROVE "]\n", "/approver=ann",
      "unproven 3 [gate prod] 0/1 threshold" },
    { "built from the source that was asked for",
      PROD "need = [" NEED("slsa", "builder", ", source = \"https://git.example/*\"") "]\n",
      "slsa/builder=ci>dora,from:git+https://git.example/app@refs/tags/v1",
      "allowed 0 [gate prod] 1/1" },
    { "built from another source",
      PROD "need = [" NEED("slsa", "builder", ", source = \"https://git.example/*\"") "]\n",
      "slsa/builder=ci>dora,from:https://evil.example/app",
      "unproven 3 [gate prod] 0/1 identity-mismatch threshold" },
    { "built from who knows where",
      PROD "need = [" NEED("slsa", "builder", ", source = \"https://git.example/*\"") "]\n",
      "slsa/builder=ci>dora", "unproven 3 [gate prod] 0/1 identity-mismatch threshold" },
    { "another file",
      "schema = \"bulla.policy/1\"\n[[gate]]\nname = \"prod\"\nmatch = \"*.deb\"\n"
      "need = [" APPROVE "]\n",
      "approval/approver=ann,env:prod",
      "denied 1 [built-in: the gate is about it] subject-mismatch" },
    { "a rule beside the gate",
      PROD "need = [" APPROVE "]\n[[rule]]\nmatch = \"**\"\nrequire = [\"provenance\"]\n",
      "approval/approver=ann,env:prod", "unproven 3 [rule 1] 1/1 missing-file" },
};

#define CASE_COUNT (sizeof cases / sizeof cases[0])

static const bulla_component artifact = { .purl = "pkg:generic/app",
                                          .name = "app-1.tgz",
                                          .origin = BULLA_ORIGIN_ARTIFACT };

/* Everything that facts point to. */
typedef struct sample {
    bulla_fact facts[8];
    bulla_voucher vouchers[8][4];
    bulla_said said[8];
    bulla_author authors[8][4];
    bulla_build builds[8];
    char predicates[8][64];
    size_t count;
} sample;

static bulla_code code_of(const char *name)
{
    for (bulla_code code = BULLA_OK; code <= BULLA_E_INTERNAL; code++)
        if (strcmp(bulla_code_name(code), name) == 0)
            return code;
    ck_abort_msg("no code %s", name);
    return BULLA_OK;
}

static void set_finding(bulla_fact *fact, bulla_outcome outcome, const char *code)
{
    bulla_code number = code_of(code);
    fact->outcome = outcome;
    fact->finding = (bulla_finding){ .code = number,
                                     .exit = bulla_code_exit(number),
                                     .offset = UINT64_MAX,
                                     .file = "",
                                     .expected = "",
                                     .got = "",
                                     .text = bulla_code_name(number) };
}

static void add_people(sample *s, bulla_fact *fact, char *people)
{
    char *rest = NULL;
    fact->vouchers = s->vouchers[s->count];
    for (char *id = strtok_r(people, "+", &rest); id != NULL; id = strtok_r(NULL, "+", &rest)) {
        char *controller = strchr(id, '>');
        if (controller != NULL)
            *controller++ = '\0';
        s->vouchers[s->count][fact->voucher_count++] =
            (bulla_voucher){ .person = id, .counts_as = controller == NULL ? id : controller };
    }
}

static void add_authors(sample *s, char *people)
{
    char *rest = NULL;
    bulla_said *said = &s->said[s->count];
    said->authors = s->authors[s->count];
    for (char *id = strtok_r(people, "+", &rest); id != NULL; id = strtok_r(NULL, "+", &rest)) {
        char *controller = strchr(id, '>');
        if (controller != NULL)
            *controller++ = '\0';
        s->authors[s->count][said->author_count++] =
            id[0] == '?' ? (bulla_author){ .person = id + 1 }
                         : (bulla_author){ id, controller == NULL ? id : controller };
    }
}

static void add_option(sample *s, bulla_fact *fact, char *option)
{
    bulla_said *said = &s->said[s->count];
    char *value = strchr(option, ':');
    value = value == NULL ? NULL : value + 1;
    if (bu_bytes_starts(bu_bytes_of(option), "age:")) {
        for (size_t i = 0; i < fact->voucher_count; i++) {
            s->vouchers[s->count][i].has_time = true;
            s->vouchers[s->count][i].time = NOW - atoi(value) * DAY;
        }
    } else if (bu_bytes_starts(bu_bytes_of(option), "from:")) {
        s->builds[s->count].source = value;
        fact->build = &s->builds[s->count];
    } else if (bu_bytes_starts(bu_bytes_of(option), "code:")) {
        set_finding(fact, BULLA_ABSENT, value);
    } else if (bu_bytes_starts(bu_bytes_of(option), "broken:")) {
        set_finding(fact, BULLA_BROKEN, value);
    } else if (strcmp(option, "threshold") == 0) {
        set_finding(fact, BULLA_ABSENT, option);
    } else {
        fact->said = said;
        if (strcmp(option, "reject") == 0) {
            said->rejects = true;
        } else if (bu_bytes_starts(bu_bytes_of(option), "until:")) {
            said->has_end = true;
            said->until = NOW + atoi(value) * DAY;
        } else if (bu_bytes_starts(bu_bytes_of(option), "by:")) {
            add_authors(s, value);
        } else if (strcmp(option, "said") != 0) {
            said->environment = value;
        }
    }
}

/* One word of the little language above; cut up in place. */
static void add_fact(sample *s, char *word)
{
    bulla_fact *fact = &s->facts[s->count];
    char *rest = NULL, *role = strchr(word, '/'), *people = strchr(word, '=');
    char *options = strchr(word, ',');
    *role++ = *people++ = '\0';
    if (options != NULL)
        *options++ = '\0';
    bool builds = strcmp(word, "slsa") == 0;
    fact->outcome = BULLA_HELD;
    fact->proof = builds ? BULLA_PROOF_PROVENANCE : BULLA_PROOF_SIGNATURE;
    fact->role = role[0] == '\0' ? NULL : role;
    (void)snprintf(s->predicates[s->count], sizeof s->predicates[0],
                   builds                           ? "https://%s.dev/provenance/v1"
                   : strcmp(word, "sbom") == 0      ? "https://cyclonedx.org/bom%.0s"
                   : strcmp(word, "signature") == 0 ? BULLA_PREDICATE_SIGNATURE "%.0s"
                                                    : "urn:bulla:%s:v1",
                   word);
    fact->predicate = word[0] == '\0' ? NULL : s->predicates[s->count];
    add_people(s, fact, people);
    for (char *o = options == NULL ? NULL : strtok_r(options, ",", &rest); o != NULL;
         o = strtok_r(NULL, ",", &rest))
        add_option(s, fact, o);
    s->count++;
}

static void read_facts(sample *s, char *text)
{
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        add_fact(s, word);
}

static bu_basis basis_of(const bu_policy *policy)
{
    return (bu_basis){ .now = NOW,
                       .environment = "prod",
                       .gate = bu_policy_gate(policy, "prod"),
                       .exclusions = { excluded, sizeof excluded / sizeof excluded[0] } };
}

static void describe(const bulla_judgement *j, bu_buf *out)
{
    bu_buf_add_format(out, "%s %d [%s]", bulla_verdict_name(j->verdict), (int)j->exit, j->rule);
    for (size_t i = 0; j->gate != NULL && i < j->gate->need_count; i++)
        bu_buf_add_format(out, " %zu/%zu", j->gate->needs[i].counted, j->gate->needs[i].needed);
    for (size_t i = 0; i < j->reason_count; i++)
        bu_buf_add_format(out, " %s", bulla_code_name(j->reasons[i].code));
}

START_TEST(people_are_counted)
{
    bulla_error err = { 0 };
    bu_policy *policy = NULL;
    unit_ok(bu_policy_parse(bu_bytes_of(cases[_i].policy), "p", &policy, &err), err);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) got = { 0 };
    BU_FREE char *text = strdup(cases[_i].facts);
    sample s = { 0 };
    read_facts(&s, text);
    bu_basis basis = basis_of(policy);
    bulla_judgement j = { .component = &artifact, .facts = s.facts, .fact_count = s.count };
    unit_ok(bu_policy_judge(policy, &basis, &j, arena, &err), err);
    bu_policy_free(policy); /* a result outlives it */
    describe(&j, &got);
    ck_assert_msg(strcmp((const char *)got.ptr, cases[_i].want) == 0, "%s:\n  got  %s\n  want %s",
                  cases[_i].what, (const char *)got.ptr, cases[_i].want);
    if (j.gate != NULL)
        ck_assert(!j.gate->is_open || j.verdict == BULLA_ALLOWED || j.verdict == BULLA_UNPROVEN);
}
END_TEST

/* Whoever is refused reads who was counted, and why the others were not. */
START_TEST(reasons_name_people)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    unit_ok(bu_policy_parse(BULLA_LIT(BOTH), "p", &policy, &err), err);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    char text[] = "review/reviewer=rob approval/approver=rob,env:prod";
    sample s = { 0 };
    read_facts(&s, text);
    bu_basis basis = basis_of(policy);
    bulla_judgement j = { .component = &artifact, .facts = s.facts, .fact_count = s.count };
    unit_ok(bu_policy_judge(policy, &basis, &j, arena, &err), err);
    ck_assert_uint_eq(j.reason_count, 1);
    ck_assert_str_eq(j.reasons[0].expected, "1 of role approver");
    ck_assert_str_eq(j.reasons[0].got, "0: rob, who acts as reviewer");
    ck_assert_str_eq(j.gate->needs[0].vouchers[0]->person, "rob");
}
END_TEST

/* Whoever takes somebody out of the store does not open a gate by that, and reads why. */
START_TEST(an_unknown_author_is_named)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    unit_ok(bu_policy_parse(BULLA_LIT(BOTH), "p", &policy, &err), err);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    char text[] = "authorship/builder=ci,by:?zoe review/reviewer=rob approval/approver=al,env:prod";
    sample s = { 0 };
    read_facts(&s, text);
    bu_basis basis = basis_of(policy);
    bulla_judgement j = { .component = &artifact, .facts = s.facts, .fact_count = s.count };
    unit_ok(bu_policy_judge(policy, &basis, &j, arena, &err), err);
    ck_assert_uint_eq(j.reason_count, 1);
    ck_assert_str_eq(j.reasons[0].expected, "ids of the trust store");
    ck_assert_str_eq(j.reasons[0].got, "zoe");
    ck_assert(!j.gate->is_open);
}
END_TEST

/* Every way to fill four needs by up to four people, against plain trial of all choices. */
static bool try_all(const bool may[4][4], size_t person, size_t people, unsigned filled)
{
    if (filled == 15)
        return true;
    if (person == people)
        return false;
    for (size_t n = 0; n < 4; n++)
        if (may[person][n] && try_all(may, person + 1, people, filled | 1u << n))
            return true;
    return try_all(may, person + 1, people, filled);
}

/* Nobody is counted twice, or for what they did not do. */
static bool is_sound(const bu_gate_person *people, const bool may[4][4])
{
    for (size_t p = 0; p < 4; p++) {
        size_t roles = 0;
        for (size_t n = 0; n < 4; n++) {
            roles += people[p].counts[n];
            if (people[p].counts[n] && !may[p][n])
                return false;
        }
        if (roles > 1)
            return false;
    }
    return true;
}

START_TEST(filling_is_exact)
{
    bu_gate_need needs[4] = { { .role = "a", .count = 1 },
                              { .role = "b", .count = 1 },
                              { .role = "c", .count = 1 },
                              { .role = "d", .count = 1 } };
    const bu_gate gate = { .needs = needs, .need_count = 4 };
    const bu_exclusions none = { 0 };
    for (unsigned bits = 0; bits < 1u << 16; bits += 7) {
        bool may[4][4];
        bu_gate_person people[4] = { 0 };
        uint32_t counted[BU_LIMIT_GATE_PEOPLE] = { 0 };
        for (size_t i = 0; i < 16; i++)
            people[i / 4].may[i % 4] = may[i / 4][i % 4] = (bits >> i & 1) != 0;
        bool ok = bulla_ok(bu_gate_fill(&gate, &none, people, 4, counted, NULL));
        bool filled = counted[0] + counted[1] + counted[2] + counted[3] == 4;
        if (!ok || filled != try_all(may, 0, 4, 0) || !is_sound(people, may))
            ck_abort_msg("%x", bits);
    }
}
END_TEST

START_TEST(no_memory_opens_no_gate)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    unit_ok(bu_policy_parse(BULLA_LIT(ALL), "p", &policy, &err), err);
    char text[] = "slsa/builder=ci>dora review/reviewer=rob,age:1 approval/approver=ann,env:dev";
    sample s = { 0 };
    read_facts(&s, text);
    bu_basis basis = basis_of(policy);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bulla_judgement j = { .component = &artifact,
                              .facts = s.facts,
                              .fact_count = s.count,
                              .verdict = BULLA_ALLOWED };
        alloc_fail_at(n);
        bulla_status status = bu_policy_judge(policy, &basis, &j, arena, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_int_eq(j.verdict, BULLA_UNPROVEN);
            ck_assert_uint_gt(n, 1);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_int_eq(j.verdict, BULLA_DENIED);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, people_are_counted, 0, CASE_COUNT);
    tcase_add_test(tc, reasons_name_people);
    tcase_add_test(tc, an_unknown_author_is_named);
    tcase_add_test(tc, filling_is_exact);
    tcase_add_test(tc, no_memory_opens_no_gate);
}

int main(void)
{
    return unit_run("policy: gate", add);
}
