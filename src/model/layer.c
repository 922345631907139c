#include "model/layer.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "model/shadow.h"

#include <limits.h>
#include <math.h>

long crease_layer_magnitude(const mpz_t num, const mpz_t den)
{
    if (!mpz_sgn(num))
        return LONG_MIN / 4;
    return (long)mpz_sizeinbase(num, 2) - (long)mpz_sizeinbase(den, 2);
}

/* Nearest-or-truncated double of num / den with relative error at most 2^-52, *exact
 * cleared if it is not the same number; weights beyond the range of doubles become
 * infinite or lose precision and are left to exact arithmetic. */
static double quotient(const mpz_t num, const mpz_t den, bool *exact)
{
    mpq_t value, back;
    mpq_inits(value, back, NULL);
    mpz_set(mpq_numref(value), num);
    mpz_set(mpq_denref(value), den);
    mpq_canonicalize(value);
    double result = mpq_get_d(value);
    if (!isfinite(result) || (result != 0 && fabs(result) < 0x1p-1000) ||
        (result == 0 && mpz_sgn(num))) {
        result = NAN;
        *exact = false;
    } else {
        mpq_set_d(back, result);
        if (!mpq_equal(back, value))
            *exact = false;
    }
    mpq_clears(value, back, NULL);
    return result;
}

/* The largest power of two that divides the non-zero double x. */
static double lowest_bit(double x)
{
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(fabs(x), &exponent), 53);
    return ldexp((double)(mantissa & -mantissa), exponent - 53);
}

void crease_layer_set_doubles(crease_model_layer *layer)
{
    bool exact = true;
    layer->weight = crease_alloc_aligned((layer->inputs + 1) * layer->stride, sizeof(double));
    for (size_t u = 0; u < layer->width && !crease_interrupted(); u++)
        for (size_t j = 0; j <= layer->inputs; j++)
            layer->weight[j * layer->stride + u] =
                quotient(layer->num[u * (layer->inputs + 1) + j], layer->den, &exact);
    layer->error = exact ? 0 : 0x1p-52;
    layer->quantum = exact ? 1 : 0;
    for (size_t i = 0; exact && i < (layer->inputs + 1) * layer->stride; i++)
        if (layer->weight[i] != 0)
            layer->quantum = fmin(layer->quantum, lowest_bit(layer->weight[i]));
    if (CREASE_SHADOW)
        crease_shadow_weights(layer);
}
