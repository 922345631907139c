/* The signs of many rows at one point, filtered, in vector instructions.
 *
 * Rows are column-major: entry j of row u at row[j * stride + u], stride a multiple of 8,
 * padding zero.  Row u is decided if |fl(row_u . v)| > bound[u] * one + slope[u] * err,
 * where one >= sum |v_j|, err >= the distance of v from the point meant in every
 * coordinate, bound[u] from crease_filter_bound with one_norm 1 and slope[u] >= the sum
 * of the absolute entries.  With one = err = 0 the product is taken to be exact. */
#ifndef CREASE_EXACT_SIGNS_H
#define CREASE_EXACT_SIGNS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t d;
    size_t stride;
    const double *row;
    const double *bound;
    const double *slope;
} crease_sign_rows;

/* Sets bit u % 64 of positive[u / 64] (negative[u / 64]) if row u is proved positive
 * (negative) at v; no bit is cleared.  Rows come in blocks of 8; blocks without a row in
 * wanted are left out (NULL: none is).  (stride + 63) / 64 words each.  Any thread. */
void crease_signs(const crease_sign_rows *rows, const double *v, double one, double err,
                  const uint64_t *wanted, uint64_t *positive, uint64_t *negative);

#endif
