/* Membership in a finitely generated cone, in exact arithmetic. */
#ifndef CREASE_EXACT_SIMPLEX_H
#define CREASE_EXACT_SIMPLEX_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* A signed integer row: sign (+1 or -1) times the d integers at row. */
typedef struct {
    const mpz_t *row;
    int sign;
} crease_exact_row;

/* All functions leave early when the thread is interrupted (base/interrupt.h); their results must
 * not be used then. */

/* Decides whether g is a combination of the rows with coefficients >= 0
 * (g in cone(a_1..a_m)), by phase one of the simplex method on integers
 * (fraction-free pivots, Bland's rule, so it ends).
 *
 * True: support[0..*supports) are the indices of linearly independent rows whose
 * coefficients are positive (at most d; support must have room for d).
 * False: witness (d integers, may be NULL) satisfies a_i.witness >= 0 for all i and
 * g.witness < 0. */
bool crease_simplex_in_cone(size_t d, size_t m, const crease_exact_row *a, crease_exact_row g,
                            size_t *support, size_t *supports, mpz_t *witness);

/* Sets point, d integers that are 0, to a point with a_i.point > 0 for all rows.  False if there is
 * none. */
bool crease_simplex_interior(size_t d, size_t m, const crease_exact_row *a, mpz_t *point);

/* Is g = sum_{k < count} y_k a[index[k]] with y_k >= 0 for k < with_sign?  count <= d.  False also
 * if these rows are dependent. */
bool crease_simplex_combination(size_t d, const crease_exact_row *a, const size_t *index,
                                size_t count, size_t with_sign, crease_exact_row g);

#endif
