#include "dd/pairs.h"

#include "base/interrupt.h"
#include "base/limits.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "dd/meet.h"
#include "dd/shadow.h"
#include "dd/values.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Pairs between two checks for an interrupt, so that a check costs little. */
enum { MANY_RAYS = 256 };

static const double integer_limit = 0x1p52;
/* Beyond this error a ray is refined; measured: signs are lost only where it is far wider.  Rays
 * that keep values get there so rarely that more care costs nothing. */
static const double wide_error = 1e-5, wide_beside_values = 1e-8;

crease_active_set crease_rays_active(const crease_ray_cell *cell)
{
    crease_active_set all = {{0}};
    for (size_t i = 0; i < cell->count; i++)
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            all.word[w] |= cell->ray[i]->active.word[w];
    return all;
}

size_t crease_rays_free_slot(const crease_ray_cell *cell)
{
    crease_active_set used = crease_rays_active(cell);
    size_t slot = 0;
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64 && slot == 64 * w; w++)
        slot += ~used.word[w] ? (size_t)__builtin_ctzll(~used.word[w]) : 64;
    return slot < CREASE_LIMIT_SLOTS ? slot : CREASE_RAY_SLOTS;
}

/* q above + p below with integers p = value at above, q = - value at below; false if the
 * result would not be exact. */
static bool combine_integers(const crease_rays *rays, crease_ray *ray, const crease_ray *above,
                             const crease_ray *below, double p, double q)
{
    size_t d = rays->d;
    if (!crease_rays_products_exact(rays, above) || !crease_rays_products_exact(rays, below))
        return false;
    int64_t x = (int64_t)(p / rays->map->quantum), y = (int64_t)(q / rays->map->quantum);
    assert(x > 0 && y > 0);
    int64_t divisor = crease_rays_divisor(x, y);
    double weight_p = (double)(x / divisor), weight_q = (double)(y / divisor);
    if (!(weight_q * crease_filter_max_norm(above->v, d) +
              weight_p * crease_filter_max_norm(below->v, d) <
          integer_limit))
        return false;
    for (size_t j = 0; j < d; j++)
        ray->v[j] = weight_q * above->v[j] + weight_p * below->v[j];
    crease_rays_set_integers(rays, ray);
    return true;
}

/* A power of two that brings the ray's largest coordinate into [1/2, 1]. */
static double unit_scale(const crease_rays *rays, const crease_ray *ray)
{
    return ray->integer ? crease_filter_unit_scale(crease_filter_max_norm(ray->v, rays->d)) : 1;
}

/* The ray is (1 - t) above + t below (dd/meet.h).  Its error is at most the mean of its ends' plus
 * |t - t'| times their distance, plus rounding: entries are at most 1, so 16 u covers that of t, of
 * 1 - t and of the sum.  A value that is known exactly is a multiple of the quantum, at least
 * 2^-300, and the ray's scale at least 2^-53.  wanted: the rows of which the ray gets values. */
static void combine(const crease_rays *rays, crease_ray *ray, const crease_ray *above,
                    const crease_ray *below, double p, double q, double dp, double dq,
                    const uint64_t *wanted)
{
    double x = unit_scale(rays, above), y = unit_scale(rays, below);
    const crease_meeting at = crease_meet(p * x, q * y, dp * x, dq * y);
    double err, apart = 0;
    for (size_t j = 0; j < rays->d; j++) {
        double a = above->v[j] * x, b = below->v[j] * y;
        apart = fabs(a - b) > apart ? fabs(a - b) : apart;
        ray->v[j] = at.rest * a + at.t * b;
    }
    apart += above->err * x + below->err * y;
    err = at.rest * above->err * x + at.t * below->err * y + apart * at.off;
    double factor = crease_rays_set_doubles(rays, ray, (err + 16 * 0x1p-53) * (1 + 0x1p-20));
    const crease_values_mix mix = {x, y, at, factor, wanted};
    if (rays->values)
        crease_values_combine(rays, ray, above, below, &mix);
}

static void new_ray(const crease_rays *rays, crease_ray *ray, crease_ray *above, crease_ray *below,
                    size_t u, const uint64_t *relevant)
{
    double dp, dq;
    if (rays->values) {
        uint64_t wanted = *relevant | (uint64_t)1 << u;
        crease_values_fill(rays, above, &wanted);
        crease_values_fill(rays, below, &wanted);
    }
    double p = crease_rays_value(rays, above, u, &dp);
    double q = -crease_rays_value(rays, below, u, &dq);
    if (combine_integers(rays, ray, above, below, p, q))
        return;
    /* If a sign was decided in integers, the value in doubles may be useless. */
    if (p > dp && q > dq)
        combine(rays, ray, above, below, p, q, dp, dq, relevant);
    else
        ray->err = INFINITY;
    double wide = rays->values ? wide_beside_values : wide_error;
    if (!(ray->err < wide) && !(crease_rays_refine(rays, ray) || ray->err < wide)) {
        uint64_t start = crease_clock_ticks();
        mpz_t *V = crease_integer_new(rays->d), *A = crease_integer_new(rays->d);
        mpz_t *B = crease_integer_new(rays->d), p_exact, q_exact;
        /* Positive combination of the ends in integers: no doubt about the sign. */
        mpz_inits(p_exact, q_exact, NULL);
        const mpz_t *g = crease_map_exact(rays->map, u);
        crease_rays_exact(rays, above, A);
        crease_rays_exact(rays, below, B);
        for (size_t j = 0; j < rays->d; j++) {
            mpz_addmul(p_exact, g[j], A[j]);
            mpz_submul(q_exact, g[j], B[j]);
        }
        assert(crease_interrupt_raised() || (mpz_sgn(p_exact) > 0 && mpz_sgn(q_exact) > 0));
        for (size_t j = 0; j < rays->d; j++) {
            mpz_mul(V[j], q_exact, A[j]);
            mpz_addmul(V[j], p_exact, B[j]);
        }
        crease_integer_reduce(V, rays->d);
        crease_rays_set_exact(rays, ray, V);
        mpz_clears(p_exact, q_exact, NULL);
        crease_integer_free(V, rays->d);
        crease_integer_free(A, rays->d);
        crease_integer_free(B, rays->d);
        rays->tally->exact++;
        uint64_t spent = crease_clock_ticks() - start;
        rays->tally->exact_ticks += spent;
        rays->tally->proof_ticks += spent;
    }
}

/* Do the two rays, which share the active rows, at least d - 2, span an edge of the cell? */
static bool adjacent(const crease_rays *rays, const crease_ray_cell *cell, const crease_ray *above,
                     const crease_ray *below, const crease_active_set *shared)
{
    if (above->active_count + 1 == rays->d || below->active_count + 1 == rays->d)
        return true;
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *r = cell->ray[i];
        if (r != above && r != below && !(shared->word[0] & ~r->active.word[0]) &&
            !(shared->word[1] & ~r->active.word[1]))
            return false;
    }
    return true;
}

/* A growing list of rays in the arena. */
static void append(const crease_rays *rays, crease_ray_cell *cell, size_t *room, crease_ray *ray)
{
    if (cell->count == *room) {
        crease_ray **old = cell->ray;
        *room = 2 * *room + 16;
        cell->ray = crease_arena_take(rays->arena, *room * sizeof *cell->ray);
        memcpy(cell->ray, old, cell->count * sizeof *old);
    }
    cell->ray[cell->count++] = ray;
}

/* The rays where row u is positive from the front of a list of all of them, and from its back those
 * where it is negative.  No branch: signs are hard to predict. */
static void sort_by_sign(const crease_ray_cell *cell, size_t u, crease_ray **sorted, size_t *aboves,
                         size_t *belows)
{
    size_t front = 0, back = cell->count;
    for (size_t i = 0; i < cell->count; i++) {
        crease_ray *ray = cell->ray[i];
        sorted[front] = ray; /* stays if it is positive */
        sorted[back - 1] = ray;
        front += crease_bit(ray->positive, u);
        back -= crease_bit(ray->negative, u);
    }
    *aboves = front;
    *belows = cell->count - back;
}

crease_ray_cell crease_rays_cross(const crease_rays *rays, const crease_ray_cell *cell, size_t u,
                                  size_t slot, const uint64_t *relevant)
{
    size_t n = cell->count, aboves = 0, belows = 0, room = n;
    assert(slot < CREASE_RAY_SLOTS);
    crease_ray **sorted = crease_arena_take(rays->arena, n * sizeof *sorted);
    const crease_frame *frame =
        crease_frame_add(rays->arena, cell->frame, slot, (crease_row){rays->map, u, 0});
    crease_ray_cell restriction = crease_rays_take_cell(rays, frame, room);
    sort_by_sign(cell, u, sorted, &aboves, &belows);
    for (size_t i = 0; i < n && aboves + belows < n; i++) {
        if (crease_bit(cell->ray[i]->positive, u) || crease_bit(cell->ray[i]->negative, u))
            continue;
        crease_ray *ray = crease_rays_copy(rays, cell->ray[i]);
        ray->frame = frame;
        crease_rays_activate(ray, slot);
        append(rays, &restriction, &room, ray);
    }
    const crease_pairs list = crease_pairs_new(rays->arena, sorted + n - belows, belows);
    crease_near *near = crease_arena_take(rays->arena, (belows + 1) * sizeof *near);
    for (size_t i = 0; i < aboves; i++) {
        crease_ray *above = sorted[i];
        size_t least = rays->d > 2 ? rays->d - 2 : 0;
        size_t count = crease_pairs_near(&list, &above->active, least, near);
        if (crease_interrupted_after(belows + count * rays->d * rays->words))
            return restriction;
        for (size_t k = 0; k < count; k++) {
            crease_ray *below = sorted[n - belows + near[k].index];
            if (n > MANY_RAYS && crease_interrupted_after(n))
                return restriction;
            crease_active_set shared;
            for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
                shared.word[w] = above->active.word[w] & below->active.word[w];
            if (!adjacent(rays, cell, above, below, &shared))
                continue;
            if (crease_interrupt_raised())
                return restriction;
            crease_ray *ray = crease_rays_take(rays);
            ray->frame = frame;
            ray->active = shared;
            ray->active_count = near[k].shared;
            crease_rays_activate(ray, slot);
            new_ray(rays, ray, above, below, u, relevant);
            crease_rays_sign(rays, ray, relevant);
            append(rays, &restriction, &room, ray);
        }
    }
    if (CREASE_SHADOW)
        crease_shadow_active(rays, &restriction);
    return restriction;
}

crease_ray_cell crease_rays_half(const crease_rays *rays, const crease_ray_cell *cell,
                                 const crease_ray_cell *restriction, size_t u, int sign)
{
    const crease_frame *frame = crease_frame_add(
        rays->arena, cell->frame, restriction->frame->first, (crease_row){rays->map, u, sign});
    crease_ray_cell half = crease_rays_take_cell(rays, frame, cell->count + restriction->count);
    for (size_t i = 0; i < cell->count; i++) {
        crease_ray *ray = cell->ray[i];
        half.ray[half.count] = ray; /* stays if it has the sign */
        half.count += crease_bit(sign > 0 ? ray->positive : ray->negative, u);
    }
    memcpy(half.ray + half.count, restriction->ray, restriction->count * sizeof *half.ray);
    half.count += restriction->count;
    return half;
}
