#include "dd/layers.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/integer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t *all_units(const crease_model_layer *layer)
{
    uint64_t *set = crease_alloc((layer->stride + 63) / 64, sizeof *set);
    for (size_t u = 0; u < layer->decisions; u++)
        set[u / 64] |= (uint64_t)1 << u % 64;
    return set;
}

crease_layers *crease_layers_new(const crease_model *model, crease_tally *tally,
                                 crease_arena *arena)
{
    crease_layers *layers = crease_alloc(1, sizeof *layers);
    size_t n = model->inputs, widest = 0;
    layers->model = model;
    layers->rays.arena = arena;
    layers->rays.tally = tally;
    layers->rays.refiner = crease_refiner_new();
    layers->own = crease_arena_new();
    layers->every = crease_alloc(model->layers, sizeof *layers->every);
    for (size_t l = 0; l < model->layers; l++) {
        widest = model->layer[l].width > widest ? model->layer[l].width : widest;
        layers->every[l] = all_units(&model->layer[l]);
    }
    layers->centre = widest + n + 1;
    layers->unit_vector = crease_integer_new(2 * layers->centre + 1);
    mpz_set_ui(layers->unit_vector[layers->centre], 1);
    crease_layers_find_root(model, &layers->root);
    if (model->walls) {
        layers->walls = crease_map_new(model->walls, 0, n + 1);
        crease_map_first(layers->walls);
        layers->all_walls = all_units(&model->walls->layer[0]);
    }
    return layers;
}

void crease_layers_free(crease_layers *layers)
{
    if (!layers)
        return;
    crease_integer_free(layers->unit_vector, 2 * layers->centre + 1);
    crease_map_free(layers->walls);
    free(layers->all_walls);
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

bool crease_layers_find_root(const crease_model *model, crease_root *root)
{
    const crease_model_layer *first = &model->layer[0];
    size_t n = model->inputs, halves = model->halves;
    size_t rows = halves + (first->pieces > 2 ? 0 : first->decisions);
    root->faces = 0;
    if (model->boxed || n > CREASE_LAYERS_ROOT)
        return false;
    mpz_t *columns = crease_integer_new(n * rows);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < n; j++)
            mpz_set(columns[j * rows + i], i < halves ? model->face[i * (n + 1) + j]
                                                      : first->num[(i - halves) * (n + 1) + j]);
    size_t rank = crease_integer_leading((const mpz_t *)columns, n, rows, rows, root->row);
    crease_integer_free(columns, n * rows);
    for (size_t k = 0; k < rank; k++) {
        root->faces += root->row[k] < halves;
        root->row[k] -= root->row[k] < halves ? 0 : halves;
    }
    return rank == n;
}

const crease_root *crease_layers_root(const crease_layers *layers)
{
    return &layers->root;
}

void crease_layers_begin(crease_layers *layers, crease_map *map)
{
    crease_map_first(map);
    crease_rays_use_map(&layers->rays, map);
    layers->rays.face = (const mpz_t *)layers->model->face;
    layers->rays.face_step = (ptrdiff_t)map->d;
    layers->rays.face_value = layers->model->face_value;
    layers->rays.face_error = layers->model->face_error;
    layers->rays.unit_face = layers->model->faces;
    layers->rays.unit_slot = CREASE_RAY_SLOTS;
}

/* Row i of the root, and v_d behind the others. */
static const mpz_t *root_row(const crease_layers *layers, crease_map *map, size_t i)
{
    const crease_model *model = layers->model;
    size_t n = model->inputs, face = i < n ? layers->root.row[i] : model->faces;
    if (i >= layers->root.faces && i < n)
        return crease_map_exact(map, layers->root.row[i]);
    return (const mpz_t *)model->face + face * (n + 1);
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
            row[rows++] = root_row(layers, map, k);
        }
        int sign = crease_integer_kernel(V, row, n, n + 1)
                       ? crease_integer_dot_sign(root_row(layers, map, i), (const mpz_t *)V, n + 1)
                       : 0;
        if (!sign && !crease_interrupt_raised())
            crease_fatal("rays: the rows of the root depend on one another");
        if (sign < 0)
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
    size_t n = layers->model->inputs, faces = layers->root.faces;
    assert(n + 1 <= CREASE_RAY_SLOTS && faces <= n);
    crease_layers_begin(layers, map);
    for (size_t k = 0; k < n; k++)
        rays->slot[k] = k < faces ? (crease_slot){NULL, layers->root.row[k], 1}
                                  : (crease_slot){map, layers->root.row[k], sign[k]};
    rays->slot[n] = (crease_slot){NULL, rays->unit_face, 1};
    rays->unit_slot = n;
    if (!layers->base.count)
        make_base(layers, map);
    crease_ray_cell cell = crease_rays_take_cell(&layers->rays, n + 1);
    for (size_t i = 0; i <= n; i++) {
        crease_ray *ray = crease_rays_copy(rays, layers->base.ray[i]);
        cell.ray[cell.count++] = ray;
        if (i < faces || i == n || sign[i] > 0)
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
    assert(model->boxed && 2 * n <= CREASE_RAY_SLOTS);
    crease_layers_begin(layers, map);
    for (size_t f = 0; f < 2 * n; f++)
        rays->slot[f] = (crease_slot){NULL, f, 1};
    crease_ray_cell cell = crease_rays_take_cell(&layers->rays, (size_t)1 << n);
    mpz_t *V = crease_integer_new(n + 1);
    const mpz_t **row = crease_alloc(n, sizeof *row);
    for (size_t corner = 0; corner < (size_t)1 << n && !crease_interrupted(); corner++) {
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
        assert(crease_interrupt_raised() || mpz_sgn(V[n]) > 0);
        crease_rays_set_exact(rays, ray, V);
        crease_rays_sign(rays, ray, layers->every[rays->map->layer]);
        cell.ray[cell.count++] = ray;
    }
    crease_integer_free(V, n + 1);
    free(row);
    return cell;
}

static bool is_cut(const crease_ray_cell *cell, size_t u)
{
    for (size_t i = 0; i < cell->count; i++)
        if (crease_bit(cell->ray[i]->negative, u))
            return true;
    return false;
}

bool crease_layers_narrow(crease_layers *layers, crease_map *map, crease_ray_cell *cell,
                          size_t most)
{
    crease_rays *rays = &layers->rays;
    const crease_model *model = layers->model;
    bool fits = true;
    if (!model->halves)
        return true;
    *cell = crease_rays_carry(rays, cell, layers->walls, layers->all_walls);
    for (size_t u = 0; u < model->halves && fits && !crease_interrupted(); u++) {
        if (!is_cut(cell, u))
            continue;
        size_t slot = crease_rays_free_slot(cell);
        fits = slot < CREASE_RAY_SLOTS && cell->count <= most;
        if (!fits)
            break;
        rays->slot[slot] = (crease_slot){layers->walls, u, 1};
        crease_ray_cell flat = crease_rays_cross(rays, cell, u, slot, layers->all_walls);
        *cell = crease_rays_half(rays, cell, &flat, u, 1);
    }
    /* What was a row of the walls' map is a face from now on. */
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (rays->slot[s].map == layers->walls)
            rays->slot[s] =
                (crease_slot){NULL, model->faces - model->halves + rays->slot[s].unit, 1};
    if (fits)
        *cell = crease_rays_carry(rays, cell, map, layers->every[map->layer]);
    else
        crease_rays_use_map(rays, map);
    return fits;
}
