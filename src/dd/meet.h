/* Where an edge meets the hyperplane of a row.
 *
 * The row has the values p > 0 at one end and -q < 0 at the other, known within dp < p and dq < q.
 * Then t = p / (p + q) is the share of the other end in the point where the row vanishes.  For the
 * true values p', q' >= 0 and t' = p' / (p' + q'),
 *
 *   |t - t'| = |(p - p') q' + p' (q' - q)| / ((p + q) (p' + q'))
 *           <= ((1 - t') dp + t' dq) / (p + q) <= max(dp, dq) / (p + q) = m,
 *
 * and as t' is within m of t, |t - t'| <= ((1 - t) dp + t dq + m |dp - dq|) / (p + q).
 *
 * In doubles, t, 1 - t and m have relative errors below 2^-51, or lose less than 2^-1074 by
 * underflow; so does the whole.  The terms are not negative, and one of t, 1 - t is at least 1/2,
 * say t.  If dq >= 2^-1000, a product that underflows loses less than 2^-70 t dq.  If dq = 0, then
 * q >= 2^-360, and what is lost is below 2^-1072 / (p + q) <= 2^-712. */
#ifndef CREASE_DD_MEET_H
#define CREASE_DD_MEET_H

#include <assert.h>
#include <math.h>

typedef struct {
    double rest, t; /* 1 - t and t */
    double off;     /* |t - t'| <= off (1 + 2^-40), and off >= 2^-700 */
} crease_meeting;

/* dp is 0 and p at least 2^-360, or dp is at least 2^-1000; likewise dq and q. */
static inline crease_meeting crease_meet(double p, double q, double dp, double dq)
{
    assert(p > dp && q > dq);
    double both = p + q, t = p / both, rest = q / both, most = (dp > dq ? dp : dq) / both;
    double off = (rest * dp + t * dq + most * fabs(dp - dq)) / both + 0x1p-700;
    return (crease_meeting){rest, t, off};
}

#endif
