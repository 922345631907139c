#include "lp/rays.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/signs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#define KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define KERNEL
#endif

static const double integer_limit = 0x1p52;
static const double wide_error = 1e-5;
static const double narrow_error = 1e-13;

crease_ray *crease_rays_take(crease_rays *rays)
{
    size_t body = rays->d * sizeof(double) + 2 * rays->words * sizeof(uint64_t);
    crease_ray *ray = crease_arena_take(rays->arena, sizeof *ray + body);
    ray->v = (double *)(ray + 1);
    ray->positive = (uint64_t *)(ray->v + rays->d);
    ray->negative = ray->positive + rays->words;
    ray->kernel = false;
    rays->made++;
    return ray;
}

static void set_one(const crease_rays *rays, crease_ray *ray)
{
    ray->one = crease_filter_one_norm(ray->v, rays->d) * (1 + 0x1p-40);
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static double largest(const double *v, size_t d)
{
    double top = 0;
    for (size_t j = 0; j < d; j++)
        top = fabs(v[j]) > top ? fabs(v[j]) : top;
    return top;
}

void crease_rays_set_integers(crease_rays *rays, crease_ray *ray)
{
    int64_t divisor = 0;
    for (size_t j = 0; j < rays->d && divisor != 1; j++)
        if (ray->v[j] != 0)
            divisor = common_divisor((int64_t)ray->v[j], divisor);
    for (size_t j = 0; j < rays->d && divisor > 1; j++)
        ray->v[j] /= (double)divisor;
    ray->integer = true;
    ray->err = 0;
    set_one(rays, ray);
}

void crease_rays_set_doubles(crease_rays *rays, crease_ray *ray, double err)
{
    double top = largest(ray->v, rays->d);
    double factor = crease_filter_unit_scale(top);
    for (size_t j = 0; j < rays->d && factor != 1; j++)
        ray->v[j] *= factor;
    ray->integer = false;
    ray->err = top > 0 && isfinite(top) ? err * factor : INFINITY;
    set_one(rays, ray);
}

void crease_rays_set_exact(crease_rays *rays, crease_ray *ray, mpz_t *V)
{
    size_t bits = 0;
    for (size_t j = 0; j < rays->d; j++)
        bits = mpz_sizeinbase(V[j], 2) > bits ? mpz_sizeinbase(V[j], 2) : bits;
    ray->integer = bits <= 50;
    if (ray->integer)
        for (size_t j = 0; j < rays->d; j++)
            ray->v[j] = mpz_get_d(V[j]);
    else
        crease_integer_to_doubles(ray->v, (const mpz_t *)V, rays->d);
    ray->err = ray->integer ? 0 : 0x1p-52;
    set_one(rays, ray);
}

static const mpz_t *slot_row(const crease_rays *rays, size_t slot)
{
    const crease_slot *s = &rays->slot[slot];
    return s->map ? crease_map_exact(s->map, s->unit)
                  : rays->face + (ptrdiff_t)s->unit * rays->face_step;
}

void crease_rays_exact(crease_rays *rays, const crease_ray *ray, mpz_t *V)
{
    const mpz_t *row[CREASE_RAY_SLOTS];
    size_t rows = 0;
    if (ray->integer) {
        for (size_t j = 0; j < rays->d; j++)
            mpz_set_d(V[j], ray->v[j]);
        return;
    }
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        if (crease_bit(ray->tight.word, s))
            row[rows++] = slot_row(rays, s);
    if (!crease_integer_kernel(V, row, rows, rays->d))
        crease_fatal("rays: the tight rows of a ray do not determine it");
    /* The sign is that of the coordinates known so far, which are far closer than 1/2. */
    size_t pivot = 0;
    for (size_t j = 1; j < rays->d; j++)
        if (fabs(ray->v[j]) > fabs(ray->v[pivot]))
            pivot = j;
    if (mpz_sgn(V[pivot]) * ray->v[pivot] < 0)
        for (size_t j = 0; j < rays->d; j++)
            mpz_neg(V[j], V[j]);
}

bool crease_rays_products_exact(const crease_rays *rays, const crease_ray *ray)
{
    const crease_map *map = rays->map;
    return ray->integer && map->quantum > 0 && map->top * ray->one < 0x1p52 * map->quantum;
}

double crease_rays_value(const crease_rays *rays, const crease_ray *ray, size_t u, double *bound)
{
    const crease_map *map = rays->map;
    size_t stride = map->model->layer[map->layer].stride;
    double value = 0;
    for (size_t j = 0; j < rays->d; j++)
        value += map->row[j * stride + u] * ray->v[j];
    *bound = crease_rays_products_exact(rays, ray)
                 ? 0
                 : map->bound[u] * ray->one + map->slope[u] * ray->err + 0x1p-1000;
    return value;
}

/* Tightens the error bound of a ray with exactly d - 1 tight rows. */
static bool refine(crease_rays *rays, crease_ray *ray)
{
    size_t d = rays->d, k = 0;
    double err;
    if (ray->tights + 1 != d || !isfinite(ray->err))
        return false;
    crease_refiner_begin(rays->refiner, d);
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++) {
        if (!crease_bit(ray->tight.word, s))
            continue;
        const crease_slot *slot = &rays->slot[s];
        double *row = crease_refiner_row(rays->refiner, k);
        double *error = crease_refiner_error(rays->refiner, k++);
        if (slot->map) {
            size_t stride = slot->map->model->layer[slot->map->layer].stride;
            double factor = crease_filter_unit_scale(slot->map->mag[slot->unit]);
            for (size_t j = 0; j < d; j++)
                row[j] = slot->map->row[j * stride + slot->unit] * factor;
            *error = slot->map->err[slot->unit] * factor;
        } else if (rays->face_value) {
            memcpy(row, rays->face_value + slot->unit * d, d * sizeof *row);
            *error = rays->face_error[slot->unit];
        } else {
            memset(row, 0, d * sizeof *row);
            row[slot->unit] = 1;
            *error = 0;
        }
    }
    if (!crease_refiner_run(rays->refiner, ray->v, &err))
        return false;
    crease_rays_set_doubles(rays, ray, err);
    return ray->err < narrow_error;
}

static bool undecided(const crease_rays *rays, const crease_ray *ray, const uint64_t *wanted)
{
    for (size_t w = 0; w < rays->words; w++)
        if (wanted[w] & ~(ray->positive[w] | ray->negative[w]))
            return true;
    return false;
}

void crease_rays_resolve(crease_rays *rays, crease_ray *ray, const uint64_t *wanted)
{
    if (ray->kernel || crease_rays_products_exact(rays, ray) || !undecided(rays, ray, wanted))
        return;
    uint64_t start = crease_clock_ticks();
    mpz_t *V = crease_integer_new(rays->d);
    crease_rays_exact(rays, ray, V);
    for (size_t w = 0; w < rays->words; w++) {
        uint64_t left = wanted[w] & ~(ray->positive[w] | ray->negative[w]);
        for (; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            int sign = crease_integer_dot_sign(crease_map_exact(rays->map, u), (const mpz_t *)V,
                                               rays->d);
            ray->positive[w] |= (uint64_t)(sign > 0) << u % 64;
            ray->negative[w] |= (uint64_t)(sign < 0) << u % 64;
            rays->tally->exact++;
        }
    }
    crease_rays_set_exact(rays, ray, V);
    crease_integer_free(V, rays->d);
    uint64_t spent = crease_clock_ticks() - start;
    rays->tally->exact_ticks += spent;
    rays->tally->proof_ticks += spent;
}

void crease_rays_sign(crease_rays *rays, crease_ray *ray, const uint64_t *relevant)
{
    const crease_map *map = rays->map;
    const crease_sign_rows rows = {rays->d, map->model->layer[map->layer].stride, map->row,
                                   map->bound, map->slope};
    if (ray->kernel) {
        memset(ray->positive, 0, rays->words * sizeof *ray->positive);
        memset(ray->negative, 0, rays->words * sizeof *ray->negative);
        return;
    }
    bool exact = crease_rays_products_exact(rays, ray);
    crease_signs(&rows, ray->v, exact ? 0 : ray->one, exact ? 0 : ray->err, ray->positive,
                 ray->negative);
    if (!exact && ray->err > narrow_error && undecided(rays, ray, relevant) && refine(rays, ray))
        crease_signs(&rows, ray->v, ray->one, ray->err, ray->positive, ray->negative);
    for (size_t w = 0; w < rays->words; w++)
        rays->tally->filter += (uint64_t)__builtin_popcountll(
            relevant[w] & (exact ? ~(uint64_t)0 : ray->positive[w] | ray->negative[w]));
    if (!exact)
        crease_rays_resolve(rays, ray, relevant);
}

size_t crease_rays_free_slot(const crease_ray_cell *cell)
{
    crease_tight used = {{0}};
    for (size_t i = 0; i < cell->count; i++)
        for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
            used.word[w] |= cell->ray[i]->tight.word[w];
    for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
        if (~used.word[w])
            return 64 * w + (size_t)__builtin_ctzll(~used.word[w]);
    return CREASE_RAY_SLOTS;
}

/* q above + p below with integers p = value at above, q = - value at below; false if the
 * result would not be exact. */
static bool combine_integers(crease_rays *rays, crease_ray *ray, const crease_ray *above,
                             const crease_ray *below, double p, double q)
{
    size_t d = rays->d;
    if (!crease_rays_products_exact(rays, above) || !crease_rays_products_exact(rays, below))
        return false;
    int64_t x = (int64_t)(p / rays->map->quantum), y = (int64_t)(q / rays->map->quantum);
    int64_t divisor = common_divisor(x, y);
    double weight_p = (double)(x / divisor), weight_q = (double)(y / divisor);
    if (!(weight_q * largest(above->v, d) + weight_p * largest(below->v, d) < integer_limit))
        return false;
    for (size_t j = 0; j < d; j++)
        ray->v[j] = weight_q * above->v[j] + weight_p * below->v[j];
    crease_rays_set_integers(rays, ray);
    return true;
}

/* A power of two that brings the ray's largest coordinate into [1/2, 1]. */
static double unit_scale(const crease_rays *rays, const crease_ray *ray)
{
    return ray->integer ? crease_filter_unit_scale(largest(ray->v, rays->d)) : 1;
}

/* With t = p / (p + q) the ray is (1 - t) above + t below.  Its error is at most the mean
 * of its ends' plus |t^ - t| |above - below|, where, in terms of the computed p and q,
 * |t^ - t| <= (dp (q + dq) + dq (p + dp)) / ((p + q) (p + q - dp - dq)), plus rounding. */
static void combine(crease_rays *rays, crease_ray *ray, const crease_ray *above,
                    const crease_ray *below, double p, double q, double dp, double dq)
{
    double x = unit_scale(rays, above), y = unit_scale(rays, below);
    p *= x;
    dp *= x;
    q *= y;
    dq *= y;
    double t = p / (p + q), rest = q / (p + q), err, apart = 0;
    for (size_t j = 0; j < rays->d; j++) {
        double a = above->v[j] * x, b = below->v[j] * y;
        apart = fabs(a - b) > apart ? fabs(a - b) : apart;
        ray->v[j] = rest * a + t * b;
    }
    apart += above->err * x + below->err * y;
    err = rest * above->err * x + t * below->err * y;
    err += apart * (dp * (q + dq) + dq * (p + dp)) / ((p + q) * (p + q - dp - dq));
    crease_rays_set_doubles(rays, ray, (err + 16 * 0x1p-53) * (1 + 0x1p-20));
}

static void new_ray(crease_rays *rays, crease_ray *ray, const crease_ray *above,
                    const crease_ray *below, size_t u)
{
    double dp, dq;
    double p = crease_rays_value(rays, above, u, &dp);
    double q = -crease_rays_value(rays, below, u, &dq);
    if (combine_integers(rays, ray, above, below, p, q))
        return;
    /* Signs settled in integers may come with values of no use. */
    if (p > dp && q > dq)
        combine(rays, ray, above, below, p, q, dp, dq);
    else
        ray->err = INFINITY;
    if (!(ray->err < wide_error) && !(refine(rays, ray) || ray->err < wide_error)) {
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

typedef struct {
    crease_ray *above, *below;
    unsigned shared; /* tight rows of both */
} pair;

/* The rays below that share at least d - 2 tight rows with the one above. */
static KERNEL size_t near_pairs(crease_ray *above, crease_ray *const *below, size_t belows,
                                size_t d, pair *out)
{
    const crease_tight a = above->tight;
    size_t count = 0;
    for (size_t k = 0; k < belows; k++) {
        const crease_tight *b = &below[k]->tight;
        unsigned shared = (unsigned)__builtin_popcountll(a.word[0] & b->word[0]) +
                          (unsigned)__builtin_popcountll(a.word[1] & b->word[1]);
        out[count] = (pair){above, below[k], shared};
        count += shared + 2 >= d;
    }
    return count;
}

/* Do the two rays, which share d - 2 tight rows or more, span an edge of the cell? */
static bool adjacent(const crease_rays *rays, const crease_ray_cell *cell, const pair *p)
{
    const crease_tight *a = &p->above->tight, *b = &p->below->tight;
    if (p->above->tights + 1 == rays->d || p->below->tights + 1 == rays->d)
        return true;
    uint64_t low = a->word[0] & b->word[0], high = a->word[1] & b->word[1];
    for (size_t i = 0; i < cell->count; i++) {
        const crease_ray *r = cell->ray[i];
        if (r != p->above && r != p->below && !(low & ~r->tight.word[0]) &&
            !(high & ~r->tight.word[1]))
            return false;
    }
    return true;
}

crease_ray *crease_rays_copy(crease_rays *rays, const crease_ray *from)
{
    crease_ray *ray = crease_rays_take(rays);
    ray->tight = from->tight;
    ray->tights = from->tights;
    ray->err = from->err;
    ray->one = from->one;
    ray->integer = from->integer;
    ray->kernel = from->kernel;
    memcpy(ray->v, from->v, rays->d * sizeof *ray->v);
    memcpy(ray->positive, from->positive, rays->words * sizeof *ray->positive);
    memcpy(ray->negative, from->negative, rays->words * sizeof *ray->negative);
    return ray;
}

/* A growing list of rays in the arena. */
static void append(crease_rays *rays, crease_ray_cell *cell, size_t *room, crease_ray *ray)
{
    if (cell->count == *room) {
        crease_ray **old = cell->ray;
        *room = 2 * *room + 16;
        cell->ray = crease_arena_take(rays->arena, *room * sizeof *cell->ray);
        memcpy(cell->ray, old, cell->count * sizeof *old);
    }
    cell->ray[cell->count++] = ray;
}

crease_ray_cell crease_rays_cross(crease_rays *rays, const crease_ray_cell *cell, size_t u,
                                  size_t slot, const uint64_t *relevant)
{
    size_t n = cell->count, aboves = 0, belows = 0, room = n;
    crease_ray **sorted = crease_arena_take(rays->arena, n * sizeof *sorted);
    crease_ray_cell flat = {0, crease_arena_take(rays->arena, room * sizeof *flat.ray)};
    for (size_t i = 0; i < n; i++)
        if (crease_bit(cell->ray[i]->positive, u)) {
            sorted[aboves++] = cell->ray[i];
        } else if (crease_bit(cell->ray[i]->negative, u)) {
            sorted[n - ++belows] = cell->ray[i];
        } else {
            crease_ray *ray = crease_rays_copy(rays, cell->ray[i]);
            crease_rays_tighten(ray, slot);
            append(rays, &flat, &room, ray);
        }
    pair *pairs = crease_arena_take(rays->arena, (belows + 1) * sizeof *pairs);
    for (size_t i = 0; i < aboves; i++) {
        size_t count = near_pairs(sorted[i], sorted + n - belows, belows, rays->d, pairs);
        for (size_t k = 0; k < count; k++) {
            const pair *p = &pairs[k];
            if (!adjacent(rays, cell, p))
                continue;
            crease_ray *ray = crease_rays_take(rays);
            for (size_t w = 0; w < CREASE_RAY_SLOTS / 64; w++)
                ray->tight.word[w] = p->above->tight.word[w] & p->below->tight.word[w];
            ray->tights = p->shared;
            crease_rays_tighten(ray, slot);
            new_ray(rays, ray, p->above, p->below, u);
            crease_rays_sign(rays, ray, relevant);
            append(rays, &flat, &room, ray);
        }
    }
    return flat;
}

crease_ray_cell crease_rays_half(crease_rays *rays, const crease_ray_cell *cell,
                                 const crease_ray_cell *flat, size_t u, int sign)
{
    crease_ray_cell half = {0, crease_arena_take(rays->arena, (cell->count + flat->count) *
                                                                  sizeof(crease_ray *))};
    for (size_t i = 0; i < cell->count; i++)
        if (crease_bit(sign > 0 ? cell->ray[i]->positive : cell->ray[i]->negative, u))
            half.ray[half.count++] = cell->ray[i];
    memcpy(half.ray + half.count, flat->ray, flat->count * sizeof *half.ray);
    half.count += flat->count;
    return half;
}
