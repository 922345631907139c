/* The open regions of the walk: one stack per worker, from which idle workers take. */
#ifndef CREASE_WALK_FRONTIER_H
#define CREASE_WALK_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crease_frontier crease_frontier;

crease_frontier *crease_frontier_new(int workers);
void crease_frontier_free(crease_frontier *frontier);

void crease_frontier_push(crease_frontier *frontier, int worker, uint64_t item);

/* Takes the newest item of the worker.  If it has none, it first gets the older half of another
 * worker's items.  False if nothing is there to take now. */
bool crease_frontier_pop(crease_frontier *frontier, int worker, uint64_t *item);

/* Says that an item popped earlier is done. */
void crease_frontier_done(crease_frontier *frontier);

/* Items pushed and not yet done. */
uint64_t crease_frontier_open(const crease_frontier *frontier);

/* Largest memory held so far, in bytes. */
uint64_t crease_frontier_memory(crease_frontier *frontier);

#endif
