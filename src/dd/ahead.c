#include "dd/ahead.h"

#include "base/bits.h"
#include "base/interrupt.h"
#include "exact/signs.h"
#include "dd/shadow.h"

#include <assert.h>
#include <string.h>

/* Rays whose signs are found together. */
enum { BATCH = 32 };

bool crease_rays_keeps(const crease_rays *own, size_t layer)
{
    return layer == own->map->layer + 1 || (layer > own->map->layer && own->ahead_all);
}

/* Where a ray keeps the signs of the rows of these coordinates. */
typedef struct {
    uint64_t bit; /* of the first word: are they known? */
    size_t at, words;
} kept_signs;

static kept_signs find_kept(const crease_rays *rays, const crease_rays *own)
{
    size_t layer = rays->map->layer;
    kept_signs kept = {1, 1, rays->words};
    assert(crease_rays_keeps(own, layer));
    if (!own->ahead_all)
        return kept;
    kept.bit <<= layer;
    for (size_t l = 0; l < layer; l++)
        kept.at += 2 * crease_rays_words(&rays->map->model->layer[l]);
    return kept;
}

/* Signs that were found in another cell. */
static void take_signs(const crease_rays *rays, const uint64_t *ahead, crease_ray *to,
                       const uint64_t *relevant)
{
    memcpy(to->positive, ahead, rays->words * sizeof *to->positive);
    memcpy(to->negative, ahead + rays->words, rays->words * sizeof *to->negative);
    if (CREASE_SHADOW) {
        crease_shadow_ray(rays, to, relevant);
        crease_shadow_count(CREASE_FILTER_RAY_AHEAD);
    }
}

static void leave_signs(const kept_signs *kept, const crease_ray *from, crease_ray *to)
{
    memcpy(to->ahead + kept->at, from->positive, kept->words * sizeof *to->ahead);
    memcpy(to->ahead + kept->at + kept->words, from->negative, kept->words * sizeof *to->ahead);
    to->ahead[0] |= crease_interrupt_raised() ? 0 : kept->bit;
}

/* The ray's coordinates become those of the ray that it is a copy of. */
static void restore_line(const crease_rays *rays, const crease_ray *from, crease_ray *to)
{
    memcpy(to->v, from->v, rays->d * sizeof *to->v);
    to->err = from->err;
    to->one = from->one;
    to->integer = from->integer;
    to->exact = from->exact;
    to->valued = 0;
}

crease_ray_cell crease_rays_carry_on(const crease_rays *rays, const crease_rays *own,
                                     const crease_ray_cell *cell, const uint64_t *relevant,
                                     bool by_path)
{
    const kept_signs kept = find_kept(rays, own);
    crease_ray_cell next = crease_rays_take_cell(rays, cell->frame, cell->count);
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(rays->d * rays->words); i++) {
        crease_ray *from = cell->ray[i];
        crease_ray *to = crease_rays_copy_line(rays, from, own->ahead_all ? from->ahead : NULL);
        to->frame = cell->frame;
        if (from->ahead[0] & kept.bit) {
            take_signs(rays, from->ahead + kept.at, to, relevant);
        } else {
            crease_rays_sign(rays, to, relevant);
            if (by_path)
                restore_line(rays, from, to);
            leave_signs(&kept, to, from);
        }
        next.ray[next.count++] = to;
    }
    return next;
}

/* Finds signs for the ray to keep.  rays: without values, which belong to the ray's own layer. */
static void find_ahead(const crease_rays *rays, const kept_signs *kept, crease_ray *ray,
                       const uint64_t *relevant, bool by_path)
{
    double before[CREASE_RAY_SLOTS];
    crease_ray other = *ray;
    assert(!rays->values && rays->d <= CREASE_RAY_SLOTS);
    memcpy(before, ray->v, rays->d * sizeof *before);
    if (by_path)
        other.v = before;
    other.positive = ray->ahead + kept->at;
    other.negative = other.positive + kept->words;
    other.valued = 0;
    memset(other.positive, 0, 2 * kept->words * sizeof *other.positive);
    crease_rays_resolve(rays, &other, relevant);
    ray->ahead[0] |= crease_interrupt_raised() ? 0 : kept->bit;
    if (by_path)
        return;
    /* Values belong to the coordinates with which they were found, and to their error. */
    if (other.err != ray->err || memcmp(before, ray->v, rays->d * sizeof *before) != 0)
        ray->valued = 0;
    ray->err = other.err;
    ray->one = other.one;
    ray->integer = other.integer;
}

static void check_ahead(const crease_rays *rays, const kept_signs *kept, const crease_ray *ray,
                        const uint64_t *relevant)
{
    crease_ray other = *ray;
    other.positive = ray->ahead + kept->at;
    other.negative = other.positive + kept->words;
    other.valued = 0;
    crease_shadow_ray(rays, &other, relevant);
}

/* Adds the signs that rays keep to two sets.  words is a constant where this is called. */
static inline __attribute__((always_inline)) void add_signs(const kept_signs *kept, size_t words,
                                                            crease_ray *const *ray, size_t count,
                                                            uint64_t *positive, uint64_t *negative)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t *signs = ray[i]->ahead + kept->at;
        for (size_t w = 0; w < words; w++) {
            positive[w] |= signs[w];
            negative[w] |= signs[words + w];
        }
    }
}

static bool is_decided(const kept_signs *kept, const crease_ray *ray, const uint64_t *relevant)
{
    const uint64_t *signs = ray->ahead + kept->at;
    for (size_t w = 0; w < kept->words; w++)
        if (relevant[w] & ~(signs[w] | signs[kept->words + w]))
            return false;
    return true;
}

/* find_ahead for some rays; most often their bounds decide all signs. */
static void find_many(const crease_rays *rays, const kept_signs *kept, crease_ray *const *ray,
                      size_t count, const uint64_t *relevant, bool by_path)
{
    const crease_map *map = rays->map;
    const crease_sign_rows rows = {rays->d, map->model->layer[map->layer].stride, map->row,
                                   map->bound, map->slope};
    /* Rows that were interrupted prove nothing. */
    const uint64_t known = crease_interrupt_raised() ? 0 : kept->bit;
    crease_sign_point point[BATCH];
    size_t units = 0;
    for (size_t i = 0; i < count; i++) {
        bool exact = crease_rays_products_exact(rays, ray[i]);
        uint64_t *signs = ray[i]->ahead + kept->at;
        point[i] = (crease_sign_point){ray[i]->v, exact ? 0 : ray[i]->one, exact ? 0 : ray[i]->err,
                                       signs, signs + kept->words};
        for (size_t w = 0; w < 2 * kept->words; w++)
            signs[w] = 0;
    }
    crease_signs_at(&rows, point, count, relevant);
    for (size_t w = 0; w < kept->words; w++)
        units += crease_bits_count(relevant[w]);
    for (size_t i = 0; i < count; i++) {
        if (ray[i]->kernel || !is_decided(kept, ray[i], relevant)) {
            find_ahead(rays, kept, ray[i], relevant, by_path);
            continue;
        }
        rays->tally->filter += units;
        ray[i]->ahead[0] |= known;
        if (CREASE_SHADOW)
            check_ahead(rays, kept, ray[i], relevant);
    }
}

void crease_rays_see_ahead(const crease_rays *rays, const crease_rays *own,
                           const crease_ray_cell *cell, const uint64_t *relevant,
                           uint64_t *positive, uint64_t *negative, bool by_path)
{
    const kept_signs kept = find_kept(rays, own);
    crease_ray *fresh[BATCH];
    crease_rays plain; /* without values, which belong to the rays' own layer */
    if (rays->values) {
        plain = *rays;
        plain.values = 0;
        rays = &plain;
    }
    size_t load = BATCH * rays->d * rays->words;
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(load);) {
        size_t count = 0;
        /* No branch: whether signs are known is hard to predict. */
        for (; i < cell->count && count < BATCH; i++) {
            fresh[count] = cell->ray[i];
            count += !(cell->ray[i]->ahead[0] & kept.bit);
            if (CREASE_SHADOW && (cell->ray[i]->ahead[0] & kept.bit)) {
                check_ahead(rays, &kept, cell->ray[i], relevant);
                crease_shadow_count(CREASE_FILTER_RAY_AHEAD);
            }
        }
        if (count)
            find_many(rays, &kept, fresh, count, relevant, by_path);
    }
    if (crease_interrupt_raised())
        return;
    if (kept.words == 1)
        add_signs(&kept, 1, cell->ray, cell->count, positive, negative);
    else
        add_signs(&kept, kept.words, cell->ray, cell->count, positive, negative);
}

crease_ray_cell crease_rays_view_ahead(const crease_rays *rays, const crease_rays *own,
                                       const crease_ray_cell *cell)
{
    const kept_signs kept = find_kept(rays, own);
    crease_ray_cell view = crease_rays_take_cell(rays, cell->frame, cell->count);
    crease_ray *list = crease_arena_take(rays->arena, cell->count * sizeof *list);
    for (size_t i = 0; i < cell->count; i++) {
        assert(crease_interrupt_raised() || (cell->ray[i]->ahead[0] & kept.bit));
        list[i] = *cell->ray[i];
        list[i].positive = list[i].ahead + kept.at;
        list[i].negative = list[i].positive + kept.words;
        list[i].valued = 0;
        view.ray[view.count++] = &list[i];
    }
    return view;
}
