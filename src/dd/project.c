#include "dd/layers.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "dd/shadow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    if (CREASE_SHADOW)
        crease_shadow_kernel(rays, ray, active);
}

/* The same for cells that keep their coordinates: what is found out stays, but the ray's
 * coordinates do not become better by it, so that they depend on the path to the cell alone. */
static void find_kernel_aside(crease_layers *layers, crease_ray *ray, const uint64_t *active)
{
    size_t bytes = layers->rays.words * sizeof *ray->positive;
    if (ray->kernel)
        return;
    crease_ray *copy = crease_rays_copy(&layers->rays, ray);
    find_kernel(layers, copy, active);
    ray->kernel = copy->kernel;
    memcpy(ray->positive, copy->positive, bytes);
    memcpy(ray->negative, copy->negative, bytes);
}

/* Does slot s stand for a row of the span of the active units and v_d? */
static bool spanned(const crease_rays *rays, size_t s, const uint8_t *state)
{
    return crease_rays_is_unit(rays, s) ||
           (rays->slot[s].map == rays->map && state[rays->slot[s].unit]);
}

static bool may_project(crease_layers *layers, const crease_ray_cell *cell, const uint8_t *state,
                        const size_t *chosen, size_t active)
{
    crease_rays *rays = &layers->rays;
    crease_active_set common;
    bool kernel = false;
    memset(&common, 0xff, sizeof common);
    const crease_model_layer *left = &layers->model->layer[rays->map->layer];
    /* Values that are passed on anyway may have either sign: the image need not be pointed. */
    if (active + 1 >= rays->d || left->decisions < left->width)
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

static void project_coordinates(crease_rays *rays, const crease_ray *from, crease_ray *to, size_t d,
                                const size_t *chosen)
{
    crease_map *map = rays->map;
    size_t old = rays->d;
    bool integer = crease_rays_products_exact(rays, from);
    double err = map->scale * from->err, top = 0;
    for (size_t a = 0; a + 1 < d; a++) {
        double bound;
        to->v[a] =
            crease_bit(to->tight.word, a) ? 0 : crease_rays_value(rays, from, chosen[a], &bound);
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
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(cell->count); i++) {
        const crease_active_set *a = &cell->ray[i]->tight;
        bool extreme = true;
        for (size_t k = 0; k < cell->count && extreme; k++) {
            const crease_active_set *b = &cell->ray[k]->tight;
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

void crease_layers_rebase(crease_layers *layers, crease_map *map, size_t d, const size_t *chosen)
{
    crease_rays *rays = &layers->rays;
    crease_map_rebase(map, d, chosen);
    /* LP cells, which use no slots, may have more coordinates. */
    for (size_t j = 0; j < d && j < CREASE_RAY_SLOTS; j++)
        rays->slot[j] = (crease_slot){NULL, j, 1};
    rays->unit_slot = d <= CREASE_RAY_SLOTS ? d - 1 : CREASE_RAY_SLOTS;
    rays->unit_face = d - 1;
    rays->face = (const mpz_t *)layers->unit_vector + layers->centre;
    rays->face_step = -1;
    rays->face_value = NULL;
    crease_rays_use_map(rays, map);
}

static crease_ray_cell project(crease_layers *layers, const crease_ray_cell *cell,
                               const uint8_t *state, crease_map *map, const size_t *chosen,
                               size_t active)
{
    crease_rays *rays = &layers->rays;
    size_t d = active + 1, old = rays->d, words = rays->words;
    assert(d < old && old <= CREASE_RAY_SLOTS);
    crease_ray_cell image = crease_rays_take_cell(&layers->rays, cell->count);
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
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(rays->d * d); i++) {
        const crease_ray *from = cell->ray[i];
        if (from->kernel)
            continue;
        rays->d = d;
        rays->words = (layers->model->layer[map->layer].stride + 63) / 64;
        crease_ray *to = crease_rays_take(rays);
        rays->d = old;
        rays->words = words;
        crease_rays_slacken(to);
        for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
            if (crease_bit(from->tight.word, s) && slot_of[s] < CREASE_RAY_SLOTS)
                crease_rays_tighten(to, slot_of[s]);
        project_coordinates(rays, from, to, d, chosen);
        image.ray[image.count++] = to;
    }
    keep_extreme(&image);
    crease_layers_rebase(layers, map, d, chosen);
    for (size_t i = 0; i < image.count && !crease_interrupted_after(d * rays->words); i++)
        crease_rays_sign(rays, image.ray[i], layers->every[rays->map->layer]);
    if (CREASE_SHADOW)
        crease_shadow_tight(rays, &image);
    return image;
}

static crease_ray_cell carry_over(crease_layers *layers, const crease_ray_cell *cell,
                                  const uint8_t *state, crease_map *map)
{
    crease_map_next(map, layers->rays.map, state);
    return crease_rays_carry(&layers->rays, cell, map, layers->every[map->layer]);
}

crease_ray_cell crease_layers_enter(crease_layers *layers, const crease_ray_cell *cell,
                                    const uint8_t *state, crease_map *map, size_t *chosen)
{
    crease_rays *rays = &layers->rays;
    const crease_model_layer *left = &layers->model->layer[rays->map->layer];
    size_t width = left->width, active = 0;
    bool all_decide = left->decisions == width;
    uint64_t *set = crease_arena_take(rays->arena, rays->words * sizeof *set);
    memset(set, 0, rays->words * sizeof *set);
    for (size_t u = 0; u < width; u++)
        if (state[u]) {
            set[u / 64] |= (uint64_t)1 << u % 64;
            chosen[active++] = u;
        }
    for (size_t i = 0;
         i < cell->count && all_decide && !crease_interrupted_after(rays->d * rays->words); i++)
        (layers->keeps_inputs ? find_kernel_aside : find_kernel)(layers, cell->ray[i], set);
    if (!layers->keeps_inputs && may_project(layers, cell, state, chosen, active))
        return project(layers, cell, state, map, chosen, active);
    return carry_over(layers, cell, state, map);
}
