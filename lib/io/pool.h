/* SPDX-License-Identifier: MIT */
/*
 * A worker pool for one job: call `work` once for each index. Results go to
 * where the index says, so thread order never shows.
 */
#ifndef BU_IO_POOL_H
#define BU_IO_POOL_H

#include "base/error.h"

/**
 * @param jobs     threads, 1..BU_LIMIT_JOBS; 1 runs in the caller's thread.
 * @param order    indices in the order to start them, `count` of them.
 * @param work     called with `context`, a worker number 0..jobs-1 and an index; must
 *                 report by writing to its own slot of the caller's results.
 * Fewer threads than asked for do the same work. Fails with no-memory; then nothing ran.
 */
BULLA_MUST_USE bulla_status bu_pool_run(size_t jobs, const size_t *order, size_t count,
                                        void (*work)(void *context, size_t worker, size_t index),
                                        void *context, bulla_error *err);

#endif
