/* Open cells that wait for a worker, each as the path that leads to it. */
#ifndef CREASE_SEARCH_JOBS_H
#define CREASE_SEARCH_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One decision of a path: the unit that was split on, and which branch was taken. Of a split in
 * halves, in branch 0 the unit is positive; of a contest between pieces, which a comparison of
 * them names, branch b is where candidate b wins.  Units count within their layer; the
 * layer follows from the replay. */
typedef struct {
    uint32_t unit;
    uint32_t branch;
} crease_step;

typedef struct crease_jobs crease_jobs;

/* A queue with one job, the empty path. */
crease_jobs *crease_jobs_new(void *note);
void crease_jobs_free(crease_jobs *jobs);

/* Is somebody waiting for a job that is not there yet?  Cheap, any worker at any time. */
bool crease_jobs_wanted(const crease_jobs *jobs);

/* Adds a copy of the path; note is handed on to whoever takes the job. */
void crease_jobs_put(crease_jobs *jobs, const crease_step *step, size_t steps, void *note);

/* The next job, waiting for it if others may still make one; the caller frees *step. False
 * if no job is left, or ever will be, or stop says so. */
bool crease_jobs_take(crease_jobs *jobs, crease_step **step, size_t *steps, void **note,
                      bool (*stop)(void *context), void *context);

/* Says that a job taken earlier is done. */
void crease_jobs_done(crease_jobs *jobs);

/* Jobs waiting or in work. */
uint64_t crease_jobs_open(const crease_jobs *jobs);

#endif
