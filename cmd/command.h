/* SPDX-License-Identifier: MIT */
/*
 * A command is a row: how it is called, what it takes, what it runs. The
 * commands themselves hold no logic; what several of them need is here.
 */
#ifndef BU_CMD_COMMAND_H
#define BU_CMD_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "bulla/bulla.h"
#include "environment.h"
#include "option.h"

typedef struct bu_command bu_command;

/** One run of a program. */
typedef struct bu_cli {
    const char *program;       /* "bulla" or "bulla-fetch" */
    const bu_command *command; /* NULL until it is found */
    bu_arena *arena;           /* holds what options and defaults need */
    bu_environment environment;
    bulla_exit exit; /* what a command that did its work found: verify sets it */
} bu_cli;

struct bu_command {
    const char *name;     /* "verify", "key new" */
    const char *summary;  /* one line: no capital, no full stop */
    const char *about;    /* a paragraph for the help and the man page */
    const char *operands; /* as the usage shows them; NULL: it takes none */
    const char *wanted;   /* what is said when there are too few: "a file to sign" */
    size_t least, most;   /* number of operands */
    const bu_option *options;
    size_t args_size; /* the arguments: a struct whose first member is a bu_words: the operands */
    bulla_status (*run)(bu_cli *cli, const void *args, bulla_error *err);
};

/** All commands of `bulla`, ended by NULL. */
extern const bu_command *const bu_commands[];

/**
 * Find the command that the words (at least one) begin with; `*used` gets how many name it. Fails
 * with usage.
 */
BULLA_MUST_USE bulla_status bu_command_find(char *const *words, size_t count, size_t *used,
                                            const bu_command **out, bulla_error *err);

/** True when it has an option --input, which takes the kinds of bulla_kind_at(). */
bool bu_command_takes_kinds(const bu_command *command);

/** True when `word` alone is no command but begins some: "key", "trust". */
bool bu_command_is_group(const char *word);

/* start.c, run.c, print.c: what every program does, in this order */
/** Make ready: descriptors 0 to 2, no core dumps, arena, environment. */
BULLA_MUST_USE bulla_status bu_cli_start(bu_cli *cli, const char *program, bulla_error *err);
/** True for --help and -h. */
bool bu_is_help(const char *word);
/** Parse the words by the rows of the command, run it and end. Returns the exit status. */
int bu_cli_run(bu_cli *cli, const bu_command *command, char *const *words, size_t count);
/**
 * Flush, explain the failure if there is one, free all. Returns the exit status: the worse of
 * cli->exit and the error's.
 */
int bu_cli_end(bu_cli *cli, bulla_status status, bulla_error *err);

/* options.c */
/**
 * Parse words by the rows of cli->command into `args` (zeroed, args_size bytes). Fails with usage.
 */
BULLA_MUST_USE bulla_status bu_options_parse(bu_cli *cli, char *const *words, size_t count,
                                             void *args, bulla_error *err);

/* values.c */
/** Add a word to a list. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_words_add(bu_cli *cli, bu_words *words, const char *word,
                                         bulla_error *err);
/** Keep a value (NULL: none was given) in the field of its option. Fails with usage. */
BULLA_MUST_USE bulla_status bu_value_keep(bu_cli *cli, const bu_option *option, const char *value,
                                          void *args, bulla_error *err);

/* suggest.c */
/**
 * The nearest of `count` names (entries may be NULL) to what was typed, or NULL when none is near.
 */
const char *bu_suggest(const char *typed, const char *const *names, size_t count);

/* usage.c, man.c */
/** How a command is called: "bulla sign [OPTION]... --key FILE FILE...". */
void bu_synopsis_write(const char *program, const bu_command *command, bu_buf *out);
/** What --help prints for a command. */
void bu_usage_write(const bu_cli *cli, const bu_command *command, bu_buf *out);
/** What `bulla help` prints. */
void bu_usage_overview(const bu_cli *cli, const bu_command *const *commands, bu_buf *out);
/**
 * NAME, SYNOPSIS, DESCRIPTION and OPTIONS of the man page of these commands (one, or a group), as
 * scdoc reads it.
 */
void bu_man_write(const char *program, const bu_command *const *commands, size_t count,
                  bu_buf *out);
/** The same for bulla(1). */
void bu_man_overview(const bu_command *const *commands, bu_buf *out);

/* print.c */
/** Write to a file, or to standard output when `file` is NULL or "-". Fails with write-error. */
BULLA_MUST_USE bulla_status bu_cli_write(const char *file, bulla_bytes content, bulla_error *err);
/** Write text to standard output. Fails with write-error, and with no-memory when it is broken. */
BULLA_MUST_USE bulla_status bu_cli_print(const bu_buf *text, bulla_error *err);
/** Makes a page about something, in the format of that name. */
typedef bulla_status bu_page(const void *subject, const char *format, bulla_buffer *out,
                             bulla_error *err);
/** Write a page to each output, else as text to standard output. Fails as `make` and writing do. */
BULLA_MUST_USE bulla_status bu_pages_write(const bu_outputs *outputs, bu_page *make,
                                           const void *subject, bulla_error *err);
/** The output of that format, or NULL. */
const bu_output *bu_outputs_find(const bu_outputs *outputs, const char *format);
/** Refuse an output that goes where an earlier one goes. Fails with usage. */
BULLA_MUST_USE bulla_status bu_outputs_check(const bu_outputs *outputs, bulla_error *err);

/* nearest.c */
/**
 * The nearest `name` in the folder of `start`, or in one above; NULL when there is none.
 * Fails with unsafe-mode when it belongs to someone who owns neither this process nor `start`.
 */
BULLA_MUST_USE bulla_status bu_nearest(bu_cli *cli, const char *start, const char *name,
                                       const char **out, bulla_error *err);

/** `name` in the folder of `start`; NULL without memory. */
const char *bu_beside(bu_cli *cli, const char *start, const char *name);

/* defaults.c: what is used when an option does not say otherwise */
/** The time that is given, else when the run began: the same for all that it judges. */
int64_t bu_now(const bu_cli *cli, const bu_moment *at);
#define BU_TRUST_STORE     ".bulla/trust"
#define BU_EVIDENCE_FOLDER ".bulla/evidence"
#define BU_WAIVER_FOLDER   ".bulla/waivers"
#define BU_LOCK_FILE       "bulla.lock"
/** The paths, or the working folder when neither a path nor an input is named. */
const char *const *bu_paths(const bu_words *paths, const bu_inputs *inputs);
/** How many worker threads: what --jobs says, else one for each processor. Fails with usage. */
BULLA_MUST_USE bulla_status bu_jobs(const bu_count *option, size_t *out, bulla_error *err);
/** What is named, else the nearest `name` of `start`, else NULL. */
BULLA_MUST_USE bulla_status bu_default(bu_cli *cli, const char *named, const char *start,
                                       const char *name, const char **out, bulla_error *err);
/** What the nearest bulla.toml and the options say of a project; borrows from both. */
typedef struct bu_project {
    bulla_config *config; /* owned; NULL: there is no bulla.toml */
    const char *base;     /* where the work begins, from the folder of bulla.toml */
    const char *policy;   /* NULL: it names none */
    const char *const *exclude, *const *archives; /* NULL-terminated, or NULL */
} bu_project;
/** Fails as bu_nearest() and bulla_config_load(). */
BULLA_MUST_USE bulla_status bu_project_find(bu_cli *cli, const char *start, const bu_words *exclude,
                                            const bu_words *archives, bu_project *out,
                                            bulla_error *err);
/** The policy that is named, else the project's, else the nearest of `start`, else NULL. */
BULLA_MUST_USE bulla_status bu_policy_find(bu_cli *cli, const char *named,
                                           const bu_project *project, const char *start,
                                           const char **out, bulla_error *err);
void bu_project_clear(bu_project *project);
BU_DEFINE_CLEAR(bu_project)
/** Where the search for defaults begins: the first path, or here where none is a file. */
const char *bu_start(const bu_words *paths);
/** The bulla.lock that is named, else the nearest, else where a new one belongs: by bulla.toml. */
BULLA_MUST_USE bulla_status bu_lock_place(bu_cli *cli, const char *named, const char *start,
                                          const char **out, bulla_error *err);
/** The folders of evidence: those that are named, else the nearest of `start`, if there is one. */
BULLA_MUST_USE bulla_status bu_evidence_find(bu_cli *cli, const bu_words *named, const char *start,
                                             const char *const **out, bulla_error *err);
/** The same for folders of waivers. */
BULLA_MUST_USE bulla_status bu_waivers_find(bu_cli *cli, const bu_words *named, const char *start,
                                            const char *const **out, bulla_error *err);
/** The folder of the named store, else the nearest one. Fails with usage when there is none. */
BULLA_MUST_USE bulla_status bu_trust_folder(bu_cli *cli, const char *named, const char **out,
                                            bulla_error *err);
/** Load the named store, else the nearest of `start`; `*out` stays NULL when there is none. Expiry is
 * judged at the time that is given, else by the clock. */
BULLA_MUST_USE bulla_status bu_trust_find(bu_cli *cli, const char *named, const char *start,
                                          const bu_moment *at, bulla_trust **out, bulla_error *err);
/** Load the named store, else the nearest one. Fails with usage when there is none. */
BULLA_MUST_USE bulla_status bu_trust_need(bu_cli *cli, const char *named, const bu_moment *at,
                                          bulla_trust **out, bulla_error *err);

/* result.c */
/** Write a result in each of the forms, else as text unless `quiet`; colour only to a terminal. */
BULLA_MUST_USE bulla_status bu_result_write(const bu_cli *cli, const bulla_result *result,
                                            const bu_outputs *outputs, bool quiet,
                                            const bulla_render_options *look, bulla_error *err);
/**
 * Verify with a progress bar, write the result (and what it was judged from to `input`, unless that
 * is NULL), and take over its exit status.
 */
BULLA_MUST_USE bulla_status bu_verify_write(bu_cli *cli, bulla_verify_options *request,
                                            const bu_outputs *outputs, const char *input,
                                            bool quiet, const bulla_render_options *look,
                                            bulla_error *err);
/** Open documents with what is given by hand and write their payloads. Fails with usage. */
BULLA_MUST_USE bulla_status bu_payload_write(const bu_words *paths, const bulla_vouchers *vouchers,
                                             const char *tiles, int64_t now,
                                             const bu_outputs *outputs, bulla_error *err);

/* passphrase.c */
/** Where passphrases come from: a descriptor, or the terminal. */
typedef struct bu_passphrase_from {
    bool is_descriptor;
    int descriptor;
} bu_passphrase_from;
/** Set up `from` and `out` by --passphrase-fd; `out` borrows `from`. Fails with usage. */
BULLA_MUST_USE bulla_status bu_passphrase_open(const bu_count *option, bu_passphrase_from *from,
                                               bulla_passphrase *out, bulla_error *err);
/** Open a private key with that passphrase. */
BULLA_MUST_USE bulla_status bu_key_open(const char *path, const bu_count *passphrase_fd,
                                        bulla_secret_key **out, bulla_error *err);

/* key_show.c */
/** Append a line about a key file: keyid, kind, state, path. */
void bu_key_print(const char *path, const bulla_key_info *info, bu_buf *out);

/* key_prove.c */
/** Write a proof of possession to `file` (NULL: beside the key at `path`). Fails with write-error. */
BULLA_MUST_USE bulla_status bu_proof_write_file(bu_cli *cli, const bulla_secret_key *key,
                                                const char *person, const bulla_trust *trust,
                                                const char *file, const char *path,
                                                bulla_error *err);

/* progress.c */
/** A bar on standard error when that is a terminal, else NULL. */
const bulla_progress *bu_progress_begin(const bu_cli *cli, bool quiet);
void bu_progress_end(const bulla_progress *progress);

BU_DEFINE_AUTO(bulla_trust)
BU_DEFINE_AUTO(bulla_result)
BU_DEFINE_AUTO(bulla_review)
BU_DEFINE_AUTO(bulla_secret_key)
BU_DEFINE_CLEAR(bulla_key_info)
static inline void bulla_locked_auto_clear(bulla_locked *locked) /* for BU_CLEAR(bulla_locked) */
{
    bulla_buffer_free(&locked->document);
    bulla_buffer_free(&locked->changes);
}
static inline void bulla_buffer_auto_clear(bulla_buffer *buffer) /* for BU_CLEAR(bulla_buffer) */
{
    bulla_buffer_free(buffer);
}
static inline bulla_bytes bu_buffer_bytes(const bulla_buffer *buffer)
{
    return (bulla_bytes){ buffer->ptr, buffer->len };
}

#endif
