/* The signs of many rows at one point, by a floating-point filter in vector instructions.
 *
 * Rows are column-major: entry j of row u is at row[j * stride + u]; stride is a multiple of 8, and
 * padding is zero.  v approximates a point t.  The sign of row u at t is decided if
 *
 *   |fl(row_u . v)| > bound[u] * one + slope[u] * err,
 *
 * where one >= sum_j |v_j|, err >= |v_j - t_j| for all j, bound[u] is crease_filter_bound with
 * one_norm 1, and slope[u] >= the sum of the absolute entries of row u.  one = err = 0 says that
 * fl(row_u . v) is exact. */
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

/* A point that approximates t, and where the signs at t go. */
typedef struct {
    const double *v;
    double one, err;
    uint64_t *positive, *negative;
} crease_sign_point;

/* Sets bit u % 64 of positive[u / 64] (negative[u / 64]) if row u is proved positive (negative) at
 * t, for each point.  No bit is cleared.  wanted is a set of rows, or NULL for all: blocks of 8
 * rows with no row in it are skipped.  All sets have (stride + 63) / 64 words.  Any thread. */
void crease_signs_at(const crease_sign_rows *rows, const crease_sign_point *point, size_t count,
                     const uint64_t *wanted);

/* The same for one point. */
void crease_signs(const crease_sign_rows *rows, const double *v, double one, double err,
                  const uint64_t *wanted, uint64_t *positive, uint64_t *negative);

#endif
