/* Certificate nodes DROP and LIKE (src/check/FORMAT.md): ray cells with one image, and what bounds
 * them.
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

/* A ray whose image is not 0, and a hash of the primitive integers on the line of that. */
typedef struct {
    uint64_t print;
    size_t ray;
} crease_alike_image;

/* A cell with bounds that are facets. */
typedef struct {
    size_t d, rays, live, images;
    mpz_t *ray;      /* rays x d */
    mpz_t *function; /* (live + 1) x d: pre-activations of live rows times v_d, and v_d, all of them
                        times the last of these integers */
    crease_alike_image *image; /* ascending */
    crease_bounds_list bounds;
} crease_alike_cell;

/* The cell, which the bounds make; the caller frees it. */
crease_alike_cell *crease_alike_new(const crease_rays *rays, const crease_ray_cell *cell,
                                    const uint64_t *live, const crease_bounds_list *bounds);
void crease_alike_free(crease_alike_cell *cell);

/* Writes that the other bounds are not needed. */
void crease_alike_write_drops(crease_trace *trace, const crease_alike_cell *cell,
                              const crease_bounds_list *bounds);

/* Writes the part of a LIKE behind the point: both maps, and why they stay inside. */
void crease_alike_write(crease_trace *trace, const crease_model *model,
                        const crease_alike_cell *own, const crease_alike_cell *other, mpq_t *there,
                        mpq_t *back);

#endif
