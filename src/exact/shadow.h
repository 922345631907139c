/* Exact comparisons of doubles with integers, for shadow checks (base/shadow.h). */
#ifndef CREASE_EXACT_SHADOW_H
#define CREASE_EXACT_SHADOW_H

#include "base/shadow.h"

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* Narrows [low, high] to the f with |v - f V| <= err; high < 0: no limit yet.  False if no f > 0 is
 * left; V = 0 leaves all or none. */
bool crease_shadow_narrow(mpq_t low, mpq_t high, double v, double err, const mpq_t V);

/* Is there an f > 0 with |v_j - f sign V_j| <= err for all j < d?  v_j is at v[j * step].  If so,
 * factor, which may be NULL, is set to such an f. */
bool crease_shadow_factor(const double *v, size_t step, double err, const mpz_t *V, int sign,
                          size_t d, mpq_t factor);

/* out = sum_j a_j v_j, exactly.  a_j is at a[j * step]; all a_j and v_j are finite. */
void crease_shadow_dot(mpq_t out, const double *a, size_t step, const double *v, size_t d);

/* Fails unless the matrix has full rank and the columns pivot are independent.  Uses elimination in
 * integers; ranks beyond a limit are not checked. */
void crease_shadow_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                        const size_t *pivot);

/* Fails unless a.b has the sign. */
void crease_shadow_leading(const mpz_t *a, const mpz_t *b, size_t d, int sign);

/* Numbers as text for a report, cut if there are many. */
const char *crease_shadow_doubles(const double *v, size_t step, size_t d, char text[600]);
const char *crease_shadow_integers(const mpz_t *V, size_t d, char text[600]);

#endif
