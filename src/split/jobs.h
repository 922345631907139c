/* Open cells that wait for a worker, each as the path that leads to it.
 *
 * A moment of the queue can be kept while it is in use (a cut of the run): crease_jobs_mark copies
 * the queue and begins a new epoch; a worker that has not written down what it holds itself
 * since then can neither put nor take a job.  Thus the copy and what the workers write down contain
 * every open cell exactly once. */
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

/* Adds a copy of the path; note is handed on to whoever takes the job.  False if the worker's
 * epoch is over. */
bool crease_jobs_put(crease_jobs *jobs, const crease_step *step, size_t steps, void *note,
                     unsigned epoch);

/* The next job, waiting for it if others may still make one; the caller frees *step. False
 * if no job is left, or ever will be, or stop says so.  *epoch is the worker's, which stop may
 * change. */
bool crease_jobs_take(crease_jobs *jobs, crease_step **step, size_t *steps, void **note,
                      const unsigned *epoch, bool (*stop)(void *context), void *context);

/* Begins a new epoch, and adds the waiting jobs to the cells. */
void crease_jobs_mark(crease_jobs *jobs, crease_stacks *cells);

/* The epoch at hand.  Cheap, any worker at any time. */
unsigned crease_jobs_epoch(const crease_jobs *jobs);

/* Adds the waiting jobs to the cells. */
void crease_jobs_list(crease_jobs *jobs, crease_stacks *cells);

/* Says that a job taken earlier is done. */
void crease_jobs_done(crease_jobs *jobs);

/* Jobs waiting or in work. */
uint64_t crease_jobs_open(const crease_jobs *jobs);

#endif
