/* Counting the regions that rows cut a ray cell into, as in cells/restriction.h, from outlines
 * (dd/outline.h) alone.
 *
 *   r(C; H_1..H_m) = 1 + sum over the H_i that meet C of
 *                        r(C and H_i; those of H_1..H_(i-1) that meet C and H_i)
 *
 * holds if on every cell in this sum, from two dimensions on, the traces of the hyperplanes that meet
 * it are proved to be different.  So all counts are those of hyperplanes in general position or nearly
 * so; in two dimensions, where the cell is a segment, m different points make m + 1 regions.
 *
 * If traces may be the same, or the sign of a value is in doubt, there is no count. */
#ifndef CREASE_CELLS_OUTLINE_COUNT_H
#define CREASE_CELLS_OUTLINE_COUNT_H

#include "dd/rays.h"

/* The regions of a full cell under the rows of the set, all of which cut it; false if they are not
 * proved.  They must be fewer than 2^64. */
bool crease_outline_count(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *rows, uint64_t *regions);

#endif
