/* Shadow checks (base/shadow.h) of cells in a box.  All of them fail with the operands. */
#ifndef CREASE_LP_BOXED_SHADOW_H
#define CREASE_LP_BOXED_SHADOW_H

#include "base/shadow.h"
#include "lp/boxed_meet.h"

/* The doubles on both sides of the bounds of the box. */
void crease_shadow_boxed_bounds(const crease_boxed *boxed);

/* A row as it was taken. */
void crease_shadow_boxed_row(const crease_boxed *boxed, const crease_boxed_row *row);

/* The point lies inside the cell. */
void crease_shadow_boxed_contains(const crease_boxed *boxed, const crease_boxed_cell *cell,
                                  const double *point);

/* f takes negative values on the cell, at the point if it is not NULL, or it does not. */
void crease_shadow_boxed_cuts(const crease_boxed *boxed, const crease_boxed_cell *cell,
                              const crease_boxed_row *f, bool cuts, const double *point);

/* The support is that of the basis, in integers. */
void crease_shadow_boxed_support(const crease_boxed *boxed, const crease_boxed_cell *cell,
                                 const crease_boxed_row *f, const crease_bounded_basis *basis,
                                 const crease_boxed_support *support);

/* The same on the flat where the last `equations` rows of the cell are 0; not checked in many
 * dimensions. */
void crease_shadow_boxed_flat_support(const crease_boxed *boxed, const crease_boxed_cell *cell,
                                      size_t equations, const crease_boxed_row *f,
                                      const crease_boxed_support *support);

/* Near x, with all coordinates but those of as many columns kept, the rows of the set are 0 at one
 * point: it lies inside, their linear parts are independent, and if they are as many as the rank,
 * no other row is 0 there. */
void crease_shadow_boxed_meets(const crease_boxed_meeting *meeting, uint64_t set,
                               const size_t *column, const double *x);

/* The rows of the set are 0 at no point of the closure of the cell; not checked in many
 * dimensions. */
void crease_shadow_boxed_apart(const crease_boxed_meeting *meeting, uint64_t set);

#endif
