/* Where the last unit changes its state. */
#ifndef CREASE_REGIONS_CHANGES_H
#define CREASE_REGIONS_CHANGES_H

#include "regions/region.h"

/* Adds to beyond[s], for each state s but its own, the number of facets of the region, inside the
 * domain, across which the last unit changes to s.  The last layer that switches has one unit.
 *
 * On the region, its state is that of the signs of functions g_k > 0: that of a ReLU, or the
 * comparisons of the largest piece of maxout with the others.  They are pieces of functions that
 * are continuous on R^n.  So if no g_k is 0 on the region, the unit changes across a facet only if
 * some g_k is 0 there, and of all rows only those of the g_k are tested: each of them bounds the
 * region in a facet iff it does not follow from the rows that are not parallel to it. */
void crease_region_last_changes(crease_region *region, uint64_t *beyond);

#endif
