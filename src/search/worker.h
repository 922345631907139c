/* A worker of the split engine: its path through the cell tree, which branches of it are its
 * own, and the jobs that it takes and gives.
 *
 * A job is the path to a cell.  Its worker goes that way from the root again (replays) and then
 * explores the cell.  On its own path it may give the last branch of a cell away, which becomes a
 * job. */
#ifndef CREASE_SEARCH_WORKER_H
#define CREASE_SEARCH_WORKER_H

#include "base/lock.h"
#include "search/jobs.h"
#include "search/search.h"
#include "search/stages.h"

/* What the workers share. */
typedef struct {
    const crease_task *task;
    crease_jobs *jobs;
    bool rays;         /* ray cells from the root on */
    crease_tape *tape; /* for a certificate, or NULL */
    _Atomic uint64_t regions;
    crease_lock closed_lock;
    double closed;       /* sum of the shares of finished cells */
    crease_lock monitor; /* held by the worker that checks the limits */
} crease_split;

typedef struct {
    crease_split *shared;
    const crease_model *model;
    crease_tally tally;
    crease_cells *cells;
    crease_stage *stage;
    crease_step *path;
    uint32_t *ours;         /* per step: the branches before this one are not somebody else's */
    crease_proof proof;     /* open if there is a tape */
    crease_segment **after; /* per step: what follows the branches that were given away, or NULL */
    double *share; /* per depth: of the whole tree, each branch of a cell having the same share */
    size_t depth;
    const crease_step *guide; /* the path to the job's cell */
    size_t guide_steps, guide_at;
    int *root_sign;
    uint64_t regions, reported, visited;
    double closed;
} crease_worker;

void crease_worker_open(crease_worker *w, crease_split *shared);
void crease_worker_close(crease_worker *w);

/* Has the search been told to stop? */
bool crease_worker_stopped(const crease_worker *w);

/* Hands the worker's sums over and lets one worker at a time look at the limits. */
void crease_worker_report(crease_worker *w);

/* For crease_jobs_take: reports; is it time to stop?  context: the worker. */
bool crease_worker_wait(void *context);

/* The cell at hand is done and has so many regions. */
void crease_worker_finish(crease_worker *w, uint64_t regions);

/* Is it still on the way to the job's cell? */
bool crease_worker_replays(const crease_worker *w);

/* The decision that the way to the job's cell takes here, or NULL once it is reached. */
const crease_step *crease_worker_guide(crease_worker *w);

/* Before and after the branches of a cell. */
void crease_worker_begin(crease_worker *w, size_t branches, const crease_step *guide);
void crease_worker_end(crease_worker *w);

/* Takes a step to branch b of a cell, which unit names; depth is to be lowered after it.  False if
 * it is not this worker's: on the way to the job's cell only the guide's is, and one that was given
 * away is not. */
bool crease_worker_enter(crease_worker *w, size_t unit, uint32_t b, const crease_step *guide);

#endif
