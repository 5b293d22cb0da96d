/* SPDX-License-Identifier: MIT */
/*
 * Anchors: what may vouch. Keys, certificates and identities, whatever form they were written in,
 * gathered from the trust store or given by hand.
 */
#ifndef BU_TRUST_ANCHOR_H
#define BU_TRUST_ANCHOR_H

#include "base/arena.h"
#include "signature/key.h"

struct bu_sigstore_root;

/** One thing that may vouch: exactly one of key, openpgp, certificate and identity is set. */
typedef struct bu_anchor {
    const char *form;        /* id of the form it was read from: "pem", "minisign", "vkey" … */
    const bu_key *key;       /* a bare public key */
    bu_key *own_key;         /* the same where the list owns it, else NULL */
    bulla_bytes openpgp;     /* OpenPGP certificates, as packets */
    bulla_bytes certificate; /* X.509, DER: a chain may end here */
    const char *identity;    /* Sigstore: who, exactly or as an anchored glob */
    const char *issuer;      /* Sigstore: who says so; always with an identity */
    const char *name; /* what it is called in its own world (note's key name, principal); NULL */
    bulla_bytes hint; /* what signatures name it by (keyid, key number); only narrows the search */
    int64_t from, until; /* inclusive: when a signature must have been made; INT64_MIN / MAX */
    const char *who;     /* as it is shown: keyid, fingerprint, identity */
    bool tells_no_time;  /* a certificate of others, whose stamps prove nothing to us */
    size_t trusted;      /* index into the trust store's keys; SIZE_MAX: given by hand */
} bu_anchor;

/** All that may vouch in one run. */
typedef struct bu_anchors {
    bu_arena *arena; /* owned: holds all texts */
    bu_anchor *items;
    size_t count, cap;
    const struct bu_sigstore_root *sigstore; /* logs, authorities; NULL: none is trusted */
    struct bu_sigstore_root *own_sigstore;   /* the same where the list owns it, else NULL */
} bu_anchors;

/** An empty list. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_anchors_start(bu_anchors *anchors, bulla_error *err);
void bu_anchors_clear(bu_anchors *anchors);
BU_DEFINE_CLEAR(bu_anchors)

/** An anchor with nothing set and no limit in time, added; or NULL: no memory. */
bu_anchor *bu_anchors_add(bu_anchors *anchors);

/** A bare key, which is taken over, also on failure. `out` may be NULL. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_anchors_add_key(bu_anchors *anchors, const char *form, bu_key *key,
                                               bu_anchor **out, bulla_error *err);

/** True when some form knows a text by its look. */
bool bu_anchors_know(bulla_bytes text);

/**
 * Read what a file holds, by its own look (anchor_forms.def): public keys, certificates, a keyring,
 * a registry's keys, a trusted root.
 * Fails with bad-key (exit class CONFIG) when no form knows it, and as its form is refused.
 */
BULLA_MUST_USE bulla_status bu_anchors_read(bulla_bytes text, const char *file, bu_anchors *anchors,
                                            bulla_error *err);

/** A form of anchors: a row of anchor_forms.def, bu_form_NAME in one file each. */
typedef struct bu_anchor_form {
    const char *id;
    const char *title;
    bool (*is)(bulla_bytes text); /* cheap: looks at the beginning */
    bulla_status (*read)(bulla_bytes text, const char *file, bu_anchors *anchors, bulla_error *err);
} bu_anchor_form;

#define BU_FORM(id) extern const bu_anchor_form bu_form_##id;
#include "trust/anchor_forms.def"
#undef BU_FORM

#endif
