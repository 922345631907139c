/* The point of a part of a box that is nearest to a given one, in floating point.
 *
 * Rows a_0, ..., a_(m-1) are affine functions, a.x = sum a_j x_j + a_n.  Given a point c with
 * low_j < c_j < high_j, the program is, with a share s between 0 and 1,
 *
 *   min |x - c|^2  subject to  a_i.x >= s |a_i.c|,
 *                              x_j - low_j >= s (c_j - low_j),  high_j - x_j >= s (high_j - c_j).
 *
 * So a solution lies inside of { x : low < x < high, a_i.x > 0 }.  Where a_i.c > 0 for all rows but
 * few, few steps lead to it.
 *
 * Method: the dual active set method (Goldfarb, Idnani, A numerically stable dual method for solving
 * strictly convex quadratic programs, 1983).  With active constraints K, multipliers u >= 0 and the
 * gradients g_k, x = c + sum u_k g_k.  What the rows are at x follows from products of rows; only
 * where x violates none of them it is compared with the box, and a bound that it violates becomes a
 * constraint.  A step costs O(k (k + m)) operations, and O(k n) where x is compared with the box.
 *
 * All that comes out is a proposal.  One solver belongs to one thread. */
#ifndef CREASE_LP_NEAREST_H
#define CREASE_LP_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct crease_nearest crease_nearest;

/* Numbers increase from row to row. */
typedef struct {
    const double *value;   /* n + 1, the constant last; in a cone without a box just n */
    const double *product; /* of its gradient with that of row number k, at k <= number */
    size_t number;
} crease_nearest_row;

typedef struct {
    size_t n, m;
    const double *low, *high;      /* n each; or both NULL: there is no box, and no constant */
    const crease_nearest_row *row; /* m */
    const double *centre;          /* c: n */
    const double *at_centre;       /* a_i.c: m */
} crease_nearest_task;

typedef enum {
    CREASE_NEAREST_FAILED, /* too many steps, or numbers of no use */
    CREASE_NEAREST_FOUND,  /* x is a point inside */
    CREASE_NEAREST_NONE    /* multipliers y say why: sum y_i a_i <= 0 on the box, or nearly so */
} crease_nearest_end;

crease_nearest *crease_nearest_new(void);
void crease_nearest_free(crease_nearest *solver);

crease_nearest_end crease_nearest_run(crease_nearest *solver, const crease_nearest_task *task);

/* What the last run left behind, valid until the next one.  x: from the nearest point on, away from
 * all constraints that it lies on at the same pace, half as far as the others allow. */
const double *crease_nearest_x(const crease_nearest *solver);           /* after FOUND: n */
const double *crease_nearest_multipliers(const crease_nearest *solver); /* after NONE: m, y >= 0 */

#endif
