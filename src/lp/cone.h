/* Proved answers to the one question of both engines: does a hyperplane cut a cell?
 *
 * A cell is C = { v : a_i.v > 0 for all enabled rows i }, known to be non-empty.  Its
 * rows are sign * g for rows g of some owner, kept as doubles with an error bound; the
 * owner hands out the integers when they are needed.  A row g with g > 0 somewhere on C
 * is either implied (g > 0 on all of C) or cuts C:
 *
 *   implied  <=>  g = sum y_i a_i with y >= 0      (Farkas; C is open and not empty)
 *   cuts     <=>  a_i.v >= 0 for all i and g.v < 0 for some v.
 *
 * A proposer suggests y or v.  Proof of y for a support of d rows: with X an approximate
 * inverse of M = (a_i)_i in support as columns and rho >= |I - X M|_inf < 1, M is regular
 * and |M^-1 g - X g|_inf <= rho / (1 - rho) |X g|_inf.  In a box |v_j| <= reach_j v_d a
 * support of any size will do if g - sum y_i a_i is provably >= 0 on the box.  All of it
 * is evaluated with the bounds of exact/filter.h; where they do not decide, integers do.
 * One cone belongs to one thread. */
#ifndef CREASE_LP_CONE_H
#define CREASE_LP_CONE_H

#include "exact/simplex.h"
#include "exact/tally.h"
#include "lp/lp.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct crease_cone crease_cone;

/* The integer row behind an id given to crease_cone_add. */
typedef const mpz_t *(*crease_cone_fetch)(void *context, size_t id);

crease_cone *crease_cone_new(const crease_proposer *proposer, crease_tally *tally);
void crease_cone_free(crease_cone *cone);

/* Begins a cell in R^d with no rows.  reach has d - 1 entries or is NULL. */
void crease_cone_clear(crease_cone *cone, size_t d, const double *reach, crease_cone_fetch fetch,
                       void *context);

/* Adds the row sign * g, entry j of g at row[j * stride] with |row| <= mag and entrywise
 * error err.  False, and nothing added, if g is zero. */
bool crease_cone_add(crease_cone *cone, const double *row, size_t stride, double mag, double err,
                     int sign, size_t id);

/* Hands the rows to the proposer; call it after the last row.  The first row added must
 * be a positive multiple of (0, ..., 0, 1). */
void crease_cone_load(crease_cone *cone);

size_t crease_cone_rows(const crease_cone *cone);
const double *crease_cone_row(const crease_cone *cone, size_t i); /* d numbers, max norm <= 1 */
void crease_cone_enable(crease_cone *cone, size_t i, bool enabled);

/* An interior point, proved: with a_i.v > 0 for all enabled rows.  False if none could be
 * found in doubles (the cell may be too thin). */
bool crease_cone_interior(crease_cone *cone, double *v);

/* Is a_i.v > 0 proved in doubles for all enabled rows but row except (SIZE_MAX: none)? */
bool crease_cone_contains(crease_cone *cone, const double *v, size_t except);

/* Row own of the cone is left out of it and tested against the other enabled rows.  True
 * if it cuts what they bound, i.e. if it is a facet of the cell not implied by the rest.
 * inside: an interior point of the cell or NULL.  If it cuts and *found is set, point lies
 * where all others are positive and row own is negative, proved. */
bool crease_cone_cuts(crease_cone *cone, size_t own, const double *inside, double *point,
                      bool *found);

/* Row own is implied by the other enabled rows.  True if at most d of these, independent and row
 * 0 among them, are proved to be enough: the indices go to support.  The answer depends on
 * the rows and on the calls since crease_cone_load alone. */
bool crease_cone_support(crease_cone *cone, size_t own, size_t *support, size_t *count);

/* The sign of row i at v, exactly. */
int crease_cone_sign(crease_cone *cone, size_t i, const double *v);

/* Are rows i and k multiples of one another?  1 or -1 with the sign of the factor. */
int crease_cone_parallel(crease_cone *cone, size_t i, size_t k);

#endif
