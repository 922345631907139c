/* Does a hyperplane cut a cell?  Proved answers, for both engines.
 *
 * A cell is C = { v : a_i.v > 0 for all enabled rows i }, known to be non-empty.  Its rows a_i are
 * sign * g for rows g of some owner.  They are stored as doubles with an error bound; where
 * integers are needed, the owner provides them (crease_cone_fetch).  A row g with g > 0 somewhere
 * on C is either implied (g > 0 on all of C) or cuts C:
 *
 *   implied  <=>  g = sum y_i a_i with y >= 0      (Farkas; C is open and not empty)
 *   cuts     <=>  a_i.v >= 0 for all i and g.v < 0 for some v.
 *
 * A proposer suggests y or v.  The support of y is the set of i with y_i > 0.  There are three
 * proofs of y:
 * - The support has d rows.  Let M have these a_i as columns, X be an approximate inverse of M, and
 *   rho >= |I - X M|_inf.  If rho < 1, M is regular and
 *   |M^-1 g - X g|_inf <= rho / (1 - rho) |X g|_inf.
 * - g and k rows of the support lie in a subspace of k dimensions at most
 *   (crease_cone_add_subspace).  Of each row take the same k entries, and let M have these as
 *   columns.  If M is proved to be regular as above, the rows are a basis of the subspace; so g is
 *   a combination of them, and its coefficients are those of its k entries.
 * - There is a box |v_j| <= reach_j v_d, and g - sum y_i a_i >= 0 is proved on it.  The support may
 *   have any size.
 * They are evaluated with the bounds of exact/filter.h.  Where these do not decide, integers do.
 *
 * One cone belongs to one thread. */
#ifndef CREASE_LP_CONE_H
#define CREASE_LP_CONE_H

#include "exact/simplex.h"
#include "exact/tally.h"
#include "lp/lp.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct crease_cone crease_cone;

/* The integers of the row g that was added with this id. */
typedef const mpz_t *(*crease_cone_fetch)(void *context, size_t id);

crease_cone *crease_cone_new(const crease_proposer *proposer, crease_tally *tally);
void crease_cone_free(crease_cone *cone);

/* Begins a cell in R^d with no rows.  reach has d - 1 entries or is NULL. */
void crease_cone_clear(crease_cone *cone, size_t d, const double *reach, crease_cone_fetch fetch,
                       void *context);

/* Adds the row sign * g, sign 1 or -1.  row[j * stride] differs from g_j by at most err, and its
 * absolute value is at most mag.  False if g is zero; then nothing is added. */
bool crease_cone_add(crease_cone *cone, const double *row, size_t stride, double mag, double err,
                     int sign, size_t id);

/* R^d = S_0, S_1, S_2, ... are subspaces, each a part of the one before.  Another one, of this many
 * dimensions at most; after crease_cone_clear there is S_0 alone. */
void crease_cone_add_subspace(crease_cone *cone, size_t dimensions);

/* The row that was added last lies in S_k for all k <= level that there are. */
void crease_cone_set_level(crease_cone *cone, size_t level);

/* Passes the rows to the proposer; called after the last row is added.  Row 0 must be a positive
 * multiple of (0, ..., 0, 1). */
void crease_cone_load(crease_cone *cone);

size_t crease_cone_rows(const crease_cone *cone);
const double *crease_cone_row(const crease_cone *cone, size_t i); /* d numbers, max norm <= 1 */

/* A positive multiple of row i, exactly. */
crease_exact_row crease_cone_exact_row(crease_cone *cone, size_t i);

void crease_cone_enable(crease_cone *cone, size_t i, bool enabled);

/* A point v with a_i.v > 0 for all enabled rows, proved.  False if none was found in doubles (the
 * cell may be too thin). */
bool crease_cone_interior(crease_cone *cone, double *v);

/* Is a_i.v > 0 proved in doubles for all enabled rows i != except (SIZE_MAX: for all)? */
bool crease_cone_contains(crease_cone *cone, const double *v, size_t except);

/* Does row own cut the cell that the other enabled rows bound?  False: they imply it.  If all rows
 * bound the cell and row own is one of them, true says that it is a facet.  inside: an interior
 * point of the cell, or NULL.  If *found is set, it is proved that at point row own is negative and
 * all other enabled rows are positive. */
bool crease_cone_cuts(crease_cone *cone, size_t own, const double *inside, double *point,
                      bool *found);

/* For a row own that the other enabled rows imply: true if at most d of them, independent and with
 * row 0 among them, are proved to imply it.  Their indices go to support.  The answer depends only
 * on the rows and on the calls since crease_cone_load. */
bool crease_cone_support(crease_cone *cone, size_t own, size_t *support, size_t *count);

/* The sign of row i at v, exactly. */
int crease_cone_sign(crease_cone *cone, size_t i, const double *v);

/* 1 if a_i = c a_k with c > 0, -1 with c < 0, otherwise 0. */
int crease_cone_parallel(crease_cone *cone, size_t i, size_t k);

#endif
