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
    size_t n = model->inputs;
    bool boxed_or_wide = model->boxed || n >= CREASE_RAY_SLOTS;
    layers->model = model;
    layers->origin = (crease_rays){.arena = arena,
                                   .tally = tally,
                                   .refiner = crease_refiner_new(),
                                   .d = n + 1,
                                   .face = (const mpz_t *)model->face,
                                   .face_step = (ptrdiff_t)n + 1,
                                   .face_value = model->face_value,
                                   .face_error = model->face_error,
                                   .unit_face = model->faces,
                                   .unit_slot = boxed_or_wide ? CREASE_RAY_SLOTS : n};
    layers->own = crease_arena_new();
    layers->every = crease_alloc(model->layers, sizeof *layers->every);
    for (size_t l = 0; l < model->layers; l++)
        layers->every[l] = all_units(&model->layer[l]);
    layers->centre = n + 1;
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
    crease_refiner_free(layers->origin.refiner);
    free(layers);
}

const uint64_t *crease_layers_units(const crease_layers *layers, size_t layer)
{
    return layers->every[layer];
}

bool crease_layers_find_root(const crease_model *model, crease_root *root)
{
    const crease_model_layer *first = &model->layer[0];
    size_t n = model->inputs, halves = model->halves;
    size_t rows = halves + (first->pieces > 2 ? 0 : first->decisions);
    root->faces = 0;
    if (model->boxed || n > CREASE_LAYERS_ROOT || (n > CREASE_LAYERS_RAYS && halves))
        return false;
    mpz_t *columns = crease_integer_new(n * rows);
    for (size_t i = 0; i < halves; i++)
        for (size_t j = 0; j < n; j++)
            mpz_set(columns[j * rows + i], model->face[i * (n + 1) + j]);
    for (size_t u = 0; u + halves < rows; u++)
        for (size_t i = first->map.begin[u]; i < first->map.begin[u + 1]; i++)
            mpz_set(columns[first->map.input[i] * rows + halves + u], first->map.weight[i]);
    size_t rank = 0;
    if (n <= CREASE_LAYERS_RAYS)
        rank = crease_integer_leading((const mpz_t *)columns, n, rows, rows, root->row);
    else if (rows >= n &&
             crease_integer_full_rank((const mpz_t *)columns, n, rows, rows, root->row))
        rank = n;
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

const crease_rays *crease_layers_begin(crease_layers *layers, crease_map *map)
{
    crease_map_first(map);
    return crease_rays_with_map(&layers->origin, map);
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

/* The rows of the root, and v_d in slot n. */
static const crease_frame *root_frame(const crease_layers *layers, const crease_rays *rays,
                                      const int *sign)
{
    size_t n = layers->model->inputs, faces = layers->root.faces;
    crease_frame *frame = crease_frame_new(rays->arena, NULL, 0, n + 1);
    for (size_t k = 0; k < n; k++)
        frame->row[k] = k < faces ? (crease_row){NULL, layers->root.row[k], 1}
                                  : (crease_row){rays->map, layers->root.row[k], sign[k]};
    frame->row[n] = (crease_row){NULL, rays->unit_face, 1};
    return frame;
}

/* Ray i of the positive cone: root row i is positive there, the other root rows and v_d
 * vanish; ray n: all root rows vanish and v_d > 0. */
static void make_base(crease_layers *layers, const crease_rays *shared, const int *sign)
{
    crease_rays own = *shared, *rays = &own;
    size_t n = layers->model->inputs;
    const mpz_t **row = crease_alloc(n, sizeof *row);
    mpz_t *V = crease_integer_new(n + 1);
    rays->arena = layers->own; /* outlives every cell */
    /* The rays are those of the positive cone whatever the signs of the frame's rows. */
    layers->base = crease_rays_take_cell(rays, root_frame(layers, rays, sign), n + 1);
    for (size_t i = 0; i <= n; i++) {
        crease_ray *ray = crease_rays_take(rays);
        size_t rows = 0;
        ray->frame = layers->base.frame;
        crease_rays_clear_active(ray);
        for (size_t k = 0; k <= n; k++) {
            if (k == i)
                continue;
            crease_rays_activate(ray, k);
            row[rows++] = root_row(layers, rays->map, k);
        }
        int side =
            crease_integer_kernel(V, row, n, n + 1)
                ? crease_integer_dot_sign(root_row(layers, rays->map, i), (const mpz_t *)V, n + 1)
                : 0;
        if (!side && !crease_interrupt_raised())
            crease_fatal("rays: the rows of the root depend on one another");
        if (side < 0)
            for (size_t j = 0; j <= n; j++)
                mpz_neg(V[j], V[j]);
        crease_rays_set_exact(rays, ray, V);
        layers->base.ray[layers->base.count++] = ray;
        crease_rays_sign(rays, ray, layers->every[rays->map->layer]);
    }
    crease_integer_free(V, n + 1);
    free(row);
}

crease_ray_cell crease_layers_orthant(crease_layers *layers, const crease_rays *rays,
                                      const int *sign)
{
    size_t n = layers->model->inputs, faces = layers->root.faces;
    assert(n + 1 <= CREASE_RAY_SLOTS && faces <= n && rays->unit_slot == n);
    if (!layers->base.count)
        make_base(layers, rays, sign);
    crease_ray_cell cell = crease_rays_take_cell(rays, root_frame(layers, rays, sign), n + 1);
    for (size_t i = 0; i <= n; i++) {
        crease_ray *ray = crease_rays_copy(rays, layers->base.ray[i]);
        ray->frame = cell.frame;
        cell.ray[cell.count++] = ray;
        if (i < faces || i == n || sign[i] > 0)
            continue;
        uint64_t *swap = ray->positive;
        ray->positive = ray->negative;
        ray->negative = swap;
        ray->exact = NULL;
        for (size_t j = 0; j <= n; j++)
            ray->v[j] = -ray->v[j];
    }
    return cell;
}

crease_ray_cell crease_layers_box(crease_layers *layers, const crease_rays *rays)
{
    const crease_model *model = layers->model;
    size_t n = model->inputs;
    assert(model->boxed && 2 * n <= CREASE_RAY_SLOTS);
    crease_frame *frame = crease_frame_new(rays->arena, NULL, 0, 2 * n);
    for (size_t f = 0; f < 2 * n; f++)
        frame->row[f] = (crease_row){NULL, f, 1};
    crease_ray_cell cell = crease_rays_take_cell(rays, frame, (size_t)1 << n);
    mpz_t *V = crease_integer_new(n + 1);
    const mpz_t **row = crease_alloc(n, sizeof *row);
    for (size_t corner = 0; corner < (size_t)1 << n && !crease_interrupted(); corner++) {
        crease_ray *ray = crease_rays_take(rays);
        ray->frame = frame;
        crease_rays_clear_active(ray);
        for (size_t j = 0; j < n; j++) {
            size_t f = 2 * j + (corner >> j & 1);
            crease_rays_activate(ray, f);
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

/* The frame where rows of the walls' map are faces. */
static const crease_frame *as_faces(const crease_layers *layers, const crease_rays *rays,
                                    const crease_frame *frame)
{
    const crease_model *model = layers->model;
    const crease_row *row[CREASE_RAY_SLOTS];
    crease_frame_rows(frame, row);
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (row[s] && row[s]->map == layers->walls) {
            size_t face = model->faces - model->halves + row[s]->unit;
            frame = crease_frame_add(rays->arena, frame, s, (crease_row){NULL, face, 1});
        }
    return frame;
}

bool crease_layers_narrow(crease_layers *layers, const crease_rays *rays, crease_ray_cell *cell,
                          size_t most)
{
    const crease_model *model = layers->model;
    if (!model->halves)
        return true;
    const crease_rays *walls = crease_rays_with_map(rays, layers->walls);
    *cell = crease_rays_carry(walls, cell, cell->frame, layers->all_walls);
    for (size_t u = 0; u < model->halves && !crease_interrupted(); u++) {
        if (!is_cut(cell, u))
            continue;
        size_t slot = crease_rays_free_slot(cell);
        if (slot == CREASE_RAY_SLOTS || cell->count > most)
            return false;
        crease_ray_cell restriction = crease_rays_cross(walls, cell, u, slot, layers->all_walls);
        *cell = crease_rays_half(walls, cell, &restriction, u, 1);
    }
    *cell = crease_rays_carry(rays, cell, as_faces(layers, rays, cell->frame),
                              layers->every[rays->map->layer]);
    return true;
}
