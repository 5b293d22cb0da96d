/* SPDX-License-Identifier: MIT */
/*
 * The worker pool: threads that take the next index until none is left.
 */
#include "io/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/limits.h"

typedef struct pool {
    const size_t *order;
    size_t count;
    void (*work)(void *context, size_t worker, size_t index);
    void *context;
    atomic_size_t next;
} pool;

typedef struct worker {
    pool *pool;
    size_t number;
    pthread_t thread;
} worker;

static void *run(void *argument)
{
    const worker *self = argument;
    pool *p = self->pool;
    for (size_t i; (i = atomic_fetch_add(&p->next, 1)) < p->count;)
        p->work(p->context, self->number, p->order[i]);
    return NULL;
}

bulla_status bu_pool_run(size_t jobs, const size_t *order, size_t count,
                         void (*work)(void *context, size_t worker, size_t index), void *context,
                         bulla_error *err)
{
    pool p = { .order = order, .count = count, .work = work, .context = context };
    jobs = jobs < 1 ? 1 : jobs > BU_LIMIT_JOBS ? BU_LIMIT_JOBS : jobs;
    BU_FREE worker *workers = calloc(jobs, sizeof *workers);
    if (workers == NULL)
        return bu_no_memory(err);
    size_t started = 1; /* worker 0 is the caller's own thread */
    workers[0] = (worker){ .pool = &p };
    for (; started < jobs && started < count; started++) {
        workers[started] = (worker){ .pool = &p, .number = started };
        if (pthread_create(&workers[started].thread, NULL, run, &workers[started]) != 0)
            break; /* fewer threads do the same work */
    }
    (void)run(&workers[0]);
    for (size_t i = 1; i < started; i++)
        (void)pthread_join(workers[i].thread, NULL);
    return BU_OK;
}
