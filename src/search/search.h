/* The input and the output of an engine. */
#ifndef CREASE_SEARCH_SEARCH_H
#define CREASE_SEARCH_SEARCH_H

#include "model/model.h"
#include "exact/tally.h"
#include "lp/lp.h"
#include "base/monitor.h"
#include "search/state.h"
#include "cells/cell.h"
#include "proof/tape.h"

#include <crease_estimate.h>
#include <crease_sample.h>

/* Sums over random dives from a cell to a leaf below it.  Their means are unbiased estimates of the
 * number of cells below the cell and of regions in it (Knuth, Estimating the efficiency of
 * backtrack programs, 1975). */
typedef struct {
    double cells, regions;
    size_t layer, cuts; /* of the cell: where units cut it first, and how many; cuts 0: not known */
} crease_probe;

/* A cell that another file of the certificate shows, and that file's number. */
typedef struct {
    crease_stack cell;
    size_t part;
} crease_outside;

typedef struct crease_task crease_task;

/* A region of the split engine. */
typedef struct {
    const uint8_t *pattern;  /* one byte per decision; comparisons of two losers are 0 */
    const crease_cell *cell; /* its interior; if it carries rays, in the coordinates of the model;
                                NULL if only the pattern is known */
    double weight;           /* of a region that was drawn (crease_sample.h); otherwise 1 */
    size_t draws;            /* otherwise 1 */
    int group;               /* otherwise -1 */
} crease_leaf;

/* Regions are drawn (sample/draw.h). */
typedef struct {
    const crease_sample_plan *plan;
    crease_sample_result *result; /* regions to all are set */
} crease_drawing;

typedef enum {
    CREASE_VISITED,
    CREASE_VISITED_LAST, /* the search is to stop */
    CREASE_UNVISITED     /* it had to stop before this region */
} crease_visited_answer;

/* Receives every region that is counted, from the worker that finds it. */
typedef struct {
    void *(*open)(void *context, const crease_task *task); /* once for each worker */
    crease_visited_answer (*visit)(void *own, const crease_leaf *leaf);
    void (*close)(void *own);
    void *context;
    bool start_only; /* there is no search: the only region is that of task->start */
    /* Split engine: what the worker has visited belongs to the state that is being taken, what it
     * visits from now on does not.  Once for each worker and state that goes to the keeper's save,
     * but the first and the last; NULL: nothing to do. */
    void (*cut)(void *own);
} crease_visitor;

typedef struct crease_classes crease_classes; /* split/classes.h */

/* Where a search begins and where its states go.  With a tape, the certificate is that of the cells
 * of from, which must be in the order of the tree and leave no branch open. */
typedef struct {
    const crease_state
        *from; /* NULL: the beginning.  The kind of cells must be that of from->rays */
    /* Seconds from one save to the next: every, but at least pause times as long as a save
     * takes. */
    double every, pause;
    /* Called at the beginning, then from any worker, one at a time, and at the end.  False if the
     * search is to stop.  It may remove the paths from the state.  NULL if there is a probe, an
     * estimation or a bound. */
    bool (*save)(void *context, crease_state *now, bool end);
    void *context;
    /* Split engine, where no step of from leaves a branch open.  Not 0: cells that are further
     * below the cells of from stay open. */
    size_t levels;
    /* Not NULL: nothing is counted, but dives are made from every cell of from, and added to the
     * probe of the same place. */
    crease_probe *probe;
    size_t dives;
    /* Not NULL: nothing is counted, but bounds on the regions of the cells of from and of their
     * open branches (cells/most.h) are added.  One thread.  part_above: a cell whose bound is
     * greater is parted, and the sum for its parts is added if that is less; NULL: none is. */
    mpz_ptr most;
    mpz_srcptr part_above;
    /* With a tape: cells that the certificate leaves to other files, in the order of the tree.
     * Nothing is counted in them. */
    const crease_outside *outside;
    size_t outsides;
    /* Split engine without a tape: receives the regions.  NULL: none. */
    const crease_visitor *visitor;
    /* Not NULL: nothing is counted, but this estimation is made, to this plan. */
    crease_estimation *estimation;
    const crease_estimate_plan *plan;
    /* The estimation goes on from here (sample/kept.h); NULL: from the beginning. */
    const struct crease_kept *kept;
    /* Called as save is, with how far the estimation has come, but not at the beginning.  NULL: it
     * is not kept. */
    void (*keep)(void *context, const struct crease_kept *now);
    /* Others make replicates, too (sample/team.h).  NULL: none do. */
    const struct crease_team *team;
    /* Split engine: the cells at borders go to these classes, and the regions, too.  NULL: none. */
    crease_classes *classes;
    /* Not NULL: nothing is counted, but the visitor gets regions that are drawn. */
    const crease_drawing *drawing;
} crease_keeper;

struct crease_task {
    const crease_model *model; /* at least one input and one unit */
    const crease_options *options;
    const crease_proposer *proposer;
    const uint8_t *start; /* a pattern of the domain, for the walk */
    int threads;
    crease_monitor *monitor;
    crease_tape *tape;             /* the steps of a certificate go here; NULL: none */
    const crease_network *network; /* what the model was made of */
    crease_definition definition;  /* other than activation: for the walk alone */
    unsigned print_bits;           /* of the fingerprints of output maps */
    const crease_keeper *keeper;   /* or NULL */
};

typedef struct {
    crease_whole regions;    /* activation regions that were found */
    uint64_t open_connected; /* 0: not established */
    uint64_t affine;         /* 0: not established; a lower bound if the search was stopped */
    uint64_t store_bytes;
    uint64_t cells;     /* of the split tree */
    bool ray_cells;     /* the root was one */
    bool path_mismatch; /* a path of keeper->from does not fit the network */
    bool unfinished;    /* the search was stopped before its end */
    char *most; /* unfinished: decimal digits of a number that the count does not exceed; or NULL.
                   The caller frees it */
    crease_tally tally;
    crease_layer_images merged[CREASE_MERGED_LAYERS];
} crease_outcome;

/* Does the search save states? */
static inline bool crease_keeper_saves(const crease_keeper *keeper)
{
    return keeper && keeper->save;
}

/* The facet walk: regions are found across facets, from the start pattern on.  With a tape, no
 * maxout group has more than two pieces. */
void crease_walk_run(const crease_task *task, crease_outcome *outcome);

/* The cell tree: cells are split, layer by layer, by the units that cut them. */
void crease_split_run(const crease_task *task, crease_outcome *outcome);

/* The outcome of a search that was stopped before it began: that of keeper->from, or nothing. */
void crease_search_nothing(const crease_task *task, crease_outcome *outcome);

/* Writes the certificate of a set of patterns that is complete: its cell tree.  pattern: count
 * packed patterns one after the other, whose order changes.  False if it was stopped. */
bool crease_walk_prove(const crease_task *task, uint8_t *pattern, size_t count,
                       crease_tally *tally);

enum { CREASE_SEARCH_THREADS = 1024 };

/* options->threads, or as many as OpenMP offers, but not more than that. */
int crease_search_threads(const crease_options *options);

#endif
