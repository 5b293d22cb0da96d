/* SPDX-License-Identifier: MIT */
/*
 * Trust stores for tests, good ones and all kinds of bad ones: metadata is
 * written as text, so that it can say what bulla itself would never write.
 */
#ifndef UNIT_TRUST_BUILD_H
#define UNIT_TRUST_BUILD_H

#include "signature/key.h"
#include "suite.h"

#define TEST_NOW  INT64_C(1795219200) /* 2026-11-21T00:00:00Z */
#define TEST_LATE "2028-11-20T00:00:00Z"
#define TEST_PAST "2026-11-20T23:59:59Z"

/** What lives as long as the process stays in sight of the leak checker. Returns it. */
void *test_keep(void *memory);

/** A new private key; freed with the process. */
bulla_secret_key *test_key(bulla_key_kind kind);

/** Its public half as PEM, in a buffer that lives as long as the process. */
const char *test_pem(const bulla_secret_key *key);

/** printf into memory that lives as long as the process. */
BULLA_PRINTF(1, 2) char *test_text(const char *format, ...);

/**
 * A row of "keys": `"ID": {…}`, with more fields in the key object (`,"x":1`) that change its id.
 */
typedef struct test_row {
    char id[65];
    char *json;
} test_row;
test_row test_row_of(const bulla_secret_key *key, const char *keytype, const char *more);

/** The "signed" of a root; zero and NULL fields take what a good root has. */
typedef struct test_root {
    const char *type, *spec, *expires;
    int version;
    const char *threshold; /* as JSON */
    const test_row *rows;
    size_t count;
    const char *ids;   /* JSON of "keyids"; NULL: all rows */
    const char *roles; /* JSON of "roles"; NULL: the four, each with `ids` */
} test_root;
char *test_root_text(const test_root *root);

/** The "signed" of a targets.json over files of the folder. `more` are more fields (`,"x":1`). */
char *test_targets_text(const char *folder, int version, const char *expires,
                        const char *const *files, const char *more);

/** Sign a text and write it. */
void test_write_signed(const char *folder, const char *name, const char *body,
                       bulla_secret_key *const *keys, size_t count);

void test_write(const char *folder, const char *name, const char *text);
char *test_read(const char *folder, const char *name);

/** A good store: one root key, its trust.toml. The folder lives as long as the process. */
typedef struct test_store {
    char *folder;
    bulla_secret_key *key;
    test_row row;
} test_store;
test_store test_store_new(const char *trust_toml);

/** Pin trust.toml as it now is. */
void test_store_pin(const test_store *store, int version);

/** Load; the error goes to `err`. */
bulla_status test_load(const char *folder, const char *state, bulla_error *err);

#endif
