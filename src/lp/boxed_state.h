/* The members of crease_boxed, for the files that implement it. */
#ifndef CREASE_LP_BOXED_STATE_H
#define CREASE_LP_BOXED_STATE_H

#include "exact/basis.h"
#include "exact/simplex.h"
#include "lp/boxed.h"
#include "lp/meet.h"
#include "lp/nearest.h"

#include <gmp.h>

struct crease_boxed {
    const crease_model *model;
    crease_tally *tally;
    size_t n;
    crease_bounded *solver;
    crease_nearest *nearest;
    double *low[2],
        *high[2];  /* n: [0] outside the box or on its boundary, [1] inside it or on its boundary */
    double *reach; /* n: max(|low[0]|, |high[0]|) */
    mpz_t *exact_low, *exact_high, common; /* n: times the common denominator */
    size_t moved;                          /* face of the side that is moved, or SIZE_MAX */
    crease_arena *arena;                   /* of its row */
    double *residual, *point;              /* n + 1 */
    double *minus;                         /* n + 1 */
    double *inside_value, *product;        /* room for the rows of a cell and one */
    const double **value;
    crease_nearest_row *row;
    uint32_t *number; /* 0, 1, ... */
    size_t rooms;
    crease_basis basis; /* of a support */
    double *entry;      /* entries of its rows, their errors, entries of f, multipliers */
    size_t *place;      /* 0, 1, ... */
    size_t basis_room;
    double *matrix;         /* basis_room x n */
    crease_meet_points met; /* of the current meeting (lp/boxed_meet.h) */
};

/* The solver stops when its lower bound exceeds this; then a proof is tried. */
extern const double crease_boxed_margin;

/* Room for m rows of a cell. */
void crease_boxed_reserve(crease_boxed *boxed, size_t m);

/* Room for a basis of k rows. */
void crease_boxed_reserve_basis(crease_boxed *boxed, size_t k);

/* Sets column to as many columns as there are rows (h: k x n, overwritten), where elimination finds
 * large pivots.  False if it does not. */
bool crease_boxed_choose_columns(double *h, size_t k, size_t n, size_t *column);

/* r -= y * row, n numbers. */
void crease_boxed_subtract(double *restrict r, double y, const double *restrict row, size_t n);

/* Is g >= 0 on the box proved (step 1 of lp/boxed.h) for a row g of which r, n + 1 numbers, differs
 * by at most err in each entry? */
bool crease_boxed_above(const crease_boxed *boxed, const double *r, double err);

crease_exact_row crease_boxed_exact_row(const crease_boxed *boxed, const crease_boxed_row *row);

/* Is f negative somewhere on the closure of the cell, which is not empty?  In integers, from a
 * basis or from the empty one (NULL).  If so, vertex (n numbers) is near a point where f is least,
 * or on the way to one. */
bool crease_boxed_exact(const crease_boxed *boxed, const crease_boxed_cell *cell,
                        const crease_boxed_row *f, const crease_bounded_basis *start,
                        double *vertex);

/* crease_boxed_find_support from a basis or from the empty one. */
bool crease_boxed_exact_support(const crease_boxed *boxed, const crease_boxed_cell *cell,
                                const crease_boxed_row *f, const crease_bounded_basis *start,
                                crease_boxed_support *support);

#endif
