/* How far an estimate has come, from which it can go on.
 *
 * Pilots, bounds and replicates are steps that depend on nothing but what the steps before them
 * left; a step that was interrupted is made again.  So an estimate that goes on ends as one that
 * was never stopped, if its plan is about leaves or an error.  A plan about seconds depends on the
 * clock until the size of the replicates is settled, and on nothing after that. */
#ifndef CREASE_SAMPLE_KEPT_H
#define CREASE_SAMPLE_KEPT_H

#include "sample/pilots.h"

#include <crease_estimate.h>

typedef enum {
    CREASE_KEPT_PILOTS,  /* pilots are to be made */
    CREASE_KEPT_BOUNDS,  /* then the trial that proves bounds */
    CREASE_KEPT_SIZE,    /* then the one that shows what a replicate takes */
    CREASE_KEPT_STAGES,  /* then replicates that tell how large they have to be */
    CREASE_KEPT_ESTIMATE /* then those of the estimate */
} crease_kept_step;

typedef struct crease_kept {
    crease_kept_step step; /* that is to be made next */
    size_t stage;          /* of CREASE_KEPT_STAGES */
    double leaves;         /* of a replicate, from CREASE_KEPT_STAGES on */
    double seconds;        /* of all runs so far */
    /* The pilots (sample/pilots.h).  next: leaves of the next one. */
    double next, whole, yield, effort, pace;
    uint64_t trials; /* before the replicates of this step */
    uint64_t lower;
    mpz_t upper;
    /* The guesses that are not 0, by their places (sample/guesses.h), which ascend. */
    size_t learnt;
    size_t *place;
    double *guess;
    /* The replicates of this step. */
    crease_trial trial[CREASE_REPLICATES];
} crease_kept;

/* Nothing was done. */
void crease_kept_init(crease_kept *kept);
void crease_kept_free(crease_kept *kept);

/* Adds a guess. */
void crease_kept_add(crease_kept *kept, size_t place, double guess);

/* Copies from pilots and to them.  False if the places do not fit the network. */
void crease_kept_take(crease_kept *kept, const crease_pilots *pilots);
bool crease_kept_give(const crease_kept *kept, crease_pilots *pilots);

#endif
