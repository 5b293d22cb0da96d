/* SPDX-License-Identifier: MIT */
/*
 * Where signatures and attestations are kept: beside the file they are about,
 * so that `bulla verify FILE` finds them. One envelope over several files is
 * put beside each of them.
 */
#ifndef BU_CMD_SIDECAR_H
#define BU_CMD_SIDECAR_H

#include "command.h"

#define BU_SIDECAR_SIGNATURE   ".dsse.json"    /* one envelope */
#define BU_SIDECAR_ATTESTATION ".intoto.jsonl" /* one envelope a line */

/**
 * Where to write: `output` when it is given, else the sidecar of each file. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_sidecar_names(bu_cli *cli, const bu_words *files, const char *suffix,
                                             const char *output, bu_words *out, bulla_error *err);

/** Make the folder that they go to, unless it is there. Fails with write-error. */
BULLA_MUST_USE bulla_status bu_sidecar_folder(const char *path, bulla_error *err);

/**
 * Fails with usage when one of them is there: what others have signed is not dropped by accident.
 */
BULLA_MUST_USE bulla_status bu_sidecar_refuse(const bu_words *names, bulla_error *err);

/** Write each anew. */
BULLA_MUST_USE bulla_status bu_sidecar_write(const bu_words *names, bulla_bytes envelope,
                                             bulla_error *err);

/** Add a line to each; a line that was torn off before is ended first. */
BULLA_MUST_USE bulla_status bu_sidecar_append(const bu_words *names, bulla_bytes line,
                                              bulla_error *err);

#endif
