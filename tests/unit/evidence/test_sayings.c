/* SPDX-License-Identifier: MIT */
/*
 * Adding up what is said: two people may sign one document or each their own, but one person who
 * signs two stays one, and what is not the same is not added.
 */
#include "evidence/sayings.h"
#include "suite.h"

/** One document: who signed it, in which role, and what it says. */
typedef struct document {
    int role; /* of roles[]; -1 ends a case */
    const char *person, *counts_as;
    const char *predicate, *environment;
    bool rejects;
    int64_t time;
    uint8_t content; /* 0: a decision */
} document;

static const bu_role roles[] = { { .name = "approver", .threshold = 2 },
                                 { .name = "reviewer", .threshold = 1 } };

#define APPROVES(person, counts_as, time)                                                          \
    {                                                                                              \
        0, person, counts_as, "urn:bulla:approval:v1", "prod", false, time, 0                      \
    }
#define REJECTS(person, time)                                                                      \
    {                                                                                              \
        0, person, person, "urn:bulla:approval:v1", "prod", true, time, 0                          \
    }
#define END                                                                                        \
    {                                                                                              \
        .role = -1                                                                                 \
    }

static const struct {
    const char *about;
    document documents[4];
    size_t choruses;       /* how many facts it gives */
    bulla_outcome outcome; /* of the first */
    bulla_code code;
    const char *who;
} cases[] = {
    { "two people, a document each",
      { APPROVES("bob", "bob", 1), APPROVES("alice", "alice", 2), END },
      1,
      BULLA_HELD,
      BULLA_OK,
      "alice, bob" },
    { "one person twice",
      { APPROVES("alice", "alice", 1), APPROVES("alice", "alice", 2), END },
      1,
      BULLA_ABSENT,
      BULLA_E_THRESHOLD,
      "alice" },
    { "a service and its controller",
      { APPROVES("bot", "alice", 1), APPROVES("alice", "alice", 2), END },
      1,
      BULLA_ABSENT,
      BULLA_E_THRESHOLD,
      "alice" },
    { "a service stands for its controller",
      { APPROVES("bob", "bob", 1), APPROVES("bot", "alice", 1), END },
      1,
      BULLA_HELD,
      BULLA_OK,
      "bot (alice), bob" },
    { "for two environments",
      { APPROVES("alice", "alice", 1),
        { 0, "bob", "bob", "urn:bulla:approval:v1", "staging", false, 1, 0 },
        END },
      2,
      BULLA_ABSENT,
      BULLA_E_THRESHOLD,
      "alice" },
    { "of two types",
      { APPROVES("alice", "alice", 1),
        { 0, "bob", "bob", "urn:bulla:release:v1", "prod", false, 1, 0 },
        END },
      2,
      BULLA_ABSENT,
      BULLA_E_THRESHOLD,
      "alice" },
    { "in two roles",
      { APPROVES("alice", "alice", 1),
        { 1, "bob", "bob", "urn:bulla:approval:v1", "prod", false, 1, 0 },
        END },
      2,
      BULLA_ABSENT,
      BULLA_E_THRESHOLD,
      "alice" },
    { "two different documents of one type",
      { { 0, "alice", "alice", "https://cyclonedx.org/bom", NULL, false, 1, 1 },
        { 0, "bob", "bob", "https://cyclonedx.org/bom", NULL, false, 1, 2 },
        END },
      2,
      BULLA_ABSENT,
      BULLA_E_THRESHOLD,
      "alice" },
    { "the same document of one type",
      { { 0, "alice", "alice", "https://cyclonedx.org/bom", NULL, false, 1, 1 },
        { 0, "bob", "bob", "https://cyclonedx.org/bom", NULL, false, 1, 1 },
        END },
      1,
      BULLA_HELD,
      BULLA_OK,
      "alice, bob" },
    { "a rejection",
      { REJECTS("alice", 5), APPROVES("bob", "bob", 9), END },
      2,
      BULLA_BROKEN,
      BULLA_E_BAD_STATUS,
      "alice" },
    { "a rejection after one's own approval",
      { REJECTS("alice", 5), APPROVES("alice", "alice", 4), END },
      2,
      BULLA_BROKEN,
      BULLA_E_BAD_STATUS,
      "alice" },
    { "a rejection that was withdrawn",
      { REJECTS("alice", 5), APPROVES("alice", "alice", 6), END },
      2,
      BULLA_ABSENT,
      BULLA_E_BAD_STATUS,
      "alice" },
};

static void add_document(bu_sayings *sayings, const document *d, bulla_voucher *voucher,
                         bulla_said *said)
{
    bulla_error err = { 0 };
    *voucher = (bulla_voucher){
        .person = d->person, .counts_as = d->counts_as, .has_time = true, .time = d->time
    };
    *said = (bulla_said){ .environment = d->environment, .rejects = d->rejects };
    bu_saying saying = { .role = &roles[d->role], .voices = { .items = voucher, .count = 1 } };
    saying.fact = (bulla_fact){ .role = roles[d->role].name,
                                .predicate = d->predicate,
                                .source = "a.intoto.jsonl",
                                .said = d->content == 0 ? said : NULL };
    if (d->content != 0)
        saying.content = (bulla_digest){ .alg = BULLA_ALG_SHA256, .bytes = { d->content } };
    bulla_status status = bu_sayings_add(sayings, &saying, &err);
    unit_ok(status, err);
}

START_TEST(who_says_the_same_is_counted_together)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_sayings) sayings = { 0 };
    bulla_voucher vouchers[4];
    bulla_said said[4];
    bulla_error err = { 0 };
    bu_chorus *choruses = NULL;
    size_t count = 0;
    for (size_t i = 0; cases[_i].documents[i].role >= 0; i++)
        add_document(&sayings, &cases[_i].documents[i], &vouchers[i], &said[i]);
    bulla_status status = bu_sayings_unite(&sayings, arena, &choruses, &count, &err);
    unit_ok(status, err);
    ck_assert_msg(count == cases[_i].choruses, "%s: %zu", cases[_i].about, count);
    const bulla_fact *fact = &choruses[0].fact;
    ck_assert_msg(fact->outcome == cases[_i].outcome, "%s: %s", cases[_i].about,
                  bulla_outcome_name(fact->outcome));
    ck_assert_msg(fact->finding.code == cases[_i].code, "%s: %s", cases[_i].about,
                  bulla_code_name(fact->finding.code));
    ck_assert_str_eq(fact->who, cases[_i].who);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, who_says_the_same_is_counted_together, 0,
                        (int)(sizeof cases / sizeof cases[0]));
}

int main(void)
{
    return unit_run("evidence/sayings", add);
}
