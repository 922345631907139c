/* Vectors of integers, which stand for rows and points up to a positive factor. */
#ifndef CREASE_EXACT_INTEGER_H
#define CREASE_EXACT_INTEGER_H

#include "base/interrupt.h"

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* All functions leave early when the thread is interrupted (base/interrupt.h); their results must
 * not be used then. */

/* Is it time to stop?  For inner loops over operations on numbers of the size of n.  Checks only if
 * one such operation takes long, since the outer loop checks anyway. */
static inline bool crease_integer_late(const mpz_t n)
{
    return mpz_size(n) > 16 && crease_interrupted();
}

mpz_t *crease_integer_new(size_t count);
void crease_integer_free(mpz_t *vector, size_t count);

/* out = a positive multiple of the doubles v, which must be finite. */
void crease_integer_from_doubles(mpz_t *out, const double *v, size_t d);

/* v = the integers divided by a common power of two such that max |v_j| lies in [1/2, 1].  The
 * relative error of each entry is at most 2^-52; entries below 2^-1000 become 0. */
void crease_integer_to_doubles(double *v, const mpz_t *in, size_t d);

/* Sign of a.b.
 *
 * For long numbers it comes from their leading p bits if these suffice, p growing fourfold:
 * a_j = A_j 2^s + a', |A_j| < 2^p, |a'| < 2^s, where a' = 0 if s = 0, else |a_j| >= 2^(s + p - 1);
 * b_j = B_j 2^t + b' likewise.  Let every |a_j b_j| be below 2^(m + p).  If s > 0,
 *
 *   |a' b_j| <= 2^(1 - p) |a_j b_j| < 2^(m + 1),
 *
 * and as |A_j 2^s| <= |a_j|, the same holds of A_j 2^s b'.  With one rounding to a multiple of 2^m
 * each term is off by less than 5 2^m, and a sum S 2^m of d terms with |S| >= 5 d has the sign of
 * a.b. */
int crease_integer_dot_sign(const mpz_t *a, const mpz_t *b, size_t d);

bool crease_integer_is_zero(const mpz_t *a, size_t d);

/* 1 if a = c b with c > 0, -1 with c < 0, 0 if the vectors are not parallel or
 * one of them is zero. */
int crease_integer_parallel(const mpz_t *a, const mpz_t *b, size_t d);

/* Divides by the greatest common divisor of the entries. */
void crease_integer_reduce(mpz_t *a, size_t d);

/* The line in R^d on which all given rows vanish: out is a primitive integer vector on it, of
 * either sign.  False if the rank of the rows is not d - 1. */
bool crease_integer_kernel(mpz_t *out, const mpz_t *const *row, size_t rows, size_t d);

/* The rank r of the rows x cols matrix with entry (i, j) at matrix[i * stride + j].  pivot, with
 * room for min(rows, cols), receives r linearly independent columns, ascending; not always the
 * leading ones. */
size_t crease_integer_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                           size_t *pivot);

/* The same with the leading independent columns: column j is one iff it is not a combination of the
 * columns before it. */
size_t crease_integer_leading(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                              size_t *pivot);

/* True only if the rank is min(rows, cols); then pivot is set as by crease_integer_rank.  False
 * proves nothing.  Fast: it computes modulo a prime.  Columns that are independent modulo the prime
 * are independent, since one of their minors is not a multiple of it. */
bool crease_integer_full_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                              size_t *pivot);

#endif
