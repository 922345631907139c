#include "exact/fractions.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

mpq_t *crease_fractions_new(size_t count)
{
    mpq_t *vector = crease_alloc(count, sizeof *vector);
    for (size_t i = 0; i < count; i++)
        mpq_init(vector[i]);
    return vector;
}

void crease_fractions_free(mpq_t *vector, size_t count)
{
    if (!vector)
        return;
    for (size_t i = 0; i < count; i++)
        mpq_clear(vector[i]);
    free(vector);
}

double crease_fraction_root(const mpq_t square)
{
    long above, below;
    double value = mpz_get_d_2exp(&above, mpq_numref(square));
    value /= mpz_get_d_2exp(&below, mpq_denref(square));
    long exponent = above - below, odd = exponent & 1;
    return ldexp(sqrt(ldexp(value, (int)odd)), (int)((exponent - odd) / 2));
}
