#include "cell/map.h"

#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

crease_map *crease_map_new(const crease_model *model, size_t layer, size_t d)
{
    crease_map *map = crease_alloc(1, sizeof *map);
    const crease_model_layer *weights = &model->layer[layer];
    map->model = model;
    map->layer = layer;
    map->d = d;
    map->row = crease_alloc_aligned(d * weights->stride, sizeof(double));
    map->mag = crease_alloc_aligned(weights->stride, sizeof(double));
    map->err = crease_alloc_aligned(weights->stride, sizeof(double));
    map->exact = crease_integer_new(weights->width * d);
    map->known = crease_alloc(weights->width, 1);
    mpz_init(map->constant);
    return map;
}

void crease_map_free(crease_map *map)
{
    if (!map)
        return;
    free(map->row);
    free(map->mag);
    free(map->err);
    crease_integer_free(map->exact, map->model->layer[map->layer].width * map->d);
    free(map->known);
    mpz_clear(map->constant);
    free(map);
}

static void set_mags(crease_map *map)
{
    size_t stride = map->model->layer[map->layer].stride;
    memset(map->mag, 0, stride * sizeof(double));
    for (size_t j = 0; j < map->d; j++)
        for (size_t u = 0; u < stride; u++) {
            double size = fabs(map->row[j * stride + u]);
            /* written so that a NaN survives */
            map->mag[u] = size <= map->mag[u] ? map->mag[u] : size;
        }
}

void crease_map_first(crease_map *map)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride, n = weights->inputs;
    map->below = NULL;
    map->state = NULL;
    memset(map->known, 0, weights->width);
    mpz_set(map->constant, map->model->constant);
    memcpy(map->row, weights->weight, (n + 1) * stride * sizeof(double));
    for (size_t u = 0; u < stride; u++)
        map->row[n * stride + u] *= map->model->constant_value;
    set_mags(map);
    for (size_t u = 0; u < stride; u++)
        map->err[u] = weights->error * map->mag[u] * (1 + 0x1p-20);
}

/* err_u = (sum over active t of |w_ut| (err_t + (gamma + e) mag_t)) + (gamma + e) |b_u|,
 * where gamma covers the sum of active + 1 products and e the error of the weights. */
static void add_unit(crease_map *map, const crease_map *below, size_t t, double gamma)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride, lower = map->model->layer[below->layer].stride;
    const double *w = weights->weight + t * stride;
    double spread = below->err[t] * (1 + weights->error) + gamma * below->mag[t];
    for (size_t j = 0; j < map->d; j++) {
        double entry = below->row[j * lower + t];
        double *out = map->row + j * stride;
        for (size_t u = 0; u < stride; u++)
            out[u] += w[u] * entry;
    }
    for (size_t u = 0; u < stride; u++)
        map->err[u] += fabs(w[u]) * spread;
}

void crease_map_next(crease_map *map, crease_map *below, const uint8_t *state)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_model_layer *lower = &map->model->layer[below->layer];
    size_t stride = weights->stride, n = weights->inputs, active = 0;
    map->below = below;
    map->state = state;
    memset(map->known, 0, weights->width);
    mpz_mul(map->constant, below->constant, lower->den);
    memset(map->row, 0, map->d * stride * sizeof(double));
    memset(map->err, 0, stride * sizeof(double));
    for (size_t t = 0; t < n; t++)
        active += state[t];
    double gamma = crease_filter_gamma(active + 1) + weights->error;
    const double *bias = weights->weight + n * stride;
    double *last = map->row + (map->d - 1) * stride;
    for (size_t u = 0; u < stride; u++) {
        last[u] = bias[u] * map->model->constant_value;
        map->err[u] = fabs(last[u]) * (active ? gamma : weights->error);
    }
    for (size_t t = 0; t < n; t++)
        if (state[t])
            add_unit(map, below, t, gamma);
    set_mags(map);
    for (size_t u = 0; u < stride; u++)
        map->err[u] = map->err[u] * (1 + 0x1p-20) + (active ? 0x1p-1000 : 0);
}

const mpz_t *crease_map_exact(crease_map *map, size_t u)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t n = weights->inputs, d = map->d;
    const mpz_t *weight = (const mpz_t *)weights->num + u * (n + 1);
    mpz_t *row = map->exact + u * d;
    if (map->known[u])
        return (const mpz_t *)row;
    for (size_t j = 0; j < d; j++)
        mpz_set_ui(row[j], 0);
    mpz_mul(row[d - 1], weight[n], map->constant);
    for (size_t t = 0; t < n; t++) {
        if (!map->below) {
            mpz_add(row[t], row[t], weight[t]);
        } else if (map->state[t] && mpz_sgn(weight[t])) {
            const mpz_t *lower = crease_map_exact(map->below, t);
            for (size_t j = 0; j < d; j++)
                mpz_addmul(row[j], weight[t], lower[j]);
        }
    }
    map->known[u] = 1;
    return (const mpz_t *)row;
}

bool crease_map_rounded(crease_map *map, size_t u, double *row)
{
    const mpz_t *exact = crease_map_exact(map, u);
    crease_integer_to_doubles(row, exact, map->d);
    return !crease_integer_is_zero(exact, map->d);
}
