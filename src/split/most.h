/* An upper bound on a count that was stopped. */
#ifndef CREASE_SPLIT_MOST_H
#define CREASE_SPLIT_MOST_H

#include "search/search.h"

/* The time that the bounds of open cells may take. */
#define CREASE_MOST_SECONDS 0.3
/* The time between two looks, at least so many times what a look takes. */
#define CREASE_CLOSE_EVERY 0.1
#define CREASE_CLOSE_PAUSE 20

/* crease_split_run, without a tape.  If the search is stopped, outcome->most is the regions of the
 * last state and the bounds of its open cells (cells/most.h), or the bound of the whole model where
 * that is less or the time was not enough.  The cells are found again by their paths, on one
 * thread.  With options->gap, the search stops (CREASE_STOP_GAP) when the bound is at most 1 + gap
 * times the regions.  keeper, if not NULL, saves states. */
void crease_split_run_bounded(const crease_task *task, crease_outcome *outcome);

#endif
