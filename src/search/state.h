/* The state of a count: the sums so far and the remaining work.  A count can be stopped in any
 * state and resumed from it, by another process, with another number of threads.
 *
 * Split engine: regions is the number of regions in all cells of the tree that are closed; the open
 * cells and the open branches of their paths make up the rest of the tree, each cell once.  In
 * every state, the count is regions plus the number of regions in what is open.  Paths mean the
 * same cells for the same lowered network, domain and kind of root (rays), whatever the threads and
 * proposer.
 *
 * Walk: the patterns of the regions found so far; all neighbours of those that are done are among
 * them. */
#ifndef CREASE_SEARCH_STATE_H
#define CREASE_SEARCH_STATE_H

#include "base/whole.h"
#include "exact/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One decision of a path: the unit that was split on, and which branch was taken. If a unit
 * halves the cell, it is positive in branch 0.  If a comparison names a group of maxout pieces,
 * candidate b wins in branch b.  Units count within their layer; the
 * layer follows from the replay.  Branches b with branch < b < end are open, too. */
typedef struct {
    uint32_t unit, branch, end;
} crease_step;

/* A path, which leads to an open cell. */
typedef struct {
    crease_step *step;
    size_t steps;
} crease_stack;

/* Paths, their memory included. */
typedef struct {
    crease_stack *stack;
    size_t count, room;
} crease_stacks;

/* Packed patterns, one after the other. */
typedef struct {
    const uint8_t *pattern;
    size_t count;
} crease_run;

/* A set of packed patterns in several arrays, with one bit for each that says if it is done. */
typedef struct {
    size_t bytes; /* of a pattern */
    uint64_t count;
    const uint8_t *done;
    const crease_run *run;
    size_t runs;
} crease_patterns;

typedef struct {
    bool rays; /* the root carries rays, or in all of R^n the first steps choose an orthant */
    crease_whole regions;
    uint64_t cells;
    double closed; /* share of the tree that is closed, see crease_worker */
    crease_tally tally;
    crease_stacks open;
    const crease_patterns *patterns; /* of the walk, NULL otherwise and if it is complete */
} crease_state;

/* The order in which the tree is walked; of cells of one tree.  Less than, equal to or greater than
 * 0, as for qsort. */
int crease_stack_order(const crease_stack *a, const crease_stack *b);

/* Adds a copy of the path. */
void crease_stacks_add(crease_stacks *stacks, const crease_step *step, size_t steps);

/* Adds single cells (no step leaves a branch open) that make up the stack. */
void crease_stacks_spread(crease_stacks *stacks, const crease_stack *stack);

/* Frees the paths; the list is empty then. */
void crease_stacks_clear(crease_stacks *stacks);

#endif
