/* Certificate nodes DROP and LIKE (src/check/FORMAT.md): affine maps between ray cells with one
 * image, and what bounds a ray cell.
 *
 * Cells are in the coordinates of the model.  All numbers are exact. */
#ifndef CREASE_PROOF_ALIKE_H
#define CREASE_PROOF_ALIKE_H

#include "dd/rays.h"
#include "proof/trace.h"

/* What bounds a cell: rows that are >= 0 on it, d integers each, ascending by the numbers that they
 * have in a certificate. */
typedef struct {
    size_t count, d, *entry;
    mpz_t *row;
} crease_bounds_list;

/* Adds a copy of a row, whose entry must not be there. */
void crease_bounds_add(crease_bounds_list *bounds, size_t entry, const mpz_t *row, int sign);
crease_bounds_list crease_bounds_copy(const crease_bounds_list *bounds);
void crease_bounds_clear(crease_bounds_list *bounds);

/* A cell with bounds that are facets. */
typedef struct {
    size_t d, rays, live;
    mpz_t *ray;   /* rays x d */
    mpq_t *image; /* (live + 1) x d: pre-activations of live rows times v_d, and v_d */
    crease_bounds_list bounds;
} crease_alike_cell;

/* The cell, which the bounds make; the caller frees it. */
crease_alike_cell *crease_alike_new(const crease_rays *rays, const crease_ray_cell *cell,
                                    const uint64_t *live, const crease_bounds_list *bounds);
void crease_alike_free(crease_alike_cell *cell);

/* Writes that the other bounds are not needed. */
void crease_alike_write_drops(crease_trace *trace, const crease_alike_cell *cell,
                              const crease_bounds_list *bounds);

/* A linear map of R^d, d x d fractions, that keeps v_d and takes the cell into the closure of the
 * other and the functions of its live rows to those of the other.  NULL if none was found: a ray goes
 * to the mean of the other's rays that have its image.  The caller frees it with crease_alike_drop.
 */
mpq_t *crease_alike_map(const crease_alike_cell *from, const crease_alike_cell *to);
void crease_alike_drop(mpq_t *map, size_t d);

/* Writes the part of a LIKE behind the point: both maps, and why they stay inside. */
void crease_alike_write(crease_trace *trace, const crease_model *model,
                        const crease_alike_cell *own, const crease_alike_cell *other, mpq_t *there,
                        mpq_t *back);

#endif
