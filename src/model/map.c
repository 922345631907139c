#include "model/map.h"

#include "base/interrupt.h"
#include "base/lanes.h"
#include "base/memory.h"
#include "model/layer.h"
#include "model/map_path.h"
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
    map->base = SIZE_MAX;
    map->path = layer ? crease_map_path_new(weights, d) : NULL;
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
    free(map->factor);
    free(map->known);
    crease_map_path_free(map->path);
    mpz_clear(map->constant);
    free(map);
}

static const double row_limit = 0x1p300;

/* mag, and in slope the sums of the absolute entries. */
static CREASE_CLONES void set_norms(const crease_map *map, size_t stride)
{
    double *restrict mag = map->mag, *restrict slope = map->slope;
    memset(mag, 0, stride * sizeof(double));
    memset(slope, 0, stride * sizeof(double));
    for (size_t j = 0; j < map->d; j++) {
        const double *restrict row = map->row + j * stride;
        for (size_t u = 0; u < stride; u++) {
            double size = fabs(row[u]);
            mag[u] = size > mag[u] ? size : mag[u];
            slope[u] += size;
        }
    }
    for (size_t u = 0; u < stride; u++) /* NaN is larger than nothing */
        mag[u] = slope[u] != slope[u] ? slope[u] : mag[u];
}

/* From sums (model/sum.h) and norms to the bounds of a map.  spread: the factor of the sizes, which
 * lie in bound; tiny: what underflow may lose.  Rows so large or small that products of their
 * values might overflow or underflow are left to integers. */
static CREASE_CLONES void set_bounds(const crease_map *map, size_t stride, double error,
                                     double spread, double tiny)
{
    const double gamma = crease_filter_gamma(map->d), d = (double)map->d;
    const double *restrict mag = map->mag;
    double *restrict bound = map->bound, *restrict slope = map->slope, *restrict err = map->err;
    for (size_t u = 0; u < stride; u++) {
        err[u] = (err[u] * (1 + error) + bound[u] * spread) * (1 + 0x1p-20) + tiny;
        bound[u] = (gamma * mag[u] + err[u] + 0x1p-1000) * (1 + 0x1p-19);
        slope[u] = (slope[u] + d * err[u]) * (1 + 0x1p-19);
    }
    for (size_t u = 0; u < stride; u++)
        if (!(mag[u] < row_limit) || (mag[u] > 0 && mag[u] < 1 / row_limit))
            bound[u] = INFINITY;
}

static double largest(const double *mag, size_t count)
{
    double top = 0;
    for (size_t u = 0; u < count; u++)
        top = mag[u] > top || mag[u] != mag[u] ? mag[u] : top;
    return top;
}

/* err and bound hold the sums of err and size.  exact: none of the additions was rounded. */
static void finish(crease_map *map, double spread, double tiny, bool exact)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    if (exact)
        memset(map->err, 0, weights->stride * sizeof *map->err);
    set_bounds(map, weights->stride, weights->error, exact ? 0 : spread, exact ? 0 : tiny);
    map->top = map->quantum > 0 ? largest(map->mag, weights->stride) : INFINITY;
    if (!(map->top < row_limit) || map->quantum < 1 / row_limit)
        map->quantum = 0;
    if (CREASE_SHADOW)
        crease_shadow_map(map);
}

/* Rows that are the weights themselves. */
static void finish_plain(crease_map *map)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    set_norms(map, weights->stride);
    memset(map->err, 0, weights->stride * sizeof *map->err);
    memcpy(map->bound, map->mag, weights->stride * sizeof *map->bound);
    finish(map, weights->error, 0, false);
}

void crease_map_first(crease_map *map)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride, n = weights->inputs;
    assert(n + 1 <= map->room);
    map->d = n + 1;
    map->below = NULL;
    map->narrow = SIZE_MAX;
    map->state = NULL;
    map->chosen = NULL;
    memset(map->known, 0, weights->width);
    map->base = 0;
    mpz_set(map->constant, map->model->constant);
    map->scale = map->model->constant_value;
    for (size_t j = 0; j < n; j++)
        crease_layer_column(weights, j, map->row + j * stride);
    for (size_t u = 0; u < stride; u++)
        map->row[n * stride + u] = weights->bias[u] * map->scale;
    map->quantum = weights->quantum * fmin(1, map->scale);
    finish_plain(map);
}

void crease_map_rebase(crease_map *map, size_t d, const size_t *chosen)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride;
    map->d = d;
    assert(d > 0 && d <= map->room && (d == 1 || chosen[d - 2] < weights->inputs));
    map->below = NULL;
    map->narrow = SIZE_MAX;
    map->state = NULL;
    map->chosen = chosen;
    memset(map->known, 0, weights->width);
    map->base = map->layer;
    mpz_set_ui(map->constant, 1);
    map->scale = 1;
    for (size_t j = 0; j + 1 < d; j++)
        crease_layer_column(weights, chosen[j], map->row + j * stride);
    memcpy(map->row + (d - 1) * stride, weights->bias, stride * sizeof(double));
    map->quantum = weights->quantum;
    finish_plain(map);
}

/* See model/sum.h; bound holds the sizes. */
static bool sums_are_exact(const crease_map *map, size_t stride)
{
    const double limit = 0x1p53 * map->quantum;
    for (size_t u = 0; u < stride; u++)
        if (!(map->bound[u] < limit))
            return false;
    return true;
}

void crease_map_next(crease_map *map, crease_map *below, const uint8_t *state)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_model_layer *lower = &map->model->layer[below->layer];
    map->d = below->d;
    assert(below->layer + 1 == map->layer && lower->width == weights->inputs &&
           map->d <= map->room);
    map->below = below;
    map->state = state;
    map->active = 0;
    for (size_t u = 0; u < weights->inputs; u++)
        map->active += state[u];
    map->narrow = map->active < below->narrow ? map->active : below->narrow;
    map->chosen = NULL;
    memset(map->known, 0, weights->width);
    if (map->base != below->base)
        mpz_mul(map->constant, below->constant, lower->den);
    map->base = below->base;
    map->scale = below->scale;
    const crease_sum own = {map->row, map->bound, map->err};
    size_t active = crease_map_path_sum(map->path, map, state, &own);
    if (!crease_sum_is_narrow(map))
        set_norms(map, weights->stride);
    map->quantum = fmin(weights->quantum * below->quantum, weights->quantum * map->scale);
    bool exact = below->quantum > 0 && sums_are_exact(map, weights->stride);
    if (!exact)
        map->quantum = 0;
    /* Without an active unit, the rows are the biases, without error. */
    finish(map, weights->error + (active ? crease_filter_gamma(active + 1) : 0),
           active ? 0x1p-1000 : 0, exact);
}

void crease_map_push(crease_map *map, const uint64_t *open, size_t unit)
{
    crease_map_path_push(map->path, open, unit);
}

void crease_map_pop(crease_map *map)
{
    crease_map_path_pop(map->path);
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

size_t crease_map_dimensions(const crease_map *map)
{
    return 1 + (map->below ? map->active : map->model->layer[map->layer].width);
}

const crease_map *crease_map_narrowest(const crease_map *map, size_t *active)
{
    const crease_map *narrowest = NULL;
    *active = SIZE_MAX;
    for (; map->below; map = map->below) {
        size_t count = crease_map_dimensions(map) - 1;
        if (count <= *active) {
            *active = count;
            narrowest = map;
        }
    }
    return narrowest;
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

/* The weights of unit u modulo the prime, which are kept. */
static const uint64_t *find_factors(crease_map *map, const crease_rows *rows, size_t u)
{
    size_t begin = rows->begin[u], count = rows->begin[u + 1] - begin;
    if (!map->factor) {
        size_t width = map->model->layer[map->layer].width;
        map->factor = crease_alloc(rows->begin[width] + width, sizeof *map->factor);
    }
    /* Behind the factors of a unit: are they set? */
    uint64_t *factor = map->factor + begin + u;
    for (size_t i = 0; i < count && !factor[count]; i++)
        factor[i] = crease_modular_residue(rows->weight[begin + i]);
    factor[count] = 1;
    return factor;
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
    const uint64_t *factor = map->below ? find_factors(map, rows, u) : NULL;
    for (size_t i = rows->begin[u]; map->below && i < rows->begin[u + 1]; i++, factor++) {
        if (crease_interrupted_after(4 * d))
            break;
        if (!map->state[rows->input[i]])
            continue;
        const uint64_t *lower = crease_map_residue(map->below, rows->input[i]);
        for (size_t j = 0; j < d; j++)
            row[j] = crease_modular_sum(row[j], crease_modular_product(*factor, lower[j]));
    }
    map->known[u] |= crease_interrupt_raised() ? 0 : RESIDUE;
    return row;
}
