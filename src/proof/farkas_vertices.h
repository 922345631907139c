/* Proofs, for a certificate, that units keep one sign on a ray cell.
 *
 * A function that is not negative on a cell has its least value at a vertex, and is a
 * combination, with coefficients >= 0, of functions that vanish there and bound the cell,
 * and of 1 (duality of linear programs).  At a vertex where d - 1 bounding functions vanish
 * these are the support; where more do, exact arithmetic chooses among them.
 *
 * If m units of a layer below are active, m < d - 1, all rows lie in the span of theirs and
 * (0, ..., 0, 1).  If m of the d - 1 functions that vanish at a vertex lie there as well, they are
 * the support, and the vertices that share them have the same value. */
#ifndef CREASE_PROOF_FARKAS_VERTICES_H
#define CREASE_PROOF_FARKAS_VERTICES_H

#include "dd/rays.h"
#include "proof/trace.h"

/* The number of a row in a certificate. */
size_t crease_farkas_reference(const crease_model *model, const crease_slot *slot);

/* Writes that the units of the set, which do not cut the cell and have their signs decided
 * at its rays, are forced.  The rows in the slots of crossed vanish on the whole cell. */
void crease_farkas_force(crease_trace *trace, crease_rays *rays, const crease_ray_cell *cell,
                         const crease_active_set *crossed, const uint64_t *units);

/* Writes that unit u, a sign of which is given, is forced by rows that bound a cell. */
void crease_farkas_force_by_rows(crease_trace *trace, crease_map *map, size_t u, int sign,
                                 const crease_slot *row, const mpz_t *const *value, size_t rows,
                                 size_t equations);

/* The integers of a row. */
static inline const mpz_t *crease_farkas_row(const crease_rays *rays, const crease_slot *slot)
{
    return slot->map ? crease_map_exact(slot->map, slot->unit)
                     : rays->face + (ptrdiff_t)slot->unit * rays->face_step;
}

#endif
