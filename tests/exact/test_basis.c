/* What floating point proves in lp/, against plain rational arithmetic: supports with an
 * approximate inverse, and refined rays. */
#include "support/nets.h"
#include "support/oracle.h"
#include "support/rational.h"
#include "support/support.h"

#include "exact/simplex.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/basis.h"
#include "dd/refine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20, WIDE = 32, BLOCKS = 4 };

/* value + a corner of the box of radius err. */
static void set_true(mpq_t out, double value, double err, uint64_t *state)
{
    mpq_t part;
    mpq_init(part);
    mpq_set_d(out, value);
    mpq_set_d(part, err);
    (nets_random(state) & 1 ? mpq_add : mpq_sub)(out, out, part);
    mpq_clear(part);
}

static void fill_random(double *v, size_t d, uint64_t *state)
{
    for (size_t j = 0; j < d; j++)
        v[j] = rational_random(state);
}

/* Rows of norm at most 1, regular, nearly singular by about the size gap, or sparse. */
static void fill_rows(double *row, size_t rows, size_t d, double gap, uint64_t *state)
{
    for (size_t i = 0; i < rows; i++) {
        double *at = row + i * d;
        fill_random(at, d, state);
        long kind = nets_between(state, 0, 5);
        for (size_t j = 0; j < d; j++)
            if (kind == 0 && nets_between(state, 0, 2))
                at[j] = 0;
            else if (kind == 1)
                at[j] = (double)nets_between(state, -2, 2) / 4;
            else if (kind >= 2 && kind < 4 && i >= 2)
                at[j] = 0.5 * (at[j - 2 * d] - at[j - d]) + gap * at[j];
    }
}

/* ---- A support and its inverse ---- */

/* coefficients >= 0 of the true g in the true rows? */
static bool truly_implied(const double *row, const double *err, size_t d, const double *g,
                          double g_err, uint64_t *state)
{
    size_t cols = d + 1, pivot[MOST + 1];
    mpq_t *matrix = oracle_zeros(d * cols);
    for (size_t j = 0; j < d; j++) {
        for (size_t k = 0; k < d; k++)
            set_true(matrix[j * cols + k], row[k * d + j], err[k], state);
        set_true(matrix[j * cols + d], g[j], g_err, state);
    }
    bool good = rational_reduce(matrix, d, cols, pivot) == d && pivot[d - 1] == d - 1;
    for (size_t k = 0; k < d && good; k++)
        good = mpq_sgn(matrix[k * cols + d]) >= 0;
    oracle_drop(matrix, d * cols);
    return good;
}

/* The same by crease_simplex_combination, for rows without error. */
static bool exactly_implied(const double *row, size_t d, const double *g)
{
    mpz_t *integer = crease_integer_new((d + 1) * d);
    crease_exact_row rows[MOST];
    size_t index[MOST];
    for (size_t k = 0; k <= d; k++)
        crease_integer_from_doubles(integer + k * d, k < d ? row + k * d : g, d);
    for (size_t k = 0; k < d; k++) {
        rows[k] = (crease_exact_row){(const mpz_t *)integer + k * d, 1};
        index[k] = k;
    }
    crease_exact_row last = {(const mpz_t *)integer + d * d, 1};
    bool good = crease_simplex_combination(d, rows, index, d, d, last);
    crease_integer_free(integer, (d + 1) * d);
    return good;
}

/* g with coefficients of which one is near 0 or near the bound of the proof. */
static void fit_g(const crease_basis *base, const double *row, size_t d, double err, double *g,
                  uint64_t *state)
{
    static const double factors[] = {0, -1, 0.5, 1.01, 1.1, 3, 1e3, 1e9};
    double edge = crease_filter_bound(d, 1, err, base->norm), top = 0;
    edge += base->growth * (1 + edge);
    size_t low = (size_t)nets_between(state, 0, (long)d - 1);
    memset(g, 0, d * sizeof *g);
    for (size_t k = 0; k < d; k++) {
        double y = k == low ? factors[nets_between(state, 0, 7)] * edge
                            : 0.1 + fabs(rational_random(state));
        for (size_t j = 0; j < d; j++)
            g[j] += y * row[k * d + j];
    }
    for (size_t j = 0; j < d; j++) {
        if (nets_between(state, 0, 2) == 0)
            g[j] = rational_step(g[j], (int)nets_between(state, -3, 3));
        top = fmax(top, fabs(g[j]));
    }
    for (size_t j = 0; j < d && top > 1; j++)
        g[j] /= top * (1 + 0x1p-50);
}

START_TEST(bases)
{
    static const double gaps[] = {1, 1e-3, 1e-7, 1e-11, 0x1p-50, 0}, errors[] = {0, 0x1p-53, 1e-12};
    uint64_t state = 40 + (uint64_t)_i;
    size_t support[MOST], claimed = 0, open = 0, made = 0;
    crease_basis base = {0};
    double *row = calloc(MOST * MOST, sizeof *row), g[MOST], err[MOST];
    crease_basis_reserve(&base, MOST);
    for (size_t k = 0; k < MOST; k++)
        support[k] = k;
    for (int round = 0; round < 1500; round++) {
        size_t d = (size_t)nets_between(&state, 1, round % 10 ? 7 : MOST);
        double g_err = errors[nets_between(&state, 0, 2)];
        bool exact = nets_between(&state, 0, 1);
        fill_rows(row, d, d, gaps[nets_between(&state, 0, 5)], &state);
        for (size_t k = 0; k < d; k++)
            err[k] = exact ? 0 : errors[nets_between(&state, 0, 2)];
        g_err = exact ? 0 : g_err;
        if (!crease_basis_make(&base, d, row, err, support))
            continue;
        made++;
        for (int tries = 0; tries < 6; tries++) {
            fit_g(&base, row, d, g_err, g, &state);
            if (!crease_basis_implies(&base, d, g, g_err)) {
                open++;
                continue;
            }
            claimed++;
            if (exact && (d > 7 || tries % 2))
                support_require(exactly_implied(row, d, g),
                                "implied, but not by exact_combination");
            else if (d <= 12)
                support_require(truly_implied(row, err, d, g, g_err, &state),
                                "implied, but not truly");
        }
    }
    support_require(made > 300 && claimed > 300 && open > 300, "too few claims to mean anything");
    crease_basis_release(&base);
    free(row);
}
END_TEST

/* Rows t e_k + e_(k-1) and a last one e_(d-1): the inverse has entries up to t^-(d-1), which
 * leaves the range of doubles.  The coefficients of g are then not known. */
START_TEST(inverse_overflows)
{
    crease_basis base = {0};
    size_t d = WIDE, support[WIDE];
    double *row = calloc(WIDE * WIDE, sizeof *row), err[WIDE] = {0}, g[WIDE];
    crease_basis_reserve(&base, d);
    for (int power = 1; power < 47; power++) {
        double t = ldexp(1, -power);
        for (size_t k = 0; k < d; k++) {
            support[k] = k;
            memset(row + k * d, 0, d * sizeof *row);
            row[k * d + k] = k + 1 < d ? t : 1;
            if (k > 0)
                row[k * d + k - 1] = k + 1 < d ? 1 : 0.5;
        }
        if (!crease_basis_make(&base, d, row, err, support))
            continue;
        /* All coefficients 1 but the first, -1. */
        for (size_t j = 0; j < d; j++) {
            g[j] = 0;
            for (size_t k = 0; k < d; k++)
                g[j] += (k ? 0.5 : -0.5) * row[k * d + j];
        }
        support_require(!crease_basis_implies(&base, d, g, 0),
                        "implied with a coefficient below 0");
    }
    crease_basis_release(&base);
    free(row);
}
END_TEST

/* ---- Refined rays ---- */

/* The kernel vector of the true rows that agrees with v in v's largest coordinate lies within
 * err of v. */
static void check_ray(mpq_t *matrix, size_t d, const double *v, size_t p, double err)
{
    size_t pivot[MOST];
    mpq_t factor, x, bound;
    mpq_inits(factor, x, bound, NULL);
    support_require(rational_reduce(matrix, d - 1, d, pivot) == d - 1,
                    "refined rows of too small a rank");
    size_t loose = 0;
    while (loose + 1 < d && pivot[loose] == loose)
        loose++;
    /* x_pivot[k] = - matrix[k][loose] x_loose; x_loose such that x_p = v_p */
    mpq_set_d(factor, v[p]);
    for (size_t k = 0; k + 1 < d; k++)
        if (pivot[k] == p) {
            support_require(mpq_sgn(matrix[k * d + loose]) != 0, "the line has no coordinate p");
            mpq_div(factor, factor, matrix[k * d + loose]);
            mpq_neg(factor, factor);
        }
    mpq_set_d(bound, err);
    for (size_t j = 0; j < d; j++) {
        mpq_set(x, factor);
        for (size_t k = 0; k + 1 < d; k++)
            if (pivot[k] == j) {
                mpq_mul(x, x, matrix[k * d + loose]);
                mpq_neg(x, x);
            }
        mpq_t at;
        mpq_init(at);
        mpq_set_d(at, v[j]);
        mpq_sub(x, x, at);
        mpq_abs(x, x);
        mpq_clear(at);
        support_require(mpq_cmp(x, bound) <= 0,
                        "a refined ray is farther from its line than claimed");
    }
    mpq_clears(factor, x, bound, NULL);
}

/* A vector near the line, by inverse iteration in doubles; false if that fails. */
static bool guess(const double *row, size_t d, double blur, double *v, uint64_t *state)
{
    double matrix[MOST * MOST], inverse[MOST * MOST], top = 0;
    memcpy(matrix, row, (d - 1) * d * sizeof *row);
    fill_random(matrix + (d - 1) * d, d, state);
    if (!crease_basis_invert(matrix, inverse, d))
        return false;
    for (size_t j = 0; j < d; j++)
        top = fmax(top, fabs(inverse[j * d + d - 1]));
    for (size_t j = 0; j < d; j++)
        v[j] = inverse[j * d + d - 1] / top + blur * rational_random(state);
    return top > 0 && isfinite(top);
}

START_TEST(refined)
{
    static const double gaps[] = {1, 1e-3, 1e-7, 1e-11, 0x1p-50}, errors[] = {0, 0x1p-53, 1e-12};
    static const double blurs[] = {0, 1e-16, 1e-9, 1e-3};
    uint64_t state = 90 + (uint64_t)_i;
    size_t narrow = 0, refused = 0;
    crease_refiner *refiner = crease_refiner_new();
    double row[MOST * MOST], v[MOST], before[MOST], err;
    for (int round = 0; round < 4000; round++) {
        size_t d = (size_t)nets_between(&state, 2, round % 20 ? 7 : 14), p = 0;
        fill_rows(row, d - 1, d, gaps[nets_between(&state, 0, 4)], &state);
        if (!guess(row, d, blurs[nets_between(&state, 0, 3)], v, &state))
            continue;
        crease_refiner_begin(refiner, d);
        mpq_t *matrix = oracle_zeros((d - 1) * d);
        for (size_t k = 0; k + 1 < d; k++) {
            double row_err = errors[nets_between(&state, 0, 2)];
            memcpy(crease_refiner_row(refiner, k), row + k * d, d * sizeof *row);
            *crease_refiner_error(refiner, k) = row_err;
            for (size_t j = 0; j < d; j++)
                set_true(matrix[k * d + j], row[k * d + j], row_err, &state);
        }
        memcpy(before, v, sizeof v);
        for (size_t j = 1; j < d; j++)
            p = fabs(v[j]) > fabs(v[p]) ? j : p;
        if (!crease_refiner_run(refiner, v, &err)) {
            support_require(!memcmp(before, v, d * sizeof *v),
                            "refused, but the vector is another");
            refused++;
        } else if (isfinite(err)) {
            support_require(before[p] == v[p], "the largest coordinate was moved");
            check_ray(matrix, d, v, p, err);
            narrow += err < 1e-10;
        }
        oracle_drop(matrix, (d - 1) * d);
    }
    support_require(narrow > 500 && refused > 10, "too few refined rays");
    crease_refiner_free(refiner);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("basis");
    TCase *tcase = support_case(suite, "basis", 3600);
    tcase_add_loop_test(tcase, bases, 0, BLOCKS);
    tcase_add_test(tcase, inverse_overflows);
    tcase_add_loop_test(tcase, refined, 0, BLOCKS);
    return support_run(suite);
}
