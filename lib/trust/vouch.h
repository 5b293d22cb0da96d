/* SPDX-License-Identifier: MIT */
/*
 * Signature formats: a file that signs something + what may vouch → who vouched, when, for what.
 * One row of formats.def each; nothing here says whether those who vouched suffice: that is
 * trust/open.h.
 */
#ifndef BU_TRUST_VOUCH_H
#define BU_TRUST_VOUCH_H

#include "bulla/digest.h"
#include "io/source.h"
#include "signature/dsse.h"
#include "trust/anchor.h"
#include "trust/claims.h"

/** Reads a message, once, front to back. */
typedef bulla_status bu_message_use(void *user, bu_source *bytes, bulla_error *err);

/**
 * The thing that is signed. Its bytes may not be at hand: then only its digests are known. Whatever
 * it gives by digest() and read() are the same bytes that have `digests`.
 */
typedef struct bu_message {
    const char *name; /* last part of its path, escaped */
    bulla_digest_set
        digests; /* SHA-256 and SHA-512 of a file; what was given of one that is not here */
    bulla_status (*digest)(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err);
    bulla_status (*read)(void *context, bu_buf *out, bulla_error *err);
    /** Let `use` read the bytes to their end; fails when it does, and when they are other bytes. */
    bulla_status (*stream)(void *context, bu_message_use *use, void *user, bulla_error *err);
    void *context;
} bu_message;

/**
 * A digest of the message: one that is known, or made of its bytes.
 * Fails with missing-hash when only others are known, and as files are refused.
 */
BULLA_MUST_USE bulla_status bu_message_digest(const bu_message *message, bulla_alg alg,
                                              bulla_digest *out, bulla_error *err);

/** The bytes themselves, appended. Fails with missing-file (only digests are known), resource-limit. */
BULLA_MUST_USE bulla_status bu_message_read(const bu_message *message, bu_buf *out,
                                            bulla_error *err);

/**
 * Let `use` read the bytes piece by piece, so that a large message needs no memory; what it made of
 * them counts only when this succeeds.
 * Fails with missing-file (only digests are known), as `use` does, and as files are refused.
 */
BULLA_MUST_USE bulla_status bu_message_stream(const bu_message *message, bu_message_use *use,
                                              void *user, bulla_error *err);

/** What is to be checked. */
typedef struct bu_check {
    bulla_bytes content;       /* of the file that signs */
    const char *file;          /* its name in errors */
    const bu_message *message; /* NULL: the file carries what it signs, and that is to be opened */
    const bu_anchors *anchors;
    const char *algorithm;        /* of a raw signature, given by hand; NULL */
    const struct bu_tiles *tiles; /* hashes of logs, where they are at hand (trust/tlog.h); NULL */
    int64_t now;                  /* nothing may have been signed later (BU_CLOCK_SKEW_SECONDS) */
    bu_arena *arena;              /* everything that comes out lives here */
} bu_check;

/** Who vouched. */
typedef struct bu_vouched {
    bool *by;    /* by anchor: it made a valid signature at a time that its validity allows */
    bool *wrong; /* by anchor: a signature that names it does not verify; NULL: none */
    bool has_time;
    int64_t time;        /* when it was signed, by a log or an authority that is trusted */
    bool is_untimed;     /* of somebody who vouches that is not known: then of nobody */
    bulla_bytes payload; /* a document that was signed, not the message itself; ptr NULL: none */
    bulla_bytes payload_type; /* its media type */
    const bu_claims *claims;  /* what the certificate of a keyless signature says; NULL */
    const char *package;      /* purl that the signed text is about, besides its digest; NULL */
    bool is_registry;         /* a registry signed it under the name and version of `package` */
    const char *caveat;       /* what was not proved, in words for people: static; NULL */
} bu_vouched;

/** Room for a verdict on each anchor. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_vouched_start(const bu_check *check, bu_vouched *out,
                                             bulla_error *err);

/**
 * One of several signers vouches, at a time that is proved or not. All of them have signed by the
 * latest of their times; one without a time leaves none, or an old stamp would serve for a new
 * signature beside it.
 */
void bu_vouched_add_time(bu_vouched *vouched, bool is_proved, int64_t time);

/** True when any anchor vouches. */
bool bu_vouched_any(const bu_vouched *vouched, const bu_anchors *anchors);

/** What a file says of itself, before anything is verified: lines of a label and a text. */
typedef struct bu_claimed {
    const char *label; /* static: "signer", "key", "time", "subject" … */
    bulla_bytes text;  /* foreign: escaped where it is shown */
} bu_claimed;

typedef struct bu_description {
    bu_arena *arena; /* borrowed */
    bu_claimed *items;
    size_t count, cap;
} bu_description;

/** Add a line (the text is copied). Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_describe(bu_description *description, const char *label,
                                        bulla_bytes text, bulla_error *err);

/** The same for a payload: of an in-toto statement its subjects and predicate. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_describe_payload(bulla_bytes type, bulla_bytes payload,
                                                bu_description *description, bulla_error *err);

/** Check an envelope against the keys among the anchors; as bu_format.verify(). */
BULLA_MUST_USE bulla_status bu_dsse_vouch(const bu_dsse *envelope, const bu_check *check,
                                          bu_vouched *out, bulla_error *err);
/** What it claims. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_dsse_describe(const bu_dsse *envelope, bu_description *out,
                                             bulla_error *err);

/**
 * A signature format. Which digests and key sizes it accepts is said in its file.
 */
typedef struct bu_format {
    const char *id;                  /* "minisign" */
    const char *title;               /* for people */
    const char *const *endings;      /* of sidecars: ".minisig"; NULL-terminated */
    bool (*is)(bulla_bytes content); /* cheap: by the first bytes or keys */
    /** Does a document of this format carry what it signs? NULL: never. */
    bool (*carries)(bulla_bytes content);
    /**
     * Documents in it that stand for themselves (attestations in a registry's answer); NULL: it is
     * one. Appends each to `out` (bulla_bytes in `check->arena`).
     */
    bulla_status (*split)(const bu_check *check, bu_buf *out, bulla_error *err);
    /**
     * Check one. Succeeds when at least one anchor vouches. Fails with bad-signature, untrusted-key
     * (no anchor signed), identity-mismatch, expired, bad-time, log-mismatch, untrusted-chain, …
     */
    bulla_status (*verify)(const bu_check *check, bu_vouched *out, bulla_error *err);
    /** What it claims. Fails as it is malformed. */
    bulla_status (*describe)(bulla_bytes content, const char *file, bu_description *out,
                             bulla_error *err);
} bu_format;

#define BU_FORMAT(id) extern const bu_format bu_format_##id;
#include "trust/formats.def"
#undef BU_FORMAT

/** All of them, in the order in which they are tried; NULL-terminated. */
extern const bu_format *const bu_formats[];

/**
 * The documents in a file that stand for themselves: lines where it is JSON a line, each then taken
 * apart by its format's split(). Appends each to `out` (bulla_bytes in `check->content` or
 * `check->arena`).
 * Fails with empty, resource-limit (over BU_LIMIT_ENVELOPES), and as split() does.
 */
BULLA_MUST_USE bulla_status bu_documents(const bu_check *check, bu_buf *out, bulla_error *err);

/** The format that a document is to be checked as: raw where an algorithm is given; or NULL. */
const bu_format *bu_format_for(const bu_check *check);

/** The format that a document is of by its content, or NULL. */
const bu_format *bu_format_of(bulla_bytes content);

#endif
