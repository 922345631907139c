/* A queue of open cells that wait for a worker, each given by the path that leads to it.
 *
 * A snapshot of the whole run can be taken while it goes on.  crease_jobs_mark copies the queue and
 * begins a new epoch.  A worker can put or take a job only after it has written down, in this
 * epoch, the open cells it holds.  Thus the snapshot contains every open cell exactly once. */
#ifndef CREASE_SPLIT_JOBS_H
#define CREASE_SPLIT_JOBS_H

#include "search/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crease_jobs crease_jobs;

/* An empty queue in epoch 0. */
crease_jobs *crease_jobs_new(void);
void crease_jobs_free(crease_jobs *jobs);

/* Is a worker waiting for a job?  Cheap, any worker at any time. */
bool crease_jobs_wanted(const crease_jobs *jobs);

/* Adds a copy of the path.  The worker that takes the job gets note as well.  False if epoch is not
 * the current one. */
bool crease_jobs_put(crease_jobs *jobs, const crease_step *step, size_t steps, void *note,
                     unsigned epoch);

/* Takes the next job; waits as long as another worker may still make one.  The caller frees *step.
 * False if there will be no more jobs, or if stop returns true.  *epoch is the epoch of the worker,
 * which stop may change. */
bool crease_jobs_take(crease_jobs *jobs, crease_step **step, size_t *steps, void **note,
                      const unsigned *epoch, bool (*stop)(void *context), void *context);

/* Begins a new epoch, and adds the waiting jobs to the cells. */
void crease_jobs_mark(crease_jobs *jobs, crease_stacks *cells);

/* The current epoch.  Cheap, any worker at any time. */
unsigned crease_jobs_epoch(const crease_jobs *jobs);

/* Adds the waiting jobs to the cells. */
void crease_jobs_list(crease_jobs *jobs, crease_stacks *cells);

/* Says that a job taken earlier is done. */
void crease_jobs_done(crease_jobs *jobs);

/* Jobs waiting or in work. */
uint64_t crease_jobs_open(const crease_jobs *jobs);

#endif
