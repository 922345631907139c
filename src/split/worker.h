/* A worker of the split engine: its path through the cell tree, the branches that belong to it, and
 * the jobs that it takes and gives away.
 *
 * A job is the path to a cell.  Its worker replays that path from the root, then explores the cell
 * and the open branches along the path.  It may give away the last branch of a cell on its path,
 * which becomes a job.
 *
 * At the beginning of every cell (crease_worker_pause) the state of the worker is complete: the
 * regions counted, and its path with the branches that belong to it and are not yet begun. */
#ifndef CREASE_SPLIT_WORKER_H
#define CREASE_SPLIT_WORKER_H

#include "base/lock.h"
#include "split/jobs.h"
#include "search/search.h"
#include "cells/most.h"
#include "split/alike.h"
#include "split/classes.h"
#include "split/merge.h"

/* What the workers share. */
typedef struct {
    const crease_task *task;
    crease_jobs *jobs;
    bool rays;             /* ray cells from the root on */
    bool wide;             /* they may be wide */
    crease_images *images; /* where cells are merged, or NULL */
    crease_tape *tape;     /* for a certificate, or NULL */
    crease_alike *alike;   /* of one whose cells may be like others, or NULL */
    crease_most *most;     /* of task->keeper->most: cells are bounded, not counted; or NULL */
    int workers;
    crease_lock sums_lock;
    crease_whole regions; /* of what the workers have reported */
    double closed;        /* sum of the shares of finished cells */
    crease_layer_images merged[CREASE_MERGED_LAYERS];
    crease_lock monitor; /* held by the worker that checks the limits */
    /* A state that is being written down while the workers go on. */
    crease_lock cut_lock;
    crease_state cut;
    int missing;                /* workers whose part is not in it yet; 0: none is being written */
    double next_cut;            /* for the holder of monitor */
    crease_stacks rest;         /* what was left when the workers stopped */
    _Atomic bool path_mismatch; /* a path did not fit the network */
} crease_split;

typedef struct {
    crease_split *shared;
    const crease_model *model;
    crease_tally tally;
    crease_cells *cells;
    crease_stage *stage;
    crease_merger *merge;   /* or NULL */
    crease_class *inside;   /* that of the last border before the cell, or NULL */
    double paid;            /* for keys, out of the stock of rays */
    size_t lent;            /* of branches given away since the last border: the largest depth */
    crease_step *path;      /* branches from end on belong to other workers */
    crease_proof proof;     /* open if there is a tape */
    crease_segment **after; /* per step: what follows the branches that were given away, or NULL */
    double *share; /* per depth: of the whole tree, each branch of a cell having the same share */
    size_t depth;
    const crease_step *guide; /* the path to the job's cell */
    size_t guide_steps, guide_at;
    int *root_sign;
    crease_probe *probe; /* of the job, or NULL */
    uint32_t chosen;     /* the branch that the probe takes next */
    size_t dives;        /* to be made from the cell where the guide ends */
    bool early;          /* the probe chose a branch before it came to such a cell */
    uint64_t seed;
    crease_whole regions, reported;
    uint64_t visited;
    double closed, reported_closed;
    unsigned epoch; /* of the jobs; what the worker held at its beginning is written down */
    size_t deepest; /* cells below this depth stay open */
    bool left;      /* it has stopped, and what it held is in rest */
    const crease_visitor *visitor; /* or NULL */
    void *visit;                   /* the visitor's own */
    uint8_t *pattern;              /* for it */
} crease_worker;

void crease_worker_open(crease_worker *w, crease_split *shared);
void crease_worker_close(crease_worker *w);

/* Has the search been told to stop? */
bool crease_worker_stopped(const crease_worker *w);

/* Hands the worker's sums over and lets one worker at a time look at the limits. */
void crease_worker_report(crease_worker *w);

/* For crease_jobs_take: reports; is it time to stop?  context: the worker. */
bool crease_worker_wait(void *context);

/* To be called at the beginning of every cell, and again where the path still leads to the cell and
 * an interrupt is raised (base/interrupt.h).  True if the worker is to stop; what it held at the
 * beginning of the cell is then saved as open. */
bool crease_worker_pause(crease_worker *w);

/* Cells were merged, which saved the cost of so many rays, or < 0: compared.  Wide cells may use up
 * what is saved, and a stock at the beginning: they never cost much more than they save. */
void crease_worker_gain(crease_worker *w, double rays);

/* The sums that the search began with, nothing open. */
crease_state crease_worker_first(const crease_split *shared);

/* Adds the sums of the worker. */
void crease_worker_add(const crease_worker *w, crease_state *sum);

/* The path of the job does not fit the network: the search stops. */
void crease_worker_mismatch(crease_worker *w);

/* The current cell is done and has that many regions.  If the limit on regions is reached without
 * them, the cell stays open and the search stops. */
void crease_worker_finish(crease_worker *w, uint64_t regions);

/* The current cell is one region: it is done, and goes to the visitor, with the states of the
 * stages. */
void crease_worker_visit(crease_worker *w, crease_cell *cell);

/* The same for a cell whose image is known. */
void crease_worker_finish_known(crease_worker *w, const crease_whole *regions);

/* Is the worker still replaying the path to the cell of its job? */
bool crease_worker_replays(const crease_worker *w);

/* The next step of the path to the cell of the job, or NULL once the cell is reached. */
const crease_step *crease_worker_guide(crease_worker *w);

/* Before and after the branches of a cell.  False if the guide takes none of them. */
bool crease_worker_begin(crease_worker *w, size_t branches, const crease_step *guide);
void crease_worker_end(crease_worker *w);

/* Enters branch b of the cell's split by unit; the caller decrements depth afterwards.  False if
 * the branch does not belong to this worker: during the replay only the branch of the guide does,
 * and a branch that was given away does not. */
bool crease_worker_enter(crease_worker *w, size_t unit, uint32_t b, const crease_step *guide);

#endif
