/* Shadow checks (base/shadow.h) of cells in a box.  All of them fail with the operands. */
#ifndef CREASE_LP_BOXED_SHADOW_H
#define CREASE_LP_BOXED_SHADOW_H

#include "base/shadow.h"
#include "lp/boxed.h"

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

#endif
