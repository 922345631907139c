#include "proof/survey.h"

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
    double *block = crease_arena_take_aligned(rays->arena, 5 * stride * sizeof *block);
    crease_survey s = {.rays = rays,
                       .block = crease_arena_take(rays->arena, stride / 8 * sizeof *s.block),
                       .positive = crease_arena_take(rays->arena, rays->words * sizeof(uint64_t)),
                       .sign = block,
                       .least = block + stride,
                       .least_high = block + 2 * stride,
                       .next_low = block + 3 * stride,
                       .vertex = block + 4 * stride};
    for (size_t w = 0; w < rays->words; w++) {
        uint64_t positive = 0;
        for (size_t i = 0; i < cell->count && units[w]; i++)
            positive |= cell->ray[i]->positive[w];
        s.positive[w] = positive;
        for (size_t u = 64 * w; u < 64 * (w + 1) && u < stride; u += CREASE_LANES)
            if (units[w] >> u % 64 & 0xff) {
                s.block[s.blocks++] = u;
                set_signs(s.sign + u, positive >> u % 64);
            }
    }
    crease_survey_clear(&s);
    return s;
}

void crease_survey_clear(crease_survey *s)
{
    for (size_t i = 0; i < s->blocks; i++)
        for (size_t u = s->block[i]; u < s->block[i] + CREASE_LANES; u++) {
            s->least[u] = s->least_high[u] = s->next_low[u] = INFINITY;
            s->vertex[u] = -1;
        }
}

/* What all units have in common at a vertex. */
typedef struct {
    const double *v;
    double inverse;   /* of v_d */
    double one, tiny; /* a is known within bound[u] one + slope[u] err + tiny */
    double err, off;  /* off: err, and what rounding of the quotient adds */
    double share;     /* 1 / (v_d - err), rounded up */
    double index;
} sight;

static CREASE_CLONES void look(const crease_survey *s, const crease_map *map, size_t stride,
                               const sight *at)
{
    for (size_t i = 0; i < s->blocks; i++) {
        size_t u = s->block[i];
        crease_lanes value = {0};
        for (size_t j = 0; j < map->d; j++)
            value += CREASE_LANES_AT(map->row + j * stride + u) * at->v[j];
        crease_lanes x = CREASE_LANES_AT(s->sign + u) * value * at->inverse;
        crease_lanes err =
            (CREASE_LANES_AT(map->bound + u) * at->one + CREASE_LANES_AT(map->slope + u) * at->err +
             at->tiny + CREASE_LANES_ABS(x) * at->off) *
            at->share;
        crease_lanes least = CREASE_LANES_AT(s->least + u);
        crease_lanes high = CREASE_LANES_AT(s->least_high + u);
        crease_lanes next = CREASE_LANES_AT(s->next_low + u);
        /* An error that is infinite or no number proves nothing. */
        crease_lane_masks known = err < INFINITY;
        crease_lanes endless = (crease_lanes){0} + INFINITY;
        crease_lanes low = CREASE_LANES_SELECT(known, x - err, -endless);
        crease_lane_masks less = x < least;
        crease_lanes other = CREASE_LANES_SELECT(less, least - (high - least), low);
        CREASE_LANES_AT(s->next_low + u) = CREASE_LANES_SELECT(other < next, other, next);
        CREASE_LANES_AT(s->least_high + u) =
            CREASE_LANES_SELECT(less, CREASE_LANES_SELECT(known, x + err, endless), high);
        CREASE_LANES_AT(s->vertex + u) = CREASE_LANES_SELECT(less, (crease_lanes){0} + at->index,
                                                             CREASE_LANES_AT(s->vertex + u));
        CREASE_LANES_AT(s->least + u) = CREASE_LANES_SELECT(less, x, least);
    }
}

void crease_survey_look(crease_survey *s, const crease_ray *ray, size_t index)
{
    const crease_rays *rays = s->rays;
    const crease_map *map = rays->map;
    double top = ray->v[rays->d - 1], base = top - ray->err;
    bool exact = crease_rays_products_exact(rays, ray);
    const sight at = {.v = ray->v,
                      .inverse = 1 / top,
                      .one = exact ? 0 : ray->one,
                      .tiny = exact ? 0 : 0x1p-1000,
                      .err = ray->err,
                      .off = ray->err + 0x1p-50 * top,
                      .share = base > 0 ? (1 + 0x1p-20) / base : INFINITY,
                      .index = (double)index};
    look(s, map, map->model->layer[map->layer].stride, &at);
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

uint64_t crease_survey_settled(const crease_survey *s, size_t word, uint64_t units)
{
    return settled(s, 64 * word, units);
}

static CREASE_CLONES uint64_t at_vertex(const crease_survey *s, size_t first, uint64_t units,
                                        double vertex)
{
    uint64_t set = 0;
    for (size_t k = 0; k < 64 && units >> k; k += CREASE_LANES)
        if (units >> k & 0xff) {
            crease_lane_masks same = CREASE_LANES_AT(s->vertex + first + k) == vertex;
            same &= bits;
            set |= BITS_OF(same) << k;
        }
    return set & units;
}

uint64_t crease_survey_at(const crease_survey *s, size_t word, uint64_t units, double vertex)
{
    return at_vertex(s, 64 * word, units, vertex);
}
