#include "regions/norms.h"

#include "exact/integer.h"

#include <assert.h>
#include <float.h>
#include <math.h>

enum { STEP_BITS = 30, ROOT_BITS = 64 };

/* The largest of `sums` sums of `terms` absolute values. */
static void largest_sum(mpz_t norm, const mpz_t *A, size_t sums, size_t sum_step, size_t terms,
                        size_t term_step)
{
    mpz_t sum;
    mpz_init(sum);
    mpz_set_ui(norm, 0);
    for (size_t i = 0; i < sums; i++) {
        mpz_set_ui(sum, 0);
        for (size_t j = 0; j < terms; j++) {
            const mpz_t *a = &A[i * sum_step + j * term_step];
            (mpz_sgn(*a) < 0 ? mpz_sub : mpz_add)(sum, sum, *a);
        }
        if (mpz_cmp(sum, norm) > 0)
            mpz_swap(sum, norm);
    }
    mpz_clear(sum);
}

void crease_norms_l1(mpz_t norm, size_t m, size_t n, const mpz_t *A)
{
    largest_sum(norm, A, n, 1, m, n);
}

void crease_norms_linf(mpz_t norm, size_t m, size_t n, const mpz_t *A)
{
    largest_sum(norm, A, m, n, n, 1);
}

/* ---- From l2 to l2 ---- */

size_t crease_norms_gram(size_t m, size_t n, const mpz_t *A, mpz_t *G)
{
    bool by_rows = m <= n;
    size_t k = by_rows ? m : n, length = by_rows ? n : m;
    size_t step = by_rows ? n : 1, next = by_rows ? 1 : n;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            mpz_set_ui(G[i * k + j], 0);
            for (size_t t = 0; t < length; t++)
                mpz_addmul(G[i * k + j], A[i * step + t * next], A[j * step + t * next]);
            mpz_set(G[j * k + i], G[i * k + j]);
        }
    return k;
}

/* value 2^STEP_BITS = v(level), an integer. */
static void scaled_level(mpz_t value, int64_t level)
{
    mpz_set_ui(value, 0);
    if (!level)
        return;
    const int64_t step = (int64_t)1 << STEP_BITS;
    mpz_set_ui(value, (unsigned long)(step + (level - 1) % step));
    mpz_mul_2exp(value, value, (mp_bitcnt_t)((level - 1) / step));
}

/* The largest level i with v(i) <= value, an integer > 0. */
static int64_t level_up_to(const mpz_t value)
{
    mpz_t leading;
    int64_t bits = (int64_t)mpz_sizeinbase(value, 2) - 1;
    mpz_init(leading);
    mpz_mul_2exp(leading, value, STEP_BITS);
    mpz_fdiv_q_2exp(leading, leading, (mp_bitcnt_t)bits);
    int64_t within = (int64_t)mpz_get_ui(leading) - ((int64_t)1 << STEP_BITS);
    mpz_clear(leading);
    return 1 + within + (bits << STEP_BITS);
}

/* Is v(level) I - G positive definite? */
static bool is_below(size_t k, const mpz_t *G, int64_t level)
{
    mpz_t *M = crease_integer_new(k * k), *pivot, last;
    mpz_init_set_ui(last, 1);
    bool positive = true;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            if (i == j)
                scaled_level(M[i * k + j], level);
            mpz_submul_ui(M[i * k + j], G[i * k + j], 1UL << STEP_BITS);
        }
    /* At step p the pivot is the leading minor of order p + 1. */
    for (size_t p = 0; p < k && positive; p++) {
        pivot = &M[p * k + p];
        positive = mpz_sgn(*pivot) > 0;
        for (size_t i = p + 1; i < k && positive; i++)
            for (size_t j = p + 1; j < k; j++) {
                mpz_mul(M[i * k + j], M[i * k + j], *pivot);
                mpz_submul(M[i * k + j], M[i * k + p], M[p * k + j]);
                mpz_divexact(M[i * k + j], M[i * k + j], last);
            }
        mpz_set(last, *pivot);
    }
    mpz_clear(last);
    crease_integer_free(M, k * k);
    return positive;
}

int64_t crease_norms_level(size_t k, const mpz_t *G, int64_t least)
{
    mpz_t trace, largest;
    mpz_inits(trace, largest, NULL);
    for (size_t i = 0; i < k; i++) {
        mpz_add(trace, trace, G[i * k + i]);
        if (mpz_cmp(G[i * k + i], largest) > 0)
            mpz_set(largest, G[i * k + i]);
    }
    /* The eigenvalue lies between the largest entry of the diagonal and the trace. */
    int64_t low = 0, high = 0;
    if (mpz_sgn(trace)) {
        low = level_up_to(largest);
        high = level_up_to(trace) + 1;
    }
    mpz_clears(trace, largest, NULL);
    if (least > 0 && (high < least || (least > low + 1 && is_below(k, G, least - 1))))
        return -1;
    /* It is not below v(low), but below v(high). */
    if (least > low + 1)
        low = least - 1;
    if (low < least && least < high && is_below(k, G, least))
        high = least;
    while (low + 1 < high) {
        int64_t middle = low + (high - low) / 2;
        *(is_below(k, G, middle) ? &high : &low) = middle;
    }
    return high;
}

/* The root of v(level) / den^2, up or down to a double. */
static double root(int64_t level, const mpz_t den, bool up)
{
    mpq_t value;
    mpz_t shifted;
    mpq_init(value);
    mpz_init(shifted);
    scaled_level(shifted, level);
    /* den root = sqrt(2^STEP_BITS v) / 2^(STEP_BITS / 2), with more bits */
    mpz_mul_2exp(shifted, shifted, 2 * ROOT_BITS);
    mpz_sqrt(mpq_numref(value), shifted);
    if (up && level)
        mpz_add_ui(mpq_numref(value), mpq_numref(value), 1);
    mpz_mul_2exp(mpq_denref(value), den, ROOT_BITS + STEP_BITS / 2);
    mpq_canonicalize(value);
    double rounded = mpq_get_d(value);
    if (up && level) /* it was truncated */
        rounded = nextafter(rounded, INFINITY);
    if (!up && isinf(rounded)) /* beyond the range of doubles */
        rounded = DBL_MAX;
    mpz_clear(shifted);
    mpq_clear(value);
    return rounded;
}

void crease_norms_bounds(int64_t level, const mpz_t den, double *low, double *high)
{
    assert(level >= 0);
    *low = root(level ? level - 1 : 0, den, false);
    *high = root(level, den, true);
}
