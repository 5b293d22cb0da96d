/* SPDX-License-Identifier: MIT */
/* Stores and policies in memory. */
#include "scene.h"

#include "trust/trust_toml.h"

#define KEYS_MAX 32

static struct {
    const char *name;
    bulla_secret_key *key;
} keys[KEYS_MAX];

static const bulla_secret_key *key_of(const char *name)
{
    size_t i = 0;
    while (i < KEYS_MAX && keys[i].name != NULL && strcmp(keys[i].name, name) != 0)
        i++;
    ck_assert_uint_lt(i, KEYS_MAX);
    if (keys[i].name == NULL) {
        keys[i].name = test_text("%s", name);
        keys[i].key = test_key(BULLA_KEY_ED25519);
    }
    return keys[i].key;
}

const char *test_keyid(const char *name)
{
    return bulla_secret_key_id(key_of(name));
}

/* $NAME$ → PEM. */
static const char *with_keys(const char *text)
{
    const char *out = "";
    for (;;) {
        const char *mark = strchr(text, '$'), *end = mark == NULL ? NULL : strchr(mark + 1, '$');
        if (end == NULL)
            return test_text("%s%s", out, text);
        const char *name = test_text("%.*s", (int)(end - mark - 1), mark + 1);
        out = test_text("%s%.*s%s", out, (int)(mark - text), text, test_pem(key_of(name)));
        text = end + 1;
    }
}

static void add_owner(bu_root *root, const char *name)
{
    bulla_error err = { 0 };
    bu_tuf_key *key = &root->keys.items[root->keys.count++];
    bulla_status status = bu_key_read(bu_bytes_of(test_pem(key_of(name))), &key->key, &err);
    unit_ok(status, err);
}

static bu_root *root_of(const char *owners, uint32_t threshold)
{
    bu_root *root = calloc(1, sizeof *root);
    root->keys.items = calloc(KEYS_MAX, sizeof *root->keys.items);
    root->expires = TEST_NOW + INT64_C(200) * 24 * 60 * 60;
    char *list = test_text("%s", owners);
    for (char *name = strtok(list, " "); name != NULL; name = strtok(NULL, " "))
        add_owner(root, name);
    for (size_t role = 0; role < BU_TUF_ROLE_COUNT; role++) {
        root->roles[role].keys = calloc(KEYS_MAX, sizeof *root->roles[role].keys);
        root->roles[role].threshold = threshold;
        for (size_t i = 0; i < root->keys.count; i++)
            root->roles[role].keys[root->roles[role].count++] = &root->keys.items[i];
    }
    return root;
}

test_scene test_scene_new(const char *trust_toml, const char *owners, uint32_t threshold,
                          const char *policy)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bu_policy *rules = NULL;
    bulla_status status = bu_store_new(&trust, &err);
    unit_ok(status, err);
    status = bu_trust_toml_read(bu_bytes_of(with_keys(trust_toml)), trust, &err);
    unit_ok(status, err);
    trust->chain.root = root_of(owners, threshold);
    trust->targets_expires = trust->chain.root->expires;
    trust->digest = (bulla_digest){ .alg = BULLA_ALG_SHA256, .len = 32, .bytes = { 7 } };
    status = policy == NULL ? bu_policy_builtin(&rules, &err)
                            : bu_policy_parse(bu_bytes_of(policy), "policy.toml", &rules, &err);
    unit_ok(status, err);
    return (test_scene){ { test_keep(trust), test_keep(rules), TEST_NOW },
                         test_keep(bu_arena_new()) };
}
