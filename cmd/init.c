/* SPDX-License-Identifier: MIT */
/*
 * bulla init: begin with a template.
 */
#include "base/bytes.h"
#include "bulla/init.h"
#include "command.h"

typedef struct args {
    bu_words folders;
    const char *template, *product;
    bu_words people, services, vendors;
    bu_moment at;
} args;

static const bu_option options[] = {
    { "template", 't', "NAME", "clinic, device-maker, open-source, saas or small-team",
      BU_FIELD(args, template), .required = true,
      .values = "clinic device-maker open-source saas small-team" },
    { "product", 0, "GLOB", "file names of what is released: app-*.tar.gz", BU_FIELD(args, product),
      .required = true },
    { "person", 0, "ID=FILE", "who takes the next place of a person, and their public key",
      BU_FIELD(args, people) },
    { "service", 0, "ID=FILE", "the same of a service", BU_FIELD(args, services) },
    { "vendor", 0, "ID=FILE", "the same of a vendor", BU_FIELD(args, vendors) },
    { "at", 0, "TIME", "count the days of keys from this time instead of now", BU_FIELD(args, at) },
    { 0 },
};

static bulla_status take(bu_cli *cli, bulla_party kind, const bu_words *words,
                         bulla_enrolment *people, size_t *count, bulla_error *err)
{
    for (size_t i = 0; i < words->count; i++) {
        bulla_bytes word = bu_bytes_of(words->items[i]);
        size_t equals = bu_bytes_find(word, '=');
        const char *id = bu_arena_text(cli->arena, bu_bytes_first(word, equals));
        if (id == NULL)
            return bu_no_memory(err);
        if (equals == word.len)
            return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "whose key is it?"),
                               BULLA_LIT("ID=FILE"), word);
        people[(*count)++] = (bulla_enrolment){ kind, id, words->items[i] + equals + 1 };
    }
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    size_t most = a->people.count + a->services.count + a->vendors.count;
    bulla_enrolment *people = bu_arena_get_array(cli->arena, most, sizeof *people);
    BU_CLEAR(bulla_buffer) page = { 0 };
    bulla_init_options init = { .name = a->template,
                                .folder = a->folders.count > 0 ? a->folders.items[0] : ".",
                                .product = a->product,
                                .people = people,
                                .now = bu_now(cli, &a->at) };
    if (people == NULL)
        return bu_no_memory(err);
    BU_TRY(take(cli, BULLA_PARTY_PERSON, &a->people, people, &init.people_count, err));
    BU_TRY(take(cli, BULLA_PARTY_SERVICE, &a->services, people, &init.people_count, err));
    BU_TRY(take(cli, BULLA_PARTY_VENDOR, &a->vendors, people, &init.people_count, err));
    BU_TRY(bulla_init(&init, &page, err));
    return bu_cli_write(NULL, bu_buffer_bytes(&page), err);
}

const bu_command bu_cmd_init = {
    .name = "init",
    .summary = "begin with a policy and a trust store from a template",
    .about = "Write bulla.toml, bulla.policy.toml and the draft of a trust store from a template, "
             "to be adapted: who builds, who reviews, who approves, and the gates that need them. "
             "People take the places of the template in the order in which they are named; it "
             "says which are still free. Nothing that is there is replaced.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
