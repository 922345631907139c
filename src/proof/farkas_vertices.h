/* Certificate nodes FORCE: proofs that units keep one sign on a ray cell.
 *
 * Let f be an affine function with f >= 0 on the cell.  f has its least value at a vertex.  By
 * linear programming duality (Farkas), f = t + sum_i y_i a_i with t, y_i >= 0, where the a_i are
 * functions that bound the cell and vanish at this vertex.  They are the support of f.  If exactly
 * d - 1 of them vanish there, these are the support.  If more do, exact arithmetic chooses among
 * them.
 *
 * Let the cell be the half of a cell that f cuts, and h the row that halves it.  Then f is least at
 * vertices where h = 0 alone.  For let h > 0 and f least at a point w of the half, and f < 0 at a
 * point p of the whole cell.  On the way from w to p, f is less than at w, and points close to w
 * are in the half.
 *
 * If m of the d - 1 functions determine the values of rows in a space of low rank that has the row
 * of f (dd/low_rank.h), these m are the support, and f has the same value at all vertices where
 * they vanish. */
#ifndef CREASE_PROOF_FARKAS_VERTICES_H
#define CREASE_PROOF_FARKAS_VERTICES_H

#include "dd/rays.h"
#include "proof/trace.h"

/* The number of a row in a certificate. */
size_t crease_farkas_reference(const crease_model *model, const crease_row *slot);

/* Writes that the units of the set are forced.  They must not cut the cell; those of them that are
 * in the set positive are positive there.  The rows in the slots of crossed vanish on the whole
 * cell.  facet: the slot of a row that halves a cell which all of these units cut, where the cell
 * is a half, otherwise CREASE_RAY_SLOTS. */
void crease_farkas_force(crease_trace *trace, const crease_rays *rays, const crease_ray_cell *cell,
                         const crease_active_set *crossed, size_t facet, const uint64_t *units,
                         const uint64_t *positive);

/* Writes that unit u, which has the given sign on a cell, is forced by rows that bound the cell:
 * row[i] with the integers value[i].  The first `equations` of them vanish on the whole cell. */
void crease_farkas_force_by_rows(crease_trace *trace, crease_map *map, size_t u, int sign,
                                 const crease_row *row, const mpz_t *const *value, size_t rows,
                                 size_t equations);

#endif
