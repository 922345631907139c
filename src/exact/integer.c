#include "exact/integer.h"

#include "base/memory.h"
#include "exact/modular.h"
#include "exact/shadow.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { LEADING_BITS = 128 }; /* at first; numbers not much longer are multiplied at once */

mpz_t *crease_integer_new(size_t count)
{
    mpz_t *vector = crease_alloc(count, sizeof *vector);
    for (size_t i = 0; i < count; i++)
        mpz_init(vector[i]);
    return vector;
}

void crease_integer_free(mpz_t *vector, size_t count)
{
    if (!vector)
        return;
    for (size_t i = 0; i < count; i++)
        mpz_clear(vector[i]);
    free(vector);
}

void crease_integer_from_doubles(mpz_t *out, const double *v, size_t d)
{
    int low = 0;
    for (size_t j = 0; j < d; j++) {
        int exponent;
        if (v[j] == 0)
            continue;
        frexp(v[j], &exponent);
        if (exponent - 53 < low)
            low = exponent - 53;
    }
    for (size_t j = 0; j < d; j++) {
        int exponent;
        double mantissa = frexp(v[j], &exponent);
        assert(isfinite(v[j]) && (v[j] == 0 || exponent - 53 >= low));
        mpz_set_d(out[j], ldexp(mantissa, 53));
        if (v[j] != 0)
            mpz_mul_2exp(out[j], out[j], (mp_bitcnt_t)(exponent - 53 - low));
    }
}

void crease_integer_to_doubles(double *v, const mpz_t *in, size_t d)
{
    size_t top = 0;
    for (size_t j = 0; j < d; j++) {
        size_t bits = mpz_sgn(in[j]) ? mpz_sizeinbase(in[j], 2) : 0;
        top = bits > top ? bits : top;
    }
    for (size_t j = 0; j < d; j++) {
        long exponent;
        double mantissa = mpz_get_d_2exp(&exponent, in[j]);
        long shift = exponent - (long)top;
        v[j] = shift < -1000 ? 0 : ldexp(mantissa, (int)shift);
    }
}

static mp_bitcnt_t bits_of(const mpz_t n)
{
    return mpz_sgn(n) ? mpz_sizeinbase(n, 2) : 0;
}

/* The leading bits of n, at most that many; returns how many others there are. */
static mp_bitcnt_t lead(mpz_t out, const mpz_t n, mp_bitcnt_t bits)
{
    mp_bitcnt_t all = bits_of(n), rest = all > bits ? all - bits : 0;
    mpz_tdiv_q_2exp(out, n, rest);
    return rest;
}

/* The sign of a.b, 0 if these leading bits leave it open; all |a_j b_j| are below 2^top, and
 * top > bits. */
static int leading_sign(const mpz_t *a, const mpz_t *b, size_t d, mp_bitcnt_t top, mp_bitcnt_t bits)
{
    mpz_t sum, left, right;
    mpz_inits(sum, left, right, NULL);
    for (size_t j = 0; j < d; j++) {
        if (!mpz_sgn(a[j]) || !mpz_sgn(b[j]))
            continue;
        mp_bitcnt_t rest = lead(left, a[j], bits) + lead(right, b[j], bits);
        mpz_mul(left, left, right);
        assert(rest <= top - bits);
        mpz_tdiv_q_2exp(left, left, top - bits - rest);
        mpz_add(sum, sum, left);
    }
    int sign = mpz_cmpabs_ui(sum, 5 * d) >= 0 ? mpz_sgn(sum) : 0;
    mpz_clears(sum, left, right, NULL);
    return sign;
}

int crease_integer_dot_sign(const mpz_t *a, const mpz_t *b, size_t d)
{
    mp_bitcnt_t top = 0;
    int sign = 0;
    for (size_t j = 0; j < d; j++) {
        mp_bitcnt_t bits = bits_of(a[j]) + bits_of(b[j]);
        top = mpz_sgn(a[j]) && mpz_sgn(b[j]) && bits > top ? bits : top;
    }
    for (mp_bitcnt_t bits = LEADING_BITS; !sign && 8 * bits < top; bits *= 4)
        sign = leading_sign(a, b, d, top, bits);
    if (CREASE_SHADOW && sign)
        crease_shadow_leading(a, b, d, sign);
    if (sign)
        return sign;
    mpz_t sum;
    mpz_init(sum);
    for (size_t j = 0; j < d && !crease_integer_late(sum); j++)
        mpz_addmul(sum, a[j], b[j]);
    sign = mpz_sgn(sum);
    mpz_clear(sum);
    return sign;
}

bool crease_integer_is_zero(const mpz_t *a, size_t d)
{
    for (size_t j = 0; j < d; j++)
        if (mpz_sgn(a[j]))
            return false;
    return true;
}

int crease_integer_parallel(const mpz_t *a, const mpz_t *b, size_t d)
{
    size_t pivot = 0;
    while (pivot < d && !mpz_sgn(a[pivot]))
        pivot++;
    if (pivot == d || !mpz_sgn(b[pivot]))
        return 0;
    mpz_t left, right;
    mpz_inits(left, right, NULL);
    bool equal = true;
    for (size_t j = 0; j < d && equal && !crease_integer_late(left); j++) {
        mpz_mul(left, a[pivot], b[j]);
        mpz_mul(right, a[j], b[pivot]);
        equal = mpz_cmp(left, right) == 0;
    }
    mpz_clears(left, right, NULL);
    return equal ? mpz_sgn(a[pivot]) * mpz_sgn(b[pivot]) : 0;
}

void crease_integer_reduce(mpz_t *a, size_t d)
{
    mpz_t divisor;
    mpz_init(divisor);
    for (size_t j = 0; j < d && mpz_cmp_ui(divisor, 1) && !crease_integer_late(a[j]); j++)
        mpz_gcd(divisor, divisor, a[j]);
    if (mpz_cmp_ui(divisor, 1) > 0)
        for (size_t j = 0; j < d && !crease_integer_late(a[j]); j++)
            mpz_divexact(a[j], a[j], divisor);
    mpz_clear(divisor);
}

/* Clears column j of all rows but the pivot row k, fraction-free; det is the pivot of the
 * step before. */
static void clear_column(mpz_t *matrix, size_t rows, size_t cols, size_t k, size_t j,
                         const mpz_t det)
{
    const mpz_t *top = (const mpz_t *)matrix + k * cols;
    for (size_t i = 0; i < rows && !crease_interrupted_after(16 * cols); i++) {
        mpz_t *row = matrix + i * cols;
        if (i == k)
            continue;
        for (size_t c = 0; c < cols && !crease_integer_late(top[j]); c++) {
            if (c == j)
                continue;
            mpz_mul(row[c], row[c], top[j]);
            mpz_submul(row[c], row[j], top[c]);
            mpz_divexact(row[c], row[c], det);
        }
        mpz_set_ui(row[j], 0);
    }
}

bool crease_integer_kernel(mpz_t *out, const mpz_t *const *row, size_t rows, size_t d)
{
    mpz_t *matrix = crease_integer_new(rows * d), det;
    size_t *pivot = crease_alloc(d, sizeof *pivot);
    size_t rank = 0, free_column = d;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < d; j++)
            mpz_set(matrix[i * d + j], row[i][j]);
    mpz_init_set_ui(det, 1);
    bool line = true;
    for (size_t j = 0; j < d && line; j++) {
        size_t i = rank;
        while (i < rows && !mpz_sgn(matrix[i * d + j]))
            i++;
        if (i == rows) {
            line = free_column == d;
            free_column = j;
            continue;
        }
        for (size_t c = 0; c < d && i != rank; c++)
            mpz_swap(matrix[i * d + c], matrix[rank * d + c]);
        clear_column(matrix, rows, d, rank, j, det);
        mpz_set(det, matrix[rank * d + j]);
        pivot[rank++] = j;
        line = !crease_interrupt_raised();
    }
    line = line && free_column < d;
    assert(!line || rank + 1 == d);
    if (line) {
        /* det x_pivot[k] + matrix[k][free] x_free = 0 */
        mpz_set(out[free_column], det);
        for (size_t k = 0; k < rank; k++)
            mpz_neg(out[pivot[k]], matrix[k * d + free_column]);
        crease_integer_reduce(out, d);
    }
    mpz_clear(det);
    free(pivot);
    crease_integer_free(matrix, rows * d);
    return line;
}

/* Rank modulo the prime: never more than the rank, and its pivot columns are
 * independent over the rationals too. */
static size_t modular_rank(uint64_t *matrix, size_t rows, size_t cols, size_t *pivot)
{
    size_t rank = 0;
    for (size_t j = 0; j < cols && rank < rows && !crease_interrupt_raised(); j++) {
        size_t i = rank;
        while (i < rows && !matrix[i * cols + j])
            i++;
        if (i == rows)
            continue;
        for (size_t k = j; k < cols && i != rank; k++) {
            uint64_t swap = matrix[i * cols + k];
            matrix[i * cols + k] = matrix[rank * cols + k];
            matrix[rank * cols + k] = swap;
        }
        uint64_t inverse = crease_modular_inverse(matrix[rank * cols + j]);
        for (i = rank + 1; i < rows && !crease_interrupted_after(4 * cols); i++) {
            uint64_t factor = crease_modular_product(matrix[i * cols + j], inverse);
            if (!factor)
                continue;
            for (size_t k = j; k < cols; k++)
                matrix[i * cols + k] = crease_modular_sum(
                    matrix[i * cols + k],
                    CREASE_MODULAR_PRIME - crease_modular_product(factor, matrix[rank * cols + k]));
        }
        pivot[rank++] = j;
    }
    return rank;
}

/* Rank by fraction-free elimination; destroys the matrix. */
static size_t bareiss_rank(mpz_t *matrix, size_t rows, size_t cols, size_t *pivot)
{
    size_t rank = 0;
    mpz_t last;
    mpz_init_set_ui(last, 1);
    for (size_t j = 0; j < cols && rank < rows && !crease_interrupt_raised(); j++) {
        size_t i = rank;
        while (i < rows && !mpz_sgn(matrix[i * cols + j]))
            i++;
        if (i == rows)
            continue;
        for (size_t k = 0; k < cols && i != rank; k++)
            mpz_swap(matrix[i * cols + k], matrix[rank * cols + k]);
        const mpz_t *top = (const mpz_t *)matrix + rank * cols;
        for (i = rank + 1; i < rows && !crease_interrupted_after(16 * cols); i++) {
            mpz_t *row = matrix + i * cols;
            for (size_t k = j + 1; k < cols && !crease_integer_late(top[j]); k++) {
                mpz_mul(row[k], row[k], top[j]);
                mpz_submul(row[k], row[j], top[k]);
                mpz_divexact(row[k], row[k], last);
            }
            mpz_set_ui(row[j], 0);
        }
        mpz_set(last, top[j]);
        pivot[rank++] = j;
    }
    mpz_clear(last);
    return rank;
}

bool crease_integer_full_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                              size_t *pivot)
{
    uint64_t *residue = crease_alloc(rows * cols, sizeof *residue);
    assert(stride >= cols);
    for (size_t i = 0; i < rows && !crease_interrupted_after(4 * cols); i++)
        for (size_t j = 0; j < cols; j++)
            residue[i * cols + j] = crease_modular_residue(matrix[i * stride + j]);
    size_t rank = modular_rank(residue, rows, cols, pivot);
    free(residue);
    /* Full rank modulo a prime is full rank; less must be proved. */
    bool full = rank == rows || rank == cols;
    if (CREASE_SHADOW && full)
        crease_shadow_rank(matrix, rows, cols, stride, pivot);
    return full;
}

static size_t eliminate(const mpz_t *matrix, size_t rows, size_t cols, size_t stride, size_t *pivot)
{
    mpz_t *copy = crease_integer_new(rows * cols);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            mpz_set(copy[i * cols + j], matrix[i * stride + j]);
    size_t rank = bareiss_rank(copy, rows, cols, pivot);
    assert(rank <= rows && rank <= cols && (!rank || pivot[rank - 1] < cols));
    crease_integer_free(copy, rows * cols);
    return rank;
}

size_t crease_integer_rank(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                           size_t *pivot)
{
    if (crease_integer_full_rank(matrix, rows, cols, stride, pivot))
        return rows < cols ? rows : cols;
    return eliminate(matrix, rows, cols, stride, pivot);
}

size_t crease_integer_leading(const mpz_t *matrix, size_t rows, size_t cols, size_t stride,
                              size_t *pivot)
{
    size_t full = rows < cols ? rows : cols;
    /* The first columns are the leading ones if they are independent.  Any other choice may be due
     * to numbers that vanish modulo the prime. */
    if (crease_integer_full_rank(matrix, rows, cols, stride, pivot) &&
        (!full || pivot[full - 1] == full - 1))
        return full;
    return eliminate(matrix, rows, cols, stride, pivot);
}
