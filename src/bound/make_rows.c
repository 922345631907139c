#include "bound/make.h"

void crease_make_row_ones(const crease_made *made, mpq_t *value)
{
    for (size_t j = 0; j < made->width[made->layers - 1]; j++)
        mpq_set_ui(value[j], 1, 1);
}

void crease_make_general(const crease_made *made, size_t m, size_t k, mpq_t *a, mpq_t b)
{
    size_t n0 = made->inputs;
    long t = 2 * (long)k + 1 - (long)m;
    mpz_t power;
    mpq_t half;
    mpz_init_set_ui(power, 1);
    mpq_init(half);
    for (size_t j = 0; j < n0; j++) { /* power = t^j */
        mpz_ui_pow_ui(mpq_numref(a[j]), m, n0 - j);
        mpz_mul(mpq_numref(a[j]), mpq_numref(a[j]), power);
        mpz_mul_2exp(mpq_numref(a[j]), mpq_numref(a[j]), n0 + 1);
        mpq_div_2exp(half, a[j], 1);
        mpq_sub(b, b, half);
        mpz_mul_si(power, power, t);
    }
    mpz_add(mpq_numref(b), mpq_numref(b), power);
    mpq_clear(half);
    mpz_clear(power);
}
