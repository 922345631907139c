#include "model/layer.h"

#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"
#include "model/shadow.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Is it cheaper to keep the entries alone? */
static bool is_sparse(const crease_model_layer *layer)
{
    size_t all = layer->inputs * layer->stride;
    return all > CREASE_LIMIT_DENSE && crease_rows_entries(&layer->map) < all / 8;
}

static void open_columns(crease_model_layer *layer)
{
    const crease_rows *map = &layer->map;
    size_t entries = crease_rows_entries(map), n = layer->inputs;
    crease_columns *c = &layer->columns;
    c->begin = crease_alloc(n + 1, sizeof *c->begin);
    c->unit = crease_alloc(entries, sizeof *c->unit);
    c->weight = crease_alloc(entries, sizeof *c->weight);
    for (size_t i = 0; i < entries; i++)
        c->begin[map->input[i]]++;
    for (size_t j = 0, sum = 0; j <= n; j++) {
        size_t own = c->begin[j];
        c->begin[j] = sum;
        sum += own;
    }
}

/* While entries are added, begin[j] is the place of the next entry of column j; in the end it is
 * the beginning of column j + 1. */
static void fill_column(crease_model_layer *layer, size_t j, size_t u, double weight)
{
    size_t at = layer->columns.begin[j]++;
    layer->columns.unit[at] = (uint32_t)u;
    layer->columns.weight[at] = weight;
}

static void close_columns(crease_model_layer *layer)
{
    size_t *begin = layer->columns.begin;
    memmove(begin + 1, begin, layer->inputs * sizeof *begin);
    begin[0] = 0;
}

void crease_layer_set_doubles(crease_model_layer *layer)
{
    const crease_rows *map = &layer->map;
    bool exact = true, sparse = is_sparse(layer);
    double least = 1;
    layer->bias = crease_alloc_aligned(layer->stride, sizeof(double));
    if (sparse)
        open_columns(layer);
    else
        layer->weight = crease_alloc_aligned(layer->inputs * layer->stride, sizeof(double));
    for (size_t u = 0; u < layer->width && !crease_interrupted(); u++) {
        layer->bias[u] = quotient(map->bias[u], layer->den, &exact);
        if (exact && layer->bias[u] != 0)
            least = fmin(least, lowest_bit(layer->bias[u]));
        for (size_t i = map->begin[u]; i < map->begin[u + 1]; i++) {
            size_t j = map->input[i];
            double weight = quotient(map->weight[i], layer->den, &exact);
            least = exact ? fmin(least, lowest_bit(weight)) : least;
            if (sparse)
                fill_column(layer, j, u, weight);
            else
                layer->weight[j * layer->stride + u] = weight;
        }
    }
    if (sparse)
        close_columns(layer);
    layer->error = exact ? 0 : 0x1p-52;
    layer->quantum = exact ? least : 0;
    if (CREASE_SHADOW)
        crease_shadow_weights(layer);
}

void crease_layer_column(const crease_model_layer *layer, size_t j, double *out)
{
    if (layer->weight) {
        memcpy(out, layer->weight + j * layer->stride, layer->stride * sizeof *out);
        return;
    }
    const crease_columns *c = &layer->columns;
    memset(out, 0, layer->stride * sizeof *out);
    for (size_t i = c->begin[j]; i < c->begin[j + 1]; i++)
        out[c->unit[i]] = c->weight[i];
}

void crease_layer_close(crease_model_layer *layer)
{
    crease_rows_free(&layer->map);
    mpz_clear(layer->den);
    free(layer->weight);
    free(layer->columns.begin);
    free(layer->columns.unit);
    free(layer->columns.weight);
    free(layer->bias);
}
