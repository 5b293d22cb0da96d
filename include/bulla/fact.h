/* SPDX-License-Identifier: MIT */
/*
 * Facts, verdicts and the result of a run: plain data, read-only for callers.
 *
 * A fact is one thing that was checked about one component. Broken (it is
 * wrong), absent (there is none) and undecided (it could not be read) are
 * three different things. The zero of every type here is the one that allows
 * nothing.
 */
#ifndef BULLA_FACT_H
#define BULLA_FACT_H

#include "component.h"
#include "error.h"

BULLA_BEGIN

/** What can be proved about a component; a row of proofs.def each. */
typedef enum bulla_proof {
    BULLA_PROOF_NONE = 0,
#define BULLA_PROOF(id, name, title) BULLA_PROOF_##id,
#include "proofs.def"
#undef BULLA_PROOF
    BULLA_PROOF_COUNT
} bulla_proof;

typedef enum bulla_outcome {
    BULLA_ABSENT = 0,       /**< there is no evidence */
    BULLA_UNDECIDED = 1,    /**< there is, but it could not be read or judged */
    BULLA_BROKEN = 2,       /**< it is wrong */
    BULLA_HELD = 0x48454C44 /**< it was checked and holds; no stray 1 can be read as this */
} bulla_outcome;

/** Why something is not held: an error as it is kept in a result. Strings are escaped and never NULL. */
typedef struct bulla_finding {
    bulla_code code; /**< BULLA_OK when there is nothing to say */
    bulla_exit exit;
    uint32_t line, column;
    uint64_t offset; /**< UINT64_MAX when not known */
    const char *file, *expected, *got, *text;
    const char *next; /**< what to do next; NULL: as bulla_code_next() */
} bulla_finding;

/** What became of a file of a package that is installed. */
typedef enum bulla_change {
    BULLA_FILE_CHANGED,
    BULLA_FILE_ADDED,
    BULLA_FILE_MISSING,
    BULLA_FILE_GENERATED, /**< made by the installer: held against nothing */
} bulla_change;

typedef struct bulla_changed_file {
    bulla_change change;
    const char *path; /**< in the tree that was named: escape before showing */
} bulla_changed_file;

/** The installed copies of a package, held against its archive. */
typedef struct bulla_installation {
    size_t places; /**< where it is installed; 0: nowhere, and need not be */
    size_t same, changed, added, missing, generated; /**< files in all of them */
    const bulla_changed_file *files; /**< those that are not the same; the first ones */
    size_t file_count;
} bulla_installation;

/** "changed", "added", "missing", "generated". Never NULL. */
BULLA_API const char *bulla_change_name(bulla_change change);

/** How something was built, as provenance says that was verified; NULL: not stated. Foreign texts. */
typedef struct bulla_build {
    const char *builder;
    const char *source; /**< repository */
    const char *ref;    /**< "refs/tags/v1.2.3" */
    const char *commit;
    const char *entry_point;
    const char *trigger;
    unsigned level; /**< SLSA build level that the builder gives; 0: unknown */
} bulla_build;

/** A principal who vouched, in the role of the fact. */
typedef struct bulla_voucher {
    const char *person;    /**< id: a person, service, vendor */
    const char *counts_as; /**< id of who is counted: of a service the person behind it */
    const char *org;       /**< NULL: ours */
    bool has_time;
    int64_t time;   /**< when it was signed: proved, or as the statement says; Unix seconds */
    bool is_proved; /**< a trusted log or authority says the time */
} bulla_voucher;

/** Who wrote a thing, as somebody says in a statement of authorship. */
typedef struct bulla_author {
    const char *person;    /**< id, as stated */
    const char *counts_as; /**< id of who is counted; NULL: the trust store does not know that id */
} bulla_author;

/** What a statement for people says (`bulla attest --type approval`); of a plain one all is NULL. */
typedef struct bulla_said {
    const char *environment; /**< NULL: none is named */
    bool rejects;
    bool has_end;
    int64_t until;            /**< Unix seconds, when it has an end */
    const char *const *scope; /**< what it is about besides the subject; NULL-terminated, or NULL */
    const bulla_author *authors; /**< of a statement of authorship; NULL */
    size_t author_count;
} bulla_said;

/** What a verifier says that it verified. Foreign texts. */
typedef struct bulla_summary {
    const char *verifier;      /**< URI */
    const char *resource;      /**< URI: what it is about */
    const char *const *levels; /**< "SLSA_BUILD_LEVEL_3" …; NULL-terminated */
    bool has_time;
    int64_t time; /**< of the verification, as it says; Unix seconds */
} bulla_summary;

typedef struct bulla_fact {
    bulla_proof proof;
    bulla_outcome outcome;
    const char *role;      /**< role that vouched; NULL when none is involved */
    const char *who;       /**< people or keys that vouched: ids; NULL */
    const char *predicate; /**< predicate type of an attestation; NULL */
    const char *source;    /**< escaped name of the bytes that were checked; NULL */
    bulla_digest evidence; /**< digest of the evidence; alg NONE when there is none */
    const bulla_installation *installation; /**< of BULLA_PROOF_TREE, when it was judged; NULL */
    bulla_finding finding;                  /**< when the outcome is not HELD */
    const bulla_build *build;               /**< of BULLA_PROOF_PROVENANCE; NULL */
    bool has_time;
    int64_t time;       /**< when it was signed, as a trusted log or authority says; Unix seconds */
    const char *caveat; /**< what was not proved with it: static; NULL */
    const bulla_voucher *vouchers; /**< who vouched one by one, also when they are too few; NULL */
    size_t voucher_count;
    const bulla_said *said;       /**< of a statement for people; NULL */
    const bulla_summary *summary; /**< of BULLA_PROOF_VSA; NULL */
    const char *identity;         /**< of the certificate that signed, as it stands; NULL */
    const char *issuer;           /**< who says who that is; NULL */
} bulla_fact;

typedef enum bulla_verdict {
    BULLA_DENIED = 0, /**< also what zeroed memory means */
    BULLA_UNPROVEN = 1,
    BULLA_WAIVED = 0x57414956,
    BULLA_ALLOWED = 0x414C4C57 /**< no stray 1 or TRUE can be read as this */
} bulla_verdict;

/** "digest", "contents", "signature" … Never NULL. */
BULLA_API const char *bulla_proof_name(bulla_proof proof);
/** "absent", "undecided", "broken", "held". Never NULL. */
BULLA_API const char *bulla_outcome_name(bulla_outcome outcome);
/** "denied", "unproven", "waived", "allowed". Never NULL. */
BULLA_API const char *bulla_verdict_name(bulla_verdict verdict);

/** A rule that a component does not satisfy (waiver.h). */
typedef struct bulla_unmet bulla_unmet;

/** A release gate, as it was judged (gate.h). */
typedef struct bulla_gate bulla_gate;

/** One component with what was found and decided. */
typedef struct bulla_judgement {
    const bulla_component *component;
    const bulla_fact *facts;
    size_t fact_count;
    bulla_digest_set measured; /**< digests of the bytes that were found */
    bulla_verdict verdict;
    bulla_exit exit;              /**< what this one asks the exit status to be */
    const char *rule;             /**< name of the policy rule that decided; never NULL */
    const bulla_finding *reasons; /**< why it is not allowed; empty when it is */
    size_t reason_count;
    const bulla_finding *warnings; /**< what policy only warns of */
    size_t warning_count;
    bulla_unmet *unmet; /**< rules that it does not satisfy, waived or not */
    size_t unmet_count;
    const bulla_gate *gate; /**< the gate that was asked for, when it is about this; NULL */
} bulla_judgement;

/** Totals that add up: total = allowed + waived + denied + unproven. */
typedef struct bulla_totals {
    size_t total, allowed, waived, denied, unproven;
    size_t not_installed;  /**< of the allowed: optional ones that are not there */
    size_t local;          /**< of the allowed: folders of the project itself */
    size_t signed_by_role; /**< of the total: with a signature or archive-chain that held */
} bulla_totals;

/** The result of one bulla_verify(). */
typedef struct bulla_result bulla_result;

BULLA_API void bulla_result_free(bulla_result *result);
BULLA_API bulla_exit bulla_result_exit(const bulla_result *result);
BULLA_API const bulla_totals *bulla_result_totals(const bulla_result *result);
/** Judgements in order of purl; borrowed. */
BULLA_API size_t bulla_result_count(const bulla_result *result);
BULLA_API const bulla_judgement *bulla_result_at(const bulla_result *result, size_t index);
/** Trouble that is about no component: an unreadable lockfile, a trust store. In order found; borrowed. */
BULLA_API size_t bulla_result_trouble_count(const bulla_result *result);
BULLA_API const bulla_finding *bulla_result_trouble_at(const bulla_result *result, size_t index);

/** How a result is written. */
typedef struct bulla_render_options {
    bool verbose; /**< allowed components too */
    bool color;   /**< text only: ANSI colours */
} bulla_render_options;

/**
 * Write a result: "text" or "json" (`bulla.result/1`, doc/schema/result.json). Same result, same bytes.
 * Fails with usage (no such format), no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_result_render(const bulla_result *result,
                                                          const char *format,
                                                          const bulla_render_options *options,
                                                          bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
