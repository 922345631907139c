#include "dd/outline_image.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"

#include <stdlib.h>
#include <string.h>

/* Are the rows of the active units and v_d independent?  False proves nothing. */
static bool independent(const crease_rays *rays, size_t active)
{
    size_t d = rays->d, k = 0,
           width = rays->map->below->model->layer[rays->map->below->layer].width;
    size_t *pivot = crease_alloc(d, sizeof *pivot);
    mpz_t *matrix = crease_integer_new((active + 1) * d);
    for (size_t u = 0; u < width; u++)
        if (rays->map->state[u]) {
            const mpz_t *row = crease_map_exact(rays->map->below, u);
            for (size_t j = 0; j < d; j++)
                mpz_set(matrix[k * d + j], row[j]);
            k++;
        }
    mpz_set_ui(matrix[active * d + d - 1], 1);
    bool full =
        k == active && crease_integer_full_rank((const mpz_t *)matrix, active + 1, d, d, pivot);
    crease_integer_free(matrix, (active + 1) * d);
    free(pivot);
    return full;
}

/* The sum of the kernel rays.  False if a row outside S vanishes at all of them. */
static bool add_kernel(const crease_rays *rays, const crease_ray_cell *cell,
                       const crease_active_set *inside, double *lift)
{
    crease_active_set common;
    size_t d = rays->d;
    bool kernel = false;
    memset(&common, 0xff, sizeof common);
    memset(lift, 0, d * sizeof *lift);
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *ray = cell->ray[i];
        if (!ray->kernel)
            continue;
        double factor =
            ray->integer ? crease_filter_unit_scale(crease_filter_max_norm(ray->v, d)) : 1;
        for (size_t j = 0; j < d; j++)
            lift[j] += factor * ray->v[j];
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            common.word[w] &= ray->active.word[w];
        kernel = true;
    }
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        kernel = kernel && !(common.word[w] & ~inside->word[w]);
    return kernel;
}

static bool is_within(const crease_active_set *a, const crease_active_set *b)
{
    return !(a->word[0] & ~b->word[0]) && !(a->word[1] & ~b->word[1]);
}

/* Drops rays whose active set lies in another's; of equal sets the first is kept. */
static void keep_extreme(crease_ray_cell *cell)
{
    size_t kept = 0;
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(cell->count); i++) {
        const crease_active_set *own = &cell->ray[i]->active;
        bool extreme = true;
        for (size_t k = 0; k < kept && extreme; k++)
            extreme = !is_within(own, &cell->ray[k]->active);
        for (size_t k = i + 1; k < cell->count && extreme; k++)
            extreme =
                !is_within(own, &cell->ray[k]->active) || is_within(&cell->ray[k]->active, own);
        if (extreme)
            cell->ray[kept++] = cell->ray[i];
    }
    cell->count = kept;
}

/* The rays that are not in the kernel, with active rows inside a set. */
static crease_ray_cell project(const crease_rays *rays, const crease_ray_cell *cell,
                               const crease_active_set *inside)
{
    crease_ray_cell image = crease_rays_take_cell(rays, cell->frame, cell->count);
    crease_ray *copy = crease_arena_take(rays->arena, cell->count * sizeof *copy);
    for (size_t i = 0; i < cell->count; i++) {
        if (cell->ray[i]->kernel)
            continue;
        crease_ray *ray = &copy[image.count];
        *ray = *cell->ray[i];
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            ray->active.word[w] &= inside->word[w];
        ray->active_count = (unsigned)crease_active_count(&ray->active);
        image.ray[image.count++] = ray;
    }
    keep_extreme(&image);
    return image;
}

bool crease_outline_find_image(const crease_rays *rays, const crease_ray_cell *cell,
                               crease_outline_image *image)
{
    const crease_map *map = rays->map;
    *image = (crease_outline_image){.dimension = rays->d, .cell = *cell};
    image->low = crease_low_rank_find(rays, cell->frame);
    if (!image->low.count)
        return !crease_interrupt_raised();
    const crease_model_layer *below = &map->model->layer[map->below->layer];
    size_t last = crease_rays_unit_slot(rays, cell->frame), smallest = image->low.count - 1;
    size_t active = image->low.active[smallest];
    crease_active_set inside = image->low.slots[smallest];
    if (last < CREASE_RAY_SLOTS)
        inside.word[last / 64] |= (uint64_t)1 << last % 64;
    double *lift = crease_arena_take(rays->arena, rays->d * sizeof *lift);
    if (active + 1 == crease_map_dimensions(map) && below->decisions == below->width &&
        add_kernel(rays, cell, &inside, lift) && independent(rays, active))
        *image = (crease_outline_image){
            .dimension = active + 1, .cell = project(rays, cell, &inside), .lift = lift};
    return !crease_interrupt_raised();
}
