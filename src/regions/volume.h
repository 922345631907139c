/* Volumes of polytopes, exactly. */
#ifndef CREASE_REGIONS_VOLUME_H
#define CREASE_REGIONS_VOLUME_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* Sets volume to that of P = { x in R^n : row_i.(x, 1) >= 0 }, given by m rows of n + 1 numbers,
 * which are changed; n >= 1, P is bounded.  It takes about m^n steps.
 * Leaves early when the thread is interrupted (base/interrupt.h).
 *
 * Lasserre's recursion (An analytical expression and an algorithm for the volume of a convex
 * polyhedron in R^n, 1983): the facet F_i = { row_i = 0 } of P, where row_i = (a_i, b_i), lies at
 * distance b_i / |a_i| from the origin, and its image under dropping coordinate j has the volume of
 * F_i times |a_ij| / |a_i|.  So
 *
 *   n vol(P) = sum_i b_i / |a_ij| vol(image of F_i), with any j where a_ij is not 0,
 *
 * provided that no two rows are positive multiples of each other up to b; of these only the
 * tightest is taken.  Where row i follows from the others, the image has no volume. */
void crease_volume(mpq_t volume, size_t n, size_t m, mpq_t *row);

#endif
