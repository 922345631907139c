/* Points on facets of a region, and on the facets of facets (ridges), exactly. */
#ifndef CREASE_REGIONS_RIDGES_H
#define CREASE_REGIONS_RIDGES_H

#include "regions/region.h"

/* Sets x, inputs numbers, to a point of facet i where no other facet is. */
void crease_region_facet_point(crease_region *region, size_t i, mpq_t *x);

/* Have facets i and k a ridge in common, a face of dimension n - 2?  Then x is a point of it where
 * no third facet is.
 *
 * A ridge of a polyhedron lies in exactly two facets.  So it is one iff some x has a_i.(x, 1) = 0,
 * a_k.(x, 1) = 0 and a_j.(x, 1) > 0 for the rows a_j of all other facets: these x are an open set
 * in the intersection of two hyperplanes that are not parallel. */
bool crease_region_ridge_point(crease_region *region, size_t i, size_t k, mpq_t *x);

/* Sets row, inputs + 1 integers, to a positive multiple of the row of facet i. */
void crease_region_facet_integers(crease_region *region, size_t i, mpz_t *row);

#endif
