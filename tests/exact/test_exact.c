/* The predicates behind the proofs against plain rational arithmetic: membership in a cone, ranks
 * and kernels, and integers from and to doubles. */
#include "support/nets.h"
#include "support/oracle.h"
#include "support/rational.h"
#include "support/support.h"

#include "exact/simplex.h"
#include "exact/integer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 4 };

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
            support_require(
                crease_simplex_combination(c->d, c->a, index, count, count, c->a[c->m]) == combined,
                "crease_simplex_combination");
    }
    bool found = crease_simplex_in_cone(c->d, c->m, c->a, c->a[c->m], support, &supports, witness);
    support_require(found == inside, "crease_simplex_in_cone against all supports");
    support_require(
        crease_simplex_in_cone(c->d, c->m, c->a, c->a[c->m], support, &supports, NULL) == inside,
        "crease_simplex_in_cone without a witness");
    if (found) {
        unsigned set = 0;
        for (size_t k = 0; k < supports; k++) {
            support_require(support[k] < c->m && !(set >> support[k] & 1), "a support twice");
            set |= 1u << support[k];
        }
        support_require(combines(c, set, true),
                        "the support does not combine to g with positive factors");
    } else {
        const mpz_t *w = (const mpz_t *)witness;
        for (size_t i = 0; i <= c->m; i++) {
            int sign = crease_integer_dot_sign(c->a[i].row, w, c->d) * c->a[i].sign;
            support_require(i < c->m ? sign >= 0 : sign < 0, "the witness is on the wrong side");
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
    support_require(crease_integer_rank((const mpz_t *)matrix, rows, d, stride, pivot) == rank,
                    "crease_integer_rank");
    support_require(independent(matrix, rows, stride, pivot, rank), "dependent columns");
    support_require(crease_integer_leading((const mpz_t *)matrix, rows, d, stride, pivot) == rank,
                    "crease_integer_leading");
    for (size_t k = 0; k < rank; k++)
        support_require(pivot[k] == expected[k], "not the leading independent columns");
    bool line = crease_integer_kernel(out, row, rows, d);
    support_require(line == (rank + 1 == d), "crease_integer_kernel");
    if (line) {
        for (size_t i = 0; i < rows; i++)
            support_require(crease_integer_dot_sign(row[i], (const mpz_t *)out, d) == 0,
                            "a row does not vanish on the kernel");
        for (size_t j = 0; j < d; j++)
            mpz_gcd(divisor, divisor, out[j]);
        support_require(mpz_cmp_ui(divisor, 1) == 0, "the kernel vector is not primitive");
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
    support_require(crease_integer_parallel((const mpz_t *)a, (const mpz_t *)b, d) == expected,
                    "crease_integer_parallel");
    support_require(crease_integer_parallel((const mpz_t *)b, (const mpz_t *)a, d) == expected,
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
        support_require((v[j] > 0) - (v[j] < 0) == mpz_sgn(integer[j]), "from_doubles: a sign");
        if (v[j] == 0)
            continue;
        mpq_set_z(x, integer[j]);
        mpq_set_d(y, v[j]);
        mpq_div(x, x, y);
        if (!mpq_sgn(factor))
            mpq_set(factor, x);
        support_require(mpq_sgn(x) > 0 && mpq_equal(x, factor), "from_doubles: no common factor");
    }
    crease_integer_to_doubles(back, (const mpz_t *)integer, d);
    mpq_set_ui(factor, 0, 1);
    for (size_t j = 0; j < d; j++)
        top = fmax(top, fabs(back[j]));
    support_require(crease_integer_is_zero((const mpz_t *)integer, d) || (top >= 0.5 && top <= 1),
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
        support_require(mpq_cmp(y, bound) <= 0, "to_doubles: an entry is off");
    }
    mpq_clears(x, y, factor, bound, NULL);
    crease_integer_free(integer, d);
}

static void random_long(mpz_t out, uint64_t *state)
{
    long bits = nets_between(state, 0, 6000);
    mpz_set_ui(out, 1);
    for (long have = 0; have < bits; have += 64) {
        mpz_mul_2exp(out, out, 64);
        mpz_add_ui(out, out, nets_between(state, 0, 1) ? nets_random(state) : UINT64_MAX);
    }
    mpz_tdiv_q_2exp(out, out, (mp_bitcnt_t)nets_between(state, 0, 63));
    mpz_mul_si(out, out, nets_between(state, -1, 1));
}

/* The last product brings the sum to a number of any size. */
static void check_long_dot(uint64_t *state)
{
    size_t d = (size_t)nets_between(state, 1, 5), last = d - 1;
    mpz_t *a = crease_integer_new(d), *b = crease_integer_new(d), sum;
    mpz_init(sum);
    if (nets_between(state, 0, 5))
        random_long(sum, state);
    else
        mpz_set_si(sum, nets_between(state, -2, 2));
    int sign = mpz_sgn(sum);
    for (size_t j = 0; j < last; j++) {
        random_long(a[j], state);
        random_long(b[j], state);
        mpz_submul(sum, a[j], b[j]);
    }
    mpz_set(a[last], sum);
    mpz_set_si(b[last], nets_between(state, 0, 1) ? 1 : -1);
    mpz_mul(a[last], a[last], b[last]);
    support_require(crease_integer_dot_sign((const mpz_t *)a, (const mpz_t *)b, d) == sign,
                    "crease_integer_dot_sign");
    support_require(crease_integer_dot_sign((const mpz_t *)b, (const mpz_t *)a, d) == sign,
                    "crease_integer_dot_sign, the other way round");
    mpz_clear(sum);
    crease_integer_free(a, d);
    crease_integer_free(b, d);
}

START_TEST(vectors)
{
    uint64_t state = 21;
    for (int round = 0; round < 20000; round++) {
        check_parallel(&state);
        check_doubles(&state);
        check_long_dot(&state);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exact");
    TCase *tcase = support_case(suite, "exact", 3600);
    tcase_add_loop_test(tcase, cones, 0, BLOCKS);
    tcase_add_loop_test(tcase, matrices, 0, BLOCKS);
    tcase_add_test(tcase, vectors);
    return support_run(suite);
}
