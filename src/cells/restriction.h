/* Counting the regions that rows cut a ray cell into, without visiting them.
 *
 * For an open convex set C and hyperplanes H_1, ..., H_m that are pairwise different on C
 * (deletion and restriction; Zaslavsky 1975, in Stanley, An Introduction to Hyperplane
 * Arrangements, lemma 2.1 and section 2.2, which hold inside a convex set as well):
 *
 *   r(C; H_1..H_m) = 1 + sum over the H_i that meet C of
 *                        r(C and H_i; the different traces of H_1..H_(i-1)).
 *
 * The hyperplane H_i cuts exactly those regions of C under H_1..H_(i-1) that contain a region of
 * C and H_i under these hyperplanes, and each of them in two.  In dimension one (a cell with two
 * rays) the count is one more than the number of different points.
 *
 * If H_1, ..., H_k are independent and meet in a point of C, there are 2^k regions for them, so
 * that only the terms of H_(k+1), ... are left.  This is used where the steps are written. */
#ifndef CREASE_CELLS_RESTRICTION_H
#define CREASE_CELLS_RESTRICTION_H

#include "proof/witnesses.h"
#include "proof/recount.h"

/* Where the steps of a count are written.  The subspace is that of the current cell.  Regions that
 * the checker will count are counted twice. */
typedef struct {
    crease_trace trace;
    crease_subspace subspace;
    crease_recount recount;
} crease_proof;

void crease_proof_open(crease_proof *proof, const crease_model *model, crease_tape *tape,
                       crease_segment *segment);
void crease_proof_close(crease_proof *proof); /* not the segment */

/* The number of regions of the cell, a cone of the given dimension (d for a full cell),
 * under the rows in the set, whose signs at the cell's rays must be decided.  proof may be
 * NULL. */
uint64_t crease_restriction_count(const crease_rays *rays, const crease_ray_cell *cell,
                                  size_t dimension, const uint64_t *rows, crease_proof *proof);

/* Does crease_restriction_count have slots for a cell of this dimension? */
bool crease_restriction_fit(const crease_ray_cell *cell, size_t dimension);

#endif
