/* The nearest point to a given point in a part of a box, in floating point.
 *
 * Rows a_0, ..., a_(m-1) are affine functions, a.x = sum a_j x_j + a_n.  Given a point c with
 * low_j < c_j < high_j, the program is, with a share s between 0 and 1,
 *
 *   min |x - c|^2  subject to  a_i.x >= s |a_i.c|,
 *                              x_j - low_j >= s (c_j - low_j),  high_j - x_j >= s (high_j - c_j).
 *
 * For s > 0 a solution lies in { x : low < x < high, a_i.x > 0 }, if no a_i.c is 0.  If a_i.c > 0
 * for all but a few rows, few steps are needed.  The last rows may be equations a_i.x = 0.
 *
 * Method: the dual active set method (Goldfarb, Idnani, A numerically stable dual method for
 * solving strictly convex quadratic programs, 1983).  With active constraints K, multipliers u >= 0
 * and the gradients g_k, x = c + sum u_k g_k.  The values of the rows at x follow from products of
 * rows.  If x violates no row, it is compared with the box, and a violated bound becomes a
 * constraint.  Equations are made active first and stay so, with multipliers of any sign.  A step
 * with k active constraints costs O(k (k + m)) operations, and O(k n) if x is compared with the
 * box.
 *
 * Results are only proposals.  One solver belongs to one thread. */
#ifndef CREASE_LP_NEAREST_H
#define CREASE_LP_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct crease_nearest crease_nearest;

/* The numbers of the rows of a task ascend. */
typedef struct {
    const double *value;   /* n + 1, the constant last; only n in a cone without a box */
    const double *product; /* [k]: its gradient times that of row number k, for k <= number */
    size_t number;
} crease_nearest_row;

typedef struct {
    size_t n, m, equations;   /* the last so many of the m rows */
    double share;             /* s, or 0: the usual one */
    const double *low, *high; /* n each; both NULL if there is no box and rows have no constant */
    const crease_nearest_row *row; /* m */
    const double *centre;          /* c: n */
    const double *at_centre;       /* a_i.c: m */
} crease_nearest_task;

typedef enum {
    CREASE_NEAREST_FAILED, /* too many steps, or rounding errors */
    CREASE_NEAREST_FOUND,  /* x is a point inside */
    CREASE_NEAREST_NONE /* there are multipliers y: sum y_i a_i <= 0 on the box, nearly, y_i >= 0 but for equations */
} crease_nearest_end;

crease_nearest *crease_nearest_new(void);
void crease_nearest_free(crease_nearest *solver);

crease_nearest_end crease_nearest_run(crease_nearest *solver, const crease_nearest_task *task);

/* The results of the last run, valid until the next one.  x is the nearest point, moved away from
 * its active constraints at equal rates, half as far as the other constraints allow. */
const double *crease_nearest_x(const crease_nearest *solver);           /* after FOUND: n */
const double *crease_nearest_multipliers(const crease_nearest *solver); /* after NONE: m */

#endif
