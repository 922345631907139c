#include "split/hulls.h"

#include "base/memory.h"
#include "base/random.h"
#include "cells/most.h"
#include "model/maxout_groups.h"

#include <math.h>
#include <stdlib.h>

/* So many points are tried, fewer if their maps take more than WORK products. */
enum { POINTS = 32, LEAST = 4, WORK = 1 << 23 };

/* What is smaller than that, beside the vectors that it was computed from, is 0. */
static const double tiny = 1e-8;

/* The images of the points' cells at the border into a layer. */
typedef struct {
    size_t length;   /* of a vector: rows of the layer, and the constant */
    double *unit;    /* of its entries */
    double *probe;   /* a random vector */
    double *nearest; /* per point: the vector in the subspace that is nearest to it */
    uint64_t *left;  /* per point: a hash of the states of the layer left; 0: not looked at */
} border;

static double dot(const double *a, const double *b, size_t length)
{
    double sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += a[i] * b[i];
    return sum;
}

/* a += factor b */
static void add(double *a, double factor, const double *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        a[i] += factor * b[i];
}

/* Sets the units in which the rows are measured: their sizes in the first cell. */
static void measure(border *b, const crease_map *map)
{
    for (size_t u = 0; u + 1 < b->length; u++)
        b->unit[u] = map->mag[u] > 0 ? map->mag[u] : 1;
    b->unit[b->length - 1] = map->scale;
}

/* The columns of the map, and of the constant, become an orthonormal basis of what they span.
 * Returns its size. */
static size_t span(const border *b, const crease_map *map, double *column)
{
    size_t rank = 0, stride = map->model->layer[map->layer].stride, length = b->length;
    for (size_t j = 0; j < map->d; j++) {
        double *own = column + rank * length;
        for (size_t u = 0; u + 1 < length; u++)
            own[u] = map->row[j * stride + u] / b->unit[u];
        own[length - 1] = j + 1 < map->d ? 0 : map->scale / b->unit[length - 1];
        double before = sqrt(dot(own, own, length));
        for (int twice = 0; twice < 2; twice++)
            for (size_t k = 0; k < rank; k++)
                add(own, -dot(own, column + k * length, length), column + k * length, length);
        double size = sqrt(dot(own, own, length));
        if (!(size > tiny * before))
            continue;
        for (size_t i = 0; i < length; i++)
            own[i] /= size;
        rank++;
    }
    return rank;
}

/* Notes the image of point k's cell; is it in the subspace of an earlier one? */
static bool repeats(border *b, const crease_map *map, const uint8_t *gate, size_t gates, size_t k,
                    double *column)
{
    if (!k)
        measure(b, map);
    size_t length = b->length, rank = span(b, map, column);
    double *nearest = b->nearest + k * length;
    if (rank < 2 || rank == length)
        return false;
    uint64_t left = 1;
    for (size_t u = 0; u < gates; u++)
        left = (left ^ gate[u]) * 0x100000001b3u;
    b->left[k] = left | 1;
    for (size_t i = 0; i < rank; i++)
        add(nearest, dot(b->probe, column + i * length, length), column + i * length, length);
    for (size_t i = 0; i < k; i++) {
        double off = 0;
        for (size_t u = 0; u < length && off <= tiny; u++)
            off = fmax(off, fabs(nearest[u] - b->nearest[i * length + u]));
        if (b->left[i] && b->left[i] != b->left[k] && off <= tiny)
            return true;
    }
    return false;
}

/* A random point of the box. */
static void draw(const crease_model *model, uint64_t *random, double *v)
{
    size_t n = model->inputs;
    for (size_t j = 0; j < n; j++) {
        const double *low = model->face_value + 2 * j * (n + 1), *high = low + n + 1;
        double a = -low[n] / low[j], b = -high[n] / high[j];
        v[j] = a + (b - a) * (0.5 + 0.5 * crease_random_signed(random));
    }
    v[n] = 1;
}

/* Follows a point through the layers. */
static bool follow(crease_stage *stage, border *borders, const double *v, size_t k, double *column)
{
    const crease_model *model = stage[0].map->model;
    bool found = false;
    for (size_t l = 0; l + 1 < model->layers && !found; l++) {
        const crease_model_layer *layer = &model->layer[l];
        const crease_map *map = stage[l].map;
        for (size_t u = 0; u < layer->decisions; u++) {
            double value = 0;
            for (size_t j = 0; j < map->d; j++)
                value += map->row[j * layer->stride + u] * v[j];
            stage[l].state[u] = value > 0;
        }
        const uint8_t *gate = crease_maxout_groups_gates(layer, stage[l].state, stage[l].gate);
        crease_map_next(stage[l + 1].map, stage[l].map, gate);
        found = repeats(&borders[l + 1], stage[l + 1].map, gate, layer->width, k, column);
    }
    return found;
}

bool crease_hulls_repeat(const crease_model *model)
{
    size_t d = model->inputs + 1, most = 0;
    uint64_t random = 1;
    double work = 1;
    border *borders = crease_alloc(model->layers, sizeof *borders);
    for (size_t l = 1; l < model->layers; l++) {
        border *b = &borders[l];
        b->length = model->layer[l].width + 1;
        b->unit = crease_alloc(b->length, sizeof(double));
        b->probe = crease_alloc(b->length, sizeof(double));
        b->nearest = crease_alloc(POINTS * b->length, sizeof(double));
        b->left = crease_alloc(POINTS, sizeof *b->left);
        for (size_t i = 0; i < b->length; i++)
            b->probe[i] = crease_random_signed(&random);
        most = b->length > most ? b->length : most;
        work += (double)(d * b->length) * (double)(model->layer[l].inputs + 4 * d);
    }
    double *v = crease_alloc(d, sizeof *v), *column = crease_alloc(d * most, sizeof *column);
    crease_stage *stage = crease_stages_new(model);
    size_t points = work * POINTS <= WORK  ? POINTS
                    : work * LEAST <= WORK ? (size_t)(WORK / work)
                                           : LEAST;
    bool found = false;
    crease_map_first(stage[0].map);
    for (size_t k = 0; k < points && !found && !crease_interrupted(); k++) {
        draw(model, &random, v);
        found = follow(stage, borders, v, k, column);
    }
    crease_stages_free(stage, model);
    for (size_t l = 1; l < model->layers; l++) {
        free(borders[l].unit);
        free(borders[l].probe);
        free(borders[l].nearest);
        free(borders[l].left);
    }
    free(borders);
    free(column);
    free(v);
    return found;
}

bool crease_hulls_matter(const crease_model *model)
{
    crease_most *most = crease_most_new(model);
    bool matter = mpz_sizeinbase(crease_most_root(most), 2) > 20;
    crease_most_free(most);
    return matter;
}
