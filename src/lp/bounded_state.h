/* The members of crease_bounded, for the files that implement it. */
#ifndef CREASE_LP_BOUNDED_STATE_H
#define CREASE_LP_BOUNDED_STATE_H

#include "lp/bounded.h"

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#define KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define KERNEL
#endif

struct crease_bounded {
    size_t n, m, k, rooms; /* rooms: for rows */
    size_t rows;           /* the first so many rows are no equations */
    const double *low, *high;
    const double *const *row;
    const double *f;
    double *range, *reduced, *beta, *x, *point; /* n */
    double *side;                               /* n: 1 at low, -1 at high, 0 basic */
    double *theta, *drop;                       /* n + rooms: breakpoints, of the line search */
    uint32_t *list, *less, *more;               /* n + rooms */
    double *step;                               /* n: of flipped columns */
    double
        *derivative; /* m x k with stride rooms: of basic variable i by the value of row tight[t] */
    size_t *basic;   /* m: column j, or n + i for the value of row i */
    uint32_t *tight; /* k */
    uint32_t *column; /* k: basic columns, for crease_bounded_last */
    double *y, *coef; /* k */
    double *entry;    /* m: of basic variables by what enters */
    double *fixed;    /* m + 1: rows and f, without the basic columns */
    double *value;    /* m: of basic variables */
    const double **used;
    double objective;
    double first; /* theta of the last step */
};

/* The variable that leaves the basis: its place, its direction, and how far it is beyond its bound.
 * This distance is the slope of D(y) as its multiplier grows. */
typedef struct {
    size_t place;
    double sign, slope;
} crease_bounded_leaving;

/* The variable that enters: the breakpoint where the slope of D(y) becomes negative, column j or n
 * + a place in tight.  theta of all breakpoints is set.  SIZE_MAX if the slope stays positive. */
size_t crease_bounded_line_search(crease_bounded *solver, const crease_bounded_leaving *out);

#endif
