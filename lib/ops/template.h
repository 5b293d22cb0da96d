/* SPDX-License-Identifier: MIT */
/*
 * Templates of a project: texts of share/templates, in which marks stand for
 * what is a project's own. A mark is
 *   @person:NAME@, @service:NAME@, @vendor:NAME@   a principal
 *   @product@                                      the glob of what is released
 *   @days:N@                                       a time, N days from now
 * The first mark of each principal settles their order.
 */
#ifndef BU_OPS_TEMPLATE_H
#define BU_OPS_TEMPLATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "bulla/init.h"

typedef struct bu_template {
    const char *name;
    bulla_bytes trust, policy;
} bu_template;

extern const bu_template bu_templates[];
extern const size_t bu_template_count;
extern const bulla_bytes bu_template_config; /* bulla.toml, of all of them */

/** The template of that name. Fails with usage. */
BULLA_MUST_USE bulla_status bu_template_find(const char *name, const bu_template **out,
                                             bulla_error *err);

/** A principal of a template, and who takes that place. */
typedef struct bu_slot {
    bulla_party kind;
    bulla_bytes name;             /* in the template */
    const bulla_enrolment *taken; /* NULL: nobody yet */
} bu_slot;

#define BU_SLOTS_MAX 16u

typedef struct bu_slots {
    bu_slot items[BU_SLOTS_MAX];
    size_t count;
} bu_slots;

/**
 * The principals of a template, each kind in its order taken by those who are given.
 * Fails with usage (more of a kind than there are places), bad-name, duplicate-entry.
 */
BULLA_MUST_USE bulla_status bu_template_slots(const bu_template *template,
                                              const bulla_init_options *options, bu_slots *out,
                                              bulla_error *err);

/** Append a text of the template with its marks replaced. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_template_fill(bulla_bytes text, const bu_slots *slots,
                                             const bulla_init_options *options, bu_buf *out,
                                             bulla_error *err);

#endif
