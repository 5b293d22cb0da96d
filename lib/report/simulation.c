/* SPDX-License-Identifier: MIT */
/*
 * Attempts of a simulation: what each brings down, and the answer last. Of
 * single keys and people, those with which nothing falls are only counted.
 */
#include "report/render.h"
#include "report/weakness.h"

#define SCHEMA "bulla.trust-simulate/1"
#define INDENT "          "

typedef struct tried {
    size_t of[BU_LOOT_OWNER + 1]; /* by kind */
} tried;

static tried count_tried(const bu_simulation *simulation)
{
    tried count = { 0 };
    for (size_t i = 0; i < simulation->count; i++)
        for (size_t k = 0; k < simulation->attempts[i].loot_count; k++)
            count.of[simulation->attempts[i].loot[k].kind]++;
    return count;
}

static bool is_shown(const bu_simulation *simulation, const bu_attempt *attempt)
{
    return simulation->is_named || attempt->count > 0;
}

static const char *result_of(bulla_exit exit)
{
    return exit == BULLA_EXIT_DENIED ? "falls" : exit == BULLA_EXIT_NOTHING ? "nothing" : "stands";
}

/* Text. */

static void add_loot(bu_buf *out, const bu_attempt *attempt)
{
    for (size_t i = 0; i < attempt->loot_count; i++) {
        const bu_loot *loot = &attempt->loot[i];
        bu_buf_add_format(out, "%s%s ", i == 0 ? "" : ", ", bu_loot_name(loot->kind));
        bu_add_foreign(out, loot->name);
        if (loot->person != NULL)
            bu_buf_add_format(out, " of %s", loot->person);
    }
    bu_buf_add_byte(out, '\n');
}

static void add_fall(bu_buf *out, const bu_fall *fall)
{
    bu_buf_add_format(out, "%-10s%s ", fall->is_fatal ? "FALLS" : "falls",
                      bu_fall_name(fall->kind));
    bu_add_foreign(out, fall->name);
    if (fall->detail != NULL) {
        bu_buf_add_text(out, fall->kind == BU_FALL_GATE ? " in " : ": ");
        bu_add_foreign(out, fall->detail);
    }
    bu_buf_add_byte(out, '\n');
}

static void write_text(const bu_simulation *simulation, bu_buf *out)
{
    static const char *const answers[] = { [BULLA_EXIT_ALLOWED] = "STANDS",
                                           [BULLA_EXIT_DENIED] = "FALLS",
                                           [BULLA_EXIT_NOTHING] = "NOTHING TO ATTACK" };
    bulla_exit exit = bu_simulation_exit(simulation);
    tried count = count_tried(simulation);
    for (size_t i = 0; i < simulation->count; i++) {
        const bu_attempt *attempt = &simulation->attempts[i];
        if (!is_shown(simulation, attempt))
            continue;
        add_loot(out, attempt);
        for (size_t f = 0; f < attempt->count; f++)
            add_fall(out, &attempt->falls[f]);
        bu_buf_add_text(out, attempt->count == 0 ? "nothing falls\n\n" : "\n");
    }
    bu_buf_add_format(out, "%-10s", "taken:");
    bu_buf_add_count(out, count.of[BU_LOOT_KEY], "key");
    bu_buf_add_format(out, ", %zu people, ", count.of[BU_LOOT_PERSON]);
    bu_buf_add_count(out, count.of[BU_LOOT_OWNER], "owner");
    bu_buf_add_text(out, simulation->is_named ? ", together\n" : ", each alone\n");
    bu_buf_add_format(out, "%-10s", "attacked:");
    bu_buf_add_count(out, simulation->gates, "gate");
    bu_buf_add_text(out, ", ");
    bu_buf_add_count(out, simulation->rules, "rule");
    bu_buf_add_text(out, " for a signature\n");
    bu_buf_add_format(out, "RESULT: %s (exit %d)\n", answers[exit], (int)exit);
}

/* JSON. */

static void put_attempt(bu_json_writer *out, const bu_attempt *attempt)
{
    bu_json_begin(out, NULL, '{');
    bu_json_begin(out, "taken", '[');
    for (size_t i = 0; i < attempt->loot_count; i++) {
        bu_json_begin(out, NULL, '{');
        bu_put_foreign(out, "kind", bu_loot_name(attempt->loot[i].kind));
        bu_put_foreign(out, "name", attempt->loot[i].name);
        bu_put_foreign(out, "person", attempt->loot[i].person);
        bu_json_end(out, '}');
    }
    bu_json_end(out, ']');
    bu_json_begin(out, "falls", '[');
    for (size_t i = 0; i < attempt->count; i++) {
        const bu_fall *fall = &attempt->falls[i];
        bu_json_begin(out, NULL, '{');
        bu_put_foreign(out, "kind", bu_fall_name(fall->kind));
        bu_put_foreign(out, "name", fall->name);
        bu_put_foreign(out, fall->kind == BU_FALL_GATE ? "environment" : "proofs", fall->detail);
        bu_json_put_raw(out, "fatal", fall->is_fatal ? BULLA_LIT("true") : BULLA_LIT("false"));
        bu_json_end(out, '}');
    }
    bu_json_end(out, ']');
    bu_json_end(out, '}');
}

static bulla_status write_json(const bu_scene *scene, const bu_simulation *simulation, bu_buf *out,
                               bulla_error *err)
{
    static const char *const counted[] = {
        [BU_LOOT_KEY] = "keys", [BU_LOOT_PERSON] = "people", [BU_LOOT_OWNER] = "owners"
    };
    bu_json_writer json = bu_json_writer_of(out, BU_JSON_INDENTED);
    bulla_exit exit = bu_simulation_exit(simulation);
    tried count = count_tried(simulation);
    BU_TRY(bu_weakness_begin(scene, SCHEMA, result_of(exit), exit, &json, err));
    for (size_t i = 0; i <= BU_LOOT_OWNER; i++)
        bu_json_put_integer(&json, counted[i], (int64_t)count.of[i]);
    bu_json_put_integer(&json, "gates", (int64_t)simulation->gates);
    bu_json_put_integer(&json, "rules", (int64_t)simulation->rules);
    bu_json_begin(&json, "attempts", '[');
    for (size_t i = 0; i < simulation->count; i++)
        if (is_shown(simulation, &simulation->attempts[i]))
            put_attempt(&json, &simulation->attempts[i]);
    bu_json_end(&json, ']');
    bu_json_end(&json, '}');
    bu_buf_add_byte(out, '\n');
    return BU_OK;
}

bulla_status bu_simulation_write(const bu_scene *scene, const bu_simulation *simulation,
                                 const char *format, bu_buf *out, bulla_error *err)
{
    bool is_json;
    BU_TRY(bu_weakness_format(format, &is_json, err));
    if (is_json)
        BU_TRY(write_json(scene, simulation, out, err));
    else
        write_text(simulation, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}
