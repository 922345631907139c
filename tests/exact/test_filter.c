/* Every sign that the floating-point filter decides is compared with GMP, for rows and points
 * chosen so that the value lies near zero or near the error bound.
 *
 * A block holds rows, known within their errors, and points, known within a radius.  A row is
 * fitted to one of the points: its product there is moved to a few ulps from zero, or to a
 * multiple of the bound.  The true row and the true point are then placed at the corner
 * of their boxes that is worst for the verdict. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/rational.h"
#include "support/support.h"

#include "exact/filter.h"
#include "exact/signs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 8, MOST = 20, WIDE = 72, POINTS = 8, WORDS = 2 };

typedef enum { PLAIN, SPREAD, HUGE_ROWS, OVERFLOW, TINY, ABSORBED, INTEGERS, SCALES } scale;

typedef struct {
    uint64_t state;
    scale kind;
    size_t d, stride, width;
    double *row, *bound, *slope; /* aligned, as in exact/signs.h */
    double mag[WIDE], err[WIDE];
    double point[POINTS][MOST], one[POINTS], rad[POINTS];
    int shift; /* the integers below are the doubles times 2^shift */
    mpz_t g[WIDE * MOST], e[WIDE], t[POINTS * MOST], r[POINTS];
    mpz_t a, b, sum;
    uint64_t decided, undecided, scalar; /* verdicts */
} block;

/* ---- Blocks ---- */

static double *aligned(void)
{
    double *space = aligned_alloc(64, sizeof(double) * MOST * WIDE);
    ck_assert_ptr_nonnull(space);
    return space;
}

static void open_block(block *b, uint64_t seed)
{
    memset(b, 0, sizeof *b);
    b->state = seed;
    b->row = aligned();
    b->bound = aligned();
    b->slope = aligned();
    for (size_t i = 0; i < WIDE * MOST; i++)
        mpz_init(b->g[i]);
    for (size_t i = 0; i < WIDE; i++)
        mpz_init(b->e[i]);
    for (size_t i = 0; i < POINTS * MOST; i++)
        mpz_init(b->t[i]);
    for (size_t i = 0; i < POINTS; i++)
        mpz_init(b->r[i]);
    mpz_inits(b->a, b->b, b->sum, NULL);
}

static void close_block(block *b)
{
    for (size_t i = 0; i < WIDE * MOST; i++)
        mpz_clear(b->g[i]);
    for (size_t i = 0; i < WIDE; i++)
        mpz_clear(b->e[i]);
    for (size_t i = 0; i < POINTS * MOST; i++)
        mpz_clear(b->t[i]);
    for (size_t i = 0; i < POINTS; i++)
        mpz_clear(b->r[i]);
    mpz_clears(b->a, b->b, b->sum, NULL);
    free(b->row);
    free(b->bound);
    free(b->slope);
}

static long between(block *b, long low, long high)
{
    return nets_between(&b->state, low, high);
}

static double random_entry(block *b, bool point)
{
    double x = rational_random(&b->state);
    switch (b->kind) {
    case SPREAD: return ldexp(x, (int)between(b, -40, 40));
    case HUGE_ROWS: /* products reach 1e300 */ return ldexp(x, point ? 30 : 960);
    case OVERFLOW: /* products now and then beyond all doubles */
        return ldexp(x, (int)between(b, 480, 520));
    case TINY: /* products and rows down to the subnormal numbers */
        return ldexp(x, point ? (int)between(b, -20, 20) : (int)between(b, -1060, -960));
    case ABSORBED: /* parts that sums swallow, all of one sign */
        return between(b, 0, 3) ? fabs(x) * 0x1p-53 : 1;
    case INTEGERS: return (double)between(b, -1000, 1000);
    default: return x;
    }
}

static double step(block *b, double x)
{
    return rational_step(x, (int)between(b, -3, 3));
}

/* Moves entry k of row u so that its product with point p is near zero, or near a multiple
 * of the bound. */
static void fit_row(block *b, size_t u, size_t p)
{
    static const double factors[] = {0, 0, 0.25, 0.5, 0.99, 1.01, 1.5, 4, 64, 1e6};
    double row[MOST], *v = b->point[p];
    size_t d = b->d, k = (size_t)between(b, 0, (long)d - 1);
    mpq_t sum, part;
    mpq_inits(sum, part, NULL);
    for (size_t j = 0; j < d; j++)
        row[j] = j == k ? 0 : b->row[j * b->stride + u];
    rational_dot(sum, row, v, d);
    double wanted = factors[between(b, 0, 9)] * (between(b, 0, 1) ? 1 : -1);
    double mag = crease_filter_max_norm(row, d);
    wanted *= crease_filter_bound(d, mag, b->err[u], b->one[p]) + (double)d * mag * b->rad[p];
    if (!isfinite(wanted))
        wanted = 0;
    mpq_set_d(part, wanted);
    mpq_sub(sum, part, sum);
    if (v[k] != 0) {
        mpq_set_d(part, v[k]);
        mpq_div(sum, sum, part);
        double x = mpq_get_d(sum);
        if (isfinite(x))
            b->row[k * b->stride + u] = x;
    }
    for (size_t j = 0; j < d; j++)
        if (between(b, 0, 3) == 0)
            b->row[j * b->stride + u] = step(b, b->row[j * b->stride + u]);
    mpq_clears(sum, part, NULL);
}

static void set_bounds(block *b, size_t u)
{
    double mag = 0, slope = 0;
    for (size_t j = 0; j < b->d; j++) {
        double size = fabs(b->row[j * b->stride + u]);
        mag = size > mag ? size : mag;
        slope += size;
    }
    b->mag[u] = mag;
    b->bound[u] = crease_filter_bound(b->d, mag, b->err[u], 1);
    b->slope[u] = (slope + (double)b->d * b->err[u]) * (1 + 0x1p-20);
}

static void fill_points(block *b)
{
    static const double radii[] = {0, 0, 0x1p-52, 1e-14, 1e-9};
    for (size_t p = 0; p < POINTS; p++) {
        for (size_t j = 0; j < b->d; j++)
            b->point[p][j] = random_entry(b, true);
        if (b->kind == SPREAD && between(b, 0, 3) == 0)
            b->point[p][between(b, 0, (long)b->d - 1)] = 0;
        b->rad[p] = radii[between(b, 0, 4)] * crease_filter_max_norm(b->point[p], b->d);
        b->one[p] = crease_filter_one_norm(b->point[p], b->d) * (1 + 0x1p-40);
    }
}

static void fill(block *b, scale kind)
{
    static const double errors[] = {0, 0, 0x1p-53, 1e-15, 1e-12, 1e-8};
    b->kind = kind;
    b->d = (size_t)between(b, 1, MOST);
    b->stride = 8 * (size_t)between(b, 1, WIDE / 8);
    b->width = b->stride - (size_t)between(b, 0, 7);
    fill_points(b);
    memset(b->row, 0, sizeof(double) * b->d * b->stride);
    memset(b->err, 0, sizeof b->err);
    for (size_t u = 0; u < b->stride; u++) {
        if (u < b->width) {
            for (size_t j = 0; j < b->d; j++)
                b->row[j * b->stride + u] = random_entry(b, false);
            set_bounds(b, u);
            b->err[u] = errors[between(b, 0, 5)] * b->mag[u];
            if (between(b, 0, 9))
                fit_row(b, u, (size_t)between(b, 0, POINTS - 1));
        }
        set_bounds(b, u);
    }
}

/* ---- Exact values ---- */

static int lowest_exponent(const block *b)
{
    int low = 0, exponent;
    for (size_t i = 0; i < b->d * b->stride; i++)
        low = b->row[i] != 0 && (frexp(b->row[i], &exponent), exponent) < low ? exponent : low;
    for (size_t u = 0; u < b->stride; u++)
        low = b->err[u] != 0 && (frexp(b->err[u], &exponent), exponent) < low ? exponent : low;
    for (size_t p = 0; p < POINTS; p++) {
        low = b->rad[p] != 0 && (frexp(b->rad[p], &exponent), exponent) < low ? exponent : low;
        for (size_t j = 0; j < b->d; j++)
            low = b->point[p][j] != 0 && (frexp(b->point[p][j], &exponent), exponent) < low
                      ? exponent
                      : low;
    }
    return low;
}

static void set_scaled(mpz_t out, double x, int shift)
{
    int exponent;
    double mantissa = frexp(x, &exponent);
    mpz_set_d(out, ldexp(mantissa, 53));
    if (x != 0)
        mpz_mul_2exp(out, out, (mp_bitcnt_t)(exponent - 53 + shift));
}

static void set_integers(block *b)
{
    b->shift = 53 - lowest_exponent(b);
    for (size_t u = 0; u < b->width; u++) {
        set_scaled(b->e[u], b->err[u], b->shift);
        for (size_t j = 0; j < b->d; j++)
            set_scaled(b->g[u * MOST + j], b->row[j * b->stride + u], b->shift);
    }
    for (size_t p = 0; p < POINTS; p++) {
        set_scaled(b->r[p], b->rad[p], b->shift);
        for (size_t j = 0; j < b->d; j++)
            set_scaled(b->t[p * MOST + j], b->point[p][j], b->shift);
    }
}

/* The sign of the true row at the true point, both moved against the sign `against`; 0: to
 * corners drawn by chance. */
static int true_sign(block *b, size_t u, size_t p, int against)
{
    uint64_t coins = against ? 0 : nets_random(&b->state);
    mpz_set_ui(b->sum, 0);
    for (size_t j = 0; j < b->d; j++) {
        const mpz_t *g = (const mpz_t *)&b->g[u * MOST + j];
        const mpz_t *t = (const mpz_t *)&b->t[p * MOST + j];
        int down = against ? against * (mpz_sgn(*t) >= 0 ? 1 : -1) : coins >> j & 1 ? 1 : -1;
        (down > 0 ? mpz_sub : mpz_add)(b->a, *g, b->e[u]);
        down = against ? against * (mpz_sgn(b->a) >= 0 ? 1 : -1) : coins >> (j + 32) & 1 ? 1 : -1;
        (down > 0 ? mpz_sub : mpz_add)(b->b, *t, b->r[p]);
        mpz_addmul(b->sum, b->a, b->b);
    }
    return mpz_sgn(b->sum);
}

/* ---- Verdicts ---- */

static void report(const block *b, size_t u, size_t p, int verdict, const char *who)
{
    fprintf(stderr, "kind %d, d %zu, stride %zu, err %a, rad %a, verdict %d\n", (int)b->kind, b->d,
            b->stride, b->err[u], b->rad[p], verdict);
    for (size_t j = 0; j < b->d; j++)
        fprintf(stderr, "%a * %a\n", b->row[j * b->stride + u], b->point[p][j]);
    ck_abort_msg("%s: a wrong sign", who);
}

static void check_verdict(block *b, size_t u, size_t p, int verdict, const char *who)
{
    if (!verdict) {
        b->undecided++;
        return;
    }
    b->decided++;
    if (true_sign(b, u, p, between(b, 0, 3) ? verdict : 0) != verdict)
        report(b, u, p, verdict, who);
}

static bool bit(const uint64_t *set, size_t u)
{
    return set[u / 64] >> u % 64 & 1;
}

static void check_signs(block *b, size_t p)
{
    uint64_t positive[WORDS] = {0}, negative[WORDS] = {0}, wanted[WORDS];
    uint64_t positive_part[WORDS] = {0}, negative_part[WORDS] = {0};
    const crease_sign_rows rows = {b->d, b->stride, b->row, b->bound, b->slope};
    crease_signs(&rows, b->point[p], b->one[p], b->rad[p], NULL, positive, negative);
    for (size_t w = 0; w < WORDS; w++)
        wanted[w] = nets_random(&b->state) & nets_random(&b->state) & nets_random(&b->state);
    crease_signs(&rows, b->point[p], b->one[p], b->rad[p], wanted, positive_part, negative_part);
    for (size_t u = 0; u < 64 * WORDS; u++) {
        int verdict = bit(positive, u) - bit(negative, u);
        int part = bit(positive_part, u) - bit(negative_part, u);
        support_require(!(bit(positive, u) && bit(negative, u)), "two signs");
        support_require(u < b->width || !verdict, "a sign where no row is");
        support_require(part == verdict || (!part && !bit(wanted, u)),
                        "signs depend on the wanted");
        if (u < b->width)
            check_verdict(b, u, p, verdict, "crease_signs");
    }
}

static void check_sign(block *b, size_t u, size_t p)
{
    double value = 0, row[MOST], *v = b->point[p];
    for (size_t j = 0; j < b->d; j++)
        row[j] = b->row[j * b->stride + u];
    /* Any order will do. */
    bool back = between(b, 0, 1);
    for (size_t j = 0; j < b->d; j++)
        value += row[back ? b->d - 1 - j : j] * v[back ? b->d - 1 - j : j];
    double bound = crease_filter_bound(b->d, b->mag[u], b->err[u], crease_filter_one_norm(v, b->d));
    bound += (double)b->d * (b->mag[u] + b->err[u]) * b->rad[p] * (1 + 0x1p-20);
    b->scalar++;
    check_verdict(b, u, p, crease_filter_sign(value, bound), "crease_filter_sign");
}

static bool all_finite(const block *b)
{
    bool all = true;
    for (size_t u = 0; u < b->width; u++)
        all = all && isfinite(b->mag[u]) && isfinite(b->err[u]);
    return all;
}

/* The exact mode: integers whose products cannot round leave nothing but zeros open. */
static void check_exact_mode(block *b, size_t p)
{
    uint64_t positive[WORDS] = {0}, negative[WORDS] = {0};
    const crease_sign_rows rows = {b->d, b->stride, b->row, b->bound, b->slope};
    for (size_t u = 0; u < b->width; u++) {
        for (size_t j = 0; j < b->d; j++) {
            double *entry = &b->row[j * b->stride + u];
            *entry = (double)between(b, -9, 9);
            b->point[p][j] = (double)between(b, -2, 2);
        }
        b->err[u] = 0;
    }
    b->rad[p] = 0;
    set_integers(b);
    crease_signs(&rows, b->point[p], 0, 0, NULL, positive, negative);
    for (size_t u = 0; u < b->width; u++) {
        int verdict = bit(positive, u) - bit(negative, u);
        support_require(verdict == true_sign(b, u, p, 1), "a product without rounding");
    }
}

START_TEST(verdicts)
{
    uint64_t target = (uint64_t)count_setting("CREASE_VERDICTS", 3000000) / BLOCKS;
    block *b = calloc(1, sizeof *b);
    ck_assert_ptr_nonnull(b);
    open_block(b, 1000 + (uint64_t)_i);
    for (uint64_t round = 0; b->decided + b->undecided < target; round++) {
        /* The extremes make long integers, so they come less often. */
        scale kind = round % 16 < 2    ? (round % 16 ? TINY : HUGE_ROWS)
                     : round % 16 < 4  ? ABSORBED
                     : round % 16 < 9  ? SPREAD
                     : round % 16 < 11 ? INTEGERS
                                       : PLAIN;
        fill(b, kind);
        if (!all_finite(b))
            continue;
        set_integers(b);
        for (size_t p = 0; p < POINTS; p++) {
            check_signs(b, p);
            for (size_t u = p % 2; u < b->width; u += 2)
                check_sign(b, u, p);
        }
        if (round % 8 == 0)
            check_exact_mode(b, 0);
    }
    double share = (double)b->decided / (double)(b->decided + b->undecided);
    ck_assert_msg(share > 0.2 && share < 0.95, "%g of the verdicts were decided", share);
    ck_assert_msg(b->scalar * 5 > target, "too few signs of single rows");
    if (getenv("CREASE_VERBOSE"))
        fprintf(stderr, "%llu verdicts, decided %.3f\n",
                (unsigned long long)(b->decided + b->undecided), share);
    close_block(b);
    free(b);
}
END_TEST

/* Sums that leave the range of doubles although the error bound does not. */
START_TEST(overflow)
{
    block *b = calloc(1, sizeof *b);
    ck_assert_ptr_nonnull(b);
    open_block(b, 55);
    for (int round = 0; round < 200; round++) {
        fill(b, OVERFLOW);
        if (!all_finite(b))
            continue;
        set_integers(b);
        for (size_t p = 0; p < POINTS; p++) {
            check_signs(b, p);
            for (size_t u = 0; u < b->width; u++)
                check_sign(b, u, p);
        }
    }
    close_block(b);
    free(b);
}
END_TEST

/* Rows so small that the unit roundoff times them is no double any more, at huge points
 * fitted to them. */
START_TEST(underflow)
{
    block *b = calloc(1, sizeof *b);
    mpq_t sum, part;
    mpq_inits(sum, part, NULL);
    ck_assert_ptr_nonnull(b);
    open_block(b, 77);
    for (int round = 0; round < 3000; round++) {
        double row[MOST], *v = b->point[0];
        fill(b, PLAIN);
        b->width = 1;
        size_t d = b->d, k = (size_t)between(b, 0, (long)d - 1);
        for (size_t j = 0; j < d; j++) {
            b->row[j * b->stride] = row[j] = ldexp(rational_random(&b->state), -1040);
            v[j] = ldexp(v[j], 900);
        }
        b->err[0] = b->rad[0] = 0;
        v[k] = 0;
        rational_dot(sum, row, v, d);
        mpq_set_d(part, -row[k]);
        mpq_div(sum, sum, part);
        v[k] = step(b, mpq_get_d(sum));
        set_bounds(b, 0);
        set_integers(b);
        check_sign(b, 0, 0);
    }
    mpq_clears(sum, part, NULL);
    close_block(b);
    free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filter");
    TCase *tcase = support_case(suite, "filter", 3600);
    tcase_add_loop_test(tcase, verdicts, 0, BLOCKS);
    tcase_add_test(tcase, overflow);
    tcase_add_test(tcase, underflow);
    return support_run(suite);
}
