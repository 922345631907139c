#include "lp/layers.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct crease_layers {
    const crease_model *model;
    crease_rays rays;
    mpz_t *unit_vector; /* row j of the identity begins at unit_vector + centre - j */
    size_t centre;
    size_t *root;
    crease_ray_cell base; /* the rays of the cone where all root units are positive */
    crease_arena *own;    /* holds base */
    uint64_t **every;     /* per layer: the set of all its units */
};

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
        for (size_t u = 0; u < model->layer[l].width; u++)
            layers->every[l][u / 64] |= (uint64_t)1 << u % 64;
    }
    layers->centre = widest + n + 1;
    layers->unit_vector = crease_integer_new(2 * layers->centre + 1);
    mpz_set_ui(layers->unit_vector[layers->centre], 1);
    layers->root = crease_alloc(first->width, sizeof *layers->root);
    if (!model->boxed) {
        mpz_t *columns = crease_integer_new(n * first->width);
        for (size_t u = 0; u < first->width; u++)
            for (size_t j = 0; j < n; j++)
                mpz_set(columns[j * first->width + u], first->num[u * (n + 1) + j]);
        crease_integer_rank((const mpz_t *)columns, n, first->width, first->width, layers->root);
        crease_integer_free(columns, n * first->width);
    }
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

const size_t *crease_layers_root(const crease_layers *layers)
{
    return layers->root;
}

static void set_map(crease_layers *layers, crease_map *map)
{
    layers->rays.map = map;
    layers->rays.d = map->d;
    layers->rays.words = (layers->model->layer[map->layer].stride + 63) / 64;
}

void crease_layers_begin(crease_layers *layers, crease_map *map)
{
    crease_map_first(map);
    set_map(layers, map);
    layers->rays.face = (const mpz_t *)layers->model->face;
    layers->rays.face_step = (ptrdiff_t)map->d;
    layers->rays.face_value = layers->model->face_value;
    layers->rays.face_error = layers->model->face_error;
    layers->rays.unit_slot = CREASE_RAY_SLOTS;
}

static void clear_tight(crease_ray *ray)
{
    memset(&ray->tight, 0, sizeof ray->tight);
    ray->tights = 0;
}

static crease_ray_cell take_cell(crease_layers *layers, size_t room)
{
    return (crease_ray_cell){
        0, crease_arena_take(layers->rays.arena, (room ? room : 1) * sizeof(crease_ray *))};
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
    layers->base = take_cell(layers, n + 1);
    for (size_t i = 0; i <= n; i++) {
        crease_ray *ray = crease_rays_take(rays);
        size_t rows = 0;
        clear_tight(ray);
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
    crease_ray_cell cell = take_cell(layers, n + 1);
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
    crease_ray_cell cell = take_cell(layers, (size_t)1 << n);
    mpz_t *V = crease_integer_new(n + 1);
    const mpz_t **row = crease_alloc(n, sizeof *row);
    for (size_t corner = 0; corner < (size_t)1 << n; corner++) {
        crease_ray *ray = crease_rays_take(rays);
        clear_tight(ray);
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

void crease_layers_save(const crease_layers *layers, crease_layers_state *state)
{
    const crease_rays *rays = &layers->rays;
    state->map = rays->map;
    state->d = rays->d;
    state->words = rays->words;
    state->unit_slot = rays->unit_slot;
    state->face = rays->face;
    state->face_step = rays->face_step;
    state->face_value = rays->face_value;
    memcpy(state->slot, rays->slot, sizeof state->slot);
}

void crease_layers_restore(crease_layers *layers, const crease_layers_state *state)
{
    crease_rays *rays = &layers->rays;
    rays->map = state->map;
    rays->d = state->d;
    rays->words = state->words;
    rays->unit_slot = state->unit_slot;
    rays->face = state->face;
    rays->face_step = state->face_step;
    rays->face_value = state->face_value;
    memcpy(rays->slot, state->slot, sizeof state->slot);
}

/* Is a row of the set not zero at the ray, as far as is known? */
static bool meets(const crease_rays *rays, const crease_ray *ray, const uint64_t *set)
{
    for (size_t w = 0; w < rays->words; w++)
        if (set[w] & (ray->positive[w] | ray->negative[w]))
            return true;
    return false;
}

/* Marks the ray if all active units and v_d vanish there. */
static void find_kernel(crease_layers *layers, crease_ray *ray, const uint64_t *active)
{
    crease_rays *rays = &layers->rays;
    if (ray->kernel || rays->unit_slot == CREASE_RAY_SLOTS ||
        !crease_rays_is_unit(rays, rays->unit_slot) ||
        !crease_bit(ray->tight.word, rays->unit_slot))
        return;
    uint64_t *wanted = crease_arena_take(rays->arena, rays->words * sizeof *wanted);
    memcpy(wanted, active, rays->words * sizeof *wanted);
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (crease_bit(ray->tight.word, s) && rays->slot[s].map == rays->map)
            wanted[rays->slot[s].unit / 64] &= ~((uint64_t)1 << rays->slot[s].unit % 64);
    if (meets(rays, ray, wanted))
        return;
    crease_rays_resolve(rays, ray, wanted);
    if (meets(rays, ray, wanted))
        return;
    ray->kernel = true;
}

/* Does slot s stand for a row of the span of the active units and v_d? */
static bool spanned(const crease_rays *rays, size_t s, const uint8_t *state)
{
    return crease_rays_is_unit(rays, s) || (rays->slot[s].map == rays->map && state[rays->slot[s].unit]);
}

static bool may_project(crease_layers *layers, const crease_ray_cell *cell, const uint8_t *state,
                        const size_t *chosen, size_t active)
{
    crease_rays *rays = &layers->rays;
    crease_tight common;
    bool kernel = false;
    memset(&common, 0xff, sizeof common);
    /* Values of a linear layer may have either sign: the image need not be pointed. */
    if (active + 1 >= rays->d || layers->model->layer[rays->map->layer].states == 1)
        return false;
    for (size_t i = 0; i < cell->count; i++) {
        kernel = kernel || cell->ray[i]->kernel;
        for (size_t w = 0; cell->ray[i]->kernel && w < CREASE_RAY_SLOTS / 64; w++)
            common.word[w] &= cell->ray[i]->tight.word[w];
    }
    if (!kernel)
        return false;
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (crease_bit(common.word, s) && !spanned(rays, s, state))
            return false;
    size_t d = rays->d, *pivot = crease_alloc(d, sizeof *pivot);
    mpz_t *matrix = crease_integer_new((active + 1) * d);
    for (size_t a = 0; a < active; a++)
        for (size_t j = 0; j < d; j++)
            mpz_set(matrix[a * d + j], crease_map_exact(rays->map, chosen[a])[j]);
    mpz_set_ui(matrix[active * d + d - 1], 1);
    bool independent =
        crease_integer_rank((const mpz_t *)matrix, active + 1, d, d, pivot) == active + 1;
    crease_integer_free(matrix, (active + 1) * d);
    free(pivot);
    return independent;
}

/* The coordinates (chosen units, 1) of a ray, in integers. */
static void project_exactly(crease_rays *rays, const crease_ray *from, crease_ray *to,
                            crease_map *map, size_t d, const size_t *chosen)
{
    mpz_t *V = crease_integer_new(rays->d), *U = crease_integer_new(d);
    crease_rays_exact(rays, from, V);
    for (size_t a = 0; a + 1 < d; a++) {
        const mpz_t *row = crease_map_exact(map, chosen[a]);
        for (size_t j = 0; j < rays->d; j++)
            mpz_addmul(U[a], row[j], V[j]);
    }
    mpz_mul(U[d - 1], map->constant, map->model->layer[map->layer].den);
    mpz_mul(U[d - 1], U[d - 1], V[rays->d - 1]);
    crease_integer_reduce(U, d);
    size_t old = rays->d;
    rays->d = d;
    crease_rays_set_exact(rays, to, U);
    rays->d = old;
    crease_integer_free(V, old);
    crease_integer_free(U, d);
    rays->tally->exact++;
}

static void project_coordinates(crease_rays *rays, const crease_ray *from, crease_ray *to,
                                size_t d, const size_t *chosen)
{
    crease_map *map = rays->map;
    size_t old = rays->d;
    bool integer = crease_rays_products_exact(rays, from);
    double err = map->scale * from->err, top = 0;
    for (size_t a = 0; a + 1 < d; a++) {
        double bound;
        to->v[a] = crease_bit(to->tight.word, a) ? 0
                                                 : crease_rays_value(rays, from, chosen[a], &bound);
        if (!crease_bit(to->tight.word, a))
            err = bound > err ? bound : err;
    }
    to->v[d - 1] = crease_bit(to->tight.word, d - 1) ? 0 : map->scale * from->v[old - 1];
    for (size_t j = 0; j < d; j++) {
        to->v[j] = integer ? to->v[j] / map->quantum : to->v[j];
        top = fabs(to->v[j]) > top ? fabs(to->v[j]) : top;
    }
    rays->d = d;
    if (integer && top < 0x1p52)
        crease_rays_set_integers(rays, to);
    else if (!integer)
        crease_rays_set_doubles(rays, to, err);
    rays->d = old;
    if (integer ? !(top < 0x1p52) : !(to->err < 1e-9))
        project_exactly(rays, from, to, map, d, chosen);
}

/* Drops rays whose tight set lies in another's; of equal sets one is kept. */
static void keep_extreme(crease_ray_cell *cell)
{
    size_t kept = 0;
    for (size_t i = 0; i < cell->count; i++) {
        const crease_tight *a = &cell->ray[i]->tight;
        bool extreme = true;
        for (size_t k = 0; k < cell->count && extreme; k++) {
            const crease_tight *b = &cell->ray[k]->tight;
            bool within = !(a->word[0] & ~b->word[0]) && !(a->word[1] & ~b->word[1]);
            bool equal = within && a->word[0] == b->word[0] && a->word[1] == b->word[1];
            extreme = k == i || !within || (equal && i < k);
        }
        cell->ray[i]->kernel = !extreme; /* a mark for the second pass */
    }
    for (size_t i = 0; i < cell->count; i++)
        if (!cell->ray[i]->kernel)
            cell->ray[kept++] = cell->ray[i];
    cell->count = kept;
}

static crease_ray_cell project(crease_layers *layers, const crease_ray_cell *cell,
                               const uint8_t *state, crease_map *map, const size_t *chosen,
                               size_t active)
{
    crease_rays *rays = &layers->rays;
    size_t d = active + 1, old = rays->d, words = rays->words;
    crease_ray_cell image = take_cell(layers, cell->count);
    size_t slot_of[CREASE_RAY_SLOTS];
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++) {
        slot_of[s] = CREASE_RAY_SLOTS;
        if (crease_rays_is_unit(rays, s))
            slot_of[s] = active;
        else if (spanned(rays, s, state))
            for (size_t a = 0; a < active; a++)
                if (chosen[a] == rays->slot[s].unit)
                    slot_of[s] = a;
    }
    crease_map_rebase(map, d, chosen);
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *from = cell->ray[i];
        if (from->kernel)
            continue;
        rays->d = d;
        rays->words = (layers->model->layer[map->layer].stride + 63) / 64;
        crease_ray *to = crease_rays_take(rays);
        rays->d = old;
        rays->words = words;
        clear_tight(to);
        for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
            if (crease_bit(from->tight.word, s) && slot_of[s] < CREASE_RAY_SLOTS)
                crease_rays_tighten(to, slot_of[s]);
        project_coordinates(rays, from, to, d, chosen);
        image.ray[image.count++] = to;
    }
    keep_extreme(&image);
    for (size_t j = 0; j < d; j++)
        rays->slot[j] = (crease_slot){NULL, j, 1};
    rays->unit_slot = active;
    rays->face = (const mpz_t *)layers->unit_vector + layers->centre;
    rays->face_step = -1;
    rays->face_value = NULL;
    set_map(layers, map);
    for (size_t i = 0; i < image.count; i++)
        crease_rays_sign(rays, image.ray[i], layers->every[rays->map->layer]);
    return image;
}

static crease_ray_cell carry_over(crease_layers *layers, const crease_ray_cell *cell,
                                  const uint8_t *state, crease_map *map)
{
    crease_rays *rays = &layers->rays;
    crease_ray_cell next = take_cell(layers, cell->count);
    crease_map_next(map, rays->map, state);
    set_map(layers, map);
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *from = cell->ray[i];
        crease_ray *to = crease_rays_take(rays);
        to->tight = from->tight;
        to->tights = from->tights;
        to->err = from->err;
        to->one = from->one;
        to->integer = from->integer;
        to->kernel = from->kernel;
        memcpy(to->v, from->v, rays->d * sizeof *to->v);
        crease_rays_sign(rays, to, layers->every[rays->map->layer]);
        next.ray[next.count++] = to;
    }
    return next;
}

crease_ray_cell crease_layers_enter(crease_layers *layers, const crease_ray_cell *cell,
                                    const uint8_t *state, crease_map *map, size_t *chosen)
{
    crease_rays *rays = &layers->rays;
    size_t width = layers->model->layer[rays->map->layer].width, active = 0;
    uint64_t *set = crease_arena_take(rays->arena, rays->words * sizeof *set);
    memset(set, 0, rays->words * sizeof *set);
    for (size_t u = 0; u < width; u++)
        if (state[u]) {
            set[u / 64] |= (uint64_t)1 << u % 64;
            chosen[active++] = u;
        }
    for (size_t i = 0; i < cell->count; i++)
        find_kernel(layers, cell->ray[i], set);
    if (may_project(layers, cell, state, chosen, active))
        return project(layers, cell, state, map, chosen, active);
    return carry_over(layers, cell, state, map);
}
