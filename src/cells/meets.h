/* Counting the regions that rows cut an LP cell into, without visiting them.
 *
 * Let C be an open convex set, not empty, and h_1, ..., h_k affine functions that cut it: each has
 * both signs in C.  A set T of them meets if all are 0 at one point of C.  The empty set meets, and
 * so does each function alone.  If the linear parts of the functions of every set that meets are
 * independent,
 *
 *   r(C; h_1..h_k) = the number of sets that meet, the empty one among them.
 *
 * Proof by induction on k: by deletion and restriction (cells/restriction.h), r(C; h_1..h_k) = r(C;
 * h_1..h_(k-1)) + r(C and {h_k = 0}; traces of h_1..h_(k-1)).  The sets that meet in C and {h_k =
 * 0} are those T for which T and k meet in C, and their functions are independent there.  So a
 * trace that is not empty has both signs there; empty ones change nothing.  No two traces are the
 * same: if those of h_i and h_j are not empty and the same, then {i, j, k} meets, but restricted to
 * {h_k = 0} one is a multiple of the other.  So the terms are the numbers of sets that meet without
 * k and with k.
 *
 * Parts of sets that meet meet; sets with a part that does not meet do not.  So all sets are known
 * from few that meet and few that do not, which are found one by one: a set that is not known is
 * asked for; if it does not meet, it is made smaller until every part of it does.  With many
 * functions in many dimensions they are far fewer than the regions. */
#ifndef CREASE_CELLS_MEETS_H
#define CREASE_CELLS_MEETS_H

#include "lp/meet.h"

#include <stdbool.h>

typedef struct {
    /* Does the set, not empty, meet?  YES: it does, and the linear parts are independent; after YES
     * to a set of `rank` functions, no larger set that it is a part of meets.  NO: *part is a part
     * that does not meet. */
    crease_meet (*ask)(void *context, uint64_t set, uint64_t *part);
    void *context;
    size_t rank; /* at least 1; larger sets are not asked for */
} crease_meets;

/* The regions under `count` functions, at most 64, all of which cut the cell; false if they are not
 * proved.  They must be fewer than 2^64. */
bool crease_meets_count(const crease_meets *meets, size_t count, uint64_t *regions);

#endif
