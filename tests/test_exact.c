/* The predicates behind the proofs against plain rational arithmetic: supports with an
 * approximate inverse, refined rays, membership in a cone, ranks and kernels. */
#include "support/nets.h"
#include "support/oracle.h"
#include "support/rational.h"

#include "exact/cone.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "lp/basis.h"
#include "lp/refine.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20, WIDE = 32, BLOCKS = 4 };

/* Check's own assertions write to a pipe each time. */
static void require(bool good, const char *what)
{
    if (!good)
        ck_abort_msg("%s", what);
}

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

/* The same by crease_exact_combination, for rows without error. */
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
    bool good = crease_exact_combination(d, rows, index, d, d, last);
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
                require(exactly_implied(row, d, g), "implied, but not by exact_combination");
            else if (d <= 12)
                require(truly_implied(row, err, d, g, g_err, &state), "implied, but not truly");
        }
    }
    require(made > 300 && claimed > 300 && open > 300, "too few claims to mean anything");
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
        require(!crease_basis_implies(&base, d, g, 0), "implied with a coefficient below 0");
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
    require(rational_reduce(matrix, d - 1, d, pivot) == d - 1, "refined rows of too small a rank");
    size_t loose = 0;
    while (loose + 1 < d && pivot[loose] == loose)
        loose++;
    /* x_pivot[k] = - matrix[k][loose] x_loose; x_loose such that x_p = v_p */
    mpq_set_d(factor, v[p]);
    for (size_t k = 0; k + 1 < d; k++)
        if (pivot[k] == p) {
            require(mpq_sgn(matrix[k * d + loose]) != 0, "the line has no coordinate p");
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
        require(mpq_cmp(x, bound) <= 0, "a refined ray is farther from its line than claimed");
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
            require(!memcmp(before, v, d * sizeof *v), "refused, but the vector is another");
            refused++;
        } else if (isfinite(err)) {
            require(before[p] == v[p], "the largest coordinate was moved");
            check_ray(matrix, d, v, p, err);
            narrow += err < 1e-10;
        }
        oracle_drop(matrix, (d - 1) * d);
    }
    require(narrow > 500 && refused > 10, "too few refined rays");
    crease_refiner_free(refiner);
}
END_TEST

/* ---- Cones ---- */

enum { FEW_ROWS = 7, FEW = 4 };

typedef struct {
    size_t d, m;
    mpz_t *row; /* m + 1 rows; the last one is g */
    crease_exact_row a[FEW_ROWS + 1];
} small_cone;

static void entry(const small_cone *c, size_t i, size_t j, mpq_t out)
{
    mpq_set_z(out, c->row[i * c->d + j]);
    if (c->a[i].sign < 0)
        mpq_neg(out, out);
}

/* The rows of the set are independent, and g is a combination of them with coefficients >= 0
 * (or > 0 if strict). */
static bool combines(const small_cone *c, unsigned set, bool strict)
{
    size_t index[FEW_ROWS], count = 0, pivot[FEW_ROWS + 1];
    for (size_t i = 0; i < c->m; i++)
        if (set >> i & 1)
            index[count++] = i;
    if (count > c->d)
        return false;
    mpq_t *matrix = oracle_zeros(c->d * (count + 1));
    for (size_t j = 0; j < c->d; j++)
        for (size_t k = 0; k <= count; k++)
            entry(c, k < count ? index[k] : c->m, j, matrix[j * (count + 1) + k]);
    size_t rank = rational_reduce(matrix, c->d, count + 1, pivot);
    /* independent columns, and the last one depends on them */
    bool good = rank == count && (count == 0 || pivot[count - 1] == count - 1);
    for (size_t k = 0; k < count && good; k++) {
        int sign = mpq_sgn(matrix[k * (count + 1) + count]);
        good = strict ? sign > 0 : sign >= 0;
    }
    oracle_drop(matrix, c->d * (count + 1));
    return good;
}

static void check_cone(const small_cone *c)
{
    size_t support[FEW], supports = 0, index[FEW_ROWS];
    mpz_t *witness = crease_integer_new(c->d);
    bool inside = false;
    for (unsigned set = 0; set < 1u << c->m; set++) {
        size_t count = 0;
        for (size_t i = 0; i < c->m; i++)
            if (set >> i & 1)
                index[count++] = i;
        bool combined = combines(c, set, false);
        inside = inside || combined;
        if (count <= c->d)
            require(crease_exact_combination(c->d, c->a, index, count, count, c->a[c->m]) == combined,
                    "crease_exact_combination");
    }
    bool found = crease_exact_in_cone(c->d, c->m, c->a, c->a[c->m], support, &supports, witness);
    require(found == inside, "crease_exact_in_cone against all supports");
    require(crease_exact_in_cone(c->d, c->m, c->a, c->a[c->m], support, &supports, NULL) == inside,
            "crease_exact_in_cone without a witness");
    if (found) {
        unsigned set = 0;
        for (size_t k = 0; k < supports; k++) {
            require(support[k] < c->m && !(set >> support[k] & 1), "a support twice");
            set |= 1u << support[k];
        }
        require(combines(c, set, true), "the support does not combine to g with positive factors");
    } else {
        const mpz_t *w = (const mpz_t *)witness;
        for (size_t i = 0; i <= c->m; i++) {
            int sign = crease_integer_dot_sign(c->a[i].row, w, c->d) * c->a[i].sign;
            require(i < c->m ? sign >= 0 : sign < 0, "the witness is on the wrong side");
        }
    }
    crease_integer_free(witness, c->d);
}

START_TEST(cones)
{
    uint64_t state = 7 + (uint64_t)_i;
    for (int round = 0; round < 2500; round++) {
        small_cone c;
        c.d = (size_t)nets_between(&state, 1, FEW);
        c.m = (size_t)nets_between(&state, 0, round % 8 ? 5 : FEW_ROWS);
        c.row = crease_integer_new((c.m + 1) * c.d);
        long range = nets_between(&state, 1, 3);
        for (size_t i = 0; i <= c.m; i++) {
            c.a[i] = (crease_exact_row){(const mpz_t *)c.row + i * c.d,
                                        nets_between(&state, 0, 1) ? 1 : -1};
            for (size_t j = 0; j < c.d; j++)
                mpz_set_si(c.row[i * c.d + j], nets_between(&state, -range, range));
        }
        /* Half of the time g is made a combination, so that it lies inside. */
        for (size_t i = 0; i < c.m && round % 2; i++) {
            long y = nets_between(&state, 0, 2);
            for (size_t j = 0; j < c.d; j++) {
                mpz_t *g = &c.row[c.m * c.d + j];
                if (i == 0)
                    mpz_set_ui(*g, 0);
                long signs = y * c.a[i].sign * c.a[c.m].sign;
                if (signs >= 0)
                    mpz_addmul_ui(*g, c.row[i * c.d + j], (unsigned long)signs);
                else
                    mpz_submul_ui(*g, c.row[i * c.d + j], (unsigned long)-signs);
            }
        }
        check_cone(&c);
        crease_integer_free(c.row, (c.m + 1) * c.d);
    }
}
END_TEST

/* ---- Integers ---- */

/* Entries small, of many bits, or multiples of the prime that ranks are first taken by. */
static void random_integer(mpz_t out, long kind, uint64_t *state)
{
    mpz_set_si(out, nets_between(state, -2, 2));
    if (kind == 1) {
        mpz_mul_2exp(out, out, 60);
        mpz_add_ui(out, out, nets_random(state) >> 20);
    } else if (kind == 2 && nets_between(state, 0, 1)) {
        mpz_t prime;
        mpz_init_set_ui(prime, 1);
        mpz_mul_2exp(prime, prime, 61);
        mpz_sub_ui(prime, prime, 1);
        mpz_mul(out, out, prime);
        mpz_clear(prime);
    }
}

/* Are the given columns of the matrix independent? */
static bool independent(mpz_t *matrix, size_t rows, size_t stride, const size_t *column,
                        size_t columns)
{
    size_t pivot[8];
    mpq_t *copy = oracle_zeros(rows * columns);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < columns; k++)
            mpq_set_z(copy[i * columns + k], matrix[i * stride + column[k]]);
    bool good = columns == 0 || rational_reduce(copy, rows, columns, pivot) == columns;
    oracle_drop(copy, rows * columns);
    return good;
}

/* Kernel and rank of the same matrix, whose rows are dependent now and then. */
static void check_matrix(long kind, uint64_t *state)
{
    size_t rows = (size_t)nets_between(state, 1, 6), d = (size_t)nets_between(state, 1, 6);
    size_t stride = d + (size_t)nets_between(state, 0, 2), pivot[8], expected[8];
    mpz_t *matrix = crease_integer_new(rows * stride), *out = crease_integer_new(d), divisor;
    const mpz_t *row[8];
    mpq_t *copy = oracle_zeros(rows * d);
    mpz_init(divisor);
    for (size_t i = 0; i < rows; i++) {
        row[i] = (const mpz_t *)matrix + i * stride;
        long from = i > 1 ? nets_between(state, 0, 3) : 1;
        for (size_t j = 0; j < d; j++) {
            mpz_t *at = &matrix[i * stride + j];
            random_integer(*at, kind, state);
            if (from == 0) /* dependent on the two before */
                mpz_sub(*at, matrix[(i - 1) * stride + j], matrix[(i - 2) * stride + j]);
            mpq_set_z(copy[i * d + j], *at);
        }
    }
    size_t rank = rational_reduce(copy, rows, d, expected);
    require(crease_integer_rank((const mpz_t *)matrix, rows, d, stride, pivot) == rank,
            "crease_integer_rank");
    /* Columns that vanish modulo the prime may be passed over; others must do then. */
    for (size_t k = 0; k < rank && kind != 2; k++)
        require(pivot[k] == expected[k], "not the leading independent columns");
    require(independent(matrix, rows, stride, pivot, rank), "dependent columns");
    bool line = crease_integer_kernel(out, row, rows, d);
    require(line == (rank + 1 == d), "crease_integer_kernel");
    if (line) {
        for (size_t i = 0; i < rows; i++)
            require(crease_integer_dot_sign(row[i], (const mpz_t *)out, d) == 0,
                    "a row does not vanish on the kernel");
        for (size_t j = 0; j < d; j++)
            mpz_gcd(divisor, divisor, out[j]);
        require(mpz_cmp_ui(divisor, 1) == 0, "the kernel vector is not primitive");
    }
    mpz_clear(divisor);
    oracle_drop(copy, rows * d);
    crease_integer_free(matrix, rows * stride);
    crease_integer_free(out, d);
}

START_TEST(matrices)
{
    uint64_t state = 300 + (uint64_t)_i;
    for (int round = 0; round < 6000; round++)
        check_matrix(_i == 3 ? 2 : round % 2, &state);
}
END_TEST

static void check_parallel(uint64_t *state)
{
    size_t d = (size_t)nets_between(state, 1, 5);
    mpz_t *a = crease_integer_new(d), *b = crease_integer_new(d);
    mpq_t *pair = oracle_zeros(2 * d);
    size_t pivot[8];
    long x = nets_between(state, -3, 3), y = nets_between(state, 1, 3);
    int sign = 0;
    for (size_t j = 0; j < d; j++) {
        random_integer(a[j], nets_between(state, 0, 1), state);
        mpz_mul_si(b[j], a[j], x);
        mpz_mul_si(a[j], a[j], y);
    }
    if (nets_between(state, 0, 2) == 0)
        mpz_add_ui(b[0], b[0], 1);
    for (size_t j = 0; j < d; j++) {
        mpq_set_z(pair[j], a[j]);
        mpq_set_z(pair[d + j], b[j]);
        if (!sign)
            sign = mpz_sgn(a[j]) * mpz_sgn(b[j]);
    }
    bool nonzero = !crease_integer_is_zero((const mpz_t *)a, d) &&
                   !crease_integer_is_zero((const mpz_t *)b, d);
    int expected = nonzero && rational_reduce(pair, 2, d, pivot) == 1 ? sign : 0;
    require(crease_integer_parallel((const mpz_t *)a, (const mpz_t *)b, d) == expected,
            "crease_integer_parallel");
    require(crease_integer_parallel((const mpz_t *)b, (const mpz_t *)a, d) == expected,
            "crease_integer_parallel, the other way round");
    oracle_drop(pair, 2 * d);
    crease_integer_free(a, d);
    crease_integer_free(b, d);
}

/* Doubles to integers is exact up to one factor; back, every entry is within 2^-52 of itself
 * times a power of two. */
static void check_doubles(uint64_t *state)
{
    size_t d = (size_t)nets_between(state, 1, 6);
    double v[8], back[8], top = 0;
    mpz_t *integer = crease_integer_new(d);
    int range = nets_between(state, 0, 1) ? 20 : 900;
    mpq_t x, y, factor, bound;
    mpq_inits(x, y, factor, bound, NULL);
    for (size_t j = 0; j < d; j++) {
        v[j] = ldexp(rational_random(state), (int)nets_between(state, -range, range));
        if (nets_between(state, 0, 5) == 0)
            v[j] = nets_between(state, 0, 1) ? 0 : 0x1p-1074;
    }
    crease_integer_from_doubles(integer, v, d);
    for (size_t j = 0; j < d; j++) {
        require((v[j] > 0) - (v[j] < 0) == mpz_sgn(integer[j]), "from_doubles: a sign");
        if (v[j] == 0)
            continue;
        mpq_set_z(x, integer[j]);
        mpq_set_d(y, v[j]);
        mpq_div(x, x, y);
        if (!mpq_sgn(factor))
            mpq_set(factor, x);
        require(mpq_sgn(x) > 0 && mpq_equal(x, factor), "from_doubles: no common factor");
    }
    crease_integer_to_doubles(back, (const mpz_t *)integer, d);
    mpq_set_ui(factor, 0, 1);
    for (size_t j = 0; j < d; j++)
        top = fmax(top, fabs(back[j]));
    require(crease_integer_is_zero((const mpz_t *)integer, d) || (top >= 0.5 && top <= 1),
            "to_doubles: the norm");
    /* The power of two from the largest entry. */
    for (size_t j = 0; j < d; j++)
        if (fabs(back[j]) == top && top > 0) {
            size_t bits = mpz_sizeinbase(integer[j], 2);
            mpq_set_ui(factor, 1, 1);
            mpq_mul_2exp(factor, factor, bits - (top == 1));
        }
    for (size_t j = 0; j < d && top > 0; j++) {
        mpq_set_z(x, integer[j]);
        mpq_div(x, x, factor);
        mpq_set_d(y, back[j]);
        mpq_sub(y, y, x);
        mpq_abs(y, y);
        mpq_abs(x, x);
        mpq_div_2exp(bound, x, 52);
        if (back[j] == 0) {
            mpq_set_ui(bound, 1, 1);
            mpq_div_2exp(bound, bound, 1000);
        }
        require(mpq_cmp(y, bound) <= 0, "to_doubles: an entry is off");
    }
    mpq_clears(x, y, factor, bound, NULL);
    crease_integer_free(integer, d);
}

START_TEST(vectors)
{
    uint64_t state = 21;
    for (int round = 0; round < 20000; round++) {
        check_parallel(&state);
        check_doubles(&state);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exact");
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 3600);
    tcase_add_loop_test(tcase, bases, 0, BLOCKS);
    tcase_add_test(tcase, inverse_overflows);
    tcase_add_loop_test(tcase, refined, 0, BLOCKS);
    tcase_add_loop_test(tcase, cones, 0, BLOCKS);
    tcase_add_loop_test(tcase, matrices, 0, BLOCKS);
    tcase_add_test(tcase, vectors);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
