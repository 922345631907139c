#include "model/map.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "model/layer.h"
#include "model/shadow.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/modular.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bits of known. */
enum { EXACT = 1, RESIDUE = 2 };

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
    map->known = crease_alloc(weights->width, 1);
    map->room = d;
    map->bound = crease_alloc_aligned(weights->stride, sizeof(double));
    map->slope = crease_alloc_aligned(weights->stride, sizeof(double));
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
    free(map->bound);
    free(map->slope);
    if (map->exact)
        crease_integer_free(map->exact, map->model->layer[map->layer].width * map->room);
    free(map->residue);
    free(map->known);
    mpz_clear(map->constant);
    free(map);
}

static const double row_limit = 0x1p300;

/* Functions over all units of a layer, compiled for several instruction sets. */
#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#define KERNEL __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define KERNEL
#endif

static KERNEL void set_mags(crease_map *map, size_t stride)
{
    double *restrict mag = map->mag;
    memset(mag, 0, stride * sizeof(double));
    for (size_t j = 0; j < map->d; j++) {
        const double *restrict row = map->row + j * stride;
        for (size_t u = 0; u < stride; u++) {
            double size = fabs(row[u]);
            mag[u] = size > mag[u] || size != size ? size : mag[u];
        }
    }
}

static KERNEL void set_bounds(crease_map *map, size_t stride)
{
    double gamma = crease_filter_gamma(map->d), d = (double)map->d, top = 0;
    double *restrict bound = map->bound, *restrict slope = map->slope;
    const double *restrict mag = map->mag, *restrict err = map->err;
    memset(slope, 0, stride * sizeof(double));
    for (size_t j = 0; j < map->d; j++) {
        const double *restrict row = map->row + j * stride;
        for (size_t u = 0; u < stride; u++)
            slope[u] += fabs(row[u]);
    }
    for (size_t u = 0; u < stride; u++) {
        bound[u] = (gamma * mag[u] + err[u] + 0x1p-1000) * (1 + 0x1p-19);
        slope[u] = (slope[u] + d * err[u]) * (1 + 0x1p-19);
    }
    for (size_t u = 0; u < stride; u++)
        top = mag[u] > top || mag[u] != mag[u] ? mag[u] : top;
    map->top = top;
    /* Rows so large or small that products of their values might overflow or underflow are
     * left to integers. */
    if (!(top < row_limit))
        map->quantum = 0;
    if (map->quantum < 1 / row_limit)
        map->quantum = 0;
    for (size_t u = 0; u < stride; u++)
        if (!(mag[u] < row_limit) || (mag[u] > 0 && mag[u] < 1 / row_limit))
            bound[u] = INFINITY;
}

static void finish(crease_map *map, size_t stride)
{
    set_bounds(map, stride);
    if (CREASE_SHADOW)
        crease_shadow_map(map);
}

/* Rows that are the weights themselves. */
static void finish_plain(crease_map *map, const crease_model_layer *weights)
{
    set_mags(map, weights->stride);
    for (size_t u = 0; u < weights->stride; u++)
        map->err[u] = weights->error * map->mag[u] * (1 + 0x1p-20);
    finish(map, weights->stride);
}

void crease_map_first(crease_map *map)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride, n = weights->inputs;
    assert(n + 1 <= map->room);
    map->d = n + 1;
    map->below = NULL;
    map->state = NULL;
    map->chosen = NULL;
    memset(map->known, 0, weights->width);
    mpz_set(map->constant, map->model->constant);
    map->scale = map->model->constant_value;
    for (size_t j = 0; j < n; j++)
        crease_layer_column(weights, j, map->row + j * stride);
    for (size_t u = 0; u < stride; u++)
        map->row[n * stride + u] = weights->bias[u] * map->scale;
    map->quantum = weights->quantum * fmin(1, map->scale);
    finish_plain(map, weights);
}

void crease_map_rebase(crease_map *map, size_t d, const size_t *chosen)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride;
    map->d = d;
    assert(d > 0 && d <= map->room && (d == 1 || chosen[d - 2] < weights->inputs));
    map->below = NULL;
    map->state = NULL;
    map->chosen = chosen;
    memset(map->known, 0, weights->width);
    mpz_set_ui(map->constant, 1);
    map->scale = 1;
    for (size_t j = 0; j + 1 < d; j++)
        crease_layer_column(weights, chosen[j], map->row + j * stride);
    memcpy(map->row + (d - 1) * stride, weights->bias, stride * sizeof(double));
    map->quantum = weights->quantum;
    finish_plain(map, weights);
}

/* err_u = (sum over active t of |w_ut| (err_t + (gamma + e) mag_t)) + (gamma + e) |b_u|,
 * where gamma covers the sum of active + 1 products and e the error of the weights; size_u
 * = the sum of |w_ut| mag_t + |b_u|. */
static KERNEL void add_unit(crease_map *map, const double *weight, const double *entry,
                            size_t entry_stride, size_t stride, double spread, double mag)
{
    const double *restrict w = weight;
    double *restrict err = map->err, *restrict size = map->bound;
    for (size_t j = 0; j < map->d; j++) {
        double x = entry[j * entry_stride];
        double *restrict out = map->row + j * stride;
        for (size_t u = 0; u < stride; u++)
            out[u] += w[u] * x;
    }
    for (size_t u = 0; u < stride; u++) {
        err[u] += fabs(w[u]) * spread;
        size[u] += fabs(w[u]) * mag;
    }
}

/* The same for the column of input t of a layer that keeps columns. */
static void add_column(crease_map *map, const crease_columns *columns, size_t t,
                       const double *entry, size_t entry_stride, size_t stride, double spread,
                       double mag)
{
    size_t begin = columns->begin[t], end = columns->begin[t + 1];
    const uint32_t *restrict unit = columns->unit;
    const double *restrict w = columns->weight;
    for (size_t j = 0; j < map->d; j++) {
        double x = entry[j * entry_stride];
        double *restrict out = map->row + j * stride;
        for (size_t i = begin; i < end; i++)
            out[unit[i]] += w[i] * x;
    }
    for (size_t i = begin; i < end; i++) {
        map->err[unit[i]] += fabs(w[i]) * spread;
        map->bound[unit[i]] += fabs(w[i]) * mag;
    }
}

/* Sums of multiples of a power of two below 2^53 times that power have no error. */
static bool sums_are_exact(const crease_map *map, const crease_map *below, size_t stride,
                           double quantum)
{
    const double limit = 0x1p53 * quantum;
    if (!(below->quantum > 0 && quantum > 0))
        return false;
    for (size_t u = 0; u < stride; u++)
        if (!(map->bound[u] < limit))
            return false;
    return true;
}

void crease_map_next(crease_map *map, crease_map *below, const uint8_t *state)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_model_layer *lower = &map->model->layer[below->layer];
    size_t stride = weights->stride, n = weights->inputs, active = 0;
    map->d = below->d;
    assert(below->layer + 1 == map->layer && lower->width == n && map->d <= map->room);
    map->below = below;
    map->state = state;
    map->chosen = NULL;
    memset(map->known, 0, weights->width);
    mpz_mul(map->constant, below->constant, lower->den);
    map->scale = below->scale;
    memset(map->row, 0, (map->d - 1) * stride * sizeof(double));
    for (size_t t = 0; t < n; t++) {
        assert(state[t] <= 1);
        active += state[t];
    }
    double gamma = crease_filter_gamma(active + 1) + weights->error;
    const double *bias = weights->bias;
    double *last = map->row + (map->d - 1) * stride;
    for (size_t u = 0; u < stride; u++) {
        last[u] = bias[u] * map->scale;
        map->bound[u] = fabs(last[u]);
        map->err[u] = fabs(last[u]) * (active ? gamma : weights->error);
    }
    size_t cost = map->d * (weights->weight ? stride : crease_rows_entries(&weights->map) / n);
    for (size_t t = 0; t < n && !crease_interrupted_after(cost); t++) {
        if (!state[t])
            continue;
        double spread = below->err[t] * (1 + weights->error) + gamma * below->mag[t];
        if (weights->weight)
            add_unit(map, weights->weight + t * stride, below->row + t, lower->stride, stride,
                     spread, below->mag[t]);
        else
            add_column(map, &weights->columns, t, below->row + t, lower->stride, stride, spread,
                       below->mag[t]);
    }
    set_mags(map, stride);
    map->quantum = fmin(weights->quantum * below->quantum, weights->quantum * map->scale);
    if (sums_are_exact(map, below, stride, map->quantum)) {
        memset(map->err, 0, stride * sizeof(double));
    } else {
        map->quantum = 0;
        for (size_t u = 0; u < stride; u++)
            map->err[u] = map->err[u] * (1 + 0x1p-20) + (active ? 0x1p-1000 : 0);
    }
    finish(map, stride);
}

/* Row u of a layer whose coordinates are inputs of it: each of them, or those chosen. */
static void take_exact(const crease_map *map, const crease_rows *rows, size_t u, mpz_t *row)
{
    size_t i = rows->begin[u], end = rows->begin[u + 1];
    for (; !map->chosen && i < end; i++)
        mpz_set(row[rows->input[i]], rows->weight[i]);
    for (size_t j = 0; map->chosen && j + 1 < map->d; j++) {
        while (i < end && rows->input[i] < map->chosen[j])
            i++;
        if (i < end && rows->input[i] == map->chosen[j])
            mpz_set(row[j], rows->weight[i]);
    }
}

const mpz_t *crease_map_exact(crease_map *map, size_t u)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_rows *rows = &weights->map;
    size_t d = map->d;
    assert(u < weights->width);
    if (!map->exact) /* large, and seldom needed */
        map->exact = crease_integer_new(weights->width * map->room);
    mpz_t *row = map->exact + u * d;
    if (map->known[u] & EXACT)
        return (const mpz_t *)row;
    for (size_t j = 0; j < d; j++)
        mpz_set_ui(row[j], 0);
    mpz_mul(row[d - 1], rows->bias[u], map->constant);
    if (!map->below)
        take_exact(map, rows, u, row);
    for (size_t i = rows->begin[u]; map->below && i < rows->begin[u + 1]; i++) {
        if (crease_interrupted_after(16 * d))
            break;
        if (!map->state[rows->input[i]])
            continue;
        const mpz_t *lower = crease_map_exact(map->below, rows->input[i]);
        for (size_t j = 0; j < d && !crease_integer_late(lower[j]); j++)
            mpz_addmul(row[j], rows->weight[i], lower[j]);
    }
    map->known[u] |= crease_interrupt_raised() ? 0 : EXACT;
    return (const mpz_t *)row;
}

/* As take_exact. */
static void take_residues(const crease_map *map, const crease_rows *rows, size_t u, uint64_t *row)
{
    size_t i = rows->begin[u], end = rows->begin[u + 1];
    for (; !map->chosen && i < end; i++)
        row[rows->input[i]] = crease_modular_residue(rows->weight[i]);
    for (size_t j = 0; map->chosen && j + 1 < map->d; j++) {
        while (i < end && rows->input[i] < map->chosen[j])
            i++;
        if (i < end && rows->input[i] == map->chosen[j])
            row[j] = crease_modular_residue(rows->weight[i]);
    }
}

/* As crease_map_exact. */
const uint64_t *crease_map_residue(crease_map *map, size_t u)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_rows *rows = &weights->map;
    size_t d = map->d;
    if (!map->residue)
        map->residue = crease_alloc(weights->width * map->room, sizeof *map->residue);
    uint64_t *row = map->residue + u * d;
    if (map->known[u] & RESIDUE)
        return row;
    memset(row, 0, d * sizeof *row);
    row[d - 1] = crease_modular_product(crease_modular_residue(rows->bias[u]),
                                        crease_modular_residue(map->constant));
    if (!map->below)
        take_residues(map, rows, u, row);
    for (size_t i = rows->begin[u]; map->below && i < rows->begin[u + 1]; i++) {
        if (crease_interrupted_after(4 * d))
            break;
        if (!map->state[rows->input[i]])
            continue;
        const uint64_t *lower = crease_map_residue(map->below, rows->input[i]);
        uint64_t factor = crease_modular_residue(rows->weight[i]);
        for (size_t j = 0; j < d; j++)
            row[j] = crease_modular_sum(row[j], crease_modular_product(factor, lower[j]));
    }
    map->known[u] |= crease_interrupt_raised() ? 0 : RESIDUE;
    return row;
}
