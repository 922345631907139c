/* The rows that bound a cell, all at one point, in doubles with error bounds (exact/filter.h).
 *
 * The point x is known in doubles, or is within off, in the sum of its coordinates' differences, of
 * one in doubles.  Then s g.x, g a row and s its sign on the cell, is more than
 *
 *   s fl(r.x) - E - off (mag + err),     E = crease_filter_bound(d, mag, err, one). */
#ifndef CREASE_PROOF_WALLS_H
#define CREASE_PROOF_WALLS_H

#include "dd/rays.h"

/* Rows of maps times their signs, one beside the other: entry j of row r at entry[j * width +
 * r]. */
typedef struct {
    const crease_rays *rays;
    size_t d, width; /* width: a multiple of 8, filled up with copies of a row */
    double *entry, *mag, *err;
    double *bound, *grow, *inverse; /* E for one = 1; mag + err; 2 / sum |r_j| */
    size_t faces;
    const crease_row *face; /* the rows that are none of a map */
    size_t rows;
    const crease_row *row; /* all of them */
} crease_walls;

/* Refers to the rows, and to the arena of the rays. */
crease_walls crease_walls_new(const crease_rays *rays, const crease_row *row, size_t rows);

/* Are all rows positive at x?  one >= sum |x_j|.  If fine is not NULL, it gets the least of 2 s r.x
 * / sum |r_j|, where the error bounds are taken off: how far x may move in each coordinate. */
bool crease_walls_inside(const crease_walls *walls, const double *x, double one, double off,
                         double *fine);

#endif
