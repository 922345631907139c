/* Counting the regions that rows cut a ray cell into, as in cells/restriction.h, from outlines
 * (dd/outline.h) alone.
 *
 *   r(C; H_1..H_m) = 1 + sum over the H_i that meet C of
 *                        r(C and H_i; those of H_1..H_(i-1) that meet C and H_i),
 *
 * where an H_i that has the trace of an earlier one on C adds nothing.  Where C and H_i are cut by
 * no row, or by one, they have one region, or two.  In two dimensions, where the cell is a segment,
 * m points that are proved to be different make m + 1 regions; so no two traces of the H_1..H_(i-1)
 * are the same in the cells of this sum, except for those that are left out.
 *
 * If the sign of a value is in doubt, or points of a segment may be the same, there is no count. */
#ifndef CREASE_CELLS_OUTLINE_COUNT_H
#define CREASE_CELLS_OUTLINE_COUNT_H

#include "dd/outline.h"

/* The regions of a full cell under the rows of the set, all of which cut it; false if they are not
 * proved.  They must be fewer than 2^64. */
bool crease_outline_count(const crease_rays *rays, const crease_ray_cell *cell,
                          const uint64_t *rows, uint64_t *regions);

/* The same, as well as the rays are known. */
bool crease_outline_try(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *rows,
                        uint64_t *regions);

/* The same in an outline, which all rows of the set cut. */
bool crease_outline_count_in(crease_outline_space *space, const crease_outline *outline,
                             uint64_t rows, uint64_t *regions);

#endif
