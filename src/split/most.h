/* An upper bound on a count that was stopped. */
#ifndef CREASE_SPLIT_MOST_H
#define CREASE_SPLIT_MOST_H

#include "search/search.h"

/* crease_split_run, without a tape.  If the search is stopped, outcome->most is the regions of the
 * last state and bounds on those of its open cells, or the bound of the whole model where that is
 * less or the time was not enough.  The cells are found again by their paths, on one thread.
 *
 * A cell has at most as many regions as cells/most.h says, and at most as many as its parts have
 * together.  First every open cell is bounded.  Then, while there is time, they are bounded again,
 * and cells with large bounds are parted until those of all parts are below a limit, which falls
 * from one pass to the next.  Where a cell's bound is less than the sum of those of its parts, it
 * stays; so the bounds do not grow.  In the last pass they are the numbers of regions.
 *
 * At the end, this takes 5 % of the time of the search, but 0.3 to 3 s.  With options->gap, the
 * search stops (CREASE_STOP_GAP) when the bound is at most 1 + gap times the regions; a look takes
 * up to 2 % of the time.  keeper, if not NULL, saves states. */
void crease_split_run_bounded(const crease_task *task, crease_outcome *outcome);

#endif
