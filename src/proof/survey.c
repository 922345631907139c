#include "proof/survey.h"

#include "base/interrupt.h"
#include "base/lanes.h"

#include <math.h>

crease_survey crease_survey_new(const crease_rays *rays, const uint64_t *units,
                                const uint64_t *positive)
{
    size_t stride = rays->map->model->layer[rays->map->layer].stride;
    crease_survey s = {
        .rays = rays,
        .units = units,
        .positive = positive,
        .block = crease_arena_take(rays->arena, stride / CREASE_LANES * sizeof *s.block),
        .vertex = crease_arena_take_aligned(rays->arena, 2 * stride * sizeof *s.vertex)};
    s.sure = s.vertex + stride;
    for (size_t u = 0; u < stride; u += CREASE_LANES)
        if (units[u / 64] >> u % 64 & 0xff)
            s.block[s.blocks++] = u;
    return s;
}

uint64_t crease_survey_settled(const crease_survey *s, size_t word, uint64_t units)
{
    const int64_t *sure = s->sure + 64 * word;
    uint64_t set = 0;
    for (uint64_t left = units; left; left &= left - 1)
        set |= left & -left & (uint64_t)sure[__builtin_ctzll(left)];
    return set;
}

/* The sign bit for those units of a block that are negative.  A macro, as in base/lanes.h. */
static const crease_lane_masks bits = {1, 2, 4, 8, 16, 32, 64, 128};
#define SIGNS_OF(positive) (((bits & (int64_t)(positive)) == 0) & INT64_MIN)
#define WITH_SIGNS(x, signs) ((crease_lanes)((crease_lane_masks)(x) ^ (signs)))

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
    const crease_lanes infinite = (crease_lanes){0} + INFINITY;
    const crease_lane_masks signs = SIGNS_OF(s->positive[u / 64] >> u % 64);
    const crease_lanes bound = CREASE_LANES_AT(map->bound + u);
    const crease_lanes slope = CREASE_LANES_AT(map->slope + u);
    crease_lanes least = infinite, high = infinite, next = infinite;
    crease_lane_masks vertex = {-1, -1, -1, -1, -1, -1, -1, -1};
    for (size_t i = 0; i < count; i++) {
        const sight *at = &list[i];
        crease_lanes value = {0};
        for (size_t j = 0; j < map->d; j++)
            value += CREASE_LANES_AT(map->row + j * stride + u) * at->v[j];
        crease_lanes x = WITH_SIGNS(value, signs) * at->inverse;
        crease_lanes err =
            (bound * at->one + slope * at->err + at->tiny + CREASE_LANES_ABS(x) * at->off) *
            at->share;
        /* An error that is infinite or no number proves nothing. */
        crease_lane_masks known = err < INFINITY, less = x < least;
        crease_lanes low = CREASE_LANES_SELECT(known, x - err, -infinite);
        crease_lanes other = CREASE_LANES_SELECT(less, least - (high - least), low);
        next = CREASE_LANES_SELECT(other < next, other, next);
        high = CREASE_LANES_SELECT(less, CREASE_LANES_SELECT(known, x + err, infinite), high);
        vertex = (less & (int64_t)i) | (~less & vertex);
        least = CREASE_LANES_SELECT(less, x, least);
    }
    *(crease_lane_masks *)(s->vertex + u) = vertex;
    *(crease_lane_masks *)(s->sure + u) = high < next;
}

/* A vertex, and 1 / v_d. */
typedef struct {
    const double *v;
    double inverse;
} place;

/* What holds at all vertices together, see the header. */
typedef struct {
    double one, err, tiny, off;
} worst;

/* Block u with one bound for all vertices.  d is a constant where this is called. */
static inline __attribute__((always_inline)) void look_together(const crease_survey *s, size_t u,
                                                                size_t stride, const place *list,
                                                                size_t count, const worst *all,
                                                                size_t d)
{
    const crease_map *map = s->rays->map;
    const crease_lanes infinite = (crease_lanes){0} + INFINITY;
    const crease_lane_masks signs = SIGNS_OF(s->positive[u / 64] >> u % 64);
    crease_lanes least = infinite, next = infinite, sum = {0};
    crease_lane_masks vertex = {-1, -1, -1, -1, -1, -1, -1, -1};
    for (size_t i = 0; i < count; i++) {
        crease_lanes x = {0};
        for (size_t j = 0; j < d; j++)
            x += CREASE_LANES_AT(map->row + j * stride + u) * list[i].v[j];
        x = WITH_SIGNS(x, signs) * list[i].inverse;
        sum += x;
        crease_lane_masks less = x < least;
        crease_lanes other = CREASE_LANES_SELECT(less, least, x);
        next = CREASE_LANES_SELECT(other < next, other, next);
        vertex = (less & (int64_t)i) | (~less & vertex);
        least = CREASE_LANES_SELECT(less, x, least);
    }
    /* No number if one of them is infinite or none. */
    const crease_lanes odd = sum - sum;
    crease_lanes bound = CREASE_LANES_AT(map->bound + u) * all->one +
                         CREASE_LANES_AT(map->slope + u) * all->err + all->tiny + odd;
    crease_lanes low = next - (bound + CREASE_LANES_ABS(next) * all->off);
    crease_lanes high = least + (bound + CREASE_LANES_ABS(least) * all->off);
    if (count == 1)
        low = infinite;
    *(crease_lane_masks *)(s->vertex + u) = vertex;
    *(crease_lane_masks *)(s->sure + u) = high < low;
}

static CREASE_CLONES void look_quickly(const crease_survey *s, size_t stride, const place *list,
                                       size_t count, const worst *all, size_t d)
{
    for (size_t i = 0; i < s->blocks; i++) {
        size_t u = s->block[i];
        switch (d) {
        case 3: look_together(s, u, stride, list, count, all, 3); break;
        case 4: look_together(s, u, stride, list, count, all, 4); break;
        case 5: look_together(s, u, stride, list, count, all, 5); break;
        case 6: look_together(s, u, stride, list, count, all, 6); break;
        default: look_together(s, u, stride, list, count, all, d);
        }
    }
}

/* The vertices, and what they have in common; false if an error is not bounded. */
static bool find_places(const crease_rays *rays, crease_ray *const *ray, size_t count, place *list,
                        worst *all)
{
    double one = 0, err = 0, tiny = 0, off = 0, base = INFINITY;
    bool bounded = true;
    for (size_t i = 0; i < count; i++) {
        const crease_ray *r = ray[i];
        double top = r->v[rays->d - 1], own_base = top - r->err, own_off = r->err + 0x1p-50 * top;
        bool exact = crease_rays_products_exact(rays, r);
        double own = exact ? 0 : r->one;
        list[i] = (place){r->v, 1 / top};
        tiny = exact ? tiny : 0x1p-1000;
        one = own > one ? own : one;
        err = r->err > err ? r->err : err;
        off = own_off > off ? own_off : off;
        base = own_base < base ? own_base : base;
        bounded = bounded && r->err < INFINITY && own_base > 0;
    }
    const double share = (1 + 0x1p-18) / base;
    *all = (worst){one * share, err * share, tiny * share, off * share};
    return bounded && share < INFINITY && one < INFINITY && all->off < 0.5;
}

static void find_sights(const crease_rays *rays, crease_ray *const *ray, size_t count, sight *list)
{
    for (size_t i = 0; i < count; i++) {
        double top = ray[i]->v[rays->d - 1], base = top - ray[i]->err;
        bool exact = crease_rays_products_exact(rays, ray[i]);
        list[i] = (sight){.v = ray[i]->v,
                          .inverse = 1 / top,
                          .one = exact ? 0 : ray[i]->one,
                          .tiny = exact ? 0 : 0x1p-1000,
                          .err = ray[i]->err,
                          .off = ray[i]->err + 0x1p-50 * top,
                          .share = base > 0 ? (1 + 0x1p-20) / base : INFINITY};
    }
}

/* Blocks where one bound for all vertices does not settle all units; all: none does. */
static void look_closely(const crease_survey *s, crease_ray *const *ray, size_t count, bool all)
{
    const crease_rays *rays = s->rays;
    size_t stride = rays->map->model->layer[rays->map->layer].stride;
    sight *list = NULL;
    for (size_t i = 0; i < s->blocks; i++) {
        size_t u = s->block[i];
        uint64_t units = s->units[u / 64] & (uint64_t)0xff << u % 64;
        if (!all && crease_survey_settled(s, u / 64, units) == units)
            continue;
        if (!list) {
            list = crease_arena_take(rays->arena, count * sizeof *list);
            find_sights(rays, ray, count, list);
        }
        look(s, u, stride, list, count);
    }
}

void crease_survey_look(crease_survey *s, crease_ray *const *ray, size_t count)
{
    const crease_rays *rays = s->rays;
    const crease_map *map = rays->map;
    crease_arena_mark mark = crease_arena_here(rays->arena);
    place *list = crease_arena_take(rays->arena, count * sizeof *list);
    worst all;
    size_t stride = map->model->layer[map->layer].stride;
    bool bounded = find_places(rays, ray, count, list, &all);
    if (bounded)
        look_quickly(s, stride, list, count, &all, rays->d);
    look_closely(s, ray, count, !bounded);
    crease_arena_release(rays->arena, mark);
    (void)crease_interrupted_after(s->blocks * count * rays->d);
}
