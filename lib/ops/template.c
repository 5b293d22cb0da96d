/* SPDX-License-Identifier: MIT */
/*
 * Filling in templates. The texts are ours, so that marks are only looked
 * for, not doubted; what is put in their place is checked.
 */
#include "ops/template.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/time.h"
#include "base/utf8.h"

#define DAY    (24 * 60 * 60) /* seconds */
#define ID_MAX 64u

static const struct {
    const char *mark, *option;
} kinds[] = {
    [BULLA_PARTY_PERSON] = { "person:", "--person" },
    [BULLA_PARTY_SERVICE] = { "service:", "--service" },
    [BULLA_PARTY_VENDOR] = { "vendor:", "--vendor" },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

bulla_status bu_template_find(const char *name, const bu_template **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) known = { 0 };
    for (size_t i = 0; i < bu_template_count; i++) {
        bu_buf_add_format(&known, "%s%s", i == 0 ? "" : ", ", bu_templates[i].name);
        *out = &bu_templates[i];
        if (strcmp(name, bu_templates[i].name) == 0)
            return BU_OK;
    }
    bulla_status status = bu_fail(err, BULLA_E_USAGE, "there is no such template");
    return bu_expected(err, status, bu_buf_bytes(&known), bu_bytes_of(name));
}

/* Split off what stands before the next mark; its inside goes to `mark`, which is empty at the end. */
static bulla_bytes next_mark(bulla_bytes *text, bulla_bytes *mark)
{
    size_t at = bu_bytes_find(*text, '@');
    bulla_bytes before = bu_bytes_first(*text, at), rest = bu_bytes_from(*text, at + 1);
    size_t end = bu_bytes_find(rest, '@');
    *mark = bu_bytes_first(rest, end);
    *text = bu_bytes_from(rest, end + 1);
    return before;
}

/* The kind of principal that a mark stands for; its name goes to `name`. */
static bool is_party(bulla_bytes mark, bulla_party *kind, bulla_bytes *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (bu_bytes_starts(mark, kinds[i].mark)) {
            *kind = (bulla_party)i;
            *name = bu_bytes_from(mark, strlen(kinds[i].mark));
            return true;
        }
    return false;
}

static const bu_slot *find_slot(const bu_slots *slots, bulla_party kind, bulla_bytes name)
{
    for (size_t i = 0; i < slots->count; i++)
        if (slots->items[i].kind == kind && bu_bytes_equal(slots->items[i].name, name))
            return &slots->items[i];
    return NULL;
}

static bool is_id(bulla_bytes id)
{
    for (size_t i = 0; i < id.len; i++) {
        uint8_t c = id.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (i == 0 || strchr("._-", c) == NULL))
            return false;
    }
    return id.len > 0 && id.len <= ID_MAX;
}

/* Each id once: also against the names of places that stay empty. */
static bulla_status check_ids(const bu_slots *slots, bulla_error *err)
{
    for (size_t i = 0; i < slots->count; i++)
        for (size_t k = 0; k < slots->count; k++) {
            const bulla_enrolment *one = slots->items[i].taken, *other = slots->items[k].taken;
            bulla_bytes id = other == NULL ? slots->items[k].name : bu_bytes_of(other->id);
            if (i != k && one != NULL && bu_bytes_is(id, one->id))
                return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice", one->id);
        }
    return BU_OK;
}

static bulla_status take_slot(const bulla_enrolment *person, const bu_template *template,
                              bu_slots *slots, bulla_error *err)
{
    size_t places = 0;
    if (!is_id(bu_bytes_of(person->id)))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NAME, "not the name of a person"),
                           BULLA_LIT("1 to 64 of a-z, 0-9, '.', '_', '-'"),
                           bu_bytes_of(person->id));
    for (size_t i = 0; i < slots->count; i++) {
        places += slots->items[i].kind == person->kind;
        if (slots->items[i].kind != person->kind || slots->items[i].taken != NULL)
            continue;
        slots->items[i].taken = person;
        return BU_OK;
    }
    return bu_fail(err, BULLA_E_USAGE, "%s %s is too many: the template %s has %zu places for them",
                   kinds[person->kind].option, person->id, template->name, places);
}

bulla_status bu_template_slots(const bu_template *template, const bulla_init_options *options,
                               bu_slots *out, bulla_error *err)
{
    bulla_bytes text = template->trust, mark;
    *out = (bu_slots){ 0 };
    while (text.len > 0) {
        bulla_party kind;
        bulla_bytes name;
        (void)next_mark(&text, &mark);
        if (is_party(mark, &kind, &name) && find_slot(out, kind, name) == NULL &&
            out->count < BU_SLOTS_MAX)
            out->items[out->count++] = (bu_slot){ kind, name, NULL };
    }
    for (size_t i = 0; i < options->people_count; i++)
        BU_TRY(take_slot(&options->people[i], template, out, err));
    return check_ids(out, err);
}

static void fill_mark(bulla_bytes mark, const bu_slots *slots, const bulla_init_options *options,
                      bu_buf *out)
{
    bulla_party kind;
    bulla_bytes name;
    char time[BU_TIME_TEXT];
    if (is_party(mark, &kind, &name)) {
        const bu_slot *slot = find_slot(slots, kind, name);
        bool is_taken = slot != NULL && slot->taken != NULL;
        bu_buf_add(out, is_taken ? bu_bytes_of(slot->taken->id) : name);
    } else if (bu_bytes_starts(mark, "days:")) {
        long days = strtol((const char *)mark.ptr + strlen("days:"), NULL, 10);
        int64_t midnight = options->now - options->now % DAY;
        bu_buf_add_text(out, bu_time_format(midnight + days * DAY, time));
    } else if (bu_bytes_is(mark, "product")) {
        bu_buf_add_text(out, options->product);
    }
}

bulla_status bu_template_fill(bulla_bytes text, const bu_slots *slots,
                              const bulla_init_options *options, bu_buf *out, bulla_error *err)
{
    while (text.len > 0) {
        bulla_bytes mark;
        bu_buf_add(out, next_mark(&text, &mark));
        fill_mark(mark, slots, options, out);
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}
