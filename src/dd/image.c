#include "dd/image.h"

#include "base/bits.h"
#include "base/lanes.h"
#include "base/memory.h"
#include "base/random.h"
#include "model/maxout_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void crease_image_live(const crease_model *model, size_t l, const uint64_t *cut,
                       const uint8_t *state, bool outputs, uint64_t *live)
{
    const crease_model_layer *layer = &model->layer[l];
    memcpy(live, cut, (layer->stride + 63) / 64 * sizeof *live);
    if (l + 1 == model->layers && (!outputs || layer->pieces > 1))
        return;
    size_t groups = crease_maxout_groups_count(layer), values = groups * layer->pieces;
    size_t *piece = crease_alloc(layer->pieces, sizeof *piece);
    for (size_t u = 0; u < layer->decisions && !groups; u++)
        if (!crease_bit(cut, u) && state[u])
            crease_bits_add(live, u);
    for (size_t g = 0; g < groups; g++) {
        size_t count = crease_maxout_group_candidates(layer, g, cut, state, piece);
        for (size_t i = 0; i < count; i++)
            crease_bits_add(live, layer->decisions + g * layer->pieces + piece[i]);
    }
    for (size_t u = layer->decisions + values; u < layer->width; u++)
        crease_bits_add(live, u);
    free(piece);
}

enum { FUNCTIONALS = 3 };

/* Steps of a print per unit, and the least precision that leaves no doubt about a step. */
static const double steps = 0x1p30, precision = 0x1p-36;

void crease_image_functionals_open(crease_image_functionals *functionals,
                                   const crease_model_layer *layer)
{
    uint64_t state = layer->width;
    size_t stride = layer->stride;
    *functionals = (crease_image_functionals){
        .stride = stride,
        .weight = crease_alloc_aligned(FUNCTIONALS * stride, sizeof(double)),
        .masked = crease_alloc_aligned(FUNCTIONALS * stride, sizeof(double))};
    for (size_t i = 0; i < FUNCTIONALS; i++) {
        for (size_t u = 0; u < layer->width; u++)
            functionals->weight[i * stride + u] = crease_random_signed(&state);
        functionals->constant[i] = crease_random_signed(&state);
    }
}

void crease_image_functionals_close(crease_image_functionals *functionals)
{
    free(functionals->weight);
    free(functionals->masked);
}

static void mask(const crease_image_functionals *functionals, const uint64_t *live)
{
    size_t stride = functionals->stride;
    for (size_t i = 0; i < FUNCTIONALS; i++)
        for (size_t u = 0; u < stride; u++)
            functionals->masked[i * stride + u] =
                functionals->weight[i * stride + u] * (double)(live[u / 64] >> u % 64 & 1);
}

/* sum[i] = the product of functional i with a column of the map. */
static CREASE_CLONES void add_functionals(const double *masked, size_t stride, const double *of,
                                          double sum[FUNCTIONALS])
{
    for (size_t i = 0; i < FUNCTIONALS; i++) {
        crease_lanes total = {0};
        for (size_t u = 0; u < stride; u += CREASE_LANES)
            total += CREASE_LANES_AT(masked + i * stride + u) * CREASE_LANES_AT(of + u);
        sum[i] = 0;
        for (size_t k = 0; k < CREASE_LANES; k++)
            sum[i] += total[k];
    }
}

/* The functionals of an image, with one length for all images on a line. */
typedef struct {
    double x, y;
} point;

static int by_x(const void *a, const void *b)
{
    const point *p = a, *q = b;
    return p->x < q->x ? -1 : p->x > q->x;
}

static void sort(point *list, size_t count)
{
    if (count > 24) {
        qsort(list, count, sizeof *list, by_x);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        point own = list[i];
        size_t k = i;
        for (; k > 0 && list[k - 1].x > own.x; k--)
            list[k] = list[k - 1];
        list[k] = own;
    }
}

/* The sum of a function over the points, those that are equal taken once. */
static double sum_of(point *list, size_t count)
{
    double sum = 0;
    sort(list, count);
    for (size_t i = 0; i < count; i++)
        if (!i || list[i].x - list[i - 1].x > 1e-7 || fabs(list[i].y - list[i - 1].y) > 1e-7)
            sum += 0.83 * list[i].x + list[i].y + 0.57 * list[i].x * list[i].y;
    return sum;
}

bool crease_image_print(const crease_rays *rays, const crease_ray_cell *cell, const uint64_t *live,
                        const crease_image_functionals *functionals, double *print)
{
    const crease_map *map = rays->map;
    size_t d = rays->d, stride = functionals->stride, count = 0;
    double slope = 0, bound = 0, largest = 0, doubt = 0;
    double *row = crease_arena_take(rays->arena, FUNCTIONALS * d * sizeof *row);
    point *list = crease_arena_take(rays->arena, cell->count * sizeof *list);
    mask(functionals, live);
    for (size_t j = 0; j < d; j++)
        add_functionals(functionals->masked, stride, map->row + j * stride, row + FUNCTIONALS * j);
    for (size_t i = 0; i < FUNCTIONALS; i++)
        row[FUNCTIONALS * (d - 1) + i] += functionals->constant[i] * map->scale;
    for (size_t u = 0; u < stride; u++) {
        slope += (double)(live[u / 64] >> u % 64 & 1) * map->slope[u];
        bound += (double)(live[u / 64] >> u % 64 & 1) * map->bound[u];
    }
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *ray = cell->ray[i];
        double t[FUNCTIONALS] = {0};
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < FUNCTIONALS; k++)
                t[k] += row[FUNCTIONALS * j + k] * ray->v[j];
        double length = sqrt(t[0] * t[0] + t[1] * t[1] + t[2] * t[2]);
        double error = slope * ray->err + bound * ray->one;
        if (ray->kernel || length <= error) {
            doubt = fmax(doubt, error / ray->one);
            continue;
        }
        if (!(error < precision * length))
            return false;
        largest = fmax(largest, length / ray->one);
        list[count++] = (point){t[0] / length, t[1] / length};
    }
    *print = sum_of(list, count) * steps;
    return doubt <= precision * largest;
}
