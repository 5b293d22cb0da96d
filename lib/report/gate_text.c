/* SPDX-License-Identifier: MIT */
/*
 * A gate for people: what it needs, and who was counted.
 *
 *   gate:     prod (environment prod)  SHUT  app-1.0.tgz
 *             NEED                   PEOPLE  WHO
 *             approval by approver    1 of 2  alice (3 days ago)
 */
#include "report/render.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/duration.h"
#include "bulla/gate.h"

#define INDENT     "          "
#define NEED_WIDTH 30 /* of the column; longer needs push the others to the right */

/* "3 days ago": whole days, or whole hours of the first. */
static void add_age(bu_buf *out, const bulla_voucher *voucher, int64_t now)
{
    char words[BU_DURATION_TEXT];
    int64_t age;
    if (!voucher->has_time || __builtin_sub_overflow(now, voucher->time, &age))
        return;
    int64_t unit = age < 86400 ? 3600 : 86400;
    age = age < 0 ? 0 : age / unit * unit;
    bu_buf_add_format(out, ", %s%s", age == 0 ? "just now" : bu_duration_format(age, words),
                      age == 0 ? "" : " ago");
}

/* "ci (for alice, 3 days ago)" */
static void add_who(bu_buf *out, const bulla_gate_need *need, int64_t now)
{
    for (size_t i = 0; i < need->counted; i++) {
        const bulla_voucher *voucher = need->vouchers[i];
        BU_CLEAR(bu_buf) about = { 0 };
        if (strcmp(voucher->person, voucher->counts_as) != 0) {
            bu_buf_add_text(&about, ", for ");
            bu_add_foreign(&about, voucher->counts_as);
        }
        add_age(&about, voucher, now);
        bu_buf_add_text(out, i == 0 ? "" : "; ");
        bu_add_foreign(out, voucher->person);
        if (about.len > 0) /* but for the first comma */
            bu_buf_add_format(out, " (%.*s)", (int)about.len - 2, (const char *)about.ptr + 2);
        out->broken = out->broken || about.broken;
    }
    bu_buf_add_text(out, need->counted == 0 ? "nobody" : "");
}

static void add_need(bu_buf *out, const bulla_gate_need *need, int64_t now)
{
    size_t start = out->len;
    bu_buf_add_text(out, INDENT);
    bu_add_foreign(out, need->type);
    bu_buf_add_text(out, " by ");
    bu_add_foreign(out, need->role);
    while (!out->broken && out->len - start < strlen(INDENT) + NEED_WIDTH)
        bu_buf_add_byte(out, ' ');
    bu_buf_add_format(out, " %2zu of %-2zu ", need->counted, need->needed);
    add_who(out, need, now);
    bu_buf_add_byte(out, '\n');
}

static void add_gate(bu_buf *out, const bulla_judgement *judgement, int64_t now)
{
    const bulla_gate *gate = judgement->gate;
    bu_buf_add_format(out, "%-10s", "gate:");
    bu_add_foreign(out, gate->name);
    if (gate->environment != NULL) {
        bu_buf_add_text(out, " (environment ");
        bu_add_foreign(out, gate->environment);
        bu_buf_add_text(out, ")");
    }
    bu_buf_add_text(out, gate->is_open ? "  OPEN  " : "  SHUT  ");
    bu_add_foreign(out, judgement->component->name != NULL ? judgement->component->name
                                                           : judgement->component->purl);
    bu_buf_add_format(out, "\n" INDENT "%-*s  %-7s %s\n", NEED_WIDTH, "NEED", "PEOPLE", "WHO");
    for (size_t i = 0; i < gate->need_count; i++)
        add_need(out, &gate->needs[i], now);
}

void bu_add_gates(const bulla_result *result, bu_buf *out)
{
    for (size_t i = 0; i < result->count; i++)
        if (result->judgements[i].gate != NULL)
            add_gate(out, &result->judgements[i], result->now);
}
