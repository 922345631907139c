/* Values of the map's rows at a ray, kept with the ray and passed on along edges.
 *
 * A ray keeps, for some blocks of 8 rows, value[u] and error[u].  There is one point r on its line
 * with |v_j - r_j| <= err for all coordinates and |value[u] - g_u.r| <= error[u] for all rows kept.
 *
 * Let the new ray on the edge from a to b be (1 - t) a + t b, with t from dd/meet.h.  Let a', b' be
 * the points that belong to a and b, let t' be the share from the exact values there, and |t - t'|
 * <= m.  Its point is (1 - t') a' + t' b'.  With A, B the values of a row at the ends, A', B' the
 * exact ones at a', b', and E, F the errors:
 *
 *   |(1 - t) A + t B - (1 - t') A' - t' B'| = |(1 - t) (A - A') + t (B - B') + (t - t') (B' - A')|
 *       <= (1 - t) E + t F + m (|A - B| + E + F).
 *
 * Rounding of t and 1 - t (two operations each), the products and the sum stays below 16 u ((1 - t)
 * |A| + t |B|).  If t or 1 - t underflows, say 1 - t, what is lost is below 2^-1000 |A| <= 2^-1000
 * (|A - B| + |B|), which m >= 2^-700 and the rounding of t B cover.  Other products that underflow
 * lose less than 2^-1000 together, as the ray that keeps values is scaled by less than 2^24 (its
 * error, at least 2^-49 times that, is below 2^-25).  The bound itself is a sum of terms that are
 * not negative, so that a factor of 1 + 2^-20 covers its rounding.
 *
 * From coordinates alone the error would be slope[u] * err, which grows about ten times with every
 * ray on an edge of such rays; passed on, it grows as |A - B| / (p + q). */
#ifndef CREASE_DD_VALUES_H
#define CREASE_DD_VALUES_H

#include "dd/meet.h"
#include "dd/rays.h"

/* Where the new ray lies on the edge from a to b. */
typedef struct {
    double x, y;            /* powers of two: the ends are x a and y b */
    crease_meeting at;      /* on the edge from x a to y b */
    double factor;          /* a power of two */
    const uint64_t *wanted; /* rows */
} crease_values_mix;

/* Computes the values of the rows in blocks of the set from the coordinates, if not kept. */
void crease_values_fill(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted);

/* The values at factor ((1 - t) x a + t y b) of the wanted rows, all of which both ends keep. */
void crease_values_combine(const crease_rays *rays, crease_ray *ray, const crease_ray *a,
                           const crease_ray *b, const crease_values_mix *mix);

/* Adds the signs that the values prove. */
void crease_values_signs(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted);

#endif
