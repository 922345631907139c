/* How far a region is from a point. */
#ifndef CREASE_REGIONS_FROM_POINT_H
#define CREASE_REGIONS_FROM_POINT_H

#include <crease_regions.h>
#include <gmp.h>

/* Sets distance to the least |p - x| by the norm over the closure of the set of all points of the
 * domain (NULL: R^n) with the region's pattern.
 *
 * For l-infinity, it is the least t with r.(p, 1) >= 0 for the rows r of this set and t >= +-(p_j -
 * x_j); for l1, the least t = t_1 + ... + t_n with t_j >= +-(p_j - x_j).  By Farkas' lemma t >= c
 * holds there iff t - c is a sum of multiples >= 0 of these rows and of 1 (crease_simplex_in_cone).
 * Where it does not hold, a point with a smaller t is found, and c becomes that t.  `most`, which
 * the distance does not exceed, is the first c. */
void crease_region_from_point(crease_region *region, const crease_domain *domain, mpq_t *x,
                              crease_norm norm, const mpq_t most, mpq_t distance);

/* Is that distance less than the radius?  Iff the region meets the open ball: near a point of its
 * closure in the ball there are others inside of it. */
bool crease_region_is_within(crease_region *region, const crease_domain *domain, mpq_t *x,
                             crease_norm norm, const mpq_t radius);

#endif
