#include "lp/layers.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

crease_layers *crease_layers_new(const crease_model *model, crease_tally *tally,
                                 crease_arena *arena)
{
    crease_layers *layers = crease_alloc(1, sizeof *layers);
    const crease_model_layer *first = &model->layer[0];
    size_t n = model->inputs, widest = 0;
    layers->model = model;
    layers->rays.arena = arena;
    layers->rays.tally = tally;
    layers->rays.refiner = crease_refiner_new();
    layers->own = crease_arena_new();
    layers->every = crease_alloc(model->layers, sizeof *layers->every);
    for (size_t l = 0; l < model->layers; l++) {
        widest = model->layer[l].width > widest ? model->layer[l].width : widest;
        layers->every[l] = crease_alloc((model->layer[l].stride + 63) / 64, sizeof(uint64_t));
        for (size_t u = 0; u < model->layer[l].decisions; u++)
            layers->every[l][u / 64] |= (uint64_t)1 << u % 64;
    }
    layers->centre = widest + n + 1;
    layers->unit_vector = crease_integer_new(2 * layers->centre + 1);
    mpz_set_ui(layers->unit_vector[layers->centre], 1);
    layers->root = crease_alloc(first->width, sizeof *layers->root);
    crease_layers_find_root(model, layers->root);
    return layers;
}

void crease_layers_free(crease_layers *layers)
{
    if (!layers)
        return;
    crease_integer_free(layers->unit_vector, 2 * layers->centre + 1);
    free(layers->root);
    for (size_t l = 0; l < layers->model->layers; l++)
        free(layers->every[l]);
    free(layers->every);
    crease_arena_free(layers->own);
    crease_refiner_free(layers->rays.refiner);
    free(layers);
}

const uint64_t *crease_layers_units(const crease_layers *layers, size_t layer)
{
    return layers->every[layer];
}

crease_rays *crease_layers_rays(crease_layers *layers)
{
    return &layers->rays;
}

bool crease_layers_find_root(const crease_model *model, size_t *root)
{
    const crease_model_layer *first = &model->layer[0];
    size_t n = model->inputs, rows = first->decisions;
    if (model->boxed || n > CREASE_LAYERS_ROOT || first->pieces > 2)
        return false;
    mpz_t *columns = crease_integer_new(n * rows);
    size_t *pivot = root ? root : crease_alloc(rows, sizeof *pivot);
    for (size_t u = 0; u < rows; u++)
        for (size_t j = 0; j < n; j++)
            mpz_set(columns[j * rows + u], first->num[u * (n + 1) + j]);
    size_t rank = crease_integer_rank((const mpz_t *)columns, n, rows, rows, pivot);
    crease_integer_free(columns, n * rows);
    if (!root)
        free(pivot);
    return rank == n;
}

const size_t *crease_layers_root(const crease_layers *layers)
{
    return layers->root;
}

void crease_layers_begin(crease_layers *layers, crease_map *map)
{
    crease_map_first(map);
    crease_rays_use_map(&layers->rays, map);
    layers->rays.face = (const mpz_t *)layers->model->face;
    layers->rays.face_step = (ptrdiff_t)map->d;
    layers->rays.face_value = layers->model->face_value;
    layers->rays.face_error = layers->model->face_error;
    layers->rays.unit_slot = CREASE_RAY_SLOTS;
}

/* Ray i of the positive cone: root row i is positive there, the other root rows and v_d
 * vanish; ray n: all root rows vanish and v_d > 0. */
static void make_base(crease_layers *layers, crease_map *map)
{
    crease_rays *rays = &layers->rays;
    size_t n = layers->model->inputs;
    const mpz_t **row = crease_alloc(n, sizeof *row);
    mpz_t *V = crease_integer_new(n + 1);
    crease_arena *shared = rays->arena;
    rays->arena = layers->own; /* outlives every cell */
    layers->base = crease_rays_take_cell(&layers->rays, n + 1);
    for (size_t i = 0; i <= n; i++) {
        crease_ray *ray = crease_rays_take(rays);
        size_t rows = 0;
        crease_rays_slacken(ray);
        for (size_t k = 0; k <= n; k++) {
            if (k == i)
                continue;
            crease_rays_tighten(ray, k);
            row[rows++] = k < n ? crease_map_exact(map, layers->root[k])
                                : (const mpz_t *)layers->model->face;
        }
        crease_integer_kernel(V, row, n, n + 1);
        const mpz_t *own = i < n ? crease_map_exact(map, layers->root[i])
                                 : (const mpz_t *)layers->model->face;
        if (crease_integer_dot_sign(own, (const mpz_t *)V, n + 1) < 0)
            for (size_t j = 0; j <= n; j++)
                mpz_neg(V[j], V[j]);
        crease_rays_set_exact(rays, ray, V);
        layers->base.ray[layers->base.count++] = ray;
        crease_rays_sign(rays, ray, layers->every[rays->map->layer]);
    }
    rays->arena = shared;
    crease_integer_free(V, n + 1);
    free(row);
}

crease_ray_cell crease_layers_orthant(crease_layers *layers, crease_map *map, const int *sign)
{
    crease_rays *rays = &layers->rays;
    size_t n = layers->model->inputs;
    crease_layers_begin(layers, map);
    for (size_t k = 0; k < n; k++)
        rays->slot[k] = (crease_slot){map, layers->root[k], sign[k]};
    rays->slot[n] = (crease_slot){NULL, 0, 1};
    rays->unit_slot = n;
    if (!layers->base.count)
        make_base(layers, map);
    crease_ray_cell cell = crease_rays_take_cell(&layers->rays, n + 1);
    for (size_t i = 0; i <= n; i++) {
        crease_ray *ray = crease_rays_copy(rays, layers->base.ray[i]);
        cell.ray[cell.count++] = ray;
        if (i == n || sign[i] > 0)
            continue;
        uint64_t *swap = ray->positive;
        ray->positive = ray->negative;
        ray->negative = swap;
        for (size_t j = 0; j <= n; j++)
            ray->v[j] = -ray->v[j];
    }
    return cell;
}

crease_ray_cell crease_layers_box(crease_layers *layers, crease_map *map)
{
    crease_rays *rays = &layers->rays;
    const crease_model *model = layers->model;
    size_t n = model->inputs;
    crease_layers_begin(layers, map);
    for (size_t f = 0; f < 2 * n; f++)
        rays->slot[f] = (crease_slot){NULL, f, 1};
    crease_ray_cell cell = crease_rays_take_cell(&layers->rays, (size_t)1 << n);
    mpz_t *V = crease_integer_new(n + 1);
    const mpz_t **row = crease_alloc(n, sizeof *row);
    for (size_t corner = 0; corner < (size_t)1 << n; corner++) {
        crease_ray *ray = crease_rays_take(rays);
        crease_rays_slacken(ray);
        for (size_t j = 0; j < n; j++) {
            size_t f = 2 * j + (corner >> j & 1);
            crease_rays_tighten(ray, f);
            row[j] = (const mpz_t *)model->face + f * (n + 1);
        }
        crease_integer_kernel(V, row, n, n + 1);
        for (size_t j = 0; j <= n && mpz_sgn(V[n]) <= 0; j++)
            mpz_neg(V[j], V[j]);
        crease_rays_set_exact(rays, ray, V);
        crease_rays_sign(rays, ray, layers->every[rays->map->layer]);
        cell.ray[cell.count++] = ray;
    }
    crease_integer_free(V, n + 1);
    free(row);
    return cell;
}
