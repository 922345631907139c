/* Vectors of integers: rows and points up to a positive factor. */
#ifndef CREASE_EXACT_INTEGER_H
#define CREASE_EXACT_INTEGER_H

#include "base/interrupt.h"

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* All functions leave early, with results of no use, when the thread is interrupted
 * (base/interrupt.h). */

/* Is it time to stop?  For loops over single operations on numbers of the size of n, with a poll
 * of their own around them: asks only where one operation takes long. */
static inline bool crease_integer_late(const mpz_t n)
{
    return mpz_size(n) > 16 && crease_interrupted();
}

mpz_t *crease_integer_new(size_t count);
void crease_integer_free(mpz_t *vector, size_t count);

/* out = a positive multiple of the doubles v, which must be finite. */
void crease_integer_from_doubles(mpz_t *out, const double *v, size_t d);

/* v = the integers divided by a common power of two so that max |v_j| lies in
 * [1/2, 1]; relative error of each entry at most 2^-52 (entries below 2^-1000
 * become 0). */
void crease_integer_to_doubles(double *v, const mpz_t *in, size_t d);

/* Sign of a.b. */
int crease_integer_dot_sign(const mpz_t *a, const mpz_t *b, size_t d);

bool crease_integer_is_zero(const mpz_t *a, size_t d);

/* 1 if a = c b with c > 0, -1 with c < 0, 0 if the vectors are not parallel or
 * one of them is zero. */
int crease_integer_parallel(const mpz_t *a, const mpz_t *b, size_t d);

/* Divides by the greatest common divisor of the entries. */
void crease_integer_reduce(mpz_t *a, size_t d);

/* The line on which all of the given rows of length d vanish: out is a primitive integer
 * vector, sign arbitrary.  False if the rows do not have rank d - 1. */
bool crease_integer_kernel(mpz_t *out, const mpz_t *const *row, size_t rows, size_t d);

/* The rank of the rows x cols matrix with entry (i, j) at matrix[i * stride + j].  pivot, with
 * room for min(rows, cols), receives as many linearly independent columns, ascending; not always
 * the leading ones. */
size_t crease_integer_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                           size_t *pivot);

/* The same with the leading independent columns: column j is among them iff it is not a combination
 * of columns before it. */
size_t crease_integer_leading(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                              size_t *pivot);

/* Is the rank min(rows, cols)?  True only if proved, and pivot is set as by crease_integer_rank.
 * Fast: decided modulo a prime, where independent columns prove themselves independent. */
bool crease_integer_full_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                              size_t *pivot);

#endif
