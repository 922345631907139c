/* Witnesses: points of cells, for the leaves of a certificate.
 *
 * A cell may lie in an affine subspace where some units vanish.  Each of these units is a
 * crossing; its equation is solved for one coordinate, the pivot.  A point is given by its other
 * coordinates, as dyadic numbers of few bits. */
#ifndef CREASE_PROOF_WITNESSES_H
#define CREASE_PROOF_WITNESSES_H

#include "dd/rays.h"
#include "proof/trace.h"
#include "proof/walls.h"

typedef struct {
    const crease_model *model;
    size_t count;      /* crossings; at most the inputs */
    crease_row *cross; /* their units */
    size_t *slot;      /* their slots in the active sets of rays, or CREASE_RAY_SLOTS */
    size_t *pivot;
    bool *solved;            /* per coordinate: is it a pivot? */
    size_t stride;           /* of rows: a multiple of 8, behind their entries they are 0 */
    double *memory, *whole;  /* count rows of inputs + 1 numbers, aligned to 64 bytes */
    double *row;             /* the same, zero at the earlier pivots */
    double *size;            /* per crossing: of the rows that make up its row, see witnesses.c */
    bool *shaky;             /* per crossing: was its pivot or an earlier one close to 0? */
    double *work;            /* inputs */
    int64_t *numerator;      /* the same */
    bool plain;              /* see write_plain in witnesses.c */
    crease_active_set slots; /* all of slot */
} crease_subspace;

void crease_subspace_open(crease_subspace *subspace, const crease_model *model);
void crease_subspace_close(crease_subspace *subspace);

/* Adds a crossing: unit u of the rays' map, which must not be constant on the subspace.  slot: its
 * slot in the active sets of the rays on the new subspace, or CREASE_RAY_SLOTS if the rays do not
 * lie there. Returns the pivot. */
size_t crease_subspace_cross(crease_subspace *subspace, const crease_rays *rays, size_t u,
                             size_t slot);
/* Removes the last crossing. */
void crease_subspace_back(crease_subspace *subspace);

/* The last crossing if the rays do not lie on it, otherwise NULL. */
static inline const crease_row *crease_subspace_beside(const crease_subspace *subspace)
{
    size_t last = subspace->count - 1;
    return subspace->count && subspace->slot[last] == CREASE_RAY_SLOTS ? &subspace->cross[last]
                                                                       : NULL;
}

/* Writes a point of the cell.  If the last crossing has no slot, its unit cuts the cell, and the
 * point is on it. */
void crease_subspace_point(crease_trace *trace, const crease_subspace *subspace,
                           const crease_rays *rays, const crease_ray_cell *cell);

/* Writes a point near the target at which all the walls are positive.  target: d coordinates, the
 * last one 1.  If doubles do not prove that the target and the rounded point are between the walls,
 * nothing is written, and the result is false. */
bool crease_subspace_point_by_doubles(crease_trace *trace, const crease_subspace *subspace,
                                      const crease_walls *walls, const double *target);

/* The same in integers, for a cell of any width.  V is a point in the cell. */
void crease_subspace_point_by_integers(crease_trace *trace, const crease_subspace *subspace,
                                       const crease_rays *rays, const mpz_t *V,
                                       const crease_row *row, size_t rows);

/* The coordinate in which the integer row of the next crossing, number count, is largest. */
size_t crease_subspace_exact_pivot(const crease_subspace *subspace);

/* Sets V, which is zero, to a point of the cell that is on the crossing of
 * crease_subspace_beside. */
void crease_subspace_exact_target(const crease_subspace *subspace, const crease_rays *rays,
                                  const crease_ray_cell *cell, mpz_t *V);

#endif
