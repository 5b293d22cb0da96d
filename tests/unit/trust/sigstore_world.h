/* SPDX-License-Identifier: MIT */
/*
 * A Sigstore of its own for one test: certificate authority, CT log, transparency log and signers,
 * all thrown away afterwards; and bundles that are good, or bad in one way that is asked for.
 */
#ifndef UNIT_TRUST_SIGSTORE_WORLD_H
#define UNIT_TRUST_SIGSTORE_WORLD_H

#include "build.h"
#include "certs.h"
#include "trust/bundle.h"

#define WORLD_TIME     CERT_TIME
#define WORLD_ARTIFACT "what is signed\n"
#define WORLD_IDENTITY "https://example.org/people/alice"
#define WORLD_ISSUER   "https://example.org/login"

typedef struct world {
    cert root, intermediate, leaf;
    cert stranger;            /* a leaf of another authority, for the same identity */
    EVP_PKEY *log, *ct, *key; /* `key` is a managed one */
    char *trusted_root;       /* JSON */
} world;

/** What a bundle is to be; zero and NULL are what a good one has. */
typedef struct world_wish {
    const char *media_type;
    const char *kind, *version; /* of the log entry; NULL: hashedrekord 0.0.1 */
    bool is_dsse;               /* an envelope, of this payload: */
    const char *payload;        /* NULL: a statement about the artifact */
    bool by_key;                /* a managed key signs, of this name: */
    const char *hint;           /* NULL: "a hint" */
    bool by_stranger;           /* the certificate of another authority */
    bool no_entry, no_promise, no_proof, no_checkpoint;
    const char *artifact;        /* what is signed */
    const char *logged_artifact; /* what the entry says was */
    bool logged_signature;       /* the entry has another signature of the same */
    bool logged_stranger;        /* the entry has another certificate */
    int64_t time;                /* that the log promises */
    EVP_PKEY *promised_by;       /* who signs that */
    EVP_PKEY *checkpoint_by;
    const char *checkpoint_name, *origin;
    int checkpoint_size; /* 0: as the tree */
} world_wish;

world world_new(void);
void world_clear(world *w);
BU_DEFINE_CLEAR(world)

/** A bundle as JSON, in memory that lives as long as the process. */
char *world_bundle(const world *w, world_wish wish);

/** The public half of the managed key as PEM, as above. */
char *world_key(const world *w);

#endif
