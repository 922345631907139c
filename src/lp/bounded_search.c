#include "lp/bounded_state.h"

#include <math.h>

/* Entries of a tableau row below this count as 0; the drop at a multiplier that would become
 * negative. */
static const double small_entry = 1e-10, steep = 1e300;
/* Of more than MANY breakpoints most are left out in so many rounds; FEW are sorted. */
enum { FEW = 8, MANY = 48, ROUNDS = 6 };

static KERNEL void set_breakpoints(double *restrict theta, double *restrict drop,
                                   const double *restrict reduced, const double *restrict beta,
                                   const double *restrict side, const double *restrict range,
                                   double sign, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double b = sign * beta[j], at = reduced[j] / b;
        at = at > 0 ? at : 0;
        theta[j] = b * side[j] > small_entry ? at : INFINITY;
        drop[j] = fabs(b) * range[j];
    }
}

/* The sum of the drops up to theta = end.  In blocks, as compilers take vector instructions for
 * these. */
static KERNEL double drops(const double *restrict theta, const double *restrict drop, size_t count,
                           double end)
{
    enum { BLOCK = 32 };
    double part[BLOCK], rest = 0;
    size_t e = 0;
    for (; e + BLOCK <= count; e += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++)
            part[i] = theta[e + i] <= end ? drop[e + i] : 0;
        for (size_t half = BLOCK / 2; half; half /= 2)
            for (size_t i = 0; i < half; i++)
                part[i] += part[i + half];
        rest += part[0];
    }
    for (; e < count; e++)
        rest += theta[e] <= end ? drop[e] : 0;
    return rest;
}

/* Lists breakpoints, among them the one where the slope becomes negative; *slope becomes that
 * behind the ones left out.  Regula falsi: near 0 the drops are spread evenly. */
static size_t list_breakpoints(crease_bounded *s, size_t count, double *slope)
{
    double low = -1, high = INFINITY, below = 0, above = INFINITY;
    size_t listed = 0;
    for (int round = 0; round < ROUNDS && count > MANY; round++) {
        double at = round == 0 ? s->first : 4 * low + 1e-9;
        if (high < INFINITY && above < steep)
            at = fmax(low, 0) + (high - fmax(low, 0)) * (*slope - below) / (above - below);
        else if (high < INFINITY)
            at = 0.5 * (fmax(low, 0) + high);
        double sum = drops(s->theta, s->drop, count, at);
        if (sum > *slope) {
            high = at;
            above = sum;
        } else {
            low = at;
            below = sum;
        }
    }
    for (size_t e = 0; e < count; e++) {
        s->list[listed] = (uint32_t)e;
        listed += (s->theta[e] > low) & (s->theta[e] <= high) & (s->theta[e] < INFINITY);
    }
    *slope -= below;
    return listed;
}

/* As the leaving variable's multiplier grows by theta, D(y) grows with a slope that decreases by
 * drop at each breakpoint, where a reduced cost changes its sign.  Lists where it may become
 * negative. */
static size_t collect(crease_bounded *s, double sign, double *slope)
{
    size_t n = s->n;
    set_breakpoints(s->theta, s->drop, s->reduced, s->beta, s->side, s->range, sign, n);
    for (size_t t = 0; t < s->k; t++) {
        bool meets = s->tight[t] < s->rows && sign * s->coef[t] < -small_entry;
        double at = meets ? s->y[t] / (-sign * s->coef[t]) : INFINITY;
        s->theta[n + t] = at > 0 ? at : 0;
        s->drop[n + t] = meets ? steep : 0;
    }
    return list_breakpoints(s, n + s->k, slope);
}

/* Puts those with theta <= pivot into less (or, if strict, theta < pivot), the others into more. */
static size_t part(const crease_bounded *s, const uint32_t *list, size_t count, double pivot,
                   bool strict, uint32_t *less, uint32_t *more, double *drop)
{
    size_t low = 0, high = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t e = list[i];
        bool is_low = strict ? s->theta[e] < pivot : s->theta[e] <= pivot;
        less[low] = e;
        more[high] = e;
        low += is_low;
        high += !is_low;
        sum += is_low ? s->drop[e] : 0;
    }
    *drop = sum;
    return low;
}

static double middle(double a, double b, double c)
{
    return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

/* Where the slope becomes negative.  SIZE_MAX if it does not. */
static size_t search(crease_bounded *s, size_t count, double slope)
{
    uint32_t *list = s->list, *less = s->less, *more = s->more, *swap;
    while (count > FEW) {
        double drop,
            pivot = middle(s->theta[list[0]], s->theta[list[count / 2]], s->theta[list[count - 1]]);
        size_t low = part(s, list, count, pivot, false, less, more, &drop);
        if (low == count) {
            /* The pivot was the largest. */
            if (slope >= drop)
                return SIZE_MAX;
            low = part(s, list, count, pivot, true, less, more, &drop);
            if (slope >= drop) {
                size_t best = more[0];
                for (size_t i = 1; i < count - low; i++)
                    best = s->drop[more[i]] > s->drop[best] ? more[i] : best;
                return best;
            }
        }
        bool lower = slope < drop;
        slope -= lower ? 0 : drop;
        count = lower ? low : count - low;
        swap = lower ? less : more;
        *(lower ? &less : &more) = list;
        list = swap;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t e = list[i];
        size_t at = i;
        for (; at > 0 && s->theta[list[at - 1]] > s->theta[e]; at--)
            list[at] = list[at - 1];
        list[at] = e;
    }
    for (size_t i = 0; i < count; i++) {
        if (slope < s->drop[list[i]])
            return list[i];
        slope -= s->drop[list[i]];
    }
    return SIZE_MAX;
}

size_t crease_bounded_line_search(crease_bounded *s, const crease_bounded_leaving *out)
{
    double slope = out->slope;
    size_t listed = collect(s, out->sign, &slope);
    return search(s, listed, slope);
}
