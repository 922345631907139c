/* A worker of the split engine: its path through the cell tree, which branches of it are its
 * own, and the jobs that it takes and gives.
 *
 * A job is the path to a cell.  Its worker goes that way from the root again (replays) and then
 * explores the cell and the other branches of the job along the path.  On its own path it may
 * give the last branch of a cell away, which becomes a job.
 *
 * At the beginning of every cell (crease_worker_pause) the worker's state is whole: what it has
 * counted, and its path with the branches that are its own and not begun. */
#ifndef CREASE_SPLIT_WORKER_H
#define CREASE_SPLIT_WORKER_H

#include "base/lock.h"
#include "split/jobs.h"
#include "search/search.h"
#include "cells/stages.h"

/* What the workers share. */
typedef struct {
    const crease_task *task;
    crease_jobs *jobs;
    bool rays;         /* ray cells from the root on */
    crease_tape *tape; /* for a certificate, or NULL */
    int workers;
    _Atomic uint64_t regions;
    crease_lock closed_lock;
    double closed;       /* sum of the shares of finished cells */
    crease_lock monitor; /* held by the worker that checks the limits */
    /* A state that is being written down while the workers go on. */
    crease_lock cut_lock;
    crease_state cut;
    int missing;                /* workers whose part is not in it yet; 0: none is being written */
    double next_cut;            /* for who holds monitor */
    crease_stacks rest;         /* what was left when the workers stopped */
    _Atomic bool path_mismatch; /* a path did not fit the network */
} crease_split;

typedef struct {
    crease_split *shared;
    const crease_model *model;
    crease_tally tally;
    crease_cells *cells;
    crease_stage *stage;
    crease_step *path;      /* end: the branches before this one are not somebody else's */
    crease_proof proof;     /* open if there is a tape */
    crease_segment **after; /* per step: what follows the branches that were given away, or NULL */
    double *share; /* per depth: of the whole tree, each branch of a cell having the same share */
    size_t depth;
    const crease_step *guide; /* the path to the job's cell */
    size_t guide_steps, guide_at;
    int *root_sign;
    crease_probe *probe; /* of the job, or NULL */
    uint32_t chosen;     /* the branch that the probe takes next */
    uint64_t seed;
    uint64_t regions, reported, visited;
    double closed, reported_closed;
    unsigned epoch; /* of the jobs; what was held when it began is written down */
    size_t deepest; /* cells below this depth stay open */
    bool left;      /* it has stopped, and what it held is in rest */
} crease_worker;

void crease_worker_open(crease_worker *w, crease_split *shared);
void crease_worker_close(crease_worker *w);

/* Has the search been told to stop? */
bool crease_worker_stopped(const crease_worker *w);

/* Hands the worker's sums over and lets one worker at a time look at the limits. */
void crease_worker_report(crease_worker *w);

/* For crease_jobs_take: reports; is it time to stop?  context: the worker. */
bool crease_worker_wait(void *context);

/* At the beginning of every cell, and once more where the path is still the one to the cell and the
 * flag of the interrupt (base/interrupt.h) is up.  True if the worker is to stop; what it held at the
 * beginning of the cell is kept for later. */
bool crease_worker_pause(crease_worker *w);

/* The sums that the search began with, nothing open. */
crease_state crease_worker_first(const crease_split *shared);

/* Adds the sums of the worker. */
void crease_worker_add(const crease_worker *w, crease_state *sum);

/* The path of the job does not fit the network: the search stops. */
void crease_worker_mismatch(crease_worker *w);

/* The cell at hand is done and has so many regions; where there are enough without them, it is left open
 * and the search stops. */
void crease_worker_finish(crease_worker *w, uint64_t regions);

/* Is it still on the way to the job's cell? */
bool crease_worker_replays(const crease_worker *w);

/* The decision that the way to the job's cell takes here, or NULL once it is reached. */
const crease_step *crease_worker_guide(crease_worker *w);

/* Before and after the branches of a cell.  False if the guide takes none of them. */
bool crease_worker_begin(crease_worker *w, size_t branches, const crease_step *guide);
void crease_worker_end(crease_worker *w);

/* Takes a step to branch b of a cell, which unit names; depth is to be lowered after it.  False if
 * it is not this worker's: on the way to the job's cell only the guide's is, and one that was given
 * away is not. */
bool crease_worker_enter(crease_worker *w, size_t unit, uint32_t b, const crease_step *guide);

#endif
