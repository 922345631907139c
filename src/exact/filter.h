/* Signs in floating point, proved by an error bound.
 *
 * Model: u = 2^-53, round to nearest, no flag or trap is used.  A row g in R^d is
 * known through doubles r with |g_j - r_j| <= err for all j, and mag >= |r_j|.
 * For a point v whose coordinates are doubles, any order of summation, with or
 * without fused multiply-add, gives (Higham, Accuracy and Stability, 2nd ed.,
 * section 3.1)
 *
 *   |fl(r.v) - r.v| <= gamma_d sum |r_j v_j| <= gamma_d mag V,  V = sum |v_j|,
 *   |fl(r.v) - g.v| <= (gamma_d mag + err) V,                   gamma_d = d u / (1 - d u).
 *
 * If v only approximates a point t, |v_j - t_j| <= rad for all j, then
 * |g.v - g.t| <= d (mag + err) rad is added.
 *
 * The bound is evaluated in doubles as well.  Its terms are not negative, so every
 * operation loses a factor of at most 1 + u; the V computed by d additions is at least
 * 1 - gamma_d times the true V.  Using (d + 16) u (1 + 2^-10) in place of
 * gamma_d and a last factor 1 + 2^-20 covers all of it for d up to 2^20.
 * Products that underflow lose at most d 2^-1074 <= 2^-1000; that much is added, both to the
 * factor of V and to the whole.
 *
 * An infinite value, a NaN, or such a bound proves nothing. */
#ifndef CREASE_EXACT_FILTER_H
#define CREASE_EXACT_FILTER_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The factor that stands for gamma_d in all bounds. */
static inline double crease_filter_gamma(size_t d)
{
    return (double)(d + 16) * (0x1p-53 * (1 + 0x1p-10));
}

/* A number E with |fl(r.v) - g.v| <= E. */
static inline double crease_filter_bound(size_t d, double mag, double err, double one_norm)
{
    return (crease_filter_gamma(d) * mag + err + 0x1p-1000) * one_norm * (1 + 0x1p-20) + 0x1p-1000;
}

/* The sign of a number that differs from value by at most bound: 1, -1, or 0 if not proved. */
static inline int crease_filter_sign(double value, double bound)
{
    return (value > bound && value < INFINITY) - (value < -bound && value > -INFINITY);
}

/* For x > 0 with exponent field in (64, 1980): the power of two p with p x in [1/2, 1).  Otherwise
 * 1. */
static inline double crease_filter_unit_scale(double x)
{
    uint64_t bits;
    double scale = 1;
    memcpy(&bits, &x, sizeof bits);
    uint64_t exponent = bits >> 52;
    if (exponent > 64 && exponent < 1980) {
        bits = (2045 - exponent) << 52;
        memcpy(&scale, &bits, sizeof scale);
    }
    return scale;
}

static inline double crease_filter_one_norm(const double *v, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += fabs(v[j]);
    return sum;
}

static inline double crease_filter_max_norm(const double *v, size_t d)
{
    double top = 0;
    for (size_t j = 0; j < d; j++)
        top = fabs(v[j]) > top ? fabs(v[j]) : top;
    return top;
}

#endif
