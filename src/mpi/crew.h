/* The thread of a rank that counts, beside the one that talks to other ranks.
 *
 * It takes one task after the other, runs the split engine on it with the rank's OpenMP threads,
 * and gives back the sums of the task and what it left open.  It never calls MPI, so
 * MPI_THREAD_FUNNELED is enough. */
#ifndef CREASE_MPI_CREW_H
#define CREASE_MPI_CREW_H

#include "search/state.h"

#include <crease.h>

typedef struct crease_crew crease_crew;

/* The options' limits, progress and stop are not used. */
crease_crew *crease_crew_new(const crease_network *network, const crease_domain *domain,
                             const crease_options *options);
void crease_crew_free(crease_crew *crew);

/* Begins the task and takes over its paths.  No other task may be running. */
void crease_crew_begin(crease_crew *crew, crease_state *task);

/* Ask for an early end of the current task.  yield: once it has counted for a short time, so that a
 * task makes progress even if it moves from rank to rank.  stop: at once. */
void crease_crew_yield(crease_crew *crew);
void crease_crew_stop(crease_crew *crew);

/* To be called often.  True if a task is done.  Then the state has its sums and its open cells,
 * which the caller owns.  *status and error say whether it failed. */
bool crease_crew_done(crease_crew *crew, crease_state *done, crease_status *status,
                      crease_error *error);

#endif
