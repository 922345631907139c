/* Points of cells, for the leaves of a certificate.
 *
 * A cell may lie in a flat, where some units vanish.  Every crossing solves the equation of its
 * unit for one coordinate, the pivot; a point is given by the coordinates that are left, as
 * dyadic numbers of few bits. */
#ifndef CREASE_PROOF_WITNESSES_H
#define CREASE_PROOF_WITNESSES_H

#include "dd/rays.h"
#include "proof/trace.h"

typedef struct {
    const crease_model *model;
    size_t count;       /* crossings; at most the inputs */
    crease_slot *cross; /* their units */
    size_t *slot;       /* where rays have them in their tight sets, or CREASE_RAY_SLOTS */
    size_t *pivot;
    bool *solved;            /* per coordinate: is it a pivot? */
    double *row;             /* count x (inputs + 1): rows, zero at the pivots before */
    bool *shaky;             /* per crossing: was its pivot, or one before, hard to tell from 0? */
    double *work;            /* for an inverse */
    crease_active_set slots; /* all of slot */
} crease_flat;

void crease_flat_open(crease_flat *flat, const crease_model *model);
void crease_flat_close(crease_flat *flat);

/* Goes to the flat where unit u of the rays' map vanishes, which is not constant on the
 * flat so far.  slot: where the rays of the flat have it in their tight sets, or
 * CREASE_RAY_SLOTS.  Returns the pivot. */
size_t crease_flat_cross(crease_flat *flat, crease_rays *rays, size_t u, size_t slot);
void crease_flat_back(crease_flat *flat);

/* The crossing that rays do not lie on, if any. */
static inline const crease_slot *crease_flat_beside(const crease_flat *flat)
{
    size_t last = flat->count - 1;
    return flat->count && flat->slot[last] == CREASE_RAY_SLOTS ? &flat->cross[last] : NULL;
}

/* Writes a point of the cell.  If the last crossing has no slot, its unit cuts the cell, and
 * the point lies there. */
void crease_flat_point(crease_trace *trace, const crease_flat *flat, crease_rays *rays,
                       const crease_ray_cell *cell);

/* Writes a point near the target where all the rows are positive, which bound a cell.
 * target: d coordinates, the last one 1; nothing is written, and false returned, if doubles do
 * not show that it and the rounded point lie inside. */
bool crease_flat_point_by_doubles(crease_trace *trace, const crease_flat *flat, crease_rays *rays,
                                  const double *target, const crease_slot *row, size_t rows);

/* The same in integers, for a cell of any width; V lies inside. */
void crease_flat_point_by_integers(crease_trace *trace, const crease_flat *flat, crease_rays *rays,
                                   const mpz_t *V, const crease_slot *row, size_t rows);

/* The coordinate in which the row of the crossing behind the last is largest, in integers. */
size_t crease_flat_exact_pivot(const crease_flat *flat);

/* Adds to V, which is zero, a point inside the cell, on the crossing that rays do not lie on. */
void crease_flat_exact_target(const crease_flat *flat, crease_rays *rays,
                              const crease_ray_cell *cell, mpz_t *V);

#endif
