/* Proved answers about a part of a box: does an affine function take negative values there?
 *
 * The domain is a box, low_j <= x_j <= high_j in the coordinates of the model, and a cell is
 *
 *   C = { x : low_j < x_j < high_j for all j < n,  a_i.x > 0 for all i < m },
 *
 * known not to be empty; a.x stands for sum a_j x_j + a_n.  So f >= 0 on C iff f >= 0 on its
 * closure.  lp/nearest.h and then lp/bounded.h propose; what follows is proved.
 *
 * 1. f >= 0 on C.  For any y >= 0 and r = f - sum y_i a_i, f.x >= r.x on C, so it is enough that
 *    r_n + sum_j min(r_j low_j, r_j high_j) >= 0.  Rows are known by doubles with |a_ij - row_ij|
 *    <= err_i and |row_ij| <= 1, the bounds of the box by doubles low'_j <= low_j, high'_j >=
 *    high_j; so with reach_j = max(|low'_j|, |high'_j|) and r' the computed r, in any order of
 *    summation,
 *
 *      |r'_j - r_j| <= E,   E = gamma_(m+2) (1 + sum y_i) + err_f + sum y_i err_i,
 *      min(r_j low_j, r_j high_j) >= min(r'_j low'_j, r'_j high'_j) - E reach_j.
 *
 *    The sum of n + 1 terms with one product each has an error of at most
 *    gamma_(n+3) (|r'_n| + sum |r'_j| reach_j).  gamma is that of exact/filter.h; a last factor
 *    1 + 2^-20 covers the rounding of the bound itself.  What underflow takes from the rows and from
 *    r' is less than what gamma_(m+2) has to spare; in the last sum it is at most 2^-1000.  An
 *    overflow makes the bound infinite or a NaN, which proves nothing; y that are not positive
 *    numbers count as 0.
 *
 * 2. f < 0 somewhere on C.  A point x of doubles with low''_j < x_j < high''_j, where low''_j >=
 *    low_j and high''_j <= high_j, which are comparisons without error; the signs of all rows and
 *    of f at x by exact/filter.h.
 *
 * 3. Where neither is proved, the same question in integers, from the basis that doubles ended
 *    with: the dual simplex method for bounded variables with Bland's rule, so it ends; see
 *    lp/boxed_exact.c.
 *
 * 4. A support.  A basis is rows T and as many columns S, k each, with A_TS proved to be regular
 *    and y' near y = f_S A_TS^-1, |y'_q - y_q| <= delta (exact/basis.h).  r = f - sum y_q a_q is 0
 *    in the columns S.  In the others, as |a_qj| <= 1 + err_q,
 *
 *      |r'_j - r_j| <= E,   E = gamma_(k+2) (1 + sum y'_q) + err_f + sum (y'_q err_q
 *                               + delta (1 + err_q)).
 *
 *    The support is to be the rows T+ with y'_q > delta and the columns outside S with |r'_j| > E.
 *    (a) If these are all rows of T and all columns outside S, let r >= 0 on the box be proved as
 *        in
 *    step 1, with this E.  Then f is the sum of y_q a_q, of |r_j| times the distance from the lower
 *    bound (r_j > 0) or the upper one, and of t = the least value of r on the box.
 *    (b) If there is no such column, let f and the rows T+, m in number, lie in the span of m rows
 *    and (0, ..., 0, 1) (crease_map_dimensions).  The rows T+ are independent, as A_TS is regular, so
 *    they span its linear parts, and all other y_q and r_j are 0: f = sum over T+ of y_q a_q + t
 *    with t = r_n, which is positive if r'_n > E.
 *    Where neither decides, integers do.
 *    On a flat, where the last rows e of the cell are 0, all of them are to be in T, with y_e of
 *    any sign and |y'_e| in E.  Then f = sum y_q a_q + sum y_e e + ... as in (a), or in (b) if there
 *    are as many of T+ and of the e as m; and as A_TS is regular, what is left of the support on the
 *    flat is independent there.
 *
 * 5. A side x_j = low_j is a facet of C iff C without this bound has points with x_j < low_j.  It
 *    is convex and C is not empty, so some of them have x_j > 2 low_j - high_j, too: this is the
 *    bound for 1 to 3, with f = x_j - low_j, and doubles of it are 2 low'_j - high'_j rounded down
 *    and 2 low''_j - high''_j rounded up.  In the same way for x_j = high_j. */
#ifndef CREASE_LP_BOXED_H
#define CREASE_LP_BOXED_H

#include "base/arena.h"
#include "exact/tally.h"
#include "lp/bounded.h"
#include "model/map.h"

/* sign times a unit's row, or a face of the domain (map NULL), with max norm in [1/4, 1]. */
typedef struct {
    const double *value; /* n + 1 */
    double err;          /* entrywise */
    crease_map *map;
    size_t unit;
    int sign;
    const double
        *product; /* of its linear part with those of the rows of its cell up to it, or NULL */
} crease_boxed_row;

typedef struct {
    size_t m;
    const crease_boxed_row *const *row;
    /* n coordinates of a point inside, up to rounding, or NULL: where to look for others. */
    const double *inside;
} crease_boxed_cell;

typedef struct crease_boxed crease_boxed;

/* For a model with a box.  NULL if its bounds are beyond the range of doubles. */
crease_boxed *crease_boxed_new(const crease_model *model, crease_tally *tally);
void crease_boxed_free(crease_boxed *boxed);

/* sign * row u of the map, or of the faces, in the arena.  NULL if it is zero. */
const crease_boxed_row *crease_boxed_take_row(const crease_boxed *boxed, crease_map *map, size_t u,
                                              int sign, crease_arena *arena);

/* The same as row number cell->m of a cell, with its products. */
const crease_boxed_row *crease_boxed_take_cell_row(const crease_boxed *boxed,
                                                   const crease_boxed_cell *cell, crease_map *map,
                                                   size_t u, int sign, crease_arena *arena);

/* Does f take negative values on the cell?  If so and *found is set, point (n coordinates) lies
 * inside and f is negative there, proved.  start: where to begin, or NULL; *last is where it ended,
 * in the solver. */
bool crease_boxed_cuts(crease_boxed *boxed, const crease_boxed_cell *cell,
                       const crease_boxed_row *f, const crease_bounded_basis *start,
                       crease_bounded_basis *last, double *point, bool *found);

/* Is the side of the box on which this face of the model vanishes a facet of the cell, which has a
 * point inside?  No row of the cell may be a multiple of its row. */
bool crease_boxed_side_is_facet(crease_boxed *boxed, const crease_boxed_cell *cell, size_t face);

/* f = sum y_i a_i + sum z_j b_j + t with y, z > 0, t >= 0 and linearly independent linear parts:
 * rows i of the cell, and for a column j with face[j] = 1 or -1 the distance b_j from its lower or
 * upper bound. */
typedef struct {
    size_t rows, *row; /* room for the cell's rows */
    signed char *face; /* n */
} crease_boxed_support;

/* f, which is not negative on the cell: true if a support was found, in integers.  start: where to
 * begin, or NULL; on that, on f and on the rows the answer depends alone. */
bool crease_boxed_find_support(crease_boxed *boxed, const crease_boxed_cell *cell,
                               const crease_boxed_row *f, const crease_bounded_basis *start,
                               crease_boxed_support *support);

/* The same where the last rows of the cell, so many, are 0; on this flat linear parts are
 * independent.  False as well where doubles do not decide. */
bool crease_boxed_support_on_flat(crease_boxed *boxed, const crease_boxed_cell *cell,
                                  size_t equations, const crease_boxed_row *f,
                                  crease_boxed_support *support);

/* A point inside, proved; false if none could be found in doubles. */
bool crease_boxed_interior(crease_boxed *boxed, const crease_boxed_cell *cell, double *point);

/* Is the point proved to lie inside? */
bool crease_boxed_contains(const crease_boxed *boxed, const crease_boxed_cell *cell,
                           const double *point);

/* The value of a row at a point, not proved. */
double crease_boxed_value(const crease_boxed *boxed, const crease_boxed_row *row,
                          const double *point);

#endif
