/* Doubles next to one another and exact linear algebra, for tests that sit on the edge. */
#ifndef TESTS_RATIONAL_H
#define TESTS_RATIONAL_H

#include <gmp.h>
#include <stddef.h>
#include <stdint.h>

/* The number `ulps` binary64 (binary32) numbers above x; negative: below. */
double rational_step(double x, int ulps);
float rational_step_single(float x, int ulps);

/* Uniform in (-1, 1), with all 53 bits. */
double rational_random(uint64_t *state);

/* sum x_j y_j, exactly; the doubles are finite. */
void rational_dot(mpq_t sum, const double *x, const double *y, size_t d);

/* The reduced row echelon form of the row-major matrix, in place.  Returns the rank;
 * pivot (cols entries) receives the leading independent columns, ascending. */
size_t rational_reduce(mpq_t *matrix, size_t rows, size_t cols, size_t *pivot);

#endif
