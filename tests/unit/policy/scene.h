/* SPDX-License-Identifier: MIT */
/*
 * Stores and policies in memory for what looks at both: trust.toml as text, in
 * which $NAME$ is the public key of that name, the same one in a whole test.
 */
#ifndef UNIT_POLICY_SCENE_H
#define UNIT_POLICY_SCENE_H

#include "../trust/build.h"
#include "policy/trust_lint.h"

/* Parts of trust.toml. */
#define STORE                "schema = \"bulla.trust/1\"\n"
#define KEY(kind, key, more) "[[" kind ".key]]\npublic = \"\"\"\n$" key "$\"\"\"\n" more "\n"
#define PERSON(id)           "[[person]]\nid = \"" id "\"\n" KEY("person", id, "")
#define SERVICE(id, owner)                                                                         \
    "[[service]]\nid = \"" id "\"\ncontroller = \"" owner "\"\n" KEY("service", id, "")
#define ROLE(name, people, threshold, more)                                                        \
    "[[role]]\nname = \"" name "\"\npeople = [" people "]\nthreshold = " threshold                 \
    "\nmatch = [\"app*\"]\n" more "\n"

/* Parts of a policy. */
#define POLICY           "schema = \"bulla.policy/1\"\n"
#define GATE(name, more) "[[gate]]\nname = \"" name "\"\nmatch = \"app*\"\n" more "\n"
#define NEED(type, role, count)                                                                    \
    "[[gate.need]]\ntype = \"" type "\"\nrole = \"" role "\"\ncount = " count "\n"

/** A store with one arena for what is found in it; lives as long as the process. */
typedef struct test_scene {
    bu_scene scene;
    bu_arena *arena;
} test_scene;

/**
 * @param owners  names of keys of the root, parted by blanks.
 * @param policy  NULL: the built-in one.
 */
test_scene test_scene_new(const char *trust_toml, const char *owners, uint32_t threshold,
                          const char *policy);

/** keyid of the key of that name. */
const char *test_keyid(const char *name);

#endif
