#include "model/sum.h"

#include "base/interrupt.h"
#include "base/lanes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Columns that are added at once; rows and lanes of a block of registers. */
enum { COLUMNS = 32, ROWS = 4, LANES = 2 };
#define INLINED inline __attribute__((always_inline))
/* A narrow map has rows of at most so many entries, and so many units, as has the layer below. */
enum { NARROW_ROW = 6, NARROW_UNITS = 32 };

void crease_sum_begin(const crease_map *map, const crease_sum *sum)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    size_t stride = weights->stride;
    double *last = sum->row + (map->d - 1) * stride;
    memset(sum->row, 0, (map->d - 1) * stride * sizeof(double));
    for (size_t u = 0; u < stride; u++) {
        last[u] = weights->bias[u] * map->scale;
        sum->size[u] = fabs(last[u]);
        sum->err[u] = 0;
    }
}

/* Some columns of a layer's weights, and their factors. */
typedef struct {
    const double *weight; /* column t at weight + t * stride */
    size_t stride;
    const uint32_t *unit;
    size_t count;
    const double *row; /* for row j of column t at row[j * row_stride + t] */
    size_t row_stride;
    const double *mag, *err;
} factors;

/* Adds the columns to rows j, j + 1, ... of units u, u + 1, ..., and to their sizes and errors if
 * asked.  The numbers of lanes and rows are constants where this is called, so that sums stay in
 * registers. */
static INLINED void add_block(const factors *f, size_t lanes, size_t rows, bool sizes, size_t j,
                              size_t u, const crease_sum *from, const crease_sum *to)
{
    const size_t first = j * f->stride + u;
    const double *row = f->row + j * f->row_stride;
    crease_lanes sum[ROWS][LANES], size[LANES], err[LANES];
    for (size_t k = 0; k < lanes; k++) {
        for (size_t r = 0; r < rows; r++)
            sum[r][k] = CREASE_LANES_AT(from->row + first + r * f->stride + k * CREASE_LANES);
        size[k] = sizes ? CREASE_LANES_AT(from->size + u + k * CREASE_LANES) : (crease_lanes){0};
        err[k] = sizes ? CREASE_LANES_AT(from->err + u + k * CREASE_LANES) : (crease_lanes){0};
    }
    for (size_t i = 0; i < f->count; i++) {
        const size_t t = f->unit[i];
        for (size_t k = 0; k < lanes; k++) {
            const double *weight = f->weight + t * f->stride + u + k * CREASE_LANES;
            const crease_lanes w = CREASE_LANES_AT(weight), absolute = CREASE_LANES_ABS(w);
            for (size_t r = 0; r < rows; r++)
                sum[r][k] += w * row[r * f->row_stride + t];
            if (sizes) {
                size[k] += absolute * f->mag[t];
                err[k] += absolute * f->err[t];
            }
        }
    }
    for (size_t k = 0; k < lanes; k++) {
        for (size_t r = 0; r < rows; r++)
            CREASE_LANES_AT(to->row + first + r * f->stride + k * CREASE_LANES) = sum[r][k];
        if (sizes) {
            CREASE_LANES_AT(to->size + u + k * CREASE_LANES) = size[k];
            CREASE_LANES_AT(to->err + u + k * CREASE_LANES) = err[k];
        }
    }
}

static INLINED void add_rows(const factors *f, size_t rows, bool sizes, size_t j,
                             const crease_sum *from, const crease_sum *to)
{
    size_t u = 0;
    for (; u + LANES * CREASE_LANES <= f->stride; u += LANES * CREASE_LANES)
        add_block(f, LANES, rows, sizes, j, u, from, to);
    for (; u < f->stride; u += CREASE_LANES)
        add_block(f, 1, rows, sizes, j, u, from, to);
}

static CREASE_CLONES void add_factors(const factors *f, size_t d, const crease_sum *from,
                                      const crease_sum *to)
{
    size_t j = 0;
    for (; j + ROWS < d; j += ROWS)
        add_rows(f, ROWS, false, j, from, to);
    if (d - j == 4)
        add_rows(f, 4, true, j, from, to);
    else if (d - j == 3)
        add_rows(f, 3, true, j, from, to);
    else if (d - j == 2)
        add_rows(f, 2, true, j, from, to);
    else
        add_rows(f, 1, true, j, from, to);
}

/* The column of input t of a layer that keeps columns, to all rows. */
static void add_entries(const crease_map *map, const crease_columns *columns, size_t t,
                        const crease_sum *to)
{
    const crease_map *below = map->below;
    size_t stride = map->model->layer[map->layer].stride, begin = columns->begin[t],
           end = columns->begin[t + 1];
    const uint32_t *restrict unit = columns->unit;
    const double *restrict w = columns->weight;
    for (size_t j = 0; j < map->d; j++) {
        double x = below->row[j * map->model->layer[below->layer].stride + t];
        double *restrict out = to->row + j * stride;
        for (size_t i = begin; i < end; i++)
            out[unit[i]] += w[i] * x;
    }
    for (size_t i = begin; i < end; i++) {
        to->size[unit[i]] += fabs(w[i]) * below->mag[t];
        to->err[unit[i]] += fabs(w[i]) * below->err[t];
    }
}

static bool add_sparse(const crease_map *map, const crease_sum *from, const crease_sum *to,
                       const uint32_t *unit, size_t count)
{
    const crease_columns *columns = &map->model->layer[map->layer].columns;
    size_t bytes = map->model->layer[map->layer].stride * sizeof(double);
    if (from != to) {
        memcpy(to->row, from->row, map->d * bytes);
        memcpy(to->size, from->size, bytes);
        memcpy(to->err, from->err, bytes);
    }
    for (size_t i = 0; i < count; i++) {
        size_t t = unit[i];
        if (crease_interrupted_after(map->d * (columns->begin[t + 1] - columns->begin[t])))
            return false;
        add_entries(map, columns, t, to);
    }
    return true;
}

bool crease_sum_add(const crease_map *map, const crease_sum *from, const crease_sum *to,
                    const uint32_t *unit, size_t count)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_map *below = map->below;
    if (!weights->weight)
        return add_sparse(map, from, to, unit, count);
    factors f = {.weight = weights->weight,
                 .stride = weights->stride,
                 .unit = unit,
                 .row = below->row,
                 .row_stride = map->model->layer[below->layer].stride,
                 .mag = below->mag,
                 .err = below->err};
    do {
        f.count = count < COLUMNS ? count : COLUMNS;
        if (crease_interrupted_after(map->d * weights->stride * f.count))
            return false;
        add_factors(&f, map->d, from, to);
        f.unit += f.count;
        count -= f.count;
        from = to;
    } while (count > 0);
    return true;
}

bool crease_sum_is_narrow(const crease_map *map)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    return weights->weight && map->d <= NARROW_ROW && weights->stride <= NARROW_UNITS &&
           weights->inputs <= NARROW_UNITS;
}

/* d is a constant where this is called, so that all sums stay in registers. */
static INLINED void add_narrow(const crease_map *map, const factors *f, size_t d,
                               const crease_sum *to)
{
    const double *bias = map->model->layer[map->layer].bias;
    for (size_t u = 0; u < f->stride; u += CREASE_LANES) {
        crease_lanes sum[NARROW_ROW] = {{0}}, err = {0}, mag = {0}, slope = {0};
        sum[d - 1] = CREASE_LANES_AT(bias + u) * map->scale;
        crease_lanes size = CREASE_LANES_ABS(sum[d - 1]);
        for (size_t i = 0; i < f->count; i++) {
            const size_t t = f->unit[i];
            const crease_lanes w = CREASE_LANES_AT(f->weight + t * f->stride + u);
            const crease_lanes absolute = CREASE_LANES_ABS(w);
            for (size_t j = 0; j < d; j++)
                sum[j] += w * f->row[j * f->row_stride + t];
            size += absolute * f->mag[t];
            err += absolute * f->err[t];
        }
        for (size_t j = 0; j < d; j++) {
            const crease_lanes entry = CREASE_LANES_ABS(sum[j]);
            mag = CREASE_LANES_SELECT(entry > mag, entry, mag);
            slope += entry;
            CREASE_LANES_AT(to->row + j * f->stride + u) = sum[j];
        }
        CREASE_LANES_AT(to->size + u) = size;
        CREASE_LANES_AT(to->err + u) = err;
        /* NaN is larger than nothing. */
        CREASE_LANES_AT(map->mag + u) = CREASE_LANES_SELECT(slope != slope, slope, mag);
        CREASE_LANES_AT(map->slope + u) = slope;
    }
}

static CREASE_CLONES void add_and_measure(const crease_map *map, const factors *f,
                                          const crease_sum *to)
{
    switch (map->d) {
    case 1: add_narrow(map, f, 1, to); break;
    case 2: add_narrow(map, f, 2, to); break;
    case 3: add_narrow(map, f, 3, to); break;
    case 4: add_narrow(map, f, 4, to); break;
    case 5: add_narrow(map, f, 5, to); break;
    default: add_narrow(map, f, NARROW_ROW, to); break;
    }
}

void crease_sum_norms(const crease_map *map, const crease_sum *sum, const uint32_t *unit,
                      size_t count)
{
    const crease_model_layer *weights = &map->model->layer[map->layer];
    const crease_map *below = map->below;
    const factors f = {.weight = weights->weight,
                       .stride = weights->stride,
                       .unit = unit,
                       .count = count,
                       .row = below->row,
                       .row_stride = map->model->layer[below->layer].stride,
                       .mag = below->mag,
                       .err = below->err};
    assert(crease_sum_is_narrow(map));
    add_and_measure(map, &f, sum);
}
