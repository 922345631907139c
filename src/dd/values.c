#include "dd/values.h"

#include "base/lanes.h"

#include <assert.h>
#include <math.h>

/* The blocks with a row of the set. */
static unsigned blocks_of(uint64_t set)
{
    unsigned blocks = 0;
    for (unsigned k = 0; k < CREASE_RAY_VALUES / 8; k++)
        blocks |= (unsigned)((set >> 8 * k & 0xff) != 0) << k;
    return blocks;
}

static CREASE_CLONES void fill(const crease_map *map, size_t stride, const double *v, double one,
                               double err, unsigned blocks, double *value, double *error)
{
    const double tiny = one > 0 ? 0x1p-1000 : 0;
    for (; blocks; blocks &= blocks - 1) {
        size_t u = 8 * (size_t)__builtin_ctz(blocks);
        crease_lanes sum = {0};
        for (size_t j = 0; j < map->d; j++)
            sum += CREASE_LANES_AT(map->row + j * stride + u) * v[j];
        CREASE_LANES_AT(value + u) = sum;
        CREASE_LANES_AT(error + u) =
            CREASE_LANES_AT(map->bound + u) * one + CREASE_LANES_AT(map->slope + u) * err + tiny;
    }
}

void crease_values_fill(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted)
{
    assert(rays->values);
    unsigned blocks = blocks_of(*wanted) & ~ray->valued;
    if (!blocks)
        return;
    bool exact = crease_rays_products_exact(rays, ray);
    fill(rays->map, rays->values, ray->v, exact ? 0 : ray->one, exact ? 0 : ray->err, blocks,
         ray->value, ray->error);
    ray->valued |= blocks;
}

static CREASE_CLONES void mix_values(const crease_values_mix *mix, unsigned blocks,
                                     const crease_ray *a, const crease_ray *b, crease_ray *ray)
{
    const double x = mix->x, y = mix->y, off = mix->at.off * mix->factor;
    const double near = mix->at.rest * mix->factor, far = mix->at.t * mix->factor;
    for (; blocks; blocks &= blocks - 1) {
        size_t u = 8 * (size_t)__builtin_ctz(blocks);
        crease_lanes value_a = CREASE_LANES_AT(a->value + u) * x;
        crease_lanes value_b = CREASE_LANES_AT(b->value + u) * y;
        crease_lanes error_a = CREASE_LANES_AT(a->error + u) * x;
        crease_lanes error_b = CREASE_LANES_AT(b->error + u) * y;
        crease_lanes apart = value_a - value_b;
        crease_lanes size = near * CREASE_LANES_ABS(value_a) + far * CREASE_LANES_ABS(value_b);
        crease_lanes error = near * error_a + far * error_b +
                             off * (CREASE_LANES_ABS(apart) + error_a + error_b) + 0x1p-49 * size;
        CREASE_LANES_AT(ray->value + u) = near * value_a + far * value_b;
        CREASE_LANES_AT(ray->error + u) = error * (1 + 0x1p-20) + 0x1p-1000;
    }
}

void crease_values_combine(const crease_rays *rays, crease_ray *ray, const crease_ray *a,
                           const crease_ray *b, const crease_values_mix *mix)
{
    unsigned blocks = blocks_of(*mix->wanted);
    assert(rays->values && !(blocks & ~(a->valued & b->valued)));
    (void)rays;
    mix_values(mix, blocks, a, b, ray);
    ray->valued = blocks;
}

static CREASE_CLONES void find_signs(crease_ray *ray, unsigned blocks)
{
    uint64_t positive = 0, negative = 0;
    for (; blocks; blocks &= blocks - 1) {
        size_t u = 8 * (size_t)__builtin_ctz(blocks);
        for (size_t k = 0; k < 8; k++) {
            double value = ray->value[u + k], error = ray->error[u + k];
            positive |= (uint64_t)(value > error && value < INFINITY) << (u + k);
            negative |= (uint64_t)(-value > error && -value < INFINITY) << (u + k);
        }
    }
    ray->positive[0] |= positive;
    ray->negative[0] |= negative;
}

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#include <immintrin.h>

static __attribute__((target("avx512f"))) void find_signs_avx512(crease_ray *ray, unsigned blocks)
{
    const __m512d infinity = _mm512_set1_pd(INFINITY);
    for (; blocks; blocks &= blocks - 1) {
        size_t u = 8 * (size_t)__builtin_ctz(blocks);
        __m512d value = _mm512_loadu_pd(ray->value + u), error = _mm512_loadu_pd(ray->error + u);
        __m512d minus = _mm512_sub_pd(_mm512_setzero_pd(), value);
        __mmask8 finite = _mm512_cmp_pd_mask(_mm512_abs_pd(value), infinity, _CMP_LT_OQ);
        __mmask8 above = _mm512_mask_cmp_pd_mask(finite, value, error, _CMP_GT_OQ);
        __mmask8 below = _mm512_mask_cmp_pd_mask(finite, minus, error, _CMP_GT_OQ);
        ray->positive[0] |= (uint64_t)above << u;
        ray->negative[0] |= (uint64_t)below << u;
    }
}
#endif

void crease_values_signs(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted)
{
    unsigned blocks = blocks_of(*wanted);
    assert(rays->values && !(blocks & ~ray->valued));
    (void)rays;
#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
    if (CREASE_HAS_AVX512) {
        find_signs_avx512(ray, blocks);
        return;
    }
#endif
    find_signs(ray, blocks);
}
