/* Floating-point linear programs over a part of a box: the least value of an affine function f on
 *
 *   { x : low_j <= x_j <= high_j for all j < n,  a_i.x >= 0 for all i < m },
 *
 * where an affine function is a row of n + 1 doubles, the constant last, and a.x stands for
 * sum a_j x_j + a_n.  The box is not among the rows: a step costs O((k + 1) n + m k) operations
 * with k rows in the basis.
 *
 * Method: the dual simplex method for bounded variables with the bound-flipping ratio test (Maros,
 * Computational Techniques of the Simplex Method, chapter 10; Fourer, Notes on the Dual Simplex
 * Method, 1994).  A basis is k rows T and k columns S with a regular matrix A_TS.  With y = f_S
 * A_TS^-1 and r = f - sum y_t a_t, columns outside S are at the bound where r_j x_j is least, rows
 * of T are 0, which gives the columns of S.  If y >= 0, or of any sign for rows that are equations
 * a_i.x = 0, then
 *
 *   D(y) = r_n + sum_j min(r_j low_j, r_j high_j)
 *
 * is a lower bound for f; every step makes it larger.  The empty basis has y = 0: no first phase.
 *
 * Results are only proposals.  One solver belongs to one thread. */
#ifndef CREASE_LP_BOUNDED_H
#define CREASE_LP_BOUNDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crease_bounded crease_bounded;

/* Where a run ended, as the start of another run for the same f, whose first rows are the same. */
typedef struct {
    uint32_t count;
    uint32_t *row, *column; /* count each */
} crease_bounded_basis;

typedef enum {
    CREASE_BOUNDED_FAILED, /* too many steps, or numbers of no use */
    CREASE_BOUNDED_ABOVE,  /* D(y) reached the target */
    CREASE_BOUNDED_BELOW, /* f is negative at a point where all rows are positive, or equations hold */
    CREASE_BOUNDED_LEAST /* x is where f is least; the value is at most the target */
} crease_bounded_end;

/* low and high, n finite numbers each, must stay in place. */
crease_bounded *crease_bounded_new(size_t n, const double *low, const double *high);

/* After low[j] or high[j] has changed. */
void crease_bounded_moved(crease_bounded *solver, size_t j);

void crease_bounded_free(crease_bounded *solver);

typedef struct {
    size_t m, equations;      /* the last so many rows */
    const double *const *row; /* m rows */
    const double *f;
    double target; /* 0 or slightly more */
    /* n coordinates of a point where all rows are positive and equations hold, the values of the
     * rows and of f there; or NULL. */
    const double *inside, *inside_row;
    double inside_f;
    const crease_bounded_basis *start; /* or NULL */
    bool whole;                        /* go on to the least value */
} crease_bounded_task;

crease_bounded_end crease_bounded_run(crease_bounded *solver, const crease_bounded_task *task);

/* The results of the last run, valid until the next one.  n coordinates each. */
const double *crease_bounded_x(const crease_bounded *solver);     /* the basic solution */
const double *crease_bounded_point(const crease_bounded *solver); /* after BELOW */
double crease_bounded_value(const crease_bounded *solver);        /* D(y) */

/* Where it ended, and y for its rows, in their order. */
crease_bounded_basis crease_bounded_last(crease_bounded *solver);
const double *crease_bounded_multipliers(const crease_bounded *solver);

/* The inner product of two vectors, summed in any order, in vector instructions. */
double crease_bounded_long_product(const double *a, const double *x, size_t n);

/* The same, inline for short vectors. */
static inline double crease_bounded_product(const double *a, const double *x, size_t n)
{
    double even = 0, odd = 0;
    size_t j = 0;
    if (n >= 32)
        return crease_bounded_long_product(a, x, n);
    for (; j + 2 <= n; j += 2) {
        even += a[j] * x[j];
        odd += a[j + 1] * x[j + 1];
    }
    return j < n ? even + odd + a[j] * x[j] : even + odd;
}

#endif
