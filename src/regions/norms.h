/* Norms of linear maps y = A x, where A is a matrix of m x n integers, row by row. */
#ifndef CREASE_REGIONS_NORMS_H
#define CREASE_REGIONS_NORMS_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From l1 to l1: the largest sum of the absolute values of a column. */
void crease_norms_l1(mpz_t norm, size_t m, size_t n, const mpz_t *A);

/* From l-infinity to l-infinity: the same of a row. */
void crease_norms_linf(mpz_t norm, size_t m, size_t n, const mpz_t *A);

/* ---- From l2 to l2 ----
 *
 * The square of this norm is the largest eigenvalue of A A' and of A' A.  Let G be the smaller one
 * of these, k = min(m, n).  Its largest eigenvalue is below v iff v I - G is positive definite: iff
 * all leading principal minors of this matrix are positive (Sylvester), which is decided in
 * integers (Bareiss elimination).
 *
 * The level of A is the least i >= 0 such that the eigenvalue is 0 or below v(i), where v(0) = 0
 * and v(1 + s + 2^30 t) = (1 + s / 2^30) 2^t for 0 <= s < 2^30.  So if A is not 0, then
 * v(i - 1) <= |A|^2 < v(i): as G is an integer matrix with trace > 0, some entry on its diagonal is
 * at least 1, and so is the eigenvalue.  Neighbours v(i - 1) and v(i), i > 1, differ by a factor of
 * at most 1 + 2^-30; their roots differ by less than 1 + 2^-31. */

/* Sets the k x k integers of G; returns k. */
size_t crease_norms_gram(size_t m, size_t n, const mpz_t *A, mpz_t *G);

/* The level, if it is at least `least`; otherwise -1. */
int64_t crease_norms_level(size_t k, const mpz_t *G, int64_t least);

/* Bounds of |A| / den for A of this level, rounded outwards: *low <= |A| / den <= *high.  Beyond
 * the range of doubles, *low is the largest of them and *high is infinite. */
void crease_norms_bounds(int64_t level, const mpz_t den, double *low, double *high);

#endif
