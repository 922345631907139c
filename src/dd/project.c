#include "dd/layers.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/integer.h"
#include "dd/ahead.h"
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

/* The layer that a cell leaves. */
typedef struct {
    const crease_rays *rays;
    const crease_row *row[CREASE_RAY_SLOTS]; /* of the cell's frame */
    size_t unit_slot;                        /* see crease_rays_unit_slot */
    const uint8_t *state;
    size_t active; /* units, numbers and as a set: */
    const size_t *chosen;
    uint64_t *set;
} departure;

/* Marks the ray if all active units and v_d vanish there. */
static void find_kernel(const departure *from, crease_ray *ray)
{
    const crease_rays *rays = from->rays;
    if (ray->kernel || from->unit_slot == CREASE_RAY_SLOTS ||
        !crease_bit(ray->active.word, from->unit_slot))
        return;
    uint64_t *wanted = crease_arena_take(rays->arena, rays->words * sizeof *wanted);
    memcpy(wanted, from->set, rays->words * sizeof *wanted);
    crease_active_set left = ray->active;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        if (from->row[s]->map == rays->map)
            wanted[from->row[s]->unit / 64] &= ~((uint64_t)1 << from->row[s]->unit % 64);
    if (meets(rays, ray, wanted))
        return;
    crease_rays_resolve(rays, ray, wanted);
    if (meets(rays, ray, wanted))
        return;
    ray->kernel = true;
    if (CREASE_SHADOW)
        crease_shadow_kernel(rays, ray, from->set);
}

/* The same for cells that keep their coordinates.  The result is kept, but the ray's coordinates
 * are not refined, so they depend only on the path to the cell. */
static void find_kernel_aside(const departure *from, crease_ray *ray)
{
    size_t bytes = from->rays->words * sizeof *ray->positive;
    if (ray->kernel)
        return;
    crease_ray *copy = crease_rays_copy(from->rays, ray);
    find_kernel(from, copy);
    ray->kernel = copy->kernel;
    memcpy(ray->positive, copy->positive, bytes);
    memcpy(ray->negative, copy->negative, bytes);
}

/* Does slot s stand for a row of the span of the active units and v_d? */
static bool spanned(const departure *from, size_t s)
{
    const crease_row *row = from->row[s];
    return s == from->unit_slot || (row->map == from->rays->map && from->state[row->unit]);
}

static bool may_project(const departure *from, const crease_ray_cell *cell)
{
    const crease_rays *rays = from->rays;
    size_t active = from->active;
    crease_active_set common;
    bool kernel = false;
    memset(&common, 0xff, sizeof common);
    const crease_model_layer *left = &rays->map->model->layer[rays->map->layer];
    /* Values that are passed on anyway may have either sign: the image need not be pointed. */
    if (active + 1 >= rays->d || left->decisions < left->width)
        return false;
    for (size_t i = 0; i < cell->count; i++) {
        kernel = kernel || cell->ray[i]->kernel;
        for (size_t w = 0; cell->ray[i]->kernel && w < CREASE_RAY_SLOTS / 64; w++)
            common.word[w] &= cell->ray[i]->active.word[w];
    }
    if (!kernel)
        return false;
    for (size_t s; (s = crease_active_next(&common)) < CREASE_RAY_SLOTS;)
        if (!spanned(from, s))
            return false;
    size_t d = rays->d, *pivot = crease_alloc(d, sizeof *pivot);
    mpz_t *matrix = crease_integer_new((active + 1) * d);
    for (size_t a = 0; a < active; a++)
        for (size_t j = 0; j < d; j++)
            mpz_set(matrix[a * d + j], crease_map_exact(rays->map, from->chosen[a])[j]);
    mpz_set_ui(matrix[active * d + d - 1], 1);
    bool independent =
        crease_integer_rank((const mpz_t *)matrix, active + 1, d, d, pivot) == active + 1;
    crease_integer_free(matrix, (active + 1) * d);
    free(pivot);
    return independent;
}

/* The coordinates (chosen units, 1) of a ray, in integers; U is 0 before. */
static void find_image(const departure *from, size_t d, const crease_ray *ray, mpz_t *U)
{
    const crease_rays *rays = from->rays;
    crease_map *map = rays->map;
    mpz_t *V = crease_integer_new(rays->d);
    crease_rays_exact(rays, ray, V);
    for (size_t a = 0; a + 1 < d; a++) {
        const mpz_t *row = crease_map_exact(map, from->chosen[a]);
        for (size_t j = 0; j < rays->d; j++)
            mpz_addmul(U[a], row[j], V[j]);
    }
    mpz_mul(U[d - 1], map->constant, map->model->layer[map->layer].den);
    mpz_mul(U[d - 1], U[d - 1], V[rays->d - 1]);
    crease_integer_free(V, rays->d);
}

static void project_exactly(const departure *from, const crease_rays *next, const crease_ray *ray,
                            crease_ray *to)
{
    mpz_t *U = crease_integer_new(next->d);
    find_image(from, next->d, ray, U);
    crease_integer_reduce(U, next->d);
    crease_rays_set_exact(next, to, U);
    crease_integer_free(U, next->d);
    from->rays->tally->exact++;
}

static void check_image(const departure *from, const crease_rays *next, const crease_ray *ray,
                        const crease_ray *to)
{
    mpz_t *U = crease_integer_new(next->d);
    find_image(from, next->d, ray, U);
    if (!crease_interrupt_raised())
        crease_shadow_image(next, to, (const mpz_t *)U);
    crease_integer_free(U, next->d);
}

static void project_coordinates(const departure *from, const crease_rays *next,
                                const crease_ray *ray, crease_ray *to)
{
    const crease_rays *rays = from->rays;
    const crease_map *map = rays->map;
    size_t d = next->d;
    bool integer = crease_rays_products_exact(rays, ray), bounded = true;
    double err = map->scale * ray->err, top = 0;
    for (size_t a = 0; a + 1 < d; a++) {
        double bound;
        bool vanishes = crease_bit(to->active.word, a);
        to->v[a] = vanishes ? 0 : crease_rays_value(rays, ray, from->chosen[a], &bound);
        if (!vanishes) {
            err = bound > err ? bound : err;
            bounded = bounded && bound < INFINITY; /* nor is it NaN */
        }
    }
    to->v[d - 1] = crease_bit(to->active.word, d - 1) ? 0 : map->scale * ray->v[rays->d - 1];
    for (size_t j = 0; j < d; j++) {
        to->v[j] = integer ? to->v[j] / map->quantum : to->v[j];
        top = fabs(to->v[j]) > top ? fabs(to->v[j]) : top;
    }
    if (integer && top < 0x1p52)
        crease_rays_set_integers(next, to);
    else if (!integer)
        crease_rays_set_doubles(next, to, err);
    if (integer ? !(top < 0x1p52) : !(bounded && to->err < 1e-9))
        project_exactly(from, next, ray, to);
}

/* Drops rays whose active set lies in another's; of equal sets one is kept. */
static void keep_extreme(crease_ray_cell *cell)
{
    size_t kept = 0;
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(cell->count); i++) {
        const crease_active_set *a = &cell->ray[i]->active;
        bool extreme = true;
        for (size_t k = 0; k < cell->count && extreme; k++) {
            const crease_active_set *b = &cell->ray[k]->active;
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

const crease_rays *crease_layers_rebase(crease_layers *layers, crease_map *map, size_t d,
                                        const size_t *chosen)
{
    crease_rays *rays = crease_arena_take(layers->origin.arena, sizeof *rays);
    crease_map_rebase(map, d, chosen);
    *rays = layers->origin;
    crease_rays_set_map(rays, map);
    rays->d = d;
    rays->face = (const mpz_t *)layers->unit_vector + layers->centre;
    rays->face_step = -1;
    rays->face_value = NULL;
    rays->face_error = NULL;
    rays->unit_face = d - 1;
    /* LP cells, which use no slots, may have more coordinates. */
    rays->unit_slot = d <= CREASE_RAY_SLOTS ? d - 1 : CREASE_RAY_SLOTS;
    return rays;
}

/* Coordinate j vanishes where slot j is active. */
static const crease_frame *coordinate_frame(const crease_rays *rays)
{
    crease_frame *frame = crease_frame_new(rays->arena, NULL, 0, rays->d);
    for (size_t j = 0; j < rays->d; j++)
        frame->row[j] = (crease_row){NULL, j, 1};
    return frame;
}

/* For each slot: which coordinate it becomes, or CREASE_RAY_SLOTS. */
static void find_new_slots(const departure *from, size_t new_slot[CREASE_RAY_SLOTS])
{
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++) {
        new_slot[s] = CREASE_RAY_SLOTS;
        if (s == from->unit_slot)
            new_slot[s] = from->active;
        else if (from->row[s] && spanned(from, s))
            for (size_t a = 0; a < from->active; a++)
                if (from->chosen[a] == from->row[s]->unit)
                    new_slot[s] = a;
    }
}

static crease_ray_cell project(const departure *from, const crease_ray_cell *cell,
                               const crease_rays *next, const uint64_t *relevant)
{
    assert(next->d < from->rays->d && from->rays->d <= CREASE_RAY_SLOTS);
    crease_ray_cell image = crease_rays_take_cell(next, coordinate_frame(next), cell->count);
    size_t new_slot[CREASE_RAY_SLOTS];
    find_new_slots(from, new_slot);
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(from->rays->d * next->d); i++) {
        const crease_ray *ray = cell->ray[i];
        if (ray->kernel)
            continue;
        crease_ray *to = crease_rays_take(next);
        to->frame = image.frame;
        crease_rays_clear_active(to);
        crease_active_set left = ray->active;
        for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
            if (new_slot[s] < CREASE_RAY_SLOTS)
                crease_rays_activate(to, new_slot[s]);
        project_coordinates(from, next, ray, to);
        if (CREASE_SHADOW)
            check_image(from, next, ray, to);
        image.ray[image.count++] = to;
    }
    keep_extreme(&image);
    for (size_t i = 0; i < image.count && !crease_interrupted_after(next->d * next->words); i++)
        crease_rays_sign(next, image.ray[i], relevant);
    if (CREASE_SHADOW)
        crease_shadow_active(next, &image);
    return image;
}

/* Lists the active units, and marks the kernel rays of the cell. */
static void open_departure(departure *from, const crease_ray_cell *cell, size_t *chosen,
                           bool keeps_inputs)
{
    const crease_rays *rays = from->rays;
    const crease_model_layer *left = &rays->map->model->layer[rays->map->layer];
    crease_frame_rows(cell->frame, from->row);
    memset(from->set, 0, rays->words * sizeof *from->set);
    for (size_t u = 0; u < left->width; u++)
        if (from->state[u]) {
            from->set[u / 64] |= (uint64_t)1 << u % 64;
            chosen[from->active++] = u;
        }
    bool all_decide = left->decisions == left->width;
    for (size_t i = 0;
         i < cell->count && all_decide && !crease_interrupted_after(rays->d * rays->words); i++)
        (keeps_inputs ? find_kernel_aside : find_kernel)(from, cell->ray[i]);
}

/* Is v_d = 0 at some ray, which may be a kernel ray then? */
static bool is_unbounded(const crease_ray_cell *cell, size_t unit_slot)
{
    for (size_t i = 0; i < cell->count && unit_slot < CREASE_RAY_SLOTS; i++)
        if (crease_bit(cell->ray[i]->active.word, unit_slot))
            return true;
    return false;
}

const crease_rays *crease_layers_enter(crease_layers *layers, const crease_rays *rays,
                                       const crease_ray_cell *cell, const uint8_t *state,
                                       crease_map *map, size_t *chosen, crease_ray_cell *next)
{
    const uint64_t *relevant = layers->every[map->layer];
    size_t unit_slot = crease_rays_unit_slot(rays, cell->frame);
    if (is_unbounded(cell, unit_slot)) {
        departure from = {.rays = rays,
                          .unit_slot = unit_slot,
                          .state = state,
                          .chosen = chosen,
                          .set = crease_arena_take(rays->arena, rays->words * sizeof *from.set)};
        open_departure(&from, cell, chosen, layers->keeps_inputs);
        if (!layers->keeps_inputs && may_project(&from, cell)) {
            const crease_rays *image = crease_layers_rebase(layers, map, from.active + 1, chosen);
            *next = project(&from, cell, image, relevant);
            return image;
        }
    }
    crease_map_next(map, rays->map, state);
    const crease_rays *own = rays;
    rays = crease_rays_with_map(rays, map);
    /* The points of a certificate depend only on the path to the cell. */
    *next = crease_rays_carry_on(rays, own, cell, relevant, layers->keeps_inputs);
    return rays;
}

const crease_rays *crease_layers_pass(const crease_rays *rays, const crease_rays *own,
                                      const crease_ray_cell *cell, const uint8_t *state,
                                      crease_map *map)
{
    if (!crease_rays_keeps(own, map->layer) ||
        (rays == own && is_unbounded(cell, crease_rays_unit_slot(rays, cell->frame))))
        return NULL;
    crease_map_next(map, rays->map, state);
    return crease_rays_with_map(rays, map);
}
