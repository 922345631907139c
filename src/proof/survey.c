#include "proof/survey.h"

#include "base/interrupt.h"
#include "base/lanes.h"

#include <math.h>

/* The signs of the units in a block from where they are positive at some ray. */
static void set_signs(double *sign, uint64_t positive)
{
    for (size_t k = 0; k < CREASE_LANES; k++)
        sign[k] = positive >> k & 1 ? 1 : -1;
}

crease_survey crease_survey_new(const crease_rays *rays, const crease_ray_cell *cell,
                                const uint64_t *units)
{
    size_t stride = rays->map->model->layer[rays->map->layer].stride;
    double *block = crease_arena_take_aligned(rays->arena, 4 * stride * sizeof *block);
    crease_survey s = {.rays = rays,
                       .units = units,
                       .block = crease_arena_take(rays->arena, stride / 8 * sizeof *s.block),
                       .positive = crease_arena_take(rays->arena, rays->words * sizeof(uint64_t)),
                       .sign = block,
                       .least_high = block + stride,
                       .next_low = block + 2 * stride,
                       .vertex = block + 3 * stride};
    for (size_t w = 0; w < rays->words; w++) {
        uint64_t positive = 0;
        for (size_t i = 0; i < cell->count && units[w]; i++)
            positive |= cell->ray[i]->positive[w];
        s.positive[w] = positive;
        for (size_t u = 64 * w; u < 64 * (w + 1) && u < stride; u += CREASE_LANES)
            if (units[w] >> u % 64 & 0xff) {
                s.block[s.blocks++] = u;
                set_signs(s.sign + u, positive >> u % 64);
                for (size_t k = u; k < u + CREASE_LANES; k++) {
                    s.least_high[k] = s.next_low[k] = INFINITY;
                    s.vertex[k] = -1;
                }
            }
    }
    return s;
}

/* Bit k: does the mask hold in lane k?  A macro, as in base/lanes.h. */
static const crease_lane_masks bits = {1, 2, 4, 8, 16, 32, 64, 128};
#define BITS_OF(mask)                                                                              \
    ((uint64_t)(((mask)[0] | (mask)[1]) | ((mask)[2] | (mask)[3]) | ((mask)[4] | (mask)[5]) |      \
                ((mask)[6] | (mask)[7])))

static CREASE_CLONES uint64_t settled(const crease_survey *s, size_t first, uint64_t units)
{
    uint64_t set = 0;
    for (size_t k = 0; k < 64 && units >> k; k += CREASE_LANES)
        if (units >> k & 0xff) {
            crease_lane_masks less = CREASE_LANES_AT(s->least_high + first + k) <
                                     CREASE_LANES_AT(s->next_low + first + k);
            less &= bits;
            set |= BITS_OF(less) << k;
        }
    return set & units;
}

/* What all units have in common at a vertex. */
typedef struct {
    const double *v;
    double inverse;   /* of v_d */
    double one, tiny; /* a is known within bound[u] one + slope[u] err + tiny */
    double err, off;  /* off: err, and what rounding of the quotient adds */
    double share;     /* 1 / (v_d - err), rounded up */
} sight;

static CREASE_CLONES void look(const crease_survey *s, size_t u, size_t stride, const sight *list,
                               size_t count)
{
    const crease_map *map = s->rays->map;
    const crease_lanes infinite = (crease_lanes){0} + INFINITY, sign = CREASE_LANES_AT(s->sign + u);
    const crease_lanes bound = CREASE_LANES_AT(map->bound + u);
    const crease_lanes slope = CREASE_LANES_AT(map->slope + u);
    crease_lanes least = infinite, high = infinite, next = infinite, vertex = {0};
    vertex -= 1;
    for (size_t i = 0; i < count; i++) {
        const sight *at = &list[i];
        crease_lanes value = {0};
        for (size_t j = 0; j < map->d; j++)
            value += CREASE_LANES_AT(map->row + j * stride + u) * at->v[j];
        crease_lanes x = sign * value * at->inverse;
        crease_lanes err =
            (bound * at->one + slope * at->err + at->tiny + CREASE_LANES_ABS(x) * at->off) *
            at->share;
        /* An error that is infinite or no number proves nothing. */
        crease_lane_masks known = err < INFINITY, less = x < least;
        crease_lanes low = CREASE_LANES_SELECT(known, x - err, -infinite);
        crease_lanes other = CREASE_LANES_SELECT(less, least - (high - least), low);
        next = CREASE_LANES_SELECT(other < next, other, next);
        high = CREASE_LANES_SELECT(less, CREASE_LANES_SELECT(known, x + err, infinite), high);
        vertex = CREASE_LANES_SELECT(less, (crease_lanes){0} + (double)i, vertex);
        least = CREASE_LANES_SELECT(less, x, least);
    }
    CREASE_LANES_AT(s->least_high + u) = high;
    CREASE_LANES_AT(s->next_low + u) = next;
    CREASE_LANES_AT(s->vertex + u) = vertex;
}

/* What holds at all vertices together, see the header. */
typedef struct {
    double one, err, tiny, off;
} worst;

/* Block u with one bound for all vertices.  d is a constant where this is called. */
static inline __attribute__((always_inline)) void look_together(const crease_survey *s, size_t u,
                                                                size_t stride, const sight *list,
                                                                size_t count, const worst *all,
                                                                size_t d)
{
    const crease_map *map = s->rays->map;
    const crease_lanes infinite = (crease_lanes){0} + INFINITY, sign = CREASE_LANES_AT(s->sign + u);
    crease_lanes least = infinite, next = infinite, vertex = {0}, odd = {0};
    vertex -= 1;
    for (size_t i = 0; i < count; i++) {
        const sight *at = &list[i];
        crease_lanes x = {0};
        for (size_t j = 0; j < d; j++)
            x += CREASE_LANES_AT(map->row + j * stride + u) * at->v[j];
        x *= sign * at->inverse;
        odd += x - x; /* no number if one of them is infinite or none */
        crease_lane_masks less = x < least;
        crease_lanes other = CREASE_LANES_SELECT(less, least, x);
        next = CREASE_LANES_SELECT(other < next, other, next);
        vertex = CREASE_LANES_SELECT(less, (crease_lanes){0} + (double)i, vertex);
        least = CREASE_LANES_SELECT(less, x, least);
    }
    crease_lanes bound = CREASE_LANES_AT(map->bound + u) * all->one +
                         CREASE_LANES_AT(map->slope + u) * all->err + all->tiny + odd;
    crease_lanes low = next - (bound + CREASE_LANES_ABS(next) * all->off);
    CREASE_LANES_AT(s->least_high + u) = least + (bound + CREASE_LANES_ABS(least) * all->off);
    if (count == 1)
        low = infinite + odd;
    CREASE_LANES_AT(s->next_low + u) = low;
    CREASE_LANES_AT(s->vertex + u) = vertex;
}

static CREASE_CLONES void look_quickly(const crease_survey *s, size_t u, size_t stride,
                                       const sight *list, size_t count, const worst *all, size_t d)
{
    switch (d) {
    case 3: look_together(s, u, stride, list, count, all, 3); break;
    case 4: look_together(s, u, stride, list, count, all, 4); break;
    case 5: look_together(s, u, stride, list, count, all, 5); break;
    case 6: look_together(s, u, stride, list, count, all, 6); break;
    default: look_together(s, u, stride, list, count, all, d);
    }
}

/* The vertices, and what they have in common; false if an error is not bounded. */
static bool find_sights(const crease_rays *rays, crease_ray *const *ray, size_t count, sight *list,
                        worst *all)
{
    bool bounded = true;
    *all = (worst){0};
    for (size_t i = 0; i < count; i++) {
        double top = ray[i]->v[rays->d - 1], base = top - ray[i]->err;
        bool exact = crease_rays_products_exact(rays, ray[i]);
        sight at = {.v = ray[i]->v,
                    .inverse = 1 / top,
                    .one = exact ? 0 : ray[i]->one,
                    .tiny = exact ? 0 : 0x1p-1000,
                    .err = ray[i]->err,
                    .off = ray[i]->err + 0x1p-50 * top,
                    .share = base > 0 ? (1 + 0x1p-20) / base : INFINITY};
        bounded = bounded && at.share < INFINITY && at.one < INFINITY && at.err < INFINITY;
        all->one = fmax(all->one, at.one * at.share);
        all->err = fmax(all->err, at.err * at.share);
        all->tiny = fmax(all->tiny, at.tiny * at.share);
        all->off = fmax(all->off, at.off * at.share);
        list[i] = at;
    }
    const double more = 1 + 0x1p-20;
    *all = (worst){all->one * more, all->err * more, all->tiny * more, all->off * more};
    return bounded && all->off < 0.5;
}

void crease_survey_look(crease_survey *s, crease_ray *const *ray, size_t count)
{
    const crease_rays *rays = s->rays;
    const crease_map *map = rays->map;
    crease_arena_mark mark = crease_arena_here(rays->arena);
    sight *list = crease_arena_take(rays->arena, count * sizeof *list);
    worst all;
    bool bounded = find_sights(rays, ray, count, list, &all);
    size_t stride = map->model->layer[map->layer].stride, work = count * rays->d;
    for (size_t i = 0; i < s->blocks && !crease_interrupted_after(work); i++) {
        size_t u = s->block[i];
        uint64_t units = s->units[u / 64] & (uint64_t)0xff << u % 64;
        if (bounded)
            look_quickly(s, u, stride, list, count, &all, rays->d);
        if (!bounded || settled(s, u / 64 * 64, units) != units)
            look(s, u, stride, list, count);
    }
    crease_arena_release(rays->arena, mark);
}

uint64_t crease_survey_settled(const crease_survey *s, size_t word, uint64_t units)
{
    return settled(s, 64 * word, units);
}
