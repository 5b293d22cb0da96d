/* SPDX-License-Identifier: MIT */
/*
 * The test keys of testdata/keys, as the tests of this room use them.
 */
#ifndef UNIT_SIGNATURE_KEYS_H
#define UNIT_SIGNATURE_KEYS_H

#include "suite.h"

#include "signature/key.h"

#define PASSPHRASE "test passphrase"

/** The text of a file there; the caller frees its pointer. */
static inline bulla_bytes key_text(const char *name)
{
    char relative[256];
    (void)snprintf(relative, sizeof relative, "testdata/keys/%s", name);
    char *path = unit_source_path(relative);
    ck_assert_msg(path != NULL, "no %s", relative);
    bulla_bytes text = unit_slurp(path);
    free(path);
    return text;
}

static inline void free_text(bulla_bytes text)
{
    free((void *)(uintptr_t)text.ptr);
}

static inline bu_key *public_key(const char *name)
{
    bulla_error err = { 0 };
    bu_key *key = NULL;
    bulla_bytes text = key_text(name);
    unit_ok(bu_key_read(text, &key, &err), err);
    free_text(text);
    return key;
}

static inline bu_secret_key *private_key(const char *name)
{
    bulla_error err = { 0 };
    bu_secret_key *key = NULL;
    bulla_bytes text = key_text(name);
    unit_ok(bu_secret_key_read(text, NULL, &key, &err), err);
    free_text(text);
    return key;
}

static inline bu_secret *secret_of(const char *text)
{
    bu_secret *secret = bu_secret_copy(bu_bytes_of(text));
    ck_assert_ptr_nonnull(secret);
    return secret;
}

#endif
