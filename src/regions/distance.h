/* How far a point is from the border of its activation region in R^n.
 *
 * On the region of a pattern, let a_i.x + b_i be the functions whose signs are the states, without
 * constant ones and comparisons of two losers (model/maxout_groups.h).  The region is where they
 * have these signs.  So a point x of its closure has the distance min_i d_i from the border, where
 * d_i is that from the hyperplane a_i.x + b_i = 0: |a_i.x + b_i| / |a_i|_1 by the norm l-infinity,
 * and |a_i.x + b_i| / |a_i|_2 by l2.  Functions that follow from others do not matter: their
 * hyperplanes do not meet the region's interior, and so are no nearer. */
#ifndef CREASE_REGIONS_DISTANCE_H
#define CREASE_REGIONS_DISTANCE_H

#include "net/network.h"

typedef struct {
    bool any; /* there is a border; otherwise the rest is not set */
    mpq_t linf, l2_squared;
    size_t linf_decision, l2_decision; /* whose hyperplane is so near; the first one */
} crease_distance;

void crease_distance_open(crease_distance *distance);
void crease_distance_close(crease_distance *distance);

/* network: lowered, or it needs no lowering.  x: of the closure of the pattern's region.  Must not
 * be used when the thread is interrupted (base/interrupt.h). */
void crease_distance_find(crease_distance *distance, const crease_network *network,
                          const uint8_t *pattern, mpq_t *x);

#endif
